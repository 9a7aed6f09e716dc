#!/usr/bin/env python3
"""Statements end to end: `tutela vex`, `tutela csaf`, `scan --vex`. usage: vex.py [PROGRAM]"""
import json
import sys

from kit import ROOT, Kit, component, sbom

PUMP_DIR = ROOT / "examples" / "infusion-pump"
AT = "2026-07-01T12:00:00Z"


def openvex(*statements, **more):
    return json.dumps({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example/1",
                       "author": "Acme", "timestamp": "2024-05-01T00:00:00Z", "version": 1,
                       "statements": list(statements), **more})


def statement(cve, product, status="not_affected", **more):
    products = [product if isinstance(product, dict) else {"@id": product}]
    reason = {"not_affected": {"justification": "vulnerable_code_not_in_execute_path"},
              "affected": {"action_statement": "Update."}}.get(status, {})
    return {"vulnerability": {"name": cve}, "products": products, "status": status, **reason,
            **more}


class Bench:
    """A knowledge base of one package, and an SBOM that has it."""

    def __init__(self, kit):
        self.kit = kit
        record = {"schema_version": "1.6.0", "id": "CVE-2024-1000", "summary": "a fault",
                  "modified": "2024-01-01T00:00:00Z", "affected": [{
                      "package": {"ecosystem": "npm", "name": "left"},
                      "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"},
                                                               {"fixed": "2.0.0"}]}]}]}
        feed = kit.path("feed.jsonl", json.dumps(record) + "\n")
        self.kb = kit.path("vex.kb")
        done = kit.run("kb", "build", "-o", self.kb, feed)
        kit.check("a knowledge base is built", done.returncode == 0, done.complaint)
        serial = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"
        self.sbom = kit.path("sbom.json", sbom(
            component("left", "1.0.0", purl="pkg:npm/left@1.0.0"),
            component("right", "1.0.0", purl="pkg:npm/right@1.0.0"), serialNumber=serial,
            metadata={"component": {"type": "device", "name": "pump", "version": "3",
                                    "bom-ref": "pump", "purl": "pkg:generic/acme/pump@3"}}))
        self.serial = serial

    def outcomes(self, *documents):
        paths = [self.kit.path(f"doc{i}.json", text) for i, text in enumerate(documents)]
        done = self.kit.run("vex", "check", *paths, "--sbom", self.sbom, "--kb", self.kb,
                            "--format", "json")
        if done.returncode != 0:
            return done.complaint
        return [result["outcome"] for result in json.loads(done.stdout)["results"]]


