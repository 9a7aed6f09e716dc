/*
 * Assessment: from findings to proposals and decisions.
 *
 * For each finding there is a proposal: how exploitable it is in this device (a band, with every
 * fact that led to it; never a probability), how severe the harm to the patient could be (through
 * component, asset and hazard), what privacy may lose, whether the risk is controlled by the
 * maker's matrix, and what to do. With it comes the decision that applies, if there is one:
 * made for this release, carried from an earlier one while its premises hold, or re-opened.
 *
 * Ownership: a result lives in the arena and borrows from everything in the input.
 * Threads: pure functions of the input.
 */
#ifndef TUTELA_ASSESS_H
#define TUTELA_ASSESS_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/deadline.h>
#include <tutela/decision.h>
#include <tutela/device.h>
#include <tutela/error.h>
#include <tutela/kb.h>
#include <tutela/match.h>
#include <tutela/sbom.h>
#include <tutela/score.h>

TU_BEGIN_C

/* One step of the way to a band: what was known, and the level (1 to 5) after it. */
struct tu_fact {
	const char *name; /* "attack-vector", "kev", "exposure", …: static storage */
	struct tu_str text; /* a sentence's worth */
	uint32_t level;
};

struct tu_proposal {
	const struct tu_fact *facts;
	size_t fact_count;
	uint32_t level; /* of exploitability, 1 to 5 */
	size_t band; /* index into the policy's bands */
	enum tu_harm harm;
	bool harm_assumed; /* no link says so: the worst that the device allows */
	struct tu_str harm_why;
	enum tu_privacy privacy;
	struct tu_str privacy_why;
	enum tu_risk risk; /* a hole of the matrix is UNCONTROLLED, and risk_why says so */
	struct tu_str risk_why;
	const char *response; /* "defer", "scheduled", "out-of-cycle", "immediate" */
};

enum tu_assess_state {
	TU_ASSESS_UNDECIDED,
	TU_ASSESS_DECIDED, /* for this very release */
	TU_ASSESS_CARRIED, /* from an earlier release; its premises hold */
	TU_ASSESS_REOPENED, /* a premise has changed */
	TU_ASSESS_SUPPLIER, /* the maker decided nothing; a trusted supplier's statement closes it
			     */
	TU_ASSESS_STATES
};

/* Why a decision no longer applies. */
enum tu_reopen {
	TU_REOPEN_NONE,
	TU_REOPEN_EXPIRED,
	TU_REOPEN_COMPONENT_CHANGED,
	TU_REOPEN_COMPONENT_GONE,
	TU_REOPEN_CONFIGURATION,
	TU_REOPEN_ADVISORY_REVISED,
	TU_REOPEN_KEV_ADDED,
	TU_REOPEN_SCORE_RAISED,
	TU_REOPEN_EPSS_RAISED,
	TU_REOPEN_CONTROL_MISSING,
	TU_REOPEN_MATRIX,
	TU_REOPEN_COUNT_
};

/* What a supplier says of a finding: a proposal, unless it is trusted; never the maker's decision.
 */
struct tu_supplier_word {
	enum tu_claim_status status;
	struct tu_str justification; /* as written, or empty */
	struct tu_str author;
	struct tu_str file;
	int64_t said_at; /* 0: not stated */
	bool trusted; /* the policy names the author */
};

/* A finding with what the caller has chosen to speak for it. */
struct tu_assess_finding {
	const struct tu_finding *finding;
	const struct tu_distinct *distinct;
	struct tu_kb_vulnerability facts;
	struct tu_score score; /* vector empty: none */
	uint8_t tenths; /* TU_SCORE_UNSTATED: none */
	enum tu_severity severity;
	const struct tu_supplier_word *supplier; /* NULL: none says anything */
};

struct tu_assessment {
	const struct tu_assess_finding *of;
	struct tu_proposal proposal;
	enum tu_assess_state state;
	const struct tu_decision *decision; /* in force or was re-opened; NULL: none. When it is
					       under investigation, state is UNDECIDED */
	enum tu_reopen reopen;
	struct tu_str reopen_why;
	int64_t since; /* since when it is in this state; 0: not known, which is worst */
	/* What counts: of the decision in force, else of the proposal. */
	enum tu_claim_status status; /* UNDER_INVESTIGATION when nothing decides */
	enum tu_risk risk; /* CONTROLLED when not affected or fixed */
	enum tu_harm harm;
	size_t band; /* index; band_count: the decision names one that the policy has not */
};

