#!/usr/bin/env python3
"""`tutela proposals`, `approve` and `reject` as people call them, on SQLite and PostgreSQL, with and without a service.

usage: approve.py [PROGRAM]
"""
import hashlib
import json
import sys

from kit import Kit
from portfolio import DEVICE, Place, edit, owned, postgres

SECRETS = {login: f"correct horse battery {login}" for login in ("ann", "ben", "cid", "dan")}
CURL, WPA, AWK, PIPE = "curl-socks", "wpa-p2p", "busybox-awk", "kernel-dirty-pipe"


class World:
    """A store with four people and the example's device, whose policy asks for two approvals."""

    def __init__(self, kit, engine, server, name):
        self.kit, self.engine = kit, engine
        self.place = Place(kit, engine, server, name)
        self.data = str(kit.folder / f"{name}-{engine}-data")
        for login, secret in SECRETS.items():
            role = "analyst" if login == "dan" else "approver"
            done = kit.run("admin", "user", "add", login, "--own-password", "--name", login.capitalize() + " Example", "--role", role,
                           "--data", self.data, stdin=secret.encode() + b"\n")
            if done.returncode:
                raise SystemExit(f"Bail out! {done.complaint}")
        self.folder = self.place.folder()
        edit(self.folder / "device.yaml", "policy:\n", "policy:\n  approvals: 2\n")

    def decide(self, what, login, decision, *arguments, secret=None):
        secret = SECRETS[login] if secret is None else secret
        return self.kit.run(what, DEVICE, decision, "--in", self.data, "--by", login, *arguments, stdin=secret.encode() + b"\n")

    def waiting(self):
        done = self.kit.run("proposals", "--in", self.data, "-f", "json")
        return {row["decision"].removesuffix(".yaml"): row for row in json.loads(done.text)["proposals"]}

    def records(self):
        return json.loads(self.kit.run("admin", "status", self.data).text)["ledger"]["n"]

    def answers(self, name, done, code, *words):
        self.kit.answers(f"{self.engine}: {name}", done, code, *words)

    def check(self, name, fine, *seen):
        self.kit.check(f"{self.engine}: {name}", fine, *seen)

    def refused(self, name, done, code, *words):
        """And nothing is approved by it."""
        before = self.waiting()
        self.answers(name, done, code, *words)
        self.check(f"{name}: nothing changed", self.waiting() == before)


def two_persons(w):
    w.answers("push by a login", w.place.push(w.folder, "--by", "ann"), 0, "decisions proposed")
    waiting = w.waiting()
    row = waiting[CURL]
    users = json.loads(w.kit.run("admin", "user", "list", "--data", w.data, "-f", "json").text)["users"]
    ann = next(user["id"] for user in users if user["login"] == "ann")
    w.check("the author is the person", row["author"] == ann and row["author_name"] == "Ann Example", row)
    w.check("two approvals are missing", (row["approvals"], row["needed"]) == (0, 2), row)
    w.refused("own work", w.decide("approve", "ann", CURL), 1, "own work")
    w.refused("a wrong password", w.decide("approve", "ben", CURL, secret="correct horse battery"), 1, "are wrong")
    w.refused("an empty password", w.decide("approve", "ben", CURL, secret=""), 1, "empty")
    w.refused("an analyst", w.decide("approve", "dan", CURL), 1, "the role does not allow this")
    text = (w.folder / f"decisions/{CURL}.yaml").read_bytes()
    w.answers("the first of two", w.decide("approve", "ben", CURL), 0, "still proposed: 1 of 2 approvals", "Ben Example",
              hashlib.sha256(text).hexdigest(), "rationale", "author    Ann Example", "approval")
    w.answers("is listed so", w.kit.run("proposals", DEVICE, "--in", w.data), 0, f"1 of 2  {DEVICE}  {CURL}.yaml", "by Ann Example")
    w.check("it waits on", w.waiting()[CURL]["approvals"] == 1)
    w.refused("the same person again", w.decide("approve", "ben", CURL), 1, "has signed the same content")
    w.answers("the second of two", w.decide("approve", "cid", f"{CURL}.yaml"), 0, "approved: applies to", "Cid Example")
    w.check("it waits no more", CURL not in w.waiting())
    w.refused("once more", w.decide("approve", "cid", CURL), 1, "is approved, not proposed")


