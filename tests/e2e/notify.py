#!/usr/bin/env python3
"""Notifications: a real SMTP server with TLS and AUTH, a receiver of webhooks that verifies signatures by itself, what
people may not see, killed services, what receivers do wrong, the calendar.

usage: notify.py [PROGRAM]
"""
import base64
import datetime
import hashlib
import hmac
import json
import pathlib
import re
import shutil
import signal
import time
import sys

import feed_server as fs
from feed_server import make_certificates
from kit import PUMP, ROOT, Kit, component

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402
from mail_server import HookServer, MailServer, wait_for  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE, CURL = "larkspur-ip-200", "CVE-2023-38545"
OTHER = "CVE-2021-22946"
PASSWORD = "correct horse battery"
RULE = {"gap_seconds": 0}


def prepare(kit, data):
    folder = pathlib.Path(kit.path("pump"))
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    pipe = folder / "decisions/kernel-dirty-pipe.yaml"  # its deadlines run
    yesterday = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = pipe.read_text(encoding="utf-8").partition("events:")[0]
    pipe.write_text(re.sub(r"(decided_at|learned_at): .*", rf"\1: {yesterday}", text), encoding="utf-8")
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    done = kit.run("admin", "user", "add", "ann", "--own-password", "--role", "approver", "--data", data, stdin=PASSWORD.encode())
    for name in [path.stem for path in (EXAMPLE / "decisions").glob("*.yaml")] if not done.returncode else []:
        kit.run("approve", DEVICE, name, "--in", data, "--by", "ann", stdin=PASSWORD.encode() + b"\n")
    for team in ("one", "two"):
        kit.run("admin", "team", "add", team, "--data", data)
    kit.run("admin", "team", "join", "one", "--device", DEVICE, "--data", data)
    for login, role in (("root", "administrator"), ("ana", "analyst"), ("bea", "analyst"), ("cem", "viewer")):
        done = kit.run("admin", "user", "add", login, "--own-password", "--name", login.capitalize(), "--mail", f"{login}@example.org",
                       "--role", role, "--data", data, stdin=PASSWORD.encode())
        kit.answers(f"account {login}", done, 0)
    for login, team in (("ana", "one"), ("cem", "one"), ("bea", "two")):
        kit.run("admin", "team", "join", team, "--user", login, "--data", data)


def set_mail(kit, root, mail):
    tag = root.get("/v1/settings/mail").headers["ETag"]
    setting = {"enabled": True, "host": "127.0.0.1", "port": mail.port, "security": "starttls", "user": "tutela",
               "password": "mail secret", "from": "tutela@example.org", "from_name": "Tüt\u00e9la"}
    for name, value in (("host", "a b"), ("host", "a\r\nb"), ("from", "x"), ("from", "a@b\r\nBcc: c@d"), ("security", "plain")):
        got = root.put("/v1/settings/mail", {**setting, name: value}, {"If-Match": tag})
        kit.check(f"a mail server with {name} {value!r} is refused", got.status == 422, got)
    got = root.put("/v1/settings/mail", setting, {"If-Match": tag})
    kit.check("the mail server", got.status == 200 and got.json["password"] is True and "mail secret" not in got.text, got)
    kit.check("is not for others", root.service.client().get("/v1/settings/mail").status == 401)


def make(kit, root, path, body, name):
    got = root.post(path, body)
    kit.check(name, got.status == 201, got)
    return got.json


def states(root, **like):
    rows = root.get("/v1/notifications", limit=1000).json["items"]
    return [row for row in rows if all(row[name] == value for name, value in like.items())]


# ---- mail ----

