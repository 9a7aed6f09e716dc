#!/usr/bin/env python3
"""The provider of CSAF documents and security.txt: what anybody sees, what customers see, embargoes, signatures; no peers.

usage: csaf_provider.py [PROGRAM]
"""
import csv
import datetime
import hashlib
import io
import json
import pathlib
import subprocess
import sys
import threading
import time

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import csaf_world  # noqa: E402
from csaf_world import CURL, DEVICE, PROVIDER  # noqa: E402

BASE = "/.well-known/csaf/"
FEED = BASE + "white/csaf-feed-tlp-white.json"
NAME = f"{DEVICE}-vex-cve-2023-38545.json"


def later(**delta):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


def year_of(document):
    return document["document"]["tracking"]["initial_release_date"][:4]


def setting(kit, maker, anybody, data):
    """Nothing is there before somebody says who publishes; no text makes a line of its own."""
    kit.check("nothing before it is set up", all(anybody.get(path).status == 404 for path in (
        "/.well-known/security.txt", BASE + "provider-metadata.json", FEED, BASE + "service.json", BASE, BASE[:-1])))
    off = maker.root.get("/v1/settings/csaf-provider")
    kit.check("it is off", off.status == 200 and not off.json["enabled"] and off.json["signing"]["why_not"] is None, off)
    kit.check("others set nothing", maker.writer.get("/v1/settings/csaf-provider").status == 403)
    for what, changes, pointer in (
            ("no URL", {"publisher": {**PROVIDER["publisher"], "namespace": "larkspur"}}, "/publisher/namespace"),
            ("no kind of contact", {"security": {"contacts": ["psirt@larkspur.example"]}}, "/security/contacts"),
            ("a line of its own", {"security": {"contacts": ["mailto:a@b.example\nCSAF: https://evil.example/x"]}}, "/security/contacts"),
            ("a policy in plain HTTP", {"security": {**PROVIDER["security"], "policy": "http://x.example"}}, "/security/policy")):
        bad = maker.configure(**changes)
        kit.check(f"{what} is refused", bad.status == 422 and bad.json.get("pointer") == pointer, bad)
    kit.check("nothing of that is kept", anybody.get("/.well-known/security.txt").status == 404)
    done = maker.configure()
    kit.check("it is set up", done.status == 200 and done.json["enabled"] and done.json["publisher"]["name"] == "Larkspur Medical", done)
    stale = maker.root.put("/v1/settings/csaf-provider", PROVIDER, {"If-Match": off.headers["ETag"]})
    kit.check("by what was read", stale.status == 412, stale)
    for path in (BASE, BASE[:-1], BASE[:-1] + "?x=1"):
        led = anybody.get(path)
        kit.check(f"{path} leads to the metadata", (led.status, led.headers.get("Location")) == (303, BASE + "provider-metadata.json"), led)
    kit.check("what only begins so is nothing", anybody.get(BASE[:-1] + "x").status == 404)
    other_publisher(kit, maker, done, data)
    return maker.root.get("/v1/settings/csaf-provider").json["signing"]["fingerprint"]


def publisher_of(kit, data):
    """What `tutela doctor` says of it."""
    checks = json.loads(kit.run("doctor", data, "-f", "json").text)["checks"]
    return [(row["state"], row["found"]) for row in checks if row["check"] == "publisher"]


def other_publisher(kit, maker, done, data):
    """Documents name the manufacturer of device.yaml: another one than the provider's is seen before it is published."""
    said = "".join(done.json["warnings"])
    kit.check("another publisher than the documents name is a warning", len(done.json["warnings"]) == 1 and DEVICE in said and
              'manufacturer.name is "Example Medical Devices", the provider\'s "Larkspur Medical"' in said and
              'manufacturer.namespace is "https://example.com"' in said, done)
    doctor = publisher_of(kit, data)
    kit.check("the doctor warns of it", len(doctor) == 1 and doctor[0][0] == "warning" and doctor[0][1] == done.json["warnings"][0], doctor)
    half = maker.configure(publisher={"name": "Example Medical Devices", "namespace": "https://larkspur.example"})
    kit.check("each that differs is named", "manufacturer.name is" not in "".join(half.json["warnings"]) and "manufacturer.namespace" in "".join(half.json["warnings"]), half)
    same = maker.configure(publisher={"name": "Example Medical Devices", "namespace": "https://example.com/"})
    kit.check("the same publisher needs none", same.status == 200 and same.json["warnings"] == [], same)
    kit.check("nor does the doctor", [row[0] for row in publisher_of(kit, data)] == ["fine"], publisher_of(kit, data))
    maker.configure()


