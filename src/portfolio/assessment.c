#include "portfolio/assessment.h"

#include "base/json.h"

#define TEXT_MAX ((size_t)16 << 20)

/* ---- reading ---- */

struct listing {
	struct tu_work *w;
	TU_VEC(struct tu_assessment_row) list;
	struct tu_buf text;
};

static enum tu_status take_row(struct listing *l, const struct tu_rows *rows, struct tu_error *err)
{
	struct tu_work *w = l->w;
	struct tu_assessment_row row = {.id = tu_rows_int(rows, 0),
		.approved = tu_str_eq(tu_rows_text(rows, 3), TU_STR("approved")),
		.document_id = tu_rows_int(rows, 5),
		.version = tu_rows_int(rows, 6),
		.created = tu_rows_int(rows, 11)};
	struct tu_document document = {.id = row.document_id, .bytes = tu_rows_int(rows, 7)};
	enum tu_status status;

	if (tu_rows_text(rows, 10).len == TU_SHA256_BYTES)
		memcpy(document.digest, tu_rows_text(rows, 10).ptr, TU_SHA256_BYTES);
	memcpy(row.digest, document.digest, sizeof(row.digest));
	status = tu_document_unpack(tu_rows_text(rows, 9),
		tu_str_eq(tu_rows_text(rows, 8), TU_STR("zstd")), &document, &l->text, err);
	if (status != TU_OK)
		return status;
	if (!tu_arena_dup(w->arena, tu_rows_text(rows, 1), &row.public_id) ||
		!tu_arena_dup(w->arena, tu_rows_text(rows, 2), &row.name) ||
		!tu_arena_dup(w->arena, tu_rows_text(rows, 4), &row.author) ||
		!tu_arena_dup(w->arena, tu_buf_str(&l->text), &row.text))
		return tu_no_memory(err);
	status = tu_decision_read(w->arena, row.name, row.text, NULL, &row.decision, err);
	if (status == TU_OK && !TU_VEC_PUSH_IN(w->arena, &l->list, row))
		status = tu_no_memory(err);
	return status;
}

static bool sort_out(struct tu_work *w, struct tu_assessment_rows *rows)
{
	rows->all = tu_arena_array(w->arena, rows->count, sizeof(const struct tu_decision *));
	rows->approved = tu_arena_array(w->arena, rows->count, sizeof(const struct tu_decision *));
	rows->approved_count = 0;
	for (size_t i = 0; rows->all && rows->approved && i < rows->count; i++) {
		rows->all[i] = rows->at[i].decision;
		if (rows->at[i].approved)
			rows->approved[rows->approved_count++] = rows->at[i].decision;
	}
	return rows->all && rows->approved;
}

enum tu_status tu_assessment_list(
	struct tu_work *w, int64_t device_id, struct tu_assessment_rows *out, struct tu_error *err)
{
	struct listing l = {.w = w};
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status = tu_tx_query(
		w->tx, TU_SQL_ASSESSMENTS_OF_DEVICE, TU_BIND(tu_int(device_id)), &rows, err);

