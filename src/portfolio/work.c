#include "portfolio/work.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

enum { SUBJECT_MAX = 4096 };
#define BODY_MAX ((size_t)64 << 20)
#define MEMORY_MAX ((size_t)4 << 30)

/* ---- running ---- */

struct running {
	const struct tu_act *act;
	tu_work_call *work;
	void *self;
	bool writes;
};

static enum tu_status append(struct tu_work *w, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < w->records.count && status == TU_OK; i++)
		status = tu_tx_record(w->tx, &w->records.at[i], err);
	return status;
}

/* Late, for whoever else writes of cases waits from here on. */
static enum tu_status number_cases(struct tu_work *w, struct tu_error *err)
{
	struct tu_batch batch = {.w = w};
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < w->touched.count; i++)
		tu_batch_add(&batch, TU_BIND(tu_int(w->touched.at[i])));
	if (w->touched.count)
		status = tu_work_exec(w, TU_SQL_CASE_TOUCH, TU_NO_BIND, err);
	return status ? status : tu_batch_run(&batch, TU_SQL_CASE_TOUCHED, err);
}

static enum tu_status run_once(struct tu_tx *tx, void *self, struct tu_error *err)
{
	const struct running *r = self;
	struct tu_work w = {.tx = tx, .act = r->act, .arena = tu_arena_new(MEMORY_MAX)};
	enum tu_status status = TU_OK;

	if (!w.arena)
		return tu_no_memory(err);
	if (r->writes && r->act->check)
		status = r->act->check(tx, r->act->check_self, err);
	if (status == TU_OK)
		status = r->work(&w, r->self, err);
	if (status == TU_OK)
		status = number_cases(&w, err);
	if (status == TU_OK)
		status = append(&w, err);
	tu_arena_free(w.arena);
	return status;
}

enum tu_status tu_work_run(struct tu_store *store, const struct tu_act *act, tu_work_call *work,
	void *self, struct tu_error *err)
{
	struct running r = {act, work, self, true};

	return tu_store_run(store, TU_TX_WRITE, run_once, &r, err);
}

enum tu_status tu_work_read(struct tu_store *store, const struct tu_act *act, tu_work_call *work,
	void *self, struct tu_error *err)
{
	struct running r = {act, work, self, false};

	return tu_store_run(store, TU_TX_READ, run_once, &r, err);
}

/* ---- small things ---- */

enum tu_status tu_work_new_id(struct tu_work *w, struct tu_str *out_id, struct tu_error *err)
{
	char id[TU_RANDOM_ID + 1];
	enum tu_status status = w->act->new_id ? w->act->new_id(id, err) : tu_random_id(id, err);

	return status ? status : tu_work_dup(w, tu_random_id_str(id), out_id, err);
}

enum tu_status tu_work_dup(
	struct tu_work *w, struct tu_str text, struct tu_str *out_copy, struct tu_error *err)
{
	return tu_arena_dup(w->arena, text, out_copy) ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_work_exec(
	struct tu_work *w, enum tu_sql sql, struct tu_params params, struct tu_error *err)
{
	return tu_tx_exec(w->tx, sql, params, NULL, err);
}

enum tu_status tu_work_update(struct tu_work *w, enum tu_sql sql, struct tu_params params,
	const char *what, struct tu_error *err)
{
	int64_t changed = 0;
	enum tu_status status = tu_tx_exec(w->tx, sql, params, &changed, err);

	if (status == TU_OK && changed != 1)
		return tu_fail(err, TU_E_CONFLICT, 0, "%s: changed since you read it", what);
	return status;
}

void tu_batch_add(struct tu_batch *batch, struct tu_params row)
{
	batch->columns = row.count;
	for (size_t i = 0; i < row.count && !batch->failed; i++)
		batch->failed = !TU_VEC_PUSH_IN(batch->w->arena, &batch->values, row.values[i]);
}

enum tu_status tu_batch_run(const struct tu_batch *batch, enum tu_sql sql, struct tu_error *err)
{
	size_t rows = batch->columns ? batch->values.count / batch->columns : 0;

