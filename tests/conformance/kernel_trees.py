#!/usr/bin/env python3
"""tests/tables/match/kernel_trees.txt put to tools/derive-kernel-table, which reads kernels independently of src/match.

usage: kernel_trees.py

What the table says is left out must be among the files that --clear lists for that tree and configuration, what it
says is built must not. (What nothing says how to build, the script lists and the program does not.) Prints TAP.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "tables" / "match" / "kernel_trees.txt"
MARK = re.compile(r"^(=== |--- |\?\?\?)")
VERSION = "VERSION = 6\nPATCHLEVEL = 1\n"


class Tree:
    def __init__(self, title):
        self.title, self.files, self.questions = title, {}, []

    def add(self, path, text=""):
        self.files.setdefault(path, text)


def trees(text):
    """Each tree of the table with its files and questions: (line, configuration, word, path)."""
    lines, tree, config = text.split("\n"), None, ""
    at = 0
    while at < len(lines):
        line, at = lines[at], at + 1
        if line.startswith("=== "):
            if tree:
                yield tree
            tree = Tree(line[4:])
        elif line.startswith("--- "):
            first = at
            while at < len(lines) and not MARK.match(lines[at]):
                at += 1
            tree.add(line[4:], "".join(one + "\n" for one in lines[first:at]))
        elif line.startswith("???"):
            config = line[3:].strip()
        elif tree and line.strip():
            word, path = line.split(" ")[:2]
            tree.add(path)
            tree.questions.append((at, config, word, path))
    yield tree


def write(tree, folder):
    tree.add("Makefile")
    tree.add("kernel/fork.c")
    for path, text in tree.files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text((VERSION if path == "Makefile" else "") + text, encoding="utf-8")


def cleared(folder, config):
    words = config.split()
    architecture = words.pop(0)[5:] if words and words[0].startswith("arch=") else "ARM64"
    path = folder.parent / "config"
    path.write_text("".join(f"CONFIG_{word}=y\n" for word in [architecture, *words]), encoding="utf-8")
    done = subprocess.run([sys.executable, str(ROOT / "tools" / "derive-kernel-table"), "--clear", str(path),
                           str(folder)], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def faults(tree):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "tree"
        write(tree, folder)
        for config in dict.fromkeys(question[1] for question in tree.questions):
            without = cleared(folder, config)
            for line, of, word, path in tree.questions:
                if of == config and word != "unknown" and (word == "out") != (path in without):
                    yield f"line {line}: {path} ({config}) is {'left out' if path in without else 'built'}"


def main():
    failed = 0
    number = 0
    for number, tree in enumerate(trees(TABLE.read_text(encoding="utf-8")), 1):
        wrong = list(faults(tree))
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - kernel trees: {tree.title}")
        for one in wrong:
            print("# " + one)
    print(f"1..{number}")
    return 1 if failed or not number else 0


if __name__ == "__main__":
    sys.exit(main())
