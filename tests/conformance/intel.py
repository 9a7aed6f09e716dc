#!/usr/bin/env python3
"""Every record of the shared vulnerability intelligence is read.

usage: intel.py [DRIVER]

DRIVER is tests/drivers/advisory_driver of the build folder; without it, or when the program is
named instead, it is looked for in TUTELA_BUILD. The records of each file must be as many as manifest.tsv
counts; intel-exceptions.tsv lists the files for which another outcome is right, with the reason.
The shared test data is found through TUTELA_SHARED. Prints TAP, one line a file.
"""
import fnmatch
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORMS = {"nvd-1.1": "NVD JSON 1.1", "nvd-2.0": "NVD API 2.0", "nvd-overrides": "NVD API 2.0",
         "osv/": "OSV", "kev.json": "KEV", "epss": "EPSS", "vulnrichment": "CVE JSON 5",
         "csaf-cisa.jsonl": "CSAF", "alpine-secdb": "secdb", "rubysec": "RubySec",
         "friendsofphp": "FriendsOfPHP"}


def driver():
    if len(sys.argv) > 1 and "driver" in pathlib.Path(sys.argv[1]).name:
        return sys.argv[1]
    build = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
    return str(build / "tests" / "drivers" / "advisory_driver")


def shared():
    path = pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared"))
    return path / "data"


def exceptions():
    rows = []
    text = pathlib.Path(__file__).with_name("intel-exceptions.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            rows.append(line.split("\t"))
    return rows


def form_of(name):
    return next((form for start, form in FORMS.items() if name.startswith(start)), None)


def expected(name, default, rows):
    """What the file must give: a count of records or a status; and which row said so."""
    for row in rows:
        if fnmatch.fnmatch(name, row[0]):
            return row[1], row[0]
    return default, None


def run(program, files):
    """path -> (status, form, records, skipped, problems, message), and its first problems."""
    done = subprocess.run([program, *map(str, files)], capture_output=True, timeout=1200,
                          check=False)
    results, notes, path = {}, {}, None
    for line in done.stdout.decode(errors="replace").splitlines():
        if line.startswith("\t"):
            notes[path].append(line.strip())
            continue
        path, *fields = line.split("\t")
        results[path], notes[path] = fields, []
    if len(results) != len(files):
        raise RuntimeError(f"{len(results)} answers for {len(files)} files: "
                           f"{done.stderr.decode(errors='replace')[-300:]}")
    return results, notes


def manifest(intel):
    """name -> (records, form) of those files that are of a form which is read."""
    rows = {}
    for line in (intel / "manifest.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, _, records = line.split("\t")[:3]
        if form_of(name):
            rows[name] = (records, form_of(name))
    return rows


def cases(data):
    """(path, name, default outcome, form or None)"""
    intel = data / "intel"
    for name, (records, form) in manifest(intel).items():
        yield intel / name, name, records, form
    for path in sorted((data / "conformance" / "osv").rglob("*.json")):
        yield path, "osv/" + str(path.relative_to(data / "conformance" / "osv")), "1", None


def main():
    data = shared()
    if not (data / "intel" / "manifest.tsv").is_file():
        print("1..0 # SKIP the shared intelligence is not there")
        return 0
    rows = exceptions()
    todo = list(cases(data))
    results, notes = run(driver(), [case[0] for case in todo])
    used, failed = set(), 0
    for number, (path, name, default, form) in enumerate(todo, 1):
        want, row = expected(name, default, rows)
        used.add(row)
        status, got_form, records, skipped, problems, message = results[str(path)]
        got = records if status == "ok" else status
        fine = got == want and (form in (None, got_form) or want != default)
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {number} - {name}: {got_form}, {records} records, "
              f"{skipped} left out, {problems} problems")
        if not fine:
            print(f"# expected {want} {form or ''}, got {got} {message}")
            for note in notes[str(path)]:
                print(f"#   {note}")
    idle = [row[0] for row in rows if row[0] not in used]
    print(f"{'not ok' if idle else 'ok'} {len(todo) + 1} - every exception is needed {idle or ''}")
    print(f"1..{len(todo) + 1}")
    return 1 if failed or idle else 0


if __name__ == "__main__":
    sys.exit(main())
