#!/usr/bin/env python3
"""SBOMs and releases over the API: upload, what was read and found, locks, downloads, quality, comparison, paths, tree.

usage: api_sboms.py [PROGRAM]
"""
import gzip
import http.client
import json
import pathlib
import sys
import threading

from kit import ROOT, Kit, component, sbom

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
NOBODY = "0" * 32
OCTETS = {"Content-Type": "application/octet-stream"}
YAML = {"Content-Type": "application/yaml"}
FORMATS = ("cyclonedx-1.6-json", "cyclonedx-1.6-xml", "cyclonedx-1.7-json", "cyclonedx-1.7-xml", "spdx-2.3-json", "spdx-2.3-tv",
           "spdx-3.0.1-json")


def any_version(**more):
    return {**OCTETS, "If-Match": "*", **more}


def bare(answer):
    body = answer.json
    body.pop("request", None)
    return answer.status, body


def upload(who, release, body, headers=None, **query):
    return who.call("PUT", f"/v1/releases/{release}/sbom", body, headers=headers or any_version(), **query)


def draft(writer):
    """A device with one release that has no SBOM yet: the release's id."""
    text = ("family: Bench Tester\nmanufacturer: {name: Acme}\nreleases:\n- {version: '1.0'}\n- {version: '1.1'}\n")
    made = writer.post("/v1/devices", text, YAML)
    if made.status != 201:
        raise SystemExit(f"Bail out! {made.body}")
    rows = writer.get("/v1/devices/bench-tester/releases").json["items"]
    return [row["id"] for row in rows]


def listing(kit, reader, other):
    rows = reader.get(f"/v1/devices/{DEVICE}/releases").json
    kit.check("the releases of a device", [row["name"] for row in rows["items"]] == ["4.3.1", "4.4.0"] and
              rows["total"] == {"count": 2, "exact": True}, rows)
    one = reader.get(f"/v1/releases/{rows['items'][1]['id']}")
    kit.check("a release is as in the list", one.json == rows["items"][1] and one.json["findings"] > 0, one, rows)
    again = reader.get(f"/v1/releases/{one.json['id']}", {"If-None-Match": one.headers["ETag"]})
    kit.check("a release has an ETag", again.status == 304, again)
    table = reader.get(f"/v1/devices/{DEVICE}/releases", {"Accept": "text/csv"})
    kit.check("releases as CSV", table.text.splitlines()[1].split(",")[2:4] == ['"4.3.1"', '"released"'], table.text)
    kit.check("the releases of a device out of scope", bare(other.get(f"/v1/devices/{DEVICE}/releases")) ==
              bare(other.get("/v1/devices/nothing/releases")))
    return [row["id"] for row in rows["items"]]


def uploads(kit, writer, reader, other, release):
    empty = reader.get(f"/v1/releases/{release}")
    kit.check("a release without an SBOM says so", empty.json["has_sbom"] is False, empty)
    names = ("settled", "findings", "affected", "undecided")
    listed = reader.get("/v1/devices/bench-tester/releases").json["items"][0]
    kit.check("and that nothing is known of it, which is not none", [empty.json[name] for name in names] == [None] * 4
              and listed == empty.json, empty, listed)
    table = reader.get("/v1/devices/bench-tester/releases", {"Accept": "text/csv"}).text.splitlines()
    kit.check("nor in CSV", dict(zip(table[0].split(","), table[1].split(",")))["findings"] == "", table)
    none = reader.get(f"/v1/releases/{release}/sbom")
    kit.check("there is nothing to download", none.status == 404 and "has no SBOM" in none.json["detail"], none)
    text = sbom(component("busybox", "1.30.0", purl="pkg:generic/busybox@1.30.0"), component("thing"), vulnerabilitees=[])
    done = upload(writer, release, text, {**OCTETS, "If-Match": empty.headers["ETag"]})
    kit.check("an upload is answered with what was read",
              done.status == 200 and done.json["components"] == 2 and done.json["format"] == "CycloneDX JSON"
              and done.json["bytes"] == len(text) and not done.json["corrected"], done)
    kit.check("what was not understood is listed", any("vulnerabilitees" in note["pointer"] + note["message"]
                                                       for note in done.json["notes"]), done.json)
    kit.check("its quality by each profile", [row["profile"] for row in done.json["quality"]] ==
              ["ntia", "fda", "cisa-2025", "bsi-tr-03183-2"], done.json)
    now = reader.get(f"/v1/releases/{release}")
    kit.check("the release has its findings at once", now.json["has_sbom"] and now.json["settled"] is True and now.json["findings"] == done.json["findings"] > 0 and
              done.json["vulnerabilities"]["came"] == done.json["vulnerabilities"]["now"] > 0, now, done)
    kit.check("the answer's ETag is that of the release", done.headers["ETag"].strip('"') == f"v{now.json['version']}", done)
    stale = upload(writer, release, text + " ", {**OCTETS, "If-Match": empty.headers["ETag"]})
    kit.check("an old ETag is refused", (stale.status, stale.problem) == (412, "stale"), stale)
    without = upload(writer, release, text, OCTETS)
    kit.check("an upload says what it is based on", without.status == 428, without)
    gone = upload(writer, release, sbom(component("thing")))
    kit.check("vulnerabilities that went", gone.json["vulnerabilities"] ==
              {"now": 0, "came": 0, "went": done.json["vulnerabilities"]["now"]}, gone)
    kit.check("who reads may not upload", upload(reader, release, text).status == 403)
    kit.check("out of scope is not there", bare(upload(other, release, text)) == bare(upload(other, NOBODY, text)))
    return text


