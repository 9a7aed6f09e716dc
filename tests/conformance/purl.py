#!/usr/bin/env python3
"""Package URLs against the cases of the purl specification.

usage: purl.py [PROGRAM]

PROGRAM is asked through `PROGRAM purl -`, all cases of a suite at once. Output and data: kit.py.
"""
import json
import sys
import urllib.parse

from kit import ERROR, Case, Suite, data, run, skip


def encoded(text):
    return urllib.parse.quote(text or "", safe="")


def text_of(parts):
    """The purl that a tool would write from decoded parts, with every doubtful byte encoded."""
    path = [segment for segment in (parts["namespace"] or "").split("/") if segment]
    text = "pkg:" + "/".join([parts["type"] or ""] + [encoded(s) for s in path + [parts["name"]]])
    if parts["version"]:
        text += "@" + encoded(parts["version"])
    pairs = (parts["qualifiers"] or {}).items()
    if pairs:
        text += "?" + "&".join(encoded(key) + "=" + encoded(value) for key, value in pairs)
    if parts["subpath"]:
        text += "#" + "/".join(encoded(segment) for segment in parts["subpath"].split("/"))
    return text


def decoded(text):
    return urllib.parse.unquote(text) or None


def parts_of(canonical):
    """Cut a canonical purl into decoded parts, as simply as its canonical form allows."""
    rest, _, subpath = canonical.removeprefix("pkg:").partition("#")
    rest, _, query = rest.partition("?")
    rest, _, version = rest.partition("@")
    type_, _, path = rest.partition("/")
    if type_ == "git":
        namespace, _, name = path.partition("/")
    else:
        namespace, _, name = path.rpartition("/")
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    return {
        "type": type_,
        "namespace": decoded(namespace),
        "name": decoded(name),
        "version": decoded(version),
        "qualifiers": {key: decoded(value) for key, _, value in pairs} or None,
        "subpath": decoded(subpath),
    }


def case_of(name, index, test):
    kind = test["test_type"]
    given = text_of(test["input"]) if isinstance(test["input"], dict) else test["input"]
    if test["expected_failure"]:
        want = ERROR
    elif kind == "parse":
        want = json.dumps(test["expected_output"], sort_keys=True)
    else:
        want = test["expected_output"]

    def seen(answer):
        if answer.startswith("error: "):
            return ERROR
        return json.dumps(parts_of(answer), sort_keys=True) if kind == "parse" else answer

    return Case(f"{name}:{index}:{kind}", given, want, seen)


def suite_of(path):
    with open(path, encoding="utf-8") as file:
        tests = json.load(file)["tests"]
    name = path.stem.removesuffix("-test")
    return Suite(f"purl/{name}", ["purl", "-"],
                         [case_of(name, i, test) for i, test in enumerate(tests, 1)])


def main():
    folder = data("purl/purl-spec")
    if not folder:
        return skip("purl: no shared data, set TUTELA_SHARED")
    return run([suite_of(path) for path in sorted(folder.glob("*/*.json"))])


if __name__ == "__main__":
    sys.exit(main())
