/*
 * One request to a service of our own, or to one that is imported from: a body is sent or something
 * is got, the answer is kept in memory.
 *
 * Over TLS, or to this machine itself; a key that a person trusted us with goes to no other host:
 * redirects are not followed. Threads: any.
 */
#ifndef TU_FEED_POST_H
#define TU_FEED_POST_H

#include <stdbool.h>

#include <tutela/buf.h>
#include <tutela/error.h>
#include <tutela/str.h>

struct tu_post {
	const char *url;
	const char *key; /* sent as "Authorization: Bearer …"; NULL: none */
	const char *api_key; /* sent as "X-Api-Key: …"; NULL: none */
	bool get; /* GET, without a body */
	const char *type; /* of the body; of a GET what is accepted */
	struct tu_str body;
	const char *ca_file; /* NULL: the system's */
	const char *proxy, *no_proxy; /* NULL: none */
	unsigned seconds_max; /* for all of it */
	/* the answer */
	long status;
	struct tu_buf answer; /* initialised by the caller, with the most that it may be */
	char answer_type[100]; /* without its parameters; "" */
};

/* Is it a place that a key may be sent to: "https://…", or "http://" of the loopback interface? */
bool tu_post_is_safe(const char *url);

/* TU_E_USAGE: not a place as above. TU_E_UNSUPPORTED: libcurl is not installed. TU_E_IO: the host,
 * the network, TLS; TU_E_LIMIT: a larger answer. An answer of whatever status is TU_OK. */
TU_NODISCARD enum tu_status tu_post_send(struct tu_post *post, struct tu_error *err);

#endif
