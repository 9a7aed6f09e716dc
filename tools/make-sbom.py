#!/usr/bin/env python3
"""Writes the SBOM of what was built, as CycloneDX 1.6 JSON.

usage: make-sbom.py --version VERSION OUTPUT PROGRAM [LIBRARY]...

The first program is the subject. Its components are the other files that were built, every shared
library that the loader gives the program, and those that the program loads when it uses them (its
section .note.dlopen) where they are installed, each with its Debian package, version, licence, hash
and what it needs in turn; and what is in the page beside our own code, by web/dist/THIRD-PARTY.txt. With SOURCE_DATE_EPOCH set, the same build gives the same bytes.
"""
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import uuid

THIRD_PARTY = pathlib.Path(__file__).resolve().parents[1] / "web" / "dist" / "THIRD-PARTY.txt"

# By source package. A library that is not here has no licence in the SBOM: unknown is not "none".
LICENCES = {
    "acl": "LGPL-2.1-or-later",
    "attr": "LGPL-2.1-or-later",
    "brotli": "MIT",
    "bzip2": "bzip2-1.0.6",
    "cjose": "MIT",
    "curl": "curl",
    "cyrus-sasl2": "BSD-3-Clause-Attribution",
    "e2fsprogs": "MIT",
    "expat": "MIT",
    "gcc": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "glibc": "LGPL-2.1-or-later",
    "graphviz": "EPL-1.0",
    "gmp": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "gnutls28": "LGPL-2.1-or-later",
    "icu": "Unicode-DFS-2016",
    "keyutils": "LGPL-2.1-or-later",
    "jansson": "MIT",
    "krb5": "MIT",
    "libarchive": "BSD-2-Clause",
    "libb2": "CC0-1.0",
    "libcap2": "BSD-3-Clause OR GPL-2.0-only",
    "libffi": "MIT",
    "libgcrypt20": "LGPL-2.1-or-later",
    "libgpg-error": "LGPL-2.1-or-later",
    "libidn2": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "libpng1.6": "libpng-2.0",
    "libpsl": "MIT",
    "libssh2": "BSD-3-Clause",
    "libtool": "LGPL-2.0-or-later WITH Libtool-exception",
    "libtasn1-6": "LGPL-2.1-or-later",
    "libxlsxwriter": "BSD-2-Clause",
    "minizip": "Zlib",
    "libunistring": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "libxml2": "MIT",
    "libyaml": "MIT",
    "libzstd": "BSD-3-Clause OR GPL-2.0-only",
    "lz4": "BSD-2-Clause",
    "lua5.3": "MIT",
    "nettle": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "nghttp2": "MIT",
    "nghttp3": "MIT",
    "openldap": "OLDAP-2.8",
    "libseccomp": "LGPL-2.1-only",
    "libmicrohttpd": "LGPL-2.1-or-later",
    "libsodium": "ISC",
    "rnp": "BSD-2-Clause AND BSD-3-Clause AND Apache-2.0",
    "botan": "BSD-2-Clause",
    "json-c": "MIT",
    "openssl": "Apache-2.0",
    "p11-kit": "BSD-3-Clause",
    "popt": "MIT",
    "postgresql-15": "PostgreSQL",
    "postgresql-17": "PostgreSQL",
    "rpm": "GPL-2.0-or-later OR LGPL-2.0-or-later",
    "rust-rpm-sequoia": "LGPL-2.0-or-later",
    "rtmpdump": "LGPL-2.1-or-later",
    "simdjson": "Apache-2.0",
    "sexpp": "MIT",
    "sqlite3": "blessing",
    "trousers": "BSD-3-Clause",
    "utf8proc": "MIT AND Unicode-DFS-2016",
    "xxhash": "BSD-2-Clause",
    "xz-utils": "LicenseRef-xz-public-domain",
    "zint": "BSD-3-Clause",
    "zlib": "Zlib",
}


