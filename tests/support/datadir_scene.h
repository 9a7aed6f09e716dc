/*
 * Data folders of a test: made under one folder of its own, at a time that the test sets.
 */
#ifndef TESTS_DATADIR_SCENE_H
#define TESTS_DATADIR_SCENE_H

#include <ftw.h>

#include "tests/support/backup_scene.h"

#include "datadir/inside.h"

static int64_t clock_us = (int64_t)SCENE_AT * 1000000;

static inline int64_t now(void)
{
	return clock_us;
}

static const struct tu_datadir_host host = {.now = now, .program = "the test", .version = "1.2.3"};

/* ---- folders ---- */

static char root[] = "/tmp/tutela-datadir-XXXXXX";
static char data[200];

static inline int remove_one(const char *path, const struct stat *info, int kind, struct FTW *ftw)
{
	(void)info;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static inline int make_root(void **state)
{
	(void)state;
	if (!mkdtemp(root))
		return 1;
	(void)snprintf(data, sizeof(data), "%s/data", root);
	return 0;
}

static inline int remove_root(void **state)
{
	(void)state;
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline bool is_sqlite(void)
{
	return tu_store_engine_of(tu_str_c(scene_direct())) == TU_STORE_SQLITE;
}

/* Nothing is there. */
static inline void clear(const char *folder)
{
	(void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	if (!is_sqlite())
		scene_empty();
}

/* Where the folder's database is: PostgreSQL, or NULL for SQLite in it. */
static inline const char *place(void)
{
	return is_sqlite() ? NULL : scene_direct();
}

static inline struct tu_datadir *open_data(void)
{
	struct tu_datadir *dir = NULL;

	assert_ok(tu_datadir_open(&host, data, &dir, error));
	return dir;
}

#endif
