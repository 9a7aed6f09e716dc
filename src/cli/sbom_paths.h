/*
 * The paths that lead to components, as `path:` selectors of a device take them.
 */
#ifndef TU_CLI_SBOM_PATHS_H
#define TU_CLI_SBOM_PATHS_H

#include "cli/sbom_cmd.h"

/* Print the paths to each component that `wanted` names: by name, purl or reference, with "*". At
 * most so many that a person reads them; how many components there are in `*out_found`. `inventory`
 * has what is above each component. */
void tu_sbom_paths_print(struct tu_sbom_answer *answer, const struct tu_inventory *inventory,
	struct tu_str wanted, size_t *out_found);

#endif
