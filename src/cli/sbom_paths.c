#include "cli/sbom_paths.h"

#include <tutela/sbom_above.h>
#include <tutela/device.h>

enum {
	PATHS_MAX = 20, /* printed for one component */
	DEPTH_MAX = 64, /* components of one path; longer ones are left out */
	STEPS_MAX = 100000 /* taken for one component */
};

struct frame {
	uint32_t component;
	uint32_t next; /* parent to visit, an index into above->parents */
};

struct climb {
	struct tu_sbom_answer *answer;
	const struct tu_inventory *inventory;
	struct frame frames[DEPTH_MAX]; /* from the component up to where we are */
	size_t height;
	size_t found;
	size_t steps;
};

static void print_path(struct climb *c)
{
	struct tu_buf *out = c->answer->paint.out;

	c->found++;
	if (c->found > PATHS_MAX)
		return;
	tu_buf_c(out, "path:");
	for (size_t i = c->height; i-- > 0;) {
		const struct tu_component *at = &c->inventory->components[c->frames[i].component];

		tu_paint(&c->answer->paint, i ? TU_HUE_PLAIN : TU_HUE_BOLD,
			at->name.len ? at->name : at->ref);
		tu_buf_c(out, i ? "/" : "\n");
	}
	tu_sink_spill(&c->answer->out.sink);
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
	const struct tu_sbom_above *above = c->inventory->above;

	c->steps++;
	if (c->height == DEPTH_MAX || is_on_path(c, component))
		return;
	c->frames[c->height++] = (struct frame){component, above->starts[component]};
	if (above->outermost[component] & TU_SBOM_IS_ROOT)
		print_path(c);
}

static void climb(struct climb *c, uint32_t component)
{
	const struct tu_sbom_above *above = c->inventory->above;

	enter(c, component);
	while (c->height && c->steps < STEPS_MAX && c->found <= PATHS_MAX) {
		struct frame *frame = &c->frames[c->height - 1];

		if (frame->next == above->starts[frame->component + 1])
			c->height--;
		else
			enter(c, above->parents[frame->next++]);
	}
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

void tu_sbom_paths_print(struct tu_sbom_answer *answer, const struct tu_inventory *inventory,
	struct tu_str wanted, size_t *out_found)
{
	*out_found = 0;
	for (uint32_t i = 0; i < inventory->component_count; i++) {
		struct climb c = {.answer = answer, .inventory = inventory};

		if (!is_wanted(inventory, i, wanted))
			continue;
		++*out_found;
		climb(&c, i);
		if (c.found > PATHS_MAX || c.steps >= STEPS_MAX)
			tu_buf_c(answer->paint.out, "and more paths\n");
	}
}
