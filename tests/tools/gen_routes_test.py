#!/usr/bin/env python3
"""The document of the API: what tools/gen-routes refuses, what it adds, and that each operation has its function.

usage: gen_routes_test.py
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True
from tap import Tap  # noqa: E402

PARTS = sorted((ROOT / "api/openapi").glob("*.yaml"))
DOORS = [("api", PARTS, "src/api")] + [
    (path.name, sorted((ROOT / "api" / path.name).glob("*.yaml")), f"src/connect/{path.name}")
    for path in sorted((ROOT / "src/connect").iterdir()) if (ROOT / "api" / path.name).is_dir()]
FOR_OPERATIONS = {"list", "kb", "kb_newest", "ask_who", "end_session"}  # have the shape of one; operations call them
PART = """paths:
  /v1/things/{thing}:
    put:
      operationId: putThing
      tags: [things]
      summary: Put a thing
      x-class: write
      x-etag: match
      x-ledger: thing.put
      requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}
      responses: {'204': {description: Done}}
"""
# what is changed, to what, what the complaint says
REFUSED = [
    ("x-class: write", "summary2: x", "unknown: summary2"),
    ("      x-class: write\n", "", "x-class"),
    ("x-class: write", "x-class: everybody", "x-class"),
    ("      x-ledger: thing.put\n", "", "x-ledger"),
    ("operationId: putThing", "operationId: put_thing", "operationId"),
    ("operationId: putThing", "operationId: listDevices", "operationId"),
    ("      summary: Put a thing\n", "", "summary"),
    ("x-etag: match", "x-etag: perhaps", "x-etag"),
    ("/v1/things/{thing}:", "/v1/things/{Thing}:", "path"),
    ("/v1/things/{thing}:", "/v1/devices/{device}:", "is in another part"),
    ("{name: {type: string}}", "{name: {type: string, pattern: a}}", "nothing checks pattern"),
    ("{name: {type: string}}", "{name: {oneOf: []}}", "nothing checks oneOf"),
    ("{name: {type: string}}", "{name: {type: string, format: email}}", "format email"),
    ("{name: {type: string}}", "{name: {type: words}}", "type"),
    ("{name: {type: string}}", "{name: {$ref: '#/components/schemas/Nothing'}}", "there is no"),
    ("/v1/things/{thing}:", "/v2/things/{thing}:", "begin"),
    ("'204': {description: Done}", "'404': {description: Gone}", "added by gen-routes"),
    ("tags: [things]", "tags: [things]\n      tags: [others]", "twice"),
    ("application/json:", "application/xml: {}, application/json:", "one media type"),
    ("x-class: write", "x-class: write\n      x-limits: {body: much}", "size"),
    ("x-class: write", "x-class: write\n      x-gaps: true", "x-gaps is for answers that are objects"),
    ("'204': {description: Done}", "'200': {description: A page, content: {application/json: {schema: {type: object, properties: "
     "{items: {type: array, items: {type: string}}, next: {type: string}}}}}}", "x-gaps is missing"),
]


def generate(folder, part, door="api", parts=tuple(PARTS)):
    """(complaint, rows, document) of the parts of a door and this one."""
    path = folder / "thing.yaml"
    if part:
        path.write_text(part, encoding="utf-8")
        parts = [*parts, path]
    made = [folder / name for name in ("routes.inc", "operations.h", "openapi.json")]
    done = subprocess.run([ROOT / "tools/gen-routes", door, *made, *parts], capture_output=True, text=True, check=False)
    if done.returncode:
        return done.stderr, "", {}
    return "", made[0].read_text(encoding="utf-8"), json.loads(made[2].read_text(encoding="utf-8"))


def functions(door, folder):
    """Names of what has the shape of an operation of a door."""
    shape = re.compile(rf"^enum tu_status tu_{door}_(\w+)\(\s*struct tu_api_call \*call, struct tu_error \*err\)\n\{{"
                       rf"|^TU_{door.upper()}_OPERATION\(\s*(\w+)", re.MULTILINE)
    found = {"".join(names) for path in (ROOT / folder).glob("*.c") for names in shape.findall(path.read_text(encoding="utf-8"))}
    return {name for name in found if not name.startswith("_")} - FOR_OPERATIONS


def snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def check_functions(tap, door, folder, document):
    operations = {snake(row["operationId"]): row for path in document["paths"].values() for row in path.values()}
    if door != "api":
        operations.pop("get_openapi", None)  # is one for all
    missing, left = set(operations) - functions(door, folder), functions(door, folder) - set(operations)
    tap.line(f"{door}: each operation has a function", not missing, sorted(missing))
    tap.line(f"{door}: each function has an operation", not left, sorted(left))
    bare = [name for name, row in operations.items() if not {"429", "500", "503"} <= set(row["responses"])]
    tap.line(f"{door}: each operation documents its problems", not bare, bare)


def check_invalid(tap, folder, words, wanted):
    """A door may say another status where we say 422, in its own words."""
    frame = (ROOT / "api/dtrack/openapi.yaml").read_text(encoding="utf-8")
    path = folder / "openapi.yaml"
    assert "invalid: 400" in frame
    path.write_text(frame.replace("invalid: 400", words), encoding="utf-8")
    complaint, rows, document = generate(folder, None, "dtrack", [path, ROOT / "api/dtrack/status.yaml"])
    answers = document["paths"]["/api/openapi.json"]["get"]["responses"] if document else {}
    tap.line(f"a door with {words}", not complaint and f".invalid = {wanted}" in rows and wanted in answers and
             ("422" in answers) == (wanted == "422"), complaint or sorted(answers))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        complaint, rows, document = generate(folder, PART)
        tap.line("a part that is fine", not complaint and ".run = tu_api_put_thing" in rows, complaint)
        row = document["paths"]["/v1/things/{thing}"]["put"]
        wanted = {"204", "400", "401", "403", "404", "409", "412", "413", "414", "415", "421", "422", "428", "429", "431", "500", "503"}
        tap.line("problems follow from the row", set(row["responses"]) == wanted, sorted(row["responses"]))
        names = [each.get("name", each.get("$ref", "").rsplit("/", 1)[-1]) for each in row["parameters"]]
        tap.line("parameters of path and headers follow, too", names == ["thing", "ifMatch"], names)
        for old, new, word in REFUSED:
            assert old in PART, old
            complaint = generate(folder, PART.replace(old, new, 1))[0]
            tap.line(f"refused: {word}", word in complaint, complaint or "it was taken")
        for words, wanted in (("invalid: 400", "400"), ("invalid: 422", "422")):
            check_invalid(tap, folder, words, wanted)
        for door, parts, sources in DOORS:
            complaint, document = generate(folder, None, door, parts)[::2]
            tap.line(f"{door}: the document is fine", not complaint, complaint)
            check_functions(tap, door, sources, document)
    return tap.done()


sys.exit(main())
