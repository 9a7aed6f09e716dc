#include "gate/terms.h"

#include <tutela/exploited.h>

#include "device/form.h"
#include "gate/terms_concept.h"
#include "gate/terms_threat.h"

enum { DAY = 86400, MILLION = 1000000 };

#define NO_DAYS UINT32_MAX

/* ---- findings ---- */

static bool always(const struct tu_gate_item *item, uint32_t value)
{
	(void)item, (void)value;
	return true;
}

static bool is_affected(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->finding->verdict == TU_MATCH_AFFECTED;
}

static bool is_undecided(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->finding->verdict == TU_MATCH_UNDECIDED;
}

static bool is_kev(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->facts->has_kev;
}

/* By a catalogue, or by any. A finding is judged without a knowledge base nowhere: one that is
 * missing clears nothing. */
static bool is_exploited(const struct tu_gate_item *item, uint32_t value)
{
	if (!item->name.len || !item->kb)
		return is_kev(item, value);
	return tu_kb_exploited_by(item->kb, item->finding->vulnerability, item->name);
}

static bool is_fixable(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->finding->fixed.len > 0;
}

static bool is_unscored(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->severity == TU_SEVERITY_UNKNOWN;
}

static bool severity_reaches(const struct tu_gate_item *item, uint32_t value)
{
	return item->severity >= value;
}

static bool score_reaches(const struct tu_gate_item *item, uint32_t value)
{
	return item->tenths != TU_SCORE_UNSTATED &&
		item->tenths * (uint32_t)(MILLION / 10) >= value;
}

/* EPSS states five decimals: rounding to six undoes the error of the binary number. */
static bool epss_reaches(const struct tu_gate_item *item, uint32_t value)
{
	double score = (double)item->facts->epss_score;

	return score >= 0 && (uint32_t)(score * MILLION + 0.5) >= value;
}

/* ---- assessments ---- */

/* An age that is not known is over any. */
static bool is_older(const struct tu_gate_item *item, uint32_t value)
{
	int64_t since = item->assessment->since;

	return !since || item->at - since > (int64_t)value * DAY;
}

static bool is_not_assessed(const struct tu_gate_item *item, uint32_t value)
{
	return !tu_assess_is_assessed(item->assessment) &&
		(value == NO_DAYS || is_older(item, value));
}

static bool is_assessed(const struct tu_gate_item *item, uint32_t value)
{
	return !is_not_assessed(item, value);
}

static bool is_closed(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return tu_assess_is_closed(item->assessment);
}

/* Also what nobody has assessed: the word meant that before it was the matcher's. With "!" it means
 * only that, so that no gate which was written then is weaker now. */
static bool is_undecided_or_not_assessed(const struct tu_gate_item *item, uint32_t value)
{
	if (is_not_assessed(item, value))
		return true;
	return is_undecided(item, value) && !is_closed(item, value) &&
		(value == NO_DAYS || is_older(item, value));
}

static bool is_affected_and_open(const struct tu_gate_item *item, uint32_t value)
{
	return is_affected(item, value) && !is_closed(item, value);
}

static bool is_decided(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->assessment->state == TU_ASSESS_DECIDED ||
		item->assessment->state == TU_ASSESS_CARRIED;
}

static bool is_carried(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->assessment->state == TU_ASSESS_CARRIED;
}

static bool is_reopened(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->assessment->state == TU_ASSESS_REOPENED;
}

static bool is_expired(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->assessment->reopen == TU_REOPEN_EXPIRED;
}

static bool is_uncontrolled(const struct tu_gate_item *item, uint32_t value)
{
	return !is_closed(item, value) && item->assessment->risk == TU_RISK_UNCONTROLLED;
}

static bool is_controlled(const struct tu_gate_item *item, uint32_t value)
{
	return !is_closed(item, value) && item->assessment->risk == TU_RISK_CONTROLLED;
}

static bool is_harm_unknown(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->assessment->proposal.harm_assumed;
}

