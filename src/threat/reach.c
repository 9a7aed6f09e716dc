/*
 * Reach: the widest path from a place forward, in patients.
 *
 * Width is the number of instances that one attack has reached: at each flow it is multiplied by
 * the fan-out and limited by the count of the element. First walks are relaxed until nothing
 * widens, which cannot be less than any simple path; where the widest walk visits no element twice,
 * it is the answer. Else simple paths are searched within a budget, and beyond it the walk is the
 * upper bound.
 */
#include "threat/weight.h"

enum {
	WALK_BUDGET = 400000, /* relaxations of one search */
	PATH_BUDGET = 20000, /* steps of one search over simple paths */
};

static const uint64_t TOTAL_BUDGET = 60000000; /* of all searches of a model */

struct node {
	uint64_t width;
	uint32_t by; /* flow by which it was reached */
	uint32_t stamp; /* search that it belongs to */
	bool waits; /* in the queue */
	bool on_path;
};

struct frame {
	uint32_t element;
	size_t next; /* flow to try */
	uint64_t width;
};

struct tu_reach_search {
	struct tu_arena *arena;
	const struct tu_model_graph *graph;
	struct node *nodes;
	uint32_t *queue; /* a ring of one more than the elements */
	struct frame *frames;
	uint32_t *path, *best_path;
	size_t path_count, best_count;
	uint32_t stamp;
	uint64_t spent;
	/* of this search */
	const struct tu_reach_start *start;
	uint32_t from; /* element that is never visited: the flow's source */
	bool cut, unknown;
	uint64_t best;
	uint32_t best_element;
};

struct tu_reach_search *tu_reach_search_new(
	struct tu_arena *arena, const struct tu_model_graph *graph)
{
	struct tu_reach_search *search = tu_arena_alloc(arena, sizeof(*search));
	size_t count = graph->model->elements_count + 1;

	if (!search)
		return NULL;
	search->arena = arena;
	search->graph = graph;
	search->nodes = tu_arena_array(arena, count, sizeof(*search->nodes));
	search->queue = tu_arena_array(arena, count, sizeof(*search->queue));
	search->frames = tu_arena_array(arena, count, sizeof(*search->frames));
	search->path = tu_arena_array(arena, count, sizeof(*search->path));
	search->best_path = tu_arena_array(arena, count, sizeof(*search->best_path));
	if (!search->nodes || !search->queue || !search->frames || !search->path ||
		!search->best_path)
		return NULL;
	return search;
}

/* ---- numbers ---- */

static uint64_t times(uint64_t a, uint64_t b)
{
	if (a && b > (TU_MODEL_UNSTATED - 1) / a)
		return TU_MODEL_UNSTATED - 1;
	return a * b;
}

static bool carries_one_of(const struct tu_model_flow *flow, struct tu_indexes assets)
{
	for (size_t i = 0; i < flow->assets.count; i++)
		for (size_t j = 0; j < assets.count; j++)
			if (flow->assets.at[i] == assets.at[j])
				return true;
	return false;
}

/* The width after a flow. What is not stated is as wide as can be, and makes the answer unknown
 * where no count limits it. */
static uint64_t width_after(
	struct tu_reach_search *search, uint64_t width, const struct tu_model_flow *flow)
{
	uint64_t count = search->graph->model->elements[flow->to].count;
	uint64_t fan_out = flow->fan_out;

	if (fan_out == TU_MODEL_UNSTATED && count == TU_MODEL_UNSTATED) {
		search->unknown = true;
		return width;
	}
	if (fan_out == TU_MODEL_UNSTATED) {
		search->cut = true;
		return count;
	}
	width = times(width, fan_out ? fan_out : 1);
	return count != TU_MODEL_UNSTATED && width > count ? count : width;
}

static uint64_t patients_at(struct tu_reach_search *search, uint32_t element, uint64_t width)
{
	uint64_t patients = search->graph->model->elements[element].patients;

	if (patients == TU_MODEL_UNSTATED) {
		search->unknown = true;
		return 0;
	}
	return times(width, patients);
}

/* ---- walks ---- */

