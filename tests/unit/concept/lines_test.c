/* Lines added to a YAML file: what was there stays, or nothing is written. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "concept/lines.h"

struct row {
	const char *before, *key, *items;
	size_t count;
	const char *after; /* NULL: refused */
};

static const struct row rows[] = {
	/* a new list, at the end of the file */
	{"a: 1\n", "l", "- x\n", 1, "a: 1\nl:\n  - x\n"},
	{"a: 1", "l", "- x\n", 1, "a: 1\nl:\n  - x\n"},
	{"", "l", "- x\n- y\n", 2, "l:\n  - x\n  - y\n"},
	/* after the last item, before what belongs to the next key */
	{"l:\n  - x # why\n\n# about b\nb: 1\n", "l", "- y\n", 1,
		"l:\n  - x # why\n  - y\n\n# about b\nb: 1\n"},
	{"l:\n- x\nb: 1\n", "l", "- k: 1\n  m: 2\n", 1, "l:\n- x\n- k: 1\n  m: 2\nb: 1\n"},
	{"l:\n      - {k: 1}\n", "l", "- k: 2\n  m: 3\n", 1,
		"l:\n      - {k: 1}\n      - k: 2\n        m: 3\n"},
	{"l:\n  - x\n  # the last word\n", "l", "- y\n", 1,
		"l:\n  - x\n  - y\n  # the last word\n"},
	/* a block scalar whose last line looks like a comment */
	{"l:\n  - |-\n    a\n    # b\n", "l", "- y\n", 1, "l:\n  - |-\n    a\n    # b\n  - y\n"},
	{"l:\n  - a\n  - b\n", "l", "- |-\n  c\n\n  d\n", 1,
		"l:\n  - a\n  - b\n  - |-\n    c\n\n    d\n"},
	/* a list without items yet */
	{"l:\nb: 1\n", "l", "- x\n", 1, "l:\n  - x\nb: 1\n"},
	/* keys of the outermost map */
	{"a: 1\n", "", "b: 2\n", 1, "a: 1\nb: 2\n"},
	/* what cannot grow by a line */
	{"l: [x]\n", "l", "- y\n", 1, NULL},
	{"l: []\n", "l", "- y\n", 1, NULL},
	{"{l: [x]}\n", "l", "- y\n", 1, NULL},
	{"{\"l\": []}", "l", "- y\n", 1, NULL},
	{"l: text\n", "l", "- y\n", 1, NULL},
	{"l: {a: 1}\n", "l", "- y\n", 1, NULL},
	{"{a: 1}\n", "l", "- y\n", 1, NULL},
	{"a: 1\n...\n", "l", "- y\n", 1, NULL},
	/* new lines that say something else than they should */
	{"a: 1\n", "l", "- x\n", 2, NULL},
	{"a: 1\n", "", "a: 2\n", 1, NULL},
	{"l:\n  - x\n", "l", "- y\nb: 1\n", 1, NULL},
};

static void adds_or_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct tu_arena *arena = tu_arena_new(1 << 20);
		struct tu_lines lines = {arena, TU_STR("f.yaml"), tu_str_c(row->before)};
		struct tu_lines_new added = {tu_str_c(row->key), tu_str_c(row->items), row->count};
		struct tu_error err = {0};
		struct tu_buf out;
		enum tu_status status;

		assert_non_null(arena);
		tu_buf_init(&out, 1 << 16);
		status = tu_lines_add(&lines, &added, &out, &err);
		if (!row->after && status == TU_OK)
			fail_msg("row %zu was not refused", i);
		if (row->after && status != TU_OK)
			fail_msg("row %zu: %s", i, err.message);
		tu_buf_byte(&out, '\0');
		if (row->after)
			assert_string_equal(out.ptr, row->after);
		else
			assert_non_null(strstr(err.message, "nothing was written"));
		tu_buf_done(&out);
		tu_arena_free(arena);
	}
}

#define KEEP(n) \
	{ \
		{"", 0}, n \
	}
#define NEW(lines) \
	{ \
		TU_STR_INIT(lines), 0 \
	}

