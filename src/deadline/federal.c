/*
 * The legal public holidays of the United States: 5 U.S.C. 6103(a). One that falls on a Saturday is
 * observed on the Friday before, 5 U.S.C. 6103(b)(1); one on a Sunday on the Monday after,
 * Executive Order 11582, section 3. Inauguration Day, which 6103(c) gives to the capital's area
 * alone, and days off by executive order are working days here: a deadline that is early is never
 * late.
 */
#include "deadline/federal.h"

#include "base/time.h"

enum { MONDAY = 0, FRIDAY = 4 };

/* 1970-01-01 was a Thursday; the day of the week counts from Monday. */
int tu_day_of_week(int64_t day)
{
	return (int)(((day + 3) % 7 + 7) % 7);
}

static const struct {
	int month;
	int date; /* 0: by the day of the week */
	int weekday; /* from Monday, 0 */
	int week; /* the n-th of the month; 5: the last */
	int from; /* year in which it became one */
} holidays[] = {
	{.month = 1, .date = 1}, /* New Year's Day */
	{.month = 1,
		.weekday = 0,
		.week = 3,
		.from = 1986}, /* Birthday of Martin Luther King, Jr. */
	{.month = 2, .weekday = 0, .week = 3}, /* Washington's Birthday */
	{.month = 5, .weekday = 0, .week = 5}, /* Memorial Day */
	{.month = 6, .date = 19, .from = 2021}, /* Juneteenth National Independence Day */
	{.month = 7, .date = 4}, /* Independence Day */
	{.month = 9, .weekday = 0, .week = 1}, /* Labor Day */
	{.month = 10, .weekday = 0, .week = 2}, /* Columbus Day */
	{.month = 11, .date = 11}, /* Veterans Day */
	{.month = 11, .weekday = 3, .week = 4}, /* Thanksgiving Day */
	{.month = 12, .date = 25}, /* Christmas Day */
};

static bool is_last_of_its_kind(int64_t day, int64_t month)
{
	int64_t y, m, d;

	tu_time_civil(day + 7, &y, &m, &d);
	return m != month;
}

/* Is the day itself one, wherever it falls? */
static bool is_named(int64_t day)
{
	int64_t year, month, date;

	tu_time_civil(day, &year, &month, &date);
	for (size_t i = 0; i < TU_COUNT(holidays); i++) {
		bool nth = holidays[i].week == 5 ? is_last_of_its_kind(day, month)
						 : (date + 6) / 7 == holidays[i].week;

		if (month != holidays[i].month || year < holidays[i].from)
			continue;
		if (holidays[i].date ? date == holidays[i].date
				     : nth && tu_day_of_week(day) == holidays[i].weekday)
			return true;
	}
	return false;
}

bool tu_is_us_federal_holiday(int64_t day)
{
	int weekday = tu_day_of_week(day);

	return is_named(day) || (weekday == FRIDAY && is_named(day + 1)) ||
		(weekday == MONDAY && is_named(day - 1));
}
