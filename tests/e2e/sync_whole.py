#!/usr/bin/env python3
"""A feed is believed only when it is whole: `tutela kb sync` against a server whose sources lack
something, go back in time, or say one thing and send another.

usage: sync_whole.py [PROGRAM] [PART...]
"""
import gzip
import hashlib
import json
import shutil
import sys
import time

import feed_server as fs
from kit import component, Kit, PUMP, sbom
from sync import EPSS, KEV, NVD, row, Site

CVES = [f"CVE-2024-100{n}" for n in range(1, 10)]


def nvd(total, page=2, said=None):
    """Pages of the first `total` records; `said` in place of their number."""
    answer = fs.nvd_pages([fs.nvd_record(n) for n in range(1, total + 1)], page)

    def change(query):
        body = json.loads(answer(query))
        body["totalResults"] = said if said is not None else body["totalResults"]
        return json.dumps(body).encode()
    return change


def played(*answers):
    """One answer a request, and the last one for ever."""
    left = list(answers)
    return lambda query: (left.pop(0) if len(left) > 1 else left[0])(query)


def dated_kev(day, *cves, count=None):
    body = json.loads(fs.kev(*cves))
    body["dateReleased"] = f"{day}T15:00:00Z"
    if count is not None:
        body["count"] = count
    return json.dumps(body).encode()


def dated_epss(day, count):
    lines = [f"#model_version:v2025.03.14,score_date:{day}T00:00:00+0000", "cve,epss,percentile"]
    lines += [f"CVE-2024-100{n},0.{n},0.5" for n in range(1, count + 1)]
    return gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0)


def tracker(count):
    return json.dumps({"pumpd": {f"CVE-2024-100{n}": {
        "description": "flaw", "scope": "local", "releases": {"bookworm": {
            "status": "resolved", "fixed_version": "1.4-1", "urgency": "low",
            "repositories": {"bookworm": "1.4-1"}}}} for n in range(1, count + 1)}}).encode()


def secdb(count):
    return json.dumps({"apkurl": "{{urlprefix}}/{{distroversion}}/{{reponame}}/{{arch}}/{{pkg.name}}-{{pkg.ver}}.apk",
                       "archs": ["x86_64"], "urlprefix": "https://dl-cdn.alpinelinux.org/alpine",
                       "distroversion": "v3.22", "reponame": "main", "packages": [
        {"pkg": {"name": f"pumpd{n}", "secfixes": {"1.4-r0": [f"CVE-2024-100{n}"]}}}
        for n in range(1, count + 1)]}).encode()


def refused(kit, site, title, done, source, *words):
    """The source has failed, by every way of asking, and says why."""
    said = done.text + done.complaint
    kit.answers(f"{title}: a failure with its reason", done, 3, *words)
    kit.check(f"{title}: no word of fresh", "fresh" not in row(said, source), said)
    document = kit.path("pump.cdx.json", sbom(component("pumpd", "1.0", cpe=PUMP % "1.0")))
    kit.answers(f"{title}: the gate of failed sources is violated", kit.run(
        "scan", document, "--fail-on", "stale,failed-source"), 1, "gate violated")


# ---- NVD ----


def nvd_zero(kit, site):
    world = site.world
    site.fresh()
    world.files[NVD] = nvd(0)
    refused(kit, site, "NVD says 0 at first", site.sync("--source", "nvd,kev"), "nvd", "no records at all")
    world.files[NVD] = nvd(5)
    kit.answers("… well again", site.sync("--source", "nvd"), 0, "fresh")
    kit.check("… everything is fetched, not what changed since", all(map(site.knows, CVES[:5])))
    world.files[NVD] = nvd(0)
    kit.answers("no changes since are no failure", site.sync("--source", "nvd"), 0, "fresh")


