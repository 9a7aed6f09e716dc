#!/usr/bin/env python3
"""CVSS vectors against the scores that peers, NVD and the standards' own equations give them.

usage: cvss.py [PROGRAM]

PROGRAM is asked through `PROGRAM cvss -`. The peers' cases are found through TUTELA_SHARED and
skipped where absent; the equations are computed here in exact fractions for every base vector of
2.0 and 3.x, every distinct environment of 3.x and a seeded sample of the rest, so that no rounding
of ours hides. Prints TAP; disputed.tsv has the cases where a peer departs from the standard.
"""
import csv
import fractions
import itertools
import math
import random
import sys

from kit import ERROR, Case, Suite, data, run

F = fractions.Fraction


def fields(answer):
    """base, temporal or threat, environmental, severity; or the error."""
    return ERROR if answer.startswith("error: ") else answer.split("\t")[2:6]


def version_of(vector):
    return vector[5:8] if vector.startswith("CVSS:") else "2.0"


# ---- what peers say ----


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def three_scores(vector, row):
    """A case of three scores. A peer that repeats the score before, or computes an equation, for a
    group of which the vector defines nothing is not asked about that group; and a peer's test may
    leave a score out."""
    stated_groups = [True, *groups_of(vector)]
    scores = [row[name] for name in ("base", "temporal", "environmental")]
    asked = [bool(score) or not group for score, group in zip(scores, stated_groups)]
    want = [("-" if not group else f"{float(score):.1f}") if ask else ""
            for score, group, ask in zip(scores, stated_groups, asked)]

    def seen(answer):
        got = fields(answer)
        return got if got == ERROR else [g if ask else "" for g, ask in zip(got, asked)]

    return Case(vector, vector, want, seen)


def overall(answer):
    got = fields(answer)
    return ERROR if got == ERROR else [score for score in got[:3] if score != "-"][-1]


def base_of(answer):
    got = fields(answer)
    return ERROR if got == ERROR else got[0]


def severity(answer):
    got = fields(answer)
    return ERROR if got == ERROR else got[3]


def scores_suite(path):
    """Suites with a row of three scores; those of 4.0 have one."""
    cases = []
    for row in rows(path):
        vector = row["vector"]
        if version_of(vector) == "4.0":
            cases.append(Case(vector, vector, row["base"], overall))
            continue
        cases.append(three_scores(vector, row))
    return Suite(f"cvss/{path.stem}", ["cvss", "-"], cases)


def severities_suite(path):
    """Red Hat calls a group that is not stated "None" and gives 2.0's zero no severity."""
    cases = []
    for row in rows(path):
        group = max(i for i, on in enumerate([True, *groups_of(row["vector"])]) if on)
        want = row["severities"].lower().split("|")[group]
        zero = version_of(row["vector"]) == "2.0" and want == "none"
        cases.append(Case(row["vector"], row["vector"], "low" if zero else want, severity))
    return Suite(f"cvss/{path.stem}-severity", ["cvss", "-"], cases)


def nvd_suites(path):
    table = rows(path)
    return [
        Suite("cvss/nvd-observed", ["cvss", "-"],
              [Case(row["vector"], row["vector"], row["base"], base_of) for row in table]),
        Suite("cvss/nvd-observed-severity", ["cvss", "-"],
              [Case(row["vector"], row["vector"], row["severity"].lower(), severity)
               for row in table if row["severity"]])]


def agreed_suites(path):
    table = rows(path)
    return [
        Suite("cvss/oracle-agreed-4.0", ["cvss", "-"],
              [Case(row["vector"], row["vector"], row["score"], overall) for row in table]),
        Suite("cvss/oracle-agreed-4.0-severity", ["cvss", "-"],
              [Case(row["vector"], row["vector"], row["severity"].lower(), severity)
               for row in table])]


def disputed_suite(path):
    """FIRST's calculators disagree: each must be one of the two, and the exact one."""
    cases = []
    for row in rows(path):
        exact = decimal(reference_4(row["vector"]))
        if exact not in (row["first_js"], row["redhat_py"]):
            exact += " by the specification, and neither calculator says so"
        cases.append(Case(row["vector"], row["vector"], exact, overall))
    return Suite("cvss/disputed-4.0", ["cvss", "-"], cases)


