#!/usr/bin/env python3
"""Cases and deadlines over the API: opened, assigned, filled, followed, closed by rule; what others see of them.

usage: api_cases.py [PROGRAM]
"""
import concurrent.futures
import csv
import io
import json
import pathlib
import shutil
import sys
import time

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
from stream import Stream  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE, OTHER = "larkspur-ip-200", "larkspur-ip-300"
CURL, PIPE = "CVE-2023-38545", "CVE-2022-0847"  # not affected; uncontrolled and exploited
SHELL, SHELL_ALSO = "CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"  # exploited, which only the knowledge base says; decided by its other name
AWK = "CVE-2021-42386"
SECRET = "correct horse battery staple of ann"
NOBODY = "0" * 32


def bare(answer):
    body = answer.json
    body.pop("request", None)
    return answer.status, body


def world(kit):
    """The example twice, its decisions approved; a team for each device."""
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    first, other = (pathlib.Path(kit.path(name)) for name in ("pump", "other-pump"))
    for folder in (first, other):
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    curl = (first / "decisions/curl-socks.yaml").read_text(encoding="utf-8")
    for old, new in (("id: curl-socks", "id: curl-440"), ('- "4.3.1"', '- "4.4.0"'), ('"7.76.1"', '"7.88.1"')):
        curl = curl.replace(old, new)
    (first / "decisions/curl-440.yaml").write_text(curl, encoding="utf-8")
    pipe = first / "decisions/kernel-dirty-pipe.yaml"
    pipe.write_text(pipe.read_text(encoding="utf-8").partition("events:")[0], encoding="utf-8")
    shell = first / "decisions/gateway-log4shell.yaml"
    text = shell.read_text(encoding="utf-8").replace(f"vulnerability: {SHELL}", f"vulnerability: {SHELL_ALSO}")
    shell.write_text(text.replace("kev: true", "kev: false").partition("events:")[0], encoding="utf-8")
    kit.answers("the example", kit.run("push", first, "--to", data), 0)
    text = (other / "device.yaml").read_text(encoding="utf-8").replace("family: Larkspur IP-200", "family: Larkspur IP-300")
    (other / "device.yaml").write_text(text, encoding="utf-8")
    shutil.rmtree(other / "decisions")
    kit.answers("another", kit.run("push", other, "--to", data, "--new-device"), 0)
    for team, device in (("one", DEVICE), ("two", OTHER), ("none", None)):
        kit.run("admin", "team", "add", team, "--data", data)
        if device:
            kit.answers(f"team {team}", kit.run("admin", "team", "join", team, "--device", device, "--data", data), 0)
    done = kit.run("admin", "user", "add", "ann", "--own-password", "--name", "Ann Example", "--role", "approver", "--data", data,
                   stdin=SECRET.encode() + b"\n")
    kit.answers("a person", done, 0)
    for name in ("curl-socks", "curl-440", "kernel-dirty-pipe", "gateway-log4shell"):
        kit.answers(f"{name} is approved", kit.run("approve", DEVICE, name, "--in", data, "--by", "ann", stdin=SECRET.encode() + b"\n"), 0)
    return data


def opening(kit, writer, viewer, outside):
    refused = viewer.post("/v1/cases", {"vulnerability": CURL})
    kit.check("who reads opens none", (refused.status, refused.problem) == (403, "forbidden"), refused)
    made = writer.post("/v1/cases", {"vulnerability": CURL, "learned_at": "2026-02-09T14:00:00Z"}, {"Idempotency-Key": "a"})
    again = writer.post("/v1/cases", {"vulnerability": CURL, "learned_at": "2026-02-09T14:00:00Z"}, {"Idempotency-Key": "a"})
    kit.check("a case is opened", made.status == 201 and made.headers["Location"] == f"/v1/cases/{made.json['id']}", made)
    kit.check("the same key, the same case", again.json == made.json)
    row = made.json
    kit.check("it knows what it is about", (row["vulnerability"], row["state"], row["devices"], row["not_affected"]) ==
              (CURL, "open", 1, 2) and row["learned_at"] == "2026-02-09T14:00:00Z", row)
    twice = writer.post("/v1/cases", {"vulnerability": CURL})
    kit.check("there is one already", (twice.status, twice.problem) == (409, "conflict"), twice)
    none, unknown = outside.post("/v1/cases", {"vulnerability": PIPE}), writer.post("/v1/cases", {"vulnerability": "CVE-1999-9999"})
    kit.check("a vulnerability out of scope is like none", bare(none) == bare(unknown) and none.status == 404, none, unknown)
    bad = writer.post("/v1/cases", {"vulnerability": PIPE, "learned_at": "2026-02-30T00:00:00Z", "more": 1})
    kit.check("all that is wrong with it", sorted(bad.faults) == ["format /learned_at", "unknown /more"], bad)
    late = writer.post("/v1/cases", {"vulnerability": PIPE, "learned_at": "2199-01-01T00:00:00Z"})
    kit.check("nothing is learned in the future", late.status == 422, late)
    return row["id"]


