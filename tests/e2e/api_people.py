#!/usr/bin/env python3
"""Set-up, signing in, one's own access, users, teams and keys by the API of a real `tutela serve`.

usage: api_people.py [PROGRAM]
"""
import base64
import hashlib
import hmac
import json
import pathlib
import re
import struct
import sys
import threading
import time
import urllib.parse

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests/support"))
import client  # noqa: E402

EXAMPLE = ROOT / "examples/infusion-pump"
SECRET = "correct horse battery"
OTHER = "a quite different sentence"
ONCE = "only for the first time"


def totp(uri, step):
    """The code of an authenticator that was given `uri`, `step` steps from now (RFC 6238)."""
    secret = base64.b32decode(urllib.parse.parse_qs(urllib.parse.urlsplit(uri).query)["secret"][0])
    digest = hmac.new(secret, struct.pack(">Q", int(time.time()) // 30 + step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


def set_up(kit, service, data):
    nobody = service.client()
    kit.check("the set-up is open", nobody.get("/v1/setup").json == {"open": True})
    person = {"login": "root", "name": "First Person", "password": SECRET}
    printed = service.setup_token()
    kit.check("a link that nobody printed", nobody.post("/v1/setup", {**person, "token": "0" * 64}).problem == "set-up")
    done = kit.run("admin", "token", "--data", data)
    kit.answers("a new link while it runs", done, 0, "/setup#")
    token = done.text.split("#")[1].strip()
    kit.check("ends the one before", nobody.post("/v1/setup", {**person, "token": printed}).problem == "set-up")
    kit.check("a short password is refused, and the link still counts",
              nobody.post("/v1/setup", {**person, "token": token, "password": "short"}).status == 422)
    answer = nobody.post("/v1/setup", {**person, "token": token})
    kit.check("the first administrator", answer.status == 201 and len(answer.json["id"]) == 32, answer.body)
    kit.check("the link is used up", nobody.post("/v1/setup", {**person, "login": "two", "token": token}).status == 403)
    kit.check("the set-up is closed", nobody.get("/v1/setup").json == {"open": False})
    kit.answers("no more links", kit.run("admin", "token", "--data", data), 3, "administrator")


def signing_in(kit, service):
    wrong, _ = service.sign_in("root", "not the password")
    unknown, _ = service.sign_in("nobody", "not the password")
    same = [{k: v for k, v in answer.json.items() if k != "request"} for answer in (wrong, unknown)]
    kit.check("wrong password and unknown login are the same answer",
              wrong.status == 401 and wrong.problem == "wrong-credentials" and same[0] == same[1], same)
    answer, root = service.sign_in("root", SECRET)
    cookie = answer.headers["Set-Cookie"]
    kit.check("the cookie over http", re.fullmatch(r"tutela=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Lax", cookie), cookie)
    me = root.get("/v1/me").json
    kit.check("who am I", me["login"] == "root" and me["role"] == "administrator" and me["by"] == "session" and me["everything"]
              and me["strength"] == "password" and me["csrf"] == answer.json["csrf"] and "admin" in me["classes"]
              and "approve" not in me["classes"] and not me["second_factor"] and me["teams"] == [], me)
    bare = service.client(Cookie=cookie.split(";")[0])
    kit.check("reading needs no token", bare.get("/v1/me").status == 200)
    kit.check("changing does", bare.post("/v1/teams", {"name": "x"}).problem == "csrf")
    kit.check("and the right one", service.client(**{"Cookie": cookie.split(";")[0], "X-CSRF-Token": "0" * 64}).post(
        "/v1/teams", {"name": "x"}).problem == "csrf")
    kit.check("another host", root.call("GET", "/v1/me", headers={"Host": f"[::1]:{service.port}"}).status == 401)
    kit.check("a forged cookie", service.client(Cookie="tutela=" + "0" * 64).get("/v1/me").problem == "unauthenticated")
    _, again = service.sign_in("root", SECRET)
    kit.check("two sessions", len(again.get("/v1/me/sessions").json["items"]) == 2)
    answer = again.delete("/v1/session")
    kit.check("sign out takes the cookie away", answer.status == 204 and "Max-Age=0" in answer.headers["Set-Cookie"])
    kit.check("and ends the session", again.get("/v1/me").status == 401 and root.get("/v1/me").status == 200)
    return root


def https(kit, service):
    """As a proxy that is trusted says it."""
    through = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.9"}
    answer = service.client(**through).post("/v1/session", {"login": "root", "password": SECRET})
    cookie = answer.headers["Set-Cookie"]
    kit.check("the cookie over https", re.fullmatch(
        r"__Host-tutela=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Lax; Secure", cookie), cookie)
    value = cookie.split(";")[0]
    kit.check("counts over https", service.client(Cookie=value, **through).get("/v1/me").status == 200)
    kit.check("and not as a cookie of http", service.client(Cookie=value).get("/v1/me").status == 401)


def until_it_waits(attempt, waits):
    """Five failures are free, then 1 s, 2 s, 4 s: a slow machine may let the first waits go by, so it fails until one is told to wait."""
    for _ in range(5):
        attempt()
    for _ in range(5):
        answer = attempt()
        if waits(answer):
            break
    return answer


def back_off(kit, service, root):
    answer = until_it_waits(lambda: service.sign_in("slow", "not the password")[0], lambda answer: answer.status == 429)
    kit.check("after five failures the next one waits", answer.status == 429 and answer.problem == "too-many"
              and int(answer.headers["Retry-After"]) >= 1, answer.body)
    user = next(row for row in root.pages("/v1/users") if row["login"] == "slow")
    answer, _ = service.sign_in("slow", SECRET)
    kit.check("with the right password, too", answer.status == 429)
    kit.check("an administrator unlocks it", root.post(f"/v1/users/{user['id']}/unlock").status == 204)
    answer, _ = service.sign_in("slow", SECRET)
    kit.check("it may sign in", answer.status == 200, answer.body)


def factor(kit, service, root):
    root.post("/v1/users", {"login": "ann", "name": "Ann Example", "role": "approver", "password": ONCE})
    ann = service.own_password("ann", ONCE, SECRET)
    uri = ann.post("/v1/me/factor").json["uri"]
    kit.check("what an authenticator is given", uri.startswith("otpauth://totp/Tutela") and "secret=" in uri)
    kit.check("a wrong first code", ann.post("/v1/me/factor/confirm", {"code": "000000"}).status == 422)
    codes = ann.post("/v1/me/factor/confirm", {"code": totp(uri, 0)}).json["codes"]
    kit.check("ten recovery codes", len(codes) == 10 and len(set(codes)) == 10)
    answer, _ = service.sign_in("ann", SECRET)
    kit.check("now a code is asked for", answer.status == 401 and answer.problem == "needs-code", answer.body)
    answer, _ = service.sign_in("ann", SECRET, "123456")
    kit.check("a wrong one", answer.problem == "wrong-credentials")
    code = totp(uri, 1)  # that of now was used
    answer, ann = service.sign_in("ann", SECRET, code)
    me = ann.get("/v1/me").json
    kit.check("two factors", me["strength"] == "two-factors" and me["second_factor"] and me["recovery_codes"] == 10, me)
    kit.check("a code counts once", service.sign_in("ann", SECRET, code)[0].problem == "wrong-credentials")
    kit.check("a recovery code", service.sign_in("ann", SECRET, codes[0])[0].status == 200)
    kit.check("counts once", service.sign_in("ann", SECRET, codes[0])[0].problem == "wrong-credentials")
    kit.check("proof without the code", ann.post("/v1/me/proof", {"password": SECRET}).problem == "needs-code")
    answer = ann.post("/v1/me/proof", {"password": SECRET, "code": codes[2]})
    kit.check("proof", answer.status == 200 and answer.json["until"], answer.body)
    fresh = ann.post("/v1/me/recovery-codes").json["codes"]
    kit.check("new recovery codes end the old ones", len(fresh) == 10
              and service.sign_in("ann", SECRET, codes[1])[0].status == 401 and service.sign_in("ann", SECRET, fresh[0])[0].status == 200)
    answer = ann.put("/v1/me/password", {"password": SECRET, "code": fresh[1], "new_password": "x"})
    kit.check("a bad new password names its member", answer.status == 422 and answer.json["pointer"] == "/new_password", answer.body)
    answer = ann.put("/v1/me/password", {"password": SECRET, "code": fresh[2], "new_password": OTHER})
    kit.check("another password ends the sessions", answer.status == 200 and ann.get("/v1/me").status == 401, answer.body)
    ann = service.session(answer)
    kit.check("but for the new one", ann.get("/v1/me").json["login"] == "ann" and len(ann.pages("/v1/me/sessions")) == 1)
    return ann, fresh


def approving(kit, data, codes):
    """`tutela approve` asks for the second factor, too, and counts failures."""
    def approve(*lines, decision="curl-socks"):
        return kit.run("approve", "larkspur-ip-200", decision, "--in", data, "--by", "ann", stdin="\n".join(lines).encode() + b"\n")

    kit.answers("approve: the password alone", approve(OTHER), 1, "second factor", "second line")
    kit.answers("approve: a wrong code", approve(OTHER, "123456"), 1, "are wrong")
    kit.answers("approve: a wrong password with a right code", approve("not the password", codes[4]), 1, "are wrong")
    kit.answers("approve: password and code", approve(OTHER, codes[4]), 0, "approved: applies to", "Ann Example")
    kit.answers("reject, with a file of two lines", kit.run(
        "reject", "larkspur-ip-200", "busybox-awk", "--in", data, "--by", "ann", "--reason", "no", "--password-file",
        private(kit, f"{OTHER}\n{codes[5]}\n")), 0, "rejected")
    until_it_waits(lambda: approve("not the password", decision="wpa-p2p"), lambda done: "too many attempts" in done.complaint)
    kit.answers("approve: too often", approve(OTHER, codes[6], decision="wpa-p2p"), 1, "too many attempts", "s from now")


def private(kit, text):
    path = kit.folder / "secrets"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def own(kit, service, ann, root):
    made = ann.post("/v1/me/keys", {"label": "build", "days": 30})
    kit.check("a key of one's own", made.status == 201 and made.json["secret"].startswith("tut_")
              and made.headers["Location"] == f"/v1/me/keys/{made.json['id']}", made.body)
    me = service.client(made.json["secret"]).get("/v1/me").json
    kit.check("who a key is", me["by"] == "key" and me["login"] == "ann" and me["key"] == made.json["id"] and "csrf" not in me
              and "approve" not in me["classes"], me)
    rows = ann.pages("/v1/me/keys")
    kit.check("is listed without its secret", [row["label"] for row in rows] == ["build"] and rows[0]["rights"] == ["read", "push"]
              and "tut_" not in json.dumps(rows), rows)
    kit.check("a right that is none", ann.post("/v1/me/keys", {"label": "x", "days": 1, "rights": ["sign"]}).status == 422)
    others = root.post("/v1/keys", {"label": "all", "rights": ["read"], "everything": True, "days": 10}).json
    kit.check("somebody else's key is none", ann.delete(f"/v1/me/keys/{others['id']}").status == 404
              and service.client(others["secret"]).get("/v1/me").status == 200)
    kit.check("revoked", ann.delete(f"/v1/me/keys/{made.json['id']}").status == 204
              and service.client(made.json["secret"]).get("/v1/me").status == 401)
    other = root.pages("/v1/me/sessions")[0]["id"]
    kit.check("somebody else's session is none", ann.delete(f"/v1/me/sessions/{other}").status == 404)
    kit.check("a session that there is not is the same",
              ann.delete(f"/v1/me/sessions/{'0' * 32}").json["detail"] == ann.delete(f"/v1/me/sessions/{other}").json["detail"])


def users(kit, service, root):
    answer = root.post("/v1/users", {"login": "ben", "role": "viewer", "password": SECRET, "mail": "ben@example.org"})
    ben = answer.json
    kit.check("a user", answer.status == 201 and answer.headers["Location"] == f"/v1/users/{ben['id']}" and ben["name"] == "ben"
              and ben["state"] == "active" and SECRET not in answer.text, answer.body)
    kit.check("a login is one person's", root.post("/v1/users", {"login": "ben", "role": "viewer"}).problem == "conflict")
    for what, body in (("capitals", {"login": "BEN", "role": "viewer"}), ("a role", {"login": "x", "role": "king"}),
                       ("a password", {"login": "x", "role": "viewer", "password": "short"}), ("nothing", {})):
        kit.check(f"refused: {what}", root.post("/v1/users", body).status == 422)
    where = f"/v1/users/{ben['id']}"
    got = root.get(where)
    kit.check("one", got.json == ben and got.headers["ETag"] == '"v1"', got.body)
    kit.check("not changed since", root.get(where, headers={"If-None-Match": '"v1"'}).status == 304)
    kit.check("nobody", root.get(f"/v1/users/{'0' * 32}").status == 404)
    kit.check("without If-Match", root.patch(where, {"role": "analyst"}).status == 428)
    answer = root.patch(where, {"role": "analyst", "reason": "trained"}, {"If-Match": '"v1"'})
    kit.check("another role", answer.status == 200 and answer.json["role"] == "analyst", answer.body)
    kit.check("an ETag of yesterday", root.patch(where, {"role": "viewer"}, {"If-Match": '"v1"'}).problem == "stale")
    statuses = []
    rounds = [threading.Thread(target=lambda role=role: statuses.append(
        root.patch(where, {"role": role}, {"If-Match": answer.headers["ETag"]}).status)) for role in ("viewer", "auditor")]
    for each in rounds:
        each.start()
    for each in rounds:
        each.join()
    kit.check("two at once: one of them", sorted(statuses) == [200, 412], statuses)
    first = next(row for row in root.pages("/v1/users") if row["login"] == "root")
    kit.check("the last administrator stays one", root.patch(
        f"/v1/users/{first['id']}", {"role": "viewer"}, {"If-Match": "*"}).problem == "conflict"
        and root.post(f"/v1/users/{first['id']}/disable").problem == "conflict"
        and root.post("/v1/erasures", {"person": "root"}).problem == "conflict")
    session = service.own_password("ben", SECRET, OTHER)
    rows = root.pages(where + "/sessions")
    kit.check("sessions of others", len(rows) == 1 and not rows[0]["current"], rows)
    kit.check("are ended one by one", root.delete(f"{where}/sessions/{rows[0]['id']}").status == 204
              and session.get("/v1/me").status == 401)
    _, session = service.sign_in("ben", OTHER)
    kit.check("or all", root.delete(where + "/sessions").status == 204 and session.get("/v1/me").status == 401)
    _, session = service.sign_in("ben", OTHER)
    kit.check("a new password", root.put(where + "/password", {"password": SECRET}).status == 204
              and session.get("/v1/me").status == 401 and service.sign_in("ben", SECRET)[0].status == 200)
    kit.check("all that is kept of a person", "ben@example.org" in root.get(where + "/data").text)
    answer = root.post(where + "/disable", {"reason": "left"}, {"Idempotency-Key": "k1"})
    kit.check("disabled", answer.json["state"] == "removed" and service.sign_in("ben", SECRET)[0].status == 401, answer.body)
    kit.check("the same again", root.post(where + "/disable", {"reason": "left"}, {"Idempotency-Key": "k1"}).json == answer.json)
    answer = root.post("/v1/erasures", {"person": ben["id"], "reason": "asked for"})
    kit.check("erased", answer.json["already"] is False and answer.json["values"] >= 2, answer.body)
    kit.check("twice changes nothing", root.post("/v1/erasures", {"person": ben["id"]}).json["already"] is True)
    got = root.get(where).json
    kit.check("and is gone", got["name"] is None and got["mail"] is None and got["state"] == "erased", got)
    table = root.call("GET", "/v1/users", headers={"Accept": "text/csv"})
    kit.check("as a table", table.text.startswith("id,login,name,mail,role"), table.text[:100])


def reset(kit, service, root):
    ann = next(row for row in root.pages("/v1/users") if row["login"] == "ann")
    answer = root.post(f"/v1/users/{ann['id']}/reset-factor", {"reason": "lost phone"})
    kit.check("a lost factor is taken away, with the password", answer.json["second_factor"] is False
              and answer.json["password"] is False, answer.body)
    root.post(f"/v1/users/{ann['id']}/unlock")  # it failed too often before, and might still have to wait
    old = service.sign_in("ann", OTHER)[0]
    kit.check("nobody signs in with the old ones", old.status == 401, (old.status, old.body))
    root.put(f"/v1/users/{ann['id']}/password", {"password": SECRET})
    root.post(f"/v1/users/{ann['id']}/unlock")
    answer, _ = service.sign_in("ann", SECRET)
    kit.check("and with a new password they do", answer.status == 200, answer.body)
    first = root.get("/v1/me").json["id"]
    kit.check("and hear who took the factor and set the password",
              [(row["what"], row["by"]) for row in answer.json["credential_resets"]] == [("factor", first), ("password", first)], answer.body)


def once(kit, service, root, data):
    """With a password that somebody else set one chooses one's own, and does nothing else."""
    user = root.post("/v1/users", {"login": "eve", "name": "Eve Example", "role": "approver", "password": ONCE}).json
    root_id = root.get("/v1/me").json["id"]
    answer, eve = service.sign_in("eve", ONCE)
    kit.check("the answer says it", answer.json["one_time_password"] is True
              and [(row["what"], row["by"]) for row in answer.json["credential_resets"]] == [("password", root_id)], answer.body)
    me = eve.get("/v1/me").json
    kit.check("and so does the account", me["one_time_password"] is True and me["classes"] == ["public", "self"], me)
    for method, path, body in (("GET", "/v1/devices", None), ("GET", "/v1/findings", None), ("POST", "/v1/me/keys", {"label": "x"}),
                               ("POST", "/v1/me/factor", None), ("POST", "/v1/me/proof", {"password": ONCE}), ("GET", "/v1/me/sessions", None),
                               ("GET", "/v1/events", None), ("GET", "/auth/again", None)):
        answer = eve.call(method, path, body)
        kit.check(f"nothing else: {method} {path}", answer.status == 403 and answer.problem == "needs-password", answer.body)
    kit.answers("nothing is signed with it", kit.run("approve", "larkspur-ip-200", "wpa-p2p", "--in", data, "--by", "eve",
                                                     stdin=ONCE.encode() + b"\n"), 1, "one-time password")
    answer = eve.put("/v1/me/password", {"password": ONCE, "new_password": ONCE})
    kit.check("it does not become one's own", answer.status == 422 and answer.json["pointer"] == "/new_password", answer.body)
    answer = eve.put("/v1/me/password", {"password": ONCE, "new_password": OTHER})
    own = service.session(answer)
    kit.check("but another one does", answer.status == 200 and answer.json["one_time_password"] is False
              and own.get("/v1/devices").status == 200 and eve.get("/v1/me").status == 401, answer.body)
    kit.check("the old one is over", service.sign_in("eve", ONCE)[0].status == 401)
    rows = [row for row in root.pages("/v1/ledger", subject=f"person:{user['id']}") if row["action"] in ("person.add", "person.password")]
    kit.check("the ledger says who set which", [(row["actor"], row["body"]["after"].get("one_time")) for row in rows] == [
        (user["id"], False), (root_id, True)] or [(row["actor"], row["body"]["after"].get("one_time")) for row in rows] == [
        (root_id, True), (user["id"], False)], rows)
    kit.answers("a signature of the week after it", kit.run("approve", "larkspur-ip-200", "wpa-p2p", "--in", data, "--by", "eve",
                                                            stdin=OTHER.encode() + b"\n"), 0)
    row = next(row for row in root.pages("/v1/ledger") if row["action"] == "signature.add" and row["actor"] == user["id"])
    resets = row["body"]["after"]["credential_resets"]
    kit.check("its record says who could have signed", [(each["what"], each["by"]) for each in resets] == [("password", root_id)], row)
    listed = root.pages("/v1/signatures", subject=row["body"]["after"]["subject"])
    kit.check("and the signature", [each["credential_resets"] for each in listed if each["person"] == user["id"]] == [resets], listed)


def by_command(kit, service, root, data):
    """What the API does for accounts, by `tutela admin` while the service runs; a second time when it does not."""
    def user(*arguments):
        return kit.run("admin", "user", *arguments, "--data", data)

    for _ in range(6):
        answer, _ = service.sign_in("slow", "not the password")
    kit.check("an account that waits", answer.status == 429)
    kit.answers("unlock", user("unlock", "slow"), 0)
    kit.check("does not wait", service.sign_in("slow", SECRET)[0].status == 200)
    kit.answers("unlock: nobody", user("unlock", "none"), 3, 'nobody has the id or login "none"')
    eve = next(row for row in root.pages("/v1/users") if row["login"] == "eve")
    _, session = service.sign_in("eve", OTHER)
    session.post("/v1/me/factor/confirm", {"code": totp(session.post("/v1/me/factor").json["uri"], 0)})
    kit.check("a second factor", service.sign_in("eve", OTHER)[0].problem == "needs-code")
    kit.answers("reset-factor", user("reset-factor", "eve", "--reason", "lost phone"), 0)
    row = root.get(f"/v1/users/{eve['id']}").json
    kit.check("takes it away, with the password and the sessions", not row["second_factor"] and not row["password"]
              and session.get("/v1/me").status == 401, row)
    kit.answers("reset-factor: there is none", user("reset-factor", "eve"), 3, 'has no second factor')
    account = ["--issuer", "https://sso.example.org", "--subject", "subject-of-eve"]
    kit.answers("link: of which provider", user("link", "eve", "--subject", "x"), 2, "issuer")
    kit.answers("link", user("link", "eve", *account), 0)
    kit.answers("link: somebody's already", user("link", "root", *account), 3, "somebody's already")
    kit.check("is what is kept of them", "subject-of-eve" in root.get(f"/v1/users/{eve['id']}/data").text)
    kit.answers("unlink: another account", user("unlink", "eve", "--subject", "other"), 3, "no such account")
    kit.answers("unlink", user("unlink", "eve"), 0)
    kit.check("is gone", "subject-of-eve" not in root.get(f"/v1/users/{eve['id']}/data").text)
    where = f"/v1/users/{eve['id']}/accounts"
    kit.check("as over the API", root.delete(where).problem == "not-found" and root.post(
        where, {"issuer": "https://sso.example.org", "subject": "subject-of-eve"}).status == 204 and root.delete(where).status == 204)
    rows = root.pages("/v1/ledger", subject=f"person:{eve['id']}")
    kit.check("each is recorded, as what the machine's administrator did", {(row["action"], row["actor"]) for row in rows} >= {
        ("factor.remove", "program:admin"), ("account.link", "program:admin"), ("account.unlink", "program:admin")}, rows)
    before = root.get("/v1/settings/single-sign-on").json["version"]
    secret = "secret of the client 4711"
    kit.answers("sso-secret: none", kit.run("admin", "sso-secret", "--data", data, stdin=b"\n"), 2, "empty")
    kit.answers("sso-secret", kit.run("admin", "sso-secret", "--data", data, stdin=secret.encode() + b"\n"), 0)
    kit.check("is taken from now on, and a setting that was read is stale",
              root.get("/v1/settings/single-sign-on").json["version"] == before + 1)
    kit.check("and is in no record", secret not in root.get("/v1/ledger", action="oidc.configure").text)
    return secret


def teams(kit, service, root):
    answer = root.post("/v1/teams", {"name": "Pumps"}, {"Idempotency-Key": "t1"})
    team = answer.json
    kit.check("a team", answer.status == 201 and team["users"] == [] and team["devices"] == [] and team["version"] == 1, answer.body)
    kit.check("done once", root.post("/v1/teams", {"name": "Pumps"}, {"Idempotency-Key": "t1"}).json["id"] == team["id"])
    kit.check("a name is one team's", root.post("/v1/teams", {"name": "Pumps"}).problem == "conflict")
    where = f"/v1/teams/{team['id']}"
    device = root.pages("/v1/devices")[0]["name"]
    cid = root.post("/v1/users", {"login": "cid", "role": "viewer", "password": ONCE}).json
    session = service.own_password("cid", ONCE, SECRET)
    before = session.get(f"/v1/devices/{device}")
    kit.check("in no team nothing is seen", before.status == 404 and session.pages("/v1/devices") == [])
    kit.check("joining", root.put(f"{where}/users/{cid['id']}").status == 204 and root.put(f"{where}/devices/{device}").status == 204)
    kit.check("is seen from the next request on", session.get(f"/v1/devices/{device}").status == 200
              and session.get("/v1/me").json["teams"] == ["Pumps"])
    got = root.get(where).json
    kit.check("and in the team", got["users"] == [{"id": cid["id"], "login": "cid"}] and got["devices"] == [device], got)
    kit.check("joining again", root.put(f"{where}/devices/{device}").status == 204)
    kit.check("nothing of that name", root.put(f"{where}/devices/none").status == 404 and root.put(f"{where}/users/none").status == 404)
    answer = root.patch(where, {"name": "Infusion"}, {"If-Match": '"v1"'})
    kit.check("another name", answer.json["name"] == "Infusion" and answer.headers["ETag"] == '"v2"', answer.body)
    kit.check("an ETag of yesterday", root.patch(where, {"name": "Other"}, {"If-Match": '"v1"'}).problem == "stale")
    kit.check("a bad name", root.patch(where, {"name": " x "}, {"If-Match": '"v2"'}).json["pointer"] == "/name")
    key = root.post("/v1/keys", {"label": "ci", "rights": ["read"], "team": "Infusion", "days": 3})
    machine = service.client(key.json["secret"])
    kit.check("a machine of the team", machine.get(f"/v1/devices/{device}").status == 200)
    kit.check("leaving", root.delete(f"{where}/devices/{device}").status == 204 and root.delete(f"{where}/users/{cid['id']}").status == 204)
    kit.check("and gone", session.get(f"/v1/devices/{device}").status == 404 and machine.get(f"/v1/devices/{device}").status == 404)
    kit.check("a key of two owners", root.post(
        "/v1/keys", {"label": "x", "rights": ["read"], "team": "Infusion", "everything": True, "days": 3}).status == 422)
    kit.check("of nobody", root.post("/v1/keys", {"label": "x", "rights": ["read"], "user": "nobody", "days": 3}).status == 422)
    kit.check("revoked", root.delete(f"/v1/keys/{key.json['id']}").status == 204 and machine.get("/v1/me").status == 401)
    kit.check("is listed so", next(row for row in root.pages("/v1/keys") if row["id"] == key.json["id"])["revoked"])
    kit.check("an unknown one", root.delete(f"/v1/keys/{'0' * 32}").status == 404)


def office(kit, service):
    """Many sign in from one address at about the same time; who asks without end is told how long to wait."""
    through = service.client(**{"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"})
    answers = [through.post("/v1/session", {"login": "root", "password": SECRET}) for _ in range(16)]
    kit.check("sixteen sign in from one address", [answer.status for answer in answers] == [200] * 16, [a.status for a in answers])
    for _ in range(200):
        answer = through.post("/v1/session", {})
        if answer.status == 429:
            break
    kit.check("and there is an end to it", answer.status == 429 and int(answer.headers["Retry-After"]) >= 1, answer)
    away = service.client(**{"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.8"})
    kit.check("for that address", away.post("/v1/session", {"login": "root", "password": SECRET}).status == 200)


def secrets(kit, service, data, words):
    """Nothing that is secret is in the log or in the store as it was given."""
    log = service.log.read_text(encoding="utf-8")
    store = b"".join(file.read_bytes() for file in pathlib.Path(data).glob("tutela.db*"))
    for word in (SECRET, OTHER, *words):
        kit.check("not in the log or the store", word not in log and word.encode() not in store, word)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", EXAMPLE, "--to", data), 0)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        set_up(kit, service, data)
        root = signing_in(kit, service)
        https(kit, service)
        root.post("/v1/users", {"login": "slow", "role": "viewer", "password": SECRET})
        back_off(kit, service, root)
        ann, codes = factor(kit, service, root)
        own(kit, service, ann, root)
        approving(kit, data, codes)
        users(kit, service, root)
        reset(kit, service, root)
        once(kit, service, root, data)
        secret = by_command(kit, service, root, data)
        teams(kit, service, root)
        office(kit, service)
        secrets(kit, service, data, [*codes, secret])
    kit.answers("unlink without the service", kit.run("admin", "user", "unlink", "root", "--data", data), 3, "no such account")
    kit.answers("unlock without it", kit.run("admin", "user", "unlock", "root", "--data", data), 0)
    kit.answers("the ledger is whole", kit.run("ledger", "verify", data), 0)
    return kit.done()


sys.exit(main())
