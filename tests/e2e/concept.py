#!/usr/bin/env python3
"""`tutela concept` as people use it: asked, stopped, edited by hand, seeded; and what is refused.

usage: concept.py [PROGRAM]
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys

from kit import Kit, ROOT

SHARED = pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared"))
EMB3D = SHARED / "data" / "intel" / "device" / "emb3d.tar.zst"
AT = "2026-03-01T10:00:00Z"
HEAD = "schema: tutela-concept/1\n"
ANSWER = "  - {question: %s, answer: %s, by: Safety engineer, at: %s}\n"


class Device:
    """A device folder of one test."""

    def __init__(self, kit, name, **files):
        self.kit, self.path = kit, kit.folder / name
        self.path.mkdir()
        for file, text in files.items():
            self.write(f"{file}.yaml", text)

    def write(self, name, text):
        (self.path / name).write_text(text, encoding="utf-8")

    def read(self, name="concept.yaml"):
        path = self.path / name
        return path.read_text(encoding="utf-8") if path.exists() else None

    def run(self, *arguments, stdin="", at=AT):
        return self.kit.run("concept", self.path, *arguments, "--at", at, stdin=stdin.encode())

    def ask(self, lines, *arguments, **more):
        return self.run("--by", "Safety engineer", *arguments, stdin="".join(f"{line}\n" for line in lines), **more)

    def state(self, *arguments):
        return json.loads(self.run("--format", "json", *arguments).text)

    def replies(self):
        return {question["id"]: question["state"] for question in self.state()["questions"]}


def asking(kit):
    device = Device(kit, "asked")
    done = device.run(stdin="fridge\nbedside\n\n \nSafety engineer\ny infusion: for hours\nmaybe\nN\n\nunknown\n")
    now = device.state()
    replies = device.replies()
    kit.check("asked: class, name, answers with notes; what is no answer is asked again",
              done.returncode == 0 and now["class"] == "bedside" and replies["therapy"] == "yes"
              and replies["life-sustaining"] == "no" and replies["settings"] == "open"
              and replies["shared-processor"] == "unknown", done.complaint, now["counts"])
    kit.check("asked: who, when and the note are in the file",
              "    by: Safety engineer\n    at: 2026-03-01T10:00:00Z\n    note: \"infusion: for hours\"\n"
              in device.read(), device.read())
    kit.check("asked: each question says why",
              "A forged or replayed command then reaches the body" in done.complaint, done.complaint)
    kit.check("asked: what is no answer is named, with what is one",
              '"fridge" is no answer here: one of these words' in done.complaint
              and '"maybe" is no answer here: y, n or u' in done.complaint, done.complaint)
    kit.check("asked: how far it is, and how to correct an answer afterwards",
              "\n1 of %d: Does" % len(now["questions"]) in done.complaint
              and "To correct one, add a later answer" in done.complaint, done.complaint)
    before = device.read()
    done = device.ask(["y"])
    kit.check("asked again: only what is open, and the file grows by lines",
              device.read().startswith(before) and device.replies()["settings"] == "yes"
              and "Does the product itself give a therapy" not in done.complaint, done.complaint, device.read())
    done = device.ask(["n no shared processor"], "--again")
    kit.check("asked again with --again: unknown, too; the earlier answer stays in the file",
              device.replies()["shared-processor"] == "no" and "answer: unknown" in device.read(), device.read())
    done = device.run("--class", "implant")
    kit.check("asked: another class than the file's is refused", done.returncode == 2
              and "states the class already" in done.complaint, done.complaint)


def gone_back(kit):
    device = Device(kit, "back")
    done = device.ask(["b", "y first", "back", "n second", "\x1b?"], "--class", "bedside")
    kit.check("back: the question before is put again, with its answer",
              "no question before this one" in done.complaint and "  Now: yes first\n" in done.complaint
              and device.replies()["therapy"] == "no" and "note: first" in device.read(),
              done.complaint, device.read())
    kit.check("back: no control character of an answer reaches the terminal", "\x1b" not in done.complaint
              and '?" is no answer here' in done.complaint, done.complaint)
    done = device.ask(["y", "", "b", "b", "", "n"], "--class", "bedside")
    replies = device.replies()
    kit.check("back: twice; Enter alone leaves an answer, and what is open after it is put again",
              "  Now: yes \n" in done.complaint and replies["interlock"] == "yes" and replies["measures"] == "no",
              done.complaint, device.read())


def at_home(kit):
    device = Device(kit, "home", concept=HEAD + "class: bedside\nanswers:\n" + "".join(
        ANSWER % (name, reply, "2026-02-01") for name, reply in (
            ("network", "yes"), ("wifi", "yes"), ("hospital-network", "no"), ("central-station", "no"),
            ("mass-configuration", "yes"), ("directory", "no"), ("time", "yes"), ("login", "yes"))))
    asked = [question["id"] for question in device.state()["hospital_it"]]
    kit.check("hospital: nothing is asked about what was answered with no",
              asked and not set(asked) & {"directory-kind", "central-failure", "server-failure", "segmentation",
                                          "scanning", "wifi-method"}, asked)
    device.run("--seed")
    model = device.read("model.yaml")
    kit.check("seed: what serves a device at home is in no hospital", "zone: hospital" not in model
              and "role: hospital" not in model and "zone: manufacturer" in model and "zone: user" in model, model)
    device.write("concept.yaml", device.read().replace("hospital-network, answer: no", "hospital-network, answer: yes"))
    asked = [question["id"] for question in device.state()["hospital_it"]]
    kit.check("hospital: and asked where it was answered with yes",
              {"server-failure", "segmentation", "wifi-method"} <= set(asked)
              and not set(asked) & {"directory-kind", "central-failure"}, asked)


def stopped(kit):
    device = Device(kit, "stopped")
    process = subprocess.Popen([kit.program, "concept", str(device.path), "--class", "bedside", "--by", "x", "--at", AT],
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    said = b""
    for answer in (b"y\n", b"n\n"):
        process.stdin.write(answer)
        process.stdin.flush()
    while b"Are there limits or settings" not in said:
        said += process.stderr.read1()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    replies = device.replies()
    kit.check("Ctrl-C: what was answered is kept", process.returncode == -signal.SIGINT
              and replies["therapy"] == "yes" and replies["life-sustaining"] == "no"
              and replies["settings"] == "open", process.returncode, device.read())
    kit.check("Ctrl-C: no other file is left", sorted(p.name for p in device.path.iterdir()) == ["concept.yaml"],
              list(device.path.iterdir()))


EDITED = """# ours
schema: tutela-concept/1   # do not touch
answers:
- question: therapy   # asked on Monday
  answer: yes
  by: Safety engineer
  at: 2026-02-01