def scope(kit, case, viewer, other, outside):
    """The other device has the vulnerability, too; its team has no case."""
    hidden, missing = outside.get(f"/v1/cases/{case}"), outside.get(f"/v1/cases/{NOBODY}")
    kit.check("out of scope is like not there", bare(hidden) == bare(missing), hidden, missing)
    kit.check("so for the team of the other device", bare(other.get(f"/v1/cases/{case}")) == bare(missing))
    all_of_them = viewer.get("/v1/cases").json["total"]["count"]
    without = viewer.get("/v1/cases/without", state="open", owner="nobody-of-this-name").json
    kit.check("why a list is empty", (without["count"], without["without"]) ==
              (0, [{"parameter": "state", "count": 0}, {"parameter": "owner", "count": all_of_them}]) and all_of_them > 0, without)
    without = viewer.get("/v1/cases/without", device="no-such-pump", deadline_before="2001-01-01T00:00:00Z", owner="none", state="closed").json
    kit.check("of each filter", [row["parameter"] for row in without["without"]] == ["state", "owner", "device", "deadline_before"], without)
    kit.check("nothing is counted out of scope", other.get("/v1/cases/without", owner="none").without_gaps ==
              {"count": 0, "without": [{"parameter": "owner", "count": 0}]})
    empty = {"items": [], "next": None, "total": {"count": 0, "exact": True}}
    kit.check("and in the list", other.get("/v1/cases").without_gaps == empty and case in [row["id"] for row in viewer.get("/v1/cases").json["items"]])


def owning(kit, case, writer, outside):
    path = f"/v1/cases/{case}"
    seen = writer.get(path)
    kit.check("nobody owns it", [row["need"] for row in seen.json["conditions"]] == ["owner"], seen.json["conditions"])
    without = writer.call("PUT", f"{path}/owner", {"owner": "ann"})
    kit.check("If-Match is asked for", without.status == 428, without)
    tag = {"If-Match": seen.headers["ETag"]}
    blind = writer.call("PUT", f"{path}/owner", {"owner": "ann"}, headers=tag)
    nobody = writer.call("PUT", f"{path}/owner", {"owner": "no-such"}, headers=tag)
    kit.check("who does not see the device is like nobody", bare(blind) == bare(nobody) and blind.status == 422, blind, nobody)
    hidden = outside.call("PUT", f"{path}/owner", {"owner": "ann"}, headers={"If-Match": "*"})
    kit.check("nobody else changes it", hidden.status == 404, hidden)
    return tag


def assign(kit, case, writer, tag):
    path = f"/v1/cases/{case}"
    owned = writer.call("PUT", f"{path}/owner", {"owner": "ann"}, headers=tag)
    kit.check("it is assigned", owned.status == 200 and owned.json["owner"] == "ann", owned)
    stale = writer.call("PUT", f"{path}/owner", {"owner": None}, headers=tag)
    kit.check("a stale version is refused", (stale.status, stale.problem) == (412, "stale"), stale)
    # with those of the two uncontrolled decisions, which approving opened
    for query, count in (({"owner": "ann"}, 1), ({"owner": "none"}, 2), ({"state": "closed"}, 0), ({"device": DEVICE}, 3),
                         ({"device": OTHER}, 0), ({"deadline_before": "2030-01-01T00:00:00Z"}, 2), ({"sort": "opened"}, 3)):
        kit.check(f"the list with {query}", writer.get("/v1/cases", **query).json["total"]["count"] == count)
    return owned.headers["ETag"]


def items(kit, case, writer, viewer, outside):
    path = f"/v1/cases/{case}"
    note = writer.post(f"{path}/items", {"kind": "note", "name": "call", "text": "<script>alert(1)</script>"})
    kit.check("a note", note.status == 201, note)
    wrong = writer.post(f"{path}/items", {"kind": "note", "name": "call", "device": OTHER})
    kit.check("about a device that it is not about", wrong.status == 422 and wrong.json["pointer"] == "/device", wrong)
    page = b"<html><script>alert(1)</script>\0\xff"
    put = writer.call("POST", f"{path}/documents", page, headers={"Content-Type": "application/octet-stream"}, name="a \"b\".html")
    kit.check("a document", put.status == 201, put)
    seen = viewer.get(path).json["items"]
    kit.check("both are there, in order", [(row["kind"], row["device"]) for row in seen] == [("note", DEVICE), ("evidence", DEVICE)], seen)
    got = viewer.get(f"{path}/items/{seen[1]['id']}/document")
    kit.check("the document is as it was", got.body == page and seen[1]["document"]["bytes"] == len(page))
    kit.check("it is saved, never shown", got.headers["Content-Disposition"].startswith("attachment") and
              got.headers["X-Content-Type-Options"] == "nosniff" and got.headers["Content-Type"] == "application/octet-stream", got.headers)
    hidden = outside.get(f"{path}/items/{seen[1]['id']}/document")
    kit.check("others have no document", hidden.status == 404, hidden)


