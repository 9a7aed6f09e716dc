#include "base/json_writer.h"
#include "base/time.h"
#include "show/concept.h"

static void date(struct tu_json_writer *json, int64_t at)
{
	size_t start = tu_json_open_text(json);

	tu_time_write(at, json->buf);
	tu_json_close_text(json, start);
}

static void add_counts(const struct tu_concept_state *state, struct tu_json_writer *json)
{
	const size_t *n = state->replies;

	tu_json_key(json, "counts");
	tu_json_open_object(json);
	tu_json_member_int(json, "yes", (int64_t)n[TU_REPLY_YES]);
	tu_json_member_int(json, "no", (int64_t)n[TU_REPLY_NO]);
	tu_json_member_int(json, "unknown", (int64_t)n[TU_REPLY_UNKNOWN]);
	tu_json_member_int(json, "open", (int64_t)n[TU_REPLY_NONE]);
	tu_json_member_int(json, "not_asked", (int64_t)state->not_asked);
	tu_json_member_int(json, "contradicted", (int64_t)state->contradicted);
	tu_json_member_int(json, "of_packs_not_read", (int64_t)state->elsewhere);
	tu_json_member_int(json, "stakeholders_open", (int64_t)state->stakeholders_open);
	tu_json_close_object(json);
}

static void add_question(
	const struct tu_concept_state *state, size_t index, struct tu_json_writer *json)
{
	const struct tu_concept_question *question = &state->catalogue->questions[index];
	const struct tu_concept_standing *standing = &state->standings[index];
	const struct tu_concept_answer *answer = standing->answer;

	tu_json_open_object(json);
	tu_json_member_str(json, "id", question->id);
	tu_json_member_str(json, "subject", question->subject);
	tu_json_member_str(json, "text", question->text);
	tu_json_member_str(json, "why", question->why);
	tu_json_member_str(json, "state", tu_str_c(tu_concept_standing_text(standing)));
	if (!standing->asked && standing->because != TU_MODEL_NOWHERE)
		tu_json_member_str(
			json, "because", state->catalogue->questions[standing->because].id);
	if (standing->contradicted)
		tu_json_member_bool(json, "contradicted", true);
	if (answer) {
		tu_json_member_str(json, "by", answer->by);
		tu_json_key(json, "at");
		date(json, answer->at);
		tu_json_member_opt(json, "note", answer->note);
	}
	tu_json_close_object(json);
}

static void add_stakeholder(
	const struct tu_concept_state *state, int who, struct tu_json_writer *json)
{
	const struct tu_concept_hearing *hearing = &state->hearings[who];
	size_t start;

	tu_json_open_object(json);
	tu_json_member_str(
		json, "stakeholder", tu_str_c(tu_words_name(&tu_words_stakeholder, who)));
	tu_json_member_bool(json, "open", tu_concept_hearing_open(hearing));
	tu_json_key(json, "state");
	start = tu_json_open_text(json);
	tu_concept_hearing_text(hearing, json->buf);
	tu_json_close_text(json, start);
	tu_json_member_int(json, "concerns", (int64_t)hearing->concerns);
	tu_json_member_int(json, "concerns_open", (int64_t)hearing->open);
	if (hearing->sign_off) {
		tu_json_member_str(json, "signed_by", hearing->sign_off->by);
		tu_json_key(json, "signed_at");
		date(json, hearing->sign_off->at);
		tu_json_member_opt(json, "sign_off_note", hearing->sign_off->note);
		if (hearing->outdated)
			tu_json_member_bool(json, "outdated", true);
	}
	tu_json_close_object(json);
}

static void add_concern(const struct tu_concept_concern *concern, struct tu_json_writer *json)
{
	const char *who = tu_words_name(&tu_words_stakeholder, (int)concern->stakeholder);

	tu_json_open_object(json);
	tu_json_member_str(json, "stakeholder", tu_str_c(who));
	tu_json_member_str(json, "concern", concern->concern);
	tu_json_key(json, "raised");
	date(json, concern->raised);
	tu_json_member_bool(json, "open", !tu_concept_concern_settled(concern));
	tu_json_member_opt(json, "answer", concern->answer);
	tu_json_member_opt(json, "owner", concern->owner);
	if (concern->due) {
		tu_json_key(json, "due");
		date(json, concern->due);
	}
	tu_json_close_object(json);
}

static void add_topics(const struct tu_concept_phase *phase, const struct tu_concept_topics *topics,
	struct tu_json_writer *json)
{
	const struct tu_concept_state *state = &phase->state;

