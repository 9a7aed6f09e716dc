/* What violates a device's policy. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/device.h>

#include "portfolio/violation.h"

#define DAY (INT64_C(86400) * 1000000)
#define NOW (1000 * DAY)

enum { NONE = 0, UNCONTROLLED = 1, LATE = 2, OVERDUE = 4 };

static const struct {
	const char *what;
	struct tu_list_finding finding;
	uint32_t undecided_days, broken;
} cases[] = {
	{"young, not assessed", {.first_seen = NOW - 3 * DAY}, 30, NONE},
	{"as old as is allowed", {.first_seen = NOW - 30 * DAY}, 30, NONE},
	{"older than is allowed", {.first_seen = NOW - 31 * DAY}, 30, LATE},
	{"a policy without limit", {.first_seen = 0}, 0, NONE},
	{"a proposal is no decision", {.first_seen = 0, .state = TU_LIST_PROPOSED}, 30, LATE},
	{"re-opened", {.first_seen = 0, .state = TU_LIST_REOPENED}, 30, LATE},
	{"decided, controlled", {.state = TU_LIST_DECIDED, .risk = TU_RISK_CONTROLLED}, 30, NONE},
	{"decided, uncontrolled", {.state = TU_LIST_DECIDED, .risk = TU_RISK_UNCONTROLLED}, 30,
		UNCONTROLLED},
	{"carried, uncontrolled, late",
		{.state = TU_LIST_CARRIED, .risk = TU_RISK_UNCONTROLLED, .deadline = NOW - 1}, 30,
		UNCONTROLLED | OVERDUE},
	{"due in a moment", {.state = TU_LIST_DECIDED, .deadline = NOW}, 30, NONE},
	{"late in every way", {.first_seen = 1, .deadline = 1}, 1, LATE | OVERDUE},
	{"closed",
		{.state = TU_LIST_DECIDED,
			.closed = true,
			.deadline = 1,
			.risk = TU_RISK_CONTROLLED},
		30, NONE},
};

static void findings(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		uint32_t broken = tu_violations_of(cases[i].undecided_days, &cases[i].finding, NOW);

		if (broken != cases[i].broken)
			fail_msg("%s: %u, not %u", cases[i].what, broken, cases[i].broken);
	}
}

static void filters(void **state)
{
	const struct tu_list_filter base = {.release_id = 7};
	struct tu_list_filter filter;

	(void)state;
	for (int rule = 0; rule < TU_VIOLATIONS; rule++) {
		assert_true(tu_violation_filter(30, (enum tu_violation)rule, NOW, &base, &filter));
		assert_int_equal(filter.release_id, 7);
		assert_int_equal(filter.closed, TU_LIST_NO);
		assert_true(tu_violation_name((enum tu_violation)rule)[0]);
		assert_true(tu_violation_sentence((enum tu_violation)rule)[0]);
	}
	assert_true(tu_violation_filter(30, TU_VIOLATION_NOT_DECIDED, NOW, &base, &filter));
	assert_int_equal(filter.seen_before, NOW - 30 * DAY);
	assert_false(tu_violation_filter(0, TU_VIOLATION_NOT_DECIDED, NOW, &base, &filter));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings),
		cmocka_unit_test(filters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
