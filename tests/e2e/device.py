#!/usr/bin/env python3
"""`tutela device`, `assess`, `decide` and `clocks` as a user calls them.

usage: device.py [PROGRAM]
"""
import json
import os
import shutil
import subprocess
import sys
import termios

from kit import ROOT, Kit, PUMP, component, sbom

EXAMPLE = ROOT / "examples" / "infusion-pump"
AT = "2026-07-10T12:00:00Z"

DEVICE = """family: Test pump
releases:
  - {version: '1.0', released: 2026-01-01, sbom: sbom.json}
  - {version: '1.1', released: 2026-05-01, sbom: sbom-1.1.json}
hazards:
  - {id: overdose, severity: catastrophic}
assets:
  - {id: delivery, privacy: none, hazards: [overdose]}
components:
  - {match: pumpd, assets: [delivery]}
"""


class Folder:
    """A device folder of one test."""

    def __init__(self, kit, kb, name, device=DEVICE):
        self.kit, self.kb, self.path = kit, kb, kit.folder / name
        kit.path(f"{name}/device.yaml", device)
        kit.path(f"{name}/sbom.json", sbom(component("pumpd", "1.3", cpe=PUMP % "1.3")))
        kit.path(f"{name}/sbom-1.1.json", sbom(component("pumpd", "1.3", cpe=PUMP % "1.3")))

    def write(self, name, text):
        return self.kit.path(f"{self.path.name}/{name}", text)

    def run(self, command, *arguments, **more):
        return self.kit.run(command, self.path, *arguments, **more)

    def check(self):
        return self.kit.run("device", "check", self.path)

    def assess(self, *arguments):
        done = self.run("assess", "--kb", self.kb, "-f", "json", "--at", AT, *arguments)
        return json.loads(done.text or "{}")

    def decide(self, identifier, *arguments):
        return self.run("decide", identifier, "--kb", self.kb, *arguments)

    def state(self, identifier, *arguments):
        return next((f["state"] for f in self.assess(*arguments).get("findings", [])
                     if f["id"] == identifier), None)


def new_and_check(kit):
    path = kit.folder / "made"
    kit.answers("device new writes a folder", kit.run("device", "new", path), 0, "device.yaml",
                "Next:", f"tutela device check {path}", f"tutela assess {path}")
    kit.answers("device new overwrites nothing", kit.run("device", "new", path), 2, "exists already")
    done = kit.run("device", "check", path)
    kit.answers("an SBOM that is not there is told", done, 3, "sbom.cdx.json")
    shutil.copy(EXAMPLE / "infusion-pump.cdx.json", path / "sbom.cdx.json")
    done = kit.run("device", "check", path)
    kit.answers("the template has no errors", done, 0, "0 errors", "component-without-asset")
    left = [line for line in done.text.splitlines() if "placeholder-left" in line]
    kit.check("what the template leaves to replace is told", len(left) == 6 and
              all(any(word in line for line in left) for word in ("manufacturer.name", "manufacturer.namespace",
              "manufacturer.contact", "family", "intended_use", "safety")), done.text)
    kit.answers("--strict makes warnings count", kit.run("device", "check", path, "--strict"), 1)
    done = kit.run("device", "check", path, "-f", "json")
    kit.check("check: JSON", all(lint["line"] for lint in json.loads(done.text)["lints"]), done.text)


def proposals(kit, kb):
    folder = Folder(kit, kb, "proposals")
    result = folder.assess()
    finding = next(f for f in result["findings"] if f["id"] == "CVE-2022-1001")
    kit.check("harm comes by component, asset and hazard (REQ-CASE-1)",
              finding["proposal"]["harm"] == "catastrophic" and not finding["proposal"]["harm_unknown"]
              and "delivery" in finding["proposal"]["harm_why"], finding)
    kit.check("every step to a band is told", len(finding["proposal"]["facts"]) >= 2
              and all(fact["level"] for fact in finding["proposal"]["facts"]), finding)
    kit.check("the clocks that it starts", "fda-30" in finding["clocks"], finding)
    kit.check("the newest release is assessed", result["device"]["release"] == "1.1", result["device"])
    counts = result["summary"]
    kit.check("states add up (REQ-CASE-4)", counts["undecided"] == counts["findings"] == len(result["findings"]),
              counts)
    kit.check("same input, same bytes", folder.run("assess", "--kb", kb, "--at", AT).stdout
              == folder.run("assess", "--kb", kb, "--at", AT).stdout)
    kit.answers("the table says who and why", folder.run("assess", "--kb", kb, "--at", AT), 0,
                "uncontrolled CVE-2022-1001", "asset delivery can lead to hazard overdose", "not assessed")
    for rule, code in [("uncontrolled", 1), ("undecided>7d", 1), ("undecided>1000d", 0),
                       ("kev&!decided", 0), ("reopened", 0), ("decided", 0), ("harm>=serious", 1)]:
        kit.answers(f"--fail-on {rule}", folder.run("assess", "--kb", kb, "--at", AT, "--fail-on", rule),
                    code, *(["gate violated"] if code else []))
    kit.answers("the old word is advised against",
                folder.run("assess", "--kb", kb, "--at", AT, "--fail-on", "undecided>1000d"), 0, '"not-assessed"')
    for rule, code in [("not-assessed>7d", 1), ("not-assessed>1000d", 0), ("severity>=none&!closed", 0),
                       ("unscored&!closed", 1)]:
        kit.answers(f"--fail-on {rule}", folder.run("assess", "--kb", kb, "--at", AT, "--fail-on", rule), code)
    kit.answers("a policy that is none",
                folder.run("assess", "--kb", kb, "--fail-on", "kev&severe"), 2, "byte 5", "severe")
    kit.answers("a release that is none", folder.run("assess", "-r", "9", "--kb", kb), 3,
                "no release 9; there are 1.0, 1.1")
    kit.answers("a time without zone", folder.run("assess", "--at", "2026-01-01T10:00"), 2, "zone")


