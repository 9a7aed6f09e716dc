#!/usr/bin/env python3
"""SBOM readers against a corpus of real documents and the suites of the specifications.

usage: sbom.py [DRIVER]

DRIVER (tests/drivers/sbom_driver.c) reads lists of documents; the shared test data is found through
TUTELA_SHARED. Prints TAP: one line a suite, and one for each document that is not as it should be.

Two files beside this one explain what differs:
  sbom-differences.tsv  documents of the corpus that are not read, or with another count
  sbom-tolerated.tsv    invalid documents that are read all the same, and the note that says so
"""
import fnmatch
import os
import pathlib
import re
import subprocess
import sys

import kit

HERE = pathlib.Path(__file__).resolve().parent
# Formats of the manifest that are read, whole; documents of the others are read or refused by name.
READ = {"cyclonedx-json", "spdx-json"}
NAMES = {
    "cyclonedx-xml": "CycloneDX XML",
    "spdx-rdf": "SPDX RDF/XML",
    "spdx-tv": "SPDX tag-value",
    "spdx-xml": "SPDX XML",
    "spdx-yaml": "SPDX YAML",
    "spdx3-jsonld": "SPDX 3 JSON-LD",
    "swid": "SWID",
}
LOCATED = re.compile(r"line \d+(, column \d+)?")


class Read:
    """What the driver's --summary says of one document."""

    def __init__(self, line):
        fields = line.split("\t")
        self.path, self.status, self.format = fields[:3]
        self.components, self.statements = (int(fields[i] or 0) for i in (4, 6))
        self.message = fields[8] if len(fields) > 8 else ""
        self.fine = self.status == "ok"

    def is_located(self):
        return bool(LOCATED.search(self.message))

    def refuses(self, name):
        """Unsupported: says where, what was found and what is read instead."""
        return (self.status == "unsupported" and self.is_located() and name in self.message
                and "are read" in self.message)


def driver():
    """The suites' runner names a build folder, and gives the program as the argument."""
    build = os.environ.get("TUTELA_BUILD")
    if not build and len(sys.argv) > 1:
        return sys.argv[1]
    folder = pathlib.Path(build) if build else kit.ROOT / "build"
    return str(folder / "tests" / "drivers" / "sbom_driver")


def summaries(paths):
    """One Read a path; raises when the driver did not answer for each."""
    names = "".join(f"{path}\n" for path in paths)
    done = subprocess.run([driver(), "--summary", "-"], input=names.encode(), capture_output=True,
                          timeout=600, check=False)
    lines = done.stdout.decode(errors="replace").split("\n")[:-1]
    if done.returncode not in (0, 1) or len(lines) != len(paths):
        at = paths[len(lines)] if len(lines) < len(paths) else "the end"
        raise RuntimeError(f"the driver stopped with {done.returncode} at {at}: "
                           f"{done.stderr.decode(errors='replace')[-300:]}")
    return [Read(line) for line in lines]


def dump(path):
    """Rows of the whole inventory: lists of columns."""
    done = subprocess.run([driver(), str(path)], capture_output=True, timeout=120, check=False)
    return [line.split("\t") for line in done.stdout.decode(errors="replace").split("\n")]


