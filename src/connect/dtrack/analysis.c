/*
 * Triage: what is decided on a finding, and what a client states about it.
 *
 * Nobody decides by this door: what a client states is proposed, and waits for persons. So the
 * state that is read is what was approved; a proposal is IN_TRIAGE, and a comment says what it
 * would be.
 */
#include "api/sign.h"
#include "app/triage.h"
#include "connect/dtrack/operations.h"
#include "connect/dtrack/result.h"
#include "portfolio/actor.h"
#include "portfolio/decide.h"
#include "service/service.h"

enum { COMMENT_MAX = 512 << 10 };

struct triaging {
	struct tu_api_call *call;
	struct tu_str project, component, vulnerability; /* UUIDs as sent */
	struct tu_dtrack_project of;
	struct tu_finding_name finding; /* in the arena of the call */
	/* of a work */
	struct tu_look look;
	struct tu_look_finding found;
	/* of what is stated */
	struct tu_triage stated;
	struct tu_triage_as as;
	struct tu_decide_request request;
	struct tu_decide_on on;
	bool nothing_new;
};

/* ---- which finding ---- */

static enum tu_status unknown(struct tu_error *err)
{
	return tu_api_unknown(err, "finding in this project");
}

static enum tu_status find_finding(struct triaging *t, struct tu_error *err)
{
	struct tu_dtrack_findings findings;
	char component[TU_RANDOM_ID + 1], vulnerability[TU_RANDOM_ID + 1];
	enum tu_status status = tu_dtrack__project(t->call, t->project, &t->of, err);

	if (status == TU_OK)
		status = tu_dtrack__findings(
			t->call, &t->of, &tu_dtrack__worst_first, &findings, err);
	if (status != TU_OK)
		return status;
	if (!tu_dtrack_uuid_read(t->component, component) ||
		!tu_dtrack_uuid_read(t->vulnerability, vulnerability))
		return unknown(err);
	for (size_t i = 0; i < findings.count; i++) {
		const struct tu_dtrack_uuid of_component =
			tu_dtrack__component_uuid(&findings.at[i]);
		const struct tu_str name = findings.at[i].vulnerability.name;
		const struct tu_dtrack_uuid of_name = tu_dtrack_uuid_of_vulnerability(name);

		if (!tu_str_ieq(tu_dtrack_uuid_str(&of_component), t->component) ||
			!tu_str_ieq(tu_dtrack_uuid_str(&of_name), t->vulnerability))
			continue;
		t->finding = (struct tu_finding_name){.vulnerability = name, .release = t->of.id};
		return tu_arena_dup(
			       t->call->arena, tu_random_id_str(component), &t->finding.component)
			? TU_OK
			: tu_no_memory(err);
	}
	return unknown(err);
}

static enum tu_status look(struct triaging *t, struct tu_work *w, struct tu_error *err)
{
	enum tu_status status;

	t->look = (struct tu_look){.scope = &t->call->who.scope,
		.kb = t->call->kb->kb,
		.reader = tu_service_reader(t->call->service)};
	status = tu_look_open(w, t->of.id, &t->look, err);
	return status ? status
		      : tu_look_find(&t->look, t->finding.vulnerability, t->finding.component,
				&t->found, err);
}

/* Is a decision about this finding, in this release? */
static bool is_about(const struct triaging *t, const struct tu_assessment_row *row)
{
	return tu_decision_names_release(row->decision, t->look.release.version) &&
		tu_assess_concerns(&t->look.answer.input, t->found.assessment->of, row->decision);
}

/* The decision in force; NULL: none is. */
static const struct tu_decision *in_force(const struct triaging *t)
{
	const struct tu_assessment *a = t->found.assessment;

	return a->state == TU_ASSESS_DECIDED || a->state == TU_ASSESS_CARRIED ? a->decision : NULL;
}

/* ---- the answer ---- */

static void member_c(struct tu_json_writer *json, const char *key, const char *text)
{
	tu_json_member_str(json, key, tu_str_c(text));
}

