/*
 * The formats of an assessment.
 */
#ifndef TU_CLI_ASSESS_FORMAT_H
#define TU_CLI_ASSESS_FORMAT_H

#include "gate/assess_gate.h"
#include "gate/assess_select.h"
#include "app/assess.h"
#include "app/deadlines.h"
#include <tutela/sink.h>

/* A rule of --fail-on that is violated. */
struct tu_assess_violation {
	const struct tu_assess_rule *rule;
	size_t count;
	const struct tu_assessment *first;
};

struct tu_assess_view {
	const struct tu_assessing *assessing;
	struct tu_assess_selected findings; /* the ones to list */
	bool selected; /* --component, --only, --limit or --summary: not every finding is listed */
	bool summary; /* counts, matrix, next deadline; findings in two lines each */
	struct tu_clock_rows deadlines; /* of the device, the most urgent first */
	const struct tu_deadline_rule *const *rules; /* of the device */
	size_t rule_count;
	struct tu_str policy; /* the expression, or empty */
	const struct tu_assess_violation *violations;
	size_t violation_count;
	bool colour;
};

enum tu_status tu_assess_table(
	const struct tu_assess_view *view, struct tu_sink *out, struct tu_error *err);
enum tu_status tu_assess_json(
	const struct tu_assess_view *view, struct tu_sink *out, struct tu_error *err);

#endif
