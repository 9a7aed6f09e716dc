import { expect, it } from "vitest";
import { isOtherList, readAddress, writeAddress } from "./list-address";

it.each(["", "?filter=kev%3Ayes+harm%3A%3E%3Dserious", "?filter=text%3A%D7%A9&sort=-harm&columns=risk%2Cname&at=CVE-1&open=no"])("comes back: %s", (search) => {
  expect(writeAddress(readAddress(search))).toBe(search);
});

it("tidies and tells lists apart", () => {
  const a = readAddress("?filter=%20kev%20%20fixable");
  expect(a.filter).toBe("kev fixable");
  expect([isOtherList(a, { ...a, at: "x", preview: false }), isOtherList(a, { ...a, sort: "name" })]).toEqual([false, true]);
});
