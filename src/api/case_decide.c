/* Deciding in a case of our own. */
#include "api/cases.h"
#include "api/decides.h"
#include "api/sign.h"
#include "portfolio/decide_own.h"
#include "service/service.h"

struct proposing {
	struct tu_api_call *call;
	struct tu_decide_request stated;
	struct tu_str id; /* of what was proposed; in the arena of the call */
};

static bool take_list(const struct tu_api_call *call, const char *name, const struct tu_str **out,
	size_t *out_count)
{
	struct tu_json list = tu_json_get(call->body, tu_str_c(name)), item;
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_str *texts = tu_arena_array(call->arena, tu_json_count(list) + 1, sizeof(*texts));

	*out = texts;
	*out_count = 0;
	while (texts && tu_json_next_item(&iter, &item))
		texts[(*out_count)++] = tu_json_str(item);
	return texts != NULL;
}

/* The device that is named, or the only one. */
static enum tu_status find_part(const struct tu_api_call *call, const struct tu_case_row *row,
	const struct tu_case_part **out, struct tu_error *err)
{
	struct tu_str name = tu_api_body_str(call, "device");

	*out = row->parts.list.count == 1 && !name.len ? &row->parts.list.at[0] : NULL;
	for (size_t i = 0; name.len && i < row->parts.list.count; i++)
		if (tu_str_eq(row->parts.list.at[i].device, name))
			*out = &row->parts.list.at[i];
	if (*out)
		return TU_OK;
	return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/device"},
		name.len ? "the case is not about this device"
			 : "the case is about several devices: name one");
}

static enum tu_status propose(struct tu_work *w, void *self, struct tu_error *err)
{
	struct proposing *p = self;
	struct tu_api_call *call = p->call;
	struct tu_case_row row;
	struct tu_str id = {0};
	struct tu_decide_own own = {.row = &row,
		.kb = call->kb->kb,
		.reader = tu_service_reader(call->service),
		.component = tu_api_body_str(call, "component"),
		.supersedes = tu_api_body_str(call, "supersedes"),
		.stated = &p->stated};
	enum tu_status status = tu_api_case_of(w, call, &row, err);

	if (status == TU_OK)
		status = find_part(call, &row, &own.part, err);
	if (status == TU_OK &&
		(!take_list(call, "releases", &own.releases, &own.release_count) ||
			!take_list(call, "aliases", &own.aliases.at, &own.aliases.count)))
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = tu_decide_own_propose(w, &own, &id, err);
	if (status == TU_OK && !tu_arena_dup(call->arena, id, &p->id))
		status = tu_no_memory(err);
	return status;
}

enum tu_status tu_api_propose_case_decision(struct tu_api_call *call, struct tu_error *err)
{
	struct proposing p = {.call = call};
	enum tu_status status = tu_api_decide_stated(call, &p.stated) ? tu_api_kb_newest(call, err)
								      : tu_no_memory(err);

	if (status == TU_OK)
		status = tu_api_write(call, propose, &p, err);
	if (status == TU_OK)
		tu_api_decide_answer(call, &p.id, 1);
	return status;
}
