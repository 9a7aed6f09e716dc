/* tests/tables/distro.tsv, and which release covers which. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/fault.h"
#include "base/input.h"
#include "ident/distro.h"

static void check_row(struct tu_arena *arena, struct tu_str line, size_t *wrong)
{
	struct tu_str field[3] = {{"", 0}, {"", 0}, {"", 0}};
	struct tu_str spelled, again;

	for (size_t i = 0; i < TU_COUNT(field); i++)
		(void)tu_str_split(&line, '\t', &field[i]);
	assert_true(tu_distro_spell(arena, field[0], &spelled));
	assert_true(tu_distro_spell(arena, spelled, &again));
	if (tu_str_eq(spelled, field[1]) && tu_str_eq(again, spelled) &&
		tu_str_eq(tu_distro_namespace(spelled), field[2]))
		return;
	print_error("%.*s is \"%.*s\", spelled again \"%.*s\", namespace \"%.*s\"\n",
		TU_STR_FMT(field[0]), TU_STR_FMT(spelled), TU_STR_FMT(again),
		TU_STR_FMT(tu_distro_namespace(spelled)));
	++*wrong;
}

static void releases_have_one_spelling(void **state)
{
	const char *tables = getenv("TU_TABLES");
	struct tu_arena *arena = tu_arena_new(0);
	size_t cases = 0, wrong = 0;
	struct tu_error err = {0};
	struct tu_buf table;
	struct tu_str rest, line;
	char path[4096];

	(void)state;
	assert_non_null(arena);
	(void)snprintf(path, sizeof(path), "%s/distro.tsv", tables ? tables : "tests/tables");
	tu_buf_init(&table, 1 << 20);
	if (tu_input_read(path, &table, &err))
		fail_msg("%s", err.message);
	rest = tu_buf_str(&table);
	while (tu_str_split(&rest, '\n', &line)) {
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		cases++;
		check_row(arena, line, &wrong);
	}
	tu_buf_done(&table);
	tu_arena_free(arena);
	assert_true(cases >= 40);
	assert_int_equal(wrong, 0);
}

static void a_release_covers_its_points_and_no_neighbour(void **state)
{
	(void)state;
	assert_true(tu_distro_covers(TU_STR("debian-11"), TU_STR("debian-11")));
	assert_true(tu_distro_covers(TU_STR("debian-11"), TU_STR("debian-11.6")));
	assert_true(tu_distro_covers(TU_STR("alpine-3.18"), TU_STR("alpine-3.18.4")));
	assert_false(tu_distro_covers(TU_STR("alpine-3.1"), TU_STR("alpine-3.18.4")));
	assert_false(tu_distro_covers(TU_STR("rhel-9.2"), TU_STR("rhel-9")));
	assert_false(tu_distro_covers(TU_STR("debian-1"), TU_STR("debian-11")));
	assert_false(tu_distro_covers(TU_STR("ubuntu-22.04"), TU_STR("debian-12")));
}

/* A backport is of no release that records are about; what is not understood is of none at all. */
static void backports_and_unknown_words_are_no_release(void **state)
{
	static const struct {
		struct tu_str namespace_, text, spelled;
		bool understood;
	} rows[] = {
		{TU_STR_INIT("debian"), TU_STR_INIT("12"), TU_STR_INIT("debian-12"), true},
		{TU_STR_INIT("alpine"), TU_STR_INIT("v3.18"), TU_STR_INIT("alpine-3.18"), true},
		{TU_STR_INIT("alpine"), TU_STR_INIT("edge"), TU_STR_INIT("alpine-edge"), true},
		{TU_STR_INIT("rocky"), TU_STR_INIT("el8"), TU_STR_INIT("rocky-8"), true},
		{TU_STR_INIT("centos"), TU_STR_INIT("el9_2"), TU_STR_INIT("rhel-9"), true},
		{TU_STR_INIT("raspbian"), TU_STR_INIT("bookworm"), TU_STR_INIT("raspbian-12"),
			true},
		{TU_STR_INIT("debian"), TU_STR_INIT("bookworm-backports"),
			TU_STR_INIT("debian-12-backports"), true},
		{TU_STR_INIT("debian"), TU_STR_INIT("stable"), TU_STR_INIT("debian-stable"), false},
		{TU_STR_INIT("debian"), TU_STR_INIT("xyz"), TU_STR_INIT("debian-xyz"), false},
		{TU_STR_INIT("ubuntu"), TU_STR_INIT("bookworm"), TU_STR_INIT("ubuntu-bookworm"),
			false},
		{TU_STR_INIT("redhat"), TU_STR_INIT("acme-os-7"), TU_STR_INIT("acme-os-7"), false},
	};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_str spelled, again;

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		assert_true(tu_distro_spell_in(arena, rows[i].namespace_, rows[i].text, &spelled));
		if (!tu_str_eq(spelled, rows[i].spelled) ||
			tu_distro_is_understood(spelled) != rows[i].understood)
			fail_msg("%.*s is \"%.*s\"", TU_STR_FMT(rows[i].text), TU_STR_FMT(spelled));
	}
	assert_false(tu_distro_covers(TU_STR("debian-12"), TU_STR("debian-12-backports")));
	assert_true(tu_distro_covers(TU_STR("debian-12-backports"), TU_STR("debian-12-backports")));
	assert_true(tu_distro_backported(arena, TU_STR("debian-12"), &spelled));
	assert_true(tu_str_eq(spelled, TU_STR("debian-12-backports")));
	assert_true(tu_distro_backported(arena, spelled, &again));
	assert_true(tu_str_eq(again, spelled));
	assert_true(tu_distro_backported(arena, TU_STR(""), &spelled));
	assert_int_equal(spelled.len, 0);
	tu_arena_free(arena);
}

static void hostile_texts_are_left(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	char longest[400];
	struct tu_str out;

	(void)state;
	assert_non_null(arena);
	memset(longest, 'a', sizeof(longest));
	assert_true(tu_distro_spell(arena, tu_str_of(longest, sizeof(longest)), &out));
	assert_int_equal(out.len, 0);
	assert_true(tu_distro_spell(arena, TU_STR(""), &out));
	assert_int_equal(out.len, 0);
	assert_true(tu_distro_spell(arena, TU_STR("-"), &out));
	assert_true(tu_distro_spell(arena, TU_STR("---9"), &out));
	tu_fault_set(1);
	assert_false(tu_distro_spell(arena, TU_STR("debian 12"), &out));
	tu_fault_set(0);
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(releases_have_one_spelling),
		cmocka_unit_test(a_release_covers_its_points_and_no_neighbour),
		cmocka_unit_test(backports_and_unknown_words_are_no_release),
		cmocka_unit_test(hostile_texts_are_left),
	};

	return cmocka_run_group_tests_name("distributions", tests, NULL, NULL);
}
