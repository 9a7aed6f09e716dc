/*
 * The service: one running process on a data folder, without its doors (http/, api/).
 *
 * It owns the folder and its store, the process that reads uploads (sandbox/sandbox.h), the one
 * that signs (sign/signer.h), the current knowledge base as a mapped file, the index of findings,
 * the threads that do jobs and send messages, and the control socket. With PostgreSQL several
 * services, each with a folder of its own, work on one database; each sees what the others write.
 *
 * Order. tu_service_start() forks the two processes, so it is called before there is any other
 * thread; whoever adds threads (a server) starts them after it and ends them before
 * tu_service_stop(). Without seccomp it refuses to start, unless tutela.yaml says "sandbox: off";
 * then the status, the log and tu_service_health() say so.
 *
 * Time comes from the host (datadir/datadir.h). A clock that steps back delays what is due, and
 * does nothing twice.
 *
 * Threads: everything but start and stop may be called from any.
 * Errors: of the layers below; each call names its own.
 */
#ifndef TU_SERVICE_SERVICE_H
#define TU_SERVICE_SERVICE_H

#include <tutela/kb.h>

#include "datadir/datadir.h"
#include "job/outbox.h"
#include "list/query.h"
#include "portfolio/settle.h"
#include "portfolio/statement.h"
#include "sandbox/sandbox.h"
#include "sign/signer.h"

struct tu_service;

/* A line for the log of a person who runs the service. Called from several threads, one at a time.
 */
enum tu_service_level { TU_SERVICE_INFO, TU_SERVICE_WARNING, TU_SERVICE_ERROR };
typedef void tu_service_log(void *self, enum tu_service_level level, const char *line);

/* How messages of one kind leave the outbox. */
struct tu_service_sender {
	const char *kind; /* "mail", "webhook" */
	struct tu_outbox_sender sender;
};

/* Borrowed as long as the service runs. */
struct tu_service_options {
	const struct tu_datadir_host *host;
	const char *data; /* the data folder */
	tu_service_log *log; /* NULL: nothing is said */
	void *log_self;
	const struct tu_service_sender *senders;
	size_t sender_count;
	/* A knowledge base in memory, 8-byte aligned: the first one of a place that has none;
	 * empty: there is none */
	struct tu_str starter;
	struct tu_str product_names; /* for what "sync" builds; as in app/context.h */
	const char *public_url; /* under which people reach it; NULL: not known */
	const char *proxy, *no_proxy; /* of "sync"; NULL: none */
	unsigned files; /* descriptors that the process may want to have open; 0: 4096 */
};

/*
 * Start: limits, the two processes, the folder, the store (migrated), the knowledge base, the index
 * of findings, the control socket, the workers. On failure nothing of it is left.
 *
 * TU_E_USAGE: there are threads already. TU_E_UNSUPPORTED: no seccomp and no "sandbox: off"; the
 * database is newer than the program. TU_E_BUSY: another process owns the folder. TU_E_SYNTAX with
 * the line of tutela.yaml.
 */
TU_NODISCARD enum tu_status tu_service_start(const struct tu_service_options *options,
	struct tu_service **out_service, struct tu_error *err);
/* Take no more work, let what is under way end or come to a point where it can stop (a job that was
 * not done is done later, here or elsewhere), close everything. NULL is fine. */
void tu_service_stop(struct tu_service *service);
/* Was it asked to stop, by the control socket or by tu_service_ask_stop()? Whoever started it looks
 * here, and then stops it. `tu_service_wait_stop()` returns when it was, or after `seconds`. */
bool tu_service_stopping(const struct tu_service *service);
void tu_service_ask_stop(struct tu_service *service); /* not from a signal handler */
bool tu_service_wait_stop(struct tu_service *service, unsigned seconds);

/* ---- what a request needs ---- */

struct tu_store *tu_service_store(struct tu_service *service);
int64_t tu_service_now(const struct tu_service *service); /* us since 1970, UTC */
struct tu_signer *tu_service_signer(struct tu_service *service);
/* Signs CSAF documents when they are published; there may be no key: then it says so. */
const struct tu_statement_seal *tu_service_seal(struct tu_service *service);
/* Which key that is. TU_E_UNSUPPORTED, TU_E_NOTFOUND: none, and why. */
TU_NODISCARD enum tu_status tu_service_seal_state(struct tu_service *service,
	char out_fingerprint[TU_SEAL_FINGERPRINT + 1], struct tu_error *err);
/* Queue the job that publishes a statement when it is due (us). */
TU_NODISCARD enum tu_status tu_service_publish_queue(
	struct tu_work *w, struct tu_str statement, int64_t due, struct tu_error *err);
struct tu_datadir *tu_service_datadir(struct tu_service *service);
/* Reads SBOMs in the sandbox, or in this process where that is off. */
const struct tu_sbom_reader *tu_service_reader(struct tu_service *service);

/* A knowledge base that is in use here: verified, mapped, with its row in the store. */
struct tu_service_kb {
	const struct tu_kb *kb;
	struct tu_knowledge_row row;
	bool is_starter; /* the built-in one: a small selection, no substitute for feeds */
};
/* The current one as far as this process knows, for the whole of a request; NULL: none is named
 * yet, which is "no data" and never "no vulnerability". No input or output. Drop it at the end. */
