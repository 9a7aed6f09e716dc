#!/usr/bin/env python3
"""One's own account and the administration: an authenticator from the QR code, people, teams, keys, mail. usage: admin.py [PROGRAM]"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

if __name__ == "__main__":
    sys.exit(scene.play("admin.mjs"))
