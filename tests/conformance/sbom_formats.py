#!/usr/bin/env python3
"""SBOM readers beside JSON: the XML suites of CycloneDX, archives, root file systems, bombs.

usage: sbom_formats.py [DRIVER]

DRIVER as in sbom.py, which judges the corpus (all formats) and the JSON suites. What needs the
shared data says so where it is missing; the other cases make their own documents. Prints TAP.

sbom-formats-tolerated.tsv lists the invalid documents that are read, and the note that says so.
"""
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

import kit
import sbom

MIB = 1024 * 1024
CDX = b"<bom xmlns='http://cyclonedx.org/schema/bom/1.6'>"


# The suites.


def xml_suites(tap, folder):
    tolerated = [row[:3] for row in sbom.table("sbom-formats-tolerated.tsv")]
    for path in sorted((folder / "cyclonedx" / "spec-tests").iterdir()):
        paths = sorted(path.glob("*.xml"))
        tally = sbom.Tally(tap, f"sbom/cyclonedx-xml-{path.name}")
        for document, read in zip(paths, sbom.summaries(paths)):
            name = str(document.relative_to(folder))
            if sbom.INVALID.search(name):
                sbom.judge_invalid(tally, name, document, read, tolerated)
            else:
                sbom.judge_valid(tally, name, read)
        if paths:
            tally.close()
    for row in tolerated:
        if len(row) == 3:
            tap.line(False, f"sbom-formats-tolerated.tsv {row[0]}: no such document is read")


def inventory(path):
    """What must not depend on the form: components by what identifies them."""
    rows = [row for row in sbom.dump(path) if row[0] == "component"]
    return sorted((row[8], row[9], row[11]) for row in rows)


# One document of the SPDX project in all of its forms. In the RDF form two packages have no purl
# under the name that the specification gives the type: names and versions are compared.
FORMS = {
    "tag-value": "tools-java/SPDXTagExample-v2.3.spdx",
    "RDF": "tools-java/SPDXRdfExample-v2.3.spdx.rdf",
    "YAML": "tools-java/SPDXYAMLExample-2.3.spdx.yaml",
    "UTF-16 tag-value": "tools-python/data/SPDXTagExample-UTF-16.spdx",
    "UTF-16 RDF": "tools-python/data/SPDXRdfExample-UTF-16.spdx.rdf.xml",
    "UTF-16 YAML": "tools-python/data/SPDXYAMLExample-UTF-16.spdx.yaml",
}


def same_in_all_forms(tap, folder):
    names = [row[:2] for row in inventory(folder / "spdx/tools-java/SPDXJSONExample-v2.3.spdx.json")]
    for form, path in FORMS.items():
        ours = [row[:2] for row in inventory(folder / "spdx" / path)]
        tap.line(len(names) == 4 and ours == names, f"sbom/spdx-forms {form}: {len(ours)} components")


# Archives.


def spdx(name, packages, relationships, others):
    space = f"http://spdx.org/spdxdoc/{name}"
    return json.dumps({
        "spdxVersion": "SPDX-2.2", "SPDXID": "SPDXRef-DOCUMENT", "name": name,
        "documentNamespace": space, "packages": packages, "files": [{"SPDXID": "SPDXRef-File"}],
        "creationInfo": {"created": "2024-01-01T00:00:00Z"},
        "externalDocumentRefs": [{"externalDocumentId": f"DocumentRef-{other}",
                                  "spdxDocument": f"http://spdx.org/spdxdoc/{other}"}
                                 for other in others],
        "relationships": [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b}
                          for a, kind, b in relationships]}).encode()


YOCTO = {
    "image.spdx.json": spdx(
        "image", [{"SPDXID": "SPDXRef-Image", "name": "image"}],
        [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Image"),
         ("SPDXRef-Image", "CONTAINS", "DocumentRef-busybox:SPDXRef-Package"),
         ("SPDXRef-Image", "CONTAINS", "DocumentRef-missing:SPDXRef-Package")], ["busybox"]),
    "packages/busybox.spdx.json": spdx(
        "busybox", [{"SPDXID": "SPDXRef-Package", "name": "busybox", "versionInfo": "1.36"}],
        [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Package"),
         ("SPDXRef-Package", "CONTAINS", "SPDXRef-File"),
         ("SPDXRef-Package", "GENERATED_FROM", "DocumentRef-recipe:SPDXRef-Recipe")], ["recipe"]),
    "recipes/recipe.spdx.json": spdx(
        "recipe", [{"SPDXID": "SPDXRef-Recipe", "name": "busybox", "versionInfo": "1.36",
                    "sourceInfo": "CVEs fixed: CVE-2022-1 CVE-2022-2"}], [], []),
    "index.json": b'{"documents": []}',
}


