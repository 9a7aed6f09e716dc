#!/usr/bin/env python3
"""Clients of Dependency-Track that others wrote, unchanged, against the real service; each once more against a damaged answer.

  io.github.pmckeown:dependency-track-maven-plugin 1.10.0   mvn: upload-bom, findings, metrics, score, policy-violations
  dtrack-auditor 1.5.0                                      PyPI: upload and audit, twice
  owasp-dependency-track-cli 1.0.11                         PyPI, needs Python 3.13: test a BOM
  dtrack-mcp 0.7.2 (with mcp<2)                             PyPI: upload, list, resolve, findings over MCP

usage: dtrack_peers.py [PROGRAM]      (TUTELA_BUILD: the build folder)

Only in a long run (TUTELA_LONG). They are installed with pip and mvn into the build folder, once, and their output is kept there;
what cannot be installed or run is skipped with the reason. Between client and service is a proxy of this file, which can damage answers.
"""
import http.client
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")).resolve()
PEERS = BUILD / "dtrack-peers"
EXAMPLE = ROOT / "examples" / "infusion-pump"
BOM = EXAMPLE / "infusion-pump.cdx.json"
PLUGIN = "io.github.pmckeown:dependency-track-maven-plugin:1.10.0"
POM = ('<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>example</groupId>'
       "<artifactId>app</artifactId><version>1.0</version><packaging>pom</packaging></project>")
MCP = """
import asyncio, json, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

async def main(program, url, key, calls):
    server = StdioServerParameters(command=program, args=[], env={"DTRACK_URL": url, "DTRACK_API_KEY": key, "DTRACK_RETRY_MAX": "0"})
    async with stdio_client(server) as (read, write):
        async with ClientSession(read, write) as session:
            await session.initialize()
            for name, arguments in json.loads(calls):
                done = await session.call_tool(name, arguments)
                print(json.dumps([name, done.isError, "".join(getattr(part, "text", "") for part in done.content)]))

asyncio.run(main(*sys.argv[1:4], sys.stdin.read()))
"""


class Proxy:
    """Hands requests on; `damage` gets (method, path, status, body) of each answer and gives a status and a body."""

    def __init__(self, port):
        proxy = self
        self.damage, self.asked = None, []

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length) if length else b""
                if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
                    body = self.chunks()
                sent = {name: value for name, value in self.headers.items()
                        if name.lower() not in ("content-length", "transfer-encoding", "connection", "upgrade", "http2-settings", "accept-encoding", "host")}
                upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                upstream.request(self.command, self.path, body or None, sent)
                got = upstream.getresponse()
                status, headers, body = got.status, got.getheaders(), got.read()
                upstream.close()
                proxy.asked.append((self.command, self.path.partition("?")[0], status))
                if proxy.damage:
                    status, body = proxy.damage(self.command, self.path.partition("?")[0], status, body)
                self.send_response(status)
                for name, value in headers:
                    if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def chunks(self):
                body = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def with_json(path, change):
    """A damage: the JSON of answers of a path becomes another."""
    def damage(_, asked, status, body):
        if path not in asked or status != 200:
            return status, body
        return 200, json.dumps(change(json.loads(body))).encode()
    return damage


def failing(path):
    return lambda _, asked, status, body: (500, b"broken") if path in asked else (status, body)


def run(name, command, stdin="", cwd=None, seconds=400, **env):
    """(exit code, output); the output is kept."""
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, timeout=seconds, cwd=cwd,
                              env={"PATH": os.environ["PATH"], "HOME": str(PEERS), "LANG": "C.UTF-8", **env})
        code, said = done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired as late:
        code, said = -1, f"{late}"
    (PEERS / f"{name}.log").write_text(said, encoding="utf-8")
    return code, said


