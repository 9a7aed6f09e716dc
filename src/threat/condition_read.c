/* Conditions as packs write them. */
#include <string.h>

#include "base/vec.h"
#include "device/form.h"
#include "threat/condition.h"

enum { DEPTH_MAX = 8 };

struct reader {
	struct tu_form *form;
	struct tu_pack_words *words;
};

static enum tu_status wrong(struct reader *reader, const struct tu_yaml *node, const char *what)
{
	return tu_yaml_fail(reader->form->err, TU_E_SYNTAX, reader->form->file, node,
		"expected %s, not %s", what, tu_yaml_kind_name(node->kind));
}

/* ---- values ---- */

static const struct tu_value_list *list_named(const struct tu_pack_words *words, struct tu_str name)
{
	for (size_t i = 0; i < words->list_count; i++)
		if (tu_str_eq(words->lists[i].name, name))
			return &words->lists[i].list;
	return NULL;
}

static const struct tu_known *known_of(const struct tu_pack_words *words, struct tu_str name)
{
	for (size_t i = 0; i < words->known_count; i++)
		if (tu_str_eq(words->known[i].name, name))
			return &words->known[i];
	return NULL;
}

static enum tu_status read_number(
	struct reader *reader, const struct tu_yaml *node, struct tu_value *value)
{
	value->kind = value->word.ptr[0] == '>' ? TU_VALUE_MORE : TU_VALUE_LESS;
	if (!tu_str_to_u64(tu_str_from(value->word, 1), UINT64_MAX - 1, &value->number))
		return tu_yaml_fail(reader->form->err, TU_E_SYNTAX, reader->form->file, node,
			"expected a whole number after \"%c\"", value->word.ptr[0]);
	return TU_OK;
}

static enum tu_status make_value(
	struct reader *reader, const struct tu_yaml *node, struct tu_str text, struct tu_value *out)
{
	*out = (struct tu_value){0};
	if (tu_str_skip(&text, TU_STR("!")))
		out->kind = TU_VALUE_EXCEPT;
	else if (tu_str_skip(&text, TU_STR("~")))
		out->kind = TU_VALUE_NEGATION;
	if (!tu_value_fold(reader->form->arena, text, &out->word))
		return tu_form_no_memory(reader->form);
	if (out->kind != TU_VALUE_WORD)
		return TU_OK;
	if (tu_str_eq(out->word, TU_STR("stated")))
		out->kind = TU_VALUE_STATED;
	else if (tu_str_eq(out->word, TU_STR("silent")))
		out->kind = TU_VALUE_SILENT;
	else if (tu_str_eq(out->word, TU_STR("past")))
		out->kind = TU_VALUE_PAST;
	else if (out->word.len && strchr("<>", out->word.ptr[0]))
		return read_number(reader, node, out);
	return TU_OK;
}

/* A word, or "$name": that list. */
static enum tu_status read_value(
	struct reader *reader, const struct tu_yaml *node, struct tu_value *out)
{
	struct tu_str text = node->text;

	if (node->kind != TU_YAML_SCALAR)
		return wrong(reader, node, "a word");
	if (!tu_str_skip(&text, TU_STR("$")))
		return make_value(reader, node, text, out);
	*out = (struct tu_value){.kind = TU_VALUE_ELEMENTS};
	if (tu_str_eq(text, TU_STR("elements")))
		return TU_OK;
	*out = (struct tu_value){.kind = TU_VALUE_LIST, .list = list_named(reader->words, text)};
	if (!out->list)
		return tu_yaml_fail(reader->form->err, TU_E_SYNTAX, reader->form->file, node,
			"no list \"%.*s\" under \"lists\"", TU_STR_FMT(tu_str_first(text, 60)));
	return TU_OK;
}

static enum tu_status read_values(
	struct reader *reader, const struct tu_yaml *node, struct tu_value_list *out)
{
	bool one = node->kind == TU_YAML_SCALAR;
	struct tu_value *values =
		tu_arena_array(reader->form->arena, one ? 1 : node->count, sizeof(*values));
	enum tu_status status = TU_OK;

	if (!values)
		return tu_form_no_memory(reader->form);
	if (one)
		status = read_value(reader, node, values);
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next)
		status = read_value(reader, item, &values[item->index]);
	*out = (struct tu_value_list){values, one ? 1 : node->count};
	return status;
}

enum tu_status tu_value_list_read(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_pack_words *words, struct tu_value_list *out_list)
{
	struct tu_pack_words lists = *words;
	struct reader reader = {form, &lists};

	return read_values(&reader, node, out_list);
}

