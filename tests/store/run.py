#!/usr/bin/env python3
"""Runs every test program of tests/store on SQLite, on PostgreSQL and on PostgreSQL behind pgbouncer. Prints TAP.

usage: run.py [PROGRAM] [NAME]...      (TUTELA_BUILD: the build folder; NAME: only these tests)
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True
import postgres  # noqa: E402
from tap import Tap  # noqa: E402

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
RESULT = re.compile(r"\[\s*(OK|FAILED)\s*\] (\w+)$", re.MULTILINE)


def run(tap, program, engine, places):
    done = subprocess.run([program], capture_output=True, text=True, errors="replace", check=False, timeout=600,
                          env={**os.environ, **places, "CMOCKA_MESSAGE_OUTPUT": "STDOUT"})
    said = done.stdout + done.stderr
    found = {name: result == "OK" for result, name in RESULT.findall(said)}
    wrong = "\n".join([line for line in said.splitlines() if re.search(r"ERROR|error|Sanitizer", line)][:4])
    for name, fine in found.items():
        tap.line(f"{program.name}/{name} on {engine}", fine, wrong or said)
    if not (found or "[  SKIPPED ]" in said) or (done.returncode and all(found.values())):
        tap.line(f"{program.name} on {engine} ends with {done.returncode}", False, said)


def on_sqlite(tap, programs):
    with tempfile.TemporaryDirectory() as folder:
        for program in programs:
            run(tap, program, "SQLite", {"TUTELA_STORE": f"{folder}/{program.name}.db"})


def on_postgres(tap, programs):
    why = postgres.why_not()
    if why:
        tap.skip("the same on PostgreSQL", why)
        return
    with postgres.Server() as server:
        for program in programs:
            run(tap, program, "PostgreSQL", {"TUTELA_STORE": server.database(program.name)})
        why = postgres.why_not(pooler=True)
        if why:
            tap.skip("the same behind pgbouncer", why)
            return
        with postgres.Pooler(server) as pooler:
            for program in programs:
                run(tap, program, "PostgreSQL behind pgbouncer",
                    {"TUTELA_STORE": server.database(program.name), "TUTELA_STORE_POOLER": pooler.place(program.name)})


def main():
    asked = [f"store-{name}" for name in sys.argv[2:]]
    programs = [path for path in sorted((BUILD / "tests/store").glob("store-*"))
                if path.is_file() and (not asked or path.name in asked)]
    tap = Tap()
    if not programs:
        tap.line("there are programs to run", False, f"none in {BUILD}/tests/store")
    with concurrent.futures.ThreadPoolExecutor() as pool:  # a file and a server: neither waits for the other
        for done in [pool.submit(on_sqlite, tap, programs), pool.submit(on_postgres, tap, programs)]:
            done.result()
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
