/* Cases: what people do with them. */
#include "api/cases.h"
#include "portfolio/scope.h"
#include "service/service.h"

struct changing {
	struct tu_api_call *call;
	struct tu_str id; /* of the case, in the call's arena */
	struct tu_case_conditions open;
};

static enum tu_status keep_id(
	struct changing *c, const struct tu_case_row *row, struct tu_error *err)
{
	return tu_arena_dup(c->call->arena, row->public_id, &c->id) ? TU_OK : tu_no_memory(err);
}

/* The case of the path, as the client read it. */
static enum tu_status begin(
	struct tu_work *w, struct changing *c, struct tu_case_row *row, struct tu_error *err)
{
	enum tu_status status = tu_api_case_of(w, c->call, row, err);

	row->kb = c->call->kb ? c->call->kb->kb : NULL;
	if (status == TU_OK && c->call->if_match)
		row->version = c->call->if_match;
	return status ? status : keep_id(c, row, err);
}

static enum tu_status run(struct tu_api_call *call, tu_work_call *work, struct tu_error *err)
{
	struct changing c = {.call = call};
	enum tu_status status = tu_api_kb(call, err);

	if (status == TU_OK)
		status = tu_api_write(call, work, &c, err);
	return status ? status : tu_api_answer_case(call, c.id, err);
}

static enum tu_status run_new(struct tu_api_call *call, tu_work_call *work, struct tu_error *err)
{
	enum tu_status status = run(call, work, err);

	if (status == TU_OK)
		tu_api_created(call, "/v1/cases/%.*s", TU_STR_FMT(call->path[0]));
	return status;
}

/* ---- open, assign ---- */

static enum tu_status open_one(struct tu_work *w, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_str learned = tu_api_body_str(c->call, "learned_at");
	const struct tu_case_opening opening = {.vuln = tu_api_body_str(c->call, "vulnerability"),
		.learned_at = learned.len ? tu_api_time_of(learned) : w->act->at,
		.scope = &c->call->who.scope,
		.kb = c->call->kb->kb};
	struct tu_case_row row;
	enum tu_status status;

	if (opening.learned_at > w->act->at)
		return tu_fail(err, TU_E_USAGE, 0, "learned_at is of the future");
	status = tu_case_open(w, &opening, &row, err);
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "vulnerability");
	return status ? status : keep_id(c, &row, err);
}

enum tu_status tu_api_open_case(struct tu_api_call *call, struct tu_error *err)
{
	struct changing c = {.call = call};
	enum tu_status status = tu_api_kb(call, err);

	if (status == TU_OK)
		status = tu_api_write(call, open_one, &c, err);
	if (status == TU_OK)
		status = tu_api_answer_case(call, c.id, err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/cases/%.*s", TU_STR_FMT(c.id));
	return status;
}

/* Somebody who may act and sees every device of it that the caller sees; others are named to
 * nobody. */
static enum tu_status find_owner(struct tu_work *w, const struct tu_case_row *row,
	struct tu_str who, int64_t *out_id, struct tu_error *err)
{
	struct tu_list_scope scope;
	struct tu_person person;
	enum tu_status status = tu_person_find(w->tx, who, w->arena, &person, err);
	bool sees = true;

	if (status == TU_OK)
		status = tu_scope_of_person(w->tx, who, w->arena, &scope, err);
	for (size_t i = 0; status == TU_OK && i < row->parts.list.count; i++)
		sees = sees && tu_scope_has(&scope, row->parts.list.at[i].device_id);
	if (status == TU_E_NOTFOUND || status == TU_E_CONSTRAINT || !sees)
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/owner"},
			"nobody of this name sees all devices of the case");
	*out_id = status ? 0 : person.id;
	return status;
}

static enum tu_status assign(struct tu_work *w, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_str who = tu_api_body_str(c->call, "owner");
	struct tu_case_row row;
	int64_t owner = 0;
	enum tu_status status = begin(w, c, &row, err);

	if (status == TU_OK && who.len)
		status = find_owner(w, &row, who, &owner, err);
	return status ? status : tu_case_assign(w, &row, owner, err);
}

enum tu_status tu_api_assign_case(struct tu_api_call *call, struct tu_error *err)
{
	return run(call, assign, err);
}

/* ---- items ---- */

/* The part of a device that is named; NULL: none is. */
static enum tu_status find_part(const struct tu_case_row *row, struct tu_str device,
	const struct tu_case_part **out_part, struct tu_error *err)
{
	*out_part = NULL;
	for (size_t i = 0; i < row->parts.list.count; i++)
		if (tu_str_eq(row->parts.list.at[i].device, device))
			*out_part = &row->parts.list.at[i];
	if (!device.len || *out_part)
		return TU_OK;
	return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/device"},
		"the case is about no such device");
}

static enum tu_status add(struct tu_work *w, const struct tu_case_row *row, struct tu_str device,
	struct tu_case_item *item, struct tu_error *err)
{
	const struct tu_case_part *part;
	enum tu_status status = find_part(row, device, &part, err);