struct tu_service_kb *tu_service_kb_hold(struct tu_service *service);
/* The current one as the database has it now, fetched where it is not here yet: for whoever writes
 * (tu_settling_begin() refuses an older one with TU_E_CONFLICT: then call this and do it again).
 * TU_E_NOTFOUND: none is named yet; TU_E_CORRUPT: what the database has is damaged. */
TU_NODISCARD enum tu_status tu_service_kb_current(
	struct tu_service *service, struct tu_service_kb **out_kb, struct tu_error *err);
/* NULL is fine. */
void tu_service_kb_drop(struct tu_service_kb *kb);

/*
 * Put a knowledge base into the database, verified first, and queue the job that makes it the
 * current one: soon after, findings are those of it. Also without a service: the job waits for one.
 * The file is not changed meanwhile. Errors as of tu_kb_open() and tu_kb_verify();
 * TU_E_CONSTRAINT: it is older than what `take` allows beside the one in use.
 */
enum tu_service_take {
	TU_SERVICE_TAKE_NEWER, /* only one with a newer record than the one in use has */
	TU_SERVICE_TAKE_NOT_OLDER, /* also one of the same time: built here from the feeds */
	TU_SERVICE_TAKE_ANY
};
struct tu_service_file {
	const char *path;
	enum tu_service_take take;
};
struct tu_service_put {
	char digest[TU_KNOWLEDGE_HEX + 1];
	char job[TU_RANDOM_ID + 1]; /* its public id */
	bool is_current; /* already: there was nothing to do, and no job */
};
TU_NODISCARD enum tu_status tu_service_knowledge_put(struct tu_datadir *dir,
	const struct tu_service_file *from, const struct tu_act *act,
	struct tu_service_put *out_put, struct tu_error *err);

/* The findings as they are now: a snapshot that has every change that was committed before the
 * call, by whatever process. tu_list_drop() it. Errors of the store. */
TU_NODISCARD enum tu_status tu_service_list(
	struct tu_service *service, struct tu_list_snapshot **out_snapshot, struct tu_error *err);

/* The deadlines that were computed last (portfolio/deadline_cache.h). */
struct tu_deadline_cache *tu_service_deadlines(struct tu_service *service);
/* The gaps that were read last (portfolio/gaps.h). */
struct tu_gap_cache *tu_service_gaps(struct tu_service *service);
/* The cases in memory (portfolio/case_index.h); the service looks once a second whether they are of
 * the newest state, so that who asks seldom has to wait for that. */
struct tu_case_index *tu_service_cases(struct tu_service *service);

/* What notices work with (notify/notify.h). */
struct tu_notify;
const struct tu_notify *tu_service_notify(const struct tu_service *service);

/* A job or a message was queued: do not wait for the next look. */
void tu_service_wake(struct tu_service *service);
/* What of tutela.yaml can be read again, as it is now. */
void tu_service_settings(struct tu_service *service, struct tu_datadir_settings *out);
/* Read tutela.yaml again: the schedules. Another "workers" or "sandbox" counts from the next start
 * on, which the log says; so do the keys of the database, of which it says nothing. TU_E_SYNTAX
 * with the line: everything is as it was. */
TU_NODISCARD enum tu_status tu_service_reload(struct tu_service *service, struct tu_error *err);

/* ---- how it is ---- */

enum { TU_SERVICE_WHY = 200 };

/* Why requests cannot be answered. */
enum tu_service_reason {
	TU_SERVICE_READY,
	TU_SERVICE_NO_KNOWLEDGE, /* none is in use yet */
	TU_SERVICE_WRONG_KNOWLEDGE, /* the current one cannot be used by this program */
	TU_SERVICE_NO_READERS,
	TU_SERVICE_WRONG_SCHEMA, /* a newer program has changed the database */
	TU_SERVICE_MOVED, /* the database is another one now ("tutela admin move") */
	TU_SERVICE_NO_DATABASE,
	TU_SERVICE_STOPS,
	TU_SERVICE_REASONS
};
/* Words for anybody: without names of machines. */
const char *tu_service_reason_words(enum tu_service_reason reason);

struct tu_service_health {
	bool ready; /* requests can be answered */
	enum tu_service_reason reason; /* the last one of those that hold */
	char why[TU_SERVICE_WHY]; /* why it is not; "" */
	int64_t process; /* pid */
	int64_t since; /* us; when it started */
	enum tu_sandbox_state sandbox;
	const char *sandbox_words; /* "seccomp and Landlock", "off", … */
	bool has_kb;
	struct tu_knowledge_row kb; /* the mapped one; newest: its age */
	bool kb_is_starter;
	int64_t jobs_waiting, jobs_running, jobs_quarantined;
	int64_t messages_waiting, messages_quarantined;
	int64_t at; /* us: when it was looked */
	int64_t reports_waiting, reports_late; /* that nobody has acknowledged */
	struct tu_list_size list;
	int64_t change; /* the newest one in the list */
	int64_t migration; /* of the database */
};
/* As far as it can be known: what the database cannot be asked for is -1, and `why` says it. */
void tu_service_health(struct tu_service *service, struct tu_service_health *out);
/* The same with the ledger's head and the engine, one JSON object: the answer of the call "status".
 */
TU_NODISCARD enum tu_status tu_service_status_write(
	struct tu_service *service, struct tu_buf *out, struct tu_error *err);

#endif
