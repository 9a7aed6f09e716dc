#!/usr/bin/env python3
"""Single sign-on against providers that others wrote: npm oidc-provider, a certified one, with its own sign-in pages,
and npm oauth2-mock-server, whose tokens are made wrong before they are signed.

usage: oidc_peer.py        (TUTELA_BUILD: the build folder)

Only in a long run (TUTELA_LONG). The packages are installed with npm into the build folder, once; what cannot be
installed or run is skipped with the reason. Prints TAP.
"""
import http.cookiejar
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True
from tap import Tap  # noqa: E402

SPEC = importlib.util.spec_from_file_location("oidc", ROOT / "tests/e2e/oidc.py")
own = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(own)

PACKAGES = ("oidc-provider@9.13.3", "oauth2-mock-server@8.2.3")

PROVIDER = """
import http from 'node:http';
import Provider from 'oidc-provider';
const [client_id, client_secret, back] = process.argv.slice(2);
const server = http.createServer((q, a) => handle(q, a));
let handle;
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{client_id, client_secret, redirect_uris: [back]}],
    conformIdTokenClaims: false,
    claims: {openid: ['sub', 'groups'], profile: ['name', 'preferred_username']},
    findAccount: (_, id) => ({accountId: id, claims: () => ({sub: id, groups: ['staff'], name: 'Peer ' + id, preferred_username: id})}),
  });
  handle = provider.callback();
  console.log(issuer);
});
process.stdin.on('data', () => {}).on('end', () => process.exit(0));
"""

MOCK = """
import readline from 'node:readline';
import { OAuth2Server } from 'oauth2-mock-server';
const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(0, 'localhost');
let change = {};
server.service.on('beforeTokenSigning', (token) => {
  Object.assign(token.payload, {groups: ['staff']}, change.payload);
  Object.assign(token.header, change.header);
  for (const name of change.without ?? []) delete token.payload[name];
});
server.service.on('beforeResponse', (answer) => {
  const t = answer.body?.id_token?.split('.');
  if (t && change.none) answer.body.id_token = Buffer.from('{"alg":"none"}').toString('base64url') + '.' + t[1] + '.';
});
console.log(server.issuer.url);
readline.createInterface({input: process.stdin}).on('line', (line) => { change = JSON.parse(line); console.log('ok'); })
  .on('close', () => process.exit(0));
"""


class Stop(urllib.request.HTTPRedirectHandler):
    """Follows redirects but for the one that leads back to us."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if newurl.startswith(own.BACK):
            raise urllib.error.HTTPError(newurl, 399, "back", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Browser:
    def __init__(self):
        self.opener = urllib.request.build_opener(Stop, urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, url, form=None):
        """Where it ended, and the page; the page is None on the way back to us."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            with self.opener.open(url, data, timeout=30) as answer:
                return answer.geturl(), answer.read().decode()
        except urllib.error.HTTPError as problem:
            if problem.code == 399:
                return problem.filename, None
            return problem.filename, problem.read().decode(errors="replace")

    def through(self, url, login):
        """Sign in and agree, on the pages of oidc-provider; the parameters of the way back."""
        at, page = self.get(url)
        for _ in range(6):
            if page is None:
                break
            action = re.search(r'<form[^>]*action="([^"]+)"', page)
            if not action:
                break
            hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
            at, page = self.get(urllib.parse.urljoin(at, action[1]), {**hidden, "login": login, "password": "any"})
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(at).query)) if page is None else {"page": page or at}


class Peer:
    """One of the scripts above; its first line is the issuer."""

    def __init__(self, folder, name, script):
        path = folder / f"{name}.mjs"
        path.write_text(script, encoding="utf-8")
        self.process = subprocess.Popen(["node", path, own.CLIENT, own.SECRET, own.BACK], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.issuer = self.process.stdout.readline().strip()

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        self.process.stdout.readline()

    def end(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def go(client, browser, login="alice", session=""):
    said = client.say("again" if session else "start", session)
    if not said.startswith("url "):
        return said
    _, url, cookie = said.split()
    back = browser.through(url, login)
    return client.say("finish", cookie, back.get("code", ""), back.get("state", ""), back.get("iss", ""),
                      back.get("error", ""), session) if "page" not in back else "page " + back["page"][:500]


def certified(tap, folder, scratch):
    peer = Peer(folder, "provider", PROVIDER)
    client = own.Client(scratch, peer.issuer)
    browser = Browser()
    said = "\n".join(client.check())
    tap.line("oidc-provider: the check finds nothing wrong", "works yes" in said and "nobody" not in said, said)
    first = go(client, browser)
    tap.line("oidc-provider: signs in", first.startswith("session ") and first.endswith("new"), first)
    session = (first.split() + ["", ""])[1]
    again = go(client, browser)
    tap.line("oidc-provider: and again, as the same person", again.endswith("known"), again)
    tap.line("oidc-provider: that is no signature", client.say("sign", session) == "may-not")
    other = go(client, browser, "bob", session)
    tap.line("oidc-provider: another account proves nothing", other.startswith("refused oidc-account"), other)
    proof = go(client, browser, "alice", session)
    tap.line("oidc-provider: a fresh sign-in does", proof == "proof" and client.say("sign", session) == "may", proof)
    client.end()
    peer.end()


def hostile(tap, folder, scratch):
    peer = Peer(folder, "mock", MOCK)
    client = own.Client(scratch, peer.issuer)
    for name, change, said in (
            ("nothing", "{}", "session "),
            ("the issuer", '{"payload":{"iss":"https://evil.example"}}', "refused oidc-token"),
            ("the audience", '{"payload":{"aud":"other"}}', "refused oidc-token"),
            ("the nonce", '{"payload":{"nonce":"x"}}', "refused oidc-token"),
            ("no nonce", '{"without":["nonce"]}', "refused oidc-token"),
            ("the end", '{"payload":{"exp":1000}}', "refused oidc-token"),
            ("no subject", '{"without":["sub"]}', "refused oidc-token"),
            ("the key's name", '{"header":{"kid":"x"}}', "refused oidc-token"),
            ("alg none", '{"none":true}', "refused oidc-token"),
            ("nothing again", "{}", "session ")):
        peer.say(change)
        got = go(client, Browser())
        tap.line(f"oauth2-mock-server: {name}", got.startswith(said), got)
    client.end()
    peer.end()


def install(folder):
    """Why it could not be done; empty: it is."""
    if not shutil.which("node") or not shutil.which("npm"):
        return "node and npm are not installed"
    if all((folder / "node_modules" / package.split("@")[0]).is_dir() for package in PACKAGES):
        return ""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", folder, *PACKAGES],
                          capture_output=True, text=True, check=False, timeout=600)
    return "" if done.returncode == 0 else f"npm: {(done.stderr.splitlines() or ['failed'])[0]}"


def main():
    tap = Tap()
    folder = own.BUILD / "oidc-peers"
    why = "" if os.environ.get("TUTELA_LONG") else "only in a long run (./test --long)"
    why = why or install(folder)
    if why:
        tap.skip("providers of others", why)
        return tap.done()
    with tempfile.TemporaryDirectory(prefix="tutela-oidc-") as scratch:
        certified(tap, folder, pathlib.Path(scratch))
        hostile(tap, folder, pathlib.Path(scratch))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
