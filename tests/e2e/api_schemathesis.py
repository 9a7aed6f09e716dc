#!/usr/bin/env python3
"""schemathesis 4 over our OpenAPI document: no error of the service, no answer that is not documented.

usage: api_schemathesis.py [PROGRAM] [EXAMPLES] [MORE-OPTIONS...]

Only in a long run (TUTELA_LONG). The tool is installed with pip into the build folder, once; what cannot be installed is a skip with
its reason. It asks as a program that may do most; the generated tests of our own (api_bad_input.py) ask as persons, too.
"""
import concurrent.futures
import os
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

# One program may ask 20 times a second, for 23,000 requests: so many, each with a key of its own and some of the operations.
PROGRAMS = 6
SECONDS = 5400
# Bodies that it has no way of its own to write.
HOOKS = """import schemathesis
schemathesis.serializer.alias("application/x-tar", "text/plain")
"""


def shares(document, count):
    """The operations of a document, dealt out; without the stream, which does not end."""
    ids = sorted(row["operationId"] for path in document["paths"].values() for row in path.values()
                 if isinstance(row, dict) and "operationId" in row and row["operationId"] != "getEvents")
    return [ids[number::count] for number in range(count)]


def ask(program, folder, port, key, words):
    """(exit code, what it said)"""
    folder.mkdir()
    hooks = folder / "hooks.py"
    hooks.write_text(HOOKS, encoding="utf-8")
    try:
        done = subprocess.run(
            [program, "run", f"http://127.0.0.1:{port}/v1/openapi.json", "-H", f"Authorization: Bearer {key}", "-c", CHECKS, "--seed", "13",
             "--continue-on-failure", "--rate-limit", "15/s", "--suppress-health-check", "all", "--no-color",
             "--phases", "examples,coverage,fuzzing", *words],
            capture_output=True, text=True, check=False, timeout=SECONDS, stdin=subprocess.DEVNULL, cwd=folder,
            env={**os.environ, "SCHEMATHESIS_HOOKS": str(hooks)})
    except subprocess.TimeoutExpired as late:
        return None, f"no end after {SECONDS} s\n{(late.stdout or b'').decode(errors='replace')[-2000:]}"
    return done.returncode, done.stdout + done.stderr


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
    keys = [client.add_key(kit, data, "analyst") for _ in range(PROGRAMS)]
    with client.Service(kit, data) as service, concurrent.futures.ThreadPoolExecutor(PROGRAMS) as pool:
        dealt = shares(service.document.document, PROGRAMS)
        words = [[word for one in ids for word in ("--include-operation-id", one)] for ids in dealt]
        if sys.argv[3:]:
            words = [["--exclude-operation-id", "getEvents", *sys.argv[3:]]]
        running = [pool.submit(ask, program, kit.folder / f"asks-{number}", service.port, keys[number], ["-n", examples, *row])
                   for number, row in enumerate(words)]
        for number, one in enumerate(running):
            code, said = one.result()
            print(re.sub(r"(?m)^", "# ", said[said.rfind("= SUMMARY"):]))
            kit.check(f"schemathesis, {examples} examples an operation, {number + 1} of {len(running)}", is_fine(code, said), said[-20000:])
            if code:
                (schemathesis_tool.BUILD / "schemathesis" / f"last-{number}.log").write_text(said, encoding="utf-8")
        alive = service.client().get("/healthz")
        kit.check("the service answers", alive.status == 200, alive)
        trouble = [line for line in service.lines() if line.get("status", 0) >= 500]
        kit.check("no request was an error of the service", not trouble, trouble[:5])
    kit.answers("the ledger is whole", kit.run("ledger", "verify", data), 0)
    return kit.done()


sys.exit(main())
