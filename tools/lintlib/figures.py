"""Figures of the sources by folder: files, lines, functions, prefixes of external functions."""
import collections
import re
import statistics

from . import layers
from .tree import Problem, without_comments

DOCUMENT = "docs/architecture.md"
BEGIN, END = "<!-- made by tools/figures -->\n", "<!-- end of figures -->\n"
HEADS = ("folder", "files", "lines", "functions", "median", "longest", "prefixes")
# How far a number of the document may be off before the lint warns: it is not made at each commit.
TOLERANCE = 0.25
PREFIXES_SHOWN = 4
# Lines and functions are rounded to these, so that the table changes rarely and two changes seldom conflict.
LINES, FUNCTIONS = 100, 10

FUNCTION = re.compile(r"^([A-Za-z_][^\n;{}()=#]*?\b)([A-Za-z_]\w*)\(([^;{}]*)\)\n\{\n(.*?)^\}",
                      re.MULTILINE | re.DOTALL)


def functions(text):
    """(name, is it external, lines) of each function that a C text defines."""
    for match in FUNCTION.finditer(without_comments(text)):
        lines = match[0].count("\n") + 1
        yield match[2], not re.search(r"\bstatic\b", match[1]), lines


def prefix(name):
    """"tu_page__" of "tu_page__cell": the module that a name belongs to."""
    match = re.match(r"tu_[a-z0-9]+_{1,2}|tu_[a-z0-9]+$", name)
    return match[0] if match else name


def folders(tree):
    found = collections.defaultdict(list)
    for path in tree.having(".c", ".h", ".cc", under="src/"):
        found[layers.folder_of(path) or ""].append(path)
    return {name: paths for name, paths in sorted(found.items()) if name}


def rounded(number, step):
    return (number + step // 2) // step * step or number


def row(tree, name, paths):
    lengths, prefixes = [], collections.Counter()
    lines = 0
    for path in paths:
        text = tree.text(path)
        lines += text.count("\n")
        for function, external, length in functions(text):
            lengths.append(length)
            if external:
                prefixes[prefix(function)] += 1
    shown = [f"`{word}`" for word, _ in prefixes.most_common(PREFIXES_SHOWN)]
    more = ["…"] if len(prefixes) > PREFIXES_SHOWN else []
    median = int(statistics.median(lengths)) if lengths else 0
    return (f"src/{name}", len(paths), rounded(lines, LINES), rounded(len(lengths), FUNCTIONS), median, max(lengths, default=0),
            " ".join(shown + more))


def rows(tree):
    return [row(tree, name, paths) for name, paths in folders(tree).items()]


def table(tree):
    lines = [HEADS, ["---"] * len(HEADS)] + rows(tree)
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def replaced(document, made):
    begin, end = document.index(BEGIN) + len(BEGIN), document.index(END)
    return document[:begin] + "\n" + made + "\n\n" + document[end:]


def stated(document):
    """{folder: [numbers]} of the table that a document has."""
    if BEGIN not in document or END not in document:
        return {}
    part = document[document.index(BEGIN):document.index(END)]
    cells = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in part.splitlines() if line.startswith("| src/")]
    return {line[0]: [int(cell) for cell in line[1:-1]] for line in cells}


def is_off(there, here):
    return abs(there - here) > max(3, TOLERANCE * here)


def check(tree):
    """The table names every folder, and its numbers are about right."""
    if not tree.exists(DOCUMENT):
        return [], []
    there = stated(tree.text(DOCUMENT))
    problems, warnings = [], []
    here = {line[0]: line[1:-1] for line in rows(tree)}
    for name in sorted(set(here) ^ set(there)):
        what = "is missing from the table of figures" if name in here else "is no folder"
        problems.append(Problem(DOCUMENT, 0, f"{name} {what}: run tools/figures --write"))
    for name in sorted(set(here) & set(there)):
        if any(is_off(old, new) for old, new in zip(there[name], here[name])):
            warnings.append(Problem(DOCUMENT, 0, f"the figures of {name} are old: run "
                                    "tools/figures --write"))
    return problems, warnings
