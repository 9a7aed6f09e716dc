/* Which changes of a risk policy lower protection, one row each. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "device/policy_lowers.h"

static const struct tu_str one[] = {TU_STR_INIT("A")};
static const struct tu_str two[] = {TU_STR_INIT("A"), TU_STR_INIT("B")};
static const struct tu_str other[] = {TU_STR_INIT("B")};
static const int64_t days[] = {20000, 20010}, more_days[] = {20000, 20005, 20010},
		     fewer_days[] = {20010};
static const struct tu_own_clock first_clock = {.id = TU_STR_INIT("t"),
	.start = TU_STR_INIT("learned"),
	.stop = TU_STR_INIT("assessed"),
	.when = TU_STR_INIT("always"),
	.amount = 5,
	.unit = TU_STR_INIT("days")};

/* Bands low and high; the row of low: controlled, uncontrolled, a hole. */
static struct tu_risk_policy policy(void)
{
	return (struct tu_risk_policy){.bands = {{TU_STR_INIT("low"), 1}, {TU_STR_INIT("high"), 4}},
		.band_count = 2,
		.matrix = {{TU_RISK_CONTROLLED, TU_RISK_UNCONTROLLED, TU_RISK_UNDECIDED}},
		.acceptance = TU_STR_INIT("as the matrix says"),
		.epss_high = 100000,
		.score_raise = 5,
		.decision_days = 365,
		.undecided_days = 30,
		.approvals = 2,
		.deciders = {one, 1},
		.trusted_suppliers = {one, 1},
		.clocks = &first_clock,
		.clock_count = 1,
		.holidays = days,
		.holiday_count = 2};
}

static const char *said(const struct tu_risk_policy *before, const struct tu_risk_policy *after)
{
	static char text[400];
	struct tu_arena *arena = tu_arena_new(1 << 20);
	struct tu_policy_lowered lowered = {0};

	text[0] = '\0';
	assert_non_null(arena);
	assert_int_equal(tu_policy_lowers(arena, before, after, &lowered, NULL), TU_OK);
	assert_true(lowered.list.count <= 1);
	if (lowered.list.count)
		(void)snprintf(text, sizeof(text), "%.*s", TU_STR_FMT(lowered.list.at[0]));
	tu_arena_free(arena);
	return text;
}

/* A change, what it lowers, and what the way back lowers. */
#define ROW(change, words, back) \
	do { \
		struct tu_risk_policy a = policy(), b = policy(); \
		change; \
		assert_string_equal(said(&a, &b), words); \
		assert_string_equal(said(&b, &a), back); \
	} while (0)
#define CLOCK(change, words, back) \
	do { \
		struct tu_own_clock own = first_clock; \
		own.change; \
		ROW(b.clocks = &own, words, back); \
	} while (0)

static void numbers(void **state)
{
	(void)state;
	ROW(b.approvals = 2, "", "");
	ROW(b.approvals = 1, "approvals: 1 instead of 2", "");
	ROW(b.undecided_days = 31, "undecided_days: 31 instead of 30", "");
	ROW(b.undecided_days = 0, "undecided_days: 0 instead of 30", "");
	ROW(b.decision_days = 366, "decision_days: 366 instead of 365", "");
	ROW(b.decision_days = 0, "decision_days: 0 instead of 365", "");
	ROW(b.epss_high = 100001, "epss_high: 100001 instead of 100000", "");
	ROW(b.score_raise = 6, "score_raise: 6 instead of 5", "");
}

static void matrix(void **state)
{
	static const char bands[] = "bands: other ones, so the matrix is another one";
	(void)state;

	ROW(b.matrix[0][1] = TU_RISK_CONTROLLED,
		"matrix: low, minor: controlled instead of uncontrolled", "");
	ROW(b.matrix[0][1] = TU_RISK_UNDECIDED,
		"matrix: low, minor: under assessment instead of uncontrolled", "");
	ROW(b.matrix[0][2] = TU_RISK_CONTROLLED,
		"matrix: low, serious: controlled instead of under assessment", "");
	ROW(b.band_count = 1, bands, bands);
	ROW(b.bands[1].from = 5, bands, bands);
	ROW(b.bands[1].name = TU_STR("top"), bands, bands);
}

