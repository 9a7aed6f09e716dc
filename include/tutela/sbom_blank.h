/*
 * SBOMs that say nothing of what is in a product: what is not found in one is no good news.
 */
#ifndef TUTELA_SBOM_BLANK_H
#define TUTELA_SBOM_BLANK_H

#include <tutela/sbom.h>

/* Is there anything to look for a component by: a purl, a CPE, or a name and a version? */
static inline bool tu_component_is_identified(const struct tu_component *component)
{
	return component->purl.len || component->cpe_count ||
		(component->name.len && component->version.len);
}

/* Why an SBOM says nothing of what is in a product: that nothing is found in it is no good news. */
enum tu_blank {
	TU_BLANK_NOT,
	TU_BLANK_EMPTY, /* it lists no components */
	TU_BLANK_SUBJECT, /* none but the product that it is about */
	TU_BLANK_UNIDENTIFIED, /* others, and none of them can be looked up */
	TU_BLANKS
};
TU_API enum tu_blank tu_sbom_blank(const struct tu_inventory *inventory);
/* What follows the name of an SBOM: "lists no components. …"; "" for TU_BLANK_NOT. */
TU_API const char *tu_blank_sentence(enum tu_blank blank);

#endif
