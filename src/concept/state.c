#include "concept/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

struct making {
	struct tu_arena *arena;
	struct tu_concept_state *state;
	struct tu_concept_standing *standings;
};

/* ---- questions ---- */

static void take_answers(struct making *m)
{
	const struct tu_concept_record *record = m->state->record;

	for (size_t i = 0; i < record->answer_count; i++) {
		const struct tu_concept_answer *answer = &record->answers[i];

		if (answer->question == TU_MODEL_NOWHERE) {
			m->state->elsewhere++;
			continue;
		}
		m->standings[answer->question].answer = answer;
		m->standings[answer->question].reply = answer->reply;
	}
}

/* As conditions see it. */
static enum tu_reply reply_of(const struct tu_concept_standing *standing)
{
	return !standing->asked && standing->reply == TU_REPLY_NONE ? TU_REPLY_NO : standing->reply;
}

static void ask(struct making *m, size_t index)
{
	const struct tu_concept_question *question = &m->state->catalogue->questions[index];
	enum tu_device_class of = m->state->record->device_class;
	struct tu_concept_standing *standing = &m->standings[index];

	standing->because = TU_MODEL_NOWHERE;
	standing->asked = !question->classes || of == TU_CLASS_UNSTATED ||
		(question->classes & ((uint32_t)1 << of));
	for (size_t i = 0; i < question->pointless.count; i++) {
		const struct tu_concept_condition *c = &question->pointless.at[i];

		if (standing->because == TU_MODEL_NOWHERE &&
			reply_of(&m->standings[c->question]) == c->reply)
			standing->because = c->question;
	}
	standing->asked = standing->asked && standing->because == TU_MODEL_NOWHERE;
	standing->contradicted = !standing->asked && standing->because != TU_MODEL_NOWHERE &&
		(standing->reply == TU_REPLY_YES || standing->reply == TU_REPLY_UNKNOWN);
}

static void count(struct making *m, size_t index)
{
	const struct tu_concept_standing *standing = &m->standings[index];

	if (standing->contradicted)
		m->state->contradicted++;
	if (standing->asked || standing->reply != TU_REPLY_NONE)
		m->state->replies[standing->reply]++;
	else
		m->state->not_asked++;
}

/* ---- stakeholders ---- */

bool tu_concept_hearing_open(const struct tu_concept_hearing *hearing)
{
	return !hearing->concerns || hearing->open || !hearing->sign_off || hearing->outdated;
}

static void hear(struct tu_concept_state *state)
{
	const struct tu_concept_record *record = state->record;

	for (size_t i = 0; i < record->sign_off_count; i++)
		state->hearings[record->sign_offs[i].stakeholder].sign_off = &record->sign_offs[i];
	for (size_t i = 0; i < record->concern_count; i++) {
		const struct tu_concept_concern *concern = &record->concerns[i];
		struct tu_concept_hearing *hearing = &state->hearings[concern->stakeholder];

		hearing->concerns++;
		hearing->open += !tu_concept_concern_settled(concern);
		if (hearing->sign_off && concern->raised > hearing->sign_off->at)
			hearing->outdated = true;
	}
	for (size_t i = 0; i < TU_STAKEHOLDER_COUNT_; i++)
		state->stakeholders_open += tu_concept_hearing_open(&state->hearings[i]);
}

/* ---- what the answers seed ---- */

static bool seeds(enum tu_reply reply, enum tu_reply of, bool considering)
{
	return reply == of || (considering && reply == TU_REPLY_UNKNOWN);
}

/* What a reply seeds; `considering`: threats, where unknown counts as each. */
static size_t seeds_of(const struct tu_concept_question *question, enum tu_reply reply,
	bool considering, const struct tu_concept_seed *out_seeds[2])
{
	size_t n = 0;

	if (seeds(reply, TU_REPLY_YES, considering))
		out_seeds[n++] = &question->yes;
	if (seeds(reply, TU_REPLY_NO, considering))
		out_seeds[n++] = &question->no;
	return n;
}

/* Which of `count` are marked, as indexes. */
static bool marked(
	struct tu_arena *arena, const bool *marks, size_t count, struct tu_indexes *out_indexes)
{
	uint32_t *list = tu_arena_array(arena, count, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; list && i < count; i++)
		if (marks[i])
			list[n++] = (uint32_t)i;
	*out_indexes = (struct tu_indexes){list, n};
	return list != NULL;
}

static void mark(const struct tu_indexes *indexes, bool *marks)
{
	for (size_t i = 0; i < indexes->count; i++)
		marks[indexes->at[i]] = true;
}

uint32_t tu_concept_zone_of(
	const struct tu_concept_state *state, const struct tu_concept_part *element)
{
	uint32_t question = state->catalogue->hospital_network;

	return question != TU_MODEL_NOWHERE && reply_of(&state->standings[question]) == TU_REPLY_NO
		? element->to
		: element->from;
}

/* A flow brings its elements, an element its zone, a hazard its asset. */
static void mark_ends(const struct tu_concept_state *state, bool *marks[TU_PART_COUNT_])
{
	const struct tu_concept_catalogue *catalogue = state->catalogue;
	const struct tu_concept_part *flows = catalogue->parts[TU_PART_FLOW].at;
	const struct tu_concept_part *elements = catalogue->parts[TU_PART_ELEMENT].at;
	const struct tu_concept_part *hazards = catalogue->parts[TU_PART_HAZARD].at;

	for (size_t i = 0; i < catalogue->parts[TU_PART_FLOW].count; i++)
		if (marks[TU_PART_FLOW][i])
			marks[TU_PART_ELEMENT][flows[i].from] =
				marks[TU_PART_ELEMENT][flows[i].to] = true;
	for (size_t i = 0; i < catalogue->parts[TU_PART_ELEMENT].count; i++)
		if (marks[TU_PART_ELEMENT][i])
			marks[TU_PART_ZONE][tu_concept_zone_of(state, &elements[i])] = true;
	for (size_t i = 0; i < catalogue->parts[TU_PART_HAZARD].count; i++)
		if (marks[TU_PART_HAZARD][i])
			marks[TU_PART_ASSET][hazards[i].from] = true;
}

