#!/usr/bin/env python3
"""`tutela ledger checkpoint` and what it shows to `ledger verify` and `doctor`, on both engines, with and without a service.

usage: checkpoints.py [PROGRAM]
"""
import json
import stat
import sys

from datadir import FAKETIME, Owner, clock_of, doctor, rows
from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests/support"))
import postgres  # noqa: E402


def made(kit, name, *place):
    data = kit.folder / name
    done = kit.run("admin", "init", data, *place)
    if done.returncode:
        raise SystemExit(f"Bail out! {done.complaint}")
    return data


def lines(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def vouching(kit, name, data):
    """Made, stored, carried out, and believed."""
    file, key = kit.folder / f"{name}.checkpoints", data / "keys/checkpoint.pub"
    done = kit.run("ledger", "checkpoint", data)
    kit.answers(f"{name}: a checkpoint", done, 0, "record 1 of instance", "keys/checkpoint.pub")
    kit.check(f"{name}: it is no export", "exported" not in done.text and not file.exists(), done.text)
    kit.check(f"{name}: keys are their owner's", all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (data / "keys").iterdir()))
    kit.answers(f"{name}: carried out", kit.run("ledger", "checkpoint", data, "-o", file), 0, "record 1 of instance", "exported to")
    kit.check(f"{name}: the one of that record, once", [line["n"] for line in lines(file)] == [1], file.read_text())
    kit.answers(f"{name}: and appended", kit.run("ledger", "checkpoint", data, "-o", file), 0, "record 2 of instance")
    kit.check(f"{name}: what was there stays", [line["n"] for line in lines(file)] == [1, 2], file.read_text())
    trust = ["--checkpoint", file, "--key", key]
    kit.answers(f"{name}: verify says what is proven", kit.run("ledger", "verify", data, *trust), 0, "vouch for 1 to 2")
    proven = json.loads(kit.run("ledger", "verify", data, *trust, "-f", "json").text)
    kit.check(f"{name}: also as JSON", proven["sound"] and proven["proven"] == 2, proven)
    row = rows(doctor(kit, data))["checkpoints"]
    kit.check(f"{name}: doctor knows that one left", row["state"] == "fine" and "newest left 0 days ago" in row["found"], row)
    other = made(kit, f"{name}-stranger")
    kit.run("ledger", "checkpoint", other)
    kit.answers(f"{name}: another key vouches for nothing", kit.run(
        "ledger", "verify", data, "--checkpoint", file, "--key", other / "keys/checkpoint.pub"), 1, "a key that was not given")
    return trust, file


def restored(kit, name, data, trust, *place):
    """An older database in place of the newer one."""
    old, back = kit.folder / f"{name}-old.backup", kit.folder / f"{name}-back"
    kit.run("backup", data, "-o", old)
    with Owner(data) as owner:
        for text in ("one", "two", "three"):
            owner.record(text)
    kit.run("ledger", "checkpoint", data, "-o", trust[1])
    last = lines(trust[1])[-1]["n"]
    kit.answers(f"{name}: the newer one is proven", kit.run("ledger", "verify", data, *trust), 0, f"vouch for 1 to {last}")
    kit.run("restore", old, back, *place)
    head = json.loads(kit.run("admin", "status", back).text)["ledger"]["n"]
    kit.check(f"{name}: the older one is shorter", 1 < head < last, head, last)
    kit.answers(f"{name}: and verify says what is missing", kit.run("ledger", "verify", back, *trust), 1,
                f"record {head + 1} is missing", "an older database was restored")
    with Owner(back) as owner:
        while head < last:
            head = int(owner.record("went on").split()[1])
    kit.answers(f"{name}: also when it went on", kit.run("ledger", "verify", back, *trust), 1, f"record {last} ",
                "was rewritten", "an older database was restored")
    kit.answers(f"{name}: without checkpoints nobody can tell", kit.run("ledger", "verify", back), 0, "are a chain")