def closing(kit, case, writer, tag):
    path = f"/v1/cases/{case}"
    seen = writer.get(path)
    kit.check("nothing is open", seen.json["conditions"] == [], seen.json["conditions"])
    kit.check("the decision is there", [row["state"] for row in seen.json["decisions"]] == ["approved"] * 2 and
              seen.json["decisions"][0]["author"] != "", seen.json["decisions"])
    shut = writer.call("POST", f"{path}/close", {"reason": "done"}, headers={"If-Match": seen.headers["ETag"]})
    kit.check("it closes", shut.status == 200 and shut.json["state"] == "closed" and shut.json["closed_at"], shut)
    again = writer.call("POST", f"{path}/close", {}, headers={"If-Match": shut.headers["ETag"]})
    kit.check("once", (again.status, again.problem) == (409, "conflict"), again)
    kit.check("stale", writer.call("POST", f"{path}/close", {}, headers={"If-Match": tag}).status == 412)


def conditions(kit, admin):
    """Open for all devices: the exploited one, uncontrolled in one device and undecided in the other."""
    made = admin.post("/v1/cases", {"vulnerability": PIPE})
    kit.check("a case of both devices", made.status == 201 and made.json["devices"] == 2, made)
    path = f"/v1/cases/{PIPE}"
    seen = admin.get(path)
    needs = {(row["device"], row["need"]) for row in seen.json["conditions"]}
    kit.check("what keeps it open", {(DEVICE, "deadline"), (OTHER, "decision"), (OTHER, "owner")} <= needs, needs)
    refused = admin.call("POST", f"{path}/close", {}, headers={"If-Match": seen.headers["ETag"]})
    kit.check("it does not close", (refused.status, refused.problem) == (409, "conflict") and
              {row["type"] for row in refused.json["errors"]} >= {"owner", "decision", "deadline"}, refused)
    kit.check("and stays open", admin.get(path).json["case"]["state"] == "open")
    whole = admin.post(f"{path}/items", {"kind": "note", "name": "of the whole case"})
    kit.check("a note for all", whole.status == 201, whole)


def parts(kit, one, two):
    """Each team sees its device alone."""
    path = f"/v1/cases/{PIPE}"
    first, second = one.get(path).json, two.get(path).json
    kit.check("each has its part", ([row["device"] for row in first["parts"]], [row["device"] for row in second["parts"]]) ==
              ([DEVICE], [OTHER]))
    kit.check("and nothing of the other's", OTHER not in json.dumps(first) and DEVICE not in json.dumps(second))
    kit.check("a note for all is seen by all", [row["name"] for row in second["items"]] == ["of the whole case"], second["items"])
    kit.check("no deadline of others", second["deadlines"] == [] and first["deadlines"] != [])


def hearing(kit, data, service, admin):
    """A record about one device of a case is heard by who sees that device."""
    of = {team: Stream(service, client.add_key(kit, data, "viewer", team)) for team in ("one", "two", "none")}
    for device, text in ((DEVICE, "of one"), (OTHER, "of two"), (None, "of both")):
        made = admin.post(f"/v1/cases/{PIPE}/items", {"kind": "note", "name": text, "text": text, **({"device": device} if device else {})})
        kit.check(f"an item {text}", made.status == 201, made)
    heard = {team: [of[team].next() for _ in range(2)] for team in ("one", "two")}
    names = {team: [[(item["kind"], item["name"]) for item in event[2]["changed"]] for event in events] for team, events in heard.items()}
    kit.check("two of three are heard by each, as the case and its vulnerability", names == {
        team: [[("vulnerability", PIPE), ("case", PIPE)]] * 2 for team in ("one", "two")}, names)
    case = admin.get(f"/v1/cases/{PIPE}").json["case"]["id"]
    kit.check("by its id", {item["id"] for events in heard.values() for event in events for item in event[2]["changed"]} == {PIPE, case}, heard)
    team = ("admin", "team"), ("none", "--device", OTHER, "--data", data)
    kit.answers("the third sees one from now on", kit.run(*team[0], "join", *team[1]), 0)
    kit.check("until then it heard nothing", of["none"].next() is None)
    kit.answers("as before", kit.run(*team[0], "leave", *team[1]), 0)
    for each in of.values():
        each.close()


