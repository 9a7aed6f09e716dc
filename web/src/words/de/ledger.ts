/* Deutsch: words/en/ledger.ts. */
import type en from "../en/ledger";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "ledger.title": "Protokoll",
};
export default words;
