/* Deutsch: words/en/device.ts. */
import type en from "../en/device";

const words: { [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : { one: string; other: string } } = {
  "device.title": "Gerät",
};
export default words;