	if (status != TU_OK)
		return status;
	tu_buf_init(&l.text, TEXT_MAX + TU_JSON_PADDING);
	while (status == TU_OK && tu_rows_next(rows))
		status = take_row(&l, rows, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	tu_buf_done(&l.text);
	if (status == TU_OK)
		status = closed;
	*out = (struct tu_assessment_rows){.at = l.list.at, .count = l.list.count};
	if (status == TU_OK && !sort_out(w, out))
		status = tu_no_memory(err);
	return status;
}

const struct tu_assessment_row *tu_assessment_named(
	const struct tu_assessment_rows *rows, struct tu_str name)
{
	size_t lo = 0, hi = rows->count;

	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;
		int order = tu_str_cmp(rows->at[middle].name, name);

		if (order == 0)
			return &rows->at[middle];
		if (order < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	return NULL;
}

/* ---- proposing ---- */

struct proposing {
	struct tu_work *w;
	const struct tu_device_row *device;
	struct tu_assessment_rows standing;
	TU_VEC(const struct tu_decision *) decisions; /* all that will stand */
	size_t added;
};

static bool is_file_name(struct tu_str name)
{
	return name.len && name.len < 256 && name.ptr[0] != '.' &&
		tu_str_find(name, '/') == name.len && tu_str_find(name, '\0') == name.len;
}

static enum tu_status add_row(struct proposing *p, const struct tu_assessment_text *text,
	const struct tu_decision *decision, const struct tu_assessment_row *old,
	struct tu_error *err)
{
	struct tu_work *w = p->w;
	struct tu_document document;
	struct tu_str public_id;
	enum tu_status status = tu_document_put(w, "decision", text->text, &document, err);

	if (status == TU_OK && old)
		status = tu_work_update(w, TU_SQL_ASSESSMENT_MOVE,
			TU_BIND(tu_int(old->id), tu_int(old->version),
				tu_text(TU_STR("superseded")), tu_null()),
			"decision", err);
	if (status == TU_OK)
		status = tu_work_new_id(w, &public_id, err);
	if (status != TU_OK)
		return status;
	return tu_work_exec(w, TU_SQL_ASSESSMENT_ADD,
		TU_BIND(tu_text(public_id), tu_int(p->device->id), tu_text(text->name),
			tu_text(decision->vulnerability),
			tu_text(tu_str_c(tu_claim_status_name(decision->status))),
			tu_text(tu_str_c(tu_risk_name(decision->risk))), tu_int(decision->harm),
			tu_int(document.id), tu_text(w->act->actor),
			old ? tu_int(old->id) : tu_null(), tu_int(w->act->at)),
		err);
}

static enum tu_status record_proposal(struct proposing *p, const struct tu_assessment_text *text,
	const struct tu_assessment_row *old, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_record record;

	if (tu_sha256(text->text, digest) != TU_OK)
		return tu_no_memory(err);
	tu_record_begin(&record, "decision.propose", "decision:%.*s/%.*s",
		TU_STR_FMT(p->device->name), TU_STR_FMT(text->name));
	tu_record_digest(&record.json, "before", old ? old->digest : NULL);
	tu_record_digest(&record.json, "after", digest);
	return tu_record_add(&record, p->w, err);
}

static enum tu_status propose(
	struct proposing *p, const struct tu_assessment_text *text, struct tu_error *err)
{
	const struct tu_assessment_row *old = tu_assessment_named(&p->standing, text->name);
	const struct tu_decision *decision;
	enum tu_status status;

	if (old && tu_str_eq(old->text, text->text))
		return TU_OK;
	if (!is_file_name(text->name))
		return tu_fail(err, TU_E_USAGE, 0, "\"%.*s\" is no name for a decision's file",
			TU_STR_FMT(text->name));
	if (old && old->approved)
		return tu_fail(err, TU_E_USAGE, 0,
			"decisions/%.*s: it is approved and cannot become another; write a new one "
			"with \"supersedes: %.*s\"",
			TU_STR_FMT(text->name), TU_STR_FMT(old->decision->id));
	status = tu_decision_read(p->w->arena, text->name, text->text, NULL, &decision, err);
	if (status == TU_OK)
		status = add_row(p, text, decision, old, err);
	if (status == TU_OK)
		status = record_proposal(p, text, old, err);
	if (status == TU_OK && !TU_VEC_PUSH_IN(p->w->arena, &p->decisions, decision))
		status = tu_no_memory(err);
	p->added++;
	return status;
}

static bool is_replaced(
	const struct tu_assessment_texts *texts, const struct tu_assessment_row *row)
{
	for (size_t i = 0; i < texts->count; i++)
		if (tu_str_eq(texts->at[i].name, row->name))
			return !tu_str_eq(texts->at[i].text, row->text);
	return false;
}

enum tu_status tu_assessment_propose(struct tu_work *w, const struct tu_device_row *device,
	const struct tu_assessment_texts *texts, size_t *out_new, struct tu_error *err)
{
	struct proposing p = {.w = w, .device = device};
	enum tu_status status = tu_assessment_list(w, device->id, &p.standing, err);

	*out_new = 0;
	for (size_t i = 0; i < texts->count && status == TU_OK; i++)
		status = propose(&p, &texts->at[i], err);
	if (status != TU_OK || !p.added)
		return status;
	for (size_t i = 0; i < p.standing.count; i++)
		if (!is_replaced(texts, &p.standing.at[i]) &&
			!TU_VEC_PUSH_IN(w->arena, &p.decisions, p.standing.at[i].decision))
			return tu_no_memory(err);
	*out_new = p.added;
	return tu_decisions_check(p.decisions.at, p.decisions.count, err);
}

enum tu_status tu_assessment_was_rejected(struct tu_work *w, const struct tu_device_row *device,
	const struct tu_assessment_text *text, bool *out_rejected, struct tu_error *err)
{
	uint8_t digest[TU_SHA256_BYTES];
	int64_t count = 0;
	enum tu_status status;

	*out_rejected = false;
	if (tu_sha256(text->text, digest) != TU_OK)
		return tu_no_memory(err);
	status = tu_tx_int(w->tx, TU_SQL_ASSESSMENT_REJECTED,
		TU_BIND(tu_int(device->id), tu_text(text->name),
			tu_blob(tu_str_of((const char *)digest, sizeof(digest)))),
		&count, err);
	*out_rejected = count > 0;
	return status;
}