	if (batch->failed)
		return tu_no_memory(err);
	return rows ? tu_work_exec(batch->w, sql,
			      tu_bind_rows(batch->values.at, rows, batch->columns), err)
		    : TU_OK;
}

/* ---- records ---- */

void tu_record_begin(struct tu_record *record, const char *action, const char *subject, ...)
{
	char text[SUBJECT_MAX];
	va_list args;
	int len;

	*record = (struct tu_record){.action = action};
	tu_buf_init(&record->body, BODY_MAX);
	tu_buf_init(&record->subject, SUBJECT_MAX);
	va_start(args, subject);
	len = vsnprintf(text, sizeof(text), subject, args);
	va_end(args);
	if (len > 0)
		tu_buf_add(&record->subject, text,
			(size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1);
	record->json = tu_json_writer(&record->body, false);
	tu_json_open_object(&record->json);
}

static bool keep(
	struct tu_record *record, struct tu_work *w, const struct tu_change *changes, size_t count)
{
	struct tu_ledger_entry entry = {.at = w->act->at,
		.actor = w->act->actor,
		.action = tu_str_c(record->action),
		.change_count = count};
	struct tu_change *copy = tu_arena_array(w->arena, count, sizeof(*copy));

	if (!copy || record->body.failed || record->subject.failed)
		return false;
	if (count)
		memcpy(copy, changes, count * sizeof(*copy));
	entry.changes = copy;
	return tu_arena_dup(w->arena, tu_buf_str(&record->subject), &entry.subject) &&
		tu_arena_dup(w->arena, tu_buf_str(&record->body), &entry.body) &&
		TU_VEC_PUSH_IN(w->arena, &w->records, entry);
}

enum tu_status tu_record_add_changes(struct tu_record *record, struct tu_work *w,
	const struct tu_change *changes, size_t count, struct tu_error *err)
{
	bool kept;

	tu_json_member_opt(&record->json, "reason", w->act->reason);
	tu_json_close_object(&record->json);
	kept = keep(record, w, changes, count);
	tu_record_done(record);
	return kept ? TU_OK : tu_no_memory(err);
}

enum tu_status tu_record_add(struct tu_record *record, struct tu_work *w, struct tu_error *err)
{
	return tu_record_add_changes(record, w, &record->change, record->change.kind ? 1 : 0, err);
}

void tu_record_done(struct tu_record *record)
{
	tu_buf_done(&record->body);
	tu_buf_done(&record->subject);
}

void tu_record_digest(struct tu_json_writer *json, const char *key, const uint8_t *digest)
{
	char text[2 * TU_SHA256_BYTES];
	struct tu_buf hex = {.ptr = text, .cap = sizeof(text), .ceiling = sizeof(text)};

	tu_json_key(json, key);
	if (!digest) {
		tu_json_add_null(json);
		return;
	}
	tu_sha256_write(digest, &hex);
	tu_json_add_str(json, tu_buf_str(&hex));
}

enum tu_status tu_actor_check(struct tu_str actor, struct tu_error *err)
{
	enum { ACTOR_MAX = 200 };
	struct tu_str rest = actor;
	const char *wrong = NULL;
	uint32_t point;

	if (!actor.len)
		wrong = "it is empty";
	else if (actor.len > ACTOR_MAX)
		wrong = "it has more than 200 bytes";
	else if (tu_utf8_invalid_at(actor) < actor.len)
		wrong = "it is not UTF-8";
	else if (tu_str_starts(actor, TU_STR("system:")))
		wrong = "names that begin with \"system:\" are of the program itself";
	while (!wrong && tu_utf8_next(&rest, &point))
		if (tu_utf8_deceives(point) || point == '\t' || point == '\n')
			wrong = "it has a control character";
	return wrong ? tu_fail(err, TU_E_USAGE, 0, "%s", wrong) : TU_OK;
}
