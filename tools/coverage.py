#!/usr/bin/env python3
"""How much of the C sources a build with -Db_coverage=true has run.

usage: tools/coverage.py FOLDER [--lowest N] [--missed FILE]

Reads what gcov says of each object of FOLDER's src/: lines and branches (both ways of each
condition, a condition of `&&` and `||` by itself) of every C source and of the inline functions in
headers. A module is a folder of src/; libtutela is the modules of the core (tools/lintlib/layers.py)
and the public headers. Nothing is left out: a mark in a source has no meaning here. The shim over
simdjson is C++, where the compiler adds branches for exceptions: it is not counted.

`./test --coverage` builds the folder, runs the suites in it and prints this report; after that
`tools/coverage.py build-coverage --missed src/vex/apply.c` prints the lines of a file of which a
branch was not taken.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

from lintlib import layers

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOAL = 90.0  # per cent of the branches of libtutela
BATCH = 40  # objects that one run of gcov reads


class Figures:
    """Lines and branches, all and those that ran."""

    def __init__(self):
        self.lines = self.lines_run = self.branches = self.branches_run = 0

    def add(self, other):
        self.lines += other.lines
        self.lines_run += other.lines_run
        self.branches += other.branches
        self.branches_run += other.branches_run

    @property
    def missed(self):
        return self.branches - self.branches_run

    def row(self, name):
        return (f"{name:<34}{self.lines:>8}{share(self.lines_run, self.lines):>8.1f} %"
                f"{self.branches:>10}{share(self.branches_run, self.branches):>8.1f} %{self.missed:>8}")


def share(part, whole):
    return 100 * part / whole if whole else 100.0


# ---- what gcov says ----


def gcov(folder, objects):
    """The counts of some objects: gcov prints a JSON text a line."""
    done = subprocess.run(["gcov", "--json-format", "--branch-probabilities", "--stdout", *objects],
                          cwd=folder, capture_output=True, check=True, stdin=subprocess.DEVNULL)
    for text in done.stdout.splitlines():
        if text.startswith(b"{"):
            yield json.loads(text)


def source_of(name, folder):
    """The path in the tree, or None for what is not the tree's or not C."""
    path = pathlib.Path(os.path.normpath(folder / name))
    if not path.is_relative_to(ROOT) or path.suffix not in (".c", ".h"):
        return None
    path = path.relative_to(ROOT)
    return path.as_posix() if path.parts[0] in ("src", "include") else None


def add_counts(sources, report, folder):
    """An inline function is in many objects: its counts are added up."""
    for file in report["files"]:
        source = source_of(file["file"], folder)
        if not source:
            continue
        for line in file["lines"]:
            counts = [line["count"], *(branch["count"] for branch in line["branches"])]
            key = (line["line_number"], line.get("function_name", ""), len(counts))
            known = sources[source].setdefault(key, [0] * len(counts))
            known[:] = [a + b for a, b in zip(known, counts)]


def measure(folder):
    """{source: {(line, function, …): [times, times of each branch…]}}"""
    objects = sorted(str(path.relative_to(folder)) for path in (folder / "src").rglob("*.c.gcno"))
    batches = [objects[i:i + BATCH] for i in range(0, len(objects), BATCH)]
    sources = collections.defaultdict(dict)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for reports in pool.map(lambda batch: list(gcov(folder, batch)), batches):
            for report in reports:
                add_counts(sources, report, folder)
    return sources


def figures_of(lines):
    total = Figures()
    run = collections.defaultdict(bool)
    for (number, *_), (count, *branches) in lines.items():
        run[number] |= count > 0
        total.branches += len(branches)
        total.branches_run += sum(taken > 0 for taken in branches)
    total.lines = len(run)
    total.lines_run = sum(run.values())
    return total


# ---- the report ----


def module_of(source):
    folder = pathlib.PurePosixPath(source).parent.as_posix()
    return "include" if folder.startswith("include") else folder.removeprefix("src/")


def is_core(module):
    return module == "include" or module in layers.CORE


def summed(figures, wanted=lambda _: True):
    total = Figures()
    for name, one in figures.items():
        if wanted(name):
            total.add(one)
    return total


def print_report(figures, lowest):
    modules = collections.defaultdict(Figures)
    for source, one in figures.items():
        modules[module_of(source)].add(one)
    print(f"{'module':<34}{'lines':>8}{'run':>10}{'branches':>10}{'taken':>10}{'missed':>8}")
    for wanted, title in ((is_core, "libtutela"), (lambda name: not is_core(name), "the rest")):
        for name in sorted(filter(wanted, modules)):
            print(modules[name].row(f"  {name}"))
        print(summed(modules, wanted).row(title))
    print(summed(modules).row("all"))
    print("\nfiles of libtutela with the most branches not taken")
    rows = [name for name in figures if is_core(module_of(name))]
    for name in sorted(rows, key=lambda name: -figures[name].missed)[:lowest]:
        print(figures[name].row(f"  {name}"))


def print_missed(lines, source):
    text = (ROOT / source).read_text(encoding="utf-8").splitlines()
    for (number, *_), (count, *branches) in sorted(lines.items()):
        if 0 in branches or count == 0:
            taken = " ".join("-" if n == 0 else "+" for n in branches)
            print(f"{number:>5} {'' if count else 'not run':<8}{taken:<12}{text[number - 1]}")


def report(folder, lowest=20):
    """Print the figures; the per cent of branches of libtutela that were taken."""
    figures = {source: figures_of(lines) for source, lines in measure(folder).items()}
    print_report(figures, lowest)
    core = summed(figures, lambda source: is_core(module_of(source)))
    return share(core.branches_run, core.branches)


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--lowest", type=int, default=20)
    parser.add_argument("--missed", action="append", default=[])
    options = parser.parse_args()
    folder = options.folder.resolve()
    if not options.missed:
        return 0 if report(folder, options.lowest) >= GOAL else 1
    sources = measure(folder)
    for source in options.missed:
        print_missed(sources[source], source)
    return 0


if __name__ == "__main__":
    sys.exit(main())
