"""Checks of C and C++ files."""
import concurrent.futures
import itertools
import os
import re
import shutil
import pathlib
import subprocess
import sys
import tempfile

from . import exceptions, layers
from .tree import Problem

JOBS = os.cpu_count() or 1

# ---- banned calls ----

# Where a rule applies: "core" is libtutela, src/ without the folders of the program.
OUTSIDE_CORE = tuple(f"src/{name}/" for name in layers.NEIGHBOURS if name not in layers.CORE)
EVERYWHERE, SOURCES, CORE, SILENT = "everywhere", "sources", "core", "core, feed, app, gate and show"
SILENT_FOLDERS = ("src/feed/", "src/app/", "src/gate/", "src/show/")

BANNED = [
    # (names, where, why and what instead)
    ("strcpy strcat stpcpy strncpy strncat sprintf vsprintf gets", EVERYWHERE,
     "has no ceiling: use struct tu_buf or snprintf"),
    ("atoi atol atoll atof", EVERYWHERE, "hides errors: parse the digits"),
    ("strtok strtok_r strsep", EVERYWHERE, "writes into its input: use tu_str"),
    ("strtol strtoul strtoll strtoull strtod strtof strtold sscanf fscanf scanf", SOURCES,
     "depends on the locale, or overflows quietly: parse the digits"),
    ("system popen execlp execvp", SOURCES, "starts a shell or searches the path"),
    ("alloca", EVERYWHERE, "has no ceiling: use an arena"),
    ("setlocale uselocale newlocale localeconv", SOURCES, "output must not depend on the locale"),
    ("isalpha isdigit isalnum isspace isupper islower ispunct isprint isxdigit iscntrl isgraph "
     "toupper tolower strcasecmp strncasecmp strcoll", SOURCES,
     "depends on the locale: use the helpers of tutela/str.h"),
    ("tmpnam tempnam mktemp", EVERYWHERE, "races: use mkstemp"),
    ("rand srand random srandom drand48", SOURCES, "is no source of randomness"),
    ("signal", CORE, "belongs to the program"),
    ("abort exit _exit quick_exit assert", SILENT, "ends the caller's process: return a status"),
    ("printf fprintf vprintf vfprintf puts fputs putchar perror", SILENT,
     "the library does not log: fill struct tu_error"),
    ("malloc calloc realloc free strdup strndup asprintf vasprintf", "core but base",
     "cannot be made to fail in tests: use tu_alloc (base/alloc.h)"),
    ("time gettimeofday clock clock_gettime localtime localtime_r mktime ctime ctime_r asctime",
     SILENT, "the library has no wall clock: let the caller say the time"),
    ("getenv secure_getenv setenv putenv", SILENT, "the library does not read the environment"),
]
# The end of a process that the library started for itself.
ALLOWED = {("_exit", "src/sbom/read/rpm_db.c")}
BANNED_HEADERS = {
    "ctype.h": (SOURCES, "depends on the locale: use the helpers of tutela/str.h"),
    "locale.h": (SOURCES, "output must not depend on the locale"),
    "alloca.h": (EVERYWHERE, "has no ceiling"),
    "assert.h": (CORE, "ends the caller's process: return a status"),
    "strings.h": (SOURCES, "depends on the locale: use the helpers of tutela/str.h"),
}


def holds(where, path):
    in_sources = path.startswith(("src/", "include/"))
    in_core = in_sources and not path.startswith(OUTSIDE_CORE)
    return {EVERYWHERE: True, SOURCES: in_sources, CORE: in_core,
            SILENT: in_core or path.startswith(SILENT_FOLDERS),
            "core but base": in_core and not path.startswith("src/base/")}[where]


def banned(tree):
    rules = {name: (where, why) for names, where, why in BANNED for name in names.split()}
    # A name behind "." or "->" is a member; behind another word, a declaration.
    call = re.compile(r"(?<![\w.])(?<!->)(" + "|".join(rules) + r")[ \t]*\(")
    include = re.compile(r"^[ \t]*#[ \t]*include[ \t]*<([^>]+)>", re.MULTILINE)
    problems = []
    for path in tree.c_files:
        code = tree.code(path)
        found = [(match, rules[match[1]]) for match in call.finditer(code)]
        found += [(match, BANNED_HEADERS[match[1]]) for match in include.finditer(code)
                  if match[1] in BANNED_HEADERS]
        problems += [Problem(path, code.count("\n", 0, match.start(1)) + 1, f"{match[1]} {why}")
                     for match, (where, why) in found
                     if holds(where, path) and (match[1], path) not in ALLOWED]
    return problems, []


# ---- format ----


def in_parallel(work, items):
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return list(pool.map(work, items))


