/* The graph of a model: which flows lead to and from each element, which controls cover each place,
 * which facts it may have. */
#include "base/hash.h"
#include "threat/memory.h"

static bool counts(const struct tu_model_flow *flow)
{
	return !flow->disabled;
}

static bool make_lists(struct tu_arena *arena, const struct tu_model *model, bool in,
	const struct tu_indexes **out_lists)
{
	struct tu_indexes *lists = tu_arena_array(arena, model->elements_count, sizeof(*lists));
	uint32_t *places = tu_arena_array(arena, model->flows_count, sizeof(*places));
	uint32_t **next = tu_arena_array(arena, model->elements_count, sizeof(*next));

	if (!lists || !places || !next)
		return false;
	for (size_t i = 0; i < model->flows_count; i++)
		if (counts(&model->flows[i]))
			lists[in ? model->flows[i].to : model->flows[i].from].count++;
	for (size_t i = 0; i < model->elements_count; i++) {
		lists[i].at = next[i] = places;
		places += lists[i].count;
	}
	for (size_t i = 0; i < model->flows_count; i++)
		if (counts(&model->flows[i]))
			*next[in ? model->flows[i].to : model->flows[i].from]++ = (uint32_t)i;
	*out_lists = lists;
	return true;
}

/* A place's list among those of the elements, which the flows' follow. */
static size_t list_of(const struct tu_model *model, struct tu_spot spot)
{
	return spot.is_flow ? model->elements_count + spot.index : spot.index;
}

static bool make_controls(
	struct tu_arena *arena, const struct tu_model *model, const struct tu_indexes **out_lists)
{
	size_t count = model->elements_count + model->flows_count, all = 0;
	struct tu_indexes *lists = tu_arena_array(arena, count, sizeof(*lists));
	uint32_t *places, **next = tu_arena_array(arena, count, sizeof(*next));

	if (!lists || !next)
		return false;
	for (size_t i = 0; i < model->controls_count; i++)
		for (size_t c = 0; c < model->controls[i].covers.count; c++, all++)
			lists[list_of(model, model->controls[i].covers.at[c])].count++;
	places = tu_arena_array(arena, all, sizeof(*places));
	if (!places)
		return false;
	for (size_t i = 0; i < count; i++) {
		lists[i].at = next[i] = places;
		places += lists[i].count;
		lists[i].count = 0;
	}
	for (size_t i = 0; i < model->controls_count; i++)
		for (size_t c = 0; c < model->controls[i].covers.count; c++) {
			size_t at = list_of(model, model->controls[i].covers.at[c]);

			if (lists[at].count && lists[at].at[lists[at].count - 1] == i)
				continue; /* it names the place twice */
			*next[at]++ = (uint32_t)i;
			lists[at].count++;
		}
	*out_lists = lists;
	return true;
}

struct tu_indexes tu_model_graph_controls(const struct tu_model_graph *graph, struct tu_spot spot)
{
	return graph->controls[list_of(graph->model, spot)];
}

/* ---- facts ---- */

uint64_t tu_fact_bit(struct tu_str name)
{
	return (uint64_t)1 << (tu_hash(name) & 63);
}

static uint64_t fact_bits(const struct tu_model_facts *facts)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < facts->count; i++)
		bits |= tu_fact_bit(facts->at[i].name);
	return bits;
}

static bool make_facts(
	struct tu_arena *arena, const struct tu_model *model, const uint64_t **out_bits)
{
	uint64_t *bits =
		tu_arena_array(arena, model->elements_count + model->flows_count, sizeof(*bits));

	for (size_t i = 0; bits && i < model->elements_count; i++)
		bits[i] = fact_bits(&model->elements[i].facts);
	for (size_t i = 0; bits && i < model->flows_count; i++)
		bits[model->elements_count + i] = fact_bits(&model->flows[i].facts);
	*out_bits = bits;
	return bits != NULL;
}

bool tu_model_graph_may_state(
	const struct tu_model_graph *graph, struct tu_spot spot, uint64_t facts)
{
	return (graph->facts[list_of(graph->model, spot)] & facts) != 0;
}

enum tu_status tu_model_graph_make(struct tu_arena *arena, const struct tu_model *model, int64_t at,
	struct tu_model_graph *out_graph)
{
	*out_graph = (struct tu_model_graph){
		.model = model, .at = at, .memory = tu_memory_new(arena, model)};
	if (!out_graph->memory || !make_lists(arena, model, true, &out_graph->in) ||
		!make_lists(arena, model, false, &out_graph->out) ||
		!make_controls(arena, model, &out_graph->controls) ||
		!make_facts(arena, model, &out_graph->facts))
		return TU_E_NOMEM;
	return TU_OK;
}
