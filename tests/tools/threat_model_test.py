#!/usr/bin/env python3
"""docs/threat-model.md: each threat has a kind, a control and tests; each test that is named is there. Prints TAP.

usage: threat_model_test.py
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "threat-model.md"
HEAD = ["id", "kind", "threat", "control", "test"]


def rows(text):
    """The cells of each threat."""
    found, inside = [], False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells == HEAD:
            inside = True
        elif inside and not cells:
            inside = False
        elif inside and not cells[0].startswith("---"):
            found.append(cells)
    return found


def main():
    text = PAGE.read_text(encoding="utf-8")
    threats = rows(text)
    checks = [("there are threats of all kinds", {cells[1] for cells in threats} == set("STRIDE"), {cells[1] for cells in threats}),
              ("their ids are one after the other", [cells[0] for cells in threats] == [f"T{n:02}" for n in range(1, len(threats) + 1)],
               [cells[0] for cells in threats])]
    bare = [cells[0] for cells in threats if len(cells) != 5 or not all(cells)]
    checks.append(("each has a control and a test", not bare, bare))
    for cells in threats:
        named = re.findall(r"`([^`]+)`", cells[4])
        missing = [name for name in named if not (ROOT / name).exists()]
        checks.append((f"{cells[0]}: its tests are there", named and not missing, missing or cells[4]))
    elsewhere = [name for name in re.findall(r"`((?:tests|fuzz|src)/[^`]+)`", text) if not (ROOT / name).exists()]
    checks.append(("so is whatever else is named", not elsewhere, elsewhere))
    checks.append(("the open risks are named", "administrator of the operating system" in text[text.index("## Open risks"):], ""))
    failed = 0
    for number, (name, fine, got) in enumerate(checks, 1):
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {number} - {name}")
        if not fine:
            print(f"# {got}")
    print(f"1..{len(checks)}")
    return 1 if failed else 0


sys.exit(main())
