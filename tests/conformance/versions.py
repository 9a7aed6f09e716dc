#!/usr/bin/env python3
"""Versions and native ranges against the cases of the tools that own them.

usage: versions.py [PROGRAM]

Output and data: kit.py. node-semver's cases of range intersection, of increments and with
includePrerelease ask for what there is no command for, and are left out.
REQ-VULN-6
"""
import json
import subprocess
import sys

from kit import Case, Suite, data, run, skip


def holds(operator):
    """Turn an answer (<, =, >, ?) into whether the operator holds. Of two versions without order
    none does, so that its negation is no answer either."""
    def seen(answer):
        if answer not in ("<", "=", ">", "?"):
            return answer
        if operator == "!=" or operator.startswith("not "):
            return answer if answer == "?" else answer not in operator.replace("!=", "=")[-2:]
        return answer in operator
    return seen


def order(a, operator, b):
    if operator in ("<", "=", ">"):
        return Case(f"{a} {operator} {b}", f"{a}\t{b}", operator)
    return Case(f"{a} {operator} {b}", f"{a}\t{b}", True, holds(operator))


def unique(cases):
    """Suites repeat themselves."""
    return list({case.name: case for case in cases}.values())


def rows(path):
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines]


def compare(name, scheme, cases):
    return Suite(f"versions/{name}", ["version", "compare", scheme, "-"], unique(cases))


def native(name, scheme, cases):
    return Suite(f"versions/{name}", ["version", "in", "--native", scheme, "-"], unique(cases))


def orders_of(path):
    return [order(*row[:3]) for row in rows(path)]


def composer(path):
    table = rows(path)
    # What Composer cannot read has no place beside any version.
    normal = [order(row[1], "=", row[3]) if row[3] != "ERROR" else
              Case(f"{row[1]} is no version", f"{row[1]}\t1.0.0", "?")
              for row in table if row[0] == "normalize"]
    # The rest of composer's comparisons are given as calls.
    operators = {"equalTo": "=", "greaterThan": ">", "lessThan": "<"}
    calls = [(row[1], operators[row[0]], row[2], row[3] == "true") for row in table
             if row[0] in operators]
    normal += [Case(f"{a} {op} {b} {want}", f"{a}\t{b}", want, holds(op))
               for a, op, b, want in calls]
    inside = [Case(f"{row[1]} in {row[2]}", f"{row[2]}\t{row[1]}",
                   "yes" if row[3] == "true" else "no") for row in table if row[0] == "satisfies"]
    return [compare("composer", "composer", normal), native("composer-ranges", "composer", inside)]


def specifiers(path):
    return [Case(f"{v} in {spec}", f"{spec}\t{v}", "yes" if want == "True" else "no")
            for v, spec, want in (row[:3] for row in rows(path))]


def jsonl(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def plain(case, position):
    """A case of texts only, without the option that changes what is admitted."""
    options = case[position] if len(case) > position else None
    prereleases = isinstance(options, dict) and options.get("includePrerelease")
    return all(isinstance(text, str) for text in case[:2]) and not prereleases


def inside(path, want):
    return [Case(f"{v} in {r}", f"{r}\t{v}", want) for r, v, *_ in
            (case for case in jsonl(path) if plain(case, 2))]


def node(folder):
    def file(name):
        return folder / f"{name}.jsonl"
    greater = [order(c[0], ">", c[1]) for c in jsonl(file("comparisons"))]
    greater += [order(c[0], "=", c[1]) for c in jsonl(file("equality"))]
    greater += [order(c[0], "=", f"v{c[0].strip()}") for c in jsonl(file("valid-versions"))]
    # "1.0.0" stands for any version that has a place in the order.
    invalid = [Case(c[0], f"{c[0]}\t1.0.0", "?") for c in jsonl(file("invalid-versions"))
               if isinstance(c[0], str)]
    ranges = inside(file("range-include"), "yes") + inside(file("range-exclude"), "no")
    ranges += [Case(f"{v} gt {r}", f"{r}\t{v}", "no") for r, v, *_ in
               (c for c in jsonl(file("version-gt-range")) if plain(c, 2))]
    ranges += [Case(f"{v} lt {r}", f"{r}\t{v}", "no") for r, v, *_ in
               (c for c in jsonl(file("version-lt-range")) if plain(c, 2))]
    return [compare("node-semver", "npm", greater), compare("node-semver-invalid", "npm", invalid),
            native("node-semver-ranges", "npm", ranges)]


SCALIBR = {"alpine": "apk", "cran": "cran", "debian": "deb", "hackage": "hackage",
           "maven": "maven", "nuget": "nuget", "packagist": "composer", "pub": "pub",
           "pypi": "pypi", "redhat": "rpm", "rubygems": "gem", "semver": "semver"}


def scalibr(path):
    if path.suffix == ".zst":
        text = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout
    else:
        text = path.read_bytes()
    cases = []
    for line in text.decode("utf-8").splitlines():
        fields = line.split(" ")
        if len(fields) == 3 and fields[1] in ("<", "=", ">") and not line.startswith(("#", "/")):
            cases.append(order(*fields))
    return compare(f"osv-scalibr/{path.name.split('.')[0]}", SCALIBR[path.name.split("-")[0]], cases)


def main():
    folder = data("versions")
    if folder is None:
        return skip("no shared data (TUTELA_SHARED)")
    suites = [compare("apk-tools", "apk", orders_of(folder / "apk-tools.tsv")),
              *composer(folder / "composer.tsv"),
              compare("dpkg", "deb", orders_of(folder / "dpkg.tsv")),
              compare("maven", "maven", orders_of(folder / "maven.tsv")),
              compare("pep440", "pypi", orders_of(folder / "pep440-order.tsv")),
              native("pep440-specifiers", "pypi", specifiers(folder / "pep440-specifiers.tsv")),
              compare("rpmvercmp", "rpm", orders_of(folder / "rpmvercmp.tsv")),
              *node(folder / "node-semver")]
    suites += [scalibr(path) for path in sorted((folder / "osv-scalibr").iterdir())
               if path.name.split("-")[0] in SCALIBR]
    return run(suites)


if __name__ == "__main__":
    sys.exit(main())
