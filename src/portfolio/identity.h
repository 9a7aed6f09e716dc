/*
 * What a component is to the matcher, as a text: all of it that matching asks for, and the systems
 * that it was found with. Components with the same text are one component of the store, whatever
 * releases they are in, and can be matched again without the SBOMs they came from.
 *
 *   {"component":{"kind":"library","name":"expat","version":"2.5.0","purl":"…"},
 *    "beside":[{"kind":"operating-system","name":"poky"}, …]}
 *
 * "beside" are the operating systems of the SBOM, without their versions, so that a new kernel does
 * not make every other component a new one; with its version where the release of a distribution
 * counts for the component; and everything of the SBOM, without versions, where a record needs
 * another product beside it. The text is canonical: it has no white space, members are in one
 * order, "beside" is sorted.
 */
#ifndef TU_PORTFOLIO_IDENTITY_H
#define TU_PORTFOLIO_IDENTITY_H

#include <tutela/arena.h>
#include <tutela/kb.h>
#include <tutela/sbom.h>

#include "base/sha256.h"

/* What identities of one inventory share. */
struct tu_identities {
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	struct tu_str distro; /* of the match result */
	struct tu_str systems; /* members of "beside": operating systems */
	struct tu_str systems_release; /* the same with the distribution's release */
	struct tu_str everything; /* composed when it is first asked for */
	struct tu_str everything_release;
};

/* `distro`: of a match result of the inventory. All borrows. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_identities_begin(struct tu_identities *set, struct tu_arena *arena,
	const struct tu_kb *kb, const struct tu_inventory *inventory, struct tu_str distro);

struct tu_identity {
	struct tu_str text; /* in the arena */
	uint8_t key[TU_SHA256_BYTES]; /* its digest */
};

/* `release`: the distribution's release counts for it (match/keys.h); `whole`: with everything
 * beside it. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_identity_of(struct tu_identities *set, uint32_t component,
	bool release, bool whole, struct tu_identity *out);

/* An inventory of what the text says, in the arena; its first component is the one it is about.
 * TU_E_CORRUPT for a text that is none of these; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_identity_read(struct tu_arena *arena, struct tu_str text,
	const struct tu_inventory **out_inventory, struct tu_error *err);

#endif
