#!/usr/bin/env python3
"""`tutela admin user`, `team`, `key` and `erase`, on both engines, with and without a service.

usage: persons.py [PROGRAM]
"""
import json
import os
import pty
import re
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


def user(kit, *arguments, **more):
    return kit.run("admin", "user", *arguments, **more)


def listed(kit, data):
    return {row["login"]: row for row in json.loads(user(kit, "list", "--data", data, "-f", "json").text)["users"]}


def accounts(kit, name, data):
    file = kit.folder / f"{name}.password"
    file.write_text(SECRET + "\nnot this\n", encoding="utf-8")
    file.chmod(0o600)
    where = ["--data", data]
    done = user(kit, "add", LOGIN, *where, "--name", NAME, "--mail", MAIL, "--role", "approver", "--password-file", file)
    kit.answers(f"{name}: add", done, 0, '"id":"')
    public = json.loads(done.text)["id"]
    kit.answers(f"{name}: a login is one person's", user(
        kit, "add", LOGIN, *where, "--name", "Other", "--role", "analyst", "--no-password"), 3, f'"{LOGIN}" is taken')
    kit.answers(f"{name}: from standard input", user(kit, "add", "two", *where, "--name", "Two", "--role", "viewer",
                                                       stdin=SECRET.encode() + b"\n"), 0, '"id":"')
    kit.answers(f"{name}: without one", user(kit, "add", "three", *where, "--name", "Three", "--role", "auditor",
                                               "--no-password"), 0, '"id":"')
    rows = listed(kit, data)
    kit.check(f"{name}: list", list(rows) == [LOGIN, "two", "three"] and rows[LOGIN] == {
        "id": public, "login": LOGIN, "role": "approver", "state": "active", "name": NAME, "mail": MAIL, "password": True} and
        not rows["three"]["password"], rows)
    kit.answers(f"{name}: for people", user(kit, "list", *where), 0, NAME, "approver", "Three (no password)")
    kit.answers(f"{name}: a password later", user(kit, "password", "three", *where, stdin=SECRET.encode()), 0)
    kit.answers(f"{name}: taken away", user(kit, "password", "two", *where, "--no-password"), 0)
    rows = listed(kit, data)
    kit.check(f"{name}: is what list says", rows["three"]["password"] and not rows["two"]["password"], rows)
    kit.answers(f"{name}: disable", user(kit, "disable", "two", *where, "--reason", "left"), 0)
    kit.answers(f"{name}: disable again", user(kit, "disable", "two", *where), 0)
    kit.check(f"{name}: is still listed", listed(kit, data)["two"]["state"] == "removed")
    kit.answers(f"{name}: nobody", user(kit, "disable", "nobody", *where), 3, 'nobody has the id or login "nobody"')
    return public


def refused(kit, data):
    where = ["--data", data, "--name", "Name"]
    before = listed(kit, data)
    for what, arguments, stdin, code, words in (
            ("a short password", ["x", *where, "--role", "analyst"], b"short\n", 2, ["15"]),
            ("an empty one", ["x", *where, "--role", "analyst"], b"\n", 2, ["empty"]),
            ("one without end", ["x", *where, "--role", "analyst"], b"x" * 5000, 2, ["too long"]),
            ("the name of nobody", ["local", *where, "--role", "analyst", "--no-password"], b"", 2, ['nor "local"']),
            ("a login in capitals", ["X", *where, "--role", "analyst", "--no-password"], b"", 2, ["lower-case"]),
            ("an unknown role", ["x", *where, "--role", "king", "--no-password"], b"", 2, ["king", "administrator", "auditor"]),
            ("a name of two lines", ["x", "--data", data, "--name", "a\nb", "--role", "analyst", "--no-password"], b"", 2, ["line"])):
        kit.answers(what, user(kit, "add", *arguments, stdin=stdin), code, *words)
    loose = kit.folder / "loose"
    loose.write_text(SECRET, encoding="utf-8")
    loose.chmod(0o644)
    kit.answers("a file that others may read", user(kit, "add", "x", *where, "--role", "analyst", "--password-file", loose), 3, "loose")
    kit.check("nobody was added", listed(kit, data) == before)


def teams(kit, name, data):
    where = ["--data", data]

    def team(*arguments):
        return kit.run("admin", "team", *arguments, *where)

    def members():
        rows = json.loads(kit.run("admin", "team", "list", *where, "-f", "json").text)["teams"]
        return {row["name"]: row["members"] for row in rows}

    kit.answers(f"{name}: a team", team("add", "Pumps"), 0, '"id":"')
    kit.answers(f"{name}: its name is taken", team("add", "Pumps"), 3, "team")
    kit.answers(f"{name}: another", team("add", "Monitors"), 0, '"id":"')
    kit.answers(f"{name}: join", team("join", "Pumps", "--user", "three"), 0)
    kit.answers(f"{name}: join again", team("join", "Pumps", "--user", "three"), 0)
    kit.check(f"{name}: is listed once", members() == {"Monitors": [], "Pumps": [{"user": "three"}]}, members())
    kit.answers(f"{name}: for people", team("list"), 0, "Monitors", "user    three")
    kit.answers(f"{name}: rename", team("rename", "Pumps", "All pumps"), 0)
    kit.answers(f"{name}: to a name that is taken", team("rename", "All pumps", "Monitors"), 3, "team")
    kit.answers(f"{name}: leave", team("leave", "All pumps", "--user", "three"), 0)
    kit.check(f"{name}: has left", members() == {"Monitors": [], "All pumps": []}, members())
    for what, arguments, code, word in (
            ("no such team", ["join", "Pumps", "--user", "three"], 3, 'no team has the id or name "Pumps"'),
            ("no such user", ["join", "Monitors", "--user", "nobody"], 3, 'nobody has the id or login "nobody"'),
            ("no such device", ["join", "Monitors", "--device", "none"], 3, 'there is no device "none"'),
            ("who is disabled joins nothing", ["join", "Monitors", "--user", "two"], 2, "not active"),
            ("neither user nor device", ["join", "Monitors"], 2, "--user or --device"),
            ("both", ["leave", "Monitors", "--user", "three", "--device", "x"], 2, "one of the two"),
            ("a name with a space at its end", ["add", "x "], 2, "without spaces at its ends")):
        kit.answers(f"{name}: {what}", team(*arguments), code, word)
    kit.check(f"{name}: which changes nothing", members() == {"Monitors": [], "All pumps": []}, members())


