#!/usr/bin/env python3
"""The Transparency Exchange API against the real service: from an identifier to the stored bytes, who sees what, bad input.

usage: tea.py [PROGRAM]

Each answer is checked against our document by the client, and, where the data that is shared is there, against TEA's own.
"""
import hashlib
import json
import re
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import contract  # noqa: E402
import tea_scene  # noqa: E402
from tea_scene import EXAMPLE, FILE, OTHER_UDI, SECRETS, UDI, dashed, publish, state  # noqa: E402

BASE, ZERO = "/tea/v0.4.0", "00000000-0000-0000-0000-000000000000"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Asker:
    """Asks the API and has each answer checked by TEA's document."""

    def __init__(self, kit, asker, spec):
        self.kit, self.asker, self.spec = kit, asker, spec

    def get(self, path, headers=(), **query):
        got = self.asker.get(BASE + path, headers=headers, **query)
        for wrong in self.spec.wrong("GET", path, got.status, got.json if got.headers.get("Content-Type") == "application/json" else None):
            self.kit.check(f"TEA's document: GET {path}: {wrong}", False, got)
        return got

    def save(self, url):
        return self.asker.get(re.sub(r"^https?://[^/]+", "", url))


def discovery(kit, anybody, releases):
    got = anybody.asker.get("/.well-known/tea")
    endpoint = got.json["endpoints"][0]
    kit.check("where the API is", got.json["schemaVersion"] == 1 and endpoint["url"].endswith("/tea") and endpoint["versions"] == ["0.4.0"], got)
    for wrong in anybody.spec.well_known_wrong(got.json):
        kit.check(f"TEA's schema: {wrong}", False)
    kit.check("its root is there", anybody.asker.call("HEAD", BASE).status == 200)
    public = [dashed(releases["4.3.1"])]
    for tei in (f"urn:tei:udi:example.com:{UDI}", f"urn:tei:udi:EXAMPLE.com:(01){UDI}(21)S-1", f"urn:tei:gtin:example.com:{UDI[2:]}",
                f"urn:tei:eanupc:example.com:{UDI[2:]}", f"urn:tei:udi:127.0.0.1:(01){UDI}(8012)4.3.1",
                f"urn:tei:uuid:example.com:{dashed(releases['4.3.1'])}", f"urn:tei:uuid:127.0.0.1:{dashed(releases['4.3.1'])}"):
        got = anybody.get("/discovery", tei=tei)
        kit.check(f"{tei[:32]}… leads to the release", got.status == 200 and [row["productReleaseUuid"] for row in got.json] == public, got)
    server = got.json[0]["servers"][0]
    kit.check("and to this server", server["rootUrl"] == endpoint["url"] and server["versions"] == ["0.4.0"], server)


def bad_identifiers(kit, anybody, releases):
    for name, tei, status in [
            ("of another maker's domain", f"urn:tei:udi:acme.example:{UDI}", 404),
            ("of a device that nobody has", "urn:tei:udi:example.com:04012345678901", 404),
            ("of another maker's device", f"urn:tei:udi:example.com:{OTHER_UDI}", 404),
            ("of a release that is not offered", f"urn:tei:uuid:example.com:{dashed(releases['4.4.0'])}", 404),
            ("of software that is not offered", f"urn:tei:udi:example.com:(01){UDI}(8012)9.9", 404),
            ("of a type that leads nowhere here", "urn:tei:swid:example.com:x", 404),
            ("that is a purl", "urn:tei:purl:example.com:pkg:generic/pump@1", 404),
            ("of nothing", f"urn:tei:uuid:nonexistent.example.com:{ZERO}", 404),
            ("with a wrong check digit", f"urn:tei:udi:example.com:{UDI[:-1]}3", 400),
            ("that is a GTIN with a wrong one", f"urn:tei:gtin:example.com:{UDI[:-1]}3", 400),
            ("without a domain", f"urn:tei:udi::{UDI}", 400),
            ("of no known type", "urn:tei:isbn:example.com:1", 400),
            ("that is none", "pump", 400),
            ("with a broken UUID", "urn:tei:uuid:example.com:1234", 400),
            ("of 2,100 bytes", "urn:tei:purl:example.com:" + "a" * 2100, 400)]:
        got = anybody.get("/discovery", tei=tei)
        kit.check(f"an identifier {name}", got.status == status and (status != 404 or got.json == {"error": "OBJECT_UNKNOWN"}), got)
    kit.check("no identifier", anybody.get("/discovery").status == 400)
    kit.check("with NUL", anybody.asker.call("GET", f"{BASE}/discovery?tei=urn:tei:udi:example.com:%00", strict=False).status == 400)
    long = anybody.asker.call("GET", f"{BASE}/discovery?tei=urn:tei:purl:example.com:{'a' * (1 << 20)}", strict=False)
    kit.check("an identifier of 1 MB", long.status in (414, 431), long.status)