def decisions(kit, kb):
    folder = Folder(kit, kb, "decisions-made")
    by = ["--by", "PSIRT lead", "--at", "2026-02-01T10:00:00Z", "--learned-at", "2026-01-20T10:00:00+01:00"]
    done = folder.decide("CVE-2022-1001", "-r", "1.0", "-s", "not_affected", "-j",
                         "vulnerable_code_not_present", "--file", "a", *by)
    kit.answers("decide writes a file", done, 0, "decisions/a.yaml")
    text = (folder.path / "decisions" / "a.yaml").read_text()
    kit.check("its premises are in it", "premises:" in text and 'version: "1.3"' in text
              and "advisory_digest:" in text and "kev: false" in text, text)
    kit.check("decided for its release", folder.state("CVE-2022-1001", "-r", "1.0") == "decided")
    kit.check("carried to the next", folder.state("CVE-2022-1001", "-r", "1.1") == "carried")
    kit.answers("decide overwrites nothing", folder.decide("CVE-2022-1001", "-r", "1.0", "-s", "not_affected",
                "-j", "vulnerable_code_not_present", "--file", "a", *by), 3, "decides this already (not_affected",
                '--supersedes "a" --file')
    kit.answers("two that differ are an error", folder.decide("CVE-2022-1001", "-r", "1.0", "-s", "affected",
                "--action", "wait", "--file", "b", *by), 3, "a.yaml decides this already", "--supersedes")
    folder.write("decisions/c.yaml", text.replace("not_affected", "fixed")
                 .replace("justification: vulnerable_code_not_present\n", ""))
    kit.answers("also when a hand wrote it", folder.run("assess", "--kb", kb), 3, "a.yaml", "c.yaml")
    os.remove(folder.path / "decisions" / "c.yaml")

    folder.write("sbom-1.1.json", sbom(component("pumpd", "1.3.5", cpe=PUMP % "1.3.5")))
    finding = next(f for f in folder.assess()["findings"] if f["id"] == "CVE-2022-1001")
    kit.check("re-opened when the component is another", finding["state"] == "re-opened"
              and finding["reopened_by"] == "component-changed" and "1.3.5" in finding["reopened_why"], finding)
    kit.answers("--fail-on reopened", folder.run("assess", "--kb", kb, "--fail-on", "reopened"), 1)
    kit.check("an expired one re-opens", next(
        f for f in json.loads(folder.run("assess", "--kb", kb, "-r", "1.0", "--at", "2027-02-02", "-f",
                                         "json").text)["findings"]
        if f["id"] == "CVE-2022-1001")["reopened_by"] == "expired")

    kit.answers("decide without a finding", folder.decide("CVE-1999-0001", "-s", "fixed", *by), 3,
                "no finding CVE-1999-0001")
    kit.answers("decide without a status, off a terminal", folder.decide("CVE-2022-1001"), 2, "--status")
    kit.answers("a justification that is none", folder.decide("CVE-2022-1002", "-s", "not_affected", "-j", "luck",
                "--by", "x"), 2, "--justification")
    kit.answers("a learned_at without zone", folder.decide("CVE-2022-1002", "-s", "fixed", "--by", "x",
                "--learned-at", "2026-01-01T10:00"), 2, "zone")
    kit.answers("--dry-run writes nothing", folder.decide("CVE-2022-1002", "-s", "fixed", "--by", "x", "--dry-run"),
                0, "schema: tutela-decision/1")
    kit.check("and nothing is written", os.listdir(folder.path / "decisions") == ["a.yaml"])


POLICY = DEVICE + """controls:
  - {id: firewall, components: [pumpd], lowers: {exploitability: 1}, evidence: E}
policy:
  bands: [{name: rare, from: 1}, {name: likely, from: 4}]
  matrix:
    rare: {negligible: controlled, minor: controlled, serious: controlled, critical: controlled,
           catastrophic: controlled}
    likely: {negligible: controlled, minor: controlled, serious: uncontrolled, critical: uncontrolled,
             catastrophic: uncontrolled}
  deciders: [PSIRT]
"""


