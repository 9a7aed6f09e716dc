/*
 * Tests of CVSS objects. Their members and words are a table (csaf_cvss.c); vectors are read and
 * scored by score/.
 */
#include <stdio.h>
#include <stdlib.h>

#include <tutela/score.h>

#include "csaf/cvss.h"
#include "csaf/tests.h"

#define V2 TU_CSAF_CVSS_2
#define V3 TU_CSAF_CVSS_3
#define V4 TU_CSAF_CVSS_4

static const char severities[] = "NONE=none LOW=low MEDIUM=medium HIGH=high CRITICAL=critical";

/* Members that hold a score and its severity: which of the vector's scores they are. */
static const struct {
	uint8_t versions;
	const char *score;
	const char *severity;
	size_t offset;
} scores[] = {
	{V2 | V3 | V4, "baseScore", "baseSeverity", offsetof(struct tu_cvss_scores, base)},
	{V2 | V3, "temporalScore", "temporalSeverity", offsetof(struct tu_cvss_scores, threat)},
	{V2 | V3, "environmentalScore", "environmentalSeverity",
		offsetof(struct tu_cvss_scores, environmental)},
};

static const struct kind {
	const char *member;
	uint8_t version;
	bool severity_required;
} kinds[] = {{"cvss_v2", V2, false}, {"cvss_v3", V3, true}, {"cvss_v4", V4, true}};

/* One CVSS object and the item that holds it. */
struct cvss {
	struct tu_json object;
	struct tu_json item; /* score (2.0) or metric (2.1) */
	struct tu_json content; /* where the cvss_… members stand */
	struct tu_json vulnerability;
	const struct kind *kind;
};

static void each_in(struct tu_csaf *csaf, struct tu_json vulnerability,
	void (*visit)(struct tu_csaf *csaf, const struct cvss *cvss))
{
	bool new = csaf->version == TU_CSAF_21;
	struct tu_json item;

	TU_CSAF_EACH(item, tu_json_get(vulnerability, new ? TU_STR("metrics") : TU_STR("scores")))
	for (size_t i = 0; i < TU_COUNT(kinds); i++) {
		struct cvss cvss = {.item = item,
			.content = new ? tu_json_get(item, TU_STR("content")) : item,
			.vulnerability = vulnerability,
			.kind = &kinds[i]};
		cvss.object = tu_json_get(cvss.content, tu_str_c(kinds[i].member));
		if (cvss.object.doc && (new || kinds[i].version != V4))
			visit(csaf, &cvss);
	}
}

static void each_cvss(
	struct tu_csaf *csaf, void (*visit)(struct tu_csaf *csaf, const struct cvss *cvss))
{
	struct tu_json vulnerability;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	each_in(csaf, vulnerability, visit);
}

/* The letters of a word; false when it is none of the words. */
static bool letters_of(const char *words, struct tu_str word, struct tu_str *out_letters)
{
	struct tu_str rest = tu_str_c(words), pair;

	while (tu_str_split(&rest, ' ', &pair)) {
		size_t sign = tu_str_find(pair, '=');
		*out_letters = tu_str_from(pair, sign + 1);
		if (tu_str_eq(tu_str_first(pair, sign), word))
			return true;
	}
	return false;
}

static uint8_t version_of(enum tu_cvss_version version)
{
	switch (version) {
	case TU_CVSS_2:
		return V2;
	case TU_CVSS_3_0:
	case TU_CVSS_3_1:
		return V3;
	case TU_CVSS_4_0:
		return V4;
	case TU_CVSS_NONE:
	default:
		return 0;
	}
}

static const char *version_text(enum tu_cvss_version version)
{
	switch (version) {
	case TU_CVSS_2:
		return "2.0";
	case TU_CVSS_3_0:
		return "3.0";
	case TU_CVSS_3_1:
		return "3.1";
	case TU_CVSS_4_0:
		return "4.0";
	case TU_CVSS_NONE:
	default:
		return "";
	}
}

static bool parse(const struct cvss *cvss, struct tu_cvss *out, struct tu_error *err)
{
	struct tu_str vector = TU_JSON_STR(cvss->object, "vectorString");

	return tu_cvss_parse(vector, out, err) == TU_OK &&
		version_of(out->version) == cvss->kind->version;
}

