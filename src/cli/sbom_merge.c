/* tutela sbom merge: several SBOMs as one about the whole device. */
#include <string.h>

#include <tutela/sbom_merge.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/sbom_cmd.h"
#include "cli/sbom_write.h"

static const char name[] = "sbom";

struct merge {
	char **paths;
	size_t count;
	const char *supplement;
	const char *output;
	struct tu_merge_options options;
	enum tu_sbom_target target;
	struct tu_arena *arena;
	const struct tu_inventory **inputs;
};

static bool read_kind(struct merge *m, const char *word)
{
	m->options.kind = TU_KIND_DEVICE;
	if (!word)
		return true;
	for (int i = TU_KIND_APPLICATION; i <= TU_KIND_CRYPTOGRAPHIC_ASSET; i++) {
		m->options.kind = (enum tu_component_kind)i;
		if (strcmp(tu_component_kind_name(m->options.kind), word) == 0)
			return true;
	}
	tu_command_misused(
		name, "--type is one of CycloneDX's types, such as device, not \"%s\"", word);
	return false;
}

static bool read_inputs(struct merge *m, int argc, char **argv)
{
	size_t pipes = 0;

	m->paths = argv + 1;
	m->count = argc < 1 ? 0 : (size_t)argc - 1;
	for (size_t i = 0; i < m->count; i++)
		pipes += strcmp(m->paths[i], "-") == 0;
	if (m->count < 2)
		tu_command_misused(name, "merge wants two SBOMs or more");
	else if (pipes > 1)
		tu_command_misused(name, "standard input is read once");
	else if (!m->options.name.len || !m->options.version.len)
		tu_command_misused(name, "merge wants --name and --version of the whole");
	else
		return true;
	return false;
}

static bool read_request(int argc, char **argv, struct merge *m)
{
	const char *subject = NULL;
	const char *version = NULL;
	const char *kind = NULL;
	const char *to = NULL;
	const struct tu_option options[] = {
		{.name = "name", .value = &subject},
		{.name = "version", .value = &version},
		{.name = "type", .value = &kind},
		{.name = "to", .value = &to},
		{.name = "output", .letter = 'o', .value = &m->output},
		{.name = "supplement", .value = &m->supplement},
		{.name = "flatten", .flag = &m->options.flatten},
	};

	if (!tu_options_take(&argc, argv, options, (int)TU_COUNT(options)))
		return false;
	m->options.name = tu_str_c(subject);
	m->options.version = tu_str_c(version);
	if (!read_inputs(m, argc, argv) || !read_kind(m, kind))
		return false;
	return tu_sbom_target_take(name, to, &m->target);
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

int tu_sbom_cmd_merge(int argc, char **argv)
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
