#!/usr/bin/env python3
"""`tutela sbom check` against documents that are known to lack one element, or none.

usage: sbom_check.py [PROGRAM]

The suites of NTIA's conformance checker, of sbomqs and of the BSI's guideline are found through
TUTELA_SHARED. What each document lacks is in the name that its suite gave it. Prints TAP: a line a
document. Documents that are judged otherwise are in sbom_check-exceptions.tsv beside this file,
each with what is seen instead and the reason; one that is no longer seen fails, too.
"""
import fnmatch
import json
import pathlib
import subprocess
import sys

from kit import data, program, skip

HERE = pathlib.Path(__file__).resolve().parent
NTIA, SBOMQS, BSI = "ntia-conformance-checker", "sbomqs-fixtures", "bsi-tr03183/bsi"

# Suite and name of the document: profile, and the element that it lacks ("-": none).
WANTED = [
    (f"{NTIA}/missing_author_name/*", "ntia", "author"),
    (f"{NTIA}/missing_component_name/*", "ntia", "name"),
    (f"{NTIA}/missing_component_version/*", "ntia", "version"),
    (f"{NTIA}/missing_concluded_license/*", "cisa-2025", "licence"),
    (f"{NTIA}/missing_dependency_relationships/*", "ntia", "relationship"),
    (f"{NTIA}/missing_supplier_name/*", "ntia", "supplier"),
    (f"{NTIA}/missing_timestamp/*", "ntia", "timestamp"),
    (f"{NTIA}/missing_unique_identifiers/*", "ntia", "identifier"),
    (f"{NTIA}/no_elements_missing/*", "ntia", "-"),
    (f"{NTIA}/SPDXSBOMExampleTests/*MissingAuthorName*", "ntia", "author"),
    (f"{NTIA}/SPDXSBOMExampleTests/*MissingComponentVersion*", "ntia", "version"),
    (f"{NTIA}/SPDXSBOMExampleTests/*MissingDependencyRelationships*", "ntia", "relationship"),
    (f"{NTIA}/SPDXSBOMExampleTests/*MissingSupplierName*", "ntia", "supplier"),
    (f"{NTIA}/SPDXSBOMExampleTests/*MissingUniqueIdentifiers*", "ntia", "identifier"),
    (f"{NTIA}/spdx3/missing_supplier_name.json", "ntia", "supplier"),
    (f"{NTIA}/spdx3/missing_version.json", "ntia", "version"),
    (f"{NTIA}/spdx3/missing_unique_identifiers.json", "ntia", "identifier"),
    (f"{SBOMQS}/*-no-authors.json", "ntia", "author"),
    (f"{SBOMQS}/*-no-checksum*.json", "cisa-2025", "hash"),
    (f"{SBOMQS}/*-no-timestamp.json", "ntia", "timestamp"),
    (f"{SBOMQS}/*-no-version.json", "ntia", "version"),
    (f"{SBOMQS}/*-no-dependencies.json", "ntia", "relationship"),
    (f"{SBOMQS}/*-no-supplier.json", "ntia", "supplier"),
    (f"{SBOMQS}/*-no-tool.json", "cisa-2025", "tool"),
    (f"{SBOMQS}/*-no-original-license.json", "cisa-2025", "licence"),
    (f"{SBOMQS}/*-weak-checksums.json", "bsi-tr-03183-2", "hash"),
    (f"{SBOMQS}/cdx-perfect-score.json", "ntia", "-"),
    (f"{SBOMQS}/spdx3-complete-ntia.json", "ntia", "-"),
    (f"{BSI}/spdx/missingMetadataCreator.*", "bsi-tr-03183-2", "creator"),
    (f"{BSI}/spdx/missingMetadataTimestamp.*", "bsi-tr-03183-2", "timestamp"),
    (f"{BSI}/spdx/invalidMetadataTimestamp.*", "bsi-tr-03183-2", "timestamp"),
    (f"{BSI}/spdx/missingComponentSupplier.*", "bsi-tr-03183-2", "component-creator"),
    (f"{BSI}/spdx/missingComponentLicense.*", "bsi-tr-03183-2", "licence"),
    (f"{BSI}/spdx/noneComponentLicense.*", "bsi-tr-03183-2", "licence"),
    (f"{BSI}/spdx/missingComponentHash.*", "bsi-tr-03183-2", "hash"),
    (f"{BSI}/spdx/invalidComponentHashMD5.*", "bsi-tr-03183-2", "hash"),
    (f"{BSI}/spdx/missingDependencyInfo.*", "bsi-tr-03183-2", "relationship"),
    (f"{BSI}/spdx3/*doc-missing-creator.json", "bsi-tr-03183-2", "creator"),
    (f"{BSI}/spdx3/*doc-missing-timestamp.json", "bsi-tr-03183-2", "timestamp"),
    (f"{BSI}/spdx3/*doc-missing-sbom-uri.json", "bsi-tr-03183-2", "sbom-uri"),
    (f"{BSI}/spdx3/*one-with-filename.json", "bsi-tr-03183-2", "filename"),
    (f"{BSI}/spdx3/*one-with-deployable-hash.json", "bsi-tr-03183-2", "hash"),
    (f"{BSI}/spdx3/*one-with-executable-prop.json", "bsi-tr-03183-2", "executable"),
    (f"{BSI}/spdx3/*one-with-archive-prop.json", "bsi-tr-03183-2", "archive"),
    (f"{BSI}/spdx3/*one-with-structured-prop.json", "bsi-tr-03183-2", "structured"),
    (f"{BSI}/spdx3/*one-with-concluded-license.json", "bsi-tr-03183-2", "licence"),
    (f"{BSI}/spdx3/*one-with-dependencies.json", "bsi-tr-03183-2", "relationship"),
    (f"{BSI}/spdx3/*one-with-creator.json", "bsi-tr-03183-2", "component-creator"),
    (f"{BSI}/spdx3/*one-with-purl-cpe.json", "bsi-tr-03183-2", "identifier"),
]


