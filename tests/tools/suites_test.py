#!/usr/bin/env python3
"""tools/run-suites finds every test, counts what tests print, says why which tests were skipped, and which took longest.

Each row is what a test printed and its exit code; then what is counted and the reasons. A file of Python in a folder of
tests is run, or another one imports it. Prints TAP.

usage: suites_test.py
"""
import importlib.machinery
import importlib.util
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True

# Output, exit code, (passed, failed, skipped), reasons.
ROWS = [
    ("ok 1 - a\nnot ok 2 - b\n1..2\n", 1, (1, 1, 0), {}),
    ("ok 1 - a # SKIP there is no zsh\nok 2 - b # skip there is no zsh\n1..2\n", 0, (0, 0, 2), {"there is no zsh": 2}),
    ("1..0 # SKIP no  shared data\n", 0, (0, 0, 1), {"no shared data": 1}),
    ("1..0\n", 0, (0, 0, 1), {"the test gives no reason": 1}),
    ("1..2\nok 1 - a\n# skipping: not root\nnot ok 2 # SKIP its_owner_keeps_it\n", 0, (1, 0, 1), {"not root": 1}),
    ("1..2\n# skipping: not root\nok 1 # SKIP a\nok 2 # SKIP b\n", 0, (0, 0, 2), {"not root": 1, "b": 1}),
    ("the network is not there\n", 77, (0, 0, 1), {"the network is not there": 1}),
    ("ok 1 - a\n1..2\n", 0, (1, 1, 0), {}),
    ("fine\n", 0, (1, 0, 0), {}),
    ("ok 1 - tells how to skip a test\n1..1\n", 0, (1, 0, 0), {}),
]


def suites():
    loader = importlib.machinery.SourceFileLoader("run_suites", str(ROOT / "tools" / "run-suites"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_suites", loader))
    sys.modules["run_suites"] = module
    loader.exec_module(module)
    return module


def never_used(module):
    """Files in the folders of suites that are neither run nor imported."""
    imported = set()
    for path in ROOT.glob("tests/**/*.py"):
        imported |= set(re.findall(r"^\s*(?:import|from) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    unused = set()
    for suite in module.SUITES:
        if suite.find in (module.scripts, module.long_scripts):
            run = {test.command[1] for test in suite.find(module.FOLDERS[suite.folder], suite.argument)}
            unused |= {str(path.relative_to(ROOT)) for path in ROOT.glob(suite.argument)
                       if str(path) not in run and path.stem not in imported}
    return sorted(unused)


def second_runs(module):
    """What once_more makes of failed tests: (what it is, as expected?, what was seen)."""
    beside = module.Suite("web", None, "")
    alone = module.Suite("bench", None, "", alone=True)
    test = module.Test("design", [])
    failed = module.Result(passed=2, failed=1)
    for name, rows, answer, counts, said in (
        ("a test that passes by itself counts as passed, and is named", [(beside, test, failed)], module.Result(passed=3), (10, 0), ["passed only by itself"]),
        ("one that fails by itself stays failed", [(beside, test, failed)], module.Result(passed=1, failed=2, text="why"), (8, 2), ["fails by itself, too\nwhy"]),
        ("one that ran by itself is not run again", [(alone, test, failed)], module.Result(passed=3), (9, 1), []),
        ("of four none is run again", [(beside, test, failed)] * 4, module.Result(passed=3), (9, 1), []),
    ):
        total = module.Result(passed=9, failed=1)
        lines = module.once_more(total, rows, lambda suite, test, answer=answer: answer)
        got = (total.passed, total.failed), lines
        yield name, got == (counts, [f"web/design: {how}" for how in said]), got


def main():
    module = suites()
    failed = 0
    checks = []
    for out, code, counts, reasons in ROWS:
        result = module.judge(code, out, "")
        got = (result.passed, result.failed, result.skipped), dict(result.reasons)
        checks.append((repr(out), got == (counts, reasons), got))
    checks.append(("every file of the suites is run or imported", not never_used(module), never_used(module)))
    module.SKIPPED["there is no zsh"]["e2e/cli"] += 1
    module.SKIPPED["no shared data"].update({"golden/b": 3, "e2e/a": 1})
    lines = module.skip_report()
    checks.append(("a line for each reason, the most frequent first", lines == [
        "    4  no shared data: e2e/a, golden/b", "    1  there is no zsh: e2e/cli"], lines))
    module.TIMES.update({f"unit/t{number:02}": float(number) for number in range(1, 13)})
    lines = module.slow_report()
    checks.append(("the ten slowest, the slowest first", len(lines) == 10 and lines[0] == "   12.0 s  unit/t12"
                   and lines[-1] == "    3.0 s  unit/t03", lines))
    checks += second_runs(module)
    for number, (name, fine, got) in enumerate(checks, 1):
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {number} - {name.replace('#', '(hash)')}")
        if not fine:
            print(f"# {got}")
    print(f"1..{len(checks)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
