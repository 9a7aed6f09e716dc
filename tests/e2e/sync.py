#!/usr/bin/env python3
"""`tutela kb sync` against a real HTTPS server on its good and bad days.

usage: sync.py [PROGRAM]
"""
import fcntl
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import feed_server as fs
from kit import component, Kit, PUMP, sbom

NVD, KEV, EPSS = "/nvd", "/kev.json", "/epss.csv.gz"
DAY = 86400


class Site:
    """A server, a configuration that points to it, and a user's folders."""

    def __init__(self, kit, world, certificates):
        self.kit, self.world, self.certificates = kit, world, certificates
        self.mode = 0o600  # of the configuration
        self.home = kit.folder / "home"
        self.kb = self.home / ".local/share/tutela/tutela.kb"
        self.cache = self.home / ".cache/tutela/feeds"
        self.sources = {
            "nvd": {"url": world.url + NVD, "delay": "5ms"},
            "kev": {"url": world.url + KEV, "delay": "5ms"},
            "epss": {"url": world.url + EPSS, "delay": "5ms"},
        }
        # Whatever is built in, a test asks nobody but its own server.
        self.built_in = re.findall(r"^[a-z0-9-]+", kit.run("kb", "sync", "--list").text, re.M)
        self.general = {"retry_pause": "10ms", "stall": "2s", "time_limit": "20s", "retries": "3"}

    def fresh(self):
        shutil.rmtree(self.home, ignore_errors=True)
        self.world.forget()

    def config(self):
        off = [name for name in self.built_in if name not in self.sources]
        lines = [f"{key} = {value}" for key, value in self.general.items()]
        lines += [f"[{name}]\nenabled = no" for name in off]
        for name, keys in self.sources.items():
            lines += [f"[{name}]"] + [f"{key} = {value}" for key, value in keys.items()]
        path = self.kit.path("feeds.conf", "# a test's configuration\n" + "\n".join(lines) + "\n")
        os.chmod(path, self.mode)
        return path

    def sync(self, *arguments, **more):
        return self.kit.run("kb", "sync", "--config", self.config(), "--ca-file",
                            self.certificates / "ca.pem", *arguments, **more)

    def account(self):
        path = pathlib.Path(str(self.kb) + ".sources.json")
        return {s["name"]: s for s in json.loads(path.read_text())["sources"]} if path.exists() else {}

    def knows(self, cve):
        return self.kit.run("kb", "show", cve, "--kb", self.kb).returncode == 0


def row(text, source):
    found = re.search(rf"^{re.escape(source)} .*$", text, re.M)
    return found.group(0) if found else ""


def good_days(kit, site):
    world = site.world
    site.fresh()
    done = site.sync()
    kit.answers("sync: everything arrives", done, 0, "nvd", "kev", "epss", "fresh")
    kit.check("sync: a table of status, records and bytes",
              all(re.search(r"fresh +today +\d+", row(done.text, n)) for n in site.sources), done.text)
    kit.check("sync: NVD's pages are all asked for",
              [re.search(r"startIndex=(\d+)", q).group(1) for _, q, _ in world.asked(NVD)] ==
              ["0", "2", "4"], world.asked(NVD))
    kit.check("sync: the knowledge base holds them", all(map(site.knows, ("CVE-2024-1001", "CVE-2024-1005"))))
    info = json.loads(kit.run("kb", "info", "--format", "json").text)
    kit.check("sync: the user's own knowledge base is the one that commands use",
              {s["source"] for s in info["sources"]} >= {"NVD", "KEV"}, info)
    before = site.kb.read_bytes()
    stamp = site.kb.stat().st_mtime_ns

    world.forget()
    done = site.sync()
    kit.answers("again: fine", done, 0)
    kit.check("again: what has not changed is not sent (304)",
              all("If-None-Match" in h for _, _, h in world.asked(KEV)), world.requests)
    kit.check("again: only a window of changes is asked of NVD",
              all("lastModStartDate" in q for _, q, _ in world.asked(NVD)), world.asked(NVD))
    kit.check("again: nothing new, nothing built", site.kb.stat().st_mtime_ns == stamp)

    world.files[KEV] = fs.kev("CVE-2024-1001", "CVE-2024-1002")
    done = site.sync("--source", "kev")
    kit.answers("--source: only that one", done, 0)
    kit.check("--source: a new knowledge base, with the other sources too",
              site.kb.read_bytes() != before and site.knows("CVE-2024-1005") and
              "2024-1002" in kit.run("kb", "show", "CVE-2024-1002").text)
    world.forget()
    done = site.sync("--offline")
    kit.answers("--offline: asks nobody", done, 0)
    kit.check("--offline: no request", not world.requests, world.requests)
    kit.answers("--source: an unknown one", site.sync("--source", "nosuch"), 2, "nosuch")
    kit.answers("--list", site.sync("--list"), 0, "nvd", "csaf-cisa", world.url)


