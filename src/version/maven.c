/*
 * Maven versions, in the order of Maven's own program (ComparableVersion of Maven 3.9), which its
 * users live with where it differs from the written specification.
 *
 * A version is read into items: words, numbers, and lists, one within the other. A list is always
 * the last item of the one around it, so all items form one row in which LIST says that a list
 * begins.
 *
 * Maven's order is not transitive: 1.sp.1 < 1-rc < 1 < 1.sp.1. The comparison of two versions
 * follows the program exactly; the key is the order without such circles.
 */
#include "version/key.h"

/* Ranks of words, in Maven's order; RELEASED is the end of a version, too. */
enum rank { ALPHA, BETA, MILESTONE, CANDIDATE, SNAPSHOT, RELEASED, SERVICE_PACK, OTHER };

static const struct {
	struct tu_str word;
	unsigned char rank;
	bool before_digit_only;
} words[] = {
	{TU_STR_INIT("alpha"), ALPHA, false},
	{TU_STR_INIT("a"), ALPHA, true},
	{TU_STR_INIT("beta"), BETA, false},
	{TU_STR_INIT("b"), BETA, true},
	{TU_STR_INIT("milestone"), MILESTONE, false},
	{TU_STR_INIT("m"), MILESTONE, true},
	{TU_STR_INIT("rc"), CANDIDATE, false},
	{TU_STR_INIT("cr"), CANDIDATE, false},
	{TU_STR_INIT("snapshot"), SNAPSHOT, false},
	{TU_STR_INIT("ga"), RELEASED, false},
	{TU_STR_INIT("final"), RELEASED, false},
	{TU_STR_INIT("release"), RELEASED, false},
	{TU_STR_INIT("sp"), SERVICE_PACK, false},
};

enum kind { WORD, LIST, NUMBER };

struct item {
	unsigned char kind;
	unsigned char rank;
	bool above; /* the end of a version, with what follows */
	uint16_t start, len; /* in the version */
};

enum { ITEMS_MAX = 2 * TU_VERSION_MAX + 2 };

struct items {
	struct tu_str version;
	size_t count;
	struct item at[ITEMS_MAX];
};

static struct tu_str text_of(const struct items *items, const struct item *item)
{
	return tu_str_of(items->version.ptr + item->start, item->len);
}

static struct tu_str number_of(const struct items *items, const struct item *item)
{
	return tu_key_significant(text_of(items, item));
}

static unsigned char rank_of_word(struct tu_str word, bool before_digit)
{
	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (tu_str_ieq(words[i].word, word) &&
			(before_digit || !words[i].before_digit_only))
			return words[i].rank;
	return OTHER;
}

/* ---- reading ---- */

struct reader {
	struct items *items;
	size_t start; /* of the item that is being read */
	bool in_digits;
	bool list_empty;
};

static void open_list(struct reader *r)
{
	r->items->at[r->items->count++] = (struct item){.kind = LIST};
	r->list_empty = true;
}

/* The item that ends before `end`; nothing between two separators is zero. */
static void close_item(struct reader *r, size_t end, bool before_digit)
{
	struct item item = {.kind = r->in_digits || end == r->start ? NUMBER : WORD,
		.start = (uint16_t)r->start,
		.len = (uint16_t)(end - r->start)};

	if (item.kind == WORD)
		item.rank = rank_of_word(text_of(r->items, &item), before_digit);
	r->items->at[r->items->count++] = item;
	r->list_empty = false;
	r->start = end;
}

/* A word before a digit or at the end is in a list of its own: ".word" is "-word" there. */
static void close_word(struct reader *r, size_t end, bool before_digit)
{
	if (!r->list_empty)
		open_list(r);
	close_item(r, end, before_digit);
}

static void read_character(struct reader *r, char c, size_t at)
{
	bool digit = tu_char_is_digit(c);

	if (c == '.' || c == '-') {
		close_item(r, at, false);
		r->start = at + 1;
		if (c == '-')
			open_list(r);
		return;
	}
	if (digit != r->in_digits && at > r->start) {
		if (digit)
			close_word(r, at, true);
		else
			close_item(r, at, false);
		open_list(r);
	}
	r->in_digits = digit;
}

/* As good as nothing: zero, a word for "released", an empty list. */
static bool is_idle(const struct items *items, const struct item *item, bool last)
{
	if (item->kind == LIST)
		return last;
	return item->kind == WORD ? item->rank == RELEASED : number_of(items, item).len == 0;
}

/* What is as good as nothing does not count at the end of a list, nor before the list within it. */
static void leave_out_idle(struct items *items)
{
	size_t kept = items->count;
	bool at_end = true;

	for (size_t i = items->count; i-- > 0;) {
		struct item item = items->at[i];

		if (item.kind == LIST)
			at_end = true;
		if (at_end && is_idle(items, &item, kept == items->count))
			continue;
		at_end = item.kind == LIST;
		items->at[--kept] = item;
	}
	items->count -= kept;
	memmove(items->at, items->at + kept, items->count * sizeof(*items->at));
}

