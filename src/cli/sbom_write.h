/*
 * Writing an inventory as a document: what convert and merge have in common.
 */
#ifndef TU_CLI_SBOM_WRITE_H
#define TU_CLI_SBOM_WRITE_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/sbom.h>

/* The names of targets, a closed list for options.h. */
const char *tu_sbom_target_word(size_t index);

/*
 * Write the inventory to the file at `path` (NULL, "-": standard output), and the report of what
 * the target cannot hold to standard error. `renew`: the document says something new, so it gets a
 * serial number of its own; else it keeps what it has. Serial numbers are made from the content:
 * the same content gives the same bytes. The time is the inventory's, else that of
 * $SOURCE_DATE_EPOCH, else now. Returns the exit code.
 */
int tu_sbom_write_file(const char *command, struct tu_arena *arena,
	const struct tu_inventory *inventory, enum tu_sbom_target target, bool renew,
	const char *path);

#endif
