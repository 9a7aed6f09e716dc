#include "gate/assess_gate.h"

#include "device/form.h"

enum { DAY = 86400 };

enum value_form { NO_VALUE, MAY_BE_DAYS, DAYS, HARM, SCORE, LEVEL };

struct tu_assess_condition {
	const char *name;
	const char *sign; /* ">" or ">=" */
	enum value_form form;
	bool (*holds)(const struct tu_assessment *a, uint32_t value, int64_t at);
};

static bool always(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)a, (void)value, (void)at;
	return true;
}

static bool older(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	return !a->since || at - a->since > (int64_t)value * DAY;
}

static bool is_undecided(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	bool open = a->state == TU_ASSESS_UNDECIDED || a->state == TU_ASSESS_REOPENED;

	return open && (value == UINT32_MAX || older(a, value, at));
}

static bool is_decided(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)value, (void)at;
	return a->state == TU_ASSESS_DECIDED || a->state == TU_ASSESS_CARRIED;
}

static bool is_carried(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)value, (void)at;
	return a->state == TU_ASSESS_CARRIED;
}

static bool is_reopened(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)value, (void)at;
	return a->state == TU_ASSESS_REOPENED;
}

static bool is_closed(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)value, (void)at;
	return a->status == TU_DECISION_NOT_AFFECTED || a->status == TU_DECISION_FIXED;
}

static bool is_uncontrolled(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	return !is_closed(a, value, at) && a->risk == TU_RISK_UNCONTROLLED;
}

static bool is_controlled(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	return !is_closed(a, value, at) && a->risk == TU_RISK_CONTROLLED;
}

static bool is_affected(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	return !is_closed(a, value, at) && a->of->finding->verdict == TU_MATCH_AFFECTED;
}

static bool is_kev(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)value, (void)at;
	return a->of->facts.has_kev;
}

static bool is_fixable(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)value, (void)at;
	return a->of->finding->fixed.len > 0;
}

static bool is_harm_unknown(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)value, (void)at;
	return a->proposal.harm_assumed;
}

static bool is_expired(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)value, (void)at;
	return a->reopen == TU_REOPEN_EXPIRED;
}

static bool harm_reaches(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)at;
	return a->harm >= value;
}

static bool score_reaches(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)at;
	return a->of->tenths != TU_SCORE_UNSTATED && a->of->tenths >= value;
}

static bool level_reaches(const struct tu_assessment *a, uint32_t value, int64_t at)
{
	(void)at;
	return a->proposal.level >= value;
}

static const struct tu_assess_condition conditions[] = {
	{"any", "", NO_VALUE, always},
	{"undecided", ">", MAY_BE_DAYS, is_undecided},
	{"decided", "", NO_VALUE, is_decided},
	{"carried", "", NO_VALUE, is_carried},
	{"reopened", "", NO_VALUE, is_reopened},
	{"uncontrolled", "", NO_VALUE, is_uncontrolled},
	{"controlled", "", NO_VALUE, is_controlled},
	{"closed", "", NO_VALUE, is_closed},
	{"affected", "", NO_VALUE, is_affected},
	{"kev", "", NO_VALUE, is_kev},
	{"fixable", "", NO_VALUE, is_fixable},
	{"harm-unknown", "", NO_VALUE, is_harm_unknown},
	{"expired", "", NO_VALUE, is_expired},
	{"age", ">", DAYS, older},
	{"harm", ">=", HARM, harm_reaches},
	{"cvss", ">=", SCORE, score_reaches},
	{"level", ">=", LEVEL, level_reaches},
};

static const char terms_known[] =
	"any, undecided, undecided>DAYS, decided, carried, reopened, uncontrolled, controlled, "
	"closed, affected, kev, fixable, harm-unknown, expired, age>DAYS, harm>=LEVEL, cvss>=N, "
	"level>=N";

static const struct tu_assess_condition *condition_by_name(struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(conditions); i++)
		if (tu_str_ieq(name, tu_str_c(conditions[i].name)))
			return &conditions[i];
	return NULL;
}

/* ---- parsing ---- */

static size_t byte_of(struct tu_str whole, struct tu_str part)
{
	return part.ptr ? (size_t)(part.ptr - whole.ptr) : whole.len;
}

static bool parse_days(struct tu_str text, uint32_t *out_days)
{
	uint64_t days;

	if (text.len && tu_char_lower(text.ptr[text.len - 1]) == 'd')
		text.len--;
	if (!tu_str_to_u64(text, 100000, &days))
		return false;
	*out_days = (uint32_t)days;
	return true;
}

static bool parse_harm(struct tu_str text, uint32_t *out_value)
{
	enum tu_harm harm;

	if (!tu_harm_by_name(text, &harm) || harm < TU_HARM_NEGLIGIBLE)
		return false;
	*out_value = harm;
	return true;
}

