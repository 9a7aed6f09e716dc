#!/usr/bin/env python3
"""Trivy's integration results, rebuilt as feeds and SBOMs: what of them is found, what beyond.

usage: peers_trivy.py [PROGRAM]

TUTELA_TRIVY names a checkout of aquasecurity/trivy; without it the suite is skipped. The database
of its integration tests becomes feeds (OSV, Alpine's secdb, Debian's tracker); each *.json.golden
becomes an SBOM of the packages that it names, by their purl as they are. Expected is what the
golden files list. What is answered otherwise is a row of peers.tsv with its reason; anything else
fails.
"""
import collections
import json
import re
import sys

import kit
import peers

DATA = "integration/testdata"
LANGUAGES = {"composer": "Packagist", "conan": "ConanCenter", "erlang": "Hex", "go": "Go",
             "maven": "Maven", "npm": "npm", "nuget": "NuGet", "pip": "PyPI", "pub": "Pub",
             "rubygems": "RubyGems", "cargo": "crates.io", "swift": "SwiftURL", "k8s": "Kubernetes"}
SYSTEMS = [  # a bucket of the database, and its ecosystem in OSV
    (r"ubuntu ([\d.]+)", "Ubuntu:{}"), (r"alma (\d+)", "AlmaLinux:{}"),
    (r"rocky (\d+)", "Rocky Linux:{}"), (r"Photon OS ([\d.]+)", "Photon OS:{}"),
    (r"CBL-Mariner (\d+)\.0", "CBL-Mariner:{}"), (r"openSUSE (Leap [\d.]+)", "openSUSE:{}"),
    (r"openSUSE (Tumbleweed)", "openSUSE:{}"),
    (r"SUSE Linux Enterprise (\d+)-(SP\d+)", "SUSE:Linux Enterprise Server {} {}"),
    (r"SUSE Linux Enterprise Micro ([\d.]+)", "SUSE:Linux Enterprise Micro {}"),
]
CODENAMES = {"9": "stretch", "10": "buster"}
SOURCES = {  # the source package, which an SBOM states and the golden files do not
    "libcrypto1.1": "openssl", "libssl1.1": "openssl", "musl-utils": "musl",
    "libidn2-0": "libidn2", "curl-libs": "curl",
    **dict.fromkeys(("e2fslibs", "libcomerr2", "libcom-err2", "libext2fs2", "libss2"), "e2fsprogs")}
NARROWED = re.compile(r"ignore|skip|high-critical|medium|suppressed|-vex")  # results left out


def vulnerable(value):
    """The ranges of a language's record as events of OSV."""
    ranges = value.get("VulnerableVersions")
    if not ranges:  # Rust: only what is patched
        lows = [text.split(",") for text in value["PatchedVersions"]]
        events, since = [], "0"
        for parts in sorted(lows, key=lambda parts: parts[0]):
            events.append([{"introduced": since}, {"fixed": parts[0].strip(" >=")}])
            since = parts[1].strip(" <") if len(parts) > 1 else ""
        return events
    events = []
    for text in ranges:
        low, high = "0", None
        maven = re.fullmatch(r"\[([^,]*),([^,]*)\)", text)
        terms = ([(">=", maven[1]), ("<", maven[2])] if maven
                 else re.findall(r"(<=|>=|<|>)\s*([^\s,]+)", text))
        for sign, version in terms:
            if sign == ">=":
                low = version
            elif sign in ("<", "<="):
                high = {"fixed" if sign == "<" else "last_affected": version}
        events.append([{"introduced": low}, *([high] if high else [])])
    return events


def records(bucket, package, key, value):
    """OSV records of one row; none where its kind has no form in OSV or a feed of its own."""
    language = LANGUAGES.get(bucket.partition("::")[0])
    if language:
        if language == "SwiftURL":
            package = "https://" + package
        return [peers.osv(key.strip(), language, package, vulnerable(value))]
    for pattern, name in SYSTEMS:
        found = re.fullmatch(pattern, bucket)
        if found:
            events = [{"introduced": "0"}]
            if value and value.get("FixedVersion"):
                events.append({"fixed": value["FixedVersion"]})
            return [peers.osv(key.strip(), name.format(*found.groups()), package, [events])]
    return []


def red_hat(package, key, value):
    """By major release: which of its CPEs an entry is about the database says by number."""
    for entry in value["Entries"]:
        fixed = entry.get("FixedVersion", "")
        mark = re.search(r"el(\d+)", fixed)
        for release in [mark[1]] if mark else ["6", "7"]:
            events = [{"introduced": "0"}, *([{"fixed": fixed}] if fixed else [])]
            for cve in entry["Cves"]:
                yield peers.osv(cve.get("ID", key), "Red Hat:enterprise_linux:" + release, package,
                                [events])


