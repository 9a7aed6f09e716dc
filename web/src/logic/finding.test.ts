import { describe, expect, it } from "vitest";
import { besideOf, concerns, madeBy, matrixRows, premiseRows, rangePicture, recordOf, scoreOf, steps, type Evidence, type Finding, type Ids, type Premises } from "./finding";
import { bodyOf, emptyForm, isEmpty, maySend, readDraft, sideBySide, startsOf, type Dry } from "./decision-form";

const pages: Record<string, Ids> = {
  "": { items: [{ id: "a" }, { id: "b" }], next: "2", total: { count: 3, exact: true } },
  "2": { items: [{ id: "c" }], next: null, total: { count: 3, exact: true } },
};
const page = (cursor: string): Promise<Ids> => Promise.resolve(pages[cursor] as Ids);

describe("what a record need not say", () => {
  it("a number: then there is none, not a zero", () => expect([scoreOf({ base: 9 }), scoreOf({ base: 0 }), scoreOf({})]).toEqual(["9.0", "0.0", ""]));
  it("a version of CVSS", () => expect([madeBy({ version: "3.1", source: "NVD" }), madeBy({ source: "Debian" })]).toEqual(["CVSS 3.1, NVD", "Debian"]));
  it("anything: a match that rests on the SBOM alone has no record", () => expect([recordOf({ source: "NVD", record: "CVE-1" }), recordOf({})]).toEqual(["NVD, CVE-1", ""]));
});

describe("neighbours", () => {
  it.each([
    ["a", null, "b", 1],
    ["b", "a", "c", 2],
    ["c", "b", null, 3],
    ["x", null, null, 0],
  ])("of %s", async (id, before, after, at) => {
    expect(await besideOf(id, page)).toEqual({ before, after, at, total: 3, exact: true });
  });
  it("gives up after so many pages, and says so", async () => {
    expect((await besideOf("c", page, 1)).at).toBe(0);
  });
});

const range = (text: string | null, verdict = "affected"): Evidence => ({ decisive: true, verdict, reason: "", record: "", source: "", by: "", version: "7.88.1", range: text });
describe("the picture of a range", () => {
  it.each([
    [">= 7.69.0, < 8.4.0", { from: "7.69.0", to: "8.4.0" }],
    ["< 8.4.0", { from: null, to: "8.4.0" }],
    [">= 0, < 8.4.0", { from: null, to: "8.4.0" }],
    [">= 2", { from: "2", to: null }],
  ])("%s", (text, want) => expect(rangePicture(range(text))).toMatchObject(want));
  it.each([null, "", "1.0 || 2.0", ">= 1, < 2, < 3", "something else"])("none of %s", (text) => expect(rangePicture(range(text))).toBeNull());
  it("of a version outside is not inside", () => expect(rangePicture(range("< 2", "not affected"))?.inside).toBe(false));
});

const premises: Premises = { component: "curl", version: "7.88.1", advisory: "CVE-1", source: "NVD", advisory_modified: null, kev: false, score: 9.8, epss: null };
describe("premises", () => {
  it("hold, changed, or were not written down: three answers", () => {
    const rows = premiseRows({ ...premises, version: "7.76.1", score: null }, premises);
    expect(rows.find((row) => row.name === "version")?.same).toBe(false);
    expect(rows.find((row) => row.name === "component")?.same).toBe(true);
    expect(rows.find((row) => row.name === "score")?.same).toBeNull();
    expect(rows.find((row) => row.name === "kev")?.same).toBe(true);
  });
  it("without an earlier decision nothing holds", () => expect(premiseRows(null, premises).every((row) => row.same === null)).toBe(true));
});

describe("the matrix and its factors", () => {
  it("has the highest band on top and harms rising", () => {
    const rows = matrixRows([{ band: "low", harm: "minor", risk: null }, { band: "low", harm: "negligible", risk: null }, { band: "high", harm: "minor", risk: "uncontrolled" }]);
    expect(rows.map((row) => row.band)).toEqual(["high", "low"]);
    expect(rows[1]?.cells.map((cell) => cell.harm)).toEqual(["negligible", "minor"]);
  });
  it("says what each fact changed", () => expect(steps([{ name: "", text: "a", level: 5 }, { name: "", text: "b", level: 4 }]).map((step) => step.change)).toEqual([0, -1]));
});

