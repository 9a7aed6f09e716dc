/* The life of a knowledge base in the making. */
#include "kb/builder.h"

#include "base/alloc.h"

enum { COMPOSED_MAX = 64 * 1024 };

#define STRINGS_MAX ((size_t)UINT32_MAX)
#define SCRATCH_MAX (SIZE_MAX / 2)

static bool init_strings(struct tu_kb_builder *b)
{
	uint32_t empty;

	for (size_t i = 0; i < B_KINDS; i++) {
		b->strings[i] = tu_intern_new(STRINGS_MAX);
		if (!b->strings[i] || !tu_intern_add(b->strings[i], TU_STR(""), &empty))
			return false;
	}
	return true;
}

static bool init(struct tu_kb_builder *b)
{
	uint32_t nothing;

	tu_buf_init(&b->text, COMPOSED_MAX);
	tu_buf_init(&b->key, COMPOSED_MAX);
	b->scratch = tu_arena_new(SCRATCH_MAX);
	b->package_keys = tu_intern_new(STRINGS_MAX);
	b->product_keys = tu_intern_new(STRINGS_MAX);
	return b->scratch && b->package_keys && b->product_keys && init_strings(b) &&
		tu_kb__add_extra(b, &(struct kb_extra){0}, &nothing);
}

struct tu_kb_builder *tu_kb_builder_new(void)
{
	struct tu_kb_builder *builder = tu_alloc(1, sizeof(*builder));

	if (builder && !init(builder)) {
		tu_kb_builder_free(builder);
		builder = NULL;
	}
	return builder;
}

static void free_set(struct b_set *set)
{
	tu_free(set->slots);
	*set = (struct b_set){0};
}

void tu_kb__seal(struct tu_kb_builder *b)
{
	for (size_t i = 0; i < B_KINDS; i++)
		tu_intern_seal(b->strings[i]);
	tu_intern_seal(b->package_keys);
	tu_intern_seal(b->product_keys);
	free_set(&b->extra_set);
	free_set(&b->body_set);
	free_set(&b->span_set);
	tu_free(b->records.slots);
	b->records = (struct b_records){0};
	tu_arena_free(b->scratch);
	b->scratch = NULL;
	TU_VEC_DONE(&b->single_spans);
	TU_VEC_DONE(&b->draft.spans);
	TU_VEC_DONE(&b->next.spans);
}

void tu_kb_builder_free(struct tu_kb_builder *builder)
{
	if (!builder)
		return;
	tu_kb__seal(builder);
	tu_buf_done(&builder->text);
	tu_buf_done(&builder->key);
	for (size_t i = 0; i < B_KINDS; i++)
		tu_intern_free(builder->strings[i]);
	tu_intern_free(builder->package_keys);
	tu_intern_free(builder->product_keys);
	TU_VEC_DONE(&builder->advisories);
	TU_VEC_DONE(&builder->extras);
	TU_VEC_DONE(&builder->aliases);
	TU_VEC_DONE(&builder->related);
	TU_VEC_DONE(&builder->cwes);
	TU_VEC_DONE(&builder->scores);
	TU_VEC_DONE(&builder->references);
	TU_VEC_DONE(&builder->entries);
	TU_VEC_DONE(&builder->bodies);
	TU_VEC_DONE(&builder->span_refs);
	TU_VEC_DONE(&builder->spans);
	TU_VEC_DONE(&builder->package_owners);
	TU_VEC_DONE(&builder->product_owners);
	TU_VEC_DONE(&builder->names);
	TU_VEC_DONE(&builder->epss);
	TU_VEC_DONE(&builder->lifecycles);
	tu_free(builder);
}
