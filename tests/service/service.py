#!/usr/bin/env python3
"""A service in a process of its own: on SQLite, on PostgreSQL, two of them on one PostgreSQL. Prints TAP.

usage: service.py [PROGRAM] [NAME]...      (TUTELA_BUILD: the build folder; NAME: only these tests)
"""
import array
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True
import postgres  # noqa: E402
from tap import Tap  # noqa: E402

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
DRIVER = BUILD / "tests/service/service_driver"
PUMP = ROOT / "examples/infusion-pump"
PATIENCE = 60  # seconds until something that must happen has happened


class Service:
    """A running one; lines to its standard input, calls to its socket."""

    def __init__(self, data, ahead=0):
        self.data = pathlib.Path(data)
        self.log = open(f"{data}.log", "a+", encoding="utf-8")
        self.child = subprocess.Popen([DRIVER, "run", data, str(ahead)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=self.log, text=True)
        self.first = self.child.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def tell(self, line):
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        return self.child.stdout.readline().strip()

    def must(self, line):
        said = self.tell(line)
        assert said.endswith("ok"), f"{line}: {said}"
        return said.split()[:-1]

    def call(self, name, fd=None, **arguments):
        """As any command of the folder's owner asks."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(PATIENCE)
            s.connect(str(self.data / "control.sock"))
            text = json.dumps({"protocol": 1, "call": name, "arguments": arguments}).encode()
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))] if fd is not None else []
            s.sendmsg([struct.pack(">I", len(text)) + text], rights)
            got = b""
            while len(got) < 4 or len(got) < 4 + struct.unpack(">I", got[:4])[0]:
                more = s.recv(1 << 16)
                assert more, f"{name}: no answer"
                got += more
        answer = json.loads(got[4:])
        return answer["answer"] if "answer" in answer else answer

    def put(self, knowledge):
        with open(knowledge, "rb") as file:
            return self.call("knowledge.put", fd=file.fileno())

    def findings(self):
        return int(self.must("list")[0])

    def jobs(self, kind=None):
        return [job for job in self.call("job.list")["jobs"] if kind in (None, job["kind"])]

    def end(self, how="stop"):
        if self.child.poll() is None:
            if how == "kill":
                self.child.kill()
                self.child.wait()
            else:
                self.child.stdin.write("stop\n")
                self.child.stdin.flush()
        try:
            self.child.communicate(timeout=PATIENCE)
        except (ValueError, BrokenPipeError):
            self.child.wait()
        self.log.close()
        return self.child.returncode

    def said(self):
        return pathlib.Path(f"{self.data}.log").read_text(encoding="utf-8")


def well(service):
    """Ready, or only without a knowledge base, which these services begin without."""
    status = service.call("status")["service"]
    return status["ready"] or status["why"] == "no knowledge base is in use yet"


def until(what, wanted=bool):
    """Ask again until the answer is as wanted; the last answer."""
    end = time.monotonic() + PATIENCE
    while True:
        answer = what()
        if wanted(answer) or time.monotonic() > end:
            return answer
        time.sleep(0.05)


class Scene:
    """Folders, and two knowledge bases of which the second knows more."""

    def __init__(self, folder, server):
        self.folder = pathlib.Path(folder)
        self.server = server
        self.small, self.large = self.folder / "small.kb", self.folder / "large.kb"
        starter = ROOT / "data/starter"
        few = [starter / f"{name}.json" for name in ("busybox", "curl", "zlib")]
        subprocess.run([DRIVER, "build", self.small, *few], check=True, stdout=subprocess.PIPE)
        subprocess.run([DRIVER, "build", self.large, starter], check=True, stdout=subprocess.PIPE)
        self.count = 0

    def logs(self):
        return "".join(path.read_text(encoding="utf-8") for path in sorted(self.folder.glob("*.log")))

    def make(self):
        """A new data folder."""
        self.count += 1
        data = self.folder / f"data{self.count}"
        place = [self.server.database(f"service{self.count}")] if self.server else []
        subprocess.run([DRIVER, "init", data, *place], check=True, stdout=subprocess.PIPE)
        return data

    def copy(self, data):
        """Another node's folder of the same database."""
        other = pathlib.Path(f"{data}-other")
        other.mkdir(mode=0o700)
        shutil.copytree(data / "keys", other / "keys")
        shutil.copy(data / "tutela.yaml", other / "tutela.yaml")
        return other

    def filled(self, data):
        """A service with a device whose release was matched with the small knowledge base."""
        service = Service(data)
        assert service.first.startswith("ready"), service.first
        service.put(self.small)
        until(lambda: service.call("status")["service"]["knowledge"])
        service.must(f"device {PUMP}/device.yaml")
        service.must(f"ingest 4.3.1 {PUMP}/infusion-pump.cdx.json")
        return service


# ---- tests: each returns what is wrong, or nothing ----


def another_knowledge_base(scene):
    """A new one is named: findings follow by themselves, the job is done once, a restart changes nothing."""
    data = scene.make()
    with scene.filled(data) as service:
        few = service.findings()
        put = service.put(scene.large)
        many = until(service.findings, lambda count: count > few)
        assert few > 0 and many > few, f"{few} findings, then {many}"
        until(lambda: all(job["state"] == "done" for job in service.jobs("rematch")))
        jobs = service.jobs("rematch")
        assert len(jobs) == 2 and {job["state"] for job in jobs} == {"done"}, jobs
        assert jobs[0]["id"] == put["job"], (jobs, put)
        assert json.loads(jobs[0]["result"])["new_findings"] == many - few, jobs[0]
        assert service.put(scene.large)["current"], "the same once more is a job"
        assert service.call("status")["service"]["knowledge"]["digest"] == put["knowledge"]
    with Service(data) as service:
        assert service.findings() == many, service.findings()
        assert len(list((data / "cache").glob("knowledge-*.kb"))) == 1, list((data / "cache").iterdir())


def killed(scene):
    """kill -9 right after a knowledge base was put: the next one does the job, once."""
    data = scene.make()
    service = scene.filled(data)
    few = service.findings()
    service.put(scene.large)
    service.end("kill")
    left = [data / "cache" / f"{name}-{'0' * 32}.kb" for name in ("put", "sent", "unpacked")]
    for path in left:
        path.write_bytes(b"half of one")
    with Service(data) as service:
        assert not [path.name for path in left if path.exists()], "what the killed one left stays"
        many = until(service.findings, lambda count: count > few)
        assert many > few, f"{few} findings, then {many}"
        jobs = until(lambda: service.jobs("rematch"), lambda jobs: jobs[0]["state"] == "done")
        assert jobs[0]["state"] == "done", jobs


def stopped(scene):
    """Stop with work under way: it ends cleanly, and the work is done the next time."""
    data = scene.make()
    service = scene.filled(data)
    few = service.findings()
    service.put(scene.large)
    assert service.call("stop") == {}
    assert service.tell("wait") == "ok"
    assert service.end() == 0, service.said()
    with Service(data) as service:
        many = until(service.findings, lambda count: count > few)
        jobs = until(lambda: service.jobs("rematch"), lambda jobs: jobs[0]["state"] == "done")
        assert many > few and jobs[0]["state"] == "done" and jobs[0]["attempts"] == 1, (few, many, jobs)


def descriptors(scene):
    """None are left for a while: calls are answered when there are some again."""
    with Service(scene.make()) as service:
        limits = resource.prlimit(service.child.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(service.child.pid, resource.RLIMIT_NOFILE, (3, limits[1]))
        for _ in range(8):
            with socket.socket(socket.AF_UNIX) as caller:
                caller.connect(str(service.data / "control.sock"))
                service.tell("list")  # fails on PostgreSQL, which needs another connection
        resource.prlimit(service.child.pid, resource.RLIMIT_NOFILE, limits)
        assert until(lambda: well(service))


def jobs(scene):
    """Cancel, quarantine of what nobody knows, release; all by the socket."""
    data = scene.make()
    with Service(data) as service:
        later = service.must("job settle later 3600")[0]
        assert service.call("job.cancel", job=later, reason="not wanted") == {}
        assert service.jobs("settle")[0]["state"] == "cancelled", service.jobs()
        assert service.call("job.cancel", job=later)["status"] == "not found"
        strange = service.must("job strange one 0")[0]
        bad = until(lambda: service.jobs("strange")[0], lambda job: job["attempts"] >= 1 and job["state"] == "queued")
        assert "strange" in bad["error"] and bad["state"] == "queued", bad
        service.must("clock 86400")  # pauses between attempts
        until(lambda: service.tell("clock " + str(int(time.time()))) and service.jobs("strange")[0],
              lambda job: job["state"] == "quarantined")
        assert service.call("status")["service"]["jobs"]["quarantined"] == 1, service.call("status")
        assert service.call("job.release", job=strange) == {}
        assert service.jobs("strange")[0]["state"] in ("queued", "running"), service.jobs("strange")


def upkeep(scene):
    """Without being asked: a checkpoint is made and exported, once; after a day another one."""
    data = scene.make()
    with Service(data) as service:
        first = until(lambda: service.jobs("checkpoint"), lambda jobs: jobs and jobs[0]["state"] == "done")
        assert len(first) == 1 and first[0]["state"] == "done", first
        files = list((data / "checkpoints").iterdir())
        assert len(files) == 1 and json.loads(first[0]["result"])["hash"] in files[0].read_text(), files
    with Service(data) as service:
        assert len(service.jobs("checkpoint")) == 1, service.jobs()
        service.must("clock 90000")
        second = until(lambda: service.jobs("checkpoint"), lambda jobs: len(jobs) > 1 and jobs[0]["state"] == "done")
        assert len(second) == 2, second
        service.must("clock -90000")  # a step back does nothing twice, and stops nothing for ever
        service.must("list")
        service.must("clock 0")
        assert until(lambda: well(service)), service.call("status")


def dates(scene):
    """The date of a draft comes: it is released by the service itself; also one that came while the service was away."""
    data, text = scene.make(), (PUMP / "device.yaml").read_text(encoding="utf-8")
    day = [time.strftime("%Y-%m-%d", time.gmtime(time.time() + days * 86400)) for days in (3, 10)]
    text = text.replace("released: 2026-01-15", f"released: {day[0]}").replace("released: 2026-06-15", f"released: {day[1]}")
    changed = scene.folder / f"later-{data.name}.yaml"
    changed.write_text(text, encoding="utf-8")

    def done(count):
        jobs = until(lambda: service.jobs("release.out"),
                     lambda jobs: len(jobs) == count and all(job["state"] == "done" for job in jobs))
        return [json.loads(job["result"])["releases"] for job in jobs]

    with Service(data) as service:
        service.put(scene.small)
        until(lambda: service.call("status")["service"]["knowledge"])
        service.must(f"device {changed}")
        for version in ("4.3.1", "4.4.0"):
            service.must(f"ingest {version} {PUMP}/infusion-pump.cdx.json")
        service.must("clock 86400")
        until(lambda: well(service))
        assert not service.jobs("release.out"), service.jobs("release.out")
        service.must(f"clock {4 * 86400}")
        assert done(1) == [1]
        # cases follow what is released now
        followed = until(lambda: service.jobs("case.follow"), lambda jobs: jobs and jobs[0]["state"] == "done")
        assert followed, service.jobs()
        service.must(f"clock {5 * 86400}")
        until(lambda: well(service))
        assert done(1) == [1]
    with Service(data, 11 * 86400) as service:
        assert sorted(done(2)) == [1, 1]


def messages(scene):
    """What is put down is sent, once."""
    data = scene.make()
    with Service(data) as service:
        for i in range(5):
            service.must(f"message number-{i}")
        sent = pathlib.Path(f"{data}.sent")
        until(lambda: sent.exists() and len(sent.read_text().split("\n")) == 6)
        lines = sent.read_text().splitlines()
        assert sorted(line.split()[1] for line in lines) == [f"number-{i}" for i in range(5)], lines
        assert until(lambda: service.call("status")["service"]["messages"]["waiting"], lambda n: n == 0) == 0


def settings(scene):
    """tutela.yaml: what is wrong is refused with its line; reload takes what is new."""
    data = scene.make()
    with Service(data) as service:
        with open(data / "tutela.yaml", "a", encoding="utf-8") as file:
            file.write("backup: 1d\n")
        assert service.call("reload") == {}
        done = until(lambda: service.jobs("backup"), lambda jobs: jobs and jobs[0]["state"] == "done")
        assert done and done[0]["state"] == "done", done
        assert list((data / "backups").glob("scheduled-*.backup")), "no backup"
        with open(data / "tutela.yaml", "a", encoding="utf-8") as file:
            file.write("checkpoint: soon\n")
        refused = service.call("reload")
        assert refused["line"] and "checkpoint" in refused["message"], refused
    assert "checkpoint" in Service(data).first


def sandbox(scene):
    """Uploads are read in another process, unless it is off, which is said everywhere."""
    data = scene.make()
    with scene.filled(data) as service:
        assert "seccomp" in service.call("status")["service"]["sandbox"], service.call("status")
        assert "sandbox is off" not in service.said()
    with open(data / "tutela.yaml", "a", encoding="utf-8") as file:
        file.write("sandbox: off\n")
    with Service(data) as service:
        assert service.call("status")["service"]["sandbox"] == "off"
        assert "the sandbox is off" in service.said(), service.said()
        service.must(f"ingest 4.3.1 {PUMP}/infusion-pump.cdx.json")


def dead_zygote(scene):
    """The process that starts readers is killed: another one takes its place."""
    data = scene.make()
    with scene.filled(data) as service:
        before = service.must("zygote")[0]
        os.kill(int(before), signal.SIGKILL)
        said = until(lambda: service.tell(f"ingest 4.3.1 {PUMP}/infusion-pump.cdx.json"), lambda said: said.endswith("ok"))
        assert said.endswith("ok"), said
        assert service.must("zygote")[0] != before
        assert until(lambda: well(service)), service.call("status")


def two_nodes(scene):
    """Two services on one database: each sees what the other writes, no job is done twice."""
    if not scene.server:
        return
    data = scene.make()
    with scene.filled(data) as one, Service(scene.copy(data)) as other:
        few = one.findings()
        assert other.findings() == few, (few, other.findings())
        other.put(scene.large)
        many = until(one.findings, lambda count: count > few)
        assert many > few and other.findings() == many, (few, many, other.findings())
        digest = until(lambda: [s.call("status")["service"]["knowledge"]["digest"] for s in (one, other)],
                       lambda digests: len(set(digests)) == 1)
        assert len(set(digest)) == 1, digest
        other.must(f"ingest 4.3.1 {PUMP}/infusion-pump.cdx.json")
        for i in range(10):
            (one, other)[i % 2].must(f"message number-{i}")
        sent = [pathlib.Path(f"{service.data}.sent") for service in (one, other)]
        lines = until(lambda: [line for path in sent if path.exists() for line in path.read_text().splitlines()],
                      lambda lines: len(lines) >= 10)
        assert len(lines) == len(set(lines)) == 10, lines
        until(lambda: one.jobs(), lambda jobs: all(job["state"] == "done" for job in jobs))
        for kind in ("rematch", "checkpoint", "sweep"):
            found = one.jobs(kind)
            assert len(found) == (2 if kind == "rematch" else 1), (kind, found)
            assert all(job["attempts"] == 1 and job["state"] == "done" for job in found), found


TESTS = [another_knowledge_base, killed, stopped, descriptors, jobs, upkeep, dates, messages, settings, sandbox, dead_zygote, two_nodes]


def run(tap, engine, folder, server):
    scene = Scene(folder, server)
    asked = [name for name in sys.argv[1:] if not os.sep in name]
    for test in TESTS:
        if asked and test.__name__ not in asked:
            continue
        try:
            test(scene)
            assert not re.search(r"Sanitizer|runtime error", scene.logs()), "a sanitizer reports"
            tap.line(f"{test.__name__} on {engine}", True)
        except Exception as problem:  # noqa: BLE001: any end of a test is its failure
            tap.line(f"{test.__name__} on {engine}", False, f"{scene.logs()[-3000:]}\n{type(problem).__name__}: {problem}")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        run(tap, "SQLite", folder, None)
    why = postgres.why_not()
    if why:
        tap.skip("the same on PostgreSQL", why)
    else:
        with postgres.Server() as server, tempfile.TemporaryDirectory() as folder:
            run(tap, "PostgreSQL", folder, server)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
