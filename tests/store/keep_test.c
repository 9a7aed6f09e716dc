/* Deadlines that have started stay, whatever becomes of device.yaml. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "portfolio/case_list.h"
#include "portfolio/deadline_cache.h"
#include "portfolio/deadlines.h"
#include "portfolio/signal.h"

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

/* The device without the market US and without clocks of its own. */
static void leave_market(struct scene *s)
{
	struct tu_str text = scene_example(s, "device.yaml");

	text = scene_replaced(s, text, "markets: [US, EU]", "markets: [EU]");
	text = scene_replaced(s, text, "markets: [US]", "markets: [EU]");
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
		scene_decide(&s, "kernel-dirty-pipe.yaml",
			scene_replaced(&s, text, "CVE-2022-0847", vulns[i]));
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

/* What was met without a case is listed for ever, too, and opens none. */
static void what_was_met_stays_without_a_case(void **state)
{
	struct scene s = scene_portfolio();
	struct kept before = {.vuln = "CVE-2023-38545"}, after = before;

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_decide(&s, "curl-socks.yaml", scene_example(&s, "decisions/curl-socks.yaml"));
	assert_ok(tu_work_run(s.store, &s.act, list_kept, &before, error));
	assert_true(before.running > 0 && !before.gone && !before.cases);
	leave_market(&s);
	assert_ok(tu_work_run(s.store, &s.act, list_kept, &after, error));
	assert_int_equal(after.running, before.running);
	assert_int_equal(after.gone, before.running);
	assert_int_equal(after.cases, 0);
	scene_done(&s);
}

/* ---- a device.yaml of another version of the program ---- */

static enum tu_status make_unreadable(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_document document;
	enum tu_status status = tu_document_put(
		w, "device", TU_STR("family: Larkspur IP-200\nof-before: 1\n"), &document, err);

	(void)self;
	return status
		? status
		: tu_tx__script(w->tx,
			  "UPDATE device SET document_id = (SELECT MAX(id) FROM document)", err);
}

static enum tu_status put_with_warning(struct tu_work *w, void *self, struct tu_error *err)
{
	struct scene *s = self;
	struct tu_str warning;
	const struct tu_device_put put = {.text = s->text,
		.file = TU_STR("device.yaml"),
		.based_on = 1,
		.out_warning = &warning};
	struct tu_device_row row;
	enum tu_status status = tu_device_put(w, &put, &row, NULL, err);

	s->count = warning.len &&
		tu_str_search(warning, TU_STR("which deadlines had started")) < warning.len;
	return status;
}

static enum tu_status count_records(struct tu_work *w, void *self, struct tu_error *err)
{
	struct scene *s = self;
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_LEDGER_OF_SUBJECT,
		TU_BIND(tu_text(TU_STR("device:larkspur-ip-200"))), &rows, err);

	s->count = 0;
	while (status == TU_OK && tu_rows_next(rows)) {
		struct tu_str body = tu_rows_text(rows, 1);

		s->count +=
			tu_str_search(body, TU_STR("\"not_compared\":\"deadlines\"")) < body.len;
	}
	return status ? status : tu_rows_close(rows, err);
}

static void what_cannot_be_read_is_replaced(void **state)
{
	struct scene s = scene_portfolio();
	struct kept before = {.vuln = "CVE-2022-0847"}, after = before;

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_decide(&s, "kernel-dirty-pipe.yaml",
		scene_example(&s, "decisions/kernel-dirty-pipe.yaml"));
	assert_ok(tu_work_run(s.store, &s.act, list_kept, &before, error));
	assert_true(before.running > 2);
	scene_run(&s, make_unreadable);
	s.text = scene_example(&s, "device.yaml");
	scene_run(&s, put_with_warning);
	assert_int_equal(s.count, 1);
	scene_run(&s, count_records);
	assert_int_equal(s.count, 1);
	assert_ok(tu_work_run(s.store, &s.act, list_kept, &after, error));
	assert_int_equal(after.running, before.running);
	/* what can be read warns of nothing */
	s.text = scene_replaced(&s, s.text, "markets: [US, EU]", "markets: [EU]");
	assert_int_equal(tu_work_run(s.store, &s.act, put_with_warning, &s, NULL), TU_E_CONFLICT);
	assert_int_equal(s.count, 0);
	scene_done(&s);
}

/* ---- computed once ---- */

struct cached {
	struct tu_deadline_cache *cache;
	struct tu_deadline_all *first; /* of the call before; held */
	bool again; /* it is that one */
	size_t missed, listed;
};

