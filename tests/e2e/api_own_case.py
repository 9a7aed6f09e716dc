#!/usr/bin/env python3
"""A weakness that no knowledge base has a name for: from the report over its case, decisions, deadlines and advisory to its end.

usage: api_own_case.py [PROGRAM]
"""
import json
import re
import shutil
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import csaf_world as world  # noqa: E402

DEVICE, OTHER, CURL = world.DEVICE, "larkspur-ip-300", world.CURL
AFFECTED = {"releases": ["4.3.1"], "role": "PSIRT lead", "component": "Larkspur IP-200", "status": "affected", "exploitability": "high", "harm": "critical",
            "remedy": "vendor_fix", "action": "Install release 4.4.0.", "fix_release": "4.4.0"}
FIXED = {"releases": ["4.4.0"], "role": "PSIRT lead", "component": "Larkspur IP-200", "status": "fixed"}


def bare(answer):
    body = answer.json
    body.pop("request", None)
    return answer.status, body


def second_device(kit, data):
    """Of another team, without decisions."""
    folder = kit.folder / "other-pump"
    shutil.copytree(ROOT / "examples" / "infusion-pump", folder, ignore=shutil.ignore_patterns(".tutela*", "decisions"))
    text = (folder / "device.yaml").read_text(encoding="utf-8").replace("family: Larkspur IP-200", "family: Larkspur IP-300")
    (folder / "device.yaml").write_text(text, encoding="utf-8")
    kit.answers("another device", kit.run("push", folder, "--to", data, "--new-device"), 0)
    kit.run("admin", "team", "add", "two", "--data", data)
    kit.answers("of another team", kit.run("admin", "team", "join", "two", "--device", OTHER, "--data", data), 0)


def reported(writer, **more):
    made = writer.post("/v1/signals", {"source": "mail", "kind": "researcher", "title": "The service port takes any password", "device": DEVICE,
                                       "learned": "2026-02-09T14:00:00Z", **more})
    return f"/v1/signals/{made.json['id']}"


def become(writer, signal, **body):
    return writer.post(f"{signal}/case", body, {"If-Match": writer.get(signal).headers["ETag"]})


def opening(kit, writer, other):
    signal = reported(writer)
    tag = {"If-Match": writer.get(signal).headers["ETag"]}
    writer.patch(signal, {"severity": "high"}, tag)
    for what, body, pointer in (
            ("a name that is none", {"vulnerability": "my weakness", "devices": [DEVICE]}, "/vulnerability"),
            ("a public id", {"vulnerability": "0" * 32, "devices": [DEVICE]}, "/vulnerability"),
            ("one that the knowledge base has", {"vulnerability": CURL, "devices": [DEVICE]}, "/vulnerability"),
            ("a device out of scope", {"devices": [DEVICE, OTHER]}, "/devices"),
            ("no such device", {"devices": [DEVICE, "none"]}, "/devices")):
        refused = become(writer, signal, **body)
        kit.check(f"refused: {what}", refused.status == 422 and refused.json["pointer"] == pointer, refused)
    unknown = become(writer, signal, vulnerability="CVE-1999-9999")
    kit.check("a name alone that nothing has opens none", unknown.status == 422 and "name the devices" in unknown.text, unknown)
    kit.check("nothing refused left anything", writer.get("/v1/cases").json["total"]["count"] == 0)
    made = become(writer, signal)
    kit.check("it becomes a case of our own", made.status == 200 and made.json["state"] == "confirmed" and
              re.fullmatch(r"VULN-\d{4}-[0-9A-F]{6}", made.json["vulnerability"]), made)
    name = made.json["vulnerability"]
    case = writer.get(f"/v1/cases/{made.json['case']}")
    row = case.json["case"]
    kit.check("with what the report says", (row["own"], row["title"], row["severity"], row["score"], row["learned_at"]) ==
              (True, "The service port takes any password", "high", None, "2026-02-09T14:00:00Z"), row)
    kit.check("every release is undecided", [(r["release"], r["state"]) for r in case.json["releases"]] == [("4.3.1", "undecided"), ("4.4.0", "undecided")],
              case.json["releases"])
    kit.check("what would have to be done, if it were uncontrolled, is said", row["undecided_deadlines"] > 0 and row["deadline_if_uncontrolled"], row)
    kit.check("that keeps it open", sorted(c["need"] for c in case.json["conditions"]) == ["decision", "decision", "owner"], case.json["conditions"])
    kit.check("others have none", bare(other.get(f"/v1/cases/{row['id']}")) == bare(other.get(f"/v1/cases/{'0' * 32}")) and
              other.get("/v1/cases").json["total"]["count"] == 0)
    taken = become(other, reported(other, device=OTHER), vulnerability=name, devices=[OTHER])
    kit.check("nor join it, nor read its title", taken.status == 422 and taken.json["pointer"] == "/vulnerability" and
              "service port" not in taken.text, taken)
    return signal, row["id"], name


