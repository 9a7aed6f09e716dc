/* What each word of the gate asks a list. */
#include <string.h>

#include "portfolio/list_filter_inside.h"

enum { TENTH = 100000 };

/* ---- what a filter is narrowed by ---- */

/* False: together with what was asked before, nothing could pass. */
typedef bool narrow(struct tu_list_filter *filter, uint32_t value, bool negated);

static bool narrow_range(uint8_t *from, uint8_t *below, uint32_t value, bool negated)
{
	if (!negated && value > *from)
		*from = (uint8_t)value;
	if (negated && (!*below || value < *below))
		*below = (uint8_t)value;
	return !*below || *from < *below;
}

#define STATES(wanted, negated) ((negated) ? ALL_STATES & ~(uint32_t)(wanted) : (uint32_t)(wanted))
#define ALL_STATES (TU_LIST_BIT(TU_LIST_STATES) - 1)
#define IN_FORCE (TU_LIST_BIT(TU_LIST_DECIDED) | TU_LIST_BIT(TU_LIST_CARRIED))

/* ---- words of the gate ---- */

static bool any(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	(void)filter, (void)value;
	return !negated;
}

static bool affected(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	(void)value, (void)negated;
	return tu_list__narrow_set(&filter->verdicts, TU_LIST_BIT(TU_MATCH_AFFECTED),
		       TU_LIST_BIT(TU_LIST_VERDICTS) - 1) &&
		tu_list__narrow_ask(&filter->closed, true);
}

static bool kev(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	(void)value;
	for (size_t i = 0; negated && i < filter->exploited_by_count; i++)
		if (!filter->exploited_by[i].no)
			return false;
	return tu_list__narrow_ask(&filter->kev, negated);
}

static bool fixable(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	(void)value;
	return tu_list__narrow_ask(&filter->fixable, negated);
}

static bool unscored(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	(void)value;
	return tu_list__narrow_ask(&filter->unscored, negated);
}

/* Severities that a gate names are above "unknown". */
static bool severity(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	return narrow_range(&filter->severity_from, &filter->severity_below, value, negated);
}

/* Scores have tenths: at least 7.05 is at least 7.1. At least 0: it is stated. */
static bool cvss(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	uint32_t tenths = (value + TENTH - 1) / TENTH;

	return tenths ? narrow_range(&filter->cvss_from, &filter->cvss_below, tenths, negated)
		      : tu_list__narrow_ask(&filter->cvss_stated, negated);
}

static bool epss(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	if (!value)
		return tu_list__narrow_ask(&filter->epss_stated, negated);
	if (!negated && value > filter->epss_from)
		filter->epss_from = value;
	if (negated && (!filter->epss_below || value < filter->epss_below))
		filter->epss_below = value;
	return !filter->epss_below || filter->epss_from < filter->epss_below;
}

static bool not_assessed(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	(void)value;
	return tu_list__narrow_set(&filter->states, STATES(IN_FORCE, !negated), ALL_STATES);
}

static bool decided(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	(void)value;
	return tu_list__narrow_set(&filter->states, STATES(IN_FORCE, negated), ALL_STATES);
}

static bool carried(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	(void)value;
	return tu_list__narrow_set(
		&filter->states, STATES(TU_LIST_BIT(TU_LIST_CARRIED), negated), ALL_STATES);
}

static bool reopened(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	(void)value;
	return tu_list__narrow_set(
		&filter->states, STATES(TU_LIST_BIT(TU_LIST_REOPENED), negated), ALL_STATES);
}

static bool closed(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	(void)value;
	return tu_list__narrow_ask(&filter->closed, negated);
}

static bool harm(struct tu_list_filter *filter, uint32_t value, bool negated)
{
	return narrow_range(&filter->harm_from, &filter->harm_below, value, negated);
}

#define TIME "the list does not have how long a finding has been in its state"
#define PROPOSED_RISK \
	"the list has risks of decisions, not of proposals: write \"risk:uncontrolled\" or " \
	"\"risk:controlled\" for what is decided, and \"not-assessed\" for what is not"

/* What each word of the gate asks a list. A word without a function, or negated where `one_way`, is
 * an error with its text. */
