#include "match/kernel_tree.h"

#include <stdlib.h>

#include <tutela/buf.h>

#include "base/alloc.h"
#include "base/any.h"
#include "base/vec.h"
#include "match/kernel_entered.h"
#include "match/kernel_paths.h"

#define TREE_BYTES_MAX ((size_t)1 << 30)

/* `by` says #include "text"; sorted by the last name of the text. */
struct inclusion {
	uint32_t name, text, by;
};

struct kernel_tree {
	struct tu_intern *files; /* paths */
	struct tu_intern *texts; /* of inclusions */
	struct tu_intern *names; /* what follows the last '/' of them */
	TU_VEC(struct inclusion) inclusions;
	struct kernel_entered *entered; /* the Makefiles */
	struct kernel_version version;
	bool configured;
	uint8_t *own; /* by file: its own object may be built */
	uint32_t *marks; /* by file: the question that came by last */
	uint32_t question;
	TU_VEC(uint32_t) queue;
};

struct kernel_tree *tu_match__kernel_tree_new(void)
{
	struct kernel_tree *tree = tu_alloc(1, sizeof(*tree));

	if (!tree)
		return NULL;
	tree->files = tu_intern_new(TREE_BYTES_MAX);
	tree->texts = tu_intern_new(TREE_BYTES_MAX);
	tree->names = tu_intern_new(TREE_BYTES_MAX);
	tree->entered = tu_match__kernel_entered_new();
	if (tree->files && tree->texts && tree->names && tree->entered)
		return tree;
	tu_match__kernel_tree_free(tree);
	return NULL;
}

void tu_match__kernel_tree_free(struct kernel_tree *tree)
{
	if (!tree)
		return;
	tu_intern_free(tree->files);
	tu_intern_free(tree->texts);
	tu_intern_free(tree->names);
	tu_match__kernel_entered_free(tree->entered);
	TU_VEC_DONE(&tree->inclusions);
	TU_VEC_DONE(&tree->queue);
	tu_free(tree->own);
	tu_free(tree->marks);
	tu_free(tree);
}

/* ---- reading ---- */

static bool is_makefile(struct tu_str path)
{
	struct tu_str name = tu_match__kernel_name(path);

	return tu_str_starts(name, TU_STR("Makefile")) || tu_str_starts(name, TU_STR("Kbuild")) ||
		tu_str_starts(name, TU_STR("Platform")) || tu_str_ends(name, TU_STR(".mk"));
}

static bool is_code(struct tu_str path)
{
	static const struct tu_str endings[] = {TU_STR_INIT(".c"), TU_STR_INIT(".S"),
		TU_STR_INIT(".rs"), TU_STR_INIT(".h"), TU_STR_INIT(".inc")};

	return tu_str_ends_any(path, endings, TU_COUNT(endings));
}

bool tu_match__kernel_tree_reads(struct tu_str path)
{
	static const struct tu_str others[] = {TU_STR_INIT("Documentation/"), TU_STR_INIT("tools/"),
		TU_STR_INIT("samples/"), TU_STR_INIT("scripts/")};

	return !tu_str_starts_any(path, others, TU_COUNT(others)) &&
		(is_makefile(path) || is_code(path));
}

/* The file that a line includes, or empty. */
static struct tu_str included_by(struct tu_str line)
{
	struct tu_str text;
	char closing;