def applying(kit, bench):
    pump = {"@id": "pkg:generic/acme/pump@3"}
    cases = [
        ("the same purl", [statement("CVE-2024-1000", "pkg:npm/left@1.0.0")], ["applies"]),
        ("a purl without version is any version", [statement("CVE-2024-1000", "pkg:npm/left")],
         ["applies"]),
        ("a purl in another case of its type", [statement("CVE-2024-1000", "pkg:NPM/left@1.0.0")],
         ["applies"]),
        ("another version", [statement("CVE-2024-1000", "pkg:npm/left@1.0.1")],
         ["other-version"]),
        ("another qualifier", [statement("CVE-2024-1000", "pkg:npm/left@1.0.0?arch=arm")],
         ["other-qualifiers"]),
        ("another product with the same CVE",
         [statement("CVE-2024-1000", "pkg:npm/leftpad@1.0.0")], ["other-product"]),
        ("a vulnerability that nobody knows", [statement("CVE-1999-0001", "pkg:npm/left@1.0.0")],
         ["unknown-vulnerability"]),
        ("a product in which it was not found",
         [statement("CVE-2024-1000", "pkg:npm/right@1.0.0")], ["no-finding"]),
        ("the whole device", [statement("CVE-2024-1000", pump)], ["applies"]),
        ("a part of the device", [statement("CVE-2024-1000", {
            **pump, "subcomponents": [{"@id": "pkg:npm/left@1.0.0"}]})], ["applies"]),
        ("a part of another device", [statement("CVE-2024-1000", {
            "@id": "pkg:generic/acme/pump@4",
            "subcomponents": [{"@id": "pkg:npm/left@1.0.0"}]})], ["other-whole"]),
        ("a product that is only a name", [statement("CVE-2024-1000", "left")], ["no-product"]),
        ("a purl that cannot be read", [statement("CVE-2024-1000", "pkg:npm/")], ["unreadable"]),
        ("no product", [{"vulnerability": {"name": "CVE-2024-1000"}, "status": "fixed"}],
         ["no-product"]),
        ("two that contradict each other",
         [statement("CVE-2024-1000", "pkg:npm/left@1.0.0"),
          statement("CVE-2024-1000", "pkg:npm/left@1.0.0", "affected")],
         ["ambiguous", "ambiguous"]),
        ("a later word of the same author",
         [statement("CVE-2024-1000", "pkg:npm/left@1.0.0", timestamp="2024-05-02T00:00:00Z"),
          statement("CVE-2024-1000", "pkg:npm/left@1.0.0", "affected")],
         ["applies", "superseded"]),
        ("dates without zone settle nothing",
         [statement("CVE-2024-1000", "pkg:npm/left@1.0.0", timestamp="2024-05-02T00:00:00"),
          statement("CVE-2024-1000", "pkg:npm/left@1.0.0", "affected")],
         ["ambiguous", "ambiguous"]),
        ("an unreadable product that is affected stands against it",
         [statement("CVE-2024-1000", "pkg:npm/left@1.0.0"),
          statement("CVE-2024-1000", "pkg:npm/", "affected")], ["ambiguous", "unreadable"]),
        ("a product without a name that is affected stands against it",
         [statement("CVE-2024-1000", "pkg:npm/left@1.0.0"),
          {"vulnerability": {"name": "CVE-2024-1000"}, "status": "affected",
           "action_statement": "none"}], ["ambiguous", "no-product"]),
        ("a status that nobody knows stands against it",
         [statement("CVE-2024-1000", "pkg:npm/left@1.0.0"),
          statement("CVE-2024-1000", "pkg:npm/left@1.0.0", "harmless")],
         ["ambiguous", "no-status"]),
        ("two that agree",
         [statement("CVE-2024-1000", "pkg:npm/left@1.0.0"),
          statement("CVE-2024-1000", "pkg:npm/left")], ["applies", "applies"]),
    ]
    for name, statements, want in cases:
        got = bench.outcomes(openvex(*statements))
        kit.check(f"vex check: {name}: {', '.join(want)}", got == want, got)


def bom_links(kit, bench):
    def document(ref, **more):
        return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
                           "vulnerabilities": [{"id": "CVE-2024-1000",
                                                "analysis": {"state": "not_affected"},
                                                "affects": [{"ref": ref}]}], **more})

    uuid = bench.serial.removeprefix("urn:uuid:")
    for name, text, want in (
            ("the same serial", document(f"urn:cdx:{uuid}/1#left"), "applies"),
            ("the serial in capitals", document(f"urn:cdx:{uuid.upper()}/1#left"), "applies"),
            ("another serial", document(f"urn:cdx:{uuid[:-1]}0/1#left"), "other-document"),
            ("inside the same BOM", document("left", serialNumber=bench.serial), "applies"),
            ("a bom-ref of a BOM without serial", document("left"), "other-document")):
        got = bench.outcomes(text)
        kit.check(f"vex check: BOM-Link: {name}: {want}", got == [want], got)


def scanning(kit, bench):
    vex = kit.path("says.json", openvex(statement("CVE-2024-1000", "pkg:npm/left@1.0.0"),
                                        statement("CVE-2024-1000", "pkg:npm/other@1")))
    base = ("scan", bench.sbom, "--kb", bench.kb, "--fail-on", "any")
    plain = kit.run(*base)
    proposed = kit.run(*base, "--vex", vex)
    trusted = kit.run(*base, "--vex", vex, "--trust-vex")
    kit.check("scan: without statements the policy is violated", plain.returncode == 1,
              plain.complaint)
    kit.check("scan --vex: a proposal changes no verdict", proposed.returncode == 1,
              proposed.complaint)
    kit.check("scan --vex: what the supplier says is shown",
              "supplier says not_affected" in proposed.text, proposed.text)
    kit.check("scan --vex: what does not apply is told", "1 of 2 statements" in proposed.complaint,
              proposed.complaint)
    kit.check("scan --vex --trust-vex: it decides", trusted.returncode == 0,
              trusted.text, trusted.complaint)
    done = kit.run(*base, "--vex")
    kit.check("scan --vex without a file is misuse", done.returncode == 2, done.complaint)
    done = kit.run(*base, "--vex", bench.sbom)
    kit.check("scan --vex with a document that states nothing", done.returncode == 1,
              done.complaint)
    done = kit.run(*base, "--vex", kit.path("no.json", "{}"))
    kit.check("scan --vex with something else is refused", done.returncode == 3, done.complaint)


