/*
 * Comparing two inventories: a few hash joins, the surest key first.
 *
 * Each join puts the components of the first inventory that are still single into queues by key
 * and lets those of the second take from them in order, so documents with many copies of a
 * component stay linear too.
 */
#include "sbom/quality/diff.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/intern.h"
#include "base/vec.h"
#include "ident/keys.h"

#define KEYS_MAX ((size_t)4 << 30)
#define KEY_MAX ((size_t)1 << 30) /* only memory may end a key */
enum { NONE = 0 };

struct side {
	const struct tu_inventory *inventory;
	uint32_t *mates; /* index in the other one + 1, NONE: single */
};

/* The components of the first side that wait under one key. */
struct queue {
	uint32_t head; /* index + 1 */
	uint32_t tail;
};

struct diffing {
	struct tu_arena *arena;
	struct tu_arena *moment; /* reset for each identifier */
	struct tu_error *err;
	struct side a;
	struct side b;
	unsigned char *ways; /* by component of the first side: how it was paired */
	uint32_t *next; /* by component of the first side: the one after it in its queue, + 1 */
	struct tu_buf key;
};

const char *tu_diff_by_name(enum tu_diff_by by)
{
	static const char *const names[TU_DIFF_BYS_] = {
		[TU_DIFF_BY_SUBJECT] = "subject",
		[TU_DIFF_BY_IDENTITY] = "identity",
		[TU_DIFF_BY_PURL] = "purl",
		[TU_DIFF_BY_NAME] = "name",
		[TU_DIFF_BY_HASH] = "hash",
	};

	return (unsigned)by < TU_DIFF_BYS_ ? names[by] : "";
}

/* ---- keys: into d->key; false when the component has none of this kind ---- */

static bool key_identity(struct diffing *d, const struct tu_component *c)
{
	if (c->purl.len) {
		tu_buf_str_add(&d->key, c->purl);
		return true;
	}
	if (!c->name.len)
		return false;
	tu_key_name(c->group, c->name, &d->key);
	tu_buf_byte(&d->key, '\n');
	tu_buf_str_add(&d->key, c->version);
	return true;
}

static bool key_purl(struct diffing *d, const struct tu_component *c)
{
	return tu_key_purl_text(d->moment, c->purl, &d->key);
}

static bool key_name_version(struct diffing *d, const struct tu_component *c)
{
	tu_key_name(c->group, c->name, &d->key);
	tu_buf_byte(&d->key, '\n');
	tu_buf_str_add(&d->key, c->version);
	return c->name.len > 0;
}

static bool key_name(struct diffing *d, const struct tu_component *c)
{
	tu_key_name(c->group, c->name, &d->key);
	return c->name.len > 0;
}

/* SHA-256 is what most documents have; else the longest value. */
static const struct tu_hash_value *best_hash(const struct tu_component *c)
{
	const struct tu_hash_value *best = NULL;

	for (size_t i = 0; i < c->hash_count; i++) {
		if (tu_str_eq(c->hashes[i].algorithm, TU_STR("SHA-256")))
			return &c->hashes[i];
		if (!best || c->hashes[i].value.len > best->value.len)
			best = &c->hashes[i];
	}
	return best;
}

static bool key_hash(struct diffing *d, const struct tu_component *c)
{
	const struct tu_hash_value *hash = best_hash(c);

	if (!hash)
		return false;
	tu_buf_str_add(&d->key, hash->algorithm);
	tu_buf_byte(&d->key, ':');
	tu_buf_str_add(&d->key, hash->value);
	return true;
}

/* Who takes part. Two different purls are two packages, whatever their names. */
enum part { ALL, WITHOUT_PURL, WITH_PURL };

static bool takes_part(const struct tu_component *c, enum part part)
{
	return part == ALL || (part == WITH_PURL) == (c->purl.len > 0);
}

static const struct join {
	bool (*key)(struct diffing *d, const struct tu_component *c);
	enum part a;
	enum part b;
	enum tu_diff_by by;
} joins[] = {
	{key_identity, ALL, ALL, TU_DIFF_BY_IDENTITY},
	{key_purl, WITH_PURL, WITH_PURL, TU_DIFF_BY_PURL},
	{key_name_version, WITHOUT_PURL, ALL, TU_DIFF_BY_NAME},
	{key_name_version, WITH_PURL, WITHOUT_PURL, TU_DIFF_BY_NAME},
	{key_name, WITHOUT_PURL, ALL, TU_DIFF_BY_NAME},
	{key_name, WITH_PURL, WITHOUT_PURL, TU_DIFF_BY_NAME},
	{key_hash, ALL, ALL, TU_DIFF_BY_HASH},
};