def refusals(kit, kb):
    """`decide` writes nothing that a later command would refuse, and says what it took for granted."""
    folder = Folder(kit, kb, "refusals", POLICY)
    who = ["--by", "PSIRT", "--learned-at", "2026-01-20T10:00:00Z"]
    plan = ["-s", "affected", "--action", "Update to 2.0"]
    for name, options, words in [
            ("a band of another policy", [*plan, "--exploitability", "high", *who], ['"high"', "rare, likely"]),
            ("affected without action or remedy", ["-s", "affected", "--rationale", "r", *who], ["action or a remedy"]),
            ("not affected without a reason", ["-s", "not_affected", *who], ["justification"]),
            ("a control that is none", [*plan, "--controls", "moat", *who], ['"moat"', "there are: firewall"]),
            ("a person who may not decide", [*plan, "--by", "Mallory"], ["by Mallory, who may not decide"]),
            ("nobody", plan, ["--by"]),
            ("a harm that is none", [*plan, "--harm", "awful", *who], ["negligible, minor, serious, critical"]),
            ("a remedy that is none", ["-s", "affected", "--remedy", "prayer", *who], ["vendor_fix", "mitigation"]),
            ("a status that is none", ["-s", "safe", *who], ["not_affected", "under_investigation"]),
            ("a predecessor that is none", [*plan, "--supersedes", "old", *who], ['no decision has the id "old"'])]:
        done = folder.decide("CVE-2022-1001", "-r", "1.0", *options)
        kit.check(f"decide refuses {name}", done.returncode in (2, 3)
                  and all(word in done.complaint for word in words)
                  and not list(folder.path.glob("decisions/*.yaml")), done.returncode, done.complaint)
    done = folder.decide("CVE-2022-1001", "-r", "1.0", *plan, "--by", "PSIRT", "--fix-release", "2.0", "--file", "a")
    kit.answers("decide says which time it took", done, 0, "no --learned-at", "deadlines run from then",
                "release 2.0 (--fix-release) is not in")
    kit.answers("what is written passes device check", folder.check(), 0, "0 errors")
    kit.answers("what is written can be stated", kit.run("vex", "write", folder.path, "--kb", kb, "-f", "notice-text"),
                0, "Update to 2.0")
    kit.answers("the next one learns how to supersede", folder.decide("CVE-2022-1001", "-r", "1.0", "-s", "fixed", *who),
                3, "a.yaml decides this already (affected", '--supersedes "a" --file')
    kit.answers("and so it does", folder.decide("CVE-2022-1001", "-r", "1.0", "-s", "fixed", "--supersedes", "a",
                "--file", "b", *who), 0, "decisions/b.yaml")
    kit.answers("and a third, which takes the place of the second alone", folder.decide("CVE-2022-1001", "-r", "1.0", "-s", "not_affected", "-j",
                "vulnerable_code_not_present", "--supersedes", "b", "--file", "c", "--dry-run", *who), 0, "supersedes: b")
    event = lambda *more: folder.run("decide", "b", *more)
    kit.answers("an event without evidence is told", event("--event", "fix-distributed"), 0,
                "fix-distributed has no evidence and stops no deadline")
    done = event("--event", "plan-made", "--evidence", "E-1")
    kit.check("one with evidence is not", done.returncode == 0 and "evidence" not in done.complaint, done.complaint)
    kit.answers("an event that no deadline knows", event("--event", "bananas"), 0, '"bananas"', "customers-told")
    kit.answers("contents that are none", event("--event", "customers-told", "--contents", "impact,recipe"), 2,
                '"recipe"', "impact, efforts, fix, controls")
    kit.answers("a vulnerability is no id where two decisions are about it",
                folder.run("decide", "CVE-2022-1001", "--event", "plan-made"), 2, "2 decisions", "by its id")
    kit.answers("device check tells the event", folder.check(), 0, "event-without-evidence")
    path = folder.path / "decisions" / "a.yaml"
    path.write_text(path.read_text().replace("  text: Update to 2.0\n", ""))
    kit.answers("device check refuses what a hand wrote", folder.check(), 1, "decision-without-action")


