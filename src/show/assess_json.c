/* tutela assess --format json: docs/formats/assess.md says what each member means. */
#include "show/assess.h"
#include "show/deadlines.h"
#include "show/json_parts.h"

enum { FORMAT_VERSION = 1 };

struct json_view {
	const struct tu_assess_view *view;
	const struct tu_assess_answer *assessing;
	const struct tu_device *device;
	struct tu_json_writer json;
};

static void member_c(struct tu_json_writer *json, const char *key, const char *text)
{
	tu_json_member_opt(json, key, tu_str_c(text));
}

static void add_device(struct json_view *v)
{
	tu_json_key(&v->json, "device");
	tu_json_open_object(&v->json);
	tu_json_member_str(&v->json, "id", v->device->id);
	tu_json_member_str(&v->json, "family", v->device->family);
	tu_json_member_opt(&v->json, "manufacturer", v->device->manufacturer.name);
	tu_json_member_str(&v->json, "release", v->assessing->release->version);
	tu_json_close_object(&v->json);
}

static void add_matrix(struct json_view *v)
{
	const struct tu_risk_policy *policy = &v->device->policy;

	tu_json_key(&v->json, "matrix");
	tu_json_open_array(&v->json);
	for (size_t b = 0; b < policy->band_count; b++)
		for (size_t s = 0; s < TU_HARM_LEVELS; s++) {
			tu_json_open_object(&v->json);
			tu_json_member_str(&v->json, "band", policy->bands[b].name);
			member_c(&v->json, "harm",
				tu_harm_name(TU_HARM_NEGLIGIBLE + (enum tu_harm)s));
			if (policy->matrix[b][s] != TU_RISK_UNDECIDED)
				member_c(&v->json, "risk", tu_risk_name(policy->matrix[b][s]));
			tu_json_member_int(&v->json, "open",
				(int64_t)v->assessing->result->counts.matrix[b][s]);
			tu_json_close_object(&v->json);
		}
	tu_json_close_array(&v->json);
}

static void add_summary(struct json_view *v)
{
	const struct tu_assess_counts *counts = &v->assessing->result->counts;
	const struct {
		const char *key;
		size_t value;
	} numbers[] = {
		{"findings", v->assessing->result->count},
		{"undecided", counts->state[TU_ASSESS_UNDECIDED]},
		{"decided", counts->state[TU_ASSESS_DECIDED]},
		{"carried", counts->state[TU_ASSESS_CARRIED]},
		{"reopened", counts->state[TU_ASSESS_REOPENED]},
		{"supplier", counts->state[TU_ASSESS_SUPPLIER]},
		{"uncontrolled", counts->uncontrolled},
		{"controlled", counts->controlled},
		{"closed", counts->closed},
		{"excluded", tu_assess_count_excluded(v->assessing->result)},
	};

	tu_json_key(&v->json, "summary");
	tu_json_open_object(&v->json);
	for (size_t i = 0; i < TU_COUNT(numbers); i++)
		tu_json_member_int(&v->json, numbers[i].key, (int64_t)numbers[i].value);
	tu_json_close_object(&v->json);
}

/* What is missed and not done since, else what is due first. */
static void add_next_deadline(struct json_view *v)
{
	size_t missed;
	const struct tu_clock_row *next = tu_clock_rows_next(&v->view->deadlines, &missed);

	tu_deadlines_json_unwatched(
		&v->json, v->view->deadlines.unwatched, v->view->deadlines.unwatched_count);
	if (!next)
		return;
	tu_json_key(&v->json, "next_deadline");
	tu_json_open_object(&v->json);
	tu_json_member_str(&v->json, "vulnerability", next->of->vulnerability);
	member_c(&v->json, "rule", next->clock->rule->id);
	member_c(&v->json, "state", tu_deadline_state_name(next->clock->state));
	tu_json_date(&v->json, "due", next->clock->due);
	tu_json_member_int(&v->json, "missed", (int64_t)missed);
	tu_json_close_object(&v->json);
}

static void add_selection(struct json_view *v)
{
	if (!v->view->selected)
		return;
	tu_json_key(&v->json, "selection");
	tu_json_open_object(&v->json);
	tu_json_member_int(&v->json, "matching", (int64_t)v->view->findings.matching);
	tu_json_member_int(&v->json, "listed", (int64_t)v->view->findings.count);
	tu_json_close_object(&v->json);
}

static void add_facts(struct json_view *v, const struct tu_proposal *p)
{
	tu_json_key(&v->json, "facts");
	tu_json_open_array(&v->json);
	for (size_t i = 0; i < p->fact_count; i++) {
		tu_json_open_object(&v->json);
		member_c(&v->json, "name", p->facts[i].name);
		tu_json_member_str(&v->json, "text", p->facts[i].text);
		tu_json_member_int(&v->json, "level", p->facts[i].level);
		tu_json_close_object(&v->json);
	}
	tu_json_close_array(&v->json);
}