/* A decision for this release that no finding meets, and why. */
struct tu_loose_decision {
	const struct tu_decision *decision;
	enum tu_reopen reopen; /* COMPONENT_GONE, or NONE: the finding is no longer there */
	struct tu_str why;
};

struct tu_assess_input {
	const struct tu_device *device;
	size_t release; /* index */
	int64_t at;
	const struct tu_kb *kb;
	const struct tu_inventory *inventory;
	const struct tu_assess_finding *findings;
	size_t finding_count;
	const struct tu_decision *const *decisions;
	size_t decision_count;
};

struct tu_assess_counts {
	size_t state[TU_ASSESS_STATES]; /* by enum tu_assess_state */
	size_t uncontrolled; /* by what counts */
	size_t controlled; /* and open: affected or undecided */
	size_t closed; /* decided not affected or fixed */
	/* open ones in the matrix; harm NONE and holes are not in it */
	size_t matrix[TU_BANDS_MAX][TU_HARM_LEVELS];
};

struct tu_assess_result {
	const struct tu_assessment *assessments; /* in the order of the findings */
	size_t count;
	const struct tu_loose_decision *loose;
	size_t loose_count;
	struct tu_assess_counts counts;
};

/* Assess all findings. TU_E_NOMEM; TU_E_SYNTAX when two decisions that hold for one finding say
 * different things: the message names both files. */
TU_API TU_NODISCARD enum tu_status tu_assess(struct tu_arena *arena,
	const struct tu_assess_input *input, const struct tu_assess_result **out_result,
	struct tu_error *err);

/* The proposal alone. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_assess_propose(struct tu_arena *arena,
	const struct tu_assess_input *input, const struct tu_assess_finding *finding,
	struct tu_proposal *out_proposal, struct tu_error *err);

/* The premises of a decision made now, for `tutela decide`. TU_E_NOMEM. */
TU_API TU_NODISCARD enum tu_status tu_assess_premises(struct tu_arena *arena,
	const struct tu_assess_input *input, const struct tu_assess_finding *finding,
	struct tu_premises *out_premises, struct tu_error *err);

/* Does a decision mean this finding: its vulnerability, by any alias, and every one of its
 * components? */
TU_API bool tu_assess_concerns(const struct tu_assess_input *input,
	const struct tu_assess_finding *finding, const struct tu_decision *decision);

/* Decided and affected nowhere, so that it is no open risk. */
TU_API bool tu_assess_is_closed(const struct tu_assessment *assessment);
/* Does something decide it now: a decision in force, or a trusted supplier's statement? */
TU_API bool tu_assess_is_assessed(const struct tu_assessment *assessment);
/* How many findings are open and uncontrolled, and nothing decides them now. */
TU_API size_t tu_assess_count_waiting(const struct tu_assess_result *result);
/* How many findings, of whatever state, are in components that the SBOM excludes everywhere. They
 * are assessed like all others. */
TU_API size_t tu_assess_count_excluded(const struct tu_assess_result *result);
/* Negative when `a` is listed before `b`: open and uncontrolled ones first, of these the ones that
 * nothing decides now; then by the cell of the matrix (band, harm); within a cell by KEV, response,
 * score, EPSS. Zero: as in the document. */
TU_API int tu_assess_compare(const struct tu_assessment *a, const struct tu_assessment *b);
/* Does a finding start this clock, by what counts for it? */
TU_API bool tu_assess_starts(
	const struct tu_deadline_rule *rule, const struct tu_assessment *assessment);

/* "undecided", "decided", "carried", "re-opened", "supplier"; "kev-added", …: static storage. The
 * label is for people: "not assessed" for UNDECIDED, because "undecided" is a verdict of the
 * matcher. */
TU_API const char *tu_assess_state_name(enum tu_assess_state state);
TU_API const char *tu_assess_state_label(enum tu_assess_state state);
TU_API const char *tu_reopen_name(enum tu_reopen reopen);

TU_END_C

#endif
