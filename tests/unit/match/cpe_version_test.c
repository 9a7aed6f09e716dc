/*
 * tests/tables/match/updates.tsv and same_updates.tsv: how a version's text is split into version
 * and update, and which updates are the same in other words.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "match/cpe_version.h"
#include "table.h"

static void splits_an_update_off_a_version(void **state)
{
	struct table table;
	size_t cases = 0;

	(void)state;
	table_open(&table, "match/updates.tsv");
	for (; table_next(&table); cases++) {
		struct tu_str base, update;
		bool split = tu_match__split_update(table.fields[0], &base, &update);
		bool wanted = !tu_str_eq(table.fields[1], TU_STR("whole"));

		if (split != wanted)
			fail_msg("line %zu: %.*s", table.line, TU_STR_FMT(table.fields[0]));
		if (!split)
			continue;
		if (!tu_str_eq(base, table.fields[1]) || !tu_str_eq(update, table.fields[2]))
			fail_msg("line %zu: %.*s and %.*s", table.line, TU_STR_FMT(base),
				TU_STR_FMT(update));
		if (tu_match__is_prerelease(update) != tu_str_eq(table.fields[3], TU_STR("before")))
			fail_msg("line %zu: before or after the release", table.line);
	}
	table_close(&table);
	assert_true(cases > 0);
}

static void knows_an_update_in_other_words(void **state)
{
	struct table table;
	size_t cases = 0;

	(void)state;
	table_open(&table, "match/same_updates.tsv");
	for (; table_next(&table); cases++) {
		bool same = tu_match__same_update(table.fields[0], table.fields[1]);
		bool other = tu_match__is_other_word(table.fields[0], table.fields[1]);

		if (same != tu_str_eq(table.fields[2], TU_STR("same")) ||
			other != tu_str_eq(table.fields[3], TU_STR("yes")) ||
			same != tu_match__same_update(table.fields[1], table.fields[0]) ||
			other != tu_match__is_other_word(table.fields[1], table.fields[0]))
			fail_msg("line %zu: %.*s, %.*s", table.line, TU_STR_FMT(table.fields[0]),
				TU_STR_FMT(table.fields[1]));
	}
	table_close(&table);
	assert_true(cases > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_an_update_off_a_version),
		cmocka_unit_test(knows_an_update_in_other_words),
	};

	return cmocka_run_group_tests_name("cpe_version", tests, NULL, NULL);
}
