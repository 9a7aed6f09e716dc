#!/usr/bin/env python3
"""tutela ledger on databases and on the files it writes of them. Prints TAP.

usage: ledger_cli.py PROGRAM      (TUTELA_BUILD: the build folder)
"""
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True
import postgres  # noqa: E402
from tap import Tap  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else str(ROOT / "build/tutela")
BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))



TAP = Tap()


def ask(name, code, says, *arguments, **more):
    """Run the program: its exit code, and what it says on either output."""
    done = subprocess.run([PROGRAM, "ledger", *map(str, arguments)], capture_output=True, check=False, timeout=120,
                          **more)
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    TAP.line(name, done.returncode == code and says in said, f"exit {done.returncode}, expected {code}: {said}\n{says}")
    return done.stdout


def make(place, records, folder):
    subprocess.run([BUILD / "tests/store/make-ledger", place, str(records), folder / "keys", folder / "checkpoints"],
                   check=True, timeout=120)


def digest(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()
            if not path.name.endswith("-shm")}


def change(data, *statements):
    with sqlite3.connect(data / "tutela.db") as db:
        for statement in statements:
            db.execute(statement)
    db.close()


class Site:
    """A data folder with ten records, the last of which has a checkpoint, and what is kept elsewhere."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.data.mkdir()
        make(self.data / "tutela.db", 9, self.folder)
        self.trust = ["--checkpoint", self.folder / "checkpoints", "--key", self.folder / "keys/checkpoint.pub"]

    def copy(self, name):
        return pathlib.Path(shutil.copytree(self.data, self.folder / name))


def check_data_folder(site):
    before = digest(site.data)
    ask("a data folder", 0, "records 1 to 10 are a chain; nothing outside vouches for it\n", "verify", site.data)
    ask("with a checkpoint", 0, "records 1 to 10 are a chain; checkpoints vouch for all of them\n", "verify", site.data,
        *site.trust)
    ask("the file of the database", 0, "records 1 to 10 are a chain", "verify", site.data / "tutela.db")
    TAP.line("nothing is changed, no file is made", digest(site.data) == before, digest(site.data))


def check_running(site):
    """While another process has the database open, what is in its log counts."""
    data = site.copy("running")
    db = sqlite3.connect(data / "tutela.db")
    db.execute("PRAGMA wal_autocheckpoint=0")
    db.execute("UPDATE ledger SET actor = 'x' WHERE n = 7")
    db.commit()
    before = digest(data)
    TAP.line("the change is in the log alone", (data / "tutela.db-wal").stat().st_size > 0)
    ask("a database that is in use", 1, "record 7 was changed", "verify", data)
    TAP.line("its files are not changed", digest(data) == before)
    db.close()


def check_changes(site):
    for name, statement, says in [
            ("changed", "UPDATE ledger SET body = '{}' WHERE n = 4", "record 4 was changed: its hash does not follow"),
            ("deleted", "DELETE FROM ledger WHERE n = 4", "record 4 is missing: after record 3 comes record 5"),
            ("cut", "DELETE FROM ledger WHERE n > 8", "the end is cut off: the head of the ledger names record 10")]:
        data = site.copy(name)
        change(data, statement)
        ask(f"a record {name}", 1, says, "verify", data)
        ask(f"a record {name}, in the exported file", 0, "", "export", data, "-o", site.folder / f"{name}.jsonl")
        ask(f"a record {name}, in that file", 1, says, "verify", site.folder / f"{name}.jsonl")


def check_checkpoints(site):
    old = site.copy("old")
    make(site.data / "tutela.db", 5, site.folder)
    ask("further records and a second checkpoint", 0, "records 1 to 15 are a chain; checkpoints vouch for all", "verify",
        site.data, *site.trust)
    ask("an older database, by itself", 0, "records 1 to 10 are a chain", "verify", old)
    ask("an older database, by the checkpoint", 1, "an older database was restored", "verify", old, *site.trust)
    tail = site.copy("tail")
    change(tail, "UPDATE ledger_head SET n = 12, hash = (SELECT hash FROM ledger WHERE n = 12)",
           "DELETE FROM ledger WHERE n > 12")
    ask("a tail cut off with care", 1, "record 13 is missing: the checkpoint of record 15", "verify", tail, *site.trust)
    make(old / "tutela.db", 8, site.folder / "other")
    ask("another history since then", 1, "the ledger was rewritten: the checkpoint of record 15", "verify", old,
        *site.trust)
    strange = site.folder / "strange"
    strange.mkdir()
    make(strange / "tutela.db", 9, site.folder / "other")
    ask("a checkpoint of another chain", 1, "is of another database", "verify", strange, *site.trust)
    ask("another key", 1, "is signed with a key that was not given", "verify", site.data, "--checkpoint",
        site.folder / "checkpoints", "--key", site.folder / "other/keys/checkpoint.pub")
    verdict = json.loads(ask("as JSON", 1, "", "verify", tail, *site.trust, "-f", "json"))
    TAP.line("JSON says the same", (verdict["verdict"], verdict["first_bad"], verdict["records"], verdict["proven"]) ==
             ("short", 13, 12, 10), verdict)


def check_export(site):
    text = ask("export", 0, "", "export", site.data)
    ask("the export, on standard input", 0, "records 1 to 15 are a chain", "verify", "-", input=text)
    ask("an export that was cut", 1, "record 8 cannot be read", "verify", "-", input=text[:text.index(b'{"n":9,') - 20])
    ask("an export with a key's file", 0, "checkpoints vouch for all of them", "verify", "-", *site.trust, input=text)


def check_bad_input(site):
    (site.folder / "empty").mkdir()
    (site.folder / "text").write_text("hello\n", encoding="utf-8")
    for name, code, says, *arguments in [
            ("a folder without a database", 3, "this is no data folder", "verify", site.folder / "empty"),
            ("no such file", 3, "nowhere", "verify", site.folder / "nowhere"),
            ("a file of something else", 3, "not an exported ledger", "verify", site.folder / "text"),
            ("checkpoints of something else", 3, "/text:1", "verify", site.data, "--checkpoint", site.folder / "text",
             "--key", site.folder / "keys/checkpoint.pub"),
            ("a key of something else", 3, "/text:", "verify", site.data, "--checkpoint", site.folder / "checkpoints",
             "--key", site.folder / "text"),
            ("a checkpoint without a key", 2, "--checkpoint needs --key", "verify", site.data, *site.trust[:2]),
            ("a key without a checkpoint", 2, "--key is for --checkpoint", "verify", site.data, *site.trust[2:]),
            ("no ledger", 2, "expected one ledger", "verify"),
            ("an export of a file", 3, "expected a data folder", "export", site.folder / "text")]:
        ask(name, code, says, *arguments)


def check_postgres(site):
    why = postgres.why_not()
    if why:
        TAP.count += 1
        print(f"ok {TAP.count} - the same on PostgreSQL # SKIP {why}")
        return
    with postgres.Server() as server:
        place = server.database("ledger")
        make(place, 9, site.folder / "other")
        trust = ["--checkpoint", site.folder / "pg", "--key", site.folder / "other/keys/checkpoint.pub"]
        lines = (site.folder / "other/checkpoints").read_text(encoding="utf-8").splitlines()
        (site.folder / "pg").write_text(lines[-1] + "\n", encoding="utf-8")
        ask("a database of PostgreSQL", 0, "checkpoints vouch for all of them", "verify", place, *trust)
        text = ask("its export", 0, "", "export", place)
        ask("that file", 0, "checkpoints vouch for all of them", "verify", "-", *trust, input=text)


def main():
    with tempfile.TemporaryDirectory() as folder:
        site = Site(folder)
        (site.folder / "other").mkdir()
        for check in (check_data_folder, check_running, check_changes, check_checkpoints, check_export, check_bad_input,
                      check_postgres):
            check(site)
    return TAP.done()


if __name__ == "__main__":
    sys.exit(main())
