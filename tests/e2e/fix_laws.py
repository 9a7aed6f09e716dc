#!/usr/bin/env python3
"""Laws of the fields for programs, over the whole starter knowledge base and 1,000 made-up components:
the fix is above what is installed, `vers` contains the version exactly where the verdict is affected,
and it does not contain the fix; what is fixed is no longer affected.

usage: fix_laws.py [PROGRAM]          TUTELA_LAWS_KB=FILE: another knowledge base
"""
import json
import os
import random
import re
import sys

from kit import Kit, ROOT, component, sbom

COMPONENTS = 1000


def known_versions():
    """Versions that the starter's records name, so that ranges are hit at their ends."""
    found = set()
    for path in (ROOT / "data" / "starter").glob("*.json"):
        found |= set(re.findall(r'"(?:version\w*|lessThan\w*|introduced|fixed|last_affected)": ?"([0-9][^"*]*)"',
                                path.read_text(encoding="utf-8")))
    return sorted(found)


def near(rng, version):
    """A version beside one that is named: its last number a little less or more, or with an update."""
    numbers = version.split(".")
    if numbers[-1].isdigit() and rng.random() < 0.7:
        numbers[-1] = str(max(0, int(numbers[-1]) + rng.choice([-3, -1, 0, 1, 2])))
    return ".".join(numbers) + rng.choice([""] * 8 + ["p1", "-rc1", "a", "-sp2"])


def components(rng):
    rows = [line.split("\t") for line in (ROOT / "data/aliases/products.tsv").read_text(encoding="utf-8").splitlines()
            if line and line[0] != "#"]
    packages = re.findall(r'"ecosystem": ?"(npm|PyPI|Maven|Go|crates.io)",\s*"name": ?"([^"]+)"',
                          (ROOT / "data/starter/osv-packages.json").read_text(encoding="utf-8"))
    types = {"npm": "npm", "PyPI": "pypi", "Maven": "maven", "Go": "golang", "crates.io": "cargo"}
    versions = known_versions()
    kernels = [f"{a}.{b}" for a in ("4.19", "5.4", "5.10", "5.15", "6.1", "6.6") for b in (3, 32, 100, 149)]
    for number in range(COMPONENTS):
        version = near(rng, rng.choice(versions))
        if packages and number % 5 == 0:
            kind, name = rng.choice(packages)
            named = {"purl": f"pkg:{types[kind]}/{name.replace(':', '/').replace('@', '%40')}@{version}"}
        else:
            name, vendor, product, _ = rng.choice(rows)
            version = rng.choice(kernels) if product == "linux_kernel" else version
            named = rng.choice([{}, {"cpe": f"cpe:2.3:a:{vendor}:{product}:{version}:*:*:*:*:*:*:*"}])
        yield component(name, version, **named) | {"bom-ref": f"c{number}"}


def pieces(report):
    for finding in report["findings"] + report["undecided"] + report["not_affected"]:
        for piece in finding.get("evidence", []):
            if piece.get("version"):
                yield finding, piece


def ask(kit, command, lines):
    done = kit.run(*command, "-", stdin="".join(line + "\n" for line in lines).encode(), timeout=600)
    return done.text.splitlines() if lines else []


def fixes_are_above(kit, seen):
    rows = sorted({(p["scheme"], p["version"], fix) for f, p in seen
                   for fix in (p.get("fixed"), p["decisive"] and f.get("fixed")) if fix})
    wrong = []
    for scheme in sorted({row[0] for row in rows}):
        mine = [row for row in rows if row[0] == scheme]
        answers = ask(kit, ["version", "compare", scheme], [f"{v}\t{fix}" for _, v, fix in mine])
        wrong += [row for row, answer in zip(mine, answers) if answer != "<"]
    kit.check(f"the fix is above what is installed ({len(rows)} pairs)", rows and not wrong, str(wrong[:20]))


def vers_agrees(kit, seen):
    rows = [(p["vers"], version, want, f["id"]) for f, p in seen if p.get("vers") and p["verdict"] != "undecided"
            for version, want in ((p["version"], p["verdict"] == "affected"), (p.get("fixed"), False),
                                  (p["decisive"] and f.get("fixed"), False)) if version]
    answers = ask(kit, ["version", "in"], [f"{vers}\t{version}" for vers, version, _, _ in rows])
    wrong = [row for row, answer in zip(rows, answers) if (answer == "yes") != row[2]]
    kit.check(f"vers contains what is affected, and neither the fix nor anything else ({len(rows)} questions)",
              len(answers) == len(rows) > 0 and not wrong, "\n".join(map(str, wrong[:20])))


def refs(report, finding):
    """Every place of the finding's component."""
    return [place["bom_ref"] for place in report["components"][finding["component"]]["occurrences"]]


def the_fix_is_a_fix(kit, report, parts, more):
    """Scan again with each component at the fix that was shown."""
    by_ref = {part["bom-ref"]: part for part in parts}
    fixes = {}  # component at a fix -> what it fixes; most findings of a component share a few fixes
    for finding in report["findings"]:
        ref, fix = refs(report, finding)[0], finding.get("fixed")
        if fix:
            fixes.setdefault((ref, fix), set()).add(finding["id"])
    tried = [json.loads(json.dumps(by_ref[ref]).replace(by_ref[ref]["version"], fix)) | {"bom-ref": f"{ref}@{fix}"}
             for ref, fix in fixes]
    again = kit.path("fixed.json", sbom(*tried))
    later = json.loads(kit.run("scan", again, "-f", "json", *more, timeout=600).text)
    wrong = [(finding["id"], ref) for finding in later["findings"] for ref in refs(later, finding)
             if finding["id"] in fixes[tuple(ref.split("@", 1))]]
    kit.check(f"what is fixed is no longer affected ({len(tried)} components)", tried and not wrong,
              "\n".join(map(str, wrong[:20])))


def main():
    kit = Kit()
    parts = list(components(random.Random(31)))
    path = kit.path("many.json", sbom(*parts))
    kb = os.environ.get("TUTELA_LAWS_KB")
    more = ["--kb", kb] if kb else []
    report = json.loads(kit.run("scan", path, "-f", "json", *more, timeout=600).text)
    seen = list(pieces(report))
    fixes_are_above(kit, seen)
    vers_agrees(kit, seen)
    the_fix_is_a_fix(kit, report, parts, more)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
