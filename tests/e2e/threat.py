#!/usr/bin/env python3
"""`tutela threat` on folders and files: what is found, what the gate says, what is refused and where.

usage: threat.py [PROGRAM]
"""
import json
import os
import pathlib
import sys

from kit import Kit, ROOT

EXAMPLE = ROOT / "examples" / "infusion-pump"
AT = ("--at", "2026-11-30")
DEVICE = "family: X\nhazards: [{id: h, severity: critical}]\nassets: [{id: rate, function: therapy, hazards: [h]}]\n"
MODEL = """schema: tutela-model/1
elements:
  - {id: desk, kind: process, zone: z, count: 1, patients: 0}
  - {id: pump, kind: process, zone: y, count: 50, patients: 1, functions: [therapy], assets: [rate]}
zones: [{id: z, role: hospital, boundary: a}, {id: y, role: device, boundary: b}]
flows:
  - {id: f, from: desk, to: pump, medium: ip, carries: [command], assets: [rate], authentication: none,
     integrity: mac, encryption: tls, freshness: counter, fan_out: 20}
"""
CONTROL = "controls:\n  - {id: c, category: 1, covers: [f], provides: [authentication], requirement: R%s}\n"
OWN_RULE = """schema: tutela-threat-rules/1
id: own
version: "3"
title: Our own
rules:
  - {id: X1, title: The desk commands, on: flow, where: {carries: command}, weak: {medium: ip}, stride: E, category: 2}
"""


def folder(kit, name, model=MODEL, **files):
    path = kit.folder / name
    path.mkdir()
    (path / "device.yaml").write_text(DEVICE, encoding="utf-8")
    if model is not None:
        (path / "model.yaml").write_text(model, encoding="utf-8")
    for file, text in files.items():
        (path / f"{file}.yaml").write_text(text, encoding="utf-8")
    return path


def listed(kit, path, *arguments):
    done = kit.run("threat", "list", path, "--format", "json", *AT, *arguments)
    return json.loads(done.text) if done.returncode == 0 else []


def outcome(kit, path, rule="T01"):
    return [entry["outcome"] for entry in listed(kit, path) if entry["rule"] == rule and entry["at"] == "f"]


def example(kit):
    kit.answers("the example is checked", kit.run("threat", "check", EXAMPLE, *AT), 0, "Larkspur IP-200 4.4.0",
                "evidence-missing", "ransomware", "accepted", "0 errors, 1 warnings")
    kit.answers("a file of the folder is the folder", kit.run("threat", "check", EXAMPLE / "model.yaml", *AT), 0,
                "Larkspur IP-200 4.4.0")
    done = kit.run("threat", "check", EXAMPLE, *AT, "--format", "json")
    answer = json.loads(done.text)
    kit.check("and as JSON", answer["format"] == "tutela-threat-check" and answer["counts"]["unproven"] > 0
              and answer["counts"]["accepted"] == 1 and len(answer["packs"][0]["sha256"]) == 64, answer["counts"])
    kit.check("warnings count when they are to", kit.run("threat", "check", EXAMPLE, *AT, "--strict").returncode == 1)


def outcomes(kit):
    path = folder(kit, "open")
    found = [entry for entry in listed(kit, path) if entry["rule"] == "T01" and entry["at"] == "f"]
    kit.check("a command from anybody is open, with severity and reach", len(found) == 1
              and (found[0]["outcome"], found[0]["stride"], found[0]["fda_category"], found[0]["severity"], found[0]["reach"],
                   found[0]["key"]) == ("open", "S", "1", "critical", 20, "T01@pump@f"), found)
    proven = folder(kit, "proven", MODEL + CONTROL % ", evidence: T")
    kit.check("a control with evidence settles it", outcome(kit, proven) == ["mitigated"], outcome(kit, proven))
    claimed = folder(kit, "claimed", MODEL + CONTROL % "")
    kit.check("one without is unproven", outcome(kit, claimed) == ["unproven"], outcome(kit, claimed))
    planned = folder(kit, "planned", MODEL + CONTROL % ", evidence: T, state: planned")
    kit.check("one that is planned settles nothing", outcome(kit, planned) == ["open"], outcome(kit, planned))
    for word in ("''", "unknown", "null"):
        silent = folder(kit, "silent-" + word.strip("'"), MODEL.replace("authentication: none", f"authentication: {word}"))
        kit.check(f"what is stated as {word} is a question", "open" not in outcome(kit, silent)
                  and any(entry["outcome"] == "unknown" and entry.get("subject") == "authentication"
                          for entry in listed(kit, silent)))


