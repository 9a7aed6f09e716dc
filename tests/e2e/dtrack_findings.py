#!/usr/bin/env python3
"""Results and triage in the words of Dependency-Track: findings, FPF, SARIF, metrics, violations, badges, vulnerabilities.

usage: dtrack_findings.py [PROGRAM]
"""
import base64
import collections
import json
import pathlib
import shutil
import sys
import xml.etree.ElementTree

from kit import ROOT, Kit
from portfolio import edit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import dtrack_contract  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
SECRET = "correct horse battery ann"
NOBODY = "00000000-0000-0000-0000-000000000000"


def uuid(digits):
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))


def bare(answer):
    return answer.status, answer.headers.get("Content-Type"), answer.body


def ours(reader, release):
    return reader.pages("/v1/findings", filter=f"device:{DEVICE} release:{release}", limit=500)


def findings(kit, reader, theirs, project, rows):
    path = f"/api/v1/finding/project/{project}"
    got = reader.get(path, suppressed="true")
    theirs.check(kit, "findings", "/api/v1/finding/project/{uuid}", "get", got)
    kit.check("every finding of /v1, each once", sorted(row["tutela"]["finding"] for row in got.json) == sorted(row["id"] for row in rows))
    kit.check("the same verdicts", collections.Counter(row["tutela"]["verdict"] for row in got.json) ==
              collections.Counter(row["verdict"] for row in rows))
    kit.check("undecided ones are there, and not suppressed", any(row["tutela"]["verdict"] == "undecided" for row in got.json) and
              not any(row["analysis"]["isSuppressed"] for row in got.json if row["tutela"]["state"] not in ("decided", "carried")))
    kit.check("the total", got.headers["X-Total-Count"] == str(len(rows)), got.headers)
    kit.check("what it cannot know is a header", "components_without_data=" in got.headers["Tutela-Gaps"] and
              "late_sources=" in got.headers["Tutela-Gaps"], got.headers)
    first = got.json[0]
    kit.check("matrix", first["matrix"] == f"{project}:{first['component']['uuid']}:{first['vulnerability']['uuid']}", first)
    by_id = {row["id"]: row for row in rows}
    kit.check("severities are ours", all(row["vulnerability"]["severity"] == {"none": "INFO", "unknown": "UNASSIGNED"}.get(
        by_id[row["tutela"]["finding"]]["severity"], by_id[row["tutela"]["finding"]]["severity"].upper()) for row in got.json))
    curl = [row for row in got.json if row["vulnerability"]["vulnId"] == "CVE-2023-38545"][0]
    kit.check("score, weakness and names", (curl["vulnerability"]["cvssV3BaseScore"], curl["vulnerability"]["cwes"][0]["cweId"],
                                            curl["vulnerability"]["source"]) == (9.8, 787, "NVD"), curl)
    kit.check("nobody has assessed it: no state", "state" not in curl["analysis"], curl)
    return got.json


def pages(kit, reader, project, rows):
    path = f"/api/v1/finding/project/{project}"
    whole = reader.get(path).json
    parts = []
    for number in range(1, 100):
        part = reader.get(path, pageNumber=number, pageSize=7)
        parts += part.json
        if number * 7 >= len(whole):
            break
    kit.check("pages are the list", parts == whole and part.headers["X-Total-Count"] == str(len(whole)))
    kit.check("offset and limit", reader.get(path, offset=3, limit=4).json == whole[3:7])
    kit.check("beyond the end", reader.get(path, pageNumber=1000, pageSize=10).json == [])
    kit.check("a page of size 0 is a mistake", reader.get(path, pageSize=0).status == 400)
    kit.check("by source", all(row["vulnerability"]["source"] == "NVD" for row in reader.get(path + "?source=NVD").json) and
              reader.get(path + "?source=VULNDB").json == [])
    kit.check("by text", {row["component"]["name"] for row in reader.get(path, searchText="CURL").json} == {"curl"})
    kev = [row["id"] for row in rows if row["kev"] and not row["closed"]]
    kit.check("known to be exploited", sorted(row["tutela"]["finding"] for row in reader.get(path, isKev="true").json) == sorted(kev))
    named = [row["vulnerability"]["vulnId"] for row in reader.get(path, sortName="vulnerability.vulnId", sortOrder="asc").json]
    kit.check("sorted by name", named == [row["vulnerability"]["vulnId"] for row in
                                          reversed(reader.get(path, sortName="vulnerability.vulnId", sortOrder="desc").json)], named)
    worst = [row["vulnerability"]["severityRank"] for row in reader.get(path, sortName="vulnerability.severity", sortOrder="asc").json]
    kit.check("the worst first", worst == sorted(worst), worst)