def nvd_days(kit, site):
    world = site.world
    site.fresh()
    world.faults[NVD] = [lambda h: False, fs.status(403), fs.status(503, Retry_After=fs.http_date(2))]
    started = time.monotonic()
    done = site.sync("--source", "nvd")
    kit.answers("NVD: patient with 403 and 503 between pages", done, 0, "fresh")
    kit.check("NVD: Retry-After, a date, is honoured", time.monotonic() - started >= 1.0)
    kit.check("NVD: nothing is lost by it", site.knows("CVE-2024-1005"))

    site.fresh()
    world.faults[NVD] = [lambda h: False] + [fs.status(403)] * 9
    done = site.sync("--source", "nvd")
    kit.answers("NVD: a load that breaks off is a failure", done, 3, "403", "nvd")
    world.forget()
    done = site.sync("--source", "nvd")
    kit.answers("NVD: it is taken up again", done, 0)
    kit.check("NVD: where it broke off", "startIndex=2" in world.asked(NVD)[0][1], world.asked(NVD))

    site.sources["nvd"]["api_key"] = "not-a-real-key"
    world.forget()
    done = site.sync("--source", "nvd")
    kit.check("NVD: the key is sent as a header and never shown",
              all(h.get("apiKey") == "not-a-real-key" for _, _, h in world.asked(NVD)) and
              "not-a-real-key" not in done.text + done.complaint, world.requests)
    site.mode = 0o644
    kit.answers("NVD: a key that others may read is refused", site.sync("--source", "nvd"), 3, "feeds.conf",
                "0644", "chmod 600")
    site.mode = 0o600
    del site.sources["nvd"]["api_key"]

    site.fresh()
    site.sources["nvd"]["max_megabytes"] = "1"
    site.general["stall"] = "60s" # the server compresses for a while on a busy machine
    world.always[NVD] = fs.bomb
    kit.answers("NVD: a small answer that gzip makes large is cut", site.sync("--source", "nvd"), 3,
                "1000000 bytes")
    site.general["stall"] = "2s"
    del site.sources["nvd"]["max_megabytes"]

    site.fresh()
    site.sync("--source", "nvd")
    state = site.cache / "nvd" / "state.json"
    kept = json.loads(state.read_text())
    kept["cursor"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 400 * DAY))
    state.write_text(json.dumps(kept))
    world.forget()
    done = site.sync("--source", "nvd")
    windows = [re.findall(r"lastMod(?:Start|End)Date=([0-9T:-]+)", q) for _, q, _ in world.asked(NVD)]
    spans = [[time.mktime(time.strptime(t, "%Y-%m-%dT%H:%M:%S")) for t in w] for w in windows]
    kit.check("NVD: after 400 days, windows of at most 120 that leave no gap",
              done.returncode == 0 and len(spans) == 4 and
              all(0 < b - a <= 120 * DAY for a, b in spans) and
              all(x[1] == y[0] for x, y in zip(spans, spans[1:])), windows)
    kept["cursor"] = "2099-01-01T00:00:00Z"
    state.write_text(json.dumps(kept))
    kit.answers("NVD: a clock that was put back is told", site.sync("--source", "nvd"), 3, "clock")

    site.fresh()
    world.always[NVD] = lambda h: h.answer(200, json.dumps(
        {"totalResults": 5, "startIndex": 4, "vulnerabilities": []}).encode()) or True
    kit.answers("NVD: a page that was not asked for", site.sync("--source", "nvd"), 3, "asked for index 0")


