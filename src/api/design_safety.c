/* What the design phase puts to the safety side. */
#include <string.h>

#include "api/designs.h"
#include "portfolio/safety_record.h"

struct row {
	struct tu_str id, kind, subject, text, owner, state, outcome;
	int64_t opened, version;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct row, id, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, kind, TU_API_WORD, 0),
	TU_API_COLUMN(struct row, subject, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, text, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, owner, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct row, outcome, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, opened, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct row, version, TU_API_INT, TU_API_OPT),
};
const struct tu_api_table tu_api_table_design_safety =
	TU_API_TABLE("DesignSafetyRecord", struct row, columns);

struct listing {
	struct tu_api_call *call;
	const struct tu_threat_answer *answer; /* NULL: records alone */
	struct tu_str wanted; /* public id; empty: all */
	TU_VEC(struct row) list; /* in the arena of the call */
	struct tu_api_rows rows;
};

static struct tu_safety_asked asked_of(const struct tu_api_call *call)
{
	return (struct tu_safety_asked){&call->who.scope, call->path[0]};
}

/* ---- the list ---- */

static bool keep_row(struct listing *l, const struct tu_safety_record *record)
{
	struct tu_arena *arena = l->call->arena;
	struct row row = {.kind = tu_str_c(tu_safety_kind_name(record->kind)),
		.state = record->closed ? TU_STR("closed") : TU_STR("open"),
		.opened = record->opened,
		.version = record->version};

	return tu_arena_dup(arena, record->public_id, &row.id) &&
		tu_arena_dup(arena, record->subject, &row.subject) &&
		tu_arena_dup(arena, record->text, &row.text) &&
		tu_arena_dup(arena, record->owner, &row.owner) &&
		tu_arena_dup(arena, record->outcome, &row.outcome) &&
		TU_VEC_PUSH_IN(arena, &l->list, row);
}

static bool has_record(const struct tu_safety_records *all, struct tu_str threat)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->at[i].kind == TU_SAFETY_THREAT && tu_str_eq(all->at[i].subject, threat))
			return true;
	return false;
}

/* Threats that show a hazard and have no record yet. */
static bool add_suggested(struct listing *l, const struct tu_safety_records *all)
{
	const struct tu_threats *threats = &l->answer->threats;
	bool fine = true;

	for (size_t i = 0; fine && i < threats->count; i++) {
		const struct tu_threat *threat = &threats->at[i];
		const struct row row = {.kind = TU_STR("threat"),
			.subject = threat->key,
			.text = threat->title,
			.state = TU_STR("suggested"),
			.version = TU_API_NONE};

		if (tu_threat_shows_hazard(threat) && !has_record(all, threat->key))
			fine = TU_VEC_PUSH_IN(l->call->arena, &l->list, row);
	}
	return fine;
}

static enum tu_status gather(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	const struct tu_safety_asked asked = asked_of(l->call);
	struct tu_safety_records all;
	bool fine = true;
	enum tu_status status = tu_safety_list(w, &asked, &all, err);

	l->list.count = 0;
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	for (size_t i = 0; status == TU_OK && fine && i < all.count; i++)
		if (!l->wanted.len || tu_str_eq(all.at[i].public_id, l->wanted))
			fine = keep_row(l, &all.at[i]);
	if (status == TU_OK && fine && l->answer)
		fine = add_suggested(l, &all);
	l->rows = (struct tu_api_rows){l->list.at, l->list.count};
	return status || fine ? status : tu_no_memory(err);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	const struct listing *l = self;

	return tu_api_page_of(call, page, &l->rows, err);
}

enum tu_status tu_api_list_design_safety(struct tu_api_call *call, struct tu_error *err)
{
	struct listing l = {.call = call};
	struct tu_api_design d;
	enum tu_status status = tu_api_design_judged(call, &d, err);

	l.answer = &d.answer;
	if (status == TU_OK)
		status = tu_api_read(call, gather, &l, err);
	if (status == TU_OK)
		status = tu_api_answer_page(call, fetch, &l, err);
	tu_api_design_close(&d);
	return status;
}

