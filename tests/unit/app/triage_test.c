/* Dependency-Track's words for what was decided, as ours. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "app/triage.h"

static const struct {
	const char *state, *justification, *details;
	const char *status, *ours, *impact; /* status NULL: it decides nothing; "": refused */
} cases[] = {
	{"EXPLOITABLE", "NOT_SET", "bad", "affected", "", ""},
	{"RESOLVED", "", "", "fixed", "", ""},
	{"IN_TRIAGE", "", "", "under_investigation", "", ""},
	{"NOT_SET", "", "", NULL, "", ""},
	{"", "", "words", NULL, "", ""},
	{"NOT_AFFECTED", "CODE_NOT_REACHABLE", "", "not_affected",
		"vulnerable_code_not_in_execute_path", ""},
	{"NOT_AFFECTED", "CODE_NOT_PRESENT", "off", "not_affected", "vulnerable_code_not_present",
		"off."},
	{"NOT_AFFECTED", "PROTECTED_AT_PERIMETER", "", "not_affected",
		"inline_mitigations_already_exist", ""},
	{"NOT_AFFECTED", "REQUIRES_CONFIGURATION", "", "not_affected", "",
		"It can be exploited only in a configuration that is not used."},
	{"NOT_AFFECTED", "", "Never built.", "not_affected", "", "Never built."},
	{"FALSE_POSITIVE", "", "", "not_affected", "", "Stated to be a false positive."},
	{"FALSE_POSITIVE", "NOT_SET", "other product", "not_affected", "",
		"Stated to be a false positive. other product."},
	{"NOT_AFFECTED", "", "", "", "", ""},
	{"NOT_AFFECTED", "NOT_SET", " \n", "", "", ""},
	{"SAFE", "", "", "", "", ""},
	{"not_affected", "", "x", "", "", ""},
	{"NOT_AFFECTED", "BECAUSE", "x", "", "", ""},
};

static void reading(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_arena *arena = tu_arena_new(0);
		const struct tu_triage triage = {.state = tu_str_c(cases[i].state),
			.justification = tu_str_c(cases[i].justification),
			.details = tu_str_c(cases[i].details),
			.origin = TU_STR("a file")};
		struct tu_triage_as as = {0};
		struct tu_error err = {0};
		enum tu_status status = tu_triage_read(arena, &triage, &as, &err);

		print_message("%s %s\n", cases[i].state, cases[i].justification);
		if (cases[i].status && !*cases[i].status) {
			assert_int_equal(status, TU_E_USAGE);
		} else {
			assert_int_equal(status, TU_OK);
			assert_int_equal(as.decides, cases[i].status != NULL);
			assert_true(tu_str_starts(as.rationale, TU_STR("From a file")));
		}
		if (status == TU_OK && cases[i].status) {
			assert_string_equal(tu_claim_status_name(as.status), cases[i].status);
			assert_true(tu_str_eq(as.impact, tu_str_c(cases[i].impact)));
			assert_string_equal(
				as.justification ? tu_justification_name(as.justification) : "",
				cases[i].ours);
		}
		tu_arena_free(arena);
	}
}

/* Whatever has no place of its own is in the rationale. */
static void nothing_is_dropped(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_triage triage = {.state = TU_STR("EXPLOITABLE"),
		.response = TU_STR("WILL_NOT_FIX"),
		.details = TU_STR("In the field"),
		.comment = TU_STR("<b>soon</b>"),
		.origin = TU_STR("FPF x.json"),
		.suppressed = true};
	struct tu_triage_as as;

	(void)state;
	assert_int_equal(tu_triage_read(arena, &triage, &as, NULL), TU_OK);
	assert_int_equal(as.remedy, TU_REMEDY_NO_FIX_PLANNED);
	assert_true(tu_str_eq(as.rationale,
		TU_STR("From FPF x.json: state EXPLOITABLE, response WILL_NOT_FIX, suppressed "
		       "there. In the field. Comment: <b>soon</b>.")));
	tu_arena_free(arena);
}

static void back(void **state)
{
	(void)state;
	assert_string_equal(tu_triage_state(TU_CLAIM_FIXED), "RESOLVED");
	assert_string_equal(tu_triage_state(TU_CLAIM_NOT_AFFECTED), "NOT_AFFECTED");
	assert_string_equal(tu_triage_state(TU_CLAIM_UNSTATED), "NOT_SET");
	assert_string_equal(tu_triage_justification(TU_JUSTIFY_NONE), "NOT_SET");
	assert_string_equal(
		tu_triage_justification(TU_JUSTIFY_COMPONENT_NOT_PRESENT), "CODE_NOT_PRESENT");
	assert_string_equal(tu_triage_justification(TU_JUSTIFY_INLINE_MITIGATIONS),
		"PROTECTED_BY_MITIGATING_CONTROL");
	assert_string_equal(tu_triage_response(TU_REMEDY_UNSTATED), "NOT_SET");
	assert_string_equal(tu_triage_response(TU_REMEDY_VENDOR_FIX), "UPDATE");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading),
		cmocka_unit_test(nothing_is_dropped),
		cmocka_unit_test(back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
