/*
 * The half of purl that parsing and building share: decoded parts in, canonical parts out.
 */
#ifndef TU_IDENT_PURL_NORMALISE_H
#define TU_IDENT_PURL_NORMALISE_H

#include <tutela/purl.h>

/* Where each part starts in the text that is being parsed, for errors. */
struct tu_purl_at {
	size_t type, namespace_, name, version, qualifiers, subpath;
};

/* The text cut at its separators, still encoded. */
struct tu_purl_pieces {
	struct tu_str type, namespace_, name, version, qualifiers, subpath;
};

/* Cut a text. TU_E_SYNTAX: no scheme, or neither type nor name. */
TU_NODISCARD enum tu_status tu_purl__cut(
	struct tu_str text, struct tu_purl_pieces *out_pieces, struct tu_error *err);

/* Room for `asked` qualifiers, but never for more than TU_PURL_QUALIFIERS_MAX; NULL: no memory. */
TU_NODISCARD struct tu_purl_qualifier *tu_purl__qualifier_room(
	struct tu_arena *arena, size_t asked);

/* Add a qualifier to such an array, which stays sorted by key. An empty value adds nothing. The key
 * is taken in any case and copied to the arena in lower case; `value` is borrowed. TU_E_SYNTAX: not
 * a key, or a key that is there already. */
TU_NODISCARD enum tu_status tu_purl__add_qualifier(struct tu_arena *arena,
	struct tu_purl_qualifier *sorted, size_t *count, struct tu_purl_qualifier added,
	size_t offset, struct tu_error *err);

/* Normalise and validate parts that live in the arena already, whose text is valid UTF-8 without
 * NUL and whose qualifiers are sorted. `at` NULL: what the type asks for (a namespace or none, a
 * qualifier, characters of a name) is not checked. */
TU_NODISCARD enum tu_status tu_purl__settle(struct tu_arena *arena, struct tu_purl *purl,
	const struct tu_purl_at *at, struct tu_error *err);

#endif
