#!/usr/bin/env python3
"""`tutela report`: a page that is whole, says what the other commands say, and deceives nobody.

usage: report.py [PROGRAM]
"""
import datetime
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
              {"re-opened": summary["reopened"], "not assessed": summary["undecided"],
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


def local_day(text, minutes=-300):
    """The day of a time, as the example's maker counts it (UTC-05:00)."""
    if text == "–":
        return text
    at = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (at + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%d")


def check_clocks(kit, page, path):
    clocks = answer(kit, "clocks", path, "--at", AT)["clocks"]
    rows = page.by_id["deadline-table"]["rows"]
    kit.check("deadlines: those of `tutela clocks`, with state, due date and end (REQ-CASE-2)",
              sorted((row[0].split()[0], row[1].split()[0], row[2].split()[0], row[4][:10], row[5][:10])
                     for row in rows) ==
              sorted((c["vulnerability"], c["rule"], c["state"], local_day(c.get("due", "–")),
                      local_day(c.get("stopped", "–"))) for c in clocks), rows, clocks)
    kit.check("deadlines: some are missed in the example", any(c["state"] == "missed" for c in clocks))


def check_today(kit, page, assessed, clocks):
    """The first screen: what is left to do, once each, the most urgent first."""
    rows = page.by_id["todo"]["rows"]
    waiting = [f for f in assessed["findings"] if f["state"] in ("undecided", "re-opened")]
    kev = sum(f["kev"] for f in waiting)
    uncontrolled = sum(f["risk"] == "uncontrolled" for f in waiting)
    kinds = [row[0] for row in rows]
    order = ["Overdue", "Due", "Known exploited", "Decide again", "Assess"]
    kit.check("today: the kinds in their order", kinds == sorted(kinds, key=order.index), kinds)
    kit.check("today: running deadlines, the next first",
              kinds.count("Due") == min(5, sum(c["state"] == "running" for c in clocks)), kinds)
    kit.check("today: known-exploited findings without a decision",
              kinds.count("Known exploited") == min(5, kev) and kev > 0, kinds, kev)
    kit.check("today: each finding once",
              len({(row[1].split()[0], row[2]) for row in rows if row[0] not in order[:2]}) ==
              len([row for row in rows if row[0] not in order[:2]]), rows)
    kit.check("today: the tile counts what is uncontrolled and not decided",
              f"{uncontrolled} uncontrolled findings without a decision" in page.text)
    titled = [row for row in rows if "HTTP/2 Rapid Reset" in row[1]]
    kit.check("today: the title stands with the id", titled, rows)
    kit.check("a CVE links to its record",
              "https://nvd.nist.gov/vuln/detail/CVE-2023-44487" in page.targets)


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
    check_today(kit, page, assessed, answer(kit, "clocks", EXAMPLE, "--at", AT)["clocks"])
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


def links(kit, kb):
    """An id becomes a link when its kind has public records and no character of it needs an escape."""
    ids = {"CVE-2022-1001": "https://nvd.nist.gov/vuln/detail/CVE-2022-1001",
           "GHSA-aaaa-bbbb-cccc": "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
           "RUSTSEC-2021-0001": "https://osv.dev/vulnerability/RUSTSEC-2021-0001",
           "ACME-2021-1": None, "javascript:alert(1)": None, "CVE-2022-1/../x": None,
           "CVE-2022-1?a=b": None, "cve-2022-2": None}
    path = folder(kit, "links", "1.0", [component("pumpd", "1.3", cpe=PUMP % "1.3")],
                  [{"id": quoted(name)} for name in ids])
    done = report(kit, path, "--kb", kb)
    page = Page(done.text)
    kit.check("links: a whole page", done.returncode == 0 and not page.faults(), page.faults(), done.complaint)
    for name, address in ids.items():
        outer = [target for target in page.targets if target.endswith(name) and ":" in target]
        kit.check(f"links: {name}", set(outer) == ({address} if address else set()) and name in page.text,
                  outer)


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
              fix.get("all") == ["2", "15.2", "15.2", "20.5", "0", "1", "2"], fix)
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
    kit.answers("no folder", kit.run("report"), 2, "a device folder is missing")
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
              done.returncode == 0 and "lists no components" in page.text and not page.faults(),
              page.faults(), done.complaint)


def main():
    kit = Kit()
    kb = kit.kb()
    example(kit)
    hostile(kit, kb)
    links(kit, kb)
    measures(kit, kb)
    mistakes(kit, kb)
    large(kit, kb)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
