/* Deutsch: words/en/cases.ts. */
import type en from "../en/cases";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "cases.title": "Fälle",
};
export default words;
