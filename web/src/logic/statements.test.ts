import { describe, expect, it } from "vitest";
import { listOf, readable, stepsOf, zoneOf, type Statement, type StatementDetail } from "./statements";

const ALL = { write: true, approve: true, publish: true };

function detail(part: Partial<Statement>, author = "ann"): StatementDetail {
  const statement: Statement = {
    id: "1", device: "pump", release: null, vulnerabilities: null, tlp: "WHITE", state: "draft", revision: 2, published: null, embargo: null, digest: "", created: "", revised: "", version: 1, ...part,
  };
  const revision = { revision: 2, state: statement.state, author, summary: "", reason: null, created: "", approved: null, published: null, withdrawn: null, digest: "", customers: [], documents: [] };
  return { statement, revisions: [revision, { ...revision, revision: 1, author: "bob" }], approvals: [], current: true };
}

describe("what is offered", () => {
  it.each<[string, StatementDetail, typeof ALL, string[]]>([
    ["a draft of another", detail({}), ALL, ["approve", "redraft", "embargo"]],
    ["one's own draft waits for somebody else", detail({}, "pia"), ALL, ["own", "redraft", "embargo"]],
    ["an approved one", detail({ state: "approved" }), ALL, ["publish", "redraft", "embargo"]],
    ["a scheduled one", detail({ state: "scheduled" }), ALL, ["embargo"]],
    ["a published one", detail({ state: "published", published: 2 }), ALL, ["redraft", "withdraw"]],
    ["a new draft of what is published", detail({ published: 1 }), ALL, ["approve", "redraft", "withdraw", "embargo"]],
    ["a withdrawn one", detail({ state: "withdrawn", published: 2 }), ALL, ["redraft"]],
    ["who only looks", detail({ state: "published", published: 2 }), { write: false, approve: false, publish: false }, []],
  ])("%s", (_, given, rights, want) => {
    expect(Object.entries(stepsOf(given, "pia", rights)).filter(([, yes]) => yes).map(([name]) => name)).toEqual(want);
  });
});

it.each([[0, "Z"], [300, "-05:00"], [-60, "+01:00"], [-345, "+05:45"]])("the zone of %d minutes is %s", (minutes, zone) => expect(zoneOf(minutes)).toBe(zone));
it("takes lists apart", () => expect(listOf(" CVE-1, CVE-2\nCVE-3 ")).toEqual(["CVE-1", "CVE-2", "CVE-3"]));
it("indents JSON and leaves the rest", () => {
  expect(readable('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(readable("{not")).toBe("{not");
  expect(readable("<b>text</b>")).toBe("<b>text</b>");
});
