#!/usr/bin/env python3
"""CSAF documents, each a valid one with something changed: which tests of the standard fail.

usage: csaf_edits.py [PROGRAM]

csaf/edits.tsv: the tests that fail ("-": none), the document that is changed (csaf/NAME.json) and
the changes, one a column: "POINTER VALUE" sets a member or item to a JSON value ("-" appends to a
list), "POINTER" alone removes it. Everything that fails is named, also what follows from another
fault. TAP.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def steps(pointer):
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def child(value, step):
    return value[int(step)] if isinstance(value, list) else value[step]


def edit(document, change):
    pointer, _, value = change.partition(" ")
    *path, last = steps(pointer)
    place = document
    for step in path:
        place = child(place, step)
    if not value:
        del place[int(last) if isinstance(place, list) else last]
    elif isinstance(place, list):
        at = len(place) if last == "-" else int(last)
        place[at:at + 1] = [json.loads(value)]
    else:
        place[last] = json.loads(value)


def make(base, changes):
    document = json.loads((HERE / "csaf" / f"{base}.json").read_text(encoding="utf-8"))
    for change in changes:
        edit(document, change)
    return document


def ask(program, folder, documents):
    """The tests that each document fails, sorted."""
    names = [f"{number}.json" for number in range(len(documents))]
    for name, document in zip(names, documents):
        (pathlib.Path(folder) / name).write_text(json.dumps(document, sort_keys=True),
                                                encoding="utf-8")
    done = subprocess.run([program, "csaf", "validate", "--format", "json", *names], cwd=folder,
                          capture_output=True, text=True, timeout=120, check=False)
    found = {}
    for file in json.loads(done.stdout):
        found[file["file"]] = " ".join(sorted({one["test"] for one in file["problems"]}, key=order))
    return [found.get(name, "not read") or "-" for name in names]


def order(test):
    return [int(part) if part.isdigit() else 0 for part in test.split(".")]


def main():
    program = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "tutela")
    lines = (HERE / "csaf" / "edits.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        answers = ask(str(program.resolve()), folder, [make(row[1], row[2:]) for row in rows])
    for number, (row, answer) in enumerate(zip(rows, answers), 1):
        failed += answer != row[0]
        print(f"{'ok' if answer == row[0] else 'not ok'} {number} - {' '.join(row)}")
        if answer != row[0]:
            print(f"#   fails: {answer}")
    print(f"1..{len(rows)}")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