def mailing(kit, root, ana, mail):
    channel = make(kit, root, "/v1/channels", {"name": "team one", "kind": "mail", "team": "one"}, "a channel of mail")["id"]
    rule = make(kit, root, "/v1/notification-rules", {**RULE, "name": "cases <of> \u00e4ll", "channel": channel, "events": "case.open"}, "its rule")["id"]
    made = ana.post("/v1/cases", {"vulnerability": CURL})
    kit.check("a case is opened", made.status in (200, 201), made)
    kit.check("mail comes", wait_for(lambda: mail.to("ana@") and mail.to("cem@")), mail.got, root.service.log.read_text()[-3000:])
    if not mail.to("ana@"):
        return channel, rule
    got = mail.to("ana@")[0]
    message = got["message"]
    kit.check("over TLS, signed in", got["tls"] and got["user"] == "tutela", got)
    kit.check("once to each, and to nobody of another team", len(mail.to("ana@")) == 1 and not mail.to("bea@") and not mail.to("root@"))
    kit.check("its headers", message["From"].addresses[0].display_name == "Tüt\u00e9la" and message["To"].addresses[0].addr_spec == "ana@example.org"
              and CURL in message["Subject"] and DEVICE in message["Subject"], got["raw"])
    kit.check("it says that nobody wrote it", message["Auto-Submitted"] == "auto-generated")
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    kit.check("as text", CURL in text and DEVICE in text and "cases <of> \u00e4ll" in text, text)
    kit.check("as HTML, which loads nothing", CURL in html and "cases &lt;of&gt;" in html and
              not re.search(r"(src|href|url\(|<link|<script)", html), html)
    kit.check("lines are short enough", all(len(line) <= 998 for line in got["raw"].split(b"\r\n")))
    unsubscribe(kit, root, ana, mail, message)
    return channel, rule


