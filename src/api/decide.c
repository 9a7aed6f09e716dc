/* Proposing decisions, and what they would do before that. */
#include <stdio.h>

#include "api/decides.h"
#include "api/sign.h"
#include "service/service.h"

struct deciding {
	struct tu_api_call *call;
	struct tu_decide_request stated;
	struct tu_decide_on *on;
	struct tu_decide_ask ask;
	struct tu_str *ids; /* of what was proposed; in the arena of the call */
	/* of a dry run, in the arena of the work */
	struct tu_work *w;
	struct tu_decide_all all;
	struct tu_dry_run run;
};

/* ---- what is stated ---- */

static bool take_texts(struct tu_api_call *call, struct tu_decide_request *r)
{
	const struct {
		const char *name;
		const char **to;
	} texts[] = {{"status", &r->status}, {"justification", &r->justification},
		{"impact", &r->impact}, {"rationale", &r->rationale},
		{"exploitability", &r->exploitability}, {"harm", &r->harm},
		{"privacy", &r->privacy}, {"risk", &r->risk}, {"remedy", &r->remedy},
		{"action", &r->action}, {"fix_release", &r->fix_release}, {"due", &r->due},
		{"range", &r->range}, {"configuration", &r->configuration},
		{"expires", &r->expires}, {"role", &r->role}, {"learned_at", &r->learned}};

	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		struct tu_str text = tu_api_body_str(call, texts[i].name);

		if (!text.len)
			continue;
		*texts[i].to = tu_decide__c_text(call->arena, text);
		if (!*texts[i].to)
			return false;
	}
	return true;
}

/* "a,b", as the list of an option. */
static bool take_controls(struct tu_api_call *call, struct tu_decide_request *r)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(call->body, TU_STR("controls")));
	struct tu_json item;
	struct tu_buf text;
	bool fine = true;

	tu_buf_init(&text, 1 << 16);
	while (tu_json_next_item(&iter, &item)) {
		tu_buf_c(&text, text.len ? "," : "");
		tu_buf_str_add(&text, tu_json_str(item));
	}
	if (text.len)
		r->controls = tu_decide__c_text(call->arena, tu_buf_str(&text));
	fine = !text.failed && (!text.len || r->controls);
	tu_buf_done(&text);
	return fine;
}

bool tu_api_decide_stated(struct tu_api_call *call, struct tu_decide_request *out)
{
	struct tu_json carry = tu_json_get(call->body, TU_STR("carry"));

	*out = (struct tu_decide_request){
		.members = true, .no_carry = carry.doc && !tu_json_true(carry)};
	return take_texts(call, out) && take_controls(call, out);
}

static enum tu_status take_findings(struct deciding *d, struct tu_error *err)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(d->call->body, TU_STR("findings")));
	struct tu_json item;

	d->on = tu_arena_array(d->call->arena, TU_DECIDE_FINDINGS_MAX, sizeof(*d->on));
	d->ids = tu_arena_array(d->call->arena, TU_DECIDE_FINDINGS_MAX, sizeof(*d->ids));
	if (!d->on || !d->ids)
		return tu_no_memory(err);
	while (d->ask.count < TU_DECIDE_FINDINGS_MAX && tu_json_next_item(&iter, &item)) {
		struct tu_decide_on *on = &d->on[d->ask.count];

		if (!tu_finding_name_read(
			    tu_json_str(tu_json_get(item, TU_STR("finding"))), &on->finding)) {
			d->call->problem.type = TU_PROBLEM_INVALID;
			return tu_fail(err, TU_E_USAGE, 0, "findings/%zu is no id of a finding",
				d->ask.count);
		}
		on->supersedes = tu_json_str(tu_json_get(item, TU_STR("supersedes")));
		d->ask.count++;
	}
	return TU_OK;
}

static enum tu_status take(struct tu_api_call *call, struct deciding *d, struct tu_error *err)
{
	enum tu_status status;

	*d = (struct deciding){.call = call};
	if (!tu_api_decide_stated(call, &d->stated))
		return tu_no_memory(err);
	status = take_findings(d, err);
	if (status == TU_OK)
		status = tu_api_kb_newest(call, err);
	if (status != TU_OK)
		return status;
	d->ask.scope = &call->who.scope;
	d->ask.kb = call->kb->kb;
	d->ask.reader = tu_service_reader(call->service);
	d->ask.stated = &d->stated;
	d->ask.on = d->on;
	return TU_OK;
}

/* ---- proposing ---- */

/* Which of them was decided by somebody else first. */
static void name_obstacles(struct deciding *d)
{
	for (size_t i = 0; i < d->all.count; i++) {
		const struct tu_decide_one *one = &d->all.at[i];
		char pointer[40];
		int len = snprintf(pointer, sizeof(pointer), "/findings/%zu", i);

		if (one->obstacle)
			tu_api_name_obstacle(d->call, tu_str_of(pointer, (size_t)len),
				tu_str_c(one->error.message), one->obstacle->public_id);
	}
}