def drafted_so(kit, maker):
    said = maker.root.get("/v1/settings/csaf-provider").json["warnings"]
    drafted = maker.draft()
    kit.check("a draft says that another publisher is in it", drafted.status == 201 and len(said) == 1 and said[0] in drafted.json["warnings"], drafted, said)


def security(kit, anybody, port):
    text = anybody.get("/.well-known/security.txt")
    rows = [line.split(": ", 1) for line in text.text.splitlines()]
    fields = dict(rows)
    kit.check("security.txt", text.headers["Content-Type"] == "text/plain; charset=utf-8" and
              [value for key, value in rows if key == "Contact"] == PROVIDER["security"]["contacts"] and
              fields["CSAF"] == f"http://127.0.0.1:{port}{BASE}provider-metadata.json" and fields["Preferred-Languages"] == "en, de", text.text)
    until = datetime.datetime.fromisoformat(fields["Expires"].replace("Z", "+00:00"))
    days = (until - datetime.datetime.now(datetime.timezone.utc)).days
    kit.check("it expires once, within a year", sum(key == "Expires" for key, _ in rows) == 1 and 80 < days <= 90, fields)


def verify(kit, what, document, signature, key):
    """By GnuPG, which is no librnp."""
    folder = pathlib.Path(kit.path("verify"))
    folder.mkdir(exist_ok=True)
    for name, bytes_ in (("document", document), ("signature", signature), ("key", key)):
        (folder / name).write_bytes(bytes_)
    ring = subprocess.run(["gpg", "--homedir", str(folder), "--dearmor", "--yes", "-o", str(folder / "ring"), str(folder / "key")],
                          capture_output=True, check=False)
    done = subprocess.run(["gpgv", "--homedir", str(folder), "--keyring", str(folder / "ring"), str(folder / "signature"),
                           str(folder / "document")], capture_output=True, check=False)
    kit.check(what, ring.returncode == 0 and done.returncode == 0, done.stderr)
    (folder / "document").write_bytes(document + b" ")
    broken = subprocess.run(["gpgv", "--homedir", str(folder), "--keyring", str(folder / "ring"), str(folder / "signature"),
                             str(folder / "document")], capture_output=True, check=False)
    kit.check(f"{what}: another document does not", broken.returncode != 0)


