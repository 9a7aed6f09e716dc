/*
 * Failed sign-ins, one after the other: the more there were, the longer the next one waits.
 *
 *             without a wait   then          at most      no more at all
 *   account   5                1, 2, 4, … s  1 hour       at 100 (NIST SP 800-63B-4, 3.2.2)
 *   address   20               1, 2, 4, … s  15 minutes   -
 *
 * The account's are presets: access/limits.h.
 *
 * An attempt is counted before the password is verified, so that many at once are as many; when it
 * succeeds, the account's row goes and the address has one less: an own account does not clear an
 * address. Whether an account exists makes no difference. A row is named by a keyed digest of login
 * or address and goes 30 days after its last failure. A clock that was set back makes nobody wait
 * longer than the table says.
 *
 * Errors are those of store/store.h. Any thread.
 */
#ifndef TU_ACCESS_BACKOFF_H
#define TU_ACCESS_BACKOFF_H

#include "access/base.h"

struct tu_backoff_try {
	struct tu_str login;
	struct tu_str address; /* empty: a program of this machine; not counted */
	int64_t at;
};

/* Count an attempt. `out_wait_s`: 0, it may go on; else it was not counted, and may be tried again
 * after so many seconds; UINT32_MAX: only after tu_backoff_unlock(). */
TU_NODISCARD enum tu_status tu_backoff_try(const struct tu_access_base *base,
	const struct tu_backoff_try *attempt, uint32_t *out_wait_s, struct tu_error *err);

/* It succeeded. */
TU_NODISCARD enum tu_status tu_backoff_success(const struct tu_access_base *base,
	const struct tu_backoff_try *attempt, struct tu_error *err);

/* It came to no end: the password fits, and a code is asked for. It is as if it had not been. */
TU_NODISCARD enum tu_status tu_backoff_undo(const struct tu_access_base *base,
	const struct tu_backoff_try *attempt, struct tu_error *err);

/* Let an account try again, whatever there was. */
TU_NODISCARD enum tu_status tu_backoff_unlock(
	const struct tu_access_base *base, struct tu_str login, struct tu_error *err);

/* Seconds to wait after so many failures; pure. */
enum tu_backoff_kind { TU_BACKOFF_ACCOUNT, TU_BACKOFF_ADDRESS, TU_BACKOFF_KINDS };
uint32_t tu_backoff_seconds(enum tu_backoff_kind kind, int64_t failures);

#endif
