#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/checked.h"
#include "base/hash.h"
#include "base/vec.h"
#include "sbom/flat/shapes.h"

/* Where a text is among those that were written. The texts are borrowed from the inventory. */
struct slot {
	uint32_t hash;
	uint32_t id_plus_one; /* 0: free */
};

struct packing {
	struct tu_buf *out;
	struct tu_error *err;
	TU_VEC(struct tu_str) texts;
	struct slot *slots;
	size_t mask;
	uint64_t seed;
	int depth;
};

/* ---- texts ---- */

static size_t slot_of(const struct packing *p, struct tu_str text, uint32_t hash)
{
	size_t at = hash & p->mask;

	while (p->slots[at].id_plus_one &&
		!(p->slots[at].hash == hash &&
			tu_str_eq(p->texts.at[p->slots[at].id_plus_one - 1], text)))
		at = (at + 1) & p->mask;
	return at;
}

static bool grow(struct packing *p)
{
	size_t count = p->slots ? 2 * (p->mask + 1) : 256;
	struct slot *slots = tu_alloc(count, sizeof(*slots));

	if (!slots)
		return false;
	for (size_t old = 0; p->slots && old <= p->mask; old++) {
		size_t at = p->slots[old].hash & (count - 1);

		if (!p->slots[old].id_plus_one)
			continue;
		while (slots[at].id_plus_one)
			at = (at + 1) & (count - 1);
		slots[at] = p->slots[old];
	}
	tu_free(p->slots);
	p->slots = slots;
	p->mask = count - 1;
	return true;
}

static void add_number(struct packing *p, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		tu_buf_byte(p->out, (char)(0x80 | (number & 0x7f)));
	tu_buf_byte(p->out, (char)number);
}

static enum tu_status add_text(struct packing *p, struct tu_str text)
{
	uint32_t hash = (uint32_t)(tu_hash_seeded(text, p->seed) >> 32);
	size_t at;

	if (text.len == 0) {
		add_number(p, 0);
		return TU_OK;
	}
	if ((!p->slots || p->texts.count > p->mask / 2) && !grow(p))
		return tu_no_memory(p->err);
	at = slot_of(p, text, hash);
	if (p->slots[at].id_plus_one) {
		add_number(p, (uint64_t)p->slots[at].id_plus_one + 1);
		return TU_OK;
	}
	if (p->texts.count >= UINT32_MAX / 2 || !TU_VEC_PUSH(&p->texts, text))
		return tu_no_memory(p->err);
	p->slots[at] = (struct slot){hash, (uint32_t)p->texts.count};
	add_number(p, 1);
	add_number(p, text.len);
	tu_buf_str_add(p->out, text);
	return TU_OK;
}

/* ---- fields ---- */

static enum tu_status add_struct(
	struct packing *p, const struct tu_flat_shape *shape, const void *from);

static uint32_t u32_at(const void *at)
{
	uint32_t number;

	memcpy(&number, at, sizeof(number));
	return number;
}

static size_t size_at(const void *at)
{
	size_t number;

	memcpy(&number, at, sizeof(number));
	return number;
}

static const void *pointer_at(const void *at)
{
	const void *pointer;

	memcpy(&pointer, at, sizeof(pointer));
	return pointer;
}

/* No component is 0, so that it takes one byte. */
static uint64_t of_index(uint32_t index)
{
	return index == TU_NO_COMPONENT ? 0 : (uint64_t)index + 1;
}

static enum tu_status add_item(
	struct packing *p, const struct tu_flat_field *field, const char *items, size_t i)
{
	struct tu_str text;

	if (field->kind == TU_FLAT_LIST)
		return add_struct(p, field->of, items + i * field->of->size);
	if (field->kind != TU_FLAT_TEXTS) {
		add_number(p, u32_at(items + i * sizeof(uint32_t)));
		return TU_OK;
	}
	memcpy(&text, items + i * sizeof(text), sizeof(text));
	return add_text(p, text);
}

static enum tu_status add_list(
	struct packing *p, const struct tu_flat_field *field, const char *from)
{
	size_t count = size_at(from + field->count_at);
	const char *items = pointer_at(from + field->at);
	enum tu_status status = TU_OK;

	add_number(p, count);
	for (size_t i = 0; !status && i < count; i++)
		status = add_item(p, field, items, i);
	return status;
}

static enum tu_status add_optional(
	struct packing *p, const struct tu_flat_field *field, const void *pointer)
{
	add_number(p, pointer ? 1 : 0);
	return pointer && field->of ? add_struct(p, field->of, pointer) : TU_OK;
}

static enum tu_status add_field(
	struct packing *p, const struct tu_flat_field *field, const char *from)
{
	const char *at = from + field->at;
	struct tu_str text;

	switch (field->kind) {
	case TU_FLAT_TEXT:
	case TU_FLAT_JSON:
		memcpy(&text, at, sizeof(text));
		return add_text(p, text);
	case TU_FLAT_BOOL:
		add_number(p, *(const bool *)(const void *)at ? 1 : 0);
		return TU_OK;
	case TU_FLAT_U32:
	case TU_FLAT_ENUM:
		add_number(p, u32_at(at));
		return TU_OK;
	case TU_FLAT_SIZE:
		add_number(p, size_at(at));
		return TU_OK;
	case TU_FLAT_INDEX:
	case TU_FLAT_PARENT:
		add_number(p, of_index(u32_at(at)));
		return TU_OK;
	case TU_FLAT_TEXTS:
	case TU_FLAT_INDICES:
	case TU_FLAT_ASCENDING:
	case TU_FLAT_LIST:
		return add_list(p, field, from);
	case TU_FLAT_OPTIONAL:
	case TU_FLAT_DERIVED:
		return add_optional(p, field, pointer_at(at));
	}
	return TU_OK;
}

static enum tu_status add_struct(
	struct packing *p, const struct tu_flat_shape *shape, const void *from)
{
	enum tu_status status = TU_OK;

	if (++p->depth > TU_FLAT_DEPTH_MAX)
		status = tu_fail(p->err, TU_E_LIMIT, 0,
			"%s: parts of parts, deeper than the limit of %d", shape->name,
			TU_FLAT_DEPTH_MAX);
	for (size_t i = 0; !status && i < shape->field_count; i++)
		status = add_field(p, &shape->fields[i], from);
	p->depth--;
	return status;
}

static enum tu_status pack(const char *magic, const struct tu_flat_shape *shape, const void *from,
	struct tu_buf *out, struct tu_error *err)
{
	struct packing p = {.out = out, .err = err, .seed = (uint64_t)(uintptr_t)&p};
	enum tu_status status;

	tu_buf_add(out, magic, TU_FLAT_MAGIC);
	status = add_struct(&p, shape, from);
	TU_VEC_DONE(&p.texts);
	tu_free(p.slots);
	if (status)
		return status;
	return out->failed ? tu_no_memory(err) : TU_OK;
}

enum tu_status tu_inventory_pack(
	const struct tu_inventory *inventory, struct tu_buf *out, struct tu_error *err)
{
	return pack(TU_FLAT_MAGIC_INVENTORY, &tu_flat_inventory, inventory, out, err);
}

enum tu_status tu_component_pack(
	const struct tu_component *component, struct tu_buf *out, struct tu_error *err)
{
	struct tu_component alone = *component;

	alone.parent = TU_NO_COMPONENT;
	alone.ordinal = 0;
	return pack(TU_FLAT_MAGIC_COMPONENT, &tu_flat_component, &alone, out, err);
}
