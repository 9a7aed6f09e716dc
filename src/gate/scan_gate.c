#include "gate/scan_gate.h"

enum { MILLION = 1000000 };

enum value_form { NO_VALUE, SEVERITY, SCORE, FRACTION };

struct tu_policy_kind {
	const char *name;
	enum value_form form;
	/* One of these three. */
	bool (*row_holds)(const struct tu_report_row *row, uint32_t value);
	bool (*component_holds)(const struct tu_distinct *distinct);
	bool (*source_holds)(enum tu_freshness freshness);
};

static bool always(const struct tu_report_row *row, uint32_t value)
{
	(void)row, (void)value;
	return true;
}

static bool is_kev(const struct tu_report_row *row, uint32_t value)
{
	(void)value;
	return row->vulnerability->facts.has_kev;
}

static bool is_fixable(const struct tu_report_row *row, uint32_t value)
{
	(void)value;
	return row->finding->fixed.len > 0;
}

static bool is_unscored(const struct tu_report_row *row, uint32_t value)
{
	(void)value;
	return row->vulnerability->severity == TU_SEVERITY_UNKNOWN;
}

static bool severity_reaches(const struct tu_report_row *row, uint32_t value)
{
	return row->vulnerability->severity >= value;
}

static bool score_reaches(const struct tu_report_row *row, uint32_t value)
{
	return row->vulnerability->tenths != TU_SCORE_UNSTATED &&
		row->vulnerability->tenths * (uint32_t)(MILLION / 10) >= value;
}

/* EPSS states five decimals: rounding to six undoes the error of the binary number. */
static bool epss_reaches(const struct tu_report_row *row, uint32_t value)
{
	double score = (double)row->vulnerability->facts.epss_score;

	return score >= 0 && (uint32_t)(score * MILLION + 0.5) >= value;
}

static bool is_unknown(const struct tu_distinct *distinct)
{
	return distinct->identified && !distinct->known;
}

static bool is_unidentified(const struct tu_distinct *distinct)
{
	return !distinct->identified;
}

static const struct tu_policy_kind kinds[] = {
	{"any", NO_VALUE, .row_holds = always},
	{"kev", NO_VALUE, .row_holds = is_kev},
	{"fixable", NO_VALUE, .row_holds = is_fixable},
	{"undecided", NO_VALUE, .row_holds = always},
	{"unscored", NO_VALUE, .row_holds = is_unscored},
	{"severity", SEVERITY, .row_holds = severity_reaches},
	{"cvss", SCORE, .row_holds = score_reaches},
	{"epss", FRACTION, .row_holds = epss_reaches},
	{"unknown", NO_VALUE, .component_holds = is_unknown},
	{"unidentified", NO_VALUE, .component_holds = is_unidentified},
	{"stale", NO_VALUE, .source_holds = tu_freshness_is_stale},
	{"failed-source", NO_VALUE, .source_holds = tu_freshness_is_failed},
};

static const struct tu_policy_kind *kind_by_name(struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(kinds); i++)
		if (tu_str_ieq(name, tu_str_c(kinds[i].name)))
			return &kinds[i];
	return NULL;
}

/* ---- parsing ---- */

static const char terms_known[] =
	"any, kev, fixable, undecided, unscored, severity>=LEVEL, none, low, medium, high, "
	"critical, cvss>=N, epss>=N, unknown, unidentified, stale, failed-source";

/* Byte of `part` in the whole expression; counted from 0 in errors, from 1 in messages. */
static size_t byte_of(struct tu_str whole, struct tu_str part)
{
	return part.ptr ? (size_t)(part.ptr - whole.ptr) : whole.len;
}

/* The part of six decimals that stands behind the point, in millionths. */
static bool parse_decimals(struct tu_str text, uint32_t *out_millionths)
{
	uint32_t unit = MILLION / 10;

	*out_millionths = 0;
	if (text.len == 0 || text.len > 6)
		return false;
	for (size_t i = 0; i < text.len; i++, unit /= 10) {
		if (!tu_char_is_digit(text.ptr[i]))
			return false;
		*out_millionths += (uint32_t)(text.ptr[i] - '0') * unit;
	}
	return true;
}

