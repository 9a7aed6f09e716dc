#!/usr/bin/env python3
"""`tutela kb sync` of a CSAF source whose OpenPGP key is pinned, against a real HTTPS server.

usage: sync_signatures.py [PROGRAM]
"""
import json
import shutil
import subprocess
import sys
import tempfile

import feed_server as fs
from kit import Kit
from sync import row, Site

KEV = "/kev.json"
DOCUMENTS = ("ACME-2026-1", "ACME-2026-2")


class Keys:
    """GnuPG in a home of its own."""

    def __init__(self):
        self._home = tempfile.TemporaryDirectory(prefix="tutela-gpg-")

    def gpg(self, *words, stdin=b""):
        return subprocess.run(["gpg", "--homedir", self._home.name, "--batch", "--quiet", "--passphrase", "",
                               "--pinentry-mode", "loopback", *words],
                              input=stdin, check=True, capture_output=True).stdout

    def make(self, address):
        self.gpg("--quick-generate-key", address, "ed25519", "sign", "never")

    def public(self, address, armour=True):
        return self.gpg(*["--armor"] * armour, "--export", address)

    def sign(self, address, text, *how):
        return self.gpg("--local-user", address, *(how or ("--armor", "--detach-sign")), "--output", "-",
                        stdin=text)

    def close(self):
        subprocess.run(["gpgconf", "--homedir", self._home.name, "--kill", "all"], check=False,
                       capture_output=True)
        self._home.cleanup()


class Provider:
    """ACME's advisories on the server: a document, its signature, and a feed that lists both."""

    def __init__(self, world, keys):
        self.world, self.keys = world, keys

    def publish(self, signatures=None, links=False, updated="2026-11-01T00:00:00Z"):
        """Signatures by name in place of the good one; None: none at all."""
        entries = []
        for name in DOCUMENTS:
            path = f"/csaf/{name.lower()}.json"
            body = fs.osv(name)
            signature = (signatures or {}).get(name, self.keys.sign("psirt@acme.example", body))
            where = f"/signed/{name}.asc" if links else path + ".asc"
            self.world.files.update({path: body, path + ".asc": None, where: signature})
            link = {"rel": "signature", "href": self.world.url + where}
            entries.append({"id": name, "updated": updated, "content": {"src": self.world.url + path},
                            "link": [link] if links else []})
        self.world.files["/csaf/feed.json"] = json.dumps({"feed": {"id": "f", "entry": entries}}).encode()
        self.world.files["/csaf/provider-metadata.json"] = json.dumps({"distributions": [{"rolie": {"feeds": [
            {"tlp_label": "WHITE", "url": f"{self.world.url}/csaf/feed.json"}]}}]}).encode()


def known(site):
    return [name for name in DOCUMENTS if site.knows(name)]


def good(kit, site, provider, pin):
    for title, options, armour in (("beside the document", {}, True), ("by a link", {"links": True}, True),
                                   ("by a binary key", {}, False)):
        site.fresh()
        pin(provider.keys.public("psirt@acme.example", armour))
        provider.publish(**options)
        kit.answers(f"good signatures {title}", site.sync("--source", "acme"), 0)
        kit.check(f"good signatures {title}: taken", known(site) == list(DOCUMENTS))
    site.world.forget()
    site.sync("--source", "acme")
    kit.check("what is listed unchanged is not fetched again",
              not [path for path, _, _ in site.world.requests if path.endswith((".asc", "-1.json"))],
              site.world.requests)
    kit.check("nothing is left in the private folder", not list(site.cache.rglob("openpgp-*")))
    kit.answers("--list says who pins", site.sync("--list"), 0, "pinned", site.sources["acme"]["openpgp_key"])


