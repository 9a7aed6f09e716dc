#!/usr/bin/env python3
"""The Transparency Exchange API as its own client sees it: tea-cli (PyPI libtea[cli] 0.5.1), unmodified, over TLS.

usage: tea_peer.py [PROGRAM]

Only in a long run (TUTELA_LONG). The client is installed with pip into the build folder (TUTELA_BUILD), once; what cannot be
installed is skipped with a line that says so. What it says is kept in BUILD/tea-peer/*.txt. It runs against `tutela serve`,
and against a proxy that damages one thing in an answer, so that each check is seen to fail.
"""
import hashlib
import http.client
import http.server
import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import threading

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import feed_server  # noqa: E402
import tea_scene  # noqa: E402

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")).resolve()
KEPT = BUILD / "tea-peer"
PEER = "libtea[cli]==0.5.1"
UDI = tea_scene.UDI
CHECKS = 27
BASE = "/tea/v0.4.0"


def quiet(command, seconds=600):
    try:
        return subprocess.run(command, capture_output=True, timeout=seconds, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def tea_cli():
    """The client, or why there is none."""
    program = KEPT / "venv" / "bin" / "tea-cli"
    if program.is_file() and quiet([program, "--version"]):
        return program, ""
    if not quiet([sys.executable, "-m", "venv", KEPT / "venv"]):
        return None, "no venv"
    if not quiet([KEPT / "venv" / "bin" / "python", "-m", "pip", "install", "-q", PEER]):
        return None, f"pip cannot install {PEER}"
    return program, ""


class Peer:
    def __init__(self, program, authority, folder):
        self.program, self.folder = program, folder
        self.env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "REQUESTS_CA_BUNDLE": str(authority), "NO_COLOR": "1", "COLUMNS": "200"}

    def run(self, *arguments, kept=None, **env):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True, timeout=300, check=False,
                              env={**self.env, **env})
        if kept:
            (KEPT / f"{kept}.txt").write_text(f"$ tea-cli {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}", encoding="utf-8")
        return done

    def conformance(self, base, kept=None, **env):
        """What became of each check."""
        done = self.run("conformance", "--base-url", base + BASE, "--tei", f"urn:tei:udi:127.0.0.1:{UDI}", "--allow-private-ips", "--json",
                        kept=kept, **env)
        return done, {row["name"]: row["status"] for row in json.loads(done.stdout)["checks"]} if done.stdout.startswith("{") else {}


