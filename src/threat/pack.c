/* Packs of rules: docs/formats/threat-rules.md. */
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "base/vec.h"
#include "device/form.h"
#include "threat/condition.h"
#include "threat/words.h"

enum { PACK_MAX_RULES = 2000 };

/* What is being read: the pack, and the words that its conditions may name. */
struct reading {
	struct tu_threat_pack pack;
	struct tu_str schema;
	struct tu_pack_words words;
	struct tu_threat_rule *rules;
};

#define FIELD(type, member) offsetof(struct type, member)

/* ---- one rule ---- */

static enum tu_status read_on(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	static const struct tu_word list[] = {{"flow", TU_RULE_ON_FLOW},
		{"element", TU_RULE_ON_ELEMENT}, {"component", TU_RULE_ON_COMPONENT},
		{"credential", TU_RULE_ON_CREDENTIAL}};
	static const struct tu_words words = {list, TU_COUNT(list)};
	struct tu_threat_rule *rule = target;
	int value = 0;
	enum tu_status status = TU_OK;

	if (node->kind != TU_YAML_LIST)
		status = tu_form_word(form, node, &words, &value);
	rule->on |= (uint32_t)value;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		status = tu_form_word(form, item, &words, &value);
		rule->on |= (uint32_t)value;
	}
	return status;
}

static enum tu_status read_stride(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_threat_rule *rule = target;

	if (node->kind != TU_YAML_SCALAR || node->text.len != 1 ||
		!strchr("STRIDE", node->text.ptr[0]))
		return tu_yaml_fail(
			form->err, TU_E_SYNTAX, form->file, node, "expected one letter of STRIDE");
	rule->stride = node->text.ptr[0];
	return TU_OK;
}

static enum tu_status read_where(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_threat_rule *rule = target;
	struct reading *reading = form->context;

	return tu_condition_read(form, node, &reading->words, &rule->where);
}

static enum tu_status read_weak(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_threat_rule *rule = target;
	struct reading *reading = form->context;
	enum tu_status status;

	reading->words.in_weak = true;
	status = tu_condition_read(form, node, &reading->words, &rule->weak);
	reading->words.in_weak = false;
	return status;
}

static enum tu_status read_ask(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_threat_rule *rule = target;
	struct reading *reading = form->context;

	return tu_condition_read(form, node, &reading->words, &rule->ask);
}

static bool is_attribute(struct tu_str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!tu_char_is_alnum(name.ptr[i]) && !strchr("_-.", name.ptr[i]))
			return false;
	return name.len > 0;
}

static enum tu_status read_questions(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_threat_rule *rule = target;
	struct tu_rule_question *questions;
	enum tu_status status = TU_OK;

	if (node->kind != TU_YAML_MAP)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"expected a map: attribute to question");
	questions = tu_arena_array(form->arena, node->count, sizeof(*questions));
	if (!questions)
		return tu_form_no_memory(form);
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		questions[item->index].subject = item->key;
		status = tu_form_text(form, item, &questions[item->index].text);
		if (status == TU_OK && (!is_attribute(item->key) || tu_yaml_is_null(item)))
			status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, item,
				"expected the name of an attribute and its question; a text with "
				"a comma wants quotes");
	}
	rule->questions = questions;
	rule->question_count = node->count;
	return status;
}

static enum tu_status fold_texts(struct tu_form *form, struct tu_texts *texts)
{
	struct tu_str *folded = tu_arena_array(form->arena, texts->count, sizeof(*folded));

	for (size_t i = 0; folded && i < texts->count; i++)
		if (!tu_word_fold(form->arena, texts->at[i], &folded[i]))
			return tu_form_no_memory(form);
	texts->at = folded;
	return folded ? TU_OK : tu_form_no_memory(form);
}

static enum tu_status read_settled(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_threat_rule *rule = target;
	enum tu_status status = tu_form_texts(form, node, &rule->settled_by);

	return status ? status : fold_texts(form, &rule->settled_by);
}

static const struct tu_word reach_list[] = {{"forward", TU_REACH_FORWARD}, {"one", TU_REACH_ONE},
	{"credential", TU_REACH_CREDENTIAL}, {"accepted", TU_REACH_ACCEPTED}};
static const struct tu_words reach_words = {reach_list, TU_COUNT(reach_list)};

