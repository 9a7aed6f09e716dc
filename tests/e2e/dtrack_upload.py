#!/usr/bin/env python3
"""Data in, in the words of Dependency-Track: uploads in both forms, tokens, projects, tags; the intake and its builds in /v1.

usage: dtrack_upload.py [PROGRAM]
"""
import base64
import concurrent.futures
import gzip
import json
import pathlib
import shutil
import socket
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import dtrack_contract  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
NOBODY = "00000000-0000-0000-0000-000000000000"
SPDX = b"""SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: gateway
DocumentNamespace: https://maker.example/gateway
Creator: Organization: Acme
Created: 2026-01-01T00:00:00Z

PackageName: busybox
SPDXID: SPDXRef-busybox
PackageVersion: 1.30.0
PackageDownloadLocation: NOASSERTION
ExternalRef: PACKAGE-MANAGER purl pkg:generic/busybox@1.30.0
"""


def sbom(number=1, version="1.30.0"):
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": number, "components": [
        {"type": "library", "name": "busybox", "version": version, "purl": f"pkg:generic/busybox@{version}"},
        {"type": "library", "name": "nobody-knows-it", "version": "1"}]}).encode()


def form(parts, boundary="xXx", end=True):
    """A form of (name, value) or (name, value, file name, type): (headers, body)."""
    body = b""
    for name, value, *file in parts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        if file:
            body += f'; filename="{file[0]}"\r\nContent-Type: {file[1]}'.encode()
        body += b"\r\n\r\n" + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"
    return {"Content-Type": f"multipart/form-data; boundary={boundary}"}, body + (f"--{boundary}--\r\n".encode() if end else b"")


def post(who, bom, strict=True, kind="application/json", **parts):
    rows = [(name, value) for name, value in parts.items()]
    headers, body = form([*rows, ("bom", bom, "bom.json", kind)])
    return who.call("POST", "/api/v1/bom", body, headers=headers, strict=strict)


def put(who, bom, **members):
    return who.put("/api/v1/bom", {"bom": base64.b64encode(bom).decode(), **members})


def ids(answer):
    return [row["uuid"] for row in answer.json]


def public(uuid):
    return uuid.replace("-", "")


def findings(who, uuid):
    return who.get(f"/v1/releases/{public(uuid)}").json["findings"]


class World:
    def __init__(self, kit, service, data, theirs):
        self.kit, self.service, self.data, self.theirs = kit, service, data, theirs

    def key(self, role, team=None, header="X-Api-Key"):
        secret = client.add_key(self.kit, self.data, role, team)
        return self.service.client(**{header: secret} if header != "Authorization" else {header: f"Bearer {secret}"})


def uploads(w, writer, reader):
    kit = w.kit
    made = post(writer, sbom(), projectName=" gateway ", projectVersion="1.0-SNAPSHOT", autoCreate="true",
                projectTags="ci, nightly", isLatest="true")
    kit.check("a form is taken, and the project is created", made.status == 200, made)
    w.theirs.check(kit, "upload", "/api/v1/bom", "post", made)
    project = made.json["projectUuid"]
    kit.check("the findings are there at once", findings(reader, project) > 0, findings(reader, project))
    for path in ("event", "bom"):
        done = reader.get(f"/api/v1/{path}/token/{made.json['token']}")
        kit.check(f"the token of {path} is done", done.json == {"processing": False}, done)
    w.theirs.check(kit, "token", "/api/v1/event/token/{uuid}", "get", done)
    unknown = [reader.get(f"/api/v1/event/token/{token}").json for token in (NOBODY, "no-uuid")]
    kit.check("a token that nobody has is of nothing that goes on", unknown == [{"processing": False}] * 2, unknown)
    got = reader.get(f"/api/v1/project/{project}").json
    kit.check("name, version and tags are as they were sent", (got["name"], got["version"], [row["name"] for row in got["tags"]]) ==
              ("gateway", "1.0-SNAPSHOT", ["ci", "nightly"]), got)
    kit.check("it says that nobody has described it", got["description"].startswith("Intake:"), got)
    again = put(writer, sbom(2), project=project.upper())
    kit.check("base64 of JSON by UUID, in any case of letters", (again.status, again.json["projectUuid"]) == (200, project), again)
    came = [reader.get(f"/api/v1/project/{project}").json["lastBomImport"]]
    same = put(writer, sbom(2), project=project)
    came.append(reader.get(f"/api/v1/project/{project}").json["lastBomImport"])
    kit.check("the same SBOM again is the same build, and a later import", same.json["token"] == again.json["token"] and came[0] < came[1], same, came)
    for name, bytes_, kind in (("gzip", gzip.compress(sbom(3)), "application/gzip"), ("SPDX", SPDX, "text/spdx"),
                               ("gzip without a type", gzip.compress(sbom(4)), "application/octet-stream")):
        got = post(writer, bytes_, kind=kind, projectName="gateway", projectVersion="1.0-SNAPSHOT")
        kit.check(f"{name} is taken", (got.status, got.json.get("projectUuid")) == (200, project), got)
    other = put(writer, SPDX, projectName="gateway", projectVersion="1.1", autoCreate=True,
                projectTags=[{"name": "ci"}], parentUUID=project, isLatestProjectVersion=True)
    kit.check("another version, below a parent", other.status == 200, other)
    return project, other.json["projectUuid"]


