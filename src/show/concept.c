#include "show/concept.h"

#include "show/paint.h"

static const struct tu_concept_format formats[] = {
	{"table", tu_concept_table},
	{"json", tu_concept_json},
	{"markdown", tu_concept_markdown},
};

const struct tu_concept_format *tu_concept_format_by_name(struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(formats); i++)
		if (tu_str_ieq(tu_str_c(formats[i].name), name))
			return &formats[i];
	return NULL;
}

const char *tu_concept_format_word(size_t index)
{
	return index < TU_COUNT(formats) ? formats[index].name : NULL;
}

const char *tu_concept_class_text(const struct tu_concept_phase *phase)
{
	const char *word = tu_words_name(&tu_words_class, (int)phase->record.device_class);

	return *word ? word : "not stated: every question is asked";
}

const char *tu_concept_standing_text(const struct tu_concept_standing *standing)
{
	if (standing->reply != TU_REPLY_NONE)
		return tu_words_name(&tu_words_reply, (int)standing->reply);
	return standing->asked ? "open" : "not asked";
}

void tu_concept_hearing_text(const struct tu_concept_hearing *hearing, struct tu_buf *out)
{
	if (!hearing->concerns)
		tu_buf_c(out, "no discussion");
	else if (hearing->open)
		tu_buf_printf(out, "%zu of %zu concerns open", hearing->open, hearing->concerns);
	else if (!hearing->sign_off)
		tu_buf_c(out, "not signed off");
	else if (hearing->outdated)
		tu_buf_c(out, "a concern was raised after the sign-off");
	else
		tu_buf_c(out, "signed off");
}

/* ---- table ---- */

enum { ID_WIDTH = 22, WHO_WIDTH = 13 };

struct table {
	const struct tu_concept_phase *phase;
	const struct tu_concept_state *state;
	struct tu_paint paint;
	struct tu_sink *out;
};

static void title(struct table *t, const char *text)
{
	tu_buf_byte(t->paint.out, '\n');
	tu_paint_c(&t->paint, TU_HUE_BOLD, text);
	tu_buf_byte(t->paint.out, '\n');
}

static void row(struct table *t, struct tu_str id, size_t width, struct tu_str text)
{
	tu_buf_c(t->paint.out, "  ");
	tu_paint_cell(&t->paint, TU_HUE_BOLD, id, width, false);
	tu_buf_byte(t->paint.out, ' ');
	tu_paint(&t->paint, TU_HUE_PLAIN, text);
	tu_buf_byte(t->paint.out, '\n');
	tu_sink_spill(t->out);
}

static void add_counts(struct table *t)
{
	const size_t *n = t->state->replies;
	struct tu_buf *out = t->paint.out;

	tu_buf_c(out, "Class: ");
	tu_paint_c(&t->paint, TU_HUE_BOLD, tu_concept_class_text(t->phase));
	tu_buf_printf(out,
		"\n%zu questions: %zu answered (%zu yes, %zu no), %zu unknown, %zu open; "
		"%zu not asked",
		t->state->catalogue->question_count, n[TU_REPLY_YES] + n[TU_REPLY_NO],
		n[TU_REPLY_YES], n[TU_REPLY_NO], n[TU_REPLY_UNKNOWN], n[TU_REPLY_NONE],
		t->state->not_asked);
	if (t->state->contradicted)
		tu_buf_printf(out, "; %zu contradicted", t->state->contradicted);
	tu_buf_printf(out, "\n%zu of %d stakeholders open\n", t->state->stakeholders_open,
		TU_STAKEHOLDER_COUNT_);
}

/* Packs that were asked from and are not read now: what is open in them is not known here. */
static void add_packs(struct table *t)
{
	for (size_t i = 0; i < t->phase->record.pack_count; i++) {
		const struct tu_concept_pack_record *pack = &t->phase->record.packs[i];

		if (tu_str_eq(pack->id, t->state->catalogue->pack) && !t->phase->pack_differs)
			continue;
		tu_buf_c(t->paint.out, "Pack ");
		tu_paint(&t->paint, TU_HUE_BOLD, pack->id);
		tu_buf_printf(t->paint.out, " (%u questions) %s\n", pack->questions,
			t->phase->pack.count
				? "was recorded from another file than the one that is read now"
				: "is not read now: --pack shows what is open in it");
	}
}

static void add_questions(struct table *t, const char *heading, enum tu_reply reply)
{
	const struct tu_concept_catalogue *catalogue = t->state->catalogue;
	bool any = false;

	for (size_t i = 0; i < catalogue->question_count; i++) {
		const struct tu_concept_standing *standing = &t->state->standings[i];

		if (standing->reply != reply || !standing->asked)
			continue;
		if (!any)
			title(t, heading);
		any = true;
		row(t, catalogue->questions[i].id, ID_WIDTH, catalogue->questions[i].text);
	}
}

