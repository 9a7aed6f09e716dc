#!/usr/bin/env python3
"""The packages of tools/make-deb: built, checked, installed, run and removed on bare Debian 12 and 13; the steps
of packaging/Containerfile over the former.

Runs in root file systems that debootstrap made (roots.py). Prints TAP.

usage: deb.py
"""
import json
import os
import re
import shutil
import sys

import roots

RELEASES = {"bookworm": "deb12", "trixie": "deb13"}
PACKAGES = ["libtutela-dev", "libtutela0", "tutela-server", "tutela"]
INSTALLED = ["usr/bin/tutela", "usr/share/man/man1/tutela-scan.1.gz", "usr/share/tutela/tutela.cdx.json",
             "usr/share/bash-completion/completions/tutela", "usr/share/zsh/vendor-completions/_tutela",
             "usr/share/doc/tutela/copyright", "usr/share/doc/tutela/changelog.gz"]
PAGE = roots.ROOT / "docs" / "operate.md"
UNIT = "/usr/lib/systemd/system/tutela.service"
EXAMPLE = "/usr/share/doc/tutela/examples/infusion-pump"
CONTAINERFILE = roots.ROOT / "packaging" / "Containerfile"


def make(tap, release, output):
    """The packages of a release into a folder; two builds in different folders give the same bytes."""
    with roots.Root(release, roots.with_tools(release)) as root:
        folders = ("/srv/tutela", "/srv/another/place")
        for folder in folders:
            roots.tree(root.path(f"{folder}/x").parent)
        for folder in folders:
            done = root.run(f"cd {folder} && umask 077 && tools/make-deb --output /srv/out{folder}",
                            variable=f"SOURCE_DATE_EPOCH={roots.time_of_tree()}")
            tap.answers(f"{release}: make-deb in {folder}", done, *PACKAGES)
        done = root.run("cd /srv/out/srv/tutela && for f in *.deb; do cmp $f /srv/out/srv/another/place/$f; done && ls")
        tap.answers(f"{release}: two builds are equal", done, *PACKAGES)
        shutil.copytree(root.folder / "upper/srv/out/srv/tutela", output)
    return sorted(output.glob("*.deb"))


def judged(tap, release, files):
    if not shutil.which("lintian"):
        tap.line(f"{release}: lintian # SKIP lintian is not there", True)
        return
    done = roots.call("lintian", "--allow-root", "--fail-on", "error,warning", *files)
    tap.line(f"{release}: lintian has no errors and warnings", done.returncode == 0, done.stdout, done.stderr)


def relations(tap, release, file):
    done = roots.call("dpkg-deb", "-f", file, "Depends", "Recommends", "Suggests")
    fields = dict(re.findall(r"^(\w+): (.*)$", done.stdout, re.MULTILINE))
    wanted = {"Depends": r"\blibarchive13(t64)?\b.*\blibc6\b.*\blibsimdjson\d", "Recommends": r"\blibcurl4(t64)?\b",
              "Suggests": r"\blibrpm(9|10)(t64)?\b"}
    tap.line(f"{release}: linked libraries are needed, others as their notes say",
             all(re.search(pattern, fields.get(field, "")) for field, pattern in wanted.items()), fields)


