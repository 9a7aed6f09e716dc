#include "api/finding_json.h"

#include <tutela/deadline.h>

#include "api/inside.h"
#include "assess/chain.h"
#include "base/time.h"
#include "show/json_parts.h"

enum { SECOND = 1000000 };

/* ---- members ---- */

void tu_api_member_seconds(struct tu_json_writer *json, const char *key, int64_t seconds)
{
	size_t start;

	tu_json_key_str(json, tu_str_c(key));
	if (!seconds) {
		tu_json_add_null(json);
		return;
	}
	start = tu_json_open_text(json);
	tu_time_write(seconds, json->buf);
	tu_json_close_text(json, start);
}

void tu_api_member_us(struct tu_json_writer *json, const char *key, int64_t us)
{
	tu_api_member_seconds(json, key, us / SECOND);
}

void tu_api_member_null(struct tu_json_writer *json, const char *key, struct tu_str text)
{
	tu_json_key_str(json, tu_str_c(key));
	if (text.len)
		tu_json_add_str(json, text);
	else
		tu_json_add_null(json);
}

static void member_c(struct tu_json_writer *json, const char *key, const char *text)
{
	tu_api_member_null(json, key, tu_str_c(text ? text : ""));
}

void tu_api_restart(struct tu_api_call *call)
{
	tu_buf_clear(&call->answer.body);
	call->answer.json = tu_json_writer(&call->answer.body, false);
}

void tu_api_member_finding(struct tu_json_writer *json, const char *key,
	struct tu_str vulnerability, const uint8_t component[TU_LIST_KEY], struct tu_str release)
{
	size_t start;

	tu_json_key_str(json, tu_str_c(key));
	start = tu_json_open_text(json);
	tu_buf_str_add(json->buf, vulnerability);
	tu_buf_byte(json->buf, '/');
	tu_look_write_component(component, json->buf);
	tu_buf_byte(json->buf, '/');
	tu_buf_str_add(json->buf, release);
	tu_json_close_text(json, start);
}

/* ---- the vulnerability ---- */

/* Every score that a record states, by whom. */
static void write_scores(struct tu_json_writer *json, const struct tu_kb *kb,
	const struct tu_report_vulnerability *v)
{
	tu_json_key(json, "scores");
	tu_json_open_array(json);
	for (uint32_t n = 0; n < v->facts.advisories; n++) {
		uint32_t record = tu_kb_record(kb, v->index, n);
		struct tu_kb_advisory advisory = tu_kb_advisory(kb, record);

		for (uint32_t k = 0; k < advisory.scores; k++) {
			struct tu_score score = tu_kb_score(kb, record, k);

			tu_json_score(json, kb, &score, record);
		}
	}
	tu_json_close_array(json);
}

static void write_texts(
	struct tu_json_writer *json, const char *key, const struct tu_report_texts *texts)
{
	tu_json_key_str(json, tu_str_c(key));
	tu_json_open_array(json);
	for (size_t i = 0; i < texts->count; i++)
		tu_json_add_str(json, texts->at[i]);
	tu_json_close_array(json);
}

enum tu_status tu_api_write_vulnerability(struct tu_json_writer *json, struct tu_arena *arena,
	const struct tu_kb *kb, const struct tu_report_vulnerability *v, struct tu_error *err)
{
	struct tu_report_texts aliases = {0}, cwes = {0}, references = {0};

	if (!tu_report_aliases(arena, kb, v, &aliases) || !tu_report_cwes(arena, kb, v, &cwes) ||
		!tu_report_references(arena, kb, v, &references))
		return tu_no_memory(err);
	tu_json_member_str(json, "name", v->facts.id);
	tu_api_member_null(json, "title", v->facts.title);
	tu_json_member_bool(json, "disputed", v->facts.disputed);
	tu_json_member_bool(json, "rejected", v->facts.rejected);
	write_texts(json, "aliases", &aliases);
	write_texts(json, "cwes", &cwes);
	write_texts(json, "references", &references);
	tu_json_weight(json, kb, v);
	write_scores(json, kb, v);
	return TU_OK;
}

