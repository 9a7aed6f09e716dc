#!/usr/bin/env python3
"""docs/operate.md is true: each command in its blocks of sh runs, in order, and ends with 0.

The places of the page (/var/lib/tutela, /etc/tutela, /var/backups) lie in a folder of the test, its ports are free ones;
systemctl, journalctl, runuser and install are small scripts here that do what they would, without root. Blocks named
"packages" are run by tests/releases/deb.py, those of "postgres" where a server can be started. Prints TAP.

usage: operate.py [PROGRAM]
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys

import kit as e2e

sys.path.insert(0, str(e2e.ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import postgres  # noqa: E402

PAGE = (e2e.ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
CONFIG = (e2e.ROOT / "packaging" / "server" / "tutela.conf").read_text(encoding="utf-8")
ELSEWHERE = ("packages",)  # tests/releases/deb.py
SHIMS = {
    # runuser -u USER -- COMMAND…
    "runuser": 'shift 3; exec "$@"',
    "install": 'exec /usr/bin/install -d -m 700 "${@: -1}"',
    "journalctl": 'grep /setup# "$HERE/log"',
    # What the unit does: packaging/server/tutela.service.
    "systemctl": """
start() {
	touch "$HERE/log"
	before=$(grep -c "^listening on" "$HERE/log")
	setsid tutela --config "$HERE/etc/tutela/tutela.conf" serve >>"$HERE/log" 2>&1 </dev/null &
	echo $! >"$HERE/pid"
	# ready: when it says so (sd_notify)
	while [ "$(grep -c "^listening on" "$HERE/log")" = "$before" ]; do kill -0 "$(cat "$HERE/pid")" && sleep 0.02 || exit 1; done
}
stop() { kill "$(cat "$HERE/pid")"; while kill -0 "$(cat "$HERE/pid")" 2>/dev/null; do sleep 0.02; done; }
case "$1" in
enable | start) start ;;
stop) stop ;;
restart) stop; start ;;
reload) kill -HUP "$(cat "$HERE/pid")" ;;
*) echo "systemctl: $*" >&2; exit 2 ;;
esac""",
}


class Machine:
    """A folder that stands for the root of a machine."""

    def __init__(self, kit, name):
        self.here = kit.folder / name
        self.ports = {"8080": postgres.free_port(), "8443": postgres.free_port()}
        self.database = ""
        for place in ("bin", "var/lib/tutela", "var/backups", "etc/tutela", "home"):
            (self.here / place).mkdir(parents=True)
        (self.here / "var/lib/tutela").chmod(0o700)
        for shim, text in SHIMS.items():
            path = self.here / "bin" / shim
            path.write_text("#!/bin/bash\n" + text + "\n", encoding="utf-8")
            path.chmod(0o755)
        (self.here / "bin" / "tutela").symlink_to(kit.program)
        (self.here / "etc/tutela/password").write_text("a long password for a test\n", encoding="utf-8")
        (self.here / "etc/tutela/password").chmod(0o600)
        self.configure("")

    def placed(self, text):
        """A text of the page, for this machine."""
        for place in ("/var/lib/tutela", "/etc/tutela", "/var/backups"):
            text = text.replace(place, f"{self.here}{place}")
        for port, free in self.ports.items():
            text = text.replace(f":{port}", f":{free}")
        return text.replace("0.0.0.0", "127.0.0.1").replace("postgresql://tutela@db/tutela", self.database)

    def configure(self, more):
        listen = "" if "listen" in more else "listen = 127.0.0.1:8080\n"
        (self.here / "etc/tutela/tutela.conf").write_text(self.placed(CONFIG + listen + more), encoding="utf-8")

    def run(self, command):
        done = subprocess.run(["bash", "-c", self.placed(command)], cwd=self.here, capture_output=True, check=False, timeout=300,
                              stdin=subprocess.DEVNULL, env={"PATH": f"{self.here}/bin:{os.environ['PATH']}", "HERE": str(self.here),
                                                             "HOME": str(self.here / "home"), "LC_ALL": "C.UTF-8",
                                                             **{key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")}})
        done.text, done.complaint = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        return done

    def end(self):
        """What a test that failed left."""
        try:
            os.kill(int((self.here / "pid").read_text()), signal.SIGKILL)
        except (OSError, ValueError):
            pass


def blocks():
    """(language, name, lines) of each block of the page; lines that end with a backslash are joined."""
    for head, text in re.findall(r"^```(\S+(?: \S+)?)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        language, _, name = head.partition(" ")
        yield language, name, re.sub(r"\\\n\s*", " ", text)


# What must be in the answer to a command that has these words in it.
ANSWERS = (("/readyz", '"status":"ok"'), ("/metrics", "tutela_http_connections"), ("/setup#", "/setup#"), ("user list", "administrator"), ("key add", "tut_"),
           ("tutela backup", "verified"), ("tutela restore", "instance"), ("ledger verify", "checkpoint"), ("admin move", "moved"))


def run_block(kit, machine, title, text):
    for command in filter(None, text.splitlines()):
        done = machine.run(command)
        wanted = [word for words, word in ANSWERS if words in command]
        fine = done.returncode == 0 and all(word in done.text for word in wanted)
        kit.check(f"{title}: {command}", fine, f"exit code {done.returncode}, wanted in it {wanted}", done.text, done.complaint,
                  *([(machine.here / "log").read_text(encoding="utf-8")[-2000:]] if not fine and (machine.here / "log").exists() else []))
        if "-f json" in command:
            checks = json.loads(done.text)["checks"]
            kit.check("doctor: nothing is an error", all(row["state"] != "error" for row in checks), checks)


def certificate(machine):
    folder = machine.here / "etc/tutela"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=tutela.example", "-addext", "subjectAltName=DNS:tutela.example",
                    "-out", folder / "certificate.pem", "-keyout", folder / "key.pem"], check=True, capture_output=True)


def follow(kit, machines, server):
    """The blocks in the order of the page. "ini NAME" is the configuration of what follows, until another name comes."""
    first = machines[0]
    configured = False
    for language, name, text in blocks():
        machine = machines[1] if name == "node" else first
        if name in ELSEWHERE:
            continue
        if name in ("postgres", "node") and not server:
            kit.check(f"{name} # SKIP {postgres.why_not()}", True)
        elif language == "ini":
            machine.configure(text)
            configured = True
            run_block(kit, machine, f"with the options for {name}", "systemctl restart tutela" if name != "tls" else "")
        elif language == "sh":
            if configured and name != "tls":
                machine.configure("")
                machine.run("systemctl restart tutela")
                configured = False
            if name == "node":  # it was carried there
                shutil.copy(first.here / "var/backups/tutela-node.tar", machine.here / "var/backups")
            run_block(kit, machine, name or "in order", text)


def main():
    missing = [tool for tool in ("curl", "openssl", "tar") if not shutil.which(tool)]
    if missing:
        print(f"1..0 # SKIP not installed: {', '.join(missing)}")
        return 0
    kit = e2e.Kit()
    names = {(language, name) for language, name, _ in blocks()}
    kit.check("every block has a name that is known", names <= {("sh", name) for name in ("", "packages", "tls", "postgres", "node")} |
              {("ini", "proxy"), ("ini", "tls")}, names)
    machines = [Machine(kit, name) for name in ("one", "two")]
    certificate(machines[0])
    try:
        if postgres.why_not():
            follow(kit, machines, None)
        else:
            with postgres.Server() as server:
                for machine in machines:
                    machine.database = server.database("tutela")
                follow(kit, machines, server)
                for machine in machines:
                    machine.end()
    finally:
        for machine in machines:
            machine.end()
    log = pathlib.Path(machines[0].here / "log").read_text(encoding="utf-8")
    kit.check("the log warned of the certificate that ends", "certificate ends at" in log, log[-2000:])
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
