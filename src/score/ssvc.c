/* SSVC: from chosen values to the outcome of a table. */
#include <stdio.h>

#include "score/ssvc_tables.h"

/* Other words for a value: CISA's containers in CVE records say "poc". */
static const struct {
	const char *word;
	const char *name;
} synonyms[] = {
	{"poc", "public poc"},
};

static char folded(char c)
{
	return c == '-' || c == '_' ? ' ' : tu_char_lower(c);
}

static bool same(struct tu_str text, const char *name)
{
	struct tu_str other = tu_str_c(name);

	if (text.len != other.len)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (folded(text.ptr[i]) != folded(other.ptr[i]))
			return false;
	return true;
}

const struct tu_ssvc_table *tu_ssvc_table_at(size_t index)
{
	return index < tu_ssvc_table_count ? &tu_ssvc_tables[index] : NULL;
}

const struct tu_ssvc_table *tu_ssvc_table_by_id(struct tu_str id)
{
	for (size_t i = 0; i < tu_ssvc_table_count; i++)
		if (same(id, tu_ssvc_tables[i].id))
			return &tu_ssvc_tables[i];
	return NULL;
}

/* Names go before keys: in one table a key may be another's name. */
static size_t find_point(const struct tu_ssvc_table *table, struct tu_str text)
{
	for (size_t i = 0; i < table->point_count; i++)
		if (same(text, table->points[i]->name))
			return i;
	for (size_t i = 0; i < table->point_count; i++)
		if (same(text, table->points[i]->key))
			return i;
	return table->point_count;
}

static size_t find_value(const struct tu_ssvc_point *point, struct tu_str text)
{
	for (size_t i = 0; i < TU_COUNT(synonyms); i++)
		if (same(text, synonyms[i].word))
			text = tu_str_c(synonyms[i].name);
	for (size_t i = 0; i < point->value_count; i++)
		if (same(text, point->values[i].name))
			return i;
	for (size_t i = 0; i < point->value_count; i++)
		if (same(text, point->values[i].key))
			return i;
	return point->value_count;
}

struct list {
	char text[192];
	size_t len;
};

static void add(struct list *list, const char *name)
{
	int more = snprintf(list->text + list->len, sizeof(list->text) - list->len, "%s%s",
		list->len ? ", " : "", name);

	if (more > 0 && list->len + (size_t)more < sizeof(list->text))
		list->len += (size_t)more;
}

static struct list values_of(const struct tu_ssvc_point *point)
{
	struct list list = {"", 0};

	for (size_t i = 0; i < point->value_count; i++)
		add(&list, point->values[i].name);
	return list;
}

static struct list points_of(const struct tu_ssvc_table *table)
{
	struct list list = {"", 0};

	for (size_t i = 0; i < table->point_count; i++)
		add(&list, table->points[i]->name);
	return list;
}

enum tu_status tu_ssvc_choose(const struct tu_ssvc_table *table, struct tu_ssvc_choice *choice,
	struct tu_str point, struct tu_str value, struct tu_error *err)
{
	size_t p = find_point(table, point);

	if (p == table->point_count)
		return tu_fail(err, TU_E_NOTFOUND, 0, "%s has no point \"%.*s\": it has %s",
			table->id, TU_STR_FMT(tu_str_first(point, 32)), points_of(table).text);
	size_t v = find_value(table->points[p], value);
	if (v == table->points[p]->value_count)
		return tu_fail(err, TU_E_NOTFOUND, 0, "%s has no value \"%.*s\": it has %s",
			table->points[p]->name, TU_STR_FMT(tu_str_first(value, 32)),
			values_of(table->points[p]).text);
	if (choice->values[p] && choice->values[p] != v + 1)
		return tu_fail(err, TU_E_SYNTAX, 0, "%s is given twice: %s and %s",
			table->points[p]->name,
			table->points[p]->values[choice->values[p] - 1].name,
			table->points[p]->values[v].name);
	choice->values[p] = (uint8_t)(v + 1);
	return TU_OK;
}

enum tu_status tu_ssvc_decide(const struct tu_ssvc_table *table,
	const struct tu_ssvc_choice *choice, const struct tu_ssvc_value **out_outcome,
	struct tu_error *err)
{
	size_t row = 0;

	for (size_t i = 0; i < table->point_count; i++) {
		const struct tu_ssvc_point *point = table->points[i];
		if (!choice->values[i])
			return tu_fail(err, TU_E_NOTFOUND, 0, "%s is not given: it has %s",
				point->name, values_of(point).text);
		row = row * point->value_count + choice->values[i] - 1;
	}
	*out_outcome = &table->outcome->values[table->rows[row] - '0'];
	return TU_OK;
}
