#!/usr/bin/env python3
"""The ground of the API: paths, who asks, parameters, bodies, pages, formats, ETags, keys of idempotency.

usage: api_ground.py [PROGRAM]
"""
import csv
import io
import json
import re
import socket
import sys
import zipfile

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
NOBODY = "0" * 32
YAML = {"Content-Type": "application/yaml"}
JSON = {"Content-Type": "application/json"}


def bare(answer):
    """An answer without what differs from request to request."""
    body = answer.json
    body.pop("request", None)
    return answer.status, answer.headers.get("Content-Type"), body


def paths(kit, nobody, reader):
    health = nobody.get("/healthz")
    kit.check("health", (health.status, health.json) == (200, {"status": "ok"}), health)
    kit.check("readiness", nobody.get("/readyz").status == 200)
    status = reader.get("/v1/status").json
    kit.check("status", status["portfolio"]["devices"] == 1 and status["knowledge_base"]["vulnerabilities"] > 0, status)
    none = reader.get("/v1/nothing")
    kit.check("what is not there is 404", (none.status, none.problem) == (404, "not-found"), none)
    wrong = nobody.call("POST", "/healthz")
    kit.check("another method is 405 with Allow", (wrong.status, wrong.headers.get("Allow")) == (405, "GET, HEAD, OPTIONS"), wrong)
    options = nobody.call("OPTIONS", "/v1/devices")
    kit.check("OPTIONS says what there is", (options.status, options.headers.get("Allow")) == (204, "GET, HEAD, POST, OPTIONS"),
              options)
    head = reader.call("HEAD", "/v1/devices")
    kit.check("HEAD has no body", (head.status, head.body) == (200, b""), head)
    kit.check("a path is text", reader.get("/v1/devices/%FF").status == 400)


def who(kit, service, nobody, reader):
    answers = [nobody.get("/v1/devices"), service.client("tut_" + "0" * 65).get("/v1/devices")]
    kit.check("nobody, and a key that nobody has, is 401", [answer.status for answer in answers] == [401, 401], answers)
    kit.check("401 says how", answers[0].headers.get("WWW-Authenticate", "").startswith("Bearer"), answers[0])
    refused = reader.post("/v1/devices", "a: 1", YAML)
    kit.check("a key that reads may not set up", (refused.status, refused.problem) == (403, "forbidden"), refused)


def scope(kit, other, reader):
    real = reader.get(f"/v1/devices/{DEVICE}")
    hidden, missing = other.get(f"/v1/devices/{DEVICE}"), other.get("/v1/devices/no-such-pump")
    kit.check("the device is there", real.json["releases"] == 2, real)
    kit.check("out of scope is like not there", bare(hidden) == bare(missing), hidden, missing)
    empty = {"items": [], "next": None, "total": {"count": 0, "exact": True}}
    for path in ("/v1/devices", "/v1/findings", "/v1/vulnerabilities"):
        got = other.get(path).json
        gaps = got.pop("gaps", {"releases": 0})
        kit.check(f"{path} has nothing out of scope", got == empty and gaps["releases"] == 0, got, gaps)
    kit.check("the size of the portfolio is out of scope, too", other.get("/v1/status").json["portfolio"] is None)
    counts = other.post("/v1/findings/counts", {"filters": ["", "kev:yes"]})
    kit.check("nothing is counted out of scope", counts.without_gaps == {"counts": [0, 0]}, counts)
    asked, unknown = (other.get("/v1/findings", filter=f"device:{name}") for name in (DEVICE, "no-such-pump"))
    kit.check("a filter tells nothing of a device out of scope",
              json.dumps(bare(asked)).replace(DEVICE, "X") == json.dumps(bare(unknown)).replace("no-such-pump", "X"), asked)


def parameters(kit, reader):
    wrong = reader.get("/v1/devices", limit=0, nmae="x")
    kit.check("all that is wrong with a query", (wrong.status, wrong.problem, wrong.faults) ==
              (422, "invalid", ["range limit", "unknown "]), wrong)
    twice = reader.get("/v1/devices?limit=1&limit=2")
    kit.check("a parameter is there once", twice.faults == ["twice limit"], twice)
    field = reader.get("/v1/devices", fields="name,nmae")
    kit.check("a field that there is not", field.status == 422 and '"nmae"' in field.json["detail"], field)
    some = reader.get("/v1/devices", fields="title,name")
    kit.check("fields are chosen", list(some.json["items"][0]) == ["name", "title"], some)