/* "0.25" as 250000, up to `max` whole ones. */
static bool parse_number(struct tu_str text, uint32_t max, uint32_t *out_millionths)
{
	size_t point = tu_str_find(text, '.');
	uint64_t whole;
	uint32_t decimals = 0;

	if (!tu_str_to_u64(tu_str_first(text, point), max, &whole))
		return false;
	if (point < text.len && !parse_decimals(tu_str_from(text, point + 1), &decimals))
		return false;
	*out_millionths = (uint32_t)whole * MILLION + decimals;
	return *out_millionths <= max * MILLION;
}

/* Only our own names: a source's synonym would make two spellings of one policy. */
static bool parse_level(struct tu_str text, uint32_t *out_value)
{
	enum tu_severity severity;

	if (!tu_severity_by_name(text, &severity) ||
		!tu_str_ieq(text, tu_str_c(tu_severity_name(severity))))
		return false;
	*out_value = severity;
	return true;
}

static enum tu_status parse_value(
	struct tu_str whole, struct tu_str text, struct tu_policy_term *term, struct tu_error *err)
{
	size_t at = byte_of(whole, text);
	const char *expected = NULL;

	switch (term->kind->form) {
	case NO_VALUE:
		return tu_fail(err, TU_E_USAGE, at, "byte %zu: \"%s\" takes no value", at + 1,
			term->kind->name);
	case SEVERITY:
		if (!parse_level(text, &term->value))
			expected = "none, low, medium, high or critical";
		break;
	case SCORE:
		if (!parse_number(text, 10, &term->value))
			expected = "a number from 0 to 10";
		break;
	case FRACTION:
		if (!parse_number(text, 1, &term->value))
			expected = "a number from 0 to 1";
		break;
	}
	if (expected)
		return tu_fail(err, TU_E_USAGE, at, "byte %zu: expected %s, not \"%.*s\"", at + 1,
			expected, TU_STR_FMT(text));
	return TU_OK;
}

/* `term` is "name" or "name>=value". */
static enum tu_status parse_term(struct tu_str whole, struct tu_str text,
	struct tu_policy_term *out_term, struct tu_error *err)
{
	size_t sign = tu_str_search(text, TU_STR(">="));
	struct tu_str name = tu_str_trim(tu_str_first(text, sign));
	size_t at = byte_of(whole, name);

	*out_term = (struct tu_policy_term){kind_by_name(name), 0};
	if (sign < text.len && out_term->kind)
		return parse_value(whole, tu_str_trim(tu_str_from(text, sign + 2)), out_term, err);
	if (sign == text.len && parse_level(name, &out_term->value)) {
		out_term->kind = kind_by_name(TU_STR("severity"));
		return TU_OK;
	}
	if (name.len == 0)
		return tu_fail(err, TU_E_USAGE, at, "byte %zu: a term is missing here", at + 1);
	if (!out_term->kind)
		return tu_fail(err, TU_E_USAGE, at, "byte %zu: no such term \"%.*s\"; there are %s",
			at + 1, TU_STR_FMT(name), terms_known);
	if (out_term->kind->form != NO_VALUE)
		return tu_fail(err, TU_E_USAGE, at + name.len,
			"byte %zu: \"%s\" needs a value: \"%s>=…\"", at + name.len + 1,
			out_term->kind->name, out_term->kind->name);
	return TU_OK;
}

static enum tu_status add_term(
	struct tu_str whole, struct tu_str text, struct tu_policy_rule *rule, struct tu_error *err)
{
	struct tu_policy_term *term = &rule->terms[rule->term_count];
	size_t at = byte_of(whole, text);
	enum tu_status status;

	if (rule->term_count == TU_POLICY_TERMS_MAX)
		return tu_fail(err, TU_E_LIMIT, at, "byte %zu: a rule has at most %d terms", at + 1,
			TU_POLICY_TERMS_MAX);
	status = parse_term(whole, text, term, err);
	if (status != TU_OK)
		return status;
	rule->term_count++;
	rule->about_components |= term->kind->component_holds != NULL;
	rule->about_sources |= term->kind->source_holds != NULL;
	rule->about_undecided |= tu_str_eq(tu_str_c(term->kind->name), TU_STR("undecided"));
	if ((rule->about_components || rule->about_sources) && rule->term_count > 1)
		return tu_fail(err, TU_E_USAGE, at,
			"byte %zu: \"unknown\" and \"unidentified\" are about components, "
			"\"stale\" "
			"and \"failed-source\" about sources; they stand alone in their rule",
			at + 1);
	return TU_OK;
}

