/* When a span of time ends: days of the civil calendar in a time zone. */
#include <tutela/deadline.h>

#include "base/time.h"
#include "deadline/federal.h"

enum { HOUR = 3600, DAY = 86400 };

static int64_t local_day(const struct tu_calendar *calendar, int64_t seconds)
{
	int64_t local = seconds + tu_zone_offset(&calendar->zone, seconds);
	int64_t day = local / DAY;

	return local % DAY < 0 ? day - 1 : day;
}

/* The last second of a local day. */
static int64_t end_of_day(const struct tu_calendar *calendar, int64_t day)
{
	return tu_zone_instant(&calendar->zone, (day + 1) * DAY) - 1;
}

static bool is_holiday(const struct tu_calendar *calendar, int64_t day)
{
	size_t lo = 0, hi = calendar->holiday_count;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (calendar->holidays[middle] < day)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo < calendar->holiday_count && calendar->holidays[lo] == day;
}

static bool is_working_day(const struct tu_calendar *calendar, int64_t day)
{
	return tu_day_of_week(day) < 5 && !is_holiday(calendar, day) &&
		!(calendar->us_federal && tu_is_us_federal_holiday(day));
}

static int64_t working_days_after(const struct tu_calendar *calendar, int64_t day, uint32_t amount)
{
	int64_t last = TU_TIME_MAX / DAY;

	while (amount && day < last)
		amount -= is_working_day(calendar, ++day);
	return day;
}

/* The same day `amount` months later, or the last day of that month. */
static int64_t months_after(int64_t day, uint32_t amount)
{
	int64_t year, month, date;

	tu_time_civil(day, &year, &month, &date);
	month += amount;
	year += (month - 1) / 12;
	month = (month - 1) % 12 + 1;
	day = tu_time_days(year, month, 1);
	while (--date > 0) {
		int64_t y, m, d;

		tu_time_civil(day + 1, &y, &m, &d);
		if (m != month)
			break;
		day++;
	}
	return day;
}

static int64_t within(int64_t seconds)
{
	return seconds > TU_TIME_MAX ? TU_TIME_MAX : seconds;
}

int64_t tu_deadline_due(const struct tu_calendar *calendar, int64_t start, uint32_t amount,
	enum tu_deadline_unit unit)
{
	int64_t day = local_day(calendar, start);

	switch (unit) {
	case TU_DEADLINE_HOURS:
		return within(start + (int64_t)amount * HOUR);
	case TU_DEADLINE_DAYS:
		return within(end_of_day(calendar, day + amount));
	case TU_DEADLINE_WORKING_DAYS:
		return within(end_of_day(calendar, working_days_after(calendar, day, amount)));
	case TU_DEADLINE_MONTHS:
		return within(end_of_day(calendar, months_after(day, amount)));
	}
	return TU_TIME_MAX;
}

const char *tu_deadline_unit_name(enum tu_deadline_unit unit)
{
	static const char *const names[] = {"hours", "days", "working days", "months"};

	return names[unit];
}
