#!/usr/bin/env python3
"""Debian's own kernels as truth: nothing that was compiled is cleared.

usage: kernel.py [PROGRAM]

For each series, apt downloads the debug package of the kernel for the cloud, the kernel's package (its
.config) and the source of the same version. The DWARF line tables of vmlinux and all modules name what
was compiled. Each source file of the tree gets a record of its own; the scan with each kind of
evidence must clear none of those. The packages (1 GB) are kept in the build folder (TUTELA_BUILD).
Where apt does not have them, the series is skipped with that reason. Prints TAP.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from dwarf_sources import sources  # noqa: E402
from kit import ROOT, Kit  # noqa: E402

SERIES = ("6.1", "6.12")
BUILD_PATH = re.compile(r"^(?:/build/reproducible-path/linux-[^/]*/|debian/build/build[^/]*/)")
NOT_KERNEL = ("Documentation/", "tools/", "samples/", "scripts/")
TREE = ("kernel source tree", "--kernel-source")


def output(*command, cwd=None):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=1200)
    return done.stdout if done.returncode == 0 else ""


def packages(series):
    """(debug, image, source=version) of the newest kernel of which apt has all, or None."""
    names = re.findall(r"^(linux-image-(%s[.\d]*[-+]\S*cloud-amd64)-dbg) -" % re.escape(series),
                       output("apt-cache", "search", r"linux-image-.*cloud-amd64-dbg"), re.MULTILINE)
    for debug, release in sorted(names, reverse=True, key=lambda n: [int(d) for d in re.findall(r"\d+", n[1])]):
        version = re.search(r"Candidate: (\S+)", output("apt-cache", "policy", debug))
        source = f"linux-source-{series}"
        if version and version.group(1) in output("apt-cache", "madison", source):
            return debug, f"linux-image-{release}", f"{source}={version.group(1)}"
    return None


def unpacked(folder, package):
    """Where the package is unpacked, downloaded if need be; None when apt cannot."""
    place = folder / re.sub(r"[^\w.+-]", "_", package)
    if (place / "done").is_file():
        return place
    place.mkdir(parents=True, exist_ok=True)
    output("apt-get", "download", package, cwd=place)
    for file in place.glob("*.deb"):
        if subprocess.run(["dpkg-deb", "-x", file, place], check=False).returncode:
            return None
        file.unlink()
    for file in place.glob("usr/src/linux-source-*.tar.xz"):
        if subprocess.run(["tar", "-C", place, "-xf", file], check=False).returncode:
            return None
        file.unlink()
    if not any(place.iterdir()):
        return None
    (place / "done").write_text("")
    return place


def compiled_in(place):
    found = set()
    seen = set()
    for path in place.rglob("*"):
        if not path.is_file() or path.is_symlink() or not re.search(r"/vmlinux-|\.ko(\.debug)?$", str(path)):
            continue
        if path.name not in seen:
            seen.add(path.name)
            found |= {BUILD_PATH.sub("", name) for name in sources(path)}
    return found


def files_of(tree):
    found = (str(p.relative_to(tree)) for p in tree.rglob("*") if p.suffix in (".c", ".h", ".S") and p.is_file())
    return sorted(name for name in found if not name.startswith(NOT_KERNEL))


def record(number, name):
    return json.dumps({
        "dataType": "CVE_RECORD", "dataVersion": "5.1",
        "cveMetadata": {"cveId": f"CVE-2099-{10000 + number}", "state": "PUBLISHED", "assignerShortName": "Linux",
                        "assignerOrgId": "00000000-0000-4000-8000-000000000000"},
        "containers": {"cna": {
            "providerMetadata": {"orgId": "00000000-0000-4000-8000-000000000000", "shortName": "Linux"},
            "descriptions": [{"lang": "en", "value": name}], "references": [],
            "affected": [{"vendor": "Linux", "product": "Linux", "defaultStatus": "unaffected", "programFiles": [name],
                          "versions": [{"version": "2.6.12", "lessThan": "99", "status": "affected",
                                        "versionType": "semver"}]}]}}})


def check(kit, series, version, tree, config, compiled):
    files = files_of(tree)
    kb = kit.path(f"{series}.kb")
    kit.run("kb", "build", "-o", kb, kit.path(f"{series}.jsonl", "\n".join(map(record, *zip(*enumerate(files))))),
            timeout=600)
    sbom = kit.path(f"{series}.json", json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "components": [{"type": "operating-system", "name": "linux", "version": version,
                        "cpe": f"cpe:2.3:o:linux:linux_kernel:{version}:*:*:*:*:*:*:*"}]}))
    listed = kit.path(f"{series}.list", "\n".join(sorted(compiled)) + "\n")
    objects = kit.path(f"{series}.objects", "".join(n[:-2] + ".o\n" for n in sorted(compiled) if n.endswith((".c", ".S"))))
    for name, least, *options in (
            ("source tree and configuration", 20000, "--kernel-source", tree, "--kernel-config", config),
            ("configuration alone", 5000, "--kernel-config", config),
            ("sources of debug information", 20000, "--compiled-files", listed),
            ("objects", 15000, "--compiled-files", objects),
            ("objects, source tree, configuration", 20000, "--compiled-files", objects, "--kernel-source", tree,
             "--kernel-config", config)):
        done = kit.run("scan", sbom, "--kb", kb, "-f", "json", *options, timeout=1200)
        if done.returncode:
            kit.check(f"{series} {version}, {name}", False, done.complaint)
            continue
        cleared = {re.match(r"[^ :]+", f["statement"]).group() for f in json.loads(done.text)["not_affected"]}
        wrong = sorted(cleared & compiled)
        sources_cleared = sum(n.endswith(".c") for n in cleared)
        print(f"# {version}, {name}: {len(cleared)} of {len(files)} files cleared, {sources_cleared} of them .c; "
              f"{len(compiled & set(files))} compiled")
        kit.check(f"{series} {version}, {name}: nothing that was compiled is cleared", not wrong, wrong[:20])
        kit.check(f"{series} {version}, {name}: more than {least} are", len(cleared) > least, len(cleared))


def main():
    kit = Kit()
    folder = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")) / "kernels"
    for series in SERIES:
        names = packages(series)
        places = [unpacked(folder, name) for name in names] if names else []
        if not places or None in places:
            kit.count += 1
            print(f"ok {kit.count} - {series} # SKIP apt does not have Debian's kernel, its debug information and source")
            continue
        trees = [p for p in places[2].glob("linux-source-*") if p.is_dir()]
        configs = list(places[1].glob("boot/config-*"))
        check(kit, series, re.search(r"=(\d+(\.\d+)+)", names[2]).group(1), trees[0], configs[0], compiled_in(places[0]))
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
