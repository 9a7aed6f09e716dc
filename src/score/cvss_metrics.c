/* The metrics of each CVSS version: name, group, values from the canonical table of the standard.
 */
#include "score/cvss.h"

#define KEY(key) key ":", sizeof(key ":") - 1
#define W(word) \
	{ \
		.text = word, .len = sizeof(word) - 1 \
	}
#define WEIGHT(word, number) \
	{ \
		.text = word, .len = sizeof(word) - 1, .weight = number \
	}

/* Guide to CVSS 2.0, 3.2; base weights in thousandths, the others in hundredths. */
static const struct tu_cvss_metric metrics_2[] = {
	{KEY("AV"), TU_CVSS_BASE, {WEIGHT("N", 1000), WEIGHT("A", 646), WEIGHT("L", 395)}},
	{KEY("AC"), TU_CVSS_BASE, {WEIGHT("L", 710), WEIGHT("M", 610), WEIGHT("H", 350)}},
	{KEY("Au"), TU_CVSS_BASE, {WEIGHT("N", 704), WEIGHT("S", 560), WEIGHT("M", 450)}},
	{KEY("C"), TU_CVSS_BASE, {WEIGHT("C", 660), WEIGHT("P", 275), WEIGHT("N", 0)}},
	{KEY("I"), TU_CVSS_BASE, {WEIGHT("C", 660), WEIGHT("P", 275), WEIGHT("N", 0)}},
	{KEY("A"), TU_CVSS_BASE, {WEIGHT("C", 660), WEIGHT("P", 275), WEIGHT("N", 0)}},
	{KEY("E"), TU_CVSS_THREAT,
		{WEIGHT("ND", 100), WEIGHT("U", 85), WEIGHT("POC", 90), WEIGHT("F", 95),
			WEIGHT("H", 100)}},
	{KEY("RL"), TU_CVSS_THREAT,
		{WEIGHT("ND", 100), WEIGHT("OF", 87), WEIGHT("TF", 90), WEIGHT("W", 95),
			WEIGHT("U", 100)}},
	{KEY("RC"), TU_CVSS_THREAT,
		{WEIGHT("ND", 100), WEIGHT("UC", 90), WEIGHT("UR", 95), WEIGHT("C", 100)}},
	{KEY("CDP"), TU_CVSS_ENVIRONMENTAL,
		{WEIGHT("ND", 0), WEIGHT("N", 0), WEIGHT("L", 10), WEIGHT("LM", 30),
			WEIGHT("MH", 40), WEIGHT("H", 50)}},
	{KEY("TD"), TU_CVSS_ENVIRONMENTAL,
		{WEIGHT("ND", 100), WEIGHT("N", 0), WEIGHT("L", 25), WEIGHT("M", 75),
			WEIGHT("H", 100)}},
	{KEY("CR"), TU_CVSS_ENVIRONMENTAL,
		{WEIGHT("ND", 100), WEIGHT("L", 50), WEIGHT("M", 100), WEIGHT("H", 151)}},
	{KEY("IR"), TU_CVSS_ENVIRONMENTAL,
		{WEIGHT("ND", 100), WEIGHT("L", 50), WEIGHT("M", 100), WEIGHT("H", 151)}},
	{KEY("AR"), TU_CVSS_ENVIRONMENTAL,
		{WEIGHT("ND", 100), WEIGHT("L", 50), WEIGHT("M", 100), WEIGHT("H", 151)}},
};

/* CVSS v3.1, 7.4, in hundredths, the requirements in tenths. 3.0 has the same. The weights of PR
 * under a changed scope are in cvss_3.c. A modified metric weighs what its base metric does. */
static const struct tu_cvss_metric metrics_3[] = {
	{KEY("AV"), TU_CVSS_BASE,
		{WEIGHT("N", 85), WEIGHT("A", 62), WEIGHT("L", 55), WEIGHT("P", 20)}},
	{KEY("AC"), TU_CVSS_BASE, {WEIGHT("L", 77), WEIGHT("H", 44)}},
	{KEY("PR"), TU_CVSS_BASE, {WEIGHT("N", 85), WEIGHT("L", 62), WEIGHT("H", 27)}},
	{KEY("UI"), TU_CVSS_BASE, {WEIGHT("N", 85), WEIGHT("R", 62)}},
	{KEY("S"), TU_CVSS_BASE, {W("U"), W("C")}},
	{KEY("C"), TU_CVSS_BASE, {WEIGHT("H", 56), WEIGHT("L", 22), WEIGHT("N", 0)}},
	{KEY("I"), TU_CVSS_BASE, {WEIGHT("H", 56), WEIGHT("L", 22), WEIGHT("N", 0)}},
	{KEY("A"), TU_CVSS_BASE, {WEIGHT("H", 56), WEIGHT("L", 22), WEIGHT("N", 0)}},
	{KEY("E"), TU_CVSS_THREAT,
		{WEIGHT("X", 100), WEIGHT("H", 100), WEIGHT("F", 97), WEIGHT("P", 94),
			WEIGHT("U", 91)}},
	{KEY("RL"), TU_CVSS_THREAT,
		{WEIGHT("X", 100), WEIGHT("U", 100), WEIGHT("W", 97), WEIGHT("T", 96),
			WEIGHT("O", 95)}},
	{KEY("RC"), TU_CVSS_THREAT,
		{WEIGHT("X", 100), WEIGHT("C", 100), WEIGHT("R", 96), WEIGHT("U", 92)}},
	{KEY("CR"), TU_CVSS_ENVIRONMENTAL,
		{WEIGHT("X", 10), WEIGHT("H", 15), WEIGHT("M", 10), WEIGHT("L", 5)}},
	{KEY("IR"), TU_CVSS_ENVIRONMENTAL,
		{WEIGHT("X", 10), WEIGHT("H", 15), WEIGHT("M", 10), WEIGHT("L", 5)}},
	{KEY("AR"), TU_CVSS_ENVIRONMENTAL,
		{WEIGHT("X", 10), WEIGHT("H", 15), WEIGHT("M", 10), WEIGHT("L", 5)}},
	{KEY("MAV"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("N"), W("A"), W("L"), W("P")}},
	{KEY("MAC"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("L"), W("H")}},
	{KEY("MPR"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("N"), W("L"), W("H")}},
	{KEY("MUI"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("N"), W("R")}},
	{KEY("MS"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("U"), W("C")}},
	{KEY("MC"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("H"), W("L"), W("N")}},
	{KEY("MI"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("H"), W("L"), W("N")}},
	{KEY("MA"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("H"), W("L"), W("N")}},
};