def lived(tap, release, files):
    """Installed, run and removed in a bare root."""
    with roots.Root(release) as root:
        for file in files:
            if not file.name.startswith(("libtutela-dev", "tutela-server")):
                root.put(file, f"/srv/{file.name}")
        before = set(root.run("find / -xdev -path '*tutela*' -not -path '/srv/*'").stdout.split())
        tap.answers(f"{release}: installs", root.run(
            "apt-get -q update && apt-get -qy install --no-install-recommends /srv/*.deb"), "Setting up tutela")
        version = re.search(r"_([\d.]+)", files[-1].name)[1].rstrip(".")
        tap.answers(f"{release}: --version", root.run("tutela --version"), f"tutela {version}")
        tap.answers(f"{release}: scans the example", root.run(f"tutela scan {EXAMPLE}/infusion-pump-4.4.0.cdx.json"),
                    "CVE-2022-30767", "affected")
        tap.answers(f"{release}: assesses the example", root.run(
            f"tutela assess {EXAMPLE} --at 2026-07-10 --summary"), "Next deadline")
        done = root.run("tutela kb sync --source kev", variable="HOME=/srv/home")
        tap.line(f"{release}: a library that is not installed is named",
                 done.returncode == 3 and "libcurl.so.4" in done.stderr, done.returncode, done.stderr)
        there = root.run("cd / && ls -d " + " ".join(INSTALLED) + " && ldconfig -p && dpkg -V tutela libtutela0")
        tap.answers(f"{release}: pages, completions, documents and library are there", there, "libtutela.so.0")
        bom = json.loads((root.folder / "upper/usr/share/tutela/tutela.cdx.json").read_text(encoding="utf-8"))
        digest = root.run("sha256sum /usr/bin/tutela").stdout.split()[0]
        tap.line(f"{release}: the SBOM is of the installed program", bom["metadata"]["component"]["hashes"] == [
            {"alg": "SHA-256", "content": digest}] and len(bom["components"]) > 5, bom["metadata"], digest)
        tap.answers(f"{release}: is removed", root.run("apt-get -qy purge tutela libtutela0"), "Removing tutela")
        after = set(root.run("find / -xdev -path '*tutela*' -not -path '/srv/*'").stdout.split())
        tap.line(f"{release}: nothing remains", after <= before, after - before)


# ---- the service ----

# With systemd, which confines it as the unit says: the process that reads uploads and the one that signs start, too.
RUNS = """set -e
systemctl is-active tutela && exit 9
runuser -u tutela -- tutela admin init /var/lib/tutela
systemctl start tutela
runuser -u tutela -- tutela admin status /var/lib/tutela
runuser -u tutela -- tutela ledger checkpoint /var/lib/tutela -o /var/tmp/checkpoints
runuser -u tutela -- tutela doctor /var/lib/tutela
systemctl reload tutela
systemctl is-active tutela
systemctl stop tutela
systemctl show tutela -p Result -p ExecMainStatus -p NRestarts
"""


