/*
 * An inventory of package URLs that a person names, in place of an SBOM.
 */
#ifndef TU_APP_PURL_SBOM_H
#define TU_APP_PURL_SBOM_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/error.h>
#include <tutela/sbom.h>

/* Whether an operand is meant as a package URL: it begins with "pkg:". */
bool tu_purl_sbom_is(const char *operand);

/* One component for each package URL, with it as its reference. The inventory lives in `arena`.
 * TU_E_SYNTAX names the one that is not valid; TU_E_LIMIT, TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_purl_sbom(struct tu_arena *arena, const char *const *purls,
	size_t count, const struct tu_inventory **out_inventory, struct tu_error *err);

#endif
