/* Decisions: the list, one, and what people do with a proposal. */
#include <tutela/device.h>

#include "api/sign.h"
#include "base/hex.h"
#include "service/service.h"

struct decision_row {
	struct tu_str id, device, name, vulnerability, status, risk, harm, state, author, signed_by;
	int64_t created, version, signed_at, findings, reopened;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct decision_row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct decision_row, device, TU_API_TEXT, 0),
	TU_API_COLUMN(struct decision_row, name, TU_API_TEXT, 0),
	TU_API_COLUMN(struct decision_row, vulnerability, TU_API_TEXT, 0),
	TU_API_COLUMN(struct decision_row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct decision_row, status, TU_API_TEXT, 0),
	TU_API_COLUMN(struct decision_row, risk, TU_API_TEXT, 0),
	TU_API_COLUMN(struct decision_row, harm, TU_API_TEXT, 0),
	TU_API_COLUMN(struct decision_row, author, TU_API_TEXT, 0),
	TU_API_COLUMN(struct decision_row, created, TU_API_TIME, 0),
	TU_API_COLUMN(struct decision_row, signed_by, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct decision_row, signed_at, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct decision_row, findings, TU_API_INT, 0),
	TU_API_COLUMN(struct decision_row, reopened, TU_API_INT, 0),
	TU_API_COLUMN(struct decision_row, version, TU_API_INT, 0),
};
const struct tu_api_table tu_api_table_decision =
	TU_API_TABLE("Decision", struct decision_row, columns);

/* ---- rows ---- */

static bool take_row(
	struct tu_arena *arena, const struct tu_decision_row *from, struct decision_row *out)
{
	const struct {
		struct tu_str from, *to;
	} texts[] = {{from->public_id, &out->id}, {from->device, &out->device},
		{from->name, &out->name}, {from->vulnerability, &out->vulnerability},
		{from->status, &out->status}, {from->risk, &out->risk}, {from->state, &out->state},
		{from->author, &out->author}, {from->signed_by, &out->signed_by}};

	out->harm = tu_str_c(tu_harm_name((enum tu_harm)from->harm));
	out->created = from->created;
	out->version = from->version;
	out->signed_at = from->signed_at;
	out->findings = from->findings;
	out->reopened = from->reopened;
	for (size_t i = 0; i < TU_COUNT(texts); i++)
		if (!tu_arena_dup(arena, texts[i].from, texts[i].to))
			return false;
	return true;
}

struct listing {
	struct tu_api_call *call;
	struct tu_page_ask ask;
	struct tu_page_total total;
	struct decision_row *rows;
	size_t count;
};

static enum tu_status read_page(struct tu_work *w, void *self, struct tu_error *err)
{
	struct listing *l = self;
	struct tu_decision_rows rows;
	bool fine = true;
	enum tu_status status = tu_decision_page(w, &l->ask, &rows, &l->total, err);

	if (status != TU_OK)
		return status;
	l->count = rows.count;
	l->rows = tu_arena_array(l->call->arena, rows.count, sizeof(*l->rows));
	for (size_t i = 0; l->rows && fine && i < rows.count; i++)
		fine = take_row(l->call->arena, &rows.at[i], &l->rows[i]);
	return l->rows && fine ? TU_OK : tu_no_memory(err);
}

static struct tu_api_place place_of(const void *row)
{
	const struct decision_row *decision = row;

	return (struct tu_api_place){decision->created, decision->id};
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

enum tu_status tu_api_list_decisions(struct tu_api_call *call, struct tu_error *err)
{
	struct listing l = {.call = call,
		.ask = {.device = tu_api_query(call, "device"),
			.state = tu_api_query(call, "state"),
			.vulnerability = tu_api_query(call, "vulnerability")}};

