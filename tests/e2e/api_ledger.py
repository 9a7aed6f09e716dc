#!/usr/bin/env python3
"""The ledger by the API of a real `tutela serve`: records, their chain, checkpoints, signatures; and what of it is whose.

usage: api_ledger.py [PROGRAM]
"""
import hashlib
import json
import pathlib
import shutil
import struct
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests/support"))
import client  # noqa: E402

EXAMPLE = ROOT / "examples/infusion-pump"
DEVICE, OTHER = "larkspur-ip-200", "other-pump"
SMALL = "family: Bench Tester\nmanufacturer: {name: Acme}\nreleases:\n- {version: '1.0'}\n"
SECRET = "correct horse battery"


def user(kit, data, login, role):
    done = kit.run("admin", "user", "add", login, "--own-password", "--name", f"{login.capitalize()} Example", "--role", role, "--data", data,
                   stdin=SECRET.encode() + b"\n")
    return json.loads(done.text)["id"]


def second_device(kit):
    folder = kit.folder / "other"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela-push.json"))
    for path in [folder / "device.yaml", *folder.glob("decisions/*.yaml")]:
        path.write_text(path.read_text(encoding="utf-8").replace(DEVICE, OTHER).replace("Larkspur IP-200", "Other Pump"), encoding="utf-8")
    return folder


def whole(kit, auditor, people):
    page = auditor.get("/v1/ledger", limit=5).json
    numbers = [row["n"] for row in page["items"]]
    kit.check("the newest first", numbers == sorted(numbers, reverse=True) and page["total"]["exact"], numbers)
    rows = auditor.pages("/v1/ledger", limit=7)
    kit.check("pages have every record once", [row["n"] for row in rows] == list(range(rows[0]["n"], 0, -1)))
    first = rows[-1]
    kit.check("the first one", first["action"] == "ledger.begin" and isinstance(first["body"], dict) and len(first["hash"]) == 64, first)
    added = auditor.pages("/v1/ledger", action="person.add")
    kit.check("by action", [row["subject"] for row in reversed(added)] == [f"person:{each}" for each in people], added)
    kit.check("by subject", [row["n"] for row in auditor.pages("/v1/ledger", subject=f"person:{people[0]}", action="person.add")]
              == [added[-1]["n"]])
    at = rows[3]["at"]
    kit.check("by time", {row["n"] for row in auditor.pages("/v1/ledger", **{"from": at})}
              == {row["n"] for row in rows if row["at"] >= at})
    kit.check("before a time", {row["n"] for row in auditor.pages("/v1/ledger", to=at)} == {row["n"] for row in rows if row["at"] < at})
    kit.check("by actor", {row["actor"] for row in auditor.pages("/v1/ledger", actor="local")} == {"local"})
    kit.check("of nobody", auditor.get("/v1/ledger", actor="nobody").json["items"] == [])
    kit.check("not a time", auditor.get("/v1/ledger", to="yesterday").status == 422)
    kit.check("not a cursor", auditor.get("/v1/ledger", cursor="x").status == 422)
    table = auditor.call("GET", "/v1/ledger", headers={"Accept": "text/csv"})
    kit.check("as a table", table.text.startswith("n,at,actor,actor_name,action,subject,subject_name,subject_of,body,hash"), table.text[:100])
    return rows


