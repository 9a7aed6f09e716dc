/*
 * What an older knowledge base did not yet say about an SBOM (scan --since): the findings that are
 * new, changed or gone. Only what differs between the two is matched.
 */
#ifndef TU_APP_COMPARE_H
#define TU_APP_COMPARE_H

#include "app/scan.h"

enum tu_compare_kind { TU_COMPARE_NEW, TU_COMPARE_CHANGED, TU_COMPARE_GONE, TU_COMPARE_KINDS };

struct tu_compare_request {
	struct tu_sbom_source source;
	const char *kb; /* the argument of --kb, or NULL */
	const char *since; /* the older knowledge base */
};

/* A knowledge base and its findings about what changed. */
struct tu_compare_side {
	struct tu_kb_file file;
	struct tu_report report;
	const struct tu_report_row **rows; /* by component, then id */
};

struct tu_compare_difference {
	enum tu_compare_kind kind;
	const struct tu_report_row *before; /* NULL: new */
	const struct tu_report_row *after; /* NULL: gone */
};

struct tu_compare_answer {
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	struct tu_str inventory_path; /* as the user named it */
	struct tu_compare_side before;
	struct tu_compare_side after;
	const struct tu_kb_diff *diff;
	struct tu_compare_difference *differences; /* by kind, what matters most first */
	size_t count;
	size_t by_kind[TU_COMPARE_KINDS];
	struct tu_warnings warnings;
};

/* Whatever the status, end with tu_compare_done(). The answer borrows the request. */
TU_NODISCARD enum tu_status tu_app_compare(const struct tu_app_context *context,
	const struct tu_compare_request *request, struct tu_compare_answer *answer,
	struct tu_error *err);
void tu_compare_done(struct tu_compare_answer *answer);

#endif
