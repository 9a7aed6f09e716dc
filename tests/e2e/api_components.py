#!/usr/bin/env python3
"""Components of the whole portfolio over the API: where is what, files by hash, one vulnerability, search.

usage: api_components.py [PROGRAM]
"""
import sys

from kit import ROOT, Kit, component, sbom

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

DEVICE = "larkspur-ip-200"
YAML = {"Content-Type": "application/yaml"}
ANY = {"Content-Type": "application/octet-stream", "If-Match": "*"}
HASH = "ab" * 32
NAME = "Bench Tester"


def bare(answer):
    body = answer.json
    body.pop("request", None)
    return answer.status, body


def fill(writer):
    """A device with two releases: versions of one thing in the orders of several schemes."""
    text = f"family: {NAME}\nmanufacturer: {{name: Acme}}\nreleases:\n- {{version: '1.0'}}\n- {{version: '2.0'}}\n- {{version: '3.0'}}\n"
    made = writer.post("/v1/devices", text, YAML)
    if made.status != 201:
        raise SystemExit(f"Bail out! {made.body}")
    ids = [row["id"] for row in writer.get("/v1/devices/bench-tester/releases").json["items"]]
    first = sbom(component("openssl", "3.0.9", purl="pkg:generic/openssl@3.0.9", hashes=[{"alg": "SHA-256", "content": HASH.upper()}]),
                 component("libssl3", "3.0.11-1~deb12u2", purl="pkg:deb/debian/openssl@3.0.11-1~deb12u2"),
                 component("gadget", "1.10.0", purl="pkg:npm/gadget@1.10.0"),
                 component("gadget", "1.9.0", purl="pkg:npm/gadget@1.9.0"))
    second = sbom(component("openssl", "3.0.14", purl="pkg:generic/openssl@3.0.14"), component("openssl"),
                  component("gadget", "not/a version", purl="pkg:npm/gadget@not%2Fa%20version"),
                  component("log4j-core", "2.14.1", purl="pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"))
    for release, body in zip(ids, (first, second)):
        done = writer.call("PUT", f"/v1/releases/{release}/sbom", body, headers=ANY)
        if done.status != 200:
            raise SystemExit(f"Bail out! {done.body}")
    writer.call("PUT", f"/v1/releases/{ids[0]}/state", {"state": "withdrawn", "reason": "recall"}, headers={"If-Match": "*"})
    return ids


def where(kit, reader, other):
    def ask(question, device="bench-tester"):
        answer = reader.get("/v1/components", where=question, limit=1000)
        return answer, [(row["version"], row["release_name"], row["verdict"]) for row in answer.json["items"] if row["device"] == device]

    answer, rows = ask("openssl < 3.0.14")
    kit.check("what is older, also in what is no longer sold; what has no version is apart",
              rows == [("3.0.11-1~deb12u2", "1.0", "meant"), ("3.0.9", "1.0", "meant"), (None, "2.0", "undecided")], rows)
    states = {row["release_name"]: row["state"] for row in answer.json["items"] if row["device"] == "bench-tester"}
    kit.check("with the state of the release", states["1.0"] == "withdrawn", states)
    kit.check("what is undecided is counted and says why", answer.json["undecided"] >= 1 and
              answer.json["meant"] + answer.json["undecided"] == answer.json["total"]["count"] and
              answer.json["items"][-1]["why"] == "it has no version", answer)
    table = [
        ("openssl<3.0.9", [(None, "2.0", "undecided")]),
        ("openssl <= 3.0.9", [("3.0.9", "1.0", "meant"), (None, "2.0", "undecided")]),
        ("OpenSSL >=3.0.14", [("3.0.14", "2.0", "meant"), (None, "2.0", "undecided")]),
        ("openssl = 3.0.9", [("3.0.9", "1.0", "meant"), (None, "2.0", "undecided")]),
        ("openssl > 3.0, < 3.0.10", [("3.0.9", "1.0", "meant"), (None, "2.0", "undecided")]),
        ("gadget < 1.10", [("1.9.0", "1.0", "meant"), ("not/a version", "2.0", "undecided")]),
        ("pkg:npm/gadget >1.9.0", [("1.10.0", "1.0", "meant"), ("not/a version", "2.0", "undecided")]),
        ("gad*t = 1.9.0", [("1.9.0", "1.0", "meant"), ("not/a version", "2.0", "undecided")]),
        ("pkg:deb/debian/openssl", [("3.0.11-1~deb12u2", "1.0", "meant")]),
        ("g%dget", []),
        ("nothing-of-the-kind", []),
    ]
    for question, wanted in table:
        answer, rows = ask(question)
        kit.check(question, rows == wanted, rows)
    both = reader.get("/v1/components", where="busybox", limit=1000).json["items"]
    kit.check("over all devices", {row["device"] for row in both} == {DEVICE}
              and {row["release_name"] for row in both} == {"4.3.1", "4.4.0"}, both)
    for question, at in (("< 3", 1), ("openssl <", 9), ("openssl < 1 < 2", 13), ("openssl = 1 > 2", 13),
                         ("openssl 3.0.14", 9), ("openssl <3 4", 12), ("openssl ~3.0", 9), ("open ssl < 3", 6), ("openssl != 3.0.9", 9)):
        wrong = reader.get("/v1/components", where=question)
        kit.check(f"{question!r} is no question", wrong.status == 422 and f"byte {at}:" in wrong.json["detail"], wrong)
    forgotten = reader.get("/v1/components", where="openssl 3.0.14")
    kit.check("a version without an operator is not answered with none", '">=" or "=" was expected' in forgotten.json["detail"], forgotten)
    pages = reader.pages("/v1/components", where="openssl < 3.0.14", limit=1)
    kit.check("pages have all", len(pages) == reader.get("/v1/components", where="openssl < 3.0.14").json["total"]["count"])
    hidden = other.get("/v1/components", where="openssl").json
    kit.check("nothing out of scope", (hidden["items"], hidden["meant"], hidden["undecided"]) == ([], 0, 0), hidden)


