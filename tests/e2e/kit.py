"""What the end-to-end scripts share: the program, a folder of their own, TAP."""
import contextlib
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
import environment  # noqa: E402
FEED = ROOT / "tests" / "tables" / "match" / "feed.jsonl"
NAMES = ROOT / "tests" / "tables" / "match" / "names.tsv"

ON_POSTGRES = os.environ.get("TUTELA_TEST_POSTGRES")
PUMP = "cpe:2.3:a:acme:pumpd:%s:*:*:*:*:*:*:*"


def component(name, version="", **more):
    return {"type": "library", "name": name, "version": version, "bom-ref": name, **more}


def sbom(*components, **more):
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
                       "components": list(components), **more})


def psql(database, text):
    program = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin/psql"))
    done = subprocess.run([program, "-XAtq", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-d", f"postgresql://tutela@127.0.0.1:{ON_POSTGRES}/{database}",
                           "-c", "SET bytea_output = hex", "-c", text], capture_output=True, text=True, check=True)
    return done.stdout.replace("\\x", "")


class Kit:
    """One script's run. `check` prints a TAP line; `done` the plan, and gives the exit code."""

    def __init__(self):
        default = os.environ.get("TUTELA_PROGRAM", str(ROOT / "build" / "tutela"))
        self.program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else default)
        self._folder = tempfile.TemporaryDirectory(prefix="tutela-e2e-")
        self.folder = pathlib.Path(self._folder.name)
        self.count = self.failed = self.databases = 0
        self.bases = {}  # of data folders on PostgreSQL

    def path(self, name, contents=None):
        path = self.folder / name
        if contents is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents if isinstance(contents, bytes) else contents.encode())
        return str(path)

    def environment(self, **more):
        """For the program."""
        return environment.environment(self.folder, **more)

    def run(self, *arguments, stdin=b"", timeout=120, **more):
        """Run the program with nothing of the user's own around it."""
        if arguments[:2] == ("admin", "init") and "--database" not in arguments and ON_POSTGRES:
            arguments = (*arguments, "--database", self.database())
            self.bases[str(arguments[2])] = self.newest
        done = subprocess.run([self.program, *map(str, arguments)], input=stdin, env=self.environment(**more.pop("env", {})),
                              capture_output=True, timeout=timeout, check=False, **more)
        done.text = done.stdout.decode(errors="replace")
        done.complaint = done.stderr.decode(errors="replace")
        return done

    def database(self):
        """A new one, where a script is run on PostgreSQL (TUTELA_TEST_POSTGRES: the port of a server)."""
        self.databases += 1
        name = f"{pathlib.Path(sys.argv[0]).stem}_{os.getpid()}_{self.databases}"
        psql("postgres", f'CREATE DATABASE "{name}"')
        self.newest = name
        return f"postgresql://tutela@127.0.0.1:{ON_POSTGRES}/{name}"

    def sql(self, data, text):
        """The rows that a statement gives in a data folder's database, as lists of texts; bytes in hexadecimal digits."""
        if ON_POSTGRES:
            return [line.split("\x1f") for line in psql(self.bases[str(data)], text).split("\n") if line]
        with contextlib.closing(sqlite3.connect(pathlib.Path(data) / "tutela.db", timeout=30)) as database, database:
            rows = database.execute(text).fetchall()
        return [["" if cell is None else cell.hex() if isinstance(cell, bytes) else str(cell) for cell in row] for row in rows]

    def check(self, name, fine, *seen):
        self.count += 1
        self.failed += not fine
        print(f"{'ok' if fine else 'not ok'} {self.count} - {name}")
        if not fine:
            for item in seen:
                text = item if isinstance(item, str) else repr(item)
                print("".join(f"# {line}\n" for line in text[:4000].splitlines()), end="")

    def skip(self, name, reason):
        """A case whose means are not here: counted as skipped, with the reason."""
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {reason}")

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
