/* Saved views. */
#include "api/call.h"
#include "list/query.h"
#include "portfolio/list_filter.h"
#include "portfolio/view.h"

struct view_row {
	struct tu_str id, team, name, list, filter, sort, columns;
	int64_t version, created;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct view_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct view_row, team, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct view_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct view_row, list, TU_API_WORD, 0),
	TU_API_COLUMN(struct view_row, filter, TU_API_TEXT, 0),
	TU_API_COLUMN(struct view_row, sort, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct view_row, columns, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct view_row, version, TU_API_INT, 0),
	TU_API_COLUMN(struct view_row, created, TU_API_TIME, 0),
};
const struct tu_api_table tu_api_table_view = TU_API_TABLE("View", struct view_row, columns);

/* ---- rows ---- */

static bool take_row(struct tu_arena *arena, const struct tu_view *from, struct view_row *out)
{
	*out = (struct view_row){.list = tu_str_c(tu_view_list_name(from->list)),
		.version = from->version,
		.created = from->created};
	return tu_arena_dup(arena, from->public_id, &out->id) &&
		tu_arena_dup(arena, from->team, &out->team) &&
		tu_arena_dup(arena, from->name, &out->name) &&
		tu_arena_dup(arena, from->filter, &out->filter) &&
		tu_arena_dup(arena, from->sort, &out->sort) &&
		tu_arena_dup(arena, from->columns, &out->columns);
}

static enum tu_status read_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_reading *r = self;
	struct tu_views views;
	struct view_row *rows;
	bool fine = true;
	enum tu_status status = tu_view_list(w, r->call->who.person, &views, err);

	if (status != TU_OK)
		return status;
	rows = tu_arena_array(r->call->arena, views.count, sizeof(*rows));
	for (size_t i = 0; rows && fine && i < views.count; i++)
		fine = take_row(r->call->arena, &views.at[i], &rows[i]);
	r->rows = (struct tu_api_rows){rows, views.count};
	return rows && fine ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_api_list_views(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_whole(call, read_all, err);
}

/* ---- one ---- */

static enum tu_status answer(struct tu_api_call *call, struct tu_str id, struct tu_error *err)
{
	return tu_api_answer_one(call, read_all, id, "view", err);
}

enum tu_status tu_api_get_view(struct tu_api_call *call, struct tu_error *err)
{
	return answer(call, call->path[0], err);
}

/* ---- writing ---- */

struct writing {
	struct tu_api_call *call;
	struct tu_view view;
	struct tu_str id;
};

static struct writing take(struct tu_api_call *call)
{
	return (struct writing){.call = call,
		.view = {.public_id = call->path[0],
			.team = tu_api_body_str(call, "team"),
			.name = tu_api_body_str(call, "name"),
			.list = tu_str_eq(tu_api_body_str(call, "list"), TU_STR("vulnerabilities"))
				? TU_LIST_OF_VULNERABILITIES
				: TU_LIST_FINDINGS,
			.filter = tu_api_body_str(call, "filter"),
			.sort = tu_api_body_str(call, "sort"),
			.columns = tu_api_body_str(call, "columns"),
			.version = call->if_match}};
}

static enum tu_status add(struct tu_work *w, void *self, struct tu_error *err)
{
	struct writing *x = self;
	struct tu_str id;
	enum tu_status status = tu_view_add(w, x->call->who.person, &x->view, &id, err);

