/*
 * The formats of a scan's output.
 */
#ifndef TU_SHOW_FORMAT_H
#define TU_SHOW_FORMAT_H

#include <tutela/sink.h>
#include "gate/gate.h"
#include "app/findings.h"
#include "app/upgrade.h"

/* How to write; what concerns only some formats is ignored by the others. */
struct tu_scan_style {
	bool colour; /* table */
	size_t limit; /* table: how many components without data, and steps of an upgrade, are named
		       */
	const struct tu_upgrades *upgrades; /* table: in place of the findings; json: a member more;
					       NULL: not asked for */
	bool every_component; /* cyclonedx: also those that no finding is about */
	size_t width; /* table: columns of the terminal, 0: do not cut */
	int64_t now; /* table: to tell the age of the knowledge base, 0: do not */
	struct tu_str gate; /* the expression of --fail-on, or empty */
	const struct tu_gate_verdict *verdict; /* where there is a gate */
};

struct tu_scan_format {
	const char *name;
	enum tu_status (*write)(const struct tu_report *report, const struct tu_scan_style *style,
		struct tu_sink *out, struct tu_error *err);
};

/* NULL when there is none. */
const struct tu_scan_format *tu_scan_format_by_name(struct tu_str name);
/* In the order of help; NULL after the last. */
const struct tu_scan_format *tu_scan_format_at(size_t index);

/* TU_E_NOMEM in a sentence. */
enum tu_status tu_scan_format_no_memory(struct tu_error *err);

enum tu_status tu_format_table(const struct tu_report *report, const struct tu_scan_style *style,
	struct tu_sink *out, struct tu_error *err);
enum tu_status tu_format_json(const struct tu_report *report, const struct tu_scan_style *style,
	struct tu_sink *out, struct tu_error *err);
enum tu_status tu_format_csv(const struct tu_report *report, const struct tu_scan_style *style,
	struct tu_sink *out, struct tu_error *err);
enum tu_status tu_format_sarif(const struct tu_report *report, const struct tu_scan_style *style,
	struct tu_sink *out, struct tu_error *err);
enum tu_status tu_format_cyclonedx(const struct tu_report *report,
	const struct tu_scan_style *style, struct tu_sink *out, struct tu_error *err);

#endif
