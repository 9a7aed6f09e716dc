#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/time.h"

static void reads_what_feeds_write(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = {{"1970-01-01T00:00:00Z", 0}, {"1970-01-02", 86400},
		{"2000-02-29T12:00:00Z", 951825600}, {"2024-02-29", 1709164800},
		{"2021-12-10T10:15:09.143", 1639131309}, {"2021-12-10t10:15:09z", 1639131309},
		{"2021-12-10 10:15:09 UTC", 1639131309}, {"2021-12-10T12:15:09+02:00", 1639131309},
		{"2021-12-10T04:45:09-0530", 1639131309}, {" 2021-12-10T10:15Z\n", 1639131300},
		{"2016-12-31T23:59:60Z", 1483228800}, {"9999-12-31T23:59:59Z", TU_TIME_MAX}};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		int64_t seconds = -1;

		if (!tu_time_parse(tu_str_c(cases[i].text), &seconds))
			fail_msg("refused: %s", cases[i].text);
		assert_true(seconds == cases[i].seconds);
	}
}

static void refuses_what_is_no_instant(void **state)
{
	static const char *const cases[] = {"", "2024", "2024-1-01", "2024-00-01", "2024-13-01",
		"2024-04-31", "2023-02-29", "1900-02-28", "2100-02-29", "2024-01-01T",
		"2024-01-01T24:00Z", "2024-01-01T12:60Z", "2024-01-01T12:00:61Z",
		"2024-01-01T12:00:00.Z", "2024-01-01T12:00.5Z", "2024-01-01T12:00:00+24:00",
		"2024-01-01T12:00:00+02", "2024-01-01T12:00:00Zulu", "2024-01-01X12:00",
		"2024-01-01 ?", "+024-01-01", "0000-01-01", "1970-01-01T00:00:00+00:01",
		"9999-12-31T23:59:60Z", "9999-12-31T23:59:59-00:01", "10000-01-01"};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		int64_t seconds = 77;

		if (tu_time_parse(tu_str_c(cases[i]), &seconds))
			fail_msg("taken: %s", cases[i]);
		assert_true(seconds == 77);
	}
}

static void writes_the_last_second(void **state)
{
	struct tu_buf out;
	(void)state;

	tu_buf_init(&out, 100);
	tu_time_write(TU_TIME_MAX, &out);
	tu_buf_byte(&out, ' ');
	tu_time_write_date(0, &out);
	assert_true(tu_str_eq(tu_buf_str(&out), TU_STR("9999-12-31T23:59:59Z 1970-01-01")));
	tu_buf_done(&out);
}

static void every_day_has_one_date(void **state)
{
	int64_t year = 1970, month = 1, day = 1;
	(void)state;

	for (int64_t days = 0; days <= TU_TIME_MAX / 86400; days++) {
		int64_t y, m, d;

		tu_time_civil(days, &y, &m, &d);
		if (y != year || m != month || d != day || tu_time_days(y, m, d) != days)
			fail_msg("day %lld: %lld-%lld-%lld", (long long)days, (long long)y,
				(long long)m, (long long)d);
		/* the next one, by the first that is another month's */
		if (tu_time_days(year, month, day + 1) ==
			tu_time_days(year + (month == 12), month % 12 + 1, 1)) {
			year += month == 12;
			month = month % 12 + 1;
			day = 0;
		}
		day++;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_feeds_write),
		cmocka_unit_test(refuses_what_is_no_instant),
		cmocka_unit_test(writes_the_last_second),
		cmocka_unit_test(every_day_has_one_date),
	};

	return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
