/* Releases. */
#include <tutela/match.h>

#include "api/call.h"
#include "list/query.h"
#include "portfolio/release.h"
#include "portfolio/scope.h"

struct release_row {
	struct tu_str id, device, name, state;
	int64_t released, support_end, findings, affected, undecided, version;
	bool has_sbom, locked, settled;
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
	TU_API_COLUMN(struct release_row, settled, TU_API_BOOL, 0),
	TU_API_COLUMN(struct release_row, findings, TU_API_INT, 0),
	TU_API_COLUMN(struct release_row, affected, TU_API_INT, 0),
	TU_API_COLUMN(struct release_row, undecided, TU_API_INT, 0),
	TU_API_COLUMN(struct release_row, version, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_release =
	TU_API_TABLE("Release", struct release_row, columns);

struct reading {
	struct tu_api_call *call;
	struct release_row row;
	int64_t id;
};

static bool take_row(struct reading *r, const struct tu_release_row *from, struct tu_str device)
{
	struct tu_arena *arena = r->call->arena;

	r->id = from->id;
	r->row = (struct release_row){
		.released = from->released,
		.support_end = from->support_end,
		.version = from->row_version,
		.has_sbom = from->sbom_id != 0,
		.locked = from->locked,
		.settled = !from->due,
	};
	return tu_arena_dup(arena, from->public_id, &r->row.id) &&
		tu_arena_dup(arena, device, &r->row.device) &&
		tu_arena_dup(arena, from->version, &r->row.name) &&
		tu_arena_dup(arena, from->state, &r->row.state);
}

static enum tu_status read_one(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;
	struct tu_release_row row;
	struct tu_str device;
	enum tu_status status = tu_release_by_public(w, r->call->path[0], &row, err);

	if (status == TU_E_NOTFOUND ||
		(status == TU_OK && !tu_scope_has(&r->call->who.scope, row.device_id)))
		return tu_api_unknown(err, "release");
	if (status == TU_OK)
		status = tu_device_name(w, row.device_id, &device, err);
	if (status == TU_OK && !take_row(r, &row, device))
		status = tu_no_memory(err);
	return status;
}

/* How many findings, by verdict. */
static enum tu_status count(struct reading *r, struct tu_error *err)
{
	const struct tu_list_filter filters[] = {
		{.release_id = r->id},
		{.release_id = r->id, .verdicts = TU_LIST_BIT(TU_MATCH_AFFECTED)},
		{.release_id = r->id, .verdicts = TU_LIST_BIT(TU_MATCH_UNDECIDED)},
	};
	const struct tu_list_filters all = {.kind = TU_LIST_FINDINGS,
		.scope = &r->call->who.scope,
		.at = filters,
		.count = TU_COUNT(filters)};
	uint64_t counts[TU_COUNT(filters)] = {0};
	enum tu_status status = tu_api_list(r->call, err);

	if (status == TU_OK)
		status = tu_list_count(r->call->list, &all, counts, err);
	r->row.findings = (int64_t)counts[0];
	r->row.affected = (int64_t)counts[1];
	r->row.undecided = (int64_t)counts[2];
	return status;
}

enum tu_status tu_api_get_release(struct tu_api_call *call, struct tu_error *err)
{
	struct reading r = {.call = call};
	enum tu_status status = tu_api_read(call, read_one, &r, err);

	if (status == TU_OK)
		status = count(&r, err);
	return status ? status : tu_api_answer_row(call, &r.row, err);
}
