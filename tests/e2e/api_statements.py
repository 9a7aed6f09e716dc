#!/usr/bin/env python3
"""Statements over the API: drafted from decisions, approved with a signature, published, revised, withdrawn; kept byte for byte.

usage: api_statements.py [PROGRAM]
"""
import hashlib
import json
import pathlib
import shutil
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
from stream import Stream  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE, CURL = "larkspur-ip-200", "CVE-2023-38545"
SECRETS = {login: f"correct horse battery of {login}" for login in ("ann", "ben")}
FORMATS = ["openvex", "cyclonedx", "csaf-vex"]
NOBODY = "0" * 32


def bare(answer):
    body = answer.json
    body.pop("request", None)
    return answer.status, body


def approve_decision(kit, data, name):
    done = kit.run("approve", DEVICE, name, "--in", data, "--by", "ben", stdin=SECRETS["ben"].encode() + b"\n")
    kit.answers(f"{name} is approved", done, 0)


def world(kit):
    data, folder = pathlib.Path(kit.path("data")), pathlib.Path(kit.path("pump"))
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    for team in ("one", "none"):
        kit.run("admin", "team", "add", team, "--data", data)
    kit.answers("its team", kit.run("admin", "team", "join", "one", "--device", DEVICE, "--data", data), 0)
    for login, secret in SECRETS.items():
        kit.answers(login, kit.run("admin", "user", "add", login, "--own-password", "--name", login.capitalize() + " Example", "--role", "approver",
                                   "--data", data, stdin=secret.encode() + b"\n"), 0)
        kit.answers(f"{login} joins", kit.run("admin", "team", "join", "one", "--user", login, "--data", data), 0)
    approve_decision(kit, data, "curl-socks")
    return data


def drafting(kit, writer, outside, viewer):
    body = {"device": DEVICE, "release": "4.3.1", "vulnerabilities": [CURL], "formats": FORMATS}
    kit.check("who reads drafts nothing", viewer.post("/v1/statements", body).status == 403)
    hidden, missing = outside.post("/v1/statements", body), outside.post("/v1/statements", {**body, "device": "none"})
    kit.check("a device out of scope is like none", bare(hidden) == bare(missing) and hidden.status == 422, hidden, missing)
    wrong = writer.post("/v1/statements", {**body, "release": "9.9"})
    kit.check("no such release", wrong.status == 422 and wrong.json["pointer"] == "/release", wrong)
    nothing = writer.post("/v1/statements", {**body, "vulnerabilities": ["CVE-1999-0001"]})
    kit.check("nothing to state", nothing.status == 422, nothing)
    bad = writer.post("/v1/statements", {**body, "formats": ["pdf"], "tlp": "BLUE"})
    kit.check("all that is wrong with it", sorted(bad.faults) == ["enum /formats/0", "enum /tlp"], bad)
    made = writer.post("/v1/statements", body)
    if made.status != 201:
        raise SystemExit(f"Bail out! {made.body}")
    row = made.json["statement"]
    kit.check("a draft", made.status == 201 and (row["state"], row["revision"], row["published"]) == ("draft", 1, None), made)
    kit.check("nothing refused left anything", writer.get("/v1/statements").json["total"]["count"] == 1)
    return f"/v1/statements/{row['id']}"


def documents(kit, path, writer, outside):
    seen = writer.get(path).json
    listed = {row["format"]: row for row in seen["revisions"][0]["documents"]}
    kit.check("a document of each format", sorted(listed) == sorted(FORMATS), listed)
    for form in FORMATS:
        got = writer.get(f"{path}/documents/{form}")
        kit.check(f"{form} is saved as it is kept", hashlib.sha256(got.body).hexdigest() == listed[form]["digest"] and
                  got.headers["Content-Disposition"].startswith("attachment"), got.headers)
    said = json.loads(writer.get(f"{path}/documents/openvex").text)["statements"]
    kit.check("it says what was decided", [(row["vulnerability"]["name"], row["status"]) for row in said] == [(CURL, "not_affected")], said)
    kit.check("others have none", bare(outside.get(path)) == bare(outside.get(f"/v1/statements/{NOBODY}")) and
              outside.get(f"{path}/documents/openvex").status == 404 and outside.get("/v1/statements").json["total"]["count"] == 0)
    kit.check("no such document", writer.get(f"{path}/documents/pdf").status == 404 and
              writer.get(f"{path}/documents/openvex", revision=7).status == 404)