def from_device_to_bytes(kit, anybody, releases):
    sbom = (EXAMPLE / "infusion-pump.cdx.json").read_bytes()
    product = anybody.get("/products").json["results"][0]
    kit.check("a device as a product", product["name"] == "Larkspur IP-200" and {
        "idType": "TEI", "idValue": f"urn:tei:udi:example.com:{UDI}"} in product["identifiers"], product)
    kit.check("by its id", anybody.get(f"/product/{product['uuid']}").json == product)
    listed = anybody.get(f"/product/{product['uuid']}/releases").json
    kit.check("its releases that are offered", [(row["version"], row["releaseDate"], row["preRelease"]) for row in listed["results"]] ==
              [("4.3.1", "2026-01-15T00:00:00Z", False)] and listed["totalResults"] == 1, listed)
    release = listed["results"][0]
    kit.check("one by its id", anybody.get(f"/productRelease/{release['uuid']}").json == release and
              release["uuid"] == dashed(releases["4.3.1"]) and {"idType": "CPE", "idValue": "cpe:2.3:o:example:larkspur_ip-200_firmware:4.3.1:*:*:*:*:*:*:*"}
              in release["identifiers"], release)
    part = release["components"][0]
    kit.check("its software is another thing", part["uuid"] != product["uuid"] and part["release"] != release["uuid"] and
              UUID.fullmatch(part["uuid"]) and UUID.fullmatch(part["release"]), part)
    kit.check("with releases of its own", anybody.get(f"/component/{part['uuid']}").json["name"] == "Larkspur IP-200 software" and
              [row["uuid"] for row in anybody.get(f"/component/{part['uuid']}/releases").json] == [part["release"]])
    now = anybody.get(f"/componentRelease/{part['release']}").json
    collection = anybody.get(f"/productRelease/{release['uuid']}/collection/latest").json
    kit.check("whose collection has the same artifacts", now["latestCollection"]["artifacts"] == collection["artifacts"] and
              now["latestCollection"]["belongsTo"] == "COMPONENT_RELEASE" and collection["belongsTo"] == "PRODUCT_RELEASE", now)
    kit.check("at every time", anybody.get(f"/componentRelease/{part['release']}/collection/latest").json == now["latestCollection"] ==
              anybody.get(f"/componentRelease/{part['release']}/collection/1").json and
              anybody.get(f"/componentRelease/{part['release']}/collections").json == [now["latestCollection"]])
    kit.check("an id is not that of another thing", all(anybody.get(f"/{kind}/{product['uuid']}").status == 404
              for kind in ("productRelease", "component", "componentRelease")) and anybody.get(f"/artifact/{product['uuid']}/latest").status == 404)
    bom = collection["artifacts"][0]
    form = bom["formats"][0]
    kit.check("the SBOM", (bom["type"], bom["version"], form["mediaType"]) == ("BOM", 1, "application/vnd.cyclonedx+json") and
              form["checksums"] == [{"algType": "SHA-256", "algValue": hashlib.sha256(sbom).hexdigest()}], bom)
    saved = anybody.save(form["url"])
    kit.check("is saved as it is stored", saved.status == 200 and saved.body == sbom and
              saved.headers["Content-Type"] == form["mediaType"] and saved.headers["Content-Disposition"].startswith("attachment"), saved.headers)
    kit.check("by its id", anybody.get(f"/artifact/{bom['uuid']}/latest").json == bom and anybody.get(f"/artifact/{bom['uuid']}/1").json == bom)
    return product, release, part, bom


def dates(kit, anybody, product, release, part):
    got = anybody.get(f"/product/{product['uuid']}/cle").json
    kit.check("its dates are those of device.yaml", [(row["id"], row["type"], row["effective"]) for row in got["events"]] == [
        (4, "endOfLife", "2033-12-31T00:00:00Z"), (3, "endOfSupport", "2033-12-31T00:00:00Z"), (1, "released", "2026-01-15T00:00:00Z")], got)
    kit.check("the same of what is in it", all(anybody.get(path).json == got for path in (
        f"/productRelease/{release['uuid']}/cle", f"/component/{part['uuid']}/cle", f"/componentRelease/{part['release']}/cle")))


