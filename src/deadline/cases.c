/* Which rows a device has, and which cases its decisions make. */
#include <tutela/deadline.h>

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* ---- rows ---- */

static bool sells_in(const struct tu_device *device, const char *jurisdiction)
{
	for (size_t i = 0; i < device->markets.count; i++)
		if (tu_str_ieq(device->markets.at[i], tu_str_c(jurisdiction)))
			return true;
	return *jurisdiction == '\0';
}

static bool is_product(const struct tu_device *device, enum tu_deadline_product product)
{
	return product == TU_DEADLINE_ANY || device->medical == (product == TU_DEADLINE_DEVICE);
}

/* Rows are of C strings: their words come from a file and are copied once. */
static const char *c_text(struct tu_arena *arena, struct tu_str text)
{
	char *copy = tu_arena_text(arena, text.len + 1);

	if (copy) {
		if (text.len)
			memcpy(copy, text.ptr, text.len);
		copy[text.len] = '\0';
	}
	return copy;
}

static const struct {
	const char *word;
	int value;
} units[] = {{"hours", TU_DEADLINE_HOURS}, {"days", TU_DEADLINE_DAYS},
	{"working-days", TU_DEADLINE_WORKING_DAYS}},
  whens[] = {{"always", TU_WHEN_ALWAYS}, {"uncontrolled", TU_WHEN_UNCONTROLLED},
	  {"controlled", TU_WHEN_CONTROLLED}, {"kev", TU_WHEN_EXPLOITED}};

static enum tu_deadline_unit unit_of(struct tu_str word)
{
	for (size_t i = 0; i < TU_COUNT(units); i++)
		if (tu_str_eq(word, tu_str_c(units[i].word)))
			return (enum tu_deadline_unit)units[i].value;
	return TU_DEADLINE_DAYS;
}

static enum tu_deadline_when when_of(struct tu_str word)
{
	for (size_t i = 0; i < TU_COUNT(whens); i++)
		if (tu_str_eq(word, tu_str_c(whens[i].word)))
			return (enum tu_deadline_when)whens[i].value;
	return TU_WHEN_UNCONTROLLED;
}

static const struct tu_deadline_rule *own_rule(
	struct tu_arena *arena, const struct tu_own_clock *own)
{
	struct tu_deadline_rule *rule = tu_arena_alloc(arena, sizeof(*rule));

	if (!rule)
		return NULL;
	*rule = (struct tu_deadline_rule){
		.id = c_text(arena, own->id),
		.title = c_text(arena, own->title.len ? own->title : own->id),
		.source = "the maker's own policy",
		.jurisdiction = "",
		.when = when_of(own->when),
		.start = c_text(arena, own->start),
		.amount = own->amount,
		.unit = unit_of(own->unit),
		.stop = c_text(arena, own->stop),
	};
	return rule->id && rule->title && rule->start && rule->stop ? rule : NULL;
}

enum tu_status tu_deadline_rules(struct tu_arena *arena, const struct tu_device *device,
	const struct tu_deadline_rule *const **out_rules, size_t *out_count, struct tu_error *err)
{
	TU_VEC(const struct tu_deadline_rule *) rules = {0};
	bool fine = true;

	for (size_t i = 0; fine && tu_deadline_rule_at(i); i++) {
		const struct tu_deadline_rule *rule = tu_deadline_rule_at(i);

		if (is_product(device, rule->product) && sells_in(device, rule->jurisdiction))
			fine = TU_VEC_PUSH_IN(arena, &rules, rule);
	}
	for (size_t i = 0; fine && i < device->policy.clock_count; i++) {
		const struct tu_deadline_rule *rule = own_rule(arena, &device->policy.clocks[i]);

		fine = rule && TU_VEC_PUSH_IN(arena, &rules, rule);
	}
	*out_rules = rules.at;
	*out_count = fine ? rules.count : 0;
	return fine ? TU_OK : tu_no_memory(err);
}

/* ---- cases ---- */

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
	c->closed &= !stands || tu_claim_clears(decision->status);
	if (decision->premises.kev && (!c->exploited || decision->decided_at < c->exploited_since))
		c->exploited_since = decision->decided_at;
	c->exploited |= decision->premises.kev;
}

static bool is_first(const struct tu_decision *const *decisions, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (tu_decision_same_vulnerability(decisions[i], decisions[index]))
			return false;
	return true;
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
		for (size_t k = 0; k < decisions[i]->event_count; k++)
			if (!TU_VEC_PUSH_IN(arena, &events, &decisions[i]->events[k]))
				return false;
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
