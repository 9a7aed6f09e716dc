#!/usr/bin/env python3
"""What all commands share: help, defaults of options, completion, closed pipes.

usage: cli.py [PROGRAM]
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

import kit as e2e

def members(kit):
    """Every command and subcommand, as help lists them."""
    names = []
    for name in re.findall(r"^  ([a-z]+) +[A-Z]", kit.run("help").text, re.MULTILINE):
        names.append([name])
        names += [found.split() for found in
                  re.findall(rf"^  ({name} [a-z]+) +[A-Z]", kit.run(name, "--help").text, re.MULTILINE)]
    return names


def helps(kit):
    names = members(kit)
    kit.check("help lists commands and members", len(names) > 30 and ["sbom", "show"] in names, repr(names))
    for name in names:
        done = [kit.run(*name, "--help"), kit.run(*name, "-h"), kit.run("help", *name)]
        kit.check(f"help of {' '.join(name)}",
                  all(one.returncode == 0 and one.text == done[0].text and not one.complaint for one in done)
                  and f"tutela {' '.join(name)}" in done[0].text
                  and max(map(len, done[0].text.splitlines())) <= 100, *(one.text + one.complaint for one in done))
    kit.check("help among other arguments", kit.run("scan", "x", "-f", "json", "--help").text
              == kit.run("help", "scan").text)
    kit.answers("a value is no request for help", kit.run("scan", "gone.json", "--only", "--help"), 2, "--only must be")
    kit.answers("two names", kit.run("clocks", "--help"), 0, "tutela deadlines DIR", "tutela clocks")
    for words, expected in [
            (["scna"], 'did you mean "scan"'), (["sbom", "shwo"], "show, check, diff"), (["kb"], "is missing: sync"),
            (["scan", "--formt=json", "x"], 'did you mean "--format"'), (["scan", "--zzzzz", "x"], "scan --help"),
            (["scan", "x", "-f", "xlm"], "table, json, csv, sarif or cyclonedx"),
            (["decide", "d", "CVE-1", "-s", "ignored"], "not_affected"),
            (["vex", "write", "d"], "--format is missing: openvex"), (["scan", "--kb"], "--kb FILE")]:
        kit.answers("usage: " + " ".join(words), kit.run(*words), 2, expected)


def defaults(kit):
    kb = kit.kb()
    bom = kit.path("bom.json", e2e.sbom(e2e.component("pumpd", "1.0", cpe=e2e.PUMP % "1.0")))
    plain = kit.run("scan", bom, "--kb", kb)
    path = kit.path("t.conf", "# ours\n[scan]\nformat = json\n fail-on=any\n\n[sbom check]\nprofile = ntia\n"
                              "[device check]\nstrict = true\n")
    before = kit.run("--config", path, "scan", bom, "--kb", kb)
    kit.answers("a file before the command", before, 1, f"read from {path}", "any")
    kit.check("its format", before.stdout.startswith(b"{") and json.loads(before.stdout))
    after = kit.run("scan", bom, "--kb", kb, f"--config={path}", "-f", "table", "--fail-on", "cvss>=11")
    kit.answers("the command line replaces a format, and adds to the rules", after, 2, "cvss>=11")
    after = kit.run("scan", bom, "--kb", kb, "--config", path, "-f", "table", "--fail-on", "epss>=1")
    kit.check("a rule is not dropped", after.returncode == 1 and after.text.startswith(plain.text[:20]), after.complaint)
    done = kit.run("scan", bom, "--kb", kb, env={"TUTELA_CONFIG": path})
    kit.check("by the environment", done.returncode == 1 and done.stdout == before.stdout, done.complaint)
    kit.answers("another command", kit.run("sbom", "check", bom, env={"TUTELA_CONFIG": path}), 1, "read from")
    kit.answers("rules of the command line add up", kit.run("scan", bom, "--kb", kb, "--fail-on", "any",
                                                            "--fail-on", "epss>=1"), 1, "any")
    for name, text, words in [
            ("unknown option", "[scan]\n\ncolor-of = x\n", ":3:"), ("unknown command", "[scna]\n", ":1: unknown command"),
            ("of another command", "[scan]\n[cvss]\nformat = json\n", ":3: unknown option"),
            ("group", "[sbom]\n", ":1:"), ("no section", "format = json\n", ":1:"), ("no value", "[scan]\nformat\n", ":2:"),
            ("value of no list", "[scan]\nformat = xml\n", ":2:"), ("flag", "[device check]\nstrict = yes\n", ":2:"),
            ("kb", "[scan]\nkb = x.kb\n", ":2: only the command line"),
            ("output", "[assess]\noutput = x\n", ":2: only the command line"),
            ("trust", "[scan]\ntrust-vex = true\n", ":2: only the command line")]:
        kit.answers("file: " + name, kit.run("--config", kit.path("bad.conf", text), "scan", bom, "--kb", kb), 2, words)
    kit.answers("no such file", kit.run("scan", bom, "--kb", kb, "--config", "gone.conf"), 3, "gone.conf")
    kit.answers("two files", kit.run("scan", bom, "--config", path, "--config", path), 2, "more than once")
    return kb, bom


def closed_pipes(kit, kb, bom):
    big = kit.path("big.json", e2e.sbom(*(e2e.component(f"part-{i}", "1.0") for i in range(20000))))
    for words in [["scan", big, "--kb", kb, "-f", "json"], ["sbom", "show", big], ["help"], ["sbom", "show", big,
                  "-f", "json"], ["csaf", "tests"], ["version", "schemes"]]:
        child = subprocess.Popen([kit.program, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env=kit.environment())
        child.stdout.read(1)
        child.stdout.close()
        complaint = child.stderr.read().decode()
        code = child.wait(timeout=60)
        child.stderr.close()
        kit.check("closed pipe: " + " ".join(words[:2]), code in (0, 141) and not complaint, f"{code}: {complaint}")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([kit.program, "scan", bom, "--kb", kb], stdout=full, stderr=subprocess.PIPE, check=False)
    kit.check("a full disk is an error", done.returncode == 3 and b"write" in done.stderr, done.stderr.decode())


def purls(kit):
    record = {"id": "GHSA-aaaa-bbbb-cccc", "modified": "2024-01-01T00:00:00Z", "aliases": ["CVE-2099-0001"],
              "summary": "A template may run commands.", "affected": [{
                  "package": {"ecosystem": "npm", "name": "lodash"},
                  "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "4.17.21"}]}]}]}
    kb = str(kit.folder / "purls.kb")
    kit.answers("knowledge base", kit.run("kb", "build", "-o", kb, kit.path("osv.json", json.dumps(record))), 0)
    for words, ids in [(["pkg:npm/lodash@4.17.20"], ["CVE-2099-0001"]), (["pkg:npm/lodash@4.17.21"], []),
                       (["pkg:pypi/Django@3.2", "pkg:npm/lodash@4.0.0", "pkg:npm/lodash@4.0.0"], ["CVE-2099-0001"])]:
        done = kit.run("scan", *words, "--kb", kb, "--format", "json")
        kit.check("scan " + " ".join(words), done.returncode == 0 and
                  re.findall(r"CVE-2099-0001", done.text)[:1] == ids, done.text, done.complaint)
    kit.answers("one is explained", kit.run("explain", "pkg:npm/lodash@4.17.20", "--kb", kb), 0, "lodash", "4.17.21")
    kit.answers("one is explained by id", kit.run("explain", "pkg:npm/lodash@4.17.20", "GHSA-aaaa-bbbb-cccc",
                                                  "--kb", kb), 0, "affected")
    kit.answers("one that is not valid", kit.run("scan", "pkg:npm", "--kb", kb), 3, "pkg:npm")
    kit.answers("mixed with a file", kit.run("scan", "pkg:npm/a@1", "x.json", "--kb", kb), 2, "do not mix")
    kit.answers("nothing is found is no gap", kit.run("scan", "pkg:npm/of-no-record@1", "--kb", kb, "--fail-on", "unknown"),
                1, "of-no-record")
    kit.answers("as an SBOM of its own", kit.run("sbom", "show", "pkg:deb/debian/openssl@3.0.1"), 0, "openssl", "3.0.1")


COMPLETE = """source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_tutela
printf '%s\\n' "${COMPREPLY[@]}"
"""


def completion(kit):
    script = pathlib.Path(kit.program).parent / "docs" / "man" / "tutela"
    if not script.exists():
        kit.check("completion of bash # SKIP not built", True)
        return
    for words, wanted in [
            (["tutela", "sc"], ["scan"]), (["tutela", "sbom", "s"], ["show"]), (["tutela", "sbom", ""],
             ["show", "check", "diff", "merge", "convert"]), (["tutela", "kb", "sync", "--of"], ["--offline"]),
            (["tutela", "scan", "--format", "s"], ["sarif"]), (["tutela", "scan", "x", "-f", "cs"], ["csv"]),
            (["tutela", "scan", "--format", "=", "js"], ["json"]), (["tutela", "clocks", "-f", ""], ["text", "json"]),
            (["tutela", "scan", "--min-severity", "cr"], ["critical"]), (["tutela", "help", "vers"], ["version"]),
            (["tutela", "--config", "f", "sbom", "d"], ["diff"]), (["tutela", "scan", "half"], [])]:
        done = subprocess.run(["bash", "-c", COMPLETE, "bash", script, *words], capture_output=True, text=True,
                              check=False)
        got = done.stdout.split()
        kit.check("bash: " + " ".join(words[1:]), got == wanted and not done.stderr, f"{got} {done.stderr}")
    if not shutil.which("zsh"):
        kit.check("completion of zsh # SKIP there is no zsh", True)
        return
    zsh_completion(kit, script.parent)


# A zsh without a user's configuration, in a terminal of its own: the tab key is pressed after LINE, then OUT
# gets the line as it is then, and standard output what the terminal showed.
PRESS = """emulate -L zsh
zmodload zsh/zpty
zpty shell "TERM=dumb COLUMNS=200 zsh -f -i"
zpty -w shell "PS1= PROMPT_EOL_MARK=; unsetopt zle_bracketed_paste; fpath=($1 \\$fpath)"
zpty -w shell "autoload -Uz compinit; compinit -u -D"
zpty -w shell "finish() { print -r -- \\$BUFFER >$3; exit }; zle -N finish; setopt no_beep"
zpty -w shell "bindkey '^I' complete-word '^X' finish; echo now"
zpty -n -w shell "$2"$'\\t\\x18'
while zpty -r shell chunk; do print -rn -- $chunk; done
"""
# The line, the line after the tab key, words that are listed.
PRESSED = [
    ("tutela sc", "tutela scan ", []),
    ("tutela ", None, ["scan", "deadlines", "clocks", "help", "Explain why"]),
    ("tutela clo", "tutela clocks ", []),
    ("tutela --ver", "tutela --version ", []),
    ("tutela --", None, ["--config", "--help", "--version"]),
    ("tutela sbom ", None, ["show", "check", "diff", "merge", "convert"]),
    ("tutela kb sync --of", "tutela kb sync --offline ", []),
    ("tutela scan --format s", "tutela scan --format sarif ", []),
    ("tutela scan --format=", None, ["table", "cyclonedx", "sarif"]),
    ("tutela scan x -f cs", "tutela scan x -f csv ", []),
    ("tutela scan --min-severity cr", "tutela scan --min-severity critical ", []),
    ("tutela scan --li", "tutela scan --limit=", []),
    ("tutela scan --limit=on", "tutela scan --limit=on", []),
    ("tutela scan --kb=only.j", "tutela scan --kb=only.json ", []),
    ("tutela scan --rootfs=on", "tutela scan --rootfs=only.folder/", []),
    ("tutela clocks --fail-on-m", "tutela clocks --fail-on-missed ", []),
    ("tutela help vers", "tutela help version ", []),
    ("tutela help sbom d", "tutela help sbom diff ", []),
    ("tutela --config f sbom d", "tutela --config f sbom diff ", []),
    ("tutela --config=f scan --min-severity cr", "tutela --config=f scan --min-severity critical ", []),
    ("tutela --config only.j", "tutela --config only.json ", []),
    ("tutela sbom diff only.j", "tutela sbom diff only.json ", []),
]


def zsh_completion(kit, scripts):
    kit.path("zsh/only.json", "{}")
    folder = kit.folder / "zsh"
    (folder / "only.folder").mkdir()
    for line, wanted, listed in PRESSED:
        out = kit.folder / "pressed"
        out.write_text("", encoding="utf-8")
        done = subprocess.run(["zsh", "-f", "-c", PRESS, "zsh", scripts, line, out], capture_output=True, text=True,
                              check=False, cwd=folder, timeout=60)
        got = out.read_text(encoding="utf-8").removesuffix("\n")
        shown = done.stdout.rpartition("echo now")[2]
        kit.check(f"zsh: {line}", got == (line if wanted is None else wanted) and
                  all(word in shown for word in listed), f"{got!r}", shown)


def main():
    kit = e2e.Kit()
    helps(kit)
    kb, bom = defaults(kit)
    purls(kit)
    closed_pipes(kit, kb, bom)
    completion(kit)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
