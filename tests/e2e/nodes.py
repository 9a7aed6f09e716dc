#!/usr/bin/env python3
"""Three `tutela serve` on one PostgreSQL behind nginx: load, a sync, a node killed, a rolling restart. Prints TAP.

usage: nodes.py [PROGRAM] [--long]      (--long: a minute of load in each part instead of seconds)

The load writes and reads through nginx, which asks the nodes in turns. What must hold: no job is done twice, no update is
lost, the ledger is one line of records, all nodes answer alike, and no request fails but those that the killed node had.
"""
import collections
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import types
import uuid

import feed_server as fs
from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import postgres  # noqa: E402

LONG = "--long" in sys.argv or "TUTELA_LONG" in os.environ
SECONDS = 60 if LONG else 4
THREADS = 6
PATIENCE = 150  # a lease of a killed node on PostgreSQL ends after up to 60 s
DEVICE = "larkspur-ip-200"
YAML = {"Content-Type": "application/yaml"}
TEXT = (ROOT / "examples/infusion-pump/device.yaml").read_text(encoding="utf-8")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PASSWORD = "a long enough passphrase 77"


def until(what, wanted=bool):
    """Ask again until the answer is as wanted; the last answer."""
    end = time.monotonic() + PATIENCE
    while True:
        answer = what()
        if wanted(answer) or time.monotonic() > end:
            return answer
        time.sleep(0.1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Node:
    """A service that can be started again on the port that it had."""

    def __init__(self, kit, data, number):
        self.folder = kit.folder / f"node{number}"
        self.folder.mkdir()
        self.data, self.port = data, free_port()
        self.kit = types.SimpleNamespace(program=kit.program, folder=self.folder)
        self.logs = ""
        self.start()

    def start(self):
        self.service = client.Service(self.kit, self.data, "--listen", f"127.0.0.1:{self.port}", "--trusted-proxy", "127.0.0.1")
        self.direct = self.service.client()
        until(lambda: self.service.client().get("/readyz").status == 200)

    def end(self):
        self.logs += self.service.log.read_text(errors="replace")
        code = self.service.stop(60)
        self.service.process.stdout.close()
        return code

    def kill(self):
        self.service.process.send_signal(signal.SIGKILL)
        self.service.process.wait()
        self.service.process.stdout.close()


class Nginx:
    """Asks the nodes in turns; the answer says which was asked. `more`: directives of the location."""

    def __init__(self, folder, nodes, more=""):
        self.port = free_port()
        upstream = "".join(f"server 127.0.0.1:{node.port} max_fails=0;" for node in nodes)
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1; events {{}}\n"
            f"http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
            f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
            f"upstream nodes {{ {upstream} }}\nserver {{ listen 127.0.0.1:{self.port}; location / {{\n"
            f"proxy_pass http://nodes; {more} proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $http_x_client;\n"
            "proxy_set_header X-Forwarded-Proto http; proxy_set_header Forwarded \"\"; add_header X-Node $upstream_addr always; } } }\n",
            encoding="utf-8")
        self.child = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf"], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: socket.socket().connect_ex(("127.0.0.1", self.port)) == 0)

    def stop(self):
        self.child.terminate()
        self.child.wait(20)


