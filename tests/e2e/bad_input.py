#!/usr/bin/env python3
"""Input that is broken, hostile or too large: a located error, nothing changed, nothing lost.

usage: bad_input.py [PROGRAM]
"""
import gzip
import io
import os
import resource
import shutil
import subprocess
import sys
import tarfile
import zipfile

from kit import FEED, Kit, NAMES, PUMP, component, sbom

GIB = 1 << 30
# Address sanitizers reserve far more than they use.
LIMITED = not os.environ.get("TUTELA_BUILD", "").endswith("sanitize")


def limit_memory():
    if LIMITED:
        resource.setrlimit(resource.RLIMIT_AS, (6 * GIB, 6 * GIB))


def limit_file_size():
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def bad_sboms(kit, kb):
    good = sbom(component("pumpd", "1.3", cpe=PUMP % "1.3"))
    deep = '{"bomFormat":"CycloneDX","specVersion":"1.6","components":' + "[" * 100000
    cases = [
        ("cut short", good[:-10], [":1:"]),
        ("empty", "", []),
        ("not JSON", "hello", []),
        ("wrong type", '{"bomFormat":"CycloneDX","specVersion":"1.6","components":7}', ["/components"]),
        ("depth 100,000", deep, ["deep"]),
        ("invalid UTF-8", good.encode().replace(b"pumpd", b"pu\xff\xfed"), ["UTF-8"]),
        ("other JSON", '{"hello":"world"}', ["CycloneDX"]),
        ("a version of the format that does not exist",
         '{"bomFormat":"CycloneDX","specVersion":"9.9","components":[]}', ["9.9"]),
    ]
    for name, text, words in cases:
        path = kit.path("bad.json", text)
        kit.answers(f"SBOM: {name}", kit.run("scan", path, "--kb", kb, preexec_fn=limit_memory), 3,
                    "bad.json", *words)
    kit.answers("SBOM: absent", kit.run("scan", kit.path("absent"), "--kb", kb), 3, "absent")
    os.makedirs(kit.path("a-folder"), exist_ok=True)
    kit.answers("SBOM: a folder", kit.run("scan", kit.path("a-folder"), "--kb", kb), 3, "a-folder")


def odd_sboms(kit, kb):
    odd = sbom(component("pumpd\x00\x1b[31m", "1.3", cpe=PUMP % "1.3"))
    done = kit.run("scan", kit.path("odd.json", odd), "--kb", kb)
    kit.answers("SBOM: NUL and escapes in a name are read and shown harmless", done, 0, "CVE-2022-1001",
                "\\x1b")
    kit.check("SBOM: no escape reaches the terminal", "\x1b" not in done.text, done.text)
    long = sbom(component("pumpd", "1" * (1 << 20), cpe=PUMP % ("1" * 3000)))
    kit.answers("SBOM: a version of 1 MB", kit.run("scan", kit.path("long.json", long), "--kb", kb,
                                                   "--format", "json"), 0, "tutela-scan")
    twice = '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[],"components":[]}'
    kit.answers("SBOM: a key twice", kit.run("scan", kit.path("twice.json", twice), "--kb", kb), 3,
                "twice.json", "components")


