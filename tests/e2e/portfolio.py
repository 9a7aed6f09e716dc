#!/usr/bin/env python3
"""`tutela push` and `pull` as a user calls them, on SQLite and PostgreSQL.

usage: portfolio.py [PROGRAM]
"""
import json
import pathlib
import shutil
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import postgres  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
AT = "2026-07-10T12:00:00Z"
PUSHED = ["device.yaml", "infusion-pump.cdx.json", "infusion-pump-4.4.0.cdx.json", "supplier-wifi.openvex.json",
          *(f"decisions/{path.name}" for path in sorted((EXAMPLE / "decisions").glob("*.yaml")))]


class Place:
    """A fresh store, and folders beside it."""

    def __init__(self, kit, engine, server, name):
        self.kit, self.engine, self.name = kit, engine, f"{name}-{engine}"
        self.at = server.database(name) if server else str(kit.folder / f"{self.name}-data")
        data = str(kit.folder / f"{self.name}-data")
        made = kit.run("admin", "init", data, *(["--database", self.at] if server else []))
        if made.returncode:
            raise SystemExit(f"Bail out! {made.complaint}")

    def folder(self, name="pump"):
        path = self.kit.folder / f"{self.name}-{name}"
        shutil.copytree(EXAMPLE, path)
        return path

    def push(self, folder, *arguments):
        return self.kit.run("push", folder, "--to", self.at, *arguments)

    def pull(self, name="out", device=DEVICE):
        path = self.kit.folder / f"{self.name}-{name}"
        return self.kit.run("pull", device, "--from", self.at, "-o", path), path

    def answers(self, name, done, code, *words):
        self.kit.answers(f"{self.engine}: {name}", done, code, *words)

    def check(self, name, fine, *seen):
        self.kit.check(f"{self.engine}: {name}", fine, *seen)


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path}: no {old}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def same(one, other):
    return [name for name in PUSHED if (one / name).read_bytes() != (other / name).read_bytes()]


def there_and_back(kit, engine, server):
    place = Place(kit, engine, server, "there")
    folder = place.folder()
    place.answers("a first push", place.push(folder), 0,
                  f"{DEVICE}: device.yaml new, 2 SBOMs, 1 other files, 7 decisions proposed")
    place.answers("the same again is nothing", place.push(folder), 0,
                  "device.yaml as before, 0 SBOMs, 0 other files, 0 decisions proposed")
    done, out = place.pull()
    place.answers("pull", done, 0, "11 files")
    place.check("what was pushed comes back byte for byte", not same(EXAMPLE, out), same(EXAMPLE, out))
    place.answers("device check takes it", kit.run("device", "check", out), 0, "0 errors", "7 decisions")
    answers = [kit.run("assess", where, "--at", AT, "-f", "json") for where in (EXAMPLE, out)]
    findings = [json.loads(answer.text.replace(str(where), "DIR"))["findings"]
                for answer, where in zip(answers, (EXAMPLE, out))]
    place.check("assess gives the same", findings[0] and findings[0] == findings[1])
    place.answers("pull again writes over what nobody changed", place.pull()[0], 0, "11 files")


def both_changed(kit, engine, server):
    place = Place(kit, engine, server, "both")
    one, other = place.folder("one"), place.folder("other")
    place.push(one)
    place.answers("a second folder with the same contents agrees", place.push(other), 0, "as before")
    edit(one / "device.yaml", "severity: minor", "severity: serious")
    place.answers("one changes device.yaml", place.push(one), 0, "device.yaml changed")
    edit(other / "device.yaml", "severity: minor", "severity: critical")
    edit(other / "decisions" / "wpa-p2p.yaml", "schema:", "# reviewed\nschema:")
    place.answers("the other one too: both values are shown", place.push(other), 2,
                  "device.yaml: changed here and in the store", "here \"severity: critical\"",
                  "in the store \"severity: serious\"", "nothing is pushed")
    done, out = place.pull()
    place.check("nothing of it was pushed", done.returncode == 0 and
                (out / "decisions/wpa-p2p.yaml").read_bytes() == (EXAMPLE / "decisions/wpa-p2p.yaml").read_bytes())
    edit(out / "device.yaml", "severity: serious", "severity: minor")
    place.answers("pull does not write over a change", place.pull()[0], 2, "device.yaml: changed here",
                  "nothing is written")
    shutil.copy(one / "device.yaml", other / "device.yaml")
    place.answers("agreed again, the rest is pushed", place.push(other), 0, "1 decisions proposed")
    place.answers("the first folder hears of it", place.push(one), 0,
                  "decisions/wpa-p2p.yaml: newer in the store; pull it")


