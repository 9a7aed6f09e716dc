#include "portfolio/approve.h"

#include <stdio.h>

#include "portfolio/actor.h"
#include "portfolio/case_keep.h"
#include "portfolio/scope.h"

enum { REASON_MAX = 512 };

/* ---- the proposal ---- */

struct proposal {
	int64_t id, document_id, version;
	struct tu_str public_id, name, state, author;
	struct tu_device_row device;
	uint8_t digest[TU_SHA256_BYTES];
};

static enum tu_status read_row(struct tu_work *w, struct tu_str public_id, struct proposal *p,
	struct tu_str *device, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status closed;
	enum tu_status status = tu_tx_row(
		w->tx, TU_SQL_ASSESSMENT_BY_PUBLIC, TU_BIND(tu_text(public_id)), &rows, err);

	if (status == TU_E_NOTFOUND)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no decision \"%.*s\"",
			TU_STR_FMT(tu_str_first(public_id, TU_RANDOM_ID)));
	if (status != TU_OK)
		return status;
	*p = (struct proposal){.id = tu_rows_int(rows, 0),
		.document_id = tu_rows_int(rows, 1),
		.version = tu_rows_int(rows, 7),
		.public_id = public_id};
	status = tu_work_dup(w, tu_rows_text(rows, 2), &p->name, err);
	if (status == TU_OK)
		status = tu_work_dup(w, tu_rows_text(rows, 3), &p->state, err);
	if (status == TU_OK)
		status = tu_work_dup(w, tu_rows_text(rows, 4), &p->author, err);
	if (status == TU_OK)
		status = tu_work_dup(w, tu_rows_text(rows, 5), device, err);
	closed = tu_rows_close(rows, status ? NULL : err);
	return status ? status : closed;
}

/* It, as it was shown. */
static enum tu_status find(struct tu_work *w, const struct tu_proposal_act *act, struct proposal *p,
	struct tu_error *err)
{
	struct tu_str device;
	enum tu_status status = read_row(w, act->public_id, p, &device, err);

	if (status == TU_OK)
		status = tu_device_find(w, device, &p->device, err);
	if (status == TU_OK)
		status = tu_document_digest(w->tx, p->document_id, p->digest, err);
	if (status != TU_OK)
		return status;
	if (!tu_str_eq(p->state, TU_STR("proposed")))
		return tu_fail(err, TU_E_USAGE, 0, "decision %.*s is %.*s, not proposed",
			TU_STR_FMT(p->name), TU_STR_FMT(p->state));
	if (p->version != act->version || memcmp(p->digest, act->digest, TU_SHA256_BYTES) != 0)
		return tu_fail(err, TU_E_CONFLICT, 0, "decision %.*s: changed since you read it",
			TU_STR_FMT(p->name));
	return TU_OK;
}

static enum tu_status move(struct tu_work *w, const struct proposal *p, const char *to,
	const struct tu_signature *signature, struct tu_error *err)
{
	struct tu_record record;
	enum tu_status status = tu_work_update(w, TU_SQL_ASSESSMENT_MOVE,
		TU_BIND(tu_int(p->id), tu_int(p->version), tu_text(tu_str_c(to)),
			signature ? tu_int(signature->id) : tu_null()),
		"decision", err);

	if (status != TU_OK)
		return status;
	tu_record_begin(&record, signature ? "decision.approve" : "decision.reject",
		"decision:%.*s/%.*s", TU_STR_FMT(p->device.name), TU_STR_FMT(p->name));
	tu_json_member_str(&record.json, "before", p->state);
	tu_json_member_str(&record.json, "after", tu_str_c(to));
	if (signature)
		tu_json_member_str(&record.json, "signature", tu_str_c(signature->public));
	return tu_record_add(&record, w, err);
}

/* ---- approving ---- */

/* The subject of its signatures. */
enum tu_status tu_assessment_subject(
	struct tu_work *w, struct tu_str public_id, struct tu_str *out, struct tu_error *err)
{
	struct tu_buf text;
	enum tu_status status = TU_OK;

	tu_buf_init(&text, TU_SIGN_SUBJECT_MAX);
	tu_buf_c(&text, "assessment:");
	tu_buf_str_add(&text, public_id);
	if (text.failed || !tu_arena_dup(w->arena, tu_buf_str(&text), out))
		status = tu_no_memory(err);
	tu_buf_done(&text);
	return status;
}

