#!/usr/bin/env python3
"""Decisions through the API: what they would do, proposing, signing, rejecting, superseding, many at once, two at once.

usage: api_decisions.py [PROGRAM]
"""
import pathlib
import shutil
import sys
import threading

from kit import ROOT, Kit
from portfolio import edit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

DEVICE = "larkspur-ip-200"
NOBODY = "0" * 32
ELSEWHERE = "127.0.0.2"  # another address: what decides is asked twenty times at once of each
CURL, AWK = "CVE-2023-38545", "CVE-2021-42386"
SECRETS = {login: f"correct horse battery {login}" for login in ("ann", "ben", "cid", "dan")}
CLEARED = {"status": "not_affected", "justification": "vulnerable_code_not_in_execute_path", "impact": "No proxy is ever used.",
           "role": "PSIRT lead", "learned_at": "2026-11-01T10:00:00Z"}
WORST = {"status": "affected", "risk": "uncontrolled", "harm": "serious", "exploitability": "high", "action": "Update to 4.5.0",
         "remedy": "vendor_fix", "role": "PSIRT lead", "learned_at": "2026-11-01T10:00:00Z"}


def bare(answer):
    """An answer without what differs from request to request."""
    body = answer.json
    body.pop("request", None)
    return answer.status, answer.headers.get("Content-Type"), body


def find(reader, vulnerability, release="4.4.0"):
    rows = reader.get("/v1/findings", filter=f"device:{DEVICE} release:{release} vulnerability:{vulnerability}").json["items"]
    return rows[0]["id"]


def open_findings(reader, count):
    """Of one component, that nobody has assessed."""
    rows = reader.get("/v1/findings", filter=f"device:{DEVICE} release:4.4.0 state:not-assessed", limit=500).json["items"]
    names = [row["component"] for row in rows]
    most = max(sorted(set(names)), key=names.count)
    return [row["id"] for row in rows if row["component"] == most][:count]


def about(finding, what, supersedes=None):
    return {"findings": [{"finding": finding, **({"supersedes": supersedes} if supersedes else {})}], **what}


def state_of(reader, finding):
    body = reader.get("/v1/findings/" + finding).json
    return body["state"], body["status"], body["proposed"] and body["proposed"]["status"]


def row_of(reader, finding):
    """As the list has it."""
    return [row for row in reader.pages("/v1/findings", filter=f"device:{DEVICE}", limit=1000) if row["id"] == finding][0]


def dry_run(kit, analyst, curl):
    records = analyst.get("/v1/decisions").json["total"]["count"]
    dry = analyst.post("/v1/decisions/dry-run", about(curl, CLEARED)).json
    one = dry["decisions"][0]
    kit.check("what it would close", (dry["possible"], dry["applies"], dry["applies_in"], dry["closes"]) == (True, 1, 1, 1), dry)
    kit.check("what it would state", [(row["release"], row["status"], row["impact"]) for row in dry["statements"]]
              == [("4.4.0", "not_affected", CLEARED["impact"])], dry["statements"])
    kit.check("the premises that it rests on", (one["premises"]["version"], one["premises"]["score"]) == ("7.88.1", 9.8), one["premises"])
    kit.check("the text that it would be", f"impact: {CLEARED['impact']}" in one["text"] and one["approvals_needed"] == 2, one)
    worst = analyst.post("/v1/decisions/dry-run", about(curl, WORST)).json
    starts = {row["rule"] for row in worst["decisions"][0]["starts"]}
    kit.check("the deadlines that it would start", {"fda-30", "fda-60"} <= starts and worst["closes"] == 0, starts)
    kit.check("what is cleared starts none of them", not {"fda-30", "fda-60"} & {row["rule"] for row in one["starts"]}, one["starts"])
    bad = analyst.post("/v1/decisions/dry-run", about(curl, {**CLEARED, "role": "passer-by"})).json
    kit.check("what would be refused, and why", not bad["possible"] and "the decision is by " in bad["decisions"][0]["error"]
              and "who may not decide by the policy" in bad["decisions"][0]["error"], bad)
    kit.check("nothing was made", analyst.get("/v1/decisions").json["total"]["count"] == records
              and state_of(analyst, curl) == ("not assessed", "under_investigation", None))