	while (line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t'))
		line = tu_str_from(line, 1);
	if (!tu_str_skip(&line, TU_STR("#")))
		return (struct tu_str){"", 0};
	line = tu_str_trim(line);
	if (!tu_str_skip(&line, TU_STR("include")))
		return (struct tu_str){"", 0};
	line = tu_str_trim(line);
	if (line.len == 0 || (line.ptr[0] != '"' && line.ptr[0] != '<'))
		return (struct tu_str){"", 0};
	closing = line.ptr[0] == '<' ? '>' : '"';
	line = tu_str_from(line, 1);
	text = tu_str_first(line, tu_str_find(line, closing));
	return text.len < line.len ? text : (struct tu_str){"", 0};
}

static bool add_inclusion(struct kernel_tree *tree, uint32_t by, struct tu_str text)
{
	struct inclusion new = {.by = by};

	return tu_intern_add(tree->texts, text, &new.text) &&
		tu_intern_add(tree->names, tu_match__kernel_name(text), &new.name) &&
		TU_VEC_PUSH(&tree->inclusions, new);
}

/* Lines without '#' are passed over as one. */
static bool read_code(struct kernel_tree *tree, uint32_t file, struct tu_str text)
{
	while (text.len) {
		const char *hash = memchr(text.ptr, '#', text.len);
		struct tu_str line, included;
		size_t at;

		if (!hash)
			return true;
		at = (size_t)(hash - text.ptr);
		while (at && (text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '\t'))
			at--;
		if (at && text.ptr[at - 1] != '\n') {
			text = tu_str_from(text, (size_t)(hash - text.ptr) + 1);
			continue;
		}
		text = tu_str_from(text, at);
		(void)tu_str_split(&text, '\n', &line);
		included = included_by(line);
		if (included.len && !add_inclusion(tree, file, included))
			return false;
	}
	return true;
}

static uint64_t number_of(struct tu_str text, struct tu_str name)
{
	struct tu_str line;
	uint64_t number = 0;

	while (text.len && tu_str_split(&text, '\n', &line)) {
		if (!tu_str_skip(&line, name))
			continue;
		line = tu_str_trim(line);
		if (tu_str_skip(&line, TU_STR("=")) &&
			tu_str_to_u64(tu_str_trim(line), 9999, &number))
			return number;
	}
	return 0;
}

bool tu_match__kernel_tree_add(struct kernel_tree *tree, struct tu_str path, struct tu_str text)
{
	uint32_t file;

	if (tu_str_eq(path, TU_STR("Makefile"))) {
		tree->version.major = (uint32_t)number_of(text, TU_STR("VERSION"));
		tree->version.minor = (uint32_t)number_of(text, TU_STR("PATCHLEVEL"));
	}
	if (is_makefile(path))
		return text.len == 0 || tu_match__kernel_entered_add(tree->entered, path, text);
	return tu_intern_add(tree->files, path, &file) && read_code(tree, file, text);
}

struct kernel_version tu_match__kernel_tree_version(const struct kernel_tree *tree)
{
	return tree->version;
}

/* ---- what is built ---- */

static int compare_inclusions(const void *a, const void *b)
{
	const struct inclusion *x = a, *y = b;

	if (x->name != y->name)
		return x->name < y->name ? -1 : 1;
	return x->by < y->by ? -1 : x->by > y->by;
}

static bool is_source(struct tu_str path)
{
	return tu_match__kernel_part(path) == KERNEL_COMPILED;
}

bool tu_match__kernel_tree_end(struct kernel_tree *tree, const struct kernel_config *config)
{
	uint32_t files = tu_intern_count(tree->files);

	tree->own = tu_alloc((size_t)files + 1, sizeof(*tree->own));
	tree->marks = tu_alloc((size_t)files + 1, sizeof(*tree->marks));
	if (!tree->own || !tree->marks ||
		!tu_match__kernel_entered_end(tree->entered, tree->files, config))
		return false;
	if (tree->inclusions.count > 1)
		qsort(tree->inclusions.at, tree->inclusions.count, sizeof(*tree->inclusions.at),
			compare_inclusions);
	tree->configured = config != NULL;
	for (uint32_t i = 0; config && i < files; i++) {
		struct tu_str path = tu_intern_str(tree->files, i);

		tree->own[i] =
			is_source(path) && tu_match__kernel_entered_builds(tree->entered, path);
	}
	return true;
}

bool tu_match__kernel_tree_has(const struct kernel_tree *tree, struct tu_str path)
{
	return tu_intern_find(tree->files, path) != TU_INTERN_NONE;
}

/* ---- what is included ---- */

static size_t first_inclusion(const struct kernel_tree *tree, uint32_t name)
{
	size_t lo = 0, hi = tree->inclusions.count;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (tree->inclusions.at[middle].name < name)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

/* Does this line include `path`? A name that is found beside the file that includes it is that one,
 * else any file of the tree whose path ends so. */
static bool includes(
	const struct kernel_tree *tree, const struct inclusion *line, struct tu_str path)
{
	char room[KERNEL_PATH_MAX];
	struct tu_str text = tu_intern_str(tree->texts, line->text);
	struct tu_str near = tu_match__kernel_join(
		tu_match__kernel_folder(tu_intern_str(tree->files, line->by)), text, room);

	if (near.len && tu_intern_find(tree->files, near) != TU_INTERN_NONE)
		return tu_str_eq(near, path);
	while (tu_str_skip(&text, TU_STR("./")) || tu_str_skip(&text, TU_STR("../")))
		continue;
	if (!tu_str_ends(path, text))
		return false;
	return path.len == text.len || path.ptr[path.len - text.len - 1] == '/';
}

/* Put the files that include `path` into the queue, each once a question. */
static bool queue_includers(struct kernel_tree *tree, struct tu_str path)
{
	uint32_t name = tu_intern_find(tree->names, tu_match__kernel_name(path));
	size_t i = name == TU_INTERN_NONE ? tree->inclusions.count : first_inclusion(tree, name);

	for (; i < tree->inclusions.count && tree->inclusions.at[i].name == name; i++) {
		const struct inclusion *line = &tree->inclusions.at[i];

		if (tree->marks[line->by] == tree->question || !includes(tree, line, path))
			continue;
		tree->marks[line->by] = tree->question;
		if (!TU_VEC_PUSH(&tree->queue, line->by))
			return false;
	}
	return true;
}

/* May something that is compiled include the file? True as well where memory is short. */
static bool is_reached(struct kernel_tree *tree, uint32_t file, bool *out_included)
{
	tree->queue.count = 0;
	tree->question++;
	tree->marks[file] = tree->question;
	if (!queue_includers(tree, tu_intern_str(tree->files, file)))
		return true;
	*out_included = tree->queue.count > 0;
	for (size_t i = 0; i < tree->queue.count; i++) {
		uint32_t by = tree->queue.at[i];

		if (tree->own[by] || !queue_includers(tree, tu_intern_str(tree->files, by)))
			return true;
	}
	return false;
}

bool tu_match__kernel_tree_own_object(struct kernel_tree *tree, struct tu_str path)
{
	uint32_t file = tu_intern_find(tree->files, path);
	bool included = true;

	if (file == TU_INTERN_NONE || !tu_match__kernel_entered_names(tree->entered, path))
		return false;
	return !is_reached(tree, file, &included) && !included;
}

enum kernel_answer tu_match__kernel_tree_says(
	struct kernel_tree *tree, struct tu_str path, struct tu_str *out_option)
{
	uint32_t file = tu_intern_find(tree->files, path);
	bool included = false;

	*out_option = (struct tu_str){"", 0};
	if (!tree->configured || file == TU_INTERN_NONE)
		return KERNEL_UNKNOWN;
	if (tree->own[file] || is_reached(tree, file, &included))
		return KERNEL_BUILT;
	if (!included && !(is_source(path) && tu_match__kernel_entered_names(tree->entered, path)))
		return KERNEL_UNKNOWN;
	/* Any file may include it by a name that is made up by macros. */
	if (tu_str_starts(path, TU_STR("include/")) ||
		tu_str_search(path, TU_STR("/include/")) < path.len)
		return KERNEL_UNKNOWN;
	*out_option = tu_match__kernel_entered_option(tree->entered, path);
	return KERNEL_LEFT_OUT;
}