	return tu_api_answer_page(call, fetch, &l, err);
}

/* ---- one ---- */

static void write_approvals(struct tu_json_writer *json, const struct tu_decision_seen *seen)
{
	tu_json_member_int(json, "approvals", seen->approvals);
	tu_json_key(json, "needed");
	if (seen->needed)
		tu_json_add_int(json, seen->needed);
	else
		tu_json_add_null(json);
	tu_json_key(json, "approved_by");
	tu_json_open_array(json);
	for (size_t i = 0; i < seen->by_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "name", seen->by[i].name);
		tu_api_member_us(json, "at", seen->by[i].at);
		tu_json_member_str(json, "zone", seen->by[i].zone);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void write_decision(struct tu_json_writer *json, const struct tu_decision *d)
{
	tu_api_member_null(
		json, "justification", tu_str_c(tu_justification_name(d->justification)));
	tu_api_member_null(json, "impact", d->impact);
	tu_api_member_null(json, "rationale", d->rationale);
	tu_api_member_null(json, "exploitability", d->exploitability);
	tu_api_member_null(json, "decided_by", d->decided_by);
	tu_api_member_seconds(json, "decided_at", d->decided_at);
	tu_api_member_seconds(json, "learned", tu_decision_learned(d));
	tu_api_member_seconds(json, "expires", d->expires);
	tu_api_member_null(json, "supersedes", d->supersedes);
	tu_json_key(json, "releases");
	tu_json_open_array(json);
	for (size_t i = 0; i < d->validity.releases.count; i++)
		tu_json_add_str(json, d->validity.releases.at[i]);
	tu_json_close_array(json);
	tu_json_member_bool(json, "carry", d->validity.carry);
	tu_api_write_premises(json, "premises", &d->premises);
}

static enum tu_status show(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_decision_seen seen;
	struct decision_row row = {0};
	enum tu_status status = tu_decision_open(w, call->path[0], &call->who.scope, &seen, err);

	tu_api_restart(call);
	if (status != TU_OK)
		return status;
	if (!take_row(w->arena, &seen.row, &row))
		return tu_no_memory(err);
	tu_api_etag_version(call, row.version);
	tu_json_open_object(json);
	tu_api_row_members(&tu_api_table_decision, ~(tu_api_columns)0, &row, json);
	tu_api_member_null(json, "author_name", seen.author_name);
	write_approvals(json, &seen);
	write_decision(json, seen.decision);
	tu_record_digest(json, "sha256", seen.digest);
	tu_json_member_str(json, "text", seen.text);
	tu_json_close_object(json);
	return TU_OK;
}

enum tu_status tu_api_get_decision(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_read(call, show, call, err);
}

/* ---- approving and rejecting ---- */

struct acting {
	struct tu_api_call *call;
	struct tu_proposal_act act;
	struct tu_proposal_decide decide;
};

static enum tu_status take_act(struct acting *a, struct tu_error *err)
{
	struct tu_api_call *call = a->call;
	uint64_t version = 0;

	a->act.public_id = call->path[0];
	(void)tu_json_u64(tu_json_get(call->body, TU_STR("version")), INT64_MAX, &version);
	a->act.version = (int64_t)version;
	a->act.zone = tu_api_body_str(call, "zone");
	if (tu_hex_read(tu_api_body_str(call, "sha256"), a->act.digest, sizeof(a->act.digest)))
		return TU_OK;
	call->problem.type = TU_PROBLEM_INVALID;
	return tu_fail(err, TU_E_USAGE, 0, "sha256 has 64 hexadecimal digits");
}

/* Is it there for whoever asks, and still proposed? */
static enum tu_status look(struct tu_work *w, void *self, struct tu_error *err)
{
	struct acting *a = self;
	struct tu_decision_seen seen;
	struct tu_buf said;
	enum tu_status status =
		tu_decision_open(w, a->call->path[0], &a->call->who.scope, &seen, err);

	if (status != TU_OK || tu_str_eq(seen.row.state, TU_STR("proposed")))
		return status;
	tu_buf_init(&said, 2000);
	tu_buf_printf(
		&said, "it is %.*s: %.*s", TU_STR_FMT(seen.row.state), TU_STR_FMT(seen.row.status));
	if (seen.row.signed_by.len)
		tu_buf_printf(&said, ", signed by %.*s", TU_STR_FMT(seen.row.signed_by));
	a->call->problem.count = 0;
	tu_api_name_obstacle(a->call, TU_STR(""), tu_buf_str(&said), seen.row.public_id);
	tu_buf_done(&said);
	return tu_fail(err, TU_E_CONFLICT, 0, "decision %.*s is %.*s, not proposed",
		TU_STR_FMT(seen.row.name), TU_STR_FMT(seen.row.state));
}

static void write_outcome(struct tu_api_call *call, const struct tu_proposal_decide *decide)
{
	const struct tu_proposal_outcome *o = &decide->outcome;
	struct tu_json_writer *json = tu_api_json(call);
	size_t start;

	tu_json_open_object(json);
	tu_json_member_str(json, "state",
		decide->reject	      ? TU_STR("rejected")
			: o->approved ? TU_STR("approved")
				      : TU_STR("proposed"));
	tu_json_member_int(json, "approvals", o->approvals);
	tu_json_member_int(json, "needed", o->needed);
	tu_json_member_int(json, "findings", o->findings);
	tu_json_member_int(json, "releases", o->releases);
	tu_json_member_int(json, "reopened", o->reopened);
	tu_json_key(json, "signature");
	if (*o->signature.public) {
		start = tu_json_open_text(json);
		tu_signature_write(&o->signature, json->buf);
		tu_json_close_text(json, start);
	} else {
		tu_json_add_null(json);
	}
	tu_json_close_object(json);
}

/* The rules of signing, as problems. */
static enum tu_status refused(
	struct tu_api_call *call, enum tu_status status, const struct tu_error *err)
{
	static const struct {
		const char *pointer;
		enum tu_api_problem_type type;
	} rules[] = {
		{"active", TU_PROBLEM_FORBIDDEN},
		{"role", TU_PROBLEM_FORBIDDEN},
		{"own-work", TU_PROBLEM_FORBIDDEN},
		{"proof", TU_PROBLEM_NEEDS_PROOF},
		{"proof-age", TU_PROBLEM_NEEDS_PROOF},
	};

	for (size_t i = 0; status == TU_E_CONSTRAINT && err && i < TU_COUNT(rules); i++)
		if (tu_str_eq(tu_str_c(err->pointer), tu_str_c(rules[i].pointer)))
			call->problem.type = rules[i].type;
	return status;
}

static enum tu_status act(struct tu_api_call *call, bool reject, struct tu_error *err)
{
	struct acting a = {.call = call, .decide = {.reject = reject, .scoped = true}};
	enum tu_status status = tu_api_read(call, look, &a, err);

	if (status == TU_OK)
		status = take_act(&a, err);
	if (status == TU_OK)
		status = tu_api_prove_to_sign(call, &a.act.proof, err);
	if (status == TU_OK)
		status = tu_api_kb_newest(call, err);
	if (status != TU_OK)
		return status;
	a.decide.proposal = &a.act;
	a.decide.kb = call->kb->kb;
	a.decide.reader = tu_service_reader(call->service);
	call->act.actor = tu_str_c(call->who.person_public);
	status = tu_proposal_decide(tu_api_store(call), &call->act, &a.decide, err);
	if (status == TU_E_USAGE || status == TU_E_CONFLICT) {
		struct tu_error now = {0};

		/* somebody else was first: say what they said */
		if (tu_api_read(call, look, &a, &now) == TU_E_CONFLICT) {
			*err = now;
			return TU_E_CONFLICT;
		}
	}
	if (status != TU_OK)
		return refused(call, status, err);
	write_outcome(call, &a.decide);
	return TU_OK;
}

enum tu_status tu_api_approve_decision(struct tu_api_call *call, struct tu_error *err)
{
	return act(call, false, err);
}

enum tu_status tu_api_reject_decision(struct tu_api_call *call, struct tu_error *err)
{
	return act(call, true, err);
}
