#!/usr/bin/env python3
"""Single sign-on through a real `tutela serve`: settings, the browser's way to a provider of our own and back, proof at the provider.

usage: api_sso.py [PROGRAM]

What can be wrong with a token is oidc.py's; here it is what the service makes of it.
"""
import importlib.util
import json
import pathlib
import re
import sys
import urllib.parse

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests/support"))
import client  # noqa: E402

SPEC = importlib.util.spec_from_file_location("oidc", ROOT / "tests/e2e/oidc.py")
peer = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(peer)

SECRET = "correct horse battery"
WAY = "/v1/settings/single-sign-on"


class Browser:
    """Keeps cookies, and follows nothing by itself."""

    def __init__(self, service):
        self.service, self.cookies, self.csrf = service, {}, None

    def ask(self, method, path, **more):
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        who = self.service.client(**({"Cookie": cookies} if cookies else {}), **({"X-CSRF-Token": self.csrf} if self.csrf else {}))
        answer = who.call(method, path, **more)
        for name, value in answer.cookies:
            self.cookies.pop(name, None)
            if value:
                self.cookies[name] = value
        return answer

    def get(self, path, **more):
        return self.ask("GET", path, **more)


def way_back(provider, location, **change):
    """The path with which the browser comes back from the provider."""
    code, asked = provider.authorize(location)
    query = {"code": code, "state": asked["state"], "session_state": "what a provider adds", **change}
    return "/auth/callback?" + urllib.parse.urlencode({key: value for key, value in query.items() if value is not None}), asked


def configure(kit, root, provider, service):
    kit.check("nothing is configured", root.get(WAY).json["enabled"] is False and root.get(WAY).headers["ETag"] == '"v1"')
    kit.check("no way there", service.client().get("/auth/start").status == 404)
    kit.check("and none is offered", service.client().get("/v1/sign-in").json == {"password": True, "single_sign_on": False})
    body = {"issuer": provider.issuer, "client_id": peer.CLIENT, "client_secret": peer.SECRET, "groups_claim": "groups",
            "roles": [{"group": "quality", "role": "auditor"}, {"group": "staff", "role": "approver"}]}
    for what, wrong, pointer in (("plain http", {"issuer": "http://sso.example.org"}, "/issuer"), ("no openid", {"scopes": "profile"}, "/scopes"),
                                 ("roles without a claim", {"groups_claim": ""}, "/roles")):
        answer = root.put(WAY, {**body, **wrong}, {"If-Match": '"v1"'})
        kit.check(f"refused: {what}", answer.status == 422 and answer.json["pointer"] == pointer, answer.body)
    kit.check("without If-Match", root.put(WAY, body).status == 428)
    answer = root.put(WAY, body, {"If-Match": '"v1"'})
    kit.check("configured", answer.status == 200 and answer.json["enabled"] and answer.json["client_secret"] is True
              and answer.json["redirect_uri"] == f"http://127.0.0.1:{service.port}/auth/callback"
              and peer.SECRET not in answer.text and answer.headers["ETag"] == '"v2"', answer.body)
    kit.check("an ETag of yesterday", root.put(WAY, body, {"If-Match": '"v1"'}).problem == "stale")
    answer = root.post(WAY + "/check")
    kit.check("the check", answer.json["works"] is True, answer.body)
    settings = root.get("/v1/settings").json
    kit.check("the settings say so", settings["single_sign_on"] and settings["session_idle_seconds"] == 3600
              and settings["checkpoint_seconds"] == 86400, settings)
    kit.check("and the ways", service.client().get("/v1/sign-in").json["single_sign_on"] is True)


def signing_in(kit, service, provider):
    browser = Browser(service)
    there = browser.get("/auth/start", **{"return": "/devices?sort=name"})
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(there.headers["Location"]).query))
    kit.check("to the provider", there.status == 303 and there.headers["Location"].startswith(provider.issuer + "/authorize?")
              and asked["code_challenge_method"] == "S256" and "max_age" not in asked, there.headers)
    back, _ = way_back(provider, there.headers["Location"])
    answer = browser.get(back)
    kit.check("and back, to where the browser wanted", answer.status == 303 and answer.headers["Location"] == "/devices?sort=name", answer.headers)
    kit.check("with a session and without the flow's cookie", set(browser.cookies) == {"tutela"}, browser.cookies)
    me = browser.get("/v1/me").json
    kit.check("made with the role of the group", me["role"] == "approver" and me["strength"] == "provider" and me["password"] is False
              and me["name"] == "Alice Example" and me["proven"] is None, me)
    kit.check("the way back counts once", browser.get(back).problem == "sso-flow")
    browser.csrf = me["csrf"]
    kit.check("no password proves a session of a provider", browser.ask("POST", "/v1/me/proof", body={"password": SECRET}).problem == "needs-provider")
    return browser