def nested(components):
    """Those and all in them."""
    return [row for each in components for row in (each, *nested(each.get("components", [])))]


def refused(w, writer, reader):
    kit = w.kit
    named = {"projectName": "gateway", "projectVersion": "1.0-SNAPSHOT"}
    missing = put(writer, sbom(), projectName="nobody", projectVersion="1")
    kit.check("an unknown project without autoCreate", (missing.status, missing.json["detail"]) == (404, "The project could not be found."), missing)
    missing = put(writer, sbom(), projectName="new", projectVersion="1", autoCreate=True, parentName="none", parentVersion="1")
    kit.check("an unknown parent", (missing.status, missing.json["detail"]) == (404, "The parent project could not be found."), missing)
    wrong = put(writer, b"this is no BOM", projectName="new", projectVersion="1", autoCreate=True)
    kit.check("what is no BOM", (wrong.status, wrong.json["title"], len(wrong.json["errors"])) == (400, "The uploaded BOM is invalid", 1), wrong)
    none = reader.get("/api/v1/project/lookup", name="new", version="1")
    kit.check("what was refused has created nothing", none.status == 404, none)
    bad = [writer.put("/api/v1/bom", {"bom": text, **named}) for text in ("###", "QUJD=", "QU JD", "", "QUJDR===", "Zh==")]
    kit.check("what is no base64 is 400", {answer.status for answer in bad} == {400}, bad)
    bad = writer.put("/api/v1/bom", {"bom": "QUJ\u0000D", **named})
    kit.check("NUL in it", bad.status == 400, bad)
    huge = writer.put("/api/v1/bom", {"bom": "QUJD", "projectName": "x" * (1 << 20), "projectVersion": "1", "autoCreate": True})
    kit.check("a name of 1 MB is refused", huge.status == 400, huge.body[:300])
    huge = post(writer, sbom(), projectName="x" * (1 << 20), projectVersion="1", autoCreate="true")
    kit.check("in a form, too", (huge.status, "1 to 255 bytes" in huge.json["detail"]) == (400, True), huge.body[:300])
    for name, value in (("NUL", "a\0b"), ("a line feed", "a\nb"), ("a mark that turns text around", "a\u202eb"), ("nothing", "")):
        got = post(writer, sbom(), projectName=value, projectVersion="1", autoCreate="true")
        kit.check(f"{name} in a name", got.status == 400, got)
    projects = len(reader.get("/api/v1/project").json)
    for near in ("Larkspur IP-200", "LARKSPUR_IP_200", "larkspur ip200"):
        got = put(writer, sbom(), projectName=near, projectVersion="9", autoCreate=True)
        kit.check(f"a name that is nearly a device's is refused: {near}", got.status == 409 and f"the device {DEVICE}" in got.json["detail"], got)
    kit.check("nothing was created for it", len(reader.get("/api/v1/project").json) == projects)
    late = put(writer, sbom(), projectName="gateway", autoCreate=True)
    kit.check("a project without version says why", (late.status, "projectVersion" in late.json["detail"]) == (400, True), late)
    tags = post(writer, sbom(), projectTags=",".join(f"t{i}" for i in range(101)), **named)
    kit.check("too many tags", tags.status == 400, tags)
    off = post(writer, sbom(), isActive="false", **named)
    kit.check("what is not offered is not taken for done", off.status == 400, off)
    bomb = gzip.compress(b" " * (64 << 20), 1) * 17  # more than 1 GiB
    got = post(writer, bomb, kind="application/gzip", **named)
    kit.check("a bomb is refused", (got.status, got.json["title"]) == (400, "The uploaded BOM is invalid"), got)
    cut = post(writer, gzip.compress(sbom())[:-20], **named)
    kit.check("a cut gzip is refused", cut.status == 400, cut)


