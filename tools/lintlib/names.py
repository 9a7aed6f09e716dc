"""Paths, documents and commands that comments and documents name exist."""
import re

from . import exceptions, words
from .doc_checks import ROW
from .tree import DATA_FOLDERS, Problem

# A path from the root, as prose writes it: "src/base/json.c", "docs/formats/vex.md", "tools/lint".
PATH = re.compile(r"(?<![\w./~-])((?:src|include|docs|tests|tools|fuzz|bench|data|examples)/"
                  r"[\w./-]*[\w])(?![\w*{<-])")
# A command of the program: "tutela kb sync", but not "tutela help" of the program's own words.
COMMAND = re.compile(r"[\"`*]tutela ([a-z]+)\b")
# Words after "tutela" that are no command; "tutela bundle 1" begins a bundle file.
OTHER_WORDS = {"help", "bundle"}
# Programs that are built there, and the names of examples.
BUILT = re.compile(r"tests/drivers/\w+_driver$|bench/bench-\w+$|.*\btoy\b")


def commands(tree):
    """None in a tree without commands."""
    found = set()
    for path in tree.having(".c", under="src/cli/"):
        for name, also in ROW.findall(tree.text(path)):
            found |= {name.split(" ")[0], also}
    return found | OTHER_WORDS if found else None


def comments(text):
    for match in words.PIECE.finditer(text):
        if match["comment"]:
            yield match.start(), match["comment"]


def problems_of(tree, path, pieces, known):
    text = tree.text(path)
    for offset, piece in pieces:
        for match in PATH.finditer(piece):
            name = match[1]
            if not tree.exists(name) and not BUILT.match(name):
                line = text.count("\n", 0, offset + match.start()) + 1
                yield Problem(path, line, f"names {name}, which is not there")
        for match in COMMAND.finditer(piece):
            if known is not None and match[1] not in known:
                line = text.count("\n", 0, offset + match.start()) + 1
                yield Problem(path, line, f"names tutela {match[1]}, which is no command")


def check(tree):
    known = commands(tree)
    found = {}
    for path in tree.having(".c", ".h", ".cc", ".md", ".scd"):
        if path.startswith(DATA_FOLDERS) or path == "CHANGELOG.md":
            continue
        text = tree.text(path)
        pieces = [(0, text)] if path.endswith((".md", ".scd")) else comments(text)
        found[path] = list(problems_of(tree, path, pieces, known))
    return exceptions.judge(tree, "names", found)
