/*
 * Whether the release that a decision names as its fix has it.
 *
 * What the decision says was true when it was made at most; the match of that release's own SBOM
 * says what is in it. A release is fixed only where that match leaves nothing open.
 */
#ifndef TU_ASSESS_PUBLISH_FIX_H
#define TU_ASSESS_PUBLISH_FIX_H

#include <tutela/decision.h>
#include <tutela/kb.h>

/*
 * Fill `*out_why` with why the release is not known to be fixed, a part of a sentence; empty: its
 * SBOM shows that it is. Only the matcher is asked: a supplier's statement in a side file does not
 * count, a decision of its own says "fixed" there.
 *
 * Not known: no SBOM (`inventory` NULL); no knowledge base, or one that does not know the
 * vulnerability or has no data on the component; the version that the decision was made on; a
 * finding, affected or undecided, of what the decision selects or what has the name of its
 * premises. Where nothing of that name is left, any finding of the vulnerability counts: the
 * component may have got another name. TU_E_NOMEM and the errors of tu_match().
 */
TU_NODISCARD enum tu_status tu_publish__fix_unshown(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_decision *decision, const struct tu_inventory *inventory,
	struct tu_str *out_why);

#endif
