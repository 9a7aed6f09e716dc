"""schemathesis, the tool that asks by an OpenAPI document, for long runs: installed with pip into the build folder, once."""
import os
import pathlib
import subprocess
import sys

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", pathlib.Path(__file__).resolve().parents[2] / "build")).resolve()


def quiet(command, seconds=600):
    return subprocess.run(command, capture_output=True, check=False, timeout=seconds, stdin=subprocess.DEVNULL).returncode == 0


def tool(why_not=None):
    """(program, None), or (None, why not). `why_not`: what else keeps the test from running."""
    if not os.environ.get("TUTELA_LONG"):
        return None, "only in a long run (./test --long)"
    if why_not:
        return None, why_not
    if sys.version_info < (3, 11):
        return None, "schemathesis 4 needs Python 3.11"
    folder = BUILD / "schemathesis" / "venv"
    program = folder / "bin" / "schemathesis"
    if program.exists():
        return program, None
    if not quiet([sys.executable, "-m", "venv", folder]):
        return None, "no venv"
    if not quiet([folder / "bin" / "python", "-m", "pip", "install", "-q", "schemathesis>=4,<5"]):
        return None, "pip cannot install schemathesis"
    return program, None
