#!/usr/bin/env python3
"""What somebody may not see is not there: byte-equal answers whether or not another team's data exist.

usage: api_scope.py [PROGRAM] [SEED] [COUNT]     (TUTELA_LONG: 10,000 calls in the place of some hundreds)

Two data folders. The first has what team A has. The second is its copy, to which team B's devices, releases, components, decisions,
jobs and records are added. Requests made from the OpenAPI document (paths, filters, searches, cursors, ETags, CSV, XLSX, wrong ones;
with ids and names of A, of B and of nobody) are sent to both as a program or person of team A. Status, headers and body must be the
same bytes, but for the id that each request gets, and the Date.
"""
import copy
import os
import pathlib
import random
import re
import shutil
import socket
import sys
import time

import yaml

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import generated  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
SECRET = "zanzibar"  # in everything of team B
HIDDEN_FROM_A = ("nginx", "qtbase", "qtsvg", "mosquitto", "openssh", "dropbear", "sudo", "dnsmasq")  # components only B has
READERS = 4
TYPES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/json", "*/*")
WORDS = ["kev", "!fixable", "harm>=serious", "kev:yes", "kev:no", "severity>=high", "cvss>=7", "epss>=0.1", "not-assessed", "decided",
         "verdict:affected", "verdict:undecided", "state:proposed", "status:affected", "risk:uncontrolled", "in:released", "deadline:yes",
         "nonsense:1"]


# ---- the two worlds


def device_of_a(kit):
    """The example without some components."""
    folder = kit.folder / "a"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    for path in folder.glob("*.cdx.json"):
        sbom = client.json.loads(path.read_text(encoding="utf-8"))
        sbom["components"] = [row for row in sbom["components"] if row["name"] not in HIDDEN_FROM_A]
        names = {row.get("bom-ref") for row in sbom["components"]} | {sbom["metadata"].get("component", {}).get("bom-ref")}
        sbom["dependencies"] = [{**row, "dependsOn": [each for each in row.get("dependsOn", []) if each in names]}
                                for row in sbom.get("dependencies", []) if row["ref"] in names]
        path.write_text(client.json.dumps(sbom), encoding="utf-8")
    (folder / "decisions" / "dnsmasq-dhcp6.yaml").unlink()
    return folder


def device_of_b(kit, number):
    """The example whole, with a component more, by another name."""
    folder = kit.folder / f"b{number}"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    device = folder / "device.yaml"
    text = device.read_text(encoding="utf-8").replace("family: Larkspur IP-200", f"family: {SECRET.title()} ZX-{number}")
    device.write_text(re.sub(r"0061414(\d{6})", lambda udi: str(100000000000 + number * 1000 + int(udi[1]) % 1000)[:12] + "0", text),
                      encoding="utf-8")
    for path in folder.glob("*.cdx.json"):
        sbom = client.json.loads(path.read_text(encoding="utf-8"))
        extra = copy.deepcopy(sbom["components"][0])
        extra.update({"name": f"{SECRET}-engine", "bom-ref": f"{SECRET}-engine", "version": "6.6.6"})
        extra.pop("purl", None)
        extra.pop("cpe", None)
        sbom["components"].append(extra)
        path.write_text(client.json.dumps(sbom), encoding="utf-8")
    for path in (folder / "decisions").glob("*.yaml"):
        decision = yaml.safe_load(path.read_text(encoding="utf-8"))
        path.write_text(path.read_text(encoding="utf-8").replace(decision["rationale"][:20], f"{SECRET} {decision['rationale'][:20]}", 1),
                        encoding="utf-8")
    return folder


def must(kit, *arguments, **more):
    done = kit.run(*arguments, **more)
    if done.returncode:
        raise SystemExit(f"Bail out! {arguments}: {done.text}{done.complaint}")
    return done


def make_worlds(kit):
    """(folder without B, folder with B, who asks of A, who asks of B)."""
    without, with_b = kit.folder / "without", kit.folder / "with"
    must(kit, "admin", "init", without)
    must(kit, "push", device_of_a(kit), "--to", without)
    must(kit, "admin", "team", "add", "A", "--data", without)
    must(kit, "admin", "team", "join", "A", "--device", "larkspur-ip-200", "--data", without)
    readers = [{"Authorization": f"Bearer {client.add_key(kit, without, 'analyst', team='A')}"}]
    for number in range(1, READERS):
        done = must(kit, "admin", "key", "add", f"a{number}", "--role", "analyst", "--team", "A", "--data", without)
        readers.append({"Authorization": f"Bearer {done.text.splitlines()[-1]}"})
    with client.Service(kit, without) as service:
        generated.quiet(kit, without)
        readers += person_of_a(kit, service, without)
    shutil.copytree(without, with_b, ignore=shutil.ignore_patterns("*.sock"))
    must(kit, "admin", "team", "add", SECRET, "--data", with_b)
    for number in (1, 2):
        must(kit, "push", device_of_b(kit, number), "--to", with_b, "--new-device")
        must(kit, "admin", "team", "join", SECRET, "--device", f"{SECRET}-zx-{number}", "--data", with_b)
    must(kit, "admin", "user", "add", SECRET, "--name", f"{SECRET} person", "--role", "analyst", "--no-password", "--data", with_b)
    must(kit, "admin", "team", "join", SECRET, "--user", SECRET, "--data", with_b)
    done = must(kit, "admin", "key", "add", SECRET, "--role", "analyst", "--team", SECRET, "--data", with_b)
    return without, with_b, readers, {"Authorization": f"Bearer {done.text.splitlines()[-1]}"}


def person_of_a(kit, service, data):
    """A session of somebody of team A, begun under a name that both services have."""
    crowd = generated.Crowd(service, kit, data)
    if not crowd.people:
        return []
    headers = crowd.person("analyst", host="localhost")
    must(kit, "admin", "team", "join", "A", "--user", crowd.login, "--data", data)
    return [headers]


class Hidden:
    """What only the second world has."""

    def __init__(self, first, second):
        self.ids = {table: sorted(set(rows) - set(first.ids.get(table, []))) for table, rows in second.ids.items()}
        self.names = {table: sorted(set(rows) - set(first.names.get(table, []))) for table, rows in second.names.items()}


# ---- calls


class Calls:
    """Requests of somebody who knows names and ids of both teams."""

    def __init__(self, service, seed, own, other):
        self.rng = random.Random(seed)
        self.own = own
        self.other = copy.copy(own)
        self.other.ids, self.other.names = other.ids, other.names
        self.makers = {whose: generated.Maker(service.document, self.rng, world) for whose, world in (("own", own), ("other", self.other))}
        self.operations = [each for each in self.makers["own"].operations if self.is_asked(each)]
        self.cursors, self.tags, self.texts, self.worked = {}, {}, [], {}

    @staticmethod
    def is_asked(operation):
        """What only reads, and is no stream."""
        answers = str(operation.row["responses"].get("200", {}))
        reads = operation.method == "GET" or (operation.kind in ("read", "public") and operation.row.get("x-ledger") == "none")
        return reads and "event-stream" not in answers and operation.id not in ("getHealth", "getReadiness")

    def pick(self, *rows):
        return self.rng.choice([each for each in rows if each] or [[""]])

    def text(self):
        """A word that A, B or nobody has."""
        word = self.rng.choice(self.pick(self.own.all_names(), self.other.all_names(), list(HIDDEN_FROM_A), [SECRET, "openssl", "CVE-2021-"],
                                         self.texts) or ["x"])
        return word[:self.rng.randint(1, len(word))] if word and self.rng.random() < 0.3 else word

    def name_of(self, table):
        rows = self.pick(self.own.names.get(table, []), self.other.names.get(table, []), ["no-such-thing"])
        return self.rng.choice(rows)

    def filter(self):
        terms = [self.rng.choice(WORDS) for _ in range(self.rng.randint(0, 2))]
        for word, value in (("device", self.name_of("device")), ("release", self.name_of("release")), ("component", self.text()),
                            ("package", self.text()), ("vulnerability", self.text()), ("text", self.text())):
            if self.rng.random() < 0.25:
                terms.append(f'{word}:"{value}"' if " " in value else f"{word}:{value}")
        return " ".join(terms)

    def value(self, operation, name, schema):
        if name == "filter":
            return self.filter()
        if name == "cursor":
            return self.rng.choice(self.cursors.get(operation.id, []) or ["x"])
        if name == "fields":
            return ",".join(self.rng.sample(["id", "name", "title", "release", "device", "state", "findings"], 2))
        if "enum" in schema or "string" not in generated.kinds_of(schema):
            return generated.query_text(self.makers["own"].value(schema, name))
        if name in self.own.ids and self.rng.random() < 0.6:
            return self.rng.choice(self.pick(self.own.of(name), self.other.of(name)))
        return self.text()

    def next(self):
        """(operation, request)."""
        operation = self.rng.choice(self.operations)
        maker = self.makers[self.rng.choice(["own", "own", "own", "other"])]
        if self.rng.random() < 0.08:
            return operation, self.rng.choice(list(maker.wrongs(operation))).request
        request = maker.good(operation)
        if self.rng.random() < 0.2:
            for name in request.values:
                request.values[name] = self.rng.choice([*self.own.all_ids(), *self.other.all_ids(), self.text() or "x"])
        elif operation.id in self.worked and self.rng.random() < 0.6:
            request.values = dict(self.rng.choice(self.worked[operation.id]))
        asked = {name for name, _ in request.query}
        request.query = [(name, self.value(operation, name, schema)) for name, schema, _ in operation.query
                         if name in asked or self.rng.random() < 0.35]
        if operation.row.get("x-formats"):
            request.headers["Accept"] = self.rng.choice(TYPES)
        if self.tags.get(operation.id) and self.rng.random() < 0.15:
            request.headers["If-None-Match"] = self.rng.choice(self.tags[operation.id])
        if request.body and operation.schema and "filters" in operation.schema.get("properties", {}):
            request.body = generated.text_of({"filters": [self.filter() for _ in range(3)]})
        return operation, request

    def learn(self, operation, request, answer):
        """What a client keeps of an answer for later."""
        if answer.status == 200 and operation.names and request.values:
            self.worked.setdefault(operation.id, []).append(request.values)
        tag = answer.headers.get("ETag")
        if tag:
            self.tags.setdefault(operation.id, []).append(tag)
        if answer.status == 200 and answer.headers.get("Content-Type", "").startswith("application/json"):
            body = answer.json
            if isinstance(body, dict) and body.get("next"):
                self.cursors.setdefault(operation.id, []).append(body["next"])
            if len(self.texts) < 2000:
                self.texts += [each for each in generated.strings(body) if 3 < len(each) < 60][:50]


def bare(answer):
    """An answer without the id and time of the request. All else must be equal."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("Date", "X-Request-Id", "X-Request-ID")}
    body = answer.body
    if headers.get("Content-Type", "").startswith("application/problem"):
        body = re.sub(rb'"request":"[0-9a-f]{32}"', b'"request":"-"', body)
    return answer.status, headers, body


def own_times(operation, answer):
    """A person sees when they themselves asked last: that each service notes when it is asked."""
    if not operation.path.startswith("/v1/me"):
        return answer
    status, headers, body = answer
    return status, headers, re.sub(rb'"(used|expires)":"[^"]*"', rb'"\1":"-"', body)


def difference(one, two):
    """Where two answers differ, in few words."""
    if one[0] != two[0]:
        return f"{one[0]} and {two[0]}: {one[2][:200]} {two[2][:200]}"
    headers = [f"{name}: {one[1].get(name)} and {two[1].get(name)}" for name in sorted({*one[1], *two[1]}) if one[1].get(name) != two[1].get(name)]
    at = len(os.path.commonprefix([one[2], two[2]]))
    return "; ".join(headers + ([f"byte {at}: {one[2][max(0, at - 60):at + 80]} and {two[2][max(0, at - 60):at + 80]}"]
                                if one[2] != two[2] else []))


def said_secret(operation, request, answer):
    """Something of B's that the request did not have."""
    asked = (generated.target_of(operation, request) + str(request.headers) + str(request.body)).lower()
    return SECRET in answer.body.decode("utf-8", "replace").lower() and SECRET not in asked


class Run:
    """Sends to both, and compares."""

    def __init__(self, kit, services, readers, calls):
        self.services, self.calls = services, calls
        self.readers = readers
        self.crowds = [generated.Crowd(service, kit, None, people=False) for service in services]
        self.faults, self.statuses, self.too_many = [], {}, 0

    def both(self, operation, request, headers):
        """What both say. Some answers have the second at which they were made: those that differ are asked again."""
        for _ in range(4):
            answers = [crowd.send(operation, request, headers={**headers, "Host": "localhost"}) for crowd in self.crowds]
            pair = [own_times(operation, bare(answer)) for answer in answers]
            if pair[0] == pair[1]:
                break
        return answers, pair

    def one(self):
        operation, request = self.calls.next()
        for headers in self.calls.rng.sample(self.readers, len(self.readers)):
            answers, pair = self.both(operation, request, headers)
            if all(answer.status != 429 for answer in answers):
                break
        else:
            self.too_many += 1
            return
        self.statuses[answers[0].status] = self.statuses.get(answers[0].status, 0) + 1
        shown = f"{operation.method} {generated.target_of(operation, request)} {request.headers} {str(request.body)[:600]}"
        if pair[0] != pair[1]:
            self.faults.append(f"{shown}\n  {difference(*pair)}")
        elif said_secret(operation, request, answers[1]):
            self.faults.append(f"{shown}\n  {answers[1].body[:600]}")
        self.calls.learn(operation, request, answers[0])


def masked(answer):
    """A status and problem without ids and times: what is made anew in each world has its own."""
    body = re.sub(rb"[0-9a-f]{32}", b"-", answer.body)
    body = re.sub(rb"\d{4}-\d\d-\d\dT[0-9:.]+Z", b"-", body)
    return answer.status, body if answer.status >= 400 else len(body)


def writes(run, count):
    """What team A changes is refused or taken for the same reason in both worlds; afterwards their ids differ."""
    faults, statuses = [], {}
    maker = run.calls.makers["own"]
    operations = [each for each in maker.operations if each.method != "GET" and each.kind in ("write", "setup") and each.id != "deleteDevice"]
    shared = [row["vulnerability"] for row in client.Client(run.services[1], run.readers[0]).get("/v1/findings", limit=300).json["items"]]
    requests = [(run.calls.makers["own"], operation, None) for operation in operations for _ in range(count)]
    for operation in operations:
        if operation.id == "openCase":
            requests += [(maker, operation, {"vulnerability": name}) for name in sorted(set(shared))[:40]]
    for made_by, operation, body in requests:
        request = made_by.good(operation)
        if body:
            request.body = generated.text_of(body)
        got = [masked(crowd.send(operation, request, headers={**run.readers[0], "Host": "localhost"})) for crowd in run.crowds]
        statuses[got[0][0]] = statuses.get(got[0][0], 0) + 1
        if got[0] != got[1] and 429 not in (got[0][0], got[1][0]):
            faults.append(f"{operation.id} {generated.target_of(operation, request)} {request.body}: {got}"[:1500])
    return faults, statuses


def decide(somebody, number):
    """A proposal on one of the findings that somebody sees."""
    row = somebody.get("/v1/findings", limit=100, filter="not-assessed").json["items"][number]
    return somebody.call("POST", "/v1/decisions", decision_on(row))


def hears(kit, service, headers, of_b):
    """A stream of team A has nothing of B's, and no number that counts what B does."""
    if not service.document.operation("GET", "/v1/events"):
        return
    with socket.create_connection(("127.0.0.1", service.port), 30) as sock:
        name, value = next(iter(headers.items()))
        sock.settimeout(20)
        sock.sendall(f"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n{name}: {value}\r\n\r\n".encode())
        said = b""
        while b"\r\n\r\n" not in said:
            said += sock.recv(65536)
        decide(client.Client(service, of_b), 20)
        mine = decide(client.Client(service, headers), 20)
        end = time.monotonic() + 30
        while mine.status < 300 and b"larkspur" not in said and time.monotonic() < end:
            more = sock.recv(65536)
            if not more:
                break
            said += more
    numbers = re.findall(rb"(?m)^id: (.*?)\r?$", said)
    kit.check("a stream has A's changes alone", mine.status < 300 and b"larkspur" in said and SECRET.encode() not in said, mine, said)
    kit.check("and ids that count nothing", numbers and all(re.fullmatch(rb"[0-9a-f]{32}", each) for each in numbers), numbers)


def controls(kit, services, keys, hidden):
    """B's data are there, for who may see them: otherwise equality shows nothing."""
    totals = []
    for service, key in zip(services, keys):
        everybody = service.client(key)
        totals.append([everybody.get(path).json["total"]["count"] for path in ("/v1/devices", "/v1/findings", "/v1/vulnerabilities")])
    kit.check("who sees everything sees more where B is", all(b > a for a, b in zip(*totals)), totals)
    kit.check("B has names and ids of its own", len(hidden.ids["device"]) == 2 and hidden.ids["release"] and
              any(SECRET in name for name in hidden.names["device"]), hidden.ids)


def decision_on(row, text="It is updated"):
    return {"findings": [{"finding": row["id"]}], "status": "affected", "action": text, "rationale": text, "exploitability": "high",
            "harm": "serious", "risk": "uncontrolled", "remedy": "vendor_fix", "role": "PSIRT lead", "learned_at": "2026-11-01T10:00:00Z"}


def begin_b(crowd, of_b):
    """Cases of what both teams have and of what B alone has, decisions, and a signal, by somebody of team B."""
    somebody = client.Client(crowd.service, of_b)
    rows = list({row["vulnerability"]: row for row in somebody.get("/v1/findings", limit=500).json["items"]}.values())
    own = [row for row in rows if row["component"] in HIDDEN_FROM_A]
    done = []
    for row in own[:4] + [row for row in rows if row not in own][:4]:
        for path, body in (("/v1/cases", {"vulnerability": row["vulnerability"], "reason": SECRET}),
                           ("/v1/decisions", decision_on(row, SECRET)),
                           ("/v1/signals", {"source": "researcher", "title": f"{SECRET} {row['vulnerability']}", "device": row["device"]})):
            if crowd.service.document.operation("POST", path):
                answer = somebody.call("POST", path, body, source=crowd.source())
                done.append((path, answer.status, (answer.json or {}).get("detail")))
    if len({path for path, status, _ in done if status in (200, 201)}) < len({path for path, _, _ in done}):
        raise SystemExit(f"Bail out! team B cannot begin anything: {done}")
    return [f"{path} {status}" for path, status, _ in done]


def fill_b(crowd, of_b, hidden_world, rng):
    """Let B's people use every operation on what is B's: decisions, cases, jobs, records."""
    maker = generated.Maker(crowd.service.document, rng, hidden_world)
    done = {}
    for operation in maker.operations:
        if operation.method == "GET" or operation.kind not in ("write", "approve") or not operation.names:
            continue
        for _ in range(2):
            status = crowd.send(operation, maker.good(operation), headers=of_b).status
            done.setdefault(operation.id, []).append(status)
    return done


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 13
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 10000 if os.environ.get("TUTELA_LONG") else 600
    without, with_b, readers, of_b = make_worlds(kit)
    keys = [client.add_key(kit, data, "viewer") for data in (without, with_b)]
    with client.Service(kit, without) as first, client.Service(kit, with_b, log="with.log") as second:
        own = generated.World(without)
        hidden = Hidden(own, generated.World(with_b))
        other = copy.copy(own)
        other.ids, other.names = hidden.ids, hidden.names
        crowd = generated.Crowd(second, kit, with_b)
        begun = begin_b(crowd, of_b)
        hidden = Hidden(own, generated.World(with_b))
        other.ids, other.names = hidden.ids, hidden.names
        filled = fill_b(crowd, of_b, other, random.Random(seed))
        for data in (without, with_b):
            generated.quiet(kit, data)
        controls(kit, (first, second), keys, hidden)
        hidden = Hidden(own, generated.World(with_b))
        calls = Calls(first, seed, own, hidden)
        run = Run(kit, (first, second), readers, calls)
        for _ in range(count):
            run.one()
        kit.check(f"{count} calls as team A are answered as if B were not there (seed {seed})", not run.faults, len(run.faults),
                  *run.faults[:8])
        kit.check("most calls were answered", run.too_many < count / 10 and run.statuses.get(200, 0) > count / 10, run.statuses,
                  run.too_many)
        print(f"# answers: {run.statuses}; B's own: {begun} {filled}")
        faults, statuses = writes(run, 2)
        kit.check("what A changes is taken or refused alike", not faults and statuses.get(201, 0) > 0, statuses, *faults[:8])
        print(f"# answers to changes: {statuses}")
        hears(kit, second, readers[0], of_b)
        kit.check("no trouble in their logs", not [line for service in (first, second) for line in service.lines()
                                                   if line.get("status", 0) >= 500])
    return kit.done()


sys.exit(main())
