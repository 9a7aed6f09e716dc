#!/usr/bin/env python3
"""What `vex write` writes, read as others read it: by the rules of go-vex (grype, vexctl), of Trivy and
of Dependency-Track's import of VEX. usage: vex_peers.py [PROGRAM]

Each reader has the release's SBOM, as its user has, and finds for each statement the components that it
is about. They must be those that were decided on, and no others. The readers are written from the rules
in the comments; where a peer goes by purl alone, components that have none are not asked for.
"""
import copy
import json
import re
import sys
import urllib.parse

from kit import ROOT, Kit

PUMP = ROOT / "examples" / "infusion-pump"
AT = ("--at", "2026-07-10T12:00:00Z")
STATES = {"not_affected", "exploitable", "resolved", "in_triage"}


# ---- the SBOM, as every one of them reads it

def flat(components):
    for component in components:
        yield component
        yield from flat(component.get("components", []))


class Bom:
    def __init__(self, text):
        self.bom = json.loads(text)
        self.subject = self.bom["metadata"]["component"]
        self.components = list(flat(self.bom["components"]))
        self.serial = self.bom.get("serialNumber", "").removeprefix("urn:uuid:")
        self.version = self.bom.get("version", 1)

    def linked(self, text):
        """Of a BOM-Link with this serial number and version: the components with its bom-ref."""
        link = re.fullmatch(r"urn:cdx:([^/]+)/(\d+)#(.+)", text)
        if not link or link[1] != self.serial or int(link[2]) != self.version:
            return []
        ref = urllib.parse.unquote(link[3])
        return [c for c in [self.subject, *self.components] if c.get("bom-ref") == ref]


# ---- package URLs, as go-vex compares them: what the statement has must be in the SBOM's, and no more

def purl_parts(text):
    rest, _, _ = text.removeprefix("pkg:").partition("#")
    rest, _, query = rest.partition("?")
    path, _, version = rest.partition("@")
    kind, *names = [urllib.parse.unquote(part) for part in path.split("/")]
    return (kind.lower(), names), urllib.parse.unquote(version), urllib.parse.parse_qs(query)


def purl_covers(stated, has):
    if not stated.startswith("pkg:") or not has.startswith("pkg:"):
        return False
    name, version, qualifiers = purl_parts(stated)
    its_name, its_version, its_qualifiers = purl_parts(has)
    return name == its_name and version in ("", its_version) and \
        all(its_qualifiers.get(key) == value for key, value in qualifiers.items())


# ---- go-vex: a component of OpenVEX matches an identifier by its @id, identifiers or hashes

def identifiers(component):
    return [component[key] for key in ("purl", "cpe") if component.get(key)] + \
        [item["content"] for item in component.get("hashes", [])]


def go_matches(stated, identifier):
    names = [stated.get("@id", ""), *stated.get("identifiers", {}).values(),
             *stated.get("hashes", {}).values()]
    return any(name == identifier or purl_covers(name, identifier) for name in names if name)


def by_go_vex(statement, bom):
    """grype asks with the product's identifiers and each package's; a product without
    subcomponents is about all of them."""
    found = []
    for product in statement["products"]:
        if not any(go_matches(product, name) for name in identifiers(bom.subject)):
            continue
        parts = product.get("subcomponents")
        found += [c for c in bom.components if not parts or any(
            go_matches(part, name) for part in parts for name in identifiers(c))]
    return found


# ---- Trivy: purl of the root and of the package; CycloneDX by BOM-Link; CSAF by relationships

def by_trivy_csaf(product_id, document, bom):
    tree = document["product_tree"]
    products = {p["product_id"]: p for p in tree.get("full_product_names", [])}

    def walk(branches):
        for branch in branches:
            if "product" in branch:
                products[branch["product"]["product_id"]] = branch["product"]
            walk(branch.get("branches", []))

    def purl(key):
        return products[key].get("product_identification_helper", {}).get("purl", "")

    walk(tree["branches"])
    found = []
    for relationship in tree.get("relationships", []):
        if relationship["full_product_name"]["product_id"] != product_id or \
                relationship["category"] != "default_component_of":
            continue
        if purl_covers(purl(relationship["relates_to_product_reference"]),
                       bom.subject.get("purl", "")):
            found += [c for c in bom.components
                      if purl_covers(purl(relationship["product_reference"]), c.get("purl", ""))]
    return found


# ---- Dependency-Track: a known source and id, an analysis state, a ref of the project's own BOM

KNOWN_SOURCES = {"NVD", "NPM", "GITHUB", "VULNDB", "OSSINDEX", "RETIREJS", "INTERNAL", "OSV", "SNYK"}


def by_dependency_track(vulnerability, bom):
    if vulnerability.get("source", {}).get("name") not in KNOWN_SOURCES or \
            not vulnerability.get("id") or vulnerability["analysis"]["state"] not in STATES:
        return []
    refs = [item["ref"] for item in vulnerability["affects"]]
    return [c for ref in refs for c in bom.linked(ref)] + \
        [c for c in [bom.subject, *bom.components] if c.get("bom-ref") in refs]


