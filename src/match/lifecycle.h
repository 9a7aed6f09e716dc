/*
 * Releases in an inventory whose end of support the knowledge base knows.
 */
#ifndef TU_MATCH_LIFECYCLE_H
#define TU_MATCH_LIFECYCLE_H

#include <tutela/match.h>

#include "base/vec.h"
#include "match/identity.h"

struct lifecycles {
	TU_VEC(struct tu_supported_release) releases;
};

/* Note the release of a distribution ("debian-10"); `distinct`: of whom, or KB_NONE. False: no
 * memory. */
TU_NODISCARD bool tu_match__lifecycle_of_distro(
	struct lifecycles *all, const struct tu_kb *kb, struct tu_str distro, uint32_t distinct);
/* Note the release that a component itself is, where nobody packaged it: support by a distribution
 * or an ecosystem is another matter. False: no memory. */
TU_NODISCARD bool tu_match__lifecycle_of_component(struct lifecycles *all, const struct tu_kb *kb,
	const struct identity *id, uint32_t distinct);

#endif
