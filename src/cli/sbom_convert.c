/* tutela sbom convert: an SBOM in another format, and what that cannot hold. */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/sbom_cmd.h"
#include "cli/sbom_write.h"

static const char name[] = "sbom";

struct convert {
	struct tu_sbom_source source;
	const char *to;
	enum tu_sbom_target target;
	const char *output;
	struct tu_arena *arena;
};

static bool read_request(int argc, char **argv, struct convert *c)
{
	if (!tu_options_take(&tu_cmd_sbom_convert, &argc, argv, c) ||
		!tu_sbom_source_take(name, argc, argv, &c->source))
		return false;
	return tu_sbom_target_named(tu_str_c(c->to), &c->target);
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

static int run_convert(int argc, char **argv)
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

static const struct tu_option options[] = {
	{"to", 0, "FORMAT", "Write this format", TU_TEXT(struct convert, to),
		.word = tu_sbom_target_word, .required = true},
	TU_OPTION_OUTPUT(struct convert, output),
	TU_OPTION_ROOTFS(struct convert, source.rootfs),
	TU_OPTION_SUPPLEMENT(struct convert, source.supplement),
};

const struct tu_command tu_cmd_sbom_convert = {
	.name = "sbom convert",
	.summary = "Convert an SBOM to another format and report what that cannot express",
	.usage = {"SBOM --to FORMAT [OPTION...]", "--rootfs DIR --to FORMAT [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_convert,
};