/* Whom the text says decided it has it for their own work, too. */
static enum tu_status check_decider(
	struct tu_work *w, const struct proposal *p, struct tu_error *err)
{
	const struct tu_decision *decision;
	struct tu_person person;
	struct tu_str text, decider;
	enum tu_status status = tu_work_document(w, p->document_id, &text, err);

	if (status == TU_OK)
		status = tu_decision_read(w->arena, p->name, text, NULL, &decision, err);
	if (status == TU_OK)
		status = tu_person_find(w->tx, w->act->actor, w->arena, &person, err);
	if (status != TU_OK)
		return status;
	decider = tu_str_trim(decision->decided_by);
	if (!decider.len ||
		(!tu_str_ieq(decider, person.name) && !tu_str_ieq(decider, person.login) &&
			!tu_str_ieq(decider, person.mail) && !tu_str_eq(decider, person.public)))
		return TU_OK;
	return tu_fail_at(err, TU_E_CONSTRAINT, &(struct tu_error_place){.pointer = "own-work"},
		"decision %.*s: nobody reviews or approves their own work, and it says that "
		"\"%.*s\" decided it",
		TU_STR_FMT(p->name), TU_STR_FMT(tu_str_first(decider, 60)));
}

static enum tu_status record_signature(
	struct tu_work *w, const struct tu_signature *signature, struct tu_error *err)
{
	struct tu_record record;

	tu_record_begin(&record, "signature.add", "signature:%s", signature->public);
	tu_signature_write_record(signature, &record.json);
	return tu_record_add(&record, w, err);
}

/* Sign, and count the persons who have. */
static enum tu_status sign(struct tu_work *w, const struct proposal *p,
	const struct tu_proposal_act *act, struct tu_proposal_outcome *out, struct tu_error *err)
{
	struct tu_signature_request request = {.person = w->act->actor,
		.proof = act->proof,
		.meaning = TU_MEANING_APPROVAL,
		.author = p->author,
		.at = w->act->at,
		.zone = act->zone};
	int64_t persons = 0;
	enum tu_status status = tu_assessment_subject(w, p->public_id, &request.subject, err);

	memcpy(request.content, p->digest, sizeof(request.content));
	if (status == TU_OK)
		status = tu_signature_add(w->tx, &request, &out->signature, err);
	if (status == TU_OK)
		status = record_signature(w, &out->signature, err);
	if (status == TU_OK)
		status = tu_signature_count(w->tx, &request, &persons, err);
	out->approvals = (uint32_t)persons;
	return status;
}

enum tu_status tu_assessment_approve(struct tu_work *w, const struct tu_proposal_act *act,
	struct tu_proposal_outcome *out, struct tu_error *err)
{
	const struct tu_device *model;
	struct proposal p;
	enum tu_status status = find(w, act, &p, err);

	*out = (struct tu_proposal_outcome){0};
	if (status == TU_OK)
		status = tu_device_load(w, &p.device, &model, NULL, err);
	if (status == TU_OK)
		status = check_decider(w, &p, err);
	if (status == TU_OK)
		status = sign(w, &p, act, out, err);
	if (status != TU_OK)
		return status;
	out->needed = model->policy.approvals;
	out->approved = out->approvals >= out->needed;
	return out->approved ? move(w, &p, "approved", &out->signature, err) : TU_OK;
}

enum tu_status tu_assessment_approvals(
	struct tu_work *w, const struct tu_assessment_row *row, uint32_t *out, struct tu_error *err)
{
	struct tu_signature_request of = {.meaning = TU_MEANING_APPROVAL, .author = row->author};
	int64_t persons = 0;
	enum tu_status status = tu_assessment_subject(w, row->public_id, &of.subject, err);

	memcpy(of.content, row->digest, sizeof(of.content));
	if (status == TU_OK)
		status = tu_signature_count(w->tx, &of, &persons, err);
	*out = (uint32_t)persons;
	return status;
}

/* ---- rejecting ---- */

/* By whoever may review; it is no signature, so what a signature shows is not asked for. */
static enum tu_status may_reject(
	struct tu_work *w, const struct tu_proposal_act *act, struct tu_error *err)
{
	struct tu_person person;
	enum tu_status status = tu_person_find(w->tx, w->act->actor, w->arena, &person, err);
	struct tu_signature_facts facts = {.role = person.role,
		.meaning = TU_MEANING_REVIEW,
		.active = person.active,
		.named = true,
		.proven = act->proof.person == person.id,
		.proof_age = w->act->at - act->proof.at,
		.zone = true};

