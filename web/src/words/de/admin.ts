/* Deutsch: words/en/admin.ts. */
import type en from "../en/admin";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "admin.title": "Verwaltung",
};
export default words;
