#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "audit/checkpoints.h"
#include "audit/person.h"
#include "base/hex.h"
#include "base/json_writer.h"
#include "datadir/calls.h"
#include "datadir/doctor.h"
#include "datadir/manifest.h"
#include "store/migrate.h"

static void member_hex(
	struct tu_json_writer *json, const char *key, const uint8_t *bytes, size_t size)
{
	size_t start;

	tu_json_key(json, key);
	start = tu_json_open_text(json);
	tu_hex_write(bytes, size, json->buf);
	tu_json_close_text(json, start);
}

/* ---- status ---- */

struct status_work {
	int64_t head;
	uint8_t hash[TU_SHA256_BYTES];
};

static enum tu_status read_status(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct status_work *work = self;
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &rows, err);

	if (status)
		return status;
	work->head = tu_rows_int(rows, 0);
	if (tu_rows_text(rows, 1).len == sizeof(work->hash))
		memcpy(work->hash, tu_rows_text(rows, 1).ptr, sizeof(work->hash));
	return tu_rows_close(rows, err);
}

enum tu_status tu_datadir_status_write(
	struct tu_datadir *dir, struct tu_json_writer *json, struct tu_error *err)
{
	struct status_work work = {0};
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (!status)
		status = tu_store_run(store, TU_TX_READ, read_status, &work, err);
	if (status)
		return status;
	tu_json_member_str(json, "instance", tu_str_c(tu_datadir_instance(dir)));
	tu_json_member_str(json, "engine", tu_str_c(tu_store_engine_name(tu_store_engine(store))));
	tu_json_member_int(json, "migration", tu_store_migration_known());
	tu_json_key(json, "ledger");
	tu_json_open_object(json);
	tu_json_member_int(json, "n", work.head);
	member_hex(json, "hash", work.hash, sizeof(work.hash));
	tu_json_close_object(json);
	return TU_OK;
}

static enum tu_status run_status(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(out_answer, false);
	enum tu_status status;

	(void)in;
	tu_json_open_object(&json);
	status = tu_datadir_status_write(dir, &json, err);
	tu_json_close_object(&json);
	return status;
}

/* ---- backup ---- */

static enum tu_status run_backup(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(out_answer, false);
	struct tu_backup backup;
	enum tu_status status = tu_datadir_backup(dir, in->fd, &backup, err);

	if (status)
		return status;
	tu_json_open_object(&json);
	tu_json_member_str(&json, "instance", tu_str_c(backup.instance));
	tu_json_member_int(&json, "records", backup.head);
	tu_json_member_int(&json, "tables", backup.tables);
	tu_json_member_int(&json, "rows", backup.rows);
	tu_json_member_int(&json, "secrets", backup.secrets);
	tu_json_member_int(&json, "bytes", (int64_t)backup.bytes);
	member_hex(&json, "sha256", backup.hash, sizeof(backup.hash));
	tu_json_close_object(&json);
	return TU_OK;
}

/* ---- doctor ---- */

static enum tu_status run_doctor(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_doctor doctor;
	enum tu_status status = tu_doctor_run(dir, &doctor, err);

	(void)in;
	if (!status)
		tu_doctor_write(&doctor, out_answer);
	return status;
}

/* ---- ledger.export ---- */

static enum tu_status write_piece(void *context, struct tu_str piece, struct tu_error *err)
{
	const int *fd = context;

	while (piece.len) {
		ssize_t wrote = write(*fd, piece.ptr, piece.len);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return tu_fail(err, TU_E_IO, 0, "cannot write the ledger: %s",
				strerror(wrote ? errno : ENOSPC));
		piece = tu_str_from(piece, (size_t)wrote);
	}
	return TU_OK;
}

static enum tu_status run_ledger_export(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(out_answer, false);
	struct tu_store *store;
	struct tu_sink sink;
	int64_t records = 0;
	int fd = in->fd;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	if (status)
		return status;
	tu_sink_init(&sink, TU_CALL_ANSWER_MAX * 2, write_piece, &fd);
	status = tu_audit_export(store, &sink, &records, err);
	if (!status)
		status = tu_sink_flush(&sink, err);
	tu_sink_done(&sink);
	if (status)
		return status;
	tu_json_open_object(&json);
	tu_json_member_int(&json, "records", records);
	tu_json_close_object(&json);
	return TU_OK;
}

/* ---- ledger.checkpoint ---- */

