/*
 * How the page is built: a static application of hashed files. The same source gives the same bytes,
 * in any folder and with Node 18 and 20; tests/build/web_bundle.py compares with web/dist.
 *
 * `npm run dev` serves the source and hands /v1 to a service on 127.0.0.1:8440.
 */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { thirdParty } from "./third-party";

const service = { target: process.env["TUTELA_SERVICE"] ?? "http://127.0.0.1:8440", changeOrigin: true };

export default defineConfig({
  plugins: [svelte({ compilerOptions: { cssHash: ({ hash, css }) => `s${hash(css)}` } }), thirdParty()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    sourcemap: false,
    outDir: "dist",
    emptyOutDir: true,
  },
  server: { proxy: { "/v1": service, "/auth": service } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
} as never);
