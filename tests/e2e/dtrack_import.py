#!/usr/bin/env python3
"""tutela import dependency-track: a folder of FPF, SBOM and VEX files, and the API, replayed by a small server.

usage: dtrack_import.py [PROGRAM]
"""
import http.server
import json
import os
import pathlib
import sys
import threading
import urllib.parse
import uuid

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

KEY = "odt_replayed"
AT = 1767225600000  # 2026-01-01, in ms
SENT = ("CVE-2023-38545", "CVE-2022-32221", "CVE-2022-27779", "CVE-2022-27774", "CVE-2023-27536", "CVE-2022-42916")


def identity(*words):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(words)))


def bom(name, version, serial=None, **more):
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": f"urn:uuid:{serial or identity('bom', name, version)}", "version": 1,
            "metadata": {"timestamp": "2026-01-02T03:04:05Z", "component": {"type": "device", "bom-ref": "root", "name": name, "version": version}},
            "components": [{"type": "library", "bom-ref": "curl", "name": "curl", "version": "7.76.1", "purl": "pkg:generic/curl@7.76.1",
                            "cpe": "cpe:2.3:a:haxx:curl:7.76.1:*:*:*:*:*:*:*"}], **more}


def finding(name, project, version, state=None, suppressed=False, **more):
    analysis = {"isSuppressed": suppressed, **({"state": state} if state else {}), **more}
    return {"component": {"uuid": identity("curl", project, version), "name": "curl", "version": "7.76.1", "purl": "pkg:generic/curl@7.76.1",
                          "project": identity(project, version)},
            "vulnerability": {"uuid": identity(name), "source": "NVD", "vulnId": name, "severity": "HIGH", "isKev": False},
            "analysis": analysis, "attribution": {"analyzerIdentity": "INTERNAL_ANALYZER", "attributedOn": AT},
            "matrix": f"{identity(project, version)}:{identity('curl', project, version)}:{identity(name)}"}


def fpf(project, version, findings, form="1.3"):
    return {"version": form, "meta": {"application": "Dependency-Track", "version": "4.14.0", "timestamp": "2026-01-05T00:00:00Z"},
            "project": {"uuid": identity(project, version), "name": project, "version": version}, "findings": findings}


