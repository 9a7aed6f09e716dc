#!/usr/bin/env python3
"""Nodes on one PostgreSQL under load: SBOMs are uploaded through the API by several clients, each to releases of its own, while
others read findings and streams of events are open. Prints what was answered, how long it took and the memory.

usage: bench/service/nodes.py [PROGRAM] [--nodes N] [--seconds N] [--components N] [--pooler] [--kb FILE] [--smoke]

  --pooler   the nodes reach PostgreSQL through pgbouncer in transaction mode
  --kb FILE  the knowledge base (default: the starter)

The exit code is 1 when an answer is an error that is neither 429 nor 503 with Retry-After, when a word about a deadlock
reaches a client, when a stream ends or when an upload that was accepted is missing.
"""
import collections
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import types

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "e2e"), str(ROOT / "bench" / "service")]
sys.dont_write_bytecode = True
import api as bench_api  # noqa: E402
import client  # noqa: E402
import postgres  # noqa: E402

UPLOADERS, READERS, STREAMS = 4, 4, 50
RELEASES = 12  # of each client that uploads
KEYS = 10  # of each client: one may upload once a second
SBOMS = 5  # no divisor of RELEASES: what a release gets is another each time
READS = ("/v1/findings?limit=100", "/v1/findings?limit=20&sort=-severity", "/v1/vulnerabilities?limit=50", "/v1/devices?limit=50")


def flag(name):
    return name in sys.argv


