/*
 * Writing an inventory as a document: what convert and merge have in common.
 */
#ifndef TU_CLI_SBOM_WRITE_H
#define TU_CLI_SBOM_WRITE_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/sbom.h>

struct tu_sbom_target_row {
	const char *name; /* "cyclonedx-1.6-json" */
	enum tu_sbom_target target;
};

/* The target of this name (NULL: the default); NULL: the complaint has been printed. */
const struct tu_sbom_target_row *tu_sbom_target_take(const char *command, const char *name);

/*
 * Write the inventory to the file at `path` (NULL, "-": standard output), and the report of what
 * the target cannot hold to standard error. `renew`: the document says something new, so it gets a
 * serial number of its own; else it keeps what it has. Serial numbers are made from the content:
 * the same content gives the same bytes. The time is the inventory's, else that of
 * $SOURCE_DATE_EPOCH, else now. Returns the exit code.
 */
int tu_sbom_write_file(const char *command, struct tu_arena *arena,
	const struct tu_inventory *inventory, const struct tu_sbom_target_row *target, bool renew,
	const char *path);

#endif
