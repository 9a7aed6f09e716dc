#!/usr/bin/env python3
"""Precision and recall against human match labels.

The labels (anchore/vulnerability-match-labels, CC0) say of a package in a container image and a vulnerability whether the
match is right (TP) or wrong (FP). The SBOMs of the images are not public, and the labels name packages without a purl:
this script rebuilds an input (the distribution from what the other packages of the image say, the ecosystem from the
names of purl2cpe), scans it with Tutela and compares. Only labels whose vulnerability the knowledge base holds are
counted; what Tutela calls undecided is counted apart. Three groups are told apart: packages whose distribution or
ecosystem has records in the knowledge base; those without; and packages whose kind the label does not tell, which no
SBOM tool would leave open.

  bench/labels.py PROGRAM KB LABELS.jsonl [PURL2CPE.jsonl(.zst)]
"""
import collections
import json
import re
import subprocess
import sys
import tempfile

# purl type, namespace and release by the image's name; a release that is left open is told by the packages.
IMAGES = [
    ("almalinux", "rpm", "almalinux", "almalinux"),
    ("rockylinux", "rpm", "rocky", "rocky"),
    ("centos", "rpm", "redhat", "rhel"),
    ("ubi8", "rpm", "redhat", "rhel"),
    ("oraclelinux", "rpm", "oracle", "ol"),
    ("amazonlinux", "rpm", "amazon", "amzn"),
    ("sle15", "rpm", "suse", "sles-15"),
    ("sles12", "rpm", "suse", "sles-12.4"),
    ("mariner", "rpm", "azurelinux", "mariner-2.0"),
    ("wolfi", "apk", "wolfi", "wolfi"),
    ("chainguard", "apk", "chainguard", "chainguard"),
    ("alpine", "apk", "alpine", "alpine"),
    ("debian", "deb", "debian", "debian"),
    ("ubuntu", "deb", "ubuntu", "ubuntu"),
]

# What a distribution's build leaves in versions: purl type, namespace, release (with the mark's number).
MARKS = [
    (r"\.module_el(\d+)\.\d", "rpm", "almalinux", "almalinux-"),
    (r"[.+]el(\d+)", "rpm", "redhat", "rhel-"),
    (r"\.amzn(\d+)", "rpm", "amazon", "amzn-"),
    (r"\.fc(\d+)", "rpm", "fedora", "fedora-"),
    (r"\.cm(\d+)", "rpm", "azurelinux", "mariner-"),
    (r"\+deb(\d+)u", "deb", "debian", "debian-"),
    (r"ubuntu()", "deb", "ubuntu", "ubuntu"),
    (r"-r\d+()$", "apk", "alpine", "alpine"),
]

# The release by the version of its C library or busybox, where marks do not tell it.
RELEASES = [
    ("ubuntu", ("libc6", "libc-bin"), {"2.15": "12.04", "2.19": "14.04", "2.23": "16.04", "2.27": "18.04",
                                       "2.31": "20.04", "2.35": "22.04", "2.39": "24.04"}),
    ("debian", ("libc6", "libc-bin"), {"2.13": "7", "2.19": "8", "2.24": "9", "2.28": "10", "2.31": "11", "2.36": "12"}),
    ("alpine", ("busybox",), {"1.23": "3.2", "1.24": "3.4", "1.25": "3.5", "1.26": "3.6", "1.27": "3.7", "1.28": "3.8",
                              "1.29": "3.9", "1.30": "3.10", "1.31.1-r9": "3.11", "1.31.1-r1": "3.12", "1.32": "3.13",
                              "1.33": "3.14", "1.34": "3.15", "1.35": "3.17", "1.36": "3.18"}),
]

# Versions of distributions' packages, told from those of language packages in the same image.
PACKAGED = {"rpm": r"-[^-]*\.(?:el|amzn|fc|cm|module|\d+)|^\d+:|-\d", "deb": r"-\d|^\d+:|\+deb|ubuntu|\+b\d", "apk": r"-r\d+$"}


