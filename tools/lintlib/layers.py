"""Which folder may include which: a list of allowed neighbours for each."""
import posixpath
import re

from .tree import Problem

# docs/architecture.md draws this. A folder may include its own headers and those of its neighbours;
# a folder under src/ that is not here is an error. New arrows are added here, on purpose.
NEIGHBOURS = {
    "base": "",
    "version": "base",
    "ident": "base version",
    "vex/claim": "base",
    "sbom": "base version ident vex/claim",
    "sbom/read": "base version ident vex/claim sbom",
    "sbom/write": "base ident vex/claim sbom sbom/read",
    "sbom/flat": "base sbom",
    "sbom/quality": "base version ident vex/claim sbom sbom/read kb",
    "score": "base",
    "csaf": "base version ident vex/claim score",
    "advisory": "base version ident vex/claim score csaf",
    "kb": "base version ident advisory score",
    "match": "base version ident sbom kb",
    "vex": "base version ident vex/claim sbom score csaf kb match",
    "device": "base version ident sbom score vex/claim vex",
    "threat": "base ident score device",
    "threat/read": "base ident score device threat",
    "threat/write": "base ident score device threat threat/read",
    "concept": "base device threat",
    "deadline": "base score device",
    "assess": "base version ident sbom score kb match vex device deadline",
    "ledger": "base",
    # libtutela ends here: no sockets, no SQL, no wall clock, no environment, no output
    "feed": "base version ident score csaf advisory kb",
    "mail": "base feed",
    "store": "base ledger",
    "sign": "base ledger",
    "audit": "base ledger store sign",
    "list": "base",
    "job": "base store",
    "sandbox": "base sbom sbom/read sbom/flat",
    "http": "base",
    "datadir": "base ledger store sign audit job",
    "draw": "base",
    "report": "base sbom sbom/quality score kb match vex device threat deadline assess draw",
    "app": "base version ident sbom sbom/read sbom/write sbom/quality score csaf advisory kb match "
           "vex device concept threat threat/write deadline assess feed",
    "portfolio": "base version ident sbom sbom/read score csaf kb match vex device concept threat threat/write deadline assess feed app ledger "
                 "store list audit gate",
    "access": "base ledger store sign audit datadir list portfolio feed",
    "notify": "base version ident score match vex device deadline assess feed mail app store audit job datadir list ledger portfolio",
    "gate": "base sbom score kb match vex device threat concept deadline assess feed app",
    "show": "base version ident sbom sbom/write sbom/quality score kb match vex device concept threat deadline assess ledger feed app gate",
    "service": "base version ident sbom sbom/read sbom/flat score kb match vex device deadline assess feed app gate ledger "
               "store sign audit list job sandbox datadir portfolio access mail notify",
    "api": "base version ident vex/claim sbom sbom/quality score kb match vex device concept threat threat/write deadline assess report app gate show ledger store "
           "sign audit list job sandbox datadir portfolio access mail notify service http",
    "connect": "",
    "connect/csaf": "base audit list portfolio access service http api connect",
    "connect/dtrack": "base version ident vex/claim sbom sbom/quality score kb match vex device deadline assess app gate show ledger store "
                      "sign audit list job portfolio access service http api connect",
    "connect/report": "base report portfolio access service http api connect",
    "connect/tea": "base ident device portfolio access service http api connect",
    "cli": "connect connect/csaf connect/dtrack connect/report connect/tea base version ident sbom sbom/read sbom/write sbom/quality score csaf advisory kb match "
           "vex device concept threat threat/write deadline assess ledger store audit portfolio datadir access service http api feed report app gate show",
    # a program of the build: manual pages and completion from the rows of commands
    "manual": "base cli",
}
CORE = tuple(NEIGHBOURS)[:tuple(NEIGHBOURS).index("feed")]

# The folder that a public header belongs to, where it is not the header's own name.
PUBLIC = {
    "base": "arena attr buf error sink str",
    "version": "range",
    "ident": "purl cpe udi",
    "kb": "exploited",
    "sbom": "sbom_above sbom_blank",
    "sbom/quality": "sbom_check sbom_diff sbom_merge supplement",
    "score": "bod2604 rubric ssvc",
    "vex/claim": "claim",
    "vex": "issue",
    "threat": "model model_parts threat_rule",
    "device": "decision market zone",
}
FOLDER_OF_HEADER = {header: folder for folder, headers in PUBLIC.items()
                    for header in headers.split()}

# System headers that some folders alone may see: the rest of the tree goes through those.
RESERVED = {
    r"simdjson\.h": ("base",),
    r"(zlib|zstd|archive|archive_entry)\.h": ("base",),
    r"expat\.h": ("base",),
    r"yaml\.h": ("base",),
    r"rpm/.*": ("sbom/read",),
    r"openssl/.*": ("base", "sign", "http"),
    r"(sqlite3|postgresql/libpq-fe)\.h": ("store",),
    r"curl/.*": ("feed",),
    r"microhttpd\.h": ("http",),
    # base: how a descriptor is put into a message (base/descriptor.h), which is all that it may
    # know of them; it is a header, so that libtutela has no code of it
    r"sys/socket\.h": ("base", "http", "feed", "fleet", "sign", "datadir", "sandbox"),
    r"(netinet/.*|arpa/inet|netdb)\.h": ("http", "feed", "fleet", "sign", "datadir", "sandbox"),
    r"sodium\.h": ("sign",),
    r"rnp/.*": ("sign",),
    r"seccomp\.h": ("base",),
    r"(cjose/.*|jansson)\.h": ("access",),
    r"utf8proc\.h": ("sign",),
    r"xlsxwriter\.h": ("api",),
    r"zint\.h": ("app",),
    r"graphviz/.*": ("draw",),
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def folder_of(path):
    parts = path.split("/")
    return "/".join(parts[1:-1]) if parts[0] == "src" and len(parts) > 2 else None


def public_header(kind, name):
    """Public headers include public headers and the standard library only."""
    if kind == '"' or not (name.startswith("tutela/") or re.fullmatch(r"std\w+\.h|string\.h", name)):
        return f"a public header includes {name}"
    return None


def neighbour(folder, other, name):
    if other == folder or other in NEIGHBOURS[folder].split():
        return None
    return f"{folder}/ may not include {name}: {other} is not among its neighbours"


def internal(folder, name):
    other = posixpath.dirname(name)
    if other not in NEIGHBOURS:
        return f'"{name}" is not written from src/ ("folder/file.h")'
    return neighbour(folder, other, name)


def system(folder, name):
    if name.startswith("tutela/"):
        header = name[len("tutela/"):-len(".h")]
        return neighbour(folder, FOLDER_OF_HEADER.get(header, header), name)
    for pattern, owners in RESERVED.items():
        if re.fullmatch(pattern, name) and folder not in owners:
            return f"<{name}> belongs to {', '.join(owners)}"
    return None


def check(tree):
    problems = []
    for path in tree.c_files:
        folder = folder_of(path)
        is_public = path.startswith("include/")
        if folder is None and not is_public:
            continue
        if folder is not None and folder not in NEIGHBOURS:
            problems.append(
                Problem(path, 0, f"src/{folder} is not in the table of tools/lintlib/layers.py"))
            continue
        text = tree.text(path)
        for match in INCLUDE.finditer(text):
            kind, name = match.groups()
            name = posixpath.normpath(name)
            if is_public:
                what = public_header(kind, name)
            elif kind == '"':
                what = internal(folder, name)
            else:
                what = system(folder, name)
            if what:
                problems.append(Problem(path, text.count("\n", 0, match.start()) + 1, what))
    return problems, []
