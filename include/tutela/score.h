/*
 * Scores: CVSS base scores and severities.
 *
 * Exact arithmetic: the score that a vector has is the one of the standard's equations in decimal
 * numbers, never that of a binary rounding. Sources: FIRST, "A Complete Guide to the Common
 * Vulnerability Scoring System 2.0" (3.2.1), "CVSS v3.0 Specification" (8.1), "CVSS v3.1
 * Specification" (7.1, 7.4 and appendix A).
 *
 * Pure functions; thread-safe.
 */
#ifndef TUTELA_SCORE_H
#define TUTELA_SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/advisory.h>
#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

TU_BEGIN_C

enum { TU_SCORE_UNSTATED = 0xff };

/* In rising order. UNKNOWN is the absence of a statement, not a small severity. */
enum tu_severity {
	TU_SEVERITY_UNKNOWN,
	TU_SEVERITY_NONE,
	TU_SEVERITY_LOW,
	TU_SEVERITY_MEDIUM,
	TU_SEVERITY_HIGH,
	TU_SEVERITY_CRITICAL,
	TU_SEVERITY_COUNT_
};

/* Which CVSS version a vector is of, by its prefix; one without prefix that starts with a metric
 * of 2.0 (also in parentheses) is 2.0. TU_CVSS_NONE for anything else. */
TU_API enum tu_cvss_version tu_cvss_version_of(struct tu_str vector);

/* The base score of a vector, times ten. The vector may state temporal and environmental metrics:
 * they are checked and do not count. Errors: TU_E_SYNTAX with the byte in `vector` (unknown metric
 * or value, a metric twice, a base metric missing), TU_E_UNSUPPORTED for 4.0. */
TU_API TU_NODISCARD enum tu_status tu_cvss_base(
	struct tu_str vector, uint8_t *out_tenths, struct tu_error *err);

/* What a source states, or what follows from its vector, times ten; TU_SCORE_UNSTATED when it
 * states neither a number nor a vector that we can compute. */
TU_API uint8_t tu_score_tenths(const struct tu_score *score);

/* The severity of a score: the qualitative scale of CVSS 3 and 4; for 2.0 NVD's (low to 3.9, medium
 * to 6.9, high above). TU_SEVERITY_UNKNOWN for TU_SCORE_UNSTATED. */
TU_API enum tu_severity tu_severity_of(enum tu_cvss_version version, uint8_t tenths);

/* The severity of a statement: of its score, else of the source's own word. */
TU_API enum tu_severity tu_score_severity(const struct tu_score *score);

/* By name, ASCII case folded; sources' own words ("moderate", "important") are known too. False
 * and TU_SEVERITY_UNKNOWN for anything else. */
TU_API bool tu_severity_by_name(struct tu_str name, enum tu_severity *out_severity);

/* "critical", …, "none"; "unknown". Static storage. */
TU_API const char *tu_severity_name(enum tu_severity severity);

TU_END_C

#endif