def files(kit, reader, project, every):
    got = reader.get(f"/api/v1/finding/project/{project}/export")
    kit.check("FPF has all findings, suppressed ones too", got.json["findings"] == every or
              sorted(map(json.dumps, got.json["findings"])) == sorted(map(json.dumps, every)))
    kit.check("FPF says what and when", (got.json["version"], got.json["project"]["uuid"], got.json["project"]["name"]) ==
              ("1.3", project, DEVICE) and got.headers["Content-Disposition"] == f"inline; filename=findings-{project}.fpf", got.headers)
    kit.check("FPF says what it cannot know", got.json["gaps"]["releases"] > 0)
    sarif = reader.get(f"/api/v1/finding/project/{project}", {"Accept": "application/sarif+json"})
    run = sarif.json["runs"][0]
    kit.check("SARIF by Accept", sarif.headers["Content-Type"] == "application/sarif+json" and run["tool"]["driver"]["name"].lower() == "tutela"
              and len(run["results"]) > 0 and set(sarif.json) == {"$schema", "version", "runs"}, sorted(sarif.json))
    kit.check("SARIF says what it cannot know", "components_without_data=" in sarif.headers["Tutela-Gaps"], sarif.headers)


def metrics(kit, reader, theirs, project, rows):
    path = f"/api/v1/metrics/project/{project}"
    got = reader.get(path + "/current")
    theirs.check(kit, "metrics", "/api/v1/metrics/project/{uuid}/current", "get", got)
    shown = [row for row in rows if not row["closed"]]
    severity = collections.Counter(row["severity"] for row in shown)
    want = {**{word: severity[word] for word in ("critical", "high", "medium", "low")}, "unassigned": severity["unknown"] + severity["none"],
            "vulnerabilities": len(shown), "suppressed": len(rows) - len(shown), "findingsTotal": len(shown),
            "findingsUnaudited": sum(row["state"] == "not assessed" for row in rows),
            "vulnerableComponents": len({(row["component"], row["component_version"], row["purl"]) for row in shown}),
            "kev": sum(row["kev"] for row in shown)}
    kit.check("counts of a project", {name: got.json[name] for name in want} == want, got.json, want)
    kit.check("nothing vanishes between the severities", sum(got.json[word] for word in ("critical", "high", "medium", "low", "unassigned")) ==
              got.json["vulnerabilities"])
    verdicts = collections.Counter(row["verdict"] for row in shown)
    kit.check("what clients have no word for", (got.json["tutela"]["affected"], got.json["tutela"]["undecided"],
                                                got.json["tutela"]["componentsWithoutData"] > 0, "late_sources" in got.json["gaps"]) ==
              (verdicts["affected"], verdicts["undecided"], True, True), got.json)
    refreshed = reader.get(path + "/refresh")
    kit.check("refreshing", (refreshed.status, refreshed.body) == (200, b""), refreshed)
    days = reader.get(path + "/days/30")
    theirs.check(kit, "metrics of days", "/api/v1/metrics/project/{uuid}/days/{days}", "get", days)
    kit.check("of any day there is what is now", [row["vulnerabilities"] for row in days.json] == [len(shown)] and
              len(reader.get(path + "/since/20260101").json) == 1)


