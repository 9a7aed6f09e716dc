/*
 * An SBOM that the user names, read into an inventory.
 */
#ifndef TU_APP_SBOM_FILE_H
#define TU_APP_SBOM_FILE_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/error.h>
#include <tutela/sbom.h>

/* Memory for an inventory and for what is derived from it. */
#define TU_SBOM_MEMORY_MAX ((size_t)8 << 30)

/* What is to be read, as the user named it; the texts are borrowed. */
struct tu_sbom_source {
	const char *path; /* a document; NULL when `rootfs` is set */
	const char *const *purls; /* instead of a document: package URLs */
	size_t purl_count;
	const char *rootfs; /* the folder of a root file system */
	const char *supplement; /* a side file that is merged into the inventory, or NULL */
	bool for_matching; /* leave out what matching does not ask for: see tu_sbom_limits */
};

/* Read it. Errors as of tu_sbom_file_read(), tu_sbom_read_rootfs() and tu_supplement_apply();
 * messages begin with the file's path. */
TU_NODISCARD enum tu_status tu_sbom_source_read(struct tu_arena *arena,
	const struct tu_sbom_source *source, const struct tu_inventory **out_inventory,
	struct tu_error *err);
/* Merge the side file at `path` into each of the inventories; a selector must hit in one of them.
 * Messages begin with the path. */
TU_NODISCARD enum tu_status tu_sbom_file_supplement(struct tu_arena *arena, const char *path,
	const struct tu_inventory **inventories, size_t count, struct tu_error *err);
/* The name of the document or folder, or the first package URL. */
const char *tu_sbom_source_name(const struct tu_sbom_source *source);

/* Read the file at `path` ("-": standard input), plain, gzip or zstd, of any format that is
 * supported. The inventory lives in `arena`. Messages begin with the path. */
TU_NODISCARD enum tu_status tu_sbom_file_read(struct tu_arena *arena, const char *path,
	const struct tu_inventory **out_inventory, struct tu_error *err);

/* The same for the SBOM of a device's release: what matching asks for, with what is above each
 * component, for selectors. */
TU_NODISCARD enum tu_status tu_sbom_file_of_release(struct tu_arena *arena, const char *path,
	const struct tu_inventory **out_inventory, struct tu_error *err);

/* "infusion-pump 2.3", the name of the document or of its subject; "" when it has none. */
void tu_sbom_file_title(const struct tu_inventory *inventory, struct tu_buf *out);

#endif
