import { describe, expect, it } from "vitest";
import { asSearch, chipOf, chips, faultOf, isBare, join, replaceTerm, splitTyped, term, terms, tidy, unitsOf } from "./filter";

describe("terms of a filter", () => {
  it.each([
    ["", []],
    ["   ", []],
    ["kev:yes harm:>=serious not-assessed", ["kev:yes", "harm:>=serious", "not-assessed"]],
    ["  kev:yes&fixable\tclosed ", ["kev:yes", "fixable", "closed"]],
    ['component:"mbed tls & co" kev', ['component:"mbed tls & co"', "kev"]],
    ['component:"not closed kev', ['component:"not closed kev']],
    ["component:שלום text:é", ["component:שלום", "text:é"]],
  ])("%j", (text, wanted) => {
    expect(terms(text)).toEqual(wanted);
    expect(terms(tidy(text))).toEqual(wanted);
  });

  it("has word and value apart", () => {
    expect(chipOf("harm:>=serious")).toEqual({ text: "harm:>=serious", head: "harm:", value: ">=serious" });
    expect(chipOf("not-assessed")).toEqual({ text: "not-assessed", head: "", value: "not-assessed" });
    expect(chipOf('"a:b"').head).toBe("");
    expect(chipOf("component:a:b").value).toBe("a:b");
    expect(chips("kev:yes x").map((chip) => chip.head)).toEqual(["kev:", ""]);
  });

  it("comes back from chips", () => {
    expect(join(chips('kev:yes component:"a b"'), " fixable ")).toBe('kev:yes component:"a b" fixable');
  });
});

describe("typing", () => {
  it.each([
    ["kev:yes", [], "kev:yes"],
    ["kev:yes ", ["kev:yes"], ""],
    ["kev:yes fix", ["kev:yes"], "fix"],
    ['component:"mbed ', [], 'component:"mbed '],
    ['component:"mbed tls" ', ['component:"mbed tls"'], ""],
    [" ", [], ""],
  ])("%j makes chips at a space", (typed, done, rest) => {
    const split = splitTyped(typed);
    expect(split.done.map((chip) => chip.text)).toEqual(done);
    expect(split.rest).toBe(rest);
  });

  it("replaces and removes a term", () => {
    expect(replaceTerm("a b c", 1, "text:b")).toBe("a text:b c");
    expect(replaceTerm("a b c", 1, "")).toBe("a c");
  });

  it("quotes what needs it", () => {
    expect(term("device", "a b")).toBe('device:"a b"');
    expect(term("device", 'a"b')).toBe("device:ab");
    expect(asSearch("openssl")).toBe("text:openssl");
    expect([isBare("openssl"), isBare("kve:yes"), isBare("!kve"), isBare("a>=2")]).toEqual([true, false, false, false]);
  });
});

describe("what the server says", () => {
  it("is quoted at the word", () => {
    const text = "kev:yes harm:>=awful";
    expect(faultOf(text, 'filter: byte 9: "harm:>=awful": a level is expected: "low"')).toEqual({
      chip: 1, term: "harm:>=awful", why: 'a level is expected: "low"',
    });
  });
  it("counts bytes, not letters", () => {
    expect(unitsOf("é😀x", 6)).toBe(3);
    expect(faultOf("text:é😀 kve", 'byte 13: "kve": no such term').chip).toBe(1);
  });
  it("may be about all of it", () => {
    expect(faultOf("a", "filter: nothing would pass")).toEqual({ chip: -1, term: "", why: "nothing would pass" });
  });
});