static void add_proposal(struct json_view *v, const struct tu_proposal *p)
{
	tu_json_key(&v->json, "proposal");
	tu_json_open_object(&v->json);
	tu_json_member_str(&v->json, "exploitability", v->device->policy.bands[p->band].name);
	tu_json_member_int(&v->json, "level", p->level);
	add_facts(v, p);
	member_c(&v->json, "harm", tu_harm_name(p->harm));
	tu_json_member_bool(&v->json, "harm_unknown", p->harm_assumed);
	tu_json_member_str(&v->json, "harm_why", p->harm_why);
	member_c(&v->json, "privacy", tu_privacy_name(p->privacy));
	tu_json_member_str(&v->json, "privacy_why", p->privacy_why);
	member_c(&v->json, "risk", tu_risk_name(p->risk));
	tu_json_member_str(&v->json, "risk_why", p->risk_why);
	member_c(&v->json, "response", p->response);
	tu_json_close_object(&v->json);
}

static void add_clocks(struct json_view *v, const struct tu_assessment *a)
{
	tu_json_key(&v->json, "clocks");
	tu_json_open_array(&v->json);
	for (size_t i = 0; i < v->view->rule_count; i++)
		if (tu_assess_starts(v->view->rules[i], a))
			tu_json_add_str(&v->json, tu_str_c(v->view->rules[i]->id));
	tu_json_close_array(&v->json);
}

static void add_decision(struct json_view *v, const struct tu_assessment *a)
{
	const struct tu_decision *d = a->decision;

	if (!d)
		return;
	tu_json_key(&v->json, "decision");
	tu_json_open_object(&v->json);
	tu_json_member_str(&v->json, "id", d->id);
	tu_json_member_str(&v->json, "file", d->file);
	member_c(&v->json, "status", tu_claim_status_name(d->status));
	member_c(&v->json, "justification", tu_justification_name(d->justification));
	if (d->risk != TU_RISK_UNDECIDED)
		member_c(&v->json, "risk", tu_risk_name(d->risk));
	tu_json_member_opt(&v->json, "exploitability", d->exploitability);
	if (d->harm != TU_HARM_UNKNOWN)
		member_c(&v->json, "harm", tu_harm_name(d->harm));
	tu_json_member_opt(&v->json, "by", d->decided_by);
	tu_json_date(&v->json, "at", d->decided_at);
	tu_json_date(&v->json, "learned_at", tu_decision_learned(d));
	tu_json_date(&v->json, "expires", tu_decision_expires(d, v->device));
	tu_json_close_object(&v->json);
}

static void add_supplier(struct json_view *v, const struct tu_assess_finding *finding)
{
	const struct tu_supplier_word *word = finding->supplier;

	if (!word)
		return;
	tu_json_key(&v->json, "supplier");
	tu_json_open_object(&v->json);
	member_c(&v->json, "status", tu_claim_status_name(word->status));
	tu_json_member_opt(&v->json, "justification", word->justification);
	tu_json_member_opt(&v->json, "author", word->author);
	tu_json_member_bool(&v->json, "trusted", word->trusted);
	tu_json_member_str(&v->json, "file", word->file);
	tu_json_date(&v->json, "at", word->said_at);
	tu_json_member_str(&v->json, "text", finding->finding->statement);
	tu_json_close_object(&v->json);
}

static void add_score(struct json_view *v, const struct tu_assess_finding *finding)
{
	if (finding->tenths == TU_SCORE_UNSTATED)
		return;
	tu_json_key(&v->json, "score");
	tu_json_add_number(&v->json, finding->tenths / 10.0);
	tu_json_member_opt(&v->json, "vector", finding->score.vector);
}

static void add_age(struct json_view *v, const struct tu_assessment *a)
{
	tu_json_date(&v->json, "since", a->since);
	tu_json_key(&v->json, "age_days");
	if (a->since)
		tu_json_add_int(&v->json, (v->assessing->input.at - a->since) / 86400);
	else
		tu_json_add_null(&v->json);
}

static void add_finding(struct json_view *v, const struct tu_assessment *a)
{
	const struct tu_inventory *inventory = v->assessing->input.inventory;

	tu_json_open_object(&v->json);
	tu_json_member_str(&v->json, "id", a->of->facts.id);
	member_c(&v->json, "verdict", tu_match_verdict_name(a->of->finding->verdict));
	tu_json_key(&v->json, "component");
	tu_json_component(&v->json, inventory, &inventory->components[a->of->distinct->first]);
	if (a->of->distinct->excluded)
		tu_json_member_bool(&v->json, "excluded", true);
	add_score(v, a->of);
	tu_json_member_bool(&v->json, "kev", a->of->facts.has_kev);
	tu_json_exploited(&v->json, v->assessing->input.kb, a->of->finding->vulnerability);
	tu_json_member_opt(&v->json, "title", a->of->facts.title);
	tu_json_member_opt(&v->json, "fixed", a->of->finding->fixed);
	member_c(&v->json, "state", tu_assess_state_name(a->state));
	tu_json_member_bool(&v->json, "assessed", tu_assess_is_assessed(a));
	add_age(v, a);
	member_c(&v->json, "reopened_by", tu_reopen_name(a->reopen));
	tu_json_member_opt(&v->json, "reopened_why", a->reopen_why);
	member_c(&v->json, "status", tu_claim_status_name(a->status));
	member_c(&v->json, "risk", tu_risk_name(a->risk));
	member_c(&v->json, "harm", tu_harm_name(a->harm));
	add_proposal(v, &a->proposal);
	add_clocks(v, a);
	add_decision(v, a);
	add_supplier(v, a->of);
	tu_json_close_object(&v->json);
}