def portfolio(kit, reader, theirs):
    got = reader.get("/api/v1/metrics/portfolio/current")
    theirs.check(kit, "metrics of all", "/api/v1/metrics/portfolio/current", "get", got)
    whole = reader.pages("/v1/findings", limit=1000)
    shown = [row for row in whole if not row["closed"]]
    releases = reader.get(f"/v1/devices/{DEVICE}/releases").json["items"]
    projects = [reader.get(f"/api/v1/metrics/project/{uuid(row['id'])}/current").json for row in releases]
    kit.check("counts of all", (got.json["vulnerabilities"], got.json["suppressed"], got.json["projects"]) ==
              (len(shown), len(whole) - len(shown), len(releases) + 1), got.json)
    for name in ("critical", "high", "medium", "low", "unassigned", "kev", "components", "findingsUnaudited", "findingsAudited",
                 "policyViolationsTotal", "inheritedRiskScore"):
        kit.check(f"{name} of all is that of each", got.json[name] == sum(row[name] for row in projects), got.json, projects)
    theirs.check(kit, "metrics of days of all", "/api/v1/metrics/portfolio/{days}/days", "get", reader.get("/api/v1/metrics/portfolio/90/days"))


def violations(kit, reader, theirs, project):
    got = reader.get(f"/api/v1/violation/project/{project}")
    theirs.check(kit, "violations", "/api/v1/violation/project/{uuid}", "get", got)
    count = reader.get(f"/api/v1/metrics/project/{project}/current").json
    kinds = collections.Counter(row["type"] for row in got.json)
    kit.check("violations are as counted", (len(got.json), kinds["SECURITY"], kinds["OPERATIONAL"]) ==
              (count["policyViolationsTotal"], count["policyViolationsSecurityTotal"], count["policyViolationsOperationalTotal"]), kinds, count)
    kit.check("each once", len({row["uuid"] for row in got.json}) == len(got.json))
    return got.json


def badges(kit, reader, project, empty):
    svg = "{http://www.w3.org/2000/svg}"
    for kind in ("vulns", "violations"):
        one = reader.get(f"/api/v1/badge/{kind}/project/{project}")
        same = reader.get(f"/api/v1/badge/{kind}/project/{DEVICE}/4.4.0")
        root = xml.etree.ElementTree.fromstring(one.body)
        kit.check(f"a badge of {kind}", root.tag == svg + "svg" and one.headers["Content-Type"] == "image/svg+xml" and same.body == one.body, one)
        kit.check(f"a badge of {kind} says what is without data", "without data" in root.find(svg + "title").text, one.body)
        none = reader.get(f"/api/v1/badge/{kind}/project/{empty}").text
        kit.check(f"a project without BOM is not a good one: {kind}", "no BOM" in none and "none known" not in none, none)


def vulnerabilities(kit, reader, theirs, project, rows):
    got = reader.get(f"/api/v1/vulnerability/project/{project}", suppressed="true")
    theirs.check(kit, "vulnerabilities", "/api/v1/vulnerability/project/{uuid}", "get", got)
    kit.check("each vulnerability once", sorted(row["vulnId"] for row in got.json) == sorted({row["vulnerability"] for row in rows}))
    one = reader.get("/api/v1/vulnerability/source/NVD/vuln/CVE-2023-38545")
    theirs.check(kit, "a vulnerability", "/api/v1/vulnerability/source/{source}/vuln/{vuln}", "get", one)
    kit.check("a vulnerability by its name", one.json == [row for row in got.json if row["vulnId"] == "CVE-2023-38545"][0], one.json)
    for source, name in (("GITHUB", "CVE-2023-38545"), ("NVD", "CVE-1999-99999"), ("nvd", "CVE-2023-38545")):
        kit.check(f"no {source} {name}", reader.get(f"/api/v1/vulnerability/source/{source}/vuln/{name}").status == 404)


def body_of(finding, state, **more):
    return {"project": finding["component"]["project"], "component": finding["component"]["uuid"],
            "vulnerability": finding["vulnerability"]["uuid"], "analysisState": state, **more}


def asked(finding):
    return {"project": finding["component"]["project"], "component": finding["component"]["uuid"], "vulnerability": finding["vulnerability"]["uuid"]}


