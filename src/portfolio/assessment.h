/*
 * Assessments: decisions as persons wrote them (docs/formats/decision.md), kept as documents.
 *
 *   proposed    written; applies to nothing yet
 *   approved    as many others as the policy asks for have approved it (portfolio/approve.h); it is
 *               never changed afterwards
 *   rejected    it does not stand
 *   superseded  another text of the same name took its place while it was a proposal
 *
 * An approved one that another names in `supersedes` stays approved: its events and its learned_at
 * count on. Which of them applies to which finding follows from tu_assess() (portfolio/settle.h).
 */
#ifndef TU_PORTFOLIO_ASSESSMENT_H
#define TU_PORTFOLIO_ASSESSMENT_H

#include <tutela/decision.h>

#include "portfolio/device.h"

struct tu_assessment_row {
	int64_t id;
	struct tu_str public_id;
	struct tu_str name; /* of its file in decisions/: "curl-socks.yaml" */
	bool approved; /* else proposed */
	struct tu_str author;
	int64_t document_id;
	int64_t version;
	int64_t created; /* us */
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_str text;
	const struct tu_decision *decision;
};

/* Those of a device that stand: proposed and approved, by name. In the work's arena. */
struct tu_assessment_rows {
	const struct tu_assessment_row *at;
	size_t count;
	/* their decisions, in the same order; the approved ones alone */
	const struct tu_decision **all;
	const struct tu_decision **approved;
	size_t approved_count;
};
TU_NODISCARD enum tu_status tu_assessment_list(struct tu_work *w, int64_t device_id,
	struct tu_assessment_rows *out_rows, struct tu_error *err);
const struct tu_assessment_row *tu_assessment_named(
	const struct tu_assessment_rows *rows, struct tu_str name);

struct tu_assessment_text {
	struct tu_str name; /* of the file: a name without '/', that does not begin with a dot */
	struct tu_str text;
};

struct tu_assessment_texts {
	const struct tu_assessment_text *at;
	size_t count;
};

/*
 * Propose decisions of a device: all or none. A text that is there already is left alone; one whose
 * name an approved assessment has, with another text, is refused, as is one that contradicts
 * another (tu_decisions_check()). Errors name the file: TU_E_SYNTAX as of tu_decision_read(),
 * TU_E_USAGE. `*out_new`: how many were added.
 */
TU_NODISCARD enum tu_status tu_assessment_propose(struct tu_work *w,
	const struct tu_device_row *device, const struct tu_assessment_texts *texts,
	size_t *out_new, struct tu_error *err);

/* Was exactly this text rejected under this name? Proposing it again is for a person to ask for,
 * not for a push that comes every night. */
TU_NODISCARD enum tu_status tu_assessment_was_rejected(struct tu_work *w,
	const struct tu_device_row *device, const struct tu_assessment_text *text,
	bool *out_rejected, struct tu_error *err);

#endif
