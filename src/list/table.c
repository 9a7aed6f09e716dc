#include <stdlib.h>

#include "list/inside.h"

/* How the rows of each kind look: all begin with an id and their texts. */
static const struct shape {
	size_t size;
	size_t texts;
} shapes[TU_LIST__TABLES] = {
	[TU_LIST__VULNERABILITIES] = {sizeof(struct tu_list__vuln), 2},
	[TU_LIST__COMPONENTS] = {sizeof(struct tu_list__component), 4},
	[TU_LIST__DEVICES] = {sizeof(struct tu_list__device), 1},
	[TU_LIST__RELEASES] = {sizeof(struct tu_list__release), 2},
};

size_t tu_list__row_size(enum tu_list__kind kind)
{
	return shapes[kind].size;
}

static void *row_at(const struct tu_list__table *table, size_t at)
{
	return (char *)table->rows + at * shapes[table->kind].size;
}

static int64_t id_at(const struct tu_list__table *table, size_t at)
{
	return *(const int64_t *)row_at(table, at);
}

static struct tu_list__text *texts_of(void *row)
{
	return (void *)((int64_t *)row + 1);
}

size_t tu_list__table_bytes(const struct tu_list__table *table)
{
	size_t arrays = table->by_name ? 4 : 2;

	return sizeof(*table) + table->text_len +
		table->count * (shapes[table->kind].size + arrays * sizeof(uint32_t));
}

void tu_list__table_drop(struct tu_list__table *table)
{
	if (!table || atomic_fetch_sub(&table->refs, 1) != 1)
		return;
	tu_free(table->rows);
	tu_free(table->by_id);
	tu_free(table->rank);
	tu_free(table->by_name);
	tu_free(table->name_rank);
	tu_free(table->text);
	tu_free(table);
}

/* The place in by_id of the first id that is not below `id`. */
static size_t place_of(const struct tu_list__table *table, int64_t id)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (id_at(table, table->by_id[middle]) < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint32_t tu_list__table_find(const struct tu_list__table *table, int64_t id)
{
	size_t place = table ? place_of(table, id) : 0;

	if (!table || place == table->count || id_at(table, table->by_id[place]) != id)
		return TU_LIST__NONE;
	return table->by_id[place];
}

uint32_t tu_list__table_place(const struct tu_list__table *table, int64_t id)
{
	size_t place = place_of(table, id);
	bool is_there = place < table->count && id_at(table, table->by_id[place]) == id;

	return (uint32_t)(2 * place + is_there);
}

/* ---- the next table ---- */

static bool room_for(struct tu_list__table *table, size_t text_len)
{
	size_t count = table->count + (size_t)1;

	table->rows = tu_alloc(count, shapes[table->kind].size);
	table->by_id = tu_alloc(count, sizeof(*table->by_id));
	table->rank = tu_alloc(count, sizeof(*table->rank));
	table->text = tu_alloc(text_len + 1, 1);
	if (!table->rows || !table->by_id || !table->rank || !table->text)
		return false;
	if (table->kind != TU_LIST__VULNERABILITIES)
		return true;
	table->by_name = tu_alloc(count, sizeof(*table->by_name));
	table->name_rank = tu_alloc(count, sizeof(*table->name_rank));
	return table->by_name && table->name_rank;
}

/* Copy a row with its texts, which are in `from`. Texts of one row that are the same stay so. */
static void take_row(struct tu_list__table *table, size_t at, const void *row, struct tu_str from)
{
	const struct shape *shape = &shapes[table->kind];
	void *copy = row_at(table, at);
	struct tu_list__text *texts = texts_of(copy), before = {UINT32_MAX, 0};

	memcpy(copy, row, shape->size);
	for (size_t i = 0; i < shape->texts; i++) {
		struct tu_list__text text = texts[i];

		if (i && text.at == before.at && text.len == before.len) {
			texts[i].at = texts[i - 1].at;
		} else {
			if (text.len)
				memcpy(table->text + table->text_len, from.ptr + text.at, text.len);
			texts[i].at = (uint32_t)table->text_len;
			table->text_len += text.len;
		}
		before = text;
	}
}

/* Rows that are put take the place of old ones; which row is the last for each number. */
static enum tu_status take_rows(struct tu_list__table *table, const struct tu_list__table *old,
	const struct tu_list__puts *puts, struct tu_str text)
{
	uint32_t *last = tu_alloc(table->count + (size_t)1, sizeof(*last));
	enum tu_status status = last ? TU_OK : TU_E_NOMEM;

	for (size_t i = 0; last && i < puts->which.count; i++)
		last[puts->which.at[i]] = (uint32_t)i + 1;
	for (uint32_t i = 0; !status && i < table->count; i++) {
		if (last[i])
			take_row(table, i, puts->rows + (last[i] - 1) * shapes[table->kind].size,
				text);
		else if (old && i < old->count)
			take_row(table, i, row_at(old, i), tu_str_of(old->text, old->text_len));
		else
			status = TU_E_NOTFOUND;
	}
	tu_free(last);
	return status;
}

struct numbered {
	int64_t id;
	uint32_t at;
};

static int by_number(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* Merge the new ids into the order of the old ones. */
static bool rank_rows(struct tu_list__table *table, const struct tu_list__table *old)
{
	uint32_t old_count = old ? old->count : 0, new_count = table->count - old_count;
	struct numbered *added = tu_alloc(new_count + (size_t)1, sizeof(*added));
	uint32_t from_old = 0, from_new = 0;

	if (!added)
		return false;
	for (uint32_t i = 0; i < new_count; i++)
		added[i] = (struct numbered){id_at(table, old_count + i), old_count + i};
	qsort(added, new_count, sizeof(*added), by_number);
	for (uint32_t i = 0; i < table->count; i++) {
		bool take_old = from_old < old_count &&
			(from_new == new_count ||
				id_at(table, old->by_id[from_old]) < added[from_new].id);

		table->by_id[i] = take_old ? old->by_id[from_old++] : added[from_new++].at;
		table->rank[table->by_id[i]] = i;
	}
	tu_free(added);
	return true;
}

/* ---- the order of names ---- */

int tu_list__name_order(struct tu_str a, struct tu_str b)
{
	struct tu_str x = a, y = b;

	while (x.len && y.len) {
		if (tu_char_is_digit(*x.ptr) && tu_char_is_digit(*y.ptr)) {
			int order = tu_str_cmp_digits(tu_str_digits(&x), tu_str_digits(&y));

			if (order)
				return order;
			continue;
		}
		if (*x.ptr != *y.ptr)
			return (unsigned char)*x.ptr < (unsigned char)*y.ptr ? -1 : 1;
		x = tu_str_from(x, 1);
		y = tu_str_from(y, 1);
	}
	if (x.len || y.len)
		return x.len ? 1 : -1;
	return tu_str_cmp(a, b);
}

struct named {
	struct tu_str name;
	uint32_t at;
};

static int by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = tu_list__name_order(x->name, y->name);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

static struct named named_at(const struct tu_list__table *table, uint32_t at)
{
	return (struct named){tu_list__said(table, texts_of(row_at(table, at))[0]), at};
}

/* The rows whose name is not where it was in the order of the old table. */
static uint32_t find_moved(
	const struct tu_list__table *table, const struct tu_list__table *old, struct named *out)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < table->count; i++) {
		struct named named = named_at(table, i);

		if (!old || i >= old->count || !tu_str_eq(named.name, named_at(old, i).name)) {
			table->name_rank[i] = TU_LIST__NONE;
			out[count++] = named;
		}
	}
	return count;
}

