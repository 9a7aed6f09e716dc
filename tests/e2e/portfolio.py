#!/usr/bin/env python3
"""`tutela push` and `pull` as a user calls them, on SQLite and PostgreSQL.

usage: portfolio.py [PROGRAM]
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import postgres  # noqa: E402

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")).resolve()
DRIVER = BUILD / "tests/drivers/datadir_driver"
EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
AT = "2026-07-10T12:00:00Z"
PUSHED = ["device.yaml", "infusion-pump.cdx.json", "infusion-pump-4.4.0.cdx.json", "supplier-wifi.openvex.json", "model.yaml", "threats.yaml", "concept.yaml",
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
        shutil.copytree(EXAMPLE, path, ignore=shutil.ignore_patterns(".tutela*"))
        return path

    def push(self, folder, *arguments):
        return self.kit.run("push", folder, "--to", self.at, *arguments)

    def pull(self, name="out", device=DEVICE):
        path = name if isinstance(name, pathlib.Path) else self.kit.folder / f"{self.name}-{name}"
        return self.kit.run("pull", device, "--from", self.at, "-o", path), path

    def answers(self, name, done, code, *words):
        self.kit.answers(f"{self.engine}: {name}", done, code, *words)

    def check(self, name, fine, *seen):
        self.kit.check(f"{self.engine}: {name}", fine, *seen)


@contextlib.contextmanager
def owned(data):
    """Another process owns the data folder and answers on its socket, as a service does."""
    with subprocess.Popen([DRIVER, data, BUILD / "starter.kb"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as child:
        assert child.stdout.readline().strip() == "ready"
        yield child
        child.stdin.close()
        assert child.wait(timeout=30) == 0


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
                  f"{DEVICE}: device.yaml new, 2 SBOMs, 4 other files, 7 decisions proposed")
    place.answers("the same again is nothing", place.push(folder), 0,
                  "device.yaml as before, 0 SBOMs, 0 other files, 0 decisions proposed")
    done, out = place.pull()
    place.answers("pull", done, 0, "14 files")
    place.check("what was pushed comes back byte for byte", not same(EXAMPLE, out), same(EXAMPLE, out))
    place.answers("device check takes it", kit.run("device", "check", out), 0, "0 errors", "7 decisions")
    answers = [kit.run("assess", where, "--at", AT, "-f", "json") for where in (EXAMPLE, out)]
    findings = [json.loads(answer.text.replace(str(where), "DIR"))["findings"]
                for answer, where in zip(answers, (EXAMPLE, out))]
    place.check("assess gives the same", findings[0] and findings[0] == findings[1])
    place.answers("pull again writes over what nobody changed", place.pull()[0], 0, "14 files")
    corrected(kit, place, folder)


def corrected(kit, place, folder):
    """An event of a decision that is corrected, then taken back: the store gives back what was stated and what corrects it."""
    pipe = "decisions/kernel-dirty-pipe.yaml"
    for more in (["--at", "2026-03-02T15:00:00Z"], ["--taken-back"]):
        place.answers(f"an event is corrected ({more[0]})", kit.run("decide", folder, "kernel-dirty-pipe", "--correct-event", "customers-told", *more,
                      "--reason", "it was another letter", "--by", "PSIRT lead"), 0, pipe)
        place.answers("pushed", place.push(folder), 0, "1 decisions proposed")
        done, out = place.pull()
        text = (out / pipe).read_text(encoding="utf-8")
        place.check("comes back byte for byte", done.returncode == 0 and text == (folder / pipe).read_text(encoding="utf-8"), text)
    place.check("with all that was said", "at: 2026-03-03T15:00:00Z" in text and "at: 2026-03-02T15:00:00Z" in text and
                "taken_back: true" in text and text.count("it was another letter") == 2, text)
    answers = [kit.run("clocks", where, "--at", AT, "-f", "json").text for where in (folder, out)]
    place.check("clocks give the same, by what holds", answers[0].replace(str(folder), "DIR") == answers[1].replace(str(out), "DIR") and
                "customers-told" in answers[0], answers[0][:400])


def both_changed(kit, engine, server):
    place = Place(kit, engine, server, "both")
    one, other = place.folder("one"), place.folder("other")
    place.push(one)
    place.answers("a second folder with the same contents agrees", place.push(other), 0, "as before")
    edit(one / "device.yaml", "severity: minor", "severity: serious")
    place.answers("one changes device.yaml", place.push(one), 0, "device.yaml changed")
    edit(other / "device.yaml", "severity: minor", "severity: critical")
    edit(other / "decisions" / "wpa-p2p.yaml", "schema:", "# reviewed\nschema:")
    place.answers("the other one too: both values are shown", place.push(other), 1,
                  "device.yaml: changed here and in the store", "here \"severity: critical\"",
                  "in the store \"severity: serious\"", "nothing is pushed")
    done, out = place.pull()
    place.check("nothing of it was pushed", done.returncode == 0 and
                (out / "decisions/wpa-p2p.yaml").read_bytes() == (EXAMPLE / "decisions/wpa-p2p.yaml").read_bytes())
    edit(out / "device.yaml", "severity: serious", "severity: minor")
    place.answers("pull does not write over a change", place.pull()[0], 1, "device.yaml: changed here",
                  "nothing is written")
    shutil.copy(one / "device.yaml", other / "device.yaml")
    place.answers("agreed again, the rest is pushed", place.push(other), 0, "1 decisions proposed")
    place.answers("the first folder hears of it", place.push(one), 1,
                  "decisions/wpa-p2p.yaml: newer in the store; pull it", "1 files were not pushed")
    place.answers("and pulls it", place.pull(one)[0], 0, "14 files")
    place.answers("then both agree", place.push(one), 0, "as before")


def change(folder, value):
    """Another severity in device.yaml, whatever it is."""
    path = folder / "device.yaml"
    text = re.sub(r"severity: \w+", f"severity: {value}", path.read_text(encoding="utf-8"), count=1)
    path.write_text(text, encoding="utf-8")
    return text


def two_stores(kit, engine, server):
    """What is known of one store says nothing of another."""
    first, second = Place(kit, engine, server, "first"), Place(kit, engine, server, "second")
    folder = first.folder()
    change(folder, "minor")
    second.push(folder)
    change(folder, "critical")
    first.answers("a folder that another store has is new to this one", first.push(folder), 0, "device.yaml new")
    edited = (folder / "device.yaml").read_bytes()
    second.answers("the other store has an older text: a clash with both values", second.push(folder), 1,
                   "here \"severity: critical\"", "in the store \"severity: minor\"", "nothing is pushed",
                   "was not pushed to it", "into another folder")
    second.answers("nor is it pulled over", second.pull(folder)[0], 1, "device.yaml: it is another one in the store",
                   "here \"severity: critical\"", "nothing is written", "into another folder")
    second.check("the edit is still there", (folder / "device.yaml").read_bytes() == edited)
    done, out = second.pull("together")
    shutil.copy(folder / "device.yaml", out / "device.yaml")
    second.answers("the way out: together in another folder", second.push(out), 0, "device.yaml changed")
    state = folder / ".tutela-push.json"
    state.write_text('{"format": "tutela-push", "format_version": 1, "files": {"device.yaml": "' + "0" * 64 + '"}}')
    first.answers("a state that does not say which store is none", first.push(folder), 0, "as before")
    state.write_text('{"format": "tutela-push", "format_version": 3, "files": {}}')
    first.answers("a damaged one is said", first.push(folder), 3, ".tutela-push.json", "ledger")
    first.answers("by pull too", first.pull(folder)[0], 3, ".tutela-push.json", "ledger")


def restored(kit, engine, server):
    """A store that was restored from a backup has forgotten; it has nothing newer."""
    place = Place(kit, engine, server, "restored")
    folder, backup = place.folder(), kit.folder / f"restored-{engine}.backup"
    change(folder, "minor")
    place.push(folder)
    data = kit.folder / f"{place.name}-data"
    place.answers("a backup", kit.run("backup", data, "-o", backup), 0)
    change(folder, "critical")
    place.answers("a push after it", place.push(folder), 0, "device.yaml changed")
    edited = (folder / "device.yaml").read_bytes()
    again = kit.folder / f"{place.name}-again"
    place.at = server.database("again") if server else str(again)
    place.answers("restore", kit.run("restore", backup, again, *(["--database", place.at] if server else [])), 0)
    for more in range(2):
        place.answers(f"it has an older text: a clash ({more})", place.push(folder), 1, "here \"severity: critical\"",
                      "in the store \"severity: minor\"", "restored from a backup", "nothing is pushed")
        place.answers(f"nor is it pulled over ({more})", place.pull(folder)[0], 1, "restored from a backup",
                      "nothing is written")
        # the second time the ledger has as many records as before, but others
        other = place.pull(f"other-{more}")[1]
        for value in ("serious", "negligible", "minor"):
            change(other, value)
            place.push(other)
    place.check("the edit is still there", (folder / "device.yaml").read_bytes() == edited)


def others_unseen(kit, engine, server):
    """What is remembered of a device says nothing of others: neither how many records the store has, nor when there are more."""
    place = Place(kit, engine, server, "unseen")
    place.push(place.folder())
    one, two = (place.pull(name)[1] / ".tutela-push.json" for name in ("before", "again"))
    place.check("two pulls agree on the same", one.read_bytes() == two.read_bytes(), one.read_text(), two.read_text())
    monitor = kit.folder / f"{place.name}-monitor"
    shutil.copytree(EXAMPLE, monitor, ignore=shutil.ignore_patterns(".tutela*"))
    edit(monitor / "device.yaml", "family: Larkspur IP-200", "family: Bedside BM-7")
    place.answers("another device", place.push(monitor, "--new-device"), 0, "bedside-bm-7")
    late = place.pull("after")[1] / ".tutela-push.json"
    place.check("its records do not show", late.read_bytes() == one.read_bytes(), one.read_text(), late.read_text())
    exported = kit.run("ledger", "export", kit.folder / f"{place.name}-data").text
    known = json.loads(late.read_text(encoding="utf-8"))
    place.check("no number of a record, and no hash that the ledger prints", isinstance(known["ledger"], str) and len(known["ledger"]) == 64
                and 64 * "0" != known["ledger"] and "\"hash\"" in exported and known["ledger"] not in exported, known["ledger"], exported[:500])
    edit(one.parent / "device.yaml", "severity: minor", "severity: serious")
    place.answers("a change of this one", place.push(one.parent), 0, "device.yaml changed")
    place.check("shows", one.read_bytes() != late.read_bytes())
    place.answers("and is newer to the others", place.push(late.parent), 1, "device.yaml: newer in the store; pull it")


def other_device(kit, engine, server):
    place = Place(kit, engine, server, "devices")
    folder, second = place.folder(), place.folder("second")
    edit(second / "device.yaml", "family: Larkspur IP-200", "family: Larkspur IP-300")
    place.push(folder)
    for path in (second / "decisions").iterdir():
        path.unlink()
    place.answers("a second device that looks like the first is said to be one", place.push(second), 1, DEVICE, "larkspur-ip-300",
                  "the UDI-DI 00614141", "nothing is pushed", f"id: {DEVICE}", "--new-device")
    place.answers("a second device", place.push(second, "--new-device"), 0, "larkspur-ip-300: device.yaml new", "00614141")
    place.answers("then it is one", place.push(second), 0, "larkspur-ip-300: device.yaml as before")
    place.answers("a folder of one device does not become another's", place.pull(folder, "larkspur-ip-300")[0], 1,
                  f"the folder of the device {DEVICE}", "nothing is written")
    (folder / "device.yaml").unlink()
    place.answers("nor without its device.yaml", place.pull(folder, "larkspur-ip-300")[0], 1,
                  f"the folder of the device {DEVICE}", "nothing is written")
    place.answers("its own comes back", place.pull(folder)[0], 0, "14 files")


FULL = ('cp -r "$0" "$0.copy" && mount -t tmpfs -o size=1m none "$0" && cp -r "$0.copy/." "$0" && '
        '(dd if=/dev/zero of="$0/filler" bs=4096 2>/dev/null || true) && exec "$@"')
READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'


def can_mount(kit):
    place = kit.folder / "mounted"
    place.mkdir(exist_ok=True)
    try:
        return subprocess.run(["unshare", "-rm", "sh", "-c", READ_ONLY, place, "true"], capture_output=True,
                              check=False).returncode == 0
    except OSError:
        return False


def read_only(kit, engine, server):
    """What could not be remembered in the folder is not pushed."""
    place = Place(kit, engine, server, "read")
    folder = place.folder()
    if not can_mount(kit):
        place.check("a read-only folder # SKIP no mount namespaces here", True)
        return
    program = kit.program
    script = kit.folder / "read-only"
    script.write_text(f"#!/bin/sh\nexec unshare -rm sh -c '{READ_ONLY}' '{folder}' {program} \"$@\"\n", encoding="utf-8")
    script.chmod(0o755)
    kit.program = str(script)
    done = place.push(folder)
    kit.program = program
    place.answers("a read-only folder", done, 3, "nothing is pushed", "Read-only file system", str(folder))
    place.answers("nothing was pushed from it", place.pull()[0], 3, f'no device "{DEVICE}"')
    place.answers("when it can be written, it is pushed", place.push(folder), 0, "device.yaml new")


def full_folder(kit, engine, server):
    """The disk of the folder is full when the push is done: it is pushed, the answer says what is missing, and a second push mends it."""
    place = Place(kit, engine, server, "full")
    folder = place.folder()
    if not can_mount(kit):
        place.check("a full folder # SKIP no mount namespaces here", True)
        return
    program = kit.program
    script = kit.folder / "full"
    script.write_text(f"#!/bin/sh\nexec unshare -rm sh -c '{FULL}' '{folder}' {program} \"$@\"\n", encoding="utf-8")
    script.chmod(0o755)
    kit.program = str(script)
    done = place.push(folder)
    kit.program = program
    place.answers("a folder on a full disk", done, 0, "device.yaml new", "could not be remembered", "No space left", "again")
    place.answers("it was pushed", place.pull()[0], 0, "14 files")
    place.answers("the second push finds nothing to do", place.push(folder), 0, "device.yaml as before", "0 decisions proposed")
    place.check("and remembers", (folder / ".tutela-push.json").is_file())


def renamed(kit, engine, server):
    """A change of the name makes no second device."""
    place = Place(kit, engine, server, "renamed")
    folder = place.folder()
    place.push(folder)
    edit(folder / "device.yaml", "family: Larkspur IP-200", "family: Larkspur IP-210")
    place.answers("the family's name was changed", place.push(folder), 1, DEVICE, "larkspur-ip-210", "nothing is pushed",
                  f"id: {DEVICE}", ".tutela-push.json")
    place.answers("there is no second device", place.pull("second", "larkspur-ip-210")[0], 3, 'no device "larkspur-ip-210"')
    edit(folder / "device.yaml", "family: Larkspur IP-210", f"id: {DEVICE}\nfamily: Larkspur IP-210")
    place.answers("with its name in \"id\" the family can change", place.push(folder), 0, f"{DEVICE}: device.yaml changed")


def renamed_clone(kit, engine, server):
    """Nor does a fresh clone, which has no .tutela-push.json: it is known by what it carries."""
    place = Place(kit, engine, server, "reclone")
    folder = place.folder()
    place.push(folder)
    (folder / ".tutela-push.json").unlink()
    device = folder / "device.yaml"
    edit(device, "family: Larkspur IP-200", "family: Larkspur IP-210")
    for what, words in (("the same UDI-DI", "the UDI-DI 00614141123452"), ("the same release", "the release 4.3.1 with the same SBOM")):
        place.answers(f"a clone of another name with {what}", place.push(folder), 1, "calls this device larkspur-ip-210", f"{words} of it as {DEVICE}",
                      "nothing is pushed", f'"id: {DEVICE}"', "--new-device")
        place.answers(f"{what}: there is no second device", place.pull("second", "larkspur-ip-210")[0], 3, 'no device "larkspur-ip-210"')
        device.write_text(re.sub(r"\n    udi_di: .*", "", device.read_text(encoding="utf-8")), encoding="utf-8")
    for path in folder.glob("*.cdx.json"):
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    for path in (folder / "decisions").iterdir():
        path.unlink()
    place.answers("with nothing of it, it is another device", place.push(folder), 0, "larkspur-ip-210: device.yaml new")


def named_in_decisions(kit, engine, server):
    place = Place(kit, engine, server, "named")
    folder = place.folder()
    text = (EXAMPLE / "decisions" / "curl-socks.yaml").read_text(encoding="utf-8")
    for number, release in enumerate(("9.9.9", "4.3")):
        wrong = re.sub(r'- "4.3.1"', f'- "{release}"', text.replace("id: curl-socks", f"id: w{number}"))
        assert release in wrong
        (folder / "decisions" / f"w{number}.yaml").write_text(
            wrong.replace("CVE-2023-38545", f"CVE-2020-{number + 20000}"), encoding="utf-8")
    place.answers("releases that the device does not have: all are named", place.push(folder), 1, "decisions/w0.yaml",
                  "9.9.9", "decisions/w1.yaml", "4.3,", "4.3.1", "nothing is pushed")
    place.answers("and nothing was", place.pull()[0], 3, DEVICE)
    (folder / "decisions" / "w0.yaml").unlink()
    other = text.replace("id: curl-socks", "id: w1").replace("  name: curl", "  name: no-such-library")
    assert "no-such-library" in other
    (folder / "decisions" / "w1.yaml").write_text(other.replace("CVE-2023-38545", "CVE-2020-20001"), encoding="utf-8")
    done = place.push(folder)
    place.answers("a component that no SBOM has is said", done, 0, "8 decisions proposed",
                  "decisions/w1.yaml: no SBOM of the device has its component")
    place.check("of that one alone", done.complaint.count("no SBOM of the device") == 1, done.complaint)


def clones(kit, engine, server):
    """A clone has no .tutela-push.json: what the ledger says decides."""
    place = Place(kit, engine, server, "clones")
    decision = "decisions/wpa-p2p.yaml"

    def clone(name, *edits):
        folder = place.folder(name)
        for number in edits:
            edit(folder / decision, "schema:", f"# edit {number}\nschema:")
        return folder

    def stored():
        out = place.pull("stored")[1]
        text = (out / decision).read_text(encoding="utf-8")
        shutil.rmtree(out)
        return text.split("schema:", 1)[0]

    place.push(clone("first"), "--by", "ci")
    place.answers("the key that wrote it changes it", place.push(clone("second", 1), "--by", "ci"), 0,
                  "1 decisions proposed", f"{decision}: takes the place of what ci pushed before")
    place.answers("an old clone changed nothing", place.push(clone("old"), "--by", "ci"), 1, f"{decision}: newer in the store")
    place.check("the newer text is still there", stored() == "# edit 1\n", stored())
    old = clone("late", 7)
    edit(old / "device.yaml", "severity: minor", "severity: serious")
    place.answers("device.yaml goes on", place.push(old, "--by", "ci"), 0, "device.yaml changed", "1 decisions proposed")
    late = clone("later", 8)
    place.answers("a clone that is old in one file is not trusted in another", place.push(late, "--by", "ci"), 1,
                  "device.yaml: newer in the store", f"{decision}: it is another one in the store", "nothing is pushed")
    place.answers("nor is another key", place.push(clone("other", 7, 9), "--by", "somebody"), 1,
                  f"{decision}: it is another one in the store", "# edit", "nothing is pushed")
    unnamed = clone("unnamed", 7, 9)
    place.answers("nor nobody in particular", place.push(unnamed), 1, "nothing is pushed")
    place.check("nothing of them is there", stored() == "# edit 7\n", stored())
    edit(late / "device.yaml", "severity: minor", "severity: serious")
    shutil.copy(old / ".tutela-push.json", late)
    place.answers("with the file of the last push it is clear", place.push(late), 0, "1 decisions proposed")


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
    place.answers("a file outside of the folder", place.push(folder), 1, "../elsewhere.json", "outside")


def locked(kit, engine, server):
    place = Place(kit, engine, server, "locked")
    folder = place.folder()
    place.push(folder)
    sbom = folder / "infusion-pump.cdx.json"
    edit(sbom, '"version": "7.76.1"', '"version": "7.88.0"')
    place.answers("a released release's SBOM is locked", place.push(folder), 1, "4.3.1", "locked", "with a reason")
    place.answers("with a reason it is corrected", place.push(folder, "--reason", "wrong build listed"), 0, "1 SBOMs")
    edit(folder / "device.yaml", "released: 2026-01-15", "released: 2026-01-16")
    place.answers("its date stays", place.push(folder), 1, "4.3.1", "locked")
    edit(folder / "device.yaml", "released: 2026-01-16", "released: 2026-01-15")
    edit(folder / "device.yaml", "version: 4.4.0", "version: 4.5.0")
    (folder / "decisions" / "nghttp2-rapid-reset.yaml").unlink()  # it names that release
    place.answers("a release does not vanish", place.push(folder), 1, "release 4.4.0 is missing")


def everything(kit, place):
    """Pushes and pulls of every outcome: what each said, without the names of this run's folders."""
    folder, said = place.folder("a"), []

    def keep(done):
        text = done.text + done.complaint
        said.append((done.returncode, text.replace(str(kit.folder), "KIT").replace(place.name, "PLACE")))

    keep(place.push(folder))
    keep(place.push(folder, "--by", "key-of-ci"))
    keep(place.pull()[0])
    other = place.pull("other")[1]
    edit(other / "decisions" / "wpa-p2p.yaml", "schema:", "# reviewed\nschema:")
    keep(place.push(f"{other}/", "--by", "key-of-ci"))
    keep(place.push(folder))
    edit(folder / "decisions" / "wpa-p2p.yaml", "schema:", "# read\nschema:")
    keep(place.push(folder))
    keep(place.pull(folder)[0])
    edit(folder / "device.yaml", "released: 2026-01-15", "released: 2026-01-16")
    keep(place.push(other))
    edit(other / "infusion-pump.cdx.json", '"version": "7.76.1"', '"version": "7.88.0"')
    keep(place.push(other))
    keep(place.push(other, "--reason", "wrong build listed"))
    keep(place.push(other, "--kb", kit.folder / "no.kb"))
    edit(other / "decisions" / "wpa-p2p.yaml", "status:", "status: perhaps #")
    keep(place.push(other))
    keep(place.pull("none", "no-such-device")[0])
    keep(place.pull(pathlib.Path(os.devnull))[0])
    keep(place.push(kit.folder / "no-such-folder"))
    return said