static const struct tu_field rule_fields[] = {
	{"id", TU_FIELD_TEXT, FIELD(tu_threat_rule, id), .needed = true},
	{"title", TU_FIELD_TEXT, FIELD(tu_threat_rule, title), .needed = true},
	{"on", TU_FIELD_OTHER, .read = read_on, .needed = true},
	{"where", TU_FIELD_OTHER, .read = read_where},
	{"weak", TU_FIELD_OTHER, .read = read_weak},
	{"ask", TU_FIELD_OTHER, .read = read_ask},
	{"claim", TU_FIELD_BOOL, FIELD(tu_threat_rule, claim)},
	{"considered", TU_FIELD_BOOL, FIELD(tu_threat_rule, considered)},
	{"settled_by", TU_FIELD_OTHER, .read = read_settled},
	{"stride", TU_FIELD_OTHER, .read = read_stride, .needed = true},
	{"category", TU_FIELD_NUMBER, FIELD(tu_threat_rule, category), .needed = true, .max = 8},
	{"reach", TU_FIELD_WORD, FIELD(tu_threat_rule, reach), .words = &reach_words},
	{"exploit", TU_FIELD_NUMBER, FIELD(tu_threat_rule, exploit), .max = TU_EXPLOIT_LEVELS},
	{"question", TU_FIELD_OTHER, .read = read_questions},
	{"control", TU_FIELD_TEXT, FIELD(tu_threat_rule, control)},
	{"cwe", TU_FIELD_TEXTS, FIELD(tu_threat_rule, cwe)},
	{"capec", TU_FIELD_TEXTS, FIELD(tu_threat_rule, capec)},
	{"emb3d", TU_FIELD_TEXTS, FIELD(tu_threat_rule, emb3d)},
	{"attack", TU_FIELD_TEXTS, FIELD(tu_threat_rule, attack)},
	{"source", TU_FIELD_TEXT, FIELD(tu_threat_rule, source)},
};
static const struct tu_fields rule_form = {rule_fields, TU_COUNT(rule_fields)};

/* Parts of keys: no "@" and no space. */
static bool is_rule_id(struct tu_str id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!tu_char_is_alnum(id.ptr[i]) && !strchr("-_.", id.ptr[i]))
			return false;
	return true;
}

static enum tu_status check_rule(struct tu_form *form, const struct tu_yaml *node,
	const struct reading *reading, const struct tu_threat_rule *rule)
{
	if (!is_rule_id(rule->id))
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"the id of a rule has letters, digits, \"-\", \"_\" and \".\"");
	if (!rule->category)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"\"category\" is 1 to 8: the categories of FDA's Appendix 1");
	if (!rule->weak && !rule->considered)
		return tu_yaml_fail(
			form->err, TU_E_SYNTAX, form->file, node, "\"weak\" is missing");
	for (const struct tu_threat_rule *other = reading->rules; other < rule; other++)
		if (tu_str_eq(other->id, rule->id))
			return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
				"a second rule \"%.*s\"", TU_STR_FMT(tu_str_first(rule->id, 60)));
	return TU_OK;
}

static enum tu_status read_rules(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct reading *reading = target;
	void *items;
	enum tu_status status = tu_form_list(
		form, node, sizeof(*reading->rules), &items, &reading->pack.rule_count);

	if (status != TU_OK)
		return status;
	if (node->count > PACK_MAX_RULES)
		return tu_yaml_fail(form->err, TU_E_LIMIT, form->file, node, "more than %d rules",
			PACK_MAX_RULES);
	reading->rules = items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		struct tu_threat_rule *rule = &reading->rules[item->index];

		rule->place = tu_form_place(item);
		status = tu_form_read(form, item, &rule_form, rule);
		if (status == TU_OK)
			status = check_rule(form, item, reading, rule);
	}
	reading->pack.rules = reading->rules;
	return status;
}

/* ---- the pack ---- */

static enum tu_status check_map(struct tu_form *form, const struct tu_yaml *node)
{
	if (node->kind != TU_YAML_MAP)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"expected a map: name to a list of words");
	return TU_OK;
}

/* A list may name those above it, a vocabulary each. */
static enum tu_status read_lists(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct reading *reading = target;
	struct tu_named_list *lists;
	enum tu_status status = check_map(form, node);

	if (status != TU_OK)
		return status;
	lists = tu_arena_array(form->arena, node->count, sizeof(*lists));
	if (!lists)
		return tu_form_no_memory(form);
	reading->words.lists = lists;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		lists[item->index].name = item->key;
		status = tu_value_list_read(form, item, &reading->words, &lists[item->index].list);
		reading->words.list_count = item->index + 1;
	}
	return status;
}

static enum tu_status read_vocabulary(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct reading *reading = target;
	struct tu_known *known;
	enum tu_status status = check_map(form, node);

	if (status != TU_OK)
		return status;
	known = tu_arena_array(form->arena, node->count, sizeof(*known));
	if (!known)
		return tu_form_no_memory(form);
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		known[item->index].name = item->key;
		status = tu_value_list_read(form, item, &reading->words, &known[item->index].sound);
	}
	reading->words.known = known;
	reading->words.known_count = node->count;
	return status;
}