def changed_meanwhile(kit, kb, folder, word):
    """A person is asked on a terminal; before the answer somebody else's editor saves a file."""
    other = folder.path / "decisions/by-hand.yaml"
    for title, change in (("adds a decision", lambda: other.write_text("{}\n")),
                          ("changes one", lambda: other.write_text("{ }\n")),
                          ("removes one", other.unlink)):
        main, terminal = os.openpty()
        attributes = termios.tcgetattr(terminal)
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(terminal, termios.TCSANOW, attributes)
        if other.exists():
            rival = next(folder.path.glob("decisions/rival-*"))
            other.write_text(rival.read_text().replace("CVE-2022-1002", "CVE-2022-1004"))
        process = subprocess.Popen([kit.program, "decide", folder.path, "CVE-2022-1003", "--kb", kb, "-r", "1.0", "--by",
                                    "PSIRT", "--file", "asked"], stdin=terminal, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        os.close(terminal)
        first = process.stderr.read(1)
        change()
        os.write(main, b"under_investigation\n\n")
        _, said = process.communicate(timeout=60)
        os.close(main)
        kit.check(f"somebody {title} while a person is asked: nothing is written",
                  process.returncode == 3 and b"changed since it was read" in said and
                  not (folder.path / "decisions/asked.yaml").exists(), first, said)


def at_once(kit, kb):
    """Several who decide at the same moment: none is told "written" while another's word replaces theirs."""
    folder = Folder(kit, kb, "at-once", POLICY)
    word = ["--kb", kb, "-r", "1.0", "-s", "affected", "--action", "Update", "--learned-at", "2026-01-20T10:00:00Z"]

    def race(rows):
        running = [subprocess.Popen([kit.program, "decide", folder.path, *row], stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE) for row in rows]
        said = [process.communicate(timeout=120)[1].decode() for process in running]
        return [(process.returncode, words) for process, words in zip(running, said)]

    people = race([["CVE-2022-1001", *word, "--by", "PSIRT", "--rationale", f"word {n}"] for n in range(6)])
    kit.check("of six who decide the same, one writes", sorted(code for code, _ in people) == [0, 3, 3, 3, 3, 3]
              and len(list(folder.path.glob("decisions/*.yaml"))) == 1, people)
    kit.check("… and the others hear how to supersede it",
              all("--supersedes" in words for code, words in people if code), people)
    events = race([["CVE-2022-1001", "--event", f"word-{n}", "--evidence", f"E-{n}"] for n in range(6)])
    text = next(folder.path.glob("decisions/*.yaml")).read_text()
    kit.check("of six events at once, none is lost",
              all(code == 0 for code, _ in events) and all(f"word-{n}" in text for n in range(6)), events, text)
    rivals = race([["CVE-2022-1002", "--kb", kb, "-r", "1.0", "--learned-at", "2026-01-20T10:00:00Z", "--by", "PSIRT",
                    "--file", f"rival-{n}", *(word[4:8] if n % 2 else ["-s", "not_affected", "-j",
                                                                       "vulnerable_code_not_present"])]
                   for n in range(2)])
    kit.check("of two who contradict each other in files of their own, one writes",
              sorted(code for code, _ in rivals) == [0, 3] and
              len(list(folder.path.glob("decisions/rival-*"))) == 1, rivals)
    kit.answers("… and the folder can be read", folder.run("assess", "--kb", kb), 0)
    changed_meanwhile(kit, kb, folder, word)
    for name in ("..", ".draft"):
        kit.answers(f"a decision in {name} would not be read", folder.decide(
            "CVE-2022-1001", *word[2:], "--by", "PSIRT", "--file", name), 2, "begins with a dot")


def early(kit, kb):
    """What counts as met by what happened before it began is asked about, whichever date makes it so."""
    folder = Folder(kit, kb, "early-events")
    uncontrolled = ("-r", "1.0", "-s", "affected", "--action", "update", "--by", "x", "--at", "2026-01-22T10:00:00Z")
    first = folder.decide("CVE-2022-1001", *uncontrolled, "--file", "a", "--learned-at", "2026-01-20T10:00:00Z")
    kit.check("a decision without events meets nothing early", first.returncode == 0 and "before it began" not in first.complaint, first)
    event = lambda word, at, *more: folder.run("decide", "a", "--kb", kb, "--event", word, "--evidence", "E-1", "--at", at, *more)
    half = event("fix-distributed", "2016-02-11T10:00:00Z")
    kit.check("half of it meets nothing", half.returncode == 0 and "before it began" not in half.complaint, half)
    kit.answers("a wrong year that ends a deadline is asked about", event("fix-validated", "2016-02-10T10:00:00Z"), 0,
                "fda-60 counts as met by what happened before it began on 2026-01-20: is the date right?")
    instead = ("decide", "a", "--kb", kb, "--reason", "a wrong year", "--by", "x", "--correct-event")
    kit.answers("said instead, too", folder.run(*instead, "fix-distributed", "--at", "2016-02-12T10:00:00Z"), 0, "fda-60 counts as met by")
    right = folder.run(*instead, "fix-distributed", "--at", "2026-02-11T10:00:00Z")
    kit.check("what is right is not", right.returncode == 0 and "before it began" not in right.complaint, right)
    kit.answers("learned after the fix was out", folder.run("decide", "a", "--kb", kb, "--correct-learned", "2026-02-20T10:00:00Z",
                "--reason", "another mail", "--by", "x"), 0, "fda-60 counts as met by what happened before it began on 2026-02-20")
    back = folder.run(*instead, "fix-distributed", "--taken-back")
    kit.check("what is taken back meets nothing", back.returncode == 0 and "before it began" not in back.complaint, back)
    data = kit.folder / "early-data"
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    event("fix-distributed", "2016-02-11T10:00:00Z")
    kit.answers("a push asks", kit.run("push", folder.path, "--to", data), 0, "CVE-2022-1001: fda-60 counts as met by what happened before it began on 2026-02-20")


def clocks(kit, kb):
    folder = Folder(kit, kb, "clocks-run")
    folder.decide("CVE-2022-1001", "-r", "1.0", "-s", "affected", "--action", "update", "--file", "a", "--by", "x",
                  "--at", "2026-01-20T10:00:00Z", "--learned-at", "2026-01-20T10:00:00+01:00")
    run = lambda *more: folder.run("clocks", "--kb", kb, *more)
    kit.answers("30 days run (REQ-CASE-2)", run("--at", "2026-01-21"), 0, "running     fda-30",
                "CVE-2022-1001 in pumpd (uncontrolled, learned 2026-01-20)", "due 2026-02-19T23:59:59Z", "missing customers-told")
    kit.answers("and are missed", run("--at", "2026-02-20", "--fail-on-missed"), 1, "missed      fda-30")
    kit.answers("a gate says the same", run("--at", "2026-02-20", "--fail-on", "missed"), 1,
                "gate violated: missed", "fda-30")
    kit.answers("two rules", run("--at", "2026-02-20", "--fail-on", "missed&closed", "--fail-on-missed"), 1)
    kit.answers("a word of assess", run("--fail-on", "critical"), 2, 'use "tutela assess"')
    before = {p: p.read_bytes() for p in folder.path.rglob("*") if p.is_file()}
    first = run("--at", "2026-02-01", "-f", "json").stdout
    run("--at", "2026-03-01")
    kit.answers("findings without a decision are counted", run("--at", "2026-01-21"), 0,
                "uncontrolled finding", "of release 1.1", "no deadline is counted for")
    kit.check("and for programs", json.loads(run("--at", "2026-01-21", "-f", "json").text)["not_assessed"]["looked"])
    kit.check("looking moves nothing", first == run("--at", "2026-02-01", "-f", "json").stdout
              and before == {p: p.read_bytes() for p in folder.path.rglob("*") if p.is_file()})
    for event, more in [("customers-told", ["--contents", "impact,efforts,fix"]), ("plan-made", []),
                        ("controls-identified", []), ("rationale-documented", [])]:
        folder.run("decide", "a", "--event", event, "--evidence", "E-1", "--at", "2026-02-10T10:00:00Z", *more)
    kit.answers("met with all its evidence", run("--at", "2026-03-01"), 0, "met         fda-30")
    kit.answers("learned_at is corrected only with a reason",
                folder.run("decide", "a", "--correct-learned", "2026-01-10T10:00:00Z"), 2, "--reason")
    kit.answers("and then it is", folder.run("decide", "a", "--correct-learned", "2026-01-10T10:00:00Z",
                "--reason", "an earlier mail", "--by", "x"), 0)
    kit.answers("the clock runs from it", run("--at", "2026-03-01"), 0, "missed      fda-30",
                "due 2026-02-09T23:59:59Z")
    correct = ("decide", "a", "--correct-event", "customers-told")
    kit.answers("an event is corrected only with a reason", folder.run(*correct, "--at", "2026-02-08T10:00:00Z"), 2, "--reason")
    why = ("--reason", "the letters left earlier", "--by", "x")
    kit.answers("and by something", folder.run(*correct, *why), 2, "--taken-back")
    kit.answers("and either by something or nothing", folder.run(*correct, *why, "--taken-back", "--at", "2026-02-08"), 2, "--taken-back")
    kit.answers("one that is there", folder.run("decide", "a", "--correct-event", "isao-told", "--taken-back", *why), 3, "no event")
    kit.answers("at that time", folder.run("decide", "a", "--correct-event", "plan-made@2026-02-11T10:00:00Z", "--taken-back", *why), 3, "no event")
    for event in ("customers-told", "plan-made@2026-02-10T10:00:00Z", "controls-identified", "rationale-documented"):
        kit.answers(f"{event} was earlier", folder.run("decide", "a", "--correct-event", event, "--at", "2026-02-08T10:00:00Z", *why), 0)
    kit.answers("deadlines follow what holds", run("--at", "2026-03-01"), 0, "met         fda-30")
    stated = (folder.path / "decisions" / "a.yaml").read_text()
    kit.check("what was stated first is kept", "at: 2026-02-10T10:00:00Z" in stated and "the letters left earlier" in stated and
              "contents:" in stated.partition("now:")[2], stated)
    kit.answers("taken back", folder.run(*correct, "--taken-back", "--reason", "no letter", "--by", "x"), 0)
    kit.answers("it is missing", run("--at", "2026-03-01"), 0, "missed      fda-30", "missing customers-told")
    kit.answers("it holds no more", folder.run(*correct, "--taken-back", *why), 3, "no event")
    run_event = folder.run("decide", "a", "--event", "fix-distributed", "--at", "2026-02-11T10:00:00Z")
    kit.answers("an event without evidence is no event", run("--at", "2026-03-01"), 0,
                "fix-distributed (recorded without evidence)", *([] if run_event.returncode == 0 else ["failed"]))
    (folder.path / "sbom-1.1.json").unlink()
    kit.answers("without an SBOM nothing is counted, and that is told", run("--at", "2026-03-01"), 0,
                "Findings without a decision were not counted: ", "No such file", "missed      fda-30")
    path = folder.path / "decisions" / "a.yaml"
    text = path.read_text()
    kit.check("the first one is kept", "learned_at: 2026-01-20T09:00:00Z" in text and "an earlier mail" in text, text)
    path.write_text(text.replace("learned_at: 2026-01-20T09:00:00Z", "learned_at: 2026-01-21T09:00:00Z"))
    kit.answers("a rewritten learned_at is found", run(), 3, "corrected, never rewritten")


def bad_input(kit, kb):
    cases = [
        ("a tab", "family: X\n\tid: y\n", "device.yaml:2:1", "a tab"),
        ("a key twice", DEVICE + "family: Y\n", "duplicate key"),
        ("a bomb of aliases", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "anchor"),
        ("deep nesting", "family: " + "[" * 5000, "nested deeper"),
        ("a date without zone", DEVICE.replace("2026-01-01", "'2026-01-01T00:00'"), "has no zone"),
        ("an unknown key", DEVICE + "colour: red\n", "colour: no such key"),
        ("a list for a map", "- a\n", "expected a map"),
        ("bytes that are no text", b"family: \xff\xfe\n", "device.yaml"),
        ("a hazard that does not exist", DEVICE.replace("[overdose]", "[x]"), 'no hazard "x"'),
    ]
    for index, (name, text, *words) in enumerate(cases):
        folder = Folder(kit, kb, f"bad-{index}", text)
        kit.answers(f"{name} (REQ-SEC-2)", folder.check(), 3, *words)
        kit.answers(f"{name}: assess refuses it too", folder.run("assess", "--kb", kb), 3, *words)

    folder = Folder(kit, kb, "large", "family: X\n")
    with open(folder.path / "device.yaml", "r+b") as file:
        file.truncate(1 << 30)
    kit.answers("a gigabyte (REQ-SEC-1)", folder.check(), 3, "device.yaml")

    lints = [
        ("a matrix with a hole", DEVICE + "policy: {matrix: {low: {minor: controlled}}}\n", 1, "matrix-not-total"),
        ("a hazard that nothing reaches", DEVICE.replace("hazards: [overdose]", "hazards: none"), 0,
         "hazard-unreached"),
    ]
    for index, (name, text, code, *words) in enumerate(lints):
        folder = Folder(kit, kb, f"lint-{index}", text)
        kit.answers(name, folder.check(), code, *words)

    folder = Folder(kit, kb, "ghost")
    folder.write("decisions/g.yaml", "vulnerability: CVE-2022-1001\ncomponent: pumpd\nstatus: fixed\n"
                 "validity: {releases: ['7.7']}\ndecided_by: x\ndecided_at: 2026-01-01T00:00:00Z\n"
                 "learned_at: 2026-01-01T00:00:00Z\n")
    kit.answers("a decision for a release that does not exist", folder.check(), 1,
                "g.yaml:1:1", "7.7", "decision-release-unknown")
    kit.check("decides nothing", folder.state("CVE-2022-1001") == "undecided")
    kit.answers("no folder", kit.run("assess", kit.folder / "none"), 3, "no device.yaml")
    kit.answers("no SBOM in a release", Folder(kit, kb, "bare", "family: X\nreleases: [{version: 1}]\n")
                .run("assess", "--kb", kb), 3, "has no SBOM")
    kit.answers("no release at all", Folder(kit, kb, "empty", "family: X\n").run("assess", "--kb", kb), 3,
                "lists no release")
    for arguments, word in [(["device"], "a command is missing"), (["assess"], "a device folder is missing"), (["clocks"], "expected"),
                            (["decide", "x"], "expected"), (["assess", "x", "-f", "xml"], "--format")]:
        kit.answers(f"usage: {' '.join(arguments)}", kit.run(*arguments), 2, word)


def the_example(kit):
    check = kit.run("device", "check", EXAMPLE, "--at", AT)
    kit.answers("the example pump is well", check, 0, "0 errors, 0 warnings")

    def states(release):
        done = kit.run("assess", EXAMPLE, "-r", release, "--at", AT, "-f", "json")
        return {f["decision"]["id"]: f for f in json.loads(done.text)["findings"] if "decision" in f}

    done = kit.run("assess", EXAMPLE, "--at", AT, "-f", "json")
    said = {f["id"]: f for f in json.loads(done.text)["findings"] if "supplier" in f}
    kit.check("its supplier is heard, not trusted", list(said) == ["CVE-2022-23303"] and
              said["CVE-2022-23303"]["state"] == "undecided", said)
    kit.check("its supplier's word on another version does not apply, and that is told",
              "CVE-2023-52160 does not apply (other-version)" in done.complaint, done.complaint)
    old, new = states("4.3.1"), states("4.4.0")
    kit.check("it has a decision of each kind",
              {(f["state"], f["status"], f["risk"]) for f in old.values()}
              >= {("decided", "affected", "uncontrolled"), ("decided", "affected", "controlled"),
                  ("decided", "not_affected", "controlled"), ("decided", "fixed", "controlled")},
              {k: v["state"] for k, v in old.items()})
    kit.check("carried and re-opened in the second release",
              new["busybox-awk"]["state"] == "carried" and new["curl-socks"]["state"] == "re-opened"
              and new["curl-socks"]["reopened_by"] == "component-changed",
              {k: v["state"] for k, v in new.items()})
    kit.check("the fixed kernel has no finding", "kernel-dirty-pipe" not in new)
    kit.answers("a missed clock, and one that needs no report",
                kit.run("clocks", EXAMPLE, "--at", AT), 0, "missed      fda-60", "waived      us-806")
    done = kit.run("clocks", EXAMPLE, "--at", AT)
    order = ["missed", "running", "conditional", "waiting", "met", "waived"]
    states = [line.split()[0] for line in done.text.splitlines() if line.split()[0] in order and " in " in line]
    rows = json.loads(kit.run("clocks", EXAMPLE, "--at", AT, "-f", "json").text)["clocks"]
    kit.check("deadlines by urgency", len(states) == len(rows) > 5 and len(set(states)) > 2
              and states == sorted(states, key=order.index) == [row["state"] for row in rows], states)
    kit.check("each names its component, its time in the maker's zone and in UTC",
              all(row["component"] in done.text for row in rows) and "-05:00 (2026-" in done.text, done.text)
    kit.answers("the example's findings without a decision", done, 0, "72 uncontrolled findings of release 4.4.0")


def cell_order(finding, bands):
    """What orders open, uncontrolled findings that nothing decides, the most important smallest."""
    harms = ["none", "negligible", "minor", "serious", "critical", "catastrophic"]
    responses = ["immediate", "out-of-cycle", "scheduled", "defer"]
    return (-bands.index(finding["proposal"]["exploitability"]), -harms.index(finding["harm"]),
            not finding["kev"], responses.index(finding["proposal"]["response"]), -finding.get("score", -1))


def what_is_seen_first(kit):
    """`assess` --summary, --limit, --component, --only; the order of findings."""
    run = lambda *more: kit.run("assess", EXAMPLE, "--at", AT, *more)
    full = json.loads(run("-f", "json").text)
    bands = list(dict.fromkeys(cell["band"] for cell in full["matrix"]))
    listed = [cell_order(f, bands) for f in full["findings"]
              if not f["assessed"] and f["risk"] == "uncontrolled" and "decision" not in f]
    kit.check("within a cell KEV, response and score decide", len(listed) > 50 and listed == sorted(listed),
              [a for a, b in zip(listed, sorted(listed)) if a != b][:3])
    kit.check("every finding says whether it is assessed", {f["state"] for f in full["findings"] if not f["assessed"]}
              == {"undecided", "re-opened"} and "selection" not in full)
    done = run("--summary")
    kit.answers("--summary: counts, matrix, next deadline", done, 0, "243 findings: 239 not assessed",
                "exploitability", "deadline", "for CVE-", "-05:00 (20", "None of 243 findings is listed")
    kit.check("and it is short", len(done.text.splitlines()) < 15, done.text)
    done = run("--summary", "--limit", "4")
    kit.check("--limit adds the first findings with their titles",
              done.text.count("CVSS") >= 3 and len(done.text.splitlines()) < 24
              and all(f["title"] in done.text and f["id"] in done.text for f in full["findings"][:4])
              and full["findings"][4]["title"] not in done.text, done.text)
    short = json.loads(run("--limit", "7", "-f", "json").text)
    kit.check("--limit takes the first", short["findings"] == full["findings"][:7]
              and short["selection"] == {"matching": 243, "listed": 7} and short["summary"] == full["summary"])
    one = json.loads(run("--component", "NGINX", "-f", "json").text)["findings"]
    kit.check("--component takes a name", one and one == [f for f in full["findings"]
              if f["component"]["name"] == "nginx"], len(one))
    kit.answers("a component that is none", run("-c", "nginx9"), 3, "no component", "nginx9")
    few = json.loads(run("--only", "kev&uncontrolled,closed", "-f", "json").text)["findings"]
    kit.check("--only takes rules as --fail-on does", few and few == [f for f in full["findings"] if
              f["kev"] and f["risk"] == "uncontrolled" and f["status"] not in ("fixed", "not_affected")
              or f["status"] in ("fixed", "not_affected")], len(few))
    kit.answers("--only with a term that is none", run("--only", "kevs"), 2, "--only", "kevs", "uncontrolled")
    kit.answers("a limit that is none", run("--limit", "few"), 2, "--limit")
    kit.answers("the gate judges what is not listed, too", run("--limit", "0", "--fail-on", "kev"), 1, "kev")
    text = run().text
    kit.check("titles stand in the full list", all(f["title"] in text for f in full["findings"][:9]), text[:3000])


def supplier_vex(status="not_affected", author="Acme", version="1.3", **more):
    reason = {"not_affected": {"justification": "vulnerable_code_not_present"},
              "affected": {"action_statement": "Update."}}.get(status, {})
    return json.dumps({
        "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.example/1",
        "author": author, "timestamp": "2026-06-01T00:00:00Z", "version": 1, "statements": [{
            "vulnerability": {"name": "CVE-2022-1001"}, "status": status, **reason, **more,
            "products": [{"@id": "pumpd", "identifiers": {"cpe23": PUMP % version}}]}]})


def csaf_vex():
    return json.dumps({
        "document": {"category": "csaf_vex", "csaf_version": "2.0", "title": "t",
                     "publisher": {"category": "vendor", "name": "Acme",
                                   "namespace": "https://acme.example"},
                     "tracking": {"id": "A", "status": "final", "version": "1",
                                  "current_release_date": AT, "initial_release_date": AT,
                                  "revision_history": [{"date": AT, "number": "1",
                                                        "summary": "s"}]}},
        "product_tree": {"full_product_names": [{
            "name": "p", "product_id": "P", "product_identification_helper": {"cpe": PUMP % "1.3"}}]},
        "vulnerabilities": [{"cve": "CVE-2022-1001", "product_status": {"known_not_affected": ["P"]},
                             "flags": [{"label": "vulnerable_code_not_present",
                                        "product_ids": ["P"]}]}]})


def cyclonedx_vex(serial):
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
                       "metadata": {"supplier": {"name": "Acme"}},
                       "vulnerabilities": [{"id": "CVE-2022-1001",
                                            "analysis": {"state": "not_affected",
                                                         "justification": "code_not_present"},
                                            "affects": [{"ref": f"urn:cdx:{serial}/1#pumpd"}]}]})


