#!/usr/bin/env python3
"""What we write, judged by others: @secvisogram/csaf-validator-lib for CSAF, ajv with the official
schemas for OpenVEX and CycloneDX.

usage: csaf_peer.py [PROGRAM]

The packages are installed with npm into the build folder (TUTELA_BUILD), once. Without npm, or where
it cannot install, the script is skipped with a line that says so. Prints TAP.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

from kit import ROOT, Kit

PACKAGES = ("@secvisogram/csaf-validator-lib", "ajv", "ajv-formats")
PUMP_DIR = ROOT / "examples" / "infusion-pump"
SCHEMAS = "data/conformance"

CSAF = """
import fs from 'fs'
import validate from '@secvisogram/csaf-validator-lib/validate.js'
import * as schema from '@secvisogram/csaf-validator-lib/schemaTests.js'
import * as mandatory from '@secvisogram/csaf-validator-lib/mandatoryTests.js'
const out = {}
for (const file of process.argv.slice(2)) {
  const tests = [schema.csaf_2_0_strict ?? schema.csaf_2_0, ...Object.values(mandatory)]
  const result = await validate(tests, JSON.parse(fs.readFileSync(file, 'utf8')))
  out[file] = result.tests.flatMap(t => t.errors.map(e => `${t.name} ${e.instancePath}: ${e.message}`))
  if (!result.isValid && !out[file].length) out[file].push('not valid')
}
console.log(JSON.stringify(out))
"""

AJV = """
import fs from 'fs'
import { createRequire } from 'module'
const require = createRequire(import.meta.url)
const [kind, file, ...schemas] = process.argv.slice(2)
const Ajv = kind === '2020' ? require('ajv/dist/2020') : require('ajv')
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true })
require('ajv-formats')(ajv)
for (const f of ['idn-email', 'iri-reference', 'iri']) ajv.addFormat(f, true)
const read = f => JSON.parse(fs.readFileSync(f, 'utf8'))
const [main, ...others] = schemas.map(read)
for (const s of others) ajv.addSchema(s)
const check = ajv.compile(main)
check(read(file))
console.log(JSON.stringify((check.errors ?? []).map(e => `${e.instancePath}: ${e.message}`)))
"""


def skip(why):
    print(f"1..0 # SKIP {why}")
    return 0


def installed():
    """The folder with the packages, or why there is none."""
    if not shutil.which("npm") or not shutil.which("node"):
        return None, "npm is not there"
    build = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
    folder = build / "npm-peer"
    folder.mkdir(parents=True, exist_ok=True)
    if not all((folder / "node_modules" / name).is_dir() for name in PACKAGES):
        (folder / "package.json").write_text('{"type": "module", "private": true}\n')
        try:
            done = subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund",
                                   *PACKAGES], cwd=folder, capture_output=True, timeout=300,
                                  check=False)
        except subprocess.TimeoutExpired:
            return None, "npm install took too long"
        if done.returncode != 0:
            words = (done.stderr or done.stdout).decode(errors="replace").split("\n")
            return None, f"npm cannot install: {words[0][:200]}"
    (folder / "csaf.mjs").write_text(CSAF)
    (folder / "schema.mjs").write_text(AJV)
    return folder, ""


def node(folder, script, *arguments):
    done = subprocess.run(["node", script, *map(str, arguments)], cwd=folder, capture_output=True,
                          timeout=120, check=False)
    if done.returncode != 0:
        return [done.stderr.decode(errors="replace")[-2000:]]
    return json.loads(done.stdout)


def write(kit, name, *more):
    path = kit.path(f"{name}{len(more)}.json")
    done = kit.run("vex", "write", PUMP_DIR, "--format", name, "-o", path, *more)
    kit.check(f"vex write {name} {' '.join(map(str, more))}".rstrip(), done.returncode == 0,
              done.complaint)
    return path


def csaf(kit, folder):
    paths = []
    for name in ("csaf-vex", "csaf-advisory"):
        first = write(kit, name, "--at", "2026-07-01T12:00:00Z")
        again = write(kit, name, "--at", "2026-07-08T00:00:00+02:00", "--previous", first)
        single = write(kit, name, "--at", "2026-07-01T12:00:00Z", "--id", "CVE-2022-0847",
                       "--tlp", "amber")
        paths += [first, again, single]
    answer = node(folder, "csaf.mjs", *paths)
    for path in paths:
        errors = answer.get(path, ["no answer"]) if isinstance(answer, dict) else answer
        kit.check(f"csaf-validator-lib: {pathlib.Path(path).name}: no error", errors == [],
                  "\n".join(errors))


def schemas(kit, folder, shared):
    openvex = shared / "openvex/schema/openvex_json_schema.json"
    cyclonedx = [shared / "cyclonedx/schema" / name for name in
                 ("bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schema.json")]
    for name, kind, files in (("openvex", "2020", [openvex]), ("cyclonedx", "7", cyclonedx)):
        if not all(path.is_file() for path in files):
            print(f"# no schema of {name}: the shared data is not there")
            continue
        first = write(kit, name, "--at", "2026-07-01T12:00:00Z")
        again = write(kit, name, "--at", "2026-07-08T00:00:00Z", "--previous", first)
        for path in (first, again):
            errors = node(folder, "schema.mjs", kind, path, *files)
            kit.check(f"schema of {name}: {pathlib.Path(path).name}: no error", errors == [],
                      "\n".join(errors))


def main():
    folder, why = installed()
    if not folder:
        return skip(why)
    kit = Kit()
    shared = pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared"))
    csaf(kit, folder)
    schemas(kit, folder, shared / SCHEMAS)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
