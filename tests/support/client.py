"""A client of the service for tests: every answer is checked against the OpenAPI document.

    with Service(kit, data) as service:
        reader = service.client(add_key(kit, data, "viewer"))
        answer = reader.get("/v1/devices", limit=2)
        answer.status, answer.json, answer.headers["ETag"], answer.problem

An answer whose status the document does not have for the operation, whose media type is another or whose body does not
fit the schema ends the call with Undocumented. `strict=False` asks without that: for what is no request of ours.
"""
import dataclasses
import http.client
import json
import pathlib
import re
import ssl
import subprocess
import sys
import urllib.parse

import environment

try:
    import jsonschema
except ImportError:
    jsonschema = None

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "infusion-pump"
WHY_NOT = None if jsonschema else "python3-jsonschema is not installed"


# of each door of the service (api/), ours first
DOCUMENTS = ("/v1/openapi.json", "/api/openapi.json", "/tea/openapi.json", "/report/openapi.json", "/.well-known/csaf/openapi.json")


class Undocumented(Exception):
    """The document does not say that the service answers so."""


def once(members):
    """An object; a name that it has twice means one thing to one reader and another to the next."""
    names = [name for name, _ in members]
    if len(set(names)) != len(names):
        raise Undocumented(f"members are there twice: {sorted({name for name in names if names.count(name) > 1})}")
    return dict(members)


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    body: bytes
    cookies: list = ()  # (name, value) of each Set-Cookie

    @property
    def json(self):
        return json.loads(self.body, object_pairs_hook=once) if self.body else None

    @property
    def without_gaps(self):
        """The JSON without what the answer cannot know (tests/e2e/api_gaps.py)."""
        return {name: value for name, value in self.json.items() if name != "gaps"}

    @property
    def text(self):
        return self.body.decode()

    @property
    def problem(self):
        """The last word of a problem's type, or None."""
        return self.json.get("type", "").rsplit(":", 1)[-1] if self.status >= 400 else None

    @property
    def faults(self):
        """The things that are wrong, as "type place"."""
        return [f"{row['type']} {row.get('pointer', row.get('parameter'))}" for row in self.json.get("errors", [])]


class Document:
    """The OpenAPI document as the service gives it."""

    def __init__(self, document):
        self.document = document
        self.routes = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in sorted(document["paths"], key=self.order)]
        self.seen = set()

    @staticmethod
    def order(path):
        """Words before values: "/a/b" is not "/a/{x}"."""
        return [step.startswith("{") for step in path.split("/")], path

    def has(self, method, path):
        return self.operation(method, path) is not None

    def operation(self, method, path):
        for pattern, template in self.routes:
            row = self.document["paths"][template].get("get" if method == "HEAD" else method.lower())
            if row and pattern.fullmatch(path):
                return row
        return None

    def resolve(self, node):
        while "$ref" in node:
            at = self.document
            for step in node["$ref"][2:].split("/"):
                at = at[step]
            node = at
        return node

    def check(self, method, path, answer):
        row = self.operation(method, path)
        if row is None:
            if answer.status not in (404, 405, 204, 501):
                raise Undocumented(f"{method} {path} is no operation, and is answered with {answer.status}")
            return
        where = f"{row['operationId']}: {answer.status}"
        if str(answer.status) not in row["responses"]:
            raise Undocumented(f"{where} is not documented: {answer.body[:500]!r}")
        self.seen.add((row["operationId"], answer.status))
        self.check_body(where, self.resolve(row["responses"][str(answer.status)]).get("content", {}), answer)

    def check_body(self, where, content, answer):
        kind = answer.headers.get("Content-Type", "").split(";")[0]
        if not answer.body or answer.status in (414, 421, 431):  # the server's own words, before there is an operation
            return
        if kind not in content:
            raise Undocumented(f"{where}: {kind or 'no type'} is not documented")
        if kind.endswith(("/json", "+json")):
            self.check_words(where, answer.json)
        if kind.endswith(("/json", "+json")) and jsonschema:
            errors = jsonschema.Draft202012Validator(
                content[kind]["schema"], resolver=jsonschema.RefResolver("", self.document)).iter_errors(answer.json)
            for error in errors:
                raise Undocumented(f"{where}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")


    @staticmethod
    def check_words(where, body):
        """What is said to a program names members of bodies, not options of a command line. Tests send texts with "--mark01"."""
        if not isinstance(body, dict):
            return
        lists = [body.get(name) for name in ("findings", "decisions", "errors", "items")]
        rows = [body, *(row for rows in lists if isinstance(rows, list) for row in rows if isinstance(row, dict))]
        for row in rows:
            for text in (row.get("detail"), row.get("warning"), *(row["warnings"] if isinstance(row.get("warnings"), list) else [])):
                if isinstance(text, str) and re.search(r"(?<![-\w])--(?!mark\d)[a-z]", text):
                    raise Undocumented(f"{where}: it says what a command line would: {text}")


