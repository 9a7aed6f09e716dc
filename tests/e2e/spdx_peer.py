#!/usr/bin/env python3
"""SPDX that is written, judged by its makers' tools: pyspdxtools (PyPI spdx-tools 0.8.5) for SPDX
2.3, JSON and tag-value, and the Java tools (Maven org.spdx:tools-java 2.0.1) for SPDX 2.3 JSON and
SPDX 3.0.1.

usage: spdx_peer.py [PROGRAM]

Only in a long run (TUTELA_LONG). The tools are installed with pip and Maven into the build folder
(TUTELA_BUILD), once; what cannot be installed is skipped with a line that says so. Documents: ours,
and a sample of the shared corpus. Prints TAP: one line a document and tool. What a tool says that is
its own fault is in KNOWN, with the reason.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("TUTELA_BUILD", ROOT / "build")).resolve()
SHARED = pathlib.Path(os.environ.get("TUTELA_SHARED", ROOT.parent / "shared")) / "data" / "sbom"
OWN = sorted((ROOT / "tests" / "golden" / "sbom").glob("*.json")) + sorted(
    (ROOT / "tests" / "golden" / "sbom_write").glob("*.json"))
EVERY, BYTES = 4, 128 * 1024
INSTALL_SECONDS, SECONDS = 600, 5400

TARGETS = {"spdx-2.3-json": "spdx.json", "spdx-2.3-tv": "spdx", "spdx-3.0.1-json": "jsonld"}

# Words of a complaint, and why it is none of ours.
KNOWN = {
    r"Unrecognized license reference: \S+\+": "pyspdxtools does not know the operator + of annex D",
    r"BLAKE3 must consist of at least 256 ": "pyspdxtools takes the 256 bits of BLAKE3 for digits",
    r"is deprecated": "a warning: deprecated ids without an exact successor stay valid",
    r"Invalid download location (\w+\+)?\w+://[\w.-]+\.[a-z]{6,}(:\d+)?(/\S*)?\. Must match":
        "tools-java knows top-level domains of up to five letters only",
    r"\(Unknown license Artistic-dist\.": "the list of tools-java 2.0.1 is older than this id",
    r"TIMEOUT": "the tool takes more than a minute of processor time",
}

PYTHON = """
import logging, re, signal, sys
logging.disable(logging.CRITICAL)
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
def late(*_):
    raise TimeoutError
signal.signal(signal.SIGPROF, late)
for path in sys.argv[1:]:
    signal.setitimer(signal.ITIMER_PROF, 60)
    try:
        found = [m.validation_message for m in validate_full_spdx_document(parse_file(path))]
    except TimeoutError:
        found = ["TIMEOUT"]
    except Exception as problem:
        found = [f"{type(problem).__name__} {problem}"]
    signal.setitimer(signal.ITIMER_PROF, 0)
    print(path, " ;; ".join(re.sub(r"\\s+", " ", one) for one in found), sep="\\t", flush=True)
"""

# The steps of their program Verify through its own parts; its schema of SPDX 3 takes seconds to be made ready, which
# it does for each document anew, and this once.
JAVA = """
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.*;
import java.io.*;
import java.nio.file.*;
import java.util.*;
import org.spdx.core.CoreModelObject;
import org.spdx.tools.SpdxToolsHelper;
import org.spdx.tools.SpdxToolsHelper.SerFileType;

public class SpdxVerify {
    static final Map<SerFileType, JsonSchema> SCHEMAS = new HashMap<>();

    static JsonSchema schema(SerFileType type) {
        String version = type == SerFileType.JSONLD ? "3.0.1" : "2.3";
        InputStream text = SpdxToolsHelper.class.getResourceAsStream("/resources/spdx-schema-v" + version + ".json");
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(Objects.requireNonNull(text));
    }

