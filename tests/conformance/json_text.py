#!/usr/bin/env python3
"""The JSON reader against Python's, over generated and damaged documents.

usage: json_text.py DRIVER

DRIVER is build/tests/drivers/json_driver. Both must refuse the same documents, and read the same
from the others: values, the order of members and duplicate keys, doubles to the last bit. Where we
are narrower on purpose the expectation says so: a number that 64 bits cannot hold is a limit, half a
surrogate pair is no text. Prints TAP: one line a kind of document.
"""
import importlib
import os
import random
import subprocess
import sys

# This file has the name of the module that it needs: look elsewhere first.
sys.path = [path for path in sys.path
            if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]
json = importlib.import_module("json")

SEED = 20260101
BYTES = b'{}[]:,"\\/ \t\n\r0123456789+-.eEtrufalsn\x00\x1f\x7f\x80\xbf\xc3\xe2\xed\xff'
TOKENS = [b"null", b"true", b"false", b"{", b"}", b"[", b"]", b",", b":", b'"a"', b'""', b"0", b"-1",
          b"1.5", b"1e3", b"-", b".", b"e", b'"\\u0000"', b'"\\ud83c\\udfe5"', b'"\\ud83c"', b" ", b"\n",
          b"01", b"1.", b"NaN", b"'a'", b"18446744073709551615", b"18446744073709551616", b"1e309",
          b"\xef\xbb\xbf"]


# ---- documents ----


def text(dice):
    alphabet = ["a", "é", "€", "🏥", "\n", '"', "\\", "\x00", "\x1f", "\x7f", "\u2028", "\uffff", "/", " "]
    return "".join(dice.choice(alphabet) for _ in range(dice.randrange(8)))


def number(dice):
    kind = dice.randrange(6)
    if kind == 0:
        return str(dice.randrange(-100, 100))
    if kind == 1:
        return str(dice.choice([1, -1]) * dice.getrandbits(dice.randrange(1, 66)))
    if kind == 2:
        return repr(dice.random() * 10.0 ** dice.randrange(-300, 300))
    if kind == 3:
        return "%de%+d" % (dice.getrandbits(70), dice.randrange(-400, 400))
    if kind == 4:
        return "%d.%0*de%d" % (dice.getrandbits(8), dice.randrange(1, 40), dice.getrandbits(60),
                               dice.randrange(-320, 312))
    return dice.choice(["0", "-0", "0.0", "-0.0", "1E5", "5e-324", "1.7976931348623157e308",
                        "1.7976931348623158e308", "1.7976931348623159e308", "2.2250738585072011e-308",
                        "9223372036854775807", "-9223372036854775808", "18446744073709551615",
                        "9007199254740993", "0.1", "1e23", "8.41e21", "9.007199254740993e15"])


def value(dice, depth):
    kind = dice.randrange(9 if depth else 6)
    if kind < 2:
        return number(dice)
    if kind < 4:
        return json.dumps(text(dice), ensure_ascii=dice.random() < 0.5)
    if kind < 6:
        return dice.choice(["null", "true", "false"])
    blank = dice.choice(["", "", " ", "\n\t", "\r\n"])
    parts = [value(dice, depth - 1) for _ in range(dice.randrange(5))]
    if kind == 6:
        return "[" + blank + (blank + "," + blank).join(parts) + blank + "]"
    keys = [json.dumps(dice.choice(["", "a", "b", "é", text(dice)])) for _ in parts]
    return "{" + (blank + "," + blank).join(k + blank + ":" + p for k, p in zip(keys, parts)) + "}"


def generated(dice):
    return value(dice, 5).encode()


def damaged(dice):
    document = bytearray(value(dice, 4).encode())
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(len(document) + 1)
        kind = dice.randrange(4)
        if kind == 0:
            document[at:at + 1] = bytes([dice.choice(BYTES)])
        elif kind == 1:
            document[at:at] = bytes([dice.choice(BYTES)])
        elif kind == 2:
            del document[at:at + dice.randrange(1, 4)]
        else:
            document = document[:at]
    return bytes(document)


def tokens(dice):
    return b"".join(dice.choice(TOKENS) for _ in range(dice.randrange(9)))


def numbers(dice):
    return number(dice).encode()


# ---- judging ----


class Beyond(Exception):
    """A number that 64 bits cannot hold."""


class Members(list):
    """An object, in its order and with its duplicates."""


def integer(digits):
    found = int(digits)
    if not -2 ** 63 <= found < 2 ** 64:
        raise Beyond
    return found


def fraction(digits):
    found = float(digits)
    if found in (float("inf"), float("-inf")):
        raise Beyond
    return found


def refuse_constant(name):
    raise ValueError(name)


def read(document):
    """(word, value) as the reader must answer."""
    try:
        decoded = document.decode("utf-8")
        if decoded.startswith("\ufeff"):
            decoded = decoded[1:]
        found = json.loads(decoded, parse_int=integer, parse_float=fraction,
                           parse_constant=refuse_constant, object_pairs_hook=Members)
        repr(found).encode("utf-8")
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (Beyond, UnicodeDecodeError):
        return "refused", None
    except UnicodeEncodeError:
        return "syntax", None  # half a surrogate pair
    except ValueError:
        return "syntax", None
    return "ok", found


def same(a, b):
    """Equal in type, order and to the last bit of a double."""
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float):
        return a.hex() == b.hex()
    return a == b


def agrees(document, answer):
    word, expected = read(document)
    said, _, rest = answer.partition(" ")
    if word == "refused":  # of two faults in a document, Python and we may name different ones
        return said in ("limit", "syntax")
    if said != word:
        return False
    return word != "ok" or same(expected, json.loads(rest, object_pairs_hook=Members))


KINDS = [("generated documents", generated, 4000), ("damaged documents", damaged, 12000),
         ("rows of tokens", tokens, 12000), ("numbers", numbers, 12000)]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    failed = 0
    for n, (name, make, count) in enumerate(KINDS, 1):
        dice = random.Random(SEED + n)
        documents = [make(dice) for _ in range(count)]
        done = subprocess.run([sys.argv[1]], input="".join(d.hex() + "\n" for d in documents).encode(),
                              stdout=subprocess.PIPE, check=True)
        answers = done.stdout.decode("utf-8").split("\n")[:-1]
        wrong = [(d, a) for d, a in zip(documents, answers) if not agrees(d, a)]
        fine = not wrong and len(answers) == count
        failed += not fine
        taken = sum(a.startswith("ok") for a in answers)
        print(f"{'ok' if fine else 'not ok'} {n} - {name}: {count - len(wrong)} of {count}, {taken} taken")
        for document, answer in wrong[:5]:
            print(f"# {document!r}: {answer[:200]}, not {read(document)}")
    print(f"1..{len(KINDS)}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
