#include "portfolio/deadlines.h"

#include <stdio.h>
#include <stdlib.h>

#include "portfolio/scope.h"
#include "portfolio/signal.h"

enum { KEY_MAX = 1024 };

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
		status = tu_case_more_events(w, row->id, &out->of, err);
	folder.device = out->model;
	folder.decisions = rows.approved;
	folder.decision_count = rows.approved_count;
	return status ? status
		      : tu_deadlines_of_folder(&out->of, &folder, kb, tu_work_seconds(w), err);
}

static const struct tu_device nothing; /* days end by UTC */

enum tu_status tu_deadline_device_or_gap(struct tu_work *w, const struct tu_device_row *row,
	const struct tu_kb *kb, struct tu_deadline_device *out, struct tu_error *err)
{
	struct tu_deadlines_of empty = {0};
	struct tu_error own = {0};
	char words[TU_ERROR_TEXT_MAX];
	enum tu_status status = tu_deadline_device(w, row, kb, out, &own);

	if (!tu_device_is_unread(status)) {
		if (status && err)
			*err = own;
		return status;
	}
	out->model = &nothing;
	status = tu_case_more_events(w, row->id, &empty, err);
	out->of = empty;
	return status ? status
		      : tu_work_dup(w, tu_str_c(tu_error_text(&own, words, sizeof(words))),
				&out->unread, err);
}

/* ---- what is stated for later ---- */

static int64_t next_of(int64_t next, int64_t at, int64_t now)
{
	return at > now && (!next || at < next) ? at : next;
}

