#!/usr/bin/env python3
"""What the web interface of Dependency-Track asks: signing in by its form, who it is, the lists of its pages.

usage: dtrack_page.py [PROGRAM]
"""
import pathlib
import re
import shutil
import sys
import urllib.parse

from kit import ROOT, Kit
from portfolio import edit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import dtrack_contract  # noqa: E402

DEVICE = "larkspur-ip-200"
SECRET = "correct horse battery ann"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NOBODY = "00000000-0000-0000-0000-000000000000"


def sign_in(service, login, password, **more):
    return service.client().post("/api/v1/user/login", urllib.parse.urlencode({"username": login, "password": password, **more}), FORM)


def start(kit, service, theirs):
    """Before anybody is signed in."""
    nobody = service.client()
    for group, name, value in (("general", "welcome.message.enabled", "false"), ("general", "default.locale", "en"),
                               ("access-management", "acl.enabled", "true")):
        got = nobody.get(f"/api/v1/configProperty/public/{group}/{name}")
        theirs.check(kit, name, "/api/v1/configProperty/public/{groupName}/{propertyName}", "get", got)
        kit.check(f"{name} is {value}", (got.status, got.json["propertyValue"]) == (200, value), got)
    kit.check("a setting that there is not", nobody.get("/api/v1/configProperty/public/general/badge.enabled").status == 404)
    got = nobody.get("/api/v1/oidc/available")
    kit.check("no single sign-on by its page", (got.status, got.text) == (200, "false"), got)
    kit.check("who is nobody is asked to sign in", {nobody.get(path).status for path in (
        "/api/v1/user/self", "/api/v1/user/self/permissions", "/api/v2/internal/system-capabilities", "/api/v1/project/concise")} == {401})


def signing_in(kit, service, theirs):
    """The token of its form is a session, sent in a header."""
    got = sign_in(service, "ann", SECRET)
    kit.check("the answer is a token, and no cookie", (got.status, len(got.text), got.cookies) == (200, 64, []) and
              got.headers["Content-Type"].startswith("text/plain"), got)
    ann = service.client(got.text)
    self = ann.get("/api/v1/user/self")
    theirs.check(kit, "who it is", "/api/v1/user/self", "get", self)
    kit.check("her login", self.json["username"] == "ann", self)
    rights = ann.get("/api/v1/user/self/permissions")
    theirs.check(kit, "what she may", "/api/v1/user/self/permissions", "get", rights)
    kit.check("her permissions, as names", {"VIEW_PORTFOLIO", "VULNERABILITY_ANALYSIS"} <= set(rights.json) and
              rights.json == [row["name"] for row in self.json["permissions"]], rights)
    kit.check("nothing that is not offered", not {"ACCESS_MANAGEMENT", "SYSTEM_CONFIGURATION", "POLICY_MANAGEMENT"} & set(rights.json), rights)
    kit.check("what can be changed", ann.get("/api/v2/internal/system-capabilities").json == {"capabilities": {"secret_management": {"read_only": True}}})
    for name, login, password in (("a wrong password", "ann", "x" * 20), ("nobody's login", "nobody", SECRET), ("an empty form", "", "")):
        got = sign_in(service, login, password)
        kit.check(f"{name} is refused", got.status == 401, got)
    got = service.client().post("/api/v1/user/login", "username=%ff&password=1", FORM)
    kit.check("what is no text is 400", got.status == 400, got)
    kit.check("a body that is none", service.client().post("/api/v1/user/login", b"", FORM).status == 400)
    got = service.client(**{"X-Api-Key": ann.headers["Authorization"].split()[1]}).get("/api/v1/user/self")
    kit.check("a session is no key", got.status == 401, got)
    viewer = service.client(sign_in(service, "vic", SECRET).text)
    kit.check("who may only read is shown no more", "VULNERABILITY_ANALYSIS" not in viewer.get("/api/v1/user/self/permissions").json)
    return ann