def pages(kit, anybody, product, release, part):
    for path, uuid in (("/products", product["uuid"]), ("/productReleases", release["uuid"]), ("/components", part["uuid"]),
                       ("/componentReleases", part["release"])):
        got = anybody.get(path).json
        kit.check(f"{path} has what is offered", [row["uuid"] for row in got["results"]] == [uuid] and
                  (got["pageStartIndex"], got["pageSize"], got["totalResults"]) == (0, 100, 1), got)
        beyond = anybody.get(path, pageOffset=1000, pageSize=7).json
        kit.check(f"{path} beyond the end", (beyond["results"], beyond["pageStartIndex"], beyond["pageSize"], beyond["totalResults"]) ==
                  ([], 1000, 7, 1), beyond)
        for query in ({"pageOffset": -1}, {"pageSize": 0}, {"pageSize": "x"}, {"pageSize": 10001}, {"idType": "ISBN"}, {"other": 1}):
            kit.check(f"{path}?{query}", anybody.get(path, **query).status == 400)
    for kind, value, count in [("TEI", f"urn:tei:udi:example.com:{UDI}", 1), ("TEI", f"urn:tei:udi:example.com:(01){UDI}(21)7", 1),
                               ("TEI", f"urn:tei:udi:acme.example:{UDI}", 0), ("CPE", "cpe:2.3:o:x", 0), ("COMPLIANCE_DOCUMENT", "HIPAA", 0)]:
        got = anybody.get("/products", idType=kind, idValue=value).json
        kit.check(f"devices by {kind} {value}", got["totalResults"] == len(got["results"]) == count, got)
    cpe = release["identifiers"][-1]["idValue"]
    kit.check("releases by CPE", anybody.get("/productReleases", idType="CPE", idValue=cpe).json["totalResults"] == 1 and
              anybody.get("/componentReleases", idValue=cpe).json["totalResults"] == 1)
    for path in ("/product/x", f"/product/{ZERO}0", f"/productRelease/{ZERO.replace('-', '')}", "/artifact/x/latest",
                 f"/artifact/{ZERO}/x", f"/productRelease/{release['uuid']}/collection/x", "/componentRelease/%20/cle"):
        kit.check(f"{path} is malformed", anybody.get(path).status == 400, anybody.get(path))
    for path in (f"/product/{ZERO}", f"/product/{ZERO}/cle", f"/artifact/{ZERO}/1", f"/productRelease/{release['uuid']}/collection/99",
                 f"/productRelease/{release['uuid']}/collection/0", f"/download/{ZERO}/1/x.json"):
        kit.check(f"{path} is not there", anybody.get(path).json == {"error": "OBJECT_UNKNOWN"})


def who_sees_what(kit, service, askers, ann, releases, bom):
    anybody, customer, far, inside = (askers[name] for name in ("anybody", "customer", "far", "inside"))
    uuid = dashed(releases["4.3.1"])
    publish(kit, ann, releases["4.3.1"], kind="file", path=FILE, type="vulnerabilities", level="customer")
    publish(kit, ann, releases["4.4.0"], kind="sbom", level="internal")
    publish(kit, ann, releases["4.4.0"], kind="file", path=FILE, type="release-notes", level="internal")
    hidden = dashed(releases["4.4.0"])
    names = {who: [row["type"] for row in asker.get(f"/productRelease/{uuid}/collection/latest").json["artifacts"]]
             for who, asker in askers.items()}
    kit.check("an artifact for customers is for those of the device", names == {
        "anybody": ["BOM"], "far": ["BOM"], "customer": ["BOM", "VULNERABILITIES"], "inside": ["BOM", "VULNERABILITIES"]}, names)
    kit.check("nor do versions say that there is more", [len(asker.get(f"/productRelease/{uuid}/collections").json) for asker in
              (anybody, far, customer, inside)] == [1, 1, 2, 2])
    kit.check("an internal release is for who works here", [asker.get(f"/productRelease/{hidden}").status for asker in
              (anybody, far, customer, inside)] == [404, 404, 404, 200])
    both = inside.get(f"/productRelease/{hidden}/collections").json
    kit.check("what a file is has TEA's word for it", [[each["type"] for each in row["artifacts"]] for row in both] == [
        ["BOM", "RELEASE_NOTES"], ["BOM"]] and both[0]["artifacts"][1]["name"] == FILE, both)
    kit.check("and in no count", [asker.get("/productReleases").json["totalResults"] for asker in (anybody, far, customer, inside)] == [1, 1, 1, 2])
    form = customer.get(f"/productRelease/{uuid}/collection/latest").json["artifacts"][1]["formats"][0]
    kit.check("it is saved with the key alone", customer.save(form["url"]).body == (EXAMPLE / FILE).read_bytes() and
              anybody.save(form["url"]).status == far.save(form["url"]).status == 404)
    wrong = service.client("tut_" + "0" * 64).get(f"{BASE}/products")
    kit.check("a key that does not count is not taken for nobody's", wrong.status == 401 and wrong.headers.get("WWW-Authenticate"), wrong)
    once = service.sign_in("new", SECRETS["far"])[1].get(f"{BASE}/products")
    kit.check("nor who has no password of their own yet", once.status == 403 and "password" in once.json["detail"], once)
    basic = service.client(Authorization="Basic eDp5").get(f"{BASE}/products")
    kit.check("nor is a password", basic.status == 401, basic)


