/*
 * Who is affected by a vulnerability, and is it decided: the releases of a scope that have a
 * finding of it, with how far their assessment has come.
 *
 * A release that is not here is not thereby unaffected: `without_sbom` counts those that were
 * released and of which nothing is known.
 */
#ifndef TU_PORTFOLIO_EXPOSURE_H
#define TU_PORTFOLIO_EXPOSURE_H

#include "list/query.h"
#include "portfolio/work.h"

enum { TU_EXPOSURE_FINDINGS_MAX = 200000 };

struct tu_exposed {
	struct tu_str device, release; /* its public id */
	struct tu_str release_name, state;
	int64_t released; /* seconds; 0: not stated */
	/* findings of the vulnerability in the release's components */
	int64_t findings, affected, undecided;
	int64_t decided; /* decided, or carried from an earlier release */
	int64_t proposed, reopened, not_assessed;
	int64_t closed; /* a decision says that it is not affected, fixed, … */
	int64_t uncontrolled; /* decided so */
	uint8_t harm; /* enum tu_harm: the worst */
	bool fixable;
	int64_t deadline; /* us; the soonest; 0: none */
};

struct tu_exposure {
	struct tu_arena *arena;
	const struct tu_list_scope *scope;
	const struct tu_list_snapshot *list;
	struct tu_str vulnerability; /* its name, as the list has it */
	/* the answer */
	bool found; /* the scope has a finding of it */
	struct tu_list_group group; /* of all, where found */
	const struct tu_exposed *rows; /* by device, release */
	size_t count;
	int64_t decided; /* releases of which every finding is */
	int64_t without_sbom; /* releases of the scope, drafts too: they are listed, too */
	int64_t without_components; /* their SBOM lists none: the same */
	int64_t without_data; /* nothing is known of any component in their SBOM; those, too */
};

/* TU_E_LIMIT: more findings than above. */
TU_NODISCARD enum tu_status tu_exposure_find(
	struct tu_store *store, struct tu_exposure *exposure, struct tu_error *err);

#endif
