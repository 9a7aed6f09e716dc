/* Builds of a release, and its way from the intake to its family. */
#include "api/call.h"
#include "portfolio/build.h"
#include "portfolio/intake.h"
#include "service/service.h"

struct build_row {
	struct tu_str id, sender, sha256;
	int64_t number, received, bytes, stored_bytes, dropped;
	bool current;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct build_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct build_row, number, TU_API_INT, 0),
	TU_API_COLUMN(struct build_row, received, TU_API_TIME, 0),
	TU_API_COLUMN(struct build_row, sender, TU_API_TEXT, 0),
	TU_API_COLUMN(struct build_row, current, TU_API_BOOL, 0),
	TU_API_COLUMN(struct build_row, sha256, TU_API_TEXT, 0),
	TU_API_COLUMN(struct build_row, bytes, TU_API_INT, 0),
	TU_API_COLUMN(struct build_row, stored_bytes, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct build_row, dropped, TU_API_TIME, TU_API_OPT),
};
const struct tu_api_table tu_api_table_build = TU_API_TABLE("Build", struct build_row, columns);

struct listing {
	struct tu_api_call *call;
	struct build_row *rows;
	size_t count;
};

static bool take_row(struct tu_arena *arena, const struct tu_build *from, struct build_row *out)
{
	struct tu_buf digest;
	bool fine;

	*out = (struct build_row){.number = from->n,
		.received = from->at,
		.current = from->current,
		.bytes = from->bytes,
		.stored_bytes = from->dropped ? TU_API_NONE : from->stored,
		.dropped = from->dropped};
	tu_buf_init(&digest, 2 * TU_SHA256_BYTES + 1);
	tu_sha256_write(from->digest, &digest);
	fine = !digest.failed && tu_arena_dup(arena, tu_buf_str(&digest), &out->sha256);
	tu_buf_done(&digest);
	return fine && tu_arena_dup(arena, from->public_id, &out->id) &&
		tu_arena_dup(arena, from->actor, &out->sender);
}

static enum tu_status read_builds(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	struct tu_builds builds;
	bool kept = true;
	enum tu_status status =
		tu_build_list(w, &l->call->who.scope, l->call->path[0], &builds, err);

	if (status != TU_OK)
		return status;
	l->count = builds.count;
	l->rows = tu_arena_array(l->call->arena, builds.count, sizeof(*l->rows));
	for (size_t i = 0; l->rows && kept && i < builds.count; i++)
		kept = take_row(l->call->arena, &builds.at[i], &l->rows[i]);
	return l->rows && kept ? TU_OK : tu_no_memory(err);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	const struct listing *l = self;
	const struct tu_api_rows all = {l->rows, l->count};

	return tu_api_page_of(call, page, &all, err);
}

enum tu_status tu_api_list_builds(struct tu_api_call *call, struct tu_error *err)
{
	struct listing l = {.call = call};
	enum tu_status status = tu_api_read(call, read_builds, &l, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "release");
	return status ? status : tu_api_answer_page(call, fetch, &l, err);
}

/* ---- to its family ---- */

static enum tu_status move(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;
	const struct tu_intake_move ask = {.scope = &call->who.scope,
		.release = call->path[0],
		.device = tu_api_body_str(call, "device")};

	return tu_intake_move(w, &ask, err);
}

enum tu_status tu_api_move_to_family(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = tu_api_write(call, move, call, err);

	if (status == TU_OK)
		tu_service_wake(call->service);
	return status ? status : tu_api_get_release(call, err);
}