class Database:
    """The fixtures as feeds, and the rows that no feed can say."""

    def __init__(self, folder):
        import yaml
        self.osv, self.debian, self.alpine = [], {}, collections.defaultdict(dict)
        self.without = set()
        for path in sorted(folder.glob("*.yaml")):
            if path.stem in ("cpe", "data-source", "vulnerability"):
                continue
            for bucket in yaml.safe_load(path.read_text(encoding="utf-8")):
                for package in bucket["pairs"]:
                    for row in package["pairs"]:
                        self.add(bucket["bucket"], package["bucket"], row["key"],
                                 row.get("value") or {})

    def add(self, bucket, package, key, value):
        system, _, release = bucket.rpartition(" ")
        if system == "debian":
            self.add_debian(release, package, key, value)
        elif system == "alpine":
            fixes = self.alpine[release].setdefault(package, {})
            fixes.setdefault(value["FixedVersion"], []).append(key)
        elif bucket == "Red Hat":
            self.osv += red_hat(package, key, value)
        else:
            found = records(bucket, package, key, value)
            self.osv += found
            if not found:
                self.without.add(bucket)

    def add_debian(self, release, package, key, value):
        fixed = value.get("FixedVersion")
        state = {"status": "resolved", "fixed_version": fixed} if fixed else {"status": "open"}
        if value.get("State") == "postponed":
            state["nodsa_reason"] = "postponed"
        one = self.debian.setdefault(package, {}).setdefault(
            key, {"description": "a fact of a peer's test", "releases": {}})
        one["releases"][CODENAMES[release]] = {**state, "urgency": "not yet assigned"}

    def feeds(self):
        # One record an identifier and feed: several of a distribution's are put into one.
        joined = {}
        for record in self.osv:
            joined.setdefault(record["id"], {**record, "affected": []})["affected"] += \
                record["affected"]
        feeds = {"osv.jsonl": "".join(json.dumps(r) + "\n" for r in joined.values()),
                 "debian.json": json.dumps(self.debian)}
        for release, packages in self.alpine.items():
            feeds[f"alpine-{release}.json"] = json.dumps({
                "distroversion": release if release == "edge" else "v" + release,
                "reponame": "main", "archs": ["x86_64"], "apkurl": "",
                "urlprefix": "https://dl-cdn.alpinelinux.org/alpine", "packages": [{"pkg": {"name": name, "secfixes": fixes}}
                                                 for name, fixes in packages.items()]})
        return feeds


def packages(result):
    """Every package of a result: purl -> (name, version)."""
    found = {}
    for package in result.get("Packages") or []:
        purl = package.get("Identifier", {}).get("PURL")
        if purl:
            found[purl] = (package["Name"], package.get("Version", ""))
    for row in result.get("Vulnerabilities") or []:
        found[row["PkgIdentifier"]["PURL"]] = (row["PkgName"], row["InstalledVersion"])
    return found


def made(purl, name, version):
    source = SOURCES.get(name)
    properties = [("aquasecurity:trivy:SrcName", source)] if source else []
    return {**peers.component(name, version, purl, properties=properties), "bom-ref": purl}


def compare(scan, path, sums):
    golden = json.loads(path.read_text(encoding="utf-8"))
    for result in golden.get("Results") or []:
        known = packages(result)
        if not known:
            continue
        found = scan.findings([made(purl, *known[purl]) for purl in known])
        wanted = {(row["VulnerabilityID"].strip(), row["PkgIdentifier"]["PURL"])
                  for row in result.get("Vulnerabilities") or []}
        name = path.name.removesuffix(".json.golden")
        group = "distributions" if result["Class"] == "os-pkgs" else "languages"
        for key in sorted(wanted | set(found)):
            verdict, reason = found.get(key, ("nothing", ""))
            if key not in wanted and (verdict == "not-affected" or NARROWED.search(name)):
                continue
            sums[group].add(f"{name} {key[0]} {key[1]}", key in wanted, verdict, reason)


def main():
    checkout = peers.folder("TUTELA_TRIVY")
    if not checkout or not (checkout / DATA).is_dir():
        return kit.skip("TUTELA_TRIVY does not name a checkout of aquasecurity/trivy")
    try:
        database = Database(checkout / DATA / "fixtures" / "db")
    except ImportError:
        return kit.skip("PyYAML is not installed")
    scan = peers.Scan(kit.program())
    scan.build(database.feeds())
    sums = {"distributions": peers.Sums(), "languages": peers.Sums()}
    for path in sorted((checkout / DATA).glob("*.json.golden")):
        compare(scan, path, sums)
    print("# without a feed that has them: " + ", ".join(sorted(database.without)))
    return peers.report("trivy", sums, kit.Tap())


if __name__ == "__main__":
    sys.exit(main())
