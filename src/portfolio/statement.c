#include "portfolio/statement.h"

#include <stdio.h>

#include "portfolio/scope.h"
#include "portfolio/statement_inside.h"

/* ---- reading ---- */

static bool take(struct tu_work *w, const struct tu_rows *rows, struct tu_statements_seen *out)
{
	struct tu_str digest = tu_rows_text(rows, 12), basis = tu_rows_text(rows, 20);
	struct tu_statement_seen seen = {.id = tu_rows_int(rows, 0),
		.device_id = tu_rows_int(rows, 2),
		.revision = tu_rows_int(rows, 7),
		.version = tu_rows_int(rows, 8),
		.created = tu_rows_int(rows, 9),
		.revision_id = tu_rows_int(rows, 10),
		.revised = tu_rows_int(rows, 14),
		.previous_id = tu_rows_int(rows, 15),
		.published = tu_rows_int(rows, 17),
		.serial = tu_rows_int(rows, 18),
		.embargo = tu_rows_int(rows, 19)};
	static const unsigned columns[] = {1, 3, 4, 5, 6, 11, 13, 16};
	struct tu_str *const members[] = {&seen.public_id, &seen.device, &seen.release, &seen.vulns,
		&seen.tlp, &seen.state, &seen.author, &seen.summary};

	if (digest.len == sizeof(seen.digest))
		memcpy(seen.digest, digest.ptr, sizeof(seen.digest));
	if (basis.len == sizeof(seen.basis))
		memcpy(seen.basis, basis.ptr, sizeof(seen.basis));
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
		struct tu_str digest = tu_rows_text(rows, 2), approved = tu_rows_text(rows, 4);
		struct tu_statement_document one = {
			.document_id = tu_rows_int(rows, 1), .bytes = tu_rows_int(rows, 3)};

		if (!tu_issue_format_by_name(tu_rows_text(rows, 0), &one.format))
			continue;
		if (digest.len == sizeof(one.digest))
			memcpy(one.digest, digest.ptr, sizeof(one.digest));
		if (approved.len == sizeof(one.approved))
			memcpy(one.approved, approved.ptr, sizeof(one.approved));
		ok = TU_VEC_PUSH_IN(w->arena, &out->list, one);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

struct tu_str tu_statement__subject(
	const struct tu_statement_seen *row, char out[TU_SIGN_SUBJECT_MAX])
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
		TU_BIND(tu_text(tu_statement__subject(row, subject)),
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

/* ---- customers ---- */

enum tu_status tu_statement_customers(struct tu_work *w, int64_t revision_id,
	struct tu_statement_customers *out, struct tu_error *err)
{
	struct tu_rows *rows;
	bool ok = true;
	enum tu_status status = tu_tx_query(
		w->tx, TU_SQL_STATEMENT_CUSTOMERS, TU_BIND(tu_int(revision_id)), &rows, err);

	*out = (struct tu_statement_customers){0};
	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_statement_customer one = {.id = tu_rows_int(rows, 0)};

		ok = tu_arena_dup(w->arena, tu_rows_text(rows, 1), &one.public_id) &&
			tu_arena_dup(w->arena, tu_rows_text(rows, 2), &one.login) &&
			TU_VEC_PUSH_IN(w->arena, &out->list, one);
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

/* By public id, each once. */
static bool put_customer(
	struct tu_work *w, const struct tu_person *person, struct tu_statement_customers *to)
{
	const struct tu_statement_customer one = {person->id, person->public, person->login};
	size_t at = 0;

	while (at < to->list.count && tu_str_cmp(to->list.at[at].public_id, one.public_id) < 0)
		at++;
	if (at < to->list.count && to->list.at[at].id == one.id)
		return true;
	if (!TU_VEC_PUSH_IN(w->arena, &to->list, one))
		return false;
	for (size_t i = to->list.count - 1; i > at; i--)
		to->list.at[i] = to->list.at[i - 1];
	to->list.at[at] = one;
	return true;
}

enum tu_status tu_statement_customer_add(struct tu_work *w, struct tu_str login,
	struct tu_statement_customers *to, struct tu_error *err)
{
	struct tu_person person = {0};
	enum tu_status status = tu_person_find(w->tx, login, w->arena, &person, err);

	if (status == TU_E_NOTFOUND ||
		(status == TU_OK && (!person.active || person.role != TU_PERSON_CUSTOMER)))
		return tu_fail_at(err, TU_E_USAGE,
			&(struct tu_error_place){.pointer = "/customers"},
			"there is no customer %.*s", TU_STR_FMT(login));
	return status || put_customer(w, &person, to) ? status : tu_no_memory(err);
}

/* ---- writing ---- */

enum tu_status tu_statement__digest(const struct tu_statement_writing *of, bool plain,
	uint8_t out_digest[TU_SHA256_BYTES], struct tu_error *err)
{
	const struct tu_str *texts = plain ? of->plain : of->texts;
	uint8_t one[TU_SHA256_BYTES];
	struct tu_buf lines;
	enum tu_status status = TU_OK;

	tu_buf_init(&lines, 1 << 20);
	for (int format = 0; format < TU_ISSUE_FORMATS && status == TU_OK; format++) {
		if (!(of->about->formats & (1u << format)))
			continue;
		status = tu_sha256(texts[format], one);
		tu_buf_printf(&lines, "%s ", tu_issue_format_name((enum tu_issue_format)format));
		tu_sha256_write(one, &lines);
		tu_buf_c(&lines, "\n");
	}
	for (size_t i = 0; i < of->about->customers.list.count; i++)
		tu_buf_printf(&lines, "customer %.*s\n",
			TU_STR_FMT(of->about->customers.list.at[i].public_id));
	if (status == TU_OK)
		status = tu_sha256(tu_buf_str(&lines), out_digest);
	if (status != TU_OK || lines.failed)
		status = tu_no_memory(err);
	tu_buf_done(&lines);
	return status;
}

enum tu_status tu_statement__read(struct tu_work *w, int64_t revision_id,
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

bool tu_statement__record(struct tu_work *w, const struct tu_statement_seen *row,
	const char *action, const char *after)
{
	struct tu_record record;

	tu_record_begin(&record, action, "statement:%.*s", TU_STR_FMT(row->public_id));
	record.change = (struct tu_change){"statement", row->id};
	tu_json_member_str(&record.json, "device", row->device);
	tu_json_member_int(&record.json, "revision", row->revision);
	tu_json_member_opt(&record.json, "before", row->state);
	tu_json_member_str(&record.json, "after", tu_str_c(after));
	tu_record_digest(&record.json, "content", row->digest);
	return tu_record_add(&record, w, NULL) == TU_OK;
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

static enum tu_status keep_customers(struct tu_work *w, int64_t revision_id,
	const struct tu_statement_customers *customers, struct tu_error *err)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < customers->list.count && status == TU_OK; i++)
		status = tu_work_exec(w, TU_SQL_STATEMENT_CUSTOMER_ADD,
			TU_BIND(tu_int(revision_id), tu_int(customers->list.at[i].id)), err);
	return status;
}

static struct tu_value digest_value(const uint8_t digest[TU_SHA256_BYTES])
{
	return tu_blob(tu_str_of((const char *)digest, TU_SHA256_BYTES));
}

/* A row of the revision, and what belongs to it. */
static enum tu_status keep_revision(struct tu_work *w, const struct tu_statement_seen *row,
	const struct tu_statement_writing *of, int64_t n, struct tu_error *err)
{
	int64_t id = 0;
	enum tu_status status = tu_work_exec(w, TU_SQL_STATEMENT_REVISION_ADD,
		TU_BIND(tu_int(row->id), tu_int(n), digest_value(row->digest),
			row->previous_id ? tu_int(row->previous_id) : tu_null(),
			tu_text(of->about->summary), tu_text(w->act->actor), tu_int(w->act->at),
			digest_value(row->basis)),
		err);

	if (status == TU_OK)
		status = tu_tx_int(w->tx, TU_SQL_STATEMENT_REVISION_ID,
			TU_BIND(tu_int(row->id), tu_int(n)), &id, err);
	if (status == TU_OK)
		status = keep_documents(w, id, of, err);
	if (status == TU_OK)
		status = keep_customers(w, id, &of->about->customers, err);
	return status;
}

/* Revision row->revision + 1; `row` is as it is then. */
static enum tu_status add_revision(struct tu_work *w, struct tu_statement_seen *row,
	struct tu_statement_writing *of, struct tu_error *err)
{
	int64_t n = row->revision + 1;
	enum tu_status status = tu_statement__write(w, of, err);

	if (status == TU_OK)
		status = tu_statement__digest(of, false, row->digest, err);
	if (status == TU_OK)
		status = tu_statement__digest(of, true, row->basis, err);
	if (status == TU_OK)
		status = tu_work_update(w, TU_SQL_STATEMENT_CHANGE,
			TU_BIND(tu_int(row->id), tu_int(row->version), tu_int(n)), "statement",
			err);
	if (status == TU_OK)
		status = keep_revision(w, row, of, n, err);
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_STATEMENT_REVISION_REPLACE,
			TU_BIND(tu_int(row->id), tu_int(n), tu_int(0)), err);
	row->revision = n;
	if (status == TU_OK && !tu_statement__record(w, row, "statement.draft", "draft"))
		status = tu_no_memory(err);
	return status;
}

/* What may be asked of a draft. */
static enum tu_status check_about(
	struct tu_work *w, const struct tu_statement_about *about, struct tu_error *err)
{
	bool named = tu_str_eq(about->tlp, TU_STR("AMBER")) || tu_str_eq(about->tlp, TU_STR("RED"));

	if (about->embargo && about->embargo <= w->act->at)
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/embargo"},
			"this time is over: leave it out to publish without an embargo");
	if (about->customers.list.count && !named)
		return tu_fail_at(err, TU_E_USAGE,
			&(struct tu_error_place){.pointer = "/customers"},
			"customers are named for TLP AMBER and RED; TLP:%.*s is for more than them",
			TU_STR_FMT(about->tlp));
	return TU_OK;
}

enum tu_status tu_statement_draft(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_about *about, struct tu_str *out_public, struct tu_error *err)
{
	struct tu_statement_about named = *about;
	struct tu_statement_writing of = {
		.writer = writer, .about = &named, .created = tu_work_seconds(w)};
	struct tu_statement_seen row = {.device = about->device->name, .version = 1};
	enum tu_status status = check_about(w, about, err);

	if (status == TU_OK)
		status = tu_statement__name(w, &named, err);
	if (status == TU_OK)
		status = tu_work_new_id(w, out_public, err);
	row.public_id = *out_public;
	if (status == TU_OK)
		status = tu_work_exec(w, TU_SQL_STATEMENT_ADD,
			TU_BIND(tu_text(row.public_id), tu_int(about->device->id),
				tu_text(about->release), tu_text(about->vulns), tu_text(about->tlp),
				tu_int(w->act->at), tu_int(named.serial),
				about->embargo ? tu_int(about->embargo) : tu_null()),
			err);
	if (status == TU_OK)
		status = tu_tx_int(w->tx, TU_SQL_STATEMENT_BY_PUBLIC,
			TU_BIND(tu_text(row.public_id)), &row.id, err);
	if (status == TU_OK)
		status = tu_statement__name_keep(w, &named, row.id, err);
	if (status == TU_OK)
		status = add_revision(w, &row, &of, err);
	return status;
}

enum tu_status tu_statement__about(struct tu_work *w, const struct tu_statement_seen *row,
	struct tu_device_row *device, struct tu_statement_about *out, struct tu_error *err)
{
	struct tu_str ignored[TU_ISSUE_FORMATS] = {0};
	enum tu_status status = tu_device_find(w, row->device, device, err);

	*out = (struct tu_statement_about){.device = device,
		.release = row->release,
		.vulns = row->vulns,
		.tlp = row->tlp,
		.summary = row->summary,
		.serial = row->serial};
	if (status == TU_OK)
		status = tu_statement_customers(w, row->revision_id, &out->customers, err);
	return status ? status
		      : tu_statement__read(w, row->revision_id, ignored, &out->formats, err);
}

static enum tu_status withhold(struct tu_work *w, struct tu_statement_writing *of,
	int64_t previous_id, int64_t customer, struct tu_error *err)
{
	struct tu_rows *rows;
	struct tu_str version;
	bool ok = true;
	enum tu_status status = tu_tx_query(w->tx, TU_SQL_STATEMENT_WITHHELD,
		TU_BIND(tu_int(previous_id), tu_int(customer)), &rows, err);

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows))
		ok = tu_arena_dup(w->arena, tu_rows_text(rows, 0), &version) &&
			TU_VEC_PUSH_IN(w->arena, &of->withheld, version);
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