static void write_checkpoint(const struct tu_checkpoint *c, struct tu_json_writer *json)
{
	tu_json_member_int(json, "n", c->n);
	member_hex(json, "hash", c->hash, sizeof(c->hash));
	tu_json_member_int(json, "at", c->at);
	tu_json_member_str(json, "key", tu_str_c(c->key_id));
	tu_json_member_str(json, "instance", tu_str_c(c->instance));
}

/* All checkpoints as a file has them; they count as exported from now on. */
static enum tu_status export_checkpoints(struct tu_store *store, const struct tu_audit_act *act,
	struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_buf lines;
	size_t count = 0;
	enum tu_status status;

	tu_buf_init(&lines, TU_CALL_ANSWER_MAX / 2);
	status = tu_audit_checkpoints_export(store, act, &lines, &count, err);
	tu_json_member_int(json, "exported", (int64_t)count);
	tu_json_member_str(json, "lines", tu_buf_str(&lines));
	tu_buf_done(&lines);
	return status;
}

static enum tu_status run_ledger_checkpoint(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(out_answer, false);
	const struct tu_audit_act act = {
		.at = tu_datadir_now(dir), .actor = TU_STR("program:admin")};
	struct tu_checkpoint checkpoint;
	struct tu_signer *signer;
	struct tu_store *store;
	const bool export = tu_json_true(tu_json_get(in->arguments, TU_STR("export")));
	enum tu_status status = tu_datadir_signer(dir, &signer, err);

	if (!status)
		status = tu_datadir_store(dir, &store, err);
	if (!status)
		status = tu_audit_checkpoint(store, signer, &act, &checkpoint, err);
	if (status)
		return status;
	tu_json_open_object(&json);
	write_checkpoint(&checkpoint, &json);
	if (export)
		status = export_checkpoints(store, &act, &json, err);
	tu_json_close_object(&json);
	return status;
}

/* ---- erase ---- */

static enum tu_status run_erase(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(out_answer, false);
	const struct tu_audit_act act = {.at = tu_datadir_now(dir),
		.actor = TU_STR("program:admin"),
		.reason = TU_JSON_STR(in->arguments, "reason")};
	struct tu_str person = TU_JSON_STR(in->arguments, "person");
	struct tu_erasure erasure = {0};
	struct tu_store *store;
	enum tu_status status;

	if (!person.len)
		return tu_fail(err, TU_E_USAGE, 0, "erase needs a person");
	status = tu_datadir_store(dir, &store, err);
	if (!status)
		status = tu_person_erase(store, person, &act, &erasure, err);
	if (status)
		return status;
	tu_json_open_object(&json);
	tu_json_member_bool(&json, "already", erasure.already);
	tu_json_member_int(&json, "values", (int64_t)erasure.values);
	tu_json_close_object(&json);
	return TU_OK;
}

/* ---- the table ---- */

static const struct tu_call calls_here[] = {
	{"status", false, run_status},
	{"backup", true, run_backup},
	{"doctor", false, run_doctor},
	{"ledger.export", true, run_ledger_export},
	{"ledger.checkpoint", false, run_ledger_checkpoint},
	{"erase", false, run_erase},
};

const struct tu_call_table tu_datadir_calls = {calls_here, TU_COUNT(calls_here)};

static const struct tu_call *find(const struct tu_calls *calls, struct tu_str name)
{
	for (size_t i = 0; i < calls->count; i++)
		for (size_t k = 0; k < calls->tables[i]->count; k++)
			if (tu_str_eq(tu_str_c(calls->tables[i]->at[k].name), name))
				return &calls->tables[i]->at[k];
	return NULL;
}

enum tu_status tu_call_dispatch(struct tu_datadir *dir, const struct tu_calls *calls,
	const struct tu_call_in *in, struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_call *call = find(calls, in->name);
	struct tu_call_in hosted = *in;
	enum tu_status status;

	if (!call)
		return tu_fail(err, TU_E_USAGE, 0, "there is no call \"%.*s\"",
			TU_STR_FMT(tu_str_first(in->name, 80)));
	if (call->needs_fd && in->fd < 0)
		return tu_fail(err, TU_E_USAGE, 0, "%s needs a file", call->name);
	hosted.host = calls->host;
	status = call->run(dir, &hosted, out_answer, err);
	return status || !out_answer->failed ? status : tu_no_memory(err);
}
