#!/usr/bin/env python3
"""Small faults put into the code that decides: how many of them does a test notice?

usage: mutants.py [PROGRAM] [--count N] [--seed N] [--first N] [--jobs N] [--only GLOB] [--show]

N mutants (300) of SOURCES are drawn by the seed. A mutant is compiled, linked in front of the
library into the tests and the program, and put to the tests whose run reaches the changed function,
first those that killed most before, until one of them decides what it is:

killed     a test that asserts an outcome fails: an assertion of a unit program, or a script or case
           that runs the program and compares its exit code or output. The latter also when the
           program crashed, for what was asserted did not come; how many are such is told apart.
crash      no such test fails, but a unit program crashes (a crash asserts nothing).
timeout    a test does not end, or the program computes without end.
survived   every test that reaches it passes.

At least SHARE percent of all four are killed: one TAP case. Not in the count, for no test can tell:
- what is not C: what does not compile, and what breaks a rule of the language that a compiler lets
  pass by default (-pedantic-errors: a pointer of another type, an integer for a pointer, a lost
  const);
- what compiles to the same code with optimization;
- not drawn (operators.py): a dropped call that frees memory (tu_*_free, tu_*_done, TU_VEC_DONE),
  a leak that the sanitizers see; the 0 that tu_fail gets for an offset that is not known; sizes in
  brackets, terms of a shift and limits of buffers;
- what equivalent.tsv names, each with the reason why it cannot be observed.

--first N skips the first N mutants of the draw (to go on where a run was broken off: what each
batch came to is printed); --only draws from these files only (a glob of a path
or of a name; several times or with commas); --show prints every mutant, else only those that live.
What was learnt about the tests is kept in the build folder (mutants.json).
"""
import argparse
import collections
import concurrent.futures
import fnmatch
import hashlib
import json
import os
import pathlib
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
import operators  # noqa: E402
from reach import Reach, all_tests, guarded  # noqa: E402

SHARE = 85
OUTCOMES = ("killed", "crash", "timeout", "survived")
SOURCES = ("src/match/*.c", "src/vex/*.c", "src/vex/claim/*.c", "src/deadline/*.c",
           "src/kb/aliases.c")
WEIGHTS = {"relation": 3, "condition": 4, "junction": 3, "constant": 2, "truth": 1, "statement": 4,
           "arguments": 1, "row": 2, "status": 4}
OF_ONE_FILE = 60  # changes of one operator that are drawn from


# ---- building ----


class Builder:
    """Compiles one file as the build does and links it in front of the library."""

    def __init__(self, build):
        self.build = build
        text = (build / "compile_commands.json").read_text(encoding="utf-8")
        self.compiles = {}
        for row in json.loads(text):
            path = (pathlib.Path(row["directory"]) / row["file"]).resolve()
            if str(path).startswith(str(ROOT / "src")):
                self.compiles[str(path.relative_to(ROOT))] = shlex.split(row["command"])
        done = subprocess.run(["ninja", "-C", str(build), "-t", "commands"], capture_output=True,
                              text=True, check=True)
        self.links = {}
        for line in done.stdout.splitlines():
            found = re.search(r" -o (\S+) ", line)
            if found and "libtutela.a" in line and " -c " not in line:
                self.links[found[1]] = shlex.split(line)

    def compile(self, name, text, out, level="-O0"):
        """Whether it compiles, as C without extensions."""
        words = [word for word in self.compiles[name] if not word.startswith(("-W", "-O"))]
        words = words[1:] if words[0].endswith("ccache") else words
        for flag in ("-MQ", "-MF", "-o", "-c"):
            at = words.index(flag)
            del words[at:at + 2]
        words.remove("-MD")
        source = out.with_suffix(".c")
        source.write_text(text, encoding="utf-8")
        words += ["-I" + str((ROOT / name).parent), level, "-pedantic-errors", "-o", str(out), "-c", str(source)]
        return subprocess.run(words, cwd=self.build, capture_output=True, check=False,
                              stdin=subprocess.DEVNULL).returncode == 0

    def link(self, target, objects, out):
        words = list(self.links[target])
        words[words.index("-o") + 1] = str(out)
        at = words.index("-o") + 2
        words[at:at] = [str(path) for path in objects]
        if shutil.which("mold") and "-fuse-ld=mold" not in words:
            words.append("-fuse-ld=mold")
        done = subprocess.run(words, cwd=self.build, capture_output=True, check=False, text=True,
                              stdin=subprocess.DEVNULL)
        if done.returncode:
            raise SystemExit(f"cannot link {target}: {done.stderr[-2000:]}")
        return out


