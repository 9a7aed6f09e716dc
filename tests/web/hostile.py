#!/usr/bin/env python3
"""Names of 10,000 characters, of two directions, with HTML, Markdown and combining characters, on every page. usage: hostile.py [PROGRAM]"""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

# markup, a link of Markdown, an override of the direction that is not ended, Arabic and Hebrew, combining characters
TEXT = ('"><img src=x onerror="alert(1)"><script>alert(1)</script> **bold** [link](javascript:alert(1)) \u202e'
        "\u05ea\u05d9\u05e9\u05e8\u05d5\u05df \u0645\u0631\u062d\u0628\u0627 Z\u0351\u036b\u0343a\u0334l\u0337g\u0338o\u0336 {{7*7}} &lt;b&gt; ")


def text(count):
    """So many bytes at the most, the half of them without a place to break."""
    words = TEXT * (count // 2 // len(TEXT.encode()) + 1)
    return (words + "W" * count).encode()[:count].decode("utf-8", "ignore").strip()


def device(folder):
    quoted = json.dumps
    folder.mkdir()
    (folder / "device.yaml").write_text(f"""manufacturer: {{name: {quoted(text(10000))}, contact: psirt@example.com, namespace: https://hostile.example}}
family: Hostile
intended_use: {quoted(text(10000))}
medical: true
markets: [US, EU]
releases:
- {{version: "1.0", released: 2026-01-15, sbom: sbom.json}}
- {{version: {quoted("1.1-" + "W" * 190)}, sbom: sbom.json}}
variants:
- {{name: {quoted(text(200))}, model: {quoted(text(200))}}}
hazards:
- {{id: h, title: {quoted(text(10000))}, severity: critical, reference: {quoted(text(1000))}}}
assets:
- {{id: a, title: {quoted(text(10000))}, rationale: {quoted(text(10000))}, hazards: [{{hazard: h, on_loss_of: [integrity, availability]}}]}}
components:
- {{match: "*", assets: [a]}}
""", encoding="utf-8")
    glibc = "cpe:2.3:a:gnu:glibc:2.33:*:*:*:*:*:*:*"
    components = [{"type": "library", "bom-ref": "c", "name": text(10000), "version": text(10000), "cpe": glibc, "licenses": [{"license": {"name": text(10000)}}]},
                  {"type": "library", "bom-ref": "d", "name": "inner", "version": "1"}]
    (folder / "sbom.json").write_text(json.dumps({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components,
        "metadata": {"component": {"type": "device", "name": "hostile", "bom-ref": "p"}},
        "dependencies": [{"ref": "p", "dependsOn": ["c"]}, {"ref": "c", "dependsOn": ["d"]}]}))


def prepare(kit, data):
    def run(*arguments, stdin=b""):
        done = kit.run(*arguments, stdin=stdin)
        if done.returncode:
            raise SystemExit(f"Bail out! {arguments[:3]}: {done.complaint}")

    folder = pathlib.Path(kit.path("hostile"))
    device(folder)
    run("push", folder, "--to", data)
    at = ("--data", data)
    run("admin", "user", "add", "mallory", "--own-password", "--role", "approver", "--name", text(1000), *at, stdin=scene.PASSWORD.encode() + b"\n")
    team = text(100)
    run("admin", "team", "add", team, *at)
    run("admin", "team", "join", team, "--device", "hostile", *at)
    for login in ("mallory", "psirt-lead", "safety-engineer"):
        run("admin", "team", "join", team, "--user", login, *at)
    run("admin", "team", "join", "Monitors", "--user", "mallory", *at)


if __name__ == "__main__":
    sys.exit(scene.play("hostile.mjs", text(10000), prepare=prepare))
