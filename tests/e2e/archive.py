#!/usr/bin/env python3
"""An archive of Yocto's create-spdx class, given to `tutela scan` as it lies in the deploy folder.

usage: archive.py [PROGRAM]
"""
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile

from kit import Kit, PUMP

SPACE = "http://spdx.org/spdxdoc/"


def spdx(name, package, others=(), links=()):
    return json.dumps({
        "spdxVersion": "SPDX-2.2", "SPDXID": "SPDXRef-DOCUMENT", "name": name,
        "documentNamespace": SPACE + name, "packages": [package], "dataLicense": "CC0-1.0",
        "creationInfo": {"created": "2024-01-01T00:00:00Z", "creators": ["Tool: maker"]},
        "externalDocumentRefs": [{"externalDocumentId": f"DocumentRef-{other}",
                                  "spdxDocument": SPACE + other} for other in others],
        "relationships": [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b}
                          for a, kind, b in links]}).encode()


def package(name, version, **more):
    return {"SPDXID": "SPDXRef-Package", "name": name, "versionInfo": version, **more}


ENTRIES = {
    "image.spdx.json": spdx(
        "image", package("device-image", "1"), ["pumpd"],
        [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Package"),
         ("SPDXRef-Package", "CONTAINS", "DocumentRef-pumpd:SPDXRef-Package")]),
    "pumpd.spdx.json": spdx(
        "pumpd", package("pumpd", "1.3", externalRefs=[
            {"referenceCategory": "SECURITY", "referenceType": "cpe23Type",
             "referenceLocator": PUMP % "1.3"}]),
        links=[("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-Package")]),
    "index.json": b'{"documents": []}',
}


def archive(path, mode):
    with tarfile.open(path, mode) as out:
        for name, body in ENTRIES.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            out.addfile(entry, io.BytesIO(body))
    return path


RECORD = b'{"id": "OSV-2024-%d", "modified": "2024-01-01T00:00:00Z", "affected": []}'


def check_total(kit):
    """What the inputs of one build unpack to is limited, all together and by whatever form they come."""
    big = [RECORD % i + b" " * (3 << 20) for i in range(4)]
    packed = kit.path("many.zip")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for i, text in enumerate(big):
            out.writestr(f"{i}.json", text)
    singly = [kit.path(f"{i}.json.gz", gzip.compress(text)) for i, text in enumerate(big)]
    for form, inputs in (("members of an archive", [packed]), ("gzip files", singly)):
        kb = kit.path(f"total-{len(inputs)}.kb")
        done = kit.run("kb", "build", "-o", kb, "--max-unpacked", "10", *inputs)
        kit.check(f"total: {form} beyond the limit end the build with its number and its option",
                  done.returncode == 3 and "limit of 10 MiB for all together" in done.complaint
                  and "--max-unpacked" in done.complaint and not os.path.exists(kb), done.complaint)
        done = kit.run("kb", "build", "-o", kb, "--max-unpacked", "16", *inputs)
        kit.check(f"total: {form} within the limit are read", done.returncode == 0 and "4 records" in done.text,
                  done.text + done.complaint)
    for wrong in ("0", "-1", "1e3", "99999999999", ""):
        done = kit.run("kb", "build", "-o", kit.path("no.kb"), f"--max-unpacked={wrong}", packed)
        kit.check(f"total: --max-unpacked={wrong} is wrong usage", done.returncode == 2, done.complaint)


def main():
    kit = Kit()
    kb = kit.kb()
    plain = archive(kit.path("image.spdx.tar"), "w")
    forms = {"tar": plain, "tar.gz": archive(kit.path("image.spdx.tar.gz"), "w:gz")}
    if shutil.which("zstd"):
        subprocess.run(["zstd", "-q", plain], check=True, timeout=60)
        forms["tar.zst"] = f"{plain}.zst"
    else:
        kit.check("archive tar.zst # SKIP no zstd", True)
    for form, path in forms.items():
        done = kit.run("scan", path, "--kb", kb)
        kit.answers(f"archive {form}: all documents are one inventory", done, 0, "device-image",
                    "pumpd 1.3", "CVE-2022-1001")
        with open(path, "rb") as packed:
            again = kit.run("scan", "-", "--kb", kb, stdin=packed.read())
        kit.answers(f"archive {form}: from standard input", again, 0, "pumpd 1.3", "CVE-2022-1001")
        done = kit.run("scan", path, "--kb", kb, "-f", "json")
        names = {name for name in ("device-image", "pumpd") if name in done.text}
        kit.check(f"archive {form}: image and package are in the result", len(names) == 2, done.text)
    with open(forms["tar.gz"], "rb") as packed:
        cut = kit.path("cut.tar.gz", packed.read()[:-40])
    done = kit.run("scan", cut, "--kb", kb)
    kit.check("archive: one that is cut is no empty inventory", done.returncode not in (0, 1),
              str(done.returncode), done.text + done.complaint)
    check_total(kit)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
