/*
 * What was decided on a finding in the words of Dependency-Track (its "analysis"), as ours: the one
 * mapping, for its clients (connect/dtrack) and for what is imported from it (app/dtrack_import.h).
 *
 *   EXPLOITABLE      affected
 *   NOT_AFFECTED     not affected; a justification or details are needed
 *   FALSE_POSITIVE   not affected; that it is one is the impact statement, where nothing else is
 *   RESOLVED         fixed
 *   IN_TRIAGE        under investigation
 *   NOT_SET          nothing: it decides nothing, and takes nothing back
 *
 * Justifications are those of CycloneDX: its three "requires_..." have no word of OpenVEX and CSAF,
 * and become part of the impact statement. Whatever has no place of its own is in the
 * rationale, with where it comes from: nothing is dropped. What becomes of it is always a proposal.
 */
#ifndef TU_APP_TRIAGE_H
#define TU_APP_TRIAGE_H

#include <tutela/arena.h>
#include <tutela/decision.h>
#include <tutela/error.h>

/* As stated; empty: not stated. Words in upper case. */
struct tu_triage {
	struct tu_str state, justification, response, details, comment;
	struct tu_str origin; /* "Dependency-Track's API, by the key of CI", a sentence's worth */
	bool suppressed;
};

/* As ours; texts are in the arena or static. */
struct tu_triage_as {
	bool decides; /* false: NOT_SET */
	enum tu_claim_status status;
	enum tu_justification justification;
	enum tu_remediation remedy;
	struct tu_str impact, action, rationale;
};

/* TU_E_USAGE: a word that is none of Dependency-Track's (the message lists them), or NOT_AFFECTED
 * without any reason. */
TU_NODISCARD enum tu_status tu_triage_read(struct tu_arena *arena, const struct tu_triage *triage,
	struct tu_triage_as *out, struct tu_error *err);

/* Back: static storage. What Dependency-Track has no word for is "NOT_SET". */
const char *tu_triage_state(enum tu_claim_status status);
const char *tu_triage_justification(enum tu_justification justification);
const char *tu_triage_response(enum tu_remediation remedy);

#endif
