#!/usr/bin/env python3
"""Writes the schemas of CSAF as C tables. usage: csaf-schema.py OUTPUT CSAF-2.0 CSAF-2.1 EXTENSION

Each object of a schema becomes a shape: its members, sorted, with form, rule, words and limits
(src/csaf/schema.h). Patterns become rules, which are functions (src/csaf/text.c): a pattern that is
not in the table below ends the build. Objects of other schemas (CVSS, SSVC) are left to tests.
"""
import json
import pathlib
import re
import sys

# Beginnings of patterns, the longest first, with the rule that checks them.
PATTERNS = [
    (r"^(([A-Za-z]{2,3}(-[A-Za-z]{3}", "LANG"),
    (r"^(0|[1-9][0-9]*)$|^((0|[1-9]\d*)", "VERSION"),
    (r"^[\S](.*[\S])?$", "TRIMMED"),
    (r"^[^\s\-_\.](.*[^\s\-_\.])?$", "CATEGORY"),
    (r"^CVE-[0-9]{4}-[0-9]{4,}$", "CVE"),
    (r"^CWE-[1-9]\d{0,5}$", "CWE"),
    (r"^[1-9]\d*\.([0-9]|([1-9]\d+))(\.\d+)?$", "CWE_VERSION"),
    (r"^[0-9a-fA-F]{32,}$", "HASH"),
    (r"^[0-9a-f]{32,}$", "HASH_LOWER"),
    (r"^[0-9a-z][0-9a-z-]*$", "ALGORITHM"),
    (r"^pkg:[A-Za-z\.\-\+][A-Za-z0-9\.\-\+]*/.+", "PURL"),
    (r"^pkg:[a-z][a-z0-9\.\-]*\/.+", "PURL_LOWER"),
    (r"^(cpe:2\.3:[aho\*\-]", "CPE"),
    (r"^((cpe:2\.3:[aho\*\-]", "CPE"),
    (r"^(([0-9a-f]{8}-[0-9a-f]{4}-4", "UUID"),
    (r"^(([0]\.([0-9])+)|([1]\.[0]+))$", "FRACTION"),
]
FORMATS = {"uri": "URI", "date-time": "DATE"}
OF_OTHERS = {"content_schema_t": {"type": "string", "format": "uri"}}
# A document of 2.0 may name its schema, though that schema does not say so.
ADDED = {"2.0": {"$schema": {"type": "string", "format": "uri"}}}


def fail(what):
    raise SystemExit(f"csaf-schema.py: {what}")


def rule_of(node):
    pattern = node.get("pattern")
    if pattern is None:
        if node.get("format", "uri") not in FORMATS:
            fail(f"format {node['format']} has no rule")
        return FORMATS[node["format"]] if "format" in node and "enum" not in node else "TEXT"
    for start, rule in PATTERNS:
        if pattern.startswith(start):
            return rule
    return fail(f"no rule for the pattern {pattern}")


class Schema:
    def __init__(self, prefix, path, added):
        self.prefix = prefix
        self.root = json.loads(path.read_text(encoding="utf-8"))
        self.root["properties"].update(added)
        self.shapes = {}  # name: text, in the order in which they were finished
        self.names = {}  # place of an object: name

    def resolve(self, node, place):
        """Follow references; the place of what is found names it."""
        while "$ref" in node:
            target = node["$ref"]
            name = target.rsplit("/", 1)[-1]
            if not target.startswith("#/$defs/"):
                return OF_OTHERS.get(name, {}), place
            node, place = self.root["$defs"][name], name
        return node, place

    def shape(self, node, place):
        """The name of the table of an object."""
        if place in self.names:
            return self.names[place]
        name = self.prefix + re.sub(r"[^a-z0-9]+", "_", re.sub(r"_t\b", "", place).lower())
        self.names[place] = name
        required = node.get("required", [])
        fields = [self.field(key, value, f"{place}_{key}", key in required)
                  for key, value in sorted(node["properties"].items())]
        limits = f"{node.get('minProperties', 0)}, {node.get('maxProperties', 0)}"
        self.shapes[name] = (
            f"static const struct tu_csaf_field {name}_fields[] = {{\n" + "".join(fields) + "};\n"
            f"static const struct tu_csaf_shape {name} = {{\n\t{name}_fields, "
            f"{len(fields)}, {limits}}};\n")
        return name

    def field(self, key, node, place, required):
        node, place = self.resolve(node, place)
        parts = [f'.name = "{key}"', f".required = {str(required).lower()}"]
        many = node.get("type") == "array"
        if many:
            parts += [f".least = {node.get('minItems', 0)}",
                      f".unique = {str(node.get('uniqueItems', False)).lower()}"]
            free_items = "$ref" in node["items"] and not node["items"]["$ref"].startswith("#")
            node, place = self.resolve(node["items"], place + "_item")
            if free_items:
                return self.row(parts[:2] + [".form = TU_CSAF_FREE"])
        if node.get("type") == "string":
            parts.append(f".form = TU_CSAF_TEXT{'S' if many else '_ONE'}")
            parts.append(f".rule = TU_CSAF_{rule_of(node)}")
            if "enum" in node:
                parts.append(f'.words = "{" ".join(node["enum"])}"')
        elif node.get("type") == "object" and node.get("properties"):
            parts.append(f".form = TU_CSAF_OBJECT{'S' if many else ''}")
            parts.append(f".shape = &{self.shape(node, place)}")
        else:
            parts.append(".form = TU_CSAF_FREE")
        return self.row(parts)

    @staticmethod
    def row(parts):
        return "\t{" + ", ".join(parts) + "},\n"

    def text(self):
        root = self.shape(self.root, "root")
        declared = "".join(f"static const struct tu_csaf_shape {name};\n" for name in self.shapes)
        return (declared + "".join(self.shapes.values())
                + f"const struct tu_csaf_shape *const tu_csaf_schema_{self.prefix.strip('v_')}"
                  f" = &{root};\n")


def main():
    output, *files = map(pathlib.Path, sys.argv[1:])
    text = '#include "csaf/schema.h"\n'
    for (prefix, version), path in zip((("v20_", "2.0"), ("v21_", "2.1"), ("extension_", "")),
                                       files):
        text += Schema(prefix, path, ADDED.get(version, {})).text()
    output.write_text(text, encoding="ascii")


main()
