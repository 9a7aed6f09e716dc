#include "cli/sbom_paths.h"

#include "app/sbom_paths.h"

struct printing {
	struct tu_sbom_answer *answer;
	const struct tu_inventory *inventory;
};

static void print_path(void *self, const uint32_t *path, size_t length)
{
	struct printing *p = self;
	struct tu_buf *out = p->answer->paint.out;

	tu_buf_c(out, "path:");
	for (size_t i = length; i-- > 0;) {
		const struct tu_component *at = &p->inventory->components[path[i]];

		tu_paint(&p->answer->paint, i ? TU_HUE_PLAIN : TU_HUE_BOLD,
			at->name.len ? at->name : at->ref);
		tu_buf_c(out, i ? "/" : "\n");
	}
	tu_sink_spill(&p->answer->out.sink);
}

static void print_more(void *self, uint32_t component, bool more)
{
	struct printing *p = self;

	(void)component;
	if (more)
		tu_buf_c(p->answer->paint.out, "and more paths\n");
}

void tu_sbom_paths_print(struct tu_sbom_answer *answer, const struct tu_inventory *inventory,
	struct tu_str wanted, size_t *out_found)
{
	struct printing p = {answer, inventory};
	const struct tu_sbom_paths paths = {.inventory = inventory,
		.wanted = wanted,
		.path = print_path,
		.done = print_more,
		.self = &p};

	*out_found = tu_sbom_paths_walk(&paths);
}
