import { describe, expect, it } from "vitest";
import { stated, things, verdict, type Change } from "./changes";

const changes: Change[] = [
  { change: "changed", list: "flows", id: "f1", member: "authentication", before: "none", after: "mutual", words: false },
  { change: "added", list: "flows", id: "f1", member: "roles", after: "nurse", words: false },
  { change: "added", list: "elements", id: "new", words: false },
  { change: "removed", list: "views", id: "v", words: false },
  { change: "changed", member: "title", before: "a", after: "b", words: true },
];

describe("what changed", () => {
  it("is sorted by the thing", () => {
    expect(things(changes).map((one) => [one.list, one.id, one.change, one.members.length])).toEqual([["flows", "f1", "changed", 2], ["elements", "new", "added", 0], ["views", "v", "removed", 0], ["", "", "changed", 1]]);
  });

  it("reads values as they were stated", () => {
    expect(stated('["a","b"]')).toEqual(["a", "b"]);
    expect(stated('{"os":"x"}')).toEqual({ os: "x" });
    expect(stated("[not JSON")).toBe("[not JSON");
    expect(stated("true")).toBe("true");
    expect(stated(undefined)).toBe(undefined);
  });

  it("is of words alone only where the service says so", () => {
    const none = { words_only: true, changes: [], threats: [], questions: { before: 3, after: 3 } };
    expect(verdict(none)).toBe("same");
    expect(verdict({ ...none, changes })).toBe("words");
    expect(verdict({ ...none, changes, words_only: false })).toBe("may");
    expect(verdict({ ...none, words_only: false, questions: { before: 3, after: 4 } })).toBe("may");
  });
});
