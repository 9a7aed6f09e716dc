#!/usr/bin/env python3
"""Reports over the API are what the command line writes of the same folder.

usage: api_reports.py [PROGRAM]
"""
import json
import pathlib
import shutil
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
NOBODY = "0" * 32


def bare(answer):
    body = answer.json
    body.pop("request", None)
    return answer.status, body


def undecided(folder):
    """The example without its decisions: the store's are only proposed."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*", "decisions"))
    return folder


def findings(text):
    return sorted((row["id"], row["component"]["name"], row["state"], row["risk"], row["harm"]) for row in json.loads(text)["findings"])


def reports(kit, folder, release, reader):
    path = f"/v1/releases/{release}"
    told = reader.get(f"{path}/assessment")
    line = kit.run("assess", folder, "--release", "4.3.1", "-f", "json")
    ours, theirs = findings(told.text), findings(line.text)
    more = [row for row in ours if row not in theirs]
    kit.check("the assessment is that of the command line", len(ours) > 50 and not [row for row in theirs if row not in ours], more)
    kit.check("with what the SBOM's own statements close there, open", more and {row[2] for row in more} == {"undecided"}, more)
    listed = sorted((row["vulnerability"], row["component"]) for row in reader.pages("/v1/findings", limit=1000) if row["id"].endswith(release))
    kit.check("it has what the list has", listed == sorted((row[0], row[1]) for row in ours), listed[:3])
    page = reader.get(f"{path}/report")
    kit.check("the page is saved, not shown", page.headers["Content-Disposition"] == f'attachment; filename="{DEVICE}-4.3.1-report.html"' and
              page.body.lower().startswith(b"<!doctype html>") and page.headers["X-Content-Type-Options"] == "nosniff", page.headers, page.body[:80])
    for form, check in (("json", lambda text: json.loads(text)["findings"]), ("csv", lambda text: len(text.splitlines()) > 50),
                        ("sarif", lambda text: json.loads(text)["runs"]), ("cyclonedx", lambda text: json.loads(text)["vulnerabilities"])):
        got = reader.get(f"{path}/scan/{form}")
        kit.check(f"findings as {form}", got.status == 200 and check(got.text), got.body[:200])
    kit.check("a format that there is not", reader.get(f"{path}/scan/pdf").status == 404)


def others(kit, release, reader, outside):
    for step in ("assessment", "report", "scan/csv"):
        hidden, missing = outside.get(f"/v1/releases/{release}/{step}"), outside.get(f"/v1/releases/{NOBODY}/{step}")
        kit.check(f"{step} out of scope is like none", bare(hidden) == bare(missing) and hidden.status == 404, hidden, missing)
    hidden, missing = outside.get(f"/v1/devices/{DEVICE}/metrics"), outside.get("/v1/devices/none/metrics")
    kit.check("measures out of scope are like none", bare(hidden) == bare(missing) and hidden.status == 404, hidden)
    notice = "notices/mdr-incident?vulnerability=CVE-2022-0847"
    hidden, missing = outside.get(f"/v1/devices/{DEVICE}/{notice}"), outside.get(f"/v1/devices/none/{notice}")
    kit.check("a notice out of scope is like none", bare(hidden) == bare(missing) and hidden.status == 404, hidden)
    kit.check("a kind of notice that there is not", reader.get(f"/v1/devices/{DEVICE}/notices/none?vulnerability=CVE-2022-0847").status == 404)
    kit.check("a notice without a vulnerability", reader.get(f"/v1/devices/{DEVICE}/notices/mdr-incident").status == 422)
    got = reader.get(f"/v1/devices/{DEVICE}/notices/mdr-incident?vulnerability=CVE-2099-1")
    kit.check("a notice on what nobody has decided says that, not that there is nothing",
              got.status == 404 and "no approved decision" in got.json["detail"], got)
    told = reader.get(f"/v1/devices/{DEVICE}/metrics").json
    kit.check("what is not decided is counted beside the measures", told["not_assessed"] > 0 and told["windows"][0]["recorded"] == 0 and
              told["windows"][0]["to_fix"] is None, told)


def doors(reader, release):
    """The verdicts of one release by each door: (vulnerability, component) that something closes, and that nothing does."""
    told = json.loads(reader.get(f"/v1/releases/{release}/assessment").text)["findings"]
    rows = [row for row in reader.pages("/v1/findings", limit=1000) if row["id"].endswith(release)]
    page = reader.get(f"/v1/releases/{release}/report").text
    return told, rows, page


def trusted(kit, data, folder, reader):
    """A trusted supplier says "not affected": it stays a proposal by every door until somebody decides."""
    text = (folder / "device.yaml").read_text(encoding="utf-8")
    text = text.replace("trusted_suppliers: [https://supplier.example]", "trusted_suppliers: [Example Wi-Fi Module Supplier]")
    (folder / "device.yaml").write_text(text, encoding="utf-8")
    statement = folder / "supplier-wifi.openvex.json"
    body = json.loads(statement.read_text(encoding="utf-8"))
    rows = [row for row in reader.pages("/v1/findings", limit=1000) if row["component"] == "wpa-supplicant" and row["release"] == "4.4.0"]
    kit.check("there is something to clear", rows, rows)
    body["statements"] = [{"vulnerability": {"name": row["vulnerability"]}, "status": "not_affected",
                           "products": [{"@id": "https://wifi-module.example/w", "identifiers": {"cpe23": "cpe:2.3:*:*:wpa_supplicant:*:*:*:*:*:*:*:*"}}],
                           "justification": "vulnerable_code_not_present"} for row in rows]
    statement.write_text(json.dumps(body), encoding="utf-8")
    kit.answers("pushed again", kit.run("push", folder, "--to", data), 0)
    release = rows[0]["id"].split("/")[-1]
    names = {row["vulnerability"] for row in rows}
    line = json.loads(kit.run("assess", folder, "--release", "4.4.0", "-f", "json").stdout)["findings"]
    closed = {row["id"] for row in line if row["state"] not in ("undecided", "reopened", "re-opened")}
    kit.check("in the folder it closes some", closed & names, [row for row in line if row["id"] in names][:2])
    told, listed, page = doors(reader, release)
    by_report = sorted((row["id"], row["component"]["name"]) for row in told)
    kit.check("the assessment has what is listed", by_report == sorted((row["vulnerability"], row["component"]) for row in listed), by_report[:3])
    for row in told:
        if row["id"] in names:
            kit.check(f"{row['id']} is open in the assessment", row["state"] == "undecided", row)
    for row in listed:
        if row["vulnerability"] in names and row["component"] == "wpa-supplicant":
            one = reader.get(f"/v1/findings/{row['id']}").json
            kit.check(f"{row['vulnerability']} is open in the list and by itself", (row["closed"], one["closed"], one["state"])
                      == (False, False, "not assessed") and one["statements"][0]["trusted"], row, one["statements"])
    scan = json.loads(reader.get(f"/v1/releases/{release}/scan/json").text)
    kit.check("the scan has them", names <= {row["id"] for row in scan["vulnerabilities"]} and not scan["not_affected"], scan["summary"])
    kit.check("the page says that statements close nothing", "None of them closes a finding" in page and "closes a finding that has no decision" not in page)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data, folder = pathlib.Path(kit.path("data")), undecided(pathlib.Path(kit.path("pump")))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    kit.run("admin", "team", "add", "none", "--data", data)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        reader = service.client(client.add_key(kit, data))
        outside = service.client(client.add_key(kit, data, team="none"))
        rows = reader.get(f"/v1/devices/{DEVICE}/releases").json["items"]
        reports(kit, folder, rows[0]["id"], reader)
        others(kit, rows[0]["id"], reader, outside)
        trusted(kit, data, folder, reader)
    return kit.done()


sys.exit(main())