def forms(w, writer):
    """Forms that are none."""
    kit = w.kit
    fine = [("projectName", "gateway"), ("projectVersion", "1.0-SNAPSHOT"), ("bom", sbom(), "bom.json", "application/json")]
    headers, body = form(fine)
    rows = {
        "no boundary": ({"Content-Type": "multipart/form-data"}, body),
        "another boundary": ({"Content-Type": "multipart/form-data; boundary=other"}, body),
        "no end": form(fine, end=False),
        "cut": (headers, body[:len(body) // 2]),
        "1,000 parts": form([("x", "y")] * 1000 + fine),
        "two BOMs": form(fine + fine[2:]),
        "two names": form(fine[:1] + fine),
        "no BOM": form(fine[:2]),
        "an empty BOM": form([*fine[:2], ("bom", b"", "bom.json", "application/json")]),
        "a part without name": (headers, body.replace(b'name="projectName"', b"filename=x")),
        "base64 parts": (headers, body.replace(b"Content-Type: application/json", b"Content-Transfer-Encoding: base64")),
        "a name that is no text": (headers, body.replace(b"gateway", b"gate\xff\xfe")),
    }
    for name, (sent, bytes_) in rows.items():
        got = writer.call("POST", "/api/v1/bom", bytes_, headers=sent)
        kit.check(f"form with {name}", got.status == 400 and got.json["detail"], got)
    lying = body.replace(b"Content-Type: application/json", b"Content-Type: application/json\r\nContent-Length: 999999999")
    kit.check("a length that a part states is not believed", writer.call("POST", "/api/v1/bom", lying, headers=headers).status == 200)
    named = {"projectName": "gateway", "projectVersion": "1.0-SNAPSHOT"}
    other = writer.post("/api/v1/bom", {"bom": base64.b64encode(sbom()).decode(), **named})
    kit.check("JSON by POST is taken, as some clients send it", other.status == 200, other)
    for name, text in (("none", "{}"), ("cut", '{"bom": "'), ("a list", "[]"), ("another type", json.dumps({"bom": 1, **named}))):
        got = writer.post("/api/v1/bom", text, {"Content-Type": "application/json"})
        kit.check(f"JSON by POST: {name}", got.status == 400, got)
    other = writer.call("POST", "/api/v1/bom", b"{}", headers={"Content-Type": "text/plain"})
    kit.check("another type says what is expected", (other.status, "multipart" in other.json["detail"]) == (415, True), other)
    with socket.create_connection(("127.0.0.1", w.service.port), timeout=30) as raw:
        raw.sendall(b"POST /api/v1/bom HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: " + writer.headers["X-Api-Key"].encode() +
                    b"\r\nContent-Type: " + headers["Content-Type"].encode() + b"\r\nContent-Length: 10\r\n\r\n" + body)
        got = raw.recv(1000)
    kit.check("a body that is longer than it says is cut, and refused", got.startswith(b"HTTP/1.1 400 "), got)


def together(w, writer, reader):
    """Two, and more, for one project at once."""
    kit = w.kit
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda number: put(writer, sbom(number), projectName="race", projectVersion=str(number % 2), autoCreate=True), range(8)))
    kit.check("uploads at once are all taken", {answer.status for answer in got} == {200}, got)
    projects = {answer.json["projectUuid"] for answer in got}
    rows = reader.get("/api/v1/project", name="race").json
    kit.check("and there are two projects", len(projects) == 2 and {row["uuid"] for row in rows} == projects, rows)
    builds = [row for uuid in projects for row in reader.pages(f"/v1/releases/{public(uuid)}/builds")]
    kit.check("each is a build, of which one a release is current", (len(builds), sum(row["current"] for row in builds)) == (8, 2), builds)


