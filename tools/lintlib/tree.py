"""The files of the repository, read once, and what checks report about them."""
import dataclasses
import functools
import os
import pathlib
import re

SKIPPED = re.compile(r"\.git|\.cache|__pycache__|node_modules")
BUILT = re.compile(r"build|build-.*")  # at the top only
C_SUFFIXES = (".c", ".h", ".cc")
# Inputs and expectations of tests, knowledge: judged by the tests that read them.
DATA_FOLDERS = ("data/", "examples/", "fuzz/corpus/", "tests/golden/", "tests/tables/")


@dataclasses.dataclass(frozen=True, order=True)
class Problem:
    path: str
    line: int  # 0: the whole file
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}" if self.line else f"{self.path}: {self.text}"


def without_comments(text, strings=True):
    """C text with comments, and string and character contents, blanked; lines stay in place."""

    def blank(match):
        word = match[0]
        if word[0] in "\"'":
            return word[0] + re.sub(r"[^\n]", " ", word[1:-1]) + word[-1] if strings else word
        return re.sub(r"[^\n]", " ", word)

    return re.sub(r'//(?:\\\n|[^\n])*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
                  blank, text, flags=re.DOTALL)


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root)

    @functools.cached_property
    def files(self):
        """Every file, as a path from the root with "/"."""
        found = []
        for folder, folders, names in os.walk(self.root):
            at_top = pathlib.Path(folder) == self.root
            folders[:] = sorted(name for name in folders if not SKIPPED.fullmatch(name)
                                and not (at_top and BUILT.fullmatch(name)))
            found += [(pathlib.Path(folder) / name).relative_to(self.root).as_posix()
                      for name in names if name != ".git"]
        return sorted(found)

    def having(self, *suffixes, under=""):
        return [path for path in self.files if path.startswith(under) and path.endswith(suffixes)]

    @functools.cached_property
    def c_files(self):
        return [path for path in self.having(*C_SUFFIXES) if not path.startswith(DATA_FOLDERS)]

    def text(self, path):
        return self._texts(path)

    @functools.cache
    def _texts(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    @functools.cache
    def code(self, path):
        return without_comments(self.text(path))

    def exists(self, path):
        return (self.root / path).exists()

    def scripts(self, interpreter):
        """Files whose first line names the interpreter."""
        found = []
        for path in self.files:
            if path.startswith(DATA_FOLDERS):
                continue
            with open(self.root / path, "rb") as file:
                first = file.readline(80)
            if first.startswith(b"#!") and re.search(rb"\b" + interpreter + rb"\b", first):
                found.append(path)
        return found