def named(kit, auditor, writer):
    """An id says nothing to a reader: each record of the page says what it means, and what it is part of."""
    title = "The display stays dark <b>"
    made = writer.post("/v1/signals", {"source": "telephone", "kind": "service", "title": title, "device": DEVICE, "text": "seen twice"}).json
    statement = writer.post("/v1/statements", {"device": DEVICE, "release": "4.3.1", "vulnerabilities": ["CVE-2023-38545"], "formats": ["openvex"]}).json.get("statement", {})
    kit.check("a draft", "id" in statement, statement)
    opened = writer.post("/v1/cases", {"vulnerability": "CVE-2023-38545"})
    rows = auditor.pages("/v1/ledger")
    of = {row["subject"]: row for row in reversed(rows)}
    kit.check("a signal has its title", of[f"signal:{made['id']}"]["subject_name"] == title, of[f"signal:{made['id']}"])
    kit.check("a statement has its device", of[f"statement:{statement['id']}"]["subject_name"].startswith(DEVICE), of[f"statement:{statement['id']}"])
    signed = [row for row in rows if row["subject"].startswith("signature:")]
    kit.check("a signature says who signed what, and leads to it", signed and all(
        ": " + row["subject_of"].split(":", 1)[1] in row["subject_name"] and row["subject_of"].startswith("decision:") for row in signed), signed[:2])
    kit.check("a case has the words of its vulnerability", opened.status in (200, 201, 409) and of["case:CVE-2023-38545"]["subject_name"].startswith("CVE-2023-38545: "), opened, of.get("case:CVE-2023-38545"))
    kinds = {"release", "signal", "statement", "signature", "baseline", "safety", "person", "team", "key", "view", "channel", "rule"}
    bare = [row["subject"] for row in rows if row["subject"].split(":")[0] in kinds and not row["subject_name"]]
    kit.check("nothing that is there is only an id", bare == [], bare)


def chain(kit, auditor, rows):
    one = auditor.get("/v1/ledger/records/3").json
    texts = [row for row in rows if row["n"] == 3][0]
    before = [row for row in rows if row["n"] == 2][0]
    after = [row for row in rows if row["n"] == 4][0]
    kit.check("one and its neighbours", one["hash"] == texts["hash"] and one["previous_hash"] == before["hash"]
              and one["next_hash"] == after["hash"] and one["follows"] is True, one)
    body = auditor.call("GET", "/v1/ledger/records/3").text
    raw = body[body.index('"body":') + 7:body.index(',"hash":')]
    content = hashlib.sha256("\0".join([one["actor"], one["action"], one["subject"], raw]).encode()).digest()
    made = hashlib.sha256(bytes.fromhex(one["previous_hash"]) + struct.pack(">qq", 3, one["at_us"]) + content).hexdigest()
    kit.check("whoever has it can compute the hash", made == one["hash"], made)
    first, last = auditor.get("/v1/ledger/records/1").json, auditor.get(f"/v1/ledger/records/{rows[0]['n']}").json
    kit.check("the ends", first["previous_hash"] == "0" * 64 and last["follows"])
    for number in ("0", "-1", "x", "999999999", "9223372036854775807", "99999999999999999999"):
        kit.check(f"no record {number}", auditor.get(f"/v1/ledger/records/{number}").status == 404)
    verdict = auditor.post("/v1/ledger/verify").json
    kit.check("verified", verdict["sound"] and verdict["fault"] == "sound" and verdict["records"] >= rows[0]["n"] and verdict["proven"] == 0, verdict)
    path = kit.folder / "exported"
    path.write_bytes(auditor.get("/v1/ledger/export").body)
    kit.answers("the exported file verifies", kit.run("ledger", "verify", path), 0, "are a chain")
    made = auditor.post("/v1/checkpoints").json
    kit.check("a checkpoint", made["exported"] is None and len(made["hash"]) == 64, made)
    kit.check("the same head has the same", auditor.post("/v1/checkpoints").json == made)
    kit.check("vouches", 3 <= auditor.get("/v1/ledger/records/3").json["checkpoint"] <= made["n"])
    file = auditor.post("/v1/checkpoints/export")
    kit.check("as a file", f'"n":{made["n"]}' in file.text and file.headers["Content-Disposition"].startswith("attachment"), file.text)
    kit.check("is said", auditor.get("/v1/checkpoints").json["items"][-1]["exported"] is not None)