def listed(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fine = line.endswith("#OK")
        text = line.split("#")[0].split()
        if text:
            yield number, text, fine


def validity(major):
    """To the peer's reader of one version, a vector of another is an error."""
    return lambda answer: "valid" if version_of(answer)[0] == major and fields(answer) != ERROR \
        else ERROR


def claircore_suite(path):
    kind = path.stem.split("_")[1]
    cases = []
    for number, text, fine in listed(path):
        name = f"{path.stem}:{number}"
        if kind == "score":
            want = decimal(round(float(text[1]) * 10))
            cases.append(Case(name, text[0], want, overall))
        else:
            want = "valid" if kind == "roundtrip" or fine else ERROR
            cases.append(Case(name, text[0], want, validity(path.stem[1])))
    return Suite(f"cvss/claircore-{path.stem}", ["cvss", "-"], cases)


def peers(folder):
    suites = []
    for path in sorted(folder.glob("*.tsv")):
        if path.stem == "nvd-observed":
            suites += nvd_suites(path)
        elif path.stem == "oracle-agreed-4.0":
            suites += agreed_suites(path)
        elif path.stem == "disputed-4.0":
            suites.append(disputed_suite(path))
        else:
            suites.append(scores_suite(path))
            if path.stem.startswith("oracle-redhat"):
                suites.append(severities_suite(path))
    return suites + [claircore_suite(path) for path in sorted((folder / "claircore").glob("*"))]


# ---- what the equations say ----


def decimal(tenths):
    return f"{tenths // 10}.{tenths % 10}"


def metrics_of(vector):
    return dict(part.split(":") for part in vector.strip("()").split("/")
                if not part.startswith("CVSS:"))


def groups_of(vector):
    """Whether the vector defines something of the temporal (threat), of the environmental group."""
    threat = {"E", "RL", "RC"}
    supplemental = {"S", "AU", "R", "V", "RE", "U"} if version_of(vector) == "4.0" else set()
    base = {"AV", "AC", "Au", "AT", "PR", "UI", "S", "C", "I", "A", "VC", "VI", "VA", "SC", "SI",
            "SA"}
    defined = {key for key, word in metrics_of(vector).items() if word not in ("X", "ND")}
    return bool(defined & threat), bool(defined - threat - base - supplemental)


def half_up(value):
    return math.floor(value * 10 + F(1, 2))


W2 = {
    "AV": {"L": "0.395", "A": "0.646", "N": "1"}, "AC": {"H": "0.35", "M": "0.61", "L": "0.71"},
    "Au": {"M": "0.45", "S": "0.56", "N": "0.704"},
    "C": {"N": "0", "P": "0.275", "C": "0.66"},
    "E": {"U": "0.85", "POC": "0.9", "F": "0.95"}, "RL": {"OF": "0.87", "TF": "0.9", "W": "0.95"},
    "RC": {"UC": "0.9", "UR": "0.95"},
    "CDP": {"N": "0", "L": "0.1", "LM": "0.3", "MH": "0.4", "H": "0.5", "ND": "0"},
    "TD": {"N": "0", "L": "0.25", "M": "0.75"}, "CR": {"L": "0.5", "H": "1.51"},
}


def weight_2(m, metric, like=None, default="ND"):
    return F(W2[like or metric].get(m.get(metric, default), "1"))


def reference_2(vector):
    """Tenths: base, temporal, environmental; the last two whether stated or not."""
    m = metrics_of(vector)

    def base(requirements):
        left = F(1)
        for metric, by in (("C", "CR"), ("I", "IR"), ("A", "AR")):
            factor = weight_2(m, by, "CR") if requirements else 1
            left *= 1 - weight_2(m, metric, "C") * factor
        impact = F("10.41") * (1 - left)
        if requirements:
            impact = min(F(10), impact)
        exploitability = 20 * weight_2(m, "AV") * weight_2(m, "AC") * weight_2(m, "Au")
        if impact == 0:
            return 0
        return half_up((F("0.6") * impact + F("0.4") * exploitability - F("1.5")) * F("1.176"))

    def temporal(tenths):
        return half_up(F(tenths, 10) * weight_2(m, "E") * weight_2(m, "RL") * weight_2(m, "RC"))

    adjusted = F(temporal(base(True)), 10)
    environment = (adjusted + (10 - adjusted) * weight_2(m, "CDP")) * weight_2(m, "TD")
    return base(False), temporal(base(False)), max(0, half_up(environment))


W3 = {
    "AV": {"N": "0.85", "A": "0.62", "L": "0.55", "P": "0.2"}, "AC": {"L": "0.77", "H": "0.44"},
    "UI": {"N": "0.85", "R": "0.62"}, "C": {"H": "0.56", "L": "0.22", "N": "0"},
    "E": {"U": "0.91", "P": "0.94", "F": "0.97"}, "RL": {"O": "0.95", "T": "0.96", "W": "0.97"},
    "RC": {"U": "0.92", "R": "0.96"}, "CR": {"L": "0.5", "H": "1.5"},
}
PR3 = {"U": {"N": "0.85", "L": "0.62", "H": "0.27"}, "C": {"N": "0.85", "L": "0.68", "H": "0.5"}}
nearest = [F(1)]


def round_up(value, version):
    """Tenths. Notes how near the value comes to where the result changes."""
    if version == "3.1":
        scaled = value * 100000 + F(1, 2)
        nearest[0] = min(nearest[0], near_step(value - F(1, 200000)))
        return -(-math.floor(scaled) // 10000)
    nearest[0] = min(nearest[0], near_step(value))
    return math.ceil(value * 10)


def near_step(value):
    away = abs(value * 10 - round(value * 10)) / 10
    return away if away else F(1)


def reference_3(vector):
    version = version_of(vector)
    m = metrics_of(vector)

    def weigh(metric, value):
        return F(W3[metric].get(value, "1"))

    def score(get, requirements, exponent, factor):
        scope = get("S")
        left = F(1)
        for metric, by in (("C", "CR"), ("I", "IR"), ("A", "AR")):
            needed = weigh("CR", m.get(by, "X")) if requirements else 1
            left *= 1 - weigh("C", get(metric)) * needed
        isc = min(1 - left, F("0.915")) if requirements else 1 - left
        if scope == "C":
            impact = F("7.52") * (isc - F("0.029")) - \
                F("3.25") * (isc * factor - F("0.02")) ** exponent
        else:
            impact = F("6.42") * isc
        if impact <= 0:
            return 0
        total = impact + F("8.22") * weigh("AV", get("AV")) * weigh("AC", get("AC")) * \
            F(PR3[scope][get("PR")]) * weigh("UI", get("UI"))
        return round_up(min(total * F("1.08") if scope == "C" else total, F(10)), version)

    def modified(metric):
        value = m.get("M" + metric, "X")
        return m[metric] if value == "X" else value

    def temporal(tenths):
        return round_up(F(tenths, 10) * weigh("E", m.get("E", "X")) *
                        weigh("RL", m.get("RL", "X")) * weigh("RC", m.get("RC", "X")), version)

    base = score(m.__getitem__, False, 15, 1)
    exponent, factor = (13, F("0.9731")) if version == "3.1" else (15, 1)
    return base, temporal(base), temporal(score(modified, True, exponent, factor))


ORDER4 = {"AV": "NALP", "PR": "NLH", "UI": "NPA", "AC": "LH", "AT": "NP", "V": "HLN", "S": "SHLN",
          "R": "HML", "E": "APU"}
# the highest vectors of each class (CVSS v4.0, tables 24 to 29) as levels, and its depth
HIGHEST = {
    1: {0: ["000"], 1: ["100", "010", "001"], 2: ["300", "111"]},
    2: {0: ["00"], 1: ["10", "01"]},
    36: {(0, 0): ["000000"], (0, 1): ["001110", "000111"],
         (1, 0): ["100000", "010000"],
         (1, 1): ["101010", "100011", "010101", "011100", "110001"],
         (2, 1): ["111000"]},
    4: {0: ["100"], 1: ["111"], 2: ["222"]},
}
DEPTH = {1: [1, 4, 5], 2: [1, 2], 36: {(0, 0): 7, (0, 1): 6, (1, 0): 8, (1, 1): 8, (2, 1): 10},
         4: [6, 5, 4]}
lookup_4 = {}


def distance(levels, highest):
    """From the first highest vector that is at least as severe in each metric."""
    for top in highest:
        steps = [level - int(best) for level, best in zip(levels, top)]
        if min(steps) >= 0:
            return sum(steps)
    raise ValueError("no highest vector")


def reference_4(vector):
    """The score in tenths, from lookup_4: what is told by the class alone is given."""
    m = metrics_of(vector)

    def level(metric, kind):
        value = m.get("M" + metric, "X")
        if value == "X":
            value = m.get(metric, "X")
        return 0 if value == "X" else ORDER4[kind].index(value)

    av, pr, ui = (level(x, x) for x in ("AV", "PR", "UI"))
    ac, at = level("AC", "AC"), level("AT", "AT")
    v = [level(x, "V") for x in ("VC", "VI", "VA")]
    s = [level(x, "S") for x in ("SC", "SI", "SA")]
    r = [level(x, "R") for x in ("CR", "IR", "AR")]
    if v == [2, 2, 2] and s == [3, 3, 3]:
        return 0
    eq1 = 0 if not (av or pr or ui) else 1 if av != 3 and 0 in (av, pr, ui) else 2
    eq2 = int(bool(ac or at))
    eq3 = 0 if v[0] == v[1] == 0 else 1 if 0 in v else 2
    eq4 = 0 if 0 in s[1:] else 1 if 1 in s else 2
    eq5 = level("E", "E")
    eq6 = 0 if any(a == b == 0 for a, b in zip(v, r)) else 1

    def value(*eq):
        return lookup_4.get("".join(map(str, eq)))

    here = value(eq1, eq2, eq3, eq4, eq5, eq6)
    if (eq3, eq6) == (0, 0):
        below = max(value(eq1, eq2, 0, eq4, eq5, 1), value(eq1, eq2, 1, eq4, eq5, 0))
    elif (eq3, eq6) == (1, 0):
        below = value(eq1, eq2, 1, eq4, eq5, 1)
    else:
        below = value(eq1, eq2, eq3 + 1, eq4, eq5, 1)
    parts = [
        (value(eq1 + 1, eq2, eq3, eq4, eq5, eq6),
         distance([av, pr, ui], HIGHEST[1][eq1]), DEPTH[1][eq1]),
        (value(eq1, eq2 + 1, eq3, eq4, eq5, eq6), distance([ac, at], HIGHEST[2][eq2]),
         DEPTH[2][eq2]),
        (below, distance(v + r, HIGHEST[36][eq3, eq6]), DEPTH[36][eq3, eq6]),
        (value(eq1, eq2, eq3, eq4 + 1, eq5, eq6), distance(s, HIGHEST[4][eq4]), DEPTH[4][eq4]),
        (value(eq1, eq2, eq3, eq4, eq5 + 1, eq6), 0, 1),
    ]
    there = [(here - lower) * F(steps, depth) for lower, steps, depth in parts if lower is not None]
    mean = sum(there) / len(there) if there else 0
    return max(0, math.floor(here - mean + F(1, 2)))


def highest_vectors():
    """A vector of each MacroVector that scores exactly its lookup value: a highest one."""
    names = {"e": "APU"}
    for eq1, eq2, eq3, eq4, eq5, eq6 in itertools.product(range(3), range(2), range(3), range(3),
                                                           range(3), range(2)):
        if (eq3, eq6) == (2, 0):
            continue
        a, c = HIGHEST[1][eq1][0], HIGHEST[2][eq2][0]
        v, s = HIGHEST[36][eq3, eq6][0], HIGHEST[4][eq4][0]
        parts = [("AV", "NALP"[int(a[0])]), ("AC", "LH"[int(c[0])]), ("AT", "NP"[int(c[1])]),
                 ("PR", "NLH"[int(a[1])]), ("UI", "NPA"[int(a[2])])]
        parts += [(x, "HLN"[int(v[i])]) for i, x in enumerate(("VC", "VI", "VA"))]
        parts += [(x, "SHLN"[max(1, int(s[i]))]) for i, x in enumerate(("SC", "SI", "SA"))]
        parts += [("E", names["e"][eq5])]
        parts += [(x, "HML"[int(v[3 + i])]) for i, x in enumerate(("CR", "IR", "AR"))]
        parts += [("M" + x, "S") for i, x in enumerate(("SC", "SI", "SA")) if s[i] == "0"]
        yield (f"{eq1}{eq2}{eq3}{eq4}{eq5}{eq6}",
               "CVSS:4.0/" + "/".join(f"{key}:{word}" for key, word in parts))


def vectors_of(prefix, table):
    names = list(table)
    for words in itertools.product(*table.values()):
        yield prefix + "/".join(f"{name}:{word}" for name, word in zip(names, words))


BASE_2 = {"AV": "LAN", "AC": "HML", "Au": "MSN", "C": "NPC", "I": "NPC", "A": "NPC"}
BASE_3 = {"AV": "NALP", "AC": "LH", "PR": "NLH", "UI": "NR", "S": "UC", "C": "HLN", "I": "HLN",
          "A": "HLN"}
MORE_2 = {"E": ["ND", "U", "POC", "F", "H"], "RL": ["ND", "OF", "TF", "W", "U"],
          "RC": ["ND", "UC", "UR", "C"], "CDP": ["ND", "N", "L", "LM", "MH", "H"],
          "TD": ["ND", "N", "L", "M", "H"], "CR": ["ND", "L", "M", "H"],
          "IR": ["ND", "L", "M", "H"], "AR": ["ND", "L", "M", "H"]}


def sample_2(count):
    chance = random.Random(2)
    for _ in range(count):
        parts = {**{k: chance.choice(w) for k, w in BASE_2.items()},
                 **{k: chance.choice(w) for k, w in MORE_2.items()}}
        yield "/".join(f"{key}:{word}" for key, word in parts.items())


def environments_3(version):
    """Every exploitability with every distinct triple of impact and requirement."""
    impacts = [("N", "M"), *itertools.product("HL", "HML")]
    for av, ac, pr, ui, scope in itertools.product("NALP", "LH", "NLH", "NR", "UC"):
        for triple in itertools.combinations_with_replacement(impacts, 3):
            yield (f"CVSS:{version}/AV:{av}/AC:{ac}/PR:{pr}/UI:{ui}/S:{scope}/C:{triple[0][0]}"
                   f"/I:{triple[1][0]}/A:{triple[2][0]}/CR:{triple[0][1]}/IR:{triple[1][1]}"
                   f"/AR:{triple[2][1]}")


def sample_3(version, count):
    chance = random.Random(3)
    for _ in range(count):
        parts = {k: chance.choice(w) for k, w in BASE_3.items()}
        parts.update({"E": chance.choice("XUPFH"), "RL": chance.choice("XOTWU"),
                      "RC": chance.choice("XURC"), "MAV": chance.choice("XNALP")})
        parts.update({k: chance.choice("XLMH") for k in ("CR", "IR", "AR")})
        parts.update({"M" + k: chance.choice("X" + w) for k, w in BASE_3.items()})
        yield f"CVSS:{version}/" + "/".join(f"{key}:{word}" for key, word in parts.items())


def stated(vector, scores):
    """The scores of the groups that the vector defines, "-" for the others."""
    threat, environment = groups_of(vector)
    return [decimal(scores[0]), decimal(scores[1]) if threat else "-",
            decimal(scores[2]) if environment else "-"]


def equations_suite(name, version, vectors, reference):
    def seen(answer):
        got = fields(answer)
        return got if got == ERROR else got[:3]

    return Suite(f"cvss/equations-{version}-{name}", ["cvss", "-"],
                 [Case(vector, vector, stated(vector, reference(vector)), seen)
                  for vector in vectors])


def sample_4(count):
    chance = random.Random(4)
    base = {"AV": "NALP", "AC": "LH", "AT": "NP", "PR": "NLH", "UI": "NPA"}
    impacts = ("VC", "VI", "VA", "SC", "SI", "SA")
    for _ in range(count):
        parts = {k: chance.choice(w) for k, w in base.items()}
        parts.update({k: chance.choice("HLN") for k in impacts})
        parts["E"] = chance.choice("XAPU")
        parts.update({k: chance.choice("XHML") for k in ("CR", "IR", "AR")})
        parts.update({"M" + k: chance.choice("XXX" + w) for k, w in base.items()})
        parts.update({"M" + k: chance.choice("XXXXHLN" + "S" * (k in ("SI", "SA")))
                      for k in impacts})
        yield "CVSS:4.0/" + "/".join(f"{key}:{word}" for key, word in parts.items())


def equations():
    suites = [equations_suite("base", "2.0", vectors_of("", BASE_2), reference_2),
              equations_suite("sample", "2.0", sample_2(5000), reference_2)]
    for version in ("3.0", "3.1"):
        suites += [
            equations_suite("base", version, vectors_of(f"CVSS:{version}/", BASE_3), reference_3),
            equations_suite("environments", version, environments_3(version), reference_3),
            equations_suite("sample", version, sample_3(version, 5000), reference_3)]
    suites.append(Suite("cvss/equations-4.0-sample", ["cvss", "-"],
                        [Case(vector, vector, decimal(reference_4(vector)), overall)
                         for vector in sample_4(20000)]))
    return suites


def read_lookup(rows_of_table):
    for line in rows_of_table.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if not line.startswith("#") and len(cells) == 2:
            lookup_4[cells[0]] = round(float(cells[1]) * 10)


def main():
    from pathlib import Path
    table = Path(__file__).resolve().parents[1] / "tables" / "cvss" / "macrovectors-4.0.tsv"
    read_lookup(table)
    folder = data("cvss")
    suites = [Suite("cvss/macrovectors-4.0", ["cvss", "-"],
                    [Case(name, vector, decimal(lookup_4[name]), overall)
                     for name, vector in highest_vectors()])]
    suites += equations()
    if folder:
        suites += peers(folder)
    else:
        print("# cvss: no shared data, set TUTELA_SHARED; the peers' cases are skipped")
    code = run(suites)
    print(f"# nearest that any value of 3.x comes to where its score changes: "
          f"{float(nearest[0]):.3g}")
    return code


if __name__ == "__main__":
    sys.exit(main())