static const struct {
	const char *name;
	narrow *narrow;
	bool one_way;
	const char *why;
} gate_words[] = {
	{"any", any, true, "nothing would pass"},
	{"affected", affected, true,
		"\"not affected, or closed\" is no filter: write \"!closed\", \"closed\" or "
		"\"verdict:undecided\""},
	{"undecided", NULL, false,
		"it means two things: write \"not-assessed\" for what nobody has decided, "
		"\"verdict:undecided\" for what the matcher could not decide"},
	{"kev", kev, false, NULL},
	{"exploited", kev, false, NULL},
	{"fixable", fixable, false, NULL},
	{"unscored", unscored, false, NULL},
	{"severity", severity, false, NULL},
	{"cvss", cvss, false, NULL},
	{"epss", epss, false, NULL},
	{"not-assessed", not_assessed, false, TIME},
	{"decided", decided, false, NULL},
	{"carried", carried, false, NULL},
	{"reopened", reopened, false, NULL},
	{"expired", NULL, false,
		"the list does not have why a decision was re-opened: write \"reopened\""},
	{"age", NULL, false, TIME},
	{"uncontrolled", NULL, false, PROPOSED_RISK},
	{"controlled", NULL, false, PROPOSED_RISK},
	{"closed", closed, false, NULL},
	{"harm-unknown", NULL, false, "the list does not have where a harm comes from"},
	{"harm", harm, false, NULL},
	{"level", NULL, false, "the list does not have the level of exploitability"},
	{"unknown", NULL, false,
		"it is about components without findings, which have lists of their own"},
	{"unidentified", NULL, false,
		"it is about components without findings, which have lists of their own"},
	{"stale", NULL, false,
		"it is about sources of the knowledge base, which have a list of their own"},
	{"failed-source", NULL, false,
		"it is about sources of the knowledge base, which have a list of their own"},
};

static enum tu_status cannot(const struct tu_gate_term *term, const char *why, struct tu_error *err)
{
	return tu_fail(err, TU_E_USAGE, 0, "\"%s%s\" cannot be asked of a list: %s",
		term->negated ? "!" : "", term->word->name, why);
}

static enum tu_status excludes(const struct tu_gate_term *term, struct tu_error *err)
{
	return tu_fail(err, TU_E_USAGE, 0, "\"%s%s%s%.*s\" excludes what another term asks",
		term->negated ? "!" : "", term->word->name, term->name.len ? ":" : "",
		TU_STR_FMT(term->name));
}

/* What one catalogue says; none says so where nobody does. */
static enum tu_status add_catalogue(
	const struct tu_gate_term *term, struct tu_list_filter *filter, struct tu_error *err)
{
	if (filter->kev == TU_LIST_NO && !term->negated)
		return excludes(term, err);
	for (size_t i = 0; i < filter->exploited_by_count; i++)
		if (tu_str_ieq(filter->exploited_by[i].name, term->name))
			return filter->exploited_by[i].no == term->negated ? TU_OK
									   : excludes(term, err);
	if (filter->exploited_by_count == TU_LIST_CATALOGUES_MAX)
		return tu_fail(err, TU_E_USAGE, 0, "a filter names at most %d catalogues",
			TU_LIST_CATALOGUES_MAX);
	filter->exploited_by[filter->exploited_by_count].name = term->name;
	filter->exploited_by[filter->exploited_by_count++].no = term->negated;
	return TU_OK;
}

enum tu_status tu_list__add_term(
	const struct tu_gate_term *term, struct tu_list_filter *filter, struct tu_error *err)
{
	bool days = term->word->form == TU_GATE_MAYBE_DAYS && term->value != UINT32_MAX;
	size_t i = 0;

	while (i < TU_COUNT(gate_words) && strcmp(gate_words[i].name, term->word->name) != 0)
		i++;
	if (i == TU_COUNT(gate_words))
		return cannot(term, "no filter is known for it", err);
	if (days)
		return cannot(term, TIME, err);
	if (term->name.len)
		return add_catalogue(term, filter, err);
	if (!gate_words[i].narrow || (gate_words[i].one_way && term->negated))
		return cannot(term, gate_words[i].why, err);
	return gate_words[i].narrow(filter, term->value, term->negated) ? TU_OK
									: excludes(term, err);
}

enum tu_status tu_list_filter_add_gate(
	const struct tu_gate *gate, struct tu_list_filter *filter, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	if (gate->rule_count != 1)
		return tu_fail(err, TU_E_USAGE, 0,
			"a filter is one rule: \",\" (or) cannot be asked of a list");
	for (size_t i = 0; i < gate->rules[0].term_count && status == TU_OK; i++)
		status = tu_list__add_term(&gate->rules[0].terms[i], filter, err);
	return status;
}
