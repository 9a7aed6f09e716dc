#!/usr/bin/env python3
"""Both engines come to the same catalogue: tables, columns, types, NULL, keys and unique indexes. Prints TAP.

usage: catalogue.py [PROGRAM]    (TUTELA_BUILD: the build folder)
"""
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True
import postgres  # noqa: E402
from tap import Tap  # noqa: E402

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
DRIVER = BUILD / "tests/drivers/store_driver"
TYPES = {"bigint": "INTEGER", "BIGINT": "INTEGER", "text": "TEXT", "bytea": "BLOB"}


def of_sqlite(path):
    """(table, column, type, may be NULL) and (table, the columns of a unique index)."""
    base = sqlite3.connect(path)
    columns, unique = set(), set()
    for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
        info = list(base.execute(f"PRAGMA table_info({table})"))
        keys = [row[1] for row in sorted(info, key=lambda row: row[5]) if row[5]]
        columns |= {(table, row[1], TYPES.get(row[2], row[2]), not row[3] and not row[5]) for row in info}
        unique.add((table, tuple(keys)))
        for index in base.execute(f"PRAGMA index_list({table})").fetchall():
            if index[2]:
                parts = base.execute(f"PRAGMA index_info({index[1]})").fetchall()
                unique.add((table, tuple(part[2] for part in parts)))
    return columns, unique


def of_postgres(server, name):
    rows = server.sql(name, "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
                            " WHERE table_schema = 'public'")
    columns = {(table, column, TYPES.get(kind, kind), nullable == "YES")
               for table, column, kind, nullable in (row.split("|") for row in rows.splitlines())}
    rows = server.sql(name, "SELECT c.relname, (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM"
                            " unnest(i.indkey) WITH ORDINALITY k(number, n) JOIN pg_attribute a ON a.attrelid = c.oid"
                            " AND a.attnum = k.number) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                            " JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = 'public' AND i.indisunique")
    unique = {(table, tuple(names.split(","))) for table, names in (row.split("|") for row in rows.splitlines())}
    return columns, unique


def main():
    why = postgres.why_not()
    if why:
        print(f"1..0 # SKIP {why}")
        return 0
    with tempfile.TemporaryDirectory() as folder, postgres.Server() as server:
        places = (f"{folder}/tutela.db", server.database("catalogue"))
        for place in places:
            subprocess.run([DRIVER, "migrate", place], check=True)
        ours, theirs = of_sqlite(places[0]), of_postgres(server, "catalogue")
    tap = Tap()
    for number, what in enumerate(("columns", "keys and unique indexes")):
        differ = sorted(ours[number] ^ theirs[number])
        fine = not differ and len(ours[number]) >= 30
        tap.line(f"both engines have the same {what}", fine,
                 f"{len(ours[number])} and {len(theirs[number])} of them, expected 30 or more\n"
                 + "".join(f"{'SQLite' if row in ours[number] else 'PostgreSQL'}: {row}\n" for row in differ[:20]))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