def lists(w, writer, reader, first, second):
    kit = w.kit
    every = reader.get("/api/v1/project")
    w.theirs.check(kit, "projects", "/api/v1/project", "get", every)
    kit.check("all projects, with their number", every.headers["X-Total-Count"] == str(len(every.json)) and
              {"gateway", DEVICE} <= {row["name"] for row in every.json}, every)
    numbers = {row["name"]: row["metrics"]["findingsTotal"] + row["metrics"]["suppressed"] for row in every.json if row["version"] in ("4.4.0", "1.1")}
    wanted = {row["name"]: findings(reader, row["uuid"]) for row in every.json if row["version"] in ("4.4.0", "1.1")}
    kit.check("with the number of their findings", numbers == wanted, numbers, wanted)
    page = reader.get("/api/v1/project", pageNumber=2, pageSize=1, totalCount="BOUNDED")
    kit.check("a page", ids(page) == ids(every)[1:2] and page.headers["X-Total-Count-Type"] == "EXACT" and
              page.headers["X-Total-Count"] == every.headers["X-Total-Count"], page)
    kit.check("offset and limit", ids(reader.get("/api/v1/project", offset=1, limit=2)) == ids(every)[1:3])
    kit.check("beyond the end", reader.get("/api/v1/project", pageNumber=10 ** 6).json == [])
    falls = reader.get("/api/v1/project", sortName="name", sortOrder="desc").json
    kit.check("sorted", [row["uuid"] for row in falls] == ids(every)[::-1] and [row["name"] for row in falls] == sorted((row["name"] for row in falls), reverse=True), falls)
    kit.check("by name", [row["uuid"] for row in reader.get("/api/v1/project", name="gateway").json] == [first, second])
    kit.check("without those below others", [row["uuid"] for row in reader.get("/api/v1/project", name="gateway", onlyRoot="true").json] == [first])
    kit.check("by a word", {row["name"] for row in reader.get("/api/v1/project", searchText="NIGHT").json} == {"gateway"})
    tagged = reader.get("/api/v1/project/tag/ci")
    w.theirs.check(kit, "projects of a tag", "/api/v1/project/tag/{tag}", "get", tagged)
    kit.check("by tag", {row["uuid"] for row in tagged.json} == {first, second}, tagged)
    children = reader.get(f"/api/v1/project/{first}/children")
    w.theirs.check(kit, "children", "/api/v1/project/{uuid}/children", "get", children)
    kit.check("below a parent", [(row["uuid"], row["parent"]["uuid"]) for row in children.json] == [(second, first)], children)
    known = reader.get("/api/v1/vulnerability", pageSize=1)
    w.theirs.check(kit, "vulnerabilities", "/api/v1/vulnerability", "get", known)
    kit.check("vulnerabilities of the knowledge base, a page at a time", len(known.json) == 1 and
              int(known.headers["X-Total-Count"]) > 100 == len(reader.get("/api/v1/vulnerability").json), known.headers)
    tags = reader.get("/api/v1/tag")
    w.theirs.check(kit, "tags", "/api/v1/tag", "get", tags)
    kit.check("tags are counted", {row["name"]: row["projectCount"] for row in tags.json} == {"ci": 2, "nightly": 1}, tags)
    found = reader.get("/api/v1/project/lookup", name="gateway", version="1.1")
    w.theirs.check(kit, "lookup", "/api/v1/project/lookup", "get", found)
    kit.check("by name and version", found.json["uuid"] == second and len(found.json["versions"]) == 2, found)
    latest = reader.get("/api/v1/project/latest/gateway")
    kit.check("the latest is the one that was said to be", latest.json["uuid"] == second, latest)
    for path in (f"/api/v1/project/{NOBODY}", "/api/v1/project/x", "/api/v1/project/latest/nobody", f"/api/v1/project/{NOBODY}/children",
                 f"/api/v1/component/project/{NOBODY}", f"/api/v1/bom/cyclonedx/project/{NOBODY}"):
        none = reader.get(path)
        kit.check(f"{path} is not there", (none.status, none.json["detail"]) == (404, "The project could not be found."), none)
    kit.check("a path that there is not", reader.call("GET", "/api/v1/nothing", strict=False).status == 404)


