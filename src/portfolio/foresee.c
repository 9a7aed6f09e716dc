#include "portfolio/foresee.h"

#include <stdlib.h>

#include "app/deadlines.h"

struct foreseeing {
	struct tu_work *w;
	const struct tu_look *look;
	struct tu_str vulnerability;
	struct tu_deadlines now, then;
	int64_t learned;
};

/* Of all the cases of a device, the one on this vulnerability; false: there is none. */
static bool find_case(const struct foreseeing *f, const struct tu_deadline_case *cases,
	size_t count, struct tu_deadline_case *out)
{
	for (size_t i = 0; i < count; i++)
		if (tu_deadline_case_is_about(f->look->kb, &cases[i], f->vulnerability)) {
			*out = cases[i];
			return true;
		}
	return false;
}

static enum tu_status run(struct foreseeing *f, const struct tu_decision *const *decisions,
	size_t count, struct tu_deadlines *out, struct tu_error *err)
{
	struct tu_arena *arena = f->w->arena;
	const struct tu_deadline_case *cases;
	struct tu_deadline_case c;
	size_t case_count;
	enum tu_status status =
		tu_deadline_cases(arena, decisions, count, &cases, &case_count, err);

	*out = (struct tu_deadlines){0};
	if (status != TU_OK || !find_case(f, cases, case_count, &c))
		return status;
	c = tu_deadline_case_with_kev(f->look->kb, &c);
	f->learned = c.learned;
	return tu_deadlines_run(
		arena, f->look->settling.model, &c, tu_work_seconds(f->w), out, err);
}

static bool runs_already(const struct foreseeing *f, const struct tu_deadline *deadline)
{
	for (size_t i = 0; i < f->now.count; i++)
		if (f->now.at[i].rule == deadline->rule && f->now.at[i].start == deadline->start)
			return true;
	return false;
}

static int by_urgency(const void *a, const void *b)
{
	const struct tu_foreseen *x = a, *y = b;
	int order = tu_deadline_compare(x->deadline, y->deadline);

	return order ? order : strcmp(x->deadline->rule->id, y->deadline->rule->id);
}

static enum tu_status list(
	const struct foreseeing *f, struct tu_foreseen_list *out, struct tu_error *err)
{
	struct tu_foreseen *rows = tu_arena_array(f->w->arena, f->then.count, sizeof(*rows));

	if (!rows)
		return tu_no_memory(err);
	for (size_t i = 0; i < f->then.count; i++) {
		const struct tu_deadline *d = &f->then.at[i];

		rows[i] = (struct tu_foreseen){d, d->start && !runs_already(f, d)};
	}
	if (f->then.count)
		qsort(rows, f->then.count, sizeof(*rows), by_urgency);
	*out = (struct tu_foreseen_list){.at = rows, .count = f->then.count, .learned = f->learned};
	return tu_deadline_unwatched(
		f->w->arena, f->look->settling.model, &out->unwatched, &out->unwatched_count, err);
}

enum tu_status tu_foresee(struct tu_work *w, const struct tu_foresee_of *of,
	struct tu_foreseen_list *out, struct tu_error *err)
{
	const struct tu_assessment_rows *rows = &of->look->settling.assessments;
	const struct tu_decision **all =
		tu_arena_array(w->arena, rows->approved_count + 1, sizeof(*all));
	struct foreseeing f = {.w = w,
		.look = of->look,
		.vulnerability = of->finding->row->vulnerability->facts.id};
	enum tu_status status;

	if (!all)
		return tu_no_memory(err);
	for (size_t i = 0; i < rows->approved_count; i++)
		all[i] = rows->approved[i];
	status = run(&f, all, rows->approved_count, &f.now, err);
	f.then = f.now;
	if (status == TU_OK && of->more) {
		all[rows->approved_count] = of->more;
		status = run(&f, all, rows->approved_count + 1, &f.then, err);
	}
	return status ? status : list(&f, out, err);
}

enum tu_status tu_foresee_uncontrolled(struct tu_work *w, const struct tu_foresee_of *of,
	struct tu_foreseen_list *out, struct tu_error *err)
{
	struct tu_str *release = tu_arena_alloc(w->arena, sizeof(*release));
	struct tu_decision *worst = tu_arena_alloc(w->arena, sizeof(*worst));
	const struct tu_foresee_of then = {of->look, of->finding, worst};

	if (!release || !worst)
		return tu_no_memory(err);
	*release = of->look->release.version;
	*worst = (struct tu_decision){.file = TU_STR("if it is uncontrolled"),
		.id = TU_STR("if it is uncontrolled"),
		.vulnerability = of->finding->row->vulnerability->facts.id,
		.component = {.name = of->finding->row->component->name},
		.status = TU_CLAIM_AFFECTED,
		.risk = TU_RISK_UNCONTROLLED,
		.harm = of->finding->assessment->proposal.harm,
		.validity = {.releases = {release, 1}},
		.decided_at = tu_work_seconds(w),
		.learned_at = tu_work_seconds(w)};
	return tu_foresee(w, &then, out, err);
}
