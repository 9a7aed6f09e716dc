#!/usr/bin/env python3
"""Every operation of the document as everybody: nobody, keys and persons of every role, forged keys and cookies.

usage: api_roles.py [PROGRAM]

Each is asked with a parameter that there is not: who may do the operation hears that (422), who may not hears so (403), who is nobody
hears that (401), and nothing is done. The table of roles is docs/internals/access.md.
"""
import pathlib
import random
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import generated  # noqa: E402

NOBODYS = {
    "nobody": {},
    "a key that nobody has": {"Authorization": "Bearer tut_" + "0" * 65},
    "a key of another form": {"Authorization": "Bearer tut_x"},
    "a token of another service": {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."},
    "another scheme": {"Authorization": "Basic YWRtaW46YWRtaW4="},
    "a cookie that nobody has": {"Cookie": "tutela=" + "A" * 43, "X-CSRF-Token": "A" * 43},
    "a cookie that is none": {"Cookie": "tutela=admin; role=administrator"},
    "names in headers": {"X-Remote-User": "admin", "X-Forwarded-User": "admin", "Remote-User": "admin"},
}


def table():
    """{(column, class)} of docs/internals/access.md: what roles and rights of keys may do."""
    allowed, classes = set(), []
    for line in (ROOT / "docs" / "internals" / "access.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "role":
            classes = cells[1:]
        elif line.startswith("| ") and classes:
            allowed |= {(cells[0], name) for name, cell in zip(classes, cells[1:]) if cell == "yes"}
    return allowed


def key_may(allowed, role, kind):
    """A machine's key has the rights of what a program of the role does, and nothing else of the role."""
    rights = ["right of a key: read"] + (["right of a key: push"] if role in ("analyst", "approver") else [])
    return any((right, kind) in allowed for right in rights)


def asked(crowd, maker, operation, headers):
    """(status, problem) of an operation with a parameter that there is not."""
    request = maker.good(operation)
    request.query.append(("nmae", "x"))
    answer = crowd.send(operation, request, headers=headers)
    return answer.status, answer.problem


def expected(operation, may, by_key):
    if operation.row.get("x-any-query"):
        return {(404, "not-found")}  # no parameter is unknown to it; nothing is configured
    if operation.kind == "open":
        return {(422, "invalid")}
    if not may:
        return {(403, "forbidden")}
    if by_key and operation.row.get("x-person"):
        return {(403, "needs-person")}
    return {(422, "invalid")}


def nobodys(operation, headers):
    """What is for this machine is open to whoever says nothing of who they are."""
    open_here = operation.row.get("x-local") and not {"Authorization", "Cookie"} & set(headers)
    return (422, "invalid") if open_here else (401, "unauthenticated")


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    allowed = table()
    kit.check("the table of roles", {("viewer", "read"), ("approver", "approve")} <= allowed and ("auditor", "write") not in allowed)
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    with client.Service(kit, data) as service:
        crowd = generated.Crowd(service, kit, data)
        maker = generated.Maker(service.document, random.Random(1), generated.World(data))
        for name, headers in NOBODYS.items():
            wrong = [(each.id, got) for each in maker.operations if each.kind != "open"
                     for got in [asked(crowd, maker, each, headers)] if got != nobodys(each, headers)]
            kit.check(f"{name} may nothing", not wrong, wrong)
        for role in crowd.ROLES:
            wrong = [(each.id, got) for each in maker.operations for got in [asked(crowd, maker, each, crowd.key(role))]
                     if got not in expected(each, key_may(allowed, role, each.kind), True)]
            kit.check(f"a key of a {role} may what the table says", not wrong, wrong)
        for role in (*crowd.ROLES, "customer") if crowd.people else ():
            wrong = [(each.id, got) for each in maker.operations for got in [asked(crowd, maker, each, crowd.person(role))]
                     if got not in expected(each, (role, each.kind) in allowed, False)]
            kit.check(f"a person who is {role} may what the table says", not wrong, wrong)
            bare = {"Cookie": crowd.person(role)["Cookie"]}
            wrong = [(each.id, got) for each in maker.operations if each.kind != "open" and each.method != "GET"
                     for got in [asked(crowd, maker, each, bare)] if got != (403, "csrf")]
            kit.check(f"a person who is {role} changes nothing without the session's token", not wrong, wrong)
        kit.check("it stops", service.stop() == 0)
        trouble = [line for line in service.lines() if line.get("status", 0) >= 500]
        kit.check("no trouble in its log", not trouble, trouble[:5])
    return kit.done()


sys.exit(main())
