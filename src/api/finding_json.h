/*
 * Parts of answers about findings and decisions that are no rows, as JSON.
 */
#ifndef TU_API_FINDING_JSON_H
#define TU_API_FINDING_JSON_H

#include "api/call.h"
#include "portfolio/dry_run.h"
#include "portfolio/history.h"

/* A member that is a time of us or of seconds since 1970: null for 0. */
void tu_api_member_us(struct tu_json_writer *json, const char *key, int64_t us);
void tu_api_member_seconds(struct tu_json_writer *json, const char *key, int64_t seconds);
/* A text; null where it is empty. */
void tu_api_member_null(struct tu_json_writer *json, const char *key, struct tu_str text);

/* Begin the answer again: a transaction runs its work again from nothing. */
void tu_api_restart(struct tu_api_call *call);

/* The id of a finding as a member. */
void tu_api_member_finding(struct tu_json_writer *json, const char *key,
	struct tu_str vulnerability, const uint8_t component[TU_LIST_KEY], struct tu_str release);

/* "kind": what the vulnerability is: scores by source, catalogues, EPSS. Members of the open
 * object.
 */
TU_NODISCARD enum tu_status tu_api_write_vulnerability(struct tu_json_writer *json,
	struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_report_vulnerability *vulnerability, struct tu_error *err);
/* "evidence": why it matched. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_api_write_evidence(struct tu_json_writer *json,
	const struct tu_look *look, const struct tu_look_finding *finding, struct tu_error *err);
/* "proposal", with its cell of the matrix, and "chain". */
TU_NODISCARD enum tu_status tu_api_write_proposal(struct tu_json_writer *json, struct tu_work *w,
	const struct tu_look *look, const struct tu_look_finding *finding, struct tu_error *err);
/* "matrix": every cell; with how many open findings of `result` are in it (NULL: not counted). */
void tu_api_write_matrix(struct tu_json_writer *json, const struct tu_device *device,
	const struct tu_assess_result *result);
/* Each a row of "deadlines". */
void tu_api_write_deadlines(struct tu_json_writer *json, const char *key,
	const struct tu_foreseen_list *list, bool only_started);
/* "premises" of a decision, as an object. */
void tu_api_write_premises(
	struct tu_json_writer *json, const char *key, const struct tu_premises *premises);

#endif