def proposing(kit, analyst, curl):
    before = analyst.get("/v1/findings", filter=f"vulnerability:{CURL}")
    made = analyst.post("/v1/decisions", about(curl, CLEARED), headers={"Idempotency-Key": "once"})
    kit.check("proposed", made.status == 201 and made.headers["Location"] == "/v1/decisions/" + made.json["decisions"][0], made.body)
    again = analyst.post("/v1/decisions", about(curl, CLEARED), headers={"Idempotency-Key": "once"})
    kit.check("the same key gives the same answer", (again.status, again.json) == (201, made.json), again.body)
    after = analyst.get("/v1/findings", filter=f"vulnerability:{CURL}")
    kit.check("the next list has it, under another ETag", row_of(analyst, curl)["state"] == "proposed"
              and before.headers["ETag"] != after.headers["ETag"])
    kit.check("a proposal closes nothing", state_of(analyst, curl) == ("not assessed", "under_investigation", "not_affected"))
    identity = made.json["decisions"][0]
    second = analyst.post("/v1/decisions", about(curl, WORST))
    kit.check("who comes second hears what the first said", (second.status, second.problem, second.faults)
              == (409, "conflict", ["decided /findings/0"]) and second.json["errors"][0]["expected"] == identity, second.body)
    dry = analyst.post("/v1/decisions/dry-run", about(curl, WORST)).json
    kit.check("a dry run says so, too", not dry["possible"] and dry["decisions"][0]["contradicts"]["id"] == identity, dry)
    return identity


def replacing(kit, analyst, curl, first):
    made = analyst.post("/v1/decisions", about(curl, {**CLEARED, "impact": "Its proxy options are off."}, first))
    kit.check("a proposal takes the place of another", made.status == 201, made.body)
    second = made.json["decisions"][0]
    old, new = analyst.get(f"/v1/decisions/{first}").json, analyst.get(f"/v1/decisions/{second}").json
    kit.check("the first is superseded", (old["state"], new["state"], old["name"] == new["name"]) == ("superseded", "proposed", True))
    late = analyst.post("/v1/decisions", about(curl, WORST, first))
    kit.check("what is not current cannot be superseded", late.status == 409, late.body)
    other = analyst.post("/v1/decisions", about(find(analyst, AWK, "4.3.1"), WORST, second))
    kit.check("nor what is about something else", other.status == 422, other.body)
    return second


def signing(kit, people, key, curl, identity):
    ann, ben = people["ann"], people["ben"]
    row = ann.get(f"/v1/decisions/{identity}").json
    shown = {"version": row["version"], "sha256": row["sha256"], "zone": "+01:00"}
    path = f"/v1/decisions/{identity}/approve"
    kit.check("a key signs nothing", key.post(path, shown).status == 403)
    kit.check("an analyst does not approve", people["dan"].post(path, shown).status == 403)
    wrong = ann.post(path, {**shown, "password": "something else"})
    kit.check("another password signs nothing", (wrong.status, wrong.problem) == (401, "wrong-credentials") and wrong.json.get("errors") is None, wrong.body)
    stale = ann.post(path, {**shown, "sha256": "0" * 64, "password": SECRETS["ann"]})
    kit.check("another text signs nothing", stale.status == 409, stale.body)
    one = ann.post(path, {**shown, "password": SECRETS["ann"]})
    kit.check("one of two", (one.status, one.json["state"], one.json["approvals"], one.json["needed"]) == (200, "proposed", 1, 2)
              and "Ann Example" in one.json["signature"] and "approval" in one.json["signature"], one.body)
    kit.check("one of two closes nothing", row_of(ann, curl)["closed"] is False and state_of(ann, curl)[0] == "not assessed")
    kit.check("the same person once", ann.post(path, shown).status == 409)
    before = ann.get("/v1/findings", filter=f"vulnerability:{CURL}").headers["ETag"]
    two = ben.post(path, shown)  # proved by signing in
    kit.check("two of two", (two.status, two.json["state"], two.json["findings"], two.json["releases"]) == (200, "approved", 1, 1), two.body)
    after = ann.get("/v1/findings", filter=f"vulnerability:{CURL}").headers["ETag"]
    seen = row_of(ann, curl)
    kit.check("the next list shows it, under another ETag", (seen["state"], seen["status"], seen["closed"]) == ("decided", "not_affected", True)
              and before != after, seen)
    late = people["cid"].post(path, {**shown, "password": SECRETS["cid"]})
    kit.check("it is approved, and says by whom", late.status == 409 and late.faults == ["decided "]
              and "Ben Example" in late.json["errors"][0]["detail"], late.body)
    detail = ann.get("/v1/findings/" + curl).json["decisions"][0]
    kit.check("the finding has who signed", (detail["signed_by"], detail["state"], detail["valid"]) == ("Ben Example", "approved", True), detail)


