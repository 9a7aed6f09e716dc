/* Conditions: their answer, and why. */
#include "threat/condition.h"

#include "base/time.h"
#include "device/form.h"
#include "threat/memory.h"
#include "threat/weight.h"
#include "threat/words.h"

static enum tu_answer most(enum tu_answer a, enum tu_answer b)
{
	return a > b ? a : b;
}

static enum tu_answer least(enum tu_answer a, enum tu_answer b)
{
	return a < b ? a : b;
}

/* ---- one member ---- */

static bool mask_values(const struct tu_condition *c, const struct tu_statement *said)
{
	return (c->mask & said->mask) != 0;
}

/* A day, month or year, and when it is over: "2028-04" lasts until the end of April. */
static bool read_end(struct tu_str text, int64_t *out_end)
{
	struct tu_str rest = tu_str_trim(text);
	struct tu_str year = tu_str_digits(&rest), month = {0}, day = {0};
	uint64_t y = 0, m = 12, d = 31;

	if (tu_str_skip(&rest, TU_STR("-")))
		month = tu_str_digits(&rest);
	if (tu_str_skip(&rest, TU_STR("-")))
		day = tu_str_digits(&rest);
	if (year.len != 4 || rest.len || !tu_str_to_u64(year, 9999, &y) ||
		(month.len && !tu_str_to_u64(month, 12, &m)) ||
		(day.len && !tu_str_to_u64(day, 31, &d)))
		return false;
	*out_end = 86400 *
		(day.len ? tu_time_days((int64_t)y, (int64_t)m, (int64_t)d) + 1
			 : tu_time_days((int64_t)(m == 12 ? y + 1 : y),
				   (int64_t)(m == 12 ? 1 : m + 1), 1));
	return true;
}

static bool text_is_past(struct tu_str text, int64_t now)
{
	int64_t end;

	return read_end(text, &end) && end <= now;
}

static bool is_past(const struct tu_statement *said, int64_t now)
{
	if (said->date)
		return said->date <= now;
	return said->text_count == 1 && text_is_past(said->texts[0], now);
}

static bool value_meets(const struct tu_value *value, const struct tu_statement *said, int64_t now)
{
	switch (value->kind) {
	case TU_VALUE_MORE:
		return said->is_number && said->number > value->number;
	case TU_VALUE_LESS:
		return said->is_number && said->number < value->number;
	case TU_VALUE_PAST:
		return is_past(said, now);
	case TU_VALUE_LIST:
	case TU_VALUE_WORD:
	case TU_VALUE_EXCEPT:
	case TU_VALUE_NEGATION:
	case TU_VALUE_ELEMENTS:
	case TU_VALUE_STATED:
	case TU_VALUE_SILENT:
		break;
	}
	return false;
}

/* Values that are no words: numbers, and dates that are over. */
static bool measures_meet(
	const struct tu_value_list *list, const struct tu_statement *said, int64_t now)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->at[i].kind == TU_VALUE_LIST ? measures_meet(list->at[i].list, said, now)
						      : value_meets(&list->at[i], said, now))
			return true;
	return false;
}

/* A clause that says something sound after a weak word: "open, fused in production". */
static bool sound_later(const struct tu_condition *c, const struct tu_value_text *text)
{
	if (!c->known || tu_value_is_bare(text))
		return false;
	for (size_t i = 1; i < text->clause_count; i++) {
		struct tu_value_text clause = {
			.all = text->clauses[i], .clauses = {text->clauses[i]}, .clause_count = 1};

		if (!tu_value_negates(clause.all) &&
			tu_value_meets(&c->known->sound, &clause, c->known->remarks) ==
				TU_MEETING_YES &&
			tu_value_meets(&c->values, &clause, NULL) < TU_MEETING_BROAD)
			return true;
	}
	return false;
}

/* "not anonymous, mTLS": a clause after one that only rules something out. */
static bool ruled_out_then_sound(const struct tu_condition *c, const struct tu_value_text *text)
{
	return tu_value_negates(text->clauses[0]) && sound_later(c, text) &&
		tu_value_meets(&c->values, text, NULL) == TU_MEETING_UNCLEAR;
}

/* "no: no data are kept": the later clause may be why there is no need. */
static bool explains_why(const struct tu_condition *c, const struct tu_value_text *text)
{
	for (size_t i = 1; c->known && tu_value_is_bare(text) && i < text->clause_count; i++)
		if (tu_value_negations_meet(&c->known->sound, text->clauses[i]))
			return true;
	return false;
}

