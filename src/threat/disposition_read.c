/* DEVICE_DIR/threats.yaml: people's decisions about threats. */
#include "base/vec.h"
#include "device/form.h"

#include <tutela/threat.h>

#define FIELD(member) offsetof(struct tu_disposition, member)

struct file {
	struct tu_str schema;
	struct tu_disposition *decisions;
	size_t count;
};

static const struct tu_word outcome_list[] = {{"accepted", TU_THREAT_ACCEPTED},
	{"transferred", TU_THREAT_TRANSFERRED}, {"not-applicable", TU_THREAT_NOT_APPLICABLE}};
static const struct tu_words outcome_words = {outcome_list, TU_COUNT(outcome_list)};

static const struct tu_field decision_fields[] = {
	{"key", TU_FIELD_TEXT, FIELD(key), .needed = true},
	{"outcome", TU_FIELD_WORD, FIELD(outcome), .needed = true, .words = &outcome_words},
	{"by", TU_FIELD_TEXT, FIELD(by), .needed = true},
	{"reason", TU_FIELD_TEXT, FIELD(reason), .needed = true},
	{"labelling", TU_FIELD_TEXT, FIELD(labelling)},
	{"at", TU_FIELD_DATE, FIELD(at), .needed = true},
	{"until", TU_FIELD_DATE, FIELD(until)},
	{"severity", TU_FIELD_WORD, FIELD(severity), .words = &tu_words_harm},
	{"pack", TU_FIELD_TEXT, FIELD(pack)},
	{"facts", TU_FIELD_TEXTS, FIELD(facts)},
};
static const struct tu_fields decision_form = {decision_fields, TU_COUNT(decision_fields)};

static enum tu_status check(struct tu_form *form, const struct tu_yaml *node,
	const struct file *file, const struct tu_disposition *decision)
{
	size_t first = tu_str_find(decision->key, '@'), last = tu_str_rfind(decision->key, '@');

	if (first == last)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"\"%.*s\" is no key of a threat: RULE@ELEMENT@FLOW",
			TU_STR_FMT(tu_str_first(decision->key, 60)));
	if (decision->outcome == TU_THREAT_ACCEPTED && !decision->until)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"\"until\" is missing: nobody accepts a risk for ever");
	if (decision->until && decision->until <= decision->at)
		return tu_yaml_fail(
			form->err, TU_E_SYNTAX, form->file, node, "\"until\" is not after \"at\"");
	if (decision->outcome == TU_THREAT_TRANSFERRED && !decision->labelling.len)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"\"labelling\" is missing: where does the user read it?");
	for (const struct tu_disposition *other = file->decisions; other < decision; other++)
		if (tu_str_eq(other->key, decision->key))
			return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
				"a second decision about \"%.*s\"",
				TU_STR_FMT(tu_str_first(decision->key, 60)));
	return TU_OK;
}

static enum tu_status read_decisions(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct file *file = target;
	void *items;
	enum tu_status status =
		tu_form_list(form, node, sizeof(*file->decisions), &items, &file->count);

	if (status != TU_OK)
		return status;
	file->decisions = items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		struct tu_disposition *decision = &file->decisions[item->index];

		decision->place = tu_form_place(item);
		status = tu_form_read(form, item, &decision_form, decision);
		if (status == TU_OK)
			status = check(form, item, file, decision);
	}
	return status;
}

static const struct tu_field file_fields[] = {
	{"schema", TU_FIELD_TEXT, offsetof(struct file, schema), .needed = true},
	{"decisions", TU_FIELD_OTHER, .read = read_decisions},
};
static const struct tu_fields file_form = {file_fields, TU_COUNT(file_fields)};

enum tu_status tu_dispositions_read(struct tu_arena *arena, struct tu_str file, struct tu_str text,
	struct tu_dispositions *out, struct tu_error *err)
{
	struct tu_form form = {.arena = arena, .file = file, .err = err};
	struct file read = {0};
	const struct tu_yaml *root;
	enum tu_status status = tu_yaml_parse(arena, file, text, NULL, &root, err);

	if (status == TU_OK)
		status = tu_form_read(&form, root, &file_form, &read);
	if (status == TU_OK && !tu_str_eq(read.schema, TU_STR("tutela-threats/1")))
		status = tu_yaml_fail(err, TU_E_UNSUPPORTED, file,
			tu_yaml_get(root, TU_STR("schema")),
			"expected \"tutela-threats/1\", not \"%.*s\"",
			TU_STR_FMT(tu_str_first(read.schema, 60)));
	if (status == TU_OK)
		*out = (struct tu_dispositions){read.decisions, read.count};
	return status;
}