SERIAL = "3e671687-395b-41f5-a30f-a58921a69b79"
OURS = """schema: tutela-decision/1
id: ours
vulnerability: CVE-2022-1001
component: pumpd
status: affected
risk: uncontrolled
harm: catastrophic
action: {remedy: mitigation, text: Unplug it.}
validity: {releases: ['1.1']}
decided_by: lead
decided_at: 2026-06-02T10:00:00Z
learned_at: 2026-06-01T10:00:00Z
"""


def supplied(kit, kb, name, files, trusted=()):
    """A folder whose release 1.1 has these side files."""
    device = DEVICE.replace("sbom: sbom-1.1.json}",
                            f"sbom: sbom-1.1.json, side_files: {json.dumps(list(files))}}}")
    if trusted:
        device += f"policy: {{trusted_suppliers: {json.dumps(list(trusted))}}}\n"
    folder = Folder(kit, kb, f"supplied-{name}", device)
    folder.write("sbom-1.1.json", sbom(component("pumpd", "1.3", cpe=PUMP % "1.3"),
                                       serialNumber=f"urn:uuid:{SERIAL}"))
    for file, text in files.items():
        if text is not None:
            folder.write(file, text)
    return folder


def finding_of(folder):
    result = folder.assess()
    return result, next((f for f in result.get("findings", []) if f["id"] == "CVE-2022-1001"), {})


