#!/usr/bin/env python3
"""`tutela threat import` and `export`: what is written reads back, and what is lost has a name.

usage: threat_convert.py [PROGRAM]
"""
import json
import os
import pathlib
import re
import sys

from kit import Kit, ROOT

SHARED = pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared"))
CYCLONEDX = SHARED / "data/conformance/cyclonedx/schema"
SCHEMAS = {"cyclonedx": CYCLONEDX / "bom-1.6.schema.json",
           "otm": SHARED / "data/conformance/threat-models/otm/otm_schema.json",
           "threat-dragon": SHARED / "data/conformance/threat-models/threat-dragon-schema/threat-dragon-v2.schema.json"}

DEVICE = """family: Lamp
manufacturer: {name: Example}
hazards:
  - {id: burn, severity: critical}
assets:
  - id: dose
    function: therapy
    privacy: none
    hazards: [{hazard: burn, on_loss_of: [integrity]}]
"""

MODEL = {
    "schema": "neutral-device-model/1", "id": "lamp", "title": "Lamp", "manufacturer": "Example", "version": "1",
    "hazards": [{"id": "burn", "severity": "critical", "title": "Burn"}],
    "assets": [{"id": "dose", "title": "Dose", "function": "therapy", "privacy": "none",
                "hazards": [{"hazard": "burn", "on_loss_of": ["integrity"]}]}],
    "states": [{"id": "use", "name": "Use", "phase": "clinical use"}],
    "zones": [{"id": "room", "name": "Room", "role": "care", "trust": 3, "boundary": "Door"},
              {"id": "case", "name": "Case", "parent": "room", "role": "device", "trust": 8}],
    "elements": [
        {"id": "lamp", "kind": "process", "name": "Lamp: \"UV\", 30 %", "zone": "case", "count": 40, "patients": 1,
         "functions": ["therapy"], "assets": ["dose"], "facts": {"listener": "yes", "debug": "fused"},
         "description": "Shines\nand measures"},
        {"id": "key", "kind": "hardware", "name": "Key", "zone": "room", "count": 40, "patients": 0},
        {"id": "site", "kind": "external", "name": "Site", "zone": "room", "in_scope": False}],
    "flows": [
        {"id": "sets", "from": "key", "to": "lamp", "name": "Sets", "protocol": "BLE", "medium": "radio",
         "carries": ["command", "log"], "assets": ["dose"], "authentication": "mutual", "integrity": "mac",
         "encryption": "aead", "freshness": "counter", "fan_out": 1, "facts": {"pairing": "numeric comparison"}},
        {"id": "tells", "from": "lamp", "to": "site", "protocol": "HTTPS", "medium": "internet",
         "carries": ["information"], "fan_out": 3}],
    "controls": [{"id": "c", "category": "1", "title": "Key per lamp", "covers": ["sets", "lamp"],
                  "provides": ["authentication"], "requirement": "R-1", "evidence": "T-1"}],
    "components": [{"id": "k", "purl": "pkg:generic/zephyr@3.7.0", "supplier": "Zephyr", "support": "maintained",
                    "end_of_support": "2029-07-26", "elements": ["lamp"]}],
    "assumptions": [{"id": "a", "text": "The room is locked", "owner": "Architect", "review_by": "2027-01-31"}],
    "views": [{"id": "all", "kind": "global", "title": "All", "elements": ["*"], "flows": ["*"]},
              {"id": "part", "kind": "use-case", "title": "Setting", "elements": ["key"], "flows": ["sets"]}],
}


def without(value):
    """What a list of threats and questions says, in an order of its own."""
    return sorted(json.dumps(entry, sort_keys=True) for entry in value)


class Work:
    def __init__(self, kit):
        self.kit = kit

    def file(self, name, text):
        path = self.kit.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def export(self, source, form, *more):
        return self.kit.run("threat", "export", source, "--format", form, *more)

    def threats(self, source):
        return without(json.loads(self.kit.run("threat", "list", source, "--format", "json", "--at", "2026-07-10").text))


