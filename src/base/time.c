#include "base/time.h"

/* Days since 1970-01-01 of a proleptic Gregorian date. A year begins in March here, so that the
 * leap day is its last; 719468 is the day number of 1970-01-01 counted from 0000-03-01. */
int64_t tu_time_days(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t from_march = (month + 9) % 12;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * from_march + 2) / 5 + day - 1 - 719468;
}

/* The way back, in the same years from March. A day is first placed within 400 years, which always
 * have 146097 days; what is taken off are the leap days before it. */
void tu_time_civil(int64_t days, int64_t *year, int64_t *month, int64_t *day)
{
	int64_t from_zero = days + 719468;
	int64_t centuries = from_zero / 146097; /* by four */
	int64_t rest = from_zero % 146097;
	int64_t y = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
	int64_t of_year = rest - (365 * y + y / 4 - y / 100);
	int64_t from_march = (5 * of_year + 2) / 153;

	*day = of_year - (153 * from_march + 2) / 5 + 1;
	*month = from_march < 10 ? from_march + 3 : from_march - 9;
	*year = 400 * centuries + y + (*month <= 2);
}

/* Exactly `width` digits with a value of `lo` to `hi`. */
static bool field(struct tu_str *s, size_t width, uint64_t lo, uint64_t hi, int64_t *out)
{
	uint64_t value;

	if (s->len < width || !tu_str_to_u64(tu_str_first(*s, width), hi, &value) || value < lo)
		return false;
	*s = tu_str_from(*s, width);
	*out = (int64_t)value;
	return true;
}

static bool parse_date(struct tu_str *s, int64_t *out_days)
{
	static const uint8_t month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t year, month, day, last;
	bool leap;

	if (!field(s, 4, 1970, 9999, &year) || !tu_str_skip(s, TU_STR("-")) ||
		!field(s, 2, 1, 12, &month) || !tu_str_skip(s, TU_STR("-")) ||
		!field(s, 2, 1, 31, &day))
		return false;
	leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	last = month_days[month - 1] + (month == 2 && leap);
	*out_days = tu_time_days(year, month, day);
	return day <= last;
}

static bool parse_offset(struct tu_str s, int64_t *out_seconds)
{
	int64_t sign, hours, minutes;

	*out_seconds = 0;
	if (s.len == 0 || tu_str_ieq(s, TU_STR("Z")) || tu_str_eq(s, TU_STR(" UTC")))
		return true;
	sign = s.ptr[0] == '-' ? -1 : 1;
	if (!tu_str_skip(&s, TU_STR("+")) && !tu_str_skip(&s, TU_STR("-")))
		return false;
	if (!field(&s, 2, 0, 23, &hours))
		return false;
	(void)tu_str_skip(&s, TU_STR(":"));
	if (!field(&s, 2, 0, 59, &minutes) || s.len)
		return false;
	*out_seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

/* "12:30", "12:30:15", "12:30:15.25" with the space or T before it; seconds of the day. */
static bool parse_clock(struct tu_str *s, int64_t *out_seconds)
{
	int64_t hours, minutes, seconds = 0;

	if (s->ptr[0] != 'T' && s->ptr[0] != 't' && s->ptr[0] != ' ')
		return false;
	*s = tu_str_from(*s, 1);
	if (!field(s, 2, 0, 23, &hours) || !tu_str_skip(s, TU_STR(":")) ||
		!field(s, 2, 0, 59, &minutes))
		return false;
	if (tu_str_skip(s, TU_STR(":"))) {
		if (!field(s, 2, 0, 60, &seconds))
			return false;
		if (tu_str_skip(s, TU_STR(".")) && tu_str_digits(s).len == 0)
			return false;
	}
	*out_seconds = hours * 3600 + minutes * 60 + seconds;
	return true;
}

bool tu_time_parse(struct tu_str text, int64_t *out_seconds)
{
	struct tu_str s = tu_str_trim(text);
	int64_t days, clock = 0, offset = 0, seconds;

	if (!parse_date(&s, &days))
		return false;
	if (s.len && (!parse_clock(&s, &clock) || !parse_offset(s, &offset)))
		return false;
	seconds = days * 86400 + clock - offset;
	/* an offset or a leap second may lead out of the years that we can write */
	if (seconds < 0 || seconds > TU_TIME_MAX)
		return false;
	*out_seconds = seconds;
	return true;
}

/* At the place of `width` digits in a text that is composed whole. */
static void put_digits(int64_t value, size_t width, char *to)
{
	for (size_t i = width; i-- > 0; value /= 10)
		to[i] = (char)('0' + value % 10);
}

static void put_date(int64_t seconds, char *to)
{
	int64_t year, month, day;

	tu_time_civil(seconds / 86400, &year, &month, &day);
	put_digits(year, 4, to);
	put_digits(month, 2, to + 5);
	put_digits(day, 2, to + 8);
}

void tu_time_write_date(int64_t seconds, struct tu_buf *out)
{
	char text[] = "YYYY-MM-DD";

	put_date(seconds, text);
	tu_buf_add(out, text, sizeof(text) - 1);
}

void tu_time_write(int64_t seconds, struct tu_buf *out)
{
	char text[] = "YYYY-MM-DDThh:mm:ssZ";
	int64_t rest = seconds % 86400;

	put_date(seconds, text);
	put_digits(rest / 3600, 2, text + 11);
	put_digits(rest / 60 % 60, 2, text + 14);
	put_digits(rest % 60, 2, text + 17);
	tu_buf_add(out, text, sizeof(text) - 1);
}