/* By what they are called; a key by its label is nobody. */
static enum tu_status write_commenter(struct tu_json_writer *json, struct tu_work *w,
	const struct tu_assessment_row *row, struct tu_error *err)
{
	struct tu_actor_person person;
	enum tu_status status = tu_actor_person(w, row->author, &person, err);

	if (status == TU_OK)
		tu_json_member_str(json, "commenter",
			person.name.len		   ? person.name
				: person.login.len ? person.login
						   : row->author);
	return status;
}

static void write_words(struct tu_buf *text, const struct tu_assessment_row *row)
{
	const struct tu_decision *d = row->decision;

	tu_buf_printf(text, "%s: %s", row->approved ? "Approved" : "Proposed, waits for approval",
		tu_triage_state(d->status));
	if (d->justification)
		tu_buf_printf(text, " (%s)", tu_triage_justification(d->justification));
	tu_buf_c(text, ".");
	if (d->impact.len)
		tu_buf_printf(text, " %.*s", TU_STR_FMT(d->impact));
	if (d->rationale.len)
		tu_buf_printf(text, " %.*s", TU_STR_FMT(d->rationale));
}

static enum tu_status write_comment(struct tu_json_writer *json, struct tu_work *w,
	const struct tu_assessment_row *row, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status;

	tu_buf_init(&text, COMMENT_MAX);
	write_words(&text, row);
	tu_json_open_object(json);
	tu_json_member_int(json, "timestamp", tu_dtrack__ms(row->created));
	tu_json_member_str(json, "comment", tu_buf_str(&text));
	status = write_commenter(json, w, row, err);
	tu_json_close_object(json);
	if (status == TU_OK && text.failed)
		status = tu_fail(err, TU_E_LIMIT, 0, "a comment is too large");
	tu_buf_done(&text);
	return status;
}

static enum tu_status write_comments(
	struct triaging *t, struct tu_work *w, struct tu_str *out_proposed, struct tu_error *err)
{
	const struct tu_assessment_rows *rows = &t->look.settling.assessments;
	struct tu_json_writer *json = tu_api_json(t->call);
	enum tu_status status = TU_OK;

	tu_json_key(json, "analysisComments");
	tu_json_open_array(json);
	for (size_t i = 0; i < rows->count && status == TU_OK; i++) {
		const struct tu_assessment_row *row = &rows->at[i];

		if (row->decision != in_force(t) && !is_about(t, row))
			continue;
		if (!row->approved)
			*out_proposed = row->public_id;
		status = write_comment(json, w, row, err);
	}
	tu_json_close_array(json);
	return status;
}

/*
 * What the person who asks has proposed themselves; NULL: nothing. They are shown their own words,
 * for the web interface sends back with each change what it was shown: as IN_TRIAGE, their next
 * click would propose that in place of what they said. Nobody else takes it for a decision.
 */
static const struct tu_decision *own_proposal(const struct triaging *t)
{
	const struct tu_assessment_rows *rows = &t->look.settling.assessments;
	const struct tu_decision *own = NULL;

	for (size_t i = 0; i < rows->count && t->call->who.by == TU_ACCESS_SESSION; i++) {
		const struct tu_assessment_row *row = &rows->at[i];

		if (!row->approved && tu_str_eq(row->author, t->call->act.actor) &&
			is_about(t, row) &&
			!tu_decision_is_superseded(row->decision, rows->all, rows->count))
			own = row->decision;
	}
	return own;
}

static void write_state(struct triaging *t, bool proposed)
{
	const struct tu_decision *own = own_proposal(t), *d = own ? own : in_force(t);
	struct tu_json_writer *json = tu_api_json(t->call);
	const bool waits = proposed || t->found.assessment->state == TU_ASSESS_REOPENED ||
		(t->found.assessment->decision && !d);

	member_c(json, "analysisState",
		d		? tu_triage_state(d->status)
			: waits ? "IN_TRIAGE"
				: "NOT_SET");
	member_c(json, "analysisJustification",
		d ? tu_triage_justification(d->justification) : "NOT_SET");
	member_c(json, "analysisResponse", d ? tu_triage_response(d->action.remedy) : "NOT_SET");
	tu_json_member_str(json, "analysisDetails", d ? d->impact : TU_STR(""));
	tu_json_member_bool(json, "isSuppressed", tu_assess_is_closed(t->found.assessment));
}

