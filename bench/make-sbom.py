#!/usr/bin/env python3
"""Print a synthetic SBOM, CycloneDX 1.6 or SPDX 2.3 JSON: N components of mixed ecosystems, M of them distinct.

The same arguments give the same bytes. Each distinct component is repeated with a reference of its
own, as a portfolio or a large image does it; popular ones more often than others.
"""
import argparse
import hashlib
import json
import random
import sys

NAMES = """openssl busybox zlib curl expat sqlite dnsmasq bluez wpa-supplicant mbedtls lwip glibc
systemd util-linux openssh dropbear libxml2 libpng libjpeg-turbo freetype harfbuzz cairo pango gtk
qtbase python requests urllib3 flask jinja2 lodash express react axios minimist log4j-core
commons-io jackson-databind spring-core netty-handler guava protobuf grpc yaml serde tokio hyper
newtonsoft-json serilog rails rack nokogiri symfony monolog twig gin cobra viper""".split()

# type, weight, namespaces, purl qualifiers, CPE
KINDS = [
    ("npm", 30, ["", "%40types", "%40babel"], "", False),
    ("maven", 20, ["org.apache", "com.example.device", "io.netty"], "", False),
    ("pypi", 12, [""], "", False),
    ("deb", 15, ["debian"], "?arch=amd64&distro=debian-12", True),
    ("rpm", 6, ["redhat"], "?arch=x86_64&distro=rhel-9.4", True),
    ("apk", 4, ["alpine"], "?arch=x86_64&distro=alpine-3.20", True),
    ("golang", 6, ["github.com/acme"], "", False),
    ("cargo", 3, [""], "", False),
    ("nuget", 2, [""], "", False),
    ("generic", 2, [""], "", True),
]
# CPE vendor, product, the first two numbers of old versions: what many records are about
PRODUCTS = [("openssl", "openssl", "1.0"), ("haxx", "curl", "7.5"), ("sqlite", "sqlite", "3.2"),
            ("libexpat_project", "libexpat", "2.1"), ("thekelleys", "dnsmasq", "2.7"), ("openbsd", "openssh", "7.3"),
            ("gnu", "glibc", "2.2"), ("xmlsoft", "libxml2", "2.9"), ("libpng", "libpng", "1.6"), ("busybox", "busybox", "1.2"),
            ("freetype", "freetype", "2.6"), ("libtiff", "libtiff", "4.0"), ("gnu", "binutils", "2.3"),
            ("tcpdump", "tcpdump", "4.9"), ("ntp", "ntp", "4.2"), ("w1.fi", "wpa_supplicant", "2.5"), ("php", "php", "7.0"),
            ("imagemagick", "imagemagick", "7.0"), ("wireshark", "wireshark", "2.2"), ("ffmpeg", "ffmpeg", "3.1")]
LICENCES = ["MIT", "Apache-2.0", "BSD-3-Clause", "GPL-2.0-only", "LGPL-2.1-or-later", "ISC", "Zlib"]


def version(rng):
    return "%d.%d.%d" % (rng.randrange(0, 12), rng.randrange(0, 40), rng.randrange(0, 30))


def distinct(rng, number):
    kind, _, namespaces, qualifiers, has_cpe = rng.choices(KINDS, [k[1] for k in KINDS])[0]
    namespace = rng.choice(namespaces)
    name = rng.choice(NAMES) + ("" if rng.random() < 0.3 else "-%d" % (number % 5000))
    release = version(rng) + ("-%d" % rng.randrange(1, 6) if qualifiers else "")
    path = "/".join(part for part in (namespace, name) if part)
    component = {
        "type": "library",
        "name": name,
        "version": release,
        "purl": "pkg:%s/%s@%s%s" % (kind, path, release, qualifiers),
        "licenses": [{"license": {"id": rng.choice(LICENCES)}}],
    }
    if namespace:
        component["group"] = namespace.replace("%40", "@")
    if has_cpe:
        component["cpe"] = "cpe:2.3:a:%s:%s:%s:*:*:*:*:*:*:*" % (name, name, release)
    if rng.random() < 0.4:
        digest = hashlib.sha256(component["purl"].encode()).hexdigest()
        component["hashes"] = [{"alg": "SHA-256", "content": digest}]
    if rng.random() < 0.5:
        component["properties"] = [
            {"name": "syft:package:type", "value": kind},
            {"name": "syft:location:0:path", "value": "/usr/lib/%s/%d" % (name, number % 97)},
        ]
    return component


