#!/usr/bin/env python3
"""One finding through the API: what it is, why it matched, where it is, what it can do, what was said.

usage: api_finding.py [PROGRAM]
"""
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

DEVICE = "larkspur-ip-200"
NOBODY = "0" * 32
CURL = "CVE-2023-38545"
SAID = {"4.3.1": [], "4.4.0": [("Example Wi-Fi Module Supplier", "affected", False, False, "other-version")]}


def bare(answer):
    """An answer without what differs from request to request."""
    body = answer.json
    body.pop("request", None)
    return answer.status, answer.headers.get("Content-Type"), body


def path_of(reader, vulnerability, release="4.4.0"):
    rows = reader.get("/v1/findings", filter=f"device:{DEVICE} release:{release} vulnerability:{vulnerability}").json["items"]
    return "/v1/findings/" + rows[0]["id"]


def what_it_is(kit, body):
    vulnerability = body["vulnerability"]
    kit.check("the vulnerability has every score, with its source",
              [(score["base"], score["source"]) for score in vulnerability["scores"]] == [(9.8, "NVD"), (8.8, "NVD")], vulnerability)
    kit.check("exploited is said by catalogue", vulnerability["exploited"] == [] and vulnerability["kev"] is None)
    decisive = [row for row in body["evidence"] if row["decisive"]]
    kit.check("why it matched", (body["verdict"], body["explanation"]) == ("affected", "the version is in an affected range")
              and decisive[0]["range"] == ">= 7.69.0, < 8.4.0" and decisive[0]["version"] == "7.88.1", body["evidence"])
    kit.check("where it is", [row["path"] for row in body["where"]] == [["Larkspur IP-200", "swupdate", "curl"]], body["where"])
    kit.check("how old the knowledge is", body["knowledge_base"]["newest"] and body["knowledge_base"]["oldest_source"]["source"] == "NVD")


def what_it_can_do(kit, body):
    proposal = body["proposal"]
    links = [(row["asset"]["id"], row["hazard"] and row["hazard"]["id"], row["harm"], row["counts"], row["decides"])
             for row in proposal["chain"]]
    kit.check("from the component to the harm", links == [
        ("screen", "wrong-display", "serious", True, True),
        ("screen", "no-service", "negligible", True, False),
        ("log", None, "none", True, False)], links)
    cell = [row for row in body["matrix"] if (row["band"], row["harm"]) == (proposal["exploitability"], proposal["harm"])]
    kit.check("the proposal and its cell", (proposal["risk"], cell[0]["risk"], cell[0]["open"] > 0) == ("uncontrolled", "uncontrolled", True),
              proposal, cell)
    kit.check("nobody has decided, and no deadline runs", (body["state"], body["deadlines"], body["learned"]) == ("not assessed", [], None))
    would = {row["rule"]: row["would_start"] for row in body["if_uncontrolled"]}
    kit.check("what would start if it is uncontrolled", would.get("fda-30") and would.get("fda-60"), would)


def what_was_said(kit, reader, body):
    earlier = body["decisions"]
    kit.check("an earlier decision, and what does not hold any more", [(row["name"], row["state"], row["valid"], row["changed"])
              for row in earlier] == [("curl-socks.yaml", "proposed", False, "component-changed")], earlier)
    kit.check("then and now", earlier[0]["changed_why"] == "the component was 7.76.1 and is 7.88.1"
              and earlier[0]["premises"]["version"] == "7.76.1" and body["premises"]["version"] == "7.88.1")
    old = reader.get(path_of(reader, CURL, "4.3.1")).json
    kit.check("a proposal is shown apart from the state", old["state"] == "not assessed" and old["closed"] is False
              and (old["proposed"]["decision"], old["proposed"]["status"]) == (earlier[0]["id"], "not_affected"), old["proposed"])
    said = {release: [(row["author"], row["status"], row["trusted"], row["applies"], row["outcome"]) for row in
                      reader.get(path_of(reader, "CVE-2023-52160", release)).json["statements"]] for release in ("4.3.1", "4.4.0")}
    kit.check("suppliers' statements, and whether they apply", said == SAID, said)


