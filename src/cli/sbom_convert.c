/* tutela sbom convert: an SBOM in another format, and what that cannot hold. */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/sbom_cmd.h"
#include "cli/sbom_write.h"

static const char name[] = "sbom";

struct convert {
	struct tu_sbom_source source;
	enum tu_sbom_target target;
	const char *output;
	struct tu_arena *arena;
};

static bool read_request(int argc, char **argv, struct convert *c)
{
	const char *to = NULL;
	const struct tu_option options[] = {
		{.name = "rootfs", .value = &c->source.rootfs},
		{.name = "supplement", .value = &c->source.supplement},
		{.name = "to", .value = &to},
		{.name = "output", .letter = 'o', .value = &c->output},
	};

	if (!tu_options_take(&argc, argv, options, (int)TU_COUNT(options)) ||
		!tu_sbom_source_take(name, argc, argv, &c->source))
		return false;
	if (!to) {
		tu_command_misused(name, "convert wants --to FORMAT");
		return false;
	}
	return tu_sbom_target_take(name, to, &c->target);
}

static int run(struct convert *c)
{
	const struct tu_inventory *inventory = NULL;
	struct tu_error err = {0};

	if (tu_sbom_source_read(c->arena, &c->source, &inventory, &err))
		return tu_command_failed(name, &err);
	tu_sbom_cmd_warn_notes(tu_sbom_source_name(&c->source), inventory);
	return tu_sbom_write_file(
		name, c->arena, inventory, c->target, c->source.supplement != NULL, c->output);
}

int tu_sbom_cmd_convert(int argc, char **argv)
{
	struct convert c = {.output = NULL};
	int code;

	if (!read_request(argc, argv, &c))
		return TU_EXIT_USAGE;
	c.arena = tu_arena_new(TU_SBOM_MEMORY_MAX);
	code = c.arena ? run(&c) : tu_command_no_memory(name);
	tu_arena_free(c.arena);
	return code;
}
