import { expect, it } from "vitest";
import { hashOf } from "./hash";

it("knows a hash by its length, with or without its algorithm", () => {
  expect(hashOf(` ${"AB".repeat(32)} `)).toBe("ab".repeat(32));
  expect(hashOf(`sha256:${"0".repeat(64)}`)).toBe("0".repeat(64));
  expect([hashOf("openssl"), hashOf("pkg:pypi/abc"), hashOf("deadbeef"), hashOf(`${"0".repeat(63)}x`)]).toEqual([null, null, null, null]);
});
