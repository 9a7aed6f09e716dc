#!/usr/bin/env python3
"""Devices over the API: device.yaml replaced, variants and safety model as rows, files, posture, deletion.

usage: api_devices.py [PROGRAM]
"""
import hashlib
import sys
import threading

from kit import ROOT, Kit, component, sbom

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
YAML = {"Content-Type": "application/yaml"}
OCTETS = {"Content-Type": "application/octet-stream"}
ANY = {**OCTETS, "If-Match": "*"}
SMALL = "family: Bench Tester\nmanufacturer: {name: Acme}\nreleases:\n- {version: '1.0'}\n"


def bare(answer):
    body = answer.json
    body.pop("request", None)
    return answer.status, body


def put(who, text, etag="*", device=DEVICE):
    return who.call("PUT", f"/v1/devices/{device}", text, headers={**YAML, "If-Match": etag})


def replacing(kit, writer, reader, other):
    text = (EXAMPLE / "device.yaml").read_text(encoding="utf-8")
    before = reader.get(f"/v1/devices/{DEVICE}")
    got = reader.get(f"/v1/devices/{DEVICE}/document")
    kit.check("device.yaml comes back byte for byte", got.text == text and got.headers["ETag"] == before.headers["ETag"], got)
    bad = put(writer, text + "colour: blue\n")
    kit.check("what is wrong is located", bad.status == 422 and bad.json["line"] == text.count("\n") + 1
              and bad.json["pointer"] == "/colour", bad)
    gone = put(writer, text.replace("version: 4.3.1", "version: 4.3.2"))
    kit.check("a release does not go away", gone.status == 422 and "4.3.1" in gone.json["detail"], gone)
    renamed = put(writer, text.replace("family: Larkspur IP-200", "family: Larkspur IP-900"))
    kit.check("a device keeps its name", renamed.status == 422 and "larkspur-ip-900" in renamed.json["detail"], renamed)
    new = text + "# reviewed\n"
    done = put(writer, new, before.headers["ETag"])
    kit.check("it is replaced", done.status == 200 and done.json["version"] == before.json["version"] + 1, done)
    for _ in range(200): # a job does it; each question takes its time
        unsettled = [row["unsettled"] for row in reader.get("/v1/posture").json["items"] if row["device"] == DEVICE]
        if unsettled == [0]:
            break
    kit.check("its releases are looked at again by themselves", unsettled == [0], unsettled)
    stale = put(writer, text, before.headers["ETag"])
    kit.check("an old ETag is refused", (stale.status, stale.problem) == (412, "stale"), stale)
    kit.check("who reads may not", put(reader, new).status == 403)
    kit.check("out of scope is like not there", bare(put(other, new)) == bare(put(other, new, device="nothing")), put(other, new))
    etag, answers = done.headers["ETag"], []
    threads = [threading.Thread(target=lambda i=i: answers.append(put(writer, f"{new}# {i}\n", etag).status)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kit.check("of three at once one is taken", sorted(answers) == [200, 412, 412], answers)


def rows(kit, reader, other):
    wanted = {"variants": 2, "hazards": 1, "assets": 1, "component-links": 1, "interfaces": 1, "controls": 1}
    for name, least in wanted.items():
        path = f"/v1/devices/{DEVICE}/{name}"
        answer = reader.get(path)
        kit.check(f"{name} are listed", answer.json["total"]["count"] == len(answer.json["items"]) >= least, answer)
        kit.check(f"{name} as CSV", len(reader.get(path, {"Accept": "text/csv"}).text.splitlines()) == len(answer.json["items"]) + 1)
        kit.check(f"{name} have an ETag", reader.get(path, {"If-None-Match": answer.headers["ETag"]}).status == 304)
        kit.check(f"{name} out of scope", bare(other.get(path)) == bare(other.get(f"/v1/devices/nothing/{name}")))
    hazards = {row["id"] for row in reader.get(f"/v1/devices/{DEVICE}/hazards").json["items"]}
    assets = reader.get(f"/v1/devices/{DEVICE}/assets").json["items"]
    links = reader.get(f"/v1/devices/{DEVICE}/component-links").json["items"]
    kit.check("assets name hazards", any(row["hazards"] for row in assets) and
              all(link["hazard"] in hazards and link["loss"] for row in assets for link in row["hazards"]), assets)
    kit.check("links name assets", {name for row in links for name in row["assets"]} <= {row["id"] for row in assets}
              and all(row["selector"] for row in links), links)
    text = (EXAMPLE / "device.yaml").read_text(encoding="utf-8").splitlines()
    kit.check("rows say their line", all(row["id"] in " ".join(text[row["line"] - 1:row["line"] + 2]) for row in assets), assets)


def files(kit, writer, reader, other):
    path = f"/v1/devices/{DEVICE}/files"
    body = b"\x00\xffany bytes" * 100
    kit.check("a file is put", writer.call("PUT", f"{path}/content?path=vex/supplier.json", body, headers=ANY).status == 204)
    listed = reader.get(path).json["items"]
    kit.check("and listed", {"path": "vex/supplier.json", "sha256": hashlib.sha256(body).hexdigest()} in listed, listed)
    kit.check("and comes back", reader.get(f"{path}/content?path=vex/supplier.json").body == body)
    kit.check("a path out of the folder is refused", writer.call(
        "PUT", f"{path}/content?path=../passwd", body, headers=ANY).status == 422)
    for taken in ("device.yaml", "decisions/curl-socks.yaml", "Decisions/new.yaml", ".tutela-push.json", "a%0Ab"):
        refused = writer.call("PUT", f"{path}/content?path={taken}", body, headers=ANY)
        kit.check(f"nor {taken}: nothing stands in for a decision", (refused.status, refused.problem) == (422, "invalid"), refused)
    kit.check("what is refused is not there", len(reader.get(path).json["items"]) == len(listed), listed)
    kit.check("no such file", reader.get(f"{path}/content?path=nothing").status == 404)
    for view in ("", "/content?path=vex/supplier.json"):
        kit.check("files out of scope", bare(other.get(path + view)) == bare(other.get("/v1/devices/nothing/files" + view)))


def file_versions(kit, writer, reader, other):
    """PUT and DELETE name what they were based on; what is named elsewhere stays."""
    files_of = f"/v1/devices/{DEVICE}/files"

    def at(path):
        return f"{files_of}/content?path={path}"

    def change(who, method, path, etag=None, body=b""):
        headers = {**OCTETS, **({"If-Match": etag} if etag else {})}
        return who.call(method, at(path), body if method == "PUT" else None, headers=headers)

    missing = change(writer, "PUT", "notes/a.txt", body=b"one")
    kit.check("a file is put over nothing unseen", (missing.status, missing.problem) == (428, "if-match"), missing)
    first = change(writer, "PUT", "notes/a.txt", "*", b"one")
    kit.check("a put says the ETag", first.status == 204 and reader.get(at("notes/a.txt")).headers["ETag"] == first.headers["ETag"], first)
    kit.check("it is not sent twice", reader.get(at("notes/a.txt"), {"If-None-Match": first.headers["ETag"]}).status == 304)
    second = change(writer, "PUT", "notes/a.txt", first.headers["ETag"], b"two")
    kit.check("who has read it changes it", second.status == 204 and second.headers["ETag"] != first.headers["ETag"], second)
    for method, path in (("PUT", "notes/a.txt"), ("DELETE", "notes/a.txt"), ("PUT", "notes/new.txt")):
        stale = change(writer, method, path, first.headers["ETag"], b"three")
        kit.check(f"{method} {path} by an old ETag", (stale.status, stale.problem) == (412, "stale"), stale)
    kit.check("which changes nothing", reader.get(at("notes/a.txt")).body == b"two")
    kit.check("nobody deletes unseen", change(writer, "DELETE", "notes/a.txt").status == 428)
    kit.check("who reads does not", change(reader, "DELETE", "notes/a.txt", "*").status == 403)
    kit.check("out of scope is like not there", bare(change(other, "DELETE", "notes/a.txt", "*"))
              == bare(other.call("DELETE", "/v1/devices/nothing/files/content?path=notes/a.txt", headers={"If-Match": "*"})))
    kit.check("no such file to delete", bare(change(writer, "DELETE", "notes/b.txt", "*"))[0] == 404)
    gone = change(writer, "DELETE", "notes/a.txt", second.headers["ETag"])
    kit.check("it is deleted", gone.status == 204 and reader.get(at("notes/a.txt")).status == 404
              and "notes/a.txt" not in [row["path"] for row in reader.get(files_of).json["items"]], gone)
    records = [(row["action"], row["body"]["before"], row["body"]["after"])
               for row in reader.get(f"/v1/ledger?subject=device:{DEVICE}/notes/a.txt").json["items"]]
    one, two = (hashlib.sha256(text).hexdigest() for text in (b"one", b"two"))
    kit.check("the ledger keeps all of it", records == [("device.file.delete", two, None), ("device.file", one, two),
                                                       ("device.file", None, one)], records)
    old = change(writer, "PUT", "notes/a.txt", second.headers["ETag"], b"four")
    kit.check("what was deleted has no ETag any more", old.status == 412, old)


def file_named(kit, writer, reader):
    """A file that a release, a control or a decision names is not deleted."""
    def delete(path):
        return writer.call("DELETE", f"/v1/devices/{DEVICE}/files/content?path={path}", headers={"If-Match": "*"})

    named = {"supplier-wifi.openvex.json": "release 4.4.0", "TEST-IP200-0117": "control ", "CAPA-2026-011": "kernel-dirty-pipe.yaml"}
    for path, why in named.items():
        if "." not in path:
            writer.call("PUT", f"/v1/devices/{DEVICE}/files/content?path={path}", b"proof", headers=ANY)
        refused = delete(path)
        kit.check(f"{path} stays, and why", (refused.status, refused.problem) == (409, "conflict")
                  and "is named by " in refused.json["detail"] and why in refused.json["detail"], refused)
        kit.check(f"{path} is there", reader.get(f"/v1/devices/{DEVICE}/files/content?path={path}").status == 200)
    for path in ("IP200-0117", "proof/TEST-IP200-0117"):
        writer.call("PUT", f"/v1/devices/{DEVICE}/files/content?path={path}", b"x", headers=ANY)
        kit.check(f"{path} is another name", delete(path).status == 204)


def posture(kit, writer, reader, other):
    page = reader.get("/v1/posture").json
    pump = next(row for row in page["items"] if row["device"] == DEVICE)
    releases = reader.get(f"/v1/devices/{DEVICE}/releases").json["items"]
    sums = {name: sum(row[name] for row in releases) for name in ("findings", "affected", "undecided")}
    kit.check("counts are those of the releases", {name: pump[name] for name in sums} == sums, pump, sums)
    kit.check("what is in the field", (pump["releases"], pump["in_field"], pump["without_sbom"]) == (2, 2, 0), pump)
    kit.check("what is not assessed, by age", pump["not_assessed"] > 0 == pump["not_assessed_90"]
              and pump["not_assessed"] == len(reader.pages("/v1/findings", limit=1000, filter="state:not-assessed")), pump)
    kit.check("components that nothing is known of are counted", 0 < pump["without_data"] < pump["components"], pump)
    kit.check("nothing out of scope", other.get("/v1/posture").json["items"] == [])
    writer.post("/v1/devices", SMALL, YAML)
    small = next(row for row in reader.get("/v1/posture").json["items"] if row["device"] == "bench-tester")
    kit.check("a device without a release in the field has none", (small["drafts"], small["in_field"], small["findings"]) == (1, 0, 0))
    kit.check("a draft without an SBOM is counted as such", (small["draft_without_sbom"], small["without_sbom"]) == (1, 0), small)
    draft = reader.get("/v1/devices/bench-tester/releases").json["items"][0]["id"]
    body = sbom(component("busybox", "1.30.0", purl="pkg:generic/busybox@1.30.0"), component("nothing-known"))
    writer.call("PUT", f"/v1/releases/{draft}/sbom", body, headers=ANY)
    small = next(row for row in reader.get("/v1/posture").json["items"] if row["device"] == "bench-tester")
    one = reader.get(f"/v1/releases/{draft}").json
    kit.check("what is known of drafts is counted apart", one["findings"] > 0
              and {name: small[f"draft_{name}"] for name in ("findings", "affected", "undecided")}
              == {name: one[name] for name in ("findings", "affected", "undecided")}
              and small["draft_not_assessed"] == one["findings"] and (small["draft_components"], small["draft_without_data"]) == (2, 1)
              and (small["draft_without_sbom"], small["findings"], small["components"]) == (0, 0, 0), small, one)


def ages(kit, data):
    """Each number of the portfolio has a filter whose list has exactly so many, also when some findings are old."""
    day = 86400 * 1000000
    for table, column in (("fact", "first_seen"), ("release_component", "added")):
        kit.sql(data, f"UPDATE {table} SET {column} = {column} - (component_id % 3) * 50 * {day}")
    with client.Service(kit, data, log="ages.log") as service:
        reader = service.client(client.add_key(kit, data))
        row = next(row for row in reader.get("/v1/posture").json["items"] if row["device"] == DEVICE)
        old, older = f"seen-before:{row['seen_before_30']}", f"seen-before:{row['seen_before_90']}"
        cells = {"state:not-assessed seen-since:" + row["seen_before_30"]: row["not_assessed"] - row["not_assessed_30"],
                 f"state:not-assessed {old} seen-since:{row['seen_before_90']}": row["not_assessed_30"] - row["not_assessed_90"],
                 f"state:not-assessed {older}": row["not_assessed_90"], "state:not-assessed": row["not_assessed"], "risk:uncontrolled": row["uncontrolled"],
                 "state:proposed": row["proposed"], "state:reopened": row["reopened"], "verdict:undecided": row["undecided"]}
        kit.check("findings of each age", all(list(cells.values())[:3]), cells)
        filters = [f"device:{DEVICE} in:released,withdrawn {words}" for words in cells]
        counts = reader.post("/v1/findings/counts", {"filters": filters}).json["counts"]
        kit.check("each cell is counted by its filter", counts == list(cells.values()), dict(zip(filters, counts)), cells)
        kit.check("and its list has so many", [len(reader.pages("/v1/findings", limit=1000, filter=words)) for words in filters] == counts, counts)


def trends(kit, writer, reader, other):
    """How it was: a day on which nobody looked is no day without findings. After posture()."""
    days = reader.get("/v1/trends", days=3).json["items"]
    rows = reader.get("/v1/posture").json["items"]
    kit.check("today is as it is now", days[-1]["devices"] == len(rows) and days[-1]["devices_not_seen"] == 0
              and all(days[-1][name] == sum(row[name] for row in rows) for name in ("findings", "not_assessed", "undecided", "uncontrolled", "closed")), days[-1])
    kit.check("a day before there was a device has no numbers", (days[0]["devices"], days[0]["findings"], days[0]["uncontrolled"]) == (0, None, None), days[0])
    pump = reader.get("/v1/trends", days=1, device=DEVICE).json["items"][0]
    kit.check("of one device", pump["findings"] == next(row["findings"] for row in rows if row["device"] == DEVICE) and pump["knowledge"], pump)
    small = reader.get("/v1/trends", days=1, device="bench-tester").json["items"][0]
    kit.check("nothing is known of one without a release in the field", (small["devices"], small["findings"]) == (1, None), small)
    kit.check("out of scope is like not there", bare(other.get("/v1/trends", device=DEVICE)) == bare(other.get("/v1/trends", device="nothing"))
              and other.get("/v1/trends", days=1).json["items"][0]["devices"] == 0)
    refused = reader.get("/v1/trends", days=401)
    kit.check("at most 400 days", refused.status == 422 and "days" in refused.text, refused)
    kit.check("as a table", reader.get("/v1/trends", days=1, headers={"Accept": "text/csv"}).text.startswith("day,devices,devices_not_seen,"))


def deleting(kit, writer, reader, other):
    def delete(who, device, etag="*"):
        return who.call("DELETE", f"/v1/devices/{device}", headers={"If-Match": etag})

    refused = delete(writer, DEVICE)
    kit.check("a device that is in use stays, and why", (refused.status, refused.problem) == (409, "conflict")
              and "open findings" in refused.json["detail"] and "2 releases that were released" in refused.json["detail"], refused)
    kit.check("out of scope is like not there", bare(delete(other, DEVICE)) == bare(delete(other, "nothing")))
    release = reader.get("/v1/devices/bench-tester/releases").json["items"][0]["id"]
    writer.call("PUT", f"/v1/releases/{release}/sbom", sbom(component("busybox", "1.30.0", purl="pkg:generic/busybox@1.30.0")), headers=ANY)
    refused = delete(writer, "bench-tester")
    kit.check("open findings are a reason", refused.status == 409 and "open finding" in refused.json["detail"], refused)
    count = reader.post("/v1/findings/counts", {"filters": [""]}).json["counts"]
    writer.call("PUT", f"/v1/releases/{release}/sbom", sbom(component("nothing-known")), headers=ANY)
    device = reader.get("/v1/devices/bench-tester")
    kit.check("an old version is refused", delete(writer, "bench-tester", '"v99"').status == 412)
    gone = delete(writer, "bench-tester", device.headers["ETag"])
    kit.check("what nobody uses goes", gone.status == 204, gone)
    kit.check("it is gone", reader.get("/v1/devices/bench-tester").status == 404 and reader.get(f"/v1/releases/{release}").status == 404)
    after = reader.post("/v1/findings/counts", {"filters": [""]}).json["counts"]
    kit.check("and not in any list", after[0] < count[0] and "bench-tester" not in
              {row["device"] for row in reader.pages("/v1/findings", limit=1000)}, after, count)
    again = writer.post("/v1/devices", SMALL, YAML)
    kit.check("its name may be taken again", again.status == 201 and again.json["id"] != device.json["id"], again)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = client.example_data(kit)
    with client.Service(kit, data) as service:
        reader = service.client(client.add_key(kit, data))
        writer = service.client(client.add_key(kit, data, "analyst"))
        other = service.client(client.add_key(kit, data, "analyst", team="other"))
        rows(kit, reader, other)
        posture(kit, writer, reader, other)
        trends(kit, writer, reader, other)
        files(kit, writer, reader, other)
        file_versions(kit, writer, reader, other)
        file_named(kit, writer, reader)
        deleting(kit, writer, reader, other)
        replacing(kit, writer, reader, other)
    ages(kit, data)
    return kit.done()


sys.exit(main())