def there_and_back(kit, work):
    source = work.file("model.json", json.dumps(MODEL))
    before = work.threats(source)
    again = work.export(source, "neutral").text
    second = work.file("neutral.json", again)
    kit.check("neutral: writing what was written gives the same bytes", again
              and work.export(second, "neutral").text == again)
    kit.check("neutral: the same threats and questions", work.threats(second) == before)
    done = work.export(source, "otm", "--losses", kit.folder / "otm.losses")
    otm = work.file("model.otm", done.text)
    kit.check("otm: the same threats and questions", done.returncode == 0 and work.threats(otm) == before, done.complaint)
    kit.check("otm: nothing is lost", json.loads((kit.folder / "otm.losses").read_text()) == [])
    once, twice = work.export(otm, "neutral").text, work.export(work.file("2.json", work.export(otm, "otm").text), "neutral").text
    kit.check("otm: there and back again changes nothing", once and once == twice)
    done = work.export(source, "threat-dragon", "--losses", kit.folder / "dragon.losses")
    dragon = json.loads(work.export(work.file("dragon.json", done.text), "neutral").text)
    lost = " ".join(entry["at"] for entry in json.loads((kit.folder / "dragon.losses").read_text()))
    kit.check("threat-dragon: elements and flows come back as they were",
              [{**x, "in_scope": x.get("in_scope", True)} for x in dragon["elements"]]
              == [{**x, "in_scope": x.get("in_scope", True)} for x in MODEL["elements"]]
              and [x["id"] for x in dragon["flows"]] == ["sets", "tells"]
              and dragon["flows"][0]["facts"] == {"pairing": "numeric comparison"}, dragon["elements"])
    kit.check("threat-dragon: zones keep parent, role, trust and border", sorted(dragon["zones"], key=lambda z: z["trust"])
              == MODEL["zones"], dragon["zones"])
    kit.check("threat-dragon: what has no place is named", all(word in lost for word in (
        "hazards", "components", "assumptions", "states", "categories and properties")), lost)
    kit.check("threat-dragon: without --losses they are printed", "lost: components: 1" in work.export(
        source, "threat-dragon").complaint)
    for form, schema in SCHEMAS.items():
        validate(kit, form, schema, json.loads(work.export(source, form).text))


# What every object of the export has, by Threagile's support/schema.json (1.0.0), and the words of its enumerations.
CRITICAL = ("archive", "operational", "important", "critical", "mission-critical")
SECRET = ("public", "internal", "restricted", "confidential", "strictly-confidential")
USAGE = ("business", "devops")
PROTOCOLS = tuple("""unknown-protocol http https ws wss reverse-proxy-web-protocol reverse-proxy-web-protocol-encrypted mqtt jdbc jdbc-
encrypted odbc odbc-encrypted sql-access-protocol sql-access-protocol-encrypted nosql-access-protocol nosql-access-
protocol-encrypted binary binary-encrypted text text-encrypted ssh ssh-tunnel smtp smtp-encrypted pop3 pop3-encrypted
imap imap-encrypted ftp ftps sftp scp ldap ldaps jms nfs smb smb-encrypted local-file-access nrpe xmpp iiop iiop-
encrypted jrmp jrmp-encrypted in-process-library-call inter-process-communication container-spawning""".split())
THREAGILE = {
    "data_assets": {"id": str, "description": str, "usage": USAGE, "quantity": ("very-few", "few", "many", "very-many"),
                    "confidentiality": SECRET, "integrity": CRITICAL, "availability": CRITICAL, "owner": str,
                    "justification_cia_rating": str},
    "technical_assets": {"id": str, "description": str, "type": ("external-entity", "process", "datastore"), "usage": USAGE,
                         "used_as_client_by_human": bool, "out_of_scope": bool,
                         "size": ("system", "service", "application", "component"), "technology": ("unknown-technology",),
                         "internet": bool, "machine": ("physical", "virtual", "container", "serverless"),
                         "encryption": ("none", "transparent"), "owner": str, "confidentiality": SECRET, "integrity": CRITICAL,
                         "availability": CRITICAL, "multi_tenant": bool, "redundant": bool, "custom_developed_parts": bool,
                         "data_assets_processed": list, "data_assets_stored": list, "data_formats_accepted": list,
                         "communication_links": dict},
    "communication_links": {"target": str, "description": str, "protocol": PROTOCOLS,
                            "authentication": ("none", "credentials", "session-id", "token", "client-certificate", "two-factor",
                                               "externalized"),
                            "authorization": ("none", "technical-user"), "vpn": bool, "ip_filtered": bool, "readonly": bool,
                            "usage": USAGE, "data_assets_sent": list},
    "trust_boundaries": {"id": str, "description": str, "type": ("network-on-prem", "network-cloud-provider", "execution-environment"),
                         "technical_assets_inside": list, "trust_boundaries_nested": list},
}
OPTIONAL = {"justification_cia_rating"}


