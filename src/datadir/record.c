/* What the ledger says of the database as a whole. */
#include <inttypes.h>
#include <stdio.h>

#include "base/hex.h"
#include "base/json_writer.h"
#include "datadir/inside.h"

enum tu_status tu_datadir__record_in(struct tu_tx *tx, const struct tu_datadir__record *record,
	const struct tu_buf *body, struct tu_error *err)
{
	char subject[16 + TU_INSTANCE];
	struct tu_ledger_entry entry = {.at = record->at,
		.actor = TU_STR("program:admin"),
		.action = tu_str_c(record->action),
		.body = tu_buf_str(body)};
	enum tu_status status = body->failed ? tu_no_memory(err) : TU_OK;

	(void)snprintf(subject, sizeof(subject), "instance:%s", record->instance);
	entry.subject = tu_str_c(subject);
	if (!status && record->setting)
		status = tu_tx_exec(tx, TU_SQL_SETTING_PUT,
			TU_BIND(tu_text(tu_str_c(record->setting)),
				tu_text(tu_str_c(record->value))),
			NULL, err);
	return status ? status : tu_tx_record(tx, &entry, err);
}

struct work {
	const struct tu_datadir__record *record;
	const struct tu_buf *body;
};

static enum tu_status record_tx(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct work *work = self;

	return tu_datadir__record_in(tx, work->record, work->body, err);
}

enum tu_status tu_datadir__record(struct tu_store *store, const struct tu_datadir__record *record,
	const struct tu_buf *body, struct tu_error *err)
{
	struct work work = {record, body};

	return tu_store_run(store, TU_TX_WRITE, record_tx, &work, err);
}

static void write_backup(struct tu_json_writer *json, const struct tu_backup *backup)
{
	size_t start;

	tu_json_open_object(json);
	tu_json_key(json, "backup");
	start = tu_json_open_text(json);
	tu_hex_write(backup->hash, sizeof(backup->hash), json->buf);
	tu_json_close_text(json, start);
	tu_json_member_int(json, "made", backup->at);
	tu_json_member_str(json, "engine", tu_str_c(backup->engine));
	tu_json_member_int(json, "records", backup->head);
	tu_json_member_int(json, "rows", backup->rows);
	tu_json_close_object(json);
}

void tu_datadir__write_carried(
	const struct tu_backup *backup, const char *engine, const char *reason, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	tu_json_key(&json, "before");
	write_backup(&json, backup);
	tu_json_key(&json, "after");
	tu_json_open_object(&json);
	tu_json_member_str(&json, "engine", tu_str_c(engine));
	tu_json_close_object(&json);
	tu_json_member_str(&json, "reason", tu_str_c(reason));
	tu_json_close_object(&json);
}

enum tu_status tu_datadir__note_backup(
	struct tu_store *store, const struct tu_backup *backup, struct tu_error *err)
{
	char at[24];
	const struct tu_datadir__record record = {.at = backup->at,
		.action = "database.backup",
		.instance = backup->instance,
		.setting = "backup.last",
		.value = at};
	struct tu_json_writer json;
	struct tu_buf body;
	enum tu_status status;

	(void)snprintf(at, sizeof(at), "%" PRId64, backup->at);
	tu_buf_init(&body, 4096);
	json = tu_json_writer(&body, false);
	tu_json_open_object(&json);
	tu_json_key(&json, "before");
	tu_json_add_null(&json);
	tu_json_key(&json, "after");
	write_backup(&json, backup);
	tu_json_member_str(&json, "reason", TU_STR("a backup was made and read back"));
	tu_json_close_object(&json);
	status = tu_datadir__record(store, &record, &body, err);
	tu_buf_done(&body);
	return status;
}
