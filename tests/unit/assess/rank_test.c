/* The order of findings in lists. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/assess.h>

/* One row is one assessment; rows stand in the order that is wanted. */
static const struct row {
	enum tu_claim_status status;
	enum tu_risk risk;
	enum tu_assess_state state;
	size_t band;
	enum tu_harm harm;
	bool kev;
	const char *response;
	uint8_t tenths;
	float epss;
} rows[] = {
	/* no valid decision, uncontrolled: by the cell, then KEV, response, score, EPSS */
	{0, TU_RISK_UNCONTROLLED, TU_ASSESS_UNDECIDED, 2, TU_HARM_CATASTROPHIC, false, "defer", 40,
		-1},
	{0, TU_RISK_UNCONTROLLED, TU_ASSESS_UNDECIDED, 2, TU_HARM_SERIOUS, true, "scheduled", 10,
		-1},
	{0, TU_RISK_UNCONTROLLED, TU_ASSESS_UNDECIDED, 2, TU_HARM_SERIOUS, false, "immediate", 50,
		-1},
	{0, TU_RISK_UNCONTROLLED, TU_ASSESS_REOPENED, 2, TU_HARM_SERIOUS, false, "out-of-cycle", 98,
		-1},
	{0, TU_RISK_UNCONTROLLED, TU_ASSESS_UNDECIDED, 2, TU_HARM_SERIOUS, false, "out-of-cycle",
		75, 0.9f},
	{0, TU_RISK_UNCONTROLLED, TU_ASSESS_UNDECIDED, 2, TU_HARM_SERIOUS, false, "out-of-cycle",
		75, 0.1f},
	{0, TU_RISK_UNCONTROLLED, TU_ASSESS_REOPENED, 2, TU_HARM_SERIOUS, false, "out-of-cycle", 75,
		-1},
	{0, TU_RISK_UNCONTROLLED, TU_ASSESS_UNDECIDED, 2, TU_HARM_SERIOUS, false, "out-of-cycle",
		75, -1},
	{0, TU_RISK_UNCONTROLLED, TU_ASSESS_UNDECIDED, 2, TU_HARM_SERIOUS, false, "out-of-cycle",
		TU_SCORE_UNSTATED, 0.99f},
	{0, TU_RISK_UNCONTROLLED, TU_ASSESS_UNDECIDED, 0, TU_HARM_CATASTROPHIC, true, "immediate",
		100, 1},
	/* decided */
	{TU_CLAIM_AFFECTED, TU_RISK_UNCONTROLLED, TU_ASSESS_DECIDED, 2, TU_HARM_CATASTROPHIC, true,
		"immediate", 100, 1},
	/* controlled */
	{0, TU_RISK_CONTROLLED, TU_ASSESS_UNDECIDED, 2, TU_HARM_MINOR, true, "immediate", 100, 1},
	{TU_CLAIM_AFFECTED, TU_RISK_CONTROLLED, TU_ASSESS_CARRIED, 2, TU_HARM_MINOR, true,
		"immediate", 100, 1},
	/* closed */
	{TU_CLAIM_FIXED, TU_RISK_CONTROLLED, TU_ASSESS_DECIDED, 2, TU_HARM_CATASTROPHIC, true,
		"immediate", 100, 1},
};

static struct tu_assess_finding findings[TU_COUNT(rows)];
static struct tu_assessment made[TU_COUNT(rows)];

static int make(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct row *row = &rows[i];

		findings[i].tenths = row->tenths;
		findings[i].facts.has_kev = row->kev;
		findings[i].facts.epss_score = row->epss;
		made[i] = (struct tu_assessment){.of = &findings[i],
			.state = row->state,
			.status = row->status,
			.risk = row->risk,
			.band = row->band,
			.harm = row->harm,
			.proposal.response = row->response};
	}
	return 0;
}

static void order_is_as_in_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		for (size_t k = 0; k < TU_COUNT(rows); k++) {
			int order = tu_assess_compare(&made[i], &made[k]);

			if ((order > 0) - (order < 0) != (i > k) - (i < k))
				fail_msg("rows %zu and %zu: %d", i, k, order);
		}
}

static void label_is_not_the_verdict(void **state)
{
	(void)state;
	assert_string_equal(tu_assess_state_label(TU_ASSESS_UNDECIDED), "not assessed");
	assert_string_equal(tu_assess_state_name(TU_ASSESS_UNDECIDED), "undecided");
	for (int s = TU_ASSESS_DECIDED; s < TU_ASSESS_STATES; s++)
		assert_string_equal(tu_assess_state_label((enum tu_assess_state)s),
			tu_assess_state_name((enum tu_assess_state)s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_is_as_in_the_table),
		cmocka_unit_test(label_is_not_the_verdict),
	};

	return cmocka_run_group_tests(tests, make, NULL);
}