static enum tu_status answer_one(
	struct tu_api_call *call, struct tu_str public_id, struct tu_error *err)
{
	struct listing l = {.call = call, .wanted = public_id};
	enum tu_status status = tu_api_read(call, gather, &l, err);

	if (status == TU_OK && !l.list.count)
		status = tu_api_unknown(err, "record");
	if (status != TU_OK)
		return status;
	tu_api_etag_version(call, l.list.at[0].version);
	return tu_api_answer_row(call, &l.list.at[0], err);
}

enum tu_status tu_api_get_design_safety(struct tu_api_call *call, struct tu_error *err)
{
	return answer_one(call, call->path[1], err);
}

/* ---- opening ---- */

struct opening {
	struct tu_api_call *call;
	struct tu_safety_open ask;
	struct tu_str id; /* in the arena of the call */
};

static enum tu_status open_one(struct tu_work *w, void *self, struct tu_error *err)
{
	struct opening *o = self;
	struct tu_str id;
	enum tu_status status = tu_safety_open(w, &o->ask, &id, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	if (status == TU_OK && !tu_arena_dup(o->call->arena, id, &o->id))
		return tu_no_memory(err);
	return status;
}

/* It is about something that the design has. */
static bool is_there(const struct tu_threat_answer *answer, const struct tu_safety_open *ask)
{
	if (ask->kind == TU_SAFETY_CONTROL) {
		for (size_t i = 0; i < answer->model->controls_count; i++)
			if (tu_str_eq(answer->model->controls[i].id, ask->subject))
				return true;
		return false;
	}
	for (size_t i = 0; i < answer->threats.count; i++)
		if (tu_str_eq(answer->threats.at[i].key, ask->subject))
			return true;
	return false;
}

enum tu_status tu_api_open_design_safety(struct tu_api_call *call, struct tu_error *err)
{
	const bool is_control = tu_str_eq(tu_api_body_str(call, "kind"), TU_STR("control"));
	struct opening o = {.call = call,
		.ask = {.asked = asked_of(call),
			.kind = is_control ? TU_SAFETY_CONTROL : TU_SAFETY_THREAT,
			.subject = tu_api_body_str(call, "subject"),
			.text = tu_str_trim(tu_api_body_str(call, "text")),
			.owner = tu_api_body_str(call, "owner")}};
	struct tu_api_design d;
	enum tu_status status = tu_api_design_judged(call, &d, err);

	if (status == TU_OK && !is_there(&d.answer, &o.ask))
		status =
			tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/subject"},
				"the design has no such %s", tu_safety_kind_name(o.ask.kind));
	tu_api_design_close(&d);
	if (status == TU_OK)
		status = tu_api_write(call, open_one, &o, err);
	if (status == TU_OK)
		status = answer_one(call, o.id, err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/devices/%.*s/design/safety/%.*s",
			TU_STR_FMT(call->path[0]), TU_STR_FMT(o.id));
	return status;
}

/* ---- changing ---- */

static enum tu_status change_one(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct tu_safety_change *change = self;
	struct tu_error own = {0};
	enum tu_status status = tu_safety_change(w, change, &own);

	return status ? tu_api_design_failed(&own, err) : TU_OK;
}

/* A member of the body; ptr NULL where it is not there. */
static struct tu_str given(const struct tu_api_call *call, const char *name)
{
	if (!tu_json_get(call->body, tu_str_c(name)).doc)
		return (struct tu_str){0};
	return tu_api_body_str(call, name).len ? tu_str_trim(tu_api_body_str(call, name))
					       : (struct tu_str){"", 0};
}

enum tu_status tu_api_change_design_safety(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_str state = tu_api_body_str(call, "state");
	struct tu_safety_change change = {.asked = asked_of(call),
		.record = call->path[1],
		.based_on = call->if_match,
		.text = given(call, "text"),
		.outcome = given(call, "outcome"),
		.owner = given(call, "owner"),
		.move = !state.len			     ? TU_SAFETY_STAYS
			: tu_str_eq(state, TU_STR("closed")) ? TU_SAFETY_CLOSE
							     : TU_SAFETY_REOPEN};
	enum tu_status status = tu_api_write(call, change_one, &change, err);

	return status ? status : answer_one(call, call->path[1], err);
}