def lists(kit, service, data, theirs, ann):
    got = ann.get("/api/v1/project/concise", includeMetrics="true", active="true", onlyRoot="true", searchText="", pageSize=10, pageNumber=1)
    theirs.check(kit, "the projects", "/api/v1/project/concise", "get", got)
    kit.check("the projects, with their counts", got.headers["X-Total-Count"] == str(len(got.json)) and
              {(row["name"], row["version"]) for row in got.json} >= {(DEVICE, "4.3.1"), (DEVICE, "4.4.0")}, got.json)
    one = next(row for row in got.json if (row["name"], row["version"]) == (DEVICE, "4.4.0"))
    current = ann.get(f"/api/v1/metrics/project/{one['uuid']}/current").json
    names = ("components", "critical", "high", "medium", "low", "unassigned", "vulnerabilities", "policyViolationsTotal", "policyViolationsFail",
             "inheritedRiskScore")
    kit.check("the same counts as its own metrics", all(one["metrics"][name] == current[name] for name in names),
              {name: (one["metrics"][name], current[name]) for name in names})
    for query, count in (({"active": "false"}, 0), ({"version": "4.4.0"}, 1), ({"tag": "none"}, 0), ({"classifier": "DEVICE"}, len(got.json)),
                         ({"name": "nobody"}, 0)):
        rows = ann.get("/api/v1/project/concise", **query).json
        kit.check(f"by {query}", len(rows) == count, rows)
    refused = ann.get("/api/v1/project/concise", team="pumps")
    kit.check("by team is refused, not ignored", refused.status == 400 and "team" in refused.json["detail"], refused)
    kit.check("by another classifier, too", ann.get("/api/v1/project/concise", classifier="FIRMWARE").status == 400)
    kit.check("it has no children", ann.get(f"/api/v1/project/concise/{one['uuid']}/children", pageNumber=1, pageSize=1).headers["X-Total-Count"] == "0")
    kit.check("nor has nobody", ann.get(f"/api/v1/project/concise/{NOBODY}/children").status == 404)
    hidden = service.client(client.add_key(kit, data, "viewer", "other"))
    kit.check("what another team has is not listed", hidden.get("/api/v1/project/concise").json == [])
    every = ann.get(f"/api/v1/violation/project/{one['uuid']}", suppressed="false", searchText="", pageSize=10, pageNumber=1)
    kit.check("violations, as its page asks", every.status == 200, every)
    none = ann.get(f"/api/v1/violation/project/{one['uuid']}", searchText="no such name")
    kit.check("a text that is nowhere", (none.json, none.headers["X-Total-Count"]) == ([], "0"), none)
    return one


