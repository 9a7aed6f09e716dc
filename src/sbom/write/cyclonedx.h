/*
 * CycloneDX 1.6: what the files of its writer share.
 */
#ifndef TU_SBOM_WRITE_CYCLONEDX_H
#define TU_SBOM_WRITE_CYCLONEDX_H

#include "sbom/read/markup.h"
#include "sbom/write/write.h"

struct tu_cyclonedx_writing {
	struct tu_sbom_writing *w;
	struct tu_markup m;
	struct tu_sbom_tree tree;
	struct tu_sbom_edges edges;
};

enum tu_ref_place { TU_REF_AS_ATTRIBUTE, TU_REF_AS_TEXT, TU_REF_AS_DEPENDENCY, TU_REF_AS_PROVIDED };

/* The reference of a component. */
void tu_sbom__cyclonedx_ref(
	struct tu_cyclonedx_writing *c, uint32_t index, enum tu_ref_place place);
/* Report that texts were changed since the last call, of a component or (NULL) of the document. */
void tu_sbom__cyclonedx_changes(
	struct tu_cyclonedx_writing *c, const struct tu_component *component);

/* The attribute "type", before all others; then everything but reference and nested components. */
void tu_sbom__cyclonedx_kind(struct tu_cyclonedx_writing *c, const struct tu_component *component);
void tu_sbom__cyclonedx_parts(struct tu_cyclonedx_writing *c, const struct tu_component *component);

void tu_sbom__cyclonedx_claims(struct tu_cyclonedx_writing *c);

#endif