def not_threagile(document):
    """What is not as Threagile's schema, its check of ids and its check of references want it."""
    for key, kind in {"threagile_version": str, "title": str, "author": dict, "business_criticality": str, "tags_available": list,
                      "data_assets": dict, "technical_assets": dict, "shared_runtimes": dict}.items():
        if not isinstance(document.get(key), kind):
            yield f"{key}: {document.get(key)}"
    lists = {key: list(document[key].values()) for key in ("data_assets", "technical_assets", "trust_boundaries")}
    lists["communication_links"] = [link for asset in lists["technical_assets"] for link in asset["communication_links"].values()]
    for name, rows in lists.items():
        for row in rows:
            for key, want in ((key, want) for key, want in THREAGILE[name].items() if key in row):
                fine = row[key] in want if isinstance(want, tuple) else isinstance(row[key], want)
                if not fine:
                    yield f"{name}: {key} is {row[key]}"
            yield from (f"{name}: {key} is missing or unknown" for key in set(THREAGILE[name]) ^ set(row) if key not in OPTIONAL)
    known = {name: [row["id"] for row in rows] for name, rows in lists.items() if name != "communication_links"}
    yield from (f"id {key}" for ids in known.values() for key in ids if not re.fullmatch("[a-z0-9-]+", key) or ids.count(key) > 1)
    used = [("technical_assets", link["target"]) for link in lists["communication_links"]]
    used += [("data_assets", key) for row in lists["technical_assets"] for key in row["data_assets_processed"] + row["data_assets_stored"]]
    used += [("data_assets", key) for row in lists["communication_links"] for key in row["data_assets_sent"]]
    used += [("technical_assets", key) for row in lists["trust_boundaries"] for key in row["technical_assets_inside"]]
    used += [("trust_boundaries", key) for row in lists["trust_boundaries"] for key in row["trust_boundaries_nested"]]
    yield from (f"{name}: nothing is {key}" for name, key in used if key not in known[name])


# A model that no form can hold as it is: ids and names twice or of another alphabet, prose that looks like statements.
STUBBORN = {
    "schema": "neutral-device-model/1", "id": "stubborn", "title": "Lamp \"UV\"", "version": "2",
    "hazards": [{"id": "H,1", "severity": "critical"}, {"id": "glare", "severity": "minor"}],
    "assets": [{"id": "A 1", "title": "Same", "function": "therapy", "privacy": "none",
                "hazards": [{"hazard": "H,1", "on_loss_of": ["integrity"]}, {"hazard": "glare", "on_loss_of": ["integrity", "availability"]}]},
               {"id": "a-1", "title": "Same", "function": "log", "privacy": "serious", "hazards": []}],
    "zones": [{"id": "Z One", "name": "Zone", "role": "device", "trust": 3, "boundary": "wall; border: rim", "description": "In; border: no\nrole: cloud"},
              {"id": "z-one", "name": "Zone", "parent": "Z One", "role": "cloud"}],
    "elements": [
        {"id": "E,1", "kind": "process", "name": "Pump", "zone": "Z One", "count": 3, "patients": 0, "functions": ["therapy", "a,b"], "assets": ["A 1"],
         "facts": {"debug": "open", "Big Name": "v", "count": "7", "note": "one\nport: closed"},
         "description": "encryption: aead\n\n  ref: other\ninstances in the field: 99"},
        {"id": "e-1", "kind": "hardware", "name": "Pump", "zone": "z-one", "in_scope": False},
        {"id": "É", "kind": "actor", "name": "Nurse"},
        {"id": "st", "kind": "store", "assets": ["a-1"], "facts": {"at_rest": "encrypted", "inbound": "yes", "tenants": "many"}, "enabled": False}],
    "flows": [
        {"id": "f 1", "from": "E,1", "to": "e-1", "name": "Go", "protocol": "HTTPS", "medium": "ip", "carries": ["command"], "assets": ["A 1", "a-1"],
         "fan_out": 3, "authentication": "mutual", "description": "authentication: none\nencryption: tls"},
        {"id": "f,2", "from": "E,1", "to": "e-1", "name": "go!", "protocol": "https", "encryption": "aead"},
        {"id": "f3", "from": "E,1", "to": "st", "name": "go", "protocol": "BLE", "authentication": "none", "integrity": "mac"},
        {"id": "f4", "from": "É", "to": "E,1", "protocol": "http", "authentication": "planned mutual TLS"}],
    "controls": [{"id": "c1", "category": "1", "title": "T: one", "covers": ["f 1", "E,1"], "provides": ["integrity"], "requirement": "R:1", "evidence": "a; b"},
                 {"id": "c2", "title": "Same", "covers": ["f3"], "requirement": "R2"},
                 {"id": "c3", "title": "Same", "covers": ["f3"], "requirement": "R2", "evidence": "x, y"},
                 {"id": "c4", "category": "2", "title": "Later", "covers": ["f3"], "state": "planned"}],
}


