#include <string.h>

#include "base/time.h"
#include "show/concept.h"
#include "show/paint.h"

/* Strangers' text: harmless for a terminal, and no markup. */
static void plain(struct tu_buf *out, struct tu_str text)
{
	struct tu_buf clean;
	const struct tu_paint paint = {&clean, false};

	tu_buf_init(&clean, 1 << 20);
	tu_paint(&paint, TU_HUE_PLAIN, text);
	for (size_t i = 0; i < clean.len; i++) {
		if (strchr("\\`*_[]<>#|~&", clean.ptr[i]))
			tu_buf_byte(out, '\\');
		tu_buf_byte(out, clean.ptr[i]);
	}
	tu_buf_done(&clean);
}

static void cell(struct tu_buf *out, struct tu_str text)
{
	tu_buf_c(out, "| ");
	plain(out, text);
	tu_buf_byte(out, ' ');
}

static void date(struct tu_buf *out, int64_t at)
{
	tu_buf_c(out, "| ");
	if (at)
		tu_time_write_date(at, out);
	tu_buf_byte(out, ' ');
}

static void add_counts(const struct tu_concept_phase *phase, struct tu_buf *out)
{
	const struct tu_concept_state *state = &phase->state;
	const size_t *n = state->replies;

	tu_buf_printf(out,
		"# Concept phase\n\nClass: %s. %zu questions: %zu answered (%zu yes, %zu no), %zu "
		"unknown, %zu open, %zu not asked, %zu contradicted. %zu of %d stakeholders "
		"open.\n",
		tu_concept_class_text(phase), state->catalogue->question_count,
		n[TU_REPLY_YES] + n[TU_REPLY_NO], n[TU_REPLY_YES], n[TU_REPLY_NO],
		n[TU_REPLY_UNKNOWN], n[TU_REPLY_NONE], state->not_asked, state->contradicted,
		state->stakeholders_open, TU_STAKEHOLDER_COUNT_);
}

static void add_question(const struct tu_concept_state *state, size_t index, struct tu_buf *out)
{
	const struct tu_concept_question *question = &state->catalogue->questions[index];
	const struct tu_concept_standing *standing = &state->standings[index];
	const struct tu_concept_answer *answer = standing->answer;
	const char *text = tu_concept_standing_text(standing);

	if (!standing->asked && !answer)
		return;
	cell(out, question->id);
	cell(out, question->text);
	if (standing->contradicted)
		tu_buf_printf(out, "| %s, contradicted by %.*s ", text,
			TU_STR_FMT(state->catalogue->questions[standing->because].id));
	else
		tu_buf_printf(out, "| %s ", text);
	cell(out, answer ? answer->by : TU_STR(""));
	date(out, answer ? answer->at : 0);
	cell(out, answer ? answer->note : TU_STR(""));
	tu_buf_c(out, "|\n");
}

static void add_questions(const struct tu_concept_state *state, struct tu_sink *sink)
{
	tu_buf_c(&sink->buf,
		"\n## Questions\n\n| Question | | Answer | By | At | Note "
		"|\n|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < state->catalogue->question_count; i++) {
		add_question(state, i, &sink->buf);
		tu_sink_spill(sink);
	}
}

static void add_stakeholders(const struct tu_concept_state *state, struct tu_buf *out)
{
	tu_buf_c(out,
		"\n## Stakeholders\n\n| Stakeholder | State | Signed by | At "
		"|\n|---|---|---|---|\n");
	for (int i = 0; i < TU_STAKEHOLDER_COUNT_; i++) {
		const struct tu_concept_hearing *hearing = &state->hearings[i];
		const struct tu_concept_sign_off *signed_ = hearing->sign_off;

		tu_buf_printf(out, "| %s | ", tu_words_name(&tu_words_stakeholder, i));
		tu_concept_hearing_text(hearing, out);
		tu_buf_byte(out, ' ');
		cell(out, signed_ ? signed_->by : TU_STR(""));
		date(out, signed_ ? signed_->at : 0);
		tu_buf_c(out, "|\n");
	}
}