def bad(kit, site, provider, pin):
    keys, first = provider.keys, DOCUMENTS[0]
    document = fs.osv(first)
    psirt = lambda text, *how: keys.sign("psirt@acme.example", text, *how)
    armoured = psirt(document)
    pin(keys.public("psirt@acme.example"))
    for title, signature, words in (
            ("a missing signature", None, "no OpenPGP signature"),
            ("another key", keys.sign("other@example.org", document), "another key"),
            ("an altered document", psirt(document + b" "), "altered"),
            ("garbage", b"garbage\n", "no OpenPGP signature"),
            ("an empty signature", b"", "nothing"),
            ("a web page", b"<!DOCTYPE html><html></html>", "web page"),
            ("a cut armour", armoured[:len(armoured) // 2], "without an end"),
            ("a damaged armour", armoured.replace(b"\n=", b"\n=A", 1), "checksum"),
            ("a key in place of a signature", keys.public("psirt@acme.example"), "no OpenPGP signature"),
            ("a signed message that brings its own text", psirt(document, "--sign"), "no OpenPGP signature"),
            ("a clear-signed text of its own", psirt(b"[]\n", "--clear-sign"), "altered")):
        site.fresh()
        provider.publish({first: signature})
        done = site.sync("--source", "acme,kev")
        kit.answers(f"{title}: told", done, 3, f"{first.lower()}.json", words)
        kit.check(f"{title}: only that document is refused", known(site) == list(DOCUMENTS[1:]), done.text)
        kit.check(f"{title}: the source is not fresh, the other is",
                  "never fetched" in row(done.text, "acme") and "fresh" in row(done.text, "kev"), done.text)
    site.fresh()
    provider.publish(dict.fromkeys(DOCUMENTS))
    kit.answers("refused documents are counted", site.sync("--source", "acme,kev"), 3, "2 documents failed")
    provider.publish()
    kit.answers("once they are signed they are taken", site.sync("--source", "acme"), 0)
    provider.publish({first: None}, updated="2026-11-02T00:00:00Z")
    done = site.sync("--source", "acme")
    kit.answers("an update without a signature", done, 3, "no OpenPGP signature")
    kit.check("… makes the source a failed one", "failed" in row(done.text, "acme"), done.text)
    kit.check("… leaves what was vouched for", known(site) == list(DOCUMENTS))


def pinning(kit, site, provider, pin):
    keys = provider.keys
    site.fresh()
    del site.sources["acme"]["openpgp_key"]
    provider.publish(dict.fromkeys(DOCUMENTS))
    site.world.forget()
    kit.answers("no key pinned: no signature is wanted", site.sync("--source", "acme,kev"), 0)
    kit.check("no key pinned: none is asked for",
              not any(path.endswith(".asc") for path, _, _ in site.world.requests), site.world.requests)
    pin(keys.public("psirt@acme.example"))
    site.sync("--offline")
    kit.check("a key is pinned: what it has not vouched for is no longer used", not known(site))
    provider.publish()
    kit.answers("a key is pinned: everything is fetched anew", site.sync("--source", "acme"), 0)
    pin(b"no key\n")
    kit.answers("a file that holds no key", site.sync("--source", "acme"), 3, "openpgp_key", "public key")
    kit.check("… takes nothing that was vouched for", known(site) == list(DOCUMENTS))
    site.sources["acme"]["openpgp_key"] = "/nowhere/key.asc"
    kit.answers("a key file that is not there", site.sync("--source", "acme"), 3, "/nowhere/key.asc")
    pin(keys.public("other@example.org"))
    kit.answers("another key is pinned", site.sync("--source", "acme"), 3, "another key")
    kit.check("… what the old one vouched for is dropped", not known(site))
    site.sources["acme"]["openpgp_key"] = pin(keys.public("other@example.org") +
                                              keys.public("psirt@acme.example"))
    kit.answers("two keys in a file", site.sync("--source", "acme"), 0)
    site.sources["kev"]["openpgp_key"] = "/nowhere"
    kit.answers("a source whose method knows no signatures", site.sync(), 3, "[kev]", "method csaf")
    del site.sources["kev"]["openpgp_key"]


def main():
    kit = Kit()
    missing = [tool for tool in ("openssl", "gpg", "gpgv") if not shutil.which(tool)]
    if missing:
        print(f"1..0 # SKIP not installed: {', '.join(missing)}")
        return 0
    certificates = fs.make_certificates(kit.folder / "certificates")
    world = fs.World(certificates)
    world.files[KEV] = fs.kev("CVE-2024-1001")
    keys = Keys()
    for address in ("psirt@acme.example", "other@example.org"):
        keys.make(address)
    site = Site(kit, world, certificates)
    # the form does not matter to the way: our documents stand for advisories
    site.sources = {"kev": site.sources["kev"],
                    "acme": {"method": "csaf", "url": world.url + "/csaf/provider-metadata.json",
                             "form": "OSV", "delay": "1ms"}}

    def pin(key):
        site.sources["acme"]["openpgp_key"] = path = kit.path("acme.key", key)
        return path

    for part in (good, bad, pinning):
        part(kit, site, Provider(world, keys), pin)
    keys.close()
    world.close()
    return kit.done()


if __name__ == "__main__":
    sys.exit(main())
