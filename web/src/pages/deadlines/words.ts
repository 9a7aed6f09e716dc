/* Texts of a deadline made of its row: duty, evidence, what is left. Used by pages/deadlines and pages/cases. */
import { checklist, markOf, type Deadline } from "../../logic/deadlines";
import { left, span } from "../../words/format";
import { locale, t, tOr } from "../../words/words";

/* "customers-told" as a person says it; a word that is not in the catalogue as it came. */
export function eventWord(word: string): string {
  return tOr(`event.${word}`, word);
}

/* A word in the middle of a sentence: German nouns keep their capitals, abbreviations theirs. */
function inside(word: string): string {
  return locale().startsWith("en") && !/^\p{Lu}{2}/u.test(word) ? word.charAt(0).toLowerCase() + word.slice(1) : word;
}

/* The rule's own words, beginning with a capital. */
export function duty(row: Pick<Deadline, "title" | "rule">): string {
  const text = row.title ?? row.rule;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/* What it is about: the vulnerability, or a report that belongs to none yet. */
export function subject(row: Pick<Deadline, "vulnerability" | "signal">): string {
  return row.vulnerability ?? t("deadlines.report", { id: (row.signal ?? "").slice(0, 8) });
}

export function evidence(row: Deadline): string {
  const list = checklist(row);
  const have = list.filter((one) => one.there).length;
  const first = list.find((one) => !one.there);
  if (!list.length) return t("deadlines.notKnown");
  if (!first) return t("deadlines.have", { have, all: list.length });
  const what = inside(eventWord(first.word));
  if (list.length === 1) return t("deadlines.lacks", { what });
  return list.length > 2 && have + 1 < list.length ? t("deadlines.have", { have, all: list.length }) : t("deadlines.lacksMore", { have, all: list.length, what });
}

/* What stands in the column "left". */
export function rest(row: Deadline, now: number): { text: string; tone: "" | "late" | "soon" } {
  if (row.state === "waived") return { text: t("deadlines.notNeeded"), tone: "" };
  if (row.state === "conditional") return { text: t("deadlines.conditional"), tone: "" };
  if (!row.due) return { text: t("deadlines.whenStarts"), tone: "" };
  if (row.stopped) {
    const ms = Date.parse(row.stopped) - Date.parse(row.due);
    return ms > 0 ? { text: t("deadlines.lateBy", { span: span(ms) }), tone: "late" } : { text: t("deadlines.early", { span: span(ms) }), tone: "" };
  }
  const until = left(row.due, now);
  return { text: until.text, tone: until.late ? "late" : markOf(row, now) === "today" ? "soon" : "" };
}
