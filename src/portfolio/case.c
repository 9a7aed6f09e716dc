#include "portfolio/case.h"

enum { CONDITION_MAX = 512 };

/* ---- rows ---- */

enum tu_status tu_case_find(
	struct tu_work *w, struct tu_str vuln, struct tu_case_row *out, struct tu_error *err)
{
	struct tu_case_row row = {0};
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_CASE_BY_VULN, TU_BIND(tu_text(vuln)), &rows, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no case on %.*s", TU_STR_FMT(vuln));
	if (status != TU_OK)
		return status;
	row.id = tu_rows_int(rows, 0);
	row.vuln_id = tu_rows_int(rows, 1);
	row.owner_id = tu_rows_int(rows, 3);
	row.closed = tu_str_eq(tu_rows_text(rows, 4), TU_STR("closed"));
	row.learned_at = tu_rows_int(rows, 5);
	row.version = tu_rows_int(rows, 6);
	status = tu_work_dup(w, tu_rows_text(rows, 2), &row.public_id, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	if (status == TU_OK)
		status = tu_work_dup(w, vuln, &row.vuln, err);
	*out = row;
	return status ? status : closed;
}

static enum tu_status record(struct tu_work *w, const struct tu_case_row *row, const char *action,
	const char *before, struct tu_str after)
{
	struct tu_record record;

	tu_record_begin(&record, action, "case:%.*s", TU_STR_FMT(row->vuln));
	record.change = (struct tu_change){"vulnerability", row->vuln_id};
	tu_json_key(&record.json, "before");
	if (before)
		tu_json_add_str(&record.json, tu_str_c(before));
	else
		tu_json_add_null(&record.json);
	tu_json_member_str(&record.json, "after", after);
	return tu_record_add(&record, w, NULL);
}

enum tu_status tu_case_open(struct tu_work *w, struct tu_str vuln, int64_t learned_at,
	struct tu_case_row *out_row, struct tu_error *err)
{
	struct tu_str public_id;
	int64_t vuln_id = 0;
	enum tu_status status = tu_case_find(w, vuln, out_row, err);

	if (status == TU_OK)
		return tu_fail(
			err, TU_E_USAGE, 0, "there is a case on %.*s already", TU_STR_FMT(vuln));
	if (status != TU_E_NOTFOUND)
		return status;
	status = tu_tx_int(w->tx, TU_SQL_VULN_ID, TU_BIND(tu_text(vuln)), &vuln_id, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no component of the portfolio has %.*s",
			TU_STR_FMT(vuln));
	if (status == TU_OK)
		status = tu_work_new_id(w, &public_id, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_CASE_ADD,
			TU_BIND(tu_text(public_id), tu_int(vuln_id), tu_int(learned_at),
				tu_int(w->act->at)),
			err);
	if (status == TU_OK)
		status = tu_case_find(w, vuln, out_row, err);
	if (status == TU_OK)
		status = tu_case_follow(w, out_row, err);
	if (status == TU_OK && record(w, out_row, "case.open", NULL, TU_STR("open")))
		status = tu_no_memory(err);
	return status;
}

static enum tu_status change(struct tu_work *w, struct tu_case_row *row, bool closed,
	int64_t owner_id, struct tu_error *err)
{
	enum tu_status status = tu_work_update(w, TU_SQL_CASE_CHANGE,
		TU_BIND(tu_int(row->id), tu_int(row->version),
			owner_id ? tu_int(owner_id) : tu_null(),
			tu_text(closed ? TU_STR("closed") : TU_STR("open")),
			closed ? tu_int(w->act->at) : tu_null()),
		"case", err);

	if (status != TU_OK)
		return status;
	row->version++;
	row->owner_id = owner_id;
	row->closed = closed;
	return TU_OK;
}

enum tu_status tu_case_assign(
	struct tu_work *w, struct tu_case_row *row, int64_t owner_id, struct tu_error *err)
{
	struct tu_record record;
	int64_t before = row->owner_id;
	enum tu_status status = change(w, row, row->closed, owner_id, err);

