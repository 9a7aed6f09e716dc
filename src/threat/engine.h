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
	uint32_t missing_count;
	uint32_t index; /* in the answer, once that is written */
};

/* Candidates stay where they are and no memory is touched twice: a large model has 100,000. */
struct tu_candidate_block {
	struct tu_candidate_block *older;
	size_t count, cap;
	struct tu_candidate at[];
};

/* Places of ids in their order (key.c): keys are compared by these and not by their texts. */
struct tu_key_ranks {
	const uint32_t *rules; /* by the order of the rule in all packs; NULL: compare the texts */
	const uint32_t *elements, *flows; /* by index */
};

struct tu_engine {
	struct tu_arena *arena;
	const struct tu_threat_input *input;
	struct tu_model_graph graph;
	struct tu_reach_search *search;
	struct tu_candidate_block *blocks; /* newest first; on the heap */
	TU_VEC(struct tu_candidate *) found; /* of these, by place once all rules were tried */
	struct tu_threat_question *questions;
	TU_VEC(const struct tu_candidate *) first; /* of each question */
	const struct tu_reach **reaches[2]; /* of elements, of flows: made when first asked */
	struct tu_key_ranks ranks;
	bool failed; /* out of memory */
};

/* RULE@ELEMENT@FLOW; a component's or credential's is RULE:ID@ELEMENT@. "@" and "%" of ids are
 * "%40" and
 * "%25", so that no two threats have one key. False: out of memory. */
TU_NODISCARD bool tu_threat_key(const struct tu_engine *engine, struct tu_candidate *candidate);
/* False: out of memory. Has no ranks where the order of keys is not that of their parts. */
TU_NODISCARD bool tu_key_ranks_make(const struct tu_engine *engine, struct tu_key_ranks *out_ranks);
/* Where the key is in the order of keys, as far as a number can say: 0 says nothing. */
uint64_t tu_key_rank(const struct tu_engine *engine, const struct tu_candidate *candidate);

/* Apply people's decisions; what no longer has a threat is stale. */
TU_NODISCARD enum tu_status tu_threat_dispose(
	struct tu_engine *engine, struct tu_dispositions *out_stale);
/* One question for each place and subject; which threat is the first of each is in `engine->first`
 * until these are written. */
TU_NODISCARD enum tu_status tu_threat_ask(struct tu_engine *engine, struct tu_threats *out);
/* Severity, reach, exploitability and risk of all that was found. */
TU_NODISCARD enum tu_status tu_threat_weigh(struct tu_engine *engine);

#endif
