#!/usr/bin/env python3
"""What each role is offered: the rail, the buttons, and what an address says that is not for it. usage: roles.py [PROGRAM]"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "support"))
sys.dont_write_bytecode = True
import scene  # noqa: E402

sys.exit(scene.play("roles.mjs"))