def parts(w, reader, first, pump):
    kit = w.kit
    for uuid in (first, pump):
        rows = reader.get(f"/api/v1/component/project/{uuid}")
        w.theirs.check(kit, "components", "/api/v1/component/project/{uuid}", "get", rows)
        release = reader.get(f"/v1/releases/{public(uuid)}").json
        kit.check("all components, and those without data say so", rows.headers["X-Total-Count"] == str(release["components"]) == str(len(rows.json)) and
                  sum("notes" in row for row in rows.json) == release["components_without_data"], release)
        bom = reader.get(f"/api/v1/bom/cyclonedx/project/{uuid}", format="json", variant="inventory", download="true")
        kit.check("the BOM as JSON", bom.json["bomFormat"] == "CycloneDX" and "bom.json" in bom.headers["Content-Disposition"], bom.headers)
    names = {row["component"]["uuid"] for row in reader.get(f"/api/v1/finding/project/{first}").json}
    kit.check("findings name components of the list", names and names <= {row["uuid"] for row in reader.get(f"/api/v1/component/project/{first}").json}, names)
    xml = reader.get(f"/api/v1/bom/cyclonedx/project/{pump}", format="xml")
    kit.check("the BOM as XML", b"<bom" in xml.body and xml.headers["Content-Type"].startswith("application/vnd.cyclonedx+xml"), xml.headers)
    inventory, whole, vdr = (reader.get(f"/api/v1/bom/cyclonedx/project/{pump}", variant=variant, download="true") for variant in (
        "inventory", "withVulnerabilities", "vdr"))
    found = {row["vulnerability"]["vulnId"] for row in reader.get(f"/api/v1/finding/project/{pump}", suppressed="true").json}
    kit.check("with what was found: every finding", found == {row["id"] for row in whole.json["vulnerabilities"] if "analysis" not in row} ==
              {row["id"] for row in vdr.json["vulnerabilities"] if "analysis" not in row}, sorted(found ^ {row["id"] for row in vdr.json["vulnerabilities"] if "analysis" not in row})[:9])
    names = [sorted((row["name"], row.get("version") or "") for row in nested(bom.json["components"])) for bom in (inventory, whole, vdr)]
    kit.check("all components with them, or those alone that something was found in", names[0] == names[1] and set(names[2]) < set(names[1]),
              [len(each) for each in names])
    kit.check("saved under their names", ["bom.json" in whole.headers["Content-Disposition"], "vdr.json" in vdr.headers["Content-Disposition"]] == [True, True])
    for query in ({"variant": "vdr", "format": "xml"}, {"variant": "withVulnerabilities", "version": "1.7"}, {"variant": "all"}, {"format": "yaml"},
                  {"version": "1.0"}):
        got = reader.get(f"/api/v1/bom/cyclonedx/project/{pump}", **query)
        kit.check(f"{query} says what is offered", got.status == 400 and got.json["detail"], got)


