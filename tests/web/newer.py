#!/usr/bin/env python3
"""A service with a newer page than the one that is open. usage: newer.py [PROGRAM]"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

if __name__ == "__main__":
    sys.exit(scene.play("newer.mjs"))