enum tu_status tu_statement__replaces(struct tu_work *w, struct tu_statement_writing *of,
	int64_t previous_id, struct tu_error *err)
{
	enum tu_status status = tu_statement__read(w, previous_id, of->previous, NULL, err);

	for (size_t i = 0; i < of->about->customers.list.count && status == TU_OK; i++)
		status = withhold(w, of, previous_id, of->about->customers.list.at[i].id, err);
	return status;
}

enum tu_status tu_statement_revise(struct tu_work *w, struct tu_statement_writer *writer,
	const struct tu_statement_seen *row, const struct tu_statement_changes *changes,
	struct tu_error *err)
{
	struct tu_device_row device;
	struct tu_statement_about about;
	struct tu_statement_writing of = {
		.writer = writer, .about = &about, .created = tu_work_seconds(w)};
	struct tu_statement_seen next = *row;
	enum tu_status status = tu_statement__about(w, row, &device, &about, err);

	about.summary = changes->summary;
	if (changes->customers)
		about.customers = *changes->customers;
	next.previous_id = 0;
	if (status == TU_OK)
		status = check_about(w, &about, err);
	if (status == TU_OK)
		status = tu_tx_int(w->tx, TU_SQL_STATEMENT_LAST, TU_BIND(tu_int(row->id)),
			&next.previous_id, err);
	if (status == TU_E_NOTFOUND)
		status = TU_OK;
	if (status == TU_OK)
		status = tu_statement__replaces(w, &of, next.previous_id, err);
	if (status == TU_OK)
		status = add_revision(w, &next, &of, err);
	return status;
}
