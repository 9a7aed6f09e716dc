/*
 * What a process can ask of the one that owns a data folder: one table. A call gets arguments and
 * gives an answer, both JSON; it is the same function in the process that owns the folder and
 * by its socket, so the answer is the same by both ways.
 */
#ifndef TU_DATADIR_CALLS_H
#define TU_DATADIR_CALLS_H

#include <tutela/buf.h>

#include "base/json.h"
#include "datadir/datadir.h"

struct tu_call_in {
	struct tu_json arguments; /* an object, or absent */
	int fd; /* a file of the caller's, open to read or to write; -1: none */
};

/* Append the answer, one JSON object without white space. Any thread. */
typedef enum tu_status tu_call_run(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err);

struct tu_call {
	const char *name;
	bool needs_fd;
	tu_call_run *run;
};

extern const struct tu_call tu_calls[];
extern const size_t tu_call_count;

enum { TU_CALL_ANSWER_MAX = 64 << 20 };

/* Run the call of that name. TU_E_USAGE: there is none, or it needs a file and got none. */
TU_NODISCARD enum tu_status tu_call_dispatch(struct tu_datadir *dir, struct tu_str name,
	const struct tu_call_in *in, struct tu_buf *out_answer, struct tu_error *err);

#endif
