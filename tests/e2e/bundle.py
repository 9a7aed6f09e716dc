#!/usr/bin/env python3
"""Knowledge carried across an air gap: `tutela kb keygen`, `export`, `import`.

usage: bundle.py [PROGRAM]
"""
import json
import os
import pathlib
import stat
import struct
import sys
import time

import feed_server as fs
from kit import component, Kit, PUMP, sbom


def feed(kit, name, *numbers, when="2024-02-02T10:00:00.000", **more):
    records = [fs.nvd_record(n, **more) for n in numbers]
    for record in records:
        record["cve"]["lastModified"] = when
    return kit.path(name, fs.nvd_pages(records, page=100000)({"startIndex": ["0"]}))


def build(kit, name, *inputs, built=None):
    path = kit.path(name)
    done = kit.run("kb", "build", "-o", path, *inputs)
    if done.returncode:
        raise SystemExit(f"Bail out! {done.complaint}")
    if built:
        info = json.loads(kit.run("kb", "info", path, "--format", "json").text)
        pathlib.Path(path + ".sources.json").write_text(json.dumps({
            "format": "tutela-kb-sources", "format_version": 1,
            "knowledge_base_sha256": info["knowledge_base"]["sha256"], "built": built,
            "sources": [{"name": "nvd", "last_success": built, "last_attempt": built,
                         "max_age": 172800, "records": 3, "bytes": 1000}]}))
    return path


def keys(kit):
    done = kit.run("kb", "keygen", "-o", kit.path("site"))
    kit.answers("keygen", done, 0, "site.key", "site.pub")
    kit.check("keygen: the secret half is the owner's alone",
              stat.S_IMODE(os.stat(kit.path("site.key")).st_mode) == 0o600)
    before = pathlib.Path(kit.path("site.key")).read_bytes()
    kit.answers("keygen: a key is never written over", kit.run("kb", "keygen", "-o", kit.path("site")), 3)
    kit.check("keygen: … and is as it was", pathlib.Path(kit.path("site.key")).read_bytes() == before)
    kit.check("keygen: the halves are told apart by a word",
              before.startswith(b"tutela-signing-key-1 ed25519 ") and
              pathlib.Path(kit.path("site.pub")).read_bytes().startswith(b"tutela-verifying-key-1 "))
    kit.run("kb", "keygen", "-o", kit.path("other"))


