/*
 * CycloneDX 1.6 and 1.7: what the files of its writer share.
 */
#ifndef TU_SBOM_WRITE_CYCLONEDX_H
#define TU_SBOM_WRITE_CYCLONEDX_H

#include "sbom/read/markup.h"
#include "sbom/write/write.h"

struct tu_cyclonedx_writing {
	struct tu_sbom_writing *w;
	struct tu_markup m;
	int version; /* 16: 1.6 */
	struct tu_sbom_tree tree;
	struct tu_sbom_edges edges;
	struct tu_licence_index texts;
};

/* Who made a component, or (component NULL) the document. */
struct tu_makers {
	const struct tu_party *at;
	size_t count;
	const struct tu_component *component;
};

enum tu_ref_place { TU_REF_AS_ATTRIBUTE, TU_REF_AS_TEXT, TU_REF_AS_DEPENDENCY, TU_REF_AS_PROVIDED };

/* The reference of a component. */
void tu_sbom__cyclonedx_ref(
	struct tu_cyclonedx_writing *c, uint32_t index, enum tu_ref_place place);
/* Report that texts were changed since the last call, of a component or (NULL) of the document. */
void tu_sbom__cyclonedx_changes(
	struct tu_cyclonedx_writing *c, const struct tu_component *component);

/* The attribute "type", before all others; what comes between reference and nested components, and
 * what comes after them. */
void tu_sbom__cyclonedx_kind(struct tu_cyclonedx_writing *c, const struct tu_component *component);
void tu_sbom__cyclonedx_begin(struct tu_cyclonedx_writing *c, const struct tu_component *component);
void tu_sbom__cyclonedx_end(struct tu_cyclonedx_writing *c, const struct tu_component *component);

void tu_sbom__cyclonedx_claims(struct tu_cyclonedx_writing *c);

/* Parts that components and the document (`component` NULL) have in common; nothing where the list
 * is empty. The order of the schema is the caller's. */
void tu_sbom__cyclonedx_put_supplier(
	struct tu_cyclonedx_writing *c, const struct tu_makers *makers);
void tu_sbom__cyclonedx_put_manufacturer(
	struct tu_cyclonedx_writing *c, const struct tu_makers *makers);
void tu_sbom__cyclonedx_put_authors(struct tu_cyclonedx_writing *c, const struct tu_makers *makers);
void tu_sbom__cyclonedx_put_publisher(
	struct tu_cyclonedx_writing *c, const struct tu_makers *makers);
void tu_sbom__cyclonedx_put_licences(struct tu_cyclonedx_writing *c,
	const struct tu_licence *licences, size_t count, const struct tu_component *component);
void tu_sbom__cyclonedx_put_hashes(struct tu_cyclonedx_writing *c,
	const struct tu_hash_value *hashes, size_t count, const struct tu_component *component);
void tu_sbom__cyclonedx_put_references(struct tu_cyclonedx_writing *c,
	const struct tu_sbom_detail *detail, const struct tu_component *component);
void tu_sbom__cyclonedx_put_property(
	struct tu_cyclonedx_writing *c, struct tu_str name, struct tu_str value);
/* A part that was kept, where the target may have it as it is; else NULL. */
const struct tu_kept *tu_sbom__cyclonedx_kept(const struct tu_cyclonedx_writing *c,
	const struct tu_sbom_detail *detail, const char *name);
void tu_sbom__cyclonedx_put_kept(
	struct tu_cyclonedx_writing *c, const struct tu_sbom_detail *detail, const char *name);
/* Name those that the target may not have. */
void tu_sbom__cyclonedx_lose_kept(struct tu_cyclonedx_writing *c,
	const struct tu_sbom_detail *detail, const struct tu_component *component);
/* Name the texts that it has no member for. */
void tu_sbom__cyclonedx_lose_texts(struct tu_cyclonedx_writing *c,
	const struct tu_sbom_detail *detail, const struct tu_component *component);
/* May it be a URI reference? */
bool tu_sbom__cyclonedx_is_uri(struct tu_str text);

#endif
