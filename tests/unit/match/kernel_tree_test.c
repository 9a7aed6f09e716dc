/*
 * tests/tables/match/kernel_trees.txt: what a configuration builds of small kernel trees. The same
 * file is put to tools/derive-kernel-table by tests/conformance/kernel_trees.py.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "match/kernel_build.h"
#include "table.h"

enum { FILES_MAX = 200, OPTIONS_MAX = 50 };

struct file {
	struct tu_str path, text;
};

struct tree {
	struct tu_str title;
	struct file files[FILES_MAX];
	size_t file_count;
	struct tu_str options[OPTIONS_MAX]; /* that some Makefile names */
	size_t option_count;
	struct tu_str set; /* "arch=X86 A B" of the configuration at hand */
};

static void add_file(struct tree *tree, struct tu_str path, struct tu_str text)
{
	for (size_t i = 0; i < tree->file_count; i++)
		if (tu_str_eq(tree->files[i].path, path))
			return;
	assert_true(tree->file_count < FILES_MAX);
	tree->files[tree->file_count++] = (struct file){path, text};
}

static void add_options(struct tree *tree, struct tu_str text)
{
	static const struct tu_str mark = TU_STR_INIT("CONFIG_");

	for (size_t at; (at = tu_str_search(text, mark)) < text.len;) {
		size_t end = 0, known = 0;

		text = tu_str_from(text, at + mark.len);
		while (end < text.len && (tu_char_is_alnum(text.ptr[end]) || text.ptr[end] == '_'))
			end++;
		while (known < tree->option_count &&
			!tu_str_eq(tree->options[known], tu_str_first(text, end)))
			known++;
		assert_true(known < OPTIONS_MAX);
		tree->options[known] = tu_str_first(text, end);
		tree->option_count += known == tree->option_count;
	}
}

static bool has_word(struct tu_str words, struct tu_str wanted)
{
	struct tu_str word;

	while (tu_str_split(&words, ' ', &word))
		if (tu_str_eq(word, wanted))
			return true;
	return false;
}

static void write_config(const struct tree *tree, struct tu_buf *out)
{
	struct tu_str words = tree->set, arch = TU_STR("ARM64");

	(void)tu_str_split(&words, ' ', &arch);
	if (!tu_str_skip(&arch, TU_STR("arch=")))
		arch = TU_STR("ARM64");
	tu_buf_printf(
		out, "# Linux/x 6.1.40 Kernel Configuration\nCONFIG_%.*s=y\n", TU_STR_FMT(arch));
	for (size_t i = 0; i < tree->option_count; i++) {
		struct tu_str option = tree->options[i];

		tu_buf_printf(out,
			has_word(tree->set, option) ? "CONFIG_%.*s=m\n"
						    : "# CONFIG_%.*s is not set\n",
			TU_STR_FMT(option));
	}
}

static struct tu_kernel_build *build_of(const struct tree *tree)
{
	static const char version[] = "VERSION = 6\nPATCHLEVEL = 1\n";
	struct tu_kernel_build *build = NULL;
	struct tu_error err = {0};
	struct tu_buf text;

	tu_buf_init(&text, 1 << 16);
	write_config(tree, &text);
	assert_int_equal(tu_kernel_build_new(&build, &err), TU_OK);
	assert_non_null(build);
	assert_int_equal(tu_kernel_build_add(build, TU_KERNEL_CONFIG, TU_STR(".config"),
				 tu_buf_str(&text), &err),
		TU_OK);
	for (size_t i = 0; i < tree->file_count; i++) {
		tu_buf_clear(&text);
		if (tu_str_eq(tree->files[i].path, TU_STR("Makefile")))
			tu_buf_c(&text, version);
		tu_buf_str_add(&text, tree->files[i].text);
		assert_int_equal(tu_kernel_build_add(build, TU_KERNEL_SOURCE, tree->files[i].path,
					 tu_buf_str(&text), &err),
			TU_OK);
	}
	if (tu_kernel_build_end(build, &err))
		fail_msg("%.*s: %s", TU_STR_FMT(tree->title), err.message);
	tu_buf_done(&text);
	return build;
}

/* `option`: empty where the file is not left out. */
static bool ask(const struct tree *tree, struct tu_kernel_build *build, struct tu_str path,
	struct tu_str option, size_t line)
{
	const struct kernel_stated kernel = {.version = TU_STR("6.1.40")};
	struct tu_buf why, wanted;
	bool out, right;

	tu_buf_init(&why, 4096);
	tu_buf_init(&wanted, 4096);
	out = tu_match__kernel_leaves_out(build, &kernel, path, &why);
	if (tu_str_eq(option, TU_STR("-")))
		tu_buf_printf(&wanted,
			"%.*s: the Makefiles do not build it with this configuration",
			TU_STR_FMT(path));
	else if (option.len)
		tu_buf_printf(&wanted, "%.*s: CONFIG_%.*s is not set", TU_STR_FMT(path),
			TU_STR_FMT(option));
	right = out == (option.len > 0) &&
		(!out || tu_str_eq(tu_buf_str(&why), tu_buf_str(&wanted)));
	if (!right)
		print_error("line %zu, %.*s, %.*s: %s (%.*s)\n", line, TU_STR_FMT(tree->title),
			TU_STR_FMT(path), out ? "left out" : "not left out",
			TU_STR_FMT(tu_buf_str(&why)));
	tu_buf_done(&why);
	tu_buf_done(&wanted);
	return right;
}

