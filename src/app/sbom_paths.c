#include "app/sbom_paths.h"

#include <tutela/device.h>
#include <tutela/sbom_above.h>

enum {
	DEPTH_MAX = 64, /* components of one path; of longer ones it is said that there are more */
	STEPS_MAX = 100000 /* taken for one component */
};

struct frame {
	uint32_t component;
	uint32_t next; /* parent to visit, an index into above->parents */
};

struct climb {
	const struct tu_sbom_above *above;
	void (*path)(void *self, const uint32_t *path, size_t length);
	void *self;
	struct frame frames[DEPTH_MAX]; /* from the component up to where we are */
	size_t height;
	size_t found;
	size_t steps;
	bool cut; /* a path is longer than those that are handed out */
};

static void hand_out(struct climb *c)
{
	uint32_t path[DEPTH_MAX];

	c->found++;
	if (c->found > TU_SBOM_PATHS_MAX)
		return;
	for (size_t i = 0; i < c->height; i++)
		path[i] = c->frames[i].component;
	c->path(c->self, path, c->height);
}

static bool is_on_path(const struct climb *c, uint32_t component)
{
	for (size_t i = 0; i < c->height; i++)
		if (c->frames[i].component == component)
			return true;
	return false;
}

static void enter(struct climb *c, uint32_t component)
{
	const struct tu_sbom_above *above = c->above;

	c->steps++;
	if (is_on_path(c, component))
		return;
	if (c->height == DEPTH_MAX) {
		c->cut = true;
		return;
	}
	c->frames[c->height++] = (struct frame){component, above->starts[component]};
	if (above->outermost[component] & TU_SBOM_IS_ROOT)
		hand_out(c);
}

static void climb(struct climb *c, uint32_t component)
{
	const struct tu_sbom_above *above = c->above;

	enter(c, component);
	while (c->height && c->steps < STEPS_MAX && c->found <= TU_SBOM_PATHS_MAX) {
		struct frame *frame = &c->frames[c->height - 1];

		if (frame->next == above->starts[frame->component + 1])
			c->height--;
		else
			enter(c, above->parents[frame->next++]);
	}
}

bool tu_sbom_paths_of(const struct tu_sbom_above *above, uint32_t component,
	void (*path)(void *self, const uint32_t *path, size_t length), void *self)
{
	struct climb c = {.above = above, .path = path, .self = self};

	climb(&c, component);
	return c.found > TU_SBOM_PATHS_MAX || c.steps >= STEPS_MAX || c.cut;
}

static bool is_wanted(
	const struct tu_inventory *inventory, uint32_t component, struct tu_str wanted)
{
	const struct tu_selector by[] = {{.name = wanted}, {.purl = wanted}, {.ref = wanted}};

	for (size_t i = 0; i < TU_COUNT(by); i++)
		if (tu_selector_matches(&by[i], inventory, component))
			return true;
	return false;
}

size_t tu_sbom_paths_walk(const struct tu_sbom_paths *paths)
{
	size_t found = 0;

	for (uint32_t i = 0; i < paths->inventory->component_count; i++) {
		if (!is_wanted(paths->inventory, i, paths->wanted))
			continue;
		found++;
		paths->done(paths->self, i,
			tu_sbom_paths_of(paths->inventory->above, i, paths->path, paths->self));
	}
	return found;
}
