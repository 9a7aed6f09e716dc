/* Signals as people look at them. */
#include "portfolio/scope.h"
#include "portfolio/signal_inside.h"

enum { US = 1000000 };

enum tu_deadline_state tu_signal_acknowledgement(const struct tu_signal_seen *seen, int64_t now)
{
	/* to the end of its last second, as other deadlines */
	if ((seen->acknowledged ? seen->acknowledged : now) / US > seen->acknowledge_by / US)
		return TU_DEADLINE_MISSED;
	return seen->acknowledged ? TU_DEADLINE_MET : TU_DEADLINE_RUNNING;
}

static bool sees(const struct tu_list_scope *scope, int64_t device_id)
{
	return !scope || (device_id ? tu_scope_has(scope, device_id) : scope->everything);
}

static bool take(struct tu_work *w, const struct tu_rows *rows, struct tu_signals_seen *out)
{
	struct tu_signal_seen seen = {.id = tu_rows_int(rows, 0),
		.version = tu_rows_int(rows, 5),
		.received = tu_rows_int(rows, 10),
		.acknowledged = tu_rows_int(rows, 11),
		.bytes = tu_rows_int(rows, 12),
		.documents = tu_rows_int(rows, 14),
		.document_id = tu_rows_int(rows, 15),
		.learned = tu_rows_int(rows, 19),
		.acknowledge_by = tu_rows_int(rows, 20),
		.embargo = tu_rows_int(rows, 21)};
	static const unsigned columns[] = {1, 2, 3, 4, 7, 8, 9, 13, 16, 17, 18, 22, 23};
	struct tu_str *const members[] = {&seen.public_id, &seen.source, &seen.title, &seen.state,
		&seen.device, &seen.case_public, &seen.vuln, &seen.reporter, &seen.reason,
		&seen.kind, &seen.severity, &seen.credit, &seen.duplicate_of};

	for (size_t i = 0; i < TU_COUNT(columns); i++)
		if (!tu_arena_dup(w->arena, tu_rows_text(rows, columns[i]), members[i]))
			return false;
	return TU_VEC_PUSH_IN(w->arena, &out->list, seen);
}

static enum tu_status read_rows(struct tu_work *w, struct tu_rows *rows,
	const struct tu_list_scope *scope, struct tu_signals_seen *out, struct tu_error *err)
{
	bool ok = true;
	enum tu_status status;

	while (ok && tu_rows_next(rows))
		if (sees(scope, tu_rows_int(rows, 6)))
			ok = take(w, rows, out);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_signal_page(struct tu_work *w, const struct tu_page_ask *ask,
	struct tu_signals_seen *out, struct tu_page_total *out_total, struct tu_error *err)
{
	const struct tu_value state = tu_text(ask->state);
	struct tu_page_bind bind;
	struct tu_rows *rows;
	enum tu_status status = tu_page_bind(w, ask, &bind, err);

	*out = (struct tu_signals_seen){0};
	if (status == TU_OK)
		status = tu_tx_query(w->tx, TU_SQL_SIGNAL_PAGE,
			TU_BIND(bind.at, bind.public_id, bind.scope, state, tu_int(ask->limit)),
			&rows, err);
	if (status == TU_OK)
		status = read_rows(w, rows, ask->scope, out, err);
	return status ? status
		      : tu_page_count(w, TU_SQL_SIGNAL_PAGE_COUNT, TU_BIND(bind.scope, state),
				out_total, err);
}

enum tu_status tu_signal_look(struct tu_work *w, const struct tu_list_scope *scope, int64_t id,
	struct tu_signals_seen *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_SIGNAL_ROWS, TU_BIND(tu_int(id)), &rows, err);

	*out = (struct tu_signals_seen){0};
	return status ? status : read_rows(w, rows, scope, out, err);
}

enum tu_status tu_signal_find_in(struct tu_work *w, struct tu_str public_id,
	const struct tu_list_scope *scope, struct tu_signal_row *out_row, struct tu_error *err)
{
	enum tu_status status = tu_signal_find(w, public_id, out_row, err);

	if (status == TU_OK && !sees(scope, out_row->device_id))
		return tu_fail(err, TU_E_NOTFOUND, 0, "no signal \"%.*s\"", TU_STR_FMT(public_id));
	return status;
}

/* ---- their deadlines ---- */

