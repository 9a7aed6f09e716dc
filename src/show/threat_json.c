#include "base/json_writer.h"
#include "show/json_parts.h"
#include "show/threat.h"

struct writer {
	const struct tu_threat_answer *answer;
	struct tu_sink *sink;
	struct tu_json_writer json; /* writes to the sink */
};

static struct writer writer_of(const struct tu_threat_view *view, struct tu_sink *out)
{
	return (struct writer){view->answer, out, tu_json_writer(&out->buf, true)};
}

static void add_text(struct writer *w, const char *key, struct tu_str text)
{
	tu_json_key(&w->json, key);
	if (text.len)
		tu_json_add_str(&w->json, text);
	else
		tu_json_add_null(&w->json);
}

static void add_number(struct writer *w, const char *key, uint64_t number)
{
	tu_json_key(&w->json, key);
	if (number > INT64_MAX)
		tu_json_add_null(&w->json);
	else
		tu_json_add_int(&w->json, (int64_t)number);
}

static void add_at(struct writer *w, struct tu_spot spot)
{
	add_text(w, "at", tu_threat_spot_id(w->answer->model, spot));
	tu_json_member_str(&w->json, "kind", spot.is_flow ? TU_STR("flow") : TU_STR("element"));
}

/* ---- threats ---- */

static void add_letter(struct writer *w, char letter)
{
	add_text(w, "stride", letter ? tu_str_of(&letter, 1) : (struct tu_str){0});
}

static void add_category(struct writer *w, uint32_t category)
{
	char digit = (char)('0' + category % 10);

	add_text(w, "fda_category", category ? tu_str_of(&digit, 1) : (struct tu_str){0});
}

/* null: there is none, for no hazard follows or the letter has no severity of its own. */
static void add_severity(struct writer *w, const struct tu_threat *threat)
{
	bool has = threat->graded && threat->severity != TU_HARM_NONE;

	add_text(
		w, "severity", has ? tu_str_c(tu_harm_name(threat->severity)) : (struct tu_str){0});
	if (threat->stride == 'I')
		tu_json_member_str(&w->json, "privacy", tu_str_c(tu_privacy_name(threat->privacy)));
}

static void add_reasons(struct writer *w, const struct tu_threat_reasons *reasons)
{
	tu_json_key(&w->json, "reasons");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < reasons->count; i++) {
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "subject", reasons->at[i].subject);
		add_text(w, "value", reasons->at[i].value);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

static void add_path(struct writer *w, const struct tu_threat *threat)
{
	tu_json_key(&w->json, "path");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < threat->path.count; i++)
		tu_json_add_str(&w->json, w->answer->model->flows[threat->path.at[i]].id);
	tu_json_close_array(&w->json);
}

static void add_controls(struct writer *w, const struct tu_threat *threat)
{
	tu_json_key(&w->json, "controls");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < threat->controls.count; i++)
		tu_json_add_str(&w->json, w->answer->model->controls[threat->controls.at[i]].id);
	tu_json_close_array(&w->json);
}

static void add_risk(struct writer *w, const struct tu_threat *threat)
{
	add_number(w, "exploitability_before",
		threat->exploit_before ? threat->exploit_before : UINT64_MAX);
	add_number(w, "exploitability_after",
		threat->exploit_after ? threat->exploit_after : UINT64_MAX);
	tu_json_member_str(&w->json, "risk_before", tu_str_c(tu_risk_name(threat->risk_before)));
	tu_json_member_str(&w->json, "risk_after", tu_str_c(tu_risk_name(threat->risk_after)));
}

static void add_threat(struct writer *w, const struct tu_threat *threat)
{
	tu_json_open_object(&w->json);
	add_at(w, threat->spot);
	tu_json_member_str(&w->json, "outcome", tu_str_c(tu_threat_outcome_name(threat->outcome)));
	add_letter(w, threat->stride);
	add_category(w, threat->category);
	add_severity(w, threat);
	add_number(w, "reach", threat->reach);
	tu_json_member_bool(&w->json, "reach_is_bound", threat->reach_is_bound);
	tu_json_member_str(&w->json, "key", threat->key);
	tu_json_member_str(&w->json, "rule", threat->rule);
	tu_json_member_str(&w->json, "title", threat->title);
	add_reasons(w, &threat->reasons);
	add_controls(w, threat);
	add_path(w, threat);
	add_risk(w, threat);
	if (threat->derived != threat->outcome)
		tu_json_member_str(
			&w->json, "derived", tu_str_c(tu_threat_outcome_name(threat->derived)));
	tu_json_member_opt(&w->json, "reopened", threat->reopened);
	tu_json_close_object(&w->json);
	tu_sink_spill(w->sink);
}

/* ---- questions ---- */

static void add_question(struct writer *w, const struct tu_threat_question *question)
{
	const struct tu_threat *threat = question->first;

	tu_json_open_object(&w->json);
	add_at(w, question->spot);
	tu_json_member_str(
		&w->json, "outcome", tu_str_c(tu_threat_outcome_name(TU_THREAT_UNKNOWN)));
	add_letter(w, threat->stride);
	add_category(w, threat->category);
	add_text(w, "key", threat->key);
	add_text(w, "rule", question->rules.count ? question->rules.at[0] : (struct tu_str){0});
	add_text(w, "title", threat->title);
	tu_json_member_str(&w->json, "subject", question->subject);
	tu_json_member_str(&w->json, "question", question->text);
	tu_json_key(&w->json, "rules");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < question->rules.count; i++)
		tu_json_add_str(&w->json, question->rules.at[i]);
	tu_json_close_array(&w->json);
	tu_json_close_object(&w->json);
	tu_sink_spill(w->sink);
}

