/*
 * A walk over a document along the tables of its schema. The objects of CVSS and SSVC have tests of
 * their own (6.1.8, 6.1.46).
 */
#include "csaf/schema.h"

#include "base/json_writer.h"

static void check_object(
	struct tu_csaf *csaf, struct tu_json value, const struct tu_csaf_shape *shape);

static const struct tu_csaf_field *field_of(const struct tu_csaf_shape *shape, struct tu_str name)
{
	for (size_t i = 0; i < shape->count; i++)
		if (tu_str_eq(name, tu_str_c(shape->fields[i].name)))
			return &shape->fields[i];
	return NULL;
}

static bool is_word(struct tu_str text, const char *words)
{
	struct tu_str rest = tu_str_c(words), word;

	while (tu_str_split(&rest, ' ', &word))
		if (tu_str_eq(word, text))
			return true;
	return false;
}

static bool expect(struct tu_csaf *csaf, struct tu_json value, enum tu_json_type type)
{
	if (tu_json_type(value) == type)
		return true;
	tu_csaf_fail(csaf, value, NULL, "expected %s, found %s", tu_json_type_name(type),
		tu_json_type_name(tu_json_type(value)));
	return false;
}

static void check_text(
	struct tu_csaf *csaf, struct tu_json value, const struct tu_csaf_field *field)
{
	struct tu_str text = tu_json_str(value);

	if (!expect(csaf, value, TU_JSON_STRING))
		return;
	if (!tu_csaf_rule_holds(field->rule, text))
		tu_csaf_fail(csaf, value, NULL, "\"%.*s\": expected %s",
			TU_STR_FMT(tu_str_first(text, 80)), tu_csaf_rule_name(field->rule));
	else if (field->words && !is_word(text, field->words))
		tu_csaf_fail(csaf, value, NULL, "\"%.*s\" is none of: %s",
			TU_STR_FMT(tu_str_first(text, 80)), field->words);
}

/* Equal values give equal texts, whatever the order of their members. */
static void canonical(struct tu_json value, struct tu_json_writer *out, int depth)
{
	struct tu_json_iter iter = tu_json_iter(value);
	struct tu_json item;
	struct tu_str key, last = {0}, next;
	double number;

	if (tu_json_is_array(value) && depth < 64) {
		tu_json_open_array(out);
		while (tu_json_next_item(&iter, &item))
			canonical(item, out, depth + 1);
		tu_json_close_array(out);
	} else if (tu_json_is_object(value) && depth < 64 && tu_json_count(value) <= 64) {
		tu_json_open_object(out);
		for (;;) { /* the next key in order: objects here are small */
			bool found = false;
			iter = tu_json_iter(value);
			while (tu_json_next_member(&iter, &key, &item))
				if ((!last.ptr || tu_str_cmp(key, last) > 0) &&
					(!found || tu_str_cmp(key, next) < 0)) {
					next = key;
					found = true;
				}
			if (!found)
				break;
			tu_json_quote(next, out->buf);
			canonical(tu_json_get(value, next), out, depth + 1);
			last = next;
		}
		tu_json_close_object(out);
	} else if (tu_json_is_string(value)) {
		tu_json_add_str(out, tu_json_str(value));
	} else if (tu_json_number(value, &number)) {
		tu_json_add_number(out, number);
	} else {
		tu_json_add_bool(out, tu_json_true(value));
	}
}

static bool is_new(struct tu_csaf *csaf, struct tu_intern *seen, struct tu_json item)
{
	uint32_t before = tu_intern_count(seen), id = 0;
	struct tu_json_writer writer;
	struct tu_buf text;
	bool fine;

	if (tu_json_is_string(item)) {
		fine = tu_intern_add(seen, tu_json_str(item), &id);
	} else {
		tu_buf_init(&text, 64 << 20);
		writer = tu_json_writer(&text, false);
		canonical(item, &writer, 0);
		fine = !text.failed && tu_intern_add(seen, tu_buf_str(&text), &id);
		tu_buf_done(&text);
	}
	if (!fine)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	return !fine || id >= before;
}

static void check_unique(struct tu_csaf *csaf, struct tu_json list)
{
	struct tu_intern *seen;
	struct tu_json item;

	if (tu_json_count(list) < 2)
		return;
	seen = tu_intern_new((size_t)1 << 30);
	if (!seen)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	TU_CSAF_EACH(item, list)
	if (csaf->status == TU_OK && !is_new(csaf, seen, item))
		tu_csaf_fail(csaf, item, NULL, "stands in the list already");
	tu_intern_free(seen);
}