def said(*command):
    """What a program printed, also when it did not know all that it was asked; empty without it."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False,
                              env={**os.environ, "LC_ALL": "C"})
    except OSError:
        return ""
    return done.stdout


def dlopen_notes(path):
    """The entries of .note.dlopen: "feature", "priority" and "soname", the names that are tried."""
    notes = re.findall(rb"\x0a\x0c\x7c\x40FDO\0(\[.*?\])\0", pathlib.Path(path).read_bytes(), re.DOTALL)
    return [entry for note in notes for entry in json.loads(note)]


def opened(path):
    """Names of the libraries that a program loads when it uses them, a list for each purpose."""
    return [entry["soname"] for entry in dlopen_notes(path)]


def installed():
    """Shared libraries that the loader knows: name to file, those of this machine first."""
    rows = re.findall(r"^\t(\S+) \(([^)]*)\) => (/\S+)$", said("/sbin/ldconfig", "-p"), re.MULTILINE)
    return {name: os.path.realpath(file) for name, kind, file in reversed(rows) if "x32" not in kind}


def needed(path):
    names = re.findall(r"\(NEEDED\).*\[(.*)\]", said("readelf", "-dW", path))
    return names + [name for names in opened(path) for name in names]


def loaded(path):
    """Shared libraries of a program: name to file."""
    files = {name: os.path.realpath(file)
             for name, file in re.findall(r"^\t(\S+) => (/\S+) \(", said("ldd", path), re.MULTILINE)}
    known = installed()
    for names in opened(path):
        # The program, too, takes the first one that is there.
        name = next((name for name in names if name in known), None)
        if name and name not in files:
            files.update({name: known[name], **loaded(known[name])})
    return files


def packages_of(paths):
    """path → (package, version, architecture, source) by dpkg, in two calls for all of them."""
    # Packages may still own the name from before /lib became a link to /usr/lib.
    names = {name: path for path in paths for name in (path, path.removeprefix("/usr"))}
    owners = {}
    for line in said("dpkg-query", "-S", *names).splitlines():
        owner, _, name = line.partition(": ")
        if name in names:
            owners.setdefault(names[name], owner.split(", ")[0])
    rows = {}
    for line in said("dpkg-query", "-W", "-f", "${binary:Package}\t${Package}\t${Version}\t"
                     "${Architecture}\t${source:Package}\n", *owners.values()).splitlines():
        key, *row = line.split("\t")
        rows[key] = rows[key.partition(":")[0]] = row
    return {path: rows[owner] for path, owner in owners.items() if owner in rows}


def distro():
    words = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$',
                            pathlib.Path("/etc/os-release").read_text(encoding="utf-8"),
                            re.MULTILINE)) if os.path.exists("/etc/os-release") else {}
    return words.get("ID", ""), words.get("VERSION_ID", "")


def sha256(path):
    return [{"alg": "SHA-256",
             "content": hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()}]


def escaped(version):
    return version.replace(":", "%3A").replace("+", "%2B")


def library(name, path, package):
    component = {"type": "library", "bom-ref": name, "name": name, "hashes": sha256(path),
                 "properties": [{"name": "tutela:soname", "value": name}]}
    if package:
        binary, version, architecture, source = package
        system, release = distro()
        component.update(name=binary, version=version, purl=(
            f"pkg:deb/{system}/{binary}@{escaped(version)}?arch={architecture}"
            f"&distro={system}-{release}" + (f"&upstream={source}" if source != binary else "")))
        component["supplier"] = {"name": system.capitalize()}
        # gcc-12 and gcc-14 are one source with one licence.
        licence = LICENCES.get(source) or LICENCES.get(source.rpartition("-")[0])
        if licence:
            component["licenses"] = [{"expression": licence}]
    return component


def own(path, version, kind):
    return {"type": kind, "bom-ref": pathlib.Path(path).name, "name": pathlib.Path(path).name,
            "version": version, "supplier": {"name": "the Tutela project"},
            "licenses": [{"expression": "Apache-2.0"}], "hashes": sha256(path)}


def in_page(text):
    """The packages of npm in the bundle: the lines "name version (licence)" before the first text of a licence."""
    components = []
    for line in text.partition("\n---- ")[0].splitlines()[1:]:
        row = re.fullmatch(r"(\S+) (\S+) \((.+)\)", line)
        if line and not row:
            sys.exit(f"make-sbom: {THIRD_PARTY}: {line!r} is no \"name version (licence)\"")
        if row:
            name, version, licence = row.groups()
            purl = f"pkg:npm/{name.replace('@', '%40')}@{escaped(version)}"
            components.append({"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
                               **({"licenses": [{"expression": licence}]} if licence != "no licence named" else {})})
    return components


def timestamp():
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.datetime.now(datetime.timezone.utc)
    when = datetime.datetime.fromtimestamp(int(epoch), datetime.timezone.utc) if epoch else now
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def bom(version, program, built):
    subject = own(program, version, "application")
    own_libraries = {pathlib.Path(path).name: path for path in built}
    files = {}
    for path in (program, *built):
        files.update(loaded(path))
    files = {name: path for name, path in sorted(files.items()) if name not in own_libraries}
    components = [own(path, version, "library") for path in built]
    packages = packages_of(files.values())
    components += [library(name, path, packages.get(path)) for name, path in files.items()]
    known = {component["bom-ref"] for component in components}
    page = in_page(THIRD_PARTY.read_text(encoding="utf-8"))
    edges = [(subject["bom-ref"], program), *own_libraries.items(), *files.items()]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": timestamp(),
            "lifecycles": [{"phase": "post-build"}],
            "tools": {"components": [{"type": "application", "name": "make-sbom.py",
                                      "version": version}]},
            "component": subject,
        },
        "components": components + page,
        "dependencies": [{"ref": ref, "dependsOn": sorted(set(needed(path)) & known)}
                         for ref, path in edges] + [{"ref": part["bom-ref"], "dependsOn": []} for part in page],
    }
    document["dependencies"][0]["dependsOn"] += [part["bom-ref"] for part in page]
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).digest()
    return {"serialNumber": f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}", **document}


def main():
    if len(sys.argv) < 5 or sys.argv[1] != "--version":
        print(__doc__, file=sys.stderr)
        return 2
    _, _, version, output, program, *built = sys.argv
    text = json.dumps(bom(version, program, built), indent=2) + "\n"
    pathlib.Path(output).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