def nothing_partial(kit, engine, server):
    place = Place(kit, engine, server, "partial")
    folder = place.folder()
    decision = (EXAMPLE / "decisions" / "curl-socks.yaml").read_text(encoding="utf-8")
    for number in range(300):
        text = decision.replace("id: curl-socks", f"id: d{number}").replace("CVE-2023-38545", f"CVE-2020-{number + 20000}")
        (folder / "decisions" / f"d{number}.yaml").write_text(text, encoding="utf-8")
    edit(folder / "decisions" / "d250.yaml", "status: not_affected", "status: perhaps")
    place.answers("one decision of many is invalid: it is named", place.push(folder), 3, "d250.yaml", "perhaps")
    place.answers("and nothing was pushed", place.pull()[0], 3, DEVICE)
    edit(folder / "decisions" / "d250.yaml", "status: perhaps", "status: not_affected")
    place.answers("all of them", place.push(folder), 0, "307 decisions proposed")
    edit(folder / "device.yaml", "sbom: infusion-pump.cdx.json", "sbom: ../elsewhere.json")
    place.answers("a file outside of the folder", place.push(folder), 2, "../elsewhere.json", "outside")


def locked(kit, engine, server):
    place = Place(kit, engine, server, "locked")
    folder = place.folder()
    place.push(folder)
    sbom = folder / "infusion-pump.cdx.json"
    edit(sbom, '"version": "7.76.1"', '"version": "7.88.0"')
    place.answers("a released release's SBOM is locked", place.push(folder), 2, "4.3.1", "locked", "with a reason")
    place.answers("with a reason it is corrected", place.push(folder, "--reason", "wrong build listed"), 0, "1 SBOMs")
    edit(folder / "device.yaml", "released: 2026-01-15", "released: 2026-01-16")
    place.answers("its date stays", place.push(folder), 2, "4.3.1", "locked")
    edit(folder / "device.yaml", "released: 2026-01-16", "released: 2026-01-15")
    edit(folder / "device.yaml", "version: 4.4.0", "version: 4.5.0")
    place.answers("a release does not vanish", place.push(folder), 2, "release 4.4.0 is missing")


def bad_places(kit):
    folder = kit.folder / "nothing"
    kit.answers("a data folder that is not there", kit.run("push", EXAMPLE, "--to", folder), 3, "no such folder", "admin init")
    folder.mkdir()
    kit.answers("nothing to pull", kit.run("pull", DEVICE, "--from", folder, "-o", kit.folder / "x"), 3, "not a data folder")
    kit.answers("push wants --to", kit.run("push", EXAMPLE), 2, "to")
    kit.run("admin", "init", kit.folder / "made")
    kit.answers("no device folder", kit.run("push", folder, "--to", kit.folder / "made"), 3, "no device.yaml")


def main():
    kit = Kit()
    bad_places(kit)
    tests = (there_and_back, both_changed, nothing_partial, locked)
    for test in tests:
        test(kit, "SQLite", None)
    why = postgres.why_not()
    if why:
        kit.check(f"the same on PostgreSQL # SKIP {why}", True)
    else:
        with postgres.Server() as server:
            for test in tests:
                test(kit, "PostgreSQL", server)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
