/*
 * How long sessions and proofs last, and how long failed sign-ins wait: settings of this process,
 * of which each has bounds. Several nodes on one database should have the same.
 *
 * They are set when the service starts and when it reads its options again. Without that, as in a
 * command, each has its preset. Any thread.
 */
#ifndef TU_ACCESS_LIMITS_H
#define TU_ACCESS_LIMITS_H

#include <stdint.h>

enum tu_access_limit {
	TU_LIMIT_SESSION_IDLE, /* s: without use it ends */
	TU_LIMIT_SESSION_LONGEST, /* s: it ends in any case; of sessions that begin from then on */
	TU_LIMIT_PROOF, /* s: so long a proof counts; at most TU_PROOF_US */
	TU_LIMIT_SIGNIN_FREE, /* failures of an account without a wait */
	TU_LIMIT_SIGNIN_WAIT, /* s: the longest wait of an account */
	TU_LIMIT_SIGNIN_STOP, /* failures in a row after which an administrator unlocks */
	TU_ACCESS_LIMITS
};

struct tu_access_limit_row {
	const char *name; /* of the option and of its member in the API's settings */
	int64_t least, most, preset;
};
extern const struct tu_access_limit_row tu_access_limit_rows[TU_ACCESS_LIMITS];

int64_t tu_access_limit(enum tu_access_limit limit);
int64_t tu_access_limit_us(enum tu_access_limit limit); /* of one in seconds */
/* A value beyond the bounds becomes the bound: whoever reads it from a person refuses it before. */
void tu_access_limit_set(enum tu_access_limit limit, int64_t value);

#endif
