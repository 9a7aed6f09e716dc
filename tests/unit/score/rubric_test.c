#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/rubric.h>

#include "base/fault.h"

#define NOTHING \
	"XCP:N/XCD:N/XCT:N/XCW:N/XCS:N/XCO:N/XIP:N/XID:N/XIT:N/XIW:N/XIS:N/XIO:N/" \
	"XAP:N/XAD:N/XAT:N/XAW:N/XAS:N/XAO:N"

static struct tu_rubric parsed(const char *text)
{
	struct tu_rubric rubric;

	assert_int_equal(tu_rubric_parse(tu_str_c(text), &rubric, NULL), TU_OK);
	return rubric;
}

static void assert_metric(const char *answers, const char *metric, const char *value)
{
	struct tu_rubric rubric = parsed(answers);
	struct tu_cvss cvss;

	assert_int_equal(tu_rubric_score(&rubric, TU_CVSS_3_0, &cvss, NULL), TU_OK);
	struct tu_str got = tu_cvss_get(&cvss, tu_str_c(metric));
	if (!tu_str_eq(got, tu_str_c(value)))
		fail_msg("%s: %s is %.*s, not %s", answers, metric, TU_STR_FMT(got), value);
}

/* One case an end of the flow. */
static void answers_lead_to_values(void **state)
{
	static const char *const cases[][3] = {
		{"XAVN:U", "AV", "N"},
		{"XAVN:Y/XAVT:Y", "AV", "N"},
		{"XAVN:Y/XAVT:U", "AV", "N"},
		{"XAVN:Y/XAVT:N/XAVW:Y/XAVR:Y", "AV", "L"},
		{"XAVN:Y/XAVT:N/XAVW:Y/XAVR:N", "AV", "A"},
		{"XAVN:Y/XAVT:N/XAVW:Y/XAVR:U", "AV", "A"},
		{"XAVN:Y/XAVT:N/XAVW:N", "AV", "A"},
		{"XAVN:N/XAVP:Y/XAVPA:N", "AV", "P"},
		{"XAVN:N/XAVP:Y/XAVPA:Y", "AV", "P"},
		{"XAVN:N/XAVP:N", "AV", "L"},
		{"XACL:Y", "AC", "L"},
		{"XACL:N", "AC", "H"},
		{"XACL:U", "AC", "L"},
		{"XPRL:N", "PR", "N"},
		{"XPRL:Y/XPRZ:N", "PR", "N"},
		{"XPRL:Y/XPRZ:Y/XPRS:N", "PR", "L"},
		{"XPRL:Y/XPRZ:Y/XPRS:Y", "PR", "H"},
		{"XUI:N", "UI", "N"},
		{"XUI:Y", "UI", "R"},
		{"XS:N", "S", "U"},
		{"XS:Y", "S", "C"},
		{NOTHING, "C", "N"},
		{NOTHING, "I", "N"},
		{NOTHING, "A", "N"},
		{"XCP:Y/XCPM:N/XCD:N/XCT:N/XCW:N/XCS:N/XCO:N", "C", "L"},
		{"XCP:Y/XCPM:Y/XCD:N/XCT:N/XCW:N/XCS:N/XCO:N", "C", "H"},
		{"XCP:Y/XCPM:N/XCD:N/XCT:U/XCW:N/XCS:N/XCO:N", "C", "H"},
		{"XAP:N/XAD:N/XAT:Y/XAW:N/XAS:N/XAO:N", "A", "H"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++)
		assert_metric(cases[i][0], cases[i][1], cases[i][2]);
}

/* What is not answered scores no better than any answer would. */
static void no_answer_is_the_worst(void **state)
{
	struct tu_rubric none = {{0}};
	struct tu_cvss cvss;
	struct tu_cvss_scores scores;
	(void)state;

	assert_int_equal(tu_rubric_score(&none, TU_CVSS_3_1, &cvss, NULL), TU_OK);
	tu_cvss_score(&cvss, &scores);
	assert_int_equal(scores.base, 100);
}

/* The same for every state of the answers: to learn less never lowers the score. */
static void forgetting_an_answer_never_lowers_the_score(void **state)
{
	uint32_t seed = 7;
	(void)state;

	for (int n = 0; n < 2000; n++) {
		struct tu_rubric rubric = {{0}};
		struct tu_cvss cvss;
		struct tu_cvss_scores known;
		struct tu_cvss_scores less;
		for (size_t i = 0; i < TU_RUBRIC_COUNT; i++) {
			seed = seed * UINT32_C(1664525) + UINT32_C(1013904223);
			rubric.answers[i] = (uint8_t)((seed >> 16) % TU_RUBRIC_ANSWERS);
		}
		assert_int_equal(tu_rubric_score(&rubric, TU_CVSS_3_1, &cvss, NULL), TU_OK);
		tu_cvss_score(&cvss, &known);
		rubric.answers[(seed >> 8) % TU_RUBRIC_COUNT] = TU_RUBRIC_UNANSWERED;
		assert_int_equal(tu_rubric_score(&rubric, TU_CVSS_3_1, &cvss, NULL), TU_OK);
		tu_cvss_score(&cvss, &less);
		assert_true(less.base >= known.base);
	}
}

static void asks_only_what_the_answers_lead_to(void **state)
{
	struct tu_rubric rubric = {{0}};
	size_t asked = 0;
	size_t index;
	(void)state;

	while ((index = tu_rubric_next(&rubric)) < TU_RUBRIC_COUNT) {
		rubric.answers[index] = TU_RUBRIC_NO;
		asked++;
	}
	/* AV: XAVN, XAVP; AC; PR: XPRL; UI; S; 18 impacts */
	assert_int_equal(asked, 24);
}

static void writes_what_it_reads(void **state)
{
	static const char text[] = "XAVN:Y/XAVT:U/XACL:N/XPRL:U/XUI:Y/XS:N/XCP:Y/XCPM:N";
	struct tu_rubric rubric = parsed("# by line\nxavn: yes\n XAVT = Unknown\r\nXACL no\n\n"
					 "XPRL:u/XUI:y\nXS\tn\nXCP:Y/XCPM:N # both\nXAVR:Y\n");
	struct tu_buf out;
	(void)state;

	tu_buf_init(&out, 1024);
	tu_rubric_write(&rubric, &out);
	assert_true(tu_str_eq(tu_buf_str(&out), tu_str_c(text))); /* XAVR is not asked */
	tu_buf_done(&out);
	tu_buf_init(&out, 1024);
	tu_fault_set(1);
	tu_rubric_write(&rubric, &out);
	tu_fault_set(0);
	assert_true(out.failed);
	tu_buf_done(&out);
}

static void refuses_bad_answers_at_the_byte(void **state)
{
	static const struct {
		const char *text;
		size_t offset;
	} cases[] = {
		{"XAVQ:Y", 0},
		{"XAVN:Y/XAVT", 11},
		{"XAVN:Y/XAVT:maybe", 11},
		{"XAVN:Y\n# XAVT:N\nXAVN:N", 16},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_rubric rubric;
		struct tu_error err = {0};
		assert_int_equal(
			tu_rubric_parse(tu_str_c(cases[i].text), &rubric, &err), TU_E_SYNTAX);
		assert_int_equal(err.offset, cases[i].offset);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_lead_to_values),
		cmocka_unit_test(no_answer_is_the_worst),
		cmocka_unit_test(forgetting_an_answer_never_lowers_the_score),
		cmocka_unit_test(asks_only_what_the_answers_lead_to),
		cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(refuses_bad_answers_at_the_byte),
	};

	return cmocka_run_group_tests_name("rubric", tests, NULL, NULL);
}
