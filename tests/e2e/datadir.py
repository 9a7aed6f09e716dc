#!/usr/bin/env python3
"""`tutela admin`, `backup`, `restore` and `doctor` as an operator calls them, on both engines.

usage: datadir.py [PROGRAM]
"""
import fcntl
import json
import os
import pathlib
import pwd
import resource
import shutil
import signal
import socket
import sqlite3
import stat
import struct
import subprocess
import sys
import time

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests/support"))
import client  # noqa: E402
import postgres  # noqa: E402

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
DRIVER = BUILD / "tests/drivers/datadir_driver"
FAKETIME = next((path for path in pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)


class Owner:
    """A process that owns a folder, as a service does."""

    def __init__(self, data, **more):
        self.child = subprocess.Popen([DRIVER, data], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **more)
        self.ready = self.child.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()

    def record(self, text):
        self.child.stdin.write(f"record {text}\n")
        self.child.stdin.flush()
        return self.child.stdout.readline().strip()

    def ask(self, data, *frames):
        """Send bytes to the control socket; what comes back."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(30)
            line.connect(str(data / "control.sock"))
            try:
                for frame in frames:
                    line.sendall(frame)
                line.shutdown(socket.SHUT_WR)
            except BrokenPipeError:
                pass
            said = b""
            try:
                while piece := line.recv(65536):
                    said += piece
            except ConnectionResetError:
                pass
        return said[4:].decode(errors="replace")


def frame(text):
    return struct.pack(">I", len(text)) + text.encode()


def rows(done):
    """The checks of a doctor by name."""
    return {row["check"]: row for row in json.loads(done.text or '{"checks": []}')["checks"]}


def doctor(kit, data, **more):
    return kit.run("doctor", data, "-f", "json", **more)


def cycle(kit, name, place, other):
    """Make, back up, restore; `place` and `other`: options for a database."""
    data, copy, file = kit.folder / name, kit.folder / f"{name}-copy", kit.folder / f"{name}.backup"
    kit.answers(f"{name}: init", kit.run("admin", "init", data, *place), 0, "instance", "keys")
    kit.answers(f"{name}: init overwrites nothing", kit.run("admin", "init", data, *place), 3, "not empty")
    mode = [stat.S_IMODE(path.stat().st_mode) for path in [data, *data.rglob("*")]]
    kit.check(f"{name}: nobody else may read it", not any(each & 0o077 for each in mode), str(mode))
    done = kit.run("backup", data, "-o", file)
    kit.answers(f"{name}: backup", done, 0, "verified", "sha256")
    kit.check(f"{name}: the backup is private", stat.S_IMODE(file.stat().st_mode) == 0o600)
    key = (data / "keys/secret.key").read_text(encoding="utf-8").split("\n")[1]
    kit.check(f"{name}: no key is in it", bytes.fromhex(key) not in file.read_bytes() and key.encode() not in file.read_bytes())
    kit.answers(f"{name}: doctor", doctor(kit, data), 0, '"errors": 0')
    kit.answers(f"{name}: doctor for people", kit.run("doctor", data), 0, "permissions", "fine", "0 errors")
    kit.answers(f"{name}: restore", kit.run("restore", file, copy, *other), 0, "instance")
    kit.answers(f"{name}: restore onto what is there", kit.run("restore", file, copy, *other), 3, "not empty")
    before, after = (json.loads(kit.run("admin", "status", each).text) for each in (data, copy))
    kit.check(f"{name}: it is the same instance, and the ledger goes on",
              before["instance"] == after["instance"] and after["ledger"]["n"] == 2, before, after)
    return data, file


def in_the_way(kit):
    """No output replaces a file that the folder needs, whatever path leads to it."""
    data = kit.folder / "precious"
    kit.run("admin", "init", data)
    (data / "backups").mkdir()
    (kit.folder / "way").symlink_to(data)
    (kit.folder / "link").symlink_to(data / "tutela.db")
    (kit.folder / "nowhere").symlink_to(data / "new")
    os.link(data / "tutela.yaml", kit.folder / "hard")
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    for file in (data / "tutela.db", data / "tutela.yaml", data / "keys/secret.key", data / "lock", data / "tutela.db-wal",
                 data / "new.backup", data / "keys/new", kit.folder / "way/tutela.db", kit.folder / "way/keys/../tutela.db",
                 data / "backups/../tutela.db", kit.folder / "link", kit.folder / "hard", kit.folder / "nowhere"):
        for command in (["backup", data], ["ledger", "export", data], ["ledger", "checkpoint", data]):
            done = kit.run(*command, "-o", file)
            kit.answers(f"{command[0]} does not write to {file.relative_to(kit.folder)}", done, 2, str(file))
    kit.answers("nor by a path from within", kit.run("backup", ".", "-o", "tutela.db", cwd=data), 2, "in the data folder")
    after = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    kit.check("and all is as it was", before == after, sorted(before), sorted(after))
    kit.answers("backups/ may be written to", kit.run("backup", data, "-o", data / "backups/mine"), 0, "verified")


def interrupted(kit, file):
    """A restore that is ended leaves nothing that would be in the way of the next one."""
    target = kit.folder / "begun"
    for number in (signal.SIGINT, signal.SIGTERM):
        def pending(number=number):
            """It comes as soon as the program hears signals."""
            signal.pthread_sigmask(signal.SIG_BLOCK, [number])
            os.kill(os.getpid(), number)
        kit.answers(f"a restore ends by {number.name}", kit.run("restore", file, target, preexec_fn=pending), 3, "interrupted")
        kit.check(f"and leaves nothing after {number.name}", not target.exists())

    def small():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
    kit.answers("a restore that has no room", kit.run("restore", file, target, preexec_fn=small), 3, "database")
    kit.check("leaves nothing", not target.exists())
    small_disk(kit, file)
    (target / "keys").mkdir(parents=True)
    (target / "keys/mine").write_text("kept", encoding="utf-8")
    for name in ("lock", "unfinished.db", "unfinished.db-wal"):
        (target / name).write_bytes(b"of a run that was killed")
    kit.answers("what a run that was killed left is in nobody's way", kit.run("restore", file, target), 0, "instance")
    names = {path.name for path in target.iterdir()}
    kit.check("and goes", names == {"keys", "lock", "tutela.db", "tutela.yaml"} and
              (target / "keys/mine").read_text(encoding="utf-8") == "kept", names)
    row = rows(doctor(kit, target))["backups"]
    kit.check("what it was restored from is known as a backup", row["state"] == "fine", row)


def small_disk(kit, file):
    """A file system that really is full, where one can be made."""
    place = kit.folder / "disk"
    place.mkdir()
    script = 'mount -t tmpfs -o size=200k none "$1" || exit 99; cd "$1"; "$2" restore "$3" data; echo "code $?"; ls'
    done = subprocess.run(["unshare", "-m", "sh", "-c", script, "-", place, kit.program, file],
                          capture_output=True, text=True, check=False)
    if "code " not in done.stdout:
        print("# a small file system cannot be made here: a full one is not tried")
        return
    kit.check("a full disk is called that, and nothing is left on it", done.stdout == "code 3\n" and
              "no space left on the device" in done.stderr, done.stdout, done.stderr)


def in_order(kit):
    """Every command reads the same clock: no record is older than the one before it."""
    data = kit.folder / "order"
    kit.run("admin", "init", data)
    kit.answers("a push", kit.run("push", ROOT / "examples/infusion-pump", "--to", data), 0)
    database = sqlite3.connect(data / "tutela.db")
    times = [at for at, in database.execute("SELECT at FROM ledger ORDER BY n")]
    database.close()
    kit.check("the times of the ledger do not go back", len(times) > 1 and times == sorted(times), times)
    kit.check("and none is cut to seconds", all(at % 1000000 for at in times), times)


def in_use(kit):
    """Another command owns the folder and answers nobody: who only reads waits for it."""
    data = kit.folder / "used"
    kit.run("admin", "init", data)
    commands = (["backup", data, "-o", kit.folder / "used.backup"], ["doctor", data], ["admin", "status", data],
                ["ledger", "verify", data], ["ledger", "export", data])
    for command in commands:
        with open(data / "lock", "r+", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.truncate()
            lock.write("4711 (tutela push)\n")
            lock.flush()
            name = " ".join(map(str, command[:2] if command[0] in ("admin", "ledger") else command[:1]))
            kit.answers(f"{name} names who is in the way", kit.run(*command, "--wait", "0"), 3, "in use by process 4711 (tutela push)")
            with subprocess.Popen([kit.program, *map(str, command), "--wait", "100"], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True) as waiting:
                try:
                    waiting.wait(0.2)
                except subprocess.TimeoutExpired:
                    pass
                kit.check(f"{name} waits", waiting.returncode is None)
                fcntl.flock(lock, fcntl.LOCK_UN)
                said = waiting.communicate()[0]
                kit.check(f"{name} then answers", waiting.returncode == 0, said)
    kit.answers("no such wait", kit.run("doctor", data, "--wait", "soon"), 2, "seconds")


def running(kit, name, data):
    """A service owns the folder: one writer, and the others by its socket."""
    with Owner(data) as owner:
        kit.check(f"{name}: a service runs", owner.ready == "ready", owner.ready)
        second = subprocess.run([DRIVER, data], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        kit.check(f"{name}: a second one is refused, and told whom it meets", second.returncode == 1 and
                  f"process {owner.child.pid}" in second.stderr, second.stderr)
        kit.answers(f"{name}: no move while it runs", kit.run("admin", "move", data, "--to", "postgresql://nowhere/x"), 3,
                    str(owner.child.pid), "stop the service")
        first = owner.record("before")
        kit.answers(f"{name}: backup while it runs", kit.run("backup", data, "-o", kit.folder / "online"), 0, "verified")
        kit.answers(f"{name}: doctor while it runs", doctor(kit, data), 0, '"errors": 0')
        kit.check(f"{name}: it goes on", first.startswith("ack ") and owner.record("after").startswith("ack "), first)
        kit.answers(f"{name}: nobody is there to be erased", kit.run("admin", "erase", "nobody@example.org", "--data", data), 3,
                    "nobody")
        kit.answers(f"{name}: its ledger is verified while it runs", kit.run("ledger", "verify", data), 0, "are a chain")
        file = kit.folder / f"{name}.jsonl"
        kit.answers(f"{name}: and exported", kit.run("ledger", "export", data, "-o", file), 0)
        kit.answers(f"{name}: what was exported is whole", kit.run("ledger", "verify", file), 0, "are a chain")
        kit.answers(f"{name}: nobody else writes", kit.run("admin", "move", data, "--to", "sqlite"), 3,
                    f"process {owner.child.pid}")
        hostile(kit, name, data, owner)
        kit.answers(f"{name}: it answers after all that", kit.run("admin", "status", data), 0, "instance")
    kit.answers(f"{name}: without it, too", kit.run("admin", "status", data), 0, "instance")


def killed(kit, data):
    """Nothing of an owner that was killed is in the way of the next one."""
    owner = Owner(data)
    said = owner.record("last words")
    owner.child.kill()
    owner.child.wait()
    owner.child.stdin.close()
    owner.child.stdout.close()
    kit.check("a killed service leaves its socket", (data / "control.sock").exists())
    status = json.loads(kit.run("admin", "status", data).text or "{}")
    kit.check("and what it acknowledged", said == f"ack {status['ledger']['n']}", said, status)
    with Owner(data) as second:
        kit.check("the next one takes over", second.ready == "ready" and kit.run("admin", "status", data).returncode == 0)


def hostile(kit, name, data, owner):
    for what, frames, word in (
            ("no JSON", [frame("{")], "syntax"), ("no request", [frame("[]")], "no request"),
            ("another protocol", [frame('{"protocol":9,"call":"status"}')], "another protocol"),
            ("an unknown call", [frame('{"protocol":1,"call":"drop"}')], 'no call \\"drop\\"'),
            ("a call without its file", [frame('{"protocol":1,"call":"backup"}')], "needs a file"),
            ("a member twice", [frame('{"protocol":1,"protocol":1,"call":"status"}')], "twice"),
            ("a message without end", [struct.pack(">I", 0xffffffff), b"x" * 1000], "at most"),
            ("one that is cut off", [struct.pack(">I", 100), b"{}"], "cut off"), ("nothing", [], "ended")):
        said = owner.ask(data, *frames)
        kit.check(f"{name}: {what} is refused", word in said and '"status":""' not in said, said)


def another_user(kit, data):
    if os.getuid() != 0:
        print("# another user is tried by root alone")
        return
    user = pwd.getpwnam("nobody")
    os.chmod(kit.folder, 0o755)
    for path in [data, *data.rglob("*")]:
        os.chown(path, user.pw_uid, user.pw_gid)
    with Owner(data, user=user.pw_uid, group=user.pw_gid, extra_groups=[]) as owner:
        said = owner.ask(data, frame('{"protocol":1,"call":"status"}'))
        kit.check("the socket answers its own user only", "its own user" in said and "instance" not in said, said)
        kit.answers("a command of another user is told so", kit.run("admin", "status", data), 3, "run as its owner")


def damaged(kit, file):
    whole = file.read_bytes()
    target = kit.folder / "from-damaged"
    for what, text in (("cut off", whole[:-1]), ("half", whole[:len(whole) // 2]), ("empty", b""), ("longer", whole + b"x"),
                       ("another file", b"PK\3\4" * 20), ("a later form", whole.replace(b"backup 1", b"backup 2", 1)),
                       *((f"bit {at} flipped", whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1:])
                         for at in range(0, len(whole), len(whole) // 12))):
        path = kit.path("damaged.backup", text)
        done = kit.run("restore", path, target)
        words = ("block ", "byte ") if text[:16] == whole[:16] else ("backup",)
        kit.answers(f"a backup that is damaged is refused: {what}", done, 3, str(path), *words)
        kit.check(f"and leaves nothing: {what}", not target.exists())


def lost_key(kit):
    """Secrets that nothing opens any more are an error, whether their key is missing or another one."""
    data = kit.folder / "lost"
    kit.run("admin", "init", data)
    database = sqlite3.connect(data / "tutela.db")
    database.execute("INSERT INTO secret (name, key_id, nonce, box, changed) VALUES ('s', 'another', x'00', x'00', 1)")
    database.commit()
    database.close()
    kit.answers("a key that was changed", kit.run("doctor", data), 1, "1 are sealed with another key")
    os.unlink(data / "keys/secret.key")
    done = doctor(kit, data)
    kit.check("a key that is missing while secrets are sealed", done.returncode == 1 and
              rows(done)["secrets"]["state"] == "error", done.text)


def sick(kit):
    """What a doctor finds."""
    data = kit.folder / "sick"
    kit.run("admin", "init", data)
    kit.check("backups: none was made", rows(doctor(kit, data))["backups"]["state"] == "warning")
    os.chmod(data, 0o755)
    row = rows(doctor(kit, data))["permissions"]
    kit.check("a folder that others may read", row["state"] == "warning" and "chmod" in row["advice"], row)
    os.chmod(data / "keys/secret.key", 0o644)
    done = doctor(kit, data)
    kit.check("a key that others may read", done.returncode == 1 and rows(done)["permissions"]["state"] == "error", done.text)
    os.chmod(data, 0o700)
    os.chmod(data / "keys/secret.key", 0o600)
    os.rename(data / "keys/secret.key", kit.folder / "away")
    kit.check("a key that is missing", "put keys/secret.key back" in rows(doctor(kit, data))["secrets"]["advice"])
    os.rename(kit.folder / "away", data / "keys/secret.key")
    clock(kit, data)
    database = sqlite3.connect(data / "tutela.db")
    database.execute("UPDATE ledger SET actor = 'somebody'")
    database.execute("INSERT INTO signature (public, person_id, printed_name, meaning, subject, content, signed_at, zone) "
                     "VALUES ('s', 7, 'n', 'approval', 's', x'00', 1, 'UTC')")
    database.execute("INSERT INTO job (public, kind, key, state, run_at, attempts, attempts_max, progress, cancel, again,"
                     " payload, created) VALUES ('j', 'k', 'k', 'quarantined', 1, 1, 1, 0, 0, 0, '{}', 1)")
    database.commit()
    database.close()
    done = doctor(kit, data)
    found = rows(done)
    kit.check("a record that was changed", done.returncode == 1 and "record 1" in found["ledger"]["found"], done.text)
    kit.check("a signature of nobody", "1 signatures" in found["references"]["found"], done.text)
    kit.check("a job in quarantine", found["jobs"]["state"] == "warning", done.text)
    kit.answers("no backup is made of it", kit.run("backup", data, "-o", kit.folder / "sick.backup"), 3, "record 1")
    kit.check("and none is left", not (kit.folder / "sick.backup").exists())
    overwritten(kit, data)


def overwritten(kit, data):
    with open(data / "tutela.db", "r+b") as file:
        file.seek(8192)
        file.write(b"\xa5" * 40000)
    done = doctor(kit, data)
    kit.check("pages that were overwritten", done.returncode == 1 and "damaged" in done.text, done.text)
    os.unlink(data / "tutela.db")
    kit.answers("a database that is missing is not made", kit.run("admin", "status", data), 3, "missing", "restore")
    kit.answers("the doctor says so", doctor(kit, data), 1, "missing")
    kit.check("and it is still missing", not (data / "tutela.db").exists())


def clock_of(stepped):
    """An environment whose clock is stepped."""
    fake = {"LD_PRELOAD": str(FAKETIME), "FAKETIME_DONT_RESET": "1", "FAKETIME": stepped}
    if any(key.endswith("SAN_OPTIONS") for key in os.environ):
        fake["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    return fake


def clock(kit, data):
    if not FAKETIME:
        print("# libfaketime is not installed: the clock does not step")
        return
    done = doctor(kit, data, env=clock_of("-3h"))
    kit.check("a clock that stepped back", done.returncode == 1 and rows(done)["clock"]["state"] == "error" and
              "179 minutes" in done.text or "180 minutes" in done.text, done.text, done.complaint)
    found = rows(doctor(kit, data, env=clock_of("+500d")))
    kit.check("a clock far ahead", found["clock"]["state"] == "warning" and "500 days" in found["clock"]["found"] and
              found["checkpoints"]["state"] == "warning", found)


def future(kit):
    data = kit.folder / "future"
    kit.run("admin", "init", data)
    database = sqlite3.connect(data / "tutela.db")
    database.execute("INSERT INTO migration VALUES (2, 'later', 'x', 1)")
    database.commit()
    database.close()
    kit.answers("a database from the future is refused", kit.run("admin", "status", data), 3, "newer than this program")
    kit.answers("also by the doctor", doctor(kit, data), 1, "newer than this program")


def full(kit):
    """A disk that is full: what was acknowledged stays, what was not is not there, and an old backup stays whole."""
    data, file = kit.folder / "full", kit.folder / "full.backup"
    kit.run("admin", "init", data)
    kit.run("backup", data, "-o", file)
    old = file.read_bytes()
    size = (data / "tutela.db").stat().st_size

    def limit(room):
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    with Owner(data, preexec_fn=limit(size + 200000)) as owner:
        said = [owner.record("x" * 20000) for _ in range(20 + size // 10000)]  # more than the file and its log may grow
    acks = [int(line.split()[1]) for line in said if line.startswith("ack ")]
    kit.check("a full disk refuses", 0 < len(acks) < len(said) and all(line.startswith(("ack", "refused")) for line in said), said)
    status = json.loads(kit.run("admin", "status", data).text or "{}")
    kit.check("nothing that was acknowledged is lost", status.get("ledger", {}).get("n", 0) >= max(acks, default=0), status)
    kit.answers("the ledger is whole", doctor(kit, data), 0, "is whole")
    done = subprocess.run(["bash", "-c", "trap '' XFSZ; exec \"$@\"", "-", kit.program, "backup", data, "-o", file],
                          capture_output=True, text=True, check=False, preexec_fn=limit(4096))
    kit.check("a backup that does not fit fails", done.returncode == 3, done.stdout + done.stderr)
    left = sorted(path.name for path in data.iterdir() if not path.name.startswith("tutela.db-"))
    kit.check("and the old one stays", file.read_bytes() == old and left == ["keys", "lock", "tutela.db", "tutela.yaml"], left)


def long_path(kit):
    data = kit.folder / ("long" * 20) / ("path" * 20) / "data"
    data.parent.mkdir(parents=True)
    kit.run("admin", "init", data)
    with Owner(data) as owner:
        kit.check("a folder with a long path has a socket, too", owner.ready == "ready" and
                  kit.run("admin", "status", data).returncode == 0)


def move_fails(kit, server, data):
    """A move that fails leaves the folder as it was, and nothing in the new database: the next one goes."""
    place = server.database("full")
    server.sql("full", "CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no room'; END $$;"
               "CREATE EVENT TRIGGER e ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION no()")
    kit.answers("a move that fails", kit.run("admin", "move", data, "--to", place), 3, "no room")
    kit.check("leaves no backup", not list((data / "backups").iterdir()))
    kit.answers("and the database where it was", kit.run("admin", "status", data), 0, "SQLite")
    left = server.sql("full", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    kit.check("and no table in the new one", int(left) == 0, left)


def moved_away(kit, server):
    """A second node serves the database that the first one's folder moves: it stops, and says why."""
    first, second = kit.folder / "node1", kit.folder / "node2"
    kit.answers("a folder on PostgreSQL", kit.run("admin", "init", first, "--database", server.database("nodes")), 0)
    second.mkdir(mode=0o700)
    shutil.copytree(first / "keys", second / "keys")
    shutil.copy(first / "tutela.yaml", second / "tutela.yaml")
    with client.Service(kit, second) as service:
        ask = service.client().get
        kit.answers("a move while another node serves", kit.run("admin", "move", first, "--to", "sqlite"), 0, "kept as tutela_moved_")
        for _ in range(600):
            late = ask("/readyz")
            if "moved" in late.text:
                break
            time.sleep(0.1)
        kit.check("the other node is not ready, and says why", late.status == 503 and "moved to another place" in late.text, late)
        answer = ask("/v1/devices")
        kit.check("and answers nothing", answer.status == 503 and "still names the old one" in answer.text, answer)
    kit.answers("nor does it start again", kit.run("admin", "status", second), 3, "moved from here")
    kit.answers("the first one goes on", kit.run("admin", "status", first), 0, "SQLite")


def on_postgres(kit):
    why = postgres.why_not()
    if why:
        print(f"ok {kit.count + 1} - the same on PostgreSQL # SKIP {why}")
        kit.count += 1
        return
    with postgres.Server() as server:
        data, file = cycle(kit, "postgres", ["--database", server.database("one")], ["--database", server.database("two")])
        running(kit, "postgres", data)
        kit.answers("a backup of PostgreSQL restores to SQLite", kit.run("restore", file, kit.folder / "lite"), 0, "instance")
        kit.answers("a database by its URL", kit.run("admin", "status", server.place("one")), 0, "PostgreSQL")
        kit.answers("a database that is not empty", kit.run("admin", "init", kit.folder / "no", "--database", server.place("one")),
                    3, "not empty")
        move_fails(kit, server, kit.folder / "lite")
        moved = kit.folder / "lite"
        before = json.loads(kit.run("admin", "status", moved).text)
        kit.answers("move to PostgreSQL", kit.run("admin", "move", moved, "--to", server.database("three")), 0, "kept as moved-")
        after = json.loads(kit.run("admin", "status", moved).text)
        kit.check("the ledger goes on there", after["engine"] == "PostgreSQL" and after["instance"] == before["instance"] and
                  after["ledger"]["n"] == before["ledger"]["n"] + 1, before, after)
        kit.check("the old one has another name", not (moved / "tutela.db").exists() and list(moved.glob("moved-*.db")))
        kit.answers("and back", kit.run("admin", "move", moved, "--to", "sqlite"), 0, "kept as tutela_moved_")
        kit.answers("all is well", doctor(kit, moved), 0, '"errors": 0')
        left = server.sql("three", "SELECT count(*) FROM pg_tables WHERE schemaname LIKE 'tutela_moved_%'")
        kit.check("the old schema has another name", int(left) > 20, left)
        moved_away(kit, server)


def main():
    kit = Kit()
    data, file = cycle(kit, "sqlite", [], [])
    running(kit, "sqlite", data)
    killed(kit, data)
    in_the_way(kit)
    interrupted(kit, file)
    in_use(kit)
    in_order(kit)
    damaged(kit, file)
    lost_key(kit)
    sick(kit)
    future(kit)
    full(kit)
    long_path(kit)
    shutil.copytree(data, kit.folder / "nobodys", ignore=shutil.ignore_patterns("*.sock"))
    another_user(kit, kit.folder / "nobodys")
    on_postgres(kit)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
