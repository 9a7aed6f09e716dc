#!/usr/bin/env python3
"""Saved views, their counts, and drafts of forms through the API.

usage: api_views.py [PROGRAM]
"""
import pathlib
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
NOBODY = "0" * 32
PEOPLE = {"ann": "analyst", "ben": "analyst", "vic": "viewer", "eve": "analyst"}
SECRETS = {login: f"correct horse battery {login}" for login in PEOPLE}
OPEN = {"name": "Exploited, open", "list": "findings", "filter": "kev:yes state:not-assessed", "sort": "-severity"}


def bare(answer):
    """An answer without what differs from request to request."""
    body = answer.json
    body.pop("request", None)
    return answer.status, answer.headers.get("Content-Type"), body


def names(who):
    return [row["name"] for row in who.get("/v1/views").json["items"]]


def views(kit, people, key):
    ann, ben, vic, eve = (people[login] for login in PEOPLE)
    made = ann.post("/v1/views", OPEN)
    kit.check("a view of one's own", (made.status, made.json["team"], made.json["filter"]) == (201, None, OPEN["filter"]), made.body)
    path = made.headers["Location"]
    kit.check("nobody else has it", names(ben) == [] and names(vic) == [] and names(ann) == [OPEN["name"]])
    hidden, missing = ben.get(path), ben.get("/v1/views/" + NOBODY)
    kit.check("it is like none for others", bare(hidden) == bare(missing) and hidden.status == 404, hidden.body)
    shared = ann.post("/v1/views", {**OPEN, "name": "Worst", "team": "pumps", "list": "vulnerabilities", "filter": "harm:>=serious"})
    kit.check("a view of a team", shared.status == 201 and names(ben) == names(vic) == ["Worst"] and names(eve) == [], shared.body)
    kit.check("of a team that one is not in", eve.post("/v1/views", {**OPEN, "team": "pumps"}).status == 422
              and eve.post("/v1/views", {**OPEN, "team": "no such team"}).status == 422)
    kit.check("who reads keeps views of their own, none for a team",
              vic.post("/v1/views", {**OPEN, "name": "Mine"}).status == 201 and vic.post("/v1/views", {**OPEN, "team": "pumps"}).status == 403)
    tag = shared.headers.get("ETag") or ben.get(shared.headers["Location"]).headers["ETag"]
    changed = ben.call("PUT", shared.headers["Location"], {"name": "Worst of all", "filter": "harm:>=critical"}, headers={"If-Match": tag})
    kit.check("a member changes it", (changed.status, changed.json["name"], changed.json["list"]) == (200, "Worst of all", "vulnerabilities"),
              changed.body)
    stale = ann.call("PUT", shared.headers["Location"], {"name": "Other", "filter": ""}, headers={"If-Match": tag})
    kit.check("an ETag of yesterday", (stale.status, stale.problem) == (412, "stale"), stale.body)
    kit.check("without an ETag", ann.call("PUT", path, OPEN).status == 428)
    kit.check("a viewer does not change it", vic.call("PUT", shared.headers["Location"], OPEN, headers={"If-Match": "*"}).status == 403)
    rows = [({"name": "x", "filter": "kve:yes"}, 422), ({"name": " ", "filter": ""}, 422), ({"filter": ""}, 422),
            ({"name": "x", "filter": "", "list": "things"}, 422)]
    kit.check("views that are none", [ann.post("/v1/views", body).status for body, _ in rows] == [status for _, status in rows])
    kit.check("a key has no views", key.get("/v1/views").status == 403)
    return path


def counts(kit, people, path):
    ann, eve = people["ann"], people["eve"]
    got = ann.get("/v1/views/counts").json
    expected = ann.post("/v1/findings/counts", {"filters": [OPEN["filter"]]}).json["counts"][0]
    groups = ann.get("/v1/vulnerabilities", filter="harm:>=critical", limit=1).json["total"]["count"]
    kit.check("all views are counted in one call", [(row["name"], row["count"]) for row in got["views"]]
              == [(OPEN["name"], expected), ("Worst of all", groups)] and expected > 0 and got["gaps"]["releases"] == 2, got)
    eve.post("/v1/views", {**OPEN, "filter": f"device:{DEVICE}"})
    got = eve.get("/v1/views/counts").json
    kit.check("what cannot be counted is not 0", [row["count"] for row in got["views"]] == [None] and got["gaps"]["releases"] == 0, got)
    gone = ann.call("DELETE", path, headers={"If-Match": "*"})
    kit.check("removed", gone.status == 204 and names(ann) == ["Worst of all"] and ann.get(path).status == 404, gone.body)