/* CVSS v4.0, table 23; values from the most severe down. */
static const struct tu_cvss_metric metrics_4[] = {
	{KEY("AV"), TU_CVSS_BASE, {W("N"), W("A"), W("L"), W("P")}},
	{KEY("AC"), TU_CVSS_BASE, {W("L"), W("H")}},
	{KEY("AT"), TU_CVSS_BASE, {W("N"), W("P")}},
	{KEY("PR"), TU_CVSS_BASE, {W("N"), W("L"), W("H")}},
	{KEY("UI"), TU_CVSS_BASE, {W("N"), W("P"), W("A")}},
	{KEY("VC"), TU_CVSS_BASE, {W("H"), W("L"), W("N")}},
	{KEY("VI"), TU_CVSS_BASE, {W("H"), W("L"), W("N")}},
	{KEY("VA"), TU_CVSS_BASE, {W("H"), W("L"), W("N")}},
	{KEY("SC"), TU_CVSS_BASE, {W("H"), W("L"), W("N")}},
	{KEY("SI"), TU_CVSS_BASE, {W("H"), W("L"), W("N")}},
	{KEY("SA"), TU_CVSS_BASE, {W("H"), W("L"), W("N")}},
	{KEY("E"), TU_CVSS_THREAT, {W("X"), W("A"), W("P"), W("U")}},
	{KEY("CR"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("H"), W("M"), W("L")}},
	{KEY("IR"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("H"), W("M"), W("L")}},
	{KEY("AR"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("H"), W("M"), W("L")}},
	{KEY("MAV"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("N"), W("A"), W("L"), W("P")}},
	{KEY("MAC"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("L"), W("H")}},
	{KEY("MAT"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("N"), W("P")}},
	{KEY("MPR"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("N"), W("L"), W("H")}},
	{KEY("MUI"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("N"), W("P"), W("A")}},
	{KEY("MVC"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("H"), W("L"), W("N")}},
	{KEY("MVI"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("H"), W("L"), W("N")}},
	{KEY("MVA"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("H"), W("L"), W("N")}},
	{KEY("MSC"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("H"), W("L"), W("N")}},
	{KEY("MSI"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("S"), W("H"), W("L"), W("N")}},
	{KEY("MSA"), TU_CVSS_ENVIRONMENTAL, {W("X"), W("S"), W("H"), W("L"), W("N")}},
	{KEY("S"), TU_CVSS_SUPPLEMENTAL, {W("X"), W("N"), W("P")}},
	{KEY("AU"), TU_CVSS_SUPPLEMENTAL, {W("X"), W("N"), W("Y")}},
	{KEY("R"), TU_CVSS_SUPPLEMENTAL, {W("X"), W("A"), W("U"), W("I")}},
	{KEY("V"), TU_CVSS_SUPPLEMENTAL, {W("X"), W("D"), W("C")}},
	{KEY("RE"), TU_CVSS_SUPPLEMENTAL, {W("X"), W("L"), W("M"), W("H")}},
	{KEY("U"), TU_CVSS_SUPPLEMENTAL, {W("X"), W("Clear"), W("Green"), W("Amber"), W("Red")}},
};

#define TABLE_3(minor, text) \
	{ \
		minor, TU_STR_INIT(text), TU_STR_INIT("CVSS:" text "/"), metrics_3, \
			TU_COUNT(metrics_3), V3_E, V3_CR, V3_MA + 1 \
	}

const struct tu_cvss_metrics tu_cvss_tables[TU_CVSS_4_0 + 1] = {
	[TU_CVSS_2] = {TU_CVSS_2, TU_STR_INIT("2.0"), TU_STR_INIT(""), metrics_2,
		TU_COUNT(metrics_2), V2_E, V2_CDP, V2_AR + 1},
	[TU_CVSS_3_0] = TABLE_3(TU_CVSS_3_0, "3.0"),
	[TU_CVSS_3_1] = TABLE_3(TU_CVSS_3_1, "3.1"),
	[TU_CVSS_4_0] = {TU_CVSS_4_0, TU_STR_INIT("4.0"), TU_STR_INIT("CVSS:4.0/"), metrics_4,
		TU_COUNT(metrics_4), V4_E, V4_CR, V4_MSA + 1},
};

_Static_assert(TU_COUNT(metrics_4) <= TU_CVSS_METRICS_MAX, "struct tu_cvss has room for all");
