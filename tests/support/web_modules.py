"""The packages of web/ that its build and its tests need: why() says why they are not there, or None.

`npm ci` installs exactly what web/package-lock.json names, below web/node_modules; it runs once, where they are missing or
another lock made them. Without npm, or where its registry does not answer, the tests that need them are skipped.
"""
import fcntl
import pathlib
import shutil
import subprocess

WEB = pathlib.Path(__file__).resolve().parents[2] / "web"
STAMP = WEB / "node_modules" / ".tutela-lock"


def why():
    if not shutil.which("node") or not shutil.which("npm"):
        return "node and npm are not installed"
    lock = (WEB / "package-lock.json").read_bytes()
    with open(WEB / "package-lock.json", "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if STAMP.is_file() and STAMP.read_bytes() == lock:
            return None
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=WEB, capture_output=True, text=True,
                              timeout=600, stdin=subprocess.DEVNULL, check=False)
        if done.returncode:
            return "npm cannot install the packages of web/: " + " ".join(done.stderr.split())[:200]
        STAMP.write_bytes(lock)
    return None