static bool take_parts(struct making *m)
{
	const struct tu_concept_catalogue *catalogue = m->state->catalogue;
	bool *marks[TU_PART_COUNT_];
	bool fine = true;

	for (size_t k = 0; k < TU_PART_COUNT_; k++) {
		marks[k] = tu_arena_array(m->arena, catalogue->parts[k].count, sizeof(bool));
		if (!marks[k])
			return false;
	}
	for (size_t i = 0; i < catalogue->question_count; i++) {
		const struct tu_concept_seed *list[2];
		size_t n = seeds_of(&catalogue->questions[i], m->standings[i].reply, false, list);

		for (size_t s = 0; s < n; s++)
			for (size_t k = 0; k < TU_PART_COUNT_; k++)
				mark(&list[s]->parts[k], marks[k]);
	}
	mark_ends(m->state, marks);
	for (size_t k = 0; k < TU_PART_COUNT_ && fine; k++)
		fine = marked(m->arena, marks[k], catalogue->parts[k].count, &m->state->parts[k]);
	return fine;
}

/* ---- topics ---- */

struct mention {
	struct tu_str id;
	uint32_t question;
};

struct mentions {
	struct mention *at;
	size_t count, cap;
};

static int compare_mentions(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;
	int order = tu_str_cmp(x->id, y->id);

	return order ? order : (x->question > y->question) - (x->question < y->question);
}

static bool mention(
	struct making *m, const struct tu_texts *ids, size_t question, struct mentions *mentions)
{
	for (size_t i = 0; i < ids->count; i++)
		if (!TU_VEC_PUSH_IN(
			    m->arena, mentions, (struct mention){ids->at[i], (uint32_t)question}))
			return false;
	return true;
}

static bool group(struct making *m, struct mentions *mentions, struct tu_concept_topics *out_topics)
{
	struct tu_concept_topic *topics =
		tu_arena_array(m->arena, mentions->count, sizeof(*topics));
	uint32_t *questions = tu_arena_array(m->arena, mentions->count, sizeof(*questions));
	size_t n = 0, used = 0;

	if (!topics || !questions)
		return false;
	if (mentions->count)
		qsort(mentions->at, mentions->count, sizeof(*mentions->at), compare_mentions);
	for (size_t i = 0; i < mentions->count; i++) {
		const struct mention *now = &mentions->at[i];

		if (i && compare_mentions(now - 1, now) == 0)
			continue;
		if (!i || !tu_str_eq(now[-1].id, now->id))
			topics[n++] = (struct tu_concept_topic){now->id, {questions + used, 0}};
		questions[used++] = now->question;
		topics[n - 1].questions.count++;
	}
	*out_topics = (struct tu_concept_topics){topics, n};
	return true;
}

static bool take_topics(struct making *m)
{
	const struct tu_concept_catalogue *catalogue = m->state->catalogue;
	struct mentions threats = {0}, mds2 = {0};

	for (size_t i = 0; i < catalogue->question_count; i++) {
		const struct tu_concept_seed *list[2];
		size_t n = seeds_of(&catalogue->questions[i], m->standings[i].reply, true, list);

		for (size_t s = 0; s < n; s++)
			if (!mention(m, &list[s]->threats, i, &threats) ||
				!mention(m, &list[s]->mds2, i, &mds2))
				return false;
	}
	return group(m, &threats, &m->state->threats) && group(m, &mds2, &m->state->mds2);
}

/* ---- questions to a hospital ---- */

static bool one_holds(const struct making *m, const struct tu_concept_conditions *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (m->standings[list->at[i].question].reply == list->at[i].reply)
			return true;
	return false;
}

static bool called_for(const struct making *m, const struct tu_concept_inquiry *inquiry)
{
	return (!inquiry->when.count || one_holds(m, &inquiry->when)) &&
		!one_holds(m, &inquiry->unless);
}

static void inquire(struct making *m)
{
	const struct tu_concept_catalogue *catalogue = m->state->catalogue;

	for (size_t i = 0;
		i < catalogue->inquiry_count && m->state->inquiry_count < TU_INQUIRIES_MAX; i++)
		if (called_for(m, &catalogue->inquiries[i]))
			m->state->inquiries[m->state->inquiry_count++] = (uint32_t)i;
}

enum tu_status tu_concept_state_make(struct tu_arena *arena,
	const struct tu_concept_catalogue *catalogue, const struct tu_concept_record *record,
	struct tu_concept_state *out_state, struct tu_error *err)
{
	struct tu_concept_state state = {.catalogue = catalogue, .record = record};
	struct making m = {arena, &state,
		tu_arena_array(arena, catalogue->question_count, sizeof(*m.standings))};

	if (!m.standings)
		return tu_no_memory(err);
	state.standings = m.standings;
	take_answers(&m);
	for (size_t i = 0; i < catalogue->question_count; i++) {
		ask(&m, i);
		count(&m, i);
	}
	hear(&state);
	inquire(&m);
	if (!take_parts(&m) || !take_topics(&m))
		return tu_no_memory(err);
	*out_state = state;
	return TU_OK;
}

bool tu_concept_is_settled(const struct tu_concept_state *state)
{
	return !state->replies[TU_REPLY_NONE] && !state->replies[TU_REPLY_UNKNOWN] &&
		!state->contradicted && !state->stakeholders_open;
}
