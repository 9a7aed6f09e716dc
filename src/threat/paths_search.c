/*
 * Where an attacker gets to, at which width. Nodes are improved until nothing widens; a node is
 * never improved by way of itself, so that the ways back to the entry points are trees.
 */
#include "threat/paths_search.h"

enum {
	NODES_MAX =
		4000000, /* beyond it assets are not distinguished: more is passed on, not less */
	BUDGET = 10000000, /* steps by which a search improves what it has seen */
	ASSETS_ONE = 1
};

enum tu_attack_state tu_attack_state_of(const struct tu_threat *threat)
{
	static const enum tu_attack_state states[TU_THREAT_OUTCOMES] = {
		[TU_THREAT_UNKNOWN] = TU_ATTACK_UNDECIDED,
		[TU_THREAT_OPEN] = TU_ATTACK_OPEN,
		[TU_THREAT_UNPROVEN] = TU_ATTACK_OPEN,
		[TU_THREAT_MITIGATED] = TU_ATTACK_BLOCKED,
		[TU_THREAT_ACCEPTED] = TU_ATTACK_ACCEPTED,
		[TU_THREAT_TRANSFERRED] = TU_ATTACK_ACCEPTED,
		[TU_THREAT_NOT_APPLICABLE] = TU_ATTACK_BLOCKED};

	if (threat->stride != 'S' && threat->stride != 'T' && threat->stride != 'E')
		return TU_ATTACK_BLOCKED;
	return states[threat->outcome];
}

/* ---- the ground ---- */

static bool stops_forgery(const struct tu_model_control *control)
{
	static const struct tu_str words[] = {
		{"integrity", 9}, {"plausibility", 12}, {"*signature", 10}};

	return tu_control_counts(control) && tu_control_proven(control) &&
		tu_control_provides(control, (struct tu_texts){words, 3});
}

static void take_control(
	const struct tu_model_graph *graph, const struct tu_model_control *control, bool *stops)
{
	for (size_t i = 0; i < control->covers.count; i++) {
		struct tu_spot spot = control->covers.at[i];

		if (spot.is_flow) {
			stops[spot.index] = true;
			continue;
		}
		for (size_t k = 0; k < graph->in[spot.index].count; k++)
			stops[graph->in[spot.index].at[k]] = true;
	}
}

enum tu_status tu_attack_ground_make(struct tu_arena *arena, const struct tu_model_graph *graph,
	const struct tu_threats *found, struct tu_attack_ground *out_ground)
{
	const struct tu_model *model = graph->model;
	struct tu_attack_ground ground = {.graph = graph,
		.flows = tu_arena_array(arena, model->flows_count, 1),
		.elements = tu_arena_array(arena, model->elements_count, 1),
		.stops = tu_arena_array(arena, model->flows_count, sizeof(bool))};

	if (!ground.flows || !ground.elements || !ground.stops)
		return TU_E_NOMEM;
	for (size_t i = 0; i < model->flows_count; i++)
		ground.flows[i] = TU_ATTACK_BLOCKED;
	for (size_t i = 0; i < model->elements_count; i++)
		ground.elements[i] = TU_ATTACK_BLOCKED;
	for (size_t i = 0; i < found->count; i++) {
		struct tu_spot spot = found->at[i].spot;
		uint8_t *states = spot.is_flow ? ground.flows : ground.elements;
		enum tu_attack_state state = tu_attack_state_of(&found->at[i]);

		if (state < states[spot.index])
			states[spot.index] = (uint8_t)state;
	}
	for (size_t i = 0; i < model->controls_count; i++)
		if (stops_forgery(&model->controls[i]))
			take_control(graph, &model->controls[i], ground.stops);
	*out_ground = ground;
	return TU_OK;
}

/* ---- steps ---- */

static uint32_t node_at(const struct tu_attack_search *search, uint32_t element, size_t layer)
{
	return (uint32_t)(element * search->layers + layer);
}

static size_t layer_of_asset(const struct tu_attack_search *search, uint32_t asset)
{
	return search->layers > 3 || !asset ? asset : 0;
}

uint32_t tu_attack_arrived(const struct tu_attack_search *search, uint32_t element)
{
	return node_at(search, element, search->layers - 2);
}

uint64_t tu_attack_width(
	const struct tu_model *model, uint64_t width, const struct tu_model_flow *flow)
{
	uint64_t count = model->elements[flow->to].count, fan_out = flow->fan_out;

	if (fan_out == TU_MODEL_UNSTATED)
		return count == TU_MODEL_UNSTATED ? width : count;
	fan_out = fan_out ? fan_out : 1;
	width = width > (TU_MODEL_UNSTATED - 1) / fan_out ? TU_MODEL_UNSTATED - 1 : width * fan_out;
	return count != TU_MODEL_UNSTATED && width > count ? count : width;
}

/* Is the node's element on the way by which `from` was reached? */
static bool is_on_way(struct tu_attack_search *search, uint32_t from, uint32_t node)
{
	size_t element = node / search->layers;

	for (; from != TU_MODEL_NOWHERE; from = search->nodes[from].by) {
		if (from / search->layers == element)
			return true;
		if (!search->budget)
			return true;
		search->budget--;
	}
	return false;
}

struct step {
	uint32_t by, flow, entry;
	uint64_t width;
};

