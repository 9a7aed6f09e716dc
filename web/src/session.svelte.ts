/*
 * Who is signed in, where the page is, and what the person chose: the state that every page shares.
 * Pages read `session.me`, ask `may("write")`, and go to another address by `go("/findings")`.
 */
import { ask, useToken } from "./api/client";
import { mayOf, type Class, type Me } from "./logic/roles";
import { placeOf, type Place } from "./logic/router";
import { applySettings, keepSettings, loadSettings, type Settings } from "./logic/settings";
import { keys } from "./logic/keys";
import { useLanguage } from "./words/words";

export interface Notice {
  text: string;
  undo?: () => void;
}

class Session {
  me = $state.raw<Me | null>(null);
  path = $state(location.pathname);
  search = $state(location.search);
  /* which page the address is of, and the parts that its path names */
  place = $derived<Place | null>(placeOf(this.path));
  settings = $state.raw<Settings>(loadSettings());
  /* grows when the language changes: all is drawn anew */
  drawn = $state(0);
  /* a pane stands beside a list: the rail gives it room below 1400 px */
  beside = $state(false);
  notice = $state.raw<Notice | null>(null);
}

export const session = new Session();

export function may(what: Class): boolean {
  return mayOf(session.me, what);
}

/* A part of the path that the page's pattern names; "" while the page is being left. */
export function part(name: string): string {
  return session.place?.parts[name] ?? "";
}

/* Go to another address of this page; `replace`: without a step of the browser's "back". */
export function go(to: string, replace = false): void {
  const isOther = to.replace(/[?#].*$/s, "") !== location.pathname;
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  arrive();
  if (isOther && !replace) focusPage();
}

/* After a step to another page the reader is at its beginning, as after loading it. */
function focusPage(): void {
  document.getElementById("main")?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/* The address is another one: by go(), or by back and forward. */
export function arrive(): void {
  session.path = location.pathname;
  session.search = location.search;
}

/* Called by a page with a preview beside its list, while it is set up. */
export function besideList(): void {
  $effect(() => {
    session.beside = true;
    return () => void (session.beside = false);
  });
}

/* A sentence at the bottom left for ten seconds, with what undoes it. Not for errors. */
export function say(text: string, undo?: () => void): void {
  session.notice = undo ? { text, undo } : { text };
}

export async function readMe(): Promise<Me> {
  const me = await ask<Me>("/v1/me");
  useToken(me.csrf ?? "");
  session.me = me;
  return me;
}

/* Another tab may have signed somebody else in: what is shown is then not theirs to see. */
export async function lookWhoIsIn(): Promise<void> {
  const before = session.me?.id;
  if (!before) return;
  try {
    const now = await ask<Me>("/v1/me");
    if (now.id !== before) location.reload();
    else useToken(now.csrf ?? "");
  } catch {
    /* signed out, or no answer: the next request says so */
  }
}

export async function choose(part: Partial<Settings>): Promise<void> {
  const before = session.settings.language;
  session.settings = { ...session.settings, ...part };
  keepSettings(session.settings);
  await useSettings();
  if (session.settings.language !== before) session.drawn++;
}

export async function useSettings(): Promise<void> {
  applySettings(session.settings);
  keys.singles = session.settings.singles;
  await useLanguage(session.settings.language);
}
