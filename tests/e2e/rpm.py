#!/usr/bin/env python3
"""Databases of rpm in a root file system: made by rpm itself, read through librpm.

Skipped where rpm, rpmbuild or the program's own support of librpm is missing; the databases of
Berkeley DB also where db5.3_load is missing. Prints TAP.

usage: rpm.py [PROGRAM]
"""
import ctypes.util
import json
import os
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import sys
import time

from kit import Kit

SPECS = {
    "zlib-ng": """
Name: zlib-ng
Epoch: 2
Version: 2.1.6
Release: 4.el9
Summary: A library
License: Zlib AND BSD-3-Clause
Vendor: Pump Works
Provides: libz-ng.so.2()(64bit)
%description
A library.
%files
%package -n kernel-core
Summary: A kernel
Version: 5.14.0
Release: 427.13.1.el9_4
ModularityLabel: kernel:5.14:9040020240501:rhel9
Requires: libz-ng.so.2()(64bit)
Requires: /bin/sh
%description -n kernel-core
A kernel.
%files -n kernel-core
%package -n gpg-pubkey
Summary: A key
%description -n gpg-pubkey
A key.
%files -n gpg-pubkey
""",
}
RELEASE = 'ID="rocky"\nVERSION_ID="9.4"\nID_LIKE="rhel centos fedora"\n'
KERNEL = "5.14.0-427.13.1.el9_4.x86_64"


def quiet(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, check=False, timeout=300)


def packages(kit):
    """The packages of SPECS as files; none: rpmbuild does not work here."""
    top = kit.folder / "top"
    for name, spec in SPECS.items():
        path = kit.path(f"{name}.spec", spec.lstrip())
        quiet("rpmbuild", "--define", f"_topdir {top}", "--target", "x86_64", "-bb", path)
    return sorted(top.glob("RPMS/*/*.rpm"))


def root(kit, name, folder="var/lib/rpm", kernel=KERNEL):
    kit.path(f"{name}/etc/os-release", RELEASE)
    if kernel:
        kit.path(f"{name}/lib/modules/{kernel}/modules.dep", "")
    where = kit.folder / name / folder
    where.mkdir(parents=True)
    return kit.folder / name, where


def public_key(folder):
    """A key made for the test, as `rpmkeys --import` takes it."""
    home, key = folder / "gnupg", folder / "key.asc"
    if not key.exists() and shutil.which("gpg"):
        home.mkdir(mode=0o700)
        gpg = ("gpg", "--homedir", home, "--batch", "--quiet", "--yes")
        quiet(*gpg, "--passphrase", "", "--quick-generate-key", "test@example.org", "rsa2048", "sign", "never")
        quiet(*gpg, "--armor", "--output", key, "--export")
        quiet("gpgconf", "--homedir", home, "--kill", "all")
    return key


def install(where, backend, files):
    """False: this rpm cannot write such a database."""
    database = ("--define", f"_dbpath {where}", "--define", f"_db_backend {backend}")
    command = ("rpm", *database, "--justdb", "--nodeps", "--noscripts", "--ignorearch", "--ignoreos", "-i")
    done = quiet(*command, *files)
    if done.returncode:
        # Since rpm 4.20 a key is no package that one can install.
        done = quiet(*command, *(file for file in files if "gpg-pubkey" not in file.name))
        if not done.returncode:
            done = quiet("rpmkeys", *database, "--import", public_key(files[0].parents[2]))
    (where / ".rpm.lock").unlink(missing_ok=True)
    return done.returncode == 0


def headers(database):
    opened = sqlite3.connect(database)
    found = list(opened.execute("SELECT hnum, blob FROM Packages"))
    opened.close()
    return found


def berkeley(kit, where, found):
    """The headers as rpm wrote them until 4.15: a hash, whose key 0 has the highest number."""
    pairs = [(0, struct.pack("<I", max(number for number, _ in found))), *found]
    text = "VERSION=3\nformat=bytevalue\ntype=hash\ndb_pagesize=4096\nHEADER=END\n"
    text += "".join(f" {struct.pack('<I', number).hex()}\n {bytes(blob).hex()}\n" for number, blob in pairs)
    quiet("db5.3_load", "-f", kit.path("dump", text + "DATA=END\n"), where / "Packages")


