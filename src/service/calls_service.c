/* Calls that a running service answers; some of them also without one. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "base/random.h"
#include "service/inside.h"
#include "service/shown.h"

enum { ARENA = 1 << 20, JOBS = 200, PIECE = 1 << 16 };

static enum tu_status need_service(
	const struct tu_call_in *in, struct tu_service **out_service, struct tu_error *err)
{
	*out_service = in->host;
	return in->host ? TU_OK
			: tu_fail(err, TU_E_USAGE, 0, "no service runs on this data folder");
}

static enum tu_status run_status(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(out_answer, false);
	enum tu_status status;

	if (in->host)
		return tu_service_status_write(in->host, out_answer, err);
	tu_json_open_object(&json);
	status = tu_datadir_status_write(dir, &json, err);
	tu_json_close_object(&json);
	return status;
}

/* ---- knowledge.put ---- */

static enum tu_status copy_all(int from, int to, const char *path, struct tu_error *err)
{
	char piece[PIECE];
	ssize_t got;

	while ((got = read(from, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return tu_fail(err, TU_E_IO, 0, "cannot read the knowledge base: %s",
				strerror(errno));
		for (ssize_t done = 0, put; done < got; done += put) {
			put = write(to, piece + done, (size_t)(got - done));
			if (put < 0 && errno != EINTR)
				return tu_fail(err, TU_E_IO, 0, "%s: cannot write: %s", path,
					strerror(errno));
			put = put < 0 ? 0 : put;
		}
	}
	return TU_OK;
}

/* A file of ours, which nobody changes while it is used. */
static enum tu_status take_file(
	struct tu_datadir *dir, int fd, char path[TU_SERVICE_PATH], struct tu_error *err)
{
	char id[TU_RANDOM_ID + 1], name[TU_RANDOM_ID + 40];
	enum tu_status status = tu_random_id(id, err);
	int to;

	(void)snprintf(name, sizeof(name), "cache/put-%s.kb", id);
	if (!status && !tu_datadir_path(dir, name, path, TU_SERVICE_PATH))
		status = tu_fail(err, TU_E_USAGE, 0,
			"a knowledge base is put by way of a data folder: name that");
	if (!status)
		status = tu_file_make_folders(path, err);
	if (status)
		return status;
	to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		return tu_fail(err, TU_E_IO, 0, "%s: cannot write: %s", path, strerror(errno));
	status = copy_all(fd, to, path, err);
	(void)close(to);
	if (status)
		(void)unlink(path);
	return status;
}

static struct tu_act act_of(const struct tu_datadir *dir, const struct tu_call_in *in)
{
	return (struct tu_act){.at = tu_datadir_now(dir),
		.actor = TU_STR("program:admin"),
		.reason = TU_JSON_STR(in->arguments, "reason")};
}

static enum tu_status run_knowledge_put(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(out_answer, false);
	const struct tu_act act = act_of(dir, in);
	struct tu_service_put put = {0};
	char path[TU_SERVICE_PATH];
	struct tu_service_file from = {path, TU_SERVICE_TAKE_NEWER};
	struct tu_shown shown = {.as = TU_JSON_STR(in->arguments, "file")};
	enum tu_status status = take_file(dir, in->fd, path, err);

	if (status)
		return status;
	shown.at = tu_str_c(path);
	shown.as = shown.as.len ? shown.as : TU_STR("the file");
	if (tu_json_true(tu_json_get(in->arguments, TU_STR("allow_older"))))
		from.take = TU_SERVICE_TAKE_ANY;
	status = tu_service_knowledge_put(dir, &from, &act, &put, err);
	(void)unlink(path);
	if (status) /* the file has another name here than there */
		return tu_shown_error(&shown, status, err);
	if (in->host)
		tu_service_wake(in->host);
	tu_json_open_object(&json);
	tu_json_member_str(&json, "knowledge", tu_str_c(put.digest));
	tu_json_member_bool(&json, "current", put.is_current);
	tu_json_member_opt(&json, "job", tu_str_c(put.job));
	tu_json_member_bool(&json, "service", in->host != NULL);
	tu_json_close_object(&json);
	return TU_OK;
}

/* ---- jobs ---- */

static void write_job(const struct tu_rows *rows, struct tu_json_writer *json)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "id", tu_rows_text(rows, 0));
	tu_json_member_str(json, "kind", tu_rows_text(rows, 1));
	tu_json_member_str(json, "key", tu_rows_text(rows, 2));
	tu_json_member_str(json, "state", tu_rows_text(rows, 3));
	tu_json_member_int(json, "attempts", tu_rows_int(rows, 4));
	tu_json_member_int(json, "attempts_max", tu_rows_int(rows, 5));
	tu_json_member_int(json, "progress", tu_rows_int(rows, 6));
	tu_json_member_int(json, "created", tu_rows_int(rows, 7));
	if (!tu_rows_is_null(rows, 8))
		tu_json_member_int(json, "finished", tu_rows_int(rows, 8));
	tu_json_member_opt(json, "result", tu_rows_text(rows, 9));
	tu_json_member_opt(json, "error", tu_rows_text(rows, 10));
	tu_json_close_object(json);
}

