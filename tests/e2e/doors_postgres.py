#!/usr/bin/env python3
"""The doors on PostgreSQL: the scripts that go through them on SQLite, each once more with databases of a server.

usage: doors_postgres.py [PROGRAM]

In a short run two of them; all in a long one (TUTELA_LONG). But for notify.py: it kills a service and waits for what that had in hand, which
other nodes of a PostgreSQL may only take when its lease is over (nodes.py).
"""
import os
import subprocess
import sys

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import postgres  # noqa: E402

SHORT = ("connect_doors", "dtrack_upload")
LONG = ("dtrack_findings", "dtrack_page", "dtrack_import", "csaf_provider", "tea", "reports", "mailbox", "api_signals", "api_reports",
        "api_own_case", "api_cases", "api_decisions", "api_statements", "api_publications", "api_ledger", "api_sboms")
WRONG = 3  # lines of what failed that are shown, of each


def one(kit, name, port):
    done = subprocess.run([sys.executable, str(ROOT / "tests" / "e2e" / f"{name}.py"), kit.program], capture_output=True, text=True, errors="replace",
                          env={**os.environ, "TUTELA_TEST_POSTGRES": str(port)}, check=False, timeout=900)
    lines = done.stdout.splitlines()
    skipped = next((line for line in lines if line.startswith("1..0 # SKIP")), None)
    if skipped:
        kit.check(f"{name} {skipped[5:]}", True)
        return
    wrong = [line for at, line in enumerate(lines) if any(each.startswith("not ok") for each in lines[max(0, at - WRONG + 1):at + 1])]
    passed = sum(line.startswith("ok ") for line in lines)
    kit.check(f"{name}: {passed} checks", done.returncode == 0 and passed and not wrong, "\n".join(wrong), done.stderr[-1000:])


def main():
    kit = Kit()
    why = client.WHY_NOT or postgres.why_not()
    if why:
        print(f"1..0 # SKIP {why}")
        return 0
    with postgres.Server() as server:
        for name in SHORT + (LONG if os.environ.get("TUTELA_LONG") else ()):
            one(kit, name, server.port)
        made = int(server.sql("postgres", "SELECT COUNT(*) FROM pg_database WHERE datname LIKE '%!_%!_%' ESCAPE '!'"))
        kit.check("their databases were the server's", made >= len(SHORT), made)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
