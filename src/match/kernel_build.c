#include "match/kernel_build.h"

#include "base/alloc.h"
#include "base/any.h"
#include "match/kernel_options.h"
#include "match/kernel_paths.h"
#include "match/kernel_tree.h"

enum { FILES_NAMED = 3 };

/* From the strongest evidence to the weakest. */
struct tu_kernel_build {
	struct kernel_paths commands; /* what the .cmd files of the build folder name */
	struct kernel_paths listed; /* the list of compiled files */
	struct kernel_config config;
	struct kernel_tree *tree;
	bool has_commands, has_list, has_config, has_tree;
	bool modules; /* the build folder has the list of its modules */
	bool linked; /* there is a .cmd file of vmlinux: the build came to its end */
	bool ended;
};

enum tu_status tu_kernel_build_new(struct tu_kernel_build **out_build, struct tu_error *err)
{
	struct tu_kernel_build *build = tu_alloc(1, sizeof(*build));

	*out_build = NULL;
	if (!build)
		return tu_no_memory(err);
	build->tree = tu_match__kernel_tree_new();
	if (tu_match__kernel_paths_init(&build->commands) &&
		tu_match__kernel_paths_init(&build->listed) && build->tree) {
		*out_build = build;
		return TU_OK;
	}
	tu_kernel_build_free(build);
	return tu_no_memory(err);
}

void tu_kernel_build_free(struct tu_kernel_build *build)
{
	if (!build)
		return;
	tu_match__kernel_paths_done(&build->commands);
	tu_match__kernel_paths_done(&build->listed);
	tu_match__kernel_config_done(&build->config);
	tu_match__kernel_tree_free(build->tree);
	tu_free(build);
}

/* ---- reading ---- */

static bool add_command(struct tu_kernel_build *build, struct tu_str name, struct tu_str text)
{
	build->has_commands = true;
	/* Not that of a linker script or of the kernel's loader. */
	build->linked |= tu_str_eq(name, TU_STR(".vmlinux.cmd")) ||
		tu_str_eq(name, TU_STR(".vmlinux.unstripped.cmd"));
	return tu_match__kernel_paths_command(&build->commands, text);
}

enum tu_status tu_kernel_build_add(struct tu_kernel_build *build, enum tu_kernel_evidence kind,
	struct tu_str name, struct tu_str text, struct tu_error *err)
{
	bool ok = true;

	switch (kind) {
	case TU_KERNEL_CONFIG:
		tu_match__kernel_config_done(&build->config);
		build->has_config = true;
		return tu_match__kernel_config_read(&build->config, text, err);
	case TU_KERNEL_COMPILED:
		build->has_list = true;
		ok = tu_match__kernel_paths_list(&build->listed, text);
		break;
	case TU_KERNEL_COMMAND:
		ok = add_command(build, name, text);
		break;
	case TU_KERNEL_SOURCE:
		if (tu_str_eq(name, TU_STR("modules.order"))) {
			build->modules = true;
			break;
		}
		build->has_tree = true;
		ok = tu_match__kernel_tree_add(build->tree, name, text);
		break;
	}
	return ok ? TU_OK : tu_no_memory(err);
}

bool tu_kernel_source_wanted(struct tu_str path)
{
	return tu_match__kernel_tree_reads(path);
}

/* Of an empty or a strange list would follow that nothing was built. */
static enum tu_status check_files(const struct tu_kernel_build *build, struct tu_error *err)
{
	if (build->has_list && !tu_match__kernel_paths_has(&build->listed, TU_STR("kernel/fork.c")))
		return tu_fail(err, TU_E_SYNTAX, 0,
			"not a list of a kernel's compiled files: kernel/fork.c, which every "
			"kernel has, is not in it");
	if (build->has_commands &&
		(!build->linked ||
			!tu_match__kernel_paths_has(&build->commands, TU_STR("kernel/fork.c"))))
		return tu_fail(err, TU_E_SYNTAX, 0,
			"not the folder of a finished kernel build: it has no .cmd file of %s",
			build->linked ? "kernel/fork.o" : "vmlinux");
	if (build->has_commands && build->has_config && !build->modules &&
		tu_match__kernel_is_set(&build->config, TU_STR("MODULES")))
		return tu_fail(err, TU_E_SYNTAX, 0,
			"not the folder of a finished kernel build: the configuration has "
			"modules, and there is no modules.order");
	return TU_OK;
}

