/* One finding, with everything that it rests on. */
#include <tutela/claim.h>
#include <tutela/sbom_above.h>

#include "api/finding_json.h"
#include "assess/assess.h"
#include "portfolio/scope.h"
#include "service/service.h"
#include "show/json_parts.h"

enum { PLACES_MAX = 50, PATH_DEPTH = 64 };

struct answering {
	struct tu_api_call *call;
	struct tu_work *w;
	struct tu_look look;
	struct tu_look_finding finding;
	struct tu_json_writer *json;
};

static void member_c(struct tu_json_writer *json, const char *key, const char *text)
{
	tu_api_member_null(json, key, tu_str_c(text ? text : ""));
}

/* ---- where ---- */

/* From the outermost down, by the first of what it is below of. */
static void write_path(
	struct tu_json_writer *json, const struct tu_inventory *inventory, uint32_t component)
{
	const struct tu_sbom_above *above = inventory->above;
	uint32_t path[PATH_DEPTH];
	size_t depth = 0;

	while (depth < PATH_DEPTH) {
		path[depth++] = component;
		if (!above || above->starts[component] == above->starts[component + 1] ||
			(above->outermost[component] & TU_SBOM_IS_ROOT))
			break;
		component = above->parents[above->starts[component]];
	}
	tu_json_key(json, "path");
	tu_json_open_array(json);
	while (depth-- > 0)
		tu_json_add_str(json, inventory->components[path[depth]].name);
	tu_json_close_array(json);
}

/* Every place of the SBOM where it is, as all findings of this component and vulnerability. */
static void write_places(struct answering *a)
{
	const struct tu_inventory *inventory = a->look.answer.input.inventory;
	size_t shown = 0, count = 0;

	tu_json_key(a->json, "where");
	tu_json_open_array(a->json);
	for (uint32_t i = 0; i < inventory->component_count; i++) {
		const struct tu_prepared *prepared = &a->look.prepared;

		if (&prepared->components[prepared->component_of[i]] != a->finding.component)
			continue;
		count++;
		if (shown++ >= PLACES_MAX)
			continue;
		tu_json_open_object(a->json);
		tu_json_key(a->json, "component");
		tu_json_component(a->json, inventory, &inventory->components[i]);
		write_path(a->json, inventory, i);
		tu_json_close_object(a->json);
	}
	tu_json_close_array(a->json);
	tu_json_member_int(a->json, "places", (int64_t)count);
}

/* ---- what it is about ---- */

static void write_head(struct answering *a)
{
	const struct tu_look *look = &a->look;
	const struct tu_component *component = a->finding.row->component;
	size_t start;

	tu_api_member_finding(a->json, "id", a->finding.row->vulnerability->facts.id,
		a->finding.component->identity.key, look->release.public_id);
	tu_json_key(a->json, "release");
	tu_json_open_object(a->json);
	tu_json_member_str(a->json, "id", look->release.public_id);
	tu_json_member_str(a->json, "device", look->device.name);
	tu_json_member_str(a->json, "title", look->device.title);
	tu_json_member_str(a->json, "name", look->release.version);
	tu_json_member_str(a->json, "state", look->release.state);
	tu_json_member_bool(a->json, "settled", !look->release.due);
	tu_json_close_object(a->json);
	tu_json_key(a->json, "component");
	tu_json_open_object(a->json);
	tu_json_key(a->json, "id");
	start = tu_json_open_text(a->json);
	tu_look_write_component(a->finding.component->identity.key, a->json->buf);
	tu_json_close_text(a->json, start);
	tu_json_member_str(a->json, "name", component->name);
	tu_api_member_null(a->json, "version", component->version);
	tu_api_member_null(a->json, "purl", component->purl);
	tu_json_close_object(a->json);
}

static enum tu_status write_match(struct answering *a, struct tu_error *err)
{
	const struct tu_finding *f = a->finding.row->finding;
	enum tu_status status;

