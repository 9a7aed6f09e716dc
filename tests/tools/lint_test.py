#!/usr/bin/env python3
"""tools/lint finds each kind of fault that is planted in a small tree, and nothing in a sound one.

Prints TAP. Takes (and ignores) PROGRAM like its neighbours.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]

SOUND = {
    ".clang-format": (ROOT / ".clang-format").read_text(encoding="utf-8"),
    "include/tutela/str.h": "#ifndef STR_H\n#define STR_H\n\nint tu_a(void);\n\n#endif\n",
    "src/base/a.c": '#include <tutela/str.h>\n\n/* strcpy() in words, */\nint tu_a(void)\n{\n'
                    '\tconst char *text = "gets(";\n\n\treturn text[0];\n}\n',
    "src/base/meson.build": "core_sources += files('a.c')\n",
    "fuzz/meson.build": "fuzz_targets = [\n  'a',\n]\n",
    "fuzz/a_fuzz.c": "int a;\n",
    "fuzz/corpus/a/1": "x",
    "docs/a.md": "# A heading\n\n[here](#a-heading) [there](../src/base/a.c)\n",
    "docs/requirements.md": "| REQ-A-1 | what | rule | |\n| REQ-A-2 | what | rule | planned |\n",
    "tests/unit/a_test.c": "/* REQ-A-1 */\nint b;\n",
    "tests/unit/meson.build": "unit_tests = ['a']\n",
    "tool": "#!/bin/sh\necho fine\n",
}
# The place of a machine, in two parts for the sake of the check itself.
PLACE = "/home" + "/someone/x"
PLANTED = [
    # (check, file, contents, part of the complaint)
    ("layers", "src/base/b.c", '#include "cli/x.h"\n', "not among its neighbours"),
    ("layers", "src/base/b.c", "#include <sqlite3.h>\n", "belongs to store"),
    ("layers", "src/other/b.c", "int x;\n", "is not in the table"),
    ("layers", "include/tutela/b.h", '#include "base/x.h"\n', "public header includes"),
    ("format", "src/base/b.c", "int  x;\n", "clang-format-14"),
    ("headers", "include/tutela/b.h", "size_t x;\n", "does not compile alone"),
    ("headers", "include/tutela/b.h", "extern int class;\n", "g++"),
    ("banned", "src/base/b.c", "int f(void)\n{\n\treturn atoi(\"1\");\n}\n", "b.c:3: atoi"),
    ("banned", "src/base/b.c", "#include <ctype.h>\n", "ctype.h"),
    ("banned", "src/kb/b.c", "void *f(void)\n{\n\treturn malloc(1);\n}\n", "tu_alloc"),
    ("listed", "src/base/b.c", "int x;\n", "no meson.build"),
    ("listed", "tests/unit/b_test.c", "int x;\n", "no meson.build"),
    ("fuzz", "fuzz/b_fuzz.c", "int x;\n", "is not listed"),
    ("fuzz", "fuzz/meson.build", "fuzz_targets = [\n  'a',\n  'c',\n]\n", "there is no"),
    ("fuzz", "fuzz/corpus/a/1", None, "has no inputs"),
    ("scripts", "tool", "#!/bin/sh\nif\n", "tool"),
    ("scripts", "b.py", "def\n", "invalid syntax"),
    ("paths", "docs/a.md", f"see {PLACE}\n", "path of one machine"),
    ("whitespace", "src/base/b.c", "int x; \n", "blanks"),
    ("links", "docs/a.md", "[x](gone.md)\n", "is not there"),
    ("links", "docs/a.md", "# A\n[x](#b)\n", "no heading"),
    ("requirements", "tests/unit/a_test.c", "/* REQ-A-1 REQ-A-9 */\n", "does not have"),
    ("requirements", "tests/unit/a_test.c", "/* none */\n", "no test names"),
    ("requirements", "tests/unit/a_test.c", "/* REQ-A-1 REQ-A-2 */\n", "is planned"),
    ("answers", "docs/architecture.md", "## Where do I find\n`src/base/gone.c`\n", "does not exist"),
    ("answers", "docs/architecture.md", "## Where do I find\n`src/base/a.c`, `tu_b`\n",
     "does not contain tu_b"),
    ("answers", "docs/architecture.md", "# A heading\n", "no section"),
    ("figures", "docs/architecture.md", "<!-- made by tools/figures -->\n<!-- end of figures -->\n",
     "src/base is missing"),
    ("figures", "docs/architecture.md", "<!-- made by tools/figures -->\n"
     "| src/base | 1 | 9 | 1 | 6 | 6 | `tu_a` |\n| src/gone | 1 | 9 | 1 | 6 | 6 | |\n"
     "<!-- end of figures -->\n", "src/gone is no folder"),
    ("man", "src/cli/frob.c", 'const struct tu_command tu_cmd_frob = {\n\t.name = "frob",\n', "frob"),
    ("words", "src/base/b.c", "/* NULL behind the last. */\n", '"behind": write after'),
    ("words", "src/base/b.c", 'const char *a = "the file lacks a line";\n', '"lacks": write'),
    ("words", "docs/a.md", "# A\n\nEach fault is told.\n", 'a.md:3: "told"'),
    ("names", "src/base/b.c", "/* See docs/gone.md. */\n", "docs/gone.md, which is not there"),
    ("names", "docs/a.md", "As src/base/gone.c has it.\n", "src/base/gone.c"),
    ("sizes", "src/base/b.c", "int f(void)\n{\n" + "\tg();\n" * 51 + "}\n", "has 51 lines"),
    ("sizes", "src/base/b.c", "int f(int a, int b, int c, int d, int e, int g)\n{\n}\n",
     "6 parameters"),
    ("sizes", "src/base/b.c", "int f(void)\n{\n\t\t\t\tif (1)\n}\n", "nested 4 deep"),
    ("sizes", "src/base/b.h", "int x;\n" * 251, "more than 250"),
    ("sizes", "tools/lintlib/exceptions.tsv", "sizes\tsrc/base/a.c\t1\t\n", "without a reason"),
]


def plant(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
            continue
        path.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)


def lint(folder, *checks):
    done = subprocess.run([sys.executable, ROOT / "tools" / "lint", "--root", folder, *checks],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def main():
    failed = 0
    for number, (check, name, text, words) in enumerate([("", "", "", ""), *PLANTED], 1):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            plant(folder, SOUND)
            if check:
                plant(folder, {name: text})
            code, out = lint(folder, *([check] if check else []))
        if words == "clang-format-14" and not shutil.which(words):
            print(f"ok {number} - {check} # SKIP clang-format-14 is not there; another version formats differently")
            continue
        fine = (code, words in out) == (1, True) if check else code == 0
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {number} - "
              f"{check + ' finds: ' + words if check else 'a sound tree passes'}")
        if not fine:
            print("".join(f"# {line}\n" for line in out.splitlines()), end="")
    print(f"1..{len(PLANTED) + 1}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