def table(name):
    """Rows of a table beside this file, without comments and heading."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


class Tally:
    """One suite: counts by outcome, and a line for each document that is wrong."""

    def __init__(self, tap, name):
        self.tap, self.name, self.counts, self.wrong = tap, name, {}, []

    def count(self, outcome):
        self.counts[outcome] = self.counts.get(outcome, 0) + 1

    def fail(self, path, why):
        self.count("fail")
        self.wrong.append(f"{self.name} {path}: {why}")

    def close(self):
        words = ", ".join(f"{number} {outcome}" for outcome, number in sorted(self.counts.items()))
        self.tap.line(not self.wrong, f"{self.name}: {words or 'no document'}")
        for line in self.wrong:
            self.tap.line(False, line)


# The corpus.


def accounted(path, shown):
    """Why our count is another: components by the list they stand in, from the whole inventory.

    The manifest counts the documents' components or packages, nested ones too. We add the subject
    (CycloneDX metadata.component and what is in it) and, where there is no package, the files; what
    cannot be told from anything else is left out, with a note.
    """
    subject = files = left = 0
    for row in dump(path):
        if row[0] == "component":
            subject += row[2].startswith("/metadata/component")
            files += row[2].startswith("/files/")
        elif row[0] == "note" and row[2].startswith("left out: a component without"):
            left += int(row[3])
    rules = [word for word, number in
             (("subject", subject), ("files", files), ("left out", left)) if number]
    return " and ".join(rules) if shown == subject + files - left else None


def statements_left_out(path):
    return sum(int(row[3]) for row in dump(path) if row[0] == "note" and
               row[2].startswith(("left out: statements", "left out: a vulnerability")))


def judge_counts(tally, path, name, row, read):
    extra = read.components - int(row["components"])
    rule = accounted(path, extra) if extra else "equal"
    if not rule:
        tally.fail(name, f"{read.components} components, the manifest says {row['components']}")
        return
    missing = int(row["vulnerabilities"]) - read.statements
    if missing and missing != statements_left_out(path):
        tally.fail(name, f"{read.statements} statements, the manifest says "
                   f"{row['vulnerabilities']}")
        return
    tally.count(f"read ({rule})")


def judge_corpus(tally, folder, row, read, differences):
    name = row["file"]
    difference = differences.pop(name, None)
    if difference:
        ours = str(read.components) if read.fine else read.status
        if difference[:2] != [ours, row["components"]] or not (read.fine or read.is_located()):
            tally.fail(name, f"listed as {difference[0]} against {difference[1]}, now {ours} "
                       f"against {row['components']}: {read.message}")
        else:
            tally.count("listed difference")
    elif read.fine:
        judge_counts(tally, folder / name, name, row, read)
    elif row["format"] not in READ and read.refuses(NAMES[row["format"]]):
        tally.count("refused by name")
    else:
        tally.fail(name, f"{read.status}: {read.message}")


def corpus(tap, folder):
    lines = (folder / "manifest.tsv").read_text(encoding="utf-8").splitlines()
    heading = lines[0].split("\t")
    rows = [dict(zip(heading, line.split("\t"))) for line in lines[1:]]
    reads = summaries([folder / row["file"] for row in rows])
    differences = {row[0]: row[1:] for row in table("sbom-differences.tsv")}
    for form in sorted({row["format"] for row in rows}):
        tally = Tally(tap, f"sbom/corpus/{form}")
        for row, read in zip(rows, reads):
            if row["format"] == form:
                judge_corpus(tally, folder, row, read, differences)
        tally.close()
    for left in sorted(differences):
        tap.line(False, f"sbom/corpus {left}: a listed difference, but there is no such document")


# The suites of the specifications.

SPDX_FORMS = [
    ("*.rdf.xml", "SPDX RDF/XML"), ("*.rdf", "SPDX RDF/XML"), ("*.spdx.xml", "SPDX XML"),
    ("*.yaml", "SPDX YAML"), ("*.spdx", "SPDX tag-value"), ("*.xls", "spreadsheet"),
    ("*.xlsx", "spreadsheet"),
]
INVALID = re.compile(r"invalid|-err-|wrongversion|/invalid/", re.IGNORECASE)
# Their schemas and the program's own settings, patches and policies are no SBOMs.
SBOM = re.compile(rb'"(bomFormat|spdxVersion|SPDXID)"\s*:')


def note_of(path):
    return [row[2] for row in dump(path) if row[0] == "note"]


def judge_invalid(tally, name, path, read, tolerated):
    if not read.fine:
        if read.is_located():
            tally.count("invalid refused")
        else:
            tally.fail(name, f"refused without a place: {read.message}")
        return
    for row in tolerated:
        if fnmatch.fnmatchcase(name, row[0]):
            row[3:] = ["used"]
            notes = note_of(path)
            if row[1] != "-" and not any(row[1] in note for note in notes):
                tally.fail(name, f"tolerated with a note {row[1]!r}, but the notes are {notes}")
            else:
                tally.count("invalid noted" if row[1] != "-" else "invalid tolerated")
            return
    tally.fail(name, "invalid, but read, and not listed as tolerated")


def judge_valid(tally, name, read):
    if read.fine:
        tally.count("valid read")
    else:
        tally.fail(name, f"valid, but {read.status}: {read.message}")


def form_of(name, text):
    """What a document that is not to be read is called in the error, or None."""
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    if b"spdx.org/rdf/3" in text[:4096]:
        return "SPDX 3"
    return next((form for pattern, form in SPDX_FORMS if fnmatch.fnmatchcase(name, pattern)), None)


def judge_suite_document(tally, name, path, read, tolerated):
    text = path.read_bytes()
    form = form_of(name, text)
    if form and not read.fine:
        if read.refuses(form):
            tally.count("refused by name")
        else:
            tally.fail(name, f"is {form}: {read.status}: {read.message}")
    elif form:
        tally.count("other form read")
    elif not SBOM.search(text) and not read.fine and read.is_located():
        tally.count("no SBOM, refused")
    elif INVALID.search(name):
        judge_invalid(tally, name, path, read, tolerated)
    else:
        judge_valid(tally, name, read)


def suite(tap, name, folder, paths, tolerated):
    tally = Tally(tap, name)
    for path, read in zip(paths, summaries(paths)):
        judge_suite_document(tally, str(path.relative_to(folder)), path, read, tolerated)
    tally.close()


def suites(tap, folder):
    tolerated = [row[:3] for row in table("sbom-tolerated.tsv")]
    spdx = [path for path in sorted((folder / "spdx").rglob("*"))
            if path.name.endswith(".json") or form_of(path.name, b"")]
    groups = {f"sbom/cyclonedx-{path.name}": sorted(path.glob("*.json"))
              for path in sorted((folder / "cyclonedx" / "spec-tests").glob("1.*"))}
    groups["sbom/sbom-utility"] = sorted((folder / "cyclonedx" / "sbom-utility").rglob("*.json"))
    groups["sbom/spdx"] = [path for path in spdx if path.is_file()]
    for name, paths in groups.items():
        if paths:
            suite(tap, name, folder, paths, tolerated)
    for row in tolerated:
        if len(row) == 3:
            tap.line(False, f"sbom-tolerated.tsv {row[0]}: no such document is read")


def main():
    folder = kit.data(os.curdir)
    if not folder or not os.access(driver(), os.X_OK):
        return kit.skip("sbom: no shared data (set TUTELA_SHARED) or no driver")
    tap = kit.Tap()
    try:
        corpus(tap, folder.parent / "sbom")
        suites(tap, folder)
    except (OSError, RuntimeError, subprocess.TimeoutExpired) as problem:
        tap.line(False, f"sbom: {problem}")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