def shape(folder):
    return sorted((str(path.relative_to(folder)), path.lstat().st_mtime_ns) for path in folder.rglob("*"))


def show(kit, folder, **more):
    done = kit.run("sbom", "show", "--rootfs", folder, "-f", "json", **more)
    shown = json.loads(done.text)
    return done, {item["name"]: item for item in shown["components"]}, json.dumps(shown.get("notes", shown))


def reads(kit, name, folder):
    before = shape(folder)
    done, found, notes = show(kit, folder)
    seen = done.text + done.complaint
    kit.check(f"{name}: what is installed, without keys and a second kernel",
              sorted(found) == ["kernel-core", "rocky", "zlib-ng"], seen)
    zlib, kernel = found.get("zlib-ng", {}), found.get("kernel-core", {})
    # rpmbuild 4.20 gives the module of one package of a source to all of them.
    purl = zlib.get("purl", "").replace("&rpmmod=kernel:5.14:9040020240501:rhel9", "")
    kit.check(f"{name}: epoch, version, source", zlib.get("version") == "2:2.1.6-4.el9" and purl ==
              "pkg:rpm/rocky/zlib-ng@2.1.6-4.el9?arch=x86_64&distro=rocky-9.4&epoch=2"
              "&upstream=zlib-ng-2.1.6-4.el9.src.rpm", seen)
    kit.check(f"{name}: module", "rpmmod=kernel:5.14:9040020240501:rhel9" in kernel.get("purl", ""), seen)
    kit.check(f"{name}: nothing was said to be missing", "missing here" not in notes, notes)
    kit.check(f"{name}: the root is left as it was", shape(folder) == before, before, shape(folder))
    tree = kit.run("sbom", "show", "--rootfs", folder).text
    kit.check(f"{name}: who needs whom", "\u2514\u2500 zlib-ng 2:2.1.6-4.el9" in tree, tree)


def links(kit, folder):
    """One database under two names is read once; a second one is named."""
    (folder / "usr/lib/sysimage").mkdir(parents=True)
    (folder / "usr/lib/sysimage/rpm").symlink_to("/var/lib/rpm")
    _, found, notes = show(kit, folder)
    kit.check("a link to the database is no second one", len(found) == 3 and "besides" not in notes, notes)
    other = folder / "usr/share/rpm"
    other.mkdir(parents=True)
    shutil.copy(folder / "var/lib/rpm/rpmdb.sqlite", other)
    _, found, notes = show(kit, folder)
    kit.check("a second database is named", len(found) == 3 and "usr/share/rpm/rpmdb.sqlite" in notes
              and "besides the one that was read" in notes, notes)


def log_beside(kit, folder, where):
    """What sqlite has only in its log is read, too."""
    opened = sqlite3.connect(where / "rpmdb.sqlite")
    opened.execute("PRAGMA journal_mode=WAL")
    opened.execute("PRAGMA wal_autocheckpoint=0")
    opened.execute("DELETE FROM Packages WHERE hnum = (SELECT hnum FROM Packages WHERE instr(blob, 'zlib-ng-2') "
                   "AND NOT instr(blob, 'kernel-core') LIMIT 1)")
    opened.commit()
    _, found, _ = show(kit, folder)
    opened.close()
    kit.check("the write-ahead log belongs to the database",
              "kernel-core" in found and "zlib-ng" not in found, sorted(found))


def broken(kit, good, name, change):
    folder, where = root(kit, name, kernel=None)
    data = bytearray(good)
    change(data)
    (where / "rpmdb.sqlite").write_bytes(data)
    done = kit.run("scan", "--rootfs", folder)
    said = done.text + done.complaint
    kit.check(f"{name}: the scan goes on and says so", done.returncode == 0 and "rpmdb.sqlite" in said
              and "missing here" in said and "/tmp" not in said.split("Notes on the SBOM")[-1], said)


