/* Deutsch: words/en/deadlines.ts. */
import type en from "../en/deadlines";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "deadlines.title": "Fristen",
};
export default words;