def deadlines(kit, viewer, two, outside):
    listed = viewer.get("/v1/deadlines").json
    rows = listed["items"]
    kit.check("deadlines with rule, source and zone", rows and all(row["source"] and row["zone"] for row in rows), rows[:1])
    kit.check("the most urgent first", [row["state"] for row in rows][0] == "missed", [row["state"] for row in rows])
    mine = [row for row in rows if row["vulnerability"] == PIPE and row["rule"] == "fda-30"]
    kit.check("what is missing is named", len(mine) == 1 and isinstance(mine[0]["missing"], list), mine)
    kit.check("all that it needs is named, what meets it first", mine[0]["needs"][:1] == ["customers-told"] and len(mine[0]["needs"]) == 7 and
              set(mine[0]["missing"]) <= set(mine[0]["needs"]), mine)
    kit.check("findings without a decision are counted", listed["not_assessed"]["findings"] > 0 and listed["not_assessed"]["exploited"] > 0,
              listed["not_assessed"])
    kit.check("nothing of others", outside.get("/v1/deadlines").without_gaps == {
        "items": [], "next": None, "total": {"count": 0, "exact": True}, "not_assessed": {"findings": 0, "exploited": 0},
        "not_computed": [], "off": [], "unwatched_markets": [], "unknown_events": []})
    line = json.loads(kit.run("deadlines", kit.path("pump"), "--format", "json").stdout)["off"]
    off = [row for row in listed["off"] if row["device"] == DEVICE]
    kit.check("rows that are not counted, as the command line has them", [{**row, "device": DEVICE} for row in line] == off and
              {row["rule"] for row in off} == {"us-bod-26-04", "eu-87a"}, off, line)
    theirs = two.get("/v1/deadlines").json["off"]
    kit.check("only those of what one sees", theirs and {row["device"] for row in theirs} == {OTHER}, theirs)
    hidden, missing = two.get("/v1/deadlines", device=DEVICE), two.get("/v1/deadlines", device="none")
    kit.check("a device out of scope is like none", bare(hidden) == bare(missing) and hidden.status == 422, hidden)
    kit.check("no deadline, but something that nobody decided", two.get("/v1/deadlines").json["not_assessed"]["findings"] > 0)
    pages = [(row["vulnerability"], row["rule"], row["start"]) for row in viewer.pages("/v1/deadlines", limit=1)]
    kit.check("pages have each once", pages == [(row["vulnerability"], row["rule"], row["start"]) for row in rows], pages)
    table = list(csv.DictReader(io.StringIO(viewer.get("/v1/deadlines", {"Accept": "text/csv"}).text)))
    kit.check("CSV has them all", [row["rule"] for row in table] == [row["rule"] for row in rows])
    later = viewer.get("/v1/deadlines", open="true", due_before="2000-01-01T00:00:00Z").json
    kit.check("a window of time", later["items"] == [], later)
    would = viewer.get("/v1/deadlines/not-assessed").json["items"]
    kit.check("what would run", {"fda-30", "fda-60"} <= {row["rule"] for row in would} and
              all(row["findings"] > 0 and row["due"] for row in would if row["rule"] == "fda-30"), would)


def notices(kit, admin):
    """Prepared notices are those of the command line, and make up nothing."""
    path = f"/v1/devices/{DEVICE}/notices"
    told = admin.get(f"{path}/mdr-incident", vulnerability=PIPE, format="json").json
    fields = {row["id"]: row for row in told["fields"]}
    line = json.loads(kit.run("report", kit.path("pump"), "--notice", "mdr-incident", "--vulnerability", PIPE, "-f", "json").stdout)
    kit.check("a notice as the command line has it", [(row["id"], row["value"]) for row in told["fields"]] ==
              [(row["id"], row["value"]) for row in line["fields"]] and told["applies"], told, line)
    kit.check("what nobody recorded is missing", fields["incident"]["value"] is None and fields["incident"]["missing"] and
              told["missing"] == sum(row["value"] is None for row in told["fields"]), fields)
    cra = admin.get(f"{path}/cra-early-warning", vulnerability=PIPE)
    kit.check("a notice that does not apply says why", cra.status == 200 and "Does not apply" in cra.text, cra.text)
    page = admin.get(f"{path}/mdr-incident", vulnerability=PIPE, format="html")
    kit.check("a notice as a page", page.status == 200 and "<dt>" in page.text, page.text[:200])


def sameness(kit, admin):
    """The deadlines of a case are those that the command line has for the folder of the device."""
    clocks = json.loads(kit.run("deadlines", kit.path("pump"), "--format", "json").stdout)["clocks"]
    made = admin.get(f"/v1/cases/{SHELL}")
    kit.check("a case of what is decided by another name", made.status == 200 and made.json["case"]["open_deadlines"] > 0, made)
    for vulnerability, name in ((SHELL, SHELL_ALSO), (PIPE, PIPE)):
        case = admin.get(f"/v1/cases/{vulnerability}").json
        mine = sorted((row["rule"], row["state"], row.get("start"), row.get("due")) for row in case["deadlines"] if row["device"] == DEVICE)
        theirs = sorted((row["rule"], row["state"], row.get("start"), row.get("due")) for row in clocks if row["vulnerability"] == name)
        kit.check(f"{vulnerability}: the same deadlines", mine == theirs and "own-exploited" in {row[0] for row in mine}, mine, theirs)
        needs = {row["of"] for row in case["conditions"] if row["need"] == "deadline" and row["device"] == DEVICE}
        kit.check(f"{vulnerability}: those that run keep it open", needs == {rule for rule, state, start, _ in mine if start and state in (
            "running", "missed")}, needs, mine)
        named = {row["case"] for row in admin.get("/v1/deadlines", device=DEVICE, vulnerability=vulnerability).json["items"]}
        kit.check(f"{vulnerability}: they name the case", named == {case["case"]["id"]}, named)


