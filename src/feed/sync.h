/*
 * Sync: every chosen source fetched, checked and stored, each on its own.
 *
 * Sources are fetched side by side, a thread each; one that fails, hangs or lies takes nothing from
 * the others, and what it had before stays as it was. Building the knowledge base from what is
 * stored is the caller's.
 *
 * The cache: FOLDER/lock, and for each source FOLDER/NAME/state.json, FOLDER/NAME/files/ (documents
 * for the builder), FOLDER/NAME/lists/ (indexes). docs/internals/feed.md.
 */
#ifndef TU_FEED_SYNC_H
#define TU_FEED_SYNC_H

#include "feed/sidecar.h"
#include "feed/source.h"

struct tu_sync_hooks {
	/* A line about what a source is doing; called from several threads, one at a time. */
	void (*tell)(void *context, struct tu_str source, struct tu_str what);
	void (*pause)(void *context, uint64_t ms); /* from several threads at once */
	bool (*stopped)(void *context); /* from several threads at once */
	/* Milliseconds by a clock that only goes forward; from several threads at once. NULL: a
	 * source may take any time. */
	uint64_t (*elapsed)(void *context);
	void *context;
};

struct tu_sync_request {
	const struct tu_feed_config *config;
	const char *folder; /* the cache; made where it is missing */
	const struct tu_str *only; /* names of sources; none: those that are chosen */
	size_t only_count;
	bool offline; /* fetch nothing */
	int64_t now; /* seconds since 1970 */
	uint64_t seed; /* of the jitter */
	const char *proxy; /* URL of a proxy that all requests go through; NULL: none */
	const char *no_proxy; /* comma-separated: hosts that it is not for; NULL: none */
	struct tu_sync_hooks hooks;
};

struct tu_sync_source {
	struct tu_sidecar_source account;
	bool asked; /* fetched, or tried to, in this run */
	bool changed; /* something new was stored in this run */
	int64_t last_change; /* when something new was last stored */
	uint64_t received; /* bytes over the network in this run */
	const char *files; /* its folder of documents, to build from; NULL: nothing is there */
};

struct tu_sync_result {
	struct tu_sync_source *sources; /* those that were asked or have something stored */
	size_t source_count;
	bool changed;
	bool failed; /* some source that was asked */
};

/*
 * Run, between tu_sync_lock() and tu_sync_unlock(). The result lives in the arena. TU_OK also when
 * sources failed: that is in the result. Errors are about the whole: TU_E_USAGE (a source of no
 * such name), TU_E_IO (the cache, a clock that cannot be right), TU_E_NOMEM.
 */
TU_NODISCARD enum tu_status tu_sync_run(struct tu_arena *arena,
	const struct tu_sync_request *request, struct tu_sync_result *out_result,
	struct tu_error *err);

/* Keeps other syncs and imports out until tu_sync_unlock(). TU_E_IO when one is at work. The
 * descriptor or -1. */
TU_NODISCARD enum tu_status tu_sync_lock(const char *folder, int *out_fd, struct tu_error *err);
void tu_sync_unlock(int fd);

#endif
