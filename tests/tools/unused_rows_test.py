#!/usr/bin/env python3
"""What may be removed because nothing names it: each table that refers to documents is asked. Prints TAP.

usage: unused_rows_test.py [PROGRAM]
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True
from tap import Tap  # noqa: E402

SCHEMA = (ROOT / "src/store/migrations/0001_base.sql").read_text(encoding="utf-8")
STATEMENTS = (ROOT / "src/store/statements.sql").read_text(encoding="utf-8")
# what a document has of itself, removed before it
OWN = {("document_hash", "document_id")}


def references(target):
    found = set()
    for table, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)", SCHEMA, re.S):
        found |= {(table, column) for column in re.findall(rf"^\t(\w+) [^\n]*REFERENCES {target} \(", body, re.M)}
    return found


def statement(name):
    return re.search(rf"-- name: {name}\n(.*?);", STATEMENTS, re.S).group(1)


def main():
    tap = Tap()
    text = statement("document_unused")
    asked = {(table, column) for table, terms in re.findall(r"SELECT 1 FROM (\w+) WHERE ([^)]*)\)", text)
             for column in re.findall(r"(\w+) = \$1", terms)}
    missing = references("document") - asked - OWN
    tap.line("a document goes only when no table names it", not missing, missing)
    tap.line("there are such tables", len(references("document")) > 8, references("document"))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
