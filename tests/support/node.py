"""Node for tests of the page: a copy of web/ with its packages installed, and programs run in it.

    try:
        folder = node.installed(somewhere)     # web/ without what was built, and `npm ci`
    except node.Absent as why:                 # no Node, no npm, or no registry: the test is skipped
        ...
    done = node.run(folder, "npm", "run", "check")
"""
import fcntl
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess

WEB = pathlib.Path(__file__).resolve().parents[2] / "web"
OLDEST = 18  # "engines" of web/package.json
NO_REGISTRY = re.compile(r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED"
                         r"|E40[137]|E5\d\d|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)\b")


class Absent(Exception):
    """What a test of the page needs and this machine does not have."""


def run(folder, *words, seconds=600, **env):
    """The program's end: returncode, and stdout with stderr."""
    return subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, stdin=subprocess.DEVNULL,
                          timeout=seconds, env={**os.environ, "CI": "1", "NO_COLOR": "1", "NO_UPDATE_NOTIFIER": "1", **env})


def need_node():
    for name in ("node", "npm"):
        if not shutil.which(name):
            raise Absent(f"{name} is not installed")
    said = run("/", "node", "--version").stdout.strip()
    version = re.match(r"v(\d+)\.", said)
    if not version or int(version[1]) < OLDEST:
        raise Absent(f"node is {said}; the page needs {OLDEST} or newer")


def is_installed(folder):
    """The packages of the lock file are there: npm keeps what it installed beside them."""
    kept = folder / "node_modules" / ".package-lock.json"
    if not kept.is_file():
        return False
    wanted = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    have = json.loads(kept.read_text(encoding="utf-8"))["packages"]
    return all(name in have and have[name]["version"] == row["version"] for name, row in wanted.items() if name and not row.get("optional"))


def copied(folder):
    shutil.copytree(WEB, folder, dirs_exist_ok=True, ignore=lambda at, names: {"dist", "node_modules"} & set(names) if pathlib.Path(at) == WEB else set())
    return folder


def digest_of(folder):
    """Of the names and bytes of what copied() copies."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if name.parts[0] not in ("dist", "node_modules") and path.is_file():
            digest.update(f"{name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.digest()


def installed(folder):
    """A copy of web/ in `folder`, its packages installed as the lock file has them."""
    need_node()
    copied(folder)
    try:
        done = run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1", "--fetch-timeout=60000",
                   seconds=300)
    except subprocess.TimeoutExpired as slow:
        raise Absent("npm did not install the packages of web/ within five minutes") from slow
    if done.returncode and NO_REGISTRY.search(done.stdout):
        raise Absent("the registry of npm does not answer")
    if done.returncode:
        raise SystemExit(f"Bail out! npm ci: {done.stdout[-3000:]}")
    return folder


def workshop():
    """web/ itself where its packages are installed, else a copy in the build folder, installed once for all tests."""
    need_node()
    if is_installed(WEB):
        return WEB
    folder = pathlib.Path(os.environ.get("TUTELA_BUILD", WEB.parent / "build")) / "web-tests"
    with open(folder.with_suffix(".lock"), "a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # scenes run side by side
        if not is_installed(folder):
            installed(folder)
        elif digest_of(WEB) != digest_of(folder):
            for path in folder.iterdir():  # what was copied of an older web/
                if path.name != "node_modules":
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            copied(folder)
    return folder
