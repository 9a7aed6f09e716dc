#include "sbom/evidence.h"

enum tu_status tu_sbom__add_evidence(
	struct tu_sbom_builder *b, const struct tu_sbom_evidence *evidence)
{
	struct tu_vex_claim claim = {.status = evidence->status};
	struct tu_str *detail =
		evidence->status == TU_CLAIM_NOT_AFFECTED ? &claim.impact : &claim.notes;

	if (evidence->component == TU_NO_COMPONENT)
		return TU_OK;
	b->about.count = 0;
	if (!TU_VEC_PUSH(&b->about, evidence->component))
		return tu_sbom__nomem(b);
	if (tu_sbom__copy(b, evidence->id, &claim.vulnerability) ||
		tu_sbom__copy(b, evidence->justification, &claim.justification) ||
		tu_sbom__copy(b, evidence->detail, detail))
		return TU_E_NOMEM;
	return tu_sbom__add_claim(b, &claim);
}

enum tu_status tu_sbom__add_property(
	struct tu_sbom_builder *b, struct tu_str name, struct tu_str value)
{
	struct tu_property property = {.name = name, .value = {"", 0}};

	if (!value.len)
		return TU_OK;
	if (tu_sbom__copy(b, value, &property.value))
		return TU_E_NOMEM;
	return TU_VEC_PUSH(&b->own.properties, property) ? TU_OK : tu_sbom__nomem(b);
}
