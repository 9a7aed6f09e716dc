#!/usr/bin/env python3
"""Signals and jobs over the API: received, acknowledged, confirmed, rejected; what came with one is saved, never shown.

usage: api_signals.py [PROGRAM]
"""
import copy
import json
import os
import pathlib
import shutil
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
try:
    import jsonschema
except ImportError:
    jsonschema = None  # client says that it is missing

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


def triage(kit, everybody, one, outside):
    """Severity, embargo, duplicates, and the time learned, which never moves away."""
    first = {"source": "telephone", "kind": "complaint", "title": "it reboots", "device": DEVICE, "credit": "The Ward",
             "learned": "2026-01-05T10:00:00Z", "embargo": "2027-01-01T00:00:00Z"}
    made = one.post("/v1/signals", first)
    row = made.json
    kit.check("what was stated is kept", (row["kind"], row["credit"], row["learned"], row["embargo"], row["severity"]) ==
              ("complaint", "The Ward", "2026-01-05T10:00:00Z", "2027-01-01T00:00:00Z", None), row)
    kit.check("it is to be acknowledged a week after it was learned, to the end of the day", row["acknowledge_by"][:10] in ("2026-01-12", "2026-01-13"), row)
    kit.check("which was missed", row["acknowledgement"] == "missed", row)
    for learned in ("2999-01-01T00:00:00Z", "1980-01-01T00:00:00Z"):
        bad = one.post("/v1/signals", {**first, "learned": learned})
        kit.check(f"learned {learned}: refused", (bad.status, bad.json.get("pointer")) == (422, "/learned"), bad)
    path = f"/v1/signals/{row['id']}"
    tag = one.get(path).headers["ETag"]
    kit.check("triage needs If-Match", one.patch(path, {"severity": "high"}).status == 428)
    done = one.patch(path, {"severity": "high", "embargo": None}, {"If-Match": tag})
    kit.check("triage: what is given changes, the rest stays", (done.json["severity"], done.json["embargo"], done.json["kind"], done.json["learned"]) ==
              ("high", None, "complaint", row["learned"]), done)
    later = one.patch(path, {"learned": "2026-02-01T00:00:00Z"}, {"If-Match": "*"})
    kit.check("a deadline does not move away", (later.status, later.json.get("pointer")) == (422, "/learned"), later)
    earlier = one.patch(path, {"learned": "2026-01-02T00:00:00Z", "reason": "the ward had written before"}, {"If-Match": "*"})
    kit.check("it moves nearer", earlier.json["learned"] == "2026-01-02T00:00:00Z" and earlier.json["acknowledge_by"] < row["acknowledge_by"], earlier)
    second = one.post("/v1/signals", {**first, "learned": "2026-01-06T00:00:00Z"}).json
    twin = one.patch(f"/v1/signals/{second['id']}", {"duplicate_of": row["id"]}, {"If-Match": "*"})
    kit.check("a duplicate names the one that was there", twin.json["duplicate_of"] == row["id"], twin)
    round_ = one.patch(path, {"duplicate_of": second["id"]}, {"If-Match": "*"})
    kit.check("not in a ring", (round_.status, round_.json.get("pointer")) == (422, "/duplicate_of"), round_)
    general = everybody.post("/v1/signals", {"source": "form", "title": "of all"}).json
    hidden = one.patch(path, {"duplicate_of": general["id"]}, {"If-Match": "*"})
    none = one.patch(path, {"duplicate_of": NOBODY}, {"If-Match": "*"})
    kit.check("nor of what one may not see", bare(hidden) == bare(none) and hidden.status == 422, hidden)
    kit.check("others triage nothing", outside.patch(path, {"severity": "low"}, {"If-Match": "*"}).status == 404)
    return path


def saying(kit, path, one, outside, viewer):
    made = one.post(f"{path}/log", {"kind": "note", "text": "the watchdog <b>again</b>"})
    kit.check("a note", made.status == 201, made)
    kit.check("by nobody who only reads", viewer.post(f"{path}/log", {"kind": "note", "text": "x"}).status == 403)
    kit.check("nor out of scope", outside.post(f"{path}/log", {"kind": "note", "text": "x"}).status == 404)
    empty = one.post(f"{path}/log", {"kind": "note", "text": "  "})
    kit.check("nothing is no note", (empty.status, empty.json.get("pointer")) == (422, "/text"), empty)
    log = one.get(path).json["log"]
    kit.check("the log has all that happened, in order", [row["kind"] for row in log] == ["received", "triaged", "triaged", "note"] and
              log[-1]["text"] == "the watchdog <b>again</b>" and log[-1]["author"], log)


