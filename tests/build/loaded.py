#!/usr/bin/env python3
"""Which shared libraries a command loads: what it does not use costs it nothing. REQ-SEC-4

usage: loaded.py [PROGRAM]

The dynamic linker itself says what it loads (LD_DEBUG=files), at start and later. Prints TAP.
"""
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
PROGRAM = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else BUILD / "tutela").resolve()
# What the core is linked with, and what that needs.
CORE = {"libsimdjson", "libz", "libzstd", "libexpat", "libyaml-0", "libstdc++", "libm", "libgcc_s", "libc",
        "ld-linux-x86-64", "ld-linux-aarch64"}
SBOM = {"bomFormat": "CycloneDX", "specVersion": "1.6",
        "components": [{"type": "library", "name": "zlib", "version": "1.2.11", "purl": "pkg:generic/zlib@1.2.11"}]}


def loaded(folder, *arguments):
    """Names without versions of what the linker has initialised."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C", "LD_DEBUG": "files"}
    done = subprocess.run([PROGRAM, *arguments], env=env, cwd=folder, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)
    names = re.findall(r"calling init: (\S+)", done.stderr)
    return done.returncode, {pathlib.Path(name).name.partition(".so")[0] for name in names}


def without(folder, soname, *arguments):
    """Exit code and messages where a library is not what its name says."""
    (folder / "broken").mkdir(exist_ok=True)
    (folder / "broken" / soname).write_text("no library", encoding="utf-8")
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C", "LD_LIBRARY_PATH": str(folder / "broken")}
    done = subprocess.run([PROGRAM, *arguments], env=env, cwd=folder, capture_output=True, text=True, check=False,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stderr


def make_sbom():
    """tools/make-sbom.py reads the notes of a program."""
    spec = importlib.util.spec_from_file_location("make_sbom", ROOT / "tools" / "make-sbom.py")
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return module


def unnamed():
    """Names of libraries that the program tries, but is not linked with and does not tell packagers of."""
    texts = re.findall(rb"(?<=\0)lib[\w+-]+\.so\.[\d.]+(?=\0)", PROGRAM.read_bytes())
    linked = subprocess.run(["readelf", "-W", "-d", PROGRAM], capture_output=True, text=True, check=True).stdout
    noted = [name for entry in make_sbom().dlopen_notes(PROGRAM) for name in entry["soname"]]
    return {text.decode() for text in texts} - set(re.findall(r"\[(lib\S+)\]", linked)) - set(noted), noted


def rows(folder):
    names, noted = unnamed()
    yield f"every name of a library that is tried stands in .note.dlopen: {sorted(names)}", noted and not names
    (folder / "a.cdx.json").write_text(json.dumps(SBOM), encoding="utf-8")
    with zipfile.ZipFile(folder / "feed.zip", "w") as archive:
        archive.writestr("CVE-2099-1.json", json.dumps({"id": "CVE-2099-1", "affected": []}))
    code, names = loaded(folder, "--version")
    yield f"--version loads the core's libraries only: {sorted(names - CORE)}", code == 0 and names and names <= CORE
    code, names = loaded(folder, "scan", "a.cdx.json")
    yield f"scan loads no more: {sorted(names - CORE)}", code == 0 and names and names <= CORE
    code, names = loaded(folder, "kb", "build", "-o", "new.kb", "feed.zip")
    yield "kb build hashes: it loads libcrypto", "libcrypto" in names
    yield "an archive loads libarchive", "libarchive" in names
    yield "and does not load libcurl", "libcurl" not in names
    code, _ = without(folder, "libcrypto.so.3", "scan", "a.cdx.json")
    yield "a scan does without libcrypto", code == 0
    code, said = without(folder, "libcrypto.so.3", "scan", "a.cdx.json", "-f", "sarif")
    yield f"what cannot do without says so: {said.strip()}", code == 3 and "libcrypto.so.3" in said


def main():
    options = json.loads((BUILD / "meson-info" / "intro-buildoptions.json").read_text(encoding="utf-8"))
    if any(row["name"] == "b_sanitize" and row["value"] != "none" for row in options):
        print("1..0 # SKIP loaded libraries: a sanitizer build loads its own")
        return 0
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, fine) in enumerate(rows(pathlib.Path(folder)), 1):
            failed += not fine
            print(f"{'ok' if fine else 'not ok'} {number} - {name}")
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