class Image:
    """The distribution of one image, by its name and by what most of its packages say."""

    def __init__(self, name, packages):
        named = next((row[1:] for row in IMAGES if row[0] in name), None)
        votes = collections.Counter()
        for _, version in packages:
            for pattern, kind, namespace, release in MARKS:
                found = re.search(pattern, version)
                if found:
                    votes[(kind, namespace, release + found.group(1))] += 1
                    break
        voted = votes.most_common(1)[0][0] if votes else None
        self.kind, self.namespace, self.release = named or voted or (None, None, None)
        if named and voted and "-" not in named[2] and re.search(r"-\d+$", voted[2]):
            self.release = named[2] + "-" + voted[2].rsplit("-", 1)[1]
        if self.release and "-" not in self.release:
            self.release = self.by_library(packages)

    def by_library(self, packages):
        for word, names, versions in RELEASES:
            if word != self.release:
                continue
            for name, version in sorted(packages):
                for start, release in versions.items():
                    if name in names and re.match(re.escape(start) + r"(?!\d)" + ("" if "-r" in start else r""), version):
                        return word + "-" + release
        return self.release

    def holds(self, version):
        return self.kind and re.search(PACKAGED[self.kind], version)


def quote(text):
    return "".join(c if re.match(r"[A-Za-z0-9._~:-]", c) else "".join("%%%02X" % b for b in c.encode()) for c in text)


def ecosystems_of(path):
    """name -> purls without version that have it as their name, from purl2cpe; empty without the file."""
    purls = collections.defaultdict(set)
    if not path:
        return purls
    text = open(path, "rb").read()
    if path.endswith(".zst"):
        text = subprocess.run(["zstd", "-dc", path], capture_output=True, check=True).stdout
    for line in text.decode().splitlines():
        for purl in json.loads(line).get("purls", ()):
            if re.match(r"pkg:(npm|pypi|gem|maven|composer|cargo|nuget|golang)/", purl):
                purls[purl.rsplit("/", 1)[1].lower()].add(purl.split("@")[0])
    return purls


def purl_of(package, vulnerability, image, purls):
    """The purl that an SBOM tool would state, or None where the label does not tell the kind of package."""
    name, version = package["name"], package["version"]
    if image.holds(version):
        return "pkg:%s/%s/%s@%s?distro=%s" % (image.kind, image.namespace, quote(name), quote(version), image.release)
    if ":" in name and not name.startswith("@"):
        group, artifact = name.split(":", 1)
        return "pkg:maven/%s/%s@%s" % (quote(group), quote(artifact), quote(version))
    if name.startswith("@") and "/" in name:
        scope, rest = name.split("/", 1)
        return "pkg:npm/%s/%s@%s" % (quote(scope), quote(rest), quote(version))
    if name == "stdlib" and version.startswith("go"):
        return "pkg:golang/stdlib@%s" % quote(version[2:])
    if "/" in name and "." in name.split("/")[0]:
        return "pkg:golang/%s@%s" % ("/".join(quote(p) for p in name.split("/")), quote(version))
    # The labelled tools match GHSA records by ecosystem only.
    known = purls.get(name.lower(), ())
    if len(known) == 1 and vulnerability.startswith("GHSA-"):
        return "%s@%s" % (next(iter(known)), quote(version))
    return None


def read_labels(path, skipped):
    """(image, name, version, vulnerability) -> (label, the id that was matched), and image -> its packages."""
    labels, packages = {}, collections.defaultdict(set)
    for line in open(path):
        label = json.loads(line)
        if "package" in label:
            packages[label["image"]["exact"]].add((label["package"]["name"], label["package"]["version"]))
        if label["label"] not in ("TP", "FP"):
            skipped["labelled unsure"] += 1
        elif "package" not in label:
            skipped["no package"] += 1
        else:
            vulnerability = label.get("effective_cve") or label["vulnerability_id"]
            key = (label["image"]["exact"], label["package"]["name"], label["package"]["version"], vulnerability)
            if key in labels and labels[key] and labels[key][0] != label["label"]:
                labels[key] = None
                skipped["labelled both ways"] += 1
            elif key not in labels:
                labels[key] = label["label"], label["vulnerability_id"]
    return {key: value for key, value in labels.items() if value}, packages


def known_ids(program, kb, ids):
    """Those of `ids` that the knowledge base has as a vulnerability's own id."""
    done = subprocess.run([program, "kb", "search", "--kb", kb, "--limit", "10000000", "-"],
                          capture_output=True, text=True, check=True)
    listed = {line.split(" ", 1)[0] for line in done.stdout.splitlines()}
    return ids & listed


def scan(program, kb, components):
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": list(components.values())}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as sbom:
        json.dump(document, sbom)
        sbom.flush()
        done = subprocess.run([program, "scan", sbom.name, "--kb", kb, "--format", "json"], capture_output=True)
    if done.returncode != 0:
        sys.exit("scan failed: " + done.stderr.decode())
    return json.loads(done.stdout)


