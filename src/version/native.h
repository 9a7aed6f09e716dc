/*
 * Native range syntaxes: one parser a family, and what they share.
 *
 * A parser appends the intervals of `text` (not empty, trimmed) to `out`. TU_E_SYNTAX with the
 * byte in `text`; TU_E_NOMEM.
 */
#ifndef TU_VERSION_NATIVE_H
#define TU_VERSION_NATIVE_H

#include "version/interval.h"

typedef enum tu_status tu_native_parser(
	struct tu_str text, struct tu_intervals *out, struct tu_error *err);

/* npm, Composer, Conan, Cargo: alternatives of comparators, "^", "~", wildcards, "a - b". */
tu_native_parser tu_native_npm, tu_native_composer, tu_native_conan, tu_native_cargo;
/* PEP 440 version specifiers. */
tu_native_parser tu_native_pep440;

enum tu_comparator {
	TU_CMP_NONE, /* a bare version */
	TU_CMP_EQ,
	TU_CMP_NE,
	TU_CMP_LT,
	TU_CMP_LE,
	TU_CMP_GT,
	TU_CMP_GE,
	TU_CMP_CARET,
	TU_CMP_TILDE, /* "~" */
	TU_CMP_PESSIMISTIC, /* "~>" and "~=" */
	TU_CMP_IDENTICAL /* "===" */
};

/* The comparator at the start, stepped over together with the spaces after it. */
enum tu_comparator tu_native_comparator(struct tu_str *s);

/* AND a comparator and its version, one of those from NONE to GE, into `set`, which contains
 * intervals already (everything, at first). False: out of memory. */
bool tu_native_compare(
	struct tu_intervals *set, enum tu_comparator comparator, struct tu_str version);

/* `numbers` ("1.2.9") with the last one increased by one ("1.2.10"), as text of any length. False:
 * out of memory. */
bool tu_native_bump(struct tu_arena *arena, struct tu_str numbers, struct tu_str *out_text);

/* A set that contains every version. False: out of memory. */
bool tu_native_everything(struct tu_intervals *set);

/* Append all intervals of `set` to `out`. False: out of memory. */
bool tu_native_append(struct tu_intervals *out, const struct tu_intervals *set);

#endif
