/*
 * Checks values against schemas of the document (route.h). All that is wrong is listed, up to
 * TU_API_ERRORS_MAX; each with a stable type:
 *
 *	required  a member is missing          unknown  a member or parameter that there is not
 *	type      another type                 enum     none of the words
 *	length    a text is too short or long  range    a number is too small or large
 *	items     too few or many items        format   a text is not of the format
 *	text      it has NUL                   twice    a parameter is there twice
 *
 * Pure; details and pointers are made in the arena. Where that is full, faults are counted without
 * words.
 */
#ifndef TU_API_VALIDATE_H
#define TU_API_VALIDATE_H

#include "api/problem.h"
#include "api/route.h"
#include "base/json.h"

/* True: the value is as it must be. */
bool tu_api_validate(struct tu_json value, const struct tu_api_schema *schema,
	struct tu_arena *arena, struct tu_api_problem *problem);

/* The same of a parameter's text: numbers and yes or no are read from it. */
bool tu_api_validate_text(struct tu_str text, const struct tu_api_parameter *parameter,
	struct tu_arena *arena, struct tu_api_problem *problem);

/* A whole number in decimal digits, perhaps after "-"; false: none, or beyond 64 bits. */
bool tu_api_read_int(struct tu_str text, int64_t *out_number);

/* List one thing that is wrong with a parameter of the query; always false. */
bool tu_api_fault_parameter(struct tu_api_problem *problem, const char *type, const char *parameter,
	struct tu_str detail);

#endif
