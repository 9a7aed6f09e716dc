#!/usr/bin/env python3
"""Statements that others have published, read as they are meant.

usage: vex.py [PROGRAM]

OpenVEX documents of several projects, and CycloneDX and CSAF documents with statements: `PROGRAM
vex show --format json` must find as many statements as an independent count of the document's
members does, each with its status, and refuse what is none of the three. Prints TAP: one line a set,
one for each failure.
"""
import concurrent.futures
import pathlib
import subprocess
import sys

# json.py stands beside this file and is not the module: look elsewhere first.
HERE = str(pathlib.Path(__file__).resolve().parent)
sys.path = [path for path in sys.path if path != HERE]
import json  # noqa: E402

sys.path.append(HERE)
from kit import Tap, data, program, skip  # noqa: E402

CSAF_STATES = {"first_affected": "affected", "known_affected": "affected",
               "last_affected": "affected", "known_not_affected": "not_affected",
               "first_fixed": "fixed", "fixed": "fixed",
               "under_investigation": "under_investigation"}
CYCLONEDX_STATES = {"resolved": "fixed", "resolved_with_pedigree": "fixed",
                    "exploitable": "affected", "in_triage": "under_investigation",
                    "false_positive": "not_affected", "not_affected": "not_affected"}


def openvex(document):
    for statement in document["statements"]:
        yield statement["status"], len(statement.get("products", []))


def cyclonedx(document):
    for vulnerability in document.get("vulnerabilities", []):
        state = vulnerability.get("analysis", {}).get("state")
        yield CYCLONEDX_STATES.get(state, "unstated"), len(vulnerability.get("affects", []))


def csaf(document):
    for vulnerability in document.get("vulnerabilities", []):
        for member, ids in vulnerability.get("product_status", {}).items():
            if member in CSAF_STATES:
                for _ in ids:
                    yield CSAF_STATES[member], 1


def kind_of(document):
    if not isinstance(document, dict):
        return None
    if "openvex" in str(document.get("@context", "")) and "statements" in document:
        return openvex
    if document.get("bomFormat") == "CycloneDX":
        return cyclonedx
    if "csaf_version" in document.get("document", {}) if isinstance(
            document.get("document"), dict) else False:
        return csaf
    return None


def shown(path):
    done = subprocess.run([program(), "vex", "show", "--format", "json", str(path)],
                          capture_output=True, timeout=120, check=False)
    if done.returncode == 0:
        return json.loads(done.stdout), ""
    return None, f"exit {done.returncode}: {done.stderr.decode(errors='replace').strip()[:300]}"


def unique(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("a key twice")
    return dict(pairs)


def judge(path):
    """What is wrong with our reading of a file, or None; and whether it has statements."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=unique)
    except (ValueError, RecursionError):
        document = None
    kind = kind_of(document)
    answer, complaint = shown(path)
    if not kind:
        return ("read, but it is none of the formats" if answer else None), 0
    if not answer:
        return complaint, 0
    want = sorted(kind(document))
    got = sorted((s["status"], len(s["products"])) for s in answer["statements"])
    return (f"{len(want)} statements expected, {len(got)} read" if want != got else None), len(got)


def run(tap, name, paths):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(judge, paths))
    bad = [(path, why) for path, (why, _) in zip(paths, results) if why]
    count = sum(statements for _, statements in results)
    tap.line(not bad and paths, f"vex/{name}: {len(paths) - len(bad)} of {len(paths)} files, "
             f"{count} statements, {len(bad)} fail")
    for path, why in bad:
        tap.line(False, f"vex/{name} {path.name}: {why}")


def main():
    root = data("openvex")
    if not root:
        return skip("vex: no shared data, set TUTELA_SHARED")
    shared, tap = root.parent, Tap()
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        run(tap, f"openvex/{folder.name}", sorted(folder.rglob("*.json")))
    vex = [path for path in sorted((shared / "cyclonedx/spec-tests").rglob("valid-vuln*.json"))]
    run(tap, "cyclonedx/spec-tests", vex)
    for suite in ("oasis-2.0/examples/csaf", "oasis-2.1/examples/csaf", "gocsaf/csaf-documents"):
        run(tap, f"csaf/{suite.split('/')[0]}", sorted((shared / "csaf" / suite).rglob("*.json")))
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
