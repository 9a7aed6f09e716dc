#!/usr/bin/env python3
"""schemathesis 4 over TEA's own OpenAPI document: no error of the service, no answer that TEA does not have.

usage: tea_schemathesis.py [PROGRAM] [EXAMPLES]

Only in a long run (TUTELA_LONG), with the document of the shared data. The tool is installed with pip into the build folder, once;
what cannot be installed is a skip with its reason. Then a copy of the document that asks for a member that no answer has, so that
the tool is seen to fail.
"""
import re
import subprocess
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import contract  # noqa: E402
import schemathesis_tool  # noqa: E402
import tea_scene  # noqa: E402

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"


def run(kit, program, document, port, key, *options):
    """As a customer: a key that does not count is 401, which TEA's operations do not have."""
    done = subprocess.run(
        [program, "run", document, "--url", f"http://127.0.0.1:{port}/tea/v0.4.0", "-c", CHECKS, "--seed", "14", "--continue-on-failure",
         "--suppress-health-check", "all", "--no-color", "--phases", "examples,fuzzing", "--mode", "positive", "--rate-limit", "60/s",
         "-H", f"Authorization: Bearer {key}", *options],
        capture_output=True, text=True, check=False, timeout=3600, stdin=subprocess.DEVNULL, cwd=kit.folder)
    return done.returncode, done.stdout + done.stderr


def main():
    program, why = schemathesis_tool.tool()
    spec = contract.Contract("tea")
    if not program or spec.skip:
        print(f"1..0 # SKIP {why or spec.skip.removeprefix(' # SKIP ')}")
        return 0
    kit = Kit()
    examples = sys.argv[2] if len(sys.argv) > 2 else "60"
    data = tea_scene.world(kit)
    document = spec.folder / "openapi.yaml"
    with client.Service(kit, data) as service:
        scene = tea_scene.Scene(kit, data, service)
        code, said = run(kit, program, document, service.port, scene.customer, "-n", examples)
        print(re.sub(r"(?m)^", "# ", said[said.rfind("= SUMMARY"):]))
        (schemathesis_tool.BUILD / "schemathesis" / "tea.log").write_text(said, encoding="utf-8")
        kit.check(f"schemathesis by TEA's document, {examples} examples an operation", code == 0, said[-20000:])
        broken = kit.folder / "broken.yaml"
        broken.write_text(document.read_text(encoding="utf-8").replace("        - pageStartIndex\n", "        - pageStartIndex\n        - moon\n", 1),
                          encoding="utf-8")
        code, said = run(kit, program, broken, service.port, scene.customer, "-n", "3", "--include-operation-id", "queryTeaProducts")
        kit.check("a document that asks for more is not fulfilled", code != 0 and "moon" in said, said[-3000:])
        kit.check("the service answers", service.client().get(f"/tea/v0.4.0/productRelease/{scene.release}").status == 200)
        trouble = [line for line in service.lines() if line.get("status", 0) >= 500]
        kit.check("no request was an error of the service", not trouble, trouble[:5])
    return kit.done()


sys.exit(main())
