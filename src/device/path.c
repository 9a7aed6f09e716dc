/* A pattern is followed upwards, part by part: a state is a component and the part that it has to
 * match. Several parents make several states; each is looked at once, so a cycle ends. */
#include "device/path.h"

#include <string.h>

#include <tutela/sbom_above.h>

#include "device/glob.h"

enum {
	PARTS_MAX = 64,
	SLOTS = 8192, /* a power of two */
	STATES_MAX =
		6000 /* looked at for one component; below SLOTS, so that there is a free one */
};

static const struct tu_str any_levels = TU_STR_INIT("**");

struct state {
	uint32_t component;
	uint32_t part;
};

struct walk {
	const struct tu_inventory *inventory;
	struct tu_str parts[PARTS_MAX];
	struct state queue[STATES_MAX];
	size_t queued;
	uint16_t slots[SLOTS]; /* hash of a state -> its place in the queue, and 1 */
};

/* ---- what is above ---- */

static bool is_outermost(const struct tu_inventory *inventory, uint32_t component)
{
	if (inventory->above)
		return inventory->above->outermost[component] != 0;
	return inventory->components[component].parent >= inventory->component_count;
}

/* By its name, its name and version, or its reference. */
static bool part_matches(struct tu_str part, const struct tu_component *c)
{
	struct tu_str rest = part;

	if (tu_glob_matches(part, c->name) || tu_glob_matches(part, c->ref))
		return true;
	if (!c->version.len || part.len < c->version.len + 1)
		return false;
	rest = tu_str_from(part, part.len - c->version.len);
	part = tu_str_first(part, part.len - c->version.len);
	return tu_str_eq(rest, c->version) && part.ptr[part.len - 1] == ' ' &&
		tu_glob_matches(tu_str_first(part, part.len - 1), c->name);
}

/* ---- the walk ---- */

static void visit(struct walk *w, uint32_t component, uint32_t part)
{
	uint32_t slot = (component * 2654435761u ^ part * 40503u) % SLOTS;

	while (w->slots[slot]) {
		const struct state *seen = &w->queue[w->slots[slot] - 1];

		if (seen->component == component && seen->part == part)
			return;
		slot = (slot + 1) % SLOTS;
	}
	if (w->queued == STATES_MAX)
		return;
	w->queue[w->queued++] = (struct state){component, part};
	w->slots[slot] = (uint16_t)w->queued;
}

static void visit_above(struct walk *w, uint32_t component, uint32_t part)
{
	const struct tu_sbom_above *above = w->inventory->above;
	uint32_t parent = w->inventory->components[component].parent;

	if (!above) {
		if (parent < w->inventory->component_count)
			visit(w, parent, part);
		return;
	}
	for (uint32_t i = above->starts[component]; i < above->starts[component + 1]; i++)
		visit(w, above->parents[i], part);
}

/* True when the path is complete. */
static bool step(struct walk *w, struct state at)
{
	bool first = at.part == 0;

	if (tu_str_eq(w->parts[at.part], any_levels)) {
		if (first)
			return true;
		visit(w, at.component, at.part - 1);
		visit_above(w, at.component, at.part);
		return false;
	}
	if (!part_matches(w->parts[at.part], &w->inventory->components[at.component]))
		return false;
	if (first)
		return is_outermost(w->inventory, at.component);
	if (tu_str_eq(w->parts[at.part - 1], any_levels) && at.part == 1)
		return true;
	visit_above(w, at.component, at.part - 1);
	return false;
}

bool tu_path_matches(
	struct tu_str pattern, const struct tu_inventory *inventory, uint32_t component)
{
	struct walk w;
	struct tu_str part;
	uint32_t count = 0;

	w.inventory = inventory;
	w.queued = 0;
	memset(w.slots, 0, sizeof(w.slots));

	while (tu_str_split(&pattern, '/', &part)) {
		if (count == PARTS_MAX)
			return false;
		w.parts[count++] = part;
	}
	if (count == 0)
		return false;
	if (count > 1 && tu_str_eq(w.parts[count - 1], any_levels))
		visit_above(&w, component, count - 1);
	else
		visit(&w, component, count - 1);
	for (size_t i = 0; i < w.queued; i++)
		if (step(&w, w.queue[i]))
			return true;
	return false;
}

bool tu_path_is_only(const struct tu_inventory *inventory, uint32_t component)
{
	const struct tu_sbom_above *above = inventory->above;

	for (size_t steps = 0; above && steps <= inventory->component_count; steps++) {
		uint32_t parents = above->starts[component + 1] - above->starts[component];

		if (parents == 0)
			return true;
		if (parents > 1)
			return false;
		component = above->parents[above->starts[component]];
	}
	return !above;
}
