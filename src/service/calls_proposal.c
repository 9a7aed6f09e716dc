/* proposals, proposal, approve, reject. */
#include <string.h>

#include "base/hex.h"
#include "base/json_writer.h"
#include "base/time.h"
#include "portfolio/actor.h"
#include "portfolio/proposal.h"
#include "service/call_kb.h"
#include "service/call_proof.h"
#include "service/calls.h"

enum { US = 1000000 };
#define MEMORY_MAX ((size_t)1 << 30)

static void member_time(struct tu_json_writer *json, const char *key, int64_t us)
{
	size_t start;

	tu_json_key(json, key);
	start = tu_json_open_text(json);
	tu_time_write(us / US, json->buf);
	tu_json_close_text(json, start);
}

/* ---- what waits ---- */

static void write_approvals(struct tu_json_writer *json, const struct tu_proposal *p)
{
	tu_json_key(json, "by");
	tu_json_open_array(json);
	for (size_t i = 0; i < p->by_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "name", p->by[i].name);
		member_time(json, "at", p->by[i].at);
		tu_json_member_str(json, "zone", p->by[i].zone);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void write_proposal(struct tu_json_writer *json, const struct tu_proposal *p)
{
	tu_json_member_str(json, "id", p->public_id);
	tu_json_member_str(json, "device", p->device);
	tu_json_member_str(json, "decision", p->name);
	tu_json_member_str(json, "vulnerability", p->decision->vulnerability);
	tu_json_member_str(json, "status", tu_str_c(tu_claim_status_name(p->decision->status)));
	tu_json_member_str(json, "author", p->author);
	tu_json_member_opt(json, "author_name", p->author_name);
	member_time(json, "proposed", p->created);
	tu_json_member_int(json, "version", p->version);
	tu_json_member_int(json, "approvals", p->approvals);
	tu_json_member_int(json, "needed", p->needed);
	write_approvals(json, p);
}

struct asking {
	const struct tu_call_in *in;
	struct tu_buf *out;
	size_t len; /* of `out` before: an attempt begins there */
};

static enum tu_status list(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct asking *a = self;
	struct tu_json_writer json = tu_json_writer(a->out, false);
	struct tu_proposals all;
	enum tu_status status =
		tu_proposal_list(w, TU_JSON_STR(a->in->arguments, "device"), NULL, &all, err);

	a->out->len = a->len;
	if (status != TU_OK)
		return status;
	tu_json_open_object(&json);
	tu_json_key(&json, "proposals");
	tu_json_open_array(&json);
	for (size_t i = 0; i < all.count; i++) {
		tu_json_open_object(&json);
		write_proposal(&json, &all.at[i]);
		tu_json_close_object(&json);
	}
	tu_json_close_array(&json);
	tu_json_key(&json, "not_read");
	tu_json_open_array(&json);
	for (size_t i = 0; i < all.unread.list.count; i++) {
		tu_json_open_object(&json);
		tu_json_member_str(&json, "device", all.unread.list.at[i].device);
		tu_json_member_str(&json, "why", all.unread.list.at[i].why);
		tu_json_close_object(&json);
	}
	tu_json_close_array(&json);
	member_time(&json, "now", w->act->at);
	tu_json_close_object(&json);
	return TU_OK;
}

/* One, with its text and the printed name of who looks at it. */
static enum tu_status show(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct asking *a = self;
	const struct tu_json in = a->in->arguments;
	struct tu_json_writer json = tu_json_writer(a->out, false);
	struct tu_proposal p;
	struct tu_actor_person by;
	enum tu_status status = tu_proposal_find(
		w, TU_JSON_STR(in, "device"), TU_JSON_STR(in, "decision"), &p, err);

	a->out->len = a->len;
	if (status == TU_OK)
		status = tu_actor_person(w, TU_JSON_STR(in, "by"), &by, err);
	if (status != TU_OK)
		return status;
	tu_json_open_object(&json);
	write_proposal(&json, &p);
	tu_json_member_str(&json, "text", p.text);
	tu_json_member_opt(&json, "printed_name", by.name);
	member_time(&json, "now", w->act->at);
	tu_json_close_object(&json);
	return TU_OK;
}

static enum tu_status read_only(struct tu_datadir *dir, const struct tu_call_in *in,
	tu_work_call *call, struct tu_buf *out_answer, struct tu_error *err)
{
	const struct tu_act act = {.at = tu_datadir_now(dir), .actor = TU_STR("local")};
	struct asking a = {in, out_answer, out_answer->len};
	struct tu_store *store;
	enum tu_status status = tu_datadir_store(dir, &store, err);

	return status ? status : tu_work_read(store, &act, call, &a, err);
}

static enum tu_status run_proposals(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	return read_only(dir, in, list, out_answer, err);
}

static enum tu_status run_proposal(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	return read_only(dir, in, show, out_answer, err);
}

/* ---- deciding ---- */

/* What was shown. */
static enum tu_status read_act(
	const struct tu_call_in *in, struct tu_proposal_act *out, struct tu_error *err)
{
	const struct tu_json arguments = in->arguments;
	uint64_t version = 0;

	*out = (struct tu_proposal_act){
		.public_id = TU_JSON_STR(arguments, "id"), .zone = TU_JSON_STR(arguments, "zone")};
	if (!out->public_id.len || !TU_JSON_STR(arguments, "by").len ||
		!tu_json_u64(tu_json_get(arguments, TU_STR("version")), INT64_MAX, &version) ||
		!tu_hex_read(TU_JSON_STR(arguments, "sha256"), out->digest, sizeof(out->digest)))
		return tu_fail(err, TU_E_USAGE, 0,
			"%.*s needs a decision's id, version and digest, and who decides",
			TU_STR_FMT(tu_str_first(in->name, 80)));
	out->version = (int64_t)version;
	return TU_OK;
}

static void write_outcome(const struct tu_proposal_outcome *o, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);
	size_t start;

	tu_json_open_object(&json);
	tu_json_member_bool(&json, "approved", o->approved);
	tu_json_member_int(&json, "approvals", o->approvals);
	tu_json_member_int(&json, "needed", o->needed);
	tu_json_member_int(&json, "findings", o->findings);
	tu_json_member_int(&json, "releases", o->releases);
	tu_json_member_int(&json, "reopened", o->reopened);
	if (*o->signature.public) {
		tu_json_key(&json, "signed");
		start = tu_json_open_text(&json);
		tu_signature_write(&o->signature, json.buf);
		tu_json_close_text(&json, start);
	}
	tu_json_close_object(&json);
}

