#!/usr/bin/env python3
"""SSVC: every row of CERT/CC's decision tables.

usage: ssvc.py [PROGRAM]

PROGRAM is asked through `PROGRAM ssvc -`. Each table of CERT/CC's data (CSV or JSON, found through
TUTELA_SHARED) is asked row by row, by names and by keys; and each table must cover the program's
own, no row more. Prints TAP.
"""
import csv
import json
import re
import subprocess
import sys

from kit import ERROR, ROOT, Case, Suite, data, program, run

TABLES = {  # CERT/CC's file: our id
    "cisa_coordinator": "cisa-coordinator",
    "cisa_bod_26_04": "cisa-bod-26-04",
    "supplier_patch_development_priority": "supplier",
    "deployer_patch_application_priority": "deployer",
    "coordinator_triage": "coordinator-triage",
    "coordinator_publish_decision_table": "coordinator-publish",
    "human_impact": "human-impact",
    "public_safety_impact": "public-safety-impact",
    "utility": "utility",
}


def id_of(path):
    return TABLES.get(re.sub(r"(_\d+){3}$", "", path.stem))


def suite(path, table, questions):
    cases = [Case(f"{path.stem}:{number}",
                  "\t".join([table, *(f"{point}={value}" for point, value in pairs)]), want)
             for number, (pairs, want) in enumerate(questions)]
    return Suite(f"ssvc/{path.suffix[1:]}/{table}", ["ssvc", "-"], cases)


def from_csv(path, table):
    with open(path, encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    points = [re.sub(r" v[\d.]+( \(\w+\))?$", "", title) for title in head[1:]]
    return suite(path, table, [(list(zip(points[:-1], row[1:-1])), row[-1]) for row in rows])


def from_own(path):
    """A table of tests/tables/ssvc: a line of points, and one a row."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()
             if not line.startswith("#")]
    return suite(path, path.stem,
                 [(list(zip(lines[0][:-1], row[:-1])), row[-1]) for row in lines[1:]])


def from_json(path, table):
    """By keys: the JSON's mapping has nothing else."""
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    outcome = document["outcome"]
    names = {value["key"]: value["name"].lower()
             for value in document["decision_points"][outcome]["values"]}
    return suite(path, table, [
        ([(document["decision_points"][point]["key"], value)
          for point, value in row.items() if point != outcome], names[row[outcome]])
        for row in document["mapping"]])


def whole(path, table):
    """What the program prints as the table, as one case: sorted rows under CERT/CC's columns."""
    with open(path, encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    columns = [re.sub(r" v[\d.]+( \(\w+\))?$", "", title).lower() for title in head[1:]]
    printed = subprocess.run([program(), "ssvc", table], capture_output=True, text=True,
                             timeout=60, check=True).stdout.splitlines()
    return printed[0].split("\t") == columns and \
        sorted(line.split("\t") for line in printed[1:]) == sorted(row[1:] for row in rows)


def refusals():
    lines = ["", "nothing\tE=N", "cisa-coordinator", "cisa-coordinator\tE=X", "cisa-coordinator\tE",
             "cisa-coordinator\tE=N\tE=A\tA=N\tTI=P\tMWI=L", "cisa-coordinator\tE=N\tA=N\tTI=P",
             "utility\tAutomatable=yes\tValue Density=diffuse\tExploitation=none"]
    return Suite("ssvc/refusals", ["ssvc", "-"],
                 [Case(f"refusals:{i}", line, ERROR) for i, line in enumerate(lines)])


def main():
    folder = data("ssvc/certcc")
    own = sorted((ROOT / "tests" / "tables" / "ssvc").glob("*.tsv"))
    suites = [refusals()] + [from_own(path) for path in own]
    if not folder:
        print("# ssvc: no shared data, set TUTELA_SHARED; only our own tables are asked")
        return run(suites)
    for path in sorted(folder.glob("csv/*/*.csv")):
        if id_of(path):
            suites.append(from_csv(path, id_of(path)))
            if not whole(path, id_of(path)):
                suites.append(Suite(f"ssvc/csv/{id_of(path)}-whole", ["ssvc", "-"],
                                    [Case("whole", "", "the rows that CERT/CC prints")]))
    for path in sorted(folder.glob("json/decision_tables/*/*.json")):
        if id_of(path):
            suites.append(from_json(path, id_of(path)))
    return run(suites)


if __name__ == "__main__":
    sys.exit(main())
