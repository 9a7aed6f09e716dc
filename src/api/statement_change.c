/* Statements: drafted, approved, published, withdrawn. */
#include "api/statements.h"
#include "portfolio/scope.h"
#include "service/service.h"

struct changing {
	struct tu_api_call *call;
	struct tu_statement_writer writer;
	struct tu_str id; /* in the arena of the call */
	struct tu_statement_warnings warnings; /* the same */
	struct tu_statement_approval approval;
};

static enum tu_status begin(struct changing *c, struct tu_error *err)
{
	enum tu_status status = tu_api_kb(c->call, err);

	if (status == TU_OK)
		c->writer = (struct tu_statement_writer){.kb = c->call->kb->kb,
			.reader = tu_service_reader(c->call->service),
			.seal = tu_service_seal(c->call->service)};
	return status;
}

/* The statement of the path, as the client read it. */
static enum tu_status find(
	struct tu_work *w, struct changing *c, struct tu_statement_seen *out, struct tu_error *err)
{
	enum tu_status status = tu_api_statement_of(w, c->call, out, err);

	if (status != TU_OK)
		return status;
	if (c->call->if_match && c->call->if_match != out->version) {
		c->call->problem.type = TU_PROBLEM_STALE;
		return tu_fail(err, TU_E_CONFLICT, 0, "statement: changed since you read it");
	}
	return tu_arena_dup(c->call->arena, out->public_id, &c->id) ? TU_OK : tu_no_memory(err);
}

static enum tu_status keep(
	struct changing *c, const struct tu_statement_warnings *warnings, struct tu_error *err)
{
	memset(&c->warnings, 0, sizeof(c->warnings));
	for (size_t i = 0; i < warnings->list.count; i++) {
		struct tu_str copy;

		if (!tu_arena_dup(c->call->arena, warnings->list.at[i], &copy) ||
			!TU_VEC_PUSH_IN(c->call->arena, &c->warnings.list, copy))
			return tu_no_memory(err);
	}
	return TU_OK;
}

/* In a state that does not allow it, or by decisions that have changed. */
static enum tu_status conflict(struct tu_api_call *call, enum tu_status status)
{
	if (status == TU_E_USAGE || status == TU_E_CONFLICT)
		if (call->problem.type == TU_PROBLEM_NONE)
			call->problem.type = TU_PROBLEM_CONFLICT;
	return status;
}

static enum tu_status answer_drafted(struct changing *c, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(c->call);
	struct tu_api_statement row;
	enum tu_status status = tu_api_statement_again(c->call, c->id, &row, err);

	if (status != TU_OK)
		return status;
	tu_json_open_object(json);
	tu_json_key(json, "statement");
	tu_api_statement_write(&row, json);
	tu_json_key(json, "warnings");
	tu_json_open_array(json);
	for (size_t i = 0; i < c->warnings.list.count; i++)
		tu_json_add_str(json, c->warnings.list.at[i]);
	tu_json_close_array(json);
	tu_json_close_object(json);
	tu_api_etag_version(c->call, row.version);
	return TU_OK;
}

/* ---- a new one ---- */

static bool take_vulns(struct tu_work *w, struct tu_json body, struct tu_str *out)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(body, TU_STR("vulnerabilities")));
	struct tu_json word;
	struct tu_buf text;
	bool ok;

	tu_buf_init(&text, 1 << 16);
	while (tu_json_next_item(&iter, &word))
		tu_buf_printf(&text, "%s%.*s", text.len ? "," : "", TU_STR_FMT(tu_json_str(word)));
	ok = !text.failed && tu_arena_dup(w->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return ok;
}

static uint32_t take_formats(struct tu_json body)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(body, TU_STR("formats")));
	enum tu_issue_format format;
	struct tu_json word;
	uint32_t formats = 0;

	while (tu_json_next_item(&iter, &word))
		if (tu_issue_format_by_name(tu_json_str(word), &format))
			formats |= 1u << format;
	return formats;
}

