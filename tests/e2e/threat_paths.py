#!/usr/bin/env python3
"""`tutela threat paths`: the way in, what holds it, the smallest cut, and what is not known.

usage: threat_paths.py [PROGRAM]
"""
import copy
import json
import sys

from kit import Kit
from threat_convert import MODEL, Work


def change(entries=None, controls=True, **edits):
    """The model with members of its flow "sets" replaced; None takes one away."""
    model = copy.deepcopy(MODEL)
    for member, value in edits.items():
        model["flows"][0][member] = value
        if value is None:
            del model["flows"][0][member]
    if not controls:
        model["controls"] = []
    if entries is not None:
        model["entries"] = entries
    return model


class Paths:
    def __init__(self, kit):
        self.kit, self.work = kit, Work(kit)

    def run(self, model, *arguments):
        path = self.work.file("model.json", json.dumps(model))
        return self.kit.run("threat", "paths", path, "--at", "2026-07-10", *arguments)

    def lamp(self, model, *arguments):
        said = json.loads(self.run(model, "--format", "json", *arguments).text)
        return said, next(target for target in said["targets"] if target["target"] == "lamp")


def opened(kit, paths):
    model = change(controls=False, authentication="none", fan_out=40)
    said, lamp = paths.lamp(model, "--to", "lamp")
    kit.check("open: the way, from where, how many", lamp["state"] == "open" and lamp["entry"] == "key"
              and [hop["flow"] for hop in lamp["path"]] == ["sets"] and lamp["patients"] == 40, lamp)
    kit.check("open: by which threat, over a boundary", lamp["path"][0]["crosses"] is True
              and any(key.endswith("@lamp@sets") for key in lamp["path"][0]["threats"]), lamp)
    kit.check("open: what has to be closed", lamp["cut"] == ["sets"], lamp)
    kit.check("open: entry points are assumed, and said to be", said["entries_assumed"] is True)
    done = paths.run(model, "--to", "lamp")
    kit.check("open: in words", "assumed, for the model states none" in done.text
              and "lamp  open  40 patients  from key" in done.text
              and "the fewest flows to close: sets" in done.text, done.text)


def held(kit, paths):
    _, lamp = paths.lamp(change(authentication="none"))
    kit.check("held: a control with evidence, by its loss",
              lamp["state"] in ("no open path", "undecided") and lamp["opened_by_loss_of"] == ["c"]
              and lamp["path"][0]["controls"] == ["c"], lamp)
    model = change(authentication="none")
    del model["controls"][0]["evidence"]
    _, lamp = paths.lamp(model)
    kit.check("held: without evidence it is open", lamp["state"] == "open", lamp)


def unknown(kit, paths):
    _, lamp = paths.lamp(change(controls=False, authentication=None))
    kit.check("silence: undecided, never no open path", lamp["state"] == "undecided", lamp)


def refused(kit, paths):
    done = paths.run(MODEL, "--to", "moon")
    kit.check("refused: an element that is not there", done.returncode == 3
              and 'the model has no element "moon"' in done.complaint, done.complaint)
    done = kit.run("threat", "paths")
    kit.check("refused: no model", done.returncode == 2 and "a device folder or a file" in done.complaint)


def main():
    kit = Kit()
    paths = Paths(kit)
    opened(kit, paths)
    held(kit, paths)
    unknown(kit, paths)
    refused(kit, paths)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
