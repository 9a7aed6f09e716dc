/*
 * What the first and the last block of a backup say (docs/formats/backup.md).
 *
 * Pure functions.
 */
#ifndef TU_DATADIR_MANIFEST_H
#define TU_DATADIR_MANIFEST_H

#include "datadir/backup.h"
#include "store/dump.h"

/* Append what the backup is of. */
void tu_manifest_write(
	const struct tu_backup *backup, const struct tu_tables *tables, struct tu_buf *out);
/* Append how many rows of each table came before. */
void tu_manifest_write_end(const int64_t *rows, size_t count, struct tu_buf *out);

/* Read it; the tables are in the arena. TU_E_CORRUPT says what is missing; TU_E_UNSUPPORTED when
 * the schema is one that this program does not have: newer, or another under that number. */
TU_NODISCARD enum tu_status tu_manifest_read(struct tu_arena *arena, struct tu_str text,
	struct tu_backup *out_backup, struct tu_tables *out_tables, struct tu_error *err);
/* Are these the counts that the end names? TU_E_CORRUPT. */
TU_NODISCARD enum tu_status tu_manifest_check_end(struct tu_str text,
	const struct tu_tables *tables, const int64_t *rows, struct tu_error *err);

#endif
