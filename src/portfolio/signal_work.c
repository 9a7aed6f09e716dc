/* Signals while people work on them: triage, and what was said. */
#include "base/utf8.h"
#include "portfolio/signal_inside.h"

enum { CHAIN_MAX = 1000 };

static const char *const severities[] = {"none", "low", "medium", "high", "critical"};

enum tu_status tu_signal__keep_learned(
	struct tu_work *w, const struct tu_signal_row *row, struct tu_error *err)
{
	int64_t case_id = 0;
	enum tu_status status =
		tu_tx_int(w->tx, TU_SQL_SIGNAL_CASE, TU_BIND(tu_int(row->id)), &case_id, err);

	if (status == TU_OK && case_id)
		status = tu_case__touch(w, case_id, err);
	return status ? status
		      : tu_work_exec(w, TU_SQL_SIGNAL_CASE_LEARNED,
				TU_BIND(tu_int(row->id), tu_int(row->learned)), err);
}

/* ---- triage ---- */

/* Following what it is a duplicate of must not lead back to it. */
static enum tu_status check_chain(struct tu_work *w, const struct tu_signal_row *row,
	int64_t duplicate_id, struct tu_error *err)
{
	const struct tu_error_place place = {.pointer = "/duplicate_of"};
	enum tu_status status = TU_OK;

	for (unsigned i = 0; status == TU_OK && duplicate_id && i < CHAIN_MAX; i++) {
		if (duplicate_id == row->id)
			return tu_fail_at(
				err, TU_E_USAGE, &place, "it would be a duplicate of itself");
		status = tu_tx_int(w->tx, TU_SQL_SIGNAL_DUPLICATE_OF, TU_BIND(tu_int(duplicate_id)),
			&duplicate_id, err);
	}
	return status;
}

bool tu_signal_frees(
	const struct tu_signal_row *row, const struct tu_signal_triage *triage, int64_t now)
{
	bool holds = row->state == TU_SIGNAL_CONFIRMED || row->duplicate_id;
	bool parts = row->state != TU_SIGNAL_CONFIRMED && triage->duplicate_id != row->duplicate_id;

	return holds && row->embargo > now && (triage->embargo < row->embargo || parts);
}

static enum tu_status check(struct tu_work *w, const struct tu_signal_row *row,
	const struct tu_signal_triage *t, struct tu_error *err)
{
	enum tu_status status = tu_signal__check_kind(t->kind, err);

	if (status == TU_OK && t->severity.len)
		status = tu_signal__check_word(t->severity, severities, TU_COUNT(severities), err);
	if (status == TU_OK)
		status = tu_signal__check_learned(w, t->learned, err);
	if (status != TU_OK)
		return status;
	if (t->learned > row->learned)
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/learned"},
			"the time learned is corrected to an earlier time only");
	/* who sees the device would hear of a case of others */
	if (row->state == TU_SIGNAL_CONFIRMED && t->device_id != row->device_id)
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/device"},
			"the signal is confirmed: its device stays");
	if (tu_signal_frees(row, t, w->act->at) && !w->act->reason.len)
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/reason"},
			"an embargo is moved for a reason");
	return check_chain(w, row, t->duplicate_id, err);
}

static void member_opt_int(struct tu_json_writer *json, const char *key, int64_t value)
{
	tu_json_key(json, key);
	if (value)
		tu_json_add_int(json, value);
	else
		tu_json_add_null(json);
}

static enum tu_status record_triage(struct tu_work *w, const struct tu_signal_row *row,
	const struct tu_signal_triage *t, const struct tu_signal_row *was, struct tu_error *err)
{
	struct tu_record record;

	tu_record_begin(&record, "signal.triage", "signal:%.*s", TU_STR_FMT(row->public_id));
	record.change = (struct tu_change){"signal", row->id};
	tu_json_key(&record.json, "before");
	tu_json_open_object(&record.json);
	tu_json_member_int(&record.json, "learned", was->learned);
	member_opt_int(&record.json, "embargo", was->embargo);
	tu_json_close_object(&record.json);
	tu_json_key(&record.json, "after");
	tu_json_open_object(&record.json);
	tu_json_member_str(&record.json, "kind", t->kind);
	tu_json_member_opt(&record.json, "severity", t->severity);
	tu_json_member_int(&record.json, "learned", t->learned);
	member_opt_int(&record.json, "embargo", t->embargo);
	member_opt_int(&record.json, "device", t->device_id);
	member_opt_int(&record.json, "duplicate_of", t->duplicate_id);
	tu_json_close_object(&record.json);
	return tu_record_add(&record, w, err);
}