def superseding(kit, people, analyst, curl, identity):
    plain = analyst.post("/v1/decisions", about(curl, WORST))
    kit.check("an approved one is in the way", plain.status == 409 and plain.json["errors"][0]["expected"] == identity, plain.body)
    dry = analyst.post("/v1/decisions/dry-run", about(curl, WORST, identity)).json
    kit.check("what superseding it would open", (dry["possible"], dry["opens"], dry["closes"]) == (True, 1, 0)
              and dry["decisions"][0]["supersedes"]["id"] == identity, dry)
    made = analyst.post("/v1/decisions", about(curl, WORST, identity)).json["decisions"][0]
    kit.check("until it is approved the first counts", state_of(analyst, curl)[:2] == ("decided", "not_affected"))
    row = analyst.get(f"/v1/decisions/{made}").json
    for login in ("ann", "ben"):
        done = people[login].post(f"/v1/decisions/{made}/approve", {"version": row["version"], "sha256": row["sha256"], "zone": "Z",
                                                                    "password": SECRETS[login]})
    kit.check("then the second", done.json["state"] == "approved" and state_of(analyst, curl)[:2] == ("decided", "affected"), done.body)


def rejecting(kit, people, analyst, finding):
    made = analyst.post("/v1/decisions", about(finding, CLEARED)).json["decisions"][0]
    row = analyst.get(f"/v1/decisions/{made}").json
    body = {"version": row["version"], "sha256": row["sha256"], "password": SECRETS["ben"]}
    path = f"/v1/decisions/{made}/reject"
    kit.check("not without a reason", people["ben"].post(path, body).status == 422)
    done = people["ben"].post(path, {**body, "reason": "the code is in the execute path"})
    kit.check("rejected", (done.status, done.json["state"]) == (200, "rejected"), done.body)
    kit.check("it is kept, and counts for nothing", analyst.get(f"/v1/decisions/{made}").json["state"] == "rejected"
              and state_of(analyst, finding) == ("not assessed", "under_investigation", None))
    kit.check("another may be proposed", analyst.post("/v1/decisions", about(finding, WORST)).status == 201)


def many(kit, analyst):
    findings = open_findings(analyst, 4)
    count = analyst.get("/v1/decisions").json["total"]["count"]
    body = {"findings": [{"finding": finding} for finding in findings], **CLEARED}
    dry = analyst.post("/v1/decisions/dry-run", body).json
    kit.check("the premises that differ are named", "advisory" in dry["differs"] and "version" not in dry["differs"]
              and len(dry["decisions"]) == 4, dry["differs"])
    taken = analyst.post("/v1/decisions", about(findings[2], WORST)).json["decisions"][0]
    refused = analyst.post("/v1/decisions", body)
    kit.check("all or none", refused.status == 409 and refused.faults == ["decided /findings/2"]
              and analyst.get("/v1/decisions").json["total"]["count"] == count + 1, refused.body)
    body["findings"][2]["supersedes"] = taken
    made = analyst.post("/v1/decisions", body)
    rows = [analyst.get(f"/v1/decisions/{row}").json for row in made.json["decisions"]]
    kit.check("a decision for each", [row["vulnerability"] for row in rows] == [finding.split("/")[0] for finding in findings], made.body)
    twice = analyst.post("/v1/decisions", {"findings": [{"finding": findings[0]}] * 2, **CLEARED})
    kit.check("a finding twice", twice.status == 422, twice.body)


