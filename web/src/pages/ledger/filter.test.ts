import { expect, it } from "vitest";
import { parameters, readFields, writeFields } from "./filter";

it("reads back what it wrote, with blanks and colons", () => {
  const fields = { action: "case.open", subject: "device:my pump", actor: "", from: "2026-07-01", to: "" };
  expect(readFields(writeFields(fields))).toEqual(fields);
});

it("asks for the start of a day, and leaves out what is empty or unknown", () => {
  expect(parameters("from:2026-07-01 star:1 action:")).toEqual({ from: "2026-07-01T00:00:00Z" });
  expect(parameters("")).toEqual({});
});