def spoil_headers(kit, files):
    """Headers whose counts are absurd: the others are read, and the note says what is missing."""
    folder, where = root(kit, "spoilt-header", kernel=None)
    install(where, "sqlite", files)
    opened = sqlite3.connect(where / "rpmdb.sqlite")
    for number, blob in opened.execute("SELECT hnum, blob FROM Packages").fetchall():
        if b"kernel-core" in bytes(blob):
            opened.execute("UPDATE Packages SET blob = ? WHERE hnum = ?", (b"\x7f" * 8 + bytes(blob)[8:], number))
    opened.commit()
    opened.close()
    _, found, notes = show(kit, folder)
    kit.check("a broken header: the rest is read", "zlib-ng" in found and "kernel-core" not in found, sorted(found))
    kit.check("a broken header: is named", "read in part" in notes and "rpmdb.sqlite" in notes, notes)


def no_configuration(kit, folder):
    """A home whose macros would run a program and move the database: nothing of it is done."""
    trap = kit.path("trap")
    kit.path("home/.rpmmacros", f"%_dbpath %(touch {trap}; echo /nowhere)\n%_db_backend dummy\n")
    kit.path("home/.config/rpm/macros", f"%_dbpath %(touch {trap}; echo /nowhere)\n")
    _, found, _ = show(kit, folder)
    kit.check("macros of the user are not read", "zlib-ng" in found and not os.path.exists(trap), sorted(found))


def copies():
    return set(pathlib.Path("/tmp").glob("tutela-rpm-*"))


def unknown_form(kit, folder, where):
    """Debian's librpm is built without ndb: such a database is named, not taken for an empty one."""
    (where / "Packages.db").write_bytes(b"RpmP" + struct.pack("<III", 0, 1, 1) + bytes(4080))
    notes = show(kit, folder)[2]
    kit.check("ndb that librpm does not know: is named as not read",
              "Packages.db" in notes and "its packages are missing" in notes, notes)


def skipped(why):
    print(f"1..0 # SKIP {why}")
    return 0


def main():
    missing = [tool for tool in ("rpm", "rpmbuild") if not shutil.which(tool)]
    if missing or not ctypes.util.find_library("rpm"):
        return skipped(f"{missing[0] if missing else 'librpm'} is not here")
    kit = Kit()
    before = copies()
    files = packages(kit)
    if len(files) != 3:
        return skipped("rpmbuild makes no packages here")
    folder, where = root(kit, "sqlite")
    if not install(where, "sqlite", files):
        return skipped("rpm writes no sqlite database here")
    if "does not know librpm" in show(kit, folder)[2]:
        return skipped("the program was built without librpm")
    found = headers(where / "rpmdb.sqlite")
    good = pathlib.Path(where / "rpmdb.sqlite").read_bytes()
    for extra in where.glob("rpmdb.sqlite-*"):
        extra.unlink()
    reads(kit, "sqlite", folder)
    no_configuration(kit, folder)
    for form, at in ("ndb", "usr/lib/sysimage/rpm"), ("bdb", "usr/share/rpm"):
        folder_of, where_of = root(kit, form, at)
        if form == "bdb" and shutil.which("db5.3_load"):
            berkeley(kit, where_of, found)
        elif form == "bdb" or not install(where_of, form, files):
            print(f"# {form}: not read in this run, no tool here writes such a database")
            if form == "ndb":
                unknown_form(kit, folder_of, where_of)
            continue
        reads(kit, form, folder_of)
    links(kit, folder)
    log_beside(kit, folder, where)
    broken(kit, good, "half-a-database", lambda data: data.__delitem__(slice(len(data) // 2, None)))
    broken(kit, good, "no-pages", lambda data: data.__setitem__(slice(100, None), b"\xa5" * (len(data) - 100)))
    broken(kit, good, "text", lambda data: data.__setitem__(slice(None), b"not a database\n"))
    broken(kit, good, "empty", lambda data: data.clear())
    spoil_headers(kit, files)
    left = copies() - before
    for _ in range(20):
        if not left:
            break
        time.sleep(0.5)  # other runs have copies, too, for a moment
        left &= copies()
    kit.check("no copy remains", not left, left)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