def triage(kit, service, data, theirs, every):
    """A key proposes; persons decide; what is read is what was approved."""
    path = "/api/v1/analysis"
    key, other = (service.client(**{"X-Api-Key": client.add_key(kit, data, "analyst")}) for _ in range(2))
    viewer = service.client(client.add_key(kit, data, "viewer"))
    free = [row for row in every if row["tutela"]["state"] == "not assessed" and row["tutela"]["verdict"] == "affected"]
    one, two, three = free[:3]
    before = key.get(path, **asked(one))
    theirs.check(kit, "an analysis", path, "get", before)
    kit.check("nobody has said anything", (before.json["analysisState"], before.json["isSuppressed"], before.json["analysisComments"],
                                           before.json["tutela"]["proposed"]) == ("NOT_SET", False, [], None), before.json)
    kit.check("a viewer proposes nothing", viewer.put(path, body_of(one, "NOT_AFFECTED", analysisDetails="x")).status == 403)
    html = "<script>alert(1)</script> & 'no' \"proxy\"\nsecond line"
    made = key.put(path, body_of(one, "NOT_AFFECTED", analysisJustification="CODE_NOT_REACHABLE", analysisResponse="WILL_NOT_FIX",
                                 analysisDetails="No proxy is used.", comment=html, isSuppressed=True))
    theirs.check(kit, "a proposed analysis", path, "put", made)
    said = made.json["analysisComments"]
    kit.check("it is proposed, and that is said", (made.status, made.json["analysisState"], made.json["isSuppressed"], len(said)) ==
              (200, "IN_TRIAGE", False, 1) and said[0]["comment"].startswith("Proposed, waits for approval: NOT_AFFECTED (CODE_NOT_REACHABLE)"), made.json)
    kit.check("with its comment as it was written, its origin and all words", all(word in said[0]["comment"] for word in (
        html, "No proxy is used.", "client of Dependency-Track's API, by key ", "response WILL_NOT_FIX", "suppressed there")), said)
    row = key.get("/v1/findings/" + one["tutela"]["finding"]).json
    kit.check("/v1 has the proposal, and nothing is closed", (row["state"], row["closed"], row["proposed"]["decision"], row["proposed"]["status"]) ==
              ("not assessed", False, made.json["tutela"]["proposed"], "not_affected"), row["proposed"])
    listed = [each for each in key.get(f"/api/v1/finding/project/{one['component']['project']}").json if each["matrix"] == one["matrix"]]
    kit.check("the list has it in triage, not suppressed", [each["analysis"] for each in listed] == [{"state": "IN_TRIAGE", "isSuppressed": False}], listed)
    again = key.put(path, body_of(one, "NOT_AFFECTED", analysisJustification="CODE_NOT_REACHABLE", analysisResponse="WILL_NOT_FIX",
                                  analysisDetails="No proxy is used.", comment=html, isSuppressed=True))
    kit.check("the same again changes nothing", again.json == made.json, again.json)
    kit.check("somebody else's proposal is in the way", other.put(path, body_of(one, "EXPLOITABLE")).status == 409)
    kit.check("NOT_SET takes nothing back", key.put(path, body_of(one, "NOT_SET")).status == 409)
    kit.check("NOT_SET where nothing is", key.put(path, body_of(two, "NOT_SET")).json["analysisState"] == "NOT_SET")
    new = key.put(path, body_of(one, "FALSE_POSITIVE"))
    kit.check("one's own proposal is replaced", new.status == 200 and len(new.json["analysisComments"]) == 1 and
              "Stated to be a false positive." in new.json["analysisComments"][0]["comment"], new.json)
    for state, status in (("EXPLOITABLE", "affected"), ("RESOLVED", "fixed"), ("IN_TRIAGE", "under_investigation")):
        got = key.put(path, body_of(two, state, analysisResponse="UPDATE", comment=state))
        row = key.get("/v1/decisions/" + (got.json["tutela"]["proposed"] or NOBODY)).json if got.status == 200 else {}
        kit.check(f"{state} is {status}", (got.status, row.get("status"), row.get("state")) == (200, status, "proposed"), got, row)
    return one, new.json["tutela"]["proposed"], three