def asking_a_cna(kit, everybody, one, outside, viewer):
    """What a CNA is asked with: nothing undecided is cleared, no contact is in it, what is missing is named."""
    body = {"source": "mail", "kind": "researcher", "title": "the pump answers without a password", "device": DEVICE,
            "reporter": "eve@example.org", "credit": "The Ward"}
    made = one.post("/v1/signals", body).json
    path = f"/v1/signals/{made['id']}"
    got = first = viewer.get(f"{path}/cve")
    cna = got.json["record"]["containers"]["cna"]
    affected = cna["affected"]
    missing = {row["member"] for row in got.json["missing"]}
    kit.check("vendor and product of the device", got.status == 200 and [row["defaultStatus"] for row in affected] == ["unknown"] and
              affected[0]["vendor"] and affected[0]["product"], got)
    kit.check("without a case each release is unknown", {row["version"]: row["status"] for row in affected[0]["versions"]} ==
              {row["version"]: "unknown" for row in affected[0]["versions"]} and len(affected[0]["versions"]) > 1, affected)
    kit.check("thanks as wished, and no contact", cna["credits"] == [{"lang": "en", "value": "The Ward"}] and "eve@" not in got.text, got)
    kit.check("what is missing is named", {"cveMetadata.cveId", "cveMetadata.assignerOrgId", "containers.cna.references", "containers.cna.metrics",
                                           "containers.cna.problemTypes", "containers.cna.affected.versions"} <= missing, missing)
    kit.check("others have none", bare(outside.get(f"{path}/cve")) == bare(outside.get(f"/v1/signals/{NOBODY}/cve")) and
              outside.get(f"{path}/cve").status == 404)
    done = one.post(f"{path}/case", {"vulnerability": CURL}, {"If-Match": "*"})
    releases = everybody.get(f"/v1/cases/{done.json['case']}").json["releases"]
    wanted = {row["release"]: {"affected": "affected", "not affected": "unaffected", "fixed": "unaffected"}.get(row["state"], "unknown")
              for row in releases}
    got = one.get(f"{path}/cve").json
    said = {row["version"]: row["status"] for row in got["record"]["containers"]["cna"]["affected"][0]["versions"]}
    kit.check("with a case, as it says", wanted and {name: said.get(name) for name in wanted} == wanted and
              all(status == "unknown" for name, status in said.items() if name not in wanted), said, releases)
    official(kit, [first.json["record"], got["record"]])
    kit.check("by its id, with what the data know", got["record"]["cveMetadata"]["cveId"] == CURL and
              got["record"]["containers"]["cna"].get("references"), got)


def official(kit, records):
    """The records, with what they name as missing filled in as a CNA does it, against the schema of the CVE programme. Where it is:
    TUTELA_CVE_SCHEMA, or CVE_Record_Format_bundled.json in contracts/cve of the shared data (schema/docs of the programme's cve-schema)."""
    path = pathlib.Path(os.environ.get("TUTELA_CVE_SCHEMA") or pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared")) /
                        "data/contracts/cve/CVE_Record_Format_bundled.json")
    if not path.is_file():
        kit.check(f"the official schema # SKIP {path.name} is not there (TUTELA_CVE_SCHEMA)", True)
        return
    schema = jsonschema.Draft7Validator(json.loads(path.read_text(encoding="utf-8")))
    org = "8254265b-2729-46b6-b9e3-3dfca2d5bfca"

    def faults(record):
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in schema.iter_errors(record)]
    for record in map(copy.deepcopy, records):
        meta, cna = record["cveMetadata"], record["containers"]["cna"]
        meta.setdefault("cveId", "CVE-2026-1234")
        meta["assignerOrgId"] = org
        cna["providerMetadata"] = {"orgId": org}
        cna.setdefault("references", [{"url": "https://maker.example/advisory"}])
        kit.check(f"{meta['cveId']}: valid by the official schema", faults(record) == [], faults(record), record)
        for what in ("affected", "descriptions"):
            broken = copy.deepcopy(record)
            del broken["containers"]["cna"][what]
            kit.check(f"without {what} it is not", faults(broken) != [], what)


