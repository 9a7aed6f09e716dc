#!/usr/bin/env python3
"""Migrations start from a dump of every earlier release (tests/store/released/VERSION.backup): on both engines, interrupted after every
statement, and what comes out has the catalogue of a new database. Prints TAP.

usage: released.py [PROGRAM]              (TUTELA_BUILD: the build folder)
       released.py [PROGRAM] --make FILE   write the dump of this program, when it is released

A dump of this program is made and taken, too, so that what is done to those of releases is done at least once.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/support"), str(ROOT / "tests/store")]
sys.dont_write_bytecode = True
import catalogue  # noqa: E402
import postgres  # noqa: E402
from tap import Tap  # noqa: E402

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
DRIVER, FRESH = BUILD / "tests/drivers/released_driver", BUILD / "tests/drivers/store_driver"
RELEASED = ROOT / "tests/store/released"


def tutela(program, *words):
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        sys.exit(f"Bail out! tutela {words[0]}: {done.stderr}")
    return done.stdout


def make(program, file):
    """A folder with the example, a person and a key; its backup."""
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "data"
        tutela(program, "admin", "init", data)
        tutela(program, "push", ROOT / "examples/infusion-pump", "--to", data)
        tutela(program, "admin", "team", "add", "pumps", "--data", data)
        tutela(program, "admin", "key", "add", "ci", "--role", "analyst", "--data", data)
        tutela(program, "backup", data, "--output", file)


def start_from(tap, name, dump, engine, places, catalogue_of):
    """`places`: an empty one for the dump, and one for a new database."""
    done = subprocess.run([DRIVER, dump, places[0]], capture_output=True, text=True, check=False, timeout=600)
    said = dict(line.split() for line in done.stdout.splitlines()) if not done.returncode else {}
    steps = f"migrations {said.get('from')} to {said.get('to')}, interrupted {said.get('interrupted')} times"
    tap.line(f"{name} on {engine}: {steps}", not done.returncode and int(said["rows"]) > 0 and int(said["records"]) > 0 and
             (said["from"] == said["to"] or int(said["interrupted"]) > 1), done.stdout + done.stderr)
    subprocess.run([FRESH, "migrate", places[1]], check=True)
    ours, fresh = catalogue_of(places[0]), catalogue_of(places[1])
    differ = [sorted(ours[i] ^ fresh[i]) for i in range(2)]
    tap.line(f"{name} on {engine}: the catalogue of a new database", differ == [[], []] and len(ours[0]) >= 30, differ)


def main():
    words = [word for word in sys.argv[1:] if word != "--make"]
    program = os.path.abspath(words[0] if words else BUILD / "tutela")
    if "--make" in sys.argv:
        make(program, words[1])
        return 0
    tap = Tap()
    dumps = sorted(RELEASED.glob("*.backup"))
    if not dumps:
        tap.skip("dumps of earlier releases", f"there is none in {RELEASED.relative_to(ROOT)}: nothing was released yet")
    with tempfile.TemporaryDirectory() as folder:
        own = pathlib.Path(folder) / "this program.backup"
        make(program, own)
        dumps.append(own)
        for dump in dumps:
            places = [f"{folder}/{dump.stem}-{i}.db" for i in range(2)]
            start_from(tap, dump.stem, dump, "SQLite", places, catalogue.of_sqlite)
        why = postgres.why_not()
        if why:
            tap.skip("the same on PostgreSQL", why)
            return tap.done()
        with postgres.Server() as server:
            for dump in dumps:
                places = [server.database(f"released{i}") for i in range(2)]
                names = dict(zip(places, ("released0", "released1")))
                start_from(tap, dump.stem, dump, "PostgreSQL", places, lambda place: catalogue.of_postgres(server, names[place]))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
