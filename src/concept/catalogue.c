/* concept-questions.yaml and concept-hospital.yaml. */
#include "concept/catalogue.h"

#define QUESTION(member) offsetof(struct tu_concept_question, member)
#define SEED(member) offsetof(struct tu_concept_seed, member)
#define INQUIRY(member) offsetof(struct tu_concept_inquiry, member)

/* tools/embed-text.py makes them. */
extern const char tu_text_concept_parts[], tu_text_concept_questions[], tu_text_concept_hospital[];
extern const size_t tu_text_concept_parts_len, tu_text_concept_questions_len,
	tu_text_concept_hospital_len;

struct tu_concept_texts tu_concept_built_in(void)
{
#define BUILT_IN(name) \
	{ \
		TU_STR_INIT("concept-" #name ".yaml"), \
		{ \
			tu_text_concept_##name, tu_text_concept_##name##_len \
		} \
	}
	return (struct tu_concept_texts){BUILT_IN(parts), BUILT_IN(questions), BUILT_IN(hospital)};
#undef BUILT_IN
}

uint32_t tu_concept_question_by_id(const struct tu_concept_catalogue *catalogue, struct tu_str id)
{
	for (size_t i = 0; i < catalogue->question_count; i++)
		if (tu_str_eq(catalogue->questions[i].id, id))
			return (uint32_t)i;
	return TU_MODEL_NOWHERE;
}

/* ---- conditions ---- */

static enum tu_status read_condition(
	struct tu_form *form, const struct tu_yaml *node, struct tu_concept_condition *condition)
{
	struct tu_str value, id;
	int reply = 0;
	enum tu_status status = tu_form_text(form, node, &value);

	if (status != TU_OK)
		return status;
	(void)tu_str_split(&value, '=', &id);
	condition->question = tu_concept_question_by_id(form->context, id);
	if (condition->question == TU_MODEL_NOWHERE ||
		!tu_words_find(&tu_words_reply, value, &reply))
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"expected an earlier question and an answer, such as wifi=yes");
	condition->reply = (enum tu_reply)reply;
	return TU_OK;
}

static enum tu_status read_conditions(struct tu_form *form, const struct tu_yaml *node,
	struct tu_concept_conditions *out_conditions)
{
	struct tu_concept_condition *list;
	void *items;
	size_t count;
	enum tu_status status = tu_form_list(form, node, sizeof(*list), &items, &count);

	list = status ? NULL : items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next)
		status = read_condition(form, item, &list[item->index]);
	if (status == TU_OK)
		*out_conditions = (struct tu_concept_conditions){list, count};
	return status;
}

static enum tu_status read_pointless(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	return read_conditions(form, node, &((struct tu_concept_question *)target)->pointless);
}

static enum tu_status read_when(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	return read_conditions(form, node, &((struct tu_concept_inquiry *)target)->when);
}

static enum tu_status read_unless(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	return read_conditions(form, node, &((struct tu_concept_inquiry *)target)->unless);
}

static enum tu_status read_classes(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_concept_question *question = target;
	struct tu_texts unused;
	enum tu_status status = tu_form_texts(form, node, &unused);
	int value = 0;

	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		status = tu_form_word(form, item, &tu_words_class, &value);
		question->classes |= status ? 0 : (uint32_t)1 << value;
	}
	return status;
}

/* ---- seeds ---- */

static enum tu_status read_indexes(
	struct tu_form *form, const struct tu_yaml *node, enum tu_part_kind kind, void *target)
{
	const struct tu_concept_catalogue *catalogue = form->context;
	struct tu_concept_seed *seed = target;
	struct tu_texts ids;
	uint32_t *list;
	enum tu_status status = tu_form_texts(form, node, &ids);

	if (status != TU_OK)
		return status;
	list = tu_arena_array(form->arena, ids.count, sizeof(*list));
	if (!list)
		return tu_form_no_memory(form);
	for (size_t i = 0; i < ids.count; i++) {
		list[i] = tu_concept_part_by_id(&catalogue->parts[kind], ids.at[i]);
		if (list[i] == TU_MODEL_NOWHERE)
			return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
				"there is no part \"%.*s\"",
				TU_STR_FMT(tu_str_first(ids.at[i], 60)));
	}
	seed->parts[kind] = (struct tu_indexes){list, ids.count};
	return TU_OK;
}

#define INDEXES_READER(name, kind) \
	static enum tu_status name(struct tu_form *form, const struct tu_yaml *node, void *target) \
	{ \
		return read_indexes(form, node, kind, target); \
	}
INDEXES_READER(read_elements, TU_PART_ELEMENT)
INDEXES_READER(read_flows, TU_PART_FLOW)
INDEXES_READER(read_interfaces, TU_PART_INTERFACE)
INDEXES_READER(read_assets, TU_PART_ASSET)
INDEXES_READER(read_hazards, TU_PART_HAZARD)

/* "updater.device_verifies=yes" */
static enum tu_status read_fact(
	struct tu_form *form, const struct tu_yaml *node, struct tu_concept_fact *fact)
{
	const struct tu_concept_catalogue *catalogue = form->context;
	struct tu_str left, element;
	enum tu_status status = tu_form_text(form, node, &fact->value);

	if (status != TU_OK)
		return status;
	(void)tu_str_split(&fact->value, '=', &left);
	(void)tu_str_split(&left, '.', &element);
	fact->name = left;
	fact->element = tu_concept_part_by_id(&catalogue->parts[TU_PART_ELEMENT], element);
	return fact->element != TU_MODEL_NOWHERE && fact->name.len && fact->value.len
		? TU_OK
		: tu_yaml_fail(
			  form->err, TU_E_SYNTAX, form->file, node, "expected element.fact=value");
}

