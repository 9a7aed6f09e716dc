#!/usr/bin/env python3
"""CPE names against the cases of NISTIR 7695 and 7696, of other programs, and names of the NVD.

usage: cpe.py [PROGRAM]

PROGRAM is asked through `PROGRAM cpe -` and `PROGRAM cpe match -`. The shared test data is found
through TUTELA_SHARED. Prints TAP: one line a suite, and one for each undisputed failure.
"""
import re
import sys
import urllib.parse

from kit import ERROR, Case, Suite, answers, data, run, skip

ATTRIBUTES = ["part", "vendor", "product", "version", "update", "edition", "language",
              "sw_edition", "target_sw", "target_hw", "other"]
PACKED = ["edition", "sw_edition", "target_sw", "target_hw", "other"]


def rows(folder, name):
    with open(folder / name, encoding="utf-8") as file:
        lines = file.read().split("\n")[1:]
    return [line.split("\t") for line in lines if line]


def validity(answer):
    return "invalid" if answer.startswith("error: ") else "valid"


def bound(values):
    """A formatted string from the values of some attributes, escaped as it has them."""
    return "cpe:2.3:" + ":".join(values.get(name, "*") for name in ATTRIBUTES)


def bound_wfn(wfn):
    """The formatted string of a well-formed name, by the standard's text, not by our program."""
    values = {}
    for name, logical, value in re.findall(r'(\w+)=(?:(ANY|NA)|"((?:[^"\\]|\\.)*)")', wfn):
        if logical:
            values[name.lower()] = "*" if logical == "ANY" else "-"
        else:
            values[name.lower()] = re.sub(r"\\([._-])", r"\1", value).lower()
    return bound(values)


def unbound_component(text):
    if text in ("", "-"):
        return text or "*"
    text = text.replace("%01", "\x01").replace("%02", "\x02")
    text = re.sub(r"[^\w.\x01\x02-]", r"\\\g<0>", urllib.parse.unquote(text).lower())
    return text.replace("\x01", "?").replace("\x02", "*")


def bound_uri(uri):
    """The formatted string of a 2.2 URI, likewise."""
    values = dict(zip(ATTRIBUTES, uri.removeprefix("cpe:/").split(":")))
    if values.get("edition", "").startswith("~"):
        values.update(zip(PACKED, values["edition"][1:].split("~")))
    return bound({name: unbound_component(value) for name, value in values.items()})


def with_version(value):
    """A name whose version is this WFN value; all else is the same in all of them."""
    quoted = {"ANY": "ANY", "*": "ANY", "NA": "NA"}.get(value, f'"{value}"')
    return f'wfn:[part="a",vendor="v",product="p",version={quoted}]'


def relation_case(name, source, target, relation):
    return Case(name, f"{source}\t{target}", relation.lower())


def claircore_values(folder):
    cases = [Case(value, with_version(value).replace("=ANY", '="*"'), want, validity)
             for value, want in rows(folder, "claircore-values.tsv")]
    return Suite("cpe/claircore-values", ["cpe", "-"], cases)


def claircore_match(folder):
    """Each attribute by itself: its two values stand as the version of two names."""
    cases = []
    for number, (source, target, relations) in enumerate(rows(folder, "claircore-match.tsv"), 1):
        both = Suite("", ["cpe", "-"], [Case("", source, ""), Case("", target, "")])
        values = [re.split(r"(?<!\\):", name)[2:] for name in answers(both)]
        for attribute, a, b, want in zip(ATTRIBUTES, *values, relations.split(",")):
            cases.append(relation_case(f"{number}:{attribute}", *(
                bound({"part": "a", "vendor": "v", "product": "p", "version": value})
                for value in (a, b)), want))
    return Suite("cpe/claircore-match", ["cpe", "match", "-"], cases)


def nilp0inter_attributes(folder):
    cases = [relation_case(f"{number}:{a}|{b}", with_version(a), with_version(b), want)
             for number, (a, b, want) in enumerate(rows(folder, "nilp0inter-attributes.tsv"), 1)]
    return Suite("cpe/nilp0inter-attributes", ["cpe", "match", "-"], cases)


def nilp0inter_validity(folder):
    cases = [Case(f"{form}:{name}", name, want, validity)
             for form, name, want in rows(folder, "nilp0inter-validity.tsv")]
    return Suite("cpe/nilp0inter-validity", ["cpe", "-"], cases)


def nistir_bindings(folder):
    """Both sides of a binding are the same name, so both have the same canonical form."""
    cases = []
    for wfn, name in rows(folder, "nistir7695-bindings.tsv"):
        if wfn == "ERROR":
            cases.append(Case(name, name, ERROR))
            continue
        want = name if name.startswith("cpe:2.3:") else bound_uri(name)
        cases.append(Case(f"from {name}", name, bound_wfn(wfn)))
        cases.append(Case(f"to {name}", wfn, want))
    return Suite("cpe/nistir7695-bindings", ["cpe", "-"], cases)


def nvdtools(folder):
    relations, names = [], []
    for test, a, b, *want in rows(folder, "nvdtools.tsv"):
        if test == "attribute-relation":
            relations.append(relation_case(f"{a}|{b}", with_version(a), with_version(b), want[0]))
        elif test == "name-relation":
            relations.append(relation_case(f"{a}|{b}", a, b, want[0]))
        else:
            names.append(Case(a, a, ERROR if b == "ERROR" else bound_wfn(b)))
    return [Suite("cpe/nvdtools-relations", ["cpe", "match", "-"], relations),
            Suite("cpe/nvdtools-names", ["cpe", "-"], names)]


def real_uris(folder):
    cases = [Case(uri, uri, bound_uri(uri)) for uri, in rows(folder, "uris-real.tsv")]
    return Suite("cpe/uris-real", ["cpe", "-"], cases)


def main():
    folder = data("cpe")
    if not folder:
        return skip("cpe: no shared data, set TUTELA_SHARED")
    return run([claircore_values(folder), claircore_match(folder), nilp0inter_attributes(folder),
                nilp0inter_validity(folder), nistir_bindings(folder), *nvdtools(folder),
                real_uris(folder)])


if __name__ == "__main__":
    sys.exit(main())