int64_t tu_deadline_case_next(const struct tu_kb *kb, const struct tu_deadline_case *c, int64_t now)
{
	const struct tu_deadline_case known = tu_deadline_case_with_kev(kb, c);
	int64_t next = next_of(0, known.learned, now);

	next = next_of(next, known.exploited_since, now);
	next = next_of(next, known.federal_since, now);
	for (size_t i = 0; i < known.catalogue_count; i++)
		next = next_of(next, known.catalogues[i].since, now);
	for (size_t i = 0; i < known.event_count; i++)
		next = next_of(next, known.events[i]->at, now);
	return next;
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

/* That of a signal is the same wherever it belongs later. */
static bool make_key(struct tu_work *w, struct tu_deadline_seen *seen)
{
	char text[KEY_MAX];
	const bool of_signal = seen->signal.len != 0;
	const struct tu_str names[] = {of_signal ? TU_STR("signal") : seen->device->row.name,
		of_signal ? seen->signal : seen->vuln};
	int len = snprintf(text, sizeof(text), "%.*s %.*s %s %lld", TU_STR_FMT(names[0]),
		TU_STR_FMT(names[1]), seen->deadline->rule->id, (long long)seen->deadline->start);

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
			.vuln = c->vulnerability, .of = c, .case_public = case_of(l, c)};

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

static enum tu_status add_kept(struct listing *l, struct tu_error *err)
{
	struct tu_deadlines_kept kept;
	enum tu_status status = tu_deadline_kept(l->w, l->device, l->kb, &kept, err);

	for (size_t i = 0; status == TU_OK && i < kept.list.count; i++) {
		const struct tu_deadline_kept *one = &kept.list.at[i];
		const struct tu_deadline_seen seen = {.vuln = one->vuln,
			.case_public = one->case_public,
			.deadline = &one->deadline,
			.gone = one->gone};

		if (l->filter->vuln.len &&
			!tu_deadline_same_vuln(l->kb, one->vuln, l->filter->vuln))
			continue;
		if (!add(l, seen))
			status = tu_no_memory(err);
	}
	return status;
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
	status = tu_deadline_device_or_gap(l->w, row, l->kb, device, err);
	l->device = device;
	if (status == TU_OK && !TU_VEC_PUSH_IN(l->w->arena, &l->out->devices, l->device))
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = read_cases(l, err);
	if (status == TU_OK)
		status = add_computed(l, err);
	return status ? status : add_kept(l, err);
}

/* ---- of signals ---- */

/* The device that a signal is about, of those that are listed; NULL: it is not in the scope. */
static const struct tu_deadline_device *device_of(const struct listing *l, int64_t id)
{
	static const struct tu_deadline_device none = {.model = &nothing};
	const struct tu_deadline_filter *filter = l->filter;

	for (size_t i = 0; id && i < l->out->devices.count; i++)
		if (l->out->devices.at[i]->row.id == id)
			return l->out->devices.at[i];
	return !filter->device.len && (!filter->scope || filter->scope->everything) ? &none : NULL;
}

static enum tu_status add_signals(struct listing *l, struct tu_error *err)
{
	const struct tu_str vuln = l->filter->vuln;
	struct tu_signal_deadlines all;
	enum tu_status status = tu_signal_deadlines(l->w, &all, err);

	for (size_t i = 0; status == TU_OK && i < all.list.count; i++) {
		const struct tu_signal_deadline *one = &all.list.at[i];
		const struct tu_deadline_seen seen = {.vuln = one->vuln,
			.signal = one->public_id,
			.case_public = one->case_public,
			.deadline = &one->deadline};

		l->device = device_of(l, one->device_id);
		if (!l->device || (vuln.len && !tu_deadline_same_vuln(l->kb, one->vuln, vuln)))
			continue;
		if (!add(l, seen))
			status = tu_no_memory(err);
	}
	return status;
}

struct tu_str tu_deadline_subject(
	const struct tu_deadline_seen *seen, char storage[TU_DEADLINE_SUBJECT])
{
	int len;

	if (seen->vuln.len || !seen->signal.len)
		return seen->vuln;
	len = snprintf(storage, TU_DEADLINE_SUBJECT, "report %.*s",
		TU_STR_FMT(tu_str_first(seen->signal, 32)));
	return tu_str_of(storage, len > 0 ? (size_t)len : 0);
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
	if (status == TU_OK)
		status = add_signals(&l, err);
	if (status == TU_OK && out->list.count)
		qsort(out->list.at, out->list.count, sizeof(*out->list.at), compare);
	return status;
}

/* ---- some of them ---- */

static bool is_about(
	const struct tu_kb *kb, const struct tu_deadline_seen *seen, struct tu_str vuln)
{
	if (!vuln.len)
		return true;
	return seen->of ? tu_deadline_case_is_about(kb, seen->of, vuln)
			: tu_deadline_same_vuln(kb, seen->vuln, vuln);
}

static bool is_in(const struct tu_deadline_filter *filter, const struct tu_device_row *device)
{
	return (!filter->scope || tu_scope_has(filter->scope, device->id)) &&
		(!filter->device.len || tu_str_eq(filter->device, device->name));
}

enum tu_status tu_deadline_pick(struct tu_arena *arena, const struct tu_deadline_picking *from,
	struct tu_deadlines_seen *out, struct tu_error *err)
{
	const struct tu_deadline_filter *filter = from->filter;
	const struct tu_deadlines_seen *all = from->all;
	bool ok = true;

	*out = (struct tu_deadlines_seen){0};
	for (size_t i = 0; i < all->devices.count && ok; i++)
		if (is_in(filter, &all->devices.at[i]->row))
			ok = TU_VEC_PUSH_IN(arena, &out->devices, all->devices.at[i]);
	for (size_t i = 0; i < all->list.count && ok; i++) {
		const struct tu_deadline_seen *seen = &all->list.at[i];

		if (is_in(filter, &seen->device->row) && passes(filter, seen->deadline) &&
			is_about(from->kb, seen, filter->vuln))
			ok = TU_VEC_PUSH_IN(arena, &out->list, *seen);
	}
	if (ok && filter->device.len && !out->devices.count)
		return tu_fail(
			err, TU_E_NOTFOUND, 0, "no device \"%.*s\"", TU_STR_FMT(filter->device));
	return ok ? TU_OK : tu_no_memory(err);
}
