"""The tests that mutants.py puts a mutant to, and which of them enters which function."""
import concurrent.futures
import hashlib
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

import operators

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNITS = re.compile(r"tests/(unit/unit-\w+|prop/prop-\w+|fault/fault-(vex|device|report))")
SCRIPTS = ("tests/tables/*.py",
           *(f"tests/golden/{name}.py" for name in ("clocks", "sbom_cmd", "vex")),
           *(f"tests/e2e/{name}.py" for name in (
               "archive", "claims", "cli", "clock", "device", "fix_laws", "intel", "kb", "report",
               "rpm", "sbom", "scan", "since", "vex")))
LONGEST = 300  # seconds that a test may take; a machine may be busy
CPU_SECONDS = 10  # that a program may compute
SEEN = """
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
unsigned char tu_seen[%d];
static int file = -1;
/* Opened first: the program may confine itself later. */
__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("TU_SEEN");
	file = path && *path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
}
__attribute__((destructor)) static void tell(void)
{
	for (unsigned i = 0; file >= 0 && i < sizeof(tu_seen); i++)
		if (tu_seen[i])
			dprintf(file, "%%u\\n", i);
}
"""


def cases_module():
    spec = importlib.util.spec_from_file_location("cases", ROOT / "tests" / "cases" / "cases.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CASES = cases_module()


# ---- tests ----


class Test:
    """Something that passes without a mutant: a test program, a script, or a case."""

    commands = {}  # target -> the command line and environment that Meson gives it

    def __init__(self, name, target):
        self.name, self.target = name, target
        self.seen, self.seconds, self.key = frozenset(), 0.0, ""

    def run(self, program, env=None):
        """None (passed), "killed", "ended" (killed: the program crashed and did not answer as a
        script or case asserts), "crash" (of a unit program itself) or "timeout"."""
        ends = pathlib.Path(f"{program}.ends")
        ends.unlink(missing_ok=True)
        try:
            failed = (self.case_fails(program) if self.name.startswith("cases/")
                      else self.command_fails(program, env or {}))
        except subprocess.TimeoutExpired:
            return "timeout"
        codes = ends.read_text(encoding="utf-8").split() if ends.is_file() else []
        if not failed:
            return None
        if "152" in codes:
            return "timeout"
        if codes or failed == "crash":
            return "ended" if self.target == "tutela" else "crash"
        return "killed"

    def case_fails(self, program):
        folder = ROOT / "tests" / self.name
        lines = (folder / "expected").read_text(encoding="utf-8").splitlines()
        return bool(CASES.judge(lines, *CASES.run(folder, str(program))))

    def command_fails(self, program, env):
        command, more = self.commands.get(self.target, ([], {}))
        command = [str(program), *command[1:]]
        if self.target == "tutela":
            command = [sys.executable, str(ROOT / self.name), str(program)]
        env = {**os.environ, "LC_ALL": "C.UTF-8", "TUTELA_PROGRAM": str(program), **more, **env}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False,
                              timeout=self.seconds * 5 + LONGEST, stdin=subprocess.DEVNULL)
        # cmocka catches signals and goes on: the words are its own.
        text = done.stdout + done.stderr
        caught = b"Test failed with exception: " in text and b"error: Failure!" not in text
        return "crash" if caught else done.returncode != 0

    def inputs(self, build):
        """A hash of what decides which functions the test enters."""
        parts = [(build / self.target).read_bytes()]
        folders = [ROOT / self.name] if self.name.startswith("cases/") else [ROOT / "tests/tables"]
        if self.target == "tutela":
            folders.append((ROOT / "tests" / self.name).parent / pathlib.Path(self.name).stem)
        for path in sorted(path for folder in folders for path in folder.rglob("*")):
            parts += [str(path).encode(), path.read_bytes() if path.is_file() else b""]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()


def all_tests(builder):
    path = builder.build / "meson-info" / "intro-tests.json"
    for row in json.loads(path.read_text(encoding="utf-8")):
        target = os.path.relpath(row["cmd"][0], builder.build)
        Test.commands[target] = row["cmd"], row["env"]
    tests = [Test(target, target) for target in builder.links if UNITS.fullmatch(target)]
    tests += [Test(str(path.relative_to(ROOT)), "tutela")
              for pattern in SCRIPTS for path in sorted(ROOT.glob(pattern))]
    return tests + [Test("cases/" + path.parent.name, "tutela")
                    for path in sorted((ROOT / "tests" / "cases").glob("*/cmd"))]


# ---- which test reaches which function ----


def guarded(program, seen=""):
    """A script that ends the program after CPU_SECONDS and notes what signal ended it."""
    script = program.with_name(program.name + ".run")
    text = f"""#!/bin/sh
ulimit -t {CPU_SECONDS}
TU_SEEN={seen} {program} "$@"
code=$?
[ $code -lt 128 ] || echo $code >>{script}.ends
exit $code
"""
    # By another process: a child that another thread starts would keep the file open for writing,
    # and it could not be run.
    subprocess.run(["sh", "-c", 'cat >"$0" && chmod 755 "$0"', str(script)], input=text, text=True,
                   check=True)
    return script


