/*
 * Rows of a table that are tested one after the other: each that is wrong is printed, and the
 * others are still tested.
 */
#ifndef TU_TESTS_ROWS_H
#define TU_TESTS_ROWS_H

#include "table.h"

static size_t rows_wrong; /* of all tables of a program */

/* Is the field of the present row what is expected? */
static inline bool row_has(const struct table *table, size_t field, struct tu_str got)
{
	if (tu_str_eq(table->fields[field], got))
		return true;
	rows_wrong++;
	print_error("line %zu, %.*s\n\texpected %.*s\n\tgot      %.*s\n", table->line,
		TU_STR_FMT(table->fields[0]), TU_STR_FMT(table->fields[field]), TU_STR_FMT(got));
	return false;
}

static inline void each_row(const char *name, size_t least,
	void (*check)(const struct table *table, void *context), void *context)
{
	struct table table;
	size_t rows = 0, before = rows_wrong;

	table_open(&table, name);
	for (; table_next(&table); rows++)
		check(&table, context);
	table_close(&table);
	assert_int_equal(rows_wrong, before);
	assert_true(rows >= least);
}

/* The last test of a program: also what came before a row that ended the test of its table. */
static inline void no_row_is_wrong(void **state)
{
	(void)state;
	assert_int_equal(rows_wrong, 0);
}

#endif