/* ---- 6.1.8: the object by its schema ---- */

static bool want(
	struct tu_csaf *csaf, const struct cvss *cvss, const char *member, enum tu_json_type type)
{
	struct tu_json value = tu_json_get(cvss->object, tu_str_c(member));

	if (!value.doc)
		tu_csaf_fail(csaf, cvss->object, NULL, "required member \"%s\" is missing", member);
	else if (tu_json_type(value) != type)
		tu_csaf_fail(csaf, value, NULL, "expected %s, found %s", tu_json_type_name(type),
			tu_json_type_name(tu_json_type(value)));
	else
		return true;
	return false;
}

/* A score in tenths; false when it is none. */
static bool tenths_of(struct tu_json value, unsigned *out_tenths)
{
	double number, tenths;

	if (!tu_json_number(value, &number) || number < 0 || number > 10)
		return false;
	tenths = number * 10 + 0.5;
	*out_tenths = (unsigned)tenths;
	return number * 10 - *out_tenths < 1e-6 && *out_tenths - number * 10 < 1e-6;
}

static void check_vector(struct tu_csaf *csaf, const struct cvss *cvss)
{
	struct tu_str version = TU_JSON_STR(cvss->object, "version");
	struct tu_error err = {0};
	struct tu_cvss parsed;

	if (!want(csaf, cvss, "vectorString", TU_JSON_STRING))
		return;
	if (tu_cvss_parse(TU_JSON_STR(cvss->object, "vectorString"), &parsed, &err) != TU_OK)
		tu_csaf_fail(csaf, cvss->object, "vectorString", "%s", err.message);
	else if (version_of(parsed.version) != cvss->kind->version)
		tu_csaf_fail(csaf, cvss->object, "vectorString", "a vector of CVSS %s in %s",
			version_text(parsed.version), cvss->kind->member);
	else if (version.len && !tu_str_eq(version, tu_str_c(version_text(parsed.version))))
		tu_csaf_fail(csaf, cvss->object, "version", "\"%.*s\", but the vector is of %s",
			TU_STR_FMT(tu_str_first(version, 20)), version_text(parsed.version));
}

static void check_word(struct tu_csaf *csaf, struct tu_json value, const char *words)
{
	struct tu_str letters;

	if (!letters_of(words, tu_json_str(value), &letters))
		tu_csaf_fail(csaf, value, NULL, "\"%.*s\" is none of the words of the schema",
			TU_STR_FMT(tu_str_first(tu_json_str(value), 80)));
}

static bool is_scored_member(
	struct tu_csaf *csaf, const struct cvss *cvss, struct tu_str key, struct tu_json value)
{
	unsigned tenths;

	for (size_t i = 0; i < TU_COUNT(scores); i++) {
		if (!(scores[i].versions & cvss->kind->version))
			continue;
		if (tu_str_eq(key, tu_str_c(scores[i].score))) {
			if (!tenths_of(value, &tenths))
				tu_csaf_fail(csaf, value, NULL,
					"expected a number from 0 to 10 with one decimal");
			return true;
		}
		if (cvss->kind->version != V2 && tu_str_eq(key, tu_str_c(scores[i].severity))) {
			check_word(csaf, value, severities);
			return true;
		}
	}
	return false;
}

static const struct tu_csaf_cvss_word *property_of(uint8_t version, struct tu_str member)
{
	for (size_t i = 0; i < tu_csaf_cvss_word_count; i++)
		if ((tu_csaf_cvss_words[i].versions & version) &&
			tu_str_eq(member, tu_str_c(tu_csaf_cvss_words[i].member)))
			return &tu_csaf_cvss_words[i];
	return NULL;
}

/* Members of FIRST's first schema of CVSS v4.0, gone with 4.0.1. */
static bool is_withdrawn(struct tu_str key)
{
	return tu_str_eq(key, TU_STR("threatScore")) || tu_str_eq(key, TU_STR("threatSeverity")) ||
		tu_str_eq(key, TU_STR("environmentalScore")) ||
		tu_str_eq(key, TU_STR("environmentalSeverity"));
}

