/* What PostgreSQL complains of, in the words of the store. */
#include <stdio.h>
#include <string.h>

#include "store/postgres.h"

/* SQLSTATE classes and codes (PostgreSQL 15, appendix A). */
static const struct {
	const char *prefix;
	enum tu_status status;
	const char *says;
} sqlstates[] = {
	{"40", TU_E_CONFLICT, "the transaction collided with another one"},
	{"55P03", TU_E_BUSY, "a lock is taken"},
	{"57014", TU_E_BUSY, "the statement took too long"},
	{"22003", TU_E_LIMIT, "a number is too large for the database"},
	{"23", TU_E_CONSTRAINT, "a rule of the database refuses it"},
	{"54", TU_E_LIMIT, "a limit of the database"},
	{"XX", TU_E_CORRUPT, "the database is damaged"},
};

/* As SQLite names it: UNIQUE by the table, NOT NULL by table and column, CHECK by its own name. */
static void constraint_name(const PGresult *result, const char *state, char *out, size_t size)
{
	const char *table = PQ(resultErrorField)(result, PG_DIAG_TABLE_NAME);
	const char *column = PQ(resultErrorField)(result, PG_DIAG_COLUMN_NAME);
	const char *name = PQ(resultErrorField)(result, PG_DIAG_CONSTRAINT_NAME);

	if (strcmp(state, "23502") == 0)
		(void)snprintf(out, size, "%s.%s", table ? table : "", column ? column : "");
	else if (strcmp(state, "23503") == 0)
		(void)snprintf(out, size, "FOREIGN KEY");
	else
		(void)snprintf(out, size, "%s",
			strcmp(state, "23505") == 0 && table ? table
				: name			     ? name
							     : "");
}

/* What PostgreSQL says of it quotes rows, and is of no use to a person. */
static enum tu_status constraint(
	const PGresult *result, const char *state, const char *says, struct tu_error *err)
{
	char name[TU_ERROR_POINTER_MAX] = "";

	constraint_name(result, state, name, sizeof(name));
	return tu_fail_at(
		err, TU_E_CONSTRAINT, &(struct tu_error_place){.pointer = name}, "%s", says);
}

enum tu_status tu_postgres__failed(PGconn *pg, const PGresult *result, struct tu_error *err)
{
	const char *state = result ? PQ(resultErrorField)(result, PG_DIAG_SQLSTATE) : NULL;
	const char *text = result ? PQ(resultErrorField)(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;

	if (!text)
		text = PQ(errorMessage)(pg);
	for (size_t i = 0; state && i < TU_COUNT(sqlstates); i++) {
		if (strncmp(state, sqlstates[i].prefix, strlen(sqlstates[i].prefix)) != 0)
			continue;
		if (sqlstates[i].status == TU_E_CONSTRAINT)
			return constraint(result, state, sqlstates[i].says, err);
		return tu_fail(err, sqlstates[i].status, 0, "%s: %s", sqlstates[i].says, text);
	}
	return tu_fail(err, TU_E_IO, 0, "database: %.*s",
		TU_STR_FMT(tu_str_first(tu_str_c(text), tu_str_find(tu_str_c(text), '\n'))));
}
