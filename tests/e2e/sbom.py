#!/usr/bin/env python3
"""`tutela sbom`, supplements and root file systems as a user calls them.

usage: sbom.py [PROGRAM]
"""
import json
import sys
import time

from kit import Kit, PUMP, component, sbom

SIDE = """tutela-supplement: 1
components:
- select: {name: pumpd}
  supplier: ACME
  support: actively-maintained
  end-of-support: 2030-01-01
- select: {name: in-house}
  internal: true
"""
STATUS = ("Package: openssl\nStatus: install ok installed\nVersion: 1.1.1d-0+deb10u3\n"
          "Architecture: amd64\n\n")


def document(serial, *components, **more):
    return sbom(*components, serialNumber=f"urn:uuid:{serial * 8}-{serial * 4}-4{serial * 3}-8{serial * 3}-"
                                          f"{serial * 12}", **more)


def show(kit, old):
    done = kit.run("sbom", "show", old)
    kit.answers("show: header, counts, tree", done, 0, "CycloneDX JSON 1.6", "serial", "pump 1.0",
                "\u2514\u2500 in-house 1", "3; with a version 3")
    kit.check("show: no colour where there is no terminal", "\x1b" not in done.text, done.text)
    shown = json.loads(kit.run("sbom", "show", old, "-f", "json").text)
    kit.check("show: JSON has children by index",
              shown["components"][shown["roots"][0]]["below"] == [1], shown)
    ring = kit.path("ring.json", sbom(
        component("a", "1"), component("b", "1"), component("\x1b[31mc", "1"),
        dependencies=[{"ref": "a", "dependsOn": ["b", "a"]}, {"ref": "b", "dependsOn": ["a"]}]))
    done = kit.run("sbom", "show", ring)
    kit.answers("show: cycles are cut and told", done, 0, "a cycle: it stands above itself", "2 cycles were cut")
    kit.check("show: names cannot steer a terminal", "\x1b" not in done.text and "\\x1b[31mc" in done.text,
              done.text)
    kit.answers("show: --depth says what it leaves out", kit.run("sbom", "show", old, "--depth", "0"), 0,
                "(more below)", "have more below")
    deep = kit.path("deep.json", sbom(*(component(f"c{i}", "1") for i in range(3000)), dependencies=[
        {"ref": f"c{i}", "dependsOn": [f"c{i + 1}"]} for i in range(2999)]))
    kit.answers("show: a chain of thousands", kit.run("sbom", "show", deep), 0, "[level 2999] c2999")


def check(kit, old, side):
    kit.answers("check: what is missing, of whom; exit code 1",
                kit.run("sbom", "check", old, "--profile", "ntia"), 1, "supplier name", "score ",
                "pumpd 1.3 (/components/0): supplier name")
    digest = [{"alg": "SHA-256", "content": "5a" * 32}]
    full = kit.path("full.json", document(
        "1", component("lib", "1", purl="pkg:npm/lib@1", supplier={"name": "s"}, hashes=digest),
        component("part", "2", purl="pkg:npm/part@2", supplier={"name": "s"}, hashes=digest),
        metadata={"timestamp": "2026-01-02T03:04:05Z", "authors": [{"name": "ACME"}]},
        dependencies=[{"ref": "lib", "dependsOn": ["part"]}]))
    kit.answers("check: exit code 0 when all that is required is there",
                kit.run("sbom", "check", full, "--profile", "ntia"), 0, "all that is required is there")
    kit.answers("check: FDA also asks for support and its end (REQ-SBOM-4)", kit.run("sbom", "check", full, "--profile", "fda"), 1,
                "level of support", "0 of 2")
    support = kit.path("support.yaml", "tutela-supplement: 1\ncomponents:\n" + "".join(
        f"- select: {{ref: {ref}}}\n  support: abandoned\n  end-of-support: 2024-01-01\n"
        for ref in ("lib", "part")))
    done = kit.run("sbom", "check", full, "--profile", "fda", "--supplement", support)
    kit.answers("check: a supplement states it", done, 0, "2 of 2", "supplement, entry 2 (part): support")
    answer = json.loads(kit.run("sbom", "check", old, "-p", "ntia", "-f", "json", "--supplement", side).text)
    lacking = {item["component"]["name"]: item["missing"] for item in answer["components"]}
    kit.check("check: JSON by component; the supplement's supplier counts",
              "supplier" not in lacking["pumpd"] and "supplier" in lacking["in-house"], answer)
    kit.answers("check: nothing to judge does not pass",
                kit.run("sbom", "check", kit.path("empty.json", sbom()), "-p", "ntia"), 1, "nothing to judge")
    kit.answers("check: another profile", kit.run("sbom", "check", old, "-p", "iso"), 2, "ntia, fda, cisa-2025")
    kit.answers("check: no profile", kit.run("sbom", "check", old), 2, "--profile is missing: ntia, ")


