#!/usr/bin/env python3
"""Tutela's own SBOM tells what was built and linked. REQ-SBOM-5

usage: own_sbom.py [PROGRAM]

Prints TAP.
"""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
MAKE = ROOT / "tools" / "make-sbom.py"


def again(epoch):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "sbom.json"
        subprocess.run([sys.executable, MAKE, "--version", "1", out, BUILD / "tutela",
                        BUILD / "src" / "libtutela.so"], check=True,
                       env={**os.environ, "SOURCE_DATE_EPOCH": epoch})
        return out.read_bytes()


def packages_of_page():
    """(name, version, licence) of each text of a licence in the page's list: what is given away with it."""
    text = (ROOT / "web" / "dist" / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    return re.findall(r"^---- (\S+) (\S+) \((.+)\)$", text, re.MULTILINE)


def main():
    document = json.loads((BUILD / "tutela.cdx.json").read_text(encoding="utf-8"))
    subject = document["metadata"]["component"]
    components = document["components"]
    refs = [subject["bom-ref"], *(component["bom-ref"] for component in components)]
    edges = {edge["ref"]: edge["dependsOn"] for edge in document["dependencies"]}
    names = " ".join(component["properties"][0]["value"] for component in components
                     if "properties" in component)
    program = (BUILD / "tutela").read_bytes()
    scan = subprocess.run([BUILD / "tutela", "scan", "--format", "json", BUILD / "tutela.cdx.json"],
                          capture_output=True, check=False)
    on_debian = pathlib.Path("/var/lib/dpkg/status").exists()
    libraries = [component for component in components if "properties" in component]
    page = sorted((part["name"], part["version"], part["licenses"][0]["expression"]) for part in components
                  if part.get("purl", "").startswith("pkg:npm/"))
    rows = [
        ("what is in the page is there, with its licence, and the program needs it",
         page and page == sorted(packages_of_page())
         and {f"pkg:npm/{name.replace('@', '%40')}@{version}" for name, version, _ in page} <= set(edges[subject["bom-ref"]])),
        ("the program's hash is the file's",
         subject["hashes"][0]["content"] == hashlib.sha256(program).hexdigest()),
        ("references are unique", len(refs) == len(set(refs))),
        ("each component says what it needs", set(edges) == set(refs)),
        ("what is needed is listed", all(set(needs) <= set(refs) for needs in edges.values())),
        ("the libraries that are linked are there",
         all(word in names for word in ("libsimdjson", "libcrypto", "libzstd", "libarchive"))),
        ("each library has version, purl, licence, hash",
         not on_debian or all(component.get("version") and component.get("purl")
                              and component.get("licenses") and component["hashes"]
                              for component in libraries)),
        ("the same epoch, the same bytes", again("86400") == again("86400")),
        ("the epoch is its time", b"1970-01-02T00:00:00Z" in again("86400")),
        ("tutela reads it", scan.returncode == 0 and
         json.loads(scan.stdout)["summary"]["components"] >= len(components)),
    ]
    for number, (name, fine) in enumerate(rows, 1):
        print(f"{'ok' if fine else 'not ok'} {number} - {name}")
    print(f"1..{len(rows)}")
    return 0 if all(fine for _, fine in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
