#!/usr/bin/env python3
"""Common reads of the API: requests per second and of a core's second, beside nginx that serves a file of the same size; the
memory that 1,000 clients take who are signed in and connected, and 10,000 who only hear events, beside nginx with as many idle
connections.

usage: bench/service/api.py [PROGRAM] [--seconds N] [--smoke]

PROGRAM: an optimized build. The portfolio is the example with its findings. Each pair runs in turns, three times (median);
the ratios count, since both share the machine with wrk. Requests come with many keys and, from a proxy, for many addresses,
for each has a limit of its own.
"""
import contextlib
import importlib.util
import os
import pathlib
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "e2e")]
sys.dont_write_bytecode = True
import client  # noqa: E402
import kit as e2e  # noqa: E402

# bench/http.py, by its file: its name is that of a module of Python.
SPEC = importlib.util.spec_from_file_location("bench_http", ROOT / "bench" / "http.py")
bench_http = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(bench_http)

DEVICE = "larkspur-ip-200"
READS = (("a device", f"/v1/devices/{DEVICE}"), ("the devices", "/v1/devices"), ("20 findings", "/v1/findings?limit=20"),
         ("100 findings", "/v1/findings?limit=100"))
KEYS, CLIENTS, STREAMS = 200, 1000, 10000
STREAMS_BUDGET = 110  # MB
TICKS = os.sysconf("SC_CLK_TCK")
LUA = """local keys = {%s}
local n = math.random(1000000)
request = function()
  n = n + 1
  return wrk.format("GET", "%s", {Host = "localhost", Authorization = "Bearer " .. keys[n %% #keys + 1],
    ["X-Forwarded-For"] = string.format("10.%%d.%%d.%%d", n / 65536 %% 256, n / 256 %% 256, n %% 256)})
end
"""


def option(name, fallback):
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else fallback


def family(pid):
    """A process and those that it started."""
    found = [pid]
    for process in found:
        with contextlib.suppress(OSError):
            for task in pathlib.Path(f"/proc/{process}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def cpu(pid):
    """Seconds of processor that they took."""
    total = 0
    for process in family(pid):
        with contextlib.suppress(OSError):
            fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def memory(pid):
    """MB, what is shared counted once (PSS)."""
    total = 0
    for process in family(pid):
        with contextlib.suppress(OSError):
            total += int(re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)[1])
    return total / 1024


def wrk(port, script, seconds, pid):
    """(requests per second, of a core's second, p50, p99)"""
    before = cpu(pid)
    out = subprocess.run(["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency", "-s", script, f"http://127.0.0.1:{port}/"],
                         capture_output=True, text=True, check=True).stdout
    used = cpu(pid) - before
    if "Non-2xx" in out:
        sys.exit(f"not all were answered: {out}")
    count, rate = int(re.search(r"(\d+) requests in", out)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])
    return rate, count / max(used, 1 / TICKS), *(re.search(rf"^\s+{part}%\s+(\S+)", out, re.MULTILINE)[1] for part in (50, 99))


