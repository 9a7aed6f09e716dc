/*
 * A view of a design model as SVG: zones as nested frames, elements in the shapes of a data-flow
 * diagram, flows as arrows with their ids, open threats as counts. It is complete in itself (no
 * style sheet, no font, no script), so that it can be printed, put into a submission or into a
 * page; its twin in words is the table of the same view.
 *
 * Shapes: actor, external system (rectangle; double for external), process (round), store (open to
 * the right), hardware (cut corners). A zone's frame is a trust boundary. A flow that crosses one
 * is heavy; colour is never the only sign. The same input gives the same bytes.
 */
#ifndef TU_REPORT_DIAGRAM_H
#define TU_REPORT_DIAGRAM_H

#include <tutela/threat.h>

struct tu_diagram_input {
	const struct tu_model *model;
	const struct tu_model_view *view; /* NULL: everything */
	const struct tu_threats *threats; /* or NULL: no counts */
	struct tu_indexes path; /* flows to highlight */
};

/* What a view shows: flags by element, flow and zone. An element belongs to it by itself or as the
 * end of one of its flows; a zone when it contains one of them. What is disabled is shown as such.
 * Everything lives in the arena. TU_E_NOMEM. */
struct tu_diagram_scope {
	const bool *elements, *flows, *zones;
	size_t element_count; /* that are shown */
};

TU_NODISCARD enum tu_status tu_diagram_scope(struct tu_arena *arena, const struct tu_model *model,
	const struct tu_model_view *view, struct tu_diagram_scope *out_scope, struct tu_error *err);

/* Append the picture. An empty view gives a picture that says so. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_diagram_write(struct tu_arena *arena,
	const struct tu_diagram_input *input, struct tu_buf *out, struct tu_error *err);

#endif