def supplier_trust(kit, kb):
    formats = {"openvex": supplier_vex(), "csaf": csaf_vex(), "cyclonedx": cyclonedx_vex(SERIAL)}
    for name, text in formats.items():
        _, f = finding_of(supplied(kit, kb, f"{name}-told", {"s.json": text}))
        kit.check(f"side file: {name} is a proposal with its author", f.get("state") == "undecided"
                  and f.get("supplier", {}).get("text", "").startswith("supplier says not_affected")
                  and f["supplier"]["author"] == "Acme" and not f["supplier"]["trusted"], f)
        result, f = finding_of(supplied(kit, kb, f"{name}-trusted", {"s.json": text}, ["Acme"]))
        kit.check(f"side file: {name} of a trusted supplier decides, as the supplier's",
                  f.get("state") == "supplier" and f["status"] == "not_affected"
                  and "decision" not in f and f["supplier"]["trusted"], f)
        kit.check(f"side file: {name}: it is counted", result["summary"]["supplier"] == 1
                  and result["summary"]["decided"] == 0, result["summary"])
    for title, text, state in (
            ("another author", supplier_vex(author="Acme Inc"), "undecided"),
            ("somebody's statement in Acme's name",
             supplier_vex(author="Mallory", supplier="Acme"), "undecided"),
            ("\"affected\" closes nothing", supplier_vex("affected"), "undecided"),
            ("\"fixed\"", supplier_vex("fixed"), "supplier")):
        _, f = finding_of(supplied(kit, kb, title.split()[0].strip('"') + state, {"s.json": text}, ["Acme"]))
        kit.check(f"side file: {title}: {state}", f.get("state") == state and "supplier" in f, f)
    folder = supplied(kit, kb, "maker", {"s.json": supplier_vex()}, ["Acme"])
    folder.write("decisions/ours.yaml", OURS)
    _, f = finding_of(folder)
    kit.check("side file: the maker's decision stands before a trusted supplier",
              f.get("state") == "decided" and f["status"] == "affected" and "supplier" in f, f)
    folder = supplied(kit, kb, "noted", {"s.json": supplier_vex()}, ["Acme"])
    folder.write("decisions/ours.yaml", "schema: tutela-decision/1\nid: ours\n"
                 "vulnerability: CVE-2022-1001\ncomponent: pumpd\nstatus: under_investigation\n"
                 "validity: {releases: ['1.1']}\nlearned_at: 2026-06-01T10:00:00Z\n")
    _, f = finding_of(folder)
    kit.check("side file: … and so does that the maker is investigating",
              f.get("state") == "undecided" and "decision" in f and "supplier" in f, f)