# ---- mutants ----


class Mutant:
    def __init__(self, name, text, change):
        self.name, self.change = name, change
        self.text = text[:change.start] + change.new + text[change.end:]
        self.line = text.count("\n", 0, change.start) + 1
        first = text.rfind("\n", 0, change.start) + 1
        last = text.find("\n", change.end)
        self.old = " ".join(text[first:last].split())
        self.new = " ".join((text[first:change.start] + change.new
                             + text[change.end:last]).split())
        same = text.count(text[first:last], 0, first)  # lines of the same text before it
        key = f"{name}\t{same}\t{self.old}\t{self.new}"
        self.key = hashlib.sha256(key.encode()).hexdigest()[:10]
        self.outcome, self.by, self.ended = "survived", "", False

    def __str__(self):
        by = f" by {self.by}" if self.by else ""
        return (f"# {self.outcome}{by}: {self.key} {self.name}:{self.line} {self.change.operator}\n"
                f"#   - {self.old}\n#   + {self.new}")


def draw(sources, seed):
    """Mutants without end but for the last: the operator by weight, then the place."""
    others = operators.enumerators(
        path.read_text(encoding="utf-8") for folder in ("include", "src")
        for path in sorted((ROOT / folder).rglob("*.[ch]")))
    pools = collections.defaultdict(list)
    chance = random.Random(seed)
    for name, text in sources.items():
        for operator, found in sorted(operators.changes(text, others).items()):
            # A long table is not to be most of the draw.
            some = chance.sample(found, min(len(found), OF_ONE_FILE))
            pools[operator] += [(name, change) for change in some]
    for operator in sorted(pools):
        chance.shuffle(pools[operator])
    while any(pools.values()):
        left = [operator for operator in sorted(pools) if pools[operator]]
        operator = chance.choices(left, [WEIGHTS[word] for word in left])[0]
        name, change = pools[operator].pop()
        yield Mutant(name, sources[name], change)