def refused(kit, service, data, every, one, three):
    path = "/api/v1/analysis"
    key = service.client(**{"X-Api-Key": client.add_key(kit, data, "analyst")})
    hidden = service.client(**{"X-Api-Key": client.add_key(kit, data, "analyst", "other")})
    decisions = len(key.pages("/v1/decisions", limit=1000))
    bad = {
        "a state that does not exist": (body_of(three, "SAFE"), 400),
        "a justification that does not exist": (body_of(three, "NOT_AFFECTED", analysisJustification="BECAUSE"), 400),
        "not affected without a reason": (body_of(three, "NOT_AFFECTED"), 400),
        "no state": (body_of(three, None, comment="only words"), 400),
        "a comment of 1 MB": (body_of(three, "EXPLOITABLE", comment="x" * (1 << 20)), 400),
        "a comment of 100 KB": (body_of(three, "EXPLOITABLE", comment="x" * 100000), 400),
        "no project": ({**body_of(three, "EXPLOITABLE"), "project": None}, 400),
        "no UUID": ({**body_of(three, "EXPLOITABLE"), "component": "curl"}, 404),
        "a vulnerability that the component has not": ({**body_of(three, "EXPLOITABLE"), "vulnerability": NOBODY}, 404),
        "a project that is none": ({**body_of(three, "EXPLOITABLE"), "project": NOBODY}, 404),
    }
    for name, (body, status) in bad.items():
        got = key.put(path, body)
        kit.check(f"refused: {name}", got.status == status, got)
    old = [row for row in every["4.3.1"] if row["matrix"].split(":", 1)[1] not in {each["matrix"].split(":", 1)[1] for each in every["4.4.0"]}][0]
    got = key.put(path, {**body_of(old, "EXPLOITABLE"), "project": three["component"]["project"]})
    kit.check("refused: a finding of another project", got.status == 404, got)
    mine, none = hidden.put(path, body_of(three, "EXPLOITABLE")), hidden.put(path, {**body_of(three, "EXPLOITABLE"), "project": NOBODY})
    kit.check("refused: a finding of another team, as what is not there", bare(mine) == bare(none) and mine.status == 404, mine, none)
    kit.check("nor is it read", hidden.get(path, **asked(one)).status == 404)
    kit.check("nothing came of any of it", len(key.pages("/v1/decisions", limit=1000)) == decisions)