struct listing {
	struct tu_buf *out;
	size_t start;
};

static enum tu_status list_jobs(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct listing *listing = self;
	struct tu_json_writer json;
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(tx, TU_SQL_JOB_LIST, TU_BIND(tu_int(JOBS)), &rows, err);

	if (status)
		return status;
	listing->out->len = listing->start;
	json = tu_json_writer(listing->out, false);
	tu_json_open_object(&json);
	tu_json_key(&json, "jobs");
	tu_json_open_array(&json);
	while (tu_rows_next(rows))
		write_job(rows, &json);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	return tu_rows_close(rows, err);
}

static enum tu_status run_job_list(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct listing listing = {out_answer, out_answer->len};
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	(void)in;
	return status ? status : tu_store_run(store, TU_TX_READ, list_jobs, &listing, err);
}

typedef enum tu_status change_job(
	struct tu_tx *tx, struct tu_str public_id, int64_t at, struct tu_error *err);

struct job_change {
	change_job *change;
	struct tu_str id;
	const char *action;
};

static enum tu_status change_one(struct tu_work *w, void *self, struct tu_error *err)
{
	struct job_change *c = self;
	struct tu_record record;
	enum tu_status status = c->change(w->tx, c->id, w->act->at, err);

	if (status)
		return status;
	tu_record_begin(&record, c->action, "job:%.*s", TU_STR_FMT(c->id));
	return tu_record_add(&record, w, err);
}

static enum tu_status change_named(struct tu_datadir *dir, const struct tu_call_in *in,
	struct job_change *change, struct tu_error *err)
{
	const struct tu_act act = act_of(dir, in);
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	change->id = TU_JSON_STR(in->arguments, "job");
	if (!status && !change->id.len)
		status = tu_fail(err, TU_E_USAGE, 0, "%s needs a job", change->action);
	if (!status)
		status = tu_work_run(store, &act, change_one, change, err);
	if (!status && in->host)
		tu_service_wake(in->host);
	return status;
}

static enum tu_status run_job_cancel(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct job_change change = {.change = tu_job_cancel, .action = "job.cancel"};

	tu_buf_c(out_answer, "{}");
	return change_named(dir, in, &change, err);
}

static enum tu_status run_job_release(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct job_change change = {.change = tu_job_release, .action = "job.release"};

	tu_buf_c(out_answer, "{}");
	return change_named(dir, in, &change, err);
}

/* ---- the service ---- */

static enum tu_status run_stop(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_service *service;
	enum tu_status status = need_service(in, &service, err);

	(void)dir;
	tu_buf_c(out_answer, "{}");
	if (!status)
		tu_service_ask_stop(service);
	return status;
}

static enum tu_status run_reload(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct tu_service *service;
	enum tu_status status = need_service(in, &service, err);

	(void)dir;
	tu_buf_c(out_answer, "{}");
	return status ? status : tu_service_reload(service, err);
}

static const struct tu_call rows[] = {
	{"status", false, run_status},
	{"knowledge.put", true, run_knowledge_put},
	{"job.list", false, run_job_list},
	{"job.cancel", false, run_job_cancel},
	{"job.release", false, run_job_release},
	{"stop", false, run_stop},
	{"reload", false, run_reload},
};

const struct tu_call_table tu_service__calls = {rows, TU_COUNT(rows)};
