#!/usr/bin/env python3
"""tools/find-aliases: products that the table of curated names does not have, most records first.

usage: find_aliases_test.py PROGRAM

The copy of purl2cpe and the knowledge base are made here. Prints TAP.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "find-aliases"

# Vendor, product, package URLs, records.
PRODUCTS = [
    ("acme", "few", ["pkg:deb/debian/few"], 1),
    ("acme", "many", ["pkg:github/acme/Many", "pkg:npm/many"], 3),
    ("acme", "none", ["pkg:deb/debian/none"], 0),
    ("acme", "web", ["pkg:npm/web"], 2),
    ("acme", "zlib", ["pkg:deb/debian/zlib"], 2),
    ("openssl", "openssl", ["pkg:deb/debian/openssl"], 2),
]
WANTED = ["3\tacme\tmany\tmany\tnew", "2\tacme\tzlib\tzlib\tmore", "1\tacme\tfew\tfew\tnew"]


def criteria(vendor, product, version="*"):
    return f"cpe:2.3:a:{vendor}:{product}:{version}:*:*:*:*:*:*:*"


def record(number, vendor, product):
    match = {"vulnerable": True, "criteria": criteria(vendor, product), "versionEndExcluding": "2",
             "matchCriteriaId": f"00000000-0000-4000-8000-{number:012}"}
    return {"cve": {"id": f"CVE-2099-{number}", "sourceIdentifier": "x@example.org", "vulnStatus": "Analyzed",
                    "published": "2099-01-01T00:00:00.000", "lastModified": "2099-01-01T00:00:00.000",
                    "descriptions": [{"lang": "en", "value": "A fault."}], "references": [],
                    "configurations": [{"nodes": [{"operator": "OR", "negate": False, "cpeMatch": [match]}]}]}}


def make_feed(path):
    records = [record(4000 + 10 * i + k, vendor, product)
               for i, (vendor, product, _, count) in enumerate(PRODUCTS) for k in range(count)]
    path.write_text(json.dumps({"format": "NVD_CVE", "version": "2.0", "resultsPerPage": len(records),
                                "startIndex": 0, "totalResults": len(records), "vulnerabilities": records}),
                    encoding="utf-8")


def make_copies(scratch):
    """The same data as a folder and as JSON Lines."""
    lines = []
    for vendor, product, purls, _ in PRODUCTS:
        folder = scratch / "purl2cpe" / "data" / vendor / product
        folder.mkdir(parents=True)
        for name, entries in (("cpes", [criteria(vendor, product, "1")]), ("purls", purls)):
            (folder / f"{name}.yml").write_text(f"{name}:\n" + "".join(f"    - {e}\n" for e in entries),
                                                encoding="utf-8")
            lines.append({"path": f"data/{vendor}/{product}/{name}.yml", name: entries})
    (scratch / "lines.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return [scratch / "purl2cpe", scratch / "lines.jsonl"]


def run(*arguments):
    done = subprocess.run([sys.executable, TOOL, *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines(), done.stderr


def main():
    program = os.path.abspath(sys.argv[1])
    results = []
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        make_feed(scratch / "feed.json")
        kb = scratch / "x.kb"
        subprocess.run([program, "kb", "build", "-o", kb, scratch / "feed.json"], stdout=subprocess.DEVNULL, check=True)
        for copy in make_copies(scratch):
            code, rows, _ = run("--program", program, copy, kb)
            results.append((f"candidates of {copy.name}", code == 0 and rows == WANTED, rows))
        code, rows, _ = run("--program", program, "--limit", "1", copy, kb)
        results.append(("--limit", code == 0 and rows == WANTED[:1], rows))
        code, rows, words = run("--program", program, scratch / "nothing", kb)
        results.append(("a copy that is not there", code == 1 and "does not exist" in words, words))
    for number, (what, fine, seen) in enumerate(results, 1):
        print(f"{'ok' if fine else 'not ok'} {number} - {what}")
        if not fine:
            print(f"# {seen}")
    print(f"1..{len(results)}")
    return 0 if all(fine for _, fine, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
