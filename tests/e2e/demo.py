#!/usr/bin/env python3
"""The demonstration workspace has what it promises, verifies, and is for this machine alone.

usage: demo.py [PROGRAM]
"""
import collections
import datetime
import pathlib
import subprocess
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

PASSWORD = "demonstration-on-this-machine"
LOGINS = ("administrator", "psirt-lead", "security-engineer", "safety-engineer", "regulatory-lead", "auditor", "hospital")


def words(rows, *names):
    return collections.Counter(tuple(row[name] for name in names) if len(names) > 1 else row[names[0]] for row in rows)


def has(kit, what, seen, wanted):
    kit.check(what, set(wanted) <= set(seen), f"missing {set(wanted) - set(seen)}", seen)


def decision_text(auditor, vulnerability):
    """Of all decisions on it."""
    return "".join(auditor.get(f"/v1/decisions/{row['id']}").json["text"] for row in auditor.pages("/v1/decisions", vulnerability=vulnerability))


def verified(kit, data):
    kit.answers("the ledger verifies", kit.run("ledger", "verify", data), 0)
    kit.answers("doctor finds no error", kit.run("doctor", data), 0, "0 errors")


def contents(kit, auditor, lead):
    has(kit, "three devices", words(auditor.pages("/v1/devices"), "name"), ("larkspur-ip-200", "alder-pm-50", "sorrel-gateway"))
    releases = [row for device in ("larkspur-ip-200", "alder-pm-50", "sorrel-gateway")
                for row in auditor.pages(f"/v1/devices/{device}/releases")]
    has(kit, "releases in the field and not yet released", words(releases, "state"), ("released", "draft"))
    has(kit, "decisions of each kind", words(auditor.pages("/v1/decisions"), "state", "status"), (
        ("approved", "affected"), ("approved", "not_affected"), ("approved", "fixed"), ("approved", "under_investigation"),
        ("proposed", "affected"), ("rejected", "not_affected")))
    kit.check("a proposal that another took the place of", auditor.get("/v1/decisions", state="superseded").json["total"]["count"] == 1)
    kit.check("an approved decision that supersedes another", "supersedes: log4j-jdbc" in decision_text(auditor, "CVE-2021-44832"))
    findings = auditor.pages("/v1/findings", limit=1000)
    has(kit, "findings of each state", words(findings, "state"), ("not assessed", "re-opened", "proposed", "carried", "decided"))
    has(kit, "and risk", words(findings, "risk"), ("controlled", "uncontrolled", "under assessment"))
    has(kit, "deadlines running, met, missed and waived", words(auditor.pages("/v1/deadlines"), "state"), ("running", "met", "missed", "waived"))
    has(kit, "cases with and without owner", {row["owner"] is None for row in auditor.pages("/v1/cases")}, (True, False))
    has(kit, "signals of each kind", words(auditor.pages("/v1/signals"), "kind"), ("complaint", "researcher", "supplier"))
    has(kit, "and state", words(auditor.pages("/v1/signals"), "state"), ("received", "acknowledged", "confirmed", "rejected"))
    has(kit, "statements", words(auditor.pages("/v1/statements"), "state"), ("published", "draft"))
    kit.check("saved views", len(lead.pages("/v1/views")) >= 3)
    design = "/v1/devices/larkspur-ip-200/design"
    threats = auditor.pages(f"{design}/threats", limit=500)
    has(kit, "a design with threats of every kind", words(threats, "outcome"), ["open", "unproven", "mitigated", "accepted"])
    kit.check("an acceptance that somebody signed in for", [row["disposition"]["by"] for row in threats if row["outcome"] == "accepted"] == ["Safety engineer"])
    kit.check("a signed baseline, and what changed since", len(auditor.get(f"{design}/baselines").json["items"]) == 1 and
              auditor.get(f"{design}/diff", **{"from": "4.4.0 as submitted"}).json["changes"])


def soon(kit, auditor):
    """Whatever day it is: what runs is due after today, what was missed was due before."""
    now = datetime.datetime.now(datetime.timezone.utc).isoformat()
    rows = auditor.pages("/v1/deadlines")
    kit.check("what runs is due after now", all(row["due"] > now for row in rows if row["state"] == "running"), rows)
    late = [row for row in rows if row["state"] == "missed" and row["due"] > (
        datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=14)).isoformat()]
    kit.check("something was missed in the last fortnight", late, rows)


def elsewhere(kit, data):
    for what, options in (("another address", ("--listen", "0.0.0.0:0", "--public-url", "https://tutela.example")),
                          ("a public name", ("--public-url", "https://tutela.example")),
                          ("a proxy", ("--trusted-proxy", "127.0.0.1")),
                          ("a Unix socket", ("--listen", f"unix:{kit.folder}/s"))):
        kit.answers(f"it is not served at {what}", kit.run("serve", "--data", data, *options), 2, "for demonstration", "127.0.0.1")


def passed_on(kit, service):
    body = {"login": "auditor", "password": PASSWORD}
    for name, value in (("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=192.0.2.1"), ("Via", "1.1 proxy"), ("x-real-ip", "192.0.2.1"),
                        ("X-Forwarded-Host", "tutela.example"), ("X-Forwarded-Proto", "https")):
        answer = service.client().post("/v1/session", body, headers={name: value})
        kit.check(f"a sign-in with {name} is refused", (answer.status, answer.problem) == (403, "forbidden")
                  and "this machine alone" in answer.json["detail"] and not answer.cookies, answer.body)
    kit.check("the same without is not", service.client().post("/v1/session", body).status == 200)


def main():
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    kit = Kit()
    data = pathlib.Path(kit.path("demo"))
    made = subprocess.run([sys.executable, ROOT / "tools" / "make-demo", kit.program, data], capture_output=True, text=True, timeout=300, check=False)
    kit.check("it is made", made.returncode == 0, made.stderr)
    verified(kit, data)
    with client.Service(kit, data) as service:
        people = {login: service.sign_in(login, PASSWORD)[1] for login in LOGINS}
        kit.check("everybody signs in", all(people.values()), people)
        contents(kit, people["auditor"], people["psirt-lead"])
        soon(kit, people["auditor"])
        passed_on(kit, service)
    elsewhere(kit, data)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
