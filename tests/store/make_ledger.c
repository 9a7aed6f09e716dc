/*
 * A database with a ledger, for tests of the program.
 *
 * usage: make-ledger PLACE RECORDS KEYS CHECKPOINTS
 *
 * Makes the database at PLACE where it is empty, appends RECORDS records, and adds a checkpoint to
 * the file CHECKPOINTS, signed with the key in the folder KEYS.
 */
#include <stdio.h>
#include <stdlib.h>

#include "audit/checkpoints.h"
#include "store/migrate.h"

#define AT INT64_C(1700000000000000)

static const struct tu_audit_act act = {AT, TU_STR_INIT("setup"), TU_STR_INIT("a test")};

static void need(enum tu_status status, const struct tu_error *err)
{
	if (!status)
		return;
	(void)fprintf(stderr, "%s\n", err->message);
	exit(1);
}

static enum tu_status record(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const int64_t *at = self;
	const struct tu_ledger_entry entry = {.at = *at,
		.actor = TU_STR("setup"),
		.action = TU_STR("test"),
		.subject = TU_STR("s"),
		.body = TU_STR("{\"after\":\"\xc3\xbc\"}")};

	return tu_tx_record(tx, &entry, err);
}

static void add_checkpoint(struct tu_store *store, const char *keys, const char *path)
{
	const struct tu_signer_options options = {.folder = keys, .make_keys = true};
	FILE *file = fopen(path, "a");
	struct tu_checkpoint checkpoint;
	struct tu_signer *signer;
	struct tu_error err;
	struct tu_buf line;

	need(tu_signer_start(&options, &signer, &err), &err);
	need(tu_audit_checkpoint(store, signer, &act, &checkpoint, &err), &err);
	tu_signer_stop(signer);
	tu_buf_init(&line, TU_CHECKPOINT_LINE_MAX);
	tu_checkpoint_write(&checkpoint, &line);
	if (!file || fwrite(line.ptr, 1, line.len, file) != line.len || fclose(file) != 0)
		exit(1);
	tu_buf_done(&line);
}

int main(int argc, char **argv)
{
	struct tu_store_options options = {0};
	struct tu_migration_state state;
	struct tu_store *store;
	struct tu_error err;

	if (argc != 5)
		return 2;
	options.place = argv[1];
	need(tu_store_migrate(&options, 1, &state, &err), &err);
	need(tu_store_open(&options, &store, &err), &err);
	need(tu_audit_begin(store, &act, &err), &err);
	for (int64_t many = strtol(argv[2], NULL, 10), i = 0; i < many; i++) {
		int64_t at = AT + many * 1000000 + i;

		need(tu_store_run(store, TU_TX_WRITE, record, &at, &err), &err);
	}
	add_checkpoint(store, argv[3], argv[4]);
	tu_store_close(store);
	return 0;
}
