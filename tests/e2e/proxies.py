#!/usr/bin/env python3
"""The configurations of docs/proxy in front of the real `tutela serve`: who asks is known and cannot be forged, hosts are
checked, requests that two readers could read differently get nowhere.

nginx and HAProxy run as an ordinary user on ports of the loopback interface, with a certificate of the test. What is not
installed is skipped. Prints TAP.

usage: proxies.py [PROGRAM]
"""
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys

import kit as e2e

sys.path.insert(0, str(e2e.ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import postgres  # noqa: E402

PROXY = e2e.ROOT / "docs" / "proxy"
HOST = "tutela.example"
NGINX = """worker_processes 1; daemon off; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 256; }}
http {{ access_log off; client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; fastcgi_temp_path {0}/fastcgi;
uwsgi_temp_path {0}/uwsgi; scgi_temp_path {0}/scgi; include {0}/site.conf; }}
"""


def tool(name):
    return shutil.which(name) or shutil.which(name, path="/usr/sbin")


class Proxy:
    """One of them, in a folder of its own."""

    def __init__(self, name, port):
        self.name, self.port = name, postgres.free_port()
        self.folder = postgres.Base(f"proxy-{name}").folder
        certificate = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
                       "-addext", f"subjectAltName=DNS:{HOST}"]
        self.pem, key = self.folder / "cert.pem", self.folder / "key.pem"
        subprocess.run(["openssl", "req", *certificate, "-out", self.pem, "-keyout", key], check=True, capture_output=True)
        (self.folder / "both.pem").write_bytes(self.pem.read_bytes() + key.read_bytes())
        command = self.nginx(port) if name == "nginx" else self.haproxy(port)
        user = postgres.ordinary_user() if os.getuid() == 0 else None
        for path in (self.folder, *self.folder.iterdir()):
            if user:
                os.chown(path, user.pw_uid, user.pw_gid)
        more = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        self.process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, **more)

    def nginx(self, port):
        text = (PROXY / "nginx.conf").read_text(encoding="utf-8")
        for old, new in (("127.0.0.1:8080", f"127.0.0.1:{port}"), ("listen 443", f"listen 127.0.0.1:{self.port}"),
                         ("/etc/ssl/tutela.pem", str(self.pem)), ("/etc/ssl/tutela.key", f"{self.folder}/key.pem")):
            assert old in text, old
            text = text.replace(old, new)
        (self.folder / "site.conf").write_text(text, encoding="utf-8")
        (self.folder / "nginx.conf").write_text(NGINX.format(self.folder), encoding="utf-8")
        return tool("nginx"), "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"

    def haproxy(self, port):
        text = (PROXY / "haproxy.cfg").read_text(encoding="utf-8")
        for old, new in (("127.0.0.1:8080", f"127.0.0.1:{port}"), ("bind :443", f"bind 127.0.0.1:{self.port}"),
                         ("/etc/haproxy/tutela.pem", f"{self.folder}/both.pem"), ("maxconn 10000", "maxconn 200")):
            assert old in text, old
            text = text.replace(old, new)
        (self.folder / "haproxy.cfg").write_text(text, encoding="utf-8")
        return tool("haproxy"), "-db", "-f", self.folder / "haproxy.cfg"

    def wait(self):
        """Until it listens and has seen the service; what it says when it ends."""
        for _ in range(600):
            if self.process.poll() is not None:
                return self.process.stderr.read().decode()
            try:
                if self.ask("/readyz").status == 200:
                    return ""
            except OSError:
                pass
            try:
                self.process.wait(0.05)
            except subprocess.TimeoutExpired:
                pass
        return "it does not answer"

    def connect(self, source="127.0.0.1"):
        context = ssl.create_default_context(cafile=self.pem)
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), 30, (source, 0)), server_hostname=HOST)

    def ask(self, path, host=HOST, headers=(), source="127.0.0.1", connection=None, body=None):
        mine = connection or http.client.HTTPConnection(HOST)
        if not mine.sock:
            mine.sock = self.connect(source)
        mine.request("POST" if body else "GET", path, body, {"Host": host, **dict(headers)})
        answer = mine.getresponse()
        answer.text = answer.read()
        if not connection:
            mine.close()
        return answer

    def raw(self, request):
        """The statuses that a raw request gets."""
        with self.connect() as sock:
            sock.sendall(request)
            sock.settimeout(5)
            got = b""
            try:
                while chunk := sock.recv(65536):
                    got += chunk
            except (TimeoutError, OSError):
                pass
        return [line.split()[1].decode() for line in got.split(b"\r\n") if line.startswith(b"HTTP/1.")]

    def end(self):
        self.process.terminate()
        self.process.wait(30)
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def peers(service, path):
    return [line["peer"] for line in service.lines() if line.get("path") == path]