    static List<String> verify(SerFileType type, File file) throws Exception {
        CoreModelObject document = SpdxToolsHelper.readDocumentFromFile(SpdxToolsHelper.fileTypeToStore(type), file);
        List<String> found = new ArrayList<>();
        for (ValidationMessage one : SCHEMAS.computeIfAbsent(type, SpdxVerify::schema).validate(new ObjectMapper().readTree(file)))
            found.add(one.toString());
        found.addAll(document.verify(document.getSpecVersion()));
        return found;
    }

    public static void main(String[] lists) throws Exception {
        SpdxToolsHelper.initialize();
        for (String line : Files.readAllLines(Paths.get(lists[0]))) {
            String[] part = line.split("\\t");
            List<String> found;
            try {
                found = verify(SerFileType.valueOf(part[0]), new File(part[1]));
            } catch (Throwable problem) {
                Throwable cause = problem;
                while (cause.getCause() != null) cause = cause.getCause();
                found = List.of(problem.getClass().getName() + " " + problem.getMessage() + " (" +
                    cause.getMessage() + ")");
            }
            System.out.println(part[1] + "\\t" + String.join(" ;; ", found).replaceAll("\\\\s+", " "));
        }
    }
}
"""

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>peer</groupId><artifactId>peer</artifactId><version>1</version><dependencies><dependency>
<groupId>org.spdx</groupId><artifactId>tools-java</artifactId><version>2.0.1</version>
</dependency></dependencies></project>
"""


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def line(self, fine, words):
        self.count += 1
        self.failed += not fine
        print(f"{'ok' if fine else 'not ok'} {self.count} - {words}", flush=True)