def approving(kit, path, writer, ann):
    seen = writer.get(path)
    tag, digest = {"If-Match": seen.headers["ETag"]}, seen.json["statement"]["digest"]
    body = {"digest": digest, "zone": "+01:00"}
    key = writer.post(f"{path}/approve", body, tag)
    kit.check("a key signs nothing", key.status == 403, key)
    early = ann.post(f"{path}/publish", {}, tag)
    kit.check("a draft is not published", (early.status, early.problem) == (409, "conflict"), early)
    other = ann.post(f"{path}/approve", {"digest": "0" * 64, "zone": "Z"}, tag)
    kit.check("what was not shown is not signed", other.status == 409, other)
    zone = ann.post(f"{path}/approve", {**body, "zone": "x"}, tag)
    kit.check("a zone that is none", zone.status in (409, 422), zone)
    kit.check("If-Match is asked for", ann.post(f"{path}/approve", body).status == 428)
    done = ann.post(f"{path}/approve", body, tag)
    kit.check("approved", done.status == 200 and (done.json["statement"]["state"], done.json["approvals"]) == ("approved", 1), done)
    kit.check("a stale version", ann.post(f"{path}/approve", body, tag).status == 412)
    kit.check("who signed", writer.get(path).json["approvals"] == [
        {**writer.get(path).json["approvals"][0], "name": "Ann Example", "zone": "+01:00"}])
    return done.headers["ETag"]


def publishing(kit, path, writer, ann, tag):
    kit.check("a key publishes nothing", writer.post(f"{path}/publish", {}, {"If-Match": tag}).status == 403)
    done = ann.post(f"{path}/publish", {}, {"If-Match": tag})
    kit.check("published", done.status == 200 and (done.json["state"], done.json["published"]) == ("published", 1), done)
    return done.headers["ETag"]


def notice(kit, data, writer, ann):
    """Of what is affected, for customers."""
    formats = ["csaf-advisory", "notice-html", "notice-text"]
    none = writer.post("/v1/statements", {"device": DEVICE, "formats": formats})
    kit.check("no notice of what is not affected", none.status == 422 and "nothing to tell" in none.json["detail"], none)
    approve_decision(kit, data, "kernel-dirty-pipe")
    made = writer.post("/v1/statements", {"device": DEVICE, "formats": formats})
    row = made.json["statement"]
    done = ann.post(f"/v1/statements/{row['id']}/approve", {"digest": row["digest"], "zone": "Z"}, {"If-Match": made.headers["ETag"]})
    kit.check("a notice", done.status == 200 and done.json["statement"]["state"] == "approved", done)
    got = writer.get(f"/v1/statements/{row['id']}/documents/notice-html")
    kit.check("is saved, never shown", got.headers["Content-Type"] == "application/octet-stream" and b"CVE-2022-0847" in got.body, got.headers)


def own_work(kit, ben):
    """Nobody approves what they drafted."""
    made = ben.post("/v1/statements", {"device": DEVICE, "vulnerabilities": [CURL], "formats": ["openvex"]})
    path, row = f"/v1/statements/{made.json['statement']['id']}", made.json["statement"]
    done = ben.post(f"{path}/approve", {"digest": row["digest"], "zone": "Z"}, {"If-Match": made.headers["ETag"]})
    kit.check("nobody approves their own", done.status in (403, 409, 422) and "own work" in done.json["detail"], done)
    kit.check("it is a draft still", ben.get(path).json["statement"]["state"] == "draft")
    return path


