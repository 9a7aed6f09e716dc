/*
 * When support of products' releases ends: a small table beside the vulnerabilities, sorted by
 * product and release.
 */
#include "kb/builder.h"
#include "kb/kb.h"
#include "kb/writer.h"

/* ---- building ---- */

enum tu_status tu_kb_builder_lifecycle(struct tu_kb_builder *builder,
	const struct tu_support_cycle *lifecycle, struct tu_error *err)
{
	struct kb_lifecycle row = {.ended = lifecycle->ended};

	if (lifecycle->product.len == 0 || lifecycle->cycle.len == 0)
		return tu_fail(err, TU_E_USAGE, 0, "a release needs a product and a name");
	if (!tu_kb__intern(builder, B_WORD, lifecycle->product, &row.product) ||
		!tu_kb__intern(builder, B_WORD, lifecycle->cycle, &row.cycle) ||
		!tu_kb__intern(builder, B_WORD, lifecycle->cpe, &row.cpe) ||
		!tu_kb__intern(builder, B_WORD, lifecycle->released, &row.released) ||
		!tu_kb__intern(builder, B_WORD, lifecycle->support, &row.support) ||
		!tu_kb__intern(builder, B_WORD, lifecycle->eol, &row.eol) ||
		!tu_kb__intern(builder, B_WORD, lifecycle->extended, &row.extended) ||
		!TU_VEC_PUSH(&builder->lifecycles, row))
		return tu_no_memory(err);
	return TU_OK;
}

static void put_row(struct writer *w, struct kb_lifecycle row)
{
	uint32_t *const strings[] = {&row.product, &row.cycle, &row.cpe, &row.released,
		&row.support, &row.eol, &row.extended};

	for (size_t i = 0; i < TU_COUNT(strings); i++)
		*strings[i] = tu_kb__put_string(w, *strings[i]);
	tu_kb__put(w, &row, sizeof(row));
}

/* "product\0cycle" of each row, for sorting. */
static bool sort_keys(struct writer *w, struct b_sortable *items)
{
	const struct tu_kb_builder *b = w->b;

	for (uint32_t i = 0; i < b->lifecycles.count; i++) {
		struct tu_str product = b_str(b, b->lifecycles.at[i].product);
		struct tu_str cycle = b_str(b, b->lifecycles.at[i].cycle);
		char *key = tu_arena_text(w->passing, product.len + 1 + cycle.len);

		if (!key)
			return false;
		memcpy(key, product.ptr, product.len);
		key[product.len] = '\0';
		memcpy(key + product.len + 1, cycle.ptr, cycle.len);
		items[i] = (struct b_sortable){tu_str_of(key, product.len + 1 + cycle.len), 0, i};
	}
	return tu_kb__sort(items, b->lifecycles.count);
}

/* Of two statements on one release the later given counts. */
bool tu_kb__write_lifecycles(struct writer *w)
{
	size_t count = w->b->lifecycles.count;
	struct b_sortable *items = tu_arena_array(w->passing, count, sizeof(*items));

	if (!items || !sort_keys(w, items))
		return false;
	tu_kb__begin(w, KB_LIFECYCLES, sizeof(struct kb_lifecycle));
	for (size_t i = 0; i < count; i++) {
		if (i + 1 == count || !tu_str_eq(items[i].key, items[i + 1].key))
			put_row(w, w->b->lifecycles.at[items[i].index]);
	}
	tu_kb__end(w, KB_LIFECYCLES);
	return true;
}

/* ---- asking ---- */

struct tu_support_cycle tu_kb_lifecycle(const struct tu_kb *kb, uint32_t index)
{
	const struct kb_lifecycle *row = &kb->lifecycles[index];

	return (struct tu_support_cycle){.product = kb_str(kb, row->product),
		.cpe = kb_str(kb, row->cpe),
		.cycle = kb_str(kb, row->cycle),
		.released = kb_str(kb, row->released),
		.support = kb_str(kb, row->support),
		.eol = kb_str(kb, row->eol),
		.extended = kb_str(kb, row->extended),
		.ended = row->ended != 0};
}

static uint32_t first_of(const struct tu_kb *kb, struct tu_str product)
{
	uint32_t lo = 0;
	uint32_t hi = tu_kb__rows(kb, KB_LIFECYCLES);

	while (lo < hi) {
		uint32_t middle = lo + (hi - lo) / 2;

		if (tu_str_cmp(kb_str(kb, kb->lifecycles[middle].product), product) < 0)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

/* Is `version` a version of release `cycle`: "3.0.2" of "3.0", not of "3"'s neighbour "30". */
static bool belongs(struct tu_str version, struct tu_str cycle)
{
	if (!tu_str_istarts(version, cycle))
		return false;
	return version.len == cycle.len || !tu_char_is_alnum(version.ptr[cycle.len]);
}

uint32_t tu_kb_find_lifecycle(const struct tu_kb *kb, struct tu_str product, struct tu_str version)
{
	uint32_t best = TU_KB_NONE;
	size_t len = 0;

	for (uint32_t i = first_of(kb, product); i < tu_kb__rows(kb, KB_LIFECYCLES); i++) {
		struct tu_str cycle = kb_str(kb, kb->lifecycles[i].cycle);

		if (!tu_str_eq(kb_str(kb, kb->lifecycles[i].product), product))
			break;
		if (belongs(version, cycle) && cycle.len > len) {
			best = i;
			len = cycle.len;
		}
	}
	return best;
}
