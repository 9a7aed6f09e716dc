"""IMAP servers for tests: a real one (Dovecot) as an ordinary user on a private port, and one that says what a script says.

    WHY_NOT             why there is no real one, or None
    with Dovecot(folder) as server: server.port, server.ca (PEM), server.put(bytes) puts a message into the mailbox
    with Hostile(folder, script) as server: script(connection) speaks with each client after TLS
"""
import os
import pathlib
import pwd
import shutil
import socket
import ssl
import subprocess
import threading
import time

PROGRAM = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/usr/bin")
WHY_NOT = None if PROGRAM and shutil.which("openssl") else "dovecot-imapd (or openssl) is not installed"
USER, PASSWORD = "psirt@maker.example", "a long pass phrase"

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
auth_mechanisms = plain
mail_location = maildir:{folder}/Maildir
mail_max_userip_connections = 100
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


def certificate(folder):
    """A key and a certificate of this machine; the certificate as PEM."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem"], check=True, capture_output=True)
    return (folder / "cert.pem").read_text()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Dovecot:
    def __init__(self, folder):
        self.folder, self.port, self.count = pathlib.Path(folder), free_port(), 0
        self.folder.mkdir(parents=True)
        self.ca = certificate(self.folder)
        who = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self.who = who
        (self.folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        import grp
        (self.folder / "dovecot.conf").write_text(CONFIG.format(
            folder=self.folder, port=self.port, user=who.pw_name, group=grp.getgrgid(who.pw_gid).gr_name, uid=who.pw_uid, gid=who.pw_gid))
        for part in ("cur", "new", "tmp"):
            (self.folder / "Maildir" / part).mkdir(parents=True)
        if os.getuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, who.pw_uid, who.pw_gid)

    def put(self, message):
        """A message into the mailbox, by the same way as a mail server."""
        self.count += 1
        name = f"{int(time.time())}.M{self.count:06}.test"
        path = self.folder / "Maildir" / "tmp" / name
        path.write_bytes(message)
        if os.getuid() == 0:
            os.chown(path, self.who.pw_uid, self.who.pw_gid)
        path.rename(self.folder / "Maildir" / "new" / name)

    def forget(self):
        """The server counts again: another UIDVALIDITY."""
        for path in (self.folder / "Maildir").glob("dovecot*"):
            path.unlink()
        for path in (self.folder / "Maildir" / "cur").iterdir():
            path.rename(self.folder / "Maildir" / "new" / path.name.split(":")[0])

    def __enter__(self):
        user = {"user": self.who.pw_uid, "group": self.who.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        self.process = subprocess.Popen([PROGRAM, "-F", "-c", self.folder / "dovecot.conf"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, **user)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        said = self.process.stderr.read().decode(errors="replace") if self.process.poll() is not None else ""
        raise SystemExit(f"Bail out! dovecot did not start: {said}{(self.folder / 'log').read_text() if (self.folder / 'log').exists() else ''}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


class Hostile:
    """Speaks TLS, and then what `script(file, connection)` says, once for each client."""

    def __init__(self, folder, script):
        self.folder, self.script = pathlib.Path(folder), script
        self.folder.mkdir(parents=True)
        self.ca = certificate(self.folder)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]

    def serve(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.one, args=(context, client), daemon=True).start()

    def one(self, context, client):
        try:
            with context.wrap_socket(client, server_side=True) as connection:
                self.script(connection)
        except (OSError, ValueError):
            pass

    def __enter__(self):
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listening.close()


def speak(mails, size=None, after=b"", uidvalidity=b"7"):
    """A script that answers as a server of these messages (uid: bytes) would; `size` is what it says of their size, `after` comes
    after each."""
    def script(connection):
        file = connection.makefile("rwb")
        file.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n")
        file.flush()
        for line in file:
            tag, command = line.split(None, 1)
            word = command.upper()
            if word.startswith(b"CAPABILITY"):
                file.write(b"* CAPABILITY IMAP4rev1\r\n")
            elif word.startswith(b"SELECT"):
                file.write(b"* OK [UIDVALIDITY " + uidvalidity + b"] valid\r\n")
            elif word.startswith(b"UID SEARCH"):
                file.write(b"* SEARCH" + b"".join(b" %d" % uid for uid in mails) + b"\r\n")
            elif word.startswith(b"UID FETCH"):
                uid = int(word.split()[2])
                mail = mails.get(uid, b"")
                file.write(b"* 1 FETCH (UID %d BODY[] {%d}\r\n" % (uid, size or len(mail)))
                file.write(mail + after + b")\r\n")
            elif word.startswith(b"LOGOUT"):
                return
            file.write(tag + b" OK done\r\n")
            file.flush()
    return script
