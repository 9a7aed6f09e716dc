/*
 * The ledger as a file: a first line that says what it is, then one record a line, all in canonical
 * JSON (ledger/line.h). Everything that the hashes cover is in it. docs/formats/ledger.md.
 *
 * Pure functions; one thread at a time for a reader.
 */
#ifndef TU_LEDGER_EXPORT_H
#define TU_LEDGER_EXPORT_H

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

#include "ledger/verify.h"

/* Bytes of a line at most. */
enum { TU_LEDGER_LINE_MAX = 64 << 20 };

struct tu_ledger_header {
	char instance[TU_INSTANCE_DIGITS + 1];
	struct tu_ledger_head head; /* the last record that follows */
};

void tu_ledger_write_header(const struct tu_ledger_header *header, struct tu_buf *out);
void tu_ledger_write_record(const struct tu_ledger_record *record, struct tu_buf *out);

/* Verifies a file that is given in pieces of whole lines. */
struct tu_ledger_reader;

/* NULL when out of memory. `trust` is borrowed. */
TU_NODISCARD struct tu_ledger_reader *tu_ledger_reader_new(const struct tu_ledger_trust *trust);
void tu_ledger_reader_free(struct tu_ledger_reader *reader);
/* Before anything is given: the text has no first line, and no end that is known. */
void tu_ledger_reader_headless(struct tu_ledger_reader *reader);

/* TU_E_SYNTAX, TU_E_LIMIT: the first line is not that of a ledger; err->line is 1. A later line
 * that cannot be read is part of the verdict. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_ledger_reader_add(
	struct tu_ledger_reader *reader, struct tu_str piece, struct tu_error *err);
/* All has been given. TU_E_SYNTAX: that was nothing. */
TU_NODISCARD enum tu_status tu_ledger_reader_end(
	struct tu_ledger_reader *reader, struct tu_error *err);
/* After the end; lives as long as the reader. */
const struct tu_ledger_header *tu_ledger_reader_header(const struct tu_ledger_reader *reader);
const struct tu_ledger_verdict *tu_ledger_reader_verdict(const struct tu_ledger_reader *reader);
/* The last record that is fine, as a record that follows it needs it. */
struct tu_ledger_head tu_ledger_reader_head(const struct tu_ledger_reader *reader);

#endif
