#!/usr/bin/env python3
"""Every external symbol of libtutela.a begins with tu_: it shares a program with other libraries.

Prints TAP.
"""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
# C++ names of simdjson's bridge, and what compilers and sanitizers add.
OTHERS = ("_Z", "DW.ref.", "__asan", "__odr_asan", "__ubsan", "__gcov", "__start_", "__stop_")


def main():
    done = subprocess.run(["nm", "-g", "--defined-only", BUILD / "src" / "libtutela.a"],
                          capture_output=True, text=True, check=False)
    names = [line.split()[2] for line in done.stdout.splitlines() if len(line.split()) == 3]
    wrong = sorted({name for name in names if not name.startswith(("tu_",) + OTHERS)})
    print(f"{'ok' if len(names) > 500 else 'not ok'} 1 - nm lists the library's symbols ({len(names)})")
    print(f"{'not ok' if wrong else 'ok'} 2 - each begins with tu_")
    print("".join(f"# {name}\n" for name in wrong), end="")
    print("1..2")
    return 1 if wrong or len(names) <= 500 else 0


if __name__ == "__main__":
    sys.exit(main())
