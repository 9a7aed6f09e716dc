#!/usr/bin/env python3
"""Small inputs from public reports of faults, each with a command and what must come out.

usage: cases.py [PROGRAM] [NAME...]

A case is a folder beside this file: inputs, `cmd` (a shell line in which $TUTELA is the program)
and `expected`, line by line: "exit N" (default 0), "has TEXT" and "hasnt TEXT" about standard
output, "err TEXT" about standard error; lines that begin with # say why. Each case runs in a copy
of its folder, with an empty home; $CASES is this folder, for what several cases share. Every case is run a second time with a program that does nothing
and must fail then: a case that cannot fail proves nothing.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SECONDS = 120


def run(folder, program):
    """(exit code, standard output, standard error) of the case's command."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = pathlib.Path(scratch) / "case"
        shutil.copytree(folder, copy, symlinks=True)
        env = {"PATH": os.environ["PATH"], "HOME": scratch, "LC_ALL": "C.UTF-8", "TUTELA": program,
               "CASES": str(HERE)}
        try:
            done = subprocess.run(["sh", "-c", (copy / "cmd").read_text(encoding="utf-8")], cwd=copy,
                                  env=env, stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return None, "", ""
        return (done.returncode, done.stdout.decode("utf-8", "replace"),
                done.stderr.decode("utf-8", "replace"))


def judge(lines, code, out, err):
    """What is wrong with an answer, a line each."""
    wanted = 0
    wrong = []
    rules = {"has": lambda text: text not in out and f"output without {text!r}",
             "hasnt": lambda text: text in out and f"output with {text!r}",
             "err": lambda text: text not in err and f"standard error without {text!r}"}
    for line in lines:
        word, _, text = line.partition(" ")
        if word == "exit":
            wanted = int(text)
        elif word in rules:
            wrong.append(rules[word](text))
        elif not line.startswith("#") and line:
            wrong.append(f"no such rule: {line}")
    if code is None:
        wrong.append(f"no end in {SECONDS} s")
    elif code != wanted:
        wrong.append(f"exit code {code}, expected {wanted}: {err[:200]}")
    return [what for what in wrong if what]


def check(folder, program):
    lines = (folder / "expected").read_text(encoding="utf-8").splitlines()
    wrong = judge(lines, *run(folder, program))
    if not judge(lines, *run(folder, "/bin/true")):
        wrong.append("passes with a program that does nothing")
    return wrong


def main():
    arguments = sys.argv[1:]
    default = os.environ.get("TUTELA_PROGRAM", str(ROOT / "build" / "tutela"))
    program = os.path.abspath(arguments.pop(0) if arguments else default)
    folders = sorted(path.parent for path in HERE.glob("*/cmd")
                     if not arguments or path.parent.name in arguments)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        results = pool.map(lambda folder: check(folder, program), folders)
        for number, (folder, wrong) in enumerate(zip(folders, results), 1):
            failed += bool(wrong)
            print(f"{'not ok' if wrong else 'ok'} {number} - cases/{folder.name}")
            for what in wrong:
                print(f"# {what}")
    print(f"1..{len(folders)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
