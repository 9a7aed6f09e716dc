#!/usr/bin/env python3
"""Single sign-on against a provider of our own that does everything wrong that can be done, one thing at a time.

usage: oidc.py        (TUTELA_BUILD: the build folder)

The provider speaks plain http on the loopback interface. Tokens are signed with openssl's command. Prints TAP.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True
from tap import Tap  # noqa: E402

BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")).resolve()
CLIENT, SECRET, BACK = "tutela", "s3cret & more", "https://tutela.example/v1/sign-in/back"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, stdin=b""):
    return subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=True).stdout


class Key:
    """A key pair in a file; `jwk` is the public half."""

    def __init__(self, folder, kid, kind="RSA", bits=2048):
        self.kid, self.kind, self.path = kid, kind, str(folder / f"{kid}.pem")
        if kind == "RSA":
            openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}", "-out", self.path)
            modulus = bytes.fromhex(openssl("rsa", "-in", self.path, "-noout", "-modulus").decode().split("=")[1])
            self.jwk = {"kty": "RSA", "kid": kid, "use": "sig", "n": b64(modulus), "e": "AQAB"}
        else:
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.path)
            point = openssl("ec", "-in", self.path, "-pubout", "-outform", "DER")[-64:]
            self.jwk = {"kty": "EC", "kid": kid, "crv": "P-256", "x": b64(point[:32]), "y": b64(point[32:])}

    def sign(self, alg, text):
        if alg == "PS256":
            return openssl("dgst", "-sha256", "-sign", self.path, "-sigopt", "rsa_padding_mode:pss", "-sigopt",
                           "rsa_pss_saltlen:32", stdin=text)
        made = openssl("dgst", "-sha256", "-sign", self.path, stdin=text)
        if self.kind == "RSA":
            return made
        parts, at = b"", 2  # SEQUENCE of two INTEGER
        for _ in range(2):
            length = made[at + 1]
            parts += made[at + 2:at + 2 + length].lstrip(b"\0").rjust(32, b"\0")
            at += 2 + length
        return parts


def token(key, claims, alg="RS256", header=None, mac=None):
    head = {"alg": alg, "kid": key.kid, **(header or {})}
    text = f"{b64(json.dumps({k: v for k, v in head.items() if v is not None}).encode())}." \
           f"{b64(json.dumps(claims).encode())}".encode()
    if alg == "none":
        return text.decode() + "."
    if alg.startswith("HS"):
        return f"{text.decode()}.{b64(hmac.new(mac, text, hashlib.sha256).digest())}"
    return f"{text.decode()}.{b64(key.sign(alg, text))}"


class Provider(http.server.ThreadingHTTPServer):
    """What a test changes is in `faults`; codes count once."""

    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.keys = {name: Key(folder, name, kind, bits) for name, kind, bits in
                     (("first", "RSA", 2048), ("second", "RSA", 2048), ("curve", "EC", 0), ("weak", "RSA", 1024))}
        self.published = ["first", "curve", "weak"]
        self.faults, self.codes, self.key_reads, self.token_reads = {}, {}, 0, 0
        self.hang = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass

    def document(self):
        return {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
                "code_challenge_methods_supported": ["S256"], "claims_supported": ["sub", "auth_time"],
                "id_token_signing_alg_values_supported": ["RS256", "PS256", "ES256"],
                **self.faults.get("document", {})}

    def authorize(self, url):
        """The person says yes: a code for what was asked."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        code = secrets.token_hex(16)
        self.codes[code] = asked
        return code, asked

    def redeem(self, form, authorization):
        asked = self.codes.pop(form.get("code"), None)
        right = "Basic " + base64.b64encode(f"{CLIENT}:{urllib.parse.quote(SECRET, safe='')}".encode()).decode()
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not asked or authorization != right or challenge != asked["code_challenge"] or \
                form.get("redirect_uri") != BACK or form.get("grant_type") != "authorization_code":
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "alice", "exp": now + 300, "iat": now,
                  "nonce": asked["nonce"], "auth_time": now, "groups": ["staff"], "preferred_username": "Alice",
                  "name": "Alice Example", **self.faults.get("claims", {})}
        claims = {name: value for name, value in claims.items() if value is not None}
        how = {"key": self.keys[self.faults.get("key", "first")], "claims": claims, **self.faults.get("token", {})}
        made = token(**how)
        return {"access_token": "abc", "token_type": "Bearer", "id_token": self.faults.get("mangle", str)(made)}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, value, status=200, headers=()):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def misbehave(self, where):
        how = self.server.faults.get(where)
        if how == "hang":
            self.server.hang.wait(60)
        elif how == "huge":
            self.answer(b" " * (3 << 20))
        elif how == "redirect":
            self.answer(b"", 302, [("Location", f"{self.server.issuer}/elsewhere")])
        elif how == "error":
            self.answer({"error": "server_error"}, 500)
        elif how == "no JSON":
            self.answer(b"<html>")
        elif how == "twice":
            self.answer(b'{"id_token":"a.b.c","id_token":"d.e.f"}')
        else:
            return False
        return True

    def do_GET(self):
        server = self.server
        if self.path == "/.well-known/openid-configuration" and not self.misbehave("discovery"):
            self.answer(server.document())
        elif self.path == "/keys" and not self.misbehave("keys"):
            server.key_reads += 1
            self.answer({"keys": [server.keys[name].jwk for name in server.published]})
        elif self.path == "/elsewhere":
            self.answer(server.document())

    def do_POST(self):
        server = self.server
        server.token_reads += 1
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.misbehave("answer"):
            return
        made = server.redeem(dict(urllib.parse.parse_qsl(body)), self.headers.get("Authorization"))
        self.answer(made or {"error": "invalid_grant"}, 200 if made else 400)


