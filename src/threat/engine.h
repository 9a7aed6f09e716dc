/*
 * The engine: each rule at each place, then one open threat for a place, letter and category.
 */
#ifndef TU_THREAT_ENGINE_H
#define TU_THREAT_ENGINE_H

#include "base/vec.h"
#include "threat/weight.h"

/* A rule at a place. */
struct tu_candidate {
	struct tu_threat threat;
	const struct tu_threat_rule *rule;
	uint32_t order; /* of the rule in all packs */
	uint32_t pack; /* index */
	struct tu_str part; /* id of a component or credential; empty */
	const struct tu_model_credential *credential;
	const struct tu_missing *missing;
	size_t missing_count;
};

struct tu_engine {
	struct tu_arena *arena;
	const struct tu_threat_input *input;
	struct tu_model_graph graph;
	struct tu_reach_search *search;
	TU_VEC(struct tu_candidate) found; /* on the heap: most of it is not kept */
	const struct tu_reach **reaches[2]; /* of elements, of flows: made when first asked */
	bool failed; /* out of memory */
};

/* Apply people's decisions; what no longer has a threat is stale. */
TU_NODISCARD enum tu_status tu_threat_dispose(
	struct tu_engine *engine, struct tu_dispositions *out_stale);
/* One question for each place and subject. */
TU_NODISCARD enum tu_status tu_threat_ask(struct tu_engine *engine, struct tu_threats *out);
/* Severity, reach, exploitability and risk of all that was found. */
TU_NODISCARD enum tu_status tu_threat_weigh(struct tu_engine *engine);

#endif