class Replay(http.server.BaseHTTPRequestHandler):
    """A Dependency-Track with two projects: what it answers was written by us after its contract."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        at = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(at.query))
        self.server.asked.append(at.path)
        if self.headers.get("X-Api-Key") != KEY:
            return self.send(401, None)
        answer = self.server.answer(at.path, query)
        return self.send(200 if answer is not None else 404, answer)

    def send(self, status, answer):
        body = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Replay)
        self.asked, self.broken, self.whole, self.missing = [], None, False, None
        self.findings = [finding(SENT[0], "Infusomat", "2.0", "NOT_AFFECTED"), finding(SENT[1], "Infusomat", "2.0", "EXPLOITABLE"),
                         finding(SENT[2], "Infusomat", "2.0", "FALSE_POSITIVE", suppressed=True), finding(SENT[3], "Infusomat", "2.0"),
                         finding(SENT[4], "Infusomat", "2.0", suppressed=True), finding(SENT[5], "Infusomat", "2.0", "NOT_AFFECTED")]
        self.trail = {
            identity(SENT[0]): {"analysisState": "NOT_AFFECTED", "analysisJustification": "CODE_NOT_REACHABLE", "analysisResponse": "NOT_SET",
                                "analysisDetails": "No proxy is used.", "isSuppressed": False, "analysisComments": [
                                    {"timestamp": AT + 1000, "comment": "Looked at the <b>code</b>", "commenter": "dana"},
                                    {"timestamp": AT + 86400000, "comment": "Confirmed", "commenter": "eli"}]},
            identity(SENT[1]): {"analysisState": "EXPLOITABLE", "analysisJustification": "NOT_SET", "analysisResponse": "UPDATE",
                                "analysisDetails": "", "isSuppressed": False, "analysisComments": [
                                    {"timestamp": AT, "comment": "NOT_SET to EXPLOITABLE", "commenter": "dana"}]},
            identity(SENT[2]): {"analysisState": "FALSE_POSITIVE", "analysisJustification": "NOT_SET", "analysisResponse": "NOT_SET",
                                "analysisDetails": "", "isSuppressed": True, "analysisComments": [{"timestamp": AT, "comment": "x", "commenter": "dana"}]},
            identity(SENT[4]): {"analysisState": "NOT_SET", "analysisJustification": "NOT_SET", "analysisResponse": "NOT_SET",
                                "analysisDetails": "", "isSuppressed": True, "analysisComments": []},
            identity(SENT[5]): {"analysisState": "NOT_AFFECTED", "analysisJustification": "NOT_SET", "analysisResponse": "NOT_SET",
                                "analysisDetails": "", "isSuppressed": False, "analysisComments": [{"timestamp": AT, "comment": "fine", "commenter": "dana"}]}}

    def answer(self, path, query):
        project = identity("Infusomat", "2.0")
        if self.broken or (self.missing and path.startswith(self.missing)):
            return self.broken
        if path == "/api/v1/project":
            rows = [{"uuid": project, "name": "Infusomat", "version": "2.0", "active": True, "lastBomImport": AT,
                     "tags": [{"name": "icu"}], "parent": {"uuid": identity("Ward"), "name": "Ward"}},
                    {"uuid": identity("Infusomat", "1.0"), "name": "Infusomat", "version": "1.0", "active": True, "lastBomImport": AT},
                    {"uuid": identity("Loose"), "name": "Loose", "active": True, "lastBomImport": AT}]
            return rows if query.get("pageNumber") == "1" else []
        if path == f"/api/v1/bom/cyclonedx/project/{project}":  # each export has another serial number and time
            return bom("Infusomat", "2.0", str(uuid.uuid4()), **{"dependencies": []})
        if path == f"/api/v1/finding/project/{project}":
            return self.findings if self.whole or query.get("pageNumber") == "1" else []
        if path.startswith("/api/v1/finding/project/"):
            return []
        if path == "/api/v1/analysis":
            return self.trail.get(query["vulnerability"])
        return None


def decisions(kit, data, device):
    done = kit.run("proposals", device, "--data", data)
    return done


def store_of(kit, name):
    data = kit.folder / name
    kit.answers(f"{name}: a data folder", kit.run("admin", "init", data), 0)
    return data


def state_of(kit, data):
    """What a service on it says: findings, decisions, and the newest record of the ledger."""
    with client.Service(kit, data) as service:
        reader = service.client(client.add_key(kit, data, "auditor" if False else "viewer"))
        rows = reader.pages("/v1/decisions", limit=500)
        return ({row["name"]: reader.get("/v1/decisions/" + row["id"]).json for row in rows},
                reader.get("/v1/devices").json["items"], reader.pages("/v1/findings", limit=1000))


def over_api(kit, server):
    data = store_of(kit, "api-data")
    place = f"http://127.0.0.1:{server.server_address[1]}"
    env = {"TUTELA_DTRACK_KEY": KEY}
    done = kit.run("import", "dependency-track", place + "/", "--to", data, env=env)
    kit.answers("an import from the API, and what did not carry over", done, 1, "read: 1 devices, 2 releases, 1 BOMs", "6 findings, 3 decisions",
                "not carried over: 6, 1 projects, 1 BOMs, 2 decisions, 1 tags, 1 parents", "tags: icu: of Infusomat 2.0", "projects: Loose: it has no version",
                f"decisions: {SENT[4]} in curl 7.76.1 of Infusomat 2.0: it is suppressed without a state",
                f"decisions: {SENT[5]} in curl 7.76.1 of Infusomat 2.0: NOT_AFFECTED needs a justification, or details")
    first = state_of(kit, data)
    by_name = {row["vulnerability"]: row for row in first[0].values()}
    one = by_name[SENT[0]]
    kit.check("decisions are proposals, not one is signed", {row["state"] for row in by_name.values()} == {"proposed"} and
              not any(row["signed_by"] for row in by_name.values()) and set(by_name) == set(SENT[:3]), by_name)
    kit.check("words, reason, details", (one["status"], one["justification"], one["impact"]) ==
              ("not_affected", "vulnerable_code_not_in_execute_path", "No proxy is used."), one)
    kit.check("origin, comments and who", one["rationale"].startswith("From Dependency-Track's API: state NOT_AFFECTED") and
              "dana: Looked at the <b>code</b>\neli: Confirmed" in one["rationale"] and one["decided_by"] == "eli", one)
    kit.check("when it was decided, and found", (one["decided_at"], one["learned"]) == ("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z"), one)
    kit.check("exploitable is uncontrolled until a person says otherwise", (by_name[SENT[1]]["status"], by_name[SENT[1]]["risk"]) ==
              ("affected", "uncontrolled"), by_name[SENT[1]])
    kit.check("a false positive says so", "Stated to be a false positive." == by_name[SENT[2]]["impact"] and
              "suppressed there" in by_name[SENT[2]]["rationale"], by_name[SENT[2]])
    kit.check("nothing is closed by an import", first[2] and not any(row["closed"] for row in first[2]), first[2][:2])
    again = kit.run("import", "dependency-track", place, "--to", data, "--key", "-", stdin=KEY.encode() + b"\n")
    kit.answers("once more, with the key on standard input: nothing changes", again, 1, "device.yaml as before, 0 SBOMs, 0 other files, 0 decisions proposed")
    kit.check("nothing has changed", state_of(kit, data) == first)
    kit.answers("a key that does not count", kit.run("import", "dependency-track", place, "--to", data, env={"TUTELA_DTRACK_KEY": "x"}), 3, "401: does the key count")
    kit.answers("no key", kit.run("import", "dependency-track", place, "--to", data), 2, "$TUTELA_DTRACK_KEY is not set")
    kit.answers("a key goes to no host without TLS", kit.run("import", "dependency-track", "http://192.0.2.1/", "--to", data, env=env), 2, "https")
    server.broken = {"projects": []}
    kit.answers("what answers otherwise is no Dependency-Track", kit.run("import", "dependency-track", place, "--to", data, env=env), 3, "the answer is no list")
    server.broken, server.missing = None, "/api/v1/finding/"
    kit.answers("findings that are not answered are not none", kit.run("import", "dependency-track", place, "--to", data, env=env), 3,
                f"/api/v1/finding/project/{identity('Infusomat', '2.0')}", "the answer is 404")
    server.missing = None
    kit.check("nothing came of what failed", state_of(kit, data) == first)


def changed(kit, server):
    """Run again after the analyses were changed there: a proposal takes the place of a proposal, and of nothing that is signed."""
    data, secret = store_of(kit, "changed-data"), "correct horse battery ann"
    place, env = f"http://127.0.0.1:{server.server_address[1]}", {"TUTELA_DTRACK_KEY": KEY}
    kit.answers("an approver", kit.run("admin", "user", "add", "ann", "--own-password", "--role", "approver", "--data", data, stdin=secret.encode() + b"\n"), 0)
    kit.answers("the first import", kit.run("import", "dependency-track", place, "--to", data, env=env), 1, "3 decisions proposed")
    device = state_of(kit, data)[1][0]["name"]
    kit.answers("a team", kit.run("admin", "team", "add", "pumps", "--data", data), 0)
    for who in (("--user", "ann"), ("--device", device)):
        kit.answers(f"{who[0]} is in it", kit.run("admin", "team", "join", "pumps", *who, "--data", data), 0)
    kept = dict(server.trail)
    server.trail[identity(SENT[0])] = {**kept[identity(SENT[0])], "analysisDetails": "No proxy is used, and SOCKS is left out."}
    kit.answers("what was changed there is proposed", kit.run("import", "dependency-track", place, "--to", data, env=env), 1, "1 decisions proposed")
    rows = {row["vulnerability"]: row for row in standing(kit, data) if row["state"] == "proposed"}
    kit.check("in place of what was proposed before; the others stay", set(rows) == set(SENT[:3]) and
              rows[SENT[0]]["impact"] == "No proxy is used, and SOCKS is left out.", rows)
    with client.Service(kit, data) as service:
        _, ann = service.sign_in("ann", secret)
        row = ann.get("/v1/decisions/" + rows[SENT[0]]["id"]).json
        done = ann.post(f"/v1/decisions/{row['id']}/approve", {"version": row["version"], "sha256": row["sha256"], "zone": "Z", "password": secret})
        kit.check("a person signs it", done.status == 200, done)
    server.trail[identity(SENT[0])] = {**kept[identity(SENT[0])], "analysisState": "EXPLOITABLE"}
    server.trail[identity(SENT[1])] = {**kept[identity(SENT[1])], "analysisResponse": "WORKAROUND_AVAILABLE"}
    done = kit.run("import", "dependency-track", place, "--to", data, env=env)
    kit.answers("a signed decision stays, and is named; the rest is proposed", done, 1, "1 decisions proposed")
    kit.check("with its name and why", "it is approved in the store, and another text here" in done.text + done.complaint and
              "dtrack-" + SENT[0].lower() in done.text + done.complaint, done.text + done.complaint)
    rows = {(row["vulnerability"], row["state"]): row for row in standing(kit, data)}
    kit.check("what was signed is in force as it was", rows[SENT[0], "approved"]["status"] == "not_affected" and (SENT[0], "proposed") not in rows, list(rows))
    kit.check("the other one is what is said now", "WORKAROUND_AVAILABLE" in rows[SENT[1], "proposed"]["rationale"], rows[SENT[1], "proposed"])
    kit.answers("a push without the option still refuses it", kit.run("push", pushed(kit, place, env), "--to", data), 1, "it is another one in the store")
    server.trail = kept


def standing(kit, data):
    """Decisions that nothing took the place of."""
    with client.Service(kit, data) as service:
        reader = service.client(client.add_key(kit, data))
        return [reader.get("/v1/decisions/" + row["id"]).json for state in ("proposed", "approved") for row in reader.pages("/v1/decisions", state=state)]


def pushed(kit, place, env):
    """The folder that an import pushes."""
    folder = kit.folder / "kept-folders"
    kit.run("import", "dependency-track", place, "--to", store_of(kit, "elsewhere"), "-o", folder, env=env)
    return next(path for path in folder.iterdir() if path.is_dir())


def unpaged(kit, server):
    """As many findings as a page has, of a service that knows no pages: each once."""
    data = store_of(kit, "unpaged-data")
    kept = server.findings
    server.findings = [finding(f"CVE-2020-{1000 + i}", "Infusomat", "2.0") for i in range(100)]
    server.whole = True
    before = len(server.asked)
    done = kit.run("import", "dependency-track", f"http://127.0.0.1:{server.server_address[1]}", "--to", data, env={"TUTELA_DTRACK_KEY": KEY})
    server.findings, server.whole = kept, False
    kit.answers("a list without pages is read once", done, 1, "1 devices, 2 releases", " 100 findings")
    kit.check("and not asked for without end", len(server.asked) - before < 12, server.asked[before:])


def other_pages(kit, server):
    """A service whose pages have fewer rows than were asked for; one that has no findings to give."""
    env = {"TUTELA_DTRACK_KEY": KEY}
    place = f"http://127.0.0.1:{server.server_address[1]}"
    kept = Server.answer

    def two_a_page(self, path, query):
        if not path.startswith("/api/v1/finding/"):
            return kept(self, path, query)
        at = 2 * (int(query["pageNumber"]) - 1)
        return kept(self, path, {**query, "pageNumber": "1"})[at:at + 2]

    def none_there(self, path, query):
        return None if path.startswith("/api/v1/finding/") else kept(self, path, query)

    try:
        Server.answer = two_a_page
        done = kit.run("import", "dependency-track", place, "--to", store_of(kit, "short-data"), env=env)
        kit.answers("short pages are read to their end", done, 1, " 6 findings, 3 decisions")
        Server.answer = none_there
        data = store_of(kit, "none-data")
        done = kit.run("import", "dependency-track", place, "--to", data, env=env)
        kit.answers("findings that are not there are not none", done, 3, "/api/v1/finding/project/", "the answer is 404")
        kit.check("and nothing is taken", not state_of(kit, data)[1])
    finally:
        Server.answer = kept


def of_files(kit):
    data = store_of(kit, "file-data")
    folder = kit.folder / "export"
    (folder / "more").mkdir(parents=True)
    star = finding(SENT[4], "Larynx", "1.0", "RESOLVED")
    star["component"] = {**star["component"], "name": "*"}
    files = {
        "a.fpf": fpf("Larynx", "1.0", [finding(SENT[0], "Larynx", "1.0", "NOT_AFFECTED", detail="Not built."), finding(SENT[1], "Larynx", "1.0", "IN_TRIAGE"),
                                       finding(SENT[2], "Larynx", "1.0", "MAYBE"), finding(SENT[3], "Larynx", "1.0", detail="words"), star]),
        "b.json": bom("Larynx", "1.0"),
        "more/c.json": bom("Larynx", "2.0"),
        "vex.json": {**bom("Larynx", "2.0"), "components": [], "vulnerabilities": [
            {"id": SENT[0], "analysis": {"state": "not_affected", "justification": "code_not_present"}, "affects": [{"ref": "root"}]}]},
        "foreign.fpf": fpf("Larynx", "3.0", [finding(SENT[0], "Larynx", "3.0", "RESOLVED")], form="2.0"),
        "twice.json": bom("Larynx", "1.0", components=[]),
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    (folder / "notes.txt").write_text("nothing", encoding="utf-8")
    outside = kit.folder / "outside.json"
    outside.write_text(json.dumps(bom("Stolen", "9.9")), encoding="utf-8")
    (folder / "link.json").symlink_to(outside)
    (folder / "linked").symlink_to(kit.folder)
    os.mkfifo(folder / "pipe.json")
    kept = kit.folder / "kept"
    done = kit.run("import", "dependency-track", folder, "--to", data, "-o", kept)
    kit.answers("an import from files", done, 1, "read: 1 devices, 2 releases, 2 BOMs, 1 VEX documents, 5 findings, 2 decisions", "6 files, 3 decisions",
                "files: link.json: a symbolic link is not followed", "files: linked: a symbolic link is not followed", "files: pipe.json: it is no regular file",
                "files: notes.txt: ", "files: foreign.fpf: FPF of another version than 1.x", "files: twice.json: a second BOM of the same project",
                'the state "MAYBE" is none of EXPLOITABLE', "words without a state decide nothing", 'has a "*" in its name')
    kit.check("nothing from outside came in", "Stolen" not in done.text + done.complaint)
    first = state_of(kit, data)
    kit.check("decisions of the file", {row["vulnerability"]: (row["state"], row["status"]) for row in first[0].values()} ==
              {SENT[0]: ("proposed", "not_affected"), SENT[1]: ("proposed", "under_investigation")}, first[0])
    texts = [path.read_text() for path in kept.glob("*/decisions/*.yaml")]
    kit.check("a decision names its component as narrowly as its source did", len(texts) == 2 and all(
        "purl: pkg:generic/curl@7.76.1" in text.replace('"', "") and "carry: false" in text for text in texts), texts)
    kit.check("the folders are kept", [path.name.startswith("larynx-") for path in kept.iterdir()] == [True])
    with client.Service(kit, data) as service:
        reader = service.client(client.add_key(kit, data))
        rows = [row for row in first[2] if row["release"] == "2.0" and row["vulnerability"] == SENT[0]]
        detail = reader.get("/v1/findings/" + rows[0]["id"]).json if rows else {}
        kit.check("VEX beside the SBOM is a claim that decides nothing", rows and (detail["closed"], len(detail["statements"])) == (False, 1), detail)
    again = kit.run("import", "dependency-track", folder, "--to", data)
    kit.answers("once more nothing changes", again, 1, "device.yaml as before, 0 SBOMs, 0 other files, 0 decisions proposed")
    kit.check("nothing has changed", state_of(kit, data) == first)
    empty = kit.folder / "nothing"
    empty.mkdir()
    kit.answers("an empty folder is no success", kit.run("import", "dependency-track", empty, "--to", data), 1, "no project was found")
    kit.answers("no folder", kit.run("import", "dependency-track", kit.folder / "nowhere", "--to", data), 3, "nowhere")


def of_ours(kit):
    """What we export as FPF is read by ourselves."""
    source, data = store_of(kit, "source-data"), store_of(kit, "target-data")
    kit.answers("the example", kit.run("push", ROOT / "examples" / "infusion-pump", "--to", source), 0)
    folder = kit.folder / "ours"
    folder.mkdir()
    with client.Service(kit, source) as service:
        reader = service.client(client.add_key(kit, source))
        release = reader.get("/v1/devices/larkspur-ip-200/releases").json["items"][0]
        name = "-".join((release["id"][:8], release["id"][8:12], release["id"][12:16], release["id"][16:20], release["id"][20:]))
        got = reader.get(f"/api/v1/finding/project/{name}/export")
        (folder / "ours.fpf").write_bytes(got.body)
        (folder / "ours.json").write_bytes(reader.get(f"/v1/releases/{release['id']}/sbom").body)
        triaged = [row for row in got.json["findings"] if "state" in row["analysis"]]
    done = kit.run("import", "dependency-track", folder, "--to", data)
    kit.answers("FPF of ours is read", done, 1 if "not carried over: 0" not in done.text else 0, f"{len(got.json['findings'])} findings, {len(triaged)} decisions")


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    over_api(kit, server)
    unpaged(kit, server)
    changed(kit, server)
    other_pages(kit, server)
    of_files(kit)
    of_ours(kit)
    server.shutdown()
    return kit.done()


sys.exit(main())
