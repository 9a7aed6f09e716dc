#!/usr/bin/env python3
"""Laws of `tutela threat` on random models: what is not stated never settles anything, nothing but a control in
place makes a threat smaller, and how a value is written, where it is listed or what stands apart changes nothing.

usage: threat_laws.py [PROGRAM]          TUTELA_LAWS_SEEDS=N: so many models (4)

All variants of a model are judged in one run: each is a copy with ids of its own, and none has a flow to another.
"""
import copy
import json
import os
import random

from kit import Kit

ROLES = ("care", "device", "user", "public", "hospital", "cloud", "manufacturer", "production")
KINDS = ("actor", "external", "process", "process", "process", "store", "hardware")
FUNCTIONS = ("therapy", "measurement", "alarm", "display", "dosing-configuration", "communication", "update", "log", "service",
             "interlock", "production", "safety")
MEDIA = ("internal", "local", "optical", "radio", "removable", "ip", "internet")
CARRIES = ("command", "configuration", "update", "information", "alarm", "log", "identity", "therapy")
ASSETS = ("dose", "name", "tone", "riddle")
PROPERTIES = {
    "authentication": ("none", "no password", "shared password", "mutual", "bond", "server-only", "certificate", "moonlight"),
    "integrity": ("none", "crc", "mac", "signature", "tls", "not signed", "moonlight"),
    "encryption": ("none", "in the clear", "aes-ccm", "tls", "wep", "moonlight"),
    "freshness": ("none", "static", "counter", "session", "no counter", "moonlight")}
FACTS = {
    "runs_on": ("@e0", "@e1", "phone", "own core", "one CPU for all", "moonlight"),
    "partition": ("none", "shared memory", "own processor", "moonlight"), "autonomous": ("yes", "needs the cloud", "moonlight"),
    "limits_writable_by": ("@e2", "nobody", "the network", "@e0 and @e1"), "limits_from": ("@e3", "ROM", "the order"),
    "os_support": ("2031-04", "2024-01", "ended"), "listener": ("yes", "no", "tcp/443"), "debug": ("open", "fused", "moonlight"),
    "port": ("reachable", "not sealed", "closed"), "key_scope": ("fleet", "not unique", "device"),
    "key_custody": ("online-single", "hsm-quorum", "moonlight"), "accounts": ("shared", "named", "one for each person"),
    "at_rest": ("plain", "aes-xts"), "phi": ("yes", "no"), "wipe": ("no", "crypto-erase"), "logged": ("no", "yes", "moonlight"),
    "secure_boot": ("no", "not optional", "unsigned code runs"), "rollback_check": ("older accepted", "yes", "no downgrade"),
    "power_loss": ("single slot", "A/B"), "remote_access": ("permanent", "not limited", "on-demand", "none"),
    "object_check": ("no", "yes", "trusts the sender"), "peer_check": ("any", "no unknown peer", "certificate"),
    "pairing": ("Just Works", "no Just Works", "passkey on the box"), "wake": ("unlimited", "no wake by radio"),
    "radio_id": ("static", "rotating"), "alarm_local": ("no", "yes", "phone only"), "loss_alarm": ("silent", "within 5 s"),
    "third_party": ("unlisted", "none"), "mfa": ("no", "yes"), "inbound": ("yes", "no"), "bridge": ("yes", "no forwarding"),
    "device_verifies": ("no", "signature"), "identity_binding": ("typed", "wristband"), "tag": ("plain", "signed")}
PROVIDES = ("authentication", "authorization", "integrity", "encryption", "freshness", "logging", "at-rest", "wipe", "rollback",
            "update-signature", "update-interruption", "key-custody", "port-closed", "partition", "plausibility", "alarm-local",
            "resilience", "remote-access", "radio-id", "key-scope")
DEVICE = """family: X
hazards: [{id: h, severity: critical}, {id: s, severity: serious}]
assets:
  - {id: dose, function: therapy, privacy: serious, hazards: [h]}
  - {id: name, function: communication, privacy: serious, hazards: [s]}
  - {id: tone, function: alarm, hazards: [s]}
  - {id: riddle, function: log}
"""
SETTLED = ("mitigated", "unproven")


def some(rng, values, most):
    return rng.sample(values, rng.randint(0, most))


def place(rng, facts):
    return {"facts": {name: rng.choice(FACTS[name]) for name in rng.sample(sorted(FACTS), facts)}, "assets": some(rng, ASSETS, 2)}


def random_model(rng):
    elements = [{"id": f"@e{i}", "name": f"Part {i}", "kind": rng.choice(KINDS), "zone": rng.choice(ROLES), "count": rng.randint(1, 40),
                 "patients": rng.randint(0, 3), "functions": some(rng, FUNCTIONS, 3), **place(rng, 4)} for i in range(5)]
    flows = []
    for i in range(7):
        source, target = rng.sample(range(5), 2)
        flows.append({"id": f"@f{i}", "from": f"@e{source}", "to": f"@e{target}", "medium": rng.choice(MEDIA),
                      "carries": rng.sample(CARRIES, rng.randint(1, 2)), "fan_out": rng.randint(1, 5), **place(rng, 3),
                      **{name: rng.choice(words) for name, words in PROPERTIES.items()}})
    model = {"elements": elements, "flows": flows, "controls": []}
    for i in range(3):
        model["controls"].append(control(rng, model, i))
    return model


