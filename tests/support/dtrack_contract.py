"""Dependency-Track's own document, where it is here: answers are compared with it. It is never in the tree."""
import os
import pathlib
import re
import warnings

try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = yaml = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTRACT = pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared")) / "data/contracts/dependency-track/openapi-v1.yaml"


def read():
    """The document; None: it is not here."""
    if not yaml or not CONTRACT.is_file():
        return None
    document = yaml.load(CONTRACT.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    # it has a finding's parts as maps of objects; what its service answers are members that are texts and numbers
    for part in document["components"]["schemas"]["Finding"]["properties"].values():
        part.pop("additionalProperties", None)
    drop_patterns(document)
    return document


def is_pattern(text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(text)
    except re.error:
        return False
    return True


def drop_patterns(node):
    """Patterns in Java's words (\\p{L}) are not Python's."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str) and not is_pattern(node["pattern"]):
            del node["pattern"]
        for each in node.values():
            drop_patterns(each)
    elif isinstance(node, list):
        for each in node:
            drop_patterns(each)


class Theirs:
    def __init__(self):
        self.document = read()
        if not self.document:
            print(f"# Dependency-Track's document is not here: {CONTRACT}")

    def check(self, kit, name, path, method, answer):
        if not self.document:
            return
        row = self.document["paths"][path.removeprefix("/api")][method]
        schema = row["responses"][str(answer.status)]["content"]["application/json"]["schema"]
        if schema == {"type": "string"}:  # FPF: no schema
            return
        errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in jsonschema.Draft202012Validator(
            schema, resolver=jsonschema.RefResolver("", self.document)).iter_errors(answer.json)]
        kit.check(f"{name}: as Dependency-Track's document has it", not errors, errors[:5])