class Client:
    """Our side: tests/drivers/oidc_driver.c."""

    def __init__(self, folder, issuer):
        self.process = subprocess.Popen(
            [BUILD / "tests/drivers/oidc_driver", folder / f"{secrets.token_hex(4)}.db", issuer, CLIENT, BACK, SECRET],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.line()

    def line(self):
        return self.process.stdout.readline().strip()

    def say(self, *words):
        self.process.stdin.write(" ".join(word or "-" for word in words) + "\n")
        self.process.stdin.flush()
        return self.line()

    def check(self):
        lines = [self.say("check")]
        while not lines[-1].startswith("works"):
            lines.append(self.line())
        return lines

    def end(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()
        return self.process.returncode


def sign_in(client, provider, session="", change=None):
    """The whole way; `change` alters what the browser brings back."""
    said = client.say("again" if session else "start", session)
    if not said.startswith("url "):
        return said
    _, url, browser = said.split()
    code, asked = provider.authorize(url)
    back = {"browser": browser, "code": code, "state": asked["state"], "iss": "", "error": "", "session": session,
            **(change(asked) if change else {})}
    return client.say("finish", *back.values())


def public_pem(provider):
    return openssl("pkey", "-in", provider.keys["first"].path, "-pubout")


def forge(made):
    """The claims of another with the signature of this one."""
    head, body, signature = made.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["sub"] = "root"
    return f"{head}.{b64(json.dumps(claims).encode())}.{signature}"


def tokens(now, provider):
    """What is wrong with a token, and the beginning of what is said."""
    other = provider.keys["second"]
    return (
        ("wrong issuer", {"claims": {"iss": provider.issuer + "/"}}, 'refused oidc-token', '"iss"'),
        ("no issuer", {"claims": {"iss": None}}, "refused oidc-token", '"iss"'),
        ("wrong audience", {"claims": {"aud": "other"}}, "refused oidc-token", '"aud"'),
        ("two audiences", {"claims": {"aud": [CLIENT, "other"]}}, "refused oidc-token", '"aud"'),
        ("no audience", {"claims": {"aud": []}}, "refused oidc-token", '"aud"'),
        ("wrong party", {"claims": {"azp": "other"}}, "refused oidc-token", '"azp"'),
        ("wrong nonce", {"claims": {"nonce": "0" * 64}}, "refused oidc-token", '"nonce"'),
        ("no nonce", {"claims": {"nonce": None}}, "refused oidc-token", '"nonce"'),
        ("expired", {"claims": {"exp": now - 120}}, "refused oidc-token", '"exp"'),
        ("without an end", {"claims": {"exp": None}}, "refused oidc-token", '"exp"'),
        ("an end in words", {"claims": {"exp": "tomorrow"}}, "refused oidc-token", '"exp"'),
        ("not valid yet", {"claims": {"nbf": now + 600}}, "refused oidc-token", '"nbf"'),
        ("issued long ago", {"claims": {"iat": now - 3600}}, "refused oidc-token", '"iat"'),
        ("issued tomorrow", {"claims": {"iat": now + 86400}}, "refused oidc-token", '"iat"'),
        ("no subject", {"claims": {"sub": None}}, "refused oidc-token", '"sub"'),
        ("a subject that is no text", {"claims": {"sub": 7}}, "refused oidc-token", '"sub"'),
        ("a long subject", {"claims": {"sub": "a" * 256}}, "refused oidc-token", '"sub"'),
        ("wrong at_hash", {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}, "refused oidc-token", '"at_hash"'),
        ("alg none", {"token": {"alg": "none"}}, "refused oidc-token", '"alg"'),
        ("alg None", {"token": {"alg": "none", "header": {"alg": "None"}}}, "refused oidc-token", '"alg"'),
        ("HS256 with the public key", {"token": {"alg": "HS256", "mac": public_pem(provider)}}, "refused oidc-token", '"alg"'),
        ("HS256 with the client's secret", {"token": {"alg": "HS256", "mac": SECRET.encode()}}, "refused oidc-token", '"alg"'),
        ("RS512, which nobody asked for", {"token": {"header": {"alg": "RS512"}}}, "refused oidc-token", '"alg"'),
        ("another key with this kid", {"token": {"key": other, "header": {"kid": "first"}}}, "refused oidc-token", "signature"),
        ("a key in the header", {"token": {"key": other, "header": {"kid": "x", "jwk": other.jwk}}}, "refused oidc-token", "publishes no key"),
        ("a short key", {"key": "weak"}, "refused oidc-token", "publishes no key"),
        ("RS256 with a key of a curve", {"token": {"header": {"kid": "curve"}}}, "refused oidc-token", "publishes no key"),
        ("crit", {"token": {"header": {"crit": ["b64"], "b64": False}}}, "refused oidc-token", "header"),
        ("claims that were changed", {"mangle": forge}, "refused oidc-token", "signature"),
        ("half a token", {"mangle": lambda made: made[:40]}, "refused oidc-token", "no signed token"),
        ("no token", {"mangle": lambda made: ""}, "refused oidc-token", "no signed token"),
        ("a token of 100 kB", {"claims": {"x": "y" * 100000}}, "refused oidc-token", "no signed token"),
        ("no group with a role", {"claims": {"groups": ["guests"], "sub": "guest"}}, "refused oidc-person", ""),
        ("a group as a number", {"claims": {"groups": 1, "sub": "guest"}}, "refused oidc-person", ""),
    )


def refusals(tap, client, provider):
    for name, faults, said, word in tokens(int(time.time()), provider):
        provider.faults = faults
        got = sign_in(client, provider)
        tap.line(f"refused: {name}", got.startswith(said) and word in got, got)
    provider.faults = {}


def answers(tap, client, provider):
    for name, word in (("huge", "longer than"), ("redirect", "302"), ("error", "500"), ("no JSON", ""), ("twice", "")):
        provider.faults = {"answer": name}
        got = sign_in(client, provider)
        tap.line(f"an answer that is {name}", got.startswith("error ") and word in got, got)
    provider.faults = {"answer": "hang"}
    began = time.monotonic()
    got = sign_in(client, provider)
    tap.line("a provider that hangs is given up", got.startswith("error ") and time.monotonic() - began < 40, got)
    provider.hang.set()
    provider.faults = {}


def ways_back(tap, client, provider):
    now = {}

    def keep(asked):
        now.update(asked)
        return {}

    cases = (
        ("another state", lambda asked: {"state": "0" * 64}, "refused oidc-flow"),
        ("no state", lambda asked: {"state": ""}, "refused oidc-flow"),
        ("another browser", lambda asked: {"browser": "0" * 64}, "refused oidc-flow"),
        ("no browser", lambda asked: {"browser": ""}, "refused oidc-flow"),
        ("another issuer", lambda asked: {"iss": "https://evil.example"}, "refused oidc-token"),
        ("our issuer", lambda asked: {"iss": provider.issuer}, "session "),
        ("a refusal", lambda asked: {"error": "access_denied", "code": ""}, "refused oidc-refused"),
        ("a code of nobody", lambda asked: {"code": "0" * 32}, "error "),
    )
    for name, change, said in cases:
        got = sign_in(client, provider, change=change)
        tap.line(f"the way back with {name}", got.startswith(said), got)
    _, url, browser = client.say("start").split()
    code, asked = provider.authorize(url)
    reads = provider.token_reads
    first = client.say("finish", browser, code, asked["state"], "", "", "")
    again = client.say("finish", browser, code, asked["state"], "", "", "")
    tap.line("a way back counts once", first.startswith("session ") and again.startswith("refused oidc-flow"), (first, again))
    tap.line("and the code is not tried again", provider.token_reads == reads + 1)
    _, url, browser = client.say("start").split()
    code, asked = provider.authorize(url)
    client.say("clock", "601")
    got = client.say("finish", browser, code, asked["state"], "", "", "")
    client.say("clock", "-601")
    tap.line("a way back after ten minutes is none", got.startswith("refused oidc-flow"), got)
    tap.line("what is asked of the provider", asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
             and asked["redirect_uri"] == BACK and "max_age" not in asked and len(asked["nonce"]) == 64, asked)


def good_ones(tap, client, provider):
    first = sign_in(client, provider)
    tap.line("whoever has a group with a role is made at the first sign-in", first.startswith("session ") and first.endswith("new"), first)
    for alg, key in (("RS256", "first"), ("PS256", "first"), ("ES256", "curve")):
        provider.faults = {"key": key, "token": {"alg": alg}}
        got = sign_in(client, provider)
        tap.line(f"{alg} is accepted, the person is known", got.startswith("session ") and got.endswith("known"), got)
    provider.faults = {"claims": {"aud": [CLIENT], "azp": CLIENT, "at_hash": b64(hashlib.sha256(b"abc").digest()[:16])}}
    got = sign_in(client, provider)
    tap.line("a list of one audience, our party, the right at_hash", got.startswith("session "), got)
    provider.faults = {"claims": {"sub": "bob", "groups": ["x", "tutela-approvers"], "preferred_username": "alice"}}
    got = sign_in(client, provider)
    tap.line("another subject with the same name is another person", got.endswith("new"), got)
    tap.line("an administrator links an account", client.say("link", "carol", "c-1") == "ok")
    provider.faults = {"claims": {"sub": "c-1", "groups": []}}
    got = sign_in(client, provider)
    tap.line("who needs no group then", got.endswith("known"), got)
    tap.line("an account is one person's", client.say("link", "carol2", "c-1").startswith("refused"))
    provider.faults = {}


def signing(tap, client, provider):
    session = sign_in(client, provider).split()[1]
    tap.line("signing in is not signing again", client.say("sign", session) == "may-not")
    _, url, _ = client.say("again", session).split()
    tap.line("signing again asks for credentials", "max_age=0" in url and "prompt=login" in url, url)
    now = int(time.time())
    for name, claims, said in (
            ("another account", {"sub": "bob"}, "refused oidc-account"),
            ("no auth_time", {"auth_time": None}, "refused auth-time"),
            ("auth_time as text", {"auth_time": str(now)}, "refused auth-time"),
            ("auth_time of six minutes ago", {"auth_time": now - 360}, "refused auth-time"),
            ("auth_time of tomorrow", {"auth_time": now + 86400}, "refused auth-time")):
        provider.faults = {"claims": claims}
        got = sign_in(client, provider, session)
        tap.line(f"no proof: {name}", got.startswith(said), got)
        tap.line(f"no signature either: {name}", client.say("sign", session) == "may-not")
    provider.faults = {}
    other = sign_in(client, provider).split()[1]
    got = sign_in(client, provider, session, lambda asked: {"session": other})
    tap.line("no proof for another session", got.startswith("refused oidc-flow"), got)
    got = sign_in(client, provider, session)
    tap.line("a fresh sign-in is a proof", got == "proof" and client.say("sign", session) == "may", got)
    client.say("clock", "301")
    tap.line("for five minutes", client.say("sign", session) == "may-not")
    client.say("clock", "-301")


def rotation(tap, client, provider):
    provider.published, provider.faults = ["second"], {"key": "second"}
    reads = provider.key_reads
    got = sign_in(client, provider)
    tap.line("a new key is not looked for within a minute", got.startswith("refused oidc-token") and provider.key_reads == reads, got)
    client.say("clock", "61")
    got = sign_in(client, provider)
    client.say("clock", "-61")
    tap.line("a new key is found", got.startswith("session ") and provider.key_reads == reads + 1, got)
    provider.published, provider.faults = ["first", "curve", "weak"], {}


def checking(tap, folder, provider):
    for name, faults, words in (
            ("a provider that fits", {}, ["can sign: it says", "works yes"]),
            ("without auth_time", {"document": {"claims_supported": ["sub"]}}, ["cannot sign", "works yes"]),
            ("that does not say", {"document": {"claims_supported": None}}, ["not known whether", "works yes"]),
            ("without our algorithms", {"document": {"id_token_signing_alg_values_supported": ["HS256"]}}, ["nobody can sign in", "works no"]),
            ("of another issuer", {"document": {"issuer": "https://evil.example"}}, ["https://evil.example", "works no"]),
            ("with keys elsewhere", {"document": {"jwks_uri": "http://evil.example/keys"}}, ["jwks_uri", "works no"]),
            ("with a file for keys", {"document": {"jwks_uri": "file:///etc/passwd"}}, ["jwks_uri", "works no"]),
            ("that redirects", {"discovery": "redirect"}, ["302", "works no"]),
            ("that is huge", {"discovery": "huge"}, ["longer than", "works no"]),
            ("that has no keys", {"keys": "error"}, ["500", "works no"])):
        provider.faults = faults
        client = Client(folder, provider.issuer)
        said = "\n".join(client.check())
        tap.line(f"check: {name}", all(word in said for word in words), said)
        client.end()
    provider.faults = {}
    client = Client(folder, "http://127.0.0.1:1")
    said = "\n".join(client.check())
    tap.line("check: nobody there", "works no" in said, said)
    client.end()


def main():
    tap = Tap()
    if not shutil.which("openssl"):
        tap.skip("single sign-on", "openssl is not installed")
        return tap.done()
    with tempfile.TemporaryDirectory(prefix="tutela-oidc-") as name:
        folder = pathlib.Path(name)
        provider = Provider(folder)
        checking(tap, folder, provider)
        client = Client(folder, provider.issuer)
        for part in (good_ones, refusals, ways_back, signing, rotation, answers):
            part(tap, client, provider)
        tap.line("the driver ends", client.end() == 0)
        provider.hang.set()
        provider.shutdown()
        provider.server_close()
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