static bool harm_reaches(const struct tu_gate_item *item, uint32_t value)
{
	return item->assessment->harm >= value;
}

static bool level_reaches(const struct tu_gate_item *item, uint32_t value)
{
	return item->assessment->proposal.level >= value;
}

/* ---- components, sources ---- */

static bool is_unknown(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->distinct->identified && !item->distinct->known;
}

static bool is_unidentified(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return !item->distinct->identified;
}

static bool is_stale(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return tu_freshness_is_stale(item->freshness);
}

static bool is_failed(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return tu_freshness_is_failed(item->freshness);
}

/* ---- deadlines ---- */

static bool is_missed(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->deadline->state == TU_DEADLINE_MISSED;
}

static bool is_running(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->deadline->state == TU_DEADLINE_RUNNING;
}

static bool is_conditional(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->deadline->state == TU_DEADLINE_CONDITIONAL;
}

static bool is_waiting(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->deadline->state == TU_DEADLINE_WAITING;
}

static bool is_case_exploited(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->deadline_case->exploited;
}

/* By every name that its decisions give it. */
static bool is_case_exploited_by(const struct tu_gate_item *item, uint32_t value)
{
	const struct tu_deadline_case *c = item->deadline_case;

	if (!item->name.len || !item->kb)
		return is_case_exploited(item, value);
	for (size_t i = 0; i < c->decision_count; i++) {
		const struct tu_decision *decision = c->decisions[i];

		if (tu_kb_exploited_as(item->kb, decision->vulnerability, item->name))
			return true;
		for (size_t k = 0; k < decision->aliases.count; k++)
			if (tu_kb_exploited_as(item->kb, decision->aliases.at[k], item->name))
				return true;
	}
	return false;
}

static bool is_case_closed(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->deadline_case->closed;
}

static bool is_case_uncontrolled(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return !item->deadline_case->closed && item->deadline_case->risk == TU_RISK_UNCONTROLLED;
}

/* ---- the table ---- */

/* A word with several meanings has a row for each kind of thing; of those that a door has, the last
 * one counts. */