FORMATS = ("openvex", "cyclonedx", "csaf-vex", "csaf-advisory", "notice-html", "notice-text")


def writing(kit):  # REQ-CASE-6
    written = {}
    for name in FORMATS:
        first, again = (kit.run("vex", "write", PUMP_DIR, "--format", name, "--at", AT)
                        for _ in range(2))
        written[name] = first.text
        kit.check(f"vex write {name}: it is written", first.returncode == 0 and first.text,
                  first.complaint)
        kit.check(f"vex write {name}: equal input gives equal bytes", first.stdout == again.stdout)
    for name in ("csaf-vex", "csaf-advisory"):
        done = kit.run("csaf", "validate", kit.path(f"{name}.json", written[name]))
        kit.check(f"vex write {name}: it is valid CSAF", done.returncode == 0, done.text)
    for name in FORMATS[:4]:
        done = kit.run("vex", "show", kit.path(f"{name}.json", written[name]), "--format", "json")
        statements = json.loads(done.stdout)["statements"] if done.returncode == 0 else []
        kit.check(f"vex write {name}: vex show reads it back",
                  {"affected", "fixed", "not_affected"} <= {s["status"] for s in statements},
                  done.complaint, done.text)
    notice = written["notice-text"]
    for words in ("as currently understood", "as expeditiously as possible",
                  "Compensating controls", "communicate its availability"):
        kit.check(f"notice: \"{words}\"", words in notice, notice)
    kit.check("notice: UDI", "00614141123452" in notice, notice)
    kit.check("notice: nothing of what is not affected", "CVE-2021-42386" not in notice, notice)
    return written


def carrying(kit):
    """4.4.0 lives by the decisions on 4.3.1, as far as they reach."""
    late = "2026-07-10T00:00:00Z"
    base = ("vex", "write", PUMP_DIR, "--release", "4.4.0", "--at", late)
    done = kit.run(*base, "--format", "openvex")
    said = {s["vulnerability"]["name"]: s for s in json.loads(done.stdout)["statements"]} \
        if done.returncode == 0 else {}

    def of(cve, word):
        return said.get(cve, {}).get(word, "")

    for cve, status in (("CVE-2021-42386", "not_affected"), ("CVE-2022-0934", "affected"),
                        ("CVE-2021-27803", "fixed")):
        kit.check(f"vex write --release: {cve} is carried as {status}",
                  of(cve, "status") == status, done.text, done.complaint)
        kit.check(f"vex write --release: {cve}: the note says from where",
                  "for release 4.3.1 and carried forward to 4.4.0" in of(cve, "status_notes"),
                  of(cve, "status_notes"))
    curl = said.get("CVE-2023-38545", {})
    kit.check("vex write --release: what was re-opened is under investigation",
              curl.get("status") == "under_investigation", str(curl))
    kit.check("vex write --release: … and the note says why",
              "7.76.1 and is 7.88.1" in curl.get("status_notes", ""), str(curl))
    kit.check("vex write --release: … and nothing of what was decided is left",
              "justification" not in curl and "impact_statement" not in curl, str(curl))
    kit.check("vex write --release: what the release has the fix for is fixed, not carried",
              of("CVE-2022-0847", "status") == "fixed", str(of("CVE-2022-0847", "status")))
    purls = {p["@id"] for s in said.values() for p in s["products"]}
    kit.check("vex write --release: nothing of another release",
              len(purls) == 1 and purls.pop().endswith("@4.4.0"), str(purls))
    done = kit.run(*base, "--format", "openvex", "--id", "CVE-2021-42386")
    kit.check("vex write --release --id: that one only",
              done.text.count('"status"') == 1, done.text, done.complaint)
    done = kit.run(*base, "--format", "csaf-vex")
    checked = kit.run("csaf", "validate", kit.path("carried.json", done.stdout))
    kit.check("vex write --release: valid CSAF that tells the origin",
              checked.returncode == 0 and "Origin of the statement" in done.text, checked.text)
    done = kit.run("vex", "write", PUMP_DIR, "--release", "4.3.1", "--at", late, "--format",
                   "openvex", "--id", "CVE-2021-44228")
    kit.check("vex write --release: a decision whose time is over is under investigation",
              '"status": "under_investigation"' in done.text, done.text, done.complaint)