static enum tu_status check_tree(const struct tu_kernel_build *build, struct tu_error *err)
{
	struct kernel_version tree = tu_match__kernel_tree_version(build->tree);
	struct kernel_version config = build->config.version;

	if (!build->has_tree)
		return TU_OK;
	if (tree.major == 0 || !tu_match__kernel_tree_has(build->tree, TU_STR("kernel/fork.c")))
		return tu_fail(err, TU_E_SYNTAX, 0,
			"not the source tree of a kernel: it has no kernel/fork.c or no Makefile "
			"with VERSION and PATCHLEVEL");
	if (!build->has_config)
		return TU_OK;
	if (config.major && tu_match__kernel_version_cmp(config, tree))
		return tu_fail(err, TU_E_SYNTAX, 0,
			"the configuration is of Linux %u.%u, the source tree of %u.%u",
			config.major, config.minor, tree.major, tree.minor);
	if (!build->has_commands && !tu_match__kernel_states_architecture(&build->config))
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"the configuration sets no architecture that is known");
	return TU_OK;
}

enum tu_status tu_kernel_build_end(struct tu_kernel_build *build, struct tu_error *err)
{
	enum tu_status status = check_files(build, err);
	/* Beside .cmd files only the names in the tree count. */
	bool follows = build->has_config && !build->has_commands;

	if (status == TU_OK)
		status = check_tree(build, err);
	if (status == TU_OK && build->has_tree &&
		!tu_match__kernel_tree_end(build->tree, follows ? &build->config : NULL))
		status = tu_no_memory(err);
	build->ended = status == TU_OK;
	return status;
}

/* ---- asking ---- */

/* What is known of one file. */
struct question {
	const struct tu_kernel_build *build;
	struct kernel_version version; /* of the kernel */
	struct tu_str path;
	enum kernel_part part;
	struct tu_str option; /* that is not set, where that was found */
	const struct kernel_paths *missing_in; /* the files of which it is not one, or NULL */
};

/* A record names the files of the newest kernel. In an older one the code may have another path:
 * where the tree is not known, a compiled file of the same name may be it. */
static bool may_have_moved(const struct question *q, const struct kernel_paths *paths)
{
	if (q->build->has_tree)
		return !tu_match__kernel_tree_has(q->build->tree, q->path);
	return tu_match__kernel_paths_has(paths, tu_match__kernel_name(q->path));
}

static enum kernel_answer by_commands(struct question *q)
{
	const struct kernel_paths *paths = &q->build->commands;

	if (tu_match__kernel_paths_has(paths, q->path))
		return KERNEL_BUILT;
	q->missing_in = paths;
	return may_have_moved(q, paths) ? KERNEL_BUILT : KERNEL_LEFT_OUT;
}

static bool is_included_elsewhere(struct tu_str path)
{
	size_t count;
	const struct tu_str *list = tu_match__kernel_included(&count);

	return tu_str_is_any(path, list, count);
}

/* A list that names headers comes from what the compiler read: a source that is not in it was not
 * compiled. One of objects says nothing about a source that another one includes, and only a
 * Makefile that names its object shows that none does. */
static enum kernel_answer by_list(struct question *q)
{
	const struct kernel_paths *paths = &q->build->listed;
	bool folder = tu_match__kernel_paths_folder(paths, tu_match__kernel_folder(q->path));

	if (tu_match__kernel_paths_has(paths, q->path))
		return KERNEL_BUILT;
	if (may_have_moved(q, paths))
		return KERNEL_UNKNOWN;
	/* A list of .c files alone says nothing about others. */
	if (tu_str_ends(q->path, TU_STR(".S")) && !paths->assembler)
		return KERNEL_UNKNOWN;
	if (q->part == KERNEL_INCLUDED)
		folder |= tu_str_search(q->path, TU_STR("include/")) < q->path.len ||
			(!paths->headers && tu_match__kernel_paths_area(paths, q->path));
	else if (paths->headers)
		folder = false;
	else if (q->build->has_tree)
		folder = !tu_match__kernel_tree_own_object(q->build->tree, q->path);
	else
		folder |= is_included_elsewhere(q->path);
	if (folder)
		return KERNEL_UNKNOWN;
	q->missing_in = paths;
	return KERNEL_LEFT_OUT;
}

