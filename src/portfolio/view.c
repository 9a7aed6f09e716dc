#include "portfolio/view.h"

#include "portfolio/list_filter.h"

static const char *const lists[TU_LIST_KINDS] = {
	[TU_LIST_FINDINGS] = "findings",
	[TU_LIST_OF_VULNERABILITIES] = "vulnerabilities",
};

const char *tu_view_list_name(enum tu_list_kind list)
{
	return lists[list];
}

static enum tu_status unknown(struct tu_error *err)
{
	return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such view");
}

/* ---- reading ---- */

static bool take_row(struct tu_work *w, const struct tu_rows *rows, struct tu_view *out)
{
	*out = (struct tu_view){.id = tu_rows_int(rows, 0),
		.list = tu_str_eq(tu_rows_text(rows, 4), TU_STR("findings"))
			? TU_LIST_FINDINGS
			: TU_LIST_OF_VULNERABILITIES,
		.version = tu_rows_int(rows, 8),
		.created = tu_rows_int(rows, 9)};
	return tu_arena_dup(w->arena, tu_rows_text(rows, 1), &out->public_id) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 2), &out->team) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 3), &out->name) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 5), &out->filter) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 6), &out->sort) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 7), &out->columns);
}

enum tu_status tu_view_list(
	struct tu_work *w, int64_t person, struct tu_views *out, struct tu_error *err)
{
	TU_VEC(struct tu_view) list = {0};
	struct tu_view row;
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_VIEWS_OF, TU_BIND(tu_int(person)), &rows, err);

	*out = (struct tu_views){0};
	if (status != TU_OK)
		return status;
	while (fine && tu_rows_next(rows))
		fine = take_row(w, rows, &row) && TU_VEC_PUSH_IN(w->arena, &list, row);
	status = tu_rows_close(rows, err);
	*out = (struct tu_views){list.at, list.count};
	return status || fine ? status : tu_no_memory(err);
}

enum tu_status tu_view_find(struct tu_work *w, int64_t person, struct tu_str public_id,
	struct tu_view *out, struct tu_error *err)
{
	struct tu_views views;
	enum tu_status status = tu_view_list(w, person, &views, err);

	for (size_t i = 0; status == TU_OK && i < views.count; i++)
		if (tu_str_eq(views.at[i].public_id, public_id)) {
			*out = views.at[i];
			return TU_OK;
		}
	return status ? status : unknown(err);
}

/* ---- writing ---- */

static enum tu_status check(const struct tu_view *view, struct tu_error *err)
{
	struct tu_list_asked asked;
	enum tu_status status;

	if (!tu_str_trim(view->name).len)
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/name"},
			"a view has a name");
	status = tu_list_filter_parse(view->filter, &asked, err);
	return status ? tu_error_prefix(err, "filter") : TU_OK;
}

static void write_view(struct tu_json_writer *json, const char *key, const struct tu_view *view)
{
	tu_json_key_str(json, tu_str_c(key));
	if (!view) {
		tu_json_add_null(json);
		return;
	}
	tu_json_open_object(json);
	tu_json_member_opt(json, "team", view->team);
	tu_json_member_str(json, "name", view->name);
	tu_json_member_str(json, "list", tu_str_c(tu_view_list_name(view->list)));
	tu_json_member_str(json, "filter", view->filter);
	tu_json_member_str(json, "sort", view->sort);
	tu_json_member_str(json, "columns", view->columns);
	tu_json_close_object(json);
}

static enum tu_status record(struct tu_work *w, const char *action, struct tu_str public_id,
	const struct tu_view *const states[2], struct tu_error *err)
{
	struct tu_record record;

	tu_record_begin(&record, action, "view:%.*s", TU_STR_FMT(public_id));
	write_view(&record.json, "before", states[0]);
	write_view(&record.json, "after", states[1]);
	return tu_record_add(&record, w, err);
}

static enum tu_status find_team(struct tu_work *w, int64_t person, struct tu_str name,
	int64_t *out_id, struct tu_error *err)
{
	enum tu_status status = tu_tx_int(
		w->tx, TU_SQL_TEAM_OF_MEMBER, TU_BIND(tu_int(person), tu_text(name)), out_id, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such team");
	return status;
}

enum tu_status tu_view_add(struct tu_work *w, int64_t person, const struct tu_view *view,
	struct tu_str *out_public_id, struct tu_error *err)
{
	const struct tu_view *const states[2] = {NULL, view};
	int64_t team = 0;
	enum tu_status status = check(view, err);

	if (status == TU_OK && view->team.len)
		status = find_team(w, person, view->team, &team, err);
	if (status == TU_OK)
		status = tu_work_new_id(w, out_public_id, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_VIEW_ADD,
			TU_BIND(tu_text(*out_public_id), team ? tu_null() : tu_int(person),
				team ? tu_int(team) : tu_null(), tu_text(view->name),
				tu_text(tu_str_c(tu_view_list_name(view->list))),
				tu_text(view->filter), tu_text(view->sort), tu_text(view->columns),
				tu_int(w->act->at)),
			err);
	return status ? status : record(w, "view.add", *out_public_id, states, err);
}

enum tu_status tu_view_change(
	struct tu_work *w, int64_t person, const struct tu_view *view, struct tu_error *err)
{
	struct tu_view old, new = *view;
	const struct tu_view *const states[2] = {&old, &new};
	enum tu_status status = tu_view_find(w, person, view->public_id, &old, err);

	if (status == TU_OK)
		status = check(view, err);
	if (status != TU_OK)
		return status;
	new.team = old.team;
	new.list = old.list;
	status = tu_work_update(w, TU_SQL_VIEW_CHANGE,
		TU_BIND(tu_int(old.id), tu_int(view->version ? view->version : old.version),
			tu_text(view->name), tu_text(view->filter), tu_text(view->sort),
			tu_text(view->columns)),
		"view", err);
	return status ? status : record(w, "view.change", view->public_id, states, err);
}

enum tu_status tu_view_remove(
	struct tu_work *w, int64_t person, const struct tu_view *view, struct tu_error *err)
{
	struct tu_view old;
	const struct tu_view *const states[2] = {&old, NULL};
	enum tu_status status = tu_view_find(w, person, view->public_id, &old, err);

	if (status == TU_OK)
		status = tu_work_update(w, TU_SQL_VIEW_REMOVE,
			TU_BIND(tu_int(old.id),
				tu_int(view->version ? view->version : old.version)),
			"view", err);
	return status ? status : record(w, "view.remove", view->public_id, states, err);
}