def changes(w, writer, reader, first, second):
    kit = w.kit
    made = writer.put("/api/v1/project", {"name": "by hand", "version": "1", "classifier": "APPLICATION", "tags": [{"name": "x"}], "active": True,
                                          "parent": {"uuid": first}})
    w.theirs.check(kit, "a new project", "/api/v1/project", "put", made)
    kit.check("a project can be created", (made.status, made.json["lastBomImport"], made.json["parent"]["uuid"]) == (201, 0, first), made)
    kit.check("it says that nothing is known of it", "no SBOM" in made.json["description"], made)
    kit.check("no metrics is not none", "metrics" not in made.json, made)
    kit.check("nor has it a number of findings", findings(reader, made.json["uuid"]) is None)
    twice = writer.put("/api/v1/project", {"name": "by hand", "version": "1"})
    kit.check("once", twice.status == 409, twice)
    uuid = made.json["uuid"]
    got = writer.patch(f"/api/v1/project/{uuid}", {"tags": [{"name": "b"}, {"name": "a"}], "isLatest": True, "description": "x"})
    w.theirs.check(kit, "a change", "/api/v1/project/{uuid}", "patch", got)
    kit.check("tags are those that are stated", [row["name"] for row in got.json["tags"]] == ["a", "b"], got)
    got = writer.post("/api/v1/project", {"uuid": uuid, "name": "by hand", "tags": []})
    kit.check("POST does the same", got.json["tags"] == [], got)
    for change in ({"name": "other"}, {"version": "2"}, {"active": False}):
        got = writer.patch(f"/api/v1/project/{uuid}", change)
        kit.check(f"{change} is refused, and says why", got.status == 400 and got.json["detail"], got)
    got = writer.patch(f"/api/v1/project/{first}", {"parent": {"uuid": uuid}})
    kit.check("no circle of parents", got.status == 400, got)
    gone = writer.delete(f"/api/v1/project/{uuid}")
    kit.check("what came by itself can be deleted", gone.status == 204 and reader.get(f"/api/v1/project/{uuid}").status == 404, gone)


def locked(w, writer, reader):
    kit = w.kit
    pump = reader.get("/api/v1/project/lookup", name=DEVICE, version="4.3.1").json
    kit.check("a family's release is no intake", "Intake" not in pump["description"], pump)
    got = put(writer, sbom(), projectName=DEVICE, projectVersion="4.3.1", autoCreate=True)
    kit.check("an SBOM for a locked release is refused with the way on", got.status == 409 and "?reason=" in got.json["detail"], got)
    same = put(writer, (EXAMPLE / "infusion-pump.cdx.json").read_bytes(), project=pump["uuid"])
    kit.check("the same one is no change", same.status == 200, same)
    kit.check("a release of a device is not deleted", writer.delete(f"/api/v1/project/{pump['uuid']}").status == 409)
    return pump["uuid"]


def scopes(w, writer, first):
    """A key of a team, which sees its own."""
    kit = w.kit
    north = w.key("analyst", "north", "X-API-KEY")
    viewer = w.key("viewer", "north", "Authorization")
    kit.check("nobody", w.service.client().get("/api/v1/project").status == 401)
    kit.check("a wrong key", w.service.client(**{"X-Api-Key": "x"}).get("/api/v1/project").status == 401)
    kit.check("a key that reads uploads nothing", post(viewer, sbom(), projectName="gateway", projectVersion="9", autoCreate="true").status == 403)
    kit.check("another team sees nothing", north.get("/api/v1/project").json == [] and north.get("/api/v1/tag").json == [])
    hidden, missing = north.get(f"/api/v1/project/{first}"), north.get(f"/api/v1/project/{NOBODY}")
    kit.check("what is hidden is as what is not there", (hidden.status, hidden.body) == (missing.status, missing.body), hidden)
    into = put(north, sbom(), project=first)
    kit.check("nor is anything put there", into.status == 404, into)
    below = put(north, sbom(), projectName="own", projectVersion="1", autoCreate=True, parentUUID=first)
    kit.check("nor below it", below.status == 404, below)
    own = put(north, sbom(), projectName="gateway", projectVersion="1.0-SNAPSHOT", autoCreate=True)
    kit.check("the same name is another project", own.status == 200 and own.json["projectUuid"] != first, own)
    rows = viewer.get("/api/v1/project").json
    kit.check("which the team sees, and no more", [row["uuid"] for row in rows] == [own.json["projectUuid"]], rows)
    token = viewer.get(f"/api/v1/event/token/{own.json['token']}").json
    kit.check("its token", token == {"processing": False}, token)
    who = north.get("/api/v1/team/self")
    w.theirs.check(kit, "who asks", "/api/v1/team/self", "get", who)
    kit.check("what it may do", {"BOM_UPLOAD", "VIEW_PORTFOLIO"} <= {row["name"] for row in who.json["permissions"]}, who)
    kit.check("a viewer may not upload", "BOM_UPLOAD" not in {row["name"] for row in viewer.get("/api/v1/team/self").json["permissions"]})