class Reach:
    """Every function of the sources gets a number; a run of each test says which it enters.

    What was measured is kept in the build folder for as long as program, test and tables are the
    same, and beside it which test killed how many mutants of which function.
    """

    def __init__(self, builder, sources, folder):
        self.builder, self.sources, self.folder, self.functions = builder, sources, folder, {}
        self.names = []  # "FILE:N", by number: numbers change when a file comes or goes
        for name, text in sources.items():
            places = operators.bodies(operators.blanked(text))
            self.functions[name] = [(start, end, len(self.names) + i)
                                    for i, (start, end) in enumerate(places)]
            self.names += [f"{name}:{i}" for i in range(len(places))]
        self.numbers = {place: number for number, place in enumerate(self.names)}
        self.path = builder.build / "mutants.json"
        self.kept = {"seen": {}, "kills": {}}
        if self.path.is_file():
            self.kept = json.loads(self.path.read_text(encoding="utf-8"))
        self.lock = threading.Lock()

    def keep(self):
        self.path.write_text(json.dumps(self.kept), encoding="utf-8")

    def marked(self):
        """The objects of the sources in which every function notes that it was entered."""
        objects = []
        for name, text in self.sources.items():
            for start, _, index in reversed(self.functions[name]):
                at = text.index("{", start) + 1
                text = f"{text[:at]} tu_seen[{index}] = 1;{text[at:]}"
            out = self.folder / (name.replace("/", "_")[:-2] + ".o")
            text = "extern unsigned char tu_seen[];\n#line 1\n" + text
            if not self.builder.compile(name, text, out):
                raise SystemExit(f"cannot compile {name} with its marks")
            objects.append(out)
        (self.folder / "seen.c").write_text(SEEN % max(len(self.names), 1), encoding="utf-8")
        subprocess.run(["cc", "-w", "-fPIC", "-c", "-o", str(self.folder / "seen.o"),
                        str(self.folder / "seen.c")], check=True)
        return [*objects, self.folder / "seen.o"]

    def measure(self, tests, jobs):
        """The tests that pass and end in time, each with what it enters."""
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            new = [test for test, known in zip(tests, pool.map(self.recall, tests)) if not known]
            objects, programs = self.marked() if new else [], {}
            for target in dict.fromkeys(test.target for test in new):
                out = self.folder / target.replace("/", "_")
                programs[target] = self.builder.link(target, objects, out)
            rows = [(number, test, programs) for number, test in enumerate(new)]
            failed = {test for test, passed in zip(new, pool.map(self.one, rows)) if not passed}
        self.keep()
        return [test for test in tests if test not in failed]

    def recall(self, test):
        """Whether it is known what the test enters."""
        test.key = test.inputs(self.builder.build)
        kept = self.kept["seen"].get(test.name)
        if not kept or kept[0] != test.key:
            return False
        test.seconds, test.seen = kept[1], frozenset(self.numbers[place] for place in kept[2]
                                                     if place in self.numbers)
        return True

    def one(self, row):
        number, test, programs = row
        seen = self.folder / f"seen-{number}"
        program = self.folder / f"{number}-{programs[test.target].name}"
        program.symlink_to(programs[test.target])
        started = time.monotonic()
        outcome = test.run(guarded(program, seen))
        test.seconds = time.monotonic() - started
        if outcome:
            print(f"# not used, {outcome} without a mutant: {test.name}", flush=True)
            return False
        if seen.is_file():
            test.seen = frozenset(map(int, seen.read_text(encoding="utf-8").split()))
            seen.unlink()
        self.kept["seen"][test.name] = [test.key, test.seconds,
                                        sorted(self.names[number] for number in test.seen)]
        return True

    def place(self, name, at):
        """The function that holds this place, by its order in the file; a table has none."""
        return next((f"{name}:{index}" for index, row in enumerate(self.functions[name])
                     if row[0] <= at < row[1]), name)

    def note(self, name, at, test):
        """A test killed a mutant of this place."""
        with self.lock:
            for key in {self.place(name, at), name}:
                kills = self.kept["kills"].setdefault(key, {})
                kills[test.name] = kills.get(test.name, 0) + 1

    def tests(self, name, at, tests):
        """The tests that enter the function, or any of the file where a table was changed; first
        those that are expected to kill most in the shortest time."""
        wanted = {number for start, end, number in self.functions[name] if start <= at < end}
        wanted = wanted or {number for _, _, number in self.functions[name]}
        with self.lock:
            here = dict(self.kept["kills"].get(self.place(name, at), {}))
            file = dict(self.kept["kills"].get(name, {}))

        def worth(test):
            kills = 0.1 + here.get(test.name, 0) + file.get(test.name, 0) / 20
            return kills / (test.seconds + 0.05)

        return sorted((test for test in tests if test.seen & wanted), key=worth, reverse=True)
