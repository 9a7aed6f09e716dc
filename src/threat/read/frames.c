#include "threat/read/made.h"

static double area(const struct tu_made_frame *frame)
{
	return frame->width * frame->height;
}

/* The smallest frame around a point that is larger than `least`. */
static struct tu_str around(
	const struct tu_made_frame *frames, size_t count, double x, double y, double least)
{
	const struct tu_made_frame *best = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct tu_made_frame *f = &frames[i];

		if (x < f->x || y < f->y || x > f->x + f->width || y > f->y + f->height ||
			area(f) <= least)
			continue;
		if (!best || area(f) < area(best))
			best = f;
	}
	return best ? best->id : (struct tu_str){"", 0};
}

struct tu_str tu_made_around(const struct tu_made_frame *frames, size_t count, double x, double y)
{
	return around(frames, count, x, y, -1);
}

static struct tu_made_thing *find_zone(struct tu_made *made, struct tu_str id)
{
	for (size_t i = 0; i < made->zones.count; i++)
		if (tu_str_eq(made->zones.at[i].id, id))
			return &made->zones.at[i];
	return NULL;
}

/* A zone whose chain of parents leads back to it would be in itself: drawings may differ. */
static bool would_circle(struct tu_made *made, struct tu_str zone, struct tu_str parent)
{
	for (size_t i = 0; i <= made->zones.count && parent.len; i++) {
		const struct tu_made_thing *up = find_zone(made, parent);

		if (tu_str_eq(parent, zone))
			return true;
		parent = up ? up->zone : (struct tu_str){0};
	}
	return false;
}

void tu_made_nest(struct tu_made *made, const struct tu_made_frame *frames, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct tu_made_frame *f = &frames[i];
		struct tu_str parent =
			around(frames, count, f->x + f->width / 2, f->y + f->height / 2, area(f));
		struct tu_made_thing *zone = find_zone(made, f->id);

		if (zone && !zone->zone.len && parent.len && !would_circle(made, f->id, parent))
			zone->zone = parent;
	}
}
