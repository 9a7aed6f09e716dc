#!/usr/bin/env python3
"""`tutela admin notify`: the channels, and a test by each that says how it went.

usage: admin_notify.py [PROGRAM]
"""
import json
import pathlib
import sys

from feed_server import make_certificates
from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
from mail_server import HookServer, MailServer  # noqa: E402

PASSWORD = "correct horse battery"


def channels(kit, root, hook):
    made = {}
    for name, kind, more in (("post", "mail", {"person": "ann"}), ("hook", "webhook", {"url": f"http://127.0.0.1:{hook.port}/a/secret"}),
                             ("twin", "slack", {"url": f"http://127.0.0.1:{hook.port}/s"}), ("twin", "teams", {"url": f"http://127.0.0.1:{hook.port}/t"})):
        got = root.post("/v1/channels", {"name": name, "kind": kind, **more})
        kit.check(f"a channel: {kind}", got.status == 201, got)
        made[kind] = got.json["id"]
    return made


def listing(kit, data, made):
    done = kit.run("admin", "notify", "list", "--data", data)
    kit.answers("they are listed", done, 0, *made.values(), "webhook  hook  at 127.0.0.1")
    kit.check("an address is not shown", "secret" not in done.text, done.text)
    rows = json.loads(kit.run("admin", "notify", "list", "--data", data, "-f", "json").text)["channels"]
    kit.check("as JSON, too", {row["id"] for row in rows} == set(made.values()), rows)


def by_hook(kit, data, hook, made):
    kit.answers("a test arrives", kit.run("admin", "notify", "test", "hook", "--data", data), 0, "sent:")
    kit.check("once", len(hook.got) == 1 and hook.got[0]["path"] == "/a/secret", hook.got)
    hook.answers[:] = [500]
    kit.answers("what the other side says is told", kit.run("admin", "notify", "test", made["webhook"], "--data", data), 1, "not sent:", "500")
    kit.answers("a name that two have", kit.run("admin", "notify", "test", "twin", "--data", data), 2, "2 channels are called \"twin\"")
    kit.answers("a name that none has", kit.run("admin", "notify", "test", "none", "--data", data), 3, "admin notify list")
    kit.answers("by id", kit.run("admin", "notify", "test", made["slack"], "--data", data), 0, "sent:")


def by_mail(kit, data, root, mail):
    test = lambda *more: kit.run("admin", "notify", "test", "post", "--data", data, *more)
    kit.answers("no mail server is set", test("--user", "ann"), 2, "the mail server is not set")
    setting = {"enabled": True, "host": "127.0.0.1", "port": mail.port, "security": "plain", "from": "tutela@example.org"}
    got = root.put("/v1/settings/mail", setting, {"If-Match": root.get("/v1/settings/mail").headers["ETag"]})
    kit.check("the mail server", got.status == 200, got)
    kit.answers("a mail goes to somebody", test(), 2, "--user")
    kit.answers("who exists", test("--user", "nobody"), 3)
    kit.answers("and has an address", test("--user", "bob"), 2, "bob has no address")
    kit.answers("it arrives", test("--user", "ann"), 0, "sent:")
    kit.check("at hers alone", len(mail.got) == 1 and len(mail.to("ann@example.org")) == 1, mail.got)
    mail.mode = "refuse"
    kit.answers("a server that refuses", test("--user", "ann"), 1, "not sent:", "554")


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    for login, role, mail in (("root", "administrator", []), ("ann", "analyst", ["--mail", "ann@example.org"]), ("bob", "analyst", [])):
        kit.answers(login, kit.run("admin", "user", "add", login, "--own-password", "--role", role, "--data", data, *mail, stdin=PASSWORD.encode()), 0)
    with (data / "tutela.yaml").open("a", encoding="utf-8") as file:
        file.write("webhooks: loopback\n")
    with MailServer(make_certificates(kit.path("certificates"))) as mail, HookServer() as hook:
        with client.Service(kit, data) as service:
            _, root = service.sign_in("root", PASSWORD)
            made = channels(kit, root, hook)
            listing(kit, data, made)
            by_hook(kit, data, hook, made)
            by_mail(kit, data, root, mail)
        kit.answers("without a service nothing leaves", kit.run("admin", "notify", "test", "hook", "--data", data), 2, "no service runs")
        kit.answers("the channels are listed all the same", kit.run("admin", "notify", "list", "--data", data), 0, "hook")
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
