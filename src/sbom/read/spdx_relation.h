/*
 * Relationships of SPDX 2 JSON: https://spdx.github.io/spdx-spec/v2.3/, clause 11.
 */
#ifndef TU_SBOM_SPDX_RELATION_H
#define TU_SBOM_SPDX_RELATION_H

#include "sbom/inventory.h"

/* What the document says it describes; several different ones leave it without a subject. */
struct tu_sbom_spdx_described {
	uint32_t first;
	bool several;
};

/* Is it NONE or NOASSERTION, SPDX's two ways to say nothing, or empty? */
bool tu_sbom__spdx_says_nothing(struct tu_str text);

/* One relationship, and one item of "documentDescribes"; `into` is what is described. Ends that the
 * document does not have are noted, and so are types that are not known. */
TU_NODISCARD enum tu_status tu_sbom__spdx_relationship(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);
TU_NODISCARD enum tu_status tu_sbom__spdx_described(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into);

#endif
