/* Deadlines that are stored and that the engine gives no more. */
#include <stdlib.h>

#include "portfolio/deadlines.h"

enum { US = 1000000, NOTE_MAX = 1 << 16 };

struct keeping {
	struct tu_work *w;
	const struct tu_kb *kb; /* NULL: none */
	const struct tu_deadline_device *device;
	const struct tu_deadline_rule *const *rules; /* that the device has */
	size_t rule_count;
	struct tu_deadlines_kept *out;
};

bool tu_deadline_same_vuln(const struct tu_kb *kb, struct tu_str a, struct tu_str b)
{
	const uint32_t index = kb ? tu_kb_find(kb, a) : TU_KB_NONE;

	return tu_str_eq(a, b) || (index != TU_KB_NONE && index == tu_kb_find(kb, b));
}

/* ---- which ---- */

/* What the engine says of a rule counts before what is stored of it. */
static bool is_computed(const struct keeping *k, struct tu_str vuln, struct tu_str rule)
{
	const struct tu_deadlines_of *of = &k->device->of;

	for (size_t i = 0; i < of->case_count; i++) {
		const struct tu_deadlines *clocks = &of->clocks[i];

		if (!tu_deadline_case_is_about(k->kb, &of->cases[i], vuln))
			continue;
		for (size_t n = 0; n < clocks->count; n++)
			if (tu_str_eq(rule, tu_str_c(clocks->at[n].rule->id)))
				return true;
	}
	return false;
}

static bool dup_c(struct tu_work *w, struct tu_str text, const char **out)
{
	char *copy = tu_arena_text(w->arena, text.len + 1);

	*out = copy;
	if (!copy)
		return false;
	if (text.len)
		memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return true;
}

static bool has_rule(const struct keeping *k, struct tu_str id)
{
	for (size_t i = 0; i < k->rule_count; i++)
		if (tu_str_eq(id, tu_str_c(k->rules[i]->id)))
			return true;
	return false;
}

/* A rule of the program, or what was stored of one of the maker's own. */
static bool find_rule(
	struct keeping *k, const struct tu_rows *rows, const struct tu_deadline_rule **out)
{
	struct tu_deadline_rule *rule = tu_arena_alloc(k->w->arena, sizeof(*rule));
	struct tu_str id = tu_rows_text(rows, 2);

	for (size_t i = 0; tu_deadline_rule_at(i); i++) {
		*out = tu_deadline_rule_at(i);
		if (tu_str_eq(id, tu_str_c((*out)->id)))
			return true;
	}
	*out = rule;
	if (!rule)
		return false;
	*rule = (struct tu_deadline_rule){.source = "", .jurisdiction = "", .start = ""};
	return dup_c(k->w, id, &rule->id) && dup_c(k->w, tu_rows_text(rows, 6), &rule->title) &&
		dup_c(k->w, tu_rows_text(rows, 7), &rule->stop);
}

static bool take(struct keeping *k, const struct tu_rows *rows)
{
	struct tu_deadline_kept kept = {.case_id = tu_rows_int(rows, 8),
		.stored = tu_rows_int(rows, 5),
		.deadline = {.start = tu_rows_int(rows, 3) / US, .due = tu_rows_int(rows, 4) / US}};

	kept.gone = !k->device->unread.len && !has_rule(k, tu_rows_text(rows, 2));
	return find_rule(k, rows, &kept.deadline.rule) &&
		tu_arena_dup(k->w->arena, tu_rows_text(rows, 0), &kept.vuln) &&
		tu_arena_dup(k->w->arena, tu_rows_text(rows, 1), &kept.case_public) &&
		TU_VEC_PUSH_IN(k->w->arena, &k->out->list, kept);
}

