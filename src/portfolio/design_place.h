/*
 * Where the components of a release stand in a design: its model says by a selector or a purl which
 * components are in which elements, and the SBOM of the release has the components.
 */
#ifndef TU_PORTFOLIO_DESIGN_PLACE_H
#define TU_PORTFOLIO_DESIGN_PLACE_H

#include "portfolio/design.h"
#include "portfolio/look.h"

struct tu_design_place {
	uint32_t component; /* of the model */
	uint8_t key[TU_LIST_KEY]; /* of a component of the SBOM: identity.h */
};
struct tu_design_places {
	/* set before */
	const struct tu_design_asked *asked;
	const struct tu_model *model;
	struct tu_str version; /* of the release; empty: that of the model, else the newest */
	const struct tu_kb *kb;
	const struct tu_sbom_reader *reader;
	struct tu_arena *arena; /* of what follows */

	struct tu_str release; /* its version */
	int64_t release_id, device_id;
	bool has_sbom; /* false: nothing is known of its components */
	const struct tu_design_place *at; /* each pair once */
	size_t count;
	size_t absent; /* components of the model that the SBOM does not have */
};

/* tu_design_unknown("release"): there is no such release; TU_E_NOTFOUND without a pointer: no such
 * device. */
TU_NODISCARD enum tu_status tu_design_places_find(
	const struct tu_act *act, struct tu_design_places *places, struct tu_error *err);

#endif