def interpreters():
    yield sys.executable
    for minor in range(13, 20):
        yield shutil.which(f"python3.{minor}")
    yield from sorted(pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")).glob("versions/3.*/bin/python"))


def works(interpreter, wanted):
    return interpreter and subprocess.run([interpreter, "-c", f"import sys; sys.exit(sys.version_info < {wanted})"], capture_output=True,
                                          check=False, stdin=subprocess.DEVNULL).returncode == 0


def python(name, wanted, *packages):
    """(folder of programs, None), or (None, why not)."""
    folder = PEERS / name
    interpreter = next((each for each in interpreters() if works(each, wanted)), None)
    if not interpreter:
        return None, f"{packages[0]} needs Python {wanted[0]}.{wanted[1]}"
    if not (folder / "installed").exists():
        for command in ([interpreter, "-m", "venv", folder], [folder / "bin/python", "-m", "pip", "install", "-q", *packages]):
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900, stdin=subprocess.DEVNULL)
            if done.returncode:
                return None, f"cannot install {packages[0]}: {' '.join(done.stderr.split())[-150:]}"
        (folder / "installed").touch()
    return folder / "bin", None


class World:
    def __init__(self, kit, proxy, key, reader):
        self.kit, self.proxy, self.key, self.reader = kit, proxy, key, reader

    def expect(self, name, code, said, fine):
        self.kit.check(name, fine, code, said[-3000:])

    def damaged(self, name, damage, call, fine):
        """`call` fails on a damaged answer: so it can."""
        self.proxy.damage = damage
        try:
            code, said = call()
        finally:
            self.proxy.damage = None
        self.kit.check(f"{name} fails on a damaged answer", fine(code, said), code, said[-3000:])

    def project(self, name, version):
        got = self.reader.get("/api/v1/project/lookup", name=name, version=version)
        return got.json if got.status == 200 else None

    def findings(self, project):
        return self.reader.get(f"/v1/releases/{project['uuid'].replace('-', '')}").json["findings"]


def skip(kit, name, why):
    kit.check(f"{name} # SKIP {why}", True)


def auditor(w):
    programs, why = python("auditor", (3, 9), "dtrack-auditor==1.5.0")
    if not programs:
        return skip(w.kit, "dtrack-auditor", why)

    def call(version="1.0", rules="critical:100000:true"):
        return run("auditor", [programs / "dtrackauditor", "-u", w.proxy.url, "-k", w.key, "-p", "audited", "-v", version, "-f", BOM, "-a", "-w",
                               "-r", rules])
    code, said = call()
    w.expect("dtrack-auditor uploads and audits", code, said, code == 0 and "resulted in no violations" in said)
    project = w.project("audited", "1.0")
    counts = {row["vulnerability"]["severity"] for row in w.reader.get(f"/api/v1/finding/project/{project['uuid']}").json}
    w.kit.check("and its project has the findings", w.findings(project) > 0 and "CRITICAL" in counts, counts)
    code, said = call()
    w.expect("the same once more", code, said, code == 0)
    code, said = call(rules="critical:1:true")
    w.expect("it fails by its rules", code, said, code != 0 and "Threshold for CRITICAL" in said)
    w.damaged("dtrack-auditor", with_json("/project/", lambda row: {**row, "lastBomImport": 1}), call, lambda code, said: code != 0 and "lastBomImport" in said)
    return None


def mcp(w):
    programs, why = python("mcp", (3, 11), "dtrack-mcp==0.7.2", "mcp<2")
    if not programs:
        return skip(w.kit, "dtrack-mcp", why)
    script = PEERS / "mcp_client.py"
    script.write_text(MCP, encoding="utf-8")
    import base64
    bom = base64.b64encode(BOM.read_bytes()).decode()

    def call(calls):
        code, said = run("mcp", [programs / "python", script, programs / "dtrack-mcp", w.proxy.url, w.key], json.dumps(calls))
        rows = [json.loads(line) for line in said.splitlines() if line.startswith("[")]
        return code, said, {name: (wrong, json.loads(text) if text.startswith("{") else text) for name, wrong, text in rows}
    code, said, got = call([["upload_bom", {"project_name": "asked", "project_version": "1", "bom": bom, "auto_create": True}],
                            ["list_projects", {"name_filter": "aske"}], ["resolve_project", {"name": "asked", "version": "1"}],
                            ["get_project_versions", {"name": "asked"}]])
    w.expect("dtrack-mcp uploads", code, said, code == 0 and not got["upload_bom"][0])
    project = w.project("asked", "1")
    w.kit.check("lists", got["list_projects"][1]["total"] == 1 and
                got["list_projects"][1]["items"][0]["metrics"]["findings_total"] == w.findings(project), got["list_projects"])
    w.kit.check("resolves", project["uuid"] in json.dumps(got["resolve_project"]) and project["uuid"] in json.dumps(got["get_project_versions"]), got)

    def findings():
        code, said, got = call([["list_findings", {"project_uuid": project["uuid"], "page_size": 100}]])
        return code if code else int(got["list_findings"][0]), json.dumps(got)
    code, said = findings()
    w.expect("and reads findings", code, said, code == 0 and "CVE-" in said)
    w.damaged("dtrack-mcp", failing("/finding/project/"), findings, lambda code, said: code != 0)
    return None