static enum tu_status take_customers(struct tu_work *w, struct tu_json body,
	struct tu_statement_customers *out, struct tu_error *err)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(body, TU_STR("customers")));
	struct tu_json login;
	enum tu_status status = TU_OK;

	*out = (struct tu_statement_customers){0};
	while (status == TU_OK && tu_json_next_item(&iter, &login))
		status = tu_statement_customer_add(w, tu_json_str(login), out, err);
	return status;
}

static enum tu_status find_device(struct tu_work *w, const struct tu_api_call *call,
	struct tu_device_row *out, struct tu_error *err)
{
	enum tu_status status = tu_device_find(w, tu_api_body_str(call, "device"), out, err);

	if (status == TU_E_NOTFOUND || (!status && !tu_scope_has(&call->who.scope, out->id)))
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/device"},
			"there is no such device");
	return status;
}

static enum tu_status draft(struct tu_work *w, void *self, struct tu_error *err)
{
	struct changing *c = self;
	const struct tu_api_call *call = c->call;
	struct tu_str tlp = tu_api_body_str(call, "tlp"), public_id;
	struct tu_str embargo = tu_api_body_str(call, "embargo");
	struct tu_device_row device;
	struct tu_statement_about about = {.device = &device,
		.release = tu_api_body_str(call, "release"),
		.tlp = tlp.len ? tlp : TU_STR("WHITE"),
		.summary = tu_api_body_str(call, "summary"),
		.embargo = embargo.len ? tu_api_time_of(embargo) : 0,
		.formats = take_formats(call->body)};
	enum tu_status status = find_device(w, call, &device, err);

	if (status == TU_OK && !take_vulns(w, call->body, &about.vulns))
		return tu_no_memory(err);
	if (status == TU_OK)
		status = take_customers(w, call->body, &about.customers, err);
	if (status == TU_OK)
		status = tu_statement_draft(w, &c->writer, &about, &public_id, err);
	if (status == TU_E_NOTFOUND)
		return tu_fail_at(err, TU_E_USAGE, &(struct tu_error_place){.pointer = "/release"},
			"there is no such release");
	if (status == TU_OK && !tu_arena_dup(call->arena, public_id, &c->id))
		return tu_no_memory(err);
	return status ? status : keep(c, &c->writer.warnings, err);
}

enum tu_status tu_api_draft_statement(struct tu_api_call *call, struct tu_error *err)
{
	struct changing c = {.call = call};
	enum tu_status status = begin(&c, err);

	if (status == TU_OK)
		status = tu_api_write(call, draft, &c, err);
	if (status == TU_OK)
		status = answer_drafted(&c, err);
	if (status == TU_OK)
		tu_api_created(call, "/v1/statements/%.*s", TU_STR_FMT(c.id));
	return status;
}

static enum tu_status revise(struct tu_work *w, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_statement_seen row;
	struct tu_statement_customers customers;
	struct tu_statement_changes changes = {.summary = tu_api_body_str(c->call, "summary")};
	enum tu_status status = find(w, c, &row, err);

	if (tu_json_is_array(tu_json_get(c->call->body, TU_STR("customers"))))
		changes.customers = &customers;
	if (status == TU_OK)
		status = take_customers(w, c->call->body, &customers, err);
	if (status == TU_OK)
		status = tu_statement_revise(w, &c->writer, &row, &changes, err);
	return status ? status : keep(c, &c->writer.warnings, err);
}

enum tu_status tu_api_revise_statement(struct tu_api_call *call, struct tu_error *err)
{
	struct changing c = {.call = call};
	enum tu_status status = begin(&c, err);

	if (status == TU_OK)
		status = tu_api_write(call, revise, &c, err);
	return status ? status : answer_drafted(&c, err);
}

/* ---- its way ---- */

