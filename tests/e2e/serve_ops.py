#!/usr/bin/env python3
"""`tutela serve` as who runs it sees it: the first start, `tutela admin` beside it. Prints TAP.

usage: serve_ops.py [PROGRAM [NAME]...]
"""
import json
import re
import sqlite3
import sys
import time
import traceback
import urllib.parse

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


def rows_of(text):
    """The samples of a page of figures: name with labels -> value; and names -> kind."""
    values, kinds_of = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            kinds_of[line.split()[2]] = line.split()[3]
        elif not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            assert name not in values, name
            values[name] = float(value)
    return values, kinds_of


def documented(name):
    """The rows of a page's table: what is in the first column, without its labels."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return {match[1]: match[0] for match in re.finditer(r"^\| `([a-z_]+)(?:\{\w+\})?` \|.*$", text, re.M)}


def metrics(kit):
    place = Place(kit, "metrics")
    everything = client.add_key(kit, place.data)
    assert place.admin("team", "add", "some").returncode == 0
    some = client.add_key(kit, place.data, team="some")
    with client.Service(kit, place.data) as service:
        until(lambda: service.client().get("/readyz").status == 200)
        here = service.client().get("/metrics")
        assert here.status == 200 and here.headers["Content-Type"].startswith("text/plain; version=0.0.4"), here
        values, kinds_of = rows_of(here.text)
        page = documented("metrics.md")
        assert set(kinds_of) == set(page), set(kinds_of) ^ set(page)
        for name, kind in kinds_of.items():
            help_text = re.search(rf"^# HELP {name} (.*)$", here.text, re.M)[1]
            assert page[name].endswith(f"| {kind} | {help_text} |"), (page[name], kind, help_text)
        assert values["tutela_ready"] == 1 and values["tutela_knowledge_starter"] == 1, values
        assert values["tutela_knowledge_age_seconds"] > 0 and values["tutela_sandbox"] in (0, 1), values
        assert values["tutela_store_commit_seconds_count"] > 0, values
        assert values['tutela_store_commit_seconds_bucket{le="+Inf"}'] == values["tutela_store_commit_seconds_count"], values
        asked = values['tutela_http_requests_total{class="2xx"}']
        service.client().get("/v1/openapi.json")
        assert rows_of(service.client().get("/metrics").text)[0]['tutela_http_requests_total{class="2xx"}'] == asked + 2
        away = {"X-Forwarded-For": "203.0.113.9"}
        assert service.client().get("/metrics", headers=away).status == 401, "through a proxy"
        assert service.client(everything).get("/metrics", headers=away).status == 200
        assert service.client(some).get("/metrics", headers=away).status == 403, "who sees some devices"
        assert service.client("tut_" + "0" * 40).get("/metrics").status == 401, "a key that is none"


def readiness(kit):
    place = Place(kit, "ready")
    database = place.data / "tutela.db"
    with client.Service(kit, place.data) as service:
        ask = service.client().get
        assert until(lambda: ask("/readyz").status == 200), ask("/readyz")
        with sqlite3.connect(database) as db:
            db.execute("INSERT INTO migration (number, name, digest, applied) SELECT 9999, name, digest, applied FROM migration LIMIT 1")
        late = ask("/readyz")
        assert late.status == 503 and "newer program" in late.json["detail"] and "Retry-After" in late.headers, late
        assert ask("/healthz").status == 200, "the process answers all the same"
        assert rows_of(ask("/metrics").text)[0]["tutela_ready"] == 0
        with sqlite3.connect(database) as db:
            db.execute("DELETE FROM migration WHERE number = 9999")
        assert ask("/readyz").status == 200


def quiet_log(kit):
    """Lines have the members of docs/log.md, and nothing that is nobody's business."""
    place = Place(kit, "log")
    secrets = ["correct horse battery staple", "nobody@mail.invalid"]
    keys = [client.add_key(kit, place.data), client.add_key(kit, place.data, "administrator")]
    with client.Service(kit, place.data) as service:
        for key in [*keys, "tut_wrong"]:
            asked = service.client(key, Cookie=f"tutela={'c' * 64}", Referer=f"http://x/?{secrets[1]}")
            for path in ("/v1/status", "/v1/devices", "/v1/findings", "/v1/nothing", "/metrics", "/readyz"):
                asked.call("GET", path, strict=False, q=secrets[0], mail=secrets[1])
                asked.call("POST", path, {"password": secrets[0], "mail": secrets[1]}, strict=False)
                asked.call("PUT", path, secrets[0] + "{[", strict=False)
        assert place.admin("reload").returncode == 0
        text = service.log.read_text(encoding="utf-8")
        lines = service.lines()
    page = documented("log.md")
    source = re.findall(r'TU_LOG_FIELD\(\w+, "(\w+)"\)', (ROOT / "src/cli/serve_log_fields.inc").read_text(encoding="utf-8"))
    assert set(page) == set(source), set(page) ^ set(source)
    assert len(lines) > 50 and not {name for line in lines for name in line} - set(page), lines[:3]
    for secret in [*secrets, *[urllib.parse.quote_plus(each) for each in secrets], *keys, "tut_", "c" * 64, "password", "@"]:
        assert secret not in text, f"{secret}: {[line for line in text.splitlines() if secret in line][:2]}"


def sweep(kit):
    """What is over goes, once a day."""
    place = Place(kit, "sweep")
    day = 86400 * 10**6
    now = int(time.time() * 10**6)
    with sqlite3.connect(place.data / "tutela.db") as db:
        for key, created in (("old", now - 2 * day), ("new", now)):
            db.execute("INSERT INTO idempotency (owner, key, digest, created) VALUES ('o', ?, x'00', ?)", (key, created))
        db.execute("INSERT INTO setup_token (one, hash, expires) VALUES (1, x'00', ?)", (now - day,))
    with client.Service(kit, place.data):
        assert until(lambda: [job for job in place.jobs("sweep") if job["state"] == "done"]), place.jobs()
    result = json.loads(place.jobs("sweep")[0]["result"])
    assert result["answers"] == 1, result
    with sqlite3.connect(place.data / "tutela.db") as db:
        assert db.execute("SELECT key FROM idempotency").fetchall() == [("new",)]


def cases(kit):
    """Those that changes are about are followed, and no others."""
    place = Place(kit, "cases")
    pump = ROOT / "examples/infusion-pump"
    done = kit.run("push", "--to", place.data, "--by", "test", pump)
    assert done.returncode == 0, done.complaint
    key = client.add_key(kit, place.data, "analyst")

    def followed():
        """The result of the last job, when nothing is left to follow."""
        jobs = until(lambda: place.jobs("case.follow"), lambda jobs: jobs and all(job["state"] == "done" for job in jobs))
        return json.loads(jobs[0]["result"]), len(jobs)

    with client.Service(kit, place.data) as service:
        until(lambda: place.jobs("rematch"), lambda jobs: jobs and jobs[0]["state"] == "done")
        result, count = followed()
        assert result["all"] is True, "nothing was followed before"
        text = (pump / "device.yaml").read_text(encoding="utf-8").replace("family: Larkspur IP-200", "family: Larkspur IP-999")
        assert service.client(key).post("/v1/devices", text, {"Content-Type": "application/yaml"}).status == 201
        result, _ = until(followed, lambda seen: seen[1] > count)
        assert result == {"cases": 0, "all": False}, result


TESTS = (first_start, another_one, jobs, reload_and_stop, metrics, readiness, quiet_log, sweep, cases)


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
