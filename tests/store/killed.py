#!/usr/bin/env python3
"""Processes that write, work and send are killed at random moments, and so is PostgreSQL; the clock steps back, and somebody else locks
the database. Prints TAP.

usage: killed.py [PROGRAM]    (TUTELA_BUILD: the build folder; TUTELA_LONG: 1,000 rounds an engine instead of 60, under sanitizers 200)

After each round: every write that was acknowledged is there, with its record in an unbroken ledger; every job that was
acknowledged has its effect, and none a second time. At the end all that is left is worked off: each job is done, each
message delivered, none without its write.
"""
import contextlib
import os
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True
import postgres  # noqa: E402
from tap import Tap  # noqa: E402

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
DRIVER = BUILD / "tests/drivers/store_driver"
SANITIZED = any(key.endswith("SAN_OPTIONS") for key in os.environ)
# The thousand are for the moment of the kill; what a sanitizer looks for is the same in each, and takes several times as long.
ROUNDS = (200 if SANITIZED else 1000) if os.environ.get("TUTELA_LONG") else int(os.environ.get("TUTELA_ROUNDS", "60"))
SOME = max(ROUNDS // 5, 10)
SEED = 20261129
FAKETIME = next((path for path in pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)


class Load:
    """What one process said before it died."""

    def __init__(self, place, name, mode="load", env=None):
        self.child = subprocess.Popen([DRIVER, mode, place, "8", name], stdout=subprocess.PIPE, text=True, env=env)
        self.said = []

    def wait(self):
        """Until its store is open: before that nothing is written that could be lost."""
        self.child.stdout.readline()

    def wait_for(self, word, count):
        """Until it has said so that many times."""
        for line in self.child.stdout:
            self.said.append(line.rstrip("\n"))
            count -= line.startswith(f"{word} ")
            if not count:
                break

    def end(self):
        self.child.kill()
        said, _ = self.child.communicate()
        return [line.split() for line in self.said + said.split("\n")[:-1]]


class Account:
    """What was acknowledged so far."""

    def __init__(self):
        self.acknowledged, self.done, self.sent, self.wrong = set(), set(), {}, []

    def hear(self, lines):
        for word, *rest in lines:
            if word == "ready":
                continue
            if word == "ack":
                self.acknowledged.add(rest[0])
            elif word == "done":
                if rest[0] in self.done:
                    self.wrong.append(f"{rest[0]} was done twice")
                self.done.add(rest[0])
            elif word == "sent":
                if self.sent.setdefault(rest[1], rest[0]) != rest[0]:
                    self.wrong.append(f"the message of {rest[1]} came with two ids")
            else:
                self.wrong.append(" ".join([word, *rest]))

    def check(self, place):
        run = subprocess.run([DRIVER, "check", place], capture_output=True, text=True, check=False)
        if run.returncode:
            self.wrong.append(run.stderr.strip())
            return {}
        lines = [line.split() for line in run.stdout.splitlines()]
        have = {line[1] for line in lines if line[0] == "have"}
        effects = {name.removeprefix("done:") for name in have if name.startswith("done:")}
        writes = have - {f"done:{name}" for name in effects}
        for name, missing in (("write", self.acknowledged - writes), ("job", self.done - effects),
                              ("write of a message", set(self.sent) - writes),
                              ("record", set(range(len(writes) - int(lines[0][1]))))):
            if missing:
                self.wrong.append(f"{len(missing)} acknowledged are lost: {name} {sorted(missing)[0]}")
        return {f"{line[0]} {line[1]}": int(line[2]) for line in lines if line[0] in ("job", "message")}


def rounds(place, count, processes, between=lambda number: None, env=lambda number: None):
    """The account of some processes that were put under load and killed, again and again."""
    chance = random.Random(SEED)
    account = Account()
    for number in range(count):
        loads = [Load(place, f"p{number}x{i}", env=env(number)) for i in range(processes)]
        for load in loads:
            load.wait()
        if number // 2 % 2: # else at any moment; on a slow machine that is mostly before the first write
            loads[0].wait_for("ack", chance.randrange(6, 12))
        time.sleep(chance.uniform(0.02, 0.2))
        between(number)
        for load in loads:
            account.hear(load.end())
        if number % 10 == 9 or count < 30:
            account.check(place)
        if account.wrong:
            break
    return account


# What is not settled yet.
OPEN = ("job queued", "job running", "message waiting")


def work_off(place, account):
    """Let what is left be done, as long as it becomes less; how many of each state there are then."""
    least, idle = None, 0
    while idle < 20:
        load = Load(place, f"end{time.monotonic_ns()}", "work")
        load.wait()
        time.sleep(1)
        account.hear(load.end())
        counts = account.check(place)
        left = sum(counts.get(name, 0) for name in OPEN)
        if account.wrong or not left:
            break
        idle = 0 if least is None or left < least else idle + 1
        least = left if least is None else min(left, least)
    return counts


def report(tap, name, account, counts):
    for what, count in counts.items():
        if what not in ("job done", "message delivered"):
            account.wrong.append(f"{what}: {count}")
    figures = f"{len(account.acknowledged)} writes, {counts.get('job done')} jobs, {counts.get('message delivered')} messages"
    tap.line(f"{name}: {figures}, none lost, none twice", not account.wrong and len(account.acknowledged) > 20,
             "\n".join(account.wrong[:5]))



def migrate(place):
    subprocess.run([DRIVER, "migrate", place], check=True)
    return place


def on_sqlite(tap):
    with tempfile.TemporaryDirectory() as folder:
        place = migrate(f"{folder}/tutela.db")
        account = rounds(place, ROUNDS, 1)
        report(tap, f"SQLite, killed {ROUNDS} times", account, work_off(place, account) if not account.wrong else {})
        clock_back(tap, "SQLite", migrate(f"{folder}/clock.db"))
        locked(tap, migrate(f"{folder}/locked.db"))


def clock_back(tap, engine, place):
    """Every other process lives three hours before the others, whose leases seem to last that long to it."""
    if not FAKETIME:
        tap.skip(f"{engine}, the clock steps back", "libfaketime is not installed")
        return
    before = {**os.environ, "LD_PRELOAD": str(FAKETIME), "FAKETIME": "-3h", "FAKETIME_DONT_RESET": "1"}
    if SANITIZED:
        before["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    account = rounds(place, SOME, 1, env=lambda number: before if number % 2 else None)
    report(tap, f"{engine}, killed {SOME} times, the clock steps back", account, work_off(place, account) if not account.wrong else {})


def locked(tap, place):
    """Somebody else's program has the file for itself now and then: writers wait, nothing is lost."""
    load, account = Load(place, "locked"), Account()
    load.wait()
    for _ in range(10):
        with contextlib.closing(sqlite3.connect(place, timeout=60, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            time.sleep(0.1)
            other.execute("ROLLBACK")
        load.wait_for("ack", 10)
    account.hear(load.end())
    report(tap, "SQLite, locked by another program 10 times", account, work_off(place, account))


def one_of_three(tap, server):
    """One process writes and is killed; the two that work go on and finish what it has begun."""
    place = migrate(server.database("one"))
    account = Account()
    loads = [Load(place, "writes"), Load(place, "works1", "work"), Load(place, "works2", "work")]
    for load in loads:
        load.wait()
    loads[0].wait_for("ack", 100)
    account.hear(loads[0].end())
    for _ in range(100):
        counts = account.check(place)
        if account.wrong or not any(counts.get(name) for name in OPEN):
            break
        time.sleep(0.2)
    for load in loads[1:]:
        account.hear(load.end())
    report(tap, "PostgreSQL, one of three processes killed", account, counts)


def on_postgres(tap):
    with postgres.Server(fsync=True) as server:
        place = migrate(server.database("killed"))
        account = rounds(place, ROUNDS, 1)
        report(tap, f"PostgreSQL, client killed {ROUNDS} times", account,
               work_off(place, account) if not account.wrong else {})

        clock_back(tap, "PostgreSQL", migrate(server.database("clock")))
        one_of_three(tap, server)
        place = migrate(server.database("three"))

        def restart(number):
            if number % 2:
                server.stop("immediate")
                server.start()
                time.sleep(0.1)

        count = max(ROUNDS // 10, 10)
        account = rounds(place, count, 3, restart)
        report(tap, f"PostgreSQL, three processes, server stopped at once {count // 2} times", account,
               work_off(place, account) if not account.wrong else {})


def main():
    tap = Tap()
    on_sqlite(tap)
    why = postgres.why_not()
    if why:
        tap.skip("the same on PostgreSQL", why)
    else:
        on_postgres(tap)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
