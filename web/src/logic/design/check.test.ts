import { describe, expect, it, vi } from "vitest";
import { Checker, isOpen, keyParts, lintPlace, marks, outcomeSign, worstFirst } from "./check";

const threat = (key: string, outcome: string, severity: string | null) => ({ key, at: "a", outcome, severity });

describe("marks", () => {
  it("count what is open, settled and asked; a word that is not known is open", () => {
    const checked = { threats: [threat("1", "open", "minor"), threat("2", "unproven", "minor"), threat("3", "strange", "minor"), threat("4", "mitigated", "minor"), threat("5", "not-applicable", "minor")], questions: [{ at: "a", subject: "os", text: "?", rules: [] }] };
    expect(marks(checked).get("a")).toEqual({ open: 3, settled: 1, questions: 1 });
    expect(isOpen({ outcome: "strange" })).toBe(true);
  });
  it("nothing was said, nothing is marked", () => expect(marks(null).size).toBe(0));
});

it("a key says the rule and the place", () => {
  expect(keyParts("T06C@pump@")).toEqual({ rule: "T06C", at: "pump" });
  expect(keyParts("T06C@pump@f%401")).toEqual({ rule: "T06C", at: "f@1" });
  expect(keyParts("T06C@a%2540%40@")).toEqual({ rule: "T06C", at: "a%40@" });
});

it("the worst first; unknown before the worst", () => {
  const list = worstFirst([threat("m", "mitigated", "catastrophic"), threat("l", "open", "minor"), threat("c", "open", "critical"), threat("u", "open", "unknown")]);
  expect(list.map((one) => one.key)).toEqual(["u", "c", "l", "m"]);
});

describe("asking", () => {
  it("is at most once in half a second, the newest wins", async () => {
    vi.useFakeTimers();
    let n = 0;
    const said: number[] = [];
    const checker = new Checker<number>(() => Promise.resolve(++n), (answer) => void (answer !== null && said.push(answer)));
    for (let i = 0; i < 20; i++) {
      checker.want();
      await vi.advanceTimersByTimeAsync(100);
    }
    checker.end();
    vi.useRealTimers();
    expect(n).toBeLessThanOrEqual(5);
    expect(n).toBeGreaterThanOrEqual(4);
    expect(said.at(-1)).toBe(n);
  });
  it("an answer that was overtaken is dropped", async () => {
    vi.useFakeTimers();
    const answers: ((value: number) => void)[] = [];
    const said: (number | null)[] = [];
    const checker = new Checker<number>(() => new Promise((give) => answers.push(give)), (answer) => said.push(answer));
    checker.want();
    await vi.advanceTimersByTimeAsync(600);
    checker.want();
    await vi.advanceTimersByTimeAsync(600);
    answers[1]!(2);
    answers[0]!(1);
    await vi.advanceTimersByTimeAsync(0);
    vi.useRealTimers();
    expect(said).toEqual([2]);
  });
});

describe("signs and places", () => {
  it("are filled only where a person decided, and a word that is not known is a question", () => {
    expect(["open", "unproven", "mitigated", "strange"].map((outcome) => outcomeSign({ outcome }).filled)).toEqual([false, false, false, false]);
    expect(["accepted", "transferred", "not-applicable"].map((outcome) => outcomeSign({ outcome }).filled)).toEqual([true, true, true]);
    expect(outcomeSign({ outcome: "strange" }).shape).toBe("question");
  });
  it("a check begins with its place only where there is one of that id", () => {
    const there = (id: string): boolean => id === "c-image";
    expect(lintPlace("c-image: the control: none", there)).toEqual({ at: "c-image", rest: "the control: none" });
    expect(lintPlace("the model: none", there)).toEqual({ at: "", rest: "the model: none" });
  });
  it("what nobody stated stands with the worst, what has no harm last", () => {
    expect(worstFirst([threat("c", "open", null), threat("b", "open", "catastrophic"), threat("a", "open", "unknown")]).map((one) => one.key)).toEqual(["a", "b", "c"]);
  });
});