static void add_loose(struct json_view *v)
{
	const struct tu_assess_result *result = v->assessing->result;

	tu_json_key(&v->json, "decisions_without_finding");
	tu_json_open_array(&v->json);
	for (size_t i = 0; i < result->loose_count; i++) {
		tu_json_open_object(&v->json);
		tu_json_member_str(&v->json, "id", result->loose[i].decision->id);
		tu_json_member_str(&v->json, "file", result->loose[i].decision->file);
		member_c(&v->json, "reopened_by", tu_reopen_name(result->loose[i].reopen));
		tu_json_member_str(&v->json, "why", result->loose[i].why);
		tu_json_close_object(&v->json);
	}
	tu_json_close_array(&v->json);
}

static void add_statement(struct json_view *v, const struct tu_vex_result *result)
{
	const struct tu_vex_files *files = &v->assessing->matching.vex;
	const struct tu_vex_claim *claim =
		&files->documents[result->document]->claims[result->claim];

	tu_json_open_object(&v->json);
	tu_json_member_str(&v->json, "vulnerability", claim->vulnerability);
	member_c(&v->json, "status", tu_claim_status_name(claim->status));
	tu_json_member_opt(&v->json, "author", claim->author);
	tu_json_member_bool(
		&v->json, "trusted", tu_vex_files_trust(files, result->document, result->claim));
	member_c(&v->json, "outcome", tu_vex_outcome_name(result->outcome));
	member_c(&v->json, "why", tu_vex_outcome_sentence(result->outcome));
	if (result->all_versions)
		tu_json_member_bool(&v->json, "all_versions", true);
	tu_json_member_int(&v->json, "findings", (int64_t)result->findings);
	member_c(&v->json, "file", files->paths[result->document]);
	tu_json_member_str(&v->json, "pointer", claim->pointer);
	tu_json_close_object(&v->json);
}

static void add_side_files(struct json_view *v)
{
	const struct tu_vex_files *files = &v->assessing->matching.vex;
	const struct tu_vex_application *application = files->application;
	const struct tu_side_files *side = &v->assessing->side;

	tu_json_key(&v->json, "supplier_statements");
	tu_json_open_array(&v->json);
	for (size_t i = 0; application && i < application->result_count; i++)
		if (application->results[i].document < files->count ||
			application->results[i].outcome == TU_VEX_APPLIES ||
			tu_vex_files_tells(files, &application->results[i]))
			add_statement(v, &application->results[i]);
	tu_json_close_array(&v->json);
	tu_json_key(&v->json, "side_files_not_assessed");
	tu_json_open_array(&v->json);
	for (size_t i = 0; i < side->other_count; i++)
		tu_json_add_str(&v->json, side->others[i].name);
	tu_json_close_array(&v->json);
}

enum tu_status tu_assess_json(
	const struct tu_assess_view *view, struct tu_sink *out, struct tu_error *err)
{
	struct json_view v = {.view = view,
		.assessing = view->assessing,
		.device = view->assessing->folder.device,
		.json = tu_json_writer(&out->buf, true)};
	const struct tu_report *report = &v.assessing->matching.report;

	tu_json_open_object(&v.json);
	tu_json_member_str(&v.json, "format", TU_STR("tutela-assess"));
	tu_json_member_int(&v.json, "format_version", FORMAT_VERSION);
	tu_json_tool(&v.json);
	tu_json_date(&v.json, "at", v.assessing->input.at);
	add_device(&v);
	tu_json_sbom(&v.json, report->inventory, report->inventory_path);
	tu_json_knowledge_base(
		&v.json, &report->kb_info, report->origin.path, report->origin.sidecar);
	add_summary(&v);
	add_matrix(&v);
	tu_json_gate(&v.json, view->gate, view->verdict);
	add_next_deadline(&v);
	add_selection(&v);
	tu_json_key(&v.json, "findings");
	tu_json_open_array(&v.json);
	for (size_t i = 0; i < view->findings.count; i++) {
		add_finding(&v, view->findings.at[i]);
		tu_sink_spill(out);
	}
	tu_json_close_array(&v.json);
	add_loose(&v);
	add_side_files(&v);
	tu_json_close_object(&v.json);
	tu_buf_byte(&out->buf, '\n');
	return tu_sink_check(out, err);
}
