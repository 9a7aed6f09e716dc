#!/usr/bin/env python3
"""The provider of CSAF documents, judged, mirrored and listed by the tools of gocsaf, unmodified: over TLS on loopback.

usage: csaf_tools.py [PROGRAM]

csaf_checker says of each requirement of the role whether it is met, csaf_downloader mirrors and verifies, csaf_aggregator lists. Each
then gets a copy of our answers in which one thing is broken, and must complain. The tools are github.com/gocsaf/csaf/v3 3.7.1,
made by `go install` into the build folder (TUTELA_BUILD) once; TUTELA_CSAF_TOOLS names a folder that has them. Their output is
kept in csaf-tools of the build folder. Prints TAP.
"""
import contextlib
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "e2e")]
sys.dont_write_bytecode = True
import client  # noqa: E402
import csaf_world  # noqa: E402
from kit import Kit  # noqa: E402

MODULE, VERSION, TOOLCHAIN = "github.com/gocsaf/csaf/v3", "v3.7.1", "go1.27.3"
TOOLS = ("csaf_checker", "csaf_downloader", "csaf_aggregator")
BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
KEPT = BUILD / "csaf-tools"
BASE = "/.well-known/csaf/"


def skip(why):
    print(f"1..0 # SKIP {why}")
    return 0


def find_tools():
    """The folder of the tools, and why there is none."""
    folder = pathlib.Path(os.environ.get("TUTELA_CSAF_TOOLS", BUILD / "gocsaf"))
    if all((folder / tool).is_file() for tool in TOOLS):
        return folder, ""
    if "TUTELA_CSAF_TOOLS" in os.environ or not shutil.which("go"):
        return None, "csaf_checker and the others are not there, and no go to make them"
    done = subprocess.run(["go", "install", *(f"{MODULE}/cmd/{tool}@{VERSION}" for tool in TOOLS)], check=False, capture_output=True,
                          env={**os.environ, "GOBIN": str(folder), "GOTOOLCHAIN": TOOLCHAIN}, timeout=1500)
    return (folder, "") if done.returncode == 0 else (None, f"go install: {done.stderr.decode(errors='replace')[-300:]}")


# ---- TLS


