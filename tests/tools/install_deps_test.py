#!/usr/bin/env python3
"""tools/install-deps asks for the packages of this Debian release and installs those that are missing.

dpkg-query and apt-get are stand-ins that record what they are asked. Prints TAP.

usage: install_deps_test.py
"""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = """# group, release, package, what for
build	all	gcc	compiles
build	all	meson	builds
test	all	zstd	archives
test	12	clang-format-14	format
long	12	clang-14	second compiler
long	13	clang-19	second compiler
"""
DPKG = """#!/bin/sh
echo "ii gcc"
exit 1
"""
APT = """#!/bin/sh
echo "$@" >>"$RECORD"
"""
# Groups, what the system says of itself, what is to be installed.
ROWS = [
    ("build", 'VERSION_ID="12"', "meson"),
    ("build test", 'VERSION_ID="12"', "clang-format-14 meson zstd"),
    ("build test", "VERSION_ID=13", "meson zstd"),
    ("build test long", 'NAME="Debian"\nVERSION_ID="12"\n', "clang-14 clang-format-14 meson zstd"),
    ("long", 'VERSION_ID="13"', "clang-19"),
    ("long", 'VERSION_ID="14"', "clang-19"),
    ("long", 'NAME="Debian testing"', "clang-19"),
    ("long", 'VERSION_ID="1"', "clang-19"),
]


def installed(groups, system):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "tools").mkdir()
        (folder / "bin").mkdir()
        (folder / "tools" / "packages").write_text(TABLE, encoding="utf-8")
        (folder / "tools" / "install-deps").write_bytes((ROOT / "tools" / "install-deps").read_bytes())
        (folder / "os-release").write_text(system, encoding="utf-8")
        for name, text in (("dpkg-query", DPKG), ("apt-get", APT), ("id", "#!/bin/sh\necho 0\n")):
            (folder / "bin" / name).write_text(text, encoding="utf-8")
            (folder / "bin" / name).chmod(0o755)
        record = folder / "record"
        record.write_text("", encoding="utf-8")
        env = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "RECORD": str(record),
               "TUTELA_OS_RELEASE": str(folder / "os-release")}
        done = subprocess.run(["sh", folder / "tools" / "install-deps", *groups.split()], env=env, check=False,
                              capture_output=True, text=True)
        asked = [line.rpartition(" install ")[2] for line in record.read_text(encoding="utf-8").splitlines()
                 if " install " in line]
        return done.returncode, " ".join(asked), done.stderr


def main():
    failed = 0
    for number, (groups, system, wanted) in enumerate(ROWS, 1):
        code, got, complaint = installed(groups, system)
        fine = (code, got) == (0, wanted)
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {number} - {groups} where {system.strip()!r}: {wanted}")
        if not fine:
            print(f"# {code} {got!r} {complaint!r}")
    print(f"1..{len(ROWS)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