# ---- what was decided, and whether everybody finds just that

def refs_of(components):
    return sorted({c["bom-ref"] for c in components})


class Release:
    """A device folder, a release of it and its SBOM; `decided`: bom-refs by vulnerability."""

    def __init__(self, kit, name, folder, release, bom, decided):
        self.kit, self.name, self.folder, self.bom, self.decided = kit, name, folder, bom, decided
        self.arguments = (*AT, "--release", release)

    def written(self, form):
        path = self.kit.path(f"{form}.json")
        done = self.kit.run("vex", "write", self.folder, "--format", form, *self.arguments, "-o", path)
        self.kit.check(f"{self.name}: {form} is written", done.returncode == 0, done.complaint)
        with open(path, encoding="utf-8") as file:
            return path, json.load(file)

    def check(self, reader, cve, found, asked):
        """Of the decided components those that the reader can know; nothing else."""
        want = sorted(ref for ref in self.decided.get(cve, []) if asked(self.component(ref)))
        self.kit.check(f"{self.name}: {reader}: {cve}: {', '.join(want) or 'none'}",
                       refs_of(found) == want, f"found {refs_of(found)}")

    def component(self, ref):
        return next(c for c in self.bom.components if c["bom-ref"] == ref)

    def alone(self, key):
        """Has it an identifier that no component has which was not decided on?"""
        def asked(component):
            value = component.get(key)
            return bool(value) and all(c is component or c.get(key) != value
                                       for c in self.bom.components)
        return asked

    def all_read_it(self):
        path, openvex = self.written("openvex")
        self.applies("openvex", path)
        for s in openvex["statements"]:
            self.check("go-vex", s["vulnerability"]["name"], by_go_vex(s, self.bom),
                       lambda c: any(self.alone(key)(c) for key in ("purl", "cpe", "hashes")))
        path, cyclonedx = self.written("cyclonedx")
        self.applies("cyclonedx", path)
        for v in cyclonedx["vulnerabilities"]:
            self.check("Dependency-Track", v["id"], by_dependency_track(v, self.bom),
                       lambda c: True)
            linked = [c for item in v["affects"] for c in self.bom.linked(item["ref"])]
            self.check("Trivy, CycloneDX", v["id"], linked, lambda c: True)
        for form in ("csaf-vex", "csaf-advisory"):
            self.read_csaf(form)

    def read_csaf(self, form):
        path, document = self.written(form)
        self.applies(form, path)
        done = self.kit.run("csaf", "validate", path)
        self.kit.check(f"{self.name}: {form}: valid, and no warning",
                       "0 errors, 0 warnings" in done.text, done.text)
        ids = [p["product_id"] for p in document["product_tree"].get("full_product_names", [])] + \
            [r["full_product_name"]["product_id"]
             for r in document["product_tree"].get("relationships", [])]
        self.kit.check(f"{self.name}: {form}: no id twice", len(ids) == len(set(ids)), str(ids))
        for v in document["vulnerabilities"]:
            found = [c for products in v["product_status"].values() for key in products
                     for c in by_trivy_csaf(key, document, self.bom)]
            name = v.get("cve") or v["ids"][0]["text"]
            self.check(f"Trivy, {form}", name, found, self.alone("purl"))

    def applies(self, form, path):
        sbom = self.kit.path("released.cdx.json", json.dumps(self.bom.bom))
        done = self.kit.run("vex", "check", path, "--sbom", sbom, "--format", "json", *self.kb)
        results = json.loads(done.stdout)["results"] if done.returncode == 0 else []
        outcomes = {r["outcome"] for r in results}
        self.kit.check(f"{self.name}: {form}: vex check: every statement applies",
                       results and outcomes <= self.outcomes, done.complaint, str(outcomes))

    kb = ()
    outcomes = {"applies"}


def pump(kit, release, file):
    bom = Bom((PUMP / file).read_text(encoding="utf-8"))
    names = {"CVE-2021-42386": "busybox", "CVE-2023-38545": "curl", "CVE-2022-0934": "dnsmasq",
             "CVE-2021-44228": "log4j-core", "CVE-2022-0847": "linux-yocto",
             "CVE-2023-44487": "nghttp2", "CVE-2021-27803": "wpa-supplicant"}
    decided = {cve: [c["bom-ref"] for c in bom.components if c["name"] == name]
               for cve, name in names.items()}
    return Release(kit, f"pump {release}", PUMP, release, bom, decided)


# ---- a device that has it all: copies, components of each kind of identifier, names of any script

DEVICE = """schema: tutela-device/1
family: %(family)s
manufacturer: {name: %(maker)s, namespace: "https://maker.test", contact: psirt@maker.test}
variants:
%(variants)s
releases:
  - {version: "%(version)s", released: 2026-01-01, sbom: s.cdx.json}
"""
DECISION = """schema: tutela-decision/1
vulnerability: %s
component: %s
status: not_affected
justification: vulnerable_code_not_in_execute_path
impact: Never called.
rationale: r
validity: {releases: ["%s"]}
decided_by: A
decided_at: 2026-02-01T10:00:00Z
learned_at: 2026-01-31T10:00:00Z
"""