	item->device_id = part ? part->device_id : 0;
	return status ? status : tu_case_add(w, row, item, err);
}

/* The document's enum, as a word of the program. */
static const char *kind_of(struct tu_str word)
{
	static const char *const kinds[] = {"note", "evidence", "communication", "statement"};

	for (size_t i = 1; i < TU_COUNT(kinds); i++)
		if (tu_str_eq(word, tu_str_c(kinds[i])))
			return kinds[i];
	return kinds[0];
}

static enum tu_status add_item(struct tu_work *w, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_case_item item = {.kind = kind_of(tu_api_body_str(c->call, "kind")),
		.name = tu_api_body_str(c->call, "name"),
		.text = tu_api_body_str(c->call, "text")};
	struct tu_case_row row;
	enum tu_status status = begin(w, c, &row, err);

	return status ? status : add(w, &row, tu_api_body_str(c->call, "device"), &item, err);
}

enum tu_status tu_api_add_case_item(struct tu_api_call *call, struct tu_error *err)
{
	return run_new(call, add_item, err);
}

static enum tu_status add_document(struct tu_work *w, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_str kind = tu_api_query(c->call, "kind");
	struct tu_case_item item = {.kind = kind.len ? kind_of(kind) : "evidence",
		.name = tu_api_query(c->call, "name")};
	struct tu_document document = {0};
	struct tu_case_row row;
	enum tu_status status = begin(w, c, &row, err);

	if (status == TU_OK)
		status = tu_document_put(w, "case", c->call->bytes, &document, err);
	item.document_id = document.id;
	return status ? status : add(w, &row, tu_api_query(c->call, "device"), &item, err);
}

enum tu_status tu_api_add_case_document(struct tu_api_call *call, struct tu_error *err)
{
	return run_new(call, add_document, err);
}

struct fetching {
	struct tu_api_call *call;
	struct tu_buf bytes;
	struct tu_str name;
};

static enum tu_status fetch_document(struct tu_work *w, void *self, struct tu_error *err)
{
	struct fetching *f = self;
	struct tu_document document;
	struct tu_case_items items = {0};
	struct tu_case_row row;
	enum tu_status status = tu_api_case_of(w, f->call, &row, err);

	if (status == TU_OK)
		status = tu_case_items(w, &row, &items, err);
	for (size_t i = 0; status == TU_OK && i < items.list.count; i++) {
		const struct tu_case_item_seen *item = &items.list.at[i];

		if (!tu_str_eq(item->public_id, f->call->path[1]) || !item->document_id)
			continue;
		if (!tu_arena_dup(f->call->arena, item->name, &f->name))
			return tu_no_memory(err);
		return tu_document_get(w->tx, item->document_id, &f->bytes, &document, err);
	}
	return status ? status : tu_api_unknown(err, "item");
}

/* It may be anything: saved, never shown (http/ adds nosniff and a policy to every answer). */
enum tu_status tu_api_get_case_document(struct tu_api_call *call, struct tu_error *err)
{
	struct fetching f = {.call = call};
	enum tu_status status;

	tu_buf_init(&f.bytes, TU_DOCUMENT_MAX);
	status = tu_api_read(call, fetch_document, &f, err);
	if (status == TU_OK)
		tu_api_answer_buf(call, "application/octet-stream", &f.bytes, f.name);
	tu_buf_done(&f.bytes);
	return status;
}

/* ---- events ---- */

struct recording {
	struct changing changing;
	struct tu_str warning;
};

static bool take_contents(struct tu_work *w, struct tu_json body, struct tu_texts *out)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(body, TU_STR("contents")));
	TU_VEC(struct tu_str) words = {0};
	struct tu_json word;

	while (tu_json_next_item(&iter, &word))
		if (!TU_VEC_PUSH_IN(w->arena, &words, tu_json_str(word)))
			return false;
	*out = (struct tu_texts){words.at, words.count};
	return true;
}

static enum tu_status record_event(struct tu_work *w, void *self, struct tu_error *err)
{
	struct recording *r = self;
	struct tu_api_call *call = r->changing.call;
	struct tu_str at = tu_api_body_str(call, "at");
	struct tu_case_row row;
	struct tu_case_recording recording = {.row = &row,
		.kb = call->kb->kb,
		.event = {.name = tu_api_body_str(call, "event"),
			.at = (at.len ? tu_api_time_of(at) : w->act->at) / 1000000,
			.evidence = tu_api_body_str(call, "evidence")}};
	struct tu_str warning;
	enum tu_status status = begin(w, &r->changing, &row, err);

	if (status == TU_OK)
		status = find_part(&row, tu_api_body_str(call, "device"), &recording.part, err);
	if (status == TU_OK && !take_contents(w, call->body, &recording.event.contents))
		return tu_no_memory(err);
	if (status == TU_OK)
		status = tu_case_record_event(w, &recording, &warning, err);
	if (status == TU_OK && !tu_arena_dup(call->arena, warning, &r->warning))
		return tu_no_memory(err);
	return status;
}

