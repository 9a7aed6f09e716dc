/*
 * What push and pull say, in the words of whoever asked: a folder that was handed over has another
 * name here than there.
 */
#ifndef TU_SERVICE_SHOWN_H
#define TU_SERVICE_SHOWN_H

#include "portfolio/push.h"

struct tu_shown {
	struct tu_str at; /* the folder's name here */
	struct tu_str as; /* what is said in its place */
};

/* Put the one name in the place of the other in what went wrong; gives the status back. */
enum tu_status tu_shown_error(
	const struct tu_shown *shown, enum tu_status status, struct tu_error *err);

/* The answer, one JSON object. `refused` has a status where the store refused it: nothing was
 * changed, and here is why. The clashes are not in that error, which is one line. */
void tu_shown_push(const struct tu_shown *shown, const struct tu_push *push,
	struct tu_error *refused, struct tu_buf *out);
void tu_shown_pull(const struct tu_shown *shown, const struct tu_pull *pull,
	struct tu_error *refused, struct tu_buf *out);
/* The members alone, into an object that is open. */
void tu_shown_push_members(const struct tu_shown *shown, const struct tu_push *push,
	struct tu_error *refused, struct tu_json_writer *json);

#endif
