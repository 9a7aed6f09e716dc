#!/usr/bin/env python3
"""Distributions, makers' advisories, ends of support and a kernel's build, as a user meets them.

usage: intel.py [PROGRAM]
"""
import json
import sys

from kit import Kit, ROOT, component, sbom

CORPUS = ROOT / "fuzz" / "corpus" / "advisory"
KERNEL = "cpe:2.3:o:linux:linux_kernel:5.10.20:*:*:*:*:*:*:*"


def kernel_record(number, *files):
    return json.dumps({"dataType": "CVE_RECORD", "cveMetadata": {"cveId": f"CVE-2024-{number}", "state": "PUBLISHED"},
                       "containers": {"cna": {"providerMetadata": {"shortName": "Linux"}, "affected": [{
                           "vendor": "Linux", "product": "Linux", "defaultStatus": "affected", "programFiles": files,
                           "versions": [{"version": "6.1", "status": "unaffected", "lessThanOrEqual": "*",
                                         "versionType": "original_commit_for_fix"}]}]}}})


def main():
    kit = Kit()
    feeds = [CORPUS / name for name in ("csaf.json", "debian.json", "secdb.json", "rubysec.jsonl", "friendsofphp.jsonl",
                                        "kev-others.json", "endoflife.json")]
    kernel = kit.path("kernel.jsonl", "\n".join([kernel_record("7001", "net/bluetooth/hci_core.c"),
                                                 kernel_record("7002", "net/core/dev.c"),
                                                 kernel_record("7003")]) + "\n")
    kb = kit.path("all.kb")
    done = kit.run("kb", "build", "-o", kb, kernel, *feeds)
    kit.answers("every form is built in", done, 0, "CSAF ", "Debian tracker", "secdb", "RubySec", "FriendsOfPHP", "KEV",
                "endoflife.date", "CVE JSON 5")
    kit.answers("info counts releases and sources", kit.run("kb", "info", kb), 0, "ends of support of 2 releases",
                "FriendsOfPHP", "secdb", "Debian")
    kit.answers("show names a product's releases", kit.run("kb", "show", "debian", "--kb", kb), 0,
                "debian 10", "security fixes end 2022-09-10: over", "security fixes end 2026-06-10")
    kit.check("show: JSON", json.loads(kit.run("kb", "show", "debian", "--kb", kb, "-f", "json").text)[0]["fixes_end"]
              == "2022-09-10")
    kit.answers("show: neither vulnerability nor product", kit.run("kb", "show", "nothing", "--kb", kb), 3,
                "has no vulnerability nothing")
    kit.answers("show: a maker's document by CVE", kit.run("kb", "show", "CVE-2024-0001", "--kb", kb), 0, "Acme PSIRT")

    # the distribution's own word, and its end
    debian = {"type": "operating-system", "name": "debian", "version": "10.13", "bom-ref": "os"}
    lib = component("libssl3", "3.0.9-1", purl="pkg:deb/debian/libssl3@3.0.9-1?distro=debian-12&upstream=openssl")
    mended = component("libssl-new", "3.0.11-1~deb12u1",
                       purl="pkg:deb/debian/libssl3@3.0.11-1~deb12u1?distro=bookworm&upstream=openssl")
    path = kit.path("debian.json", sbom(debian, lib, mended))
    done = kit.run("scan", path, "--kb", kb)
    kit.answers("a distribution's package by its source; its end of life", done, 0, "CVE-2024-0001",
                "End of life: debian 10, the operating system of this SBOM", "since 2022-09-10")
    result = json.loads(kit.run("scan", path, "--kb", kb, "-f", "json").text)
    kit.check("only the package that is not mended", [f["name"] for f in result["findings"]] == ["libssl3"],
              result["findings"])
    kit.check("the release that a finding is of", [r.get("release") for r in result["releases"]] == ["10", "12"]
              and "component" not in result["releases"][0], result["releases"])

    # evidence from the build
    path = kit.path("device.json", sbom(component("linux-yocto", "5.10.20", cpe=KERNEL)))
    compiled = kit.path("compiled.txt", "kernel/fork.o\nnet/core/dev.o\n")
    config = kit.path("config", "CONFIG_CC_IS_GCC=y\n# CONFIG_BT is not set\n")
    found = sorted(f["id"] for f in json.loads(kit.run("scan", path, "--kb", kb, "-f", "json").text)["findings"])
    kit.check("without evidence all are found", found == ["CVE-2024-7001", "CVE-2024-7002", "CVE-2024-7003"], found)
    for option, file, words in (("--compiled-files", compiled, "net/bluetooth/hci_core.c is not among the 2 compiled files"),
                                ("--kernel-config", config, "net/bluetooth/hci_core.c: CONFIG_BT is not set")):
        done = kit.run("scan", path, "--kb", kb, option, file, "-f", "json")
        result = json.loads(done.text)
        found = sorted(f["id"] for f in result["findings"])
        kit.check(f"{option}: only what is not built is cleared", found == ["CVE-2024-7002", "CVE-2024-7003"], found)
        kit.check(f"{option}: the evidence is kept", [(f["id"], f["reason"], f["statement"]) for f in result["not_affected"]]
                  == [("CVE-2024-7001", "not-built", words)], result["not_affected"])
        kit.check(f"{option}: counted apart", result["summary"]["not_built"] == 1
                  and result["summary"]["not_affected_by_sbom"] == 0, result["summary"])
        done = kit.run("explain", path, "linux-yocto", "CVE-2024-7001", "--kb", kb, option, file)
        kit.answers(f"{option}: explain says what shows it", done, 0, "build shows", words)
    bom = json.loads(kit.run("scan", path, "--kb", kb, "--kernel-config", config, "-f", "cyclonedx").text)
    kit.check("CycloneDX: not present", [v["analysis"]["justification"] for v in bom["vulnerabilities"]
                                         if v["id"] == "CVE-2024-7001"] == ["code_not_present"], bom["vulnerabilities"])
    kit.answers("an empty list is refused", kit.run("scan", path, "--kb", kb, "--compiled-files", kit.path("none", "")), 3,
                "kernel/fork.c")
    kit.answers("a defconfig is refused", kit.run("scan", path, "--kb", kb, "--kernel-config",
                                                  kit.path("defconfig", "CONFIG_BT=y\n")), 3, "defconfig")
    kit.answers("a file that is not there", kit.run("scan", path, "--kb", kb, "--kernel-config", "/nonexistent"), 3,
                "nonexistent")
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
