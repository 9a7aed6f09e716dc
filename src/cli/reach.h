/*
 * The way of commands to a data folder (datadir/reach.h): with the clock and the version of this
 * program.
 */
#ifndef TU_CLI_REACH_H
#define TU_CLI_REACH_H

#include "datadir/reach.h"

/* `command` names itself to whoever finds the folder in use: "backup". Static storage; one thread.
 */
const struct tu_datadir_host *tu_reach_host(const char *command);

/* --wait, of commands that only read; at most a day. */
#define TU_OPTION_WAIT(type, member) \
	{ \
		"wait", 0, "SECONDS", \
			"Wait up to SECONDS for another command that owns the folder " \
			"(default: 30)", \
			TU_TEXT(type, member) \
	}
#define TU_REACH_WAIT "30"
#define TU_REACH_WAIT_MISUSED "--wait: expected a number of seconds, at most 86400"
/* The argument of --wait. False: no such number. */
bool tu_reach_seconds(const char *text, unsigned *out_seconds);

/* Reach DATA, call, end: the answer into `out` (initialised), as of tu_reach_call(). */
TU_NODISCARD enum tu_status tu_reach_once(const char *command, const char *data,
	const struct tu_reach_ask *ask, struct tu_buf *out, struct tu_error *err);

#endif
