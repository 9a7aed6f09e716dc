"""The section "Where do I find …" of docs/architecture.md: each place exists and has its word."""
import re

from .tree import Problem

DOCUMENT = "docs/architecture.md"
SECTION = re.compile(r"^## Where do I find[^\n]*\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
# "`src/deadline/rules.c`, `fda-60`": a path and, after a comma or colon, what stands in it.
PLACE = re.compile(r"`((?:src|include|tests|docs|tools|data)/[^`\s]+)`(?:[,:] `([^`]+)`)?")


def check(tree):
    if not tree.exists(DOCUMENT):
        return [], []
    text = tree.text(DOCUMENT)
    section = SECTION.search(text)
    if not section:
        return [Problem(DOCUMENT, 0, "has no section \"Where do I find\"")], []
    problems = []
    for match in PLACE.finditer(section[1]):
        path, word = match.groups()
        line = text.count("\n", 0, section.start(1) + match.start()) + 1
        if not tree.exists(path):
            problems.append(Problem(DOCUMENT, line, f"names {path}, which does not exist"))
        elif word and word not in tree.text(path):
            problems.append(Problem(DOCUMENT, line, f"{path} does not contain {word}"))
    return problems, []
