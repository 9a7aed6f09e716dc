#!/usr/bin/env python3
"""The design of a device over the API: pushed, shown, saved by two people, checked, its threats decided on.

usage: api_design.py [PROGRAM]
"""
import copy
import hashlib
import json
import pathlib
import shutil
import sys

from kit import ROOT, Kit
from portfolio import edit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
DESIGN = f"/v1/devices/{DEVICE}/design"
FILES = f"/v1/devices/{DEVICE}/files/content"
SHELL = "P05@shell@"
SIGNER = "M02C:release-key@signer@"
SECRETS = {login: f"correct horse battery {login}" for login in ("ann", "dan")}
ACCEPT = {"outcome": "accepted", "reason": "One technician a night shift.", "until": "2027-11-01"}
RING = 10000


def bare(answer):
    body = answer.json
    body.pop("request", None)
    return answer.status, body


OWN_PACK = """\
schema: tutela-threat-rules/1
id: acme-own
version: "3"
title: What Acme looks at
rules:
  - id: ACME1
    title: A process listens
    on: element
    where: {kind: process}
    weak: {'listener?': "yes"}
    stride: D
    category: 1
    reach: one
    control: Paint it
    source: Bench notes
"""


def prepare(kit):
    data, folder = pathlib.Path(kit.path("data")), pathlib.Path(kit.path("pump"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*", "decisions"))
    kit.path("pump/rules/own.yaml", OWN_PACK)
    kit.path("pump/tests/image.md", "The image was compared.\n")
    kit.path("pump/positions.json", '{"schema": "tutela-positions/1", "views": {"*": {"shell": {"x": 4, "y": 8}}}}')
    edit(folder / "model.yaml", "{id: c-image,", "{id: c-image, evidence: tests/image.md,")
    done = kit.run("push", folder, "--to", data)
    kit.answers("a folder with a design is pushed, and it is said that a decision in it is proposed", done, 0, "threats.yaml: 1 of its decisions is proposed")
    for login, role in (("ann", "approver"), ("dan", "analyst")):
        kit.answers(f"the account of {login}", kit.run("admin", "user", "add", login, "--own-password", "--name", f"{login.capitalize()} Example",
                                                       "--role", role, "--data", data, stdin=SECRETS[login].encode() + b"\n"), 0)
    kit.run("admin", "team", "add", "pumps", "--data", data)
    for member in (("--user", "ann"), ("--user", "dan"), ("--device", DEVICE)):
        kit.answers(f"{member[1]} is of the team", kit.run("admin", "team", "join", "pumps", *member, "--data", data), 0)
    kit.answers("a team that sees nothing", kit.run("admin", "team", "add", "other", "--data", data), 0)
    kit.answers("it is pulled", kit.run("pull", DEVICE, "--from", data, "-o", kit.path("back")), 0)
    for name in ("model.yaml", "threats.yaml", "concept.yaml", "positions.json", "rules/own.yaml", "tests/image.md"):
        kit.check(f"{name} comes back byte for byte", (folder / name).read_bytes() == (folder.parent / "back" / name).read_bytes())
    return data, folder


def showing(kit, reader, other):
    got = reader.get(DESIGN)
    body = got.json
    kit.check("the model with its members", body["release"] == "4.4.0" and body["unread"] is None and "shell" in [row["id"] for row in body["model"]["elements"]]
              and {"zones", "flows", "controls", "credentials", "views", "states"} <= set(body["model"]), body)
    kit.check("positions as they were pushed", body["positions"] == {"*": {"shell": {"x": 4, "y": 8}}}, body["positions"])
    kit.check("packs, the maker's own too", [(row["id"], row["version"], len(row["digest"])) for row in body["packs"]]
              == [("tutela-medical", body["packs"][0]["version"], 64), ("acme-own", "3", 64)], body["packs"])
    assets, hazards = {row["id"]: row for row in body["assets"]}, {row["id"] for row in body["hazards"]}
    kit.check("assets with their hazards, of device.yaml", assets["delivery"]["essential"] and assets["delivery"]["hazards"]
              and all(set(row["hazards"]) <= hazards for row in assets.values()), body["assets"])
    kit.check("a decision that came by push is proposed", (body["dispositions"], body["proposed"]) == (1, 1), body)
    kit.check("its ETag is its version", got.headers["ETag"] == f'"v{body["version"]}"' and
              reader.get(DESIGN, {"If-None-Match": got.headers["ETag"]}).status == 304, got.headers)
    for path in ("", "/threats", "/questions"):
        kit.check(f"out of scope is like not there: {path or '/'}", bare(other.get(DESIGN + path)) == bare(other.get(f"/v1/devices/nothing/design{path}")))
    answer = other.post(f"{DESIGN}/check", {})
    kit.check("also to check", bare(answer) == bare(other.post("/v1/devices/nothing/design/check", {})) and answer.status == 404, answer)


def finding(kit, reader, folder):
    rows = {row["key"]: row for row in reader.pages(f"{DESIGN}/threats", limit=100)}
    shell, signer = rows[SHELL], rows[SIGNER]
    kit.check("a threat says what fired it and what it weighs", (shell["outcome"], shell["severity"], shell["reach"], shell["stride"], shell["element"], shell["flow"],
              shell["fda_category"]) == ("open", "catastrophic", 1, "S", "shell", None, 1)
              and {"subject": "accounts", "value": "shared"} in shell["reasons"] and shell["controls"] == ["c-named"], shell)
    kit.check("what nobody approved here is open, and says so", (signer["outcome"], signer["disposition"]["outcome"], signer["disposition"]["approved"])
              == ("open", "accepted", False) and signer["reopened"] == "nobody who may approve it has", signer)
    told = kit.run("threat", "list", folder, "--format", "json")
    alone = {row["key"]: row["outcome"] for row in json.loads(told.text) if row["outcome"] != "unknown"}
    kit.check("else the same as on the command line", alone.pop(SIGNER) == "accepted" and
              {key: rows[key]["outcome"] for key in alone} == alone and
              "unknown" not in {row["outcome"] for row in rows.values()}, alone)
    kit.check("worst first, and only those asked for", [row["key"] for row in reader.get(f"{DESIGN}/threats", outcome="unproven").json["items"]]
              == [key for key, row in rows.items() if row["outcome"] == "unproven"])
    table = reader.get(f"{DESIGN}/threats", {"Accept": "text/csv"}).text.splitlines()
    kit.check("as a table", table[0].startswith("key,rule,title,at") and len(table) == len(rows) + 1, table[:2])
    page = reader.get(f"{DESIGN}/questions").json
    kit.check("questions are listed apart", page["items"] == reader.post(f"{DESIGN}/check", {}).json["questions"]
              and page["total"]["count"] == reader.get(f"{DESIGN}/threats").json["questions"] == len(page["items"]), page)


def checking(kit, reader, model):
    saved = reader.post(f"{DESIGN}/check", {}).json
    counts = saved["counts"]
    kit.check("evidence that was pushed with the model is there", counts["lints"] == 0 and saved["lints"] == [], saved["lints"])
    other = copy.deepcopy(model)
    shell = next(row for row in other["elements"] if row["id"] == "shell")
    shell["facts"]["accounts"] = "named"
    del next(row for row in other["flows"] if row["id"] == "f28")["authentication"]
    got = reader.post(f"{DESIGN}/check", {"model": other})
    kit.check("what is sent is judged", got.status == 200 and SHELL not in [row["key"] for row in got.json["threats"] if row["outcome"] == "open"]
              and [row["at"] for row in got.json["questions"] if row not in saved["questions"]] == ["f28"]
              and got.json["counts"]["questions"] == counts["questions"] + 1, got.json["counts"], got.json["questions"])
    kit.check("and not saved", reader.post(f"{DESIGN}/check", {}).json == saved)
    for name, change, pointer in (
            ("a flow without an end", lambda m: m["flows"][3].update(to="nowhere"), "/model/flows/3/to"),
            ("a zone in itself", lambda m: m["zones"][2].update(parent=m["zones"][2]["id"]), "/model/zones/2"),
            ("a second element of one id", lambda m: m["elements"][5].update(id=m["elements"][4]["id"]), "/model/elements/5"),
            ("a word that is none", lambda m: m["elements"][0].update(kind="toaster"), "/model/elements/0/kind"),
            ("another member", lambda m: m.update(colour="red"), "/model/colour"),
            ("a negative count", lambda m: m["elements"][0].update(count=-1), "/model/elements/0/count")):
        other = copy.deepcopy(model)
        change(other)
        bad = reader.post(f"{DESIGN}/check", {"model": other})
        kit.check(f"{name} is refused with its place", bad.status == 422 and bad.json["errors"][0]["pointer"].startswith(pointer), bad.body)
    ring = copy.deepcopy(model)
    ring["elements"] += [{"id": f"ring{i}", "kind": "process"} for i in range(RING)]
    ring["flows"] += [{"id": f"arc{i}", "from": f"ring{i}", "to": f"ring{(i + 1) % RING}"} for i in range(RING)]
    large = reader.post(f"{DESIGN}/check", {"model": ring})
    kit.check("a ring of many elements is judged whole, of what is asked the first are named", large.status == 200
              and large.json["counts"]["questions"] > 3 * RING and len(large.json["questions"]) == 5000, large.body[:400])


def showing_views(kit, reader, other, folder):
    views = reader.pages(f"{DESIGN}/views", limit=2)
    cut = [view for view in views if view["kind"] == "updateability"]
    kit.check("views of all four kinds, with what they show", {"global", "multi-patient", "updateability", "use-case"} <= {view["kind"] for view in views}
              and cut and cut[0]["elements"] and cut[0]["flows"], views)
    picture = reader.get(f"{DESIGN}/views/{cut[0]['id']}")
    alone = shutil.copytree(folder, folder.parent / "undecided", ignore=shutil.ignore_patterns("threats.yaml"))
    drawn = kit.run("threat", "view", alone, cut[0]["id"])
    kit.check("a view is drawn as on the command line", picture.headers["Content-Type"].startswith("image/svg+xml") and picture.text.startswith("<svg")
              and picture.text == drawn.text, picture.headers, picture.text.count("<title>"), drawn.text.count("<title>"))
    kit.check("by its kind", reader.get(f"{DESIGN}/views/updateability").body == picture.body)
    whole = reader.get(f"{DESIGN}/views/*")
    kit.check("all of it", len(whole.body) > len(picture.body))
    flow = cut[0]["flows"][0]
    kit.check("with a path", reader.get(f"{DESIGN}/views/*?path={flow}").body != whole.body)
    kit.check("whose flow there is", reader.get(f"{DESIGN}/views/*?path=nowhere").faults == ["unknown path"])
    kit.check("no such view", reader.get(f"{DESIGN}/views/nothing").status == 404)
    paths = reader.get(f"{DESIGN}/paths").json
    told = json.loads(kit.run("threat", "paths", folder, "--format", "json").text)
    kit.check("attack paths as on the command line", paths["targets"] and {row["target"] for row in paths["targets"]} == {row["target"] for row in told["targets"]}
              and paths["entries"] == told["entries"], paths)
    one = reader.get(f"{DESIGN}/paths", to="motor").json
    kit.check("to one element", [row["target"] for row in one["targets"]] == ["motor"], one)
    kit.check("that there is", reader.get(f"{DESIGN}/paths", to="nothing").status == 404)
    page = reader.get(f"{DESIGN}/report")
    kit.check("the report", page.headers["Content-Type"].startswith("text/html") and "Larkspur IP-200" in page.text and SHELL in page.text and
              f"{DEVICE}-threat-model.html" in page.headers["Content-Disposition"], page.headers)
    table = reader.get(f"{DESIGN}/report", format="csv").text.splitlines()
    kit.check("its trace", table[0].startswith("key,rule,threat") and any(line.startswith(f'"{SHELL}"') for line in table), table[:2])
    for path in ("/views", "/views/global", "/paths", "/report"):
        kit.check(f"out of scope is like not there: {path}", bare(other.get(DESIGN + path)) == bare(other.get(f"/v1/devices/nothing/design{path}")))


def placing_findings(kit, reader, other):
    page = reader.get(f"{DESIGN}/findings", limit=1000)
    rows, body = page.json["items"], page.json
    known = {row["id"]: row for row in reader.pages("/v1/findings", filter=f"device:{DEVICE} release:4.4.0", limit=1000)}
    kit.check("findings stand at the elements that have their components", rows and (body["release"], body["sbom"]) == ("4.4.0", True)
              and {(row["element"], row["part"]) for row in rows if row["component"] == "openssl"} == {("netd", "k-openssl"), ("boot", "k-openssl")}, body)
    kit.check("with the decisions of the list of findings", all({name: row[name] for name in ("state", "status", "risk", "harm", "closed")}
              == {name: known[row["id"]][name] for name in ("state", "status", "risk", "harm", "closed")} for row in rows), rows[:2])
    placed = {row["id"] for row in rows}
    kit.check("what is at no element is counted", body["unplaced"] == len([row for row in known.values() if not row["closed"] and row["id"] not in placed]), body["unplaced"])
    one = reader.get(f"{DESIGN}/findings", element="boot").json
    kit.check("of one element", {row["element"] for row in one["items"]} == {"boot"} and one["unplaced"] == body["unplaced"], one)
    old = reader.get(f"{DESIGN}/findings", release="4.3.1").json
    kit.check("of another release", old["release"] == "4.3.1", old)
    details = [reader.get(f"{DESIGN}/findings", **{kind: "nothing"}).json["detail"] for kind in ("release", "element")]
    kit.check("that there is", details == ["there is no such release", "there is no such element"], details)
    hidden, missing = bare(other.get(f"{DESIGN}/findings")), bare(other.get("/v1/devices/nothing/design/findings"))
    kit.check("out of scope is like not there: /findings", hidden == missing and hidden[0] == 404, hidden, missing)


def put(who, body, etag="*"):
    return who.call("PUT", DESIGN, body, headers={"If-Match": etag})


def saving(kit, people, keys, data):
    setup, reader = people["dan"], keys["viewer"]
    before = reader.get(DESIGN)
    model = before.json["model"]
    kit.check("who reads does not save", put(reader, {"model": model}).status == 403)
    kit.check("nobody saves unseen", setup.put(DESIGN, {"model": model}).problem == "if-match")
    text = reader.get(f"{FILES}?path=model.yaml").text
    same = put(setup, {"model": model}, before.headers["ETag"])
    kit.check("a model that is the same leaves the file, with its comments", same.status == 200 and same.headers["ETag"] == before.headers["ETag"]
              and reader.get(f"{FILES}?path=model.yaml").text == text and "# at the bedside" in text, same)
    model["elements"].append({"id": "lamp", "kind": "hardware", "name": "Lamp: red, # or green", "zone": "ward", "count": 1, "patients": 0, "in_scope": False,
                              "facts": {"port": "no"}})
    positions = {"*": {"lamp": {"x": -12, "y": 0.5}, "zone:ward": {"x": 1, "y": 2}}}
    done = put(setup, {"model": model, "positions": positions, "reason": "A lamp"}, before.headers["ETag"])
    kit.check("it is saved", done.status == 200 and done.json["model"] == model and done.json["positions"] == positions
              and done.headers["ETag"] != before.headers["ETag"], done.body)
    stale = put(setup, {"model": model}, before.headers["ETag"])
    kit.check("who saw the old one is refused", (stale.status, stale.problem) == (412, "stale"), stale)
    stale = setup.call("PUT", DESIGN, {"model": before.json["model"]}, headers={"If-Match": '"7"'})
    kit.check("and one that never was", stale.status == 412, stale)
    records = reader.get("/v1/ledger", subject=f"device:{DEVICE}/model.yaml").json["items"]
    kit.check("the ledger has who, what and why", [(row["action"], row["body"].get("reason")) for row in records][0] == ("design.change", "A lamp"), records)
    kit.answers("pulled", kit.run("pull", DEVICE, "--from", data, "-o", kit.path("saved")), 0)
    folder = pathlib.Path(kit.path("saved"))
    kit.answers("what was saved is read on the command line", kit.run("threat", "list", folder), 0, SHELL)
    kit.check("in the order that it had", (folder / "model.yaml").read_text(encoding="utf-8").index("id: nurse") <
              (folder / "model.yaml").read_text(encoding="utf-8").index("id: lamp"))
    for name, positions, pointer in (("a place of one number", {"*": {"lamp": {"x": 1}}}, "/positions/*/lamp"), ("a view that is none", {"*": 3}, "/positions/*"),
                                     ("a place far away", {"*": {"lamp": {"x": 1e9, "y": 0}}}, "/positions/*/lamp")):
        bad = put(setup, {"model": model, "positions": positions})
        kit.check(f"{name} is refused with its place", bad.status == 422 and bad.json["errors"][0]["pointer"].startswith(pointer), bad.body)
    bad = put(setup, {"model": {**model, "flows": [{"id": "f", "from": "lamp", "to": "gone"}]}})
    kit.check("what the reader refuses is not saved", bad.status == 422 and bad.json["errors"][0]["pointer"] == "/model/flows/0/to"
              and reader.get(DESIGN).headers["ETag"] == done.headers["ETag"], bad.body)
    for path in ("model.yaml", "threats.yaml", "Model.yaml", "positions.json"):
        side = keys["analyst"].call("PUT", f"{FILES}?path={path}", b"x", headers={
            "If-Match": "*", "Content-Type": "application/octet-stream"})
        kit.check(f"{path} is not put as a file", side.status == 422, side.body)
    kit.check("a program saves", put(keys["analyst"], {"model": model}).status == 200)


def deciding(kit, people, keys, data):
    reader, ann = keys["viewer"], people["ann"]

    def decide(who, key, body, etag="*"):
        return who.call("PUT", f"{DESIGN}/threats/{key}/disposition", body, headers={"If-Match": etag})

    seen = reader.get(DESIGN).headers["ETag"]
    for name, who in (("who reads", reader), ("an analyst", people["dan"]), ("a key", keys["approver"])):
        kit.check(f"{name} does not decide", decide(who, SHELL, ACCEPT).status == 403)
    for name, body, code in (("an acceptance without an end", {"outcome": "accepted", "reason": "So"}, 422),
                             ("a transfer without its place", {"outcome": "transferred", "reason": "So"}, 422),
                             ("a reason of nothing", {**ACCEPT, "reason": "  "}, 422), ("mitigated", {**ACCEPT, "outcome": "mitigated"}, 422)):
        refused = decide(ann, SHELL, body)
        kit.check(f"{name} is refused", refused.status == code, refused.body)
    unknown = decide(ann, "P05@nothing@", ACCEPT)
    kit.check("no such threat", (unknown.status, unknown.json["detail"]) == (404, "there is no such threat"), unknown.body)
    settled = next(row["key"] for row in reader.get(f"{DESIGN}/threats", outcome="mitigated").json["items"])
    kit.check("nothing to decide", decide(ann, settled, ACCEPT).status == 409, decide(ann, settled, ACCEPT).body)
    done = decide(ann, SHELL, ACCEPT, seen)
    kit.check("it is accepted, by who asks", done.status == 200 and (done.json["outcome"], done.json["disposition"]["by"], done.json["disposition"]["approved"],
              done.json["disposition"]["until"], done.json["reopened"]) == ("accepted", "Ann Example", True, "2027-11-01", None), done.body)
    kit.check("by an old ETag no more", decide(ann, SHELL, ACCEPT, seen).status == 412)
    signer = decide(ann, SIGNER, {**ACCEPT, "reason": "Kept offline"})
    kit.check("what was proposed is decided on", signer.status == 200 and signer.json["outcome"] == "accepted" and reader.get(DESIGN).json["proposed"] == 0, signer.body)
    record = reader.get("/v1/ledger", subject=f"device:{DEVICE}/threats.yaml").json["items"][1]
    kit.check("the ledger has it", (record["action"], record["body"]["threat"], record["body"]["outcome"], record["body"].get("reason"))
              == ("design.decide", SHELL, "accepted", ACCEPT["reason"]), record)
    folder = pathlib.Path(kit.path("decided"))
    kit.answers("it is in the folder", kit.run("pull", DEVICE, "--from", data, "-o", folder), 0)
    kit.answers("and holds there", kit.run("threat", "list", folder), 0)
    text = (folder / "threats.yaml").read_text(encoding="utf-8")
    edit(folder / "threats.yaml", "2027-11-01", "2099-11-01")
    refused = kit.run("push", folder, "--to", data)
    kit.check("a push does not change what was approved", refused.returncode == 1 and "was approved in the store" in refused.complaint, refused.complaint)
    (folder / "threats.yaml").write_text(text + FORGED, encoding="utf-8")
    kit.answers("another one is a proposal", kit.run("push", folder, "--to", data), 0, "threats.yaml: 1 of its decisions is proposed")
    row = next(row for row in reader.pages(f"{DESIGN}/threats", limit=500) if row["key"] == "P05@shell@f28")
    kit.check("that settles nothing", (row["outcome"], row["disposition"]["by"], row["disposition"]["approved"]) == ("open", "Ann Example", False), row)
    model = reader.get(DESIGN).json["model"]
    next(row for row in model["elements"] if row["id"] == "shell")["facts"]["accounts"] = "group account"
    kit.check("a fact gets another value", put(people["dan"], {"model": model}).status == 200)
    row = next(row for row in reader.pages(f"{DESIGN}/threats", limit=500) if row["key"] == SHELL)
    kit.check("then it is open again, with the reason", row["outcome"] == "open" and row["reopened"], row)
    gone = ann.call("DELETE", f"{DESIGN}/threats/{SHELL}/disposition", headers={"If-Match": "*"})
    kit.check("a decision is taken back", gone.status == 204 and f'{SHELL}\n' not in reader.get(f"{FILES}?path=threats.yaml").text.replace('"', ""), gone)
    kit.check("once", ann.call("DELETE", f"{DESIGN}/threats/{SHELL}/disposition", headers={"If-Match": "*"}).status == 404)


def baselines(kit, people, keys, other):
    reader, ann = keys["viewer"], people["ann"]

    def sign(who, body, etag="*"):
        return who.call("POST", f"{DESIGN}/baselines", body, headers={"If-Match": etag})

    seen = reader.get(DESIGN)
    body = {"name": "4.4.0 as submitted", "zone": "+01:00", "reason": "Submission"}
    for name, who in (("who reads", reader), ("an analyst", people["dan"]), ("a key", keys["approver"])):
        kit.check(f"{name} signs no baseline", sign(who, body).status == 403)
    kit.check("nobody signs what they did not see", (sign(ann, body, '"v7"').status, sign(ann, {**body, "zone": "Mars"}).problem) == (412, "conflict"),
              sign(ann, {**body, "zone": "Mars"}).body)
    kit.check("\"now\" is none", sign(ann, {**body, "name": "now"}).status == 422)
    done = sign(ann, body, seen.headers["ETag"])
    kit.check("a baseline is signed", done.status == 201 and (done.json["name"], done.json["by"], done.json["zone"]) == (body["name"], "Ann Example", "+01:00")
              and done.headers["Location"] == f"{DESIGN}/baselines/{done.json['id']}", done.body)
    kit.check("once by this name", sign(ann, body).problem == "conflict")
    kit.check("it is listed", [row["id"] for row in reader.get(f"{DESIGN}/baselines").json["items"]] == [done.json["id"]])
    document = reader.get(done.headers["Location"])
    kit.check("what was signed has its digest", hashlib.sha256(document.body).hexdigest() == done.json["digest"])
    packs = [(row["id"], row["version"], row["digest"]) for row in seen.json["packs"]]
    kit.check("and names packs, files and decisions that count", [(row["id"], row["version"], row["sha256"]) for row in document.json["packs"]] == packs
              and {"device.yaml", "model.yaml", "threats.yaml", "rules/own.yaml", "tests/image.md"} <= {row["path"] for row in document.json["files"]}
              and [row["threat"] for row in document.json["approved"]] == [SIGNER], document.json)
    signatures = reader.get("/v1/signatures", subject=f"baseline:{done.json['id']}").json["items"]
    kit.check("the signature is among the signatures", [(row["meaning"], row["content"]) for row in signatures] == [("approval", done.json["digest"])], signatures)
    records = people["ann"].get("/v1/ledger", subject=f"baseline:{done.json['id']}").json["items"]
    kit.check("the ledger has it", [(row["action"], row["body"]["name"]) for row in records] == [("design.baseline", body["name"])], records)
    same = reader.get(f"{DESIGN}/diff", **{"from": body["name"]})
    kit.check("nothing differs yet", same.json["changes"] == [] and same.json["threats"] == [] and same.json["words_only"], same.body)
    model = seen.json["model"]
    next(row for row in model["elements"] if row["id"] == "shell")["facts"]["accounts"] = "named"
    kit.check("then it does", put(people["dan"], {"model": model}).status == 200)
    diff = reader.get(f"{DESIGN}/diff", **{"from": done.json["id"], "to": "now"}).json
    gone = [row for row in diff["threats"] if row["key"] == SHELL]
    kit.check("what was changed, and which threat went", [(row["list"], row["id"], row["member"]) for row in diff["changes"]] == [("elements", "shell", "facts.accounts")]
              and gone and gone[0]["before"]["outcome"] == "open" and not diff["words_only"], diff)
    back = reader.get(f"{DESIGN}/diff", to=done.json["id"]).json
    kit.check("and the other way round", [row["key"] for row in back["threats"]] == [row["key"] for row in diff["threats"]], back)
    details = [answer.json["detail"] for answer in (reader.get(f"{DESIGN}/diff", **{"from": "nothing"}), reader.get(f"{DESIGN}/baselines/nothing"))]
    kit.check("no such baseline", details == ["there is no such baseline"] * 2, details)
    for path in ("/baselines", f"/baselines/{done.json['id']}", "/diff"):
        kit.check(f"out of scope is like not there: {path}", bare(other.get(DESIGN + path)) == bare(other.get(f"/v1/devices/nothing/design{path}")))
    kit.check("nor its signature", other.get("/v1/signatures", subject=f"baseline:{done.json['id']}").json["items"] == [])


def safety_side(kit, people, keys, other):
    """A threat that shows a hazard, and a control that makes one, are somebody's to answer."""
    reader, writer, path = keys["viewer"], keys["analyst"], f"{DESIGN}/safety"
    kit.check("every threat of the example has its hazard", reader.get(path).json["items"] == [], reader.get(path).body)
    what = {"kind": "control", "subject": "c-named", "text": "Who has lost the card cannot service the pump in an emergency", "owner": "dan"}
    kit.check("who reads opens none", reader.post(path, what).status == 403)
    for name, body, pointer in (("no such control", {**what, "subject": "c-none"}, "/subject"), ("no such threat", {**what, "kind": "threat"}, "/subject"),
                                ("no such owner", {**what, "owner": "nobody"}, "/owner")):
        bad = writer.post(path, body)
        kit.check(f"{name}: refused with its place", (bad.status, bad.json.get("pointer")) == (422, pointer), bad.body)
    made = writer.post(path, what)
    kit.check("a control that makes a hazard has a record with an owner", made.status == 201 and (made.json["state"], made.json["owner"], made.json["subject"])
              == ("open", "dan", "c-named") and made.headers["Location"] == f"{path}/{made.json['id']}", made.body)
    kit.check("one record each", writer.post(path, what).problem == "conflict")
    one = made.headers["Location"]

    def change(who, body, etag="*"):
        return who.call("PATCH", one, body, headers={"If-Match": etag})

    seen = reader.get(one).headers["ETag"]
    unanswered = change(writer, {"state": "closed"})
    kit.check("it is not closed without an answer", (unanswered.status, unanswered.json.get("pointer")) == (422, "/outcome"), unanswered.body)
    closed = change(writer, {"state": "closed", "outcome": "A key in a sealed box: hazard H-12 of the risk file", "owner": None}, seen)
    kit.check("it is closed with what came of it", closed.status == 200 and (closed.json["state"], closed.json["owner"], closed.json["version"]) == ("closed", None, 2)
              and "H-12" in closed.json["outcome"], closed.body)
    kit.check("by who saw it", change(writer, {"text": "other"}, seen).status == 412)
    kit.check("and opened again", change(writer, {"state": "open"}).json["state"] == "open")
    records = people["ann"].get("/v1/ledger", subject=f"safety:{made.json['id']}").json["items"]
    kit.check("the ledger has all of it", [row["action"] for row in records] == ["safety.change", "safety.change", "safety.open"]
              and records[1]["body"]["outcome"] == closed.json["outcome"], records)
    kit.check("it is listed", [(row["id"], row["state"]) for row in reader.get(path).json["items"]] == [(made.json["id"], "open")])
    for tail in ("", f"/{made.json['id']}"):
        kit.check("out of scope is like not there: /safety", bare(other.get(path + tail)) == bare(other.get(f"/v1/devices/nothing/design/safety{tail}")))


FORGED = """\
  - key: "P05@shell@f28"
    outcome: accepted
    by: Ann Example
    at: 2026-11-01
    until: 2027-11-01
    severity: catastrophic
    reason: One technician a night shift.
"""


def beginning(kit, keys, data):
    """A device without a model."""
    kit.path("bench/device.yaml", "family: Bench Tester\nmanufacturer: {name: Acme}\nreleases:\n- {version: '1.0'}\n")
    kit.answers("a device without a model", kit.run("push", kit.folder / "bench", "--to", data), 0)
    bench = "/v1/devices/bench-tester/design"
    got = keys["viewer"].get(bench)
    kit.check("has none, and nothing is found in it", got.json["model"] is None and got.json["unread"] is None and keys["viewer"].get(f"{bench}/threats").status == 404, got.body)
    model = {"zones": [{"id": "box", "name": "Box", "role": "device"}],
             "elements": [{"id": "mcu", "kind": "process", "name": "Controller", "zone": "box", "count": 10, "patients": 1, "functions": ["therapy"]},
                          {"id": "app", "kind": "external", "name": "Phone", "zone": "box"}],
             "flows": [{"id": "f1", "from": "app", "to": "mcu", "medium": "radio", "carries": ["command"]}]}
    done = keys["analyst"].call("PUT", bench, {"model": model}, headers={"If-Match": got.headers["ETag"]})
    kit.check("one is begun", done.status == 200 and [row["id"] for row in done.json["model"]["elements"]] == ["mcu", "app"], done.body)
    page = keys["viewer"].get(f"{bench}/questions").json
    kit.check("and asked about", ("f1", "authentication") in [(row["at"], row["subject"]) for row in page["items"]], page)
    model["flows"][0].update(authentication="none", freshness="none", facts={"pairing": "just-works"})
    kit.check("it is opened by facts", keys["analyst"].call("PUT", bench, {"model": model}, headers={"If-Match": "*"}).status == 200)
    threats = [row for row in keys["viewer"].pages(f"{bench}/threats") if row["outcome"] == "open" and row["stride"] in "STDE"]
    shown = keys["viewer"].get(f"{bench}/safety").json["items"]
    kit.check("threats where no hazard is stated for what is lost are suggested to the safety side", threats and
              {row["subject"] for row in shown} == {row["key"] for row in threats} and {(row["state"], row["id"]) for row in shown} == {("suggested", None)}, shown, threats)
    taken = keys["analyst"].post(f"{bench}/safety", {"kind": "threat", "subject": threats[0]["key"], "text": "The drive may start"})
    kit.check("until they have a record", taken.status == 201 and (threats[0]["key"], "open") in
              [(row["subject"], row["state"]) for row in keys["viewer"].get(f"{bench}/safety").json["items"]], taken.body)
    kit.path("bench/model.yaml", "schema: tutela-model/1\nelements:\n- {id: a, kind: toaster}\n")
    bad = kit.run("push", kit.folder / "bench", "--to", data)
    kit.check("a folder whose model cannot be read is not pushed", bad.returncode == 3 and "model.yaml:3" in bad.complaint, bad.returncode, bad.complaint)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data, folder = prepare(kit)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        keys = {role: service.client(client.add_key(kit, data, role)) for role in ("viewer", "analyst", "approver")}
        other = service.client(client.add_key(kit, data, "analyst", "other"))
        people = {login: service.sign_in(login, secret)[1] for login, secret in SECRETS.items()}
        showing(kit, keys["viewer"], other)
        finding(kit, keys["viewer"], folder)
        checking(kit, keys["viewer"], keys["viewer"].get(DESIGN).json["model"])
        showing_views(kit, keys["viewer"], other, folder)
        placing_findings(kit, keys["viewer"], service.client(client.add_key(kit, data, "analyst", "other")))
        saving(kit, people, keys, data)
        deciding(kit, people, keys, data)
        safety_side(kit, people, keys, other)
        baselines(kit, people, keys, other)
        beginning(kit, keys, data)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
