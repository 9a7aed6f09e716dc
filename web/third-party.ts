/*
 * Writes dist/THIRD-PARTY.txt: which packages are in the bundle, with version, licence and its text.
 * What is in the bundle is asked of the bundler, not of package.json. Used by vite.config.ts.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";

interface Package {
  name: string;
  version: string;
  license?: string;
  repository?: string | { url: string };
}

/* Where its source is: a licence such as the EPL asks to say it. */
function sourceOf(said: Package): string {
  const url = typeof said.repository === "string" ? said.repository : (said.repository?.url ?? "");
  const whole = /^[\w.-]+\/[\w.-]+$/.test(url) ? `https://github.com/${url}` : url.replace(/^git\+/, "").replace(/^git:/, "https:");
  return url ? `Source: ${whole}\n\n` : "";
}

/* The folder of the package that a module of node_modules belongs to. */
function folderOf(module: string): string | null {
  const at = module.lastIndexOf("/node_modules/");
  if (at < 0) return null;
  const rest = module.slice(at + "/node_modules/".length).split("/");
  return join(module.slice(0, at), "node_modules", ...rest.slice(0, rest[0]?.startsWith("@") ? 2 : 1));
}

function textOf(folder: string): string {
  const name = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  if (!name) throw new Error(`${folder}: no licence text; a package without one is not shipped`);
  return readFileSync(join(folder, name), "utf8").trim();
}

export function thirdParty(): Plugin {
  return {
    name: "third-party",
    generateBundle(_, bundle) {
      const folders = new Set<string>();
      for (const chunk of Object.values(bundle))
          /* a file that is taken over as it is (a worker) is named from the root of the project */
          for (const module of chunk.type === "chunk" ? Object.keys(chunk.modules) : chunk.originalFileNames.map((name) => resolve(name))) {
            const folder = folderOf(module.replace(/^\0/, "").replace(/\?.*$/, ""));
            if (folder && existsSync(join(folder, "package.json"))) folders.add(folder);
          }
      const parts = [...folders].map((folder) => {
        const said = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Package;
        return { head: `${said.name} ${said.version} (${said.license ?? "no licence named"})`, text: sourceOf(said) + textOf(folder) };
      });
      parts.sort((a, b) => (a.head < b.head ? -1 : 1));
      const list = parts.map((part) => part.head).join("\n");
      const texts = parts.map((part) => `---- ${part.head}\n\n${part.text}\n`).join("\n");
      this.emitFile({ type: "asset", fileName: "THIRD-PARTY.txt", source: `What is in this folder beside Tutela's own code:\n\n${list}\n\n${texts}` });
    },
  };
}
