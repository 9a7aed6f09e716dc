/*
 * Attack paths: how an attacker gets from an entry point to what treats, measures, alarms or shows.
 *
 * An attacker who is at an element passes a flow where a threat of spoofing, tampering or
 * elevation counts at the flow or at the element that it leads to. He then has the assets of the
 * flow (of a weak element its assets, too), and the device itself passes them on: along flows that
 * carry the asset, up to a control in place with evidence, at the flow or at its target, that
 * provides integrity, plausibility or a signature. A path begins with something that is open: flows
 * that are stated to be sound are no attack path, however many lead to the target.
 *
 * What is not understood is undecided: where only a question is in the way, or a flow that does not
 * state its assets, the answer is "undecided", never "no open path".
 *
 * Each path is the widest that was found in patients, on no element with the same asset twice. All
 * searches are bounded: each element with each asset is seen once, whatever the size, and improved
 * within a budget. Everything lives in the arena and borrows model and threats. Pure functions.
 */
#ifndef TU_THREAT_PATHS_H
#define TU_THREAT_PATHS_H

#include <tutela/threat.h>

/* The worst is the lowest. Each takes in what the earlier ones take. */
enum tu_attack_state {
	TU_ATTACK_OPEN, /* by threats that are open, or mitigated without evidence */
	TU_ATTACK_ACCEPTED, /* also by what a person accepted or left to the user */
	TU_ATTACK_UNDECIDED, /* also by questions */
	TU_ATTACK_BLOCKED, /* no open path: the way if nothing stood in it */
	TU_ATTACK_UNREACHABLE, /* no flows lead there from an entry point */
	TU_ATTACK_STATES
};

struct tu_attack_hop {
	uint32_t flow;
	enum tu_stated crosses; /* a trust boundary */
	struct tu_indexes threats; /* by which it is passed; none: what was forged is passed on */
	struct tu_indexes controls; /* that are in place there */
};

struct tu_attack {
	uint32_t target; /* element */
	enum tu_attack_state state;
	uint32_t entry; /* index of `entries`; NOWHERE where unreachable */
	uint64_t patients; /* at least 1; TU_MODEL_UNSTATED */
	bool at_least; /* the search was cut, or a wider walk visits an element twice */
	const struct tu_attack_hop *hops; /* none: the attacker is at the target */
	size_t hop_count;
	bool left_out; /* the path: the answer would be too long; ask for this target alone */
	struct tu_indexes held_by; /* controls whose loss alone opens a path */
	struct tu_indexes cut; /* flows: the fewest that have to be closed */
	bool cut_known; /* only for one target; false also where no flow can be cut */
};

struct tu_attack_entry {
	struct tu_spot spot;
	uint32_t stated; /* index of the model's entries; NOWHERE: assumed */
};

struct tu_attacks {
	const struct tu_attack *at; /* in the order of elements */
	size_t count;
	const struct tu_attack_entry *entries;
	size_t entry_count;
	bool assumed; /* the model states no entry points */
	size_t off_path; /* open threats of S, T, E where no entry point leads to */
	size_t controls_tried, controls_left; /* as lost; not tried, for the model is large */
};

struct tu_attack_input {
	const struct tu_threat_input *threats; /* to find them again without a control */
	const struct tu_threats *found;
	uint32_t to; /* element, or TU_MODEL_NOWHERE: all that have an essential function */
};

/* TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_attack_paths(struct tu_arena *arena,
	const struct tu_attack_input *input, struct tu_attacks *out_attacks, struct tu_error *err);

/* "open", "accepted", …; static storage. */
const char *tu_attack_state_name(enum tu_attack_state state);

#endif
