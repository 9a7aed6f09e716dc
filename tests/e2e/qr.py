#!/usr/bin/env python3
"""The QR code of a device's label: what is in it, by both doors, decoded by somebody else (zbarimg).

usage: qr.py [PROGRAM]
"""
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import zlib

from kit import ROOT, Kit

sys.path.insert(0, str(ROOT / "tests" / "support"))
sys.dont_write_bytecode = True
import client  # noqa: E402

EXAMPLE = ROOT / "examples" / "infusion-pump"
DEVICE = "larkspur-ip-200"
TEI = "urn:tei:udi:example.com:00614141123452"
TEXTS = [
    (("--variant", "IP-200"), TEI),
    (("--variant", "IP-200 EU", "--domain", "devices.acme.example"), "urn:tei:udi:devices.acme.example:00614141999996"),
    (("--variant", "IP-200", "--release", "4.4.0"), "urn:tei:udi:example.com:(01)00614141123452(8012)4.4.0"),
    (("--variant", "IP-200", "--address"), f"https://example.com/tea/v0.4.0/discovery?tei={TEI}"),
]
REFUSED = [
    ((), "name the variant: IP-200 and IP-200 EU"),
    (("--variant", "IP-300"), "there is no variant IP-300"),
    (("--variant", "IP-200", "--release", "9.9"), "there is no release 9.9"),
    (("--variant", "IP-200", "--domain", "no domain"), "name the domain"),
    (("--variant", "IP-200", "--domain", "a" * 64 + ".example"), "name the domain"),
]


def pixels(png):
    """The rows of a black and white PNG, as lists of "is it dark"."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, at = {}, 8
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at:at + 8])
        data = png[at + 8:at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size:at + 12 + size])[0] == zlib.crc32(name + data)
        chunks[name], at = data, at + 12 + size
    width, height, depth, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, kind) == (1, 0)
    row, raw = (width + 7) // 8, zlib.decompress(chunks[b"IDAT"])
    return [[not raw[y * (row + 1) + 1 + x // 8] >> (7 - x % 8) & 1 for x in range(width)] for y in range(height)]


def modules_of_svg(svg):
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    dark = [[False] * side for _ in range(side)]
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        for i in range(int(run)):
            dark[int(y)][int(x) + i] = True
    return dark


def decoded(kit, png):
    path = kit.folder / "label.png"
    path.write_bytes(png)
    done = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", path], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def as_others_read_it(kit, png, svg, text):
    """The SVG has the same modules as the PNG, and that is decoded by somebody else."""
    image = pixels(png)
    kit.check("the PNG has 8 pixels a module", len(image) % 8 == 0 and all(image[y] == image[y - y % 8] for y in range(len(image))))
    kit.check("SVG and PNG have the same modules", [row[::8] for row in image[::8]] == modules_of_svg(svg))
    quiet = image[:32] + image[-32:] + [row[:32] for row in image] + [row[-32:] for row in image]
    kit.check("four modules around it are white", not any(any(row) for row in quiet))
    if shutil.which("zbarimg"):
        kit.check(f"it is read as {text}", decoded(kit, png) == text, decoded(kit, png))
    else:
        kit.check("a reader of QR codes # SKIP zbarimg (Debian zbar-tools) is not installed", True)


def by_command(kit):
    for options, text in TEXTS:
        done = kit.run("device", "qr", EXAMPLE, *options, "--image", "text")
        kit.check(f"device qr {' '.join(options)}", (done.returncode, done.text) == (0, text + "\n"), done.text, done.complaint)
    for options, words in REFUSED:
        done = kit.run("device", "qr", EXAMPLE, *options, "-o", kit.folder / "none.svg")
        kit.check(f"device qr {' '.join(options)[:60]}: {words}", done.returncode != 0 and words in done.complaint and
                  not (kit.folder / "none.svg").exists(), done.complaint)
    made = {}
    for image in ("png", "svg"):
        path = kit.folder / f"made.{image}"
        done = kit.run("device", "qr", EXAMPLE, "--variant", "IP-200", "--image", image, "-o", path)
        if done.returncode and "libzint" in done.complaint:
            return None
        kit.check(f"device qr --image {image}", done.returncode == 0, done.complaint)
        made[image] = path.read_bytes()
    as_others_read_it(kit, made["png"], made["svg"].decode(), TEI)
    return made


def over_the_api(kit, made):
    data, folder = pathlib.Path(kit.path("data")), pathlib.Path(kit.path("pump"))
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".tutela*"))
    kit.answers("a data folder", kit.run("admin", "init", data), 0)
    kit.answers("the example", kit.run("push", folder, "--to", data), 0)
    kit.run("admin", "team", "add", "none", "--data", data)
    with client.Service(kit, data) as service:
        reader, outside = (service.client(client.add_key(kit, data, "viewer", team)) for team in (None, "none"))
        path = f"/v1/devices/{DEVICE}/label"
        for image, kind in (("png", "image/png"), ("svg", "image/svg+xml")):
            got = reader.get(path, variant="IP-200", image=image)
            kit.check(f"the same {image} over the API", got.status == 200 and got.headers["Content-Type"] == kind and got.body == made[image], got)
        got = reader.get(path, variant="IP-200", release="4.4.0", image="text")
        kit.check("and the same text", got.text == TEXTS[2][1], got)
        got = reader.get(path)
        kit.check("it says which variants there are", got.status == 422 and "name the variant" in got.json["detail"], got)
        kit.check("an image that is none", reader.get(path, variant="IP-200", image="gif").status == 422)
        kit.check("a device out of scope is like none", outside.get(path, variant="IP-200").status == 404)


def main():
    kit = Kit()
    made = by_command(kit)
    if made is None:
        kit.check("images # SKIP the program has no libzint", True)
    elif client.WHY_NOT:
        kit.check(f"over the API # SKIP {client.WHY_NOT}", True)
    else:
        over_the_api(kit, made)
    return kit.done()


sys.exit(main())
