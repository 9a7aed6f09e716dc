/*
 * The equations of CVSS 3.0 (8.1–8.3) and 3.1 (7.1–7.3, appendix A) in whole numbers.
 *
 * The unit is 1e-15; all terms but one are whole in it. The one is the power of the impact under a
 * changed scope, with up to 195 decimals: it is computed with 60 binary places, which is off by
 * less than 1e-16, and no vector comes nearer than 4e-6 to where a score changes
 * (tests/conformance/cvss.py computes every one in full).
 */
#include "score/cvss.h"

__extension__ typedef unsigned __int128 wide;

#define ONE INT64_C(1000000000000000)

static const struct tu_cvss_metric *metrics(void)
{
	return tu_cvss_tables[TU_CVSS_3_1].metrics;
}

/* PR weighs differently under a changed scope; by value. */
static const uint8_t privileges_changed[] = {85, 85, 68, 50};

/* The metrics of an equation: those of the base or, for the environment, the modified ones. */
struct terms {
	enum tu_cvss_version version;
	bool modified;
	bool changed;
	int64_t isc; /* in ONE */
	int64_t exploitability; /* in ONE */
};

/* x^n for x below 1, 60 binary places. */
static uint64_t power_60(uint64_t x, unsigned n)
{
	uint64_t product = UINT64_C(1) << 60;

	for (; n; n >>= 1) {
		if (n & 1)
			product = (uint64_t)((wide)product * x >> 60);
		x = (uint64_t)((wide)x * x >> 60);
	}
	return product;
}

/* The same with the unit ONE. */
static int64_t power(int64_t x, unsigned n)
{
	/* 2^110 / 1e15, rounded: from 1e-15 to 2^-60 by a multiplication */
	const uint64_t scale = UINT64_C(1298074214633706907);

	return (int64_t)((wide)power_60((uint64_t)((wide)(uint64_t)x * scale >> 50), n) * ONE >>
		60);
}

static int64_t impact_changed(const struct terms *terms)
{
	int64_t linear = 752 * (terms->isc - 29 * (ONE / 1000)) / 100;
	int64_t near = terms->isc;

	if (terms->modified && terms->version == TU_CVSS_3_1)
		return linear - 325 * power(near / 10000 * 9731 - ONE / 50, 13) / 100;
	return linear - 325 * power(near - ONE / 50, 15) / 100;
}

/* Upwards to the next tenth. 3.1 (appendix A) first rounds to five decimals, so that an error of
 * representation does not cost a tenth; 3.0 (8.1) does not. */
static uint8_t round_up(int64_t value, enum tu_cvss_version version)
{
	const int64_t fifth = ONE / 100000;

	if (version == TU_CVSS_3_1)
		value = (value + fifth / 2) / fifth * fifth;
	return (uint8_t)((value + ONE / 10 - 1) / (ONE / 10));
}

static uint8_t score_of(const struct terms *terms)
{
	int64_t sum;

	if (terms->isc == 0)
		return 0;
	if (terms->changed)
		sum = 108 * (impact_changed(terms) + terms->exploitability) / 100;
	else
		sum = 642 * terms->isc / 100 + terms->exploitability;
	return round_up(sum < 10 * ONE ? sum : 10 * ONE, terms->version);
}

/* 8.22 * AV * AC * PR * UI, which has ten decimals. */
static int64_t exploitability_of(uint8_t av, uint8_t ac, uint8_t pr, uint8_t ui, bool changed)
{
	int64_t privileges =
		changed ? privileges_changed[pr] : tu_cvss_weight(metrics(), V3_PR, pr);

	return 822 * tu_cvss_weight(metrics(), V3_AV, av) * tu_cvss_weight(metrics(), V3_AC, ac) *
		privileges * tu_cvss_weight(metrics(), V3_UI, ui) * (ONE / INT64_C(10000000000));
}

/* 1 - (1-C)(1-I)(1-A), of impacts in thousandths. */
static int64_t isc_of(int64_t c, int64_t i, int64_t a)
{
	return ONE - (1000 - c) * (1000 - i) * (1000 - a) * (ONE / 1000000000);
}

static bool is_changed(uint8_t scope)
{
	return scope == 2;
}

uint8_t tu_cvss_base_3(const struct tu_cvss *cvss)
{
	const uint8_t *v = cvss->values;
	struct terms terms = {.version = cvss->version, .changed = is_changed(v[V3_S])};

	terms.exploitability =
		exploitability_of(v[V3_AV], v[V3_AC], v[V3_PR], v[V3_UI], terms.changed);
	terms.isc = isc_of(10 * tu_cvss_weight(metrics(), V3_C, v[V3_C]),
		10 * tu_cvss_weight(metrics(), V3_I, v[V3_I]),
		10 * tu_cvss_weight(metrics(), V3_A, v[V3_A]));
	return score_of(&terms);
}

uint8_t tu_cvss_temporal_3(const struct tu_cvss *cvss, uint8_t base)
{
	const uint8_t *v = cvss->values;
	int64_t product = tu_cvss_weight(metrics(), V3_E, v[V3_E]) *
		tu_cvss_weight(metrics(), V3_RL, v[V3_RL]) *
		tu_cvss_weight(metrics(), V3_RC, v[V3_RC]);

	return round_up(base * product * (ONE / 10000000), cvss->version);
}

/* The value that applies in the environment; the words of a modified metric follow "X". */
static uint8_t modified(const struct tu_cvss *cvss, size_t metric, size_t by)
{
	uint8_t value = cvss->values[by];

	return value > 1 ? (uint8_t)(value - 1) : cvss->values[metric];
}

/* An impact in thousandths, times its requirement. */
static int64_t required(const struct tu_cvss *cvss, size_t metric, size_t by, size_t requirement)
{
	return tu_cvss_weight(metrics(), metric, modified(cvss, metric, by)) *
		tu_cvss_weight(metrics(), requirement, cvss->values[requirement]);
}

uint8_t tu_cvss_environmental_3(const struct tu_cvss *cvss)
{
	const int64_t most = 915 * (ONE / 1000);
	struct terms terms = {.version = cvss->version, .modified = true};

	terms.changed = is_changed(modified(cvss, V3_S, V3_MS));
	terms.isc = isc_of(required(cvss, V3_C, V3_MC, V3_CR), required(cvss, V3_I, V3_MI, V3_IR),
		required(cvss, V3_A, V3_MA, V3_AR));
	if (terms.isc > most)
		terms.isc = most;
	terms.exploitability = exploitability_of(modified(cvss, V3_AV, V3_MAV),
		modified(cvss, V3_AC, V3_MAC), modified(cvss, V3_PR, V3_MPR),
		modified(cvss, V3_UI, V3_MUI), terms.changed);
	return tu_cvss_temporal_3(cvss, score_of(&terms));
}
