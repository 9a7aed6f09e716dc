/*
 * The text of a filter and its chips: one thing in two forms (docs/formats/list-filter.md). Used by
 * parts/FilterBar and by every page that has a grid.
 *
 * Only the terms are told apart here, as the server does it: spaces, tabs and "&" stand between
 * them, but not within double quotes. Whether a term is right is the server's to say; its message
 * names the byte, and faultOf() finds the chip.
 */

/* What a filter is split into. The text of all chips, joined by a space, is the filter. */
export interface Chip {
  text: string;
  /* "kev:" of "kev:yes", "harm:" of "harm:>=serious", "" of "not-assessed" */
  head: string;
  value: string;
}

export interface Fault {
  chip: number; /* -1: about the whole filter */
  term: string;
  why: string;
}

const GAP = /[ \t\n\v\f\r&]/;
const BARE = /^[^!:<>=~"&]+$/;

function next(text: string, at: number): { start: number; end: number } {
  let start = at;
  while (start < text.length && GAP.test(text.charAt(start))) start++;
  let end = start;
  for (let quoted = false; end < text.length; end++) {
    const c = text.charAt(end);
    if (c === '"') quoted = !quoted;
    else if (!quoted && GAP.test(c)) break;
  }
  return { start, end };
}

function places(text: string): { start: number; end: number }[] {
  const out: { start: number; end: number }[] = [];
  for (let at = 0; ; ) {
    const place = next(text, at);
    if (place.start === place.end) return out;
    out.push(place);
    at = place.end;
  }
}

export function terms(text: string): string[] {
  return places(text).map((p) => text.slice(p.start, p.end));
}

export function chipOf(text: string): Chip {
  const quote = text.indexOf('"');
  const colon = text.indexOf(":");
  if (colon > 0 && (quote < 0 || colon < quote)) return { text, head: text.slice(0, colon + 1), value: text.slice(colon + 1) };
  return { text, head: "", value: text };
}

export function chips(text: string): Chip[] {
  return terms(text).map(chipOf);
}

/* The filter as it is asked and kept in addresses: the same filter is the same text. */
export function tidy(text: string): string {
  return terms(text).join(" ");
}

export function join(list: readonly Chip[], typed = ""): string {
  return tidy([...list.map((chip) => chip.text), typed].join(" "));
}

/* Is the last term still open: within quotes, or without a space behind it? */
export function splitTyped(typed: string): { done: Chip[]; rest: string } {
  const all = places(typed);
  const last = all[all.length - 1];
  if (!last) return { done: [], rest: "" };
  const open = last.end === typed.length;
  const done = (open ? all.slice(0, -1) : all).map((p) => chipOf(typed.slice(p.start, p.end)));
  return { done, rest: open ? typed.slice(last.start) : "" };
}

/* Replace a term, or take it out when the new text is empty. */
export function replaceTerm(text: string, index: number, by: string): string {
  const list = terms(text);
  list.splice(index, 1, ...terms(by));
  return list.join(" ");
}

/* A term of a list's word: in quotes when the value needs them. */
export function term(word: string, value: string): string {
  const clean = value.replaceAll('"', "");
  return /[\s&]/.test(clean) || clean === "" ? `${word}:"${clean}"` : `${word}:${clean}`;
}

/* Could it be words to look for, rather than a term that is written wrongly? The server has said
 * before that it is no term. */
export function isBare(text: string): boolean {
  return BARE.test(text);
}

export function asSearch(text: string): string {
  return term("text", text);
}

/* How many UTF-16 units the first `bytes` bytes of a text are. */
export function unitsOf(text: string, bytes: number): number {
  let at = 0;
  for (let left = bytes; left > 0 && at < text.length; ) {
    const point = text.codePointAt(at) ?? 0;
    left -= point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    at += point < 0x10000 ? 1 : 2;
  }
  return at;
}

const MESSAGE = /^(?:.*?: )?byte (\d+): "([\s\S]*?)": ([\s\S]*)$/;

/* Where the server's message about a filter points. `detail` is that of the problem. */
export function faultOf(text: string, detail: string): Fault {
  const found = MESSAGE.exec(detail);
  if (!found) return { chip: -1, term: "", why: detail.replace(/^filter: /, "") };
  const at = unitsOf(text, Number(found[1]) - 1);
  const chip = places(text).findIndex((p) => at >= p.start && at < p.end);
  return { chip, term: found[2] ?? "", why: found[3] ?? "" };
}
