#include "service/intelligence.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/bundle.h"
#include "base/file.h"
#include "base/input.h"
#include "service/inside.h"
#include "service/run.h"

enum { CONFIG_MAX = 1 << 20, PADDING = 64 };
static const char account[] = "knowledge.account";
static const char bundle_start[] = "TUTELABN";

/* ---- the account of the last sync ---- */

struct saving {
	struct tu_str text;
};

static enum tu_status save(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct saving *s = self;

	return tu_tx_exec(tx, TU_SQL_SETTING_PUT,
		TU_BIND(tu_text(tu_str_c(account)), tu_text(s->text)), NULL, err);
}

enum tu_status tu_service__account_save(
	struct tu_service *service, const struct tu_sync_result *fetched, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_sidecar_source *sources =
		arena ? tu_arena_array(arena, fetched->source_count, sizeof(*sources)) : NULL;
	const struct tu_sidecar sidecar = {
		.kb_sha256 = TU_STR(""), .sources = sources, .source_count = fetched->source_count};
	struct saving s;
	struct tu_buf text;
	enum tu_status status = sources ? TU_OK : tu_no_memory(err);

	tu_buf_init(&text, TU_SIDECAR_BYTES_MAX);
	for (size_t i = 0; !status && i < fetched->source_count; i++)
		sources[i] = fetched->sources[i].account;
	if (!status)
		tu_sidecar_write(&sidecar, &text);
	s.text = tu_buf_str(&text);
	if (!status)
		status = text.failed ? tu_no_memory(err)
				     : tu_store_run(service->store, TU_TX_WRITE, save, &s, err);
	tu_buf_done(&text);
	tu_arena_free(arena);
	return status;
}

/* ---- the configuration ---- */

enum tu_status tu_service__feeds(struct tu_service *service, struct tu_arena *arena,
	struct tu_feed_config *config, struct tu_error *err)
{
	char path[TU_SERVICE_PATH];
	struct tu_buf text;
	enum tu_status status = TU_OK;

	if (!tu_feed_config_init(arena, config))
		return tu_no_memory(err);
	if (!tu_datadir_path(service->dir, "feeds.conf", path, sizeof(path)) ||
		access(path, F_OK) != 0)
		return TU_OK;
	tu_buf_init(&text, CONFIG_MAX);
	status = tu_input_read(path, &text, err);
	if (!status)
		status = tu_feed_config_apply(arena, tu_buf_str(&text), config, err);
	tu_buf_done(&text);
	return status ? tu_error_prefix(err, "%s", path) : TU_OK;
}

/* ---- reading ---- */

struct reading {
	struct tu_arena *arena;
	struct tu_str account; /* with padding after it */
	struct tu_service_intelligence *out;
};

static enum tu_status read_account(struct reading *r, struct tu_tx *tx, struct tu_error *err)
{
	struct tu_rows *rows;
	struct tu_str found = {0};
	char *copy;
	bool ok = true;
	enum tu_status status = tu_tx_query(
		tx, TU_SQL_SETTING_GET, TU_BIND(tu_text(tu_str_c(account))), &rows, err);