def nvd_shrinks(kit, site):
    world = site.world
    for total, page, gone in ((5, 2, (0,)), (5, 2, (1,)), (5, 1, (0,)), (9, 2, (0, 1)), (9, 4, (3,)),
                              (5, 4, (0,)), (6, 3, (2,))):
        site.fresh()
        kept = [n for n in range(1, total + 1) if n - 1 not in gone]
        world.files[NVD] = played(
            nvd(total, page), fs.nvd_pages([fs.nvd_record(n) for n in kept], page))
        done = site.sync("--source", "nvd")
        missing = [n for n in kept if not site.knows(CVES[n - 1])]
        kit.check(f"NVD: {len(gone)} of {total} go away behind a page of {page}: all others are here",
                  done.returncode == 0 and not missing, done.text, missing)
    site.fresh()
    world.files[NVD] = played(nvd(9, 4), nvd(4, 4), nvd(9, 4))
    refused(kit, site, "NVD: 9 records, then 4", site.sync("--source", "nvd"), "nvd", "4 records in all",
            "9 were before")
    kit.answers("… the next run loads everything", site.sync("--source", "nvd"), 0)
    kit.check("… and has it", all(map(site.knows, CVES)))
    state = site.cache / "nvd" / "state.json"
    kept = json.loads(state.read_text())
    kept["cursor"] = "2019-01-01T00:00:00Z"
    state.write_text(json.dumps(kept))
    world.files[NVD] = nvd(4, 4)
    refused(kit, site, "NVD: a second whole load of less than half", site.sync("--source", "nvd"), "nvd",
            "9 were before")
    kit.check("… what was there stays", all(map(site.knows, CVES)))
    site.fresh()
    world.files[NVD] = played(*[nvd(9 - n % 2, 1) for n in range(200)])
    refused(kit, site, "NVD: again and again fewer", site.sync("--source", "nvd"), "nvd", "shrinks again")
    site.fresh()
    world.files[NVD] = nvd(5)
    site.sync("--source", "nvd")
    changed = [fs.nvd_record(n, fixed="3.0") for n in range(1, 6)]
    for record in changed:
        record["cve"]["lastModified"] = time.strftime("%Y-%m-%dT%H:%M:%S.000")
    world.files[NVD] = played(lambda q: fs.nvd_pages(changed, 2)({"startIndex": q["startIndex"]}),
                              lambda q: fs.nvd_pages(changed[1:], 2)({"startIndex": q["startIndex"]}))
    done = site.sync("--source", "nvd")
    kit.check("NVD: a record that leaves the window takes none with it", done.returncode == 0 and all(
        "3.0" in kit.run("kb", "show", cve, "--kb", site.kb).text for cve in CVES[1:5]), done.text)


def nvd_pages(kit, site):
    world = site.world

    def at_most(limit, message, status=404):
        def fault(h):
            asked = int(h.path.split("resultsPerPage=")[1].split("&")[0])
            if asked <= limit:
                return False
            h.answer(status, b"", **({"message": message} if message else {}))
            return True
        return fault

    for title, limit, message, status in (
            ("1000", 1000, "resultsPerPage parameter cannot exceed 1000.", 404),
            ("500", 500, "resultsPerPage parameter cannot exceed 500", 404),
            ("7", 7, "resultsPerPage parameter cannot exceed 7.", 404),
            ("other words", 400, "Invalid resultsPerPage.", 404),
            ("a number that is none", 300, "resultsPerPage parameter cannot exceed 0.", 404),
            ("a larger number", 600, "resultsPerPage parameter cannot exceed 5000.", 404),
            ("no words", 1000, None, 404),
            ("another status", 1000, "resultsPerPage parameter cannot exceed 1000.", 400)):
        site.fresh()
        world.files[NVD] = nvd(5, 3)
        world.always[NVD] = at_most(limit, message, status)
        kit.answers(f"NVD wants smaller pages ({title})", site.sync("--source", "nvd"), 0, "fresh")
        kit.check(f"… ({title}) and everything is here", all(map(site.knows, CVES[:5])), world.asked(NVD))
    site.fresh()
    world.always[NVD] = at_most(0, "Invalid apiKey.")
    refused(kit, site, "NVD says why", site.sync("--source", "nvd"), "nvd", "404", "Invalid apiKey.")
    site.fresh()
    world.files[NVD] = lambda q: json.dumps({**json.loads(nvd(5)(q)), "resultsPerPage": 3}).encode()
    refused(kit, site, "NVD: a page with fewer records than it says", site.sync("--source", "nvd"), "nvd",
            "says it has 3 records, and has 2")
    site.fresh()
    world.files[NVD] = nvd(5, 5, said=2)
    refused(kit, site, "NVD: more records than there are", site.sync("--source", "nvd"), "nvd", "5 records at 0 of 2")
    site.fresh()
    many = [fs.nvd_record(n) for n in range(1, 3001)]

    def endless(query):
        index = int(query["startIndex"][0])
        return json.dumps({"startIndex": index, "totalResults": index + 1001,
                           "vulnerabilities": many[:1000]}).encode()
    world.files[NVD] = endless
    refused(kit, site, "NVD: pages without end", site.sync("--source", "nvd"), "nvd", "grows faster")
    kit.check("… are left soon", len(world.asked(NVD)) < 10, len(world.asked(NVD)))
    site.fresh()
    world.files[NVD] = nvd(5)
    site.general["source_time_limit"] = "1s"
    site.sources["nvd"]["delay"] = "600ms"
    refused(kit, site, "NVD: more time than one source may have", site.sync("--source", "nvd"), "nvd",
            "source_time_limit")
    del site.general["source_time_limit"]
    site.sources["nvd"]["delay"] = "5ms"
    kit.answers("… the next run goes on", site.sync("--source", "nvd"), 0)
    world.files[NVD] = nvd(5)