def keys(kit, name, data, server):
    where = ["--data", data]

    def key(*arguments):
        return kit.run("admin", "key", *arguments, *where)

    def listed_keys():
        return json.loads(kit.run("admin", "key", "list", *where, "-f", "json").text)["keys"]

    done = key("add", "The build", "--role", "analyst")
    kit.answers(f"{name}: a key", done, 0, "all devices", "not shown again")
    secret = done.text.splitlines()[-1]
    kit.check(f"{name}: is alone on the last line", re.fullmatch("tut_[0-9a-f]{65}", secret) is not None, done.text)
    kit.check(f"{name}: and nowhere in the database", secret.encode() not in bytes_of(server, data))
    kit.answers(f"{name}: of a user", key("add", "Laptop", "--right", "read", "--user", "three", "--days", "1"), 0, "three")
    kit.answers(f"{name}: of a team", key("add", "Scanner", "--right", "push", "--team", "Monitors"), 0, "Monitors")
    kit.answers(f"{name}: an approver's signs nothing", key("add", "x", "--role", "approver"), 0)
    rows = {row["label"]: row for row in listed_keys()}
    kit.check(f"{name}: rights", {label: row["scope"] for label, row in rows.items()} == {
        "The build": "read push everything", "Laptop": "read", "Scanner": "push", "x": "read push everything"}, rows)
    kit.check(f"{name}: whose", rows["Laptop"]["user"] == "three" and rows["Scanner"]["team"] == "Monitors", rows)
    kit.check(f"{name}: all expire, none is revoked", all("expires" in row and "revoked" not in row for row in rows.values()), rows)
    kit.answers(f"{name}: revoke", key("revoke", rows["x"]["id"]), 0)
    kit.check(f"{name}: is revoked", "revoked" in {row["label"]: row for row in listed_keys()}["x"])
    kit.answers(f"{name}: for people", key("list"), 0, "revoked", "until", "machine", "user three", "team Monitors")
    before = listed_keys()
    for what, arguments, code, word in (
            ("without rights", ["add", "y"], 2, "--role or --right"),
            ("an unknown right", ["add", "y", "--right", "sign"], 2, "sign"),
            ("a customer's", ["add", "y", "--role", "customer"], 2, "is a user's"),
            ("that never expires", ["add", "y", "--role", "viewer", "--days", "0"], 2, "--days"),
            ("of nobody", ["add", "y", "--role", "viewer", "--user", "nobody"], 3, "nobody has the id or login"),
            ("of who is disabled", ["add", "y", "--role", "viewer", "--user", "two"], 2, "not active"),
            ("of a user and a team", ["add", "y", "--role", "viewer", "--user", "three", "--team", "Monitors"], 2, "one of the two"),
            ("of two lines", ["add", "a\nb", "--role", "viewer"], 2, "one line"),
            ("no such id", ["revoke", "0" * 32], 3, "no key has the id")):
        kit.answers(f"{name}: a key {what}", key(*arguments), code, word)
    kit.check(f"{name}: nothing was made", listed_keys() == before)


def on_terminal(kit, data):
    """What is typed on a terminal is not shown."""
    for what, typed, code, word in (("two answers differ", f"{SECRET}\n{SECRET}!\n", 2, "differ"), ("asked twice", f"{SECRET}\n" * 2, 0, "{}")):
        leader, follower = pty.openpty()
        child = subprocess.Popen([kit.program, "admin", "user", "password", "three", "--data", data],
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
        kit.answers(f"{name}: add while it runs", user(kit, "add", "four", "--data", data, "--name", "Four", "--role", "analyst",
                                                         stdin=SECRET.encode()), 0, '"id":"')
        kit.answers(f"{name}: a team while it runs", kit.run("admin", "team", "add", "Late", "--data", data), 0, '"id":"')
        kit.answers(f"{name}: a key while it runs", kit.run("admin", "key", "add", "Late", "--role", "viewer", "--data", data), 0, "tut_")
        through = listed(kit, data)
    kit.check(f"{name}: list is the same by both ways", through == listed(kit, data) and "four" in through, through)


def main():
    kit = Kit()
    data = made(kit, "sqlite")
    public = accounts(kit, "sqlite", data)
    teams(kit, "sqlite", data)
    keys(kit, "sqlite", data, None)
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
        teams(kit, "postgres", data)
        keys(kit, "postgres", data, server)
        erased(kit, "postgres", data, public, server)
        with_service(kit, "postgres", data)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