def hashes(kit, reader, other):
    rows = reader.get("/v1/hashes", value=HASH.upper()).json["items"]
    kit.check("the releases with a file of this hash", [(row["component"], row["algorithm"], row["release_name"], row["device"])
                                                        for row in rows] == [("openssl", "SHA-256", "1.0", "bench-tester")], rows)
    kit.check("a hash that nothing has", reader.get("/v1/hashes", value="00" * 16).json["total"]["count"] == 0)
    kit.check("what is no hash", reader.get("/v1/hashes", value="no hash at all").status == 422)
    kit.check("out of scope is nothing", other.get("/v1/hashes", value=HASH).json["items"] == [])


def health(kit, data):
    """A database with hashes of files is sound, by the engine's own words too."""
    kit.answers("doctor finds no fault in it", kit.run("doctor", data, "-f", "json"), 0, '"errors": 0')


def of_release(kit, reader, other, release):
    answer = reader.get(f"/v1/releases/{release}/components")
    rows = {(row["name"], row["version"]): row for row in answer.json["items"]}
    kit.check("components of a release", set(rows) == {("openssl", "3.0.9"), ("libssl3", "3.0.11-1~deb12u2"), ("gadget", "1.10.0"),
                                                       ("gadget", "1.9.0")}, answer)
    kit.check("without data is said", rows[("gadget", "1.9.0")]["data"] is False and rows[("gadget", "1.9.0")]["findings"] == 0, rows)
    kit.check("out of scope", bare(other.get(f"/v1/releases/{release}/components")) == bare(other.get(f"/v1/releases/{'0' * 32}/components")))


def vulnerability(kit, reader, other):
    one = reader.get("/v1/vulnerabilities/CVE-2021-44228").json
    rows = {(row["device"], row["release_name"]): row for row in one["releases"]}
    listed = reader.pages("/v1/findings", filter="vulnerability:CVE-2021-44228", limit=1000)
    kit.check("the releases that have it are those of the findings",
              set(rows) == {(row["device"], row["release"]) for row in listed} and len(rows) >= 1
              and sum(row["findings"] for row in rows.values()) == len(listed), one, listed)
    kit.check("what is known of it", one["known"]["kev"] is True and one["known"]["severity"] == "critical", one["known"])
    kit.check("each is decided or not", all(row["is_decided"] == (row["decided"] == row["findings"]) for row in rows.values())
              and one["releases_open"] + one["releases_decided"] == len(rows), one)
    kit.check("by another name", reader.get("/v1/vulnerabilities/ghsa-jfh8-c2jp-5v3q").json == one)
    kit.check("releases of which nothing is known are counted", one["releases_without_sbom"] == 1, one["releases_without_sbom"])
    kit.check("one that nobody knows", reader.get("/v1/vulnerabilities/CVE-1999-99999").status == 404)
    hidden = other.get("/v1/vulnerabilities/CVE-2021-44228").json
    kit.check("who sees no device sees what is known to all", (hidden["known"], hidden["releases"], hidden["releases_without_sbom"]) ==
              (one["known"], [], 0), hidden)


def searching(kit, reader, other):
    def ask(word, who=reader):
        answer = who.get("/v1/search", q=word).json
        return answer["counts"], {(row["type"], row["title"]) for row in answer["hits"]}, answer

    table = [("bench", ("device", NAME)), ("4.4", ("release", "4.4.0")), ("busyb", ("component", "busybox")),
             ("cve-2021-44228", ("vulnerability", "CVE-2021-44228")), ("GHSA-jfh8-c2jp-5v3q", ("vulnerability", "CVE-2021-44228")),
             ("openssl < 3.0.14", ("component", "openssl"))]
    for word, hit in table:
        counts, hits, answer = ask(word)
        kit.check(f"{word!r} is found", hit in hits and counts[hit[0]] >= 1, answer)
        fine = all(reader.get(row["link"]).status == 200 for row in answer["hits"])
        kit.check(f"links of {word!r} lead there", fine, answer)
        counts, hits, answer = ask(word, other)
        kit.check(f"{word!r}: neither hit nor count out of scope", not hits and not any(counts.values()), answer)
    counts, hits, _ = ask("cve-20")
    kit.check("counts are of all, hits of some", counts["vulnerability"] > 20 == sum(kind == "vulnerability" for kind, _ in hits), counts)
    kit.check("no word", reader.get("/v1/search", q="  ").status == 422)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = client.example_data(kit)
    with client.Service(kit, data) as service:
        reader = service.client(client.add_key(kit, data))
        writer = service.client(client.add_key(kit, data, "analyst"))
        other = service.client(client.add_key(kit, data, team="other"))
        releases = fill(writer)
        writer.call("PUT", f"/v1/releases/{releases[2]}/state", {"state": "withdrawn", "reason": "never built"}, headers={"If-Match": "*"})
        where(kit, reader, other)
        hashes(kit, reader, other)
        health(kit, data)
        of_release(kit, reader, other, releases[0])
        vulnerability(kit, reader, other)
        searching(kit, reader, other)
    return kit.done()


sys.exit(main())
