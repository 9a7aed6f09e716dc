#!/usr/bin/env python3
"""The mailbox for reports: taken in by IMAP from a real server and from hostile ones; each mail once, whatever it is.

usage: mailbox.py [PROGRAM]
"""
import atexit
import base64
import pathlib
import re
import shutil
import sys
import tempfile
import time

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
import imap  # noqa: E402

PLAIN = (b"From: Eve <eve@example.org>\r\nTo: psirt@maker.example\r\nSubject: =?utf-8?B?" + base64.b64encode("It opens \u202e<b>".encode()) +
         b"?=\r\nMessage-ID: <1@example.org>\r\nDate: Mon, 01 Jan 2046 00:00:00 +0000\r\n"
         b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWithout a password.\r\n"
         b"--x\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=\"../<script>.html\"\r\n\r\n<script>alert(1)</script>\r\n--x--\r\n")
ENCRYPTED = (b"From: mallory@example.org\r\nSubject: ...\r\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=y\r\n\r\n"
             b"--y\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--y\r\nContent-Type: application/octet-stream\r\n\r\n"
             b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQ==\r\n-----END PGP MESSAGE-----\r\n--y--\r\n")
LOOP = b"From: psirt@maker.example\r\nTo: eve@example.org\r\nSubject: Re: it opens\r\nAuto-Submitted: auto-replied\r\n\r\nWe have your report.\r\n"
BOUNCE = b"Return-Path: <>\r\nFrom: MAILER-DAEMON@example.org\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n\r\nNo such user.\r\n"
PARTS = b"From: a@example.org\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\n" + b"--z\r\n\r\nx\r\n" * 10000 + b"--z--\r\n"
HEADER = b"From: a@example.org\r\nX-Long: " + b"\r\n ".join([b"y" * 900] * 11500) + b"\r\nSubject: header\r\n\r\nhello\r\n"


class Mailbox:
    """The service with its mailbox set to a server."""

    def __init__(self, admin, staff):
        self.admin, self.staff = admin, staff

    def use(self, server, **changed):
        to = {"on": True, "host": "127.0.0.1", "port": server.port, "user": imap.USER, "password": imap.PASSWORD, "ca": server.ca, **changed}
        return self.admin.put("/v1/settings/reports/mailbox", to, {"If-Match": "*"})

    def off(self):
        self.admin.put("/v1/settings/reports/mailbox", {"on": False}, {"If-Match": "*"})

    def read(self, seconds=100):
        """Have it read now; the job as it is when it is over, or was tried once."""
        job = self.admin.post("/v1/settings/reports/mailbox/read").json["job"]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            row = self.admin.get(f"/v1/jobs/{job}").json
            if row["state"] in ("done", "quarantined", "cancelled") or (row["attempts"] and row["error"]):
                if row["state"] not in ("done", "quarantined", "cancelled"):
                    self.admin.post(f"/v1/jobs/{job}/cancel")
                return row
            time.sleep(0.1)
        return row

    def signals(self):
        return self.staff.pages("/v1/signals", limit=100)


def settings(kit, box, server, data):
    got = box.admin.get("/v1/settings/reports/mailbox")
    kit.check("there is none at first", got.json == {"on": False, "version": 1}, got)
    kit.check("a key may not", box.staff.get("/v1/settings/reports/mailbox").status == 403)
    for name, value in (("host", "a b"), ("folder", "../x y"), ("user", ""), ("ca", "none")):
        bad = box.use(server, **{name: value})
        kit.check(f"{name} {value!r} is refused", (bad.status, bad.json.get("pointer")) == (422, f"/{name}"), bad)
    done = box.use(server)
    kit.check("it is set", done.status == 200 and done.json["user"] == imap.USER and "password" not in done.text, done)
    stored = b"".join(one.read_bytes() for one in data.glob("tutela.db*"))
    kit.check("the password is sealed", imap.PASSWORD.encode() not in stored)


def real(kit, box, server, folder):
    server.put(PLAIN)
    server.put(ENCRYPTED)
    server.put(LOOP)
    server.put(BOUNCE)
    job = box.read()
    rows = {row["title"]: row for row in box.signals()}
    kit.check("what came is taken", job["state"] == "done" and sorted(rows) == ["...", "It opens \ufffd<b>", "Undelivered"], job, sorted(rows))
    row = rows.get("It opens \ufffd<b>")
    kit.check("as a signal of a mail", (row["source"], row["reporter"], row["documents"], row["learned"]) == ("mail", "eve@example.org", 1, row["received"]), row)
    kit.check("learned of when it came, not when it says", row["learned"] < "2046", row)
    text = box.staff.get(f"/v1/signals/{row['id']}/text").text
    kit.check("its text says nothing of who", "Without a password." in text and "eve@" not in text, text)
    document = box.staff.get(f"/v1/signals/{row['id']}").json["documents"][0]
    kit.check("HTML is an attachment under a harmless name", re.fullmatch(r"[\w.]+", document["name"]), document)
    secret = rows["..."]
    whole = box.staff.get(f"/v1/signals/{secret['id']}").json["documents"][0]
    kit.check("an encrypted mail is kept as it is, and marked", box.staff.get(f"/v1/signals/{secret['id']}/documents/{whole['id']}").body == ENCRYPTED and
              "encrypted" in box.staff.get(f"/v1/signals/{secret['id']}/text").text, whole)
    kit.check("a program's mail says so", "must not be answered" in box.staff.get(f"/v1/signals/{rows['Undelivered']['id']}/text").text)
    kit.check("our own mail makes no report: no loop", not any("Re:" in title for title in rows))
    box.read()
    kit.check("each once", len(box.signals()) == 3)
    server.forget()
    job = box.read()
    kit.check("also where the server begins to count again", job["state"] == "done" and len(box.signals()) == 3, job)
    box.use(server)
    box.read()
    kit.check("and where it is set again", len(box.signals()) == 3)
    server.put(PARTS)
    server.put(HEADER)
    server.put(PLAIN.replace(b"<1@", b"<2@"))
    box.read()
    titles = [row["title"] for row in box.signals()]
    kit.check("10,000 parts and a header of 10 MB are kept as they came", titles.count("A mail that cannot be read") == 2 and len(titles) == 6, titles)
    wrong = box.use(server, password="another")
    failed = box.read()
    kit.check("a wrong password is said", wrong.status == 200 and failed["state"] != "done" and "ogin denied" in (failed["error"] or ""), failed)
    box.use(server, ca=imap.certificate(folder))
    failed = box.read()
    kit.check("a certificate of somebody else is refused", failed["state"] != "done" and "SSL" in (failed["error"] or ""), failed)


def hostile(kit, box, folder):
    def hang(connection):
        connection.recv(1)
        time.sleep(600)

    def endless(connection):
        imap.speak({1: b"From: a@b.example\r\n\r\n"}, size=1 << 40, after=b"x" * (64 << 20))(connection)

    before = len(box.signals())
    with imap.Hostile(folder / "endless", endless) as server:
        box.use(server)
        job = box.read()
        rows = box.signals()
        kit.check("a mail without end is cut at the limit, and said", job["state"] == "done" and len(rows) == before + 1 and
                  rows[0]["title"] == "A mail that is too large", job, rows[0])
    with imap.Hostile(folder / "small", imap.speak({1: b"From: a@b.example\r\nSubject: small\r\n\r\nx"}, size=30, after=b"y" * 100000)) as server:
        box.use(server)
        job = box.read()
        kit.check("a size that is too small ends in words or a cut mail", job["state"] == "done" or job["error"], job)
    with imap.Hostile(folder / "numbers", imap.speak({0: b"", 1 << 40: b"", 5: b"From: a@b.example\r\nSubject: five\r\n\r\nx"})) as server:
        box.use(server)
        job = box.read()
        kit.check("numbers that are none are left out", job["state"] == "done" and box.signals()[0]["title"] == "five", job)
    with imap.Hostile(folder / "none", imap.speak({1: b"x"}, uidvalidity=b"x")) as server:
        box.use(server)
        job = box.read()
        kit.check("without UIDVALIDITY nothing is taken", "UIDVALIDITY" in (job["error"] or ""), job)
    with imap.Hostile(folder / "hang", hang) as server:
        box.use(server)
        job = box.read(90)
        kit.check("a server that hangs ends in a bounded time", "imeout" in (job["error"] or ""), job)
    box.off()


def main():
    kit = Kit()
    why = client.WHY_NOT or imap.WHY_NOT
    if why:
        print(f"1..0 # SKIP {why}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="imap"))  # paths of sockets are short
    scratch.chmod(0o755)
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        service.client().post("/v1/setup", {"token": service.setup_token(), "login": "admin", "name": "An Admin", "password": "correct horse battery"})
        _, admin = service.sign_in("admin", "correct horse battery")
        box = Mailbox(admin, service.client(client.add_key(kit, data, "analyst")))
        with imap.Dovecot(scratch / "dovecot") as server:
            settings(kit, box, server, data)
            real(kit, box, server, scratch)
        hostile(kit, box, scratch)
        kit.answers("the ledger is whole", kit.run("ledger", "verify", data), 0)
    return kit.done()


sys.exit(main())
