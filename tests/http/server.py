#!/usr/bin/env python3
"""The running server: bodies, answers, limits, streams, slow and dead clients, the way it stops.

usage: server.py PROGRAM [--many] [PART-OF-A-TEST'S-NAME...]

--many: 10,000 idle connections and streams instead of a few hundred, with the memory they take.
"""
import gzip
import os
import re
import resource
import select
import socket
import struct
import subprocess
import sys
import time

from wire import Ended, PATIENCE, PROGRAM, Reader, Server, Tap, request, temporary, tls_connect

MANY = "--many" in sys.argv
tap = Tap()


def wait(condition):
    """Until it holds: what the server does on other threads."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        select.select([], [], [], 0.01)


def ended(sock):
    sock.settimeout(PATIENCE)
    reader = Reader(sock)
    try:
        while True:
            reader.more()
    except Ended:
        return True


def post(path, body, *headers):
    return request(path, *headers, method="POST", body=body)


# ---- requests and answers

def test_answers_have_what_they_must():
    with Server() as server:
        answer = server.get("/info", "User-Agent: me")
        assert answer.status == 200 and answer.json()["agent"] == "me", answer.body
        for name in ("date", "content-security-policy", "x-content-type-options", "referrer-policy",
                     "x-frame-options", "cross-origin-resource-policy"):
            assert name in answer.headers, name
        assert answer.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in answer.headers and "server" not in answer.headers
        assert answer.headers["x-request-id"] == answer.json()["id"]
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])
        line = server.log(lambda x: x["path"] == "/info")
        assert line["id"] == answer.headers["x-request-id"] and line["who"] == "tester"
        assert line["out"] == len(answer.body) and line["status"] == 200 and line["peer"] == "127.0.0.1"
        assert server.get("/nothing").status == 404


def test_the_log_has_no_query():
    with Server() as server:
        assert server.get("/info?code=secret").status == 200
        assert server.ask(request("/refused?code=secret").replace(b"Host: localhost", b"Host: elsewhere")).status == 421
        assert server.ask(request("/ragged?code=secret").replace(b"\r\n\r\n", b"\nX: y\r\n\r\n")).status == 400
        for path in ("/info", "/refused", "/ragged"):
            server.log(lambda x, path=path: x["path"] == path)


def test_head_has_the_length_and_no_body():
    with Server() as server:
        sock = server.connect()
        whole = server.get("/json?n=500", sock=sock)
        head = server.get("/json?n=500", sock=sock, method="HEAD")
        assert head.status == 200 and head.headers["content-length"] == "500" == str(len(whole.body))
        assert server.get("/info", sock=sock).status == 200


def test_not_modified():
    with Server() as server:
        sock = server.connect()
        assert server.get("/json", sock=sock).headers["etag"] == '"v1"'
        for tags in ('"v1"', 'W/"v1"', '"v0", "v1"', "*"):
            answer = server.get("/json", "If-None-Match: " + tags, sock=sock)
            assert answer.status == 304 and answer.headers["etag"] == '"v1"', tags
            assert "content-type" not in answer.headers
        for tags in ('"v2"', "v1", ""):
            assert server.get("/json", "If-None-Match: " + tags, sock=sock).status == 200, tags
        assert server.get("/json", 'If-None-Match: "v1"', sock=sock, method="POST").status == 200


def test_compresses_what_is_large_when_it_is_accepted():
    with Server() as server:
        plain = server.get("/json?n=5000")
        packed = server.get("/json?n=5000", "Accept-Encoding: br, gzip")
        assert "content-encoding" not in plain.headers and plain.headers["vary"] == "Accept-Encoding"
        assert packed.headers["content-encoding"] == "gzip" and gzip.decompress(packed.body) == plain.body
        assert len(packed.body) < len(plain.body) / 4
        for accept in ("gzip;q=0", "identity", "gzip;q=0.000, br", "*;q=0"):
            assert "content-encoding" not in server.get("/json?n=5000", "Accept-Encoding: " + accept).headers, accept
        assert "content-encoding" not in server.get("/json?n=500", "Accept-Encoding: gzip").headers


def test_files_of_the_program():
    with Server() as server:
        with open(os.path.join(os.path.dirname(__file__), "static/page.html"), "rb") as file:
            page = file.read()
        packed = server.get("/page.html", "Accept-Encoding: gzip")
        plain = server.get("/page.html")
        assert packed.headers["content-encoding"] == "gzip" and gzip.decompress(packed.body) == page
        assert plain.body == page and "script-src 'self'" in plain.headers["content-security-policy"]
        assert "unsafe" not in plain.headers["content-security-policy"]
        assert plain.headers["content-type"].startswith("text/html") and "immutable" not in plain.headers["cache-control"]
        assert server.get("/page.html", "If-None-Match: " + plain.headers["etag"]).status == 304
        script = server.get("/assets/app-1a2b3c.js")
        assert script.body == b'console.log("tutela");\n' and "immutable" in script.headers["cache-control"]
        large = server.get("/large.bin")
        assert len(large.body) == 1 << 20 and "immutable" in large.headers["cache-control"]
        assert server.get("/large.bin", 'If-None-Match: "large"').status == 304


def test_an_answer_cannot_be_split():
    with Server() as server:
        answer = server.get("/broken")
        assert answer.status == 500 and "set-cookie" not in answer.headers, answer.headers


def test_keeps_connections_and_answers_pipelines_in_order():
    with Server() as server:
        sock = server.connect()
        paths = [f"/info?{i}" for i in range(30)]
        sock.sendall(b"".join(request(path) for path in paths))
        reader = Reader(sock)
        assert [reader.answer().json()["query"] for _ in paths] == [str(i) for i in range(30)]
        assert server.get("/info", "Connection: close", sock=sock).headers["connection"] == "close"
        assert ended(sock)


# ---- bodies

def test_bodies_up_to_the_limit_of_the_route():
    with Server() as server:
        sock = server.connect()
        for size in (0, 1, 8191, 8192, 65536):
            assert server.ask(post("/echo", b"x" * size), sock).body == b"x" * size
        answer = server.ask(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n", sock)
        assert answer.status == 413 and answer.json()["status"] == 413 and ended(sock)
        assert server.ask(post("/info", b"x")).status == 413
        assert server.metric("tutela_http_too_large_total") == 2


def test_a_proxy_gets_the_answer_to_a_body_that_is_too_large():
    """A proxy cannot send the rest to a connection that is closed, and makes a 502 of our 413."""
    with Server("--trusted", "127.0.0.1") as server:
        sock = server.connect()
        sock.sendall(post("/echo", b"x" * (4 << 20)))
        answer = Reader(sock).answer()
        assert answer.status == 413 and ended(sock)
        sock = server.connect()
        sock.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\nExpect: 100-continue\r\n\r\n")
        assert Reader(sock).answer().status == 413 and ended(sock)
        sock = server.connect()
        sock.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000000\r\n\r\n")
        assert Reader(sock).answer().status == 413 and ended(sock)


def test_a_chunked_body_that_grows_beyond_the_limit():
    with Server() as server:
        sock = server.connect()
        sock.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(20):
            sock.sendall(b"1000\r\n" + b"y" * 4096 + b"\r\n")
        sock.sendall(b"0\r\n\r\n")
        assert Reader(sock).answer().status == 413 and ended(sock)
        sock = server.connect()
        sock.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while True:  # for ever: the server ends it
                sock.sendall(b"10000\r\n" + b"y" * 65536 + b"\r\n")
        except OSError:
            pass


def test_continue_is_said_only_to_what_is_accepted():
    with Server() as server:
        sock = server.connect()
        head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: "
        sock.sendall((head + "3\r\n\r\n").encode())
        reader = Reader(sock)
        assert reader.head()[0] == 100
        sock.sendall(b"abc")
        assert reader.answer().body == b"abc"
        sock.sendall((head + "99999\r\n\r\n").encode())
        assert reader.head()[0] == 413


def test_large_bodies_go_to_a_file_without_a_name():
    with Server() as server:
        answer = server.ask(post("/upload", b"z" * (20 << 20)))
        assert answer.body == b"20971520 20971520 0 links\n", answer.body
        assert server.ask(post("/upload", b"")).body == b"0 0 0 links\n"


def test_a_client_that_ends_with_half_a_body():
    """The end comes together with the last bytes. The route would wait for 30 seconds."""
    with Server("--loops", "1") as server:
        for path, size in (("/echo", 1000), ("/upload", 100000)):
            for _ in range(5):
                with server.connect() as sock:
                    sock.sendall(post(path, bytes(size), "X: half")[:-1])
        wait(lambda: len([line for line in server.lines if '"status":0' in line]) == 10)
        assert server.metric("tutela_http_timed_out_total") == 0, "they were kept until their time was over"
        with server.connect() as sock:
            sock.sendall(post("/echo", b"whole"))
            sock.shutdown(socket.SHUT_WR)
            assert Reader(sock).answer().body == b"whole"


def test_bodies_of_all_together():
    """Whoever sends them has not been asked who it is: they have a limit in all, and give their place back."""
    for path, size, count in (("/echo", 65536, 17), ("/upload", 1 << 20, 2)):
        with Server("--bodies-memory", "1", "--bodies-files", "1", "--loops", "1") as server:
            socks = [server.connect() for _ in range(count)]
            for sock in socks:
                sock.sendall(post(path, bytes(size))[:-1])
            wait(lambda: server.metric("tutela_http_received_bytes_total") == count * (size - 1))
            for sock in socks:
                sock.sendall(b"x")
            seen = [Reader(sock).answer().status for sock in socks]
            assert seen.count(503) == 1 and seen.count(200) == count - 1, seen
            assert server.ask(post(path, bytes(size))).status == 200


def test_a_body_that_never_comes_whole():
    with Server() as server:
        for end in (socket.SHUT_WR, None):
            sock = server.connect()
            sock.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf")
            wait(lambda: server.metric("tutela_http_requests_active") == 2)
            if end is None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                sock.close()
            else:
                sock.shutdown(end)
                assert ended(sock)
        wait(lambda: server.metric("tutela_http_unanswered_total") == 2)
        assert server.log(lambda x: x["path"] == "/echo")["status"] == 0
        assert server.metric("tutela_http_requests_active") == 1  # this one


# ---- who asks, how often

def test_a_public_https_is_https_whatever_comes():
    with Server("--https", "yes", "--trusted", "127.0.0.1") as server:
        for said in ((), ("X-Forwarded-Proto: http",), ("X-Forwarded-For: 192.0.2.7",)):
            answer = server.get("/info", *said)
            assert answer.json()["scheme"] == "https" and "strict-transport-security" in answer.headers, said


def test_forwarded_headers_are_believed_of_trusted_proxies_alone():
    said = ("X-Forwarded-For: 6.6.6.6, 192.0.2.7", "X-Forwarded-Proto: https")
    with Server() as server:
        mine = server.get("/info", *said).json()
        assert (mine["peer"], mine["scheme"]) == ("127.0.0.1", "http"), mine
    with Server("--trusted", "127.0.0.0/8", "--trusted", "10.0.0.1") as server:
        answer = server.get("/info", *said)
        theirs = answer.json()
        assert (theirs["peer"], theirs["scheme"]) == ("192.0.2.7", "https"), theirs
        assert "strict-transport-security" in answer.headers
        hops = server.get("/info", "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.1").json()
        assert hops["peer"] == "192.0.2.7"
        forwarded = server.get("/info", 'Forwarded: for="[2001:db8::1]:99";proto=https').json()
        assert (forwarded["peer"], forwarded["scheme"]) == ("2001:db8::1", "https")
        both = server.get("/info", "X-Forwarded-For: 6.6.6.6", "Forwarded: for=7.7.7.7").json()
        assert both["peer"] == "127.0.0.1"


def test_a_rate_limit_says_when_to_come_again():
    with Server("--trusted", "127.0.0.1") as server:
        first = [server.get("/limited", "X-Forwarded-For: 192.0.2.1") for _ in range(5)]
        assert [x.status for x in first] == [200, 200, 200, 429, 429]
        assert 1 <= int(first[-1].headers["retry-after"]) <= 10
        assert server.get("/limited", "X-Forwarded-For: 192.0.2.2").status == 200
        assert server.get("/info", "X-Forwarded-For: 192.0.2.1").status == 200
        assert server.metric("tutela_http_rate_limited_total") == 2


def test_public_hosts():
    with Server("--host", "tutela.example", "--host", "other.example:8443") as server:
        def ask(host):
            return server.ask(f"GET /info HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()).status
        assert [ask("tutela.example"), ask("TUTELA.example:99"), ask("other.example:8443")] == [200, 200, 200]
        assert [ask("localhost"), ask("other.example"), ask("evil.example")] == [421, 421, 421]


def test_connections_of_one_address():
    with Server("--per-address", "5") as server:
        socks = [server.connect() for _ in range(5)]
        for sock in socks:
            assert server.get("/info", sock=sock).status == 200
        assert ended(server.connect())
        socks[0].close()
        wait(lambda: server.get("/count", sock=socks[1]).status == 200 and not refused(server))


def refused(server):
    sock = server.connect()
    try:
        return server.get("/info", sock=sock).status != 200
    except (Ended, OSError):
        return True
    finally:
        sock.close()


# ---- slow clients, many clients

def test_who_does_not_finish_its_headers_is_cut():
    with Server("--head-seconds", "1") as server:
        silent, drip = server.connect(), server.connect()
        drip.sendall(b"GET /info HTTP/1.1\r\nHost: localhost\r\n")
        ended_at = []
        for _ in range(600):  # one header a moment, for ever
            try:
                drip.sendall(b"X: y\r\n")
            except OSError:
                ended_at.append(True)
                break
            if select.select([drip], [], [], 0.05)[0]:
                ended_at.append(True)
                break
        assert ended_at and ended(silent)
        assert server.metric("tutela_http_timed_out_total") >= 2


def test_idle_clients_make_room():
    count = 9000 if MANY else 300
    with Server("--connections", str(count), "--per-address", "60000") as server:
        socks = [server.connect() for _ in range(count + 40)]
        assert server.get("/healthz").status == 200
        wait(lambda: server.metric("tutela_http_evicted_total") >= 40)
        wait(lambda: server.get("/info").status == 200)
        for sock in socks:
            sock.close()


def test_healthz_answers_when_all_workers_and_descriptors_are_taken():
    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (400, 400))
    with Server("--workers", "2", "--waiting", "2", "--per-address", "60000", preexec=few) as server:
        held = []
        for n in range(4):
            held.append(server.connect())
            held[-1].sendall(request("/hold"))
            if n < 2:
                wait(lambda n=n: server.get("/count").body.startswith(b"%d " % (n + 1)))
        wait(lambda: server.get("/hold").status == 503 if server.metric("tutela_http_requests_active") == 5 else False)
        crowd = []
        for _ in range(450):
            try:
                crowd.append(server.connect())
            except OSError:
                break
        for _ in range(20):
            assert server.get("/healthz").status == 200
        wait(lambda: server.get("/release").status == 200 and server.metric("tutela_http_requests_active") == 1)
        for sock in held:
            assert Reader(sock).answer().status == 200
        for sock in crowd:
            sock.close()


def test_a_slow_reader_of_a_large_answer_holds_nobody_up():
    with Server("--workers", "1") as server:
        slow = [server.connect() for _ in range(8)]
        for sock in slow:
            sock.sendall(request("/large.bin") * 4)
        assert server.get("/info").status == 200
        for sock in slow:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()
        wait(lambda: server.metric("tutela_http_connections") == 1)


# ---- streams

def open_stream(server, *headers):
    sock = server.connect()
    sock.sendall(request("/stream", *headers))
    reader = Reader(sock)
    status, head = reader.head()
    assert status == 200 and head["content-type"] == "text/event-stream", status
    assert reader.chunk() == b":\n\n"
    return sock, reader


def test_a_stream_gets_events_and_says_where_it_was():
    with Server() as server:
        _, first = open_stream(server)
        sock = server.connect()
        sock.sendall(request("/stream", "Last-Event-ID: 41"))
        second = Reader(sock)
        second.head()
        assert second.event() == b"id: 41\nevent: again\ndata: after\n\n"
        assert server.ask(post("/publish", b"one\ntwo")).status == 200
        event = b"id: 7\nevent: change\ndata: one\ndata: two\n\n"
        assert first.event() == event
        assert second.event() == event
        assert server.metric("tutela_http_streams") == 2
        assert server.get("/stream", method="HEAD").headers["content-type"] == "text/event-stream"
        wait(lambda: server.metric("tutela_http_streams") == 2)


def test_streams_beyond_the_limit():
    with Server("--streams", "3") as server:
        socks = [open_stream(server)[0] for _ in range(3)]
        assert server.get("/stream").status == 503
        for sock in socks:
            sock.close()
        # A dead peer is noticed when something is written to it for the second time.
        wait(lambda: server.ask(post("/publish", b"x")).status == 200
             and server.metric("tutela_http_streams") == 0)
        open_stream(server)
        assert server.get("/count").body == b"0 1\n"


def test_a_reader_that_does_not_read_is_cut():
    with Server() as server:
        sock, _ = open_stream(server)
        for _ in range(2000):
            assert server.ask(post("/publish", b"y" * 60000)).status == 200
            if server.metric("tutela_http_streams_slow_total"):
                break
        assert server.metric("tutela_http_streams_slow_total") == 1
        wait(lambda: server.metric("tutela_http_streams") == 0)
        sock.close()


def memory(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+) kB", status.read()).group(1)) // 1024


def test_many_streams_idle_in_little_memory():
    count = 10000 if MANY else 300
    if MANY:
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with Server("--connections", str(count + 100), "--streams", str(count), "--per-address", "60000",
                "--quiet", "1") as server:
        before = memory(server)
        streams = [open_stream(server) for _ in range(count)]
        after = memory(server)
        begin = time.monotonic()
        server.ask(post("/publish", b"x"))
        for _, reader in streams:
            assert b"event: change" in reader.event()
        print(f"# {count} streams: {before} -> {after} MB, an event to all in {time.monotonic() - begin:.2f} s")
        assert server.get("/healthz").status == 200
        assert after <= 110 or not MANY, after
        for sock, _ in streams:
            sock.close()


# ---- the end

def test_stops_with_open_streams_connections_and_requests():
    server = Server("--stop-seconds", "30")
    streams = [open_stream(server) for _ in range(50)]
    idle = [server.connect() for _ in range(50)]
    running = [server.connect() for _ in range(5)]
    for n, sock in enumerate(running):
        sock.sendall(request("/hold"))
        wait(lambda n=n: server.get("/count").body.startswith(b"%d " % (n + 1)))
    assert server.stop() == (0, True)
    for sock in running:
        answer = Reader(sock).answer()
        assert answer.status == 200 and answer.headers["connection"] == "close"
    for sock, reader in streams:
        assert reader.event() == b"" and ended(sock)
    assert all(ended(sock) for sock in idle)


def test_stops_although_clients_hang():
    server = Server("--stop-seconds", "1")
    half = server.connect()
    half.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf")
    slow = server.connect()
    slow.sendall(request("/large.bin") * 4)
    stream, _ = open_stream(server)
    for _ in range(60):  # the queue of the stream that nobody reads
        server.ask(post("/publish", b"y" * 60000))
    assert server.stop() == (0, True)
    for sock in (half, slow, stream):
        sock.close()


def test_starts_and_stops_with_what_cannot_be():
    for options, message in (
            (("--listen", "nowhere"), "not an address to listen on"),
            (("--listen", "127.0.0.1:99999"), "not an address to listen on"),
            (("--listen", "192.0.2.1:0"), "cannot listen"),
            (("--trusted", "10.0.0.0/33"), "a trusted proxy is an address"),
            (("--certificate", "/nonexistent"), "both a certificate and its key"),
            (("--certificate", "/nonexistent/c.pem", "--key", "/nonexistent/k.pem"), "/nonexistent/c.pem: No such file"),
    ):
        result = subprocess.run([PROGRAM, *options], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
        assert result.returncode == 1 and message in result.stderr, (options, result.stderr)


def test_two_addresses_and_a_unix_socket():
    with temporary() as folder:
        path = os.path.join(folder, "socket")
        options = ("--listen", "127.0.0.1:0", "--listen", "[::1]:0", "--listen", "unix:" + path, "--trusted", "unix")
        with Server(*options) as server:
            assert server.get("/info").json()["peer"] == "127.0.0.1"
            with server.connect(1, "::1") as sock:
                assert server.get("/info", sock=sock).json()["peer"] == "::1"
            with socket.socket(socket.AF_UNIX) as sock:
                sock.connect(path)
                assert server.get("/info", sock=sock).json()["peer"] == "unix"
                assert server.get("/info", "X-Forwarded-For: 192.0.2.9", sock=sock).json()["peer"] == "192.0.2.9"
            second = subprocess.run([server.process.args[0], "--listen", "unix:" + path], stdin=subprocess.DEVNULL,
                                    capture_output=True, text=True, timeout=PATIENCE)
            assert second.returncode == 1 and "cannot listen" in second.stderr
        assert not os.path.exists(path)
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(path)  # what a killed server leaves
        with Server("--listen", "unix:" + path) as server, socket.socket(socket.AF_UNIX) as sock:
            sock.connect(path)
            assert server.get("/info", sock=sock).status == 200
        with open(path, "w", encoding="utf-8") as file:
            file.write("a letter")
        refused = subprocess.run([PROGRAM, "--listen", "unix:" + path], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                 timeout=PATIENCE)
        assert refused.returncode == 1 and "cannot listen" in refused.stderr, refused
        assert open(path, encoding="utf-8").read() == "a letter"


def certificate(folder, name):
    paths = [os.path.join(folder, name + end) for end in (".crt", ".key")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                    "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True)
    return paths


def test_tls_and_a_certificate_that_changes():
    with temporary() as folder:
        cert, key = certificate(folder, "a")
        new_cert, new_key = certificate(folder, "b")
        live = os.path.join(folder, "live.crt"), os.path.join(folder, "live.key")
        for source, target in zip((cert, key), live):
            os.link(source, target)
        with Server("--certificate", live[0], "--key", live[1]) as server:
            old = tls_connect(server, cert)
            answer = server.get("/info", sock=old)
            assert answer.json()["scheme"] == "https" and "strict-transport-security" in answer.headers
            assert server.ask(request("/info").replace(b"\r\n\r\n", b"\nX: y\r\n\r\n"), sock=old).status == 400
            # The key cannot be read at first, and has the same time when it can.
            os.remove(live[1])
            os.mkdir(live[1])
            os.replace(new_cert, live[0])
            wait(lambda: b"trouble" in server.errors)
            then = os.stat(live[1]).st_mtime_ns
            os.rmdir(live[1])
            os.utime(new_key, ns=(then, then))
            os.replace(new_key, live[1])
            kept = tls_connect(server, cert)
            assert server.get("/info", sock=kept).status == 200

            def has_changed():
                try:
                    return server.get("/info", sock=tls_connect(server, new_cert)).status == 200
                except OSError:
                    return False
            os.link(live[0], new_cert)
            wait(has_changed)
            assert server.get("/info", sock=kept).status == 200


def test_says_that_a_certificate_ends():
    with temporary() as folder:
        cert, key = certificate(folder, "short")
        server = Server("--certificate", cert, "--key", key)
        with server:
            wait(lambda: server.get("/info", sock=tls_connect(server, cert)).status == 200)
        told = [line for line in server.errors.decode().splitlines() if "the certificate ends at " in line]
        assert len(told) == 1 and re.search(r"short\S*: the certificate ends at \d{4}-\d\d-\d\dT\S+Z, in (2 days|\d+ hours)$", told[0]), server.errors


def main():
    names = [x for x in sys.argv[2:] if not x.startswith("--")]
    for name, function in sorted(globals().items()):
        if name.startswith("test_") and (not names or any(x in name for x in names)):
            tap.run(function)
    tap.end()


if __name__ == "__main__":
    main()
