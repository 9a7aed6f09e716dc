#!/usr/bin/env python3
"""One knowledge base from everything in the shared intelligence.

usage: everything.py [TUTELA]

Builds it from the whole folder, archives of other tools' samples included, and prints for each form how many documents
and records were read, left out and not understood, and for all that was refused the reason. The records of each file that
manifest.tsv counts must be in; nothing may be refused for a reason that is not listed here. The shared data is found
through TUTELA_SHARED. Prints TAP.
"""
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

# At least so many records of each form: those of the manifest's files of that form.
FILES = {"CVE JSON 5": ["vulnrichment-cve5.jsonl.zst"], "NVD API 2.0": ["nvd-2.0-converted/*", "nvd-overrides*"],
         "NVD JSON 1.1": ["nvd-1.1/*"], "OSV": ["osv/*"], "KEV": ["kev.json"], "EPSS": ["epss.csv.zst"],
         "CSAF": ["csaf-cisa.jsonl.zst"], "secdb": ["alpine-secdb.jsonl.zst"], "RubySec": ["rubysec.jsonl.zst"],
         "FriendsOfPHP": ["friendsofphp.jsonl.zst"]}
SAMPLES = {"Debian tracker": 10, "endoflife.date": 2}  # only in other tools' samples

# Why a document is not read to its end: a part of the message, and what is behind it.
REFUSED = [
    ("an archive inside an archive", "an archive within the archive of a tool's samples: unpack it first"),
    ("damaged gzip data", "a sample that is damaged on purpose"),
    ("empty: expected a JSON document", "an empty file"),
    ("a number must not start with 0", "a list in a form of its own that begins like a number"),
    ("expected a value", "not JSON: lists of files, or a sample that is broken on purpose"),
]


def shared():
    return pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared")) / "data" / "intel"


def program():
    if len(sys.argv) > 1:
        return sys.argv[1]
    return str(pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")) / "tutela")


def expected(intel):
    """form -> records that the manifest counts."""
    counts = collections.Counter()
    for line in (intel / "manifest.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, _, records = line.split("\t")[:3]
        for form, patterns in FILES.items():
            if any(pathlib.PurePath(name).match(pattern) or name.startswith(pattern.rstrip("*"))
                   for pattern in patterns if pattern.endswith("*") or pattern == name):
                counts[form] += int(records)
    return counts


def forms(text):
    """form -> (documents, records, left out, not understood) of the build's own table."""
    rows = {}
    for line in text.splitlines():
        found = re.match(r"  (\S.*?)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)$", line)
        if found:
            rows[found.group(1)] = tuple(map(int, found.groups()[1:]))
    return rows


class Tap:
    def __init__(self):
        self.number, self.failed = 0, 0

    def check(self, fine, text):
        self.number += 1
        self.failed += not fine
        print(f"{'ok' if fine else 'not ok'} {self.number} - {text}")


def main():
    intel = shared()
    if not (intel / "manifest.tsv").is_file():
        print("1..0 # SKIP the shared intelligence is not there")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        kb, problems = f"{folder}/all.kb", f"{folder}/problems.tsv"
        done = subprocess.run([program(), "kb", "build", "-o", kb, "--problems", problems, "--keep-going", str(intel)],
                              capture_output=True, text=True, timeout=1200, check=False)
        judge(done, kb, pathlib.Path(problems), expected(intel), tap := Tap())
    print(f"1..{tap.number}")
    return 1 if tap.failed else 0


def judge(done, kb, problems, counts, tap):
    tap.check(done.returncode == 0, f"built: {done.stdout.splitlines()[0] if done.stdout else done.stderr[-300:]}")
    if done.returncode:
        return
    rows = forms(done.stdout)
    for form in [*FILES, *SAMPLES]:
        documents, records, left_out, unclear = rows.get(form, (0, 0, 0, 0))
        least = counts[form] if form in FILES else SAMPLES[form]
        tap.check(records >= least > 0, f"{form}: {records} records in {documents} documents (at least {least}), "
                                        f"{left_out} left out, {unclear} places not understood")
    reasons, strange = collections.Counter(), []
    for line in done.stderr.splitlines():
        if not line.startswith("tutela kb: "):
            continue
        known = next((why for part, why in REFUSED if part in line), None)
        reasons[known] += 1
        strange += [] if known else [line]
    for why, count in reasons.items():
        print(f"# {count} documents not read: {why}")
    unknown = re.search(r"(\d+) documents of no known form", done.stdout)
    print(f"# {unknown.group(1) if unknown else 0} documents are of no form that is read: other tools' own "
          "outputs, OVAL, CVRF, updateinfo, web pages, lists")
    tap.check(not strange, f"every refusal has a known reason {strange[:3] or ''}")
    places = collections.Counter(re.sub(r"\"[^\"]*\"|\d+", "…", line.split("\t")[-1])
                                 for line in problems.read_text(encoding="utf-8", errors="replace").splitlines())
    for what, count in places.most_common(15):
        print(f"# {count} places: {what}")
    tap.check(kb_size(done.stdout) < 250, f"{kb_size(done.stdout)} MB on disk")
    info = subprocess.run([program(), "kb", "info", kb], capture_output=True, text=True, check=False)
    tap.check(info.returncode == 0 and "(verified)" in info.stdout, "the file verifies")


def kb_size(text):
    return float(re.search(r": ([\d.]+) MB, from", text).group(1))


if __name__ == "__main__":
    sys.exit(main())
