#!/usr/bin/env python3
"""The order of Maven versions against Maven's own program, on 20,000 pairs of made-up versions.

usage: maven_order.py [PROGRAM]

Needs a JDK and maven-artifact of Maven 3.9 (TUTELA_MAVEN_ARTIFACT, or the local repository of
Maven: mvn dependency:get -Dartifact=org.apache.maven:maven-artifact:3.9.11). Skipped without them.
"""
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

from kit import Case, Suite, run, skip

PAIRS = 20000

PROGRAM = """
import java.io.*;
import org.apache.maven.artifact.versioning.ComparableVersion;
public class Order {
    public static void main(String[] a) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        StringBuilder out = new StringBuilder();
        for (String line; (line = in.readLine()) != null;) {
            String[] p = line.split("\\t", -1);
            int c = new ComparableVersion(p[0]).compareTo(new ComparableVersion(p[1]));
            out.append(c < 0 ? "<" : c > 0 ? ">" : "=").append('\\n');
        }
        System.out.print(out);
    }
}
"""

NUMBERS = ["0", "1", "2", "10", "00", "007", "3", "4294967296", "12345678901234567890", "20240101"]
WORDS = ["alpha", "a", "beta", "b", "milestone", "m", "rc", "RC", "cr", "snapshot", "SNAPSHOT",
         "ga", "GA", "final", "Final", "release", "RELEASE", "sp", "SP", "redhat", "jre", "x",
         "pre", "v", "android", "incubating", "jenkins", "fuse", "1e", "b01-jdk7"]


def version(rng):
    text = rng.choice(["1", "2.0", "1.2.3", "3.2.0", "1.7.0", "4.1.108", "0", rng.choice(WORDS)])
    for _ in range(rng.randrange(5)):
        text += rng.choice([".", "-", ".", "-", "", "--", ".-", "-."])
        text += rng.choice(WORDS if rng.random() < 0.55 else NUMBERS)
    return text + rng.choice([""] * 12 + [".", "-", "-0", ".0"])


def near(rng, text):
    """A version that differs from another only a little."""
    if rng.random() < 0.2:
        return version(rng)
    cut = rng.randrange(1, len(text) + 1)
    tail = rng.choice(["", ".", "-", ".0", "-0", ".Final", "-redhat-1", "1", "-1", ".1", "-rc", "sp",
                       "-SNAPSHOT", "-ga-1", ".ga.1", ".redhat-00001", "-m-2", "a", "x"])
    return text[:cut] + tail + (text[cut:] if rng.random() < 0.5 else "")


def pairs():
    rng = random.Random(9)
    while True:
        one = version(rng)
        yield one, near(rng, one)


def artifact():
    """The jar of Maven 3.9's artifact library, or None."""
    named = os.environ.get("TUTELA_MAVEN_ARTIFACT")
    folder = pathlib.Path.home() / ".m2/repository/org/apache/maven/maven-artifact"
    jars = [folder / v.name / f"maven-artifact-{v.name}.jar" for v in folder.glob("3.9.*")]
    return named or next((str(jar) for jar in sorted(jars) if jar.is_file()), None)


def maven_orders(jar, lines):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "Order.java"
        source.write_text(PROGRAM, encoding="utf-8")
        done = subprocess.run(["java", "-cp", jar, str(source)], input="\n".join(lines) + "\n",
                              capture_output=True, text=True, check=True, timeout=300)
    return done.stdout.split()


def main():
    jar = artifact()
    if shutil.which("javac") is None or jar is None:
        return skip("needs a JDK and maven-artifact 3.9 (see the head of the script)")
    source = pairs()
    lines = [f"{a}\t{b}" for a, b in (next(source) for _ in range(PAIRS))]
    orders = maven_orders(jar, lines)
    if len(orders) != len(lines):
        raise RuntimeError(f"Maven answered {len(orders)} of {len(lines)}")
    cases = {line: Case(line.replace("\t", " | "), line, order)
             for line, order in zip(lines, orders)}
    return run([Suite("maven-order", ["version", "compare", "maven", "-"], list(cases.values()))])


if __name__ == "__main__":
    sys.exit(main())
