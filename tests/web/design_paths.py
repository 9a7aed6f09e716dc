#!/usr/bin/env python3
"""Attack paths lit in the drawing, findings at an element, baselines and what changed. usage: design_paths.py [PROGRAM [SCENE]]"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

if __name__ == "__main__":
    sys.exit(scene.play("design_paths.mjs", *sys.argv[2:]))
