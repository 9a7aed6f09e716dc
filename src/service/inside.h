/*
 * The service, inside src/service.
 */
#ifndef TU_SERVICE_INSIDE_H
#define TU_SERVICE_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "datadir/control.h"
#include "notify/notify.h"
#include "service/calls.h"
#include "service/service.h"

enum { TU_SERVICE_PATH = 4096 };

/* The knowledge base that is mapped here. */
struct tu_service__knowledge {
	pthread_mutex_t lock; /* of `current`: held for an instant */
	pthread_mutex_t fetching; /* one thread fetches; taken before the other */
	struct tu_service_kb *current; /* NULL: none */
	atomic_bool wrong; /* the current one of the database cannot be used here */
};

/* The index of findings. */
struct tu_service__index {
	pthread_mutex_t following; /* one thread makes the next snapshot */
	struct tu_list *list;
};

/* A yes that others wait for. */
struct tu_service__flag {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool set;
};

/* Threads that do jobs (run.h), and the one that renews their leases. */
struct tu_service__run;
struct tu_service__pool {
	pthread_mutex_t lock; /* of the next ones */
	pthread_cond_t wake, beat;
	uint64_t wakes;
	bool stopping, beats_end;
	struct tu_service__run *runs;
	pthread_t *threads;
	size_t count, started;
	pthread_t beating;
	atomic_int sending; /* threads that send a message */
	bool beats;
};

/* The thread that looks about. */
struct tu_service__keeper {
	pthread_mutex_t lock;
	pthread_cond_t look;
	bool stopping, poked;
	pthread_t thread;
	bool started;
};

/* Notices (notify/notify.h). */
struct tu_service__notices {
	struct tu_notify notify;
	struct tu_secret_key key;
	char url[512], ca[TU_DATADIR_CERTIFICATES];
	int64_t deadlines_at; /* us: when they were looked at last */
};

struct tu_service {
	struct tu_service_options options;
	int64_t since;
	struct tu_datadir *dir;
	struct tu_store *store;
	struct tu_signer *signer;
	struct tu_statement_seal seal;
	struct tu_sandbox *sandbox;
	struct tu_sbom_reader reader;
	struct tu_kb *starter; /* NULL: none is built in */
	struct tu_service__knowledge knowledge;
	struct tu_service__index index;
	struct tu_deadline_cache *deadlines;
	struct tu_gap_cache *gaps;
	struct tu_case_index *cases;
	struct tu_service__notices notices;
	struct tu_service__pool pool;
	struct tu_service__keeper keeper;
	struct tu_calls calls; /* with this service as their host */
	struct tu_control *control;
	struct tu_service__flag stop;
	pthread_mutex_t logging;
	pthread_mutex_t setting; /* of the next one */
	struct tu_datadir_settings settings;
};

/* Say a line. */
void tu_service__say(struct tu_service *service, enum tu_service_level level, const char *fmt, ...)
	TU_PRINTF(3, 4);
/* The act of a part of the program ("system:rematch"), now. */
struct tu_act tu_service__act(const struct tu_service *service, const char *part);

/* Of knowledge.c: begin, map what is current if any is, end. */
TU_NODISCARD enum tu_status tu_service__knowledge_start(
	struct tu_service *service, struct tu_error *err);
void tu_service__knowledge_stop(struct tu_service *service);
/* That of a row, held; fetched where it is not here. */
TU_NODISCARD enum tu_status tu_service__kb_of(struct tu_service *service,
	const struct tu_knowledge_row *row, struct tu_service_kb **out_kb, struct tu_error *err);
/* It has become the current one. */
void tu_service__kb_adopt(struct tu_service *service, struct tu_service_kb *kb);

/* Put an open, verified one into the database, and queue the job that names it. */
TU_NODISCARD enum tu_status tu_service__kb_put(struct tu_store *store, const struct tu_kb *kb,
	const struct tu_act *act, struct tu_service_put *out_put, struct tu_error *err);

/* The file of the one that is mapped; false: there is none. */
bool tu_service__kb_path(struct tu_service *service, char out[TU_SERVICE_PATH]);

/* Of starter.c: open it; put it where there is none at all. */
TU_NODISCARD enum tu_status tu_service__starter_open(
	struct tu_service *service, struct tu_error *err);
TU_NODISCARD enum tu_status tu_service__starter_put(
	struct tu_service *service, struct tu_error *err);
void tu_service__starter_close(struct tu_service *service);
bool tu_service__is_starter(
	const struct tu_service *service, const uint8_t digest[TU_SHA256_BYTES]);

/* Of seal.c: say which key signs CSAF documents, and sign what was published without one. */
TU_NODISCARD enum tu_status tu_service__seal_start(
	struct tu_service *service, struct tu_error *err);

/* Of index.c. */
TU_NODISCARD enum tu_status tu_service__index_start(
	struct tu_service *service, struct tu_error *err);
void tu_service__index_stop(struct tu_service *service);

/* Of keeper.c. Poke: look now. */
TU_NODISCARD enum tu_status tu_service__keeper_start(
	struct tu_service *service, struct tu_error *err);
void tu_service__keeper_stop(struct tu_service *service);
void tu_service__poke(struct tu_service *service);

/* Of workers.c. */
TU_NODISCARD enum tu_status tu_service__workers_start(
	struct tu_service *service, struct tu_error *err);
void tu_service__workers_stop(struct tu_service *service);
void tu_service__wake_workers(struct tu_service *service);
void tu_service__beat_now(struct tu_service *service);
/* Of notices.c. */
TU_NODISCARD enum tu_status tu_service__notices_start(
	struct tu_service *service, struct tu_error *err);
void tu_service__notices_stop(struct tu_service *service);
TU_NODISCARD enum tu_status tu_service__look_at_notices(
	struct tu_service *service, struct tu_error *err);
TU_NODISCARD enum tu_status tu_service__send_notice(
	struct tu_service *service, const struct tu_message *message, struct tu_error *err);
/* Of job_settle.c: queue the job if releases are due. */
TU_NODISCARD enum tu_status tu_service__settle_queue(
	struct tu_service *service, struct tu_error *err);

#endif