def quiet(command, cwd=None, seconds=INSTALL_SECONDS):
    try:
        return subprocess.run(command, cwd=cwd, capture_output=True, timeout=seconds,
                              check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def python_tools():
    """The interpreter that has pyspdxtools, or why there is none."""
    folder = BUILD / "spdx-peer" / "venv"
    python = folder / "bin" / "python"
    if python.is_file() and quiet([python, "-c", "import spdx_tools"]):
        return python, ""
    if not quiet([sys.executable, "-m", "venv", folder]):
        return None, "no venv"
    if not quiet([python, "-m", "pip", "install", "-q", "spdx-tools==0.8.5"]):
        return None, "pip cannot install spdx-tools"
    return python, ""


def java_tools():
    """The class path of the Java tools, or why there is none."""
    folder = BUILD / "spdx-peer" / "java"
    if not shutil.which("java"):
        return None, "no java"
    if not any(folder.glob("lib/tools-java-*.jar")):
        if not shutil.which("mvn"):
            return None, "no mvn"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pom.xml").write_text(POM, encoding="utf-8")
        if not quiet(["mvn", "-q", "-B", "dependency:copy-dependencies",
                      "-DoutputDirectory=lib"], cwd=folder):
            return None, "Maven cannot fetch tools-java"
    (folder / "SpdxVerify.java").write_text(JAVA, encoding="utf-8")
    return folder, ""


def sources():
    """Ours, and a sample of the corpus."""
    manifest = SHARED / "manifest.tsv"
    if not manifest.is_file():
        return OWN
    rows = [line.split("\t")[0] for line in manifest.read_text(encoding="utf-8").splitlines()[1:]]
    paths = [SHARED / row for row in sorted(rows)]
    return OWN + [path for path in paths if path.stat().st_size <= BYTES][::EVERY]


def written(program, folder):
    """{target: {path: name of the source}} of what can be read and written."""
    found = {target: {} for target in TARGETS}
    for number, source in enumerate(sources()):
        for target, suffix in TARGETS.items():
            path = folder / f"{number}.{suffix}"
            if quiet([program, "sbom", "convert", source, "--to", target, "-o", path], seconds=60):
                found[target][str(path)] = source.name
    return found


def answers(command, cwd=None):
    """{path: complaints} of a tool's lines; those that it came to, when it takes too long."""
    try:
        out = subprocess.run(command, cwd=cwd, capture_output=True, timeout=SECONDS, check=False).stdout
    except subprocess.TimeoutExpired as late:
        out = late.stdout or b""
    rows = (line.partition("\t") for line in out.decode(errors="replace").splitlines())
    return {path: [one for one in words.split(" ;; ") if one] for path, tab, words in rows if tab}


def by_python(python, paths):
    return answers([python, "-c", PYTHON, *paths])


def by_java(folder, kinds):
    listed = folder / "list.tsv"
    listed.write_text("".join(f"{kind}\t{path}\n" for path, kind in kinds.items()),
                      encoding="utf-8")
    return answers(["java", "-Xmx2g", "-Dorg.spdx.useJARLicenseInfoOnly=true", "-cp", "lib/*",
                    "SpdxVerify.java", listed], cwd=folder)


def judge(tap, tool, documents, found, bad):
    """`bad`: documents that the tool must refuse, or nothing was looked at."""
    for path in bad:
        tap.line(bool(found.get(path, [])), f"spdx-peer {tool}: a bad document is refused")
    for path, name in documents.items():
        told = found.get(path)
        if told is None:
            tap.line(False, f"spdx-peer {tool} {name}: no answer")
            continue
        ours = [one for one in told if not any(re.search(words, one) for words in KNOWN)]
        tap.line(not ours, f"spdx-peer {tool} {name}" + (f": {ours[0][:300]}" if ours else ""))


def bad_documents(folder):
    paths = {"spdx.json": '{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "packages": []}',
             "spdx": "SPDXVersion: SPDX-2.3\nPackageName: a\n",
             "jsonld": '{"@context": "x", "@graph": [{"type": "software_Package"}]}'}
    for suffix, text in paths.items():
        (folder / f"bad.{suffix}").write_text(text, encoding="utf-8")
    return {suffix: str(folder / f"bad.{suffix}") for suffix in paths}


def with_strange_member(path):
    """A copy of a document with a member that only the schema refuses."""
    strange = pathlib.Path(path).with_name("strange-" + pathlib.Path(path).name)
    strange.write_text(json.dumps({**json.loads(pathlib.Path(path).read_text(encoding="utf-8")), "strange": 1}), encoding="utf-8")
    return str(strange)


def run(tap, program, folder):
    python, no_python = python_tools()
    java, no_java = java_tools()
    if not python and not java:
        tap.line(True, f"spdx-peer # SKIP {no_python}, {no_java}")
        return
    documents = written(program, folder)
    bad = bad_documents(folder)
    v2, tags, v3 = (documents[target] for target in TARGETS)
    asked = []
    with concurrent.futures.ThreadPoolExecutor() as pool: # both at once, since each takes minutes on one core
        if python:
            refused = [bad["spdx.json"], bad["spdx"]]
            asked.append(("pyspdxtools", {**v2, **tags}, pool.submit(by_python, python, [*refused, *v2, *tags]), refused))
        else:
            tap.line(True, f"spdx-peer pyspdxtools # SKIP {no_python}")
        if java:
            refused = {bad["spdx.json"]: "JSON", bad["jsonld"]: "JSONLD",
                       **{with_strange_member(next(iter(paths))): kind for paths, kind in ((v2, "JSON"), (v3, "JSONLD"))}}
            kinds = {**refused, **{path: "JSON" for path in v2}, **{path: "JSONLD" for path in v3}}
            asked.append(("tools-java", {**v2, **v3}, pool.submit(by_java, java, kinds), list(refused)))
        else:
            tap.line(True, f"spdx-peer tools-java # SKIP {no_java}")
    for tool, judged, found, refused in asked:
        judge(tap, tool, judged, found.result(), refused)


def main():
    if not os.environ.get("TUTELA_LONG"):
        print("1..0 # SKIP spdx-peer: only in a long run (./test --long)")
        return 0
    program = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else str(BUILD / "tutela")
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="tutela-spdx-") as name:
        run(tap, program, pathlib.Path(name))
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