def own(kit, service, auditor, rows):
    """An approver of one team reads what is about its device, and learns nothing of the rest."""
    _, ann = service.sign_in("ann", SECRET)
    mine = ann.pages("/v1/ledger", limit=3)
    kit.check("only about the own device", mine and all(
        row["subject"].split(":")[0] in ("device", "decision", "release", "signature") and OTHER not in json.dumps(row) for row in mine),
        [row["subject"] for row in mine])
    kit.check("without numbers and hashes", all(row["n"] is None and row["hash"] is None for row in mine))
    ids = {row["subject"] for row in rows if row["subject"].startswith(f"device:{DEVICE}") or row["subject"].startswith(f"decision:{DEVICE}")}
    kit.check("all about it", ids and ids <= {row["subject"] for row in mine}, ids)
    kit.check("in the order of the ledger", [row["subject"] for row in mine if row["subject"] in ids]
              == [row["subject"] for row in auditor.pages("/v1/ledger") if row["subject"] in ids])
    kit.check("names are known", "Ann Example" in {row["actor_name"] for row in mine if row["action"] == "decision.approve"},
              [row for row in mine if row["action"].startswith("decision.")][:3])
    for what, query in (("the other device", {"subject": f"device:{OTHER}"}), ("persons", {"action": "person.add"}),
                        ("teams", {"action": "team.add"}), ("sessions", {"action": "session.begin"}), ("the beginning", {"action": "ledger.begin"})):
        kit.check(f"nothing of {what}", ann.get("/v1/ledger", **query).json
                  == {**ann.get("/v1/ledger", actor="nobody").json}, query)
    kit.check("a record by number is none", ann.get("/v1/ledger/records/3").json["detail"]
              == ann.get("/v1/ledger/records/999999").json["detail"] and ann.get("/v1/ledger/records/3").status == 404)
    for method, path in (("POST", "/v1/ledger/verify"), ("GET", "/v1/ledger/export"), ("GET", "/v1/checkpoints"),
                         ("POST", "/v1/checkpoints"), ("POST", "/v1/checkpoints/export")):
        kit.check(f"not the chain: {method} {path}", ann.call(method, path).problem == "forbidden")
    before = ann.get("/v1/ledger", limit=4).body
    service.sign_in("root", SECRET)
    kit.check("what others do changes nothing in it", ann.get("/v1/ledger", limit=4).body == before)
    return ann


def signatures(kit, auditor, ann, ben):
    signed = [row for row in auditor.pages("/v1/ledger", action="signature.add")]
    subject = signed[0]["body"]["after"]["subject"] if "after" in signed[0]["body"] else signed[0]["body"]["subject"]
    rows = auditor.get("/v1/signatures", subject=subject).json["items"]
    kit.check("signatures of a decision", len(rows) == 1 and rows[0]["name"] == "Ann Example" and rows[0]["meaning"] == "approval"
              and len(rows[0]["content"]) == 64, rows)
    kit.check("seen by who sees the device", ann.get("/v1/signatures", subject=subject).json["items"] == rows)
    kit.check("by nobody else", ben.get("/v1/signatures", subject=subject).json == ben.get("/v1/signatures", subject="assessment:none").json)
    kit.check("the subject must be said", ann.get("/v1/signatures").status == 422)


def too_often(kit, service, auditor):
    """Heavy work is limited by who asks, wherever they are."""
    def until(who, method, path, body=None, most=60):
        for count in range(most):
            answer = who.call(method, path, body)
            if answer.status == 429:
                return count, answer
        return most, answer

    count, answer = until(auditor, "POST", "/v1/ledger/verify")
    kit.check("verifying is limited", 5 < count < 60 and answer.problem == "too-many" and int(answer.headers["Retry-After"]) >= 1, (count, answer))
    kit.check("reading is not, by that", auditor.get("/v1/ledger", limit=1).status == 200)
    _, other = service.sign_in("root", SECRET)
    kit.check("nor is somebody else", other.post("/v1/ledger/verify").status == 200)
    # without a password, which takes as long to check as a second's share of what is allowed
    count, answer = until(auditor, "POST", "/v1/me/proof", {})
    kit.check("proving is", 5 < count < 60 and int(answer.headers["Retry-After"]) >= 1, (count, answer))


