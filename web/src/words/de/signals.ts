/* Deutsch: words/en/signals.ts. */
import type en from "../en/signals";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "signals.title": "Meldungen",
};
export default words;
