/*
 * Supplements: what a maker knows about a supplier's SBOM and its document does not say.
 *
 * A small side file (YAML or JSON; docs/formats/supplement.md) selects components and states
 * supplier, licence, support, end of support, corrected identifiers. It is merged into a copy of
 * the inventory; the supplier's document stays as it is, and each change is reported as a note.
 *
 * Ownership: the new inventory lives in the arena and borrows from the one that it was made of.
 * Threads:   one arena, one thread.
 */
#ifndef TUTELA_SUPPLEMENT_H
#define TUTELA_SUPPLEMENT_H

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/sbom.h>
#include <tutela/str.h>

TU_BEGIN_C

/* Properties of a component in which a supplement's statements are found. */
#define TU_PROPERTY_SUPPORT "tutela:support:level"
#define TU_PROPERTY_SUPPORT_END "tutela:support:end"
#define TU_PROPERTY_SUPPORT_JUSTIFICATION "tutela:support:justification"
#define TU_PROPERTY_INTERNAL "tutela:internal"

enum { TU_SUPPLEMENT_ENTRIES_MAX = 100000, TU_SUPPLEMENT_BYTES_MAX = 64 << 20 };

/*
 * Read the side file `text` and apply it to each of `count` inventories, which are replaced by
 * their merged copies. Entries are applied in their order, the later one wins.
 *
 * Errors name the line: TU_E_SYNTAX (not YAML or JSON, a member or value that is not known, a
 * selector that is none), TU_E_NOTFOUND (a selector that hits no component of any: most likely a
 * mistake), TU_E_LIMIT, TU_E_NOMEM. On failure nothing is replaced.
 */
TU_API TU_NODISCARD enum tu_status tu_supplement_apply(struct tu_arena *arena, struct tu_str text,
	const struct tu_inventory **inventories, size_t count, struct tu_error *err);

/* The level of support that a text means, whatever its spelling ("Actively Maintained", "EOL"):
 * "actively-maintained", "no-longer-maintained" or "abandoned"; "" for any other. Static. */
TU_API struct tu_str tu_support_level(struct tu_str text);
/* What a component states of its support, as it is written: the level, and its end. Empty where it
 * states nothing. */
TU_API struct tu_str tu_component_support(const struct tu_component *component);
TU_API struct tu_str tu_component_support_end(const struct tu_component *component);

TU_END_C

#endif
