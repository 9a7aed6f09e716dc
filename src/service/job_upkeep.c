/* Checkpoints, backups, and what is kept long enough. */
#include <stdio.h>

#include "audit/checkpoints.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/json_writer.h"
#include "base/time.h"
#include "service/inside.h"
#include "service/run.h"

enum { LINES_MAX = 64 << 20, BACKUPS = 7 };
static const int64_t day = INT64_C(86400) * 1000000;

/* ---- checkpoints ---- */

/* checkpoints/LEDGER-NUMBER.checkpoints: all of them up to that one, as a file has them. */
static enum tu_status write_out(struct tu_service *service, const struct tu_checkpoint *checkpoint,
	struct tu_str lines, struct tu_error *err)
{
	char name[64], path[TU_SERVICE_PATH];
	enum tu_status status;

	(void)snprintf(
		name, sizeof(name), "checkpoints/%012lld.checkpoints", (long long)checkpoint->n);
	if (!tu_datadir_path(service->dir, name, path, sizeof(path)))
		return tu_fail(
			err, TU_E_LIMIT, 0, "%.80s…: too long a name", service->options.data);
	status = tu_file_make_folders(path, err);
	return status ? status : tu_file_write(path, lines, err);
}

static enum tu_status export(struct tu_service *service, const struct tu_audit_act *act,
	const struct tu_checkpoint *checkpoint, struct tu_error *err) {
	struct tu_buf lines; size_t count = 0; enum tu_status status;

	tu_buf_init(&lines, LINES_MAX);
	status = tu_audit_checkpoints_export(service->store, act, &lines, &count, err);
	if (!status) status = write_out(service, checkpoint, tu_buf_str(&lines), err);
	tu_buf_done(&lines);
	return status;
}

static void write_hash(const uint8_t *hash, struct tu_buf *out)
{
	tu_hex_write(hash, TU_SHA256_BYTES, out);
}

enum tu_status tu_service__checkpoint(struct tu_service__run *run, struct tu_error *err)
{
	struct tu_service *service = run->service;
	struct tu_json_writer json = tu_json_writer(&run->result, false);
	const struct tu_audit_act act = {
		.at = tu_service_now(service), .actor = TU_STR("system:checkpoint")};
	struct tu_checkpoint checkpoint;
	size_t start;
	enum tu_status status =
		tu_audit_checkpoint(service->store, service->signer, &act, &checkpoint, err);

	if (!status)
		status = export(service, &act, &checkpoint, err);
	if (status)
		return status;
	tu_json_open_object(&json);
	tu_json_member_int(&json, "n", checkpoint.n);
	tu_json_key(&json, "hash");
	start = tu_json_open_text(&json);
	write_hash(checkpoint.hash, &run->result);
	tu_json_close_text(&json, start);
	tu_json_member_str(&json, "key", tu_str_c(checkpoint.key_id));
	tu_json_close_object(&json);
	return TU_OK;
}

/* ---- backups ---- */

enum tu_status tu_service__backup(struct tu_service__run *run, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(&run->result, false);
	struct tu_backup backup;
	enum tu_status status =
		tu_datadir_backup_keep(run->service->dir, "scheduled", BACKUPS, &backup, err);

	if (status)
		return status;
	tu_json_open_object(&json);
	tu_json_member_int(&json, "records", backup.head);
	tu_json_member_int(&json, "rows", backup.rows);
	tu_json_member_int(&json, "bytes", (int64_t)backup.bytes);
	tu_json_close_object(&json);
	return TU_OK;
}

/* ---- what nobody needs any more ---- */

static const struct {
	const char *name;
	enum tu_sql sql; /* removes what is older than $1 */
	int64_t days;
} sweeps[] = {
	{"jobs", TU_SQL_JOB_SWEEP, 30},
	{"messages", TU_SQL_OUTBOX_SWEEP, 30},
	{"notices", TU_SQL_NOTIFY_SENT_SWEEP, 90},
	{"notice items", TU_SQL_NOTIFY_ITEM_SWEEP, 400},
	{"answers", TU_SQL_ONCE_EXPIRE, 1}, /* of requests under a key of idempotency */
	{"sign-ins", TU_SQL_SIGNIN_FAILURE_SWEEP, 30},
	{"flows", TU_SQL_OIDC_FLOW_EXPIRE, 1},
	{"sessions", TU_SQL_SESSION_EXPIRE, 0},
	{"set-up", TU_SQL_SETUP_TOKEN_EXPIRE, 0},
};

/* Knowledge bases before the current one; no node is a day late. */
static const enum tu_sql knowledge[] = {TU_SQL_KNOWLEDGE_CHUNK_SWEEP, TU_SQL_KNOWLEDGE_SWEEP};

static enum tu_status sweep(struct tu_work *w, void *self, struct tu_error *err)
{
	int64_t *removed = self;
	struct tu_knowledge_row current;
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(sweeps); i++)
		status = tu_tx_exec(w->tx, sweeps[i].sql,
			TU_BIND(tu_int(w->act->at - sweeps[i].days * day)), &removed[i], err);
	if (!status)
		status = tu_knowledge_current(w, &current, err);
	for (size_t i = 0; !status && i < TU_COUNT(knowledge); i++)
		status = tu_tx_exec(w->tx, knowledge[i],
			TU_BIND(tu_int(current.id), tu_int(w->act->at - day)), NULL, err);
	return status;
}

enum tu_status tu_service__sweep(struct tu_service__run *run, struct tu_error *err)
{
	struct tu_service *service = run->service;
	const struct tu_act act = tu_service__act(service, "system:sweep");
	struct tu_json_writer json = tu_json_writer(&run->result, false);
	int64_t removed[TU_COUNT(sweeps)] = {0};
	enum tu_status status = tu_work_run(service->store, &act, sweep, removed, err);

	tu_json_open_object(&json);
	for (size_t i = 0; i < TU_COUNT(sweeps); i++)
		tu_json_member_int(&json, sweeps[i].name, removed[i]);
	tu_json_close_object(&json);
	return status;
}
