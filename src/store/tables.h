/* The statements and the migrations, as tools/gen-statements lays them out. */
#ifndef TU_STORE_TABLES_H
#define TU_STORE_TABLES_H

#include <stddef.h>

#include "store/store.h"

struct tu_sql_text {
	const char *name;
	const char *text[TU_STORE_ENGINES]; /* mostly the same for both */
	size_t parameters;
	/* What PostgreSQL's text takes in arrays, all rows at once: a letter a parameter, i (64
	 * bits), t (text) or b (bytes). NULL: it takes one row. */
	const char *arrays;
};

extern const struct tu_sql_text tu_sql_texts[TU_SQL_COUNT_];

struct tu_migration {
	unsigned number; /* from 1, without a gap */
	const char *name;
	const char *digest; /* hexadecimal SHA-256 of the file */
	const char *const *steps[TU_STORE_ENGINES]; /* statements, the last is followed by NULL */
};

extern const struct tu_migration tu_migrations[];
extern const size_t tu_migration_count;

#endif
