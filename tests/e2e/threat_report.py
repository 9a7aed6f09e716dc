#!/usr/bin/env python3
"""`tutela threat report` and `view`: pages, tables and pictures that are whole and deceive nobody.

usage: threat_report.py [PROGRAM]
"""
import csv
import io
import json
import sys
import xml.etree.ElementTree
import zipfile

from kit import Kit

AT = "2026-07-10T12:00:00Z"
HOSTILE = "<script>alert(1)</script>&\"'><img src=x onerror=x>"
FORMULA = "=HYPERLINK(\"https://evil.example\")"
LONG = "N" * 10000


def model(**names):
    """Two elements and a command by radio that nobody authenticates; a control that is not proven."""
    wired = dict.fromkeys(("authentication", "integrity", "encryption", "freshness"), "none")
    return {
        "schema": "neutral-device-model/1", "id": "m", "title": names.get("title", "Model"),
        "hazards": [{"id": "burn", "severity": "critical"}],
        "assets": [{"id": "dose", "title": "Dose", "function": "therapy",
                    "hazards": [{"hazard": "burn", "on_loss_of": ["integrity"]}]}],
        "zones": [{"id": "body", "name": names.get("zone", "Body"), "role": "device"},
                  {"id": "room", "name": "Room", "role": "care"}],
        "elements": [
            {"id": "pump", "kind": "process", "name": names.get("element", "Pump"), "zone": "body", "count": 40,
             "patients": 1, "functions": ["therapy"], "assets": ["dose"]},
            {"id": "remote", "kind": "hardware", "name": "Remote", "zone": "room", "count": 40, "patients": 0}],
        "flows": [{"id": "f1", "from": "remote", "to": "pump", "name": names.get("flow", "Sets the dose"),
                   "protocol": "radio", "medium": "radio", "carries": ["command"], "assets": ["dose"],
                   "fan_out": 1, **wired}],
        "controls": [{"id": "c1", "category": "1", "title": names.get("control", "Counter"), "covers": ["f1"],
                      "provides": ["freshness"], "requirement": "R-1", "evidence": ""}],
        "views": [{"id": "all", "kind": "global", "title": names.get("view", "All"), "elements": ["*"], "flows": ["*"]},
                  {"id": "case", "kind": "use-case", "title": "Setting a dose", "elements": [], "flows": ["f1"]}],
    }


class Model:
    """A model in a file of its own."""

    def __init__(self, kit, name, **names):
        self.kit, self.path = kit, kit.folder / f"{name}.json"
        self.path.write_text(json.dumps(model(**names)), encoding="utf-8")

    def run(self, what, *arguments):
        return self.kit.run("threat", what, self.path, *arguments, "--at", AT)


def page(kit):
    done = Model(kit, "plain").run("report")
    kit.check("page: written, whole", done.returncode == 0 and done.text.rstrip().endswith("</html>"), done.complaint)
    kit.check("page: the threat has an anchor by its key, and the trace leads to it",
              'id="t-T01@pump@f1"' in done.text and 'href="#t-T01@pump@f1"' in done.text)
    kit.check("page: severity, and mitigation without evidence, are said in words",
              ">critical<" in done.text and "mitigated without evidence" in done.text)
    kit.check("page: what the model does not have is said", "gives no reason for it" in done.text
              and "not in the model, and no reason is given" in done.text)
    kit.check("page: the pack of rules is named with its digest", "tutela-medical" in done.text
              and any(len(word) == 64 for word in done.text.replace("<", " ").replace(">", " ").split()))
    kit.check("page: it loads nothing and forbids itself to", "default-src 'none'" in done.text
              and "http-equiv" in done.text and "src=" not in done.text.replace("default-src", ""))
    again = Model(kit, "plain").run("report")
    kit.check("page: the same input gives the same bytes", again.text == done.text)


