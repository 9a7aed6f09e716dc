/*
 * What a threat weighs: severity by the hazards of the assets of its place, reach in patients.
 * docs/internals/threat.md has the wording.
 */
#ifndef TU_THREAT_WEIGHT_H
#define TU_THREAT_WEIGHT_H

#include "threat/condition.h"

/* TU_LOSS_… of a letter of STRIDE; 0 for repudiation. */
uint32_t tu_stride_loss(char stride);
/* The worst hazard that an asset of the place has on the loss. */
enum tu_harm tu_spot_harm(const struct tu_model *model, struct tu_spot spot, uint32_t loss);
enum tu_privacy tu_spot_privacy(const struct tu_model *model, struct tu_spot spot);
struct tu_indexes tu_spot_assets(const struct tu_model *model, struct tu_spot spot);
/* Does the model say which assets are there, or that there are none? */
bool tu_spot_assets_stated(const struct tu_model *model, struct tu_spot spot);

struct tu_reach {
	uint64_t patients; /* at least 1, TU_MODEL_UNSTATED */
	bool is_bound;
	struct tu_indexes path; /* flows */
};

/* Where the search begins. */
struct tu_reach_start {
	struct tu_spot spot;
	uint64_t instances; /* of an element at the same time; flows begin with one source */
	struct tu_indexes assets;
};

struct tu_reach_search; /* storage of searches, one after another */

/* NULL: out of memory. */
TU_NODISCARD struct tu_reach_search *tu_reach_search_new(
	struct tu_arena *arena, const struct tu_model_graph *graph);
TU_NODISCARD enum tu_status tu_reach_find(struct tu_reach_search *search,
	const struct tu_reach_start *start, struct tu_reach *out_reach);

#endif