# ---- files ----


def catalogues(kit, site):
    world = site.world
    sources = dict(site.sources)
    site.sources["debian"] = {"url": world.url + "/tracker", "delay": "1ms"}
    site.sources["alpine"] = {"url": world.url + "/secdb/{}", "items": "v3.22/main.json", "delay": "1ms"}
    days = (  # title, source, path, good, bad, words
        ("KEV: ten days older", "kev", KEV, dated_kev("2026-11-20", *CVES[:4]),
         dated_kev("2026-11-10", *CVES[:4]), ("older", "2026-11-10", "2026-11-20")),
        ("KEV: a second older", "kev", KEV, fs.kev(*CVES[:4]),
         fs.kev(*CVES[:4]).replace(b"15:00:00", b"14:59:59"), ("older",)),
        ("KEV: one of 1,400", "kev", KEV, dated_kev("2026-11-20", *CVES[:4]),
         dated_kev("2026-11-21", *CVES[:4], count=1400), ("1400 entries", "has 4")),
        ("KEV: more than it says", "kev", KEV, dated_kev("2026-11-20", *CVES[:4]),
         dated_kev("2026-11-21", *CVES[:4], count=3), ("3 entries", "has 4")),
        ("KEV: a half", "kev", KEV, dated_kev("2026-11-20", *CVES[:4]), dated_kev("2026-11-21", *CVES[:2]),
         ("2 records", "4 were before", "max_loss")),
        ("EPSS: yesterday's", "epss", EPSS, dated_epss("2026-11-20", 4), dated_epss("2026-11-19", 4),
         ("older",)),
        ("EPSS: a half", "epss", EPSS, dated_epss("2026-11-20", 4), dated_epss("2026-11-21", 2),
         ("2 records", "4 were before")),
        ("Debian's tracker: a half", "debian", "/tracker", tracker(4), tracker(2), ("were before",)),
        ("Alpine's secdb: a half", "alpine", "/secdb/v3.22/main.json", secdb(4), secdb(2), ("were before",)))
    for title, source, path, good, bad, words in days:
        site.fresh()
        world.files[path] = good
        first = site.sync("--source", source)
        before = site.kb.read_bytes()
        world.files[path] = bad
        refused(kit, site, title, site.sync("--source", source), source, *words)
        kit.check(f"{title}: what was there stays", first.returncode == 0 and site.kb.read_bytes() == before,
                  first.text)
        world.files[path] = good
        kit.answers(f"{title}: well again", site.sync("--source", source), 0, "fresh")
    site.fresh()
    world.files["/tracker"] = tracker(4)
    world.headers["/tracker"] = {"Last_Modified": fs.http_date(0)}
    site.sync("--source", "debian")
    world.files["/tracker"] = tracker(3) + b" "
    world.headers["/tracker"] = {"Last_Modified": fs.http_date(-20 * 3600)}
    site.sources["debian"]["max_loss"] = "100"
    refused(kit, site, "Debian's tracker: an older copy", site.sync("--source", "debian"), "debian", "older")
    world.headers["/tracker"] = {"Last_Modified": fs.http_date(3600)}
    kit.answers("a loss that the configuration allows", site.sync("--source", "debian"), 0, "fresh")
    for text in ("101", "-1", "much"):
        site.sources["debian"]["max_loss"] = text
        kit.answers(f"max_loss = {text}", site.sync("--source", "debian"), 3, "feeds.conf", text)
    del site.sources["debian"]["max_loss"]
    site.fresh()
    world.files[KEV] = dated_kev("2026-11-20", *CVES[:4])
    site.sync("--source", "kev")
    state = site.cache / "kev" / "state.json"
    kept = json.loads(state.read_text())
    del kept["files"][0]["released"]
    state.write_text(json.dumps(kept))
    world.files[KEV] = dated_kev("2026-11-10", *CVES[:4])
    refused(kit, site, "KEV: older than what a former version stored without its date",
            site.sync("--source", "kev"), "kev", "older")
    site.sources = {**sources, "own": {"url": world.url + "/own/{}", "items": "a/b.json, a_b.json, a:b.json"}}
    site.fresh()
    for name, number in (("a/b.json", 1), ("a_b.json", 2), ("a:b.json", 3)):
        world.files["/own/" + name.replace(":", "%3A")] = fs.osv(f"OWN-{number}")
    kit.answers("items of alike names", site.sync("--source", "own"), 0, "fresh")
    kit.check("… none takes another's place", all(site.knows(f"OWN-{n}") for n in (1, 2, 3)), world.requests)
    site.sources = sources
    world.files[KEV], world.files[EPSS] = fs.kev(CVES[0]), fs.epss(CVE_2024_1001=0.5)


