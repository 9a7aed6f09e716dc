#include "portfolio/statement.h"

#include <stdio.h>

#include "portfolio/scope.h"

/* ---- reading ---- */

static bool take(struct tu_work *w, const struct tu_rows *rows, struct tu_statements_seen *out)
{
	struct tu_str digest = tu_rows_text(rows, 12);
	struct tu_statement_seen seen = {.id = tu_rows_int(rows, 0),
		.device_id = tu_rows_int(rows, 2),
		.revision = tu_rows_int(rows, 7),
		.version = tu_rows_int(rows, 8),
		.created = tu_rows_int(rows, 9),
		.revision_id = tu_rows_int(rows, 10),
		.revised = tu_rows_int(rows, 14),
		.previous_id = tu_rows_int(rows, 15),
		.published = tu_rows_int(rows, 17)};
	static const unsigned columns[] = {1, 3, 4, 5, 6, 11, 13, 16};
	struct tu_str *const members[] = {&seen.public_id, &seen.device, &seen.release, &seen.vulns,
		&seen.tlp, &seen.state, &seen.author, &seen.summary};

	if (digest.len == sizeof(seen.digest))
		memcpy(seen.digest, digest.ptr, sizeof(seen.digest));
	for (size_t i = 0; i < TU_COUNT(columns); i++)
		if (!tu_arena_dup(w->arena, tu_rows_text(rows, columns[i]), members[i]))
			return false;
	return TU_VEC_PUSH_IN(w->arena, &out->list, seen);
}

static enum tu_status read_rows(struct tu_work *w, enum tu_sql sql, struct tu_params params,
	struct tu_statements_seen *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(w->tx, sql, params, &rows, err);

	*out = (struct tu_statements_seen){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = take(w, rows, out);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_statement_page(struct tu_work *w, const struct tu_page_ask *ask,
	struct tu_statements_seen *out, struct tu_page_total *out_total, struct tu_error *err)
{
	const struct tu_value device = tu_text(ask->device), state = tu_text(ask->state);
	struct tu_page_bind bind;
	enum tu_status status = tu_page_bind(w, ask, &bind, err);

	if (status == TU_OK)
		status = read_rows(w, TU_SQL_STATEMENT_PAGE,
			TU_BIND(bind.at, bind.public_id, bind.scope, device, state,
				tu_int(ask->limit)),
			out, err);
	return status ? status
		      : tu_page_count(w, TU_SQL_STATEMENT_PAGE_COUNT,
				TU_BIND(bind.scope, device, state), out_total, err);
}

enum tu_status tu_statement_find(struct tu_work *w, struct tu_str public_id,
	const struct tu_list_scope *scope, struct tu_statement_seen *out, struct tu_error *err)
{
	struct tu_statements_seen seen = {0};
	int64_t id = 0;
	enum tu_status status =
		tu_tx_int(w->tx, TU_SQL_STATEMENT_BY_PUBLIC, TU_BIND(tu_text(public_id)), &id, err);

	if (status == TU_OK)
		status = read_rows(w, TU_SQL_STATEMENT_ROWS, TU_BIND(tu_int(id)), &seen, err);
	if (status == TU_E_NOTFOUND ||
		(status == TU_OK &&
			(seen.list.count != 1 ||
				(scope && !tu_scope_has(scope, seen.list.at[0].device_id)))))
		return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such statement");
	if (status == TU_OK)
		*out = seen.list.at[0];
	return status;
}

static bool take_revision(
	struct tu_work *w, const struct tu_rows *rows, struct tu_statement_revisions *out)
{
	struct tu_str digest = tu_rows_text(rows, 3);
	struct tu_statement_revision one = {.id = tu_rows_int(rows, 0),
		.n = tu_rows_int(rows, 1),
		.created = tu_rows_int(rows, 5),
		.approved = tu_rows_int(rows, 7),
		.published = tu_rows_int(rows, 8),
		.withdrawn = tu_rows_int(rows, 9)};

	if (digest.len == sizeof(one.digest))
		memcpy(one.digest, digest.ptr, sizeof(one.digest));
	return tu_arena_dup(w->arena, tu_rows_text(rows, 2), &one.state) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 4), &one.author) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 6), &one.summary) &&
		tu_arena_dup(w->arena, tu_rows_text(rows, 10), &one.reason) &&
		TU_VEC_PUSH_IN(w->arena, &out->list, one);
}