def supplement(kit, kb, old, side):
    done = kit.run("scan", old, "--kb", kb, "--supplement", kit.path(
        "fix.yaml", "tutela-supplement: 1\ncomponents:\n- select: {name: pumpd}\n  version: \"9.0\"\n"))
    kit.answers("scan: by the corrected version", done, 0, 'version "9.0" in place of "1.3"')
    kit.check("scan: and what it mends is gone", "CVE-2022-1001" not in done.text, done.text)
    kit.answers("explain takes it, too", kit.run("explain", old, "pumpd", "--kb", kb, "--supplement", side), 0,
                "CVE-2022-1001")
    kit.answers("a selector that hits nothing ends it with its line",
                kit.run("scan", old, "--kb", kb, "--supplement", kit.path(
                    "slip.yaml", "tutela-supplement: 1\ncomponents:\n- select: {name: pumpdd}\n")), 3,
                "slip.yaml:3: ", "pumpdd")
    kit.answers("a supplement that is not there", kit.run("scan", old, "--supplement", kit.path("none.yaml")), 3,
                "none.yaml")


def diff(kit, kb, old, new):
    done = kit.run("sbom", "diff", old, new, "--kb", kb)
    kit.answers("diff: what changed; exit code 1", done, 1, "+ fresh 1", "- in-house 1", "1.3 \u2192 9.0",
                "Vulnerabilities that went", "CVE-2022-1001")
    answer = json.loads(kit.run("sbom", "diff", old, new, "--kb", kb, "-f", "json").text)
    kit.check("diff: JSON", [[c["field"] for c in pair["changes"]] for pair in answer["changed"]]
              == [["relations"], ["version"]]
              and [c["name"] for c in answer["added"]] == ["fresh"] and not answer["equal"], answer)
    back = json.loads(kit.run("sbom", "diff", new, old, "--kb", kb, "-f", "json").text)
    kit.check("diff: the other way round", len(back["vulnerabilities"]["came"])
              == len(answer["vulnerabilities"]["went"]) > 0, back["vulnerabilities"])
    done = kit.run("sbom", "diff", old, old, "--kb", kb)
    kit.answers("diff: equal is exit code 0, and one serial number is told", done, 0, "the same",
                "claim to be one document")
    kit.answers("diff: one file", kit.run("sbom", "diff", old), 2, "two SBOMs")


def merge(kit, old, new):
    out = kit.path("merged.json")
    clock = {"env": {"SOURCE_DATE_EPOCH": "1767225600"}}
    kit.answers("merge", kit.run("sbom", "merge", old, new, "--name", "system", "--version", "5", "-o", out,
                                 **clock), 0)
    first = open(out, "rb").read()
    merged = json.loads(first)
    refs = json.dumps(merged["components"])
    kit.check("merge: each subject under the new one, references unique",
              merged["metadata"]["component"]["name"] == "system" and '"1:pumpd"' in refs and '"2:pumpd"' in refs,
              merged)
    kit.run("sbom", "merge", old, new, "--name", "system", "--version", "5", "-o", out, **clock)
    kit.check("merge: same input, same bytes", open(out, "rb").read() == first)
    done = kit.run("sbom", "merge", old, old, "--name", "system", "--version", "5", "--flatten", **clock)
    kit.answers("merge: what is alike is joined on request; one serial number is told", done, 0,
                "3 components were joined", "claim to be one document")
    kit.answers("merge: lacks a name", kit.run("sbom", "merge", old, new), 2, "--name is missing")
    kit.answers("merge: one file", kit.run("sbom", "merge", old, "--name", "a", "--version", "1"), 2)


