/*
 * Events that were corrected or taken back: what counts starts, stops and waives; what had started
 * is listed on, with the correction in its note (REQ-CASE-3).
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <tutela/deadline.h>

#define DAY(n) (INT64_C(1780000000) + (n)*INT64_C(86400))

enum { EVENTS = 4, NONE = -1, TAKEN_BACK = -2 };

struct event {
	const char *name;
	int day;
	int by; /* index of what is said instead, TAKEN_BACK, or NONE: it counts */
	const char *word;
};

static const struct {
	const char *what;
	struct event events[EVENTS]; /* by day */
	size_t count;
	const char *rule;
	/* of its deadlines, in order; -1: there is none */
	int start[2];
	const char *state, *note; /* of the first */
} cases[] = {
	{"it counts", {{"death-known", 1, NONE, ""}}, 1, "eu-87-10", {1, -1}, "missed", ""},
	{"taken back, it is listed on", {{"death-known", 1, TAKEN_BACK, ""}}, 1, "eu-87-10",
		{1, -1}, "missed", "which was taken back on "},
	{"another day", {{"death-known", 1, 1, ""}, {"death-known", 35, NONE, ""}}, 2, "eu-87-10",
		{35, -1}, "running", "which was corrected on "},
	{"another day, then taken back",
		{{"death-known", 1, 1, ""}, {"death-known", 35, TAKEN_BACK, ""}}, 2, "eu-87-10",
		{35, -1}, "running", "which was taken back on "},
	{"it was another event",
		{{"public-health-threat-known", 34, 1, ""}, {"death-known", 35, NONE, ""}}, 2,
		"eu-87-2", {34, -1}, "missed", "which was corrected on "},
	{"and starts that one",
		{{"public-health-threat-known", 34, 1, ""}, {"death-known", 35, NONE, ""}}, 2,
		"eu-87-10", {35, -1}, "running", ""},
	{"one of two is taken back",
		{{"death-known", 1, TAKEN_BACK, ""}, {"death-known", 35, NONE, ""}}, 2, "eu-87-10",
		{35, 1}, "running", ""},
	{"one that counts gets the stop event",
		{{"death-known", 1, TAKEN_BACK, ""}, {"death-known", 35, NONE, ""},
			{"incident-reported", 36, NONE, ""}},
		3, "eu-87-10", {35, 1}, "met", ""},
	{"what had started is met as before",
		{{"death-known", 1, TAKEN_BACK, ""}, {"incident-reported", 5, NONE, ""}}, 2,
		"eu-87-10", {1, -1}, "met", "which was taken back on "},
	{"a stop event that is taken back stops nothing",
		{{"death-known", 1, NONE, ""}, {"incident-reported", 5, TAKEN_BACK, ""}}, 2,
		"eu-87-10", {1, -1}, "missed", ""},
	{"one that is corrected stops when it says now",
		{{"death-known", 1, NONE, ""}, {"incident-reported", 5, 2, ""},
			{"incident-reported", 20, NONE, ""}},
		3, "eu-87-10", {1, -1}, "missed", ""},
	{"a waiver that is taken back waives nothing",
		{{"death-known", 35, NONE, ""}, {"deadline-waived", 36, TAKEN_BACK, "eu-87-10"}}, 2,
		"eu-87-10", {35, -1}, "running", ""},
	{"a waiver waives what was taken back",
		{{"death-known", 35, TAKEN_BACK, ""}, {"deadline-waived", 36, NONE, "eu-87-10"}}, 2,
		"eu-87-10", {35, -1}, "waived", "which was taken back on "},
	{"exploitation that is taken back", {{"exploitation-known", 38, TAKEN_BACK, ""}}, 1,
		"own-exploited", {38, -1}, "running", "which was taken back on "},
	{"which changes nothing of other deadlines", {{"exploitation-known", 38, TAKEN_BACK, ""}},
		1, "own-always", {0, -1}, "missed", ""},
};

/* The deadlines of the rule, in order: start, state, note. */
static void check_clocks(size_t n, const struct tu_deadlines *clocks)
{
	size_t found = 0;

	for (size_t i = 0; i < clocks->count; i++) {
		const struct tu_deadline *d = &clocks->at[i];
		const char *state = tu_deadline_state_name(d->state);
		struct tu_str note = tu_str_c(cases[n].note);

		if (strcmp(d->rule->id, cases[n].rule) != 0)
			continue;
		assert_true(found < 2);
		if (cases[n].start[found] < 0 || d->start != DAY(cases[n].start[found]))
			fail_msg("%s: starts %lld", cases[n].what, (long long)d->start);
		if (!found && strcmp(state, cases[n].state) != 0)
			fail_msg("%s: %s", cases[n].what, state);
		if (!found &&
			(note.len ? tu_str_search(d->note, note) >= d->note.len : d->note.len > 0))
			fail_msg("%s: \"%.*s\"", cases[n].what, TU_STR_FMT(d->note));
		found++;
	}
	if (!found || (found < 2 && cases[n].start[1] >= 0))
		fail_msg("%s: %zu deadlines", cases[n].what, found);
}

struct world {
	struct tu_case_event events[EVENTS];
	struct tu_event_correction corrections[EVENTS];
	struct tu_str words[EVENTS];
	const struct tu_case_event *list[EVENTS];
};

static void fill(size_t n, struct world *w)
{
	for (size_t i = 0; i < cases[n].count; i++) {
		const struct event *event = &cases[n].events[i];

		w->words[i] = tu_str_c(event->word);
		w->corrections[i] =
			(struct tu_event_correction){event->by >= 0 ? &w->events[event->by] : NULL,
				DAY(39), TU_STR("a wrong file")};
		w->events[i] = (struct tu_case_event){.name = tu_str_c(event->name),
			.at = DAY(event->day),
			.evidence = TU_STR("QMS-1"),
			.contents = {&w->words[i], *event->word ? 1 : 0},
			.corrected = event->by == NONE ? NULL : &w->corrections[i]};
		w->list[i] = &w->events[i];
	}
}

static void check(size_t n)
{
	struct tu_arena *arena = tu_arena_new(1 << 20);
	struct tu_str markets[] = {TU_STR("EU")};
	const struct tu_own_clock own[] = {{.id = TU_STR("own-exploited"),
						   .start = TU_STR("exploitation-known"),
						   .stop = TU_STR("assessed"),
						   .when = TU_STR("kev"),
						   .amount = 10,
						   .unit = TU_STR("days")},
		{.id = TU_STR("own-always"),
			.start = TU_STR("learned"),
			.stop = TU_STR("assessed"),
			.when = TU_STR("always"),
			.amount = 10,
			.unit = TU_STR("days")}};
	const struct tu_device device = {.medical = true,
		.markets = {markets, 1},
		.policy = {.clocks = own, .clock_count = TU_COUNT(own)}};
	struct world world;
	const struct tu_deadline_case c = {.vulnerability = TU_STR("CVE-1-1"),
		.risk = TU_RISK_UNCONTROLLED,
		.learned = DAY(0),
		.events = world.list,
		.event_count = cases[n].count};
	struct tu_deadlines clocks;

	fill(n, &world);
	assert_int_equal(tu_deadlines_run(arena, &device, &c, DAY(40), &clocks, NULL), TU_OK);
	check_clocks(n, &clocks);
	tu_arena_free(arena);
}

static void what_stands_counts_and_what_started_stays(void **state)
{
	(void)state;
	for (size_t n = 0; n < TU_COUNT(cases); n++)
		check(n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stands_counts_and_what_started_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