static void check_list(
	struct tu_csaf *csaf, struct tu_json value, const struct tu_csaf_field *field)
{
	struct tu_json item;

	if (!expect(csaf, value, TU_JSON_ARRAY))
		return;
	if (tu_json_count(value) < field->least)
		tu_csaf_fail(csaf, value, NULL, "at least %d item%s expected", field->least,
			field->least == 1 ? "" : "s");
	TU_CSAF_EACH(item, value)
	{
		if (csaf->status)
			return;
		if (field->form == TU_CSAF_TEXTS)
			check_text(csaf, item, field);
		else
			check_object(csaf, item, field->shape);
	}
	if (field->unique)
		check_unique(csaf, value);
}

static void check_field(
	struct tu_csaf *csaf, struct tu_json value, const struct tu_csaf_field *field)
{
	switch (field->form) {
	case TU_CSAF_TEXT_ONE:
		check_text(csaf, value, field);
		break;
	case TU_CSAF_OBJECT:
		check_object(csaf, value, field->shape);
		break;
	case TU_CSAF_TEXTS:
	case TU_CSAF_OBJECTS:
		check_list(csaf, value, field);
		break;
	case TU_CSAF_FREE:
		break;
	}
}

void tu_csaf_additional(struct tu_csaf *csaf, struct tu_json value, struct tu_str key)
{
	const struct tu_csaf_test *running = csaf->test;
	size_t told = csaf->test_problems;

	csaf->test = &tu_csaf_additional_test;
	csaf->test_problems = csaf->additional;
	tu_csaf_fail(csaf, value, NULL, "the schema has no member \"%.*s\" here",
		TU_STR_FMT(tu_str_first(key, 80)));
	csaf->additional = csaf->test_problems;
	csaf->test = running;
	csaf->test_problems = told;
}

/* 2.0 leaves further members to an optional test; 2.1 forbids them. */
static void unknown_member(struct tu_csaf *csaf, struct tu_json value, struct tu_str key)
{
	if (csaf->version == TU_CSAF_20)
		tu_csaf_additional(csaf, value, key);
	else
		tu_csaf_fail(csaf, value, NULL, "the schema has no member \"%.*s\" here",
			TU_STR_FMT(tu_str_first(key, 80)));
}

static void check_object(
	struct tu_csaf *csaf, struct tu_json value, const struct tu_csaf_shape *shape)
{
	struct tu_json_iter iter = tu_json_iter(value);
	struct tu_json member;
	struct tu_str key;
	size_t members = 0;

	if (!expect(csaf, value, TU_JSON_OBJECT))
		return;
	for (; !csaf->status && tu_json_next_member(&iter, &key, &member); members++) {
		const struct tu_csaf_field *field = field_of(shape, key);
		if (field)
			check_field(csaf, member, field);
		else
			unknown_member(csaf, member, key);
	}
	for (size_t i = 0; i < shape->count; i++)
		if (shape->fields[i].required &&
			!tu_json_get(value, tu_str_c(shape->fields[i].name)).doc)
			tu_csaf_fail(csaf, value, NULL, "required member \"%s\" is missing",
				shape->fields[i].name);
	if (members < shape->least)
		tu_csaf_fail(csaf, value, NULL, "at least %d member%s expected", shape->least,
			shape->least == 1 ? "" : "s");
	if (shape->most && members > shape->most)
		tu_csaf_fail(csaf, value, NULL, "at most %d members expected", shape->most);
}

void tu_csaf_check_schema(struct tu_csaf *csaf)
{
	check_object(csaf, csaf->root,
		csaf->version == TU_CSAF_21 ? tu_csaf_schema_21 : tu_csaf_schema_20);
}

void tu_csaf_check_extension(struct tu_csaf *csaf, struct tu_json value)
{
	struct tu_json content = tu_json_get(value, TU_STR("content"));
	struct tu_json critical = tu_json_get(value, TU_STR("critical"));

	check_object(csaf, value, tu_csaf_schema_extension);
	if (content.doc && (!tu_json_is_object(content) || !tu_json_count(content)))
		tu_csaf_fail(csaf, content, NULL, "expected an object that is not empty");
	if (critical.doc && tu_json_type(critical) != TU_JSON_BOOL)
		tu_csaf_fail(csaf, critical, NULL, "expected a boolean");
}
