/*
 * Writing an inventory: what the writers of all targets share.
 *
 *   write.c             the call
 *   losses.c            what is lost
 *   walk.c              ids, names, the tree of components, relationships in order
 *   words.c             kinds, hash algorithms, justifications in the words of each target
 *   cyclonedx.c         CycloneDX, JSON and XML (markup.h), with cyclonedx_*.c
 *   spdx.c              SPDX 2.3, JSON and tag-value (spdx2.h)
 *   spdx3.c             SPDX 3.0.1 (spdx3.h)
 *   spdx_licences.c     licences in the words of SPDX
 */
#ifndef TU_SBOM_WRITE_H
#define TU_SBOM_WRITE_H

#include <tutela/sbom.h>

#include "sbom/details.h"

/* What can be lost; the words are in write.c. */
enum tu_sbom_loss {
	TU_LOSS_KIND,
	TU_LOSS_NAME,
	TU_LOSS_REF,
	TU_LOSS_TEXT,
	TU_LOSS_GROUP,
	TU_LOSS_SCOPE,
	TU_LOSS_PURL,
	TU_LOSS_HASH,
	TU_LOSS_LICENCE,
	TU_LOSS_PROPERTY,
	TU_LOSS_RESOLVED_SOURCE,
	TU_LOSS_RELATION,
	TU_LOSS_RELATION_TYPE,
	TU_LOSS_STATEMENT,
	TU_LOSS_STATE,
	TU_LOSS_JUSTIFICATION,
	TU_LOSS_SERIAL,
	TU_LOSS_CREATED,
	TU_LOSS_SUBJECT,
	TU_LOSS_ROOTS,
	TU_LOSS_CONTACT,
	TU_LOSS_PHASE,
	TU_LOSS_MAKER,
	TU_LOSS_MAKER_KIND,
	TU_LOSS_MAKER_ROLE,
	TU_LOSS_ACKNOWLEDGEMENT,
	TU_LOSS_LICENCE_AS_NAME,
	TU_LOSS_LICENCE_NOT_SPDX,
	TU_LOSS_LICENCE_TEXT,
	TU_LOSS_REFERENCE,
	TU_LOSS_REFERENCE_TYPE,
	TU_LOSS_LEAF,
	TU_LOSS_BOM_VERSION,
	TU_LOSS_DATA_LICENCE,
	TU_LOSS_DOCUMENT_PROPERTY,
	TU_LOSS_LICENCE_DEPRECATED,
	TU_LOSS_LICENCE_REF,
	TU_LOSS_LICENCE_UNEXPLAINED,
	TU_LOSS_LICENCE_DECLARED,
	TU_LOSS_FILE,
	TU_LOSS_LOCATOR,
	TU_LOSS_URL,
	TU_LOSS_CPE,
	TU_LOSS_REFERENCE_HASH,
	TU_LOSS_RELATION_OTHER,
	TU_LOSSES_
};

/* A kind of loss with its places. */
struct tu_sbom_lost {
	size_t count;
	const struct tu_component *first; /* NULL: the document */
};

/* One of a part that only another family of formats has. */
struct tu_sbom_lost_kept {
	struct tu_str name;
	struct tu_sbom_lost lost;
};

struct tu_sbom_writing {
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	const struct tu_sbom_write_options *options;
	enum tu_sbom_target target;
	struct tu_sink *sink;
	struct tu_buf *out; /* of the sink */
	struct tu_buf made; /* what ids that are made begin with */
	struct tu_sbom_lost lost[TU_LOSSES_];
	struct tu_sbom_lost lost_texts[TU_TEXTS_];
	TU_VEC(struct tu_sbom_lost_kept) lost_kept; /* in the arena */
};

/* ---- losses ---- */

/* Count a loss; `component` may be NULL. */
void tu_sbom__lose(
	struct tu_sbom_writing *w, enum tu_sbom_loss loss, const struct tu_component *component);
void tu_sbom__lose_text(
	struct tu_sbom_writing *w, enum tu_text_kind kind, const struct tu_component *component);
void tu_sbom__lose_kept(
	struct tu_sbom_writing *w, struct tu_str name, const struct tu_component *component);
/* Texts that the target has no member for, and all that only another family has. `component` NULL:
 * the document's. */
void tu_sbom__lose_unheld(struct tu_sbom_writing *w, enum tu_sbom_dialect dialect,
	const struct tu_component *component);
/* What SPDX has no place for of what a document says of itself. */
void tu_sbom__lose_of_document(struct tu_sbom_writing *w, enum tu_sbom_dialect dialect);
/* All that was counted, after what the reader did not keep; false: out of memory. */
TU_NODISCARD bool tu_sbom__list_losses(
	struct tu_sbom_writing *w, struct tu_sbom_losses *out_losses);

