/*
 * What is offered to whom. /v1/me says the classes of operations that somebody may ask for; the page
 * offers what belongs to one of them and nothing else. The service judges each request again.
 * Used by App and every page: `may("approve")`.
 */
export type Class = "read" | "write" | "approve" | "publish" | "setup" | "audit" | "admin" | "self" | "public";

/* What somebody else did to one's access, some days ago at most. */
export interface Reset {
  what: "password" | "factor" | "account";
  by: string;
  at: string;
}

export interface Me {
  by: "session" | "key";
  id?: string;
  login?: string;
  name?: string;
  role?: string;
  csrf?: string;
  classes: readonly string[];
  everything: boolean;
  strength?: string;
  teams?: readonly string[];
  expires?: string;
  credential_resets?: readonly Reset[];
  recovery_codes?: number;
  password?: boolean;
  one_time_password?: boolean;
  second_factor?: boolean;
}

export function mayOf(me: Me | null, what: Class): boolean {
  return me?.classes.includes(what) ?? false;
}

/* One or two letters that stand for a person in the top bar. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
}
