/* What of a design model is asked for by name. */
#include "app/threat.h"

#include "threat/paths.h"
#include "threat/words.h"

enum { NAME_SHOWN = 60 };

const char *tu_threat_view_kind(const struct tu_model_view *view)
{
	return tu_words_name(&tu_words_view_kind, (int)view->kind);
}

static enum tu_status no_view(
	const struct tu_model *model, struct tu_str name, struct tu_error *err)
{
	struct tu_buf known;
	enum tu_status status;

	tu_buf_init(&known, TU_ERROR_MESSAGE_MAX);
	for (size_t i = 0; i < model->views_count; i++)
		tu_buf_printf(&known, "%s%.*s (%s)", i ? ", " : "", TU_STR_FMT(model->views[i].id),
			tu_threat_view_kind(&model->views[i]));
	status = tu_fail(err, TU_E_NOTFOUND, 0, "the model has no view \"%.*s\"; it has %.*s",
		TU_STR_FMT(tu_str_first(name, NAME_SHOWN)), known.len ? (int)known.len : 4,
		known.len ? known.ptr : "none");
	tu_buf_done(&known);
	return status;
}

enum tu_status tu_threat_find_view(const struct tu_model *model, struct tu_str name,
	const struct tu_model_view **out_view, struct tu_error *err)
{
	for (size_t i = 0; i < model->views_count; i++)
		if (tu_str_eq(model->views[i].id, name)) {
			*out_view = &model->views[i];
			return TU_OK;
		}
	for (size_t i = 0; i < model->views_count; i++)
		if (tu_str_eq(tu_str_c(tu_threat_view_kind(&model->views[i])), name)) {
			*out_view = &model->views[i];
			return TU_OK;
		}
	*out_view = NULL;
	return no_view(model, name, err);
}

enum tu_status tu_threat_find_flows(struct tu_arena *arena, const struct tu_model *model,
	struct tu_str names, struct tu_indexes *out_flows, struct tu_error *err)
{
	uint32_t *flows = tu_arena_array(arena, names.len + 1, sizeof(*flows));
	struct tu_str rest = names, id;
	size_t count = 0;

	if (!flows)
		return tu_no_memory(err);
	while (rest.len && tu_str_split(&rest, ',', &id)) {
		flows[count] = tu_model_flow_by_id(model, tu_str_trim(id));
		if (flows[count++] == TU_MODEL_NOWHERE)
			return tu_fail(err, TU_E_NOTFOUND, 0, "the model has no flow \"%.*s\"",
				TU_STR_FMT(tu_str_first(id, NAME_SHOWN)));
	}
	*out_flows = (struct tu_indexes){flows, count};
	return TU_OK;
}

enum tu_status tu_threat_find_paths(const struct tu_threat_answer *answer, struct tu_str to,
	struct tu_attacks *out_attacks, struct tu_error *err)
{
	const struct tu_threat_input threats = tu_threat_answer_input(answer);
	struct tu_attack_input input = {&threats, &answer->threats, TU_MODEL_NOWHERE};

	if (to.len) {
		input.to = tu_model_element_by_id(answer->model, to);
		if (input.to == TU_MODEL_NOWHERE)
			return tu_fail(err, TU_E_NOTFOUND, 0, "the model has no element \"%.*s\"",
				TU_STR_FMT(tu_str_first(to, NAME_SHOWN)));
	}
	return tu_attack_paths(answer->arena, &input, out_attacks, err);
}
