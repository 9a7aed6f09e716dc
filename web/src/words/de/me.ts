/* Deutsch: words/en/me.ts. */
import type en from "../en/me";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "me.title": "Mein Konto",
  "me.role": "Rolle",
};
export default words;
