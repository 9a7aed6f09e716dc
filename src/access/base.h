/* What everything in this folder works with. */
#ifndef TU_ACCESS_BASE_H
#define TU_ACCESS_BASE_H

#include "datadir/secret.h"

/* The store, and the key of the data folder that seals what is in it. Both belong to the caller. */
struct tu_access_base {
	struct tu_store *store;
	const struct tu_secret_key *key;
};

/* Where a request comes from. */
struct tu_access_from {
	struct tu_str address; /* of the peer, as text; counted, not kept */
	struct tu_str host; /* Host: a session is bound to it */
	struct tu_str agent; /* User-Agent; the first TU_AGENT_MAX bytes are kept */
	int64_t at; /* us since 1970, UTC */
};

enum { TU_AGENT_MAX = 200 };

#endif