def one_bad_day(kit, site, title, path, fault, *words, source="kev"):
    """The source fails in one way; the old knowledge base and the other sources do not suffer."""
    world = site.world
    world.forget()
    world.always[path] = fault
    before = site.kb.read_bytes() if site.kb.exists() else b""
    done = site.sync()
    world.forget()
    said = done.text + done.complaint
    kit.answers(f"{title}: told, with exit code 3", done, 3, source, *words)
    kit.check(f"{title}: the knowledge base stays whole, the other sources are fresh",
              site.knows("CVE-2024-1005") and site.kb.read_bytes() == before and
              "fresh" in row(said, "nvd") and "failed" in row(said, source), said)


def bad_days(kit, site):
    world = site.world
    site.fresh()
    site.sync()
    one_bad_day(kit, site, "HTML in place of JSON", KEV, fs.html, "web page", world.url + KEV)
    one_bad_day(kit, site, "not JSON", KEV, fs.wrong(b'{"vulnerabilities": ['), world.url + KEV)
    one_bad_day(kit, site, "another form", KEV, fs.wrong(fs.osv("GHSA-1")), "OSV")
    one_bad_day(kit, site, "no record", KEV, fs.wrong(b'{"hello": 1}'), "no record")
    one_bad_day(kit, site, "an empty answer", KEV, fs.wrong(b""), "nothing")
    one_bad_day(kit, site, "404", KEV, fs.status(404), "404")
    one_bad_day(kit, site, "503 for good", KEV, fs.status(503), "503")
    one_bad_day(kit, site, "429 with too long a wait", KEV, fs.status(429, Retry_After="99999"), "429")
    one_bad_day(kit, site, "a redirect loop", KEV, fs.redirect(world.url + KEV), "redirects")
    one_bad_day(kit, site, "a redirect to http", KEV,
                fs.redirect("http://127.0.0.1/kev.json"), "not https")
    one_bad_day(kit, site, "a redirect to another host", KEV,
                fs.redirect("https://example.org/kev.json"), "another host")
    one_bad_day(kit, site, "a redirect to another port of this machine", KEV,
                fs.redirect("https://127.0.0.1:9/kev.json"), "another host")
    one_bad_day(kit, site, "a redirect to a file", KEV, fs.redirect("file:///etc/passwd"), "not an https")
    site.sources["kev"]["max_megabytes"] = "2"
    one_bad_day(kit, site, "an endless body", KEV, fs.endless, "2000000 bytes")
    one_bad_day(kit, site, "a damaged archive", EPSS, fs.wrong(world.files[EPSS][:-6]), source="epss")
    site.general["stall"], site.general["retries"] = "1s", "1"
    one_bad_day(kit, site, "a server that says nothing", KEV, fs.silent(30), "kev")
    site.general["stall"], site.general["retries"] = "2s", "3"
    account = site.account()
    kit.check("a failure is written beside the knowledge base",
              account["kev"].get("last_error") and not account["nvd"].get("last_error"), account)
    done = site.sync()
    kit.answers("a good day after all: the failure is forgotten", done, 0)
    kit.check("… beside the knowledge base too", "last_error" not in site.account()["kev"])
    done = kit.run("kb", "sync", "--config", site.config())
    kit.answers("a certificate that nobody vouches for", done, 3, "certificate")
    kit.check("… leaves everything as it was", site.knows("CVE-2024-1005"))


