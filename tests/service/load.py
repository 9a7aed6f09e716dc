#!/usr/bin/env python3
"""The whole server under load: readers, writers, streams, people who sign in, calls to the control socket, another knowledge base,
SIGHUP, then a stop in the middle.

usage: load.py [PROGRAM]

What it is for is ThreadSanitizer (build-thread, ./test --long): its reports are in the log, and end the process with another exit code.
In other builds it shows that a stop under load is clean. Prints TAP.
"""
import array
import json
import pathlib
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "e2e")]
sys.dont_write_bytecode = True
import client  # noqa: E402
import generated  # noqa: E402
from kit import Kit  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
THREADS, ROUNDS = 8, 40
CALLERS, CALLS = 6, 30  # of the control socket, which four threads answer


class Load:
    def __init__(self, service, kit, data):
        self.service, self.kit, self.data = service, kit, data
        self.statuses, self.faults, self.lock = {}, [], threading.Lock()
        self.calls = 0  # to the control socket, answered
        self.crowd = generated.Crowd(service, kit, data)
        for role in ("viewer", "analyst", "auditor"):
            self.crowd.key(role)
        for role in ("viewer", "analyst", "approver", "administrator") if self.crowd.people else ():
            self.crowd.person(role)

    def note(self, status):
        with self.lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1

    def worker(self, seed):
        """Generated requests of all operations, good and wrong."""
        rng = random.Random(seed)
        maker = generated.Maker(self.service.document, rng, generated.World(self.data))
        operations = [each for each in maker.operations if "event-stream" not in str(each.row["responses"])]
        for _ in range(ROUNDS):
            operation = rng.choice(operations)
            try:
                request = maker.good(operation) if rng.random() < 0.8 else rng.choice(list(maker.wrongs(operation))).request
                answer = client.Client(self.service, self.crowd.headers_for(operation)).call(
                    operation.method, generated.target_of(operation, request), request.body, headers=request.headers,
                    source=f"127.{20 + seed}.{rng.randrange(250)}.{1 + rng.randrange(250)}")
                self.note(answer.status)
            except (OSError, client.http.client.HTTPException) as error:
                self.faults.append(f"{operation.id}: {error!r}")
            except client.Undocumented as error:
                self.faults.append(str(error))

    def stream(self, path, key, stop):
        """A reader of events that does not go away."""
        with socket.create_connection(("127.0.0.1", self.service.port), 30) as sock:
            sock.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{key}\r\n\r\n".encode())
            sock.settimeout(0.2)
            while not stop.is_set():
                try:
                    if not sock.recv(65536):
                        return
                except TimeoutError:
                    continue
                except OSError:
                    return

    def outside(self):
        """Commands of the folder's owner, meanwhile."""
        knowledge = self.kit.path("some.kb")
        self.kit.run("kb", "build", "-o", knowledge, ROOT / "data/starter")
        for number in range(3):
            self.kit.run("admin", "knowledge", knowledge, "--data", self.data)
            self.kit.run("push", EXAMPLE, "--to", self.data)
            self.kit.run("admin", "team", "add", f"team {number}", "--data", self.data)
            self.kit.run("backup", self.data, "-o", self.kit.path(f"{number}.backup"))
            self.service.process.send_signal(signal.SIGHUP)

    def call(self, name, given=None, **arguments):
        """One call to the control socket, as a command sends it; None: nothing was answered."""
        text = json.dumps({"protocol": 1, "call": name, "arguments": arguments}).encode()
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(120)
            line.connect(str(self.data / "control.sock"))
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [given]))] if given is not None else []
            line.sendmsg([struct.pack(">I", len(text)) + text], rights)
            with line.makefile("rb") as answer:
                size = answer.read(4)
                return json.loads(answer.read(struct.unpack(">I", size)[0])) if len(size) == 4 else None

    def beside(self, seed):
        """Calls to the control socket from more callers than it has threads; some hang up, some send nonsense."""
        rng = random.Random(seed)
        lines = ({"name": "status"}, {"name": "doctor"}, {"name": "job.list"}, {"name": "proposals"}, {"name": "reload"},
                 {"name": "ledger.checkpoint"}, {"name": "user.list"}, {"name": "key.list"}, {"name": "team.add", "team": f"callers {seed}"},
                 {"name": "job.cancel", "job": "none", "reason": "not wanted"}, {"name": "no such call"}, {"name": "ledger.export", "file": True})
        for number in range(CALLS):
            row = dict(lines[number % len(lines)] if number < len(lines) else rng.choice(lines))
            with tempfile.TemporaryFile() as file:
                given = file.fileno() if row.pop("file", None) else None
                answer = self.call(row.pop("name"), given, **row)
            with self.lock:
                self.calls += answer is not None
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(str(self.data / "control.sock"))
                line.sendall(rng.choice((b"", b"\0\0", struct.pack(">I", 40) + b"{", struct.pack(">I", 3) + b"{}}", b"\xff" * 8)))

    def run(self):
        stop = threading.Event()
        paths = [path for path, row in self.service.document.document["paths"].items()
                 if "event-stream" in str(row.get("get", {}).get("responses", ""))]
        header = "\r\n".join(f"{name}: {value}" for name, value in self.crowd.key("viewer").items())
        streams = [threading.Thread(target=self.stream, args=(path, header, stop)) for path in paths for _ in range(5)]
        workers = [threading.Thread(target=self.worker, args=(seed,)) for seed in range(THREADS)] + [
            threading.Thread(target=self.outside)] + [threading.Thread(target=self.beside, args=(seed,)) for seed in range(CALLERS)]
        for thread in streams + workers:
            thread.start()
        for thread in workers:
            thread.join()
        late = threading.Thread(target=self.worker, args=(99,))  # asks while it stops
        before = len(self.faults)
        late.start()
        code = self.service.stop(120)
        late.join()
        del self.faults[before:]  # no connection any more
        stop.set()
        for thread in streams:
            thread.join()
        return code


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = kit.folder / "data"
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", EXAMPLE, "--to", data), 0)
    try:
        with client.Service(kit, data) as service:
            load = Load(service, kit, data)
            code = load.run()
            kit.check("it stops in the middle of it", code == 0, code)
    except subprocess.TimeoutExpired as late:
        kit.check("it stops in the middle of it", False, late)
        return kit.done()
    log = service.log.read_text(encoding="utf-8", errors="replace")
    kit.check("no sanitizer reports", "Sanitizer" not in log and "runtime error" not in log, log[max(0, log.find("Sanitizer") - 200):][:12000])
    print(f"# {load.statuses}")
    kit.check("requests were answered", sum(load.statuses.values()) > THREADS * ROUNDS / 2 and load.statuses.get(200, 0) > 20, load.statuses)
    kit.check("calls to the control socket were answered", load.calls == CALLERS * CALLS, load.calls)
    kit.check("as the document says", not load.faults, *load.faults[:10])
    kit.check("none was an error of the service", not [status for status in load.statuses if status >= 500 and status != 503], load.statuses)
    kit.answers("the ledger is whole", kit.run("ledger", "verify", data), 0)
    return kit.done()


sys.exit(main())