	if (status != TU_OK)
		return status;
	tu_record_begin(&record, "case.assign", "case:%.*s", TU_STR_FMT(row->vuln));
	tu_json_member_int(&record.json, "before", before);
	tu_json_member_int(&record.json, "after", owner_id);
	return tu_record_add(&record, w, err);
}

enum tu_status tu_case_add(struct tu_work *w, const struct tu_case_row *row,
	const struct tu_case_item *item, struct tu_error *err)
{
	struct tu_str public_id;
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_record record;
	enum tu_status status = tu_work_new_id(w, &public_id, err);

	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_CASE_ITEM_ADD,
			TU_BIND(tu_text(public_id), tu_int(row->id), tu_text(tu_str_c(item->kind)),
				tu_text(item->name), tu_text(item->text),
				item->document_id ? tu_int(item->document_id) : tu_null(),
				tu_int(w->act->at), tu_text(w->act->actor)),
			err);
	if (status != TU_OK)
		return status;
	if (tu_sha256(item->text, digest) != TU_OK)
		return tu_no_memory(err);
	/* the text may name persons: the ledger has its digest */
	tu_record_begin(&record, "case.item", "case:%.*s", TU_STR_FMT(row->vuln));
	tu_json_member_str(&record.json, "kind", tu_str_c(item->kind));
	tu_record_digest(&record.json, "after", digest);
	return tu_record_add(&record, w, err);
}

/* ---- releases ---- */

/* From what needs nothing to what needs most: the worst of its components counts. */
enum standing { NOT_AFFECTED, FIXED, UNDECIDED, AFFECTED };

static const char *const standing_words[] = {"not affected", "fixed", "undecided", "affected"};

struct release_standing {
	int64_t release_id;
	enum standing standing;
};

struct standings {
	TU_VEC(struct release_standing) list;
};

/* An approved decision that applies counts before the matcher's verdict. */
static enum standing standing_of(const struct tu_rows *rows)
{
	struct tu_str state = tu_rows_text(rows, 2), status = tu_rows_text(rows, 3);
	bool applies = tu_str_eq(state, TU_STR("decided")) || tu_str_eq(state, TU_STR("carried"));

	if (applies && tu_str_eq(status, tu_str_c(tu_claim_status_name(TU_CLAIM_NOT_AFFECTED))))
		return NOT_AFFECTED;
	if (applies && tu_str_eq(status, tu_str_c(tu_claim_status_name(TU_CLAIM_FIXED))))
		return FIXED;
	if (applies && tu_str_eq(status, tu_str_c(tu_claim_status_name(TU_CLAIM_AFFECTED))))
		return AFFECTED;
	return UNDECIDED;
}

