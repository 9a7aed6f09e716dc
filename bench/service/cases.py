#!/usr/bin/env python3
"""The list of cases through a running service: the first page after a start, pages by filter and order, and a page after a write.

usage: bench/service/cases.py [PROGRAM] [--cases N] [--engine sqlite|postgres] [--kb FILE] [--keep FOLDER] [--smoke]

PROGRAM: an optimized build. bench/service/cases.sql says what there is.
"""
import argparse
import pathlib
import shutil
import sqlite3
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import postgres  # noqa: E402

DEVICES, RELEASES, PAGES = 30, 3, 3
FILTERS = ({}, {"state": "open"}, {"state": "closed"}, {"owner": "none"}, {"owner": "person-3"}, {"device": "bench-7"},
           {"device": "no-such-device"}, {"deadline_before": "2026-01-01T00:00:00Z"}, {"deadline_before": "2027-06-01T00:00:00Z"},
           {"state": "open", "owner": "none", "device": "bench-4", "deadline_before": "2027-06-01T00:00:00Z"})
DEVICE = (ROOT / "examples/infusion-pump/device.yaml").read_text(encoding="utf-8")


def row(name, ours, budget=""):
    print(f"{name:<62}{ours:>18}{budget:>14}", flush=True)


def make_devices(program, data, options):
    for number in range(DEVICES):
        folder = program.folder / f"device{number}"
        folder.mkdir()
        releases = "".join(f"  - {{version: '{i}'}}\n" for i in range(RELEASES))
        head = DEVICE.split("\nvariants:")[0].replace("family: Larkspur IP-200", f"family: Bench {number}")
        (folder / "device.yaml").write_text(f"{head}\nreleases:\n{releases}", encoding="utf-8")
        program.run("push", folder, "--to", data, "--kb", options.kb)


def fill(data, server, options):
    text = (ROOT / "bench/service/cases.sql").read_text(encoding="utf-8").replace("{cases}", str(options.cases))
    if server:
        server.sql("cases", f"BEGIN; {text} COMMIT; ANALYZE;")
        return
    with sqlite3.connect(next(data.glob("*.db"))) as base:
        base.executescript(text)


def timed(ask):
    before = time.perf_counter()
    answer = ask()
    return answer, (time.perf_counter() - before) * 1e3


def page(reader, **query):
    """The answer is not looked at beyond its status: that would take longer than it did."""
    answer, ms = timed(lambda: reader.call("GET", "/v1/cases", strict=False, limit=100, **query))
    if answer.status != 200:
        sys.exit(f"cases: {answer.body}")
    return answer, ms


def pages(reader, query):
    """Milliseconds of the first pages."""
    cursor, took = {}, []
    for _ in range(PAGES):
        answer, ms = page(reader, **query, **cursor)
        took.append(ms)
        if not answer.json.get("next"):
            break
        cursor = {"cursor": answer.json["next"]}
    return took


def ask_all(reader, repeats):
    took = []
    for _ in range(repeats):
        for query in FILTERS:
            for sort in ("deadline", "opened"):
                took += pages(reader, {**query, "sort": sort})
    return sorted(took)


def after_writes(reader, writer, repeats):
    """Somebody hands a case back; the page that follows shows it."""
    rows = [row for row in reader.get("/v1/cases", state="open", limit=1000).json["items"] if row["owner"]]
    took = []
    for case in rows[:repeats]:
        path = f"/v1/cases/{urllib.parse.quote(case['id'])}"
        read = writer.call("GET", path, strict=False)
        answer = writer.call("PUT", f"{path}/owner", {"owner": None}, headers={"If-Match": read.headers["ETag"]}, strict=False)
        if answer.status != 200:
            sys.exit(f"a write: {answer.body}")
        took.append(page(reader)[1])
    return sorted(took)


def percentile(times, share):
    return times[min(len(times) - 1, int(len(times) * share))]


def measure(options, program, server=None):
    data = program.folder / "data"
    program.run("admin", "init", data, *(["--database", server.database("cases")] if server else []))
    make_devices(program, data, options)
    fill(data, server, options)
    reader_key, writer_key = client.add_key(program, data, "viewer"), client.add_key(program, data, "analyst")
    with client.Service(program, data) as service:
        reader, writer = service.client(reader_key), service.client(writer_key)
        answer, ms = page(reader)
        row(f"cases: {answer.json['total']['count']}; the first page after a start", f"{ms:.0f} ms")
        times = ask_all(reader, options.repeats)
        row(f"a page of 100, 2 orders x {len(FILTERS)} filters, {PAGES} pages deep: p50", f"{percentile(times, 0.5):.0f} ms")
        row("  p99", f"{percentile(times, 0.99):.0f} ms", "<= 100 ms")
        row("  most", f"{times[-1]:.0f} ms")
        times = after_writes(reader, writer, options.writes)
        row("a page after a write of a case: median, most", f"{percentile(times, 0.5):.0f}, {times[-1]:.0f} ms", "<= 100 ms")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    build = ROOT / "build"
    parser.add_argument("program", nargs="?", default=build / "tutela")
    parser.add_argument("--cases", type=int, default=20000)
    parser.add_argument("--engine", choices=("sqlite", "postgres"))
    parser.add_argument("--kb", default=build / "starter.kb")
    parser.add_argument("--keep", type=pathlib.Path, default=build / "bench/cases")
    parser.add_argument("--smoke", action="store_true")
    options = parser.parse_args()
    options.repeats, options.writes = (1, 2) if options.smoke else (5, 30)
    if options.smoke:
        options.cases = 60

    def program():
        shutil.rmtree(options.keep, ignore_errors=True)
        options.keep.mkdir(parents=True)
        return client.Program(options.program, options.keep)

    if options.engine in (None, "sqlite"):
        print("---- SQLite")
        measure(options, program())
    why = postgres.why_not()
    if options.engine in (None, "postgres") and why:
        print(f"---- PostgreSQL: left out: {why}")
    elif options.engine in (None, "postgres"):
        with postgres.Server(fsync=True, settings=("shared_buffers=512MB",)) as server:
            print("---- PostgreSQL")
            measure(options, program(), server)


if __name__ == "__main__":
    main()
