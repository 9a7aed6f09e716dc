/* Cases: the list, and one with what it consists of. */
#include <tutela/score.h>

#include "api/cases.h"
#include "api/inside.h"
#include "portfolio/case_index.h"
#include "portfolio/case_would.h"
#include "service/service.h"

struct case_row {
	struct tu_str id, vulnerability, title, severity, state, owner, owner_id;
	int64_t score, learned_at, opened, closed_at, devices, affected, undecided, fixed,
		not_affected, deadline, open_deadlines, undecided_deadlines,
		deadline_if_uncontrolled, version;
	bool kev, own;
	struct tu_api_place place;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct case_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct case_row, vulnerability, TU_API_TEXT, 0),
	TU_API_COLUMN(struct case_row, title, TU_API_TEXT, TU_API_OPT | TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct case_row, severity, TU_API_WORD, 0),
	TU_API_COLUMN(struct case_row, score, TU_API_TENTHS, TU_API_OPT),
	TU_API_COLUMN(struct case_row, kev, TU_API_BOOL, 0),
	TU_API_COLUMN(struct case_row, own, TU_API_BOOL, 0),
	TU_API_COLUMN(struct case_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct case_row, owner, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct case_row, owner_id, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct case_row, learned_at, TU_API_TIME, 0),
	TU_API_COLUMN(struct case_row, opened, TU_API_TIME, 0),
	TU_API_COLUMN(struct case_row, closed_at, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct case_row, devices, TU_API_INT, 0),
	TU_API_COLUMN(struct case_row, affected, TU_API_INT, 0),
	TU_API_COLUMN(struct case_row, undecided, TU_API_INT, 0),
	TU_API_COLUMN(struct case_row, fixed, TU_API_INT, 0),
	TU_API_COLUMN(struct case_row, not_affected, TU_API_INT, 0),
	TU_API_COLUMN(struct case_row, deadline, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct case_row, open_deadlines, TU_API_INT, 0),
	TU_API_COLUMN(struct case_row, undecided_deadlines, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct case_row, deadline_if_uncontrolled, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct case_row, version, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_case = TU_API_TABLE("Case", struct case_row, columns);

static bool take_row(struct tu_arena *arena, const struct tu_case_seen *seen, struct case_row *out)
{
	*out = (struct case_row){
		.severity = tu_str_c(tu_severity_name((enum tu_severity)seen->severity)),
		.score = seen->score == TU_LIST_UNSTATED_SCORE ? TU_API_NONE : seen->score,
		.kev = seen->kev,
		.own = seen->own,
		.state = seen->closed ? TU_STR("closed") : TU_STR("open"),
		.learned_at = seen->learned_at,
		.opened = seen->opened,
		.closed_at = seen->closed_at,
		.devices = seen->devices,
		.affected = seen->affected,
		.undecided = seen->undecided,
		.fixed = seen->fixed,
		.not_affected = seen->not_affected,
		.deadline = seen->deadline,
		.open_deadlines = seen->deadlines,
		.undecided_deadlines = seen->would_unread ? TU_API_NONE : seen->would,
		.deadline_if_uncontrolled = seen->would_due,
		.version = seen->version,
	};
	return tu_arena_dup(arena, seen->public_id, &out->id) &&
		tu_arena_dup(arena, seen->vuln, &out->vulnerability) &&
		tu_arena_dup(arena, seen->title, &out->title) &&
		tu_arena_dup(arena, seen->owner, &out->owner) &&
		tu_arena_dup(arena, seen->owner_public, &out->owner_id);
}

/* ---- the list ---- */

/* Where there is no knowledge base nobody says since when something is exploited. */
static struct tu_case_asking asking_of(struct tu_api_call *call)
{
	struct tu_error none = {0};
	const bool has = tu_api_kb(call, &none) == TU_OK;

	return (struct tu_case_asking){.index = tu_service_cases(call->service),
		.kb = has ? call->kb->kb : NULL,
		.kb_digest = has ? call->kb->row.digest : NULL};
}

struct listing {
	struct tu_api_call *call;
	struct tu_case_filter filter;
	enum tu_case_order order;
	struct tu_case_asking asking;
	struct tu_case_wish wish;
	struct case_row *rows;
	size_t count;
	struct tu_page_total total;
};

static struct tu_api_place place_of(const void *row)
{
	return ((const struct case_row *)row)->place;
}

static enum tu_status read_page(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	struct tu_cases_page page;
	bool kept = true;
	enum tu_status status = tu_case_page(w, &l->asking, &l->wish, &page, err);

	if (status != TU_OK)
		return status;
	l->total = (struct tu_page_total){(int64_t)page.total, true};
	l->count = page.seen.list.count;
	l->rows = tu_arena_array(l->call->arena, l->count, sizeof(*l->rows));
	for (size_t i = 0; l->rows && kept && i < l->count; i++) {
		const struct tu_case_seen *seen = &page.seen.list.at[i];

		kept = take_row(l->call->arena, seen, &l->rows[i]);
		l->rows[i].place = (struct tu_api_place){
			.text = l->rows[i].id, .number = tu_case_place(seen, l->order)};
	}
	return l->rows && kept ? TU_OK : tu_no_memory(err);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct listing *l = self;
	struct tu_page_ask ask = {0};
	enum tu_status status = tu_api_page_ask(call, page, &ask, err);

	l->asking = asking_of(call);
	l->wish = (struct tu_case_wish){.filter = &l->filter,
		.order = l->order,
		.has_after = ask.has_after,
		.after = ask.after_at,
		.after_public = ask.after_public,
		.limit = ask.limit};
	if (status == TU_OK)
		status = tu_api_read(call, read_page, l, err);
	if (status != TU_OK)
		return status;
	tu_api_page_total(page, &l->total);
	return tu_api_page_put(call, page, &(struct tu_api_rows){l->rows, l->count}, place_of, err);
}

static void take_owner(struct tu_api_call *call, struct tu_case_filter *filter)
{
	filter->owner = tu_api_query(call, "owner");
	filter->unowned = tu_str_eq(filter->owner, TU_STR("none"));
	if (filter->unowned)
		filter->owner = (struct tu_str){0};
	/* a machine is nobody's owner: no case has this one */
	if (tu_str_eq(filter->owner, TU_STR("me")))
		filter->owner = call->who.person ? tu_str_c(call->who.person_public)
						 : tu_str_c(call->who.actor);
}

/* The filters of the list; `left_out`: but for this one. NULL: all. */
static struct tu_case_filter filter_of(struct tu_api_call *call, const char *left_out)
{
	struct tu_case_filter filter = {.scope = &call->who.scope};
	struct tu_str state = tu_api_query(call, "state");

	if (state.len)
		filter.state = tu_str_eq(state, TU_STR("open")) ? TU_CASE_OPEN : TU_CASE_CLOSED;
	filter.device = tu_api_query(call, "device");
	if (tu_api_query_given(call, "deadline_before"))
		filter.deadline_before = tu_api_time_of(tu_api_query(call, "deadline_before"));
	take_owner(call, &filter);
	if (!left_out)
		return filter;
	if (strcmp(left_out, "state") == 0)
		filter.state = TU_CASE_ANY;
	else if (strcmp(left_out, "device") == 0)
		filter.device = (struct tu_str){0};
	else if (strcmp(left_out, "deadline_before") == 0)
		filter.deadline_before = 0;
	else
		filter.owner = (struct tu_str){0};
	filter.unowned = filter.unowned && strcmp(left_out, "owner") != 0;
	return filter;
}

enum tu_status tu_api_list_cases(struct tu_api_call *call, struct tu_error *err)
{
	struct listing l = {.call = call,
		.filter = filter_of(call, NULL),
		.order = tu_str_eq(tu_api_query(call, "sort"), TU_STR("opened"))
			? TU_CASE_BY_OPENED
			: TU_CASE_BY_DEADLINE};

	return tu_api_answer_page(call, fetch, &l, err);
}

/* ---- why it is empty ---- */

static const char *const filters[] = {"state", "owner", "device", "deadline_before"};

struct explaining {
	struct tu_api_call *call;
	struct tu_case_asking asking;
	int64_t all, without[TU_COUNT(filters)];
};

static enum tu_status count_cases(struct tu_work *w, struct explaining *x, const char *left_out,
	int64_t *out, struct tu_error *err)
{
	const struct tu_case_filter filter = filter_of(x->call, left_out);
	const struct tu_case_wish wish = {.filter = &filter};
	struct tu_cases_page page;
	enum tu_status status = tu_case_page(w, &x->asking, &wish, &page, err);

	*out = (int64_t)page.total;
	return status;
}

static enum tu_status count_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct explaining *x = self;
	enum tu_status status = count_cases(w, x, NULL, &x->all, err);

	for (size_t i = 0; i < TU_COUNT(filters) && status == TU_OK; i++)
		if (tu_api_query_given(x->call, filters[i]))
			status = count_cases(w, x, filters[i], &x->without[i], err);
	return status;
}

