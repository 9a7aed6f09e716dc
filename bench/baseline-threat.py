#!/usr/bin/env python3
"""The straightforward way to derive threats, as a yardstick: each rule is asked at each place.

usage: baseline-threat.py MODEL RULES

Reads a model in the neutral form and a pack of rules (with PyYAML; its time is not counted), asks `where` and `weak` of
each rule at each element and flow with three values over dictionaries, and sorts what is not "no" by its key. Prints
"name<TAB>value" lines: seconds of processor time of reading the model and of finding, how much was found. It knows words
and stars alone: no clauses, no negations, no controls, no severity, no reach.
"""
import fnmatch
import json
import sys
import time

import yaml

NO, UNKNOWN, YES = range(3)


class Model:
    def __init__(self, document):
        self.elements = {element["id"]: element for element in document["elements"]}
        self.flows = document["flows"]
        self.into, self.out = {}, {}
        for flow in self.flows:
            self.into.setdefault(flow["to"], []).append(flow)
            self.out.setdefault(flow["from"], []).append(flow)


def words(values, lists):
    for value in values if isinstance(values, list) else [values]:
        text = str(value)
        if text.startswith("$") and text[1:] in lists:
            yield from words(lists[text[1:]], lists)
        else:
            yield text.lower().replace("_", "-")


def ask_member(name, values, place, lists):
    quiet, name = name.endswith("?"), name.rstrip("?")
    said = place.get(name, place.get("facts", {}).get(name))
    if said in (None, "", []):
        return NO if quiet else UNKNOWN
    texts = [str(text).lower().replace("_", "-") for text in (said if isinstance(said, list) else [said])]
    return YES if any(fnmatch.fnmatchcase(text, word) for word in words(values, lists) for text in texts) else NO


def around(name, place, model):
    if name in ("source", "target"):
        return [model.elements[place["from" if name == "source" else "to"]]] if "from" in place else []
    return (model.into if name == "inbound" else model.out).get(place["id"], [])


def ask_one(name, value, place, model, lists):
    head, _, rest = name.partition(".")
    if name in ("any", "none"):
        answer = max(ask(child, place, model, lists) for child in value)
        return YES - answer if name == "none" else answer
    if name == "all":
        return min(ask(child, place, model, lists) for child in value)
    if head in ("source", "target", "inbound", "outbound"):
        asked = {rest: value} if rest else value
        return max((ask(asked, other, model, lists) for other in around(head, place, model)), default=NO)
    if isinstance(value, dict):  # the elements that a fact names
        other = model.elements.get(place.get("facts", {}).get(name.rstrip("?")))
        return ask(value, other, model, lists) if other else NO
    return ask_member(name, value, place, lists)


def ask(condition, place, model, lists):
    return min(ask_one(name, value, place, model, lists) for name, value in condition.items())


def find(model, pack):
    lists, found = pack["lists"], []
    for rule in pack["rules"]:
        on = rule["on"] if isinstance(rule["on"], list) else [rule["on"]]
        places = (list(model.elements.values()) if "element" in on else []) + (model.flows if "flow" in on else [])
        for place in places:
            if "where" in rule and ask(rule["where"], place, model, lists) == NO:
                continue
            if "weak" in rule and ask(rule["weak"], place, model, lists) == NO:
                continue
            found.append(f"{rule['id']}@{place.get('to', place['id'])}@{place['id'] if 'to' in place else ''}")
    return sorted(found)


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        # "on" and "no" are words here, not truths
        pack = yaml.load(file, yaml.BaseLoader)
    start = time.process_time()
    with open(sys.argv[1], encoding="utf-8") as file:
        model = Model(json.load(file))
    read = time.process_time()
    found = find(model, pack)
    print("read_s\t%.6f\nfind_s\t%.6f\nfound\t%d" % (read - start, time.process_time() - read, len(found)))


if __name__ == "__main__":
    main()