def reissuing(kit, written):
    previous = kit.path("csaf-vex.json", written["csaf-vex"])
    base = ("vex", "write", PUMP_DIR, "--format", "csaf-vex", "--previous", previous)
    done = kit.run(*base, "--at", "2026-07-02T00:00:00Z", "--summary", "Second.")
    tracking = json.loads(done.stdout)["document"]["tracking"] if done.returncode == 0 else {}
    kit.check("re-issue: the history is kept and one revision longer",
              [r["number"] for r in tracking.get("revision_history", [])] == ["1", "2"],
              done.complaint, str(tracking))
    kit.check("re-issue: the first date stays", tracking.get("initial_release_date") == AT)
    done = kit.run("csaf", "validate", kit.path("again.json", done.stdout))
    kit.check("re-issue: it is valid CSAF", done.returncode == 0, done.text)
    done = kit.run(*base, "--at", "2026-06-01T00:00:00Z")
    kit.check("re-issue: an older time is refused", done.returncode == 2, done.complaint)
    for name in ("openvex", "cyclonedx"):
        previous = kit.path(f"{name}.json", written[name])
        done = kit.run("vex", "write", PUMP_DIR, "--format", name, "--previous", previous, "--at",
                       "2026-07-02T00:00:00Z")
        kit.check(f"re-issue: {name} counts its version on",
                  done.returncode == 0 and json.loads(done.stdout)["version"] == 2,
                  done.complaint)


def counting_on(kit, written):
    """What follows the version of the previous document, and what is said when none can."""
    later = ("--at", "2026-07-02T00:00:00Z", "--previous")

    def written_again(name, old):
        return kit.run("vex", "write", PUMP_DIR, "--format", name, *later,
                       kit.path("old.json", json.dumps(old)))

    for before, after in (("1", "2"), ("9", "10"), ("199", "200"), ("99", "100"),
                          ("1.2.3", "1.3.0"), ("1.9.0", "1.10.0")):
        old = json.loads(written["csaf-vex"])
        old["document"]["tracking"]["version"] = before
        old["document"]["tracking"]["id"] = "acme-1"
        done = written_again("csaf-vex", old)
        now = json.loads(done.stdout)["document"]["tracking"] if done.returncode == 0 else {}
        history = now.get("revision_history", [{}])
        kit.check(f"re-issue: version {before} becomes {after}",
                  now.get("version") == after and history[-1].get("number") == after,
                  done.complaint, str(now))
        kit.check("re-issue: the id stays, the revision says what it is",
                  now.get("id") == "acme-1" and
                  history[-1].get("summary") == "Statements revised.", str(now))
    for name, spoil, code, words in (
            ("csaf-vex", lambda d: d["document"]["tracking"].update(version="x"), 3,
             "neither an integer nor semantic"),
            ("csaf-vex", lambda d: d["document"].pop("tracking"), 3, "it has no tracking"),
            ("csaf-vex", lambda d: d["document"]["tracking"]["revision_history"][0].update(
                date="2026-07-02"), 2, "not before the new one"),
            ("openvex", lambda d: d.pop("version"), 3, "it has no version"),
            ("openvex", lambda d: d.update(version="1"), 3, "it has no version"),
            ("cyclonedx", lambda d: d.pop("version"), 3, "no serial number and version"),
            ("cyclonedx", lambda d: d.pop("serialNumber"), 3, "no serial number and version")):
        old = json.loads(written[name])
        spoil(old)
        done = written_again(name, old)
        kit.check(f"re-issue: {name}: {words}",
                  done.returncode == code and words in done.complaint and not done.text,
                  f"exit {done.returncode}", done.complaint)
    for name, keep in (("openvex", ("@id", "timestamp")), ("cyclonedx", ("serialNumber",))):
        old = json.loads(written[name])
        old.update({key: f"{old[key]}" for key in keep}, version=41)
        now = json.loads(written_again(name, old).stdout or "{}")
        kit.check(f"re-issue: {name}: identity stays, version 41 becomes 42",
                  now.get("version") == 42 and all(now.get(k) == old[k] for k in keep), str(now)[:300])
    now = json.loads(written_again("openvex", json.loads(written["openvex"])).stdout or "{}")
    kit.check("re-issue: openvex: it says when it was updated",
              now.get("last_updated") == "2026-07-02T00:00:00Z", str(now)[:300])