def format_(tree):
    tool = shutil.which("clang-format-14")
    if not tool:
        return [], [], "clang-format-14 is not there; another version formats differently"

    def differing(paths):
        done = subprocess.run([tool, "--dry-run", *paths], cwd=tree.root, capture_output=True,
                              text=True, check=False)
        return re.findall(r"^([^:\n]+):(\d+):\d+: (?:warning|error): ", done.stderr, re.MULTILINE)

    # The start of the tool costs more than a file.
    batches = [tree.c_files[i::4 * JOBS] for i in range(4 * JOBS)]
    first = {}
    for path, line in itertools.chain(*in_parallel(differing, [b for b in batches if b])):
        first.setdefault(path, int(line))
    return [Problem(path, line, f"clang-format-14 -i {path}") for path, line in first.items()], []


# ---- headers ----

STRICT = ["-fsyntax-only", "-Werror", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion",
          "-Wsign-conversion", "-Wcast-qual", "-Wundef", "-Wvla"]
# A struct and a function of one name is C's way; C++ would call it a shadow.
C_ONLY = ["-x", "c", "-std=c17", "-Wshadow", "-Wstrict-prototypes", "-Wmissing-prototypes"]
CXX_ONLY = ["-x", "c++", "-std=c++17"]


def headers(tree):
    """Every header compiles alone and twice: the public ones also as C++."""
    jobs = []
    for path in tree.having(".h", under="include/"):
        jobs += [(path, "gcc", C_ONLY), (path, "g++", CXX_ONLY)]
    jobs += [(path, "gcc", C_ONLY) for path in tree.having(".h", under="src/")]
    with tempfile.TemporaryDirectory() as made:
        made_headers(tree, pathlib.Path(made))
        return headers_compile(tree, jobs, made)


def made_headers(tree, folder):
    """What the build makes and headers include."""
    statements = tree.root / "src/store/statements.sql"
    if statements.exists():
        (folder / "store").mkdir()
        subprocess.run([sys.executable, tree.root / "tools/gen-statements", statements, folder / "store/statements.h",
                        folder / "statements.c"], check=True)
    for parts in (tree.root / "api").glob("*/openapi.yaml"):
        door, place = ("api", "api") if parts.parent.name == "openapi" else (parts.parent.name, f"connect/{parts.parent.name}")
        (folder / place).mkdir(parents=True)
        subprocess.run([sys.executable, tree.root / "tools/gen-routes", door, folder / "routes.inc", folder / place / "operations.h",
                        folder / "openapi.json", *sorted(parts.parent.glob("*.yaml"))], check=True)


def headers_compile(tree, jobs, made):
    def compiles(job):
        path, compiler, flags = job
        twice = f'#include "{tree.root / path}"\n#include "{tree.root / path}"\nextern int x;\n'
        done = subprocess.run([compiler, *STRICT, *flags, f"-I{tree.root}/include",
                               f"-I{tree.root}/src", f"-I{made}", "-"], input=twice, capture_output=True,
                              text=True, check=False)
        if done.returncode == 0:
            return None
        error = next((line for line in done.stderr.splitlines() if "error" in line), done.stderr)
        return Problem(path, 0, f"does not compile alone with {compiler} {flags[2]}: "
                       f"{error.replace(str(tree.root) + '/', '')}")

    return [problem for problem in in_parallel(compiles, jobs) if problem], []


# ---- sizes ----

FUNCTION_LINES, FILE_LINES, HEADER_LINES, PARAMETERS, NESTING = 50, 600, 250, 5, 3
NESTED = re.compile(r"^(\t+)(?:\} else|if|else|for|while|do|switch)\b", re.MULTILINE)


def functions(code):
    """(name, first line, parameters, body) of each function that opens and closes in column 0."""
    lines = code.split("\n")
    start = head = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
            before = " ".join(lines[max(0, number - 12):number - 1])
            head = re.search(r"(\w+)[ \t]*\((.*)\)[^()]*$",
                             before.rpartition(";")[2].rpartition("}")[2])
        elif line == "}" and start:
            yield (head[1] if head else "a function", start, head[2] if head else "",
                   lines[start:number - 1])
            start = None


def count_parameters(text):
    """Commas outside parentheses, and one."""
    while re.search(r"\([^()]*\)", text):
        text = re.sub(r"\([^()]*\)", "", text)
    return 0 if text.strip() in ("", "void") else text.count(",") + 1


def too_large(path, code):
    limit = HEADER_LINES if path.endswith(".h") else FILE_LINES
    count = code.count("\n")
    if count > limit:
        yield Problem(path, 0, f"{count} lines, more than {limit}")
    for name, first, parameters, body in functions(code):
        if len(body) > FUNCTION_LINES:
            yield Problem(path, first, f"{name} has {len(body)} lines, more than {FUNCTION_LINES}")
        # The arguments of a macro that makes a function are no parameters.
        if not name.isupper() and count_parameters(parameters) > PARAMETERS:
            yield Problem(path, first, f"{name} has {count_parameters(parameters)} parameters, "
                          f"more than {PARAMETERS}: use a struct")
        deepest = max((len(match[1]) for match in NESTED.finditer("\n".join(body))), default=0)
        if deepest > NESTING:
            yield Problem(path, first, f"{name} is nested {deepest} deep, more than {NESTING}")


def sizes(tree):
    return exceptions.judge(tree, "sizes", {path: list(too_large(path, tree.code(path)))
                                            for path in tree.c_files})
