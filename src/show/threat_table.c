/* Threats for people: the worst first, then what has to be answered. */
#include <stdio.h>

#include "show/paint.h"
#include "show/threat.h"

enum {
	OUTCOME_WIDTH = 14,
	SEVERITY_WIDTH = 12,
	REACH_WIDTH = 9,
	KEY_MAX = 44,
	AT_MAX = 24,
	SUBJECT_WIDTH = 20,
	NUMBER_MAX = 32
};

struct table {
	const struct tu_threat_view *view;
	struct tu_sink *out;
	struct tu_paint paint;
	size_t key_width; /* of threats */
	size_t at_width; /* of questions */
};

static void cell(const struct table *t, enum tu_hue hue, struct tu_str text, size_t width)
{
	tu_paint_cell(&t->paint, hue, text, width, false);
	tu_buf_c(t->paint.out, "  ");
}

/* What is left of the line is for a text that may be cut. */
static void last(const struct table *t, size_t used, struct tu_str text)
{
	size_t width = t->view->width;

	tu_paint_cut(&t->paint, TU_HUE_PLAIN, text, width > used + 20 ? width - used : 0);
	tu_buf_byte(t->paint.out, '\n');
	tu_sink_spill(t->out);
}

static enum tu_hue hue_of(const struct tu_threat *threat)
{
	if (!tu_threat_is_open(threat))
		return TU_HUE_PLAIN;
	if (threat->severity >= TU_HARM_CRITICAL)
		return TU_HUE_BRIGHT_RED;
	return threat->severity >= TU_HARM_SERIOUS || threat->severity == TU_HARM_UNKNOWN
		? TU_HUE_RED
		: TU_HUE_YELLOW;
}

/* A threat without a severity of its own has none to show. */
static struct tu_str severity_of(const struct tu_threat *threat)
{
	if (!threat->graded)
		return TU_STR("-");
	if (threat->severity == TU_HARM_NONE && threat->stride == 'I' &&
		threat->privacy != TU_PRIVACY_NONE)
		return TU_STR("privacy");
	return tu_str_c(tu_harm_name(threat->severity));
}

static struct tu_str reach_of(const struct tu_threat *threat, char *text)
{
	if (threat->reach == TU_MODEL_UNSTATED)
		return TU_STR("?");
	(void)snprintf(text, NUMBER_MAX, "%s%llu", threat->reach_is_bound ? "<=" : "",
		(unsigned long long)threat->reach);
	return tu_str_c(text);
}

static void add_threat(const struct table *t, const struct tu_threat *threat)
{
	char letter[2] = {threat->stride ? threat->stride : '-', '\0'}, reach[NUMBER_MAX];
	size_t used = OUTCOME_WIDTH + SEVERITY_WIDTH + REACH_WIDTH + t->key_width + 4 * 2 + 1;

	cell(t, hue_of(threat), tu_str_c(tu_threat_outcome_name(threat->outcome)), OUTCOME_WIDTH);
	cell(t, hue_of(threat), severity_of(threat), SEVERITY_WIDTH);
	tu_paint_cell(&t->paint, TU_HUE_PLAIN, reach_of(threat, reach), REACH_WIDTH, true);
	tu_buf_c(t->paint.out, "  ");
	cell(t, TU_HUE_PLAIN, tu_str_c(letter), 1);
	cell(t, TU_HUE_BOLD, threat->key, t->key_width);
	last(t, used, threat->title);
}

static void add_question(const struct table *t, const struct tu_threat_question *question)
{
	cell(t, TU_HUE_BOLD, tu_threat_spot_id(t->view->answer->model, question->spot),
		t->at_width);
	cell(t, TU_HUE_DIM, question->subject, SUBJECT_WIDTH);
	last(t, SUBJECT_WIDTH + t->at_width + 4, question->text);
}

static size_t limited(size_t width, size_t most)
{
	return width < most ? width : most;
}