def broken_transfers(kit, site):
    world = site.world
    site.fresh()
    world.files["/big.json"] = body = fs.kev(*[f"CVE-2024-100{n}" for n in range(1, 3000)])
    site.sources["kev"]["url"] = world.url + "/big.json"
    world.faults["/big.json"] = [fs.cut(0.5), fs.cut(0.8)]
    done = site.sync("--source", "kev")
    ranges = [h.get("Range") for _, _, h in world.asked("/big.json")]
    kit.answers("a transfer that is cut is resumed", done, 0, "2999")
    kit.check("… from where it was, if the file is the same",
              ranges[1] == f"bytes={len(body) // 2}-" and world.asked("/big.json")[1][2].get("If-Range"),
              ranges)
    site.fresh()
    world.faults["/big.json"] = [fs.cut(0.5)]
    site.general["retries"] = "0"
    site.sync("--source", "kev")
    world.files["/big.json"] = fs.kev("CVE-2024-1007")
    done = site.sync("--source", "kev")
    site.general["retries"] = "3"
    kit.answers("a part of a file that has changed meanwhile is not glued to the new one", done, 0)
    kit.check("… only the new one is there", site.account()["kev"]["records"] == 1, site.account())
    site.sources["kev"]["url"] = world.url + KEV


def releases(kit, site):
    world = site.world
    site.fresh()
    base = fs.zipped({"cves.zip": fs.zipped({f"cves/2024/CVE-2024-100{n}.json": fs.cve5(n)
                                             for n in (10, 11)})})
    delta = fs.zipped({"CVE-2024-10012.json": fs.cve5(12)})
    names = ("2026-11-20_all_CVEs_at_midnight.zip.zip", "2026-11-20_delta_CVEs_at_0900Z.zip")

    def publish(wrong_hash=False):
        assets = []
        for name, body in zip(names, (base, delta)):
            digest = hashlib.sha256(body + (b"x" if wrong_hash else b"")).hexdigest()
            assets.append({"name": name, "size": len(body), "digest": f"sha256:{digest}",
                           "browser_download_url": f"{world.url}/dl/{name}"})
            world.files[f"/dl/{name}"] = body
        world.files["/release"] = json.dumps({"tag_name": "t", "assets": assets}).encode()

    site.sources["cve"] = {"url": world.url + "/release", "delay": "5ms"}
    publish(wrong_hash=True)
    done = site.sync("--source", "cve,kev")
    kit.answers("release: a wrong hash is refused", done, 3, "SHA256", "dl/2026-11-20_all")
    kit.check("release: the other source arrives", "fresh" in row(done.text, "kev"), done.text)
    publish()
    world.forget()
    done = site.sync("--source", "cve")
    kit.answers("release: the archive in the archive, and what changed since", done, 0)
    kit.check("release: all records", site.account()["cve"]["records"] == 3 and
              site.knows("CVE-2024-10011") and site.knows("CVE-2024-10012"), site.account())
    world.forget()
    delta = fs.zipped({"CVE-2024-10013.json": fs.cve5(13)})
    names = (names[0], "2026-11-20_delta_CVEs_at_1000Z.zip")
    publish()
    site.sync("--source", "cve")
    kit.check("release: an hour later only the small archive is fetched",
              not world.asked(f"/dl/{names[0]}") and site.knows("CVE-2024-10013"), world.requests)
    del site.sources["cve"]


