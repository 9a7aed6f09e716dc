#!/usr/bin/env python3
"""Dependency-Track's facts about matching, each put to the program as a feed and an SBOM.

usage: peers_dtrack.py [PROGRAM]

TUTELA_DTRACK names a checkout of DependencyTrack/dependency-track; without it the suite is skipped.
The facts are the rows of its test of the internal analyzer: a CPE or a package URL with a range,
another one, and whether they match. A row becomes a record of NVD or OSV and a component. What is
answered otherwise is a row of peers.tsv with its reason; anything else fails.
"""
import json
import re
import sys

import kit
import peers

TEST = ("vuln-analysis/internal/src/test/java/org/dependencytrack/vulnanalysis/internal/"
        "InternalVulnAnalyzerTest.java")
ROW = re.compile(r'^\s*Arguments\.of\("([^"]+)", (.*?), (MATCHES|DOES_NOT_MATCH), "([^"]+)"\)',
                 re.MULTILINE)
LIMITS = {"StartIncluding": "versionStartIncluding", "StartExcluding": "versionStartExcluding",
          "EndIncluding": "versionEndIncluding", "EndExcluding": "versionEndExcluding"}
DISTRIBUTIONS = [  # what a purl's distro qualifier is as an ecosystem of OSV
    (r"debian-(\d+)$", "Debian:{}"), (r"bullseye$", "Debian:11"), (r"ubuntu-([\d.]+)$", "Ubuntu:{}"),
    (r"alpine-([\d.]+)$", "Alpine:v{}"), (r"rhel-([\d.]+)$", "Red Hat:enterprise_linux:{}"),
    (r"centos-(\d+)$", "Red Hat:enterprise_linux:{}"),
]
ECOSYSTEMS = {"maven": "Maven", "npm": "npm", "nuget": "NuGet", "composer": "Packagist",
              "deb/debian": "Debian", "deb/ubuntu": "Ubuntu", "apk/alpine": "Alpine",
              "rpm/redhat": "Red Hat:enterprise_linux"}


def limits(text):
    return {LIMITS[word]: value for word, value in re.findall(r'having(\w+)\("([^"]*)"\)', text)}


def ecosystem(purl, span):
    """OSV's name of a record's distribution or language; None where it has none."""
    kind = re.match(r"pkg:((?:deb|rpm|apk)/\w+|\w+)/", purl)[1]
    distro = re.search(r"distro=([^&]*)", purl)
    if distro:
        for pattern, name in DISTRIBUTIONS:
            found = re.match(pattern, distro[1])
            if found:
                return name.format(*found.groups())
        return None
    mark = re.search(r"[.+]el(\d+)", " ".join(span.values()))
    if kind == "rpm/redhat" and mark:
        return f"Red Hat:enterprise_linux:{mark[1]}"
    return ECOSYSTEMS.get(kind)


def package(purl):
    path = re.sub(r"[?@].*", "", purl.partition(":")[2]).split("/")[1:]
    if purl.startswith(("pkg:deb", "pkg:rpm", "pkg:apk")):
        return path[-1]
    return (":" if purl.startswith("pkg:maven") else "/").join(path)


def osv(purl, span):
    """A record, or None where OSV has no such distribution or no such range."""
    name = ecosystem(purl, span)
    if not name or "versionStartExcluding" in span:
        return None
    version = re.search(r"@([^?]*)", purl)
    if version:
        return peers.osv("CVE-2099-0001", name, package(purl), versions=[version[1]])
    events = [{"introduced": span.get("versionStartIncluding", "0")}]
    if "versionEndExcluding" in span:
        events.append({"fixed": span["versionEndExcluding"]})
    if "versionEndIncluding" in span:
        events.append({"last_affected": span["versionEndIncluding"]})
    return peers.osv("CVE-2099-0001", name, package(purl), [events])


def facts(text):
    """(group, name, the record or None, the component, whether they match)."""
    for record, range_text, matches, other in ROW.findall(text):
        span = limits(range_text)
        name = f"{record} {json.dumps(span) if span else ''} {other}".replace("  ", " ")
        if record.startswith("cpe:"):
            yield ("CPE", name, peers.nvd("CVE-2099-0001", record, span),
                   peers.component("acme-lib", cpe=other), matches == "MATCHES")
        else:
            yield ("distribution" if "distro=" in record + other or "/redhat/" in record else "purl",
                   name, osv(record, span), peers.component("acme-lib", purl=other),
                   matches == "MATCHES")


def main():
    checkout = peers.folder("TUTELA_DTRACK")
    if not checkout or not (checkout / TEST).is_file():
        return kit.skip("TUTELA_DTRACK does not name a checkout of DependencyTrack/dependency-track")
    scan = peers.Scan(kit.program())
    tap = kit.Tap()
    sums, rest = {}, 0
    for group, name, record, made, matches in facts((checkout / TEST).read_text(encoding="utf-8")):
        if record is None:
            rest += 1
            continue
        scan.build({"feed.jsonl": json.dumps(record) + "\n"})
        found = scan.findings([made])
        verdict, reason = next(iter(found.values()), ("nothing", ""))
        verdict = "nothing" if verdict == "not-affected" else verdict
        sums.setdefault(group, peers.Sums()).add(name, matches, verdict, reason)
    print(f"# {rest} facts have no form in OSV")
    return peers.report("dtrack", sums, tap)


if __name__ == "__main__":
    sys.exit(main())