/* Is it a word that is sound, or one that another rule finds weak? */
static bool is_known(
	const struct tu_condition *c, const struct tu_value_text *text, const struct tu_subject *of)
{
	int64_t end;

	if (tu_value_meets(&c->known->sound, text, c->known->remarks) == TU_MEETING_YES ||
		ruled_out_then_sound(c, text) || read_end(text->all, &end))
		return true;
	if (tu_value_list_has(&c->known->sound, TU_VALUE_ELEMENTS) &&
		tu_memory_names_only(of->graph->memory, text))
		return true;
	for (size_t i = 0; i < c->known->weak_count; i++)
		if (c->known->weak[i] != c &&
			tu_value_meets(&c->known->weak[i]->values, text, NULL) >= TU_MEETING_BROAD)
			return true;
	return false;
}

static enum tu_answer ask_text(
	const struct tu_condition *c, struct tu_str said, const struct tu_subject *of)
{
	struct tu_value_text text;
	enum tu_meeting met;

	tu_value_read(said, &text);
	met = tu_value_meets(&c->values, &text, NULL);
	if (met == TU_MEETING_BROAD && c->known &&
		tu_value_negations_meet(&c->known->sound, text.all))
		met = TU_MEETING_UNCLEAR;
	if (met >= TU_MEETING_BROAD)
		return sound_later(c, &text) || explains_why(c, &text) ? TU_ANSWER_UNKNOWN
								       : TU_ANSWER_YES;
	if (!c->known)
		return met == TU_MEETING_UNCLEAR ? TU_ANSWER_UNKNOWN : TU_ANSWER_NO;
	if (!is_known(c, &text, of) || tu_value_later_meets(&c->values, &text))
		return TU_ANSWER_UNKNOWN;
	return TU_ANSWER_NO;
}

static bool provides(const struct tu_model_control *control, const struct tu_value_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->at[i].kind == TU_VALUE_LIST
				? provides(control, list->at[i].list)
				: tu_control_provides(
					  control, (struct tu_texts){&list->at[i].word, 1}))
			return true;
	return false;
}

/* Is one of the properties provided at the place by a control in place? */
static enum tu_answer ask_provided(const struct tu_condition *c, const struct tu_subject *of)
{
	const struct tu_indexes there = tu_model_graph_controls(of->graph, of->spot);
	enum tu_answer answer = TU_ANSWER_NO;

	for (size_t i = 0; i < there.count; i++) {
		const struct tu_model_control *control = &of->graph->model->controls[there.at[i]];

		if (!tu_control_counts(control))
			continue;
		if (provides(control, &c->values))
			return TU_ANSWER_YES;
		if (!control->provides.count)
			answer = TU_ANSWER_UNKNOWN; /* it does not say what it provides */
	}
	return answer;
}

/* A property or fact that is planned is not there, nor is it missing: it cannot be judged. */
static bool is_intended(const struct tu_condition *c, struct tu_str said)
{
	bool property = c->attribute >= TU_ATTRIBUTE_AUTHENTICATION &&
		c->attribute <= TU_ATTRIBUTE_FRESHNESS;

	return (c->attribute == TU_ATTRIBUTE_FACT || property) && tu_model_is_intent(said);
}

static enum tu_answer judge_text(
	const struct tu_condition *c, struct tu_str said, const struct tu_subject *of)
{
	const struct tu_statement alone = {.texts = &said, .text_count = 1};

	if (is_intended(c, said))
		return TU_ANSWER_UNKNOWN;
	if (c->measures && measures_meet(&c->values, &alone, of->graph->at))
		return TU_ANSWER_YES;
	return ask_text(c, said, of);
}

/* A text always has the same answer: it is judged once. */
static enum tu_answer ask_texts(
	const struct tu_condition *c, const struct tu_statement *said, const struct tu_subject *of)
{
	struct tu_memory *memory = of->graph->memory;
	enum tu_answer answer = TU_ANSWER_NO, one;

	for (size_t i = 0; i < said->text_count && answer < TU_ANSWER_YES; i++) {
		if (!tu_memory_recall(memory, c, said->texts[i], &one)) {
			one = judge_text(c, said->texts[i], of);
			tu_memory_keep(memory, c, said->texts[i], one);
		}
		answer = most(answer, one);
	}
	return answer;
}

