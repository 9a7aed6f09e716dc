"""What the conformance scripts share: the data, cases in one call a suite, disputes, TAP.

The shared test data is found through TUTELA_SHARED, the program is the first argument or
TUTELA_PROGRAM. A script prints TAP: one line a suite, and one for each undisputed failure.
"""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ERROR = "error"


class Case:
    """One line in; `want` is compared with what `seen` makes of the line that comes out."""

    def __init__(self, name, given, want, seen=None):
        self.name, self.given, self.want = name, given, want
        self.seen = seen or (lambda answer: ERROR if answer.startswith("error: ") else answer)


class Suite:
    def __init__(self, name, arguments, cases):
        self.name, self.arguments, self.cases = name, arguments, cases


def data(folder):
    """A folder of the shared conformance data, or None."""
    shared = pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared"))
    path = shared / "data" / "conformance" / folder
    return path if path.is_dir() else None


def program():
    if len(sys.argv) > 1:
        return sys.argv[1]
    return os.environ.get("TUTELA_PROGRAM", str(ROOT / "build" / "tutela"))


def skip(why):
    print(f"1..0 # SKIP {why}")
    return 0


class Pattern:
    """A row of disputed.tsv for a class of cases that are wrong for one reason."""

    def __init__(self, suite, case, expected, ours, count):
        self.suite, self.case, self.expected, self.ours = suite, case, expected, ours
        self.count, self.seen = int(count), 0

    def covers(self, case, got):
        return (re.fullmatch(self.case, case.name) and str(case.want) != str(got)
                and self.expected in ("*", str(case.want)) and self.ours in ("*", str(got)))


class Disputes:
    """disputed.tsv: suite, case, what it expects, what we answer, why; a sixth field is a number.
    With it the case is a regular expression (and "*" any answer) that must cover exactly so many
    cases that we answer otherwise, so that it cannot hide another."""

    def __init__(self, text):
        self.rows, self.patterns = {}, []
        for number, line in enumerate(text.splitlines(), 1):
            fields = line.split("\t")
            if line.startswith("#") or not line:
                continue
            if len(fields) not in (5, 6) or not fields[4]:
                raise ValueError(f"disputed.tsv:{number}: five or six fields, a reason among them")
            if len(fields) == 6:
                self.patterns.append(Pattern(*fields[:4], fields[5]))
            else:
                self.rows[fields[0], fields[1]] = (fields[2], fields[3])

    def take(self, suite, case):
        return self.rows.pop((suite.name, case.name), None)

    def covered(self, suite, case, got):
        for pattern in self.patterns:
            if pattern.suite == suite.name and pattern.covers(case, got):
                pattern.seen += 1
                return True
        return False

    def left(self, suite):
        """What the list claims of a suite and is not so."""
        for name, case in sorted(self.rows):
            if name == suite:
                yield f"{suite} {case}: disputed, but there is no such case"
        for pattern in self.patterns:
            if pattern.suite == suite and pattern.seen != pattern.count:
                yield (f"{suite} {pattern.case}: the pattern is for {pattern.count} cases and "
                       f"covers {pattern.seen}")


def disputed():
    path = pathlib.Path(__file__).with_name("disputed.tsv")
    return Disputes(path.read_text(encoding="utf-8") if path.exists() else "")


def answers(suite):
    text = "".join(case.given + "\n" for case in suite.cases)
    done = subprocess.run([program(), *suite.arguments], input=text.encode(), capture_output=True,
                          timeout=300, check=False)
    lines = done.stdout.decode(errors="replace").split("\n")[:-1]
    if done.returncode != 0 or len(lines) != len(suite.cases):
        words = done.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"exit {done.returncode}, {len(lines)} lines of {len(suite.cases)}: "
                           f"{words[-300:]}")
    return lines


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def line(self, fine, name):
        self.count += 1
        self.failed += not fine
        print(f"{'ok' if fine else 'not ok'} {self.count} - {name}")


def judge(suite, disputes, tap):
    failures = []
    passed = agreed = 0
    if not suite.cases:
        tap.line(True, f"{suite.name} # SKIP the shared data has no case")
        return
    for case, answer in zip(suite.cases, answers(suite)):
        got = case.seen(answer)
        row = disputes.take(suite, case)
        if row is not None:
            # A dispute says what we answer instead; anything else is a failure, and so is a row
            # that the case has outgrown.
            holds = (str(case.want), str(got)) == row
            agreed += holds
            if not holds:
                failures.append((case, got, f"disputed as {row[0]} against {row[1]}, now "))
        elif got == case.want:
            passed += 1
        elif disputes.covered(suite, case, got):
            agreed += 1
        else:
            failures.append((case, got, ""))
    tap.line(not failures, f"{suite.name}: {passed} of {len(suite.cases)} pass, "
             f"{agreed} disputed, {len(failures)} fail")
    for case, got, note in failures:
        tap.line(False, f"{suite.name} {case.name}: {note}given {case.given!r} "
                 f"expected {case.want!r} got {got!r}")


def run(suites):
    tap = Tap()
    disputes = disputed()
    for suite in suites:
        try:
            judge(suite, disputes, tap)
        except (OSError, RuntimeError, subprocess.TimeoutExpired) as problem:
            tap.line(False, f"{suite.name}: {problem}")
    for name in sorted({suite.name for suite in suites}):
        for left in disputes.left(name):
            tap.line(False, left)
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0
