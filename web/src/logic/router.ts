/*
 * Which page an address belongs to. The table is the one list of pages; src/http's table of prefixes
 * (api/page.c) answers the same addresses with index.html. Used by App and by the palette.
 */
export type PageName =
  | "portfolio" | "findings" | "finding" | "deadlines" | "cases" | "case" | "signals" | "signal" | "components"
  | "statements" | "statement" | "intelligence" | "ledger" | "device" | "release" | "admin" | "me" | "setup" | "sign-in";

export interface Place {
  page: PageName;
  /* the parts of the path that the pattern names, decoded: {device: "ip-200", tab: "safety"} */
  parts: Readonly<Record<string, string>>;
}

/* ":x" is a part that must be there, ":x?" one that need not. */
const PATTERNS: readonly [string, PageName][] = [
  ["/", "portfolio"],
  ["/findings", "findings"],
  ["/findings/:vulnerability/:component/:release", "finding"],
  ["/deadlines", "deadlines"],
  ["/cases", "cases"],
  ["/cases/:case", "case"],
  ["/signals", "signals"],
  ["/signals/:signal", "signal"],
  ["/components", "components"],
  ["/statements", "statements"],
  ["/statements/:statement", "statement"],
  ["/intelligence", "intelligence"],
  ["/ledger", "ledger"],
  ["/devices/:device/:tab?", "device"],
  ["/releases/:release/:tab?", "release"],
  ["/admin/:section?", "admin"],
  ["/me", "me"],
  ["/setup", "setup"],
  ["/sign-in", "sign-in"],
  ["/signin", "sign-in"],
];

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split("/").slice(1);
  const have = path.split("/").slice(1);
  if (have.length > 1 && have.at(-1) === "") have.pop();
  if (have.length > want.length) return null;
  const parts: Record<string, string> = {};
  for (const [index, word] of want.entries()) {
    const part = have[index];
    if (!word.startsWith(":")) {
      if (part !== word) return null;
    } else if (part === undefined || part === "") {
      if (!word.endsWith("?")) return null;
    } else {
      const text = decoded(part);
      if (text === null) return null;
      parts[word.replace(/[:?]/g, "")] = text;
    }
  }
  return parts;
}

/* null: no page has this address. */
export function placeOf(path: string): Place | null {
  for (const [pattern, page] of PATTERNS) {
    const parts = match(pattern, path);
    if (parts) return { page, parts };
  }
  return null;
}

/* The page and the one thing that it is of: another text means another thing, of which nothing of the
   former may stay (what was read, what is typed). A tab or a section is a place in the same one. */
export function objectOf(place: Place): string {
  return pathOf(place.page, ...Object.entries(place.parts).flatMap(([name, value]) => (name === "tab" || name === "section" ? [] : [value])));
}

/* A path from parts, encoded: pathOf("releases", id, "tree"). */
export function pathOf(...parts: string[]): string {
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

/* A link of this page that the browser would follow by itself: same host, plain click. */
export function isOwnLink(link: { origin: string; target: string; download: boolean }, click: { button: number; modified: boolean }, origin: string): boolean {
  return link.origin === origin && !link.target && !link.download && click.button === 0 && !click.modified;
}
