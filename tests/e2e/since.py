#!/usr/bin/env python3
"""`tutela scan --since`: what is new for an SBOM between two knowledge bases.

usage: since.py [PROGRAM]
"""
import json
import sys

import feed_server as fs
from kit import component, Kit, PUMP, sbom


def build(kit, name, records, *more):
    page = fs.nvd_pages(records, page=1000)({"startIndex": ["0"]})
    path = kit.path(f"{name}.kb")
    done = kit.run("kb", "build", "-o", path, kit.path(f"{name}.json", page), *more)
    if done.returncode:
        raise SystemExit(f"Bail out! {done.complaint}")
    return path


def main():
    kit = Kit()
    old = build(kit, "old", [fs.nvd_record(n) for n in (1, 2, 3, 5)] + [fs.nvd_record(9, "other")])
    new = build(kit, "new", [fs.nvd_record(2), fs.nvd_record(3, fixed="1.5"), fs.nvd_record(4),
                             fs.nvd_record(5), fs.nvd_record(9, "other", "2.0")],
                kit.path("kev.json", fs.kev("CVE-2024-1002")))
    document = kit.path("s.json", sbom(component("pumpd", "1.0", cpe=PUMP % "1.0")))

    done = kit.run("scan", document, "--kb", new, "--since", old)
    kit.answers("since: a table of what is new, changed, gone", done, 0, "1 new:", "CVE-2024-1004",
                "2 changed:", "now known to be exploited", "fixed in 1.4 → 1.5", "1 gone:", "was affected")
    kit.check("since: what stayed, and what is about others, is not in it",
              "CVE-2024-1005" not in done.text and "CVE-2024-1009" not in done.text, done.text)
    out = kit.path("since.json")
    kit.answers("since: JSON into a file", kit.run("scan", document, "--kb", new, "--since", old,
                                                  "-f", "json", "-o", out), 0)
    answer = json.load(open(out, encoding="utf-8"))
    kit.check("since: JSON has the same",
              [d["id"] for d in answer["new"]] == ["CVE-2024-1004"] and
              {d["id"] for d in answer["changed"]} == {"CVE-2024-1002", "CVE-2024-1003"} and
              [d["id"] for d in answer["gone"]] == ["CVE-2024-1001"], answer)
    changed = next(d for d in answer["changed"] if d["id"] == "CVE-2024-1003")
    kit.check("since: JSON has both states",
              (changed["before"]["fixed"], changed["after"]["fixed"]) == ("1.4", "1.5"), changed)
    kit.check("since: JSON names both knowledge bases",
              answer["knowledge_base"]["path"] == new and
              answer["since"]["knowledge_base"]["path"] == old, answer)
    full = {state: json.loads(kit.run("scan", document, "--kb", kb, "-f", "json").text)["findings"]
            for state, kb in (("old", old), ("new", new))}
    came = {f["id"] for f in full["new"]} - {f["id"] for f in full["old"]}
    kit.check("since: agrees with two whole scans", came == {d["id"] for d in answer["new"]}, came)
    done = kit.run("scan", document, "--kb", new, "--since", new)
    kit.answers("since: nothing changed", done, 0, "0 new", "0 changed", "0 gone")
    kit.answers("since: no such knowledge base",
                kit.run("scan", document, "--kb", new, "--since", "/nowhere.kb"), 3, "/nowhere.kb")
    kit.answers("since: what is no knowledge base",
                kit.run("scan", document, "--kb", new, "--since", document), 3, "not a knowledge base")
    for more in (["--fail-on", "any"], ["--only", "kev"], ["-f", "csv"], ["--min-severity", "low"]):
        kit.answers(f"since: not with {more[0]}", kit.run("scan", document, "--since", old, *more), 2)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
