#include "match/kernel_build.h"

#include "base/alloc.h"
#include "base/intern.h"

enum { PATHS_BYTES_MAX = 1 << 30, FILES_NAMED = 3 };

struct tu_kernel_build {
	struct tu_intern *compiled; /* stems and what lies after each '/' of them; NULL: no list */
	struct tu_intern *directories; /* that hold a compiled file, in the same way */
	size_t files; /* compiled */
	struct tu_intern *options; /* that are set; NULL: no configuration */
};

void tu_kernel_build_free(struct tu_kernel_build *build)
{
	if (!build)
		return;
	tu_intern_free(build->compiled);
	tu_intern_free(build->directories);
	tu_intern_free(build->options);
	tu_free(build);
}

/* ---- the list of compiled files ---- */

/* How a file takes part in a build. */
enum part { COMPILED, INCLUDED, NEVER, UNCLEAR };

/* The part of a path after its last dot. */
static enum part part_of(struct tu_str path)
{
	static const struct {
		struct tu_str ending;
		enum part part;
	} endings[] = {
		{TU_STR_INIT(".c"), COMPILED},
		{TU_STR_INIT(".S"), COMPILED},
		{TU_STR_INIT(".rs"), COMPILED},
		{TU_STR_INIT(".h"), INCLUDED},
		{TU_STR_INIT(".rst"), NEVER},
		{TU_STR_INIT(".txt"), NEVER},
		{TU_STR_INIT("/Kconfig"), NEVER},
		{TU_STR_INIT("/Makefile"), NEVER},
		{TU_STR_INIT("/MAINTAINERS"), NEVER},
	};

	if (tu_str_starts(path, TU_STR("Documentation/")) ||
		tu_str_starts(path, TU_STR("tools/")) || tu_str_starts(path, TU_STR("samples/")))
		return NEVER;
	for (size_t i = 0; i < TU_COUNT(endings); i++) {
		if (tu_str_ends(path, endings[i].ending))
			return endings[i].part;
	}
	return UNCLEAR;
}

/* A compiled file's path without its ending; empty: the line names none. */
static struct tu_str stem_of(struct tu_str path)
{
	static const struct tu_str endings[] = {TU_STR_INIT(".c"), TU_STR_INIT(".o"),
		TU_STR_INIT(".S"), TU_STR_INIT(".s"), TU_STR_INIT(".rs")};

	for (size_t i = 0; i < TU_COUNT(endings); i++) {
		if (path.len > endings[i].len && tu_str_ends(path, endings[i]))
			return tu_str_first(path, path.len - endings[i].len);
	}
	return (struct tu_str){"", 0};
}

/* The list may be relative to the kernel's root or to any folder above it: each tail is noted. */
static bool add_tails(struct tu_intern *set, struct tu_str path)
{
	uint32_t ignored;

	for (;;) {
		size_t slash = tu_str_find(path, '/');

		if (path.len && !tu_intern_add(set, path, &ignored))
			return false;
		if (slash == path.len)
			return true;
		path = tu_str_from(path, slash + 1);
	}
}

static bool add_compiled(struct tu_kernel_build *build, struct tu_str path)
{
	struct tu_str stem;

	(void)tu_str_skip(&path, TU_STR("./"));
	stem = stem_of(path);
	if (stem.len == 0)
		return true;
	build->files++;
	return add_tails(build->compiled, stem) &&
		add_tails(build->directories, tu_str_first(stem, tu_str_rfind(stem, '/')));
}

static enum tu_status read_compiled(
	struct tu_kernel_build *build, struct tu_str text, struct tu_error *err)
{
	struct tu_str line;

	build->compiled = tu_intern_new(PATHS_BYTES_MAX);
	build->directories = tu_intern_new(PATHS_BYTES_MAX);
	if (!build->compiled || !build->directories)
		return tu_no_memory(err);
	while (text.len && tu_str_split(&text, '\n', &line)) {
		line = tu_str_trim(line);
		if (line.len && line.ptr[0] != '#' && !add_compiled(build, line))
			return tu_no_memory(err);
	}
	/* Of an empty or a strange list would follow that nothing was built. */
	if (tu_intern_find(build->compiled, TU_STR("kernel/fork")) == TU_INTERN_NONE)
		return tu_fail(err, TU_E_SYNTAX, 0,
			"not a list of a kernel's compiled files: kernel/fork.c, which every "
			"kernel "
			"has, is not in it");
	return TU_OK;
}

/* ---- the configuration ---- */

static bool add_option(struct tu_kernel_build *build, struct tu_str line)
{
	size_t equals = tu_str_find(line, '=');
	struct tu_str value = tu_str_from(line, equals + 1);
	uint32_t ignored;

	if (!tu_str_skip(&line, TU_STR("CONFIG_")) || equals < 8 || value.len == 0 ||
		tu_str_eq(value, TU_STR("n")))
		return true;
	return tu_intern_add(build->options, tu_str_first(line, equals - 7), &ignored);
}