def proving(kit, browser, provider):
    there = browser.get("/auth/again", **{"return": "/findings"})
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(there.headers["Location"]).query))
    kit.check("the provider asks again", asked["max_age"] == "0" and asked["prompt"] == "login", asked)
    provider.faults = {"claims": {"auth_time": None}}
    back, _ = way_back(provider, there.headers["Location"])
    kit.check("who does not say when cannot sign", browser.get(back).problem == "sso-time")
    there = browser.get("/auth/again")
    provider.faults = {"claims": {"sub": "bob"}}
    back, _ = way_back(provider, there.headers["Location"])
    kit.check("another account", browser.get(back).problem == "sso-account")
    provider.faults = {}
    there = browser.get("/auth/again", **{"return": "/findings"})
    back, _ = way_back(provider, there.headers["Location"])
    answer = browser.get(back)
    kit.check("proven", answer.status == 303 and answer.headers["Location"] == "/findings" and browser.get("/v1/me").json["proven"], answer.body)


def refused(kit, service, provider):
    def once(browser=None, change=None, faults=None, headers=()):
        browser = browser or Browser(service)
        there = browser.get("/auth/start")
        provider.faults = faults or {}
        back, _ = way_back(provider, there.headers["Location"], **(change or {}))
        answer = browser.get(back, headers=headers)
        provider.faults = {}
        return browser, answer

    kit.check("another state", once(change={"state": "0" * 64})[1].problem == "sso-flow")
    kit.check("another issuer", once(change={"iss": "https://evil.example"})[1].status == 502)
    kit.check("the provider says no", once(change={"code": None, "error": "access_denied"})[1].problem == "sso-refused")
    browser, answer = once(faults={"token": {"alg": "none"}})
    kit.check("a token without a signature", answer.status == 502 and answer.problem == "sso-token" and "tutela" not in browser.cookies, answer.body)
    kit.check("nobody here", once(faults={"claims": {"sub": "eve", "groups": []}})[1].problem == "sso-person")
    kit.check("a provider that fails", once(faults={"answer": "error"})[1].problem == "sso-provider")
    _, answer = once(change={"state": "0" * 64}, headers={"Accept": "text/html,*/*"})
    kit.check("a person is led to the page", answer.status == 303 and answer.headers["Location"] == "/signin#sso-flow", answer.headers)
    there = Browser(service).get("/auth/start")
    back, _ = way_back(provider, there.headers["Location"])
    kit.check("another browser", Browser(service).get(back).problem == "sso-flow")
    kit.check("the state counts once, whoever came", Browser(service).get(back).problem == "sso-flow")
    for path in ("https://evil.example/", "//evil.example", "/\\evil.example", "devices", "/a b", "/a;b", "/a\r\nSet-Cookie: x=y"):
        kit.check(f"a way back that leads elsewhere: {path!r}", service.client().get("/auth/start", **{"return": path}).status == 422)
    browser = Browser(service)
    there = browser.get("/auth/start")
    browser.cookies["tutela-sso"] = browser.cookies["tutela-sso"][:64] + "//evil.example"
    back, _ = way_back(provider, there.headers["Location"])
    kit.check("a forged cookie leads nowhere else", browser.get(back).headers["Location"] == "/")


def linking(kit, service, provider, root):
    ben = root.post("/v1/users", {"login": "ben", "name": "Ben Example", "role": "viewer"}).json
    where = f"/v1/users/{ben['id']}/accounts"
    kit.check("linked", root.post(where, {"subject": "eve"}).status == 204)
    kit.check("an account is one person's", root.post(where, {"subject": "alice"}).problem == "conflict")
    browser = Browser(service)
    there = browser.get("/auth/start")
    provider.faults = {"claims": {"sub": "eve", "groups": []}}
    back, _ = way_back(provider, there.headers["Location"])
    browser.get(back)
    provider.faults = {}
    kit.check("signs in as that person", browser.get("/v1/me").json["login"] == "ben")


def off(kit, service, root, browser):
    kit.check("switched off", root.delete(WAY, {"If-Match": "*"}).status == 204 and root.get(WAY).json["enabled"] is False)
    kit.check("no way there any more", service.client().get("/auth/start").status == 404)
    kit.check("sessions go on", browser.get("/v1/me").status == 200)
    rows = root.pages("/v1/ledger", action="oidc.configure")
    kit.check("is in the ledger, without the secret", len(rows) == 2 and peer.SECRET not in json.dumps(rows) and peer.CLIENT in json.dumps(rows), rows)


def main():
    kit = Kit()
    if client.WHY_NOT:
        print(f"1..0 # SKIP {client.WHY_NOT}")
        return 0
    data = pathlib.Path(kit.path("data"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("an administrator", kit.run("admin", "user", "add", "root", "--own-password", "--name", "Root Example", "--role", "administrator", "--data", data,
                                            stdin=SECRET.encode() + b"\n"), 0)
    provider = peer.Provider(kit.folder)
    with client.Service(kit, data, "--trusted-proxy", "127.0.0.1") as service:
        peer.BACK = f"http://127.0.0.1:{service.port}/auth/callback"
        _, root = service.sign_in("root", SECRET)
        configure(kit, root, provider, service)
        browser = signing_in(kit, service, provider)
        proving(kit, browser, provider)
        refused(kit, service, provider)
        linking(kit, service, provider, root)
        off(kit, service, root, browser)
        log = service.log.read_text(encoding="utf-8")
        kit.check("no code, state or token in the log", not re.search(r"code=|state=|eyJ", log) and peer.SECRET not in log)
    return kit.done()


sys.exit(main())
