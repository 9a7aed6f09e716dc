/*
 * The schemas of rows as the document has them, for the test that compares them with the tables of
 * columns (tests/unit/api/rows_test.c).
 */
#ifndef TU_API_ROWS_H
#define TU_API_ROWS_H

#include <stdbool.h>

#include "api/columns.h"

struct tu_api_property {
	const char *name;
	const char *type; /* "string", "integer", "number", "boolean", "any" */
	const char *format; /* or NULL */
	bool nullable;
	bool words; /* it has an enum */
	bool required;
};

/* Of a door, ended by one without a name. */
struct tu_api_row_schema {
	const char *schema;
	const struct tu_api_table *table;
	const struct tu_api_property *properties; /* ended by one without a name */
};

#endif
