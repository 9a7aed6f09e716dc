#!/usr/bin/env python3
"""One document, written in every format, as it must come out.

usage: sbom_write.py [--update] [DRIVER]

Each document of tests/golden/sbom_write/*.json is compared with NAME.FORMAT beside it: what the
driver (tests/drivers/sbom_driver.c) writes, behind it what it says is lost. --update writes what
comes out now; look at the difference before it is committed.
"""
import subprocess
import sys

import sbom

FOLDER = sbom.FOLDER.parent / "sbom_write"
FORMATS = ("cyclonedx-1.6-json", "cyclonedx-1.6-xml", "cyclonedx-1.7-json", "cyclonedx-1.7-xml",
           "spdx-2.3-json", "spdx-2.3-tv", "spdx-3.0.1-json")


def written(program, target, path):
    done = subprocess.run([program, "--write", target, path.name], cwd=path.parent,
                          capture_output=True, timeout=60, check=False)
    words = (done.stdout + done.stderr).decode()
    return words if done.returncode == 0 else f"{words}exit {done.returncode}\n"


def main():
    update = "--update" in sys.argv
    program = sbom.driver([word for word in sys.argv[1:] if word != "--update"])
    count = failed = 0
    for path in sorted(FOLDER.glob("*.json")):
        for target in FORMATS:
            expected = path.with_suffix(f".{target}")
            got = written(program, target, path)
            if update:
                expected.write_text(got, encoding="utf-8")
            want = expected.read_text(encoding="utf-8") if expected.exists() else ""
            fine = bool(want) and want == got
            count += 1
            failed += not fine
            print(f"{'ok' if fine else 'not ok'} {count} - golden/sbom_write {path.stem} {target}")
            if not fine:
                print("\n".join(sbom.difference(expected, want, got)))
    print(f"1..{count}")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