def public(kit, maker, anybody, fingerprint):
    """A document for anybody, with all that belongs to it."""
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    path = maker.published(summary="First.")
    metadata = anybody.get(BASE + "provider-metadata.json").json
    kit.check("the metadata", metadata["role"] == ("csaf_trusted_provider" if fingerprint else "csaf_provider") and
              metadata["publisher"]["namespace"] == "https://larkspur.example" and
              [feed["tlp_label"] for feed in metadata["distributions"][0]["rolie"]["feeds"]] == ["WHITE"], metadata)
    feed = anybody.get(FEED).json["feed"]
    kit.check("it is in the feed", len(feed["entry"]) == 1 and feed["entry"][0]["updated"] == feed["updated"], feed)
    links = [(row["rel"], row["href"].partition(BASE)[2]) for row in feed["entry"][0]["link"]]
    got = anybody.get(BASE + links[0][1])
    document = got.json
    place = f"{year_of(document)}/{NAME}"
    wanted = [("self", place), ("hash", place + ".sha256"), ("hash", place + ".sha512")] + ([("signature", place + ".asc")] if fingerprint else [])
    kit.check("with its links", links == [(rel, "white/" + href) for rel, href in wanted], links)
    tracking = document["document"]["tracking"]
    released = datetime.datetime.fromisoformat(tracking["current_release_date"].replace("Z", "+00:00"))
    kit.check("its date is when it was published", released >= before and
              tracking["initial_release_date"] == tracking["current_release_date"] == tracking["revision_history"][0]["date"] ==
              tracking["generator"]["date"] == feed["updated"], tracking)
    for name, size in (("sha256", 64), ("sha512", 128)):
        text = anybody.get(f"{BASE}white/{place}.{name}").text
        kit.check(f"its {name}", text == f"{hashlib.new(name, got.body).hexdigest()}  {NAME}\n" and len(text.split()[0]) == size, text)
    kit.check("by its canonical address", anybody.get(f"{BASE}white/{NAME}").body == got.body)
    kit.check("a tag and a time", anybody.get(f"{BASE}white/{place}", {"If-None-Match": got.headers["ETag"]}).status == 304 and
              datetime.datetime.strptime(got.headers["Last-Modified"], "%a, %d %b %Y %H:%M:%S GMT") == released.replace(tzinfo=None), got.headers)
    kit.check("index and changes", anybody.get(BASE + "white/index.txt").text == place + "\n" and
              list(csv.reader(io.StringIO(anybody.get(BASE + "white/changes.csv").text))) == [[place, tracking["current_release_date"]]])
    page = anybody.get(f"{BASE}white/{place.split('/')[0]}/")
    kit.check("pages of links", page.status == 200 and f'href="{NAME}"' in page.text and
              f'href="{place[:4]}/"' in anybody.get(BASE + "white/").text, page.text)
    kit.check("category and service", anybody.get(BASE + "white/category-white.json").json["categories"]["category"] == [{"term": DEVICE}] and
              anybody.get(BASE + "service.json").json["service"]["workspace"][0]["collection"][0]["title"] == "TLP:WHITE")
    if fingerprint:
        key = anybody.get(f"{BASE}openpgp/{fingerprint}.asc")
        kit.check("the key", metadata["public_openpgp_keys"][0]["fingerprint"] == fingerprint and key.status == 200, key)
        verify(kit, "GnuPG verifies the signature", got.body, anybody.get(f"{BASE}white/{place}.asc").body, key.body)
    return path, document


def approved_stays(kit, maker, path, document):
    """What was signed and what was published are both there, and differ in dates alone."""
    revision = maker.writer.get(path).json["revisions"][0]
    row = revision["documents"][0]
    published = maker.writer.get(f"{path}/documents/csaf-vex")
    kit.check("the statement has the document that is published", published.json == document and
              hashlib.sha256(published.body).hexdigest() == row["digest"], row)
    lines = f"csaf-vex {row['approved']}\n".encode()
    kit.check("and the digest that was signed", hashlib.sha256(lines).hexdigest() == revision["digest"], revision)


def tricks(kit, anybody, document):
    """Paths that are no names of documents."""
    year = year_of(document)
    for path in (f"white/{int(year) - 1}/{NAME}", f"white/{year}/{NAME}.md5", f"white/{year}/..%2F{year}%2F{NAME}", f"WHITE/{year}/{NAME}",
                 f"white/%2e%2e/{NAME}", f"white/+{year[1:]}/{NAME}", f"white/{year}/{NAME.upper()}", f"white/{year}/.json", f"blue/{year}/{NAME}",
                 "white/0000/", "openpgp/..%2f..%2fkeys%2fcsaf.key", "openpgp/" + "0" * 40 + ".asc", f"white/{year}/x'%20OR%20'1'='1.json"):
        answer = anybody.call("GET", BASE + path, strict=False)
        kit.check(f"{path[:50]} is nothing", answer.status in (400, 404) and b"PGP" not in answer.body, answer)
    written = anybody.call("DELETE", FEED, strict=False)
    kit.check("nobody writes", written.status == 405, written)