/* Words of an attribute that has numbers for them. */
static enum tu_status make_mask(struct reader *reader, const struct tu_yaml *node,
	const struct tu_value_list *values, struct tu_condition *condition)
{
	bool bits;
	const struct tu_words *words = tu_attribute_words(condition->attribute, &bits);
	enum tu_status status = TU_OK;
	int number;

	for (size_t i = 0; words && i < values->count && !status; i++) {
		const struct tu_value *value = &values->at[i];

		if (value->kind == TU_VALUE_LIST)
			status = make_mask(reader, node, value->list, condition);
		if (value->kind != TU_VALUE_WORD)
			continue;
		if (!tu_words_find(words, value->word, &number))
			return tu_yaml_fail(reader->form->err, TU_E_SYNTAX, reader->form->file,
				node, "\"%.*s\" is no word of \"%.*s\"",
				TU_STR_FMT(tu_str_first(value->word, 60)),
				TU_STR_FMT(condition->name));
		condition->mask |= bits ? (uint32_t)number : 1U << (uint32_t)number;
	}
	return status;
}

static bool has_measure(const struct tu_value_list *values)
{
	for (size_t i = 0; i < values->count; i++) {
		enum tu_value_kind kind = values->at[i].kind;

		if (kind == TU_VALUE_MORE || kind == TU_VALUE_LESS || kind == TU_VALUE_PAST ||
			(kind == TU_VALUE_LIST && has_measure(values->at[i].list)))
			return true;
	}
	return false;
}

/* What the values ask for, said once. */
static void sum_up(struct tu_condition *condition)
{
	const struct tu_value_list *values = &condition->values;

	condition->measures = has_measure(values);
	condition->only_silence = values->count > 0;
	for (size_t i = 0; i < values->count; i++) {
		condition->if_silent |= values->at[i].kind == TU_VALUE_SILENT;
		condition->if_stated |= values->at[i].kind == TU_VALUE_STATED;
		condition->only_silence &= values->at[i].kind == TU_VALUE_SILENT ||
			values->at[i].kind == TU_VALUE_STATED;
	}
}

/* "name?" is quiet: what is not stated is a no. */
static void take_name(struct tu_condition *out)
{
	out->quiet = tu_str_ends(out->name, TU_STR("?"));
	out->name.len -= out->quiet;
}

static enum tu_status read_member(
	struct reader *reader, const struct tu_yaml *node, struct tu_condition *out)
{
	enum tu_status status;

	out->kind = TU_CONDITION_MEMBER;
	take_name(out);
	out->attribute = tu_attribute_by_name(out->name);
	out->known = known_of(reader->words, out->name);
	status = read_values(reader, node, &out->values);
	if (status == TU_OK)
		sum_up(out);
	if (status == TU_OK && out->known && reader->words->in_weak &&
		!TU_VEC_PUSH_IN(reader->form->arena, &reader->words->weak, out))
		return tu_form_no_memory(reader->form);
	return status ? status : make_mask(reader, node, &out->values, out);
}

/* ---- trees ---- */

static enum tu_status read_map(
	struct reader *reader, const struct tu_yaml *node, size_t depth, struct tu_condition *out);

static bool scope_by_name(struct tu_str name, enum tu_around *out)
{
	static const struct tu_word list[] = {{"source", TU_AROUND_SOURCE},
		{"target", TU_AROUND_TARGET}, {"inbound", TU_AROUND_INBOUND},
		{"outbound", TU_AROUND_OUTBOUND}};
	static const struct tu_words words = {list, TU_COUNT(list)};
	int value;

	if (!tu_words_find(&words, name, &value))
		return false;
	*out = (enum tu_around)value;
	return true;
}

static struct tu_condition *child_of(struct reader *reader, struct tu_condition *parent)
{
	struct tu_condition *child = tu_arena_alloc(reader->form->arena, sizeof(*child));
	struct tu_condition **slot = &parent->first;

	if (!child)
		return NULL;
	while (*slot)
		slot = &(*slot)->next;
	*slot = child;
	return child;
}

static enum tu_status read_list(
	struct reader *reader, const struct tu_yaml *node, size_t depth, struct tu_condition *out)
{
	enum tu_status status = TU_OK;

	if (node->kind != TU_YAML_LIST || !node->count)
		return wrong(reader, node, "a list of conditions");
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		struct tu_condition *child = child_of(reader, out);

		status = child ? read_map(reader, item, depth + 1, child)
			       : tu_form_no_memory(reader->form);
	}
	return status;
}

static bool is_name(struct tu_str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!tu_char_is_alnum(name.ptr[i]) && !strchr("_-.", name.ptr[i]))
			return i > 0 && i + 1 == name.len && name.ptr[i] == '?';
	return name.len > 0;
}

/* "source.medium": the rest of the name is about the scope. */
static enum tu_status read_dotted(struct reader *reader, const struct tu_yaml *node,
	struct tu_str rest, struct tu_condition *out)
{
	struct tu_condition *child = child_of(reader, out);

	if (!child)
		return tu_form_no_memory(reader->form);
	child->name = rest;
	child->place = out->place;
	return read_member(reader, node, child);
}

