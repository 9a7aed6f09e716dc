/*
 * What operations on the design of a device share: it is opened, judged, and shown as rows.
 */
#ifndef TU_API_DESIGNS_H
#define TU_API_DESIGNS_H

#include "api/call.h"
#include "portfolio/design.h"

struct tu_api_design {
	struct tu_arena *arena;
	struct tu_design design;
	struct tu_threat_answer answer; /* once it was judged */
};

struct tu_design_asked tu_api_design_asked(struct tu_api_call *call);
/* Open the design of the device of the path. What is not in the scope is an unknown device.
 * Whatever the status, end with tu_api_design_close(). */
TU_NODISCARD enum tu_status tu_api_design_open(
	struct tu_api_call *call, struct tu_api_design *out, struct tu_error *err);
void tu_api_design_close(struct tu_api_design *design);
/* What a function of portfolio/ failed with, as the error of the call; what is not there is named
 * by its kind, see tu_design_unknown(). Returns the status. */
enum tu_status tu_api_design_failed(const struct tu_error *own, struct tu_error *err);
/* Judge what is stored. Without a model the design is unknown; what cannot be read is a conflict.
 * Whatever the status, end with tu_threat_answer_done(). */
TU_NODISCARD enum tu_status tu_api_design_judge(struct tu_api_call *call,
	const struct tu_design *design, struct tu_threat_answer *out, struct tu_error *err);
/* The same, and what is stored, judged. Without a model the design is unknown; what is stored and
 * cannot be read is a conflict that says where. */
TU_NODISCARD enum tu_status tu_api_design_judged(
	struct tu_api_call *call, struct tu_api_design *out, struct tu_error *err);

/* The member "model" of the body as a text of model.yaml, in the call's arena; empty: it is not
 * there. What is wrong with it is at "/model…" of the body: tu_api_design_place(). */
TU_NODISCARD enum tu_status tu_api_design_body(
	struct tu_api_call *call, struct tu_str *out_model, struct tu_error *err);
/* Say so; the status. `member` empty: the body itself is what was read. */
enum tu_status tu_api_design_place(
	struct tu_api_call *call, const char *member, struct tu_error *err);

/* Rows of what was found; texts are those of the answer, lists in the arena of the call. */
struct tu_api_threat_row {
	struct tu_str key, rule, title, at, element, flow, outcome, derived, stride;
	struct tu_str severity, privacy, risk_before, risk_after, control;
	struct tu_str path, controls, reasons, cwe, capec, emb3d, attack_ics, disposition, reopened;
	int64_t fda_category, reach, exploit_before, exploit_after, findings;
	bool reach_is_bound;
};
struct tu_api_question_row {
	struct tu_str at, subject, text, rules;
};

TU_NODISCARD enum tu_status tu_api_threat_row(struct tu_api_call *call,
	const struct tu_threat_answer *answer, const struct tu_threat *threat,
	struct tu_api_threat_row *out, struct tu_error *err);
TU_NODISCARD enum tu_status tu_api_question_row(struct tu_api_call *call,
	const struct tu_threat_answer *answer, const struct tu_threat_question *question,
	struct tu_api_question_row *out, struct tu_error *err);
/* Decisions that nobody approved here. */
int64_t tu_api_design_proposed(const struct tu_threat_answer *answer);

#endif
