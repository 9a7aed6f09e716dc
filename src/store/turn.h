/*
 * Waiting for a connection that others have, but not for ever.
 */
#ifndef TU_STORE_TURN_H
#define TU_STORE_TURN_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

/* A condition whose clock nobody sets. */
void tu_store__turn_init(pthread_cond_t *turn);
/* When whoever begins to wait now gives up: after the time that a statement may take. */
struct timespec tu_store__turn_end(int64_t timeout_ms);

#endif