def option(name, fallback):
    return type(fallback)(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else fallback


def folders(program, server, pooler, count):
    """A folder for each node, and a device for each client that uploads."""
    first = program.folder / "data1"
    program.run("admin", "init", first, "--database", server.database("nodes"))
    for number in range(UPLOADERS):
        device = program.folder / f"device{number}"
        device.mkdir()
        releases = "".join(f"- {{version: '{i}'}}\n" for i in range(RELEASES))
        (device / "device.yaml").write_text(f"family: Bench {number}\nmanufacturer: {{name: Acme}}\nreleases:\n{releases}")
        program.run("push", device, "--to", first, *(("--kb", option("--kb", "")) if flag("--kb") else ()))
    text = (first / "tutela.yaml").read_text()
    if pooler:
        text = text.replace(server.place("nodes"), pooler.place("nodes")) + f"pooler: transaction\ndirect: {server.place('nodes')}\n"
        (first / "tutela.yaml").write_text(text)
    made = [first]
    for number in range(2, count + 1):
        other = program.folder / f"data{number}"
        other.mkdir(mode=0o700)
        shutil.copytree(first / "keys", other / "keys")
        shutil.copy(first / "tutela.yaml", other / "tutela.yaml")
        made.append(other)
    return made


def make_sboms(folder, components):
    made = []
    for seed in range(SBOMS):
        text = subprocess.run([sys.executable, ROOT / "bench/make-sbom.py", "--components", str(components), "--distinct", str(components),
                               "--known", "24", "--seed", str(seed + 1)], stdout=subprocess.PIPE, check=True).stdout
        path = folder / f"sbom{seed}.json"
        path.write_bytes(text)
        made.append(text)
    return made


class Load:
    """What the clients were answered."""

    def __init__(self, services):
        self.services, self.ending, self.lock = services, threading.Event(), threading.Lock()
        self.answers, self.times, self.wrong = collections.Counter(), collections.defaultdict(list), []
        self.accepted = set()

    def call(self, kind, number, step, method, path, **more):
        """By the nodes in turns. Who is told to wait waits and asks again."""
        while True:
            service = self.services[(number + step) % len(self.services)]
            began = time.perf_counter()
            answer = more["key"].on(service).call(method, path, more.get("body"), headers=more.get("headers", ()), strict=False)
            took = time.perf_counter() - began
            with self.lock:
                self.answers[kind, answer.status] += 1
                self.times[kind].append(took)
                if answer.status not in (200, 429) and (answer.status != 503 or "Retry-After" not in answer.headers) or b"deadlock" in answer.body:
                    self.wrong.append((kind, answer.status, answer.body[:300]))
            if answer.status not in (429, 503) or self.ending.wait(min(2, int(answer.headers.get("Retry-After", 1)))):
                return answer

    def upload(self, number, own, releases, sboms):
        step = 0
        while not self.ending.is_set():
            release, body = releases[step % len(releases)], sboms[(number + step) % len(sboms)]
            answer = self.call("upload", number, step, "PUT", f"/v1/releases/{release}/sbom", key=own[step % len(own)], body=body,
                               headers={"If-Match": "*"})
            if answer.status == 200:
                with self.lock:
                    self.accepted.add(release)
            step += 1

    def read(self, number, key):
        step = 0
        while not self.ending.is_set():
            self.call("read", number, step, "GET", READS[step % len(READS)], key=key)
            step += 1


class Key:
    def __init__(self, secret):
        self.secret = secret

    def on(self, service):
        return service.client(self.secret)


def open_streams(services, key, count):
    found = []
    for number in range(count):
        sock = socket.create_connection(("127.0.0.1", services[number % len(services)].port))
        sock.sendall(f"GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key.secret}\r\n"
                     f"X-Forwarded-For: 10.2.0.{number % 250}\r\n\r\n".encode())
        if not sock.recv(4096).startswith(b"HTTP/1.1 200"):
            sys.exit("a stream of events was refused")
        found.append(sock)
    return found


def heard(streams):
    """(streams that are open, bytes that they had)"""
    alive = total = 0
    for sock in streams:
        sock.setblocking(False)
        ended = False
        while not ended:
            try:
                piece = sock.recv(1 << 16)
            except BlockingIOError:
                break
            total += len(piece)
            ended = not piece
        alive += not ended
    return alive, total


def middle(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] * 1e3 if values else 0


def run(load, services, keys, sboms, seconds):
    first = keys[0].on(services[0])
    releases = [[row["id"] for row in first.get(f"/v1/devices/bench-{n}/releases", limit=1000).json["items"]] for n in range(UPLOADERS)]
    threads = [threading.Thread(target=load.upload, args=(n, keys[n * KEYS:(n + 1) * KEYS], releases[n], sboms)) for n in range(UPLOADERS)]
    threads += [threading.Thread(target=load.read, args=(n, keys[UPLOADERS * KEYS + n])) for n in range(READERS)]
    memory = [[bench_api.memory(service.process.pid) for service in services]]
    for thread in threads:
        thread.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(seconds / 10)
        memory.append([bench_api.memory(service.process.pid) for service in services])
    load.ending.set()
    for thread in threads:
        thread.join()
    return memory


def report(load, memory, streams, seconds, server):
    for kind in ("upload", "read"):
        times, codes = load.times[kind], {code: count for (name, code), count in sorted(load.answers.items()) if name == kind}
        print(f"{kind:8} {len(times) / seconds:8.1f}/s   p50 {middle(times, 0.5):7.0f} ms   p99 {middle(times, 0.99):7.0f} ms   {codes}")
    for number in range(len(memory[0])):
        values = [row[number] for row in memory]
        print(f"memory of node {number + 1}: {values[0]:.0f} MB before, at the most {max(values):.0f}, at the half {values[len(values) // 2]:.0f}, at the end {values[-1]:.0f}")
    alive, total = heard(streams)
    print(f"streams of events: {alive} of {len(streams)} are open, {total / 1024:.0f} KiB came")
    deadlocks = int(server.sql("nodes", "SELECT deadlocks FROM pg_stat_database WHERE datname = 'nodes'"))
    kept = int(server.sql("nodes", "SELECT COUNT(*) FROM release WHERE sbom_id IS NOT NULL"))
    print(f"deadlocks that PostgreSQL resolved: {deadlocks}; releases with an SBOM: {kept}, accepted for {len(load.accepted)}")
    for row in load.wrong[:5]:
        print("wrong:", row)
    return not load.wrong and alive == len(streams) and kept == len(load.accepted) and len(load.accepted) > 0


def main():
    smoke, pooled = flag("--smoke"), flag("--pooler")
    why = postgres.why_not(pooled)
    if why:
        print(f"1..0 # SKIP {why}")
        return 0
    program = next((word for word in sys.argv[1:] if word.endswith("tutela")),
                   str(pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")) / "tutela"))
    seconds, components = option("--seconds", 3 if smoke else 60), option("--components", 50 if smoke else 900)
    with tempfile.TemporaryDirectory() as folder, postgres.Server(fsync=True, settings=("max_wal_size=4GB",)) as server:
        program = client.Program(program, pathlib.Path(folder))
        pooler = postgres.Pooler(server) if pooled else None
        services = []
        try:
            data = folders(program, server, pooler, option("--nodes", 2))
            keys = [Key(client.add_key(program, data[0], "analyst")) for _ in range(UPLOADERS * KEYS + READERS)]
            sboms = make_sboms(program.folder, components)
            for number, place in enumerate(data):
                at = types.SimpleNamespace(program=program.program, folder=program.folder)
                services.append(client.Service(at, place, "--trusted-proxy", "127.0.0.1", log=f"serve{number}.log"))
            streams = open_streams(services, keys[-1], 5 if smoke else STREAMS)
            load = Load(services)
            memory = run(load, services, keys, sboms, seconds)
            print(f"{len(services)} nodes{', pgbouncer' if pooled else ''}, {UPLOADERS} clients upload SBOMs of {components} components, {READERS} read, {seconds} s")
            fine = report(load, memory, streams, seconds, server)
        finally:
            for service in services:
                service.stop()
            if pooler:
                pooler.stop()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
