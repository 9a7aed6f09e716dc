/*
 * From an inventory to the distinct components that the store is to have, with their facts: all of
 * an ingest that needs no database.
 */
#ifndef TU_PORTFOLIO_PREPARE_H
#define TU_PORTFOLIO_PREPARE_H

#include "match/keys.h"
#include "portfolio/facts.h"
#include "portfolio/identity.h"

struct tu_prepared_component {
	struct tu_identity identity;
	uint32_t component; /* the first one, an index into the inventory */
	struct tu_str package; /* of all its versions: purl without version, else group and name */
	struct tu_str context; /* the operating system, or empty */
	struct tu_match_keys keys;
	struct tu_facts facts;
	int64_t uses; /* components of the inventory that are this one */
	int64_t id; /* in the store; filled in by the ingest */
};

struct tu_prepared {
	struct tu_arena *arena;
	const struct tu_kb *kb;
	const struct tu_inventory *inventory;
	const struct tu_match_result *match; /* without anybody's statements */
	struct tu_prepared_component *components; /* by key, each once */
	size_t component_count;
	uint32_t *component_of; /* inventory component -> index into components */
	size_t fact_count;
};

/*
 * Match the inventory and make identities. Where a record needs another product beside a component
 * and what is found of it by itself differs, its identity has everything beside it: so the facts of
 * an identity are always those of the whole SBOM. All lives in `arena` and borrows from the others.
 * TU_E_NOMEM.
 */
TU_NODISCARD enum tu_status tu_prepare(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_inventory *inventory, struct tu_prepared *out, struct tu_error *err);

#endif
