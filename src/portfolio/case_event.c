/* Events that people record in cases, and their corrections. */
#include "app/decide.h"
#include "app/early.h"
#include "portfolio/deadlines.h"

enum { US = 1000000, TEXT_MAX = 1024 };

/* ---- events ---- */

static bool take_words(struct tu_work *w, struct tu_str list, struct tu_texts *out)
{
	TU_VEC(struct tu_str) words = {0};
	struct tu_str item, copy;

	while (list.len && tu_str_split(&list, ',', &item))
		if (!tu_arena_dup(w->arena, item, &copy) || !TU_VEC_PUSH_IN(w->arena, &words, copy))
			return false;
	*out = (struct tu_texts){words.at, words.count};
	return true;
}

static bool take_event(struct tu_work *w, const struct tu_rows *rows, struct tu_case_events *out)
{
	struct tu_case_event_seen seen = {.recorded = tu_rows_int(rows, 6),
		.id = tu_rows_int(rows, 8),
		.replaces_id = tu_rows_int(rows, 9),
		.taken_back = tu_rows_int(rows, 11) != 0};

	seen.event.at = tu_rows_int(rows, 2) / US;
	return tu_arena_dup(w->arena, tu_rows_text(rows, 0), &seen.vuln) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 1), &seen.event.name) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 3), &seen.event.evidence) &&
		take_words(w, tu_rows_text(rows, 4), &seen.event.contents) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 5), &seen.public_id) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 7), &seen.author) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 10), &seen.reason) &&
		TU_VEC_PUSH_IN(w->arena, &out->list, seen);
}

static struct tu_case_event_seen *event_of(struct tu_case_events *events, int64_t id)
{
	for (size_t i = 0; id && i < events->list.count; i++)
		if (events->list.at[i].id == id)
			return &events->list.at[i];
	return NULL;
}

/* Corrections come after what they are about. The list does not move any more. */
static bool link_corrections(struct tu_work *w, struct tu_case_events *out)
{
	for (size_t i = 0; i < out->list.count; i++) {
		struct tu_case_event_seen *by = &out->list.at[i];
		struct tu_case_event_seen *wrong = event_of(out, by->replaces_id);
		struct tu_case_event_seen *before =
			wrong && wrong->taken_back ? event_of(out, wrong->replaces_id) : NULL;
		struct tu_event_correction *correction;

		if (!wrong)
			continue;
		correction = tu_arena_alloc(w->arena, sizeof(*correction));
		if (!correction)
			return false;
		*correction = (struct tu_event_correction){
			by->taken_back ? NULL : &by->event, by->recorded / US, by->reason};
		wrong->event.corrected = correction;
		if (before) /* it was taken back, and now something is said instead */
			before->event.corrected = correction;
		wrong->replaced_by = by->public_id;
		by->replaces = wrong->public_id;
	}
	return true;
}