def reissue(kit, maker, anybody, path, first):
    """Another revision: the same id, the next version, the history with its dates; withdrawn and issued again, too."""
    tag = maker.writer.get(path).headers["ETag"]
    drafted = maker.writer.post(f"{path}/draft", {"summary": "Second."}, {"If-Match": tag})
    kit.check("while it is drafted the first one stays", anybody.get(BASE + "white/" + NAME).json == first)
    maker.approve(drafted)
    kit.check("published again", maker.publish(path).status == 200)
    second = anybody.get(BASE + "white/" + NAME).json
    one, two = first["document"]["tracking"], second["document"]["tracking"]
    kit.check("the same id, the next version", (two["id"], two["version"]) == (one["id"], "2") and
              two["initial_release_date"] == one["initial_release_date"] and
              two["revision_history"][0] == one["revision_history"][0] and two["revision_history"][1]["summary"] == "Second.", two)
    kit.check("one entry in the feed", len(anybody.get(FEED).json["feed"]["entry"]) == 1)
    kit.check("the first version is kept", json.loads(maker.writer.get(f"{path}/documents/csaf-vex", revision=1).body) == first)
    tag = maker.writer.get(path).headers["ETag"]
    maker.signer.post(f"{path}/withdraw", {"reason": "it was wrong"}, {"If-Match": tag})
    kit.check("withdrawn: it is nowhere", anybody.get(BASE + "white/" + NAME).status == 404 and
              anybody.get(FEED).json["feed"]["entry"] == [] and anybody.get(BASE + "white/index.txt").body == b"")
    tag = maker.writer.get(path).headers["ETag"]
    maker.approve(maker.writer.post(f"{path}/draft", {"summary": "Third."}, {"If-Match": tag}))
    maker.publish(path)
    kit.check("issued after that the version goes on", anybody.get(BASE + "white/" + NAME).json["document"]["tracking"]["version"] == "3")
    maker.published()
    names = anybody.get(BASE + "white/index.txt").text.split()
    kit.check("another statement of the same has a name of its own", len(names) == 2 and
              names[0].endswith(f"/{DEVICE}-vex-cve-2023-38545-2.json"), names)


def seen(reader, label):
    """Which lists of a label have anything; None: there is no such label."""
    answers = [reader.get(f"{BASE}{label}/{name}") for name in ("index.txt", "changes.csv")]
    feed = reader.get(f"{BASE}{label}/csaf-feed-tlp-{label}.json")
    if any(answer.status == 404 for answer in (*answers, feed)):
        return None
    return [bool(answer.body) for answer in answers] + [bool(feed.json["feed"]["entry"])]