static const struct tu_gate_word words[] = {
	{"any", TU_GATE_FINDING, TU_GATE_PLAIN, always},
	{"any", TU_GATE_DEADLINE, TU_GATE_PLAIN, always},
	{"affected", TU_GATE_FINDING, TU_GATE_PLAIN, is_affected, .verdict = true},
	{"affected", TU_GATE_ASSESSMENT, TU_GATE_PLAIN, is_affected_and_open},
	{"undecided", TU_GATE_FINDING, TU_GATE_PLAIN, is_undecided, .verdict = true},
	{"undecided", TU_GATE_ASSESSMENT, TU_GATE_MAYBE_DAYS, is_undecided_or_not_assessed,
		is_assessed,
		.advice = "in assess, \"undecided\" also means findings that nobody has assessed; "
			  "write \"not-assessed\" for these"},
	{"kev", TU_GATE_FINDING, TU_GATE_PLAIN, is_kev, .need = TU_GATE_NEEDS_KEV},
	{"kev", TU_GATE_DEADLINE, TU_GATE_PLAIN, is_case_exploited, .need = TU_GATE_NEEDS_KEV},
	{"exploited", TU_GATE_FINDING, TU_GATE_CATALOGUE, is_exploited,
		.need = TU_GATE_NEEDS_CATALOGUE},
	{"exploited", TU_GATE_DEADLINE, TU_GATE_CATALOGUE, is_case_exploited_by,
		.need = TU_GATE_NEEDS_CATALOGUE},
	{"fixable", TU_GATE_FINDING, TU_GATE_PLAIN, is_fixable},
	{"unscored", TU_GATE_FINDING, TU_GATE_PLAIN, is_unscored},
	{"severity", TU_GATE_FINDING, TU_GATE_SEVERITY, severity_reaches},
	{"cvss", TU_GATE_FINDING, TU_GATE_SCORE, score_reaches},
	{"epss", TU_GATE_FINDING, TU_GATE_FRACTION, epss_reaches, .need = TU_GATE_NEEDS_EPSS},
	{"not-assessed", TU_GATE_ASSESSMENT, TU_GATE_MAYBE_DAYS, is_not_assessed},
	{"decided", TU_GATE_ASSESSMENT, TU_GATE_PLAIN, is_decided},
	{"carried", TU_GATE_ASSESSMENT, TU_GATE_PLAIN, is_carried},
	{"reopened", TU_GATE_ASSESSMENT, TU_GATE_PLAIN, is_reopened},
	{"expired", TU_GATE_ASSESSMENT, TU_GATE_PLAIN, is_expired},
	{"age", TU_GATE_ASSESSMENT, TU_GATE_DAYS, is_older},
	{"uncontrolled", TU_GATE_ASSESSMENT, TU_GATE_PLAIN, is_uncontrolled},
	{"uncontrolled", TU_GATE_DEADLINE, TU_GATE_PLAIN, is_case_uncontrolled},
	{"controlled", TU_GATE_ASSESSMENT, TU_GATE_PLAIN, is_controlled},
	{"closed", TU_GATE_ASSESSMENT, TU_GATE_PLAIN, is_closed},
	{"closed", TU_GATE_DEADLINE, TU_GATE_PLAIN, is_case_closed},
	{"harm-unknown", TU_GATE_ASSESSMENT, TU_GATE_PLAIN, is_harm_unknown},
	{"harm", TU_GATE_ASSESSMENT, TU_GATE_HARM, harm_reaches},
	{"level", TU_GATE_ASSESSMENT, TU_GATE_LEVEL, level_reaches},
	{"missed", TU_GATE_DEADLINE, TU_GATE_PLAIN, is_missed},
	{"running", TU_GATE_DEADLINE, TU_GATE_PLAIN, is_running},
	{"conditional", TU_GATE_DEADLINE, TU_GATE_PLAIN, is_conditional},
	{"waiting", TU_GATE_DEADLINE, TU_GATE_PLAIN, is_waiting},
	{"unknown", TU_GATE_COMPONENT, TU_GATE_PLAIN, is_unknown},
	{"unidentified", TU_GATE_COMPONENT, TU_GATE_PLAIN, is_unidentified},
	{"stale", TU_GATE_SOURCE, TU_GATE_PLAIN, is_stale},
	{"failed-source", TU_GATE_SOURCE, TU_GATE_PLAIN, is_failed, .need = TU_GATE_NEEDS_FETCHES},
	{"open", TU_GATE_THREAT, TU_GATE_PLAIN, tu_gate_threat_is_open},
	{"unproven", TU_GATE_THREAT, TU_GATE_PLAIN, tu_gate_threat_is_unproven},
	{"mitigated", TU_GATE_THREAT, TU_GATE_PLAIN, tu_gate_threat_is_mitigated},
	{"accepted", TU_GATE_THREAT, TU_GATE_PLAIN, tu_gate_threat_is_accepted},
	{"transferred", TU_GATE_THREAT, TU_GATE_PLAIN, tu_gate_threat_is_transferred},
	{"reopened", TU_GATE_THREAT, TU_GATE_PLAIN, tu_gate_threat_is_reopened},
	{"uncontrolled", TU_GATE_THREAT, TU_GATE_PLAIN, tu_gate_threat_is_uncontrolled},
	{"harm-unknown", TU_GATE_THREAT, TU_GATE_PLAIN, tu_gate_threat_harm_is_unknown},
	{"harm", TU_GATE_THREAT, TU_GATE_HARM, tu_gate_threat_harm_reaches},
	{"privacy", TU_GATE_THREAT, TU_GATE_PRIVACY, tu_gate_threat_privacy_reaches},
	{"reach", TU_GATE_THREAT, TU_GATE_PATIENTS, tu_gate_threat_reach_reaches},
	{"stride", TU_GATE_THREAT, TU_GATE_STRIDE, tu_gate_threat_has_letter},
	{"category", TU_GATE_THREAT, TU_GATE_CATEGORY, tu_gate_threat_has_category},
	{"question", TU_GATE_QUESTION, TU_GATE_PLAIN, always},
	{"stale", TU_GATE_STALE_DECISION, TU_GATE_PLAIN, always},
	{"lint", TU_GATE_MODEL_LINT, TU_GATE_PLAIN, tu_gate_lint_matters},
	{"open", TU_GATE_POINT, TU_GATE_PLAIN, tu_gate_point_is_open},
	{"unknown", TU_GATE_POINT, TU_GATE_PLAIN, tu_gate_point_is_unknown},
	{"contradicted", TU_GATE_POINT, TU_GATE_PLAIN, tu_gate_point_is_contradicted},
	{"question", TU_GATE_POINT, TU_GATE_PLAIN, tu_gate_point_is_question},
	{"stakeholder", TU_GATE_POINT, TU_GATE_PLAIN, tu_gate_point_is_stakeholder},
};

