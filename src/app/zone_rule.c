#include "app/zone_rule.h"

#include "base/time.h"

enum { HOUR = 3600, DAY = 86400 };

/* ---- text ---- */

/* "CET", or "<+03>". */
static bool skip_name(struct tu_str *s)
{
	size_t len = 0;

	if (tu_str_skip(s, TU_STR("<"))) {
		size_t end = tu_str_find(*s, '>');

		if (end == s->len)
			return false;
		*s = tu_str_from(*s, end + 1);
		return end > 0;
	}
	while (len < s->len && tu_char_is_alnum(s->ptr[len]) && !tu_char_is_digit(s->ptr[len]))
		len++;
	*s = tu_str_from(*s, len);
	return len >= 3;
}

static bool take_number(struct tu_str *s, uint64_t max, int64_t *out)
{
	uint64_t value;

	if (!tu_str_to_u64(tu_str_digits(s), max, &value))
		return false;
	*out = (int64_t)value;
	return true;
}

/* "2", "-3:30", "+02:00:15"; hours up to 167 as RFC 9636 allows for times. */
static bool take_time(struct tu_str *s, int64_t *out_seconds)
{
	bool negative = tu_str_skip(s, TU_STR("-"));
	int64_t hours, minutes = 0, seconds = 0;

	if (!negative)
		(void)tu_str_skip(s, TU_STR("+"));
	if (!take_number(s, 167, &hours))
		return false;
	if (tu_str_skip(s, TU_STR(":")) && !take_number(s, 59, &minutes))
		return false;
	if (tu_str_skip(s, TU_STR(":")) && !take_number(s, 59, &seconds))
		return false;
	*out_seconds = hours * HOUR + minutes * 60 + seconds;
	if (negative)
		*out_seconds = -*out_seconds;
	return true;
}

/* POSIX counts offsets west of Greenwich. */
static bool take_offset(struct tu_str *s, int32_t *out_seconds)
{
	int64_t west;

	if (!take_time(s, &west) || west > 25 * HOUR || west < -25 * HOUR)
		return false;
	*out_seconds = (int32_t)-west;
	return true;
}

static bool take_weekday(struct tu_str *s, struct tu_zone_day *day)
{
	return take_number(s, 12, &day->month) && day->month && tu_str_skip(s, TU_STR(".")) &&
		take_number(s, 5, &day->week) && day->week && tu_str_skip(s, TU_STR(".")) &&
		take_number(s, 6, &day->weekday);
}

static bool take_day(struct tu_str *s, struct tu_zone_day *out)
{
	bool fine;

	*out = (struct tu_zone_day){.form = TU_ZONE_ZERO_BASED, .seconds = 2 * HOUR};
	if (!tu_str_skip(s, TU_STR(",")))
		return false;
	if (tu_str_skip(s, TU_STR("M"))) {
		out->form = TU_ZONE_NTH_WEEKDAY;
		fine = take_weekday(s, out);
	} else if (tu_str_skip(s, TU_STR("J"))) {
		out->form = TU_ZONE_JULIAN;
		fine = take_number(s, 365, &out->day) && out->day;
	} else {
		fine = take_number(s, 365, &out->day);
	}
	if (fine && tu_str_skip(s, TU_STR("/")))
		fine = take_time(s, &out->seconds);
	return fine;
}

bool tu_zone_rule_parse(struct tu_str text, struct tu_zone_rule *out_rule)
{
	struct tu_zone_rule rule = {.known = true};

	if (!skip_name(&text) || !take_offset(&text, &rule.standard))
		return false;
	if (text.len) {
		rule.has_summer = true;
		rule.summer = rule.standard + HOUR;
		if (!skip_name(&text) ||
			(text.len && text.ptr[0] != ',' && !take_offset(&text, &rule.summer)) ||
			!take_day(&text, &rule.begin) || !take_day(&text, &rule.end) || text.len)
			return false;
	}
	*out_rule = rule;
	return true;
}

/* ---- time ---- */

static int64_t nth_weekday(int64_t year, const struct tu_zone_day *day)
{
	int64_t first = tu_time_days(year, day->month, 1);
	int64_t next = day->month == 12 ? tu_time_days(year + 1, 1, 1)
					: tu_time_days(year, day->month + 1, 1);
	/* 1970-01-01 was a Thursday, 4 from Sunday */
	int64_t found = first + (day->weekday - (first + 4) % 7 + 7) % 7 + (day->week - 1) * 7;

	return found < next ? found : found - 7;
}

/* On the wall, in seconds since 1970. */
static int64_t local_of(int64_t year, const struct tu_zone_day *day)
{
	int64_t start = tu_time_days(year, 1, 1), date = start + day->day;

	if (day->form == TU_ZONE_NTH_WEEKDAY)
		date = nth_weekday(year, day);
	else if (day->form == TU_ZONE_JULIAN)
		date -= tu_time_days(year, 3, 1) - start == 60 && day->day >= 60 ? 0 : 1;
	return date * DAY + day->seconds;
}

int32_t tu_zone_rule_offset(const struct tu_zone_rule *rule, int64_t at)
{
	int64_t local = at + rule->standard, year, month, day, begin, end;
	bool summer;

	if (!rule->has_summer)
		return rule->standard;
	tu_time_civil(local < 0 ? 0 : local / DAY, &year, &month, &day);
	begin = local_of(year, &rule->begin) - rule->standard;
	end = local_of(year, &rule->end) - rule->summer;
	summer = begin < end ? at >= begin && at < end : at >= begin || at < end;
	return summer ? rule->summer : rule->standard;
}