/* ---- the document ---- */

/* The option, else what the inventory has; of a serial number that the target cannot hold the loss
 * is counted. */
struct tu_str tu_sbom__created_of(const struct tu_sbom_writing *w);
struct tu_str tu_sbom__serial_of(struct tu_sbom_writing *w);
/* Of the documents with this serial number; at least 1, which is that of a new one. */
uint32_t tu_sbom__bom_version_of(const struct tu_sbom_writing *w);
/* "2024-01-02T03:04:05Z", the form that all targets accept. */
bool tu_sbom__is_utc(struct tu_str text);
/* SPDX cannot do without either. */
TU_NODISCARD enum tu_status tu_sbom__need_options(struct tu_sbom_writing *w, struct tu_error *err);
/* An absolute URI; `iri`: characters beyond ASCII may be in it. */
bool tu_sbom__is_uri(struct tu_str text, bool iri);
/* Is it an e-mail address, in the form that all readers take for one? */
bool tu_sbom__is_mail(struct tu_str text);
/* Tools of the source that are to be named: each once, and not the one that writes. */
bool tu_sbom__is_tool_to_write(const struct tu_sbom_writing *w, size_t tool);

/* ---- components ---- */

/* Append a beginning for made ids that no id of the source has: `base`, longer where need be. */
void tu_sbom__make_ids(struct tu_sbom_writing *w, struct tu_str base, struct tu_buf *out);
/* Has it a character beside spaces and control characters? */
bool tu_sbom__is_seen(struct tu_str text);
/* Its name, else its purl, else a word. */
struct tu_str tu_sbom__name_of(struct tu_sbom_writing *w, const struct tu_component *c);
/* SPDX's NOASSERTION and NONE; neither must be written as the name of a licence. */
bool tu_sbom__is_no_licence(struct tu_str text);
/* "CVEs fixed: …" into `out`, as OpenEmbedded writes it and the readers of SPDX take it up. */
void tu_sbom__resolved_text(
	struct tu_sbom_writing *w, const struct tu_component *c, struct tu_buf *out);
/* The text about the source, then that, unless the text says so itself. False: there is none, and
 * `out` is not initialised. */
bool tu_sbom__source_text(
	struct tu_sbom_writing *w, const struct tu_component *c, struct tu_buf *out);

/* Components by what contains them; the subject is apart. */
struct tu_sbom_tree {
	uint32_t *parent; /* nested in, or contained in when nothing else says more */
	uint32_t *first; /* child of a component; [count]: of the document */
	uint32_t *next; /* of the same parent */
};

TU_NODISCARD bool tu_sbom__grow_tree(struct tu_sbom_writing *w, struct tu_sbom_tree *out_tree);

/* ---- relationships ---- */

/* Sorted by source, relation, target; each once. */
struct tu_sbom_edges {
	struct tu_relationship *at;
	size_t count;
};

/* For a list of components: nesting becomes "contains", the subject is described. */
TU_NODISCARD bool tu_sbom__flat_edges(struct tu_sbom_writing *w, struct tu_sbom_edges *out_edges);
/* For a tree of components, with "depends on" and "provides": what the tree says is left out. */
TU_NODISCARD bool tu_sbom__tree_edges(struct tu_sbom_writing *w, const struct tu_sbom_tree *tree,
	struct tu_sbom_edges *out_edges);

/* ---- words ---- */

/* Empty where the target has no such word. */
struct tu_str tu_sbom__say_kind(enum tu_component_kind kind, enum tu_sbom_dialect dialect);
struct tu_str tu_sbom__say_algorithm(struct tu_str name, enum tu_sbom_dialect dialect);
struct tu_str tu_sbom__say_justification(struct tu_str word, enum tu_sbom_dialect dialect);
/* The detail of a statement; before it the justification, where the target has no place. */
void tu_sbom__say_detail(struct tu_sbom_writing *w, const struct tu_vex_claim *claim,
	enum tu_sbom_dialect dialect, struct tu_buf *out);

/* ---- the targets ---- */

TU_NODISCARD enum tu_status tu_sbom__write_cyclonedx(
	struct tu_sbom_writing *w, struct tu_error *err);
TU_NODISCARD enum tu_status tu_sbom__write_spdx(struct tu_sbom_writing *w, struct tu_error *err);
TU_NODISCARD enum tu_status tu_sbom__write_spdx3(struct tu_sbom_writing *w, struct tu_error *err);

#endif
