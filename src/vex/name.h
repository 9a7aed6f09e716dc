/*
 * By what a statement of one's own can name components of an SBOM, so that everybody finds these
 * components in it and no others. Asked is the same index that applies the statements of others.
 */
#ifndef TU_VEX_NAME_H
#define TU_VEX_NAME_H

#include <tutela/issue.h>
#include <tutela/sbom.h>

#include "vex/identity.h"

struct tu_naming {
	struct tu_identity identity;
	const struct tu_inventory *inventory;
	bool *meant; /* by component: is among those asked for */
};

/* The inventory and the arena outlive it. TU_E_NOMEM; end with tu_naming_done() in any case. */
TU_NODISCARD enum tu_status tu_naming_init(
	struct tu_naming *naming, struct tu_arena *arena, const struct tu_inventory *inventory);
void tu_naming_done(struct tu_naming *naming);

/* The components, each with the identifiers that no component has which is not among them: the
 * purl; the first CPE; the first hash that can be read, where it has neither; the BOM-Link.
 * `out_parts` has room for `count`. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_naming_parts(struct tu_naming *naming, const uint32_t *components,
	size_t count, struct tu_issue_part *out_parts);

/* What the maker calls the product (purl, CPE), made fit for a statement: a purl without version
 * gets the release's; what cannot be read, and a CPE of all versions, is left out: it would speak
 * of every release. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_naming_settle(
	struct tu_arena *arena, struct tu_issue_product *product);
/* What the subject of the SBOM is called, fit in the same way: purl, first CPE, BOM-Link. A purl
 * and a CPE that `product` has stay. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_naming_subject(
	struct tu_naming *naming, struct tu_issue_product *product);
/* Whether the SBOM knows its subject by the product's purl or CPE. */
bool tu_naming_agrees(struct tu_naming *naming, const struct tu_issue_product *product);

#endif
