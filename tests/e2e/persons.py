#!/usr/bin/env python3
"""`tutela admin person` and `admin erase`, on both engines, with and without a service.

usage: persons.py [PROGRAM]
"""
import json
import os
import pty
import sqlite3
import subprocess
import sys

from checkpoints import made
from datadir import Owner
from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests/support"))
import postgres  # noqa: E402

SECRET = "correct horse battery"
MAIL = "first.person@example.org"
NAME = "First Person"
LOGIN = "first-login"


def person(kit, *arguments, **more):
    return kit.run("admin", "person", *arguments, **more)


def listed(kit, data):
    return {row["login"]: row for row in json.loads(person(kit, "list", "--data", data, "-f", "json").text)["persons"]}


def accounts(kit, name, data):
    file = kit.folder / f"{name}.password"
    file.write_text(SECRET + "\nnot this\n", encoding="utf-8")
    file.chmod(0o600)
    where = ["--data", data]
    done = person(kit, "add", LOGIN, *where, "--name", NAME, "--mail", MAIL, "--role", "approver", "--password-file", file)
    kit.answers(f"{name}: add", done, 0, '"id":"')
    public = json.loads(done.text)["id"]
    kit.answers(f"{name}: a login is one person's", person(
        kit, "add", LOGIN, *where, "--name", "Other", "--role", "analyst", "--no-password"), 3, "login")
    kit.answers(f"{name}: from standard input", person(kit, "add", "two", *where, "--name", "Two", "--role", "viewer",
                                                       "--password-stdin", stdin=SECRET.encode() + b"\n"), 0, '"id":"')
    kit.answers(f"{name}: without one", person(kit, "add", "three", *where, "--name", "Three", "--role", "auditor",
                                               "--no-password"), 0, '"id":"')
    rows = listed(kit, data)
    kit.check(f"{name}: list", list(rows) == [LOGIN, "two", "three"] and rows[LOGIN] == {
        "id": public, "login": LOGIN, "role": "approver", "state": "active", "name": NAME, "mail": MAIL, "password": True} and
        not rows["three"]["password"], rows)
    kit.answers(f"{name}: for people", person(kit, "list", *where), 0, NAME, "approver", "Three (no password)")
    kit.answers(f"{name}: a password later", person(kit, "password", "three", *where, "--password-stdin", stdin=SECRET.encode()), 0)
    kit.answers(f"{name}: taken away", person(kit, "password", "two", *where, "--no-password"), 0)
    rows = listed(kit, data)
    kit.check(f"{name}: is what list says", rows["three"]["password"] and not rows["two"]["password"], rows)
    kit.answers(f"{name}: remove", person(kit, "remove", "two", *where, "--reason", "left"), 0)
    kit.answers(f"{name}: remove again", person(kit, "remove", "two", *where), 0)
    kit.check(f"{name}: is still listed", listed(kit, data)["two"]["state"] == "removed")
    kit.answers(f"{name}: nobody", person(kit, "remove", "nobody", *where), 3, 'nobody has the id or login "nobody"')
    return public


def refused(kit, data):
    where = ["--data", data, "--name", "Name"]
    before = listed(kit, data)
    for what, arguments, stdin, code, words in (
            ("no terminal and nothing named", ["x", *where, "--role", "analyst"], b"", 2, ["--password-file"]),
            ("a short password", ["x", *where, "--role", "analyst", "--password-stdin"], b"short\n", 2, ["12"]),
            ("an empty one", ["x", *where, "--role", "analyst", "--password-stdin"], b"\n", 2, ["empty"]),
            ("one without end", ["x", *where, "--role", "analyst", "--password-stdin"], b"x" * 5000, 2, ["too long"]),
            ("a login in capitals", ["X", *where, "--role", "analyst", "--no-password"], b"", 2, ["lower-case"]),
            ("an unknown role", ["x", *where, "--role", "king", "--no-password"], b"", 2, ["king", "administrator", "auditor"]),
            ("a name of two lines", ["x", "--data", data, "--name", "a\nb", "--role", "analyst", "--no-password"], b"", 2, ["line"])):
        kit.answers(what, person(kit, "add", *arguments, stdin=stdin), code, *words)
    loose = kit.folder / "loose"
    loose.write_text(SECRET, encoding="utf-8")
    loose.chmod(0o644)
    kit.answers("a file that others may read", person(kit, "add", "x", *where, "--role", "analyst", "--password-file", loose), 3, "loose")
    kit.check("nobody was added", listed(kit, data) == before)