def convert(kit, old):
    spdx = kit.path("old.spdx.json")
    clock = {"env": {"SOURCE_DATE_EPOCH": "1767225600"}}
    done = kit.run("sbom", "convert", old, "--to", "spdx-2.3-json", "-o", spdx, **clock)
    kit.answers("convert", done, 0)
    written = json.load(open(spdx))
    kit.check("convert: SPDX with its time", written["spdxVersion"] == "SPDX-2.3"
              and written["creationInfo"]["created"] == "2026-01-01T00:00:00Z", written)
    done = kit.run("sbom", "diff", old, spdx)
    kit.answers("convert: the components are the same", done, 0, "3 components are the same")
    for target, name in (("cyclonedx-1.6-xml", "CycloneDX XML"), ("spdx-2.3-tv", "SPDX tag-value"),
                         ("spdx-3.0.1-json", "SPDX 3 JSON-LD")):
        other = kit.path(f"old.{target}")
        done = kit.run("sbom", "convert", old, "--to", target, "-o", other, **clock)
        kit.answers(f"convert: {target}", done, 0)
        kit.answers(f"convert: {target} is one", kit.run("sbom", "show", other), 0, name)
        kit.answers(f"convert: {target} has the same components", kit.run("sbom", "diff", old, other), 0,
                    "3 components are the same")
    local = kit.path("local.json", sbom(component("x", "1"),
                                        metadata={"timestamp": "2024-01-02T03:04:05.123+02:00"}))
    kit.answers("convert: a local time becomes UTC",
                kit.run("sbom", "convert", local, "--to", "spdx-2.3-tv", **clock), 0,
                "Created: 2024-01-02T01:04:05Z")
    kit.path("timeless.json", sbom(component("x", "1"), metadata={"timestamp": "yesterday"}))
    kit.answers("convert: what is no time is told",
                kit.run("sbom", "convert", kit.path("timeless.json"), "--to", "spdx-2.3-tv", **clock), 0,
                "Created: 2026-01-01T00:00:00Z", "not an RFC 3339 time")
    stated = kit.path("stated.json", sbom(component("x", "1", group="g"), vulnerabilities=[{"id": "CVE-2020-1"}]))
    kit.answers("convert: what the target cannot hold is told",
                kit.run("sbom", "convert", stated, "--to", "spdx-2.3-json", **clock), 0, "lost: the group",
                "lost: statements")
    kit.answers("convert: another format", kit.run("sbom", "convert", old, "--to", "swid"), 2, "--to must be cyclonedx-1.6-json, ")
    kit.answers("convert: no format", kit.run("sbom", "convert", old), 2, "--to")


def rootfs(kit):
    kit.path("rootfs/var/lib/dpkg/status", STATUS)
    kit.path("rootfs/etc/os-release", 'ID=debian\nVERSION_ID="10"\n')
    folder = kit.path("rootfs")
    kit.answers("scan --rootfs", kit.run("scan", "--rootfs", folder), 0, "openssl 1.1.1d-0+deb10u3", "CVE-")
    kit.answers("sbom show --rootfs", kit.run("sbom", "show", "--rootfs", folder), 0, "root file system",
                "pkg:deb/debian/openssl@")
    kit.answers("--rootfs: no such folder", kit.run("scan", "--rootfs", kit.path("nowhere")), 3, "nowhere")
    kit.answers("--rootfs and an SBOM", kit.run("scan", "x.json", "--rootfs", folder), 2, "not both")


def large(kit):
    """Far from any quadratic step: a tenth of the corpus' largest in each document."""
    def many(version):
        return sbom(*(component(f"c{i}", version, purl=f"pkg:npm/n{i // 3}@{version}.{i}") for i in range(30000)))
    a, b = kit.path("large-a.json", many("1")), kit.path("large-b.json", many("2"))
    begin = time.monotonic()
    done = kit.run("sbom", "diff", a, b, "-f", "json")
    kit.check("diff: 30,000 components within seconds", done.returncode == 1
              and len(json.loads(done.text)["changed"]) == 30000 and time.monotonic() - begin < 60,
              done.complaint)


def main():
    kit = Kit()
    kb = kit.kb()
    subject = {"metadata": {"component": {"type": "device", "name": "pump", "version": "1.0", "bom-ref": "s"}}}
    old = kit.path("old.json", document(
        "a", component("pumpd", "1.3", cpe=PUMP % "1.3"), component("in-house", "1"), **subject,
        dependencies=[{"ref": "s", "dependsOn": ["pumpd"]}, {"ref": "pumpd", "dependsOn": ["in-house"]}]))
    new = kit.path("new.json", document(
        "b", component("pumpd", "9.0", cpe=PUMP % "9.0"), component("fresh", "1"), **subject))
    side = kit.path("side.yaml", SIDE)
    show(kit, old)
    done = kit.run("sbom", "show", old, "--path", "in-h*")
    kit.check("show --path: the path as a selector", done.returncode == 0 and done.text == "path:pump/pumpd/in-house\n", done.text)
    kit.answers("show --path: a component that is not there", kit.run("sbom", "show", old, "--path", "none"), 3,
                'no component named "none"')
    kit.answers("show --path: no JSON", kit.run("sbom", "show", old, "--path", "pumpd", "-f", "json"), 2, "--path")
    check(kit, old, side)
    supplement(kit, kb, old, side)
    diff(kit, kb, old, new)
    merge(kit, old, new)
    convert(kit, old)
    rootfs(kit)
    large(kit)
    for arguments in [["sbom"], ["sbom", "eat"], ["sbom", "show"], ["sbom", "show", "a", "b"],
                      ["sbom", "show", old, "--format", "xml"], ["sbom", "show", old, "--depth", "x"]]:
        kit.answers(f"usage: {' '.join(arguments[:2] + arguments[3:])}", kit.run(*arguments), 2)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
