/* Events: which of them start a deadline, and when. */
#include "deadline/run.h"

static bool states(const struct tu_case_event *event, struct tu_str word)
{
	for (size_t i = 0; i < event->contents.count; i++)
		if (tu_str_eq(event->contents.at[i], word))
			return true;
	return word.len == 0;
}

static bool matches(const struct tu_case_event *event, const char *pattern)
{
	struct tu_str name = tu_str_c(pattern);
	size_t colon = tu_str_find(name, ':');

	return tu_str_eq(event->name, tu_str_first(name, colon)) &&
		states(event, tu_str_from(name, colon + 1));
}

bool tu_deadline__is(const struct tu_case_event *event, const char *pattern)
{
	return !event->corrected && matches(event, pattern);
}

const struct tu_case_event *tu_deadline__event(
	const struct tu_deadline_run *run, const char *pattern)
{
	for (size_t i = 0; i < run->c->event_count; i++)
		if (run->c->events[i]->at <= run->at && tu_deadline__is(run->c->events[i], pattern))
			return run->c->events[i];
	return NULL;
}

const struct tu_case_event *tu_deadline__proof(
	const struct tu_deadline_run *run, const char *pattern)
{
	for (size_t i = 0; i < run->c->event_count; i++) {
		const struct tu_case_event *event = run->c->events[i];

		if (event->at <= run->at && event->evidence.len && tu_deadline__is(event, pattern))
			return event;
	}
	return NULL;
}

/* ---- starts ---- */

static const char known[] = "exploitation-known";

static bool matches_start(const struct tu_deadline_rule *rule, const struct tu_case_event *event)
{
	if (matches(event, rule->start))
		return true;
	for (size_t i = 0; i < TU_DEADLINE_START_MAX && rule->start_too[i]; i++)
		if (matches(event, rule->start_too[i]))
			return true;
	return false;
}

/* What does it start: a row, or the knowledge of an exploitation (NULL)? */
static bool could_start(const struct tu_deadline_rule *rule, const struct tu_case_event *event)
{
	return rule ? matches_start(rule, event) : matches(event, known);
}

/* Nothing that was said instead starts the same. */
static bool is_lost(const struct tu_deadline_rule *rule, const struct tu_case_event *event)
{
	const struct tu_case_event *next = event;

	while (next->corrected) {
		next = next->corrected->by;
		if (!next)
			return true;
		if (could_start(rule, next))
			return false;
	}
	return true;
}

/* Does it start that, also if it did once and nothing does in its place? */
static bool begins(const struct tu_deadline_run *run, const struct tu_deadline_rule *rule,
	const struct tu_case_event *event)
{
	if (!could_start(rule, event))
		return false;
	return !event->corrected || (run->was && is_lost(rule, event));
}

static const struct tu_case_event *first_known(const struct tu_deadline_run *run)
{
	for (size_t i = 0; i < run->c->event_count; i++)
		if (run->c->events[i]->at <= run->at && begins(run, NULL, run->c->events[i]))
			return run->c->events[i];
	return NULL;
}

bool tu_deadline__is_exploited(const struct tu_deadline_run *run)
{
	return run->c->exploited || tu_deadline__event(run, "exploitation-known");
}

/*
 * The maker is aware of an exploitation when it says so (exploitation-known); else when it knew of
 * the vulnerability and the catalogue listed it, whichever came later; where no catalogue says
 * when, as soon as it knew of the vulnerability: that is an assumption, on the early side.
 */
static struct tu_deadline_start awareness(const struct tu_deadline_run *run)
{
	const struct tu_case_event *event = first_known(run);
	const struct tu_deadline_case *c = run->c;

	if (event)
		return (struct tu_deadline_start){.at = event->at};
	if (!c->exploited || !c->learned)
		return (struct tu_deadline_start){0};
	if (!c->exploited_since)
		return (struct tu_deadline_start){.at = c->learned, .assumed = true};
	return (struct tu_deadline_start){
		.at = c->exploited_since > c->learned ? c->exploited_since : c->learned};
}

static int64_t first_after(
	const struct tu_deadline_run *run, const struct tu_deadline_rule *rule, int64_t after)
{
	for (size_t i = 0; i < run->c->event_count; i++)
		if (run->c->events[i]->at > after && begins(run, rule, run->c->events[i]))
			return run->c->events[i]->at;
	return 0;
}

struct tu_deadline_start tu_deadline__start(
	const struct tu_deadline_run *run, const struct tu_deadline_rule *rule, int64_t after)
{
	struct tu_str name = tu_str_c(rule->start);
	struct tu_deadline_start start = {0}, aware = awareness(run);

	if (tu_str_eq(name, TU_STR("learned")))
		start.at = run->c->learned;
	else if (tu_str_eq(name, TU_STR("exploitation-known")))
		start = aware;
	else
		start.at = first_after(run, rule, after);
	/* a listing that came later, or the directive itself, begins a new period */
	if (rule->when == TU_WHEN_FEDERAL && start.at) {
		const int64_t begun = run->c->federal_since > TU_BOD_ISSUED ? run->c->federal_since
									    : TU_BOD_ISSUED;

		start.at = begun > start.at ? begun : start.at;
	}
	if (rule->aware && start.at) {
		start.at = !aware.at || aware.at > start.at ? aware.at : start.at;
		start.assumed = aware.assumed;
	}
	return start.at <= run->at ? start : (struct tu_deadline_start){0};
}

/* ---- starts that do not hold any more ---- */

struct tu_deadline_start tu_deadline__lost_start(
	const struct tu_deadline_run *run, const struct tu_deadline_rule *rule, size_t *next)
{
	const struct tu_case_event *unknown = tu_deadline__lost_exploitation(run);
	struct tu_deadline_run was = *run;

	was.was = true;
	while (*next < run->c->event_count) {
		const struct tu_case_event *event = run->c->events[(*next)++];
		struct tu_deadline_start start = {.at = event->at, .lost = event};
		const struct tu_deadline_start aware = awareness(&was);

		if (!could_start(rule, event) || (rule->from && event->at < rule->from))
			continue;
		if (!event->corrected && rule->aware)
			start.lost = unknown;
		else if (!event->corrected || !is_lost(rule, event))
			start.lost = NULL;
		if (rule->aware && (!aware.at || aware.at > start.at))
			start.at = aware.at;
		if (start.lost && start.at && start.at <= run->at)
			return start;
	}
	return (struct tu_deadline_start){0};
}

const struct tu_case_event *tu_deadline__moved_start(
	const struct tu_deadline_run *run, const struct tu_deadline_rule *rule, int64_t at)
{
	for (size_t i = 0; i < run->c->event_count; i++) {
		const struct tu_case_event *event = run->c->events[i];
		const struct tu_case_event *by = event->corrected ? event->corrected->by : NULL;

		if (by && !by->corrected && by->at == at && event->at != at &&
			could_start(rule, event) && could_start(rule, by))
			return event;
	}
	return NULL;
}

const struct tu_case_event *tu_deadline__lost_exploitation(const struct tu_deadline_run *run)
{
	struct tu_deadline_run was = *run;
	const struct tu_case_event *event;

	if (tu_deadline__is_exploited(run))
		return NULL;
	was.was = true;
	event = first_known(&was);
	return event && event->corrected ? event : NULL;
}
