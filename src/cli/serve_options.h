/*
 * What `tutela serve` is asked to do: one table of options, which the file of defaults, the
 * environment and the command line set, help and manual list, and this file turns into what http/
 * asks for.
 */
#ifndef TU_CLI_SERVE_OPTIONS_H
#define TU_CLI_SERVE_OPTIONS_H

#include "access/limits.h"
#include "cli/options.h"
#include "http/server.h"

struct tu_serve_request {
	const char *data;
	struct tu_values listen, proxies, hosts;
	const char *public_url;
	const char *certificate, *key;
	const char *loops, *workers, *connections, *streams, *stop_seconds;
	const char *session_idle, *session_longest, *proof_seconds;
	const char *signin_free, *signin_wait, *signin_stop;
};

enum { TU_SERVE_OPTIONS = 11 + TU_ACCESS_LIMITS };
extern const struct tu_option tu_serve_options[TU_SERVE_OPTIONS];

enum { TU_SERVE_PLACES = 16 };

/* Room for what the options point to. */
struct tu_serve_places {
	struct tu_str listen[TU_SERVE_PLACES], proxies[TU_SERVE_PLACES], hosts[TU_SERVE_PLACES];
};

/*
 * Options of the server; borrows request and places. TU_E_USAGE names the option: a number that is
 * none, an address other than of this machine without --public-url, half a certificate.
 */
TU_NODISCARD enum tu_status tu_serve_read(const struct tu_serve_request *request,
	struct tu_serve_places *places, struct tu_http_options *out_options, struct tu_error *err);

/* A data folder whose accounts have known passwords is served to this machine alone. TU_E_USAGE: it
 * would be reached from elsewhere, or through a proxy (a Unix socket has one). */
TU_NODISCARD enum tu_status tu_serve_here_alone(
	const struct tu_http_options *options, struct tu_error *err);

/* Those of access/limits.h. TU_E_USAGE names the option and its bounds. */
TU_NODISCARD enum tu_status tu_serve_read_limits(const struct tu_serve_request *request,
	int64_t out_limits[TU_ACCESS_LIMITS], struct tu_error *err);

/* Append " --NAME" of each option that differs and cannot be changed while it runs: all but those
 * of access/limits.h. False: none. */
bool tu_serve_differ(const struct tu_serve_request *before, const struct tu_serve_request *now,
	struct tu_buf *out);

#endif
