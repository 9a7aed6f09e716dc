/*
 * What the resources of cases and deadlines share.
 */
#ifndef TU_API_CASES_H
#define TU_API_CASES_H

#include "api/call.h"
#include "portfolio/case_list.h"
#include "portfolio/deadlines.h"

/* A deadline as a row; its place is that of the list. */
struct tu_api_deadline {
	struct tu_str device, vulnerability, case_id, signal, rule, title, source, jurisdiction,
		state;
	struct tu_str due_local, zone, meets, needs, missing, note;
	int64_t start, due, stopped, late_seconds;
	bool open, start_assumed, listed;
	struct tu_api_place place;
};

/* The row; texts are in `arena`. False: no memory. */
bool tu_api_deadline_take(struct tu_arena *arena, const struct tu_deadline_seen *seen, int64_t now,
	struct tu_api_deadline *out);
/* Where days begin and end; an offset alone has no name. */
struct tu_str tu_api_zone_name(const struct tu_zone *zone);
/* An item of the schema NotComputed. */
void tu_api_add_not_computed(struct tu_json_writer *json, struct tu_str device, struct tu_str why);

/* A case as a row of the table "Case", read again: the answer of what changes one. */
TU_NODISCARD enum tu_status tu_api_answer_case(
	struct tu_api_call *call, struct tu_str case_id, struct tu_error *err);

/* The case of the path in the scope of who asks; no such case: tu_api_unknown(). */
TU_NODISCARD enum tu_status tu_api_case_of(struct tu_work *w, const struct tu_api_call *call,
	struct tu_case_row *out_row, struct tu_error *err);

#endif