enum tu_status tu_case_events(
	struct tu_work *w, int64_t device_id, struct tu_case_events *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_CASE_EVENTS, TU_BIND(tu_int(device_id)), &rows, err);

	*out = (struct tu_case_events){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = take_event(w, rows, out);
	status = tu_rows_close(rows, err);
	ok = ok && link_corrections(w, out);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_case_more_events(
	struct tu_work *w, int64_t device_id, struct tu_deadlines_of *of, struct tu_error *err)
{
	struct tu_case_events events;
	struct tu_more_event *more;
	enum tu_status status = tu_case_events(w, device_id, &events, err);

	if (status != TU_OK)
		return status;
	more = tu_arena_array(w->arena, events.list.count, sizeof(*more));
	if (!more)
		return tu_no_memory(err);
	of->more = more;
	of->more_count = 0;
	for (size_t i = 0; i < events.list.count; i++) {
		const struct tu_case_event_seen *seen = &events.list.at[i];

		if (!seen->taken_back)
			more[of->more_count++] = (struct tu_more_event){seen->vuln, &seen->event};
	}
	return TU_OK;
}

/* ---- recording ---- */

struct rules {
	TU_VEC(const struct tu_deadline_rule *) list;
};

/* What has started and device.yaml has no longer: events end it, too. */
static enum tu_status find_kept(struct tu_work *w, const struct tu_case_recording *r,
	const struct tu_deadline_device *device, struct rules *out, struct tu_error *err)
{
	struct tu_deadlines_kept kept;
	enum tu_status status = tu_deadline_kept(w, device, r->kb, &kept, err);

	for (size_t i = 0; status == TU_OK && i < kept.list.count; i++)
		if (tu_deadline_same_vuln(r->kb, kept.list.at[i].vuln, r->row->vuln) &&
			!TU_VEC_PUSH_IN(w->arena, &out->list, kept.list.at[i].deadline.rule))
			status = tu_no_memory(err);
	return status;
}

static bool is_known(const struct rules *rules, struct tu_str event)
{
	for (size_t i = 0; i < rules->list.count; i++)
		if (tu_deadline_rule_knows(rules->list.at[i], event))
			return true;
	return false;
}

/* The rules of the command line (app/decide.h); where that warns of a word that no deadline knows,
 * it is refused: nobody looks at a folder here. */
static enum tu_status check(struct tu_work *w, const struct tu_case_recording *r,
	const struct tu_deadline_device *before, struct tu_str *out_warning, struct tu_error *err)
{
	struct tu_decide_request by_members = {.members = true};
	const struct tu_case_event *event = &r->event;
	struct tu_deciding *d = tu_arena_alloc(w->arena, sizeof(*d));
	struct rules kept = {0};
	enum tu_status status = find_kept(w, r, before, &kept, err);

	if (status != TU_OK)
		return status;
	if (!d)
		return tu_no_memory(err);
	*out_warning = (struct tu_str){0};
	*d = (struct tu_deciding){.request = &by_members,
		.now = tu_work_seconds(w),
		.more_rules = kept.list.at,
		.more_rule_count = kept.list.count};
	d->assessing.folder.arena = w->arena;
	d->assessing.folder.device = before->model;
	if (event->at > d->now)
		return tu_fail(err, TU_E_USAGE, 0, "the event is of the future");
	if (event->at <= 0)
		return tu_fail(err, TU_E_USAGE, 0, "the event is of 1970 or before");
	status = tu_decide_check_event(d, event, err);
	if (status == TU_OK && d->warnings.count)
		*out_warning = d->warnings.at[0];
	if (status == TU_OK && !tu_deadline_knows_event(before->model, event->name) &&
		!is_known(&kept, event->name))
		return tu_fail(err, TU_E_USAGE, 0, "%.*s", TU_STR_FMT(*out_warning));
	return status;
}

static void begin_record(struct tu_record *record, const struct tu_case_recording *r)
{
	const struct tu_case_event_seen *wrong = r->replaces;

	tu_record_begin(record, wrong ? "case.event.correct" : "case.event", "case:%.*s",
		TU_STR_FMT(r->row->vuln));
	if (!wrong)
		return;
	tu_json_member_str(&record->json, "replaces", wrong->public_id);
	tu_json_member_bool(&record->json, "taken_back", r->taken_back);
	tu_json_key(&record->json, "before");
	tu_json_open_object(&record->json);
	tu_json_member_str(&record->json, "event", wrong->event.name);
	tu_json_member_int(&record->json, "at", wrong->event.at);
	tu_json_close_object(&record->json);
}

static enum tu_status write_event(
	struct tu_work *w, const struct tu_case_recording *r, struct tu_error *err)
{
	struct tu_str public_id;
	struct tu_record record;
	struct tu_buf words;
	uint8_t digest[TU_SHA256_BYTES];
	enum tu_status status = tu_work_new_id(w, &public_id, err);

	if (status == TU_OK && tu_sha256(r->event.evidence, digest) != TU_OK)
		return tu_no_memory(err);
	tu_buf_init(&words, 1 << 12);
	for (size_t i = 0; i < r->event.contents.count; i++)
		tu_buf_printf(&words, "%s%.*s", i ? "," : "", TU_STR_FMT(r->event.contents.at[i]));
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_CASE_EVENT_ADD,
			TU_BIND(tu_text(public_id), tu_int(r->row->id), tu_int(r->part->device_id),
				tu_text(r->event.name), tu_int(r->event.at * US),
				tu_text(r->event.evidence), tu_text(tu_buf_str(&words)),
				tu_int(w->act->at), tu_text(w->act->actor),
				r->replaces ? tu_int(r->replaces->id) : tu_null(),
				tu_text(r->replaces ? w->act->reason : TU_STR("")),
				tu_int(r->taken_back)),
			err);
	if (status == TU_OK) {
		begin_record(&record, r);
		tu_json_member_str(&record.json, "event", r->event.name);
		tu_json_member_str(&record.json, "device", r->part->device);
		tu_json_member_int(&record.json, "at", r->event.at);
		tu_json_member_opt(&record.json, "contents", tu_buf_str(&words));
		/* it may name persons: the ledger has its digest */
		tu_record_digest(&record.json, "evidence", digest);
		status = tu_case__record_add(&record, w, r->row, err);
	}
	if (status == TU_OK && words.failed)
		status = tu_no_memory(err);
	tu_buf_done(&words);
	return status;
}