def who_may(kit, reader, other, nobody, path):
    hidden, missing = other.get(path), other.get(path.rsplit("/", 1)[0] + "/" + NOBODY)
    kit.check("out of scope is like not there", bare(hidden) == bare(missing) and hidden.status == 404, hidden, missing)
    kit.check("nobody is 401", nobody.get(path).status == 401)
    wrong = [path.replace(CURL, "CVE-1999-0001"), path.replace(path.split("/")[4], "f" * 32), path.replace(path.split("/")[4], "x")]
    kit.check("no such vulnerability or component", [reader.get(row).status for row in wrong] == [404] * 3)
    hidden, missing = other.get(f"/v1/devices/{DEVICE}/policy"), other.get("/v1/devices/no-such-pump/policy")
    kit.check("a policy out of scope is like none", bare(hidden) == bare(missing) and hidden.status == 404, hidden)


def gaps(kit, reader, other):
    """What a list cannot know, and why it is empty."""
    empty = reader.get("/v1/findings", filter="kev:yes component:no-such-thing").json
    known = empty["gaps"]
    kit.check("an empty list says what is not known", (empty["items"], known["releases"], known["releases_without_sbom"]) == ([], 2, 0)
              and known["components_without_data"] > 0 and known["knowledge_base"]["newest"], known)
    without = reader.get("/v1/findings/without", filter="kev:yes component:no-such-thing").json
    all_kev = reader.post("/v1/findings/counts", {"filters": ["kev:yes"]}).json["counts"][0]
    kit.check("and which term to leave out", (without["count"], [(row["term"], row["filter"], row["count"]) for row in without["without"]])
              == (0, [("kev:yes", "component:no-such-thing", 0), ("component:no-such-thing", "kev:yes", all_kev)]) and all_kev > 0, without)
    of_all = reader.get("/v1/vulnerabilities/without", filter="kev:yes component:no-such-thing").json
    kit.check("the same of vulnerabilities", (of_all["count"], [(row["term"], row["count"]) for row in of_all["without"]]) ==
              (0, [("kev:yes", 0), ("component:no-such-thing", reader.get("/v1/vulnerabilities", filter="kev:yes").json["total"]["count"])]),
              of_all)
    none = other.get("/v1/findings").json["gaps"]
    kit.check("gaps out of scope are not told", (none["releases"], none["components_without_data"]) == (0, 0), none)
    kit.check("a filter that is none", reader.get("/v1/findings/without", filter="kve:yes").status == 422)


def grouped(kit, reader, other):
    """The findings of one vulnerability, and only of it."""
    rows = reader.pages(f"/v1/vulnerabilities/{CURL}/findings", limit=1)
    kit.check("the findings of a vulnerability", sorted((row["vulnerability"], row["release"]) for row in rows)
              == [(CURL, "4.3.1"), (CURL, "4.4.0")], rows)
    only = reader.get(f"/v1/vulnerabilities/{CURL}/findings", filter="release:4.4.0 device:" + DEVICE).json["items"]
    kit.check("those of them that pass a filter", [(row["vulnerability"], row["release"]) for row in only] == [(CURL, "4.4.0")], only)
    kit.check("a wrong filter is said", reader.get(f"/v1/vulnerabilities/{CURL}/findings", filter="kve:yes").status == 422)
    one = [row for row in reader.pages("/v1/vulnerabilities", limit=1000) if row["name"] == CURL][0]
    kit.check("a vulnerability names a component of its findings", (one["component"], one["components"]) == ("curl", 2), one)
    unsure = {row["vulnerability"] for row in reader.pages("/v1/findings", filter="verdict:undecided", limit=1000)}
    said = {row["name"] for row in reader.pages("/v1/vulnerabilities", limit=1000) if row["undecided"]}
    kit.check("and whether one of them is undecided", said == unsure and unsure, said ^ unsure)
    short = CURL[:-1]
    kit.check("not of those whose name begins so", reader.get(f"/v1/vulnerabilities/{short}/findings").status == 404)
    hidden, missing = other.get(f"/v1/vulnerabilities/{CURL}/findings"), other.get("/v1/vulnerabilities/CVE-1999-0001/findings")
    kit.check("out of scope it is like none", bare(hidden) == bare(missing) and hidden.status == 404, hidden.body)
    posture = reader.get("/v1/posture").json["items"][0]
    kit.check("decided is counted apart from proposed", (posture["closed"], posture["controlled"], posture["uncontrolled"]) == (0, 0, 0)
              and posture["proposed"] > 0 and posture["not_assessed"] > 0, posture)