def approved(kit, service, data, every, one, proposed, theirs):
    """A person approves: now the state is what was stated, and the finding is suppressed."""
    _, ann = service.sign_in("ann", SECRET)
    row = ann.get(f"/v1/decisions/{proposed}").json
    done = ann.post(f"/v1/decisions/{proposed}/approve", {"version": row["version"], "sha256": row["sha256"], "zone": "Z", "password": SECRET})
    kit.check("a person approves it", done.status == 200 and done.json["state"] == "approved", done)
    reader = service.client(client.add_key(kit, data))
    got = reader.get("/api/v1/analysis", **asked(one))
    kit.check("what was approved is read", (got.json["analysisState"], got.json["isSuppressed"], got.json["tutela"]["proposed"]) ==
              ("NOT_AFFECTED", True, None) and got.json["analysisComments"][0]["comment"].startswith("Approved: NOT_AFFECTED"), got.json)
    path = f"/api/v1/finding/project/{one['component']['project']}"
    kit.check("it is suppressed", one["matrix"] not in [row["matrix"] for row in reader.get(path).json] and
              [row["analysis"] for row in reader.get(path, suppressed="true").json if row["matrix"] == one["matrix"]] ==
              [{"state": "NOT_AFFECTED", "isSuppressed": True}])
    count = reader.get(f"/api/v1/metrics/project/{one['component']['project']}/current").json
    bad = [row for row in every if row["tutela"]["state"] == "not assessed" and row["tutela"]["verdict"] == "affected"][5]
    key = service.client(**{"X-Api-Key": client.add_key(kit, data, "analyst")})
    worst = key.put("/api/v1/analysis", body_of(bad, "EXPLOITABLE", analysisResponse="WILL_NOT_FIX")).json["tutela"]["proposed"]
    row = ann.get(f"/v1/decisions/{worst}").json
    ann.post(f"/v1/decisions/{worst}/approve", {"version": row["version"], "sha256": row["sha256"], "zone": "Z", "password": SECRET})
    broken = violations(kit, reader, theirs, one["component"]["project"])
    kit.check("an approved uncontrolled risk violates the policy", [(row["type"], row["policyCondition"]["value"], row["component"]["uuid"],
              bad["vulnerability"]["vulnId"] in row["text"]) for row in broken] == ([("SECURITY", "uncontrolled", bad["component"]["uuid"], True)]
              if row["risk"] == "uncontrolled" else []) and row["risk"] == "uncontrolled", broken, row["risk"])
    badge = reader.get(f"/api/v1/badge/violations/project/{one['component']['project']}").text
    kit.check("the badge says it", "1 uncontrolled" in badge, badge)
    kit.check("and counted so", (count["suppressed"], count["vulnerabilities"]) == (1, len(every) - 1), count)
    key = service.client(**{"X-Api-Key": client.add_key(kit, data, "analyst")})
    new = key.put("/api/v1/analysis", body_of(one, "EXPLOITABLE", comment="It can be reached after all."))
    kit.check("a proposal against it is made", new.status == 200, new)
    kit.check("a proposal against it waits, and it stays in force", (new.status, new.json["analysisState"], len(new.json["analysisComments"])) ==
              (200, "NOT_AFFECTED", 2) and new.json["tutela"]["proposed"], new.json)


def openvex(*statements):
    return json.dumps({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://supplier.example/vex/1", "author": "Example Supplier",
                       "timestamp": "2026-06-01T10:00:00Z", "version": 1, "statements": [
                           {"vulnerability": {"name": name}, "products": [{"@id": purl}], **more} for name, purl, more in statements]})


def form(**fields):
    """A multipart body as curl -F sends it: (body, headers)."""
    rows = [f'--xYzZy\r\nContent-Disposition: form-data; name="{name}"' + ('; filename="vex.json"\r\nContent-Type: application/json' if name == "vex" else "") +
            f"\r\n\r\n{value}\r\n" for name, value in fields.items()]
    return "".join(rows).encode() + b"--xYzZy--\r\n", {"Content-Type": "multipart/form-data; boundary=xYzZy"}


