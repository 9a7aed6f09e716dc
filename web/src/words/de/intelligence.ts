/* Deutsch: words/en/intelligence.ts. */
import type en from "../en/intelligence";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "intelligence.title": "Quellen",
};
export default words;