/* What is wanted, where the value is none. */
static const char *parse_value(
	const struct tu_assess_condition *condition, struct tu_str text, uint32_t *out_value)
{
	switch (condition->form) {
	case NO_VALUE:
		return "nothing";
	case MAY_BE_DAYS:
	case DAYS:
		return parse_days(text, out_value) ? NULL : "a number of days such as 7d";
	case HARM:
		return parse_harm(text, out_value)
			? NULL
			: "negligible, minor, serious, critical or catastrophic";
	case SCORE:
		return tu_form_decimal(text, 1, 100, out_value) ? NULL : "a number from 0 to 10";
	case LEVEL:
		return tu_form_decimal(text, 0, TU_EXPLOIT_LEVELS, out_value)
			? NULL
			: "a number from 1 to 5";
	}
	return "nothing";
}

static enum tu_status parse_operand(
	struct tu_str whole, struct tu_str text, struct tu_assess_term *term, struct tu_error *err)
{
	const struct tu_assess_condition *condition = term->condition;
	struct tu_str sign = tu_str_c(condition->sign);
	const char *wanted;
	size_t at = byte_of(whole, text);

	if (!text.len && (condition->form == NO_VALUE || condition->form == MAY_BE_DAYS)) {
		term->value = UINT32_MAX;
		return TU_OK;
	}
	if (!sign.len || !tu_str_skip(&text, sign))
		return tu_fail(err, TU_E_USAGE, at, "byte %zu: \"%s\" %s%s%s", at + 1,
			condition->name, sign.len ? "needs \"" : "takes no value", condition->sign,
			sign.len ? "\" and a value" : "");
	text = tu_str_trim(text);
	wanted = parse_value(condition, text, &term->value);
	if (!wanted)
		return TU_OK;
	at = byte_of(whole, text);
	return tu_fail(err, TU_E_USAGE, at, "byte %zu: expected %s, not \"%.*s\"", at + 1, wanted,
		TU_STR_FMT(text));
}

static bool is_name_char(char c)
{
	return tu_char_is_alpha(c) || c == '-';
}

static enum tu_status parse_term(
	struct tu_str whole, struct tu_str text, struct tu_assess_term *out, struct tu_error *err)
{
	struct tu_str name = tu_str_trim(text);
	size_t len = 0, at;

	*out = (struct tu_assess_term){.negated = tu_str_skip(&name, TU_STR("!"))};
	name = tu_str_trim(name);
	while (len < name.len && is_name_char(name.ptr[len]))
		len++;
	at = byte_of(whole, name.len ? name : text);
	if (len == 0)
		return tu_fail(err, TU_E_USAGE, at, "byte %zu: a term is missing here", at + 1);
	out->condition = condition_by_name(tu_str_first(name, len));
	if (!out->condition)
		return tu_fail(err, TU_E_USAGE, at, "byte %zu: no such term \"%.*s\"; there are %s",
			at + 1, TU_STR_FMT(tu_str_first(name, len)), terms_known);
	return parse_operand(whole, tu_str_trim(tu_str_from(name, len)), out, err);
}

/* Take the part before the first "&" or "+". */
static bool split_terms(struct tu_str *rest, struct tu_str *out_part)
{
	char sign = tu_str_find(*rest, '&') < tu_str_find(*rest, '+') ? '&' : '+';

	return tu_str_split(rest, sign, out_part);
}

static enum tu_status parse_rule(
	struct tu_str whole, struct tu_str text, struct tu_assess_rule *out, struct tu_error *err)
{
	struct tu_str rest = text, part;
	enum tu_status status = TU_OK;

	*out = (struct tu_assess_rule){.text = tu_str_trim(text)};
	while (status == TU_OK && split_terms(&rest, &part)) {
		if (out->term_count == TU_ASSESS_TERMS_MAX)
			return tu_fail(err, TU_E_LIMIT, byte_of(whole, part),
				"a rule has at most %d terms", TU_ASSESS_TERMS_MAX);
		status = parse_term(whole, part, &out->terms[out->term_count++], err);
	}
	return status;
}

enum tu_status tu_assess_policy_parse(
	struct tu_str text, struct tu_assess_policy *out, struct tu_error *err)
{
	struct tu_str rest = text, part;
	enum tu_status status = TU_OK;

	out->rule_count = 0;
	if (!text.len)
		return tu_fail(err, TU_E_USAGE, 0, "byte 1: a term is missing here");
	while (status == TU_OK && tu_str_split(&rest, ',', &part)) {
		if (out->rule_count == TU_ASSESS_RULES_MAX)
			return tu_fail(err, TU_E_LIMIT, byte_of(text, part),
				"a policy has at most %d rules", TU_ASSESS_RULES_MAX);
		status = parse_rule(text, part, &out->rules[out->rule_count++], err);
	}
	return status;
}

/* ---- judging ---- */

bool tu_assess_rule_holds(
	const struct tu_assess_rule *rule, const struct tu_assessment *assessment, int64_t at)
{
	for (size_t i = 0; i < rule->term_count; i++) {
		const struct tu_assess_term *term = &rule->terms[i];

		if (term->condition->holds(assessment, term->value, at) == term->negated)
			return false;
	}
	return true;
}

size_t tu_assess_rule_judge(const struct tu_assess_rule *rule,
	const struct tu_assess_result *result, int64_t at, const struct tu_assessment **out_first)
{
	size_t count = 0;

	*out_first = NULL;
	for (size_t i = 0; i < result->count; i++)
		if (tu_assess_rule_holds(rule, &result->assessments[i], at) && count++ == 0)
			*out_first = &result->assessments[i];
	return count;
}