enum tu_status tu_statement_revisions(struct tu_work *w, int64_t statement_id,
	struct tu_statement_revisions *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(
		w->tx, TU_SQL_STATEMENT_REVISIONS, TU_BIND(tu_int(statement_id)), &rows, err);

	*out = (struct tu_statement_revisions){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = take_revision(w, rows, out);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_statement_documents(struct tu_work *w, int64_t revision_id,
	struct tu_statement_documents *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(
		w->tx, TU_SQL_STATEMENT_DOCUMENTS, TU_BIND(tu_int(revision_id)), &rows, err);

	*out = (struct tu_statement_documents){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_str digest = tu_rows_text(rows, 2);
		struct tu_statement_document one = {
			.document_id = tu_rows_int(rows, 1), .bytes = tu_rows_int(rows, 3)};

		if (!tu_issue_format_by_name(tu_rows_text(rows, 0), &one.format))
			continue;
		if (digest.len == sizeof(one.digest))
			memcpy(one.digest, digest.ptr, sizeof(one.digest));
		ok = TU_VEC_PUSH_IN(w->arena, &out->list, one);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

static struct tu_str subject_of(const struct tu_statement_seen *row, char out[TU_SIGN_SUBJECT_MAX])
{
	int len = snprintf(out, TU_SIGN_SUBJECT_MAX, "statement:%.*s", TU_STR_FMT(row->public_id));

	return tu_str_of(out, len > 0 && len < TU_SIGN_SUBJECT_MAX ? (size_t)len : 0);
}

enum tu_status tu_statement_approvals(struct tu_work *w, const struct tu_statement_seen *row,
	struct tu_statement_approvals *out, struct tu_error *err)
{
	char subject[TU_SIGN_SUBJECT_MAX];
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_APPROVALS_OF,
		TU_BIND(tu_text(subject_of(row, subject)),
			tu_blob(tu_str_of((const char *)row->digest, sizeof(row->digest)))),
		&rows, err);

	*out = (struct tu_statement_approvals){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_statement_signed one = {.at = tu_rows_int(rows, 1)};

		ok = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &one.name) &&
			tu_arena_dup(w->arena, tu_rows_text(rows, 2), &one.zone) &&
			TU_VEC_PUSH_IN(w->arena, &out->list, one);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

/* ---- writing ---- */

/* SHA-256 over "format digest" of each document, a line each, in the order of the formats. */
static enum tu_status digest_of(const struct tu_statement_writing *of,
	uint8_t out_digest[TU_SHA256_BYTES], struct tu_error *err)
{
	uint8_t one[TU_SHA256_BYTES];
	struct tu_buf lines;
	enum tu_status status = TU_OK;

	tu_buf_init(&lines, 4096);
	for (int format = 0; format < TU_ISSUE_FORMATS && status == TU_OK; format++) {
		if (!(of->about->formats & (1u << format)))
			continue;
		status = tu_sha256(of->texts[format], one);
		tu_buf_printf(&lines, "%s ", tu_issue_format_name((enum tu_issue_format)format));
		tu_sha256_write(one, &lines);
		tu_buf_c(&lines, "\n");
	}
	if (status == TU_OK)
		status = tu_sha256(tu_buf_str(&lines), out_digest);
	if (status != TU_OK || lines.failed)
		status = tu_no_memory(err);
	tu_buf_done(&lines);
	return status;
}

/* What a revision was written to replace, into writing->previous; its formats too, where `formats`
 * is not NULL. */
static enum tu_status read_documents(struct tu_work *w, int64_t revision_id,
	struct tu_str texts[TU_ISSUE_FORMATS], uint32_t *formats, struct tu_error *err)
{
	struct tu_statement_documents documents = {0};
	enum tu_status status =
		revision_id ? tu_statement_documents(w, revision_id, &documents, err) : TU_OK;

	for (size_t i = 0; i < documents.list.count && status == TU_OK; i++) {
		const struct tu_statement_document *one = &documents.list.at[i];

		status = tu_work_document(w, one->document_id, &texts[one->format], err);
		if (formats)
			*formats |= 1u << one->format;
	}
	return status;
}

static enum tu_status record(struct tu_work *w, const struct tu_statement_seen *row,
	const char *action, const char *after, const uint8_t *digest)
{
	struct tu_record record;

	tu_record_begin(&record, action, "statement:%.*s", TU_STR_FMT(row->public_id));
	tu_json_member_str(&record.json, "device", row->device);
	tu_json_member_int(&record.json, "revision", row->revision);
	tu_json_member_opt(&record.json, "before", row->state);
	tu_json_member_str(&record.json, "after", tu_str_c(after));
	tu_record_digest(&record.json, "content", digest);
	return tu_record_add(&record, w, NULL);
}

static enum tu_status keep_documents(struct tu_work *w, int64_t revision_id,
	const struct tu_statement_writing *of, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (int format = 0; format < TU_ISSUE_FORMATS && status == TU_OK; format++) {
		struct tu_document document;

		if (!(of->about->formats & (1u << format)))
			continue;
		status = tu_document_put(w, "statement", of->texts[format], &document, err);
		if (status == TU_OK)
			status = tu_work_exec(w, TU_SQL_STATEMENT_DOCUMENT_ADD,
				TU_BIND(tu_int(revision_id),
					tu_text(tu_str_c(tu_issue_format_name(
						(enum tu_issue_format)format))),
					tu_int(document.id)),
				err);
	}
	return status;
}

/* Revision row->revision + 1; `row` is as it is then. */
static enum tu_status add_revision(struct tu_work *w, struct tu_statement_seen *row,
	struct tu_statement_writing *of, struct tu_error *err)
{
	int64_t n = row->revision + 1, id = 0;
	enum tu_status status = tu_statement__write(w, of, err);

	if (status == TU_OK)
		status = digest_of(of, row->digest, err);
	if (status == TU_OK)
		status = tu_work_update(w, TU_SQL_STATEMENT_CHANGE,
			TU_BIND(tu_int(row->id), tu_int(row->version), tu_int(n)), "statement",
			err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_STATEMENT_REVISION_ADD,
			TU_BIND(tu_int(row->id), tu_int(n),
				tu_blob(tu_str_of((const char *)row->digest, sizeof(row->digest))),
				row->previous_id ? tu_int(row->previous_id) : tu_null(),
				tu_text(of->about->summary), tu_text(w->act->actor),
				tu_int(w->act->at)),
			err);
	if (status == TU_OK)
		status = tu_tx_int(w->tx, TU_SQL_STATEMENT_REVISION_ID,
			TU_BIND(tu_int(row->id), tu_int(n)), &id, err);
	if (status == TU_OK)
		status = keep_documents(w, id, of, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_STATEMENT_REVISION_REPLACE,
			TU_BIND(tu_int(row->id), tu_int(n), tu_int(0)), err);
	row->revision = n;
	if (status == TU_OK && record(w, row, "statement.draft", "draft", row->digest))
		status = tu_no_memory(err);
	return status;
}

enum tu_status tu_statement_draft(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_about *about, struct tu_str *out_public, struct tu_error *err)
{
	struct tu_statement_writing of = {
		.writer = writer, .about = about, .created = tu_work_seconds(w)};
	struct tu_statement_seen row = {.device = about->device->name, .version = 1};
	enum tu_status status = tu_work_new_id(w, out_public, err);

	row.public_id = *out_public;
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_STATEMENT_ADD,
			TU_BIND(tu_text(row.public_id), tu_int(about->device->id),
				tu_text(about->release), tu_text(about->vulns), tu_text(about->tlp),
				tu_int(w->act->at)),
			err);
	if (status == TU_OK)
		status = tu_tx_int(w->tx, TU_SQL_STATEMENT_BY_PUBLIC,
			TU_BIND(tu_text(row.public_id)), &row.id, err);
	if (status == TU_OK)
		status = add_revision(w, &row, &of, err);
	return status;
}

/* What it is about, of a row. */
static enum tu_status about_of(struct tu_work *w, const struct tu_statement_seen *row,
	struct tu_device_row *device, struct tu_statement_about *out, struct tu_error *err)
{
	struct tu_str ignored[TU_ISSUE_FORMATS] = {0};
	enum tu_status status = tu_device_find(w, row->device, device, err);

	*out = (struct tu_statement_about){.device = device,
		.release = row->release,
		.vulns = row->vulns,
		.tlp = row->tlp,
		.summary = row->summary};
	return status ? status : read_documents(w, row->revision_id, ignored, &out->formats, err);
}

enum tu_status tu_statement_revise(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, struct tu_str summary, struct tu_error *err)
{
	struct tu_device_row device;
	struct tu_statement_about about;
	struct tu_statement_writing of = {
		.writer = writer, .about = &about, .created = tu_work_seconds(w)};
	struct tu_statement_seen next = *row;
	enum tu_status status = about_of(w, row, &device, &about, err);

	about.summary = summary;
	next.previous_id = 0;
	if (status == TU_OK)
		status = tu_tx_int(w->tx, TU_SQL_STATEMENT_PUBLISHED, TU_BIND(tu_int(row->id)),
			&next.previous_id, err);
	if (status == TU_E_NOTFOUND)
		status = TU_OK;
	if (status == TU_OK)
		status = read_documents(w, next.previous_id, of.previous, NULL, err);
	if (status == TU_OK)
		status = add_revision(w, &next, &of, err);
	return status;
}

/* ---- its way ---- */

/* It is in this state, and would be written the same now. */
static enum tu_status check(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, const char *state, struct tu_error *err)
{
	struct tu_device_row device;
	struct tu_statement_about about;
	struct tu_statement_writing of = {
		.writer = writer, .about = &about, .created = row->revised / 1000000};
	uint8_t digest[TU_SHA256_BYTES];
	enum tu_status status;

	if (!tu_str_eq(row->state, tu_str_c(state)))
		return tu_fail(err, TU_E_USAGE, 0, "revision %lld is %.*s, not %s",
			(long long)row->revision, TU_STR_FMT(row->state), state);
	status = about_of(w, row, &device, &about, err);
	if (status == TU_OK)
		status = read_documents(w, row->previous_id, of.previous, NULL, err);
	if (status == TU_OK)
		status = tu_statement__write(w, &of, err);
	if (status == TU_OK)
		status = digest_of(&of, digest, err);
	for (int format = 0; format < TU_ISSUE_FORMATS && status == TU_OK; format++)
		if (about.formats & (1u << format))
			status = tu_statement__check(
				w, (enum tu_issue_format)format, of.texts[format], err);
	if (status == TU_OK && memcmp(digest, row->digest, sizeof(digest)) != 0)
		return tu_fail(err, TU_E_CONFLICT, 0,
			"what was decided says something else by now: draft it again");
	return status;
}

static enum tu_status hold(
	struct tu_work *w, const struct tu_statement_seen *row, struct tu_error *err)
{
	return tu_work_update(w, TU_SQL_STATEMENT_CHANGE,
		TU_BIND(tu_int(row->id), tu_int(row->version), tu_int(row->revision)), "statement",
		err);
}

static enum tu_status move(struct tu_work *w, const struct tu_statement_seen *row,
	int64_t revision_id, const char *to, struct tu_error *err)
{
	struct tu_value at = tu_int(w->act->at), none = tu_null();
	bool withdrawn = strcmp(to, "withdrawn") == 0;

	enum tu_status status = tu_work_exec(w, TU_SQL_STATEMENT_REVISION_MOVE,
		TU_BIND(tu_int(revision_id), tu_text(tu_str_c(to)),
			strcmp(to, "approved") == 0 ? at : none,
			strcmp(to, "published") == 0 ? at : none, withdrawn ? at : none,
			withdrawn ? tu_text(w->act->reason) : none),
		err);

	if (status == TU_OK && record(w, row, "statement.move", to, row->digest))
		status = tu_no_memory(err);
	return status;
}

static enum tu_status sign(struct tu_work *w, const struct tu_statement_seen *row,
	struct tu_statement_approval *approval, struct tu_error *err)
{
	char subject[TU_SIGN_SUBJECT_MAX];
	struct tu_signature_request request = {.person = w->act->actor,
		.proof = approval->proof,
		.meaning = TU_MEANING_APPROVAL,
		.subject = subject_of(row, subject),
		.author = row->author,
		.at = w->act->at,
		.zone = approval->zone};
	struct tu_signature signature;
	struct tu_record entry;
	int64_t persons = 0;
	enum tu_status status;

	memcpy(request.content, row->digest, sizeof(request.content));
	status = tu_signature_add(w->tx, &request, &signature, err);
	if (status == TU_OK) {
		tu_record_begin(&entry, "signature.add", "signature:%s", signature.public);
		tu_signature_write_record(&signature, &entry.json);
		status = tu_record_add(&entry, w, err);
	}
	if (status == TU_OK)
		status = tu_signature_count(w->tx, &request, &persons, err);
	approval->approvals = (uint32_t)persons;
	return status;
}

enum tu_status tu_statement_approve(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, struct tu_statement_approval *approval,
	struct tu_error *err)
{
	enum tu_status status;

	approval->approved = false;
	if (memcmp(approval->digest, row->digest, sizeof(row->digest)) != 0)
		return tu_fail(err, TU_E_CONFLICT, 0, "statement: changed since you read it");
	status = check(w, writer, row, "draft", err);
	approval->needed = writer->approvals;
	if (status == TU_OK)
		status = hold(w, row, err);
	if (status == TU_OK)
		status = sign(w, row, approval, err);
	if (status != TU_OK || approval->approvals < approval->needed)
		return status;
	approval->approved = true;
	return move(w, row, row->revision_id, "approved", err);
}

enum tu_status tu_statement_publish(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, struct tu_error *err)
{
	enum tu_status status = check(w, writer, row, "approved", err);

	if (status == TU_OK)
		status = hold(w, row, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_STATEMENT_REVISION_REPLACE,
			TU_BIND(tu_int(row->id), tu_int(row->revision), tu_int(1)), err);
	return status ? status : move(w, row, row->revision_id, "published", err);
}

enum tu_status tu_statement_withdraw(
	struct tu_work *w, const struct tu_statement_seen *row, struct tu_error *err)
{
	int64_t published = 0;
	enum tu_status status = TU_OK;

	if (!w->act->reason.len)
		return tu_fail(err, TU_E_USAGE, 0, "a statement is withdrawn for a reason");
	status = tu_tx_int(
		w->tx, TU_SQL_STATEMENT_PUBLISHED, TU_BIND(tu_int(row->id)), &published, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_USAGE, 0, "no revision of it is published");
	if (status == TU_OK)
		status = hold(w, row, err);
	return status ? status : move(w, row, published, "withdrawn", err);
}