static enum tu_status read_config(
	struct tu_kernel_build *build, struct tu_str text, struct tu_error *err)
{
	bool whole = false;
	struct tu_str line;

	build->options = tu_intern_new(PATHS_BYTES_MAX);
	if (!build->options)
		return tu_no_memory(err);
	while (text.len && tu_str_split(&text, '\n', &line)) {
		line = tu_str_trim(line);
		/* Only the configuration of a build states its compiler. */
		whole |= tu_str_starts(line, TU_STR("CONFIG_CC_")) ||
			tu_str_starts(line, TU_STR("CONFIG_GCC_VERSION="));
		if (!add_option(build, line))
			return tu_no_memory(err);
	}
	if (!whole)
		return tu_fail(err, TU_E_SYNTAX, 0,
			"not the configuration of a build (a defconfig leaves out what is at its "
			"default): give the .config of the build folder");
	return TU_OK;
}

enum tu_status tu_kernel_build_new(struct tu_str config, struct tu_str compiled,
	struct tu_kernel_build **out_build, struct tu_error *err)
{
	struct tu_kernel_build *build = tu_alloc(1, sizeof(*build));
	enum tu_status status = TU_OK;

	if (!build)
		return tu_no_memory(err);
	if (config.ptr) {
		status = read_config(build, config, err);
		if (status)
			tu_error_prefix(err, "kernel configuration");
	}
	if (!status && compiled.ptr) {
		status = read_compiled(build, compiled, err);
		if (status)
			tu_error_prefix(err, "compiled files");
	}
	if (status)
		tu_kernel_build_free(build);
	else
		*out_build = build;
	return status;
}

/* ---- asking ---- */

static bool is_set(const struct tu_kernel_build *build, struct tu_str options)
{
	struct tu_str option;

	while (options.len && tu_str_split(&options, '|', &option)) {
		if (tu_intern_find(build->options, option) != TU_INTERN_NONE)
			return true;
	}
	return false;
}

/* The row of the table that leaves the file out, or NULL. */
static const struct kernel_option *option_against(
	const struct tu_kernel_build *build, struct tu_str path)
{
	for (size_t i = 0; build->options && i < tu_match__kernel_option_count; i++) {
		if (tu_str_starts(path, tu_match__kernel_options[i].directory) &&
			!is_set(build, tu_match__kernel_options[i].options))
			return &tu_match__kernel_options[i];
	}
	return NULL;
}

static struct tu_str directory_of(struct tu_str path)
{
	return tu_str_first(path, tu_str_rfind(path, '/'));
}

/* A header is in the build when its folder is, and one that all may include always. */
static bool in_list(const struct tu_kernel_build *build, struct tu_str path, enum part part)
{
	if (part == COMPILED)
		return tu_intern_find(build->compiled, stem_of(path)) != TU_INTERN_NONE;
	return tu_str_search(path, TU_STR("include/")) < path.len ||
		tu_intern_find(build->directories, directory_of(path)) != TU_INTERN_NONE;
}

/* The list of files knows; the configuration only where a directory hangs on an option. */
static bool is_left_out(const struct tu_kernel_build *build, struct tu_str path, enum part part,
	const struct kernel_option **out_option)
{
	*out_option = NULL;
	if (build->compiled)
		return !in_list(build, path, part);
	*out_option = option_against(build, path);
	return *out_option != NULL;
}

static void tell(const struct tu_kernel_build *build, struct tu_str path,
	const struct kernel_option *option, size_t number, struct tu_buf *why)
{
	if (number >= FILES_NAMED)
		return;
	if (number)
		tu_buf_c(why, "; ");
	tu_buf_str_add(why, path);
	if (option)
		tu_buf_printf(why, ": CONFIG_%.*s is not set", TU_STR_FMT(option->options));
	else
		tu_buf_printf(why, " is not among the %zu compiled files", build->files);
}

bool tu_match__kernel_leaves_out(
	const struct tu_kernel_build *build, struct tu_str files, struct tu_buf *why)
{
	size_t number = 0;
	struct tu_str path;

	while (files.len && tu_str_split(&files, ' ', &path)) {
		const struct kernel_option *option;
		enum part part = part_of(path);

		if (path.len == 0 || part == NEVER)
			continue;
		if (part == UNCLEAR || !is_left_out(build, path, part, &option))
			return false;
		tell(build, path, option, number++, why);
	}
	if (number > FILES_NAMED)
		tu_buf_printf(why, "; %zu more", number - FILES_NAMED);
	return number > 0;
}
