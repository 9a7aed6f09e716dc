/* Facts: attributes without a member of their own. */
#include <stdlib.h>

#include "threat/read/reading.h"
#include "threat/words.h"

static int by_name(const void *a, const void *b)
{
	const struct tu_model_fact *left = a, *right = b;

	return tu_str_cmp(left->name, right->name);
}

enum { FACT_MAX_BYTES = 1 << 16 };

static enum tu_status join(struct tu_form *form, const struct tu_yaml *list, struct tu_str *out)
{
	struct tu_str text;
	struct tu_buf joined;
	enum tu_status status = TU_OK;

	tu_buf_init(&joined, FACT_MAX_BYTES);
	for (const struct tu_yaml *item = list->first; item && !status; item = item->next) {
		status = tu_form_text(form, item, &text);
		if (status == TU_OK)
			tu_buf_printf(&joined, "%s%.*s", item->index ? ", " : "", TU_STR_FMT(text));
	}
	if (status == TU_OK &&
		(joined.failed || !tu_arena_dup(form->arena, tu_buf_str(&joined), out)))
		status = tu_form_no_memory(form);
	tu_buf_done(&joined);
	return status;
}

static enum tu_status read_value(
	struct tu_form *form, const struct tu_yaml *node, struct tu_str *out_value)
{
	enum tu_status status;
	bool flag;

	if (tu_yaml_bool(node, &flag)) {
		*out_value = flag ? TU_STR("yes") : TU_STR("no");
		return TU_OK;
	}
	if (tu_yaml_is_null(node)) {
		*out_value = (struct tu_str){0};
		return TU_OK;
	}
	status = node->kind == TU_YAML_LIST ? join(form, node, out_value)
					    : tu_form_text(form, node, out_value);
	if (status == TU_OK && !tu_model_is_intent(*out_value))
		tu_reading_stated(out_value);
	return status;
}

/* Take a node as a fact into `at[*count]`, where it states something. */
static enum tu_status take(
	struct tu_form *form, const struct tu_yaml *node, struct tu_model_fact *at, size_t *count)
{
	struct tu_model_fact fact = {.name = node->key, .place = tu_form_place(node)};
	enum tu_status status = read_value(form, node, &fact.value);

	if (status == TU_E_SYNTAX && form->forgive)
		return form->forgive(form, node, TU_MISTAKE_VALUE);
	if (status == TU_OK && fact.value.len)
		at[(*count)++] = fact;
	return status;
}

static enum tu_status merge(struct tu_form *form, const struct tu_yaml *node,
	struct tu_model_fact *at, size_t count, struct tu_model_facts *facts)
{
	if (count > 1)
		qsort(at, count, sizeof(*at), by_name);
	for (size_t i = 1; i < count; i++)
		if (tu_str_eq(at[i - 1].name, at[i].name))
			return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
				"\"%.*s\" is stated twice",
				TU_STR_FMT(tu_str_first(at[i].name, 60)));
	*facts = (struct tu_model_facts){at, count};
	return TU_OK;
}

static struct tu_model_fact *room_for(
	struct tu_form *form, const struct tu_model_facts *facts, size_t more)
{
	struct tu_model_fact *at = tu_arena_array(form->arena, facts->count + more, sizeof(*at));

	for (size_t i = 0; at && i < facts->count; i++)
		at[i] = facts->at[i];
	return at;
}

enum tu_status tu_reading_facts(
	struct tu_form *form, const struct tu_yaml *map, struct tu_model_facts *facts)
{
	struct tu_model_fact *at;
	size_t count = facts->count;
	enum tu_status status = TU_OK;

	if (map->kind != TU_YAML_MAP)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, map,
			"expected a map of facts, not %s", tu_yaml_kind_name(map->kind));
	at = room_for(form, facts, map->count);
	if (!at)
		return tu_form_no_memory(form);
	for (const struct tu_yaml *node = map->first; node && !status; node = node->next)
		status = take(form, node, at, &count);
	return status ? status : merge(form, map, at, count, facts);
}

enum tu_status tu_reading_fact(
	struct tu_form *form, const struct tu_yaml *node, struct tu_model_facts *facts)
{
	struct tu_model_fact *at = room_for(form, facts, 1);
	size_t count = facts->count;
	enum tu_status status;

	if (!at)
		return tu_form_no_memory(form);
	status = take(form, node, at, &count);
	return status ? status : merge(form, node, at, count, facts);
}
