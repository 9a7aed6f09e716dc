#!/usr/bin/env python3
"""Intelligence over the API: sources, a sync of real feeds from a local server, imports. Prints TAP.

usage: api_intelligence.py [PROGRAM]
"""
import json
import os
import re
import shutil
import sys
import time

import feed_server as fs
from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

KEV, NVD = "/kev.json", "/nvd"
PATIENCE = 60
BYTES = {"Content-Type": "application/octet-stream"}


class Scene:
    """A data folder whose feeds.conf leads to a server of this test alone."""

    def __init__(self, kit):
        self.kit, self.data = kit, kit.folder / "data"
        certificates = fs.make_certificates(kit.folder / "certificates")
        self.world = fs.World(certificates)
        self.world.files.update({NVD: fs.nvd_pages([fs.nvd_record(n) for n in range(1, 4)]), KEV: fs.kev("CVE-2024-1001")})
        kit.answers("a folder", kit.run("admin", "init", self.data), 0)
        built_in = re.findall(r"^[a-z0-9-]+", kit.run("kb", "sync", "--list").text, re.M)
        off = "".join(f"[{name}]\nenabled = no\n" for name in built_in if name not in ("nvd", "kev"))
        path = self.data / "feeds.conf"
        path.write_text(
            f"ca_file = {certificates / 'ca.pem'}\nretry_pause = 10ms\nretries = 1\nstall = 2s\ntime_limit = 20s\n{off}"
            f"[nvd]\nurl = {self.world.url}{NVD}\ndelay = 5ms\n[kev]\nurl = {self.world.url}{KEV}\ndelay = 5ms\n", encoding="utf-8")
        os.chmod(path, 0o600)
        kit.answers("a team that sees nothing", kit.run("admin", "team", "add", "other", "--data", self.data), 0)
        self.viewer = client.add_key(kit, self.data)
        self.other = client.add_key(kit, self.data, team="other")
        with_cookie = kit.run("admin", "user", "add", "root", "--own-password", "--name", "Root", "--role", "administrator", "--data", self.data,
                              stdin=b"a long enough passphrase 77\n")
        kit.answers("an administrator", with_cookie, 0)


class Administrator:
    """Signs in: no key administrates."""

    def __init__(self, service):
        answer = service.client().post("/v1/session", {"login": "root", "password": "a long enough passphrase 77"})
        assert answer.status in (200, 201), answer
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        token = answer.json.get("csrf") or service.client(Cookie=cookie).get("/v1/session").json["csrf"]
        self.client = service.client(Cookie=cookie, **{"X-CSRF-Token": token})


def ended(kit, scene, job):
    """The job when it has come to its end."""
    until = time.monotonic() + PATIENCE
    while True:
        row = next(row for row in json.loads(kit.run("admin", "job", "list", "--data", scene.data, "--format", "json").text)["jobs"]
                   if row["id"] == job)
        if row["state"] not in ("queued", "running") or time.monotonic() > until:
            return row
        time.sleep(0.05)


def all_ended(kit, scene):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        rows = json.loads(kit.run("admin", "job", "list", "--data", scene.data, "--format", "json").text)["jobs"]
        if not [row for row in rows if row["state"] in ("queued", "running") and row["kind"] != "case.follow"]:
            return rows
        time.sleep(0.05)
    return rows


def sources(reader):
    return {row["name"]: row for row in reader.get("/v1/intelligence/sources").json["items"]}


def before(kit, reader):
    rows = sources(reader)
    kit.check("what is configured is listed", rows["nvd"]["enabled"] and rows["kev"]["enabled"], rows)
    kit.check("what the user does not want is listed as such", {name for name, row in rows.items() if row["enabled"]} == {"nvd", "kev"}, rows)
    kit.check("never fetched is not fresh", rows["nvd"]["freshness"] == "never fetched" and rows["nvd"]["last_success"] is None, rows["nvd"])
    seen = reader.get("/v1/intelligence").json
    kit.check("the starter is said to be it", seen["knowledge_base"]["starter"] and seen["knowledge_base"]["age_seconds"] > 0, seen)
    kit.check("late sources are counted; no sync is due by itself", (seen["late_sources"], seen["next_sync"]) == (2, None), seen)


