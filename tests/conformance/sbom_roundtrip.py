#!/usr/bin/env python3
"""Documents of the corpus written in every format: what is lost must have been said.

usage: sbom_roundtrip.py [--long] [DRIVER]

Every document A is written in each format B, and B in A's format again; after each step the facts
of the inventories are compared. A fact that is gone, or new, needs a loss that the writer reported.
Without --long (or TUTELA_LONG in the environment) a sample of the corpus is taken. Prints TAP.
"""
import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import kit
import sbom

FORMATS = ("cyclonedx-1.6-json", "cyclonedx-1.7-json", "cyclonedx-1.6-xml", "spdx-2.3-json", "spdx-2.3-tv",
           "spdx-3.0.1-json")
# The way back, by what the source is; of the others the nearest.
BACK = {"CycloneDX XML": "cyclonedx-1.6-xml", "SPDX JSON": "spdx-2.3-json",
        "SPDX tag-value": "spdx-2.3-tv", "SPDX YAML": "spdx-2.3-json", "SPDX RDF/XML": "spdx-2.3-tv",
        "SPDX 3 JSON-LD": "spdx-3.0.1-json"}
SAMPLE_BYTES = 64 * 1024
SAMPLE_EVERY = 5

# Kinds of facts, and the words of a loss that explains a difference.
ALLOWED = {
    "name": ("a component without name", "changed: characters"),
    "kind": ("no such type of component",),
    "scope": ("optional or excluded",),
    "group": ("the group", "changed: characters"),
    "supplier": ("changed: characters",),
    "contact": ("a person or organization is reached", "changed: characters"),
    "purl": ("a purl", "changed: characters"),
    "swid": ("changed: characters",),
    "cpe": ("changed: characters", "in the standard's form"),
    "hash": ("a hash of", "changed: characters"),
    "licence": ("a licence that", "changed: characters", "declared or concluded",
                "deprecated licence", "not on the list of SPDX", "written as a name",
                "the name, text, comment or URL of a licence"),
    "property": ("lost: properties", "changed: characters"),
    "resolved": ("changed: characters",),
    "resolved by": ("who says that", "changed: characters"),
    "relation": ("a relationship of a type", "what nothing is above of"),
    "subject": ("a nested component is what", "what nothing is above of"),
    "statement": ("lost: statements", "changed: characters"),
    "state": ("lost: statements", "a state that"),
    "reason": ("lost: statements", "written as detail", "changed: characters"),
    "tool": (),
    "author": ("a person or organization",),
    "phase": ("the phase in",),
}
# What a document must keep in its own format, whatever others can hold.
OWN_FORMAT = {
    "maker": ("of an organisation", "of a contact", "a person or organization", "the part that a",
              "whether a name is", "changed: characters"),
    "text": ("lost: ", "changed: characters"),
    "reference": ("an external reference", "a hash of", "an identifier that is not", "changed: characters"),
    "leaf": ("a component without name",),
    "bom version": ("the version of the document",),
    "kept": ("what only CycloneDX has",),
    "relation type": ("a relationship of a type",),
    "licence said": ("a licence that", "deprecated licence", "not on the list of SPDX",
                     "written as declared", "written as a name", "changed: characters"),
    "licence text": ("the name, text, comment or URL of a licence", "not on the list of SPDX",
                     "does not explain", "changed: characters"),
}
# What CycloneDX and SPDX both hold, and what must come back from there.
BOTH_HOLD = {
    "said": ("lost: descriptions", "lost: copyright", "changed: characters"),
    "reached": ("an external reference", "a location that", "changed: characters"),
    "made by": ("a person or organization", "changed: characters"),
    "leaf": (),
}
# One thing in the words of two formats.
SAME = {"vulnerableCodeNotPresent": "code_not_present",
        "vulnerableCodeNotInExecutePath": "code_not_reachable",
        "inlineMitigationsAlreadyExist": "protected_by_mitigating_control"}


def is_long():
    return bool(os.environ.get("TUTELA_LONG"))


def together(licences):
    """What a list of licences says: those that apply together may be written as one expression."""
    names = [row for row in licences if row[1] == "name"]
    said = {row[2] for row in licences}
    texts = [row[0] for row in licences]
    if not names and len(said) == 1:
        parts = texts if len(texts) == 1 else [
            text if " " not in text else f"({text})" for text in texts]
        return " AND ".join(parts) + "\t" + said.pop()
    return "\n".join(sorted("\t".join(["name" if row in names else "", row[0], row[2]])
                            for row in licences))


