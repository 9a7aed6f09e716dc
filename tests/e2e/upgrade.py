#!/usr/bin/env python3
"""An upgrade under load, from one version of the program to the next: three nodes on one PostgreSQL behind nginx, and one
node on SQLite. Prints TAP.

usage: upgrade.py [PROGRAM] [--long]      (it runs with --long, or with TUTELA_LONG in the environment, alone)

Beside PROGRAM lie tests/next/tutela-later, which differs in its version, and tests/next/tutela-next, which has a further
migration, too. What must hold: without a migration no request fails while node after node is replaced. With one, the first
new node migrates after a backup; from then on nodes of the older program write nothing, say so and are not ready, and a
request is answered, or refused with 503, and is done once when it is sent again.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import time

import nodes
from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import postgres  # noqa: E402

# as docs/proxy/nginx.conf has it
PROXY = "proxy_next_upstream error timeout http_503;"
NEWER = "the database was changed by a newer program"


class Load(nodes.Load):
    """Who is refused for now sends the same again: 503 of a node, or 502 of the proxy that finds no node that serves, which is so
    from the migration until the first new node listens."""

    def __init__(self, *more):
        self.refused = 0
        super().__init__(*more)

    def ask(self, number, method, path, body=None, headers=()):
        while True:
            answer = super().ask(number, method, path, body, headers)
            if answer[0] != 502 and (answer[0] != 503 or "Retry-After" not in answer[1]):
                return answer
            with self.lock:
                self.refused += 1
            time.sleep(0.2)


def program(kit, name):
    return str(pathlib.Path(kit.program).parent / "tests" / "next" / f"tutela-{name}")


def version_of(kit, folder):
    """What the running service says of itself."""
    return kit.run("admin", "status", folder).text


def replace(node, path):
    code = node.end()
    node.kit.program = path
    node.start()
    return code


def ledger(kit, path, folder):
    """Numbers of the records of a folder."""
    kit.program, before = path, kit.program
    line = kit.folder / "ledger.jsonl"
    kit.answers("its ledger is exported", kit.run("ledger", "export", folder, "-o", line), 0)
    kit.answers("and is one line of records", kit.run("ledger", "verify", line), 0)
    kit.program = before
    return [json.loads(row)["n"] for row in line.read_text(encoding="utf-8").splitlines() if '"n":' in row]


def same_schema(kit, scene):
    """Only the version differs: node after node, and nobody notices."""
    before = scene.version()
    with Load(scene.nginx.port, scene.keys) as load:
        codes = []
        for node in scene.nodes:
            codes.append(replace(node, program(kit, "later")))
            time.sleep(nodes.SECONDS / 8)
    kit.check("a later version: each node stops in order", codes == [0, 0, 0], codes)
    kit.check("a later version: no request fails, and none is refused", not load.failed and not load.refused,
              load.failed[:5], load.refused, dict(load.counts))
    done = nodes.counter_holds(kit, scene, "a later version", before, load)
    kit.check("a later version: as many updates as were said", done == scene.version() - before, done, scene.version() - before)
    kit.check("a later version: all nodes run it", all('"0.1.1"' in version_of(kit, folder) for folder in scene.folders),
              version_of(kit, scene.folders[0]))
    kit.check("a later version: all nodes answer alike", *scene.alike(scene.nodes))
    print(f"# {dict(load.counts)}")


def is_refused(kit, name, answer):
    kit.check(f"{name} is refused, and the reason is said", answer.status == 503 and NEWER in answer.text and
              int(answer.headers.get("Retry-After", 0)) > 0, answer)


def lines(node):
    """The log, but for a line that is being written."""
    text = node.service.log.read_text(encoding="utf-8", errors="replace")
    return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]


def old_nodes(kit, scene, old, stream):
    """What two nodes do that are older than the database."""
    key = scene.keys[-1]
    ready = [nodes.until(lambda node=node: node.direct.get("/readyz"), lambda answer: answer.status == 503) for node in old]
    kit.check("older nodes are not ready, and say why", all(a.status == 503 and NEWER in a.text for a in ready), ready)
    kit.check("older nodes run", all(node.direct.get("/healthz").status == 200 for node in old))
    for node in old:
        asks = node.service.client(key)
        is_refused(kit, "a read of an older node", nodes.until(lambda: asks.get("/v1/devices"), lambda answer: answer.status == 503))
        text = nodes.TEXT.replace("family: Larkspur IP-200", "family: Too Late")
        is_refused(kit, "a write by an older node", asks.post("/v1/devices", text, {**nodes.YAML, "Idempotency-Key": f"late-{node.port}"}))
        is_refused(kit, "a sign-in at an older node", node.service.client().post(
            "/v1/session", {"login": "root", "password": nodes.PASSWORD}))
        said = nodes.until(lambda node=node: [line for line in lines(node) if NEWER in line.get("message", "") and line["event"] == "service"])
        kit.check("its log says so, once", len(said) == 1, said, node.service.log.read_text(errors="replace")[-2000:])
    kit.check("its streams of events end", nodes.until(lambda: stream.poll() is not None))
    made = int(scene.server.sql("nodes", "SELECT COUNT(*) FROM device WHERE name = 'too-late'"))
    kit.check("nothing of it was written", made == 0, made)


def listen(scene, node):
    return subprocess.Popen(["curl", "-sN", "-H", f"Authorization: Bearer {scene.keys[-1]}", f"http://127.0.0.1:{node.port}/v1/events"],
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def newer_schema(kit, scene):
    """The first new node migrates while the others have load."""
    before, applied = scene.version(), lambda: int(scene.server.sql("nodes", "SELECT MAX(number) FROM migration"))
    at_first = applied()
    stream = listen(scene, scene.nodes[1])
    with Load(scene.nginx.port, scene.keys) as load:
        time.sleep(nodes.SECONDS / 4)
        codes = [replace(scene.nodes[0], program(kit, "next"))]
        kit.check("the new node has migrated", applied() == at_first + 1, at_first, applied())
        old_nodes(kit, scene, scene.nodes[1:], stream)
        seen = sum(load.counts.values())
        nodes.until(lambda: sum(load.counts.values()) > seen + 20)
        kit.check("a newer schema: the new node serves meanwhile", sum(load.counts.values()) > seen + 20, dict(load.counts))
        codes += [replace(node, program(kit, "next")) for node in scene.nodes[1:]]
        time.sleep(nodes.SECONDS / 4)
    kit.check("a newer schema: each node stops in order", codes == [0, 0, 0], codes)
    # a request whose key had been taken when the database was migrated: nobody takes it back, and the answer says so
    lost = [row for row in load.failed if b"in-progress" not in row[3]]
    kit.check("a newer schema: no request is lost", not lost, lost[:5], load.refused, dict(load.counts))
    kit.check("a newer schema: hardly one was under way", len(load.failed) <= 2 * nodes.THREADS, len(load.failed))
    done = nodes.counter_holds(kit, scene, "a newer schema", before, load)
    kit.check("a newer schema: as many updates as were said", done == scene.version() - before, done, scene.version() - before)
    kit.check("a newer schema: what is sent twice is done once", load.created and all(load.created.values()), list(load.created.items())[:5])
    kit.check("a newer schema: no device twice", int(scene.server.sql("nodes", "SELECT COUNT(*) - COUNT(DISTINCT name) FROM device")) == 0)
    kit.check("a newer schema: all nodes run it", all('"0.2.0"' in version_of(kit, folder) for folder in scene.folders))
    kit.check("a newer schema: all nodes answer alike", *scene.alike(scene.nodes))
    left = nodes.until(lambda: [job for job in scene.jobs() if job["state"] != "done"], lambda jobs: not jobs)
    kit.check("a newer schema: all jobs are done", not left, left)
    print(f"# {load.refused} refused for a while; {dict(load.counts)}")


def way_back(kit, scene):
    """The backup before the migration is whole, and the older program reads it."""
    found = [sorted((folder / "backups").glob("before-migration-*.backup")) for folder in scene.folders]
    kit.check("the node that migrated has one backup from before, the others have none", [len(row) for row in found] == [1, 0, 0], found)
    other = scene.another(4)
    for step in (("serve", "--data", other, "--listen", "127.0.0.1:0"), ("push", "--to", other, ROOT / "examples/infusion-pump")):
        refused = kit.run(*step)
        kit.check(f"the older program refuses the database: {step[0]}", refused.returncode != 0 and
                  "newer than this program" in refused.complaint, refused.text, refused.complaint)
    numbers = ledger(kit, program(kit, "next"), scene.folders[1])
    kit.check("without a gap", numbers == list(range(numbers[0], numbers[0] + len(numbers))), numbers[:5], len(numbers))
    back = kit.folder / "back"
    back.mkdir(mode=0o700)
    shutil.copytree(scene.folders[0] / "keys", back / "keys")
    kit.answers("the older program restores the backup", kit.run("restore", found[0][0], back), 0)
    kept = ledger(kit, kit.program, back)
    kit.check("which ends where the migration was", kept[0] == numbers[0] and len(kept) < len(numbers), len(kept), len(numbers))
    with client.Service(kit, back) as service:
        kit.check("and serves it", service.client().get("/healthz").status == 200)


def on_sqlite(kit):
    """One node, one file: the same, without others."""
    data = kit.folder / "single"
    kit.answers("a folder on SQLite", kit.run("admin", "init", data), 0)
    kit.answers("with a device", kit.run("push", "--to", data, "--by", "test", ROOT / "examples/infusion-pump"), 0)
    key = client.add_key(kit, data, "analyst")
    read = lambda service: service.client(key).get("/v1/findings", limit=1000).body  # noqa: E731
    with client.Service(kit, data) as service:
        before = read(service)
    own, kit.program = kit.program, program(kit, "next")
    with client.Service(kit, data) as service:
        kit.check("SQLite: the next program has the same findings", read(service) == before and len(before) > 1000, len(before))
    kit.program = own
    found = sorted((data / "backups").glob("before-migration-*.backup"))
    kit.check("SQLite: there is a backup from before", len(found) == 1, found)
    done = kit.run("serve", "--data", data, "--listen", "127.0.0.1:0")
    kit.answers("SQLite: the older program refuses it", done, done.returncode or 1, "newer than this program")
    back = kit.folder / "single-back"
    back.mkdir(mode=0o700)
    shutil.copytree(data / "keys", back / "keys")
    kit.answers("SQLite: the older program restores the backup", kit.run("restore", found[0], back), 0)
    with client.Service(kit, back) as service:
        kit.check("SQLite: and has the same findings", read(service) == before)


def main():
    kit = Kit()
    why = (not nodes.LONG and "it runs with --long") or postgres.why_not() or (not nodes.NGINX and "nginx is not installed") or \
        next((f"{tool} is not installed" for tool in ("openssl", "curl") if not shutil.which(tool)), None)
    if why:
        print(f"1..0 # SKIP {why}")
        return 0
    on_sqlite(kit)
    with postgres.Server() as server:
        scene = nodes.Scene(kit, server, PROXY)
        try:
            for part in (same_schema, newer_schema, way_back):
                part(kit, scene)
        finally:
            scene.close()
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
