/*
 * SSVC: stakeholder-specific vulnerability categorization. Decision tables as data: points with
 * values, and for each combination of values one outcome.
 *
 * Source: CERT/CC, github.com/CERTCC/SSVC; each table and point says its version. Names are given
 * and compared in lower case; a point or value may also be called by its short key ("E" for
 * "exploitation", "P" for "public poc"), and '-', '_' and a space are the same.
 *
 * Pure functions over static tables; thread-safe; nothing is allocated.
 */
#ifndef TUTELA_SSVC_H
#define TUTELA_SSVC_H

#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/error.h>
#include <tutela/str.h>

enum { TU_SSVC_VALUES_MAX = 5, TU_SSVC_POINTS_MAX = 7 };

struct tu_ssvc_value {
	const char *key;
	const char *name;
};

struct tu_ssvc_point {
	const char *key;
	const char *name;
	const char *version;
	struct tu_ssvc_value values[TU_SSVC_VALUES_MAX];
	uint8_t value_count;
};

struct tu_ssvc_table {
	const char *id; /* "cisa-coordinator" */
	const char *title;
	const char *source; /* CERT/CC's name with the version: "cisa:DT_CISA:2.0.3" */
	const struct tu_ssvc_point *points[TU_SSVC_POINTS_MAX];
	uint8_t point_count;
	const struct tu_ssvc_point *outcome;
	const char *rows; /* one digit a combination, the last point fastest */
};

/* What has been chosen, by point of one table: the place of the value from 1; 0 is "not chosen". */
struct tu_ssvc_choice {
	uint8_t values[TU_SSVC_POINTS_MAX];
};

TU_API const struct tu_ssvc_table *tu_ssvc_table_at(size_t index); /* NULL after the last */
TU_API const struct tu_ssvc_table *tu_ssvc_table_by_id(struct tu_str id); /* NULL: none */

/* Choose a value of a point. TU_E_NOTFOUND when the table has no such point or the point no such
 * value (the message lists them); TU_E_SYNTAX when another value was chosen before. */
TU_API TU_NODISCARD enum tu_status tu_ssvc_choose(const struct tu_ssvc_table *table,
	struct tu_ssvc_choice *choice, struct tu_str point, struct tu_str value,
	struct tu_error *err);

/* The outcome. TU_E_NOTFOUND when a point has no value yet (the message says which). */
TU_API TU_NODISCARD enum tu_status tu_ssvc_decide(const struct tu_ssvc_table *table,
	const struct tu_ssvc_choice *choice, const struct tu_ssvc_value **out_outcome,
	struct tu_error *err);

#endif
