/* Deutsch: words/en/release.ts. */
import type en from "../en/release";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "release.title": "Version",
};
export default words;
