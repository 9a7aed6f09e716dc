/*
 * What is offered to whom. /v1/me says the classes of operations that somebody may ask for; the page
 * offers what belongs to one of them and nothing else. The service judges each request again.
 * Used by App and every page: `may("approve")`.
 */
import type * as Api from "../api/types";
export type Class = "read" | "write" | "approve" | "publish" | "setup" | "audit" | "admin" | "self" | "public";

/* What somebody else did to one's access, some days ago at most. */
export type Reset = Api.CredentialReset;
export type Me = Api.Me;

export function mayOf(me: Me | null, what: Class): boolean {
  return me?.classes.includes(what) ?? false;
}

/* One or two letters that stand for a person in the top bar. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
}