def middle(runs):
    return sorted(runs)[len(runs) // 2]


def reads(service, keys, folder, seconds, rounds):
    names = ", ".join(f'"{key}"' for key in keys)
    www = folder / "www"
    www.mkdir()
    port = bench_http.free_port()
    (folder / "nginx.conf").write_text(bench_http.CONFIG.format(folder, port), encoding="ascii")
    reader = service.client(keys[0])
    for name, path in READS:
        body = reader.call("GET", path, strict=False).body
        (www / name.replace(" ", "-")).write_bytes(b"x" * len(body))
        for file, asked in (("ours", path), ("theirs", "/" + name.replace(" ", "-"))):
            (folder / f"{file}-{name}.lua").write_text(LUA % (names, asked), encoding="utf-8")
    nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    try:
        bench_http.wait_for(port)
        print(f"{'':14}{'bytes':>8}{'requests/s':>12}{'a core':>10}{'p50':>10}{'p99':>10}   nginx: {'requests/s':>10}{'a core':>10}"
              f"{'p50':>10}{'p99':>10}   ratio, of a core")
        for name, _ in READS:
            both = [[], []]
            for _ in range(rounds):
                both[0].append(wrk(service.port, folder / f"ours-{name}.lua", seconds, service.process.pid))
                both[1].append(wrk(port, folder / f"theirs-{name}.lua", seconds, nginx.pid))
            ours, theirs = middle(both[0]), middle(both[1])
            size = (www / name.replace(" ", "-")).stat().st_size
            print(f"{name:14}{size:8}{ours[0]:12.0f}{ours[1]:10.0f}{ours[2]:>10}{ours[3]:>10}{'':10}{theirs[0]:10.0f}{theirs[1]:10.0f}"
                  f"{theirs[2]:>10}{theirs[3]:>10}   {ours[0] / theirs[0]:.2f}, "
                  f"{statistics.median(r[1] for r in both[0]) / statistics.median(r[1] for r in both[1]):.2f}", flush=True)
    finally:
        nginx.terminate()
        nginx.wait()


def clients(service, keys, count):
    """Each asks once and stays connected."""
    before, socks = memory(service.process.pid), []
    for n in range(count):
        sock = socket.create_connection(("127.0.0.1", service.port))
        sock.sendall(f"GET /v1/devices HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {keys[n % len(keys)]}\r\n"
                     f"X-Forwarded-For: 10.1.{n // 250}.{n % 250}\r\n\r\n".encode())
        if not sock.recv(65536).startswith(b"HTTP/1.1 200"):
            sys.exit("not all were let in")
        socks.append(sock)
    after = memory(service.process.pid)
    print(f"memory: {before:.1f} MB; with {count} clients who asked and stay connected {after:.1f} MB: {1024 * (after - before) / count:.1f} KB each")
    for sock in socks:
        sock.close()


def connect(port, number, request, wanted):
    """A connection that was answered and stays. Many of them: from more than one address of this machine."""
    sock = socket.socket()
    sock.bind((f"127.0.0.{number // 5000 + 2}", 0))
    sock.connect(("127.0.0.1", port))
    sock.sendall(request)
    if not sock.recv(65536).startswith(wanted):
        sys.exit("not all were let in")
    return sock


def streams(service, keys, folder, count):
    """Each hears events and says nothing; beside them nginx with connections that were answered once."""
    sizes = {}
    port = bench_http.free_port()
    (folder / "idle.conf").write_text(bench_http.CONFIG.format(folder, port).replace("worker_connections 1024", f"worker_connections {count + 100}"),
                                      encoding="ascii")
    nginx = subprocess.Popen(["nginx", "-c", str(folder / "idle.conf"), "-e", str(folder / "error.log")])
    try:
        bench_http.wait_for(port)
        (folder / "www" / "small").write_bytes(b"x")
        for name, at, pid in (("ours", service.port, service.process.pid), ("nginx", port, nginx.pid)):
            before = memory(pid)
            socks = [connect(at, n, f"GET {'/v1/events' if name == 'ours' else '/small'} HTTP/1.1\r\nHost: localhost\r\n"
                             f"Authorization: Bearer {keys[n % len(keys)]}\r\nX-Forwarded-For: 10.{n // 60000 + 3}.{n // 250 % 250}.{n % 250}\r\n\r\n".encode(),
                             b"HTTP/1.1 200") for n in range(count)]
            sizes[name] = (before, memory(pid))
            for sock in socks:
                sock.close()
    finally:
        nginx.terminate()
        nginx.wait()
    (before, after), theirs = sizes["ours"], sizes["nginx"]
    print(f"{count} streams of events: {after:.1f} MB (before {before:.1f}; {1024 * (after - before) / count:.1f} KB each; for 10,000 at the most "
          f"{STREAMS_BUDGET}); nginx with as many idle connections: {theirs[1]:.1f} MB (before {theirs[0]:.1f}; "
          f"{1024 * (theirs[1] - theirs[0]) / count:.1f} KB each)")


def main():
    missing = [tool for tool in ("wrk", "nginx") if not shutil.which(tool)]
    if missing:
        print(f"1..0 # SKIP not installed: {', '.join(missing)}")
        return
    smoke = "--smoke" in sys.argv
    sys.argv[1:] = [x for x in sys.argv[1:] if x.endswith("tutela")] + [x for x in sys.argv[1:] if not x.endswith("tutela")]
    if len(sys.argv) < 2 or not sys.argv[1].endswith("tutela"):
        sys.argv.insert(1, str(pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")) / "tutela"))
    kit = e2e.Kit()
    data = kit.folder / "data"
    for step in (("admin", "init", data), ("push", ROOT / "examples" / "infusion-pump", "--to", data)):
        done = kit.run(*step)
        if done.returncode:
            sys.exit(done.complaint)
    count = 200 if smoke else STREAMS
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    options = ("--trusted-proxy", "127.0.0.0/8", "--connections", count + 500, "--streams", count + 100)
    with client.Service(kit, data, *options) as service, tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        keys = [client.add_key(kit, data) if n == 0 else another(kit, data, n) for n in range(KEYS)]
        reads(service, keys, pathlib.Path(folder), 1 if smoke else option("--seconds", 3), 1 if smoke else 3)
        clients(service, keys, 100 if smoke else CLIENTS)
        service.stop()
        with client.Service(kit, data, *options) as fresh:
            streams(fresh, keys, pathlib.Path(folder), count)


def another(kit, data, n):
    done = kit.run("admin", "key", "add", f"key {n}", "--role", "viewer", "--data", data)
    if done.returncode:
        sys.exit(done.complaint)
    return done.text.splitlines()[-1]


if __name__ == "__main__":
    main()
