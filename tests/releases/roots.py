"""Root file systems of Debian releases, in which tests install and run things as on a new system.

A release is fetched once, by debootstrap, into CACHE and never changed: what a test does lies in a layer of its
own over it and is gone when the Root is closed. Mounts are made in a mount namespace for each command, so that
nothing stays mounted. TUTELA_ROOTS names another cache, TUTELA_DEBIAN_MIRROR another mirror.
"""
import functools
import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
CACHE = pathlib.Path(os.environ.get("TUTELA_ROOTS", ROOT / ".cache" / "roots"))
MIRROR = os.environ.get("TUTELA_DEBIAN_MIRROR", "http://deb.debian.org/debian")
TOOLS = ("tools/install-deps", "tools/packages")
ENTER = """set -e
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
mount -t proc proc "$2/root/proc"
mount --rbind /dev "$2/root/dev"
[ "$3" = rw ] || mount -o remount,ro "$2/root"
exec chroot --userspec="$4" "$2/root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive TERM=dumb "$6" sh -c "$5"
"""
# systemd as the first process of namespaces of its own. pivot_root, since in a chroot nobody may make a user namespace
# (PrivateUsers=). The cgroups are mounted as the machine has them.
BOOT = """set -e
root="$2/root"
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
mount -t sysfs sysfs "$root/sys"
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
else
    mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
    mkdir "$root/sys/fs/cgroup/systemd" "$root/sys/fs/cgroup/unified"
    mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
    mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/unified"
fi
cd "$root"
mkdir -p mnt/old
pivot_root . mnt/old
umount -l /mnt/old
exec /usr/bin/env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=trial.service
"""
TRIAL = """[Unit]
After=basic.target systemd-journald.service
Requires=basic.target
[Service]
Type=oneshot
Environment=HOME=/nonexistent LC_ALL=C.UTF-8
ExecStart=/bin/sh /srv/trial.sh
StandardOutput=file:/srv/trial.out
StandardError=file:/srv/trial.err
ExecStopPost=/bin/sh -c "echo ${EXIT_STATUS} >/srv/trial.code; systemctl --no-block exit"
"""


def call(*command, **more):
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, errors="replace", check=False,
                          stdin=subprocess.DEVNULL, **more)


class Root:
    """A release with layers over it, the uppermost first; `with Root(...) as root`."""

    def __init__(self, release, *layers):
        self.lower = ":".join(map(str, [*layers, base(release)]))
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="root-", dir=CACHE))
        for name in ("upper", "work", "root"):
            (self.folder / name).mkdir()
        self.put("/etc/resolv.conf", "/etc/resolv.conf")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        """Where a file of the layer is; its folder is made."""
        path = self.folder / "upper" / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def put(self, source, name):
        source, target = pathlib.Path(source), self.path(name)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)

    def run(self, script, user="0:0", writable=True, variable="HOME=/nonexistent", timeout=3600):
        """A script of sh in the root, with one variable of the environment besides the usual ones."""
        return call("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, "sh", self.lower,
                    self.folder, "rw" if writable else "ro", user, script, variable, timeout=timeout)

    def boot(self, script, timeout=300):
        """The same with systemd running; None: it cannot be started here (no rights, other cgroups)."""
        self.path("/etc/systemd/system/trial.service").write_text(TRIAL, encoding="utf-8")
        self.path("/srv/trial.sh").write_text(script, encoding="utf-8")
        try:
            done = call("unshare", "--mount", "--pid", "--fork", "--kill-child", "--uts", "--ipc", "--net", "--cgroup", "sh", "-c",
                        "ip link set lo up; " + BOOT, "sh", self.lower, self.folder, timeout=timeout)
        except subprocess.TimeoutExpired as late:
            done = subprocess.CompletedProcess(late.cmd, 1, "", "")
        said = {name: self.folder / "upper/srv" / f"trial.{name}" for name in ("code", "out", "err")}
        if not said["code"].exists():
            return None
        done.returncode = int(said["code"].read_text(encoding="utf-8") or 1)
        done.stdout, done.stderr = (said[name].read_text(encoding="utf-8") for name in ("out", "err"))
        return done


def base(release):
    folder = CACHE / release
    if not folder.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        part = tempfile.mkdtemp(prefix="part-", dir=CACHE)
        done = call("debootstrap", "--variant=minbase", release, part, MIRROR, timeout=1800)
        if done.returncode:
            shutil.rmtree(part, ignore_errors=True)
            raise RuntimeError(f"debootstrap {release}: {(done.stdout + done.stderr)[-2000:]}")
        os.chmod(part, 0o755)
        os.rename(part, folder)
    return folder


def with_tools(release):
    """A layer with what ./run, ./test and tools/make-deb need: made once for each table of packages."""
    table = b"".join((ROOT / name).read_bytes() for name in TOOLS)
    layer = CACHE / f"{release}-tools-{hashlib.sha256(table).hexdigest()[:12]}"
    if not layer.is_dir():
        with Root(release) as root:
            for name in TOOLS:
                root.put(ROOT / name, f"/opt/{name}")
            done = root.run("sh /opt/tools/install-deps build test deb && apt-get clean")
            if done.returncode:
                raise RuntimeError(f"install-deps on {release}: {done.stderr[-2000:]}")
            os.rename(root.folder / "upper", layer)
    return layer


def tree(folder):
    """The working tree, as a fresh clone has it, into a folder."""
    names = call("git", "-c", "safe.directory=*", "ls-files", "-z", "-c", "-o", "--exclude-standard", cwd=ROOT)
    for name in filter(None, names.stdout.split("\0")):
        if (ROOT / name).exists() or (ROOT / name).is_symlink():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target, follow_symlinks=False)


@functools.lru_cache
def time_of_tree():
    """The last commit's, the same for a whole test although somebody commits meanwhile."""
    return call("git", "-c", "safe.directory=*", "log", "-1", "--format=%ct", cwd=ROOT).stdout.strip()


@functools.lru_cache
def why_not(*releases):
    """Why root file systems cannot be used here; empty when they can."""
    if os.geteuid():
        return "only root can make and enter root file systems"
    if not shutil.which("git") or not time_of_tree():
        return "not a clone of git, whose files could be copied"
    if not all((CACHE / release).is_dir() for release in releases) and not shutil.which("debootstrap"):
        return "debootstrap is not there"
    try:
        with urllib.request.urlopen(f"{MIRROR}/dists/{releases[0]}/InRelease", timeout=10) as answer:
            answer.read(1)
    except OSError:
        return f"{MIRROR} does not answer"
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        for part in ("upper", "work", "root"):
            os.mkdir(f"{name}/{part}")
        tried = call("unshare", "--mount", "--pid", "--fork", "sh", "-c", 'cd "$1" && mount -t overlay overlay -o '
                     "lowerdir=/etc,upperdir=upper,workdir=work root && mount -t proc proc root", "sh", name)
    return "no overlay can be mounted here" if tried.returncode else ""


class Tap:
    """`line` prints a case, `done` the plan and gives the exit code."""

    def __init__(self):
        self.count = self.failed = 0

    def line(self, name, fine, *seen):
        self.count += 1
        self.failed += not fine
        print(f"{'ok' if fine else 'not ok'} {self.count} - {name}", flush=True)
        if not fine:
            print("".join(f"# {line}\n" for item in seen for line in str(item)[-12000:].splitlines()), end="")

    def answers(self, name, done, *words):
        """Exit code 0, and every word in what was written."""
        said = done.stdout + done.stderr
        self.line(name, done.returncode == 0 and all(word in said for word in words),
                  f"exit code {done.returncode}, wanted {words}", said)
        return done

    def done(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0
