/* Finding equal rows, and putting rows in order: what the builder and its writer share. */
#include "kb/builder.h"

#include "base/alloc.h"

/* ---- rows found by their bytes ---- */

enum { SLOTS_MIN = 1024 };

static bool set_grow(struct b_set *set)
{
	size_t count = set->slots ? (set->mask + 1) * 2 : SLOTS_MIN;
	struct b_slot *slots = tu_alloc(count, sizeof(*slots));

	if (!slots)
		return false;
	for (size_t old = 0; set->slots && old <= set->mask; old++) {
		size_t at = set->slots[old].hash & (count - 1);

		if (set->slots[old].row_plus_one == 0)
			continue;
		while (slots[at].row_plus_one)
			at = (at + 1) & (count - 1);
		slots[at] = set->slots[old];
	}
	tu_free(set->slots);
	set->slots = slots;
	set->mask = count - 1;
	return true;
}

struct b_slot *tu_kb__set_slot(struct b_set *set, uint32_t hash,
	bool (*same)(const void *context, uint32_t row), const void *context)
{
	size_t at;

	if ((!set->slots || set->count * 3 >= set->mask * 2) && !set_grow(set))
		return NULL;
	for (at = hash & set->mask; set->slots[at].row_plus_one; at = (at + 1) & set->mask) {
		if (set->slots[at].hash == hash && same(context, set->slots[at].row_plus_one - 1))
			break;
	}
	set->slots[at].hash = hash;
	return &set->slots[at];
}

/* ---- sorting ---- */

/*
 * The first bytes of a key as two numbers, so that few comparisons need the text itself: among
 * hundreds of thousands of ids each text would be a miss of the processor's cache.
 */
struct sort_key {
	uint64_t words[2];
	uint32_t item;
};

struct sorting {
	const struct b_sortable *items;
	bool folded;
};

static int compare_texts(const struct sorting *sorting, struct tu_str a, struct tu_str b)
{
	int order;

	if (a.ptr == b.ptr && a.len == b.len)
		return 0;
	order = sorting->folded ? tu_kb__id_cmp(a, b) : 0;
	return order ? order : tu_str_cmp(a, b);
}

static bool in_order(
	const struct sorting *sorting, const struct sort_key *left, const struct sort_key *right)
{
	const struct b_sortable *a, *b;
	int order;

	if (left->words[0] != right->words[0])
		return left->words[0] < right->words[0];
	if (left->words[1] != right->words[1])
		return left->words[1] < right->words[1];
	a = &sorting->items[left->item];
	b = &sorting->items[right->item];
	order = compare_texts(sorting, a->key, b->key);
	if (order)
		return order < 0;
	return a->tie != b->tie ? a->tie < b->tie : a->index <= b->index;
}

static struct sort_key key_of(struct tu_str text, uint32_t item, bool folded)
{
	struct sort_key key = {.item = item};
	unsigned char bytes[16] = {0};

	if (text.len)
		memcpy(bytes, text.ptr, text.len < sizeof(bytes) ? text.len : sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		char c = (char)bytes[i];
		unsigned char byte = (unsigned char)(folded ? tu_char_lower(c) : c);

		key.words[i / 8] = key.words[i / 8] << 8 | byte;
	}
	return key;
}

/* Merge two sorted neighbours; feeds are mostly in order, so that most need only be copied. */
static void merge(const struct sorting *sorting, const struct sort_key *left, size_t left_count,
	const struct sort_key *right, size_t right_count, struct sort_key *out)
{
	bool ordered = left_count == 0 || right_count == 0 ||
		in_order(sorting, &left[left_count - 1], &right[0]);

	while (!ordered && left_count && right_count) {
		if (in_order(sorting, left, right)) {
			*out++ = *left++;
			left_count--;
		} else {
			*out++ = *right++;
			right_count--;
		}
	}
	memcpy(out, left, left_count * sizeof(*out));
	memcpy(out + left_count, right, right_count * sizeof(*out));
}

/* Returns the one of the two arrays that contains the result. */
static struct sort_key *merge_sort(
	const struct sorting *sorting, struct sort_key *from, struct sort_key *to, size_t count)
{
	for (size_t width = 1; width < count; width *= 2) {
		struct sort_key *swap = from;

		for (size_t at = 0; at < count; at += 2 * width) {
			size_t left = count - at < width ? count - at : width;
			size_t right = count - at - left < width ? count - at - left : width;

			merge(sorting, from + at, left, from + at + left, right, to + at);
		}
		from = to;
		to = swap;
	}
	return from;
}

static bool sort(struct b_sortable *items, size_t count, bool folded)
{
	struct sort_key *keys = tu_realloc(NULL, count, 2 * sizeof(*keys) + sizeof(*items));
	struct sort_key *from = keys;
	struct sort_key *to;
	struct b_sortable *copy;

	if (!keys)
		return false;
	to = from + count;
	copy = (struct b_sortable *)(void *)(to + count);
	if (count)
		memcpy(copy, items, count * sizeof(*copy));
	for (uint32_t i = 0; i < count; i++)
		from[i] = key_of(copy[i].key, i, folded);
	from = merge_sort(&(struct sorting){copy, folded}, from, to, count);
	for (size_t i = 0; i < count; i++)
		items[i] = copy[from[i].item];
	tu_free(keys);
	return true;
}

bool tu_kb__sort(struct b_sortable *items, size_t count)
{
	return sort(items, count, false);
}

bool tu_kb__sort_ids(struct b_sortable *items, size_t count)
{
	return sort(items, count, true);
}
