/* What a design model answers about itself. */
#include <tutela/model.h>

uint32_t tu_model_element_by_id(const struct tu_model *model, struct tu_str id)
{
	for (size_t i = 0; i < model->elements_count; i++)
		if (tu_str_eq(model->elements[i].id, id))
			return (uint32_t)i;
	return TU_MODEL_NOWHERE;
}

uint32_t tu_model_flow_by_id(const struct tu_model *model, struct tu_str id)
{
	for (size_t i = 0; i < model->flows_count; i++)
		if (tu_str_eq(model->flows[i].id, id))
			return (uint32_t)i;
	return TU_MODEL_NOWHERE;
}

enum { FEW_FACTS = 12 };

struct tu_str tu_model_fact_get(const struct tu_model_facts *facts, struct tu_str name)
{
	size_t low = 0, high = facts->count;

	/* few are compared one after the other: most differ in length */
	for (size_t i = 0; high <= FEW_FACTS && i < high; i++)
		if (tu_str_eq(facts->at[i].name, name))
			return facts->at[i].value;
	if (high <= FEW_FACTS)
		return (struct tu_str){0};
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = tu_str_cmp(facts->at[middle].name, name);

		if (order == 0)
			return facts->at[middle].value;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return (struct tu_str){0};
}

enum tu_stated tu_model_crosses(const struct tu_model *model, uint32_t flow)
{
	const struct tu_model_flow *at = &model->flows[flow];
	uint32_t from = model->elements[at->from].zone, to = model->elements[at->to].zone;

	if (from == TU_MODEL_NOWHERE || to == TU_MODEL_NOWHERE)
		return TU_STATED_NOTHING;
	return from == to ? TU_STATED_NO : TU_STATED_YES;
}
