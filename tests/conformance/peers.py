"""What the peers' scripts share: feeds from facts, one scan, and the sums of what was found."""
import collections
import csv
import io
import json
import os
import pathlib
import re
import subprocess
import tempfile

AT = "2024-01-01T00:00:00Z"


def folder(name):
    """The checkout that an environment variable names, or None."""
    path = pathlib.Path(os.environ.get(name, ""))
    return path if os.environ.get(name) and path.is_dir() else None


def osv(identifier, ecosystem, package, events=None, versions=None, ordered="ECOSYSTEM"):
    affected = {"package": {"ecosystem": ecosystem, "name": package}}
    if versions:
        affected["versions"] = versions
    if events:
        affected["ranges"] = [{"type": ordered, "events": pair} for pair in events]
    return {"schema_version": "1.6.0", "id": identifier, "modified": AT, "published": AT,
            "summary": "a fact of a peer's test", "affected": [affected]}


def nvd(identifier, criteria, span):
    match = {"vulnerable": True, "criteria": criteria,
             "matchCriteriaId": "00000000-0000-0000-0000-000000000000", **span}
    return {"cve": {"id": identifier, "sourceIdentifier": "nvd@nist.gov", "published": AT[:-1],
                    "lastModified": AT[:-1], "vulnStatus": "Analyzed", "metrics": {},
                    "descriptions": [{"lang": "en", "value": "a fact of a peer's test"}],
                    "weaknesses": [], "references": [],
                    "configurations": [{"nodes": [{"operator": "OR", "negate": False,
                                                   "cpeMatch": [match]}]}]}}


def component(name, version="", purl="", cpe="", properties=()):
    made = {"type": "library", "name": name, "bom-ref": f"{purl}{cpe}{name}{version}"}
    for key, value in (("version", version), ("purl", purl), ("cpe", cpe)):
        if value:
            made[key] = value
    if properties:
        made["properties"] = [{"name": key, "value": value} for key, value in properties]
    return made


class Scan:
    """Knowledge bases from feeds, and what the program finds with them."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.scratch = tempfile.TemporaryDirectory(prefix="peers-")
        self.folder = pathlib.Path(self.scratch.name)

    def run(self, *words):
        return subprocess.run([self.program, *words], cwd=self.folder, capture_output=True,
                              text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)

    def build(self, feeds):
        """feeds: name -> text."""
        for name, text in feeds.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        done = self.run("kb", "build", "-o", "peers.kb", *feeds)
        if done.returncode:
            raise RuntimeError("kb build: " + done.stderr[-500:])
        for line in done.stderr.splitlines():
            print(f"# {line}")

    def findings(self, components):
        """(id, bom-ref) -> (verdict, reason)."""
        sbom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
                "components": components}
        (self.folder / "sbom.json").write_text(json.dumps(sbom), encoding="utf-8")
        done = self.run("scan", "sbom.json", "--kb", "peers.kb", "-f", "csv")
        if done.returncode:
            raise RuntimeError("scan: " + done.stderr[-500:])
        return {(row["id"], row["bom_ref"]): (row["verdict"], row["reason"])
                for row in csv.DictReader(io.StringIO(done.stdout))}


class Sums:
    """Facts that a peer asserts, against what the program says of each."""

    def __init__(self):
        self.counts = collections.Counter()
        self.differences = []

    def add(self, name, vulnerable, verdict, reason):
        self.counts[(vulnerable, verdict)] += 1
        if verdict != ("affected" if vulnerable else "nothing"):
            wanted = "affected" if vulnerable else "nothing"
            self.differences.append(f"{name}: {wanted} expected, {verdict} {reason}".rstrip())

    def line(self):
        hits, wrong = self.counts[(True, "affected")], self.counts[(False, "affected")]
        open_ = self.counts[(True, "undecided")]
        positive = sum(n for (true, _), n in self.counts.items() if true)
        recall = hits / positive if positive else 0
        return (f"{hits} of {positive} found (recall {recall:.3f}, with {open_} undecided "
                f"{(hits + open_) / max(positive, 1):.3f}), {wrong} wrong (precision "
                f"{hits / max(hits + wrong, 1):.3f}), "
                f"{self.counts[(False, 'undecided')]} undecided that the peer does not name")


def expected():
    """peers.tsv: suite, a regular expression for differences, the reason."""
    path = pathlib.Path(__file__).with_name("peers.tsv")
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")]


def report(suite, sums, tap):
    """The sums of each group, and a failure for every difference that peers.tsv does not name."""
    rows = [(re.compile(row[1]), row[2]) for row in expected() if row[0] == suite]
    used = collections.Counter()
    for group, those in sums.items():
        print(f"# {suite} {group}: {those.line()}")
        for difference in those.differences:
            reason = next((why for pattern, why in rows if pattern.search(difference)), None)
            used[reason] += 1
            if reason is None:
                tap.line(False, f"{suite} {difference}")
    for _, reason in rows:
        tap.line(used[reason] > 0, f"{suite}: {used[reason]} by reason: {reason}")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0