static struct node *node_of(struct tu_reach_search *search, uint32_t element)
{
	struct node *node = &search->nodes[element];

	if (node->stamp != search->stamp)
		*node = (struct node){.by = TU_MODEL_NOWHERE, .stamp = search->stamp};
	return node;
}

struct ring {
	size_t head, count;
};

static void widen(struct tu_reach_search *search, struct ring *ring, uint32_t element,
	uint64_t width, uint32_t by)
{
	struct node *node = node_of(search, element);
	size_t size = search->graph->model->elements_count + 1;
	uint64_t patients;

	if (element == search->from || width <= node->width)
		return;
	node->width = width;
	node->by = by;
	patients = patients_at(search, element, width);
	if (patients > search->best || search->best_element == TU_MODEL_NOWHERE) {
		search->best = patients;
		search->best_element = element;
	}
	if (node->waits)
		return;
	node->waits = true;
	search->queue[(ring->head + ring->count++) % size] = element;
}

static void walk(struct tu_reach_search *search, uint32_t first, uint64_t width, uint32_t by)
{
	const struct tu_model *model = search->graph->model;
	size_t size = model->elements_count + 1, budget = WALK_BUDGET;
	struct ring ring = {0};

	widen(search, &ring, first, width, by);
	while (ring.count && budget) {
		uint32_t element = search->queue[ring.head];
		const struct tu_indexes *out = &search->graph->out[element];
		struct node *node = &search->nodes[element];

		ring.head = (ring.head + 1) % size;
		ring.count--;
		node->waits = false;
		for (size_t i = 0; i < out->count && budget; i++, budget--) {
			const struct tu_model_flow *flow = &model->flows[out->at[i]];

			if (carries_one_of(flow, search->start->assets))
				widen(search, &ring, flow->to,
					width_after(search, node->width, flow), out->at[i]);
		}
	}
	search->spent += WALK_BUDGET - budget;
	if (!budget)
		search->cut = true;
}

/* The flows of the widest walk in `path`; false where it visits an element twice or its flows,
 * taken in order, are less wide than it was. */
static bool is_simple(struct tu_reach_search *search, uint32_t first, uint64_t width)
{
	const struct tu_model *model = search->graph->model;
	uint32_t element = search->best_element;
	size_t count = 0;

	while (element != first) {
		uint32_t by = search->nodes[element].by;

		if (by == TU_MODEL_NOWHERE || count > model->elements_count)
			return false;
		search->path[count++] = by;
		element = model->flows[by].from;
		if (element == search->from)
			return false;
	}
	for (size_t i = 0; i < count / 2; i++) {
		uint32_t swap = search->path[i];

		search->path[i] = search->path[count - 1 - i];
		search->path[count - 1 - i] = swap;
	}
	search->path_count = count;
	for (size_t i = 0; i < count; i++)
		width = width_after(search, width, &model->flows[search->path[i]]);
	return width == search->nodes[search->best_element].width;
}

/* ---- simple paths ---- */

static void keep(struct tu_reach_search *search, size_t depth, uint64_t patients)
{
	search->best = patients;
	search->best_count = depth;
	for (size_t i = 0; i < depth; i++)
		search->best_path[i] = search->path[i];
}

/* The next flow of a frame that leads to an element that is not on the path; NOWHERE. */
static uint32_t step(struct tu_reach_search *search, struct frame *frame)
{
	const struct tu_indexes *out = &search->graph->out[frame->element];

	while (frame->next < out->count) {
		uint32_t at = out->at[frame->next++];
		const struct tu_model_flow *flow = &search->graph->model->flows[at];

		if (flow->to != search->from && !node_of(search, flow->to)->on_path &&
			carries_one_of(flow, search->start->assets))
			return at;
	}
	return TU_MODEL_NOWHERE;
}

/* False when the budget ran out before all simple paths were seen or one was as wide as `bound`. */
static bool search_paths(
	struct tu_reach_search *search, uint32_t first, uint64_t width, uint64_t bound)
{
	size_t depth = 1, budget = PATH_BUDGET;

