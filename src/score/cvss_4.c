/*
 * CVSS 4.0 (8): equivalence classes, the score of each class, interpolation inside it.
 *
 * A metric's level is its distance from the most severe value. A class (EQ) has one or more highest
 * vectors; all of one class are equally far from the top (the sums of their levels are equal), so
 * that the distance of a vector from "the" highest one is a difference of two sums, whichever is
 * taken.
 *
 * Everything is a whole number: scores in tenths, proportions over 840, the least common multiple
 * of all depths.
 */
#include "score/cvss.h"

enum { ABSENT = 0xff, PROPORTION = 840 };

/* The score of each MacroVector, times ten: [EQ1][EQ2][EQ3][EQ6][EQ4][EQ5]. Facts of FIRST's
 * published lookup (cvss-v4-calculator, cvss_lookup.js). EQ3 = 2 with EQ6 = 0 does not exist. */
static const uint8_t lookup[3][2][3][2][3][3] = {
	[0][0][0][0] = {{100, 98, 95}, {100, 93, 91}, {93, 89, 81}},
	[0][0][0][1] = {{99, 95, 92}, {96, 87, 81}, {90, 80, 68}},
	[0][0][1][0] = {{98, 95, 90}, {93, 89, 81}, {88, 78, 69}},
	[0][0][1][1] = {{95, 92, 84}, {92, 81, 65}, {80, 70, 48}},
	[0][0][2][1] = {{92, 82, 72}, {79, 69, 50}, {69, 55, 27}},
	[0][1][0][0] = {{99, 95, 92}, {95, 90, 84}, {92, 82, 72}},
	[0][1][0][1] = {{97, 92, 85}, {91, 83, 71}, {81, 71, 53}},
	[0][1][1][0] = {{95, 92, 85}, {92, 80, 70}, {84, 71, 50}},
	[0][1][1][1] = {{93, 85, 73}, {82, 72, 59}, {70, 52, 30}},
	[0][1][2][1] = {{86, 75, 52}, {71, 52, 29}, {63, 29, 17}},
	[1][0][0][0] = {{98, 94, 91}, {94, 86, 77}, {87, 74, 63}},
	[1][0][0][1] = {{95, 87, 81}, {89, 74, 64}, {75, 63, 49}},
	[1][0][1][0] = {{94, 88, 76}, {86, 74, 59}, {72, 57, 52}},
	[1][0][1][1] = {{89, 77, 67}, {76, 58, 50}, {57, 52, 25}},
	[1][0][2][1] = {{83, 70, 54}, {65, 58, 26}, {53, 21, 13}},
	[1][1][0][0] = {{95, 88, 76}, {90, 75, 61}, {77, 68, 52}},
	[1][1][0][1] = {{90, 76, 70}, {77, 62, 53}, {66, 59, 30}},
	[1][1][1][0] = {{89, 76, 62}, {74, 57, 47}, {61, 57, 24}},
	[1][1][1][1] = {{78, 67, 58}, {59, 57, 23}, {52, 29, 16}},
	[1][1][2][1] = {{71, 59, 30}, {58, 26, 15}, {23, 13, 6}},
	[2][0][0][0] = {{93, 86, 75}, {86, 74, 56}, {70, 52, 40}},
	[2][0][0][1] = {{87, 72, 58}, {74, 61, 34}, {54, 40, 22}},
	[2][0][1][0] = {{85, 74, 62}, {72, 55, 46}, {53, 34, 19}},
	[2][0][1][1] = {{75, 55, 51}, {57, 41, 19}, {36, 19, 8}},
	[2][0][2][1] = {{64, 51, 20}, {47, 21, 11}, {24, 9, 4}},
	[2][1][0][0] = {{88, 73, 60}, {73, 59, 41}, {54, 45, 20}},
	[2][1][0][1] = {{75, 53, 50}, {55, 40, 20}, {43, 22, 11}},
	[2][1][1][0] = {{75, 58, 40}, {61, 48, 20}, {46, 17, 8}},
	[2][1][1][1] = {{55, 45, 21}, {51, 18, 9}, {18, 7, 2}},
	[2][1][2][1] = {{53, 24, 14}, {24, 12, 5}, {10, 3, 1}},
};

/* The sum of levels of the highest vectors of a class and its depth, the number of steps down to
 * the highest of the next class (8.3, tables 24–29; "depth"). */
struct shape {
	uint8_t highest;
	uint8_t depth;
};

static const struct shape shapes_1[] = {{0, 1}, {1, 4}, {3, 5}};
static const struct shape shapes_2[] = {{0, 1}, {1, 2}};
static const struct shape shapes_36[][2] = {{{0, 7}, {3, 6}}, {{1, 8}, {3, 8}}, {{0, 1}, {3, 10}}};
static const struct shape shapes_4[] = {{1, 6}, {3, 5}, {6, 4}};

/* What the score depends on, as levels; 0 is the most severe. */
struct levels {
	uint8_t av, ac, at, pr, ui;
	uint8_t vc, vi, va; /* H L N */
	uint8_t sc, si, sa; /* S H L N; SC has no S */
	uint8_t e; /* A P U */
	uint8_t cr, ir, ar; /* H M L */
};

static uint8_t next_3_6(
	unsigned q1, unsigned q2, unsigned q3, unsigned q6, unsigned q4, unsigned q5)
{
	uint8_t left = lookup[q1][q2][q3][1][q4][q5];
	uint8_t right;

	if (q3 == 2)
		return ABSENT;
	right = lookup[q1][q2][q3 + 1][1][q4][q5];
	if (q6 == 1)
		return right;
	if (q3 == 1)
		return left;
	/* two ways down from 00: the higher score counts */
	right = lookup[q1][q2][1][0][q4][q5];
	return left > right ? left : right;
}

