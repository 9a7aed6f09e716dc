/* tests/tables/deadline/due.tsv: when spans of time end. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/deadline.h>

#include "app/zone_rule.h"
#include "base/time.h"
#include "deadline/federal.h"
#include "table.h"

static int64_t time_at(const struct table *table, size_t field)
{
	int64_t seconds;

	if (!tu_time_parse(table->fields[field], &seconds))
		fail_msg("line %zu: field %zu is no time", table->line, field + 1);
	return seconds;
}

static int32_t by_rule(const void *context, int64_t at)
{
	return tu_zone_rule_offset(context, at);
}

/* An offset, or the rule of a zone as POSIX writes it. */
static struct tu_zone zone_of(struct tu_str text, struct tu_zone_rule *rule)
{
	struct tu_zone zone = {0};
	uint64_t hours, minutes;

	if (!text.len || text.ptr[0] == 'Z')
		return zone;
	if (tu_zone_rule_parse(text, rule)) {
		zone.offset_at = by_rule;
		zone.context = rule;
		return zone;
	}
	assert_true(tu_str_to_u64(tu_str_of(text.ptr + 1, 2), 14, &hours));
	assert_true(tu_str_to_u64(tu_str_of(text.ptr + 4, 2), 59, &minutes));
	zone.seconds = (int32_t)(hours * 60 + minutes) * (text.ptr[0] == '-' ? -60 : 60);
	return zone;
}

static size_t holidays_of(struct tu_str list, int64_t due, int64_t *out)
{
	struct tu_str day;
	size_t count = 0;

	while (list.len && tu_str_split(&list, ',', &day)) {
		assert_true(tu_time_parse(day, &out[count]));
		out[count++] /= 86400;
	}
	/* What comes after the last one is no holiday, even were it the day that is due. */
	out[count] = due / 86400;
	return count;
}

static enum tu_deadline_unit unit_of(struct tu_str name)
{
	static const char *const names[] = {"hours", "days", "working-days", "months"};

	for (size_t i = 0; i < TU_COUNT(names); i++)
		if (tu_str_eq(name, tu_str_c(names[i])))
			return (enum tu_deadline_unit)i;
	fail_msg("no such unit");
	return TU_DEADLINE_HOURS;
}

static void ends_when_the_table_says(void **state)
{
	struct table table;
	size_t cases = 0;
	(void)state;

	table_open(&table, "deadline/due.tsv");
	while (table_next(&table)) {
		int64_t days[16];
		bool federal = tu_str_eq(table.fields[1], TU_STR("us-federal"));
		struct tu_zone_rule rule;
		struct tu_calendar calendar = {zone_of(table.fields[0], &rule), days,
			federal ? 0 : holidays_of(table.fields[1], time_at(&table, 5), days),
			federal};
		int64_t due = tu_deadline_due(&calendar, time_at(&table, 2),
			(uint32_t)table_number(&table, 3), unit_of(table.fields[4]));

		if (due != time_at(&table, 5))
			fail_msg("line %zu: off by %lld seconds", table.line,
				(long long)(due - time_at(&table, 5)));
		cases++;
	}
	assert_true(cases > 25);
	table_close(&table);
}

static bool names_day(struct tu_str list, int64_t month, int64_t date)
{
	const struct tu_str wanted =
		tu_str_of((const char[]){(char)('0' + month / 10), (char)('0' + month % 10), '-',
				  (char)('0' + date / 10), (char)('0' + date % 10)},
			5);

	return tu_str_search(list, wanted) < list.len;
}

/* Every day of a year from Monday to Friday is one or is none. */
static void federal_holidays_are_those_published(void **state)
{
	struct table table;
	size_t years = 0;
	(void)state;

	table_open(&table, "deadline/us_federal.tsv");
	for (; table_next(&table); years++) {
		int64_t year = (int64_t)table_number(&table, 0);

		for (int64_t day = tu_time_days(year, 1, 1); day < tu_time_days(year + 1, 1, 1);
			day++) {
			int64_t y, month, date;

			tu_time_civil(day, &y, &month, &date);
			if (tu_day_of_week(day) < 5 &&
				tu_is_us_federal_holiday(day) !=
					names_day(table.fields[1], month, date))
				fail_msg("%lld-%02lld-%02lld", (long long)y, (long long)month,
					(long long)date);
		}
	}
	assert_int_equal(years, 10);
	table_close(&table);
}

/* A calendar of holidays alone has no working day: the answer is the last that can be written. */
static void ends_at_all(void **state)
{
	const struct tu_calendar calendar = {.holidays = NULL};
	(void)state;

	assert_true(tu_deadline_due(&calendar, TU_TIME_MAX, 10000, TU_DEADLINE_WORKING_DAYS) <=
		TU_TIME_MAX);
	assert_true(
		tu_deadline_due(&calendar, TU_TIME_MAX, 10000, TU_DEADLINE_MONTHS) <= TU_TIME_MAX);
	assert_true(tu_deadline_due(&calendar, 0, 0, TU_DEADLINE_HOURS) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_when_the_table_says),
		cmocka_unit_test(federal_holidays_are_those_published),
		cmocka_unit_test(ends_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
