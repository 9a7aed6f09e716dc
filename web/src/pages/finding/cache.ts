/*
 * The findings that were read last, and the neighbours that were read ahead: shown at once, and
 * asked for again behind it. Gone with the page's load, which signing out is. Used by FindingPage.
 */
import type { Finding } from "../../logic/finding";

const MANY = 12;
const kept = new Map<string, Finding>();

export function recall(id: string): Finding | null {
  return kept.get(id) ?? null;
}

/* `asked` is the id of the address: another name of the vulnerability gives the same finding. */
export function remember(finding: Finding, asked: string): void {
  kept.delete(asked);
  kept.set(asked, finding);
  for (const old of kept.keys()) {
    if (kept.size <= MANY) break;
    kept.delete(old);
  }
}
