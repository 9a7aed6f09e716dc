/*
 * Use cases on the ledger wherever it is: an exported file, a data folder, a SQLite file, a
 * database of PostgreSQL. Nothing is changed; a database is opened for reading only.
 */
#ifndef TU_AUDIT_LEDGER_USE_H
#define TU_AUDIT_LEDGER_USE_H

#include "audit/trail.h"

/* The database in a data folder. */
#define TU_DATA_FILE "tutela.db"

struct tu_ledger_use {
	const char *place; /* a file ("-": standard input), a data folder, "postgresql://…" */
	const char *const *checkpoints; /* files */
	size_t checkpoint_count;
	const char *const *keys; /* files of public keys; at least one with checkpoints */
	size_t key_count;
};

/* Verify. A fault is the verdict. TU_E_SYNTAX, TU_E_IO, TU_E_NOTFOUND, …: the place, a file of
 * checkpoints or a key cannot be read; the error names it. */
TU_NODISCARD enum tu_status tu_ledger_use_verify(const struct tu_ledger_use *use,
	struct tu_ledger_verdict *out_verdict, struct tu_error *err);

/* Write the ledger of a database as a file. */
TU_NODISCARD enum tu_status tu_ledger_use_export(
	const char *place, struct tu_sink *out, int64_t *out_records, struct tu_error *err);

#endif
