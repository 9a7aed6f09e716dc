/*
 * What another version of a component would change: the versions that the records of a finding name
 * as its fix, and whether these records still affect a given version.
 */
#ifndef TU_MATCH_UPGRADE_H
#define TU_MATCH_UPGRADE_H

#include <tutela/match.h>

#include "match/version_keys.h"

/* Call `visit` with each version that a record of the finding names as fixed: exclusive upper
 * bounds of affected ranges, and what the record calls the fix. `version` is for kb_str(). The same
 * version may come more than once. Stops when `visit` returns false, and returns false then. */
TU_NODISCARD bool tu_match__each_fix(const struct tu_kb *kb, const struct tu_finding *finding,
	bool (*visit)(void *context, uint32_t version, enum tu_scheme scheme), void *context);

/* Would the finding remain with this version? True also where a record leaves it open. Asked are
 * all ranges for the same package or product of the records that have a say in the finding, not
 * only the range that the installed version is in. Keys of `version` are made in `arena`. */
TU_NODISCARD bool tu_match__remains(const struct tu_kb *kb, struct tu_arena *arena,
	const struct tu_finding *finding, struct version_keys *version);

/* The lowest version above the installed one that the records name as fixed and none of them calls
 * affected: the fix of the installed version's own branch where there is one. Empty: not affected,
 * none is known, or the installed version has no place in the order. Where no version is installed,
 * what the deciding record says. Borrows from the knowledge base. */
struct tu_str tu_match__fix(struct kb_versions *versions, const struct tu_finding *finding);

/* tu_evidence_vers() and tu_evidence_fix() of many pieces of evidence. */
void tu_match__vers(
	struct kb_versions *versions, const struct tu_evidence *evidence, struct tu_buf *out);
struct tu_str tu_match__evidence_fix(
	struct kb_versions *versions, const struct tu_evidence *evidence);

#endif