def refused(kit, data, file):
    """Nothing is written into what is no file of checkpoints, and nothing is marked as exported then."""
    before = json.loads(kit.run("admin", "status", data).text)["ledger"]["n"]
    text = kit.folder / "notes.txt"
    text.write_text("notes\n", encoding="utf-8")
    kit.answers("a file of something else", kit.run("ledger", "checkpoint", data, "-o", text), 3, "notes.txt:1")
    kit.check("it stays as it was", text.read_text(encoding="utf-8") == "notes\n")
    cut = kit.path("cut.checkpoints", file.read_bytes()[:-1])
    kit.answers("a file that is cut off", kit.run("ledger", "checkpoint", data, "-o", cut), 3, "cut.checkpoints")
    kit.answers("a folder", kit.run("ledger", "checkpoint", data, "-o", kit.folder), 3, str(kit.folder))
    kit.answers("no folder of that name", kit.run("ledger", "checkpoint", data, "-o", kit.folder / "no/file"), 3, "no/file")
    kit.answers("a data folder that is none", kit.run("ledger", "checkpoint", kit.folder, "-o", kit.folder / "new"), 3, "not a data folder")
    kit.check("which leaves no file", not (kit.folder / "new").exists())
    kit.answers("no data folder", kit.run("ledger", "checkpoint"), 2, "expected one data folder")
    key = data / "keys/checkpoint.key"
    key.chmod(0o644)
    kit.answers("a key that others may read signs nothing", kit.run("ledger", "checkpoint", data, "-o", file), 3, "checkpoint.key")
    key.chmod(0o600)
    after = json.loads(kit.run("admin", "status", data).text)["ledger"]["n"]
    kit.check("nothing was recorded by all that", before == after, before, after)


def with_service(kit, name, data, trust):
    with Owner(data) as owner:
        kit.check(f"{name}: a service runs", owner.ready == "ready", owner.ready)
        owner.record("something")
        kit.answers(f"{name}: it signs", kit.run("ledger", "checkpoint", data, "-o", trust[1]), 0, "exported to")
        last = lines(trust[1])[-1]["n"]
        kit.answers(f"{name}: with the same key", kit.run("ledger", "verify", data, *trust), 0, f"vouch for 1 to {last}")
    owner = Owner(data)
    owner.child.kill()
    owner.child.wait()
    kit.answers(f"{name}: when it was killed, nothing of it holds the folder", kit.run("admin", "status", data), 0, "instance")
    owner.child.stdin.close()
    owner.child.stdout.close()


def aged(kit, data, file):
    """A ledger of ten days: doctor warns until a checkpoint leaves."""
    if not FAKETIME:
        print("# libfaketime is not installed: nothing ages")
        return
    late = clock_of("+10d")
    row = rows(doctor(kit, data, env=late))["checkpoints"]
    kit.check("doctor warns when none left for a week", row["state"] == "warning" and "10 days" in row["found"], row)
    kit.answers("one leaves", kit.run("ledger", "checkpoint", data, "-o", file, env=late), 0, "exported to")
    row = rows(doctor(kit, data, env=late))["checkpoints"]
    kit.check("and it is content", row["state"] == "fine", row)


def main():
    kit = Kit()
    data = made(kit, "sqlite")
    trust, file = vouching(kit, "sqlite", data)
    restored(kit, "sqlite", data, trust)
    refused(kit, data, file)
    with_service(kit, "sqlite", data, trust)
    aged(kit, data, file)
    why = postgres.why_not()
    if why:
        kit.count += 1
        print(f"ok {kit.count} - the same on PostgreSQL # SKIP {why}")
        return kit.done()
    with postgres.Server() as server:
        data = made(kit, "postgres", "--database", server.database("one"))
        trust, file = vouching(kit, "postgres", data)
        restored(kit, "postgres", data, trust, "--database", server.database("two"))
        with_service(kit, "postgres", data, trust)
        kit.answers("a database without a folder has no keys", kit.run("ledger", "checkpoint", server.place("one")), 2, "data folder only")
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