def spelled(licence):
    """An expression without the white space that means nothing; in the letters of all spellings."""
    return licence.lower().replace("( ", "(").replace(" )", ")")


class Facts:
    """Facts of an inventory by kind, none of which depends on ids and on the order."""

    def __init__(self, path):
        self.of = {kind: collections.Counter() for kind in (*ALLOWED, *OWN_FORMAT, *BOTH_HOLD)}
        self.licences = collections.defaultdict(list)
        self.keys, self.subject, self.format = {}, "-", ""
        rows = sbom.dump(path)
        self.readable = rows[0][0] == "format"
        for row in rows:
            if row[0] == "component":
                self.keys[row[1]] = "\t".join(row[i].strip() for i in (8, 9, 11))
        self.count = len(self.keys)
        self.licence_names = {row[1]: row[2] for row in rows if row[0] == "licence text" and row[2]}
        for row in rows:
            getattr(self, "take_" + row[0].replace(" ", "_"), lambda row: None)(row)
        for index, licences in self.licences.items():
            self.add("licence said", self.keys[index], together(licences))

    def add(self, kind, *words):
        self.of[kind]["\t".join(words)] += 1

    def take_format(self, row):
        self.format = row[1]

    def take_subject(self, row):
        self.subject = row[1]
        self.add("subject", self.keys.get(row[1], "-"))

    def take_component(self, row):
        key = self.keys[row[1]]
        self.add("name", row[8], row[9])
        for kind, column in (("kind", 4), ("scope", 5), ("group", 7), ("supplier", 10),
                             ("purl", 11), ("swid", 12)):
            self.add(kind, row[9], row[column])
        if row[3] != "-":
            self.of["relation"][f"{self.keys[row[3]]}\tcontains\t{key}"] = 1

    def take_tool(self, row):
        if row[1] != "sbom_driver":
            self.of["tool"][row[1]] = 1

    def take_author(self, row):
        self.of["author"][row[1]] = 1

    def take_phase(self, row):
        self.add("phase", row[1])

    def take_contact(self, row):
        self.add("contact", row[2])

    def take_cpe(self, row):
        self.of["cpe"][f"{self.keys[row[1]]}\t{row[2]}"] = 1 # readers look for few that repeat

    def take_hash(self, row):
        self.add("hash", row[2], row[3])

    def take_licence(self, row):
        if row[1] not in self.keys: # of the document: SPDX has one for all
            return
        if self.format.startswith("CycloneDX"):
            self.licences[row[1]].append(row[2:])
        else:
            self.add("licence said", self.keys[row[1]], spelled(row[2]), row[4])
        if row[2] == "NOASSERTION": # SPDX's word where nothing is said
            return
        # Several that all apply may be one expression; a reference has a name elsewhere.
        parts = row[2].split(" AND ") if "(" not in row[2] else [row[2]]
        for part in parts:
            self.of["licence"][spelled(self.licence_names.get(part, part))] = 1

    def take_licence_text(self, row):
        self.add("licence text", *row[1:])

    def take_maker(self, row):
        self.add("maker", self.keys.get(row[1], "-"), *row[2:])
        if row[1] in self.keys and row[4]:
            self.of["made by"][row[4]] = 1

    def take_text(self, row):
        self.add("text", self.keys.get(row[1], "-"), row[2], row[3].strip())
        if row[2] in ("descriptions", "copyright notices"):
            self.of["said"][row[3].strip()] = 1

    def take_reference(self, row):
        category = row[2].replace("_", "-")
        self.add("reference", self.keys.get(row[1], "-"), category, *row[3:])
        if row[1] in self.keys:
            self.of["reached"][row[4]] = 1

    def take_leaf(self, row):
        self.of["leaf"][self.keys[row[1]]] = 1

    def take_bom_version(self, row):
        if row[1] != "1": # what is not stated is 1
            self.add("bom version", row[1])

    def take_kept(self, row):
        self.add("kept", self.keys.get(row[1], "-"), *row[2:])

    def take_property(self, row):
        if not row[2].endswith(":cpe23"):
            self.add("property", row[2], row[3])

    def take_resolved(self, row):
        self.add("resolved", row[2])
        self.add("resolved by", row[2], row[3], row[4])

    def take_relationship(self, row):
        if row[2] == "describes" and row[3] == self.subject:
            return
        ends = [self.keys.get(row[1], "-"), row[2], self.keys.get(row[3], "-")]
        self.of["relation"]["\t".join(ends)] = 1
        if len(row) > 4 and row[1] in self.keys:
            self.of["relation type"]["\t".join([*ends, row[4]])] = 1

    def take_statement(self, row):
        # "whole" and "dangling" stand where an index does.
        about = [self.keys.get(index, index) for index in row[5:]]
        self.add("statement", row[1], *sorted(about))
        self.add("state", row[1], row[2])
        self.add("reason", row[1], SAME.get(row[3], row[3]), row[4])


