#include "portfolio/signal_inside.h"

enum { US = 1000000 };
#define LEARNED_FIRST (INT64_C(631152000) * US) /* 1990 */

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
	row.learned = tu_rows_int(rows, 4);
	row.embargo = tu_rows_int(rows, 5);
	row.duplicate_id = tu_rows_int(rows, 6);
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
	record.change = (struct tu_change){"signal", row->id};
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

static const char *const kinds[] = {"researcher", "complaint", "service", "supplier", "customer",
	"authority", "internal", "other"};

enum tu_status tu_signal__check_word(
	struct tu_str word, const char *const *words, size_t count, struct tu_error *err)
{
	for (size_t i = 0; i < count; i++)
		if (tu_str_eq(word, tu_str_c(words[i])))
			return TU_OK;
	return tu_fail(err, TU_E_USAGE, 0, "\"%.*s\" is no word for it",
		TU_STR_FMT(tu_str_first(word, 40)));
}

enum tu_status tu_signal__check_kind(struct tu_str kind, struct tu_error *err)
{
	return tu_signal__check_word(kind, kinds, TU_COUNT(kinds), err);
}

/* By the engine of deadlines: to the end of the last calendar day, UTC. */
int64_t tu_signal__acknowledge_by(int64_t learned, unsigned days)
{
	static const struct tu_calendar utc = {0};

	return tu_deadline_due(&utc, learned / US, days ? days : TU_SIGNAL_ACKNOWLEDGE_DAYS,
		       TU_DEADLINE_DAYS) *
		US;
}

enum tu_status tu_signal__check_learned(
	const struct tu_work *w, int64_t learned, struct tu_error *err)
{
	const struct tu_error_place place = {.pointer = "/learned"};

	if (learned > w->act->at)
		return tu_fail_at(err, TU_E_USAGE, &place, "the time learned is of the future");
	if (learned < LEARNED_FIRST)
		return tu_fail_at(err, TU_E_USAGE, &place, "the time learned is before 1990");
	return TU_OK;
}

static enum tu_status add(struct tu_work *w, const struct tu_signal *signal,
	const struct tu_document *document, struct tu_str public_id, struct tu_error *err)
{
	int64_t learned = signal->learned ? signal->learned : w->act->at;
	struct tu_str kind = signal->kind.len ? signal->kind : TU_STR("other");
	uint8_t receipt[TU_SHA256_BYTES];
	enum tu_status status = tu_signal__check_kind(kind, err);

	if (status == TU_OK)
		status = tu_signal__check_learned(w, learned, err);
	if (status == TU_OK && tu_sha256(signal->receipt, receipt) != TU_OK)
		return tu_no_memory(err);
	if (status != TU_OK)
		return status;
	return tu_work_exec(w, TU_SQL_SIGNAL_ADD,
		TU_BIND(tu_text(public_id), tu_text(signal->source), tu_text(kind),
			tu_text(signal->title), tu_signal__some(document->id),
			tu_signal__some(signal->reporter_id), tu_signal__some(signal->credit_id),
			tu_signal__some(signal->device_id), tu_int(w->act->at), tu_int(learned),
			tu_int(tu_signal__acknowledge_by(learned, signal->acknowledge_days)),
			tu_signal__some(signal->embargo),
			signal->receipt.len
				? tu_blob(tu_str_of((const char *)receipt, sizeof(receipt)))
				: tu_null()),
		err);
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
		status = add(w, signal, &document, public_id, err);
	if (status == TU_OK)
		status = tu_signal_find(w, public_id, out_row, err);
	if (status == TU_OK)
		status = tu_signal__note(w, out_row, "received", signal->source, err);
	return status ? status
		      : record(w, out_row, NULL, document.id ? document.digest : NULL, err);
}

enum tu_status tu_signal_find_receipt(struct tu_work *w, struct tu_str receipt,
	struct tu_signal_row *out_row, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_str public_id = {0};
	struct tu_rows *rows;
	enum tu_status status, closed;

	if (tu_sha256(receipt, digest) != TU_OK)
		return tu_no_memory(err);
	status = tu_tx_row(w->tx, TU_SQL_SIGNAL_BY_RECEIPT,
		TU_BIND(tu_blob(tu_str_of((const char *)digest, sizeof(digest)))), &rows, err);
	if (status != TU_OK)
		return status == TU_E_NOTFOUND
			? tu_fail(err, status, 0, "no report has this receipt")
			: status;
	status = tu_work_dup(w, tu_rows_text(rows, 0), &public_id, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	if (status == TU_OK)
		status = closed;
	return status ? status : tu_signal_find(w, public_id, out_row, err);
}

enum tu_status tu_signal_count_since(struct tu_work *w, struct tu_str source, int64_t since,
	int64_t *out_count, struct tu_error *err)
{
	return tu_tx_int(w->tx, TU_SQL_SIGNAL_COUNT_SINCE, TU_BIND(tu_text(source), tu_int(since)),
		out_count, err);
}

/* ---- its way ---- */

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
	if (of)
		status = tu_signal__keep_learned(w, row, err);
	if (status == TU_OK)
		status = tu_signal__note(w, row, "moved", tu_str_c(names[to]), err);
	return status ? status : record(w, row, before, NULL, err);
}