/* ---- joining ---- */

static void pair(struct diffing *d, uint32_t a, uint32_t b, enum tu_diff_by by)
{
	d->a.mates[a] = b + 1;
	d->b.mates[b] = a + 1;
	d->ways[a] = (unsigned char)by;
}

static void append(struct diffing *d, struct queue *queue, uint32_t component)
{
	d->next[component] = NONE;
	if (queue->head == NONE)
		queue->head = component + 1;
	else
		d->next[queue->tail - 1] = component + 1;
	queue->tail = component + 1;
}

/* Is the component single, does it take part, has it a key? */
static bool wants(struct diffing *d, const struct side *side, uint32_t i, enum part part,
	const struct join *join)
{
	const struct tu_component *c = &side->inventory->components[i];

	tu_buf_clear(&d->key);
	return side->mates[i] == NONE && takes_part(c, part) && join->key(d, c);
}

struct queues {
	struct queue *at;
	size_t count;
	size_t cap;
};

static bool fill(
	struct diffing *d, const struct join *join, struct tu_intern *keys, struct queues *queues)
{
	for (uint32_t i = 0; i < d->a.inventory->component_count; i++) {
		uint32_t id;

		bool wanted = wants(d, &d->a, i, join->a, join);

		if (d->key.failed)
			return false;
		if (!wanted)
			continue;
		if (!tu_intern_add(keys, tu_buf_str(&d->key), &id))
			return false;
		if (id == queues->count && !TU_VEC_PUSH(queues, (struct queue){NONE, NONE}))
			return false;
		append(d, &queues->at[id], i);
	}
	return true;
}

static bool take(struct diffing *d, const struct join *join, const struct tu_intern *keys,
	struct queues *queues)
{
	for (uint32_t i = 0; i < d->b.inventory->component_count; i++) {
		bool wanted = wants(d, &d->b, i, join->b, join);
		struct queue *queue;
		uint32_t id;

		if (d->key.failed)
			return false;
		if (!wanted)
			continue;
		id = tu_intern_find(keys, tu_buf_str(&d->key));
		if (id == TU_INTERN_NONE || queues->at[id].head == NONE)
			continue;
		queue = &queues->at[id];
		pair(d, queue->head - 1, i, join->by);
		queue->head = d->next[queue->head - 1];
	}
	return true;
}

static enum tu_status run_join(struct diffing *d, const struct join *join)
{
	struct tu_intern *keys = tu_intern_new(KEYS_MAX);
	struct queues queues = {0};
	bool joined = keys && fill(d, join, keys, &queues) && take(d, join, keys, &queues);

	TU_VEC_DONE(&queues);
	tu_intern_free(keys);
	return joined ? TU_OK : tu_no_memory(d->err);
}

static void pair_subjects(struct diffing *d)
{
	uint32_t a = d->a.inventory->subject;
	uint32_t b = d->b.inventory->subject;

	if (a < d->a.inventory->component_count && b < d->b.inventory->component_count)
		pair(d, a, b, TU_DIFF_BY_SUBJECT);
}

/* ---- what differs ---- */

struct item {
	struct tu_str first;
	struct tu_str second;
};

static int compare_items(const void *a, const void *b)
{
	const struct item *x = a;
	const struct item *y = b;
	int order = tu_str_cmp(x->first, y->first);

	return order ? order : tu_str_cmp(x->second, y->second);
}

static size_t sort_unique(struct item *items, size_t count)
{
	size_t kept = 0;

	qsort(items, count, sizeof(*items), compare_items);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || compare_items(&items[i], &items[kept - 1]) != 0)
			items[kept++] = items[i];
	return kept;
}

static bool same_sets(struct item *a, size_t a_count, struct item *b, size_t b_count)
{
	a_count = sort_unique(a, a_count);
	b_count = sort_unique(b, b_count);
	if (a_count != b_count)
		return false;
	for (size_t i = 0; i < a_count; i++)
		if (compare_items(&a[i], &b[i]) != 0)
			return false;
	return true;
}

static void put_licences(const struct tu_component *c, struct item *items)
{
	for (size_t i = 0; i < c->licence_count; i++)
		items[i] = (struct item){c->licences[i].text, {"", 0}};
}

static void put_hashes(const struct tu_component *c, struct item *items)
{
	for (size_t i = 0; i < c->hash_count; i++)
		items[i] = (struct item){c->hashes[i].algorithm, c->hashes[i].value};
}

