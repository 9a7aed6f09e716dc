import { describe, expect, it, vi } from "vitest";
import { Checker, isOpen, marks, worstFirst, type Checked, type Threat } from "./check";

const threat = (key: string, outcome: string, severity: string): Threat => ({ key, rule: key, title: key, at: "a", element: "a", flow: null, outcome, stride: "S", fda_category: "1", severity, reach: 1, reach_is_bound: false, risk_before: null, risk_after: null, controls: [], reasons: [], disposition: null });

describe("marks", () => {
  it("count what is open, settled and asked; a word that is not known is open", () => {
    const checked: Checked = { threats: [threat("1", "open", "minor"), threat("2", "unproven", "minor"), threat("3", "strange", "minor"), threat("4", "mitigated", "minor"), threat("5", "not-applicable", "minor")], questions: [{ at: "a", subject: "os", text: "?", rules: [] }], lints: [], counts: {} };
    expect(marks(checked).get("a")).toEqual({ open: 3, settled: 1, questions: 1 });
    expect(isOpen({ outcome: "strange" })).toBe(true);
  });
  it("nothing was said, nothing is marked", () => expect(marks(null).size).toBe(0));
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