static size_t key_width(const struct tu_threats *threats)
{
	size_t width = 3;

	for (size_t i = 0; i < threats->count; i++) {
		size_t columns = threats->at[i].outcome == TU_THREAT_NOT_APPLICABLE
			? 0
			: tu_paint_columns(threats->at[i].key);

		if (columns > width)
			width = columns;
	}
	return limited(width, KEY_MAX);
}

static size_t at_width(const struct tu_threat_view *view)
{
	const struct tu_threats *threats = &view->answer->threats;
	size_t width = 2;

	for (size_t i = 0; i < threats->question_count; i++) {
		size_t columns = tu_paint_columns(
			tu_threat_spot_id(view->answer->model, threats->questions[i].spot));

		if (columns > width)
			width = columns;
	}
	return limited(width, AT_MAX);
}

static bool is_shown(const struct tu_threat_view *view, const struct tu_threat *threat)
{
	if (threat->outcome == TU_THREAT_UNKNOWN)
		return false; /* questions say it */
	return view->all ||
		(threat->outcome != TU_THREAT_MITIGATED &&
			threat->outcome != TU_THREAT_NOT_APPLICABLE);
}

static struct table table_of(const struct tu_threat_view *view, struct tu_sink *out)
{
	return (struct table){view, out, {&out->buf, view->colour},
		key_width(&view->answer->threats), at_width(view)};
}

static void add_head(const struct table *t)
{
	cell(t, TU_HUE_DIM, TU_STR("OUTCOME"), OUTCOME_WIDTH);
	cell(t, TU_HUE_DIM, TU_STR("SEVERITY"), SEVERITY_WIDTH);
	tu_paint_cell(&t->paint, TU_HUE_DIM, TU_STR("PATIENTS"), REACH_WIDTH, true);
	tu_buf_c(t->paint.out, "  ");
	cell(t, TU_HUE_DIM, TU_STR("S"), 1);
	cell(t, TU_HUE_DIM, TU_STR("KEY"), t->key_width);
	tu_paint_c(&t->paint, TU_HUE_DIM, "THREAT");
	tu_buf_byte(t->paint.out, '\n');
}

static void add_counts(const struct table *t)
{
	const struct tu_threat_answer *answer = t->view->answer;
	const size_t *counts = answer->counts;

	tu_buf_printf(&t->out->buf,
		"%zu open, %zu mitigated without evidence, %zu questions; %zu mitigated, "
		"%zu accepted, %zu transferred, %zu not applicable\n",
		counts[TU_THREAT_OPEN], counts[TU_THREAT_UNPROVEN], answer->threats.question_count,
		counts[TU_THREAT_MITIGATED], counts[TU_THREAT_ACCEPTED],
		counts[TU_THREAT_TRANSFERRED], counts[TU_THREAT_NOT_APPLICABLE]);
}

static void add_questions(const struct table *t, bool after_threats)
{
	const struct tu_threats *threats = &t->view->answer->threats;

	if (!threats->question_count)
		return;
	tu_buf_c(t->paint.out, after_threats ? "\n" : "");
	cell(t, TU_HUE_DIM, TU_STR("AT"), t->at_width);
	cell(t, TU_HUE_DIM, TU_STR("NOT STATED"), SUBJECT_WIDTH);
	tu_paint_c(&t->paint, TU_HUE_DIM, "QUESTION");
	tu_buf_byte(t->paint.out, '\n');
	for (size_t i = 0; i < threats->question_count; i++)
		add_question(t, &threats->questions[i]);
}

static void add_threats(const struct table *t)
{
	const struct tu_threats *threats = &t->view->answer->threats;
	bool headed = false;

	for (size_t i = 0; i < threats->count; i++) {
		if (!is_shown(t->view, &threats->at[i]))
			continue;
		if (!headed)
			add_head(t);
		headed = true;
		add_threat(t, &threats->at[i]);
	}
	add_questions(t, headed);
}

void tu_threat_list_table(const struct tu_threat_view *view, struct tu_sink *out)
{
	struct table table = table_of(view, out);

	add_threats(&table);
	add_counts(&table);
}

