/* Deutsch: words/en/statements.ts. */
import type en from "../en/statements";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "statements.title": "Erklärungen",
};
export default words;