def bodies(kit, reader):
    path = "/v1/findings/counts"
    rows = [
        ("the type of a body", '{"filters":[]}', {"Content-Type": "text/plain"}, 415, "media-type", []),
        ("a body that is no JSON", '{"filters":', JSON, 400, "bad-request", []),
        ("a key that is there twice", '{"filters":[""],"filters":[""]}', JSON, 400, "bad-request", []),
        ("a bomb of brackets", "[" * 100000, JSON, 400, "bad-request", []),
        ("a body that is missing", None, JSON, 400, "bad-request", []),
        ("members", '{"filters":[1,null],"x":2}', JSON, 422, "invalid", ["type /filters/0", "type /filters/1", "unknown /x"]),
        ("too few items", '{"filters":[]}', JSON, 422, "invalid", ["items /filters"]),
        ("a filter that is none", '{"filters":["","kve:yes"]}', JSON, 422, "invalid", []),
    ]
    for name, body, headers, status, problem, faults in rows:
        answer = reader.post(path, body, headers)
        kit.check(f"{name}: {status}", (answer.status, answer.problem) == (status, problem)
                  and (answer.faults if faults else []) == faults, answer)
    large = reader.call("POST", path, b'{"filters":["' + b"x" * 300000 + b'"]}', strict=False, headers=JSON)
    kit.check("a body that is too large: 413", large.status == 413, large)


def lists(kit, reader):
    first = reader.get("/v1/findings", limit=1, filter="kev:yes")
    link = first.headers.get("Link", "")
    kit.check("a page has a link to the next", "filter=kev%3Ayes" in link and link.endswith('; rel="next"'), link)
    long = reader.get("/v1/findings", limit=1, filter=" ".join(["kev:yes"] * 240))
    kit.check("no link where it is too long for a header", (long.status, long.json["next"] is None, "Link" in long.headers) ==
              (200, False, False), long)
    total = first.json["total"]
    rows = reader.pages("/v1/findings", limit=5, filter="kev:yes")
    keys = {(row["vulnerability"], row["component"], row["component_version"], row["release"]) for row in rows}
    kit.check("pages have each row once", len(rows) == len(keys) == total["count"] and total["exact"], total, len(rows))
    counts = reader.post("/v1/findings/counts", {"filters": ["kev:yes", "", "!fixable"]}).json["counts"]
    kit.check("counts agree with lists", counts[0] == total["count"] and counts[1] > counts[0], counts)
    by_name = [row["name"] for row in reader.pages("/v1/vulnerabilities", sort="name", limit=100)]
    falling = [row["name"] for row in reader.pages("/v1/vulnerabilities", sort="-name", limit=1000)]
    kit.check("rising and falling", by_name == falling[::-1] and len(by_name) > 100, by_name[:5], falling[:5])
    damaged = reader.get("/v1/findings", cursor="xx")
    kit.check("a cursor that is none", damaged.status == 422, damaged)
    same = reader.get("/v1/findings", headers={"If-None-Match": first.headers["ETag"]}, limit=1, filter="kev:yes")
    kit.check("a list that did not change is 304", (same.status, same.body) == (304, b""), same)


def formats(kit, reader):
    table = reader.get("/v1/findings", headers={"Accept": "text/csv"}, filter="kev:yes")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    pages = reader.pages("/v1/findings", filter="kev:yes")
    kit.check("CSV has all rows", [row["vulnerability"] for row in rows] == [row["vulnerability"] for row in pages], table.text[:300])
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = reader.get("/v1/devices", headers={"Accept": sheet})
    if book.status == 422 and "libxlsxwriter" in book.json["detail"]:
        kit.check("a workbook # SKIP libxlsxwriter is not installed", True)
    else:
        names = zipfile.ZipFile(io.BytesIO(book.body)).namelist()
        kit.check("a workbook", "xl/worksheets/sheet1.xml" in names, names)
    other = reader.get("/v1/devices", headers={"Accept": "image/png"})
    kit.check("no picture of a list", (other.status, other.problem) == (406, "not-acceptable"), other)


def one(kit, reader):
    device = reader.get(f"/v1/devices/{DEVICE}")
    again = reader.get(f"/v1/devices/{DEVICE}", headers={"If-None-Match": device.headers["ETag"]})
    kit.check("a row has an ETag", again.status == 304, device.headers)
    kit.check("no such job", reader.get(f"/v1/jobs/{NOBODY}").status == 404)
    kit.check("no such release", reader.get(f"/v1/releases/{NOBODY}").status == 404)


