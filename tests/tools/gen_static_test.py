#!/usr/bin/env python3
"""tools/gen-static: the same bytes each time, and what it refuses. The table itself is used by tests/http."""
import pathlib
import subprocess
import sys
import tempfile

GENERATOR = pathlib.Path(__file__).resolve().parents[2] / "tools/gen-static"


def generate(files):
    """The C text, or the message of the refusal."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, output = pathlib.Path(scratch, "web"), pathlib.Path(scratch, "out.c")
        folder.mkdir()
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        done = subprocess.run([sys.executable, GENERATOR, folder, output, "files"], capture_output=True, text=True,
                              check=False)
        return output.read_text(encoding="ascii") if done.returncode == 0 else done.stderr


def row_of(text, name):
    return next(line for line in text.splitlines() if f'{{"{name}"' in line)


def main():
    files = {"b.html": b"<p>" * 100, "a.js": b"1", "assets/x-1.css": b"p {}" * 50, "z.png": bytes(range(256))}
    text = generate(files)
    names = [line.split('"')[1] for line in text.splitlines() if line.startswith('\t{"')]
    cases = [
        ("the same files make the same bytes", text == generate(dict(reversed(files.items())))),
        ("rows are sorted by name", names == ["/a.js", "/assets/x-1.css", "/b.html", "/z.png"]),
        ("what gets smaller is compressed", row_of(text, "/b.html").endswith("true, false},")),
        ("what does not is left", row_of(text, "/a.js").endswith("1}, false, false},")),
        ("assets are kept for ever", row_of(text, "/assets/x-1.css").endswith("true, true},")),
        ("an unknown type is refused", "no type is known for .exe" in generate({"a.exe": b"x"})),
        ("no type at all is refused", "without a suffix" in generate({"LICENSE": b"x"})),
        ("a name that must be encoded is refused", "letters, digits" in generate({"a b.js": b"x"})),
        ("an empty folder is refused", "no files" in generate({})),
    ]
    for number, (name, good) in enumerate(cases, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
    print(f"1..{len(cases)}")
    return 0 if all(good for _, good in cases) else 1


if __name__ == "__main__":
    sys.exit(main())
