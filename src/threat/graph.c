/* The graph of a model: which flows lead to and from each element. */
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

enum tu_status tu_model_graph_make(struct tu_arena *arena, const struct tu_model *model, int64_t at,
	struct tu_model_graph *out_graph)
{
	*out_graph = (struct tu_model_graph){
		.model = model, .at = at, .memory = tu_memory_new(arena, model)};
	if (!out_graph->memory || !make_lists(arena, model, true, &out_graph->in) ||
		!make_lists(arena, model, false, &out_graph->out))
		return TU_E_NOMEM;
	return TU_OK;
}