enum tu_status tu_api_explain_cases(struct tu_api_call *call, struct tu_error *err)
{
	struct explaining x = {.call = call, .asking = asking_of(call)};
	struct tu_json_writer *json = tu_api_json(call);
	enum tu_status status = tu_api_read(call, count_all, &x, err);

	if (status != TU_OK)
		return status;
	tu_json_open_object(json);
	tu_json_member_int(json, "count", x.all);
	tu_json_key(json, "without");
	tu_json_open_array(json);
	for (size_t i = 0; i < TU_COUNT(filters); i++) {
		if (!tu_api_query_given(call, filters[i]))
			continue;
		tu_json_open_object(json);
		tu_json_member_str(json, "parameter", tu_str_c(filters[i]));
		tu_json_member_int(json, "count", x.without[i]);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_close_object(json);
	return TU_OK;
}

/* ---- one ---- */

enum tu_status tu_api_case_of(struct tu_work *w, const struct tu_api_call *call,
	struct tu_case_row *out_row, struct tu_error *err)
{
	enum tu_status status = tu_case_find_in(w, call->path[0], &call->who.scope, out_row, err);

	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "case") : status;
}

struct one {
	struct tu_api_call *call;
	struct tu_str id;
	struct case_row row;
};

static enum tu_status read_row(
	struct tu_work *w, const struct tu_case_row *of, struct one *one, struct tu_error *err)
{
	const struct tu_case_filter filter = {.scope = &one->call->who.scope,
		.id = of->id,
		.kb = one->call->kb ? one->call->kb->kb : NULL};
	struct tu_cases_seen seen;
	enum tu_status status = tu_case_list(w, &filter, &seen, err);

