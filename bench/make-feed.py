#!/usr/bin/env python3
"""Print a synthetic NVD 2.0 feed as JSON lines: N vulnerabilities of products with real-looking names.

usage: make-feed.py [--vulnerabilities N] [--seed S]

For machines that have no real feeds at hand. The same arguments give the same bytes.
"""
import argparse
import json
import random
import sys


def version(rng):
    return "%d.%d.%d" % (rng.randrange(0, 12), rng.randrange(0, 40), rng.randrange(0, 30))


def product(rng, names):
    name = rng.choice(names) + ("" if rng.random() < 0.1 else "-%d" % rng.randrange(5000))
    return name, name


def criteria(rng, names):
    vendor, name = product(rng, names)
    match = {"vulnerable": True, "criteria": "cpe:2.3:a:%s:%s:*:*:*:*:*:*:*:*" % (vendor, name)}
    if rng.random() < 0.5:
        match["versionStartIncluding"] = version(rng)
    match["versionEndExcluding"] = version(rng)
    return match


def record(rng, number, names):
    year, serial = 1999 + number // 12000, number % 12000
    matches = [criteria(rng, names) for _ in range(rng.choice((1, 1, 1, 2, 3, 8)))]
    return {"cve": {
        "id": "CVE-%d-%04d" % (year, serial), "sourceIdentifier": "cve@example.org",
        "published": "%d-03-01T10:15:00.000" % year, "lastModified": "%d-11-30T10:15:00.000" % year,
        "vulnStatus": "Analyzed",
        "descriptions": [{"lang": "en", "value": "A buffer of %s is written past its end when input number %d is "
                          "read. An attacker on the network can crash the service or run code." % (names[0], number)}],
        "metrics": {"cvssMetricV31": [{"source": "nvd@nist.gov", "type": "Primary", "cvssData": {
            "version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:%s" % rng.choice("HLN"),
            "baseScore": 9.1, "baseSeverity": "CRITICAL"}}]},
        "weaknesses": [{"source": "nvd@nist.gov", "type": "Primary",
                        "description": [{"lang": "en", "value": "CWE-%d" % rng.randrange(20, 900)}]}],
        "configurations": [{"nodes": [{"operator": "OR", "negate": False, "cpeMatch": matches}]}],
        "references": [{"url": "https://example.org/advisory/%d" % number, "source": "cve@example.org",
                        "tags": ["Vendor Advisory"]}]}}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vulnerabilities", type=int, default=300000, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    names = "openssl busybox zlib curl expat sqlite dnsmasq bluez mbedtls lwip glibc systemd libxml2 libpng".split()
    for number in range(options.vulnerabilities):
        sys.stdout.write(json.dumps(record(rng, number, names), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