static bool take_digest(struct tu_str hex, uint8_t out[TU_SHA256_BYTES])
{
	for (size_t i = 0; i < TU_SHA256_BYTES; i++) {
		unsigned byte = 0;

		for (size_t k = 0; k < 2; k++) {
			char digit = hex.len == 2 * TU_SHA256_BYTES ? hex.ptr[2 * i + k] : 'x';

			if (digit >= '0' && digit <= '9')
				byte = byte * 16 + (unsigned)(digit - '0');
			else if (digit >= 'a' && digit <= 'f')
				byte = byte * 16 + (unsigned)(digit - 'a') + 10;
			else
				return false;
		}
		out[i] = (uint8_t)byte;
	}
	return true;
}

static enum tu_status approve(struct tu_work *w, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_statement_seen row;
	enum tu_status status = find(w, c, &row, err);

	return status ? status : tu_statement_approve(w, &c->writer, &row, &c->approval, err);
}

enum tu_status tu_api_approve_statement(struct tu_api_call *call, struct tu_error *err)
{
	struct changing c = {.call = call, .approval = {.zone = tu_api_body_str(call, "zone")}};
	struct tu_json_writer *json;
	struct tu_api_statement row;
	enum tu_status status = begin(&c, err);

	(void)take_digest(tu_api_body_str(call, "digest"), c.approval.digest); /* the format */
	if (status == TU_OK)
		status = tu_api_proof(call, &c.approval.proof, err);
	if (status == TU_OK)
		status = conflict(call, tu_api_write(call, approve, &c, err));
	if (status == TU_OK)
		status = tu_api_statement_again(call, c.id, &row, err);
	if (status != TU_OK)
		return status;
	json = tu_api_json(call);
	tu_json_open_object(json);
	tu_json_key(json, "statement");
	tu_api_statement_write(&row, json);
	tu_json_member_int(json, "approvals", c.approval.approvals);
	tu_json_member_int(json, "needed", c.approval.needed);
	tu_json_close_object(json);
	tu_api_etag_version(call, row.version);
	return TU_OK;
}

static enum tu_status publish(struct tu_work *w, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_statement_seen row;
	int64_t due = 0;
	enum tu_status status = find(w, c, &row, err);

	if (status == TU_OK)
		status = tu_statement_publish(w, &c->writer, &row, &due, err);
	return status || !due ? status : tu_service_publish_queue(w, row.public_id, due, err);
}

static enum tu_status move_embargo(struct tu_work *w, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_str until = tu_api_body_str(c->call, "until");
	struct tu_statement_seen row;
	int64_t due = 0;
	enum tu_status status = find(w, c, &row, err);

	if (status == TU_OK)
		status = tu_statement_embargo(
			w, &row, until.len ? tu_api_time_of(until) : 0, &due, err);
	return status || !due ? status : tu_service_publish_queue(w, row.public_id, due, err);
}

static enum tu_status withdraw(struct tu_work *w, void *self, struct tu_error *err)
{
	struct changing *c = self;
	struct tu_statement_seen row;
	enum tu_status status = find(w, c, &row, err);

	return status ? status : tu_statement_withdraw(w, &row, err);
}

static enum tu_status change(struct tu_api_call *call, tu_work_call *work, struct tu_error *err)
{
	struct changing c = {.call = call};
	struct tu_api_statement row;
	enum tu_status status = begin(&c, err);

	if (status == TU_OK)
		status = conflict(call, tu_api_write(call, work, &c, err));
	if (status == TU_OK)
		status = tu_api_statement_again(call, c.id, &row, err);
	if (status != TU_OK)
		return status;
	tu_api_statement_write(&row, tu_api_json(call));
	tu_api_etag_version(call, row.version);
	return TU_OK;
}

enum tu_status tu_api_publish_statement(struct tu_api_call *call, struct tu_error *err)
{
	return change(call, publish, err);
}

enum tu_status tu_api_withdraw_statement(struct tu_api_call *call, struct tu_error *err)
{
	return change(call, withdraw, err);
}

enum tu_status tu_api_move_statement_embargo(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = change(call, move_embargo, err);

	if (status == TU_OK)
		tu_service_wake(call->service);
	return status;
}
