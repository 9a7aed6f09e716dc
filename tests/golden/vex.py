#!/usr/bin/env python3
"""The example pump's statements, byte for byte: tests/golden/vex.

usage: vex.py [--update] [PROGRAM]

`PROGRAM vex write` is compared with the file of the format's name. --update writes what comes out
now; look at the difference before it is committed.
"""
import difflib
import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().with_suffix("")
ROOT = FOLDER.parents[2]
AT = "2026-07-01T12:00:00Z"
CASES = {"openvex": "openvex.json", "cyclonedx": "cyclonedx.json", "csaf-vex": "csaf-vex.json",
         "csaf-advisory": "csaf-advisory.json", "notice-html": "notice.html",
         "notice-text": "notice.txt"}


def written(program, name):
    done = subprocess.run([program, "vex", "write", "examples/infusion-pump", "--format", name,
                           "--at", AT, "--id", "CVE-2022-0847", "--id", "CVE-2021-42386"],
                          cwd=ROOT, capture_output=True, timeout=60, check=False)
    return done.stdout.decode() if done.returncode == 0 else done.stderr.decode()


def main():
    arguments = sys.argv[1:]
    update = "--update" in arguments
    arguments = [argument for argument in arguments if argument != "--update"]
    default = os.environ.get("TUTELA_PROGRAM", str(ROOT / "build" / "tutela"))
    program = os.path.abspath(arguments[0] if arguments else default)
    failed = 0
    for number, (name, file) in enumerate(CASES.items(), 1):
        path, got = FOLDER / file, written(program, name)
        if update:
            path.write_text(got, encoding="utf-8")
        want = path.read_text(encoding="utf-8") if path.exists() else ""
        failed += want != got
        print(f"{'ok' if want == got else 'not ok'} {number} - golden/vex {file}")
        if want != got:
            for line in difflib.unified_diff(want.splitlines(), got.splitlines(), file, "now",
                                             lineterm="", n=1):
                print(f"# {line}")
    print(f"1..{len(CASES)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
