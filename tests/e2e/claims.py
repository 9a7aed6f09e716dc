#!/usr/bin/env python3
"""Laws of statements, over generated documents in CycloneDX (inside the SBOM, as JSON and XML, and
beside it), OpenVEX and CSAF, all trusted:

  - the same claim gives the same verdicts, wherever and in whichever format it stands;
  - damage never makes more components "not affected";
  - narrowing what clears never does either;
  - of CycloneDX's list of versions each entry says something by itself.

usage: claims.py [PROGRAM]     SEEDS=n: more documents (the default is 12)
"""
import copy
import itertools
import json
import os
import random
import re
import urllib.parse

from kit import Kit

SERIAL = "3e671687-395b-41f5-a30f-a58921a69b79"
LINK = f"urn:cdx:{SERIAL}/1#"
IDS = ["CVE-2097-0001", "CVE-2097-0002"]
PARTS = {"p1": ("pump", "1.0.0"), "p2": ("pump", "2.0.0"), "p3": ("pump", "1.0.0"),
         "v": ("valve", "1.0.0")}
SUBJECT = "pkg:generic/acme/infuser@4.4"
OTHER = "pkg:generic/acme/ventilator@9"  # a whole that is not in the SBOM
ELSEWHERE = "urn:cdx:00000000-395b-41f5-a30f-a58921a69b79/1#p1"
CLEARS = ("not_affected", "fixed")
STATUSES = ("not_affected", "not_affected", "fixed", "affected", "under_investigation")
RANGES = ("vers:npm/>=1.5.0", "vers:npm/<2.0.0", "vers:npm/>=1.0.0|<=2.0.0", "vers:npm/>=3.0.0")
CDX = {"not_affected": "not_affected", "fixed": "resolved", "affected": "exploitable",
       "under_investigation": "in_triage"}
CSAF = {"not_affected": "known_not_affected", "fixed": "fixed", "affected": "known_affected",
        "under_investigation": "under_investigation"}


def purl(name, version=""):
    return f"pkg:npm/{name}" + (f"@{version}" if version else "")


def record(number):
    return {"schema_version": "1.6.0", "id": IDS[number], "modified": "2024-01-01T00:00:00Z",
            "affected": [{"package": {"ecosystem": "npm", "name": name},
                          "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}
                         for name in ("pump", "valve")]}


def sbom(**more):
    parts = [{"type": "library", "bom-ref": ref, "name": name, "version": version,
              "purl": purl(name, version)} for ref, (name, version) in PARTS.items()]
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "serialNumber": "urn:uuid:" + SERIAL,
            "metadata": {"component": {"type": "device", "bom-ref": "dev", "name": "infuser",
                                       "version": "4.4", "purl": SUBJECT}},
            "components": parts, **more}


# ---- a claim and its five renderings: (vulnerability, status, [(kind, name, version or range)]) ----

def claim(rng):
    targets = []
    for _ in range(rng.choice((1, 1, 2))):
        name = rng.choice(("pump", "pump", "valve"))
        kind = rng.choice(("exact", "exact", "all", "range", "subject", "part"))
        version = {"exact": rng.choice(("1.0.0", "2.0.0")), "range": rng.choice(RANGES),
                   "part": rng.choice(("", "1.0.0", "2.0.0"))}.get(kind, "")
        targets.append((kind, name, version))
    return rng.choice(IDS), rng.choice(STATUSES), targets


def refs(kind, name, version):
    if kind == "subject":
        return ["dev"]
    return [ref for ref, (n, v) in PARTS.items()
            if n == name and (kind == "range" or version in ("", v))]


def vulnerability(one, prefix, status):
    cve, state, targets = one
    affects = []
    for kind, name, version in targets:
        if kind == "foreign":
            affects.append({"ref": ELSEWHERE})
            continue
        for ref in refs(kind, name, version):
            entry = {"ref": prefix + ref}
            if kind == "range":
                entry["versions"] = [{"range": version}]
                if status or state in CLEARS:
                    entry["versions"][0]["status"] = "unaffected" if state in CLEARS else "affected"
            affects.append(entry)
    return {"id": cve, "analysis": {"state": CDX[state]}, "affects": affects}


def cyclonedx(claims, prefix=LINK, status=True):
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "vulnerabilities": [vulnerability(one, prefix, status) for one in claims]}


