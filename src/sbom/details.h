/*
 * Parts of a component or a document that matching does not ask for, while they are read; and
 * which format has which text.
 *
 * Memory: lists grow on the heap until they are sealed into the arena, exactly sized.
 */
#ifndef TU_SBOM_DETAILS_H
#define TU_SBOM_DETAILS_H

#include <stdbool.h>

#include <tutela/arena.h>
#include <tutela/sbom.h>

#include "base/intern.h"
#include "base/json.h"
#include "base/vec.h"

struct tu_sbom_builder;
struct tu_sbom_at;

enum tu_sbom_dialect { TU_SAY_CYCLONEDX, TU_SAY_SPDX2, TU_SAY_SPDX3, TU_DIALECTS_ };

/* The member by which a format has a text of this kind; empty where it has none. */
struct tu_str tu_sbom__text_member(enum tu_text_kind kind, enum tu_sbom_dialect dialect);
/* The kind of a member; false when it is none of these. */
bool tu_sbom__text_kind(
	struct tu_str member, enum tu_sbom_dialect dialect, enum tu_text_kind *out_kind);
/* "descriptions": for the list of what is lost. Static storage. */
const char *tu_sbom__text_words(enum tu_text_kind kind);

/* Of the component that is being read, or of the document. */
struct tu_sbom_lists {
	TU_VEC(struct tu_licence) licences;
	TU_VEC(struct tu_property) properties;
	TU_VEC(struct tu_sbom_text) texts;
	TU_VEC(struct tu_party) makers;
	TU_VEC(struct tu_sbom_reference) references;
	TU_VEC(struct tu_kept) kept;
};

void tu_sbom__lists_clear(struct tu_sbom_lists *lists);
void tu_sbom__lists_done(struct tu_sbom_lists *lists);

/* All of these copy what they get, and do nothing while only matching is asked for. */
TU_NODISCARD enum tu_status tu_sbom__add_text(struct tu_sbom_builder *b,
	struct tu_sbom_lists *lists, enum tu_text_kind kind, struct tu_str text);
/* Lists in the party and the reference are the caller's, in the arena. */
TU_NODISCARD enum tu_status tu_sbom__add_party(
	struct tu_sbom_builder *b, struct tu_sbom_lists *lists, const struct tu_party *party);
TU_NODISCARD enum tu_status tu_sbom__add_reference(struct tu_sbom_builder *b,
	struct tu_sbom_lists *lists, const struct tu_sbom_reference *reference);
/* Keep a member as it is: see struct tu_kept. */
TU_NODISCARD enum tu_status tu_sbom__keep(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, struct tu_sbom_lists *lists);
/* A licence of the document, for expressions to name. */
TU_NODISCARD enum tu_status tu_sbom__add_licence_text(
	struct tu_sbom_builder *b, const struct tu_licence_text *licence);
/* The component is known to depend on nothing; TU_NO_COMPONENT is passed over. */
TU_NODISCARD enum tu_status tu_sbom__add_leaf(struct tu_sbom_builder *b, uint32_t component);
/* Understood, and not kept: joined and counted by words and detail, as a note is. `what` is
 * static. Nothing for a value that is empty. */
TU_NODISCARD enum tu_status tu_sbom__unkept(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const char *what, struct tu_str detail);

/* A copy of the texts of an array of strings (or of one string) in the arena. */
TU_NODISCARD enum tu_status tu_sbom__strings(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct tu_str **out_texts, size_t *out_count);

/* Put lists into the arena: a shared copy where equal licences came just before. */
TU_NODISCARD enum tu_status tu_sbom__seal_licences(struct tu_sbom_builder *b,
	const struct tu_sbom_lists *lists, const struct tu_licence **out_licences,
	size_t *out_count);
TU_NODISCARD enum tu_status tu_sbom__seal_detail(struct tu_sbom_builder *b,
	const struct tu_sbom_lists *lists, const struct tu_sbom_detail **out_detail);
/* What of the document is outside of components. */
TU_NODISCARD enum tu_status tu_sbom__seal_document(
	struct tu_sbom_builder *b, struct tu_inventory *inventory);

/* The licence texts of a document by their ids. */
struct tu_licence_index {
	struct tu_intern *ids; /* NULL: there are none */
	const struct tu_licence_text **by_id;
};

/* False: out of memory. End with tu_sbom__licence_index_done(), also then. */
TU_NODISCARD bool tu_sbom__licence_index(struct tu_arena *arena,
	const struct tu_inventory *inventory, struct tu_licence_index *out_index);
void tu_sbom__licence_index_done(struct tu_licence_index *index);
/* The text with this id, the first if there are several, or NULL. */
const struct tu_licence_text *tu_sbom__licence_text(
	const struct tu_licence_index *index, struct tu_str id);

/* The party is reached by this e-mail address or URL alone. False: out of memory. */
TU_NODISCARD bool tu_sbom__party_reached(
	struct tu_arena *arena, struct tu_str contact, struct tu_party *party);
/* Make a component's parties say what its supplier and contact say, after these were changed: its
 * detail is copied into the arena. False: out of memory. */
TU_NODISCARD bool tu_sbom__set_supplier(struct tu_arena *arena, struct tu_component *component);

/* "MIT" is an id, "MIT OR ISC" an expression: for formats that know of no names. */
enum tu_licence_kind tu_sbom__spdx_licence_kind(struct tu_str text);

/* Append a value as compact JSON. */
void tu_sbom__json_add(struct tu_json value, struct tu_buf *out);

#endif