class Served:
    """The service with a certificate."""

    def __init__(self, kit, data, certificates):
        self.log = kit.folder / "tls.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [kit.program, "serve", "--data", str(data), "--listen", "127.0.0.1:0", "--tls-certificate", certificates / "server.pem",
                 "--tls-key", certificates / "server.key"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                env=kit.environment())
        match = re.fullmatch(r"listening on https://127\.0\.0\.1:(\d+)\n", self.process.stdout.readline())
        if not match:
            raise SystemExit(f"Bail out! serve did not start: {self.log.read_text(errors='replace')[-2000:]}")
        self.port = int(match[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()


# ---- a copy of the service that damages one thing

class Damaging(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port, certificates):
        super().__init__(("127.0.0.1", 0), Handler)
        self.behind, self.damage = port, None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
        self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=60)
        asked.request(self.command, self.path, headers={"Host": self.headers["Host"], "X-Forwarded-Proto": "https",
                                                        "X-Forwarded-For": "10.0.0.1"})
        got = asked.getresponse()
        status, body, kind = got.status, got.read(), got.getheader("Content-Type", "")
        asked.close()
        if self.server.damage:
            status, body = self.server.damage(self.path, status, body)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


def breaking(pattern, change):
    """Change the JSON of answers to paths like this."""
    def damage(path, status, body):
        if not re.search(pattern, path) or status != 200:
            return status, body
        document = json.loads(body)
        return status, json.dumps(change(document) or document).encode()
    return damage


def instead(pattern, status, body):
    return lambda path, was, had: (status, body) if re.search(pattern, path) else (was, had)


DAMAGES = [  # what is damaged, how, the check that finds it
    ("discovery gives no id", breaking(r"/discovery\?", lambda rows: rows[0].pop("productReleaseUuid") and None), "discovery"),
    ("an unknown identifier is answered", instead(r"/discovery\?.*nonexistent", 200, json.dumps([{
        "productReleaseUuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "servers": [{"rootUrl": "https://x.example", "versions": ["0.4.0"]}]}]).encode()),
     "discovery_404"),
    ("an unknown product is there", breaking("never", None), None),
    ("an id has capitals", breaking(r"/products\?", lambda page: page["results"][0].update(uuid=page["results"][0]["uuid"].upper())), "uuid_format"),
    ("a page has another size", breaking(r"/products\?", lambda page: page.update(pageSize=7)), "pagination_fields"),
    ("a page has no time", breaking(r"/products\?", lambda page: page.pop("timestamp") and None), "list_products"),
    ("names have underscores", breaking(r"/product/[^/]*$", lambda row: row.update(product_name=row.pop("name"))), "get_product"),
    ("a search finds nothing", breaking(r"/products\?.*idValue", lambda page: page.update(results=[], totalResults=0)), "search_products"),
    ("a collection's reason is none", breaking(r"/productRelease/.*/collection/latest", lambda row: row["updateReason"].update(type="MOON")),
     "product_release_collection_latest"),
    ("an artifact's type is none", breaking(r"/artifact/", lambda row: row.update(type="POEM")), "get_artifact"),
    ("events begin with the oldest", breaking(r"/cle$", lambda row: row["events"].reverse()), "cle_event_ordering"),
    ("a date is none", breaking(r"/component/.*/cle$", lambda row: row["events"][0].update(effective="soon")), "component_cle"),
    ("a release of software has no version", breaking(r"/component/.*/releases$", lambda rows: rows[0].pop("version") and None), "component_releases"),
    ("an unknown product is a mistake", instead(r"/product/00000000", 200, json.dumps({
        "uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "name": "x", "identifiers": []}).encode()), "get_product_404"),
]


def from_scan_to_disk(kit, peer, site, scene):
    """"Scan a UDI" is one command, from the identifier alone."""
    folder = kit.folder / "sboms"
    done = peer.run("download", f"urn:tei:udi:127.0.0.1:(01){UDI}(21)SN-0042", folder, "--port", site.port, "--allow-private-ips", "-y",
                    kept="download")
    got = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()} if folder.is_dir() else {}
    kit.check("a UDI that is scanned becomes the SBOM on disk, with one command", done.returncode == 0 and "checksum OK" in done.stderr and
              scene.sbom_digest in got.values(), done.stdout, done.stderr, got)
    kit.check("and the statements about it", any(name.endswith("openvex.json") for name in got), got)
    seen = peer.run("inspect", f"urn:tei:udi:127.0.0.1:{UDI}", "--port", site.port, "--allow-private-ips", kept="inspect")
    kit.check("it is shown", seen.returncode == 0 and "Larkspur IP-200" in seen.stdout, seen.stdout, seen.stderr)
    wrong = peer.run("download", f"urn:tei:udi:127.0.0.1:{tea_scene.OTHER_UDI}", folder, "--port", site.port, "-y")
    kit.check("another maker's device is none", wrong.returncode == 1, wrong.stderr)


def for_customers(kit, peer, site, scene):
    """With the key of a customer, who gets nothing of another's."""
    base = f"https://127.0.0.1:{site.port}{BASE}"
    counts = {}
    for name, key in (("nobody", None), ("customer", scene.customer), ("far", scene.far)):
        done = peer.run("get-collection", scene.release, "--json", "--base-url", base, **({"TEA_TOKEN": key} if key else {}))
        kit.check(f"the client asks as {name}", done.returncode == 0, done.stderr)
        counts[name] = len(json.loads(done.stdout)["artifacts"])
    kit.check("a customer's key opens what is for its own devices", counts["nobody"] == counts["far"] == counts["customer"] - 1, counts)


def damaged(kit, peer, certificates, service):
    proxy = Damaging(service.port, certificates)
    base = f"https://127.0.0.1:{proxy.server_address[1]}"
    for name, damage, check in DAMAGES:
        proxy.damage = damage
        done, found = peer.conformance(base)
        if check is None:
            kit.check("undamaged, the copy passes", done.returncode == 0 and set(found.values()) == {"pass"}, found)
        else:
            kit.check(f"{name}: {check} fails", done.returncode != 0 and found.get(check) == "fail", done.stderr, found)
    proxy.damage = lambda path, status, body: (status, body[:-1] + b" ") if "/download/" in path else (status, body)
    done = peer.run("download", f"urn:tei:udi:127.0.0.1:{UDI}", kit.folder / "broken", "--port", proxy.server_address[1], "--allow-private-ips", "-y")
    kit.check("bytes that are others are refused by the client", done.returncode == 1 and "mismatch" in done.stderr, done.stderr)
    proxy.shutdown()
    proxy.server_close()


def main():
    if not os.environ.get("TUTELA_LONG"):
        print("1..0 # SKIP the client of others is fetched in a long run (TUTELA_LONG)")
        return 0
    KEPT.mkdir(parents=True, exist_ok=True)
    program, why = tea_cli()
    if not program:
        print(f"1..0 # SKIP {why}")
        return 0
    kit = Kit()
    certificates = feed_server.make_certificates(pathlib.Path(kit.path("tls")))
    data = tea_scene.world(kit)
    peer = Peer(program, certificates / "ca.pem", kit.folder)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        scene = tea_scene.Scene(kit, data, service)
        damaged(kit, peer, certificates, service)
    with Served(kit, data, certificates) as site:
        done, found = peer.conformance(f"https://127.0.0.1:{site.port}", kept="conformance")
        kit.check(f"tea-cli conformance: {CHECKS} checks pass, none is skipped",
                  done.returncode == 0 and len(found) == CHECKS and set(found.values()) == {"pass"}, done.stderr, found)
        from_scan_to_disk(kit, peer, site, scene)
        for_customers(kit, peer, site, scene)
    return kit.done()


sys.exit(main())
