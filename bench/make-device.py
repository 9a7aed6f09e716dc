#!/usr/bin/env python3
"""Write a synthetic device folder around an SBOM of make-sbom.py: rules, assets, hazards, interfaces, controls.

usage: make-device.py FOLDER SBOM [--assessment FILE --decisions N]

With an assessment (tutela assess --format json of the folder without decisions), N of its findings are decided:
two thirds for the release itself, the others for the one before it; of every ten, one rests on a version of the
component that is no longer there, and is re-opened. The same arguments give the same bytes.
"""
import argparse
import json
import pathlib
import zlib

NAMES = """openssl busybox zlib curl expat sqlite dnsmasq bluez wpa-supplicant mbedtls lwip glibc systemd util-linux
openssh dropbear libxml2 libpng libjpeg-turbo freetype harfbuzz cairo pango gtk qtbase python requests urllib3 flask
jinja2 lodash express react axios minimist log4j-core commons-io jackson-databind spring-core netty-handler guava
protobuf grpc yaml serde tokio hyper newtonsoft-json serilog rails rack nokogiri symfony monolog twig gin cobra
viper""".split()
HAZARDS = ("negligible", "minor", "serious", "critical", "catastrophic")
LOSSES = ("integrity", "availability", "confidentiality")
KINDS = ("network", "wireless", "usb", "service", "debug")
ASSETS, INTERFACES = 20, 10


def hazards():
    yield "hazards:"
    for number, severity in enumerate(HAZARDS):
        yield f"  - {{id: h{number}, title: Hazard {number}, severity: {severity}}}"


def assets():
    yield "assets:"
    for number in range(ASSETS):
        links = ", ".join(f"{{hazard: h{(number + k) % 5}, on_loss_of: [{LOSSES[(number + k) % 3]}]}}" for k in range(2))
        yield f"  - {{id: a{number}, title: Asset {number}, privacy: {('none', 'limited')[number % 2]}, hazards: [{links}]}}"


def components():
    """Most names lead to two assets; some are left without a rule, as they are in life."""
    yield "components:"
    for number, name in enumerate(NAMES):
        if number % 9:
            yield f'  - {{match: "{name}*", assets: [a{number % ASSETS}, a{number * 7 % ASSETS}]}}'


def interfaces():
    yield "interfaces:"
    for number in range(INTERFACES):
        reached = ", ".join(f'"{name}*"' for name in NAMES[number::INTERFACES + 2])
        yield f"  - {{id: i{number}, title: Interface {number}, kind: {KINDS[number % 5]}, reaches: [{reached}]}}"


def controls():
    yield "controls:"
    for number in range(INTERFACES // 2):
        yield (f"  - {{id: c{number}, title: Control {number}, state: in-place, interfaces: [i{number}, i{number + 5}], "
               f"lowers: {{exploitability: 1}}, evidence: TEST-{number}}}")


def device(sbom):
    yield "schema: tutela-device/1"
    yield "family: Synthetic"
    yield "releases:"
    for version, day in (("1.0", "2025-01-15"), ("2.0", "2026-01-15")):
        yield f'  - {{version: "{version}", released: {day}, sbom: "{sbom}"}}'
    for part in (hazards, assets, components, interfaces, controls):
        yield from part()


def decision(number, finding):
    """One file's lines; what it says depends on the vulnerability alone, so that no two contradict each other."""
    component = finding["component"]
    word = zlib.crc32(finding["id"].encode())
    yield "schema: tutela-decision/1"
    yield "vulnerability: " + finding["id"]
    yield "component: " + json.dumps({"purl": component["purl"]})
    yield from (("status: affected", "risk: controlled", "harm: negligible", "exploitability: low") if word % 2 else
                ("status: not_affected", "justification: vulnerable_code_not_in_execute_path"))
    yield f'validity: {{releases: ["{"1.0" if word % 3 == 0 else "2.0"}"]}}'
    yield "decided_by: PSIRT lead"
    yield "learned_at: 2026-01-20T12:00:00Z"
    yield "decided_at: 2026-02-01T12:00:00Z"
    version = component["version"] if number % 10 else "0"
    yield "premises: " + json.dumps({"component": component["name"], "version": version, "kev": finding["kev"]})


def write(path, lines):
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def decide(folder, assessment, wanted):
    findings = [f for f in json.loads(assessment.read_text(encoding="utf-8"))["findings"] if "purl" in f["component"]]
    findings.sort(key=lambda f: (f["id"], f["component"]["purl"], f["component"]["pointer"]))
    step = max(1, len(findings) // wanted) if wanted else 1
    for number, finding in enumerate(findings[::step][:wanted]):
        write(folder / "decisions" / f"d{number:05}.yaml", decision(number, finding))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("sbom", type=pathlib.Path)
    parser.add_argument("--assessment", type=pathlib.Path)
    parser.add_argument("--decisions", type=int, default=0, metavar="N")
    options = parser.parse_args()
    (options.folder / "decisions").mkdir(parents=True, exist_ok=True)
    for old in (options.folder / "decisions").glob("d*.yaml"):
        old.unlink()
    write(options.folder / "device.yaml", device(options.sbom.resolve()))
    if options.assessment:
        decide(options.folder, options.assessment, options.decisions)


if __name__ == "__main__":
    main()