static bool is_mark(struct tu_str line)
{
	return tu_str_starts(line, TU_STR("=== ")) || tu_str_starts(line, TU_STR("--- ")) ||
		tu_str_starts(line, TU_STR("???"));
}

static struct tu_str content_before_mark(struct tu_str text)
{
	struct tu_str rest = text, line;
	size_t len = 0;

	while (rest.len && tu_str_split(&rest, '\n', &line) && !is_mark(line))
		len = text.len - rest.len;
	return tu_str_first(text, len);
}

/* Read a tree up to the next title: its files and options. */
static void read_tree(struct tree *tree, struct tu_str text)
{
	struct tu_str line, word;

	*tree = (struct tree){0};
	(void)tu_str_split(&text, '\n', &tree->title);
	while (text.len && !tu_str_starts(text, TU_STR("=== "))) {
		(void)tu_str_split(&text, '\n', &line);
		if (tu_str_skip(&line, TU_STR("--- "))) {
			struct tu_str content = content_before_mark(text);

			add_file(tree, line, content);
			add_options(tree, content);
		} else if (tu_str_split(&line, ' ', &word) &&
			(tu_str_eq(word, TU_STR("built")) || tu_str_eq(word, TU_STR("out")) ||
				tu_str_eq(word, TU_STR("unknown")))) {
			struct tu_str path = tu_str_first(line, tu_str_find(line, ' '));

			add_file(tree, path, (struct tu_str){"", 0});
		}
	}
	add_file(tree, TU_STR("Makefile"), (struct tu_str){"", 0});
	add_file(tree, TU_STR("kernel/fork.c"), (struct tu_str){"", 0});
}

struct reading {
	struct tree tree;
	struct tu_kernel_build *build;
	size_t questions, wrong;
};

static void answer(struct reading *r, struct tu_str line, size_t number)
{
	struct tu_str word, path;

	if (tu_str_skip(&line, TU_STR("???"))) {
		tu_kernel_build_free(r->build);
		r->tree.set = tu_str_trim(line);
		r->build = build_of(&r->tree);
		return;
	}
	if (!r->build || !tu_str_split(&line, ' ', &word) || !tu_str_split(&line, ' ', &path))
		return;
	if (!tu_str_eq(word, TU_STR("built")) && !tu_str_eq(word, TU_STR("out")) &&
		!tu_str_eq(word, TU_STR("unknown")))
		fail_msg("line %zu: an answer was expected", number);
	assert_true(tu_str_eq(word, TU_STR("out")) == (line.len > 0));
	r->wrong += !ask(&r->tree, r->build, path, line, number);
	r->questions++;
}

static void trees_are_built_as_the_table_says(void **state)
{
	struct table table;
	struct reading *r = calloc(1, sizeof(*r));
	struct tu_str rest, line;
	(void)state;

	assert_non_null(r);
	table_open(&table, "match/kernel_trees.txt");
	rest = table.rest;
	for (size_t number = 1; rest.len && tu_str_split(&rest, '\n', &line); number++) {
		if (tu_str_starts(line, TU_STR("=== "))) {
			tu_kernel_build_free(r->build);
			r->build = NULL;
			read_tree(&r->tree, tu_str_of(line.ptr, line.len + 1 + rest.len));
		} else {
			answer(r, line, number);
		}
	}
	assert_true(r->questions > 200);
	assert_int_equal(r->wrong, 0);
	tu_kernel_build_free(r->build);
	free(r);
	table_close(&table);
}

/* Of a Makefile that is not read whole nothing may follow. */
static void a_line_that_is_too_long_is_refused(void **state)
{
	struct tu_kernel_build *build = NULL;
	struct tu_error err = {0};
	struct tu_buf text;
	(void)state;

	assert_int_equal(tu_kernel_build_new(&build, &err), TU_OK);
	assert_non_null(build);
	tu_buf_init(&text, 1 << 21);
	tu_buf_c(&text, "VERSION = 6\nPATCHLEVEL = 1\nobj-y += a.o");
	for (size_t i = 0; i < (1 << 20); i++)
		tu_buf_byte(&text, ' ');
	tu_buf_c(&text, "\nobj-y += b.o\n");
	assert_false(text.failed);
	assert_int_equal(tu_kernel_build_add(build, TU_KERNEL_SOURCE, TU_STR("Makefile"),
				 tu_buf_str(&text), &err),
		TU_OK);
	assert_int_equal(tu_kernel_build_add(build, TU_KERNEL_SOURCE, TU_STR("kernel/fork.c"),
				 TU_STR(""), &err),
		TU_OK);
	assert_int_not_equal(tu_kernel_build_end(build, &err), TU_OK);
	tu_buf_done(&text);
	tu_kernel_build_free(build);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees_are_built_as_the_table_says),
		cmocka_unit_test(a_line_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests_name("kernel tree", tests, NULL, NULL);
}
