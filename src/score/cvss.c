#include "score/cvss.h"

/* The base metrics stand first, in the order of these names. */
enum { V2_AV, V2_AC, V2_AU, V2_C, V2_I, V2_A };
enum { V3_AV, V3_AC, V3_PR, V3_UI, V3_S, V3_C, V3_I, V3_A };

/* Guide to CVSS 2.0, 3.2.1; weights in thousandths. */
static const struct tu_cvss_metric v2_metrics[] = {
	{"AV", true, {{"L", 395}, {"A", 646}, {"N", 1000}}},
	{"AC", true, {{"H", 350}, {"M", 610}, {"L", 710}}},
	{"Au", true, {{"M", 450}, {"S", 560}, {"N", 704}}},
	{"C", true, {{"N", 0}, {"P", 275}, {"C", 660}}},
	{"I", true, {{"N", 0}, {"P", 275}, {"C", 660}}},
	{"A", true, {{"N", 0}, {"P", 275}, {"C", 660}}},
	{"E", false, {{"ND"}, {"U"}, {"POC"}, {"F"}, {"H"}}},
	{"RL", false, {{"ND"}, {"OF"}, {"TF"}, {"W"}, {"U"}}},
	{"RC", false, {{"ND"}, {"UC"}, {"UR"}, {"C"}}},
	{"CDP", false, {{"ND"}, {"N"}, {"L"}, {"LM"}, {"MH"}, {"H"}}},
	{"TD", false, {{"ND"}, {"N"}, {"L"}, {"M"}, {"H"}}},
	{"CR", false, {{"ND"}, {"L"}, {"M"}, {"H"}}},
	{"IR", false, {{"ND"}, {"L"}, {"M"}, {"H"}}},
	{"AR", false, {{"ND"}, {"L"}, {"M"}, {"H"}}},
};

/* CVSS v3.1, 7.4; weights in hundredths. 3.0 has the same. */
static const struct tu_cvss_metric v3_metrics[] = {
	{"AV", true, {{"N", 85}, {"A", 62}, {"L", 55}, {"P", 20}}},
	{"AC", true, {{"L", 77}, {"H", 44}}},
	{"PR", true, {{"N", 85}, {"L", 62, 68}, {"H", 27, 50}}},
	{"UI", true, {{"N", 85}, {"R", 62}}},
	{"S", true, {{"U"}, {"C"}}},
	{"C", true, {{"N", 0}, {"L", 22}, {"H", 56}}},
	{"I", true, {{"N", 0}, {"L", 22}, {"H", 56}}},
	{"A", true, {{"N", 0}, {"L", 22}, {"H", 56}}},
	{"E", false, {{"X"}, {"U"}, {"P"}, {"F"}, {"H"}}},
	{"RL", false, {{"X"}, {"O"}, {"T"}, {"W"}, {"U"}}},
	{"RC", false, {{"X"}, {"U"}, {"R"}, {"C"}}},
	{"CR", false, {{"X"}, {"L"}, {"M"}, {"H"}}},
	{"IR", false, {{"X"}, {"L"}, {"M"}, {"H"}}},
	{"AR", false, {{"X"}, {"L"}, {"M"}, {"H"}}},
	{"MAV", false, {{"X"}, {"N"}, {"A"}, {"L"}, {"P"}}},
	{"MAC", false, {{"X"}, {"L"}, {"H"}}},
	{"MPR", false, {{"X"}, {"N"}, {"L"}, {"H"}}},
	{"MUI", false, {{"X"}, {"N"}, {"R"}}},
	{"MS", false, {{"X"}, {"U"}, {"C"}}},
	{"MC", false, {{"X"}, {"N"}, {"L"}, {"H"}}},
	{"MI", false, {{"X"}, {"N"}, {"L"}, {"H"}}},
	{"MA", false, {{"X"}, {"N"}, {"L"}, {"H"}}},
};

static const struct tu_cvss_metrics v2_table = {v2_metrics, TU_COUNT(v2_metrics)};
static const struct tu_cvss_metrics v3_table = {v3_metrics, TU_COUNT(v3_metrics)};

static const struct tu_cvss_value *find_value(
	const struct tu_cvss_metric *metric, struct tu_str word)
{
	for (size_t i = 0; i < TU_CVSS_VALUES_MAX && metric->values[i].word; i++)
		if (tu_str_eq(word, tu_str_c(metric->values[i].word)))
			return &metric->values[i];
	return NULL;
}

