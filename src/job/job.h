/*
 * Jobs: work that a process does later and that is done once, whoever dies on the way.
 *
 * A job is a row. Whoever claims it has it for the time of a lease and must renew that; when the
 * lease ends, another may claim it. The result is written in the same transaction as
 * tu_job_finish(), which refuses one whose lease has gone to somebody else (fencing): so the
 * effects in the database happen once. A job that fails is tried again with growing pauses, and one
 * that fails or kills its worker too often is quarantined: it stays, with its error, until a person
 * releases it.
 *
 *   queued ──claim──► running ──finish──► done (or queued, when it was asked for again meanwhile)
 *     ▲                │   │
 *     └──── fail ──────┘   ├─ too often ─► quarantined ──release──► queued
 *                          └─ cancel ────► cancelled
 *
 * Times are us since 1970 UTC and arguments. A clock that steps back makes leases last longer, one
 * that is ahead ends them early, which costs work but never a result.
 *
 * Ownership: texts of a claimed job live in the arena. Threads: as the store.
 */
#ifndef TU_JOB_JOB_H
#define TU_JOB_JOB_H

#include "store/store.h"

/* What to do. At most one open job of a kind has this key ("rematch", "kb:sha256:…"). */
struct tu_job_spec {
	struct tu_str kind;
	struct tu_str key;
	struct tu_str payload; /* for the kind's worker; JSON */
	int64_t run_at; /* not before */
	unsigned attempts_max; /* 0: 5 */
};

/*
 * Queue it, in the transaction that makes it necessary. If a job with this key is open, that one is
 * it: its public id is given out, it gets the new payload, and where it runs already it is done
 * once more when it ends, for its worker may have read too early.
 */
struct tu_job_queued {
	struct tu_str public_id;
	bool is_new;
};
TU_NODISCARD enum tu_status tu_job_add(struct tu_tx *tx, const struct tu_job_spec *spec,
	struct tu_arena *arena, struct tu_job_queued *out, struct tu_error *err);

/* A claim: by whom, when, for how long. */
struct tu_job_lease {
	struct tu_str owner; /* unique to the worker: host, process, thread and a random part */
	int64_t at;
	int64_t until;
};

struct tu_job {
	int64_t id;
	struct tu_str public_id, kind, key, payload;
	int64_t attempts; /* this one included */
	int64_t attempts_max;
};

/* Claim the job that is due for longest; `out_job->id` is 0 when there is none. Jobs that have
 * killed their worker too often go to quarantine on the way. */
TU_NODISCARD enum tu_status tu_job_claim(struct tu_store *store, const struct tu_job_lease *lease,
	struct tu_arena *arena, struct tu_job *out_job, struct tu_error *err);

/* Renew the lease and report progress (0 to 1000). TU_E_CANCELLED: a person asked to stop.
 * TU_E_CONFLICT: the lease has ended and somebody else has the job; stop. */
TU_NODISCARD enum tu_status tu_job_renew(struct tu_store *store, const struct tu_job *job,
	const struct tu_job_lease *lease, int64_t progress, struct tu_error *err);

/* The end of a job, in the transaction of its result; the result is a text for people and
 * programs. TU_E_CONFLICT: somebody else has the job; the transaction must be rolled back. */
TU_NODISCARD enum tu_status tu_job_finish(struct tu_tx *tx, const struct tu_job *job,
	const struct tu_job_lease *lease, struct tu_str result, struct tu_error *err);
/* It failed: queue it again, or put it into quarantine after the last attempt. A job whose worker
 * stopped because it was cancelled is cancelled, also one whose worker died before it did. */
TU_NODISCARD enum tu_status tu_job_fail(struct tu_store *store, const struct tu_job *job,
	const struct tu_job_lease *lease, struct tu_str error, struct tu_error *err);

/* How far a job is, by public id. TU_E_NOTFOUND. */
struct tu_job_seen {
	struct tu_str public_id, kind, state; /* "queued", "running", … */
	int64_t attempts;
	int64_t progress; /* 0 to 1000 */
	struct tu_str result, error; /* empty: none */
	int64_t id;
	int64_t created, finished; /* us; finished 0: it is not over */
};
TU_NODISCARD enum tu_status tu_job_see(struct tu_tx *tx, struct tu_str public_id,
	struct tu_arena *arena, struct tu_job_seen *out_job, struct tu_error *err);

/* The newest first. */
struct tu_job_query {
	struct tu_str state, kind; /* empty: any */
	int64_t before; /* id of the last one of the page before; 0: the first page */
	size_t limit;
};
struct tu_jobs_seen {
	const struct tu_job_seen *at; /* in the arena */
	size_t count;
	int64_t total; /* of the whole list */
};
TU_NODISCARD enum tu_status tu_job_list(struct tu_tx *tx, const struct tu_job_query *query,
	struct tu_arena *arena, struct tu_jobs_seen *out_jobs, struct tu_error *err);

/* Give it back unfinished, since its worker ends: queued again, to be run from `lease->at` on, and
 * this attempt does not count. TU_E_CONFLICT as above. */
TU_NODISCARD enum tu_status tu_job_return(struct tu_store *store, const struct tu_job *job,
	const struct tu_job_lease *lease, struct tu_error *err);
/* For a process that has the database for itself, before it claims anything: those who had leases
 * of jobs and messages are gone, and the leases end now. */
TU_NODISCARD enum tu_status tu_job_end_leases(struct tu_store *store, struct tu_error *err);

/* What people do. Cancel: at once when it is queued; a running one is asked to stop. Release: from
 * quarantine back to the queue, attempts counted from zero. TU_E_NOTFOUND: there is no such job in
 * such a state. */
TU_NODISCARD enum tu_status tu_job_cancel(
	struct tu_tx *tx, struct tu_str public_id, int64_t at, struct tu_error *err);
TU_NODISCARD enum tu_status tu_job_release(
	struct tu_tx *tx, struct tu_str public_id, int64_t at, struct tu_error *err);

/* What went wrong, as a text that the database takes: a peer's or a reader's words may be any
 * bytes. */
enum { TU_JOB__WORDS = 2048 };
struct tu_str tu_job__words(struct tu_str error, char out[TU_JOB__WORDS]);

/* How long to wait before attempt `attempts` + 1: 1 s, 4 s, 16 s, …, at most an hour. */
int64_t tu_job_pause(int64_t attempts);

#endif