static enum tu_status propose(struct tu_work *w, void *self, struct tu_error *err)
{
	struct deciding *d = self;
	struct tu_str ids[TU_DECIDE_FINDINGS_MAX] = {{0}};
	enum tu_status status = tu_decide_propose(w, &d->ask, &d->all, ids, err);

	d->call->problem.count = 0;
	d->call->problem.more = false;
	if (status == TU_E_CONFLICT)
		name_obstacles(d);
	for (size_t i = 0; i < d->ask.count && status == TU_OK; i++)
		if (!tu_arena_dup(d->call->arena, ids[i], &d->ids[i]))
			status = tu_no_memory(err);
	return status;
}

void tu_api_decide_answer(struct tu_api_call *call, const struct tu_str *ids, size_t count)
{
	struct tu_json_writer *json = tu_api_json(call);

	tu_json_open_object(json);
	tu_json_key(json, "decisions");
	tu_json_open_array(json);
	for (size_t i = 0; i < count; i++)
		tu_json_add_str(json, ids[i]);
	tu_json_close_array(json);
	tu_json_close_object(json);
	tu_api_created(call, "/v1/decisions/%.*s", TU_STR_FMT(ids[0]));
}

enum tu_status tu_api_propose_decisions(struct tu_api_call *call, struct tu_error *err)
{
	struct deciding d;
	enum tu_status status = take(call, &d, err);

	if (status == TU_OK)
		status = tu_api_write(call, propose, &d, err);
	if (status == TU_OK)
		tu_api_decide_answer(call, d.ids, d.ask.count);
	return status;
}

/* ---- the dry run ---- */

static void write_decision(
	struct tu_json_writer *json, const char *key, const struct tu_assessment_row *row)
{
	tu_json_key_str(json, tu_str_c(key));
	if (!row) {
		tu_json_add_null(json);
		return;
	}
	tu_json_open_object(json);
	tu_json_member_str(json, "id", row->public_id);
	tu_json_member_str(json, "name", row->name);
	tu_json_member_str(json, "state", row->approved ? TU_STR("approved") : TU_STR("proposed"));
	tu_json_member_str(json, "status", tu_str_c(tu_claim_status_name(row->decision->status)));
	tu_api_member_null(json, "decided_by", row->decision->decided_by);
	tu_api_member_us(json, "created", row->created);
	tu_api_write_premises(json, "premises", &row->decision->premises);
	tu_json_close_object(json);
}

static void write_warnings(struct tu_json_writer *json, const struct tu_deciding *d)
{
	tu_json_key(json, "warnings");
	tu_json_open_array(json);
	for (size_t i = 0; i < d->warnings.count; i++)
		tu_json_add_str(json, d->warnings.at[i]);
	tu_json_close_array(json);
}

static enum tu_status write_offers(
	struct deciding *d, const struct tu_decide_one *one, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(d->call);
	struct tu_offers offers;
	enum tu_status status = tu_offers_of(d->w->arena, d->call->list, one, &offers, err);

	if (status != TU_OK)
		return status;
	tu_json_key(json, "offered_to");
	tu_json_open_array(json);
	for (size_t i = 0; i < offers.count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "device", offers.at[i].device);
		tu_json_member_int(json, "findings", offers.at[i].findings);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_json_member_bool(json, "offered_to_more", offers.more);
	return TU_OK;
}

/* What follows from one that is without an error. */
static enum tu_status write_effect(
	struct deciding *d, const struct tu_decide_one *one, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(d->call);
	const struct tu_foresee_of of = {one->look, &one->finding, one->decision};
	struct tu_foreseen_list list;
	enum tu_status status = tu_foresee(d->w, &of, &list, err);

	if (status != TU_OK)
		return status;
	tu_json_member_str(json, "name", one->name);
	tu_json_member_str(json, "text", one->text);
	tu_record_digest(json, "sha256", one->digest);
	tu_json_member_int(json, "approvals_needed", one->look->settling.model->policy.approvals);
	tu_api_write_premises(json, "premises", &one->decision->premises);
	tu_api_write_deadlines(json, "starts", &list, true);
	tu_api_write_deadlines(json, "deadlines", &list, false);
	return write_offers(d, one, err);
}

static void write_finding(struct tu_json_writer *json, const struct tu_decide_one *one)
{
	size_t start;

	tu_json_key(json, "finding");
	start = tu_json_open_text(json);
	tu_finding_name_write(&one->on->finding, json->buf);
	tu_json_close_text(json, start);
	tu_api_member_null(json, "device", one->look ? one->look->device.name : TU_STR(""));
	tu_api_member_null(json, "release", one->look ? one->look->release.version : TU_STR(""));
	tu_api_member_null(
		json, "component", one->look ? one->finding.row->component->name : TU_STR(""));
	tu_api_member_null(json, "component_version",
		one->look ? one->finding.row->component->version : TU_STR(""));
}

