#!/usr/bin/env python3
"""Products of CSAF documents: which versions a statement clears, and which a feed affects.

usage: csaf_products.py [PROGRAM]

csaf/products.tsv: the branches below vendor and product name, outermost first; the product's
identifiers; the version of the component in the SBOM; what becomes of a statement on the product;
the verdict when the document is a feed and the product is in the status group named. TAP.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CVE = "CVE-2099-3001"
CPE = "cpe:2.3:a:acme:pump:%s:*:*:*:*:*:*:*"


def helper(identifiers):
    out = {}
    for text in identifiers.split():
        key = "purl" if text.startswith("pkg:") else "cpe"
        out[key] = text if key == "purl" else CPE % text.removeprefix("cpe@")
    return out


def document(branches, identifiers, group):
    product = {"product_id": "P", "name": "pump",
               "product_identification_helper": helper(identifiers)}
    tree = {"product": product}
    path = [("vendor", "Acme"), ("product_name", "pump")]
    path += [tuple(step.split("=", 1)) for step in branches.split(";") if step != "-"]
    for category, name in reversed(path):
        tree = {"category": category, "name": name,
                **({"branches": [tree]} if "category" in tree else tree)}
    return {"document": {"category": "csaf_vex", "csaf_version": "2.0", "title": "t",
                         "publisher": {"category": "vendor", "name": "Acme",
                                       "namespace": "https://acme.example"},
                         "tracking": {"id": "ACME-1", "status": "final", "version": "1",
                                      "initial_release_date": "2024-05-01T00:00:00Z",
                                      "current_release_date": "2024-05-01T00:00:00Z"}},
            "product_tree": {"branches": [tree]},
            "vulnerabilities": [{"cve": CVE, "product_status": {group: ["P"]}}]}


def inventory(version):
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
        {"type": "library", "bom-ref": "p", "name": "pump", "version": version,
         "purl": f"pkg:npm/pump@{version}", "cpe": CPE % version}]}


ALL = {"schema_version": "1.6.0", "id": CVE, "modified": "2024-01-01T00:00:00Z", "affected": [
    {"package": {"ecosystem": "npm", "name": "pump"},
     "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]}


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.build("all.kb", ALL)

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], cwd=self.folder, capture_output=True,
                              text=True, timeout=60, check=False).stdout

    def write(self, name, value):
        (self.folder / name).write_text(json.dumps(value), encoding="utf-8")

    def build(self, name, feed):
        self.write("feed.json", feed)
        self.run("kb", "build", "-o", name, "feed.json")

    def statement(self, branches, identifiers):
        self.write("vex.json", document(branches, identifiers, "known_not_affected"))
        answer = json.loads(self.run("vex", "check", "vex.json", "--sbom", "sbom.json", "--kb",
                                     "all.kb", "--format", "json"))
        return answer["results"][0]["outcome"]

    def feed(self, branches, identifiers, group):
        self.build("feed.kb", document(branches, identifiers, group))
        rows = self.run("scan", "sbom.json", "--kb", "feed.kb", "-f", "csv").splitlines()
        verdicts = [row.split(",")[1] for row in rows if row.startswith(CVE)]
        return verdicts[0] if verdicts else "-"


def answers(bench, row):
    branches, identifiers, version, statement, group, verdict = row
    bench.write("sbom.json", inventory(version))
    wrong = []
    if statement != ".":
        got = bench.statement(branches, identifiers)
        wrong += [f"statement: {got}, not {statement}"] if got != statement else []
    if group != ".":
        got = bench.feed(branches, identifiers, group)
        wrong += [f"{group}: {got}, not {verdict}"] if got != verdict else []
    return wrong


def main():
    program = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "tutela")
    lines = (HERE / "csaf" / "products.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(str(program.resolve()), folder)
        for number, row in enumerate(rows, 1):
            wrong = answers(bench, row)
            failed += bool(wrong)
            print(f"{'not ok' if wrong else 'ok'} {number} - {' '.join(row)}")
            for what in wrong:
                print(f"#   {what}")
    print(f"1..{len(rows)}")
    return 1 if failed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