def cli(w):
    programs, why = python("cli", (3, 13), "owasp-dependency-track-cli==1.0.11")
    if not programs:
        return skip(w.kit, "owasp-dependency-track-cli", why)

    def call():
        return run("cli", [programs / "owasp-dtrack-cli", "test", "--project-name", "tested", "--project-version", "1.0", "--auto-create", BOM],
                   OWASP_DTRACK_URL=w.proxy.url, OWASP_DTRACK_API_KEY=w.key, OWASP_DTRACK_VERIFY_SSL="false")
    code, said = call()
    project = w.project("tested", "1.0")
    w.expect("owasp-dependency-track-cli uploads and prints findings", code, said, project is not None and "CVE-" in said)
    w.damaged("owasp-dependency-track-cli", failing("/bom"), call, lambda code, said: code != 0)
    return None


def maven(w):
    if not shutil.which("mvn"):
        return skip(w.kit, "dependency-track-maven-plugin", "mvn is not installed")
    folder = PEERS / "maven"
    folder.mkdir(exist_ok=True)
    (folder / "pom.xml").write_text(POM, encoding="utf-8")

    def call(goal, *options):
        return run(f"maven-{goal}", ["mvn", "-B", "-ntp", f"-Dmaven.repo.local={PEERS}/m2", f"-Ddependency-track.dependencyTrackBaseUrl={w.proxy.url}",
                                     f"-Ddependency-track.apiKey={w.key}", "-Ddependency-track.failOnError=true",
                                     "-Ddependency-track.projectName=built", "-Ddependency-track.projectVersion=1.0", f"{PLUGIN}:{goal}", *options],
                   cwd=folder)
    code, said = call("help")
    if code:
        return skip(w.kit, "dependency-track-maven-plugin", "mvn cannot get it: " + " ".join(said.split())[-150:])
    upload = (f"-Ddependency-track.bomLocation={BOM}", "-Ddependency-track.projectTags=ci,nightly")
    code, said = call("upload-bom", *upload)
    project = w.project("built", "1.0")
    w.expect("the Maven plugin uploads and waits for the token", code, said, code == 0 and project is not None and "Still processing: false" in said)
    w.kit.check("with its tags", [row["name"] for row in project["tags"]] == ["ci", "nightly"], project)
    for goal, words in (("findings", "CVE-"), ("metrics", "Findings Unaudited"), ("score", "Inherited Risk Score"), ("policy-violations", "BUILD SUCCESS")):
        code, said = call(goal)
        w.expect(f"its goal {goal}", code, said, code == 0 and words in said)
    w.damaged("its upload", failing("/bom"), lambda: call("upload-bom", *upload), lambda code, said: code != 0)
    w.damaged("its goal findings", failing("/finding/project/"), lambda: call("findings"), lambda code, said: code != 0)
    return None


def main():
    kit = Kit()
    why = client.WHY_NOT or (None if os.environ.get("TUTELA_LONG") else "only in a long run (./test --long)")
    if why:
        print(f"1..0 # SKIP {why}")
        return 0
    PEERS.mkdir(parents=True, exist_ok=True)
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    key = client.add_key(kit, data, "analyst")
    with client.Service(kit, data) as service:
        w = World(kit, Proxy(service.port), key, service.client(client.add_key(kit, data)))
        for peer in (auditor, mcp, cli, maven):
            peer(w)
        trouble = [line for line in service.lines() if line.get("status", 0) >= 500]
        kit.check("no request was an error of the service", not trouble, trouble[:5])
        (PEERS / "requests.log").write_text("\n".join(f"{method} {path} {status}" for method, path, status in w.proxy.asked), encoding="utf-8")
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
