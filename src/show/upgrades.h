/*
 * Findings as upgrades, of `scan --group-by upgrade`: lines for people, a member for programs.
 */
#ifndef TU_SHOW_UPGRADES_H
#define TU_SHOW_UPGRADES_H

#include <tutela/sink.h>

#include "app/upgrade.h"
#include "base/json_writer.h"
#include "show/paint.h"

/* One component a paragraph; at most `limit` steps of each. Spills into `out`. */
void tu_upgrades_lines(const struct tu_upgrades *upgrades, const struct tu_paint *paint,
	size_t limit, struct tu_sink *out);

/* The member "upgrades"; docs/formats/scan.md describes it. */
void tu_upgrades_json(const struct tu_report *report, const struct tu_upgrades *upgrades,
	struct tu_json_writer *json, struct tu_sink *out);

#endif
