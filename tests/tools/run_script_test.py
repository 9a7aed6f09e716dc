#!/usr/bin/env python3
"""./run says what it builds and then gives a short answer, or shows why it failed.

The script runs in a copy with a meson and a ninja of its own, so that nothing is built; the program is the
one that is under test.
Prints TAP.

usage: run_script_test.py PROGRAM
"""
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

MESON = '#!/bin/sh\nmkdir -p "$2" && touch "$2/build.ninja"\n'
NINJA = """#!/bin/sh
case " $* " in *" -n "*) echo "[0/8] would build"; exit 0;; esac
for n in 1 2 3 4 5 6 7 8; do echo "[$n/8] Compiling part $n"; done
%s
"""
SOUND, BROKEN = NINJA % "exit 0", NINJA % 'echo "part.c:3: error: planted"; exit 1'


def check(number, what, fine, *shown):
    print(f"{'ok' if fine else 'not ok'} {number} - {what}")
    if not fine:
        for item in shown:
            print("# " + str(item).replace("\n", "\n# "))


def prepare(folder, program, ninja):
    (folder / "tools").mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "build").mkdir()
    shutil.copy(ROOT / "run", folder / "run")
    shutil.copytree(ROOT / "examples", folder / "examples")
    shutil.copy(ROOT / "tools" / "make-demo", folder / "tools" / "make-demo")
    (folder / "build" / "tutela").symlink_to(pathlib.Path(program).resolve())
    for name, text in (("bin/meson", MESON), ("bin/ninja", ninja), ("tools/install-deps", "#!/bin/sh\n")):
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)


def run(folder, *arguments):
    env = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    for name in ("TUTELA_KB", "XDG_DATA_HOME", "TUTELA_CONFIG"):
        env.pop(name, None)
    env["HOME"] = str(folder)
    return subprocess.run([folder / "run", *arguments], capture_output=True, text=True, env=env, check=False,
                          stdin=subprocess.DEVNULL, timeout=120)


def instance(folder):
    """Which workspace it is."""
    return re.search(r"[0-9a-f]{32}", (folder / "build" / "demo" / "tutela.yaml").read_text(encoding="utf-8"))[0]


def on_terminal(folder, *arguments):
    """./run with a terminal, until the service says its address; then Ctrl+C. What it wrote, and its exit code."""
    child, terminal = pty.fork()
    if child == 0:
        for name in ("TUTELA_KB", "XDG_DATA_HOME", "TUTELA_CONFIG"):
            os.environ.pop(name, None)
        os.environ.update(PATH=f"{folder / 'bin'}:{os.environ['PATH']}", HOME=str(folder), TUTELA_LISTEN="127.0.0.1:0")
        os.execv(folder / "run", [folder / "run", *arguments])
    written, asked = b"", False
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        written += part
        if re.search(rb"listening on http://[^\r\n]*\r?\n", written) and not asked:
            asked = os.write(terminal, b"\x03") == 1
    os.close(terminal)
    return written.decode(errors="replace"), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as temporary:
        sound, broken = pathlib.Path(temporary) / "a folder", pathlib.Path(temporary) / "broken"
        prepare(sound, program, SOUND)
        prepare(broken, program, BROKEN)
        done = run(sound)
        text = done.stdout
        check(1, "the exit code is 0", done.returncode == 0, done.stderr)
        check(2, "without a terminal the build reports each quarter",
              [line for line in done.stderr.splitlines() if "%" in line] ==
              [f"tutela: building: {25 * n} % ({2 * n} of 8)" for n in (1, 2, 3, 4)], done.stderr)
        wanted = ["2 cleared by what the SBOM", "exploitability", "Next deadline", "CVE-2022-30767",
                  "build/infusion-pump.html"]
        check(3, "summary, matrix, next deadline, findings, report",
              all(word in text for word in wanted) and re.search(r"\b10 of [1-9]\d+ findings", text), [word for word in wanted if word not in text], text)
        check(4, "it is short", len(text.splitlines()) <= 70, len(text.splitlines()))
        check(5, "the report is written",
              "What to do today" in (sound / "build" / "infusion-pump.html").read_text(encoding="utf-8"))
        check(6, "no line looks like an error", "tutela " not in done.stderr.replace("tutela: ", "") and
              not any(line.startswith("tutela ") for line in text.splitlines()), done.stderr)
        done = run(sound, "--version")
        check(7, "arguments go to the program", done.stdout.startswith("tutela ") and done.returncode == 0,
              done.stdout)
        done = run(sound, "scan", "nothing.json")
        check(8, "the exit code is the program's", done.returncode == 3, done.returncode, done.stderr)
        done = run(broken)
        check(9, "a failed build shows its log and ends with 4",
              done.returncode == 4 and "part.c:3: error: planted" in done.stderr and not done.stdout, done.stderr)
        done = run(broken)
        check(10, "also the next time", done.returncode == 4, done.returncode)
        check(11, "without a terminal there is no workspace", not (sound / "build" / "demo").exists())
        text, code = on_terminal(sound)
        check(12, "on a terminal the answer is followed by the service, which Ctrl+C ends",
              code == 0 and "Full answers" in text and "listening on http://127.0.0.1:" in text, code, text[-2000:])
        before = instance(sound)
        text, code = on_terminal(sound)
        check(13, "the workspace is kept", code == 0 and instance(sound) == before, code, text[-2000:])
        done = run(sound, "proposals", "--in", sound / "build" / "demo")
        check(14, "the examples are in it; how to sign in and to begin with one's own data is said", "alder-pm-50" in done.stdout and
              all(word in text for word in ("psirt-lead", "demonstration-on-this-machine", "admin init MY-DATA")), done.stdout, text)
        text, code = on_terminal(sound, "--fresh")
        check(15, "--fresh makes it anew", code == 0 and instance(sound) != before, code, text[-2000:])
        before = instance(sound)
        text, code = on_terminal(sound, "--no-serve")
        check(16, "--no-serve ends with the short answer", code == 0 and "Full answers" in text and "listening" not in text and
              instance(sound) == before, code, text[-500:])
    print("1..16")
    return 0


if __name__ == "__main__":
    sys.exit(main())
