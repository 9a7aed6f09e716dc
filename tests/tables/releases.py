#!/usr/bin/env python3
"""tests/tables/match/releases.tsv: which releases a scan names as without data, and of which it knows the end of support.

usage: releases.py [PROGRAM]

Records of a few releases of distributions and pages of endoflife.date, made here; one scan a row. TAP.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "match" / "releases.tsv"
RECORDS = ("Debian:11", "Debian:12", "Ubuntu:22.04:LTS", "Alpine:v3.18", "Rocky Linux:9")
PRODUCTS = {"debian": "11 12", "ubuntu": "22.04", "alpine-linux": "3.18", "amazon-linux": "2023",
            "oracle-linux": "8", "rocky-linux": "9", "opensuse": "15.5", "azure-linux": "3", "fedora": "40",
            "rhel": "9", "openssl": "3.0", "python": "3.11"}


def records():
    for number, ecosystem in enumerate(RECORDS, 1):
        yield {"id": f"MADE-2099-{number}", "modified": "2026-01-01T00:00:00Z", "aliases": [f"CVE-2099-{number}"],
               "affected": [{"package": {"ecosystem": ecosystem, "name": "part"},
                             "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9"}]}]}]}


def lifecycles():
    return {"schema_version": "1.2.0", "total": len(PRODUCTS), "result": [
        {"name": name, "releases": [{"name": cycle, "isEol": False, "eolFrom": "2030-01-01"}
                                    for cycle in cycles.split()]} for name, cycles in PRODUCTS.items()]}


def sbom(system, purls):
    components = [{"type": "library", "name": purl.split("@")[0].rsplit("/", 1)[-1], "bom-ref": str(number),
                   "version": purl.split("@")[-1].split("?")[0], "purl": purl} for number, purl in enumerate(purls)]
    if system != "-":
        name, version = system.split(" ")
        components.append({"type": "operating-system", "name": name, "version": version, "bom-ref": "os"})
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}


def run(program, folder, *words):
    done = subprocess.run([program, *words], cwd=folder, capture_output=True, timeout=120, check=False)
    if done.returncode:
        print(f"Bail out! {done.stderr.decode()}")
        raise SystemExit(1)
    return done.stdout


def judge(program, folder, fields):
    (folder / "sbom.json").write_text(json.dumps(sbom(fields[0], fields[1].split(" "))), encoding="utf-8")
    report = json.loads(run(program, folder, "scan", "sbom.json", "--kb", "x.kb", "-f", "json"))
    known = [f"{one['product']} {one['release']}" + (f" of {one['component']}" if "component" in one else "")
             for one in report["releases"]]
    return "\t".join((", ".join(report["distro_releases_without_data"]) or "-", ", ".join(known) or "-"))


def main():
    default = os.environ.get("TUTELA_PROGRAM", str(HERE.parents[1] / "build" / "tutela"))
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else default)
    lines = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()
             if line and not line.startswith("#")]
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "feed.jsonl").write_text("".join(json.dumps(one) + "\n" for one in records()), encoding="utf-8")
        (folder / "ends.json").write_text(json.dumps(lifecycles()), encoding="utf-8")
        run(program, folder, "kb", "build", "-o", "x.kb", "feed.jsonl", "ends.json")
        for number, fields in enumerate(lines, 1):
            got, want = judge(program, folder, fields), "\t".join(fields[2:])
            failed += got != want
            print(f"{'ok' if got == want else 'not ok'} {number} - releases.tsv: {fields[0]}, {fields[1]}")
            if got != want:
                print(f"# expected {want}\n# got      {got}")
    print(f"1..{len(lines)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