static enum tu_status parse_rule(struct tu_str whole, struct tu_str text,
	struct tu_policy_rule *out_rule, struct tu_error *err)
{
	struct tu_str rest = text;
	struct tu_str part;
	enum tu_status status = TU_OK;

	*out_rule = (struct tu_policy_rule){.text = tu_str_trim(text)};
	while (status == TU_OK && tu_str_split(&rest, '+', &part))
		status = add_term(whole, part, out_rule, err);
	return status;
}

enum tu_status tu_policy_parse(
	struct tu_str text, struct tu_policy *out_policy, struct tu_error *err)
{
	struct tu_str rest = text;
	struct tu_str part;
	enum tu_status status = TU_OK;

	out_policy->rule_count = 0;
	if (text.len == 0)
		return tu_fail(err, TU_E_USAGE, 0, "byte 1: a term is missing here");
	while (status == TU_OK && tu_str_split(&rest, ',', &part)) {
		if (out_policy->rule_count == TU_POLICY_RULES_MAX)
			return tu_fail(err, TU_E_LIMIT, byte_of(text, part),
				"byte %zu: a policy has at most %d rules", byte_of(text, part) + 1,
				TU_POLICY_RULES_MAX);
		status = parse_rule(text, part, &out_policy->rules[out_policy->rule_count++], err);
	}
	return status;
}

/* ---- judging ---- */

static bool row_violates(const struct tu_policy_rule *rule, const struct tu_report_row *row)
{
	enum tu_match_verdict verdict =
		rule->about_undecided ? TU_MATCH_UNDECIDED : TU_MATCH_AFFECTED;

	if (row->finding->verdict != verdict)
		return false;
	for (size_t i = 0; i < rule->term_count; i++)
		if (!rule->terms[i].kind->row_holds(row, rule->terms[i].value))
			return false;
	return true;
}

static void judge_rows(const struct tu_policy_rule *rule, const struct tu_report *report,
	struct tu_policy_violation *out)
{
	for (size_t i = 0; i < report->row_count; i++) {
		const struct tu_report_row *row = &report->rows[i];

		if (!row_violates(rule, row))
			continue;
		out->count++;
		if (!out->row || tu_report_compare_rows(row, out->row) < 0)
			out->row = row;
	}
	if (out->row)
		out->distinct = out->row->distinct;
}

static void judge_components(const struct tu_policy_rule *rule, const struct tu_report *report,
	struct tu_policy_violation *out)
{
	for (size_t i = 0; i < report->result->distinct_count; i++) {
		const struct tu_distinct *distinct = &report->result->distinct[i];

		if (!rule->terms[0].kind->component_holds(distinct))
			continue;
		out->count++;
		if (!out->distinct)
			out->distinct = distinct;
	}
}

/* Where nothing says how fresh the knowledge is, it counts as stale: silence is not freshness. */
static void judge_sources(const struct tu_policy_rule *rule, const struct tu_report *report,
	struct tu_policy_violation *out)
{
	bool (*holds)(enum tu_freshness) = rule->terms[0].kind->source_holds;
	const struct tu_sidecar *sidecar = report->origin.sidecar;

	if (!sidecar || sidecar->source_count == 0) {
		out->count = holds(TU_FRESH_UNKNOWN);
		return;
	}
	for (size_t i = 0; i < sidecar->source_count; i++) {
		const struct tu_sidecar_source *source = &sidecar->sources[i];

		if (!holds(tu_sidecar_judge(source, report->origin.now)))
			continue;
		out->count++;
		if (!out->source)
			out->source = source;
	}
}

size_t tu_policy_judge(const struct tu_policy *policy, const struct tu_report *report,
	struct tu_policy_violation out_violations[TU_POLICY_RULES_MAX])
{
	size_t violated = 0;

	for (size_t i = 0; i < policy->rule_count; i++) {
		struct tu_policy_violation violation = {.rule = &policy->rules[i]};

		if (violation.rule->about_sources)
			judge_sources(violation.rule, report, &violation);
		else if (violation.rule->about_components)
			judge_components(violation.rule, report, &violation);
		else
			judge_rows(violation.rule, report, &violation);
		if (violation.count)
			out_violations[violated++] = violation;
	}
	return violated;
}