/* ---- check ---- */

static void add_title(const struct table *t)
{
	const struct tu_threat_answer *answer = t->view->answer;
	const struct tu_model *model = answer->model;

	tu_paint(&t->paint, TU_HUE_BOLD, model->title.len ? model->title : model->file);
	tu_buf_printf(&t->out->buf, "%s", model->version.len ? " " : "");
	tu_paint(&t->paint, TU_HUE_PLAIN, model->version);
	tu_buf_printf(&t->out->buf,
		"\n%zu elements, %zu flows, %zu controls; rules:", model->elements_count,
		model->flows_count, model->controls_count);
	for (size_t i = 0; i < answer->pack_count; i++) {
		tu_buf_c(&t->out->buf, i ? ", " : " ");
		tu_paint(&t->paint, TU_HUE_PLAIN, answer->packs[i]->id);
		tu_buf_byte(&t->out->buf, ' ');
		tu_paint(&t->paint, TU_HUE_PLAIN, answer->packs[i]->version);
	}
	tu_buf_c(&t->out->buf, "\n\n");
}

static void add_place(const struct table *t, struct tu_str file, struct tu_place place)
{
	tu_paint(&t->paint, TU_HUE_PLAIN, file);
	if (place.line)
		tu_buf_printf(&t->out->buf, ":%u:%u", place.line, place.column);
	tu_buf_c(&t->out->buf, ": ");
}

static void add_lints(const struct table *t)
{
	const struct tu_lints *lints = &t->view->answer->lints;

	for (size_t i = 0; i < lints->count; i++) {
		const struct tu_lint *lint = &lints->at[i];

		add_place(t, lint->file, lint->place);
		tu_buf_printf(&t->out->buf, "%s: ", tu_lint_level_name(lint->level));
		tu_paint(&t->paint, TU_HUE_PLAIN, lint->message);
		tu_buf_printf(&t->out->buf, " [%s]\n", lint->rule);
		tu_sink_spill(t->out);
	}
	if (lints->count)
		tu_buf_byte(&t->out->buf, '\n');
}

static void add_losses(const struct table *t)
{
	const struct tu_model_losses *losses = &t->view->answer->losses;

	for (size_t i = 0; i < losses->count; i++) {
		const struct tu_model_loss *loss = &losses->at[i];

		add_place(t, t->view->answer->model->file, (struct tu_place){0});
		tu_paint(&t->paint, TU_HUE_PLAIN, loss->pointer);
		tu_buf_printf(&t->out->buf, "%s%s: ", loss->pointer.len ? ": " : "", loss->kind);
		tu_paint(&t->paint, TU_HUE_PLAIN, loss->message);
		tu_buf_byte(&t->out->buf, '\n');
		tu_sink_spill(t->out);
	}
	if (losses->count)
		tu_buf_byte(&t->out->buf, '\n');
}

static void add_stale(const struct table *t)
{
	const struct tu_dispositions *stale = &t->view->answer->threats.stale;

	for (size_t i = 0; i < stale->count; i++) {
		tu_buf_c(&t->out->buf, "stale decision: ");
		tu_paint(&t->paint, TU_HUE_PLAIN, stale->at[i].key);
		tu_buf_c(&t->out->buf, " is no longer found\n");
		tu_sink_spill(t->out);
	}
}

void tu_threat_check_text(const struct tu_threat_view *view, struct tu_sink *out)
{
	const struct tu_threat_answer *answer = view->answer;
	struct table table = table_of(view, out);

	add_title(&table);
	add_losses(&table);
	add_lints(&table);
	add_threats(&table);
	add_stale(&table);
	if (answer->threats.count || answer->threats.question_count)
		tu_buf_byte(&out->buf, '\n');
	tu_buf_printf(&out->buf, "%zu errors, %zu warnings, %zu notes; ",
		answer->levels[TU_LINT_ERROR], answer->levels[TU_LINT_WARNING],
		answer->levels[TU_LINT_NOTE]);
	add_counts(&table);
}