def by_id(rows):
    return {row["id"]: {**row, "in_scope": row.get("in_scope", True)} for row in rows}


def threagile(kit, work):
    source = work.file("model.json", json.dumps(MODEL))
    done = work.export(source, "threagile", "--losses", kit.folder / "threagile.losses")
    back = json.loads(work.export(work.file("lamp.yaml", done.text), "neutral").text or "{}")
    for part in ("zones", "elements", "flows"):
        kit.check(f"threagile: {part} come back as they were", by_id(back[part]) == by_id(json.loads(
            work.export(source, "neutral").text)[part]), done.complaint, back[part])
    kit.check("threagile: an asset keeps function, privacy and hazards", back["assets"] == MODEL["assets"], back["assets"])
    kit.check("threagile: a control keeps place, category, requirement and evidence", [
        (row["title"], row["covers"], row["category"], row["requirement"], row["evidence"]) for row in back["controls"]]
        == [("Key per lamp", ["sets", "lamp"], 1, "R-1", "T-1")], back["controls"])
    lost = " ".join(entry["at"] for entry in json.loads((kit.folder / "threagile.losses").read_text()))
    kit.check("threagile: what has no place is named", all(word in lost for word in (
        "severities", "ids and properties", "components", "assumptions", "states", "views", "version")), lost)
    kit.check("threagile: as its schema wants it", not list(not_threagile(json.loads(done.text))), list(not_threagile(json.loads(done.text))))
    again = work.export(work.file("twice.yaml", done.text), "threagile").text
    third = work.export(work.file("third.yaml", again), "threagile").text
    kit.check("threagile: there and back again changes nothing", again and again == third)


def stubborn(kit, work):
    """What a form cannot say is left out by name, and never becomes a statement."""
    source = work.file("stubborn.json", json.dumps(STUBBORN))
    was = json.loads(work.export(source, "neutral").text)
    for form in ("threagile", "threat-dragon"):
        done = work.export(source, form, "--losses", kit.folder / "stubborn.losses")
        back = json.loads(work.export(work.file(f"stubborn.{form}", done.text), "neutral").text or "{}")
        lost = {entry["at"]: entry["message"].split(":")[0] for entry in json.loads((kit.folder / "stubborn.losses").read_text())}
        want = by_id(was["elements"])
        want["E,1"].update(facts={"debug": "open", "note": "one port: closed"}, functions=["therapy"],
                           description="encryption: aead\nref: other\ninstances in the field: 99")
        want["st"].pop("enabled")
        kit.check(f"{form}: stubborn elements lose what is named alone", by_id(back["elements"]) == want, back["elements"])
        kit.check(f"{form}: stubborn flows come back as they were", by_id(back["flows"]) == by_id(was["flows"]), back["flows"])
        kit.check(f"{form}: stubborn zones come back as they were", by_id(back["zones"]) == by_id(was["zones"]), back["zones"])
        kit.check(f"{form}: what a line cannot hold is counted", {
            "facts whose name has no line": "2", "entries of lists with a comma": "1", "descriptions' empty lines and indents": "1",
            "values of several lines, which become one line": "1", "planned controls": "1",
            "elements and flows that are not enabled, which become enabled": "1"}.items() <= lost.items(), lost)
    document = json.loads(work.export(source, "threagile").text)
    kit.check("threagile: a stubborn model is as its schema wants it", not list(not_threagile(document)), list(not_threagile(document)))
    links = {key: (link["protocol"], link["authentication"]) for asset in document["technical_assets"].values()
             for key, link in asset["communication_links"].items()}
    kit.check("threagile: protection is promised where it is stated, and nowhere else", links == {
        "Go": ("unknown-protocol", "client-certificate"), "go! (f,2)": ("https", "none"), "go (f3)": ("unknown-protocol", "none"),
        "f4": ("http", "none")}, links)
    back = json.loads(work.export(work.file("stubborn.threagile", json.dumps(document)), "neutral").text)
    kit.check("threagile: each link to a hazard stays", [[link["hazard"] for link in asset["hazards"]] for asset in back["assets"]]
              == [["H-1", "glare"], []], back["assets"])


