/* The search of tutela's attack paths: threat/paths.h has the wording. */
#ifndef TU_THREAT_PATHS_SEARCH_H
#define TU_THREAT_PATHS_SEARCH_H

#include "threat/condition.h"
#include "threat/paths.h"

/* How easily a place is passed: the worst state of the threats of S, T and E there. */
struct tu_attack_ground {
	const struct tu_model_graph *graph;
	uint8_t *flows, *elements; /* enum tu_attack_state; BLOCKED: no such threat */
	bool *stops; /* flows at which a control stops what was forged */
	const struct tu_attack_entry *entries;
	size_t entry_count;
	bool reach_only; /* where an attacker gets to, not how wide */
};

/* An element with one asset in the attacker's hands, or with none. */
struct tu_attack_node {
	uint64_t width; /* instances */
	uint32_t flow; /* by which it was reached, or NOWHERE */
	uint32_t by; /* node, or NOWHERE at an entry point */
	uint32_t entry;
	bool seen, waits;
};

struct tu_attack_search {
	const struct tu_attack_ground *ground;
	enum tu_attack_state state; /* what may be passed */
	size_t layers; /* nodes of an element: assets, arrived, begun */
	struct tu_attack_node *nodes;
	size_t node_count;
	uint32_t *queue;
	size_t head, queued;
	size_t budget;
	bool cut; /* a wider way was not taken */
	bool *used; /* flows that were passed */
};

TU_NODISCARD enum tu_status tu_attack_ground_make(struct tu_arena *arena,
	const struct tu_model_graph *graph, const struct tu_threats *found,
	struct tu_attack_ground *out_ground);
/* From all entry points through what `state` takes in. */
TU_NODISCARD enum tu_status tu_attack_search(struct tu_arena *arena,
	const struct tu_attack_ground *ground, enum tu_attack_state state,
	struct tu_attack_search *out_search);
/* The node at which an attacker has arrived at the element. */
uint32_t tu_attack_arrived(const struct tu_attack_search *search, uint32_t element);
/* Instances after a flow: times its fan-out, at most the count of its target. */
uint64_t tu_attack_width(
	const struct tu_model *model, uint64_t width, const struct tu_model_flow *flow);
/* The state of a threat of spoofing, tampering or elevation; BLOCKED for all others. */
enum tu_attack_state tu_attack_state_of(const struct tu_threat *threat);
/* Flows that carry the attack, fewest, without which the target is not reached; false where there
 * are none or the work is too much. */
TU_NODISCARD enum tu_status tu_attack_cut(
	struct tu_arena *arena, const struct tu_attack_search *search, struct tu_attack *attack);

#endif
