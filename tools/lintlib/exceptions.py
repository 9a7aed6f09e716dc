"""What is allowed to stay as it is for now: tools/lintlib/exceptions.tsv, a list that only shrinks.

A row: check, file, how many problems it may have, reason. More problems than that are errors, all
of them listed; fewer are a warning until the row is lowered (tools/lint --shrink does it).
"""
from .tree import Problem

TABLE = "tools/lintlib/exceptions.tsv"


def rows(tree):
    """(check, file) -> (line, allowed, reason)"""
    if not tree.exists(TABLE):
        return {}
    found = {}
    for number, line in enumerate(tree.text(TABLE).splitlines(), 1):
        if line and not line.startswith("#"):
            check, path, allowed, reason = line.split("\t")
            found[check, path] = (number, int(allowed), reason)
    return found


COUNTS = {}  # (check, file) -> problems, of the checks that ran


def judge(tree, check, found):
    """`found`: file -> problems. Returns problems and warnings."""
    problems, warnings = [], []
    allowed_of = {path: row for (name, path), row in rows(tree).items() if name == check}
    for path, here in found.items():
        COUNTS[check, path] = len(here)
        _, allowed, _ = allowed_of.get(path, (0, 0, ""))
        if len(here) > allowed:
            problems += here
            if allowed:
                problems.append(Problem(path, 0, f"{len(here)} problems, {TABLE} allows {allowed}"))
    for path, (line, allowed, reason) in allowed_of.items():
        count = len(found.get(path, []))
        if not reason:
            problems.append(Problem(TABLE, line, "an exception without a reason"))
        if count < allowed:
            warnings.append(Problem(TABLE, line, f"{path} has {count}: tools/lint --shrink"))
    return problems, warnings


def shrink(tree):
    """Lower the rows of the checks that ran to what was found; rows with nothing left go."""
    ran = {check for check, _ in COUNTS}
    kept = []
    for line in tree.text(TABLE).splitlines():
        if line and not line.startswith("#"):
            check, path, allowed, reason = line.split("\t")
            count = min(int(allowed), COUNTS.get((check, path), 0)) if check in ran else allowed
            if not count:
                continue
            line = "\t".join((check, path, str(count), reason))
        kept.append(line)
    (tree.root / TABLE).write_text("\n".join(kept) + "\n", encoding="utf-8")
