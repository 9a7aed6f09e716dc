/* The components of a release. */
#include "base/hex.h"
#include "portfolio/release.h"

struct reading {
	struct tu_release_parts *parts;
	TU_VEC(struct tu_release_part) list;
};

static bool take_key(struct tu_arena *arena, struct tu_str key, struct tu_str *out)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, TU_SHA256_BYTES + 1);
	if (key.len == TU_SHA256_BYTES)
		tu_hex_write((const uint8_t *)key.ptr, TU_SHA256_BYTES / 2, &text);
	fine = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return fine;
}

static bool take(struct reading *r, const struct tu_rows *rows)
{
	struct tu_arena *arena = r->parts->arena;
	struct tu_release_part part = {.known = tu_rows_int(rows, 4) != 0,
		.uses = tu_rows_int(rows, 5),
		.harm = tu_rows_int(rows, 6),
		.findings = tu_rows_int(rows, 7)};

	return tu_arena_dup(arena, tu_rows_text(rows, 0), &part.name) &&
		tu_arena_dup(arena, tu_rows_text(rows, 1), &part.version) &&
		tu_arena_dup(arena, tu_rows_text(rows, 2), &part.purl) &&
		tu_arena_dup(arena, tu_rows_text(rows, 3), &part.package) &&
		take_key(arena, tu_rows_text(rows, 8), &part.key) &&
		TU_VEC_PUSH_IN(arena, &r->list, part);
}

static enum tu_status read_parts(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;
	struct tu_release_row release;
	struct tu_rows *rows;
	bool kept = true;
	enum tu_status status = tu_release_in(w, r->parts->scope, r->parts->release, &release, err);

	if (status == TU_OK)
		status = tu_tx_query(
			w->tx, TU_SQL_RELEASE_COMPONENTS, TU_BIND(tu_int(release.id)), &rows, err);
	if (status != TU_OK)
		return status;
	r->list.count = 0;
	while (kept && tu_rows_next(rows))
		kept = take(r, rows);
	status = tu_rows_close(rows, err);
	return status || kept ? status : tu_no_memory(err);
}

enum tu_status tu_release_parts(
	struct tu_store *store, struct tu_release_parts *parts, struct tu_error *err)
{
	const struct tu_act act = {0};
	struct reading r = {.parts = parts};
	enum tu_status status = tu_work_read(store, &act, read_parts, &r, err);

	parts->rows = r.list.at;
	parts->count = r.list.count;
	return status;
}

enum tu_status tu_release_data(struct tu_work *w, int64_t release_id,
	struct tu_release_data *out_data, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_RELEASE_DATA, TU_BIND(tu_int(release_id)), &rows, err);

	if (status != TU_OK)
		return status;
	*out_data = (struct tu_release_data){tu_rows_int(rows, 0), tu_rows_int(rows, 1)};
	return tu_rows_close(rows, err);
}
