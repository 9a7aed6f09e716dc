/*
 * The report of a scan: what stands between the match result and the output formats.
 *
 * Everything that formats and policies have in common happens here, once: which score speaks for
 * a vulnerability, what is filtered away, and in which order things are shown.
 *
 * Ownership: a report lives in the arena; it borrows from knowledge base, inventory and result.
 */
#ifndef TU_APP_FINDINGS_H
#define TU_APP_FINDINGS_H

#include <tutela/arena.h>
#include <tutela/kb.h>
#include <tutela/match.h>
#include <tutela/sbom.h>
#include <tutela/score.h>

#include "app/kb_file.h"
#include "feed/sidecar.h"

/* A vulnerability that some finding is about. */
struct tu_report_vulnerability {
	uint32_t index; /* in the knowledge base */
	struct tu_kb_vulnerability facts;
	enum tu_severity severity; /* of the score below, else of a source's word */
	uint8_t tenths; /* base score * 10, or TU_SCORE_UNSTATED */
	bool has_score; /* some record states a score, a vector or a severity */
	struct tu_score score; /* the statement that was chosen */
	uint32_t scored_by; /* its record */
};

struct tu_report_row {
	const struct tu_finding *finding;
	const struct tu_report_vulnerability *vulnerability;
	const struct tu_distinct *distinct;
	const struct tu_component *component; /* the first of the distinct ones */
};

/* One distinct component and what is shown of it: the affected rows first, then the undecided. */
struct tu_report_group {
	const struct tu_distinct *distinct;
	const struct tu_component *component;
	const struct tu_report_row *rows;
	size_t affected;
	size_t undecided;
};

/* Counts over all findings, before filtering. */
struct tu_report_counts {
	size_t severity[TU_SEVERITY_COUNT_]; /* affected findings */
	size_t affected;
	size_t undecided;
	size_t not_affected; /* decided by statements */
	size_t by_files; /* of these, by statements beside the SBOM */
	size_t not_built; /* decided by the kernel's build */
	size_t kev; /* affected findings that are known to be exploited */
	size_t fixable; /* affected findings with a fixed version */
	size_t excluded; /* affected or undecided ones in components that the SBOM excludes */
	size_t hidden; /* affected and undecided findings that the filter leaves out */
};

struct tu_report_filter {
	enum tu_severity min_severity; /* TU_SEVERITY_UNKNOWN: all. A finding of unknown severity
					  is never left out: unknown is not low. */
	bool only_kev;
};

/* Where the knowledge base came from (src/app/kb_file.h). */
struct tu_report_origin {
	struct tu_str path; /* empty: the starter */
	bool starter;
	const struct tu_sidecar *sidecar; /* NULL: nothing says how fresh it is */
	struct tu_str sidecar_problem; /* why what says so is not believed; empty: nothing there */
	int64_t now; /* seconds since 1970; what is fresh depends on it */
};

/* What an opened knowledge base says of itself, judged at `now`; borrows the file. */
struct tu_report_origin tu_kb_file_origin(const struct tu_kb_file *file, int64_t now);

struct tu_report {
	const struct tu_kb *kb;
	struct tu_kb_info kb_info;
	struct tu_report_origin origin;
	const struct tu_inventory *inventory;
	struct tu_str inventory_path; /* as the user named it, "-" for standard input */
	const struct tu_match_result *result;
	struct tu_report_filter filter;
	const struct tu_report_row *rows; /* every affected and undecided one, unfiltered, in
					     document order */
	size_t row_count;
	const struct tu_report_group *groups; /* filtered, what matters most first */
	size_t group_count;
	const struct tu_report_row *not_affected; /* in document order */
	size_t not_affected_count;
	const struct tu_report_vulnerability *vulnerabilities; /* of all rows, by index */
	size_t vulnerability_count;
	struct tu_report_counts counts;
};

/* Complete `report`, in which kb, kb_info, inventory, result and filter are set. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_report_build(
	struct tu_arena *arena, struct tu_report *report, struct tu_error *err);

/* Negative when row `a` is shown before row `b`: affected before undecided, KEV, severity, EPSS,
 * score, the younger id. */
int tu_report_compare_rows(const struct tu_report_row *a, const struct tu_report_row *b);

/* Fill in the score that is shown (kb/shown_score.h); `index` is set. */
void tu_report_choose_score(const struct tu_kb *kb, struct tu_report_vulnerability *vulnerability);

/* Distinct texts over all records of a vulnerability, in the order of the records. */
struct tu_report_texts {
	const struct tu_str *at;
	size_t count;
};
TU_NODISCARD bool tu_report_aliases(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_report_vulnerability *vulnerability, struct tu_report_texts *out);
TU_NODISCARD bool tu_report_cwes(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_report_vulnerability *vulnerability, struct tu_report_texts *out);
TU_NODISCARD bool tu_report_references(struct tu_arena *arena, const struct tu_kb *kb,
	const struct tu_report_vulnerability *vulnerability, struct tu_report_texts *out);

/* Ids in the order that people expect: digit runs by value. Negative, zero, positive. */
int tu_report_compare_ids(struct tu_str a, struct tu_str b);

#endif
