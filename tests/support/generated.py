"""Requests made from the OpenAPI document: for each operation good ones, and ones that are wrong in one thing.

    world = World(service_data)                 # what there is: public ids and names, out of the database
    crowd = Crowd(service, kit, data)           # who asks: programs and persons, from many addresses
    maker = Maker(service.document, random.Random(1), world)
    for operation in maker.operations:
        request = maker.good(operation)
        answer = crowd.send(operation, request)
        for wrong in maker.wrongs(operation): ...

A new operation is covered as soon as it is in the document. Everything is chosen by the seed.
"""
import copy
import dataclasses
import json
import pathlib
import re
import sqlite3
import urllib.parse

import client

METHODS = ("get", "post", "put", "patch", "delete")
PASSWORD = "four unlucky otters sing 1961"
SAME_FOR_ALL = {"showUnsubscribe"}  # a page that does not tell what there is
LONGEST = 5000  # characters of a path and query that the server reads


@dataclasses.dataclass
class Operation:
    """One of the document."""

    id: str
    method: str
    path: str
    row: dict
    names: list    # of the path
    query: list    # (name, schema, required)
    media: str     # of the body, or None
    schema: dict   # of the body, or None

    @property
    def kind(self):
        return self.row["x-class"]

    def has_header(self, name):
        return any(each.get("$ref", "").endswith(name) for each in self.row.get("parameters", []))


@dataclasses.dataclass
class Request:
    values: dict = dataclasses.field(default_factory=dict)   # of the path, not encoded
    query: list = dataclasses.field(default_factory=list)    # [(name, value)]
    headers: dict = dataclasses.field(default_factory=dict)
    body: bytes = None
    raw_path: str = None                                     # in the place of the path


@dataclasses.dataclass
class Wrong:
    """A request that is wrong in one thing, and the answer that the document says."""

    name: str
    request: Request
    status: tuple          # (): any but an error of the service: some operations take any bytes
    place: str = None      # a JSON pointer into the body
    parameter: str = None


def head(kit, data):
    """The number of the newest record of the ledger."""
    return json.loads(kit.run("admin", "status", data).text)["ledger"]["n"]


def quiet(kit, data):
    """Wait until a service that was just started records nothing more of its own."""
    seen = []
    while len(seen) < 10 or len(set(seen[-10:])) > 1:
        seen.append(head(kit, data))
        if len(seen) > 600:
            raise SystemExit(f"Bail out! the service is not quiet: {seen[-10:]}")


# names of parameters whose table is named otherwise
TABLES = {"case": "cases", "decision": "assessment", "key": "api_key", "user": "person", "item": "case_item"}


class World:
    """Names and public ids of what a data folder on SQLite has, by table. The service may run."""

    def __init__(self, data):
        self.ids, self.names = {}, {}
        path = next(pathlib.Path(data).glob("*.db"))
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = {row[1] for row in database.execute(f"PRAGMA table_info('{table}')")}
            for column, into in (("public", self.ids), ("name", self.names), ("version", self.names), ("login", self.names)):
                if column in columns:
                    rows = database.execute(f"SELECT {column} FROM '{table}' ORDER BY 1 LIMIT 200").fetchall()
                    into.setdefault(table, []).extend(row[0] for row in rows if isinstance(row[0], str))
        database.close()
        for name, table in TABLES.items():
            for kept in (self.ids, self.names):
                if table in kept:
                    kept.setdefault(name, kept[table])

    def all_ids(self):
        return sorted(each for rows in self.ids.values() for each in rows)

    def all_names(self):
        return sorted({each for rows in self.names.values() for each in rows})

    def of(self, name):
        """What a value of this name may be: ids and names of the table of that name first."""
        first = [*self.ids.get(name, []), *self.names.get(name, [])]
        return first or [*self.all_ids()[:20], *self.all_names()[:20]]