static void read_items(struct items *items, struct tu_str version)
{
	struct reader r = {.items = items, .list_empty = true};

	items->version = version;
	items->count = 0;
	for (size_t i = 0; i < version.len; i++)
		read_character(&r, version.ptr[i], i);
	if (version.len > r.start && r.in_digits)
		close_item(&r, version.len, false);
	else if (version.len > r.start)
		close_word(&r, version.len, false);
	leave_out_idle(items);
}

/* ---- comparing, as the program does ---- */

static int compare_numbers(struct tu_str a, struct tu_str b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return tu_str_cmp(a, b);
}

static int compare_texts(struct tu_str a, struct tu_str b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		unsigned char c = (unsigned char)tu_char_lower(a.ptr[i]);
		unsigned char d = (unsigned char)tu_char_lower(b.ptr[i]);

		if (c != d)
			return c - d;
	}
	return (a.len > b.len) - (a.len < b.len);
}

/* Against the end of the other version. */
static int compare_with_end(const struct items *items, const struct item *item)
{
	if (item->kind == NUMBER)
		return number_of(items, item).len > 0;
	return item->kind == LIST ? 0 : item->rank - RELEASED;
}

/* Words, then lists, then numbers. */
static int compare_items(
	const struct items *a, const struct item *x, const struct items *b, const struct item *y)
{
	if (x->kind != y->kind)
		return x->kind - y->kind;
	if (x->kind == NUMBER)
		return compare_numbers(number_of(a, x), number_of(b, y));
	if (x->kind == LIST || x->rank != y->rank || x->rank != OTHER)
		return x->rank - y->rank;
	return compare_texts(text_of(a, x), text_of(b, y));
}

static int compare(const struct items *a, const struct items *b)
{
	size_t count = a->count > b->count ? a->count : b->count;
	int order = 0;

	for (size_t i = 0; i < count && order == 0; i++) {
		if (i >= a->count)
			order = -compare_with_end(b, &b->at[i]);
		else if (i >= b->count)
			order = compare_with_end(a, &a->at[i]);
		else
			order = compare_items(a, &a->at[i], b, &b->at[i]);
	}
	return order;
}

bool tu_version__maven_relate(struct tu_str *a, struct tu_str *b, enum tu_order *out_order)
{
	struct items left, right;
	int order;

	if (a->len == 0 || b->len == 0)
		return false;
	read_items(&left, *a);
	read_items(&right, *b);
	order = compare(&left, &right);
	*out_order = order < 0 ? TU_LESS : order > 0 ? TU_GREATER : TU_EQUAL;
	return true;
}

/* ---- the key ---- */

/*
 * Classes at one place. What is as good as nothing, and a list, goes by what follows: below the end
 * of a version or above it. The one circle is cut by putting all that is above the end after all
 * that is below it.
 */
enum {
	EARLY_WORD = 0x01, /* up to 0x05: and the rank of a word before RELEASED */
	RELEASED_BELOW = 0x08,
	LIST_BELOW,
	ZERO_BELOW,
	END = 0x10,
	RELEASED_ABOVE,
	SERVICE_PACK_WORD,
	OTHER_WORD,
	LIST_ABOVE,
	ZERO_ABOVE,
	NUMBER_ABOVE,
};

/* Mark the items that, with what follows them, are above the end of a version. */
static void mark_above(struct items *items)
{
	bool above = false;

	for (size_t i = items->count; i-- > 0;) {
		int order = compare_with_end(items, &items->at[i]);

		if (order != 0)
			above = order > 0;
		items->at[i].above = above;
	}
}

static unsigned char class_of(const struct items *items, const struct item *item)
{
	if (item->kind == LIST)
		return item->above ? LIST_ABOVE : LIST_BELOW;
	if (item->kind == NUMBER && number_of(items, item).len)
		return NUMBER_ABOVE;
	if (item->kind == NUMBER)
		return item->above ? ZERO_ABOVE : ZERO_BELOW;
	if (item->rank == RELEASED)
		return item->above ? RELEASED_ABOVE : RELEASED_BELOW;
	if (item->rank < RELEASED)
		return (unsigned char)(EARLY_WORD + item->rank);
	return item->rank == SERVICE_PACK ? SERVICE_PACK_WORD : OTHER_WORD;
}

bool tu_version__maven(struct tu_str version, struct tu_buf *out)
{
	struct items items;

	read_items(&items, version);
	mark_above(&items);
	for (size_t i = 0; i < items.count; i++) {
		unsigned char class = class_of(&items, &items.at[i]);

		tu_buf_byte(out, (char)class);
		if (class == NUMBER_ABOVE)
			tu_key_number(out, number_of(&items, &items.at[i]));
		if (class == OTHER_WORD)
			tu_key_text_folded(out, text_of(&items, &items.at[i]));
	}
	tu_buf_byte(out, END);
	return true;
}