	if (status == TU_OK && seen.list.count != 1)
		return tu_api_unknown(err, "case");
	if (status == TU_OK && !take_row(one->call->arena, &seen.list.at[0], &one->row))
		return tu_no_memory(err);
	return status;
}

static enum tu_status read_one(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	struct tu_case_row row;
	enum tu_status status = tu_case_find_in(w, one->id, &one->call->who.scope, &row, err);

	return status ? status : read_row(w, &row, one, err);
}

enum tu_status tu_api_answer_case(
	struct tu_api_call *call, struct tu_str case_id, struct tu_error *err)
{
	struct one one = {.call = call, .id = case_id};
	enum tu_status status = tu_api_read(call, read_one, &one, err);

	if (status != TU_OK)
		return status;
	tu_api_etag_version(call, one.row.version);
	tu_api_row_json(&tu_api_table_case, UINT64_MAX >> (64 - TU_COUNT(columns)), &one.row,
		tu_api_json(call));
	return TU_OK;
}

/* ---- what it consists of ---- */

static void begin_list(struct tu_json_writer *json, const char *key)
{
	tu_json_key(json, key);
	tu_json_open_array(json);
}

static void write_parts(struct tu_json_writer *json, const struct tu_case_row *row)
{
	begin_list(json, "parts");
	for (size_t i = 0; i < row->parts.list.count; i++) {
		const struct tu_case_part *part = &row->parts.list.at[i];

		tu_json_open_object(json);
		tu_json_member_str(json, "device", part->device);
		tu_json_member_str(json, "state", part->closed ? TU_STR("closed") : TU_STR("open"));
		tu_api_member_or_null(json, "owner", part->owner);
		tu_api_member_time_or_null(json, "learned_at", part->learned_at);
		tu_api_member_time_or_null(json, "opened", part->opened);
		tu_api_member_time_or_null(json, "closed_at", part->closed_at);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static enum tu_status write_releases(struct tu_work *w, const struct tu_case_row *row,
	struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_case_releases releases;
	enum tu_status status = tu_case_releases(w, row, &releases, err);

	begin_list(json, "releases");
	for (size_t i = 0; status == TU_OK && i < releases.list.count; i++) {
		const struct tu_case_release *one = &releases.list.at[i];

		tu_json_open_object(json);
		tu_json_member_str(json, "device", one->device);
		tu_json_member_str(json, "release", one->release);
		tu_json_member_str(json, "id", one->public_id);
		tu_json_member_str(json, "state", one->state);
		tu_json_member_bool(json, "uncontrolled", one->uncontrolled);
		tu_api_member_or_null(json, "fix", one->fix);
		tu_json_key(json, "units_open");
		if (one->units_open < 0)
			tu_json_add_null(json);
		else
			tu_json_add_int(json, one->units_open);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	return status;
}

static enum tu_status write_decisions(struct tu_work *w, const struct tu_case_row *row,
	struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_case_decisions decisions;
	enum tu_status status = tu_case_decisions(w, row, &decisions, err);

	begin_list(json, "decisions");
	for (size_t i = 0; status == TU_OK && i < decisions.list.count; i++) {
		const struct tu_case_decision *one = &decisions.list.at[i];

		tu_json_open_object(json);
		tu_json_member_str(json, "id", one->public_id);
		tu_json_member_str(json, "device", one->device);
		tu_json_member_str(json, "name", one->name);
		tu_json_member_str(json, "state", one->state);
		tu_json_member_str(json, "status", one->status);
		tu_json_member_str(json, "risk", one->risk);
		tu_json_member_str(json, "harm", tu_str_c(tu_harm_name((enum tu_harm)one->harm)));
		tu_json_member_str(json, "author", one->author);
		tu_api_member_time_or_null(json, "created", one->created);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	return status;
}

static void write_item(struct tu_json_writer *json, const struct tu_case_item_seen *one)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "id", one->public_id);
	tu_json_member_str(json, "kind", one->kind);
	tu_json_member_str(json, "name", one->name);
	tu_json_member_str(json, "text", one->text);
	tu_api_member_or_null(json, "device", one->device);
	tu_json_key(json, "document");
	if (one->document_id) {
		tu_json_open_object(json);
		tu_record_digest(json, "digest", one->digest);
		tu_json_member_int(json, "bytes", one->bytes);
		tu_json_close_object(json);
	} else {
		tu_json_add_null(json);
	}
	tu_json_member_str(json, "by", one->author);
	tu_api_member_time_or_null(json, "at", one->at);
	tu_json_close_object(json);
}

static enum tu_status write_items(struct tu_work *w, const struct tu_case_row *row,
	struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_case_items items;
	enum tu_status status = tu_case_items(w, row, &items, err);

	begin_list(json, "items");
	for (size_t i = 0; status == TU_OK && i < items.list.count; i++)
		write_item(json, &items.list.at[i]);
	tu_json_close_array(json);
	return status;
}

static enum tu_status write_conditions(struct tu_work *w, const struct tu_case_row *row,
	struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_case_conditions open;
	enum tu_status status = tu_case_open_conditions(w, row, &open, err);

	begin_list(json, "conditions");
	for (size_t i = 0; status == TU_OK && i < open.list.count; i++) {
		const struct tu_case_condition *one = &open.list.at[i];

		tu_json_open_object(json);
		tu_json_member_str(json, "need", tu_str_c(tu_case_need_name(one->need)));
		tu_json_member_str(json, "device", one->device);
		tu_json_member_opt(json, "of", one->of);
		tu_json_member_str(json, "words", one->words);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	return status;
}

static void write_event(
	struct tu_json_writer *json, struct tu_str device, const struct tu_case_event_seen *one)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "id", one->public_id);
	tu_json_member_str(json, "device", device);
	tu_json_member_str(json, "event", one->event.name);
	tu_api_member_time_or_null(json, "at", one->event.at * 1000000);
	tu_api_member_or_null(json, "evidence", one->event.evidence);
	begin_list(json, "contents");
	for (size_t i = 0; i < one->event.contents.count; i++)
		tu_json_add_str(json, one->event.contents.at[i]);
	tu_json_close_array(json);
	tu_json_member_str(json, "by", one->author);
	tu_api_member_time_or_null(json, "recorded", one->recorded);
	tu_api_member_or_null(json, "replaces", one->replaces);
	tu_api_member_or_null(json, "replaced_by", one->replaced_by);
	tu_json_member_bool(json, "taken_back", one->taken_back);
	tu_api_member_or_null(json, "reason", one->reason);
	tu_json_close_object(json);
}

static enum tu_status write_events(struct tu_work *w, const struct tu_case_row *row,
	struct tu_json_writer *json, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	begin_list(json, "events");
	for (size_t i = 0; status == TU_OK && i < row->parts.list.count; i++) {
		const struct tu_case_part *part = &row->parts.list.at[i];
		struct tu_case_events events;

		status = tu_case_events(w, part->device_id, &events, err);
		for (size_t k = 0; status == TU_OK && k < events.list.count; k++)
			if (tu_str_eq(events.list.at[k].vuln, row->vuln))
				write_event(json, part->device, &events.list.at[k]);
	}
	tu_json_close_array(json);
	return status;
}

/* Parts whose deadlines are not computed: those in the list are as they were stored. */
static void write_unread(struct tu_json_writer *json, const struct tu_case_row *row,
	const struct tu_deadlines_seen *seen)
{
	begin_list(json, "not_computed");
	for (size_t i = 0; i < seen->devices.count; i++) {
		const struct tu_deadline_device *device = seen->devices.at[i];

		if (device->unread.len && tu_case__has(row, device->row.id))
			tu_api_add_not_computed(json, device->row.name, device->unread);
	}
	tu_json_close_array(json);
}

static enum tu_status write_deadlines(struct tu_work *w, struct tu_api_call *call,
	const struct tu_case_row *row, struct tu_error *err)
{
	const struct tu_deadline_filter filter = {.scope = &call->who.scope, .vuln = row->vuln};
	const size_t count = tu_api_table_deadline.count;
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_deadlines_seen seen;
	enum tu_status status =
		tu_deadline_list(w, call->kb ? call->kb->kb : NULL, &filter, &seen, err);

	begin_list(json, "deadlines");
	for (size_t i = 0; status == TU_OK && i < seen.list.count; i++) {
		struct tu_api_deadline line;

		if (!tu_case__has(row, seen.list.at[i].device->row.id))
			continue;
		if (!tu_api_deadline_take(w->arena, &seen.list.at[i], tu_work_seconds(w), &line))
			return tu_no_memory(err);
		tu_api_row_json(&tu_api_table_deadline, UINT64_MAX >> (64 - count), &line, json);
	}
	tu_json_close_array(json);
	if (status == TU_OK)
		write_unread(json, row, &seen);
	return status;
}

/* What has no deadline because nobody has decided it. */
static enum tu_status write_would(struct tu_work *w, const struct one *one,
	const struct tu_case_row *row, struct tu_error *err)
{
	const size_t count = tu_api_table_deadline.count;
	struct tu_json_writer *json = tu_api_json(one->call);
	struct tu_would would = {.w = w, .kb = one->call->kb ? one->call->kb->kb : NULL};
	struct tu_would_deadlines all;
	enum tu_status status = tu_would_of_case(&would, row, one->row.kev, &all, err);

	tu_json_key(json, "not_assessed");
	tu_json_open_object(json);
	tu_json_member_int(json, "releases", one->row.undecided);
	tu_api_member_time_or_null(json, "soonest", all.soonest);
	begin_list(json, "would_start");
	for (size_t i = 0; status == TU_OK && i < all.list.count; i++) {
		struct tu_api_deadline line;

		if (!tu_api_deadline_take(w->arena, &all.list.at[i], tu_work_seconds(w), &line))
			return tu_no_memory(err);
		tu_api_row_json(&tu_api_table_deadline, UINT64_MAX >> (64 - count), &line, json);
	}
	tu_json_close_array(json);
	tu_json_close_object(json);
	return status;
}

static enum tu_status write_detail(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	struct tu_api_call *call = one->call;
	struct tu_json_writer *json;
	struct tu_case_row row;
	enum tu_status status = tu_api_case_of(w, call, &row, err);

	if (status == TU_OK)
		status = read_row(w, &row, one, err);
	if (status != TU_OK)
		return status;
	tu_api__answer_begin(call); /* it may be run again */
	json = tu_api_json(call);
	tu_json_open_object(json);
	tu_json_key(json, "case");
	tu_api_row_json(
		&tu_api_table_case, UINT64_MAX >> (64 - TU_COUNT(columns)), &one->row, json);
	write_parts(json, &row);
	status = write_releases(w, &row, json, err);
	if (status == TU_OK)
		status = write_decisions(w, &row, json, err);
	if (status == TU_OK)
		status = write_deadlines(w, call, &row, err);
	if (status == TU_OK)
		status = write_would(w, one, &row, err);
	if (status == TU_OK)
		status = write_events(w, &row, json, err);
	if (status == TU_OK)
		status = write_items(w, &row, json, err);
	if (status == TU_OK)
		status = write_conditions(w, &row, json, err);
	tu_json_close_object(json);
	return status;
}

enum tu_status tu_api_get_case(struct tu_api_call *call, struct tu_error *err)
{
	struct one one = {.call = call};
	enum tu_status status = tu_api_kb(call, err);

	if (status == TU_OK)
		status = tu_api_read(call, write_detail, &one, err);
	if (status == TU_OK)
		tu_api_etag_answer(call, one.row.version);
	return status;
}
