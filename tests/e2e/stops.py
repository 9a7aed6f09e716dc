#!/usr/bin/env python3
"""The service is stopped and started again while people work with it: readers, writers, open streams of events. No answer is
cut off, what was acknowledged is there afterwards, streams end. SIGHUP in between disturbs nobody. Prints TAP.

usage: stops.py [PROGRAM]
"""
import http.client
import json
import signal
import socket
import sys
import threading

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

TEMPLATE = (ROOT / "examples" / "infusion-pump" / "device.yaml").read_text(encoding="utf-8")
YAML = {"Content-Type": "application/yaml"}
READERS, WRITERS, STREAMS = 4, 2, 20


class Load:
    """Readers and writers until the service is gone."""

    def __init__(self, service, reader, writer, first):
        self.service, self.reader, self.writer, self.first = service, reader, writer, first
        self.statuses, self.made, self.broken = set(), [], []
        self.lock, self.busy = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.read) for _ in range(READERS)]
        self.threads += [threading.Thread(target=self.write, args=(n,)) for n in range(WRITERS)]
        for thread in self.threads:
            thread.start()

    def ask(self, key, method, path, body=None):
        """The status; None when the service does not take the request any more."""
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
        try:
            connection.connect()
            connection.request(method, path, body, {"Authorization": f"Bearer {key}", **(YAML if body else {})})
            begun = connection.sock.recv(1, socket.MSG_PEEK)
        except OSError:
            return None
        if not begun:
            return None
        try:
            answer = connection.getresponse()
            json.loads(answer.read())
        except (OSError, ValueError, http.client.HTTPException) as cut:
            with self.lock:
                self.broken.append(f"{method} {path}: {cut!r}")
            return None
        finally:
            connection.close()
        with self.lock:
            self.statuses.add(answer.status)
        return answer.status

    def read(self):
        while (status := self.ask(self.reader, "GET", "/v1/devices")) is not None and status != 503:
            pass

    def write(self, n):
        for number in range(10000):
            name = f"pump-{self.first}-{n}-{number}"
            status = self.ask(self.writer, "POST", "/v1/devices", TEMPLATE.replace("Larkspur IP-200", name))
            if status == 201:
                with self.lock:
                    self.made.append(name)
                    if len(self.made) >= 3:
                        self.busy.set()
            elif status != 429:
                break
        self.busy.set()

    def wait(self):
        for thread in self.threads:
            thread.join(120)
        return not any(thread.is_alive() for thread in self.threads)


def streams(service, key):
    """Open streams of events, whose heads have come."""
    socks = []
    for _ in range(STREAMS):
        sock = socket.create_connection(("127.0.0.1", service.port), 60)
        sock.sendall(f"GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n".encode())
        got = sock.recv(4096)
        if not got.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"Bail out! no stream: {got!r}")
        socks.append(sock)
    return socks


def ended(sock):
    try:
        while sock.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    sock.close()
    return True


def once(kit, data, first, keys):
    """One life of the service. What it acknowledged."""
    with client.Service(kit, data) as service:
        if not keys:
            keys += [client.add_key(kit, data, "viewer"), client.add_key(kit, data, "analyst")]
        open_streams = streams(service, keys[0])
        load = Load(service, *keys, first)
        load.busy.wait(60)
        service.process.send_signal(signal.SIGHUP)
        code = service.stop(60)
        kit.check(f"{first}: stops under load with {STREAMS} open streams", code == 0, code, service.log.read_text(encoding="utf-8")[-2000:])
        kit.check(f"{first}: readers and writers come to an end", load.wait())
        kit.check(f"{first}: no answer is cut off", not load.broken, load.broken)
        kit.check(f"{first}: every answer is one that was meant", 200 in load.statuses and load.statuses <= {200, 201, 429, 503}, load.statuses)
        kit.check(f"{first}: something was written", load.made, load.statuses)
        kit.check(f"{first}: the streams end", all(ended(sock) for sock in open_streams))
        kit.check(f"{first}: SIGHUP was heard", any("looks for work" in line.get("message", "") for line in service.lines()
                                                  if line["event"] == "service"))
    return load.made


def main():
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    kit = Kit()
    data = kit.folder / "data"
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    keys, made = [], []
    for first in ("one", "two"):
        made += once(kit, data, first, keys)
    with client.Service(kit, data) as service:
        there = {row["name"] for row in service.client(keys[0]).pages("/v1/devices", limit=100)}
        kit.check("what was acknowledged is there", set(made) <= there, sorted(set(made) - there))
    done = kit.run("doctor", data)
    kit.answers("the folder is sound", done, 0, "0 errors")
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
