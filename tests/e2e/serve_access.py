#!/usr/bin/env python3
"""Settings of sessions and sign-ins of a real `tutela serve`, what a reload takes, and what is the client's doing.

usage: serve_access.py [PROGRAM]
"""
import http.client
import json
import pathlib
import signal
import sys
import time

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests/support"))
import client  # noqa: E402

SECRET = "correct horse battery"
NAMES = {"session_idle_seconds": 3600, "session_life_seconds": 43200, "proof_seconds": 300, "signin_free_failures": 5,
         "signin_wait_seconds": 3600, "signin_stop_failures": 100}


def settings(person):
    answer = person.get("/v1/settings").json
    return {name: answer[name] for name in NAMES}


def until(what):
    """What happens soon: as often as it takes, half a minute at most."""
    end = time.monotonic() + 30
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def lines(service):
    """The log; before it stands, as text, which file the options are from."""
    return [json.loads(line) for line in service.log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


def says(service, *words):
    return [line for line in lines(service) if all(word in line.get("message", "") for word in words)]


def refused(kit, data):
    for option, value in (("session-idle", "59"), ("session-idle", "3601"), ("session-longest", "86401"), ("proof-seconds", "301"),
                          ("proof-seconds", "x"), ("signin-free", "0"), ("signin-wait", "59"), ("signin-stop", "101")):
        kit.answers(f"--{option} {value}", kit.run("serve", "--data", data, f"--{option}", value), 2, f"--{option}", "from")
    kit.answers("an idle time that is never reached", kit.run(
        "serve", "--data", data, "--session-idle", "600", "--session-longest", "300"), 2, "--session-idle")


def reloading(kit, service, root, config):
    config.write_text("[serve]\nproof-seconds = 45\nsignin-free = 2\nworkers = 3\n", encoding="utf-8")
    service.process.send_signal(signal.SIGHUP)
    wanted = {**NAMES, "session_idle_seconds": 600, "session_life_seconds": 7200, "proof_seconds": 45, "signin_free_failures": 2}
    kit.check("a reload takes another file, and leaves the command line first", until(lambda: settings(root) == wanted), settings(root))
    rows = until(lambda: says(service, "next start"))
    kit.check("what it cannot take is named", rows and rows[0]["level"] == "warning" and rows[0]["message"].endswith(": --workers"), rows)
    # from the third failure on the next one waits, each time twice as long: at last longer than a password takes to be checked
    statuses = []
    while len(statuses) < 10 and 429 not in statuses:
        statuses.append(service.sign_in("slow", "not the password")[0].status)
    kit.check("after two failures the next ones wait", statuses[:2] == [401, 401] and statuses[-1] == 429, statuses)
    config.write_text("[serve]\nproof-seconds = 4500\n", encoding="utf-8")
    service.process.send_signal(signal.SIGHUP)
    rows = until(lambda: says(service, "count as they were", "--proof-seconds"))
    kit.check("what is wrong is said, and changes nothing", rows and rows[0]["level"] == "error" and settings(root) == wanted, rows)


def yaml(kit, service, root, data):
    file = data / "tutela.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "backup: 6h\nworkers: 7\n", encoding="utf-8")
    service.process.send_signal(signal.SIGHUP)
    kit.check("so is tutela.yaml", until(lambda: root.get("/v1/settings").json["backup_seconds"] == 21600), root.get("/v1/settings").text)
    kit.check("but for what counts from the next start on", until(lambda: says(service, "tutela.yaml", "workers", "next start"))
              and root.get("/v1/settings").json["workers"] == 2, root.get("/v1/settings").text)
    file.write_text(text + "backup: never\n", encoding="utf-8")
    service.process.send_signal(signal.SIGHUP)
    kit.check("and what is wrong there", until(lambda: says(service, "tutela.yaml is not read again", "backup")))
    kit.check("changes nothing", root.get("/v1/settings").json["backup_seconds"] == 21600)
    file.write_text(text, encoding="utf-8")


def clients(kit, service):
    """501 is the client's doing, and our own 414 is a problem."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    connection.request("BRE[W", "/v1/me")
    got = connection.getresponse()
    kind = got.headers.get("Content-Type", "")
    kit.check("a method that is none", got.status in (400, 501) and kind == "application/problem+json", (got.status, kind))
    connection.close()
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    connection.request("POST", "/v1/session", body=b"", headers={"Transfer-Encoding": "gzip"})
    got = connection.getresponse()
    kit.check("an encoding that is not used", got.status == 501, got.status)
    connection.close()
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    connection.request("GET", "/" + "a" * 5000)
    got = connection.getresponse()
    kind = got.headers.get("Content-Type", "")
    kit.check("a target that is too long", got.status == 414 and kind == "application/problem+json", (got.status, kind))
    connection.close()
    rows = until(lambda: [line for line in lines(service) if line.get("status") == 501])
    kit.check("is no error of the service", rows and {row["level"] for row in rows} == {"info"}, rows)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("an administrator", kit.run("admin", "user", "add", "root", "--own-password", "--role", "administrator", "--data", data,
                                            stdin=SECRET.encode() + b"\n"), 0)
    refused(kit, data)
    config = kit.folder / "serve.conf"
    config.write_text("[serve]\nproof-seconds = 60\nsignin-free = 5\n", encoding="utf-8")
    with client.Service(kit, data, "--config", config, "--session-longest", "7200", env={"TUTELA_SESSION_IDLE": "600"}) as service:
        _, root = service.sign_in("root", SECRET)
        kit.check("by file, environment and command line", settings(root) == {
            **NAMES, "session_idle_seconds": 600, "session_life_seconds": 7200, "proof_seconds": 60}, settings(root))
        clients(kit, service)
        reloading(kit, service, root, config)
        yaml(kit, service, root, data)
    return kit.done()


sys.exit(main())
