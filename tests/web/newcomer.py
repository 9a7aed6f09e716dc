#!/usr/bin/env python3
"""From the link of the first start to a signed decision and a statement that is saved, on an empty data folder. usage: newcomer.py [PROGRAM]"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

if __name__ == "__main__":
    sys.exit(scene.play("newcomer.mjs", empty=True))
