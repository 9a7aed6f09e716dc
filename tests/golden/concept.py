#!/usr/bin/env python3
"""What `tutela concept` prints of the example pump, and what it seeds.

usage: concept.py [--update] [PROGRAM]

Each case is compared with NAME.out in concept/. --update writes what comes out now; look at the
difference before it is committed.
"""
import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().with_suffix("")
PUMP = FOLDER.parents[2] / "examples" / "infusion-pump"
AT = ["--at", "2026-03-01"]
CASES = {
    "table": (["--format", "table", *AT], None),
    "json": (["--format", "json", *AT], None),
    "markdown": (["--format", "markdown", *AT], None),
    "seed": (["--seed", *AT], "model.yaml"),
}


def program():
    words = [word for word in sys.argv[1:] if word != "--update"]
    default = os.environ.get("TUTELA_PROGRAM", str(FOLDER.parents[2] / "build" / "tutela"))
    return str(pathlib.Path(words[0] if words else default).resolve())


def printed(arguments, written):
    """The output, and the file that was written, of a copy of the example without its model."""
    with tempfile.TemporaryDirectory(prefix="tutela-golden-") as folder:
        pump = pathlib.Path(folder) / "pump"
        pump.mkdir()
        for name in ("concept.yaml", "device.yaml"):
            shutil.copy(PUMP / name, pump / name)
        done = subprocess.run([program(), "concept", "pump", *arguments], cwd=folder, capture_output=True,
                              timeout=60, check=False)
        words = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
        more = f"---- {written}\n{(pump / written).read_text(encoding='utf-8')}" if written else ""
    return f"{words}exit {done.returncode}\n{more}"


def main():
    failed = 0
    for number, (name, (arguments, written)) in enumerate(CASES.items(), 1):
        expected = FOLDER / f"{name}.out"
        got = printed(arguments, written)
        if "--update" in sys.argv:
            expected.parent.mkdir(exist_ok=True)
            expected.write_text(got, encoding="utf-8")
        want = expected.read_text(encoding="utf-8") if expected.exists() else ""
        fine = want == got
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {number} - golden/concept {name}")
        if not fine:
            print("\n".join(f"# {line}" for line in difflib.unified_diff(
                want.splitlines(), got.splitlines(), expected.name, "now", lineterm="", n=1)))
    print(f"1..{len(CASES)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
