/*
 * Scores: CVSS vectors, their scores and severities.
 *
 * Exact arithmetic: the score that a vector has is the one of the standard's equations in decimal
 * numbers, never that of a binary rounding. Sources: FIRST, "A Complete Guide to the Common
 * Vulnerability Scoring System 2.0" (2, 3), "CVSS v3.0 Specification" (8), "CVSS v3.1
 * Specification" (7 and appendix A), "CVSS v4.0 Specification" (7, 8). How:
 * docs/internals/score.md.
 *
 * Pure functions; thread-safe.
 */
#ifndef TUTELA_SCORE_H
#define TUTELA_SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include <tutela/advisory.h>
#include <tutela/attr.h>
#include <tutela/buf.h>
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

enum { TU_CVSS_METRICS_MAX = 32 };

/* A vector that was read: plain data, copied by assignment. */
struct tu_cvss {
	enum tu_cvss_version version;
	uint8_t values[TU_CVSS_METRICS_MAX]; /* by metric; for score/ alone, ask tu_cvss_get() */
};

/* Times ten; TU_SCORE_UNSTATED when the vector defines no metric of that group. Each later score
 * takes the metrics of the earlier ones into account, as the standard has it. */
struct tu_cvss_scores {
	uint8_t base;
	uint8_t threat; /* temporal in 2.0 and 3.x */
	uint8_t environmental;
	uint8_t overall; /* the last of the three that is stated */
};

/* Which CVSS version a vector is of, by its prefix; one without prefix that starts with a metric
 * of 2.0 (also in parentheses) is 2.0. TU_CVSS_NONE for anything else. */
TU_API enum tu_cvss_version tu_cvss_version_of(struct tu_str vector);

/* Read a vector. Metrics may come in any order. Errors: TU_E_SYNTAX with the byte in `vector`; the
 * message names the metric and what was expected (no such metric, one of another version, wrong
 * case, empty, no such value, stated twice, a base metric missing, a slash at the end).
 * `out_cvss` is written on success only. */
TU_API TU_NODISCARD enum tu_status tu_cvss_parse(
	struct tu_str vector, struct tu_cvss *out_cvss, struct tu_error *err);

/* Put a device's own environmental metrics ("MAV:P/CR:H") over those of a vector; "X" (2.0: "ND")
 * takes one away. Nothing changes on an error: TU_E_SYNTAX with the byte in `metrics`; a metric of
 * another group is one. */
TU_API TU_NODISCARD enum tu_status tu_cvss_override(
	struct tu_cvss *cvss, struct tu_str metrics, struct tu_error *err);

/* The value of a metric by its short name ("AV" -> "N"); empty when it is not stated or there is no
 * such metric. Static storage. */
TU_API struct tu_str tu_cvss_get(const struct tu_cvss *cvss, struct tu_str metric);

TU_API void tu_cvss_score(const struct tu_cvss *cvss, struct tu_cvss_scores *out_scores);

/* Append the canonical form: the standard's order, without metrics that are "not defined". */
TU_API void tu_cvss_write(const struct tu_cvss *cvss, struct tu_buf *out);

/* Which groups the overall score rests on: "CVSS-B", "CVSS-BT", "CVSS-BE" or "CVSS-BTE" (CVSS
 * v4.0, 1.3; for earlier versions the same words by analogy, T being the temporal group). */
TU_API const char *tu_cvss_nomenclature(const struct tu_cvss *cvss);

/* The base score of a vector, times ten. The vector may state other metrics: they are checked and
 * do not count. Errors of tu_cvss_parse(). */
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