def customers(kit, maker, data, service, anybody):
    """AMBER is for whom it names; GREEN for whoever is known."""
    keys = {login: csaf_world.customer_key(kit, data, login) for login in ("mercy", "other")}
    mercy, other = (service.client(keys[login]) for login in ("mercy", "other"))
    wrong = maker.draft(tlp="AMBER", customers=["ann"])
    kit.check("who is no customer is not named", wrong.status == 422 and wrong.json["pointer"] == "/customers", wrong)
    wide = maker.draft(tlp="WHITE", customers=["mercy"])
    kit.check("nor is one of what is for anybody", wide.status == 422 and wide.json["pointer"] == "/customers", wide)
    maker.published(tlp="GREEN", formats=["csaf-vex"])
    kit.run("admin", "team", "join", "one", "--user", "other", "--data", data)
    path = maker.published(tlp="AMBER", customers=["mercy"])
    kit.check("the maker sees for whom", maker.writer.get(path).json["revisions"][0]["customers"] == ["mercy"])
    place = mercy.get(BASE + "amber/index.txt").text.strip()
    kit.check("the customer gets it", mercy.get(f"{BASE}amber/{place}").json["document"]["distribution"]["tlp"]["label"] == "AMBER")
    kit.check("in each list", seen(mercy, "amber") == [True] * 3 and seen(other, "amber") == [False] * 3, seen(other, "amber"))
    hidden, missing = (other.get(f"{BASE}amber/{name}") for name in (place, place.replace(DEVICE, "none")))
    kit.check("for another customer it does not exist", (hidden.status, hidden.body) == (missing.status, missing.body) == (404, missing.body), hidden)
    staff = [("anybody", anybody), ("an analyst", maker.writer), ("an approver", maker.signer), ("an administrator", maker.root)]
    for who, reader in staff:
        kit.check(f"nor for {who}", reader.get(f"{BASE}amber/{place}").status == 404 and seen(reader, "amber") is None and
                  reader.get(f"{BASE}amber/").status == 404 and reader.get(f"{BASE}amber/{place[:5]}").status == 404)
    kit.check("nor by another label", all(mercy.get(f"{BASE}{label}/{place}").status == 404 for label in ("white", "green", "red")))
    kit.check("GREEN is for who is known", seen(anybody, "green") is None and seen(other, "green") == seen(maker.writer, "green") == [True] * 3)
    kit.check("of the devices of their teams", seen(mercy, "green") == [False] * 3, seen(mercy, "green"))
    metadata = mercy.get(BASE + "provider-metadata.json").json
    kit.check("their metadata have their feeds", [row["tlp_label"] for row in metadata["distributions"][0]["rolie"]["feeds"]] ==
              ["WHITE", "GREEN", "AMBER", "RED"], metadata)
    user = next(row for row in maker.root.pages("/v1/users") if row["login"] == "mercy")
    maker.root.put(f"/v1/users/{user['id']}/password", {"password": "set by somebody who also knows it"})
    _, taken = service.sign_in("mercy", "set by somebody who also knows it")
    kit.check("whoever has set their password does not read it in their place", taken.get("/v1/me").status == 200
              and seen(taken, "amber") is None and seen(taken, "green") is None and taken.get(f"{BASE}amber/{place}").status == 404)
    kit.check("no program of theirs sees more", mercy.get("/v1/devices").status == mercy.get("/v1/statements").status == 403)
    kit.check("what is for them alone is not to be kept by others", "Authorization" in mercy.get(f"{BASE}amber/{place}").headers["Vary"])
    revised = maker.writer.post(f"{path}/draft", {"customers": ["other"]}, {"If-Match": maker.writer.get(path).headers["ETag"]})
    kit.check("a draft for others changes nothing yet", seen(mercy, "amber")[0] and not seen(other, "amber")[0])
    maker.approve(revised)
    maker.publish(path)
    kit.check("published it is theirs", not seen(mercy, "amber")[0] and seen(other, "amber")[0])
    told = other.get(f"{BASE}amber/{other.get(BASE + 'amber/index.txt').text.strip()}").json["document"]["tracking"]
    kit.check("without the words of what was for another", told["version"] == "2" and
              [(row["number"], row["summary"]) for row in told["revision_history"]] ==
              [("1", "Sent to other recipients."), ("2", "Statements revised.")], told)


def embargoes(kit, maker, anybody):
    """Nothing is published before its time; the end may be moved, and another draft may come."""
    past = maker.draft(embargo="2001-01-01T00:00:00Z")
    kit.check("an embargo in the past", past.status == 422 and past.json["pointer"] == "/embargo", past)
    count = len(anybody.get(FEED).json["feed"]["entry"])
    drafted = maker.draft(embargo=later(days=30), release="4.3.1")
    path = f"/v1/statements/{drafted.json['statement']['id']}"
    maker.approve(drafted)
    done = maker.publish(path)
    kit.check("it is scheduled", done.status == 200 and (done.json["state"], done.json["published"]) == ("scheduled", None), done)
    kit.check("and nowhere to be seen", len(anybody.get(FEED).json["feed"]["entry"]) == count and
              anybody.get(f"{BASE}white/{DEVICE}-vex-cve-2023-38545-4_3_1.json").status == 404)
    kit.check("twice is once", maker.publish(path).status == 409)
    revised = maker.writer.post(f"{path}/draft", {"summary": "Better."}, {"If-Match": maker.writer.get(path).headers["ETag"]})
    kit.check("another draft takes its place", [row["state"] for row in maker.writer.get(path).json["revisions"]] == ["replaced", "draft"], revised)
    maker.approve(revised)
    again = maker.publish(path)
    kit.check("and keeps the embargo", again.json["state"] == "scheduled" and again.json["embargo"] == drafted.json["statement"]["embargo"], again)
    tag = {"If-Match": maker.writer.get(path).headers["ETag"]}
    kit.check("it is moved by who publishes", maker.writer.put(f"{path}/embargo", {"until": None, "reason": "x"}, tag).status == 403)
    kit.check("for a reason", "required /reason" in maker.signer.put(f"{path}/embargo", {"until": None}, tag).faults)
    back = maker.signer.put(f"{path}/embargo", {"until": "2001-01-01T00:00:00Z", "reason": "x"}, tag)
    kit.check("not into the past", back.status in (409, 422) and back.json.get("pointer") == "/until", back)
    lifted = maker.signer.put(f"{path}/embargo", {"until": None, "reason": "it is known"}, tag)
    kit.check("and lifted", lifted.status == 200 and lifted.json["embargo"] is None, lifted)
    return path, count