static enum tu_status write_decided(
	struct deciding *d, const struct tu_decide_one *one, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(d->call);
	enum tu_status status = TU_OK;

	tu_json_open_object(json);
	write_finding(json, one);
	tu_api_member_null(
		json, "error", one->error.status ? tu_str_c(one->error.message) : TU_STR(""));
	write_decision(json, "supersedes", one->supersedes);
	write_decision(json, "contradicts", one->obstacle);
	write_warnings(json, &one->deciding);
	if (one->decision)
		status = write_effect(d, one, err);
	tu_json_close_object(json);
	return status;
}

/* ---- all of them ---- */

static void write_releases(struct tu_json_writer *json, const struct tu_dry_run *run)
{
	int64_t applies = 0, closes = 0, opens = 0, releases = 0;

	tu_json_key(json, "releases");
	tu_json_open_array(json);
	for (size_t i = 0; i < run->release_count; i++) {
		const struct tu_dry_release *row = &run->releases[i];

		tu_json_open_object(json);
		tu_json_member_str(json, "device", row->device);
		tu_json_member_str(json, "release", row->release);
		tu_json_member_bool(json, "looked_at", row->looked);
		tu_json_member_int(json, "applies", row->applies);
		tu_json_member_int(json, "closes", row->closes);
		tu_json_member_int(json, "opens", row->opens);
		tu_json_close_object(json);
		applies += row->applies;
		closes += row->closes;
		opens += row->opens;
		releases += row->applies > 0;
	}
	tu_json_close_array(json);
	tu_json_member_int(json, "applies", applies);
	tu_json_member_int(json, "applies_in", releases);
	tu_json_member_int(json, "closes", closes);
	tu_json_member_int(json, "opens", opens);
}

static void write_statements(struct tu_json_writer *json, const struct tu_dry_run *run)
{
	tu_json_key(json, "statements");
	tu_json_open_array(json);
	for (size_t i = 0; i < run->statement_count; i++) {
		const struct tu_issue_entry *entry = run->statements[i].entry;

		tu_json_open_object(json);
		tu_json_member_str(json, "device", run->statements[i].device);
		tu_json_member_str(json, "release", run->statements[i].release);
		tu_json_member_str(json, "vulnerability", entry->vulnerability);
		tu_json_member_str(json, "status", tu_str_c(tu_claim_status_name(entry->status)));
		tu_api_member_null(json, "justification", entry->justification);
		tu_api_member_null(json, "impact", entry->impact);
		tu_api_member_null(json, "action", entry->action);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

/* Against the first one that is without an error. */
static bool differs(const struct tu_decide_all *all, const struct tu_premise_word *word)
{
	const struct tu_premises *first = NULL;

	for (size_t i = 0; i < all->count; i++) {
		const struct tu_decision *decision = all->at[i].decision;

		if (!decision)
			continue;
		if (first && !word->same(first, &decision->premises))
			return true;
		if (!first)
			first = &decision->premises;
	}
	return false;
}

static void write_differences(struct tu_json_writer *json, const struct tu_decide_all *all)
{
	tu_json_key(json, "differs");
	tu_json_open_array(json);
	for (size_t i = 0; i < tu_premise_word_count; i++)
		if (differs(all, &tu_premise_words[i]))
			tu_json_add_str(json, tu_str_c(tu_premise_words[i].name));
	tu_json_close_array(json);
}

static enum tu_status write_run(struct deciding *d, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(d->call);
	enum tu_status status = TU_OK;

	tu_json_open_object(json);
	tu_json_member_bool(json, "possible", d->all.errors == 0 && !d->run.conflict.len);
	tu_api_member_null(json, "conflict", d->run.conflict);
	tu_json_key(json, "decisions");
	tu_json_open_array(json);
	for (size_t i = 0; i < d->all.count && status == TU_OK; i++)
		status = write_decided(d, &d->all.at[i], err);
	tu_json_close_array(json);
	write_differences(json, &d->all);
	write_releases(json, &d->run);
	write_statements(json, &d->run);
	tu_json_close_object(json);
	return status;
}

static enum tu_status run_dry(struct tu_work *w, void *self, struct tu_error *err)
{
	struct deciding *d = self;
	enum tu_status status = tu_decide_prepare(w, &d->ask, false, &d->all, err);

	tu_api_restart(d->call);
	d->w = w;
	if (status == TU_OK)
		status = tu_dry_run(w, &d->all, &d->run, err);
	return status ? status : write_run(d, err);
}

enum tu_status tu_api_try_decisions(struct tu_api_call *call, struct tu_error *err)
{
	struct deciding d;
	enum tu_status status = take(call, &d, err);

	if (status == TU_OK)
		status = tu_api_list(call, err);
	return status ? status : tu_api_read(call, run_dry, &d, err);
}