def again(kit, service, root, ann):
    """A device that is gone leaves nothing to another of its name."""
    yaml = {"Content-Type": "application/yaml"}
    team = next(row for row in root.pages("/v1/teams") if row["name"] == "one")
    for round_ in (1, 2):
        kit.check(f"added {round_}", root.post("/v1/devices", SMALL, yaml).status == 201)
        kit.check(f"joined {round_}", root.put(f"/v1/teams/{team['id']}/devices/bench-tester").status == 204)
        seen = ann.pages("/v1/ledger", subject="device:bench-tester")
        kit.check(f"its beginning is that of the present one {round_}", [row["action"] for row in seen] == ["device.create"], seen)
        if round_ == 1:
            answer = root.delete("/v1/devices/bench-tester", {"If-Match": "*"})
            kit.check("deleted", answer.status == 204, answer.body)
            kit.check("and nothing is left in the view", ann.pages("/v1/ledger", subject="device:bench-tester") == [])


def of_device(kit, auditor, ann, ben):
    """All that is about one device, by its name."""
    rows = auditor.pages("/v1/ledger", device=DEVICE)
    kit.check("records of a device: itself, its releases and decisions", {row["subject"].partition(":")[0] for row in rows} >= {"device", "release", "decision", "signature"}
              and not any(OTHER in row["subject"] for row in rows), rows)
    kit.check("a release is named by device and version", {row["subject_name"] for row in rows if row["subject"].startswith("release:")} == {f"{DEVICE} 4.3.1", f"{DEVICE} 4.4.0"}, rows)
    kit.check("they are what its team sees", [row["at"] for row in rows] == [row["at"] for row in ann.pages("/v1/ledger", device=DEVICE)])
    kit.check("by an action, too", {row["action"] for row in auditor.pages("/v1/ledger", device=DEVICE, action="decision.approve")} == {"decision.approve"})
    hidden, missing = (ben.get("/v1/ledger", device=name) for name in (DEVICE, "nothing"))
    kit.check("out of scope is like not there", (hidden.status, hidden.json["detail"]) == (404, missing.json["detail"]), hidden)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", EXAMPLE, "--to", data), 0)
    kit.answers("another device", kit.run("push", second_device(kit), "--to", data, "--new-device"), 0)
    people = [user(kit, data, login, role) for login, role in (
        ("root", "administrator"), ("aud", "auditor"), ("ann", "approver"), ("ben", "approver"))]
    for team, member, device in (("one", "ann", DEVICE), ("two", "ben", OTHER)):
        kit.answers(f"team {team}", kit.run("admin", "team", "add", team, "--data", data), 0)
        kit.answers(f"{member} joins", kit.run("admin", "team", "join", team, "--user", member, "--data", data), 0)
        kit.answers(f"{device} joins", kit.run("admin", "team", "join", team, "--device", device, "--data", data), 0)
    kit.answers("a signature", kit.run("approve", DEVICE, "curl-socks", "--in", data, "--by", "ann", stdin=SECRET.encode() + b"\n"), 0)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        _, auditor = service.sign_in("aud", SECRET)
        rows = whole(kit, auditor, people)
        chain(kit, auditor, rows)
        ann = own(kit, service, auditor, rows)
        _, ben = service.sign_in("ben", SECRET)
        signatures(kit, auditor, ann, ben)
        of_device(kit, auditor, ann, ben)
        key = service.client(client.add_key(kit, data, team="two"))
        kit.check("a machine of a team", DEVICE not in json.dumps(key.pages("/v1/ledger")) and OTHER in json.dumps(key.pages("/v1/ledger")))
        _, root = service.sign_in("root", SECRET)
        again(kit, service, root, ann)
        named(kit, auditor, service.client(client.add_key(kit, data, "approver")))
        too_often(kit, service, auditor)
    return kit.done()


sys.exit(main())
