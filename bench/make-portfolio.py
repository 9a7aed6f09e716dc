#!/usr/bin/env python3
"""Write a synthetic portfolio of the size of a real maker's: a device folder a family, with its releases' SBOMs.

usage: make-portfolio.py FOLDER [--families 30] [--releases 400] [--variants 60] [--components 6000] [--known 200]
                         [--program TUTELA --kb FILE --decisions N] [--seed S]

Families share one pool of distinct components; a release takes over nineteen of twenty components of the one before
it and has others for the rest, mostly newer versions. With a program, N findings of each family's newest release are
decided, on days of three years. The same arguments give the same bytes.
"""
import argparse
import importlib.util
import json
import pathlib
import random
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
DAYS = 3 * 365


def load(name):
    """make-sbom.py and make-device.py are programs with a dash; what they make is made here, too."""
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SBOM, DEVICE = load("make-sbom"), load("make-device")


def pool(chance, components, known):
    """Distinct components, the known ones first."""
    made = [SBOM.known(number) for number in range(known)]
    seen = {json.dumps(component, sort_keys=True) for component in made}
    number = 0
    while len(made) < components:
        component = SBOM.distinct(chance, number)
        number += 1
        text = json.dumps(component, sort_keys=True)
        if text not in seen:
            seen.add(text)
            made.append(component)
    return made


def write_sbom(path, name, version, members, everything):
    start = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
             "metadata": {"timestamp": "2026-01-01T00:00:00Z",
                          "component": {"type": "device", "bom-ref": "product", "name": name, "version": version}}}
    start["components"] = [{"bom-ref": f"c{member}", **everything[member]} for member in members]
    start["dependencies"] = [{"ref": "product", "dependsOn": [f"c{member}" for member in members[:20]]}]
    path.write_text(json.dumps(start, indent=1) + "\n", encoding="utf-8")


def shares(total, parts):
    """Split a number so that the parts differ by one at most."""
    return [total // parts + (number < total % parts) for number in range(parts)]


def releases_of(chance, everything, known, count):
    """The members of each release, from the oldest to the newest."""
    size = min(chance.randrange(120, 700), len(everything) // 2)
    members = sorted({*chance.sample(range(known), min(known, size // 20)), *chance.sample(range(len(everything)), size)})
    for _ in range(count):
        yield members
        kept = [member for member in members if chance.random() < 0.95]
        members = sorted({*kept, *chance.sample(range(len(everything)), len(members) - len(kept))})


def write_family(folder, number, versions, variants):
    name = f"Synthetic family {number:02}"
    lines = ["schema: tutela-device/1", "manufacturer:", "  name: Example Medical Devices",
             "  namespace: https://example.com", f"family: {name}", "markets: [US, EU]", "variants:"]
    for variant in range(variants):
        lines.append(f"  - {{name: F{number:02}-{variant}, model: F{number:02}-{variant}, markets: [US, EU]}}")
    lines.append("releases:")
    for index, version in enumerate(versions):
        day = DAYS * index // len(versions)
        lines.append(f'  - {{version: "{version}", released: {2023 + day // 365}-{day % 365 // 31 + 1:02}-'
                     f'{day % 28 + 1:02}, sbom: "{version}.cdx.json"}}')
    for part in (DEVICE.hazards, DEVICE.assets, DEVICE.components, DEVICE.interfaces, DEVICE.controls):
        lines.extend(part())
    (folder / "device.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def decide(folder, options, version):
    """Decisions on findings of the newest release, evenly over what the program lists."""
    run = subprocess.run([options.program, "assess", folder, "--kb", options.kb, "--format", "json"],
                         stdout=subprocess.PIPE, check=True)
    found = json.loads(run.stdout)["findings"]
    step = max(len(found) // max(options.decisions, 1), 1)
    (folder / "decisions").mkdir(exist_ok=True)
    for number, finding in enumerate(found[::step][:options.decisions]):
        component = finding["component"]
        component.setdefault("purl", f"pkg:generic/{component['name']}")  # what has a CPE only
        lines = [line.replace('"1.0"', f'"{version}"').replace('"2.0"', f'"{version}"')
                 for line in DEVICE.decision(number, finding)]
        if component["purl"].startswith("pkg:generic/"):
            lines[2] = "component: " + json.dumps({"name": component["name"], "version": component["version"]})
        if "status: affected" in lines:
            lines.append("action: {remedy: mitigation, text: Kept apart from other networks by the gateway.}")
        (folder / "decisions" / f"d{number:04}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    for name, default in (("families", 30), ("releases", 400), ("variants", 60), ("components", 6000), ("known", 200),
                          ("decisions", 0), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--program")
    parser.add_argument("--kb")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    everything = pool(chance, options.components, options.known)
    for number, (count, variants) in enumerate(zip(shares(options.releases, options.families),
                                                   shares(options.variants, options.families))):
        folder = options.folder / f"family-{number:02}"
        folder.mkdir(parents=True, exist_ok=True)
        versions = [f"{index // 4 + 1}.{index % 4}" for index in range(count)]
        name = write_family(folder, number, versions, variants)
        for version, members in zip(versions, releases_of(chance, everything, options.known, count)):
            write_sbom(folder / f"{version}.cdx.json", name, version, members, everything)
        if options.program and options.decisions:
            decide(folder, options, versions[-1])


if __name__ == "__main__":
    main()
