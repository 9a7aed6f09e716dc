#!/usr/bin/env python3
"""Every operation of the document as every role, on the demonstration workspace, with things that are there.

usage: role_table.py [PROGRAM]

api_roles.py asks with a parameter that there is not. Here who may not do an operation asks for it as the document has it, of things in
their sight, and is refused, whatever else is right or wrong with it; then nothing has changed. Who may do it reads, or asks for a change
with something wrong in it, and is never told that it is not theirs. What /v1/me says of each, by which the page offers what it offers,
is the table of docs/internals/access.md.
"""
import collections
import pathlib
import random
import subprocess
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import generated  # noqa: E402

ROLES = (*generated.Crowd.ROLES, "customer")
# what is of the whole service is for whoever sees everything
WHOLE = {"getMetrics", "listCheckpoints", "exportLedger"}
TEAMS = ("Pumps", "Monitors", "Cloud")


def table():
    """{role: classes} of docs/internals/access.md."""
    rows, classes = {}, []
    for line in (ROOT / "docs" / "internals" / "access.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "role":
            classes = cells[1:]
        elif line.startswith("| ") and classes:
            rows[cells[0]] = {name for name, cell in zip(classes, cells[1:]) if cell == "yes"}
    return rows


def records(data):
    """How many rows each table has."""
    world = collections.Counter()
    database = generated.sqlite3.connect(f"file:{next(data.glob('*.db'))}?mode=ro", uri=True)
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        # the service queues by the clock, too: each kind under its own name
        some = " WHERE key <> kind" if name == "job" else ""
        world[name] = database.execute(f"SELECT count(*) FROM '{name}'{some}").fetchone()[0]
    database.close()
    return world


def asked(crowd, operation, request, role):
    answer = crowd.send(operation, request, headers=crowd.person(role))
    return answer.status, answer.problem


def wrong(maker, operation):
    """A request that cannot do anything: what reads is as it should be, what changes has something wrong in it."""
    request = maker.good(operation)
    if operation.method != "GET":
        request.query.append(("nmae", "x"))
    return request


def refused(answer):
    return answer[0] == 401 or answer == (403, "forbidden")


def roles(kit, crowd, maker, data):
    allowed = table()
    for role in ROLES:
        crowd.person(role)
        for team in TEAMS:
            kit.run("admin", "team", "join", team, "--user", crowd.login, "--data", data)
    before, everything = records(data), set()
    for role in ROLES:
        told = client.Client(crowd.service, crowd.person(role)).get("/v1/me").json
        kit.check(f"{role}: /v1/me says the classes of the table", set(told["classes"]) - {"open"} == allowed[role], told["classes"])
        everything |= {role} if told["everything"] else set()
        others = [each for each in maker.operations if each.kind != "open" and each.kind not in allowed[role]]
        got = [(each.id, answer) for each in others for answer in [asked(crowd, each, maker.good(each), role)] if answer != (403, "forbidden")]
        kit.check(f"{role}: what is not theirs is refused ({len(others)} operations)", not got, got)
    after = records(data)
    kit.check("what was refused has changed nothing", before == after, {name: (before[name], after[name]) for name in after if before[name] != after[name]})
    for role in ROLES:
        own = [each for each in maker.operations if each.kind == "open" or each.kind in allowed[role]]
        got = [(each.id, answer) for each in own if "event-stream" not in str(each.row["responses"])
               for answer in [asked(crowd, each, wrong(maker, each), role)] if refused(answer) != (each.id in WHOLE and role not in everything)]
        kit.check(f"{role}: what is theirs is not ({len(own)} operations)", not got, got)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("demo"))
    made = subprocess.run([sys.executable, ROOT / "tools" / "make-demo", kit.program, data], capture_output=True, text=True, check=False)
    kit.check("the workspace is made", made.returncode == 0, made.stderr)
    with client.Service(kit, data) as service:
        crowd = generated.Crowd(service, kit, data)
        roles(kit, crowd, generated.Maker(service.document, random.Random(1), generated.World(data)), data)
        kit.check("it stops", service.stop() == 0)
        trouble = [line for line in service.lines() if line.get("status", 0) >= 500]
        kit.check("no trouble in its log", not trouble, trouble[:5])
    return kit.done()


sys.exit(main())
