import { describe, expect, it } from "vitest";
import { answered, beside, bodyOf, classed, countOf, fallen, filtered, grouped, isOpen, NOTHING, rebase, rowOf, rowSet, shownRows, signed, takeTheirs, typedOf, type Question, type Row, type Said } from "./concept";

const question = (id: string, state: Question["state"], more: Partial<Question> = {}): Question => ({ id, subject: "therapy", text: `${id}?`, why: "so", state, ...more });
const stakeholder = (who: string, more: object = {}): Said["stakeholders"][number] => ({ stakeholder: who as "patient", open: true, state: "", concerns: 1, concerns_open: 0, ...more });
const CONCERN = { stakeholder: "patient", concern: "Mine", raised: "2026-01-01T00:00:00Z", open: true } as const;
const ROW: Row = { stakeholder: "patient", concern: "Mine", raised: "2026-01-01T00:00:00Z", answer: "", owner: "", due: "" };

function said(more: Partial<Said> = {}): Said {
  return {
    version: "1", recorded: true, settled: false, counts: { yes: 1, no: 0, unknown: 1, open: 1, not_asked: 1, contradicted: 0, of_packs_not_read: 0, stakeholders_open: 2 },
    questions: [question("a", "yes", { note: "n" }), question("b", "open"), question("c", "not asked", { subject: "users" }), question("d", "unknown", { subject: "users" })],
    stakeholders: [stakeholder("patient", { signed_by: "P", signed_at: "2026-01-02T00:00:00Z" }), stakeholder("service", { signed_by: "S", signed_at: "2026-01-02T00:00:00Z" })],
    discussions: [CONCERN], hazards_to_judge: [], threats_to_consider: [], mds2: [], hospital_it: [], packs: [], ...more,
  };
}

describe("what is typed", () => {
  it("is only what differs from what is saved", () => {
    let typed = answered(said(), NOTHING, "b", { answer: "no", note: "" });
    typed = answered(said(), typed, "a", { answer: "no", note: "n" });
    expect(countOf(typed)).toBe(2);
    typed = answered(said(), typed, "a", { answer: "yes", note: "n" });
    typed = answered(said(), typed, "b", null);
    expect(typed).toEqual(NOTHING);
    expect(classed(said(), NOTHING, "")).toEqual(NOTHING);
    expect(bodyOf(said(), classed(said(), NOTHING, "bedside"))).toEqual({ class: "bedside" });
    expect(signed(said(), NOTHING, "patient", { by: "P", at: "2026-01-02T00:00:00Z", note: "" })).toEqual(NOTHING);
  });

  it("is sent as answers that are new", () => {
    const typed = answered(said(), NOTHING, "b", { answer: "unknown", note: " later " });
    expect(bodyOf(said(), typed)).toEqual({ answers: [{ question: "b", answer: "unknown", note: "later" }] });
  });

  it("is sent as the whole discussion, and takes the sign-off with it", () => {
    const typed = rowSet(NOTHING, shownRows(said(), NOTHING)[0] ?? null, { ...ROW, answer: "Done" });
    expect(fallen(said(), typed)).toEqual(["patient"]);
    expect(bodyOf(said(), typed)).toEqual({ discussions: [{ ...ROW, answer: "Done", owner: null, due: null }] });
    const again = signed(said(), typed, "patient", { by: "Q", at: "", note: "" });
    expect(fallen(said(), again)).toEqual([]);
    expect(bodyOf(said(), again)["sign_offs"]).toEqual([
      { stakeholder: "patient", by: "Q", at: null, note: null },
      { stakeholder: "service", by: "S", at: "2026-01-02T00:00:00Z", note: null },
    ]);
  });

  it("leaves it to the service which sign-off falls", () => {
    const typed = signed(said(), rowSet(NOTHING, null, { ...ROW, concern: "Other" }), "service", null);
    expect(bodyOf(said(), typed)["sign_offs"]).toEqual([{ stakeholder: "patient", by: "P", at: "2026-01-02T00:00:00Z", note: null }]);
  });

  it("changes one of two equal rows, adds and takes out", () => {
    const two = said({ discussions: [CONCERN, CONCERN] });
    const first = shownRows(two, NOTHING)[0];
    const typed = rowSet(NOTHING, first ?? null, null);
    expect(shownRows(two, typed).map((row) => row.now)).toEqual([null, ROW]);
    const back = rowSet(typed, shownRows(two, typed)[0] ?? null, ROW);
    expect(back).toEqual(NOTHING);
    const added = rowSet(NOTHING, null, { ...ROW, concern: "New" });
    expect(shownRows(two, added).map((row) => row.now?.concern)).toEqual(["Mine", "Mine", "New"]);
    expect(rowSet(added, shownRows(two, added)[2] ?? null, null)).toEqual(NOTHING);
  });

  it("comes back from a draft, and nothing else does", () => {
    const typed = answered(said(), NOTHING, "b", { answer: "no", note: "" });
    expect(typedOf(JSON.stringify(typed))).toEqual(typed);
    for (const text of ["", "null", "[]", "{}", '{"answers":1}', "x"]) expect(typedOf(text)).toBeNull();
  });
});

