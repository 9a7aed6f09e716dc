#!/usr/bin/env python3
"""web/src/api/types.d.ts is what web/types.mjs writes of api/openapi, byte for byte: the page cannot mean another /v1 than is there.

usage: types.py [PROGRAM]

Prints TAP; skips without Node, npm, or the packages and the registry they come from.
"""
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import node  # noqa: E402
import tap  # noqa: E402

NAME = "the types of the page are those of the document"
KEPT = ROOT / "web" / "src" / "api" / "types.d.ts"


def main():
    results = tap.Tap()
    document = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")) / "src" / "api" / "api-openapi.json"
    try:
        folder = node.workshop()
    except node.Absent as why:
        results.skip(NAME, str(why))
        return results.done()
    with tempfile.TemporaryDirectory(prefix="tutela-types-") as place:
        fresh = pathlib.Path(place) / "types.d.ts"
        done = node.run(folder, "node", "types.mjs", document.resolve(), fresh)
        if done.returncode:
            results.line(NAME, False, done.stdout)
        else:
            same = fresh.read_bytes() == KEPT.read_bytes()
            results.line(NAME, same, "cd web && npm run types writes another web/src/api/types.d.ts: commit it, and see npm run check")
    return results.done()


if __name__ == "__main__":
    sys.exit(main())
