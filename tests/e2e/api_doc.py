#!/usr/bin/env python3
"""docs/api.md is true: each command in its blocks of sh runs, in order, in one shell, and ends with 0; what follows a block as
"answer" is in what its last command printed. The port is a free one. Prints TAP.

usage: api_doc.py [PROGRAM]
"""
import os
import re
import shutil
import signal
import subprocess
import sys

import kit as e2e

sys.path.insert(0, str(e2e.ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import postgres  # noqa: E402

PAGE = (e2e.ROOT / "docs" / "api.md").read_text(encoding="utf-8")
# what must be in the answer to a command that has these words in it
ANSWERS = (("/readyz", '"status":"ok"'), ("admin.jar $URL/v1/me |", '"login": "admin"'), ("has_sbom", '"name": "4.4.0"'), ("dry-run", '"possible": true'),
           ("notes_left_out", '"findings": '), ("jq .gaps", '"releases_without_sbom": 1'), ("approver.jar -H \"$APPROVER\" -H 'Content-Type: application/json' -d @approve.json", '"approved"'), ("jq .views", '"count": '),
           ("findings/without", '"term": "component:no-such-thing"'), ("limit=0", '"errors": ['))


def blocks():
    """(commands, what the last one must print) of each block of sh."""
    for language, text in re.findall(r"^```(\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        if language == "sh":
            yield [line for line in text.splitlines() if line.strip()], []
        elif language == "answer":
            yield None, text.split("\n")[:-1]


def steps():
    """(command, words that must be in what it prints)."""
    found = []
    for commands, wanted in blocks():
        if commands is None:
            found[-1][1].extend(wanted)
            continue
        for command in commands:
            found.append((command, [word for words, word in ANSWERS if words in command + "\n"]))
    return found


class Shell:
    """One bash that runs commands one after the other."""

    def __init__(self, here, program):
        self.here = here
        self.process = subprocess.Popen(
            ["bash", "-o", "pipefail"], cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(here), "LC_ALL": "C.UTF-8"}, text=True)

    def run(self, command):
        """(exit code, what it printed)."""
        self.process.stdin.write(f"{command}\nprintf '\\n==%s==\\n' $?\n")
        self.process.stdin.flush()
        printed = []
        for line in self.process.stdout:
            end = re.fullmatch(r"==(\d+)==\n", line)
            if end:
                return int(end[1]), "".join(printed)
            printed.append(line)
        return -1, "".join(printed)

    def end(self):
        for name in ("serve.pid", "events.pid"):
            try:
                os.kill(int((self.here / name).read_text()), signal.SIGKILL)
            except (OSError, ValueError):
                pass
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def page(kit, base):
    """Each address of the page is its one document, which runs files of this host and nothing else."""
    ask = lambda method, path: client.Client(base, {}).call(method, path, strict=False)
    for path in ("/", "/setup", "/sign-in", "/findings", "/findings/CVE-1/a/b", "/devices/x/safety", "/admin/users"):
        answer = ask("GET", path)
        policy = answer.headers["Content-Security-Policy"]
        kit.check(f"the page at {path}", answer.status == 200 and answer.headers["Content-Type"].startswith("text/html") and "<noscript>" in answer.text, answer)
        kit.check(f"{path} takes scripts of its own alone", "script-src 'self';" in policy and "unsafe" not in policy and "http" not in policy and
                  not re.search(r"<script[^>]*>[^<]|\sstyle=|\son\w+=", answer.text), answer.headers)
    for name in re.findall(r'(?:src|href)="(/[^"]+)"', ask("GET", "/").text):
        answer = ask("GET", name)
        kit.check(f"its file {name.rsplit('-', 1)[0]} is there", answer.status == 200 and
                  ("immutable" in answer.headers["Cache-Control"]) == name.startswith("/assets/"), answer.headers)
    for path in ("/nowhere", "/findingsx", "/assets/gone.js", "/ledger/x", "/index"):
        kit.check(f"{path} is no page", ask("GET", path).status == 404, path)
    other = client.Client(base, {}).call("POST", "/setup", "x", strict=False)
    kit.check("nothing is sent there", other.status in (404, 413), other)


def main():
    kit = e2e.Kit()
    missing = [tool for tool in ("bash", "curl", "jq") if not shutil.which(tool)] or client.WHY_NOT
    if missing:
        print(f"1..0 # SKIP {missing}")
        return 0
    here = kit.folder / "walk"
    here.mkdir()
    (here / "examples").symlink_to(e2e.ROOT / "examples")
    (here / "starter").symlink_to(e2e.ROOT / "data" / "starter")
    port = postgres.free_port()
    shell = Shell(here, e2e.pathlib.Path(kit.program).resolve())
    try:
        for command, wanted in steps():
            code, printed = shell.run(command.replace(":8080", f":{port}"))
            kit.check(command[:150], code == 0 and all(word in printed for word in wanted), f"exit code {code}, wanted {wanted}", printed)
            name = re.match(r"([A-Z]+)=", command)
            if name:
                value = shell.run(f'printf %s "${name[1]}"')[1].strip()
                kit.check(f"{name[1]} has a value", value and value.split()[-1] != "null", value)
            if command.startswith("URL="):
                page(kit, client.Place(port))
            if code < 0:
                break
    finally:
        shell.end()
    return kit.done()


sys.exit(main())