def nothing_in_it(kit, writer, reader, release):
    """An SBOM that lists nothing is no good news: its answer says so, and the release counts as one of which nothing is known."""
    empty = {"CycloneDX": '{"bomFormat":"CycloneDX","specVersion":"1.5","components":[]}',
             "SPDX": '{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"x","dataLicense":"CC0-1.0",'
                     '"documentNamespace":"https://example.com/x","creationInfo":{"created":"2026-01-01T00:00:00Z",'
                     '"creators":["Tool: x"]},"packages":[]}'}
    itself = '{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"type":"firmware","name":"fw","version":"1"}}%s}'
    blank = {"the product alone": (itself % "", "beside the product", 1),
             "nothing that can be looked up": (itself % ',"components":[{"type":"library","name":"a"},{"type":"library","name":"b"}]', "looked up", 3),
             "nothing that there are data on": (sbom(component("thing", "1"), component("no-such", "2")), "", 2)}

    def known():
        gaps = reader.get("/v1/findings").json["gaps"]
        row = next(row for row in reader.get("/v1/posture").json["items"] if row["device"] == "bench-tester")
        one = reader.get("/v1/vulnerabilities/CVE-2021-44228").json
        return gaps["releases_without_components"], row["draft_without_components"], one["releases_without_components"]

    kit.check("nothing is counted before", known() == (0, 0, 0), known())
    for name, body in empty.items():
        done = upload(writer, release, body)
        notes = [note["message"] for note in done.json["notes"]]
        kit.check(f"{name} without components: the answer has a note", done.status == 200 and done.json["components"] == 0
                  and "lists no components" in notes[0] and 'not "no vulnerabilities"' in notes[0], done)
        kit.check(f"{name} without components: it is counted", known() == (1, 1, 1), known())
    for name, (body, words, components) in blank.items():
        done = upload(writer, release, body)
        notes = [note["message"] for note in done.json["notes"]] or [""]
        kit.check(f"{name}: the answer says it", done.status == 200 and words in notes[0] and
                  (done.json["components_without_data"], done.json["findings"]) == (components, None), done)
        one = reader.get(f"/v1/releases/{release}").json
        kit.check(f"{name}: the release is not one without findings", (one["components"], one["components_without_data"])
                  == (components, components) and [one[name] for name in ("findings", "affected", "undecided")] == [None] * 3, one)
        gaps = reader.get("/v1/findings").json["gaps"]
        row = next(row for row in reader.get("/v1/posture").json["items"] if row["device"] == "bench-tester")
        seen = reader.get("/v1/vulnerabilities/CVE-2021-44228").json
        kit.check(f"{name}: it is counted", (gaps["releases_without_data"], row["draft_releases_without_data"],
                  row["releases_without_data"], seen["releases_without_data"]) == (1, 1, 0, 1) and known() == (0, 0, 0), gaps, row, seen)
    upload(writer, release, sbom(component("busybox", "1.30.0", purl="pkg:generic/busybox@1.30.0"), component("thing")))
    one = reader.get(f"/v1/releases/{release}").json
    kit.check("with data it has a number", one["findings"] > 0 and (one["components"], one["components_without_data"]) == (2, 1)
              and reader.get("/v1/findings").json["gaps"]["releases_without_data"] == 0, one)


