"""A third party's OpenAPI document, and what is wrong with an answer by it.

The documents are in the data that tests share and no part of this tree. Where they are absent nothing is found to be wrong, and
`skip` says so.
"""
import json
import os
import pathlib
import re

import yaml

try:
    import jsonschema
except ImportError:
    jsonschema = None

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared")) / "data" / "contracts"


class Contract:
    def __init__(self, name):
        self.folder = SHARED / name
        path = self.folder / "openapi.yaml"
        self.skip = "" if path.is_file() and jsonschema else f" # SKIP no {name}/openapi.yaml in the shared data (set TUTELA_SHARED)"
        self.document = {"paths": {}}
        if not self.skip:  # dates stay texts
            self.document = json.loads(json.dumps(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)))
            self.document = numbers(self.document)
        self.routes = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", each)), each) for each in self.document["paths"]]
        self.seen = set()

    def resolve(self, node):
        while "$ref" in node:
            at = self.document
            for step in node["$ref"][2:].split("/"):
                at = at[step]
            node = at
        return node

    def errors(self, schema, body):
        validator = jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver("", self.document))
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validator.iter_errors(body)]

    def operation(self, method, path):
        """Words before values."""
        fits = [template for pattern, template in self.routes if pattern.fullmatch(path)]
        fits = [each for each in fits if method.lower() in self.document["paths"][each]]
        return self.document["paths"][min(fits, key=lambda each: each.count("{"))][method.lower()] if fits else None

    def wrong(self, method, path, status, body):
        """What the document does not say of an answer; `body` is its JSON, None for any other."""
        row = self.operation(method, path)
        if self.skip or row is None or status in (401, 403, 414):
            return []
        answer = row["responses"].get(str(status))
        if answer is None:
            return [f"{row['operationId']}: {status} is not documented"]
        self.seen.add((row["operationId"], status))
        content = self.resolve(answer).get("content", {})
        if "application/json" not in content or body is None:
            return [f"{row['operationId']}: {status}: no JSON"]
        return self.errors(content["application/json"].get("schema", {}), body)

    def well_known_wrong(self, body):
        """By the JSON schema beside it."""
        paths = [] if self.skip else sorted(self.folder.glob("*.schema.json"))
        return [error.message for path in paths for error in
                jsonschema.Draft7Validator(json.loads(path.read_text(encoding="utf-8"))).iter_errors(body)]


def numbers(node, key=None):
    """YAML's scalars as JSON Schema wants them: those of the words that take numbers or yes and no."""
    if isinstance(node, dict):
        return {name: numbers(each, name) for name, each in node.items()}
    if isinstance(node, list):
        return [numbers(each) for each in node]
    if key in ("additionalProperties", "required", "explode") and node in ("true", "false"):
        return node == "true"
    if key in ("minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength") and re.fullmatch(r"-?[\d.]+", node):
        return float(node) if "." in node else int(node)
    return node