static const struct tu_deadline_rule acknowledgement = {
	.id = "report-acknowledged",
	.title = "report acknowledged",
	.source = "ISO/IEC 29147:2018, 6.4; days: the setting of reports (acknowledge_days)",
	.jurisdiction = "",
	.start = "report-received",
	.amount = TU_SIGNAL_ACKNOWLEDGE_DAYS,
	.unit = TU_DEADLINE_DAYS,
	.stop = "report-acknowledged",
};

static bool take_deadline(
	struct tu_work *w, const struct tu_rows *rows, struct tu_signal_deadlines *out)
{
	static const char *const lacking[] = {"report-acknowledged"};
	const struct tu_signal_seen times = {
		.acknowledge_by = tu_rows_int(rows, 5), .acknowledged = tu_rows_int(rows, 6)};
	struct tu_signal_deadline one = {.device_id = tu_rows_int(rows, 1),
		.deadline = {.rule = &acknowledgement,
			.state = tu_signal_acknowledgement(&times, w->act->at),
			.start = tu_rows_int(rows, 4) / US,
			.due = times.acknowledge_by / US,
			.stopped = times.acknowledged / US,
			.lacking = lacking,
			.lacking_count = times.acknowledged ? 0 : 1}};

	return tu_arena_dup(w->arena, tu_rows_text(rows, 0), &one.public_id) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 2), &one.vuln) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 3), &one.case_public) &&
		TU_VEC_PUSH_IN(w->arena, &out->list, one);
}

enum tu_status tu_signal_deadlines(
	struct tu_work *w, struct tu_signal_deadlines *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_SIGNAL_DEADLINES, TU_NO_BIND, &rows, err);

	*out = (struct tu_signal_deadlines){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = take_deadline(w, rows, out);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_signal_unacknowledged(struct tu_tx *tx, int64_t now, int64_t *out_running,
	int64_t *out_missed, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(
		tx, TU_SQL_SIGNAL_UNACKNOWLEDGED, TU_BIND(tu_int(now / US * US)), &rows, err);

	if (status != TU_OK)
		return status;
	*out_running = tu_rows_int(rows, 0);
	*out_missed = tu_rows_int(rows, 1);
	return tu_rows_close(rows, err);
}

/* ---- what came with it ---- */

static bool take_document(
	struct tu_work *w, const struct tu_rows *rows, struct tu_signal_documents *out)
{
	struct tu_str digest = tu_rows_text(rows, 4);
	struct tu_signal_document one = {.document_id = tu_rows_int(rows, 2),
		.bytes = tu_rows_int(rows, 3),
		.at = tu_rows_int(rows, 5)};

	if (digest.len == sizeof(one.digest))
		memcpy(one.digest, digest.ptr, sizeof(one.digest));
	return tu_arena_dup(w->arena, tu_rows_text(rows, 0), &one.public_id) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 1), &one.name) &&
		TU_VEC_PUSH_IN(w->arena, &out->list, one);
}

enum tu_status tu_signal_documents(struct tu_work *w, const struct tu_signal_row *row,
	struct tu_signal_documents *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_SIGNAL_DOCUMENTS, TU_BIND(tu_int(row->id)), &rows, err);

	*out = (struct tu_signal_documents){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = take_document(w, rows, out);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_signal_attach(struct tu_work *w, const struct tu_signal_row *row,
	struct tu_str name, struct tu_str bytes, struct tu_error *err)
{
	struct tu_document document = {0};
	struct tu_str public_id;
	struct tu_record record;
	enum tu_status status = tu_work_new_id(w, &public_id, err);

	if (status == TU_OK)
		status = tu_document_put(w, "signal", bytes, &document, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_SIGNAL_DOCUMENT_ADD,
			TU_BIND(tu_text(public_id), tu_int(row->id), tu_text(name),
				tu_int(document.id), tu_int(w->act->at)),
			err);
	if (status == TU_OK)
		status = tu_signal__note(w, row, "document", public_id, err);
	if (status != TU_OK)
		return status;
	/* the name may say who sent it: the ledger has the digest */
	tu_record_begin(&record, "signal.attach", "signal:%.*s", TU_STR_FMT(row->public_id));
	record.change = (struct tu_change){"signal", row->id};
	tu_record_digest(&record.json, "document", document.digest);
	return tu_record_add(&record, w, err);
}
