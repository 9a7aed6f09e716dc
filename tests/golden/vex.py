#!/usr/bin/env python3
"""The example pump's statements, and those of a sibling whose texts are hard to write, byte for
byte: tests/golden/vex.

usage: vex.py [--update] [PROGRAM]

`PROGRAM vex write` is compared with the file of the format's name. --update writes what comes out
now; look at the difference before it is committed.
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
SAID = ("--at", "2026-07-01T12:00:00Z", "--id", "CVE-2022-0847", "--id", "CVE-2021-42386")
CARRIED = ("--release", "4.4.0", "--at", "2026-07-10T00:00:00Z")
EARLY = ("--release", "4.3.1", "--at", "2026-06-20T09:08:07Z", "--tlp", "amber", "--document-id", "A.b--7", "--summary", "Said again.")
EVERYTHING = ("--release", "4.3.1", "--at", "2026-07-10T00:00:00Z")
FORMS = {"openvex": "openvex.json", "cyclonedx": "cyclonedx.json", "csaf-vex": "csaf-vex.json",
         "csaf-advisory": "csaf-advisory.json", "notice-html": "notice.html",
         "notice-text": "notice.txt"}
# What begins a file's name: arguments, and the texts of the example that are replaced.
SCENES = {
    "": (SAID, {}),
    "carried-": (CARRIED, {}),
    "everything-": (EVERYTHING, {}),
    # Every word of the tables, in two scenes.
    "odd-": (EARLY, {"https://example.com\n": "https://example.com//\n",
                     "  contact: psirt@example.com\n": "",
                     '"00614141123452"': '"B1/2 3"', '"00614141999996"': '"0061414199995"',
                     "    model: IP-200\n": "",
                     "cpe:2.3:o:example:larkspur_ip-200_firmware:4.3.1:*:*:*:*:*:*:*":
                     "cpe:/o:example:larkspur:4.3.1",
                     "remedy: mitigation\n": "remedy: workaround\n  url: https://example.com/w\n",
                     "remedy: vendor_fix\n  text: \"Gateway":
                     "remedy: none_available\n  text: \"Gateway",
                     "  text: Release 4.4.0 has a fixed kernel. Until then keep the pumps in their "
                     "own network segment and the service key locked away.\n":
                     "  url: https://example.com/4.4.0\n",
                     "justification: vulnerable_code_not_in_execute_path":
                     "justification: inline_mitigations_already_exist"}),
    "even-": (EARLY, {"remedy: mitigation\n": "remedy: no_fix_planned\n",
                      "controls:\n  - network-segment\naction:": "action:",
                      "  fix_release: \"4.4.0\"\n": "  url: ftp//no\n",
                      "impact: \"The pump's software never connects through a SOCKS proxy.\"\n": "",
                      "justification: vulnerable_code_not_in_execute_path":
                      "justification: vulnerable_code_cannot_be_controlled_by_adversary"}),
    "marked-": (CARRIED, {"name: Example Medical Devices": "name: 'Example <Medical> & \"Sons\"'",
                          "- name: IP-200\n": "- name: 'IP-200 <\\u0416> \u0416 & \"B\"'\n",
                          "justification: vulnerable_code_not_present\n": "",
                          "The pump's software never connects": "<b>\u201cNever\u201d</b> & connects"}),
}


def copied(folder, texts):
    """The example with other texts."""
    shutil.copytree(ROOT / "examples" / "infusion-pump", folder)
    for path in [folder / "device.yaml", *folder.glob("decisions/*.yaml")]:
        text = path.read_text(encoding="utf-8")
        for old, new in texts.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return folder


def written(program, name, arguments, folder):
    done = subprocess.run([program, "vex", "write", str(folder), "--format", name, *arguments],
                          cwd=ROOT, capture_output=True, timeout=60, check=False)
    return done.stdout.decode() if done.returncode == 0 else done.stderr.decode()


def answers(program):
    """(file, what is written), by scene and format."""
    with tempfile.TemporaryDirectory() as scratch:
        for start, (arguments, texts) in SCENES.items():
            folder = "examples/infusion-pump"
            if texts:
                folder = copied(pathlib.Path(scratch) / start / "infusion-pump", texts)
            for name, file in FORMS.items():
                yield start + file, written(program, name, arguments, folder)


def main():
    arguments = sys.argv[1:]
    update = "--update" in arguments
    arguments = [argument for argument in arguments if argument != "--update"]
    default = os.environ.get("TUTELA_PROGRAM", str(ROOT / "build" / "tutela"))
    program = os.path.abspath(arguments[0] if arguments else default)
    failed = 0
    number = 0
    for number, (file, got) in enumerate(answers(program), 1):
        path = FOLDER / file
        if update:
            path.write_text(got, encoding="utf-8")
        want = path.read_text(encoding="utf-8") if path.exists() else ""
        failed += want != got
        print(f"{'ok' if want == got else 'not ok'} {number} - golden/vex {file}")
        if want != got:
            for line in difflib.unified_diff(want.splitlines(), got.splitlines(), file, "now",
                                             lineterm="", n=1):
                print(f"# {line}")
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
