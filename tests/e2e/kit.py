"""What the end-to-end scripts share: the program, a folder of their own, TAP."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FEED = ROOT / "tests" / "tables" / "match" / "feed.jsonl"
NAMES = ROOT / "tests" / "tables" / "match" / "names.tsv"

PUMP = "cpe:2.3:a:acme:pumpd:%s:*:*:*:*:*:*:*"


def component(name, version="", **more):
    return {"type": "library", "name": name, "version": version, "bom-ref": name, **more}


def sbom(*components, **more):
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
                       "components": list(components), **more})


class Kit:
    """One script's run. `check` prints a TAP line; `done` the plan, and gives the exit code."""

    def __init__(self):
        default = os.environ.get("TUTELA_PROGRAM", str(ROOT / "build" / "tutela"))
        self.program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else default)
        self._folder = tempfile.TemporaryDirectory(prefix="tutela-e2e-")
        self.folder = pathlib.Path(self._folder.name)
        self.count = self.failed = 0

    def path(self, name, contents=None):
        path = self.folder / name
        if contents is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
        return str(path)

    def run(self, *arguments, stdin=b"", timeout=120, **more):
        """Run the program with nothing of the user's own around it."""
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder / "home"), "TERM": "dumb",
               **{key: value for key, value in os.environ.items() if key.endswith("SAN_OPTIONS")},
               **more.pop("env", {})}
        done = subprocess.run([self.program, *map(str, arguments)], input=stdin, env=env,
                              capture_output=True, timeout=timeout, check=False, **more)
        done.text = done.stdout.decode(errors="replace")
        done.complaint = done.stderr.decode(errors="replace")
        return done

    def check(self, name, fine, *seen):
        self.count += 1
        self.failed += not fine
        print(f"{'ok' if fine else 'not ok'} {self.count} - {name}")
        if not fine:
            for item in seen:
                text = item if isinstance(item, str) else repr(item)
                print("".join(f"# {line}\n" for line in text[:4000].splitlines()), end="")

    def answers(self, name, done, code, *words):
        """The exit code, and every word somewhere in what was written."""
        said = done.text + done.complaint
        missing = [word for word in words if word not in said]
        self.check(name, done.returncode == code and not missing,
                   f"exit code {done.returncode}, wanted {code}; missing {missing}", said)

    def kb(self, *inputs):
        """A knowledge base of the test feed (or of `inputs`)."""
        path = self.folder / "test.kb"
        done = self.run("kb", "build", "-o", path, *(inputs or (FEED, NAMES)))
        if done.returncode:
            raise SystemExit(f"Bail out! {done.complaint}")
        return str(path)

    def done(self):
        print(f"1..{self.count}")
        self._folder.cleanup()
        return 1 if self.failed else 0