/* A word that one rule finds weak is known to the others. */
static enum tu_status share_weak(struct tu_form *form, struct reading *reading)
{
	struct tu_pack_words *words = &reading->words;

	for (size_t i = 0; i < words->known_count; i++) {
		struct tu_known *known = &words->known[i];

		known->remarks = &words->remarks;
		known->weak = tu_arena_array(form->arena, words->weak.count, sizeof(*known->weak));
		if (!known->weak)
			return tu_form_no_memory(form);
		for (size_t w = 0; w < words->weak.count; w++)
			if (words->weak.at[w]->known == known)
				known->weak[known->weak_count++] = words->weak.at[w];
	}
	return TU_OK;
}

static const struct tu_field pack_fields[] = {
	{"schema", TU_FIELD_TEXT, FIELD(reading, schema), .needed = true},
	{"id", TU_FIELD_TEXT, FIELD(reading, pack.id), .needed = true},
	{"version", TU_FIELD_TEXT, FIELD(reading, pack.version), .needed = true},
	{"title", TU_FIELD_TEXT, FIELD(reading, pack.title)},
	{"licence", TU_FIELD_TEXT, FIELD(reading, pack.licence)},
	{"lists", TU_FIELD_OTHER, .read = read_lists},
	{"remarks", TU_FIELD_TEXTS, FIELD(reading, words.remarks)},
	{"vocabulary", TU_FIELD_OTHER, .read = read_vocabulary},
	{"rules", TU_FIELD_OTHER, .read = read_rules, .needed = true},
};
static const struct tu_fields pack_form = {pack_fields, TU_COUNT(pack_fields)};

static enum tu_status check_schema(
	struct tu_form *form, const struct tu_yaml *root, const struct reading *reading)
{
	const struct tu_yaml *node = tu_yaml_get(root, TU_STR("schema"));

	if (tu_str_eq(reading->schema, TU_STR("tutela-threat-rules/1")))
		return TU_OK;
	return tu_yaml_fail(form->err, TU_E_UNSUPPORTED, form->file, node ? node : root,
		"expected \"tutela-threat-rules/1\", not \"%.*s\"",
		TU_STR_FMT(tu_str_first(reading->schema, 60)));
}

static enum tu_status digest_of(struct tu_form *form, struct tu_str text, struct tu_str *out)
{
	uint8_t digest[TU_SHA256_BYTES];
	struct tu_buf hex;
	enum tu_status status = tu_sha256(text, digest);

	if (status != TU_OK)
		return tu_fail(form->err, status, 0, "%.*s: no digest", TU_STR_FMT(form->file));
	tu_buf_init(&hex, 2 * TU_SHA256_BYTES + 1);
	tu_sha256_write(digest, &hex);
	if (hex.failed || !tu_arena_dup(form->arena, tu_buf_str(&hex), out))
		status = tu_form_no_memory(form);
	tu_buf_done(&hex);
	return status;
}

enum tu_status tu_pack_read_unchecked(struct tu_form *form, struct tu_str text,
	const struct tu_threat_pack **out_pack, const struct tu_pack_words **out_words)
{
	struct reading *reading = tu_arena_alloc(form->arena, sizeof(*reading));
	const struct tu_yaml *root;
	enum tu_status status;

	if (!reading)
		return tu_form_no_memory(form);
	form->context = reading;
	status = tu_yaml_parse(form->arena, form->file, text, NULL, &root, form->err);
	if (status == TU_OK)
		status = tu_form_read(form, root, &pack_form, reading);
	if (status == TU_OK)
		status = check_schema(form, root, reading);
	if (status == TU_OK)
		status = share_weak(form, reading);
	if (status == TU_OK)
		status = digest_of(form, text, &reading->pack.digest);
	reading->pack.file = form->file;
	*out_pack = &reading->pack;
	*out_words = &reading->words;
	return status;
}

enum tu_status tu_threat_pack_read(struct tu_arena *arena, struct tu_str file, struct tu_str text,
	const struct tu_threat_pack **out_pack, struct tu_error *err)
{
	struct tu_form form = {.arena = arena, .file = file, .err = err};
	const struct tu_threat_pack *pack;
	const struct tu_pack_words *words;
	enum tu_status status = tu_pack_read_unchecked(&form, text, &pack, &words);

	if (status == TU_OK)
		status = tu_pack_check_names(&form, pack, words);
	if (status == TU_OK)
		*out_pack = pack;
	return status;
}