/* Of a design model, at a door that has none. */
#define NO_MODEL \
	[TU_GATE_THREAT] = "is about threats: use \"tutela threat check\"", \
	[TU_GATE_QUESTION] = "is about a design model: use \"tutela threat check\"", \
	[TU_GATE_STALE_DECISION] = "is about a design model: use \"tutela threat check\"", \
	[TU_GATE_MODEL_LINT] = "is about a design model: use \"tutela threat check\""

#define NO_CONCEPT [TU_GATE_POINT] = "is about a concept phase: use \"tutela concept\""

/* Where to use a word at a door that has not what it is about; NULL: here. */
static const char *const elsewhere[TU_GATE_DOORS][TU_GATE_SUBJECTS] = {
	[TU_GATE_SCAN] = {[TU_GATE_ASSESSMENT] = "needs a device folder: use \"tutela assess\"",
		[TU_GATE_DEADLINE] = "needs the deadlines of a device folder: use \"tutela "
				     "clocks\"",
		NO_MODEL,
		NO_CONCEPT},
	[TU_GATE_ASSESS] = {[TU_GATE_DEADLINE] = "is about deadlines: use \"tutela clocks\"",
		NO_MODEL,
		NO_CONCEPT},
	[TU_GATE_CLOCKS] = {[TU_GATE_FINDING] = "is about findings: use \"tutela assess\"",
		[TU_GATE_ASSESSMENT] = "is about findings: use \"tutela assess\"",
		[TU_GATE_COMPONENT] = "is about components: use \"tutela assess\"",
		NO_MODEL,
		NO_CONCEPT},
	[TU_GATE_THREATS] = {[TU_GATE_FINDING] = "is about findings: use \"tutela assess\"; a "
						 "threat has \"harm>=LEVEL\"",
		[TU_GATE_ASSESSMENT] = "is about findings: use \"tutela assess\"",
		[TU_GATE_COMPONENT] = "is about components: use \"tutela assess\"",
		[TU_GATE_SOURCE] = "is about sources of knowledge: use \"tutela assess\"",
		[TU_GATE_DEADLINE] = "is about deadlines: use \"tutela clocks\"",
		NO_CONCEPT},
	[TU_GATE_CONCEPT] = {[TU_GATE_FINDING] = "is about findings: use \"tutela assess\"",
		[TU_GATE_ASSESSMENT] = "is about findings: use \"tutela assess\"",
		[TU_GATE_COMPONENT] = "is about components: use \"tutela assess\"",
		[TU_GATE_SOURCE] = "is about sources of knowledge: use \"tutela assess\"",
		[TU_GATE_DEADLINE] = "is about deadlines: use \"tutela clocks\"",
		NO_MODEL},
};

const char *tu_gate_elsewhere(enum tu_gate_door door, const struct tu_gate_word *word)
{
	return elsewhere[door][word->about];
}

