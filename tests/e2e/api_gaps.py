#!/usr/bin/env python3
"""What an answer cannot know is in the answer: each list whose rows may look clean because data are missing has "gaps".

usage: api_gaps.py [PROGRAM]
"""
import io
import pathlib
import re
import shutil
import sqlite3
import sys
import zipfile

from kit import ROOT, Kit, component, sbom

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

DEVICE = "larkspur-ip-200"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COUNTS = ("releases", "releases_without_sbom", "releases_without_components", "releases_without_data", "releases_not_settled", "components_without_data",
          "devices_in_intake")
# what each path and query needs to be answered
QUERY = {"where": "openssl < 9", "value": "ab" * 32, "q": "open", "component": "*"}
# lists of which no row says anything that missing data could make look clean
WITHOUT = {"listBuilds", "listDeviceFiles", "listSources", "listJobs", "listLedger", "listCheckpoints", "listSignatures", "listSignals", "listVariants",
           "listHazards", "listAssets", "listComponentLinks", "listInterfaces", "listControls", "listPublications", "listDesignThreats", "listDesignQuestions", "listDesignViews",
           "listDesignBaselines", "listDesignSafety"}


def operations(service):
    """(id, method, path, row, whether it says gaps) of what answers with a page, or says them."""
    document = service.document
    for path, methods in document.document["paths"].items():
        for method, row in methods.items():
            content = document.resolve(row["responses"].get("200", {})).get("content", {}).get("application/json")
            if not content:
                continue
            schema = document.resolve(content["schema"])
            has = "gaps" in schema.get("properties", {})
            if row.get("x-person"):  # api_views.py
                continue
            if has or (method == "get" and {"items", "next"} <= set(schema.get("properties", {}))):
                yield row["operationId"], method, path, row, has


def ask(asker, operation, values, **headers):
    """The answer of an operation, with whatever it has to be asked with."""
    _, method, path, row, _ = operation
    for name, value in values.items():
        path = path.replace("{" + name + "}", value)
    query = {each["name"]: values.get(each["name"], QUERY.get(each["name"])) for each in row.get("parameters", [])
             if each.get("in") == "query" and each.get("required")}
    body = {"filters": [""]} if method == "post" else None
    return asker.call(method.upper(), path, body, headers=headers, **query)


def ask_all(kit, service, reader, values, title, fine):
    """Each operation that says gaps says those."""
    for operation in operations(service):
        if not operation[4]:
            continue
        answer = ask(reader, operation, values)
        kit.check(f"{title}: {operation[0]}", answer.status == 200 and fine(answer.json["gaps"]), answer)


def other_formats(kit, service, reader, values, counts):
    """A table that somebody saves says it, too."""
    words = ", ".join(f"{name}={counts[name]}" for name in COUNTS)
    for operation in operations(service):
        name, has = operation[0], operation[4]
        if "text/csv" not in operation[3]["responses"]["200"]["content"] or not has:
            continue
        csv = ask(reader, operation, values, Accept="text/csv")
        kit.check(f"{name} as CSV", csv.headers.get("Tutela-Gaps", "").startswith(words + ", late_sources=") and
                  csv.headers["Content-Disposition"] == f'attachment; filename="{name}-incomplete.csv"', csv.headers)
    book = reader.get("/v1/devices", headers={"Accept": XLSX})
    if book.status == 422 and "libxlsxwriter" in book.json["detail"]:
        kit.check("a workbook # SKIP libxlsxwriter is not installed", True)
        return
    files = zipfile.ZipFile(io.BytesIO(book.body))
    sheet = re.findall(r"<t[^>]*>([^<]*)</t>", files.read("xl/worksheets/sheet2.xml").decode())
    kit.check("a second sheet of a workbook", 'name="gaps"' in files.read("xl/workbook.xml").decode() and
              sheet[:4] == ["releases", str(counts["releases"]), "releases_without_sbom", str(counts["releases_without_sbom"])], sheet)


def tags(kit, reader, writer, ids):
    """Who has the list from before a gap came is not told that it is the same, in no format."""
    before = {kind: reader.get("/v1/findings", headers={"Accept": kind}) for kind in ("application/json", "text/csv")}
    writer.call("PUT", f"/v1/releases/{ids[1]}/sbom", sbom(), headers={"Content-Type": "application/octet-stream", "If-Match": "*"})
    for kind, old in before.items():
        new = reader.get("/v1/findings", headers={"Accept": kind, "If-None-Match": old.headers["ETag"]})
        kit.check(f"{kind}: another ETag when a release lists nothing", new.status == 200 and new.headers["ETag"] != old.headers["ETag"], new)


