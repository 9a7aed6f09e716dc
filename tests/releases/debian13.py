#!/usr/bin/env python3
"""./run and ./test on a bare Debian 13: another gcc, Python and other libraries than Debian 12 has.

Runs in a root file system that debootstrap made (roots.py). Prints TAP.

usage: debian13.py
"""
import re
import sys

import roots

RELEASE = "trixie"


def main():
    why = roots.why_not(RELEASE)
    if why:
        print(f"1..0 # SKIP {why}")
        return 0
    tap = roots.Tap()
    with roots.Root(RELEASE, roots.with_tools(RELEASE)) as root:
        roots.tree(root.path("/srv/tutela/x").parent)
        done = root.run("cd /srv/tutela && ./run 2>&1")
        tap.answers("./run on Debian 13 shows the example", done, "Next deadline", "build/infusion-pump.html")
        done = root.run("cd /srv/tutela && grep -n 'warning:' build/run.log; exit 0")
        tap.line("no warnings of its compiler", not done.stdout, done.stdout)
        done = root.run("cd /srv/tutela && ./test 2>&1", timeout=4 * 3600)
        last = (done.stdout.strip().splitlines() or ["nothing"])[-1]
        tap.line(f"./test on Debian 13: {last}", done.returncode == 0 and
                 re.fullmatch(r"\d{4,} passed, 0 failed, \d+ skipped", last), done.stdout)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
