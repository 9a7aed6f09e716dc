#!/usr/bin/env python3
"""The design of a device: drawing by mouse and keys, tables, threats, two people, drafts, print. usage: design.py [PROGRAM [SCENE]]"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

if __name__ == "__main__":
    sys.exit(scene.play("design.mjs", *sys.argv[2:]))