def kept_by_otm(kit, work):
    """OTM has a place for nearly everything: what it wants and the model does not say is not read back as a statement."""
    source = work.file("stubborn.json", json.dumps({**STUBBORN, "zones": [
        {"trust": 1, **zone} for zone in STUBBORN["zones"]] + [{"id": "no-zone", "name": "Ours", "trust": 2}]}))
    was = json.loads(work.export(source, "neutral").text)
    done = work.export(source, "otm", "--losses", kit.folder / "stubborn.losses")
    back = json.loads(work.export(work.file("stubborn.otm", done.text), "neutral").text or "{}")
    lost = {entry["at"]: entry["message"].split(":")[0] for entry in json.loads((kit.folder / "stubborn.losses").read_text())}
    was["elements"][0]["facts"].pop("count")
    for part in ("zones", "elements", "flows"):
        kit.check(f"otm: stubborn {part} come back, and none is in a zone or has a name that nobody stated",
                  by_id(back.get(part, ())) == by_id(was[part]), back.get(part))
    kit.check("otm: planned controls keep where they are planned",
              {row["id"]: (sorted(row.get("covers", ())), row["state"]) for row in back["controls"]}
              == {row["id"]: (sorted(row.get("covers", ())), row["state"]) for row in was["controls"]}, back["controls"])
    kit.check("otm: a fact with the name of an attribute is lost by name", lost
              == {"facts of elements with the name of an attribute": "1"}, lost)


def nameless(kit, work):
    """What a form wants and the model does not have is made up by name."""
    source = work.file("nameless.json", json.dumps({"schema": "neutral-device-model/1", "id": "nameless"}))
    for form in ("otm", "threat-dragon", "threagile"):
        done = work.export(source, form)
        kit.check(f"{form}: a title that is made up is named", done.returncode == 0
                  and "lost: title, which becomes \"Model\": 1" in done.complaint, done.complaint)


def gone(kit, work):
    """Evidence that is not there is none to a reader of one file, who cannot look."""
    folder = work.file("gone/device.yaml", DEVICE).parent
    parts = {part: MODEL[part] for part in ("zones", "elements", "flows")}
    work.file("gone/model.yaml", json.dumps({"schema": "tutela-model/1", "controls": [
        {**MODEL["controls"][0], "evidence": "tests/lamp.txt"}], **parts, "states": MODEL["states"]}))
    for form in ("otm", "threat-dragon", "threagile"):
        done = work.export(folder, form)
        kit.check(f"{form}: evidence whose file is not there is left out and named",
                  done.text and "lamp.txt" not in done.text and "lost: evidence whose file is not there: 1" in done.complaint, done.complaint)


def validate(kit, form, schema, document):
    try:
        import jsonschema
    except ImportError:
        kit.skip(f"{form}: valid by its official schema", "python3-jsonschema is not installed")
        return
    if not schema.exists():
        kit.skip(f"{form}: valid by its official schema", "the shared data is not there")
        return
    whole = json.loads(schema.read_text())
    others = [json.loads(path.read_text()) for path in CYCLONEDX.glob("*.schema.json") if form == "cyclonedx"]
    resolver = jsonschema.RefResolver.from_schema(whole, store={other["$id"]: other for other in others if "$id" in other})
    errors = list(jsonschema.Draft7Validator(whole, resolver=resolver).iter_errors(document))
    kit.check(f"{form}: valid by its official schema", not errors, [error.message[:100] for error in errors[:3]])


