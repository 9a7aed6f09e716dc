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
#include "support/faults.h"
#include "support/rows.h"

/* Document, statements and notes against the three fields after the text. */
static void compare(const struct table *table, const struct tu_vex_document *document)
{
	void (*const parts[])(struct tu_buf *, const struct tu_vex_document *) = {
		text_document, text_claims, text_notes};

	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		struct tu_buf got;

		tu_buf_init(&got, 1 << 20);
		parts[i](&got, document);
		(void)row_has(table, 2 + i, tu_buf_str(&got));
		tu_buf_done(&got);
	}
}

static void check_document(const struct table *table, void *context)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_vex_document *document = NULL;
	struct tu_error err = {0};
	struct tu_buf got;

	(void)context;
	if (tu_vex_read(arena, table->fields[1], false, &document, &err) == TU_OK) {
		compare(table, document);
	} else {
		assert_null(document);
		tu_buf_init(&got, TU_ERROR_TEXT_MAX + 64);
		tu_buf_printf(&got, "%s: %s", tu_status_name(err.status), error_text(&err));
		(void)row_has(table, 2, tu_buf_str(&got));
		tu_buf_done(&got);
	}
	tu_arena_free(arena);
}

static void check_sbom(const struct table *table, void *context)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_vex_document *document = NULL;
	const struct tu_inventory *inventory;

	(void)context;
	assert_int_equal(
		tu_sbom_read(arena, table->fields[1], false, NULL, &inventory, NULL), TU_OK);
	assert_int_equal(tu_vex_own(arena, inventory, &document, NULL), TU_OK);
	compare(table, document);
	tu_arena_free(arena);
}

static void reads_every_document_of_the_table(void **state)
{
	(void)state;
	each_row("vex/read.tsv", 160, check_document, NULL);
}

static void every_sbom_of_the_table_speaks_for_itself(void **state)
{
	(void)state;
	each_row("vex/own.tsv", 15, check_sbom, NULL);
}

static enum tu_status read_failing(void *context, size_t nth, size_t *out_asked)
{
	const struct table *table = context;
	const struct tu_vex_document *document = NULL;
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_error err = {0};
	enum tu_status status;

	tu_fault_set(nth);
	status = tu_vex_read(arena, table->fields[1], false, &document, &err);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	assert_int_equal(err.status, status);
	assert_int_equal(status == TU_OK, document != NULL);
	if (document)
		compare(table, document);
	tu_arena_free(arena);
	return status;
}

static void fail_each_allocation(const struct table *table, void *context)
{
	struct table row = *table;
	size_t asked;

	(void)context;
	fail_each(read_failing, &row, read_failing(&row, 0, &asked), 1);
}

static enum tu_status own_failing(void *context, size_t nth, size_t *out_asked)
{
	const struct table *table = context;
	const struct tu_vex_document *document = NULL;
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_inventory *inventory;
	struct tu_error err = {0};
	enum tu_status status;

	assert_int_equal(
		tu_sbom_read(arena, table->fields[1], false, NULL, &inventory, NULL), TU_OK);
	tu_fault_set(nth);
	status = tu_vex_own(arena, inventory, &document, &err);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	assert_int_equal(err.status, status);
	assert_int_equal(status == TU_OK, document != NULL);
	if (document)
		compare(table, document);
	tu_arena_free(arena);
	return status;
}

static void fail_each_allocation_of_own(const struct table *table, void *context)
{
	struct table row = *table;

	(void)context;
	fail_each(own_failing, &row, TU_OK, 1);
}

static void a_failing_allocation_is_reported(void **state)
{
	(void)state;
	each_row("vex/read.tsv", 1, fail_each_allocation, NULL);
	each_row("vex/own.tsv", 1, fail_each_allocation_of_own, NULL);
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
		cmocka_unit_test(a_failing_allocation_is_reported),
		cmocka_unit_test(no_row_is_wrong),
	};

	return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
