/* Deadlines that have started stay, whatever becomes of device.yaml. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "portfolio/case_list.h"
#include "portfolio/deadlines.h"

static void decide(struct scene *s, const char *name, struct tu_str text)
{
	s->name = name;
	s->text = text;
	s->act = scene_act("engineer");
	scene_run(s, scene_propose);
	scene_person(s, "reviewer", "approver");
	s->act = scene_act("reviewer");
	scene_run(s, scene_approve);
}

/* ---- deadlines that a device.yaml no longer has ---- */

struct kept {
	const char *vuln;
	size_t running, gone, cases;
};

static enum tu_status list_kept(struct tu_work *w, void *self, struct tu_error *err)
{
	struct kept *kept = self;
	const struct tu_deadline_filter filter = {.vuln = tu_str_c(kept->vuln)};
	struct tu_deadlines_seen seen;
	struct tu_cases_seen cases = {0};
	enum tu_status status = tu_deadline_list(w, NULL, &filter, &seen, err);

	*kept = (struct kept){.vuln = kept->vuln};
	if (status == TU_OK)
		status = tu_case_list(w, &(struct tu_case_filter){0}, &cases, err);
	for (size_t i = 0; status == TU_OK && i < seen.list.count; i++) {
		kept->running += seen.list.at[i].deadline->start != 0;
		kept->gone += seen.list.at[i].gone;
	}
	kept->cases = cases.list.count;
	return status;
}

static struct tu_str replaced(
	struct scene *s, struct tu_str text, const char *what, const char *with)
{
	struct tu_str copy;
	struct tu_buf out;
	size_t at;

	tu_buf_init(&out, 1 << 20);
	while ((at = tu_str_search(text, tu_str_c(what))) < text.len) {
		tu_buf_str_add(&out, tu_str_first(text, at));
		tu_buf_c(&out, with);
		text = tu_str_from(text, at + strlen(what));
	}
	tu_buf_str_add(&out, text);
	assert_true(tu_arena_dup(s->arena, tu_buf_str(&out), &copy));
	tu_buf_done(&out);
	return copy;
}

/* The device without the market US and without clocks of its own. */
static void leave_market(struct scene *s)
{
	struct tu_str text = scene_example(s, "device.yaml");

	text = replaced(s, text, "markets: [US, EU]", "markets: [EU]");
	text = replaced(s, text, "markets: [US]", "markets: [EU]");
	s->text = tu_str_first(text, tu_str_search(text, TU_STR("  clocks:\n")));
	s->row_version = 1;
	scene_run(s, scene_put_device);
	s->row_version = 0;
}

/* No case was opened when the decision was approved, as it was in stores of before. The second has
 * no finding: there is a deadline, so there is a case. */
static void deadlines_stay_without_a_case(void **state)
{
	static const char *const vulns[] = {"CVE-2022-0847", "CVE-2019-99999"};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(vulns); i++) {
		struct scene s = scene_portfolio();
		struct kept before = {.vuln = vulns[i]}, after = before;
		struct tu_str text = scene_example(&s, "decisions/kernel-dirty-pipe.yaml");

		scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
		text = tu_str_first(text, tu_str_search(text, TU_STR("events:")));
		decide(&s, "kernel-dirty-pipe.yaml", replaced(&s, text, "CVE-2022-0847", vulns[i]));
		assert_ok(tu_work_run(s.store, &s.act, list_kept, &before, error));
		assert_true(before.running > 2 && !before.gone && !before.cases);
		leave_market(&s);
		assert_ok(tu_work_run(s.store, &s.act, list_kept, &after, error));
		assert_int_equal(after.running, before.running);
		assert_true(after.gone > 2);
		assert_int_equal(after.cases, 1);
		scene_done(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadlines_stay_without_a_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