def releases(kit, site):
    world = site.world
    site.fresh()
    site.sources["cve"] = {"url": world.url + "/release", "delay": "1ms"}

    def publish(hour, numbers, changed):
        assets = []
        for name, records in (("2026-11-20_all_CVEs_at_midnight.zip.zip", numbers),
                              (f"2026-11-20_delta_CVEs_at_{hour:02}00Z.zip", changed)):
            body = fs.zipped({f"CVE-2024-100{n}.json": fs.cve5(n) for n in records})
            if "all" in name:
                body = fs.zipped({"cves.zip": body})
            world.files["/dl/" + name] = body
            assets.append({"name": name, "size": len(body), "browser_download_url": f"{world.url}/dl/{name}"})
        world.files["/release"] = json.dumps({
            "tag_name": "t", "published_at": f"2026-11-20T{hour:02}:05:00Z", "assets": assets}).encode()

    publish(9, (10, 11), (12, 13))
    kit.answers("release", site.sync("--source", "cve"), 0, "fresh")
    publish(10, (10, 11), (14,))
    kit.answers("release: fewer changes in an hour are no loss", site.sync("--source", "cve"), 0, "fresh")
    publish(9, (10, 11), (12, 13))
    refused(kit, site, "release: the one of an hour before", site.sync("--source", "cve"), "cve", "older")
    kit.check("release: what was new stays", site.knows("CVE-2024-10014"))
    del site.sources["cve"]


# ---- OSV ----