enum tu_status tu_signal_triage(struct tu_work *w, struct tu_signal_row *row,
	const struct tu_signal_triage *t, struct tu_error *err)
{
	const struct tu_signal_row was = *row;
	enum tu_status status = check(w, row, t, err);

	if (status == TU_OK)
		status = tu_work_update(w, TU_SQL_SIGNAL_TRIAGE,
			TU_BIND(tu_int(row->id), tu_int(row->version), tu_text(t->kind),
				tu_text_opt(t->severity), tu_signal__some(t->embargo),
				tu_signal__some(t->device_id), tu_int(t->learned),
				tu_int(tu_signal__acknowledge_by(t->learned, t->acknowledge_days)),
				tu_signal__some(t->duplicate_id)),
			"signal", err);
	if (status != TU_OK)
		return status;
	row->version++;
	row->device_id = t->device_id;
	row->learned = t->learned;
	row->embargo = t->embargo;
	row->duplicate_id = t->duplicate_id;
	status = tu_signal__keep_learned(w, row, err);
	if (status == TU_OK)
		status = tu_signal__note(w, row, "triaged",
			t->duplicate_id		  ? TU_STR("duplicate")
				: t->severity.len ? t->severity
						  : t->kind,
			err);
	return status ? status : record_triage(w, row, t, &was, err);
}

/* ---- what was said ---- */

static enum tu_status add_entry(struct tu_work *w, const struct tu_signal_row *row,
	const char *kind, struct tu_str text, struct tu_error *err)
{
	struct tu_str public_id;
	bool reporter = strcmp(kind, "message") == 0;
	enum tu_status status = tu_work_new_id(w, &public_id, err);

	return status
		? status
		: tu_work_exec(w, TU_SQL_SIGNAL_ENTRY_ADD,
			  TU_BIND(tu_text(public_id), tu_int(row->id), tu_text(tu_str_c(kind)),
				  tu_text(text), reporter ? tu_null() : tu_text(w->act->actor),
				  tu_int(w->act->at)),
			  err);
}

enum tu_status tu_signal__note(struct tu_work *w, const struct tu_signal_row *row, const char *kind,
	struct tu_str text, struct tu_error *err)
{
	return add_entry(w, row, kind, text, err);
}

/* The ledger has the digest of the words: they may name somebody. */
static enum tu_status record_words(struct tu_work *w, const struct tu_signal_row *row,
	const char *kind, struct tu_str text, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_record record;

	if (tu_sha256(text, digest) != TU_OK)
		return tu_no_memory(err);
	tu_record_begin(&record, "signal.say", "signal:%.*s", TU_STR_FMT(row->public_id));
	record.change = (struct tu_change){"signal", row->id};
	tu_json_member_str(&record.json, "kind", tu_str_c(kind));
	tu_record_digest(&record.json, "text", digest);
	return tu_record_add(&record, w, err);
}

enum tu_status tu_signal_say(struct tu_work *w, const struct tu_signal_row *row, const char *kind,
	struct tu_str text, struct tu_error *err)
{
	const struct tu_error_place place = {.pointer = "/text"};
	enum tu_status status;

	if (text.len > TU_SIGNAL_ENTRY_MAX)
		return tu_fail_at(err, TU_E_LIMIT, &place, "the text is longer than %d bytes",
			TU_SIGNAL_ENTRY_MAX);
	if (!tu_str_trim(text).len || tu_utf8_invalid_at(text) < text.len ||
		tu_str_find(text, '\0') < text.len)
		return tu_fail_at(err, TU_E_USAGE, &place, "it is no text");
	status = add_entry(w, row, kind, text, err);
	return status ? status : record_words(w, row, kind, text, err);
}

static bool take_entry(struct tu_work *w, const struct tu_rows *rows, struct tu_signal_entries *out)
{
	struct tu_signal_entry one = {.at = tu_rows_int(rows, 4)};

	return tu_arena_dup(w->arena, tu_rows_text(rows, 0), &one.public_id) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 1), &one.kind) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 2), &one.text) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 3), &one.author) &&
		TU_VEC_PUSH_IN(w->arena, &out->list, one);
}

enum tu_status tu_signal_entries(struct tu_work *w, const struct tu_signal_row *row,
	struct tu_signal_entries *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_SIGNAL_ENTRIES, TU_BIND(tu_int(row->id)), &rows, err);

	*out = (struct tu_signal_entries){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = take_entry(w, rows, out);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}
