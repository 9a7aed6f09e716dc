#!/usr/bin/env python3
"""tests/tables/match/fixes.tsv: the fix that a scan shows, and how records of releases are judged.

usage: fixes.py [PROGRAM]

All rows go into one knowledge base and one scan, each with a package and a vulnerability of its own. TAP.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "match" / "fixes.tsv"
ECOSYSTEMS = {"npm": "npm", "pypi": "PyPI", "maven": "Maven", "debian": "Debian", "alpine": "Alpine",
              "ubuntu": "Ubuntu", "redhat": "Red Hat", "rocky": "Rocky Linux"}
PURLS = {"debian": "deb/debian", "ubuntu": "deb/ubuntu", "alpine": "apk/alpine", "redhat": "rpm/redhat",
         "rocky": "rpm/rocky", "maven": "maven/org.acme"}


def spans(words):
    """"1.0..1.5" ends before 1.5, "1.0..=1.5" with it; an end may be left out."""
    for word in words:
        low, high = word.split("..")
        yield low, high.lstrip("="), high.startswith("=")


def osv(kind, words, row):
    system, _, release = kind.partition(":")
    events = []
    for low, high, inclusive in spans(words):
        events.append({"introduced": low or "0"})
        if high:
            events.append({"last_affected" if inclusive else "fixed": high})
    ecosystem = ECOSYSTEMS[system] + (":" + release if release else "")
    name = ("org.acme:" if system == "maven" else "") + row.package
    return {"id": f"{system.upper()}-2099-{row.number}-{row.records}", "modified": "2026-01-01T00:00:00Z",
            "aliases": [row.id],
            "affected": [{"package": {"ecosystem": ecosystem, "name": name},
                          "ranges": [{"type": "ECOSYSTEM", "events": events}]}]}


def nvd(words, row):
    matches = []
    for word in words:
        criteria = f"cpe:2.3:a:acme:{row.package}:%s:*:*:*:%s:*:*:*"
        word, _, edition = word.partition("@")
        platform = "*"
        if edition.startswith("on-"):
            platform, edition = edition[3:], ""
        criteria = criteria.replace("%s:*:*:*:%s:*", "%s:*:*:*:%s:" + platform)
        if word.startswith("="):
            version, _, update = word[1:].partition("~")
            matches.append({"vulnerable": True, "criteria": (criteria % (version, edition or "*")).replace(
                f":{version}:*:", f":{version}:{update or '*'}:")})
            continue
        (low, high, inclusive), = spans([word.lstrip("!")])
        match = {"vulnerable": not word.startswith("!"), "criteria": criteria % ("*", edition or "*")}
        if low:
            match["versionStartIncluding"] = low
        if high:
            match["versionEndIncluding" if inclusive else "versionEndExcluding"] = high
        matches.append(match)
    return {"cve": {"id": row.id, "sourceIdentifier": "nvd@nist.gov", "published": "2026-01-01T00:00:00.000",
                    "lastModified": "2026-01-01T00:00:00.000", "vulnStatus": "Analyzed",
                    "descriptions": [{"lang": "en", "value": "made-up"}], "metrics": {},
                    "configurations": [{"nodes": [{"operator": "OR", "negate": False, "cpeMatch": matches}]}],
                    "references": []}}


def cve5(words, row):
    """"affected" as the default, then "LOW..HIGH" that are not: how the kernel's records are."""
    versions = []
    for low, high, inclusive in spans(words):
        one = {"version": low, "status": "unaffected", "versionType": "semver"}
        if high:
            one["lessThanOrEqual" if inclusive else "lessThan"] = high
        versions.append(one)
    return {"dataType": "CVE_RECORD", "dataVersion": "5.1",
            "cveMetadata": {"cveId": row.id, "state": "PUBLISHED", "assignerShortName": "acme",
                            "datePublished": "2026-01-01T00:00:00Z"},
            "containers": {"cna": {"providerMetadata": {"orgId": "416baaa9-dc9f-4396-8d5f-8c081fb06d67",
                                                        "shortName": "acme"},
                                   "title": "t", "descriptions": [{"lang": "en", "value": "made-up"}],
                                   "affected": [{"vendor": "acme", "product": row.package,
                                                 "defaultStatus": "affected", "versions": versions}],
                                   "references": []}}}


class Row:
    def __init__(self, number, fields):
        self.number, self.fields = number, fields
        self.package, self.id, self.records = f"part{number}", f"CVE-2099-{number:05}", 0

    def advisories(self):
        for text in self.fields[0].split(" ; "):
            kind, *words = text.split(" ")
            self.records += 1
            yield (nvd(words, self) if kind == "nvd" else cve5(words, self) if kind == "cve5"
                   else osv(kind, words, self))

    def component(self):
        one = {"type": "library", "name": self.package, "bom-ref": self.package}
        for word in self.fields[1].split(" "):
            kind, _, version = word.partition("=")
            system, _, release = kind.partition(":")
            one["version"] = version
            if system == "cpe":
                edition = release or "*"
                one["cpe"] = f"cpe:2.3:a:acme:{self.package}:{version or '*'}:*:*:*:{edition}:*:*:*"
                continue
            one["purl"] = f"pkg:{PURLS.get(system, system)}/{self.package}" + (f"@{version}" if version else "")
            if release:
                one["purl"] += "?distro=" + (release if "-" in release else f"{system}-{release}")
        return one

    def judge(self, report):
        """What is said of it, in the words of the table."""
        for name in ("findings", "undecided", "not_affected"):
            for finding in report[name]:
                if finding["id"] == self.id:
                    return "\t".join((finding["verdict"], finding["reason"], finding.get("fixed") or "-"))
        return "none\t-\t-"


def rows():
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            yield Row(number, line.split("\t"))


def scan(program, table, folder):
    feed = "".join(json.dumps(record) + "\n" for row in table for record in row.advisories())
    (folder / "feed.jsonl").write_text(feed, encoding="utf-8")
    (folder / "sbom.json").write_text(json.dumps(
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
         "components": [row.component() for row in table]}), encoding="utf-8")
    for words in (["kb", "build", "-o", "x.kb", "feed.jsonl"],
                  ["scan", "sbom.json", "--kb", "x.kb", "-f", "json"]):
        done = subprocess.run([program, *words], cwd=folder, capture_output=True, timeout=120, check=False)
        if done.returncode:
            print(f"Bail out! {done.stderr.decode()}")
            raise SystemExit(1)
    return json.loads(done.stdout)


def main():
    default = os.environ.get("TUTELA_PROGRAM", str(HERE.parents[1] / "build" / "tutela"))
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else default)
    table, failed = list(rows()), 0
    with tempfile.TemporaryDirectory() as scratch:
        report = scan(program, table, pathlib.Path(scratch))
    for count, row in enumerate(table, 1):
        got, want = row.judge(report), "\t".join(row.fields[2:])
        failed += got != want
        print(f"{'ok' if got == want else 'not ok'} {count} - fixes.tsv:{row.number} {row.fields[1]} of {row.fields[0]}")
        if got != want:
            print(f"# expected {want}\n# got      {got}")
    print(f"1..{len(table)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
