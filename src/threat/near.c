/* Words of a model that no rule knows and that are near to one that rules know. */
#include <stdio.h>

#include <tutela/threat_rule.h>

#include "base/near.h"
#include "base/vec.h"
#include "device/form.h"
#include "threat/condition.h"

enum { MESSAGE_MAX = 400, NEAR_LINTS_MAX = 10000 };

/* Words that rules compare with, each once; with "*" for any run of characters. */
struct known {
	TU_VEC(struct tu_str) words;
};

struct looking {
	struct tu_arena *arena;
	const struct tu_model *model;
	struct known facts, functions, provides;
	TU_VEC(struct tu_lint) found;
	bool failed;
};

/* ---- what rules know ---- */

static void know(struct looking *l, struct known *known, struct tu_str word)
{
	for (size_t i = 0; i < known->words.count; i++)
		if (tu_str_eq(known->words.at[i], word))
			return;
	l->failed |= !TU_VEC_PUSH_IN(l->arena, &known->words, word);
}

static void know_all(struct looking *l, struct known *known, struct tu_texts words)
{
	for (size_t i = 0; i < words.count; i++)
		know(l, known, words.at[i]);
}

static void know_values(struct looking *l, struct known *known, const struct tu_value_list *values)
{
	for (size_t i = 0; i < values->count; i++)
		if (values->at[i].kind == TU_VALUE_WORD)
			know(l, known, values->at[i].word);
		else if (values->at[i].kind == TU_VALUE_LIST)
			know_values(l, known, values->at[i].list);
}

static void know_condition(struct looking *l, const struct tu_condition *c)
{
	struct known *values = NULL;

	if (!c)
		return;
	if (c->kind == TU_CONDITION_SCOPE && c->scope == TU_AROUND_NAMED)
		know(l, &l->facts, c->name);
	if (c->kind == TU_CONDITION_MEMBER && c->attribute == TU_ATTRIBUTE_FACT)
		know(l, &l->facts, c->name);
	if (c->kind == TU_CONDITION_MEMBER && c->attribute == TU_ATTRIBUTE_FUNCTIONS)
		values = &l->functions;
	if (c->kind == TU_CONDITION_MEMBER && c->attribute == TU_ATTRIBUTE_PROVIDED)
		values = &l->provides;
	if (values)
		know_values(l, values, &c->values);
	for (const struct tu_condition *child = c->first; child; child = child->next)
		know_condition(l, child);
}

/* What the program itself looks at, and the fields of FDA's Appendix 2. */
static void know_own(struct looking *l)
{
	static const char *const facts[] = {"accepted_by", "access_control", "roles", "hand_offs",
		"session", "abnormal", "defaults", "unused"};
	const char *name;
	bool bits;
	const struct tu_words *functions = tu_attribute_words(TU_ATTRIBUTE_ASSETS_FUNCTION, &bits);

	for (size_t i = 0; i < TU_COUNT(facts); i++)
		know(l, &l->facts, tu_str_c(facts[i]));
	for (size_t i = 0; (name = tu_attribute_name(i)) != NULL; i++)
		know(l, &l->facts, tu_str_c(name));
	for (size_t i = 0; i < functions->count; i++)
		know(l, &l->functions, tu_str_c(functions->at[i].name));
	know(l, &l->functions, TU_STR("production"));
}

static void know_packs(struct looking *l, const struct tu_threat_pack *const *packs, size_t count)
{
	know_own(l);
	for (size_t p = 0; p < count; p++)
		for (size_t i = 0; i < packs[p]->rule_count; i++) {
			const struct tu_threat_rule *rule = &packs[p]->rules[i];

			know_condition(l, rule->where);
			know_condition(l, rule->weak);
			know_condition(l, rule->ask);
			know_all(l, &l->provides, rule->settled_by);
		}
}

/* ---- what is near ---- */

/* Without "-", "_", space and "*", in lower case. */
static struct tu_str squeeze(struct tu_str word, char *text)
{
	size_t len = 0;

	for (size_t i = 0; i < word.len && len < TU_NEAR_MAX; i++) {
		char c = word.ptr[i];

		if (c != '-' && c != '_' && c != ' ' && c != '*')
			text[len++] = tu_char_lower(c);
	}
	return tu_str_of(text, len);
}

