/*
 * Every text of the page: t("key", values). English is complete and defines the keys; another language
 * is a chunk of its own that is loaded when it is chosen. Each part of the page has a file in en/ and
 * in de/. Numbers and times are written by words/format.
 *
 * An entry is a text with {names}, or {one, other}, chosen by the value "n".
 */
import type concept from "./en/concept";
import type design from "./en/design";
import type designBaselines from "./en/design-baselines";
import type designPaths from "./en/design-paths";
import admin from "./en/admin";
import cases from "./en/cases";
import components from "./en/components";
import deadlines from "./en/deadlines";
import device from "./en/device";
import finding from "./en/finding";
import findings from "./en/findings";
import frame from "./en/frame";
import grid from "./en/grid";
import intelligence from "./en/intelligence";
import ledger from "./en/ledger";
import me from "./en/me";
import notify from "./en/notify";
import portfolio from "./en/portfolio";
import release from "./en/release";
import signIn from "./en/sign-in";
import signals from "./en/signals";
import signs from "./en/signs";
import statements from "./en/statements";
import trend from "./en/trend";

const english = { ...admin, ...cases, ...components, ...deadlines, ...device, ...finding, ...findings, ...frame, ...grid, ...intelligence, ...ledger, ...me, ...notify, ...portfolio, ...release, ...signIn, ...signals, ...signs, ...statements, ...trend };

/* Words of a part that is loaded for itself; it brings them by learn(). */
type Later = typeof concept & typeof design & typeof designBaselines & typeof designPaths;

export type Word = keyof typeof english | keyof Later;
export type Entry = string | { readonly one: string; readonly other: string };
export type Language = "en" | "de";
export const LANGUAGES: readonly [Language, string][] = [
  ["en", "English"],
  ["de", "Deutsch"],
];

const later: Record<string, Entry> = {};
let all: Readonly<Record<string, Entry>> = english;
let language: Language = "en";
let plural = new Intl.PluralRules("en");
let numbers = new Intl.NumberFormat("en-GB");

/* The locale of numbers and dates. British English: the day before the month. */
export function locale(): string {
  return language === "en" ? "en-GB" : language;
}

/* A number as it is read: in groups, which never break apart; comma and full stop stay for decimals. */
export function grouped(value: number): string {
  return numbers.formatToParts(value).map((part) => (part.type === "group" ? "\u202f" : part.value)).join("");
}

/* A part of the page that is a chunk of its own has come, with its English words. */
export function learn(words: Readonly<Record<string, Entry>>): void {
  Object.assign(later, words);
}

const known = (key: string): Entry | undefined => all[key] ?? (english as Readonly<Record<string, Entry>>)[key] ?? later[key];

export function t(key: Word, values: Readonly<Record<string, string | number>> = {}): string {
  const entry = known(key) ?? key;
  const text = typeof entry === "string" ? entry : plural.select(Number(values["n"])) === "one" ? entry.one : entry.other;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? grouped(value) : value;
  });
}

/* A text by a key that is made of data: the data's own word where the catalogue has none. */
export function tOr(key: string, otherwise: string): string {
  const entry = known(key);
  return typeof entry === "string" ? entry : otherwise;
}

/* Choose the language before the first page is drawn; the page is drawn anew afterwards. */
export async function useLanguage(chosen: Language): Promise<void> {
  all = chosen === "de" ? { ...english, ...(await import("./german")).default } : english;
  language = chosen;
  plural = new Intl.PluralRules(chosen);
  numbers = new Intl.NumberFormat(locale());
  document.documentElement.lang = chosen;
}