static enum tu_status warn_early(struct tu_work *w, const struct tu_case_recording *r,
	const struct tu_deadline_device *device, struct tu_str *out_warning, struct tu_error *err)
{
	const struct tu_early_look look = {
		.of = &device->of, .kb = r->kb, .vulnerability = r->row->vuln, .event = &r->event};
	struct tu_clock_row row;
	struct tu_buf text;
	size_t at = 0;
	bool ok;

	if (!tu_early_next(&look, &at, &row))
		return TU_OK;
	tu_buf_init(&text, TEXT_MAX);
	tu_early_write(row.clock, &text);
	ok = !text.failed && tu_arena_dup(w->arena, tu_buf_str(&text), out_warning);
	tu_buf_done(&text);
	return ok ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_case_record_event(struct tu_work *w, const struct tu_case_recording *recording,
	struct tu_str *out_warning, struct tu_error *err)
{
	struct tu_case_row row = *recording->row;
	struct tu_device_row device;
	struct tu_deadline_device before, after;
	enum tu_status status = tu_device_find(w, recording->part->device, &device, err);

	if (status == TU_OK)
		status = tu_deadline_device(w, &device, recording->kb, &before, err);
	*out_warning = (struct tu_str){0};
	if (status == TU_OK && !recording->taken_back)
		status = check(w, recording, &before, out_warning, err);
	if (status == TU_OK)
		status = write_event(w, recording, err);
	if (status == TU_OK)
		status = tu_deadline_device(w, &device, recording->kb, &after, err);
	if (status == TU_OK && !out_warning->len && !recording->taken_back)
		status = warn_early(w, recording, &after, out_warning, err);
	row.kb = recording->kb;
	return status ? status : tu_case_follow(w, &row, err);
}

/* ---- correcting ---- */

enum tu_status tu_case_event_find(struct tu_work *w, const struct tu_case_row *row,
	struct tu_str public_id, struct tu_case_event_seen *out_event, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < row->parts.list.count && status == TU_OK; i++) {
		const struct tu_case_part *part = &row->parts.list.at[i];
		struct tu_case_events events;

		status = tu_case_events(w, part->device_id, &events, err);
		for (size_t k = 0; status == TU_OK && k < events.list.count; k++) {
			if (!tu_str_eq(events.list.at[k].vuln, row->vuln) ||
				!tu_str_eq(events.list.at[k].public_id, public_id))
				continue;
			*out_event = events.list.at[k];
			out_event->part = part;
			return TU_OK;
		}
	}
	return status ? status : tu_fail(err, TU_E_NOTFOUND, 0, "the case has no such event");
}

/* One wins: who comes second waits for the device, and sees what the first did. */
enum tu_status tu_case_correct_event(struct tu_work *w, const struct tu_case_recording *recording,
	struct tu_str *out_warning, struct tu_error *err)
{
	struct tu_case_recording r = *recording;
	struct tu_case_event_seen wrong;
	int64_t version = 0;
	enum tu_status status = tu_tx_int(
		w->tx, TU_SQL_DEVICE_HOLD, TU_BIND(tu_int(r.part->device_id)), &version, err);

	if (status == TU_OK)
		status = tu_case_event_find(w, r.row, r.replaces->public_id, &wrong, err);
	if (status != TU_OK)
		return status;
	r.replaces = &wrong;
	r.part = wrong.part;
	if (wrong.replaced_by.len)
		return tu_fail(err, TU_E_CONFLICT, 0,
			"the event was corrected already: correct what replaces it");
	if (r.taken_back && wrong.taken_back)
		return tu_fail(err, TU_E_USAGE, 0, "it says itself that something did not happen");
	if (!w->act->reason.len)
		return tu_fail(err, TU_E_USAGE, 0, "an event is corrected for a reason");
	if (r.taken_back)
		r.event = (struct tu_case_event){.name = wrong.event.name, .at = wrong.event.at};
	return tu_case_record_event(w, &r, out_warning, err);
}
