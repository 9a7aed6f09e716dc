#include "access/limits.h"

#include <stdatomic.h>

const struct tu_access_limit_row tu_access_limit_rows[TU_ACCESS_LIMITS] = {
	/* NIST SP 800-63B-4, 2.2.3: at most an hour without use and 24 hours in all */
	[TU_LIMIT_SESSION_IDLE] = {"session-idle", 60, 3600, 3600},
	[TU_LIMIT_SESSION_LONGEST] = {"session-longest", 300, 86400, 43200},
	[TU_LIMIT_PROOF] = {"proof-seconds", 30, 300, 300},
	[TU_LIMIT_SIGNIN_FREE] = {"signin-free", 1, 20, 5},
	[TU_LIMIT_SIGNIN_WAIT] = {"signin-wait", 60, 86400, 3600},
	/* NIST SP 800-63B-4, 3.2.2: no more than 100 */
	[TU_LIMIT_SIGNIN_STOP] = {"signin-stop", 10, 100, 100},
};

/* What was set; 0: nothing. */
static _Atomic int64_t values[TU_ACCESS_LIMITS];

int64_t tu_access_limit(enum tu_access_limit limit)
{
	int64_t value = atomic_load_explicit(&values[limit], memory_order_relaxed);

	return value ? value : tu_access_limit_rows[limit].preset;
}

int64_t tu_access_limit_us(enum tu_access_limit limit)
{
	return tu_access_limit(limit) * 1000000;
}

void tu_access_limit_set(enum tu_access_limit limit, int64_t value)
{
	const struct tu_access_limit_row *row = &tu_access_limit_rows[limit];

	value = value < row->least ? row->least : value > row->most ? row->most : value;
	atomic_store_explicit(&values[limit], value, memory_order_relaxed);
}