	search->frames[0] = (struct frame){first, 0, width};
	node_of(search, first)->on_path = true;
	keep(search, 0, patients_at(search, first, width));
	while (depth && budget && search->best < bound) {
		struct frame *top = &search->frames[depth - 1];
		uint32_t by = step(search, top);
		const struct tu_model_flow *flow;
		uint64_t patients;

		budget--;
		if (by == TU_MODEL_NOWHERE) {
			node_of(search, top->element)->on_path = false;
			depth--;
			continue;
		}
		flow = &search->graph->model->flows[by];
		search->path[depth - 1] = by;
		search->frames[depth] =
			(struct frame){flow->to, 0, width_after(search, top->width, flow)};
		node_of(search, flow->to)->on_path = true;
		patients = patients_at(search, flow->to, search->frames[depth].width);
		if (patients > search->best)
			keep(search, depth, patients);
		depth++;
	}
	search->spent += PATH_BUDGET - budget;
	return budget > 0;
}

/* ---- one search ---- */

static enum tu_status write_path(
	struct tu_reach_search *search, const uint32_t *flows, size_t count, struct tu_reach *out)
{
	size_t lead = search->start->spot.is_flow ? 1 : 0;
	uint32_t *path = tu_arena_array(search->arena, count + lead, sizeof(*path));

	if (!path)
		return TU_E_NOMEM;
	if (lead)
		path[0] = search->start->spot.index;
	for (size_t i = 0; i < count; i++)
		path[i + lead] = flows[i];
	out->path = (struct tu_indexes){path, count + lead};
	return TU_OK;
}

/* Wider than any search: every instance of every element. */
static void give_up(struct tu_reach_search *search, struct tu_reach *out)
{
	const struct tu_model *model = search->graph->model;

	*out = (struct tu_reach){.patients = 1, .is_bound = true};
	for (size_t i = 0; i < model->elements_count; i++) {
		uint64_t count = model->elements[i].count, patients = model->elements[i].patients;

		if (count == TU_MODEL_UNSTATED || patients == TU_MODEL_UNSTATED)
			out->patients = TU_MODEL_UNSTATED;
		else if (times(count, patients) > out->patients)
			out->patients = times(count, patients);
	}
}

static void begin(struct tu_reach_search *search, const struct tu_reach_start *start)
{
	search->start = start;
	search->stamp++;
	search->cut = search->unknown = false;
	search->best = 0;
	search->best_element = TU_MODEL_NOWHERE;
	search->from = start->spot.is_flow ? search->graph->model->flows[start->spot.index].from
					   : TU_MODEL_NOWHERE;
}

enum tu_status tu_reach_find(struct tu_reach_search *search, const struct tu_reach_start *start,
	struct tu_reach *out_reach)
{
	const struct tu_model *model = search->graph->model;
	const uint32_t *path = search->path;
	uint32_t first = start->spot.index;
	uint64_t width = start->instances, bound;
	size_t count;
	enum tu_status status;

	if (search->spent > TOTAL_BUDGET) {
		give_up(search, out_reach);
		return TU_OK;
	}
	begin(search, start);
	if (start->spot.is_flow) {
		first = model->flows[start->spot.index].to;
		width = width_after(search, 1, &model->flows[start->spot.index]);
	}
	*out_reach = (struct tu_reach){.patients = 1};
	if (first == search->from)
		return write_path(search, NULL, 0, out_reach);
	walk(search, first, width, TU_MODEL_NOWHERE);
	bound = search->best;
	if (search->best_element == TU_MODEL_NOWHERE)
		return write_path(search, NULL, 0, out_reach);
	if (!is_simple(search, first, width)) {
		if (search_paths(search, first, width, bound))
			bound = search->best;
		else
			search->cut = true;
		path = search->best_path;
		count = search->best_count;
	} else
		count = search->path_count;
	status = write_path(search, path, count, out_reach);
	out_reach->patients = bound ? bound : 1;
	out_reach->is_bound = search->cut;
	if (search->unknown)
		out_reach->patients = TU_MODEL_UNSTATED;
	return status;
}
