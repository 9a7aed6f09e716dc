#!/usr/bin/env python3
"""Signals and jobs over the API: received, acknowledged, confirmed, rejected; what came with one is saved, never shown.

usage: api_signals.py [PROGRAM]
"""
import pathlib
import shutil
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE, CURL = "larkspur-ip-200", "CVE-2023-38545"
NOBODY = "0" * 32
OCTETS = {"Content-Type": "application/octet-stream"}


def bare(answer):
    body = answer.json
    body.pop("request", None)
    return answer.status, body


def receiving(kit, everybody, one, outside):
    text = "From: x\n\n<img src=x onerror=alert(1)> \u202e it answers without a password\n"
    made = one.post("/v1/signals", {"source": "mail", "title": "=1+1", "text": text, "reporter": "eve@example.org", "device": DEVICE})
    kit.check("received", made.status == 201 and (made.json["state"], made.json["reporter"]) == ("received", "eve@example.org"), made)
    path = f"/v1/signals/{made.json['id']}"
    bad = outside.post("/v1/signals", {"source": "mail", "title": "x", "device": DEVICE})
    none = outside.post("/v1/signals", {"source": "mail", "title": "x", "device": "none"})
    kit.check("a device out of scope is like none", bare(bad) == bare(none) and bad.status == 422, bad, none)
    without = one.post("/v1/signals", {"source": "mail", "title": "x"})
    kit.check("who sees some devices names one", without.status == 422 and without.json["pointer"] == "/device", without)
    general = everybody.post("/v1/signals", {"source": "form", "title": "of all"})
    kit.check("who sees all need not", general.status == 201, general)
    kit.check("the newest first", [row["title"] for row in everybody.get("/v1/signals").json["items"]] == ["of all", "=1+1"])
    kit.check("each sees their own", [row["title"] for row in one.get("/v1/signals").json["items"]] == ["=1+1"] and
              outside.get("/v1/signals").json["total"]["count"] == 0)
    table = one.get("/v1/signals", {"Accept": "text/csv"}).text
    kit.check("no formula in a table", "'=1+1" in table, table)
    got = one.get(f"{path}/text")
    kit.check("the text as it came, to be saved", got.text == text and got.headers["Content-Disposition"].startswith("attachment") and
              got.headers["X-Content-Type-Options"] == "nosniff", got.headers)
    kit.check("others have none", bare(outside.get(path)) == bare(outside.get(f"/v1/signals/{NOBODY}")))
    kit.check("nor its text", outside.get(f"{path}/text").status == 404)
    return path


def attaching(kit, path, one, outside):
    page = b"<script>alert(1)</script>\0"
    put = one.call("POST", f"{path}/documents", page, headers=OCTETS, name="poc.html")
    kit.check("something that came with it", put.status == 201 and put.json["documents"] == 1, put)
    document = one.get(path).json["documents"][0]
    got = one.get(f"{path}/documents/{document['id']}")
    kit.check("is saved byte for byte", got.body == page and got.headers["Content-Type"] == "application/octet-stream" and
              "poc.html" in got.headers["Content-Disposition"], got.headers)
    kit.check("by nobody else", outside.get(f"{path}/documents/{document['id']}").status == 404)
    kit.check("no such document", one.get(f"{path}/documents/{NOBODY}").status == 404)


def moving(kit, path, one, viewer):
    tag = one.get(path).headers["ETag"]
    kit.check("who reads moves nothing", viewer.post(f"{path}/acknowledge", {}, {"If-Match": tag}).status == 403)
    kit.check("If-Match is asked for", one.post(f"{path}/acknowledge", {}).status == 428)
    moved = one.post(f"{path}/acknowledge", {}, {"If-Match": tag})
    kit.check("acknowledged", moved.status == 200 and moved.json["acknowledged"], moved)
    stale = one.post(f"{path}/reject", {"reason": "x"}, {"If-Match": tag})
    kit.check("a stale version", (stale.status, stale.problem) == (412, "stale"), stale)
    tag = moved.headers["ETag"]
    kit.check("rejected for a reason only", one.post(f"{path}/reject", {}, {"If-Match": tag}).faults == ["required /reason"])
    rejected = one.post(f"{path}/reject", {"reason": "not ours"}, {"If-Match": tag})
    kit.check("rejected", (rejected.json["state"], rejected.json["reason"]) == ("rejected", "not ours"), rejected)
    no_way = one.post(f"{path}/confirm", {"case": CURL}, {"If-Match": rejected.headers["ETag"]})
    kit.check("no such case", no_way.status == 422 and no_way.json["pointer"] == "/case", no_way)
    case = one.post("/v1/cases", {"vulnerability": CURL}).json["id"]
    no_way = one.post(f"{path}/confirm", {"case": case}, {"If-Match": rejected.headers["ETag"]})
    kit.check("what was rejected is looked at again first", (no_way.status, no_way.problem) == (409, "conflict"), no_way)
    again = one.post(f"{path}/acknowledge", {}, {"If-Match": "*"})
    done = one.post(f"{path}/confirm", {"case": case}, {"If-Match": again.headers["ETag"]})
    kit.check("confirmed with its case", (done.json["state"], done.json["case"], done.json["vulnerability"]) == ("confirmed", case, CURL), done)


def jobs(kit, everybody, one, admin):
    listed = everybody.get("/v1/jobs").json
    kit.check("jobs are listed", listed["total"]["count"] >= 0 and all(row["created"] for row in listed["items"]), listed)
    pages = everybody.pages("/v1/jobs", limit=1)
    kit.check("in pages", len(pages) == len({row["id"] for row in pages}), pages)
    kit.check("of who sees some devices there are none", one.get("/v1/jobs").json == {
        "items": [], "next": None, "total": {"count": 0, "exact": True}})
    kit.check("a cursor that is none", everybody.get("/v1/jobs", cursor="x").status == 422)
    kit.check("a key never administers", everybody.post(f"/v1/jobs/{NOBODY}/cancel").status == 403, admin)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data, folder = pathlib.Path(kit.path("data")), pathlib.Path(kit.path("pump"))
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    for team in ("one", "none"):
        kit.run("admin", "team", "add", team, "--data", data)
    kit.answers("its team", kit.run("admin", "team", "join", "one", "--device", DEVICE, "--data", data), 0)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        def key(role, team=None):
            return service.client(client.add_key(kit, data, role, team))
        everybody, one, outside, viewer = key("analyst"), key("analyst", "one"), key("analyst", "none"), key("viewer", "one")
        path = receiving(kit, everybody, one, outside)
        attaching(kit, path, one, outside)
        moving(kit, path, one, viewer)
        jobs(kit, everybody, one, viewer)
    return kit.done()


sys.exit(main())
