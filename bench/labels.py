#!/usr/bin/env python3
"""Precision and recall against human match labels.

The labels (anchore/vulnerability-match-labels, CC0) say of a package in a container image and a vulnerability whether the
match is right (TP) or wrong (FP). The SBOMs of the images are not public: this script rebuilds an input from the labels
themselves (package, version, and the distribution and ecosystem that the image and the version suggest), scans it with
Tutela and compares. Only labels whose vulnerability the knowledge base holds are counted; what Tutela calls undecided is
counted apart.

  bench/labels.py PROGRAM KB LABELS.jsonl
"""
import collections
import json
import re
import subprocess
import sys
import tempfile

# Distribution by the image's name; the release is told by the package versions where possible.
IMAGES = [
    ("almalinux", "rpm", "almalinux", "almalinux-8"),
    ("rockylinux", "rpm", "rocky", "rocky-8"),
    ("centos", "rpm", "centos", "centos-8"),
    ("ubi8", "rpm", "redhat", "rhel-8"),
    ("oraclelinux", "rpm", "oracle", "ol-8"),
    ("amazonlinux", "rpm", "amzn", "amzn-2"),
    ("sle15", "rpm", "suse", "sles-15"),
    ("sles12", "rpm", "suse", "sles-12.4"),
    ("mariner", "rpm", "mariner", "mariner-2.0"),
    ("wolfi", "apk", "wolfi", "wolfi"),
    ("alpine", "apk", "alpine", "alpine"),
    ("debian", "deb", "debian", "debian"),
    ("ubuntu", "deb", "ubuntu", "ubuntu"),
]


def distro_of(image, version):
    for word, kind, namespace, release in IMAGES:
        if word in image:
            return kind, namespace, release
    el = re.search(r"\.(?:el|module\+el)(\d+)", version)
    if el:
        return "rpm", "redhat", "rhel-" + el.group(1)
    if re.search(r"-r\d+$", version):
        return "apk", "alpine", "alpine"
    deb = re.search(r"\+deb(\d+)u", version)
    if deb:
        return "deb", "debian", "debian-" + deb.group(1)
    if re.search(r"ubuntu", version):
        return "deb", "ubuntu", "ubuntu"
    return None


def quote(text):
    return "".join(c if re.match(r"[A-Za-z0-9._~:-]", c) else "%%%02X" % b
                   for c in text for b in [ord(c) if ord(c) < 256 else 63])


def language_of(name, version, vulnerability, ecosystems):
    """The ecosystem of a language package, from the vulnerability's own records."""
    for kind in ecosystems.get(vulnerability, ()):
        return kind
    if ":" in name and not name.startswith("@"):
        return "maven"
    if name.startswith("@"):
        return "npm"
    if "/" in name and "." in name.split("/")[0]:
        return "golang"
    return None


def purl_of(label):
    package = label["package"]
    name, version = package["name"], package["version"]
    image = label["image"]["exact"]
    distro = distro_of(image, version)
    looks_packaged = re.search(r"-\d|\+deb|ubuntu|\.el\d|-r\d+$|^\d+:", version)
    if distro and looks_packaged:
        kind, namespace, release = distro
        return "pkg:%s/%s/%s@%s?distro=%s" % (kind, namespace, quote(name), quote(version), release)
    if ":" in name and not name.startswith("@"):
        group, artifact = name.split(":", 1)
        return "pkg:maven/%s/%s@%s" % (quote(group), quote(artifact), quote(version))
    if name.startswith("@") and "/" in name:
        scope, rest = name.split("/", 1)
        return "pkg:npm/%s/%s@%s" % (quote(scope), quote(rest), quote(version))
    if "/" in name and "." in name.split("/")[0]:
        return "pkg:golang/%s@%s" % ("/".join(quote(p) for p in name.split("/")), quote(version))
    return None


def main():
    program, kb, path = sys.argv[1:4]
    labels = {}
    skipped = collections.Counter()
    for line in open(path):
        label = json.loads(line)
        if label["label"] not in ("TP", "FP"):
            skipped["labelled unsure"] += 1
        elif "package" not in label:
            skipped["no package"] += 1
        else:
            vulnerability = label.get("effective_cve") or label["vulnerability_id"]
            key = (label["image"]["exact"], label["package"]["name"], label["package"]["version"], vulnerability)
            if labels.get(key, label["label"]) != label["label"]:
                skipped["labelled both ways"] += 1
            labels[key] = label["label"]
            label_of_key[key] = label
    known = known_ids(program, kb, {key[3] for key in labels})
    components = {}
    for key in labels:
        if key[3] not in known:
            skipped["vulnerability not in the knowledge base"] += 1
            continue
        label = label_of_key[key]
        purl = purl_of(label)
        ref = "%s|%s" % (key[1], key[2]) if not purl else purl
        component = {"type": "library", "name": key[1], "version": key[2], "bom-ref": ref}
        if purl:
            component["purl"] = purl
        components[ref] = component
        ref_of_key[key] = ref
    findings = scan(program, kb, components)
    report(labels, findings, skipped)


label_of_key = {}
ref_of_key = {}


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
    return verdicts(json.loads(done.stdout))


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


def report(labels, findings, skipped):
    table = collections.Counter()
    classes = collections.Counter()
    for key, truth in labels.items():
        if key not in ref_of_key:
            continue
        verdict, reason, by = findings.get((ref_of_key[key], key[3]), ("not found", "", ""))
        table[(truth, verdict)] += 1
        kind = ref_of_key[key].split("/")[0] if ref_of_key[key].startswith("pkg:") else "name only"
        if (truth, verdict) in (("TP", "not found"), ("FP", "affected")) or verdict == "undecided":
            classes[(truth, verdict, reason, by, kind)] += 1
    tp, fp = table[("TP", "affected")], table[("FP", "affected")]
    fn = table[("TP", "not found")] + table[("TP", "not affected")]
    undecided = table[("TP", "undecided")], table[("FP", "undecided")]
    judged = sum(table.values())
    print("labels judged            %6d" % judged)
    for reason, count in skipped.most_common():
        print("  left out: %-30s %6d" % (reason, count))
    labelled_tp = sum(n for (t, _), n in table.items() if t == "TP")
    labelled_fp = judged - labelled_tp
    print("labelled right / wrong   %6d / %d (precision of the labelled tools' matches %.3f)" %
          (labelled_tp, labelled_fp, labelled_tp / judged if judged else 0))
    print("affected:  right %d, wrong %d; precision %.3f" % (tp, fp, tp / (tp + fp) if tp + fp else 0))
    print("missed:    %d; recall %.3f; with undecided counted as found %.3f" % (
        fn, tp / labelled_tp if labelled_tp else 0,
        (tp + undecided[0]) / labelled_tp if labelled_tp else 0))
    print("undecided: %d of the right ones, %d of the wrong ones" % undecided)
    print("rejected:  %d of the wrong ones" % (table[("FP", "not found")] + table[("FP", "not affected")]))
    print("\nclasses (label, verdict, reason, by, kind):")
    for row, count in classes.most_common(25):
        print("  %6d  %s" % (count, ", ".join(str(part) for part in row)))


if __name__ == "__main__":
    main()
