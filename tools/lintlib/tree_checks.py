"""Checks of everything that is not C: what is built, scripts, paths."""
import re
import subprocess

from .tree import DATA_FOLDERS, Problem


def strings_of(tree, path):
    """The strings of a Meson file, comments left out; none when there is no such file."""
    if not tree.exists(path):
        return set()
    text = re.sub(r"#[^\n]*", "", tree.text(path))
    return set(re.findall(r"'([^'\n]*)'", text))


# Built by a test as a stranger would, not by us.
STRANGERS = "tests/consumer/"


def listed(tree):
    """Every C file is named by the meson.build of its folder, or one above, below its top."""
    problems = []
    for path in tree.having(".c", ".cc"):
        if path.startswith((*DATA_FOLDERS, STRANGERS)) or \
                not path.startswith(("src/", "tests/", "fuzz/")):
            continue
        parts = path.split("/")
        found = False
        for depth in range(len(parts) - 1, 0, -1):
            names = strings_of(tree, "/".join(parts[:depth] + ["meson.build"]))
            rest = "/".join(parts[depth:])
            stem = re.sub(r"(_test|_fuzz)?\.c$", "", rest)
            found = found or rest in names or stem in names
        # the program is put together by the root
        found = found or path in strings_of(tree, "meson.build")
        if not found:
            problems.append(Problem(path, 0, "no meson.build builds it"))
    return problems, []


def fuzz(tree):
    """Targets, their list and their corpora agree."""
    build = "fuzz/meson.build"
    if not tree.exists(build):
        return [], []
    block = re.search(r"fuzz_targets = \[(.*?)\]", tree.text(build), re.DOTALL)
    names = set(re.findall(r"'([^']*)'", block[1])) if block else set()
    files = {path[len("fuzz/"):-len("_fuzz.c")] for path in tree.having("_fuzz.c", under="fuzz/")}
    problems = [Problem(build, 0, f"lists {name}, but there is no fuzz/{name}_fuzz.c")
                for name in sorted(names - files)]
    problems += [Problem(f"fuzz/{name}_fuzz.c", 0, f"is not listed in {build}")
                 for name in sorted(files - names)]
    problems += [Problem(f"fuzz/{name}_fuzz.c", 0, f"has no inputs in fuzz/corpus/{name}/")
                 for name in sorted(files)
                 if not tree.having("", under=f"fuzz/corpus/{name}/")]
    return problems, []


def scripts(tree):
    """Shell parses, Python compiles; a script is executable, and what is executable a script."""
    problems = []
    for shell in (b"sh", b"bash"):
        for path in tree.scripts(shell):
            done = subprocess.run([shell.decode(), "-n", path], cwd=tree.root, capture_output=True,
                                  text=True, check=False)
            if done.returncode:
                problems.append(Problem(path, 0, done.stderr.strip()))
    for path in sorted({*tree.having(".py"), *tree.scripts(rb"python3?")}):
        try:
            compile(tree.text(path), path, "exec", dont_inherit=True)
        except SyntaxError as fault:
            problems.append(Problem(path, fault.lineno or 0, fault.msg))
    for path in tree.files:
        if "/" not in path or path.startswith(("tools/", ".ci/", "bench/")):
            mode = (tree.root / path).stat().st_mode
            with open(tree.root / path, "rb") as file:
                is_script = file.read(2) == b"#!"
            if is_script and not mode & 0o100 and not path.endswith(".py"):
                problems.append(Problem(path, 0, "is a script, but not executable"))
    return problems, []


# Places of one machine. Joined from parts, so that this file holds none of them.
MACHINE_PATHS = re.compile(r"(?<![\w.~$}\])-])/(?:" + "|".join(("work", "home", "root", "Users")) +
                           r")/[\w.-]+")
PLAIN_TEXT = (".c", ".h", ".cc", ".py", ".sh", ".md", ".build", ".scd", ".txt", ".tsv", ".json")


def paths(tree):
    problems = []
    scripts_ = {*tree.scripts(b"sh"), *tree.scripts(b"bash"), *tree.scripts(rb"python3?")}
    for path in tree.files:
        if path.startswith(DATA_FOLDERS) or not (path.endswith(PLAIN_TEXT) or path in scripts_):
            continue
        for number, line in enumerate(tree.text(path).split("\n"), 1):
            match = MACHINE_PATHS.search(line)
            if match:
                problems.append(Problem(path, number, f"a path of one machine: {match[0]}"))
    return problems, []


def whitespace(tree):
    problems = []
    for path in tree.having(".c", ".h", ".cc", ".py", ".build", ".scd"):
        if path.startswith(DATA_FOLDERS):
            continue
        text = tree.text(path)
        if text and not text.endswith("\n"):
            problems.append(Problem(path, 0, "does not end in a newline"))
        problems += [Problem(path, number, "blanks at the end of the line")
                     for number, line in enumerate(text.split("\n"), 1)
                     if line != line.rstrip()]
    return problems, []
