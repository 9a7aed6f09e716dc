"""Plain English: words that a reader of this field would not search for, and what to write.

Comments and strings of C files, documents and man pages are read; code in documents is not.
docs/conventions.md, "English", has the reasons.
"""
import re

from . import exceptions
from .doc_checks import prose
from .tree import DATA_FOLDERS, Problem

# (pattern, write instead)
WORDS = [
    (r"ceilings?", "limit"),
    (r"lack|lacks|lacked|lacking", "missing, no, without"),
    (r"behind", "after"),
    (r"tell|tells|told|telling", "report, say"),
    (r"mend|mends|mended|mending", "fix"),
    (r"blanks?(?! lines?\b)", "space"),
    (r"holds", "contains"),
    (r"stands(?! for\b)", "is"),
    (r"anew", "again"),
    (r"amid", "among"),
    (r"slips?", "mistake"),
    (r"halving", "binary search"),
    (r"speaks|spoken", "is about, applies"),
]
PATTERN = re.compile("|".join(rf"(?<![\w`-])(?P<w{i}>{words})(?![\w`-])"
                              for i, (words, _) in enumerate(WORDS)), re.IGNORECASE)

# Names in documented files and interfaces: a string or a quoted word that is exactly one of these
# does not change.
IDENTIFIERS = {"lacking", "clocks", "holidays", "tutela-clocks"}

PIECE = re.compile(r'(?P<comment>//[^\n]*|/\*.*?\*/)|"(?P<string>(?:\\.|[^"\\\n])*)"|'
                   r"'(?:\\.|[^'\\\n])+'", re.DOTALL)


def c_pieces(text):
    """(offset, words) of each comment and string; strings that are one identifier are left out."""
    for match in PIECE.finditer(text):
        if match["comment"]:
            yield match.start(), re.sub(r'"[\w-]+"|`[^`\n]*`',
                                        lambda name: " " * len(name[0]), match["comment"])
        elif match["string"] and match["string"] not in IDENTIFIERS:
            yield match.start("string"), re.sub(r"\\[a-z]", "  ", match["string"])


def document_pieces(text):
    yield 0, prose(text)


def man_pieces(text):
    yield 0, re.sub(r"\*[^*\n]*\*|_[^_\n]*_", lambda name: " " * len(name[0]), text)


READERS = [
    # (files, how to find their prose)
    ((".c", ".h", ".cc"), c_pieces),
    ((".md",), document_pieces),
    ((".scd",), man_pieces),
]


def hits(tree, path, reader):
    text = tree.text(path)
    for offset, words in reader(text):
        for match in PATTERN.finditer(words):
            line = text.count("\n", 0, offset + match.start()) + 1
            instead = WORDS[int(match.lastgroup[1:])][1]
            yield Problem(path, line, f'"{match[0]}": write {instead}')


def check(tree):
    found = {}
    for suffixes, reader in READERS:
        for path in tree.having(*suffixes):
            if not path.startswith(DATA_FOLDERS):
                found[path] = list(hits(tree, path, reader))
    return exceptions.judge(tree, "words", found)
