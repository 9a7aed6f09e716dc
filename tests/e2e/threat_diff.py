#!/usr/bin/env python3
"""`tutela threat diff`: what changed, what follows from it, and when it is called harmless.

usage: threat_diff.py [PROGRAM]
"""
import copy
import json
import sys

from kit import Kit
from threat_convert import MODEL, Work


def change(**edits):
    """The model with members of its flow "sets" replaced; None takes one away."""
    model = copy.deepcopy(MODEL)
    for member, value in edits.items():
        model["flows"][0][member] = value
        if value is None:
            del model["flows"][0][member]
    return model


class Pair:
    def __init__(self, kit):
        self.kit, self.work = kit, Work(kit)
        self.before = self.work.file("before.json", json.dumps(MODEL))

    def run(self, model, *arguments):
        after = self.work.file("after.json", json.dumps(model))
        return self.kit.run("threat", "diff", self.before, after, "--at", "2026-07-10", *arguments)

    def json(self, model):
        return json.loads(self.run(model, "--format", "json").text)


def members(kit, pair):
    said = pair.json(change(authentication="none", fan_out=40))
    changed = {(entry["list"], entry["id"], entry["member"]): (entry.get("before"), entry.get("after"))
               for entry in said["changes"]}
    kit.check("a member: before and after", changed == {("flows", "sets", "authentication"): ("mutual", "none"),
                                                        ("flows", "sets", "fan_out"): ("1", "40")}, changed)
    new = [entry for entry in said["threats"] if entry["change"] == "added" and entry["key"] == "T01@lamp@sets"]
    kit.check("a member: the threat that follows", len(new) == 1 or any(
        entry["key"].startswith("T01@") and entry["after"]["outcome"] in ("open", "mitigated") for entry in said["threats"]),
              said["threats"])
    kit.check("a member: not harmless", said["words_only"] is False)
    said = pair.json(change(authentication=None))
    kit.check("what is no longer stated: said so, and a question more or less is a change",
              said["changes"][0].get("after") is None and said["words_only"] is False, said)


def things(kit, pair):
    model = copy.deepcopy(MODEL)
    model["flows"] = model["flows"][1:]
    for control in model["controls"]:
        control["covers"] = ["lamp"]
    model["views"] = model["views"][:1]
    said = pair.json(model)
    kit.check("things: a flow and a view that are gone, a control that covers less",
              {(entry["change"], entry["list"], entry["id"]) for entry in said["changes"]}
              == {("removed", "flows", "sets"), ("removed", "views", "part"), ("changed", "controls", "c")}, said["changes"])
    model = copy.deepcopy(MODEL)
    model["controls"][0]["covers"] = list(reversed(model["controls"][0]["covers"]))
    kit.check("things: another order of a list is no change", pair.json(model)["changes"] == [])


def words(kit, pair):
    model = copy.deepcopy(MODEL)
    for part in ("elements", "zones"):
        for thing in model[part]:
            thing["name"] = "Renamed " + thing["name"]
    said = pair.json(model)
    kit.check("names alone: words, and nothing else", said["words_only"] is True and said["threats"] == []
              and all(entry["words"] for entry in said["changes"]) and len(said["changes"]) == 5, said)
    kit.check("names alone: --strict is content", pair.run(model, "--strict").returncode == 0)
    done = pair.run(change(freshness="none"), "--strict")
    kit.check("more than names: --strict ends with 1", done.returncode == 1
              and "The change may affect security." in done.text and '~ flows sets freshness: "counter" -> "none"' in done.text,
              done.text)
    kit.check("the same model: no change", pair.json(MODEL)["changes"] == [] and pair.json(MODEL)["words_only"] is True)


def refused(kit, pair):
    done = kit.run("threat", "diff", pair.before)
    kit.check("refused: one side", done.returncode == 2 and "two device folders or files" in done.complaint)
    done = kit.run("threat", "diff", pair.before, kit.folder / "none.json")
    kit.check("refused: a file that is not there", done.returncode == 3 and "none.json" in done.complaint, done.complaint)


def main():
    kit = Kit()
    pair = Pair(kit)
    members(kit, pair)
    things(kit, pair)
    words(kit, pair)
    refused(kit, pair)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
