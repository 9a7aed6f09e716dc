/* Dispositions: people's decisions about threats, and what re-opens them. */
#include <stdlib.h>

#include "threat/engine.h"

/* A decision, found by its key. */
struct indexed {
	struct tu_str key;
	uint32_t index;
};

static int by_key(const void *left, const void *right)
{
	const struct indexed *a = left, *b = right;
	int order = tu_str_cmp(a->key, b->key);

	return order ? order : (a->index > b->index) - (a->index < b->index);
}

static struct indexed *make_index(struct tu_arena *arena, const struct tu_dispositions *all)
{
	struct indexed *index = tu_arena_array(arena, all->count, sizeof(*index));

	for (size_t i = 0; index && i < all->count; i++)
		index[i] = (struct indexed){all->at[i].key, (uint32_t)i};
	if (index && all->count > 1)
		qsort(index, all->count, sizeof(*index), by_key);
	return index;
}

/* The last decision with this key: it is the newest in the file. */
static uint32_t find_key(const struct indexed *index, size_t count, struct tu_str key)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tu_str_cmp(index[middle].key, key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low && tu_str_eq(index[low - 1].key, key) ? index[low - 1].index : TU_MODEL_NOWHERE;
}

/* ---- what re-opens ---- */

static bool is_fact(const struct tu_threat_reason *reason, struct tu_str fact)
{
	size_t sign = tu_str_find(fact, '=');

	return tu_str_eq(tu_str_first(fact, sign), reason->subject) &&
		tu_str_eq(tu_str_from(fact, sign + 1), reason->value);
}

static bool is_of_flow(struct tu_str fact)
{
	return tu_str_starts(fact, TU_STR("flow="));
}

/* The facts of that time are the facts of today; a decision without any says nothing of them. */
static bool facts_differ(const struct tu_disposition *decision, const struct tu_threat *threat)
{
	size_t stated = 0, met = 0, now = 0;

	for (size_t i = 0; i < decision->facts.count; i++)
		stated += !is_of_flow(decision->facts.at[i]);
	for (size_t r = 0; r < threat->reasons.count; r++) {
		const struct tu_threat_reason *reason = &threat->reasons.at[r];
		bool known = false;

		if (tu_str_eq(reason->subject, TU_STR("also")))
			continue;
		now++;
		for (size_t i = 0; i < decision->facts.count && !known; i++)
			known = is_fact(reason, decision->facts.at[i]);
		met += known;
	}
	return stated && (met != stated || met != now);
}

static bool knows_flow(const struct tu_disposition *decision, struct tu_str id)
{
	for (size_t i = 0; i < decision->facts.count; i++)
		if (is_of_flow(decision->facts.at[i]) &&
			tu_str_eq(tu_str_from(decision->facts.at[i], 5), id))
			return true;
	return false;
}

/* An element whose flows were written down ("flow=": it had none) has one more. */
static bool has_new_flow(const struct tu_engine *engine, const struct tu_disposition *decision,
	const struct tu_threat *threat)
{
	const struct tu_model *model = engine->graph.model;
	const struct tu_indexes *in, *out;
	bool any = false;

	for (size_t i = 0; i < decision->facts.count; i++)
		any |= is_of_flow(decision->facts.at[i]);
	if (!any || threat->spot.is_flow)
		return false;
	in = &engine->graph.in[threat->spot.index];
	out = &engine->graph.out[threat->spot.index];
	for (size_t i = 0; i < in->count; i++)
		if (!knows_flow(decision, model->flows[in->at[i]].id))
			return true;
	for (size_t i = 0; i < out->count; i++)
		if (!knows_flow(decision, model->flows[out->at[i]].id))
			return true;
	return false;
}

static bool assumption_is_overdue(const struct tu_engine *engine, const struct tu_threat *threat)
{
	const struct tu_model *model = engine->graph.model;

	for (size_t i = 0; i < model->assumptions_count; i++) {
		const struct tu_model_assumption *assumption = &model->assumptions[i];

		if (!assumption->review_by || assumption->review_by > engine->graph.at)
			continue;
		for (size_t s = 0; s < assumption->about.count; s++)
			if (assumption->about.at[s].is_flow == threat->spot.is_flow &&
				assumption->about.at[s].index == threat->spot.index)
				return true;
	}
	return false;
}