def both_ways(kit):
    """A process that owns the folder says the same as the command that owns it itself."""
    here, there = Place(kit, "here", None, "ways"), Place(kit, "there", None, "ways")
    alone = everything(kit, here)
    with owned(there.at):
        kit.check("the folder has an owner", kit.run("admin", "move", there.at, "--to", "sqlite").returncode == 3)
        served = everything(kit, there)
    kit.check("every outcome was there", {code for code, _ in alone} == {0, 1, 3}, alone)
    for number, (one, other) in enumerate(zip(alone, served)):
        kit.check(f"by the socket as without it ({number}: {one[1].splitlines()[-1][:60]})", one == other, one, other)
    kit.check("no descriptor is named", not any("/proc/" in text for _, text in alone + served))


def bad_places(kit):
    folder = kit.folder / "nothing"
    kit.answers("a data folder that is not there", kit.run("push", EXAMPLE, "--to", folder), 3, "no such folder", "admin init")
    folder.mkdir()
    kit.answers("nothing to pull", kit.run("pull", DEVICE, "--from", folder, "-o", kit.folder / "x"), 3, "not a data folder")
    kit.answers("push wants --to", kit.run("push", EXAMPLE), 2, "to")
    kit.run("admin", "init", kit.folder / "made")
    for by, word in (("", "empty"), ("x" * 201, "200 bytes"), ("a\tb", "control"), ("a\nb", "control"), ("a\x1bb", "control"),
                     ("a\u202eb", "control"), ("system:sync", "system:"), (b"a\xff".decode(errors="surrogateescape"), "UTF-8")):
        kit.answers(f"--by {ascii(by)[:30]}", kit.run("push", EXAMPLE, "--to", kit.folder / "made", "--by", by), 2, "--by", word)
    kit.answers("and nothing was pushed", kit.run("pull", DEVICE, "--from", kit.folder / "made", "-o", kit.folder / "x"), 3, DEVICE)
    kit.answers("help says what WHO is", kit.run("push", "--help"), 0, "WHO is the login or id")
    monitor = kit.folder / "monitor"
    kit.run("device", "new", monitor)
    kit.answers("an SBOM that is not there is named", kit.run("push", monitor, "--to", kit.folder / "made"), 3,
                f"{monitor}/", "the SBOM of release ")
    kit.answers("no device folder", kit.run("push", folder, "--to", kit.folder / "made"), 3, "no device.yaml")


def main():
    kit = Kit()
    bad_places(kit)
    tests = (there_and_back, both_changed, two_stores, restored, others_unseen, other_device, read_only, full_folder, renamed, renamed_clone, named_in_decisions, clones,
             nothing_partial, locked)
    for test in tests:
        test(kit, "SQLite", None)
    both_ways(kit)
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