	if (status)
		return status;
	r->account = found;
	if (tu_rows_next(rows)) {
		found = tu_rows_text(rows, 0);
		copy = tu_arena_text(r->arena, found.len + PADDING);
		ok = copy != NULL;
		if (ok) {
			memset(copy + found.len, 0, PADDING);
			memcpy(copy, found.ptr, found.len);
			r->account = tu_str_of(copy, found.len);
		}
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static enum tu_status read_last(struct reading *r, struct tu_tx *tx, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(tx, TU_SQL_REMATCH_LAST, TU_NO_BIND, &rows, err);

	if (status)
		return status;
	if (tu_rows_next(rows)) {
		r->out->last_at = tu_rows_int(rows, 0);
		ok = tu_arena_dup(r->arena, tu_rows_text(rows, 1), &r->out->last);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static enum tu_status read_all(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct reading *r = self;
	enum tu_status status = read_account(r, tx, err);

	if (!status)
		status = read_last(r, tx, err);
	if (!status)
		status = tu_tx_int(tx, TU_SQL_SCHEDULE_GET,
			TU_BIND(tu_text(TU_STR("knowledge.sync"))), &r->out->next, err);
	return status == TU_E_NOTFOUND ? TU_OK : status;
}

static const struct tu_sidecar_source *find(const struct tu_sidecar *sidecar, struct tu_str name)
{
	for (size_t i = 0; sidecar && i < sidecar->source_count; i++)
		if (tu_str_eq(sidecar->sources[i].name, name))
			return &sidecar->sources[i];
	return NULL;
}

static struct tu_service_source source_of(
	const struct tu_feed_source *source, const struct tu_sidecar_source *seen, int64_t now)
{
	struct tu_service_source row = {.name = source->name,
		.gives = source->gives,
		.check = source->check,
		.enabled = source->chosen && !source->refused,
		.freshness = TU_FRESH_NEVER,
		.max_age = source->max_age};

	if (!seen)
		return row;
	row.freshness = tu_sidecar_judge(seen, now);
	row.last_success = seen->last_success;
	row.last_attempt = seen->last_attempt;
	row.last_error = seen->last_error;
	row.records = (int64_t)seen->records;
	row.bytes = (int64_t)seen->bytes;
	return row;
}

static enum tu_status take_sources(struct tu_service *service, struct reading *r,
	const struct tu_feed_config *config, struct tu_error *err)
{
	const int64_t now = tu_service_now(service) / 1000000;
	const struct tu_sidecar *sidecar = NULL;
	struct tu_service_source *rows =
		tu_arena_array(r->arena, config->source_count, sizeof(*rows));
	enum tu_status status = TU_OK;

	if (!rows)
		return tu_no_memory(err);
	if (r->account.len)
		status = tu_sidecar_read(r->arena, r->account, &sidecar, err);
	for (size_t i = 0; !status && i < config->source_count; i++) {
		const struct tu_feed_source *source = &config->sources[i];

		rows[i] = source_of(source, find(sidecar, source->name), now);
		r->out->late += rows[i].enabled && rows[i].freshness != TU_FRESH;
	}
	r->out->sources = rows;
	r->out->source_count = config->source_count;
	return status;
}

enum tu_status tu_service_intelligence(struct tu_service *service, struct tu_arena *arena,
	struct tu_service_intelligence *out, struct tu_error *err)
{
	struct reading r = {.arena = arena, .out = out};
	struct tu_datadir_settings settings;
	struct tu_feed_config config;
	enum tu_status status = tu_service__feeds(service, arena, &config, err);

	*out = (struct tu_service_intelligence){0};
	if (!status)
		status = tu_store_run(service->store, TU_TX_READ, read_all, &r, err);
	if (status)
		return status;
	tu_service_settings(service, &settings);
	out->every = settings.sync;
	out->next = out->every ? out->next : 0;
	return take_sources(service, &r, &config, err);
}

static enum tu_status read_only_account(struct tu_tx *tx, void *self, struct tu_error *err)
{
	return read_account(self, tx, err);
}

enum tu_status tu_service_sources(struct tu_service *service, struct tu_arena *arena,
	struct tu_service_intelligence *out, struct tu_error *err)
{
	struct reading r = {.arena = arena, .out = out};
	struct tu_feed_config config;
	enum tu_status status = tu_service__feeds(service, arena, &config, err);

	*out = (struct tu_service_intelligence){0};
	if (!status)
		status = tu_store_run(service->store, TU_TX_READ, read_only_account, &r, err);
	return status ? status : take_sources(service, &r, &config, err);
}

/* ---- asking for a sync ---- */

enum tu_status tu_service_sync_queue(
	struct tu_work *w, struct tu_str *out_job, struct tu_error *err)
{
	const struct tu_job_spec spec = {.kind = TU_STR("knowledge.sync"),
		.key = TU_STR("knowledge.sync"),
		.payload = TU_STR("{}"),
		.run_at = w->act->at};
	struct tu_job_queued queued;
	struct tu_record record;
	enum tu_status status = tu_job_add(w->tx, &spec, w->arena, &queued, err);

	if (status)
		return status;
	*out_job = queued.public_id;
	tu_record_begin(&record, "knowledge.sync", "knowledge");
	tu_json_member_str(&record.json, "after", queued.public_id);
	return tu_record_add(&record, w, err);
}

/* ---- taking what somebody sends ---- */

/* A bundle may be the difference from the one in use: that is put where it is looked for. */
static enum tu_status unpack(struct tu_service *service, const struct tu_service_import *import,
	const char *sent, const char *path, struct tu_error *err)
{
	const struct tu_app_context context = {.now = tu_service_now(service) / 1000000};
	char key[TU_SERVICE_PATH], current[TU_SERVICE_PATH];
	const struct tu_import_request request = {
		.bundle = sent, .key = key, .output = path, .allow_older = import->allow_older};
	struct tu_import_answer answer = {0};
	enum tu_status status;

	if (!tu_datadir_path(service->dir, "bundle.pub", key, sizeof(key)) ||
		access(key, F_OK) != 0)
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"it is a signed bundle, and the data folder has no bundle.pub with the key "
			"that verifies it");
	if (tu_service__kb_path(service, current) && link(current, path) != 0)
		(void)unlink(path);
	status = tu_app_import(&context, &request, &answer, err);
	/* the account of its sources is no file of ours */
	(void)snprintf(current, sizeof(current), "%.4000s.sources.json", path);
	(void)unlink(current);
	return status;
}

struct taking {
	struct tu_service *service;
	const struct tu_service_import *import;
	char sent[TU_SERVICE_PATH], unpacked[TU_SERVICE_PATH];
};

static enum tu_status take(const struct taking *t, const struct tu_act *act,
	struct tu_service_put *out_put, struct tu_error *err)
{
	const struct tu_service_import *import = t->import;
	const bool bundle = tu_str_starts(import->bytes, tu_str_c(bundle_start));
	const struct tu_service_file from = {bundle ? t->unpacked : t->sent,
		import->allow_older ? TU_SERVICE_TAKE_ANY : TU_SERVICE_TAKE_NEWER};
	enum tu_status status = tu_file_make_folders(t->sent, err);

	if (!status)
		status = tu_file_write(t->sent, import->bytes, err);
	if (!status && bundle)
		status = unpack(t->service, import, t->sent, t->unpacked, err);
	return status ? status
		      : tu_service_knowledge_put(t->service->dir, &from, act, out_put, err);
}

enum tu_status tu_service_import(struct tu_service *service, const struct tu_service_import *import,
	const struct tu_act *act, struct tu_service_put *out_put, struct tu_error *err)
{
	struct taking t = {.service = service, .import = import};
	char id[TU_RANDOM_ID + 1], name[TU_RANDOM_ID + 40];
	enum tu_status status = tu_random_id(id, err);

	(void)snprintf(name, sizeof(name), "cache/sent-%s.kb", id);
	if (!status && !tu_datadir_path(service->dir, name, t.sent, sizeof(t.sent)))
		status = tu_fail(err, TU_E_LIMIT, 0, "too long a name of the data folder");
	(void)snprintf(name, sizeof(name), "cache/unpacked-%s.kb", id);
	if (!status && !tu_datadir_path(service->dir, name, t.unpacked, sizeof(t.unpacked)))
		status = tu_fail(err, TU_E_LIMIT, 0, "too long a name of the data folder");
	if (status)
		return status;
	status = take(&t, act, out_put, err);
	(void)unlink(t.sent);
	(void)unlink(t.unpacked);
	if (!status)
		tu_service_wake(service);
	return status;
}
