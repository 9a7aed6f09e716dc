/*
 * The one way to a data folder for every command: when nobody owns it, this process does, and
 * calls run here; when a service does, they go through its control socket. The answer is
 * the same.
 */
#ifndef TU_DATADIR_REACH_H
#define TU_DATADIR_REACH_H

#include <tutela/buf.h>

#include "datadir/calls.h"

struct tu_reach;

/* `path`: a data folder, or "postgresql://…". Errors as of tu_datadir_open(); TU_E_BUSY when the
 * owner does not answer: another command that will be done soon, or a service that starts; but
 * first `host->wait` seconds are waited for it. `host`, `path` and `calls` (what can be asked when
 * this process owns the folder) are borrowed. */
TU_NODISCARD enum tu_status tu_datadir_reach(const struct tu_datadir_host *host, const char *path,
	const struct tu_calls *calls, struct tu_reach **out_reach, struct tu_error *err);
/* NULL is fine. */
void tu_reach_end(struct tu_reach *reach);

/* The folder, when this process owns it; NULL when a service does. */
struct tu_datadir *tu_reach_own(struct tu_reach *reach);

/* What is asked for: a call of datadir/calls.h. */
struct tu_reach_ask {
	const char *call;
	struct tu_str arguments; /* a JSON object; empty: none */
	int fd; /* a file that the call reads or writes; -1: none */
	unsigned wait; /* of tu_reach_once(): as `host->wait` */
};

/* The answer, a JSON object, is appended to `out_answer`; errors are those of the call, or of the
 * socket. */
TU_NODISCARD enum tu_status tu_reach_call(struct tu_reach *reach, const struct tu_reach_ask *ask,
	struct tu_buf *out_answer, struct tu_error *err);

#endif