class Load:
    """Threads that ask until they are told to end. `failed`: what was neither answered well nor refused with reason."""

    def __init__(self, port, keys):
        self.port, self.keys, self.ending = port, keys, threading.Event()
        self.lock, self.failed, self.counts = threading.Lock(), [], collections.Counter()
        self.versions, self.created = [], {}
        self.threads = [threading.Thread(target=self.run, args=(number,)) for number in range(THREADS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def ask(self, number, method, path, body=None, headers=()):
        """(status, headers, body); a connection that breaks is status 0. Too fast: wait as told, ask again."""
        while True:
            answer = self.ask_once(number, method, path, body, headers)
            if answer[0] != 429 or self.ending.wait(int(answer[1].get("Retry-After", 1))):
                return answer

    def ask_once(self, number, method, path, body, headers):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request(method, path, body and body.encode(), {
                "Authorization": f"Bearer {self.keys[number]}", "X-Client": f"192.0.2.{number + 1}", **dict(headers)})
            got = connection.getresponse()
            text = got.read()
            connection.close()
            return got.status, dict(got.getheaders()), text
        except (OSError, http.client.HTTPException) as problem:
            return 0, {}, repr(problem).encode()

    def note(self, name, answer, fine):
        with self.lock:
            self.counts[name, answer[0]] += 1
            if answer[0] not in (*fine, 429):
                self.failed.append((name, answer[0], answer[1].get("X-Node", "?"), answer[2][:300]))

    def run(self, number):
        step = 0
        while not self.ending.is_set():
            step += 1
            (self.read, self.update, self.create)[(number + step) % 3](number, step)

    def read(self, number, step):
        path = ("/v1/devices?limit=20", "/v1/findings?limit=20", "/v1/intelligence", "/v1/status")[step % 4]
        self.note("read", self.ask(number, "GET", path), (200,))

    def update(self, number, step):
        """What was read is replaced, unless another was faster: 412."""
        seen = self.ask(number, "GET", f"/v1/devices/{DEVICE}")
        self.note("get", seen, (200,))
        if seen[0] != 200:
            return
        text = TEXT.replace("hospitals, by trained", f"hospitals ({number}-{step}-{uuid.uuid4().hex}), by trained")
        done = self.ask(number, "PUT", f"/v1/devices/{DEVICE}", text, {**YAML, "If-Match": seen[1]["ETag"]})
        self.note("update", done, (200, 412))
        if done[0] == 200:
            with self.lock:
                self.versions.append((json.loads(seen[2])["version"], done[1].get("X-Node", "?")))

    def create(self, number, _):
        """The same twice, most of the time by two nodes: done once."""
        name = f"Larkspur IP-{uuid.uuid4().hex[:12]}"
        headers = {**YAML, "Idempotency-Key": uuid.uuid4().hex}
        text = TEXT.replace("family: Larkspur IP-200", f"family: {name}")
        answers = [self.ask(number, "POST", "/v1/devices", text, headers) for _ in range(2)]
        for answer in answers:
            self.note("create", answer, (201,))
        if answers[0][0] == answers[1][0] == 201:
            with self.lock:
                self.created[name] = answers[0][2] == answers[1][2]


class Scene:
    def __init__(self, kit, server, proxy=""):
        self.kit, self.server = kit, server
        first = kit.folder / "data1"
        kit.answers("a folder", kit.run("admin", "init", first, "--database", server.database("nodes")), 0)
        kit.answers("a device with a release", kit.run("push", "--to", first, "--by", "test", ROOT / "examples/infusion-pump"), 0)
        self.folders = [first]
        self.folders += [self.another(number) for number in (2, 3)]
        self.keys = [client.add_key(kit, first, "analyst") for _ in range(THREADS)]
        self.key = self.keys[0]
        kit.answers("an administrator", kit.run("admin", "user", "add", "root", "--own-password", "--name", "Root", "--role", "administrator",
                                               "--data", first, stdin=PASSWORD.encode() + b"\n"), 0)
        self.feeds()
        self.nodes = [Node(kit, folder, number) for number, folder in enumerate(self.folders, 1)]
        self.nginx = Nginx(kit.folder, self.nodes, proxy)

    def another(self, number):
        """The folder of a further node."""
        first, other = self.folders[0], self.kit.folder / f"data{number}"
        other.mkdir(mode=0o700)
        shutil.copytree(first / "keys", other / "keys")
        shutil.copy(first / "tutela.yaml", other / "tutela.yaml")
        return other

    def feeds(self):
        certificates = fs.make_certificates(self.kit.folder / "certificates")
        self.world = fs.World(certificates)
        self.world.files.update({"/nvd": fs.nvd_pages([fs.nvd_record(n) for n in range(1, 4)]), "/kev.json": fs.kev("CVE-2024-1001")})
        built_in = re.findall(r"^[a-z0-9-]+", self.kit.run("kb", "sync", "--list").text, re.M)
        off = "".join(f"[{name}]\nenabled = no\n" for name in built_in if name not in ("nvd", "kev"))
        for folder in self.folders:
            (folder / "feeds.conf").write_text(
                f"ca_file = {certificates / 'ca.pem'}\n{off}[nvd]\nurl = {self.world.url}/nvd\ndelay = 5ms\n"
                f"[kev]\nurl = {self.world.url}/kev.json\ndelay = 5ms\n", encoding="utf-8")
            os.chmod(folder / "feeds.conf", 0o600)

    def load(self):
        return Load(self.nginx.port, self.keys)

    def jobs(self):
        text = self.server.sql("nodes", "SELECT COALESCE(json_agg(j), '[]') FROM (SELECT public, kind, state, attempts, error FROM job ORDER BY id) j")
        return json.loads(text)

    def settled(self, kinds=("rematch", "knowledge.sync")):
        """All such jobs have come to an end."""
        return until(lambda: [job for job in self.jobs() if job["kind"] in kinds],
                     lambda jobs: jobs and all(job["state"] not in ("queued", "running") for job in jobs))

    def version(self):
        return int(self.server.sql("nodes", f"SELECT version FROM device WHERE name = '{DEVICE}'"))

    def alike(self, nodes):
        """Do all answer with the same bytes, once they have followed? With the first two answers that differ."""
        def pages():
            return [[node.service.client(self.key).get(path, **query).text for path, query in (
                ("/v1/devices", {"limit": 1000}), ("/v1/findings", {"limit": 1000}), ("/v1/vulnerabilities", {"limit": 1000}))] for node in nodes]

        def same(answers):
            return all(page == answers[0] for page in answers)
        answers = until(pages, same)
        return same(answers), *next(([one, other] for page in answers for one, other in zip(answers[0], page) if one != other), ())

    def close(self):
        for node in self.nodes:
            if node.service.process.poll() is None:
                node.end()
        self.nginx.stop()
        self.world.close()


def counter_holds(kit, scene, name, before, load):
    """Each update that was said to be done replaced another version, and none is missing."""
    done = sorted(version for version, _ in load.versions)
    kit.check(f"{name}: no update is lost", len(set(done)) == len(done) and len(done) <= scene.version() - before,
              done[-20:], scene.version() - before)
    return len(done)


def under_load(kit, scene):
    before = scene.version()
    with scene.load() as load:
        end = time.monotonic() + SECONDS
        session = sign_in(scene.nodes[0])
        first = session.post("/v1/intelligence/sync")
        while time.monotonic() < end:
            time.sleep(0.2)
        scene.world.files["/nvd"] = fs.nvd_pages([fs.nvd_record(n) for n in range(1, 7)], stamp="2026-11-22T00:00:00.000")
        second = session.post("/v1/intelligence/sync")
        kit.check("syncs are asked for under load", (first.status, second.status) == (202, 202), first, second)
        jobs = scene.settled()
    kit.check("load: no request fails", not load.failed, load.failed[:5], dict(load.counts))
    done = counter_holds(kit, scene, "load", before, load)
    kit.check("load: updates by all nodes, and as many as were said", done == scene.version() - before and
              len({node for _, node in load.versions}) == 3, done, scene.version() - before, load.versions[-5:])
    kit.check("load: what is sent twice is done once", load.created and all(load.created.values()), list(load.created.items())[:5])
    made = int(scene.server.sql("nodes", "SELECT COUNT(*) - COUNT(DISTINCT name) FROM device"))
    kit.check("load: no device twice", made == 0)
    kit.check("load: each job is done once", all(job["state"] == "done" and job["attempts"] == 1 for job in jobs), jobs)
    rematches = int(scene.server.sql("nodes", "SELECT COUNT(*) FROM ledger WHERE action = 'knowledge.name'"))
    kit.check("load: a knowledge base is named once for each change", rematches == int(scene.server.sql(
        "nodes", "SELECT COUNT(DISTINCT body) FROM ledger WHERE action = 'knowledge.name'")), rematches)
    print(f"# {sum(load.counts.values())} requests, {done} updates, {len(load.created)} devices; {dict(load.counts)}")
    kit.check("load: all nodes answer alike", *scene.alike(scene.nodes))


def sign_in(node):
    answer = node.service.client().post("/v1/session", {"login": "root", "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    return node.service.client(Cookie=cookie, **{"X-CSRF-Token": answer.json["csrf"]})


def killed(kit, scene):
    """Others carry on; its lease ends by itself."""
    victim, others = scene.nodes[1], [scene.nodes[0], scene.nodes[2]]
    before = scene.version()
    with scene.load() as load:
        time.sleep(SECONDS / 4)
        victim.kill()
        time.sleep(SECONDS)
    at = f"127.0.0.1:{victim.port}"
    # what it had taken under a key of idempotency is refused for a day: nobody knows whether it was done
    foreign = [row for row in load.failed if at not in row[2] and b"in-progress" not in row[3]]
    kit.check("killed: no request fails but those that it had", not foreign, foreign[:5], dict(load.counts))
    kit.check("killed: the others go on", load.counts["read", 200] > 10 and load.counts["create", 201] > 2, dict(load.counts))
    counter_holds(kit, scene, "killed", before, load)
    kit.check("killed: the others answer alike", *scene.alike(others))
    print(f"# {len(load.failed)} requests failed that the killed node had; {dict(load.counts)}")
    victim.start()
    left = until(lambda: [job for job in scene.jobs() if job["state"] in ("queued", "running") and job["kind"] != "case.follow"], lambda jobs: not jobs)
    kit.check("killed: what it left is done", not left, left)
    kit.check("killed: it comes back and answers alike", *scene.alike(scene.nodes))


def rolling(kit, scene):
    """One after the other is stopped and started again."""
    before = scene.version()
    with scene.load() as load:
        codes = []
        for node in scene.nodes:
            codes.append(node.end())
            node.start()
            time.sleep(SECONDS / 8)
    kit.check("rolling: each stops in order", codes == [0, 0, 0], codes)
    kit.check("rolling: no request fails", not load.failed, load.failed[:5], dict(load.counts))
    done = counter_holds(kit, scene, "rolling", before, load)
    kit.check("rolling: as many updates as were said", done == scene.version() - before, done, scene.version() - before)
    kit.check("rolling: all nodes answer alike", *scene.alike(scene.nodes))


def ledger(kit, scene):
    line = kit.folder / "ledger.jsonl"
    kit.answers("the ledger is exported", kit.run("ledger", "export", scene.folders[0], "-o", line), 0)
    kit.answers("and is one line of records", kit.run("ledger", "verify", line), 0)
    numbers = [json.loads(row)["n"] for row in line.read_text(encoding="utf-8").splitlines() if '"n":' in row]
    kit.check("without a gap", numbers == list(range(numbers[0], numbers[0] + len(numbers))), numbers[:5], len(numbers))


def main():
    kit = Kit()
    why = postgres.why_not() or (not NGINX and "nginx is not installed") or (not shutil.which("openssl") and "openssl is not installed")
    if why:
        print(f"1..0 # SKIP {why}")
        return 0
    with postgres.Server() as server:
        scene = Scene(kit, server)
        try:
            for part in (under_load, killed, rolling, ledger):
                part(kit, scene)
        finally:
            scene.close()
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
