/*
 * The equations of CVSS 2.0 (guide, 3.2.1–3.2.3) in whole numbers.
 *
 * Rounding is to the nearest tenth, a half upwards, after each of the three equations.
 */
#include "score/cvss.h"

__extension__ typedef __int128 wide;

static int64_t weight(const struct tu_cvss *cvss, size_t metric)
{
	return tu_cvss_weight(tu_cvss_tables[TU_CVSS_2].metrics, metric, cvss->values[metric]);
}

/* Round to a whole; `half` of the unit is added. 1e20 is 2^20 * 5^20: the shift makes the division
 * one of 64 bits and cuts nothing that counts, both being floors. */
static int tenths_of(wide value)
{
	const int64_t five_20 = INT64_C(95367431640625);
	int64_t shifted = (int64_t)((value + ((wide)five_20 << 19)) >> 20);
	int64_t whole = shifted / five_20;

	return (int)(whole - (shifted < 0 && whole * five_20 != shifted));
}

/*
 * Both base scores, plain and adjusted to the requirements, in units of 1e-21:
 *   impact = min(10, 10.41 * (1 - (1-C*CR)(1-I*IR)(1-A*AR)))    1e-17
 *   exploitability = 20 * AV * AC * Au                            1e-9, given as 1e-17
 *   base = (0.6 impact + 0.4 exploitability - 1.5) * (impact ? 1.176 : 0)
 */
static int base_of(const struct tu_cvss *cvss, int64_t impact)
{
	int64_t exploitability = 20 * weight(cvss, V2_AV) * weight(cvss, V2_AC) *
		weight(cvss, V2_AU) * INT64_C(100000000);
	wide sum = (wide)6 * impact + (wide)4 * exploitability -
		(wide)15 * INT64_C(100000000000000000);

	return impact == 0 ? 0 : tenths_of(sum * 1176);
}

static const int64_t one_5 = 100000; /* 1 in units of 1e-5: a weight times a requirement */

static int64_t impact_of(int64_t c, int64_t i, int64_t a)
{
	int64_t left = (one_5 - c) * (one_5 - i) * (one_5 - a);

	return 1041 * (one_5 * one_5 * one_5 - left);
}

uint8_t tu_cvss_base_2(const struct tu_cvss *cvss)
{
	return (uint8_t)base_of(cvss,
		impact_of(100 * weight(cvss, V2_C), 100 * weight(cvss, V2_I),
			100 * weight(cvss, V2_A)));
}

static int temporal_of(const struct tu_cvss *cvss, int base)
{
	int64_t product = weight(cvss, V2_E) * weight(cvss, V2_RL) * weight(cvss, V2_RC);

	/* the base may be negative when the requirements are low; a half goes up then too */
	return (int)((base * product + 100 * INT64_C(1000000) + 500000) / 1000000 - 100);
}

uint8_t tu_cvss_temporal_2(const struct tu_cvss *cvss, uint8_t base)
{
	return (uint8_t)temporal_of(cvss, base);
}

uint8_t tu_cvss_environmental_2(const struct tu_cvss *cvss)
{
	const int64_t ten = INT64_C(1000000000000000000);
	int64_t impact = impact_of(weight(cvss, V2_C) * weight(cvss, V2_CR),
		weight(cvss, V2_I) * weight(cvss, V2_IR), weight(cvss, V2_A) * weight(cvss, V2_AR));
	int64_t adjusted = temporal_of(cvss, base_of(cvss, impact < ten ? impact : ten));
	int64_t damage = 100 * adjusted + (100 - adjusted) * weight(cvss, V2_CDP);
	int64_t score = (damage * weight(cvss, V2_TD) + 5000) / 10000;

	return (uint8_t)(score > 0 ? score : 0);
}
