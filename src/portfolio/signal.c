#include "portfolio/signal.h"

static const char *const names[] = {"received", "acknowledged", "confirmed", "rejected"};

const char *tu_signal_state_name(enum tu_signal_state state)
{
	return names[state];
}

/* From where to where. */
static const bool ways[][4] = {
	[TU_SIGNAL_RECEIVED] = {false, true, true, true},
	[TU_SIGNAL_ACKNOWLEDGED] = {false, false, true, true},
	[TU_SIGNAL_CONFIRMED] = {false, false, false, false},
	[TU_SIGNAL_REJECTED] = {false, true, false, false}, /* looked at again */
};

enum tu_status tu_signal_find(
	struct tu_work *w, struct tu_str public_id, struct tu_signal_row *out, struct tu_error *err)
{
	struct tu_signal_row row = {0};
	unsigned state = TU_SIGNAL_RECEIVED;
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_SIGNAL_BY_PUBLIC, TU_BIND(tu_text(public_id)), &rows, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no signal \"%.*s\"", TU_STR_FMT(public_id));
	if (status != TU_OK)
		return status;
	row.id = tu_rows_int(rows, 0);
	while (state < TU_SIGNAL_REJECTED &&
		!tu_str_eq(tu_rows_text(rows, 1), tu_str_c(names[state])))
		state++;
	row.state = (enum tu_signal_state)state;
	row.version = tu_rows_int(rows, 2);
	row.device_id = tu_rows_int(rows, 3);
	status = tu_rows_close(rows, err);
	if (status == TU_OK)
		status = tu_work_dup(w, public_id, &row.public_id, err);
	*out = row;
	return status;
}

static enum tu_status record(struct tu_work *w, const struct tu_signal_row *row, const char *before,
	const uint8_t *document, struct tu_error *err)
{
	struct tu_record record;

	tu_record_begin(&record, before ? "signal.move" : "signal.receive", "signal:%.*s",
		TU_STR_FMT(row->public_id));
	tu_json_key(&record.json, "before");
	if (before)
		tu_json_add_str(&record.json, tu_str_c(before));
	else
		tu_json_add_null(&record.json);
	tu_json_member_str(&record.json, "after", tu_str_c(names[row->state]));
	if (document)
		tu_record_digest(&record.json, "document", document);
	return tu_record_add(&record, w, err);
}

enum tu_status tu_signal_receive(struct tu_work *w, const struct tu_signal *signal,
	struct tu_signal_row *out_row, struct tu_error *err)
{
	struct tu_document document = {0};
	struct tu_str public_id;
	enum tu_status status = tu_work_new_id(w, &public_id, err);

	if (status == TU_OK && signal->text.len)
		status = tu_document_put(w, "signal", signal->text, &document, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_SIGNAL_ADD,
			TU_BIND(tu_text(public_id), tu_text(signal->source), tu_text(signal->title),
				document.id ? tu_int(document.id) : tu_null(),
				signal->reporter_id ? tu_int(signal->reporter_id) : tu_null(),
				tu_int(w->act->at),
				signal->device_id ? tu_int(signal->device_id) : tu_null()),
			err);
	if (status == TU_OK)
		status = tu_signal_find(w, public_id, out_row, err);
	return status ? status
		      : record(w, out_row, NULL, document.id ? document.digest : NULL, err);
}

static enum tu_status check(struct tu_work *w, const struct tu_signal_row *row,
	enum tu_signal_state to, const struct tu_case_row *of, struct tu_error *err)
{
	if (!ways[row->state][to])
		return tu_fail(err, TU_E_USAGE, 0, "the signal is %s: it cannot become %s",
			names[row->state], names[to]);
	if (to == TU_SIGNAL_CONFIRMED && !of)
		return tu_fail(err, TU_E_USAGE, 0, "a signal is confirmed for a case");
	if (to == TU_SIGNAL_REJECTED && !w->act->reason.len)
		return tu_fail(err, TU_E_USAGE, 0, "a signal is rejected for a reason");
	return TU_OK;
}

enum tu_status tu_signal_move(struct tu_work *w, struct tu_signal_row *row, enum tu_signal_state to,
	const struct tu_case_row *of, struct tu_error *err)
{
	const char *before = names[row->state];
	enum tu_status status = check(w, row, to, of, err);

	if (status == TU_OK)
		status = tu_work_update(w, TU_SQL_SIGNAL_MOVE,
			TU_BIND(tu_int(row->id), tu_int(row->version), tu_text(tu_str_c(names[to])),
				of ? tu_int(of->id) : tu_null(), tu_int(w->act->at),
				w->act->reason.len ? tu_text(w->act->reason) : tu_null()),
			"signal", err);
	if (status != TU_OK)
		return status;
	row->state = to;
	row->version++;
	return record(w, row, before, NULL, err);
}
