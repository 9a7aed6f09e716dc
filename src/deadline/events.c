/* Events: which of them start a deadline, and when. */
#include "deadline/run.h"

static bool states(const struct tu_case_event *event, struct tu_str word)
{
	for (size_t i = 0; i < event->contents.count; i++)
		if (tu_str_eq(event->contents.at[i], word))
			return true;
	return word.len == 0;
}

bool tu_deadline__is(const struct tu_case_event *event, const char *pattern)
{
	struct tu_str name = tu_str_c(pattern);
	size_t colon = tu_str_find(name, ':');

	return tu_str_eq(event->name, tu_str_first(name, colon)) &&
		states(event, tu_str_from(name, colon + 1));
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
	const struct tu_case_event *known = tu_deadline__event(run, "exploitation-known");
	const struct tu_deadline_case *c = run->c;

	if (known)
		return (struct tu_deadline_start){known->at, false};
	if (!c->exploited || !c->learned)
		return (struct tu_deadline_start){0};
	if (!c->exploited_since)
		return (struct tu_deadline_start){c->learned, true};
	return (struct tu_deadline_start){
		c->exploited_since > c->learned ? c->exploited_since : c->learned, false};
}

static bool starts(const struct tu_deadline_rule *rule, const struct tu_case_event *event)
{
	if (tu_deadline__is(event, rule->start))
		return true;
	for (size_t i = 0; i < TU_DEADLINE_START_MAX && rule->start_too[i]; i++)
		if (tu_deadline__is(event, rule->start_too[i]))
			return true;
	return false;
}

static int64_t first_after(
	const struct tu_deadline_run *run, const struct tu_deadline_rule *rule, int64_t after)
{
	for (size_t i = 0; i < run->c->event_count; i++)
		if (run->c->events[i]->at > after && starts(rule, run->c->events[i]))
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
	if (rule->aware && start.at) {
		start.at = !aware.at || aware.at > start.at ? aware.at : start.at;
		start.assumed = aware.assumed;
	}
	return start.at <= run->at ? start : (struct tu_deadline_start){0};
}