def gates(kit):
    path = folder(kit, "gates", MODEL + CONTROL % "")
    for gate, code in (("open&harm>=critical", 1), ("unproven", 1), ("open&harm>=catastrophic", 0), ("reach>=20&open", 1),
                       ("reach>=51&open", 0), ("stride:S&open", 1), ("accepted", 0), ("stale", 0)):
        done = kit.run("threat", "check", path, *AT, "--fail-on", gate)
        kit.check(f"the gate {gate}", done.returncode == code and ("gate violated" in done.complaint) == bool(code), done.complaint)
    kit.answers("a word that is none", kit.run("threat", "check", path, "--fail-on", "open&bad"), 2, "no such term", "unproven")
    empty = folder(kit, "empty", "schema: tutela-model/1\n")
    kit.answers("an empty model passes no gate", kit.run("threat", "check", empty, *AT, "--fail-on", "open"), 1, "nothing to judge")


def own_files(kit):
    path = folder(kit, "own", threats="schema: tutela-threats/1\ndecisions:\n  - {key: X9@pump@f, outcome: not-applicable, "
                  "by: Safety, at: 2026-01-01, reason: gone}\n")
    (path / "rules").mkdir()
    (path / "rules" / "own.yaml").write_text(OWN_RULE, encoding="utf-8")
    done = kit.run("threat", "check", path, *AT)
    kit.answers("rules of one's own and a decision whose threat is gone", done, 0, "own 3", "The desk commands", "X9@pump@f is no longer found")
    (path / "rules" / "own.yaml").write_text(OWN_RULE.replace("stride: E", "stride: Q"), encoding="utf-8")
    kit.answers("a rule that does not parse", kit.run("threat", "check", path), 3, "rules/own.yaml:6:")
    for what, old, new, words in (("a rule", "X1", "T01", ("rules/own.yaml:6:", 'has a rule "T01", too')),
                                  ("a pack", "id: own", "id: tutela-medical", ("rules/own.yaml:", "give this one an id"))):
        (path / "rules" / "own.yaml").write_text(OWN_RULE.replace(old, new, 1), encoding="utf-8")
        kit.answers(f"{what} with the id of a built-in one", kit.run("threat", "check", path), 3, *words)
    (path / "rules" / "own.yaml").write_text(OWN_RULE.replace("medium: ip", "acess: ip"), encoding="utf-8")
    kit.check("a fact that is near to none is the maker's own", kit.run("threat", "check", path).returncode == 0)
    near = OWN_RULE.replace("weak: {medium: ip}", "weak: {remot_access: open}")
    (path / "rules" / "own.yaml").write_text(near, encoding="utf-8")
    kit.answers("one that is near to a known one", kit.run("threat", "check", path), 3, "rules/own.yaml:6:", 'is "remote_access" meant?')
    (path / "rules" / "own.yaml").write_text(near + "vocabulary: {remot_access: [shut]}\n", encoding="utf-8")
    kit.check("unless it is in the vocabulary", kit.run("threat", "check", path).returncode == 0)


def no_files(kit):
    """What would be waited for, or has no text, in place of a file of the folder."""
    for name, make, words in (("a pipe", os.mkfifo, "a pipe or a device"), ("a device", lambda at: at.symlink_to("/dev/zero"), "a pipe or a device"),
                              ("a folder", pathlib.Path.mkdir, "Is a directory")):
        for file in ("rules/own.yaml", "threats.yaml", "model.yaml"):
            path = folder(kit, f"{name}-{file}".replace("/", "-"), None if file == "model.yaml" else MODEL)
            (path / "rules").mkdir()
            make(path / file)
            kit.answers(f"{name} as {file}", kit.run("threat", "check", path, timeout=20), 3, file, words)


def evidence(kit):
    path = folder(kit, "evidence", MODEL + CONTROL % ", evidence: 'tests/gone.pdf#3'")
    kit.check("evidence whose file is gone is none", outcome(kit, path) == ["unproven"], outcome(kit, path))
    kit.answers("and it is said", kit.run("threat", "check", path), 0, '"tests/gone.pdf#3" is not in the folder', "evidence-missing")
    (path / "tests").mkdir()
    (path / "tests" / "gone.pdf").write_text("passed", encoding="utf-8")
    kit.check("with the file it is", outcome(kit, path) == ["mitigated"], outcome(kit, path))
    for number, name in enumerate(("TR/0512", "QMS/1.2", "https://x.example/a.pdf", "report in a/b.pdf", "gone.pdf")):
        path = folder(kit, f"evidence-{number}", MODEL + CONTROL % f", evidence: '{name}'")
        kit.check(f"{name} is not looked for", outcome(kit, path) == ["mitigated"], outcome(kit, path))