def judged(path, profile):
    """What is missing of the document, as one text: elements, "-" for none, or why it is not
    read."""
    done = subprocess.run([program(), "sbom", "check", str(path), "--profile", profile,
                           "--format", "json"], capture_output=True, timeout=60, check=False)
    if done.returncode == 3:
        return "not read"
    if done.returncode not in (0, 1):
        return f"exit code {done.returncode}"
    answer = json.loads(done.stdout)
    required = [rule for rule in answer["rules"] if rule["required"]]
    complete = all(rule["asked"] and rule["present"] == rule["asked"] for rule in required)
    if answer["passed"] != complete or answer["passed"] != (done.returncode == 0):
        return "exit code, verdict and rules disagree"
    missing = [rule["element"] for rule in answer["rules"] if rule["missing"]]
    undecided = [f"{rule['element']}?" for rule in answer["rules"] if rule["undecided"]]
    nothing = ["nothing to judge"] if not answer["components_judged"] else []
    return " ".join(missing + undecided + nothing)


def exceptions():
    rows = (HERE / "sbom_check-exceptions.tsv").read_text(encoding="utf-8").splitlines()
    return {row.split("\t")[0]: row.split("\t")[1:] for row in rows if row and row[0] != "#"}


def fine(element, seen):
    words = seen.split()
    if element != "-":
        return element in words
    return not {word for word in words if word not in ("hash", "licence", "known-unknowns", "known-unknowns?")}


def documents(folder):
    """(path, name, profile, element); a pattern without a document is told."""
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    for pattern, profile, element in WANTED:
        hits = fnmatch.filter(names, pattern)
        if not hits:
            print(f"# no document is called {pattern}")
        for name in hits:
            yield folder / name, name, profile, element


def main():
    folder = data("ntia")
    if not folder:
        return skip("no shared test data (conformance/ntia)")
    excepted = exceptions()
    count = failed = 0
    for path, name, profile, element in documents(folder):
        seen = judged(path, profile)
        count += 1
        good = fine(element, seen)
        exception = excepted.pop(name, None)
        if exception:
            good = not good and exception[0] == seen
        failed += not good
        print(f"{'ok' if good else 'not ok'} {count} - {profile} {name}: {element}"
              f"{' # except: ' + exception[1] if exception else ''}")
        if not good:
            print(f"# seen: {seen}")
    for name in excepted:
        print(f"# an exception without a document: {name}")
        failed += 1
    print(f"1..{count}")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