def ecosystems(kit, site):
    world = site.world
    site.sources["osv"] = {"url": world.url + "/osv/{}", "items": "npm", "delay": "1ms"}

    def publish(index, archive=None, singles=None):
        """Dates by id: what the index lists, what the archive has, what is there singly."""
        world.files = {p: b for p, b in world.files.items() if not p.startswith("/osv/")}
        for name, when in (index if singles is None else singles).items():
            world.files[f"/osv/npm/{name}.json"] = fs.osv(name, fixed=f"{when[8:10]}.0.0", modified=when)
        world.files["/osv/npm/all.zip"] = fs.zipped({
            f"{name}.json": fs.osv(name, fixed=f"{when[8:10]}.0.0", modified=when)
            for name, when in (index if archive is None else archive).items()})
        world.files["/osv/npm/modified_id.csv"] = "".join(
            f"{when},{name}\n" for name, when in sorted(index.items(), key=lambda i: i[1], reverse=True)).encode()

    def has(name, day):
        return f"{day}.0.0" in kit.run("kb", "show", name, "--kb", site.kb).text

    a, b, c = "GHSA-aaaa", "GHSA-bbbb", "GHSA-cccc"
    day = "2026-11-{:02}T00:00:00Z".format
    for title, index, archive in (
            ("lacks the newest", {a: day(1), b: day(2)}, {a: day(1)}),
            ("lacks one in the middle", {a: day(1), b: day(2), c: day(3)}, {a: day(1), c: day(3)}),
            ("has one older", {a: day(1), b: day(5)}, {a: day(1), b: day(2)}),
            ("lacks one and has one older", {a: day(4), b: day(5), c: day(6)}, {b: day(2), c: day(6)}),
            ("lacks one of a fraction of a second", {a: day(1), b: "2026-11-02T00:00:00.5Z"}, {a: day(1)}),
            ("is ahead of its index", {a: day(1)}, {a: day(1), b: day(9)})):
        site.fresh()
        publish(index, archive)
        done = site.sync("--source", "osv")
        wrong = [n for n in {**archive, **index} if not has(n, max(index.get(n, ""), archive.get(n, ""))[8:10])]
        kit.check(f"OSV: an archive that {title}", done.returncode == 0 and not wrong, done.text, wrong)
    site.fresh()
    publish({a: day(1), b: day(2), c: day(3)}, {a: day(1)}, {b: day(2)})
    refused(kit, site, "OSV: a listed record is nowhere", site.sync("--source", "osv"), "osv", "GHSA-cccc")
    kit.check("… the others are here", site.knows(a) and site.knows(b))
    publish({a: day(1), b: day(2), c: day(3)}, {a: day(1)})
    world.forget()
    kit.answers("… it comes later", site.sync("--source", "osv"), 0, "fresh")
    kit.check("… and only it is asked for", site.knows(c) and
              [p for p, _, _ in world.requests if "GHSA" in p] == [f"/osv/npm/{c}.json"], world.requests)
    world.forget()
    kit.answers("OSV: nothing new", site.sync("--source", "osv"), 0)
    kit.check("… one request", [p for p, _, _ in world.requests] == ["/osv/npm/modified_id.csv"], world.requests)

    many = {f"GHSA-n{n}": day(4) for n in range(400)}
    publish({a: day(1), b: day(2), c: day(3), **many}, {a: day(1), b: day(2), **many})
    done = site.sync("--source", "osv")
    kit.check("OSV: a new archive that still lacks it takes nothing away", done.returncode == 0 and
              site.knows(c) and site.knows("GHSA-n399"), done.text)
    publish({a: day(1), b: day(2), **dict(list(many.items())[:150])})
    refused(kit, site, "OSV: an index that lost more than a half", site.sync("--source", "osv"), "osv", "entries")
    publish({a: day(1), b: day(2), c: day(3), **{n: day(3) for n in many}})
    refused(kit, site, "OSV: yesterday's index", site.sync("--source", "osv"), "osv", "older")
    shutil.rmtree(site.cache)
    publish({a: day(1), b: day(2)}, {a: day(1)})
    site.sync("--source", "osv")
    state = site.cache / "osv" / "state.json"
    kept = json.loads(state.read_text())
    kept["files"] = [f for f in kept["files"] if b not in f["name"]]
    for file in kept["files"]:
        file.pop("listed", None)
    state.write_text(json.dumps(kept))
    (site.cache / "osv/files/npm" / f"{b}.json.zst").unlink(missing_ok=True)
    kit.answers("OSV: a cache of a former version is looked through", site.sync("--source", "osv"), 0)
    kit.check("… and what it lacks is fetched", site.knows(b), world.requests)
    del site.sources["osv"]


# ---- CSAF ----


