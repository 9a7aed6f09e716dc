#!/usr/bin/env python3
"""Models of Microsoft's Threat Modeling Tool, by what StartLeft makes of them.

usage: threat_tm7.py [PROGRAM]

Each .tm7 that has an Open Threat Model beside it in StartLeft's tests is read, and elements, flows and zones are those
of that file. StartLeft puts what is in no boundary into a zone of its own; here it is in none. The others are read, or
refused for what they are. Prints TAP.
"""
import json
import subprocess
import sys

from kit import data, program, skip

RESOURCES = "startleft-otm/slp_mtmt/tests/resources"
PAIRS = {
    "MTMT_example_coordinates_1_line_trustzone": "mtmt/MTMT_example_coordinates_1_line_trustzone.otm",
    "MTMT_example_coordinates_1_orphan": "mtmt/MTMT_example_coordinates_1_orphan.otm",
    "MTMT_nested_tz": "otm/nested_tz.otm",
    "MTMT_nested_tz_line": "otm/nested_tz_line.otm",
    "missing_coordinates": "otm/missing_coordinates.otm",
}
DEFAULT_ZONE = "Default trustzone"
REFUSED = {"mtmt-invalid-format-zip"}


def ours(path):
    done = subprocess.run([program(), "threat", "export", str(path), "--format", "neutral"], capture_output=True, text=True,
                          timeout=60, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else done.returncode


def expected(document):
    """What of StartLeft's file is a statement of the model."""
    made = {zone["id"] for zone in document["trustZones"] if zone["name"] == DEFAULT_ZONE}

    def zone(row):
        parent = row.get("parent", {}).get("trustZone")
        return None if parent in made else parent

    return {
        "zones": {row["id"]: (row["name"], zone(row)) for row in document["trustZones"] if row["id"] not in made},
        "elements": {row["id"]: (row["name"], zone(row)) for row in document["components"]},
        "flows": {row["id"]: (row["name"], row["source"], row["destination"]) for row in document["dataflows"]},
    }


def seen(model):
    return {
        "zones": {row["id"]: (row.get("name"), row.get("parent")) for row in model["zones"]},
        "elements": {row["id"]: (row.get("name"), row.get("zone")) for row in model["elements"]},
        "flows": {row["id"]: (row.get("name"), row["from"], row["to"]) for row in model["flows"]},
    }


def differences(model, document):
    if not isinstance(model, dict):
        return [f"exit code {model}"]
    want, got = expected(document), seen(model)
    return [f"{part} {key}: {got[part].get(key)}, expected {want[part].get(key)}"
            for part in want for key in sorted({*want[part], *got[part]}) if want[part].get(key) != got[part].get(key)]


def main():
    folder = data("threat-models")
    if not folder or not (folder / "tm7").is_dir():
        return skip("threat_tm7: no shared models of this tool, set TUTELA_SHARED")
    failed = count = 0
    for path in sorted((folder / "tm7").glob("*.tm7.zst")):
        name = path.name.removesuffix(".tm7.zst")
        model, wrong = ours(path), []
        if name in PAIRS:
            wrong = differences(model, json.loads((folder / RESOURCES / PAIRS[name]).read_text(encoding="utf-8")))
        elif (name in REFUSED) != (model == 3) or (name not in REFUSED and not isinstance(model, dict)):
            wrong = [f"{model}"]
        count += 1
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {count} - {name}{': as StartLeft reads it' if name in PAIRS else ''}")
        for line in wrong:
            print(f"# {line}")
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
