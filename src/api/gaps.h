/*
 * The member "gaps": what an answer cannot know. An empty list with gaps is not a good one, and a
 * row without findings is not a clean one.
 *
 * Which operations have it says the document (x-gaps), where each list has to say so or not. It is
 * written here alone: dispatch.c reads it before such an operation runs and adds it to its answer,
 * as the last member of a JSON object of ours. An array, and what has a media type of its own, has
 * it as a header, in a line (Tutela-Gaps). CSV and workbooks have it as a header, in a line, and
 * their file is named "…-incomplete"; workbooks have a second sheet, too. It counts what is in the
 * scope of who asks, and no more.
 */
#ifndef TU_API_GAPS_H
#define TU_API_GAPS_H

#include "api/call.h"

/* Read it into the call: of the scope, the sources, and the knowledge base in use. */
TU_NODISCARD enum tu_status tu_api__gaps_read(struct tu_api_call *call, struct tu_error *err);
/* Add the member to what was answered, and digits of it to an ETag that the operation set. */
void tu_api__gaps_add(struct tu_api_call *call);

#endif