def providers(kit, site):
    world = site.world
    localhost = f"https://localhost:{world.port}"
    site.sources["acme"] = {"method": "csaf", "url": world.url + "/csaf/provider-metadata.json", "form": "OSV",
                            "hosts": "localhost", "delay": "1ms"}

    def publish(*paths, hosts=None, hashes=True, listed=True, role="csaf_provider", directory=False):
        world.files = {p: b for p, b in world.files.items() if not p.startswith("/csaf/")}
        entries = []
        for number, path in enumerate(paths, 1):
            for host in hosts or [world.url]:
                body = fs.osv(f"ACME-{number}")
                world.files[f"/csaf/{path}"] = body
                if hashes:
                    world.files[f"/csaf/{path}.sha512"] = hashlib.sha512(body).hexdigest().encode()
                link = [{"rel": "hash", "href": f"{host}/csaf/{path}.sha512"}] if listed else []
                entries.append({"id": str(number), "updated": "2026-11-01T00:00:00Z", "link": link,
                                "content": {"src": f"{host}/csaf/{path}", "type": "application/json"}})
        world.files["/csaf/feed.json"] = json.dumps({"feed": {"id": "f", "entry": entries}}).encode()
        world.files["/csaf/changes.csv"] = "".join(f'"{p}","2026-11-01T00:00:00Z"\n' for p in paths).encode()
        distribution = ({"directory_url": world.url + "/csaf"} if directory else
                        {"rolie": {"feeds": [{"tlp_label": "WHITE", "url": world.url + "/csaf/feed.json"}]}})
        world.files["/csaf/provider-metadata.json"] = json.dumps(
            {"role": role, "distributions": [distribution]}).encode()

    site.fresh()
    publish("2024/a.json", "2024_a.json", "2024-a.json")
    kit.answers("CSAF: documents of alike names", site.sync("--source", "acme"), 0, "fresh")
    kit.check("… are all here", all(site.knows(f"ACME-{n}") for n in (1, 2, 3)), world.requests)
    publish()
    refused(kit, site, "CSAF: a feed that has become empty", site.sync("--source", "acme"), "acme",
            "0 documents listed", "3 were before")
    kit.check("… what was there stays", site.knows("ACME-1"))
    publish("2024/a.json")
    refused(kit, site, "CSAF: a feed that lost the most", site.sync("--source", "acme"), "acme", "1 documents listed")
    site.fresh()
    refused(kit, site, "CSAF: … is told again", (publish(), site.sync("--source", "acme"))[1], "acme",
            "no document at all")
    site.fresh()
    publish("2024/a.json", hosts=[world.url, localhost])
    site.sync("--source", "acme")
    kit.check("CSAF: the same path on two hosts: both are fetched",
              len(world.asked("/csaf/2024/a.json")) == 2 and site.account()["acme"]["records"] == 2, world.requests)
    site.fresh()
    publish("2024/a.json", hashes=False)
    refused(kit, site, "CSAF: a hash that is listed and is not there", site.sync("--source", "acme"), "acme",
            "404", "hash that is listed")
    publish("2024/a.json", hashes=False, listed=False)
    kit.answers("CSAF: no hash is listed", site.sync("--source", "acme"), 0, "fresh")
    for directory in (False, True):
        site.fresh()
        publish("2024/a.json", hashes=False, listed=False, role="csaf_trusted_provider", directory=directory)
        refused(kit, site, f"CSAF: a trusted provider without a hash (directory {directory})",
                site.sync("--source", "acme"), "acme", "trusted provider must")
        publish("2024/a.json", listed=False, role="csaf_trusted_provider", directory=directory)
        kit.answers("… with one, SHA-512", site.sync("--source", "acme"), 0, "fresh")
    site.fresh()
    publish("2024/a.json", hashes=False, directory=True)
    kit.answers("CSAF: a folder of a provider that need not have hashes", site.sync("--source", "acme"), 0)
    state = site.cache / "acme" / "state.json"
    kept = json.loads(state.read_text())
    for file in kept["files"]:
        if file["name"].startswith("files/"):
            new, file["name"] = file["name"], "files/csaf_2024_a.json"
    (site.cache / "acme" / new).rename(site.cache / "acme" / "files/csaf_2024_a.json")
    state.write_text(json.dumps(kept))
    done = site.sync("--source", "acme")
    kit.check("CSAF: a cache with the names of a former version: no document is there twice",
              done.returncode == 0 and len(list((site.cache / "acme/files").iterdir())) == 1 and
              site.knows("ACME-1"), done.text)
    del site.sources["acme"]


def main():
    kit = Kit()
    if not shutil.which("openssl"):
        print("1..0 # SKIP no openssl to make certificates with")
        return 0
    certificates = fs.make_certificates(kit.folder / "certificates")
    world = fs.World(certificates)
    world.files.update({NVD: nvd(5), KEV: fs.kev(CVES[0]), EPSS: fs.epss(CVE_2024_1001=0.5)})
    site = Site(kit, world, certificates)
    for part in (nvd_zero, nvd_shrinks, nvd_pages, catalogues, releases, ecosystems, providers):
        if len(sys.argv) < 3 or part.__name__ in sys.argv[2:]:
            part(kit, site)
    world.close()
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
