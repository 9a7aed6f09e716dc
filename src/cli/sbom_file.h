/*
 * An SBOM that the user names, read into an inventory.
 */
#ifndef TU_CLI_SBOM_FILE_H
#define TU_CLI_SBOM_FILE_H

#include <tutela/arena.h>
#include <tutela/error.h>
#include <tutela/sbom.h>

/* Memory for an inventory and for what is derived from it. */
#define TU_SBOM_MEMORY_MAX ((size_t)8 << 30)

/* Read the file at `path` ("-": standard input), plain, gzip or zstd, of any format that is
 * supported. The inventory lives in `arena`. Messages begin with the path. */
TU_NODISCARD enum tu_status tu_sbom_file_read(struct tu_arena *arena, const char *path,
	const struct tu_inventory **out_inventory, struct tu_error *err);

/* "infusion-pump 2.3", the name of the document or of its subject; "" when it has none. */
void tu_sbom_file_title(const struct tu_inventory *inventory, struct tu_buf *out);

#endif