def misuse(kit):
    for name, arguments, code in (
            ("no part", ("vex",), 2), ("an unknown part", ("vex", "burn"), 2),
            ("an unknown format", ("vex", "write", PUMP_DIR, "--format", "pdf"), 2),
            ("no folder", ("vex", "write", "/nowhere", "--format", "openvex"), 3),
            ("an id of no decision", ("vex", "write", PUMP_DIR, "--format", "openvex", "--at", AT,
                                      "--id", "CVE-1999-0001"), 2),
            ("an unknown release", ("vex", "write", PUMP_DIR, "--format", "openvex", "--release",
                                    "9"), 3),
            ("a bad label", ("vex", "write", PUMP_DIR, "--format", "csaf-vex", "--tlp", "blue"), 2),
            ("no SBOM", ("vex", "check", "x.json"), 2),
            ("csaf without a file", ("csaf", "validate"), 2),
            ("csaf of a file that is not there", ("csaf", "validate", "/nowhere.json"), 3)):
        done = kit.run(*arguments)
        kit.check(f"misuse: {name}", done.returncode == code and done.complaint,
                  f"exit {done.returncode}", done.complaint)


def many_products(count):
    ids = [f"P{i}" for i in range(count)]
    return json.dumps({
        "document": {"category": "csaf_vex", "csaf_version": "2.0", "title": "t",
                     "publisher": {"category": "vendor", "name": "a",
                                   "namespace": "https://a.example"},
                     "tracking": {"id": "A", "status": "final", "version": "1",
                                  "current_release_date": AT, "initial_release_date": AT,
                                  "revision_history": [{"date": AT, "number": "1",
                                                        "summary": "s"}]}},
        "product_tree": {"full_product_names": [{"name": i, "product_id": i} for i in ids]},
        "vulnerabilities": [{"cve": "CVE-2024-1000", "notes": [{"category": "summary",
                                                                "text": "x"}],
                             "product_status": {"known_affected": ids},
                             "remediations": [{"category": "vendor_fix", "details": "d",
                                               "product_ids": ids}]}]})


def hostile(kit):
    done = kit.run("csaf", "validate", kit.path("many.json", many_products(100000)), timeout=20)
    kit.check("100,000 products are judged in seconds", done.returncode == 0,
              done.text[:300], done.complaint)
    text = many_products(2).replace('"product_id": "P1"', '"product_id": "P0"')
    done = kit.run("csaf", "validate", kit.path("twice.json", text))
    kit.check("a product id twice: 6.1.2 and its pointer",
              "6.1.2    /product_tree/full_product_names/1/product_id" in done.text, done.text)
    text = many_products(1).replace(AT, "2026-07-01T12:00:00")
    done = kit.run("csaf", "validate", kit.path("zone.json", text))
    kit.check("a date without zone: the schema and its pointer",
              "/document/tracking/current_release_date" in done.text and done.returncode == 1,
              done.text)
    deep = '{"document":{"csaf_version":"2.0"},"product_tree":{"branches":' + \
        '[{"branches":' * 100000 + "[]" + "}]" * 100000 + "}}"
    done = kit.run("csaf", "validate", kit.path("deep.json", deep))
    kit.check("huge nesting is refused with its place", done.returncode == 3 and
              ".json:1:" in done.complaint, done.complaint)
    for name, text in (("a key twice", '{"@context":"https://openvex.dev/ns/v0.2.0",'
                                       '"statements":[],"statements":[]}'),
                       ("no JSON", "CVE-2024-1 is fine"), ("nothing", ""),
                       ("no statements", '{"@context":"https://openvex.dev/ns/v0.2.0"}')):
        done = kit.run("vex", "show", kit.path("bad.json", text))
        kit.check(f"vex show: {name} is refused", done.returncode == 3 and done.complaint,
                  done.complaint)


def main():
    kit = Kit()
    bench = Bench(kit)
    applying(kit, bench)
    bom_links(kit, bench)
    scanning(kit, bench)
    written = writing(kit)
    reissuing(kit, written)
    counting_on(kit, written)
    carrying(kit)
    misuse(kit)
    hostile(kit)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
