/* A case that nobody has decided says which deadlines it would have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "portfolio/case_list.h"
#include "portfolio/case_would.h"

#define PIPE TU_STR("CVE-2022-0847") /* uncontrolled, by the decision of the example */

enum { LEARNED_S_AGO = 90 * 86400 };

struct undecided {
	struct tu_str vuln;
	struct tu_case_seen seen;
	size_t would, missed, wrong_start, runs;
	int64_t soonest;
};

static enum tu_status open_old(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct undecided *u = self;
	const struct tu_case_opening opening = {
		.vuln = u->vuln, .learned_at = NOW - LEARNED_S_AGO * INT64_C(1000000)};
	struct tu_case_row row;

	return tu_case_open(w, &opening, &row, err);
}

static enum tu_status ask_would(struct tu_work *w, void *self, struct tu_error *err)
{
	struct undecided *u = self;
	struct tu_would would = {.w = w};
	struct tu_would_deadlines all = {0};
	struct tu_case_row row;
	struct tu_cases_seen cases = {0};
	struct tu_deadlines_seen running;
	const struct tu_deadline_filter of = {.vuln = u->vuln};
	enum tu_status status = tu_case_find(w, u->vuln, &row, err);

	u->would = u->missed = u->wrong_start = 0;
	if (status == TU_OK)
		status = tu_case_follow(w, &row, err);
	if (status == TU_OK)
		status = tu_would_of_case(&would, &row, true, &all, err);
	if (status == TU_OK)
		status = tu_case_list(w, &(struct tu_case_filter){.id = row.id}, &cases, err);
	if (status == TU_OK)
		status = tu_deadline_list(w, NULL, &of, &running, err);
	if (status != TU_OK)
		return status;
	u->seen = cases.list.at[0];
	u->runs = running.list.count;
	u->soonest = all.soonest;
	u->would = all.list.count;
	for (size_t i = 0; i < all.list.count; i++) {
		const struct tu_deadline *d = all.list.at[i].deadline;

		u->missed += d->state == TU_DEADLINE_MISSED && !strncmp(d->rule->id, "fda-", 4);
		u->wrong_start += d->start != NOW / 1000000 - LEARNED_S_AGO;
	}
	return TU_OK;
}

/* What has no deadline because nobody has decided it says which it would have. */
static void an_undecided_case_says_what_would_start(void **state)
{
	struct scene s = scene_portfolio();
	struct undecided u = {.vuln = PIPE};
	struct tu_str text = scene_example(&s, "decisions/kernel-dirty-pipe.yaml");

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	assert_ok(tu_work_run(s.store, &s.act, open_old, &u, error));
	assert_ok(tu_work_run(s.store, &s.act, ask_would, &u, error));
	assert_int_equal(u.runs, 0);
	assert_true(!u.seen.deadlines && !u.seen.deadline && u.seen.undecided);
	assert_true(u.missed == 2 && u.would > 2 && !u.wrong_start);
	assert_true(u.soonest && u.soonest < NOW && u.seen.would_due);
	scene_decide(&s, "kernel-dirty-pipe.yaml",
		tu_str_first(text, tu_str_search(text, TU_STR("events:"))));
	assert_ok(tu_work_run(s.store, &s.act, ask_would, &u, error));
	assert_true(u.runs && u.seen.deadlines && !u.seen.undecided);
	assert_true(!u.would && !u.soonest && !u.seen.would && !u.seen.would_due);
	scene_done(&s);
}

/* ---- what the SBOM lists ---- */

static void put_text(struct scene *s, const char *version, const char *text)
{
	s->version = version;
	s->text = tu_str_c(text);
	scene_run(s, scene_ingest);
}

static enum tu_status count_without_fix(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_case_conditions conditions = {0};
	struct tu_case_row row;
	size_t *count = self;
	enum tu_status status = tu_case_find(w, PIPE, &row, err);

	if (status == TU_OK)
		status = tu_case_follow(w, &row, err);
	if (status == TU_OK)
		status = tu_case_open_conditions(w, &row, &conditions, err);
	for (size_t i = 0; i < conditions.list.count; i++)
		*count += conditions.list.at[i].need == TU_CASE_NEEDS_FIX;
	return status;
}

/* Where the SBOM lists nothing, or nothing that the data know, nobody knows: such a release is not
 * "not affected", and fixes nothing. */
static void a_release_that_lists_nothing_is_undecided(void **state)
{
	static const char *const nothing[] = {
		"{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": []}",
		"{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": "
		"[{\"type\": \"library\", \"name\": \"nobody-knows-it\", \"version\": \"1\"}]}"};
	struct scene s = scene_portfolio();
	struct undecided u = {.vuln = PIPE};
	size_t without_fix = 0;

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	assert_ok(tu_work_run(s.store, &s.act, open_old, &u, error));
	for (size_t i = 0; i < TU_COUNT(nothing); i++) {
		put_text(&s, "4.3.1", nothing[i]);
		assert_ok(tu_work_run(s.store, &s.act, ask_would, &u, error));
		assert_int_equal(u.seen.undecided, 1);
		assert_int_equal(u.seen.not_affected, 0);
	}
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_decide(&s, "kernel-dirty-pipe.yaml",
		scene_example(&s, "decisions/kernel-dirty-pipe.yaml"));
	put_text(&s, "4.4.0", nothing[1]);
	s.to = TU_RELEASE_RELEASED;
	scene_run(&s, scene_move);
	assert_ok(tu_work_run(s.store, &s.act, count_without_fix, &without_fix, error));
	assert_int_equal(without_fix, 1);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_undecided_case_says_what_would_start),
		cmocka_unit_test(a_release_that_lists_nothing_is_undecided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
