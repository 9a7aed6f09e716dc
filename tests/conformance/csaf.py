#!/usr/bin/env python3
"""CSAF documents against the test cases of OASIS, csaf-rs and secvisogram.

usage: csaf.py [PROGRAM]

A case names a test, a document and whether the test is to fail on it; most also say whether the
document as a whole is valid. Both are compared, `PROGRAM csaf validate --format json` speaking for
us. csaf-exceptions.tsv has the cases that we answer otherwise, each with its reason; a row for a
case that has come to pass, or is not there, is a failure. Prints TAP: a line a suite and class, one
for each failure.
"""
import pathlib
import re
import subprocess
import sys

# json.py stands beside this file and is not the module: look elsewhere first.
HERE = str(pathlib.Path(__file__).resolve().parent)
sys.path = [path for path in sys.path if path != HERE]
import json  # noqa: E402

sys.path.append(HERE)
from kit import Tap, data, program, skip # noqa: E402


class Case:
    def __init__(self, suite, test, path, fails, valid):
        self.suite, self.test, self.path = suite, test, path
        self.fails, self.valid = fails, valid

    @property
    def name(self):
        return self.path.name


def listed(base, suite):
    """The cases of a testcases.json. A mandatory test that fails makes the document invalid; the
    "valid" of a case says what becomes of the document."""
    with open(base / "testcases.json", encoding="utf-8") as file:
        tests = json.load(file)["tests"]
    for test in tests:
        for kind in ("failures", "valid"):
            for case in test.get(kind, []):
                # csaf-rs speaks of the one test only
                valid = case["valid"] if suite.startswith("oasis") else None
                yield Case(suite, test["id"], base / case["name"], kind == "failures", valid)


def foldered(base, suite):
    """secvisogram: mandatoryTest_6_1_8/failing/NAME.json."""
    for path in sorted(base.glob("*/*/*.json")):
        test = re.sub(r"^[a-zA-Z]+_", "", path.parts[-3]).replace("_", ".")
        yield Case(suite, test, path, path.parts[-2] == "failing", None)


def schema_cases(base, suite):
    """csaf-rs and OASIS: documents that the schema alone refuses or not, by their number."""
    for path in sorted(base.glob("schema/*.json")):
        number = int(re.search(r"s(\d+)\.json$", path.name).group(1))
        yield Case(suite, "schema", path, number < 10, None)


def suites(root):
    for suite, base in (("oasis-2.0", root / "oasis-2.0/test/validator/data"),
                        ("oasis-2.1", root / "oasis-2.1/test/validator/data"),
                        ("csaf-rs-2.0", root / "csaf-rs/csaf_2.0"),
                        ("csaf-rs-2.1", root / "csaf-rs/csaf_2.1")):
        yield suite, [*listed(base, suite), *schema_cases(base, suite)]
    yield "secvisogram", list(foldered(root / "secvisogram", "secvisogram"))


def examples(root):
    """Documents that their makers publish as examples: all are valid."""
    for pattern in ("oasis-2.0/examples/csaf/**/*.json", "oasis-2.1/examples/csaf/**/*.json",
                    "gocsaf/csaf-documents/valid/*.json"):
        for path in sorted(root.glob(pattern)):
            if "csaf_version" in path.read_text(encoding="utf-8"):
                yield Case("examples", "valid", path, False, True)


def reports(paths):
    answers = {}
    for at in range(0, len(paths), 200):
        part = [str(path) for path in paths[at:at + 200]]
        done = subprocess.run([program(), "csaf", "validate", "--format", "json", *part],
                              capture_output=True, timeout=300, check=False)
        if done.returncode not in (0, 1, 3):
            raise RuntimeError(f"exit {done.returncode}: {done.stderr.decode()[-300:]}")
        for answer in json.loads(done.stdout):
            answers[answer["file"]] = answer
    return answers


class Exceptions:
    """Rows: suite, test, case ("*": every case of the test), what is tested ("test" or "document"),
    reason."""

    def __init__(self):
        path = pathlib.Path(__file__).with_name("csaf-exceptions.tsv")
        self.rows = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                suite, test, case, what, reason = line.split("\t")
                assert reason
                self.rows[suite, test, case, what] = 0

    def take(self, case, what):
        for name in (case.name, "*"):
            for about in (what, "*"):
                key = (case.suite, case.test, name, about)
                if key in self.rows:
                    self.rows[key] += 1
                    return True
        return False

    def unused(self):
        return [row for row, uses in self.rows.items() if not uses]


def judge(case, answer, exceptions):
    """What is wrong with our answer: (test or document, words); and how many were excepted."""
    problems = answer.get("problems", [])
    failed = any(problem["test"] == case.test for problem in problems) or "error" in answer
    if case.test != "valid" and failed != case.fails:
        seen = "; ".join(f"{p['test']} {p['pointer']}: {p['message']}" for p in problems
                         if p["test"] == case.test)
        yield "test", f"expected {'failure' if case.fails else 'pass'}; {seen}"
    if case.valid is not None and answer["valid"] != case.valid:
        seen = "; ".join(f"{p['test']} {p['pointer']}: {p['message']}" for p in problems
                         if p["class"] in ("schema", "mandatory"))
        yield "document", f"expected {'valid' if case.valid else 'invalid'}; {seen[:600]}"


def group_of(case):
    return {"6.1": "mandatory", "6.2": "optional", "6.3": "informative"}.get(
        case.test[:3], case.test)


def run(tap, suite, cases, answers, exceptions):
    groups = {}
    for case in cases:
        groups.setdefault(group_of(case), []).append(case)
    for group, members in groups.items():
        bad, excepted = [], 0
        for case in members:
            wrong = list(judge(case, answers[str(case.path)], exceptions))
            left = [item for item in wrong if not exceptions.take(case, item[0])]
            excepted += bool(wrong) and not left
            bad += [(case, *item) for item in left]
        failures = len({case.path for case, _, _ in bad})
        tap.line(not bad, f"csaf/{suite} {group}: {len(members) - excepted - failures} of "
                 f"{len(members)} pass, {excepted} excepted, {failures} fail")
        for case, what, words in bad:
            tap.line(False, f"{case.suite} {case.test} {case.name} {what}: {words}")


def main():
    root = data("csaf")
    if not root:
        return skip("csaf: no shared data, set TUTELA_SHARED")
    tap, exceptions = Tap(), Exceptions()
    every = [*suites(root), ("examples", list(examples(root)))]
    answers = reports(sorted({case.path for _, cases in every for case in cases}))
    for suite, cases in every:
        run(tap, suite, cases, answers, exceptions)
    for row in exceptions.unused():
        tap.line(False, f"exception without a case that needs it: {' '.join(row)}")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
