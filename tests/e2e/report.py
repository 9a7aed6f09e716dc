#!/usr/bin/env python3
"""`tutela report`: a page that is whole, says what the other commands say, and deceives nobody.

usage: report.py [PROGRAM]
"""
import json
import sys
import time

from kit import ROOT, Kit, PUMP, component, sbom
from page import Page

EXAMPLE = ROOT / "examples" / "infusion-pump"
AT = "2026-07-10T12:00:00Z"
HOSTILE = "<script>alert(1)</script>&\"'><img src=x onerror=x>"
# Right-to-left override, zero width space, a control: what a reader would not see.
UNSEEN = "pump\u202egnp.exe\u200b\x01"
SHOWN = "pump[U+202E]gnp.exe[U+200B][U+0001]"

DEVICE = """family: %(text)s
manufacturer: {name: %(text)s}
intended_use: %(text)s
releases:
  - {version: %(text)s, released: 2026-01-01, sbom: sbom.json}
variants:
  - {name: %(text)s, udi_di: %(text)s}
hazards:
  - {id: overdose, severity: catastrophic}
assets:
  - {id: delivery, privacy: none, hazards: [overdose]}
components:
  - {match: '*', assets: [delivery]}
policy: {version: %(text)s, approved_by: %(text)s, acceptance: %(text)s}
"""

DECISION = """vulnerability: %(id)s
component: {name: %(component)s}
status: %(status)s
rationale: %(text)s
%(more)s
validity: {releases: [%(release)s]}
decided_by: %(text)s
decided_at: 2026-01-05T00:00:00Z
learned_at: %(learned)s
events: [%(events)s]
"""

AFFECTED = "risk: uncontrolled\nexploitability: high\nharm: critical"
NOT_AFFECTED = "justification: component_not_present"


def quoted(text):
    return json.dumps(text)


def event(name, at, evidence="a record"):
    return f"{{event: {name}, at: {at}, evidence: {quoted(evidence)}}}"


def folder(kit, name, text, components, decisions=()):
    kit.path(f"{name}/device.yaml", DEVICE % {"text": quoted(text)})
    kit.path(f"{name}/sbom.json", sbom(*components))
    for number, decision in enumerate(decisions):
        known = {"component": "pumpd", "status": "affected", "text": quoted(text), "more": AFFECTED,
                 "release": quoted(text), "learned": "2026-01-01T00:00:00Z", "events": ""}
        kit.path(f"{name}/decisions/d{number}.yaml", DECISION % {**known, **decision})
    return kit.folder / name


def report(kit, path, *arguments, **more):
    return kit.run("report", path, "--at", AT, *arguments, **more)


def answer(kit, command, path, *arguments):
    done = kit.run(command, path, "-f", "json", *arguments)
    if done.returncode:
        kit.check(f"{command} answers", False, done.complaint)
        return {}
    return json.loads(done.text)


def number(text):
    return int(text.split()[0].replace(",", ""))


# ---- the example ----


def check_numbers(kit, page, assessed):
    summary = assessed["summary"]
    states = page.table("states")
    kit.check("posture: states are those of assess (REQ-CASE-1)",
              {state: number(row[0]) for state, row in states.items()} ==
              {"re-opened": summary["reopened"], "undecided": summary["undecided"],
               "decided": summary["decided"], "carried": summary["carried"], "all": summary["findings"]},
              states, summary)
    kit.check("posture: risks are those of assess",
              [number(cell) for cell in states["all"][1:4]] ==
              [summary[key] for key in ("uncontrolled", "controlled", "closed")], states, summary)
    matrix = page.table("matrix-table")
    harms = page.by_id["matrix-table"]["heads"][1:]
    cells = {(band, harm): cell.split() for band, row in matrix.items()
             for harm, cell in zip(harms, row)}
    kit.check("matrix: every cell has the count and the answer of assess",
              {key: (int(cell[0]), cell[1]) for key, cell in cells.items()} ==
              {(cell["band"], cell["harm"]): (cell["open"], cell["risk"])
               for cell in assessed["matrix"]}, matrix)
    drawn = [text for text in page.drawings[0]["text"] if text.isdigit()]
    kit.check("matrix: the drawing has the numbers of its table",
              drawn == [cell.split()[0] for row in matrix.values() for cell in row], drawn, matrix)
    kit.check("matrix: a mark, not colour alone, tells what is uncontrolled",
              page.drawings[0]["text"].count("!") ==
              sum(cell["risk"] == "uncontrolled" for cell in assessed["matrix"]))
    still_open = [f["id"] for f in assessed["findings"]
                  if f["status"] not in ("not_affected", "fixed")]
    kit.check("every open finding is listed, each as often as it is found",
              sorted(page.findings()) == sorted(still_open))
    facts = [fact["text"] for f in assessed["findings"] for fact in f["proposal"]["facts"]]
    missing = {fact for fact in facts if fact not in page.text}
    kit.check("every fact of every proposal is there", not missing, missing)