def wait(kit, what, holds):
    """A job does it."""
    until = time.monotonic() + 30
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    kit.check(what, holds())


def decided_otherwise(kit, maker, data, anybody):
    """An embargo ends after something else was decided: nothing is published."""
    drafted = maker.writer.post("/v1/statements", {"device": DEVICE, "release": "4.3.1", "formats": ["csaf-vex"], "embargo": later(days=1)})
    path = f"/v1/statements/{drafted.json['statement']['id']}"
    maker.approve(drafted)
    maker.publish(path)
    csaf_world.approve(kit, data, "busybox-awk")
    maker.signer.put(f"{path}/embargo", {"until": None, "reason": "now"}, {"If-Match": maker.writer.get(path).headers["ETag"]})
    wait(kit, "what was decided meanwhile stops it", lambda: maker.writer.get(path).json["statement"]["state"] == "approved")
    kit.check("nothing of it is seen", anybody.get(f"{BASE}white/{DEVICE}-vex-4_3_1.json").status == 404)


def not_true_any_more(kit, maker):
    """What was published stays as it is; who looks at the statement sees that the decisions say something else by now."""
    path = maker.published(summary="Not affected.")
    kit.check("what was published holds", maker.writer.get(path).json["current"] is True)
    finding = next(row for row in maker.writer.pages("/v1/findings", limit=500) if row["vulnerability"] == CURL and row["closed"])
    old = next(row["id"] for row in maker.writer.pages("/v1/decisions", limit=100) if row["state"] == "approved" and row["vulnerability"] == CURL)
    made = maker.writer.post("/v1/decisions", {
        "findings": [{"finding": finding["id"], "supersedes": old}], "status": "affected", "risk": "uncontrolled", "exploitability": "high",
        "harm": "critical", "remedy": "vendor_fix", "action": "Update.", "rationale": "We were wrong.", "role": "PSIRT lead"})
    decision = maker.writer.get(f"/v1/decisions/{made.json['decisions'][0]}").json
    kit.check("a proposal changes nothing", maker.writer.get(path).json["current"] is True)
    done = maker.ben.post(f"/v1/decisions/{decision['id']}/approve", {"version": decision["version"], "sha256": decision["sha256"], "zone": "Z"})
    now = maker.writer.get(path).json
    kit.check("decided otherwise it does not hold", done.status == 200 and (now["statement"]["state"], now["current"]) == ("published", False), done, now)
    maker.approve(maker.writer.post(f"{path}/draft", {"summary": "Affected."}, {"If-Match": maker.writer.get(path).headers["ETag"]}))
    maker.publish(path)
    kit.check("published again it does", maker.writer.get(path).json["current"] is True)


def at_once(kit, maker, path):
    """Two persons publish the same revision."""
    tag = {"If-Match": maker.writer.get(path).headers["ETag"]}
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(maker.signer.post(f"{path}/publish", {}, tag).status)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    kit.check("one of them does", sorted(answers)[0] == 200 and all(status in (409, 412) for status in sorted(answers)[1:]), answers)


def pass_days(kit, data, days):
    """As if so much time had passed while nobody ran."""
    kit.sql(data, f"UPDATE statement SET embargo = embargo - {days * 86400000000} WHERE embargo IS NOT NULL")
    kit.sql(data, f"UPDATE job SET run_at = run_at - {days * 86400000000} WHERE kind = 'statement.publish' AND state = 'queued'")


