/*
 * The service, inside src/service.
 */
#ifndef TU_SERVICE_INSIDE_H
#define TU_SERVICE_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "datadir/control.h"
#include "service/calls.h"
#include "service/service.h"

enum { TU_SERVICE_PATH = 4096 };

/* The knowledge base that is mapped here. */
struct tu_service__knowledge {
	pthread_mutex_t lock; /* of `current`: held for an instant */
	pthread_mutex_t fetching; /* one thread fetches; taken before the other */
	struct tu_service_kb *current; /* NULL: none */
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

struct tu_service {
	struct tu_service_options options;
	int64_t since;
	struct tu_datadir *dir;
	struct tu_store *store;
	struct tu_signer *signer;
	struct tu_sandbox *sandbox;
	struct tu_sbom_reader reader;
	struct tu_service__knowledge knowledge;
	struct tu_service__index index;
	struct tu_calls calls; /* with this service as their host */
	struct tu_control *control;
	struct tu_service__flag stop;
	pthread_mutex_t logging;
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
/* Of index.c. */
TU_NODISCARD enum tu_status tu_service__index_start(
	struct tu_service *service, struct tu_error *err);
void tu_service__index_stop(struct tu_service *service);

#endif
