#!/usr/bin/env python3
"""Threats of the two complete models with answer keys, by the graders that came with them.

usage: threat_models.py [PROGRAM]

The models are found through TUTELA_SHARED (models/); docs are in models/FORMAT.md there. Asked is
`PROGRAM threat list` and `PROGRAM threat check`, as a user would. Prints TAP.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from kit import ROOT, program, skip

SHARED = pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared")) / "models"
MODELS = ("pump", "insulin")
AT = "2026-11-30T00:00:00Z"
FORMS = {"neutral": "model.json", "otm": "otm.yaml", "threat-dragon": "threat-dragon.json",
         "threagile": "threagile.yaml"}
WORTH = ["not-applicable", "transferred", "accepted", "mitigated", "unproven", "unknown", "open"]


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, name, wrong):
        """`wrong` says what is wrong; nothing: it is right."""
        self.count += 1
        self.failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {self.count} - {name}")
        for line in str(wrong).splitlines() if wrong else []:
            print(f"# {line}")

    def end(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0


def ask(verb, path):
    everything = ["--all"] if verb == "list" else []
    done = subprocess.run(
        [program(), "threat", verb, str(path), "--format", "json", "--at", AT, *everything],
        capture_output=True, text=True, timeout=120, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise SystemExit(f"threat {verb} {path}: {done.stderr.strip()}") from None


def threats(path):
    found = ask("list", path)
    return found if isinstance(found, list) else found["threats"]


def lints(path):
    return [(lint["rule"], lint["message"]) for lint in ask("check", path)["lints"]]


def opens(found):
    return {(x["at"], x["stride"], x["fda_category"]) for x in found if x["outcome"] == "open"}


def hits(flaw, found):
    places = [flaw["at"]] + flaw["at_also"]
    categories = {flaw["fda_category"], *flaw["fda_category_also"]}
    return [x for x in found if x["outcome"] == "open" and x["at"] in places
            and x["stride"] in flaw["stride"] and x["fda_category"] in categories]


def grade(grader, key, found):
    score, lines = grader.grade(key, found)
    right = (score["found"] == score["reach"] == score["flaws"]
             and score["severity"] == score["severity_of"] and not score["false_alarms"])
    return "" if right else "\n".join(lines)


def of_keys(found):
    """What must not change: everything but texts."""
    return sorted((x["key"], x["outcome"], x.get("severity") or "", x.get("reach") or 0)
                  for x in found)


def repaired(key, base, variants):
    for flaw in key["flaws"]:
        found = threats(variants / f"repair-{flaw['id']}" / "model.json")
        if hits(flaw, found):
            yield f"{flaw['id']} is still found"
        for other in key["flaws"]:
            if other is not flaw and not hits(other, found):
                yield f"the repair of {flaw['id']} hides {other['id']}"
        for new in sorted(opens(found) - opens(base)):
            yield f"the repair of {flaw['id']} opens {new}"


def unsettled(key, variants):
    for decoy in key["decoys"]:
        if not decoy["settled_by"]:
            continue
        found = threats(variants / f"unsettle-{decoy['id']}" / "model.json")
        outcomes = {x["outcome"] for x in found if x["at"] == decoy["at"]
                    and x["fda_category"] in decoy["fda_category"]}
        if not outcomes & {"open", "unknown"} or "mitigated" in outcomes - {"open", "unknown"}:
            yield f"{decoy['id']}: {', '.join(sorted(outcomes)) or 'nothing'}"
        for flaw in key["flaws"]:
            if not hits(flaw, found):
                yield f"without the controls of {decoy['id']} {flaw['id']} is not found"


def mutated(folder):
    for row in json.loads((folder / "expected.json").read_text(encoding="utf-8")):
        for form in row["visible_in"]:
            got = lints(folder / row["mutation"] / FORMS[form])
            if {rule for rule, _ in got} != {row["lint"]}:
                yield f"{row['mutation']} as {form}: {got or 'silent'}"


def without(model, folder):
    """The model without one control, and without one statement, at fixed steps."""
    for index, control in enumerate(model["controls"]):
        copy = dict(model, controls=model["controls"][:index] + model["controls"][index + 1:])
        yield f"control {control['id']}", True, write(folder, copy)
    for number, flow in enumerate(model["flows"]):
        name = ("authentication", "integrity", "encryption", "freshness")[number % 4]
        flows = [dict(x, **{name: ""}) if x is flow else x for x in model["flows"]]
        yield f"{name} of {flow['id']}", False, write(folder, dict(model, flows=flows))
    for element in model["elements"]:
        if element["facts"]:
            elements = [dict(x, facts={}) if x is element else x for x in model["elements"]]
            yield f"facts of {element['id']}", False, write(folder, dict(model, elements=elements))


def write(folder, model):
    path = folder / "variant.json"
    path.write_text(json.dumps(model), encoding="utf-8")
    return path


def lawful(base, model, folder):
    before = {x["key"]: x["outcome"] for x in base}
    for what, is_control, path in without(model, folder):
        for threat in threats(path):
            was, now = before.get(threat["key"], "not-applicable"), threat["outcome"]
            if is_control and WORTH.index(now) < WORTH.index(was):
                yield f"without {what} {threat['key']} is {now}, not {was}"
            if now in ("mitigated", "unproven") and was not in ("mitigated", "unproven"):
                yield f"without {what} {threat['key']} becomes {now}"


def doubled(path):
    """Questions that are asked twice at one place about one subject."""
    seen = set()
    for question in ask("check", path).get("questions", []):
        place = (question["at"], question["subject"])
        if place in seen:
            yield f"{place} is asked twice"
        seen.add(place)


def one_model(tap, tools, name, folder):
    source = SHARED / name
    key = json.loads((source / "key.json").read_text(encoding="utf-8"))
    model = json.loads((source / "model.json").read_text(encoding="utf-8"))
    base = threats(source / "model.json")
    for made, script in (("laws", "laws.py"), ("mutations", "mutate.py")):
        given = source if made == "laws" else source / "model.json"
        subprocess.run([sys.executable, str(SHARED / "tools" / script), str(given),
                        str(folder / made)], check=True, capture_output=True)
    tap.check(f"{name}: every flaw, its severity and reach, no false alarm",
              grade(tools, key, base))
    tap.check(f"{name}: the same from Open Threat Model", grade(tools, key, threats(source / FORMS["otm"])))
    for form in ("threat-dragon", "threagile"):
        score, lines = tools.grade(key, threats(source / FORMS[form]))
        tap.check(f"{name}: no false alarm from {form}",
                  "\n".join(lines) if score["false_alarms"] else "")
    tap.check(f"{name}: a repaired flaw disappears alone", "\n".join(repaired(key, base, folder / "laws")))
    tap.check(f"{name}: a decoy without its controls opens", "\n".join(unsettled(key, folder / "laws")))
    for law in ("rename", "stranger"):
        same = of_keys(threats(folder / "laws" / law / "model.json")) == of_keys(base)
        if law == "stranger":
            known = {x["key"] for x in base}
            found = threats(folder / "laws" / law / "model.json")
            same = of_keys([x for x in found if x["key"] in known]) == of_keys(base) and opens(found) == opens(base)
        tap.check(f"{name}: {law} changes nothing", "" if same else "other threats")
    for form, file in FORMS.items():
        tap.check(f"{name}: no deficiency as {form}", "\n".join(map(str, lints(source / file))))
    tap.check(f"{name}: each deficiency fires its lint alone", "\n".join(mutated(folder / "mutations")))
    tap.check(f"{name}: fewer controls or statements never make it better",
              "\n".join(lawful(base, model, folder)))
    tap.check(f"{name}: one question for a place and subject", "\n".join(doubled(source / "model.json")))


def main():
    if not (SHARED / "tools" / "grade.py").is_file():
        return skip("threat_models: no shared models, set TUTELA_SHARED")
    probe = subprocess.run([program(), "threat", "list", "--help"], capture_output=True, check=False)
    if probe.returncode != 0:
        return skip("threat_models: the program has no command threat")
    sys.path.insert(0, str(SHARED / "tools"))
    sys.dont_write_bytecode = True
    import grade as tools  # pylint: disable=import-outside-toplevel
    tap = Tap()
    for name in MODELS:
        with tempfile.TemporaryDirectory() as folder:
            one_model(tap, tools, name, pathlib.Path(folder))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