	if (status == TU_OK && !tu_arena_dup(x->call->arena, id, &x->id))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_api_create_view(struct tu_api_call *call, struct tu_error *err)
{
	struct writing x = take(call);
	enum tu_status status;

	/* who only reads keeps views of their own */
	if (x.view.team.len && !tu_access_may(&call->who, TU_CLASS_WRITE)) {
		call->problem.type = TU_PROBLEM_FORBIDDEN;
		return tu_fail(err, TU_E_CONSTRAINT, 0, "the role may not change views of a team");
	}
	status = tu_api_write(call, add, &x, err);
	if (status == TU_E_NOTFOUND)
		call->problem.type = TU_PROBLEM_INVALID;
	if (status == TU_OK)
		status = answer(call, x.id, err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/views/%.*s", TU_STR_FMT(x.id));
	return status;
}

/* A team's view is not for who only reads. */
static enum tu_status may_change(struct tu_work *w, const struct writing *x, struct tu_error *err)
{
	struct tu_view old;
	enum tu_status status = tu_view_find(w, x->call->who.person, x->view.public_id, &old, err);

	if (status != TU_OK || !old.team.len || tu_access_may(&x->call->who, TU_CLASS_WRITE))
		return status;
	x->call->problem.type = TU_PROBLEM_FORBIDDEN;
	return tu_fail(err, TU_E_CONSTRAINT, 0, "the role may not change views of a team");
}

static enum tu_status change(struct tu_work *w, void *self, struct tu_error *err)
{
	struct writing *x = self;
	enum tu_status status = may_change(w, x, err);

	return status ? status : tu_view_change(w, x->call->who.person, &x->view, err);
}

enum tu_status tu_api_change_view(struct tu_api_call *call, struct tu_error *err)
{
	struct writing x = take(call);
	enum tu_status status = tu_api_write(call, change, &x, err);

	return status ? status : answer(call, call->path[0], err);
}

static enum tu_status drop(struct tu_work *w, void *self, struct tu_error *err)
{
	struct writing *x = self;
	enum tu_status status = may_change(w, x, err);

	return status ? status : tu_view_remove(w, x->call->who.person, &x->view, err);
}

enum tu_status tu_api_delete_view(struct tu_api_call *call, struct tu_error *err)
{
	struct writing x = take(call);

	return tu_api_write(call, drop, &x, err);
}

/* ---- counts of all of them ---- */

enum { VIEWS_MAX = 500 };

struct counting {
	struct tu_api_call *call;
	const struct view_row *rows;
	size_t count;
	struct tu_list_resolved *resolved;
	bool *understood; /* the filter still means something */
	uint64_t *counts;
	size_t at; /* that is being resolved */
};

static enum tu_status resolve(struct tu_work *w, void *self, struct tu_error *err)
{
	struct counting *c = self;
	struct tu_list_asked asked;
	enum tu_status status = tu_list_filter_parse(c->rows[c->at].filter, &asked, err);

	return status ? status
		      : tu_list_filter_resolve(
				w->tx, &c->call->who.scope, &asked, &c->resolved[c->at], err);
}

/* What names a device that is gone is not counted, and that is said. */
static enum tu_status resolve_all(struct counting *c, struct tu_error *err)
{
	for (c->at = 0; c->at < c->count; c->at++) {
		enum tu_status status = tu_api_read(c->call, resolve, c, err);

		if (status == TU_OK)
			status = tu_api_filter_catalogues(c->call, &c->resolved[c->at].filter, err);
		if (status != TU_OK && status != TU_E_USAGE && status != TU_E_NOTFOUND)
			return status;
		c->understood[c->at] = status == TU_OK;
	}
	return TU_OK;
}

static enum tu_status count_kind(struct counting *c, enum tu_list_kind kind, struct tu_error *err)
{
	struct tu_list_filter *filters = tu_arena_array(c->call->arena, c->count, sizeof(*filters));
	uint64_t *counts = tu_arena_array(c->call->arena, c->count, sizeof(*counts));
	struct tu_list_filters asked = {.kind = kind, .scope = &c->call->who.scope, .at = filters};
	struct tu_str name = tu_str_c(tu_view_list_name(kind));
	enum tu_status status;
	size_t k = 0;

	if (!filters || !counts)
		return tu_no_memory(err);
	for (size_t i = 0; i < c->count; i++)
		if (c->understood[i] && tu_str_eq(c->rows[i].list, name))
			filters[asked.count++] = c->resolved[i].filter;
	status = tu_list_count(c->call->list, &asked, counts, err);
	for (size_t i = 0; i < c->count && status == TU_OK; i++)
		if (c->understood[i] && tu_str_eq(c->rows[i].list, name))
			c->counts[i] = counts[k++];
	return status;
}

static void write_counts(const struct counting *c)
{
	struct tu_json_writer *json = tu_api_json(c->call);

	tu_json_open_object(json);
	tu_json_key(json, "views");
	tu_json_open_array(json);
	for (size_t i = 0; i < c->count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "id", c->rows[i].id);
		tu_json_member_str(json, "name", c->rows[i].name);
		tu_json_key(json, "count");
		if (c->understood[i])
			tu_json_add_int(json, (int64_t)c->counts[i]);
		else
			tu_json_add_null(json);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_close_object(json);
}

enum tu_status tu_api_count_views(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_api_reading r = {.call = call};
	struct counting c = {.call = call};
	enum tu_status status = tu_api_list(call, err);

	if (status == TU_OK)
		status = tu_api_read(call, read_all, &r, err);
	if (status != TU_OK)
		return status;
	c.rows = r.rows.at;
	c.count = r.rows.count < VIEWS_MAX ? r.rows.count : VIEWS_MAX;
	c.resolved = tu_arena_array(call->arena, c.count, sizeof(*c.resolved));
	c.understood = tu_arena_array(call->arena, c.count, sizeof(*c.understood));
	c.counts = tu_arena_array(call->arena, c.count, sizeof(*c.counts));
	if (!c.resolved || !c.understood || !c.counts)
		return tu_no_memory(err);
	status = resolve_all(&c, err);
	for (unsigned kind = 0; kind < TU_LIST_KINDS && status == TU_OK; kind++)
		status = count_kind(&c, (enum tu_list_kind)kind, err);
	if (status == TU_OK)
		write_counts(&c);
	return status;
}