def control(rng, model, number, state="in-place"):
    spots = rng.sample(model["elements"] + model["flows"], 2)
    return {"id": f"@c{number}", "category": 1, "title": "A control", "covers": [spot["id"] for spot in spots],
            "provides": rng.sample(PROVIDES, 2), "requirement": "R", "evidence": "E", "state": state}


# ---- variants: (law, what was edited, model) ----

def edited(model, change):
    other = copy.deepcopy(model)
    change(other)
    return other


def silences(rng, model):
    """Each of some statements left out, and said to be unknown."""
    for group in ("elements", "flows"):
        for index, spot in enumerate(model[group]):
            names = [name for name in spot if name not in ("id", "from", "to", "name", "facts")]
            for name in rng.sample(names, 2):
                yield "silent", (spot["id"], name), edited(model, lambda m: m[group][index].pop(name))
            for name in rng.sample(sorted(spot["facts"]), 2):
                yield "silent", (spot["id"], name), edited(model, lambda m: m[group][index]["facts"].pop(name))
                yield "same as before", (spot["id"], name), edited(
                    model, lambda m: m[group][index]["facts"].update({name: rng.choice(["unknown", "not stated", "?", ""])}))


def spelt(rng, text):
    """The same words, written otherwise."""
    ways = (str.upper, str.title, lambda t: t.replace(" ", "_"), lambda t: t + ".", lambda t: f" {t} ", lambda t: t.replace("-", " "))
    return text if text[:1] == "@" or text[:2] == "20" else rng.choice(ways)(text)


def respelt(rng, model):
    for spot in model["elements"] + model["flows"]:
        for name in spot["facts"]:
            spot["facts"][name] = spelt(rng, spot["facts"][name])
        for name in PROPERTIES:
            if name in spot:
                spot[name] = spelt(rng, spot[name])


def reordered(rng, model):
    for group in model.values():
        rng.shuffle(group)
    for spot in model["elements"] + model["flows"]:
        names = list(spot["facts"])
        rng.shuffle(names)
        spot["facts"] = {name: spot["facts"][name] for name in names}
        for name in ("assets", "functions", "carries"):
            rng.shuffle(spot.get(name, []))


def variants(rng, model):
    yield "base", None, model
    for _ in range(3):
        yield "same", "written otherwise", edited(model, lambda m: respelt(rng, m))
        yield "same", "in another order", edited(model, lambda m: reordered(rng, m))
        yield "same", "with a planned control", edited(model, lambda m: m["controls"].append(control(rng, m, 8, "planned")))
    yield from silences(rng, model)
    for index in range(len(model["controls"])):
        yield "less", "without a control", edited(model, lambda m: m["controls"].pop(index))
        yield "less", "without evidence", edited(model, lambda m: m["controls"][index].pop("evidence"))
        yield "vague", model["controls"][index], edited(model, lambda m: m["controls"][index].pop("provides"))
    for _ in range(6):
        added = control(rng, model, 9)
        yield "more", added, edited(model, lambda m: m["controls"].append(copy.deepcopy(added)))


# ---- what an attacker can say or change on any way is found on each ----

def ways():
    for medium in ("radio", "optical", "ip", "internet"):
        for carried in [*((one,) for one in CARRIES), ("identity", "log"), ("identity", "update"), ("log", "alarm"), ("update", "command")]:
            yield medium, list(carried)


def way(name, medium, carried, **properties):
    sound = {"authentication": "mutual", "integrity": "mac", "encryption": "tls", "freshness": "counter"}
    return {"id": name, "from": "a", "to": "b", "medium": medium, "carries": carried, "assets": ["dose"], "fan_out": 1, **sound, **properties}


def complete(kit):
    """Of a flow with an asset that harms: authentication none is S, integrity none is T, encryption none is I. An update
    is judged by its integrity alone."""
    flows = [way(f"{letter}{number}", *where, **{name: "none"}) for number, where in enumerate(ways())
             for letter, name in (("s", "authentication"), ("t", "integrity"), ("i", "encryption"))]
    made = {"schema": "tutela-model/1", "zones": [{"id": role, "role": role} for role in ROLES], "flows": flows,
            "elements": [{"id": name, "kind": "process", "zone": zone, "functions": ["communication"], "assets": ["dose"], "count": 1,
                          "patients": 1} for name, zone in (("a", "hospital"), ("b", "device"))]}
    folder = folder_of(kit, "complete", made)
    done = kit.run("threat", "list", folder, "--format", "json", "--at", "2026-11-30")
    found = {(entry["at"], entry["stride"]) for entry in json.loads(done.text or "[]") if entry["outcome"] == "open"}
    missed = [(letter, *where) for number, where in enumerate(ways()) for letter in "sti"
              if (f"{letter}{number}", letter.upper()) not in found and not (letter == "s" and where[1] == ["update"])]
    kit.check("what carries what harms is found on each way", not missed, missed, done.complaint)