static void check_member(
	struct tu_csaf *csaf, const struct cvss *cvss, struct tu_str key, struct tu_json value)
{
	const struct tu_csaf_cvss_word *property = property_of(cvss->kind->version, key);

	if (property)
		check_word(csaf, value, property->words);
	else if (cvss->kind->version == V4 && is_withdrawn(key))
		tu_csaf_fail(csaf, value, NULL, "CVSS v4.0 has no such value");
	else if (!is_scored_member(csaf, cvss, key, value) && !tu_str_eq(key, TU_STR("version")) &&
		!tu_str_eq(key, TU_STR("vectorString")))
		tu_csaf_additional(csaf, value, key);
}

static void check_schema(struct tu_csaf *csaf, const struct cvss *cvss)
{
	struct tu_json_iter iter = tu_json_iter(cvss->object);
	struct tu_json value;
	struct tu_str key;

	if (!tu_json_is_object(cvss->object)) {
		tu_csaf_fail(csaf, cvss->object, NULL, "expected an object");
		return;
	}
	(void)want(csaf, cvss, "version", TU_JSON_STRING);
	(void)want(csaf, cvss, "baseScore", TU_JSON_NUMBER);
	if (cvss->kind->severity_required)
		(void)want(csaf, cvss, "baseSeverity", TU_JSON_STRING);
	check_vector(csaf, cvss);
	while (tu_json_next_member(&iter, &key, &value))
		check_member(csaf, cvss, key, value);
}

TU_CSAF_TEST(6_1_8)
{
	each_cvss(csaf, check_schema);
}

/* ---- 6.1.9: the numbers ---- */

static uint8_t score_at(const struct tu_cvss_scores *all, size_t index)
{
	uint8_t value;

	memcpy(&value, (const char *)all + scores[index].offset, 1);
	return value;
}

/* Environmental metrics that stand in words only count as well. */
static void complete(const struct cvss *cvss, struct tu_cvss *parsed)
{
	char metric[32];
	int len;

	for (size_t i = 0; i < tu_csaf_cvss_word_count; i++) {
		struct tu_json value =
			tu_json_get(cvss->object, tu_str_c(tu_csaf_cvss_words[i].member));
		struct tu_str letters;
		if (!(tu_csaf_cvss_words[i].versions & cvss->kind->version) || !value.doc ||
			tu_cvss_get(parsed, tu_str_c(tu_csaf_cvss_words[i].metric)).len ||
			!letters_of(tu_csaf_cvss_words[i].words, tu_json_str(value), &letters))
			continue;
		len = snprintf(metric, sizeof(metric), "%s:%.*s", tu_csaf_cvss_words[i].metric,
			TU_STR_FMT(letters));
		/* refused for metrics of other groups: those are the vector's alone */
		if (len > 0 && tu_cvss_override(parsed, tu_str_of(metric, (size_t)len), NULL))
			continue;
	}
}

/* The score of `index`, taken from the group before where the vector has none of its own. CVSS v4.0
 * has one number for all groups. */
static uint8_t expected_score(const struct cvss *cvss, const struct tu_cvss *parsed, size_t index)
{
	struct tu_cvss_scores computed;
	uint8_t tenths = TU_SCORE_UNSTATED;

	tu_cvss_score(parsed, &computed);
	if (cvss->kind->version == V4)
		return computed.overall;
	for (size_t i = 0; i <= index; i++)
		if (score_at(&computed, i) != TU_SCORE_UNSTATED)
			tenths = score_at(&computed, i);
	return tenths;
}

static bool is_severity_of(struct tu_str word, enum tu_cvss_version version, uint8_t tenths)
{
	struct tu_str letters;

	return !letters_of(severities, word, &letters) ||
		tu_str_eq(letters, tu_str_c(tu_severity_name(tu_severity_of(version, tenths))));
}

