#include "portfolio/history.h"

#include "portfolio/actor.h"
#include "portfolio/scope.h"

/* ---- rows ---- */

static bool take_texts(struct tu_work *w, const struct tu_rows *rows, struct tu_decision_row *row)
{
	const struct {
		unsigned column;
		struct tu_str *to;
	} texts[] = {{0, &row->public_id}, {2, &row->device}, {3, &row->name},
		{4, &row->vulnerability}, {5, &row->status}, {6, &row->risk}, {8, &row->state},
		{9, &row->author}, {12, &row->signed_by}, {14, &row->zone}};

	for (size_t i = 0; i < TU_COUNT(texts); i++)
		if (!tu_arena_dup(w->arena, tu_rows_text(rows, texts[i].column), texts[i].to))
			return false;
	return true;
}

static bool take_row(struct tu_work *w, const struct tu_rows *rows, struct tu_decision_row *out)
{
	*out = (struct tu_decision_row){.device_id = tu_rows_int(rows, 1),
		.harm = tu_rows_int(rows, 7),
		.created = tu_rows_int(rows, 10),
		.version = tu_rows_int(rows, 11),
		.signed_at = tu_rows_int(rows, 13),
		.findings = tu_rows_int(rows, 15),
		.reopened = tu_rows_int(rows, 16)};
	return take_texts(w, rows, out);
}

static enum tu_status read_rows(struct tu_work *w, enum tu_sql sql, struct tu_params params,
	struct tu_decision_rows *out, struct tu_error *err)
{
	TU_VEC(struct tu_decision_row) list = {0};
	struct tu_decision_row row;
	struct tu_rows *rows;
	bool fine = true;
	enum tu_status status = tu_tx_query(w->tx, sql, params, &rows, err);

	*out = (struct tu_decision_rows){0};
	if (status != TU_OK)
		return status;
	while (fine && tu_rows_next(rows))
		fine = take_row(w, rows, &row) && TU_VEC_PUSH_IN(w->arena, &list, row);
	status = tu_rows_close(rows, err);
	*out = (struct tu_decision_rows){list.at, list.count};
	return status || fine ? status : tu_no_memory(err);
}

enum tu_status tu_decision_rows(
	struct tu_work *w, struct tu_str device, struct tu_decision_rows *out, struct tu_error *err)
{
	return read_rows(w, TU_SQL_DECISION_ROWS, TU_BIND(tu_text(device)), out, err);
}

enum tu_status tu_decision_page(struct tu_work *w, const struct tu_page_ask *ask,
	struct tu_decision_rows *out, struct tu_page_total *out_total, struct tu_error *err)
{
	const struct tu_value device = tu_text(ask->device), state = tu_text(ask->state),
			      vuln = tu_text(ask->vulnerability);
	struct tu_page_bind bind;
	enum tu_status status = tu_page_bind(w, ask, &bind, err);

	if (status == TU_OK)
		status = read_rows(w, TU_SQL_DECISION_PAGE,
			TU_BIND(bind.at, bind.public_id, bind.scope, device, state, vuln,
				tu_int(ask->limit)),
			out, err);
	return status ? status
		      : tu_page_count(w, TU_SQL_DECISION_PAGE_COUNT,
				TU_BIND(bind.scope, device, state, vuln), out_total, err);
}

/* ---- one ---- */

static enum tu_status unknown(struct tu_error *err)
{
	return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such decision");
}

static enum tu_status read_row(struct tu_work *w, struct tu_str public_id,
	struct tu_decision_seen *out, int64_t *out_document, struct tu_error *err)
{
	struct tu_rows *rows;
	bool fine;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_DECISION_ROW, TU_BIND(tu_text(public_id)), &rows, err);

	if (status == TU_E_NOTFOUND)
		return unknown(err);
	if (status != TU_OK)
		return status;
	fine = take_row(w, rows, &out->row);
	*out_document = tu_rows_int(rows, 17);
	status = tu_rows_close(rows, err);
	return status || fine ? status : tu_no_memory(err);
}

static enum tu_status read_text(
	struct tu_work *w, int64_t document, struct tu_decision_seen *out, struct tu_error *err)
{
	enum tu_status status = tu_document_digest(w->tx, document, out->digest, err);

	if (status == TU_OK)
		status = tu_work_document(w, document, &out->text, err);
	return status
		? status
		: tu_decision_read(w->arena, out->row.name, out->text, NULL, &out->decision, err);
}

static enum tu_status read_approvals(
	struct tu_work *w, struct tu_decision_seen *out, struct tu_error *err)
{
	struct tu_assessment_row row = {.public_id = out->row.public_id, .author = out->row.author};
	struct tu_device_row device;
	enum tu_status status;

	memcpy(row.digest, out->digest, sizeof(row.digest));
	status = tu_assessment_approvals(w, &row, &out->approvals, err);
	if (status == TU_OK)
		status = tu_assessment_approved_by(w, out->row.public_id, out->digest,
			&(struct tu_proposal_approvals){&out->by, &out->by_count}, err);
	if (status == TU_OK)
		status = tu_device_find(w, out->row.device, &device, err);
	return status ? status : tu_device_approvals(w, &device, &out->needed, err);
}

enum tu_status tu_decision_open(struct tu_work *w, struct tu_str public_id,
	const struct tu_list_scope *scope, struct tu_decision_seen *out, struct tu_error *err)
{
	struct tu_actor_person author = {0};
	int64_t document = 0;
	enum tu_status status;

	*out = (struct tu_decision_seen){0};
	status = read_row(w, public_id, out, &document, err);
	if (status == TU_OK && scope && !tu_scope_has(scope, out->row.device_id))
		return unknown(err);
	if (status == TU_OK)
		status = tu_actor_person(w, out->row.author, &author, err);
	out->author_name = author.name.len ? author.name : author.login;
	if (status == TU_OK)
		status = read_text(w, document, out, err);
	return status ? status : read_approvals(w, out, err);
}