def events(kit, one, viewer):
    path = f"/v1/cases/{PIPE}/events"
    before = viewer.get("/v1/deadlines", vulnerability=PIPE, rule="fda-30").json["items"]
    wrong = one.post(path, {"event": "customer-told", "device": DEVICE, "evidence": "x"})
    kit.check("an event that no deadline knows names those there are", wrong.status == 422 and "customers-told" in wrong.json["detail"], wrong)
    word = one.post(path, {"event": "customers-told", "device": DEVICE, "evidence": "x", "contents": ["nonsense"]})
    kit.check("contents that are no words", word.status == 422 and "nonsense" in word.json["detail"], word)
    bare_one = one.post(path, {"event": "fix-distributed", "device": DEVICE})
    kit.check("without evidence it says that it ends nothing", bare_one.status == 201 and "evidence" in bare_one.json["warning"], bare_one)
    waive = one.post(path, {"event": "deadline-waived", "device": DEVICE, "evidence": "x", "contents": ["fda-30"]})
    kit.check("who does not approve waives nothing", (waive.status, waive.problem) == (403, "forbidden"), waive)
    hidden = one.post(path, {"event": "fix-distributed", "device": OTHER, "evidence": "x"})
    kit.check("about a device of others", hidden.status == 422, hidden)
    nothing = one.post(path, {"event": "fix-distributed", "device": DEVICE, "evidence": "x", "at": "1970-01-01T00:00:00Z"})
    kit.check("a time that is none", (nothing.status, nothing.problem) == (422, "invalid") and "1970" in nothing.json["detail"], nothing)
    named = [word for word in before[0]["missing"]]
    told = one.post(path, {"event": "customers-told", "device": DEVICE, "evidence": "notice 7", "at": "2026-03-01T09:00:00Z"})
    kit.check("recorded", told.status == 201 and told.json["warning"] is None, told)
    after = viewer.get("/v1/deadlines", vulnerability=PIPE, rule="fda-30").json["items"]
    kit.check("the deadline stays in the list", len(after) == 1 and after[0]["start"] == before[0]["start"], after)
    seen = viewer.get(f"/v1/cases/{PIPE}").json["events"]
    kit.check("the event is in the case", [row["event"] for row in seen] == ["fix-distributed", "customers-told"], seen, named)
    early = one.post(path, {"event": "fix-distributed", "device": DEVICE, "evidence": "x", "at": "2016-06-15T14:00:00Z"})
    kit.check("a wrong year that ends a deadline is asked about", early.status == 201 and "own-exploited" in (early.json["warning"] or "")
              and "before it began on 20" in early.json["warning"], early)


def correcting(kit, one, other, admin):
    """An event that was wrong stays, with what is said instead; what it had started stays, too."""
    path = f"/v1/cases/{PIPE}"

    def deaths():
        rows = one.get("/v1/deadlines", vulnerability=PIPE, rule="eu-87-10").json["items"]
        return [(row["start"], row["state"], row["note"] or "") for row in rows]

    def recorded():
        return [row for row in one.get(path).json["events"] if row["event"] == "death-known"]

    made = one.post(f"{path}/events", {"event": "death-known", "device": DEVICE, "evidence": "C-1", "at": "2026-03-10T09:00:00Z"})
    first = recorded()[0]
    kit.check("a death starts ten days", made.status == 201 and [row[0] for row in deaths()] == ["2026-03-10T09:00:00Z"], deaths())
    wrong = f"{path}/events/{first['id']}/correct"
    kit.check("a reason is asked for", one.post(wrong, {"at": "2026-03-11T09:00:00Z"}).status == 422)
    kit.check("the future is none", one.post(wrong, {"at": "2126-03-11T09:00:00Z", "reason": "x"}).status == 422)
    hidden = [other.post(f"{path}/events/{id}/correct", {"reason": "x"}) for id in (first["id"], NOBODY)]
    kit.check("who sees another device sees no event", bare(hidden[0]) == bare(hidden[1]) and hidden[0].status == 404, hidden)
    body = {"at": "2026-03-12T09:00:00Z", "reason": "the letter is of the 12th"}
    with concurrent.futures.ThreadPoolExecutor() as pool:
        both = list(pool.map(lambda _: one.post(wrong, body), range(2)))
    kit.check("of two who correct at once one wins", sorted(answer.status for answer in both) == [201, 409], both)
    rows = recorded()
    kit.check("both stay visible", len(rows) == 2 and rows[0]["replaced_by"] == rows[1]["id"] and rows[1]["replaces"] == rows[0]["id"]
              and rows[1]["reason"] == body["reason"] and rows[1]["evidence"] == "C-1" and not rows[1]["taken_back"], rows)
    kit.check("the deadline runs from what holds, and says so", len(deaths()) == 1 and deaths()[0][0] == "2026-03-12T09:00:00Z"
              and "had started at death-known of 2026-03-10T09:00:00Z" in deaths()[0][2] and body["reason"] in deaths()[0][2], deaths())
    back = one.post(f"{path}/events/{rows[1]['id']}/correct", {"taken_back": True, "reason": "another patient"})
    kit.check("it is taken back", back.status == 201, back)
    rows = recorded()
    kit.check("that stays visible", len(rows) == 3 and rows[2]["taken_back"] and rows[1]["replaced_by"] == rows[2]["id"], rows)
    kit.check("the deadline is still listed, with the reason", len(deaths()) == 1 and deaths()[0][:2] == ("2026-03-12T09:00:00Z", "missed")
              and "another patient" in deaths()[0][2], deaths())
    kit.check("it keeps the case open", "eu-87-10" in [row.get("of") for row in one.get(path).json["conditions"]])
    nothing = one.post(f"{path}/events/{rows[2]['id']}/correct", {"taken_back": True, "reason": "x"})
    kit.check("what says so is not taken back", nothing.status == 422, nothing)
    again = one.post(f"{path}/events/{rows[2]['id']}/correct", {"at": "2026-03-14T09:00:00Z", "reason": "it was this patient"})
    kit.check("but corrected", again.status == 201 and [row[0] for row in deaths()] == ["2026-03-14T09:00:00Z"], again, deaths())
    bodies = [admin.get(f"/v1/ledger/records/{row['n']}").json for row in admin.get("/v1/ledger", action="case.event.correct").json["items"]]
    kit.check("the ledger has each with its reason", len(bodies) == 3 and "another patient" in json.dumps(bodies)
              and rows[0]["id"] in json.dumps(bodies), bodies)