	tu_json_key(a->json, "vulnerability");
	tu_json_open_object(a->json);
	status = tu_api_write_vulnerability(
		a->json, a->w->arena, a->look.kb, a->finding.row->vulnerability, err);
	tu_json_close_object(a->json);
	member_c(a->json, "verdict", tu_match_verdict_name(f->verdict));
	member_c(a->json, "reason", tu_reason_name(f->reason));
	member_c(a->json, "explanation", tu_reason_sentence(f->reason));
	tu_api_member_null(a->json, "statement", f->statement);
	tu_api_member_null(a->json, "fixed", f->fixed);
	return status ? status : tu_api_write_evidence(a->json, &a->look, &a->finding, err);
}

/* ---- what is said of it ---- */

static const char *state_of(const struct tu_assessment *a)
{
	return a->state == TU_ASSESS_SUPPLIER ? "supplier" : tu_assess_state_label(a->state);
}

/* A proposal that would apply where nothing that is approved does. */
static void write_proposed(struct answering *a)
{
	const struct tu_assessment *proposed = a->finding.proposed;
	const struct tu_assessment_row *row =
		proposed ? tu_look_row(&a->look, proposed->decision) : NULL;

	tu_json_key(a->json, "proposed");
	if (!row || row->approved ||
		(proposed->state != TU_ASSESS_DECIDED && proposed->state != TU_ASSESS_CARRIED)) {
		tu_json_add_null(a->json);
		return;
	}
	tu_json_open_object(a->json);
	tu_json_member_str(a->json, "decision", row->public_id);
	member_c(a->json, "status", tu_claim_status_name(proposed->status));
	member_c(a->json, "risk", tu_risk_name(proposed->risk));
	member_c(a->json, "harm", tu_harm_name(proposed->harm));
	tu_json_close_object(a->json);
}

static void write_state(struct answering *a)
{
	const struct tu_assessment *x = a->finding.assessment;
	const struct tu_assessment_row *row = tu_look_row(&a->look, x->decision);

	member_c(a->json, "state", state_of(x));
	tu_json_member_bool(a->json, "assessed", tu_assess_is_assessed(x));
	tu_json_member_bool(a->json, "closed", tu_assess_is_closed(x));
	tu_api_member_seconds(a->json, "since", x->since);
	tu_api_member_null(a->json, "decision", row ? row->public_id : (struct tu_str){0});
	member_c(a->json, "reopened_by", tu_reopen_name(x->reopen));
	tu_api_member_null(a->json, "reopened_why", x->reopen_why);
	member_c(a->json, "status", tu_claim_status_name(x->status));
	member_c(a->json, "risk", tu_risk_name(x->risk));
	member_c(a->json, "harm", tu_harm_name(x->harm));
	write_proposed(a);
	tu_api_member_null(a->json, "conflict", a->look.conflict);
}

/* ---- earlier decisions ---- */

static const struct tu_assessment_row *standing(
	const struct answering *a, const struct tu_decision_row *row)
{
	const struct tu_assessment_rows *rows = &a->look.settling.assessments;

	for (size_t i = 0; i < rows->count; i++)
		if (tu_str_eq(rows->at[i].public_id, row->public_id))
			return &rows->at[i];
	return NULL;
}

/* Whether it is valid for this finding now, and the first premise that does not. */
static enum tu_status write_premises(
	struct answering *a, const struct tu_decision *decision, struct tu_error *err)
{
	struct tu_assess_change change = {0};
	enum tu_status status = tu_assess__changed(a->w->arena, &a->look.answer.input,
		a->finding.assessment->of, decision, &change, err);