def decided(kit):
    decision = "schema: tutela-threats/1\ndecisions:\n  - {key: T01@pump@f, outcome: accepted, by: S, at: %s, until: %s, reason: r}\n"
    for name, at, until, expected in (("now", "2026-01-01", "2027-01-01", ["accepted"]), ("future", "2099-01-01", "2100-01-01", ["open"]),
                                      ("over", "2026-01-01", "2026-02-01", ["open"])):
        path = folder(kit, "decided-" + name, threats=decision % (at, until))
        kit.check(f"a decision of the time {name}", outcome(kit, path) == expected, outcome(kit, path))
    path = folder(kit, "decided-backwards", threats=decision % ("2026-05-01", "2026-02-01"))
    kit.answers("one that ends before it begins", kit.run("threat", "check", path), 3, "threats.yaml:3:", '"until" is not after')


def refused(kit):
    for name, old, new, words in (
            ("fan-out", "fan_out: 20", "fan_out: 0", ("/flows/0/fan_out", "from 1")),
            ("end", "to: pump", "to: gone", ("/flows/0/to", 'no element or flow "gone"')),
            ("word", "medium: ip", "medium: air", ("/flows/0/medium", "one of")),
            ("twice", "id: pump", "id: desk", ("names a second element or flow",)),
            ("zone", "id: z, role", "id: z, parent: z, role", ('the zone "z" is in itself',))):
        path = folder(kit, "bad-" + name, MODEL.replace(old, new, 1))
        kit.answers(f"a bad model: {name}", kit.run("threat", "check", path), 3, "model.yaml:", *words)
    kit.answers("a folder without a model", kit.run("threat", "check", folder(kit, "none", None)), 3, "no model.yaml")
    other = kit.path("other.yaml", b"a: 1\n")
    kit.answers("a file that is no model", kit.run("threat", "list", other), 3, "no form of a design model", "otmVersion")
    kit.answers("no operand", kit.run("threat", "list"), 2, "expected a device folder or a file")


def otm(kit):
    path = kit.path("x.otm", b"otmVersion: 0.2.0\nproject: {id: x, name: X}\ntrustZones: [{id: z, name: Z, risk: {trustRating: 5}}]\n"
                    b"components: [{id: a, name: A, type: web, parent: {trustZone: z}}, {id: b, name: B, type: db, parent: {trustZone: z}}]\n"
                    b"dataflows: [{id: f, name: F, source: a, destination: b, bidirectional: true}]\n")
    done = kit.run("threat", "check", path, *AT, "--format", "json")
    answer = json.loads(done.text)
    kit.check("OTM without our attributes: losses, nothing open", answer["counts"]["open"] == 0 and answer["losses"]
              and answer["model"]["form"] == "otm", answer["counts"])


def zones_without_role(kit):
    """OTM has no role of a zone: what is stated about the element is enough."""
    text = """otmVersion: 0.2.0
project: {id: x, name: X}
trustZones: [{id: z, name: Z, risk: {trustRating: 5}}]
components:
  - {id: modem, name: M, type: process, parent: {trustZone: z}, attributes: {count: 9, patients: 1, inbound: 'yes'}}
  - {id: server, name: S, type: process, parent: {trustZone: z}, attributes: {count: 1, patients: 0}}
dataflows:
  - {id: f, name: F, source: server, destination: modem, tags: [update], attributes: {medium: ip, states: any state}}
"""
    found = {(entry["rule"], entry["at"], entry["outcome"]) for entry in listed(kit, kit.path("role.otm", text))}
    kit.check("a zone whose role is not stated hides nothing that is",
              {("R07", "modem", "open"), ("U04S", "f", "open")} <= found, sorted(f for f in found if f[2] == "open"))


def main():
    kit = Kit()
    zones_without_role(kit)
    example(kit)
    outcomes(kit)
    gates(kit)
    own_files(kit)
    no_files(kit)
    decided(kit)
    evidence(kit)
    refused(kit)
    otm(kit)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