class Maker:
    """Makes requests."""

    def __init__(self, document, rng, world):
        self.document, self.rng, self.world = document, rng, world
        self.operations = [self.operation(path, method, row) for path, methods in sorted(document.document["paths"].items())
                           for method, row in methods.items() if method in METHODS]

    def operation(self, path, method, row):
        resolve = self.document.resolve
        parameters = [resolve(each) for each in row.get("parameters", [])]
        body = resolve(row["requestBody"]) if "requestBody" in row else None
        media, schema = next(iter(body["content"].items())) if body else (None, None)
        return Operation(
            id=row["operationId"], method=method.upper(), path=path, row=row, names=re.findall(r"\{(\w+)\}", path),
            query=[(each["name"], resolve(each["schema"]), each.get("required", False)) for each in parameters if each["in"] == "query"],
            media=media, schema=self.whole(schema["schema"]) if schema else None)

    def whole(self, schema, depth=0):
        """A schema without references."""
        schema = dict(self.document.resolve(schema))
        if depth > 12:
            return {}
        if "properties" in schema:
            schema["properties"] = {key: self.whole(each, depth + 1) for key, each in schema["properties"].items()}
        if isinstance(schema.get("items"), dict):
            schema["items"] = self.whole(schema["items"], depth + 1)
        return schema

    # ---- good values

    def value(self, schema, name="", whole=True):
        """A value that the schema allows. `whole`: with all members, else those that must be there."""
        kinds = kinds_of(schema)
        if "enum" in schema:
            return self.rng.choice([each for each in schema["enum"] if each is not None])
        if "object" in kinds:
            required = schema.get("required", [])
            return {key: self.value(each, key, whole) for key, each in schema.get("properties", {}).items()
                    if whole or key in required}
        if "array" in kinds:
            count = max(schema.get("minItems", 0), 1)
            return [self.value(schema.get("items", {}), name.removesuffix("s"), whole) for _ in range(min(count, 5))]
        if "boolean" in kinds:
            return self.rng.random() < 0.5
        if "integer" in kinds or "number" in kinds:
            low = schema.get("minimum", 0)
            return min(low + self.rng.randrange(10), schema.get("maximum", low + 10))
        if "string" in kinds or not kinds:
            return self.text(schema, name)
        return None

    def text(self, schema, name):
        form = schema.get("format")
        if form == "id":
            return self.rng.choice(self.world.ids.get(name) or self.world.all_ids() or ["0" * 32])
        if form == "digest":
            return "%064x" % self.rng.getrandbits(256)
        if form == "date":
            return "2027-03-0%d" % self.rng.randint(1, 9)
        if form == "date-time":
            return "2027-03-0%dT10:00:00Z" % self.rng.randint(1, 9)
        known = self.world.ids.get(name, []) + self.world.names.get(name, [])
        text = self.rng.choice(known) if known else f"{name or 'text'} {self.rng.randrange(1000)}"
        low, high = schema.get("minLength", 0), schema.get("maxLength", 65536)
        return text.ljust(low, "x")[:high]

    def good(self, operation, whole=True):
        """A request that the document allows."""
        request = Request(values={name: self.rng.choice(self.rng.choice(
            [rows for rows in (self.world.ids.get(name), self.world.names.get(name)) if rows] or [self.world.of(name) or ["none"]]))
            for name in operation.names})
        request.query = [(name, query_text(self.value(schema, name))) for name, schema, required in operation.query if required]
        if operation.media == "application/json":
            request.body = text_of(self.value(operation.schema, whole=whole))
            request.headers["Content-Type"] = "application/json"
        elif operation.media:
            request.body = b"a: 1\n"
            request.headers["Content-Type"] = operation.media
        if operation.has_header("ifMatch"):
            request.headers["If-Match"] = '"v1"'
        return request

    # ---- wrong ones

    def wrongs(self, operation):
        """All that are wrong in one thing."""
        yield from self.wrong_paths(operation)
        yield from self.wrong_queries(operation)
        yield from self.wrong_headers(operation)
        if operation.media == "application/json":
            yield from self.wrong_texts(operation)
            yield from self.wrong_bodies(operation)
        elif operation.media:
            yield from self.wrong_bytes(operation)

    def changed(self, operation, **changes):
        return dataclasses.replace(copy.deepcopy(self.good(operation)), **changes)

    def wrong_paths(self, operation):
        for name in operation.names:
            for shown, value in (("nothing of that name", "f" * 32), ("a long name", "x" * 201), ("a very long name", "x" * 3000),
                                 ("another kind of text", "a' OR '1'='1"), ("letters", "Ä漢\U0001f489"), ("a negative number", "-1")):
                request = self.good(operation)
                request.values[name] = value
                # what must be there besides is judged first
                refused = () if operation.id in SAME_FOR_ALL else (400, 403, 404, 409, 412, 415, 422)
                yield Wrong(f"{{{name}}}: {shown}", request, refused)

    def wrong_queries(self, operation):
        def asked(*pairs):
            request = self.good(operation)
            names = {name for name, _ in pairs}
            request.query = [pair for pair in request.query if pair[0] not in names] + list(pairs)
            return request

        if not operation.row.get("x-any-query"):
            yield Wrong("a parameter that there is not", asked(("nmae", "x")), (422,), parameter="")
        for name, schema, required in operation.query:
            good = query_text(self.value(schema, name))
            yield Wrong(f"?{name}: twice", asked((name, good), (name, good)), (422,), parameter=name)
            for shown, value in wrong_query_values(schema):
                yield Wrong(f"?{name}: {shown}", asked((name, value)), (422,), parameter=name)
            if required:
                request = self.good(operation)
                request.query = [pair for pair in request.query if pair[0] != name]
                yield Wrong(f"?{name}: missing", request, (422,), parameter=name)

    def wrong_headers(self, operation):
        if operation.has_header("ifMatch"):
            for shown, value, status in (("missing", None, 428), ("no tag", "x", 412), ("of another time", '"v999999"', None),
                                         ("a number too large", '"v99999999999999999999"', 412)):
                request = self.good(operation)
                request.headers["If-Match"] = value
                if value is None:
                    del request.headers["If-Match"]
                yield Wrong(f"If-Match: {shown}", request, (status,) if status else (400, 403, 404, 409, 412, 422))
        if operation.has_header("idempotencyKey"):
            for shown, value in (("too long", "k" * 201), ("with spaces", "a b")):
                request = self.good(operation)
                request.headers["Idempotency-Key"] = value
                yield Wrong(f"Idempotency-Key: {shown}", request, (400,))

    def wrong_texts(self, operation):
        """Bodies that are no JSON, or not to be taken for any."""
        needed = self.document.resolve(operation.row["requestBody"]).get("required", False)
        rows = [("half a document", b'{"a":', (400,)), ("a key twice", b'{"a":1,"a":2}', (400,)), ("no UTF-8", b'{"a":"\xff\xfe"}', (400,)),
                ("half a surrogate", b'{"a":"\\ud800"}', (400,)), ("a bomb of brackets", b"[" * 20000, (400, 413)),
                ("a number without end", b'{"a":' + b"9" * 5000 + b"}", (400, 413, 422)), ("a number beyond", b'{"a":1e999999}', (400, 422)),
                ("two documents", b"{} {}", (400,)), ("NaN", b"NaN", (400,)), ("white space", b"   ", (400,)),
                ("a byte order mark", b"\xef\xbb\xbf{}", ()), ("a list", b"[]", (422,)), ("null", b"null", (422,)),
                ("a text", b'"x"', (422,))]
        if needed:
            rows.append(("missing", None, (400,)))
        for shown, body, status in rows:
            yield Wrong(f"body: {shown}", self.changed(operation, body=body), status)
        request = self.good(operation)
        request.headers["Content-Type"] = "text/plain"
        yield Wrong("body: another media type", request, (415,))

    def wrong_bodies(self, operation):
        whole = json.loads(self.good(operation).body)

        def body(pointer, value):
            return self.changed(operation, body=text_of(put(whole, pointer, value)))

        for pointer, schema, parent in places(operation.schema, whole):
            for shown, value in wrong_values(schema):
                # beyond 64 bits it is no number that can be read
                status = (400, 422) if shown == "a huge number" else (422,)
                yield Wrong(f"{pointer or '/'}: {shown}", body(pointer, value), status, place=pointer)
            name = pointer.rpartition("/")[2]
            if parent and name in parent.get("required", []):
                yield Wrong(f"{pointer}: missing", body(pointer, MISSING), (422,), place=pointer)
            if "object" in kinds_of(schema) and schema.get("additionalProperties") in (None, False):
                at = f"{pointer}/nmae"
                yield Wrong(f"{at}: unknown", body(at, 1), (422,), place=at)

    def wrong_bytes(self, operation):
        """What an operation that takes bytes makes of ones that are nothing."""
        rows = [("missing", None), ("zeros", b"\0" * 4096), ("noise", bytes(self.rng.getrandbits(8) for _ in range(4096))),
                ("brackets", b"[" * 50000), ("a text", b"hello"), ("an empty object", b"{}"), ("XML", b'<?xml version="1.0"?><a>&b;</a>'),
                ("half a document", b'{"bomFormat": "CycloneDX", "specV'), ("letters", "Ä: 漢".encode())]
        for shown, body in rows:
            yield Wrong(f"bytes: {shown}", self.changed(operation, body=body), ())