static void names(void **state)
{
	(void)state;
	ROW((b.trusted_suppliers = (struct tu_texts){two, 2}), "trusted_suppliers: B is new", "");
	ROW((b.trusted_suppliers = (struct tu_texts){NULL, 0}), "", "trusted_suppliers: A is new");
	ROW((b.trusted_suppliers = (struct tu_texts){other, 1}), "trusted_suppliers: B is new",
		"trusted_suppliers: A is new");
	ROW((b.deciders = (struct tu_texts){two, 2}), "deciders: B is new", "");
	ROW((b.deciders = (struct tu_texts){NULL, 0}), "deciders: everybody instead of 1", "");
}

static void clocks_and_days(void **state)
{
	static const char another[] = "clocks: t is another one", zone[] = "time_zone: another one",
			  words[] = "acceptance: other criteria";
	(void)state;

	ROW(b.clock_count = 0, "clocks: t is gone", "");
	CLOCK(amount = 6, "clocks: t: 6 days instead of 5", "");
	CLOCK(unit = TU_STR("working-days"), another, another);
	CLOCK(stop = TU_STR("fix-distributed"), another, another);
	CLOCK(when = TU_STR("kev"), another, another);
	CLOCK(start = TU_STR("fixed"), another, another);
	CLOCK(title = TU_STR("another title"), "", "");
	ROW((b.holidays = more_days, b.holiday_count = 3), "holidays: more than before", "");
	ROW((b.holidays = fewer_days, b.holiday_count = 1), "", "holidays: more than before");
	ROW(b.zone.seconds = 3600, zone, zone);
	ROW(b.acceptance = TU_STR("whatever"), words, words);
	ROW(b.document.version = TU_STR("9"), "", "");
}

/* ---- which deadlines the law has ---- */

static const char *device_said(const struct tu_device *before, const struct tu_device *after)
{
	static char text[400];
	struct tu_arena *arena = tu_arena_new(1 << 20);
	struct tu_policy_lowered lowered = {0};

	text[0] = '\0';
	assert_non_null(arena);
	assert_int_equal(tu_device_lowers(arena, before, after, &lowered, NULL), TU_OK);
	for (size_t i = 0; i < lowered.list.count; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%.*s",
			i ? "; " : "", TU_STR_FMT(lowered.list.at[i]));
	tu_arena_free(arena);
	return text;
}

#define DEVICE(change, words, back) \
	do { \
		struct tu_variant va = {.markets = {one, 1}}, vb = va; \
		struct tu_device a = {.medical = true, .policy = policy()}, b; \
		a.variants = &va; \
		a.variant_count = 1; \
		a.markets = (struct tu_texts){two, 2}; \
		b = a; \
		b.variants = &vb; \
		change; \
		assert_string_equal(device_said(&a, &b), words); \
		assert_string_equal(device_said(&b, &a), back); \
	} while (0)

static void what_the_law_asks(void **state)
{
	(void)state;
	DEVICE(b.pma = true, "", "");
	DEVICE(b.markets = ((struct tu_texts){one, 1}), "markets: B is gone", "");
	/* a variant is sold there still */
	DEVICE(b.markets = ((struct tu_texts){other, 1}), "", "");
	DEVICE(vb.markets = ((struct tu_texts){NULL, 0}), "", "");
	DEVICE((vb.markets = b.markets = (struct tu_texts){other, 1}),
		"markets: A is gone; markets: A is gone", "");
	DEVICE(b.medical = false, "medical: false instead of true",
		"medical: true instead of false");
	DEVICE(b.manufacturer.isao_member = true, "manufacturer.isao_member: true instead of false",
		"");
	DEVICE(b.us_federal = true, "", "us_federal_customers: false instead of true");
	DEVICE(b.policy.approvals = 1, "approvals: 1 instead of 2", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(matrix),
		cmocka_unit_test(names),
		cmocka_unit_test(clocks_and_days),
		cmocka_unit_test(what_the_law_asks),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