def check_charts(kit, page, assessed):
    summary = assessed["summary"]
    waiting = summary["reopened"] + summary["undecided"]
    for name, whole in (("severity", summary["uncontrolled"] + summary["controlled"]),
                        ("ages", waiting)):
        rows = page.table(name + "-table")
        kit.check(f"chart {name}: adds up to {whole}",
                  sum(int(row[0]) for row in rows.values()) == whole and
                  all(int(row[0]) == int(row[1]) + int(row[2]) for row in rows.values()), rows)


def check_clocks(kit, page, path):
    clocks = answer(kit, "clocks", path, "--at", AT)["clocks"]
    rows = page.by_id["clock-table"]["rows"]
    kit.check("clocks: those of `tutela clocks`, with state, due date and end (REQ-CASE-2)",
              sorted((row[0], row[1].split()[0], row[2].split()[0], row[4][:10], row[5][:10])
                     for row in rows) ==
              sorted((c["vulnerability"], c["rule"], c["state"], c.get("due", "–")[:10],
                      c.get("stopped", "–")[:10]) for c in clocks), rows, clocks)
    kit.check("clocks: some are missed in the example", any(c["state"] == "missed" for c in clocks))


def check_unknown(kit, page, sbom_path):
    summary = answer(kit, "scan", sbom_path)["summary"]
    kit.check("what is not known is said (REQ-VULN-3)",
              f"{summary['components_without_data']} of " in page.text and
              "not the same as none" in page.text, summary)


def example(kit):
    done = report(kit, EXAMPLE)
    page = Page(done.text)
    kit.answers("the example's report", done, 0, "Larkspur IP-200")
    kit.check("it is whole: tags, ids, links, scopes, twins, nothing loaded", not page.faults(),
              page.faults())
    kit.check("four drawings, each with its table", len(page.drawings) == 4, page.drawings)
    assessed = answer(kit, "assess", EXAMPLE, "--at", AT)
    check_numbers(kit, page, assessed)
    check_charts(kit, page, assessed)
    check_clocks(kit, page, EXAMPLE)
    check_unknown(kit, page, EXAMPLE / "infusion-pump-4.4.0.cdx.json")
    kit.check("each decision with who, why and validity",
              page.text.count("Valid for") == len(list((EXAMPLE / "decisions").iterdir())))
    kit.check("same input, same bytes", report(kit, EXAMPLE).stdout == done.stdout)
    path = kit.folder / "page.html"
    kit.answers("-o writes the same", report(kit, EXAMPLE, "-o", path, "--format", "html"), 0)
    kit.check("-o: every byte", path.read_bytes() == done.stdout)
    older = report(kit, EXAMPLE, "--release", "4.3.1")
    kit.check("an older release", older.returncode == 0 and not Page(older.text).faults() and
              "release 4.3.1" in Page(older.text).text)


# ---- strangers' text ----


def hostile(kit, kb):
    for name, text in (("markup", HOSTILE), ("unseen", UNSEEN)):
        path = folder(kit, name, text,
                      [component(text, "1.3", cpe=PUMP % "1.3"), component("own", text),
                       component(text + " too", "1")],
                      [{"id": "CVE-2022-1001", "component": quoted(text),
                        "events": event("assessed", "2026-01-02T00:00:00Z", text)},
                       {"id": quoted(text)}])
        done = report(kit, path, "--kb", kb)
        page = Page(done.text)
        kit.answers(f"{name}: a report", done, 0)
        kit.check(f"{name}: nothing of it becomes markup", not page.faults(), page.faults())
        shown = text if name == "markup" else SHOWN
        kit.check(f"{name}: it reads as itself", page.text.count(shown) >= 12, page.text.count(shown))
        unseen = [c for c in "\u202e\u200b\x01" if c in done.text]
        kit.check(f"{name}: nothing unseen is left", not unseen, unseen)