/* An attribute, or what another thing is asked: "target: {…}", "accepted_by: {…}". */
static enum tu_status read_named(
	struct reader *reader, const struct tu_yaml *node, size_t depth, struct tu_condition *out)
{
	size_t dot = tu_str_find(node->key, '.');
	enum tu_status status;

	out->name = node->key;
	out->place = tu_form_place(node);
	if (dot < node->key.len && scope_by_name(tu_str_first(node->key, dot), &out->scope)) {
		out->kind = TU_CONDITION_SCOPE;
		out->name = tu_str_first(node->key, dot);
		return read_dotted(reader, node, tu_str_from(node->key, dot + 1), out);
	}
	if (node->kind != TU_YAML_MAP)
		return read_member(reader, node, out);
	if (!scope_by_name(node->key, &out->scope)) {
		out->scope = TU_AROUND_NAMED;
		take_name(out);
	}
	status = read_map(reader, node, depth + 1, out);
	out->kind = TU_CONDITION_SCOPE;
	return status;
}

static enum tu_status read_entry(
	struct reader *reader, const struct tu_yaml *node, size_t depth, struct tu_condition *out)
{
	bool in_weak = reader->words->in_weak;
	enum tu_status status;

	if (!is_name(node->key))
		return tu_yaml_fail(reader->form->err, TU_E_SYNTAX, reader->form->file, node,
			"expected the name of an attribute, \"any\", \"all\" or \"none\"");
	if (tu_str_eq(node->key, TU_STR("any")))
		out->kind = TU_CONDITION_ANY;
	else if (tu_str_eq(node->key, TU_STR("none")))
		out->kind = TU_CONDITION_NONE;
	else if (!tu_str_eq(node->key, TU_STR("all")))
		return read_named(reader, node, depth, out);
	reader->words->in_weak &= out->kind != TU_CONDITION_NONE; /* those are sound */
	status = read_list(reader, node, depth, out);
	reader->words->in_weak = in_weak;
	return status;
}

static enum tu_status read_map(
	struct reader *reader, const struct tu_yaml *node, size_t depth, struct tu_condition *out)
{
	enum tu_status status = TU_OK;

	if (depth > DEPTH_MAX)
		return tu_yaml_fail(reader->form->err, TU_E_LIMIT, reader->form->file, node,
			"conditions are nested more than %d deep", DEPTH_MAX);
	if (node->kind != TU_YAML_MAP || !node->count)
		return wrong(reader, node, "a map of conditions");
	out->kind = TU_CONDITION_ALL;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		struct tu_condition *child = child_of(reader, out);

		status = child ? read_entry(reader, item, depth, child)
			       : tu_form_no_memory(reader->form);
	}
	return status;
}

/* ---- what is known before anything is asked ---- */

static enum tu_answer answer_to_silence(const struct tu_condition *c)
{
	if (c->if_silent)
		return TU_ANSWER_YES;
	return c->only_silence || c->quiet ? TU_ANSWER_NO : TU_ANSWER_UNKNOWN;
}

static void take_child(struct tu_condition *c, const struct tu_condition *child)
{
	c->of_facts &= child->of_facts;
	c->facts |= child->facts;
	if (c->kind == TU_CONDITION_ALL)
		c->if_none = child->if_none < c->if_none ? child->if_none : c->if_none;
	else
		c->if_none = child->if_none > c->if_none ? child->if_none : c->if_none;
}

/* Which facts it depends on, from the leaves up; a fact that names others is all that is asked
 * where it is silent. */
static void find_facts(struct tu_condition *c)
{
	bool leaf = c->kind == TU_CONDITION_MEMBER || c->kind == TU_CONDITION_SCOPE;
	bool named = c->kind == TU_CONDITION_SCOPE && c->scope == TU_AROUND_NAMED;

	for (struct tu_condition *child = c->first; child; child = child->next)
		find_facts(child);
	c->of_facts = !leaf || named ||
		(c->kind == TU_CONDITION_MEMBER && c->attribute == TU_ATTRIBUTE_FACT);
	c->facts = leaf ? tu_fact_bit(c->name) : 0;
	c->if_none = leaf ? answer_to_silence(c)
			  : (c->kind == TU_CONDITION_ALL ? TU_ANSWER_YES : TU_ANSWER_NO);
	for (const struct tu_condition *child = leaf ? NULL : c->first; child; child = child->next)
		take_child(c, child);
	if (c->kind == TU_CONDITION_NONE)
		c->if_none = (enum tu_answer)(TU_ANSWER_YES - c->if_none);
}

enum tu_status tu_condition_read(struct tu_form *form, const struct tu_yaml *node,
	struct tu_pack_words *words, const struct tu_condition **out_condition)
{
	struct reader reader = {form, words};
	struct tu_condition *condition = tu_arena_alloc(form->arena, sizeof(*condition));
	enum tu_status status;

	if (!condition)
		return tu_form_no_memory(form);
	status = read_map(&reader, node, 0, condition);
	if (status == TU_OK)
		find_facts(condition);
	*out_condition = condition;
	return status;
}
