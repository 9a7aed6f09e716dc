"""A PostgreSQL server of its own for tests: Debian's package, a private folder, an ordinary user, a free port.

usage:
    with postgres.Server() as server:
        place = server.database("name")     # "postgresql://…", empty
    with postgres.Pooler(server) as pooler: # pgbouncer, a connection a transaction
        place = pooler.place("name")

why_not() says in a line what is missing. fsync is on only where asked for: crash tests need it, others do not.
"""
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

FOLDERS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
BIN = FOLDERS[0] if FOLDERS else None
PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
PATIENCE = 600  # seconds that it may take to recover from a stop at once; pg_ctl would give it 60


def why_not(pooler=False):
    if not BIN or not (BIN / "initdb").exists():
        return "PostgreSQL's server is not installed (package postgresql)"
    if os.getuid() == 0 and not ordinary_user():
        return "PostgreSQL does not run as root and there is no ordinary user"
    if pooler and not PGBOUNCER:
        return "pgbouncer is not installed"
    return None


def ordinary_user():
    """As whom a server runs when the tests are root's."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Base:
    """A folder and a program that runs in it as an ordinary user."""

    def __init__(self, name):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"tutela-{name}-"))
        self.user = ordinary_user() if os.getuid() == 0 else None
        self.port = free_port()
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)

    def drop(self):
        """For subprocess: who runs it, where."""
        who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        return {"cwd": self.folder, "stdin": subprocess.DEVNULL, **who}

    def call(self, *command, check=True):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, **self.drop())
        if check and done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")
        return done

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Server(Base):
    def __init__(self, fsync=False, settings=()):
        super().__init__("postgres")
        self.call(BIN / "initdb", "-D", self.folder / "data", "-U", "tutela", "--auth=trust", "--no-sync",
                  "--encoding=UTF8", "--locale=C.UTF-8", *self.foreign())
        self.settings = [f"port={self.port}", f"unix_socket_directories={self.folder}", "listen_addresses=127.0.0.1",
                         "max_connections=60", "log_min_messages=warning", f"fsync={'on' if fsync else 'off'}", *settings]
        self.start()

    def __enter__(self):
        return self

    def foreign(self):
        """A locale whose order of texts is not that of their bytes, where the server has one: nothing may hang on it."""
        known = self.call(BIN / "initdb", "--help").stdout
        return ["--locale-provider=icu", "--icu-locale=en-US"] if "--icu-locale" in known else []

    def start(self):
        options = " ".join(f"-c {setting}" for setting in self.settings)
        self.call(BIN / "pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-t", PATIENCE, "-o", options, "start")

    def stop(self, mode="immediate"):
        self.call(BIN / "pg_ctl", "-D", self.folder / "data", "-m", mode, "-w", "-t", PATIENCE, "stop", check=False)

    def place(self, name):
        return f"postgresql://tutela@127.0.0.1:{self.port}/{name}"

    def database(self, name):
        """An empty database, a new one."""
        self.sql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.sql("postgres", f'CREATE DATABASE "{name}"')
        return self.place(name)

    def sql(self, name, text):
        return self.call(BIN / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.place(name), "-c", text).stdout.strip()

    def dump(self, name):
        return self.call(BIN / "pg_dump", "--schema-only", "--no-owner", "-d", self.place(name)).stdout


class Pooler(Base):
    """pgbouncer in front of a server: a connection belongs to a client for a transaction only."""

    def __init__(self, server):
        super().__init__("pgbouncer")
        (self.folder / "users").write_text('"tutela" ""\n', encoding="utf-8")
        (self.folder / "ini").write_text(
            f"[databases]\n* = host=127.0.0.1 port={server.port} user=tutela\n[pgbouncer]\nlisten_addr=127.0.0.1\n"
            f"listen_port={self.port}\nunix_socket_dir=\nauth_type=any\nauth_file={self.folder}/users\n"
            "pool_mode=transaction\nmax_client_conn=100\ndefault_pool_size=3\n", encoding="utf-8")
        self.child = subprocess.Popen([PGBOUNCER, "-q", self.folder / "ini"], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, **self.drop())
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("pgbouncer does not answer")

    def __enter__(self):
        return self

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        self.child.wait()

    def place(self, name):
        return f"postgresql://tutela@127.0.0.1:{self.port}/{name}"
