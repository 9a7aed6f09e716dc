/*
 * The member "gaps" of lists: what they cannot know. An empty list with gaps is not a good one.
 */
#ifndef TU_API_GAPS_H
#define TU_API_GAPS_H

#include "api/call.h"

/* Read it, as JSON in the arena of the call: of the scope, and of the knowledge base in use. */
TU_NODISCARD enum tu_status tu_api_gaps_read(
	struct tu_api_call *call, struct tu_str *out_json, struct tu_error *err);
/* Part of an ETag: another where the gaps are others. With NUL. */
enum { TU_API_GAPS_DIGITS = 12 };
TU_NODISCARD enum tu_status tu_api_gaps_digits(
	struct tu_str json, char out[TU_API_GAPS_DIGITS + 1], struct tu_error *err);
/* The member, into the object that is open. */
void tu_api_gaps_write(struct tu_json_writer *json, struct tu_str gaps);

#endif
