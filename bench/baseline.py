#!/usr/bin/env python3
"""The straightforward way to do it, as a yardstick: feeds into dictionaries, then a loop.

usage: baseline.py SBOM FEED...

Reads NVD (1.1 and 2.0) and OSV documents, indexes them by product and by package, and reports components whose
version lies in a range by a simple order of dotted numbers. Prints "name<TAB>value" lines: seconds of loading and of
matching, findings. It is no scanner: no merging, no schemes, no platforms, no reasons.
"""
import json
import re
import sys
import time


def key(version):
    return [(0, int(part), "") if part.isdigit() else (1, 0, part)
            for part in re.findall(r"\d+|[a-zA-Z]+", version)]


def lies_in(version, low, low_open, high, high_open):
    v = key(version)
    if low and (v < key(low) or (low_open and v == key(low))):
        return False
    return not (high and (v > key(high) or (high_open and v == key(high))))


def documents(path):
    if path.endswith(".csv"):  # EPSS: scores, which this yardstick does not use
        return []
    text = open(path, encoding="utf-8").read()
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def nodes_of(item):
    for configuration in item:
        yield from configuration.get("nodes", [configuration])


def add_cpes(index, identifier, nodes, matches, uri):
    for node in nodes:
        for match in node.get(matches, []):
            parts = match.get(uri, "").split(":")
            if len(parts) > 5 and match.get("vulnerable"):
                index.setdefault((parts[3], parts[4]), []).append((identifier, parts[5], match))


def add_document(index, packages, document):
    for item in document.get("CVE_Items", []):
        add_cpes(index, item["cve"]["CVE_data_meta"]["ID"], item["configurations"]["nodes"], "cpe_match", "cpe23Uri")
    for item in document.get("vulnerabilities", [document] if "cve" in document else []):
        if "cve" in item:
            identifier = item["cve"].get("id") or item.get("_annotation", {}).get("cve_id")
            add_cpes(index, identifier, nodes_of(item["cve"].get("configurations", [])), "cpeMatch", "criteria")
    for affected in document.get("affected", []):
        name = affected.get("package", {}).get("name", "").lower()
        packages.setdefault(name, []).append((document.get("id"), affected))


def product_matches(version, stated, match):
    if stated not in ("*", "-"):
        return stated == version
    low = match.get("versionStartIncluding") or match.get("versionStartExcluding")
    high = match.get("versionEndIncluding") or match.get("versionEndExcluding")
    return lies_in(version, low, "versionStartExcluding" in match, high, "versionEndExcluding" in match)


def package_matches(version, affected):
    if version in affected.get("versions", []):
        return True
    for span in affected.get("ranges", []):
        low = None
        for event in span.get("events", []):
            low = event.get("introduced", low)
            if "fixed" in event and lies_in(version, None if low == "0" else low, False, event["fixed"], True):
                return True
    return False


def scan(components, index, packages):
    found = set()
    for number, component in enumerate(components):
        version = component.get("version", "")
        name = component.get("name", "").lower()
        for product in {(name, name)} | {tuple(c.split(":")[3:5]) for c in [component.get("cpe", "")] if c.count(":") > 5}:
            for identifier, stated, match in index.get(product, []):
                if product_matches(version, stated, match):
                    found.add((number, identifier))
        for identifier, affected in packages.get(name, []):
            if package_matches(version, affected):
                found.add((number, identifier))
    return found


def main():
    index, packages = {}, {}
    start = time.perf_counter()
    for path in sys.argv[2:]:
        for document in documents(path):
            add_document(index, packages, document)
    loaded = time.perf_counter()
    components = json.load(open(sys.argv[1], encoding="utf-8"))["components"]
    read = time.perf_counter()
    found = scan(components, index, packages)
    print("load_s\t%.3f\nread_s\t%.3f\nmatch_s\t%.3f\nfindings\t%d" %
          (loaded - start, read - loaded, time.perf_counter() - read, len(found)))


if __name__ == "__main__":
    main()
