#!/usr/bin/env python3
"""GET /v1/events: who hears what, coming back, the end of a session's stream, many at once. Prints TAP.

usage: api_events.py [PROGRAM]
"""
import contextlib
import json
import pathlib
import sqlite3
import sys
import time

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
from stream import PATIENCE, Stream  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
CURL = "CVE-2023-38545"


class Scene:
    def __init__(self, kit):
        self.kit, self.data = kit, kit.folder / "data"
        self.text = (EXAMPLE / "device.yaml").read_text(encoding="utf-8")
        self.made = 0
        for words in (("admin", "init", self.data), ("push", "--to", self.data, "--by", "test", EXAMPLE),
                      ("admin", "team", "add", "other", "--data", self.data)):
            kit.answers(" ".join(map(str, words[:2])), kit.run(*words), 0)
        self.everything = client.add_key(kit, self.data, "analyst")
        self.nothing = client.add_key(kit, self.data, team="other")

    def admin(self, *words):
        done = self.kit.run("admin", *words, "--data", self.data)
        assert done.returncode == 0, done.complaint
        return done.text

    def device(self, service):
        """Another device, by somebody who sees everything; its name."""
        self.made += 1
        text = self.text.replace("family: Larkspur IP-200", f"family: Larkspur IP-{self.made + 300}")
        answer = service.client(self.everything).post("/v1/devices", text, {"Content-Type": "application/yaml"})
        assert answer.status == 201, answer
        return answer.headers["Location"].rsplit("/", 1)[-1]


def hearing(kit, scene, service):
    stream, deaf = Stream(service, scene.everything), Stream(service, scene.nothing)
    kit.check("it is a stream of events", (stream.status, stream.headers["content-type"].split(";")[0],
                                           stream.headers.get("x-accel-buffering")) == (200, "text/event-stream", "no"), stream.headers)
    name = scene.device(service)
    number, event, said = stream.next()
    kit.check("who sees the device hears of it", event == "change" and said["action"] == "device.create"
              and said["changed"] == [{"kind": "device", "id": said["changed"][0]["id"], "device": name, "name": name}], said)
    keys = json.loads(scene.admin("key", "list", "--format", "json"))["keys"]
    kit.check("by whom", said["by"] in [key["id"] for key in keys], said)
    kit.check("and which members differ, no positions", said["fields"] and not {"position", "index", "row"} & set(said), said)
    scene.admin("team", "join", "other", "--device", name)
    kit.check("a stream ends when others devices are seen", deaf.next() is None)
    again = Stream(service, scene.nothing, last=number)
    other = scene.device(service)
    kit.check("everything goes on", stream.next()[2]["action"].startswith("team.device"))
    kit.check("in order", stream.next()[2]["changed"][0]["name"] == other)
    kit.check("what it missed of what it sees comes first", again.next()[2]["changed"][0]["name"] == name)
    scene.admin("team", "join", "other", "--device", other)
    kit.check("and nothing of what it does not see", again.next() is None)
    for each in (stream, deaf, again):
        each.close()
    return number


def coming_back(kit, scene, service, number):
    back = Stream(service, scene.everything, last=number)
    first = back.next()
    kit.check("Last-Event-ID gives what came after it", first[0] > number, first)
    by_query = Stream(service, scene.everything, path=f"/v1/events?after={number}")
    asked = by_query.next()
    kit.check("so does the query", asked == first, asked, first)
    ahead = Stream(service, scene.everything, last=10**9)
    name = scene.device(service)
    kit.check("an id of the future is now", ahead.next()[2]["changed"][0]["name"] == name)
    wrong = service.client(scene.everything).get("/v1/events", headers={"Last-Event-ID": "x'"})
    kit.check("an id that is none is refused", (wrong.status, wrong.problem) == (400, "bad-request"), wrong)
    nobody = service.client().get("/v1/events")
    kit.check("nobody hears nothing", nobody.status == 401, nobody)
    head = service.client(scene.everything).call("HEAD", "/v1/events")
    kit.check("HEAD ends", head.status == 200 and not head.body, head)
    for each in (back, by_query, ahead):
        each.close()


