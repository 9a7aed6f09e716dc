/*
 * The deadlines of a device, for people and for programs.
 */
#ifndef TU_SHOW_DEADLINES_H
#define TU_SHOW_DEADLINES_H

#include <tutela/sink.h>

#include "app/deadlines.h"
#include "gate/gate.h"

struct tu_deadlines_view {
	const struct tu_deadlines_answer *answer;
	const struct tu_zone *zone; /* the maker's */
	int64_t at;
	struct tu_str gate; /* the expression of --fail-on, or empty */
	const struct tu_gate_verdict *verdict; /* where there is a gate */
	bool colour;
};

/* `clocks --format text` and `json` (docs/formats/assess.md). TU_E_NOMEM, or what the sink says. */
TU_NODISCARD enum tu_status tu_deadlines_table(
	const struct tu_deadlines_view *view, struct tu_sink *out, struct tu_error *err);
TU_NODISCARD enum tu_status tu_deadlines_json(
	const struct tu_deadlines_view *view, struct tu_sink *out, struct tu_error *err);

/* Append the member "unwatched_markets". */
struct tu_json_writer;
void tu_deadlines_json_unwatched(
	struct tu_json_writer *json, const struct tu_unwatched *list, size_t count);

#endif
