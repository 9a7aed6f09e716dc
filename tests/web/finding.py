#!/usr/bin/env python3
"""The page of a finding: decide, two people, drafts, keys, print. usage: finding.py [PROGRAM [SCENE]]"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

if __name__ == "__main__":
    sys.exit(scene.play("finding.mjs", *sys.argv[2:]))
