/* Notes: what the reader did not understand or had to repair, joined so that they stay readable. */
#include "sbom/inventory.h"

#include <stdint.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/hash.h"

enum { DETAIL_MAX = 200 };

/* Never reached: keys are cut and the depth is limited. A failed buffer is out of memory. */
#define POINTER_MAX ((size_t)1 << 30)

/* Long names are cut, at a character's start, before they are compared: a note is found again. */
static struct tu_str cut(struct tu_str detail)
{
	size_t len = DETAIL_MAX;

	if (detail.len <= len)
		return detail;
	while (len && ((unsigned char)detail.ptr[len] & 0xc0) == 0x80)
		len--;
	return tu_str_first(detail, len);
}

static uint64_t key_of(const struct tu_sbom_builder *b, const char *what, struct tu_str detail)
{
	return tu_hash_seeded(detail, b->refs.seed ^ (uint64_t)(uintptr_t)what);
}

/* The slot of the remark with these words, or the free one where it belongs. */
static size_t slot_of(const struct tu_sbom_builder *b, const char *what, struct tu_str detail)
{
	size_t slot = (size_t)key_of(b, what, detail) & b->remark_mask;

	while (b->remark_slots[slot]) {
		const struct tu_sbom_remark *remark = &b->remarks.at[b->remark_slots[slot] - 1];

		if (remark->what == what && tu_str_eq(remark->detail, detail))
			break;
		slot = (slot + 1) & b->remark_mask;
	}
	return slot;
}

static enum tu_status grow_slots(struct tu_sbom_builder *b)
{
	size_t count = 64;
	uint32_t *slots;

	/* Notes of tu_sbom__note_each() came without one: there may be many by now. */
	while (count <= b->remarks.count * 2)
		count *= 2;
	slots = tu_alloc(count, sizeof(*slots));

	if (!slots)
		return tu_sbom__nomem(b);
	tu_free(b->remark_slots);
	b->remark_slots = slots;
	b->remark_mask = count - 1;
	for (size_t i = 0; i < b->remarks.count; i++) {
		const struct tu_sbom_remark *remark = &b->remarks.at[i];

		slots[slot_of(b, remark->what, remark->detail)] = (uint32_t)i + 1;
	}
	return TU_OK;
}

static enum tu_status push(
	struct tu_sbom_builder *b, struct tu_buf *pointer, const char *what, struct tu_str detail)
{
	struct tu_sbom_remark remark = {.what = what, .count = 1};

	if (pointer->failed || !tu_sbom__dup(b, tu_buf_str(pointer), &remark.pointer) ||
		!tu_sbom__dup(b, detail, &remark.detail) || !TU_VEC_PUSH(&b->remarks, remark))
		return tu_sbom__nomem(b);
	return TU_OK;
}

/* True, and counted, when no further note is kept. */
static bool is_full(struct tu_sbom_builder *b)
{
	if (b->remarks.count < b->note_ceiling)
		return false;
	b->remarks_left_out++;
	return true;
}

static enum tu_status add_remark(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const char *what, struct tu_str detail)
{
	struct tu_buf pointer;
	enum tu_status status;

	if (is_full(b))
		return TU_OK;
	tu_buf_init(&pointer, POINTER_MAX);
	tu_sbom__pointer(at, &pointer);
	status = push(b, &pointer, what, detail);
	tu_buf_done(&pointer);
	return status;
}

enum tu_status tu_sbom__note(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const char *what, struct tu_str detail)
{
	enum tu_status status = TU_OK;
	size_t before = b->remarks.count;
	size_t slot;

	detail = cut(detail);
	if (!b->remark_slots || b->remarks.count * 2 > b->remark_mask)
		status = grow_slots(b);
	if (status)
		return status;
	slot = slot_of(b, what, detail);
	if (b->remark_slots[slot]) {
		b->remarks.at[b->remark_slots[slot] - 1].count++;
		return TU_OK;
	}
	status = add_remark(b, at, what, detail);
	if (b->remarks.count > before)
		b->remark_slots[slot] = (uint32_t)b->remarks.count;
	return status;
}

enum tu_status tu_sbom__note_each(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const char *what, struct tu_str detail)
{
	return add_remark(b, at, what, cut(detail));
}

enum tu_status tu_sbom__note_place(struct tu_sbom_builder *b, struct tu_str place, const char *what,
	struct tu_str detail, size_t count)
{
	struct tu_buf pointer;
	enum tu_status status;

	if (is_full(b))
		return TU_OK;
	tu_buf_init(&pointer, POINTER_MAX);
	tu_buf_str_add(&pointer, place);
	status = push(b, &pointer, what, cut(detail));
	tu_buf_done(&pointer);
	if (!status)
		b->remarks.at[b->remarks.count - 1].count = count;
	return status;
}

enum tu_status tu_sbom__note_count(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, const char *what, size_t count)
{
	char digits[24];

	if (count == 0)
		return TU_OK;
	(void)snprintf(digits, sizeof(digits), "%zu", count);
	return tu_sbom__note_each(b, at, what, tu_str_c(digits));
}

enum tu_status tu_sbom__note_component(struct tu_sbom_builder *b,
	const struct tu_component *component, const char *what, struct tu_str detail)
{
	/* Pointers of components go through the inventory, which does not have them yet. */
	struct tu_inventory so_far = *b->inventory;
	struct tu_buf pointer;
	enum tu_status status;

	if (is_full(b))
		return TU_OK;
	so_far.components = b->components.at;
	tu_buf_init(&pointer, POINTER_MAX);
	tu_component_pointer(&so_far, component, &pointer);
	status = push(b, &pointer, what, cut(detail));
	tu_buf_done(&pointer);
	return status;
}

enum tu_status tu_sbom__word(struct tu_sbom_builder *b, const struct tu_sbom_remark *remark,
	struct tu_sbom_note *out_note)
{
	struct tu_str what = tu_str_c(remark->what);
	size_t len = what.len + (remark->detail.len ? remark->detail.len + 1 : 0);
	char *words = tu_arena_text(b->arena, len);

	if (!words)
		return tu_sbom__nomem(b);
	memcpy(words, what.ptr, what.len);
	if (remark->detail.len) {
		words[what.len] = ' ';
		memcpy(words + what.len + 1, remark->detail.ptr, remark->detail.len);
	}
	*out_note = (struct tu_sbom_note){remark->pointer, {words, len}, remark->count};
	return TU_OK;
}