def syncing(kit, scene, reader, root):
    refused = reader.post("/v1/intelligence/sync")
    kit.check("a viewer does not sync", refused.status == 403, refused)
    asked = root.post("/v1/intelligence/sync")
    kit.check("a sync is a job", asked.status == 202 and asked.headers["Location"].endswith(asked.json["job"]), asked)
    row = ended(kit, scene, asked.json["job"])
    result = json.loads(row.get("result") or "{}")
    kit.check("it fetches, builds and queues a re-match", row["state"] == "done" and result["replaced"] and len(result["rematch"]) == 32, row)
    kit.check("and that is done", ended(kit, scene, result["rematch"])["state"] == "done")
    seen = reader.get("/v1/intelligence").json
    kit.check("what was fetched is in use", (seen["knowledge_base"]["starter"], seen["late_sources"]) == (False, 0), seen)
    rows = sources(reader)
    kit.check("each source says how it went", all(rows[n]["freshness"] == "fresh" and rows[n]["records"] > 0 and
                                                  rows[n]["last_error"] is None and rows[n]["last_success"] for n in ("nvd", "kev")), rows)


def news(kit, scene, reader, other, root):
    """A device has a component that is hit by what the feeds say next."""
    text = (ROOT / "examples/infusion-pump/device.yaml").read_text(encoding="utf-8")
    made = root.post("/v1/devices", text, {"Content-Type": "application/yaml"})
    kit.check("a device", made.status == 201, made)
    scene.world.files[NVD] = fs.nvd_pages([fs.nvd_record(n) for n in range(1, 6)], stamp="2026-11-21T00:00:00.000")
    job = root.post("/v1/intelligence/sync").json["job"]
    row = ended(kit, scene, job)
    kit.check("a second sync", row["state"] == "done", row)
    all_ended(kit, scene)
    seen = reader.get("/v1/intelligence").json["last_change"]
    kit.check("what the last one brought", seen and seen["at"] and seen["new_releases"] >= 0 and seen["worst_harm"], seen)
    kit.check("is for who sees the whole", other.get("/v1/intelligence").json["last_change"] is None)


def bad_days(kit, scene, reader, root):
    good = scene.world.files[KEV]
    scene.world.files[KEV] = fs.wrong(b"{}")
    row = ended(kit, scene, root.post("/v1/intelligence/sync").json["job"])
    kit.check("a source that fails takes nothing from the others", row["state"] == "done" and json.loads(row["result"])["failed"] == 1, row)
    rows = sources(reader)
    kit.check("and is said to have failed", rows["kev"]["freshness"] == "failed" and rows["kev"]["last_error"]
              and rows["nvd"]["freshness"] == "fresh", rows["kev"])
    kit.check("late sources are counted", reader.get("/v1/intelligence").json["late_sources"] == 1)
    scene.world.files[KEV] = good


def waiting(kit):
    """What waits to be used was taken: an older one does not take its place."""
    data, old, new = kit.folder / "waiting", kit.folder / "older.kb", kit.folder / "newer.kb"
    kit.answers("a data folder without a service", kit.run("admin", "init", data), 0)
    kit.answers("an older one", kit.run("kb", "build", "-o", old, ROOT / "data/starter/zlib.json"), 0)
    kit.answers("a newer one", kit.run("kb", "build", "-o", new, ROOT / "data/starter"), 0)
    bad = kit.path("bad.kb", "no knowledge base")
    refused = kit.run("admin", "knowledge", bad, "--data", data)
    kit.check("a file that is none is named as it was given", refused.returncode == 3 and str(bad).encode() in refused.stderr
              and b"/cache/" not in refused.stderr and b"put-" not in refused.stderr, refused)
    kit.answers("the older one waits", kit.run("admin", "knowledge", old, "--data", data), 0, "matched the portfolio")
    kit.answers("the newer one in its place", kit.run("admin", "knowledge", new, "--data", data), 0, "matched the portfolio")
    refused = kit.run("admin", "knowledge", old, "--data", data)
    kit.check("the older one is refused", refused.returncode == 3 and b"older than one that waits to be used: its newest record is of 2023-12-16T23:15:00Z, that" in refused.stderr, refused)
    kit.answers("the newer one once more is the same", kit.run("admin", "knowledge", new, "--data", data), 0, "matched the portfolio")
    kit.answers("unless it is said", kit.run("admin", "knowledge", old, "--allow-older", "--data", data), 0, "matched the portfolio")


