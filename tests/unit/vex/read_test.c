/*
 * What documents of statements say, and what an SBOM itself says: tests/tables/vex/read.tsv and
 * own.tsv, with what is expected as tests/support/claims_text.h writes it.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "error_text.h"
#include "support/claims_text.h"
#include "table.h"

static bool same(const struct table *table, size_t field, struct tu_str got)
{
	if (tu_str_eq(table->fields[field], got))
		return true;
	print_error("line %zu, %.*s\n\texpected %.*s\n\tgot      %.*s\n", table->line,
		TU_STR_FMT(table->fields[0]), TU_STR_FMT(table->fields[field]), TU_STR_FMT(got));
	return false;
}

/* Document, statements and notes against the three fields after the text. */
static bool compare(const struct table *table, const struct tu_vex_document *document)
{
	void (*const parts[])(struct tu_buf *, const struct tu_vex_document *) = {
		text_document, text_claims, text_notes};
	bool fine = true;

	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		struct tu_buf got;

		tu_buf_init(&got, 1 << 20);
		parts[i](&got, document);
		fine = same(table, 2 + i, tu_buf_str(&got)) && fine;
		tu_buf_done(&got);
	}
	return fine;
}

static bool check_document(const struct table *table)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_vex_document *document = NULL;
	struct tu_error err = {0};
	struct tu_buf got;
	bool fine;

	if (tu_vex_read(arena, table->fields[1], false, &document, &err) == TU_OK) {
		fine = compare(table, document);
	} else {
		tu_buf_init(&got, TU_ERROR_TEXT_MAX + 64);
		tu_buf_printf(&got, "%s: %s", tu_status_name(err.status), error_text(&err));
		fine = same(table, 2, tu_buf_str(&got)) && !document;
		tu_buf_done(&got);
	}
	tu_arena_free(arena);
	return fine;
}

static bool check_sbom(const struct table *table)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_vex_document *document = NULL;
	const struct tu_inventory *inventory;
	bool fine;

	assert_int_equal(
		tu_sbom_read(arena, table->fields[1], false, NULL, &inventory, NULL), TU_OK);
	assert_int_equal(tu_vex_own(arena, inventory, &document, NULL), TU_OK);
	fine = compare(table, document);
	tu_arena_free(arena);
	return fine;
}

static void check_table(const char *name, bool (*check)(const struct table *), size_t least)
{
	struct table table;
	size_t wrong = 0, rows = 0;

	table_open(&table, name);
	for (; table_next(&table); rows++)
		wrong += !check(&table);
	table_close(&table);
	print_message("%s: %zu rows, %zu wrong\n", name, rows, wrong);
	assert_int_equal(wrong, 0);
	assert_true(rows >= least);
}

static void reads_every_document_of_the_table(void **state)
{
	(void)state;
	check_table("vex/read.tsv", check_document, 80);
}

static void every_sbom_of_the_table_speaks_for_itself(void **state)
{
	(void)state;
	check_table("vex/own.tsv", check_sbom, 15);
}

/* Every outcome has a word and a sentence of its own. */
static void outcomes_have_names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TU_VEX_OUTCOMES; i++) {
		struct tu_str name = tu_str_c(tu_vex_outcome_name((enum tu_vex_outcome)i));
		struct tu_str sentence = tu_str_c(tu_vex_outcome_sentence((enum tu_vex_outcome)i));

		assert_true(name.len > 0 && sentence.len > name.len);
		for (unsigned k = 0; k < i; k++) {
			enum tu_vex_outcome other = (enum tu_vex_outcome)k;

			assert_false(tu_str_eq(name, tu_str_c(tu_vex_outcome_name(other))));
			assert_false(tu_str_eq(sentence, tu_str_c(tu_vex_outcome_sentence(other))));
		}
	}
	assert_string_equal(tu_vex_outcome_name(TU_VEX_OUTCOMES), "");
	assert_string_equal(tu_vex_outcome_sentence(TU_VEX_OUTCOMES), "");
	assert_string_equal(tu_vex_format_name((enum tu_vex_format)9), "none");
	assert_string_equal(tu_vex_format_name((enum tu_vex_format)4), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_document_of_the_table),
		cmocka_unit_test(every_sbom_of_the_table_speaks_for_itself),
		cmocka_unit_test(outcomes_have_names),
	};

	return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