def approve(kit, writer, ben, what, answer):
    if answer.status != 201:
        raise SystemExit(f"Bail out! {what}: {answer.body}")
    path = f"/v1/decisions/{answer.json['decisions'][0]}"
    row = writer.get(path).json
    done = ben.post(f"{path}/approve", {"version": row["version"], "sha256": row["sha256"], "zone": "Z"})
    kit.check(f"{what} is approved", done.status == 200 and done.json["state"] == "approved", done)
    return row


def deciding(kit, writer, viewer, ben, case, name):
    path = f"/v1/cases/{case}"
    kit.check("who reads decides nothing", viewer.post(f"{path}/decisions", FIXED).status == 403)
    for what, body, pointer in (
            ("a release that there is not", {**FIXED, "releases": ["9.9"]}, "/releases"),
            ("a component that there is not", {**FIXED, "component": "infusion-pump"}, "/component"),
            ("another device", {**FIXED, "device": OTHER}, "/device"),
            ("affected, and no harm", {key: value for key, value in AFFECTED.items() if key != "harm"}, "/harm"),
            ("affected, and no band", {key: value for key, value in AFFECTED.items() if key != "exploitability"}, "/exploitability")):
        refused = writer.post(f"{path}/decisions", body)
        kit.check(f"refused: {what}", refused.status == 422 and refused.json["pointer"] == pointer, refused)
    bare_of = writer.post(f"{path}/decisions", {**FIXED, "status": "not_affected"})
    kit.check("not affected needs a justification", bare_of.status == 422, bare_of)
    made = writer.post(f"{path}/decisions", AFFECTED)
    other = writer.post(f"{path}/decisions", {**AFFECTED, "status": "not_affected", "justification": "component_not_present"})
    kit.check("what contradicts another is refused", other.status == 409 and "supersede" in other.text, other)
    kit.check("a proposal decides nothing", writer.get(path).json["case"]["undecided"] == 2)
    row = approve(kit, writer, ben, "affected", made)
    kit.check("it is of the case, and runs from when that was learned of", (row["vulnerability"], row["learned"], row["releases"]) ==
              (name, "2026-02-09T14:00:00Z", ["4.3.1"]), row)
    now = writer.get(path).json
    kit.check("the release is affected, the other is not decided by it", [(r["release"], r["state"], r["uncontrolled"]) for r in now["releases"]] ==
              [("4.3.1", "affected", True), ("4.4.0", "undecided", False)], now["releases"])
    kit.check("deadlines run", now["case"]["open_deadlines"] > 0 and now["case"]["deadline"], now["case"])
    approve(kit, writer, ben, "fixed", writer.post(f"{path}/decisions", FIXED))
    now = writer.get(path).json
    kit.check("the later release fixes it", [(r["state"], r["fix"]) for r in now["releases"]] == [("affected", "4.4.0"), ("fixed", None)],
              now["releases"])
    return row


def ending(kit, writer, ann, ben, case, row):
    """Nothing is closed with a risk that is uncontrolled, or a deadline that runs."""
    path = f"/v1/cases/{case}"
    ann.put(f"{path}/owner", {"owner": "ann"}, {"If-Match": writer.get(path).headers["ETag"]})
    early = ann.post(f"{path}/close", {}, {"If-Match": writer.get(path).headers["ETag"]})
    kit.check("it is not closed before", early.status == 409 and {e["type"] for e in early.json["errors"]} >= {"units-known", "deadline"}, early)
    less = {**AFFECTED, "risk": "controlled", "supersedes": row["id"], "rationale": "The port is closed in all hospitals."}
    approve(kit, writer, ben, "controlled now", writer.post(f"{path}/decisions", less))
    open_ones = [d for d in writer.get(path).json["deadlines"] if d["open"]]
    done = ben.post(f"{path}/events", {"event": "deadline-waived", "device": DEVICE, "evidence": "the risk is controlled",
                                       "contents": sorted({d["rule"] for d in open_ones})})
    kit.check("deadlines that have started are waived, not forgotten", open_ones and done.status == 201, open_ones, done)
    closed = ann.post(f"{path}/close", {}, {"If-Match": writer.get(path).headers["ETag"]})
    kit.check("then it is closed", closed.status == 200 and closed.json["state"] == "closed", closed, writer.get(path).json["conditions"])