bool tu_condition_lacks_facts(const struct tu_condition *c, const struct tu_subject *of)
{
	return c->of_facts && !of->credential &&
		!tu_model_graph_may_state(of->graph, of->spot, c->facts);
}

static enum tu_answer ask_member(const struct tu_condition *c, const struct tu_subject *of)
{
	struct tu_statement said;
	enum tu_answer answer;

	if (c->attribute == TU_ATTRIBUTE_PROVIDED)
		return ask_provided(c, of);
	tu_attribute_read(c->attribute, c->name, of, &said);
	if (said.foreign)
		return TU_ANSWER_NO;
	if (said.silent)
		return c->if_none;
	if (c->if_stated)
		return TU_ANSWER_YES;
	if (c->only_silence)
		return TU_ANSWER_NO;
	if (said.is_mask && mask_values(c, &said))
		return TU_ANSWER_YES;
	if (said.is_mask)
		return said.unsure & c->mask ? TU_ANSWER_UNKNOWN : TU_ANSWER_NO;
	if (!said.text_count)
		return measures_meet(&c->values, &said, of->graph->at) ? TU_ANSWER_YES
								       : TU_ANSWER_NO;
	answer = ask_texts(c, &said, of);
	return answer == TU_ANSWER_NO && said.is_cut ? TU_ANSWER_UNKNOWN : answer;
}

/* ---- what a scope is about ---- */

/* The next subject of a scope from `*place` on; false when there is none. */
static bool next_subject(const struct tu_condition *c, const struct tu_subject *of, size_t *place,
	struct tu_subject *out)
{
	const struct tu_model *model = of->graph->model;
	const struct tu_model_flow *flow = of->spot.is_flow ? &model->flows[of->spot.index] : NULL;
	const struct tu_indexes *list = NULL;

	*out = (struct tu_subject){.graph = of->graph};
	if (c->scope == TU_AROUND_SOURCE || c->scope == TU_AROUND_TARGET) {
		if (!flow || *place)
			return false;
		out->spot.index = c->scope == TU_AROUND_SOURCE ? flow->from : flow->to;
		*place = 1;
		return true;
	}
	if (c->scope == TU_AROUND_NAMED || flow)
		return false;
	list = c->scope == TU_AROUND_INBOUND ? &of->graph->in[of->spot.index]
					     : &of->graph->out[of->spot.index];
	if (*place >= list->count)
		return false;
	out->spot = (struct tu_spot){true, list->at[(*place)++]};
	return true;
}

static enum tu_answer ask_children(const struct tu_condition *c, const struct tu_subject *of)
{
	enum tu_answer answer = TU_ANSWER_YES;

	for (const struct tu_condition *child = c->first; child && answer; child = child->next)
		answer = least(answer, tu_condition_ask(child, of));
	return answer;
}

/* The elements that a fact names; none where it is silent. */
static struct tu_named_elements named_by(const struct tu_condition *c, const struct tu_subject *of)
{
	struct tu_named_elements named = {.count = 0};
	struct tu_value_text text;
	struct tu_statement said;

	tu_attribute_read(TU_ATTRIBUTE_FACT, c->name, of, &said);
	if (said.silent)
		return named;
	tu_value_read(said.texts[0], &text);
	tu_memory_names(of->graph->memory, &text, &named);
	return named;
}

/* Of an element that the fact only mentions ("as the radio has") it cannot be said for sure. */
static enum tu_answer ask_one_named(const struct tu_condition *c, const struct tu_subject *of,
	const struct tu_named_element *one)
{
	const struct tu_subject other = {.graph = of->graph, .spot = {false, one->element}};
	enum tu_answer answer = ask_children(c, &other);

	if (one->exact || answer == TU_ANSWER_NO)
		return answer;
	return TU_ANSWER_UNKNOWN;
}

static enum tu_answer ask_named(const struct tu_condition *c, const struct tu_subject *of)
{
	struct tu_statement said;
	struct tu_named_elements named;
	enum tu_answer answer = TU_ANSWER_NO;

	tu_attribute_read(TU_ATTRIBUTE_FACT, c->name, of, &said);
	if (said.silent)
		return c->if_none;
	named = named_by(c, of);
	for (size_t i = 0; i < named.count; i++)
		answer = most(answer, ask_one_named(c, of, &named.at[i]));
	return answer;
}

