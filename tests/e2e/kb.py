#!/usr/bin/env python3
"""`tutela kb` as a user calls it.

usage: kb.py [PROGRAM]
"""
import json
import os
import subprocess
import sys

from kit import FEED, Kit, NAMES


def main():
    kit = Kit()
    out = kit.path("test.kb")
    lines = FEED.read_bytes().splitlines()
    nvd = kit.path("nvd.jsonl", b"\n".join(line for line in lines if line.startswith(b'{"cve":')))
    rest = kit.path("rest.jsonl", b"\n".join(line for line in lines if not line.startswith(b'{"cve":')))
    done = kit.run("kb", "build", "-o", out, nvd, rest, NAMES)
    kit.answers("build tells what it read", done, 0, "vulnerabilities", "records", "NVD API 2.0", "names")
    whole = open(out, "rb").read()
    shuffled = kit.path("reversed.jsonl", b"\n".join(reversed(lines)))
    kit.run("kb", "build", "-o", kit.path("again.kb"), NAMES, shuffled)
    kit.check("the same facts give the same bytes, whatever the order",
              open(kit.path("again.kb"), "rb").read() == whole)

    for jobs in ("1", "2", "8"):
        done = kit.run("kb", "build", "-o", kit.path("jobs.kb"), f"--jobs={jobs}", nvd, rest, NAMES)
        kit.check(f"{jobs} threads give the same bytes", open(kit.path("jobs.kb"), "rb").read() == whole, done.complaint)
    for wrong in ("0", "65", "two", ""):
        done = kit.run("kb", "build", "-o", kit.path("jobs.kb"), f"--jobs={wrong}", nvd)
        kit.answers(f"--jobs={wrong} is wrong usage", done, 2, "--jobs must be a number of threads from 1 to 64")

    # a pipe cannot be written twice, as a file's header is
    os.mkfifo(kit.path("pipe"))
    with subprocess.Popen(["cat", kit.path("pipe")], stdout=subprocess.PIPE) as reader:
        done = kit.run("kb", "build", "-o", kit.path("pipe"), nvd, rest, NAMES)
        if done.returncode:
            reader.kill()
        kit.check("a pipe gets the same bytes", reader.communicate()[0] == whole, done.complaint)

    done = kit.run("kb", "info", out)
    kit.answers("info tells the age (REQ-KB-4)", done, 0, out, "verified", "newest record", "NVD", "GHSA")
    info = json.loads(kit.run("kb", "info", out, "--format", "json").text)
    kit.check("info: JSON counts records by source",
              sum(s["records"] for s in info["sources"]) == info["knowledge_base"]["records"], info)
    kit.answers("info: the starter where nothing else is (REQ-KB-5)", kit.run("kb", "info"), 0, "built-in starter")
    kit.answers("info: $TUTELA_KB", kit.run("kb", "info", env={"TUTELA_KB": out}), 0, "$TUTELA_KB")
    os.makedirs(kit.path("home/.local/share/tutela"))
    os.link(out, kit.path("home/.local/share/tutela/tutela.kb"))
    kit.answers("info: the user's own", kit.run("kb", "info"), 0, "the user's data folder")

    done = kit.run("kb", "show", "CVE-2022-1001", "--kb", out)
    kit.answers("show: each fact with its source", done, 0, "CVE-2022-1001", "NVD", ">= 1.2, < 1.4")
    kit.answers("show: lower case", kit.run("kb", "show", "cve-2022-1001", "--kb", out), 0, "NVD")
    shown = json.loads(kit.run("kb", "show", "CVE-2022-1007", "--kb", out, "--format", "json").text)
    kit.check("show: records of two sources are kept apart (REQ-KB-1)",
              len({r["source"] for r in shown["records"]}) >= 2, shown)
    kit.answers("show: unknown", kit.run("kb", "show", "CVE-1999-1", "--kb", out), 3, "CVE-1999-1")
    done = kit.run("kb", "search", "pumpd", "--kb", out)
    kit.answers("search by product", done, 0, "CVE-2022-1001", "vulnerabilities")
    done = kit.run("kb", "search", "PUMPD", "both ends", "--kb", out)
    kit.answers("search: all words, any case", done, 0, "CVE-2022-1001", "1 of ")
    kit.answers("search: nothing", kit.run("kb", "search", "zzzz", "--kb", out), 0, "0 of ")
    done = kit.run("kb", "search", "pumpd", "--limit", "1", "--kb", out)
    kit.answers("search: what is left out is told", done, 0, "are not shown")
    for arguments in [["kb"], ["kb", "destroy"], ["kb", "build"], ["kb", "build", "-o", out],
                      ["kb", "show"], ["kb", "search"], ["kb", "info", "--format", "xml"]]:
        kit.answers(f"usage: {' '.join(arguments[:3])}", kit.run(*arguments), 2)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