	if (status != TU_OK)
		return status;
	tu_json_member_bool(a->json, "names_release",
		tu_decision_names_release(decision, a->look.release.version));
	tu_json_member_bool(a->json, "valid", change.reopen == TU_REOPEN_NONE);
	member_c(a->json, "changed", change.reopen ? tu_reopen_name(change.reopen) : "");
	tu_api_member_null(a->json, "changed_why", change.why);
	tu_api_member_seconds(a->json, "changed_since", change.since);
	member_c(a->json, "justification", tu_justification_name(decision->justification));
	tu_api_member_null(a->json, "impact", decision->impact);
	tu_api_member_null(a->json, "rationale", decision->rationale);
	tu_api_member_null(a->json, "decided_by", decision->decided_by);
	tu_api_member_seconds(a->json, "decided_at", decision->decided_at);
	tu_api_member_seconds(
		a->json, "expires", tu_decision_expires(decision, a->look.settling.model));
	tu_api_write_premises(a->json, "premises", &decision->premises);
	return TU_OK;
}

static enum tu_status write_decision(
	struct answering *a, const struct tu_decision_row *row, struct tu_error *err)
{
	const struct tu_assessment_row *current = standing(a, row);
	enum tu_status status = TU_OK;

	tu_json_open_object(a->json);
	tu_json_member_str(a->json, "id", row->public_id);
	tu_json_member_str(a->json, "name", row->name);
	tu_json_member_str(a->json, "state", row->state);
	tu_json_member_str(a->json, "status", row->status);
	tu_json_member_str(a->json, "risk", row->risk);
	tu_json_member_str(a->json, "author", row->author);
	tu_api_member_us(a->json, "created", row->created);
	tu_api_member_null(a->json, "signed_by", row->signed_by);
	tu_api_member_us(a->json, "signed_at", row->signed_at);
	tu_json_member_bool(a->json, "current", current != NULL);
	if (current)
		status = write_premises(a, current->decision, err);
	tu_json_close_object(a->json);
	return status;
}

/* Of what is not current the text is not looked at: its vulnerability is enough to show
 * it.
 */
static bool is_about(const struct answering *a, const struct tu_decision_row *row)
{
	const struct tu_assessment_row *current = standing(a, row);

	if (current)
		return tu_assess_concerns(
			&a->look.answer.input, a->finding.assessment->of, current->decision);
	return tu_str_ieq(row->vulnerability, a->finding.row->vulnerability->facts.id) ||
		tu_kb_find(a->look.kb, row->vulnerability) == a->finding.row->vulnerability->index;
}

static enum tu_status write_history(struct answering *a, struct tu_error *err)
{
	struct tu_decision_rows rows;
	struct tu_premises now;
	enum tu_status status = tu_decision_rows(a->w, a->look.device.name, &rows, err);

	if (status == TU_OK)
		status = tu_assess_premises(
			a->w->arena, &a->look.answer.input, a->finding.assessment->of, &now, err);
	if (status != TU_OK)
		return status;
	tu_api_write_premises(a->json, "premises", &now);
	tu_json_key(a->json, "decisions");
	tu_json_open_array(a->json);
	for (size_t i = 0; i < rows.count && status == TU_OK; i++)
		if (is_about(a, &rows.at[i]))
			status = write_decision(a, &rows.at[i], err);
	tu_json_close_array(a->json);
	return status;
}

/* ---- what others say ---- */

static bool speaks_of(const struct answering *a, const struct tu_vex_claim *claim)
{
	uint32_t index = a->finding.row->vulnerability->index;

	if (tu_kb_find(a->look.kb, claim->vulnerability) == index)
		return true;
	for (size_t i = 0; i < claim->alias_count; i++)
		if (tu_kb_find(a->look.kb, claim->aliases[i]) == index)
			return true;
	return false;
}

/* Whether it is this component that it applies to. */
static bool applies_here(const struct answering *a, const struct tu_vex_result *result)
{
	const struct tu_prepared *prepared = &a->look.prepared;

	return result->outcome == TU_VEX_APPLIES &&
		result->component < prepared->inventory->component_count &&
		&prepared->components[prepared->component_of[result->component]] ==
		a->finding.component;
}

