#!/usr/bin/env python3
"""push and pull to a service over HTTP, and the archives that it takes.

usage: api_push.py [PROGRAM]
"""
import ctypes.util
import filecmp
import io
import json
import pathlib
import shutil
import sys
import tarfile

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
TAR = {"Content-Type": "application/x-tar"}
SMALL = "family: Bench Tester\nmanufacturer: {name: Acme}\nreleases:\n- {version: '1.0'}\n"


def archive(*members, form=tarfile.USTAR_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            else:
                info.size = len(content)
            tar.addfile(info, io.BytesIO(content or b""))
    return out.getvalue()


def same(a, b):
    """The files of both folders are the same, but for what says what they agree on."""
    compared = filecmp.dircmp(a, b, ignore=[".tutela-push.json"])
    return not (compared.left_only or compared.right_only or compared.diff_files) and all(
        same(pathlib.Path(a) / name, pathlib.Path(b) / name) for name in compared.common_dirs)


def copy(kit, name):
    folder = kit.folder / name
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela-push.json"))
    return folder


def example(kit, writer, reader):
    """What is part of the program, on a store that has nothing."""
    refused = reader.post("/v1/example")
    kit.check("whoever only reads gets no example", refused.status == 403, refused)
    said = writer.post("/v1/example").json
    kit.check("the example is pushed", (said["device"], said["device_yaml"], said["sboms"], said["decisions"] > 0) == (DEVICE, "new", 2, True), said)
    files = {path.relative_to(EXAMPLE).as_posix() for path in EXAMPLE.rglob("*") if path.is_file()}
    kit.check("with all its files", {row["path"] for row in reader.pages(f"/v1/devices/{DEVICE}/files")} >= {"concept.yaml", "model.yaml", "threats.yaml"} & files)
    kit.check("nothing of it is approved", reader.get("/v1/decisions", state="approved").json["items"] == []
              and reader.get("/v1/decisions", state="proposed").json["total"]["count"] == said["decisions"])
    again = writer.post("/v1/example").json
    kit.check("once more nothing changes", (again["device_yaml"], again["sboms"], again["decisions"]) == ("as before", 0, 0), again)


def pushing(kit, place, env, reader):
    folder = copy(kit, "pump")
    done = kit.run("push", folder, "--to", place, env=env)
    kit.answers("a folder is pushed to a service", done, 0, "larkspur-ip-200: device.yaml new, 2 SBOMs")
    kit.check("and is there", reader.get(f"/v1/devices/{DEVICE}").json["releases"] == 2)
    kit.check("the folder knows what was agreed on", json.loads((folder / ".tutela-push.json").read_text())["device"] == DEVICE)
    kit.answers("once more nothing changes", kit.run("push", folder, "--to", place, env=env), 0, "device.yaml as before, 0 SBOMs")
    return folder


def pulling(kit, place, env, pushed):
    there = kit.folder / "there"
    kit.answers("a device is pulled from a service", kit.run("pull", DEVICE, "--from", place, "-o", there, env=env), 0, "files")
    kit.answers("what came back is what was pushed", kit.run("push", there, "--to", place, env=env), 0, "as before, 0 SBOMs")
    text = (pushed / "device.yaml").read_text(encoding="utf-8")
    kit.check("byte for byte", (there / "device.yaml").read_text(encoding="utf-8") == text
              and same(pushed / "decisions", there / "decisions"))
    (pushed / "device.yaml").write_text(text + "# here\n", encoding="utf-8")
    kit.answers("a change is pushed", kit.run("push", pushed, "--to", place, env=env), 0, "device.yaml changed")
    (there / "device.yaml").write_text(text + "# there\n", encoding="utf-8")
    clash = kit.run("push", there, "--to", place, env=env)
    kit.answers("what both changed is listed, and nothing pushed", clash, 1, "device.yaml: changed here and in the store", "# there", "# here")
    kit.check("no folder of the service is named", "/tmp/tutela-folder" not in clash.complaint, clash.complaint)
    kit.answers("nor is it written over", kit.run("pull", DEVICE, "--from", place, "-o", there, env=env), 1, "device.yaml")
    kit.check("it is as it was", (there / "device.yaml").read_text(encoding="utf-8").endswith("# there\n"))
    (there / "device.yaml").write_text(text, encoding="utf-8")
    kit.answers("a folder that was left alone is brought up to date",
                kit.run("pull", DEVICE, "--from", place, "-o", there, env=env), 0, "1 files")
    kit.check("with the change", (there / "device.yaml").read_text(encoding="utf-8").endswith("# here\n"))
    own = kit.folder / "own"
    own.mkdir()
    (own / "infusion-pump.cdx.json").write_text("mine", encoding="utf-8")
    kit.answers("a file of somebody's own stays", kit.run("pull", DEVICE, "--from", place, "-o", own, env=env), 2, "nothing is written")
    kit.check("and nothing beside it", [path.name for path in own.iterdir()] == ["infusion-pump.cdx.json"])
    kit.answers("a device that is not there", kit.run("pull", "nothing", "--from", place, "-o", kit.folder / "no", env=env), 3,
                "no such device")


def renaming(kit, place, env, reader):
    clone = copy(kit, "clone")
    text = (clone / "device.yaml").read_text(encoding="utf-8").replace("family: Larkspur IP-200", "family: Larkspur IP-220")
    (clone / "device.yaml").write_text(text, encoding="utf-8")
    for path in (clone / "decisions").iterdir():
        path.unlink()
    kit.answers("a clone with another name is no second device", kit.run("push", clone, "--to", place, env=env), 1,
                "larkspur-ip-220", DEVICE, "nothing is pushed", "new_device")
    kit.check("there is none", reader.get("/v1/devices/larkspur-ip-220").status == 404)
    kit.answers("unless that is said", kit.run("push", clone, "--to", place, "--new-device", "--reason", "trial", env=env), 0, "device.yaml new")


def refusing(kit, place, env, folder):
    kit.answers("without a key", kit.run("push", folder, "--to", place), 2, "TUTELA_KEY")
    kit.answers("with a key of nobody", kit.run("push", folder, "--to", place, env={"TUTELA_KEY": "tut_" + "0" * 64}), 3, "(401)")
    kit.answers("a key goes to no host in the clear", kit.run("push", folder, "--to", "http://example.com/", env=env), 2, "https://")
    kit.answers("who pushes is the key's", kit.run("push", folder, "--to", place, "--by", "me", env=env), 2, "key")
    (kit.folder / "bad").mkdir()
    (kit.folder / "bad" / "device.yaml").write_text(SMALL + "colour: blue\n", encoding="utf-8")


def archives(kit, writer, reader, other):
    rows = [
        ("no archive", b"hello" * 200, 422, "tar"),
        ("a name that leaves the folder", archive(("../device.yaml", b"x")), 422, "no path"),
        ("a name from the root", archive(("/etc/device.yaml", b"x")), 422, "no path"),
        ("a link", archive(("device.yaml", None)), 422, "neither a file nor a folder"),
        ("half of one", archive(("device.yaml", SMALL.encode() * 100))[:1000], 422, "to its end"),
        ("no device.yaml", archive(("other.yaml", b"x")), 422, "device.yaml"),
        ("a device.yaml that is none", archive(("device.yaml", (SMALL + "colour: blue\n").encode())), 422, "no such key"),
    ]
    for name, body, status, word in rows:
        answer = writer.post("/v1/push", body, TAR)
        kit.check(f"{name}: {status}", answer.status == status and word in answer.json["detail"]
                  and "/tmp/" not in answer.text, answer)
    done = writer.post("/v1/push", archive(("./device.yaml", SMALL.encode()), form=tarfile.GNU_FORMAT), TAR)
    kit.check("what GNU tar writes", done.status == 200 and done.json["device_yaml"] == "new" and done.json["agreement"], done)
    kit.check("who reads may not push", reader.post("/v1/push", archive(("device.yaml", SMALL.encode())), TAR).status == 403)
    taken, new = (other.post("/v1/push", archive(("device.yaml", SMALL.replace("Bench Tester", name).encode())), TAR)
                  for name in ("Bench Tester", "Another One"))
    kit.check("a device out of scope is refused as a new one is", (taken.status, taken.json["detail"]) == (new.status, new.json["detail"])
              and taken.status == 403, taken, new)
    hidden, missing = (other.post(f"/v1/devices/{name}/pull", archive(), TAR) for name in (DEVICE, "nothing"))
    kit.check("nor is it pulled", hidden.status == missing.status == 404 and hidden.json["detail"] == missing.json["detail"], hidden)
    left = list(pathlib.Path("/tmp").glob("tutela-folder-*"))
    kit.check("nothing of it is left", not left, left)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    if not ctypes.util.find_library("curl"):
        print("1..0 # SKIP libcurl is not installed")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("a team that sees nothing", kit.run("admin", "team", "add", "other", "--data", data), 0)
    with client.Service(kit, data) as service:
        place = f"http://127.0.0.1:{service.port}/"
        key = client.add_key(kit, data, "analyst")
        env = {"TUTELA_KEY": key}
        reader, writer = service.client(client.add_key(kit, data)), service.client(key)
        other = service.client(client.add_key(kit, data, "analyst", team="other"))
        archives(kit, writer, reader, other)
        folder = pushing(kit, place, env, reader)
        pulling(kit, place, env, folder)
        renaming(kit, place, env, reader)
        refusing(kit, place, env, folder)
    fresh = pathlib.Path(kit.path("fresh"))
    kit.answers("another data folder", kit.run("admin", "init", fresh), 0)
    with client.Service(kit, fresh) as service:
        example(kit, service.client(client.add_key(kit, fresh, "analyst")), service.client(client.add_key(kit, fresh)))
    return kit.done()


sys.exit(main())
