#!/usr/bin/env python3
"""`tutela serve` as who runs it sees it: the first start, `tutela admin` beside it. Prints TAP.

usage: serve_ops.py [PROGRAM [NAME]...]
"""
import json
import pathlib
import sys
import time
import traceback

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
from tap import Tap  # noqa: E402

PATIENCE = 60


def until(what, wanted=bool):
    """Ask again until the answer is as wanted; the last answer."""
    end = time.monotonic() + PATIENCE
    while True:
        answer = what()
        if wanted(answer) or time.monotonic() > end:
            return answer
        time.sleep(0.05)


class Place:
    """A new data folder."""

    def __init__(self, kit, name):
        self.kit, self.data = kit, kit.folder / name
        assert kit.run("admin", "init", self.data).returncode == 0

    def admin(self, *words, **more):
        return self.kit.run("admin", *words, "--data", self.data, **more)

    def jobs(self, kind=None):
        done = self.admin("job", "list", "--format", "json")
        assert done.returncode == 0, done.complaint
        return [job for job in json.loads(done.text)["jobs"] if kind in (None, job["kind"])]

    def ended(self, job):
        """The job when it has come to an end."""
        find = lambda: next(row for row in self.jobs() if row["id"] == job)  # noqa: E731
        return until(find, lambda row: row["state"] not in ("queued", "running"))


def build(kit, name, *inputs):
    path = kit.folder / name
    done = kit.run("kb", "build", "-o", path, *inputs)
    assert done.returncode == 0, done.complaint
    return path


def kinds(kit):
    """Two knowledge bases with one newest record, one that is older, by the starter's data."""
    starter = ROOT / "data/starter"
    return build(kit, "all.kb", starter), build(kit, "few.kb", starter / "zlib.json")


def first_start(kit):
    place = Place(kit, "first")
    viewer = client.add_key(kit, place.data)
    with client.Service(kit, place.data) as service:
        asked = service.client(viewer)
        said = until(lambda: asked.get("/v1/status").json["knowledge_base"])
        assert said and said["starter"] and said["vulnerabilities"] > 100, said
        told = until(lambda: [line for line in service.lines() if "only the built-in starter" in line.get("message", "")])
        assert told and told[0]["level"] == "warning" and "days old" in told[0]["message"], service.lines()
        status = json.loads(kit.run("admin", "status", place.data).text)["service"]
        assert status["knowledge"]["starter"] is True and status["knowledge"]["age_days"] >= 0, status
    first = place.jobs("rematch")
    with client.Service(kit, place.data) as service:
        assert service.client(viewer).get("/v1/status").json["knowledge_base"]["starter"]
    assert place.jobs("rematch") == first, "a second start takes nothing again"


def another_one(kit):
    """By `admin knowledge`, without a service and with one; what is older only when that is said."""
    place = Place(kit, "another")
    whole, few = kinds(kit)
    done = place.admin("knowledge", few, "--reason", "to begin with")
    assert done.returncode == 0 and "when a service has matched" in done.text, done
    viewer = client.add_key(kit, place.data)
    with client.Service(kit, place.data) as service:
        status = lambda: service.client(viewer).get("/v1/status").json["knowledge_base"]  # noqa: E731
        assert until(status), "the one that waited is taken, and not the starter"
        assert status()["starter"] is False, status()
        many = place.admin("knowledge", whole)
        assert many.returncode == 0 and "matches the portfolio against it now" in many.text, many
        job = many.text.split()[-1]
        assert place.ended(job)["state"] == "done", place.jobs()
        count = status()["vulnerabilities"]
        older = place.admin("knowledge", few)
        assert older.returncode == 3 and "older than what is in use" in older.complaint and "20" in older.complaint, older
        assert status()["vulnerabilities"] == count
        again = place.admin("knowledge", whole)
        assert again.returncode == 0 and "in use already" in again.text, again
        assert place.admin("knowledge", few, "--allow-older").returncode == 0
        assert until(lambda: status()["vulnerabilities"], lambda now: now != count) < count
        damaged = kit.folder / "damaged.kb"
        damaged.write_bytes(whole.read_bytes()[:-1000])
        bad = place.admin("knowledge", damaged)
        assert bad.returncode == 3 and bad.complaint, bad
        none = place.admin("knowledge", kit.folder / "none.kb")
        assert none.returncode == 3 and "none.kb" in none.complaint, none


def jobs(kit):
    place = Place(kit, "jobs")
    _, few = kinds(kit)
    job = place.admin("knowledge", few).text.split()[-1]
    assert f"{job}  rematch" in place.admin("job", "list").text, "listed while nothing runs"
    assert place.admin("job", "cancel", job, "--reason", "not yet").returncode == 0
    assert place.jobs("rematch")[0]["state"] == "cancelled"
    for word in ("cancel", "release"):
        done = place.admin("job", word, job)
        assert done.returncode == 3 and done.complaint, done
        assert place.admin("job", word).returncode == 2
    ledger = kit.run("ledger", "export", place.data).text
    assert "job.cancel" in ledger and "not yet" in ledger, ledger[-600:]


def reload_and_stop(kit):
    place = Place(kit, "stop")
    for word in ("reload", "stop"):
        done = place.admin(word)
        assert done.returncode == 2 or done.returncode == 3, done
        assert "no service runs" in done.complaint, done.complaint
    with client.Service(kit, place.data) as service:
        config = place.data / "tutela.yaml"
        assert place.admin("reload").returncode == 0
        before = config.read_text(encoding="utf-8")
        config.write_text("nonsense: [", encoding="utf-8")
        done = place.admin("reload")
        assert done.returncode == 3 and "tutela.yaml" in done.complaint, done
        config.write_text(before, encoding="utf-8")
        assert place.admin("stop").returncode == 0
        assert service.process.wait(PATIENCE) == 0


TESTS = (first_start, another_one, jobs, reload_and_stop)


def main():
    kit, tap = Kit(), Tap()
    wanted = sys.argv[2:]
    for test in TESTS:
        if wanted and test.__name__ not in wanted:
            continue
        try:
            test(kit)
            tap.line(test.__name__, True)
        except Exception:  # noqa: BLE001 whatever it is, it is the test's failure
            tap.line(test.__name__, False, traceback.format_exc())
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
