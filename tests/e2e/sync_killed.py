#!/usr/bin/env python3
"""A signal at the system calls of a sync: knowledge base and account match, the next run repairs.

usage: sync_killed.py [--all] [PROGRAM]

By strace a signal comes with a call of the main thread, and with one of those that fetch (files, network,
memory): a few, spread over the whole run; with --all each call that changed a file or folder, and of the
others, between which the disk stays as it is, some of each name, spread too. Signals take turns: KILL,
TERM, INT.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import feed_server as fs
from kit import Kit
from sync import EPSS, KEV, NVD, Site

POINTS = 8  # without --all
STILL = 12  # with --all: how many calls of a name that changed nothing
CALLS = ("openat,rename,renameat,renameat2,linkat,unlink,unlinkat,write,pwrite64,writev,fsync,fdatasync,"
         "ftruncate,fallocate,mkdir,mkdirat,close,read,pread64,recvfrom,recvmsg,sendto,mmap,flock,socket,connect")
CHANGES = re.compile(r"(rename|linkat|unlink|p?write|fsync|fdatasync|ftruncate|fallocate|mkdir)\w*\(|openat\(.*O_(CREAT|TRUNC)")
SIGNALS = ("KILL", "TERM", "INT")
SECONDS = 120


class Scene:
    """A sync that has something to replace: an older knowledge base, and news from each source."""

    def __init__(self, kit, site):
        self.kit, self.site, self.world = kit, site, site.world
        self.saved = kit.folder / "saved-home"

    def prepare(self):
        self.publish(2)
        self.site.fresh()
        done = self.site.sync()
        if done.returncode:
            raise SystemExit(f"Bail out! {done.text}{done.complaint}")
        shutil.copytree(self.site.home, self.saved)
        self.publish(5)

    def publish(self, count):
        """The osv source brings single documents, which are many small files."""
        numbers = range(1, count + 1)
        records = {f"GHSA-k{n}": f"2026-11-0{n}T00:00:00Z" for n in numbers}
        self.world.files.update({
            NVD: fs.nvd_pages([fs.nvd_record(n) for n in range(1, 6)]),
            KEV: fs.kev(*[f"CVE-2024-100{n}" for n in numbers]),
            EPSS: fs.epss(**{f"CVE_2024_100{n}": 0.5 for n in numbers}),
            "/osv/npm/all.zip": fs.zipped({f"{name}.json": fs.osv(name, modified=when)
                                           for name, when in records.items()}),
            "/osv/npm/modified_id.csv": "".join(f"{when},{name}\n" for name, when in sorted(
                records.items(), reverse=True)).encode(),
            **{f"/osv/npm/{name}.json": fs.osv(name, modified=when) for name, when in records.items()}})

    def reset(self, with_old):
        self.site.fresh()
        if with_old:
            shutil.copytree(self.saved, self.site.home)

    def traced(self, *options):
        log = self.kit.path("trace.log")
        done = subprocess.run(
            ["strace", "-qq", "-o", log, *options, self.kit.program, "kb", "sync", "--config", self.site.config(),
             "--ca-file", self.site.certificates / "ca.pem"], capture_output=True, timeout=SECONDS, check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(self.site.home), "TERM": "dumb"})
        return done, pathlib.Path(log).read_text(errors="replace")

    def calls(self, with_old):
        """[(options that follow threads or not, name, n, did it change files?)] in the order of the calls. strace counts
        n for each thread and name: what other threads do is followed only where no call of the main one is meant."""
        self.reset(with_old)
        _, log = self.traced("-f", "-e", f"trace={CALLS}")
        counts, main, others = {}, [], {}
        first = log.split(None, 1)[0]
        for line in log.splitlines():
            found = re.match(r"(\d+) +([a-z0-9_]+)\(", line)
            if not found:
                continue
            counts[found.groups()] = n = counts.get(found.groups(), 0) + 1
            changed = bool(CHANGES.match(line, found.start(2))) and not re.search(r"\) += -1 E", line)
            if found.group(1) == first:
                main.append(([], found.group(2), n, changed))
            else:
                others[found.group(2), n] = changed or others.get((found.group(2), n), False)
        return main, [(["-f"], name, n, changed) for (name, n), changed in others.items()]

    # ---- what must be so after any end ----

    def matching(self):
        """Knowledge base and account are about each other; or there is neither."""
        if not self.site.kb.exists():
            return True
        done = self.kit.run("kb", "info", "--kb", self.site.kb)
        return done.returncode == 0 and "Nothing says" not in done.text and "last success" in done.text

    def left_over(self):
        """Files that no later run would use or replace."""
        return [str(p) for p in self.site.home.rglob("*") if p.is_file() and (
            p.name.startswith(".") or re.search(r"\.(next|part|mark|tmp)$", p.name) or "incoming" in p.parts)]

    def judge(self, done):
        wrong = []
        if not self.matching():
            wrong.append("knowledge base and account do not match")
        if done.returncode == 3 and b"tutela kb sync:" not in done.stderr:
            wrong.append("ended with 3 and no word")
        again = self.site.sync()
        if again.returncode or not self.matching():
            wrong.append("the next sync does not repair: " + again.text + again.complaint)
        missing = [n for n in range(1, 6) if not self.site.knows(f"GHSA-k{n}")]
        if missing or "known to be exploited" not in self.kit.run(
                "kb", "show", "CVE-2024-1005", "--kb", self.site.kb).text:
            wrong.append(f"not all is known: {missing}")
        if self.left_over():
            wrong.append("left behind: " + ", ".join(self.left_over()))
        return wrong


def kill_at(kit, scene, with_old, who, points):
    title = f"{who}, {'over an older one' if with_old else 'at first'}"
    ends, wrong = {}, []
    for number, (follow, call, nth, _) in enumerate(points):
        name = SIGNALS[number % len(SIGNALS)]
        scene.reset(with_old)
        done, _ = scene.traced(*follow, "-e", f"trace={call}", "-e", f"inject={call}:signal={name}:when={nth}")
        ends[done.returncode] = ends.get(done.returncode, 0) + 1
        wrong += [f"{name} with {call} {nth}: {what}" for what in scene.judge(done)]
    kit.check(f"a signal at {len(points)} calls of {title}: all match, the next run repairs", not wrong, *wrong)
    kit.check(f"… and had its effect ({title})",
              ends.get(-9, 0) + ends.get(137, 0) >= len(points) // 4 and ends.get(3, 0), ends)


def that_matter(points):
    """The calls that changed something, and STILL of each other name, spread."""
    still = {}
    for point in points:
        if not point[3]:
            still.setdefault(point[1], []).append(point)
    spread = [point for same in still.values() for point in same[::-(-len(same) // STILL)]]
    return [point for point in points if point[3] or point in spread]


def kill_everywhere(kit, scene, with_old, everywhere):
    for who, points in zip(("the main thread", "those that fetch"), scene.calls(with_old)):
        kit.check(f"{who}: many calls", len(points) > 50, points)
        # the last ones are where files take their places
        few = points[::max(1, len(points) // POINTS)] + points[-6:]
        kill_at(kit, scene, with_old, who, that_matter(points) if everywhere else few)


def main():
    everywhere = "--all" in sys.argv
    sys.argv = [a for a in sys.argv if a != "--all"]
    for tool in ("openssl", "strace"):
        if not shutil.which(tool):
            print(f"1..0 # SKIP no {tool}")
            return 0
    if subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, check=False).returncode:
        print("1..0 # SKIP strace may not trace here")
        return 0
    if any(key.endswith("SAN_OPTIONS") for key in os.environ):
        print("1..0 # SKIP a sanitizer's leak check does not run under strace")
        return 0
    kit = Kit()
    certificates = fs.make_certificates(kit.folder / "certificates")
    world = fs.World(certificates)
    site = Site(kit, world, certificates)
    site.sources["osv"] = {"url": world.url + "/osv/{}", "items": "npm", "delay": "1ms"}
    scene = Scene(kit, site)
    scene.prepare()
    for with_old in (True, False):
        kill_everywhere(kit, scene, with_old, everywhere)
    world.close()
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
