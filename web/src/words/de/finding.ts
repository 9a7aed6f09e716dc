/* Deutsch: words/en/finding.ts. */
import type en from "../en/finding";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "finding.title": "Befund",
};
export default words;