def rejected(w):
    w.refused("without a reason", w.decide("reject", "ben", WPA), 2, "--reason")
    w.refused("a blank reason", w.decide("reject", "ben", WPA, "--reason", " "), 1, "for a reason")
    w.answers("rejected", w.decide("reject", "dan", WPA, "--reason", "The range is wrong."), 0, "rejected")
    w.check("it does not stand", WPA not in w.waiting())
    w.refused("cannot be approved", w.decide("approve", "ben", WPA), 3, "is proposed")
    w.refused("no such decision", w.decide("approve", "ben", "none"), 3, "none")
    w.refused("no such device", w.kit.run("approve", "none", CURL, "--in", w.data, "--by", "ben"), 3, "none")


def stale(w):
    """What was approved is of one text: another one begins again."""
    w.answers("one approval", w.decide("approve", "ben", AWK), 0, "1 of 2")
    path = w.folder / f"decisions/{AWK}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# another text\n", encoding="utf-8")
    w.answers("another text is pushed", w.place.push(w.folder, "--by", "ann"), 0, "1 decisions proposed")
    w.answers("what was rejected is not proposed again", w.place.push(w.folder), 0, "0 decisions", f"{WPA}.yaml: it was rejected")
    w.check("which nobody has approved", w.waiting()[AWK]["approvals"] == 0)


def keys(w):
    """The key of a person is that person."""
    made = w.kit.run("admin", "key", "add", "build", "--right", "push", "--user", "ann", "--data", w.data)
    key = made.text.split()[1]
    path = w.folder / f"decisions/{PIPE}.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# by the build\n", encoding="utf-8")
    w.answers("push by a key", w.place.push(w.folder, "--by", key), 0, "1 decisions proposed")
    w.check("whose person is the author", (w.waiting()[PIPE]["author"], w.waiting()[PIPE]["author_name"]) == (key, "Ann Example"))
    w.refused("a key's own work", w.decide("approve", "ann", PIPE), 1, "own work")
    w.refused("a key signs nothing", w.kit.run("approve", DEVICE, PIPE, "--in", w.data, "--by", key, stdin=b"x\n"), 1, "are wrong")
    w.answers("revoke it", w.kit.run("admin", "key", "revoke", key, "--data", w.data), 0)
    w.answers("it pushes no more", w.place.push(w.folder, "--by", key), 1, "may not act any more")


def with_service(w):
    with owned(w.data):
        w.answers("through a service", w.decide("approve", "ben", PIPE), 0, "1 of 2")
        w.check("the list, too", w.waiting()[PIPE]["approvals"] == 1)
        w.answers("approved through a service", w.decide("approve", "cid", PIPE), 0, "approved: applies to")


def disabled(w):
    w.answers("disable", w.kit.run("admin", "user", "disable", "cid", "--data", w.data), 0)
    w.refused("who is disabled", w.decide("approve", "cid", AWK), 1, "are wrong")
    w.answers("pushes no more", w.place.push(w.folder, "--by", "cid"), 1, "may not act any more")
    w.answers("the ledger verifies", w.kit.run("ledger", "verify", w.data), 0, "are a chain")


def run(kit, engine, server):
    w = World(kit, engine, server, "approve")
    for part in (two_persons, rejected, stale, keys, with_service, disabled):
        part(w)


def main():
    kit = Kit()
    run(kit, "sqlite", None)
    why = postgres.why_not()
    if why:
        kit.count += 1
        print(f"ok {kit.count} - the same on PostgreSQL # SKIP {why}")
        return kit.done()
    with postgres.Server() as server:
        run(kit, "postgres", server)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