# ---- one run ----

def folder_of(kit, name, made):
    folder = kit.folder / name
    folder.mkdir()
    (folder / "device.yaml").write_text(DEVICE, encoding="utf-8")
    (folder / "model.yaml").write_text(json.dumps(made), encoding="utf-8")
    return folder


def copies(all_variants):
    """One model of all variants."""
    made = {"schema": "tutela-model/1", "zones": [{"id": role, "role": role, "trust": 5} for role in ROLES],
            "elements": [], "flows": [], "controls": []}
    for number, (_, _, model) in enumerate(all_variants):
        text = json.dumps(model).replace('"@', f'"v{number}.').replace(" @", f" v{number}.")
        for group, items in json.loads(text).items():
            made[group] += items
    return made


def judged(kit, seed, all_variants):
    """Of each variant: (place, rule) to outcome, and the entries."""
    folder = folder_of(kit, f"m{seed}", copies(all_variants))
    done = kit.run("threat", "list", folder, "--format", "json", "--at", "2026-11-30")
    if done.returncode:
        raise SystemExit(f"Bail out! {done.complaint}")
    found = [({}, []) for _ in all_variants]
    for entry in json.loads(done.text):
        number, _, spot = entry["at"].partition(".")
        outcomes, entries = found[int(number[1:])]
        entries.append(dict(entry, at="@" + spot))
        also = [reason["value"] for reason in entry.get("reasons", []) if reason["subject"] == "also"]
        for rule in {entry["rule"], *entry.get("rules", []), *(name for text in also for name in text.split(", "))}:
            outcomes["@" + spot, rule] = entry["outcome"]
    return found


# ---- laws ----

def differences(before, after):
    return {key: (before.get(key), after.get(key)) for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def doubled(entries):
    """One open threat for a place, letter and category; one question for a place and subject."""
    seen = [(entry["at"], entry["stride"], entry["fda_category"]) for entry in entries if entry["outcome"] == "open"]
    seen += [(entry["at"], entry["subject"]) for entry in entries if entry["outcome"] == "unknown"]
    return {key for key in seen if seen.count(key) > 1}


def silence_settles(edit, before, after):
    """What a silence made settled, or took away although another statement makes it open."""
    changed = differences(before[0], after[0])
    wrong = {key: change for key, change in changed.items() if change[1] in SETTLED}
    for entry in before[1]:
        key = entry["at"], entry["rule"]
        reasons = {reason["subject"].rpartition(".")[2] for reason in entry.get("reasons", [])}
        asked = after[0].get((edit[0], entry["rule"])) == "unknown"  # where it was left out
        if changed.get(key) == ("open", None) and edit[1] not in reasons and not asked:
            wrong[key] = changed[key]
    return wrong


def vague_settles(edit, before, after):
    """A control that does not say what it provides asks where it is, and settles nothing."""
    return {key: change for key, change in differences(before[0], after[0]).items()
            if change[1] != "unknown" or key[0] not in edit["covers"]}


def control_worsens(edit, before, after):
    """What a control that is added changed elsewhere, or made anything but settled."""
    return {key: change for key, change in differences(before[0], after[0]).items()
            if key[0] not in edit["covers"] or change[1] not in SETTLED}


def loss_improves(before, after):
    order = ("mitigated", "unproven", "unknown", "open")
    return {key: (was, now) for key, (was, now) in differences(before[0], after[0]).items()
            if was is None or now is None or order.index(now) <= order.index(was)}


def broken(law, edit, base, previous, found):
    if law == "silent":
        return silence_settles(edit, base, found)
    if law == "more":
        return control_worsens(edit, base, found)
    if law == "vague":
        return vague_settles(edit, base, found)
    if law == "less":
        return loss_improves(base, found)
    return differences((previous if law == "same as before" else base)[0], found[0])


def main():
    kit = Kit()
    for seed in range(int(os.environ.get("TUTELA_LAWS_SEEDS", "4"))):
        rng = random.Random(seed)
        all_variants = list(variants(rng, random_model(rng)))
        found = judged(kit, seed, all_variants)
        seen = {}
        for number, (law, edit, _) in enumerate(all_variants):
            wrong = broken(law, edit, found[0], found[number - 1], found[number])
            if wrong:
                seen.setdefault(law, []).append((edit, wrong))
            if doubled(found[number][1]):
                seen.setdefault("once", []).append((edit, doubled(found[number][1])))
        kit.check(f"model {seed} has something to judge", len(found[0][0]) > 20, found[0][0])
        for law in ("same", "silent", "same as before", "less", "more", "vague", "once"):
            kit.check(f"model {seed}: {law}", law not in seen, seen.get(law, [])[:6])
    complete(kit)
    return kit.done()


if __name__ == "__main__":
    raise SystemExit(main())
