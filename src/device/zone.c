#include <tutela/zone.h>

enum { DAY = 86400 };

int32_t tu_zone_offset(const struct tu_zone *zone, int64_t at)
{
	return zone->offset_at ? zone->offset_at(zone->context, at) : zone->seconds;
}

int64_t tu_zone_instant(const struct tu_zone *zone, int64_t local)
{
	int32_t before = tu_zone_offset(zone, local - DAY);
	int32_t after = tu_zone_offset(zone, local + DAY);
	int64_t early = local - (before > after ? before : after);
	int64_t late = local - (before > after ? after : before);

	if (early + tu_zone_offset(zone, early) >= local)
		return early;
	while (early + 1 < late) {
		int64_t middle = early + (late - early) / 2;

		if (middle + tu_zone_offset(zone, middle) >= local)
			late = middle;
		else
			early = middle;
	}
	return late;
}