def things(kit, scene, service):
    """Cases and signals are named to who sees the device that something is about, and to nobody else."""
    one, two = "larkspur-ip-200", scene.device(service)
    writer = service.client(scene.everything)
    for team, device in (("one", one), ("two", two)):
        scene.admin("team", "add", team)
        scene.admin("team", "join", team, "--device", device)
    keys = {team: client.add_key(kit, scene.data, "analyst", team) for team in ("one", "two")}
    first = writer.post("/v1/signals", {"source": "mail", "title": "silent words", "device": one}).json
    of = {team: Stream(service, key) for team, key in {**keys, "all": scene.everything}.items()}
    second = writer.post(f"/v1/signals/{first['id']}/log", {"kind": "note", "text": "silent words"})
    said = of["one"].next()
    kit.check("a signal is named with its device, without a word of it", second.status == 201 and said[2]["changed"] ==
              [{"kind": "signal", "id": first["id"], "device": one}] and "silent" not in json.dumps(said), said)
    general = writer.post("/v1/signals", {"source": "mail", "title": "x"}).json
    heard = [of["all"].next()[2]["changed"][0]["id"] for _ in range(2)]
    kit.check("one about no device to who sees all", heard == [first["id"], general["id"]], heard)
    case = writer.post("/v1/cases", {"vulnerability": CURL}).json
    for team in ("one", "all"):
        said = of[team].next()[2]
        kit.check(f"{team}: a case is named with its vulnerability", said["action"] == "case.open" and {"kind": "case", "id": case["id"], "name": CURL}
                  in said["changed"] and "vulnerability" in [item["kind"] for item in said["changed"]], said)
    writer.post(f"/v1/cases/{case['id']}/items", {"kind": "note", "name": "x", "text": "y", "device": one})
    writer.post("/v1/signals", {"source": "mail", "title": "x", "device": two})
    kit.check("who sees the device hears of an item about it", of["one"].next()[2]["action"] == "case.item")
    said = of["two"].next()[2]
    kit.check("who sees another hears nothing of it, nor of the case, which is not about theirs", said["action"] == "signal.receive", said)
    for each in of.values():
        each.close()


def ending(kit, scene, service):
    lines = scene.admin("key", "add", "short", "--role", "viewer").splitlines()
    stream = Stream(service, lines[-1])
    scene.admin("key", "revoke", lines[0].split()[-1])
    kit.check("a revoked key's stream ends", stream.next() is None)
    stream.close()


def too_many(kit, scene, service):
    open_ones = [Stream(service, scene.everything) for _ in range(4)]
    kit.check("four are let in", {each.status for each in open_ones} == {200}, [each.status for each in open_ones])
    more = service.client(scene.everything).get("/v1/events")
    kit.check("the fifth is told to come later", (more.status, "Retry-After" in more.headers) == (503, True), more)
    kit.check("others are answered", service.client(scene.everything).get("/v1/status").status == 200)
    open_ones.pop().close()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        scene.device(service)
        again = Stream(service, scene.everything)
        if again.status == 200:
            break
        again.close()
    kit.check("one that went makes room", again.status == 200, again.status)
    return [*open_ones, again]


def swell(scene, number, name):
    """Give a record 200 changes more than the one it has: of a vulnerability that there is not, and in the middle of a device."""
    with contextlib.closing(sqlite3.connect(scene.data / "tutela.db")) as base:
        (device,) = base.execute("SELECT id FROM device WHERE name = ?", (name,)).fetchone()
        rows = [(number, 10 + i, *(("device", device) if i == 150 else ("vulnerability", 10**6 + i))) for i in range(200)]
        base.executemany("INSERT INTO change (n, item, kind, key) VALUES (?, ?, ?, ?)", rows)
        base.commit()


def many(kit, scene):
    """A record with 201 changes, of which each of two teams may see one or none."""
    with client.Service(kit, scene.data) as service:
        seen = scene.device(service)
        for team in ("seeing", "blind"):
            scene.admin("team", "add", team)
        scene.admin("team", "join", "seeing", "--device", seen)
        keys = {team: client.add_key(kit, scene.data, team=team) for team in ("seeing", "blind")}
        stream = Stream(service, scene.everything)
        scene.device(service)
        number = stream.next()[0]
        after = scene.device(service)
        scene.admin("team", "join", "blind", "--device", after)
        stream.close()
    swell(scene, number, seen)
    with client.Service(kit, scene.data) as service:
        streams = {name: Stream(service, key, last=number - 1) for name, key in {**keys, "everything": scene.everything}.items()}
        kit.check("who sees all reads all again", streams["everything"].next()[:2] == (number, "reset"))
        kit.check("so does who sees the 151st of 201", streams["seeing"].next()[1] == "reset")
        first = streams["blind"].next()
        kit.check("who sees none of them hears of the next record only", first[1] == "change"
                  and first[2]["changed"][0]["name"] == after, first)
        for each in streams.values():
            each.close()


def main():
    kit = Kit()
    scene = Scene(kit)
    with client.Service(kit, scene.data) as service:
        number = hearing(kit, scene, service)
        coming_back(kit, scene, service, number)
        things(kit, scene, service)
        ending(kit, scene, service)
    with client.Service(kit, scene.data, "--streams", "4") as service:
        streams = too_many(kit, scene, service)
        kit.check("it stops while streams are open", service.stop() == 0)
        kit.check("and they end", all(each.drain() for each in streams))
    many(kit, scene)
    return kit.done()


sys.exit(main())
