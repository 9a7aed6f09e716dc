#!/usr/bin/env python3
"""External references of packages, as SPDX 2.3 that is written has them (clause 7.21, annex F).

usage: spdx_locators.py [PROGRAM]

sbom/locators.tsv: category, type and locator of a reference in a document of SPDX 2.3, then the
three as they are written; "-": it is not written. What is not of its type's form must not be
written as if it were. TAP.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAMES = ("referenceCategory", "referenceType", "referenceLocator")


def package(number, row):
    return {"name": f"p{number}", "SPDXID": f"SPDXRef-{number}", "versionInfo": "1",
            "downloadLocation": "NOASSERTION", "externalRefs": [dict(zip(NAMES, row))]}


def document(rows):
    packages = [package(number, row) for number, row in enumerate(rows)]
    return {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "d",
            "dataLicense": "CC0-1.0", "documentNamespace": "https://acme.example/d",
            "creationInfo": {"created": "2024-01-01T00:00:00Z", "creators": ["Tool: t"]},
            "packages": packages}


def written(program, rows):
    """By number of the row: the reference that its package has, as three words, or "-"."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "in.spdx.json"
        source.write_text(json.dumps(document(rows)), encoding="utf-8")
        done = subprocess.run([program, "sbom", "convert", str(source), "--to", "spdx-2.3-json"],
                              capture_output=True, text=True, timeout=60, check=False)
    found = {}
    for one in json.loads(done.stdout)["packages"]:
        references = one.get("externalRefs", [])
        found[one["name"]] = [[ref[name] for name in NAMES] for ref in references] or [["-"]]
    return ["; ".join(" ".join(ref) for ref in found.get(f"p{number}", [["no package"]]))
            for number in range(len(rows))]


def main():
    program = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "tutela")
    lines = (HERE / "sbom" / "locators.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    answers = written(str(program.resolve()), [row[:3] for row in rows])
    failed = 0
    for number, (row, answer) in enumerate(zip(rows, answers), 1):
        fine = answer == " ".join(row[3:])
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {number} - {' '.join(row)}")
        if not fine:
            print(f"#   written: {answer}")
    print(f"1..{len(rows)}")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