MISSING = object()


def text_of(value):
    return json.dumps(value).encode()


def kinds_of(schema):
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else kinds


def query_text(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def wrong_query_values(schema):
    kinds = kinds_of(schema)
    if "integer" in kinds:
        yield from (("empty", ""), ("a word", "many"), ("a fraction", "1.5"), ("blanks", " 1"), ("a number beyond", "9" * 40),
                    ("hexadecimal", "0x10"))
        if "minimum" in schema:
            yield "too small", str(schema["minimum"] - 1)
        if "maximum" in schema:
            yield "too large", str(schema["maximum"] + 1)
    if "boolean" in kinds:
        yield from (("a word", "perhaps"), ("a number", "2"))
    if "enum" in schema:
        yield "none of the words", "nonesuch"
    elif "string" in kinds and schema.get("maxLength", LONGEST) < LONGEST:
        yield "too long", "x" * (schema["maxLength"] + 1)
    if schema.get("format") in ("date", "date-time", "id", "digest"):
        yield from (("no such format", "yesterday"), ("another day", "2027-02-30"))


def wrong_values(schema):
    """Values that a schema does not allow."""
    kinds = kinds_of(schema)
    samples = {"string": "x", "integer": 7, "boolean": True, "array": [], "object": {}, "null": None}
    for kind, value in samples.items():
        if kind not in kinds and not (kind == "integer" and "number" in kinds):
            yield f"a {kind} in its place", value
    if "enum" in schema and "string" in kinds:
        yield "none of the words", "nonesuch"
    elif "string" in kinds:
        if schema.get("minLength", 0) > 0:
            yield "empty", ""
        if schema.get("maxLength", 65536) <= 65536:
            yield "too long", "x" * (schema.get("maxLength", 65536) + 1)
        yield "NUL", "x\0" + "x" * max(0, schema.get("minLength", 0) - 2)
    if "integer" in kinds:
        yield "a fraction", 1.5
        yield "a huge number", 10 ** 30
    if "integer" in kinds or "number" in kinds:
        yield "below", schema.get("minimum", -(2 ** 53)) - 1
        yield "above", schema.get("maximum", 2 ** 53) + 1
    if schema.get("format") in ("date", "date-time", "id", "digest"):
        yield "no such format", "z" * schema.get("minLength", 32)
    if "array" in kinds:
        if schema.get("minItems", 0) > 0:
            yield "too few", []
        if schema.get("maxItems", 10001) <= 1000:
            yield "too many", [None] * (schema["maxItems"] + 1)


def places(schema, value, pointer="", parent=None, depth=0):
    """(pointer, schema, schema of the object around) of every value."""
    yield pointer, schema, parent
    if depth > 6:
        return
    if isinstance(value, dict):
        for key, each in value.items():
            if key in schema.get("properties", {}):
                yield from places(schema["properties"][key], each, f"{pointer}/{key}", schema, depth + 1)
    elif isinstance(value, list) and value:
        yield from places(schema.get("items", {}), value[0], f"{pointer}/0", None, depth + 1)


def put(whole, pointer, value):
    """A copy with another value at a pointer; MISSING takes it away."""
    if not pointer:
        return value
    whole = copy.deepcopy(whole)
    at = whole
    *steps, last = pointer[1:].split("/")
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if value is MISSING:
        del at[last]
    elif isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    return whole


def target_of(operation, request):
    path = request.raw_path or re.sub(
        r"\{(\w+)\}", lambda name: urllib.parse.quote(str(request.values[name[1]]), safe="") or "-", operation.path)
    return path + ("?" + urllib.parse.urlencode(request.query) if request.query else "")


def strings(value):
    """Every text in a JSON value, also the keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


class Crowd:
    """Those who ask: nobody, programs and persons of all roles. Who has asked too often gives way to another."""

    ROLES = ("viewer", "analyst", "approver", "administrator", "auditor")

    def __init__(self, service, kit, data, people=True):
        self.service, self.kit, self.data = service, kit, data
        self.address = 0
        self.made = 0
        self.login = None
        self.keys = {}
        self.sessions = {}
        self.people = people and any("signIn" == row.get("operationId") for methods in service.document.document["paths"].values()
                                     for row in methods.values() if isinstance(row, dict))

    def source(self):
        """Another address of this machine for every request: limits by address are not what is asked here."""
        self.address += 1
        return f"127.{1 + self.address // 60000 % 250}.{1 + self.address // 250 % 240}.{1 + self.address % 250}"

    def key(self, role, fresh=False):
        if fresh or role not in self.keys:
            self.made += 1
            done = self.kit.run("admin", "key", "add", f"{role} {self.made}", "--role", role, "--data", self.data)
            if done.returncode:
                raise SystemExit(f"Bail out! {done.complaint}")
            self.keys[role] = done.text.splitlines()[-1]
        return {"Authorization": f"Bearer {self.keys[role]}"}

    def person(self, role, fresh=False, host=None):
        """Cookie and CSRF token of somebody who is signed in; `self.login` is who."""
        if fresh or role not in self.sessions:
            self.made += 1
            self.login = login = f"{role}{self.made}"
            done = self.kit.run("admin", "user", "add", login, "--own-password", "--name", f"Person {login}", "--role", role, "--data", self.data,
                                stdin=f"{PASSWORD}\n{PASSWORD}\n".encode())
            if done.returncode:
                raise SystemExit(f"Bail out! {done.complaint}")
            answer = client.Client(self.service, {"Host": host} if host else {}).call("POST", "/v1/session", {"login": login, "password": PASSWORD},
                                                          source=self.source())
            if answer.status != 200:
                raise SystemExit(f"Bail out! signing in: {answer}")
            cookie = answer.headers["Set-Cookie"].partition(";")[0]
            self.sessions[role] = {"Cookie": cookie, "X-CSRF-Token": answer.json["csrf"]}
        return self.sessions[role]

    def headers_for(self, operation, fresh=False):
        """Of somebody who may ask for an operation, or at least comes nearest."""
        role = {"approve": "approver", "publish": "approver", "write": "analyst", "setup": "analyst", "admin": "administrator",
                "audit": "auditor"}.get(operation.kind, "viewer")
        if operation.kind == "open":
            return {}
        if self.people and (operation.row.get("x-person") or operation.kind in ("approve", "publish", "admin", "self")):
            return self.person(role, fresh)
        return self.key(role, fresh)

    def send(self, operation, request, headers=None, strict=True):
        """The answer. 429 is asked again as somebody else, unless `headers` say who."""
        for attempt in range(4):
            who = self.headers_for(operation, fresh=attempt > 0) if headers is None else headers
            answer = client.Client(self.service, who).call(
                operation.method, target_of(operation, request), request.body, strict=strict, headers=request.headers,
                source=self.source())
            if answer.status != 429 or headers is not None:
                break
        return answer
