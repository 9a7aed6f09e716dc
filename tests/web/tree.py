#!/usr/bin/env python3
"""The accessibility tree of each page, compared with tests/web/golden-tree. usage: tree.py [PROGRAM] [--update]"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

if __name__ == "__main__":
    more = [word for word in sys.argv[1:] if word.startswith("--")]
    sys.argv[1:] = [word for word in sys.argv[1:] if not word.startswith("--")]
    sys.exit(scene.play("tree.mjs", *more))
