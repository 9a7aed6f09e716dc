/* The ledger: records, their chain, checkpoints, signatures. */
#include "api/call.h"

#include <stdio.h>
#include <string.h>

#include "audit/checkpoints.h"
#include "portfolio/actor.h"
#include "portfolio/ledger_view.h"
#include "service/service.h"

enum { NAMES = 64, NUMBER_TEXT = 24, EXPORT_MAX = 48 << 20 };

struct record_row {
	struct tu_str actor, actor_name, action, subject, subject_name, subject_of, body, hash;
	int64_t n, at;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct record_row, n, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct record_row, at, TU_API_TIME, 0),
	TU_API_COLUMN(struct record_row, actor, TU_API_TEXT, TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(
		struct record_row, actor_name, TU_API_TEXT, TU_API_OPT | TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct record_row, action, TU_API_TEXT, 0),
	TU_API_COLUMN(struct record_row, subject, TU_API_TEXT, TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(
		struct record_row, subject_name, TU_API_TEXT, TU_API_OPT | TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(
		struct record_row, subject_of, TU_API_TEXT, TU_API_OPT | TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct record_row, body, TU_API_JSON, TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct record_row, hash, TU_API_TEXT, TU_API_OPT),
};
const struct tu_api_table tu_api_table_ledger_record =
	TU_API_TABLE("LedgerRecord", struct record_row, columns);

static enum tu_status needs_everything(struct tu_api_call *call, struct tu_error *err)
{
	if (call->who.scope.everything)
		return TU_OK;
	call->problem.type = TU_PROBLEM_FORBIDDEN;
	return tu_fail(err, TU_E_CONSTRAINT, 0, "only who sees all devices sees the chain");
}

/* ---- listing ---- */

/* What ids mean; few do most of it. */
struct names {
	enum tu_status (*read)(struct tu_work *w, struct tu_str id, struct tu_ledger_subject *out,
		struct tu_error *err);
	struct tu_arena *arena;
	struct tu_str id[NAMES];
	struct tu_ledger_subject name[NAMES];
	size_t count;
};

struct listing {
	struct tu_api_call *call;
	struct tu_api_page *page;
	struct tu_ledger_filter filter;
	struct names actors, subjects;
	struct tu_str device; /* of which the records are; empty: of all */
	struct record_row *rows;
	size_t count;
};

/* Empty: nobody, or nothing, of a name. */
static enum tu_status read_actor(
	struct tu_work *w, struct tu_str id, struct tu_ledger_subject *out, struct tu_error *err)
{
	struct tu_actor_person person;
	enum tu_status status = tu_actor_person(w, id, &person, err);

	*out = (struct tu_ledger_subject){.name = person.name};
	return status;
}

static enum tu_status name_of(struct tu_work *w, struct names *names, struct tu_str id,
	struct tu_ledger_subject *out, struct tu_error *err)
{
	struct tu_ledger_subject name = {0};
	enum tu_status status;

	for (size_t i = 0; i < names->count; i++) {
		if (!tu_str_eq(names->id[i], id))
			continue;
		*out = names->name[i];
		return TU_OK;
	}
	status = names->read(w, id, &name, err);
	if (status == TU_OK &&
		(!tu_arena_dup(names->arena, name.name, &out->name) ||
			!tu_arena_dup(names->arena, name.of, &out->of)))
		status = tu_no_memory(err);
	if (status == TU_OK && names->count < NAMES) {
		names->id[names->count] = id;
		names->name[names->count++] = *out;
	}
	return status;
}

static bool hex_of(struct tu_api_call *call, const uint8_t *hash, struct tu_str *out)
{
	struct tu_buf digits;
	bool kept;

	tu_buf_init(&digits, 2 * TU_SHA256_BYTES);
	tu_sha256_write(hash, &digits);
	kept = !digits.failed && tu_arena_dup(call->arena, tu_buf_str(&digits), out);
	tu_buf_done(&digits);
	return kept;
}

static enum tu_status take_rows(struct tu_work *w, struct listing *l,
	const struct tu_ledger_rows *from, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	l->rows = tu_arena_array(l->call->arena, from->count, sizeof(*l->rows));
	if (!l->rows)
		return tu_no_memory(err);
	for (size_t i = 0; status == TU_OK && i < from->count; i++) {
		const struct tu_ledger_record *record = &from->at[i];
		struct record_row *row = &l->rows[i];
		struct tu_ledger_subject actor = {0}, subject = {0};

		*row = (struct record_row){.n = record->n ? record->n : TU_API_NONE,
			.at = record->at,
			.actor = record->texts.actor,
			.action = record->texts.action,
			.subject = record->texts.subject,
			.body = record->texts.body};
		if (record->n && !hex_of(l->call, record->hash, &row->hash))
			return tu_no_memory(err);
		status = name_of(w, &l->actors, row->actor, &actor, err);
		if (status == TU_OK)
			status = name_of(w, &l->subjects, row->subject, &subject, err);
		row->actor_name = actor.name;
		row->subject_name = subject.name;
		row->subject_of = subject.of;
	}
	l->count = from->count;
	return status;
}

static bool set_next(struct listing *l, uint64_t place)
{
	char text[NUMBER_TEXT];
	int len = snprintf(text, sizeof(text), "%llu", (unsigned long long)place);

	return tu_arena_dup(
		l->call->arena, tu_str_of(text, len > 0 ? (size_t)len : 0), &l->page->next);
}

/* The whole ledger: the cursor is the number of the last record of the page before. */
static enum tu_status list_all(
	struct tu_work *w, struct listing *l, uint64_t place, struct tu_error *err)
{
	const struct tu_ledger_ask ask = {l->filter, (int64_t)place, l->page->limit};
	struct tu_ledger_rows rows;
	int64_t total = 0;
	enum tu_status status = tu_ledger_rows(w->tx, &ask, l->call->arena, &rows, err);

	if (status == TU_OK)
		status = tu_ledger_count(w->tx, &l->filter, &total, &l->page->exact, err);
	if (status == TU_OK)
		status = take_rows(w, l, &rows, err);
	l->page->total = (uint64_t)total;
	if (status == TU_OK && rows.count == l->page->limit && rows.at[rows.count - 1].n > 1 &&
		!set_next(l, (uint64_t)rows.at[rows.count - 1].n))
		status = tu_no_memory(err);
	return status;
}

/* What is theirs: the cursor is how many older rows there are. */
static enum tu_status list_view(struct tu_work *w, struct listing *l,
	const struct tu_list_scope *scope, uint64_t place, struct tu_error *err)
{
	const struct tu_ledger_view_ask ask = {scope, l->filter, place, l->page->limit};
	struct tu_ledger_view view;
	enum tu_status status = tu_ledger_view(w, &ask, l->call->arena, &view, err);

	if (status == TU_OK)
		status = take_rows(w, l, &view.rows, err);
	l->page->total = view.total;
	l->page->exact = true;
	if (status == TU_OK && view.rest && !set_next(l, view.rest))
		status = tu_no_memory(err);
	return status;
}

static enum tu_status list_device(
	struct tu_work *w, struct listing *l, uint64_t place, struct tu_error *err)
{
	struct tu_device_row row;
	const struct tu_list_scope one = {.device_ids = &row.id, .device_count = 1};
	enum tu_status status = tu_device_in(w, &l->call->who.scope, l->device, &row, err);

	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "device");
	return status ? status : list_view(w, l, &one, place, err);
}

static enum tu_status list(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	uint64_t place = INT64_MAX;

	l->actors.count = l->subjects.count = 0;
	l->page->next = (struct tu_str){0};
	if (l->page->cursor.len && !tu_str_to_u64(l->page->cursor, INT64_MAX, &place))
		return tu_fail(err, TU_E_USAGE, 0, "cursor: it is of no page of this list");
	if (l->device.len)
		return list_device(w, l, place, err);
	return l->call->who.scope.everything ? list_all(w, l, place, err)
					     : list_view(w, l, &l->call->who.scope, place, err);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct listing l = {.call = call,
		.page = page,
		.actors = {.read = read_actor, .arena = call->arena},
		.subjects = {.read = tu_ledger_subject, .arena = call->arena},
		.device = tu_api_query(call, "device")};
	enum tu_status status;

	(void)self;
	l.filter = (struct tu_ledger_filter){.subject = tu_api_query(call, "subject"),
		.actor = tu_api_query(call, "actor"),
		.action = tu_api_query(call, "action"),
		.from = tu_api_time_of(tu_api_query(call, "from")),
		.to = tu_api_time_of(tu_api_query(call, "to"))};
	status = tu_api_read(call, list, &l, err);
	page->rows = (struct tu_api_rows){l.rows, l.count};
	return status;
}

enum tu_status tu_api_list_ledger(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_page(call, fetch, NULL, err);
}

/* ---- one ---- */

struct seeing {
	struct tu_api_call *call;
	int64_t n;
	struct tu_ledger_one one;
	struct tu_str name;
};

static enum tu_status see(struct tu_work *w, void *self, struct tu_error *err)
{
	struct seeing *s = self;
	struct tu_actor_person person;
	enum tu_status status = tu_ledger_one(w->tx, s->n, s->call->arena, &s->one, err);

	if (status == TU_OK)
		status = tu_actor_person(w, s->one.record.texts.actor, &person, err);
	if (status == TU_OK && !tu_arena_dup(s->call->arena, person.name, &s->name))
		status = tu_no_memory(err);
	return status;
}

static void member_hash(struct tu_json_writer *json, const char *key, const uint8_t *hash)
{
	size_t start;

	tu_json_key(json, key);
	start = tu_json_open_text(json);
	tu_sha256_write(hash, json->buf);
	tu_json_close_text(json, start);
}

static void write_one(struct tu_api_call *call, const struct seeing *s)
{
	const struct tu_ledger_record *record = &s->one.record;
	struct tu_json_writer *json = tu_api_json(call);
	char time[TU_API_TIME_TEXT];

	tu_json_open_object(json);
	tu_json_member_int(json, "n", record->n);
	tu_json_member_str(json, "at", tu_api_time_text(record->at, time));
	tu_json_member_int(json, "at_us", record->at);
	tu_json_member_str(json, "actor", record->texts.actor);
	tu_json_member_opt(json, "actor_name", s->name);
	tu_json_member_str(json, "action", record->texts.action);
	tu_json_member_str(json, "subject", record->texts.subject);
	tu_json_key(json, "body");
	tu_json_add_raw(json, record->texts.body);
	member_hash(json, "hash", record->hash);
	member_hash(json, "previous_hash", s->one.before);
	if (s->one.last) {
		tu_json_key(json, "next_hash");
		tu_json_add_null(json);
	} else {
		member_hash(json, "next_hash", s->one.after);
	}
	tu_json_member_bool(json, "follows", s->one.follows);
	tu_json_key(json, "checkpoint");
	if (s->one.checkpoint)
		tu_json_add_int(json, s->one.checkpoint);
	else
		tu_json_add_null(json);
	tu_json_close_object(json);
}

enum tu_status tu_api_get_ledger_record(struct tu_api_call *call, struct tu_error *err)
{
	struct seeing s = {.call = call};
	uint64_t n = 0;
	enum tu_status status = TU_E_NOTFOUND;

	/* numbers are of those who see all */
	if (call->who.scope.everything && tu_str_to_u64(call->path[0], INT64_MAX - 1, &n)) {
		s.n = (int64_t)n;
		status = tu_api_read(call, see, &s, err);
	}
	if (status == TU_E_NOTFOUND)
		return tu_api_unknown(err, "record");
	if (status == TU_OK)
		write_one(call, &s);
	return status;
}

/* ---- the chain ---- */

static void write_verdict(struct tu_api_call *call, const struct tu_ledger_verdict *verdict)
{
	struct tu_json_writer *json = tu_api_json(call);
	size_t start;

	tu_json_open_object(json);
	tu_json_member_bool(json, "sound", verdict->fault == TU_LEDGER_SOUND);
	tu_json_member_str(json, "fault", tu_str_c(tu_ledger_fault_name(verdict->fault)));
	if (verdict->bad)
		tu_json_member_int(json, "bad", verdict->bad);
	tu_json_member_int(json, "records", verdict->records);
	tu_json_member_int(json, "proven", verdict->proven);
	tu_json_key(json, "text");
	start = tu_json_open_text(json);
	tu_ledger_verdict_write(verdict, json->buf);
	tu_json_close_text(json, start);
	tu_json_close_object(json);
}

enum tu_status tu_api_verify_ledger(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_ledger_trust nobody = {0};
	struct tu_ledger_verdict verdict;
	enum tu_status status = needs_everything(call, err);

	if (status == TU_OK)
		status = tu_audit_verify(tu_api_store(call), &nobody, &verdict, err);
	if (status == TU_OK)
		write_verdict(call, &verdict);
	return status;
}

enum tu_status tu_api_export_ledger(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_sink sink;
	int64_t records = 0;
	enum tu_status status = needs_everything(call, err);

	if (status != TU_OK)
		return status;
	tu_sink_init_memory(&sink, EXPORT_MAX);
	status = tu_audit_export(tu_api_store(call), &sink, &records, err);
	if (status == TU_OK && sink.buf.failed)
		status = tu_fail(err, TU_E_LIMIT, 0,
			"the ledger is larger than an answer: use \"tutela ledger export\"");
	if (status == TU_OK)
		tu_api_answer_file(call, "application/x-ndjson", tu_buf_str(&sink.buf),
			TU_STR("tutela.ledger"));
	tu_sink_done(&sink);
	return status;
}

/* ---- checkpoints ---- */

static const struct tu_api_column checkpoint_columns[] = {
	TU_API_COLUMN(struct tu_checkpoint_row, n, TU_API_INT, 0),
	TU_API_COLUMN(struct tu_checkpoint_row, at, TU_API_TIME, 0),
	TU_API_COLUMN(struct tu_checkpoint_row, hash, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_checkpoint_row, key, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_checkpoint_row, exported, TU_API_TIME, TU_API_OPT),
};
const struct tu_api_table tu_api_table_checkpoint =
	TU_API_TABLE("Checkpoint", struct tu_checkpoint_row, checkpoint_columns);

struct checkpoints {
	struct tu_api_call *call;
	struct tu_checkpoint_rows rows;
};

static enum tu_status read_checkpoints(struct tu_work *w, void *self, struct tu_error *err)
{
	struct checkpoints *c = self;

	return tu_checkpoint_rows(w->tx, c->call->arena, &c->rows, err);
}

static enum tu_status fetch_checkpoints(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct checkpoints c = {.call = call};
	enum tu_status status = tu_api_read(call, read_checkpoints, &c, err);
	const struct tu_api_rows all = {c.rows.at, c.rows.count};

	(void)self;
	return status ? status : tu_api_page_of(call, page, &all, err);
}

enum tu_status tu_api_list_checkpoints(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = needs_everything(call, err);

	return status ? status : tu_api_answer_page(call, fetch_checkpoints, NULL, err);
}

static struct tu_audit_act act_of(const struct tu_api_call *call)
{
	return (struct tu_audit_act){.at = call->now, .actor = call->act.actor};
}

enum tu_status tu_api_make_checkpoint(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = act_of(call);
	struct checkpoints c = {.call = call};
	struct tu_checkpoint made;
	enum tu_status status = needs_everything(call, err);

	if (status == TU_OK)
		status = tu_audit_checkpoint(
			tu_api_store(call), tu_service_signer(call->service), &act, &made, err);
	if (status == TU_OK)
		status = tu_api_read(call, read_checkpoints, &c, err);
	for (size_t i = 0; status == TU_OK && i < c.rows.count; i++)
		if (c.rows.at[i].n == made.n)
			return tu_api_answer_row(call, &c.rows.at[i], err);
	return status ? status : tu_fail(err, TU_E_CORRUPT, 0, "the checkpoint is missing");
}

enum tu_status tu_api_export_checkpoints(struct tu_api_call *call, struct tu_error *err)
{
	const struct tu_audit_act act = act_of(call);
	struct tu_buf lines;
	size_t count = 0;
	enum tu_status status = needs_everything(call, err);

	tu_buf_init(&lines, EXPORT_MAX);
	if (status == TU_OK)
		status = tu_audit_checkpoints_export(tu_api_store(call), &act, &lines, &count, err);
	if (status == TU_OK)
		tu_api_answer_file(call, "application/x-ndjson", tu_buf_str(&lines),
			TU_STR("tutela.checkpoints"));
	tu_buf_done(&lines);
	return status;
}

/* ---- signatures ---- */

static const struct tu_api_column signature_columns[] = {
	TU_API_COLUMN_AS("id", struct tu_signature_row, public, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_signature_row, person, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_signature_row, name, TU_API_TEXT, TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct tu_signature_row, meaning, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_signature_row, subject, TU_API_TEXT, TU_API_WORDS_OF_OTHERS),
	TU_API_COLUMN(struct tu_signature_row, content, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_signature_row, at, TU_API_TIME, 0),
	TU_API_COLUMN(struct tu_signature_row, zone, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_signature_row, credential_resets, TU_API_JSON, 0),
};
const struct tu_api_table tu_api_table_signature =
	TU_API_TABLE("Signature", struct tu_signature_row, signature_columns);

struct signatures {
	struct tu_api_call *call;
	struct tu_signature_rows rows;
};

static enum tu_status read_signatures(struct tu_work *w, void *self, struct tu_error *err)
{
	struct signatures *s = self;
	const struct tu_signature_ask ask = {&s->call->who.scope, tu_api_query(s->call, "subject")};

	return tu_signature_rows(w, &ask, s->call->arena, &s->rows, err);
}

static enum tu_status fetch_signatures(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct signatures s = {.call = call};
	enum tu_status status = tu_api_read(call, read_signatures, &s, err);
	const struct tu_api_rows all = {s.rows.at, s.rows.count};

	(void)self;
	return status ? status : tu_api_page_of(call, page, &all, err);
}

enum tu_status tu_api_list_signatures(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_answer_page(call, fetch_signatures, NULL, err);
}
