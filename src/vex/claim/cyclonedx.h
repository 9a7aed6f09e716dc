/*
 * The one reader of CycloneDX's `vulnerabilities`: inside an SBOM and in a document beside it.
 */
#ifndef TU_VEX_CLAIM_CYCLONEDX_H
#define TU_VEX_CLAIM_CYCLONEDX_H

#include <tutela/arena.h>
#include <tutela/claim.h>
#include <tutela/error.h>

#include "base/json.h"

enum tu_claim_note {
	TU_CLAIM_NO_ANALYSIS,
	TU_CLAIM_ODD_STATE, /* no word of CycloneDX */
	TU_CLAIM_ODD_VERSIONS, /* of what is affected: some cannot be read */
	TU_CLAIM_CONTRADICTED /* … some have a status that contradicts the analysis */
};

/* "urn:cdx:SERIAL/VERSION#REF": https://cyclonedx.org/capabilities/bomlink/ */
struct tu_bom_link {
	struct tu_str serial; /* as written */
	uint32_t version; /* of the document: 0 only where broken */
	struct tu_str ref; /* percent-encoded */
	bool whole; /* it has no "#REF": the document */
	bool broken; /* a part is missing or cannot be read: it names nothing */
};

/* False when it does not begin as a BOM-Link does. */
bool tu_bom_link(struct tu_str text, struct tu_bom_link *out_link);

struct tu_claim_reading {
	struct tu_arena *arena;
	/* Fill what the product is from `ref`, a member of `affects`. Views are to be copied. */
	void (*refer)(void *context, struct tu_json ref, struct tu_vex_product *product);
	/* Report what was not understood. */
	void (*note)(void *context, struct tu_json at, enum tu_claim_note what);
	void *context;
	enum tu_status status; /* TU_OK, or memory ran out: what was read is void */
};

/* Read one item of `vulnerabilities`; author and pointer are left empty. */
void tu_claim_read_cyclonedx(struct tu_claim_reading *reading, struct tu_json vulnerability,
	struct tu_vex_claim *out_claim);

/* A sentence for people. Static storage. */
const char *tu_claim_note_text(enum tu_claim_note note);

#endif