/* One class's part of the mean distance: (score - score of the next class) * distance / depth.
 * Nothing, and not counted, when there is no lower class. */
static int part(int score, uint8_t lower, unsigned sum, struct shape shape, int *count)
{
	if (lower == ABSENT)
		return 0;
	*count += 1;
	return (score - lower) * (int)(sum - shape.highest) * (PROPORTION / shape.depth);
}

static unsigned class_1(const struct levels *v)
{
	if (v->av == 0 && v->pr == 0 && v->ui == 0)
		return 0;
	return v->av != 3 && (v->av == 0 || v->pr == 0 || v->ui == 0) ? 1 : 2;
}

static unsigned class_3(const struct levels *v)
{
	if (v->vc == 0 && v->vi == 0)
		return 0;
	return v->vc == 0 || v->vi == 0 || v->va == 0 ? 1 : 2;
}

static unsigned class_4(const struct levels *v)
{
	if (v->si == 0 || v->sa == 0)
		return 0;
	return v->sc == 1 || v->si == 1 || v->sa == 1 ? 1 : 2;
}

static unsigned class_6(const struct levels *v)
{
	return !((v->cr == 0 && v->vc == 0) || (v->ir == 0 && v->vi == 0) ||
		(v->ar == 0 && v->va == 0));
}

static bool no_impact(const struct levels *v)
{
	return v->vc + v->vi + v->va == 6 && v->sc + v->si + v->sa == 9;
}

static uint8_t score_of(const struct levels *v)
{
	unsigned q1 = class_1(v);
	unsigned q2 = v->ac || v->at;
	unsigned q3 = class_3(v);
	unsigned q4 = class_4(v);
	unsigned q5 = v->e;
	unsigned q6 = class_6(v);
	int score = lookup[q1][q2][q3][q6][q4][q5];
	int count = q5 < 2; /* EQ5 has no inner distance, but its class counts */
	int distance = 0;

	if (no_impact(v))
		return 0;
	distance += part(score, q1 < 2 ? lookup[q1 + 1][q2][q3][q6][q4][q5] : ABSENT,
		(unsigned)v->av + v->pr + v->ui, shapes_1[q1], &count);
	distance += part(score, q2 < 1 ? lookup[q1][q2 + 1][q3][q6][q4][q5] : ABSENT,
		(unsigned)v->ac + v->at, shapes_2[q2], &count);
	distance += part(score, next_3_6(q1, q2, q3, q6, q4, q5),
		(unsigned)v->vc + v->vi + v->va + v->cr + v->ir + v->ar, shapes_36[q3][q6], &count);
	distance += part(score, q4 < 2 ? lookup[q1][q2][q3][q6][q4 + 1][q5] : ABSENT,
		(unsigned)v->sc + v->si + v->sa, shapes_4[q4], &count);
	if (count == 0)
		return (uint8_t)score;
	/* the nearest tenth, a half upwards */
	int whole = PROPORTION * count;
	int twice = 2 * (score * whole - distance) + whole;
	return (uint8_t)(twice > 0 ? twice / (2 * whole) : 0);
}

static struct levels base_levels(const uint8_t *v)
{
	return (struct levels){.av = (uint8_t)(v[V4_AV] - 1),
		.ac = (uint8_t)(v[V4_AC] - 1),
		.at = (uint8_t)(v[V4_AT] - 1),
		.pr = (uint8_t)(v[V4_PR] - 1),
		.ui = (uint8_t)(v[V4_UI] - 1),
		.vc = (uint8_t)(v[V4_VC] - 1),
		.vi = (uint8_t)(v[V4_VI] - 1),
		.va = (uint8_t)(v[V4_VA] - 1),
		.sc = v[V4_SC],
		.si = v[V4_SI],
		.sa = v[V4_SA]};
}

/* "X", and a metric that is not stated, count as the most severe. */
static uint8_t level_of(uint8_t value)
{
	return value > 1 ? (uint8_t)(value - 2) : 0;
}

static void modify(uint8_t *level, uint8_t value)
{
	if (value > 1)
		*level = (uint8_t)(value - 2);
}

uint8_t tu_cvss_base_4(const struct tu_cvss *cvss)
{
	struct levels levels = base_levels(cvss->values);

	return score_of(&levels);
}

uint8_t tu_cvss_threat_4(const struct tu_cvss *cvss, uint8_t base)
{
	struct levels levels = base_levels(cvss->values);

	(void)base;
	levels.e = level_of(cvss->values[V4_E]);
	return score_of(&levels);
}

uint8_t tu_cvss_environmental_4(const struct tu_cvss *cvss)
{
	const uint8_t *v = cvss->values;
	struct levels levels = base_levels(v);

	levels.e = level_of(v[V4_E]);
	levels.cr = level_of(v[V4_CR]);
	levels.ir = level_of(v[V4_IR]);
	levels.ar = level_of(v[V4_AR]);
	modify(&levels.av, v[V4_MAV]);
	modify(&levels.ac, v[V4_MAC]);
	modify(&levels.at, v[V4_MAT]);
	modify(&levels.pr, v[V4_MPR]);
	modify(&levels.ui, v[V4_MUI]);
	modify(&levels.vc, v[V4_MVC]);
	modify(&levels.vi, v[V4_MVI]);
	modify(&levels.va, v[V4_MVA]);
	if (v[V4_MSC] > 1)
		levels.sc = (uint8_t)(v[V4_MSC] - 1); /* it has no S */
	modify(&levels.si, v[V4_MSI]);
	modify(&levels.sa, v[V4_MSA]);
	return score_of(&levels);
}