def out_by_its_date(kit, writer, reader):
    """A date of release in the past and an SBOM make a release released, whichever comes last; as a push does."""
    text = ("family: Dated Tester\nmanufacturer: {{name: Acme}}\nreleases:\n- {{version: '1.0', released: 2024-02-01}}\n"
            "- {{version: '2.0', released: 2999-01-01}}\n- {{version: '3.0'{date}}}\n")
    writer.post("/v1/devices", text.format(date=""), YAML)
    path = "/v1/devices/dated-tester"

    def states():
        return [(row["state"], row["locked"]) for row in reader.get(f"{path}/releases").json["items"]]

    out, no = ("released", True), ("draft", False)
    kit.check("without an SBOM they are drafts", states() == [no, no, no], states())
    for row in reader.get(f"{path}/releases").json["items"]:
        done = upload(writer, row["id"], sbom(component("thing")))
        kit.check(f"an SBOM of {row['name']}", done.status == 200 and done.headers["ETag"].strip('"') ==
                  f"v{reader.get('/v1/releases/' + row['id']).json['version']}", done)
    kit.check("the one with a date in the past is released by its SBOM, and locked", states() == [out, no, no], states())
    done = writer.call("PUT", f"{path}", text.format(date=", released: 2024-03-01"), headers={**YAML, "If-Match": "*"})
    kit.check("the one that has an SBOM is released by its date", done.status == 200 and states() == [out, no, out], done, states())
    row = reader.get("/v1/posture").json["items"]
    kit.check("and counts as in the field", [(one["in_field"], one["drafts"]) for one in row if one["device"] == "dated-tester"]
              == [(2, 1)], row)


def bad_bodies(kit, writer, reader, release):
    before = reader.get(f"/v1/releases/{release}").json
    rows = [
        ("broken JSON", '{"bomFormat": "CycloneDX",\n "specVersion": }', 422, lambda a: a.json.get("line") == 2),
        ("no SBOM", '{"hello": 1}', 422, lambda a: "SBOM" in a.json["detail"] or "format" in a.json["detail"]),
        ("HTML", "<html><body>Not found</body></html>", 422, lambda a: a.json["detail"]),
        ("half of a gzip", gzip.compress(b"x" * 10000)[:20], 422, lambda a: a.json["detail"]),
        ("nothing", "", 400, lambda a: a.problem == "bad-request"),
        ("nesting without end", '{"bomFormat":"CycloneDX","specVersion":"1.6","components":' + "[" * 5000, 413, lambda a: a.json["detail"]),
    ]
    for name, body, status, fine in rows:
        answer = upload(writer, release, body)
        kit.check(f"{name}: {status}", answer.status == status and fine(answer), answer)
    kit.check("and nothing changed", reader.get(f"/v1/releases/{release}").json == before)