/* What waives a deadline is signed for by who may approve; so is what ends a waiver. */
static enum tu_status check_waiver(
	struct tu_api_call *call, struct tu_str event, struct tu_error *err)
{
	if (!tu_str_eq(event, TU_STR("deadline-waived")) ||
		tu_access_may(&call->who, TU_CLASS_APPROVE))
		return TU_OK;
	call->problem.type = TU_PROBLEM_FORBIDDEN;
	return tu_fail(err, TU_E_CONSTRAINT, 0, "only who approves can waive a deadline");
}

static enum tu_status record_and_answer(
	struct tu_api_call *call, tu_work_call *work, struct tu_error *err)
{
	struct recording r = {.changing = {.call = call}};
	struct tu_json_writer *json;
	enum tu_status status = tu_api_kb(call, err);

	if (status == TU_OK)
		status = check_waiver(call, tu_api_body_str(call, "event"), err);
	if (status == TU_OK)
		status = tu_api_write(call, work, &r, err);
	if (status != TU_OK)
		return status;
	json = tu_api_json(call);
	tu_json_open_object(json);
	tu_json_member_str(json, "case", r.changing.id);
	tu_json_key(json, "warning");
	if (r.warning.len)
		tu_json_add_str(json, r.warning);
	else
		tu_json_add_null(json);
	tu_json_close_object(json);
	tu_api_created(call, "/v1/cases/%.*s", TU_STR_FMT(r.changing.id));
	return TU_OK;
}

enum tu_status tu_api_record_case_event(struct tu_api_call *call, struct tu_error *err)
{
	return record_and_answer(call, record_event, err);
}

/* What is not given is as it was. */
static bool take_correction(struct tu_work *w, const struct tu_api_call *call,
	const struct tu_case_event_seen *wrong, struct tu_case_event *out)
{
	struct tu_str name = tu_api_body_str(call, "event"), at = tu_api_body_str(call, "at");

	*out = (struct tu_case_event){.name = name.len ? name : wrong->event.name,
		.at = at.len ? tu_api_time_of(at) / 1000000 : wrong->event.at,
		.evidence = wrong->event.evidence,
		.contents = wrong->event.contents};
	if (tu_json_is_string(tu_json_get(call->body, TU_STR("evidence"))))
		out->evidence = tu_api_body_str(call, "evidence");
	return !tu_json_is_array(tu_json_get(call->body, TU_STR("contents"))) ||
		take_contents(w, call->body, &out->contents);
}

static enum tu_status correct_event(struct tu_work *w, void *self, struct tu_error *err)
{
	struct recording *r = self;
	struct tu_api_call *call = r->changing.call;
	struct tu_case_row row = {0};
	struct tu_case_event_seen wrong = {0};
	struct tu_case_recording recording = {.row = &row,
		.kb = call->kb->kb,
		.replaces = &wrong,
		.taken_back = tu_json_true(tu_json_get(call->body, TU_STR("taken_back")))};
	struct tu_str warning;
	enum tu_status status = begin(w, &r->changing, &row, err);

	if (status == TU_OK)
		status = tu_case_event_find(w, &row, call->path[1], &wrong, err);
	if (status == TU_E_NOTFOUND && row.id)
		return tu_api_unknown(err, "event");
	recording.part = wrong.part;
	if (status == TU_OK)
		status = check_waiver(call, wrong.event.name, err);
	if (status == TU_OK && !take_correction(w, call, &wrong, &recording.event))
		return tu_no_memory(err);
	if (status == TU_OK)
		status = tu_case_correct_event(w, &recording, &warning, err);
	if (status == TU_OK && !tu_arena_dup(call->arena, warning, &r->warning))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_api_correct_case_event(struct tu_api_call *call, struct tu_error *err)
{
	return record_and_answer(call, correct_event, err);
}

/* ---- closing ---- */

static enum tu_status close_one(struct tu_work *w, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_case_row row;
	enum tu_status status = begin(w, c, &row, err);
	struct tu_api_problem *problem = &c->call->problem;

	memset(&c->open, 0, sizeof(c->open));
	if (status == TU_OK)
		status = tu_case_close(w, &row, &c->open, err);
	if (status != TU_E_USAGE)
		return status;
	problem->type = TU_PROBLEM_CONFLICT;
	problem->count = 0;
	problem->more = c->open.list.count > TU_API_ERRORS_MAX;
	for (size_t i = 0; i < c->open.list.count && i < TU_API_ERRORS_MAX; i++) {
		struct tu_api_fault *fault = &problem->faults[problem->count++];

		*fault = (struct tu_api_fault){.type = tu_case_need_name(c->open.list.at[i].need)};
		if (!tu_arena_dup(c->call->arena, c->open.list.at[i].words, &fault->detail))
			return tu_no_memory(err);
	}
	return status;
}

enum tu_status tu_api_close_case(struct tu_api_call *call, struct tu_error *err)
{
	return run(call, close_one, err);
}
