/*
 * The rule at the end of a TZif file: when summer time begins and ends in the years after the
 * table, as POSIX writes it in TZ, "CET-1CEST,M3.5.0,M10.5.0/3".
 */
#ifndef TU_APP_ZONE_RULE_H
#define TU_APP_ZONE_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/str.h>

/* A day of each year and a time on it. */
struct tu_zone_day {
	enum { TU_ZONE_NTH_WEEKDAY, TU_ZONE_JULIAN, TU_ZONE_ZERO_BASED } form;
	int64_t month, week,
		weekday; /* NTH_WEEKDAY: the weekday from Sunday, 0; week 5: the last */
	int64_t day; /* JULIAN: 1 to 365, without 29 February; ZERO_BASED: 0 to 365, with it */
	int64_t seconds; /* after midnight */
};

struct tu_zone_rule {
	bool known;
	bool has_summer;
	int32_t standard, summer; /* seconds east of UTC */
	struct tu_zone_day begin,
		end; /* of summer time: the first on standard, the last on summer time */
};

/* False for what is no such rule. */
bool tu_zone_rule_parse(struct tu_str text, struct tu_zone_rule *out_rule);
/* Seconds east of UTC at an instant. */
int32_t tu_zone_rule_offset(const struct tu_zone_rule *rule, int64_t at);

#endif
