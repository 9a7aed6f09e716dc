#!/usr/bin/env python3
"""The starter knowledge passes tools/check-starter, which finds each kind of fault planted in a copy.

The part of the check that wants the shared data is left out: the copy stands where there is none.
Prints TAP. Takes (and ignores) PROGRAM like its neighbours.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CVE = "CVE-2021-44228"
FILE = "log4shell.json"


def records(document):
    return {entry["cve"]["id"]: entry["cve"] for entry in document["vulnerabilities"]}


def first_match(document):
    return records(document)[CVE]["configurations"][0]["nodes"][0]["cpeMatch"][0]


def platform(document):
    configuration = records(document)[CVE]["configurations"][0]
    configuration["nodes"] = [configuration["nodes"][0]] * 2


def value(key, text):
    return lambda document: records(document)[CVE].__setitem__(key, text)


PLANTED = [
    # (what, file, change of the parsed file, part of the complaint)
    ("a missing date", FILE, lambda d: records(d)[CVE].pop("published"), "published is missing"),
    ("a date that is none", FILE, value("lastModified", "2021-13-01T00:00:00.000"), "lastModified 2021-13"),
    ("a long title", FILE, value("descriptions", [{"lang": "en", "value": "x" * 101}]), "one title of 8 to 100"),
    ("a wrong vector", FILE,
     lambda d: records(d)[CVE]["metrics"]["cvssMetricV31"][0]["cvssData"].__setitem__("vectorString", "CVSS:3.1/AV:Q"),
     "vector CVSS:3.1/AV:Q"),
    ("a score without scorer", FILE,
     lambda d: records(d)[CVE]["metrics"]["cvssMetricV31"][0].pop("source"), "a score without scorer"),
    ("a weakness that is none", FILE,
     value("weaknesses", [{"source": "x", "type": "Primary", "description": [{"lang": "en", "value": "NVD-CWE-Other"}]}]),
     "weakness NVD-CWE-Other"),
    ("a malformed product", FILE, lambda d: first_match(d).__setitem__("criteria", "cpe:2.3:a:apache"), "criteria cpe:2.3:a:apache"),
    ("a range that runs backwards", FILE,
     lambda d: first_match(d).update(criteria="cpe:2.3:a:apache:log4j:*:*:*:*:*:*:*:*",
                                     versionStartIncluding="9", versionEndExcluding="2.1"), "range runs backwards"),
    ("a second product as a condition", FILE, platform, "none is the platform"),
    ("no configurations", FILE, value("configurations", []), "no configurations"),
    ("a reference without encryption", FILE, value("references", [{"url": "http://example.org/"}]), "reference http://example.org/"),
    ("an id that comes twice", FILE, lambda d: d["vulnerabilities"].append(d["vulnerabilities"][0]), "is also in"),
    ("a family with a gap", "ripple20.json", lambda d: d["vulnerabilities"].pop(), "is missing"),
    ("a package without ranges", "osv-packages.json", lambda d: d[0].pop("affected"), "nothing affected"),
    ("an exploited vulnerability that is unknown", "kev.json",
     lambda d: d["vulnerabilities"][0].__setitem__("cveID", "CVE-1999-0001"), "not in the starter"),
]
NAMES = [
    # (what, line added to the curated names, part of the complaint)
    ("a curated name of three fields", "name\tvendor\tproduct\n", "four fields are wanted"),
    ("a curated name in capitals", "Name\tvendor\tproduct\tgeneric\n", "name Name"),
    ("a curated name of an unknown scheme", "name\tvendor\tproduct\troman\n", "scheme roman"),
]


def check(folder):
    done = subprocess.run([sys.executable, ROOT / "tools" / "check-starter", folder],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def copy(folder):
    root = folder / "alone" / "copy"
    shutil.copytree(ROOT / "data", root / "data")
    return root


def planted():
    """For each case: what, the part of the complaint, code, output."""
    with tempfile.TemporaryDirectory() as folder:
        yield ("the data as shipped", "", *check(copy(pathlib.Path(folder))))
    with tempfile.TemporaryDirectory() as folder:
        root = copy(pathlib.Path(folder))
        for what, name, change, words in PLANTED:
            path = root / "data" / "starter" / name
            sound = path.read_text(encoding="utf-8")
            document = json.loads(sound)
            change(document)
            path.write_text(json.dumps(document), encoding="utf-8")
            yield (what, words, *check(root))
            path.write_text(sound, encoding="utf-8")
        path = root / "data" / "aliases" / "products.tsv"
        sound = path.read_text(encoding="utf-8")
        for what, line, words in NAMES:
            path.write_text(sound + line, encoding="utf-8")
            yield (what, words, *check(root))
        path.write_text(sound, encoding="utf-8")


def report(number, what, words, code, out):
    fine = (code, words in out) == (1, True) if words else code == 0 and "not ok" not in out
    print(f"{'ok' if fine else 'not ok'} {number} - {what + ' is found' if words else what + ' passes'}")
    for line in [] if fine else out.splitlines():
        print("# " + line)
    return fine


def main():
    results = [report(number, *case) for number, case in enumerate(planted(), 1)]
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
