/*
 * Laws of decisions and clocks on seeded random ones. Prints TAP.
 *
 *   - carrying forward never turns undecided into not affected: what is closed was closed by a
 *     decision on this vulnerability, for this release or an earlier one;
 *   - a narrower validity never covers more;
 *   - a clock never moves because it was looked at: its due time is the same whenever it is asked,
 *     and what was missed stays missed;
 *   - a later start or a longer span never ends earlier.
 */
#include <stdio.h>

#include "kit.h"
#include "support/device_scene.h"

enum { ROUNDS = 3000, DECISIONS = 4, RELEASES = 3 };

static struct scene scene;
static const char *const versions[RELEASES] = {"1.0", "1.1", "1.2"};
static const char *const ids[] = {"CVE-2026-0001", "CVE-2026-0002", "CVE-2026-0003"};

struct made {
	struct tu_decision decisions[DECISIONS];
	struct tu_str releases[DECISIONS][RELEASES];
	char names[DECISIONS][8];
};

static void make_one(struct prop *p, struct made *m, size_t n)
{
	static const char *const component_versions[] = {"", "1.3", "1.2"};
	struct tu_decision *d = &m->decisions[n];

	(void)snprintf(m->names[n], sizeof(m->names[n]), "d%zu", n);
	*d = (struct tu_decision){.file = tu_str_c(m->names[n]),
		.id = tu_str_c(m->names[n]),
		.vulnerability = tu_str_c(ids[prop_below(p, TU_COUNT(ids))]),
		.component = {.name = TU_STR("pumpd")},
		.status = TU_CLAIM_UNDER_INVESTIGATION + (enum tu_claim_status)prop_below(p, 4),
		.validity.releases.at = m->releases[n],
		.validity.carry = prop_below(p, 4) != 0,
		.decided_at = SCENE_AT - (int64_t)prop_below(p, 500) * 86400,
		.learned_at = SCENE_AT - (int64_t)prop_below(p, 500) * 86400,
		.premises.version = tu_str_c(component_versions[prop_below(p, 3)]),
		.premises.score_tenths = 0xff,
		.premises.epss = UINT32_MAX};
	if (d->status == TU_CLAIM_AFFECTED)
		d->risk = prop_below(p, 2) ? TU_RISK_CONTROLLED : TU_RISK_UNCONTROLLED;
	for (size_t r = 0; r < RELEASES; r++)
		if (prop_below(p, 2))
			m->releases[n][d->validity.releases.count++] = tu_str_c(versions[r]);
}

static void use(struct made *m, size_t count)
{
	for (size_t i = 0; i < count; i++)
		scene.decisions[i] = &m->decisions[i];
	scene.input.decision_count = count;
}

/* Covered: some decision says what it is. */
static bool covers(const struct tu_assessment *a)
{
	return a->state == TU_ASSESS_DECIDED || a->state == TU_ASSESS_CARRIED;
}

static bool is_justified(const struct tu_assessment *a, size_t release)
{
	const struct tu_decision *d = a->decision;

	if (!d || d->status != a->status || !tu_decision_is_about(d, a->of->facts.id))
		return false;
	for (size_t r = 0; r <= release; r++)
		if (tu_decision_names_release(d, tu_str_c(versions[r])))
			return true;
	return false;
}

static const char *closed_only_by_decision(struct prop *p, struct made *m)
{
	make_one(p, m, 0);
	use(m, 1);
	for (size_t release = 0; release < RELEASES; release++) {
		scene.input.release = release;
		if (scene_assess(&scene))
			return scene.err.message;
		for (size_t i = 0; i < scene.result->count; i++) {
			const struct tu_assessment *a = &scene.result->assessments[i];

			if (a->status != TU_CLAIM_UNDER_INVESTIGATION && !is_justified(a, release))
				return "it is decided without a decision that says so";
			if (covers(a) && m->decisions[0].status == TU_CLAIM_UNDER_INVESTIGATION)
				return "undecided was carried as a decision";
		}
	}
	return NULL;
}

/* Which (release, finding) pairs a decision covers, as bits. */
static uint32_t coverage(void)
{
	uint32_t bits = 0;

	for (size_t release = 0; release < RELEASES; release++) {
		scene.input.release = release;
		if (scene_assess(&scene))
			return UINT32_MAX;
		for (size_t i = 0; i < scene.result->count; i++)
			if (covers(&scene.result->assessments[i]))
				bits |= 1u << (release * 8 + i);
	}
	return bits;
}

static void narrow(struct prop *p, struct tu_decision *d, struct tu_str *releases)
{
	switch (prop_below(p, 4)) {
	case 0:
		if (d->validity.releases.count)
			d->validity.releases.count--;
		break;
	case 1:
		if (d->validity.releases.count)
			releases[0] = releases[--d->validity.releases.count];
		break;
	case 2:
		d->validity.carry = false;
		break;
	default:
		d->validity.configuration = TU_STR("another");
		break;
	}
}

static const char *narrower_covers_less(struct prop *p, struct made *m)
{
	uint32_t wide, small;

	make_one(p, m, 0);
	use(m, 1);
	wide = coverage();
	narrow(p, &m->decisions[0], m->releases[0]);
	small = coverage();
	return wide != UINT32_MAX && small != UINT32_MAX && !(small & ~wide)
		? NULL
		: "a narrower validity covers what the wider did not";
}

