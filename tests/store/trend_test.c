/* How devices stood: what nobody looked at has no numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "portfolio/list_load.h"
#include "portfolio/trend.h"

#define DAY (INT64_C(86400) * 1000000)
enum { DAYS = 5 };

struct trends {
	struct scene *s;
	struct tu_list *list;
	struct tu_list_scope scope;
	const char *device;
	struct tu_trend_day days[DAYS];
};

static enum tu_status look(struct tu_work *w, void *self, struct tu_error *err)
{
	struct trends *t = self;
	struct tu_list_snapshot *snapshot = tu_list_current(t->list);
	const struct tu_list_scope everything = {.everything = true};
	struct tu_trend_rows rows;
	enum tu_status status = tu_trend_look(w, snapshot, &everything, &rows, err);

	tu_list_drop(snapshot);
	return status ? status : tu_trend_keep(w, &rows, err);
}

/* `day`: from NOW. */
static void look_on(struct trends *t, int64_t day)
{
	int64_t change;

	assert_ok(tu_list_follow(t->s->store, t->list, &change, error));
	t->s->act.at = NOW + day * DAY;
	assert_ok(tu_work_run(t->s->store, &t->s->act, look, t, error));
	t->s->act.at = NOW;
}

static enum tu_status read_days(struct tu_work *w, void *self, struct tu_error *err)
{
	struct trends *t = self;
	const struct tu_trend_of of = {
		&t->scope, tu_str_c(t->device), NULL, tu_trend_day_of(NOW) + DAYS - 2, DAYS};

	return tu_trend_read(w, &of, t->days, err);
}

/* The days from the one before NOW on. */
static const struct tu_trend_day *read_trend(struct trends *t)
{
	assert_ok(tu_work_read(t->s->store, &t->s->act, read_days, t, error));
	return t->days;
}

static struct trends begin(struct scene *s)
{
	struct trends t = {.s = s, .scope = {.everything = true}, .device = ""};

	assert_ok(tu_list_new(&t.list, error));
	assert_ok(tu_list_load(s->store, t.list, error));
	return t;
}

static void put_other(struct scene *s)
{
	s->text = scene_replaced(s, scene_example(s, "device.yaml"), "family: Larkspur IP-200",
		"family: Other Pump");
	s->row_version = 0;
	scene_run(s, scene_put_device);
}

static void days_without_a_look_have_no_numbers(void **state)
{
	struct scene s = scene_portfolio();
	struct trends t = begin(&s);
	const struct tu_trend_day *d;

	(void)state;
	look_on(&t, 0);
	d = read_trend(&t);
	assert_true(d[0].devices == 0 && !d[0].is_known); /* it was not there */
	assert_true(d[1].devices == 1 && d[1].not_seen == 0 && !d[1].is_known); /* no SBOM */
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	s.to = TU_RELEASE_RELEASED;
	scene_run(&s, scene_move);
	look_on(&t, 0);
	look_on(&t, 2);
	d = read_trend(&t);
	assert_true(d[1].is_known && d[1].counts.findings > 0);
	assert_int_equal(d[1].counts.findings,
		d[1].counts.not_assessed + d[1].counts.reopened + d[1].counts.proposed +
			d[1].counts.uncontrolled + d[1].counts.controlled + d[1].counts.closed);
	assert_true(d[1].counts.newest > 0);
	assert_true(d[2].devices == 1 && d[2].not_seen == 1 && !d[2].is_known &&
		d[2].counts.findings == 0);
	assert_true(d[3].is_known && d[3].counts.findings == d[1].counts.findings);
	tu_list_free(t.list);
	scene_done(&s);
}

static void a_sum_without_one_is_none(void **state)
{
	struct scene s = scene_portfolio();
	struct trends t = begin(&s);
	const struct tu_trend_day *d;
	struct tu_error none = {0};
	int64_t own;

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	s.to = TU_RELEASE_RELEASED;
	scene_run(&s, scene_move);
	look_on(&t, 0);
	own = read_trend(&t)[1].counts.findings;
	put_other(&s);
	d = read_trend(&t);
	assert_true(d[1].devices == 2 && d[1].not_seen == 1 && !d[1].is_known);
	t.device = "larkspur-ip-200";
	d = read_trend(&t);
	assert_true(d[1].is_known && d[1].counts.findings == own);
	t.device = "other-pump";
	assert_false(read_trend(&t)[1].is_known);
	t.device = "";
	look_on(&t, 0);
	d = read_trend(&t);
	assert_true(d[1].is_known && d[1].counts.findings == own);
	t.scope = (struct tu_list_scope){0};
	d = read_trend(&t);
	assert_true(d[1].devices == 0 && !d[1].is_known && d[1].counts.findings == 0);
	t.device = "larkspur-ip-200"; /* not in the scope */
	assert_int_equal(tu_work_read(s.store, &s.act, read_days, &t, &none), TU_E_NOTFOUND);
	tu_list_free(t.list);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_without_a_look_have_no_numbers),
		cmocka_unit_test(a_sum_without_one_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
