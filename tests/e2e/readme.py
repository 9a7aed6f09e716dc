#!/usr/bin/env python3
"""What the README shows is true: each of its commands runs, in order, in a folder with the files that it names.

A comment after a command that is no sentence ("# <", "# yes") is the output. Prints TAP.

usage: readme.py [PROGRAM]
"""
import gzip
import json
import re
import shlex
import shutil
import sys
import zipfile

import kit as e2e

README = (e2e.ROOT / "README.md").read_text(encoding="utf-8")
# Answers of these small commands stand in the README.
ANSWERED = ("version", "purl", "cpe")
# A gate that finds what it looks for ends with 1; the example has such findings.
MAY_FAIL = ("--fail-on", "sbom check", "sbom diff", "csaf validate", "device check")
EXAMPLE = "examples/infusion-pump"


def commands():
    """(words as a text, comment) of each command of the program in blocks of sh."""
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        for line in re.sub(r"\\\n\s*", " ", block).splitlines():
            match = re.match(r"(build/tutela .*?)(?:\s+# ?(.*))?$", line)
            if match:
                yield match[1], match[2] or ""


def files(kit):
    """What the README's reader has."""
    here = kit.folder
    (here / "build").mkdir()
    (here / "build" / "tutela").symlink_to(kit.program)
    shutil.copytree(e2e.ROOT / "examples", here / "examples", ignore=shutil.ignore_patterns(".tutela*"))
    bom = here / EXAMPLE / "infusion-pump-4.4.0.cdx.json"
    for name in ("my-sbom.json", "new.cdx.json"):
        shutil.copy(bom, here / name)
    shutil.copy(here / EXAMPLE / "infusion-pump.cdx.json", here / "old.cdx.json")
    shutil.copy(here / EXAMPLE / "supplier-wifi.openvex.json", here / "supplier.openvex.json")
    kit.run("sbom", "convert", bom, "--to", "spdx-2.3-tv", "-o", here / "supplier.spdx")
    record = {"id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-01-01T00:00:00Z", "aliases": ["CVE-2099-0001"], "affected": [
        {"package": {"ecosystem": "npm", "name": "lodash"}, "ranges": [
            {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "4.17.21"}]}]}]}
    cve = (e2e.ROOT / "tests" / "tables" / "match" / "feed.jsonl").read_text(encoding="utf-8").splitlines()[0]
    kit.path("cvelistV5/one.json", cve)
    kit.path("nvd/one.json", cve)
    kit.path("osv/x", "")
    with zipfile.ZipFile(here / "osv" / "all.zip", "w") as archive:
        archive.writestr("GHSA-aaaa-bbbb-cccc.json", json.dumps(record))
    kit.path("kev.json", json.dumps({"catalogVersion": "2026.07.09", "dateReleased": "2026-07-09T00:00:00Z", "count": 1,
                                     "vulnerabilities": [{"cveID": "CVE-2022-1001", "dateAdded": "2026-07-09"}]}))
    kit.path("epss.csv.gz", gzip.compress(b"#model_version:v2025,score_date:2026-07-09T00:00:00Z\n"
                                          b"cve,epss,percentile\nCVE-2022-1001,0.1,0.2\n"))
    kit.run("kb", "build", "-o", here / "last-week.kb", here / "cvelistV5")
    kit.path("synced/tutela/tutela.kb", (here / "last-week.kb").read_bytes())
    root = here / "image"
    kit.path("image/etc/os-release", 'ID=debian\nVERSION_ID="12"\n')
    kit.path("image/var/lib/dpkg/status", "Package: zlib1g\nStatus: install ok installed\nVersion: 1:1.2.13\n"
             "Architecture: amd64\n")
    return {"/mnt/image": str(root)}


def main():
    kit = e2e.Kit()
    names = files(kit)
    shown = 0
    for text, comment in commands():
        if text.endswith("kb sync") or " serve " in text:
            text += " --help"  # nothing is downloaded here, and nothing stays
        for name, path in names.items():
            text = text.replace(name, path)
        # A bundle is made of what was downloaded; the other commands are shown with what is built in.
        env = {"XDG_DATA_HOME": str(kit.folder / "synced")} if "kb export" in text else {}
        done = kit.run(*shlex.split(text)[1:], cwd=kit.folder, env=env)
        allowed = (0, 1) if any(word in text for word in MAY_FAIL) else (0,)
        fine = done.returncode in allowed and (done.text or "-o" in text or done.complaint)
        kit.check(text.replace("#", ""), fine, done.returncode, done.text[-2000:], done.complaint)
        if text.split()[1] in ANSWERED:
            shown += 1
            kit.check(f"its answer: {comment}", done.text.strip() == comment, done.text)
    kit.check("the README has commands and answers", kit.count >= 36 and shown == 4, kit.count, shown)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
