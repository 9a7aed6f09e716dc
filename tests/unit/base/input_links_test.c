#define _GNU_SOURCE /* mkdtemp, symlink */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input.h"
#include "pack.h"

/* Walks of folders with links in them. */

static enum tu_status note_visit(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	(void)err;
	tu_buf_printf(context, "%.*s=%.*s\n", TU_STR_FMT(name), TU_STR_FMT(text));
	return TU_OK;
}

static void note_problem(void *context, struct tu_str name, const struct tu_error *problem)
{
	tu_buf_printf(context, "%.*s!%s\n", TU_STR_FMT(name), tu_status_name(problem->status));
}

/* What the walk reports, a line each: "name=text" or "name!status". */
static void expect_walk(const char *path, const char *expected)
{
	struct tu_buf text;
	const struct tu_input_walk walk = {
		.visit = note_visit, .problem = note_problem, .context = &text};

	tu_buf_init(&text, 1 << 20);
	assert_int_equal(tu_input_each(path, &walk, NULL), TU_OK);
	tu_buf_byte(&text, '\0');
	assert_string_equal(text.ptr, expected);
	tu_buf_done(&text);
}

static void loops_and_folders_with_many_paths_end(void **state)
{
	char path[64];
	char target[64];
	(void)state;

	assert_int_equal(mkdir("l", 0755), 0);
	assert_int_equal(mkdir("l/sub", 0755), 0);
	pack_file("l/sub/x", TU_STR("[1]"));
	assert_int_equal(symlink("..", "l/sub/up"), 0);
	expect_walk("l", "l/sub/x=[1]\n");

	/* each folder twice links to the next: 2^40 paths without a document on the way */
	assert_int_equal(mkdir("m", 0755), 0);
	for (int i = 0; i < 40; i++) {
		(void)snprintf(path, sizeof(path), "m/%d", i);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	for (int i = 0; i < 39; i++) {
		(void)snprintf(target, sizeof(target), "../%d", i + 1);
		(void)snprintf(path, sizeof(path), "m/%d/a", i);
		assert_int_equal(symlink(target, path), 0);
		(void)snprintf(path, sizeof(path), "m/%d/b", i);
		assert_int_equal(symlink(target, path), 0);
	}
	alarm(20);
	expect_walk("m", "");
	alarm(0);
}

/* A walk ends at the folder that was named, whatever the links in it say. */
static void links_out_of_the_folder_are_not_followed(void **state)
{
	static const char out[] = "!unsupported\n";
	char expected[1024];
	(void)state;

	assert_int_equal(mkdir("o", 0755), 0);
	assert_int_equal(mkdir("o/in", 0755), 0);
	assert_int_equal(mkdir("o/in/deep", 0755), 0);
	assert_int_equal(mkdir("o/input", 0755), 0);
	pack_file("o/secret", TU_STR("[9]"));
	pack_file("o/input/secret", TU_STR("[8]"));
	pack_file("o/in/deep/x", TU_STR("[1]"));
	assert_int_equal(symlink("../secret", "o/in/a-file"), 0);
	assert_int_equal(symlink("../input", "o/in/b-sibling"), 0);
	assert_int_equal(symlink("/", "o/in/c-root"), 0);
	assert_int_equal(symlink("deep", "o/in/d-inside"), 0);
	assert_int_equal(symlink("deep/../../secret", "o/in/e-through"), 0);
	assert_int_equal(symlink("a-file", "o/in/f-chain"), 0);
	assert_int_equal(symlink("deep/x", "o/in/g-inside"), 0);
	(void)snprintf(expected, sizeof(expected),
		"o/in/a-file%so/in/b-sibling%so/in/c-root%so/in/d-inside/x=[1]\n"
		"o/in/deep/x=[1]\no/in/e-through%so/in/f-chain%so/in/g-inside=[1]\n",
		out, out, out, out, out);
	alarm(20);
	expect_walk("o/in", expected);
	/* the folder itself may be named by a link */
	assert_int_equal(symlink("in/deep", "o/named"), 0);
	expect_walk("o/named", "o/named/x=[1]\n");
	alarm(0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pack_set_up, pack_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(loops_and_folders_with_many_paths_end),
		TEST(links_out_of_the_folder_are_not_followed),
	};

	return cmocka_run_group_tests_name("input_links", tests, NULL, NULL);
}