static enum tu_status read_stored(struct keeping *k, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(
		k->w->tx, TU_SQL_DEVICE_DEADLINES, TU_BIND(tu_int(k->device->row.id)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		if (!is_computed(k, tu_rows_text(rows, 0), tu_rows_text(rows, 2)))
			ok = take(k, rows);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

/* ---- how they stand ---- */

static int compare_events(const void *a, const void *b)
{
	const struct tu_case_event *x = *(const struct tu_case_event *const *)a;
	const struct tu_case_event *y = *(const struct tu_case_event *const *)b;

	return (x->at > y->at) - (x->at < y->at);
}

/* The case of a vulnerability with all of its events: those of decisions, and of people. */
static bool gather(const struct keeping *k, struct tu_str vuln, struct tu_deadline_case *out)
{
	const struct tu_deadlines_of *of = &k->device->of;
	const struct tu_deadline_case *found = NULL;
	const struct tu_case_event **events;

	for (size_t i = 0; i < of->case_count && !found; i++)
		if (tu_deadline_case_is_about(k->kb, &of->cases[i], vuln))
			found = &of->cases[i];
	*out = found ? *found : (struct tu_deadline_case){.vulnerability = vuln};
	events = tu_arena_array(k->w->arena, out->event_count + of->more_count, sizeof(*events));
	if (!events)
		return false;
	if (out->event_count)
		memcpy(events, out->events, out->event_count * sizeof(const void *));
	for (size_t i = 0; i < of->more_count; i++) {
		struct tu_str about = of->more[i].vulnerability;

		if (found ? tu_deadline_case_is_about(k->kb, found, about)
			  : tu_deadline_same_vuln(k->kb, vuln, about))
			events[out->event_count++] = of->more[i].event;
	}
	if (out->event_count)
		qsort(events, out->event_count, sizeof(*events), compare_events);
	out->events = events;
	return true;
}

/* Do the events say all of it? Else what was stored of its end stays. */
static bool is_whole(const struct keeping *k, const struct tu_deadline *d)
{
	return !k->device->unread.len && d->rule->stop[0] && !d->rule->waivable;
}

static bool add_note(struct keeping *k, struct tu_deadline_kept *kept)
{
	struct tu_str before = kept->deadline.note;
	struct tu_buf text;
	bool ok;

	tu_buf_init(&text, NOTE_MAX);
	tu_buf_c(&text,
		k->device->unread.len ? "the device cannot be read, it is listed as it was stored"
			: kept->gone  ? "device.yaml has no such deadline any more; it had started"
				      : "what started it is not known any more; it had started");
	tu_buf_printf(&text, "%s%.*s", before.len ? "; " : "", TU_STR_FMT(before));
	ok = !text.failed && tu_arena_dup(k->w->arena, tu_buf_str(&text), &kept->deadline.note);
	tu_buf_done(&text);
	return ok;
}

static enum tu_status look(struct keeping *k, const struct tu_deadline_case *of,
	struct tu_deadline_kept *kept, size_t *next, struct tu_error *err)
{
	struct tu_deadline *d = &kept->deadline;
	const struct tu_deadline_look look = {
		k->w->arena, k->device->model, of, tu_work_seconds(k->w)};
	enum tu_status status = tu_deadline_look_again(&look, d, next, err);

	if (status != TU_OK)
		return status;
	if (!d->rule->stop[0])
		d->lacking_count = 0; /* nobody knows what is */
	if (!d->stopped && d->state != TU_DEADLINE_WAIVED && kept->stored && !is_whole(k, d)) {
		d->stopped = kept->stored / US;
		d->state = d->stopped <= d->due ? TU_DEADLINE_MET : TU_DEADLINE_MISSED;
		d->lacking_count = 0;
	}
	if (d->stopped)
		kept->met = d->stopped * US;
	else if (d->state == TU_DEADLINE_WAIVED)
		kept->met = kept->stored ? kept->stored : k->w->act->at;
	return add_note(k, kept) ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_deadline_kept(struct tu_work *w, const struct tu_deadline_device *device,
	const struct tu_kb *kb, struct tu_deadlines_kept *out, struct tu_error *err)
{
	struct keeping k = {.w = w, .kb = kb, .device = device, .out = out};
	struct tu_deadline_case of = {0};
	const struct tu_deadline_kept *before = NULL;
	size_t next = 0;
	enum tu_status status =
		tu_deadline_rules(w->arena, device->model, &k.rules, &k.rule_count, err);

	*out = (struct tu_deadlines_kept){0};
	if (status == TU_OK)
		status = read_stored(&k, err);
	for (size_t i = 0; status == TU_OK && i < out->list.count; i++) {
		struct tu_deadline_kept *kept = &out->list.at[i];
		bool same = before && tu_str_eq(before->vuln, kept->vuln);

		if (!same && !gather(&k, kept->vuln, &of))
			return tu_no_memory(err);
		if (!same || strcmp(before->deadline.rule->id, kept->deadline.rule->id) != 0)
			next = 0;
		status = look(&k, &of, kept, &next, err);
		before = kept;
	}
	return status;
}
