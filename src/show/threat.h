/*
 * The threats of a design model as text for people and as JSON (docs/formats/threat.md).
 */
#ifndef TU_SHOW_THREAT_H
#define TU_SHOW_THREAT_H

#include <tutela/sink.h>

#include "app/threat.h"

struct tu_threat_view {
	const struct tu_threat_answer *answer;
	bool all; /* also what is mitigated or not applicable */
	bool colour;
	size_t width; /* columns of the terminal; 0: not cut */
};

/* One line a threat or question; the worst first. */
void tu_threat_list_table(const struct tu_threat_view *view, struct tu_sink *out);
/* A list of everything, `view->all` or not. */
void tu_threat_list_json(const struct tu_threat_view *view, struct tu_sink *out);
/* Lints, open threats, questions, counts. */
void tu_threat_check_text(const struct tu_threat_view *view, struct tu_sink *out);
void tu_threat_check_json(const struct tu_threat_view *view, struct tu_sink *out);

struct tu_model_diff;

/* What changed between two models, for people and as JSON ("tutela-threat-diff"). */
void tu_threat_diff_text(const struct tu_model_diff *diff, struct tu_sink *out);
void tu_threat_diff_json(const struct tu_model_diff *diff, struct tu_sink *out);

struct tu_attacks;

/* Attack paths for people and as JSON ("tutela-threat-paths"); `one`: one target was asked for. */
void tu_threat_paths_table(const struct tu_threat_view *view, const struct tu_attacks *attacks,
	bool one, struct tu_sink *out);
void tu_threat_paths_json(
	const struct tu_threat_view *view, const struct tu_attacks *attacks, struct tu_sink *out);

#endif
