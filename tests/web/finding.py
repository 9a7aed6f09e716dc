#!/usr/bin/env python3
"""The page of a finding in Chromium, on the demonstration workspace: finding.mjs has the scenes.

usage: finding.py PROGRAM [SCENE]

Skipped where there is no Node, no Chromium, no web/node_modules (npm ci), or no such page in the bundle yet.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCENES = pathlib.Path(__file__).with_suffix(".mjs")


def chromium():
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def why_not():
    if not shutil.which("node"):
        return "node is not installed"
    if not chromium():
        return "chromium is not installed"
    if not (ROOT / "web" / "node_modules" / "playwright-core").is_dir():
        return "web/node_modules is missing: cd web && npm ci"
    if not list((ROOT / "web" / "dist" / "assets").glob("FindingPage-*.js")):
        return "web/dist has no page of a finding yet"
    return None


def main():
    program = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "tutela").resolve())
    reason = why_not()
    if reason:
        print(f"ok 1 - the page of a finding # SKIP {reason}\n1..1")
        return 0
    with tempfile.TemporaryDirectory(prefix="tutela-web-") as folder:
        data = str(pathlib.Path(folder) / "demo")
        subprocess.run([ROOT / "tools" / "make-demo", program, data], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        service = subprocess.Popen([program, "serve", "--data", data, "--listen", "127.0.0.1:0"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            address = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)\n", service.stdout.readline())
            if not address:
                print("not ok 1 - the service starts\n1..1")
                return 1
            return subprocess.run(["node", SCENES, address[1], *sys.argv[2:]], check=False, stdin=subprocess.DEVNULL,
                                  env={**os.environ, "CHROMIUM": chromium()}).returncode
        finally:
            service.terminate()
            service.wait()


if __name__ == "__main__":
    sys.exit(main())