/* Short words differ by a letter or two and are others: "staged" is not "states". */
static size_t limit_of(struct tu_str word)
{
	return word.len < 4 ? 0 : word.len < 7 ? 1 : 2;
}

/* Empty: a rule knows it, or none is near. */
static struct tu_str nearest(const struct known *known, struct tu_str word)
{
	char text[TU_NEAR_MAX], other[TU_NEAR_MAX];
	struct tu_str wanted = squeeze(word, text), best = {0};
	size_t best_steps = 3;

	for (size_t i = 0; i < known->words.count; i++)
		if (tu_word_matches(known->words.at[i], word))
			return (struct tu_str){0};
	for (size_t i = 0; wanted.len && i < known->words.count; i++) {
		struct tu_str candidate = squeeze(known->words.at[i], other);
		size_t limit = limit_of(candidate.len < wanted.len ? candidate : wanted);
		size_t steps = tu_near_steps(wanted, candidate, limit);

		if (steps > limit || steps >= best_steps)
			continue;
		best_steps = steps;
		best = known->words.at[i];
	}
	return best;
}

/* A fact's name is compared letter by letter: "secure-boot" is not "secure_boot". */
static struct tu_str nearest_fact(const struct known *known, struct tu_str name)
{
	char text[TU_NEAR_MAX], other[TU_NEAR_MAX];

	for (size_t i = 0; i < known->words.count; i++)
		if (tu_str_eq(known->words.at[i], name))
			return (struct tu_str){0};
	for (size_t i = 0; i < known->words.count; i++)
		if (tu_str_eq(squeeze(known->words.at[i], other), squeeze(name, text)))
			return known->words.at[i];
	return nearest(known, name);
}

/* ---- what a model says ---- */

static void tell(struct looking *l, struct tu_place place, const char *text)
{
	struct tu_lint lint = {.level = TU_LINT_WARNING,
		.rule = "unknown-word",
		.file = l->model->file,
		.place = place};

	if (l->failed || l->found.count >= NEAR_LINTS_MAX)
		return;
	l->failed = !tu_arena_dup(l->arena, tu_str_c(text), &lint.message) ||
		!TU_VEC_PUSH_IN(l->arena, &l->found, lint);
}

static void look_facts(struct looking *l, struct tu_str id, const struct tu_model_facts *facts,
	struct tu_place place)
{
	char text[MESSAGE_MAX];

	for (size_t i = 0; i < facts->count; i++) {
		const struct tu_model_fact *fact = &facts->at[i];
		struct tu_str near = nearest_fact(&l->facts, fact->name);

		if (!near.len)
			continue;
		(void)snprintf(text, sizeof(text),
			"%.*s: %.*s: no rule knows this fact; is %.*s meant?",
			TU_STR_FMT(tu_str_first(id, 80)), TU_STR_FMT(tu_str_first(fact->name, 80)),
			TU_STR_FMT(tu_str_first(near, 80)));
		tell(l, fact->place.line ? fact->place : place, text);
	}
}

struct said {
	struct tu_str id;
	const char *member;
	struct tu_texts words;
	struct tu_place place;
};

static void look_words(struct looking *l, const struct known *known, const struct said *said)
{
	char text[MESSAGE_MAX];

	for (size_t i = 0; i < said->words.count; i++) {
		struct tu_str near = nearest(known, said->words.at[i]);

		if (!near.len)
			continue;
		(void)snprintf(text, sizeof(text),
			"%.*s: %s: no rule knows \"%.*s\"; is \"%.*s\" meant?",
			TU_STR_FMT(tu_str_first(said->id, 80)), said->member,
			TU_STR_FMT(tu_str_first(said->words.at[i], 80)),
			TU_STR_FMT(tu_str_first(near, 80)));
		tell(l, said->place, text);
	}
}