static void add_concerns(const struct tu_concept_record *record, struct tu_buf *out)
{
	if (record->concern_count)
		tu_buf_c(out,
			"\n## Discussions\n\n| Stakeholder | Concern | Answer | Owner | Due "
			"|\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < record->concern_count; i++) {
		const struct tu_concept_concern *concern = &record->concerns[i];
		const char *who = tu_words_name(&tu_words_stakeholder, (int)concern->stakeholder);
		bool open = !tu_concept_concern_settled(concern);

		tu_buf_printf(out, "| %s ", who);
		cell(out, concern->concern);
		cell(out, open ? TU_STR("open") : concern->answer);
		cell(out, concern->owner);
		date(out, concern->due);
		tu_buf_c(out, "|\n");
	}
}

static void add_hazards(const struct tu_concept_state *state, struct tu_buf *out)
{
	const struct tu_indexes *list = &state->parts[TU_PART_HAZARD];
	const struct tu_concept_part *hazards = state->catalogue->parts[TU_PART_HAZARD].at;

	if (list->count)
		tu_buf_c(out, "\n## Questions to the safety engineer, who states the severity\n\n");
	for (size_t i = 0; i < list->count; i++) {
		tu_buf_c(out, "- ");
		plain(out, hazards[list->at[i]].id);
		tu_buf_c(out, ": ");
		plain(out, hazards[list->at[i]].name);
		tu_buf_byte(out, '\n');
	}
}

/* Rules have titles, sections of MDS2 none. */
static void add_topics(const char *heading, const struct tu_concept_phase *phase,
	const struct tu_concept_topics *topics, struct tu_buf *out)
{
	const struct tu_concept_state *state = &phase->state;

	if (topics->count)
		tu_buf_printf(out, "\n## %s\n\n", heading);
	for (size_t i = 0; i < topics->count; i++) {
		const struct tu_indexes *from = &topics->at[i].questions;
		struct tu_str called = tu_concept_rule_title(phase, topics->at[i].id);

		tu_buf_c(out, "- ");
		plain(out, topics->at[i].id);
		tu_buf_c(out, called.len ? " " : "");
		plain(out, called);
		for (size_t q = 0; q < from->count; q++) {
			tu_buf_c(out, q ? ", " : ": ");
			plain(out, state->catalogue->questions[from->at[q]].id);
		}
		tu_buf_byte(out, '\n');
	}
}

static void add_inquiries(const struct tu_concept_state *state, struct tu_buf *out)
{
	tu_buf_c(out, "\n## Questions to a hospital's IT\n\n");
	for (size_t i = 0; i < state->inquiry_count; i++) {
		tu_buf_printf(out, "%zu. ", i + 1);
		plain(out, state->catalogue->inquiries[state->inquiries[i]].text);
		tu_buf_byte(out, '\n');
	}
}

static void add_packs(const struct tu_concept_record *record, struct tu_buf *out)
{
	for (size_t i = 0; i < record->pack_count; i++) {
		tu_buf_c(out, i ? "\n" : "\n## Packs of questions\n\n");
		plain(out,
			record->packs[i].title.len ? record->packs[i].title : record->packs[i].id);
		tu_buf_printf(out, ", %u questions. ", record->packs[i].questions);
		plain(out, record->packs[i].licence);
		tu_buf_byte(out, '\n');
	}
}

void tu_concept_markdown(const struct tu_concept_phase *phase, const struct tu_concept_style *style,
	struct tu_sink *out)
{
	const struct tu_concept_state *state = &phase->state;

	(void)style;
	add_counts(phase, &out->buf);
	add_questions(state, out);
	add_stakeholders(state, &out->buf);
	add_concerns(&phase->record, &out->buf);
	add_hazards(state, &out->buf);
	add_topics("Threats to consider, and the answers that lead to them", phase, &state->threats,
		&out->buf);
	add_topics("Sections of MDS2 that the answers are about", phase, &state->mds2, &out->buf);
	add_inquiries(state, &out->buf);
	add_packs(&phase->record, &out->buf);
	tu_sink_spill(out);
}