def statements(kit, data, askers, ann, ben, releases):
    anybody, customer, inside = askers["anybody"], askers["customer"], askers["inside"]
    uuid = dashed(releases["4.3.1"])
    tea_scene.decide(kit, data)
    before = {who: len(asker.get(f"/productRelease/{uuid}/collections").json) for who, asker in askers.items()}
    said = state(kit, ann, ben, "WHITE")
    state(kit, ann, ben, "AMBER")
    latest = anybody.get(f"/productRelease/{uuid}/collection/latest").json
    vex = next(each for each in latest["artifacts"] if each["type"] == "VULNERABILITIES")
    kit.check("a statement that is published is offered with its release", vex["uuid"] == dashed(said) and
              sorted(form["description"] for form in vex["formats"]) == ["csaf-vex", "cyclonedx", "openvex"] and
              latest["updateReason"] == {"type": "ARTIFACT_ADDED"}, latest)
    for form in vex["formats"]:
        saved = anybody.save(form["url"])
        kit.check(f"its {form['description']} is saved byte for byte", hashlib.sha256(saved.body).hexdigest() ==
                  form["checksums"][0]["algValue"] and json.loads(saved.body), saved)
    after = {who: len(asker.get(f"/productRelease/{uuid}/collections").json) for who, asker in askers.items()}
    kit.check("TLP:AMBER stays inside", {who: after[who] - before[who] for who in after} == {
        "anybody": 1, "far": 1, "customer": 1, "inside": 2}, before, after)
    red = dashed(state(kit, ann, ben, "RED", customers=["far"]))
    seen = {who: asker.get(f"/artifact/{red}/latest").status for who, asker in askers.items()}
    kit.check("TLP:RED is for the customer who is named, and who works here", seen == {
        "anybody": 404, "customer": 404, "far": 200, "inside": 200}, seen)
    again = ben.post(f"/v1/statements/{said}/draft", {"summary": "again"}, {"If-Match": ben.get(f"/v1/statements/{said}").headers["ETag"]})
    row = again.json["statement"]
    done = ann.post(f"/v1/statements/{said}/approve", {"digest": row["digest"], "zone": "Z"}, {"If-Match": again.headers["ETag"]})
    done = ann.post(f"/v1/statements/{said}/publish", {}, {"If-Match": done.headers["ETag"]})
    latest = anybody.get(f"/productRelease/{uuid}/collection/latest").json
    kit.check("its next revision takes its place", latest["updateReason"] == {"type": "VEX_UPDATED"} and
              [each["version"] for each in latest["artifacts"] if each["uuid"] == dashed(said)] == [2], latest)
    kit.check("the one before is what it was", anybody.get(f"/artifact/{dashed(said)}/1").json == vex and
              anybody.get(f"/productRelease/{uuid}/collection/{latest['version'] - 1}").json["artifacts"][-1] == vex)
    ann.post(f"/v1/statements/{said}/withdraw", {"reason": "it was wrong"}, {"If-Match": done.headers["ETag"]})
    gone = anybody.get(f"/productRelease/{uuid}/collections").json
    kit.check("withdrawn, it is in no version", gone[0]["updateReason"] == {"type": "ARTIFACT_REMOVED"} and
              not any(each["uuid"] == dashed(said) for row in gone for each in row["artifacts"]) and
              [row["version"] for row in gone] == list(range(len(gone), 0, -1)), gone)
    kit.check("and is not to be had", anybody.save(vex["formats"][0]["url"]).status == 404 and anybody.get(f"/artifact/{dashed(said)}/1").status == 404)
    kit.check("for nobody", customer.get(f"/artifact/{dashed(said)}/latest").status == inside.get(f"/artifact/{dashed(said)}/latest").status == 404)


