#!/usr/bin/env python3
"""Version ranges against the cases of the VERS specification and of univers.

usage: vers.py [PROGRAM]

Output and data: kit.py.
"""
import json
import sys

from kit import ERROR, Case, Suite, data, run, skip
from versions import order, unique

# Constraints in the expected form of a parsed range, written as a range again.


def written(parsed):
    constraints = "|".join(("" if op == "=" else op) + text.replace("%", "%25")
                           for op, text in parsed["version_constraints"])
    return f"vers:{parsed['scheme']}/{constraints}"


def suite_of(name, kind, scheme, cases):
    arguments = {"compare": ["compare", scheme], "in": ["in"], "range": ["range", scheme],
                 "strict": ["range", "vers", "--strict"]}[kind]
    return Suite(f"vers/{name}", ["version", *arguments, "-"], unique(cases))


def case_of(test):
    """(kind, scheme, case) of one test of the specification."""
    given, want = test["input"], test.get("expected_output")
    kind = test["test_type"]
    if kind == "equality":
        a, b = given["versions"]
        return "compare", given["input_scheme"], Case(
            f"{a} = {b} {want}", f"{a}\t{b}", want, lambda answer: answer == "=")
    if kind == "comparison":
        # The expected order; where two are equal any order is right, so only ">" is wrong.
        a, b = want[0], want[1]
        return "compare", given["input_scheme"], Case(
            f"{a} <= {b}", f"{a}\t{b}", True, lambda answer: answer in ("<", "="))
    if kind == "containment":
        return "in", "", Case(f"{given['version']} in {given['vers']}",
                              f"{given['vers']}\t{given['version']}", "yes" if want else "no")
    if kind == "from_native":
        return "range", given["scheme"], Case(given["native_range"], given["native_range"], want)
    if test.get("expected_failure"):
        want = ERROR
    elif kind == "parse":
        want = written(want)
    # The specification parses what is in canonical form and validates what is not yet.
    return "strict" if kind == "parse" else "range", "vers", Case(f"{kind} {given}", given, want)


def specification(path):
    groups = {}
    for test in json.loads(path.read_text(encoding="utf-8"))["tests"]:
        kind, scheme, case = case_of(test)
        groups.setdefault((kind, scheme), []).append(case)
    name = path.name.removesuffix(".json").removesuffix("_test").removesuffix("-test")
    return [suite_of(f"vers-spec/{name}", kind, scheme, cases)
            for (kind, scheme), cases in groups.items()]


def univers(folder):
    table = json.loads((folder / "npm_advisory.json").read_text(encoding="utf-8"))
    native = [Case(row["npm_native"], row["npm_native"], row["expected_vers"]) for row in table]
    lines = (line.split() for line in
             (folder / "alpine_test.txt").read_text(encoding="utf-8").splitlines())
    alpine = [order(*fields) for fields in lines
              if len(fields) == 3 and fields[1] in ("<", "=", ">")]
    return [suite_of("univers/npm", "range", "npm", native),
            suite_of("univers/alpine", "compare", "apk", alpine)]


def main():
    folder = data("vers")
    if folder is None:
        return skip("no shared data (TUTELA_SHARED)")
    suites = []
    for path in sorted((folder / "vers-spec").glob("*.json")):
        suites += specification(path)
    return run(suites + univers(folder / "univers"))


if __name__ == "__main__":
    sys.exit(main())