def imports(kit, scene, reader, root):
    current = reader.get("/v1/intelligence").json["knowledge_base"]
    old = kit.folder / "old.kb"
    kit.answers("an old one", kit.run("kb", "build", "-o", old, ROOT / "data/starter/zlib.json"), 0)
    refused = root.post("/v1/intelligence/import", old.read_bytes(), BYTES)
    kit.check("an older one is refused with both dates", refused.status == 409 and "is older than what is in use" in refused.json["detail"], refused)
    kit.check("and changes nothing", reader.get("/v1/intelligence").json["knowledge_base"]["digest"] == current["digest"])
    damaged = old.read_bytes()[:-500] + bytes(500)
    bad = root.post("/v1/intelligence/import", damaged, BYTES)
    kit.check("a damaged one is refused", bad.status == 422, bad)
    none = root.post("/v1/intelligence/import", b"no knowledge at all", BYTES)
    kit.check("so is what is none", none.status == 422, none)
    kit.check("a viewer imports nothing", reader.post("/v1/intelligence/import", old.read_bytes(), BYTES).status == 403)
    taken = root.post("/v1/intelligence/import", old.read_bytes(), BYTES, allow_older="true")
    kit.check("an older one is taken when that is said", taken.status == 202, taken)
    kit.check("and comes into use", ended(kit, scene, taken.json["job"])["state"] == "done"
              and reader.get("/v1/intelligence").json["knowledge_base"]["digest"] != current["digest"])
    again = root.post("/v1/intelligence/import", old.read_bytes(), BYTES)
    kit.check("the one in use is no news", (again.status, again.json) == (200, {"current": True}), again)
    bundles(kit, scene, reader, root)
    kit.check("nothing is left lying about", not [path.name for path in (scene.data / "cache").iterdir()
                                                 if path.name.startswith(("sent-", "unpacked-", "put-"))])


def bundles(kit, scene, reader, root):
    starter, bundle = kit.folder / "starter.kb", kit.folder / "starter.bundle"
    kit.answers("a newer one", kit.run("kb", "build", "-o", starter, ROOT / "data/starter"), 0)
    for name in ("right", "wrong"):
        kit.answers(f"the {name} key", kit.run("kb", "keygen", "-o", kit.folder / name), 0)
    kit.answers("its bundle", kit.run("kb", "export", "--kb", starter, "--sign", kit.folder / "right.key", "-o", bundle), 0)
    without = root.post("/v1/intelligence/import", bundle.read_bytes(), BYTES)
    kit.check("a bundle needs a key to verify it", without.status == 422 and "bundle.pub" in without.json["detail"], without)
    shutil.copy(kit.folder / "wrong.pub", scene.data / "bundle.pub")
    wrong = root.post("/v1/intelligence/import", bundle.read_bytes(), BYTES)
    kit.check("signed by another key", wrong.status == 422, wrong)
    shutil.copy(kit.folder / "right.pub", scene.data / "bundle.pub")
    taken = root.post("/v1/intelligence/import", bundle.read_bytes(), BYTES)
    kit.check("signed by the right one", taken.status == 202, taken)
    kit.check("it comes into use", ended(kit, scene, taken.json["job"])["state"] == "done", taken)
    kit.check("the whole of it", reader.get("/v1/intelligence").json["knowledge_base"]["bytes"] == starter.stat().st_size)


def main():
    kit = Kit()
    if not shutil.which("openssl"):
        print("1..0 # SKIP no openssl to make certificates with")
        return 0
    scene = Scene(kit)
    with client.Service(kit, scene.data) as service:
        reader, other, root = service.client(scene.viewer), service.client(scene.other), Administrator(service).client
        all_ended(kit, scene)
        before(kit, reader)
        syncing(kit, scene, reader, root)
        news(kit, scene, reader, other, root)
        bad_days(kit, scene, reader, root)
        imports(kit, scene, reader, root)
        waiting(kit)
    scene.world.close()
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