def at_once(kit, analyst):
    """Two decide on one finding at the same time: one is first, the other hears of it."""
    finding = open_findings(analyst, 1)[0]
    answers, gate = [], threading.Barrier(4)

    def decide(what):
        gate.wait()
        answers.append(analyst.post("/v1/decisions", about(finding, what)))

    threads = [threading.Thread(target=decide, args=(what,)) for what in (CLEARED, WORST, CLEARED, WORST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [answer for answer in answers if answer.status == 201]
    lost = [answer for answer in answers if answer.status == 409]
    kit.check("of four at once one is first", (len(won), len(lost)) == (1, 3), [answer.status for answer in answers])
    kit.check("the others hear what it said", {answer.json["errors"][0]["expected"] for answer in lost} == set(won[0].json["decisions"]))


def who_may(kit, service, reader, other, analyst, identity, curl):
    for path in (f"/v1/decisions/{identity}", ):
        hidden, missing = other.get(path), other.get(path.replace(identity, NOBODY))
        kit.check("a decision out of scope is like none", bare(hidden) == bare(missing) and hidden.status == 404, hidden.body)
    kit.check("none in the list", other.get("/v1/decisions").json["total"]["count"] == 0
              and other.get("/v1/decisions", device=DEVICE).json["total"]["count"] == 0)
    hidden = other.call("POST", "/v1/decisions", about(curl, CLEARED), source=ELSEWHERE)
    missing = other.call("POST", "/v1/decisions", about(curl.rsplit("/", 1)[0] + "/" + NOBODY, CLEARED), source=ELSEWHERE)
    kit.check("deciding out of scope is like on nothing", bare(hidden) == bare(missing) and hidden.status == 404, hidden.body, missing.body)
    kit.check("who reads decides nothing", reader.call("POST", "/v1/decisions", about(curl, CLEARED), source=ELSEWHERE).status == 403)
    kit.check("nobody is 401", service.client().call("POST", "/v1/decisions", about(curl, CLEARED), source=ELSEWHERE).status == 401)
    program = service.client(client.add_key(kit, kit.folder / "data", "analyst"))
    rows = [({**about(curl, CLEARED), "status": "fine"}, ["enum /status"]), ({"status": "affected"}, ["required /findings"]),
            ({**about("x", CLEARED)}, []), ({"findings": [], "status": "fixed"}, ["items /findings"])]
    for body, faults in rows:
        answer = program.call("POST", "/v1/decisions", body, source=ELSEWHERE)
        kit.check(f"a body that is wrong: {faults or 'no finding'}", answer.status == 422 and (answer.faults if faults else []) == faults,
                  answer.body)
    table = reader.get("/v1/decisions", headers={"Accept": "text/csv"}, state="approved").text.splitlines()
    kit.check("as a table", table[0].startswith("id,device,name,vulnerability,state") and len(table) > 1, table)


def prepare(kit, data):
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    for login, secret in SECRETS.items():
        role = "analyst" if login == "dan" else "approver"
        kit.answers(f"the account of {login}", kit.run("admin", "user", "add", login, "--own-password", "--name", login.capitalize() + " Example", "--role", role,
                                                       "--data", data, stdin=secret.encode() + b"\n"), 0)
    folder = pathlib.Path(kit.path("pump"))
    shutil.copytree(ROOT / "examples" / "infusion-pump", folder, ignore=shutil.ignore_patterns(".tutela*"))
    edit(folder / "device.yaml", "policy:\n", "policy:\n  approvals: 2\n")
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    for team in ("pumps", "other"):
        kit.answers(f"the team {team}", kit.run("admin", "team", "add", team, "--data", data), 0)
    for login in SECRETS:
        kit.answers(f"{login} is in it", kit.run("admin", "team", "join", "pumps", "--user", login, "--data", data), 0)
    kit.answers("it has the device", kit.run("admin", "team", "join", "pumps", "--device", DEVICE, "--data", data), 0)


def try_device(who, path, text):
    return who.call("POST", f"{path}/dry-run", text, headers={"Content-Type": "application/yaml"})


def tried(kit, who, path, lower):
    """What a device.yaml would do, without putting it; its releases."""
    before = who.get(f"{path}/document").text
    said = try_device(who, path, lower).json
    kit.check("a trial says what protection it takes away", any("approvals: 1 instead of 2" in one for one in said["lowers"]), said)
    kit.check("and what becomes controlled", said["releases_without_sbom"] == 0 and all(
        row["looked_at"] and row["to_uncontrolled"] == 0 and row["uncontrolled_now"] - row["to_controlled"] == row["uncontrolled_then"] for row in said["releases"])
        and sum(row["to_controlled"] for row in said["releases"]) > 0, said)
    same = try_device(who, path, before).json
    kit.check("the same text does nothing", same["lowers"] == [] and all(
        row["to_controlled"] == row["to_uncontrolled"] == row["reopened"] == 0 for row in same["releases"]), same)
    wrong = try_device(who, path, before + "colour: blue\n")
    kit.check("one that is none is refused", wrong.status == 422 and "no such key" in wrong.json["detail"], wrong)
    kit.check("nothing was put", who.get(f"{path}/document").text == before)
    return said["releases"]


def lowering(kit, people, program):
    """A policy that protects less is an approver's, who has just proved who they are; one that tightens is not."""
    path = f"/v1/devices/{DEVICE}"
    text = people["dan"].get(f"{path}/document").text

    def put(who, body):
        return who.call("PUT", path, body, headers={"Content-Type": "application/yaml", "If-Match": "*"})

    lower = text.replace("approvals: 2", "approvals: 1").replace("catastrophic: uncontrolled", "catastrophic: controlled", 1)
    lower = lower.replace("[https://supplier.example]", "[https://supplier.example, Anybody]")
    for name, who in (("an analyst", people["dan"]), ("a key", program)):
        refused = put(who, lower)
        kit.check(f"{name} does not lower the policy, and is told what it lowers", (refused.status, refused.problem) == (403, "forbidden")
                  and all(words in refused.json["detail"] for words in ("approvals: 1 instead of 2", "Anybody is new", "approver",
                                                                        "catastrophic: controlled instead of uncontrolled")), refused.body)
    for change, words in (({"[US, EU]": "[EU]", "markets: [US]\n": "markets: [EU]\n"}, "markets: US is gone"), ({"medical: true": "medical: false"}, "medical: false")):
        fewer = text
        for old, new in change.items():
            fewer = fewer.replace(old, new)
        refused = put(people["dan"], fewer)
        kit.check(f"an analyst does not take deadlines away ({words})", (refused.status, refused.problem) == (403, "forbidden")
                  and words in refused.json["detail"], refused.body)
    kit.check("nothing was changed", people["dan"].get(f"{path}/document").text == text)
    tight = text.replace("undecided_days: 30", "undecided_days: 20")
    kit.check("an analyst tightens it", put(people["dan"], tight).status == 200)
    kit.check("and does not loosen it again", put(people["dan"], text).status == 403)
    would = tried(kit, people["dan"], path, lower)
    done = put(people["ann"], lower)
    kit.check("an approver lowers it", done.status == 200, done.body)
    back = {row["release"]: row for row in try_device(people["dan"], path, text).json["releases"]}
    kit.check("it did what was said before", all(
        (back[row["release"]]["uncontrolled_now"], back[row["release"]]["to_uncontrolled"]) == (row["uncontrolled_then"], row["to_controlled"]) for row in would), would, back)
    body = people["ann"].get(f"/v1/ledger?subject=device:{DEVICE}").json["items"][0]["body"]
    kit.check("the ledger says what it lowered", "approvals: 1 instead of 2" in body["policy_lowered"], body)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    prepare(kit, data)
    with client.Service(kit, data) as service:
        people = {login: service.sign_in(login, secret)[1] for login, secret in SECRETS.items()}
        analyst, reader = people["dan"], service.client(client.add_key(kit, data))
        other = service.client(client.add_key(kit, data, "analyst", team="other"))
        curl = find(analyst, CURL)
        dry_run(kit, analyst, curl)
        first = proposing(kit, analyst, curl)
        second = replacing(kit, analyst, curl, first)
        signing(kit, people, service.client(client.add_key(kit, data, "analyst")), curl, second)
        superseding(kit, people, analyst, curl, second)
        rejecting(kit, people, analyst, find(analyst, "CVE-2023-52160"))
        many(kit, analyst)
        at_once(kit, analyst)
        who_may(kit, service, reader, other, analyst, second, curl)
        lowering(kit, people, service.client(client.add_key(kit, data, "analyst")))
    return kit.done()


sys.exit(main())
