#include "portfolio/deadlines.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/decide.h"
#include "base/time.h"
#include "portfolio/scope.h"

enum { US = 1000000, KEY_MAX = 1024 };

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
	struct tu_case_event_seen seen = {.recorded = tu_rows_int(rows, 6)};

	seen.event.at = tu_rows_int(rows, 2) / US;
	return tu_arena_dup(w->arena, tu_rows_text(rows, 0), &seen.vuln) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 1), &seen.event.name) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 3), &seen.event.evidence) &&
		take_words(w, tu_rows_text(rows, 4), &seen.event.contents) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 5), &seen.public_id) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 7), &seen.author) &&
		TU_VEC_PUSH_IN(w->arena, &out->list, seen);
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
	return status || ok ? status : tu_no_memory(err);
}

static enum tu_status add_events(
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
	for (size_t i = 0; i < events.list.count; i++)
		more[i] = (struct tu_more_event){events.list.at[i].vuln, &events.list.at[i].event};
	of->more = more;
	of->more_count = events.list.count;
	return TU_OK;
}

/* ---- one device ---- */

enum tu_status tu_deadline_device(struct tu_work *w, const struct tu_device_row *row,
	const struct tu_kb *kb, struct tu_deadline_device *out, struct tu_error *err)
{
	struct tu_assessment_rows rows = {0};
	struct tu_device_folder folder = {.arena = w->arena};
	enum tu_status status;

	*out = (struct tu_deadline_device){.row = *row};
	status = tu_device_load(w, row, &out->model, NULL, err);
	if (status == TU_OK)
		status = tu_assessment_list(w, row->id, &rows, err);
	if (status == TU_OK)
		status = add_events(w, row->id, &out->of, err);
	folder.device = out->model;
	folder.decisions = rows.approved;
	folder.decision_count = rows.approved_count;
	return status ? status
		      : tu_deadlines_of_folder(&out->of, &folder, kb, tu_work_seconds(w), err);
}

/* ---- the list ---- */

struct listing {
	struct tu_work *w;
	const struct tu_deadline_filter *filter;
	struct tu_deadlines_seen *out;
	const struct tu_kb *kb; /* NULL: none */
	const struct tu_deadline_device *device;
	struct {
		TU_VEC(struct case_name) list; /* the cases of the device */
	} cases;
};
struct case_name {
	struct tu_str vuln, public_id;
};

static bool passes(const struct tu_deadline_filter *f, const struct tu_deadline *d)
{
	if (f->states && !(f->states & (1u << d->state)))
		return false;
	if (f->open_only && !tu_deadline_is_open(d))
		return false;
	if (f->rule.len && !tu_str_eq(f->rule, tu_str_c(d->rule->id)))
		return false;
	if (f->due_before && (!d->due || d->due >= f->due_before))
		return false;
	return !f->due_after || d->due >= f->due_after;
}