	return status ? status : tu_signature_judge(&facts, err);
}

enum tu_status tu_assessment_reject(
	struct tu_work *w, const struct tu_proposal_act *act, struct tu_error *err)
{
	struct proposal p;
	enum tu_status status = find(w, act, &p, err);

	if (status == TU_OK && !tu_str_trim(w->act->reason).len)
		return tu_fail(err, TU_E_USAGE, 0, "a decision is rejected for a reason");
	if (status == TU_OK)
		status = may_reject(w, act, err);
	return status ? status : move(w, &p, "rejected", NULL, err);
}

/* ---- the whole ---- */

static enum tu_status read_effect(struct tu_work *w, struct tu_str public_id,
	struct tu_proposal_outcome *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_ASSESSMENT_EFFECT, TU_BIND(tu_text(public_id)), &rows, err);

	if (status != TU_OK)
		return status;
	out->findings = tu_rows_int(rows, 0);
	out->releases = tu_rows_int(rows, 1);
	out->reopened = tu_rows_int(rows, 2);
	return tu_rows_close(rows, err);
}

/* What it starts is listed for ever: its case has it. */
static enum tu_status keep_deadlines(struct tu_work *w, const struct tu_proposal_decide *d,
	const struct tu_settling *settling, struct tu_error *err)
{
	struct tu_case_keeping keeping = {.device = settling->device, .kb = d->kb};
	char reason[REASON_MAX];

	for (size_t i = 0; i < settling->assessments.count; i++) {
		const struct tu_assessment_row *row = &settling->assessments.at[i];

		if (!tu_str_eq(row->public_id, d->proposal->public_id))
			continue;
		(void)snprintf(reason, sizeof(reason), "approved decision %.*s",
			TU_STR_FMT(tu_str_first(row->name, REASON_MAX / 2)));
		keeping.vuln = row->decision->vulnerability;
		keeping.reason = tu_str_c(reason);
		return tu_case_keep(w, &keeping, err);
	}
	return TU_OK;
}

static enum tu_status decide(struct tu_work *w, struct tu_proposal_decide *d,
	struct tu_settling *settling, struct tu_error *err)
{
	enum tu_status status;

	if (d->reject)
		status = tu_assessment_reject(w, d->proposal, err);
	else
		status = tu_assessment_approve(w, d->proposal, &d->outcome, err);
	if (status != TU_OK || (!d->reject && !d->outcome.approved))
		return status;
	status = tu_assessment_list(w, settling->device->id, &settling->assessments, err);
	if (status == TU_OK)
		status = tu_settle_device(w, settling, err);
	if (status == TU_OK && !d->reject)
		status = keep_deadlines(w, d, settling, err);
	return status ? status : read_effect(w, d->proposal->public_id, &d->outcome, err);
}

/* As it is now: who left the team since they asked decides no more. The answer is that of what is
 * not there.
 */
static enum tu_status check_scope(
	struct tu_work *w, const struct tu_device_row *device, struct tu_error *err)
{
	struct tu_list_scope scope;
	enum tu_status status = tu_scope_of_person(w->tx, w->act->actor, w->arena, &scope, err);

	if (status != TU_OK || tu_scope_has(&scope, device->id))
		return status;
	return tu_fail(err, TU_E_NOTFOUND, 0, "no such decision");
}

static enum tu_status decide_once(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_proposal_decide *d = self;
	struct tu_settling settling;
	struct tu_device_row device;
	struct tu_str name;
	struct proposal p;
	enum tu_status status = read_row(w, d->proposal->public_id, &p, &name, err);

	d->outcome = (struct tu_proposal_outcome){0};
	if (status == TU_OK)
		status = tu_device_find(w, name, &device, err);
	if (status == TU_OK && d->scoped)
		status = check_scope(w, &device, err);
	if (status == TU_OK)
		status = tu_settling_begin(w, &device, d->kb, &settling, err);
	settling.reader = d->reader;
	settling.strict = true;
	return status ? status : decide(w, d, &settling, err);
}

enum tu_status tu_proposal_decide(struct tu_store *store, const struct tu_act *act,
	struct tu_proposal_decide *d, struct tu_error *err)
{
	return tu_work_run(store, act, decide_once, d, err);
}
