#!/usr/bin/env python3
"""The tables of versions, ranges, package URLs and CPE names that this folder holds.

usage: identity.py [PROGRAM]

One case a line, its columns named in the file's first line; TAP as the conformance suites.
"""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "conformance"))
from kit import Case, Suite, run  # noqa: E402

MIRRORED = {"<": ">", ">": "<"}


def rows(path, columns):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != columns:
            raise SystemExit(f"{path}:{number}: {columns} columns, not {len(fields)}")
        yield fields


def versions(path):
    """Each line both ways round, and each version against itself."""
    cases = {}
    for a, op, b in rows(path, 3):
        for x, o, y in ((a, op, b), (b, MIRRORED.get(op, op), a), (a, "=", a), (b, "=", b)):
            cases[f"{x} {o} {y}"] = Case(f"{x} {o} {y}", f"{x}\t{y}", o)
    return Suite(f"tables/version/{path.stem}", ["version", "compare", path.stem, "-"],
                 list(cases.values()))


def ranges(path):
    arguments = ["-"] if path.stem == "vers" else ["--native", path.stem, "-"]
    cases = [Case(f"{v} in {r}", f"{r}\t{v}", want) for r, v, want in rows(path, 3)]
    return Suite(f"tables/range/{path.stem}", ["version", "in", *arguments], cases)


def purls(path):
    return Suite("tables/purl", ["purl", "-"], [Case(a, a, want) for a, want in rows(path, 2)])


def cpes(path):
    table = list(rows(path, 3))
    names = [Case(a, a, want) for a, op, want in table if op == "="]
    pairs = [Case(f"{a} {op} {b}", f"{a}\t{b}", op) for a, op, b in table if op != "="]
    return [Suite("tables/cpe-names", ["cpe", "-"], names),
            Suite("tables/cpe-relations", ["cpe", "match", "-"], pairs)]


def main():
    suites = [versions(path) for path in sorted((HERE / "version").glob("*.tsv"))]
    suites += [ranges(path) for path in sorted((HERE / "range").glob("*.tsv"))]
    return run(suites + [purls(HERE / "purl.tsv"), *cpes(HERE / "cpe.tsv")])


if __name__ == "__main__":
    sys.exit(main())