def too_large(kit, service, key, release):
    """Two gigabytes are refused by what the header says: nothing of them is sent."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.putrequest("PUT", f"/v1/releases/{release}/sbom")
    for name, value in {"Authorization": f"Bearer {key}", "Content-Length": str(2 << 30), **any_version()}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    kit.check("two gigabytes are refused before they are read", answer.status == 413, answer.status)
    connection.close()


def two_at_once(kit, writer, reader, release):
    before = reader.get(f"/v1/releases/{release}").headers["ETag"]
    bodies = [sbom(component("thing", f"{i}.0")) for i in range(4)]
    answers = [None] * len(bodies)

    def run(i):
        answers[i] = upload(writer, release, bodies[i], {**OCTETS, "If-Match": before})

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [i for i, answer in enumerate(answers) if answer.status == 200]
    kit.check("of uploads at once that were based on the same, one is taken",
              len(won) == 1 and sorted(answer.status for answer in answers)[1:] == [412] * 3, answers)
    kit.check("and it is whole", reader.get(f"/v1/releases/{release}/sbom").text == bodies[won[0]])
    text = bodies[won[0]]
    kept = upload(writer, release, text)
    kit.check("the same document once more changes nothing", kept.json["vulnerabilities"]["came"] == 0 and
              reader.get(f"/v1/releases/{release}/sbom").text == text, kept)


def large(kit, writer, reader, release):
    """A body that goes through a file, and comes back byte for byte."""
    text = sbom(*(component(f"part-{i}", f"1.{i}", description="x" * 2000) for i in range(3000)))
    done = upload(writer, release, text)
    kit.check("a body of some megabytes", done.status == 200 and done.json["components"] == 3000 and len(text) > 6000000, done)
    kit.check("comes back byte for byte", reader.get(f"/v1/releases/{release}/sbom").text == text)
    packed = gzip.compress(text.encode())
    done = upload(writer, release, packed)
    kit.check("packed it comes back packed", done.status == 200 and reader.get(f"/v1/releases/{release}/sbom").body == packed, done)


def moves(kit, writer, reader, release, text):
    def move(state, etag="*", **more):
        return writer.call("PUT", f"/v1/releases/{release}/state", {"state": state, **more}, headers={"If-Match": etag})

    upload(writer, release, text)
    now = reader.get(f"/v1/releases/{release}")
    kit.check("a stale move is refused", move("released", '"v1"').status == 412)
    done = move("released", now.headers["ETag"])
    kit.check("a draft is released, and locked", done.status == 200 and (done.json["state"], done.json["locked"]) == ("released", True), done)
    kit.check("only once", move("released").status == 422)
    other = sbom(component("thing", "9"))
    locked = upload(writer, release, other)
    kit.check("a locked release wants a reason", (locked.status, locked.problem) == (409, "locked"), locked)
    kit.check("and keeps its SBOM", reader.get(f"/v1/releases/{release}/sbom").text == text)
    corrected = upload(writer, release, other, reason="the build had left out the boot loader")
    kit.check("with a reason it is corrected", corrected.status == 200 and corrected.json["corrected"], corrected)
    kit.check("a release is withdrawn for a reason", move("withdrawn").status == 422)
    kit.check("withdrawn", move("withdrawn", reason="recall").json["state"] == "withdrawn")
    kit.check("a word that is no state", move("draft").faults == ["enum /state"])


def downloads(kit, reader, release):
    source = (EXAMPLE / "infusion-pump-4.4.0.cdx.json").read_bytes()
    got = reader.get(f"/v1/releases/{release}/sbom")
    kit.check("as received, byte for byte", got.body == source and "attachment" in got.headers["Content-Disposition"], got.headers)
    kit.check("with an ETag", reader.get(f"/v1/releases/{release}/sbom", {"If-None-Match": got.headers["ETag"]}).status == 304)
    path = kit.path("source.cdx.json", source)
    for name in FORMATS:
        answer = reader.get(f"/v1/releases/{release}/sbom", format=name)
        wanted = kit.run("sbom", "convert", path, "--to", name)
        kit.check(f"as {name}, as the program writes it", answer.body == wanted.stdout, answer.body[:300], wanted.stdout[:300])
        losses = reader.get(f"/v1/releases/{release}/sbom/losses", format=name).json
        kit.check(f"what {name} has no place for", len(losses["losses"]) == wanted.complaint.count(f"{name}:"), losses, wanted.complaint)
    kit.check("a format that there is not", reader.get(f"/v1/releases/{release}/sbom", format="xls").status == 422)


def without_tool(document):
    return {key: value for key, value in document.items() if key not in ("sbom", "from", "to", "knowledge_base", "at")}


def count(document):
    """Components of a document of CycloneDX, nested ones too."""
    return sum(1 + count(row) for row in document.get("components", []))


def children(reader, release, node=None, limit=1000):
    """All of a list of the tree, page by page."""
    rows, start = [], 0
    while start is not None:
        page = reader.get(f"/v1/releases/{release}/sbom/tree", limit=limit, **{"from": start}, **({"node": node} if node else {})).json
        rows, start = rows + page["items"], page["next"]
        assert page["total"] == {"count": page["total"]["count"], "exact": True}
    assert [row["position"] for row in rows] == list(range(1, page["total"]["count"] + 1))
    return rows


def reached(reader, release, node=None):
    """Every component that going down finds, by its node."""
    found, stack = {}, children(reader, release, node)
    while stack:
        row = stack.pop()
        if row["node"] not in found:
            found[row["node"]] = row
            stack += children(reader, release, row["node"]) if row["children"] else []
    return found


def example_tree(kit, reader, release, all_components):
    tree = reader.get(f"/v1/releases/{release}/sbom/tree").json
    found = reached(reader, release)
    kit.check("the tree has all", len(found) == tree["components"] == all_components and "notes" in tree["reader"], len(found), all_components)
    root = found[tree["subject"]]
    kit.check("the outermost one counts all that is in it", root["below"] == {"count": len(reached(reader, release, root["node"])), "exact": True}
              and root["root"], root)
    hits = reader.get(f"/v1/releases/{release}/sbom/tree/search", q="BusyBox").json
    way = hits["items"][0]["way"]
    kit.check("a search has a way down", hits["total"]["count"] == 1 and way[-1]["component"]["name"] == "busybox" and way[0]["root"], hits)
    node = reader.get(f"/v1/releases/{release}/sbom/tree/nodes/{way[-1]['node']}").json
    kit.check("a node says why it is in there, and what is stated", node["paths"] and all(path[-1]["name"] == "busybox" for path in node["paths"])
              and not node["more"] and node["stated"]["licences"] == way[-1]["stated"]["licences"] != [], node)


def graph(kit, writer, reader, release):
    """What several need, a ring, a deep chain, more children than a page has."""
    wide, deep = 250, 300
    names = ["shared", "ring-a", "ring-b"] + [f"wide-{n}" for n in range(wide)] + [f"deep-{n}" for n in range(deep)]
    edges = {"root": [f"wide-{n}" for n in range(wide)] + ["ring-a", "deep-0"], "wide-0": ["shared"], "wide-1": ["shared"],
             "ring-a": ["ring-b"], "ring-b": ["ring-a", "shared"], "shared": []} | {f"deep-{n}": [f"deep-{n + 1}"] for n in range(deep - 1)}
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
                "metadata": {"component": {"type": "device", "name": "thing", "bom-ref": "root"}},
                "components": [{"type": "library", "name": name, "version": "1", "bom-ref": name,
                                **({"licenses": [{"license": {"id": "Zlib"}}]} if name == "shared" else {})} for name in names],
                "dependencies": [{"ref": ref, "dependsOn": to} for ref, to in edges.items()]}
    kit.check("a graph is taken", upload(writer, release, json.dumps(document)).status == 200)
    path = f"/v1/releases/{release}/sbom/tree"
    rows = {row["component"]["name"]: row for row in children(reader, release, children(reader, release)[0]["node"], 100)}
    kit.check("children come in pages, all of them once", len(rows) == wide + 2, len(rows))
    ring_b = children(reader, release, rows["ring-a"]["node"])[0]
    kit.check("a ring is counted once, and is handed out a step at a time", rows["ring-a"]["below"] == {"count": 2, "exact": True}
              and [row["component"]["name"] for row in children(reader, release, ring_b["node"])] == ["shared", "ring-a"], rows["ring-a"], ring_b)
    hits = reader.get(f"{path}/search", q="shared").json["items"]
    shared = hits[0]["way"]
    kit.check("what several need says so, and is found by a shortest way", [row["component"]["name"] for row in shared] == ["thing", "wide-0", "shared"]
              and shared[-1]["parents"] == 3 and shared[-1]["stated"]["licences"] == [{"text": "Zlib", "by": "unstated"}], shared)
    kit.check("each step of a way is at its place", [row["position"] for row in shared] == [1, rows["wide-0"]["position"], 1], shared)
    ways = reader.get(f"{path}/nodes/{shared[-1]['node']}").json
    kit.check("all ways to it", sorted(" ".join(one["name"] for one in way) for way in ways["paths"]) ==
              ["thing ring-a ring-b shared", "thing wide-0 shared", "thing wide-1 shared"] and not ways["more"], ways["paths"])
    last = reader.get(f"{path}/search", q=f"deep-{deep - 1}").json["items"][0]
    kit.check("what is deeper than a way is long is said to be", last["cut"] and len(last["way"]) == 256, len(last["way"]))
    node = children(reader, release, last["way"][-1]["node"])[0]
    far = reader.get(f"{path}/nodes/{node['node']}").json
    kit.check("no path that is handed out is not no path", far["paths"] == [] and far["more"], far)
    hits = reader.get(f"{path}/search", q="WIDE-", limit=100).json
    more = reader.get(f"{path}/search", q="wide-", limit=100, **{"from": hits["next"]}).json
    kit.check("hits come in pages", hits["total"] == {"count": wide, "exact": True} == more["total"] and len(hits["items"]) == 100
              and hits["items"][-1]["way"][-1]["component"]["name"] == "wide-99" and more["items"][0]["way"][-1]["component"]["name"] == "wide-100", hits["next"])
    kit.check("nothing is found", reader.get(f"{path}/search", q="nowhere").json["items"] == [])
    for node in ("", "nope", shared[-1]["node"][:-1] + "99999", "0" * 16 + "-1"):
        kit.check(f"no such node: '{node}'", reader.get(path, node=node).status == 404)
    document["components"].append({"type": "library", "name": "one-more"})
    upload(writer, release, json.dumps(document))
    kit.check("a node of the SBOM before is none of this one", reader.get(path, node=shared[-1]["node"]).status == 404
              and reader.get(f"{path}/nodes/{shared[-1]['node']}").status == 404)
    kit.check("what was not named by anything is outermost", [row["component"]["name"] for row in children(reader, release)] == ["thing", "one-more"])


def views(kit, reader, other, releases):
    path = str(EXAMPLE / "infusion-pump-4.4.0.cdx.json")
    for profile in ("ntia", "fda", "cisa-2025", "bsi-tr-03183-2"):
        answer = reader.get(f"/v1/releases/{releases[1]}/sbom/quality", profile=profile)
        wanted = json.loads(kit.run("sbom", "check", path, "--profile", profile, "--format", "json").stdout)
        kit.check(f"quality by {profile}", without_tool(answer.json) == without_tool(wanted), answer.json)
    diff = reader.get(f"/v1/releases/{releases[0]}/sbom/diff", to=releases[1])
    wanted = json.loads(kit.run("sbom", "diff", EXAMPLE / "infusion-pump.cdx.json", path, "--format", "json").stdout)
    kit.check("the comparison is that of the program", without_tool(diff.without_gaps) == without_tool(wanted), diff.json, wanted)
    kit.check("nothing is compared with what is not there", reader.get(f"/v1/releases/{releases[0]}/sbom/diff", to=NOBODY).status == 404)
    paths = reader.get(f"/v1/releases/{releases[1]}/sbom/paths", component="busybox")
    kit.check("why a component is in there", [row["component"]["name"] for row in paths.json["components"]] == ["busybox"] and
              all(way[-1]["name"] == "busybox" for row in paths.json["components"] for way in row["paths"]) and
              paths.json["components"][0]["paths"], paths.json)
    stated = paths.json["components"][0]
    kit.check("what the SBOM states of it, and what not", stated["licences"] and all(row["text"] and row["by"] in ("declared", "concluded", "unstated") for row in stated["licences"])
              and {"supplier", "support", "support_end"} <= stated.keys(), stated)
    kit.check("a component that is not in there", reader.get(f"/v1/releases/{releases[1]}/sbom/paths", component="nope").without_gaps ==
              {"components": []})
    example_tree(kit, reader, releases[1], 1 + count(json.loads(pathlib.Path(path).read_text(encoding="utf-8"))))
    for view in ("sbom", "sbom/quality?profile=ntia", f"sbom/diff?to={releases[1]}", "sbom/paths?component=busybox", "sbom/tree",
                 "sbom/tree/search?q=busybox", f"sbom/tree/nodes/{reader.get(f'/v1/releases/{releases[1]}/sbom/tree').json['subject']}",
                 "sbom/losses?format=spdx-2.3-tv"):
        hidden, missing = other.get(f"/v1/releases/{releases[1]}/{view}"), other.get(f"/v1/releases/{NOBODY}/{view}")
        kit.check(f"{view.split('?')[0]} out of scope is like not there", bare(hidden) == bare(missing) and hidden.status == 404, hidden)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = client.example_data(kit)
    with client.Service(kit, data) as service:
        reader = service.client(client.add_key(kit, data))
        key = client.add_key(kit, data, "analyst")
        writer = service.client(key)
        other = service.client(client.add_key(kit, data, "analyst", team="other"))
        releases = listing(kit, reader, other)
        drafts = draft(writer)
        text = uploads(kit, writer, reader, other, drafts[0])
        nothing_in_it(kit, writer, reader, drafts[0])
        bad_bodies(kit, writer, reader, drafts[0])
        too_large(kit, service, key, drafts[0])
        two_at_once(kit, writer, reader, drafts[0])
        large(kit, writer, reader, drafts[1])
        downloads(kit, reader, releases[1])
        views(kit, reader, other, releases)
        graph(kit, writer, reader, drafts[1])
        moves(kit, writer, reader, drafts[0], text)
        out_by_its_date(kit, writer, reader)
    return kit.done()


sys.exit(main())
