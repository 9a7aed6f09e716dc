"""A scene in a browser: the demonstration workspace, the service, and a script for Chromium.

    sys.exit(scene.play("pages.mjs"))

The script gets TUTELA_URL and TUTELA_PASSWORD, imports browser.mjs, and prints TAP. It is skipped with one line where Node, the
packages of web/ or Chromium are not there. Before it the workspace is made anew: a scene may change whatever it likes.
"""
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "e2e")]
sys.dont_write_bytecode = True
import client  # noqa: E402
import node  # noqa: E402
from kit import Kit  # noqa: E402

PASSWORD = "demonstration-on-this-machine"
CHROMIUM = os.environ.get("TUTELA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def why_not():
    if client.WHY_NOT:
        return client.WHY_NOT
    if not CHROMIUM:
        return "Chromium is not installed"
    try:
        node.workshop()
    except node.Absent as why:
        return str(why)
    return None


def play(script, *arguments, prepare=None, empty=False):
    """Run tests/web/SCRIPT; the exit code. `prepare(kit, data)` puts more into the workspace before it is served. `empty`: there is nothing in it,
    and TUTELA_TOKEN is that of the link of the first start."""
    reason = why_not()
    if reason:
        print(f"1..0 # SKIP {reason}")
        return 0
    kit = Kit()
    data = pathlib.Path(kit.path("demo"))
    maker = [kit.program, "admin", "init", data] if empty else [sys.executable, ROOT / "tools" / "make-demo", kit.program, data]
    made = subprocess.run(maker, capture_output=True, text=True, timeout=300, check=False)
    if made.returncode:
        print(f"1..1\nnot ok 1 - the workspace is made\n# {made.stderr}")
        return 1
    if prepare:
        prepare(kit, data)
    with client.Service(kit, data) as service:
        env = {**os.environ, "TUTELA_URL": f"http://127.0.0.1:{service.port}", "TUTELA_PASSWORD": PASSWORD, "TUTELA_CHROMIUM": CHROMIUM,
               "TUTELA_WEB": str(node.workshop()), "TUTELA_PROGRAM": kit.program, "TUTELA_DATA": str(data),
               **({"TUTELA_TOKEN": service.setup_token()} if empty else {})}
        return subprocess.run(["node", HERE.parent / script, *arguments], env=env, check=False, timeout=1800).returncode