def ecosystems(kit, site):
    world = site.world
    site.fresh()

    def publish(records):
        body = fs.zipped({f"{name}.json": fs.osv(name, modified=when) for when, name in records})
        world.files["/osv/npm/all.zip"] = body
        world.headers["/osv/npm/all.zip"] = fs.md5_header(body)
        for when, name in records:
            world.files[f"/osv/npm/{name}.json"] = fs.osv(name, modified=when)
        world.files["/osv/npm/modified_id.csv"] = "".join(
            f"{when},{name}\n" for when, name in sorted(records, reverse=True)).encode()

    site.sources["osv"] = {"url": world.url + "/osv/{}", "items": "npm", "delay": "1ms"}
    old = [("2026-11-01T00:00:00Z", "GHSA-aaaa"), ("2026-11-02T00:00:00Z", "GHSA-bbbb")]
    publish(old)
    world.headers["/osv/npm/all.zip"] = fs.md5_header(b"something else")
    kit.answers("OSV: a wrong MD5 is refused", site.sync("--source", "osv"), 3, "MD5")
    publish(old)
    kit.answers("OSV: the archive at first", site.sync("--source", "osv"), 0)
    publish(old + [("2026-11-03T00:00:00Z", "GHSA-cccc")])
    world.forget()
    kit.answers("OSV: then single records", site.sync("--source", "osv"), 0)
    kit.check("OSV: no second archive", not world.asked("/osv/npm/all.zip") and
              world.asked("/osv/npm/GHSA-cccc.json") and not world.asked("/osv/npm/GHSA-bbbb.json") and
              site.knows("GHSA-cccc") and site.knows("GHSA-aaaa"), world.requests)
    publish(old + [(f"2026-11-04T00:{n // 60:02}:{n % 60:02}Z", f"GHSA-n{n}") for n in range(400)])
    world.forget()
    site.sync("--source", "osv")
    kit.check("OSV: many changes: the archive is the cheaper way",
              len(world.requests) == 2 and site.knows("GHSA-n399"), world.requests[:5])
    publish([("2026-11-05T00:00:00Z", "../../../../evil"), *old])
    world.forget()
    done = site.sync("--source", "osv")
    kit.check("OSV: an id that would step out of the folder is no id",
              all(path.startswith("/osv/npm/") for path, _, _ in world.requests) and
              not list(site.home.rglob("*evil*")), world.requests)
    del site.sources["osv"]


def providers(kit, site):
    world = site.world
    site.fresh()
    # the form does not matter to the way: our documents stand for advisories
    site.sources["acme"] = {"method": "csaf", "url": world.url + "/csaf/provider-metadata.json",
                            "form": "OSV", "delay": "1ms"}

    def publish(host=world.url, metadata=None, digest=None):
        document = fs.osv("ACME-2026-1")
        world.files["/csaf/2026/acme-2026-1.json"] = document
        world.files["/csaf/2026/acme-2026-1.json.sha512"] = (
            (digest or hashlib.sha512(document).hexdigest()) + "  acme-2026-1.json\n").encode()
        base = f"{host}/csaf/2026/acme-2026-1.json"
        world.files["/csaf/feed.json"] = json.dumps({"feed": {"id": "f", "entry": [
            {"id": "ACME-2026-1", "updated": "2026-11-01T00:00:00Z",
             "content": {"src": base, "type": "application/json"},
             "link": [{"rel": "self", "href": base},
                      {"rel": "hash", "href": base + ".sha512"}]}]}}).encode()
        world.files["/csaf/provider-metadata.json"] = json.dumps({
            "canonical_url": "x", "distributions": [{"rolie": {"feeds": [
                {"tlp_label": "AMBER", "url": f"{world.url}/secret"},
                {"tlp_label": "WHITE", "url": metadata or f"{world.url}/csaf/feed.json"}]}}]}).encode()

    publish()
    kit.answers("CSAF: by ROLIE, with its hash", site.sync("--source", "acme"), 0)
    kit.check("CSAF: the advisory is known, the feed behind a login is not asked",
              site.knows("ACME-2026-1") and not world.asked("/secret"), world.requests)
    world.forget()
    site.sync("--source", "acme")
    kit.check("CSAF: what is listed unchanged is not fetched again",
              not world.asked("/csaf/2026/acme-2026-1.json"), world.requests)
    for title, change in {
            "a provider that points to localhost": {"metadata": "https://localhost:1/feed.json"},
            "a provider that points to another host": {"metadata": "https://example.org/feed.json"},
            "a provider that points to plain http": {"metadata": "http://127.0.0.1/feed.json"},
            "a feed that points to another host": {"host": "https://example.org"},
            "a document with a wrong hash": {"digest": "0" * 128}}.items():
        shutil.rmtree(site.cache)
        publish(**change)
        done = site.sync("--source", "acme,kev")
        kit.answers(f"CSAF: {title}", done, 3, "SHA512" if "digest" in change else
                    "not https" if "http:" in str(change) else "another host")
        kit.check(f"CSAF: {title}: the other source arrives", "fresh" in row(done.text, "kev"), done.text)
    world.files["/csaf/provider-metadata.json"] = json.dumps({"distributions": [
        {"directory_url": f"{world.url}/csaf"}]}).encode()
    world.files["/csaf/changes.csv"] = b'"2026/acme-2026-1.json","2026-11-01T00:00:00Z"\n'
    publish_hash = hashlib.sha256(world.files["/csaf/2026/acme-2026-1.json"]).hexdigest()
    world.files["/csaf/2026/acme-2026-1.json.sha256"] = publish_hash.encode()
    shutil.rmtree(site.cache)
    kit.answers("CSAF: by a folder with changes.csv", site.sync("--source", "acme"), 0)
    del site.sources["acme"]


