/* Another date of release (csaf/redate.h): four dates change, and nothing else. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "csaf/csaf.h"
#include "csaf/redate.h"

#define DRAFT "2026-01-01T00:00:00Z"
#define RELEASE "2026-01-01T00:01:40Z"
/* A date that is the draft's, too, in a place that is none of a release. */
#define REST \
	"\"vulnerabilities\":[{\"flags\":[{\"date\":\"" DRAFT "\"}],\"notes\":[{\"text\":\"" DRAFT \
	"\"}]}]}"
#define FIRST(date) \
	"{\"document\":{\"title\":\"" DRAFT "\",\"tracking\":{\"current_release_date\":\"" date \
	"\",\"generator\":{\"date\":\"" date "\"},\"initial_release_date\":\"" date \
	"\",\"revision_history\":[{\"date\":\"" date "\"}]}}," REST
#define SECOND(date) \
	"{\"document\":{\"tracking\":{\"current_release_date\":\"" date \
	"\",\"initial_release_date\":\"" DRAFT "\",\"revision_history\":[{\"date\":\"" DRAFT \
	"\"},{\"date\":\"" date "\"}]}}," REST

static const struct {
	const char *text, *expected;
	enum tu_status status;
} cases[] = {
	{FIRST(DRAFT), FIRST(RELEASE), TU_OK},
	/* of two revisions only the newest, and never the date of the first release */
	{SECOND(DRAFT), SECOND(RELEASE), TU_OK},
	{FIRST("2026-01-01T00:00:00+00:00"), FIRST("2026-01-01T00:00:00+00:00"), TU_OK},
	{"{\"document\":{}}", "", TU_E_SYNTAX},
	{"no JSON", "", TU_E_SYNTAX},
};

static void dates_change_and_nothing_else(void **state)
{
	const struct tu_csaf_redate dates = {INT64_C(1767225600), INT64_C(1767225700)};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_error err = {0};
		struct tu_buf out;

		tu_buf_init(&out, 1 << 16);
		assert_int_equal(tu_csaf_redate(tu_str_c(cases[i].text), &dates, &out, &err),
			cases[i].status);
		assert_int_equal(out.len, strlen(cases[i].expected));
		if (out.len)
			assert_memory_equal(out.ptr, cases[i].expected, out.len);
		tu_buf_done(&out);
	}
}

static void names_of_files(void **state)
{
	static const struct {
		const char *id, *name;
	} names[] = {{"Example Company - 2019-YH3234", "example_company_-_2019-yh3234.json"},
		{"RHBA-2019:0024", "rhba-2019_0024.json"}, {"2022 #01-A", "2022_01-a.json"},
		{"../../x", "_x.json"}, {"a+b", "a+b.json"}};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(names); i++) {
		struct tu_buf out;

		tu_buf_init(&out, 1 << 10);
		tu_csaf_file_name(tu_str_c(names[i].id), &out);
		tu_buf_byte(&out, '\0');
		assert_string_equal(out.ptr, names[i].name);
		tu_buf_done(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_change_and_nothing_else), cmocka_unit_test(names_of_files)};

	return cmocka_run_group_tests_name("redate", tests, NULL, NULL);
}
