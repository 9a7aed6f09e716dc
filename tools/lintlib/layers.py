"""Include direction: a file may include only what stands above its own layer."""
import posixpath
import re

from .tree import Problem

# docs/architecture.md draws this. A folder under src/ that is not here is a fault.
LAYERS = [
    "base",
    "version",
    "ident",
    "sbom",
    "advisory",
    "kb",
    "match",
    "score",
    "vex",
    "threat",
    "device",
    "clock",
    "assess",
    "ledger",
    "sign",
    # libtutela ends here: no sockets, no SQL, no wall clock, no globals
    "case",
    "store",
    "feed",
    "http",
    "api",
    "fleet",
    "report",
    "cli",
]

# System headers that one layer alone may see: the rest of the tree goes through that layer.
RESERVED = {
    r"simdjson\.h": ("base",),
    r"(zlib|zstd|archive|archive_entry)\.h": ("base",),
    r"expat\.h": ("base",),
    r"yaml\.h": ("base", "sbom"),
    r"openssl/.*": ("base", "sign", "http"),
    r"(sqlite3|libpq-fe)\.h": ("store",),
    r"curl/.*": ("feed",),
    r"microhttpd\.h": ("http",),
    r"(sys/socket|netinet/.*|arpa/inet|netdb)\.h": ("http", "feed", "fleet"),
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def layer_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def public_header(kind, name):
    """Public headers include public headers and the standard library only."""
    if kind == '"' or not (name.startswith("tutela/") or re.fullmatch(r"std\w+\.h|string\.h", name)):
        return f"a public header includes {name}"
    return None


def internal(layer, name):
    other = name.split("/")[0]
    if "/" not in name or other not in LAYERS:
        return f'"{name}" is not written from src/ ("layer/file.h")'
    if LAYERS.index(other) > LAYERS.index(layer):
        return f"{layer}/ includes {name}, which stands below it"
    return None


def reserved(layer, name):
    for pattern, owners in RESERVED.items():
        if re.fullmatch(pattern, name) and layer not in owners:
            return f"<{name}> belongs to {', '.join(owners)}"
    return None


def check(tree):
    problems = []
    for path in tree.c_files:
        layer = layer_of(path)
        is_public = path.startswith("include/")
        if layer is None and not is_public:
            continue
        if layer is not None and layer not in LAYERS:
            problems.append(Problem(path, 0, f"src/{layer} is no layer of tools/lintlib/layers.py"))
            continue
        text = tree.text(path)
        for match in INCLUDE.finditer(text):
            kind, name = match.groups()
            name = posixpath.normpath(name)
            if is_public:
                what = public_header(kind, name)
            elif kind == '"':
                what = internal(layer, name)
            else:
                what = reserved(layer, name)
            if what:
                problems.append(Problem(path, text.count("\n", 0, match.start()) + 1, what))
    return problems, []
