#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/buf.h>
#include <tutela/score.h>

#include "base/fault.h"

static void tells_versions_apart(void **state)
{
	(void)state;
	assert_int_equal(tu_cvss_version_of(TU_STR("CVSS:3.1/AV:N")), TU_CVSS_3_1);
	assert_int_equal(tu_cvss_version_of(TU_STR("CVSS:3.0/AV:N")), TU_CVSS_3_0);
	assert_int_equal(tu_cvss_version_of(TU_STR("CVSS:4.0/AV:N")), TU_CVSS_4_0);
	assert_int_equal(tu_cvss_version_of(TU_STR("AV:N/AC:L")), TU_CVSS_2);
	assert_int_equal(tu_cvss_version_of(TU_STR("(AV:N/AC:L)")), TU_CVSS_2);
	assert_int_equal(tu_cvss_version_of(TU_STR("CVSS:3.2/AV:N")), TU_CVSS_NONE);
	assert_int_equal(tu_cvss_version_of(TU_STR("")), TU_CVSS_NONE);
}

/* REQ-VULN-4 */
static void computes_base_scores(void **state)
{
	static const struct {
		const char *vector;
		uint8_t tenths;
	} cases[] = {
		{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100},
		{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98},
		{"CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 64},
		{"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0},
		{"CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 75},
		/* metrics in another order, and some that do not count */
		{"CVSS:3.0/A:H/I:H/C:H/S:U/UI:R/PR:N/AC:L/AV:L/E:P/MAV:X", 78},
		{"AV:N/AC:L/Au:N/C:N/I:N/A:C", 78},
		{"AV:N/AC:L/Au:N/C:C/I:C/A:C", 100},
		{"(AV:L/AC:H/Au:M/C:N/I:N/A:P)", 8},
		{"AV:N/AC:L/Au:N/C:N/I:N/A:N", 0},
		{"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:H/SI:N/SA:L/E:U", 78},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		uint8_t tenths = 255;
		struct tu_error err = {0};

		assert_int_equal(tu_cvss_base(tu_str_c(cases[i].vector), &tenths, &err), TU_OK);
		assert_int_equal(tenths, cases[i].tenths);
	}
}

static void refuses_bad_vectors_at_the_byte(void **state)
{
	static const struct {
		const char *vector;
		enum tu_status status;
		size_t offset;
	} cases[] = {
		{"", TU_E_SYNTAX, 0},
		{"CVSS:3.1", TU_E_SYNTAX, 8},
		{"CVSS:3.1/", TU_E_SYNTAX, 9},
		{"XXX:3.0/AV:P", TU_E_SYNTAX, 0},
		{"CVSS:3.1/AV:X/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", TU_E_SYNTAX, 12},
		{"CVSS:3.1/AV:/AC:H", TU_E_SYNTAX, 12},
		{"CVSS:3.1/AV/AC:H", TU_E_SYNTAX, 11},
		{"CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N", TU_E_SYNTAX, 40},
		{"CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N/", TU_E_SYNTAX, 45},
		{"CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N/AV:P", TU_E_SYNTAX, 45},
		{"CVSS:3.1/CVSS:3.0/AV:P", TU_E_SYNTAX, 9},
		{"AV:N/AC:L/Au:N/C:N/I:N", TU_E_SYNTAX, 22},
		{"AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", TU_E_SYNTAX, 10},
		{"(AV:N/AC:L/Au:N/C:N/I:N/A:N", TU_E_SYNTAX, 27},
		{"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:H/SI:N", TU_E_SYNTAX, 58},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		uint8_t tenths = 77;
		struct tu_error err = {0};

		assert_int_equal(
			tu_cvss_base(tu_str_c(cases[i].vector), &tenths, &err), cases[i].status);
		assert_int_equal(err.offset, cases[i].offset);
		assert_int_equal(tenths, 77);
		assert_true(err.message[0] != '\0');
	}
}

/* A zero byte is a byte like others, not an end. */
static void refuses_zero_bytes(void **state)
{
#define ZEROES(text) \
	{ \
		text, sizeof(text) - 1 \
	}
	static const struct tu_str cases[] = {
		ZEROES("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H\0"),
		ZEROES("CVSS:3.1/AV:N\0\0/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"),
		ZEROES("CVSS:3.1/AV:\0/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"),
		ZEROES("CVSS:3.1\0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"),
		ZEROES("\0"),
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_cvss cvss;
		assert_int_equal(tu_cvss_parse(cases[i], &cvss, NULL), TU_E_SYNTAX);
	}
}

static struct tu_cvss parsed(const char *vector)
{
	struct tu_cvss cvss;

	assert_int_equal(tu_cvss_parse(tu_str_c(vector), &cvss, NULL), TU_OK);
	return cvss;
}

static void overrides_the_environment(void **state)
{
	struct tu_cvss cvss = parsed("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAC:H/CR:L");
	struct tu_cvss before = cvss;
	struct tu_cvss_scores scores;
	struct tu_error err = {0};
	struct tu_buf out;
	(void)state;

	assert_int_equal(tu_cvss_override(&cvss, TU_STR("MAV:P/MAC:X"), &err), TU_OK);
	tu_buf_init(&out, 256);
	tu_cvss_write(&cvss, &out);
	assert_true(tu_str_eq(tu_buf_str(&out),
		TU_STR("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/CR:L/MAV:P")));
	tu_buf_done(&out);
	tu_cvss_score(&cvss, &scores);
	assert_int_equal(scores.base, 98);
	assert_int_equal(scores.environmental, 65);
	cvss = before;
	assert_int_equal(tu_cvss_override(&cvss, TU_STR("MAV:P/AV:P"), &err), TU_E_SYNTAX);
	assert_int_equal(tu_cvss_override(&cvss, TU_STR("MAV:P/E:U"), &err), TU_E_SYNTAX);
	assert_int_equal(err.offset, 6);
	assert_int_equal(tu_cvss_override(&cvss, TU_STR("MAV:P/MAV:P"), &err), TU_E_SYNTAX);
	assert_int_equal(err.offset, 6);
	assert_int_equal(tu_cvss_override(&cvss, TU_STR("MAV:S"), &err), TU_E_SYNTAX);
	assert_int_equal(err.offset, 4);
	assert_int_equal(tu_cvss_override(&cvss, TU_STR(""), &err), TU_OK);
	assert_memory_equal(&cvss, &before, sizeof(cvss));
}

static void names_what_a_score_rests_on(void **state)
{
#define BASE "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:H/SI:N/SA:L"
	static const char *const cases[][2] = {
		{BASE, "CVSS-B"},
		{BASE "/E:X/S:P", "CVSS-B"},
		{BASE "/E:A", "CVSS-BT"},
		{BASE "/MAV:P", "CVSS-BE"},
		{BASE "/CR:H/E:U", "CVSS-BTE"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_cvss cvss = parsed(cases[i][0]);
		assert_string_equal(tu_cvss_nomenclature(&cvss), cases[i][1]);
	}
}

static void tells_the_values(void **state)
{
	struct tu_cvss cvss = parsed(BASE "/U:Amber");
	(void)state;

	assert_true(tu_str_eq(tu_cvss_get(&cvss, TU_STR("SC")), TU_STR("H")));
	assert_true(tu_str_eq(tu_cvss_get(&cvss, TU_STR("U")), TU_STR("Amber")));
	assert_int_equal(tu_cvss_get(&cvss, TU_STR("E")).len, 0);
	assert_int_equal(tu_cvss_get(&cvss, TU_STR("Au")).len, 0);
}

/* Only writing allocates, and that by the caller's buffer. */
static void writing_may_run_out_of_memory(void **state)
{
	struct tu_cvss cvss = parsed(BASE);
	struct tu_buf out;
	(void)state;

	tu_fault_set(0);
	(void)parsed(BASE);
	assert_int_equal(tu_fault_count(), 0);
	tu_buf_init(&out, 256);
	tu_fault_set(1);
	tu_cvss_write(&cvss, &out);
	tu_fault_set(0);
	assert_true(out.failed);
	tu_buf_done(&out);
}

static void a_stated_score_wins_over_the_vector(void **state)
{
	struct tu_score score = {
		.version = TU_CVSS_3_1,
		.base_tenths = 50,
		.vector = TU_STR("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
		.severity = TU_STR("LOW"),
	};
	(void)state;

	assert_int_equal(tu_score_tenths(&score), 50);
	assert_int_equal(tu_score_severity(&score), TU_SEVERITY_MEDIUM);
	score.base_tenths = TU_SCORE_UNSTATED;
	assert_int_equal(tu_score_tenths(&score), 98);
	assert_int_equal(tu_score_severity(&score), TU_SEVERITY_CRITICAL);
	score.vector = TU_STR("garbage");
	assert_int_equal(tu_score_tenths(&score), TU_SCORE_UNSTATED);
	assert_int_equal(tu_score_severity(&score), TU_SEVERITY_LOW);
	score.severity = TU_STR("");
	assert_int_equal(tu_score_severity(&score), TU_SEVERITY_UNKNOWN);
}

static void severities_follow_the_scale_of_the_version(void **state)
{
	(void)state;
	assert_int_equal(tu_severity_of(TU_CVSS_3_1, 0), TU_SEVERITY_NONE);
	assert_int_equal(tu_severity_of(TU_CVSS_3_1, 1), TU_SEVERITY_LOW);
	assert_int_equal(tu_severity_of(TU_CVSS_3_1, 39), TU_SEVERITY_LOW);
	assert_int_equal(tu_severity_of(TU_CVSS_3_0, 40), TU_SEVERITY_MEDIUM);
	assert_int_equal(tu_severity_of(TU_CVSS_4_0, 70), TU_SEVERITY_HIGH);
	assert_int_equal(tu_severity_of(TU_CVSS_3_1, 90), TU_SEVERITY_CRITICAL);
	assert_int_equal(tu_severity_of(TU_CVSS_3_1, 100), TU_SEVERITY_CRITICAL);
	assert_int_equal(tu_severity_of(TU_CVSS_3_1, 101), TU_SEVERITY_UNKNOWN);
	assert_int_equal(tu_severity_of(TU_CVSS_2, 0), TU_SEVERITY_LOW);
	assert_int_equal(tu_severity_of(TU_CVSS_2, 100), TU_SEVERITY_HIGH);
	assert_int_equal(tu_severity_of(TU_CVSS_3_1, TU_SCORE_UNSTATED), TU_SEVERITY_UNKNOWN);
}

static void knows_the_words_of_sources(void **state)
{
	enum tu_severity severity;
	(void)state;

	for (int s = TU_SEVERITY_NONE; s < TU_SEVERITY_COUNT_; s++) {
		assert_true(tu_severity_by_name(
			tu_str_c(tu_severity_name((enum tu_severity)s)), &severity));
		assert_int_equal(severity, s);
	}
	assert_true(tu_severity_by_name(TU_STR("MODERATE"), &severity));
	assert_int_equal(severity, TU_SEVERITY_MEDIUM);
	assert_false(tu_severity_by_name(TU_STR("unknown"), &severity));
	assert_int_equal(severity, TU_SEVERITY_UNKNOWN);
	assert_false(tu_severity_by_name(TU_STR(""), &severity));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_versions_apart),
		cmocka_unit_test(computes_base_scores),
		cmocka_unit_test(refuses_bad_vectors_at_the_byte),
		cmocka_unit_test(refuses_zero_bytes),
		cmocka_unit_test(overrides_the_environment),
		cmocka_unit_test(names_what_a_score_rests_on),
		cmocka_unit_test(tells_the_values),
		cmocka_unit_test(writing_may_run_out_of_memory),
		cmocka_unit_test(a_stated_score_wins_over_the_vector),
		cmocka_unit_test(severities_follow_the_scale_of_the_version),
		cmocka_unit_test(knows_the_words_of_sources),
	};

	return cmocka_run_group_tests_name("cvss", tests, NULL, NULL);
}
