#include "connect/dtrack/result.h"

#include "api/validate.h"
#include "connect/dtrack/project.h"
#include "connect/dtrack/project.h"
#include "portfolio/device.h"

enum { PAGE = TU_LIST_PAGE_MAX };

/* ---- the project ---- */

struct opening {
	struct tu_api_call *call;
	struct tu_str public, name, version;
	struct tu_dtrack_project *out;
};

static bool keep(
	struct tu_arena *arena, const struct tu_project *from, struct tu_dtrack_project *out)
{
	out->uuid = tu_dtrack_uuid(from->public_id);
	out->release_id = from->release_id;
	out->device_id = from->device_id;
	out->imported = from->imported;
	return tu_arena_dup(arena, from->public_id, &out->id) &&
		tu_arena_dup(arena, from->name, &out->name) &&
		tu_arena_dup(arena, from->version, &out->version) &&
		tu_arena_dup(arena, from->device, &out->device);
}

static enum tu_status load(struct tu_work *w, const struct opening *o,
	const struct tu_project *project, struct tu_error *err)
{
	struct tu_dtrack_project *p = o->out;
	const struct tu_device *model;
	struct tu_device_row device;
	struct tu_release_row row;
	enum tu_status status = tu_release_by_id(w, project->release_id, &row, err);

	if (status == TU_OK)
		status = tu_device_find(w, project->device, &device, err);
	if (status == TU_OK)
		status = tu_device_load(w, &device, &model, NULL, err);
	if (status == TU_OK)
		status = tu_release_data(w, row.id, &p->data, err);
	if (status != TU_OK)
		return status;
	p->has_sbom = row.sbom_id != 0;
	p->due = row.due;
	p->undecided_days = model->policy.undecided_days;
	return keep(o->call->arena, project, p) &&
			tu_arena_dup(o->call->arena, row.version, &p->release)
		? TU_OK
		: tu_no_memory(err);
}

static enum tu_status open_it(struct tu_work *w, void *self, struct tu_error *err)
{
	struct opening *o = self;
	const struct tu_list_scope *scope = &o->call->who.scope;
	const struct tu_project *one;
	struct tu_projects all = {0};
	enum tu_status status = o->public.len ? tu_project_get(w, scope, o->public, &all, err)
					      : tu_project_list(w, scope, o->name, &all, err);

	one = o->public.len ? all.one : tu_project_of_version(&all, o->version);
	if (status == TU_E_NOTFOUND || (status == TU_OK && !one))
		return tu_dtrack__no_project(err);
	return status ? status : load(w, o, one, err);
}

enum tu_status tu_dtrack__project(struct tu_api_call *call, struct tu_str uuid,
	struct tu_dtrack_project *out, struct tu_error *err)
{
	char id[TU_RANDOM_ID + 1];
	struct opening o = {.call = call, .out = out};

	*out = (struct tu_dtrack_project){0};
	if (!tu_dtrack_uuid_read(uuid, id))
		return tu_dtrack__no_project(err);
	o.public = tu_random_id_str(id);
	return tu_api_read(call, open_it, &o, err);
}

enum tu_status tu_dtrack__project_named(struct tu_api_call *call, struct tu_str name,
	struct tu_str version, struct tu_dtrack_project *out, struct tu_error *err)
{
	struct opening o = {.call = call, .name = name, .version = version, .out = out};

	*out = (struct tu_dtrack_project){0};
	if (!name.len) /* all of them would be meant */
		return tu_dtrack__no_project(err);
	return tu_api_read(call, open_it, &o, err);
}

/* ---- its findings ---- */

const struct tu_dtrack_order tu_dtrack__worst_first = {TU_LIST_BY_SEVERITY, true};

enum tu_status tu_dtrack__findings(struct tu_api_call *call,
	const struct tu_dtrack_project *project, const struct tu_dtrack_order *order,
	struct tu_dtrack_findings *out, struct tu_error *err)
{
	const struct tu_list_filter filter = {.release_id = project->release_id};
	const struct tu_list_filters counting = {
		.kind = TU_LIST_FINDINGS, .scope = &call->who.scope, .at = &filter, .count = 1};
	struct tu_list_query query = {.kind = TU_LIST_FINDINGS,
		.filter = &filter,
		.scope = &call->who.scope,
		.sort = order->sort,
		.descending = order->descending,
		.page_size = PAGE};
	uint64_t count = 0;
	enum tu_status status = tu_api_list(call, err);

	*out = (struct tu_dtrack_findings){0};
	if (status == TU_OK)
		status = tu_list_count(call->list, &counting, &count, err);
	if (status != TU_OK)
		return status;
	out->at = tu_arena_array(call->arena, count, sizeof(*out->at));
	if (!out->at)
		return tu_no_memory(err);
	while (out->count < count) {
		struct tu_list_page page;

		status = tu_list_page(call->arena, call->list, &query, &page, err);
		if (status != TU_OK)
			return status;
		for (size_t i = 0; i < page.count && out->count < count; i++)
			out->at[out->count++] = page.findings[i];
		query.cursor = page.next;
		if (!page.next.len)
			break;
	}
	return TU_OK;
}

/* ---- paging ---- */

struct number {
	const char *name;
	int64_t least, otherwise, value;
};

static enum tu_status take_number(
	struct tu_api_call *call, struct number *number, struct tu_error *err)
{
	number->value = tu_api_query_given(call, number->name)
		? tu_api_query_int(call, number->name, -1)
		: number->otherwise;
	if (number->value >= number->least && number->value <= INT32_MAX)
		return TU_OK;
	call->problem.type = TU_PROBLEM_INVALID;
	return tu_fail(
		err, TU_E_USAGE, 0, "%s is a number from %d on", number->name, (int)number->least);
}

static void answer_total(struct tu_api_call *call, size_t total)
{
	struct tu_buf text;
	struct tu_str kept;

	tu_buf_init(&text, 32);
	tu_buf_printf(&text, "%zu", total);
	if (!text.failed && tu_arena_dup(call->arena, tu_buf_str(&text), &kept))
		tu_api_answer_header(call, "X-Total-Count", kept);
	tu_buf_done(&text);
}

enum tu_status tu_dtrack__cut(
	struct tu_api_call *call, size_t total, struct tu_dtrack_cut *out, struct tu_error *err)
{
	struct number page = {"pageNumber", 1, 1, 0}, size = {"pageSize", 1, 100, 0};
	struct number limit = {"limit", 1, 0, 0}, offset = {"offset", 0, 0, 0};
	const struct number *const numbers[] = {&page, &size, &limit, &offset};
	bool any = false;
	enum tu_status status;

	answer_total(call, total);
	*out = (struct tu_dtrack_cut){0, total};
	for (size_t i = 0; i < TU_COUNT(numbers); i++)
		any |= tu_api_query_given(call, numbers[i]->name);
	if (!any)
		return TU_OK;
	status = take_number(call, &page, err);
	if (status == TU_OK)
		status = take_number(call, &size, err);
	limit.otherwise = size.value;
	if (status == TU_OK)
		status = take_number(call, &limit, err);
	offset.otherwise = (page.value - 1) * limit.value;
	if (offset.otherwise > INT32_MAX) /* beyond the end of everything */
		offset.otherwise = INT32_MAX;
	if (status == TU_OK)
		status = take_number(call, &offset, err);
	if (status != TU_OK)
		return status;
	out->from = (uint64_t)offset.value < total ? (size_t)offset.value : total;
	out->to =
		total - out->from < (uint64_t)limit.value ? total : out->from + (size_t)limit.value;
	return TU_OK;
}
