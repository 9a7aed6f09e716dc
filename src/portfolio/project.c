#include "portfolio/project.h"

#include <stdio.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "portfolio/scope.h"

struct reading {
	struct tu_work *w;
	const struct tu_list_scope *scope;
	TU_VEC(struct tu_project) list;
};

/* ---- rows ---- */

/* Of one that is not seen nothing is there. */
static bool take_parent(const struct reading *r, const struct tu_rows *rows, struct tu_project *row)
{
	struct tu_arena *arena = r->w->arena;

	row->parent_id = tu_scope_has(r->scope, tu_rows_int(rows, 15)) ? tu_rows_int(rows, 12) : 0;
	if (!row->parent_id)
		return true;
	row->parent_imported = tu_rows_int(rows, 18);
	return tu_arena_dup(arena, tu_rows_text(rows, 14), &row->parent) &&
		tu_arena_dup(arena, tu_rows_text(rows, 16), &row->parent_name) &&
		tu_arena_dup(arena, tu_rows_text(rows, 17), &row->parent_version);
}

static bool take_row(struct reading *r, const struct tu_rows *rows)
{
	struct tu_arena *arena = r->w->arena;
	struct tu_project row = {.release_id = tu_rows_int(rows, 0),
		.device_id = tu_rows_int(rows, 1),
		.created = tu_rows_int(rows, 6),
		.locked = tu_rows_int(rows, 7) != 0,
		.intake = tu_rows_int(rows, 10) != 0,
		.latest = tu_rows_int(rows, 11) != 0,
		.imported = tu_rows_int(rows, 13)};

	if (!tu_scope_has(r->scope, row.device_id))
		return true;
	return tu_arena_dup(arena, tu_rows_text(rows, 2), &row.public_id) &&
		tu_arena_dup(arena, tu_rows_text(rows, 3), &row.name) &&
		tu_arena_dup(arena, tu_rows_text(rows, 4), &row.version) &&
		tu_arena_dup(arena, tu_rows_text(rows, 5), &row.state) &&
		tu_arena_dup(arena, tu_rows_text(rows, 8), &row.device) &&
		tu_arena_dup(arena, tu_rows_text(rows, 9), &row.title) &&
		take_parent(r, rows, &row) && TU_VEC_PUSH_IN(arena, &r->list, row);
}