def tar(path, entries, odd=()):
    with tarfile.open(path, "w:gz") as archive:
        for name, body in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
        for entry in odd:
            archive.addfile(entry)
    return path


def link(name, target, kind):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def facts(path):
    """The dump as lines, columns joined by blanks."""
    return [" ".join(row) for row in sbom.dump(path)]


def has(lines, *words):
    return any(all(word in line for word in words) for line in lines)


def archives(tap, folder):
    lines = facts(tar(folder / "yocto.tar.gz", YOCTO))
    tap.line(has(lines, "format Yocto SPDX archive") and has(lines, "subject 0")
             and has(lines, "relationship 0 contains 1")
             and has(lines, "relationship 1 generated from 2")
             and has(lines, "resolved 2 CVE-2022-2"),
             "sbom/yocto: image, package and recipe meet across documents")
    tap.line(has(lines, "note", "not followed: relationships with elements of other documents"),
             "sbom/yocto: a reference to no document is told")
    wild = dict(YOCTO)
    wild["../../evil.json"] = b"{}"
    wild["again.spdx.json"] = YOCTO["image.spdx.json"]
    wild["broken.spdx.json"] = b'{"spdxVersion": '
    wild["inner.tar"] = tar(folder / "inner.tar.gz", {"a": b"b"}).read_bytes()
    lines = facts(tar(folder / "wild.tar.gz", wild,
                      [link("passwd", "/etc/passwd", tarfile.SYMTYPE),
                       link("hard", "/etc/passwd", tarfile.LNKTYPE)]))
    tap.line(has(lines, "note ../../evil.json", "left out") and not (folder.parent / "evil.json").exists(),
             "sbom/yocto: an entry with ../ is only a name")
    tap.line(has(lines, "note again.spdx.json", "a second document with the namespace"),
             "sbom/yocto: two documents with one namespace are told")
    tap.line(has(lines, "note broken.spdx.json", "line 1"), "sbom/yocto: a broken entry is located")
    tap.line(has(lines, "inner.tar", "archive"), "sbom/yocto: an archive in the archive is told")
    tap.line(not has(lines, "root:x:"), "sbom/yocto: links are not followed")
    read = sbom.summaries([tar(folder / "none.tar.gz", {"a.txt": b"words"})])[0]
    tap.line(read.status == "unsupported" and read.is_located(),
             "sbom/yocto: an archive without documents is refused")


# Root file systems.

STATUS = b"""Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl
Version: 3.0.11-1~deb12u2
"""
OS_RELEASE = b'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="x"\n'


def put(root, name, body):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def rootfs(tap, folder):
    root = folder / "root"
    put(root, "var/lib/dpkg/status", STATUS)
    put(root, "var/lib/dpkg/status.d/tzdata", b"Package: tzdata\nVersion: 2024a\n")
    put(root, "usr/lib/apk/db/installed", b"P:musl\nV:1.2.4-r2\nA:x86_64\n")
    put(root, "usr/lib/os-release", OS_RELEASE)
    (root / "etc").mkdir()
    # Absolute and upwards: both end inside of the folder.
    (root / "etc/os-release").symlink_to("/../../usr/lib/os-release")
    (root / "lib").symlink_to("/usr/lib")
    (root / "usr/lib/modules/6.1.55-yocto-standard").mkdir(parents=True)
    lines = facts(root)
    tap.line(has(lines, "pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl"),
             "sbom/rootfs: dpkg with the distribution of os-release")
    tap.line(has(lines, "component", "tzdata 2024a"), "sbom/rootfs: status.d")
    tap.line(has(lines, "component", "musl 1.2.4-r2"), "sbom/rootfs: apk through a link inside")
    tap.line(has(lines, "operating-system", "debian 12"), "sbom/rootfs: os-release")
    # Debian names kernels by their interface: the name states no version.
    tap.line(has(lines, "component", "linux_kernel") and not has(lines, "cpe", "linux_kernel"),
             "sbom/rootfs: a kernel of lib/modules without a package has no version on Debian")
    outside = folder / "outside"
    put(outside, "status", STATUS)
    leak = folder / "leak"
    put(leak, "etc/os-release", OS_RELEASE)
    (leak / "var/lib/dpkg").mkdir(parents=True)
    (leak / "var/lib/dpkg/status").symlink_to(outside / "status")
    (leak / "loop").symlink_to("loop")
    (leak / "var/lib/opkg").symlink_to("/loop")
    lines = facts(leak)
    tap.line(has(lines, "debian 12") and not has(lines, "libssl3"),
             "sbom/rootfs: a link out of the folder leads nowhere")
    (folder / "empty").mkdir()
    lines = facts(folder / "empty")
    tap.line(has(lines, "error not found"), "sbom/rootfs: a folder with nothing is not an empty list")


