/*
 * What proposing decisions has in common: what a body states of them.
 */
#ifndef TU_API_DECIDES_H
#define TU_API_DECIDES_H

#include "api/call.h"
#include "portfolio/decide.h"

/* The members of the body that are options of `tutela decide`, into `out`; texts are in the call's
 * arena. False: no memory. */
bool tu_api_decide_stated(struct tu_api_call *call, struct tu_decide_request *out);
/* The answer: their ids. 201 with the place of the first. */
void tu_api_decide_answer(struct tu_api_call *call, const struct tu_str *ids, size_t count);

#endif
