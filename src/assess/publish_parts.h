/*
 * Which components of a release a decision is about, and what a statement can call them.
 */
#ifndef TU_ASSESS_PUBLISH_PARTS_H
#define TU_ASSESS_PUBLISH_PARTS_H

#include <tutela/decision.h>
#include <tutela/issue.h>

#include "vex/name.h"

/*
 * Fill component, parts and `whole` of an entry whose status is set.
 *
 * With an SBOM: the components that the decision selects, of these the ones of its premises' name.
 * A status that clears counts a path only where it is the component's only one
 * (tu_selector_matches_alone). `whole`: the subject alone is selected. Without an SBOM (`naming`
 * NULL): what the selector itself says. No parts: nothing names what is meant. TU_E_NOMEM.
 */
TU_NODISCARD enum tu_status tu_publish__parts(struct tu_arena *arena,
	const struct tu_decision *decision, struct tu_naming *naming, struct tu_issue_entry *entry);

#endif
