#!/usr/bin/env python3
"""The portfolio and a device: work of today, a device added, a cell of the matrix. usage: portfolio.py [PROGRAM]"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

if __name__ == "__main__":
    sys.exit(scene.play("portfolio.mjs"))
