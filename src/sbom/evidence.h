/*
 * What a build says about vulnerabilities, shared by its readers.
 */
#ifndef TU_SBOM_EVIDENCE_H
#define TU_SBOM_EVIDENCE_H

#include "sbom/inventory.h"

/* One statement about one component. Views, copied. */
struct tu_sbom_evidence {
	struct tu_str id;
	enum tu_claim_status status;
	struct tu_str justification;
	struct tu_str detail;
	uint32_t component; /* TU_NO_COMPONENT: nothing is stated */
};

TU_NODISCARD enum tu_status tu_sbom__add_evidence(
	struct tu_sbom_builder *b, const struct tu_sbom_evidence *evidence);
/* A property of the draft; nothing for an empty value. `name` is static. */
TU_NODISCARD enum tu_status tu_sbom__add_property(
	struct tu_sbom_builder *b, struct tu_str name, struct tu_str value);

#endif