WHOLES = {"part": SUBJECT, "foreign": OTHER}


def openvex_product(kind, name, version):
    if kind == "subject":
        return {"@id": SUBJECT}
    if kind in WHOLES:
        return {"@id": WHOLES[kind], "subcomponents": [{"@id": purl(name, version)}]}
    if kind == "range":
        return {"@id": f"{purl(name)}?vers={urllib.parse.quote(version, safe='')}"}
    return {"@id": purl(name, version)}


def openvex(claims):
    return {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example/1",
            "author": "Acme", "timestamp": "2024-01-01T00:00:00Z", "version": 1,
            "statements": [{"vulnerability": {"name": cve}, "status": state,
                            "products": [openvex_product(*target) for target in targets]}
                           for cve, state, targets in claims]}


def csaf_branch(product_id, kind, name, version):
    categories = {"range": "product_version_range", "exact": "product_version"}
    product = {"product_id": product_id, "name": name,
               "product_identification_helper": {"purl": purl(name)}}
    if kind not in categories:
        return {"category": "product_name", "name": name, "product": product}
    leaf = {"category": categories[kind], "name": version, "product": product}
    return {"category": "product_name", "name": name, "branches": [leaf]}


class Tree:
    """A product tree in the making."""

    def __init__(self):
        self.branches, self.relationships = [], []

    def _next(self):
        return f"P{len(self.branches)}"

    def device(self, whole):
        """The id of a device."""
        product_id = self._next()
        product = {"product_id": product_id, "name": "device",
                   "product_identification_helper": {"purl": whole}}
        self.branches.append({"category": "product_name", "name": "device", "product": product})
        return product_id

    def add(self, kind, name, version):
        """The id of a target."""
        if kind == "subject":
            return self.device(SUBJECT)
        product_id = self._next()
        exact = "exact" if version else "all"
        self.branches.append(csaf_branch(product_id, exact if kind in WHOLES else kind, name, version))
        if kind not in WHOLES:
            return product_id
        whole = self.device(WHOLES[kind])
        self.relationships.append({
            "category": "default_component_of", "product_reference": product_id,
            "relates_to_product_reference": whole,
            "full_product_name": {"product_id": f"{product_id}:{whole}", "name": name}})
        return f"{product_id}:{whole}"


def csaf(claims):
    tree, vulnerabilities = Tree(), []
    for cve, state, targets in claims:
        ids = [tree.add(*target) for target in targets]
        vulnerabilities.append({"cve": cve, "product_status": {CSAF[state]: ids}})
    return {"document": {"category": "csaf_vex", "csaf_version": "2.0",
                         "publisher": {"name": "Acme", "category": "vendor"},
                         "tracking": {"id": "A", "current_release_date": "2024-01-01T00:00:00Z"}},
            "product_tree": {"branches": [{"category": "vendor", "name": "Acme",
                                           "branches": tree.branches}],
                             "relationships": tree.relationships},
            "vulnerabilities": vulnerabilities}


# ---- damage: each gives a document that says no more than the one it was made from ----

def places(value, path=()):
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, path + (key,))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, path + (index,))


def replaced(document, path, value):
    changed = copy.deepcopy(document)
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


def without(document, path):
    changed = copy.deepcopy(document)
    at = changed
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    return changed


# What identifies, narrows or states; "@id" and "purl" of products, "ref" of affects, ...
LEAVES = {"state", "status", "ref", "range", "version", "@id", "purl", "name", "product_id",
          "category", "product_reference", "relates_to_product_reference"}
LISTS = {"affects", "versions", "products", "subcomponents", "relationships", *CSAF.values()}
# Without these nobody knows what was said; without others the statement says more.
NEEDED = {"ref", "range", "product_reference", "relates_to_product_reference", "product_id"}
NOISE = ("", "???", "Not_Affected", "vers:foo/???", "all versions before 2", 7, None, [], {})


def is_claim_part(path):
    if "vulnerabilities" in path or "statements" in path:
        return "vulnerability" not in path
    return "product_tree" in path and len(path) > 4


def blanks(text):
    """A package URL whose version or range is there and empty."""
    yield from {re.sub(r"@[^@?/]*$", "@", text), re.sub(r"vers=.*", "vers=", text)} - {text}


