#include "device/form.h"

#include <string.h>

#include "base/buf_over.h"
#include "base/time.h"

enum { WORDS_MAX_BYTES = 200 };

enum tu_status tu_form_no_memory(struct tu_form *form)
{
	return tu_fail(form->err, TU_E_NOMEM, 0, "%.*s: out of memory", TU_STR_FMT(form->file));
}

struct tu_place tu_form_place(const struct tu_yaml *node)
{
	return (struct tu_place){node->line, node->column};
}

static enum tu_status expected(struct tu_form *form, const struct tu_yaml *node, const char *what)
{
	if (node->kind == TU_YAML_SCALAR)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"expected %s, not \"%.*s\"", what,
			TU_STR_FMT(tu_str_first(node->text, 60)));
	return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node, "expected %s, not %s", what,
		tu_yaml_kind_name(node->kind));
}

enum tu_status tu_form_text(
	struct tu_form *form, const struct tu_yaml *node, struct tu_str *out_text)
{
	if (node->kind != TU_YAML_SCALAR)
		return expected(form, node, "a text");
	*out_text = node->text;
	return TU_OK;
}

enum tu_status tu_form_list(struct tu_form *form, const struct tu_yaml *node, size_t size,
	void **out_items, size_t *out_count)
{
	if (node->kind != TU_YAML_LIST)
		return expected(form, node, "a list");
	*out_items = tu_arena_array(form->arena, node->count, size);
	*out_count = node->count;
	return *out_items ? TU_OK : tu_form_no_memory(form);
}

enum tu_status tu_form_texts(
	struct tu_form *form, const struct tu_yaml *node, struct tu_texts *out_texts)
{
	bool one = node->kind == TU_YAML_SCALAR;
	size_t count = one ? 1 : node->count;
	struct tu_str *texts;
	enum tu_status status = TU_OK;

	if (node->kind == TU_YAML_MAP)
		return expected(form, node, "a list of texts");
	texts = tu_arena_array(form->arena, count, sizeof(*texts));
	if (!texts)
		return tu_form_no_memory(form);
	if (one)
		texts[0] = node->text;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next)
		status = tu_form_text(form, item, &texts[item->index]);
	*out_texts = (struct tu_texts){texts, count};
	return status;
}

/* ---- words ---- */

static char fold(char c)
{
	return c == '_' || c == ' ' ? '-' : tu_char_lower(c);
}

static bool same_word(const char *word, struct tu_str name)
{
	if (strlen(word) != name.len)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (fold(word[i]) != fold(name.ptr[i]))
			return false;
	return true;
}

bool tu_words_find(const struct tu_words *words, struct tu_str name, int *out_value)
{
	for (size_t i = 0; i < words->count; i++) {
		if (!same_word(words->at[i].name, name))
			continue;
		*out_value = words->at[i].value;
		return true;
	}
	return false;
}

const char *tu_words_name(const struct tu_words *words, int value)
{
	for (size_t i = 0; i < words->count; i++)
		if (words->at[i].value == value)
			return words->at[i].name;
	return "";
}

enum tu_status tu_form_word(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_words *words, int *out_value)
{
	char text[WORDS_MAX_BYTES];
	struct tu_buf list = tu_buf_over(text, sizeof(text));

	if (node->kind == TU_YAML_SCALAR && tu_words_find(words, node->text, out_value))
		return TU_OK;
	for (size_t i = 0; i < words->count; i++)
		tu_buf_printf(&list, "%s%s", i ? ", " : "one of ", words->at[i].name);
	tu_buf_byte(&list, '\0');
	return expected(form, node, list.failed ? "another word" : text);
}

/* ---- times and numbers ---- */

/* After "2026-01-31" and a clock: Z, UTC or an offset. */
bool tu_time_is_zoned(struct tu_str text)
{
	struct tu_str tail = tu_str_from(tu_str_trim(text), 10);

	return tail.len &&
		(tu_str_find(tail, 'Z') < tail.len || tu_str_find(tail, 'z') < tail.len ||
			tu_str_ends(tail, TU_STR("UTC")) || tu_str_find(tail, '+') < tail.len ||
			tu_str_find(tail, '-') < tail.len);
}