def vex(kit, service, data, theirs, one, project):
    key = service.client(**{"X-Api-Key": client.add_key(kit, data, "analyst")})
    listed = key.get(f"/api/v1/finding/project/{project}").json
    free = [row for row in listed if row["tutela"]["state"] == "not assessed" and row["component"].get("purl")][-4:]
    a, b, c, d = free
    document = openvex(
        (a["vulnerability"]["vulnId"], a["component"]["purl"], {"status": "not_affected", "justification": "vulnerable_code_not_present",
                                                                 "impact_statement": "Left out of the build."}),
        (b["vulnerability"]["vulnId"], b["component"]["purl"], {"status": "affected", "action_statement": "Update to 2.0."}),
        (c["vulnerability"]["vulnId"], c["component"]["purl"], {"status": "under_investigation"}),
        (d["vulnerability"]["vulnId"], "pkg:generic/other-product@1.0", {"status": "not_affected", "justification": "component_not_present"}))
    decisions = len(key.pages("/v1/decisions", limit=1000))
    body, headers = form(projectName=DEVICE, projectVersion="4.4.0", vex=document)
    got = key.post("/api/v1/vex", body, headers)
    theirs.check(kit, "VEX as a form", "/api/v1/vex", "post", got)
    kit.check("what applies is proposed, and what does not is counted", got.status == 200 and got.json["tutela"] == {
        "statements": 4, "findings": 3, "proposed": 2, "standing": 0, "undecided": 1, "withoutReason": 0,
        "notApplied": {"other-product": 1}} and got.json["projectUuid"] == project, got)
    row = key.get("/v1/findings/" + a["tutela"]["finding"]).json
    kit.check("it is a proposal with its origin, whoever is trusted", (row["state"], row["closed"], row["proposed"]["status"]) ==
              ("not assessed", False, "not_affected") and
              "a statement of Example Supplier" in key.get("/v1/decisions/" + row["proposed"]["decision"]).json["rationale"], row["proposed"])
    kit.check("nothing is suppressed by it", a["matrix"] in [each["matrix"] for each in key.get(f"/api/v1/finding/project/{project}").json])
    again = key.put("/api/v1/vex", {"project": project, "vex": base64.b64encode(document.encode()).decode()})
    theirs.check(kit, "VEX as base64", "/api/v1/vex", "put", again)
    kit.check("the same once more, as base64, changes nothing", (again.json["tutela"]["proposed"], again.json["tutela"]["standing"]) == (0, 2), again)
    kit.check("two decisions came", len(key.pages("/v1/decisions", limit=1000)) == decisions + 2)
    out = key.get(f"/api/v1/vex/cyclonedx/project/{project}")
    kit.check("what is stated is what was approved, and no proposal", {row["id"]: row["analysis"]["state"] for row in out.json["vulnerabilities"]}
              == {row["vulnerability"]: {"affected": "exploitable"}.get(row["status"], row["status"])
                  for row in key.pages("/v1/decisions", limit=500, state="approved")} and one["vulnerability"]["vulnId"] in out.text, out)
    back = key.put("/api/v1/vex", {"project": project, "vex": base64.b64encode(out.body).decode()})
    kit.check("what we state is read by ourselves", back.status == 200 and back.json["tutela"]["standing"] == 2, back)
    return document, a


def bad_vex(kit, service, data, project, empty, document, a):
    key = service.client(**{"X-Api-Key": client.add_key(kit, data, "analyst")})
    hidden = service.client(**{"X-Api-Key": client.add_key(kit, data, "analyst", "other")})
    code = base64.b64encode(document.encode()).decode()
    foreign = base64.b64encode(openvex((a["vulnerability"]["vulnId"], "pkg:generic/other-product@1.0", {"status": "fixed"})).encode()).decode()
    decisions = len(key.pages("/v1/decisions", limit=1000))
    for name, body, status, words in (
            ("of another product", {"project": project, "vex": foreign}, 400, "none of its 1 statements is about a finding of this release"),
            ("no base64", {"project": project, "vex": "%%%"}, 400, "base64"),
            ("no VEX", {"project": project, "vex": base64.b64encode(b"{}").decode()}, 400, ""),
            ("no JSON", {"project": project, "vex": base64.b64encode(b"\x00\xff").decode()}, 400, ""),
            ("no project", {"vex": code}, 400, "name the project"),
            ("a project without BOM", {"project": empty, "vex": code}, 409, "no BOM"),
            ("a project that is none", {"project": NOBODY, "vex": code}, 404, "")):
        got = key.put("/api/v1/vex", body)
        kit.check(f"VEX refused: {name}", got.status == status and words in got.json["detail"], got)
    mine, none = hidden.put("/api/v1/vex", {"project": project, "vex": code}), hidden.put("/api/v1/vex", {"project": NOBODY, "vex": code})
    kit.check("VEX refused: a project of others is none", bare(mine) == bare(none) and mine.status == 404, mine)
    kit.check("a form without boundary", key.post("/api/v1/vex", b"x", {"Content-Type": "multipart/form-data"}).status == 400)
    parts, headers = form(project=project, vex=document)
    twice = key.post("/api/v1/vex", parts.replace(b"--xYzZy--", form(vex=document)[0]), headers)
    kit.check("a form with two documents", twice.status == 400 and "twice" in twice.json["detail"], twice)
    kit.check("a form without VEX", key.post("/api/v1/vex", *form(project=project)).status == 400)
    kit.check("nothing came of any of it", len(key.pages("/v1/decisions", limit=1000)) == decisions)
    got = key.get(f"/api/v1/vex/cyclonedx/project/{empty}")
    kit.check("nothing to state is no empty document", got.status == 404 and "can be stated" in got.json["detail"], got)