static void check_score(struct tu_csaf *csaf, const struct cvss *cvss,
	const struct tu_cvss vectors[2], size_t index)
{
	struct tu_json number = tu_json_get(cvss->object, tu_str_c(scores[index].score));
	struct tu_json word = tu_json_get(cvss->object, tu_str_c(scores[index].severity));
	uint8_t first = expected_score(cvss, &vectors[0], index);
	uint8_t second = expected_score(cvss, &vectors[1], index);
	unsigned stated;

	if (tenths_of(number, &stated) && stated != first && stated != second)
		tu_csaf_fail(csaf, number, NULL, "the vector's score is %u.%u", first / 10u,
			first % 10u);
	if (cvss->kind->version != V2 && tu_json_is_string(word) &&
		!is_severity_of(tu_json_str(word), vectors[0].version, first) &&
		!is_severity_of(tu_json_str(word), vectors[0].version, second))
		tu_csaf_fail(csaf, word, NULL, "the vector's severity is %s",
			tu_severity_name(tu_severity_of(vectors[0].version, first)));
}

/* The vector alone counts, and the vector with what stands beside it in words: there the equation
 * of the environmental score is used even when no such metric is stated, as FIRST's calculators do
 * (its result may differ from the temporal score). A medium requirement weighs as much as none. */
static void check_scores(struct tu_csaf *csaf, const struct cvss *cvss)
{
	struct tu_cvss_scores computed;
	struct tu_cvss vectors[2];

	if (!parse(cvss, &vectors[0], NULL))
		return;
	vectors[1] = vectors[0];
	complete(cvss, &vectors[1]);
	tu_cvss_score(&vectors[1], &computed);
	if (cvss->kind->version != V4 && computed.environmental == TU_SCORE_UNSTATED &&
		tu_cvss_override(&vectors[1], TU_STR("CR:M"), NULL) != TU_OK)
		return;
	for (size_t i = 0; i < TU_COUNT(scores); i++)
		if (scores[i].versions & cvss->kind->version)
			check_score(csaf, cvss, vectors, i);
}

TU_CSAF_TEST(6_1_9)
{
	each_cvss(csaf, check_scores);
}

/* ---- 6.1.10: the words ---- */

static void check_words(struct tu_csaf *csaf, const struct cvss *cvss)
{
	struct tu_cvss parsed;

	if (!parse(cvss, &parsed, NULL))
		return;
	for (size_t i = 0; i < tu_csaf_cvss_word_count; i++) {
		struct tu_json value =
			tu_json_get(cvss->object, tu_str_c(tu_csaf_cvss_words[i].member));
		struct tu_str letters, stated;
		if (!(tu_csaf_cvss_words[i].versions & cvss->kind->version) || !value.doc ||
			!letters_of(tu_csaf_cvss_words[i].words, tu_json_str(value), &letters))
			continue;
		stated = tu_cvss_get(&parsed, tu_str_c(tu_csaf_cvss_words[i].metric));
		/* what the vector leaves open, a member may state: no contradiction */
		if (stated.len && !tu_str_eq(stated, letters))
			tu_csaf_fail(csaf, value, NULL, "the vector says %s:%.*s",
				tu_csaf_cvss_words[i].metric, TU_STR_FMT(stated));
	}
}

TU_CSAF_TEST(6_1_10)
{
	each_cvss(csaf, check_words);
}

/* ---- fixed products ---- */

/* What an object says of a metric: by its word, else by its vector. */
static bool says(const struct cvss *cvss, const char *member, const char *metric, const char *value)
{
	struct tu_json word = tu_json_get(cvss->object, tu_str_c(member));
	struct tu_cvss parsed;

	if (tu_json_is_string(word))
		return tu_str_eq(tu_json_str(word), TU_STR("NONE")) ||
			tu_str_eq(tu_json_str(word), TU_STR("NEGLIGIBLE"));
	return parse(cvss, &parsed, NULL) &&
		tu_str_eq(tu_cvss_get(&parsed, tu_str_c(metric)), tu_str_c(value));
}

