#!/usr/bin/env python3
"""SPDX that is written, by the rules of its specifications that a JSON schema does not say.

usage: spdx_rules.py [DRIVER]

Each document of a sample of the corpus, and ours, is written as SPDX 2.3 JSON and SPDX 3.0.1, and
read here as plain JSON. SPDX 2.3: clauses 6 to 11, annexes D and F. SPDX 3.0.1: every element has
an id of its own and creation information, and what is named is there. Prints TAP.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import kit
import sbom

ROOT = pathlib.Path(__file__).resolve().parents[2]
OWN = sorted((ROOT / "tests" / "golden" / "sbom").glob("*.json")) + sorted(
    (ROOT / "tests" / "golden" / "sbom_write").glob("*.json"))
BYTES, EVERY = 64 * 1024, 5

LISTED = {kind: {line.split("\t")[1] for line in
                 (ROOT / "data" / "registries" / "spdx.tsv").read_text(encoding="utf-8").splitlines()
                 if line.startswith(kind + "/")} for kind in ("licence", "exception")}
WORD = re.compile(r"[^\s()]+")
REFERENCE = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")
ID = re.compile(r"SPDXRef-[A-Za-z0-9.-]+")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
LOCATORS = {  # annex F
    "SECURITY": {"cpe22Type": r"cpe:/[AHOaho]?(:[A-Za-z0-9._\-~%]*){0,6}",
                 "cpe23Type": r"cpe:2\.3:[aho*-](:(\*|-|[?*]*(\\.|[\w.-])+[?*]*)){10}",
                 "advisory": r"\w+://\S+", "fix": r"\w+://\S+", "url": r"\w+://\S+",
                 "swid": r"swid:\S+"},
    "PACKAGE-MANAGER": {"purl": r"pkg:[^\s/]+/\S+", "maven-central": r"[^:]+:[^:]+(:[^:]+)?",
                        "npm": r"[^@]+@[^@]+", "nuget": r"[^/]+/[^/]+", "bower": r"[^#]+#[^#]+"},
    "PERSISTENT-ID": {"swh": r"swh:1:(snp|rel|rev|dir|cnt):[0-9a-f]{40}",
                      "gitoid": r"gitoid:\w+:sha(1:[0-9a-f]{40}|256:[0-9a-f]{64})"},
}


def expression_faults(text, references):
    """Words of an expression that are none of the list, of the document, or out of place."""
    if text in ("NONE", "NOASSERTION"):
        return
    words = WORD.findall(text)
    for before, word in zip(["", *words], words):
        if word in ("AND", "OR", "WITH"):
            continue
        if before == "WITH":
            fine = word in LISTED["exception"]
        else:
            fine = (word in LISTED["licence"] or word in references or
                    word.removesuffix("+") in LISTED["licence"])
        if not fine:
            yield f"licence {word!r} in {text!r}"


def reference_fault(reference):
    category, kind = reference["referenceCategory"], reference["referenceType"]
    locator = reference["referenceLocator"]
    if category == "OTHER":
        return " " in locator or not kind
    form = LOCATORS.get(category, {}).get(kind)
    return form is None or not re.fullmatch(form, locator)


def package_faults(package, references):
    for member in ("licenseConcluded", "licenseDeclared"):
        yield from expression_faults(package[member], references)
    for reference in package.get("externalRefs", ()):
        if reference_fault(reference):
            yield f"reference {reference}"
    for member in ("supplier", "originator"):
        if not re.match(r"(Person|Organization): |$", package.get(member, "")):
            yield f"{member} {package[member]!r}"
    for member in ("releaseDate", "builtDate", "validUntilDate"):
        if member in package and not TIME.fullmatch(package[member]):
            yield f"{member} {package[member]!r}"


def faults_2(document):
    if not URI.fullmatch(document["documentNamespace"]):
        yield f"namespace {document['documentNamespace']!r}"
    if not TIME.fullmatch(document["creationInfo"]["created"]):
        yield f"created {document['creationInfo']['created']!r}"
    ids = [package["SPDXID"] for package in document["packages"]]
    known = {"SPDXRef-DOCUMENT", "NONE", *ids}
    if len(known) != len(ids) + 2 or not all(ID.fullmatch(one) for one in ids):
        yield "ids that are not of their own, or not of the form"
    texts = document.get("hasExtractedLicensingInfos", [])
    references = [text["licenseId"] for text in texts]
    if len(set(references)) != len(references) or not all(map(REFERENCE.fullmatch, references)):
        yield "licence ids that are not of their own, or not of the form"
    if not all(text["extractedText"] for text in texts):
        yield "a licence without text"
    for package in document["packages"]:
        yield from package_faults(package, set(references))
    ends = [(one["spdxElementId"], one["relatedSpdxElement"]) for one in document["relationships"]]
    yield from (f"relationship of {pair}" for pair in ends if not known.issuperset(pair))
    if not any(one["spdxElementId"] == "SPDXRef-DOCUMENT" and one["relationshipType"] == "DESCRIBES"
               for one in document["relationships"]):
        yield "describes nothing"


def named(element):
    """Ids that an element names."""
    for member in ("from", "to", "createdBy", "createdUsing", "suppliedBy", "originatedBy",
                   "rootElement", "element", "dataLicense"):
        value = element.get(member, [])
        yield from [value] if isinstance(value, str) else value
    for entry in element.get("simplelicensing_customIdToUri", ()):
        yield entry["value"]


def faults_3(document):
    elements = [one for one in document["@graph"] if "spdxId" in one]
    ids = {one["spdxId"] for one in elements}
    if len(ids) != len(elements):
        yield "ids that are not of their own"
    if any("creationInfo" not in one for one in elements):
        yield "an element without creation information"
    for element in document["@graph"]:
        for one in named(element):
            if one not in ids and not one.startswith("https://spdx.org/rdf/3.0.1/terms/"):
                yield f"{element['type']} names {one!r}, which is not there"
        text = element.get("simplelicensing_licenseExpression", "NONE")
        keys = {entry["key"] for entry in element.get("simplelicensing_customIdToUri", ())}
        yield from expression_faults(text, keys)


RULES = {"spdx-2.3-json": faults_2, "spdx-3.0.1-json": faults_3}


def documents(shared):
    if not shared:
        return OWN
    corpus = shared.parent / "sbom"
    rows = [line.split("\t")[0] for line in
            (corpus / "manifest.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    paths = [corpus / row for row in sorted(rows)]
    if not os.environ.get("TUTELA_LONG"):
        paths = [path for path in paths if path.stat().st_size <= BYTES][1::EVERY]
    return OWN + paths


def written(source, target, folder):
    path = folder / target
    with open(path, "wb") as out:
        done = subprocess.run([sbom.driver(), "--write", target, str(source)], stdout=out,
                              stderr=subprocess.DEVNULL, timeout=300, check=False)
    return json.loads(path.read_text(encoding="utf-8")) if done.returncode == 0 else None


def main():
    if not os.access(sbom.driver(), os.X_OK):
        return kit.skip("spdx_rules: no driver")
    tap = kit.Tap()
    with tempfile.TemporaryDirectory(prefix="tutela-spdx-rules-") as name:
        for target, rules in RULES.items():
            count = 0
            for source in documents(kit.data(os.curdir)):
                document = written(source, target, pathlib.Path(name))
                if document is None: # refused: the suites of reading look at that
                    continue
                count += 1
                found = list(rules(document))
                if found:
                    tap.line(False, f"spdx_rules/{target} {source.name}: {found[0][:250]} "
                                    f"({len(found)} in all)")
            tap.line(count > 0, f"spdx_rules/{target}: {count} documents")
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
