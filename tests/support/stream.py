"""A client of GET /v1/events."""
import json
import socket

PATIENCE = 30


class Stream:
    """A client of server-sent events."""

    def __init__(self, service, key, last=None, path="/v1/events"):
        self.socket = socket.create_connection(("127.0.0.1", service.port), timeout=PATIENCE)
        headers = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nAccept: text/event-stream\r\n"
        headers += f"Last-Event-ID: {last}\r\n" if last is not None else ""
        self.socket.sendall((headers + "\r\n").encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        while (line := self.file.readline().strip()):
            name, _, value = line.decode().partition(":")
            self.headers[name.lower()] = value.strip()
        self.rest = b""

    def chunk(self):
        """The next chunk of the body; b"" at its end."""
        size = self.file.readline()
        if not size.strip():
            return b""
        data = self.file.read(int(size, 16))
        self.file.readline()
        return data

    def next(self):
        """The next event as (id, name, data); None: the stream has ended."""
        while b"\n\n" not in self.rest:
            more = self.chunk()
            if not more:
                return None
            self.rest += more
        text, _, self.rest = self.rest.partition(b"\n\n")
        fields = dict(line.split(": ", 1) for line in text.decode().splitlines() if not line.startswith(":"))
        number = int(fields["id"]) if fields and len(fields["id"]) < 32 else fields and fields["id"]
        return (number, fields["event"], json.loads(fields["data"])) if fields else self.next()

    def drain(self):
        """Read to the end."""
        while self.next():
            pass
        return True

    def close(self):
        self.socket.close()
