#!/usr/bin/env python3
"""The deadlines of the example pump and of siblings of it, byte for byte: tests/golden/clocks.

usage: clocks.py [--update] [PROGRAM]

A row of SCENES is a file: the time, and the texts of the example that are replaced. --update writes
what comes out now; look at the difference before it is committed.
"""
import difflib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().with_suffix("")
ROOT = FOLDER.parents[2]
PUMP = ROOT / "examples" / "infusion-pump"
WIDE = {"markets: [US, EU]": "markets: [US, EU, CA, CH]"}
SOFTWARE = {"medical: true": "medical: false", "markets: [US, EU]": "markets: [EU]",
            "markets: [US]": "markets: [EU]"}
ABROAD = {**SOFTWARE, "markets: [US, EU]": "markets: [US, JP]", "markets: [US]": "markets: [Japan]",
          "markets: [EU]": "markets: [CA, US]"}
LONELY = {"isao_member: true": "isao_member: false", "  isao: Example Health ISAO\n": ""}
BERLIN = {'time_zone: "-05:00"': 'time_zone: "+02:00"', "holidays: [2026-01-01,": "holidays: ["}
INCIDENT = {"  - event: plan-made\n    at: 2026-02-20": "  - event: serious-incident\n"
            "    at: 2026-02-18T09:00:00Z\n    evidence: complaint 7\n"
            "  - event: report-803-sent\n    at: 2026-03-25T09:00:00Z\n    evidence: MDR 7\n"
            "  - event: plan-made\n    at: 2026-02-20"}


def reported(at):
    """The report of a correction that its own report of part 806 does not have."""
    return {"evidence: ECO-2110": "evidence: ECO-2110\n  - event: report-803-sent\n"
            f"    at: {at}\n    evidence: MDR 9\n    contents:\n      - correction"}


def happened(at, words):
    """Those events, at one time, on a vulnerability whose risk is not decided."""
    events = "".join(f"\n  - event: {word}\n    at: {at}\n    evidence: record of {word}"
                     for word in words.split())
    return {"evidence: decision wpa-p2p": "evidence: decision wpa-p2p" + events}


# The event that starts each row, and the one that meets it.
STARTS = """correction-extended reportable-event-known remedial-action-needed requested-event-known
    report-803-information-received serious-incident-known death-known public-health-threat-known
    fsca-initiated potential-incident-known risk-abroad-known recall-decided recall-initiated
    exploitation-known fix-available severe-incident-known incident-notified
    significant-incident-known nis2-notified"""
STOPS = """report-806-amended report-803-sent report-803-5-sent report-803-supplement-sent
    incident-reported fsca-reported field-safety-notice-sent incident-reported-ch fsca-reported-ch
    incident-reported-ca risk-abroad-reported-ca recall-notified-ca recall-reported-ca
    early-warning-sent notification-sent final-report-sent users-told incident-warning-sent
    incident-final-report-sent nis2-warning-sent nis2-final-report-sent"""
# What no row of these products has, and what only waives: known all the same.
OTHERS = """customers-told controls-identified plan-made rationale-documented fix-distributed
    fix-validated correction-initiated report-806-sent mitigation-available isao-told
    serious-event-known report-1004-sent deadline-waived assessed"""
EVERY = happened("2026-10-30T09:00:00Z", STARTS)
ENDED = happened("2026-10-30T09:00:00Z", STARTS + " " + STOPS + " " + OTHERS)

SCENES = {
    "first-days": ("2026-02-10T12:00:00Z", {}),
    "in-march": ("2026-03-10T12:00:00Z", {}),
    "in-july": ("2026-07-10T12:00:00Z", {}),
    "last-second": ("2026-07-16T04:59:59Z", {}),
    "a-second-later": ("2026-07-16T05:00:00Z", {}),
    "four-markets": ("2026-07-10T12:00:00Z", WIDE),
    "other-product": ("2026-11-10T12:00:00Z", SOFTWARE),
    "other-product-abroad": ("2026-07-10T12:00:00Z", ABROAD),
    "no-isao": ("2026-07-10T12:00:00Z", LONELY),
    "other-zone": ("2026-07-10T12:00:00Z", BERLIN),
    "serious-incident": ("2026-07-10T12:00:00Z", {**WIDE, **INCIDENT}),
    "reported-in-time": ("2026-07-10T12:00:00Z", {**LONELY, **reported("2026-04-01T09:00:00Z")}),
    "reported-late": ("2026-07-10T12:00:00Z", {**LONELY, **reported("2026-05-01T09:00:00Z")}),
    "every-row": ("2026-10-30T09:00:00Z", {**WIDE, **EVERY}),
    "every-row-later": ("2027-01-01T00:00:00Z", {**WIDE, **EVERY}),
    "every-row-other-product": ("2026-10-30T09:00:00Z", {**SOFTWARE, **EVERY}),
    "every-row-ended": ("2027-01-01T00:00:00Z", {**WIDE, **ENDED}),
    "every-row-ended-other-product": ("2027-01-01T00:00:00Z", {**SOFTWARE, **ENDED}),
    "incident-without-isao": ("2026-04-10T12:00:00Z", {**LONELY, **INCIDENT}),
}


def copied(folder, texts):
    """The example with other texts, each of which must be there."""
    shutil.copytree(PUMP, folder)
    missing = set(texts)
    for path in [folder / "device.yaml", *folder.glob("decisions/*.yaml")]:
        text = path.read_text(encoding="utf-8")
        for old, new in texts.items():
            if old in text:
                missing.discard(old)
                text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    if missing:
        raise SystemExit(f"clocks.py: the example has no {missing}")
    return folder


def answer(program, folder, at):
    done = subprocess.run([program, "clocks", str(folder), "--at", at, "--format", "json"],
                          cwd=ROOT, capture_output=True, timeout=60, check=False)
    return done.stdout.decode() if done.returncode == 0 else done.stderr.decode()


def main():
    arguments = sys.argv[1:]
    update = "--update" in arguments
    arguments = [argument for argument in arguments if argument != "--update"]
    default = os.environ.get("TUTELA_PROGRAM", str(ROOT / "build" / "tutela"))
    program = os.path.abspath(arguments[0] if arguments else default)
    failed = 0
    FOLDER.mkdir(exist_ok=True)
    for number, (name, (at, texts)) in enumerate(SCENES.items(), 1):
        with tempfile.TemporaryDirectory() as scratch:
            got = answer(program, copied(pathlib.Path(scratch) / "pump", texts), at)
        path = FOLDER / (name + ".json")
        if update:
            path.write_text(got, encoding="utf-8")
        want = path.read_text(encoding="utf-8") if path.exists() else ""
        failed += want != got
        print(f"{'ok' if want == got else 'not ok'} {number} - golden/clocks {path.name}")
        if want != got:
            for line in difflib.unified_diff(want.splitlines(), got.splitlines(), path.name, "now",
                                             lineterm="", n=1):
                print(f"# {line}")
    print(f"1..{len(SCENES)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
