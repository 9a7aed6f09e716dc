#!/usr/bin/env python3
"""What others may have of a release, over the API: offered at a level by a person, listed, taken back; all of it in the ledger.

usage: api_publications.py [PROGRAM]
"""
import hashlib
import pathlib
import shutil
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE, FILE = "larkspur-ip-200", "supplier-wifi.openvex.json"
SECRETS = {login: f"correct horse battery of {login}" for login in ("ann", "vic")}
NOBODY = "0" * 32


def bare(answer):
    body = answer.json
    body.pop("request", None)
    return answer.status, body


def world(kit):
    data, folder = pathlib.Path(kit.path("data")), pathlib.Path(kit.path("pump"))
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    for team in ("one", "none"):
        kit.run("admin", "team", "add", team, "--data", data)
    trial = pathlib.Path(kit.path("trial"))
    trial.mkdir()
    (trial / "device.yaml").write_text("schema: tutela-device/1\nfamily: Trial\nreleases:\n  - {version: '1'}\n", encoding="utf-8")
    kit.answers("a trial", kit.run("push", trial, "--to", data), 0)
    for device in (DEVICE, "trial"):
        kit.answers(f"the team of {device}", kit.run("admin", "team", "join", "one", "--device", device, "--data", data), 0)
    for login, role in (("ann", "approver"), ("vic", "viewer")):
        kit.answers(login, kit.run("admin", "user", "add", login, "--own-password", "--name", login.capitalize() + " Example", "--role", role,
                                   "--data", data, stdin=SECRETS[login].encode() + b"\n"), 0)
        kit.answers(f"{login} joins", kit.run("admin", "team", "join", "one", "--user", login, "--data", data), 0)
    return data


def refused(kit, path, ann, reader, others):
    sbom = {"kind": "sbom", "level": "public"}
    kit.check("a key publishes nothing", others["writer"].post(path, sbom).status == 403 and reader.post(path, sbom).status == 403)
    kit.check("nor does who only reads", others["vic"].post(path, sbom).status == 403)
    missing = f"/v1/releases/{NOBODY}/publications"
    kit.check("a release out of scope is like none", bare(others["outside"].get(path)) == bare(reader.get(missing)))
    for name, body, fault in [
            ("a level that is none", {"kind": "sbom", "level": "everybody"}, "enum /level"),
            ("a kind that is none", {"kind": "poem", "level": "public"}, "enum /kind")]:
        got = ann.post(path, body)
        kit.check(name, got.status == 422 and fault in got.faults, got)
    for name, body, pointer in [
            ("a file without a path", {"kind": "file", "level": "public", "type": "other"}, "/path"),
            ("a file without a type", {"kind": "file", "level": "public", "path": FILE}, "/type"),
            ("an SBOM with a path", {**sbom, "path": FILE}, "/path"),
            ("an SBOM with a type", {**sbom, "type": "other"}, "/type"),
            ("a file that is not there", {"kind": "file", "level": "public", "path": "../etc/passwd", "type": "other"}, "/path")]:
        got = ann.post(path, body)
        kit.check(name, (got.status, got.json.get("pointer")) == (422, pointer), got)
    kit.check("nothing refused is offered", reader.get(path).json["items"] == [])


def offered(kit, path, ann, reader):
    sbom = (EXAMPLE / "infusion-pump.cdx.json").read_bytes()
    got = ann.post(path, {"kind": "sbom", "level": "public", "reason": "for hospitals"})
    row = got.json
    kit.check("an SBOM is offered as it is stored", got.status == 200 and
              (row["kind"], row["level"], row["revision"], row["current"], row["media"], row["sha256"], row["bytes"]) ==
              ("sbom", "public", 1, True, "application/vnd.cyclonedx+json", hashlib.sha256(sbom).hexdigest(), len(sbom)), got)
    again = ann.post(path, {"kind": "sbom", "level": "public"})
    kit.check("once more changes nothing", again.json == row, again)
    narrower = ann.post(path, {"kind": "sbom", "level": "customer"}).json
    kit.check("another level is the same artifact", (narrower["artifact"], narrower["revision"], narrower["level"]) ==
              (row["artifact"], 1, "customer"), narrower)
    ann.post(path, {"kind": "file", "level": "internal", "path": FILE, "type": "vulnerabilities"})
    ann.post(path, {"kind": "release", "level": "public"})
    listed = reader.get(path).json
    kit.check("all that is offered is listed", [(each["kind"], each["path"], each["level"]) for each in listed["items"]] == [
        ("sbom", None, "customer"), ("file", FILE, "internal"), ("release", None, "public")] and listed["total"]["count"] == 3, listed)
    return row["artifact"]


def removing(kit, ann, reader, path):
    """What others may have is not deleted below them."""
    tag = {"If-Match": reader.get(f"/v1/devices/{DEVICE}").headers["ETag"]}
    kept = ann.delete(f"/v1/devices/{DEVICE}", tag)
    kit.check("a device of which others may have something stays", kept.status == 409 and "2 artifacts that others may have" in kept.json["detail"], kept)
    release = reader.get("/v1/devices/trial/releases").json["items"][0]["id"]
    artifact = ann.post(f"/v1/releases/{release}/publications", {"kind": "release", "level": "internal"}).json["artifact"]
    tag = {"If-Match": reader.get("/v1/devices/trial").headers["ETag"]}
    kept = ann.delete("/v1/devices/trial", tag)
    kit.check("a trial, too", kept.status == 409 and "1 artifact that others may have" in kept.json["detail"], kept)
    ann.delete(f"/v1/releases/{release}/publications/{artifact}")
    gone = ann.delete("/v1/devices/trial", {"If-Match": reader.get("/v1/devices/trial").headers["ETag"]})
    kit.check("until it is taken back", gone.status == 204 and reader.get("/v1/devices/trial").status == 404, gone)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = world(kit)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        reader = service.client(client.add_key(kit, data, "viewer", "one"))
        _, ann = service.sign_in("ann", SECRETS["ann"])
        _, vic = service.sign_in("vic", SECRETS["vic"])
        release = reader.get(f"/v1/devices/{DEVICE}/releases").json["items"][0]["id"]
        path = f"/v1/releases/{release}/publications"
        others = {"vic": vic, "outside": service.client(client.add_key(kit, data, "viewer", "none")),
                  "writer": service.client(client.add_key(kit, data, "analyst", "one"))}
        refused(kit, path, ann, reader, others)
        artifact = offered(kit, path, ann, reader)
        kit.check("what others do not see they do not take back", others["outside"].call("DELETE", f"{path}/{artifact}").status == 403)
        kit.check("no such artifact", ann.delete(f"{path}/{NOBODY}").status == 404)
        kit.check("taken back", ann.delete(f"{path}/{artifact}", reason="a mistake").status == 204)
        kit.check("it is not there any more", ann.delete(f"{path}/{artifact}").status == 404 and
                  [each["kind"] for each in reader.get(path).json["items"]] == ["file", "release"])
        removing(kit, ann, reader, path)
        records = [(each["action"], each["subject"]) for each in ann.get("/v1/ledger", limit=100).json["items"]]
        kit.check("all of it is in the ledger", records.count(("release.publish", f"release:{release}")) == 4 and
                  records.count(("release.unpublish", f"release:{release}")) == 1, records)
    return kit.done()


sys.exit(main())