static void look(struct looking *l)
{
	const struct tu_model *model = l->model;

	for (size_t i = 0; i < model->elements_count; i++) {
		const struct tu_model_element *e = &model->elements[i];
		struct said said = {e->id, "functions", e->functions, e->place};

		look_facts(l, e->id, &e->facts, e->place);
		look_words(l, &l->functions, &said);
	}
	for (size_t i = 0; i < model->flows_count; i++)
		look_facts(l, model->flows[i].id, &model->flows[i].facts, model->flows[i].place);
	for (size_t i = 0; i < model->credentials_count; i++)
		look_facts(l, model->credentials[i].id, &model->credentials[i].facts,
			model->credentials[i].place);
	for (size_t i = 0; i < model->controls_count; i++) {
		const struct tu_model_control *c = &model->controls[i];
		struct said said = {c->id, "provides", c->provides, c->place};

		look_words(l, &l->provides, &said);
	}
}

enum tu_status tu_threat_lint_words(struct tu_arena *arena, const struct tu_threat_input *input,
	struct tu_lints *lints, struct tu_error *err)
{
	struct looking l = {.arena = arena, .model = input->model};

	for (size_t i = 0; i < lints->count && !l.failed; i++)
		l.failed = !TU_VEC_PUSH_IN(arena, &l.found, lints->at[i]);
	know_packs(&l, input->packs, input->pack_count);
	if (!l.failed)
		look(&l);
	if (l.failed)
		return tu_no_memory(err);
	*lints = (struct tu_lints){l.found.at, l.found.count};
	return TU_OK;
}

/* ---- what a pack asks ---- */

struct checking {
	struct tu_form *form;
	const struct tu_pack_words *words;
	struct known facts;
};

static enum tu_status check_name(struct checking *c, struct tu_str name, struct tu_place place,
	const struct tu_threat_rule *rule)
{
	struct tu_str near = nearest_fact(&c->facts, name);
	bool dotted = tu_str_find(name, '.') < name.len &&
		tu_attribute_by_name(name) == TU_ATTRIBUTE_FACT;

	for (size_t i = 0; i < c->words->known_count; i++)
		if (tu_str_eq(c->words->known[i].name, name))
			return TU_OK;
	if (!near.len && !dotted)
		return TU_OK;
	return tu_fail(c->form->err, TU_E_SYNTAX, 0,
		"%.*s:%u:%u: rule \"%.*s\": no attribute or fact \"%.*s\"%s%.*s%s",
		TU_STR_FMT(c->form->file), place.line, place.column, TU_STR_FMT(rule->id),
		TU_STR_FMT(tu_str_first(name, 80)), near.len ? "; is \"" : "",
		TU_STR_FMT(tu_str_first(near, 80)),
		near.len ? "\" meant? A fact of your own is named under \"vocabulary\"" : "");
}

static enum tu_status check_condition(
	struct checking *c, const struct tu_condition *condition, const struct tu_threat_rule *rule)
{
	enum tu_status status = TU_OK;
	bool fact;

	if (!condition)
		return TU_OK;
	fact = condition->kind == TU_CONDITION_SCOPE ? condition->scope == TU_AROUND_NAMED
						     : condition->kind == TU_CONDITION_MEMBER &&
			condition->attribute == TU_ATTRIBUTE_FACT;
	if (fact)
		status = check_name(c, condition->name, condition->place, rule);
	for (const struct tu_condition *child = condition->first; child && !status;
		child = child->next)
		status = check_condition(c, child, rule);
	return status;
}

enum tu_status tu_pack_check_names(
	struct tu_form *form, const struct tu_threat_pack *pack, const struct tu_pack_words *words)
{
	struct looking known = {.arena = form->arena};
	struct checking c = {.form = form, .words = words};
	const struct tu_threat_pack *own;
	enum tu_status status = tu_threat_pack_builtin(form->arena, &own, form->err);

	if (status != TU_OK)
		return status;
	know_packs(&known, &own, 1);
	if (known.failed)
		return tu_form_no_memory(form);
	c.facts = known.facts;
	for (size_t i = 0; i < pack->rule_count && !status; i++) {
		const struct tu_threat_rule *rule = &pack->rules[i];

		status = check_condition(&c, rule->where, rule);
		if (status == TU_OK)
			status = check_condition(&c, rule->weak, rule);
		if (status == TU_OK)
			status = check_condition(&c, rule->ask, rule);
	}
	return status;
}