static void write_rows(const struct tu_deadlines_seen *seen, struct tu_buf *out)
{
	for (size_t i = 0; i < seen->list.count; i++) {
		const struct tu_deadline_seen *one = &seen->list.at[i];

		tu_buf_printf(out, "%.*s|%.*s|%s|%s|%lld|%lld|%lld|%.*s|%.*s|%d\n",
			TU_STR_FMT(one->key), TU_STR_FMT(one->vuln), one->deadline->rule->id,
			tu_deadline_state_name(one->deadline->state),
			(long long)one->deadline->start, (long long)one->deadline->due,
			(long long)one->deadline->stopped, TU_STR_FMT(one->deadline->note),
			TU_STR_FMT(one->case_public), one->gone);
	}
	tu_buf_printf(out, "%zu devices\n", seen->devices.count);
}

/* For each filter the list that is kept and the one that is computed again are the same. */
static enum tu_status compare_lists(struct tu_work *w, void *self, struct tu_error *err)
{
	struct cached *c = self;
	const struct tu_deadline_asking asking = {.cache = c->cache};
	static const struct tu_list_scope nothing = {0};
	const struct tu_deadline_filter filters[] = {{0}, {.scope = &nothing},
		{.vuln = TU_STR("CVE-2022-0847")}, {.rule = TU_STR("fda-30")}, {.open_only = true},
		{.device = TU_STR("larkspur-ip-200"), .states = 1u << TU_DEADLINE_MISSED},
		{.due_before = w->act->at / 1000000}, {.due_after = w->act->at / 1000000}};
	struct tu_deadline_all *all;
	enum tu_status status = tu_deadline_hold(w, &asking, &all, err);

	c->again = all == c->first;
	tu_deadline_drop(c->first);
	c->first = all;
	c->missed = 0;
	for (size_t i = 0; status == TU_OK && i < TU_COUNT(filters); i++) {
		struct tu_deadlines_seen fresh, kept;
		struct tu_buf one, other;

		status = tu_deadline_list(w, NULL, &filters[i], &fresh, err);
		if (status == TU_OK)
			status = tu_deadline_pick(w->arena,
				&(struct tu_deadline_picking){
					NULL, tu_deadline_all_seen(all), &filters[i]},
				&kept, err);
		if (status != TU_OK)
			break;
		tu_buf_init(&one, 1 << 20);
		tu_buf_init(&other, 1 << 20);
		write_rows(&fresh, &one);
		write_rows(&kept, &other);
		assert_true(tu_str_eq(tu_buf_str(&one), tu_buf_str(&other)));
		for (size_t k = 0; !i && k < fresh.list.count; k++)
			c->missed += fresh.list.at[k].deadline->state == TU_DEADLINE_MISSED;
		c->listed = i ? c->listed : fresh.list.count;
		tu_buf_done(&one);
		tu_buf_done(&other);
	}
	return status;
}

static enum tu_status record_death(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_case_row row;
	struct tu_case_recording recording = {.row = &row,
		.event = {.name = TU_STR("death-known"),
			.at = w->act->at / 1000000 - 60,
			.evidence = TU_STR("C-1")}};
	struct tu_str warning;
	const struct tu_case_opening opening = {.vuln = TU_STR("CVE-2022-0847"), .learned_at = NOW};
	enum tu_status status = tu_case_open(w, &opening, &row, err);

	(void)self;
	recording.part = status ? NULL : &row.parts.list.at[0];
	return status ? status : tu_case_record_event(w, &recording, &warning, err);
}

static void lists_that_are_kept_are_those_of_now(void **state)
{
	struct scene s = scene_portfolio();
	struct cached c = {.cache = tu_deadline_cache_new()};
	size_t missed, listed;

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_decide(&s, "kernel-dirty-pipe.yaml",
		scene_example(&s, "decisions/kernel-dirty-pipe.yaml"));
	scene_decide(&s, "curl-socks.yaml", scene_example(&s, "decisions/curl-socks.yaml"));
	assert_ok(tu_work_run(s.store, &s.act, compare_lists, &c, error));
	assert_false(c.again);
	assert_ok(tu_work_run(s.store, &s.act, compare_lists, &c, error));
	assert_true(c.again);
	listed = c.listed;
	/* what is recorded is there */
	assert_ok(tu_work_run(s.store, &s.act, record_death, NULL, error));
	assert_ok(tu_work_run(s.store, &s.act, compare_lists, &c, error));
	assert_true(!c.again && c.listed == listed + 1);
	missed = c.missed;
	/* ten days later it is missed, though nothing was recorded: not a second late */
	s.act.at += (INT64_C(9) * 86400) * 1000000;
	assert_ok(tu_work_run(s.store, &s.act, compare_lists, &c, error));
	assert_int_equal(c.missed, missed);
	for (int hour = 0; hour < 72; hour++) {
		s.act.at += INT64_C(3599) * 1000000;
		assert_ok(tu_work_run(s.store, &s.act, compare_lists, &c, error));
	}
	assert_true(c.missed > missed);
	/* a clock that goes back */
	s.act.at = NOW;
	assert_ok(tu_work_run(s.store, &s.act, compare_lists, &c, error));
	assert_int_equal(c.missed, missed);
	leave_market(&s);
	assert_ok(tu_work_run(s.store, &s.act, compare_lists, &c, error));
	assert_false(c.again);
	tu_deadline_cache_free(c.cache);
	tu_deadline_drop(c.first); /* held longer than the cache */
	scene_done(&s);
}

