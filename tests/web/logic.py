#!/usr/bin/env python3
"""The page's own checks: vitest over web/src/logic and the rest, and the compilers (svelte-check, tsc) without a warning.

usage: logic.py [PROGRAM]

Prints TAP; skips without Node, npm, or the packages and the registry they come from.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True
import node  # noqa: E402
import tap  # noqa: E402

CHECKS = (("the tests of the page's logic pass", ("npm", "test")), ("the compilers have nothing to say", ("npm", "run", "check")))


def main():
    results = tap.Tap()
    try:
        folder = node.workshop()
    except node.Absent as why:
        for name, _ in CHECKS:
            results.skip(name, str(why))
        return results.done()
    for name, words in CHECKS:
        done = node.run(folder, *words)
        results.line(name, done.returncode == 0, done.stdout)
    return results.done()


if __name__ == "__main__":
    sys.exit(main())
