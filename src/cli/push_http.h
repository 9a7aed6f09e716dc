/*
 * push and pull over HTTP: to a service instead of a data folder.
 */
#ifndef TU_CLI_PUSH_HTTP_H
#define TU_CLI_PUSH_HTTP_H

#include <tutela/buf.h>
#include <tutela/error.h>

/* Is it a service ("https://…", "http://…") and no data folder? */
bool tu_push_is_http(const char *place);

struct tu_push_http {
	const char *place; /* of the service */
	const char *key; /* its secret; NULL: none is set */
	const char *folder; /* of the device */
	const char *device; /* of a pull */
	const char *reason; /* of a push, or NULL */
	bool new_device, renew; /* of a push */
	struct tu_buf *answer; /* the same JSON as that of the control socket's call */
};

/* TU_E_USAGE: no key. TU_E_IO: the network; what the service refuses, with its words. */
TU_NODISCARD enum tu_status tu_push_over_http(
	const struct tu_push_http *request, struct tu_error *err);
/* Pull; files are written when all of them may be. `*out_files`: how many. Where the service
 * refuses, `answer` says why, else it is empty. */
TU_NODISCARD enum tu_status tu_pull_over_http(
	const struct tu_push_http *request, size_t *out_files, struct tu_error *err);

#endif