# ---- measures ----


def measures(kit, kb):
    path = folder(kit, "measures", "1.0", [component("pumpd", "1.3", cpe=PUMP % "1.3")], [
        {"id": "CVE-2022-1001", "events": event("fix-distributed", "2026-01-11T00:00:00Z")},
        {"id": "CVE-1-2", "events": event("fix-available", "2026-01-21T12:00:00Z")
                                    + ", " + event("fix-distributed", "2026-03-01T00:00:00Z")},
        {"id": "CVE-1-3"},
        {"id": "CVE-1-4", "status": "not_affected", "more": NOT_AFFECTED},
        {"id": "CVE-1-5", "status": "fixed", "more": "", "learned": "2025-12-31T00:00:00Z"},
        {"id": "CVE-1-6", "events": event("fix-distributed", "2027-01-01T00:00:00Z")},
    ])
    done = report(kit, path, "--kb", kb)
    page = Page(done.text)
    kit.answers("measures: a report", done, 0)
    density, fix, fielded = (page.table(f"metric-{name}") for name in ("density", "fix", "fielded"))
    kit.check("patched: what was fixed by then, of what is in the device (REQ-CASE-7)",
              density.get("all") == ["6", "1", "5", "3", "2", "60.0 %"], density)
    kit.check("by the year of learning", density.get("2025") == ["1", "0", "1", "1", "0", "100.0 %"]
              and density.get("2026") == ["5", "1", "4", "2", "2", "50.0 %"], density)
    kit.check("to the first fix: 10 and 20.5 days; the undated and the open are told apart",
              fix.get("all") == ["2", "15.2", "10.0", "20.5", "0", "1", "2"], fix)
    kit.check("fielded: not known, and said so",
              fielded.get("all") == ["2", "180 days", "not known", "not known"] and
              "No unit reports" in page.text, fielded)
    assessed = answer(kit, "assess", path, "--kb", kb, "--at", AT)
    others = len({f["id"] for f in assessed["findings"]} - {"CVE-2022-1001"})
    kit.check("what no decision records is not in the numbers, and counted",
              f"{others} vulnerabilit" in page.text, others)


# ---- size and mistakes ----


def large(kit, kb):
    count = 2000
    path = folder(kit, "large", "1.0",
                  [component(f"pumpd-{i}", "1.3", cpe=PUMP % "1.3") for i in range(count)])
    began = time.monotonic()
    done = report(kit, path, "--kb", kb, timeout=600)
    took = time.monotonic() - began
    page = Page(done.text)
    listed = len(page.findings())
    kit.check("large: more than 10,000 findings, all are listed", listed >= 10000, listed)
    kit.check("large: a page of less than 10 MB", len(done.stdout) < 10_000_000, len(done.stdout))
    kit.check("large: folded, and a whole page", not page.faults() and "<details open><summary><h3>Expl"
              not in done.text, page.faults()[:5])
    print(f"# {listed} findings, {len(done.stdout)} bytes, {took:.2f} s")


def mistakes(kit, kb):
    kit.answers("another format", kit.run("report", EXAMPLE, "--format", "pdf"), 2, "html")
    kit.answers("no folder", kit.run("report"), 2, "no device folder")
    kit.answers("a folder that is none", kit.run("report", kit.folder / "nothing"), 3, "device.yaml")
    kit.answers("a release that is none", kit.run("report", EXAMPLE, "-r", "9"), 3, "4.3.1, 4.4.0")
    kit.answers("a time without zone", kit.run("report", EXAMPLE, "--at", "2026-01-01T00:00:00"), 2)
    old = kit.path("old.html", "old")
    kit.run("report", kit.folder / "nothing", "-o", old)
    with open(old, encoding="utf-8") as file:
        kit.check("an old page stays when the new one fails", file.read() == "old")
    path = folder(kit, "empty", "1.0", [])
    done = report(kit, path, "--kb", kb)
    page = Page(done.text)
    kit.check("an empty SBOM does not look well: nothing was assessed",
              done.returncode == 0 and "nothing was assessed" in page.text and not page.faults(),
              page.faults(), done.complaint)


def main():
    kit = Kit()
    kb = kit.kb()
    example(kit)
    hostile(kit, kb)
    measures(kit, kb)
    mistakes(kit, kb)
    large(kit, kb)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