def creating(kit, writer):
    text = (EXAMPLE / "device.yaml").read_text(encoding="utf-8")
    taken = writer.post("/v1/devices", text, YAML)
    kit.check("a name is taken once", (taken.status, taken.problem) == (409, "conflict"), taken)
    bad = writer.post("/v1/devices", "a: [", YAML)
    kit.check("a device.yaml that is none says where", bad.status == 422 and bad.json["line"] == 2, bad)
    new = text.replace("family: Larkspur IP-200", "family: Larkspur IP-300")
    once = {**YAML, "Idempotency-Key": "first-try"}
    first, again = writer.post("/v1/devices", new, once), writer.post("/v1/devices", new, once)
    kit.check("a device is created", (first.status, first.headers.get("Location")) == (201, "/v1/devices/larkspur-ip-300"), first)
    kit.check("the same key gives the same answer", (again.status, again.body, again.headers.get("Location")) ==
              (first.status, first.body, first.headers.get("Location")), again)
    other = writer.post("/v1/devices", new + "\n", once)
    kit.check("another body under the key is refused", (other.status, other.problem) == (422, "key-reused"), other)


def unseen(service):
    """A request that is refused, and whose path is long in JSON."""
    with socket.create_connection(("127.0.0.1", service.port), 60) as sock:
        sock.sendall(b"GET /hidden" + b"\x01" * 4000 + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        while sock.recv(65536):
            pass


def ending(kit, data, service):
    known = set(re.findall("^[0-9a-f]{32}", kit.run("admin", "key", "list", "--data", data).text, re.MULTILINE))
    unseen(service)
    kit.check("SIGTERM stops it", service.stop() == 0)
    said = service.process.stdout.read()
    link = re.search(r"set up the first administrator .*: http://localhost:(\d+)/setup#([0-9a-f]{64})\n", said)
    kit.check("a folder without an administrator prints a set-up link", link and int(link[1]) == service.port, said)
    lines = service.lines()
    requests = [line for line in lines if line["event"] == "request"]
    kit.check("the log has a line for each request", len(requests) > 50 and all(len(line["id"]) == 32 for line in requests))
    kit.check("the log says who asked", {line.get("who") for line in requests} <= known | {None}
              and len({line.get("who") for line in requests}) > 2, known)
    kit.check("a request with a long path is in the log", any(line["path"].startswith("/hidden") and line["status"] == 400
                                                             for line in requests))
    kit.check("the log has no keys and no queries", "tut_" not in json.dumps(lines) and "kev:yes" not in json.dumps(lines)
              and link and link[2] not in json.dumps(lines))


def misused(kit, data):
    """What serve refuses before it starts."""
    rows = [
        ("an address beyond this machine needs a name", ("--listen", "0.0.0.0:0"), 2, "--public-url"),
        ("a number that is none", ("--workers", "many"), 2, "--workers"),
        ("half a certificate", ("--tls-key", "k.pem"), 2, "--tls-certificate"),
        ("an option that there is not", ("--prot", "1"), 2, "--prot"),
    ]
    for name, options, code, word in rows:
        kit.answers(name, kit.run("serve", "--data", data, *options), code, word)
    kit.answers("no data folder", kit.run("serve", "--data", kit.folder / "nothing", "--listen", "127.0.0.1:0"), 3, "nothing")
    defaults = kit.path("serve.conf", "[serve]\nworkers = many\n")
    kit.answers("the file of defaults counts", kit.run("serve", "--data", data, "--config", defaults), 2, "many")
    kit.answers("the environment replaces it", kit.run("serve", "--data", data, "--config", defaults, env={"TUTELA_WORKERS": "more"}),
                2, '"more"')
    kit.answers("the command line replaces both", kit.run("serve", "--data", data, "--config", defaults, "--workers", "most",
                                                          env={"TUTELA_WORKERS": "more"}), 2, '"most"')


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = client.example_data(kit)
    misused(kit, data)
    with client.Service(kit, data) as service:
        nobody, reader = service.client(), service.client(client.add_key(kit, data))
        writer = service.client(client.add_key(kit, data, "analyst"))
        other = service.client(client.add_key(kit, data, team="other"))
        paths(kit, nobody, reader)
        who(kit, service, nobody, reader)
        scope(kit, other, reader)
        parameters(kit, reader)
        bodies(kit, reader)
        lists(kit, reader)
        formats(kit, reader)
        one(kit, reader)
        creating(kit, writer)
        ending(kit, data, service)
    return kit.done()


sys.exit(main())