const struct tu_gate_word *tu_gate_word_find(enum tu_gate_door door, struct tu_str name)
{
	const struct tu_gate_word *best = NULL;

	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (tu_str_ieq(name, tu_str_c(words[i].name)) &&
			(!best || !tu_gate_elsewhere(door, &words[i])))
			best = &words[i];
	return best;
}

void tu_gate_list_words(enum tu_gate_door door, struct tu_buf *out)
{
	const char *between = "";

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		const struct tu_gate_value_form *form = &tu_gate_value_forms[words[i].form];

		if (tu_gate_word_find(door, tu_str_c(words[i].name)) != &words[i] ||
			tu_gate_elsewhere(door, &words[i]))
			continue;
		tu_buf_printf(out, "%s%s%s%s", between, words[i].name, form->sign, form->shown);
		between = ", ";
		if (words[i].form == TU_GATE_MAYBE_DAYS || words[i].form == TU_GATE_CATALOGUE)
			tu_buf_printf(out, ", %s", words[i].name);
		if (words[i].form == TU_GATE_SEVERITY)
			tu_buf_c(out, ", none, low, medium, high, critical");
	}
}

/* ---- values ---- */

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

/* Sources have words of their own for severities; a gate has not. */
bool tu_gate_severity(struct tu_str text, uint32_t *out_value)
{
	enum tu_severity severity;

	if (!tu_severity_by_name(text, &severity) ||
		!tu_str_ieq(text, tu_str_c(tu_severity_name(severity))))
		return false;
	*out_value = severity;
	return true;
}

static bool parse_score(struct tu_str text, uint32_t *out_millionths)
{
	return tu_form_decimal(text, 6, 10 * MILLION, out_millionths);
}

static bool parse_fraction(struct tu_str text, uint32_t *out_millionths)
{
	return tu_form_decimal(text, 6, MILLION, out_millionths);
}

static bool parse_harm(struct tu_str text, uint32_t *out_value)
{
	enum tu_harm harm;

	if (!tu_harm_by_name(text, &harm) || harm < TU_HARM_NEGLIGIBLE)
		return false;
	*out_value = harm;
	return true;
}

static bool parse_level(struct tu_str text, uint32_t *out_value)
{
	return tu_form_decimal(text, 0, TU_EXPLOIT_LEVELS, out_value);
}

/* The name itself is kept in the term. */
static bool parse_catalogue(struct tu_str text, uint32_t *out_value)
{
	*out_value = 0;
	return text.len > 0 && text.len <= 64;
}

#define DAYS_FORM \
	{ \
		">", "DAYS", "a number of days such as 7d", parse_days \
	}

const struct tu_gate_value_form tu_gate_value_forms[TU_GATE_FORMS] = {
	[TU_GATE_PLAIN] = {"", "", "", NULL},
	[TU_GATE_MAYBE_DAYS] = DAYS_FORM,
	[TU_GATE_DAYS] = DAYS_FORM,
	[TU_GATE_SEVERITY] = {">=", "LEVEL", "none, low, medium, high or critical",
		tu_gate_severity},
	[TU_GATE_SCORE] = {">=", "N", "a number from 0 to 10", parse_score},
	[TU_GATE_FRACTION] = {">=", "N", "a number from 0 to 1", parse_fraction},
	[TU_GATE_HARM] = {">=", "LEVEL", "negligible, minor, serious, critical or catastrophic",
		parse_harm},
	[TU_GATE_LEVEL] = {">=", "N", "a number from 1 to 5", parse_level},
	[TU_GATE_CATALOGUE] = {":", "CATALOGUE", "the name of a catalogue", parse_catalogue},
	[TU_GATE_PATIENTS] = {">=", "N", "a number of patients", tu_gate_parse_count},
	[TU_GATE_PRIVACY] = {">=", "LEVEL", "limited or serious", tu_gate_parse_privacy},
	[TU_GATE_STRIDE] = {":", "LETTER", "one of the letters S, T, R, I, D and E",
		tu_gate_parse_stride},
	[TU_GATE_CATEGORY] = {":", "N", "a category of controls from 1 to 8",
		tu_gate_parse_category},
};
