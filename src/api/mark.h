/*
 * Numbers that only the service can read. The numbers of records count what everybody does: who
 * sees some devices only would learn from two of them how much happened in between. Such a number
 * leaves as 32 hexadecimal digits made with the data folder's key, on every node the same, and
 * comes back as the number.
 *
 *   check (8 bytes) = first half of HMAC-SHA256(key, "event" number)
 *   hidden (8 bytes) = number XOR first half of HMAC-SHA256(key, "hide" check)
 *
 * All numbers most significant byte first. Pure but for the key; any thread.
 */
#ifndef TU_API_MARK_H
#define TU_API_MARK_H

#include "datadir/secret.h"

enum { TU_MARK_DIGITS = 32 };

/* Write the mark of a number with NUL. TU_E_UNSUPPORTED: there is no OpenSSL; TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_mark_write(const struct tu_secret_key *key, int64_t number,
	char out[static TU_MARK_DIGITS + 1], struct tu_error *err);
/* False: it is no mark that was made with this key. */
bool tu_mark_read(const struct tu_secret_key *key, struct tu_str text, int64_t *out_number);

#endif