def known(number):
    """A product that vulnerabilities are known of, by its CPE name."""
    vendor, name, branch = PRODUCTS[number % len(PRODUCTS)]
    release = "%s.%d" % (branch, number // len(PRODUCTS))
    return {"type": "library", "name": name, "version": release,
            "cpe": "cpe:2.3:a:%s:%s:%s:*:*:*:*:*:*:*" % (vendor, name, release),
            "licenses": [{"license": {"id": LICENCES[0]}}]}


def package(component):
    """A CycloneDX component as a SPDX package."""
    refs = []
    if "purl" in component:
        refs.append({"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                     "referenceLocator": component["purl"]})
    if "cpe" in component:
        refs.append({"referenceCategory": "SECURITY", "referenceType": "cpe23Type",
                     "referenceLocator": component["cpe"]})
    written = {
        "name": component["name"],
        "versionInfo": component["version"],
        "downloadLocation": "NOASSERTION",
        "licenseDeclared": component["licenses"][0]["license"]["id"],
        "externalRefs": refs,
    }
    if "hashes" in component:
        written["checksums"] = [{"algorithm": "SHA256",
                                 "checksumValue": component["hashes"][0]["content"]}]
    return written


# What stands before the components, one's reference, between them and the dependencies, one
# dependency (from, to), the end.
FORMATS = {
    "cyclonedx": (
        '{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,\n"metadata":{"timestamp":'
        '"2024-01-01T00:00:00Z","component":{"type":"device","bom-ref":"product",'
        '"name":"synthetic product","version":"1"}},\n"components":[',
        '{"bom-ref":"%s",', '],\n"dependencies":[', '{"ref":"%s","dependsOn":[%s]}', "]}\n"),
    "spdx": (
        '{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","dataLicense":"CC0-1.0",'
        '"name":"synthetic product","documentNamespace":"https://example.com/synthetic",'
        '"creationInfo":{"created":"2024-01-01T00:00:00Z","creators":["Tool: make-sbom"]},\n'
        '"packages":[', '{"SPDXID":"SPDXRef-%s",', '],\n"relationships":[',
        '{"spdxElementId":"SPDXRef-%s","relationshipType":"DEPENDS_ON",'
        '"relatedSpdxElement":"SPDXRef-%s"}', "]}\n"),
}


def dependencies(count, spdx):
    """Pairs of texts for the format's dependency: from, and to (all of them in CycloneDX)."""
    pairs = [] if spdx else [("product", ['c%d' % i for i in range(min(count, 50))])]
    pairs += [("c%d" % (i // 3), ["c%d" % i, "c%d" % (i - 1)]) for i in range(3, count, 3)]
    for ref, targets in pairs:
        if spdx:
            yield from ((ref, target) for target in targets)
        else:
            yield ref, ",".join('"%s"' % target for target in targets)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--components", type=int, default=1000, metavar="N")
    parser.add_argument("--distinct", type=int, default=0, metavar="M",
                        help="default: one for every eight components, at least one")
    parser.add_argument("--known", type=int, default=0, metavar="K",
                        help="of the distinct ones, those that are old versions of products that records are about")
    parser.add_argument("--format", choices=sorted(FORMATS), default="cyclonedx")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    options = parser.parse_args()
    if options.components < 0 or options.distinct < 0:
        parser.error("counts must not be negative")
    rng = random.Random(options.seed)
    count = min(options.distinct or max(1, options.components // 8), max(1, options.components))
    spdx = options.format == "spdx"
    start, reference, between, dependency, end = FORMATS[options.format]
    # Text of each distinct component, to which a reference is prepended.
    bodies = [known(i) if i < options.known else distinct(rng, i) for i in range(count)]
    bodies = [json.dumps(package(body) if spdx else body, separators=(",", ":"))[1:]
              for body in bodies]
    out = sys.stdout.write
    out(start)
    for i in range(options.components):
        # Every distinct one at least once, then by a skewed choice.
        pick = i if i < count else int(count * rng.random() ** 1.5)
        out(('\n' if i == 0 else ',\n') + reference % ("c%d" % i) + bodies[pick])
    out(between)
    for i, pair in enumerate(dependencies(options.components, spdx)):
        out(('\n' if i == 0 else ',\n') + dependency % pair)
    out(end)


if __name__ == "__main__":
    main()
