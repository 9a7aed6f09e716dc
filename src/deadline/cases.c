/* Which cases the decisions of a device make. */
#include <tutela/deadline.h>

#include <stdlib.h>

#include "base/vec.h"

static int compare_events(const void *a, const void *b)
{
	const struct tu_case_event *x = *(const struct tu_case_event *const *)a;
	const struct tu_case_event *y = *(const struct tu_case_event *const *)b;

	return (x->at > y->at) - (x->at < y->at);
}

static void add_facts(struct tu_deadline_case *c, const struct tu_decision *decision, bool stands)
{
	int64_t learned = tu_decision_learned(decision);

	if (!c->learned || (learned && learned < c->learned))
		c->learned = learned;
	if (stands && decision->risk > c->risk)
		c->risk = decision->risk;
	c->was_uncontrolled |= decision->risk == TU_RISK_UNCONTROLLED;
	c->was_controlled |= decision->risk == TU_RISK_CONTROLLED;
	c->closed &= !stands || tu_claim_clears(decision->status);
	c->exploited |= decision->premises.kev;
}

static bool is_first(const struct tu_decision *const *decisions, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (tu_decision_same_vulnerability(decisions[i], decisions[index]))
			return false;
	return true;
}

static bool is_twin(const struct tu_case_event *a, const struct tu_case_event *b)
{
	return a->at == b->at && tu_str_eq(a->name, b->name);
}

/* Does a decision say that an event of another one was wrong, and nowhere that it was right? */
static bool refutes(const struct tu_decision *decision, const struct tu_case_event *event)
{
	bool wrong = false, right = false;

	for (size_t i = 0; i < decision->event_count; i++) {
		if (!is_twin(&decision->events[i], event))
			continue;
		wrong |= decision->events[i].corrected != NULL;
		right |= !decision->events[i].corrected;
	}
	return wrong && !right;
}

/* The same event at the same time in two decisions is one: where one of them corrects it, such as
 * one that supersedes what was approved, it does not count. */
static bool is_refuted(const struct tu_decision *const *decisions, size_t count,
	const struct tu_decision *own, const struct tu_case_event *event)
{
	for (size_t i = 0; i < count; i++)
		if (decisions[i] != own && refutes(decisions[i], event) &&
			tu_decision_same_vulnerability(decisions[i], own))
			return true;
	return false;
}

static bool gather(struct tu_arena *arena, const struct tu_decision *const *decisions, size_t count,
	size_t first, struct tu_deadline_case *out_case)
{
	TU_VEC(const struct tu_case_event *) events = {0};
	TU_VEC(const struct tu_decision *) own = {0};
	struct tu_deadline_case c = {
		.vulnerability = decisions[first]->vulnerability, .closed = true};

	for (size_t i = first; i < count; i++) {
		if (!tu_decision_same_vulnerability(decisions[first], decisions[i]))
			continue;
		if (!TU_VEC_PUSH_IN(arena, &own, decisions[i]))
			return false;
		add_facts(&c, decisions[i],
			!tu_decision_is_superseded(decisions[i], decisions, count));
		for (size_t k = 0; k < decisions[i]->event_count; k++) {
			const struct tu_case_event *event = &decisions[i]->events[k];

			if (!event->corrected && is_refuted(decisions, count, decisions[i], event))
				continue;
			if (!TU_VEC_PUSH_IN(arena, &events, event))
				return false;
		}
	}
	if (events.count)
		qsort(events.at, events.count, sizeof(*events.at), compare_events);
	c.events = events.at;
	c.event_count = events.count;
	c.decisions = own.at;
	c.decision_count = own.count;
	*out_case = c;
	return true;
}

enum tu_status tu_deadline_cases(struct tu_arena *arena, const struct tu_decision *const *decisions,
	size_t decision_count, const struct tu_deadline_case **out_cases, size_t *out_count,
	struct tu_error *err)
{
	TU_VEC(struct tu_deadline_case) cases = {0};
	bool fine = true;

	for (size_t i = 0; i < decision_count && fine; i++) {
		struct tu_deadline_case c;

		if (!is_first(decisions, i))
			continue;
		fine = gather(arena, decisions, decision_count, i, &c) &&
			TU_VEC_PUSH_IN(arena, &cases, c);
	}
	*out_cases = cases.at;
	*out_count = cases.count;
	return fine ? TU_OK : tu_no_memory(err);
}