def early(kit, writer):
    """A decision on what a case says was fixed before anybody learned of it asks about the dates, as the event does."""
    rows = writer.get("/v1/findings", filter=f"device:{OTHER} release:4.4.0 vulnerability:{AWK}").json["items"]
    made = writer.post("/v1/cases", {"vulnerability": AWK, "learned_at": "2026-02-09T14:00:00Z"})
    decision = {"findings": [{"finding": rows[0]["id"]}], "status": "affected", "risk": "uncontrolled", "harm": "serious",
                "exploitability": "high", "action": "Update", "remedy": "vendor_fix", "role": "PSIRT lead"}

    def warned():
        return [text for text in writer.post("/v1/decisions/dry-run", decision).json["decisions"][0]["warnings"] if "before it began" in text]
    kit.check("nothing is early", made.status == 201 and warned() == [], made, warned())
    for word, at in (("fix-validated", "2016-02-10T09:00:00Z"), ("fix-distributed", "2016-02-11T09:00:00Z")):
        told = writer.post(f"/v1/cases/{AWK}/events", {"event": word, "device": OTHER, "evidence": "x", "at": at})
        kit.check(f"{word}: no deadline runs yet", told.status == 201 and told.json["warning"] is None, told)
    kit.check("what the decision would start has met it", "fda-60 counts as met by what happened before it began on 2026-02-09" in
              "".join(warned()), warned())


def following(kit, data, one):
    """A decision is approved, and the case follows by itself."""
    made = one.post("/v1/cases", {"vulnerability": AWK})
    path = f"/v1/cases/{made.json['id']}"
    before = [row["need"] for row in one.get(path).json["conditions"]]
    kit.check("it is open what to do", made.status == 201 and "decision" in before, before)
    kit.answers("busybox-awk is approved", kit.run(
        "approve", DEVICE, "busybox-awk", "--in", data, "--by", "ann", stdin=SECRET.encode() + b"\n"), 0)
    until = time.monotonic() + 60
    while time.monotonic() < until and made.json["undecided"] == one.get(path).json["case"]["undecided"]:
        time.sleep(0.2)
    after = one.get(path).json
    kit.check("the case has followed", after["case"]["undecided"] < made.json["undecided"], after["case"], made.json)


def learning(kit, writer):
    """What a case says of when the maker learned of it is what a decision records."""
    about = "CVE-2022-0778"
    finding = writer.get("/v1/findings", filter=f"vulnerability:{about}").json["items"][0]["id"]
    body = {"findings": [{"finding": finding}], "status": "affected", "risk": "uncontrolled", "remedy": "vendor_fix", "role": "PSIRT lead"}

    def dry(**more):
        return writer.post("/v1/decisions/dry-run", {**body, **more}).json["decisions"][0]

    kit.check("without a case: now, and that is said", any("is recorded as the time" in text for text in dry()["warnings"]), dry())
    zones = {row["zone"] for row in writer.get("/v1/deadlines/not-assessed", device=DEVICE).json["items"]}
    kit.check("what would run is said in the maker's zone", zones == {"offset of the maker"}, zones)
    writer.post("/v1/cases", {"vulnerability": about, "learned_at": "2026-02-09T14:00:00Z"})
    one = dry()
    starts = {row["rule"]: row["start"] for row in one["starts"]}
    kit.check("the decision has learned of it when the case did", "learned_at: 2026-02-09T14:00:00Z\n" in one["text"], one)
    kit.check("the 30 days run from then", starts.get("fda-30") == "2026-02-09T14:00:00Z", starts)
    other = dry(learned_at="2026-03-01T10:00:00Z")
    kit.check("what is stated counts", "learned_at: 2026-03-01T10:00:00Z\n" in other["text"], other)


