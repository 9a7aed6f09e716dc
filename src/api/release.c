/* Releases: those of a device, one, and its way from draft to withdrawn. */
#include <tutela/match.h>

#include "api/call.h"
#include "list/query.h"
#include "portfolio/release.h"
#include "portfolio/scope.h"

struct release_row {
	struct tu_str id, device, name, state;
	int64_t released, support_end, settled, findings, affected, undecided, version;
	int64_t components, components_without_data;
	bool has_sbom, locked;
	int64_t key; /* in the store; no column */
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct release_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct release_row, device, TU_API_TEXT, 0),
	TU_API_COLUMN(struct release_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct release_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct release_row, released, TU_API_DATE, TU_API_OPT),
	TU_API_COLUMN(struct release_row, support_end, TU_API_DATE, TU_API_OPT),
	TU_API_COLUMN(struct release_row, has_sbom, TU_API_BOOL, 0),
	TU_API_COLUMN(struct release_row, locked, TU_API_BOOL, 0),
	TU_API_COLUMN(struct release_row, settled, TU_API_MAYBE, TU_API_OPT),
	TU_API_COLUMN(struct release_row, components, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct release_row, components_without_data, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct release_row, findings, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct release_row, affected, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct release_row, undecided, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct release_row, version, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_release =
	TU_API_TABLE("Release", struct release_row, columns);

static bool take_row(struct tu_api_call *call, const struct tu_release_row *from,
	struct tu_str device, struct release_row *out)
{
	struct tu_arena *arena = call->arena;

	*out = (struct release_row){
		.key = from->id,
		.released = from->released,
		.support_end = from->support_end,
		.version = from->row_version,
		.has_sbom = from->sbom_id != 0,
		.locked = from->locked,
		.settled = from->sbom_id ? !from->due : TU_API_NONE,
	};
	return tu_arena_dup(arena, from->public_id, &out->id) &&
		tu_arena_dup(arena, device, &out->device) &&
		tu_arena_dup(arena, from->version, &out->name) &&
		tu_arena_dup(arena, from->state, &out->state);
}

static enum tu_status take_data(struct tu_work *w, struct release_row *row, struct tu_error *err)
{
	struct tu_release_data data = {TU_API_NONE, TU_API_NONE};
	enum tu_status status = row->has_sbom ? tu_release_data(w, row->key, &data, err) : TU_OK;

	row->components = data.components;
	row->components_without_data = data.without_data;
	return status;
}

/* ---- how many findings, by verdict ---- */

enum { COUNTS = 3 };

/* Without an SBOM, and without data on any component of it, nobody knows: that is not none. */
static void put_counts(struct release_row *row, const uint64_t counts[COUNTS])
{
	bool is_known =
		row->has_sbom && (counts[0] || row->components > row->components_without_data);

	row->findings = is_known ? (int64_t)counts[0] : TU_API_NONE;
	row->affected = is_known ? (int64_t)counts[1] : TU_API_NONE;
	row->undecided = is_known ? (int64_t)counts[2] : TU_API_NONE;
}

static enum tu_status count(
	struct tu_api_call *call, struct release_row *rows, size_t row_count, struct tu_error *err)
{
	struct tu_list_filter *filters =
		tu_arena_array(call->arena, row_count * COUNTS, sizeof(*filters));
	uint64_t *counts = tu_arena_array(call->arena, row_count * COUNTS, sizeof(*counts));
	struct tu_list_filters all = {.kind = TU_LIST_FINDINGS,
		.scope = &call->who.scope,
		.at = filters,
		.count = row_count * COUNTS};
	enum tu_status status = tu_api_list(call, err);

	if (status != TU_OK || !row_count)
		return status;
	if (!filters || !counts)
		return tu_no_memory(err);
	for (size_t i = 0; i < row_count; i++) {
		struct tu_list_filter *of = &filters[i * COUNTS];

		of[0].release_id = of[1].release_id = of[2].release_id = rows[i].key;
		of[1].verdicts = TU_LIST_BIT(TU_MATCH_AFFECTED);
		of[2].verdicts = TU_LIST_BIT(TU_MATCH_UNDECIDED);
	}
	status = tu_list_count(call->list, &all, counts, err);
	for (size_t i = 0; status == TU_OK && i < row_count; i++)
		put_counts(&rows[i], &counts[i * COUNTS]);
	return status;
}

/* ---- one ---- */

struct reading {
	struct tu_api_call *call;
	struct release_row row;
};

static enum tu_status read_one(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;
	struct tu_release_row row;
	struct tu_str device;
	enum tu_status status = tu_release_in(w, &r->call->who.scope, r->call->path[0], &row, err);

	if (status == TU_OK)
		status = tu_device_name(w, row.device_id, &device, err);
	if (status == TU_OK && !take_row(r->call, &row, device, &r->row))
		status = tu_no_memory(err);
	return status ? status : take_data(w, &r->row, err);
}

static enum tu_status answer_one(struct tu_api_call *call, struct tu_error *err)
{
	struct reading r = {.call = call};
	enum tu_status status = tu_api_read(call, read_one, &r, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "release");
	if (status == TU_OK)
		status = count(call, &r.row, 1, err);
	if (status == TU_OK)
		status = tu_api_answer_row(call, &r.row, err);
	if (status == TU_OK)
		tu_api_etag_answer(call, r.row.version);
	return status;
}

enum tu_status tu_api_get_release(struct tu_api_call *call, struct tu_error *err)
{
	return answer_one(call, err);
}

/* ---- those of a device ---- */

struct listing {
	struct tu_api_call *call;
	struct release_row *rows;
	size_t count;
};

static enum tu_status read_device(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	struct tu_device_row device;
	struct tu_release_rows found = {0};
	bool kept = true;
	enum tu_status status =
		tu_device_in(w, &l->call->who.scope, l->call->path[0], &device, err);

	if (status == TU_OK)
		status = tu_release_list(w, device.id, &found, err);
	if (status != TU_OK)
		return status;
	l->count = found.count;
	l->rows = tu_arena_array(l->call->arena, found.count, sizeof(*l->rows));
	for (size_t i = 0; l->rows && kept && status == TU_OK && i < found.count; i++) {
		kept = take_row(l->call, &found.at[i], device.name, &l->rows[i]);
		status = take_data(w, &l->rows[i], err);
	}
	return l->rows && kept ? status : tu_no_memory(err);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	const struct listing *l = self;
	const struct tu_api_rows all = {l->rows, l->count};
	enum tu_status status = tu_api_page_of(call, page, &all, err);
	size_t from;

	if (status != TU_OK)
		return status;
	from = (size_t)((const struct release_row *)page->rows.at - l->rows);
	return count(call, &l->rows[from], page->rows.count, err);
}

enum tu_status tu_api_list_releases(struct tu_api_call *call, struct tu_error *err)
{
	struct listing l = {.call = call};
	enum tu_status status = tu_api_read(call, read_device, &l, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	return status ? status : tu_api_answer_page(call, fetch, &l, err);
}

/* ---- draft, released, withdrawn ---- */

static enum tu_status move(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;
	struct tu_str state = tu_api_body_str(call, "state");
	struct tu_release_row row;
	enum tu_status status = tu_release_in(w, &call->who.scope, call->path[0], &row, err);

	if (status != TU_OK)
		return status;
	if (call->if_match)
		row.row_version = call->if_match; /* the update is based on what the client read */
	return tu_release_move(w, &row,
		tu_str_eq(state, TU_STR("released")) ? TU_RELEASE_RELEASED : TU_RELEASE_WITHDRAWN,
		err);
}

enum tu_status tu_api_move_release(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = tu_api_write(call, move, call, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "release");
	return status ? status : answer_one(call, err);
}
