/* What was found in a design, as rows. */
#include "api/json_cell.h"
#include "api/designs.h"
#include "base/time.h"

#include <tutela/threat_rule.h>

enum { TEXT_MAX = 4 << 20 };

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct tu_api_threat_row, key, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_threat_row, rule, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_threat_row, title, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_threat_row, at, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_threat_row, element, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_threat_row, flow, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_threat_row, outcome, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_api_threat_row, derived, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_api_threat_row, stride, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_api_threat_row, fda_category, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_threat_row, severity, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_threat_row, privacy, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_threat_row, reach, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_threat_row, reach_is_bound, TU_API_BOOL, 0),
	TU_API_COLUMN(struct tu_api_threat_row, path, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_api_threat_row, exploit_before, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_threat_row, exploit_after, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_threat_row, risk_before, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_threat_row, risk_after, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_threat_row, control, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_threat_row, controls, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_api_threat_row, reasons, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_api_threat_row, cwe, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_api_threat_row, capec, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_api_threat_row, emb3d, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_api_threat_row, attack_ics, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_api_threat_row, disposition, TU_API_JSON, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_threat_row, reopened, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_threat_row, findings, TU_API_INT, TU_API_OPT),
};
const struct tu_api_table tu_api_table_design_threat =
	TU_API_TABLE("DesignThreat", struct tu_api_threat_row, columns);

static const struct tu_api_column question_columns[] = {
	TU_API_COLUMN(struct tu_api_question_row, at, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_question_row, subject, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_question_row, text, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_question_row, rules, TU_API_JSON, 0),
};
const struct tu_api_table tu_api_table_design_question =
	TU_API_TABLE("DesignQuestion", struct tu_api_question_row, question_columns);

/* ---- values that are lists ---- */

struct making {
	struct tu_api_json_cell cell;
	const struct tu_model *model;
};

static struct tu_str controls_of(struct making *m, const struct tu_indexes *list)
{
	tu_api_json_cell_begin(&m->cell);
	tu_json_open_array(&m->cell.json);
	for (size_t i = 0; i < list->count; i++)
		tu_json_add_str(&m->cell.json, m->model->controls[list->at[i]].id);
	tu_json_close_array(&m->cell.json);
	return tu_api_json_cell_end(&m->cell);
}

static struct tu_str flows_of(struct making *m, const struct tu_indexes *list)
{
	tu_api_json_cell_begin(&m->cell);
	tu_json_open_array(&m->cell.json);
	for (size_t i = 0; i < list->count; i++)
		tu_json_add_str(&m->cell.json, m->model->flows[list->at[i]].id);
	tu_json_close_array(&m->cell.json);
	return tu_api_json_cell_end(&m->cell);
}

static struct tu_str reasons_of(struct making *m, const struct tu_threat_reasons *reasons)
{
	tu_api_json_cell_begin(&m->cell);
	tu_json_open_array(&m->cell.json);
	for (size_t i = 0; i < reasons->count; i++) {
		tu_json_open_object(&m->cell.json);
		tu_json_member_str(&m->cell.json, "subject", reasons->at[i].subject);
		tu_api_member_or_null(&m->cell.json, "value", reasons->at[i].value);
		tu_json_close_object(&m->cell.json);
	}
	tu_json_close_array(&m->cell.json);
	return tu_api_json_cell_end(&m->cell);
}

static void member_date(struct tu_json_writer *json, const char *key, int64_t seconds)
{
	char text[TU_API_TIME_TEXT];

	tu_api_member_or_null(
		json, key, seconds ? tu_api_date_text(seconds, text) : (struct tu_str){"", 0});
}

static struct tu_str disposition_of(
	struct making *m, const struct tu_threat_answer *answer, const struct tu_threat *threat)
{
	const struct tu_disposition *d;

	if (threat->disposition >= answer->dispositions.count)
		return (struct tu_str){"", 0};
	d = &answer->dispositions.at[threat->disposition];
	tu_api_json_cell_begin(&m->cell);
	tu_json_open_object(&m->cell.json);
	tu_json_member_str(&m->cell.json, "outcome", tu_str_c(tu_threat_outcome_name(d->outcome)));
	tu_json_member_str(&m->cell.json, "by", d->by);
	tu_json_member_str(&m->cell.json, "reason", d->reason);
	tu_api_member_or_null(&m->cell.json, "labelling", d->labelling);
	member_date(&m->cell.json, "at", d->at);
	member_date(&m->cell.json, "until", d->until);
	tu_json_member_bool(&m->cell.json, "approved", !d->proposed);
	tu_json_close_object(&m->cell.json);
	return tu_api_json_cell_end(&m->cell);
}

