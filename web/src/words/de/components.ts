/* Deutsch: words/en/components.ts. */
import type en from "../en/components";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "components.title": "Komponenten",
};
export default words;
