#!/usr/bin/env python3
"""One clock: SOURCE_DATE_EPOCH changes the creation time of documents and nothing else.

usage: clock.py [PROGRAM]
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

from kit import Kit, ROOT

PUMP = ROOT / "examples" / "infusion-pump"
SBOM = PUMP / "infusion-pump.cdx.json"
BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
EPOCHS = {"2020": "1577836800", "2038": "2145916800"}
AT = ("2026-11-29T12:00:00Z", 1795953600)

# Commands that judge.
JUDGED = [
    ("scan", SBOM, "--fail-on", "stale,critical", "-f", "json"),
    ("scan", SBOM, "-f", "table"),
    ("assess", PUMP, "-f", "table", "--fail-on", "uncontrolled,not-assessed>7d,expired"),
    ("assess", PUMP, "-f", "json", "--at", AT[0]),
    ("clocks", PUMP, "--fail-on", "missed"),
    ("clocks", PUMP, "-f", "json", "--at", AT[0]),
    ("device", "check", PUMP),
    ("kb", "info"),
]


def seen(done):
    """The answer without the time at which it was asked."""
    lines = [line for line in done.text.splitlines() if '"at":' not in line]
    return done.returncode, done.complaint, lines


def nothing_is_judged_by_it(kit):
    for command in JUDGED:
        plain = kit.run(*command)
        for year, epoch in EPOCHS.items():
            other = kit.run(*command, env={"SOURCE_DATE_EPOCH": epoch})
            after = kit.run(*command)  # an hour may have ended in between
            kit.check(f"{command[0]} {pathlib.Path(str(command[-1])).name}: as in {year}, so today",
                      seen(other) in (seen(plain), seen(after)), plain.text, other.text)


def decisions_have_the_present(kit):
    folder = kit.path("device")
    shutil.copytree(PUMP, folder)
    assessed = json.loads(kit.run("assess", folder, "-f", "json", "--at", AT[0]).text)
    [finding, *_] = [f for f in assessed["findings"] if f["state"] == "undecided"]
    for year, epoch in EPOCHS.items():
        done = kit.run("decide", folder, finding["id"], "--component", finding["component"]["name"],
                       "--status", "under_investigation", "--by", "A. Person", "--dry-run",
                       env={"SOURCE_DATE_EPOCH": epoch})
        kit.check(f"decide: learned_at is not in {year}", done.returncode == 0
                  and "learned_at: " in done.text and f"learned_at: {year}" not in done.text,
                  done.text, done.complaint)


def documents_have_it(kit):
    for year, epoch in EPOCHS.items():
        env = {"SOURCE_DATE_EPOCH": epoch}
        vex = json.loads(kit.run("vex", "write", PUMP, "--format", "openvex", env=env).text)
        kit.check(f"vex write: the document is of {year}", vex["timestamp"].startswith(year), vex)
        statements = json.loads(kit.run("vex", "write", PUMP, "--format", "openvex").text)["statements"]
        kit.check(f"vex write: what is stated does not depend on {year}",
                  vex["statements"] == statements, vex)


def a_consumer_gives_the_same(kit):
    """The use cases without the command line: no environment, standard error closed."""
    consumer, kb = BUILD / "tests" / "consumer" / "consumer-use-cases", BUILD / "starter.kb"
    commands = {"scan": ("scan", SBOM), "assess": ("assess", PUMP), "clocks": ("clocks", PUMP),
                "vex": ("vex", "write", PUMP)}
    for name, command in commands.items():
        form = "openvex" if name == "vex" else "json"
        wanted = kit.run(*command, "--format", form, "--kb", kb, "--at", AT[0])
        out = kit.path(f"{name}.out")
        # pylint: disable=subprocess-popen-preexec-fn
        done = subprocess.run([consumer, name, kb, str(AT[1]), str(AT[1]), command[-1], out], env={},
                              preexec_fn=lambda: os.close(2), check=False)
        got = pathlib.Path(out).read_bytes()
        kit.check(f"consumer: {name} is what the program prints",
                  done.returncode == 0 and len(wanted.stdout) > 1000 and got == wanted.stdout,
                  done.returncode, wanted.complaint, got[:200])


def main():
    kit = Kit()
    nothing_is_judged_by_it(kit)
    decisions_have_the_present(kit)
    documents_have_it(kit)
    a_consumer_gives_the_same(kit)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
