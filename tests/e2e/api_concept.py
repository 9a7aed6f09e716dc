#!/usr/bin/env python3
"""The concept phase of a device over the API: shown, answered and discussed by two people, with a pack, and what its answers would add to the design.

usage: api_concept.py [PROGRAM]
"""
import copy
import json
import pathlib
import shutil
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
CONCEPT = f"/v1/devices/{DEVICE}/concept"
DESIGN = f"/v1/devices/{DEVICE}/design"
FILES = f"/v1/devices/{DEVICE}/files/content"
BENCH = "/v1/devices/bench-tester/concept"
SECRETS = {login: f"correct horse battery {login}" for login in ("ann", "dan")}
EVIL = "\u202e<b>x</b> # no: comment\n- key: \"y\"\n\n  ${z} =cmd|' /C'!A0 \u05e9\u05dc\u05d5\u05dd \x01\x7f"
PACK = {"properties": [{"id": "PID-2", "text": "A case", "threats": []},
                       {"id": "PID-21", "text": "A door", "parentProp": "PID-2", "threats": [{"id": "TID-9", "text": "Opened"}]}]}


def bare(answer):
    body = answer.json
    body.pop("request", None)
    return answer.status, body


def prepare(kit):
    data, folder = pathlib.Path(kit.path("data")), pathlib.Path(kit.path("pump"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*", "decisions"))
    kit.answers("a folder with a concept is pushed", kit.run("push", folder, "--to", data), 0)
    kit.path("bench/device.yaml", "family: Bench Tester\nmanufacturer: {name: Acme}\nreleases:\n- {version: '1.0'}\n")
    kit.answers("and one without", kit.run("push", kit.folder / "bench", "--to", data), 0)
    for login in SECRETS:
        kit.answers(f"the account of {login}", kit.run("admin", "user", "add", login, "--own-password", "--name", f"{login.capitalize()} Example",
                                                       "--role", "analyst", "--data", data, stdin=SECRETS[login].encode() + b"\n"), 0)
    kit.run("admin", "team", "add", "pumps", "--data", data)
    for member in (("--user", "ann"), ("--user", "dan"), ("--device", DEVICE), ("--device", "bench-tester")):
        kit.answers(f"{member[1]} is of the team", kit.run("admin", "team", "join", "pumps", *member, "--data", data), 0)
    kit.answers("a team that sees nothing", kit.run("admin", "team", "add", "other", "--data", data), 0)
    return data, folder


def put(who, body, etag="*", path=CONCEPT):
    return who.call("PUT", path, body, headers={"If-Match": etag})


def question(body, name):
    return next(row for row in body["questions"] if row["id"] == name)


def stakeholder(body, name):
    return next(row for row in body["stakeholders"] if row["stakeholder"] == name)


def rows_of(body):
    return [{name: value for name, value in row.items() if name != "open"} for row in body["discussions"]]


def showing(kit, reader, other, folder):
    got = reader.get(CONCEPT)
    body = got.json
    told = json.loads(kit.run("concept", folder, "--format", "json").text)
    kit.check("the concept as on the command line", {name: body[name] for name in told if name not in ("format", "format_version")}
              == {name: value for name, value in told.items() if name not in ("format", "format_version")} and body["recorded"], body)
    kit.check("each question says why it is asked", len(body["questions"]) > 55 and all(row["why"] and row["text"] for row in body["questions"]))
    kit.check("what is open is counted", body["counts"]["open"] == len([row for row in body["questions"] if row["state"] == "open"])
              and body["counts"]["stakeholders_open"] == len([row for row in body["stakeholders"] if row["open"]]) > 0 and not body["settled"], body["counts"])
    kit.check("at most ten questions go to a hospital", 0 < len(body["hospital_it"]) <= 10)
    kit.check("its ETag", got.headers["ETag"].startswith(f'"v{body["version"]}') and reader.get(CONCEPT, {"If-None-Match": got.headers["ETag"]}).status == 304, got.headers)
    for path in ("", "/seed"):
        kit.check(f"out of scope is like not there: {path or '/'}", bare(other.get(CONCEPT + path)) == bare(other.get(f"/v1/devices/nothing/concept{path}"))
                  and other.get(CONCEPT + path).status == 404)
    hidden = put(other, {})
    kit.check("also to write", bare(hidden) == bare(put(other, {}, path="/v1/devices/nothing/concept")) and hidden.status in (403, 404), hidden)
    bench = reader.get(BENCH).json
    kit.check("without a record all is open", not bench["recorded"] and bench["counts"]["open"] + bench["counts"]["not_asked"] == len(bench["questions"])
              and bench["counts"]["yes"] == 0 and bench["counts"]["stakeholders_open"] == 7 and not bench["settled"], bench["counts"])
    seed = reader.get(f"{BENCH}/seed").json
    kit.check("and adds nothing", seed["model"] is None and not any(seed["added"].values()) and seed["unknown"] == [] and seed["device"] == "", seed)


def two_people(kit, people, reader, data):
    ann, dan = people["ann"], people["dan"]
    seen = reader.get(CONCEPT)
    kit.check("who reads does not write", put(reader, {}).status == 403)
    kit.check("nobody writes unseen", ann.put(CONCEPT, {}).problem == "if-match")
    text = reader.get(f"{FILES}?path=concept.yaml").text
    same = put(ann, {"answers": [{"question": "wifi", "answer": question(seen.json, "wifi")["state"], "note": question(seen.json, "wifi").get("note")}],
                     "discussions": rows_of(seen.json)}, seen.headers["ETag"])
    kit.check("what is said already is not written again", same.status == 200 and reader.get(f"{FILES}?path=concept.yaml").text == text, same.body)
    was = question(seen.json, "alarms")["state"]
    change = {"answers": [{"question": "alarms", "answer": "unknown" if was != "unknown" else "no", "note": EVIL}], "reason": "Asked again"}
    done = put(ann, change, seen.headers["ETag"])
    row = question(done.json, "alarms")
    kit.check("an answer is by who asks, and counts", done.status == 200 and (row["state"], row["by"]) == (change["answers"][0]["answer"], "Ann Example")
              and row["note"] == EVIL.strip() and done.headers["ETag"] != seen.headers["ETag"], row, done.body[:400])
    after = reader.get(f"{FILES}?path=concept.yaml").text
    kit.check("it is added, and the earlier one stays", after.startswith(text.rstrip("\n")) and after.count("question: alarms") == text.count("question: alarms") + 1)
    stale = put(dan, change, seen.headers["ETag"])
    kit.check("the second of two is told so", (stale.status, stale.problem) == (412, "stale") and reader.get(f"{FILES}?path=concept.yaml").text == after, stale.body)
    kit.check("and one that never was", put(dan, change, '"v7"').status == 412)
    again = put(dan, {"answers": [{"question": "alarms", "answer": "yes"}]}, done.headers["ETag"])
    kit.check("a later answer takes its place", question(again.json, "alarms")["state"] == "yes" and question(again.json, "alarms")["by"] == "Dan Example", again.body[:400])
    records = reader.get("/v1/ledger", subject=f"device:{DEVICE}/concept.yaml").json["items"]
    kit.check("the ledger has who, what and why", [(row["action"], row["body"].get("reason")) for row in records][:2] == [("design.change", None), ("design.change", "Asked again")], records)
    kit.answers("pulled", kit.run("pull", DEVICE, "--from", data, "-o", kit.path("saved")), 0)
    told = kit.run("concept", kit.folder / "saved", "--format", "json")
    kit.check("the command line reads the same", question(json.loads(told.text), "alarms")["by"] == "Dan Example", told.complaint)


def discussing(kit, people, reader):
    ann = people["ann"]
    body = reader.get(CONCEPT).json
    text = reader.get(f"{FILES}?path=concept.yaml").text
    rows = rows_of(body)
    rows.append({"stakeholder": "regulatory", "concern": EVIL, "owner": "Regulatory affairs", "due": "2030-01-31T00:00:00Z"})
    open_one = next(row for row in rows if row["concern"].startswith("Certificates on 600"))
    open_one["answer"] = "A second certificate is loaded before the first ends."
    done = put(ann, {"discussions": rows})
    kit.check("a concern is added and one is answered", done.status == 200 and done.json["discussions"][-1]["concern"] == EVIL and not done.json["discussions"][-1]["open"]
              and stakeholder(done.json, "hospital-it")["concerns_open"] == 0, done.body[:600])
    after = reader.get(f"{FILES}?path=concept.yaml").text
    lines = [line for line in text.splitlines() if line not in after.splitlines()]
    kit.check("every line of the others stays", lines == [], lines)
    signed = {name: stakeholder(done.json, name).get("signed_by") for name in ("clinician", "service")}
    kit.check("sign-offs of others stay", all(signed.values()), signed)
    rows = rows_of(done.json)
    next(row for row in rows if row["stakeholder"] == "clinician")["answer"] = "Nothing is done."
    fallen = put(ann, {"discussions": rows}).json
    kit.check("what was signed and is another now has no sign-off", "signed_by" not in stakeholder(fallen, "clinician") and stakeholder(fallen, "clinician")["open"]
              and stakeholder(fallen, "service").get("signed_by") == signed["service"], fallen["stakeholders"])
    keep = [{"stakeholder": row["stakeholder"], "by": row["signed_by"], "at": row["signed_at"], "note": row.get("sign_off_note")} for row in fallen["stakeholders"] if "signed_by" in row]
    signed = put(ann, {"sign_offs": [*keep, {"stakeholder": "clinician", "by": "Head nurse of the pilot ward"}, {"stakeholder": "hospital-it"}]}).json
    kit.check("it is signed again, for the stakeholder or by who asks", (stakeholder(signed, "clinician")["signed_by"], stakeholder(signed, "hospital-it")["signed_by"])
              == ("Head nurse of the pilot ward", "Ann Example") and not stakeholder(signed, "clinician")["open"], signed["stakeholders"])
    kit.check("one of several is taken back", "signed_by" not in stakeholder(put(ann, {"sign_offs": keep}).json, "clinician"))
    emptied = put(ann, {"discussions": [], "sign_offs": []}).json
    kit.check("all are taken out", emptied["discussions"] == [] and emptied["counts"]["stakeholders_open"] == 7, emptied["counts"])
    again = put(ann, {"discussions": rows}).json
    kit.check("and put back", len(again["discussions"]) == len(rows), again["discussions"])


def refusing(kit, people, reader):
    ann = people["ann"]
    before = reader.get(CONCEPT).headers["ETag"]
    concern = {"stakeholder": "patient", "concern": "x"}
    for name, body, pointer in (
            ("an unknown question", {"answers": [{"question": "alarms", "answer": "no"}, {"question": "wify", "answer": "yes"}]}, "/answers/1"),
            ("a question of a pack that is not here", {"answers": [{"question": "other/PID-2", "answer": "yes"}]}, "/answers/0"),
            ("one that its pack does not have", {"answers": [{"question": "emb3d/PID-9", "answer": "yes"}]}, "/answers/0/question"),
            ("an unknown answer", {"answers": [{"question": "wifi", "answer": "maybe"}]}, "/answers/0/answer"),
            ("an answer of nothing", {"answers": [{"question": "wifi", "answer": None}]}, "/answers/0/answer"),
            ("an answer by somebody else", {"answers": [{"question": "wifi", "answer": "yes", "by": "The king"}]}, "/answers/0/by"),
            ("a note of 10,000 characters", {"answers": [{"question": "wifi", "answer": "yes", "note": "x" * 10000}]}, "/answers/0/note"),
            ("a concern of 10,000 characters", {"discussions": [concern, {**concern, "concern": "y" * 10000}]}, "/discussions/1/concern"),
            ("a concern of spaces", {"discussions": [{**concern, "concern": "  "}]}, "/discussions/0/concern"),
            ("a stakeholder that is none", {"discussions": [{**concern, "stakeholder": "neighbour"}]}, "/discussions/0/stakeholder"),
            ("a concern of tomorrow", {"discussions": [{**concern, "raised": "2999-01-01T00:00:00Z"}]}, "/discussions/0"),
            ("a sign-off of what was not discussed", {"discussions": [concern], "sign_offs": [{"stakeholder": "supplier"}]}, "/sign_offs/0"),
            ("two sign-offs of one", {"discussions": [concern], "sign_offs": [{"stakeholder": "patient"}, {"stakeholder": "patient"}]}, "/sign_offs/1"),
            ("a sign-off of tomorrow", {"discussions": [concern], "sign_offs": [{"stakeholder": "patient", "at": "2999-01-01T00:00:00Z"}]}, "/sign_offs/0"),
            ("a class that is none", {"class": "fridge"}, "/class"),
            ("another member", {"colour": "red"}, "/colour")):
        bad = put(ann, body)
        kit.check(f"{name} is refused with its place", bad.status == 422 and bad.json["errors"][0]["pointer"].startswith(pointer), bad.status, bad.body[:600])
    kit.check("none of it was written", reader.get(CONCEPT).headers["ETag"] == before)
    many = put(ann, {"answers": [{"question": "wifi", "answer": ("yes", "no")[i % 2], "note": f"{i}"} for i in range(1000)]})
    kit.check("a thousand answers are taken", many.status == 200 and question(many.json, "wifi")["note"] == "999", many.body[:300])
    for _ in range(5):
        many = put(ann, {"answers": [{"question": "wifi", "answer": ("no", "yes")[i % 2], "note": f"b{i}"} for i in range(1000)]})
    kit.check("but not without end, and that is said", many.status == 409 and "more than 5000 answers" in many.json["detail"], many.status, many.body[:400])


def files(kit, keys, reader, data):
    """What nobody can read does not get in by another way."""
    def side(path, text):
        return keys["analyst"].call("PUT", f"{FILES}?path={path}", text, headers={"If-Match": "*", "Content-Type": "application/octet-stream"})

    for name, path, text in (("a concept that cannot be read", "concept.yaml", b"schema: tutela-concept/1\nanswers: yes\n"),
                             ("questions that are none", "questions/emb3d.json", b'{"x": 1}')):
        bad = side(path, text)
        kit.check(f"{name} is not put as a file", bad.status == 422, bad.status, bad.body)
    kit.path("bench/concept.yaml", "schema: tutela-concept/1\nclass: fridge\n")
    bad = kit.run("push", kit.folder / "bench", "--to", data)
    kit.check("nor pushed", bad.returncode == 3 and "concept.yaml:2" in bad.complaint, bad.returncode, bad.complaint)
    (kit.folder / "bench" / "concept.yaml").unlink()
    done = side("questions/emb3d.json", json.dumps(PACK).encode()), side("questions/LICENSE", b"Take it.\n")
    kit.check("a pack is put as a file", [answer.status for answer in done] == [204, 204], done)
    body = reader.get(CONCEPT).json
    kit.check("its questions are asked", question(body, "emb3d/PID-21")["state"] == "open" and body["packs"] == [
        {"id": "emb3d", "title": body["packs"][0]["title"], "file": "emb3d.json", "digest": body["packs"][0]["digest"], "questions": 2, "read": True, "recorded": False,
         "licence": "Take it."}], body["packs"])
    return body


def with_a_pack(kit, people, reader, data):
    done = put(people["dan"], {"answers": [{"question": "emb3d/PID-2", "answer": "yes"}, {"question": "emb3d/PID-21", "answer": "unknown"}]})
    kit.check("they are answered, and the pack is recorded with its licence", done.status == 200 and question(done.json, "emb3d/PID-2")["state"] == "yes"
              and [(row["recorded"], row["licence"]) for row in done.json["packs"]] == [(True, "Take it.")], done.body[-900:])
    kit.check("its threats are among those to consider", "TID-9" in [row["id"] for row in done.json["threats_to_consider"]], done.json["threats_to_consider"])
    folder = kit.folder / "packed"
    kit.answers("pulled", kit.run("pull", DEVICE, "--from", data, "-o", folder), 0)
    told = kit.run("concept", folder, "--format", "json")
    kit.check("the command line asks them too", question(json.loads(told.text), "emb3d/PID-2")["state"] == "yes", told.complaint)
    kit.answers("pushed again", kit.run("push", folder, "--to", data), 0)
    kit.check("they are still there", question(reader.get(CONCEPT).json, "emb3d/PID-21")["state"] == "unknown")


def drafting(kit, people):
    """What is typed and not saved is a person's own."""
    path = "/v1/drafts/form"
    kept = people["ann"].call("PUT", path, {"content": "typed", "version": 0}, subject=f"concept:{DEVICE}")
    kit.check("a draft of the concept is kept apart from that of the device", kept.status == 200 and people["ann"].get(path, subject=f"concept:{DEVICE}").json["content"] == "typed"
              and people["ann"].get(path, subject=f"device:{DEVICE}").json["content"] is None and people["dan"].get(path, subject=f"concept:{DEVICE}").json["content"] is None, kept.body)
    kit.check("of a device that is there", people["ann"].get(path, subject="concept:nothing").status == 404)


def seeding(kit, people, reader):
    first = put(people["ann"], {"class": "bedside", "answers": [{"question": "therapy", "answer": "yes"}, {"question": "wifi", "answer": "yes"},
                                                                {"question": "secure-boot", "answer": "unknown"}]}, reader.get(BENCH).headers["ETag"], BENCH)
    kit.check("a record is begun", first.status == 200 and first.json["class"] == "bedside" and first.json["recorded"], first.body[:300])
    stale = put(people["dan"], {"class": "implant"}, '"v1"', BENCH)
    kit.check("not by two", stale.status == 412, stale.body)
    other = put(people["dan"], {"class": "imaging"}, first.headers["ETag"], BENCH)
    kit.check("the class is corrected", other.json["class"] == "imaging" and question(other.json, "therapy")["state"] == "yes", other.body[:300])
    put(people["dan"], {"class": "bedside"}, "*", BENCH)
    design = "/v1/devices/bench-tester/design"
    before = reader.get(design)
    seed = reader.get(f"{BENCH}/seed").json
    ids = {name: [row["id"] for row in seed["model"][name]] for name in seed["added"]}
    kit.check("what the answers would add is proposed", seed["added"] == ids and len(ids["elements"]) >= 2 and ids["flows"] and ids["zones"] and "v-global" in ids["views"]
              and seed["design_version"] == before.json["version"], seed["added"])
    kit.check("what is unknown adds nothing and says so", [line for line in seed["unknown"] if line.startswith("secure-boot: ")], seed["unknown"])
    kit.check("what device.yaml may want", "assets:" in seed["device"] and "# Questions to the safety engineer" in seed["device"], seed["device"])
    kit.check("nothing was written", reader.get(design).headers["ETag"] == before.headers["ETag"] and reader.get(design).json["model"] is None)
    taken = people["ann"].call("PUT", design, {"model": seed["model"]}, headers={"If-Match": before.headers["ETag"]})
    kit.check("a person takes it over", taken.status == 200 and [row["id"] for row in taken.json["model"]["elements"]] == ids["elements"], taken.body[:300])
    again = reader.get(f"{BENCH}/seed").json
    kit.check("then nothing is left to add", not any(again["added"].values()) and again["model"] is None, again["added"])
    model = copy.deepcopy(seed["model"])
    gone = model["flows"].pop()
    for view in model["views"]:
        if isinstance(view.get("flows"), list):
            view["flows"] = [one for one in view["flows"] if one != gone["id"]]
    model["elements"].append({"id": "own", "kind": "process", "name": "Ours"})
    people["ann"].call("PUT", design, {"model": model}, headers={"If-Match": "*"})
    again = reader.get(f"{BENCH}/seed").json
    kit.check("only what is missing is", again["added"] == {"zones": [], "elements": [], "flows": [gone["id"]], "views": []}
              and "own" in [row["id"] for row in again["model"]["elements"]], again["added"])
    pump = reader.get(f"{CONCEPT}/seed")
    kit.check("of a model that people wrote", pump.status == 200 and isinstance(pump.json["facts"], list), pump.body[:300])


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data, folder = prepare(kit)
    keys = {role: client.add_key(kit, data, role) for role in ("auditor", "analyst")}
    hidden = client.add_key(kit, data, "analyst", team="other")
    with client.Service(kit, data) as service:
        reader, other = service.client(keys["auditor"]), service.client(hidden)
        keys = {role: service.client(key) for role, key in keys.items()}
        people = {login: service.sign_in(login, secret)[1] for login, secret in SECRETS.items()}
        showing(kit, reader, other, folder)
        two_people(kit, people, reader, data)
        discussing(kit, people, reader)
        files(kit, keys, reader, data)
        with_a_pack(kit, people, reader, data)
        drafting(kit, people)
        seeding(kit, people, reader)
        refusing(kit, people, reader)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
