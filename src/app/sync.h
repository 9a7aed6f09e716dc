/*
 * Keep a knowledge base up to date: fetch what is new, build a new one beside the old one, and put
 * it in place together with the account of its sources.
 */
#ifndef TU_APP_SYNC_H
#define TU_APP_SYNC_H

#include "app/build.h"
#include "feed/sync.h"

struct tu_kb_sync_request {
	const struct tu_feed_config *config;
	const char *output; /* the knowledge base */
	const struct tu_str *only; /* names of sources; none: those that are chosen */
	size_t only_count;
	bool offline; /* fetch nothing; build from what was fetched before */
	uint64_t seed; /* of pauses, so that not all who sync ask at once */
	const char *proxy; /* see feed/sync.h */
	const char *no_proxy;
	/* A line about what a source is doing; called from several threads, one at a time. NULL:
	 * not wanted. `self` is handed to it. */
	void (*tell)(void *self, struct tu_str source, struct tu_str what);
	/* Milliseconds by a clock that only goes forward; called from several threads. NULL: no
	 * limit on the time of a source. */
	uint64_t (*elapsed)(void *self);
	void *self;
	const struct tu_kb_build_hooks *build; /* NULL: none */
};

struct tu_kb_sync_answer {
	struct tu_arena *arena;
	int64_t now; /* of the context */
	struct tu_sync_result fetched;
	struct tu_kb_carried carried; /* what catalogues of exploited vulnerabilities took back */
	bool replaced; /* a new knowledge base is in place */
	bool exists; /* there is one, new or old */
	struct tu_error problem; /* why there is no new one; TU_OK: it is new, or still right */
};

/*
 * context->feeds is the folder of what was fetched. When the hook asks for the end, the knowledge
 * base and its account stay as they were: TU_E_CANCELLED, and what was fetched is kept. Sources
 * that fail are in the answer, as is a build that fails. Errors: of tu_sync_run() and
 * tu_sync_lock(); TU_E_IO where nothing can be written. Whatever the status, end with
 * tu_kb_sync_done(). The answer borrows context and request.
 */
TU_NODISCARD enum tu_status tu_app_sync(const struct tu_app_context *context,
	const struct tu_kb_sync_request *request, struct tu_kb_sync_answer *answer,
	struct tu_error *err);
void tu_kb_sync_done(struct tu_kb_sync_answer *answer);

#endif
