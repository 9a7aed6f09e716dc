"""Small changes of C text, each of which some test should notice: the operators of mutants.py."""
import dataclasses
import re

SKIPPED = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#[^\n]*',
                     re.DOTALL | re.MULTILINE)
TURNED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
FUNCTION = re.compile(r"^[a-z][^\n;=]*\([^;{}]*\)\n\{\n.*?^\}\n", re.DOTALL | re.MULTILINE)
OFFSET = re.compile(r"\btu_fail\(\s*[^;,]*,\s*[^;,]*,\s*$")  # before the offset of an error
TABLE = re.compile(r"\[[A-Z_a-z0-9]*\] = \{\n.*?\n\s*\};", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Change:
    """One mutant: the text from start to end becomes new."""

    operator: str
    start: int
    end: int
    new: str


def blanked(text):
    """The text with comments, strings and directives blanked out, every other byte in its place."""
    return SKIPPED.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def bodies(code):
    return [(m.start() + m[0].index("\n{\n"), m.end()) for m in FUNCTION.finditer(code)]


def closing(code, start):
    """Where the bracket that opens at start is closed."""
    depth = 0
    for at in range(start, len(code)):
        depth += (code[at] == "(") - (code[at] == ")")
        if not depth:
            return at
    return len(code)


def relations(code, start, end, _):
    for m in re.finditer(r"(?<= )(<=|>=|==|!=|<|>)(?= )", code[start:end]):
        yield Change("relation", start + m.start(), start + m.end(), TURNED[m[0]])


def conditions(code, start, end, text):
    for m in re.finditer(r"\bif \(", code[start:end]):
        opened = start + m.end() - 1
        closed = closing(code, opened)
        yield Change("condition", opened, closed + 1, f"(!{text[opened:closed + 1]})")


def junctions(code, start, end, _):
    for m in re.finditer(r"&&|\|\|", code[start:end]):
        yield Change("junction", start + m.start(), start + m.end(), "||" if m[0] == "&&" else "&&")


def constants(code, start, end, _):
    """Not sizes (the terms of a shift, the limit of a buffer, what is in brackets), and not the
    offset 0 of an error, which says that no place is known."""
    for m in re.finditer(r"(?<![\w.\[])(?<!<< )\d+(?![\w.\]])(?! <<)", code[start:end]):
        at = start + m.start()
        line = code[code.rfind("\n", 0, at) + 1:at]
        if m[0] == "0" and OFFSET.search(code[max(start, at - 120):at]):
            continue
        for step in (1, -1) if "tu_buf_init(" not in line else ():
            if int(m[0]) + step >= 0:
                yield Change("constant", start + m.start(), start + m.end(), str(int(m[0]) + step))


def truths(code, start, end, _):
    for m in re.finditer(r"(?<=return )(true|false)(?=;)", code[start:end]):
        yield Change("truth", start + m.start(), start + m.end(),
                     "false" if m[0] == "true" else "true")


def statements(code, start, end, _):
    """Not what frees memory: a leak changes no outcome, the sanitizers see it."""
    pattern = r"^\t+(?!return|goto|break|continue|case|default|\w+_(?:free|done|DONE)\()(?:\w[\w>.\-\[\]]*\(|[*\w][\w>.\-\[\]]* [+|&\-]?= )[^;{}]*;$"
    for m in re.finditer(pattern, code[start:end], re.MULTILINE):
        tabs = len(m[0]) - len(m[0].lstrip("\t"))
        yield Change("statement", start + m.start() + tabs, start + m.end(), ";")


def arguments(code, start, end, _):
    word = r"[a-z&*][\w.>\-]*"
    for m in re.finditer(rf"(?<=\(|,)( ?)({word}), ({word})(?=\)|,)", code[start:end]):
        if m[2] != m[3]:
            yield Change("arguments", start + m.start(), start + m.end(), f"{m[1]}{m[3]}, {m[2]}")


def rows(code, tables):
    """A line of a table that is a whole row, or a whole field of one."""
    for start, end in tables:
        at = start
        for line in code[start:end].split("\n"):
            if re.fullmatch(r"\t+(\{.*\}|\[\w+\] = .*|\.\w+ = .*),", line):
                yield Change("row", at, at + len(line), "")
            at += len(line) + 1


def enumerators(texts):
    """enumerator -> another one of its enumeration, from the text of headers and sources."""
    others = {}
    for text in texts:
        for m in re.finditer(r"enum(?: \w+)? \{([^}]*)\}", blanked(text)):
            names = re.findall(r"^\s*([A-Z][A-Z0-9_]+)", m[1], re.MULTILINE)
            names = names or re.findall(r"[A-Z][A-Z0-9_]+", m[1])
            for name, other in zip(names, names[1:] + names[:1]):
                if name != other:
                    others.setdefault(name, other)
    return others


def statuses(code, others):
    for m in re.finditer(r"\b[A-Z][A-Z0-9_]+\b(?!\])", code):
        before = code[max(0, m.start() - 5):m.start()]
        if m[0] in others and not before.endswith("case "):
            yield Change("status", m.start(), m.end(), others[m[0]])


def changes(text, others):
    """Every change of one file, grouped by operator."""
    code = blanked(text)
    found = {}

    def add(those):
        for change in those:
            found.setdefault(change.operator, []).append(change)

    for start, end in bodies(code):
        for operator in (relations, conditions, junctions, constants, truths, statements,
                         arguments):
            add(operator(code, start, end, text))
        add(Change("status", start + c.start, start + c.end, c.new)
            for c in statuses(code[start:end], others))
    tables = [(m.start(), m.end()) for m in TABLE.finditer(code)]
    add(rows(code, tables))
    inside = bodies(code)
    for start, end in tables:
        if not any(first <= start < last for first, last in inside):
            add(constants(code, start, end, text))
            add(Change("status", start + c.start, start + c.end, c.new)
                for c in statuses(code[start:end], others))
    return found
