#!/usr/bin/env python3
"""tests/tables/http-guard.tsv against the running server, with raw sockets.

Each row is sent as it is in one piece, and again byte by byte in its first part, so that the server
sees lines that are not complete yet.

usage: guard.py PROGRAM
"""
import os
import re
import socket
import sys

from wire import Ended, Reader, Server, Tap

TABLE = os.path.join(os.path.dirname(__file__), "../tables/http-guard.tsv")
ESCAPES = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\"}


def unescape(text):
    out = b""
    for part in re.findall(r"\\x[0-9a-f]{2}|\\.|[^\\]", text):
        if part.startswith("\\x"):
            out += bytes.fromhex(part[2:])
        elif part.startswith("\\"):
            out += ESCAPES[part[1]]
        else:
            out += part.encode()
    return out


def expand(text):
    text = re.sub(r"\{(\d+)\*([^}]*)\}", lambda m: m.group(2) * int(m.group(1)), text)
    return unescape(text.replace("HOST", r"Host: localhost\r\n").replace("END", r"\r\n"))


def rows():
    with open(TABLE, encoding="utf-8") as table:
        for number, line in enumerate(table, 1):
            if line.strip() and not line.startswith("#"):
                expected, raw = line.rstrip("\n").split("\t", 1)
                yield number, expected, raw


def send(sock, raw, slowly):
    try:
        if slowly:
            for i in range(min(len(raw), 200)):
                sock.sendall(raw[i:i + 1])
            raw = raw[200:]
        sock.sendall(raw)
    except (BrokenPipeError, ConnectionResetError):
        pass


def statuses(server, raw, count, slowly, library):
    """The statuses of up to `count` answers, and whether the connection ended after them. `library`:
    libmicrohttpd's own answer, after which its remains come."""
    sock = server.connect()
    got = []
    reader = Reader(sock)
    try:
        send(sock, raw, slowly)
        while len(got) < count:
            got.append(str(reader.answer(raw.startswith(b"HEAD")).status))
        sock.settimeout(0.2 if not slowly else 0.05)
        try:
            while library:
                reader.more()
            return got, reader.is_at_end()
        except socket.timeout:
            return got, False
    except Ended:
        return got, True
    finally:
        sock.close()


def judge(server, expected, raw, slowly):
    rows = [(row.strip("!~-").split(), row[0] in "!~-") for row in expected.split("|")]
    got, ended = statuses(server, raw, max(len(rows[0][0]), 1), slowly, expected[0] == "~")
    return (any(got == wanted and (ended or not closes) for wanted, closes in rows),
            f"{' '.join(got) or 'no answer'}, ended: {ended}")


def main():
    tap = Tap()
    with Server("--per-address", "60000") as server:
        for number, expected, text in rows():
            raw = expand(text)
            for slowly in (False, True):
                good, detail = judge(server, expected, raw, slowly)
                tap.check(good, f"line {number}{', slowly' if slowly else ''}: {expected} {text[:70]}", detail)
    tap.end()


if __name__ == "__main__":
    sys.exit(main())