def staleness(kit, site):
    site.fresh()
    site.sync()
    document = kit.path("pump.cdx.json", sbom(component("pumpd", "1.0", cpe=PUMP % "1.0")))
    now = int(time.time())
    at = lambda days: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + days * DAY))
    done = kit.run("kb", "info")
    kit.answers("info: last success, age and status of each source", done, 0, "fresh", "last success")
    kit.answers("info: days later it is stale", kit.run("kb", "info", "--at", at(10)), 0, "stale")
    kit.answers("info: a clock at 1970 makes nothing fresh",
                kit.run("kb", "info", "--at", "1970-01-01"), 0, "clock?")
    done = kit.run("scan", document)
    kit.check("scan: a fresh one is not warned of", "stale" not in done.text, done.text)
    done = kit.run("scan", document, "--at", at(10))
    kit.answers("scan: the heading warns of stale sources", done, 0, "stale", "nvd", "kev")
    kit.answers("scan: policy stale", kit.run("scan", document, "--fail-on", "stale", "--at", at(10)), 1,
                "gate violated: stale")
    kit.answers("scan: policy stale, fresh", kit.run("scan", document, "--fail-on", "stale"), 0)
    kit.answers("scan: policy stale where nobody knows (the starter)",
                kit.run("scan", document, "--fail-on", "stale", env={"XDG_DATA_HOME": "/nowhere"}), 1)
    site.world.always[KEV] = fs.status(503)
    site.sync()
    site.world.forget()
    done = kit.run("scan", document, "--fail-on", "failed-source")
    kit.answers("scan: policy failed-source", done, 1, "failed", "kev")
    kit.answers("scan: a failed source is told in the heading", done, 1, "kev: ")
    scan = json.loads(kit.run("scan", document, "--format", "json").text)
    sources = {s["name"]: s for s in scan["knowledge_base"]["sources"]}
    kit.check("scan: JSON has each source's account",
              sources["kev"]["status"] == "failed" and sources["nvd"]["status"] == "ok" and
              sources["nvd"]["records"] == 5 and sources["nvd"]["stale_after"] > sources["nvd"]["last_success"],
              scan["knowledge_base"])
    account = pathlib.Path(str(site.kb) + ".sources.json")
    kept = account.read_text()
    account.write_text(kept.replace('"knowledge_base_sha256": "', '"knowledge_base_sha256": "0'))
    kit.answers("an account of another knowledge base is not believed",
                kit.run("scan", document, "--fail-on", "stale"), 1, "another knowledge base")
    account.write_text("{")
    kit.answers("a damaged account is told", kit.run("scan", document), 0, "sources.json")
    account.write_text(kept)


