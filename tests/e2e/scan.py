#!/usr/bin/env python3
"""`tutela scan` and `explain` as a user calls them.

usage: scan.py [PROGRAM]
"""
import csv
import io
import json
import os
import sys
from urllib.parse import quote

from kit import Kit, PUMP, component, sbom


def a_short_explanation(kit):
    """`explain` shows what decided; --all shows everything."""
    def record(number, versions, name="pump", database="GHSA"):
        return json.dumps({"id": f"{database}-{number}", "aliases": [f"CVE-2024-{number}"],
                           "modified": "2024-02-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": name}, "versions": versions}]})

    lines = [record(2000 + n, ["1.0.0"]) for n in range(14)] + [record(3000 + n, ["9.0.0"]) for n in range(12)]
    lines += [record(2000, [version], database=base) for version, base in
              [("8.0.0", "PYSEC"), ("7.0.0", "RUSTSEC"), ("6.0.0", "GO"), ("5.0.0", "OSV"), ("4.0.0", "MAL")]]
    kb = kit.kb(kit.path("many.jsonl", "\n".join(lines)))
    path = kit.path("npm.json", sbom(component("pump", "1.0.0", purl="pkg:npm/pump@1.0.0")))
    run = lambda *more: kit.run("explain", path, "pump", *more, "--kb", kb)
    short, full = run(), run("--all")
    kit.check("explain: ten findings, and how many more", short.text.count("(this decided)") == 10
              and "and 4 more findings (--all)" in short.text and "and 2 more rejected (--all)" in short.text,
              short.text)
    kit.check("explain --all: every one", full.text.count("(this decided)") >= 14 and "more" not in full.text
              and full.text.count("outside all affected ranges") >= 12, full.text)
    short, full = run("CVE-2024-2000"), run("CVE-2024-2000", "--all")
    kit.check("explain: what decided in full, the next three in a line, the others counted",
              short.text.count("    source ") == 1 and short.text.count("\n  - ") == 3
              and "and 2 more records (--all)" in short.text, short.text)
    kit.check("explain --all: each record in full", full.text.count("    source ") == 6, full.text)


def what_is_not_known(kit, kb):
    """Components without data are named; old data are not hidden by one fresh source."""
    path = kit.path("dark.json", sbom(*[component(f"dark{n}", f"{n}.0") for n in range(8)],
                                      component("pumpd", "1.3", cpe=PUMP % "1.3")))
    done = kit.run("scan", path, "--kb", kb)
    kit.answers("components without data are named, the first five", done, 0, "8 of 9 distinct",
                "dark0 0.0, dark1 1.0, dark2 2.0, dark3 3.0, dark4 4.0 and 3 more (--limit N")
    kit.answers("--limit names more", kit.run("scan", path, "--kb", kb, "--limit", "8"), 0, "dark6 6.0, dark7 7.0\n")
    kit.check("--limit 0 names none", "dark0" not in kit.run("scan", path, "--kb", kb, "--limit", "0").text)
    kit.answers("a folder is no SBOM", kit.run("scan", kit.folder, "--kb", kb), 3, "is a folder", "--rootfs", "tutela assess")
    kit.answers("explain: a slip of the pen", kit.run("explain", path, "pumdp", "--kb", kb), 3, "did you mean pumpd?")
    kit.answers("explain: a part of a name", kit.run("explain", path, "umpd", "--kb", kb), 3, "did you mean pumpd@1.3?")
    done = kit.run("explain", path, "pumpd", "CVE-2099-1", "--kb", kb)
    kit.check("explain: an unknown id needs no other component", done.returncode == 3 and "CVE-2099-1" in done.complaint
              and "did you mean" not in done.complaint, done.complaint)
    kit.answers("a limit that is none", kit.run("scan", path, "--kb", kb, "--limit", "-1"), 2, "--limit")

    def record(identifier, day):
        return json.dumps({"id": identifier, "modified": f"{day}T00:00:00Z", "affected": [
            {"package": {"ecosystem": "npm", "name": "pump"}, "versions": ["1.0.0"]}]})

    feed = kit.path("ages.jsonl", "\n".join([*(record(f"GHSA-aaaa-{n:04}-aaaa", "2021-05-06") for n in range(20)),
                                             *(record(f"PYSEC-2026-{n}", "2026-10-01") for n in range(20))]))
    two = kit.kb(feed)
    kit.answers("the heading has the age of the oldest source", kit.run("scan", path, "--kb", two), 0,
                "oldest source GHSA: newest record 2021-05-06")
    kit.answers("kb info says the same", kit.run("kb", "info", two), 0,
                "oldest source   GHSA, newest record 2021-05-06", "newest record   2026-10-01")


