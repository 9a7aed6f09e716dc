/*
 * Merging inventories: what a document says beside its components and their relationships.
 */
#ifndef TU_SBOM_MERGE_DOCUMENT_H
#define TU_SBOM_MERGE_DOCUMENT_H

#include <tutela/arena.h>
#include <tutela/sbom.h>

#include "base/intern.h"
#include "base/vec.h"
#include "sbom/details.h"

/* Lists of the merged document, in the arena. */
struct tu_merge_document {
	struct tu_arena *arena;
	TU_VEC(uint32_t) leaves;
	TU_VEC(struct tu_licence_text) licence_texts;
	TU_VEC(struct tu_sbom_note) unkept;
	struct tu_intern *licence_ids; /* of the texts, in their order; NULL: none yet */
	struct tu_licence_index own; /* of the document at hand */
	bool newest; /* some document is CycloneDX 1.7 */
};

void tu_merge_document_done(struct tu_merge_document *d);
/* Begin with a document. False: out of memory. */
TU_NODISCARD bool tu_merge_document_begin(
	struct tu_merge_document *d, const struct tu_inventory *inventory);
/* Take what one document says; `map`: its component -> the merged one. False: out of memory. */
TU_NODISCARD bool tu_merge_document_add(struct tu_merge_document *d,
	const struct tu_inventory *inventory, size_t input, const uint32_t *map);
/* The licences of a component of this document: a reference whose id another document uses for
 * another text gets an id of its own. Before tu_merge_document_add(). False: out of memory. */
TU_NODISCARD bool tu_merge_document_licences(
	struct tu_merge_document *d, size_t input, struct tu_component *component);
/* Put the lists into the merged inventory. */
void tu_merge_document_close(struct tu_merge_document *d, struct tu_inventory *merged);

#endif