def without_library(kit, data):
    """Where there is no librnp documents are not signed, and nothing says that they are."""
    folder = pathlib.Path(kit.path("no-librnp"))
    folder.mkdir()
    (folder / "librnp.so.0").write_text("no library\n", encoding="utf-8")
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1", log="without.log", env={"LD_LIBRARY_PATH": str(folder)}) as service:
        maker, anybody = csaf_world.Maker(kit, data, service), service.client()
        off = maker.configure().json["signing"]
        kit.check("without librnp it says so", off["fingerprint"] is None and "librnp is not installed" in off["why_not"], off)
        maker.published(tlp="WHITE")
        metadata, feed = anybody.get(BASE + "provider-metadata.json").json, anybody.get(FEED).json["feed"]
        kit.check("the role asks for no signatures", metadata["role"] == "csaf_provider" and metadata["public_openpgp_keys"] == [], metadata)
        kit.check("no link to one", all(row["rel"] != "signature" for row in feed["entry"][0]["link"]), feed)
        kit.check("and none is there", anybody.get(f"{BASE}white/{NAME}.asc").status == 404 and ".asc" not in anybody.get(
            f"{BASE}white/{feed['entry'][0]['published'][:4]}/").text)
        kit.check("and it is counted", maker.root.get("/v1/settings/csaf-provider").json["signing"]["unsigned"] == 1)
    kit.check("the log says it", any("without signatures" in str(row) for row in service.lines()))
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1", log="with.log") as service:
        anybody = service.client()
        metadata = anybody.get(BASE + "provider-metadata.json").json
        kit.check("with librnp it is signed at the next start", metadata["role"] == "csaf_trusted_provider", metadata)
        key = metadata["public_openpgp_keys"][0]["fingerprint"]
        verify(kit, "by the key that was made", anybody.get(BASE + "white/" + NAME).body, anybody.get(f"{BASE}white/{NAME}.asc").body,
               anybody.get(f"{BASE}openpgp/{key}.asc").body)


def key_of_tomorrow(kit, data):
    """A key that was made when the clock was ahead: nobody would accept what it signs now, so nothing is published."""
    folder = pathlib.Path(kit.path("tomorrow"))
    folder.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(folder), "--batch", "--pinentry-mode", "loopback", "--passphrase", ""]
    made = subprocess.run([*gpg, "--faked-system-time", "20400101T000000!", "--quick-generate-key", "tomorrow", "ed25519", "sign", "never"],
                          capture_output=True, check=False)
    secret = subprocess.run([*gpg, "--armor", "--export-secret-keys"], capture_output=True, check=False).stdout
    subprocess.run(["gpgconf", "--homedir", str(folder), "--kill", "all"], check=False)
    if made.returncode or not secret:
        kit.check("GnuPG makes a key of tomorrow # SKIP it does not", True)
        return
    (data / "keys" / "csaf.key").write_bytes(secret)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1", log="tomorrow.log") as service:
        maker = csaf_world.Maker(kit, data, service)
        drafted = maker.draft(summary="tomorrow", release="4.3.1")
        maker.approve(drafted)
        path = f"/v1/statements/{drafted.json['statement']['id']}"
        refused = maker.publish(path)
        kit.check("with a key of tomorrow nothing is published", refused.status == 409 and "set the clock" in refused.json["detail"], refused)
        kit.check("it stays approved", maker.writer.get(path).json["statement"]["state"] == "approved")