/* "…T23:59:60Z". */
bool tu_time_is_leap(struct tu_str text)
{
	struct tu_str s = tu_str_trim(text);

	return s.len >= 19 && s.ptr[16] == ':' && tu_str_eq(tu_str_of(s.ptr + 17, 2), TU_STR("60"));
}

enum tu_status tu_form_time(
	struct tu_form *form, const struct tu_yaml *node, bool time_only, int64_t *out_seconds)
{
	const char *what = time_only ? "a time such as 2026-01-31T09:30:00+01:00"
				     : "a date such as 2026-01-31";

	if (node->kind != TU_YAML_SCALAR || !tu_time_parse(node->text, out_seconds))
		return expected(form, node, what);
	if (tu_time_is_leap(node->text))
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"\"%.*s\" is a leap second, which is not counted here: write the second "
			"before or after it",
			TU_STR_FMT(tu_str_first(node->text, 40)));
	if (tu_str_trim(node->text).len == 10 && !time_only)
		return TU_OK;
	if (!tu_time_is_zoned(node->text))
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"\"%.*s\" has no zone: write a time such as 2026-01-31T09:30:00Z or "
			"…+01:00",
			TU_STR_FMT(tu_str_first(node->text, 40)));
	return TU_OK;
}

enum tu_status tu_form_number(
	struct tu_form *form, const struct tu_yaml *node, uint32_t max, uint32_t *out_number)
{
	uint64_t value;

	if (node->kind != TU_YAML_SCALAR || !tu_str_to_u64(node->text, max, &value))
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"expected a whole number from 0 to %u", max);
	*out_number = (uint32_t)value;
	return TU_OK;
}

bool tu_form_decimal(struct tu_str text, uint32_t places, uint32_t max, uint32_t *out)
{
	size_t point = tu_str_find(text, '.');
	struct tu_str tail = tu_str_from(text, point + 1);
	uint64_t whole;

	if (!tu_str_to_u64(tu_str_first(text, point), 1000, &whole) || tail.len > places ||
		(point < text.len && !tail.len))
		return false;
	for (uint32_t i = 0; i < places; i++) {
		char c = i < tail.len ? tail.ptr[i] : '0';

		if (!tu_char_is_digit(c))
			return false;
		whole = whole * 10 + (uint64_t)(c - '0');
	}
	*out = (uint32_t)whole;
	return whole <= max;
}

/* ---- maps ---- */

static const struct tu_field *field_of(const struct tu_fields *fields, struct tu_str key)
{
	for (size_t i = 0; i < fields->count; i++)
		if (tu_str_eq(tu_str_c(fields->at[i].key), key))
			return &fields->at[i];
	return NULL;
}

/* The key is at fault, not its value: the error is at the key. */
static enum tu_status unknown_key(
	struct tu_form *form, const struct tu_yaml *node, const struct tu_fields *fields)
{
	struct tu_yaml at_key = *node;
	struct tu_buf list;
	enum tu_status status;

	at_key.line = node->key_line;
	at_key.column = node->key_column;
	tu_buf_init(&list, WORDS_MAX_BYTES);
	for (size_t i = 0; i < fields->count; i++)
		tu_buf_printf(&list, "%s%s", i ? ", " : "", fields->at[i].key);
	status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, &at_key,
		"no such key; there are %.*s%s", TU_STR_FMT(tu_buf_str(&list)),
		list.failed ? ", …" : "");
	tu_buf_done(&list);
	return status;
}

static enum tu_status check_keys(
	struct tu_form *form, const struct tu_yaml *map, const struct tu_fields *fields)
{
	enum tu_status status = TU_OK;

	for (const struct tu_yaml *node = map->first; node && !status; node = node->next) {
		if (field_of(fields, node->key))
			continue;
		status = unknown_key(form, node, fields);
		if (form->forgive)
			status = form->forgive(form, node, TU_MISTAKE_KEY);
	}
	return status;
}

static enum tu_status read_word(
	struct tu_form *form, const struct tu_yaml *node, const struct tu_words *words, void *slot)
{
	int value;
	enum tu_status status = tu_form_word(form, node, words, &value);

	if (status == TU_OK)
		memcpy(slot, &value, sizeof(value)); /* an enum of few values is as wide */
	return status;
}

static enum tu_status read_bool(struct tu_form *form, const struct tu_yaml *node, bool *slot)
{
	return tu_yaml_bool(node, slot) ? TU_OK : expected(form, node, "true or false");
}