struct deciding {
	struct tu_datadir *dir;
	const struct tu_call_in *in;
	struct tu_store *store;
	struct tu_proposal_act proposal;
	struct tu_proposal_decide decide;
};

/* Who it is, proven by password and code; then the act is theirs. */
static enum tu_status prove(
	struct deciding *d, struct tu_arena *arena, struct tu_act *act, struct tu_error *err)
{
	enum tu_status status = tu_call_prove(d->dir, d->in, &d->proposal.proof, err);

	*act = (struct tu_act){.at = tu_datadir_now(d->dir),
		.actor = TU_JSON_STR(d->in->arguments, "by"),
		.reason = TU_JSON_STR(d->in->arguments, "reason")};
	return status ? status : tu_actor_find(d->store, act, arena, &act->actor, err);
}

static enum tu_status decide(struct deciding *d, struct tu_arena *arena, struct tu_error *err)
{
	struct tu_call_kb kb = {0};
	struct tu_act act;
	enum tu_status status = prove(d, arena, &act, err);

	if (status == TU_OK)
		status = tu_call_kb_open(d->dir, d->in, &act, &kb, err);
	if (status != TU_OK)
		return status;
	d->decide.proposal = &d->proposal;
	d->decide.kb = kb.kb;
	d->decide.reader = d->in->host ? tu_service_reader(d->in->host) : NULL;
	status = tu_proposal_decide(d->store, &act, &d->decide, err);
	tu_call_kb_close(&kb);
	return status;
}

/* approve and reject */
static enum tu_status run_decide(struct tu_datadir *dir, const struct tu_call_in *in,
	struct tu_buf *out_answer, struct tu_error *err)
{
	struct deciding d = {
		.dir = dir, .in = in, .decide = {.reject = tu_str_eq(in->name, TU_STR("reject"))}};
	struct tu_arena *arena = tu_arena_new(MEMORY_MAX);
	enum tu_status status = arena ? read_act(in, &d.proposal, err) : tu_no_memory(err);

	if (status == TU_OK)
		status = tu_datadir_store(dir, &d.store, err);
	if (status == TU_OK)
		status = decide(&d, arena, err);
	if (status == TU_OK)
		write_outcome(&d.decide.outcome, out_answer);
	tu_arena_free(arena);
	return status;
}

static const struct tu_call calls_proposal[] = {
	{"proposals", false, run_proposals},
	{"proposal", false, run_proposal},
	{"approve", false, run_decide},
	{"reject", false, run_decide},
};

const struct tu_call_table tu_proposal_calls = {calls_proposal, TU_COUNT(calls_proposal)};