def verdicts(result):
    """(bom-ref, vulnerability id or alias) -> (verdict, reason, by)."""
    found = {}
    aliases = {v["id"]: [v["id"]] + v.get("aliases", []) for v in result["vulnerabilities"]}
    for finding in result["findings"] + result["undecided"]:
        seen = (finding["verdict"], finding["reason"], finding["evidence"][0]["by"])
        for place in result["components"][finding["component"]]["occurrences"]:
            for identifier in aliases[finding["id"]]:
                found[(place["bom_ref"], identifier)] = seen
    return found


def covered(program, kb, refs):
    """The distributions of which the knowledge base has records about one of these very packages."""
    probes = {}
    for ref in refs:
        # The oldest version there is: affected by all that was ever mended.
        old = re.sub(r"@[^?]*", "@0", ref)
        probes[old] = {"type": "library", "name": "probe", "version": "0", "purl": old, "bom-ref": old}
    found = collections.Counter(group_of(ref) for (ref, _), seen in verdicts(scan(program, kb, probes)).items()
                                if seen[0] == "affected" and seen[2] in ("distro", "package"))
    return {group for group, count in found.items() if count >= 20}


def group_of(ref):
    """The distribution's release or the ecosystem of a component."""
    if not ref.startswith("pkg:"):
        return "kind not told"
    distro = re.search(r"\?distro=(.*)", ref)
    return distro.group(1) if distro else ref[4:].split("/")[0]


def main():
    program, kb, path = sys.argv[1:4]
    purls = ecosystems_of(sys.argv[4] if len(sys.argv) > 4 else None)
    skipped = collections.Counter()
    labels, packages = read_labels(path, skipped)
    images = {name: Image(name, rows) for name, rows in packages.items()}
    known = known_ids(program, kb, {key[3] for key in labels})
    components, refs = {}, {}
    for key, (_, matched) in labels.items():
        if key[3] not in known:
            skipped["vulnerability not in the knowledge base"] += 1
            continue
        purl = purl_of({"name": key[1], "version": key[2]}, matched, images[key[0]], purls)
        ref = purl or "%s|%s" % (key[1], key[2])
        components[ref] = {"type": "library", "name": key[1], "version": key[2], "bom-ref": ref}
        if purl:
            components[ref]["purl"] = purl
        refs[key] = ref
    found = verdicts(scan(program, kb, components))
    report(labels, refs, found, covered(program, kb, [ref for ref in refs.values() if ref.startswith("pkg:")]), skipped)


def report(labels, refs, found, with_data, skipped):
    groups = collections.defaultdict(collections.Counter)
    classes = collections.Counter()
    for key, ref in refs.items():
        truth = labels[key][0]
        group = group_of(ref)
        verdict, reason, by = found.get((ref, key[3]), ("not found", "", ""))
        part = group if group == "kind not told" else "with records" if group in with_data else "without records"
        groups["all"][(truth, verdict)] += 1
        groups[part][(truth, verdict)] += 1
        if (truth, verdict) in (("TP", "not found"), ("FP", "affected")) or verdict == "undecided":
            classes[(truth, verdict, reason, by, group)] += 1
    print("labels judged %d" % len(refs))
    for reason, count in skipped.most_common():
        print("  left out: %-40s %6d" % (reason, count))
    print("distributions and ecosystems with records: " + ", ".join(sorted(with_data)))
    print("\n%-16s %11s %10s %9s %9s %7s %7s %9s" % ("", "right/wrong", "labelled", "affected", "", "recall", "or un-",
                                                     "undecided"))
    print("%-16s %11s %10s %9s %9s %7s %7s %9s" % ("packages", "labelled", "precision", "right/wrong", "precision", "",
                                                   "decided", "right/wrong"))
    for name in ("all", "with records", "without records", "kind not told"):
        line(name, groups[name])
    print("\nclasses (label, verdict, reason, by, distribution or ecosystem):")
    for row, count in classes.most_common(30):
        print("  %6d  %s" % (count, ", ".join(str(part) for part in row)))


def ratio(part, whole):
    return "%.3f" % (part / whole) if whole else "-"


def line(name, table):
    right = sum(n for (truth, _), n in table.items() if truth == "TP")
    wrong = sum(table.values()) - right
    tp, fp = table[("TP", "affected")], table[("FP", "affected")]
    open_right, open_wrong = table[("TP", "undecided")], table[("FP", "undecided")]
    print("%-16s %11s %10s %9s %9s %7s %7s %9s" % (
        name, "%d/%d" % (right, wrong), ratio(right, right + wrong), "%d/%d" % (tp, fp), ratio(tp, tp + fp),
        ratio(tp, right), ratio(tp + open_right, right), "%d/%d" % (open_right, open_wrong)))


if __name__ == "__main__":
    main()