/* The row of the table that leaves the file out, if any. */
static enum kernel_answer by_table(struct question *q)
{
	bool whole = tu_match__kernel_states_architecture(&q->build->config);
	size_t count;
	const struct kernel_option *rows = tu_match__kernel_options(&count);

	for (const struct kernel_option *row = rows; row < rows + count; row++) {
		if (!tu_str_starts(q->path, row->directory) ||
			(q->part == KERNEL_INCLUDED && !row->headers) ||
			tu_match__kernel_version_cmp(q->version, row->since) < 0 ||
			tu_match__kernel_version_cmp(q->version, row->until) > 0 ||
			!tu_match__kernel_are_unset(&q->build->config, row->options) ||
			(!whole && tu_match__kernel_is_architecture(row->options)))
			continue;
		q->option = row->options;
		return KERNEL_LEFT_OUT;
	}
	return KERNEL_UNKNOWN;
}

/* The strongest evidence that knows the file decides. */
static bool is_left_out(struct question *q)
{
	const struct tu_kernel_build *build = q->build;
	enum kernel_answer answer = KERNEL_UNKNOWN;

	if (build->has_commands)
		return by_commands(q) == KERNEL_LEFT_OUT;
	if (build->has_list)
		answer = by_list(q);
	if (answer == KERNEL_UNKNOWN && build->has_config && build->has_tree)
		return tu_match__kernel_tree_says(build->tree, q->path, &q->option) ==
			KERNEL_LEFT_OUT;
	if (answer == KERNEL_UNKNOWN && build->has_config)
		answer = by_table(q);
	return answer == KERNEL_LEFT_OUT;
}

static void tell(const struct question *q, size_t number, struct tu_buf *why)
{
	if (number >= FILES_NAMED)
		return;
	if (number)
		tu_buf_c(why, "; ");
	tu_buf_str_add(why, q->path);
	if (q->missing_in)
		tu_buf_printf(why, " is not among the %zu compiled files", q->missing_in->files);
	else if (q->option.len)
		tu_buf_printf(why, ": CONFIG_%.*s is not set", TU_STR_FMT(q->option));
	else
		tu_buf_c(why, ": the Makefiles do not build it with this configuration");
}

const char *tu_match__kernel_of_another(
	const struct tu_kernel_build *build, const struct kernel_stated *kernel)
{
	struct kernel_version version = tu_match__kernel_version(kernel->version);
	struct kernel_version config = build->config.version;
	struct kernel_version tree = tu_match__kernel_tree_version(build->tree);

	if (build->has_config && !tu_match__kernel_suits(&build->config, kernel->architecture))
		return "the kernel configuration is of another architecture";
	if (build->has_config && config.major && version.major &&
		tu_match__kernel_version_cmp(config, version))
		return "the kernel configuration is of another version";
	if (build->has_tree && version.major && tu_match__kernel_version_cmp(tree, version))
		return "the kernel's source tree is of another version";
	return NULL;
}

bool tu_match__kernel_leaves_out(const struct tu_kernel_build *build,
	const struct kernel_stated *kernel, struct tu_str files, struct tu_buf *why)
{
	size_t number = 0;
	struct tu_str path;

	if (!build->ended || tu_match__kernel_of_another(build, kernel))
		return false;
	while (files.len && tu_str_split(&files, ' ', &path)) {
		struct question q = {.build = build,
			.version = tu_match__kernel_version(kernel->version),
			.path = path,
			.part = tu_match__kernel_part(path)};

		if (path.len == 0 || q.part == KERNEL_NEVER)
			continue;
		if (q.part == KERNEL_UNCLEAR || !is_left_out(&q))
			return false;
		tell(&q, number++, why);
	}
	if (number > FILES_NAMED)
		tu_buf_printf(why, "; %zu more", number - FILES_NAMED);
	return number > 0;
}