def revoked(kit, service, anybody, old):
    """A key that somebody else may have: what it signed is signed by the other one."""
    root = service.sign_in("root", csaf_world.SECRETS["root"])[1]
    path = "/v1/settings/csaf-provider/keys/"
    kit.check("no such key is revoked", root.post(f"{path}{'0' * 40}/revoke", {"reason": "x"}).status == 404)
    kit.check("none for no reason", root.post(f"{path}{old}/revoke", {}).faults == ["required /reason"])
    done = root.post(f"{path}{old}/revoke", {"reason": "a backup of it was lost"})
    new = done.json["signing"]["fingerprint"]
    kit.check("the key is revoked", done.status == 200 and done.json["keys"] == [new] and done.json["signing"]["unsigned"] == 0, done)
    kit.check("and nowhere", anybody.get(f"{BASE}openpgp/{old}.asc").status == 404 and [
        key["fingerprint"] for key in anybody.get(BASE + "provider-metadata.json").json["public_openpgp_keys"]] == [new])
    verify(kit, "what it signed is signed by the other", anybody.get(BASE + "white/" + NAME).body,
           anybody.get(f"{BASE}white/{NAME}.asc").body, anybody.get(f"{BASE}openpgp/{new}.asc").body)
    last = root.post(f"{path}{new}/revoke", {"reason": "that one, too"})
    kit.check("without another one nothing is signed", last.json["keys"] == [] and last.json["signing"]["unsigned"] > 0 and
              last.json["signing"]["fingerprint"] is None and "was revoked" in last.json["signing"]["why_not"], last)
    kit.check("and the role is that of it", anybody.get(BASE + "provider-metadata.json").json["role"] == "csaf_provider" and
              anybody.get(f"{BASE}white/{NAME}.asc").status == 404)


def restarted(kit, data, fingerprint):
    """What is scheduled is published by whoever runs then; a key that was moved away stays listed."""
    pass_days(kit, data, 31)
    for name in ("csaf.key", "csaf.pub") if fingerprint else ():
        (data / "keys" / name).unlink()
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1", log="again.log") as service:
        anybody = service.client()
        wait(kit, "after a restart it is published", lambda: anybody.get(f"{BASE}white/{DEVICE}-vex-cve-2023-38545-4_3_1-2.json").status == 200)
        keys = anybody.get(BASE + "provider-metadata.json").json["public_openpgp_keys"]
        kit.check("an old key stays listed", len(keys) == (2 if fingerprint else 0) and all(
            anybody.get(f"{BASE}openpgp/{key['fingerprint']}.asc").status == 200 for key in keys), keys)
        old = anybody.get(f"{BASE}white/{NAME}.asc")
        if fingerprint:
            verify(kit, "what the old key signed is verified with it", anybody.get(BASE + "white/" + NAME).body, old.body,
                   anybody.get(f"{BASE}openpgp/{fingerprint}.asc").body)
            revoked(kit, service, anybody, fingerprint)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = csaf_world.make(kit)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        maker, anybody = csaf_world.Maker(kit, data, service), service.client()
        fingerprint = setting(kit, maker, anybody, data)
        security(kit, anybody, service.port)
        path, document = public(kit, maker, anybody, fingerprint)
        approved_stays(kit, maker, path, document)
        tricks(kit, anybody, document)
        reissue(kit, maker, anybody, path, document)
        customers(kit, maker, data, service, anybody)
        maker.signer = maker.ben
        waiting, count = embargoes(kit, maker, anybody)
        wait(kit, "what was scheduled is published then", lambda: maker.writer.get(waiting).json["statement"]["state"] == "published")
        kit.check("and seen", len(anybody.get(FEED).json["feed"]["entry"]) == count + 1)
        drafted = maker.draft(summary="at once")
        maker.approve(drafted)
        at_once(kit, maker, f"/v1/statements/{drafted.json['statement']['id']}")
        drafted = maker.draft(embargo=later(days=30), release="4.3.1", vulnerabilities=[CURL])
        last = f"/v1/statements/{drafted.json['statement']['id']}"
        maker.approve(drafted)
        kit.check("scheduled", maker.publish(last).json["state"] == "scheduled")
        drafted_so(kit, maker)
    restarted(kit, data, fingerprint)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1", log="third.log") as service:
        decided_otherwise(kit, csaf_world.Maker(kit, data, service), data, service.client())
    truth = csaf_world.make(kit, "truth")
    with client.Service(kit, truth, "--trusted-proxy", "127.0.0.1", log="truth.log") as service:
        maker = csaf_world.Maker(kit, truth, service)
        maker.configure()
        not_true_any_more(kit, maker)
    if fingerprint:
        key_of_tomorrow(kit, data)
        without_library(kit, csaf_world.make(kit, "unsigned"))
    return kit.done()


sys.exit(main())
