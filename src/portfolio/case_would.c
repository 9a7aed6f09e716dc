#include "portfolio/case_would.h"

#include <stdlib.h>

#include "portfolio/case_list.h"

enum { US = 1000000 };

/* What keeps it from being read is a part of the answer, as of tu_deadline_device_or_gap(). */
static enum tu_status read_model(
	struct tu_work *w, struct tu_deadline_device *device, struct tu_error *err)
{
	struct tu_error own = {0};
	char words[TU_ERROR_TEXT_MAX];
	enum tu_status status = tu_device_load(w, &device->row, &device->model, NULL, &own);

	if (tu_device_is_unread(status))
		return tu_work_dup(w, tu_str_c(tu_error_text(&own, words, sizeof(words))),
			&device->unread, err);
	if (status && err)
		*err = own;
	return status;
}

static enum tu_status find_device(struct tu_would *would, struct tu_str name,
	const struct tu_deadline_device **out, struct tu_error *err)
{
	struct tu_deadline_device *device;
	enum tu_status status;

	/* whoever asks for many goes from device to device */
	for (size_t i = would->devices.list.count; i-- > 0;) {
		*out = would->devices.list.at[i];
		if (tu_str_eq((*out)->row.name, name))
			return TU_OK;
	}
	device = tu_arena_alloc(would->w->arena, sizeof(*device));
	if (!device)
		return tu_no_memory(err);
	*device = (struct tu_deadline_device){0};
	status = tu_device_find(would->w, name, &device->row, err);
	if (status == TU_OK)
		status = read_model(would->w, device, err);
	if (status == TU_OK && !device->unread.len)
		status = tu_case_more_events(would->w, device->row.id, &device->of, err);
	*out = device;
	if (status == TU_OK && !TU_VEC_PUSH_IN(would->w->arena, &would->devices.list, *out))
		return tu_no_memory(err);
	return status;
}

static struct tu_arena *arena_of(const struct tu_would *would)
{
	return would->arena ? would->arena : would->w->arena;
}

/* The decision that nobody has made, as the only one of a device. */
static bool decide(struct tu_would *would, const struct tu_would_part *part,
	const struct tu_deadline_device *device, struct tu_device_folder *out)
{
	struct tu_arena *arena = arena_of(would);
	struct tu_decision *worst = tu_arena_alloc(arena, sizeof(*worst));
	const struct tu_decision **only = tu_arena_alloc(arena, sizeof(const struct tu_decision *));

	if (!worst || !only)
		return false;
	*worst = (struct tu_decision){.file = TU_STR("if it is uncontrolled"),
		.id = TU_STR("if it is uncontrolled"),
		.vulnerability = part->vuln,
		.status = TU_CLAIM_AFFECTED,
		.risk = TU_RISK_UNCONTROLLED,
		.premises = {.kev = part->kev},
		.decided_at = tu_work_seconds(would->w),
		.learned_at = part->learned_at / US};
	*only = worst;
	*out = (struct tu_device_folder){
		.arena = arena, .device = device->model, .decisions = only, .decision_count = 1};
	return true;
}

static bool take(
	struct tu_would *would, const struct tu_deadline_seen *seen, struct tu_would_deadlines *out)
{
	const struct tu_deadline *d = seen->deadline;
	bool ended = d->state == TU_DEADLINE_MET || d->state == TU_DEADLINE_WAIVED || d->stopped;

	if (!d->start)
		return true;
	if (!ended && (!out->soonest || d->due * US < out->soonest))
		out->soonest = d->due * US;
	return TU_VEC_PUSH_IN(arena_of(would), &out->list, *seen);
}

static void end_at(struct tu_would_deadlines *out, int64_t at, int64_t now)
{
	if (at > now && (!out->until || at < out->until))
		out->until = at;
}

/* What is stated for later: a listing, or an event of the device. */
static void find_end(const struct tu_would *would, const struct tu_deadlines_of *of,
	struct tu_would_deadlines *out)
{
	const int64_t now = tu_work_seconds(would->w);

	for (size_t i = 0; i < of->case_count; i++)
		end_at(out, tu_deadline_case_next(would->kb, &of->cases[i], now), now);
	for (size_t i = 0; i < of->more_count; i++)
		end_at(out, of->more[i].event->at, now);
}

enum tu_status tu_would_of(struct tu_would *would, const struct tu_would_part *part,
	struct tu_would_deadlines *out, struct tu_error *err)
{
	struct tu_deadline_seen seen = {.vuln = part->vuln};
	struct tu_deadlines_of of = {0};
	struct tu_device_folder folder;
	enum tu_status status = find_device(would, part->device, &seen.device, err);

	if (status == TU_OK && seen.device->unread.len)
		return TU_VEC_PUSH_IN(arena_of(would), &out->unread.list, seen.device)
			? TU_OK
			: tu_no_memory(err);
	if (status == TU_OK && !decide(would, part, seen.device, &folder))
		status = tu_no_memory(err);
	if (status == TU_OK) {
		of.more = seen.device->of.more;
		of.more_count = seen.device->of.more_count;
	}
	if (status == TU_OK)
		status = tu_deadlines_of_folder(
			&of, &folder, would->kb, tu_work_seconds(would->w), err);
	if (status == TU_OK)
		find_end(would, &of, out);
	for (size_t i = 0; status == TU_OK && i < of.case_count; i++)
		for (size_t k = 0; k < of.clocks[i].count; k++) {
			seen.deadline = &of.clocks[i].at[k];
			if (!take(would, &seen, out))
				return tu_no_memory(err);
		}
	return status;
}

/* ---- a case ---- */

static bool is_undecided(const struct tu_case_releases *releases, struct tu_str device)
{
	for (size_t i = 0; i < releases->list.count; i++)
		if (tu_str_eq(releases->list.at[i].device, device) &&
			tu_str_eq(releases->list.at[i].state, TU_STR("undecided")))
			return true;
	return false;
}

static int compare(const void *one, const void *other)
{
	const struct tu_deadline_seen *a = one, *b = other;
	int order = tu_deadline_compare(a->deadline, b->deadline);

	if (!order)
		order = tu_str_cmp(a->device->row.name, b->device->row.name);
	return order ? order : strcmp(a->deadline->rule->id, b->deadline->rule->id);
}

enum tu_status tu_would_of_case(struct tu_would *would, const struct tu_case_row *row, bool kev,
	struct tu_would_deadlines *out, struct tu_error *err)
{
	struct tu_case_releases releases;
	enum tu_status status = tu_case_releases(would->w, row, &releases, err);

	*out = (struct tu_would_deadlines){0};
	for (size_t i = 0; status == TU_OK && i < row->parts.list.count; i++) {
		const struct tu_case_part *part = &row->parts.list.at[i];
		const struct tu_would_part of = {row->vuln, part->device, part->learned_at, kev};

		if (is_undecided(&releases, part->device))
			status = tu_would_of(would, &of, out, err);
	}
	for (size_t i = 0; status == TU_OK && i < out->list.count; i++)
		out->list.at[i].case_public = row->public_id;
	if (status == TU_OK && out->list.count)
		qsort(out->list.at, out->list.count, sizeof(*out->list.at), compare);
	return status;
}