static enum tu_status read_rows(
	struct reading *r, struct tu_str public_id, struct tu_str name, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(r->w->tx, TU_SQL_PROJECT_ROWS,
		TU_BIND(tu_text(public_id), tu_text(name)), &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = take_row(r, rows);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

/* ---- tags ---- */

struct tag {
	int64_t release;
	struct tu_str name;
};
struct tags {
	TU_VEC(struct tag) list; /* by release */
};

static enum tu_status read_tags(
	struct tu_work *w, int64_t release, struct tags *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_PROJECT_TAGS, TU_BIND(tu_int(release)), &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tag tag = {.release = tu_rows_int(rows, 0)};

		ok = tu_arena_dup(w->arena, tu_rows_text(rows, 1), &tag.name) &&
			TU_VEC_PUSH_IN(w->arena, &out->list, tag);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static size_t first_tag(const struct tags *tags, int64_t release)
{
	size_t low = 0, high = tags->list.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tags->list.at[middle].release < release)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool give_tags(struct reading *r, const struct tags *tags)
{
	for (size_t i = 0; i < r->list.count; i++) {
		struct tu_project *p = &r->list.at[i];
		size_t from = first_tag(tags, p->release_id), to = from;
		struct tu_str *names;

		while (to < tags->list.count && tags->list.at[to].release == p->release_id)
			to++;
		names = tu_arena_array(r->w->arena, to - from, sizeof(*names));
		if (!names)
			return false;
		for (size_t k = from; k < to; k++)
			names[k - from] = tags->list.at[k].name;
		p->tags = names;
		p->tag_count = to - from;
	}
	return true;
}

/* ---- the latest ---- */

/* Rows of one name follow each other. One that was said to be it, else the last. */
static void find_latest(struct reading *r)
{
	struct tu_project *rows = r->list.at;

	for (size_t from = 0, to; from < r->list.count; from = to) {
		size_t latest = r->list.count;

		for (to = from; to < r->list.count && tu_str_eq(rows[to].name, rows[from].name);
			to++) {
			if (rows[to].latest)
				latest = to;
			rows[to].latest = false;
		}
		rows[latest < to ? latest : to - 1].latest = true;
	}
}

static enum tu_status finish(struct reading *r, int64_t release, struct tu_error *err)
{
	struct tags tags = {0};
	enum tu_status status = read_tags(r->w, release, &tags, err);

	if (status != TU_OK)
		return status;
	find_latest(r);
	return give_tags(r, &tags) ? TU_OK : tu_no_memory(err);
}

/* ---- asked for ---- */

enum tu_status tu_project_list(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str name, struct tu_projects *out, struct tu_error *err)
{
	struct reading r = {.w = w, .scope = scope};
	enum tu_status status = read_rows(&r, TU_STR(""), name, err);

	if (status == TU_OK)
		status = finish(&r, 0, err);
	*out = (struct tu_projects){.at = r.list.at, .count = r.list.count};
	return status;
}

enum tu_status tu_project_get(struct tu_work *w, const struct tu_list_scope *scope,
	struct tu_str public_id, struct tu_projects *out, struct tu_error *err)
{
	struct reading r = {.w = w, .scope = scope};
	enum tu_status status = read_rows(&r, public_id, TU_STR(""), err);

	*out = (struct tu_projects){0};
	if (status == TU_OK && r.list.count && public_id.len)
		status = tu_project_list(w, scope, r.list.at[0].name, out, err);
	for (size_t i = 0; status == TU_OK && i < out->count && !out->one; i++)
		if (tu_str_eq(out->at[i].public_id, public_id))
			out->one = &out->at[i];
	if (status == TU_OK && !out->one)
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such release");
	return status;
}

const struct tu_project *tu_project_of_version(
	const struct tu_projects *projects, struct tu_str version)
{
	const struct tu_project *found = NULL;

	for (size_t i = 0; i < projects->count; i++) {
		const struct tu_project *p = &projects->at[i];

		if (tu_str_eq(p->version, version) && (!found || (found->intake && !p->intake)))
			found = p;
	}
	return found;
}

enum tu_status tu_project_text_check(const char *what, struct tu_str text, struct tu_error *err)
{
	struct tu_str rest = text;
	uint32_t point = 0;
	bool fine = text.len > 0 && text.len <= TU_PROJECT_TEXT_MAX;

	while (fine && rest.len)
		fine = tu_utf8_next(&rest, &point) && point >= ' ' && !tu_utf8_deceives(point);
	if (fine)
		return TU_OK;
	return tu_fail(err, TU_E_USAGE, 0,
		"%s is a text of 1 to %d bytes of UTF-8 in one line, without controls", what,
		TU_PROJECT_TEXT_MAX);
}

/* ---- what a client says ---- */

static enum tu_status find_parent(struct tu_work *w, const struct tu_project_say *say,
	const struct tu_project *of, struct tu_release_row *out, struct tu_error *err)
{
	enum tu_status status = tu_release_in(w, say->scope, say->parent, out, err);
	int64_t up = out->id;

	if (status == TU_E_NOTFOUND && err)
		(void)snprintf(err->pointer, sizeof(err->pointer), "parent");
	/* no circles: it is not above itself */
	for (int i = 0; status == TU_OK && up && i < TU_PROJECT_TAGS_MAX; i++) {
		struct tu_rows *rows;

		if (up == of->release_id)
			return tu_fail(err, TU_E_USAGE, 0,
				"a project cannot be above itself: choose another parent");
		status = tu_tx_row(w->tx, TU_SQL_PROJECT_PARENT, TU_BIND(tu_int(up)), &rows, err);
		if (status == TU_E_NOTFOUND)
			return TU_OK;
		if (status != TU_OK)
			return status;
		up = tu_rows_int(rows, 0);
		status = tu_rows_close(rows, err);
	}
	return status;
}

static enum tu_status put_tags(struct tu_work *w, const struct tu_project_say *say,
	const struct tu_project *of, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	if (say->tag_count > TU_PROJECT_TAGS_MAX)
		return tu_fail(err, TU_E_USAGE, 0, "more than %d tags", TU_PROJECT_TAGS_MAX);
	if (!say->add)
		status = tu_work_exec(
			w, TU_SQL_PROJECT_TAGS_CLEAR, TU_BIND(tu_int(of->release_id)), err);
	for (size_t i = 0; status == TU_OK && i < say->tag_count; i++) {
		status = tu_project_text_check("a tag", say->tags[i], err);
		if (status == TU_OK)
			status = tu_work_exec(w, TU_SQL_PROJECT_TAG_ADD,
				TU_BIND(tu_int(of->release_id), tu_text(say->tags[i])), err);
	}
	return status;
}

/* One of a name is the latest. */
static enum tu_status put_latest(struct tu_work *w, const struct tu_project *of,
	const struct tu_projects *all, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; status == TU_OK && i < all->count; i++)
		status = tu_work_exec(w, TU_SQL_PROJECT_LATEST,
			TU_BIND(tu_int(all->at[i].release_id),
				tu_int(all->at[i].release_id == of->release_id)),
			err);
	return status;
}

static void write_tags(struct tu_json_writer *json, const struct tu_project *of)
{
	tu_json_key(json, "tags");
	tu_json_open_array(json);
	for (size_t i = 0; i < of->tag_count; i++)
		tu_json_add_str(json, of->tags[i]);
	tu_json_close_array(json);
}

static void write_said(struct tu_json_writer *json, const char *key, const struct tu_project *of)
{
	tu_json_key(json, key);
	tu_json_open_object(json);
	write_tags(json, of);
	tu_json_member_opt(json, "parent", of->parent);
	tu_json_member_bool(json, "latest", of->latest);
	tu_json_close_object(json);
}

static bool is_same(const struct tu_project *a, const struct tu_project *b)
{
	bool same = a->latest == b->latest && tu_str_eq(a->parent, b->parent) &&
		a->tag_count == b->tag_count;

	for (size_t i = 0; same && i < a->tag_count; i++)
		same = tu_str_eq(a->tags[i], b->tags[i]);
	return same;
}

static enum tu_status record(struct tu_work *w, const struct tu_project_say *say,
	const struct tu_project *before, struct tu_error *err)
{
	struct tu_projects now;
	struct tu_record record;
	enum tu_status status = tu_project_get(w, say->scope, say->release, &now, err);

	if (status != TU_OK || is_same(before, now.one))
		return status;
	tu_record_begin(&record, "release.describe", "release:%.*s", TU_STR_FMT(before->public_id));
	record.change = (struct tu_change){"release", before->release_id};
	write_said(&record.json, "before", before);
	write_said(&record.json, "after", now.one);
	return tu_record_add(&record, w, err);
}

enum tu_status tu_project_say(
	struct tu_work *w, const struct tu_project_say *say, struct tu_error *err)
{
	const struct tu_project *of;
	struct tu_projects all;
	struct tu_release_row parent = {0};
	enum tu_status status = tu_project_get(w, say->scope, say->release, &all, err);

	of = all.one;
	if (status == TU_OK && say->parent.len)
		status = find_parent(w, say, of, &parent, err);
	if (status == TU_OK && (parent.id || say->latest))
		status = tu_work_exec(w, TU_SQL_PROJECT_PUT,
			TU_BIND(tu_int(of->release_id), tu_null(),
				parent.id ? tu_int(parent.id) : tu_null()),
			err);
	if (status == TU_OK && say->says_tags)
		status = put_tags(w, say, of, err);
	if (status == TU_OK && say->latest)
		status = put_latest(w, of, &all, err);
	return status ? status : record(w, say, of, err);
}
