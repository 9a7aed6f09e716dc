#!/usr/bin/env python3
"""The concept phase of a device: answered by keys, discussed, signed, taken over into the design, two people, drafts, print. usage: concept.py [PROGRAM [SCENE]]"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

if __name__ == "__main__":
    sys.exit(scene.play("concept.mjs", *sys.argv[2:]))