static const struct {
	const char *before;
	struct tu_lines_item items[4];
	size_t count;
	const char *after; /* NULL: refused */
} lists[] = {
	{"l:\n  - x # why\n  # more\n  - y\n\n# about b\nb: 1\n",
		{KEEP(1), NEW("- k: 1\n  m: 2\n"), KEEP(0)}, 3,
		"l:\n  - y\n  - k: 1\n    m: 2\n  - x # why\n  # more\n\n# about b\nb: 1\n"},
	{"a: 1\nl: # them\n# first\n- {k: 1}\n- |-\n  a\n\n  b\n", {KEEP(1)}, 1,
		"a: 1\nl: # them\n# first\n- |-\n  a\n\n  b\n"},
	{"l:\n  - x", {KEEP(0), NEW("- y\n")}, 2, "l:\n  - x\n  - y\n"},
	{"l:\n  - x\nb: 1\n", {KEEP(0)}, 0, "l:\nb: 1\n"},
	{"l:\nb: 1\n", {KEEP(0)}, 0, "l:\nb: 1\n"},
	{"b: 1\n", {KEEP(0)}, 0, "b: 1\n"},
	{"b: 1\n", {NEW("- x\n"), NEW("- y\n")}, 2, "b: 1\nl:\n  - x\n  - y\n"},
	{"l: [x, y]\n", {KEEP(0)}, 1, NULL},
	{"l: [x, y]\n", {KEEP(0)}, 0, NULL},
	{"l: {a: 1}\n", {KEEP(0)}, 1, NULL},
	{"l:\n  - &a x\n  - *a\n", {KEEP(1)}, 1, NULL},
	{"l:\n  - x\n", {NEW("- y\nb: 1\n")}, 1, NULL},
	{"l:\n  - x\n", {NEW("- y\n- z\n")}, 1, NULL},
};

static void sets_a_list_or_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(lists); i++) {
		struct tu_arena *arena = tu_arena_new(1 << 20);
		struct tu_lines lines = {arena, TU_STR("f.yaml"), tu_str_c(lists[i].before)};
		struct tu_lines_list list = {TU_STR("l"), lists[i].items, lists[i].count};
		struct tu_error err = {0};
		struct tu_buf out;
		enum tu_status status;

		assert_non_null(arena);
		tu_buf_init(&out, 1 << 16);
		status = tu_lines_set(&lines, &list, &out, &err);
		if ((status == TU_OK) != (lists[i].after != NULL))
			fail_msg("row %zu: %s", i, status ? err.message : "was not refused");
		tu_buf_byte(&out, '\0');
		if (lists[i].after)
			assert_string_equal(out.ptr, lists[i].after);
		tu_buf_done(&out);
		tu_arena_free(arena);
	}
}

static const struct {
	const char *before, *after; /* NULL: refused */
} words[] = {
	{"a: 1\nw: old   # why: so\nb: 2\n", "a: 1\nw: new   # why: so\nb: 2\n"},
	{"w: old", "w: new"},
	{"w:\nb: 1\n", "w: new\nb: 1\n"},
	{"\"w\": 'old'\n", "\"w\": new\n"},
	{"b: 1\n", "b: 1\nw: new\n"},
	{"{w: old}\n", NULL},
	{"w: [old]\nb: 1\n", "w: new\nb: 1\n"},
	{"w:\n  - old\n", NULL},
	{"w: |-\n  old\n", NULL},
};

static void sets_a_word_or_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(words); i++) {
		struct tu_arena *arena = tu_arena_new(1 << 20);
		struct tu_lines lines = {arena, TU_STR("f.yaml"), tu_str_c(words[i].before)};
		struct tu_error err = {0};
		struct tu_buf out;
		enum tu_status status;

		assert_non_null(arena);
		tu_buf_init(&out, 1 << 16);
		status = tu_lines_set_word(&lines, TU_STR("w"), TU_STR("new"), &out, &err);
		if ((status == TU_OK) != (words[i].after != NULL))
			fail_msg("row %zu: %s", i, status ? err.message : "was not refused");
		tu_buf_byte(&out, '\0');
		if (words[i].after)
			assert_string_equal(out.ptr, words[i].after);
		tu_buf_done(&out);
		tu_arena_free(arena);
	}
}

static void a_broken_file_is_named_with_its_place(void **state)
{
	struct tu_arena *arena = tu_arena_new(1 << 20);
	struct tu_lines lines = {arena, TU_STR("f.yaml"), TU_STR("a: 1\na: 2\n")};
	struct tu_lines_new added = {TU_STR("l"), TU_STR("- x\n"), 1};
	struct tu_error err = {0};
	struct tu_buf out;

	(void)state;
	assert_non_null(arena);
	tu_buf_init(&out, 1 << 16);
	assert_int_equal(tu_lines_add(&lines, &added, &out, &err), TU_E_SYNTAX);
	assert_int_equal(err.line, 2);
	assert_int_equal(out.len, 0);
	tu_buf_done(&out);
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_or_refuses),
		cmocka_unit_test(sets_a_list_or_refuses),
		cmocka_unit_test(sets_a_word_or_refuses),
		cmocka_unit_test(a_broken_file_is_named_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
