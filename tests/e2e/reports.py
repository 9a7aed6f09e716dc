#!/usr/bin/env python3
"""Reports from outside: the form, what is kept of it, the receipt, and what is done against abuse.

usage: reports.py [PROGRAM]
"""
import http.client
import pathlib
import re
import sys
import urllib.parse

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BOUNDARY = "----xX1"
WHOLE = {"product": "Infusion Pump", "version": "4.3", "found": "It answers without a password.", "reproduce": "telnet pump",
         "contact": "eve@example.org", "credit": "Eve of the Ward", "embargo": ""}
EVIL = "a\0b\u202ec <script>alert(1)</script> \r\nProduct: other &amp; \"'\u2028"
KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZQ==\n-----END PGP PUBLIC KEY BLOCK-----\n"


def multipart(fields, files=()):
    """A form as a browser sends it; values may be bytes."""
    out = b""
    for name, value in fields.items():
        out += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        out += (value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")) + b"\r\n"
    for name, content in files:
        out += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'.encode()
        out += b"Content-Type: text/html\r\n\r\n" + content + b"\r\n"
    return out + f"--{BOUNDARY}--\r\n".encode()


def send(nobody, fields=WHOLE, files=(), strict=True, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return nobody.call("POST", "/report", multipart(fields, files), headers={
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}", **headers}, strict=strict)


def receipt_of(answer):
    return re.search(r"<code>([0-9a-f]{32})</code>", answer.text)[1]


def look(nobody, receipt, **headers):
    return nobody.call("POST", "/report/state", urllib.parse.urlencode({"receipt": receipt}), headers={**FORM, **headers})


def write(nobody, receipt, text):
    return nobody.call("POST", "/report/message", urllib.parse.urlencode({"receipt": receipt, "text": text}), headers=FORM)


def closed(kit, data, nobody, admin):
    """There is no form before somebody is named who reads what it sends."""
    for answer in (nobody.get("/report"), send(nobody), look(nobody, "1" * 32), nobody.get("/report/key")):
        kit.check("without a contact there is no form, and it says how to open it", answer.status == 404 and "set a contact" in answer.text, answer)
    kit.answers("doctor says so", kit.run("doctor", data), 0, "closed: no contact for reports is set")
    got = admin.get("/v1/settings/reports")
    kit.check("it is wanted, and not open", (got.json["form"], got.json["open"]) == (True, False), got)
    done = admin.put("/v1/settings/reports", {"form": True, "contact": "psirt@maker.example"}, {"If-Match": got.headers["ETag"]})
    kit.check("a contact opens it", done.json["open"] is True and nobody.get("/report").status == 200, done)
    kit.answers("doctor says that, too", kit.run("doctor", data), 0, "is open at /report")


def the_form(kit, nobody):
    got = nobody.get("/report")
    policy = got.headers["Content-Security-Policy"]
    kit.check("the form", got.status == 200 and "Report a vulnerability" in got.text and 'name="found"' in got.text, got)
    kit.check("without script, under a policy that allows none", "<script" not in got.text and
              policy.startswith("default-src 'none'; style-src 'sha256-") and "form-action 'self'" in policy and "script-src" not in policy, policy)
    kit.check("nothing comes from elsewhere", not re.search(r'(src|href)="(https?:|//)', got.text))
    kit.check("every field has its label", set(re.findall(r'id="(\w+)" name=', got.text)) <= set(re.findall(r'for="(\w+)"', got.text)))


def received(kit, nobody, staff, outside):
    made = send(nobody, files=[("a.txt", b"one"), ("b.bin", bytes(range(256)))])
    kit.check("a report is received, with a receipt", made.status == 201 and receipt_of(made), made)
    row = staff.get("/v1/signals").json["items"][0]
    kit.check("it is a signal of the form", (row["source"], row["kind"], row["state"], row["reporter"], row["credit"], row["documents"]) ==
              ("form", "researcher", "received", "eve@example.org", "Eve of the Ward", 2), row)
    kit.check("learned of when it came", row["learned"] == row["received"], row)
    text = staff.get(f"/v1/signals/{row['id']}/text").text
    kit.check("its text says nothing of who", "telnet pump" in text and "Infusion Pump" in text and "eve@" not in text.lower() and "Ward" not in text, text)
    kit.check("who sees some devices has none of it", outside.get("/v1/signals").json["total"]["count"] == 0)
    document = staff.get(f"/v1/signals/{row['id']}").json["documents"][1]
    kit.check("an attachment comes byte for byte", staff.get(f"/v1/signals/{row['id']}/documents/{document['id']}").body == bytes(range(256)))
    return receipt_of(made), f"/v1/signals/{row['id']}"


def by_receipt(kit, nobody, staff, receipt, path):
    got = look(nobody, receipt)
    kit.check("by the receipt one sees the state", "Nobody has looked at it yet" in got.text and "to be acknowledged by" in got.text, got.text)
    kit.check("and nothing of who or what", "eve@" not in got.text and "telnet" not in got.text)
    shown = f" {receipt[:8].upper()} {receipt[8:20]}-{receipt[20:]} "
    kit.check("also as people type it", "Nobody has looked" in look(nobody, shown).text)
    staff.post(f"{path}/log", {"kind": "note", "text": "the watchdog again"})
    staff.post(f"{path}/log", {"kind": "reply", "text": "thank you <b>Eve</b>"})
    staff.post(f"{path}/acknowledge", {}, {"If-Match": "*"})
    got = look(nobody, receipt)
    kit.check("an answer is seen as it is, a note is not", "thank you &lt;b&gt;Eve" in got.text and "watchdog" not in got.text, got.text)
    kit.check("and that it was acknowledged", "acknowledged" in got.text and "looking into it" in got.text)
    added = write(nobody, receipt, EVIL.replace("\0", ""))
    kit.check("a message is added", "Your message was added" in added.text and "<script" not in added.text, added.text)
    entry = staff.get(path).json["log"][-1]
    kit.check("staff read it, without what deceives", entry["kind"] == "message" and entry["author"] is None and
              "\u202e" not in entry["text"] and "\ufffd" in entry["text"], entry)
    for _ in range(60):
        last = write(nobody, receipt, "again")
    kit.check("not without end", last.status == 429, last)


def guessing(kit, nobody, data, receipt):
    for wrong in ("", "0" * 32, "0" * 31, receipt[:-1] + "g", receipt + "0", "' OR 1=1 --", "\u202e" * 40):
        got = look(nobody, wrong)
        kit.check(f"a receipt that is none: {wrong[:12]!r}", got.status == 200 and "No report has this receipt" in got.text, got)
    kit.check("nor for a message", "No report has this receipt" in write(nobody, "f" * 32, "x").text)
    stored = [bytes.fromhex(row[0]) for row in kit.sql(data, "SELECT receipt FROM signal WHERE receipt IS NOT NULL")]
    kit.check("the store has no receipt, only its digest", stored and all(len(one) == 32 and receipt.encode() not in one and
              one != bytes.fromhex(receipt) for one in stored), stored)
    many = [nobody.call("POST", "/report/state", "receipt=" + "1" * 32, headers={**FORM, "X-Forwarded-For": "10.9.9.9"}, strict=False).status for _ in range(40)]
    kit.check("an address that guesses is stopped", many[0] == 200 and many[-1] == 429, many)


def bad_input(kit, nobody, staff):
    made = send(nobody, {**WHOLE, **{name: EVIL for name in ("product", "version", "found", "reproduce", "contact", "credit")}},
                [('../../<script>alert(1)</script>\u202egpj.exe', b"<script>alert(1)</script>"), ("", b"x"), (".bashrc", b"y"), ("-rf *;%22 $(id)", b"z")])
    kit.check("NUL, RTL and HTML in every field are received", made.status == 201 and "<script>alert" not in made.text, made)
    detail = staff.get(f"/v1/signals/{staff.get('/v1/signals').json['items'][0]['id']}").json
    row = detail["signal"]
    kit.check("as one harmless line each", all("\0" not in row[name] and "\u202e" not in row[name] and "\n" not in row[name] and "\ufffd" in row[name]
              for name in ("title", "reporter", "credit")), row)
    names = [one["name"] for one in detail["documents"]]
    kit.check("names of files are only names", names == ["script_", "attachment", "bashrc", "rf _;_22 _(id)"] or
              all(re.fullmatch(r"[^<>/\\\0\"$*;%\u202e]+", name) and name[0] not in ".-" for name in names), names)
    got = staff.get(f"/v1/signals/{row['id']}/documents/{detail['documents'][0]['id']}")
    kit.check("what it has is saved, never shown", (got.headers["Content-Type"], got.headers["X-Content-Type-Options"]) ==
              ("application/octet-stream", "nosniff") and got.headers["Content-Disposition"].startswith("attachment"), got.headers)
    before = staff.get("/v1/signals").json["total"]["count"]
    for name, fields in (("no product", {**WHOLE, "product": " "}), ("nothing found", {**WHOLE, "found": ""}),
                         ("a line too long", {**WHOLE, "product": "x" * 5000}), ("a text too long", {**WHOLE, "found": "x" * 300000})):
        got = send(nobody, fields)
        kit.check(f"{name}: refused in words", got.status == 422 and "<h1>" in got.text, got)
    kit.check("six attachments", send(nobody, files=[("x", b"1")] * 6).status == 422)
    kit.check("one of 11 MiB", send(nobody, files=[("x", bytes(11 << 20))]).status == 413)
    cut = nobody.call("POST", "/report", multipart(WHOLE)[:-30], headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})
    kit.check("a form that was cut", cut.status == 400, cut)
    kit.check("what is no form", nobody.call("POST", "/report", "{}", headers={"Content-Type": "application/json"}).status == 415)
    kit.check("nothing was kept of these", staff.get("/v1/signals").json["total"]["count"] == before)


def huge(kit, service):
    """4 GB are refused when they are announced; a body without a length is cut at the limit."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    connection.putrequest("POST", "/report")
    for name, value in {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "Content-Length": str(4 << 30), **service.address()}.items():
        connection.putheader(name, value)
    connection.endheaders()
    kit.check("an attachment of 4 GB is refused before it is sent", connection.getresponse().status == 413)
    connection.close()

    def without_end():
        for _ in range(4 << 10):
            yield bytes(1 << 20)
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
    try:
        connection.request("POST", "/report", without_end(), {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", **service.address()},
                           encode_chunked=True)
        status = connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        status = 413
    kit.check("nor taken in pieces", status == 413, status)
    connection.close()
    status = pathlib.Path(f"/proc/{service.process.pid}/status").read_text()
    kit.check("the memory stays small", int(re.search(r"VmHWM:\s*(\d+)", status)[1]) < 400000, status)


def abuse(kit, nobody, staff):
    before = staff.get("/v1/signals").json["total"]["count"]
    lost = multipart(WHOLE, [("a.txt", b"one")])
    for what, got, words in (
            ("what only a program fills in", send(nobody, {**WHOLE, "website": "http://spam.example"}), "leave the field"),
            ("a field that the form does not have", send(nobody, {**WHOLE, "details": "all of it"}), "no such field"),
            ("an attachment by another name", nobody.call("POST", "/report", lost.replace(b'name="files"', b'name="file"'),
                                                          headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}), "no such field"),
            ("a field twice", nobody.call("POST", "/report", lost.replace(b'name="reproduce"', b'name="found"'),
                                          headers={"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}), "twice")):
        kit.check(f"{what} is not taken for received", got.status == 422 and words in got.text and "<code>" not in got.text, got)
    kit.check("and nothing of it is kept", staff.get("/v1/signals").json["total"]["count"] == before)
    for name, headers in (("by Fetch metadata", {"Sec_Fetch_Site": "cross-site"}), ("by its origin", {"Origin": "https://evil.example"})):
        got = send(nobody, **headers)
        kit.check(f"a page of another site sends nothing ({name})", got.status == 403, got)
    kit.check("our own does", send(nobody, Sec_Fetch_Site="same-origin", Origin="null").status == 201)
    one = [send(nobody, strict=False, X_Forwarded_For="10.8.8.8").status for _ in range(15)]
    kit.check("an address that floods is stopped", one[0] == 201 and one[-1] == 429, one)
    many, last = [], None
    for _ in range(80):
        last = send(nobody)
        many.append(last.status)
    total = staff.get("/v1/signals").json["total"]["count"]
    kit.check("many addresses are, too: at most 60 an hour are kept", many[-1] == 429 and total <= 61 and last.headers["Retry-After"] == "3600", many, total)


def settings(kit, service, data, nobody, admin, staff):
    got = admin.get("/v1/settings/reports")
    kit.check("the settings", got.status == 200 and (got.json["form"], got.json["open"], got.json["acknowledge_days"], got.json["per_hour"]) == (True, True, 7, 60), got)
    kit.check("a key may not", staff.get("/v1/settings/reports").status == 403)
    kit.check("there is no key of OpenPGP yet", nobody.get("/report/key").status == 404)
    to = {"form": True, "acknowledge_days": 2, "per_hour": 100, "contact": "psirt@maker.example", "key": KEY, "words": "We <b>thank</b> you."}
    for name, value in (("contact", "nobody"), ("key", "no key"), ("words", "a\u202eb"), ("key", "-----BEGIN PGP PRIVATE KEY BLOCK-----")):
        bad = admin.put("/v1/settings/reports", {**to, name: value}, {"If-Match": got.headers["ETag"]})
        kit.check(f"{name} {value[:20]!r} is refused", (bad.status, bad.json.get("pointer")) == (422, f"/{name}"), bad)
    done = admin.put("/v1/settings/reports", to, {"If-Match": got.headers["ETag"]})
    kit.check("they are set", done.status == 200 and done.json["contact"] == "psirt@maker.example", done)
    kit.check("not twice from the same", admin.put("/v1/settings/reports", to, {"If-Match": got.headers["ETag"]}).status == 412)
    page = nobody.get("/report").text
    kit.check("the form says them", "psirt@maker.example" in page and "We &lt;b&gt;thank" in page and "/report/key" in page and "within 2 days" in page, page)
    key = nobody.get("/report/key")
    kit.check("the key is offered", key.text == KEY and key.headers["Content-Type"].startswith("application/pgp-keys"), key)
    made = send(nobody)
    row = staff.get("/v1/signals").json["items"][0]
    kit.check("a report is to be acknowledged by then", made.status == 201 and row["acknowledge_by"] < staff.get("/v1/signals").json["items"][-1]["acknowledge_by"], row)
    off = admin.put("/v1/settings/reports", {"form": False}, {"If-Match": "*"})
    kit.check("switched off, there is no form", off.status == 200 and (nobody.get("/report").status, send(nobody).status) == (404, 404), off)
    admin.put("/v1/settings/reports", {"form": True, "contact": "psirt@maker.example"}, {"If-Match": "*"})


def erasing(kit, data, staff, path):
    done = kit.run("admin", "erase", "eve@example.org", "--data", data)
    kit.answers("a reporter is erased", done, 0)
    row = staff.get(path).json["signal"]
    kit.check("with whom to thank, everywhere", (row["reporter"], row["credit"]) == (None, None), row)
    kit.answers("the ledger still verifies", kit.run("ledger", "verify", data), 0)
    stored = str(kit.sql(data, "SELECT * FROM ledger"))
    kit.check("no address is in the ledger", "signal.receive" in stored and "eve@example.org" not in stored, len(stored))


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.run("admin", "team", "add", "one", "--data", data)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        nobody = service.client()
        token = service.setup_token()
        nobody.post("/v1/setup", {"token": token, "login": "admin", "name": "An Admin", "password": "correct horse battery"})
        _, admin = service.sign_in("admin", "correct horse battery")
        staff = service.client(client.add_key(kit, data, "analyst"))
        outside = service.client(client.add_key(kit, data, "analyst", "one"))
        closed(kit, data, nobody, admin)
        the_form(kit, nobody)
        receipt, path = received(kit, nobody, staff, outside)
        by_receipt(kit, nobody, staff, receipt, path)
        guessing(kit, nobody, data, receipt)
        bad_input(kit, nobody, staff)
        huge(kit, service)
        abuse(kit, nobody, staff)
        settings(kit, service, data, nobody, admin, staff)
        erasing(kit, data, staff, path)
    return kit.done()


sys.exit(main())
