/*
 * Which components of an inventory a product of a statement is: exact identity, by an index.
 */
#ifndef TU_VEX_IDENTITY_H
#define TU_VEX_IDENTITY_H

#include <tutela/cpe.h>
#include <tutela/purl.h>
#include <tutela/vex.h>

#include "base/intern.h"
#include "base/vec.h"

/* A component under one of its keys. */
struct tu_identity_entry {
	uint32_t component;
	uint32_t next; /* of the same key, or TU_NO_COMPONENT */
	const struct tu_purl *purl; /* entries of purls */
	const struct tu_cpe *cpe; /* entries of CPEs */
};

struct tu_identity {
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	struct tu_str serial; /* of the inventory, as tu_vex_product has it */
	struct tu_intern *keys;
	TU_VEC(uint32_t) heads; /* by number of the key */
	TU_VEC(struct tu_identity_entry) entries;
	uint32_t *stamps; /* by component: the product for which it was taken up last */
	uint32_t stamp;
	TU_VEC(uint32_t) found; /* components that are the product asked for last */
	TU_VEC(uint32_t) doubtful; /* would be it, if their versions could be read or compared */
	bool all_versions; /* what was found is named without any version */
	bool lost; /* the product is known by a reference to nothing, and by nothing else */
	bool whole; /* the product is all that the inventory is about */
	uint32_t nearest; /* the component that came nearest, or TU_NO_COMPONENT */
	enum tu_status status;
};

/* TU_E_NOMEM; end with tu_identity_done() in any case. */
TU_NODISCARD enum tu_status tu_identity_init(
	struct tu_identity *identity, struct tu_arena *arena, const struct tu_inventory *inventory);
void tu_identity_done(struct tu_identity *identity);

/* Look for a product, without its parts: APPLIES and the components in `found`, or why there are
 * none. */
enum tu_vex_outcome tu_identity_find(
	struct tu_identity *identity, const struct tu_vex_product *product);

#endif
