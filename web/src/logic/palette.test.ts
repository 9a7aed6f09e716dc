import { expect, it } from "vitest";
import { hits } from "./palette";

it("leads from each kind to its page", () => {
  const kinds = ["device", "release", "case", "component", "vulnerability"];
  const said = { hits: kinds.map((type) => ({ type, id: "a b", title: "T 1", detail: "d" })) };
  expect(hits(said).map((hit) => hit.to)).toEqual(["/devices/a%20b", "/releases/a%20b", "/cases/a%20b", "/components?q=T+1", "/findings?filter=text%3A%22T+1%22"]);
});

it("leaves out what has no page, and reads nothing from nothing", () => {
  expect(hits({ hits: [{ type: "star", id: "1", title: "x", detail: "" }] })).toEqual([]);
  expect(hits(null)).toEqual([]);
});