def everywhere(kit, service, data, theirs, ann):
    """Lists over all projects: the same rows as of each."""
    projects = ann.get("/api/v1/project/concise").json
    each = [row for project in projects for row in ann.get(f"/api/v1/finding/project/{project['uuid']}", suppressed="true").json]
    got = ann.get("/api/v1/finding", showInactive="true", showSuppressed="true", searchText="", pageSize=1000, pageNumber=1)
    theirs.check(kit, "findings of all", "/api/v1/finding", "get", got)
    kit.check("every finding, once", got.headers["X-Total-Count"] == str(len(each)) and
              sorted(row["matrix"] for row in got.json) == sorted(row["matrix"] for row in each), got.headers)
    kit.check("with its project", {row["component"]["projectVersion"] for row in got.json} == {row["version"] for row in projects if row["metrics"]["vulnerabilities"]})
    kit.check("and what it cannot know", "late_sources=" in got.headers["Tutela-Gaps"], got.headers)
    pages = [row["matrix"] for page in range(1, 4) for row in ann.get("/api/v1/finding", showSuppressed="true", pageSize=7, pageNumber=page).json]
    kit.check("pages follow each other", pages == [row["matrix"] for row in got.json[:21]])
    kit.check("100 without a page", len(ann.get("/api/v1/finding").json) == min(100, len(each)))
    for query, keep in (
            ({"severity": "CRITICAL,HIGH"}, lambda row: row["vulnerability"]["severity"] in ("CRITICAL", "HIGH")),
            ({"severity": "UNASSIGNED"}, lambda row: row["vulnerability"]["severity"] == "UNASSIGNED"),
            ({"analysisStatus": "NOT_SET"}, lambda row: "state" not in row["analysis"]),
            ({"analysisStatus": "NOT_AFFECTED,RESOLVED"}, lambda row: row["analysis"].get("state") in ("NOT_AFFECTED", "RESOLVED")),
            ({"textSearchField": "vulnerability_id", "textSearchInput": "cve-2023"}, lambda row: "CVE-2023" in row["vulnerability"]["vulnId"])):
        rows = ann.get("/api/v1/finding", showSuppressed="true", pageSize=1000, **query)
        kit.check(f"by {query}", sorted(row["matrix"] for row in rows.json) == sorted(row["matrix"] for row in each if keep(row)),
                  len(rows.json), rows.headers["X-Total-Count"])
    names = [row["vulnerability"]["vulnId"] for row in ann.get("/api/v1/finding", sortName="vulnerability.vulnId", sortOrder="desc", pageSize=1000).json]
    kit.check("sorted as asked, digits by value", len(set(names)) > 10 and names == sorted(names, reverse=True, key=lambda name: [
        int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]), names[:3])
    bad = {"severity": "HIGH,LOW", "analysisStatus": "IN_TRIAGE", "vendorResponse": "UPDATE", "publishDateFrom": "2024-01-01", "cvssv3From": "7",
           "pageSize": "0"}
    kit.check("what is no filter is refused, not ignored", {name: ann.get("/api/v1/finding", **{name: value}).status for name, value in bad.items()} ==
              dict.fromkeys(bad, 400))
    kit.check("a text of another field, too", ann.get("/api/v1/finding", textSearchField="vulnerability_title", textSearchInput="x").status == 400)
    kit.check("a page that is too far", ann.get("/api/v1/finding", offset=200000, limit=10).status in (200, 400))
    grouped = ann.get("/api/v1/finding/grouped", showSuppressed="true", pageSize=1000)
    theirs.check(kit, "vulnerabilities of all", "/api/v1/finding/grouped", "get", grouped)
    kit.check("by vulnerability, with the number of projects", {row["vulnerability"]["vulnId"]: row["vulnerability"]["affectedProjectCount"]
                                                                for row in grouped.json} ==
              {name: len({row["component"]["project"] for row in each if row["vulnerability"]["vulnId"] == name})
               for name in {row["vulnerability"]["vulnId"] for row in each}})
    violations = ann.get("/api/v1/violation", pageSize=10, pageNumber=1)
    theirs.check(kit, "violations of all", "/api/v1/violation", "get", violations)
    one_by_one = [row["uuid"] for project in projects for row in ann.get(f"/api/v1/violation/project/{project['uuid']}").json]
    kit.check("the same violations as of each", [row["uuid"] for row in violations.json] == one_by_one[:10] and
              violations.headers["X-Total-Count"] == str(len(one_by_one)), violations.headers)
    kit.check("a text among them is refused", ann.get("/api/v1/violation", searchText="curl").status == 400)
    hidden = service.client(client.add_key(kit, data, "viewer", "other"))
    kit.check("what another team has is in none", [hidden.get(path).json for path in (
        "/api/v1/finding", "/api/v1/finding/grouped", "/api/v1/violation")] == [[], [], []])


