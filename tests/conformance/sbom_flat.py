#!/usr/bin/env python3
"""Documents of every format packed and unpacked, and read in a confined process: nothing may be lost.

usage: sbom_flat.py [--long] [DRIVER]

tests/drivers/flat_driver.c compares what was unpacked with what was read: every field, the bytes when it is packed again,
and what each writer makes of it; with --sandbox what a confined process makes of the file, errors included. The documents are those of the tree and of the shared test data (found through
TUTELA_SHARED); without --long (or TUTELA_LONG in the environment) of those a sample. Prints TAP: one line a format, and one
for each document that differs.
"""
import collections
import os
import pathlib
import subprocess
import sys

import kit

SAMPLE_BYTES = 128 * 1024
SAMPLE_EVERY = 6
LARGEST = 16 * 1024 * 1024
# Each must be among the documents of the tree.
FORMATS = ("CycloneDX JSON", "CycloneDX XML", "SPDX JSON", "SPDX tag-value", "SPDX YAML", "SPDX RDF/XML", "SPDX 3 JSON-LD",
           "SWID tag", "Yocto SPDX archive", "Yocto cve-check JSON", "Buildroot pkg-stats JSON",
           "Buildroot show-info JSON", "dpkg status", "apk installed")


def driver():
    build = os.environ.get("TUTELA_BUILD")
    words = [word for word in sys.argv[1:] if word != "--long"]
    if not build and words:
        return words[0]
    folder = pathlib.Path(build) if build else kit.ROOT / "build"
    return str(folder / "tests" / "drivers" / "flat_driver")


def in_tree():
    for pattern in ("fuzz/corpus/sbom/*", "tests/golden/sbom/*.json", "tests/golden/sbom_write/*.json",
                    "examples/*/*.json"):
        yield from sorted(kit.ROOT.glob(pattern))


def shared(whole):
    found = []
    for folder in ("../sbom", "cyclonedx", "spdx"):
        root = kit.data(folder)
        if root:
            found += [path for path in sorted(root.resolve().rglob("*")) if path.is_file()]
    if whole:
        return [path for path in found if path.stat().st_size <= LARGEST]
    return [path for path in found if path.stat().st_size <= SAMPLE_BYTES][::SAMPLE_EVERY]


def judged(paths, arguments=()):
    """Rows of the driver: path, "ok" with the format, "unread" or "differs" with the reason."""
    names = "".join(f"{path}\n" for path in paths)
    done = subprocess.run([driver(), *arguments, "-"], input=names.encode(), capture_output=True, timeout=1200, check=False)
    rows = [line.split("\t") for line in done.stdout.decode(errors="replace").split("\n")[:-1]]
    if done.returncode not in (0, 1) or len(rows) != len(paths):
        at = paths[len(rows)] if len(rows) < len(paths) else "the end"
        raise RuntimeError(f"the driver stopped with {done.returncode} at {at}: {done.stderr.decode(errors='replace')[-300:]}")
    return rows


def report(tap, name, rows):
    formats = collections.Counter(row[2] for row in rows if row[1] == "ok")
    for word in sorted(formats):
        tap.line(True, f"sbom/flat {name}, {word}: {formats[word]} documents are the same")
    for row in rows:
        if row[1] == "differs":
            tap.line(False, f"sbom/flat {name}, {row[0]}: {row[2]}")
    return formats


def main():
    if not os.access(driver(), os.X_OK):
        return kit.skip("sbom_flat: no driver")
    tap = kit.Tap()
    whole = "--long" in sys.argv or bool(os.environ.get("TUTELA_LONG"))
    try:
        formats = report(tap, "tree", judged(list(in_tree())))
        report(tap, "confined, tree", judged(list(in_tree()), ["--sandbox"]))
        for word in FORMATS:
            tap.line(word in formats, f"sbom/flat: a document of {word} is in the tree")
        paths = shared(whole)
        if paths:
            tap.line(bool(report(tap, "shared", judged(paths))), f"sbom/flat: {len(paths)} shared files")
            report(tap, "confined, shared", judged(paths, ["--sandbox"]))
        else:
            tap.line(True, "sbom/flat shared # SKIP no shared data (set TUTELA_SHARED)")
    except (OSError, RuntimeError, subprocess.TimeoutExpired) as problem:
        tap.line(False, f"sbom_flat: {problem}")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