def hostile(kit):
    names = dict.fromkeys(("title", "zone", "element", "flow", "control", "view"), HOSTILE)
    done = Model(kit, "hostile", **names).run("report")
    kit.check("hostile names: text and nothing else", done.returncode == 0 and "<script" not in done.text
              and "<img" not in done.text and "&lt;script&gt;" in done.text, done.complaint)
    done = Model(kit, "hostile", **names).run("view")
    try:
        root = xml.etree.ElementTree.fromstring(done.text)
        tags = {element.tag.rsplit("}", 1)[-1] for element in root.iter()}
    except xml.etree.ElementTree.ParseError as error:
        tags = {str(error)}
    kit.check("hostile names: the picture is well-formed and has shapes and texts alone",
              tags <= {"svg", "title", "defs", "marker", "path", "rect", "g", "text"}, tags)
    done = Model(kit, "long", element=LONG, view="\u202e" + LONG).run("view", "all")
    kit.check("a name of 10,000 characters, and one that turns the reading: drawn, cut, made visible",
              done.returncode == 0 and "…</text>" in done.text and "\u202e" not in done.text, done.complaint)


def tables(kit):
    done = Model(kit, "formula", flow=FORMULA, control=FORMULA).run("report", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.text)))
    mine = [row for row in rows if row["key"] == "T01@pump@f1"]
    kit.check("csv: a row for the threat with its places in the trace", len(mine) == 1 and mine[0]["state"] == "open"
              and mine[0]["severity"] == "critical" and mine[0]["patients"] == "1", mine)
    proof = [row for row in rows if row["control"] == "c1"]
    kit.check("csv: a control without evidence has a requirement and an empty cell",
              proof and all(row["requirement"] == "R-1" and not row["evidence"] for row in proof), proof[:1])
    kit.check("csv: no cell is a formula", all(cell[:1] not in "=+-@" or not cell for row in rows for cell in row.values()))
    path = kit.folder / "trace.xlsx"
    done = Model(kit, "formula", flow=FORMULA).run("report", "--format", "xlsx", "--output", path)
    if "libxlsxwriter is not installed" in done.complaint:
        kit.skip("xlsx: the same rows", "libxlsxwriter is not installed")
        return
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode() if path.exists() else ""
    kit.check("xlsx: as many rows, and none is a formula",
              sheet.count("<row ") == len(rows) + 1 and "<f>" not in sheet, done.complaint)


def refused(kit):
    plain = Model(kit, "plain")
    for what, arguments, code, words in (
            ("a view that is not there", ("view", "other"), 3, 'no view "other"; it has all (global), case (use-case)'),
            ("a flow that is not there", ("view", "--path", "f1,f9"), 3, 'no flow "f9"'),
            ("a format that is none", ("report", "--format", "pdf"), 2, "pdf"),
            ("an output onto the input", ("report", "--output", plain.path), 2, "")):
        before = plain.path.read_bytes()
        done = plain.run(*arguments)
        kit.check(f"refused: {what}", done.returncode == code and words in done.complaint
                  and plain.path.read_bytes() == before, done.returncode, done.complaint)
    folder = kit.folder / "device"
    folder.mkdir()
    (folder / "device.yaml").write_text("family: Lamp\nmanufacturer: {name: Example}\n")
    (folder / "model.yaml").write_text("schema: tutela-model/1\n")
    for name in ("device.yaml", "model.yaml"):
        before = (folder / name).read_bytes()
        done = kit.run("threat", "view", folder, "--output", folder / "." / name)
        kit.check(f"refused: an output onto {name} of the folder", done.returncode == 2
                  and (folder / name).read_bytes() == before, done.returncode, done.complaint)
    done = kit.run("threat", "view", kit.folder / "missing.json")
    kit.check("refused: a file that is not there, by its name", done.returncode == 3
              and "missing.json" in done.complaint, done.complaint)


def views(kit):
    plain = Model(kit, "plain")
    whole, by_id, by_kind = (plain.run("view", *view).text for view in ((), ("case",), ("use-case",)))
    kit.check("view: by its id, by its kind, or everything", by_id == by_kind and "Setting a dose" in by_id
              and "Global system" in whole)
    path = plain.run("view", "--path", "f1").text
    kit.check("view: a path is drawn with another arrow", "url(#tip-path)" in path and "url(#tip-path)" not in whole)
    kit.check("view: open threats are counted in words, too", "open threat" in whole)


def main():
    kit = Kit()
    page(kit)
    hostile(kit)
    tables(kit)
    views(kit)
    refused(kit)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