def taken_back(kit, anybody, ann, releases, bom):
    """Between the list and the download."""
    url = bom["formats"][0]["url"]
    kit.check("it was there", anybody.save(url).status == 200)
    path = f"/v1/releases/{releases['4.3.1']}/publications/{bom['uuid'].replace('-', '')}"
    kit.check("taken back", ann.delete(path).status == 204)
    kit.check("nothing of the device is left to see", anybody.save(url).json == {"error": "OBJECT_UNKNOWN"} and
              anybody.get("/discovery", tei=f"urn:tei:udi:example.com:{UDI}").status == 404 and
              anybody.get("/products").json["totalResults"] == 0 and anybody.get(f"/artifact/{bom['uuid']}/latest").status == 404)


def the_check_can_fail(kit, spec, anybody):
    """Each read was asked and judged by TEA's own document, which finds what is broken."""
    if spec.skip:
        return
    reads = {row["get"]["operationId"] for row in spec.document["paths"].values()}
    missing = reads - {name for name, status in spec.seen if status == 200}
    kit.check("each of the 23 reads was answered", len(reads) == 23 and not missing, missing)
    whole = anybody.get("/productReleases").json
    for name, breaks in (("a time with a fraction", lambda row: row.update(createdDate="2026-01-15T00:00:00.5Z")),
                         ("an id without dashes", lambda row: row.update(uuid=row["uuid"].replace("-", ""))),
                         ("a member that is missing", lambda row: row.pop("version")),
                         ("another type of identifier", lambda row: row["identifiers"][0].update(idType="UDI"))):
        broken = json.loads(json.dumps(whole))
        breaks(broken["results"][0])
        kit.check(f"TEA's document finds {name}", spec.wrong("GET", "/productReleases", 200, broken))
    kit.check("TEA's document finds an error of ours", spec.wrong("GET", "/product/x", 404, {"error": "GONE"}) and
              spec.wrong("GET", "/products", 418, {}))


def same_after_a_restart(kit, data, spec, seen):
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1", log="again.log") as service:
        again = Asker(kit, service.client(), spec)
        kit.check("ids are the same after a restart", (
            again.get("/products").json["results"][0]["uuid"], again.get("/components").json["results"][0]["uuid"]) == seen)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    spec = contract.Contract("tea")
    kit.check(f"TEA's own document{spec.skip}", True)
    data = tea_scene.world(kit)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        ann, ben = (service.sign_in(login, SECRETS[login])[1] for login in ("ann", "ben"))
        keys = {login: service.sign_in(login, SECRETS[login])[1] for login in ("cus", "far")}
        reader = service.client(client.add_key(kit, data, "viewer", "one"))
        askers = {"anybody": Asker(kit, service.client(), spec), "far": Asker(kit, keys["far"], spec),
                  "customer": Asker(kit, keys["cus"], spec), "inside": Asker(kit, reader, spec)}
        anybody = askers["anybody"]
        releases = tea_scene.releases_of(reader)
        kit.check("nothing is public before somebody says so", anybody.get("/products").json["totalResults"] == 0 and
                  anybody.get("/discovery", tei=f"urn:tei:udi:example.com:{UDI}").status == 404 and
                  anybody.get(f"/productRelease/{dashed(releases['4.3.1'])}").status == 404)
        publish(kit, ann, releases["4.3.1"], kind="sbom", level="public")
        discovery(kit, anybody, releases)
        bad_identifiers(kit, anybody, releases)
        product, release, part, bom = from_device_to_bytes(kit, anybody, releases)
        dates(kit, anybody, product, release, part)
        pages(kit, anybody, product, release, part)
        who_sees_what(kit, service, askers, ann, releases, bom)
        statements(kit, data, askers, ann, ben, releases)
        the_check_can_fail(kit, spec, anybody)
    same_after_a_restart(kit, data, spec, (product["uuid"], part["uuid"]))
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1", log="third.log") as service:
        _, ann = service.sign_in("ann", SECRETS["ann"])
        anybody = Asker(kit, service.client(), spec)
        taken_back(kit, anybody, ann, releases, bom)
    return kit.done()


sys.exit(main())
