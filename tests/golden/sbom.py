#!/usr/bin/env python3
"""Documents of tests/golden/sbom and the inventories that they must give.

usage: sbom.py [--update] [DRIVER]

For each NAME.json, the driver's print (tests/drivers/sbom_driver.c) is compared with NAME.out.
--update writes what comes out now; look at the difference before it is committed.
"""
import difflib
import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().with_suffix("")
ROOT = FOLDER.parents[2]


def driver(arguments):
    """The suites' runner names a build folder, and gives the program as the argument."""
    build = os.environ.get("TUTELA_BUILD")
    if not build and arguments:
        return str(pathlib.Path(arguments[0]).resolve())
    folder = pathlib.Path(build).resolve() if build else ROOT / "build"
    return str(folder / "tests" / "drivers" / "sbom_driver")


def printed(program, path):
    done = subprocess.run([program, path.name], cwd=path.parent, capture_output=True, timeout=60,
                          check=False)
    words = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
    return words if done.returncode in (0, 1) else f"{words}exit {done.returncode}\n"


def difference(path, want, got):
    return [f"# {line}" for line in difflib.unified_diff(
        want.splitlines(), got.splitlines(), path.name, "now", lineterm="", n=1)]


def main():
    update = "--update" in sys.argv
    program = driver([word for word in sys.argv[1:] if word != "--update"])
    documents = sorted(FOLDER.glob("*.json"))
    failed = 0
    for number, path in enumerate(documents, 1):
        expected = path.with_suffix(".out")
        got = printed(program, path)
        if update:
            expected.write_text(got, encoding="utf-8")
        want = expected.read_text(encoding="utf-8") if expected.exists() else ""
        fine = bool(want) and want == got
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {number} - golden/sbom {path.stem}")
        if not fine:
            print("\n".join(difference(expected, want, got)))
    print(f"1..{len(documents)}")
    return 1 if failed or not documents else 0


if __name__ == "__main__":
    sys.exit(main())
