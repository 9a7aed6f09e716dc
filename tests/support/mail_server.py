"""An SMTP server for tests, and a receiver of webhooks: what they got is a list.

    with MailServer(certificates, users={"tutela": "secret"}) as mail:
        mail.port, mail.got, mail.mode = "hang"
"""
import base64
import email
import email.policy
import http.server
import socket
import socketserver
import ssl
import threading
import time


def wait_for(what, seconds=40):
    """Until `what()` is true, and what it gave."""
    end = time.monotonic() + seconds
    while True:
        found = what()
        if found or time.monotonic() > end:
            return found
        time.sleep(0.05)


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")
        self.wfile.flush()

    def line(self):
        return self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n")

    def secure(self):
        self.say("220 go on")
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb")
        self.tls = True

    def login(self, words):
        token = words[2] if len(words) > 2 else (self.say("334 "), self.line())[1]
        _, user, password = base64.b64decode(token).decode().split("\0")
        fine = self.tls and self.server.users.get(user) == password
        self.user = user if fine else None
        self.say("235 fine" if fine else "535 no")

    def data(self):
        self.say("354 go on")
        lines = []
        while True:
            line = self.rfile.readline()
            if line in (b".\r\n", b""):
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        if self.server.mode == "refuse":
            self.server.refused += 1
            self.say("554 not this one\twith \x01 words")
            return
        raw = b"".join(lines)
        message = email.message_from_bytes(raw, policy=email.policy.default)
        self.server.got.append({"raw": raw, "message": message, "to": self.to, "from": self.sender, "tls": self.tls, "user": self.user})
        self.say("250 taken")

    def handle(self):
        self.tls, self.user, self.to, self.sender = False, None, [], None
        self.server.sessions += 1
        if self.server.mode == "hang":
            self.server.free.wait(60)
            return
        try:
            self.talk()
        except (OSError, ValueError):
            pass

    def talk(self):
        self.say("220 test")
        while True:
            line = self.line()
            word = line.split(" ")[0].upper()
            if not line or word == "QUIT":
                return
            if word in ("EHLO", "HELO"):
                self.say("250-test")
                self.say("250-AUTH PLAIN" if self.tls else "250-STARTTLS")
                self.say("250 8BITMIME")
            elif word == "STARTTLS":
                self.secure()
            elif word == "AUTH":
                self.login(line.split(" "))
            elif word == "MAIL":
                self.sender = line
                self.say("530 sign in" if self.server.users and not self.user else "250 ok")
            elif word == "RCPT":
                self.to.append(line)
                self.say("250 ok")
            elif word == "DATA":
                self.data()
            else:
                self.say("250 ok")


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, certificates, users=()):
        super().__init__(("127.0.0.1", 0), Session)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
        self.users, self.got, self.mode = dict(users), [], ""
        self.sessions = self.refused = 0
        self.free = threading.Event()
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def to(self, address):
        return [one for one in self.got if any(address in line for line in one["to"])]

    def __exit__(self, *_):
        self.free.set()
        self.shutdown()
        self.server_close()


class Hook(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append({"path": self.path, "headers": dict(self.headers), "body": body})
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", self.server.elsewhere)
        self.send_header("Content-Length", "0")
        self.end_headers()


class HookServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address="127.0.0.1"):
        if ":" in address:
            self.address_family = socket.AF_INET6
        super().__init__((address, 0), Hook)
        self.got, self.answers, self.elsewhere = [], [], "http://127.0.0.1:1/"
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def at(self, path):
        return [one for one in self.got if one["path"] == path]

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
