import { describe, expect, it } from "vitest";
import { defaults, readSettings } from "./settings";

describe("readSettings", () => {
  it("takes what it understands", () => {
    expect(readSettings('{"theme":"dark","contrast":true,"language":"de","folded":true,"singles":false}')).toEqual({ theme: "dark", contrast: true, language: "de", folded: true, singles: false });
  });
  it.each([[null], ["{"], ["null"], ["[]"], ['{"theme":"pink","language":7}'], ['"x"']])("falls back at %j", (kept) => {
    expect(readSettings(kept)).toEqual(defaults());
  });
  it("speaks the browser's language at first", () => expect(readSettings(null, ["de-AT", "en"]).language).toBe("de"));
});
