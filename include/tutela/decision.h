/*
 * Decisions: what a person decided on a vulnerability in a component, and on which premises. One
 * file a decision in DEVICE_DIR/decisions/; docs/formats/decision.md describes it.
 *
 * A decision applies to the releases that it names. It carries forward to later ones while its
 * premises hold, and re-opens with a reason when one changes (tutela/assess.h).
 *
 * Ownership: a decision lives in the arena it was read into and borrows nothing but `file`.
 */
#ifndef TUTELA_DECISION_H
#define TUTELA_DECISION_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/claim.h>
#include <tutela/device.h>
#include <tutela/error.h>
#include <tutela/range.h>
#include <tutela/str.h>

TU_BEGIN_C

/* OpenVEX's and CSAF's five; needed for NOT_AFFECTED unless an impact statement is given. */
enum tu_justification {
	TU_JUSTIFY_NONE,
	TU_JUSTIFY_COMPONENT_NOT_PRESENT,
	TU_JUSTIFY_CODE_NOT_PRESENT,
	TU_JUSTIFY_CODE_NOT_IN_EXECUTE_PATH,
	TU_JUSTIFY_CODE_NOT_CONTROLLED_BY_ADVERSARY,
	TU_JUSTIFY_INLINE_MITIGATIONS
};

/* CSAF's remediation categories. */
enum tu_remediation {
	TU_REMEDY_UNSTATED,
	TU_REMEDY_VENDOR_FIX,
	TU_REMEDY_MITIGATION,
	TU_REMEDY_WORKAROUND,
	TU_REMEDY_NONE_AVAILABLE,
	TU_REMEDY_NO_FIX_PLANNED
};

/* What is planned or offered for an affected release. */
struct tu_action {
	enum tu_remediation remedy;
	struct tu_str text; /* VEX's action statement */
	struct tu_str fix_release; /* the release that will have or has the fix */
	int64_t due; /* 0: not stated */
	struct tu_str url;
};

struct tu_validity {
	struct tu_texts releases; /* versions */
	struct tu_str
		range_text; /* vers, of component versions; empty: the premise's version alone */
	const struct tu_range *range; /* NULL without range_text */
	struct tu_str configuration; /* empty: any */
	bool carry; /* to later releases [true] */
};

/* What was so when it was decided, written by `tutela decide`. A premise that is not stated cannot
 * change. */
struct tu_premises {
	struct tu_str component; /* name */
	struct tu_str version;
	struct tu_str advisory; /* id of the record that decided the finding */
	struct tu_str source; /* whose record: "NVD", "GHSA" */
	int64_t advisory_modified; /* 0: not stated */
	struct tu_str advisory_digest; /* hex of SHA-256 over the facts that matter, or empty */
	bool kev_stated, kev;
	uint8_t score_tenths; /* TU_SCORE_UNSTATED (0xff): not stated */
	uint32_t epss; /* millionths; UINT32_MAX: not stated */
};

/* Something that happened and that clocks stop or start at, with its proof. The words are those of
 * docs/formats/decision.md: "customers-told", "fix-distributed", … */
struct tu_case_event {
	struct tu_str name;
	int64_t at;
	struct tu_str evidence;
	struct tu_texts contents; /* what a notice says: the words of its clock's row */
	struct tu_place place;
	const struct tu_event_correction *corrected; /* NULL: it counts */
	bool instead; /* a decision says it instead of one that comes before it in the list */
	const struct tu_event_change
		*changes; /* of the others: how they were corrected, in order */
	size_t change_count;
};

/* An event that was wrong stays as it was stated: what is said instead, with the reason. It starts,
 * stops and waives nothing any more; a deadline that only it had started is listed on. */
struct tu_event_correction {
	const struct tu_case_event *by; /* NULL: it is taken back */
	int64_t at; /* when it was corrected */
	struct tu_str reason;
};

/* How a decision's file says it. */
struct tu_event_change {
	const struct tu_case_event *now; /* NULL: it is taken back */
	struct tu_str reason;
	struct tu_str by;
	int64_t at;
};

/* A learned_at that was wrong: never rewritten, corrected with a reason. */
struct tu_correction {
	int64_t was;
	int64_t now;
	struct tu_str reason;
	struct tu_str by;
	int64_t at;
};