def leaf_damages(document, path, value, rng):
    close = blanks(value) if "pkg:" in value else ()
    links = (value[:-2] + "x", value.replace("-", "_")) if value.startswith(LINK) else ()
    for noise in [*rng.sample(NOISE, 3), *close, *links]:
        yield f"{path} = {noise!r}", replaced(document, path, noise)
    if path[-1] in NEEDED:
        yield f"without {path}", without(document, path)


def damages(document, rng):
    """(description, damaged)"""
    for path, value in places(document):
        if not path or not is_claim_part(path):
            continue
        key = path[-1]
        if key in LEAVES and isinstance(value, str) and value not in ("Acme", "pump", "valve"):
            yield from leaf_damages(document, path, value, rng)
        elif key in LISTS:
            noise = rng.choice(([], "x", {}, None, [{}], [7], [""]))
            yield f"{path} = {noise!r}", replaced(document, path, noise)
        elif len(path) > 1 and path[-2] in CSAF.values():
            noise = rng.choice(("GONE", "", 7, None))
            yield f"{path} = {noise!r}", replaced(document, path, noise)
        elif isinstance(key, int) and len(path) > 1 and path[-2] == "versions":
            both = dict(value, version="1.0.0", range="vers:npm/*")
            yield f"{path}: version and range", replaced(document, path, both)
            neither = {"status": value.get("status", "affected")}
            yield f"{path}: neither", replaced(document, path, neither)


def contradicted(one):
    cve, state, targets = one
    return cve, "affected" if state in CLEARS else "not_affected", targets


def narrowed(one):
    cve, state, targets = one
    if len(targets) > 1:
        yield cve, state, targets[:1]
    for index, (kind, name, version) in enumerate(targets):
        for target in {"all": [("exact", name, "1.0.0"), ("range", name, RANGES[3]),
                               ("part", name, "2.0.0")],
                       "exact": [("foreign", name, version)],
                       "part": [("part", name, version or "1.0.0"), ("foreign", name, version)],
                       "range": [("range", name, "vers:npm/>=9.0.0")]}.get(kind, []):
            yield cve, state, targets[:index] + [target] + targets[index + 1:]


# ---- doors ----

class Doors:
    def __init__(self, kit):
        self.kit = kit
        feed = kit.path("feed.jsonl", "".join(json.dumps(record(n)) + "\n" for n in range(2)))
        self.kb = kit.kb(feed)
        self.plain = kit.path("plain.json", json.dumps(sbom()))
        self.runs = 0

    def cleared(self, path, *more):
        """{(vulnerability, bom-ref)} that are not open; None when the input is refused."""
        self.runs += 1
        done = self.kit.run("scan", path, "--kb", self.kb, "-f", "json", *more)
        if done.returncode:
            return None
        found = json.loads(done.text)
        everything = {(cve, ref) for cve in IDS for ref in PARTS}
        return everything - {(f["id"], occurrence["bom_ref"])
                             for f in found["findings"] + found["undecided"]
                             for occurrence in found["components"][f["component"]]["occurrences"]}

    def inside(self, document):
        document = dict(sbom(), vulnerabilities=document["vulnerabilities"])
        return self.cleared(self.kit.path("inside.json", json.dumps(document)))

    def inside_xml(self, document):
        document = dict(sbom(), vulnerabilities=document["vulnerabilities"])
        path = self.kit.path("inside.json", json.dumps(document))
        out = self.kit.path("inside.xml")
        self.kit.run("sbom", "convert", path, "--to", "cyclonedx-1.6-xml", "-o", out)
        return self.cleared(out)

    def beside(self, document):
        path = self.kit.path("vex.json", json.dumps(document))
        return self.cleared(self.plain, "--vex", path, "--trust-vex")


# ---- lists of versions ----

ENTRIES = [{"version": version, **({"status": status} if status else {})}
           for version in ("1.0.0", "2.0.0")
           for status in ("", "affected", "unaffected", "unknown")]


