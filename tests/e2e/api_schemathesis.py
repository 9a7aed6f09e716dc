#!/usr/bin/env python3
"""schemathesis 4 over our OpenAPI document: no error of the service, no answer that is not documented.

usage: api_schemathesis.py [PROGRAM] [EXAMPLES] [MORE-OPTIONS...]

Only in a long run (TUTELA_LONG). The tool is installed with pip into the build folder, once; what cannot be installed is a skip with
its reason. It asks as a program that may do most; the generated tests of our own (api_bad_input.py) ask as persons, too.
"""
import pathlib
import re
import subprocess
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import schemathesis_tool  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,"
          "allow_header_conformance")  # who may what: api_roles.py


def is_fine(code, said):
    """No failure. A target beyond what a connection has room for may end it before the answer is read."""
    return code == 0 or ("Failures:" not in said and re.findall(r"(?m)^(\w+ Error)$", said) and
                         set(re.findall(r"(?m)^([A-Z]\w+ Error)$", said)) == {"Network Error"})


def main():
    program, why = schemathesis_tool.tool(client.WHY_NOT)
    if not program:
        print(f"1..0 # SKIP {why}")
        return 0
    kit = Kit()
    examples = sys.argv[2] if len(sys.argv) > 2 else "60"
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", EXAMPLE, "--to", data), 0)
    key = client.add_key(kit, data, "analyst")
    with client.Service(kit, data) as service:
        done = subprocess.run(
            [program, "run", f"http://127.0.0.1:{service.port}/v1/openapi.json", "-H", f"Authorization: Bearer {key}", "-c", CHECKS, "-n", examples,
             "--seed", "13", "--continue-on-failure", "--rate-limit", "15/s", "--suppress-health-check", "all", "--no-color",
             "--phases", "examples,coverage,fuzzing", "--exclude-operation-id", "getEvents",  # which does not end
             *sys.argv[3:]],
            capture_output=True, text=True, check=False, timeout=3 * 3600, stdin=subprocess.DEVNULL, cwd=kit.folder)
        said = done.stdout + done.stderr
        print(re.sub(r"(?m)^", "# ", said[said.rfind("= SUMMARY"):]))
        kit.check(f"schemathesis, {examples} examples an operation", is_fine(done.returncode, said), said[-20000:])
        if done.returncode:
            (schemathesis_tool.BUILD / "schemathesis" / "last.log").write_text(said, encoding="utf-8")
        alive = service.client().get("/healthz")
        kit.check("the service answers", alive.status == 200, alive)
        trouble = [line for line in service.lines() if line.get("status", 0) >= 500]
        kit.check("no request was an error of the service", not trouble, trouble[:5])
    kit.answers("the ledger is whole", kit.run("ledger", "verify", data), 0)
    return kit.done()


sys.exit(main())