def who_may(kit, service, data, project):
    other, nobody = service.client(client.add_key(kit, data, team="other")), service.client()
    for path in ("/api/v1/finding/project/{}", "/api/v1/finding/project/{}/export", "/api/v1/metrics/project/{}/current",
                 "/api/v1/violation/project/{}", "/api/v1/badge/vulns/project/{}", "/api/v1/vulnerability/project/{}"):
        hidden, missing = other.get(path.format(project)), other.get(path.format(NOBODY))
        kit.check(f"{path}: out of scope is like not there", bare(hidden) == bare(missing) and hidden.status == 404, hidden, missing)
        kit.check(f"{path}: nobody", nobody.get(path.format(project)).status == 401)
        kit.check(f"{path}: no UUID", other.get(path.format("x")).status == 404)
    got = other.get("/api/v1/metrics/portfolio/current").json
    kit.check("of all is of all that is seen", (got["vulnerabilities"], got["projects"], got["components"]) == (0, 0, 0), got)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    theirs = dtrack_contract.Theirs()
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    folder = kit.folder / "pump"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    kit.answers("a team of it", kit.run("admin", "team", "add", "pumps", "--data", data), 0)
    kit.answers("a team that sees nothing", kit.run("admin", "team", "add", "other", "--data", data), 0)
    edit(folder / "device.yaml", "  deciders: [PSIRT lead, Head of quality]\n", "")
    kit.answers("the account of ann", kit.run("admin", "user", "add", "ann", "--own-password", "--name", "Ann Example", "--role", "approver",
                                              "--data", data, stdin=SECRET.encode() + b"\n"), 0)
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    for who in (("--user", "ann"), ("--device", DEVICE)):
        kit.answers(f"{who[1]} is in the team", kit.run("admin", "team", "join", "pumps", *who, "--data", data), 0)
    with client.Service(kit, data) as service:
        reader, writer = (service.client(**{"X-Api-Key": client.add_key(kit, data, role)}) for role in ("viewer", "analyst"))
        made = writer.post("/v1/devices", "family: Bench Tester\nmanufacturer: {name: Acme}\nreleases:\n- {version: '1.0'}\n",
                           {"Content-Type": "application/yaml"})
        empty = uuid(writer.get("/v1/devices/bench-tester/releases").json["items"][0]["id"]) if made.status == 201 else NOBODY
        releases = {row["name"]: uuid(row["id"]) for row in reader.get(f"/v1/devices/{DEVICE}/releases").json["items"]}
        project, rows = releases["4.4.0"], ours(reader, "4.4.0")
        every = findings(kit, reader, theirs, project, rows)
        pages(kit, reader, project, rows)
        files(kit, reader, project, every)
        metrics(kit, reader, theirs, project, rows)
        violations(kit, reader, theirs, project)
        badges(kit, reader, project, empty)
        vulnerabilities(kit, reader, theirs, project, rows)
        who_may(kit, service, data, project)
        both = {name: reader.get(f"/api/v1/finding/project/{releases[name]}", suppressed="true").json for name in releases}
        one, proposed, three = triage(kit, service, data, theirs, every)
        refused(kit, service, data, both, one, three)
        approved(kit, service, data, every, one, proposed, theirs)
        bad_vex(kit, service, data, project, empty, *vex(kit, service, data, theirs, one, project))
        kit.check("a project without BOM has no SARIF", reader.get(f"/api/v1/finding/project/{empty}", {"Accept": "application/sarif+json"}).status == 409)
        got = reader.get(f"/api/v1/metrics/project/{empty}/current").json
        kit.check("a project without BOM says so", got["tutela"]["hasBom"] is False and got["gaps"]["releases_without_sbom"] == 1, got)
    with client.Service(kit, data) as service:
        portfolio(kit, service.client(client.add_key(kit, data)), theirs)
    return kit.done()


sys.exit(main())
