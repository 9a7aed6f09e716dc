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


def kernel_build(kit):
    """A build folder with its sources beside it, as "make O=" leaves it."""
    for name, text in (("out/.vmlinux.cmd", "cmd_vmlinux := ld\n"),
                       ("out/kernel/.fork.o.cmd", "source_kernel/fork.o := /src/kernel/fork.c\n"),
                       ("out/net/core/.dev.o.cmd", "source_net/core/dev.o := /src/net/core/dev.c\n\n"
                        "deps_net/core/dev.o := \\\n  /src/include/linux/a.h \\\n"),
                       ("out/.config", "CONFIG_CC_IS_GCC=y\nCONFIG_MODULES=y\n"), ("out/modules.order", ""),
                       ("tree/kernel/fork.c", ""), ("tree/net/bluetooth/hci_core.c", ""),
                       ("tree/Makefile", "VERSION = 5\nPATCHLEVEL = 10\n")):
        kit.path(name, text)
    (kit.folder / "out" / "source").symlink_to(kit.folder / "tree")
    return str(kit.folder / "out")


def kernel_tree(kit):
    for name, text in (("Makefile", "VERSION = 5\nPATCHLEVEL = 10\nSUBLEVEL = 20\n"), ("Kbuild", "obj-y += kernel/ net/\n"),
                       ("kernel/Makefile", "obj-y := fork.o\n"), ("kernel/fork.c", ""),
                       ("net/Makefile", "obj-$(CONFIG_NET) += core/\nobj-$(CONFIG_BT) += bluetooth/\n"),
                       ("net/core/Makefile", "obj-y := dev.o\n"), ("net/core/dev.c", ""),
                       ("net/bluetooth/Makefile", "obj-y := hci_core.o\n"), ("net/bluetooth/hci_core.c", "")):
        kit.path("linux/" + name, text)
    return str(kit.folder / "linux")


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
    kit.answers("each catalogue of exploited vulnerabilities has its own line", kit.run("kb", "info", kb), 0, "ENISA", "VulnCheck")
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
    config = kit.path("config", "CONFIG_CC_IS_GCC=y\nCONFIG_NET=y\n# CONFIG_BT is not set\n")
    build = kernel_build(kit)
    tree = kernel_tree(kit)
    of_tree = kit.path("tree.config", "# Linux/arm64 5.10.20 Kernel Configuration\nCONFIG_ARM64=y\nCONFIG_NET=y\n"
                       "# CONFIG_BT is not set\n")
    found = sorted(f["id"] for f in json.loads(kit.run("scan", path, "--kb", kb, "-f", "json").text)["findings"])
    kit.check("without evidence all are found", found == ["CVE-2024-7001", "CVE-2024-7002", "CVE-2024-7003"], found)
    for option, file, words, *more in (
            ("--kernel-build", build, "net/bluetooth/hci_core.c is not among the 2 compiled files"),
            ("--kernel-source", tree, "net/bluetooth/hci_core.c: CONFIG_BT is not set", "--kernel-config", of_tree),
            ("--compiled-files", compiled, "net/bluetooth/hci_core.c is not among the 2 compiled files"),
            ("--kernel-config", config, "net/bluetooth/hci_core.c: CONFIG_BT is not set")):
        done = kit.run("scan", path, "--kb", kb, option, file, *more, "-f", "json")
        result = json.loads(done.text)
        found = sorted(f["id"] for f in result["findings"])
        kit.check(f"{option}: only what is not built is cleared", found == ["CVE-2024-7002", "CVE-2024-7003"], found)
        kit.check(f"{option}: the evidence is kept", [(f["id"], f["reason"], f["statement"]) for f in result["not_affected"]]
                  == [("CVE-2024-7001", "not-built", words)], result["not_affected"])
        kit.check(f"{option}: counted apart", result["summary"]["not_built"] == 1
                  and result["summary"]["not_affected_by_sbom"] == 0, result["summary"])
        done = kit.run("explain", path, "linux-yocto", "CVE-2024-7001", "--kb", kb, option, file, *more)
        kit.answers(f"{option}: explain says what shows it", done, 0, "build shows", words)
    bom = json.loads(kit.run("scan", path, "--kb", kb, "--kernel-config", config, "-f", "cyclonedx").text)
    kit.check("CycloneDX: not present", [v["analysis"]["justification"] for v in bom["vulnerabilities"]
                                         if v["id"] == "CVE-2024-7001"] == ["code_not_present"], bom["vulnerabilities"])
    kit.answers("an empty list is refused", kit.run("scan", path, "--kb", kb, "--compiled-files", kit.path("none", "")), 3,
                "kernel/fork.c")
    other = kit.path("other.config", "# Linux/arm64 6.6.1 Kernel Configuration\n# CONFIG_BT is not set\n")
    kit.answers("a configuration of another version clears nothing, and that is said",
                kit.run("scan", path, "--kb", kb, "--kernel-config", other, "-f", "csv"), 0, "CVE-2024-7001,affected",
                "the kernel configuration is of another version: it clears nothing")
    kit.answers("a source tree of another version is refused",
                kit.run("scan", path, "--kb", kb, "--kernel-source", tree, "--kernel-config", other), 3, "6.6")
    kit.answers("a folder that is not there", kit.run("scan", path, "--kb", kb, "--kernel-build", kit.path("not-there")), 3,
                "not-there")
    kit.answers("a folder without a build", kit.run("scan", path, "--kb", kb, "--kernel-build", tree), 3, "finished")
    kit.answers("a defconfig is refused", kit.run("scan", path, "--kb", kb, "--kernel-config",
                                                  kit.path("defconfig", "CONFIG_BT=y\n")), 3, "defconfig")
    kit.answers("a file that is not there", kit.run("scan", path, "--kb", kb, "--kernel-config", kit.path("not-there")), 3,
                "not-there")
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