static const char *const event_names[] = {"customers-told", "controls-identified", "plan-made",
	"rationale-documented", "fix-validated", "fix-distributed", "correction-initiated",
	"report-806-sent", "isao-told", "death-known", "incident-reported"};

/* A row that waits for its start becomes the one that has started. */
static const struct tu_deadline *same_rule(
	const struct tu_deadlines *clocks, const struct tu_deadline *clock)
{
	for (size_t i = 0; i < clocks->count; i++)
		if (clocks->at[i].rule == clock->rule &&
			(!clock->rule->each || !clock->start ||
				clocks->at[i].start == clock->start))
			return &clocks->at[i];
	return NULL;
}

static const char *compare(const struct tu_deadlines *before, const struct tu_deadlines *after)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct tu_deadline *was = &before->at[i], *is = same_rule(after, was);

		if (!is)
			return "a clock has gone";
		if (was->due && was->due != is->due)
			return "a due time has moved";
		if (was->state == TU_DEADLINE_MET && is->state != TU_DEADLINE_MET)
			return "what was met is not";
		if (was->state == TU_DEADLINE_MISSED && !was->rule->waivable &&
			is->state != TU_DEADLINE_MISSED)
			return "what was missed is not";
	}
	return NULL;
}

static const char *looking_moves_nothing(struct prop *p, struct made *m)
{
	struct tu_case_event events[6];
	const struct tu_case_event *list[6];
	static const struct tu_str contents[] = {
		TU_STR_INIT("impact"), TU_STR_INIT("efforts"), TU_STR_INIT("fix")};
	struct tu_deadline_case c = {.risk = TU_RISK_UNCONTROLLED,
		.learned = SCENE_AT,
		.events = list,
		.event_count = prop_below(p, 6)};
	struct tu_deadlines before, after;
	int64_t at = SCENE_AT, day = SCENE_AT;

	(void)m;
	for (size_t i = 0; i < c.event_count; i++) {
		day += (int64_t)prop_below(p, 20) * 86400;
		events[i] = (struct tu_case_event){.at = day,
			.name = tu_str_c(event_names[prop_below(p, TU_COUNT(event_names))]),
			.evidence = TU_STR("e"),
			.contents = {contents, prop_below(p, 4)}};
		list[i] = &events[i];
	}
	if (tu_deadlines_run(scene.arena, scene.device, &c, at, &before, &scene.err))
		return scene.err.message;
	for (int step = 0; step < 6; step++) {
		const char *broken;

		at += (int64_t)prop_below(p, 40 * 86400);
		if (tu_deadlines_run(scene.arena, scene.device, &c, at, &after, &scene.err))
			return scene.err.message;
		broken = compare(&before, &after);
		if (broken)
			return broken;
		before = after;
	}
	return NULL;
}

static const char *spans_are_monotone(struct prop *p, struct made *m)
{
	const int64_t holidays[] = {20000, 20001, 20100, 20101, 20102};
	const struct tu_calendar calendar = {
		.zone.seconds = ((int32_t)prop_below(p, 1561) - 720) * 60,
		.holidays = holidays,
		.holiday_count = 5};
	int64_t start = INT64_C(1700000000) + (int64_t)prop_below(p, 100000000);
	uint32_t amount = (uint32_t)prop_below(p, 100);
	enum tu_deadline_unit unit = (enum tu_deadline_unit)prop_below(p, 4);
	int64_t due = tu_deadline_due(&calendar, start, amount, unit);

	(void)m;
	if (due < start)
		return "it ends before it begins";
	if (tu_deadline_due(&calendar, start, amount + 1, unit) <= due)
		return "a longer span ends no later";
	if (tu_deadline_due(&calendar, start + (int64_t)prop_below(p, 1000000), amount, unit) < due)
		return "a later start ends earlier";
	return NULL;
}

static const struct {
	const char *name;
	const char *(*holds)(struct prop *p, struct made *m);
} laws[] = {
	{"carrying forward never turns undecided into not affected (REQ-CASE-4)",
		closed_only_by_decision},
	{"a narrower validity never covers more", narrower_covers_less},
	{"a clock never moves because it was looked at (REQ-CASE-2)", looking_moves_nothing},
	{"a later start or a longer span never ends earlier", spans_are_monotone},
};

static const char *check(struct prop *p, size_t law)
{
	const char *broken = NULL;

	for (int i = 0; i < ROUNDS && !broken; i++) {
		struct made made = {0};

		scene_reset(&scene);
		if (scene_begin(&scene, scene_device, scene_sbom, SCENE_AT))
			return "the scene cannot be set";
		broken = laws[law].holds(p, &made);
	}
	return broken;
}

int main(void)
{
	struct prop p = prop_begin();

	if (scene_kb(&scene, scene_feeds))
		return 1;
	for (size_t i = 0; i < TU_COUNT(laws); i++)
		prop_report(&p, laws[i].name, check(&p, i));
	scene_end(&scene);
	return prop_end(&p);
}