def undecided(kit, writer):
    """A case that nobody has decided has no deadline that runs; it says which would, from when the maker learned of it."""
    learned = "2026-02-09T14:00:00Z"

    def listed(**query):
        rows = writer.get("/v1/deadlines/not-assessed", **query).json["items"]
        return {row["rule"]: row for row in rows}
    before = listed(vulnerability=SHELL)
    kit.check("without a case: from when it was found", before["fda-30"]["learned_at"] == before["fda-30"]["first_seen"], before)
    made = writer.post("/v1/cases", {"vulnerability": SHELL, "learned_at": learned})
    case = writer.get(f"/v1/cases/{SHELL}").json
    apart = case["not_assessed"]
    would = {row["rule"]: row for row in apart["would_start"]}
    kit.check("no deadline runs, and that is not all it says", made.status == 201 and made.json["deadline"] is None and
              made.json["open_deadlines"] == 0 and made.json["undecided_deadlines"] == len(would) > 0, made)
    soonest = min(row["due"] for row in would.values())
    kit.check("the soonest", made.json["deadline_if_uncontrolled"] == apart["soonest"] == soonest, made, apart)
    kit.check("apart from what runs", case["deadlines"] == [] and apart["releases"] == case["case"]["undecided"] > 0, case)
    kit.check("from the case's learned_at", {"fda-30", "fda-60", "own-exploited"} <= set(would) and
              all((would[rule]["start"], would[rule]["state"]) == (learned, "missed") for rule in ("fda-30", "fda-60")), would)
    for query in ({"vulnerability": SHELL}, {"vulnerability": SHELL_ALSO}, {"device": OTHER}):
        after = listed(**query)
        kit.check(f"the list of what nobody assessed, by {query}", all(
            (after[rule]["learned_at"], after[rule]["due"]) == (learned, would[rule]["due"]) for rule in ("fda-30", "fda-60")), after)
    kit.check("what was found later is not about it", listed(vulnerability=PIPE)["fda-30"]["learned_at"] == before["fda-30"]["learned_at"])
    for bound, count in ((soonest, 0), ("2026-06-01T00:00:00Z", 1)):
        rows = writer.get("/v1/cases", deadline_before=bound).json["items"]
        kit.check(f"due before {bound}", len(rows) == count, rows)


def staying(kit, data, admin, service):
    """A deadline that runs stays in the list without the market and the clocks that began it; approving opened its case."""
    about = {"device": DEVICE, "vulnerability": PIPE}
    before = admin.get("/v1/deadlines", **about).json["items"]
    running = {row["rule"] for row in before if row["start"]}
    kit.check("approving an uncontrolled decision opened its case", {"fda-30", "fda-60", "own-triage"} <= running and
              {row["case"] for row in before} != {None} and admin.get("/v1/cases", device=DEVICE).json["total"]["count"] > 0, before)
    opened = admin.get(f"/v1/cases/{PIPE}").json
    kit.check("of this device alone", [row["device"] for row in opened["parts"]] == [DEVICE], opened["parts"])
    text = (pathlib.Path(kit.path("pump")) / "device.yaml").read_text(encoding="utf-8")
    bare_text = text.replace("markets: [US, EU]", "markets: [EU]").replace("markets: [US]", "markets: [EU]").partition("  clocks:\n")[0]
    path = f"/v1/devices/{DEVICE}"
    tag = admin.get(path).headers["ETag"]
    kit.check("a key does not take clocks away", admin.call(
        "PUT", path, bare_text.encode(), headers={"If-Match": tag, "Content-Type": "application/yaml"}).status == 403)
    kit.run("admin", "user", "add", "ben", "--own-password", "--name", "Ben Example", "--role", "approver", "--data", data, stdin=b"a long word for ben\n")
    kit.run("admin", "team", "join", "one", "--user", "ben", "--data", data)
    approver = service.sign_in("ben", "a long word for ben")[1]
    put = approver.call("PUT", path, bare_text.encode(), headers={"If-Match": tag, "Content-Type": "application/yaml"})
    kit.check("device.yaml is replaced", put.status in (200, 204), put)
    after = admin.get("/v1/deadlines", **about).json["items"]
    kit.check("they are still listed", {row["rule"] for row in after if row["start"]} >= running and
              {"fda-30", "fda-60", "own-triage"} <= {row["rule"] for row in after if not row["listed"]}, after)
    back = admin.call("PUT", path, text.encode(), headers={"If-Match": admin.get(path).headers["ETag"], "Content-Type": "application/yaml"})
    kit.check("and it is put back", back.status in (200, 204), back)


