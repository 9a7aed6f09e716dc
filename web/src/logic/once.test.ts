import { describe, expect, it } from "vitest";
import { Once } from "./once";

describe("the key of an attempt", () => {
  it("is the same for one text, another for another, and another after it was taken", () => {
    let n = 0;
    const once = new Once(() => `k${++n}`);
    expect(once.for({ name: "a" })).toBe("k1");
    expect(once.for({ name: "a" })).toBe("k1");
    expect(once.for({ name: "b" })).toBe("k2");
    once.done();
    expect(once.for({ name: "b" })).toBe("k3");
  });
});