def bombs(kit, kb):
    """A few kilobytes that unpack to 3 GiB stop at the ceiling."""
    bomb = kit.path("bomb.gz")
    with open(bomb, "wb") as file:
        packed = gzip.compress(b" " * (64 << 20), 9)
        for _ in range(48):
            file.write(packed)
    kit.answers("gzip bomb", kit.run("scan", bomb, "--kb", kb, preexec_fn=limit_memory), 3, "bomb.gz")
    if shutil.which("zstd"):
        zst = subprocess.run(["sh", "-c", "head -c 3G /dev/zero | zstd -q -19 --long=27"],
                             capture_output=True, check=True).stdout
        bomb = kit.path("bomb.zst", zst)
        kit.answers("zstd bomb", kit.run("scan", bomb, "--kb", kb, preexec_fn=limit_memory), 3, "bomb.zst")
    path = kit.path("bomb.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        with archive.open("a.json", "w", force_zip64=True) as entry:
            for _ in range(3 * 1024 // 64):
                entry.write(b" " * (64 << 20))
    done = kit.run("kb", "build", "-o", kit.path("x.kb"), path, preexec_fn=limit_memory, timeout=600)
    kit.answers("zip bomb (REQ-SEC-1)", done, 3, "a.json")


def feeds(kit):
    target = kit.path("out.kb", "the old one")
    old = lambda: open(target, "rb").read() == b"the old one"

    feed = FEED.read_bytes()
    cut = kit.path("cut.json", b"[" + feed.splitlines()[0] + b",{")
    kit.answers("feed: cut short (REQ-SEC-2)", kit.run("kb", "build", "-o", target, FEED, cut), 3, "cut.json",
                "nothing was written")
    kit.check("feed: cut short: the old file is whole", old())
    kit.answers("feed: --keep-going builds from the rest",
                kit.run("kb", "build", "-o", kit.path("rest.kb"), "--keep-going", FEED, cut), 0,
                "could not be read to their end")
    kit.answers("feed: absent", kit.run("kb", "build", "-o", target, kit.path("absent")), 3, "absent")
    kit.answers("feed: no record at all",
                kit.run("kb", "build", "-o", target, kit.path("note.txt", "hello\n")), 3, "note.txt")
    kit.check("feed: no record at all: the old file is whole", old())
    done = kit.run("kb", "build", "-o", target, FEED, preexec_fn=limit_file_size)
    kit.answers("feed: the disk is full", done, 3, "out.kb")
    kit.check("feed: the disk is full: the old file is whole (REQ-SEC-3)", old())
    kit.check("feed: the disk is full: nothing is left lying",
              [p for p in os.listdir(kit.folder) if "out.kb" in p] == ["out.kb"], os.listdir(kit.folder))

    os.makedirs(kit.path("loop/inner"), exist_ok=True)
    os.symlink("..", kit.path("loop/inner/up"))
    kit.path("loop/inner/feed.jsonl", feed)
    kit.answers("feed: a folder that contains itself",
                kit.run("kb", "build", "-o", kit.path("loop.kb"), kit.path("loop"), timeout=60), 0)
    bad_line = feed + b"\n{\"cve\":\n"
    kit.answers("feed: a bad line among good ones",
                kit.run("kb", "build", "-o", kit.path("line.kb"), kit.path("line.jsonl", bad_line)), 0,
                "line.jsonl", "not understood")


def torn(kit):
    """Lines are read while they are unpacked; gzip's checksum is at their end. Nothing of a file that turns out to be
    damaged is kept."""
    lines = b"".join(b'{"id": "GHSA-0000-%04d-torn", "modified": "2024-01-01T00:00:00Z", "affected": [{"package": '
                     b'{"ecosystem": "PyPI", "name": "torn%d"}, "versions": ["1.0"]}], "details": "%s"}\n'
                     % (i, i, os.urandom(1500).hex().encode()) for i in range(2000))
    packed = bytearray(gzip.compress(lines, 1))
    whole = kit.path("torn-not.jsonl.gz", bytes(packed))
    packed[-7] ^= 1
    path = kit.path("torn.jsonl.gz", bytes(packed))
    build = lambda name, *words: kit.run("kb", "build", "-o", kit.path(name), *words)
    for jobs in "--jobs=1", "--jobs=3":
        kit.answers(f"feed: damage after records, {jobs}", build("torn.kb", jobs, FEED, path), 3, "torn.jsonl.gz",
                    "incorrect data check", "nothing was written")
        kit.check(f"feed: damage after records, {jobs}: nothing was written", not os.path.exists(kit.path("torn.kb")))
        done = build("rest.kb", jobs, "--keep-going", path, FEED)
        kit.answers(f"feed: damage after records, --keep-going {jobs}", done, 0, "incorrect data check")
        kit.check("feed: damage after records is said once", done.complaint.count("incorrect data check") == 1,
                  done.complaint)
        build("feed.kb", FEED)
        kit.check(f"feed: of a damaged file nothing is kept, {jobs}",
                  open(kit.path("rest.kb"), "rb").read() == open(kit.path("feed.kb"), "rb").read())
        os.remove(kit.path("rest.kb"))
    kit.answers("feed: the same without damage", build("whole.kb", whole), 0, "2000")


def forms(kit):
    """The same feed plain, packed and in archives gives the same bytes."""
    feed = FEED.read_bytes()
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as archive:
        for i, line in enumerate(feed.splitlines()):
            info = tarfile.TarInfo(f"records/{i}.json")
            info.size = len(line)
            archive.addfile(info, io.BytesIO(line))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for i, line in enumerate(feed.splitlines()):
            archive.writestr(f"{i}.json", line)
    inputs = {"plain": feed, "gz": gzip.compress(feed), "tar.gz": tar.getvalue(), "zip": packed.getvalue()}
    built = {}
    for name, contents in inputs.items():
        out = kit.path(f"{name}.kb")
        done = kit.run("kb", "build", "-o", out, kit.path(f"feed.{name}", contents), NAMES)
        built[name] = open(out, "rb").read() if done.returncode == 0 else done.complaint
    for name in inputs:
        kit.check(f"feed as {name}: the same bytes", built[name] == built["plain"], str(built[name])[:300])


def damaged(kit, kb):
    path = kit.path("device.json", sbom(component("pumpd", "1.3", cpe=PUMP % "1.3")))
    whole = open(kb, "rb").read()
    for name, bytes_ in [("cut in half", whole[:len(whole) // 2]), ("cut by a byte", whole[:-1]),
                         ("empty", b""), ("no knowledge base", b"x" * len(whole))]:
        kit.answers(f"knowledge base: {name}",
                    kit.run("scan", path, "--kb", kit.path("bad.kb", bytes_)), 3, "bad.kb")
    step = max(1, len(whole) // 97)
    refused = told = 0
    places = range(0, len(whole), step)
    for at in places:
        flipped = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1:]
        done = kit.run("scan", path, "--kb", kit.path("bad.kb", flipped))
        refused += done.returncode == 3
        told += "bad.kb" in done.complaint
    kit.check(f"knowledge base: one flipped bit, at {len(places)} places: refused",
              refused == told == len(places), f"{refused} refused, {told} named the file")


def cut_while_it_is_read(kit, kb):
    """The program has mapped the knowledge base and waits for a reader of its output."""
    path = kit.path("device.json", sbom(component("pumpd", "1.3", cpe=PUMP % "1.3")))
    copy, pipe = kit.path("cut.kb", open(kb, "rb").read()), kit.path("pipe")
    os.mkfifo(pipe)
    with subprocess.Popen([kit.program, "scan", path, "--kb", copy, "-f", "json", "-o", pipe],
                          env=kit.environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        while run.poll() is None and "cut.kb" not in open(f"/proc/{run.pid}/maps", encoding="utf-8").read():
            pass
        os.truncate(copy, 0)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        out, said = run.communicate(timeout=60)
        os.close(reader)
    kit.check("knowledge base: cut while it is read is exit code 3 and a sentence",
              run.returncode == 3 and b"cut short" in said and b"renaming" in said,
              f"exit code {run.returncode}", said.decode(errors="replace"))


def main():
    kit = Kit()
    kb = kit.kb()
    bad_sboms(kit, kb)
    odd_sboms(kit, kb)
    bombs(kit, kb)
    feeds(kit)
    torn(kit)
    forms(kit)
    damaged(kit, kb)
    cut_while_it_is_read(kit, kb)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
