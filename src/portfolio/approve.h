/*
 * Approving and rejecting proposals of decisions, by persons who have just proven who they are.
 *
 * A proposal is approved when as many different persons as the policy of its device asks for
 * (device.yaml: policy.approvals) have signed the approval of exactly its text. Until then it stays
 * proposed, with the signatures that it has. None of them is its author: whoever proposed it, a key
 * of theirs, or whom the text itself says decided it ("decided_by"). A key signs nothing.
 *
 * The act's actor is the public id of the person. Errors besides those of store/store.h:
 *
 *   TU_E_NOTFOUND    there is no such decision
 *   TU_E_USAGE       it is not proposed; no reason to reject it
 *   TU_E_CONFLICT    it is not the version or not the text that was shown
 *   TU_E_CONSTRAINT  a rule of audit/signature.h is not kept, which `pointer` names
 */
#ifndef TU_PORTFOLIO_APPROVE_H
#define TU_PORTFOLIO_APPROVE_H

#include "audit/signature.h"
#include "portfolio/settle.h"

/* Which proposal, as it was shown, and who acts. */
struct tu_proposal_act {
	struct tu_str public_id;
	int64_t version;
	uint8_t digest[TU_SHA256_BYTES]; /* SHA-256 of its text */
	struct tu_proof proof;
	struct tu_str zone; /* of who signs: "+01:00"; not needed to reject */
};

/* What came of it. */
struct tu_proposal_outcome {
	struct tu_signature signature; /* public "": none, it was rejected */
	uint32_t approvals, needed; /* how many persons have approved it, of how many */
	bool approved;
	/* to how many findings of how many releases the decision applies now, and how many of its
	 * findings were opened again */
	int64_t findings, releases, reopened;
};

/* In a transaction that has begun settling (tu_settling_begin()), so that nobody else decides for
 * this device meanwhile. Settling is due afterwards. */
TU_NODISCARD enum tu_status tu_assessment_approve(struct tu_work *w,
	const struct tu_proposal_act *proposal, struct tu_proposal_outcome *out,
	struct tu_error *err);
TU_NODISCARD enum tu_status tu_assessment_reject(
	struct tu_work *w, const struct tu_proposal_act *proposal, struct tu_error *err);

/* The whole in a transaction of its own, with the releases of the device settled. `kb` is the
 * current knowledge base, `reader` as in portfolio/settle.h. */
struct tu_proposal_decide {
	const struct tu_proposal_act *proposal;
	bool reject;
	/* only on a device that the person sees when it is decided, else TU_E_NOTFOUND; false:
	 * whoever asks has the data folder */
	bool scoped;
	const struct tu_kb *kb;
	const struct tu_sbom_reader *reader;
	struct tu_proposal_outcome outcome;
};
TU_NODISCARD enum tu_status tu_proposal_decide(struct tu_store *store, const struct tu_act *act,
	struct tu_proposal_decide *decide, struct tu_error *err);

/* The subject of its signatures, "assessment:<public id>". */
TU_NODISCARD enum tu_status tu_assessment_subject(
	struct tu_work *w, struct tu_str public_id, struct tu_str *out, struct tu_error *err);
/* How many persons other than its author have approved exactly this text. */
TU_NODISCARD enum tu_status tu_assessment_approvals(struct tu_work *w,
	const struct tu_assessment_row *row, uint32_t *out, struct tu_error *err);

/* Who approved a proposal already. */
struct tu_proposal_approval {
	struct tu_str name; /* as printed */
	struct tu_str zone;
	int64_t at; /* us */
};

/* Who signed the approval of exactly this text, also one whose approval does not count any more. */
struct tu_proposal_approvals {
	const struct tu_proposal_approval **out_by;
	size_t *out_count;
};
TU_NODISCARD enum tu_status tu_assessment_approved_by(struct tu_work *w, struct tu_str public_id,
	const uint8_t digest[TU_SHA256_BYTES], const struct tu_proposal_approvals *out,
	struct tu_error *err);

#endif
