#!/usr/bin/env python3
"""Writes text files as C arrays. usage: embed-text.py OUTPUT FILE...

FILE a-b.tsv becomes `const char tu_text_a_b[]` and `const size_t tu_text_a_b_len`.
"""
import pathlib
import sys


def array(path):
    data = path.read_bytes()
    name = "tu_text_" + path.stem.replace("-", "_")
    yield f"extern const char {name}[];\nextern const size_t {name}_len;\n"
    yield f"const size_t {name}_len = {len(data)};\nconst char {name}[] = {{\n"
    for at in range(0, len(data), 24):
        yield ",".join(str(byte if byte < 128 else byte - 256) for byte in data[at:at + 24]) + ",\n"
    yield "0};\n"


def main():
    output, *files = map(pathlib.Path, sys.argv[1:])
    text = "#include <stddef.h>\n" + "".join(part for file in files for part in array(file))
    output.write_text(text, encoding="ascii")


main()
