"""Checks of documents: links, man pages, requirements."""
import posixpath
import re

from .tree import DATA_FOLDERS, Problem

LINK = re.compile(r"(?<!\\)\[[^\]\n]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")


def prose(text):
    """Markdown without its code, lines kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])

    text = re.sub(r"^(```|~~~).*?^\1[^\n]*$", blank, text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", blank, text)


def anchors(text):
    """Anchors of headings, as forges make them."""
    heads = re.findall(r"^#{1,6}[ \t]+(.*?)[ \t]*#*$", text, re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", head.replace("`", "").lower()) for head in heads]
    return {head.replace(" ", "-") for head in plain}


def links(tree):
    problems = []
    for path in tree.having(".md"):
        if path.startswith(DATA_FOLDERS):
            continue
        text = prose(tree.text(path))
        for match in LINK.finditer(text):
            target, _, anchor = match[1].partition("#")
            if re.match(r"[a-z][a-z+.-]*:", target):
                continue
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) \
                if target else path
            line = text.count("\n", 0, match.start()) + 1
            if file.startswith("..") or not tree.exists(file):
                problems.append(Problem(path, line, f"links to {match[1]}, which is not there"))
            elif anchor and file.endswith(".md") and \
                    anchor not in anchors(tree.text(file)):
                problems.append(Problem(path, line, f"{file} has no heading #{anchor}"))
    return problems, []


ROW = re.compile(r'^const struct tu_command tu_cmd_\w+ = \{\s*\.name = "([a-z ]+)",(?:\s*\.also = "([a-z]+)",)?',
                 re.MULTILINE)


def man_pages(tree):
    """Every command of the program has its page and stands in the table; every page has a command."""
    table = "src/cli/commands.c"
    listed = tree.text(table) if tree.exists(table) else ""
    pages = {match[1] for path in tree.having(".1.scd", under="docs/man/")
             if (match := re.fullmatch(r"docs/man/tutela-([a-z-]+)\.1\.scd", path))}
    problems, found = [], set()
    for path in tree.c_files:
        if not path.startswith("src/cli/"):
            continue
        for name, also in ROW.findall(tree.text(path)):
            found |= {name.replace(" ", "-"), also}
            if f"&tu_cmd_{name.replace(' ', '_')}," not in listed:
                problems.append(Problem(table, 0, f"\"{name}\" of {path} is not in the table"))
            if " " not in name and not {name, also} & pages:
                problems.append(Problem(path, 0, f"\"{name}\" has no docs/man/tutela-{name}.1.scd"))
    for name in pages | {""}:
        path = f"docs/man/tutela-{name}.1.scd" if name else "docs/man/tutela.1.scd"
        text = tree.text(path) if tree.exists(path) else None
        for mark in ("name", "synopsis") if name else ("commands", "see-also"):
            if text is not None and f"\n{{{{{mark}}}}}\n" not in text:
                problems.append(Problem(path, 0, f"no line {{{{{mark}}}}}, which the build fills in"))
    # A page may come before its command while a branch is under way.
    warnings = [Problem(f"docs/man/tutela-{name}.1.scd", 0, "describes no command of the program")
                for name in sorted(pages - found)]
    return problems, warnings


# ---- requirements ----

REQUIREMENTS = "docs/requirements.md"
REQ = re.compile(r"\bREQ-[A-Z]+-\d+\b")
REQ_ROW = re.compile(r"^\|\s*(REQ-[A-Z]+-\d+)\s*\|(.*)\|\s*$", re.MULTILINE)
STATES = ("planned", "partly")


def requirements(tree):
    """Ids that tests name exist; every requirement is named by a test, or says planned or partly."""
    if not tree.exists(REQUIREMENTS):
        return [], []
    text = tree.text(REQUIREMENTS)
    rows = {}
    problems = []
    for match in REQ_ROW.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match[1] in rows:
            problems.append(Problem(REQUIREMENTS, line, f"{match[1]} stands twice"))
        rows[match[1]] = (line, match[2].split("|")[-1].strip())
    named = {}
    for path in tree.files:
        if not path.startswith(("tests/", "fuzz/", "bench/")) or \
                path.startswith(("fuzz/corpus/", "tests/golden/", "tests/tools/")):
            continue
        for name in REQ.findall(tree.text(path)):
            named.setdefault(name, path)
    problems += [Problem(path, 0, f"names {name}, which {REQUIREMENTS} does not have")
                 for name, path in sorted(named.items()) if name not in rows]
    for name, (line, state) in rows.items():
        if name not in named and not state.startswith(STATES):
            problems.append(Problem(REQUIREMENTS, line, f"no test names {name}, and it is not "
                                    f"marked {' or '.join(STATES)}"))
        if name in named and state.startswith("planned"):
            problems.append(Problem(REQUIREMENTS, line, f"{name} is planned, but "
                                    f"{named[name]} names it"))
    return problems, []