def one_by_one(kit, service, data, theirs, ann, project):
    """What is opened from a list: who has a vulnerability, properties, components."""
    rows = ann.get(f"/api/v1/finding/project/{project['uuid']}", suppressed="true").json
    name, source = rows[0]["vulnerability"]["vulnId"], rows[0]["vulnerability"]["source"]
    path = f"/api/v1/vulnerability/source/{source}/vuln/{name}/projects"
    got = ann.get(path, excludeInactive="true", searchText="", pageSize=10, pageNumber=1)
    theirs.check(kit, "who has it", "/api/v1/vulnerability/source/{source}/vuln/{vuln}/projects", "get", got)
    mine = next((row for row in got.json if row["uuid"] == project["uuid"]), {})
    kit.check("the projects that have it, and their components", sorted(mine.get("affectedComponentUuids", [])) ==
              sorted(row["component"]["uuid"] for row in rows if row["vulnerability"]["vulnId"] == name) and
              got.headers["X-Total-Count"] == str(len(got.json)), got.json)
    kit.check("by a text that no name has", ann.get(path, searchText="nobody").json == [])
    kit.check("a vulnerability that there is not", ann.get("/api/v1/vulnerability/source/NVD/vuln/CVE-1999-1/projects").status == 404)
    hidden = service.client(client.add_key(kit, data, "viewer", "other"))
    kit.check("another team sees none", hidden.get(path).json == [])
    got = ann.get(f"/api/v1/project/{project['uuid']}/property")
    theirs.check(kit, "properties", "/api/v1/project/{uuid}/property", "get", got)
    kit.check("what is known of it", {row["propertyName"]: row["propertyValue"] for row in got.json} == {
        "device": DEVICE, "release": project["uuid"].replace("-", ""), "state": "released", "intake": "false"}, got.json)
    kit.check("of nobody", ann.get(f"/api/v1/project/{NOBODY}/property").status == 404)
    every, place = [], {}
    while place is not None:
        page = ann.get(f"/api/v2/projects/{project['uuid']}/components", limit=20, sort_by="name", sort_direction="ASC", only_direct="false",
                       only_outdated="false", expand="metrics", **place).json
        every += page["items"]
        place = {"page_token": page["next_page_token"]} if "next_page_token" in page else None
    one = ann.get(f"/api/v1/component/project/{project['uuid']}").json
    kit.check("components, page by page", [row["uuid"] for row in every] == [row["uuid"] for row in one] and page["total"] ==
              {"count": len(one), "type": "EXACT"}, len(every), page["total"])
    path = f"/api/v2/projects/{project['uuid']}/components"
    kit.check("the other way round", ann.get(path, sort_direction="DESC", limit=1).json["items"][0] == every[-1])
    kit.check("by a text", {row["name"] for row in ann.get(path, q="CURL").json["items"]} == {row["name"] for row in every if "curl" in row["name"].lower()})
    kit.check("what is not known is refused", {ann.get(path, **query).status for query in (
        {"only_direct": "true"}, {"only_outdated": "true"}, {"sort_by": "last_inherited_risk_score"})} == {400})
    kit.check("of nobody, too", ann.get(f"/api/v2/projects/{NOBODY}/components").status == 404)


def absent(kit, service, theirs):
    """What Dependency-Track has and this door has not says so; what nobody has is 404; nothing is an empty success."""
    nobody = service.client()
    document = nobody.get("/api/openapi.json").json

    def ask(method, path):
        return nobody.call(method.upper(), re.sub(r"\{\w+\}", NOBODY, path), strict=False)

    rows = [(why, path, method) for why, paths in document["x-not-offered"].items() for path, methods in paths.items() for method in methods.split()]
    wrong = []
    for why, path, method in rows:
        got = ask(method, path)
        if (got.status, got.json and got.json["title"], got.json and got.json["detail"]) != (501, "This is not offered here", why):
            wrong.append((method, path, got.status, got.body[:200]))
    kit.check("what is not offered is 501, and says why and where it is", len(rows) > 100 and not wrong, len(rows), wrong[:5])
    kit.check("a name that a path of theirs has is no value of ours", ask("get", "/api/v1/component/identity").status == 501 and
              ask("get", "/api/v1/vulnerability/vulnId").status == 501)
    kit.check("what nobody has is 404", {ask("get", path).status for path in (
        "/api/v1/nothing", "/api/v1/policies", "/api/v1/license/a/b", "/api/v2/nothing", "/api/v2/policy")} == {404})
    kit.check("by another method than theirs, too", ask("put", "/api/v1/cwe").status == 404)
    kit.check("what is offered by another method", (ask("delete", "/api/v1/bom").status, ask("delete", "/api/v1/bom").headers["Allow"]) ==
              (405, "POST, PUT, OPTIONS"), ask("delete", "/api/v1/bom").headers)
    if theirs.document:
        known = {(method, re.sub(r"\{\w+\}", "{}", path)) for _, path, method in rows}
        known |= {(method, re.sub(r"\{\w+\}", "{}", path)) for path, row in document["paths"].items() for method in row}
        missing = [(method, path) for path, row in theirs.document["paths"].items() for method in row if method in (
            "get", "put", "post", "patch", "delete") and (method, re.sub(r"\{\w+\}", "{}", "/api" + path)) not in known]
        kit.check("each operation of Dependency-Track's document is offered, or not offered", not missing, missing)
    kit.check("no error of the service is logged for it", not [line for line in service.lines() if line.get("level") == "error"])