def instant(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def which_is_newer(kit, sign, trust):
    """Two knowledge bases of the same newest record: which of them may take the other's place."""
    now = int(time.time())
    record = feed(kit, "one.json", 1)
    kev = kit.path("kev.json", fs.kev("CVE-2024-1001").replace(b"2026-11-", b"2024-01-"))
    here = kit.path("newer/here.kb")

    def bundle(name, *inputs, built=None, written=None):
        kb = build(kit, name + ".kb", *inputs, built=built and instant(built))
        if written:
            os.utime(kb, (written, written))
        kit.run("kb", "export", *sign, "--kb", kb, "-o", kit.path(name + ".bundle"))
        return kit.path(name + ".bundle")

    def take(path, *more):
        return kit.run("kb", "import", path, *trust, "-o", here, *more)

    day = 86400
    cases = (  # title, what is here, what comes, refused?
        ("without an account, its file written a day before", {"written": now - day}, {"written": now - 2 * day}, True),
        ("without an account, its file written a day later", {"written": now - 2 * day}, {"written": now - day}, False),
        ("without an account and of the same second", {"written": now - day}, {"written": now - day}, True),
        ("with the same build time", {"built": now - day}, {"built": now - day}, True),
        ("built a second later", {"built": now - day}, {"built": now - day + 1}, False),
        ("built a second before", {"built": now - day}, {"built": now - day - 1}, True),
        ("built before a file without an account", {"written": now - day}, {"built": now - 2 * day}, True),
        ("built tomorrow", {"built": now - day}, {"built": now + day}, True),
        ("built two hours ahead", {"built": now - day}, {"built": now + 2 * 3600}, True),
        ("built by a clock that is a little ahead", {"built": now - day}, {"built": now + 600}, False))
    for number, (title, present, coming, bad) in enumerate(cases):
        pathlib.Path(here).unlink(missing_ok=True)
        first = bundle(f"first{number}", record, kev, **present)
        second = bundle(f"second{number}", record, **coming)
        done = take(first)
        before = pathlib.Path(here).read_bytes()
        kit.answers(f"import {title}: {'refused' if bad else 'taken'}", take(second), 3 if bad else 0,
                    "--allow-older" if bad else "valid")
        kit.check("… and what is here is as it should be",
                  done.returncode == 0 and (pathlib.Path(here).read_bytes() == before) == bad)
        kit.answers("… when told: taken", take(second, "--allow-older"), 0)
        kit.answers("… the same again: taken", take(second, "--allow-older"), 0)
    pathlib.Path(here).unlink()
    kit.answers("import of a bundle of tomorrow where nothing is: refused",
                take(bundle("tomorrow", record, built=now + day)), 3, "future", "clock", instant(now + day))
    plain = bundle("plain", record, written=now - day)
    kit.check("export: a build time, also without an account",
              struct.unpack_from("<q", pathlib.Path(plain).read_bytes(), 48)[0] == now - day)
    kit.answers("import: of that", take(plain), 0)
    kit.answers("… nobody knows when it was fetched", kit.run("kb", "info", here), 0, "Nothing says when")
    document = kit.path("s2.json", sbom(component("pumpd", "1.0", cpe=PUMP % "1.0")))
    kit.answers("… and so it is stale", kit.run("scan", document, "--kb", here, "--fail-on", "stale"), 1,
                "gate violated: stale")


def main():
    kit = Kit()
    keys(kit)
    old = build(kit, "old.kb", feed(kit, "old.json", *range(1, 4)), built="2026-11-01T00:00:00Z")
    new = build(kit, "new.kb", feed(kit, "new.json", *range(2, 60), when="2024-03-01T00:00:00.000"),
                built="2026-11-02T00:00:00Z")
    here = kit.path("home/.local/share/tutela/tutela.kb")
    sign = ("--sign", kit.path("site.key"))
    trust = ("--trust", kit.path("site.pub"))

    def export(name, kb, *more):
        done = kit.run("kb", "export", *sign, "--kb", kb, "-o", kit.path(name), *more)
        kit.answers(f"export {name}", done, 0, name)
        return kit.path(name)

    def take(bundle, *more, key=trust):
        return kit.run("kb", "import", bundle, *key, *more)

    old_bundle, new_bundle = export("old.bundle", old), export("new.bundle", new)
    kit.answers("import: the first", take(old_bundle), 0, "signature is valid")
    kit.check("import: byte for byte", open(here, "rb").read() == open(old, "rb").read())
    kit.check("import: the account of its sources comes with it",
              json.loads(kit.run("kb", "info", "--format", "json").text)
              ["knowledge_base"]["sources"][0]["last_success"] == "2026-11-01T00:00:00Z")
    document = kit.path("s.json", sbom(component("pumpd", "1.0", cpe=PUMP % "1.0")))
    kit.answers("scan: what was imported shows its age", kit.run(
        "scan", document, "--fail-on", "stale", "--at", "2026-12-01"), 1, "stale", "nvd")

    delta = export("delta.bundle", new, "--base", old)
    kit.check("export: a difference is smaller than the whole",
              os.path.getsize(delta) < os.path.getsize(new_bundle) * 0.8,
              f"{os.path.getsize(delta)} {os.path.getsize(new_bundle)}")
    kit.answers("import: a difference to what is here", take(delta), 0)
    kit.check("import: … gives the new one", open(here, "rb").read() == open(new, "rb").read())
    kit.answers("import: the same difference again: its base is no longer here",
                take(delta), 3, "another knowledge base")
    kit.answers("import: an older one is refused", take(old_bundle), 3, "older", "2024-02-02", "--allow-older")
    kit.check("import: … and changes nothing", open(here, "rb").read() == open(new, "rb").read())
    kit.answers("import: an older one when told", take(old_bundle, "--allow-older"), 0)
    kit.answers("import: the same again is fine", take(old_bundle), 0)
    os.remove(here)
    kit.answers("import: a difference where nothing is", take(delta), 3, "whole bundle is needed")
    kit.answers("import: another place", take(new_bundle, "-o", kit.path("else/where.kb")), 0, "where.kb")

    whole = open(new_bundle, "rb").read()
    refused = 0
    places = sorted({*range(0, 160, 7), *range(160, len(whole), max(1, len(whole) // 60)), len(whole) - 1})
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1
        done = take(kit.path("damaged.bundle", bytes(damaged)))
        refused += done.returncode == 3 and not os.path.exists(here)
    kit.check(f"import: one flipped bit is refused, at {len(places)} places", refused == len(places),
              f"{refused} of {len(places)}")
    refused = sum(take(kit.path("cut.bundle", whole[:length])).returncode == 3
                  for length in (0, 1, 8, 20, 127, 128, 192, len(whole) // 2, len(whole) - 1))
    kit.check("import: cut short is refused, at 9 places", refused == 9)
    kit.answers("import: longer than it says", take(kit.path("long.bundle", whole + b"x")), 3, "longer")
    kit.answers("import: not a bundle", take(document), 3, "not a bundle")
    kit.answers("import: a knowledge base is no bundle", take(new), 3, "not a bundle")
    kit.answers("import: signed by another", take(new_bundle, key=("--trust", kit.path("other.pub"))), 3,
                "another key")
    kit.answers("import: the secret half is not what is trusted",
                take(new_bundle, key=("--trust", kit.path("site.key"))), 3, "tutela-verifying-key-1")
    kit.answers("export: the public half does not sign", kit.run(
        "kb", "export", "--sign", kit.path("site.pub"), "--kb", new, "-o", kit.path("x")), 3,
        "tutela-signing-key-1")
    for mode in (0o644, 0o640, 0o602):
        os.chmod(kit.path("site.key"), mode)
        kit.answers(f"export: a key that others may read (mode {mode:o}) is refused", kit.run(
            "kb", "export", *sign, "--kb", new, "-o", kit.path("x")), 3, "site.key", f"{mode:04o}", "chmod 600")
    os.chmod(kit.path("site.key"), 0o600)
    kit.check("… and nothing was written", not os.path.exists(kit.path("x")))
    kit.answers("export: the starter", kit.run("kb", "export", *sign, "-o", kit.path("x")), 3, "starter")
    kit.answers("export: a base that is none", kit.run(
        "kb", "export", *sign, "--kb", new, "--base", document, "-o", kit.path("x")), 3, "not a knowledge base")
    kit.check("nothing refused left anything behind",
              not os.path.exists(here) and not list(pathlib.Path(here).parent.glob(".*")))
    which_is_newer(kit, sign, trust)
    for arguments in [["export"], ["export", *sign], ["import"], ["import", "x"], ["keygen"],
                      ["import", "a", "b", *trust]]:
        kit.answers(f"usage: {' '.join(a for a in arguments[:2] if '/' not in a)}",
                    kit.run("kb", *arguments), 2)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
