#!/usr/bin/env python3
"""What a release build promises of its files, read from the ELF files themselves.

Prints TAP. Finds the build folder through TUTELA_BUILD; a sanitizer build is skipped. REQ-SEC-4
"""
import json
import os
import pathlib
import platform
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))


def readelf(*arguments):
    return subprocess.run(["readelf", "-W", *arguments], capture_output=True, text=True,
                          check=True).stdout


def notes(path):
    """readelf of binutils 2.40 fails where it does not know a note, such as those of .note.dlopen."""
    return subprocess.run(["readelf", "-W", "-n", path], capture_output=True, text=True,
                          check=False).stdout


def options():
    rows = json.loads((BUILD / "meson-info" / "intro-buildoptions.json").read_text())
    return {row["name"]: row["value"] for row in rows}


def checks_of(path):
    """(name, holds) for a program or library."""
    header, segments, dynamic = readelf("-h", path), readelf("-l", path), readelf("-d", path)
    symbols = readelf("--dyn-syms", path)
    stack = next((line for line in segments.splitlines() if "GNU_STACK" in line), "RWE")
    yield "loads anywhere (PIE, PIC)", "DYN" in header
    yield "full RELRO", "GNU_RELRO" in segments and "NOW" in dynamic
    yield "no executable stack", "RWE" not in stack
    yield "no segment both written and executed", " RWE " not in segments
    yield "stack canaries", "__stack_chk_fail" in symbols
    yield "fortified calls", "_chk@" in symbols.replace("__stack_chk_fail@", "")
    yield "no search path of its own", "RUNPATH" not in dynamic and "RPATH" not in dynamic


def without_cet():
    """Objects that are not marked for CET. Debian's start-up objects are not, so the program itself
    cannot be; what we compile is."""
    rows = notes(BUILD / "src" / "libtutela.a").split("\nFile: ")[1:]
    objects = [notes(path) for path in BUILD.glob("tutela.p/*.o")]
    return [row.split("\n")[0] for row in rows + objects
            if "IBT" not in row or "SHSTK" not in row] if rows and objects else ["none found"]


def exported():
    """Names that the shared library gives away, and those without the library's version."""
    rows = [line.split() for line in readelf("--dyn-syms", BUILD / "src" / "libtutela.so")
            .splitlines()]
    return [row[7] for row in rows if len(row) > 7 and row[4] in ("GLOBAL", "WEAK")
            and row[6] not in ("UND", "ABS")]


def main():
    if options()["b_sanitize"] != "none":
        print("1..0 # SKIP hardening: a sanitizer build")
        return 0
    rows = [(f"{path.name}: {name}", fine)
            for path in (BUILD / "tutela", BUILD / "src" / "libtutela.so")
            for name, fine in checks_of(path)]
    if platform.machine() == "x86_64":
        rows.append((f"our objects are marked for CET, not: {without_cet()[:3]}",
                     not without_cet()))
    names = exported()
    strays = [name for name in names if not name.startswith("tu_") or "@@TUTELA_" not in name]
    rows.append((f"libtutela.so exports tu_ names only, with a version: {len(names)}, strays "
                 f"{strays[:5]}", names and not strays))
    for number, (name, fine) in enumerate(rows, 1):
        print(f"{'ok' if fine else 'not ok'} {number} - {name}")
    print(f"1..{len(rows)}")
    return 0 if all(fine for _, fine in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