static enum tu_status read_facts(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_concept_seed *seed = target;
	struct tu_concept_fact *list;
	void *items;
	enum tu_status status = tu_form_list(form, node, sizeof(*list), &items, &seed->fact_count);

	list = status ? NULL : items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next)
		status = read_fact(form, item, &list[item->index]);
	seed->facts = list;
	return status;
}

static const struct tu_field seed_fields[] = {
	{"elements", TU_FIELD_OTHER, .read = read_elements},
	{"flows", TU_FIELD_OTHER, .read = read_flows},
	{"interfaces", TU_FIELD_OTHER, .read = read_interfaces},
	{"assets", TU_FIELD_OTHER, .read = read_assets},
	{"hazards", TU_FIELD_OTHER, .read = read_hazards},
	{"facts", TU_FIELD_OTHER, .read = read_facts},
	{"threats", TU_FIELD_TEXTS, SEED(threats)},
	{"mds2", TU_FIELD_TEXTS, SEED(mds2)},
};
static const struct tu_fields seed_form = {seed_fields, TU_COUNT(seed_fields)};

/* ---- questions ---- */

static const struct tu_field question_fields[] = {
	{"id", TU_FIELD_TEXT, QUESTION(id), .needed = true},
	{"subject", TU_FIELD_TEXT, QUESTION(subject), .needed = true},
	{"text", TU_FIELD_TEXT, QUESTION(text), .needed = true},
	{"why", TU_FIELD_TEXT, QUESTION(why), .needed = true},
	{"classes", TU_FIELD_OTHER, .read = read_classes},
	{"pointless", TU_FIELD_OTHER, .read = read_pointless},
	{"yes", TU_FIELD_FORM, QUESTION(yes), .fields = &seed_form},
	{"no", TU_FIELD_FORM, QUESTION(no), .fields = &seed_form},
};
static const struct tu_fields question_form = {question_fields, TU_COUNT(question_fields)};
/* A question may speak of those before it, which are already in the catalogue. */
static enum tu_status read_questions(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_concept_catalogue *catalogue = form->context;
	struct tu_concept_question *list;
	void *items;
	size_t count;
	enum tu_status status =
		tu_form_list(form, node, sizeof(*catalogue->questions), &items, &count);

	(void)target;
	list = status ? NULL : items;
	catalogue->questions = list;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		status = tu_form_read(form, item, &question_form, &list[item->index]);
		if (status == TU_OK &&
			tu_concept_question_by_id(catalogue, list[item->index].id) !=
				TU_MODEL_NOWHERE)
			status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, item,
				"a second question of this id");
		catalogue->question_count = item->index + 1;
	}
	catalogue->own_count = catalogue->question_count;
	return status;
}

static const struct tu_field inquiry_fields[] = {
	{"id", TU_FIELD_TEXT, INQUIRY(id), .needed = true},
	{"when", TU_FIELD_OTHER, .read = read_when},
	{"unless", TU_FIELD_OTHER, .read = read_unless},
	{"text", TU_FIELD_TEXT, INQUIRY(text), .needed = true},
};
static const struct tu_fields inquiry_form = {inquiry_fields, TU_COUNT(inquiry_fields)};
static const struct tu_concept_rows inquiries = {
	"question", sizeof(struct tu_concept_inquiry), &inquiry_form, INQUIRY(id), SIZE_MAX};

static enum tu_status read_inquiries(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_concept_catalogue *catalogue = form->context;
	void *items = NULL;
	enum tu_status status =
		tu_concept__rows(form, node, &inquiries, &items, &catalogue->inquiry_count);

	(void)target;
	catalogue->inquiries = items;
	return status;
}

#define FILE_FORM(name, reader) \
	static const struct tu_field name##_fields[] = { \
		{"schema", TU_FIELD_TEXT, 0}, \
		{"questions", TU_FIELD_OTHER, .needed = true, .read = reader}, \
	}; \
	static const struct tu_fields name = {name##_fields, TU_COUNT(name##_fields)}
FILE_FORM(questions_file, read_questions);
FILE_FORM(hospital_file, read_inquiries);

enum tu_status tu_concept_catalogue_read(struct tu_arena *arena,
	const struct tu_concept_texts *texts, struct tu_concept_catalogue *out_catalogue,
	struct tu_error *err)
{
	struct tu_concept_catalogue catalogue = {0};
	struct tu_form form = {.arena = arena, .err = err, .context = &catalogue};
	struct tu_str schema;
	const struct tu_yaml *root;
	enum tu_status status = tu_concept__parts(&form, &texts->parts);

	if (status == TU_OK)
		status = tu_concept__root(
			&form, &texts->questions, TU_STR("tutela-concept-questions/1"), &root);
	if (status == TU_OK)
		status = tu_form_read(&form, root, &questions_file, &schema);
	if (status == TU_OK)
		status = tu_concept__root(
			&form, &texts->hospital, TU_STR("tutela-concept-hospital/1"), &root);
	if (status == TU_OK)
		status = tu_form_read(&form, root, &hospital_file, &schema);
	catalogue.hospital_network =
		tu_concept_question_by_id(&catalogue, TU_STR("hospital-network"));
	if (status == TU_OK)
		*out_catalogue = catalogue;
	return status;
}