static void write_statement(struct answering *a, const struct tu_vex_result *result)
{
	const struct tu_vex_files *files = &a->look.answer.matching.vex;
	const struct tu_vex_claim *claim =
		&files->documents[result->document]->claims[result->claim];

	tu_json_open_object(a->json);
	member_c(a->json, "status", tu_claim_status_name(claim->status));
	tu_api_member_null(a->json, "justification", claim->justification);
	tu_api_member_null(a->json, "impact", claim->impact);
	tu_api_member_null(a->json, "author", claim->author);
	tu_json_member_bool(
		a->json, "trusted", tu_vex_files_trust(files, result->document, result->claim));
	tu_json_member_bool(a->json, "applies", applies_here(a, result));
	member_c(a->json, "outcome", tu_vex_outcome_name(result->outcome));
	member_c(a->json, "why", tu_vex_outcome_sentence(result->outcome));
	tu_api_member_null(a->json, "said", claim->timestamp);
	member_c(a->json, "file", files->paths[result->document]);
	tu_json_close_object(a->json);
}

static void write_statements(struct answering *a)
{
	const struct tu_vex_files *files = &a->look.answer.matching.vex;
	const struct tu_vex_application *application = files->application;

	tu_json_key(a->json, "statements");
	tu_json_open_array(a->json);
	for (size_t i = 0; application && i < application->result_count; i++) {
		const struct tu_vex_result *result = &application->results[i];
		const struct tu_vex_document *document = files->documents[result->document];

		if (document && speaks_of(a, &document->claims[result->claim]))
			write_statement(a, result);
	}
	tu_json_close_array(a->json);
}

/* ---- deadlines ---- */

static void write_unwatched(struct answering *a, const struct tu_foreseen_list *list)
{
	tu_json_key(a->json, "markets_without_rules");
	tu_json_open_array(a->json);
	for (size_t i = 0; i < list->unwatched_count; i++) {
		tu_json_open_object(a->json);
		tu_api_member_null(a->json, "market", list->unwatched[i].market);
		member_c(a->json, "why", tu_unwatched_sentence(list->unwatched[i].why));
		tu_json_close_object(a->json);
	}
	tu_json_close_array(a->json);
}

static enum tu_status write_deadlines(struct answering *a, struct tu_error *err)
{
	const struct tu_foresee_of of = {&a->look, &a->finding, NULL};
	struct tu_foreseen_list now, worst;
	enum tu_status status = tu_foresee(a->w, &of, &now, err);

	if (status == TU_OK)
		status = tu_foresee_uncontrolled(a->w, &of, &worst, err);
	if (status != TU_OK)
		return status;
	tu_api_member_seconds(a->json, "learned", now.learned);
	tu_api_write_deadlines(a->json, "deadlines", &now, false);
	tu_api_write_deadlines(a->json, "if_uncontrolled", &worst, true);
	write_unwatched(a, &now);
	return TU_OK;
}

/* ---- the whole ---- */

static void write_knowledge(struct answering *a)
{
	struct tu_kb_info info;
	struct tu_kb_source oldest;

	tu_kb_info(a->look.kb, &info);
	tu_json_key(a->json, "knowledge_base");
	tu_json_open_object(a->json);
	tu_record_digest(a->json, "sha256", info.sha256);
	tu_api_member_seconds(a->json, "newest", info.newest);
	tu_json_key(a->json, "oldest_source");
	if (tu_kb_oldest_source(a->look.kb, &oldest)) {
		tu_json_open_object(a->json);
		member_c(a->json, "source", tu_source_name(oldest.source));
		tu_api_member_null(a->json, "database", oldest.database);
		tu_api_member_seconds(a->json, "newest", oldest.newest);
		tu_json_close_object(a->json);
	} else {
		tu_json_add_null(a->json);
	}
	tu_json_close_object(a->json);
}

static enum tu_status write_all(struct answering *a, struct tu_error *err)
{
	enum tu_status status;

