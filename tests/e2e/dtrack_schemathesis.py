#!/usr/bin/env python3
"""schemathesis 4 over Dependency-Track's own document, cut to what is offered: no error of the service, no answer of another shape.

usage: dtrack_schemathesis.py [PROGRAM] [EXAMPLES]

Only in a long run (TUTELA_LONG), with the document of the shared data. The tool is installed with pip into the build folder, once;
what cannot be installed is a skip with its reason. Then a document that asks for a member that no answer has, so that the
tool is seen to fail.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import dtrack_contract  # noqa: E402

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")).resolve()
EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
CHECKS = "not_a_server_error,response_schema_conformance"


def quiet(command, seconds=600):
    return subprocess.run(command, capture_output=True, check=False, timeout=seconds, stdin=subprocess.DEVNULL).returncode == 0


def tool():
    """(program, None), or (None, why not)."""
    if not os.environ.get("TUTELA_LONG"):
        return None, "only in a long run (./test --long)"
    if sys.version_info < (3, 11):
        return None, "schemathesis 4 needs Python 3.11"
    folder = BUILD / "schemathesis" / "venv"
    program = folder / "bin" / "schemathesis"
    if program.exists():
        return program, None
    if not quiet([sys.executable, "-m", "venv", folder]):
        return None, "no venv"
    if not quiet([folder / "bin" / "python", "-m", "pip", "install", "-q", "schemathesis>=4,<5"]):
        return None, "pip cannot install schemathesis"
    return program, None


def offered(theirs, ours, project):
    """Their document with the operations that ours has, and a project that is there as the example of each path."""
    paths = {}
    for path, row in theirs["paths"].items():
        methods = set(ours["paths"].get("/api" + path, {}))
        kept = {method: operation for method, operation in row.items() if method in methods and method != "delete"}
        for operation in kept.values():
            for answer in operation["responses"].values():
                for kind, media in answer.get("content", {}).items():
                    if "json" in kind and media.get("schema") == {"type": "string"}:  # FPF and CycloneDX, which are objects from their service, too
                        media["schema"] = {"type": "object"}
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and parameter["name"] == "uuid":
                    parameter["schema"] = {"type": "string", "enum": [project, "00000000-0000-0000-0000-000000000000"]}
        if kept:
            paths[path] = kept
    return {**theirs, "paths": paths}


def run(kit, program, document, url, key, *options):
    import yaml
    path = kit.folder / "document.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    done = subprocess.run(
        [program, "run", path, "--url", url, "-c", CHECKS, "--seed", "14", "--continue-on-failure", "--suppress-health-check", "all",
         "--no-color", "--phases", "examples,fuzzing", "--mode", "positive", "--rate-limit", "30/s", "-H", f"X-Api-Key: {key}", *options],
        capture_output=True, text=True, check=False, timeout=3600, stdin=subprocess.DEVNULL, cwd=kit.folder)
    return done.returncode, done.stdout + done.stderr


def main():
    program, why = tool()
    theirs = dtrack_contract.read()
    if not program or not theirs:
        print(f"1..0 # SKIP {why or 'Dependency-Track`s document is not here'}")
        return 0
    kit = Kit()
    examples = sys.argv[2] if len(sys.argv) > 2 else "25"
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    folder = kit.folder / "pump"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    key = client.add_key(kit, data, "analyst")
    with client.Service(kit, data) as service:
        reader = service.client(key)
        project = reader.get("/api/v1/project/lookup", name=DEVICE, version="4.4.0").json["uuid"]
        document = offered(theirs, reader.get("/api/openapi.json").json, project)
        kit.check("most of what is offered is in their document", len(document["paths"]) > 20, sorted(document["paths"]))
        url = f"http://127.0.0.1:{service.port}/api"
        code, said = run(kit, program, document, url, key, "-n", examples)
        print(re.sub(r"(?m)^", "# ", said[said.rfind("= SUMMARY"):]))
        (BUILD / "schemathesis" / "dtrack.log").write_text(said, encoding="utf-8")
        kit.check(f"schemathesis by Dependency-Track's document, {examples} examples an operation", code == 0, said[-20000:])
        broken = offered(dtrack_contract.read(), reader.get("/api/openapi.json").json, project)
        broken["components"]["schemas"]["ListProjectsResponseItem"]["required"].append("moon")
        broken["paths"] = {"/v1/project": {"get": broken["paths"]["/v1/project"]["get"]}}
        code, said = run(kit, program, broken, url, key, "-n", "3")
        kit.check("a document that asks for more is not fulfilled", code != 0 and "moon" in said, said[-3000:])
        trouble = [line for line in service.lines() if line.get("status", 0) >= 500]
        kit.check("no request was an error of the service", not trouble, trouble[:5])
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