static enum tu_answer ask_scope(const struct tu_condition *c, const struct tu_subject *of)
{
	struct tu_subject other;
	enum tu_answer answer = TU_ANSWER_NO;
	size_t place = 0;

	if (c->scope == TU_AROUND_NAMED)
		return ask_named(c, of);
	while (answer < TU_ANSWER_YES && next_subject(c, of, &place, &other))
		answer = most(answer, ask_children(c, &other));
	return answer;
}

enum tu_answer tu_condition_ask(const struct tu_condition *c, const struct tu_subject *of)
{
	enum tu_answer answer = TU_ANSWER_NO;

	if (tu_condition_lacks_facts(c, of))
		return c->if_none;
	switch (c->kind) {
	case TU_CONDITION_ALL:
		return ask_children(c, of);
	case TU_CONDITION_SCOPE:
		return ask_scope(c, of);
	case TU_CONDITION_MEMBER:
		return ask_member(c, of);
	case TU_CONDITION_ANY:
	case TU_CONDITION_NONE:
		break;
	}
	for (const struct tu_condition *child = c->first; child; child = child->next)
		answer = most(answer, tu_condition_ask(child, of));
	if (c->kind == TU_CONDITION_NONE)
		return (enum tu_answer)(TU_ANSWER_YES - answer);
	return answer;
}

/* ---- why ---- */

static bool same_spot(struct tu_spot a, struct tu_spot b)
{
	return a.is_flow == b.is_flow && a.index == b.index;
}

static void miss(struct tu_facts_seen *seen, struct tu_spot spot, struct tu_str subject)
{
	for (size_t i = 0; i < seen->missing_count; i++)
		if (same_spot(seen->missing[i].spot, spot) &&
			tu_str_eq(seen->missing[i].subject, subject))
			return;
	if (seen->missing_count < TU_FACTS_MAX)
		seen->missing[seen->missing_count++] = (struct tu_missing){spot, subject};
}

/* Where no assets are stated, those are asked for and not what they would say. */
static void miss_member(
	struct tu_facts_seen *seen, const struct tu_condition *c, const struct tu_subject *of)
{
	bool of_assets = c->attribute == TU_ATTRIBUTE_HARM ||
		c->attribute == TU_ATTRIBUTE_ASSETS_FUNCTION ||
		c->attribute == TU_ATTRIBUTE_ASSETS_PRIVACY;

	miss(seen, of->spot,
		of_assets && !tu_spot_assets_stated(of->graph->model, of->spot) ? TU_STR("assets")
										: c->name);
}

static void append(struct tu_buf *text, struct tu_str part)
{
	if (text->len)
		tu_buf_c(text, ", ");
	tu_buf_str_add(text, part);
}

static void write_mask(
	const struct tu_condition *c, const struct tu_statement *said, struct tu_buf *text)
{
	bool bits;
	const struct tu_words *words = tu_attribute_words(c->attribute, &bits);
	uint32_t mask = said->mask & c->mask ? said->mask & c->mask : said->mask;

	for (size_t i = 0; words && i < words->count; i++) {
		uint32_t bit =
			bits ? (uint32_t)words->at[i].value : 1U << (uint32_t)words->at[i].value;

		if ((mask & bit) == bit)
			append(text, tu_str_c(words->at[i].name));
	}
}

static void write_said(
	const struct tu_condition *c, const struct tu_statement *said, struct tu_buf *text)
{
	if (said->is_mask)
		write_mask(c, said, text);
	else if (said->is_number && !said->silent)
		tu_buf_printf(text, "%llu", (unsigned long long)said->number);
	else
		for (size_t i = 0; i < said->text_count && !said->silent; i++)
			append(text, said->texts[i]);
}

static bool write_subject(const struct tu_condition *c, const char *prefix,
	struct tu_facts_seen *seen, struct tu_str *out)
{
	struct tu_buf text;
	bool made;

	*out = c->name;
	if (!*prefix)
		return true;
	tu_buf_init(&text, TU_TOLD_MAX);
	tu_buf_printf(&text, "%s%.*s", prefix, TU_STR_FMT(c->name));
	made = !text.failed && tu_arena_dup(seen->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return made;
}

/* A single text is the model's own. */
static bool write_value(const struct tu_condition *c, const struct tu_statement *said,
	struct tu_facts_seen *seen, struct tu_str *out)
{
	struct tu_buf text;
	bool made;