def declared(kit, work):
    """CycloneDX: claims are what is in place, evidence is what is there, and only that is attested."""
    states = [{"id": "c 1", "category": "1", "title": "Key per lamp", "covers": ["sets", "lamp", "sets"],
               "provides": ["authentication", "integrity"], "requirement": "R-1", "evidence": "https://tests.example/T-1"},
              {"id": "bare", "category": "3", "title": "Checks", "covers": ["tells"], "requirement": "R-2"},
              {"id": "soon", "title": "Hardens", "covers": ["tells"], "evidence": "planned for May"},
              {"id": "later", "category": "2", "title": "Roles", "covers": ["lamp"], "requirement": "R-3",
               "evidence": "T-3", "state": "planned"},
              {"id": "same", "category": "1", "title": "Lock", "covers": ["key", "site"], "requirement": "R-1",
               "evidence": "T-4"},
              {"id": "gone", "category": "4", "title": "Seal", "covers": ["lamp"], "requirement": "R-5",
               "evidence": "tests/seal.txt"}]
    parts = ("states", "zones", "elements", "flows", "components", "assumptions", "views")
    folder = work.file("claims/device.yaml", DEVICE).parent
    work.file("claims/model.yaml", json.dumps({"schema": "tutela-model/1", "release": "7", "controls": states,
                                               **{part: MODEL[part] for part in parts}}))
    done = work.export(folder, "cyclonedx", "--losses", kit.folder / "cdx.losses")
    document = json.loads(done.text or "{}")
    said = document.get("declarations", {})
    claims = {claim["bom-ref"]: claim for claim in said.get("claims", ())}
    kit.check("cyclonedx: a claim for each control in place and each place, once", sorted(claims) == [
        "claim:bare@tells", "claim:c%201@lamp", "claim:c%201@sets", "claim:gone@lamp", "claim:same@key", "claim:same@site",
        "claim:soon@tells"], done.text)
    kit.check("cyclonedx: a claim has its target, what it provides, and its evidence", claims["claim:c%201@sets"] == {
        "bom-ref": "claim:c%201@sets", "target": "flow:sets", "predicate": "Key per lamp (provides authentication, integrity)",
        "evidence": ["evidence:c%201"]}, claims)
    kit.check("cyclonedx: a claim without evidence says so", claims["claim:bare@tells"]["reasoning"] == "No evidence is stated."
              and "not there" in claims["claim:gone@lamp"]["reasoning"]
              and claims["claim:soon@tells"]["reasoning"] == "What is stated is no evidence: planned for May"
              and not any("evidence" in claims[ref] for ref in ("claim:bare@tells", "claim:gone@lamp", "claim:soon@tells")), claims)
    kit.check("cyclonedx: evidence is what is stated and there, of no planned control",
              [(row["bom-ref"], row["description"]) for row in said["evidence"]]
              == [("evidence:c%201", "https://tests.example/T-1"), ("evidence:same", "T-4")]
              and said["evidence"][0]["data"][0]["contents"]["url"] == "https://tests.example/T-1", said["evidence"])
    kit.check("cyclonedx: attested by the maker is what has evidence, by requirement and category",
              said["assessors"] == [{"bom-ref": "assessor", "thirdParty": False, "organization": {"name": "Example"}}]
              and said["attestations"][0]["assessor"] == "assessor"
              and {row["requirement"]: row["claims"] for row in said["attestations"][0]["map"]} == dict.fromkeys(
                  ("requirement:R-1", "category:Authentication"),
                  ["claim:c%201@sets", "claim:c%201@lamp", "claim:same@key", "claim:same@site"]), said["attestations"])
    refs = [row["bom-ref"] for rows in said["targets"].values() for row in rows]
    kit.check("cyclonedx: targets are what claims are about", sorted(refs) == ["element:key", "element:lamp", "element:site",
                                                                              "flow:sets", "flow:tells"]
              and {claim["target"] for claim in claims.values()} == set(refs), refs)
    component = document["metadata"]["component"]
    kit.check("cyclonedx: the device refers to its threat model", (component["name"], component["version"],
              component["externalReferences"][0]["type"], component["externalReferences"][0]["url"])
              == ("Lamp", "7", "threat-model", "model.yaml"), component)
    lost = " ".join(f"{entry['at']} {entry['message']}" for entry in json.loads((kit.folder / "cdx.losses").read_text()))
    kit.check("cyclonedx: what has no place is named", all(word in lost for word in (
        "planned controls 1:", "without evidence, which are claims alone 3:", "file is not there 1:", "hazards 1:", "views 2:",
        "components, which an SBOM lists 1:", "assumptions 1:")), lost)
    validate(kit, "cyclonedx", SCHEMAS["cyclonedx"], document)
    done = kit.run("threat", "check", work.file("claims.json", json.dumps(document)))
    kit.check("cyclonedx: it is no model and is not taken for one", done.returncode == 3, done.text, done.complaint)


