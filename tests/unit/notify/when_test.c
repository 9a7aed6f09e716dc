#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "app/zone_file.h"
#include "base/time.h"
#include "notify/notify.h"

enum { US = 1000000 };

static int64_t at(const char *text)
{
	int64_t seconds = 0;

	assert_true(tu_time_parse(tu_str_c(text), &seconds));
	return seconds * US;
}

static const struct {
	enum tu_delivery delivery;
	int64_t minute, weekday, from, to;
	bool passes, urgent;
	const char *now, *leaves;
} cases[] = {
	{TU_DELIVERY_NOW, 0, 0, 0, 0, false, false, "2026-11-30T02:00:00Z", "2026-11-30T02:00:00Z"},
	/* 22:00 to 07:00 in Berlin: winter, then summer */
	{TU_DELIVERY_NOW, 0, 0, 1320, 420, false, false, "2026-11-30T22:30:00Z",
		"2026-12-01T06:00:00Z"},
	{TU_DELIVERY_NOW, 0, 0, 1320, 420, false, false, "2026-07-01T22:30:00Z",
		"2026-07-02T05:00:00Z"},
	{TU_DELIVERY_NOW, 0, 0, 1320, 420, false, false, "2026-07-01T05:00:00Z",
		"2026-07-01T05:00:00Z"},
	{TU_DELIVERY_NOW, 0, 0, 1320, 420, false, false, "2026-07-01T04:59:59Z",
		"2026-07-01T05:00:00Z"},
	/* urgent ones pass where the rule says so */
	{TU_DELIVERY_NOW, 0, 0, 1320, 420, true, true, "2026-11-30T22:30:00Z",
		"2026-11-30T22:30:00Z"},
	{TU_DELIVERY_NOW, 0, 0, 1320, 420, true, false, "2026-11-30T22:30:00Z",
		"2026-12-01T06:00:00Z"},
	{TU_DELIVERY_NOW, 0, 0, 1320, 420, false, true, "2026-11-30T22:30:00Z",
		"2026-12-01T06:00:00Z"},
	/* every day at 08:00; on the day on which summer time ends it is an hour later in
	   UTC */
	{TU_DELIVERY_DAY, 480, 0, 0, 0, false, false, "2026-10-24T05:00:00Z",
		"2026-10-24T06:00:00Z"},
	{TU_DELIVERY_DAY, 480, 0, 0, 0, false, false, "2026-10-24T06:00:01Z",
		"2026-10-25T07:00:00Z"},
	/* at 02:30, which is not there on the day on which it begins */
	{TU_DELIVERY_DAY, 150, 0, 0, 0, false, false, "2026-03-28T02:00:00Z",
		"2026-03-29T01:00:00Z"},
	/* on Mondays; now is a Monday */
	{TU_DELIVERY_WEEK, 480, 1, 0, 0, false, false, "2026-11-30T06:00:00Z",
		"2026-11-30T07:00:00Z"},
	{TU_DELIVERY_WEEK, 480, 1, 0, 0, false, false, "2026-11-30T08:00:00Z",
		"2026-12-07T07:00:00Z"},
	{TU_DELIVERY_WEEK, 480, 0, 0, 0, false, false, "2026-11-30T08:00:00Z",
		"2026-12-06T07:00:00Z"},
	/* a digest in quiet hours waits for their end */
	{TU_DELIVERY_DAY, 1380, 0, 1320, 420, false, false, "2026-11-30T12:00:00Z",
		"2026-12-01T06:00:00Z"},
};

static void notices_leave_when_the_rule_says(void **state)
{
	struct tu_arena *arena = tu_arena_new(1 << 22);
	struct tu_zone zone;
	(void)state;

	if (tu_zone_files.find(
		    tu_zone_files.context, arena, TU_STR("Europe/Berlin"), &zone, NULL)) {
		tu_arena_free(arena);
		skip();
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct tu_rule rule = {.delivery = cases[i].delivery,
			.minute = cases[i].minute,
			.weekday = cases[i].weekday,
			.quiet_from = cases[i].from,
			.quiet_to = cases[i].to,
			.urgent = cases[i].passes};

		assert_int_equal(tu_rule_when(&rule, &zone, at(cases[i].now), cases[i].urgent),
			at(cases[i].leaves));
	}
	tu_arena_free(arena);
}

static void rules_take_what_they_name(void **state)
{
	const struct tu_notice notice = {
		.kind = TU_STR("finding.new"), .device = TU_STR("pump"), .severity = 4, .harm = 2};
	struct tu_rule rule = {0};
	(void)state;

	assert_true(tu_rule_takes(&rule, &notice));
	rule.events = TU_STR("case.open finding.new");
	assert_true(tu_rule_takes(&rule, &notice));
	rule.events = TU_STR("finding.news");
	assert_false(tu_rule_takes(&rule, &notice));
	rule = (struct tu_rule){.device = TU_STR("pumps")};
	assert_false(tu_rule_takes(&rule, &notice));
	rule = (struct tu_rule){.severity = 5};
	assert_false(tu_rule_takes(&rule, &notice));
	rule = (struct tu_rule){.harm = 3};
	assert_false(tu_rule_takes(&rule, &notice));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notices_leave_when_the_rule_says),
		cmocka_unit_test(rules_take_what_they_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
