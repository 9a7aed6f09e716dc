/*
 * A store with something in it, for tests of backups: texts in several scripts, bytes, NULL, rows
 * that refer to each other, records of the ledger.
 */
#ifndef TESTS_BACKUP_SCENE_H
#define TESTS_BACKUP_SCENE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/store_scene.h"

#define SCENE_INSTANCE "00112233445566778899aabbccddeeff"
enum { SCENE_RECORDS = 5, SCENE_AT = 1770000000 };

static inline void scene_script(struct tu_store *store, const char *sql)
{
	struct tu_tx *tx;

	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx__script(tx, sql, error));
	assert_ok(tu_tx_commit(tx, error));
}

static inline void scene_record(struct tu_store *store, int i)
{
	struct tu_ledger_entry entry = {.at = (int64_t)SCENE_AT * 1000000 + i,
		.actor = TU_STR("person:1"),
		.action = TU_STR("test.change"),
		.subject = TU_STR("thing:Größe/日本"),
		.body = TU_STR("{\"before\":null,\"after\":1}")};
	struct tu_tx *tx;

	assert_ok(tu_store_begin(store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx_record(tx, &entry, error));
	assert_ok(tu_tx_commit(tx, error));
}

/* `rows`: of the largest table. */
static inline void scene_fill(struct tu_store *store, int rows)
{
	bool sqlite = tu_store_engine(store) == TU_STORE_SQLITE;
	char sql[1024];

	scene_script(store,
		"INSERT INTO setting (name, value) VALUES ('instance', '" SCENE_INSTANCE "')");
	scene_script(store, "INSERT INTO setting (name, value) VALUES ('empty', '')");
	(void)snprintf(sql, sizeof(sql),
		"INSERT INTO document (digest, kind, bytes, encoding, content, received)"
		" VALUES (%s, 'device', 3, 'plain', %s, 1)",
		sqlite ? "x'00ff'" : "'\\x00ff'", sqlite ? "x'00270a'" : "'\\x00270a'");
	scene_script(store, sql);
	scene_script(store,
		"INSERT INTO device (public, name, title, document_id, version, created)"
		" VALUES ('d1', 'Größe', '日本 \"quoted\" ''and'' more', 1, 1, 5)");
	scene_script(store,
		"INSERT INTO variant (device_id, name, udi_di, model, markets)"
		" VALUES (1, 'v', NULL, '', 'EU')");
	(void)snprintf(sql, sizeof(sql),
		"INSERT INTO vuln (name, title, severity, score, kev, epss, modified, withdrawn,"
		" exploited_by)"
		" SELECT 'CVE-2024-' || i, NULL, -1, 255, 0, 4294967295, -9000000000000, 0, ''"
		" FROM (%s%d%s) s",
		sqlite ? "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT "
		       : "SELECT generate_series(1, ",
		rows, sqlite ? ") SELECT i FROM n" : ") i");
	scene_script(store, sql);
	for (int i = 0; i < SCENE_RECORDS; i++)
		scene_record(store, i);
}

/* A file without a name, to write and to read. */
static inline int scene_file(void)
{
	FILE *file = tmpfile();
	int fd = file ? dup(fileno(file)) : -1;

	if (file)
		(void)fclose(file);
	assert_true(fd >= 0);
	return fd;
}

#endif