def becoming(kit, path, everybody, one):
    """It becomes a case, which was learned of when the signal was."""
    wrong = one.post(f"{path}/case", {"vulnerability": "CVE-1999-0001"}, {"If-Match": "*"})
    kit.check("a case of nothing", (wrong.status, wrong.json.get("pointer")) == (422, "/vulnerability"), wrong)
    done = one.post(f"{path}/case", {"vulnerability": "CVE-2022-37434"}, {"If-Match": "*"})
    kit.check("it becomes a case", done.status == 200 and (done.json["state"], done.json["vulnerability"]) == ("confirmed", "CVE-2022-37434"), done)
    case = everybody.get(f"/v1/cases/{done.json['case']}").json
    kit.check("with the time learned", case["case"]["learned_at"] == "2026-01-02T00:00:00Z", case)
    earlier = everybody.post("/v1/signals", {"source": "mail", "kind": "researcher", "title": "the same", "device": DEVICE, "learned": "2025-12-30T00:00:00Z"}).json
    joined = everybody.post(f"/v1/signals/{earlier['id']}/case", {"vulnerability": "CVE-2022-37434"}, {"If-Match": "*"})
    case = everybody.get(f"/v1/cases/{done.json['case']}").json
    kit.check("an earlier one joins it and starts its deadlines", (joined.status, joined.json["case"], case["case"]["learned_at"]) ==
              (200, done.json["case"], "2025-12-30T00:00:00Z"), joined, case)
    moved = everybody.patch(path, {"device": None}, {"If-Match": "*"})
    kit.check("what is confirmed stays with its device", (moved.status, moved.json.get("pointer")) == (422, "/device"), moved)
    promised = one.patch(path, {"embargo": "2999-01-01T00:00:00Z"}, {"If-Match": "*"})
    kit.check("silence is promised for longer", promised.json["embargo"] == "2999-01-01T00:00:00Z", promised)
    for sooner in (None, "2998-01-01T00:00:00Z"):
        freed = one.patch(path, {"embargo": sooner, "reason": "x"}, {"If-Match": "*"})
        kit.check(f"an embargo until {sooner} instead: by who may publish", (freed.status, freed.problem) == (403, "forbidden"), freed)


def acknowledging(kit, everybody, one, outside):
    """The time to acknowledge a report is a deadline among the others: to whoever sees the report, running, met or missed."""
    def rows(of, **query):
        return {row["signal"]: row for row in of.get("/v1/deadlines", rule="report-acknowledged", limit=500, **query).json["items"]}
    body = {"source": "mail", "title": "silent words", "embargo": "2999-01-01T00:00:00Z"}
    late = one.post("/v1/signals", {**body, "device": DEVICE, "learned": "2026-01-05T10:00:00Z"}).json
    soon, general = one.post("/v1/signals", {**body, "device": DEVICE}).json, everybody.post("/v1/signals", body).json
    mine, every = rows(one), rows(everybody)
    kit.check("one not acknowledged runs", (mine[soon["id"]]["state"], mine[soon["id"]]["open"], mine[soon["id"]]["device"], mine[soon["id"]]["due"][:19],
              mine[soon["id"]]["missing"]) == ("running", True, DEVICE, soon["acknowledge_by"][:19], ["report-acknowledged"]), mine[soon["id"]], soon)
    kit.check("one too late is missed", (mine[late["id"]]["state"], mine[late["id"]]["open"]) == ("missed", True) and mine[late["id"]]["late_seconds"] > 0, mine)
    kit.check("with its source", "ISO/IEC 29147" in mine[late["id"]]["source"], mine)
    kit.check("one about no device is seen by who sees all", general["id"] not in mine and
              (every[general["id"]]["device"], every[general["id"]]["vulnerability"], every[general["id"]]["zone"]) == (None, None, "UTC"), every.get(general["id"]))
    kit.check("others see none", rows(outside) == {} and outside.get("/v1/deadlines").json["total"]["count"] == 0, rows(outside))
    kit.check("no word of the report is in it", "silent words" not in everybody.get("/v1/deadlines", limit=500).text)
    kit.check("by device", general["id"] not in rows(everybody, device=DEVICE) and soon["id"] in rows(everybody, device=DEVICE))
    kit.check("by state", late["id"] in rows(one, state="missed") and soon["id"] not in rows(one, state="missed"))
    figures = everybody.get("/metrics").text
    waiting = everybody.get("/v1/deadlines", rule="report-acknowledged", open="true", limit=500).json["items"]
    for state in ("running", "missed"):
        count = sum(row["state"] == state for row in waiting)
        kit.check(f"the figures count those that are {state}", count and f'tutela_reports_unacknowledged{{state="{state}"}} {count}\n' in figures, figures, count)
    for made, state in ((soon, "met"), (late, "missed")):
        done = one.post(f"/v1/signals/{made['id']}/acknowledge", {}, {"If-Match": "*"})
        row = rows(one)[made["id"]]
        kit.check(f"acknowledged, it is {state} and stays", done.status == 200 and (row["state"], row["open"], row["missing"]) == (state, False, []) and
                  row["stopped"][:19] == done.json["acknowledged"][:19], row)
    case = one.post(f"/v1/signals/{soon['id']}/case", {"vulnerability": CURL}, {"If-Match": "*"}).json
    row = rows(one, vulnerability=CURL)[soon["id"]]
    kit.check("confirmed, it names its case", (row["vulnerability"], row["case"]) == (CURL, case["case"]), row)
    kit.check("of that vulnerability alone", late["id"] not in rows(one, vulnerability=CURL))


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
        path = triage(kit, everybody, one, outside)
        saying(kit, path, one, outside, viewer)
        becoming(kit, path, everybody, one)
        asking_a_cna(kit, everybody, one, outside, viewer)
        acknowledging(kit, everybody, one, outside)
        jobs(kit, everybody, one, viewer)
    return kit.done()


sys.exit(main())