struct tu_decision {
	struct tu_str file; /* as named to tu_decision_read() */
	struct tu_str id; /* the file's name without ".yaml" when it is not stated */
	struct tu_str supersedes; /* the id of the decision that this one replaces */
	struct tu_str vulnerability; /* CVE id, or any other */
	struct tu_texts aliases; /* further ids of it */
	struct tu_selector component;
	/* Never UNSTATED. UNDER_INVESTIGATION is a record of having learned of it, no decision. */
	enum tu_claim_status status;
	enum tu_justification justification;
	struct tu_str impact; /* VEX's impact statement: why it is not affected */
	struct tu_str rationale; /* for the file: why it was decided so */
	struct tu_action action;
	struct tu_str exploitability; /* a band's name */
	enum tu_harm harm;
	enum tu_privacy privacy;
	enum tu_risk risk; /* as decided; UNDECIDED only when under investigation or not affected */
	struct tu_texts controls; /* ids of the device's controls that it counts on */
	struct tu_validity validity;
	int64_t expires; /* 0: the policy's decision_days from decided_at */
	struct tu_str decided_by;
	struct tu_str role;
	int64_t decided_at;
	int64_t learned_at; /* as first recorded */
	const struct tu_correction *corrections; /* of learned_at, in order */
	size_t correction_count;
	struct tu_premises premises;
	const struct tu_case_event *events; /* also those that were corrected */
	size_t event_count;
	struct tu_place place;
};

/*
 * Read one decision. `file` is for messages and gives the default id. Errors as tu_device_read():
 * located, TU_E_SYNTAX, TU_E_LIMIT, TU_E_NOMEM. A decision that names a release, control or band
 * which `device` (may be NULL) does not have is read all the same: tu_device_lint() says.
 */
TU_API TU_NODISCARD enum tu_status tu_decision_read(struct tu_arena *arena, struct tu_str file,
	struct tu_str text, const struct tu_device_limits *limits,
	const struct tu_decision **out_decision, struct tu_error *err);

/* Append the file's text: canonical order, one field a line, nothing that is a default. */
TU_API void tu_decision_write(const struct tu_decision *decision, struct tu_buf *out);

/* learned_at with all corrections applied. */
TU_API int64_t tu_decision_learned(const struct tu_decision *decision);
/* When it ends: its own date or the policy's; 0: never. */
TU_API int64_t tu_decision_expires(
	const struct tu_decision *decision, const struct tu_device *device);
/* Do the two say the same: status, justification, risk, exploitability and harm? */
TU_API bool tu_decision_agrees(const struct tu_decision *a, const struct tu_decision *b);
/* Is `id` its vulnerability or one of its aliases (ASCII case folded)? */
TU_API bool tu_decision_is_about(const struct tu_decision *decision, struct tu_str id);
/* Do the two share an id or an alias? */
TU_API bool tu_decision_same_vulnerability(
	const struct tu_decision *a, const struct tu_decision *b);
/* Does it name this release? */
TU_API bool tu_decision_names_release(const struct tu_decision *decision, struct tu_str release);
/* Has another decision among these superseded it? */
TU_API bool tu_decision_is_superseded(const struct tu_decision *decision,
	const struct tu_decision *const *decisions, size_t count);

/* Two decisions on the same vulnerability, component and release that say different things and of
 * which none supersedes the other: an error, not a race. TU_E_SYNTAX naming both files. Looks at
 * what the files state; tu_assess() finds those whose selectors differ and still meet. */
TU_API TU_NODISCARD enum tu_status tu_decisions_check(
	const struct tu_decision *const *decisions, size_t count, struct tu_error *err);

/* OpenVEX's: "vulnerable_code_not_present". Static storage. */
TU_API const char *tu_justification_name(enum tu_justification justification);
/* CSAF's: "vendor_fix". */
TU_API const char *tu_remediation_name(enum tu_remediation remedy);
/* False for another word; '-', '_' and space are alike. */
TU_API bool tu_decision_status_by_name(struct tu_str name, enum tu_claim_status *out_status);
TU_API bool tu_justification_by_name(struct tu_str name, enum tu_justification *out);
TU_API bool tu_remediation_by_name(struct tu_str name, enum tu_remediation *out);

TU_END_C

#endif