def blocks(name):
    """The commands of docs/operate.md in the blocks of that name, a text for each block."""
    return [text.strip() for text in re.findall(rf"^```sh {name}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)]


def served(tap, release, files):
    """The service: installed as docs/operate.md says, started by systemd, upgraded, removed, purged."""
    with roots.Root(release) as root:
        for file in files:
            if file.name.startswith("tutela"):
                root.put(file, f"/srv/{file.name}")
        root.path("/etc/apt/apt.conf.d/90trial").write_text('APT::Get::Assume-Yes "true"; APT::Install-Recommends "false";\n', encoding="utf-8")
        root.run("apt-get -q update")
        install, upgrade, remove = blocks("packages")
        tap.answers(f"{release}: the service installs", root.run(f"cd /srv && {install}"), "not started")
        done = root.run("getent passwd tutela && stat -c '%U %a' /var/lib/tutela && ls -A /var/lib/tutela && ls /etc/systemd/system/*.wants")
        tap.line(f"{release}: a user and an empty folder, and nothing that starts by itself",
                 "/usr/sbin/nologin\ntutela 700\n/etc" in done.stdout and "tutela.service" not in done.stdout, done.stdout, done.stderr)
        done = root.run(f"systemd-analyze security --offline=true --threshold=20 --no-pager {UNIT}")
        tap.line(f"{release}: the unit has few rights", done.returncode == 0, done.stdout[-500:], done.stderr)
        started(tap, release, root)
        tap.answers(f"{release}: is upgraded", root.run(f"cd /srv && {upgrade.replace('install', 'install --reinstall')}"))
        tap.answers(f"{release}: is removed", root.run(remove), "Removing tutela-server")
        kept = root.run("ls /var/lib/tutela/tutela.yaml /etc/tutela/tutela.conf && apt-get purge tutela-server && ls /var/lib/tutela/tutela.yaml")
        tap.answers(f"{release}: the data stay, also after a purge that nobody was asked about", kept, "tutela.yaml")
        answer = "echo tutela-server tutela-server/purge-data boolean true | debconf-set-selections"
        gone = root.run(f"cd /srv && {install} && {answer} && apt-get purge tutela-server && ls -d /var/lib/tutela /etc/tutela; exit 0")
        tap.line(f"{release}: a purge that is told to deletes them", "Purging" in gone.stdout and not gone.stdout.endswith("/tutela\n"),
                 gone.stdout[-500:], gone.stderr)


def started(tap, release, root):
    done = root.boot(RUNS)
    if not done:
        tap.line(f"{release}: the unit runs # SKIP systemd cannot be started in namespaces here", True)
        root.run("runuser -u tutela -- tutela admin init /var/lib/tutela")
        return
    journal = done.stdout + done.stderr
    tap.answers(f"{release}: the unit runs, with every restriction", done, '"ready":true', '"sandbox":"seccomp and Landlock"', "signed with key",
                "0 errors", "\nactive\n", "Result=success", "ExecMainStatus=0", "NRestarts=0")
    tap.line(f"{release}: and was not started by itself", "inactive" in journal.split("instance")[0], journal)


# ---- the container ----


def instructions():
    """(word, rest) of each instruction of the recipe."""
    text = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", CONTAINERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]


def container(tap, files):
    steps = instructions()
    word = dict(steps)
    tap.line("container: from Debian 12", word["FROM"].endswith("/debian:bookworm-slim"), word["FROM"])
    with roots.Root("bookworm") as root:
        for name, rest in steps:
            if name == "COPY":
                pattern, target = rest.split()
                wanted = re.compile(re.escape(os.path.basename(pattern)).replace(r"\*", ".*"))
                for file in filter(lambda file: wanted.fullmatch(file.name), files):
                    root.put(file, target + file.name)
            elif name == "RUN":
                tap.answers(f"container: RUN {rest.split()[0]}", root.run(rest))
        used(tap, root, word)


def used(tap, root, word):
    """As the recipe's user, read-only, without a home."""
    [program] = json.loads(word["ENTRYPOINT"])
    environment = f"export {word['ENV']}; unset HOME; cd {word['WORKDIR']}; exec {program} "

    def run(arguments, variable="XDG_DATA_HOME=/nonexistent"):
        return root.run(environment + arguments, user=word["USER"], writable=False, variable=variable)

    scan = f"scan {EXAMPLE}/infusion-pump-4.4.0.cdx.json"
    tap.line("container: its user is not root, by number", re.fullmatch(r"[1-9]\d*:[1-9]\d*", word["USER"]), word["USER"])
    tap.answers("container: its command", run(" ".join(json.loads(word["CMD"]))), "usage: tutela")
    tap.answers("container: scans read-only without a home", run(scan), "CVE-2022-30767")
    done = root.run("touch /data/x", user=word["USER"], writable=False)
    tap.line("container: the root is read-only indeed", done.returncode != 0, done.stdout)
    sbom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
        {"type": "library", "name": "pumpd", "version": "1.3", "cpe": "cpe:2.3:a:acme:pumpd:1.3:*:*:*:*:*:*:*"}]}
    root.path("/data/sbom.json").write_text(json.dumps(sbom), encoding="utf-8")
    feed = roots.ROOT / "tests" / "tables" / "match" / "feed.jsonl"
    root.put(feed, "/srv/feed.jsonl")
    root.run("chmod 755 /srv && chmod 644 /srv/feed.jsonl /data/sbom.json")
    done = root.run(environment + "kb build -o /var/lib/tutela/tutela.kb /srv/feed.jsonl", user=word["USER"])
    tap.answers("container: a knowledge base on the volume", done)
    tap.answers("container: it is the one that is used", run("scan sbom.json"), "CVE-2022-1001")
    tap.answers("container: downloads have their library", root.run("ldconfig -p"), "libcurl.so.4")


def main():
    why = "dpkg-dev is not there" if not shutil.which("dpkg-deb") else roots.why_not(*RELEASES)
    if why:
        print(f"1..0 # SKIP {why}")
        return 0
    tap = roots.Tap()
    chosen = os.environ.get("TUTELA_RELEASES", " ".join(RELEASES)).split()
    for release in chosen:
        with roots.Root(release) as scratch:
            files = make(tap, release, scratch.folder / "packages")
            tap.line(f"{release}: four packages of this release", [file.name.split("_")[0] for file in files] ==
                     PACKAGES and all(f"+{RELEASES[release]}_" in file.name for file in files), files)
            if len(files) != len(PACKAGES):
                continue
            judged(tap, release, files)
            relations(tap, release, files[-1])
            lived(tap, release, files)
            served(tap, release, files)
            if release == "bookworm":
                container(tap, files)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