def family(w, reader, first):
    """A person moves what came by itself to its device, and the client goes on."""
    kit = w.kit
    done = kit.run("admin", "user", "add", "ann", "--own-password", "--name", "Ann Example", "--role", "approver", "--data", w.data,
                   stdin=b"a long password of ann\n")
    kit.answers("a person", done, 0)
    kit.answers("who sees the pump", kit.run("admin", "team", "join", "south", "--user", "ann", "--data", w.data), 0)
    name = reader.get(f"/v1/releases/{public(first)}").json["device"]
    device = next(row for row in reader.pages("/v1/devices") if row["name"] == name)
    kit.check("its name says where it came from", name.startswith("intake-gateway-") and device["title"] == "gateway", device)
    kit.check("it is marked in /v1", device["intake"] and not next(row for row in reader.pages("/v1/devices") if row["name"] == DEVICE)["intake"], device)
    gaps = reader.get("/v1/findings", limit=1).json["gaps"]
    kit.check("and counted", gaps["devices_in_intake"] >= 2, gaps)
    harms = {row["harm"]["severity"] if isinstance(row["harm"], dict) else row["harm"]
             for row in reader.get("/v1/findings", filter=f"device:{device['name']}").json["items"]}
    kit.check("every harm of it is taken for the worst", harms == {"catastrophic"}, harms)
    kit.answers("its team", kit.run("admin", "team", "join", "south", "--device", device["name"], "--data", w.data), 0)
    _, ann = w.service.sign_in("ann", "a long password of ann")
    before = reader.get(f"/v1/devices/{DEVICE}/document")
    refused_ = ann.post(f"/v1/releases/{public(first)}/family", {"device": DEVICE})
    kit.check("the device has to list it", (refused_.status, "add it there first" in refused_.json["detail"]) == (422, True), refused_)
    text = before.text.replace("releases:\n", "releases:\n  - version: 1.0-SNAPSHOT\n", 1)
    listed = ann.put(f"/v1/devices/{DEVICE}", text, {"Content-Type": "application/yaml", "If-Match": before.headers["ETag"]})
    kit.check("it lists it", listed.status == 200, listed)
    moved = ann.post(f"/v1/releases/{public(first)}/family", {"device": DEVICE, "reason": "it is the pump's gateway"})
    kit.check("it is moved, and keeps its id", moved.status == 200 and moved.json["device"] == DEVICE and moved.json["id"] == public(first), moved)
    got = reader.get(f"/api/v1/project/{first}").json
    kit.check("its client finds it by the name that it knows", got["name"] == "gateway" and "Intake" not in got["description"], got)
    found = [reader.get("/api/v1/project/lookup", name=name, version="1.0-SNAPSHOT").json["uuid"] for name in ("gateway", DEVICE)]
    kit.check("by both names", found == [first, first], found)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    folder = kit.folder / "pump"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    for team in ("north", "south"):
        kit.answers(f"team {team}", kit.run("admin", "team", "add", team, "--data", data), 0)
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    kit.answers("its team", kit.run("admin", "team", "join", "south", "--device", DEVICE, "--data", data), 0)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        w = World(kit, service, data, dtrack_contract.Theirs())
        writer, reader = w.key("analyst"), w.key("viewer")
        first, second = uploads(w, writer, reader)
        lists(w, writer, reader, first, second)
        refused(w, writer, reader)
        forms(w, writer)
        together(w, writer, reader)
        parts(w, reader, first, locked(w, writer, reader))
        changes(w, writer, reader, first, second)
        scopes(w, writer, first)
        family(w, reader, first)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
