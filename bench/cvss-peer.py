#!/usr/bin/env python3
"""Read and score CVSS vectors with Python's library `cvss`, for bench/run.

usage: bench-cvss --list | cvss-peer.py FOLDER      (FOLDER: where pip put the library)

Standard input has a line for each vector: version, kind, vector, our score. A line is printed for each version and kind:
version, kind, vectors, seconds of processor time, vectors whose score is ours.
"""
import collections
import sys
import time

sys.path.insert(0, sys.argv[1])
import cvss  # noqa: E402  pylint: disable=wrong-import-position,import-error

CLASSES = {"2.0": cvss.CVSS2, "3.0": cvss.CVSS3, "3.1": cvss.CVSS3, "4.0": cvss.CVSS4}


def overall(kind, scores):
    """The score that the vector's metrics give: of 3.1, the library makes an environmental one of base metrics, too."""
    return float(scores[0] if kind == "base" else [score for score in scores if score is not None][-1])


def main():
    groups = collections.defaultdict(list)
    for line in sys.stdin:
        version, kind, vector, score = line.rstrip("\n").split("\t")
        groups[(version, kind)].append((vector, float(score)))
    for (version, kind), vectors in groups.items():
        read = CLASSES[version]
        start = time.process_time()
        theirs = [read(vector).scores() for vector, _ in vectors]
        took = time.process_time() - start
        same = sum(overall(kind, scores) == score for scores, (_, score) in zip(theirs, vectors))
        print(version, kind, len(vectors), f"{took:.6f}", same, sep="\t")


if __name__ == "__main__":
    main()
