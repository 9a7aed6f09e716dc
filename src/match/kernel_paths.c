#include "match/kernel_paths.h"

#define PATHS_BYTES_MAX ((size_t)1 << 30)

/* ---- names ---- */

enum kernel_part tu_match__kernel_part(struct tu_str path)
{
	static const struct {
		struct tu_str ending;
		enum kernel_part part;
	} endings[] = {
		{TU_STR_INIT(".c"), KERNEL_COMPILED},
		{TU_STR_INIT(".S"), KERNEL_COMPILED},
		{TU_STR_INIT(".rs"), KERNEL_COMPILED},
		{TU_STR_INIT(".h"), KERNEL_INCLUDED},
		{TU_STR_INIT(".rst"), KERNEL_NEVER},
		{TU_STR_INIT(".txt"), KERNEL_NEVER},
		{TU_STR_INIT("/Kconfig"), KERNEL_NEVER},
		{TU_STR_INIT("/Makefile"), KERNEL_NEVER},
		{TU_STR_INIT("MAINTAINERS"), KERNEL_NEVER},
	};

	if (tu_str_starts(path, TU_STR("Documentation/")) ||
		tu_str_starts(path, TU_STR("tools/")) || tu_str_starts(path, TU_STR("samples/")))
		return KERNEL_NEVER;
	for (size_t i = 0; i < TU_COUNT(endings); i++) {
		if (tu_str_ends(path, endings[i].ending))
			return endings[i].part;
	}
	return KERNEL_UNCLEAR;
}

struct tu_str tu_match__kernel_stem(struct tu_str path)
{
	static const struct tu_str endings[] = {TU_STR_INIT(".c"), TU_STR_INIT(".o"),
		TU_STR_INIT(".S"), TU_STR_INIT(".s"), TU_STR_INIT(".rs")};

	for (size_t i = 0; i < TU_COUNT(endings); i++) {
		if (path.len > endings[i].len && tu_str_ends(path, endings[i]))
			return tu_str_first(path, path.len - endings[i].len);
	}
	return (struct tu_str){"", 0};
}

struct tu_str tu_match__kernel_folder(struct tu_str path)
{
	size_t slash = tu_str_rfind(path, '/');

	return tu_str_first(path, slash == path.len ? 0 : slash);
}

struct tu_str tu_match__kernel_name(struct tu_str path)
{
	size_t slash = tu_str_rfind(path, '/');

	return slash == path.len ? path : tu_str_from(path, slash + 1);
}

/* ---- the set ---- */

bool tu_match__kernel_paths_init(struct kernel_paths *paths)
{
	*paths = (struct kernel_paths){.whole = tu_intern_new(PATHS_BYTES_MAX),
		.tails = tu_intern_new(PATHS_BYTES_MAX),
		.folders = tu_intern_new(PATHS_BYTES_MAX),
		.areas = tu_intern_new(PATHS_BYTES_MAX)};
	return paths->whole && paths->tails && paths->folders && paths->areas;
}

void tu_match__kernel_paths_done(struct kernel_paths *paths)
{
	tu_intern_free(paths->whole);
	tu_intern_free(paths->tails);
	tu_intern_free(paths->folders);
	tu_intern_free(paths->areas);
	*paths = (struct kernel_paths){0};
}

/* The path may be relative to the kernel's root or to any folder above it. */
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

/* The first two parts of a path, of a driver's the first three. */
static struct tu_str area_of(struct tu_str path)
{
	size_t parts = tu_str_starts(path, TU_STR("drivers/")) ? 3 : 2;
	size_t end = 0;

	while (end < path.len && (path.ptr[end] != '/' || --parts))
		end++;
	return tu_str_first(path, end);
}

static bool add_areas(struct tu_intern *set, struct tu_str path)
{
	uint32_t ignored;

	for (;;) {
		size_t slash = tu_str_find(path, '/');

		if (slash == path.len)
			return true;
		if (!tu_intern_add(set, area_of(path), &ignored))
			return false;
		path = tu_str_from(path, slash + 1);
	}
}

