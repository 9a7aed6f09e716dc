#include "show/deadline_text.h"

#include <stdlib.h>

#include "base/time.h"
#include "show/paint.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static void write_local(int64_t seconds, int32_t east, const char *after_date,
	const char *after_time, struct tu_buf *out)
{
	int64_t local = seconds + east;
	int offset = abs((int)(east / MINUTE));

	tu_time_write_date(local, out);
	local %= DAY;
	tu_buf_printf(out, "%s%02d:%02d:%02d%s%c%02d:%02d", after_date, (int)(local / HOUR),
		(int)(local / MINUTE % 60), (int)(local % MINUTE), after_time, east < 0 ? '-' : '+',
		offset / 60, offset % 60);
}

static bool can_write(int64_t local)
{
	return local >= 0 && local <= TU_TIME_MAX;
}

void tu_deadline_write_local(int64_t seconds, const struct tu_zone *zone, struct tu_buf *out)
{
	int32_t east = tu_zone_offset(zone, seconds);

	write_local(seconds, can_write(seconds + east) ? east : 0, "T", "", out);
}

void tu_deadline_write_time(int64_t seconds, const struct tu_zone *zone, struct tu_buf *out)
{
	int32_t east = tu_zone_offset(zone, seconds);

	if ((!east && !zone->name.len) || !can_write(seconds + east)) {
		tu_time_write(seconds, out);
		return;
	}
	write_local(seconds, east, " ", " ", out);
	tu_buf_c(out, " (");
	tu_time_write(seconds, out);
	tu_buf_byte(out, ')');
}

void tu_deadline_write_unwatched(
	const struct tu_unwatched *list, size_t count, const struct tu_paint *paint)
{
	for (size_t i = 0; i < count; i++) {
		const struct tu_unwatched *u = &list[i];

		tu_paint_c(paint, TU_HUE_YELLOW, "Market ");
		tu_paint(paint, TU_HUE_YELLOW,
			u->market.len ? u->market : TU_STR("(none is stated)"));
		if (u->name && !tu_str_eq(u->market, tu_str_c(u->name)))
			tu_buf_printf(paint->out, " (%s)", u->name);
		tu_buf_printf(paint->out, ": %s\n", tu_unwatched_sentence(u->why));
	}
}

void tu_deadline_write_span(int64_t seconds, struct tu_buf *out)
{
	long long days = seconds / DAY, hours = seconds / HOUR;

	if (days)
		tu_buf_printf(out, "%lld day%s", days, days == 1 ? "" : "s");
	else
		tu_buf_printf(out, "%lld hour%s", hours, hours == 1 ? "" : "s");
}

/* What a decision calls its component: the name on record, else what its selector states. */
static struct tu_str component_of(const struct tu_decision *decision)
{
	const struct tu_selector *s = &decision->component;
	const struct tu_str names[] = {
		decision->premises.component, s->name, s->purl, s->cpe, s->path, s->ref};

	for (size_t i = 0; i < TU_COUNT(names); i++)
		if (names[i].len)
			return names[i];
	return (struct tu_str){0};
}

void tu_deadline_write_components(const struct tu_deadline_case *c, struct tu_buf *out)
{
	const struct tu_paint paint = {out, false};
	size_t written = 0;

	for (size_t i = 0; i < c->decision_count; i++) {
		struct tu_str component = component_of(c->decisions[i]);
		bool again = !component.len;

		for (size_t k = 0; k < i && !again; k++)
			again = tu_str_eq(component, component_of(c->decisions[k]));
		if (again)
			continue;
		tu_buf_c(out, written++ ? ", " : "");
		tu_paint(&paint, TU_HUE_PLAIN, component);
	}
}