	tu_json_open_array(json);
	for (size_t i = 0; i < topics->count; i++) {
		const struct tu_indexes *from = &topics->at[i].questions;

		tu_json_open_object(json);
		tu_json_member_str(json, "id", topics->at[i].id);
		tu_json_member_opt(json, "title", tu_concept_rule_title(phase, topics->at[i].id));
		tu_json_key(json, "questions");
		tu_json_open_array(json);
		for (size_t q = 0; q < from->count; q++)
			tu_json_add_str(json, state->catalogue->questions[from->at[q]].id);
		tu_json_close_array(json);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void add_hazards(const struct tu_concept_state *state, struct tu_json_writer *json)
{
	const struct tu_concept_parts *parts = state->catalogue->parts;
	const struct tu_indexes *list = &state->parts[TU_PART_HAZARD];

	tu_json_open_array(json);
	for (size_t i = 0; i < list->count; i++) {
		const struct tu_concept_part *hazard = &parts[TU_PART_HAZARD].at[list->at[i]];

		tu_json_open_object(json);
		tu_json_member_str(json, "id", hazard->id);
		tu_json_member_str(json, "asset", parts[TU_PART_ASSET].at[hazard->from].id);
		tu_json_member_str(json, "asks", hazard->name);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void add_inquiries(const struct tu_concept_state *state, struct tu_json_writer *json)
{
	tu_json_open_array(json);
	for (size_t i = 0; i < state->inquiry_count; i++) {
		const struct tu_concept_inquiry *inquiry =
			&state->catalogue->inquiries[state->inquiries[i]];

		tu_json_open_object(json);
		tu_json_member_str(json, "id", inquiry->id);
		tu_json_member_str(json, "text", inquiry->text);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void add_pack(const struct tu_concept_phase *phase,
	const struct tu_concept_pack_record *pack, bool recorded, struct tu_json_writer *json)
{
	bool read = tu_str_eq(pack->id, phase->catalogue.pack);

	tu_json_open_object(json);
	tu_json_member_str(json, "id", pack->id);
	tu_json_member_opt(json, "title", pack->title);
	tu_json_member_opt(json, "file", pack->file);
	tu_json_member_opt(json, "digest", pack->digest);
	tu_json_member_int(json, "questions", pack->questions);
	tu_json_member_bool(json, "read", read);
	tu_json_member_bool(json, "recorded", recorded);
	if (read && phase->pack_differs)
		tu_json_member_bool(json, "differs", true);
	tu_json_member_str(json, "licence", pack->licence);
	tu_json_close_object(json);
}

/* What is recorded, and what is asked from and not recorded yet. */
static void add_packs(const struct tu_concept_phase *phase, struct tu_json_writer *json)
{
	tu_json_open_array(json);
	for (size_t i = 0; i < phase->record.pack_count; i++)
		add_pack(phase, &phase->record.packs[i], true, json);
	if (phase->pack.count && !phase->pack_recorded && !phase->pack_differs)
		add_pack(phase, &phase->pack.record, false, json);
	tu_json_close_array(json);
}

static void add_lists(const struct tu_concept_phase *phase, struct tu_json_writer *json)
{
	const struct tu_concept_state *state = &phase->state;

	tu_json_key(json, "questions");
	tu_json_open_array(json);
	for (size_t i = 0; i < state->catalogue->question_count; i++)
		add_question(state, i, json);
	tu_json_close_array(json);
	tu_json_key(json, "stakeholders");
	tu_json_open_array(json);
	for (int i = 0; i < TU_STAKEHOLDER_COUNT_; i++)
		add_stakeholder(state, i, json);
	tu_json_close_array(json);
	tu_json_key(json, "discussions");
	tu_json_open_array(json);
	for (size_t i = 0; i < phase->record.concern_count; i++)
		add_concern(&phase->record.concerns[i], json);
	tu_json_close_array(json);
	tu_json_key(json, "hazards_to_judge");
	add_hazards(state, json);
	tu_json_key(json, "threats_to_consider");
	add_topics(phase, &state->threats, json);
	tu_json_key(json, "mds2");
	add_topics(phase, &state->mds2, json);
	tu_json_key(json, "hospital_it");
	add_inquiries(state, json);
	tu_json_key(json, "packs");
	add_packs(phase, json);
}

void tu_concept_json_members(const struct tu_concept_phase *phase, struct tu_json_writer *json)
{
	const char *of = tu_words_name(&tu_words_class, (int)phase->record.device_class);

	tu_json_member_opt(json, "class", tu_str_c(of));
	tu_json_member_bool(json, "settled", tu_concept_is_settled(&phase->state));
	add_counts(&phase->state, json);
	add_lists(phase, json);
}

void tu_concept_json(const struct tu_concept_phase *phase, const struct tu_concept_style *style,
	struct tu_sink *out)
{
	struct tu_json_writer json = tu_json_writer(&out->buf, true);

	(void)style;
	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", TU_STR("tutela-concept"));
	tu_json_member_int(&json, "format_version", 1);
	tu_concept_json_members(phase, &json);
	tu_json_close_object(&json);
	tu_buf_byte(&out->buf, '\n');
	tu_sink_spill(out);
}
