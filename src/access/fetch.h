/*
 * Short exchanges with a provider of single sign-on, by libcurl: https alone, no redirect, no
 * proxy of the environment, 1 MiB and 10 seconds at most. A provider on this machine (its issuer
 * begins with http://127.0.0.1, http://[::1] or http://localhost) may speak plain http.
 *
 * TU_E_IO: no answer in time, no connection, no valid certificate, or a status that is not 200;
 * TU_E_LIMIT: too long an answer; TU_E_UNSUPPORTED: not such a URL, or libcurl is not installed.
 * Any thread.
 */
#ifndef TU_ACCESS_FETCH_H
#define TU_ACCESS_FETCH_H

#include <tutela/buf.h>
#include <tutela/error.h>

enum { TU_FETCH_MAX = 1 << 20, TU_FETCH_SECONDS = 10, TU_FETCH_URL_MAX = 2048 };

struct tu_fetch {
	struct tu_str url;
	struct tu_str form; /* to be posted, "a=b&c=d"; empty: GET */
	struct tu_str user, password; /* of HTTP Basic; user empty: none */
	const char *ca_file; /* certificates to trust; NULL: the system's */
};

/* May such a URL be asked, and given to a browser? */
bool tu_fetch_may(struct tu_str url);

/* Append the body of the answer to an empty buffer, whose limit is TU_FETCH_MAX or less. */
TU_NODISCARD enum tu_status tu_fetch(
	const struct tu_fetch *fetch, struct tu_buf *out, struct tu_error *err);

#endif
