#!/usr/bin/env python3
"""Documents that are written, against the official schemas.

usage: sbom_schema.py [DRIVER]

JSON by ajv, which npm installs into the build folder; XML by xmllint. Schemas: CycloneDX's in
conformance/cyclonedx/schema of the shared data, SPDX's in its corpus. What is missing is named, and
what needs it skipped. Prints TAP: one line a document and format.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared")) / "data"
CYCLONEDX = SHARED / "conformance" / "cyclonedx" / "schema"
SPDX = SHARED / "sbom" / "interlynk-io__sbomqs" / "pkg" / "validation" / "schemas" / "spdx"
BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")).resolve()
OWN = sorted((ROOT / "tests" / "golden" / "sbom").glob("*.json")) + sorted(
    (ROOT / "tests" / "golden" / "sbom_write").glob("*.json"))
CORPUS_EVERY, CORPUS_BYTES = 9, 64 * 1024
SECONDS = 180

# Format: the schema, others that it names, the class of ajv for its draft.
JSON = {
    "cyclonedx-1.6-json": (CYCLONEDX / "bom-1.6.schema.json", [
        CYCLONEDX / "spdx.schema.json", CYCLONEDX / "jsf-0.82.schema.json",
        CYCLONEDX / "cryptography-defs.schema.json"], "ajv"),
    "cyclonedx-1.7-json": (CYCLONEDX / "bom-1.7.schema.json", [
        CYCLONEDX / "spdx.schema.json", CYCLONEDX / "jsf-0.82.schema.json",
        CYCLONEDX / "cryptography-defs.schema.json"], "ajv"),
    "spdx-2.3-json": (SPDX / "2.3" / "spdx-schema.json", [], "ajv"),
    "spdx-3.0.1-json": (SPDX / "3.0.1" / "spdx-schema.json.zst", [], "ajv/dist/2020"),
}
VALIDATE = """
const fs = require("fs");
const read = (path) => JSON.parse(fs.readFileSync(path, "utf8"));
const [draft, schema, others, documents] = JSON.parse(fs.readFileSync(0, "utf8"));
const Ajv = require(draft);
const ajv = new (Ajv.default || Ajv)({strict: false, logger: false});
const formats = require("ajv-formats");
(formats.default || formats)(ajv);
others.forEach((path) => ajv.addSchema(read(path)));
const validate = ajv.compile(read(schema));
console.log(JSON.stringify(documents.map((path) => validate(read(path)) ? "" : ajv.errorsText(validate.errors))));
"""


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def line(self, fine, words):
        self.count += 1
        self.failed += not fine
        print(f"{'ok' if fine else 'not ok'} {self.count} - {words}")


def driver():
    if not os.environ.get("TUTELA_BUILD") and len(sys.argv) > 1:
        return sys.argv[1]
    return str(BUILD / "tests" / "drivers" / "sbom_driver")


def sources():
    """Ours, and a sample of the corpus."""
    manifest = SHARED / "sbom" / "manifest.tsv"
    if not manifest.is_file():
        return OWN
    rows = [line.split("\t")[0] for line in manifest.read_text(encoding="utf-8").splitlines()[1:]]
    paths = [SHARED / "sbom" / row for row in sorted(rows)]
    return OWN + [path for path in paths if path.stat().st_size <= CORPUS_BYTES][::CORPUS_EVERY]


def written(target, folder):
    """(name, path) of each source that can be read, written as `target`."""
    found = []
    for number, source in enumerate(sources()):
        path = folder / f"{number}.{target}"
        with open(path, "wb") as out:
            done = subprocess.run([driver(), "--write", target, str(source)], stdout=out,
                                  stderr=subprocess.DEVNULL, timeout=SECONDS, check=False)
        if done.returncode == 0:
            found.append((source.name, path))
    return found


def plain(path, folder):
    """The schema as a file that is not compressed."""
    if path.suffix != ".zst":
        return path
    copy = folder / path.stem
    with open(copy, "wb") as out:
        subprocess.run(["zstd", "-dcq", str(path)], stdout=out, timeout=SECONDS, check=True)
    return copy


def ajv():
    """The folder where node finds ajv, or why there is none."""
    folder = BUILD / "ajv"
    if not shutil.which("npm") or not shutil.which("node"):
        return None, "no npm"
    if not (folder / "node_modules" / "ajv-formats").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text("{}", encoding="utf-8")
        try:
            done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "ajv@8",
                                   "ajv-formats@3"], cwd=folder, capture_output=True,
                                  timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return None, "npm did not install ajv in time"
        if done.returncode:
            return None, "npm cannot install ajv"
    return folder, ""


def validate(tools, request):
    done = subprocess.run(["node", "-e", VALIDATE], cwd=tools, input=json.dumps(request).encode(),
                          capture_output=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace")[-500:])
    return json.loads(done.stdout)


def json_documents(tap, target, folder):
    schema, others, draft = JSON[target]
    tools, why = ajv()
    missing = [path for path in (schema, *others) if not path.is_file()]
    if missing:
        why = f"no schema {missing[0].name} in the shared data (set TUTELA_SHARED)"
    elif schema.suffix == ".zst" and not shutil.which("zstd"):
        why = "no zstd for the schema"
    if why:
        tap.line(True, f"sbom-schema {target} # SKIP {why}")
        return
    documents = written(target, folder)
    # A document that is not valid must be told: else nothing was looked at.
    bad = folder / f"bad.{target}"
    bad.write_text('{"@context": 1, "bomFormat": 1, "spdxVersion": 1}', encoding="utf-8")
    paths = [str(path) for _, path in documents] + [str(bad)]
    answers = validate(tools, [draft, str(plain(schema, folder)), [str(path) for path in others],
                               paths])
    tap.line(bool(answers.pop()), f"sbom-schema {target}: a bad document is refused")
    for (name, _), answer in zip(documents, answers):
        tap.line(not answer, f"sbom-schema {target} {name}{': ' if answer else ''}{answer[:300]}")


def xml_documents(tap, version, folder):
    schema = CYCLONEDX / f"bom-{version}.xsd"
    if not shutil.which("xmllint"):
        tap.line(True, f"sbom-schema cyclonedx-{version}-xml # SKIP no xmllint")
        return
    if not schema.is_file():
        tap.line(True, f"sbom-schema cyclonedx-{version}-xml # SKIP no {schema.name} in the "
                       "shared data (set TUTELA_SHARED)")
        return
    bad = folder / "bad.xml"
    bad.write_text(f'<bom xmlns="http://cyclonedx.org/schema/bom/{version}"><x/></bom>',
                   encoding="utf-8")
    catalog = folder / "catalog.xml"
    spdx = (CYCLONEDX / "spdx.xsd").resolve().as_uri()
    catalog.write_text(
        '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">'
        f'<uri name="http://cyclonedx.org/schema/spdx" uri="{spdx}"/>'
        f'<system systemId="http://cyclonedx.org/schema/spdx" uri="{spdx}"/></catalog>',
        encoding="utf-8")
    for name, path in [*written(f"cyclonedx-{version}-xml", folder), ("a bad document", bad)]:
        done = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", str(schema), str(path)],
                              env={**os.environ, "XML_CATALOG_FILES": str(catalog)},
                              capture_output=True, timeout=SECONDS, check=False)
        words = done.stderr.decode(errors="replace")
        fine = done.returncode == 0 if path != bad else done.returncode == 3
        tap.line(fine, f"sbom-schema cyclonedx-{version}-xml {name}" + (
            "" if fine else f": {words[:300]!r}"))


def main():
    if not os.access(driver(), os.X_OK):
        print("1..0 # SKIP no driver")
        return 0
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="tutela-schema-") as name:
        for target in JSON:
            try:
                json_documents(tap, target, pathlib.Path(name))
            except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as problem:
                tap.line(False, f"sbom-schema {target}: {problem}")
        for version in ("1.6", "1.7"):
            xml_documents(tap, version, pathlib.Path(name))
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
