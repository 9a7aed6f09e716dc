/*
 * What the parts of api/ that are no resources share.
 */
#ifndef TU_API_INSIDE_H
#define TU_API_INSIDE_H

#include "api/call.h"
#include "http/server.h"

/* An empty answer; frees what was written. */
void tu_api__answer_begin(struct tu_api_call *call);
/* Let go of the list and the knowledge base. */
void tu_api__drop(struct tu_api_call *call);

/* ---- ask.c: what was asked, into the call. On failure call->problem says more. ---- */

/* Path values and the query, decoded and checked. */
TU_NODISCARD enum tu_status tu_api__take_target(
	struct tu_api_call *call, const struct tu_api_match *match, struct tu_error *err);
/* The body; `parser` keeps what call->body points to. */
TU_NODISCARD enum tu_status tu_api__take_body(
	struct tu_api_call *call, struct tu_json_parser *parser, struct tu_error *err);
TU_NODISCARD enum tu_status tu_api__take_if_match(struct tu_api_call *call, struct tu_error *err);
/* In which format: by Accept, or the query's "format". */
TU_NODISCARD enum tu_status tu_api__take_format(struct tu_api_call *call, struct tu_error *err);

/* ---- once.c: Idempotency-Key ---- */

/* `*out_done`: the answer is there already, in the call. */
TU_NODISCARD enum tu_status tu_api__once_begin(
	struct tu_api_call *call, bool *out_done, struct tu_error *err);
/* What becomes of the key of an operation that ended so; `wrote`: a transaction of its was
 * committed. Where it may have changed something and failed nobody may do it again under the key:
 * of a commit whose answer was lost (TU_E_IO) nobody knows (store/store.h). */
enum tu_api_once_fate { TU_API_ONCE_KEEP, TU_API_ONCE_FORGET, TU_API_ONCE_LEAVE };
enum tu_api_once_fate tu_api__once_fate(enum tu_status status, bool wrote);
void tu_api__once_end(struct tu_api_call *call, enum tu_status status);

#endif