def stays(before, target):
    """Does the document stay in its format, or in another spelling of it?"""
    if before.format.startswith("CycloneDX"):
        return target.startswith("cyclonedx")
    return BACK.get(before.format) == target


def untold(before, after, losses, rules):
    """Kinds of facts that differ, and no loss says so."""
    told = "\n".join(losses)
    # Other facts are named by the names of their components.
    renamed = "without name" in told or "changed: characters" in told or "a purl" in told
    found = []
    for kind, words in rules.items():
        ours, theirs = before.of[kind], after.of[kind]
        if ours == theirs or any(word in told for word in words):
            continue
        if renamed and kind in (
                "relation", "subject", "statement", "cpe", "maker", "text", "reference", "leaf",
                "relation type", "licence said"):
            continue
        found.append(f"{kind} -{list((ours - theirs))[:2]} +{list((theirs - ours))[:2]}")
    return found


def write(source, target, path):
    """Write `source` as `target`; what the driver says is lost, or None when it did not write."""
    with open(path, "wb") as out:
        done = subprocess.run([sbom.driver(), "--write", target, str(source)], stdout=out,
                              stderr=subprocess.PIPE, timeout=300, check=False)
    lines = done.stderr.decode(errors="replace").splitlines()
    if done.returncode:
        return None
    return [line.split("\t")[2] for line in lines if line.startswith("loss")]


def step(tally, name, before, source, target, path):
    """One conversion; the facts after it and what was lost, or None when it failed."""
    losses = write(source, target, path)
    after = Facts(path) if losses is not None else None
    if after is None or not after.readable:
        tally.fail(name, f"as {target}: not written" if after is None else "not readable")
        return None
    own = stays(before, target)
    wrong = untold(before, after, losses, {**ALLOWED, **OWN_FORMAT} if own else ALLOWED)
    if before.count != after.count:
        wrong.insert(0, f"{before.count} components, {after.count} after")
    if wrong:
        tally.fail(name, f"as {target}: {'; '.join(wrong)[:400]}")
        return None
    tally.count("told losses" if losses else "whole")
    return after, losses


def there_and_back(tallies, name, path, target, folder):
    before = Facts(path)
    written = step(tallies[0], name, before, path, target, folder / "there")
    if not written:
        return
    after, lost = written
    back = BACK.get(before.format, "cyclonedx-1.6-json")
    written = step(tallies[1], name, after, folder / "there", back, folder / "back")
    if written and before.format.startswith("CycloneDX"):
        wrong = untold(before, written[0], lost + written[1], BOTH_HOLD)
        if wrong:
            tallies[1].fail(name, f"there and back: {'; '.join(wrong)[:400]}")


