/*
 * How a vulnerability could reach a patient: the ways from a finding's components through the
 * assets that they serve to hazards and harm. tu_assess_propose() takes the worst of them; this
 * shows all, also those that do not count for this vulnerability.
 */
#ifndef TU_ASSESS_CHAIN_H
#define TU_ASSESS_CHAIN_H

#include <tutela/assess.h>

struct tu_chain_link {
	uint32_t component; /* of the inventory */
	const struct tu_asset
		*asset; /* NULL: no asset of it is known, or a rule says it has none */
	const struct tu_hazard *hazard; /* NULL: no hazard of the asset is known, or it has none */
	uint32_t loss; /* TU_LOSS_…: what must be lost of the asset */
	enum tu_harm harm; /* UNKNOWN: the model does not say; NONE: it says that there is none */
	bool counts; /* the vulnerability can cause that loss */
	bool decides; /* the proposal's harm is this one, before any control */
};

struct tu_chain {
	const struct tu_chain_link *at; /* in the arena; in the order of the device's rules */
	size_t count;
	uint32_t losses; /* that the vulnerability can cause; all where no score says */
};

/* `proposal`: of the same finding. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_assess__chain(struct tu_arena *arena,
	const struct tu_assess_input *input, const struct tu_assessment *assessment,
	struct tu_chain *out_chain, struct tu_error *err);

#endif
