/*
 * Jobs that run in this process: a table of kinds, threads that do them, a heartbeat that renews
 * their leases and hears of cancelling.
 */
#ifndef TU_SERVICE_RUN_H
#define TU_SERVICE_RUN_H

#include <pthread.h>
#include <stdatomic.h>

#include <tutela/buf.h>

#include "base/random.h"
#include "feed/sync.h"
#include "service/service.h"

struct tu_service__run;

/*
 * Do it. TU_OK: `run->result` says what came of it (JSON). TU_E_CANCELLED: it stopped where
 * tu_service__run_check() said so, and leaves nothing half done. Any other: it is tried again, or
 * put into quarantine.
 */
typedef enum tu_status tu_service__do(struct tu_service__run *run, struct tu_error *err);

struct tu_service__kind {
	const char *kind;
	tu_service__do *run;
	unsigned lease; /* seconds; renewed by the heartbeat */
};
extern const struct tu_service__kind tu_service__kinds[];
extern const size_t tu_service__kind_count;

/* A job of one thread. */
struct tu_service__run {
	struct tu_service *service;
	char owner[TU_RANDOM_ID + 40]; /* of the lease */
	struct tu_arena *arena; /* of this job */
	struct tu_job job;
	struct tu_buf result;
	/* between the thread and the heartbeat */
	pthread_mutex_t lock;
	const struct tu_service__kind *kind; /* NULL: it does nothing now */
	atomic_int progress; /* of 1000 */
	atomic_bool cancelled; /* a person asked to stop */
	atomic_bool lost; /* somebody else has it */
};

/* Go on? TU_E_CANCELLED: cancelled, lost, or the service stops. */
TU_NODISCARD enum tu_status tu_service__run_check(
	struct tu_service__run *run, struct tu_error *err);
/* `done` of `total`, between 0 and 1000 of the whole. */
void tu_service__run_progress(struct tu_service__run *run, int64_t done, int64_t total);
/* A text of the job's payload, in its arena; empty where there is none. TU_E_SYNTAX. */
TU_NODISCARD enum tu_status tu_service__run_text(struct tu_service__run *run, struct tu_str name,
	struct tu_str *out_text, struct tu_error *err);

/* The kinds. */
tu_service__do tu_service__rematch, tu_service__settle, tu_service__checkpoint, tu_service__sync,
	tu_service__backup, tu_service__follow_cases, tu_service__publish, tu_service__sweep,
	tu_service__release, tu_service__drop_builds, tu_service__mailbox, tu_service__trend;

/* Of settle.c: settle what is due with the current knowledge base; counts are added. */
struct tu_service__settled {
	size_t releases, reopened, failed;
};
TU_NODISCARD enum tu_status tu_service__settle_due(
	struct tu_service__run *run, struct tu_service__settled *settled, struct tu_error *err);

/* Of intelligence.c: which sources there are; how they went. */
TU_NODISCARD enum tu_status tu_service__feeds(struct tu_service *service, struct tu_arena *arena,
	struct tu_feed_config *config, struct tu_error *err);
TU_NODISCARD enum tu_status tu_service__account_save(
	struct tu_service *service, const struct tu_sync_result *fetched, struct tu_error *err);

#endif