def documents(corpus):
    rows = [line.split("\t")[0] for line in
            (corpus / "manifest.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    paths = [corpus / row for row in sorted(rows)]
    if not is_long():
        paths = [path for path in paths if path.stat().st_size <= SAMPLE_BYTES][::SAMPLE_EVERY]
    return [path for path, read in zip(paths, sbom.summaries(paths)) if read.fine]


def some(generator, *values):
    """A few of these, or none."""
    return generator.sample(values, generator.randrange(len(values) + 1))


def party(generator, name):
    contacts = some(generator, {"name": "Desk", "email": "d@x.example"}, {"phone": "+1 555"})
    return {"name": name} | ({"url": ["https://x.example/" + name]} if generator.random() < 0.5 else {}) | (
        {"contact": contacts} if contacts else {})


def generated_component(generator, number):
    component = {"type": generator.choice(["library", "application", "firmware", "file"]),
                 "bom-ref": f"c{number}", "name": f"n{number % 7}", "version": f"{number}.0"}
    licences = some(generator, {"license": {"id": "MIT"}}, {"license": {"name": "Own terms"}},
                    {"license": {"id": "Zlib", "acknowledgement": "declared"}},
                    {"license": {"id": "ISC", "url": "https://x.example/isc",
                                 "text": {"content": "Permission", "contentType": "text/plain"}}})
    licences = generator.choice([licences, [{"expression": "MIT OR (ISC AND Zlib)",
                                          "acknowledgement": "concluded"}]])
    members = {
        "licenses": licences, "supplier": party(generator, "S"), "manufacturer": party(generator, "M"),
        "publisher": "P", "authors": [{"name": "A", "email": "a@x.example"}, {"name": "B"}],
        "author": "One", "description": "what it does", "copyright": "(c) X", "mime-type": "text/x",
        "tags": ["t", "u"], "swhid": ["swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"],
        "cpe": f"cpe:2.3:a:x:n{number % 7}:{number}.0:*:*:*:*:*:*:*", "scope": "optional",
        "purl": f"pkg:generic/n{number % 7}@{number}.0",
        "externalReferences": some(
            generator, {"type": "vcs", "url": "https://x.example/v", "comment": "c"},
            {"type": "bom", "url": "urn:x", "hashes": [{"alg": "MD5", "content": "0" * 32}]}),
        "evidence": {"identity": [{"field": "name", "confidence": 0.25}]},
        "properties": [{"name": "k", "value": "v"}, {"name": "k", "value": ""}],
    }
    chosen = some(generator, *members)
    if "authors" in chosen and "author" in chosen:
        chosen.remove("author")
    return component | {key: members[key] for key in chosen}


def generated(folder, count=40):
    """CycloneDX documents of random members, the same each time."""
    generator = random.Random(20261129)
    for number in range(count):
        components = [generated_component(generator, i) for i in range(generator.randrange(1, 9))]
        refs = [component["bom-ref"] for component in components]
        document = {
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": generator.randrange(1, 9),
            "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
            "metadata": {"authors": some(generator, {"name": "J"}, {"email": "k@x.example"}),
                         "supplier": party(generator, "D"), "manufacturer": party(generator, "E"),
                         "lifecycles": some(generator, {"phase": "build"}, {"name": "ours"})},
            "components": components,
            "dependencies": [{"ref": ref, "dependsOn": some(generator, *refs)}
                             for ref in some(generator, *refs)],
            "compositions": [{"aggregate": "complete", "assemblies": refs[:1]}]}
        path = folder / f"generated-{number}.cdx.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        yield path


def own_format(tap, folder):
    """The law on generated documents: CycloneDX written as CycloneDX loses nothing unsaid."""
    for target in ("cyclonedx-1.6-json", "cyclonedx-1.7-json", "cyclonedx-1.6-xml"):
        tally = sbom.Tally(tap, f"sbom/generated, {target}")
        for path in generated(folder):
            step(tally, path.name, Facts(path), path, target, folder / "there")
        tally.close()


def round_trips(tap, corpus, folder):
    paths = documents(corpus)
    for target in FORMATS:
        there = sbom.Tally(tap, f"sbom/to {target}")
        back = sbom.Tally(tap, f"sbom/from {target}")
        for path in paths:
            there_and_back((there, back), str(path.relative_to(corpus)), path, target, folder)
        there.close()
        back.close()


def main():
    if "--long" in sys.argv: # what remains is the driver
        sys.argv.remove("--long")
        os.environ["TUTELA_LONG"] = "1"
    if not os.access(sbom.driver(), os.X_OK):
        return kit.skip("sbom_roundtrip: no driver")
    shared = kit.data(os.curdir)
    tap = kit.Tap()
    try:
        with tempfile.TemporaryDirectory() as folder:
            own_format(tap, pathlib.Path(folder))
            if not shared:
                print("# the corpus is left out: no shared data (set TUTELA_SHARED)")
            else:
                round_trips(tap, shared.parent / "sbom", pathlib.Path(folder))
    except (OSError, RuntimeError, subprocess.TimeoutExpired) as problem:
        tap.line(False, f"sbom_roundtrip: {problem}")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