def gone(kit, admin, service):
    """What device.yaml has no longer is met by events, and an approver waives it."""
    approver = service.sign_in("ben", "a long word for ben")[1]
    text = (pathlib.Path(kit.path("pump")) / "device.yaml").read_text(encoding="utf-8")
    path = f"/v1/devices/{DEVICE}"
    put = approver.call("PUT", path, text.partition("  clocks:\n")[0].encode(), headers={
        "If-Match": admin.get(path).headers["ETag"], "Content-Type": "application/yaml"})

    def row():
        rows = {row["rule"]: row for row in admin.get("/v1/deadlines", device=DEVICE, vulnerability=PIPE).json["items"]}
        open_ones = {one["of"] for one in admin.get(f"/v1/cases/{PIPE}").json["conditions"] if one["need"] == "deadline"}
        return rows["own-triage"], "own-triage" in open_ones

    def record(event, contents=()):
        return approver.post(f"/v1/cases/{PIPE}/events", {"event": event, "contents": list(contents), "evidence": "CAPA-7", "device": DEVICE})
    before, keeps_open = row()
    kit.check("a clock of the maker is gone, and keeps its case open", put.status in (200, 204) and before["open"] and not before["listed"] and
              before["meets"] == "assessed" and before["title"] == "First assessment" and keeps_open, put, before)
    wrong = record("deadline-waived", ["own-trial"])
    kit.check("one that never was is not waived", wrong.status == 422, wrong)
    done = record("deadline-waived", ["own-triage"])
    after, keeps_open = row()
    kit.check("an approver waives it", done.status == 201 and not after["open"] and not after["listed"] and "CAPA-7" in after["note"] and
              not keeps_open, done, after)
    events = [one for one in admin.get(f"/v1/cases/{PIPE}").json["events"] if one["event"] == "deadline-waived"]
    back = approver.post(f"/v1/cases/{PIPE}/events/{events[-1]['id']}/correct", {"taken_back": True, "reason": "it was another one"})
    again, keeps_open = row()
    kit.check("what waived it is taken back", back.status == 201 and again["open"] and keeps_open, back, again)
    done = record("assessed")
    met, keeps_open = row()
    kit.check("its event meets it, though late", done.status == 201 and met["stopped"] and not met["open"] and not keeps_open, done, met)


def unread(kit, data, admin, viewer):
    """What is stored of one device cannot be read: all others are answered for, and it is named wherever something lacks."""
    def of(rows, device):
        return [{**row, "late_seconds": None} for row in rows if row["device"] == device]  # a second may pass between the two
    before = admin.get("/v1/deadlines", limit=500).json
    stored = kit.sql(data, f"SELECT document_id FROM device WHERE name = '{OTHER}'")[0][0]
    kit.sql(data, f"UPDATE device SET document_id = (SELECT MAX(sbom_id) FROM release) WHERE name = '{OTHER}'")
    noted = admin.post(f"/v1/cases/{CURL}/items", {"kind": "note", "name": "n", "text": "something is recorded"})
    kit.check("something is recorded", noted.status == 201, noted)
    after = admin.get("/v1/deadlines", limit=500)
    kit.check("of a device that cannot be read, no row is said to be off", {row["device"] for row in before["off"]} -
              {row["device"] for row in after.json["off"]} == {row["device"] for row in after.json["not_computed"]}, after.json["off"])
    kit.check("deadlines: the others are listed", before["not_computed"] == [] and after.status == 200 and
              of(after.json["items"], DEVICE) == of(before["items"], DEVICE) != [], after)
    gaps = after.json["not_computed"]
    kit.check("and the one is named", [row["device"] for row in gaps] == [OTHER] and "device.yaml" in gaps[0]["why"], gaps)
    kit.check("to nobody who does not see it", viewer.get("/v1/deadlines").json["not_computed"] == [])
    would = admin.get("/v1/deadlines/not-assessed", limit=500)
    kit.check("of what nobody assessed, too", would.status == 200 and of(would.json["items"], DEVICE) and
              [row["device"] for row in would.json["not_computed"]] == [OTHER], would)
    cases = {row["vulnerability"]: row for row in admin.get("/v1/cases", deadline_before="1980-01-01T00:00:00Z").json["items"]}
    kit.check("a case whose deadlines cannot be said is never left out", cases[SHELL]["undecided_deadlines"] is None, cases)
    case = admin.get(f"/v1/cases/{SHELL}")
    kit.check("nor shown as one without", case.status == 200 and [row["device"] for row in case.json["not_computed"]] == [OTHER], case)
    kit.sql(data, f"UPDATE device SET document_id = {stored} WHERE name = '{OTHER}'")


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = world(kit)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        def key(role, team=None):
            return service.client(client.add_key(kit, data, role, team))
        one, viewer, two, outside = key("analyst", "one"), key("viewer", "one"), key("viewer", "two"), key("analyst", "none")
        admin = key("analyst")
        staying(kit, data, admin, service)
        case = opening(kit, one, viewer, outside)
        scope(kit, case, viewer, two, outside)
        tag = owning(kit, case, one, outside)
        kit.answers("ann joins the team", kit.run("admin", "team", "join", "one", "--user", "ann", "--data", data), 0)
        tag = assign(kit, case, one, tag)
        items(kit, case, one, viewer, outside)
        closing(kit, case, one, tag)
        undecided(kit, key("analyst", "two"))
        early(kit, key("analyst", "two"))
        conditions(kit, admin)
        parts(kit, viewer, two)
        hearing(kit, data, service, admin)
        sameness(kit, admin)
        notices(kit, admin)
        deadlines(kit, viewer, two, outside)
        events(kit, one, viewer)
        correcting(kit, one, key("analyst", "two"), admin)
        following(kit, data, one)
        learning(kit, one)
        gone(kit, admin, service)
        unread(kit, data, admin, viewer)
    return kit.done()


sys.exit(main())