def policy(kit, reader):
    got = reader.get(f"/v1/devices/{DEVICE}/policy")
    kit.check("the policy", (got.json["policy"], got.json["approvals"], len(got.json["matrix"])) == ("3", 1, 15), got.json)
    again = reader.get(f"/v1/devices/{DEVICE}/policy", headers={"If-None-Match": got.headers["ETag"]})
    kit.check("it has the ETag of its device", again.status == 304
              and got.headers["ETag"] == reader.get(f"/v1/devices/{DEVICE}").headers["ETag"])


def catalogues(kit, reader):
    """By which catalogue something is exploited is asked and shown by name; one that nobody has read is no answer."""
    every = reader.pages("/v1/findings", limit=1000)
    kit.check("who says so is shown where something is exploited", any(row["kev"] for row in every) and
              all((row["exploited_by"] == "CISA") == row["kev"] and (row["kev"] or row["exploited_by"] is None) for row in every),
              {(row["kev"], row["exploited_by"]) for row in every})
    for path in ("/v1/findings", "/v1/vulnerabilities"):
        said, not_said = (reader.pages(path, filter=text, limit=1000) for text in ("exploited:cisa", "!exploited:CISA"))
        kit.check(f"{path}: by a catalogue, and not by it", said and not_said and all(row["exploited_by"] == "CISA" for row in said) and
                  all(row["exploited_by"] is None for row in not_said) and len(said) + len(not_said) == len(reader.pages(path, limit=1000)), len(said))
        for text in ("exploited:acme", "!exploited:acme"):
            bad = reader.get(path, filter=text)
            kit.check(f"{path}: {text}: nobody has read it", bad.status == 422 and "has not read this catalogue; it has CISA" in bad.json["detail"], bad)
    table = reader.get("/v1/findings", {"Accept": "text/csv"}, filter="exploited:cisa", fields="vulnerability,exploited_by").text
    kit.check("in a table", table.startswith("vulnerability,exploited_by") and ',"CISA"' in table, table)
    counts = reader.post("/v1/findings/counts", {"filters": ["exploited:cisa", "kev", "exploited:acme"]})
    kit.check("counts refuse it, too", counts.status == 422 and "filters/2" in counts.json["detail"], counts)


def all_of_them(kit, service, data):
    """What the maker's own SBOM says is not affected, or fixed, is listed as not assessed: it can be opened and decided."""
    writer = service.client(client.add_key(kit, data, "analyst"))
    path = path_of(writer, "CVE-2021-3711", "4.3.1")
    body = writer.get(path)
    kit.check("a finding that an SBOM clears is there", body.status == 200 and (body.json["state"], body.json["status"]) ==
              ("not assessed", "under_investigation"), body)
    made = writer.post("/v1/decisions", {
        "findings": [{"finding": path.removeprefix("/v1/findings/")}], "status": "not_affected", "impact": "Built without SM2.",
        "justification": "vulnerable_code_not_present", "role": "PSIRT lead", "learned_at": "2026-11-01T10:00:00Z"})
    kit.check("and can be decided", made.status == 201, made)
    kit.check("which two persons must do", writer.get(path).json["proposed"]["status"] == "not_affected", made)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = client.example_data(kit)
    with client.Service(kit, data) as service:
        reader = service.client(client.add_key(kit, data))
        other = service.client(client.add_key(kit, data, team="other"))
        path = path_of(reader, CURL)
        body = reader.get(path).json
        kit.check("its id is its path", path == "/v1/findings/" + body["id"], body["id"])
        what_it_is(kit, body)
        what_it_can_do(kit, body)
        what_was_said(kit, reader, body)
        who_may(kit, reader, other, service.client(), path)
        policy(kit, reader)
        all_of_them(kit, service, data)
        gaps(kit, reader, other)
        grouped(kit, reader, other)
        catalogues(kit, reader)
    return kit.done()


sys.exit(main())
