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

/* ---- lines ---- */

/* Of (ax, ay) and (bx, by): positive where b is to the one side of a, negative to the other. */
static double cross(double ax, double ay, double bx, double by)
{
	return ax * by - ay * bx;
}

bool tu_made_bends(const struct tu_made_bend *b)
{
	double sx = b->source_x - b->handle_x, sy = b->source_y - b->handle_y;
	double tx = b->target_x - b->handle_x, ty = b->target_y - b->handle_y;
	double turn = cross(sx, sy, tx, ty);

	/* the sine of the angle at the handle is above 0.1 */
	return turn * turn > 0.01 * (sx * sx + sy * sy) * (tx * tx + ty * ty);
}

static bool is_inside(const struct tu_made_bend *b, double x, double y)
{
	double sx = b->source_x - b->handle_x, sy = b->source_y - b->handle_y;
	double tx = b->target_x - b->handle_x, ty = b->target_y - b->handle_y;
	double px = x - b->handle_x, py = y - b->handle_y;
	double turn = cross(sx, sy, tx, ty) > 0 ? 1 : -1;

	return cross(sx, sy, px, py) * turn >= 0 && cross(px, py, tx, ty) * turn >= 0;
}

struct tu_str tu_made_bent_around(
	const struct tu_made_bend *bends, size_t count, double x, double y)
{
	struct tu_str found = {"", 0};

	for (size_t i = 0; i < count; i++) {
		if (!is_inside(&bends[i], x, y))
			continue;
		if (found.len)
			return (struct tu_str){"", 0};
		found = bends[i].id;
	}
	return found;
}