static enum tu_status show(struct tu_work *w, void *self, struct tu_error *err)
{
	struct triaging *t = self;
	struct tu_json_writer *json = tu_api_json(t->call);
	struct tu_str proposed = {0};
	size_t start;
	enum tu_status status = look(t, w, err);

	tu_api_restart(t->call);
	if (status != TU_OK)
		return status == TU_E_NOTFOUND ? unknown(err) : status;
	tu_json_open_object(json);
	status = write_comments(t, w, &proposed, err);
	write_state(t, proposed.len > 0);
	tu_json_key(json, "tutela");
	tu_json_open_object(json);
	tu_json_key(json, "finding");
	start = tu_json_open_text(json);
	tu_finding_name_write(&t->finding, json->buf);
	tu_json_close_text(json, start);
	tu_api_member_null(json, "proposed", proposed);
	tu_json_close_object(json);
	tu_json_close_object(json);
	return status;
}

enum tu_status tu_dtrack_retrieve_analysis(struct tu_api_call *call, struct tu_error *err)
{
	struct triaging t = {.call = call,
		.project = tu_api_query(call, "project"),
		.component = tu_api_query(call, "component"),
		.vulnerability = tu_api_query(call, "vulnerability")};
	enum tu_status status = find_finding(&t, err);

	if (status == TU_OK)
		status = tu_api_kb(call, err);
	return status ? status : tu_api_read(call, show, &t, err);
}

/* ---- what is stated ---- */

static enum tu_status take_body(struct triaging *t, struct tu_error *err)
{
	struct tu_api_call *call = t->call;
	struct tu_buf origin;
	bool fine;

	t->project = tu_api_body_str(call, "project");
	t->component = tu_api_body_str(call, "component");
	t->vulnerability = tu_api_body_str(call, "vulnerability");
	tu_buf_init(&origin, 1000);
	tu_buf_c(&origin, "a client of Dependency-Track's API");
	if (call->who.by == TU_ACCESS_KEY)
		tu_buf_printf(&origin, ", by key %s", call->who.actor);
	fine = !origin.failed && tu_arena_dup(call->arena, tu_buf_str(&origin), &t->stated.origin);
	tu_buf_done(&origin);
	t->stated.state = tu_api_body_str(call, "analysisState");
	t->stated.justification = tu_api_body_str(call, "analysisJustification");
	t->stated.response = tu_api_body_str(call, "analysisResponse");
	t->stated.details = tu_api_body_str(call, "analysisDetails");
	t->stated.comment = tu_api_body_str(call, "comment");
	t->stated.suppressed = tu_json_true(tu_json_get(call->body, TU_STR("isSuppressed"))) ||
		tu_json_true(tu_json_get(call->body, TU_STR("suppressed")));
	return fine ? TU_OK : tu_no_memory(err);
}

static const char *c_or_null(struct tu_arena *arena, struct tu_str text, bool *fine)
{
	const char *copy = text.len ? tu_decide__c_text(arena, text) : NULL;

	*fine = *fine && (copy || !text.len);
	return copy;
}

static enum tu_status take_request(struct triaging *t, struct tu_error *err)
{
	struct tu_arena *arena = t->call->arena;
	bool fine = true;
	enum tu_status status = tu_triage_read(arena, &t->stated, &t->as, err);

	if (status != TU_OK) {
		t->call->problem.type = TU_PROBLEM_INVALID;
		return status;
	}
	t->request = (struct tu_decide_request){.members = true,
		.status = tu_claim_status_name(t->as.status),
		.justification =
			t->as.justification ? tu_justification_name(t->as.justification) : NULL,
		.remedy = t->as.remedy ? tu_remediation_name(t->as.remedy) : NULL,
		.impact = c_or_null(arena, t->as.impact, &fine),
		.action = c_or_null(arena, t->as.action, &fine),
		.rationale = c_or_null(arena, t->as.rationale, &fine)};
	return fine ? TU_OK : tu_no_memory(err);
}