def gappy(writer):
    """A device with a release without SBOM, one with one of unknown things, and one whose SBOM lists nothing (a later step)."""
    made = writer.post("/v1/devices", "family: Gap Tester\nmanufacturer: {name: Acme}\nreleases:\n"
                       "- {version: '1.0'}\n- {version: '2.0'}\n- {version: '3.0'}\n", {"Content-Type": "application/yaml"})
    if made.status != 201:
        raise SystemExit(f"Bail out! {made.body}")
    ids = [row["id"] for row in writer.get("/v1/devices/gap-tester/releases").json["items"]]
    for release in ids[1:]:
        body = sbom(component("nobody-knows-this", "1.0", purl="pkg:generic/nobody-knows-this@1.0"))
        done = writer.call("PUT", f"/v1/releases/{release}/sbom", body,
                           headers={"Content-Type": "application/octet-stream", "If-Match": "*"})
        if done.status != 200:
            raise SystemExit(f"Bail out! {done.body}")
    return ids


def lists(kit, service, data):
    reader, writer = (service.client(client.add_key(kit, data, role)) for role in ("viewer", "analyst"))
    other = service.client(client.add_key(kit, data, team="other"))
    kit.check("each list says whether it has gaps", {row[0] for row in operations(service) if not row[4]} == WITHOUT,
              {row[0] for row in operations(service) if not row[4]} ^ WITHOUT)
    first = reader.get("/v1/findings").json["gaps"]
    ids = gappy(writer)
    rows = reader.get(f"/v1/devices/{DEVICE}/releases").json["items"]
    values = {"device": DEVICE, "release": rows[0]["id"], "to": rows[1]["id"],
              "vulnerability": reader.get("/v1/vulnerabilities").json["items"][0]["name"],
              "node": reader.get(f"/v1/releases/{rows[0]['id']}/sbom/tree").json["items"][0]["node"]}
    counts = reader.get("/v1/findings").json["gaps"]
    kit.check("they count", (counts["releases"], counts["releases_without_sbom"],
                             counts["components_without_data"] - first["components_without_data"]) == (5, 1, 2), counts)
    late = {row["source"]: row["freshness"] for row in counts["late_sources"]}
    kit.check("sources that never came are late, and the starter is said to be one", late.get("nvd") == "never fetched" and
              counts["knowledge_base"]["starter"], counts)
    ask_all(kit, service, reader, values, "gaps", lambda gaps: gaps == counts)
    other_formats(kit, service, reader, values, counts)
    for operation in operations(service):
        if operation[4] and "{" not in operation[2]:
            gaps = ask(other, operation, values).json["gaps"]
            kit.check(f"none of others: {operation[0]}", all(gaps[name] == 0 for name in COUNTS), gaps)
    tags(kit, reader, writer, ids)
    return values


def without_knowledge(kit, data, values):
    """No knowledge base is in use yet, one waits: no list looks as if there were nothing to find."""
    with sqlite3.connect(next(data.glob("*.db"))) as store:
        store.execute("DELETE FROM setting WHERE name = 'knowledge'")
    with client.Service(kit, data, log="without.log") as service:
        reader = service.client(client.add_key(kit, data))
        for operation in operations(service):
            if operation[0] in ("diffSboms", "getVulnerability") or not operation[4]:
                continue
            answer = ask(reader, operation, values)
            kit.check(f"without a knowledge base: {operation[0]}", answer.status == 503 or
                      (answer.status == 200 and answer.json["gaps"]["knowledge_base"] is None), answer)
        csv = reader.get("/v1/devices", headers={"Accept": "text/csv"})
        kit.check("CSV without a knowledge base", csv.headers["Tutela-Gaps"].endswith("knowledge_base=none"), csv.headers)


def with_broken_feeds(kit, data):
    """Which sources there are cannot be read: that is said, and the lists are there."""
    (data / "feeds.conf").write_text("[no such source\n", encoding="utf-8")
    with client.Service(kit, data, log="feeds.log") as service:
        reader = service.client(client.add_key(kit, data))
        gaps = reader.get("/v1/devices").json["gaps"]
        kit.check("sources that cannot be read are not \"none is late\"", gaps["late_sources"] is None, gaps)
        csv = reader.get("/v1/devices", headers={"Accept": "text/csv"})
        kit.check("CSV says so", "late_sources=unknown" in csv.headers["Tutela-Gaps"], csv.headers)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = client.example_data(kit)
    with client.Service(kit, data) as service:
        values = lists(kit, service, data)
    broken = pathlib.Path(kit.path("broken"))
    shutil.copytree(data, broken, ignore=shutil.ignore_patterns("*.sock"))
    without_knowledge(kit, data, values)
    with_broken_feeds(kit, broken)
    return kit.done()


sys.exit(main())