def drafts(kit, people):
    ann, ben, vic, eve = (people[login] for login in PEOPLE)
    finding = ann.get("/v1/findings", limit=1).json["items"][0]["id"]
    subject = "finding:" + finding
    form = "/v1/drafts/form"
    empty = ann.get(form, subject=subject).json
    kit.check("nothing was typed", (empty["content"], empty["version"], empty["others"]) == (None, 0, []), empty)
    kit.check("ann has it open", ann.post(form + "/open?subject=" + subject).json["others"] == [])
    seen = ben.post(form + "/open?subject=" + subject).json["others"]
    kit.check("ben sees who else has it open", [(row["name"], row["typed"]) for row in seen] == [("Ann Example", False)], seen)
    one = ann.call("PUT", form, {"content": "not affected, since", "version": 0}, subject=subject)
    two = ann.call("PUT", form, {"content": "not affected, since it", "version": 1}, subject=subject)
    kit.check("what she types is kept", (one.json["version"], two.json["version"], two.json["content"]) == (1, 2, "not affected, since it"),
              two.body)
    late = ann.call("PUT", form, {"content": "another window", "version": 1}, subject=subject)
    kit.check("another window does not overwrite it", (late.status, late.problem) == (409, "conflict")
              and ann.get(form, subject=subject).json["content"] == "not affected, since it", late.body)
    kit.check("it is nobody else's", ben.get(form, subject=subject).json["content"] is None
              and [(row["name"], row["typed"]) for row in ben.get(form, subject=subject).json["others"]] == [("Ann Example", True)])
    listed = ann.get("/v1/drafts").json["drafts"]
    kit.check("her drafts", [(row["subject"], row["version"]) for row in listed] == [(subject, 2)] and ben.get("/v1/drafts").json["drafts"] == [])
    hidden = eve.get(form, subject=subject)
    missing = eve.get(form, subject=subject.rsplit("/", 1)[0] + "/" + NOBODY)
    kit.check("out of scope there is no form", bare(hidden) == bare(missing) and hidden.status == 404, hidden.body)
    kit.check("nor may one be opened there", eve.post(form + "/open?subject=" + subject).status == 404
              and eve.call("PUT", form, {"content": "x", "version": 0}, subject=subject).status == 404)
    kit.check("subjects that are none", [ann.get(form, subject=row).status for row in ("finding:x", "thing:1", "device:no-such-pump", "x")]
              == [404] * 4)
    kit.check("others that there are", ann.get(form, subject=f"device:{DEVICE}").status == 200
              and ann.get(form, subject="decision:" + ann.get("/v1/decisions").json["items"][0]["id"]).status == 200)
    kit.check("who only reads has no form", vic.get(form, subject=subject).status == 403)
    kit.check("thrown away", ann.call("DELETE", form, subject=subject).status == 204
              and ann.get(form, subject=subject).json["version"] == 0 and ben.get(form, subject=subject).json["others"] == [])


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", EXAMPLE, "--to", data), 0)
    kit.answers("a team", kit.run("admin", "team", "add", "pumps", "--data", data), 0)
    kit.answers("it has the device", kit.run("admin", "team", "join", "pumps", "--device", DEVICE, "--data", data), 0)
    for login, role in PEOPLE.items():
        kit.answers(f"the account of {login}", kit.run("admin", "user", "add", login, "--own-password", "--name", login.capitalize() + " Example", "--role", role,
                                                       "--data", data, stdin=SECRETS[login].encode() + b"\n"), 0)
        if login != "eve":
            kit.answers(f"{login} is in the team", kit.run("admin", "team", "join", "pumps", "--user", login, "--data", data), 0)
    with client.Service(kit, data) as service:
        people = {login: service.sign_in(login, secret)[1] for login, secret in SECRETS.items()}
        path = views(kit, people, service.client(client.add_key(kit, data)))
        counts(kit, people, path)
        drafts(kit, people)
    return kit.done()


sys.exit(main())
