/*
 * The smallest cut: the fewest flows without which no entry point leads to a target, of those that
 * the attack can use. Maximum flow by shortest augmenting paths, each flow of the model with a
 * capacity of one (Edmonds and Karp 1972); the cut is the border of what is still reached.
 */
#include "threat/paths_search.h"

static const uint64_t WORK_MAX = 200000000; /* flows that are looked at */

struct cutter {
	const struct tu_attack_search *search;
	const struct tu_model_graph *graph;
	uint32_t target;
	bool *taken; /* flows that carry one unit */
	bool *seen; /* elements */
	uint32_t *by; /* flow by which an element was reached */
	uint32_t *queue;
	size_t count;
	uint64_t work;
	bool direct; /* an entry point at the target: no flow is between */
};

static void see(struct cutter *c, uint32_t element, uint32_t by)
{
	if (c->seen[element])
		return;
	c->seen[element] = true;
	c->by[element] = by;
	c->queue[c->count++] = element;
}

/* An attacker at a flow has the flow itself to close: its source stands for him. */
static void see_entries(struct cutter *c)
{
	const struct tu_attack_ground *ground = c->search->ground;

	for (size_t i = 0; i < ground->entry_count; i++) {
		struct tu_spot spot = ground->entries[i].spot;
		uint32_t at = spot.is_flow ? c->graph->model->flows[spot.index].from : spot.index;

		if (at == c->target)
			c->direct = true;
		else
			see(c, at, TU_MODEL_NOWHERE);
	}
}

/* Forward over flows that are free, back over those that are taken; true: the target is reached. */
static bool flood(struct cutter *c)
{
	const struct tu_model *model = c->graph->model;

	for (size_t i = 0; i < model->elements_count; i++)
		c->seen[i] = false;
	c->count = 0;
	see_entries(c);
	for (size_t next = 0; next < c->count && !c->seen[c->target]; next++) {
		const struct tu_indexes *out = &c->graph->out[c->queue[next]];
		const struct tu_indexes *in = &c->graph->in[c->queue[next]];

		for (size_t i = 0; i < out->count; i++)
			if (c->search->used[out->at[i]] && !c->taken[out->at[i]])
				see(c, model->flows[out->at[i]].to, out->at[i]);
		for (size_t i = 0; i < in->count; i++)
			if (c->taken[in->at[i]])
				see(c, model->flows[in->at[i]].from, in->at[i]);
		c->work += out->count + in->count;
	}
	c->work += model->elements_count;
	return c->seen[c->target];
}

static void augment(struct cutter *c)
{
	const struct tu_model *model = c->graph->model;
	uint32_t element = c->target;

	while (c->by[element] != TU_MODEL_NOWHERE) {
		uint32_t flow = c->by[element];
		bool back = model->flows[flow].to != element;

		c->taken[flow] = !back;
		element = back ? model->flows[flow].to : model->flows[flow].from;
	}
}

static enum tu_status write_cut(
	struct tu_arena *arena, const struct cutter *c, struct tu_attack *attack)
{
	const struct tu_model *model = c->graph->model;
	uint32_t *cut = tu_arena_array(arena, model->flows_count, sizeof(*cut));
	size_t count = 0;

	if (!cut)
		return TU_E_NOMEM;
	for (size_t i = 0; i < model->flows_count; i++)
		if (c->taken[i] && c->seen[model->flows[i].from] && !c->seen[model->flows[i].to])
			cut[count++] = (uint32_t)i;
	attack->cut = (struct tu_indexes){cut, count};
	attack->cut_known = true;
	return TU_OK;
}

enum tu_status tu_attack_cut(
	struct tu_arena *arena, const struct tu_attack_search *search, struct tu_attack *attack)
{
	const struct tu_model *model = search->ground->graph->model;
	struct cutter c = {.search = search,
		.graph = search->ground->graph,
		.target = attack->target,
		.taken = tu_arena_array(arena, model->flows_count, sizeof(bool)),
		.seen = tu_arena_array(arena, model->elements_count, sizeof(bool)),
		.by = tu_arena_array(arena, model->elements_count, sizeof(uint32_t)),
		.queue = tu_arena_array(arena, model->elements_count, sizeof(uint32_t))};

	if (!c.taken || !c.seen || !c.by || !c.queue)
		return TU_E_NOMEM;
	while (flood(&c)) {
		augment(&c);
		if (c.work > WORK_MAX)
			return TU_OK;
	}
	if (c.direct)
		return TU_OK;
	return write_cut(arena, &c, attack);
}