	tu_json_open_object(a->json);
	write_head(a);
	write_places(a);
	status = write_match(a, err);
	if (status != TU_OK)
		return status;
	write_state(a);
	status = tu_api_write_proposal(a->json, a->w, &a->look, &a->finding, err);
	if (status != TU_OK)
		return status;
	tu_api_write_matrix(a->json, a->look.settling.model, a->look.answer.result);
	status = write_deadlines(a, err);
	if (status == TU_OK)
		status = write_history(a, err);
	if (status != TU_OK)
		return status;
	write_statements(a);
	write_knowledge(a);
	tu_json_close_object(a->json);
	return TU_OK;
}

static enum tu_status show(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;
	struct answering *a = tu_arena_alloc(w->arena, sizeof(*a));
	enum tu_status status;

	if (!a)
		return tu_no_memory(err);
	tu_api_restart(call);
	a->call = call;
	a->w = w;
	a->json = tu_api_json(call);
	a->look.scope = &call->who.scope;
	a->look.kb = call->kb->kb;
	a->look.reader = tu_service_reader(call->service);
	status = tu_look_open(w, call->path[2], &a->look, err);
	if (status == TU_OK)
		status = tu_look_find(&a->look, call->path[0], call->path[1], &a->finding, err);
	return status ? status : write_all(a, err);
}

enum tu_status tu_api_get_finding(struct tu_api_call *call, struct tu_error *err)
{
	enum tu_status status = tu_api_kb(call, err);

	return status ? status : tu_api_read(call, show, call, err);
}

/* ---- the policy of a device ---- */

static void write_policy(struct tu_json_writer *json, const struct tu_device *model)
{
	const struct tu_risk_policy *p = &model->policy;

	tu_json_member_str(json, "policy", p->document.version);
	tu_api_member_null(json, "approved_by", p->document.approved_by);
	tu_api_member_seconds(json, "approved_at", p->document.approved_at);
	tu_json_key(json, "bands");
	tu_json_open_array(json);
	for (size_t i = 0; i < p->band_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "name", p->bands[i].name);
		tu_json_member_int(json, "from", p->bands[i].from);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_api_write_matrix(json, model, NULL);
	tu_api_member_null(json, "acceptance", p->acceptance);
	tu_json_key(json, "epss_high");
	tu_json_add_number(json, p->epss_high / 1000000.0);
	tu_json_key(json, "score_raise");
	tu_json_add_number(json, p->score_raise / 10.0);
	tu_json_member_int(json, "decision_days", p->decision_days);
	tu_json_member_int(json, "undecided_days", p->undecided_days);
	tu_json_member_int(json, "approvals", p->approvals);
	tu_json_key(json, "deciders");
	tu_json_open_array(json);
	for (size_t i = 0; i < p->deciders.count; i++)
		tu_json_add_str(json, p->deciders.at[i]);
	tu_json_close_array(json);
	tu_json_key(json, "trusted_suppliers");
	tu_json_open_array(json);
	for (size_t i = 0; i < p->trusted_suppliers.count; i++)
		tu_json_add_str(json, p->trusted_suppliers.at[i]);
	tu_json_close_array(json);
	tu_api_member_null(json, "time_zone", p->zone.name);
}

static enum tu_status show_policy(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_api_call *call = self;
	struct tu_json_writer *json = tu_api_json(call);
	struct tu_device_row row;
	const struct tu_device *model;
	enum tu_status status = tu_device_find(w, call->path[0], &row, err);

	tu_api_restart(call);
	if (status == TU_E_NOTFOUND || (status == TU_OK && !tu_scope_has(&call->who.scope, row.id)))
		return tu_api_unknown(err, "device");
	if (status == TU_OK)
		status = tu_device_load(w, &row, &model, NULL, err);
	if (status != TU_OK)
		return status;
	tu_api_etag_version(call, row.version);
	tu_json_open_object(json);
	tu_json_member_str(json, "device", row.name);
	tu_json_member_int(json, "version", row.version);
	write_policy(json, model);
	tu_json_close_object(json);
	return TU_OK;
}

enum tu_status tu_api_get_policy(struct tu_api_call *call, struct tu_error *err)
{
	return tu_api_read(call, show_policy, call, err);
}