def changing(kit, data, path, writer, ann, tag):
    """The decisions say something else: what was drafted before is not approved."""
    made = writer.post("/v1/statements", {"device": DEVICE, "release": "4.3.1", "formats": ["openvex", "csaf-vex"]})
    late, row = f"/v1/statements/{made.json['statement']['id']}", made.json["statement"]
    approve_decision(kit, data, "busybox-awk")
    stale = ann.post(f"{late}/approve", {"digest": row["digest"], "zone": "Z"}, {"If-Match": made.headers["ETag"]})
    kit.check("what was decided meanwhile counts", stale.status == 409 and "draft it again" in stale.json["detail"], stale)
    again = writer.post(f"{late}/draft", {"summary": "with the second"}, {"If-Match": made.headers["ETag"]})
    kit.check("drafted again", again.status == 200 and again.json["statement"]["revision"] == 2, again)
    done = ann.post(f"{late}/approve", {"digest": again.json["statement"]["digest"], "zone": "Z"}, {"If-Match": again.headers["ETag"]})
    kit.check("and approved", done.status == 200 and done.json["statement"]["state"] == "approved", done)
    kit.check("the first revision is kept", [one["state"] for one in writer.get(late).json["revisions"]] == ["replaced", "approved"])
    first = writer.get(f"{path}/documents/csaf-vex").body
    second = writer.post(f"{path}/draft", {"summary": "again"}, {"If-Match": tag})
    if second.status != 200:
        raise SystemExit(f"Bail out! {second.body}")
    kit.check("a later revision of what is published", (second.json["statement"]["state"], second.json["statement"]["published"]) ==
              ("draft", 1), second)
    kit.check("what was published is there byte for byte", writer.get(f"{path}/documents/csaf-vex", revision=1).body == first)
    tracking = json.loads(writer.get(f"{path}/documents/csaf-vex").text)["document"]["tracking"]
    kit.check("and the new one follows it", len(tracking["revision_history"]) == 2, tracking)
    return second.headers["ETag"]


def withdrawing(kit, path, writer, ann, tag):
    bad = ann.post(f"{path}/withdraw", {}, {"If-Match": tag})
    kit.check("for a reason only", bad.faults == ["required /reason"], bad)
    done = ann.post(f"{path}/withdraw", {"reason": "it was wrong"}, {"If-Match": tag})
    kit.check("withdrawn", done.status == 200 and done.json["published"] is None, done)
    one = writer.get(path).json["revisions"][0]
    kit.check("kept, with the reason", (one["state"], one["reason"]) == ("withdrawn", "it was wrong") and
              writer.get(f"{path}/documents/openvex", revision=1).status == 200, one)
    again = ann.post(f"{path}/withdraw", {"reason": "x"}, {"If-Match": done.headers["ETag"]})
    kit.check("once", (again.status, again.problem) == (409, "conflict"), again)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = world(kit)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        def key(role, team):
            return service.client(client.add_key(kit, data, role, team))
        writer, viewer, outside = key("analyst", "one"), key("viewer", "one"), key("analyst", "none")
        ann, ben = (service.sign_in(login, SECRETS[login])[1] for login in ("ann", "ben"))
        heard, deaf = (Stream(service, client.add_key(kit, data, "viewer", team)) for team in ("one", "none"))
        path = drafting(kit, writer, outside, viewer)
        said = heard.next()[2]
        kit.check("a draft is heard of by who sees the device", (said["action"], said["changed"]) ==
                  ("statement.draft", [{"kind": "statement", "id": path.rpartition("/")[2], "device": DEVICE}]), said)
        kit.answers("another key", kit.run("admin", "team", "join", "none", "--device", DEVICE, "--data", data), 0)
        kit.check("and by nobody else", deaf.next() is None)
        heard.close()
        kit.answers("as before", kit.run("admin", "team", "leave", "none", "--device", DEVICE, "--data", data), 0)
        documents(kit, path, writer, outside)
        tag = approving(kit, path, writer, ann)
        tag = publishing(kit, path, writer, ann, tag)
        own_work(kit, ben)
        notice(kit, data, writer, ann)
        tag = changing(kit, data, path, writer, ann, tag)
        withdrawing(kit, path, writer, ann, tag)
    return kit.done()


sys.exit(main())