static enum tu_status read_standings(struct tu_work *w, const struct tu_case_row *row,
	struct standings *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_CASE_FINDINGS, TU_BIND(tu_int(row->vuln_id)), &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct release_standing next = {tu_rows_int(rows, 0), standing_of(rows)};
		struct release_standing *last =
			out->list.count ? &out->list.at[out->list.count - 1] : NULL;

		if (last && last->release_id == next.release_id)
			last->standing =
				next.standing > last->standing ? next.standing : last->standing;
		else
			ok = TU_VEC_PUSH_IN(w->arena, &out->list, next);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static enum tu_status write_standings(struct tu_work *w, const struct tu_case_row *row,
	const struct standings *standings, struct tu_error *err)
{
	struct tu_batch batch = {.w = w};
	/* one that has no finding any more, by another SBOM or other data */
	enum tu_status status =
		tu_work_exec(w, TU_SQL_CASE_RELEASES_CLEAR, TU_BIND(tu_int(row->id)), err);

	for (size_t i = 0; i < standings->list.count; i++) {
		const struct release_standing *s = &standings->list.at[i];

		tu_batch_add(&batch,
			TU_BIND(tu_int(row->id), tu_int(s->release_id),
				tu_text(tu_str_c(standing_words[s->standing]))));
	}
	if (status == TU_OK)
		status = tu_batch_run(&batch, TU_SQL_CASE_RELEASE_PUT, err);
	return status ? status
		      : tu_work_exec(w, TU_SQL_CASE_FIX_PUT,
				TU_BIND(tu_int(row->id), tu_int(row->vuln_id)), err);
}

enum tu_status tu_case_follow(struct tu_work *w, struct tu_case_row *row, struct tu_error *err)
{
	struct standings standings = {0};
	struct tu_case_conditions open = {0};
	enum tu_status status = read_standings(w, row, &standings, err);

	if (status == TU_OK)
		status = write_standings(w, row, &standings, err);
	if (status == TU_OK)
		status = tu_case__follow_deadlines(w, row, err);
	if (status == TU_OK && row->closed)
		status = tu_case_open_conditions(w, row, &open, err);
	if (status != TU_OK || !open.list.count)
		return status;
	status = change(w, row, false, row->owner_id, err);
	if (status == TU_OK && record(w, row, "case.reopen", "closed", TU_STR("open")))
		status = tu_no_memory(err);
	return status;
}

/* ---- closing ---- */

static bool add_condition(
	struct tu_work *w, struct tu_case_conditions *out, struct tu_str who, const char *what)
{
	struct tu_buf text;
	struct tu_str copy;
	bool ok;

	tu_buf_init(&text, CONDITION_MAX);
	tu_buf_printf(&text, "%.*s%s", TU_STR_FMT(who), what);
	ok = !text.failed && tu_arena_dup(w->arena, tu_buf_str(&text), &copy) &&
		TU_VEC_PUSH_IN(w->arena, &out->list, copy);
	tu_buf_done(&text);
	return ok;
}

/* What is still to be done for a release; NULL: nothing. */
static const char *open_of(const struct tu_rows *rows)
{
	struct tu_str state = tu_rows_text(rows, 1);
	bool uncontrolled = tu_rows_int(rows, 2) != 0;
	bool fix_known = !tu_rows_is_null(rows, 3), units_known = !tu_rows_is_null(rows, 4);

	if (tu_str_eq(state, TU_STR("undecided")))
		return ": it is not decided whether it is affected";
	if (!tu_str_eq(state, TU_STR("affected")) || !uncontrolled)
		return NULL;
	if (!fix_known)
		return ": its risk is uncontrolled and no release fixes it";
	if (!units_known)
		return ": it is not known how many units still have it";
	return tu_rows_int(rows, 4) > 0 ? ": units still have it" : NULL;
}

static enum tu_status check_rows(struct tu_work *w, enum tu_sql sql, const struct tu_case_row *row,
	struct tu_case_conditions *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(w->tx, sql, TU_BIND(tu_int(row->id)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		const char *what =
			sql == TU_SQL_CASE_RELEASES ? open_of(rows) : ": the deadline is not met";

		ok = !what || add_condition(w, out, tu_rows_text(rows, 0), what);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_case_open_conditions(struct tu_work *w, const struct tu_case_row *row,
	struct tu_case_conditions *out, struct tu_error *err)
{
	enum tu_status status;

	*out = (struct tu_case_conditions){0};
	if (!row->owner_id && !add_condition(w, out, TU_STR(""), "nobody is named as its owner"))
		return tu_no_memory(err);
	status = check_rows(w, TU_SQL_CASE_RELEASES, row, out, err);
	return status ? status : check_rows(w, TU_SQL_CASE_DEADLINES_OPEN, row, out, err);
}

enum tu_status tu_case_close(struct tu_work *w, struct tu_case_row *row,
	struct tu_case_conditions *out, struct tu_error *err)
{
	enum tu_status status = tu_case_follow(w, row, err);

	if (status == TU_OK && row->closed)
		return tu_fail(err, TU_E_USAGE, 0, "the case is closed already");
	if (status == TU_OK)
		status = tu_case_open_conditions(w, row, out, err);
	if (status == TU_OK && out->list.count)
		return tu_fail(err, TU_E_USAGE, 0, "%zu conditions are open; the first: %.*s",
			out->list.count, TU_STR_FMT(out->list.at[0]));
	if (status == TU_OK)
		status = change(w, row, true, row->owner_id, err);
	if (status == TU_OK && record(w, row, "case.close", "open", TU_STR("closed")))
		status = tu_no_memory(err);
	return status;
}