static size_t find_metric(const struct tu_cvss_metrics *table, struct tu_str key)
{
	size_t at = 0;

	while (at < table->count && !tu_str_eq(key, tu_str_c(table->metrics[at].key)))
		at++;
	return at;
}

/* One "KEY:VALUE". */
static enum tu_status parse_metric(const struct tu_cvss_metrics *table, struct tu_str part,
	size_t offset, const struct tu_cvss_value **chosen, struct tu_error *err)
{
	size_t colon = tu_str_find(part, ':');
	struct tu_str key = tu_str_first(part, colon);
	struct tu_str word = tu_str_from(part, colon + 1);
	size_t at = find_metric(table, key);

	if (at == table->count)
		return tu_fail(
			err, TU_E_SYNTAX, offset, "no such metric: \"%.*s\"", TU_STR_FMT(key));
	if (chosen[at])
		return tu_fail(err, TU_E_SYNTAX, offset, "metric %s stands there twice",
			table->metrics[at].key);
	chosen[at] = find_value(&table->metrics[at], word);
	if (!chosen[at])
		return tu_fail(err, TU_E_SYNTAX, offset + colon + 1,
			"metric %s has no value \"%.*s\"", table->metrics[at].key,
			TU_STR_FMT(word));
	return TU_OK;
}

enum tu_status tu_cvss_parse(const struct tu_cvss_metrics *table, struct tu_str text, size_t offset,
	const struct tu_cvss_value *out_chosen[TU_CVSS_METRICS_MAX], struct tu_error *err)
{
	struct tu_str rest = text;
	struct tu_str part;
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < TU_CVSS_METRICS_MAX; i++)
		out_chosen[i] = NULL;
	while (status == TU_OK && tu_str_split(&rest, '/', &part))
		status = parse_metric(
			table, part, offset + (size_t)(part.ptr - text.ptr), out_chosen, err);
	for (size_t i = 0; status == TU_OK && i < table->count; i++)
		if (table->metrics[i].base && !out_chosen[i])
			return tu_fail(err, TU_E_SYNTAX, offset + text.len,
				"base metric %s is missing", table->metrics[i].key);
	return status;
}

/* (1 - (1-C)(1-I)(1-A)) for weights of `unit` to the whole; in units to the third. */
static int64_t impact_of(const struct tu_cvss_value *const *impacts, int64_t unit)
{
	int64_t left = 1;

	for (size_t i = 0; i < 3; i++)
		left *= unit - impacts[i]->weight;
	return unit * unit * unit - left;
}

/* The equation of the guide, in units of 1e-15:
 *   impact = 10.41 * (1 - (1-C)(1-I)(1-A))       1e-11 exactly
 *   exploitability = 20 * AV * AC * Au            1e-8 exactly (AC has two decimals)
 *   base = (0.6 impact + 0.4 exploitability - 1.5) * (impact ? 1.176 : 0), to the nearest tenth */
static uint8_t base_2(const struct tu_cvss_value *const *chosen)
{
	int64_t impact = 1041 * impact_of(chosen + V2_C, 1000);
	int64_t exploitability =
		20 * (int64_t)chosen[V2_AV]->weight * chosen[V2_AC]->weight * chosen[V2_AU]->weight;
	int64_t sum = 6 * impact + 4 * 100 * exploitability - 15 * INT64_C(100000000000);
	int64_t tenth = INT64_C(100000000000000);

	if (impact == 0)
		return 0;
	return (uint8_t)((sum * 1176 + tenth / 2) / tenth);
}

#define ONE INT64_C(1000000000000000) /* 1.0 in the fixed point of base_3(), 1e-15 */

/* a * b in fixed point, cut off. */
static int64_t times(int64_t a, int64_t b)
{
	__extension__ typedef __int128 wide;

	return (int64_t)((wide)a * b / ONE);
}

/* 7.52 * (isc - 0.029) - 3.25 * (isc - 0.02)^15. The power has 90 decimals and is cut at the 15th:
 * no vector comes so near to a tenth that this shows (tests/conformance/cvss.py tries them all). */
static int64_t impact_changed(int64_t isc)
{
	int64_t near = isc - ONE / 50;
	int64_t power = ONE;

	for (int i = 0; i < 15; i++)
		power = times(power, near);
	return 752 * (isc - ONE / 1000 * 29) / 100 - 325 * power / 100;
}

/* Upwards to the next tenth. 3.1 (appendix A) first rounds to five decimals, so that an error of
 * representation does not cost a tenth; 3.0 (8.1) does not. */
