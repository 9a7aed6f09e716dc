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
    kit.check("the assessment is that of the command line", findings(told.text) == findings(line.text) and
              len(findings(told.text)) > 50, told.text[:300], line.text[:300])
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
    told = reader.get(f"/v1/devices/{DEVICE}/metrics").json
    kit.check("what is not decided is counted beside the measures", told["not_assessed"] > 0 and told["windows"][0]["recorded"] == 0 and
              told["windows"][0]["to_fix"] is None, told)


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
    return kit.done()


sys.exit(main())
