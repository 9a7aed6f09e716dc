/* tutela sbom merge: several SBOMs as one about the whole device. */
#include <string.h>

#include <tutela/sbom_merge.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/sbom_cmd.h"
#include "cli/sbom_write.h"

static const char name[] = "sbom";

struct merge {
	char **paths;
	size_t count;
	const char *name;
	const char *version;
	const char *kind;
	const char *to;
	const char *supplement;
	const char *output;
	struct tu_merge_options options;
	enum tu_sbom_target target;
	struct tu_arena *arena;
	const struct tu_inventory **inputs;
};

static const char *kind_word(size_t index)
{
	size_t kind = index + TU_KIND_APPLICATION;

	return kind <= TU_KIND_CRYPTOGRAPHIC_ASSET
		? tu_component_kind_name((enum tu_component_kind)kind)
		: NULL;
}

static void read_kind(struct merge *m)
{
	m->options.kind = TU_KIND_APPLICATION;
	while (strcmp(tu_component_kind_name(m->options.kind), m->kind) != 0)
		m->options.kind++;
}

static bool read_inputs(struct merge *m, int argc, char **argv)
{
	size_t pipes = 0;

	m->paths = argv + 1;
	m->count = argc < 1 ? 0 : (size_t)argc - 1;
	for (size_t i = 0; i < m->count; i++)
		pipes += strcmp(m->paths[i], "-") == 0;
	if (m->count < 2)
		tu_command_misused(name, "expected two SBOMs or more");
	else if (pipes > 1)
		tu_command_misused(name, "standard input can be read only once");
	else if (!m->options.name.len || !m->options.version.len)
		tu_command_misused(name, "expected --name and --version of the whole");
	else
		return true;
	return false;
}

static bool read_request(int argc, char **argv, struct merge *m)
{
	if (!tu_options_take(&tu_cmd_sbom_merge, &argc, argv, m))
		return false;
	m->options.name = tu_str_c(m->name);
	m->options.version = tu_str_c(m->version);
	read_kind(m);
	return read_inputs(m, argc, argv) && tu_sbom_target_named(tu_str_c(m->to), &m->target);
}

static enum tu_status read_all(struct merge *m, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	m->inputs = tu_arena_array(m->arena, m->count, sizeof(const struct tu_inventory *));
	if (!m->inputs)
		return tu_no_memory(err);
	for (size_t i = 0; !status && i < m->count; i++)
		status = tu_sbom_file_read(m->arena, m->paths[i], &m->inputs[i], err);
	if (!status && m->supplement)
		status = tu_sbom_file_supplement(m->arena, m->supplement, m->inputs, m->count, err);
	return status;
}

static void tell(const struct merge *m, const struct tu_merge_counts *counts)
{
	for (size_t i = 0; i < m->count; i++) {
		tu_sbom_cmd_warn_notes(m->paths[i], m->inputs[i]);
		for (size_t k = 0; k < i; k++)
			tu_sbom_cmd_same_serial(
				m->paths[k], m->inputs[k], m->paths[i], m->inputs[i]);
	}
	if (counts->joined)
		tu_command_warn(name, "%zu component%s joined with one that is alike",
			counts->joined, counts->joined == 1 ? " was" : "s were");
	if (counts->contradictions)
		tu_command_warn(name,
			"%zu of them state another supplier, licence or hash: the first "
			"document's word stays",
			counts->contradictions);
}

static int run(struct merge *m)
{
	const struct tu_inventory *merged = NULL;
	struct tu_merge_counts counts;
	struct tu_error err = {0};
	enum tu_status status = read_all(m, &err);

	if (!status)
		status = tu_sbom_merge(
			m->arena, m->inputs, m->count, &m->options, &merged, &counts, &err);
	if (status)
		return tu_command_failed(name, &err);
	tell(m, &counts);
	return tu_sbom_write_file(name, m->arena, merged, m->target, true, m->output);
}

static int run_merge(int argc, char **argv)
{
	struct merge m = {.count = 0};
	int code;

	if (!read_request(argc, argv, &m))
		return TU_EXIT_USAGE;
	m.arena = tu_arena_new(TU_SBOM_MEMORY_MAX);
	code = m.arena ? run(&m) : tu_command_no_memory(name);
	tu_arena_free(m.arena);
	return code;
}

static const struct tu_option options[] = {
	{"name", 0, "NAME", "Name the whole", TU_TEXT(struct merge, name), .required = true},
	{"version", 0, "VERSION", "State the version of the whole", TU_TEXT(struct merge, version),
		.required = true},
	{"type", 0, "TYPE", "State the type of the whole", TU_TEXT(struct merge, kind),
		.word = kind_word, .preset = "device"},
	{"to", 0, "FORMAT", "Write this format", TU_TEXT(struct merge, to),
		.word = tu_sbom_target_word, .preset = "cyclonedx-1.6-json"},
	TU_OPTION_OUTPUT(struct merge, output),
	{"flatten", 0, NULL, "Join components that are alike instead of nesting the documents",
		TU_FLAG(struct merge, options.flatten)},
	TU_OPTION_SUPPLEMENT(struct merge, supplement),
};

const struct tu_command tu_cmd_sbom_merge = {
	.name = "sbom merge",
	.summary = "Merge several SBOMs into one for the whole device",
	.usage = {"A B... --name NAME --version VERSION [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_merge,
};
