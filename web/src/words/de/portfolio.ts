/* Deutsch: words/en/portfolio.ts. */
import type en from "../en/portfolio";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "portfolio.title": "Portfolio",
};
export default words;