static bool make_key(struct tu_work *w, struct tu_deadline_seen *seen)
{
	char text[KEY_MAX];
	int len = snprintf(text, sizeof(text), "%.*s %.*s %s %lld",
		TU_STR_FMT(seen->device->row.name), TU_STR_FMT(seen->vuln),
		seen->deadline->rule->id, (long long)seen->deadline->start);

	return len > 0 &&
		tu_arena_dup(w->arena,
			tu_str_of(
				text, (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1),
			&seen->key);
}

static bool add(struct listing *l, struct tu_deadline_seen seen)
{
	seen.device = l->device;
	if (!passes(l->filter, seen.deadline))
		return true;
	return make_key(l->w, &seen) && TU_VEC_PUSH_IN(l->w->arena, &l->out->list, seen);
}

static struct tu_str case_of(const struct listing *l, const struct tu_deadline_case *c)
{
	for (size_t i = 0; i < l->cases.list.count; i++)
		if (tu_deadline_case_is_about(l->kb, c, l->cases.list.at[i].vuln))
			return l->cases.list.at[i].public_id;
	return (struct tu_str){0};
}

static enum tu_status add_computed(struct listing *l, struct tu_error *err)
{
	const struct tu_deadlines_of *of = &l->device->of;

	for (size_t i = 0; i < of->case_count; i++) {
		const struct tu_deadline_case *c = &of->cases[i];
		struct tu_deadline_seen seen = {
			.vuln = c->vulnerability, .case_public = case_of(l, c)};

		if (l->filter->vuln.len && !tu_deadline_case_is_about(l->kb, c, l->filter->vuln))
			continue;
		for (size_t k = 0; k < of->clocks[i].count; k++) {
			seen.deadline = &of->clocks[i].at[k];
			if (!add(l, seen))
				return tu_no_memory(err);
		}
	}
	return TU_OK;
}

/* Does the device still have the row for it? Then what the row says counts. */
static bool is_computed(const struct listing *l, struct tu_str vuln, struct tu_str rule)
{
	const struct tu_deadline_device *device = l->device;

	for (size_t i = 0; i < device->of.case_count; i++) {
		const struct tu_deadlines *clocks = &device->of.clocks[i];

		if (!tu_deadline_case_is_about(l->kb, &device->of.cases[i], vuln))
			continue;
		for (size_t k = 0; k < clocks->count; k++)
			if (tu_str_eq(rule, tu_str_c(clocks->at[k].rule->id)))
				return true;
	}
	return false;
}

static bool add_gone(struct listing *l, const struct tu_rows *rows)
{
	struct tu_deadline_rule *rule = tu_arena_alloc(l->w->arena, sizeof(*rule));
	struct tu_deadline *d = tu_arena_alloc(l->w->arena, sizeof(*d));
	struct tu_str id = tu_rows_text(rows, 2);
	char *name = tu_arena_text(l->w->arena, id.len + 1);
	struct tu_deadline_seen seen = {.deadline = d, .gone = true};
	int64_t now = tu_work_seconds(l->w);

	if (!rule || !d || !name)
		return false;
	memcpy(name, id.ptr, id.len);
	name[id.len] = '\0';
	*rule = (struct tu_deadline_rule){
		.id = name, .title = "", .source = "", .jurisdiction = "", .start = "", .stop = ""};
	*d = (struct tu_deadline){.rule = rule,
		.start = tu_rows_int(rows, 3) / US,
		.due = tu_rows_int(rows, 4) / US,
		.stopped = tu_rows_int(rows, 5) / US,
		.note = TU_STR("device.yaml has no such deadline any more; it had started")};
	d->state = d->stopped && d->stopped <= d->due ? TU_DEADLINE_MET
		: d->stopped || now > d->due	      ? TU_DEADLINE_MISSED
						      : TU_DEADLINE_RUNNING;
	return tu_arena_dup(l->w->arena, tu_rows_text(rows, 0), &seen.vuln) &&
		tu_arena_dup(l->w->arena, tu_rows_text(rows, 1), &seen.case_public) && add(l, seen);
}

static bool is_same(const struct tu_kb *kb, struct tu_str a, struct tu_str b)
{
	const uint32_t index = kb ? tu_kb_find(kb, a) : TU_KB_NONE;

	return tu_str_eq(a, b) || (index != TU_KB_NONE && index == tu_kb_find(kb, b));
}

static enum tu_status add_stored(struct listing *l, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(
		l->w->tx, TU_SQL_DEVICE_DEADLINES, TU_BIND(tu_int(l->device->row.id)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_str vuln = tu_rows_text(rows, 0);

		if (l->filter->vuln.len && !is_same(l->kb, vuln, l->filter->vuln))
			continue;
		if (!is_computed(l, vuln, tu_rows_text(rows, 2)))
			ok = add_gone(l, rows);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static enum tu_status read_cases(struct listing *l, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(l->w->tx, TU_SQL_CASE_NAMES_OF_DEVICE,
		TU_BIND(tu_int(l->device->row.id)), &rows, err);

	memset(&l->cases, 0, sizeof(l->cases));
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct case_name name;

		ok = tu_arena_dup(l->w->arena, tu_rows_text(rows, 0), &name.vuln) &&
			tu_arena_dup(l->w->arena, tu_rows_text(rows, 1), &name.public_id) &&
			TU_VEC_PUSH_IN(l->w->arena, &l->cases.list, name);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static enum tu_status list_device(
	struct listing *l, const struct tu_device_row *row, struct tu_error *err)
{
	struct tu_deadline_device *device = tu_arena_alloc(l->w->arena, sizeof(*device));
	enum tu_status status;

	if (!device)
		return tu_no_memory(err);
	status = tu_deadline_device(l->w, row, l->kb, device, err);
	l->device = device;
	if (status == TU_OK && !TU_VEC_PUSH_IN(l->w->arena, &l->out->devices, l->device))
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = read_cases(l, err);
	if (status == TU_OK)
		status = add_computed(l, err);
	return status ? status : add_stored(l, err);
}

static int compare(const void *one, const void *other)
{
	const struct tu_deadline_seen *a = one, *b = other;
	int order = tu_deadline_compare(a->deadline, b->deadline);

	return order ? order : tu_str_cmp(a->key, b->key);
}

enum tu_status tu_deadline_list(struct tu_work *w, const struct tu_kb *kb,
	const struct tu_deadline_filter *filter, struct tu_deadlines_seen *out,
	struct tu_error *err)
{
	static const struct tu_list_scope everything = {.everything = true};
	struct listing l = {.w = w, .filter = filter, .kb = kb, .out = out};
	struct tu_devices_seen devices;
	enum tu_status status =
		tu_device_list(w, filter->scope ? filter->scope : &everything, &devices, err);
	bool found = !filter->device.len;

	*out = (struct tu_deadlines_seen){0};
	for (size_t i = 0; status == TU_OK && i < devices.count; i++) {
		if (filter->device.len && !tu_str_eq(filter->device, devices.at[i].device.name))
			continue;
		found = true;
		status = list_device(&l, &devices.at[i].device, err);
	}
	if (status == TU_OK && !found)
		return tu_fail(
			err, TU_E_NOTFOUND, 0, "no device \"%.*s\"", TU_STR_FMT(filter->device));
	if (status == TU_OK && out->list.count)
		qsort(out->list.at, out->list.count, sizeof(*out->list.at), compare);
	return status;
}

/* ---- recording ---- */

/* The rules of the command line (app/decide.h); where that warns of a word that no deadline knows,
 * it is refused: nobody looks at a folder here. */
static enum tu_status check(struct tu_work *w, const struct tu_device *model,
	const struct tu_case_event *event, struct tu_str *out_warning, struct tu_error *err)
{
	struct tu_deciding *d = tu_arena_alloc(w->arena, sizeof(*d));
	enum tu_status status;

	if (!d)
		return tu_no_memory(err);
	*out_warning = (struct tu_str){0};
	*d = (struct tu_deciding){.now = tu_work_seconds(w)};
	d->assessing.folder.arena = w->arena;
	d->assessing.folder.device = model;
	if (event->at > d->now)
		return tu_fail(err, TU_E_USAGE, 0, "the event is of the future");
	if (event->at <= 0)
		return tu_fail(err, TU_E_USAGE, 0, "the event is of 1970 or before");
	status = tu_decide_check_event(d, event, err);
	if (status == TU_OK && d->warnings.count)
		*out_warning = d->warnings.at[0];
	if (status == TU_OK && !tu_deadline_knows_event(model, event->name))
		return tu_fail(err, TU_E_USAGE, 0, "%.*s", TU_STR_FMT(*out_warning));
	return status;
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
				tu_int(w->act->at), tu_text(w->act->actor)),
			err);
	if (status == TU_OK) {
		tu_record_begin(&record, "case.event", "case:%.*s", TU_STR_FMT(r->row->vuln));
		tu_json_member_str(&record.json, "event", r->event.name);
		tu_json_member_str(&record.json, "device", r->part->device);
		tu_json_member_int(&record.json, "at", r->event.at);
		tu_json_member_opt(&record.json, "contents", tu_buf_str(&words));
		/* it may name persons: the ledger has its digest */
		tu_record_digest(&record.json, "evidence", digest);
		status = tu_record_add(&record, w, err);
	}
	if (status == TU_OK && words.failed)
		status = tu_no_memory(err);
	tu_buf_done(&words);
	return status;
}

/* A stop of before what it ends began may be right (a fix that was out already); a wrong year looks
 * the same, and makes "met" of what was missed. */
static enum tu_status warn_early(struct tu_work *w, const struct tu_case_recording *r,
	const struct tu_deadline_device *device, struct tu_str *out_warning, struct tu_error *err)
{
	const struct tu_deadlines_of *of = &device->of;
	const struct tu_deadline *early = NULL;
	struct tu_buf text;
	bool ok;

	for (size_t i = 0; i < of->case_count; i++)
		for (size_t k = 0; tu_deadline_case_is_about(r->kb, &of->cases[i], r->row->vuln) &&
			k < of->clocks[i].count;
			k++) {
			const struct tu_deadline *d = &of->clocks[i].at[k];

			if (!early && d->stopped == r->event.at && d->stopped < d->start)
				early = d;
		}
	if (!early)
		return TU_OK;
	tu_buf_init(&text, KEY_MAX);
	tu_buf_printf(
		&text, "%s counts as met by what happened before it began on ", early->rule->id);
	tu_time_write_date(early->start, &text);
	tu_buf_c(&text, ": is the date of the event right?");
	ok = !text.failed && tu_arena_dup(w->arena, tu_buf_str(&text), out_warning);
	tu_buf_done(&text);
	return ok ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_case_record_event(struct tu_work *w, const struct tu_case_recording *recording,
	struct tu_str *out_warning, struct tu_error *err)
{
	struct tu_case_row row = *recording->row;
	struct tu_device_row device;
	const struct tu_device *model = NULL;
	struct tu_deadline_device after;
	enum tu_status status = tu_device_find(w, recording->part->device, &device, err);

	if (status == TU_OK)
		status = tu_device_load(w, &device, &model, NULL, err);
	if (status == TU_OK)
		status = check(w, model, &recording->event, out_warning, err);
	if (status == TU_OK)
		status = write_event(w, recording, err);
	if (status == TU_OK)
		status = tu_deadline_device(w, &device, recording->kb, &after, err);
	if (status == TU_OK && !out_warning->len)
		status = warn_early(w, recording, &after, out_warning, err);
	row.kb = recording->kb;
	return status ? status : tu_case_follow(w, &row, err);
}