def upgrades(kit):
    """--group-by upgrade: the lowest version of the component's own branch that closes most."""
    critical, low = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"

    def record(number, name, *ranges, vector=low, versions=()):
        events = [{key: value} for start, end in ranges
                  for key, value in (("introduced", start), ("fixed", end)) if value]
        return json.dumps({"id": f"GHSA-{number}", "aliases": [f"CVE-2024-{number:04}"], "modified": "2024-02-01T00:00:00Z",
                           "severity": [{"type": "CVSS_V3", "score": vector}], "affected": [
                               {"package": {"ecosystem": "npm", "name": name}, "versions": list(versions),
                                **({"ranges": [{"type": "SEMVER", "events": events}]} if events else {})}]})

    lines = [record(1, "pump", ("0", "1.2.5")), record(2, "pump", ("0", "1.3.0")),
             record(3, "pump", ("0", "1.2.4"), ("1.2.5", "1.2.7")),  # the fix was lost once
             record(4, "pump", ("0", "2.0.1")), record(5, "pump", ("0", None)),
             record(6, "pump", ("0", "1.0.5"), ("1.1.0", "1.4.0"), ("2.0.0", "2.0.3")),
             record(10, "valve", ("0", "0.3.9"), vector=critical), record(11, "valve", ("0", "0.4.0")),
             record(20, "motor", ("0", "6.0.0")),
             record(30, "odd", versions=["banana"]), record(31, "dead", ("0", None))]
    kev = json.dumps({"title": "CISA Catalog of Known Exploited Vulnerabilities", "catalogVersion": "2024.03.01", "count": 1,
                      "vulnerabilities": [{"cveID": "CVE-2024-0020", "dateAdded": "2024-03-01", "dueDate": "2024-03-22"}]})
    kb = kit.kb(kit.path("upgrades.jsonl", "\n".join(lines)), kit.path("upgrades-kev.json", kev))
    path = kit.path("upgrades.json", sbom(*[component(name, version, purl=f"pkg:npm/{name}@{version}") for name, version in [
        ("dead", "1.0.0"), ("odd", "banana"), ("pump", "1.2.3"), ("valve", "0.3.1"), ("motor", "5.9.0")]]))
    done = kit.run("scan", path, "--kb", kb, "--group-by", "upgrade", "--limit", "4")
    kit.answers("upgrades: own branch, steps, another branch, no fix", done, 0,
                "pump 1.2.3 \u2192 1.4.0  closes 4 of 6, worst low\n",
                "  steps: 1.2.4 closes 1, 1.2.7 closes 2, 1.3.0 closes 3, 1.4.0 closes 4\n",
                "  another branch: 2.0.3 closes 5, worst low\n", "  1 has no fix\n",
                "valve 0.3.1 \u2192 0.3.9  closes 1 of 2, worst critical\n", "  another branch: 0.4.0 closes 2",
                "motor 5.9.0 \u2192 6.0.0 (another branch)  closes 1 of 1, known to be exploited",
                "dead 1.0.0  no fix is known for 1 finding\n",
                "odd banana  no fix is known for 1 finding: the version cannot be ordered\n")
    kit.check("upgrades: never below the installed version", "1.0.5" not in done.text, done.text)
    heads = [line.split()[0] for line in done.text.splitlines() if "closes" in line and "\u2192" in line]
    kit.check("upgrades: known exploitation, then the worst severity", heads == ["motor", "valve", "pump"], heads)
    few = kit.run("scan", path, "--kb", kb, "--group-by", "upgrade", "--limit", "2")
    kit.answers("upgrades: --limit steps", few, 0, "steps: \u2026 1.3.0 closes 3, 1.4.0 closes 4\n")
    answer = json.loads(kit.run("scan", path, "--kb", kb, "--group-by", "upgrade", "-f", "json").text)
    by_name = {u["name"]: u for u in answer["upgrades"]}
    kit.check("upgrades: JSON", by_name["pump"]["to"] == {"version": "1.4.0", "same_branch": True, "closes": 4, "kev": 0,
                                                          "severity": "low"}
              and by_name["pump"]["other_branch"]["version"] == "2.0.3" and len(by_name["pump"]["steps"]) == 5
              and by_name["pump"]["no_fix"] == 1 and by_name["motor"]["to"]["kev"] == 1
              and "to" not in by_name["dead"] and not by_name["odd"]["ordered"]
              and answer["components"][by_name["pump"]["component"]]["name"] == "pump", answer["upgrades"])
    plain = json.loads(kit.run("scan", path, "--kb", kb, "-f", "json").text)
    kit.check("upgrades: a member more, nothing else", "upgrades" not in plain
              and {k: v for k, v in answer.items() if k != "upgrades"} == plain)
    kit.answers("upgrades: a format that has none", kit.run("scan", path, "--kb", kb, "--group-by", "upgrade", "-f", "csv"), 2,
                "--group-by upgrade needs one of the formats table and json")


