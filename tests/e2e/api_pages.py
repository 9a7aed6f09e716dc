#!/usr/bin/env python3
"""Lists that the database pages: each row once in the order that is documented, also among rows of one time; filters and scope;
a total that is counted up to 10,000. With a COUNT it fills so many rows and prints how long pages take, and how many rows there are.

usage: api_pages.py [PROGRAM] [COUNT]
"""
import pathlib
import sqlite3
import sys
import time

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE, OTHER = "larkspur-ip-200", "pages-tester"
COUNTED = 10000
PATHS = ("/v1/decisions", "/v1/signals", "/v1/statements")
# rows of one time: more than a page
TIMES = 7


def fill(data, count):
    """So many decisions, signals and statements; each third of the other device, each fifth in another state."""
    with sqlite3.connect(next(data.glob("*.db"))) as store:
        devices = [store.execute("SELECT id FROM device WHERE name = ?", (name,)).fetchone()[0] for name in (DEVICE, OTHER)]
        document = store.execute("SELECT document_id FROM assessment").fetchone()[0]
        rows = [(f"{n:032x}", devices[n % 3 == 0], n * 1000000 // TIMES * TIMES, n) for n in range(1, count + 1)]
        store.executemany(
            "INSERT INTO assessment (public, device_id, name, vuln, status, risk, harm, document_id, state, author, version, created) "
            "VALUES (?, ?, ?, 'CVE-2026-0001', 'affected', 'controlled', 1, ?, ?, 'local', 1, ?)",
            [(f"d{public[1:]}", device, f"{n}.yaml", document, "rejected" if n % 5 == 0 else "proposed", at) for public, device, at, n in rows])
        store.executemany(
            "INSERT INTO signal (public, source, kind, title, device_id, state, received, learned, acknowledge_by, version)"
            " VALUES (?, 'mail', 'other', 'x', ?, ?, ?, 1, 1, 1)",
            [(f"5{public[1:]}", None if n % 4 == 1 else device, "rejected" if n % 5 == 0 else "received", at) for public, device, at, n in rows])
        first = store.execute("SELECT COALESCE(MAX(id), 0) FROM statement").fetchone()[0]
        store.executemany(
            "INSERT INTO statement (id, public, device_id, release, vulns, tlp, revision, version, created, serial) VALUES (?, ?, ?, '', '', 'WHITE', 1, 1, ?, ?)",
            [(first + n, f"e{public[1:]}", device, at, first + n) for public, device, at, n in rows])
        store.executemany(
            "INSERT INTO statement_revision (statement_id, n, state, digest, basis, summary, author, created) VALUES (?, 1, ?, zeroblob(32), zeroblob(32), '', 'local', ?)",
            [(first + n, "published" if n % 5 == 0 else "draft", at) for public, device, at, n in rows])


def time_of(row):
    return row.get("created") or row["received"]


def walk(kit, reader, path, state, own):
    """All pages: each once, the newest first, in pages of any size; those of a state; those of a team."""
    rows = reader.pages(path, limit=1000)
    ids = [row["id"] for row in rows]
    kit.check(f"{path}: each once, the newest first", len(ids) == len(set(ids)) and
              [(time_of(row), row["id"]) for row in rows] == sorted(((time_of(row), row["id"]) for row in rows), reverse=True), len(ids))
    some = reader.get(path, limit=333)
    more = reader.get(path, limit=333, cursor=some.json["next"])
    kit.check(f"{path}: the next page goes on where the last ended", [row["id"] for row in some.json["items"] + more.json["items"]] == ids[:666])
    kit.check(f"{path}: the total is counted up to a bound", some.json["total"] == {"count": COUNTED, "exact": False} and len(ids) > COUNTED,
              some.json["total"])
    few = reader.get(path, state=state, limit=1)
    kit.check(f"{path}: of a state", few.json["total"]["exact"] and few.json["total"]["count"] ==
              len([row for row in rows if row["state"] == state]) == len(reader.pages(path, state=state, limit=1000)), few.json["total"])
    mine = own.pages(path, limit=700)
    kit.check(f"{path}: a team has its own", [row["id"] for row in mine] == [row["id"] for row in rows if row["device"] == OTHER] and
              own.get(path, limit=1).json["total"] == {"count": len(mine), "exact": True}, len(mine))
    wrong = reader.get(path, cursor="nonsense")
    kit.check(f"{path}: a cursor of no page", wrong.status == 422 and "cursor" in wrong.json["detail"], wrong)


def measure(reader, count):
    for path in PATHS + ("/v1/cases", "/v1/devices"):
        took = []
        for _ in range(9):
            begun = time.perf_counter()
            reader.get(path, limit=50)
            took.append(time.perf_counter() - begun)
        print(f"# {count} rows: {path} {sorted(took)[4] * 1000:.1f} ms")


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", EXAMPLE, "--to", data), 0)
    kit.answers("a team", kit.run("admin", "team", "add", "own", "--data", data), 0)
    with client.Service(kit, data) as service:
        writer = service.client(client.add_key(kit, data, "analyst"))
        made = writer.post("/v1/devices", "family: Pages Tester\nmanufacturer: {name: Acme}\nreleases:\n- {version: '1.0'}\n",
                           {"Content-Type": "application/yaml"})
        kit.check("another device", made.status == 201, made)
        if count:
            measure(writer, 0)
    kit.answers("of the team", kit.run("admin", "team", "join", "own", "--device", OTHER, "--data", data), 0)
    fill(data, count or COUNTED + 1500)
    with client.Service(kit, data, log="again.log") as service:
        reader = service.client(client.add_key(kit, data))
        own = service.client(client.add_key(kit, data, team="own"))
        if count:
            measure(reader, count)
            return kit.done()
        for path, state in zip(PATHS, ("rejected", "rejected", "published")):
            walk(kit, reader, path, state, own)
    return kit.done()


sys.exit(main())
