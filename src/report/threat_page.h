/*
 * The threat model of a device as one page: self-contained HTML for a submission, with stable
 * anchors. Methodology, the four architecture views with a table twin of each, life cycle, risk
 * assessment, trace from threat to test evidence, questions, what was considered, assumptions.
 *
 * Source of the parts: FDA, Cybersecurity in Medical Devices (premarket), V.A to V.B and Appendix
 * 2; docs/internals/threat.md has the wording of severity and reach.
 *
 * The page is a pure function of what is put in: the same input gives the same bytes.
 */
#ifndef TU_REPORT_THREAT_PAGE_H
#define TU_REPORT_THREAT_PAGE_H

#include <tutela/sink.h>
#include <tutela/threat.h>

struct tu_threat_page_input {
	struct tu_str tool; /* "tutela 0.1.0" */
	int64_t at; /* time of the report */
	struct tu_arena *arena; /* for pictures */
	const struct tu_model *model;
	const struct tu_device *device; /* its matrix; or NULL */
	const struct tu_threat_pack *const *packs;
	size_t pack_count;
	struct tu_threats threats;
	struct tu_dispositions dispositions;
	struct tu_lints lints; /* of the model */
};

/* TU_E_NOMEM, or the failure of the sink. */
TU_NODISCARD enum tu_status tu_threat_page_write(
	const struct tu_threat_page_input *input, struct tu_sink *sink, struct tu_error *err);

#endif
