import { describe, expect, it } from "vitest";
import { isOwnLink, objectOf, pathOf, placeOf } from "./router";

describe("placeOf", () => {
  const rows: [string, string | null, Record<string, string>][] = [
    ["/", "portfolio", {}],
    ["/findings", "findings", {}],
    ["/findings/", "findings", {}],
    ["/findings/CVE-1/abc/def", "finding", { vulnerability: "CVE-1", component: "abc", release: "def" }],
    ["/findings/CVE-1/abc", null, {}],
    ["/devices/a%2Fb", "device", { device: "a/b" }],
    ["/devices/pump/safety", "device", { device: "pump", tab: "safety" }],
    ["/devices/", null, {}],
    ["/devices/%E0%A4", null, {}],
    ["/admin", "admin", {}],
    ["/nowhere", null, {}],
  ];
  it.each(rows)("%s", (path, page, parts) => {
    expect(placeOf(path)?.page ?? null).toBe(page);
    if (page) expect(placeOf(path)?.parts).toEqual(parts);
  });
  it("reads back what pathOf wrote", () => {
    expect(placeOf(pathOf("devices", "a/b ö?", "safety"))?.parts).toEqual({ device: "a/b ö?", tab: "safety" });
  });
});

describe("objectOf", () => {
  const of = (path: string): string => objectOf(placeOf(path) ?? { page: "portfolio", parts: {} });
  it.each([
    ["/devices/pump", "/devices/pump/safety", true],
    ["/devices/pump/safety", "/devices/other/safety", false],
    ["/cases/a", "/cases/b", false],
    ["/admin", "/admin/users", true],
    ["/findings/CVE-1/a/b", "/findings/CVE-1/a/c", false],
    ["/findings/a%2Fb/c/d", "/findings/a/b%2Fc/d", false],
  ])("%s and %s", (a, b, same) => expect(of(a) === of(b)).toBe(same));
});

describe("isOwnLink", () => {
  const link = { origin: "https://a", target: "", download: false };
  const plain = { button: 0, modified: false };
  it("is a plain click on a link of this host", () => expect(isOwnLink(link, plain, "https://a")).toBe(true));
  it.each([
    [{ ...link, origin: "https://b" }, plain],
    [{ ...link, target: "_blank" }, plain],
    [{ ...link, download: true }, plain],
    [link, { button: 1, modified: false }],
    [link, { button: 0, modified: true }],
  ])("is nothing else", (other, click) => expect(isOwnLink(other, click, "https://a")).toBe(false));
});