def made_bom(version):
    zlib = {"type": "library", "name": "zlib", "version": "1.2.11",
            "purl": "pkg:generic/zlib@1.2.11"}
    sha = "ab" * 32
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 12,
            "serialNumber": "urn:uuid:12345678-1111-4111-8111-111111111111",
            "metadata": {"component": {
                "type": "device", "name": "\u30dd\u30f3\u30d7", "version": version, "bom-ref": "the device",
                "purl": f"pkg:generic/maker/%E3%83%9D@{version}",
                "cpe": f"cpe:2.3:h:maker:pump:{version}:*:*:*:*:*:*:*"}},
            "components": [
                {**zlib, "bom-ref": "inner/zlib?a=1&b=2+3"}, {**zlib, "bom-ref": "outer \u03b2"},
                {"type": "library", "bom-ref": "deb", "name": "apt", "version": "2.2.4",
                 "purl": "pkg:deb/debian/apt@2.2.4?arch=amd64&distro=debian-11"},
                {"type": "library", "bom-ref": "cpe", "name": "openssl", "version": "1.1.1k",
                 "cpe": "cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*"},
                {"type": "file", "bom-ref": "file", "name": "fw.bin",
                 "hashes": [{"alg": "SHA-256", "content": sha}]},
                {"type": "library", "bom-ref": "nested", "name": "outside", "version": "1",
                 "components": [{"type": "library", "bom-ref": "pkg:npm/lodash@4.17.20",
                                 "name": "lodash", "version": "4.17.20",
                                 "purl": "pkg:npm/lodash@4.17.20"}]},
                {"type": "library", "bom-ref": "nothing", "name": "secret"}]}


def made(kit, number, family, maker, variants, version="1.0.0"):
    bom = made_bom(version)
    refs = [c["bom-ref"] for c in flat(bom["components"])]
    ids = [f"CVE-2024-{1000 + i}" for i in range(len(refs))]
    quoted = [json.dumps(name, ensure_ascii=False) for name in (family, maker, *variants)]
    folder = kit.folder / f"made{number}"
    (folder / "decisions").mkdir(parents=True)
    (folder / "s.cdx.json").write_text(json.dumps(bom), encoding="utf-8")
    (folder / "device.yaml").write_text(DEVICE % {
        "family": quoted[0], "maker": quoted[1], "version": version,
        "variants": "\n".join(f"  - {{name: {name}}}" for name in quoted[2:])}, encoding="utf-8")
    for cve, ref in zip(ids, refs):
        (folder / "decisions" / f"{cve}.yaml").write_text(
            DECISION % (cve, json.dumps("ref:" + ref), version), encoding="utf-8")
    found = Release(kit, f"made {number}", folder, version, Bom(json.dumps(bom)),
                    {cve: [ref] for cve, ref in zip(ids, refs)})
    found.arguments = AT
    found.outcomes = {"applies", "unknown-vulnerability"} # no knowledge base has these ids
    return found


def a_copy_is_never_cleared_with_its_twin(kit):
    """Without serial number: nothing tells the copies apart, and nothing is stated of either."""
    release = made(kit, "copies", "P", "M", ["P1"])
    bom = copy.deepcopy(release.bom.bom)
    del bom["serialNumber"]
    (release.folder / "s.cdx.json").write_text(json.dumps(bom), encoding="utf-8")
    _, document = release.written("openvex")
    names = {s["vulnerability"]["name"] for s in document["statements"]}
    kit.check("copies: no statement on either", not names & {"CVE-2024-1000", "CVE-2024-1001"},
              str(names))
    kit.check("copies: what has an identifier of its own is stated",
              names == {"CVE-2024-1002", "CVE-2024-1003", "CVE-2024-1004", "CVE-2024-1006"}, str(names))
    kit.check("copies: no statement on the whole product",
              all(p.get("subcomponents") for s in document["statements"] for p in s["products"]),
              str(document))
    done = kit.run("vex", "write", release.folder, "--format", "cyclonedx", *AT)
    kit.check("copies: CycloneDX, which needs BOM-Links, has nothing to state",
              done.returncode == 2 and done.complaint.count("no statement is written") == 8,
              done.complaint)


def main():
    kit = Kit()
    for release, file in (("4.3.1", "infusion-pump.cdx.json"),
                          ("4.4.0", "infusion-pump-4.4.0.cdx.json")):
        pump(kit, release, file).all_read_it()
    for number, names in enumerate((
            ("Larkspur", "Acme", ["P1", "P1+", "p1", "P 1", "P-1"]),
            ("\u30dd\u30f3\u30d7", "\u682a\u5f0f\u4f1a\u793e", ["\u30dd", "\u30f3"]),
            ("\u041d\u0430\u0441\u043e\u0441 \u21167", "\u041e\u041e\u041e", ["\u0430", "a"], "1.0 \u03b2+2"),
            ("\U0001fa7a", "!?&%\"'", ["/", ":", "#", "%2F"], "v:1/2"))):
        made(kit, number, *names).all_read_it()
    a_copy_is_never_cleared_with_its_twin(kit)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
