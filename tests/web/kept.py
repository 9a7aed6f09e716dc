#!/usr/bin/env python3
"""What somebody types or reads stays until they let it go. usage: kept.py [PROGRAM]"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

if __name__ == "__main__":
    sys.exit(scene.play("kept.mjs"))
