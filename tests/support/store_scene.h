/*
 * A store for tests, fresh each time, on the engine that the test script chose:
 *
 *   TUTELA_STORE         path of a file, or "postgresql://…" of a database that may be emptied
 *   TUTELA_STORE_POOLER  "postgresql://…" through a pooler; TUTELA_STORE is then the direct way
 *
 * Without TUTELA_STORE: a SQLite file in a temporary folder, so that a test can be run by hand.
 */
#ifndef TESTS_STORE_SCENE_H
#define TESTS_STORE_SCENE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/engine.h"
#include "store/migrate.h"

static inline const char *scene_direct(void)
{
	static char path[64];
	const char *given = getenv("TUTELA_STORE");

	if (given)
		return given;
	if (!*path)
		(void)snprintf(path, sizeof(path), "/tmp/tutela-store-%ld.db", (long)getpid());
	return path;
}

static inline struct tu_store_options scene_options(void)
{
	const char *pooler = getenv("TUTELA_STORE_POOLER");

	return (struct tu_store_options){.place = pooler ? pooler : scene_direct(),
		.pooler = pooler != NULL,
		.direct = pooler ? scene_direct() : NULL};
}

/* The call gives its error to `error`. */
#define assert_ok(call) \
	do { \
		struct tu_error scene_error = {0}; \
		struct tu_error *error = &scene_error; \
		if ((call) != TU_OK) \
			fail_msg("%s: %s", #call, scene_error.message); \
	} while (0)

/* Nothing is in the database. */
static inline void scene_empty(void)
{
	struct tu_store_options options = {.place = scene_direct(), .unprepared = true};
	struct tu_store *store;
	struct tu_tx *tx;
	char name[256];

	if (tu_store_engine_of(tu_str_c(options.place)) == TU_STORE_SQLITE) {
		(void)unlink(options.place);
		(void)snprintf(name, sizeof(name), "%s-wal", options.place);
		(void)unlink(name);
		(void)snprintf(name, sizeof(name), "%s-shm", options.place);
		(void)unlink(name);
		return;
	}
	assert_ok(tu_store_open(&options, &store, error));
	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx__script(tx, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", error));
	assert_ok(tu_tx_commit(tx, error));
	tu_store_close(store);
}

static inline struct tu_store *scene_open(void)
{
	struct tu_store_options options = scene_options(), direct = {.place = scene_direct()};
	struct tu_migration_state state;
	struct tu_store *store = NULL;

	scene_empty();
	assert_ok(tu_store_migrate(&direct, 1, &state, error));
	assert_ok(tu_store_open(&options, &store, error));
	return store;
}

static inline void scene_close(struct tu_store *store)
{
	tu_store_close(store);
	if (!getenv("TUTELA_STORE"))
		scene_empty();
}

#endif