def main():
    kit = Kit()
    upgrades(kit)
    kb = kit.kb()
    pump = component("pumpd", "1.3", cpe=PUMP % "1.3")
    fixed = component("pumpd-new", "9.0", cpe=PUMP % "9.0")
    document = sbom(pump, fixed, component("in-house", "1"))
    path = kit.path("device.json", document)

    done = kit.run("scan", path, "--kb", kb)
    kit.answers("the table names finding, fix and reason (REQ-SBOM-1)", done, 0, "CVE-2022-1001", "1.4",
                "pumpd 1.3", "undecided: a person must look", "no applicability data")
    kit.check("no colour where there is no terminal", "\x1b" not in done.text, done.text)
    done = kit.run("scan", path, "--kb", kb, "--colour", "always")
    kit.check("colour when asked for", "\x1b[" in done.text, done.text)

    done = kit.run("scan", path, "--kb", kb, "--format", "json")
    result = json.loads(done.text)
    ids = {f["id"] for f in result["findings"]}
    kit.check("JSON: affected findings", "CVE-2022-1001" in ids, ids)
    kit.check("JSON: counts agree with lists",
              result["summary"]["affected"] == len(result["findings"])
              and result["summary"]["undecided"] == len(result["undecided"]), result["summary"])
    kit.check("JSON: every finding has decisive evidence",
              all(f["evidence"][0]["decisive"] for f in result["findings"]), done.text)
    kit.check("JSON: what is not known is counted (REQ-VULN-3)",
              result["summary"]["components_without_data"] >= 1, result["summary"])
    again = kit.run("scan", path, "--kb", kb, "--format", "json")
    kit.check("JSON: same input, same bytes", again.stdout == done.stdout)

    rows = list(csv.DictReader(io.StringIO(kit.run("scan", path, "--kb", kb, "-f", "csv").text)))
    kit.check("CSV: a line a finding",
              len(rows) == result["summary"]["affected"] + result["summary"]["undecided"], rows)
    sarif = json.loads(kit.run("scan", path, "--kb", kb, "-f", "sarif").text)
    kit.check("SARIF: a result a finding", len(sarif["runs"][0]["results"]) == len(rows), sarif)
    bom = json.loads(kit.run("scan", path, "--kb", kb, "-f", "cyclonedx").text)
    kit.check("CycloneDX: affects the component's own reference",
              {a["ref"] for v in bom["vulnerabilities"] for a in v["affects"]} <= {"pumpd", "pumpd-new"},
              bom["vulnerabilities"])

    done = kit.run("scan", "-", "--kb", kb, stdin=document.encode())
    kit.answers("standard input", done, 0, "CVE-2022-1001")

    # policy
    for rule, code in [("any", 1), ("kev", 0), ("cvss>=9", 0), ("fixable", 1), ("undecided", 1),
                       ("unknown", 1), ("critical,any", 1)]:
        done = kit.run("scan", path, "--kb", kb, "--fail-on", rule)
        kit.answers(f"--fail-on {rule}", done, code, *(["gate violated"] if code else []))
    kit.answers("a policy that is none", kit.run("scan", path, "--kb", kb, "--fail-on", "severe"), 2,
                "byte 1")
    kit.answers("--only KEV leaves out and says so",
                kit.run("scan", path, "--kb", kb, "--only", "KEV"), 0, "are left out by")
    empty = kit.path("empty.json", sbom())
    kit.answers("no components is not 'no vulnerabilities' (REQ-SBOM-3)", kit.run("scan", empty, "--kb", kb), 0,
                "lists no components", "nothing to look for")
    kit.answers("a policy does not hold over nothing (REQ-VULN-7)",
                kit.run("scan", empty, "--kb", kb, "--fail-on", "critical"), 1, "nothing to judge")

    itself = {"bomFormat": "CycloneDX", "specVersion": "1.5",
              "metadata": {"component": {"type": "firmware", "name": "pump-fw", "version": "1.0"}}}
    unnamed = {**itself, "components": [{"type": "library", "name": "thing"}, {"type": "library", "name": "other", "version": ""}]}
    for name, body, words in [("only the product itself", itself, "beside the product"), ("nothing that can be looked up", unnamed, "looked up")]:
        blank = kit.path("blank.json", json.dumps(body))
        kit.answers(f"{name} is not 'no vulnerabilities'", kit.run("scan", blank, "--kb", kb), 0, "lists no component", words)
        kit.answers(f"{name} passes no gate", kit.run("scan", blank, "--kb", kb, "--fail-on", "critical"), 1, "nothing to judge")
        notes = [note["message"] for note in json.loads(kit.run("scan", blank, "--kb", kb, "-f", "json").stdout)["notes"]]
        kit.check(f"{name} is in the JSON", words in notes[0] and 'not "no vulnerabilities"' in notes[0], notes)
    known = {**itself, "metadata": {"component": {"type": "application", "name": "pumpd", "version": "1.0", "purl": "pkg:npm/no-such@1"}},
             "components": [{"type": "library", "name": "other", "version": "2"}]}
    kit.answers("what can be looked up is judged, also without data", kit.run(
        "scan", kit.path("known.json", json.dumps(known)), "--kb", kb, "--fail-on", "critical"), 0)

    # what a gate cannot judge, and words of other commands
    kit.answers("and, or, not", kit.run("scan", path, "--kb", kb, "--fail-on", "critical,any&!fixable&!any"), 0)
    kit.answers("a word of assess", kit.run("scan", path, "--kb", kb, "--fail-on", "any&!decided"), 2,
                "byte 6", 'use "tutela assess"')
    kit.answers("a rule that passes for want of data is named",
                kit.run("scan", path, "--kb", kb, "--fail-on", "epss>=0.5"), 0, "epss", "cannot be judged")

    # several outputs
    sarif_file, csv_file = kit.path("two.sarif"), kit.path("two.csv")
    done = kit.run("scan", path, "--kb", kb, "-f", "table", "-f", f"sarif={sarif_file}", f"--format=csv={csv_file}")
    kit.answers("two more outputs beside the table", done, 0, "knowledge:")
    kit.check("the table is what it is alone", done.stdout == kit.run("scan", path, "--kb", kb).stdout, done.text)
    kit.check("SARIF is what it is alone",
              open(sarif_file).read() == kit.run("scan", path, "--kb", kb, "-f", "sarif").stdout.decode())
    kit.check("CSV is what it is alone",
              open(csv_file, "rb").read() == kit.run("scan", path, "--kb", kb, "-f", "csv").stdout)
    kit.answers("only a file", kit.run("scan", path, "--kb", kb, "-f", f"csv={csv_file}"), 0)
    for wrong, words in ((["-f", "json", "-f", "csv"], "standard output"),
                         (["-f", "json", "-f", "csv=-"], "standard output"),
                         (["-f", "json", "-o", csv_file, "-f", f"csv={csv_file}"], "for the file"),
                         (["-f", f"csv={csv_file}", "-o", sarif_file], "--output is for"),
                         (["-f", "csv="], "has no name"), (["-f", f"docx={csv_file}"], "docx")):
        kit.answers(f"outputs: {wrong}", kit.run("scan", path, "--kb", kb, *wrong), 2, words)
    open(csv_file, "w").write("old")
    done = kit.run("scan", path, "--kb", kb, "-f", f"csv={csv_file}", "-f", "sarif=/nowhere/x")
    kit.answers("one of two cannot be written", done, 3, "/nowhere/x")
    kit.check("then no file is replaced", open(csv_file).read() == "old")

    # SARIF names the document in every result
    for given, stdin, uri in ((["-"], document.encode(), "stdin"), ([path], None, "file://" + quote(path))):
        found = json.loads(kit.run("scan", *given, "--kb", kb, "-f", "sarif", stdin=stdin or b"").stdout)
        places = {place["physicalLocation"]["artifactLocation"]["uri"]
                  for result in found["runs"][0]["results"] for place in result["locations"]}
        kit.check(f"SARIF: {uri}", places == {uri}, places)

    # output files
    target = kit.path("report.json", "old\n")
    done = kit.run("scan", path, "--kb", kb, "-f", "json", "-o", target)
    kit.check("--output replaces the file", json.load(open(target))["format"] == "tutela-scan")
    os.mkdir(kit.path("folder"))
    kit.answers("--output onto a folder", kit.run("scan", path, "--kb", kb, "-o", kit.path("folder")), 3,
                "folder")
    done = kit.run("scan", path, "--kb", kb, "-o", "/dev/full")
    kit.answers("a full device", done, 3, "/dev/full")

    # usage
    for arguments, word in [(["scan"], "no SBOM"), (["scan", "a", "b"], "more than one"),
                            (["scan", path, "--format", "xml"], "--format"),
                            (["scan", path, "--min-severity", "grave"], "--min-severity"),
                            (["scan", path, "--only", "x"], "--only"),
                            (["scan", path, "--nothing"], "--nothing"), (["nothing"], "nothing")]:
        kit.answers(f"usage: {' '.join(arguments[:1] + arguments[2:])}", kit.run(*arguments), 2, word)

    # explain
    done = kit.run("explain", path, "pumpd", "CVE-2022-1001", "--kb", kb)
    kit.answers("explain: why (REQ-VULN-2)", done, 0, "affected", "is in an affected range", "NVD", ">= 1.2, < 1.4",
                "a CPE that the SBOM states", "this decided")
    done = kit.run("explain", path, "pumpd-new@9.0", "CVE-2022-1001", "--kb", kb)
    kit.answers("explain: why not", done, 0, "not affected", "is outside all affected ranges")
    done = kit.run("explain", path, "in-house", "CVE-2022-1001", "--kb", kb)
    kit.answers("explain: nothing meets", done, 0, "no identifier of the component meets",
                "acme:pumpd")
    done = kit.run("explain", path, "pumpd", "--kb", kb)
    kit.answers("explain: everything considered", done, 0, "CVE-2022-1001", "Considered and rejected")
    done = kit.run("explain", path, "pump", "--kb", kb)
    kit.answers("explain: a slip is answered with what is alike", done, 3, "did you mean pumpd@1.3")
    kit.answers("explain: unknown id", kit.run("explain", path, "pumpd", "CVE-1999-0001", "--kb", kb), 3,
                "no vulnerability CVE-1999-0001")
    done = kit.run("explain", path, "pumpd", "CVE-2022-1001", "--kb", kb, "--format", "json")
    kit.check("explain: JSON", json.loads(done.text)["findings"][0]["id"] == "CVE-2022-1001", done.text)
    what_is_not_known(kit, kb)
    a_short_explanation(kit)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