def certificate(folder):
    names = [folder / "cert.pem", folder / "key.pem"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", names[0], "-keyout", names[1]], check=True, capture_output=True)
    return names


def free_port():
    with contextlib.closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def trusting():
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Copy(http.server.ThreadingHTTPServer):
    """Our answers under another port, with the addresses in them changed and one thing broken.

    `broken` is (a pattern of paths, what becomes of the answer: (status, headers, body) -> the same).
    """

    def __init__(self, port, files, broken=("(?!)", None)):
        self.origin, self.pattern, self.change = port, re.compile(broken[0]), broken[1]
        super().__init__(("127.0.0.1", 0), CopyHandler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.thread = threading.Thread(target=self.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        pass  # a client that has seen enough


class CopyHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):  # pylint: disable=invalid-name
        origin = self.server.origin
        sent = {key: value for key, value in self.headers.items() if key.lower() in ("authorization",)}
        request = urllib.request.Request(f"https://localhost:{origin}{self.path}", headers=sent)
        try:
            with urllib.request.urlopen(request, context=trusting(), timeout=30) as got:
                status, kind, body = got.status, got.headers["Content-Type"], got.read()
        except urllib.error.HTTPError as error:
            status, kind, body = error.code, "text/plain", error.read()
        body = body.replace(f"localhost:{origin}".encode(), f"localhost:{self.server.server_address[1]}".encode())
        if self.server.pattern.search(self.path):
            status, body = self.server.change(status, body)
        self.send_response(status)
        self.send_header("Content-Type", kind or "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def gone(_status, _body):
    return 404, b"gone"


def other_digit(status, body):
    return status, (b"1" if body[:1] == b"0" else b"0") + body[1:]


def other_word(status, body):
    return status, body.replace(b"Summary", b"summary")


def without_entries(status, body):
    feed = json.loads(body)
    feed["feed"]["entry"] = feed["feed"]["entry"][1:]
    return status, json.dumps(feed).encode()


def without_year(status, body):
    return status, body.replace(b"\n", b"\n\n").replace(b"/", b"/x", 1)


def other_feed(status, body):
    return status, body.replace(b"csaf-feed-tlp-white", b"csaf-feed-tlp-blue")


def other_fingerprint(status, body):
    return status, re.sub(rb'"fingerprint": "[0-9a-f]{8}', b'"fingerprint": "00000000', body)


DOCUMENT = r"/white/\d{4}/[^/]+\.json$"
# what is broken, which requirements of CSAF 7.1 the checker must find violated
BROKEN = (
    ("a wrong hash", (DOCUMENT[:-1] + r"\.sha256$", other_digit), {18}),
    ("a signature that is missing", (DOCUMENT[:-1] + r"\.asc$", gone), {19}),
    ("a document that was changed", (DOCUMENT, other_word), {18, 19}),
    ("a document that is gone", (DOCUMENT, gone), {7}),
    ("a feed entry that is gone", (r"csaf-feed-tlp-white\.json$", without_entries), {15}),
    ("an index with a wrong line", (r"index\.txt$", without_year), {12}),
    ("another fingerprint", (r"provider-metadata\.json$", other_fingerprint), {20}),
    ("no key", (r"/openpgp/", gone), {20}),
    ("a service document with another feed", (r"service\.json$", other_feed), {16}),
)


# ---- the tools


class Tools:
    def __init__(self, kit, folder):
        self.kit, self.folder = kit, folder
        KEPT.mkdir(parents=True, exist_ok=True)

    def run(self, name, kept, *arguments, cwd=None):
        done = subprocess.run([self.folder / name, *map(str, arguments)], capture_output=True, text=True, errors="replace", check=False,
                              timeout=600, cwd=cwd, env={**os.environ, "HOME": str(self.kit.folder), "NO_PROXY": "*"})
        (KEPT / f"{kept}.txt").write_text(f"exit {done.returncode}\n{done.stdout}\n{done.stderr}", encoding="utf-8")
        return done

    def judge(self, port, kept, *options):
        """(met: the role's requirements as the checker says, errors by requirement)."""
        done = self.run("csaf_checker", f"checker-{kept}", "--insecure", "--format", "json", *options, f"localhost:{port}")
        try:
            domain = json.loads(done.stdout)["domains"][0]
        except (ValueError, KeyError, IndexError):
            return None, {0: [done.stderr[-500:]]}
        found = {row["num"]: [each["text"] for each in row.get("messages") or [] if each["type"] == 2]
                 for row in domain.get("requirements") or []}
        return domain, {number: errors for number, errors in found.items() if errors}

    def mirror(self, port, kept, *options):
        """What the downloader brought: (exit code, names, its log)."""
        target = self.kit.folder / f"mirror-{kept}"
        done = self.run("csaf_downloader", f"downloader-{kept}", "--insecure", "--directory", target, "--log_file", "", *options,
                        f"localhost:{port}")
        return done.returncode, sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()), done.stderr


def judging(kit, tools, port, files):
    domain, errors = tools.judge(port, "own")
    kit.check("csaf_checker: the role is met", domain and domain.get("passed") and domain.get("role") == "csaf_trusted_provider",
              json.dumps(domain)[:3000])
    kit.check("no error but of the DNS name, which is not ours", set(errors) <= {10}, errors)
    with Copy(port, files) as copy:
        _, errors = tools.judge(copy.server_address[1], "copy")
        kit.check("nor of a copy of our answers", set(errors) <= {10}, errors)
    for what, broken, numbers in BROKEN:
        with Copy(port, files, broken) as copy:
            _, errors = tools.judge(copy.server_address[1], what.replace(" ", "-"))
        kit.check(f"{what} is found", set(errors) & numbers, errors)


def customers(kit, tools, port, key):
    """With the key of a customer AMBER is there, protected, and judged."""
    header = ("--header", f"Authorization:Bearer {key}")
    domain, errors = tools.judge(port, "customer", *header)
    kit.check("csaf_checker: with a customer's key", domain and domain.get("passed") and set(errors) <= {10}, errors)
    _, names, log = tools.mirror(port, "customer", *header)
    kit.check("csaf_downloader: AMBER comes with the key", any(name.startswith("amber/") for name in names), (names, log))


def mirroring(kit, tools, port, files):
    code, names, log = tools.mirror(port, "own")
    documents = [name for name in names if name.endswith(".json")]
    kit.check("csaf_downloader: the documents come", code == 0 and len(documents) == 2 and all(
        re.fullmatch(r"white/\d{4}/[^/]+\.json", name) for name in documents), (code, names, log))
    kit.check("with digests and signatures", all(f"{name}.{each}" in names for name in documents for each in ("sha256", "sha512", "asc")), names)
    kit.check("and nothing of AMBER", not any(name.startswith(("amber", "green", "red")) for name in names), names)
    for what, broken, complaint in (
            ("a wrong hash", BROKEN[0][1], "sha256"),
            ("a document that was changed", BROKEN[2][1], "sha"),
            ("a signature of another document", (BROKEN[1][1][0], other_signature(port)), "signature"),
            ("a document that is gone", BROKEN[3][1], "404")):
        with Copy(port, files, broken) as copy:
            _, names, log = tools.mirror(copy.server_address[1], what.replace(" ", "-"), "--validation_mode", "strict")
        came = [name for name in names if re.fullmatch(r"white/.*\.json", name)]
        kit.check(f"{what} does not come, and it says so", len(came) < 2 and complaint in log.lower(), (names, log[-1500:]))
    with Copy(port, files, BROKEN[1][1]) as copy:
        _, names, log = tools.mirror(copy.server_address[1], "without", "--validation_mode", "strict")
    kit.check("a signature that is missing is said", "Downloading signature failed" in log and not any(
        name.endswith(".asc") for name in names), (names, log[-1500:]))


def fetch(port, path):
    with urllib.request.urlopen(f"https://localhost:{port}{path}", context=trusting(), timeout=30) as got:
        return got.read()


def other_signature(port):
    """Each document has the signature of the first one."""
    name = fetch(port, BASE + "white/index.txt").split()[0].decode()
    signature = fetch(port, f"{BASE}white/{name}.asc")
    return lambda status, body: (status, signature)


AGGREGATOR = """
workers = 2
folder = "{folder}"
web = "{folder}/html"
domain = "https://localhost:9"
insecure = true
allow_single_provider = true
lock_file = "{folder}/lock"
interim_years = 0
[aggregator]
category = "{category}"
name = "A test"
contact_details = "nobody"
issuing_authority = "none"
namespace = "https://test.example"
[[providers]]
name = "larkspur"
domain = "localhost:{port}"
"""


def aggregate(tools, port, kept, category):
    folder = tools.kit.folder / f"aggregator-{kept}"
    folder.mkdir()
    (folder / "aggregator.toml").write_text(AGGREGATOR.format(folder=folder, port=port, category=category), encoding="utf-8")
    done = tools.run("csaf_aggregator", f"aggregator-{kept}", "--config", folder / "aggregator.toml", cwd=folder)
    found = sorted((folder / "html").rglob("aggregator.json")) if (folder / "html").exists() else []
    return done, json.loads(found[0].read_text(encoding="utf-8")) if found else {}


def aggregating(kit, tools, port, files):
    done, listed = aggregate(tools, port, "own", "lister")
    rows = [row["metadata"] for row in listed.get("csaf_providers", [])]
    kit.check("csaf_aggregator ends well", done.returncode == 0, done.stderr[-1500:])
    kit.check("csaf_aggregator lists it", [row["role"] for row in rows] == ["csaf_trusted_provider"] and
              rows[0]["url"].endswith("/provider-metadata.json"), (listed, done.stderr[-1500:]))
    done, listed = aggregate(tools, port, "mirror", "aggregator")
    mirrored = sorted(path.name for path in (kit.folder / "aggregator-mirror").rglob("larkspur*.json") if path.is_file())
    kit.check("and mirrors it", done.returncode == 0 and len(set(mirrored)) == 2, (mirrored, done.stderr[-1500:]))
    with Copy(port, files, (r"provider-metadata\.json$", lambda status, body: (status, body.replace(b'"metadata_version"', b'"version"')))) as copy:
        done, listed = aggregate(tools, copy.server_address[1], "broken", "lister")
    kit.check("metadata that are broken are not listed", not listed.get("csaf_providers"), (listed, done.stderr[-1500:]))


def main():
    kit = Kit()
    folder, why = find_tools()
    if client.WHY_NOT or not folder:
        return skip(client.WHY_NOT or why)
    files, port = certificate(kit.folder), free_port()
    data = csaf_world.make(kit)
    options = ("--listen", f"127.0.0.1:{port}", "--public-url", f"https://localhost:{port}", "--tls-certificate", files[0], "--tls-key", files[1])
    with client.Service(kit, data, *options, tls=True) as service:
        maker = csaf_world.Maker(kit, data, service)
        done = maker.configure()
        if done.json["signing"]["fingerprint"] is None:
            return skip(f"nothing is signed here: {done.json['signing']['why_not']}")
        maker.published()
        csaf_world.approve(kit, data, "kernel-dirty-pipe")
        maker.published(formats=["csaf-advisory"], vulnerabilities=["CVE-2022-0847"])
        maker.published(tlp="AMBER", customers=["mercy"])
        tools = Tools(kit, folder)
        judging(kit, tools, port, files)
        customers(kit, tools, port, csaf_world.customer_key(kit, data, "mercy"))
        mirroring(kit, tools, port, files)
        aggregating(kit, tools, port, files)
    return kit.done()


sys.exit(main())