enum tu_status tu_api_write_evidence(struct tu_json_writer *json, const struct tu_look *look,
	const struct tu_look_finding *finding, struct tu_error *err)
{
	const struct tu_finding *f = finding->row->finding;
	struct kb_versions versions;
	bool fine = tu_match__versions_init(&versions, look->kb);

	tu_json_key(json, "evidence");
	tu_json_open_array(json);
	for (size_t i = 0; fine && i < f->evidence_count; i++)
		tu_json_evidence(json, &versions, f, i);
	tu_json_close_array(json);
	tu_match__versions_done(&versions);
	return fine ? TU_OK : tu_no_memory(err);
}

/* ---- the proposal ---- */

static void write_facts(struct tu_json_writer *json, const struct tu_proposal *p)
{
	tu_json_key(json, "facts");
	tu_json_open_array(json);
	for (size_t i = 0; i < p->fact_count; i++) {
		tu_json_open_object(json);
		member_c(json, "name", p->facts[i].name);
		tu_json_member_str(json, "text", p->facts[i].text);
		tu_json_member_int(json, "level", p->facts[i].level);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void write_losses(struct tu_json_writer *json, const char *key, uint32_t losses)
{
	static const struct {
		uint32_t loss;
		const char *name;
	} names[] = {{TU_LOSS_CONFIDENTIALITY, "confidentiality"}, {TU_LOSS_INTEGRITY, "integrity"},
		{TU_LOSS_AVAILABILITY, "availability"}};

	tu_json_key_str(json, tu_str_c(key));
	tu_json_open_array(json);
	for (size_t i = 0; i < TU_COUNT(names); i++)
		if (losses & names[i].loss)
			tu_json_add_str(json, tu_str_c(names[i].name));
	tu_json_close_array(json);
}

static void write_asset(struct tu_json_writer *json, const struct tu_asset *asset)
{
	tu_json_key(json, "asset");
	if (!asset) {
		tu_json_add_null(json);
		return;
	}
	tu_json_open_object(json);
	tu_json_member_str(json, "id", asset->id);
	tu_json_member_str(json, "title", asset->title);
	tu_json_member_bool(json, "harmless", asset->harmless);
	tu_api_member_null(json, "rationale", asset->rationale);
	tu_json_close_object(json);
}

static void write_hazard(struct tu_json_writer *json, const struct tu_hazard *hazard)
{
	tu_json_key(json, "hazard");
	if (!hazard) {
		tu_json_add_null(json);
		return;
	}
	tu_json_open_object(json);
	tu_json_member_str(json, "id", hazard->id);
	tu_json_member_str(json, "title", hazard->title);
	tu_api_member_null(json, "reference", hazard->reference);
	tu_json_close_object(json);
}

static void write_chain(
	struct tu_json_writer *json, const struct tu_look *look, const struct tu_chain *chain)
{
	const struct tu_inventory *inventory = look->answer.input.inventory;

	write_losses(json, "losses", chain->losses);
	tu_json_key(json, "chain");
	tu_json_open_array(json);
	for (size_t i = 0; i < chain->count; i++) {
		const struct tu_chain_link *link = &chain->at[i];
		const struct tu_component *component = &inventory->components[link->component];

		tu_json_open_object(json);
		tu_json_member_str(json, "component", component->name);
		tu_api_member_null(json, "version", component->version);
		write_asset(json, link->asset);
		write_losses(json, "loss", link->loss);
		write_hazard(json, link->hazard);
		member_c(json, "harm", tu_harm_name(link->harm));
		tu_json_member_bool(json, "counts", link->counts);
		tu_json_member_bool(json, "decides", link->decides);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

enum tu_status tu_api_write_proposal(struct tu_json_writer *json, struct tu_work *w,
	const struct tu_look *look, const struct tu_look_finding *finding, struct tu_error *err)
{
	const struct tu_proposal *p = &finding->assessment->proposal;
	struct tu_chain chain;
	enum tu_status status =
		tu_assess__chain(w->arena, &look->answer.input, finding->assessment, &chain, err);

	if (status != TU_OK)
		return status;
	tu_json_key(json, "proposal");
	tu_json_open_object(json);
	tu_json_member_str(
		json, "exploitability", look->settling.model->policy.bands[p->band].name);
	tu_json_member_int(json, "level", p->level);
	write_facts(json, p);
	member_c(json, "harm", tu_harm_name(p->harm));
	tu_json_member_bool(json, "harm_unknown", p->harm_assumed);
	tu_json_member_str(json, "harm_why", p->harm_why);
	member_c(json, "privacy", tu_privacy_name(p->privacy));
	tu_json_member_str(json, "privacy_why", p->privacy_why);
	member_c(json, "risk", tu_risk_name(p->risk));
	tu_json_member_str(json, "risk_why", p->risk_why);
	member_c(json, "response", p->response);
	write_chain(json, look, &chain);
	tu_json_close_object(json);
	return TU_OK;
}

void tu_api_write_matrix(struct tu_json_writer *json, const struct tu_device *device,
	const struct tu_assess_result *result)
{
	const struct tu_risk_policy *policy = &device->policy;

	tu_json_key(json, "matrix");
	tu_json_open_array(json);
	for (size_t b = 0; b < policy->band_count; b++)
		for (size_t s = 0; s < TU_HARM_LEVELS; s++) {
			tu_json_open_object(json);
			tu_json_member_str(json, "band", policy->bands[b].name);
			member_c(json, "harm", tu_harm_name(TU_HARM_NEGLIGIBLE + (enum tu_harm)s));
			member_c(json, "risk",
				policy->matrix[b][s] == TU_RISK_UNDECIDED
					? ""
					: tu_risk_name(policy->matrix[b][s]));
			if (result)
				tu_json_member_int(
					json, "open", (int64_t)result->counts.matrix[b][s]);
			tu_json_close_object(json);
		}
	tu_json_close_array(json);
}

/* ---- deadlines ---- */

static void write_deadline(struct tu_json_writer *json, const struct tu_foreseen *row)
{
	const struct tu_deadline *d = row->deadline;

	tu_json_open_object(json);
	member_c(json, "rule", d->rule->id);
	member_c(json, "title", d->rule->title);
	member_c(json, "source", d->rule->source);
	member_c(json, "jurisdiction", d->rule->jurisdiction);
	member_c(json, "state", tu_deadline_state_name(d->state));
	tu_json_member_bool(json, "would_start", row->would);
	tu_api_member_seconds(json, "start", d->start);
	tu_api_member_seconds(json, "due", d->due);
	tu_api_member_seconds(json, "stopped", d->stopped);
	tu_json_key(json, "lacking");
	tu_json_open_array(json);
	for (size_t i = 0; i < d->lacking_count; i++)
		tu_json_add_str(json, tu_str_c(d->lacking[i]));
	tu_json_close_array(json);
	tu_api_member_null(json, "note", d->note);
	tu_json_close_object(json);
}

void tu_api_write_deadlines(struct tu_json_writer *json, const char *key,
	const struct tu_foreseen_list *list, bool only_started)
{
	tu_json_key_str(json, tu_str_c(key));
	tu_json_open_array(json);
	for (size_t i = 0; i < list->count; i++)
		if (!only_started || list->at[i].would)
			write_deadline(json, &list->at[i]);
	tu_json_close_array(json);
}

/* ---- premises ---- */

void tu_api_write_premises(
	struct tu_json_writer *json, const char *key, const struct tu_premises *p)
{
	tu_json_key_str(json, tu_str_c(key));
	tu_json_open_object(json);
	tu_api_member_null(json, "component", p->component);
	tu_api_member_null(json, "version", p->version);
	tu_api_member_null(json, "advisory", p->advisory);
	tu_api_member_null(json, "source", p->source);
	tu_api_member_seconds(json, "advisory_modified", p->advisory_modified);
	tu_json_key(json, "kev");
	if (p->kev_stated)
		tu_json_add_bool(json, p->kev);
	else
		tu_json_add_null(json);
	tu_json_key(json, "score");
	if (p->score_tenths == TU_SCORE_UNSTATED)
		tu_json_add_null(json);
	else
		tu_json_add_number(json, p->score_tenths / 10.0);
	tu_json_key(json, "epss");
	if (p->epss == UINT32_MAX)
		tu_json_add_null(json);
	else
		tu_json_add_number(json, p->epss / 1000000.0);
	tu_json_close_object(json);
}
