/*
 * CVE records from within: container, affected item, versions.
 */
#ifndef TU_ADVISORY_CVE5_H
#define TU_ADVISORY_CVE5_H

#include "advisory/reader.h"

/* The list "affected" of a container. */
bool tu_advisory__cve5_affected(struct tu_advisory_reader *r, struct tu_json list);

/* What the rows of "versions" amount to. */
enum adv_cve5_rows {
	ADV_ROWS_NONE, /* no row, or none that says anything: the default status applies */
	ADV_ROWS_VERSIONS,
	ADV_ROWS_COMMITS /* only commits, which have no order */
};

/* Read "versions" and "defaultStatus" of an affected item. `scheme`: that of the package, or
 * TU_SCHEME_NONE to go by "versionType". */
bool tu_advisory__cve5_versions(struct tu_advisory_reader *r, struct tu_json item,
	enum tu_scheme scheme, struct tu_versions *out_versions, enum adv_cve5_rows *out_rows);

/* Does the item have a row that names no commit? */
bool tu_advisory__cve5_has_versions(struct tu_json item);

/* A version in words ("1.4 and prior", "5.x", "1.0 to 1.5", "1.2"): appends its span to the draft.
 * `*out_fixed`: the fixed version that they imply, else as before. */
bool tu_advisory__cve5_words(struct tu_advisory_reader *r, enum tu_scheme scheme,
	struct tu_str words, enum tu_coverage coverage, struct tu_str *out_fixed);

/* The low and the high end of a range: "0", "*" are open, "5.10.*" and "5.x" hold any last number.
 */
bool tu_advisory__cve5_low(struct tu_advisory_reader *r, enum tu_scheme scheme, struct tu_str text,
	bool inclusive, struct tu_bound *out_bound);
bool tu_advisory__cve5_high(struct tu_advisory_reader *r, enum tu_scheme scheme, struct tu_str text,
	bool inclusive, struct tu_bound *out_bound);

/* A range in words. `*out_done` false: it is none. False: no memory. */
bool tu_advisory__cve5_range_words(struct tu_advisory_reader *r, enum tu_scheme scheme,
	struct tu_str text, struct tu_interval *interval, bool *out_done);

/* Words in the place of a version that say nothing of it, and that mean all. */
bool tu_advisory__says_nothing(struct tu_str text);
bool tu_advisory__says_all(struct tu_str text);

/* The scheme of a "versionType"; `*out_commits`: its versions are commits. */
enum tu_scheme tu_advisory__cve5_scheme(struct tu_str version_type, bool *out_commits);

#endif