static void add_contradictions(struct table *t)
{
	const struct tu_concept_catalogue *catalogue = t->state->catalogue;
	bool any = false;

	for (size_t i = 0; i < catalogue->question_count; i++) {
		const struct tu_concept_standing *standing = &t->state->standings[i];

		if (!standing->contradicted)
			continue;
		if (!any)
			title(t, "Contradicted by another answer");
		any = true;
		tu_buf_printf(t->paint.out, "  %.*s: %s, though %.*s: %s\n",
			TU_STR_FMT(catalogue->questions[i].id), tu_concept_standing_text(standing),
			TU_STR_FMT(catalogue->questions[standing->because].id),
			tu_concept_standing_text(&t->state->standings[standing->because]));
	}
}

static void add_stakeholders(struct table *t)
{
	title(t, "Stakeholders");
	for (int i = 0; i < TU_STAKEHOLDER_COUNT_; i++) {
		const struct tu_concept_hearing *hearing = &t->state->hearings[i];
		struct tu_buf text;

		tu_buf_init(&text, 4096);
		tu_concept_hearing_text(hearing, &text);
		if (hearing->sign_off)
			tu_buf_printf(&text, ", by %.*s", TU_STR_FMT(hearing->sign_off->by));
		row(t, tu_str_c(tu_words_name(&tu_words_stakeholder, i)), WHO_WIDTH,
			tu_buf_str(&text));
		tu_buf_done(&text);
	}
	for (size_t i = 0; i < t->phase->record.concern_count; i++) {
		const struct tu_concept_concern *concern = &t->phase->record.concerns[i];

		if (tu_concept_concern_settled(concern))
			continue;
		tu_buf_printf(t->paint.out, "  open, line %u: ", concern->place.line);
		tu_paint(&t->paint, TU_HUE_PLAIN, concern->concern);
		tu_buf_byte(t->paint.out, '\n');
	}
}

static void add_hazards(struct table *t)
{
	const struct tu_indexes *list = &t->state->parts[TU_PART_HAZARD];
	const struct tu_concept_part *hazards = t->state->catalogue->parts[TU_PART_HAZARD].at;

	if (list->count)
		title(t, "Questions to the safety engineer, who states the severity");
	for (size_t i = 0; i < list->count; i++)
		row(t, hazards[list->at[i]].id, ID_WIDTH, hazards[list->at[i]].name);
}

static void add_topics(struct table *t, const char *heading, const struct tu_concept_topics *topics)
{
	if (!topics->count)
		return;
	title(t, heading);
	for (size_t i = 0; i < topics->count; i++) {
		const struct tu_indexes *from = &topics->at[i].questions;
		struct tu_buf text;

		struct tu_str called = tu_concept_rule_title(t->phase, topics->at[i].id);

		tu_buf_init(&text, 64 * 1024);
		tu_buf_printf(&text, "%.*s%s", TU_STR_FMT(called), called.len ? " (" : "");
		for (size_t q = 0; q < from->count; q++)
			tu_buf_printf(&text, "%s%.*s", q ? ", " : "",
				TU_STR_FMT(t->state->catalogue->questions[from->at[q]].id));
		tu_buf_c(&text, called.len ? ")" : "");
		row(t, topics->at[i].id, 8, tu_buf_str(&text));
		tu_buf_done(&text);
	}
}

static void add_inquiries(struct table *t)
{
	title(t, "Questions to a hospital's IT");
	for (size_t i = 0; i < t->state->inquiry_count; i++) {
		tu_buf_printf(t->paint.out, "  %2zu. ", i + 1);
		tu_paint(&t->paint, TU_HUE_PLAIN,
			t->state->catalogue->inquiries[t->state->inquiries[i]].text);
		tu_buf_byte(t->paint.out, '\n');
	}
}

void tu_concept_table(const struct tu_concept_phase *phase, const struct tu_concept_style *style,
	struct tu_sink *out)
{
	struct table t = {phase, &phase->state, {&out->buf, style->colour}, out};

	add_counts(&t);
	add_packs(&t);
	add_questions(&t, "Open", TU_REPLY_NONE);
	add_questions(&t, "Unknown", TU_REPLY_UNKNOWN);
	add_contradictions(&t);
	add_stakeholders(&t);
	add_hazards(&t);
	add_topics(&t, "Threats to consider, and the answers that lead to them",
		&phase->state.threats);
	add_inquiries(&t);
	tu_sink_spill(out);
}