def interrupted(kit, site):
    world = site.world
    site.fresh()
    site.general["stall"] = "60s"
    world.always[KEV] = fs.silent(60)
    process = subprocess.Popen(
        [kit.program, "kb", "sync", "--config", site.config(), "--ca-file", site.certificates / "ca.pem"],
        env=kit.environment(HOME=str(site.home)), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    wait_until = time.monotonic() + 20
    while time.monotonic() < wait_until and not (world.asked(KEV) and len(world.asked(NVD)) == 3):
        time.sleep(0.05)
    time.sleep(0.3)
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    kit.check("an interrupt ends a hanging sync soon, with a word",
              process.returncode == 3 and b"stopped" in said and time.monotonic() - started < 10, said)
    site.general["stall"] = "2s"
    world.forget()
    kit.answers("… and the next one goes on", site.sync(), 0, "fresh")
    kit.check("… with what came before kept", all("lastMod" in q for _, q, _ in world.asked(NVD)),
              world.asked(NVD))


def odds_and_ends(kit, site):
    world = site.world
    site.fresh()
    site.cache.mkdir(parents=True)
    with open(site.cache / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kit.answers("two syncs at once", site.sync(), 3, "another sync")
    site.sync()
    for state in site.cache.glob("*/state.json"):
        state.write_text("[")
    kit.answers("damaged states: everything is fetched anew", site.sync(), 0, "fresh")
    for folder in site.cache.glob("*/files"):
        shutil.rmtree(folder)
    world.forget()
    kit.answers("deleted documents: everything is fetched anew", site.sync("--source", "kev,epss"), 0)
    kit.check("… not asked for conditionally",
              not any("If-None-Match" in h for _, _, h in world.asked(KEV)), world.asked(KEV))
    mirrored = "/mirror/127.0.0.1" + KEV
    world.files[mirrored] = fs.kev("CVE-2024-1003", "CVE-2024-1004")
    world.forget()
    done = site.sync("--source", "kev", "--mirror", world.url + "/mirror")
    kit.check("--mirror: everything is asked of the mirror",
              done.returncode == 0 and [r[0] for r in world.requests] == [mirrored], world.requests)
    for text, word in {"nonsense\n": "bad.conf:1: ", "[kev]\nurl = http://x/\n": "not https",
                       "[kev]\ndelay = soon\n": "duration", "[a b]\n": "name",
                       "[new]\n": "no url", "[kev]\ncolour = red\n": "no such key"}.items():
        path = kit.path("bad.conf", text)
        kit.answers(f"configuration {text!r}", kit.run("kb", "sync", "--config", path), 3, word, path)
    kit.answers("a configuration that is not there",
                kit.run("kb", "sync", "--config", "/nowhere/feeds.conf"), 3, "/nowhere/feeds.conf")


def main():
    kit = Kit()
    if not shutil.which("openssl"):
        print("1..0 # SKIP no openssl to make certificates with")
        return 0
    certificates = fs.make_certificates(kit.folder / "certificates")
    world = fs.World(certificates)
    world.files.update({
        NVD: fs.nvd_pages([fs.nvd_record(n) for n in range(1, 6)]),
        KEV: fs.kev("CVE-2024-1001"), EPSS: fs.epss(CVE_2024_1001=0.5)})
    site = Site(kit, world, certificates)
    for part in (good_days, nvd_days, bad_days, broken_transfers, releases, ecosystems, providers,
                 staleness, interrupted, odds_and_ends):
        if len(sys.argv) < 3 or part.__name__ in sys.argv[2:]:
            part(kit, site)
    world.close()
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
