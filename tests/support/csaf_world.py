"""A maker who publishes CSAF documents: a data folder with the example, its people, and what they do."""
import pathlib
import shutil

import client
from kit import ROOT

DEVICE, CURL = "larkspur-ip-200", "CVE-2023-38545"
STAFF = {"ann": "approver", "ben": "approver", "root": "administrator", "mercy": "customer", "other": "customer"}
SECRETS = {login: f"correct horse battery of {login}" for login in STAFF}
PROVIDER = {
    "publisher": {"name": "Larkspur Medical", "namespace": "https://larkspur.example", "contact_details": "psirt@larkspur.example"},
    "security": {"contacts": ["mailto:psirt@larkspur.example", "https://larkspur.example/report"], "languages": "en, de",
                 "policy": "https://larkspur.example/policy"}}


def make(kit, name="data"):
    """The data folder: one decision is approved, of which something can be stated."""
    data, folder = pathlib.Path(kit.path(name)), pathlib.Path(kit.path(f"pump-{name}"))
    shutil.copytree(ROOT / "examples" / "infusion-pump", folder, ignore=shutil.ignore_patterns(".tutela*"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    kit.run("admin", "team", "add", "one", "--data", data)
    kit.run("admin", "team", "join", "one", "--device", DEVICE, "--data", data)
    for login, role in STAFF.items():
        kit.answers(login, kit.run("admin", "user", "add", login, "--own-password", "--name", login.capitalize() + " Example", "--role", role,
                                   "--data", data, stdin=SECRETS[login].encode() + b"\n"), 0)
    for login in ("ann", "ben"):
        kit.run("admin", "team", "join", "one", "--user", login, "--data", data)
    approve(kit, data, "curl-socks")
    return data


def approve(kit, data, name):
    """Ben approves a decision."""
    done = kit.run("approve", DEVICE, name, "--in", data, "--by", "ben", stdin=SECRETS["ben"].encode() + b"\n")
    kit.answers(f"{name} is approved", done, 0)


def customer_key(kit, data, login):
    """The secret of a key by which a customer's program fetches."""
    done = kit.run("admin", "key", "add", f"of {login}", "--role", "customer", "--user", login, "--data", data)
    kit.answers(f"a key of {login}", done, 0)
    return done.text.splitlines()[-1]


class Maker:
    """Who drafts, approves and publishes on a service."""

    def __init__(self, kit, data, service):
        self.writer = service.client(client.add_key(kit, data, "analyst", "one"))
        self.ann, self.ben, self.root = (service.sign_in(login, SECRETS[login])[1] for login in ("ann", "ben", "root"))
        self.signer = self.ann  # who approves and publishes: nobody does so without end in a minute

    def configure(self, **changes):
        tag = {"If-Match": self.root.get("/v1/settings/csaf-provider").headers["ETag"]}
        return self.root.put("/v1/settings/csaf-provider", {**PROVIDER, **changes}, tag)

    def draft(self, **about):
        return self.writer.post("/v1/statements", {"device": DEVICE, "vulnerabilities": [CURL], "formats": ["csaf-vex"], **about})

    def approve(self, drafted):
        row = drafted.json["statement"]
        return self.signer.post(f"/v1/statements/{row['id']}/approve", {"digest": row["digest"], "zone": "Z"},
                             {"If-Match": drafted.headers["ETag"]})

    def publish(self, path, **body):
        return self.signer.post(f"{path}/publish", body, {"If-Match": self.writer.get(path).headers["ETag"]})

    def published(self, **about):
        """The path of a statement that went all the way."""
        drafted = self.draft(**about)
        if drafted.status != 201:
            raise SystemExit(f"Bail out! {drafted.body}")
        path = f"/v1/statements/{drafted.json['statement']['id']}"
        for done in (self.approve(drafted), self.publish(path)):
            if done.status != 200:
                raise SystemExit(f"Bail out! {done.body}")
        return path