# discussions of the first week
discussions:
  - {stakeholder: patient, concern: Who sees it?, raised: 2026-02-01, answer: Nobody}
"""


def edited(kit):
    device = Device(kit, "edited", concept=EDITED)
    device.ask(["", "y"])
    added = ("- question: life-sustaining\n  answer: yes\n  by: Safety engineer\n"
             "  at: 2026-03-01T10:00:00Z\n")
    kit.check("edited: comments and order stay, the new answer is among the answers",
              device.read() == EDITED.replace("\n\n# disc", f"\n{added}\n# disc"), device.read())
    device = Device(kit, "flow", concept=HEAD + "answers: []\n")
    done = device.ask(["", "y"])
    kit.check("edited: a list in brackets cannot grow; nothing is written",
              done.returncode == 3 and "concept.yaml:2:" in done.complaint and "hyphen" in done.complaint
              and device.read() == HEAD + "answers: []\n", done.complaint, device.read())


REFUSED = (
    ("an unknown question", "answers:\n" + ANSWER % ("wify", "yes", "2026-02-01"), 'no question "wify"'),
    ("another answer", "answers:\n" + ANSWER % ("wifi", "maybe", "2026-02-01"), "one of yes, no, unknown"),
    ("an answer of tomorrow", "answers:\n" + ANSWER % ("wifi", "yes", "2026-03-02"), "in the future"),
    ("two sign-offs of one", "discussions:\n  - {stakeholder: patient, concern: x, raised: 2026-02-01}\nsign_offs:\n"
     "  - {stakeholder: patient, by: x, at: 2026-02-01}\n  - {stakeholder: patient, by: x, at: 2026-02-01}\n",
     "a second sign-off of patient; the first is in line 5"),
    ("a key twice", "answers:\nanswers:\n", "duplicate key"),
    ("another schema", "schema: tutela-concept/2\n", "expected \"schema: tutela-concept/1\""),
    ("an alias", "class: &a bedside\n", "concept.yaml:2:"),
)


def refused(kit):
    for number, (name, text, says) in enumerate(REFUSED):
        text = text if text.startswith("schema") else HEAD + text
        device = Device(kit, f"refused-{number}", concept=text)
        shown, asked, seeded = device.run("--format", "table"), device.ask(["y"]), device.run("--seed")
        kit.check(f"refused: {name}, with file and line, and nothing is written",
                  all(done.returncode == 3 and says in done.complaint and "concept.yaml:" in done.complaint
                      for done in (shown, asked, seeded))
                  and device.read() == text and device.read("model.yaml") is None,
                  shown.complaint, asked.complaint, seeded.complaint)
    kit.answers("refused: no such folder", kit.run("concept", kit.folder / "none"), 3, "no such folder")
    kit.answers("refused: no folder at all", kit.run("concept"), 2, "one device folder")
    device = Device(kit, "usage")
    kit.answers("refused: --seed and --format at once", device.run("--seed", "--format", "json"), 2, "two questions")
    kit.answers("refused: --by where nothing is asked", device.run("--by", "x", "--format", "json"), 2, "--by")
    kit.answers("refused: a class that is none", device.run("--class", "fridge"), 2, "bedside")


MODEL = """# our model
schema: tutela-model/1
zones:
- {id: device, name: Pump, role: device}
elements:
  # the first one
  - {id: main, kind: process, zone: device}
