/*
 * Which changes of one's own access by somebody else were not looked at yet in this browser: the
 * service names them for some days, the frame shows them until pages/me was seen.
 */
import type { Reset } from "../../logic/roles";
import { session } from "../../session.svelte";

const KEPT = "tutela.resets";
let seen = $state(kept());

function kept(): string {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

const mark = (): string => (session.me?.credential_resets ?? []).map((one) => `${session.me?.id ?? ""} ${one.what} ${one.at}`).join("\n");

export function newResets(): readonly Reset[] {
  return mark() === seen ? [] : (session.me?.credential_resets ?? []);
}

export function lookedAtResets(): void {
  seen = mark();
  try {
    localStorage.setItem(KEPT, seen);
  } catch {
    /* it is shown again the next time */
  }
}
