/*
 * What is known of a device: what of it is in the field, what is open there, and how much is known.
 *
 * Findings are those of releases that were released, also of those that are no longer offered:
 * units of them are in use. The same of drafts is counted apart: nothing of them is in the field,
 * and a device that has only drafts is not one without findings. What is not known is counted apart
 * (no SBOM, no data, undecided) and is never part of what is fine.
 */
#ifndef TU_PORTFOLIO_POSTURE_H
#define TU_PORTFOLIO_POSTURE_H

#include "list/query.h"
#include "portfolio/work.h"

struct tu_posture {
	/* of the store */
	int64_t releases, drafts, in_field, withdrawn; /* in_field: without those withdrawn */
	int64_t without_sbom; /* of those that were released */
	int64_t without_components; /* of those: their SBOM lists none */
	int64_t releases_without_data; /* of those: nothing is known of any component in their SBOM
					*/
	int64_t unsettled; /* their findings do not know yet of something that changed */
	int64_t components; /* distinct ones in them */
	int64_t without_version, without_purl;
	int64_t without_data; /* the knowledge base has nothing on them: no finding means nothing */
	struct {
		int64_t without_sbom, without_components, releases_without_data, unsettled;
		int64_t components, without_data; /* distinct ones */
		uint64_t findings, affected, undecided, not_assessed;
	} draft; /* the same of drafts: the first six of the store */
	/* of the list: findings of those releases */
	uint64_t findings, affected, undecided;
	uint64_t uncontrolled, controlled, closed; /* decided so */
	uint64_t not_assessed, not_assessed_30, not_assessed_90; /* found so many days ago */
	int64_t seen_before_30, seen_before_90; /* us: those were first seen before */
	uint64_t reopened, proposed;
	int64_t next_deadline; /* us; 0: none */
	struct tu_str next_deadline_of; /* the vulnerability, in the arena */
};

/* The counts of the store. */
TU_NODISCARD enum tu_status tu_posture_read(
	struct tu_work *w, int64_t device_id, struct tu_posture *out, struct tu_error *err);

struct tu_posture_of {
	const struct tu_list_snapshot *list;
	const struct tu_list_scope *scope;
	int64_t device_id;
	int64_t at; /* us: now */
};
/* The others; what the store has stays. */
TU_NODISCARD enum tu_status tu_posture_count(struct tu_arena *arena, const struct tu_posture_of *of,
	struct tu_posture *posture, struct tu_error *err);

#endif