/* The object "a.pi.o" is made of "a.c", as "a.nvhe.o" is: the first name is noted as well. */
static bool add_short_stem(struct kernel_paths *paths, struct tu_str path, struct tu_str stem)
{
	struct tu_str folder = tu_match__kernel_folder(stem);
	size_t from = folder.len ? folder.len + 1 : 0;
	size_t dot = tu_str_find(tu_str_from(stem, from), '.');

	if (!tu_str_ends(path, TU_STR(".o")) || dot == 0 || from + dot == stem.len)
		return true;
	return add_tails(paths->tails, tu_str_first(stem, from + dot));
}

bool tu_match__kernel_paths_add(struct kernel_paths *paths, struct tu_str path)
{
	uint32_t before = tu_intern_count(paths->whole);
	struct tu_str stem = tu_match__kernel_stem(path);
	uint32_t id;

	while (tu_str_skip(&path, TU_STR("./")) || tu_str_skip(&path, TU_STR("../")))
		stem = tu_match__kernel_stem(path);
	if (path.len == 0)
		return true;
	if (!tu_intern_add(paths->whole, path, &id))
		return false;
	if (id < before)
		return true;
	if (stem.len == 0) {
		paths->headers |= tu_str_ends(path, TU_STR(".h")) &&
			tu_str_search(path, TU_STR("include/linux/")) < path.len;
		return add_tails(paths->tails, path);
	}
	paths->files++;
	paths->assembler |= !tu_str_ends(path, TU_STR(".c")) && !tu_str_ends(path, TU_STR(".rs"));
	return add_tails(paths->tails, stem) && add_short_stem(paths, path, stem) &&
		add_tails(paths->folders, tu_match__kernel_folder(stem)) &&
		add_areas(paths->areas, stem);
}

bool tu_match__kernel_paths_list(struct kernel_paths *paths, struct tu_str text)
{
	struct tu_str line;

	while (text.len && tu_str_split(&text, '\n', &line)) {
		line = tu_str_trim(line);
		if (line.len && line.ptr[0] != '#' && !tu_match__kernel_paths_add(paths, line))
			return false;
	}
	return true;
}

/* ---- .cmd files ---- */

static bool is_source(struct tu_str word)
{
	return tu_match__kernel_stem(word).len > 0 && !tu_str_ends(word, TU_STR(".o"));
}

/*
 * "source_net/a.o := net/a.c", then "deps_net/a.o := \" and a name on each line, some inside
 * $(wildcard …), which are options. The command names its source as well. Any word of the file that
 * looks like a source or a header is taken: a word too many clears nothing.
 */
bool tu_match__kernel_paths_command(struct kernel_paths *paths, struct tu_str text)
{
	size_t at = 0;

	while (at < text.len) {
		size_t from = at;
		struct tu_str word;

		while (at < text.len && !tu_char_is_space(text.ptr[at]))
			at++;
		word = tu_str_first(tu_str_from(text, from), at - from);
		at++;
		while (word.len && (word.ptr[word.len - 1] == ';' || word.ptr[word.len - 1] == ')'))
			word.len--;
		if (!is_source(word) && !tu_str_ends(word, TU_STR(".h")))
			continue;
		if (!tu_match__kernel_paths_add(paths, word))
			return false;
	}
	return true;
}

/* ---- asking ---- */

bool tu_match__kernel_paths_has(const struct kernel_paths *paths, struct tu_str path)
{
	struct tu_str stem = tu_match__kernel_stem(path);

	return tu_intern_find(paths->tails, stem.len ? stem : path) != TU_INTERN_NONE;
}

bool tu_match__kernel_paths_folder(const struct kernel_paths *paths, struct tu_str folder)
{
	return tu_intern_find(paths->folders, folder) != TU_INTERN_NONE;
}

bool tu_match__kernel_paths_area(const struct kernel_paths *paths, struct tu_str path)
{
	return tu_intern_find(paths->areas, area_of(path)) != TU_INTERN_NONE;
}