describe("two people", () => {
  it("are joined where they did not do the same thing", () => {
    const typed = answered(said(), NOTHING, "b", { answer: "no", note: "" });
    const theirs = said({ questions: said().questions.map((one) => (one.id === "d" ? { ...one, state: "yes" as const } : one)) });
    expect(rebase(typed, theirs)).toEqual({ typed, conflicts: [] });
  });

  it("are asked where they did, and mine stays until then", () => {
    const typed = answered(said(), NOTHING, "b", { answer: "no", note: "" });
    const theirs = said({ class: "imaging", questions: said().questions.map((one) => (one.id === "b" ? { ...one, state: "yes" as const } : one)) });
    const joined = rebase({ ...typed, kind: { was: null, now: "bedside" } }, theirs);
    expect(joined.conflicts).toEqual([
      { on: "class", id: "", mine: "bedside", theirs: "imaging" },
      { on: "answer", id: "b", mine: { answer: "no", note: "" }, theirs: { answer: "yes", note: "" } },
    ]);
    expect(bodyOf(theirs, joined.typed)).toEqual({ class: "bedside", answers: [{ question: "b", answer: "no", note: null }] });
    expect(joined.conflicts.reduce(takeTheirs, joined.typed)).toEqual(NOTHING);
  });

  it("who said the same are done", () => {
    const typed = answered(said(), NOTHING, "b", { answer: "yes", note: "" });
    const theirs = said({ questions: said().questions.map((one) => (one.id === "b" ? { ...one, state: "yes" as const } : one)) });
    expect(rebase(typed, theirs)).toEqual({ typed: NOTHING, conflicts: [] });
  });

  it("keep both rows where both changed one", () => {
    const typed = rowSet(NOTHING, shownRows(said(), NOTHING)[0] ?? null, { ...ROW, answer: "Mine" });
    const theirs = said({ discussions: [{ ...CONCERN, answer: "Theirs" }] });
    const joined = rebase(typed, theirs);
    expect(joined.conflicts).toEqual([{ on: "row", id: "Mine", mine: { ...ROW, answer: "Mine" }, theirs: null }]);
    expect(shownRows(theirs, joined.typed).map((row) => row.now?.answer)).toEqual(["Theirs", "Mine"]);
    expect(takeTheirs(joined.typed, joined.conflicts[0]!)).toEqual(NOTHING);
    expect(rebase(typed, said({ discussions: [{ ...CONCERN, answer: "Mine" }] }))).toEqual({ typed: NOTHING, conflicts: [] });
  });
});

describe("going through", () => {
  it("open are those without an answer, unknown and contradicted", () => {
    expect(said().questions.filter(isOpen).map((one) => one.id)).toEqual(["b", "d"]);
    expect(isOpen(question("x", "yes", { contradicted: true }))).toBe(true);
    expect(filtered(said().questions, "asked").map((one) => one.id)).toEqual(["a", "b", "d"]);
    expect(filtered(said().questions, "all")).toHaveLength(4);
  });

  it("by subject, one after the other", () => {
    const { questions } = said();
    expect(grouped(questions).map((group) => [group.subject, group.questions.length])).toEqual([["therapy", 2], ["users", 2]]);
    expect([beside(questions, null, 1), beside(questions, "a", 1), beside(questions, "a", -1), beside(questions, "d", 1), beside([], "a", 1)]).toEqual(["a", "b", "a", "d", null]);
  });

  it("a row is what the service said", () => expect(rowOf(CONCERN)).toEqual(ROW));
});
