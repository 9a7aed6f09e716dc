/*
 * The formats of an assessment.
 */
#ifndef TU_SHOW_ASSESS_H
#define TU_SHOW_ASSESS_H

#include "gate/assess_select.h"
#include "gate/gate.h"
#include "app/assess.h"
#include "app/deadlines.h"
#include <tutela/sink.h>

struct tu_assess_view {
	const struct tu_assess_answer *assessing;
	struct tu_assess_selected findings; /* the ones to list */
	bool selected; /* --component, --only, --limit or --summary: not every finding is listed */
	bool summary; /* counts, matrix, next deadline; findings in two lines each */
	struct tu_clock_rows deadlines; /* of the device, the most urgent first */
	const struct tu_deadline_rule *const *rules; /* of the device */
	size_t rule_count;
	struct tu_str gate; /* the expression of --fail-on, or empty */
	const struct tu_gate_verdict *verdict; /* where there is a gate */
	bool colour;
};

enum tu_status tu_assess_table(
	const struct tu_assess_view *view, struct tu_sink *out, struct tu_error *err);
enum tu_status tu_assess_json(
	const struct tu_assess_view *view, struct tu_sink *out, struct tu_error *err);

#endif