/* False: out of memory. */
static bool sets_differ(const struct tu_component *a, size_t a_count, const struct tu_component *b,
	size_t b_count, void (*put)(const struct tu_component *c, struct item *items),
	bool *out_differ)
{
	struct item *items;

	*out_differ = a_count != b_count;
	if (a_count + b_count == 0)
		return true;
	items = tu_alloc(a_count + b_count, sizeof(*items));
	if (!items)
		return false;
	put(a, items);
	put(b, items + a_count);
	*out_differ = !same_sets(items, a_count, items + a_count, b_count);
	tu_free(items);
	return true;
}

static bool compare(
	const struct tu_component *a, const struct tu_component *b, unsigned *out_fields)
{
	bool licences, hashes;

	if (!sets_differ(a, a->licence_count, b, b->licence_count, put_licences, &licences) ||
		!sets_differ(a, a->hash_count, b, b->hash_count, put_hashes, &hashes))
		return false;
	*out_fields = (tu_str_eq(a->version, b->version) ? 0u : TU_DIFF_VERSION) |
		(licences ? TU_DIFF_LICENCE : 0u) |
		(tu_str_eq(a->supplier, b->supplier) ? 0u : TU_DIFF_SUPPLIER) |
		(hashes ? TU_DIFF_HASHES : 0u);
	return true;
}

/* ---- the result ---- */

static const uint32_t *singles(struct diffing *d, const struct side *side, size_t *out_count)
{
	size_t all = side->inventory->component_count;
	uint32_t *list = tu_arena_array(d->arena, all, sizeof(*list));

	*out_count = 0;
	for (uint32_t i = 0; list && i < all; i++)
		if (side->mates[i] == NONE)
			list[(*out_count)++] = i;
	return list;
}

static enum tu_status gather(struct diffing *d, struct tu_sbom_diff *diff)
{
	size_t all = d->a.inventory->component_count;
	struct tu_diff_pair *pairs = tu_arena_array(d->arena, all, sizeof(*pairs));
	const struct tu_diff_sides sides = {d->a.inventory, d->b.inventory, d->a.mates, d->b.mates};

	diff->removed = singles(d, &d->a, &diff->removed_count);
	diff->added = singles(d, &d->b, &diff->added_count);
	if (!pairs || !diff->removed || !diff->added)
		return tu_no_memory(d->err);
	for (uint32_t i = 0; i < all; i++) {
		struct tu_diff_pair *pair = &pairs[diff->pair_count];

		if (d->a.mates[i] == NONE)
			continue;
		*pair = (struct tu_diff_pair){
			.a = i, .b = d->a.mates[i] - 1, .by = (enum tu_diff_by)d->ways[i]};
		if (!compare(&d->a.inventory->components[i], &d->b.inventory->components[pair->b],
			    &pair->fields))
			return tu_no_memory(d->err);
		diff->pair_count++;
	}
	if (tu_sbom__diff_relations(d->arena, &sides, pairs, diff->pair_count, d->err))
		return TU_E_NOMEM;
	for (size_t i = 0; i < diff->pair_count; i++)
		diff->changed += pairs[i].fields != 0;
	diff->pairs = pairs;
	return TU_OK;
}

static enum tu_status diff_all(struct diffing *d, const struct tu_sbom_diff **out_diff)
{
	size_t a = d->a.inventory->component_count;
	struct tu_sbom_diff *diff = tu_arena_alloc(d->arena, sizeof(*diff));
	enum tu_status status = TU_OK;

	d->a.mates = tu_arena_array(d->arena, a, sizeof(*d->a.mates));
	d->b.mates = tu_arena_array(d->arena, d->b.inventory->component_count, sizeof(*d->b.mates));
	d->ways = tu_arena_array(d->arena, a, sizeof(*d->ways));
	d->next = tu_arena_array(d->arena, a, sizeof(*d->next));
	if (!diff || !d->moment || !d->a.mates || !d->b.mates || !d->ways || !d->next)
		return tu_no_memory(d->err);
	pair_subjects(d);
	for (size_t i = 0; !status && i < TU_COUNT(joins); i++)
		status = run_join(d, &joins[i]);
	if (!status)
		status = gather(d, diff);
	if (!status)
		*out_diff = diff;
	return status;
}

enum tu_status tu_sbom_diff(struct tu_arena *arena, const struct tu_inventory *a,
	const struct tu_inventory *b, const struct tu_sbom_diff **out_diff, struct tu_error *err)
{
	struct diffing d = {
		.arena = arena,
		.moment = tu_arena_new(1 << 20),
		.err = err,
		.a = {.inventory = a},
		.b = {.inventory = b},
	};
	enum tu_status status;

	tu_buf_init(&d.key, KEY_MAX);
	status = diff_all(&d, out_diff);
	tu_buf_done(&d.key);
	tu_arena_free(d.moment);
	return status;
}
