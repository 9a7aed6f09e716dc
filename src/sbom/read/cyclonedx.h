/*
 * CycloneDX JSON 1.2 to 1.7 (ECMA-424 is 1.6), in two files: the document and its components.
 * Member names: the specification's JSON schemas, github.com/CycloneDX/specification, schema/.
 *
 * The tables of both files list every member of those schemas for the objects that are read: those
 * without a reader are understood and not needed for an inventory.
 */
#ifndef TU_SBOM_CYCLONEDX_H
#define TU_SBOM_CYCLONEDX_H

#include "sbom/inventory.h"

/* Components in a list, nested ones too: their array is allocated once. */
size_t tu_sbom__cyclonedx_count(struct tu_json list);
/* Add one component and what is nested in it. */
TU_NODISCARD enum tu_status tu_sbom__cyclonedx_component(struct tu_sbom_builder *b,
	const struct tu_sbom_at *at, uint32_t parent, uint32_t ordinal, uint32_t *out_index);
/* Note who made the document: a person or an organisation; for tables. */
enum tu_status tu_sbom__cyclonedx_author(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);
/* Add the components of a list; `list` may be absent. */
TU_NODISCARD enum tu_status tu_sbom__cyclonedx_components(
	struct tu_sbom_builder *b, const struct tu_sbom_at *list, uint32_t parent);

#endif