def deciding(kit, service, data, ann, project):
    """A person proposes by the same call as a program."""
    one = ann.get(f"/api/v1/finding/project/{project['uuid']}", pageSize=1, pageNumber=1).json[0]
    got = ann.put("/api/v1/analysis", {
        "project": project["uuid"], "component": one["component"]["uuid"], "vulnerability": one["vulnerability"]["uuid"],
        "analysisState": "NOT_AFFECTED", "analysisJustification": "CODE_NOT_REACHABLE", "analysisResponse": "NOT_SET",
        "analysisDetails": "", "comment": None, "isSuppressed": None})
    row = ann.get("/v1/decisions/" + (got.json["tutela"]["proposed"] or "none"))
    kit.check("what she states is proposed, by her, and needs no token of a page", (got.status, row.json["state"], row.json["status"]) ==
              (200, "proposed", "not_affected"), got, row)
    asked = {"project": project["uuid"], "component": one["component"]["uuid"], "vulnerability": one["vulnerability"]["uuid"]}
    words = ("analysisState", "analysisJustification", "isSuppressed")
    kit.check("she is shown what she said, which suppresses nothing", [got.json[name] for name in words] == ["NOT_AFFECTED", "CODE_NOT_REACHABLE", False] and
              got.json["analysisComments"][0]["comment"].startswith("Proposed, waits for approval"), got)
    again = ann.put("/api/v1/analysis", {**asked, **{name: got.json[name] for name in words}, "analysisDetails": "Left out of the build."})
    row = ann.get("/v1/decisions/" + again.json["tutela"]["proposed"]).json
    kit.check("what its page sends back with the next change is that, and takes its place", (again.status, row["status"], row["state"]) ==
              (200, "not_affected", "proposed") and "Left out of the build." in str(row), again, row)
    other = service.client(client.add_key(kit, data)).get("/api/v1/analysis", **asked)
    kit.check("for everybody else it is in triage", (other.json["analysisState"], other.json["analysisJustification"]) == ("IN_TRIAGE", "NOT_SET"), other)
    row = next(each for each in ann.get(f"/api/v1/finding/project/{project['uuid']}").json if each["matrix"] == one["matrix"])
    kit.check("also in the list", row["analysis"] == {"state": "IN_TRIAGE", "isSuppressed": False}, row)


def leaving(kit, service, data, ann):
    got = ann.post("/api/v1/user/logout")
    kit.check("she signs out", got.status == 204, got)
    kit.check("her token counts no more", ann.get("/api/v1/user/self").status == 401)
    key = service.client(**{"X-Api-Key": client.add_key(kit, data, "analyst")})
    kit.check("a key is asked who it is", key.get("/api/v1/user/self").json["username"] == "key")
    kit.check("and stays when it signs out", (key.post("/api/v1/user/logout").status, key.get("/api/v1/user/self").status) == (204, 200))


def main():
    kit = Kit()
    theirs = dtrack_contract.Theirs()
    data, folder = pathlib.Path(kit.path("data")), kit.folder / "pump"
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    shutil.copytree(ROOT / "examples" / "infusion-pump", folder, ignore=shutil.ignore_patterns(".tutela*"))
    edit(folder / "device.yaml", "  deciders: [PSIRT lead, Head of quality]\n", "")
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    kit.answers("a team that sees nothing", kit.run("admin", "team", "add", "other", "--data", data), 0)
    for login, role in (("ann", "approver"), ("vic", "viewer")):
        kit.answers(f"the account of {login}", kit.run("admin", "user", "add", login, "--own-password", "--role", role, "--data", data,
                                                       stdin=f"{SECRET}\n".encode()), 0)
    kit.answers("her team", kit.run("admin", "team", "add", "pumps", "--data", data), 0)
    for login in ("ann", "vic"):
        kit.answers("is in it", kit.run("admin", "team", "join", "pumps", "--user", login, "--data", data), 0)
    kit.answers("the pump is, too", kit.run("admin", "team", "join", "pumps", "--device", DEVICE, "--data", data), 0)
    with client.Service(kit, data) as service:
        start(kit, service, theirs)
        ann = signing_in(kit, service, theirs)
        project = lists(kit, service, data, theirs, ann)
        everywhere(kit, service, data, theirs, ann)
        one_by_one(kit, service, data, theirs, ann, project)
        absent(kit, service, theirs)
        deciding(kit, service, data, ann, project)
        leaving(kit, service, data, ann)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
