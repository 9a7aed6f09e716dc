#!/usr/bin/env python3
"""Who leaves a team, or is signed out, while a slow upload of theirs is on its way has uploaded nothing.

usage: api_leaving.py [PROGRAM]

The upload is slow because the process that reads it is stopped: the service has asked who it is, and not yet written.
"""
import concurrent.futures
import os
import pathlib
import signal
import sys
import time

from kit import ROOT, Kit, component, sbom

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
SECRET = "correct horse battery staple of ann"


def children(pid):
    found = set()
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state != "Z":
            found.add(int(stat.parent.name))
    return found


def readers(service):
    """The processes that wait for an upload: each has one parent, which is the child of the service's only child."""
    found = [reader for keeper in children(service.process.pid) for zygote in children(keeper) for reader in children(zygote)]
    return set(found)


def until(what):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.02)
    return False


def held(kit, service, upload, meanwhile):
    """The answer to an upload during whose reading something else is done."""
    until(lambda: len(readers(service)) == 2)
    stopped = readers(service)
    kit.check("two readers wait", len(stopped) == 2, stopped)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            answer = pool.submit(upload)
            kit.check("one of them has the upload", until(lambda: readers(service) - stopped))
            try:
                meanwhile()
            finally:
                for pid in stopped:
                    os.kill(pid, signal.SIGCONT)
            return answer.result(120)
    finally:
        until(lambda: len(readers(service)) == 2)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", EXAMPLE, "--to", data), 0)
    kit.answers("a team", kit.run("admin", "team", "add", "one", "--data", data), 0)
    kit.answers("of the device", kit.run("admin", "team", "join", "one", "--device", DEVICE, "--data", data), 0)
    done = kit.run("admin", "user", "add", "ann", "--own-password", "--name", "Ann Example", "--role", "analyst", "--data", data,
                   stdin=SECRET.encode() + b"\n")
    kit.answers("a person", done, 0)

    def member(verb):
        kit.answers(f"ann: {verb}", kit.run("admin", "team", verb, "one", "--user", "ann", "--data", data), 0)
    member("join")
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        if not until(lambda: readers(service)):
            print("1..0 # SKIP uploads are not read in processes of their own here")
            return 0
        admin = service.client(client.add_key(kit, data, "analyst"))
        ann = service.sign_in("ann", SECRET)[1]
        release = ann.get(f"/v1/devices/{DEVICE}/releases").json["items"][0]["id"]
        path = f"/v1/releases/{release}/sbom"
        before = admin.get(path).body

        def upload(number):
            return ann.call("PUT", path, sbom(component("thing", f"{number}.0")).encode(), reason="a correction",
                            headers={"Content-Type": "application/octet-stream", "If-Match": "*"})
        unknown = ann.get("/v1/releases/" + "0" * 32)
        left = held(kit, service, lambda: upload(1), lambda: member("leave"))
        kit.check("who left the team: there is no such release", (left.status, left.problem) == (404, unknown.problem), left)
        kit.check("nothing was uploaded", admin.get(path).body == before)
        member("join")
        other = service.sign_in("ann", SECRET)[1]
        out = held(kit, service, lambda: upload(2), lambda: ann.delete("/v1/session"))
        kit.check("who was signed out: 401", out.status == 401, out)
        kit.check("nothing was uploaded by them", admin.get(path).body == before)
        ann = other
        stayed = held(kit, service, lambda: upload(3), lambda: None)
        kit.check("who stays has uploaded it", stayed.status == 200 and admin.get(path).body != before, stayed)
    return kit.done()


sys.exit(main())