	*out = (struct tu_str){0};
	if (said->silent || (!said->is_mask && !said->is_number && said->text_count == 1)) {
		*out = said->silent ? *out : said->texts[0];
		return true;
	}
	tu_buf_init(&text, TU_TOLD_MAX);
	write_said(c, said, &text);
	made = !text.failed && tu_arena_dup(seen->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return made;
}

static void reason(const struct tu_condition *c, const struct tu_subject *of, const char *prefix,
	struct tu_facts_seen *seen)
{
	struct tu_statement said;
	struct tu_threat_reason *at = &seen->reasons[seen->reason_count];

	if (seen->reason_count == TU_FACTS_MAX)
		return;
	said.silent = tu_condition_lacks_facts(c, of);
	if (!said.silent)
		tu_attribute_read(c->kind == TU_CONDITION_SCOPE ? TU_ATTRIBUTE_FACT : c->attribute,
			c->name, of, &said);
	seen->failed |= !write_subject(c, prefix, seen, &at->subject) ||
		!write_value(c, &said, seen, &at->value);
	for (size_t i = 0; i < seen->reason_count; i++)
		if (tu_str_eq(seen->reasons[i].subject, at->subject) &&
			tu_str_eq(seen->reasons[i].value, at->value))
			return;
	seen->reason_count++;
}

static void explain(const struct tu_condition *c, const struct tu_subject *of,
	enum tu_answer answer, const char *prefix, struct tu_facts_seen *seen);

static void explain_children(const struct tu_condition *c, const struct tu_subject *of,
	enum tu_answer answer, const char *prefix, struct tu_facts_seen *seen)
{
	for (const struct tu_condition *child = c->first; child; child = child->next)
		if (tu_condition_ask(child, of) == answer)
			explain(child, of, answer, prefix, seen);
}

/* Why a fact that names elements answers so: the fact, and what those are. */
static void explain_named(const struct tu_condition *c, const struct tu_subject *of,
	enum tu_answer answer, struct tu_facts_seen *seen)
{
	struct tu_named_elements named = named_by(c, of);
	bool asked = false;

	if (answer != TU_ANSWER_UNKNOWN)
		reason(c, of, "", seen);
	for (size_t i = 0; i < named.count; i++) {
		const struct tu_subject other = {
			.graph = of->graph, .spot = {false, named.at[i].element}};

		if (!named.at[i].exact || ask_children(c, &other) != answer)
			continue;
		asked = true;
		explain_children(c, &other, answer, "", seen);
	}
	if (answer == TU_ANSWER_UNKNOWN && !asked)
		miss(seen, of->spot, c->name);
}

static void explain_scope(const struct tu_condition *c, const struct tu_subject *of,
	enum tu_answer answer, struct tu_facts_seen *seen)
{
	static const char *const prefixes[] = {"source.", "target.", "inbound.", "outbound."};
	struct tu_subject other;
	size_t place = 0;

	if (c->scope == TU_AROUND_NAMED) {
		explain_named(c, of, answer, seen);
		return;
	}
	while (next_subject(c, of, &place, &other))
		if (ask_children(c, &other) == answer)
			explain_children(c, &other, answer, prefixes[c->scope], seen);
}

static void explain(const struct tu_condition *c, const struct tu_subject *of,
	enum tu_answer answer, const char *prefix, struct tu_facts_seen *seen)
{
	if (c->kind == TU_CONDITION_MEMBER) {
		if (answer == TU_ANSWER_UNKNOWN)
			miss_member(seen, c, of);
		else if (c->attribute != TU_ATTRIBUTE_PROVIDED)
			reason(c, of, prefix, seen);
		return;
	}
	if (c->kind == TU_CONDITION_SCOPE)
		explain_scope(c, of, answer, seen);
	else if (c->kind == TU_CONDITION_NONE)
		explain_children(c, of, (enum tu_answer)(TU_ANSWER_YES - answer), prefix, seen);
	else
		explain_children(c, of, answer, prefix, seen);
}

void tu_condition_explain(const struct tu_condition *condition, const struct tu_subject *of,
	enum tu_answer answer, struct tu_facts_seen *seen)
{
	explain(condition, of, answer, "", seen);
}