def advisory(kit, maker, service, name):
    kit.check("a provider", maker.configure().status == 200)
    drafted = maker.draft(vulnerabilities=[name], formats=["csaf-advisory"])
    kit.check("its advisory is drafted", drafted.status == 201, drafted)
    path = f"/v1/statements/{drafted.json['statement']['id']}"
    kit.check("approved", maker.approve(drafted).status == 200)
    kit.check("and published", maker.publish(path).status == 200)
    document = json.loads(maker.writer.get(f"{path}/documents/csaf-advisory").text)
    one = document["vulnerabilities"][0]
    kit.check("under its own id, that of the maker", one["ids"] == [{"system_name": "Example Medical Devices", "text": name}] and "cve" not in one, one)
    kit.check("with what is affected and what is fixed", one["product_status"].keys() >= {"known_affected", "fixed"} and one["remediations"], one)
    kit.check("with what it is called", one["title"] == "The service port takes any password", one)
    index = service.client().get("/.well-known/csaf/white/index.txt")
    kit.check("and is offered to everybody", index.status == 200 and len(index.text.splitlines()) == 1, index)


def numbered(kit, maker, case, name):
    """A CVE id is there: decisions that supersede the first ones have it, and so has what is said next."""
    writer = maker.writer
    listed = writer.get(f"/v1/cases/{case}").json["decisions"]
    affected, fixed = (next(d["id"] for d in reversed(listed) if d["status"] == status) for status in ("affected", "fixed"))
    for what, body, old in (("affected, by its CVE id, too", {**AFFECTED, "risk": "controlled"}, affected), ("so is what is fixed", FIXED, fixed)):
        approve(kit, writer, maker.ben, what, writer.post(f"/v1/cases/{case}/decisions", {**body, "aliases": ["CVE-2026-99999"], "supersedes": old}))
    drafted = maker.draft(vulnerabilities=[name], formats=["csaf-advisory"])
    text = writer.get(f"/v1/statements/{drafted.json['statement']['id']}/documents/csaf-advisory").text
    one = json.loads(text)["vulnerabilities"]
    kit.check("its advisory has both", len(one) == 1 and one[0]["cve"] == "CVE-2026-99999" and [i["text"] for i in one[0]["ids"]] == [name], one)
    states = [r["state"] for r in writer.get(f"/v1/cases/{case}").json["releases"]]
    kit.check("it is the same case", states == ["affected", "fixed"], states)


def naming(kit, writer, signal):
    asked = writer.get(f"{signal}/cve").json
    kit.check("a CVE id is asked for with what is known", "cveMetadata.cveId" in [m["member"] for m in asked["missing"]] and
              "service port" in json.dumps(asked["record"]), asked)


def widening(kit, everybody, signal, case, name):
    """Who sees more says that it is about more."""
    done = become(everybody, signal, vulnerability=name, devices=[DEVICE, OTHER])
    seen = everybody.get(f"/v1/cases/{case}").json
    kit.check("it is about another device, too", done.status == 200 and [p["device"] for p in seen["parts"]] == [DEVICE, OTHER] and
              [p["state"] for p in seen["parts"]] == ["closed", "open"], done, seen["parts"])
    kit.check("whose releases are undecided", seen["case"]["undecided"] == 2 and seen["case"]["state"] == "open", seen["case"])
    named = everybody.post(f"/v1/cases/{case}/decisions", FIXED)
    kit.check("then a decision names its device", named.status == 422 and named.json["pointer"] == "/device", named)
    own = become(everybody, reported(everybody), vulnerability="LARKSPUR-2026-7", devices=[OTHER, DEVICE], title="Of our own naming")
    kit.check("the maker may name it", own.json["vulnerability"] == "LARKSPUR-2026-7", own)
    found = [row for row in everybody.get("/v1/cases").json["items"] if row["vulnerability"] == "LARKSPUR-2026-7"][0]
    kit.check("and say what it is", (found["title"], found["devices"], found["undecided"]) == ("Of our own naming", 2, 4), found)


def findings(kit, writer, ann):
    known = ann.post("/v1/cases", {"vulnerability": CURL})
    refused = writer.post(f"/v1/cases/{known.json['id']}/decisions", FIXED)
    kit.check("where there are findings these are decided", known.json["own"] is False and refused.status == 422 and "findings" in refused.text, refused)


def main():
    kit = Kit()
    data = world.make(kit)
    second_device(kit, data)
    keys = {name: client.add_key(kit, data, role, team) for name, role, team in (
        ("writer", "analyst", "one"), ("viewer", "viewer", "one"), ("other", "analyst", "two"), ("everybody", "analyst", None))}
    with client.Service(kit, data) as service:
        maker = world.Maker(kit, data, service)
        who = {name: service.client(key) for name, key in keys.items()}
        signal, case, name = opening(kit, who["writer"], who["other"])
        row = deciding(kit, who["writer"], who["viewer"], maker.ben, case, name)
        ending(kit, who["writer"], maker.ann, maker.ben, case, row)
        advisory(kit, maker, service, name)
        numbered(kit, maker, case, name)
        naming(kit, who["writer"], signal)
        widening(kit, who["everybody"], signal, case, name)
        findings(kit, who["writer"], maker.ann)
    return kit.done()


sys.exit(main())