static bool order_names(struct tu_list__table *table, const struct tu_list__table *old)
{
	struct named *moved = tu_alloc(table->count + (size_t)1, sizeof(*moved));
	uint32_t count, next = 0, at = 0, old_count = old ? old->count : 0;

	if (!moved)
		return false;
	count = find_moved(table, old, moved);
	qsort(moved, count, sizeof(*moved), by_name);
	for (uint32_t i = 0; i < old_count; i++) {
		uint32_t stays = old->by_name[i];
		struct named named;

		if (table->name_rank[stays] == TU_LIST__NONE)
			continue;
		named = named_at(table, stays);
		while (next < count && by_name(&moved[next], &named) < 0)
			table->by_name[at++] = moved[next++].at;
		table->by_name[at++] = stays;
	}
	while (next < count)
		table->by_name[at++] = moved[next++].at;
	for (uint32_t i = 0; i < table->count; i++)
		table->name_rank[table->by_name[i]] = i;
	tu_free(moved);
	return true;
}

/* ---- */

static size_t text_of_puts(enum tu_list__kind kind, const struct tu_list__puts *puts)
{
	size_t len = 0;

	for (size_t i = 0; i < puts->which.count; i++) {
		const struct tu_list__text *texts = texts_of(puts->rows + i * shapes[kind].size);

		for (size_t j = 0; j < shapes[kind].texts; j++)
			len += texts[j].len;
	}
	return len;
}

enum tu_status tu_list__table_next(enum tu_list__kind kind, struct tu_list__table *old,
	const struct tu_list__puts *puts, struct tu_str text, struct tu_list__table **out_table)
{
	size_t len = text_of_puts(kind, puts) + (old ? old->text_len : 0);
	struct tu_list__table *table;
	enum tu_status status = TU_OK;

	if (old && !puts->which.count && old->count == puts->count_after) {
		atomic_fetch_add(&old->refs, 1);
		*out_table = old;
		return TU_OK;
	}
	table = tu_alloc(1, sizeof(*table));
	if (!table)
		return TU_E_NOMEM;
	*table = (struct tu_list__table){.kind = kind, .count = puts->count_after};
	atomic_init(&table->refs, 1);
	if (len > UINT32_MAX)
		status = TU_E_LIMIT;
	else if (!room_for(table, len))
		status = TU_E_NOMEM;
	if (!status)
		status = take_rows(table, old, puts, text);
	if (!status && !rank_rows(table, old))
		status = TU_E_NOMEM;
	if (!status && table->by_name && !order_names(table, old))
		status = TU_E_NOMEM;
	if (status)
		tu_list__table_drop(table);
	else
		*out_table = table;
	return status;
}
