/* Statements: the list, one with its revisions, and their documents. */
#include <stdio.h>

#include "api/inside.h"
#include "api/statements.h"
#include "base/hex.h"
#include "service/service.h"

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct tu_api_statement, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_statement, device, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_statement, release, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_statement, vulnerabilities, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_statement, tlp, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_api_statement, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_api_statement, revision, TU_API_INT, 0),
	TU_API_COLUMN(struct tu_api_statement, published, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_statement, embargo, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_statement, digest, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_statement, created, TU_API_TIME, 0),
	TU_API_COLUMN(struct tu_api_statement, revised, TU_API_TIME, 0),
	TU_API_COLUMN(struct tu_api_statement, version, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_statement =
	TU_API_TABLE("Statement", struct tu_api_statement, columns);

bool tu_api_statement_take(
	struct tu_arena *arena, const struct tu_statement_seen *seen, struct tu_api_statement *out)
{
	char hex[2 * TU_SHA256_BYTES];
	struct tu_buf text = {.ptr = hex, .cap = sizeof(hex), .ceiling = sizeof(hex)};

	*out = (struct tu_api_statement){.revision = seen->revision,
		.published = seen->published ? seen->published : TU_API_NONE,
		.embargo = seen->embargo,
		.created = seen->created,
		.revised = seen->revised,
		.version = seen->version};
	tu_sha256_write(seen->digest, &text);
	return tu_arena_dup(arena, tu_buf_str(&text), &out->digest) &&
		tu_arena_dup(arena, seen->public_id, &out->id) &&
		tu_arena_dup(arena, seen->device, &out->device) &&
		tu_arena_dup(arena, seen->release, &out->release) &&
		tu_arena_dup(arena, seen->vulns, &out->vulnerabilities) &&
		tu_arena_dup(arena, seen->tlp, &out->tlp) &&
		tu_arena_dup(arena, seen->state, &out->state);
}

void tu_api_statement_write(const struct tu_api_statement *row, struct tu_json_writer *json)
{
	tu_api_row_json(&tu_api_table_statement, UINT64_MAX >> (64 - TU_COUNT(columns)), row, json);
}

/* ---- the list ---- */

struct listing {
	struct tu_api_call *call;
	struct tu_page_ask ask;
	struct tu_page_total total;
	struct tu_api_statement *rows;
	size_t count;
};

static enum tu_status read_page(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	struct tu_statements_seen seen;
	bool kept = true;
	enum tu_status status = tu_statement_page(w, &l->ask, &seen, &l->total, err);

	if (status != TU_OK)
		return status;
	l->count = seen.list.count;
	l->rows = tu_arena_array(l->call->arena, l->count, sizeof(*l->rows));
	for (size_t i = 0; l->rows && kept && i < l->count; i++)
		kept = tu_api_statement_take(l->call->arena, &seen.list.at[i], &l->rows[i]);
	return l->rows && kept ? TU_OK : tu_no_memory(err);
}

static struct tu_api_place place_of(const void *row)
{
	const struct tu_api_statement *statement = row;

	return (struct tu_api_place){statement->created, statement->id};
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct listing *l = self;
	enum tu_status status = tu_api_page_ask(call, page, &l->ask, err);

	if (status == TU_OK)
		status = tu_api_read(call, read_page, l, err);
	if (status != TU_OK)
		return status;
	tu_api_page_total(page, &l->total);
	return tu_api_page_put(call, page, &(struct tu_api_rows){l->rows, l->count}, place_of, err);
}

enum tu_status tu_api_list_statements(struct tu_api_call *call, struct tu_error *err)
{
	struct listing l = {.call = call,
		.ask = {.device = tu_api_query(call, "device"),
			.state = tu_api_query(call, "state")}};

	return tu_api_answer_page(call, fetch, &l, err);
}

/* ---- one ---- */

enum tu_status tu_api_statement_of(struct tu_work *w, const struct tu_api_call *call,
	struct tu_statement_seen *out, struct tu_error *err)
{
	enum tu_status status = tu_statement_find(w, call->path[0], &call->who.scope, out, err);

	return status == TU_E_NOTFOUND ? tu_api_unknown(err, "statement") : status;
}

struct one {
	struct tu_api_call *call;
	struct tu_str id;
	struct tu_api_statement row;
	struct tu_buf bytes;
};

static enum tu_status read_again(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	struct tu_statement_seen seen;
	enum tu_status status = tu_statement_find(w, one->id, &one->call->who.scope, &seen, err);

	if (status == TU_OK && !tu_api_statement_take(one->call->arena, &seen, &one->row))
		return tu_no_memory(err);
	return status;
}

enum tu_status tu_api_statement_again(struct tu_api_call *call, struct tu_str id,
	struct tu_api_statement *out, struct tu_error *err)
{
	struct one one = {.call = call, .id = id};
	enum tu_status status = tu_api_read(call, read_again, &one, err);

	*out = one.row;
	return status;
}

static enum tu_status write_documents(
	struct tu_work *w, int64_t revision_id, struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_statement_documents documents;
	enum tu_status status = tu_statement_documents(w, revision_id, &documents, err);

	tu_json_key(json, "documents");
	tu_json_open_array(json);
	for (size_t i = 0; status == TU_OK && i < documents.list.count; i++) {
		const struct tu_statement_document *one = &documents.list.at[i];

		tu_json_open_object(json);
		tu_json_member_str(json, "format", tu_str_c(tu_issue_format_name(one->format)));
		tu_record_digest(json, "digest", one->digest);
		tu_record_digest(json, "approved", one->approved);
		tu_json_member_int(json, "bytes", one->bytes);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	return status;
}

static enum tu_status write_customers(
	struct tu_work *w, int64_t revision_id, struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_statement_customers customers;
	enum tu_status status = tu_statement_customers(w, revision_id, &customers, err);

	tu_json_key(json, "customers");
	tu_json_open_array(json);
	for (size_t i = 0; status == TU_OK && i < customers.list.count; i++)
		tu_json_add_str(json, customers.list.at[i].login);
	tu_json_close_array(json);
	return status;
}

static enum tu_status write_revision(struct tu_work *w, const struct tu_statement_revision *one,
	struct tu_json_writer *json, struct tu_error *err)
{
	enum tu_status status;

	tu_json_open_object(json);
	tu_json_member_int(json, "revision", one->n);
	tu_json_member_str(json, "state", one->state);
	tu_json_member_str(json, "author", one->author);
	tu_json_member_str(json, "summary", one->summary);
	tu_json_key(json, "reason");
	if (one->reason.len)
		tu_json_add_str(json, one->reason);
	else
		tu_json_add_null(json);
	tu_api_member_time_or_null(json, "created", one->created);
	tu_api_member_time_or_null(json, "approved", one->approved);
	tu_api_member_time_or_null(json, "published", one->published);
	tu_api_member_time_or_null(json, "withdrawn", one->withdrawn);
	tu_record_digest(json, "digest", one->digest);
	status = write_customers(w, one->id, json, err);
	if (status == TU_OK)
		status = write_documents(w, one->id, json, err);
	tu_json_close_object(json);
	return status;
}

static enum tu_status write_approvals(struct tu_work *w, const struct tu_statement_seen *seen,
	struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_statement_approvals approvals;
	enum tu_status status = tu_statement_approvals(w, seen, &approvals, err);

	tu_json_key(json, "approvals");
	tu_json_open_array(json);
	for (size_t i = 0; status == TU_OK && i < approvals.list.count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "name", approvals.list.at[i].name);
		tu_api_member_time_or_null(json, "at", approvals.list.at[i].at);
		tu_json_member_str(json, "zone", approvals.list.at[i].zone);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	return status;
}

/* Whether it is true by now is not known to who reads that it was published. */
static enum tu_status write_holds(struct tu_work *w, const struct one *one,
	const struct tu_statement_seen *seen, struct tu_json_writer *json, struct tu_error *err)
{
	struct tu_statement_writer writer = {
		.kb = one->call->kb->kb, .reader = tu_service_reader(one->call->service)};
	bool holds = false;
	enum tu_status status = tu_statement_holds(w, &writer, seen, &holds, err);

	tu_json_member_bool(json, "current", holds);
	return status;
}

static enum tu_status write_detail(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	struct tu_statement_revisions revisions = {0};
	struct tu_statement_seen seen;
	struct tu_json_writer *json;
	enum tu_status status = tu_api_statement_of(w, one->call, &seen, err);

	if (status == TU_OK && !tu_api_statement_take(one->call->arena, &seen, &one->row))
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = tu_statement_revisions(w, seen.id, &revisions, err);
	if (status != TU_OK)
		return status;
	tu_api__answer_begin(one->call); /* it may be run again */
	json = tu_api_json(one->call);
	tu_json_open_object(json);
	tu_json_key(json, "statement");
	tu_api_statement_write(&one->row, json);
	tu_json_key(json, "revisions");
	tu_json_open_array(json);
	for (size_t i = 0; i < revisions.list.count && status == TU_OK; i++)
		status = write_revision(w, &revisions.list.at[i], json, err);
	tu_json_close_array(json);
	if (status == TU_OK)
		status = write_approvals(w, &seen, json, err);
	if (status == TU_OK)
		status = write_holds(w, one, &seen, json, err);
	tu_json_close_object(json);
	return status;
}

enum tu_status tu_api_get_statement(struct tu_api_call *call, struct tu_error *err)
{
	struct one one = {.call = call};
	enum tu_status status = tu_api_kb(call, err);

	if (status == TU_OK)
		status = tu_api_read(call, write_detail, &one, err);
	if (status == TU_OK)
		tu_api_etag_answer(call, one.row.version);
	return status;
}

/* ---- documents ---- */

static const char *const endings[TU_ISSUE_FORMATS] = {[TU_ISSUE_OPENVEX] = "openvex.json",
	[TU_ISSUE_CYCLONEDX] = "cdx.json",
	[TU_ISSUE_CSAF_VEX] = "csaf-vex.json",
	[TU_ISSUE_CSAF_ADVISORY] = "csaf.json",
	[TU_ISSUE_NOTICE_HTML] = "html",
	[TU_ISSUE_NOTICE_TEXT] = "txt"};

static enum tu_status read_document(struct tu_work *w, int64_t revision_id, struct one *one,
	enum tu_issue_format format, struct tu_error *err)
{
	struct tu_statement_documents documents;
	struct tu_document document;
	enum tu_status status = tu_statement_documents(w, revision_id, &documents, err);

	for (size_t i = 0; status == TU_OK && i < documents.list.count; i++)
		if (documents.list.at[i].format == format)
			return tu_document_get(w->tx, documents.list.at[i].document_id, &one->bytes,
				&document, err);
	return status ? status : tu_api_unknown(err, "document");
}

static enum tu_status find_document(struct tu_work *w, void *self, struct tu_error *err)
{
	struct one *one = self;
	struct tu_statement_revisions revisions = {0};
	struct tu_statement_seen seen;
	enum tu_issue_format format;
	int64_t n;
	enum tu_status status = tu_api_statement_of(w, one->call, &seen, err);

	if (status == TU_OK && !tu_issue_format_by_name(one->call->path[1], &format))
		return tu_api_unknown(err, "document");
	if (status == TU_OK)
		status = tu_statement_revisions(w, seen.id, &revisions, err);
	n = tu_api_query_int(one->call, "revision", seen.revision);
	for (size_t i = 0; status == TU_OK && i < revisions.list.count; i++)
		if (revisions.list.at[i].n == n)
			return read_document(w, revisions.list.at[i].id, one, format, err);
	return status ? status : tu_api_unknown(err, "document");
}

enum tu_status tu_api_get_statement_document(struct tu_api_call *call, struct tu_error *err)
{
	struct one one = {.call = call};
	enum tu_issue_format format = TU_ISSUE_OPENVEX;
	char name[64];
	enum tu_status status;

	tu_buf_init(&one.bytes, TU_DOCUMENT_MAX);
	status = tu_api_read(call, find_document, &one, err);
	if (status == TU_OK) {
		(void)tu_issue_format_by_name(call->path[1], &format);
		(void)snprintf(name, sizeof(name), "statement.%s", endings[format]);
		tu_api_answer_buf(call, "application/octet-stream", &one.bytes, tu_str_c(name));
	}
	tu_buf_done(&one.bytes);
	return status;
}