/* ---- rows ---- */

static int64_t or_none(uint64_t number, bool known)
{
	return known && number <= INT64_MAX ? (int64_t)number : TU_API_NONE;
}

static void name_places(
	const struct tu_model *model, struct tu_spot spot, struct tu_api_threat_row *out)
{
	out->at = tu_threat_spot_id(model, spot);
	out->element = spot.is_flow ? model->elements[model->flows[spot.index].to].id : out->at;
	out->flow = spot.is_flow ? out->at : (struct tu_str){"", 0};
}

static void take_weights(const struct tu_threat *threat, struct tu_api_threat_row *out)
{
	bool has_severity = threat->graded && threat->severity != TU_HARM_NONE;

	out->severity =
		has_severity ? tu_str_c(tu_harm_name(threat->severity)) : (struct tu_str){"", 0};
	out->privacy = threat->stride == 'I' ? tu_str_c(tu_privacy_name(threat->privacy))
					     : (struct tu_str){"", 0};
	out->reach = or_none(threat->reach, threat->reach != TU_MODEL_UNSTATED);
	out->reach_is_bound = threat->reach_is_bound;
	out->fda_category = or_none(threat->category, threat->category != 0);
	out->exploit_before = or_none(threat->exploit_before, threat->exploit_before != 0);
	out->exploit_after = or_none(threat->exploit_after, threat->exploit_after != 0);
	out->risk_before = tu_str_c(tu_risk_name(threat->risk_before));
	out->risk_after = tu_str_c(tu_risk_name(threat->risk_after));
	out->findings = TU_API_NONE;
}

enum tu_status tu_api_threat_row(struct tu_api_call *call, const struct tu_threat_answer *answer,
	const struct tu_threat *threat, struct tu_api_threat_row *out, struct tu_error *err)
{
	struct making m = {.model = answer->model};

	tu_api_json_cell_init(&m.cell, call->arena, TEXT_MAX);
	*out = (struct tu_api_threat_row){.key = threat->key,
		.rule = threat->rule,
		.title = threat->title,
		.outcome = tu_str_c(tu_threat_outcome_name(threat->outcome)),
		.derived = tu_str_c(tu_threat_outcome_name(threat->derived)),
		.stride = tu_str_of(&threat->stride, 1),
		.control = threat->by->control,
		.reopened = threat->reopened};
	name_places(answer->model, threat->spot, out);
	take_weights(threat, out);
	out->path = flows_of(&m, &threat->path);
	out->controls = controls_of(&m, &threat->controls);
	out->reasons = reasons_of(&m, &threat->reasons);
	out->cwe = tu_api_json_cell_texts(&m.cell, &threat->by->cwe);
	out->capec = tu_api_json_cell_texts(&m.cell, &threat->by->capec);
	out->emb3d = tu_api_json_cell_texts(&m.cell, &threat->by->emb3d);
	out->attack_ics = tu_api_json_cell_texts(&m.cell, &threat->by->attack);
	out->disposition = disposition_of(&m, answer, threat);
	return tu_api_json_cell_done(&m.cell, err);
}

enum tu_status tu_api_question_row(struct tu_api_call *call, const struct tu_threat_answer *answer,
	const struct tu_threat_question *question, struct tu_api_question_row *out,
	struct tu_error *err)
{
	struct making m = {.model = answer->model};

	tu_api_json_cell_init(&m.cell, call->arena, TEXT_MAX);
	*out = (struct tu_api_question_row){.at = tu_threat_spot_id(answer->model, question->spot),
		.subject = question->subject,
		.text = question->text,
		.rules = tu_api_json_cell_texts(&m.cell, &question->rules)};
	return tu_api_json_cell_done(&m.cell, err);
}

int64_t tu_api_design_proposed(const struct tu_threat_answer *answer)
{
	int64_t count = 0;

	for (size_t i = 0; i < answer->dispositions.count; i++)
		count += answer->dispositions.at[i].proposed;
	return count;
}