static uint8_t round_up(int64_t value, enum tu_cvss_version version)
{
	int64_t fifth = ONE / 100000;

	if (version == TU_CVSS_3_1)
		value = (value + fifth / 2) / fifth * fifth;
	return (uint8_t)((value + ONE / 10 - 1) / (ONE / 10));
}

static uint8_t base_3(const struct tu_cvss_value *const *chosen, enum tu_cvss_version version)
{
	bool changed = chosen[V3_S]->word[0] == 'C';
	const struct tu_cvss_value *pr = chosen[V3_PR];
	int64_t isc = impact_of(chosen + V3_C, 100) * (ONE / 1000000);
	int64_t impact = changed ? impact_changed(isc) : 642 * isc / 100;
	int64_t privileges = changed && pr->weight_changed ? pr->weight_changed : pr->weight;
	/* 8.22 * AV * AC * PR * UI has ten decimals */
	int64_t exploitability = 822 * (int64_t)chosen[V3_AV]->weight * chosen[V3_AC]->weight *
		privileges * chosen[V3_UI]->weight * (ONE / INT64_C(10000000000));
	int64_t sum = impact + exploitability;

	if (impact <= 0)
		return 0;
	if (changed)
		sum = 108 * sum / 100;
	return round_up(sum < 10 * ONE ? sum : 10 * ONE, version);
}

static const struct {
	struct tu_str prefix;
	enum tu_cvss_version version;
} prefixes[] = {
	{TU_STR_INIT("CVSS:3.0/"), TU_CVSS_3_0},
	{TU_STR_INIT("CVSS:3.1/"), TU_CVSS_3_1},
	{TU_STR_INIT("CVSS:4.0/"), TU_CVSS_4_0},
	{TU_STR_INIT("AV:"), TU_CVSS_2},
	{TU_STR_INIT("(AV:"), TU_CVSS_2},
};

enum tu_cvss_version tu_cvss_version_of(struct tu_str vector)
{
	for (size_t i = 0; i < TU_COUNT(prefixes); i++)
		if (tu_str_starts(vector, prefixes[i].prefix))
			return prefixes[i].version;
	return TU_CVSS_NONE;
}

static enum tu_status base_of_2(struct tu_str vector, uint8_t *out_tenths, struct tu_error *err)
{
	const struct tu_cvss_value *chosen[TU_CVSS_METRICS_MAX];
	size_t offset = vector.ptr[0] == '(';
	struct tu_str text = tu_str_from(vector, offset);
	enum tu_status status;

	if (offset) {
		if (!tu_str_ends(text, TU_STR(")")))
			return tu_fail(err, TU_E_SYNTAX, vector.len, "no closing parenthesis");
		text.len--;
	}
	status = tu_cvss_parse(&v2_table, text, offset, chosen, err);
	if (status == TU_OK)
		*out_tenths = base_2(chosen);
	return status;
}

static enum tu_status base_of_3(struct tu_str vector, enum tu_cvss_version version,
	uint8_t *out_tenths, struct tu_error *err)
{
	const struct tu_cvss_value *chosen[TU_CVSS_METRICS_MAX];
	size_t offset = sizeof("CVSS:3.x/") - 1;
	enum tu_status status =
		tu_cvss_parse(&v3_table, tu_str_from(vector, offset), offset, chosen, err);

	if (status == TU_OK)
		*out_tenths = base_3(chosen, version);
	return status;
}

enum tu_status tu_cvss_base(struct tu_str vector, uint8_t *out_tenths, struct tu_error *err)
{
	enum tu_cvss_version version = tu_cvss_version_of(vector);

	switch (version) {
	case TU_CVSS_2:
		return base_of_2(vector, out_tenths, err);
	case TU_CVSS_3_0:
	case TU_CVSS_3_1:
		return base_of_3(vector, version, out_tenths, err);
	case TU_CVSS_4_0:
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "CVSS 4.0 scores are not computed yet");
	case TU_CVSS_NONE:
		break;
	}
	return tu_fail(err, TU_E_SYNTAX, 0,
		"not a CVSS vector: expected \"CVSS:3.1/…\", \"CVSS:3.0/…\" or \"AV:…\"");
}

uint8_t tu_score_tenths(const struct tu_score *score)
{
	uint8_t tenths;

	if (score->base_tenths != TU_SCORE_UNSTATED)
		return score->base_tenths;
	return tu_cvss_base(score->vector, &tenths, NULL) == TU_OK ? tenths : TU_SCORE_UNSTATED;
}
