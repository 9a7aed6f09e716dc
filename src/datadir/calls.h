/*
 * What a process can ask of the one that owns a data folder: tables of calls. A call gets arguments
 * and gives an answer, both JSON; it is the same function in the process that owns the folder and
 * by its socket, so the answer is the same by both ways.
 *
 * The table of this layer has what a data folder can answer by itself. What needs more (portfolio,
 * knowledge base) is in tables of the layers above, which hand the list of all of them down.
 */
#ifndef TU_DATADIR_CALLS_H
#define TU_DATADIR_CALLS_H

#include <tutela/buf.h>

#include "base/json.h"
#include "datadir/datadir.h"

struct tu_call_in {
	struct tu_str name; /* of the call */
	struct tu_json arguments; /* an object, or absent */
	int fd; /* a file of the caller's, open to read or to write; -1: none */
	void *host; /* of tu_calls */
};

/* Append the answer, one JSON object without white space. Any thread. */
typedef enum tu_status tu_call_run(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err);

struct tu_call {
	const char *name;
	bool needs_fd;
	tu_call_run *run;
};

struct tu_call_table {
	const struct tu_call *at;
	size_t count;
};

/* All that can be asked. Of two calls of one name the one in the table before counts. */
struct tu_calls {
	const struct tu_call_table *const *tables;
	size_t count;
	/* a running service's `struct tu_service`; NULL in a command that owns the folder itself */
	void *host;
};

/* status, backup, doctor, ledger.*, erase */
extern const struct tu_call_table tu_datadir_calls;
/* user.*, team.*, key.* */
extern const struct tu_call_table tu_people_calls;

enum { TU_CALL_ANSWER_MAX = 64 << 20 };

/* The members of the call "status" that are about the folder and its database: instance, engine,
 * migration, ledger. */
struct tu_json_writer;
TU_NODISCARD enum tu_status tu_datadir_status_write(
	struct tu_datadir *dir, struct tu_json_writer *json, struct tu_error *err);

/* Run the call that `in` names; it gets the host of `calls`. TU_E_USAGE: there is none, or it needs
 * a file and got none. */
TU_NODISCARD enum tu_status tu_call_dispatch(struct tu_datadir *dir, const struct tu_calls *calls,
	const struct tu_call_in *in, struct tu_buf *out_answer, struct tu_error *err);

#endif
