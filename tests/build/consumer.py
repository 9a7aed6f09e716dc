#!/usr/bin/env python3
"""libtutela as it is installed serves another program: by pkg-config, shared and static, C and C++.

Prints TAP. Installs into a folder below the build folder (TUTELA_BUILD).
"""
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build"))
STAGE = BUILD / "stage"
HERE = ROOT / "tests" / "consumer"
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]


class Failed(Exception):
    pass


def run(*command, **env):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False,
                          env={**os.environ, **{key: str(value) for key, value in env.items()}})
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command))}: {done.stdout}{done.stderr}")
    return done.stdout


def install():
    shutil.rmtree(STAGE, ignore_errors=True)
    run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", STAGE)
    [found] = STAGE.glob("**/pkgconfig/tutela.pc")
    return found.parent


def flags(folder, *more):
    return run("pkg-config", "--cflags", "--libs", *more, "tutela",
               PKG_CONFIG_PATH=folder, PKG_CONFIG_SYSROOT_DIR=STAGE).split()


def shared_c(folder):
    program = STAGE / "consumer-c"
    run("cc", *STRICT, "-std=c17", HERE / "consumer.c", "-o", program, *flags(folder))
    return run(program, LD_LIBRARY_PATH=folder.parent) == "pkg:pypi/django@4.2\n"


def shared_cxx(folder):
    program = STAGE / "consumer-cxx"
    run("c++", *STRICT, "-std=c++17", HERE / "consumer.cc", "-o", program, *flags(folder))
    return run(program, LD_LIBRARY_PATH=folder.parent).startswith("2 ")


def static_c(folder):
    """libtutela.a among shared libraries: Debian has no static ones of all that they need."""
    program = STAGE / "consumer-static"
    needed = run("pkg-config", "--print-requires-private", "tutela", PKG_CONFIG_PATH=folder)
    words = [folder.parent / "libtutela.a" if word == "-ltutela" else word
             for word in flags(folder)]
    words += run("pkg-config", "--libs", *(line.split()[0] for line in needed.splitlines())).split()
    words.append("-lstdc++")
    run("cc", *STRICT, "-std=c17", HERE / "consumer.c", "-o", program, *words)
    return run(program) == "pkg:pypi/django@4.2\n"


def manual(_):
    return not shutil.which("scdoc") or len(list(STAGE.glob("**/man1/tutela*.1"))) >= 7


CASES = [
    ("C, shared library", shared_c),
    ("C++, shared library", shared_cxx),
    ("C, static library", static_c),
    ("manual pages are installed", manual),
]


def main():
    try:
        folder = install()
    except (Failed, ValueError) as problem:
        print(f"not ok 1 - meson install\n# {problem}\n1..1")
        return 1
    failed = 0
    for number, (name, case) in enumerate(CASES, 1):
        try:
            fine, words = case(folder), "unexpected output"
        except Failed as problem:
            fine, words = False, str(problem)
        failed += not fine
        print(f"{'ok' if fine else 'not ok'} {number} - {name}")
        if not fine:
            print("".join(f"# {line}\n" for line in words.splitlines()[:40]), end="")
    print(f"1..{len(CASES)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