def on_terminal(kit, data):
    """What is typed on a terminal is not shown."""
    for what, typed, code, word in (("two answers differ", f"{SECRET}\n{SECRET}!\n", 2, "differ"), ("asked twice", f"{SECRET}\n" * 2, 0, "{}")):
        leader, follower = pty.openpty()
        child = subprocess.Popen([kit.program, "admin", "person", "password", "three", "--data", data],
                                 stdin=follower, stdout=follower, stderr=follower, start_new_session=True)
        os.close(follower)
        seen = ""
        for number, line in enumerate(typed.splitlines()):
            while not seen.endswith(": ") or seen.count(": ") <= number:
                seen += os.read(leader, 1000).decode()
            os.write(leader, line.encode() + b"\n")
        try:
            while more := os.read(leader, 1000):
                seen += more.decode()
        except OSError:  # the other end is closed
            pass
        os.close(leader)
        kit.check(f"on a terminal: {what}", child.wait() == code and (code == 0 or word in seen), seen)
        kit.check(f"and it is not shown: {what}", SECRET not in seen, seen)


def sign(server, data, public, login):
    """A signature of theirs, as a row."""
    text = ("INSERT INTO signature (public, person_id, printed_name, meaning, subject, content, signed_at, zone) "
            f"SELECT 's', id, '{NAME}', 'approval', 'assessment:1', {{}}, 1, 'Z' FROM person WHERE login = '{login}'")
    if server:
        server.sql("one", text.format("'\\x00'"))
    else:
        database = sqlite3.connect(data / "tutela.db")
        database.execute(text.format("x'00'"))
        database.commit()
        database.close()


def bytes_of(server, data):
    if server:  # its files keep old rows until it has vacuumed: what a backup would have
        tables = server.sql("one", "SELECT tablename FROM pg_tables WHERE schemaname = 'public'").split()
        return "\n".join(server.sql("one", f'SELECT * FROM "{table}"') for table in tables).encode()
    return b"".join(path.read_bytes() for path in data.glob("tutela.db*"))


def erased(kit, name, data, public, server):
    sign(server, data, public, LOGIN)
    kit.check(f"{name}: before, the address is there", MAIL.encode() in bytes_of(server, data))
    kit.answers(f"{name}: erase by address", kit.run("admin", "erase", MAIL, "--data", data, "--reason", "asked for it"), 0,
                '"already":false,"values":3')
    left = bytes_of(server, data)
    kit.check(f"{name}: no byte of the address, the login", not any(word.encode() in left for word in (MAIL, LOGIN)))
    kit.check(f"{name}: the printed name stays on what was signed, and nowhere else", left.count(NAME.encode()) == 1, left.count(NAME.encode()))
    file = kit.folder / f"{name}.jsonl"
    kit.run("ledger", "export", data, "-o", file)
    text = file.read_text(encoding="utf-8")
    kit.check(f"{name}: the ledger has the erasure, and never had the person", "person.erase" in text and "asked for it" in text and
              not any(word in text for word in (MAIL, LOGIN, NAME)))
    kit.answers(f"{name}: it verifies", kit.run("ledger", "verify", data), 0, "are a chain")
    records = json.loads(kit.run("admin", "status", data).text)["ledger"]["n"]
    kit.answers(f"{name}: a second time by address", kit.run("admin", "erase", MAIL, "--data", data), 3, "nobody has this id", "after an erasure")
    kit.answers(f"{name}: a second time by id", kit.run("admin", "erase", public, "--data", data), 0, '"already":true,"values":0')
    kit.check(f"{name}: which records nothing", records == json.loads(kit.run("admin", "status", data).text)["ledger"]["n"])
    row = next(row for row in listed(kit, data).values() if row["id"] == public)
    kit.check(f"{name}: the id stays, erased", row["state"] == "erased" and "mail" not in row and "name" not in row, row)
    kit.answers(f"{name}: the doctor is content", kit.run("doctor", data), 0, "0 errors")


def with_service(kit, name, data):
    with Owner(data) as owner:
        kit.check(f"{name}: a service runs", owner.ready == "ready")
        kit.answers(f"{name}: add while it runs", person(kit, "add", "four", "--data", data, "--name", "Four", "--role", "analyst",
                                                         "--password-stdin", stdin=SECRET.encode()), 0, '"id":"')
        through = listed(kit, data)
    kit.check(f"{name}: list is the same by both ways", through == listed(kit, data) and "four" in through, through)


def main():
    kit = Kit()
    data = made(kit, "sqlite")
    public = accounts(kit, "sqlite", data)
    refused(kit, data)
    on_terminal(kit, data)
    erased(kit, "sqlite", data, public, None)
    with_service(kit, "sqlite", data)
    why = postgres.why_not()
    if why:
        kit.count += 1
        print(f"ok {kit.count} - the same on PostgreSQL # SKIP {why}")
        return kit.done()
    with postgres.Server() as server:
        data = made(kit, "postgres", "--database", server.database("one"))
        public = accounts(kit, "postgres", data)
        erased(kit, "postgres", data, public, server)
        with_service(kit, "postgres", data)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