views: []
"""


def seeded(kit):
    device = Device(kit, "seeded", model=MODEL, concept=HEAD + "answers:\n" + "".join(
        ANSWER % (name, reply, "2026-02-01") for name, reply in (
            ("therapy", "yes"), ("wifi", "unknown"), ("usb", "yes"), ("secure-boot", "no"))))
    done = device.run("--seed")
    lines = device.read("model.yaml").splitlines()
    kit.check("seed: adds lines to a model and changes none", done.returncode == 0
              and [line for line in lines if line in MODEL.splitlines()] == MODEL.splitlines()
              and "  - id: media" in lines and "  - id: main" not in lines, done.text + done.complaint,
              device.read("model.yaml"))
    kit.check("seed: unknown seeds nothing", "access-point" not in device.read("model.yaml")
              and "id: wifi" not in done.text, done.text)
    kit.check("seed: hazards are questions, without a severity", "# - wrong-therapy (therapy" in done.text
              and "severity:" not in done.text, done.text)
    before = device.read("model.yaml")
    kit.answers("seed: a second time there is nothing to add", device.run("--seed"), 0, "nothing to add")
    kit.check("seed: and nothing is written", device.read("model.yaml") == before)
    device.write("model.yaml", "schema: tutela-model/1\nelements: [{id: main, kind: process}]\n")
    before = device.read("model.yaml")
    done = device.run("--seed")
    kit.check("seed: a model that no line can be added to stays", done.returncode == 3
              and "model.yaml:2:" in done.complaint and device.read("model.yaml") == before, done.complaint)
    device = Device(kit, "new", concept=HEAD + "answers:\n" + ANSWER % ("therapy", "yes", "2026-02-01"),
                    device="family: X\nhazards:\n  - {id: h, severity: minor}\nassets:\n"
                           "  - {id: delivery, function: therapy, hazards: [h]}\n")
    done = device.run("--seed")
    kit.check("seed: an element has the device's asset of its function",
              "    functions: [therapy]\n    assets: [delivery]\n" in device.read("model.yaml")
              and "\n  - id: therapy\n" not in done.text, done.text, device.read("model.yaml"))
    device.write("concept.yaml", HEAD + "answers:\n" + "".join(
        ANSWER % (name, reply, "2026-02-01") for name, reply in (
            ("therapy", "yes"), ("secure-boot", "no"), ("debug-open", "unknown"))))
    done = device.run("--seed")
    kit.check("seed: what is answered of an element that is there is printed, the element stays",
              'main: secure_boot: "no" (answer to secure-boot; the model does not state it)\n' in done.text
              and "secure_boot" not in device.read("model.yaml"), done.text)
    device.write("model.yaml", device.read("model.yaml").replace("  - id: main\n", '  - id: main\n    facts: {secure_boot: "yes"}\n'))
    kit.answers("seed: and where the model states otherwise", device.run("--seed"), 0,
                '(answer to secure-boot; the model states "yes")')
    (device.path / "model.yaml").unlink()
    device.run("--seed")
    threats = json.loads(kit.run("threat", "list", device.path, "--format", "json").text)
    opened = sorted((threat["rule"], threat["at"]) for threat in threats if threat["outcome"] == "open")
    kit.check("seed: the rules find what an answer admits, and nothing else", opened and all(rule.startswith("U08") and at == "main" for rule, at in opened), opened)
    kit.check("seed: no temporary file is left", sorted(p.name for p in device.path.iterdir())
              == ["concept.yaml", "device.yaml", "model.yaml"])


OURS = json.dumps({"properties": [
    {"id": "PID-2", "text": "It has a \x1b[31mcase", "category": "Case", "parentProp": "", "threats": []},
    {"id": "PID-21", "text": "It has a door", "category": "Case", "parentProp": "PID-2",
     "threats": [{"id": "TID-9", "text": "Opened"}]}]})


def titled(kit):
    device = Device(kit, "titled", concept=HEAD + "answers:\n" + ANSWER % ("secure-boot", "no", "2026-02-01"))
    title = {threat["id"]: threat.get("title") for threat in device.state()["threats_to_consider"]}["U08"]
    kit.check("threats to consider have the title of the rule",
              bool(title) and f"  U08      {title} (secure-boot)\n" in device.run("--format", "table").text
              and f"- U08 {title}: secure-boot\n" in device.run("--format", "markdown").text,
              title, device.run("--format", "table").text)


def seeded_early(kit):
    device = Device(kit, "early", concept=HEAD + "answers:\n" + "".join(
        ANSWER % (name, reply, "2026-02-01") for name, reply in (
            ("therapy", "yes"), ("debug-open", "unknown"), ("rollback", "unknown"), ("wifi", "unknown"))))
    done = device.run("--seed")
    kit.check("seed: what is unknown is named, with the fact that is missing",
              "debug-open: Can a debug connector" in done.text and "(debug of debug-port)\n" in done.text
              and "(rollback_check of updater)\n" in done.text and "wifi: Does it join a Wi-Fi network?\n" in done.text
              and "open until it is answered" in done.text, done.text)
    device.write("device.yaml", "family: X\nhazards:\n  - {id: h, severity: minor}\nassets:\n"
                                "  - {id: delivery, function: therapy, hazards: [h]}\n")
    before = device.read("model.yaml")
    line = next(n for n, text in enumerate(before.splitlines(), 1) if text == "  - id: therapy")
    done = device.run("--seed")
    kit.check("seed: assets that device.yaml has by now are printed with the element and its line",
              "nothing to add but by hand\n" in done.text
              and f"therapy: assets: [delivery] (device.yaml has them; the model, line {line}, states no assets)\n"
              in done.text and device.read("model.yaml") == before, done.text, before)
    device.write("model.yaml", before.replace("  - id: therapy\n", "  - id: therapy\n    assets: [delivery]\n"))
    done = device.run("--seed")
    kit.check("seed: and no more when they are there", "nothing to add\n" in done.text
              and "delivery" not in done.text, done.text)


def radios(kit):
    device = Device(kit, "radios", concept=HEAD + "answers:\n" + "".join(
        ANSWER % (name, "yes", "2026-02-01") for name in ("network", "bluetooth", "phone")))
    device.run("--seed")
    model = device.read("model.yaml")
    kit.check("seed: Bluetooth and an app have their flows", "id: bt-network\n    from: bt-partner\n" in model
              and "id: network-phone\n    from: network\n    to: phone\n" in model, model)


def viewed(kit):
    answers = HEAD + "answers:\n" + "".join(ANSWER % (name, "yes", "2026-02-01") for name in (
        "therapy", "network", "updatable", "remote-update", "cloud", "service-access"))
    device = Device(kit, "viewed", concept=answers)
    done = device.run("--seed")
    model = device.read("model.yaml")
    kit.check("seed: a new model has FDA's views, as far as the answers say", " 5 views added" in done.text
              and "id: v-update\n    kind: updateability\n    title: Update and patch path\n"
                  "    flows: [release-updater, updater-main]\n    elements: [main, updater, release-server]\n" in model
              and "id: v-multi" in model and "id: v-service" in model, done.text, model)
    device = Device(kit, "not-viewed", model=MODEL, concept=answers)
    done = device.run("--seed")
    kit.check("seed: a model that exists keeps its views", " 0 views added" in done.text
              and "views: []\n" in device.read("model.yaml"), done.text)
    device = Device(kit, "small", concept=HEAD + "answers:\n" + ANSWER % ("therapy", "yes", "2026-02-01"))
    kit.answers("seed: no view without a flow", device.run("--seed"), 0, " 2 views added")


def packs(kit):
    none = kit.path("none.json", "{}")
    device = Device(kit, "pack", concept=HEAD + "class: cloud-only\n")
    kit.answers("pack: one that is none is refused", device.ask(["y"], "--pack", none), 3, "no pack of questions")
    kit.answers("pack: nothing there is refused", device.ask(["y"], "--pack", kit.folder / "nothing"), 3, "nothing")
    kit.check("pack: and nothing was written", device.read() == HEAD + "class: cloud-only\n", device.read())
    kit.path("emb3d/_data/properties.json", OURS)
    kit.path("emb3d/LICENSE.md", "Terms of the pack\nin two lines\n")
    own = len(device.state()["questions"])
    done = device.ask([""] * 40 + ["y", "y"], "--pack", kit.folder / "emb3d")
    kit.check("pack: its licence is shown and recorded", "Terms of the pack\nin two lines\n" in done.complaint
              and "    licence: |-\n      Terms of the pack\n      in two lines\n" in device.read(),
              done.complaint, device.read())
    kit.check("pack: its texts do not reach a terminal as they are", "\x1b" not in done.complaint, done.complaint)
    now = device.state("--pack", kit.folder / "emb3d")
    kit.check("pack: its questions follow, its threats are considered", len(now["questions"]) == own + 2
              and now["packs"][0]["read"]
              and {"id": "TID-9", "questions": ["emb3d/PID-21"]} in now["threats_to_consider"], now["threats_to_consider"])
    kit.answers("pack: without it, it is named as not read", device.run("--format", "table"), 0,
                "Pack emb3d (2 questions) is not read now")
    kit.path("emb3d/_data/properties.json", OURS.replace("door", "gate"))
    kit.answers("pack: another file than was recorded is named",
                device.run("--format", "table", "--pack", kit.folder / "emb3d"), 0, "from another file")


def emb3d(kit):
    if not EMB3D.is_file():
        kit.check(f"EMB3D as MITRE has it # SKIP no {EMB3D.name} in the shared data (set TUTELA_SHARED)", True)
        return
    device = Device(kit, "emb3d-device")
    own = len(device.state()["questions"])
    done = device.run("--format", "json", "--pack", EMB3D)
    kit.check("EMB3D as MITRE has it: 59 properties", done.returncode == 0
              and len(json.loads(done.text)["questions"]) == own + 59, done.complaint)


def gated(kit):
    answers = "".join(ANSWER % (question, "no", "2026-02-01") for question in ("therapy", "network"))
    device = Device(kit, "gated", concept=HEAD + "class: cloud-only\nanswers:\n" + answers)
    kit.answers("gate: open questions and stakeholders", device.run("--fail-on", "open"), 1,
                "gate violated: open: ", "points, such as question measures", "7 of 7 stakeholders open")
    kit.answers("gate: nothing is unknown", device.run("--fail-on", "unknown", "--format", "json"), 0,
                "tutela-concept")
    device.write("concept.yaml", HEAD + "class: cloud-only\nanswers:\n" + answers
                 + ANSWER % ("wifi", "yes", "2026-02-01") + "packs:\n"
                 + "  - {id: emb3d, questions: 59, licence: x}\n")
    kit.answers("gate: contradicted", device.run("--fail-on", "contradicted"), 1, "1 point, such as question wifi")
    kit.answers("gate: a pack that is not read is open", device.run("--fail-on", "open&!question&!stakeholder"), 1,
                "1 point, such as pack emb3d, which is not read")
    kit.answers("gate: a word of others", device.run("--fail-on", "kev"), 2, "tutela assess")
    kit.answers("gate: not with --seed", device.run("--seed", "--fail-on", "open"), 2, "two questions")


def example(kit):
    folder = kit.folder / "example"
    shutil.copytree(ROOT / "examples" / "infusion-pump", folder)
    kit.answers("the example has something open of each kind", kit.run(
        "concept", folder, "--format", "table", "--at", "2026-03-01"), 0, "Unknown\n", "no discussion",
        "not signed off", "concerns open", "signed off, by", "Questions to a hospital's IT")


def main():
    kit = Kit()
    asking(kit)
    gone_back(kit)
    at_home(kit)
    stopped(kit)
    edited(kit)
    refused(kit)
    seeded(kit)
    seeded_early(kit)
    titled(kit)
    radios(kit)
    viewed(kit)
    packs(kit)
    emb3d(kit)
    gated(kit)
    example(kit)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