def equivalents():
    rows = {}
    for line in (HERE / "equivalent.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, reason = line.split("\t")[0], line.split("\t")[-1]
            rows[key] = reason
    return rows


class Runner:
    def __init__(self, builder, reach, tests, folder, sources):
        self.builder, self.reach, self.tests = builder, reach, tests
        self.folder, self.sources = folder, sources

    def same_code(self, mutant, folder):
        """Whether it is the same program to an optimizing compiler."""
        parts = []
        for text in (mutant.text, self.sources[mutant.name]):
            out = folder / "same.o"
            self.builder.compile(mutant.name, text, out, "-O2")
            parts.append(out.read_bytes())
        return parts[0] == parts[1]

    def run(self, mutant):
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            folder = pathlib.Path(scratch)
            out = folder / "mutant.o"
            if not self.builder.compile(mutant.name, mutant.text, out):
                mutant.outcome = "no C"
                return mutant
            self.put_to_tests(mutant, out, folder)
            print(f"{mutant.outcome} {mutant.name}:{mutant.line}", file=sys.stderr, flush=True)
            if mutant.outcome == "survived" and self.same_code(mutant, folder):
                mutant.outcome = "same code"
        return mutant

    def put_to_tests(self, mutant, out, folder):
        programs = {}
        for test in self.reach.tests(mutant.name, mutant.change.start, self.tests):
            if test.target not in programs:
                path = folder / test.target.replace("/", "_")
                programs[test.target] = guarded(self.builder.link(test.target, [out], path))
            outcome = test.run(programs[test.target])
            if outcome and mutant.outcome == "survived":
                mutant.outcome, mutant.by = outcome, test.name
            if outcome in ("killed", "ended"):
                mutant.outcome, mutant.by, mutant.ended = "killed", test.name, outcome == "ended"
                self.reach.note(mutant.name, mutant.change.start, test)
                return
            if outcome == "timeout":
                return  # every other test would take as long


def counted(runner, options, sources):
    """The mutants of the draw that count, each put to the tests."""
    known = equivalents()
    drawn = draw(sources, options.seed)
    for _ in range(options.first):
        next(drawn, None)
    done, dropped, looked = [], collections.Counter(), options.first
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        while len(done) < options.count:
            batch = [m for m, _ in zip(drawn, range(min(16, options.count - len(done))))]
            if not batch:
                break
            for mutant in pool.map(runner.run, batch):
                if mutant.outcome in ("no C", "same code"):
                    dropped[mutant.outcome] += 1
                elif mutant.outcome == "survived" and mutant.key in known:
                    dropped["equivalent, with a reason"] += 1
                else:
                    done.append(mutant)
                    if mutant.outcome != "killed" or options.show:
                        print(mutant, flush=True)
            looked += len(batch)
            runner.reach.keep()
            words = collections.Counter(mutant.outcome for mutant in done)
            print(f"# first {looked} of the draw: " +
                  ", ".join(f"{n} {word}" for word, n in sorted(words.items())),
                  file=sys.stderr, flush=True)
    return done, dropped


def report(done, dropped):
    """The shares as comments and one TAP case each; 1 when one is too low."""
    folders = collections.defaultdict(collections.Counter)
    for mutant in done:
        for name in (str(pathlib.PurePath(mutant.name).parent), "all"):
            folders[name][mutant.outcome] += 1
            folders[name]["ended"] += mutant.ended
    print("# not counted: " + (", ".join(f"{n} {word}" for word, n in sorted(dropped.items()))
                               or "none"))
    for name, counts in sorted(folders.items(), key=lambda row: (row[0] == "all", row[0])):
        total = sum(counts[word] for word in OUTCOMES)
        print(f"# {name}: {counts['killed']} of {total} killed "
              f"({100 * counts['killed'] / total:.1f} %; {counts['ended']} of them by what a "
              f"crashed program answers), {counts['crash']} crash, "
              f"{counts['timeout']} without end, {counts['survived']} survive")
    counts = folders["all"]
    good = bool(done) and 100 * counts["killed"] >= SHARE * len(done)
    print(f"{'ok' if good else 'not ok'} 1 - mutants: at least {SHARE} % are killed\n1..1")
    return 0 if good else 1


def wanted(name, only):
    globs = [glob for words in only for glob in words.split(",")]
    return not globs or any(fnmatch.fnmatch(name, glob) or fnmatch.fnmatch(name, "*/" + glob)
                            for glob in globs)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program", nargs="?", default=str(ROOT / "build" / "tutela"))
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=806)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    build = pathlib.Path(options.program).resolve().parent
    sources = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
               for pattern in SOURCES for path in sorted(ROOT.glob(pattern))}
    builder = Builder(build)
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        folder = pathlib.Path(scratch)
        reach = Reach(builder, sources, folder)
        tests = reach.measure(all_tests(builder), options.jobs)
        slow = ", ".join(f"{t.name} {t.seconds:.0f} s" for t in tests if t.seconds > 5)
        print(f"# {len(tests)} tests, {sum(t.seconds for t in tests):.0f} s: {slow}", flush=True)
        runner = Runner(builder, reach, tests, folder, sources)
        chosen = {name: text for name, text in sources.items() if wanted(name, options.only)}
        try:
            return report(*counted(runner, options, chosen))
        finally:
            reach.keep()


if __name__ == "__main__":
    sys.exit(main())