def samples(kit, work):
    """Every public sample: what is read and written as OTM is the same when it is read again."""
    folder = SHARED / "data/conformance/threat-models"
    files = sorted([*folder.glob("otm/EXAMPLE.*"), *folder.glob("startleft-otm/examples/otm/*"),
                    *folder.glob("threat-dragon/td.vue/src/service/demo/*.json"),
                    *folder.glob("threagile/demo/*/threagile.yaml"),
                    *(path for name in ("all", "main", "parsed-model") for path in folder.glob(f"threagile/test/{name}.yaml"))])
    if not files:
        kit.skip("public samples: there and back", "the shared data is not there")
        return
    for file in files:
        first = work.export(file, "neutral")
        if first.returncode and "version 1" in first.complaint:
            continue
        source = work.file("sample.json", first.text)
        back = work.export(work.file("sample.otm", work.export(source, "otm").text), "neutral")
        one, two = (json.loads(done.text) if done.text else {} for done in (first, back))
        keys = ("elements", "flows")
        same = all([x["id"] for x in one.get(key, ())] == [x["id"] for x in two.get(key, ())] for key in keys)
        facts = [x.get("facts") for key in keys for x in one.get(key, ())] == [x.get("facts") for key in keys for x in two.get(key, ())]
        kit.check(f"public sample {file.parent.name}/{file.name}: there and back", first.returncode == 0
                  and back.returncode == 0 and same and facts, first.complaint[-300:], back.complaint[-300:])
        as_threagile(kit, work, file, one)


def as_threagile(kit, work, file, one):
    """As Threagile what is connected to what, and what is said of it, is the same; a kind is never unknown there."""
    text = work.export(kit.folder / "sample.json", "threagile").text
    two = json.loads(work.export(work.file("sample.yaml", text), "neutral").text or "{}")
    kinds = {row["id"]: {**row, "kind": row.get("kind", "process")} for row in one.get("elements", ())}
    wrong = list(not_threagile(json.loads(text))) if text else ["nothing"]
    kit.check(f"public sample {file.parent.name}/{file.name}: there and back as Threagile", not wrong
              and {row["id"]: {**row, "description": ""} for row in two["elements"]} == {
                  key: {**row, "description": ""} for key, row in kinds.items()}
              and {row["id"]: (row["from"], row["to"], row.get("protocol"), row.get("facts")) for row in two["flows"]}
              == {row["id"]: (row["from"], row["to"], row.get("protocol"), row.get("facts")) for row in one["flows"]}, wrong[:5])


def imported(kit, work):
    source = work.file("model.json", json.dumps(MODEL))
    folder = work.file("device/device.yaml", DEVICE).parent
    done = kit.run("threat", "import", source, folder)
    text = (folder / "model.yaml").read_text(encoding="utf-8") if (folder / "model.yaml").exists() else ""
    kit.check("import: model.yaml is made, for people", done.returncode == 0 and text.startswith("# The design model")
              and "\n  - id: lamp\n    kind: process\n" in text and "hazards:" not in text, done.complaint, text)
    same = {json.loads(entry)["key"] for entry in work.threats(source) if json.loads(entry)["key"]}
    kit.check("import: the folder has the same threats", {json.loads(entry)["key"] for entry in work.threats(folder)
                                                          if json.loads(entry)["key"]} == same)
    again = kit.run("threat", "import", source, folder)
    kit.check("import: a model that is there is not replaced", again.returncode == 1
              and "is there already" in again.complaint
              and (folder / "model.yaml").read_text(encoding="utf-8") == text, again.complaint)
    other = work.file("other/device.yaml", DEVICE.replace("id: dose", "id: light")).parent
    done = kit.run("threat", "import", source, other)
    kit.check("import: a model of another device is refused and nothing is written", done.returncode == 1
              and "device.yaml has no asset dose" in done.complaint and not (other / "model.yaml").exists(), done.complaint)
    done = kit.run("threat", "import", work.file("bad.json", "{\"version\": \"2.0\",\n\"summary\": {}"), folder)
    kit.check("import: what cannot be read has its place", done.returncode == 3 and "bad.json:3:1: not well-formed" in done.complaint, done.complaint)


def main():
    kit = Kit()
    work = Work(kit)
    there_and_back(kit, work)
    threagile(kit, work)
    stubborn(kit, work)
    kept_by_otm(kit, work)
    nameless(kit, work)
    gone(kit, work)
    declared(kit, work)
    samples(kit, work)
    imported(kit, work)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