static void reach(struct tu_attack_search *search, uint32_t at, const struct step *step)
{
	struct tu_attack_node *node = &search->nodes[at];

	if (node->seen) {
		if (step->width <= node->width)
			return;
		if (!search->budget) {
			search->cut = true;
			return;
		}
		search->budget--;
		/* From its own foothold an element's assets are no second visit. */
		if (step->flow != TU_MODEL_NOWHERE && is_on_way(search, step->by, at)) {
			search->cut = true;
			return;
		}
	}
	node->seen = true;
	node->width = step->width;
	node->by = step->by;
	node->flow = step->flow;
	node->entry = step->entry;
	if (node->waits)
		return;
	node->waits = true;
	search->queue[(search->head + search->queued++) % search->node_count] = at;
}

static void reach_assets(struct tu_attack_search *search, uint32_t element,
	struct tu_indexes assets, const struct step *step)
{
	for (size_t i = 0; i < assets.count; i++)
		reach(search, node_at(search, element, layer_of_asset(search, assets.at[i])), step);
}

static bool is_weak(const struct tu_attack_search *search, uint32_t element)
{
	return search->ground->elements[element] <= search->state;
}

static bool is_passed(const struct tu_attack_search *search, uint32_t flow)
{
	const struct tu_model *model = search->ground->graph->model;

	return search->ground->flows[flow] <= search->state ||
		is_weak(search, model->flows[flow].to);
}

static bool carries(
	const struct tu_attack_search *search, const struct tu_model_flow *flow, size_t layer)
{
	if (!flow->assets.count)
		return search->state >= TU_ATTACK_UNDECIDED;
	for (size_t i = 0; i < flow->assets.count; i++)
		if (layer_of_asset(search, flow->assets.at[i]) == layer)
			return true;
	return false;
}

/* Over a flow from a node with the asset of `layer`; beyond the assets' layers with none. */
static void cross(struct tu_attack_search *search, uint32_t at, size_t layer, const struct step *by)
{
	const struct tu_model *model = search->ground->graph->model;
	const struct tu_model_flow *flow = &model->flows[at];
	bool passed = is_passed(search, at);
	struct step step = *by;

	if (!passed &&
		(layer >= search->layers - 2 || search->ground->stops[at] ||
			!carries(search, flow, layer)))
		return;
	step.flow = at;
	step.width = tu_attack_width(model, by->width, flow);
	search->used[at] = true;
	reach(search, tu_attack_arrived(search, flow->to), &step);
	if (passed)
		reach_assets(search, flow->to, flow->assets, &step);
	else
		reach(search, node_at(search, flow->to, layer), &step);
}

static void expand(struct tu_attack_search *search, uint32_t at)
{
	const struct tu_model *model = search->ground->graph->model;
	const struct tu_attack_node *node = &search->nodes[at];
	uint32_t element = (uint32_t)(at / search->layers);
	size_t layer = at % search->layers;
	const struct tu_indexes *out = &search->ground->graph->out[element];
	struct step step = {at, TU_MODEL_NOWHERE, node->entry, node->width};

	if (layer >= search->layers - 2 && is_weak(search, element)) {
		if (layer == search->layers - 1)
			reach(search, tu_attack_arrived(search, element), &step);
		reach_assets(search, element, model->elements[element].assets, &step);
	}
	for (size_t i = 0; i < out->count; i++)
		cross(search, out->at[i], layer, &step);
}

static void begin(struct tu_attack_search *search)
{
	const struct tu_attack_ground *ground = search->ground;

	for (size_t i = 0; i < ground->entry_count; i++) {
		struct tu_spot spot = ground->entries[i].spot;
		struct step step = {TU_MODEL_NOWHERE, TU_MODEL_NOWHERE, (uint32_t)i, 1};

		if (!spot.is_flow)
			reach(search, node_at(search, spot.index, search->layers - 1), &step);
		else if (!ground->graph->model->flows[spot.index].disabled)
			cross(search, spot.index, search->layers - 1, &step);
	}
}

static bool make_room(struct tu_arena *arena, struct tu_attack_search *search)
{
	const struct tu_model *model = search->ground->graph->model;
	size_t assets = model->assets_count ? model->assets_count : ASSETS_ONE;

	if (model->elements_count && assets > NODES_MAX / model->elements_count)
		assets = ASSETS_ONE;
	search->layers = assets + 2;
	search->node_count = model->elements_count * search->layers;
	search->nodes = tu_arena_array(arena, search->node_count, sizeof(*search->nodes));
	search->queue = tu_arena_array(arena, search->node_count, sizeof(*search->queue));
	search->used = tu_arena_array(arena, model->flows_count, sizeof(*search->used));
	return search->nodes && search->queue && search->used;
}

enum tu_status tu_attack_search(struct tu_arena *arena, const struct tu_attack_ground *ground,
	enum tu_attack_state state, struct tu_attack_search *out_search)
{
	struct tu_attack_search search = {
		.ground = ground, .state = state, .budget = ground->reach_only ? 0 : BUDGET};

	if (!make_room(arena, &search))
		return TU_E_NOMEM;
	begin(&search);
	while (search.queued) {
		uint32_t at = search.queue[search.head];

		search.head = (search.head + 1) % search.node_count;
		search.queued--;
		search.nodes[at].waits = false;
		expand(&search, at);
	}
	*out_search = search;
	return TU_OK;
}