static bool environment_is_zero(const struct cvss *cvss)
{
	unsigned tenths;

	if (tenths_of(tu_json_get(cvss->object, TU_STR("environmentalScore")), &tenths))
		return tenths == 0;
	if (cvss->kind->version == V2)
		return says(cvss, "targetDistribution", "TD", "N");
	if (cvss->kind->version == V4)
		return says(cvss, "modifiedVulnConfidentialityImpact", "MVC", "N") &&
			says(cvss, "modifiedVulnIntegrityImpact", "MVI", "N") &&
			says(cvss, "modifiedVulnAvailabilityImpact", "MVA", "N") &&
			says(cvss, "modifiedSubConfidentialityImpact", "MSC", "N") &&
			says(cvss, "modifiedSubIntegrityImpact", "MSI", "N") &&
			says(cvss, "modifiedSubAvailabilityImpact", "MSA", "N");
	return says(cvss, "modifiedConfidentialityImpact", "MC", "N") &&
		says(cvss, "modifiedIntegrityImpact", "MI", "N") &&
		says(cvss, "modifiedAvailabilityImpact", "MA", "N");
}

static void check_fixed(struct tu_csaf *csaf, const struct cvss *cvss)
{
	static const char *const fixed[] = {"first_fixed", "fixed"};
	struct tu_json status = tu_json_get(cvss->vulnerability, TU_STR("product_status"));
	struct tu_json id;
	uint32_t by;

	if (environment_is_zero(cvss))
		return;
	tu_csaf_marks_clear(csaf);
	TU_CSAF_EACH(id, tu_json_get(cvss->item, TU_STR("products")))
	{
		uint32_t number = tu_csaf_number(csaf, id);
		if (number != TU_CSAF_NONE)
			(void)tu_csaf_mark(csaf, number, 0, &by);
	}
	for (size_t i = 0; i < TU_COUNT(fixed); i++)
		TU_CSAF_EACH(id, tu_json_get(status, tu_str_c(fixed[i])))
	if (tu_csaf_marked(csaf, tu_csaf_number(csaf, id)))
		tu_csaf_fail(csaf, id, NULL,
			"product \"%.*s\" is fixed, but its environmental score is not 0",
			TU_STR_FMT(tu_str_first(tu_json_str(id), 80)));
}

TU_CSAF_TEST(6_2_19)
{
	each_cvss(csaf, check_fixed);
}

/* In 2.1 another item may hold the second score, if it does for every product. */
static bool scored_elsewhere(struct tu_csaf *csaf, const struct cvss *cvss)
{
	struct tu_json item, content, id;
	uint32_t number, by;
	bool all = true;

	tu_csaf_marks_clear(csaf);
	TU_CSAF_EACH(item, tu_json_get(cvss->vulnerability, TU_STR("metrics")))
	{
		content = tu_json_get(item, TU_STR("content"));
		if (!tu_json_get(content, TU_STR("cvss_v3")).doc &&
			!tu_json_get(content, TU_STR("cvss_v4")).doc)
			continue;
		TU_CSAF_EACH(id, tu_json_get(item, TU_STR("products")))
		{
			number = tu_csaf_number(csaf, id);
			if (number != TU_CSAF_NONE)
				(void)tu_csaf_mark(csaf, number, 0, &by);
		}
	}
	TU_CSAF_EACH(id, tu_json_get(cvss->item, TU_STR("products")))
	all &= tu_csaf_marked(csaf, tu_csaf_number(csaf, id));
	return all;
}

static void not_alone(struct tu_csaf *csaf, const struct cvss *cvss)
{
	if (csaf->version == TU_CSAF_21 && scored_elsewhere(csaf, cvss))
		return;
	if (cvss->kind->version == V2 && !tu_json_get(cvss->content, TU_STR("cvss_v3")).doc &&
		!tu_json_get(cvss->content, TU_STR("cvss_v4")).doc)
		tu_csaf_fail(csaf, cvss->object, NULL, "CVSS v2 is the only score");
}

TU_CSAF_TEST(6_3_1)
{
	each_cvss(csaf, not_alone);
}

static void not_30(struct tu_csaf *csaf, const struct cvss *cvss)
{
	if (tu_str_eq(TU_JSON_STR(cvss->object, "version"), TU_STR("3.0")) ||
		tu_str_starts(TU_JSON_STR(cvss->object, "vectorString"), TU_STR("CVSS:3.0/")))
		tu_csaf_fail(csaf, cvss->object, "version", "CVSS v3.0 is used");
}

TU_CSAF_TEST(6_3_2)
{
	each_cvss(csaf, not_30);
}
