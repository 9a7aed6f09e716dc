/*
 * Files of cache/ that are made from what the database has, and are made again where they are not
 * there: by the digest of what they were made from, whole or not at all. Each node has its own.
 *
 * What nobody has opened for a week is removed when another is made.
 * Threads: from any; two that make the same make the same.
 */
#ifndef TU_SERVICE_KEPT_H
#define TU_SERVICE_KEPT_H

#include "base/sha256.h"
#include "service/service.h"

struct tu_service_kept {
	const char *kind; /* how the file's name begins: "tree" */
	uint8_t digest[TU_SHA256_BYTES]; /* of what it was made from */
	struct tu_str bytes; /* mapped, page aligned; empty: it is not there */
};

/* Map it, where it is there; whether it is. End it with tu_service_kept_close(). */
bool tu_service_kept_open(struct tu_service *service, struct tu_service_kept *kept);
void tu_service_kept_close(struct tu_service_kept *kept);
/* Write it, in place of what may be there. TU_E_IO: whoever has the bytes can do without. */
TU_NODISCARD enum tu_status tu_service_kept_put(struct tu_service *service,
	const struct tu_service_kept *kept, struct tu_str bytes, struct tu_error *err);

#endif