static enum tu_status read_field(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_field *field, void *target)
{
	void *slot = (char *)target + field->offset;

	switch (field->form) {
	case TU_FIELD_TEXT:
		return tu_form_text(form, node, slot);
	case TU_FIELD_TEXTS:
		return tu_form_texts(form, node, slot);
	case TU_FIELD_BOOL:
		return read_bool(form, node, slot);
	case TU_FIELD_NUMBER:
		return tu_form_number(form, node, field->max, slot);
	case TU_FIELD_DATE:
		return tu_form_time(form, node, false, slot);
	case TU_FIELD_TIME:
		return tu_form_time(form, node, true, slot);
	case TU_FIELD_WORD:
		return read_word(form, node, field->words, slot);
	case TU_FIELD_FORM:
		return tu_form_read(form, node, field->fields, slot);
	case TU_FIELD_OTHER:
		return field->read(form, node, target);
	}
	return TU_OK;
}

static enum tu_status read_forgiving(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_field *field, void *target)
{
	enum tu_status status = read_field(form, node, field, target);

	if (status == TU_E_SYNTAX && form->forgive && !field->needed)
		return form->forgive(form, node, TU_MISTAKE_VALUE);
	return status;
}

/* A text that is needed and has nothing in it says no more than one that is not there. */
static bool is_blank(const struct tu_field *field, const struct tu_yaml *value)
{
	return field->needed && field->form == TU_FIELD_TEXT && value->kind == TU_YAML_SCALAR &&
		!tu_yaml_is_null(value) && tu_str_trim(value->text).len == 0;
}

enum tu_status tu_form_read(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_fields *fields, void *target)
{
	enum tu_status status;

	if (node->kind != TU_YAML_MAP)
		return expected(form, node, "a map");
	status = check_keys(form, node, fields);
	for (size_t i = 0; i < fields->count && !status; i++) {
		const struct tu_field *field = &fields->at[i];
		const struct tu_yaml *value = tu_yaml_get(node, tu_str_c(field->key));

		if (value && is_blank(field, value))
			status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, value,
				"\"%s\" is empty", field->key);
		else if (value && !tu_yaml_is_null(value))
			status = read_forgiving(form, value, field, target);
		else if (field->needed)
			status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
				"\"%s\" is missing", field->key);
	}
	return status;
}

/* ---- selectors ---- */

#define TEXT_FIELD(key, member) \
	{ \
		key, TU_FIELD_TEXT, offsetof(struct tu_selector, member) \
	}

static const struct tu_field selector_fields[] = {
	TEXT_FIELD("name", name),
	TEXT_FIELD("version", version),
	TEXT_FIELD("purl", purl),
	TEXT_FIELD("cpe", cpe),
	TEXT_FIELD("ref", ref),
	TEXT_FIELD("path", path),
};

enum tu_status tu_form_selector(
	struct tu_form *form, const struct tu_yaml *node, struct tu_selector *out_selector)
{
	static const struct tu_fields fields = {selector_fields, TU_COUNT(selector_fields)};
	struct tu_str text = node->text;
	enum tu_status status = TU_OK;

	*out_selector = (struct tu_selector){0};
	if (node->kind != TU_YAML_SCALAR)
		status = tu_form_read(form, node, &fields, out_selector);
	else if (tu_str_istarts(text, TU_STR("pkg:")))
		out_selector->purl = text;
	else if (tu_str_istarts(text, TU_STR("cpe:")))
		out_selector->cpe = text;
	else if (tu_str_skip(&text, TU_STR("ref:")))
		out_selector->ref = text;
	else if (tu_str_skip(&text, TU_STR("path:")))
		out_selector->path = text;
	else
		out_selector->name = text;
	if (status == TU_OK && tu_selector_is_empty(out_selector))
		status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"names no component: give a name, purl, cpe, ref or path");
	return status;
}

enum tu_status tu_form_selectors(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_selector **out_selectors, size_t *out_count)
{
	struct tu_selector *selectors = NULL;
	void *items;
	enum tu_status status = tu_form_list(form, node, sizeof(*selectors), &items, out_count);

	if (status != TU_OK)
		return status;
	selectors = items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next)
		status = tu_form_selector(form, item, &selectors[item->index]);
	*out_selectors = selectors;
	return status;
}
