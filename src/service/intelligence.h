/*
 * Where the service's knowledge comes from: the sources that are configured, how each of them went
 * the last time, when the next sync is due, what the last change of the knowledge base brought; to
 * ask for a sync, and to take a knowledge base or a signed bundle that somebody sends.
 *
 * The account of the last sync is in the database, so that every node has it; which sources there
 * are says feeds.conf of the node's own folder. Threads: any. Errors: of the store, TU_E_SYNTAX
 * with the line of feeds.conf, TU_E_NOMEM.
 */
#ifndef TU_SERVICE_INTELLIGENCE_H
#define TU_SERVICE_INTELLIGENCE_H

#include "feed/sidecar.h"
#include "feed/source.h"
#include "service/service.h"

struct tu_service_source {
	struct tu_str name, gives, check;
	bool enabled; /* a sync fetches it */
	/* as of the last sync; zero where it was never tried */
	enum tu_freshness freshness;
	int64_t last_success, last_attempt; /* seconds; 0: never */
	struct tu_str last_error; /* empty: it went well */
	int64_t max_age; /* seconds after which it is stale */
	int64_t records, bytes;
};

struct tu_service_intelligence {
	const struct tu_service_source *sources; /* in the arena */
	size_t source_count;
	size_t late; /* of those that are enabled: stale, failed or never fetched */
	int64_t every; /* seconds between syncs; 0: none by itself */
	int64_t next; /* us; 0: none is due */
	struct tu_str last; /* the record of the last re-match (JSON), empty: none */
	int64_t last_at; /* us */
};
TU_NODISCARD enum tu_status tu_service_intelligence(struct tu_service *service,
	struct tu_arena *arena, struct tu_service_intelligence *out, struct tu_error *err);

/* Only the sources, and how many are late. */
TU_NODISCARD enum tu_status tu_service_sources(struct tu_service *service, struct tu_arena *arena,
	struct tu_service_intelligence *out, struct tu_error *err);

/* Queue a sync; recorded. The job's public id lives in the work's arena. */
TU_NODISCARD enum tu_status tu_service_sync_queue(
	struct tu_work *w, struct tu_str *out_job, struct tu_error *err);

/* A knowledge base, or a bundle of one that the key in the data folder's bundle.pub has signed.
 * Errors as of tu_service_knowledge_put() and kb/bundle.h; TU_E_UNSUPPORTED also: it is a bundle,
 * and there is no bundle.pub. */
struct tu_service_import {
	struct tu_str bytes;
	bool allow_older;
};
TU_NODISCARD enum tu_status tu_service_import(struct tu_service *service,
	const struct tu_service_import *import, const struct tu_act *act,
	struct tu_service_put *out_put, struct tu_error *err);

#endif