static bool harm_is_worse(const struct tu_disposition *decision, const struct tu_threat *threat)
{
	if (!threat->graded || decision->severity == TU_HARM_UNKNOWN)
		return false;
	return threat->severity == TU_HARM_UNKNOWN || threat->severity > decision->severity;
}

static bool pack_differs(const struct tu_engine *engine, const struct tu_disposition *decision,
	const struct tu_candidate *candidate)
{
	const struct tu_threat_pack *pack = engine->input->packs[candidate->pack];
	size_t sign = tu_str_rfind(decision->pack, '@');

	return decision->pack.len &&
		(!tu_str_eq(tu_str_first(decision->pack, sign), pack->id) ||
			!tu_str_eq(tu_str_from(decision->pack, sign + 1), pack->version));
}

/* Why the decision no longer applies; empty where it does. */
static struct tu_str why_reopened(const struct tu_engine *engine,
	const struct tu_disposition *decision, const struct tu_candidate *candidate)
{
	const struct tu_threat *threat = &candidate->threat;

	if (decision->proposed)
		return TU_STR("nobody who may approve it has");
	if (decision->at > engine->graph.at)
		return TU_STR("the decision is dated in the future");
	if (decision->outcome == TU_THREAT_ACCEPTED && !decision->until)
		return TU_STR("the acceptance has no end date");
	if (decision->until && decision->until <= engine->graph.at)
		return TU_STR("its time is over");
	if (harm_is_worse(decision, threat))
		return TU_STR("the severity is worse than at the time of the decision");
	if (facts_differ(decision, threat))
		return TU_STR("other facts than at the time of the decision");
	if (has_new_flow(engine, decision, threat))
		return TU_STR("a flow was added to the element");
	if (assumption_is_overdue(engine, threat))
		return TU_STR("an assumption about the place is overdue");
	if (pack_differs(engine, decision, candidate))
		return TU_STR("the pack of rules has another version");
	return (struct tu_str){0};
}

/* A question stays one: who has not said what is there cannot accept it. */
static bool can_be_disposed(enum tu_threat_outcome outcome)
{
	return outcome == TU_THREAT_OPEN || outcome == TU_THREAT_UNPROVEN;
}

static void dispose(struct tu_engine *engine, struct tu_candidate *candidate, uint32_t index)
{
	const struct tu_disposition *decision = &engine->input->dispositions.at[index];
	struct tu_threat *threat = &candidate->threat;

	threat->disposition = index;
	if (!can_be_disposed(threat->outcome))
		return;
	threat->reopened = why_reopened(engine, decision, candidate);
	if (!threat->reopened.len)
		threat->outcome = decision->outcome;
}

enum tu_status tu_threat_dispose(struct tu_engine *engine, struct tu_dispositions *out_stale)
{
	const struct tu_dispositions *all = &engine->input->dispositions;
	struct indexed *index = make_index(engine->arena, all);
	bool *used = tu_arena_array(engine->arena, all->count, sizeof(*used));
	struct tu_disposition *stale = tu_arena_array(engine->arena, all->count, sizeof(*stale));
	size_t count = 0;

	if (!index || !used || !stale)
		return TU_E_NOMEM;
	for (size_t i = 0; i < engine->found.count; i++) {
		struct tu_candidate *candidate = engine->found.at[i];
		uint32_t at = candidate->threat.outcome == TU_THREAT_NOT_APPLICABLE
			? TU_MODEL_NOWHERE
			: find_key(index, all->count, candidate->threat.key);

		if (at == TU_MODEL_NOWHERE)
			continue;
		used[at] = true;
		dispose(engine, candidate, at);
	}
	for (size_t i = 0; i < all->count; i++) {
		if (used[i])
			continue;
		stale[count] = all->at[i];
		stale[count++].stale = true;
	}
	*out_stale = (struct tu_dispositions){stale, count};
	return TU_OK;
}