def unsubscribe(kit, root, ana, mail, message):
    link = re.fullmatch(r"<http://127\.0\.0\.1(/v1/unsubscribe/[0-9a-f]{64})>", message["List-Unsubscribe"])
    kit.check("how to get no more of it", link and message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click", message.items())
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    nobody = root.service.client()
    page = nobody.get(link[1])
    kit.check("a page that changes nothing", page.status == 200 and "<form" in page.text and "script" not in page.text)
    kit.check("a form that is another one", nobody.post(link[1], "a=b", form).status == 422)
    kit.check("a token that nobody has", nobody.post("/v1/unsubscribe/" + "0" * 64, "List-Unsubscribe=One-Click", form).status == 404)
    for _ in range(2):
        kit.check("one click", nobody.post(link[1], "List-Unsubscribe=One-Click", form).status == 200)
    before = len(mail.to("cem@"))
    case = ana.get("/v1/cases").json["items"][0]["id"]
    ana.post("/v1/cases", {"vulnerability": "CVE-2023-38546"})
    kit.check("others get more", wait_for(lambda: len(mail.to("cem@")) > before), case)
    kit.check("who wants no more does not", len(mail.to("ana@")) == 1, [one["message"]["Subject"] for one in mail.to("ana@")])


def access_notices(kit, root, mail):
    bea = [row for row in root.get("/v1/users").json["items"] if row["login"] == "bea"][0]["id"]
    got = root.call("PUT", f"/v1/users/{bea}/password", {"password": "only for the first time"})
    kit.check("a password is set by an administrator", got.status in (200, 204), got)
    kit.check("the person is told", wait_for(lambda: mail.to("bea@")), states(root))
    kit.check("without a way to switch that off", mail.to("bea@") and "password" in mail.to("bea@")[0]["message"]["Subject"] and
              "List-Unsubscribe" not in mail.to("bea@")[0]["message"], mail.to("bea@"))


def faults_of_mail(kit, root, channel, mail):
    mail.mode = "refuse"
    kit.check("a test", root.post(f"/v1/channels/{channel}/test").status == 204)
    row = wait_for(lambda: [row for row in states(root, kind="test") if row["error"]])
    kit.check("a server that refuses after DATA is said, and tried again", row and "554" in row[0]["error"] and row[0]["state"] == "waiting", row)
    mail.mode = ""
    kit.check("and then it arrives", wait_for(lambda: mail.to("root@")), states(root))
    kit.check("once", len(mail.to("root@")) == 1)
    mail.mode = "hang"
    before = mail.sessions
    root.post(f"/v1/channels/{channel}/test")
    kit.check("a server that hangs is asked", wait_for(lambda: mail.sessions > before))
    kit.check("others are answered meanwhile", root.get("/v1/channels").status == 200)
    row = wait_for(lambda: [row for row in states(root, kind="test") if row["error"] and "554" not in row["error"]], 60)
    kit.check("which ends in a bounded time", row and "imed out" in row[0]["error"] or row and "imeout" in row[0]["error"], row)
    mail.mode = ""
    mail.free.set()
    kit.check("and is tried again", wait_for(lambda: len(mail.to("root@")) == 2), states(root))


# ---- webhooks ----

def verify(secret, got):
    """Standard Webhooks, by itself."""
    headers = {name.lower(): value for name, value in got["headers"].items()}
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + got["body"]
    code = base64.b64encode(hmac.new(base64.b64decode(secret.removeprefix("whsec_")), text, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(one, "v1," + code) for one in headers["webhook-signature"].split(" "))


def hooks(kit, root, ana, hook):
    url = f"http://127.0.0.1:{hook.port}"
    made = make(kit, root, "/v1/channels", {"name": "hook", "kind": "webhook", "team": "one", "url": f"{url}/a/secret-path?t=1"}, "a webhook")
    secret, channel = made["secret"], made["id"]
    shown = root.get(f"/v1/channels/{channel}")
    kit.check("its address is not shown", "secret-path" not in shown.text and shown.json["host"] == f"127.0.0.1:{hook.port}" and secret not in shown.text, shown)
    for kind in ("slack", "teams"):
        other = make(kit, root, "/v1/channels", {"name": kind, "kind": kind, "team": "one", "url": f"{url}/{kind}"}, f"a channel of {kind}")["id"]
        make(kit, root, "/v1/notification-rules", {**RULE, "name": kind, "channel": other, "events": "signal.receive"}, "its rule")
    two = make(kit, root, "/v1/channels", {"name": "two", "kind": "webhook", "team": "two", "url": f"{url}/two"}, "a webhook of another team")["id"]
    for one in (channel, two):
        make(kit, root, "/v1/notification-rules", {**RULE, "name": "signals", "channel": one, "events": "signal.receive"}, "its rule")
    hook.answers[:] = [503]
    ana.post("/v1/signals", {"source": "mail", "title": "x\r\n<script>", "device": DEVICE})
    kit.check("it is called, again after 503, and so are the others", wait_for(lambda: len(hook.got) >= 4), hook.got, states(root))
    calls = hook.at("/a/secret-path?t=1")
    kit.check("signed", calls and all(verify(secret, one) for one in calls), calls)
    kit.check("what was changed is not", calls and not verify(secret, {**calls[0], "body": calls[0]["body"] + b" "}))
    ids = {one["path"]: one["headers"].get("Webhook-Id") or one["headers"].get("webhook-id") for one in hook.got}
    kit.check("what is sent again has the same id", len({i for i in ids.values() if i}) == 1, ids)
    kit.check("of another team's device nobody is told", not hook.at("/two"), hook.got)
    body = json.loads(calls[-1]["body"])
    kit.check("what it says", body["type"] == "tutela.notices" and body["data"]["items"][0]["event"] == "signal.receive" and
              body["data"]["items"][0]["device"] == DEVICE and "script" not in calls[-1]["body"].decode(), body)
    by_others(kit, secret, calls[-1])
    shapes(kit, hook)
    rotating(kit, root, hook, channel, secret)
    return channel


def by_others(kit, secret, got):
    """The library of the standard, where it is installed (pip install standardwebhooks==1.0.0)."""
    try:
        import standardwebhooks
    except ImportError:
        return
    headers = {name.lower(): value for name, value in got["headers"].items()}
    read = standardwebhooks.Webhook(secret).verify(got["body"].decode(), headers)
    kit.check("standardwebhooks verifies it", read["type"] == "tutela.notices", read)
    try:
        standardwebhooks.Webhook(secret).verify(got["body"].decode() + " ", headers)
        kit.check("and refuses what was changed", False)
    except standardwebhooks.WebhookVerificationError:
        kit.check("and refuses what was changed", True)


def shapes(kit, hook):
    """As docs/connect/notifications.md has them."""
    slack = json.loads(hook.at("/slack")[-1]["body"])
    kit.check("Slack: text and blocks of plain text", set(slack) == {"text", "blocks"} and 1 <= len(slack["blocks"]) <= 50 and
              all(block["type"] in ("header", "section") and block["text"]["type"] == "plain_text" and
                  len(block["text"]["text"]) <= (150 if block["type"] == "header" else 3000) for block in slack["blocks"]), slack)
    teams = json.loads(hook.at("/teams")[-1]["body"])
    card = teams["attachments"][0]
    kit.check("Teams: a message with an Adaptive Card", teams["type"] == "message" and card["contentType"] == "application/vnd.microsoft.card.adaptive"
              and card["content"]["type"] == "AdaptiveCard" and card["content"]["version"] == "1.4" and
              all(one["type"] == "RichTextBlock" and one["inlines"][0]["type"] == "TextRun" for one in card["content"]["body"]), teams)


def rotating(kit, root, hook, channel, secret):
    new = root.post(f"/v1/channels/{channel}/rotate").json["secret"]
    before = len(hook.got)
    root.post(f"/v1/channels/{channel}/test")
    kit.check("a test after the secret was rotated", wait_for(lambda: len(hook.got) > before))
    kit.check("both secrets sign", new != secret and verify(new, hook.got[-1]) and verify(secret, hook.got[-1]))
    newer = root.post(f"/v1/channels/{channel}/rotate").json["secret"]
    before = len(hook.got)
    root.post(f"/v1/channels/{channel}/test")
    kit.check("another", wait_for(lambda: len(hook.got) > before))
    kit.check("the first counts no more", verify(newer, hook.got[-1]) and verify(new, hook.got[-1]) and not verify(secret, hook.got[-1]))


def places(kit, root, hook):
    for url in ("http://169.254.169.254/latest", "http://[fe80::1]/", "http://10.0.0.1/", "http://0.0.0.0/", "http://[::ffff:10.0.0.1]/", "ftp://127.0.0.1/",
                "http://a:b@127.0.0.1/", "http://127.0.0.1/\r\nX: y", "", "https://"):
        got = root.post("/v1/channels", {"name": "x", "kind": "webhook", "url": url})
        kit.check(f"{url!r} is refused", got.status == 422, got)
    hook.elsewhere = f"http://127.0.0.1:{hook.port}/elsewhere"
    channel = make(kit, root, "/v1/channels", {"name": "moved", "kind": "webhook", "url": f"http://127.0.0.1:{hook.port}/moved"}, "one that redirects")["id"]
    hook.answers[:] = [301] * 20
    root.post(f"/v1/channels/{channel}/test")
    row = wait_for(lambda: [row for row in states(root, channel="moved") if row["error"]])
    kit.check("redirects are not followed", row and "301" in row[0]["error"] and not hook.at("/elsewhere"), row)
    hook.answers.clear()
    kit.check("a channel is removed", root.delete(f"/v1/channels/{channel}", {"If-Match": "*"}).status == 204)


def bad_rules(kit, root, channel):
    good = {**RULE, "name": "x", "channel": channel}
    for name, value in (("zone", "Mars/Olympus"), ("zone", "../../etc/passwd"), ("zone", "Europe/Berlin\r\nX"), ("events", "no.such"), ("name", "a\r\nb"),
                        ("channel", "0" * 32), ("minute", 1440), ("quiet_from", -1), ("delivery", "hourly"), ("severity", "awful")):
        got = root.post("/v1/notification-rules", {**good, name: value})
        kit.check(f"a rule with {name} {value!r} is refused", got.status == 422, got)


# ---- digests ----

def digest(kit, root, data, channel):
    rule = make(kit, root, "/v1/notification-rules", {**RULE, "name": "digest", "channel": channel, "events": "signal.receive", "delivery": "week",
                                                      "zone": "Europe/Berlin", "minute": 480}, "a digest")["id"]
    count, who = 230, [root.service.client(client.add_key(kit, data, "analyst", "one")) for _ in range(3)]
    answers = [who[n % 3].post("/v1/signals", {"source": "mail", "title": f"s{n}", "device": DEVICE}).status for n in range(count)]
    kit.check("much happens", answers.count(201) == count, answers)
    seen = wait_for(lambda: (lambda got: got["items"] + got["dropped"] >= count and got)(root.get(f"/v1/notification-rules/{rule}/preview").json), 60)
    kit.check("a digest is bounded, and says how many more there are", seen and seen["text"].count("- A signal") == 200 and
              f"and {count - 200} more" in seen["text"], seen and seen["text"][-300:])
    kit.check("it has not left", not states(root, rule="digest"))
    kit.check("it is removed", root.delete(f"/v1/notification-rules/{rule}", {"If-Match": "*"}).status == 204)


def much(kit, root, data, hook):
    """A rule that takes everything, while hundreds of findings come: one message, bounded, that counts the rest."""
    channel = make(kit, root, "/v1/channels", {"name": "all", "kind": "webhook", "url": f"http://127.0.0.1:{hook.port}/all"}, "a webhook about all")["id"]
    make(kit, root, "/v1/notification-rules", {"name": "everything", "channel": channel, "gap_seconds": 86400}, "a rule that takes everything")
    folder = pathlib.Path(kit.path("other"))
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*", "decisions"))
    device = folder / "device.yaml"
    device.write_text(device.read_text(encoding="utf-8").replace("family: Larkspur IP-200", "family: Larkspur IP-300"), encoding="utf-8")
    kit.answers("another device", kit.run("push", folder, "--to", data, "--new-device"), 0)
    calls = wait_for(lambda: hook.at("/all"))
    data = json.loads(calls[0]["body"])["data"] if calls else {"items": [], "more": 0}
    kit.check("at most 200 of it are listed, and the others counted", len(data["items"]) + data["more"] > 100 and
              (len(data["items"]) == 200 or data["more"] == 0), len(data["items"]), data["more"])
    kit.check("new findings of the device are among them", any(
        (one["event"], one["device"], one["severity"]) == ("finding.new", "larkspur-ip-300", "critical") for one in data["items"]), data["items"][:3])
    kit.check("a finding once", len({(one["subject"], one["device"]) for one in data["items"] if one["event"] == "finding.new"}) ==
              len([one for one in data["items"] if one["event"] == "finding.new"]))
    kit.check("in one message", len(hook.at("/all")) == 1)


def deadlines(kit, root, hook):
    """Deadlines come near without a record; each is said once."""
    channel = make(kit, root, "/v1/channels", {"name": "due", "kind": "webhook", "team": "one", "url": f"http://127.0.0.1:{hook.port}/due"}, "another")["id"]
    make(kit, root, "/v1/notification-rules", {**RULE, "name": "due", "channel": channel, "events": "deadline.near deadline.missed", "within_hours": 8784}, "its rule")
    expected = len([row for row in root.pages("/v1/deadlines", limit=1000, open="true", device=DEVICE)
                    if row["due"] and row["state"] == "running"])
    def more():
        return sum(json.loads(one["body"])["data"]["more"] for one in hook.at("/due"))
    wait_for(lambda: len(items_at(hook, "/due")) + more() >= max(expected, 1), 90 if expected else 1)
    items = items_at(hook, "/due")
    kit.check("each deadline that is near, once", len(items) + more() == expected and len({one["subject"] for one in items}) == len(items) and all(one["due"] and one["event"] == "deadline.near" for one in items), items, expected)
    print(f"# {expected} deadlines run")


def items_at(hook, path):
    return [one for call in hook.at(path) for one in json.loads(call["body"])["data"]["items"]]


# ---- the calendar ----

def calendar(kit, root, ana, bea):
    kit.check("no calendar yet", ana.get("/v1/me/calendar").json == {"made": None})
    made = ana.post("/v1/me/calendar").json
    kit.check("an address", made["url"] == "http://127.0.0.1" + made["path"], made)
    nobody = root.service.client()
    got = nobody.get(made["path"])
    kit.check("a calendar", got.status == 200 and got.headers["Content-Type"].startswith("text/calendar") and
              got.text.startswith("BEGIN:VCALENDAR\r\n") and got.text.endswith("END:VCALENDAR\r\n"), got)
    events = re.findall(r"UID:(\S+)", got.text)
    kit.check("with the deadlines that the person sees, each once", len(events) == len(set(events)) > 0 and len(events) == len(
        [row for row in ana.pages("/v1/deadlines", limit=1000) if row["due"]]), events)
    kit.check("lines are folded", all(len(line.encode()) <= 75 for line in got.text.split("\r\n")))
    kit.check("UIDs stay", re.findall(r"UID:(\S+)", nobody.get(made["path"]).text) == events)
    parsed(kit, got.body, events)
    other = bea.post("/v1/me/calendar").json["path"] if bea else None
    kit.check("who sees no device has no event", other is None or "VEVENT" not in nobody.get(other).text)
    again = ana.post("/v1/me/calendar").json["path"]
    kit.check("a new address ends the one before", nobody.get(made["path"]).status == 404 and nobody.get(again).status == 200)
    kit.check("revoked", ana.delete("/v1/me/calendar").status == 204 and nobody.get(again).status == 404)
    kit.check("no such token", nobody.get("/v1/calendar/x").status == 404)


def parsed(kit, body, events):
    try:
        import icalendar
    except ImportError:
        icalendar = None
    if icalendar:
        read = icalendar.Calendar.from_ical(body)
        kit.check("icalendar reads it", {str(one["UID"]) for one in read.walk("VEVENT")} == set(events))
        return
    lines = re.sub(r"\r\n[ \t]", "", body.decode()).split("\r\n")
    opened, fine = [], True
    for line in filter(None, lines):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            opened.append(value)
        elif name == "END":
            fine = fine and opened.pop() == value
        fine = fine and bool(re.fullmatch(r"[A-Z-]+(;[A-Z-]+=[^;:]+)*", name))
    kit.check("it reads as RFC 5545 says (icalendar is not installed)", fine and not opened)


# ---- killed ----

def killed(kit, data, mail, options):
    """Killed right after a change: the notice leaves once, by the next one."""
    service = client.Service(kit, data, *options)
    try:
        _, ana = service.sign_in("ana", PASSWORD)
        before = len(mail.to("cem@"))
        made = ana.post("/v1/cases", {"vulnerability": OTHER})
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
        kit.check("a case, and kill -9", made.status == 201, made)
    finally:
        service.process.kill()
        service.process.stdout.close()
    with client.Service(kit, data, *options) as service:
        _, root = service.sign_in("root", PASSWORD)
        kit.check("after kill -9 the notice arrives", wait_for(lambda: len(mail.to("cem@")) > before), states(root))
        ids = [one["message"]["Message-ID"] for one in mail.to("cem@")]
        subjects = [one["message"]["Subject"] for one in mail.to("cem@") if OTHER in one["message"]["Subject"]]
        kit.check("once", len(subjects) == 1 and len(ids) == len(set(ids)), subjects)
        out_of_team(kit, service, root, data, mail)


def out_of_team(kit, service, root, data, mail):
    """What a person may not see any more when it is sent is not sent to them."""
    channel = [row["id"] for row in root.get("/v1/channels").json["items"] if row["name"] == "team one"][0]
    _, ana = service.sign_in("ana", PASSWORD)
    before = len(mail.to("cem@"))
    mail.mode = "refuse"
    refused = mail.refused
    ana.post("/v1/cases", {"vulnerability": "CVE-2023-27533"})
    kit.check("it is tried", wait_for(lambda: mail.refused > refused), channel)
    kit.run("admin", "team", "leave", "one", "--user", "cem", "--data", data)
    mail.mode = ""
    kit.check("who has left the team gets nothing", wait_for(lambda: states(root, person="cem", state="nothing")) and
              len(mail.to("cem@")) == before, states(root, person="cem"))


# ---- another knowledge base ----

LISTED, COMES = "CVE-2024-1001", "CVE-2024-1003"


def two_devices(kit, data):
    """One has pumpd, which the knowledge bases of this part are about; the other has it not, and is another team's."""
    kit.answers("a folder to learn in", kit.run("admin", "init", data), 0)
    kit.answers("a knowledge base without a catalogue", kit.run("admin", "knowledge", knowledge(kit, "plain", 2), "--data", data), 0)
    for team, family in (("one", "Larkspur IP-200"), ("two", "Larkspur IP-300")):
        folder = pathlib.Path(kit.path(f"learns-{team}"))
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*", "decisions"))
        text = (folder / "device.yaml").read_text(encoding="utf-8")
        (folder / "device.yaml").write_text(text.replace("family: Larkspur IP-200", f"family: {family}"), encoding="utf-8")
        for path in folder.glob("*.cdx.json") if team == "one" else ():
            document = json.loads(path.read_text(encoding="utf-8"))
            document["components"].append(component("pumpd", "1.0", cpe=PUMP % "1.0"))
            path.write_text(json.dumps(document), encoding="utf-8")
        kit.answers(f"the device of team {team}", kit.run("push", folder, "--to", data, "--new-device"), 0)
        kit.run("admin", "team", "add", team, "--data", data)
        kit.run("admin", "team", "join", team, "--device", family.lower().replace(" ", "-"), "--data", data)
    for login, role, team in (("root", "administrator", None), ("ana", "analyst", "one"), ("bea", "analyst", "two")):
        kit.run("admin", "user", "add", login, "--own-password", "--mail", f"{login}@example.org", "--role", role, "--data", data,
                stdin=PASSWORD.encode())
        if team:
            kit.run("admin", "team", "join", team, "--user", login, "--data", data)


def knowledge(kit, name, records, *listed):
    page = fs.nvd_pages([fs.nvd_record(n + 1) for n in range(records)], page=1000)({"startIndex": ["0"]})
    more = [kit.path(f"{name}-kev.json", fs.kev(*listed))] if listed else []
    path = kit.path(f"{name}.kb")
    kit.answers(f"a knowledge base, {name}", kit.run("kb", "build", "-o", path, kit.path(f"{name}.json", page), *more), 0)
    return path


def bring(kit, root, path):
    got = root.post("/v1/intelligence/import", pathlib.Path(path).read_bytes(), {"Content-Type": "application/octet-stream"}, allow_older="true")
    kit.check("a knowledge base is brought", got.status == 202, got)


def in_use(root, path):
    return wait_for(lambda: root.get("/v1/intelligence").json["knowledge_base"]["bytes"] == pathlib.Path(path).stat().st_size)


def about(mail, who, *words):
    return [one for one in mail.to(who) if all(word in one["message"].get_body(("plain",)).get_content() for word in words)]


def learning(kit, data, mail, options):
    """A catalogue lists what a device has, and records come that it has: by the knowledge base alone."""
    listing = knowledge(kit, "listing", 3, LISTED)
    with client.Service(kit, data, *options) as service:
        _, root = service.sign_in("root", PASSWORD)
        set_mail(kit, root, mail)
        for team in ("one", "two"):
            channel = make(kit, root, "/v1/channels", {"name": team, "kind": "mail", "team": team}, "a channel")["id"]
            make(kit, root, "/v1/notification-rules", {**RULE, "name": "exploited", "channel": channel, "events": "vulnerability.exploited",
                                                       "delivery": "week", "zone": "Europe/Berlin", "urgent": True}, "a digest that may be urgent")
            make(kit, root, "/v1/notification-rules", {**RULE, "name": "found", "channel": channel, "events": "finding.new case.open"}, "a rule")
        bring(kit, root, listing)
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
    with client.Service(kit, data, *options) as service:
        (_, root), (_, ana) = [service.sign_in(login, PASSWORD) for login in ("root", "ana")]
        kit.check("what becomes exploited is said at once, past a digest", wait_for(lambda: about(mail, "ana@", LISTED, "is exploited", DEVICE)),
                  states(root), service.log.read_text()[-2000:])
        kit.check("a finding of a re-match is said", wait_for(lambda: about(mail, "ana@", COMES, "New finding", DEVICE)), states(root))
        kit.check("each by itself", not about(mail, "ana@", LISTED, "New finding") and not about(mail, "ana@", COMES, "is exploited"))
        for path in (kit.folder / "plain.kb", listing):
            bring(kit, root, path)
            kit.check("it is in use", in_use(root, path), root.get("/v1/intelligence"))
        ana.post("/v1/cases", {"vulnerability": "CVE-2024-1002"})
        kit.check("what came after it is said", wait_for(lambda: about(mail, "ana@", "CVE-2024-1002", "A case is open")), states(root))
        kit.check("exploited was said once, over kill -9 and a catalogue that went and came", len(about(mail, "ana@", "is exploited")) == 1 and
                  len(states(root, rule="exploited")) == 1, [one["message"]["Subject"] for one in mail.to("ana@")])
        kit.check("whose devices do not have it is not told", not mail.to("bea@"), [one["raw"] for one in mail.to("bea@")])
        later = knowledge(kit, "later", 4, LISTED, "CVE-2024-1004")
        bring(kit, root, later)
        kit.check("what comes and is listed already is exploited, too", wait_for(lambda: about(mail, "ana@", "CVE-2024-1004", "is exploited")) and
                  not about(mail, "ana@", "CVE-2024-1004", LISTED), states(root))


def troubles(kit, data, mail, options):
    """What is about no device: to an administrator, by a rule, once."""
    built_in = re.findall(r"^[a-z0-9-]+", kit.run("kb", "sync", "--list").text, re.M)
    feeds = data / "feeds.conf"
    feeds.write_text("retries = 0\ntime_limit = 5s\n" + "".join(f"[{name}]\nenabled = no\n" for name in built_in if name != "kev") +
                     "[kev]\nurl = https://127.0.0.1:9/kev.json\ndelay = 5ms\n", encoding="utf-8")
    feeds.chmod(0o600)
    with client.Service(kit, data, *options) as service:
        _, root = service.sign_in("root", PASSWORD)
        person = [row["id"] for row in root.get("/v1/users").json["items"] if row["login"] == "root"][0]
        channel = make(kit, root, "/v1/channels", {"name": "administrator", "kind": "mail", "person": person}, "a channel of a person")["id"]
        team = [row["id"] for row in root.get("/v1/channels").json["items"] if row["name"] == "one"][0]
        for one in (channel, team):
            make(kit, root, "/v1/notification-rules", {**RULE, "name": "troubles", "channel": one, "events": "job.quarantined message.quarantined source.late"}, "its rule")
        got = root.post("/v1/intelligence/sync")
        kit.check("a sync is asked for", got.status == 202, got)
        kit.check("its source fails", wait_for(lambda: [row for row in root.get("/v1/intelligence/sources").json["items"]
                                                        if row["name"] == "kev" and row["last_error"]]),
                  root.get("/v1/intelligence/sources"))
    now = time.time_ns() // 1000
    kit.sql(data, "INSERT INTO job (public, kind, key, state, run_at, attempts, attempts_max, progress, cancel, again, payload, created, finished)"
            f" VALUES ('given-up', 'tidy.up', 'k', 'quarantined', 1, 1, 1, 0, 0, 0, '{{}}', 1, {now})")
    for public, by, sent in (("lost-one", "one", "a" * 32), ("lost-own", "administrator", "b" * 32)):
        kit.sql(data, f"INSERT INTO notify_sent (public, kind, channel_id, state, at) SELECT '{sent}', 'test', id, 'waiting', {now} FROM notify_channel"
                f" WHERE name = '{by}' AND state <> 'removed' ORDER BY id LIMIT 1")
        kit.sql(data, "INSERT INTO outbox (public, kind, target, payload, state, attempts, attempts_max, next_at, created, quarantined)"
                f" VALUES ('{public}', 'notice', '{sent}', '{{}}', 'quarantined', 9, 9, 1, 1, {now})")
    for number in (4, 5):
        with client.Service(kit, data, *options) as service:
            (_, root), (_, ana) = [service.sign_in(login, PASSWORD) for login in ("root", "ana")]
            kit.check("an administrator is told of a job and of a source", wait_for(lambda: about(mail, "root@", "given up: tidy.up (given-up)") and
                      about(mail, "root@", "is late: kev")), states(root), service.log.read_text()[-2000:])
            kit.check("and of a message that was given up", wait_for(lambda: about(mail, "root@", "could not be delivered: one (lost-one)")), states(root))
            kit.check("by no channel of its own failure", not about(mail, "root@", "lost-own"))
            ana.post("/v1/cases", {"vulnerability": f"CVE-2024-100{number - 3}"})
            kit.check("what came after it is said", wait_for(lambda: about(mail, "ana@", f"CVE-2024-100{number - 3}", "case is open")), states(root))
            kit.check("once", len(about(mail, "root@", "given up: tidy.up")) == 1 and len(about(mail, "root@", "is late: kev")) == 1 and
                      len(states(root, rule="troubles")) == len(mail.to("root@")), states(root, rule="troubles"))
            kit.check("and no team", not about(mail, "ana@", "given up") and not about(mail, "ana@", "could not be delivered") and not about(mail, "ana@", "is late"))


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    certificates = make_certificates(kit.path("certificates"))
    prepare(kit, data)
    with (data / "tutela.yaml").open("a", encoding="utf-8") as file:
        file.write(f"webhooks: loopback\ncertificates: {certificates}/ca.pem\n")
    options = ("--trusted-proxy", "127.0.0.1", "--public-url", "http://127.0.0.1")
    with MailServer(certificates, {"tutela": "mail secret"}) as mail, HookServer() as hook:
        with client.Service(kit, data, *options) as service:
            (_, root), (_, ana), (_, bea) = [service.sign_in(login, PASSWORD) for login in ("root", "ana", "bea")]
            kit.check("an analyst sets nothing up", ana.get("/v1/channels").status == 403)
            set_mail(kit, root, mail)
            channel, _ = mailing(kit, root, ana, mail)
            calendar(kit, root, ana, bea)
            access_notices(kit, root, mail)
            hooks(kit, root, ana, hook)
            places(kit, root, hook)
            bad_rules(kit, root, channel)
            digest(kit, root, data, channel)
            much(kit, root, data, hook)
            deadlines(kit, root, hook)
            faults_of_mail(kit, root, channel, mail)
        killed(kit, data, mail, options)
    learns = pathlib.Path(kit.path("learns"))
    two_devices(kit, learns)
    with (learns / "tutela.yaml").open("a", encoding="utf-8") as file:
        file.write(f"certificates: {certificates}/ca.pem\n")
    with MailServer(certificates, {"tutela": "mail secret"}) as mail:
        learning(kit, learns, mail, options)
        troubles(kit, learns, mail, options)
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