def supplier_told(kit, kb):
    folder = supplied(kit, kb, "told", {"s.json": supplier_vex(version="1.2"), "part.cdx.json": sbom(),
                                        "broken.json": "{", "gone.json": None})
    done = folder.run("assess", "--kb", kb, "--at", AT)
    kit.check("side file: a statement that does not apply is told with the reason",
              "CVE-2022-1001 does not apply (other-version)" in done.complaint, done.complaint)
    kit.check("side file: of another kind: the warning stays",
              "3 side files of release 1.1 are not assessed" in done.complaint, done.complaint)
    kit.check("side file: one that cannot be read is told, and nothing fails", done.returncode == 0
              and "side file broken.json is not assessed: " in done.complaint
              and "side file gone.json is not assessed: " in done.complaint, done.complaint)
    result = folder.assess()
    kit.check("side file: JSON has the reason and what was not assessed",
              [s["outcome"] for s in result["supplier_statements"]] == ["other-version"] and
              result["side_files_not_assessed"] == ["part.cdx.json", "broken.json", "gone.json"],
              result)
    page = folder.run("report", "--kb", kb, "--at", AT)
    kit.check("side file: the report tells both", "the SBOM has another version of the product" in page.text
              and "Side files that were not read: part.cdx.json" in page.text, page.complaint)
    folder = supplied(kit, kb, "page", {"s.json": supplier_vex(author="<Acme>")})
    page = folder.run("report", "--kb", kb, "--at", AT)
    kit.check("side file: the report shows the proposal and its author, escaped",
              "supplier says not_affected" in page.text and "&lt;Acme&gt;" in page.text
              and "<Acme>" not in page.text, page.complaint)
    written = kit.run("vex", "write", supplied(kit, kb, "not-ours", {"s.json": supplier_vex()},
                                               ["Acme"]).path, "--kb", kb, "--at", AT,
                      "--release", "1.1", "--format", "openvex")
    kit.check("side file: vex write does not state a supplier's word as the maker's",
              written.returncode == 2 and not written.text, written.text, written.complaint)


def main():
    kit = Kit()
    kb = kit.kb()
    new_and_check(kit)
    proposals(kit, kb)
    decisions(kit, kb)
    refusals(kit, kb)
    at_once(kit, kb)
    early(kit, kb)
    clocks(kit, kb)
    bad_input(kit, kb)
    supplier_trust(kit, kb)
    supplier_told(kit, kb)
    the_example(kit)
    what_is_seen_first(kit)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
