"""The test server and raw sockets, for the scripts of this folder."""
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

# The first argument of the scripts is the build's tutela: the test server lies beside it.
PROGRAM = os.path.join(os.path.dirname(sys.argv[1] if len(sys.argv) > 1 else "build/tutela"), "tests/http/http-serve")
PATIENCE = int(os.environ.get("PATIENCE", "60"))


class Server:
    """http-serve with options; ends with the `with`."""

    def __init__(self, *options, preexec=None):
        self.process = subprocess.Popen([PROGRAM, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, preexec_fn=preexec)
        listens = [options[i + 1] for i, o in enumerate(options) if o == "--listen"] or ["127.0.0.1:0"]
        first = [self.process.stdout.readline() for _ in listens]
        if not all(line.startswith(b"port ") for line in first):
            raise RuntimeError(self.process.communicate()[1].decode())
        self.ports = [int(line.split()[1]) for line in first]
        self.lines, self.more = [], threading.Condition()
        self.errors = b""
        self.readers = [threading.Thread(target=self._read), threading.Thread(target=self._read_errors)]
        for reader in self.readers:
            reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.more:
                self.lines.append(line.decode())
                self.more.notify_all()

    def _read_errors(self):
        for line in self.process.stderr:
            self.errors += line

    @property
    def port(self):
        return self.ports[0]

    def log(self, until):
        """The first logged request for which until(fields) is true."""
        def found():
            return next((x for x in map(json.loads, list(self.lines)) if until(x)), None)
        with self.more:
            if not self.more.wait_for(found, PATIENCE):
                raise AssertionError("not in the log: " + "".join(self.lines[-5:]))
            return found()

    def stop(self, timeout=PATIENCE):
        """Its exit status and whether it said that it stopped."""
        self.process.stdin.close()
        code = self.process.wait(timeout)
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code, bool(self.lines) and self.lines[-1] == "stopped\n"

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None and kind:
            self.process.kill()
        if not self.process.stdin.closed:
            code, said = self.stop()
            if not kind and (code or not said):
                raise AssertionError(f"the server ended with {code}: {self.errors.decode()}")

    def connect(self, index=0, host="127.0.0.1"):
        sock = socket.create_connection((host, self.ports[index]), PATIENCE)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

    def ask(self, request, sock=None, head=False):
        """Send a raw request on a new connection (or `sock`); its one answer."""
        own = sock is None
        sock = sock or self.connect()
        try:
            sock.sendall(request)
            return Reader(sock).answer(head)
        finally:
            if own:
                sock.close()

    def get(self, path, *headers, sock=None, method="GET"):
        return self.ask(request(path, *headers, method=method), sock, head=method == "HEAD")

    def metric(self, name):
        text = self.get("/metrics").body.decode()
        return int(re.search(r"^" + re.escape(name) + r"\S* (\d+)$", text, re.MULTILINE).group(1))


def request(path, *headers, method="GET", body=None):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Ended(Exception):
    """The connection ended where an answer was expected."""


class Reader:
    """Answers on one connection, one after the other, strictly."""

    def __init__(self, sock):
        self.sock, self.buffer = sock, b""

    def more(self):
        try:
            data = self.sock.recv(65536)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Ended(self.buffer[:100])
        self.buffer += data

    def until(self, mark):
        while mark not in self.buffer:
            self.more()
        part, self.buffer = self.buffer.split(mark, 1)
        return part

    def exactly(self, length):
        while len(self.buffer) < length:
            self.more()
        part, self.buffer = self.buffer[:length], self.buffer[length:]
        return part

    def chunk(self):
        size = int(self.until(b"\r\n"), 16)
        data = self.exactly(size)
        self.exactly(2)
        return data

    def event(self):
        """The next chunk of a stream that is no heartbeat; b"" at its end."""
        data = self.chunk()
        while data == b":\n\n":
            data = self.chunk()
        return data

    def head(self):
        lines = self.until(b"\r\n\r\n").decode().split("\r\n")
        status = int(re.fullmatch(r"HTTP/1\.[01] (\d{3}) .*", lines[0]).group(1))
        headers = {}
        for line in lines[1:]:
            name, value = line.split(": ", 1)
            assert name.lower() not in headers or name.lower() == "set-cookie", "twice: " + name
            headers[name.lower()] = value
        return status, headers

    def answer(self, head=False):
        status, headers = self.head()
        if status == 100:
            return self.answer(head)
        body = b""
        if not head and status not in (204, 304):
            body = self.exactly(int(headers["content-length"]))
        return Answer(status, headers, body)

    def is_at_end(self):
        """The other side closes, and sends nothing before."""
        try:
            self.more()
        except Ended:
            return not self.buffer
        return False


def tls_connect(server, certificate):
    context = ssl.create_default_context(cafile=certificate)
    return context.wrap_socket(server.connect(), server_hostname="localhost")


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, good, name, detail=""):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}" + (f"\n# {detail}" if detail and not good else ""),
              flush=True)

    def run(self, function):
        """A test function: its name is what it shows."""
        try:
            function()
        except (AssertionError, Ended, OSError, ValueError, KeyError, RuntimeError) as error:
            self.check(False, function.__name__, f"{type(error).__name__}: {error}")
        else:
            self.check(True, function.__name__)

    def end(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def temporary():
    return tempfile.TemporaryDirectory(prefix="tutela-http-")