def cleared_by_lists(kit, lists):
    """For each list under a clearing analysis: the versions of pump that it clears."""
    numbered = {f"CVE-2097-{number + 1000}": entries for number, entries in enumerate(lists)}
    records = "".join(json.dumps(dict(record(0), id=cve)) + "\n" for cve in numbered)
    statements = [{"id": cve, "analysis": {"state": "not_affected"},
                   "affects": [{"ref": ref, "versions": entries} for ref in ("p1", "p2")]}
                  for cve, entries in numbered.items()]
    path = kit.path("lists.json", json.dumps(sbom(vulnerabilities=statements)))
    done = kit.run("scan", path, "--kb", kit.kb(kit.path("lists.jsonl", records)), "-f", "json")
    found = json.loads(done.text)
    left = {cve: {"1.0.0", "2.0.0"} for cve in numbered}
    for finding in found["findings"] + found["undecided"]:
        component = found["components"][finding["component"]]
        if any(o["bom_ref"] in ("p1", "p2") for o in component["occurrences"]):
            left[finding["id"]].discard(component["version"])
    return list(left.values())


def check_lists(kit):
    lists = [list(entries) for count in (1, 2, 3)
             for entries in itertools.combinations(ENTRIES, count)]
    found = cleared_by_lists(kit, lists)
    by_entries = {json.dumps(entries): cleared for entries, cleared in zip(lists, found)}
    wrong = []
    for entries, cleared in zip(lists, found):
        said = {entry["version"] for entry in entries if entry.get("status") == "unaffected"}
        said -= {entry["version"] for entry in entries if entry.get("status", "affected") == "affected"}
        if cleared != said:
            wrong.append((entries, cleared))
        for index in range(len(entries)):
            less = entries[:index] + entries[index + 1:]
            against = entries[index].get("status", "affected") == "affected"
            spoken = {entries[index]["version"]} if against else set()
            if less and not by_entries[json.dumps(less)] - spoken <= cleared:
                wrong.append((entries, "without", index))
    kit.check("a list of versions clears those that are \"unaffected\", and is more only by leaving out what contradicts",
              not wrong and len(lists) > 80, *wrong[:10])


def main():
    kit = Kit()
    doors = Doors(kit)
    forms = {
        "CycloneDX inside": (lambda claims: cyclonedx(claims, prefix=""), doors.inside),
        "CycloneDX inside, plain versions": (
            lambda claims: cyclonedx(claims, prefix="", status=False), doors.inside),
        "CycloneDX XML inside": (lambda claims: cyclonedx(claims, prefix=""), doors.inside_xml),
        "CycloneDX beside": (cyclonedx, doors.beside),
        "OpenVEX": (openvex, doors.beside),
        "CSAF": (csaf, doors.beside),
    }
    different, more, wider, cleared = [], [], [], 0
    for seed in range(int(os.environ.get("SEEDS", "12"))):
        rng = random.Random(seed)
        claims = [claim(rng) for _ in range(rng.choice((1, 2, 2)))]
        base = {}
        for name, (render, door) in forms.items():
            document = render(claims)
            base[name] = door(document)
            if name == "CycloneDX XML inside" or base[name] is None:
                continue
            variants = list(damages(document, rng))
            for what, damaged in rng.sample(variants, min(len(variants), 14)):
                after = door(damaged)
                if after is not None and not after <= base[name]:
                    more.append((seed, name, what, claims, after - base[name]))
            for one in claims:
                after = door(render(claims + [contradicted(one)]))
                if after is not None and one[1] in CLEARS and not after <= base[name]:
                    more.append((seed, name, "contradicted", claims, after - base[name]))
            for index, one in enumerate(claims):
                for less in narrowed(one) if one[1] in CLEARS else ():
                    after = door(render(claims[:index] + [less] + claims[index + 1:]))
                    if after is None or not after <= base[name]:
                        wider.append((seed, name, less, claims))
        cleared += len(base["OpenVEX"] or ())
        if len({frozenset(result) if result is not None else None for result in base.values()}) > 1:
            different.append((seed, claims, base))
    check_lists(kit)
    kit.check("some claims clear something", cleared > 10, cleared)
    kit.check("the same claim gives the same verdicts by every door", not different,
              *different[:4])
    kit.check("damage never clears more", not more, *more[:10])
    kit.check("narrowing never clears more", not wider, *wider[:10])
    kit.check("enough was tried", doors.runs > 500, doors.runs)
    return kit.done()


if __name__ == "__main__":
    raise SystemExit(main())