# Bombs.


def repeat(path, head, item, count, tail):
    with open(path, "wb") as out:
        out.write(head)
        block = item * 10000
        for _ in range(count // 10000):
            out.write(block)
        out.write(tail)
    return path


def peak(path):
    """(peak memory in MiB, the dump's first line) of reading one document."""
    done = subprocess.run([sbom.driver(), "--stats", str(path)], capture_output=True, timeout=300,
                          check=False)
    found = re.search(rb"peak ([0-9.]+) MiB", done.stdout)
    return float(found.group(1)) if found and done.returncode in (0, 1) else None


def siblings(tap, folder):
    """Memory is bounded by the document and what is kept of it, not by what XML makes of it."""
    cases = {
        "10 million unknown siblings": (CDX + b"<metadata>", b"<x/>", b"</metadata></bom>"),
        "10 million siblings that are skipped": (
            CDX + b"<components><component><name>a</name><tags>", b"<y/>",
            b"</tags></component></components></bom>"),
        "10 million nameless components": (CDX + b"<components>", b"<component/>",
                                           b"</components></bom>"),
    }
    for name, (head, item, tail) in cases.items():
        path = repeat(folder / "siblings.xml", head, item, 10_000_000, tail)
        size = path.stat().st_size / MIB
        memory = peak(path)
        tap.line(memory is not None and memory < 6 * size + 128,
                 f"sbom/bombs {name}: {size:.0f} MiB of text, {memory} MiB at the peak")
        path.unlink()


REFUSED = {
    "billion laughs": (b"<!DOCTYPE bom [<!ENTITY a 'ha'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (i, b"&a;" * 10) for i in range(9)) + b"]>" + CDX + b"&a8;</bom>",
        "declares the entity"),
    "external entity": (b"<!DOCTYPE bom [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + CDX +
                        b"<metadata><timestamp>&x;</timestamp></metadata></bom>",
                        "declares the external entity"),
    "external entity in RDF": (b"<!DOCTYPE r [<!ENTITY x SYSTEM 'http://127.0.0.1/'>]>"
                               b"<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
                               "declares the external entity"),
    "exploding anchors": (b"spdxVersion: SPDX-2.3\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
                          "an alias"),
    "deep elements": (CDX + b"<components>" + b"<component><components>" * 200, "deeper"),
    "deep flow YAML": (b"spdxVersion: SPDX-2.3\na: " + b"[" * 100000, "deeper"),
    "an endless text": (b"SPDXVersion: SPDX-2.3\nPackageComment: <text>" + b"x\n" * 100000,
                        "no </text>"),
    "protobuf": (b"\n\x031.5\x10\x01", "CycloneDX protobuf"),
}


def refusals(tap, folder):
    for name, (body, words) in REFUSED.items():
        path = folder / "bad"
        path.write_bytes(body)
        read = sbom.summaries([path])[0]
        tap.line(not read.fine and read.is_located() and words in read.message,
                 f"sbom/bombs {name}: {read.message[:90]}")


def main():
    if not os.access(sbom.driver(), os.X_OK):
        return kit.skip("sbom_formats: no driver")
    tap = kit.Tap()
    try:
        shared = kit.data(os.curdir)
        if shared:
            xml_suites(tap, shared)
            same_in_all_forms(tap, shared)
        else:
            tap.line(True, "sbom/suites # SKIP no shared data (set TUTELA_SHARED)")
        with tempfile.TemporaryDirectory() as folder:
            for part in (archives, rootfs, refusals, siblings):
                part(tap, pathlib.Path(folder))
    except (OSError, RuntimeError, subprocess.TimeoutExpired) as problem:
        tap.line(False, f"sbom_formats: {problem}")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