const dry: Dry = { possible: true, conflict: null, decisions: [{ finding: "f", error: null, warnings: [], supersedes: null, contradicts: null }], applies: 1, applies_in: 1, differs: [], closes: 1, opens: 0, releases: [], statements: [] };
describe("the form", () => {
  it("sends only what belongs to the status", () => {
    const form = { ...emptyForm(), status: "affected" as const, justification: "component_not_present", impact: "x", action: " update ", remedy: "vendor_fix" };
    expect(bodyOf(form, "f", "d")).toEqual({ findings: [{ finding: "f", supersedes: "d" }], status: "affected", action: "update", remedy: "vendor_fix" });
  });
  it("says when it does not carry, and the other findings", () => {
    expect(bodyOf({ ...emptyForm(), status: "fixed", carry: false, also: ["g"] }, "f", null)).toEqual({ findings: [{ finding: "f" }, { finding: "g" }], status: "fixed", carry: false });
  });
  it("comes back from a draft, and not from anything else", () => {
    const form = { ...emptyForm(), status: "fixed" as const, rationale: "‮<b>é", also: ["g"] };
    expect(readDraft(JSON.stringify(form))).toEqual(form);
    expect(readDraft("{")).toBeNull();
    expect(readDraft('{"status":7,"also":[1],"other":"x"}')).toEqual(emptyForm());
    expect(isEmpty({ ...emptyForm(), role: "PSIRT lead" })).toBe(true);
  });
  it("is sent only after the service said yes to all of it", () => {
    const form = emptyForm();
    expect(maySend(dry, form, "t", "t")).toBe(true);
    expect(maySend(dry, form, "t", "typed since")).toBe(false);
    expect(maySend(null, form, "t", "t")).toBe(false);
    expect(maySend({ ...dry, conflict: "two" }, form, "t", "t")).toBe(false);
    expect(maySend(dry, { ...form, also: ["g"] }, "t", "t")).toBe(false);
    expect(maySend({ ...dry, decisions: [{ finding: "f", error: "no", warnings: [], supersedes: null, contradicts: null }] }, form, "t", "t")).toBe(false);
  });
  it("counts a deadline that is stopped already as not started", () => {
    const duty = { rule: "r", title: "", source: "", jurisdiction: null, state: "running", would_start: true, start: null, due: null, stopped: null, lacking: [], note: null };
    const with_ = (one: typeof duty | (Omit<typeof duty, "stopped"> & { stopped: string })): Dry => ({ ...dry, decisions: [{ finding: "f", error: null, warnings: [], supersedes: null, contradicts: null, starts: [one] }] });
    expect(startsOf(with_(duty))).toHaveLength(1);
    expect(startsOf(with_({ ...duty, stopped: "2026-01-01T00:00:00Z" }))).toHaveLength(0);
  });
  it("marks what differs beside the other text", () => {
    const rows = sideBySide({ status: "affected", rationale: "theirs", expires: "2027-01-01T00:00:00Z", risk: "controlled" }, { ...emptyForm(), status: "fixed", rationale: "theirs", expires: "2027-01-01" });
    expect(rows.filter((row) => row.differs).map((row) => row.field)).toEqual(["status"]);
  });
});

it("knows which changes of the service may be about it", () => {
  const finding = { vulnerability: { name: "CVE-1" }, release: { id: "r" }, component: { purl: "pkg:a/b" } } as unknown as Finding;
  const said: [string, string | null, boolean][] = [["release", "r", true], ["release", "s", false], ["vulnerability", "CVE-1", true], ["component", "pkg:a/b", true], ["component", null, false], ["knowledge", null, true], ["device", "CVE-1", false]];
  for (const [kind, id, about] of said) expect([kind, id, concerns(finding, [{ kind, id }])]).toEqual([kind, id, about]);
});
