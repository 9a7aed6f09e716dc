/* When a notice may leave. */
#include "notify/notify.h"

#include "notify/kinds.h"

enum { US = 1000000, MINUTE = 60, DAY = 24 * 60 * 60, THURSDAY = 4 /* 1970-01-01 */ };

static bool has_word(struct tu_str words, struct tu_str word)
{
	struct tu_str one;

	while (tu_str_split(&words, ' ', &one))
		if (tu_str_eq(one, word))
			return true;
	return false;
}

/* A severity or a harm that nobody knows is not below anything. */
bool tu_rule_takes(const struct tu_rule *rule, const struct tu_notice *notice)
{
	return (!rule->events.len || has_word(rule->events, notice->kind)) &&
		(!rule->device.len || tu_str_eq(rule->device, notice->device)) &&
		(!notice->severity || notice->severity >= rule->severity) &&
		(!notice->harm || notice->harm >= rule->harm);
}

/* The next instant, not before `at`, at which the clock on the wall shows `minute` of a day; of a
 * weekday where that is not negative. */
static int64_t next(const struct tu_zone *zone, int64_t at, int64_t minute, int64_t weekday)
{
	int64_t local = at + tu_zone_offset(zone, at), day = local / DAY;

	for (int64_t i = 0; i < 9; i++) {
		int64_t then = tu_zone_instant(zone, (day + i) * DAY + minute * MINUTE);

		if (then >= at && (weekday < 0 || (day + i + THURSDAY) % 7 == weekday))
			return then;
	}
	return at;
}

static bool is_quiet(const struct tu_rule *rule, const struct tu_zone *zone, int64_t at)
{
	int64_t minute = (at + tu_zone_offset(zone, at)) % DAY / MINUTE;

	if (rule->quiet_from < rule->quiet_to)
		return minute >= rule->quiet_from && minute < rule->quiet_to;
	return rule->quiet_from > rule->quiet_to &&
		(minute >= rule->quiet_from || minute < rule->quiet_to);
}

int64_t tu_rule_when(
	const struct tu_rule *rule, const struct tu_zone *zone, int64_t now, bool urgent)
{
	int64_t at = now / US;

	if (urgent && rule->urgent)
		return now;
	if (rule->delivery != TU_DELIVERY_NOW)
		at = next(zone, at, rule->minute,
			rule->delivery == TU_DELIVERY_WEEK ? rule->weekday : -1);
	if (is_quiet(rule, zone, at))
		at = next(zone, at, rule->quiet_to, -1);
	return at == now / US ? now : at * US;
}