static bool says_the_same(const struct triaging *t, const struct tu_decision *d)
{
	return d->status == t->as.status && d->justification == t->as.justification &&
		tu_str_eq(d->impact, t->as.impact) && tu_str_eq(d->rationale, t->as.rationale);
}

/*
 * What it takes the place of: a proposal of the same author, or what is approved, which stays in
 * force until the new one is. A proposal of somebody else is in the way, and they are named.
 */
static enum tu_status look_before(struct tu_work *w, void *self, struct tu_error *err)
{
	struct triaging *t = self;
	enum tu_status status = look(t, w, err);
	const struct tu_assessment_rows *rows = &t->look.settling.assessments;
	const struct tu_assessment_row *replaced = NULL;

	if (status != TU_OK)
		return status == TU_E_NOTFOUND ? unknown(err) : status;
	t->nothing_new = false;
	for (size_t i = 0; i < rows->count; i++) {
		const struct tu_assessment_row *row = &rows->at[i];

		if (!is_about(t, row) ||
			tu_decision_is_superseded(row->decision, rows->all, rows->count))
			continue;
		t->nothing_new |= says_the_same(t, row->decision);
		if (row->approved || tu_str_eq(row->author, t->call->act.actor))
			replaced = row;
	}
	if (!t->as.decides && replaced)
		return tu_fail(err, TU_E_CONFLICT, 0,
			"NOT_SET takes nothing back: decision %.*s is rejected, or another takes "
			"its "
			"place",
			TU_STR_FMT(replaced->name));
	t->on = (struct tu_decide_on){.finding = t->finding};
	return !replaced || tu_arena_dup(t->call->arena, replaced->public_id, &t->on.supersedes)
		? TU_OK
		: tu_no_memory(err);
}

static enum tu_status propose(struct tu_work *w, void *self, struct tu_error *err)
{
	struct triaging *t = self;
	const struct tu_decide_ask ask = {.scope = &t->call->who.scope,
		.kb = t->call->kb->kb,
		.reader = tu_service_reader(t->call->service),
		.stated = &t->request,
		.on = &t->on,
		.count = 1};
	struct tu_decide_all all;
	struct tu_str id;
	enum tu_status status = tu_decide_propose(w, &ask, &all, &id, err);

	/* there is one finding: which of them is no question */
	if (status != TU_OK && err && all.count && all.at[0].error.status)
		*err = all.at[0].error;
	return status;
}

/* Words alone have no place here: what is said is kept with a proposal. */
static enum tu_status check_stated(struct triaging *t, struct tu_error *err)
{
	t->call->problem.type = TU_PROBLEM_INVALID;
	if (!t->project.len)
		return tu_fail(err, TU_E_USAGE, 0,
			"project is missing: a component is the same in all projects");
	if (!t->stated.state.len)
		return tu_fail(err, TU_E_USAGE, 0,
			"analysisState is missing: comments, details and suppression are kept with "
			"a "
			"state that is proposed");
	t->call->problem.type = TU_PROBLEM_NONE;
	return TU_OK;
}

enum tu_status tu_dtrack_update_analysis(struct tu_api_call *call, struct tu_error *err)
{
	struct triaging t = {.call = call};
	enum tu_status status = take_body(&t, err);

	if (status == TU_OK)
		status = check_stated(&t, err);
	if (status == TU_OK)
		status = find_finding(&t, err);
	if (status == TU_OK)
		status = take_request(&t, err);
	if (status == TU_OK)
		status = tu_api_kb_newest(call, err);
	if (status == TU_OK)
		status = tu_api_read(call, look_before, &t, err);
	if (status == TU_OK && t.as.decides && !t.nothing_new)
		status = tu_api_write(call, propose, &t, err);
	return status ? status : tu_api_read(call, show, &t, err);
}
