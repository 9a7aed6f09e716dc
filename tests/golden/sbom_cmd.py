#!/usr/bin/env python3
"""What `tutela sbom show` and `check` print of the documents of tests/golden/sbom.

usage: sbom_cmd.py [--update] [PROGRAM]

Each case is compared with NAME.out in sbom_cmd/. --update writes what comes out now; look at the
difference before it is committed.
"""
import difflib
import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().with_suffix("")
DOCUMENTS = FOLDER.parent / "sbom"
CASES = {
    "show-cyclonedx": ["show", "cyclonedx-pump.json"],
    "show-cyclonedx-depth": ["show", "cyclonedx-pump.json", "--depth", "1"],
    "show-doubtful": ["show", "cyclonedx-doubtful.json"],
    "show-spdx": ["show", "spdx-image.json"],
    "show-files": ["show", "files-only.json"],
    "check-ntia": ["check", "cyclonedx-pump.json", "--profile", "ntia"],
    "check-fda": ["check", "spdx-image.json", "--profile", "fda"],
    "check-cisa": ["check", "spdx-image.json", "--profile", "cisa-2025"],
    "check-bsi": ["check", "cyclonedx-pump.json", "--profile", "bsi-tr-03183-2"],
    "check-supplement": ["check", "cyclonedx-pump.json", "--profile", "fda", "--supplement",
                         "../sbom_cmd/side.yaml", "--at", "2026-06-01"],
}


def program():
    words = [word for word in sys.argv[1:] if word != "--update"]
    default = os.environ.get("TUTELA_PROGRAM", str(FOLDER.parents[2] / "build" / "tutela"))
    return str(pathlib.Path(words[0] if words else default).resolve())


def printed(arguments):
    done = subprocess.run([program(), "sbom", *arguments], cwd=DOCUMENTS, capture_output=True,
                          timeout=60, check=False)
    words = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
    return f"{words}exit {done.returncode}\n"


def main():
    failed = 0
    for number, (name, arguments) in enumerate(CASES.items(), 1):
        expected = FOLDER / f"{name}.out"
        got = printed(arguments)
        if "--update" in sys.argv:
            expected.write_text(got, encoding="utf-8")
        want = expected.read_text(encoding="utf-8") if expected.exists() else ""
        fine = want == got
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {number} - golden/sbom_cmd {name}")
        if not fine:
            print("\n".join(f"# {line}" for line in difflib.unified_diff(
                want.splitlines(), got.splitlines(), expected.name, "now", lineterm="", n=1)))
    print(f"1..{len(CASES)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