class Client:
    """Asks as somebody."""

    def __init__(self, service, headers):
        self.service, self.headers = service, headers

    def call(self, method, path, body=None, strict=True, headers=(), source=None, **query):
        """`body`: what is not text or bytes is sent as JSON. `source`: the address that asks, of 127.0.0.0/8."""
        sent = {**self.service.address(), **self.headers, **dict(headers)}
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        target = path + ("?" + urllib.parse.urlencode(query) if query else "")
        connection = self.service.connect((source, 0) if source else None)
        connection.request(method, target, body.encode() if isinstance(body, str) else body, sent)
        got = connection.getresponse()
        answer = Answer(got.status, dict(got.getheaders()), got.read(), [
            tuple(row.split(";")[0].split("=", 1)) for row in got.headers.get_all("Set-Cookie", [])])
        connection.close()
        if strict and self.service.document and method != "OPTIONS":
            self.service.document_of(method, target.partition("?")[0]).check(method, target.partition("?")[0], answer)
        return answer

    def get(self, path, headers=(), **query):
        return self.call("GET", path, headers=headers, **query)

    def post(self, path, body=None, headers=(), **query):
        return self.call("POST", path, body, headers=headers, **query)

    def put(self, path, body=None, headers=(), **query):
        return self.call("PUT", path, body, headers=headers, **query)

    def patch(self, path, body=None, headers=(), **query):
        return self.call("PATCH", path, body, headers=headers, **query)

    def delete(self, path, headers=(), **query):
        return self.call("DELETE", path, headers=headers, **query)

    def pages(self, path, **query):
        """The items of all pages."""
        items, cursor = [], None
        while True:
            answer = self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            items += answer.json["items"]
            cursor = answer.json["next"]
            if not cursor:
                return items


def add_key(kit, data, role="viewer", team=None):
    """The secret of a new key of a machine: of a team's devices, or of all. The service may run."""
    done = kit.run("admin", "key", "add", f"{role} {team or 'all'}", "--role", role, "--data", data, *(["--team", team] if team else []))
    if done.returncode:
        raise SystemExit(f"Bail out! {done.complaint}")
    return done.text.splitlines()[-1]


def example_data(kit):
    """A new data folder that has the example, and a team "other" that sees nothing of it."""
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", EXAMPLE, "--to", data), 0)
    kit.answers("a team that sees nothing", kit.run("admin", "team", "add", "other", "--data", data), 0)
    return data


class Program:
    """A kit for a script that is no test: what fails ends it."""

    def __init__(self, program, folder):
        self.program, self.folder = str(program), folder

    def run(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True, check=False)
        done.text, done.complaint = done.stdout, done.stderr
        if done.returncode:
            sys.exit(f"tutela {arguments[0]}: {done.stderr}")
        return done


class Place:
    """Where a service listens on this machine. What it answers is not checked."""

    document = tls = asked = None

    def __init__(self, port):
        self.port = port

    def connect(self, source=None):
        """A connection, from this address and port."""
        if self.tls:
            return http.client.HTTPSConnection("localhost", self.port, timeout=60, source_address=source, context=self.tls)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=source)

    def address(self):
        """Behind a proxy that is trusted each request is of an address of its own: none is asked too often."""
        if self.asked is None:
            return {}
        self.asked += 1
        return {"X-Forwarded-For": f"10.{self.asked >> 16 & 255}.{self.asked >> 8 & 255}.{self.asked & 255}"}


class Service(Place):
    """A real `tutela serve` on a data folder and a free port."""

    def __init__(self, kit, data, *options, env=(), log="serve.log", tls=False):
        """`options` may say where to listen; `tls`: they have a certificate, which is not checked here."""
        self.tls = ssl.create_default_context() if tls else None
        if tls:
            self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE
        self.log = kit.folder / log
        self.document = None
        self.asked = 0 if "--trusted-proxy" in options else None
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [kit.program, "serve", "--data", str(data), *(() if "--listen" in options else ("--listen", "127.0.0.1:0")),
                 *map(str, options)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                env=environment.environment(kit.folder, PATH="/usr/bin:/bin", **dict(env)))
        line = self.process.stdout.readline()
        match = re.fullmatch(r"listening on https?://127\.0\.0\.1:(\d+)\n", line)
        if not match:
            self.process.wait(10)
            raise SystemExit(f"Bail out! serve did not start: {line}{self.log.read_text(errors='replace')[-2000:]}")
        self.port = int(match[1])
        self.documents = [Document(self.client().get(path).json) for path in DOCUMENTS]
        self.document = self.documents[0]

    def document_of(self, method, path):
        """Of the door that a path leads to; ours, where it leads to none."""
        return next((each for each in self.documents if each.has(method, path)), self.document)

    def client(self, key=None, **headers):
        """Asks with a key, or as nobody."""
        return Client(self, {**({"Authorization": f"Bearer {key}"} if key else {}), **headers})

    def setup_token(self):
        """Of the link that the first start prints."""
        return self.process.stdout.readline().rsplit("#")[-1].strip()

    def sign_in(self, login, password, code=None):
        """The answer to signing in, and whoever asks with that session (None: refused)."""
        answer = self.client().post("/v1/session", {"login": login, "password": password, **({"code": code} if code else {})})
        if answer.status != 200:
            return answer, None
        return answer, self.session(answer)

    def own_password(self, login, once, own):
        """Whoever was given the one-time password `once` chooses `own`; they ask with the session that begins."""
        _, person = self.sign_in(login, once)
        return self.session(person.put("/v1/me/password", {"password": once, "new_password": own}))

    def session(self, answer):
        """Whoever asks with the session that has begun with an answer."""
        return self.client(**{"Cookie": answer.headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": answer.json["csrf"]})

    def lines(self):
        """The log, parsed."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def stop(self, seconds=30):
        """Ask it to stop; its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(seconds)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            self.process.kill()
            self.process.stdout.close()
