#include "portfolio/build.h"

#include <string.h>

#include "base/vec.h"

/* ---- a new one ---- */

struct newest {
	int64_t id, n, document;
	struct tu_str public_id;
};

static enum tu_status find_newest(
	struct tu_work *w, int64_t release, struct newest *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_BUILD_NEWEST, TU_BIND(tu_int(release)), &rows, err);

	*out = (struct newest){0};
	if (status == TU_E_NOTFOUND)
		return TU_OK;
	if (status != TU_OK)
		return status;
	out->id = tu_rows_int(rows, 0);
	out->n = tu_rows_int(rows, 1);
	out->document = tu_rows_int(rows, 3);
	status = tu_work_dup(w, tu_rows_text(rows, 2), &out->public_id, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

static enum tu_status add(struct tu_work *w, const struct tu_release_row *release, int64_t n,
	struct tu_str *out_public, struct tu_error *err)
{
	struct tu_document document = {.id = release->sbom_id};
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status = tu_work_new_id(w, out_public, err);

	if (status == TU_OK)
		status = tu_tx_row(w->tx, TU_SQL_BUILD_DOCUMENT, TU_BIND(tu_int(release->sbom_id)),
			&rows, err);
	if (status != TU_OK)
		return status;
	document.bytes = tu_rows_int(rows, 0);
	closed = tu_rows_close(rows, err);
	status = closed ? closed : tu_document_digest(w->tx, document.id, document.digest, err);
	if (status != TU_OK)
		return status;
	return tu_work_exec(w, TU_SQL_BUILD_ADD,
		TU_BIND(tu_text(*out_public), tu_int(release->id), tu_int(n), tu_int(document.id),
			tu_blob(tu_str_of((const char *)document.digest, TU_SHA256_BYTES)),
			tu_int(document.bytes), tu_int(w->act->at), tu_text(w->act->actor)),
		err);
}

enum tu_status tu_build_add(struct tu_work *w, const struct tu_release_row *release,
	struct tu_str *out_public, struct tu_error *err)
{
	struct newest before;
	enum tu_status status = find_newest(w, release->id, &before, err);

	*out_public = before.public_id;
	if (status == TU_OK && before.id && before.document == release->sbom_id)
		return tu_work_exec(
			w, TU_SQL_BUILD_AGAIN, TU_BIND(tu_int(before.id), tu_int(w->act->at)), err);
	if (status != TU_OK)
		return status;
	if (before.id)
		status = tu_work_exec(
			w, TU_SQL_BUILD_END, TU_BIND(tu_int(before.id), tu_int(w->act->at)), err);
	return status ? status : add(w, release, before.n + 1, out_public, err);
}

/* ---- all of a release ---- */

static bool take_row(struct tu_work *w, const struct tu_rows *rows, struct tu_build *out)
{
	struct tu_str digest = tu_rows_text(rows, 2);

	*out = (struct tu_build){.n = tu_rows_int(rows, 1),
		.bytes = tu_rows_int(rows, 3),
		.at = tu_rows_int(rows, 4),
		.dropped = tu_rows_int(rows, 6),
		.current = tu_rows_int(rows, 7) != 0,
		.stored = tu_rows_int(rows, 8)};
	if (digest.len == TU_SHA256_BYTES)
		memcpy(out->digest, digest.ptr, TU_SHA256_BYTES);
	return tu_arena_dup(w->arena, tu_rows_text(rows, 0), &out->public_id) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 5), &out->actor);
}

enum tu_status tu_build_list(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str release, struct tu_builds *out, struct tu_error *err)
{
	TU_VEC(struct tu_build) list = {0};
	struct tu_release_row row;
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_release_in(w, scope, release, &row, err);

	if (status == TU_OK)
		status = tu_tx_query(w->tx, TU_SQL_BUILD_ROWS, TU_BIND(tu_int(row.id)), &rows, err);
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_build build;

		ok = take_row(w, rows, &build) && TU_VEC_PUSH_IN(w->arena, &list, build);
	}
	status = tu_rows_close(rows, err);
	*out = (struct tu_builds){list.at, list.count};
	return status || ok ? status : tu_no_memory(err);
}

/* ---- too many ---- */

struct old {
	int64_t id, release, document, n;
	struct tu_str public_id; /* of the release */
	uint8_t digest[TU_SHA256_BYTES];
};
struct olds {
	TU_VEC(struct old) list; /* by release */
};

static enum tu_status find_old(struct tu_work *w, const struct tu_builds_drop *drop,
	struct olds *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_BUILD_OLD,
		TU_BIND(tu_int(drop->keep), tu_int((int64_t)drop->limit)), &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_str digest = tu_rows_text(rows, 5);
		struct old old = {.id = tu_rows_int(rows, 0),
			.release = tu_rows_int(rows, 1),
			.document = tu_rows_int(rows, 2),
			.n = tu_rows_int(rows, 4)};

		if (digest.len == TU_SHA256_BYTES)
			memcpy(old.digest, digest.ptr, TU_SHA256_BYTES);
		ok = tu_arena_dup(w->arena, tu_rows_text(rows, 3), &old.public_id) &&
			TU_VEC_PUSH_IN(w->arena, &out->list, old);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static enum tu_status drop_one(
	struct tu_work *w, const struct old *old, struct tu_builds_drop *drop, struct tu_error *err)
{
	int64_t removed = 0;
	enum tu_status status = tu_work_exec(
		w, TU_SQL_BUILD_DROP, TU_BIND(tu_int(old->id), tu_int(w->act->at)), err);

	if (status == TU_OK)
		status = tu_work_exec(
			w, TU_SQL_DOCUMENT_HASH_UNUSED, TU_BIND(tu_int(old->document)), err);
	if (status == TU_OK)
		status = tu_tx_exec(w->tx, TU_SQL_DOCUMENT_UNUSED, TU_BIND(tu_int(old->document)),
			&removed, err);
	drop->dropped++;
	drop->documents += removed;
	return status;
}

/* One record for the builds of a release: `old` is the first of them. */
static enum tu_status record(
	struct tu_work *w, const struct old *old, const struct old *end, struct tu_error *err)
{
	struct tu_record record;

	tu_record_begin(&record, "build.drop", "release:%.*s", TU_STR_FMT(old->public_id));
	tu_json_key(&record.json, "builds");
	tu_json_open_array(&record.json);
	for (; old < end; old++) {
		tu_json_open_object(&record.json);
		tu_json_member_int(&record.json, "n", old->n);
		tu_record_digest(&record.json, "digest", old->digest);
		tu_json_close_object(&record.json);
	}
	tu_json_close_array(&record.json);
	return tu_record_add(&record, w, err);
}

enum tu_status tu_builds_drop(struct tu_work *w, struct tu_builds_drop *drop, struct tu_error *err)
{
	struct olds olds = {0};
	const struct old *first;
	enum tu_status status = find_old(w, drop, &olds, err);

	drop->dropped = 0;
	drop->documents = 0;
	first = olds.list.at;
	for (size_t i = 0; i < olds.list.count && status == TU_OK; i++) {
		const struct old *old = &olds.list.at[i];

		status = drop_one(w, old, drop, err);
		if (status == TU_OK &&
			(i + 1 == olds.list.count || old[1].release != old->release)) {
			status = record(w, first, old + 1, err);
			first = old + 1;
		}
	}
	drop->more = olds.list.count == drop->limit;
	return status;
}
