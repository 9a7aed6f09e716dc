"""What the tests of the Transparency Exchange API ask about: the example's pump, another maker's thermometer, and who sees them."""
import hashlib
import pathlib
import shutil

from kit import ROOT

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE, FILE = "larkspur-ip-200", "supplier-wifi.openvex.json"
UDI, OTHER_UDI = "00614141123452", "09506000134352"
PEOPLE = {"ann": ("approver", "one"), "ben": ("approver", "one"), "cus": ("customer", "one"), "far": ("customer", "far")}
SECRETS = {login: f"correct horse battery of {login}" for login in PEOPLE}


def dashed(public):
    return "-".join((public[:8], public[8:12], public[12:16], public[16:20], public[20:]))


def other_maker(kit):
    folder = pathlib.Path(kit.path("thermometer"))
    folder.mkdir()
    (folder / "device.yaml").write_text(
        "schema: tutela-device/1\nfamily: Thermometer\nmanufacturer: {name: Other Maker, namespace: 'https://other.example/x'}\n"
        f"variants:\n  - {{name: T, udi_di: '{OTHER_UDI}'}}\n"
        "releases:\n  - {version: '1.0', released: 2026-01-01}\n  - {version: '2.0'}\n", encoding="utf-8")
    return folder


def world(kit):
    """A data folder with all of them; nothing is offered yet."""
    data, folder = pathlib.Path(kit.path("data")), pathlib.Path(kit.path("pump"))
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    kit.answers("another maker's", kit.run("push", other_maker(kit), "--to", data), 0)
    for team, device in (("one", DEVICE), ("far", "thermometer")):
        kit.run("admin", "team", "add", team, "--data", data)
        kit.answers(f"team {team}", kit.run("admin", "team", "join", team, "--device", device, "--data", data), 0)
    for login, (role, team) in PEOPLE.items():
        kit.run("admin", "user", "add", login, "--own-password", "--name", login.capitalize() + " Example", "--role", role, "--data", data,
                stdin=SECRETS[login].encode() + b"\n")
        kit.answers(f"{login} joins", kit.run("admin", "team", "join", team, "--user", login, "--data", data), 0)
    kit.answers("somebody who has just come", kit.run("admin", "user", "add", "new", "--name", "New", "--role", "customer", "--data", data,
                                                     stdin=SECRETS["far"].encode() + b"\n"), 0)
    return data


def decide(kit, data):
    kit.answers("a decision", kit.run("approve", DEVICE, "curl-socks", "--in", data, "--by", "ben", stdin=SECRETS["ben"].encode() + b"\n"), 0)


def releases_of(reader, device=DEVICE):
    return {row["name"]: row["id"] for row in reader.get(f"/v1/devices/{device}/releases").json["items"]}


def publish(kit, person, release, **body):
    got = person.post(f"/v1/releases/{release}/publications", body)
    kit.check(f"published: {body}", got.status == 200, got)
    return got.json.get("artifact")


def state(kit, person, other, tlp, release="4.3.1", **more):
    """A statement that is published: its public id."""
    made = other.post("/v1/statements", {"device": DEVICE, "release": release, "tlp": tlp, "formats": ["openvex", "csaf-vex", "cyclonedx"],
                                         "vulnerabilities": ["CVE-2023-38545"], **more})
    row = made.json["statement"]
    path = f"/v1/statements/{row['id']}"
    done = person.post(f"{path}/approve", {"digest": row["digest"], "zone": "Z"}, {"If-Match": made.headers["ETag"]})
    done = person.post(f"{path}/publish", {}, {"If-Match": done.headers["ETag"]})
    kit.check(f"a statement TLP:{tlp} is published", done.status == 200, done)
    return row["id"]


class Scene:
    """A release with an SBOM and a statement for everybody and a file for customers, who have keys."""

    def __init__(self, kit, data, service):
        decide(kit, data)
        ann, ben, cus, far = (service.sign_in(login, SECRETS[login])[1] for login in PEOPLE)
        releases = releases_of(ann)
        publish(kit, ann, releases["4.3.1"], kind="sbom", level="public")
        publish(kit, ann, releases["4.3.1"], kind="file", path=FILE, type="vulnerabilities", level="customer")
        state(kit, ann, ben, "WHITE")
        self.release = dashed(releases["4.3.1"])
        self.sbom_digest = hashlib.sha256((EXAMPLE / "infusion-pump.cdx.json").read_bytes()).hexdigest()
        self.customer, self.far = (self.key_of(kit, person) for person in (cus, far))

    @staticmethod
    def key_of(kit, person):
        got = person.post("/v1/me/keys", {"label": "my hospital", "rights": ["read"], "days": 30})
        kit.check("a customer makes a key", got.status == 201, got)
        return got.json.get("secret") or got.json.get("key")
