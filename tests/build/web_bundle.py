#!/usr/bin/env python3
"""web/dist, which is in the program, is what web/ builds: byte for byte, in another folder, from packages installed anew.

usage: web_bundle.py [PROGRAM]

Prints TAP; skips without Node, npm or the registry.
"""
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import node  # noqa: E402
import tap  # noqa: E402


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def differences(kept, built):
    """A line for each file that is not the same in both."""
    for name in sorted({*kept, *built}):
        if name not in built:
            yield f"web/dist/{name} is not built any more"
        elif name not in kept:
            yield f"web/dist/{name} is missing"
        elif kept[name] != built[name]:
            at = next((i for i, pair in enumerate(zip(kept[name], built[name])) if pair[0] != pair[1]), min(len(kept[name]), len(built[name])))
            yield f"web/dist/{name} differs from byte {at} on"


def main():
    results = tap.Tap()
    with tempfile.TemporaryDirectory(prefix="tutela-web-") as place:
        try:
            folder = node.installed(pathlib.Path(place) / "elsewhere")
        except node.Absent as why:
            results.skip("web/dist is what web/ builds", str(why))
            return results.done()
        done = node.run(folder, "npm", "run", "build")
        results.line("the page builds", done.returncode == 0, done.stdout)
        if done.returncode == 0:
            wrong = list(differences(files(ROOT / "web" / "dist"), files(folder / "dist")))
            results.line("web/dist is what web/ builds", not wrong, "\n".join([*wrong, "cd web && npm ci && npm run build, and commit web/dist"]))
    return results.done()


if __name__ == "__main__":
    sys.exit(main())
