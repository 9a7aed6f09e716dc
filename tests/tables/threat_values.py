#!/usr/bin/env python3
"""tests/tables/threat/values.tsv: what rules make of the values that models state.

usage: threat_values.py [PROGRAM]

Each row states one value at a place of its own in one model: `core` is a therapy process in the device, `keys` its key
store, `radio`, `net` and `web` flows of commands and settings, `id` a flow of identities, `log` one of log events, `hop` an
update to a phone, `relay` one from it to the device, `cable` one by hand, `stick` data on a medium. "a=b | c=d" states two;
"a=" leaves a member out; "control=x" covers the place with a control that provides x. The outcome is that of the row's rule;
"quiet" is none that anybody sees. TAP.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "threat" / "values.tsv"
MEMBERS = ("authentication", "integrity", "encryption", "freshness", "medium", "carries", "protocol", "in_scope")
SEEN = {"open": "open", "unknown": "asked", "mitigated": "mitigated"}
SOUND = {"authentication": "mutual", "integrity": "mac", "encryption": "aes-ccm", "freshness": "counter", "assets": ["dose"]}
ELEMENTS = {
    "core": {"kind": "process", "zone": "in", "functions": ["therapy", "alarm"], "assets": ["dose"], "count": 500, "patients": 1},
    "keys": {"kind": "store", "zone": "make", "functions": ["update"], "assets": ["dose"], "count": 1, "patients": 0},
}
FLOWS = {
    "radio": ("app", {"medium": "radio", "carries": ["command"]}),
    "net": ("desk", {"medium": "ip", "carries": ["command"]}),
    "web": ("desk", {"medium": "internet", "carries": ["configuration"]}),
    "id": ("desk", {"medium": "internet", "carries": ["identity"]}),
    "log": ("rad", {"medium": "radio", "carries": ["log"]}),
    "relay": ("app", {"medium": "internet", "carries": ["update"]}),
    "cable": ("desk", {"medium": "local", "carries": ["update"]}),
    "stick": ("desk", {"medium": "removable", "carries": ["information"]}),
    "hop": ("desk", {"medium": "internet", "carries": ["update"]}),
}


def rows():
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            yield (number, *line.split("\t"))


def state(made, place, text):
    for part in text.split(" | "):
        name, _, value = part.partition("=")
        if name == "control":
            made["controls"].append({"id": "c" + place["id"], "category": 1, "title": value, "covers": [place["id"]],
                                     "provides": [value], "requirement": "R", "evidence": "E"})
        elif name not in MEMBERS:
            place["facts"][name] = value
        elif value:
            place[name] = value.split(", ") if name == "carries" else value
        else:
            del place[name]


def model():
    """One model of all rows; the elements that values name."""
    made = {"schema": "tutela-model/1",
            "zones": [{"id": "in", "role": "device"}, {"id": "home", "role": "user"}, {"id": "house", "role": "hospital"},
                      {"id": "make", "role": "manufacturer"}],
            "elements": [
                {"id": "rad", "name": "Radio stack", "kind": "process", "zone": "in", "functions": ["communication"],
                 "facts": {"listener": "yes"}},
                {"id": "com", "name": "Com module", "kind": "hardware", "zone": "in", "functions": [], "facts": {"listener": "no"}},
                {"id": "guard", "name": "Guard processor", "kind": "hardware", "zone": "in", "functions": ["safety"],
                 "facts": {"listener": "no"}},
                {"id": "app", "name": "Phone app", "kind": "process", "zone": "home", "functions": [], "facts": {"runs_on": "phone"}},
                {"id": "desk", "name": "Desk", "kind": "process", "zone": "house", "functions": ["communication"]},
                {"id": "nurse", "name": "Nurse", "kind": "actor", "zone": "house"}],
            "flows": [{"id": "fcom", "from": "desk", "to": "com", "medium": "ip", "carries": ["information"], **SOUND}],
            "controls": []}
    for number, kind, text, *_ in rows():
        name = f"r{number}"
        if kind in ELEMENTS:
            place = {"id": name, **ELEMENTS[kind], "facts": {}}
            made["elements"].append(place)
        else:
            source, members = FLOWS[kind]
            target = "app" if kind == "hop" else f"t{number}"
            if kind != "hop":
                made["elements"].append({"id": target, **ELEMENTS["core"]})
            place = {"id": name, "from": source, "to": target, **SOUND, **members, "facts": {}}
            made["flows"].append(place)
        state(made, place, text)
    return made


def answers(program, folder):
    folder = pathlib.Path(folder)
    (folder / "device.yaml").write_text("family: X\nhazards: [{id: h, severity: critical}]\n"
                                        "assets: [{id: dose, function: therapy, privacy: serious, hazards: [h]}]\n", encoding="utf-8")
    (folder / "model.yaml").write_text(json.dumps(model()), encoding="utf-8")
    done = subprocess.run([program, "threat", "list", folder, "--format", "json", "--at", "2026-11-30"],
                          capture_output=True, check=False, timeout=100)
    if done.returncode:
        raise SystemExit(f"Bail out! {done.stderr.decode(errors='replace')}")
    return json.loads(done.stdout)


def rules_of(entry):
    also = [reason["value"] for reason in entry.get("reasons", []) if reason["subject"] == "also"]
    return {entry["rule"], *entry.get("rules", []), *(rule for text in also for rule in text.split(", "))}


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TUTELA_PROGRAM", "build/tutela"))
    with tempfile.TemporaryDirectory(prefix="tutela-values-") as folder:
        found = answers(program, folder)
    places, failed, count = {}, 0, 0
    for entry in found:
        for rule in rules_of(entry):
            places.setdefault((entry["at"], rule), []).append(entry["outcome"])
    for number, kind, text, rule, wanted in rows():
        outcomes = places.get((f"r{number}", rule), [])
        seen = next((SEEN[outcome] for outcome in SEEN if outcome in outcomes), "quiet")
        fine = seen in wanted.split("/")
        count += 1
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {count} - {kind}: {text}: {rule} is {wanted}" + ("" if fine else f", not {seen}"))
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