/* ---- reports from outside ---- */

struct receiving {
	struct scene *s;
	struct tu_signal_row rows[2];
};

/* One about the device, one about none. */
static enum tu_status receive_two(struct tu_work *w, void *self, struct tu_error *err)
{
	struct receiving *r = self;
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < TU_COUNT(r->rows) && status == TU_OK; i++) {
		struct tu_device_row device = {0};
		struct tu_signal signal = {.source = TU_STR("mail"), .title = TU_STR("x")};

		if (i == 0)
			status = tu_device_find(w, TU_STR("larkspur-ip-200"), &device, err);
		signal.device_id = device.id;
		if (status == TU_OK)
			status = tu_signal_receive(w, &signal, &r->rows[i], err);
	}
	return status;
}

static enum tu_status acknowledge_first(struct tu_work *w, void *self, struct tu_error *err)
{
	struct receiving *r = self;

	return tu_signal_move(w, &r->rows[0], TU_SIGNAL_ACKNOWLEDGED, NULL, err);
}

struct counting {
	struct tu_list_scope scope;
	size_t count, missed, met;
};

static enum tu_status count_reports(struct tu_work *w, void *self, struct tu_error *err)
{
	struct counting *c = self;
	const struct tu_deadline_filter filter = {
		.scope = &c->scope, .rule = TU_STR("report-acknowledged")};
	struct tu_deadlines_seen seen;
	enum tu_status status = tu_deadline_list(w, NULL, &filter, &seen, err);

	c->count = c->missed = c->met = 0;
	for (size_t i = 0; status == TU_OK && i < seen.list.count; i++) {
		c->count++;
		c->missed += seen.list.at[i].deadline->state == TU_DEADLINE_MISSED;
		c->met += seen.list.at[i].deadline->state == TU_DEADLINE_MET;
	}
	return status;
}

/* A list that is kept says of reports what one of now does, as time passes and as they are
 * acknowledged; who does not see the device sees none. */
static void reports_have_deadlines(void **state)
{
	struct scene s = scene_portfolio();
	struct cached c = {.cache = tu_deadline_cache_new()};
	struct receiving r = {&s, {{0}}};
	struct counting all = {.scope = {.everything = true}}, none = {.scope = {0}};

	(void)state;
	assert_ok(tu_work_run(s.store, &s.act, compare_lists, &c, error));
	assert_ok(tu_work_run(s.store, &s.act, receive_two, &r, error));
	assert_ok(tu_work_run(s.store, &s.act, compare_lists, &c, error));
	assert_false(c.again);
	assert_ok(tu_work_run(s.store, &s.act, count_reports, &all, error));
	assert_ok(tu_work_run(s.store, &s.act, count_reports, &none, error));
	assert_true(all.count == 2 && !all.missed && !all.met && !none.count);
	assert_ok(tu_work_run(s.store, &s.act, acknowledge_first, &r, error));
	assert_ok(tu_work_run(s.store, &s.act, compare_lists, &c, error));
	for (int hour = 0; hour < 8 * 24; hour++) {
		s.act.at += INT64_C(3599) * 1000000;
		assert_ok(tu_work_run(s.store, &s.act, compare_lists, &c, error));
	}
	assert_ok(tu_work_run(s.store, &s.act, count_reports, &all, error));
	assert_true(all.count == 2 && all.missed == 1 && all.met == 1);
	tu_deadline_cache_free(c.cache);
	tu_deadline_drop(c.first);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deadlines_stay_without_a_case),
		cmocka_unit_test(what_was_met_stays_without_a_case),
		cmocka_unit_test(what_cannot_be_read_is_replaced),
		cmocka_unit_test(lists_that_are_kept_are_those_of_now),
		cmocka_unit_test(reports_have_deadlines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
