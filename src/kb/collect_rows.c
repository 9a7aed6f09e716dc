/* Rows of a knowledge base in the making that are kept once. */
#include "kb/builder.h"

#include "base/alloc.h"
#include "base/hash.h"

/* Seeded, as rows are made of what strangers write. */
static uint64_t hash_row(const struct tu_kb_builder *b, const void *row, size_t size)
{
	return tu_hash_seeded(tu_str_of(row, size), (uint64_t)(uintptr_t)b);
}

struct wanted_extra {
	const struct tu_kb_builder *b;
	const struct kb_extra *row;
};

static bool same_extra(const void *context, uint32_t row)
{
	const struct wanted_extra *wanted = context;

	return memcmp(&wanted->b->extras.at[row], wanted->row, sizeof(*wanted->row)) == 0;
}

bool tu_kb__add_extra(struct tu_kb_builder *b, const struct kb_extra *row, uint32_t *out_index)
{
	const struct wanted_extra wanted = {b, row};
	struct b_slot *slot = tu_kb__set_slot(
		&b->extra_set, (uint32_t)hash_row(b, row, sizeof(*row)), same_extra, &wanted);

	if (!slot || (!slot->row_plus_one && !TU_VEC_PUSH(&b->extras, *row)))
		return false;
	if (!slot->row_plus_one)
		slot->row_plus_one = (uint32_t)++b->extra_set.count;
	*out_index = slot->row_plus_one - 1;
	return true;
}

struct wanted_span {
	const struct tu_kb_builder *b;
	const struct kb_span *row;
};

static bool same_span(const void *context, uint32_t row)
{
	const struct wanted_span *wanted = context;

	return memcmp(&wanted->b->spans.at[row], wanted->row, sizeof(*wanted->row)) == 0;
}

bool tu_kb__find_span(struct tu_kb_builder *b, const struct kb_span *row, uint32_t *out_index)
{
	const struct wanted_span wanted = {b, row};
	struct b_slot *slot = tu_kb__set_slot(
		&b->span_set, (uint32_t)hash_row(b, row, sizeof(*row)), same_span, &wanted);

	if (!slot || (!slot->row_plus_one && !TU_VEC_PUSH(&b->spans, *row)))
		return false;
	if (!slot->row_plus_one)
		slot->row_plus_one = (uint32_t)++b->span_set.count;
	*out_index = slot->row_plus_one - 1;
	return true;
}

struct wanted_body {
	const struct tu_kb_builder *b;
	const struct b_draft *draft;
};

static bool same_body(const void *context, uint32_t row)
{
	const struct wanted_body *wanted = context;
	const struct tu_kb_builder *b = wanted->b;
	const struct b_draft *draft = wanted->draft;
	struct kb_body body = b->bodies.at[row];
	size_t count = b_spans_end(b, row) - body.first_span;
	const uint32_t *spans = count ? b->span_refs.at + body.first_span : NULL;

	body.first_span = 0;
	return count == draft->spans.count && memcmp(&body, &draft->body, sizeof(body)) == 0 &&
		(count == 0 || memcmp(spans, draft->spans.at, count * sizeof(*spans)) == 0);
}

static bool append_body(struct tu_kb_builder *b, const struct b_draft *draft)
{
	struct kb_body body = draft->body;

	body.first_span = (uint32_t)b->span_refs.count;
	for (size_t i = 0; i < draft->spans.count; i++) {
		if (!TU_VEC_PUSH(&b->span_refs, draft->spans.at[i]))
			return false;
	}
	return TU_VEC_PUSH(&b->bodies, body);
}

bool tu_kb__add_body(struct tu_kb_builder *b, const struct b_draft *draft, uint32_t *out_index)
{
	const struct wanted_body wanted = {b, draft};
	size_t bytes = draft->spans.count * sizeof(*draft->spans.at);
	uint64_t hash = hash_row(b, &draft->body, sizeof(draft->body));
	struct b_slot *slot;

	if (bytes)
		hash = tu_hash_seeded(tu_str_of((const char *)draft->spans.at, bytes), hash);
	slot = tu_kb__set_slot(&b->body_set, (uint32_t)hash, same_body, &wanted);
	if (!slot || (!slot->row_plus_one && !append_body(b, draft)))
		return false;
	if (!slot->row_plus_one)
		slot->row_plus_one = (uint32_t)++b->body_set.count;
	*out_index = slot->row_plus_one - 1;
	return true;
}
