/*
 * The report of a device as one page: self-contained HTML for people who read, print and keep it.
 *
 * The page is a pure function of what is put in: the same input gives the same bytes. It is
 * written piece by piece through the sink, so that memory stays small.
 */
#ifndef TU_REPORT_PAGE_H
#define TU_REPORT_PAGE_H

#include <tutela/assess.h>
#include <tutela/sink.h>

/* What became of a supplier's statement. */
struct tu_page_statement {
	struct tu_str vulnerability, author, file;
	const char *status; /* "not_affected", … */
	bool trusted;
	size_t findings; /* that it applies to */
	const char *why; /* it applies, or not: a sentence */
};

struct tu_page_input {
	struct tu_str tool; /* "tutela 0.1.0" */
	int64_t at; /* time of the report */
	struct tu_arena *arena; /* for what is derived */
	const struct tu_device *device;
	const struct tu_release *release;
	const struct tu_inventory *inventory;
	const struct tu_match_result *match;
	const struct tu_kb *kb;
	struct tu_str kb_path; /* empty: the starter */
	const struct tu_assess_result *result;
	const struct tu_assessment *const *sorted; /* what matters most first */
	const struct tu_decision *const *decisions;
	size_t decision_count;
	const struct tu_deadline_case *cases;
	const struct tu_deadlines *clocks; /* by case */
	size_t case_count;
	const struct tu_deadline_rule *const *rules; /* of the device */
	size_t rule_count;
	const struct tu_page_statement *statements; /* of the release's side files */
	size_t statement_count;
	bool propose_only; /* none of them closes a finding, whoever made it */
	struct tu_texts unassessed; /* side files that nothing reads */
};

/* TU_E_NOMEM, or the failure of the sink. */
TU_NODISCARD enum tu_status tu_page_write(
	const struct tu_page_input *input, struct tu_sink *sink, struct tu_error *err);

#endif
