#!/usr/bin/env python3
"""Requests per second of the HTTP server, beside nginx that serves a file of the same size.

usage: bench/http.py [PROGRAM] [--seconds N] [--smoke]

PROGRAM is the build's tutela (build-opt/tutela: an optimized build): tests/http/http-serve lies beside it. Each pair
runs in turns, three times; the ratio of medians is what counts, since both share the machine with wrk.
"""
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
CONFIG = """worker_processes 2; daemon off; pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; fastcgi_temp_path {0}/fastcgi;
uwsgi_temp_path {0}/uwsgi; scgi_temp_path {0}/scgi; default_type application/json; sendfile on;
keepalive_requests 1000000000;
server {{ listen 127.0.0.1:{1}; location / {{ root {0}/www; }} }} }}
"""


def option(name, fallback):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else fallback


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wrk(port, path, seconds):
    """(requests per second, p50, p99) of 32 connections."""
    out = subprocess.run(["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency", "-H", "Host: localhost",
                          f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        sys.exit(f"{path}: {out}")
    found = [re.search(pattern, out, re.MULTILINE).group(1)
             for pattern in (r"Requests/sec:\s+([\d.]+)", r"^\s+50%\s+(\S+)", r"^\s+99%\s+(\S+)")]
    return float(found[0]), found[1], found[2]


def wait_for(port):
    for _ in range(500):
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    sys.exit("nginx did not start")


def measure(ours, theirs, seconds, rounds):
    rows = (("2 KiB of memory, on the loop", ours, "/small.json"), ("2 KiB of JSON, by a worker", ours, "/json?n=2048"),
            ("nginx, a file of 2 KiB", theirs, "/small.json"), ("1 MiB of memory", ours, "/large.bin"),
            ("nginx, a file of 1 MiB", theirs, "/large.bin"))
    results = {row: [] for row in rows}
    for _ in range(rounds):
        for row in rows:
            results[row].append(wrk(row[1], row[2], seconds))
    peers = [statistics.median(r[0] for r in results[rows[2]]), statistics.median(r[0] for r in results[rows[4]])]
    print(f"{'':32} {'requests/s':>11} {'p50':>9} {'p99':>9}  of nginx's")
    for row, runs in results.items():
        rate, middle, late = sorted(runs)[len(runs) // 2]
        print(f"{row[0]:32} {rate:11.0f} {middle:>9} {late:>9}  {rate / peers[row[2] == '/large.bin']:.2f}")


def main():
    missing = [tool for tool in ("wrk", "nginx") if not shutil.which(tool)]
    if missing:
        print(f"1..0 # SKIP not installed: {', '.join(missing)}")
        return
    program = next((x for x in sys.argv[1:] if x.endswith("tutela")), str(ROOT / "build/tutela"))
    seconds, rounds = (1, 1) if "--smoke" in sys.argv else (option("--seconds", 5), 3)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        os.chmod(folder, 0o755)
        www = pathlib.Path(folder, "www")
        www.mkdir()
        (www / "small.json").write_bytes(b"x" * 2048)
        (www / "large.bin").write_bytes(b"x" * (1 << 20))
        config = pathlib.Path(folder, "nginx.conf")
        config.write_text(CONFIG.format(folder, port), encoding="ascii")
        serve = subprocess.Popen([os.path.join(os.path.dirname(program), "tests/http/http-serve"), "--quiet", "1"],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        nginx = subprocess.Popen(["nginx", "-c", str(config), "-e", f"{folder}/error.log"])
        try:
            wait_for(port)
            measure(int(serve.stdout.readline().split()[1]), port, seconds, rounds)
        finally:
            nginx.terminate()
            nginx.wait()
            serve.stdin.close()
            serve.wait()


if __name__ == "__main__":
    main()
