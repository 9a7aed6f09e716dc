#!/usr/bin/env python3
"""The law of bounded cost: reading, and what follows it, takes steps in proportion to the input.

usage: steps.py PROGRAM [WORD]   (only inputs whose name holds the word)

Each input of inputs.py is made with n and with 4n of what it repeats; the program must not take more than 6 times the
steps for the second. A step is the start of a basic block of our code, counted by a build with -Dsteps=true (see
tests/support/steps.c): the same number on every machine and under every load, so that the test needs no tolerance for
time. It is not seen what libraries do with a text of any length in one call; bench/growth measures the time of the same inputs.
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import inputs  # noqa: E402

SMALL, RATIO = 1000, 6.0
# A start of the program alone: it would hide how the rest grows.
EMPTY = ["version", "compare", "generic", "1", "2"]


def steps_of(program, arguments, folder):
    """Steps, the end of what was said; a code that is not the program's own is a failure of its own."""
    counted = folder / "steps"
    done = subprocess.run([program, *arguments], env={**os.environ, "TUTELA_STEPS": str(counted), "HOME": str(folder)},
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=300, check=False)
    if done.returncode not in (0, 1, 2, 3):
        raise RuntimeError(f"exit code {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return int(counted.read_text()), done.returncode, done.stderr.decode(errors="replace")[-200:]


def measure(program, make, start, sizes):
    found, code, said = [], 0, ""
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            taken, code, said = steps_of(program, make(folder, size), folder)
            found.append(max(taken - start, 1))
    return found, code, said


def check(program, name, make, start):
    try:
        (small, large), code, said = measure(program, make, start, (SMALL, 4 * SMALL))
        if large > RATIO * small:
            # A large document may be read in another way than a small one: a step, no growth.
            (small, large), code, said = measure(program, make, start, (4 * SMALL, 16 * SMALL))
    except (RuntimeError, subprocess.TimeoutExpired) as problem:
        return False, f"not ok {name}: {problem}"
    ratio = large / small
    text = f"{name}: {small} and {large} steps, ratio {ratio:.1f}"
    if os.environ.get("GROWTH_VERBOSE") and code not in (0, 1):
        text += f" [exit code {code}: {said.strip()}]"
    return ratio <= RATIO, f"{'ok' if ratio <= RATIO else 'not ok'} {text}"


def main():
    program = os.path.abspath(sys.argv[1])
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    os.environ["TUTELA_GROWTH"] = program
    with tempfile.TemporaryDirectory() as name:
        try:
            start, _, _ = steps_of(program, EMPTY, pathlib.Path(name))
        except OSError:
            print("1..0 # SKIP this build does not count steps (-Dsteps=true)")
            return 0
    rows = [(name, make) for name, make in inputs.INPUTS if word in name]
    print(f"1..{len(rows)}")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for fine, text in pool.map(lambda row: check(program, *row, start), rows):
            failed += not fine
            print(text, flush=True)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