static void add_questions(struct writer *w)
{
	for (size_t i = 0; i < w->answer->threats.question_count; i++)
		add_question(w, &w->answer->threats.questions[i]);
}

void tu_threat_list_json(const struct tu_threat_view *view, struct tu_sink *out)
{
	struct writer writer = writer_of(view, out), *w = &writer;
	const struct tu_threats *threats = &view->answer->threats;

	tu_json_open_array(&w->json);
	for (size_t i = 0; i < threats->count; i++)
		if (threats->at[i].outcome != TU_THREAT_UNKNOWN)
			add_threat(w, &threats->at[i]);
	add_questions(w);
	tu_json_close_array(&w->json);
	tu_buf_byte(&out->buf, '\n');
}

/* ---- check ---- */

static void add_model(struct writer *w)
{
	const struct tu_model *model = w->answer->model;

	tu_json_key(&w->json, "model");
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "file", model->file);
	tu_json_member_str(&w->json, "form", model->form);
	add_text(w, "id", model->id);
	add_text(w, "title", model->title);
	add_text(w, "version", model->version);
	tu_json_member_int(&w->json, "elements", (int64_t)model->elements_count);
	tu_json_member_int(&w->json, "flows", (int64_t)model->flows_count);
	tu_json_member_int(&w->json, "controls", (int64_t)model->controls_count);
	tu_json_close_object(&w->json);
	tu_json_key(&w->json, "packs");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < w->answer->pack_count; i++) {
		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", w->answer->packs[i]->id);
		tu_json_member_str(&w->json, "version", w->answer->packs[i]->version);
		tu_json_member_str(&w->json, "sha256", w->answer->packs[i]->digest);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

static void add_counts(struct writer *w)
{
	tu_json_key(&w->json, "counts");
	tu_json_open_object(&w->json);
	for (int i = 0; i < TU_THREAT_OUTCOMES; i++)
		if (i != TU_THREAT_UNKNOWN)
			tu_json_member_int(&w->json,
				tu_threat_outcome_name((enum tu_threat_outcome)i),
				(int64_t)w->answer->counts[i]);
	tu_json_member_int(&w->json, "questions", (int64_t)w->answer->threats.question_count);
	tu_json_member_int(&w->json, "stale", (int64_t)w->answer->threats.stale.count);
	tu_json_member_int(&w->json, "losses", (int64_t)w->answer->losses.count);
	tu_json_close_object(&w->json);
}

static void add_lint(struct writer *w, const struct tu_lint *lint)
{
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "level", tu_str_c(tu_lint_level_name(lint->level)));
	tu_json_member_str(&w->json, "rule", tu_str_c(lint->rule));
	tu_json_member_str(&w->json, "file", lint->file);
	tu_json_member_int(&w->json, "line", lint->place.line);
	tu_json_member_int(&w->json, "column", lint->place.column);
	tu_json_member_str(&w->json, "message", lint->message);
	tu_json_close_object(&w->json);
	tu_sink_spill(w->sink);
}

static void add_loss(struct writer *w, const struct tu_model_loss *loss)
{
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "kind", tu_str_c(loss->kind));
	tu_json_member_str(&w->json, "pointer", loss->pointer);
	tu_json_member_str(&w->json, "message", loss->message);
	tu_json_close_object(&w->json);
	tu_sink_spill(w->sink);
}

static void add_lists(struct writer *w)
{
	const struct tu_threat_answer *answer = w->answer;

	tu_json_key(&w->json, "lints");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < answer->lints.count; i++)
		add_lint(w, &answer->lints.at[i]);
	tu_json_close_array(&w->json);
	tu_json_key(&w->json, "open");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < answer->threats.count; i++)
		if (tu_threat_is_open(&answer->threats.at[i]))
			add_threat(w, &answer->threats.at[i]);
	tu_json_close_array(&w->json);
	tu_json_key(&w->json, "questions");
	tu_json_open_array(&w->json);
	add_questions(w);
	tu_json_close_array(&w->json);
	tu_json_key(&w->json, "stale");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < answer->threats.stale.count; i++)
		tu_json_add_str(&w->json, answer->threats.stale.at[i].key);
	tu_json_close_array(&w->json);
	tu_json_key(&w->json, "losses");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < answer->losses.count; i++)
		add_loss(w, &answer->losses.at[i]);
	tu_json_close_array(&w->json);
}

void tu_threat_check_json(const struct tu_threat_view *view, struct tu_sink *out)
{
	struct writer writer = writer_of(view, out), *w = &writer;

	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "format", TU_STR("tutela-threat-check"));
	tu_json_member_int(&w->json, "format_version", 1);
	tu_json_tool(&w->json);
	add_model(w);
	add_counts(w);
	add_lists(w);
	tu_json_close_object(&w->json);
	tu_buf_byte(&out->buf, '\n');
}