def logged(service, proxy, path):
    """The same, once it is there: the line is written after the answer."""
    for _ in range(500):
        if peers(service, path):
            break
        proxy.ask("/healthz")
    return peers(service, path)


def tried(kit, service, proxy):
    name = proxy.name
    answer = proxy.ask("/readyz")
    kit.check(f"{name}: answers", (answer.status, answer.text) == (200, b'{"status":"ok"}'), answer.status, answer.text)
    kit.check(f"{name}: the service knows that it is TLS", "max-age" in (answer.headers.get("Strict-Transport-Security") or ""), answer.headers)
    forged = {"X-Forwarded-For": "6.6.6.6", "Forwarded": "for=6.6.6.6;proto=http", "X-Forwarded-Proto": "http"}
    path = f"/v1/forged-{name}"
    proxy.ask(path, headers=forged, source="127.0.0.2")
    seen = logged(service, proxy, path)
    kit.check(f"{name}: who asks is who connects to the proxy, whatever it says", seen == ["127.0.0.2"], seen)
    kit.check(f"{name}: another host is refused", proxy.ask("/readyz", host="evil.example").status == 421)
    connection = http.client.HTTPConnection(HOST)
    statuses = {proxy.ask("/v1/devices", connection=connection).status for _ in range(20)}
    connection.close()
    kit.check(f"{name}: 20 requests over one connection", statuses == {401}, statuses)
    answer = proxy.ask("/v1/devices", body=b"x" * (2 << 20), headers={"Content-Type": "application/yaml"})
    kit.check(f"{name}: a body beyond the limit is refused by the service or before", answer.status in (401, 413), answer.status)
    head = f"POST /v1/devices HTTP/1.1\r\nHost: {HOST}\r\n".encode()
    inside = f"GET /v1/smuggled-{name} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    for what, request in (
            ("two lengths", head + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(inside) + inside),
            ("a length and chunks", head + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" % (5 + len(inside)) + inside),
            ("chunks in disguise", head + b"Transfer-Encoding: xchunked\r\nContent-Length: %d\r\n\r\n" % len(inside) + inside)):
        seen = proxy.raw(request)
        kit.check(f"{name}: {what} smuggle nothing past it", "200" not in seen and not any(
            peer != "127.0.0.1" for peer in peers(service, f"/v1/smuggled-{name}")), seen)


def main():
    if not tool("openssl"):
        print("1..0 # SKIP openssl is not installed")
        return 0
    kit = e2e.Kit()
    data = kit.folder / "data"
    if kit.run("admin", "init", data).returncode:
        raise SystemExit("Bail out! no data folder")
    options = "--public-url", f"https://{HOST}", "--trusted-proxy", "127.0.0.1"
    for name in ("nginx", "haproxy"):
        if not tool(name):
            kit.check(f"{name} # SKIP {name} is not installed", True)
            continue
        with Behind(kit, data, *options) as service:
            proxy = Proxy(name, service.port)
            try:
                why = proxy.wait()
                kit.check(f"{name}: starts with the configuration of docs/proxy", not why, why, service.log.read_text(encoding="utf-8")[-2000:])
                if not why:
                    tried(kit, service, proxy)
            finally:
                proxy.end()
    return kit.done()


class Behind(client.Service):
    """The service under another name: its document is not asked for."""

    def client(self, key=None, **headers):
        return super().client(key, Host=HOST, **headers)


if __name__ == "__main__":
    sys.exit(main())
