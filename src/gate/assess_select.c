#include "gate/assess_select.h"

static bool is_only(const struct tu_gate *only, const struct tu_assess_input *input,
	const struct tu_assessment *a)
{
	const struct tu_gate_item item = tu_gate_item_of(input->kb, a, input->at);

	for (size_t i = 0; only && i < only->rule_count; i++)
		if (tu_gate_rule_holds(&only->rules[i], &item))
			return true;
	return !only;
}

static bool has_component(const struct tu_inventory *inventory, struct tu_str wanted)
{
	for (size_t i = 0; i < inventory->component_count; i++)
		if (tu_assess_is_named(&inventory->components[i], wanted))
			return true;
	return false;
}

static bool is_in(const struct tu_inventory *inventory, const struct tu_distinct *distinct,
	struct tu_str wanted)
{
	for (size_t i = 0; i < distinct->component_count; i++)
		if (tu_assess_is_named(&inventory->components[distinct->components[i]], wanted))
			return true;
	return !wanted.len;
}

enum tu_status tu_assess_select(const struct tu_assess_answer *assessing,
	const struct tu_assess_selection *selection, struct tu_assess_selected *out,
	struct tu_error *err)
{
	const struct tu_inventory *inventory = assessing->input.inventory;
	const struct tu_assessment *const *sorted = tu_assess_sort(assessing);
	const struct tu_assessment **list =
		tu_arena_array(assessing->matching.arena, assessing->result->count, sizeof(*list));
	struct tu_str wanted = tu_str_c(selection->component);

	*out = (struct tu_assess_selected){.at = list};
	if (!sorted || !list)
		return tu_no_memory(err);
	if (wanted.len && !has_component(inventory, wanted))
		return tu_fail(err, TU_E_NOTFOUND, 0,
			"the SBOM of release %.*s has no component with the name, reference or "
			"purl \"%.*s\"",
			TU_STR_FMT(assessing->release->version), TU_STR_FMT(wanted));
	for (size_t i = 0; i < assessing->result->count; i++) {
		if (!is_in(inventory, sorted[i]->of->distinct, wanted) ||
			!is_only(selection->only, &assessing->input, sorted[i]))
			continue;
		if (out->matching++ < selection->limit)
			list[out->count++] = sorted[i];
	}
	return TU_OK;
}
